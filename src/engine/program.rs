//! The patterns' code as the matcher runs it: operations with their operands beside them, and for where a choice is to be
//! made, the ids that what is left of the pattern can begin with. Most ways are seen to be closed before they are gone.

use crate::normalise::{class, filter_bit, op, slot_kind};
use crate::packed::phrases;
use crate::token::{Token, flag, mark};
use crate::vocabulary::{List, VERBS, classes};

/// One operation. Where it says nothing else, the next one follows it.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// The match is complete.
    Match,
    /// This word or mark.
    Word(u16),
    /// One of the ids at `start` of [`Program::code`], which are sorted.
    Set { start: u32, count: u16 },
    /// A word or phrase of the list at this place.
    List(u16),
    /// One of the phrases of so many of [`Program::heads`].
    Phrases { heads: u32, count: u16 },
    /// The next operation or, if that fails, the one there; only while a pattern is assembled.
    Split(u32),
    /// The first of so many of [`Program::ways`] that does not fail.
    Choice { ways: u32, count: u16 },
    /// The one there.
    Jump(u32),
    /// That many words, as few as possible.
    Gap { least: u8, most: u8 },
    /// A quotation mark stands here.
    Quote,
    /// A sentence starts here.
    Start,
    /// A sentence ends here.
    End,
    /// The highlight starts here.
    Open,
    /// The highlight ends here.
    Close,
    /// A form of a verb: one of these bits of [`class`].
    Verb { form: u16, slot: u8 },
    /// Another slot: one of [`slot_kind`].
    Slot { kind: u8, slot: u8 },
}

/// Phrases that begin with the same two words.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Those words, as [`pair`] puts them; the second is 0 for phrases of one word.
    pair: u32,
    /// How many phrases there are.
    count: u16,
    /// Where in [`Program::code`] the first is; each stands behind its length, the longest first.
    start: u32,
}

/// An alternative.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// What its first token can be, coarsely: most are seen here to be closed, and filters are far apart.
    pub first: u64,
    /// And its second.
    pub second: u64,
    /// The place of its first operation.
    pub to: u32,
}

/// The code of all patterns.
#[derive(Debug, Default)]
pub struct Program {
    /// The patterns as they were unpacked, lists before them; sets and phrases are read where they stand here.
    pub code: Vec<u16>,
    /// What phrases begin with, in order within each list and choice.
    heads: Vec<Head>,
    /// Which pairs of words begin which phrases: a bit for each, which others may share.
    pairs: Vec<u64>,
    ways: Vec<Way>,
    ops: Vec<Op>,
    /// For each operation the place of what a match from there on can begin with, among `filters`.
    begins: Vec<u32>,
    filters: Vec<Filter>,
}

/// Where `^` matches.
pub const OPENS: u16 = flag::SENTENCE_START | flag::AFTER_GREETING;

/// The bit of numbers. It and the two below are in each part of [`Bits`], and some ids share them.
const NUMBER: u64 = 1 << 63;
/// That of words that a name can begin with, titles aside.
const NAME: u64 = 1 << 62;
/// That of tokens behind a mark.
const BEHIND_MARK: u64 = 1 << 61;

/// Words of these classes begin no name, even with a capital. ("Will" may.)
const NO_NAME: u32 =
    class::NOT_A_NAME | class::PRONOUN | class::DETERMINER | class::PREPOSITION | class::CONJUNCTION | class::ADVERB;

/// What filters see of a token.
#[derive(Clone, Copy)]
pub struct Look {
    /// Its bits in a filter.
    pub bits: u64,
    /// The part of it that they are in.
    part: u8,
    /// Whether `^` matches there.
    pub opens: bool,
}

impl Look {
    /// Behind the last token, where `$` and the end of the pattern match: what they begin with has bits in the first part.
    const NONE: Look = Look { bits: u64::MAX, part: 0, opens: true };
}

/// The looks of all tokens, and twice that of none.
pub fn looks(tokens: &[Token]) -> Vec<Look> {
    let mut behind_mark = 0;
    let look = |token: &Token| {
        let (part, bit) = filter_bit(token.id);
        let is_name = token.is(flag::CAPITAL) && classes(token.id) & NO_NAME == 0;
        let told = if token.is(flag::NUMBER) { NUMBER } else { 0 } | if is_name { NAME } else { 0 } | behind_mark;
        behind_mark = if token.is(flag::WORD) { 0 } else { BEHIND_MARK };
        Look { bits: bit | told, part: part as u8, opens: token.is(OPENS) }
    };
    let mut looks = Vec::with_capacity(tokens.len() + 2);
    looks.extend(tokens.iter().map(look));
    looks.extend([Look::NONE; 2]);
    looks
}

