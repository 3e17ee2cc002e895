//! What a team's packs find beside the rules. Their phrases are patterns as the rules' are, over the same tokens, but they
//! come while the program runs and name words that no rule knows: so words are compared by their hash, and all places that
//! a phrase can lead to are followed at once, so that no phrase and no text takes long.
//!
//! **Invariants.** No browser, no clock, no I/O; it cannot panic. Small rather than fast: most drafts have no packs.

// The engine's own, so that words are read and spelt by the very same code.
#[allow(dead_code)]
#[path = "../engine/normalise.rs"]
mod normalise;
mod terms;

use std::borrow::Cow;

use composure_engine::{
    Edit, Finder, Finding, Paragraph, Rule, Severity, Span, Suggestion, Token, flag, is_negation_clitic, tokenise,
    upper_first, word,
};

use normalise::{MARKS, hash, is_apostrophe, is_invisible, split_contraction};
pub use terms::Terms;

/// A phrase to look for.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// What it stands as among the rules: one with the id of its pack, its severity and its words. It should add no heat.
    pub rule: &'static Rule,
    /// What may stand in its place, best first.
    pub instead: Vec<String>,
    begins: Vec<u64>,
    code: Vec<Step>,
}

/// A part of a phrase. Those that have parts are followed by them.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A word, by its hash, or a mark, by its id.
    Unit(u64),
    All(usize),
    Either(usize),
    Maybe,
    Gap(usize, usize),
    Quote,
    Start,
    End,
}

impl Phrase {
    /// Of a phrase's code, as `composure-packs` writes it: the words that a match can begin with, or nothing where that can
    /// be anything; `|`; then its parts, each before its own, with spaces between. `=word`, `m3` a mark, `s2` two parts one
    /// after the other, `c2` one of two, `o` one that may be missing, `g1,3` one to three words, `"`, `^`, `$`. Nothing where
    /// there is anything else in it; where parts are missing, it is found nowhere.
    pub fn new(code: &str, rule: &'static Rule, instead: Vec<String>) -> Option<Phrase> {
        let (begins, parts) = code.split_once('|')?;
        let (mut first, mut steps) = (Vec::new(), Vec::new());
        for word in begins.split(' ').filter(|word| !word.is_empty()) {
            first.push(hash(word.as_bytes()));
        }
        for part in parts.split(' ') {
            let mut characters = part.chars();
            let kind = characters.next()?;
            let rest = characters.as_str();
            let count = || number(rest).filter(|count| *count <= LONGEST);
            steps.push(match kind {
                '=' => Step::Unit(hash(rest.as_bytes())),
                'm' => Step::Unit(count()? as u64),
                's' | 'c' => {
                    let count = count()?;
                    if kind == 's' { Step::All(count) } else { Step::Either(count) }
                }
                'o' => Step::Maybe,
                'g' => {
                    let (least, most) = rest.split_once(',')?;
                    Step::Gap(number(least)?, number(most).filter(|most| *most <= LONGEST)?)
                }
                '"' => Step::Quote,
                '^' => Step::Start,
                '$' => Step::End,
                _ => return None,
            });
        }
        (steps.len() <= LONGEST).then_some(Phrase { rule, instead, begins: first, code: steps })
    }
}

/// A number in digits. (What the standard library has for it also knows what is wrong with it.)
fn number(digits: &str) -> Option<usize> {
    digits.bytes().try_fold(0usize, |number, digit| {
        let digit = usize::from(digit.wrapping_sub(b'0'));
        (digit < 10).then(|| number.saturating_mul(10).saturating_add(digit))
    })
}

/// A pack as it is used while mails are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompiledPack {
    /// What its findings are called, such as `pack:lakeside-bikes`.
    pub rule: String,
    /// One short sentence: what its findings say.
    pub what: String,
    /// Of each phrase its code, its severity (`0` hint, `1` warning, `2` serious), why it does not help, one short sentence
    /// that says what to write instead, and then what may stand in its place, best first.
    pub phrases: Vec<Vec<String>>,
    /// Names that may stand in capitals.
    pub terms: Vec<String>,
}

