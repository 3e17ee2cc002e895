//! How reviews are printed: a format has a frame, and a piece for each outcome.

mod json;
mod sarif;
mod text;

use composure_engine::{Severity, Status};

use crate::judge::Outcome;
use crate::packs::Packs;
use crate::run::Tally;

/// A way to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: findings under the words.
    Text,
    /// One array, an object a draft.
    Json,
    /// One object a line.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// What `Format::Text` needs to know of the terminal.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to colour.
    pub color: bool,
    /// In columns.
    pub width: usize,
}

impl Format {
    /// What stands before the first piece; the packs are those that drafts are reviewed with.
    pub fn head(self, packs: &Packs) -> String {
        match self {
            Format::Text | Format::Jsonl => String::new(),
            Format::Json => "[\n".to_owned(),
            Format::Sarif => sarif::head(packs),
        }
    }

    /// What stands between two pieces.
    pub fn between(self) -> &'static str {
        match self {
            Format::Text | Format::Jsonl => "",
            Format::Json | Format::Sarif => ",\n",
        }
    }
}

impl Format {
    /// What is printed of an outcome; nothing for a clean draft in SARIF.
    pub fn pieces(self, outcome: &Outcome, style: Style) -> Vec<String> {
        match self {
            Format::Text => text::piece(outcome, style).into_iter().collect(),
            Format::Json => json::piece(outcome).into_iter().collect(),
            Format::Jsonl => json::piece(outcome).into_iter().map(|piece| piece + "\n").collect(),
            Format::Sarif => match outcome {
                Outcome::Reviewed(reviewed) => sarif::results(reviewed),
                _ => Vec::new(),
            },
        }
    }

    /// What stands behind the last piece.
    pub fn tail(self, tally: &Tally) -> String {
        match self {
            Format::Text => text::tail(tally),
            Format::Jsonl => String::new(),
            Format::Json => "\n]\n".to_owned(),
            Format::Sarif => sarif::tail(tally),
        }
    }
}

/// A severity's name, in every format and in `--fail-on`.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Hint => "hint",
        Severity::Warning => "warning",
        Severity::Serious => "serious",
    }
}

/// On one line, and with nothing that would steer a terminal.
pub fn printable(text: &str) -> String {
    text.trim().replace(char::is_control, " ")
}

pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "met",
        Status::Unmet => "unmet",
        Status::NotApplicable => "not-applicable",
    }
}
