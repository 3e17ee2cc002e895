//! Reading the draft aloud, sentence by sentence. The hands say one at a time and tell when it is said.

use composure_few::Set;

use composure_engine::Span;

use crate::compose::Compose;
use crate::protocol::{ComposeId, Effect, Highlight, HighlightSeverity, SpeechEnd};
use crate::settings::Settings;

/// Names the highlight of the sentence that is being said; no finding has it.
const SPOKEN: u32 = 0;
/// The pause between two sentences, in milliseconds, and the one in which to hear what a finding did.
const PAUSE: u32 = 250;
const PAUSE_AT_FINDING: u32 = 1000;

/// Where the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// Nowhere.
    #[default]
    Silent,
    /// A sentence is being said.
    Reading,
    /// It goes on with the sentence that was cut short.
    Paused,
}

/// Why nothing is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no voice.
    NoVoice,
    /// The browser stopped.
    Failed,
}

/// The reading of one compose.
#[derive(Debug, Default)]
pub(crate) struct Speech {
    pub(crate) state: State,
    pub(crate) trouble: Option<Trouble>,
    /// Which sentence, and its words once they are known.
    at: usize,
    words: Option<String>,
    /// Where those are.
    span: Option<Span>,
    /// What the hands are saying.
    saying: Option<String>,
    /// All sentences that were said to their end.
    heard: Set<String>,
}

impl Speech {
    /// Begins, pauses, or goes on.
    pub(crate) fn toggle(&mut self) {
        self.trouble = None;
        self.state = match self.state {
            State::Reading => State::Paused,
            State::Silent | State::Paused => State::Reading,
        };
    }

    /// The next reading begins at the first sentence.
    pub(crate) fn stop(&mut self) {
        self.state = State::Silent;
        (self.at, self.words, self.span) = (0, None, None);
    }

    /// The hands are done with a sentence.
    pub(crate) fn ended(&mut self, end: SpeechEnd) {
        // Of what was cut short meanwhile, nobody wants to know.
        if self.state != State::Reading || self.saying.take().is_none() {
            return;
        }
        match end {
            SpeechEnd::Said => {
                self.heard.extend(self.words.take());
                self.at += 1;
            }
            SpeechEnd::NoVoice => self.trouble = Some(Trouble::NoVoice),
            SpeechEnd::Failed => self.trouble = Some(Trouble::Failed),
        }
        if end != SpeechEnd::Said {
            self.stop();
        }
    }
}

impl Compose {
    /// The writer's own sentences.
    fn sentences(&self) -> Vec<(Span, String)> {
        let text = self.reviewer().own_text();
        let words = |span: Span| Some((span, text.get(span.start..span.end)?.to_owned()));
        composure_engine::sentences(&text).into_iter().filter_map(words).collect()
    }

    /// Whether every sentence, as it stands, was read aloud.
    pub(crate) fn is_heard(&self) -> bool {
        let sentences = self.sentences();
        !sentences.is_empty() && sentences.iter().all(|(_, words)| self.speech.heard.contains(words))
    }

    /// The sentence that is being said.
    pub(crate) fn spoken(&self) -> Option<Highlight> {
        let span = self.speech.span?;
        let (start, end) = (self.utf16(span.start), self.utf16(span.end));
        Some(Highlight { id: SPOKEN, start, end, severity: HighlightSeverity::Spoken })
    }

    /// Finds the sentence that should be said now in the text as it stands, and has the hands say it if they do not. The
    /// effects are for after the painting.
    pub(crate) fn read_on(&mut self, id: ComposeId, settings: &Settings) -> Vec<Effect> {
        // Without the panel nobody could stop it.
        if self.speech.state == State::Reading && !self.panel {
            self.speech.state = State::Paused;
        }
        let mut pause = 0;
        if self.speech.state != State::Silent {
            let sentences = self.sentences();
            let at = self.speech.at;
            // Words were put in or taken out before it; or it was changed itself, and is read again.
            let same = sentences.iter().enumerate().filter(|(_, (_, words))| Some(words) == self.speech.words.as_ref());
            let last = sentences.len().saturating_sub(1);
            let at = match &self.speech.words {
                Some(_) => same.map(|(place, _)| place).min_by_key(|place| place.abs_diff(at)).unwrap_or(at.min(last)),
                None => at,
            };
            match sentences.get(at) {
                Some((span, words)) => {
                    let has_finding = |place: Option<usize>| {
                        place.and_then(|place| sentences.get(place)).is_some_and(|(span, _)| {
                            let mut findings = self.findings.iter().map(|named| named.finding.span);
                            findings.any(|finding| finding.start < span.end && span.start < finding.end)
                        })
                    };
                    if at > 0 || has_finding(Some(0)) {
                        let weighty = has_finding(Some(at)) || has_finding(at.checked_sub(1));
                        pause = if weighty { PAUSE_AT_FINDING } else { PAUSE };
                    }
                    (self.speech.at, self.speech.span, self.speech.words) = (at, Some(*span), Some(words.clone()));
                }
                None => self.speech.stop(),
            }
        }
        let wanted = self.speech.words.clone().filter(|_| self.speech.state == State::Reading);
        if wanted == self.speech.saying {
            return Vec::new();
        }
        self.speech.saying.clone_from(&wanted);
        let reveal = wanted.is_some().then_some(Effect::Reveal { compose: id, highlight: SPOKEN });
        let speak = Effect::Speak {
            compose: id,
            text: wanted.unwrap_or_default(),
            pause,
            rate: settings.speech_rate,
            voice: settings.voice.clone(),
        };
        [speak].into_iter().chain(reveal).collect()
    }
}
