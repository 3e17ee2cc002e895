//! What the words of a sentence tell where no pattern matches: no list has all the ways to be unkind, but who is unkind uses other
//! words than who is not, and one thing unkind is seldom alone in a draft.
//!
//! Two logistic regressions by `training/temper.py`, which writes `temper.tsv`: a weight for each word, the kind of tone it is met in,
//! and what each fact of a sentence, in the order of [`Sight::facts`], adds. Where a reader has read the draft, it knows better,
//! and no sentence is guessed at.
//!
//! On six writers after whom few rules or none were written, judged by what other writers teach, two at a time: of the sentences that
//! words alone tell, 0.53 to 0.89 have a mark, and the marks heard rise by 0.10 to 0.25; of the kind of tone, only a quarter is guessed
//! right. No calm draft of 496 more is flagged. (`training/temper.py`, 2026-11-30.)

use std::cmp::Reverse;

use crate::heat::{self, Points};
use crate::judge::Sentence;
use crate::normalise::NUMBER;
use crate::packed::number;
use crate::review::{Finding, Rule, Span};
#[cfg(feature = "trace")]
use crate::token::mark;
use crate::token::{Token, flag};
use crate::vocabulary::{
    RULES, TABLES, TEMPER_BELIEF, TEMPER_IDS, TEMPER_RULES, TEMPER_SENTENCE, TEMPER_TONES, TEMPER_WEIGHTS, fact,
};

/// How many things a sentence is judged by.
const FACTS: usize = 17;
/// What a sentence is judged by.
pub type Facts = [f64; FACTS];

/// The logit of the least chance to be right that a finding is shown with.
const LEAST_BELIEF: f64 = -0.4;

/// The logit of the least chance that a sentence is shown with.
const LEAST: f64 = 0.5;

/// The same in a draft in which no rule finds anything. It is seldom unkind, which the chance tells already; but one that is would go
/// without a word of ours.
const LEAST_ALONE: f64 = 0.0;

/// The rule of such a sentence. It adds to the heat half of what a warning does, as nobody knows what in it stings.
pub fn rule() -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == "sharp-words")
}

/// A sentence has so many words at most to be shown as a whole: nobody knows which words of a longer one are meant.
const LONGEST: u32 = 30;

/// What a word tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// How much it speaks for a problem of tone, in sixteenths of a logit.
    weight: i8,
    /// The place among [`RULES`] of the kind of tone that it speaks for most, and in the last three bits how much, in halves.
    tone: u8,
}

/// Reads what `build.rs` packed: for each word, in order, how far its id is from the one before; its weight, its tone.
pub fn read(ids: usize) -> Vec<Word> {
    let mut words = vec![Word::default(); ids];
    let (mut bytes, mut id) = (TEMPER_IDS.iter(), 0);
    for (weight, tone) in TEMPER_WEIGHTS.into_iter().zip(TEMPER_TONES) {
        id += usize::from(number(&mut bytes));
        words.get_mut(id).into_iter().for_each(|word| *word = Word { weight, tone });
    }
    words
}

/// What the words of a sentence tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Temper {
    /// The sum of their weights.
    sum: i32,
    /// The place of the rule whose kind of tone they speak for, and one; 0 where they speak for none.
    rule: u8,
}

impl Temper {
    /// Of the tokens of a sentence.
    pub fn of(tokens: &[Token]) -> Temper {
        let mut temper = Temper::default();
        let mut votes = [0u8; RULES.len()];
        for token in tokens {
            let id = if token.is(flag::NUMBER) { NUMBER } else { token.id };
            let Some(word) = TABLES.tempers.get(usize::from(id)) else { continue };
            temper.sum += i32::from(word.weight);
            if let Some(votes) = votes.get_mut(usize::from(word.tone >> 3)) {
                *votes = votes.saturating_add(word.tone & 7);
            }
        }
        let most =
            (1..).zip(votes).max_by_key(|(rule, votes)| (*votes, Reverse(*rule))).filter(|(_, votes)| *votes > 0);
        temper.rule = most.map_or(0, |(rule, _)| rule);
        temper
    }

    /// Whether the words speak for no problem of tone, marks aside.
    pub fn is_calm(tokens: &[Token]) -> bool {
        let words = tokens.iter().filter(|token| token.is(flag::WORD));
        let weight = |token: &Token| TABLES.tempers.get(usize::from(token.id)).map_or(0, |word| i32::from(word.weight));
        words.map(weight).sum::<i32>() <= 0
    }

    /// In a sentence of so many words. A long one has more words by chance.
    fn of_words(self, words: u32) -> f64 {
        f64::from(self.sum) * 3.0 / 16.0 / f64::from(words.max(4)).sqrt()
    }
}

/// What a draft's sentences are judged by.
pub struct Sight<'a> {
    sentences: &'a [Sentence],
    findings: &'a [Finding],
    /// What the words of each sentence tell, and of all.
    tempers: Vec<f64>,
    all: f64,
    /// What is true of the whole draft.
    of_draft: [f64; 8],
}

