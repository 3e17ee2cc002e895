//! How the compiled patterns are stored. What is of a kind stands in a stream of bytes of its own, because it compresses
//! better among its like; sets are told by their gaps, phrases by what differs from the one before, and jumps not at
//! all. `build.rs` writes the streams (and reads them back to be sure), the engine reads them when it starts.

use crate::normalise::op;

/// Begins what may be missing; it ends with [`END`].
const OPTIONAL: u8 = 4;
/// Begins alternatives: their number, and each ends with [`END`].
const CHOICE: u8 = 5;
/// Ends an [`OPTIONAL`] part or an alternative.
const END: u8 = 14;

/// The streams.
#[derive(Clone, Debug, Default)]
pub struct Streams<T> {
    /// Operations, and their operands that are no ids.
    pub shape: T,
    /// How many of something follow.
    pub counts: T,
    /// Of each phrase, how much of the one before it begins with, and how much is its own.
    pub alike: T,
    /// Single words, and the first of each set.
    pub words: T,
    /// The others of the sets.
    pub sets: T,
    /// What begins phrases.
    pub firsts: T,
    /// What else is in phrases.
    pub rest: T,
}

/// Reads the streams.
pub type Reader<'a> = Streams<std::slice::Iter<'a, u8>>;

impl<'a> Reader<'a> {
    /// At the start of all.
    pub fn new(streams: &Streams<&'a [u8]>) -> Self {
        Streams {
            shape: streams.shape.iter(),
            counts: streams.counts.iter(),
            alike: streams.alike.iter(),
            words: streams.words.iter(),
            sets: streams.sets.iter(),
            firsts: streams.firsts.iter(),
            rest: streams.rest.iter(),
        }
    }

    /// Appends the code of the next pattern to `code`, and where in `code` its operations with words are to `words`.
    pub fn pattern(&mut self, code: &mut Vec<u16>, words: &mut Vec<u32>) {
        self.sequence(code, words);
        code.push(op::MATCH);
    }

    /// Up to the end of the pattern, or of the part of it.
    fn sequence(&mut self, code: &mut Vec<u16>, words: &mut Vec<u32>) {
        while let Some(next) = self.shape.next() {
            match (*next, u16::from(*next)) {
                (END, _) | (_, op::MATCH) => break,
                (OPTIONAL, _) => {
                    let split = code.len();
                    code.extend([op::SPLIT, 0]);
                    self.sequence(code, words);
                    land(code, split);
                }
                (CHOICE, _) => self.choice(code, words),
                (_, operation) => {
                    if matches!(operation, op::WORD | op::SET | op::LIST | op::PHRASES | op::SLOT) {
                        words.push(code.len() as u32);
                    }
                    self.operation(operation, code);
                }
            }
        }
    }

    fn operation(&mut self, operation: u16, code: &mut Vec<u16>) {
        code.push(operation);
        match operation {
            op::WORD => code.push(number(&mut self.words)),
            op::SET => {
                let count = number(&mut self.counts);
                code.push(count);
                self.set(count, code);
            }
            op::LIST => code.push(number(&mut self.shape)),
            op::PHRASES => {
                let size = code.len();
                code.push(0);
                self.phrases(code);
                let length = (code.len() - size - 1) as u16;
                code.get_mut(size).into_iter().for_each(|size| *size = length);
            }
            op::GAP | op::SLOT => code.extend(self.shape.by_ref().take(2).map(|byte| u16::from(*byte))),
            _ => {}
        }
    }

    fn choice(&mut self, code: &mut Vec<u16>, words: &mut Vec<u32>) {
        let count = number(&mut self.counts);
        let mut jumps = Vec::new();
        for branch in 1..=count {
            let split = code.len();
            if branch < count {
                code.extend([op::SPLIT, 0]);
            }
            self.sequence(code, words);
            if branch < count {
                jumps.push(code.len());
                code.extend([op::JUMP, 0]);
                land(code, split);
            }
        }
        for jump in jumps {
            land(code, jump);
        }
    }

    /// Appends so many ids, in rising order.
    fn set(&mut self, count: u16, ids: &mut Vec<u16>) {
        let mut id = 0u16;
        for place in 0..count {
            id = id.wrapping_add(number(if place == 0 { &mut self.words } else { &mut self.sets }));
            ids.push(id);
        }
    }

