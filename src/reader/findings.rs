//! From what the network said to findings and heat (`training/FORMAT.md`, 5).

use std::ops::Range;
use std::sync::Arc;

use libm::{exp, log, log1p};

use crate::network::Logits;

/// Punctuation that a finding does not start with, and does not end with.
const LEAD: &[char] = &['"', '\'', '(', '“', '‘', '*'];
const TRAIL: &[char] = &['"', '\'', ')', ',', '.', ';', ':', '”', '’', '*'];

/// Share of problems that a draft of one window is thought to have around it.
const PRIOR: f64 = 0.3;

/// How probabilities become findings; the figures come from validation and are in the reader's file.
#[derive(Debug)]
pub(crate) struct Decision {
    pub labels: Vec<Arc<str>>,
    /// A token at least so suspect belongs to a run.
    pub low: f64,
    /// Runs with at most so many tokens between them are one.
    pub gap: usize,
    /// What the sentence's labels weigh beside the tokens'.
    pub mix: f64,
    /// Weights of one, of the run's peak, of its window as a whole, of the draft's other windows, of being in the first
    /// window, and of the run's length.
    pub score: [f64; 6],
    /// The least score of a finding, by label.
    pub thresholds: Vec<f64>,
    /// Weights of what a draft's heat is made of.
    pub heat: [f64; 4],
    /// The same where rules have found a heat, too, and the weight of theirs.
    pub heat_with_rules: [f64; 5],
    /// Weights of one, of a window's peak and of the draft's other windows, for the trust in what a rule finds there.
    pub trust: [f64; 3],
    /// A window that is trusted less makes a rule's finding doubtful.
    pub least_trust: f64,
}

/// What was heard in one window, apart from its text and from the rest of the draft: what the cache keeps.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Heard {
    /// How likely there is any problem.
    pub problem: f64,
    /// How suspect its most suspect token is.
    pub peak: f64,
    pub runs: Vec<Run>,
}

/// A row of tokens that may be a finding.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    /// First and last token; `[CLS]` is not counted.
    pub first: usize,
    pub last: usize,
    /// Number of the label.
    pub label: usize,
    /// How suspect its most suspect token is.
    pub peak: f64,
}

impl Decision {
    /// What the logits of a window amount to.
    pub fn hear(&self, logits: &Logits) -> Heard {
        let marks: Vec<f64> = logits.sentence.iter().map(|logit| sigmoid(f64::from(*logit))).collect();
        let inner = logits.tags.get(1..logits.tags.len().saturating_sub(1)).unwrap_or_default();
        let tags: Vec<Vec<f64>> = inner.iter().map(|row| softmax(row)).collect();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for at in (0..tags.len()).filter(|at| 1.0 - tags[*at][0] >= self.low) {
            match runs.last_mut() {
                Some((_, last)) if at - *last <= self.gap + 1 => *last = at,
                _ => runs.push((at, at)),
            }
        }
        let runs = runs.into_iter().map(|(first, last)| self.run(first, last, &tags, &marks)).collect();
        let peak = tags.iter().map(|row| 1.0 - row[0]).fold(0.0, f64::max);
        Heard { problem: marks[0], peak, runs }
    }

    fn run(&self, first: usize, last: usize, tags: &[Vec<f64>], marks: &[f64]) -> Run {
        let tokens = &tags[first..=last];
        let mass = |label: usize| {
            let told = tokens.iter().map(|row| row[label + 1]).sum::<f64>();
            told + self.mix * marks[label + 2] * tokens.len() as f64
        };
        let masses = (0..self.labels.len()).map(mass).enumerate();
        // The first of equals.
        let (label, _) = masses.fold((0, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best });
        let peak = tokens.iter().map(|row| 1.0 - row[0]).fold(0.0, f64::max);
        Run { first, last, label, peak }
    }

    /// For each window of a draft, what share of the others has a problem.
    pub fn around(windows: &[Arc<Heard>]) -> Vec<f64> {
        let total: f64 = windows.iter().map(|heard| heard.problem).sum();
        windows.iter().map(|heard| (total - heard.problem + PRIOR) / windows.len() as f64).collect()
    }

    /// How sure a run of this window is a finding, if sure enough; `around` is what share of the other windows has a
    /// problem, `first` whether the draft begins with this one.
    pub fn score(&self, run: &Run, heard: &Heard, around: f64, first: bool) -> Option<f64> {
        let [base, of_peak, of_window, of_others, of_first, of_length] = self.score;
        let length = (run.last - run.first + 1) as f64;
        let sum = base
            + of_peak * logit(run.peak)
            + of_window * logit(heard.problem)
            + of_others * logit(around)
            + of_first * f64::from(u8::from(first))
            + of_length * log(length);
        Some(sigmoid(sum)).filter(|score| *score >= self.thresholds[run.label])
    }