impl<'a> Sight<'a> {
    /// Of a draft's own sentences, in which rules find `findings`, both in order; `points` are of the whole draft.
    pub fn new(sentences: &'a [Sentence], findings: &'a [Finding], points: &Points) -> Sight<'a> {
        let tempers: Vec<f64> = sentences.iter().map(|sentence| sentence.temper.of_words(sentence.words)).collect();
        let company = findings.iter().filter(|finding| finding.rule.id != "wall-of-text").count() as f64;
        let has = |bits: u64| truth(points.facts & bits != 0);
        let of_draft = [
            truth(company > 0.0),
            company.min(4.0),
            company / (sentences.len().max(3) as f64),
            heat::coldness(points) / 20.0,
            has(fact::APOLOGY | fact::EMPATHY),
            has(fact::GOODWILL),
            has(fact::NEXT_STEP),
            truth(points.manner.asks_kindly),
        ];
        Sight { sentences, findings, all: tempers.iter().sum(), tempers, of_draft }
    }

    /// What the sentence at a place is judged by.
    pub fn facts(&self, place: usize) -> Option<Facts> {
        let (sentence, temper) = (self.sentences.get(place)?, self.tempers.get(place)?);
        let [any, company, share, cold, sorry, goodwill, next_step, please] = self.of_draft;
        let others = self.sentences.len().saturating_sub(1).max(3) as f64;
        Some([
            1.0,
            *temper,
            (self.all - temper) / others,
            f64::from(sentence.words.max(4)).ln(),
            any,
            company,
            share,
            truth(self.is_found(place.wrapping_sub(1))) + truth(self.is_found(place + 1)),
            truth(sentence.manner.exclaims),
            truth(sentence.manner.asks),
            truth(place == 0),
            truth(place + 1 == self.sentences.len()),
            cold,
            sorry,
            goodwill,
            next_step,
            please,
        ])
    }

    /// What the sentence that holds a byte is judged by.
    pub fn facts_at(&self, byte: usize) -> Option<Facts> {
        self.facts(self.sentences.partition_point(|sentence| sentence.span.end <= byte))
    }

    /// Whether a finding lies in the sentence at a place.
    fn is_found(&self, place: usize) -> bool {
        self.sentences.get(place).is_some_and(|sentence| {
            let after = self.findings.partition_point(|finding| finding.span.end <= sentence.span.start);
            self.findings.get(after).is_some_and(|finding| finding.span.start < sentence.span.end)
        })
    }

    /// The sentences without a finding that have most likely a problem of tone, and of which kind. Words of their own must
    /// speak against them, whatever stands around.
    pub fn suspects(&self) -> Vec<(&'static Rule, Span)> {
        let [any, ..] = self.of_draft;
        let least = if any > 0.0 { LEAST } else { LEAST_ALONE };
        let suspect = |(place, sentence): (usize, &Sentence)| {
            let rule = RULES.get(usize::from(sentence.temper.rule).wrapping_sub(1))?;
            let brief = (2..=LONGEST).contains(&sentence.words) && sentence.temper.sum > 0;
            let is_one = brief && logit(&self.facts(place)?, &TEMPER_SENTENCE) >= least && !self.is_found(place);
            let start = sentence.after_greeting.unwrap_or(sentence.span.start);
            is_one.then_some((rule, Span { start, end: sentence.span.end }))
        };
        self.sentences.iter().enumerate().filter_map(suspect).collect()
    }
}

fn truth(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// Whether what a rule finds in a sentence is to be shown; `words` are what it finds.
pub fn is_believed(rule: &Rule, words: &str, facts: &Facts) -> bool {
    let id = believed_as(rule, words);
    let of_rule = TEMPER_RULES.iter().find(|(known, _)| *known == id).map_or(0.0, |(_, weight)| *weight);
    of_rule + logit(facts, &TEMPER_BELIEF) >= LEAST_BELIEF
}

/// What a finding is believed like: one word in capitals may be what stands on a button, several are not.
pub fn believed_as(rule: &Rule, words: &str) -> &'static str {
    match rule.id {
        "shouting" if words.bytes().all(|byte| byte.is_ascii_uppercase()) => "shouting one word",
        id => id,
    }
}

fn logit(facts: &Facts, weights: &Facts) -> f64 {
    facts.iter().zip(weights).map(|(fact, weight)| fact * weight).sum()
}

/// What a token is called in `temper.tsv`: a word that is not known yet as it stands, in small letters.
#[cfg(feature = "trace")]
pub fn name(token: &Token, text: &str) -> Option<String> {
    if token.is(flag::NUMBER) {
        return Some("#".to_owned());
    }
    if !token.is(flag::WORD) {
        let names_mark = (mark::COMMA..=mark::SLASH).contains(&token.id) && token.id != mark::BREAK;
        let name = crate::normalise::MARKS.get(usize::from(token.id).wrapping_sub(1)).filter(|_| names_mark);
        return name.map(|mark| (*mark).to_owned());
    }
    let word = if token.id == 0 { text.to_lowercase() } else { crate::vocabulary::word(token.id).to_owned() };
    word.starts_with(|c: char| c.is_alphabetic() || c == '\'').then_some(word)
}