    /// Appends phrases in their order, each behind its length.
    fn phrases(&mut self, flat: &mut Vec<u16>) {
        let count = number(&mut self.counts);
        let (mut last, mut first) = (flat.len(), 0u16);
        for _ in 0..count {
            let byte = self.alike.next().copied().unwrap_or(0);
            let (shared, own) = (usize::from(byte >> 4), usize::from(byte & 15));
            let start = flat.len();
            flat.push((shared + own) as u16);
            for place in 0..shared {
                let id = flat.get(last + 1 + place).copied().unwrap_or(0);
                flat.push(id);
            }
            for place in 0..own {
                flat.push(match shared + place {
                    0 => first.wrapping_add(number(&mut self.firsts)),
                    _ => number(&mut self.rest),
                });
            }
            first = flat.get(start + 1).copied().unwrap_or(0);
            last = start;
        }
    }

    /// The next word list: its one-word entries. Appends the others to `code`, each behind its length, in the order of
    /// [`phrase_order`].
    pub fn list(&mut self, code: &mut Vec<u16>) -> Vec<u16> {
        let mut singles = Vec::new();
        let count = number(&mut self.counts);
        self.set(count, &mut singles);
        let mut phrases = Vec::new();
        self.phrases(&mut phrases);
        // Thousands of them, in the same room.
        let (mut branching, mut words, mut before) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..number(&mut self.counts) {
            branching.clear();
            words.clear();
            self.pattern(&mut branching, &mut words);
            expand(&branching, &mut before, &mut |entry| match entry {
                [] => {}
                [id] => singles.push(*id),
                _ => {
                    phrases.push(entry.len() as u16);
                    phrases.extend(entry);
                }
            });
        }
        // By pairs of numbers, as `judge` sorts: one code for all.
        let mut order = Vec::new();
        let mut at = 0;
        while let Some([length, first, second]) = phrases.get(at..at + 3) {
            let place = u64::from(*first) << 32 | u64::from(*second) << 16 | u64::from(u16::MAX - length);
            order.push((place, at as u64));
            at += 1 + usize::from(*length);
        }
        order.sort_unstable();
        for (_, at) in order {
            let phrase = phrases.get(at as usize..).unwrap_or_default();
            let length = phrase.first().map_or(0, |length| usize::from(*length));
            code.extend(phrase.iter().take(length + 1));
        }
        singles
    }
}

/// Calls `found` with all the sequences of ids that some code stands for, behind what stands before it.
fn expand(mut code: &[u16], before: &mut Vec<u16>, found: &mut dyn FnMut(&[u16])) {
    let length = before.len();
    loop {
        let argument = code.get(1).map_or(0, |argument| usize::from(*argument));
        let operands = code.get(2..2 + argument).unwrap_or_default();
        let each = |ids: &[u16]| {
            let length = before.len();
            before.extend_from_slice(ids);
            expand(code.get(2 + argument..).unwrap_or_default(), before, found);
            before.truncate(length);
        };
        let next = match code.first() {
            Some(&op::WORD) => {
                before.push(argument as u16);
                2
            }
            Some(&op::SPLIT) => {
                expand(code.get(2..).unwrap_or_default(), before, found);
                argument
            }
            Some(&op::JUMP) => argument,
            Some(&op::SET) => break operands.chunks(1).for_each(each),
            Some(&op::PHRASES) => break phrases(operands).for_each(each),
            _ => break found(before),
        };
        code = code.get(next..).unwrap_or_default();
    }
    before.truncate(length);
}

/// The sequences in a run of them, each behind its length.
pub fn phrases(mut flat: &[u16]) -> impl Iterator<Item = &[u16]> {
    std::iter::from_fn(move || {
        let (length, rest) = flat.split_first()?;
        let (phrase, others) = rest.split_at_checked(usize::from(*length))?;
        flat = others;
        Some(phrase)
    })
}

/// Phrases stand in the order of their first two ids, and those that share both the longest first.
pub fn phrase_order(phrase: &[u16]) -> (u16, u16, std::cmp::Reverse<usize>) {
    (phrase[0], phrase.get(1).copied().unwrap_or(0), std::cmp::Reverse(phrase.len()))
}

/// Makes the operation at `at` jump to the end of the code.
fn land(code: &mut [u16], at: usize) {
    let distance = (code.len() - at) as u16;
    if let Some(operand) = code.get_mut(at + 1) {
        *operand = distance;
    }
}

/// One byte up to 191, else two, else three.
pub fn number(bytes: &mut std::slice::Iter<u8>) -> u16 {
    let mut next = || u16::from(bytes.next().copied().unwrap_or(0));
    match next() {
        small @ 0..192 => small,
        255 => next() << 8 | next(),
        high => 192 + ((high - 192) << 8 | next()),
    }
}

