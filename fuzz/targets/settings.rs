//! Anything in the place of what is stored: settings, cool-offs, records, own snippets, habits. What cannot be read is refused; what
//! can is written again as the same, and can be worked with.
#![no_main]

use std::fmt::Debug;

use composure_session::*;
use composure_snippets::{Calendar, Habits, Library, Own, Values, Wanted};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads it, and sees that it is written as it was read.
fn read<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> Option<T> {
    let value: T = serde_json::from_str(json).ok()?;
    let written = serde_json::to_string(&value).expect("what is stored is JSON");
    assert_eq!(serde_json::from_str::<T>(&written).ok().as_ref(), Some(&value));
    Some(value)
}

// A seed reads as what it means: settings, cool-offs, a record, habits, then own snippets, with a NUL between them.
fuzz_target!(|input: &str| {
    let mut parts = input.split('\0');
    let mut part = || parts.next().unwrap_or_default();
    let settings: Option<Settings> = read(part());
    let cool_offs: Vec<CoolOff> = read(part()).unwrap_or_default();
    if let Some(record) = read::<Record>(part()) {
        // It is found by its key.
        assert_eq!(Record::time_of(&Record::key(record.time, 7)), Some(record.time));
        let _ = Record::check_version(Some(record.version));
    }
    let habits: Habits = read(part()).unwrap_or_default();
    let own: Vec<Own> = parts.filter_map(read).collect();

    let version = settings.as_ref().map(|settings| settings.version);
    let settings = settings.filter(|_| Settings::check_version(version).is_ok()).unwrap_or_default();
    let calendar = Calendar { days: vec!["today".to_owned(), "tomorrow".to_owned()], weekday: 9 };
    let library = Library::new(Vec::new(), own, &habits, calendar);
    let ids: Vec<String> = library.entries.iter().map(|entry| entry.snippet.id.clone()).collect();
    for entry in &library.entries {
        composure_snippets::check(&entry.snippet.text);
        let filled = composure_snippets::fill(&entry.snippet.text, &Values::default(), &library.calendar);
        assert!(filled.gaps.iter().all(|gap| filled.text.get(gap.start..gap.end).is_some()));
    }
    let found =
        composure_snippets::search(&library.entries, &Wanted { query: "late", unmet: &["apology"], thread: "Late!" });
    assert!(found.iter().all(|place| *place < library.entries.len()));

    let mut session = Session::new(settings, "23 November 2026".to_owned());
    session.set_library(library);
    session.set_cool_offs(cool_offs, 1_795_000_000_000);
    let thread = ThreadView {
        sender: Some("help@shop.example".to_owned()),
        key: Some("mail.test/1".to_owned()),
        messages: vec![MessageView { mine: false, text: "WHERE IS MY REFUND???".to_owned(), sent: None }],
        ..ThreadView::default()
    };
    let draft = DraftView { text: "Hi,\n\nyou are an idiot.".to_owned(), ..DraftView::default() };
    session.update(Event::Opened { compose: 1, thread, draft });
    session.update(Event::PanelToggled { compose: 1 });
    let mut press = |action: &str| {
        let outcome = session.update(Event::Pressed { compose: 1, action: action.to_owned(), selected: None });
        outcome.effects.iter().for_each(|effect| {
            if let Effect::Edit { edits, .. } = effect {
                assert!(edits.iter().all(|edit| edit.start <= edit.end && edit.end <= 23), "{edits:?}");
            }
        });
    };
    ["insert signature", "insert next-step", "read-aloud", "proofread", "walk", "back", "snippets"]
        .into_iter()
        .for_each(&mut press);
    for id in ids {
        press("snippets");
        press(&format!("pick {id}"));
    }
    session.update(Event::SendHeld { compose: 1, later: false });
    session.update(Event::Sent { compose: 1 });
});