/// A Bloom filter of ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bits([u64; 4]);

impl Bits {
    /// Everything gets through.
    pub const EVERYTHING: Bits = Bits([u64::MAX; 4]);

    /// Puts an id in.
    #[inline]
    pub fn add(&mut self, id: u16) {
        let (part, bit) = filter_bit(id);
        if let Some(part) = self.0.get_mut(part) {
            *part |= bit;
        }
    }

    /// Puts all tokens in of which a look tells this.
    fn add_all(&mut self, told: u64) {
        self.0.iter_mut().for_each(|part| *part |= told);
    }

    /// Puts all ids of the other in.
    pub fn join(&mut self, other: &Bits) {
        self.0.iter_mut().zip(other.0).for_each(|(one, other)| *one |= other);
    }

    /// Itself, or everything where nothing is in it.
    pub fn or_everything(self) -> Bits {
        if self == Bits::default() { Bits::EVERYTHING } else { self }
    }

    /// In a quarter of the room: an id's bit is the same, and more ids share it.
    pub fn folded(&self) -> u64 {
        self.0.iter().fold(0, |bits, part| bits | part)
    }

    /// Whether a token of this look may be in it.
    #[inline]
    pub fn has(&self, look: &Look) -> bool {
        self.0[usize::from(look.part & 3)] & look.bits != 0
    }

    /// Whether an id of the other may be in this one.
    #[inline]
    pub fn overlaps(&self, other: &Bits) -> bool {
        let (one, other) = (&self.0, &other.0);
        (one[0] & other[0]) | (one[1] & other[1]) | (one[2] & other[2]) | (one[3] & other[3]) != 0
    }

    /// Whether all ids of the other may be in this one.
    #[inline]
    pub fn has_all(&self, other: &Bits) -> bool {
        let (one, other) = (&self.0, &other.0);
        (!one[0] & other[0]) | (!one[1] & other[1]) | (!one[2] & other[2]) | (!one[3] & other[3]) == 0
    }
}

/// What the tokens can be that a match begins with: it is seen of most places that nothing matches there.
#[derive(Clone, Copy, Debug)]
pub struct Beginning {
    /// The first token where a sentence opens.
    first: Bits,
    /// The first token elsewhere.
    inside: Bits,
    /// The second token.
    second: Bits,
}

impl Beginning {
    /// Any tokens.
    const ANY: Beginning = Beginning { first: Bits::EVERYTHING, inside: Bits::EVERYTHING, second: Bits::EVERYTHING };

    /// Whether a match may begin with tokens of these looks.
    #[inline]
    pub fn may_be(&self, first: &Look, second: &Look) -> bool {
        self.second.has(second) && if first.opens { &self.first } else { &self.inside }.has(first)
    }

    /// Whether one may begin with an id where no sentence opens.
    pub fn may_be_inside(&self, id: u16) -> bool {
        let (part, bits) = filter_bit(id);
        self.inside.has(&Look { bits, part: part as u8, opens: false })
    }

    fn join(&mut self, other: &Beginning) {
        self.first.join(&other.first);
        self.inside.join(&other.inside);
        self.second.join(&other.second);
    }
}

/// What the tokens can be that an operation and those after it match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The first token.
    pub first: Bits,
    /// The second token, coarsely.
    second: u64,
}

impl Filter {
    /// Any tokens.
    const ANY: Filter = Filter { first: Bits::EVERYTHING, second: u64::MAX };

    /// Whether a match may begin with tokens of these looks.
    #[inline]
    pub fn may_be(&self, first: &Look, second: &Look) -> bool {
        self.second & second.bits != 0 && self.first.has(first)
    }

    /// Whether one may begin at a token.
    #[inline]
    pub fn may_be_at(&self, looks: &[Look], at: usize) -> bool {
        matches!(looks.get(at..), Some([first, second, ..]) if self.may_be(first, second))
    }
}

impl Program {
    /// The operation at a place.
    #[inline]
    pub fn op(&self, place: usize) -> Option<&Op> {
        self.ops.get(place)
    }

