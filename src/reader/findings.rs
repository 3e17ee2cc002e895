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
/// A smaller share does not make a problem less likely: most people write kindly around the one that slips out.
const LEAST_SHARE: f64 = 0.2;
/// Company less suspect than this does not make a problem less likely: so much is in any draft, and a writer who has only
/// begun has none.
const QUIET: f64 = 0.65;

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
    /// Weights of one, of the run's peak, of what share of the draft's other windows has a problem, of the most suspect of
    /// them, of being in the first window, and of the run's length.
    pub score: [f64; 6],
    /// The least score of a finding, by label.
    pub thresholds: Vec<f64>,
    /// Weights of what a draft's heat is made of, the last of what rules found.
    pub heat_with_rules: [f64; 5],
    /// Weights of one, of a window's peak and of the draft's other windows as in `score`, for the trust in what a rule finds
    /// there.
    pub trust: [f64; 4],
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

/// What stands beside a window in its draft.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Beside {
    /// What share of the other windows has a problem.
    pub share: f64,
    /// How suspect the most suspect of them is.
    pub company: f64,
    /// Whether the draft begins with this one.
    pub first: bool,
}

impl Beside {
    /// The window of this number.
    pub fn of(windows: &[Arc<Heard>], number: usize) -> Self {
        let others = || windows.iter().enumerate().filter(|(at, _)| *at != number).map(|(_, heard)| heard);
        Self {
            share: ((others().map(|heard| heard.problem).sum::<f64>() + PRIOR) / windows.len() as f64).max(LEAST_SHARE),
            company: others().map(|heard| heard.peak).fold(QUIET, f64::max),
            first: number == 0,
        }
    }
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

    /// How sure a run of a window is a finding, if sure enough.
    pub fn score(&self, run: &Run, beside: Beside) -> Option<f64> {
        let [base, of_peak, of_others, of_company, of_first, of_length] = self.score;
        let length = (run.last - run.first + 1) as f64;
        let sum = base
            + of_peak * logit(run.peak)
            + of_others * logit(beside.share)
            + of_company * logit(beside.company)
            + of_first * f64::from(u8::from(beside.first))
            + of_length * log(length);
        Some(sigmoid(sum)).filter(|score| *score >= self.thresholds[run.label])
    }

    /// Whether a rule's finding in this window is to be believed.
    pub fn trusts(&self, heard: &Heard, beside: Beside) -> bool {
        let [base, of_peak, of_others, of_company] = self.trust;
        let sum =
            base + of_peak * logit(heard.peak) + of_others * logit(beside.share) + of_company * logit(beside.company);
        sigmoid(sum) >= self.least_trust
    }

    /// The heat of a draft from all its windows.
    pub fn heat(&self, windows: &[Arc<Heard>]) -> Option<HeatWithRules> {
        let [base, of_problems, of_peak, of_windows, of_rules] = self.heat_with_rules;
        let problems = windows.iter().map(|heard| heard.problem).sum();
        let peak = windows.iter().map(|heard| heard.peak).fold(0.0, f64::max);
        let base =
            base + of_problems * log1p(problems) + of_peak * logit(peak) + of_windows * log(windows.len() as f64);
        (!windows.is_empty()).then_some(HeatWithRules { base, of_rules })
    }
}

