//! The walk before sending: what is done of it and what is not.

use composure_engine::Status;

use crate::compose::Compose;
use crate::proof::Stage;

/// The walk through one compose.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Whether the panel shows it.
    pub(crate) open: bool,
    /// Whether the writer thought about the customer.
    pub(crate) considered: bool,
}

/// A step of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// How the customer feels, and whether they have a point.
    Consider,
    /// Every request is answered.
    Requests,
    /// Nothing is claimed that nobody can know.
    Claims,
    /// Nothing sounds harsh.
    Tone,
    /// Spelling and grammar.
    Spelling,
    /// All of it was heard.
    Aloud,
    /// It is signed, and nothing is left to fill in.
    Signature,
}

/// The rule whose findings have a step of their own.
pub(crate) const CLAIMS: &str = "overclaim";

impl Compose {
    /// All steps, in order, and whether each is done.
    pub(crate) fn steps(&self) -> Vec<(Step, bool)> {
        let claims = |named: &&crate::compose::Named| named.finding.rule.id == CLAIMS;
        let unsigned = self.checklist.iter().any(|state| state.item.id == "signature" && state.status == Status::Unmet);
        [
            (Step::Consider, Some(self.walk.considered)),
            (Step::Requests, Some(self.requests.iter().all(|request| request.answered))),
            (Step::Claims, Some(!self.shown().any(|named| claims(&named)))),
            (Step::Tone, Some(self.shown().all(|named| claims(&named)))),
            (Step::Spelling, self.spelling_done()),
            (Step::Aloud, Some(self.is_heard())),
            (Step::Signature, Some(!unsigned && crate::views::unfilled(&self.text()).is_empty())),
        ]
        .into_iter()
        .filter_map(|(step, done)| Some((step, done?)))
        .collect()
    }

    /// Whether a proofreader found nothing, or nothing that is still there; `None` where there is no proofreader.
    fn spelling_done(&self) -> Option<bool> {
        match self.proof.stage {
            Stage::Absent => None,
            Stage::Off | Stage::Asked => Some(false),
            Stage::On => Some(self.mistakes().next().is_none()),
        }
    }
}
