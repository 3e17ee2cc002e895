//! What the words of a sentence tell where no pattern matches: no list has all the ways to be unkind, but who is unkind uses other
//! words than who is not, and one thing unkind is seldom alone in a draft.
//!
//! Two logistic regressions by `training/temper.py`, which writes `temper.tsv` (a weight for each word, the kind of tone it is met in)
//! and prints the numbers below. Where a reader has read the draft, it knows better, and nothing of this is shown.

use crate::heat::{self, Points};
use crate::judge::Sentence;
use crate::normalise::{FIRST_WORD, NUMBER};
use crate::packed::number;
use crate::review::{Finding, Rule, Span};
use crate::token::{Token, flag, mark};
use crate::vocabulary::{PACKED_TEMPER, RULES, TABLES, fact};

/// How many things a sentence is judged by.
pub const FACTS: usize = 17;

/// What each of them adds to the chance that a sentence has a problem of tone, in the order of [`facts`]: logits.
const WEIGHTS: [f64; FACTS] = [0.0; FACTS];

/// The logit of the least chance that a sentence is shown with.
const LEAST: f64 = 1.0;

/// A sentence has so many words at most to be shown as a whole: nobody knows which words of a longer one are meant.
const LONGEST: u32 = 30;

/// What a word tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// In sixteenths of a logit.
    weight: i8,
    /// The place among [`RULES`] of the kind of tone it is met in most.
    rule: u8,
}

/// Reads what `build.rs` packed: for each word, in order, how far its id is from the one before, its weight, its rule.
pub fn read(ids: usize) -> Vec<Word> {
    let mut words = vec![Word::default(); ids];
    let (mut bytes, mut id) = (PACKED_TEMPER.iter(), 0);
    while !bytes.as_slice().is_empty() {
        id += usize::from(number(&mut bytes));
        let mut next = || bytes.next().copied().unwrap_or(0);
        let word = Word { weight: next() as i8, rule: next() };
        words.get_mut(id).into_iter().for_each(|place| *place = word);
    }
    words
}

/// What the words of a sentence tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Temper {
    /// The sum of their weights.
    sum: i32,
    /// The place of the rule that most of what speaks against the sentence speaks for, and one; 0 where nothing does.
    rule: u8,
}

impl Temper {
    /// Of the tokens of a sentence.
    pub fn of(tokens: &[Token]) -> Temper {
        let mut temper = Temper::default();
        let mut against = [0i32; RULES.len()];
        for token in tokens {
            let id = if token.is(flag::NUMBER) { NUMBER } else { token.id };
            let Some(word) = TABLES.tempers.get(usize::from(id)) else { continue };
            let weight = i32::from(word.weight);
            temper.sum += weight;
            if let Some(against) = against.get_mut(usize::from(word.rule)) {
                *against += weight.max(0);
            }
        }
        let most = (1..).zip(against).max_by_key(|(_, weight)| *weight).filter(|(_, weight)| *weight > 0);
        temper.rule = most.map_or(0, |(rule, _)| rule);
        temper
    }

    /// In a sentence of so many words. A long one has more words by chance.
    fn of_words(self, words: u32) -> f64 {
        f64::from(self.sum) * 3.0 / 16.0 / f64::from(words.max(4)).sqrt()
    }
}

/// What each of a draft's sentences is judged by. `findings` are those of the rules that are shown.
pub fn facts(sentences: &[Sentence], findings: &[Finding], points: &Points) -> Vec<[f64; FACTS]> {
    let truth = |is: bool| f64::from(u8::from(is));
    let tempers: Vec<f64> = sentences.iter().map(|sentence| sentence.temper.of_words(sentence.words)).collect();
    let all: f64 = tempers.iter().sum();
    let others = sentences.len().saturating_sub(1).max(3) as f64;
    let found: Vec<bool> = sentences.iter().map(|sentence| is_found(sentence, findings)).collect();
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
    let [any, company, share, cold, sorry, goodwill, next_step, please] = of_draft;
    let is_near = |place: usize| found.get(place).copied().unwrap_or(false);
    let of_sentence = |(place, (sentence, temper)): (usize, (&Sentence, &f64))| {
        [
            1.0,
            *temper,
            (all - temper) / others,
            f64::from(sentence.words.max(4)).ln(),
            any,
            company,
            share,
            truth(is_near(place.wrapping_sub(1))) + truth(is_near(place + 1)),
            truth(sentence.manner.exclaims),
            truth(sentence.manner.asks),
            truth(place == 0),
            truth(place + 1 == sentences.len()),
            cold,
            sorry,
            goodwill,
            next_step,
            please,
        ]
    };
    sentences.iter().zip(&tempers).enumerate().map(of_sentence).collect()
}

/// Whether a finding lies in a sentence.
pub fn is_found(sentence: &Sentence, findings: &[Finding]) -> bool {
    let after = findings.partition_point(|finding| finding.span.end <= sentence.span.start);
    findings.get(after).is_some_and(|finding| finding.span.start < sentence.span.end)
}

/// The sentences without a finding that have most likely a problem of tone, and of which kind.
pub fn suspects(sentences: &[Sentence], findings: &[Finding], points: &Points) -> Vec<(&'static Rule, Span)> {
    let mut suspects = Vec::new();
    for (sentence, facts) in sentences.iter().zip(facts(sentences, findings, points)) {
        let chance: f64 = facts.iter().zip(WEIGHTS).map(|(fact, weight)| fact * weight).sum();
        let rule = RULES.get(usize::from(sentence.temper.rule).wrapping_sub(1));
        if let Some(rule) = rule
            && chance >= LEAST
            && (2..=LONGEST).contains(&sentence.words)
            && !is_found(sentence, findings)
        {
            let start = sentence.after_greeting.unwrap_or(sentence.span.start);
            suspects.push((rule, Span { start, end: sentence.span.end }));
        }
    }
    suspects
}

/// What a token is called in `temper.tsv`: a word that is not known yet as it stands, in small letters.
#[cfg(feature = "trace")]
pub fn name(token: &Token, text: &str) -> Option<String> {
    match token.id {
        _ if token.is(flag::NUMBER) => Some("#".to_owned()),
        FIRST_WORD.. => Some(crate::vocabulary::word(token.id).to_owned()),
        0 => token.is(flag::WORD).then(|| text.to_lowercase()),
        mark::BREAK => None,
        id => crate::normalise::MARKS.get(usize::from(id) - 1).map(|mark| (*mark).to_owned()),
    }
}