    /// Whether a rule's finding in this window is to be believed; `around` as for [`Decision::score`].
    pub fn trusts(&self, heard: &Heard, around: f64) -> bool {
        let [base, of_peak, of_others] = self.trust;
        sigmoid(base + of_peak * logit(heard.peak) + of_others * logit(around)) >= self.least_trust
    }

    /// The heat of a draft from all its windows, 0 to 100.
    pub fn heat(&self, windows: &[Arc<Heard>]) -> f64 {
        let heat = HeatWithRules { base: weighed(windows, self.heat), of_rules: 0.0 };
        if windows.is_empty() { 0.0 } else { heat.of(0.0) }
    }

    /// The same where rules have found a heat, too.
    pub fn heat_with_rules(&self, windows: &[Arc<Heard>]) -> Option<HeatWithRules> {
        let [base, of_problems, of_peak, of_windows, of_rules] = self.heat_with_rules;
        let base = weighed(windows, [base, of_problems, of_peak, of_windows]);
        (!windows.is_empty()).then_some(HeatWithRules { base, of_rules })
    }
}

/// What the windows add to the logit of a draft's heat.
fn weighed(windows: &[Arc<Heard>], [base, of_problems, of_peak, of_windows]: [f64; 4]) -> f64 {
    let problems = windows.iter().map(|heard| heard.problem).sum();
    let peak = windows.iter().map(|heard| heard.peak).fold(0.0, f64::max);
    base + of_problems * log1p(problems) + of_peak * logit(peak) + of_windows * log(windows.len() as f64)
}

/// How hot a draft is that rules have judged, too: what the reader heard, and what their judgement weighs beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatWithRules {
    /// What the reader heard, as a logit.
    pub base: f64,
    /// What a rules' heat of 100 adds to it.
    pub of_rules: f64,
}

impl HeatWithRules {
    /// The heat of both, 0 to 100, from that of the rules, 0 to 100.
    pub fn of(self, rules: f64) -> f64 {
        let heat = 100.0 * sigmoid(self.base + self.of_rules * rules / 100.0);
        // A network gone mad has nothing to add.
        if heat.is_nan() { rules } else { heat }
    }
}

/// A run's words widened to white space, without the punctuation around; `words` is not empty and lies in the sentence.
pub(crate) fn widened(sentence: &str, words: Range<usize>) -> Range<usize> {
    let before = sentence[..words.start].trim_end_matches(|character: char| !character.is_whitespace());
    let after = sentence[words.end..].trim_start_matches(|character: char| !character.is_whitespace());
    let (mut start, mut end) = (before.len(), sentence.len() - after.len());
    // One character stays, whatever it is.
    while let Some(first) = sentence[start..end].chars().next().filter(|first| LEAD.contains(first)) {
        if start + first.len_utf8() == end {
            break;
        }
        start += first.len_utf8();
    }
    while let Some(last) = sentence[start..end].chars().next_back().filter(|last| TRAIL.contains(last)) {
        if start + last.len_utf8() == end {
            break;
        }
        end -= last.len_utf8();
    }
    start..end
}

// libm's, not the platform's: the same bits everywhere.

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// ln(p / (1 − p)), for a p that is neither nought nor one.
fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-4, 1.0 - 1e-4);
    log(p / (1.0 - p))
}

