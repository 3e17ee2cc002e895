//! What happens when: a pure state machine between the hands and the engine. [`Event`] in, [`Effect`]s out.
//!
//! **Invariants.** No browser, no clock, no I/O. What the hands report may be stale, repeated or about a compose that
//! is gone; every such event is answered with nothing, or with a request for the whole text, never with a guess.
//! Views know findings and settings, and nothing of any webmail.

mod action;
mod compose;
mod cool_off;
mod guard;
mod hopeless;
mod insertion;
mod language;
mod picker;
mod proof;
mod protocol;
mod record;
mod session;
mod settings;
mod speech;
#[cfg(test)]
mod tests;
mod views;
mod walk;

pub use compose::urgent_words;
pub use cool_off::{CoolOff, Wait};
pub use proof::{Mistake, Proofreading};
pub use protocol::*;
pub use record::{KEY_PREFIX, Record};
pub use session::{Errand, Letter, Outcome, Page, Session};
pub use settings::{Change, Keep, Settings, SettingsProblem, Signature, Team};
pub use views::{HOT, WARM, heat_band, rule_label};