    /// What can stand where the operation at a place and those after it match. It is known of places that are come to
    /// otherwise than from the operation before; of others it is everything.
    #[inline]
    pub fn begins(&self, place: usize) -> &Filter {
        let filter = self.begins.get(place).and_then(|filter| self.filters.get(*filter as usize));
        filter.unwrap_or(&Filter::ANY)
    }

    /// So many alternatives.
    #[inline]
    pub fn ways(&self, start: u32, count: u16) -> &[Way] {
        let start = start as usize;
        self.ways.get(start..start + usize::from(count)).unwrap_or_default()
    }

    /// The ids of a set.
    #[inline]
    pub fn set(&self, start: u32, count: u16) -> &[u16] {
        let start = start as usize;
        self.code.get(start..start + usize::from(count)).unwrap_or_default()
    }

    /// Those phrases of so many heads that begin with these two words.
    #[inline]
    pub fn head(&self, start: u32, count: u16, first: u16, second: u16) -> Option<&Head> {
        let pair = pair(first, second);
        let (part, bit) = pair_bit(start, pair);
        if self.pairs.get(part)? & bit == 0 {
            return None;
        }
        let heads = self.heads(start, count);
        heads.get(heads.binary_search_by_key(&pair, |head| head.pair).ok()?)
    }

    /// So many heads.
    pub fn heads(&self, start: u32, count: u16) -> &[Head] {
        let start = start as usize;
        self.heads.get(start..start + usize::from(count)).unwrap_or_default()
    }

    /// The phrases of a head, the longest first.
    #[inline]
    pub fn phrases<'a>(&'a self, head: &Head) -> impl Iterator<Item = &'a [u16]> + use<'a> {
        phrases(self.code.get(head.start as usize..).unwrap_or_default()).take(usize::from(head.count))
    }

    /// Indexes the phrases of a part of the code. Gives the place and the number of their heads.
    pub fn index(&mut self, start: usize, end: usize) -> (u32, u16) {
        self.pairs.resize(PAIRS, 0);
        let first = self.heads.len();
        let mut at = start;
        for phrase in phrases(self.code.get(start..end).unwrap_or_default()) {
            let pair = match *phrase {
                [first, second, ..] => pair(first, second),
                [first] => pair(first, 0),
                [] => 0,
            };
            match self.heads.get_mut(first..).and_then(<[Head]>::last_mut) {
                Some(head) if head.pair == pair => head.count += 1,
                _ => {
                    self.heads.push(Head { pair, count: 1, start: at as u32 });
                    let (part, bit) = pair_bit(first as u32, pair);
                    self.pairs.get_mut(part).into_iter().for_each(|pairs| *pairs |= bit);
                }
            }
            at += 1 + phrase.len();
        }
        (first as u32, (self.heads.len() - first) as u16)
    }
}

/// The parts of [`Program::pairs`]: a bit in eleven is set.
const PAIRS: usize = 1 << 11;

/// Two words as one number, in the order of the first and then of the second.
#[inline]
fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// Where in [`Program::pairs`] a pair is, of the phrases whose heads start there.
#[inline]
fn pair_bit(start: u32, pair: u32) -> (usize, u64) {
    let bits = (pair ^ start.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0x9e37_79b1);
    ((bits >> 21) as usize, 1 << (bits >> 15 & 63))
}

/// Makes a [`Program`] of unpacked code.
pub struct Assembler<'a> {
    program: &'a mut Program,
    lists: &'a [List],
    /// What names can begin with besides words with a capital.
    titles: Bits,
    /// Where the code of the pattern at hand begins.
    pc: usize,
    /// The place of its operation that stands so far into the code.
    places: Vec<u32>,
    /// What a match from each of its operations on can begin with.
    begins: Vec<Beginning>,
    /// Which of them are come to otherwise than from the one before.
    entered: Vec<bool>,
}

impl<'a> Assembler<'a> {
    /// For the code that is in the program already, with the [`class`]es of all ids.
    pub fn new(program: &'a mut Program, lists: &'a [List], classes: &[u32]) -> Self {
        program.filters.push(Filter::ANY);
        let mut titles = Bits::default();
        let is_title = |(_, classes): &(u16, &u32)| **classes & class::TITLE != 0;
        (0..).zip(classes).filter(is_title).for_each(|(id, _)| titles.add(id));
        Assembler { program, lists, titles, pc: 0, places: Vec::new(), begins: Vec::new(), entered: Vec::new() }
    }

