//! How the compiled patterns are stored. Their operations and their ids stand in two streams of bytes, because each
//! compresses better alone; sets are told by their gaps, phrases by what differs from the one before, and jumps not at
//! all. `build.rs` writes the streams (and reads them back to be sure), the engine reads them when it starts.

use crate::normalise::op;

/// Begins what may be missing; it ends with [`END`].
const OPTIONAL: u8 = 4;
/// Begins alternatives: their number, and each ends with [`END`].
const CHOICE: u8 = 5;
/// Ends an [`OPTIONAL`] part or an alternative.
const END: u8 = 14;

/// Reads the two streams.
#[derive(Debug)]
pub struct Reader<'a> {
    shape: std::slice::Iter<'a, u8>,
    ids: std::slice::Iter<'a, u8>,
}

impl<'a> Reader<'a> {
    /// At the start of both.
    pub fn new(shape: &'a [u8], ids: &'a [u8]) -> Self {
        Reader { shape: shape.iter(), ids: ids.iter() }
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
            op::WORD => code.push(number(&mut self.ids)),
            op::SET => {
                let count = number(&mut self.shape);
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
        let count = number(&mut self.shape);
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
        for _ in 0..count {
            id = id.wrapping_add(number(&mut self.ids));
            ids.push(id);
        }
    }

    /// Appends phrases in their order, each behind its length.
    fn phrases(&mut self, flat: &mut Vec<u16>) {
        let count = number(&mut self.shape);
        let (mut last, mut first) = (flat.len(), 0u16);
        for _ in 0..count {
            let byte = self.shape.next().copied().unwrap_or(0);
            let (shared, own) = (usize::from(byte >> 4), usize::from(byte & 15));
            let start = flat.len();
            flat.push((shared + own) as u16);
            for place in 0..shared {
                let id = flat.get(last + 1 + place).copied().unwrap_or(0);
                flat.push(id);
            }
            for place in 0..own {
                let id = number(&mut self.ids);
                flat.push(if shared + place == 0 { first.wrapping_add(id) } else { id });
            }
            first = flat.get(start + 1).copied().unwrap_or(0);
            last = start;
        }
    }

    /// The next word list: its one-word entries. Appends the others to `code`, each behind its length, in the order of
    /// [`phrase_order`].
    pub fn list(&mut self, code: &mut Vec<u16>) -> Vec<u16> {
        let mut singles = Vec::new();
        let count = number(&mut self.shape);
        self.set(count, &mut singles);
        self.phrases(code);
        singles
    }
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

/// Writes the two streams.
#[derive(Debug, Default)]
pub struct Writer {
    /// Operations and counts.
    pub shape: Vec<u8>,
    /// Ids.
    pub ids: Vec<u8>,
}

impl Writer {
    /// Ends a pattern.
    pub fn end_pattern(&mut self) {
        self.shape.push(op::MATCH as u8);
    }

    /// Begins alternatives.
    pub fn choice(&mut self, count: usize) {
        self.shape.push(CHOICE);
        write_number(&mut self.shape, count as u16);
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
            op::WORD => write_number(&mut self.ids, ops[1]),
            op::LIST => write_number(&mut self.shape, ops[1]),
            op::SET => {
                write_number(&mut self.shape, ops[1]);
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
        for id in ids {
            write_number(&mut self.ids, id - last);
            last = *id;
        }
    }

    fn phrases(&mut self, mut phrases: Vec<Vec<u16>>) {
        phrases.sort_by_key(|phrase| phrase_order(phrase));
        write_number(&mut self.shape, phrases.len() as u16);
        let mut before: Vec<u16> = Vec::new();
        for phrase in phrases {
            let alike = phrase.iter().zip(&before).take_while(|(one, other)| one == other).count();
            let shared = alike.min(15).min(phrase.len() - 1);
            let own = &phrase[shared..];
            self.shape.push((shared << 4 | own.len()) as u8);
            let first = if shared == 0 { before.first().copied().unwrap_or(0) } else { 0 };
            for (place, id) in own.iter().enumerate() {
                write_number(&mut self.ids, if place == 0 { id - first } else { *id });
            }
            before = phrase;
        }
    }

    /// A word list.
    pub fn list(&mut self, entries: &std::collections::BTreeSet<Vec<u16>>) {
        let singles: Vec<u16> = entries.iter().filter(|ids| ids.len() == 1).map(|ids| ids[0]).collect();
        write_number(&mut self.shape, singles.len() as u16);
        self.set(&singles);
        self.phrases(entries.iter().filter(|ids| ids.len() > 1).cloned().collect());
    }
}