/// Writes what [`number`] reads.
pub fn write_number(bytes: &mut Vec<u8>, number: u16) {
    match number {
        0..192 => bytes.push(number as u8),
        192..16_320 => bytes.extend([192 + ((number - 192) >> 8) as u8, (number - 192) as u8]),
        _ => bytes.extend([255, (number >> 8) as u8, number as u8]),
    }
}

/// Writes the streams.
pub type Writer = Streams<Vec<u8>>;

impl Writer {
    /// All that was written.
    pub fn streams(&self) -> Streams<&[u8]> {
        Streams {
            shape: &self.shape,
            counts: &self.counts,
            alike: &self.alike,
            words: &self.words,
            sets: &self.sets,
            firsts: &self.firsts,
            rest: &self.rest,
        }
    }

    /// Appends what another has written.
    pub fn append(&mut self, other: &Writer) {
        self.shape.extend(&other.shape);
        self.counts.extend(&other.counts);
        self.alike.extend(&other.alike);
        self.words.extend(&other.words);
        self.sets.extend(&other.sets);
        self.firsts.extend(&other.firsts);
        self.rest.extend(&other.rest);
    }

    /// Ends a pattern.
    pub fn end_pattern(&mut self) {
        self.shape.push(op::MATCH as u8);
    }

    /// Begins alternatives.
    pub fn choice(&mut self, count: usize) {
        self.shape.push(CHOICE);
        write_number(&mut self.counts, count as u16);
    }

    /// Begins what may be missing.
    pub fn optional(&mut self) {
        self.shape.push(OPTIONAL);
    }

    /// Ends an alternative or what may be missing.
    pub fn end(&mut self) {
        self.shape.push(END);
    }

    /// Any operation, as it stands in the code; `ops` begins with it.
    pub fn operation(&mut self, ops: &[u16]) {
        let length = usize::from(ops.get(1).copied().unwrap_or(0));
        self.shape.push(ops[0] as u8);
        match ops[0] {
            op::WORD => write_number(&mut self.words, ops[1]),
            op::LIST => write_number(&mut self.shape, ops[1]),
            op::SET => {
                write_number(&mut self.counts, ops[1]);
                self.set(&ops[2..2 + length]);
            }
            op::PHRASES => {
                let mut phrases = Vec::new();
                let mut flat = &ops[2..2 + length];
                while let [length, rest @ ..] = flat {
                    let (phrase, others) = rest.split_at(usize::from(*length));
                    phrases.push(phrase.to_vec());
                    flat = others;
                }
                self.phrases(phrases);
            }
            op::GAP | op::SLOT => self.shape.extend([ops[1] as u8, ops[2] as u8]),
            _ => {}
        }
    }

    fn set(&mut self, ids: &[u16]) {
        let mut last = 0;
        for (place, id) in ids.iter().enumerate() {
            write_number(if place == 0 { &mut self.words } else { &mut self.sets }, id - last);
            last = *id;
        }
    }

    fn phrases(&mut self, mut phrases: Vec<Vec<u16>>) {
        phrases.sort_by_key(|phrase| phrase_order(phrase));
        write_number(&mut self.counts, phrases.len() as u16);
        let mut before: Vec<u16> = Vec::new();
        for phrase in phrases {
            let alike = phrase.iter().zip(&before).take_while(|(one, other)| one == other).count();
            let shared = alike.min(15).min(phrase.len() - 1);
            let own = &phrase[shared..];
            self.alike.push((shared << 4 | own.len()) as u8);
            let first = before.first().copied().unwrap_or(0);
            for (place, id) in own.iter().enumerate() {
                match shared + place {
                    0 => write_number(&mut self.firsts, id - first),
                    _ => write_number(&mut self.rest, *id),
                }
            }
            before = phrase;
        }
    }

    /// A word list: its plain entries, and how many patterns follow for entries that branch.
    pub fn list(&mut self, entries: &std::collections::BTreeSet<Vec<u16>>, branching: usize) {
        let singles: Vec<u16> = entries.iter().filter(|ids| ids.len() == 1).map(|ids| ids[0]).collect();
        write_number(&mut self.counts, singles.len() as u16);
        self.set(&singles);
        self.phrases(entries.iter().filter(|ids| ids.len() > 1).cloned().collect());
        write_number(&mut self.counts, branching as u16);
    }
}
