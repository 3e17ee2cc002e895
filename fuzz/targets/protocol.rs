//! Any JSON in the place of every message that the mind takes: what is no event is refused, what is one does no harm, however little
//! sense it makes, and the whole text again (`resynced`) sets everything right.
#![no_main]

use std::collections::BTreeMap;

use composure_session::*;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const TEXT: &str = "Hi Gary,\n\nYou failed to attach the receipt, you idiot. \u{1F642}\n\u{FFFC}\n";
const KINDS: &[&str] = &[
    "opened",
    "thread-read",
    "typed",
    "verdict-asked",
    "resynced",
    "pointed",
    "jumped",
    "gap-reached",
    "panel-toggled",
    "pressed",
    "dismissed",
    "edit-refused",
    "send-held",
    "sent",
    "spoken",
    "closed",
    "launch",
    "",
];
const FIELDS: &[&str] = &[
    "thread",
    "draft",
    "revision",
    "base",
    "painted",
    "edit",
    "regions",
    "highlight",
    "caret",
    "forward",
    "action",
    "selected",
    "later",
    "end",
    "start",
    "insert",
    "text",
    "kind",
    "recipient",
    "address",
    "sender",
    "subject",
    "key",
    "messages",
    "mine",
    "compose",
    "__proto__",
];
const TEXTS: &[&str] = &[
    "quote",
    "signature",
    "said",
    "no-voice",
    "failed",
    "",
    "You are an idiot.",
    "\n\n> quoted\n",
    "/late",
    "\u{1F642}",
    "e\u{301}",
    "take 1 0",
    "mute insult",
    "unmute-all",
    "insert apology",
    "calm",
    "calm-all",
    "walk",
    "mend",
    "send-anyway",
    "cool-off 10",
    "proofread",
    "read-aloud",
    "turn-off insult",
    "snippets",
    "letter",
    "close",
    "{customer}",
    "mail.test/1",
];

// A seed is an event a line, as the hands write it; anything that does not begin so is bytes to make events from.
fuzz_target!(|bytes: &[u8]| {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let events: Vec<Value> = if text.starts_with('{') {
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    } else {
        let mut source = Unstructured::new(bytes);
        (0..24).map_while(|_| if source.is_empty() { None } else { event(&mut source).ok() }).collect()
    };
    let mut session = Session::new(Settings::default(), "23 November 2026".to_owned());
    session.update(Event::Opened { compose: 1, thread: ThreadView::default(), draft: draft(0) });
    for event in events {
        // As the frame does it: `{type: "closed", …}` becomes `{"closed": {…}}`.
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut tagged = serde_json::Map::new();
        tagged.insert(kind, event);
        let Ok(event) = serde_json::from_value::<Event>(Value::Object(tagged)) else { continue };
        let again = serde_json::to_value(&event).and_then(serde_json::from_value::<Event>);
        assert_eq!(again.ok().as_ref(), Some(&event));
        let outcome = session.update(event);
        assert!(serde_json::to_value(&outcome.effects).is_ok());
    }
    // It may be closed by now.
    if session.update(Event::PanelToggled { compose: 1 }) != Outcome::default() {
        session.update(Event::Opened { compose: 3, thread: ThreadView::default(), draft: draft(0) });
        assert_eq!(painted(&mut session, 1), painted(&mut session, 3), "not set right");
    }
});

fn draft(revision: u32) -> DraftView {
    let end = TEXT.encode_utf16().count() as u32 - 1;
    let regions = vec![RegionView { start: end - 1, end, kind: RegionViewKind::Quote }];
    DraftView { revision, text: TEXT.to_owned(), regions }
}

