//! What crosses between the hands and the mind: a closed set of [`Event`]s one way and [`Effect`]s the other.
//!
//! Every offset here is in UTF-16 code units, because the hands count as the DOM does; nothing behind this file does.
//! The TypeScript types in `extension/content/protocol.d.ts` are generated from here (`./build.sh build`); a stale
//! file fails `./build.sh check`.

use serde::{Deserialize, Serialize};

/// Names one live compose window of the page, chosen by the hands, never used twice on a page.
pub type ComposeId = u32;

/// What the hands saw.
///
/// The hands write `{type: "closed", compose: 1}`; the frame hands it to serde as `{"closed": {…}}`. (Serde's own
/// reading of the first form would be a tenth of the wasm.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(tag = "type"))]
pub enum Event {
    /// A compose window appeared, or the frame was restarted while it was open.
    Opened {
        /// Which.
        compose: ComposeId,
        /// The conversation that it answers.
        thread: ThreadView,
        /// Its text.
        draft: DraftView,
    },
    /// The conversation was read again and differs.
    ThreadRead {
        /// In which compose.
        compose: ComposeId,
        /// The conversation.
        thread: ThreadView,
    },
    /// The text changed, by whatever hand. Answered only where something follows from it, as little does from most keys. Letters
    /// of a word may come late, several in one batch: see [`crate::urgent_words`].
    Typed {
        /// In which compose.
        compose: ComposeId,
        /// Counts the changes of this compose; every later one is greater.
        revision: u32,
        /// The revision that `edit` was made on; if the mind is not there, it asks for a resync.
        base: u32,
        /// The revision of the last [`Effect::Paint`] that was painted.
        painted: Option<u32>,
        /// Turns the text of `base` into the text of `revision`.
        edit: TextEdit,
        /// All regions of the new text.
        regions: Vec<RegionView>,
    },
    /// The hands want to be sure of the verdict on the text as it is.
    VerdictAsked {
        /// Of which compose.
        compose: ComposeId,
        /// As in [`Event::Typed`].
        painted: Option<u32>,
    },
    /// The whole text, again: the answer to [`Effect::Resync`].
    Resynced {
        /// Of which compose.
        compose: ComposeId,
        /// The text.
        draft: DraftView,
    },
    /// The writer points at a highlight, or (`highlight: None`) no longer points at one.
    Pointed {
        /// In which compose.
        compose: ComposeId,
        /// The highlight's id, from [`Effect::Paint`].
        highlight: Option<u32>,
    },
    /// The writer pressed the shortcut that goes to the next or the previous finding.
    Jumped {
        /// In which compose.
        compose: ComposeId,
        /// Where the caret is.
        caret: u32,
        /// Onwards, or back.
        forward: bool,
    },
    /// The writer came to a gap by Tab; it is selected.
    GapReached {
        /// In which compose.
        compose: ComposeId,
        /// The gap's id, from [`Effect::Paint`].
        highlight: u32,
    },
    /// The writer opened or closed the panel, by the pill or its shortcut.
    PanelToggled {
        /// Of which compose.
        compose: ComposeId,
    },
    /// The writer pressed something that a view offered.
    Pressed {
        /// In which compose.
        compose: ComposeId,
        /// The `data-action` of what was pressed, untouched.
        action: String,
        /// What is selected in the draft, if anything is.
        #[cfg_attr(test, ts(optional))]
        selected: Option<String>,
    },
    /// The writer pressed Escape, or pressed outside: card and panel go.
    Dismissed {
        /// In which compose.
        compose: ComposeId,
    },
    /// An [`Effect::Edit`] could not be carried out; nothing was changed.
    EditRefused {
        /// In which compose.
        compose: ComposeId,
    },
    /// The writer pressed what sends the mail, while [`Effect::Guard`] said to hold it. It has not gone.
    SendHeld {
        /// From which compose.
        compose: ComposeId,
        /// Whether it would go later, as a scheduled mail: that is reviewed, but waits for no cool-off.
        later: bool,
    },
    /// The writer pressed what sends the mail, and it went to the page.
    Sent {
        /// From which compose.
        compose: ComposeId,
    },
    /// What [`Effect::Speak`] asked for has ended.
    Spoken {
        /// In which compose.
        compose: ComposeId,
        /// How.
        end: SpeechEnd,
    },
    /// The compose is gone.
    Closed {
        /// Which.
        compose: ComposeId,
    },
}

