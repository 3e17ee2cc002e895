//! How angry a draft is, 0 to 100: 0-20 calm, 25-55 a few things that will sting, 60 and more an attack.

use crate::reading::HeardHeat;
use crate::review::{Rule, Severity};
use crate::token::mark;
use crate::vocabulary::{I, ME, MY, OUR, PLEASE, US, WE, fact};

/// What a part of a message adds to its heat. Parts add up to the message's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Points {
    /// Weighted findings.
    pub heat: u32,
    /// How many findings are [`Severity::Serious`].
    pub serious: u32,
    /// How many words there are.
    pub words: u32,
    /// What its sentences do: bits of [`fact`].
    pub facts: u64,
    /// How it speaks.
    pub manner: Manner,
}

/// How a text speaks, which tells friendly from cold before any word of it stings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// How often it says "I", "my" or "me".
    pub mine: u32,
    /// How often it says "we", "our" or "us".
    pub ours: u32,
    /// Whether it says "please".
    pub asks_kindly: bool,
    /// Whether it has an exclamation mark.
    pub exclaims: bool,
    /// Whether it asks something.
    pub asks: bool,
}

impl Manner {
    /// Counts a token, by its id.
    pub fn add(&mut self, id: u16) {
        match id {
            I | MY | ME => self.mine += 1,
            WE | OUR | US => self.ours += 1,
            PLEASE => self.asks_kindly = true,
            mark::EXCLAMATION => self.exclaims = true,
            mark::QUESTION => self.asks = true,
            _ => {}
        }
    }

    /// Counts another text.
    pub fn merge(&mut self, other: &Manner) {
        self.mine += other.mine;
        self.ours += other.ours;
        self.asks_kindly |= other.asks_kindly;
        self.exclaims |= other.exclaims;
        self.asks |= other.asks;
    }
}

impl Points {
    /// Counts a finding.
    pub fn add(&mut self, rule: &Rule) {
        self.heat += u32::from(rule.heat);
        self.serious += u32::from(rule.severity == Severity::Serious);
    }

    /// Counts another part.
    pub fn merge(&mut self, other: &Points) {
        self.heat += other.heat;
        self.serious += other.serious;
        self.words += other.words;
        self.facts |= other.facts;
        self.manner.merge(&other.manner);
    }
}

/// The heat of a whole message. `heard` is how angry a learned reader finds it, where one read it.
pub fn heat(points: &Points, heard: Option<HeardHeat>) -> u8 {
    let of_findings = heat_of_findings(points);
    // What stings hides what is only cold.
    let of_rules = (of_findings + coldness(points) * (1.0 - of_findings / 100.0)).round();
    let of_both = heard.map(|heard| heard.of(of_rules)).filter(|heat| heat.is_finite());
    of_both.map_or(of_rules, f64::round) as u8
}

/// 0 to 20: how little there is of what makes a reply friendly. It decides between drafts that say nothing bad, and never
/// makes one of them look bad.
///
/// A logistic regression on the drafts of `training/drafts` in which rules find nothing, hot against calm, by
/// `training/coldness.py`. Friendly drafts have a person in them ("I", more than "we"), say "please", ask, exclaim, apologise
/// or feel for the customer, make up for it, say what comes next, and are signed. Of a few words nothing can be said.
pub(crate) fn coldness(points: &Points) -> f64 {
    let share = |count: u32| f64::from(count) / f64::from(points.words.max(1));
    let has = |bits: u64| points.facts & bits != 0;
    let manner = &points.manner;
    let signs = [
        (manner.asks_kindly, 1.16),
        (manner.exclaims, 0.74),
        (manner.asks, 0.43),
        (has(fact::APOLOGY | fact::EMPATHY), 0.67),
        (has(fact::GOODWILL), 0.32),
        (has(fact::NEXT_STEP), 0.22),
        (has(fact::SIGNATURE), 0.44),
    ];
    let friendly: f64 = signs.iter().filter(|(there, _)| *there).map(|(_, weight)| weight).sum();
    let cold = 0.21 - friendly - 28.0 * share(manner.mine) - 12.1 * share(manner.ours);
    let said = (f64::from(points.words) - 4.0).clamp(0.0, 16.0) / 16.0;
    20.0 * said / (1.0 + (-cold).exp())
}

fn heat_of_findings(points: &Points) -> f64 {
    if points.heat == 0 {
        return 0.0;
    }
    // The same sting weighs more in two lines than in a page.
    let density = match points.words {
        0..=24 => 1.2,
        25..=60 => 1.1,
        61..=250 => 1.0,
        _ => 0.85,
    };
    let mut raw = f64::from(points.heat) * density;
    if points.facts & (fact::EMPATHY | fact::APOLOGY) != 0 {
        raw *= 0.85;
    }
    // Straight up to 60, then ever slower towards 100.
    let bent = if raw <= 60.0 { raw } else { 100.0 - 40.0 * 60.0 / raw };
    let floor = if points.serious > 0 { 60.0 } else { 0.0 };
    bent.max(floor).clamp(1.0, 100.0).round()
}
