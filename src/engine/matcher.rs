//! Runs the compiled patterns over a paragraph. An index by word keeps most tokens from starting any pattern; a small
//! backtracking machine does the rest, within a fixed number of steps.

use crate::normalise::{SENTENCE, filter_bit, slot_kind};
use crate::phrase;
use crate::program::{Bits, Op};
use crate::token::{Paragraph, flag, is_negation_clitic};
use crate::vocabulary::{Entrance, Pattern, TABLES, Tables, Unless, classes};

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
    scan_once(paragraph, wanted, &|_| false, found);
}

/// The same, but once a pattern of a group that `once` names matches, the group is not looked for in the rest of the
/// sentence.
pub fn scan_once(
    paragraph: &Paragraph,
    wanted: &dyn Fn(u16) -> bool,
    once: &dyn Fn(u16) -> bool,
    found: &mut dyn FnMut(Match),
) {
    let tables = &*TABLES;
    let all_wanted: Vec<bool> = (0..tables.groups).map(wanted).collect();
    let mut wanted = all_wanted.clone();
    let mut sentence = Sentence::default();
    // Token indices are 16 bits wide; what is beyond is longer than any mail.
    for (at, token) in paragraph.tokens.iter().enumerate().take(usize::from(u16::MAX) - 16) {
        if token.is(flag::SENTENCE_START) || at == 0 {
            sentence.begin(paragraph, at);
            wanted.copy_from_slice(&all_wanted);
        }
        let next = paragraph.tokens.get(at + 1).map_or((0, u64::MAX), |next| filter_bit(next.id));
        let opens = token.is(OPENS);
        let openers = if opens { tables.starting_with(SENTENCE) } else { &[] };
        // Most patterns end here: nobody wants them, or the next word or another one of theirs is not there.
        for candidate in [tables.starting_with(token.id), openers].into_iter().flatten() {
            if candidate.second & next.1 != 0
                && wanted.get(usize::from(candidate.group)) == Some(&true)
                && let Some(entrance) = tables.entrances.get(usize::from(candidate.place))
                && entrance.second.has_bit(next)
                && let Some(pattern) = tables.patterns.get(usize::from(candidate.place))
                && pattern.needs.are_in(sentence.bits_from(at.saturating_sub(usize::from(entrance.back.1))))
                && let Some(hit) = match_around(paragraph, tables, entrance, pattern, &mut sentence, at)
            {
                if once(candidate.group) {
                    wanted.get_mut(usize::from(candidate.group)).into_iter().for_each(|wanted| *wanted = false);
                }
                found(hit);
            }
        }
    }
}

/// Where `^` matches.
const OPENS: u16 = flag::SENTENCE_START | flag::AFTER_GREETING;

/// What is known of the sentence that is being scanned.
#[derive(Default)]
struct Sentence {
    range: (usize, usize),
    /// The token behind its greeting, or else its first again.
    after_greeting: usize,
    /// For each of its tokens, the ids from there to its end.
    bits: Vec<Bits>,
    /// Which `unless` patterns (by their code) match somewhere in it.
    known: Vec<(u32, bool)>,
}

impl Sentence {
    /// Goes on to the one that begins at a token.
    fn begin(&mut self, paragraph: &Paragraph, at: usize) {
        self.range = (at, paragraph.sentence_end(at));
        self.known.clear();
        self.bits.clear();
        let words = paragraph.tokens.get(at..self.range.1).unwrap_or_default();
        self.after_greeting = at + words.iter().rposition(|token| token.is(flag::AFTER_GREETING)).unwrap_or(0);
        self.bits.resize(words.len(), Bits::default());
        let mut behind = Bits::default();
        for (bits, token) in self.bits.iter_mut().zip(words).rev() {
            behind.add(token.id);
            *bits = behind;
        }
    }

    /// The ids of the part of it that is not before a token.
    #[inline]
    fn bits_from(&self, at: usize) -> &Bits {
        self.bits.get(at.saturating_sub(self.range.0)).unwrap_or(&Bits::EVERYTHING)
    }
}

/// The match that has the word at `at` which the pattern is looked up under.
fn match_around(
    paragraph: &Paragraph,
    tables: &'static Tables,
    entrance: &Entrance,
    pattern: &Pattern,
    sentence: &mut Sentence,
    at: usize,
) -> Option<Match> {
    let (least, most) = (usize::from(entrance.back.0), usize::from(entrance.back.1));
    if most == 0 {
        return match_at(paragraph, tables, pattern, sentence, at);
    }
    let earliest = sentence.range.0.max(at.saturating_sub(most));
    let latest = at.saturating_sub(least);
    let program = &tables.program;
    let (first, greeted) = (sentence.range.0, sentence.after_greeting);
    let mut match_from = |from: usize| {
        // One that ends before the word here hangs on another word, and is found there.
        match_at(paragraph, tables, pattern, sentence, from).filter(|hit| usize::from(hit.tokens.1) > at)
    };
    if let Some(Op::Start) = program.op(pattern.code as usize) {
        let opens = std::iter::once(first).chain((greeted > first).then_some(greeted));
        return opens.filter(|from| (earliest..=latest).contains(from)).find_map(match_from);
    }
    let begins = program.begins(pattern.code as usize);
    let starts = (earliest..).zip(paragraph.tokens.get(earliest..=latest)?);
    starts.filter(|(_, token)| begins.may_have(token.id)).find_map(|(from, _)| match_from(from))
}