/// A phrase has no more parts, nor a gap more words.
const LONGEST: usize = 1_000;

/// Packs that drafts are reviewed with.
#[derive(Debug, Default)]
pub struct Packs {
    phrases: Vec<Phrase>,
    /// Hashes of words, in order, and a phrase that may begin with that word.
    index: Vec<(u64, u64)>,
    /// Phrases that may begin with anything.
    others: Vec<u64>,
    terms: Terms,
}

impl Packs {
    /// Of packs as they are stored. What is no phrase is left out. Rules live as long as the program, so what the phrases
    /// say stays in memory: some hundred bytes each, whenever a pack was changed.
    pub fn of(packs: Vec<CompiledPack>) -> Packs {
        let mut phrases = Vec::new();
        let mut terms = Vec::new();
        for pack in packs {
            let (id, what): (&str, &str) = (pack.rule.leak(), pack.what.leak());
            for phrase in pack.phrases {
                let mut parts = phrase.into_iter();
                let mut next = || parts.next().unwrap_or_default();
                let (code, severity, why, instead) = (next(), next(), next(), next());
                let severity = match severity.as_str() {
                    "2" => Severity::Serious,
                    "1" => Severity::Warning,
                    _ => Severity::Hint,
                };
                let (why, instead) = (why.leak(), instead.leak());
                let rule = Box::leak(Box::new(Rule { id, severity, heat: 0, what, why, instead }));
                phrases.extend(Phrase::new(&code, rule, parts.collect()));
            }
            terms.extend(pack.terms);
        }
        Packs::new(phrases, terms.iter().map(String::as_str))
    }

    /// Of all phrases and terms.
    pub fn new<'a>(phrases: Vec<Phrase>, terms: impl IntoIterator<Item = &'a str>) -> Packs {
        let mut packs = Packs { terms: Terms::new(terms), ..Packs::default() };
        for (phrase, place) in phrases.iter().zip(0u64..) {
            phrase.begins.iter().for_each(|word| packs.index.push((*word, place)));
            if phrase.begins.is_empty() {
                packs.others.push(place);
            }
        }
        packs.index.sort_unstable();
        packs.phrases = phrases;
        packs
    }

    /// Every phrase in a text of one kind, by its place among the phrases, and what is found of it; in order and without
    /// overlaps: of those that do, the more harmful stays, then
    /// the longer.
    pub fn find_in_text(&self, text: &str) -> Vec<(usize, Finding)> {
        self.find_in(&tokenise(text), &|_| false)
    }

    /// The same, of those phrases that are not off.
    fn find_in(&self, paragraph: &Paragraph, is_off: &dyn Fn(&Rule) -> bool) -> Vec<(usize, Finding)> {
        let mut hits: Vec<(usize, Finding)> = Vec::new();
        if self.phrases.is_empty() {
            return hits;
        }
        let units = units(paragraph);
        let mut found: Vec<(u64, u64)> = Vec::new();
        for (at, unit) in units.iter().enumerate() {
            let mut next = self.index.partition_point(|(word, _)| *word < unit.what);
            let mut others = self.others.iter();
            loop {
                let begun = self.index.get(next).filter(|(word, _)| *word == unit.what);
                next += 1;
                let Some(place) = begun.map(|(_, place)| place).or_else(|| others.next()) else { break };
                let Some(phrase) = self.phrases.get(*place as usize).filter(|phrase| !is_off(phrase.rule)) else {
                    continue;
                };
                let ends = after(&mut phrase.code.iter(), &units, vec![at]);
                // "you should" is not in "you shouldn't".
                let whole = |end: &usize| *end > at && !units.get(*end).is_some_and(|unit| unit.negates);
                if let Some(end) = ends.into_iter().filter(whole).max()
                    && let Some(last) = units.get(end - 1)
                {
                    let worth = (phrase.rule.severity as u64) << 40 | (last.end - unit.start) as u64;
                    // Where it begins, its units, and its phrase: a mail has no more of each than that.
                    found.push((!worth, (at as u64) << 40 | ((end - at) as u64 & 0xFFFF) << 24 | (place & 0xFF_FFFF)));
                }
            }
        }
        found.sort_unstable();
        for (_, place) in found {
            let (first, phrase) = ((place >> 40) as usize, (place & 0xFF_FFFF) as usize);
            let last = (first + (place >> 24 & 0xFFFF) as usize).saturating_sub(1);
            let (Some(start), Some(last), Some(known)) = (units.get(first), units.get(last), self.phrases.get(phrase))
            else {
                continue;
            };
            let span = Span { start: start.start, end: last.end };
            if hits.iter().any(|(_, hit)| hit.span.start < span.end && span.start < hit.span.end) {
                continue;
            }
            let begins = start.flags & OPENS != 0 && start.flags & flag::CAPITAL != 0;
            let mut suggestions = Vec::with_capacity(known.instead.len());
            for text in &known.instead {
                let insert = if begins { upper_first(text) } else { text.clone() };
                suggestions.push(Suggestion { edit: Edit { span, insert } });
            }
            let at = hits.partition_point(|(_, other)| other.span < span);
            hits.insert(at, (phrase, Finding { rule: known.rule, span, suggestions, guess: None }));
        }
        hits
    }
}

