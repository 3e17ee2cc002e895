//! The patterns' code as the matcher runs it: operations with their operands beside them, and for where a choice is to be
//! made, the ids that what is left of the pattern can begin with. Most ways are seen to be closed before they are gone.

use crate::normalise::{class, filter_bit, op, slot_kind};
use crate::packed::phrases;
use crate::vocabulary::{List, VERBS};

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
    /// Those words; the second is 0 for phrases of one word.
    pub ids: (u16, u16),
    /// How many phrases there are.
    count: u16,
    /// Where in [`Program::code`] the first is; each stands behind its length, the longest first.
    start: u32,
}

/// An alternative.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The place of its first operation.
    pub to: u32,
    /// The place of what it begins with, among the filters.
    begins: u32,
}

/// The code of all patterns.
#[derive(Debug, Default)]
pub struct Program {
    /// The patterns as they were unpacked, lists before them; sets and phrases are read where they stand here.
    pub code: Vec<u16>,
    /// What phrases begin with, in order within each list and choice.
    heads: Vec<Head>,
    ways: Vec<Way>,
    ops: Vec<Op>,
    /// For each operation the place of the ids that a match from there on can begin with, among `filters`.
    begins: Vec<u32>,
    filters: Vec<Bits>,
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

    /// Whether an id may be in it.
    #[inline]
    pub fn may_have(&self, id: u16) -> bool {
        self.has_bit(filter_bit(id))
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

    /// Whether one of the bits of [`filter_bit`] is set.
    #[inline]
    pub fn has_bit(&self, (part, bit): (usize, u64)) -> bool {
        self.0.get(part).is_some_and(|part| part & bit != 0)
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

impl Program {
    /// The operation at a place.
    #[inline]
    pub fn op(&self, place: usize) -> Option<Op> {
        self.ops.get(place).copied()
    }

    /// What can stand where the operation at a place and those after it match. It is known of places that are come to
    /// otherwise than from the operation before; of others it is everything.
    #[inline]
    pub fn begins(&self, place: usize) -> &Bits {
        let filter = self.begins.get(place).and_then(|filter| self.filters.get(*filter as usize));
        filter.unwrap_or(&Bits::EVERYTHING)
    }

    /// Those of so many alternatives that may match where the id with a bit stands.
    #[inline]
    pub fn ways(&self, start: u32, count: u16, bit: (usize, u64)) -> impl Iterator<Item = usize> {
        let start = start as usize;
        let ways = self.ways.get(start..start + usize::from(count)).unwrap_or_default();
        let may_match =
            move |way: &&Way| self.filters.get(way.begins as usize).is_some_and(|begins| begins.has_bit(bit));
        ways.iter().filter(may_match).map(|way| way.to as usize)
    }

    /// The ids of a set.
    #[inline]
    pub fn set(&self, start: u32, count: u16) -> &[u16] {
        let start = start as usize;
        self.code.get(start..start + usize::from(count)).unwrap_or_default()
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
        let first = self.heads.len();
        let mut at = start;
        for phrase in phrases(self.code.get(start..end).unwrap_or_default()) {
            let ids = match *phrase {
                [first, second, ..] => (first, second),
                [first] => (first, 0),
                [] => (0, 0),
            };
            match self.heads.get_mut(first..).and_then(<[Head]>::last_mut) {
                Some(head) if head.ids == ids => head.count += 1,
                _ => self.heads.push(Head { ids, count: 1, start: at as u32 }),
            }
            at += 1 + phrase.len();
        }
        (first as u32, (self.heads.len() - first) as u16)
    }
}

/// Makes a [`Program`] of unpacked code.
pub struct Assembler<'a> {
    program: &'a mut Program,
    lists: &'a [List],
    /// Of the pattern at hand: the place of the operation that stands so far into its code.
    places: Vec<u32>,
    /// What a match from each of its operations on can begin with.
    begins: Vec<Bits>,
    /// Which of them are come to otherwise than from the one before.
    entered: Vec<bool>,
}

impl<'a> Assembler<'a> {
    /// For the code that is in the program already.
    pub fn new(program: &'a mut Program, lists: &'a [List]) -> Self {
        program.filters.push(Bits::EVERYTHING);
        Assembler { program, lists, places: Vec::new(), begins: Vec::new(), entered: Vec::new() }
    }

    /// Adds the pattern whose code begins at `pc`. Gives the place of its first operation.
    pub fn add(&mut self, pc: usize) -> u32 {
        let first = self.program.ops.len();
        self.decode(pc);
        self.look_ahead(first);
        self.join_splits(first);
        first as u32
    }

    fn decode(&mut self, pc: usize) {
        let first = self.program.ops.len();
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
        self.begins.resize(count, Bits::EVERYTHING);
        program.begins.resize(program.ops.len(), 0);
        self.entered.clear();
        self.entered.resize(count, false);
        let mut enter = |place: usize| self.entered.get_mut(place).into_iter().for_each(|entered| *entered = true);
        enter(0);
        for place in (0..count).rev() {
            let Some(op) = program.ops.get(first + place).copied() else {
                continue;
            };
            let of = |place: usize| self.begins.get(place).copied().unwrap_or(Bits::EVERYTHING);
            let next = of(place + 1);
            let there = |target: u32| of((target as usize).saturating_sub(first));
            let mut bits = Bits::default();
            match op {
                Op::Word(id) => bits.add(id),
                Op::Set { start, count } => program.set(start, count).iter().for_each(|id| bits.add(*id)),
                Op::List(list) => {
                    bits = self.lists.get(usize::from(list)).map_or(Bits::EVERYTHING, |list| list.first_bits);
                }
                Op::Phrases { heads, count } => {
                    program.heads(heads, count).iter().for_each(|head| bits.add(head.ids.0))
                }
                Op::Split(target) => {
                    bits = next;
                    bits.join(&there(target));
                    enter((target as usize).saturating_sub(first));
                }
                Op::Jump(target) => bits = there(target),
                Op::Quote | Op::Start | Op::Open | Op::Close => bits = next,
                Op::Verb { form, .. } => {
                    let form = class::VERB_FORMS.iter().position(|bit| *bit == u32::from(form));
                    let ids = VERBS.iter().filter_map(|verb| verb.get(form?));
                    ids.for_each(|id| bits.add(*id));
                }
                Op::Match | Op::Choice { .. } | Op::Gap { .. } | Op::End | Op::Slot { .. } => bits = Bits::EVERYTHING,
            }
            if matches!(op, Op::Split(_) | Op::Gap { .. } | Op::Slot { .. } | Op::List(_) | Op::Phrases { .. }) {
                enter(place + 1);
            }
            self.begins.get_mut(place).into_iter().for_each(|known| *known = bits);
        }
        let own_filters = program.filters.len();
        let begins = program.begins.iter_mut().skip(first);
        for ((begins, bits), _) in begins.zip(&self.begins).zip(&self.entered).filter(|(_, entered)| **entered) {
            if *bits == Bits::EVERYTHING {
                continue;
            }
            // Choices within choices begin alike.
            let own = program.filters.get(own_filters..).unwrap_or_default();
            let place = own.iter().position(|known| known == bits).unwrap_or(own.len());
            if place == own.len() {
                program.filters.push(*bits);
            }
            *begins = (own_filters + place) as u32;
        }
    }
    /// A row of splits, each where the one before leads to, becomes one choice.
    fn join_splits(&mut self, first: usize) {
        let program = &mut *self.program;
        for place in first..program.ops.len() {
            let before = place.checked_sub(1).and_then(|before| program.op(before));
            let Some(Op::Split(mut other)) = program.op(place) else {
                continue;
            };
            // Behind a jump it is come to only from the split before, whose choice has its ways.
            if matches!(before, Some(Op::Jump(_))) {
                continue;
            }
            let ways = program.ways.len();
            let mut add = |to: usize| {
                let begins = program.begins.get(to).copied().unwrap_or(0);
                program.ways.push(Way { to: to as u32, begins });
            };
            add(place + 1);
            while let Some(Op::Split(next)) = program.ops.get(other as usize).copied() {
                add(other as usize + 1);
                other = next;
            }
            add(other as usize);
            let count = (program.ways.len() - ways) as u16;
            if let Some(op) = program.ops.get_mut(place) {
                *op = Op::Choice { ways: ways as u32, count };
            }
        }
    }
}
