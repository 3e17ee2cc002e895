//! When a send is held.

use std::collections::VecDeque;

use crate::compose::Compose;
use crate::settings::Settings;

/// A send that is held, and what its dialog shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// Whether the mail would go later.
    pub(crate) later: bool,
    /// The writer's own length of a cool-off, in minutes.
    pub(crate) own_wait: u32,
}

/// Rules whose findings are held at any heat.
const ATTACKS: [&str; 3] = ["insult", "threat", "profanity"];

/// Whether a draft is so hot that sending it wants a second look.
pub(crate) fn is_hot(compose: &Compose, settings: &Settings) -> bool {
    settings.guard
        && (compose.heat >= settings.heat_to_hold()
            || compose.findings.iter().any(|named| ATTACKS.contains(&named.finding.rule.id)))
}

/// Whether a snippet left something open in a draft.
pub(crate) fn is_open(compose: &Compose, settings: &Settings) -> bool {
    settings.guard && !compose.picker.gaps.is_empty()
}

/// Whether a draft is hot or has gaps, and was not let go already as it is.
pub(crate) fn wants_a_look(compose: &Compose, settings: &Settings, let_go: &LetGo) -> bool {
    (is_hot(compose, settings) || is_open(compose, settings))
        && (let_go.texts.is_empty() || !let_go.has(&compose.text()))
}

/// How many are remembered: an undone send comes back within seconds.
const REMEMBERED: usize = 8;

/// What the writer sent, or chose to send as it is: the same words are not held a second time, also when the webmail's
/// own undo brings them back in another compose.
#[derive(Debug, Default)]
pub(crate) struct LetGo {
    /// With the number and the conversation of the mail, where it was to be kept.
    texts: VecDeque<(String, Option<(u32, String)>)>,
}

impl LetGo {
    pub(crate) fn add(&mut self, text: &str, record: Option<(u32, String)>) {
        if self.texts.len() == REMEMBERED {
            self.texts.pop_front();
        }
        self.texts.push_back((words_of(text), record));
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        let words = words_of(text);
        self.texts.iter().any(|(one, _)| *one == words)
    }

    /// The number of the mail that was sent with these words in this conversation.
    pub(crate) fn record_of(&self, text: &str, conversation: Option<&str>) -> Option<u32> {
        let (words, conversation) = (words_of(text), conversation?);
        self.texts.iter().rev().find_map(|(one, record)| {
            let (number, of) = record.as_ref()?;
            (*one == words && of == conversation).then_some(*number)
        })
    }
}

/// A text without what a webmail may add or take away when it shows the same draft again: white space, and the marks of
/// its quotes and signatures.
fn words_of(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c == '\u{FFFC}')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_let_go_and_no_others() {
        let mut let_go = LetGo::default();
        assert!(!let_go.has(""));
        let_go.add("You fool.\n\nDana\n\u{FFFC}", Some((3, "of Gary".to_owned())));
        for (text, conversation, record) in [
            ("You fool. Dana", Some("of Gary"), Some(3)),
            ("You fool. Dana", Some("of Mei"), None),
            ("You fool. Dana", None, None),
            ("You", Some("of Gary"), None),
        ] {
            assert_eq!(let_go.record_of(text, conversation), record, "{text} {conversation:?}");
        }
        assert!(let_go.has("You fool.\n\nDana"));
        assert!(!let_go.has("You fools.\n\nDana"));
        for number in 0..REMEMBERED {
            let_go.add(&number.to_string(), None);
        }
        assert!(!let_go.has("You fool. Dana") && let_go.has("7"));
    }
}