fn softmax(logits: &[f32]) -> Vec<f64> {
    let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = logits.iter().map(|logit| exp(f64::from(*logit) - f64::from(greatest))).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decision() -> Decision {
        Decision {
            labels: vec!["insult".into(), "blame".into()],
            low: 0.4,
            gap: 1,
            mix: 0.5,
            score: [0.0, 1.0, 0.5, 0.25, -2.0, 0.0],
            thresholds: vec![0.5, 0.9],
            heat: [0.0, 0.0, 1.0, 0.0],
            heat_with_rules: [0.0, 0.0, 1.0, 0.0, 2.0],
            trust: [0.0, 1.0, 1.0],
            least_trust: 0.5,
        }
    }

    /// Logits of tokens that are so likely a problem, of the label given.
    fn heard(tokens: &[(f32, usize)]) -> Heard {
        let mut tags = vec![vec![9.0, 0.0, 0.0]];
        tags.extend(tokens.iter().map(|(problem, label)| {
            let mut row = vec![(1.0 - problem).ln(), -30.0, -30.0];
            row[label + 1] = problem.ln();
            row
        }));
        tags.push(vec![-9.0, 0.0, 0.0]);
        decision().hear(&Logits { tags, sentence: vec![0.0, -9.0, 0.0, 0.0] })
    }

    fn rows(heard: &Heard) -> Vec<(usize, usize, usize)> {
        let sure = heard.runs.iter().filter(|run| decision().score(run, heard, 0.5, false).is_some());
        sure.map(|run| (run.first, run.last, run.label)).collect()
    }

    #[test]
    fn runs_are_joined_over_small_gaps_and_held_to_their_labels_threshold() {
        assert_eq!(rows(&heard(&[])), []);
        assert_eq!(rows(&heard(&[(0.1, 0), (0.7, 0), (0.3, 0), (0.6, 0), (0.1, 0)])), [(1, 3, 0)]);
        assert_eq!(rows(&heard(&[(0.7, 0), (0.1, 0), (0.1, 0), (0.6, 0)])), [(0, 0, 0), (3, 3, 0)]);
        assert_eq!(rows(&heard(&[(0.8, 1), (0.1, 0), (0.1, 0), (0.45, 0)])), [], "under the thresholds");
        assert_eq!(rows(&heard(&[(0.95, 1), (0.6, 0)])), [(0, 1, 1)]);
    }

    #[test]
    fn a_run_is_surer_among_other_problems() {
        let heard = heard(&[(0.75, 0)]);
        let score = |around| decision().score(&heard.runs[0], &heard, around, false);
        // The odds are 3, times the fourth root of those around.
        for (around, wanted) in [(0.5, 0.75), (16.0 / 17.0, 6.0 / 7.0), (1.0 / 17.0, 0.6)] {
            let found = score(around).expect("sure enough");
            assert!((found - wanted).abs() < 1e-6, "{found} {wanted}");
        }
        assert_eq!(score(0.01), None);
        assert_eq!(decision().score(&heard.runs[0], &heard, 0.5, true), None, "less sure where a draft begins");
        let long = Decision { score: [0.0, 1.0, 0.5, 0.25, 0.0, 1.0], ..decision() };
        let run = Run { last: heard.runs[0].first + 1, ..heard.runs[0].clone() };
        let found = long.score(&run, &heard, 0.5, false).expect("sure enough");
        assert!((found - 6.0 / 7.0).abs() < 1e-6, "two tokens double the odds: {found}");
        let windows = [0.9, 0.1, 0.2].map(|problem| Arc::new(Heard { problem, ..Heard::default() }));
        for (found, wanted) in Decision::around(&windows).into_iter().zip([0.2, 1.4 / 3.0, 1.3 / 3.0]) {
            assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
        }
    }

    #[test]
    fn heat_is_of_the_windows_and_nought_without_any() {
        assert_eq!(decision().heat(&[]), 0.0);
        let window = |problem, peak| Arc::new(Heard { problem, peak, ..Heard::default() });
        let windows = [window(0.2, 0.1), window(0.5, 0.8), window(0.3, 0.2)];
        for (weights, wanted) in
            [([0.0, 0.0, 1.0, 0.0], 80.0), ([0.0, 1.0, 0.0, 0.0], 200.0 / 3.0), ([0.0, 0.0, 0.0, 1.0], 75.0)]
        {
            let heat = Decision { heat: weights, ..decision() }.heat(&windows);
            assert!((heat - wanted).abs() < 1e-9, "{heat} {wanted}");
        }
        let mad = Decision { heat: [0.0, 1.0, 0.0, 0.0], ..decision() };
        assert_eq!(mad.heat(&[window(f64::NAN, 0.5)]), 0.0);
        assert_eq!(decision().heat_with_rules(&[]), None);
        let both = decision().heat_with_rules(&windows).expect("windows");
        // The odds are 4, times e for each 50 of the rules.
        for (rules, wanted) in [(0.0, 80.0), (50.0, 91.5776), (100.0, 96.7273)] {
            assert!((both.of(rules) - wanted).abs() < 1e-3, "{} {wanted}", both.of(rules));
        }
        assert_eq!(HeatWithRules { base: f64::NAN, of_rules: 1.0 }.of(40.0), 40.0);
    }

    #[test]
    fn rules_are_doubted_where_all_is_calm_here_and_around() {
        let trusts = |peak, around| decision().trusts(&Heard { peak, ..Heard::default() }, around);
        assert!(trusts(0.9, 0.2) && trusts(0.2, 0.9));
        assert!(!trusts(0.2, 0.2) && !trusts(0.7, 0.2));
    }

    #[test]
    fn spans_are_whole_words_without_their_punctuation() {
        for (sentence, words, wanted) in [
            ("You “obviously” know.", 7..16, "obviously"),
            ("well-known, fact", 5..10, "well-known"),
            ("(\"*", 0..1, "*"),
            ("...", 1..2, "."),
            ("a\u{a0}really?! b", 3..6, "really?!"),
            ("ééé’", 2..4, "ééé"),
        ] {
            assert_eq!(&sentence[widened(sentence, words)], wanted, "{sentence}");
        }
    }

    proptest! {
        #[test]
        fn spans_end_between_characters_and_hold_something(sentence in "(\\PC|[ \"'(“‘*),.;:”’ab]){1,40}", a in 0_usize..99, b in 0_usize..99) {
            let characters: Vec<(usize, char)> = sentence.char_indices().collect();
            let (a, b) = (a % characters.len(), b % characters.len());
            let (a, b) = (a.min(b), a.max(b));
            let span = widened(&sentence, characters[a].0..characters[b].0 + characters[b].1.len_utf8());
            prop_assert!(!sentence[span].is_empty());
        }
    }
}
