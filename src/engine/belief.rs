//! How far a rule is to be believed in a draft that no reader reads: one weak finding in a kind draft is a false alarm more often
//! than not, the same words beside others of their sort are none.
//!
//! A logistic regression by `training/belief.py`, which prints the numbers. On seven writers after whom few rules or none were
//! written, each judged by what the others teach, a cut at 0.35 flags 16 instead of 33 of 593 calm drafts and still hears
//! something in 0.81 instead of 0.83 of the hot ones.

use crate::heat::Points;
use crate::review::{Finding, Rule};
use crate::signs::Signs;
use crate::vocabulary::fact;

/// The logit of the least chance to be right that a finding is shown with: 0.35.
const LEAST: f64 = -0.62;

/// What each rule adds to the chance.
const RULES: &[(&str, f64)] = &[
    ("blame", -0.20),
    ("coldness", 0.18),
    ("condescension", 0.64),
    ("defensiveness", 0.72),
    ("demand", -0.86),
    ("disbelief", -0.17),
    ("dismissal", -0.38),
    ("hostility", -0.12),
    ("insult", -0.61),
    ("non-apology", 1.16),
    ("overclaim", 0.20),
    ("passive-aggression", -0.34),
    ("sarcasm", -0.27),
    ("shouting", 0.05),
];

/// What a draft adds to the chance that each of its findings is right, a logit: less the kinder it is, more the more there are.
pub fn of_draft(points: &Points, signs: &Signs, findings: &[Finding]) -> f64 {
    let has = |bits: u64| f64::from(u8::from(points.facts & bits != 0));
    let scores = signs.scores(points.facts);
    let score = |item: u64| scores.get(item.trailing_zeros() as usize).map_or(0.0, |score| f64::from(*score) / 16.0);
    let company = findings.iter().filter(|finding| finding.rule.id != "wall-of-text").count().saturating_sub(1);
    let ours = f64::from(points.manner.ours) / f64::from(points.words.max(1));
    0.75 + 1.30 * company.min(3) as f64
        - 0.94 * f64::from(u8::from(points.manner.asks_kindly))
        - 0.71 * ours
        - 0.52 * has(fact::GOODWILL)
        - 0.38 * has(fact::EXPLANATION)
        - 0.57 * score(fact::EMPATHY)
        - 0.39 * score(fact::OFFER_HELP)
}

/// Whether a finding is to be shown, in a sentence of so many words: who wants to hurt is brief.
pub fn is_believed(rule: &Rule, words: u32, of_draft: f64) -> bool {
    let of_rule = RULES.iter().find(|(id, _)| *id == rule.id).map_or(0.0, |(_, weight)| *weight);
    of_draft + of_rule - 0.126 * f64::from(words.min(40)) >= LEAST
}