    /// Adds the pattern whose code begins at `pc`. Gives the place of its first operation, and what a match begins with.
    pub fn add(&mut self, pc: usize) -> (u32, Beginning) {
        let first = self.program.ops.len();
        self.decode(pc);
        self.look_ahead(first);
        self.join_splits(first);
        (first as u32, self.begins.first().copied().unwrap_or(Beginning::ANY))
    }

    /// What can follow the operation at `pc` of the pattern that was added last, coarsely.
    pub fn then(&self, pc: usize) -> u64 {
        let place = |offset: usize| self.places.get(offset).copied();
        let steps = pc.checked_sub(self.pc).and_then(place).zip(place(0));
        let after = steps.and_then(|(here, first)| self.begins.get(here.checked_sub(first)? as usize + 1));
        after.map_or(u64::MAX, |begins| begins.first.folded())
    }

    fn decode(&mut self, pc: usize) {
        let first = self.program.ops.len();
        self.pc = pc;
        self.places.clear();
        let mut at = pc;
        loop {
            self.places.resize(at - pc + 1, 0);
            if let Some(place) = self.places.last_mut() {
                *place = self.program.ops.len() as u32;
            }
            let argument = |n: usize| self.program.code.get(at + n).copied().unwrap_or(op::MATCH);
            let count = argument(1);
            let target = (at - pc) as u32 + u32::from(count);
            let (decoded, length) = match argument(0) {
                op::WORD => (Op::Word(count), 2),
                op::SET => (Op::Set { start: at as u32 + 2, count }, 2 + usize::from(count)),
                op::LIST => (Op::List(count), 2),
                op::PHRASES => {
                    let end = at + 2 + usize::from(count);
                    let (heads, count) = self.program.index(at + 2, end);
                    (Op::Phrases { heads, count }, end - at)
                }
                op::SPLIT => (Op::Split(target), 2),
                op::JUMP => (Op::Jump(target), 2),
                op::GAP => (Op::Gap { least: count as u8, most: argument(2) as u8 }, 3),
                op::QUOTE => (Op::Quote, 1),
                op::START => (Op::Start, 1),
                op::END => (Op::End, 1),
                op::OPEN => (Op::Open, 1),
                op::CLOSE => (Op::Close, 1),
                op::SLOT => {
                    let slot = argument(2) as u8;
                    let form = match count {
                        slot_kind::VERB => class::VERB_BASE,
                        slot_kind::PAST => class::VERB_PAST,
                        slot_kind::PARTICIPLE => class::VERB_PARTICIPLE,
                        slot_kind::ING => class::VERB_ING,
                        _ => 0,
                    };
                    let other = Op::Slot { kind: count as u8, slot };
                    (if form == 0 { other } else { Op::Verb { form: form as u16, slot } }, 3)
                }
                _ => (Op::Match, 1),
            };
            self.program.ops.push(decoded);
            if matches!(decoded, Op::Match) {
                break;
            }
            at += length;
        }
        // So far they go to a place in the code.
        for op in self.program.ops.iter_mut().skip(first) {
            if let Op::Split(target) | Op::Jump(target) = op {
                *target = self.places.get(*target as usize).copied().unwrap_or(0);
            }
        }
    }

