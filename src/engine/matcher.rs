//! Runs the compiled patterns over a paragraph. An index by word keeps most tokens from starting any pattern; a small
//! backtracking machine does the rest, within a fixed number of steps.

use crate::normalise::{SENTENCE, slot_kind};
use crate::phrase;
use crate::program::{Bits, Look, OPENS, Op, looks};
use crate::token::{Paragraph, flag, is_negation_clitic};
use crate::vocabulary::{Pattern, TABLES, Tables, Unless, classes};

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
    let looks = looks(&paragraph.tokens);
    let view = View { paragraph, looks: &looks, tables };
    let mut sentence = Sentence::default();
    // Token indices are 16 bits wide; what is beyond is longer than any mail.
    for (at, token) in paragraph.tokens.iter().enumerate().take(usize::from(u16::MAX) - 16) {
        if token.is(flag::SENTENCE_START) || at == 0 {
            sentence.begin(paragraph, at);
            wanted.copy_from_slice(&all_wanted);
        }
        let Some([here, next, ..]) = looks.get(at..) else { break };
        let openers = if here.opens { tables.starting_with(SENTENCE) } else { &[] };
        // Most patterns end here: nobody wants them, or the next word or another one of theirs is not there.
        for candidates in [tables.starting_with(token.id), openers] {
            for candidate in candidates {
                if candidate.then & next.bits == 0
                    || !here.opens && candidate.opens
                    || wanted.get(usize::from(candidate.group)) != Some(&true)
                {
                    continue;
                }
                let Some(pattern) = tables.patterns.get(usize::from(candidate.place)) else { continue };
                let hit = if pattern.back.1 > 0 {
                    match_around(&view, pattern, &mut sentence, at)
                } else if pattern.begins.may_be(here, next) && pattern.needs.are_in(sentence.bits_from(at)) {
                    match_at(&view, pattern, &mut sentence, at)
                } else {
                    None
                };
                if let Some(hit) = hit {
                    if once(candidate.group) {
                        wanted.get_mut(usize::from(candidate.group)).into_iter().for_each(|wanted| *wanted = false);
                    }
                    found(hit);
                }
            }
        }
    }
}

/// What patterns are run over, and the patterns.
#[derive(Clone, Copy)]
struct View<'a, 'b> {
    paragraph: &'a Paragraph<'b>,
    /// Of each token, and twice of none.
    looks: &'a [Look],
    tables: &'static Tables,
}