fn match_at(
    paragraph: &Paragraph,
    tables: &'static Tables,
    pattern: &Pattern,
    sentence: &mut Sentence,
    at: usize,
) -> Option<Match> {
    let mut machine = Machine::new(paragraph, tables);
    let end = machine.run(pattern.code as usize, at)?;
    if end <= at {
        return None;
    }
    let Taken { captures, open, close } = machine.taken;
    let tokens = (at as u16, end as u16);
    let highlight = (open.unwrap_or(tokens.0), close.unwrap_or(tokens.1));
    let hit = Match { pattern: pattern.place, tokens, highlight, captures };
    let mut calls = pattern.calls();
    (!calls.any(|(kind, unless)| called_off(paragraph, tables, kind, unless, sentence, at, end))).then_some(hit)
}

/// Whether an `unless` (kind 0), `unless_before` (1) or `unless_after` (2) calls a match off.
fn called_off(
    paragraph: &Paragraph,
    tables: &'static Tables,
    kind: u8,
    unless: &Unless,
    sentence: &mut Sentence,
    start: usize,
    end: usize,
) -> bool {
    let code = unless.code as usize;
    let (first, last) = sentence.range;
    let begins = tables.program.begins(code);
    let matches_from = |at: usize, must_end: Option<usize>| {
        paragraph.tokens.get(at).is_none_or(|token| begins.may_have(token.id))
            && Machine { must_end, ..Machine::new(paragraph, tables) }.run(code, at).is_some()
    };
    match kind {
        0 | 1 if !unless.needs.are_in(sentence.bits_from(first)) => false,
        0 => {
            if let Some((_, known)) = sentence.known.iter().find(|(known, _)| *known == unless.code) {
                return *known;
            }
            let matches = (first..last).any(|at| matches_from(at, None));
            sentence.known.push((unless.code, matches));
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
    tables: &'static Tables,
    taken: Taken,
    must_end: Option<usize>,
    steps: u32,
}

/// More steps than any sane pattern takes at one place; keeps a bad one from being slow.
const STEPS: u32 = 2_000;

impl<'a, 'b> Machine<'a, 'b> {
    fn new(paragraph: &'a Paragraph<'b>, tables: &'static Tables) -> Self {
        Machine { paragraph, tables, taken: Taken::default(), must_end: None, steps: 0 }
    }

    /// The bit of token `at` in a filter; behind the last, that of any token, as what matches there can begin with any.
    #[inline]
    fn bit(&self, at: usize) -> (usize, u64) {
        self.paragraph.tokens.get(at).map_or((0, u64::MAX), |token| filter_bit(token.id))
    }

    /// Whether it is worth going on at an operation where token `at` stands.
    #[inline]
    fn may_begin(&self, pc: usize, at: usize) -> bool {
        self.tables.program.begins(pc).has_bit(self.bit(at))
    }

    /// One past the last token of a match of the code from `pc` on at token `at`.
    fn run(&mut self, mut pc: usize, mut at: usize) -> Option<usize> {
        let (tokens, program) = (self.paragraph.tokens.as_slice(), &self.tables.program);
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
                    let list = self.tables.lists.get(usize::from(list))?;
                    let first = tokens.get(at)?.id;
                    if !list.begins_with(first) {
                        return None;
                    }
                    if let Some(end) = self.phrases(list.heads, pc, at) {
                        return Some(end);
                    }
                    if !list.has(first) {
                        return None;
                    }
                    at += 1;
                }
                Op::Phrases { heads, count } => return self.phrases((heads, count), pc, at),
                Op::Choice { ways, count } => {
                    let mut ways = program.ways(ways, count, self.bit(at));
                    let mut way = ways.next()?;
                    for next in ways {
                        let taken = self.taken;
                        if let Some(end) = self.run(way, at) {
                            return Some(end);
                        }
                        self.taken = taken;
                        way = next;
                    }
                    pc = way;
                }
                Op::Split(_) => return None,
                Op::Jump(there) => pc = there as usize,
                Op::Gap { least, most } => return self.gap(least, most, pc, at),
                Op::Quote => {
                    if !tokens.get(at)?.is(flag::QUOTE_BEFORE) {
                        return None;
                    }
                }
                Op::Start => {
                    if !tokens.get(at)?.is(OPENS) {
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

    /// Goes on behind one of the phrases with these heads.
    fn phrases(&mut self, heads: (u32, u16), pc: usize, at: usize) -> Option<usize> {
        let tokens = self.paragraph.tokens.get(at..)?;
        let ids = (tokens.first()?.id, tokens.get(1)?.id);
        let program = &self.tables.program;
        let heads = program.heads(heads.0, heads.1);
        let head = heads.get(heads.binary_search_by_key(&ids, |head| head.ids).ok()?)?;
        for phrase in program.phrases(head) {
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
        let behind = self.tables.program.begins(pc);
        let mut words = 0;
        loop {
            if words >= least
                && behind.has_bit(self.bit(at))
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
