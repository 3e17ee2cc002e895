//! Runs the compiled patterns over a paragraph. An index by word keeps most tokens from starting any pattern; a small
//! backtracking machine does the rest, within a fixed number of steps.

use crate::normalise::{SENTENCE, class, filter_bit, op, slot_kind};
use crate::phrase;
use crate::token::{Paragraph, Token, flag, is_negation_clitic};
use crate::vocabulary::{Bits, List, Pattern, TABLES, Tables, Unless, classes, phrases};

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
        let next = paragraph.tokens.get(at + 1).map_or(u64::MAX, |next| filter_bit(next.id));
        let opens = token.is(flag::SENTENCE_START | flag::AFTER_GREETING);
        let openers = if opens { tables.starting_with(SENTENCE) } else { &[] };
        for place in tables.starting_with(token.id).iter().chain(openers) {
            let place = usize::from(*place);
            // Most patterns end here: the next word or another one of theirs is not there. Two tables, so that what is
            // read most often stays in the cache.
            let may_match = tables.filters.get(place).is_some_and(|filter| filter & next != 0)
                && tables.needs.get(place).is_some_and(|needs| needs.are_in(&sentence.bits));
            if may_match {
                try_at(paragraph, tables, place, &mut sentence, at, wanted, found);
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

fn try_at(
    paragraph: &Paragraph,
    tables: &'static Tables,
    place: usize,
    sentence: &mut Sentence,
    at: usize,
    wanted: &dyn Fn(u16) -> bool,
    found: &mut dyn FnMut(Match),
) {
    let Some(pattern) = tables.patterns.get(place) else {
        return;
    };
    if !wanted(pattern.group) {
        return;
    }
    let (least, most) = (usize::from(pattern.back.0), usize::from(pattern.back.1));
    if most == 0 {
        match_at(paragraph, pattern, sentence, at).into_iter().for_each(found);
        return;
    }
    let earliest = sentence.range.0.max(at.saturating_sub(most));
    let mut places = earliest..=at.saturating_sub(least);
    // One that ends before the word here hangs on another word, and is found there.
    let hit = places
        .find_map(|from| match_at(paragraph, pattern, sentence, from).filter(|hit| usize::from(hit.tokens.1) > at));
    hit.into_iter().for_each(found);
}

fn match_at(paragraph: &Paragraph, pattern: &Pattern, sentence: &mut Sentence, at: usize) -> Option<Match> {
    let code = TABLES.code.get(pattern.code as usize..)?;
    if fails_at_once(code, 0, paragraph.tokens.get(at)) {
        return None;
    }
    let mut machine = Machine::new(paragraph, pattern.code);
    let end = machine.run(0, at)?;
    if end <= at {
        return None;
    }
    let hit = Match {
        pattern: pattern.place,
        tokens: (at as u16, end as u16),
        highlight: (machine.open.unwrap_or(at) as u16, machine.close.unwrap_or(end) as u16),
        captures: machine.captures,
    };
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
    let lacks_words = !unless.needs.are_in(&sentence.bits);
    let first = sentence.range.0;
    match kind {
        0 | 1 if lacks_words => false,
        0 => {
            if let Some((_, known)) = sentence.known.iter().find(|(known, _)| *known == code) {
                return *known;
            }
            let matches = (first..sentence.range.1).any(|at| Machine::new(paragraph, code).run(0, at).is_some());
            sentence.known.push((code, matches));
            matches
        }
        1 => (first.max(start.saturating_sub(10))..=start).any(|at| {
            let mut machine = Machine::new(paragraph, code);
            machine.must_end = Some(start);
            machine.run(0, at).is_some()
        }),
        _ => Machine::new(paragraph, code).run(0, end).is_some(),
    }
}

struct Machine<'a, 'b> {
    paragraph: &'a Paragraph<'b>,
    code: &'static [u16],
    captures: [Capture; 4],
    open: Option<usize>,
    close: Option<usize>,
    must_end: Option<usize>,
    steps: u32,
}

/// More steps than any sane pattern takes at one place; keeps a bad one from being slow.
const STEPS: u32 = 2_000;

impl<'a, 'b> Machine<'a, 'b> {
    fn new(paragraph: &'a Paragraph<'b>, code: u32) -> Self {
        Machine {
            paragraph,
            code: TABLES.code.get(code as usize..).unwrap_or_default(),
            captures: Default::default(),
            open: None,
            close: None,
            must_end: None,
            steps: 0,
        }
    }

    fn op(&self, pc: usize) -> u16 {
        self.code.get(pc).copied().unwrap_or(u16::MAX)
    }

    /// One past the last token of a match of the code from `pc` on at token `at`.
    fn run(&mut self, mut pc: usize, mut at: usize) -> Option<usize> {
        let tokens = &self.paragraph.tokens;
        loop {
            self.steps += 1;
            if self.steps > STEPS {
                return None;
            }
            match self.op(pc) {
                op::MATCH => {
                    // "you should" is not in "you shouldn't".
                    if tokens.get(at).is_some_and(is_negation_clitic) || self.must_end.is_some_and(|end| end != at) {
                        return None;
                    }
                    return Some(at);
                }
                op::WORD => {
                    if tokens.get(at)?.id != self.op(pc + 1) {
                        return None;
                    }
                    pc += 2;
                    at += 1;
                }
                op::SET => {
                    let length = usize::from(self.op(pc + 1));
                    let set = self.code.get(pc + 2..pc + 2 + length)?;
                    let id = tokens.get(at)?.id;
                    if !contains(set, id) {
                        return None;
                    }
                    pc += 2 + length;
                    at += 1;
                }
                op::LIST => return self.list(TABLES.lists.get(usize::from(self.op(pc + 1)))?, pc + 2, at),
                op::SPLIT if fails_at_once(self.code, pc + 2, tokens.get(at)) => {
                    pc += usize::from(self.op(pc + 1));
                }
                op::SPLIT => {
                    let kept = (self.captures, self.open, self.close);
                    if let Some(end) = self.run(pc + 2, at) {
                        return Some(end);
                    }
                    (self.captures, self.open, self.close) = kept;
                    pc += usize::from(self.op(pc + 1));
                }
                op::JUMP => pc += usize::from(self.op(pc + 1)),
                op::PHRASES => {
                    let after = pc + 6 + usize::from(self.op(pc + 1));
                    return self.phrases(self.code.get(pc + 6..after)?, after, at);
                }
                op::GUARD => {
                    if !may_be_in(self.code, pc + 1, tokens.get(at)?.id) {
                        return None;
                    }
                    pc += 5;
                }
                op::GAP => return self.gap(self.op(pc + 1), self.op(pc + 2), pc + 3, at),
                op::QUOTE => {
                    if !tokens.get(at)?.is(flag::QUOTE_BEFORE) {
                        return None;
                    }
                    pc += 1;
                }
                op::START => {
                    if !tokens.get(at)?.is(flag::SENTENCE_START | flag::AFTER_GREETING) {
                        return None;
                    }
                    pc += 1;
                }
                op::END => {
                    if !tokens.get(at).is_none_or(|token| token.is(flag::TERMINAL)) {
                        return None;
                    }
                    pc += 1;
                }
                op::OPEN => {
                    self.open = Some(at);
                    pc += 1;
                }
                op::CLOSE => {
                    self.close = Some(at);
                    pc += 1;
                }
                op::SLOT => {
                    let slot = usize::from(self.op(pc + 2));
                    return self.slot(self.op(pc + 1), slot, pc + 3, at);
                }
                _ => return None,
            }
        }
    }

    fn list(&mut self, list: &'static List, pc: usize, at: usize) -> Option<usize> {
        let first = self.paragraph.tokens.get(at)?.id;
        if !list.begins_with(first) {
            return None;
        }
        if let Ok(head) = list.heads.binary_search_by_key(&first, |head| head.0) {
            let start = list.heads.get(head).map_or(0, |head| usize::from(head.1));
            let end = list.heads.get(head + 1).map_or(list.phrases.len(), |head| usize::from(head.1));
            if let Some(end) = self.phrases(list.phrases.get(start..end)?, pc, at) {
                return Some(end);
            }
        }
        if list.singles.binary_search(&first).is_ok() {
            return self.run(pc, at + 1);
        }
        None
    }

    fn phrases(&mut self, flat: &'static [u16], pc: usize, at: usize) -> Option<usize> {
        let first = self.paragraph.tokens.get(at)?.id;
        let alike = phrases(flat).skip_while(|phrase| phrase.first() < Some(&first));
        for phrase in alike.take_while(|phrase| phrase.first() == Some(&first)) {
            let tokens = self.paragraph.tokens.get(at..at + phrase.len()).unwrap_or_default();
            if tokens.len() == phrase.len()
                && tokens.iter().zip(phrase).all(|(token, id)| token.id == *id)
                && let Some(end) = self.run(pc, at + phrase.len())
            {
                return Some(end);
            }
        }
        None
    }

    fn gap(&mut self, min: u16, max: u16, pc: usize, mut at: usize) -> Option<usize> {
        let mut words = 0;
        loop {
            if words >= min
                && let Some(end) = self.run(pc, at)
            {
                return Some(end);
            }
            if words == max {
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

    fn slot(&mut self, kind: u16, slot: usize, pc: usize, at: usize) -> Option<usize> {
        let token = self.paragraph.tokens.get(at)?;
        let verb_class = match kind {
            slot_kind::VERB => class::VERB_BASE,
            slot_kind::PAST => class::VERB_PAST,
            slot_kind::PARTICIPLE => class::VERB_PARTICIPLE,
            slot_kind::ING => class::VERB_ING,
            _ => 0,
        };
        if verb_class != 0 {
            if classes(token.id) & verb_class == 0 {
                return None;
            }
            self.capture(slot, at, at + 1, true);
            return self.run(pc, at + 1);
        }
        match kind {
            slot_kind::NP => {
                let (end, safe) = phrase::noun_phrase(self.paragraph, at)?;
                // Shorter ones only for the sake of what the pattern wants next.
                for end in (at + 1..=end).rev() {
                    self.capture(slot, at, end, safe);
                    if let Some(end) = self.run(pc, end) {
                        return Some(end);
                    }
                }
                None
            }
            slot_kind::REST => {
                let end = phrase::clause_end(self.paragraph, at);
                if end == at {
                    return None;
                }
                self.capture(slot, at, end, true);
                self.run(pc, end)
            }
            slot_kind::NAME => {
                let end = phrase::name(self.paragraph, at)?;
                for end in (at + 1..=end).rev() {
                    self.capture(slot, at, end, true);
                    if let Some(end) = self.run(pc, end) {
                        return Some(end);
                    }
                }
                None
            }
            slot_kind::NUMBER => {
                if !token.is(flag::NUMBER) {
                    return None;
                }
                self.capture(slot, at, at + 1, true);
                self.run(pc, at + 1)
            }
            _ => None,
        }
    }

    fn capture(&mut self, slot: usize, start: usize, end: usize, safe: bool) {
        if let Some(capture) = self.captures.get_mut(slot) {
            *capture = Capture { tokens: (start as u16, end as u16), safe };
        }
    }
}

/// Whether the code at `pc` can be seen not to match a token, without running it.
#[inline]
fn fails_at_once(code: &'static [u16], pc: usize, token: Option<&Token>) -> bool {
    let Some(token) = token else {
        return false;
    };
    let argument = |n: usize| code.get(pc + n).copied().unwrap_or(0);
    match argument(0) {
        op::WORD => token.id != argument(1),
        op::SET => !contains(code.get(pc + 2..pc + 2 + usize::from(argument(1))).unwrap_or_default(), token.id),
        op::LIST => TABLES.lists.get(usize::from(argument(1))).is_some_and(|list| !list.begins_with(token.id)),
        op::START => !token.is(flag::SENTENCE_START | flag::AFTER_GREETING),
        op::PHRASES => !may_be_in(code, pc + 2, token.id),
        op::GUARD => !may_be_in(code, pc + 1, token.id),
        op::OPEN => fails_at_once_behind_open(code, pc + 1, token),
        _ => false,
    }
}

/// Whether an id may be in the filter whose operands begin at `pc`.
#[inline]
fn may_be_in(code: &[u16], pc: usize, id: u16) -> bool {
    let bit = filter_bit(id).trailing_zeros();
    code.get(pc + (bit >> 4) as usize).is_some_and(|part| part & (1 << (bit & 15)) != 0)
}

/// As above; apart, so that the other can be inlined.
fn fails_at_once_behind_open(code: &'static [u16], pc: usize, token: &Token) -> bool {
    code.get(pc) != Some(&op::OPEN) && fails_at_once(code, pc, Some(token))
}

fn contains(set: &[u16], id: u16) -> bool {
    if set.len() < 12 { set.contains(&id) } else { set.binary_search(&id).is_ok() }
}
