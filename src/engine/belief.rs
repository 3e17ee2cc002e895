//! How far a rule is to be believed in a draft that no reader reads: one weak finding in a kind draft is a false alarm more often
//! than not, the same words beside others of their sort are none.
//!
//! A logistic regression by `training/belief.py`, which prints the numbers. On seven writers after whom few rules or none were
//! written, each judged by what the others teach, a cut at 0.35 flags 18 instead of 33 of 593 calm drafts and still hears
//! something in 0.80 instead of 0.83 of the hot ones.

use crate::heat::Points;
use crate::review::{Finding, Rule};
use crate::signs::Signs;
use crate::vocabulary::fact;

/// The logit of the least chance to be right that a finding is shown with: 0.35.
const LEAST: f64 = -0.62;

/// Less or surer than this that it feels or offers makes a draft no colder or kinder.
const SURE: (f64, f64) = (0.05, 3.0);

/// What each rule adds to the chance.
const RULES: &[(&str, f64)] = &[
    ("blame", -0.15),
    ("coldness", 0.37),
    ("condescension", 0.57),
    ("defensiveness", 0.70),
    ("demand", -0.82),
    ("disbelief", -0.18),
    ("dismissal", -0.54),
    ("hostility", -0.19),
    ("insult", -0.55),
    ("non-apology", 1.14),
    ("overclaim", 0.22),
    ("passive-aggression", -0.24),
    ("sarcasm", -0.40),
    ("shouting", 0.07),
];

/// What a draft adds to the chance that each of its findings is right, a logit: less the kinder it is, more the more there are.
pub fn of_draft(points: &Points, signs: &Signs, findings: &[Finding]) -> f64 {
    let has = |bits: u64| f64::from(u8::from(points.facts & bits != 0));
    let sure = signs.sure();
    let score =
        |item: u64| sure.get(item.trailing_zeros() as usize).map_or(0.0, |sure| sure.clamp(SURE.0, SURE.1).ln());
    let company = findings.iter().filter(|finding| finding.rule.id != "wall-of-text").count().saturating_sub(1);
    let ours = f64::from(points.manner.ours) / f64::from(points.words.max(1));
    1.61 + 1.27 * company.min(3) as f64
        - 1.21 * f64::from(u8::from(points.manner.asks_kindly))
        - 0.93 * ours
        - 0.61 * has(fact::GOODWILL)
        - 0.45 * has(fact::EXPLANATION)
        - 0.40 * score(fact::EMPATHY)
        - 0.19 * score(fact::OFFER_HELP)
}

/// Whether a finding is to be shown, in a sentence of so many words: who wants to hurt is brief.
pub fn is_believed(rule: &Rule, words: u32, of_draft: f64) -> bool {
    let of_rule = RULES.iter().find(|(id, _)| *id == rule.id).map_or(0.0, |(_, weight)| *weight);
    of_draft + of_rule - 0.126 * f64::from(words.min(40)) >= LEAST
}