impl Finder for Packs {
    fn hush<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.terms.hush(text)
    }

    fn restore(&self, suggestion: String, words: &str) -> String {
        self.terms.restore(suggestion, words)
    }

    fn find(&self, paragraph: &Paragraph, is_off: &dyn Fn(&Rule) -> bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (_, finding) in self.find_in(paragraph, is_off) {
            findings.push(finding);
        }
        findings
    }

    /// The more harmful is told, or else the phrase: it was written for these very words.
    fn settle(&self, findings: &mut Vec<Finding>, found: Vec<Finding>) {
        for phrase in found {
            let touches = |other: &Finding| other.span.start < phrase.span.end && phrase.span.start < other.span.end;
            if !findings.iter().any(|other| touches(other) && other.rule.severity > phrase.rule.severity) {
                findings.retain(|other| !touches(other));
                let at = findings.partition_point(|other| other.span <= phrase.span);
                findings.insert(at, phrase);
            }
        }
    }
}

/// Where `^` matches.
const OPENS: u16 = flag::SENTENCE_START | flag::AFTER_GREETING;

/// A word or a mark, as phrases see it.
struct Unit {
    start: usize,
    end: usize,
    /// The hash of a word, the id of a mark.
    what: u64,
    /// Bits of [`flag`].
    flags: u16,
    /// Whether a gap may not step over it.
    stops: bool,
    /// Whether it is the `n't` of a contraction.
    negates: bool,
}

/// A paragraph's tokens, and between them what no rule has a word for: signs such as emoji, parts of numbers and addresses.
fn units(paragraph: &Paragraph) -> Vec<Unit> {
    let mut units = Vec::with_capacity(paragraph.tokens.len());
    let mut behind = 0;
    for (at, token) in paragraph.tokens.iter().enumerate() {
        let (start, end) = (token.start as usize, token.end as usize);
        for (place, sign) in paragraph.slice(behind, start).char_indices().filter(|(_, sign)| is_sign(*sign)) {
            let (start, length) = (behind + place, sign.len_utf8());
            let mut utf8 = [0; 4];
            let what = hash(sign.encode_utf8(&mut utf8).as_bytes());
            units.push(Unit { start, end: start + length, what, flags: flag::WORD, stops: false, negates: false });
        }
        behind = behind.max(end);
        let unit = |what| {
            let (flags, stops) = (token.flags, token.is_stop());
            Unit { start, end, what, flags, stops, negates: is_negation_clitic(token) }
        };
        if !token.is(flag::WORD) {
            units.push(unit(u64::from(token.id)));
        } else if token.id != 0 {
            units.push(unit(hash(word(token.id).as_bytes())));
        } else {
            let parted = paragraph.tokens.get(at + 1).is_some_and(|next| next.is(flag::CLITIC));
            unknown(paragraph, token, parted, &unit, &mut units);
        }
    }
    units
}

