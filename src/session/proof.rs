//! Proofreading: what a proofreader is given to read, and what it found. It knows words and grammar, and nothing of tone.

use composure_few::Set;

use composure_engine::Span;

use crate::compose::{Compose, MOST_READ, shifted};
use crate::settings::Settings;

/// What a proofreader reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proofreading {
    /// The revision of the text.
    pub revision: u32,
    /// The draft, byte for byte in its place, with spaces for all that the writer did not write.
    pub text: String,
    /// Words that are right, one a line.
    pub words: String,
    /// What else is written in this conversation: names in it are right.
    pub around: String,
}

/// A mistake in a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub span: Span,
    /// What sort of mistake, as a label.
    pub label: String,
    /// What to say of it.
    pub what: String,
    /// Whether it is a word that a dictionary could learn.
    pub learnable: bool,
    /// What to write instead, the likeliest first; may be empty.
    pub replacements: Vec<String>,
}

/// How far the proofreading of a compose is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nobody asked for it.
    #[default]
    Off,
    /// It was asked for, and nothing has come yet.
    Asked,
    /// What is found is shown.
    On,
    /// There is no proofreader.
    Absent,
}

/// The proofreading of one compose.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    pub(crate) stage: Stage,
    /// The revision that was read last.
    read: Option<u32>,
    /// With the names that the hands know them by, in order.
    mistakes: Vec<(u32, Mistake)>,
    /// Words that shall stay as they are in this mail.
    ignored: Set<String>,
}

impl Proof {
    /// Has the text read, now and when it changes.
    pub(crate) fn ask(&mut self) {
        self.stage = Stage::Asked;
        self.read = None;
    }

    /// The same, where nobody asked before.
    pub(crate) fn begin(&mut self) {
        if self.stage == Stage::Off {
            self.ask();
        }
    }

    /// What is right may have changed.
    pub(crate) fn ask_again(&mut self) {
        self.read = None;
    }

    /// Forgets the mistakes in words that are gone.
    pub(crate) fn clear(&mut self) {
        self.mistakes.clear();
    }

    /// Follows an edit that replaced `start..end`: mistakes behind it move, those that it touched go.
    pub(crate) fn shift(&mut self, start: usize, end: usize, insert: &str) {
        let joins_behind = insert.starts_with(char::is_alphanumeric);
        let joins_before = insert.ends_with(char::is_alphanumeric);
        self.mistakes.retain_mut(|(_, Mistake { span, .. })| {
            let touched = start < span.end && span.start < end
                || start == span.end && joins_behind
                || end == span.start && joins_before;
            let ahead = end == span.start;
            span.end = shifted(span.end, start, end, insert.len());
            // What is put right in front of a word moves it.
            span.start = if ahead { start + insert.len() } else { shifted(span.start, start, end, insert.len()) };
            !touched
        });
    }

    /// Takes these words for right in this mail.
    pub(crate) fn ignore(&mut self, words: &str) {
        self.ignored.insert(words.to_owned());
    }
}

impl Compose {
    /// What there is to proofread, if it was asked for and is not read as it stands.
    pub(crate) fn unproofed(&self, settings: &Settings) -> Option<Proofreading> {
        let off = matches!(self.proof.stage, Stage::Off | Stage::Absent) || self.foreign().is_some();
        if off || self.proof.read == Some(self.revision) {
            return None;
        }
        let mut text = self.reviewer().own_text();
        if text.len() > MOST_READ {
            text.truncate(text[..text.floor_char_boundary(MOST_READ)].rfind(char::is_whitespace).unwrap_or(0));
        }
        let thread = self.thread.messages.iter().map(|message| message.text.as_str());
        let own = [&settings.my_name, &settings.business, &settings.signature].into_iter().map(String::as_str);
        let around = thread.chain(own).chain(self.thread.recipient.as_deref()).collect::<Vec<_>>().join("\n");
        let own = settings.dictionary.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        let words = settings.team.terms.replace(' ', "\n") + &own;
        Some(Proofreading { revision: self.revision, text, words, around })
    }

    /// Takes what a proofreader found in the text of a revision; `None` is that there is none.
    pub(crate) fn proofread(&mut self, revision: u32, found: Option<Vec<Mistake>>) {
        let Some(found) = found else {
            self.proof.stage = Stage::Absent;
            return;
        };
        if revision != self.revision || self.proof.stage == Stage::Off || self.foreign().is_some() {
            return;
        }
        self.proof.stage = Stage::On;
        self.proof.read = Some(revision);
        let text = self.text();
        let old = std::mem::take(&mut self.proof.mistakes);
        for mistake in found {
            let is_whole = text.get(mistake.span.start..mistake.span.end).is_some_and(|words| !words.is_empty());
            if is_whole {
                let known = old.iter().find(|(_, one)| one.span == mistake.span && one.label == mistake.label);
                let id = known.map_or_else(|| self.new_id(), |(id, _)| *id);
                self.proof.mistakes.push((id, mistake));
            }
        }
    }

    /// The mistakes to show: not in words that the writer wants as they are, and not where there is something more important
    /// to say.
    pub(crate) fn mistakes(&self) -> impl Iterator<Item = &(u32, Mistake)> {
        let text = self.text();
        self.proof.mistakes.iter().filter(move |(_, Mistake { span, .. })| {
            let said = |other: Span| other.start < span.end && span.start < other.end;
            !self.shown().any(|named| said(named.finding.span))
                && text.get(span.start..span.end).is_none_or(|words| !self.proof.ignored.contains(words))
        })
    }

    pub(crate) fn mistake(&self, id: u32) -> Option<&Mistake> {
        self.mistakes().find(|(one, _)| *one == id).map(|(_, mistake)| mistake)
    }
}