/// What is known of the sentence that is being scanned.
#[derive(Default)]
struct Sentence {
    range: (usize, usize),
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
fn match_around(view: &View, pattern: &Pattern, sentence: &mut Sentence, at: usize) -> Option<Match> {
    let (least, most) = (usize::from(pattern.back.0), usize::from(pattern.back.1));
    let first = sentence.range.0.max(at.saturating_sub(most));
    if !pattern.needs.are_in(sentence.bits_from(first)) {
        return None;
    }
    for (from, looks) in pairs(view.looks, first, (at + 1).saturating_sub(least)) {
        if pattern.begins.may_be(&looks[0], &looks[1])
            && let Some(hit) = match_at(view, pattern, sentence, from)
            // One that ends before the word here hangs on another word, and is found there.
            && usize::from(hit.tokens.1) > at
        {
            return Some(hit);
        }
    }
    None
}

/// The looks of the tokens of a range, each with that of the one behind it.
#[inline]
fn pairs(looks: &[Look], start: usize, end: usize) -> impl Iterator<Item = (usize, &[Look])> {
    (start..).zip(looks.get(start..=end).unwrap_or_default().windows(2))
}

fn match_at(view: &View, pattern: &Pattern, sentence: &mut Sentence, at: usize) -> Option<Match> {
    let mut machine = Machine::new(*view);
    let end = machine.run(pattern.code as usize, at)?;
    if end <= at {
        return None;
    }
    let Taken { captures, open, close } = machine.taken;
    let tokens = (at as u16, end as u16);
    let highlight = (open.unwrap_or(tokens.0), close.unwrap_or(tokens.1));
    let hit = Match { pattern: pattern.place, tokens, highlight, captures };
    let mut calls = pattern.calls();
    (!calls.any(|(kind, unless)| called_off(view, kind, unless, sentence, at, end))).then_some(hit)
}

/// Whether an `unless` (kind 0), `unless_before` (1) or `unless_after` (2) calls a match off.
fn called_off(view: &View, kind: u8, unless: &Unless, sentence: &mut Sentence, start: usize, end: usize) -> bool {
    let code = unless.code as usize;
    let (first, last) = sentence.range;
    let begins = view.tables.program.begins(code);
    let matches = |start: usize, end: usize, must_end: Option<usize>| {
        pairs(view.looks, start, end).any(|(at, looks)| {
            begins.may_be(&looks[0], &looks[1]) && Machine { must_end, ..Machine::new(*view) }.run(code, at).is_some()
        })
    };
    match kind {
        0 | 1 if !unless.needs.are_in(sentence.bits_from(first)) => false,
        0 => {
            if let Some((_, known)) = sentence.known.iter().find(|(known, _)| *known == unless.code) {
                return *known;
            }
            let matches = matches(first, last, None);
            sentence.known.push((unless.code, matches));
            matches
        }
        1 => matches(first.max(start.saturating_sub(10)), start + 1, Some(start)),
        _ => matches(end, end + 1, None),
    }
}

/// What a match takes on its way.
#[derive(Clone, Copy)]
struct Taken {
    captures: [Capture; 4],
    open: Option<u16>,
    close: Option<u16>,
}

impl Taken {
    /// A constant: copied from memory, it is not put together field by field at every place that a match could begin at.
    const NOTHING: Taken = Taken { captures: [Capture { tokens: (0, 0), safe: false }; 4], open: None, close: None };
}

struct Machine<'a, 'b> {
    view: View<'a, 'b>,
    taken: Taken,
    must_end: Option<usize>,
    steps: u32,
}

/// More steps than any sane pattern takes at one place; keeps a bad one from being slow.
const STEPS: u32 = 2_000;

impl<'a, 'b> Machine<'a, 'b> {
    fn new(view: View<'a, 'b>) -> Self {
        Machine { view, taken: Taken::NOTHING, must_end: None, steps: 0 }
    }

