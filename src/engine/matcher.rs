//! Runs the compiled patterns over a paragraph. An index by word keeps most tokens from starting any pattern; a small
//! backtracking machine does the rest, within a fixed number of steps.

use crate::normalise::{SENTENCE, slot_kind};
use crate::phrase;
use crate::program::{Bits, Head, Op, Program};
use crate::token::{Paragraph, flag, is_negation_clitic};
use crate::vocabulary::{Pattern, TABLES, Unless, classes};

/// A range of token indices, `start..end`.
pub type Range = (u16, u16);

/// What a slot took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// Its tokens; empty where the slot was not reached.
    pub tokens: Range,
    /// Whether a suggestion may use it.
    pub safe: bool,
}

/// One pattern matching at one place.
#[derive(Clone, Copy, Debug)]
pub struct Match {
    /// Its place in the tables.
    pub pattern: usize,
    /// All tokens of the match.
    pub tokens: Range,
    /// The tokens to highlight.
    pub highlight: Range,
    /// What the slots took.
    pub captures: [Capture; 4],
}

/// Calls `found` for every match of every pattern that `wanted` (by its group) lets through.
pub fn scan(paragraph: &Paragraph, wanted: &dyn Fn(u16) -> bool, found: &mut dyn FnMut(Match)) {
    let tables = &*TABLES;
    let wanted: Vec<bool> = (0..tables.groups).map(wanted).collect();
    let mut sentence = Sentence::default();
    // Token indices are 16 bits wide; what is beyond is longer than any mail.
    for (at, token) in paragraph.tokens.iter().enumerate().take(usize::from(u16::MAX) - 16) {
        if token.is(flag::SENTENCE_START) || at == 0 {
            sentence.range = (at, paragraph.sentence_end(at));
            let words = paragraph.tokens.get(at..sentence.range.1).unwrap_or_default();
            sentence.bits = Bits::default();
            words.iter().for_each(|token| sentence.bits.add(token.id));
            sentence.known.clear();
        }
        let next = paragraph.tokens.get(at + 1).map(|next| next.id);
        let opens = token.is(flag::SENTENCE_START | flag::AFTER_GREETING);
        let openers = if opens { tables.starting_with(SENTENCE) } else { &[] };
        for place in tables.starting_with(token.id).iter().chain(openers) {
            let place = usize::from(*place);
            // Most patterns end here: the next word or another one of theirs is not there. Two tables, so that what is
            // read most often stays in the cache.
            let goes_on = match (tables.seconds.get(place), next) {
                (Some(seconds), Some(next)) => seconds.may_have(next),
                _ => true,
            };
            if goes_on
                && let Some(pattern) = tables.patterns.get(place)
                && wanted.get(usize::from(pattern.group)) == Some(&true)
                && tables.needs.get(place).is_some_and(|needs| needs.are_in(&sentence.bits))
                && let Some(hit) = match_around(paragraph, pattern, &mut sentence, at)
            {
                found(hit);
            }
        }
    }
}

/// What is known of the sentence that is being scanned.
#[derive(Default)]
struct Sentence {
    range: (usize, usize),
    /// Of its ids.
    bits: Bits,
    /// Which `unless` patterns (by their code) match somewhere in it.
    known: Vec<(u32, bool)>,
}

/// The match that has the word at `at` which the pattern is looked up under.
fn match_around(paragraph: &Paragraph, pattern: &Pattern, sentence: &mut Sentence, at: usize) -> Option<Match> {
    let (least, most) = (usize::from(pattern.back.0), usize::from(pattern.back.1));
    let earliest = sentence.range.0.max(at.saturating_sub(most));
    let latest = at.saturating_sub(least);
    let starts = paragraph.tokens.get(earliest..=latest)?;
    for (from, token) in (earliest..).zip(starts) {
        // One that ends before the word here hangs on another word, and is found there.
        if TABLES.program.may_begin(pattern.code as usize, token.id)
            && let Some(hit) = match_at(paragraph, pattern, sentence, from)
            && usize::from(hit.tokens.1) > at
        {
            return Some(hit);
        }
    }
    None
}