/// What the hands shall do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Effect {
    /// Paint exactly these highlights, and no others, in this compose. With every later change of the text the hands move
    /// them by themselves: what it cuts goes, what it goes into grows or shrinks, and what is behind it moves.
    Paint {
        /// Where.
        compose: ComposeId,
        /// The revision they are for; on any other text they must not be painted.
        revision: u32,
        /// In order, not overlapping; only what is being read aloud lies over others, and comes last.
        highlights: Vec<Highlight>,
    },
    /// Show a view, or replace what it shows. Never two of card, panel and dialog at once: the mind hides one first.
    Show {
        /// For which compose.
        compose: ComposeId,
        /// Which.
        place: Place,
        /// Its content, HTML from the mind's own views, to pass through the hands' allow-list.
        html: String,
        /// The highlight it belongs to, for a card.
        anchor: Option<u32>,
        /// Whether the writer came by keyboard: then Enter, Escape, Tab and the arrows belong to the view.
        keyboard: bool,
    },
    /// Hide a view.
    Hide {
        /// Of which compose.
        compose: ComposeId,
        /// Which.
        place: Place,
    },
    /// Change the text, all of it or nothing, as one undo step, if it is still at `revision`.
    Edit {
        /// Of which compose.
        compose: ComposeId,
        /// The revision the offsets speak of.
        revision: u32,
        /// What to change: in order, not overlapping, all of them in terms of `revision`.
        edits: Vec<TextEdit>,
    },
    /// Scroll this highlight into view. The caret stays where the writer left it, unless it is a gap: that is selected.
    Reveal {
        /// In which compose.
        compose: ComposeId,
        /// Its id, from [`Effect::Paint`].
        highlight: u32,
    },
    /// Send the whole text: [`Event::Resynced`].
    Resync {
        /// Of which compose.
        compose: ComposeId,
    },
    /// Whether a send shall be held from now on, so that the hands can decide at once. Comes whenever that changes, and with
    /// whatever else there is to tell of a revision.
    Guard {
        /// Of which compose.
        compose: ComposeId,
        /// The revision that was judged.
        revision: u32,
        /// Whether to hold it and say [`Event::SendHeld`].
        hold: bool,
    },
    /// Let the send that was held last go, through the page's own control, once.
    Release {
        /// From which compose.
        compose: ComposeId,
    },
    /// Say this aloud, in place of what is being said, and answer with [`Event::Spoken`].
    Speak {
        /// In which compose.
        compose: ComposeId,
        /// What to say; nothing to stop.
        text: String,
        /// How long to wait before it, in milliseconds.
        pause: u32,
        /// How fast, in percent of the voice's own speed.
        rate: u32,
        /// The name of the voice; empty for the browser's choice.
        voice: String,
    },
}

/// How speaking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SpeechEnd {
    /// All of it was said.
    Said,
    /// This browser has no voice.
    NoVoice,
    /// It was cut short, or refused.
    Failed,
}

/// The four views.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Place {
    /// At the compose's corner, always there.
    Pill,
    /// At a highlight.
    Card,
    /// At the pill, when opened.
    Panel,
    /// Over the page, when a send is held.
    Dialog,
}

/// A range to paint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Highlight {
    /// Names it in events; the same finding keeps its id from one revision to the next.
    pub id: u32,
    /// First code unit.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Chooses the colour.
    pub severity: HighlightSeverity,
}

/// How loud a [`Highlight`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum HighlightSeverity {
    /// Could be kinder.
    Hint,
    /// Will make an upset reader angrier.
    Warning,
    /// An attack.
    Serious,
    /// Not a matter of tone: misspelt, or wrong grammar.
    Spelling,
    /// Being read aloud.
    Spoken,
    /// Still to be filled in, or to be chosen.
    Gap,
    /// A `/` with what was typed after it, which looks for a snippet.
    Slash,
}

/// Replace `start..end` by `insert`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TextEdit {
    /// First code unit that goes.
    pub start: u32,
    /// One past the last that goes.
    pub end: u32,
    /// What comes instead; lines are separated by `\n`.
    pub insert: String,
}