    /// One past the last token of a match of the code from `pc` on at token `at`.
    fn run(&mut self, mut pc: usize, mut at: usize) -> Option<usize> {
        let View { paragraph, looks, tables } = self.view;
        let (tokens, program) = (paragraph.tokens.as_slice(), &tables.program);
        loop {
            self.steps += 1;
            if self.steps > STEPS {
                return None;
            }
            let op = program.op(pc)?;
            pc += 1;
            match *op {
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
                    let list = tables.lists.get(usize::from(list))?;
                    if let Some(end) = self.phrases(list.heads, pc, at) {
                        return Some(end);
                    }
                    if !list.has(tokens.get(at)?.id) {
                        return None;
                    }
                    at += 1;
                }
                Op::Phrases { heads, count } => return self.phrases((heads, count), pc, at),
                Op::Choice { ways, count } => {
                    let Some([first, second, ..]) = looks.get(at..) else { return None };
                    let mut last = None;
                    for way in program.ways(ways, count) {
                        if way.first & first.bits != 0
                            && way.second & second.bits != 0
                            && program.begins(way.to as usize).first.has(first)
                            && let Some(way) = last.replace(way.to as usize)
                        {
                            let taken = self.taken;
                            if let Some(end) = self.run(way, at) {
                                return Some(end);
                            }
                            self.taken = taken;
                        }
                    }
                    pc = last?;
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
        let View { paragraph, looks, tables } = self.view;
        let (tokens, program) = (paragraph.tokens.get(at..)?, &tables.program);
        let head = program.head(heads.0, heads.1, tokens.first()?.id, tokens.get(1)?.id)?;
        for phrase in program.phrases(head) {
            let is_there = tokens.len() >= phrase.len() && phrase.iter().zip(tokens).all(|(id, token)| token.id == *id);
            if is_there
                && program.begins(pc).may_be_at(looks, at + phrase.len())
                && let Some(end) = self.run(pc, at + phrase.len())
            {
                return Some(end);
            }
        }
        None
    }

    fn gap(&mut self, least: u8, most: u8, pc: usize, mut at: usize) -> Option<usize> {
        let View { paragraph, looks, tables } = self.view;
        let behind = tables.program.begins(pc);
        let mut words = 0;
        loop {
            if words >= least
                && behind.may_be_at(looks, at)
                && let Some(end) = self.run(pc, at)
            {
                return Some(end);
            }
            if words == most {
                return None;
            }
            // A gap steps over commas, dashes and the like on its way to the next word, not over stops.
            loop {
                let token = paragraph.tokens.get(at)?;
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
        let View { paragraph, looks, tables } = self.view;
        let behind = tables.program.begins(pc);
        let (end, safe) = match kind {
            slot_kind::NP => phrase::noun_phrase(paragraph, at)?,
            slot_kind::NAME => (phrase::name(paragraph, at)?, true),
            slot_kind::REST => (phrase::clause_end(paragraph, at), true),
            slot_kind::NUMBER if paragraph.tokens.get(at)?.is(flag::NUMBER) => (at + 1, true),
            _ => return None,
        };
        // Shorter ones only for the sake of what the pattern wants next; a clause is taken whole.
        let shortest = if kind == slot_kind::REST { end } else { at + 1 };
        if end == at {
            return None;
        }
        for end in (shortest..=end).rev() {
            if !behind.may_be_at(looks, end) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenise;
    use crate::{examples, rules};

    /// Looks that few examples have: names like other words, numbers, marks in gaps, ends.
    const LOOKS: [&str; 6] = [
        "Hi Mrs Stone, 4 of 9 came.",
        "Dear ANN - No! I'll call on 12 May; sorry, Bob",
        "Thanks, Will.",
        "Well, hello May,\nso, Mr The, the parcel is here.",
        "Regards - May",
        "",
    ];

    /// What is seen to match nowhere without being run does match nowhere.
    #[test]
    fn no_filter_hides_a_match() {
        let tables = &*TABLES;
        let mut matches = 0;
        let texts = rules().iter().flat_map(examples).flat_map(|example| [example.bad, example.good]);
        for text in texts.chain(LOOKS) {
            let text = text.replace(['«', '»'], "");
            let paragraph = tokenise(&text);
            let tokens = &paragraph.tokens;
            let looks = looks(tokens);
            let view = View { paragraph: &paragraph, looks: &looks, tables };
            for (at, pattern) in (0..tokens.len()).flat_map(|at| tables.patterns.iter().map(move |one| (at, one))) {
                let Some(end) = Machine::new(view).run(pattern.code as usize, at) else { continue };
                if end <= at {
                    continue;
                }
                matches += 1;
                let may_be = pattern.begins.may_be(&looks[at], &looks[at + 1]);
                assert!(may_be, "pattern {} at token {at} of {text}", pattern.place);
                let is_candidate = |place: usize| {
                    let under = [tables.starting_with(tokens[place].id), tables.starting_with(SENTENCE)].concat();
                    under.iter().any(|candidate| {
                        usize::from(candidate.place) == pattern.place
                            && candidate.then & looks[place + 1].bits != 0
                            && (!candidate.opens || tokens[place].is(OPENS))
                    })
                };
                let (least, most) = (usize::from(pattern.back.0), usize::from(pattern.back.1));
                let found = (at + least..=at + most).any(|place| place < tokens.len() && is_candidate(place));
                assert!(found, "pattern {} at token {at} of {text}", pattern.place);
            }
        }
        assert!(matches > 500, "{matches}");
    }

    /// Nor is a way within a pattern closed that leads on.
    #[test]
    fn no_filter_closes_a_way() {
        let tables = &*TABLES;
        let (mut closed, mut open) = (0, 0);
        let texts = rules().iter().flat_map(examples).map(|example| example.bad);
        for text in texts.chain(LOOKS) {
            let text = text.replace(['«', '»'], "");
            let paragraph = tokenise(&text);
            let looks = looks(&paragraph.tokens);
            let view = View { paragraph: &paragraph, looks: &looks, tables };
            let places = (0..).take_while(|place| tables.program.op(*place).is_some());
            for (place, at) in places.flat_map(|place| (0..=paragraph.tokens.len()).map(move |at| (place, at))) {
                let leads_on = Machine::new(view).run(place, at).is_some();
                if tables.program.begins(place).may_be_at(&looks, at) {
                    open += usize::from(leads_on);
                } else {
                    assert!(!leads_on, "operation {place} at token {at} of {text}");
                    closed += 1;
                }
            }
        }
        assert!(closed > 100_000 && open > 1_000, "{closed} {open}");
    }
}