fn match_at(paragraph: &Paragraph, pattern: &Pattern, sentence: &mut Sentence, at: usize) -> Option<Match> {
    let mut machine = Machine::new(paragraph);
    let end = machine.run(pattern.code as usize, at)?;
    if end <= at {
        return None;
    }
    let Taken { captures, open, close } = machine.taken;
    let tokens = (at as u16, end as u16);
    let highlight = (open.unwrap_or(tokens.0), close.unwrap_or(tokens.1));
    let hit = Match { pattern: pattern.place, tokens, highlight, captures };
    (!pattern.calls().any(|(kind, unless)| called_off(paragraph, kind, unless, sentence, at, end))).then_some(hit)
}

/// Whether an `unless` (kind 0), `unless_before` (1) or `unless_after` (2) calls a match off.
fn called_off(
    paragraph: &Paragraph,
    kind: u8,
    unless: &Unless,
    sentence: &mut Sentence,
    start: usize,
    end: usize,
) -> bool {
    let code = unless.code;
    let first = sentence.range.0;
    let matches_from = |at: usize, must_end: Option<usize>| {
        let token = paragraph.tokens.get(at);
        token.is_none_or(|token| TABLES.program.may_begin(code as usize, token.id))
            && Machine { must_end, ..Machine::new(paragraph) }.run(code as usize, at).is_some()
    };
    match kind {
        0 | 1 if !unless.needs.are_in(&sentence.bits) => false,
        0 => {
            if let Some((_, known)) = sentence.known.iter().find(|(known, _)| *known == code) {
                return *known;
            }
            let matches = (first..sentence.range.1).any(|at| matches_from(at, None));
            sentence.known.push((code, matches));
            matches
        }
        1 => (first.max(start.saturating_sub(10))..=start).any(|at| matches_from(at, Some(start))),
        _ => matches_from(end, None),
    }
}

/// What a match takes on its way.
#[derive(Clone, Copy, Default)]
struct Taken {
    captures: [Capture; 4],
    open: Option<u16>,
    close: Option<u16>,
}

struct Machine<'a, 'b> {
    paragraph: &'a Paragraph<'b>,
    program: &'static Program,
    taken: Taken,
    must_end: Option<usize>,
    steps: u32,
}

/// More steps than any sane pattern takes at one place; keeps a bad one from being slow.
const STEPS: u32 = 2_000;

impl<'a, 'b> Machine<'a, 'b> {
    fn new(paragraph: &'a Paragraph<'b>) -> Self {
        Machine { paragraph, program: &TABLES.program, taken: Taken::default(), must_end: None, steps: 0 }
    }

    /// Whether it is worth going on at an operation where token `at` stands.
    #[inline]
    fn may_begin(&self, pc: usize, at: usize) -> bool {
        self.paragraph.tokens.get(at).is_none_or(|token| self.program.may_begin(pc, token.id))
    }