/// How hot a draft is that rules have judged, too: what the reader heard, and what their judgement weighs beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatWithRules {
    /// What the reader heard, as a logit.
    pub base: f64,
    /// What a rules' heat of 100 adds to it.
    pub of_rules: f64,
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
            score: [0.0, 1.0, 0.25, 0.5, -2.0, 0.0],
            thresholds: vec![0.5, 0.9],
            heat_with_rules: [0.0, 0.0, 1.0, 0.0, 2.0],
            trust: [0.0, 1.0, 1.0, 0.5],
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

    /// A window among others of which one is so suspect, and of which this share has a problem.
    fn beside(share: f64, company: f64) -> Beside {
        Beside { share, company, first: false }
    }

    fn rows(heard: &Heard) -> Vec<(usize, usize, usize)> {
        let sure = heard.runs.iter().filter(|run| decision().score(run, beside(0.5, 0.5)).is_some());
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
        let run = &heard.runs[0];
        let score = |share, company| decision().score(run, beside(share, company));
        // The odds are 3, times the fourth root of those around and the square root of those of the company.
        for (share, company, wanted) in
            [(0.5, 0.5, 0.75), (16.0 / 17.0, 0.5, 6.0 / 7.0), (1.0 / 17.0, 0.5, 0.6), (0.5, 0.8, 6.0 / 7.0)]
        {
            let found = score(share, company).expect("sure enough");
            assert!((found - wanted).abs() < 1e-6, "{found} {wanted}");
        }
        assert_eq!(score(0.01, 0.5), None);
        assert_eq!(decision().score(run, Beside { first: true, ..beside(0.5, 0.5) }), None, "less sure at the top");
        let long = Decision { score: [0.0, 1.0, 0.25, 0.5, 0.0, 1.0], ..decision() };
        let found = long.score(&Run { last: run.first + 1, ..run.clone() }, beside(0.5, 0.5)).expect("sure enough");
        assert!((found - 6.0 / 7.0).abs() < 1e-6, "two tokens double the odds: {found}");
    }

    fn windows(heard: &[(f64, f64)]) -> Vec<Arc<Heard>> {
        heard
            .iter()
            .map(|(problem, peak)| Arc::new(Heard { problem: *problem, peak: *peak, runs: Vec::new() }))
            .collect()
    }

    #[test]
    fn what_stands_beside_a_window_is_all_the_others() {
        let windows = windows(&[(0.9, 0.95), (0.1, 0.7), (0.2, 0.3)]);
        for (number, share, company, first) in
            [(0, 0.2, 0.7, true), (1, 1.4 / 3.0, 0.95, false), (2, 1.3 / 3.0, 0.95, false)]
        {
            let found = Beside::of(&windows, number);
            assert!((found.share - share).abs() < 1e-12, "{found:?}");
            assert_eq!((found.company, found.first), (company, first));
        }
        // Alone, and beside something calm, it is no less likely a problem than in any draft.
        assert_eq!(Beside::of(&windows[..1], 0), Beside { share: PRIOR, company: QUIET, first: true });
        assert_eq!(Beside::of(&windows[1..], 0).company, QUIET);
        // Nor in the midst of kind words.
        let kind = self::windows(&[(0.0, 0.1), (0.9, 0.9), (0.0, 0.1), (0.0, 0.1)]);
        assert_eq!(Beside::of(&kind, 1).share, LEAST_SHARE);
    }

    #[test]
    fn heat_is_of_the_windows_and_there_is_none_without_any() {
        assert_eq!(decision().heat(&[]), None);
        let windows = windows(&[(0.2, 0.1), (0.5, 0.8), (0.3, 0.2)]);
        // Odds of 4 for the peak, of 2 and of 3 for one more than the problems and for the windows.
        for (weights, odds) in
            [([0.0, 0.0, 1.0, 0.0, 2.0], 4.0), ([0.0, 1.0, 0.0, 0.0, 2.0], 2.0), ([0.0, 0.0, 0.0, 1.0, 2.0], 3.0)]
        {
            let found = Decision { heat_with_rules: weights, ..decision() }.heat(&windows).expect("windows");
            assert!((found.base - f64::ln(odds)).abs() < 1e-9, "{found:?} {odds}");
            assert_eq!(found.of_rules, 2.0);
        }
    }

    #[test]
    fn rules_are_doubted_where_all_is_calm_here_and_around() {
        let trusts =
            |peak, share, company| decision().trusts(&Heard { peak, ..Heard::default() }, beside(share, company));
        assert!(trusts(0.9, 0.2, 0.5) && trusts(0.2, 0.9, 0.5) && trusts(0.4, 0.5, 0.8));
        assert!(!trusts(0.2, 0.2, 0.5) && !trusts(0.7, 0.2, 0.5) && !trusts(0.2, 0.5, 0.8));
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