/// The places that a compose paints for its tone once it has the whole text again, with nothing muted and nothing open.
fn painted(session: &mut Session, compose: ComposeId) -> BTreeMap<(u32, u32), HighlightSeverity> {
    session.update(Event::ThreadRead { compose, thread: ThreadView::default() });
    session.update(Event::Pressed { compose, action: "unmute-all".to_owned(), selected: None });
    session.update(Event::Dismissed { compose });
    // First none, so that all of it is painted anew.
    session.update(Event::Resynced { compose, draft: DraftView { revision: u32::MAX, ..DraftView::default() } });
    let effects = session.update(Event::Resynced { compose, draft: draft(u32::MAX) }).effects;
    let last = effects.into_iter().rev().find_map(|effect| match effect {
        Effect::Paint { compose: of, highlights, .. } if of == compose => Some(highlights),
        _ => None,
    });
    let of_tone = |one: &Highlight| {
        use HighlightSeverity::{Hint, Serious, Warning};
        [Hint, Warning, Serious].contains(&one.severity)
    };
    let last = last.unwrap_or_default().into_iter().filter(of_tone);
    last.map(|one| ((one.start, one.end), one.severity)).collect()
}

fn pick<'l>(source: &mut Unstructured<'_>, list: &[&'l str]) -> Result<&'l str> {
    source.choose(list).copied()
}

/// An event that is one, or is nearly one.
fn event(source: &mut Unstructured<'_>) -> Result<Value> {
    let mut event = json!({ "type": pick(source, KINDS)?, "compose": source.int_in_range(0..=2u32)? });
    for field in FIELDS {
        // Serde passes over what a kind does not have; each is there mostly, and mostly in its own shape.
        if !source.ratio(1, 16)? {
            event[*field] = if source.ratio(1, 16)? { any(source, 2)? } else { fitting(source, field)? };
        }
    }
    Ok(event)
}

fn number(source: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match source.int_in_range(0..=9u8)? {
        0 => json!(u32::MAX),
        1 => json!(source.arbitrary::<u32>()?),
        _ => json!(source.int_in_range(0..=80u32)?),
    })
}

fn text(source: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match source.int_in_range(0..=3u8)? {
        0 => json!(source.arbitrary::<&str>()?),
        1 => json!(pick(source, TEXTS)?.repeat(source.int_in_range(1..=4)?)),
        _ => json!(pick(source, TEXTS)?),
    })
}

/// What such a field holds.
fn fitting(source: &mut Unstructured<'_>, field: &str) -> Result<Value> {
    Ok(match field {
        "compose" => json!(source.int_in_range(0..=2u32)?),
        "revision" | "base" | "caret" | "start" | "highlight" => number(source)?,
        "forward" | "later" | "mine" => json!(source.arbitrary::<bool>()?),
        // A number in an edit or a region, a word in what was spoken.
        "end" => json!(pick(source, &["said", "no-voice", "failed"])?),
        "edit" => json!({ "start": number(source)?, "end": number(source)?, "insert": text(source)? }),
        "regions" => {
            let kinds = ["quote", "signature"];
            let mut all = Vec::new();
            for _ in 0..source.int_in_range(0..=2u8)? {
                all.push(json!({ "start": number(source)?, "end": number(source)?, "kind": pick(source, &kinds)? }));
            }
            json!(all)
        }
        "draft" => {
            let regions = fitting(source, "regions")?;
            json!({ "revision": number(source)?, "text": text(source)?, "regions": regions })
        }
        "thread" => {
            let mut messages = Vec::new();
            for _ in 0..source.int_in_range(0..=2u8)? {
                messages.push(
                    json!({ "mine": source.arbitrary::<bool>()?, "text": text(source)?, "sent": number(source)? }),
                );
            }
            let [recipient, address, subject, key] = [(); 4].map(|()| text(source));
            json!({
                "recipient": recipient?, "address": address?, "subject": subject?, "key": key?, "sender": null,
                "messages": messages,
            })
        }
        _ => text(source)?,
    })
}

/// Anything that JSON can say.
fn any(source: &mut Unstructured<'_>, depth: u8) -> Result<Value> {
    Ok(match source.int_in_range(0..=if depth == 0 { 5 } else { 7 })? {
        0 => Value::Null,
        1 => json!(source.arbitrary::<bool>()?),
        2 => json!(source.arbitrary::<i64>()?),
        3 => json!(source.arbitrary::<f64>()?),
        4 => number(source)?,
        5 => text(source)?,
        6 => json!([any(source, depth - 1)?, any(source, depth - 1)?]),
        _ => json!({ pick(source, FIELDS)?: any(source, depth - 1)?, pick(source, FIELDS)?: any(source, depth - 1)? }),
    })
}