    /// Works out what can begin where. Jumps lead ahead, so that from the end on all is known that is needed.
    fn look_ahead(&mut self, first: usize) {
        let program = &mut *self.program;
        let count = program.ops.len() - first;
        self.begins.clear();
        self.begins.resize(count, Beginning::ANY);
        program.begins.resize(program.ops.len(), 0);
        self.entered.clear();
        self.entered.resize(count, false);
        let mut enter = |place: usize| self.entered.get_mut(place).into_iter().for_each(|entered| *entered = true);
        enter(0);
        for place in (0..count).rev() {
            let Some(op) = program.ops.get(first + place).copied() else {
                continue;
            };
            let target = match op {
                Op::Split(target) | Op::Jump(target) => (target as usize).saturating_sub(first),
                _ => place + 1,
            };
            let Some((known, behind)) = self.begins.split_at_mut_checked(place + 1) else {
                continue;
            };
            let [next, there] = [place + 1, target].map(|at| behind.get(at - place - 1).unwrap_or(&Beginning::ANY));
            let Some(begins) = known.last_mut() else {
                continue;
            };
            (begins.first, begins.second) = (Bits::default(), next.first);
            let takes = match op {
                Op::Word(id) => {
                    begins.first.add(id);
                    true
                }
                Op::Set { start, count } => {
                    program.set(start, count).iter().for_each(|id| begins.first.add(*id));
                    true
                }
                Op::List(list) => {
                    let list = self.lists.get(usize::from(list));
                    begins.first = list.map_or(Bits::EVERYTHING, |list| list.first_bits);
                    begins.second.join(&list.map_or(Bits::EVERYTHING, |list| list.second_bits));
                    true
                }
                Op::Phrases { heads, count } => {
                    begins.second = Bits::default();
                    for head in program.heads(heads, count) {
                        begins.first.add((head.pair >> 16) as u16);
                        match head.pair as u16 {
                            0 => begins.second.join(&next.first),
                            second => begins.second.add(second),
                        }
                    }
                    true
                }
                Op::Verb { form, .. } => {
                    let form = class::VERB_FORMS.iter().position(|bit| *bit == u32::from(form));
                    let ids = VERBS.iter().filter_map(|verb| verb.get(form?));
                    ids.for_each(|id| begins.first.add(*id));
                    true
                }
                Op::Slot { kind, .. } => {
                    match u16::from(kind) {
                        slot_kind::NUMBER => begins.first.add_all(NUMBER),
                        slot_kind::NAME => {
                            begins.first = self.titles;
                            begins.first.add_all(NAME);
                            begins.second = Bits::EVERYTHING;
                        }
                        _ => (begins.first, begins.second) = (Bits::EVERYTHING, Bits::EVERYTHING),
                    }
                    true
                }
                Op::Split(_) => {
                    *begins = *next;
                    begins.join(there);
                    enter(target);
                    false
                }
                Op::Start => {
                    *begins = Beginning { inside: Bits::default(), ..*next };
                    false
                }
                Op::Jump(_) | Op::Quote | Op::Open | Op::Close => {
                    *begins = *there;
                    false
                }
                Op::End => {
                    mark::TERMINAL.iter().for_each(|id| begins.first.add(*id));
                    begins.second = Bits::EVERYTHING;
                    true
                }
                Op::Gap { least: 1, most: 1 } => {
                    begins.first = Bits::EVERYTHING;
                    // Behind a word stands what follows; behind a mark, which it steps over, its word.
                    begins.second.add_all(BEHIND_MARK);
                    true
                }
                Op::Match | Op::Choice { .. } | Op::Gap { .. } => {
                    *begins = Beginning::ANY;
                    false
                }
            };
            if takes {
                begins.inside = begins.first;
            }
            if matches!(op, Op::Split(_) | Op::Gap { .. } | Op::Slot { .. } | Op::List(_) | Op::Phrases { .. }) {
                enter(place + 1);
            }
        }
        let own_filters = program.filters.len();
        let begins = program.begins.iter_mut().skip(first);
        for ((begins, known), _) in begins.zip(&self.begins).zip(&self.entered).filter(|(_, entered)| **entered) {
            let filter = Filter { first: known.first, second: known.second.folded() };
            if filter == Filter::ANY {
                continue;
            }
            // Choices within choices begin alike.
            let own = program.filters.get(own_filters..).unwrap_or_default();
            let place = own.iter().position(|known| *known == filter).unwrap_or(own.len());
            if place == own.len() {
                program.filters.push(filter);
            }
            *begins = (own_filters + place) as u32;
        }
    }
    /// A row of splits, each where the one before leads to, becomes one choice.
    fn join_splits(&mut self, first: usize) {
        let program = &mut *self.program;
        for place in first..program.ops.len() {
            let before = place.checked_sub(1).and_then(|before| program.op(before));
            let Some(&Op::Split(mut other)) = program.op(place) else {
                continue;
            };
            // Behind a jump it is come to only from the split before, whose choice has its ways.
            if matches!(before, Some(Op::Jump(_))) {
                continue;
            }
            let ways = program.ways.len();
            let add = |program: &mut Program, to: usize| {
                let &Filter { first, second } = program.begins(to);
                program.ways.push(Way { first: first.folded(), second, to: to as u32 });
            };
            add(program, place + 1);
            while let Some(&Op::Split(next)) = program.op(other as usize) {
                add(program, other as usize + 1);
                other = next;
            }
            add(program, other as usize);
            let count = (program.ways.len() - ways) as u16;
            if let Some(op) = program.ops.get_mut(place) {
                *op = Op::Choice { ways: ways as u32, count };
            }
        }
    }
}