    /// One past the last token of a match of the code from `pc` on at token `at`.
    fn run(&mut self, mut pc: usize, mut at: usize) -> Option<usize> {
        let (tokens, program) = (self.paragraph.tokens.as_slice(), self.program);
        loop {
            self.steps += 1;
            if self.steps > STEPS {
                return None;
            }
            let op = program.op(pc)?;
            pc += 1;
            match op {
                Op::Match => {
                    // "you should" is not in "you shouldn't".
                    if tokens.get(at).is_some_and(is_negation_clitic) || self.must_end.is_some_and(|end| end != at) {
                        return None;
                    }
                    return Some(at);
                }
                Op::Word(id) => {
                    if tokens.get(at)?.id != id {
                        return None;
                    }
                    at += 1;
                }
                Op::Set { start, count } => {
                    if !contains(program.set(start, count), tokens.get(at)?.id) {
                        return None;
                    }
                    at += 1;
                }
                Op::List(list) => {
                    let list = TABLES.lists.get(usize::from(list))?;
                    let first = tokens.get(at)?.id;
                    if !list.begins_with(first) {
                        return None;
                    }
                    if let Some(end) = self.phrases(program.heads(list.heads.0, list.heads.1), pc, at) {
                        return Some(end);
                    }
                    if list.singles.binary_search(&first).is_err() {
                        return None;
                    }
                    at += 1;
                }
                Op::Phrases { heads, count } => return self.phrases(program.heads(heads, count), pc, at),
                Op::Split(other) => {
                    let other = other as usize;
                    match (self.may_begin(pc, at), self.may_begin(other, at)) {
                        (true, true) => {
                            let taken = self.taken;
                            if let Some(end) = self.run(pc, at) {
                                return Some(end);
                            }
                            self.taken = taken;
                            pc = other;
                        }
                        (true, false) => {}
                        (false, true) => pc = other,
                        (false, false) => return None,
                    }
                }
                Op::Jump(there) => pc = there as usize,
                Op::Gap { least, most } => return self.gap(least, most, pc, at),
                Op::Quote => {
                    if !tokens.get(at)?.is(flag::QUOTE_BEFORE) {
                        return None;
                    }
                }
                Op::Start => {
                    if !tokens.get(at)?.is(flag::SENTENCE_START | flag::AFTER_GREETING) {
                        return None;
                    }
                }
                Op::End => {
                    if !tokens.get(at).is_none_or(|token| token.is(flag::TERMINAL)) {
                        return None;
                    }
                }
                Op::Open => self.taken.open = Some(at as u16),
                Op::Close => self.taken.close = Some(at as u16),
                Op::Verb { form, slot } => {
                    if classes(tokens.get(at)?.id) & u32::from(form) == 0 {
                        return None;
                    }
                    self.capture(slot, at, at + 1, true);
                    at += 1;
                }
                Op::Slot { kind, slot } => return self.slot(u16::from(kind), slot, pc, at),
            }
        }
    }

    fn phrases(&mut self, heads: &'static [Head], pc: usize, at: usize) -> Option<usize> {
        let tokens = self.paragraph.tokens.get(at..)?;
        for phrase in self.program.phrases(heads, tokens.first()?.id) {
            let is_there = tokens.len() >= phrase.len() && phrase.iter().zip(tokens).all(|(id, token)| token.id == *id);
            if is_there
                && self.may_begin(pc, at + phrase.len())
                && let Some(end) = self.run(pc, at + phrase.len())
            {
                return Some(end);
            }
        }
        None
    }

    fn gap(&mut self, least: u8, most: u8, pc: usize, mut at: usize) -> Option<usize> {
        let mut words = 0;
        loop {
            if words >= least
                && self.may_begin(pc, at)
                && let Some(end) = self.run(pc, at)
            {
                return Some(end);
            }
            if words == most {
                return None;
            }
            // A gap steps over commas, dashes and the like on its way to the next word, not over stops.
            loop {
                let token = self.paragraph.tokens.get(at)?;
                if token.is_stop() {
                    return None;
                }
                at += 1;
                if token.is(flag::WORD) {
                    break;
                }
            }
            words += 1;
        }
    }

    fn slot(&mut self, kind: u16, slot: u8, pc: usize, at: usize) -> Option<usize> {
        let (end, safe) = match kind {
            slot_kind::NP => phrase::noun_phrase(self.paragraph, at)?,
            slot_kind::NAME => (phrase::name(self.paragraph, at)?, true),
            slot_kind::REST => (phrase::clause_end(self.paragraph, at), true),
            slot_kind::NUMBER if self.paragraph.tokens.get(at)?.is(flag::NUMBER) => (at + 1, true),
            _ => return None,
        };
        // Shorter ones only for the sake of what the pattern wants next; a clause is taken whole.
        let shortest = if kind == slot_kind::REST { end } else { at + 1 };
        if end == at {
            return None;
        }
        for end in (shortest..=end).rev() {
            if !self.may_begin(pc, end) {
                continue;
            }
            self.capture(slot, at, end, safe);
            if let Some(end) = self.run(pc, end) {
                return Some(end);
            }
        }
        None
    }

    fn capture(&mut self, slot: u8, start: usize, end: usize, safe: bool) {
        if let Some(capture) = self.taken.captures.get_mut(usize::from(slot)) {
            *capture = Capture { tokens: (start as u16, end as u16), safe };
        }
    }
}

fn contains(set: &[u16], id: u16) -> bool {
    if set.len() < 12 { set.contains(&id) } else { set.binary_search(&id).is_ok() }
}
