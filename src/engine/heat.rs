//! How angry a draft is, 0 to 100: 0-20 calm, 25-55 a few things that will sting, 60 and more an attack.

use crate::reading::HeardHeat;
use crate::review::{Rule, Severity};

/// What a part of a message adds to its heat. Parts add up to the message's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Points {
    /// Weighted findings.
    pub heat: u32,
    /// How many findings are [`Severity::Serious`].
    pub serious: u32,
    /// How many words there are.
    pub words: u32,
    /// Whether there is a real apology or empathy.
    pub kind: bool,
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
        self.kind |= other.kind;
    }
}

/// The heat of a whole message. `heard` is how angry a learned reader finds it, where one read it.
pub fn heat(points: &Points, heard: Option<HeardHeat>) -> u8 {
    let of_rules = heat_of_findings(points);
    let of_both = heard.map(|heard| heard.of(f64::from(of_rules))).filter(|heat| heat.is_finite());
    of_both.map_or(of_rules, |heat| heat.round() as u8)
}

fn heat_of_findings(points: &Points) -> u8 {
    if points.heat == 0 {
        return 0;
    }
    // The same sting weighs more in two lines than in a page.
    let density = match points.words {
        0..=24 => 1.2,
        25..=60 => 1.1,
        61..=250 => 1.0,
        _ => 0.85,
    };
    let mut raw = f64::from(points.heat) * density;
    if points.kind {
        raw *= 0.85;
    }
    // Straight up to 60, then ever slower towards 100.
    let bent = if raw <= 60.0 { raw } else { 100.0 - 40.0 * 60.0 / raw };
    let floor = if points.serious > 0 { 60.0 } else { 0.0 };
    bent.max(floor).clamp(1.0, 100.0).round() as u8
}