/// Whether a character that is in no token is one that a phrase can name.
fn is_sign(c: char) -> bool {
    !c.is_ascii()
        && !c.is_alphanumeric()
        && !c.is_whitespace()
        && !is_apostrophe(c)
        && !is_invisible(c)
        // Quotation marks, bullets, and what changes an emoji's colour or shape.
        && !matches!(c, '“' | '”' | '„' | '«' | '»' | '‹' | '›' | '‚' | '•' | '·' | '‣' | '▪' | '\u{300}'..='\u{36f}')
        && !matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// The units of a word that no rule names: one, or, of a number or an address, its words and marks.
fn unknown(paragraph: &Paragraph, token: &Token, parted: bool, unit: &dyn Fn(u64) -> Unit, units: &mut Vec<Unit>) {
    let clitic = token.is(flag::CLITIC);
    let half = |word: &str| {
        let split = split_contraction(word).filter(|_| parted || clitic);
        hash(split.map_or(word, |(head, tail)| if clitic { tail } else { head }).as_bytes())
    };
    let mut word = String::new();
    for c in paragraph.text_of(token).chars().chain(['\0']) {
        if is_apostrophe(c) {
            word.push('\'');
        } else if c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c) {
            c.to_lowercase().for_each(|c| word.push(c));
        } else if !is_invisible(c) {
            if !word.is_empty() {
                units.push(unit(half(&word)));
                word.clear();
            }
            let mut utf8 = [0; 4];
            let sign: &str = c.encode_utf8(&mut utf8);
            if let Some(mark) = MARKS.iter().position(|mark| *mark == sign) {
                // Nothing within a number or an address stops a gap.
                units.push(Unit { flags: 0, stops: false, ..unit(mark as u64 + 1) });
            }
        }
    }
}

/// Where a match of the next of `steps` with all its parts can end that begins at one of `from`.
fn after(steps: &mut std::slice::Iter<'_, Step>, units: &[Unit], from: Vec<usize>) -> Vec<usize> {
    let Some(step) = steps.next() else { return Vec::new() };
    let stays = |fits: &dyn Fn(Option<&Unit>) -> bool, step: usize| {
        let mut ends = Vec::new();
        for at in &from {
            if fits(units.get(*at)) {
                ends.push(at + step);
            }
        }
        ends
    };
    match *step {
        Step::Unit(what) => stays(&|unit| unit.is_some_and(|unit| unit.what == what), 1),
        Step::All(parts) => (0..parts).fold(from, |from, _| after(steps, units, from)),
        Step::Either(parts) => {
            let mut ends = Vec::new();
            for _ in 0..parts {
                join(&mut ends, after(steps, units, from.clone()));
            }
            ends
        }
        Step::Maybe => {
            let mut ends = from.clone();
            join(&mut ends, after(steps, units, from));
            ends
        }
        Step::Gap(least, most) => {
            let mut ends = Vec::new();
            let mut places = from;
            for words in 0..=most {
                if words >= least {
                    join(&mut ends, places.clone());
                }
                // Over commas, dashes and the like to behind the next word, but over no stop.
                places.retain_mut(|at| {
                    while let Some(unit) = units.get(*at).filter(|unit| !unit.stops) {
                        *at += 1;
                        if unit.flags & flag::WORD != 0 {
                            return true;
                        }
                    }
                    false
                });
            }
            ends
        }
        Step::Quote => stays(&|unit| unit.is_some_and(|unit| unit.flags & flag::QUOTE_BEFORE != 0), 0),
        Step::Start => stays(&|unit| unit.is_some_and(|unit| unit.flags & OPENS != 0), 0),
        Step::End => stays(&|unit| unit.is_none_or(|unit| unit.flags & flag::TERMINAL != 0), 0),
    }
}

/// Adds what is not there yet. (A sort would be kilobytes of the mind's wasm.)
fn join(places: &mut Vec<usize>, more: Vec<usize>) {
    for place in more {
        if !places.contains(&place) {
            places.push(place);
        }
    }
}