/// A draft as the hands read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DraftView {
    /// See [`Event::Typed`].
    pub revision: u32,
    /// The text; a quote or a signature block that the webmail marks is one U+FFFC on a line of its own.
    pub text: String,
    /// Where those are.
    pub regions: Vec<RegionView>,
}

/// A marked part of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RegionView {
    /// First code unit.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// What it is.
    pub kind: RegionViewKind,
}

/// What a [`RegionView`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum RegionViewKind {
    /// Earlier mail.
    Quote,
    /// The mail client's own signature.
    Signature,
}

/// A conversation as the hands read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ThreadView {
    /// The addressee's display name or, where there is none, nothing.
    pub recipient: Option<String>,
    /// The addressee's mail address, where it is known.
    pub address: Option<String>,
    /// The address that the mail is sent from, where the page shows it.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub sender: Option<String>,
    /// What the mail is about.
    pub subject: Option<String>,
    /// Names this conversation, or the draft, across page loads and browser restarts, with the host it is on; nothing
    /// where the webmail gives no such name.
    pub key: Option<String>,
    /// Oldest first.
    pub messages: Vec<MessageView>,
}

/// One mail of a [`ThreadView`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageView {
    /// Whether the writer's own side wrote it.
    pub mine: bool,
    /// Its plain text.
    pub text: String,
    /// When it was sent, in seconds since 1970, where the page says so.
    #[cfg_attr(test, ts(optional))]
    pub sent: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use ts_rs::TS as _;

    /// The hands' side of this file. `COMPOSURE_WRITE_TYPES=1` writes it (`./build.sh build` does); otherwise it must
    /// be what is checked in.
    #[test]
    fn typescript_types_are_current() {
        let declarations = [
            "type ComposeId = number;".to_owned(),
            Event::decl(),
            Effect::decl(),
            SpeechEnd::decl(),
            Place::decl(),
            Highlight::decl(),
            HighlightSeverity::decl(),
            TextEdit::decl(),
            DraftView::decl(),
            RegionView::decl(),
            RegionViewKind::decl(),
            ThreadView::decl(),
            MessageView::decl(),
        ];
        let mut file = "// Generated from src/session/protocol.rs by `./build.sh build`: change it there.\n".to_owned();
        for declaration in declarations {
            file.push_str(&format!("\nexport {declaration}\n"));
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../extension/content/protocol.d.ts");
        if std::env::var_os("COMPOSURE_WRITE_TYPES").is_some() {
            std::fs::write(path, &file).expect("writing the types");
        }
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        assert!(checked_in == file, "extension/content/protocol.d.ts is stale: run `./build.sh build`");
    }

    /// The shapes that the hands rely on, as JSON.
    #[test]
    fn events_and_effects_keep_their_shape() {
        let event = Event::Typed {
            compose: 3,
            revision: 5,
            base: 4,
            painted: None,
            edit: TextEdit { start: 1, end: 2, insert: "x".to_owned() },
            regions: vec![RegionView { start: 7, end: 8, kind: RegionViewKind::Quote }],
        };
        let json = serde_json::json!({"typed": {"type": "typed", "compose": 3, "revision": 5, "base": 4, "painted": null,
            "edit": {"start": 1, "end": 2, "insert": "x"}, "regions": [{"start": 7, "end": 8, "kind": "quote"}]}});
        assert_eq!(serde_json::from_value::<Event>(json).expect("an event"), event);

        let effect =
            Effect::Show { compose: 3, place: Place::Pill, html: "<p>".to_owned(), anchor: None, keyboard: false };
        let json = serde_json::json!({"type": "show", "compose": 3, "place": "pill", "html": "<p>", "anchor": null, "keyboard": false});
        assert_eq!(serde_json::to_value(&effect).expect("json"), json);
    }

    /// What is not an event is refused, not guessed.
    #[test]
    fn malformed_events_are_errors() {
        for json in [
            serde_json::json!(null),
            serde_json::json!({"typed": {}}),
            serde_json::json!({"launch": {"compose": 1}}),
            serde_json::json!({"closed": {"compose": -1}}),
            serde_json::json!({"closed": {"compose": "1"}}),
        ] {
            assert!(serde_json::from_value::<Event>(json.clone()).is_err(), "{json}");
        }
    }
}
