//! Drafts in other languages are left alone, and no English one is.

use composure_session::{DraftView, Effect, Event, Session, Settings, ThreadView};
use composure_tests::axe;
use composure_tests::browser::Browser;
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{inner_text, panel, press, wait_painted_somewhere};
use crate::guard::{HOT, button, wait_dialog};
use crate::options;
use composure_tests::mailbox::Mailbox;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("foreign::it_is_left_alone_until_its_writer_wants_it_read", it_is_left_alone_until_its_writer_wants_it_read),
    ("foreign::an_english_paragraph_below_it_is_read", an_english_paragraph_below_it_is_read),
    (
        "foreign::no_english_draft_is_silenced_and_hardly_another_read",
        no_english_draft_is_silenced_and_hardly_another_read,
    ),
];

const GERMAN: &str =
    "Es tut mir leid, dass Ihr Paket noch nicht da ist. Ich frage heute nach und melde mich am Donnerstag bei Ihnen.";

/// Waits until the pill says this.
#[track_caller]
fn wait_pill(browser: &Browser, words: &str) {
    browser.wait_saying(
        || format!("“{words}” in the pills {:?}", browser.surface().pills),
        || browser.surface().pills.iter().any(|pill| pill.label.contains(words)).then_some(()),
    );
}

fn it_is_left_alone_until_its_writer_wants_it_read(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(&format!("{GERMAN} Das haben Sie doch selbst bestellt, you idiot, und nicht gelesen."));
    wait_pill(browser, "This looks like German.");
    reply.wait_painted(&[]);
    let surface = panel(browser);
    assert!(surface.panels[0].text.contains("This looks like German. Composure reads English"), "{surface:?}");
    axe::assert_surface(browser);
    press(browser, surface.button("read-anyway").expect("a way to have it read"));
    wait_painted_somewhere(&reply);
    wait_pill(browser, "to mend");
    // Typed on, it stays so.
    reply.click_into();
    browser.type_text(" Bis dann und viele liebe Grüße.");
    browser.wait("the words", || inner_text(&reply).contains("Grüße").then_some(()));
    browser.settled("the pill", || browser.surface().pills);
    wait_pill(browser, "to mend");
    reply.send();
    wait_dialog(browser);
    press(browser, &button(browser, "send-anyway"));
    browser.wait("the mail to be sent", || (!mailbox.sent().is_empty()).then_some(()));
}

fn an_english_paragraph_below_it_is_read(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(GERMAN);
    wait_pill(browser, "This looks like German.");
    browser.type_text(&format!("\n\n{HOT}"));
    browser.wait("the attack", || reply.painted_words().iter().any(|words| HOT.contains(words.as_str())).then_some(()));
    reply.send();
    wait_dialog(browser);
}

/// So much of a text as has so many letters.
fn beginning(text: &str, letters: usize) -> &str {
    let mut seen = 0;
    let end = text.char_indices().find(|(_, c)| {
        seen += usize::from(c.is_alphabetic());
        seen > letters
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// The English drafts that the reader learns from, without their marks.
fn english() -> Vec<String> {
    let folder = composure_tests::root().join("training/drafts");
    let files = std::fs::read_dir(folder).expect("the drafts").map(|file| file.expect("a file").path());
    let texts = files.map(|file| std::fs::read_to_string(file).expect("text"));
    let mut drafts = Vec::new();
    for text in texts {
        for case in text.split("--- draft\n").skip(1) {
            let draft = case.split("\n--- ").next().unwrap_or_default();
            let mut parts = draft.split("[[");
            let first = parts.next().unwrap_or_default();
            let unmarked = parts.map(|part| part.split_once('|').map_or(part, |(_, words)| words));
            let words: String = std::iter::once(first).chain(unmarked).collect();
            drafts.push(words.replace("]]", ""));
        }
    }
    drafts
}

/// Of these drafts, those that would be left alone: by the browser's own detector, and what the session makes of its answer.
fn left_alone<'a>(browser: &Browser, drafts: &[&'a str]) -> Vec<&'a str> {
    let script = format!(
        "const done = arguments[0];
         const seen = async (text) => {{
             const {{ isReliable, languages: [most] }} = await (window.browser ?? chrome).i18n.detectLanguage(text);
             return isReliable && most ? most.language : null;
         }};
         Promise.all({}.map(seen)).then(done, error => done(String(error)))",
        json!(drafts)
    );
    let seen = browser.js_async(&script);
    let seen = seen.as_array().unwrap_or_else(|| panic!("{seen}"));
    let is_quiet = |draft: &str, language: &Value| {
        let mut session = Session::new(Settings::default(), String::new());
        let draft = DraftView { text: draft.to_owned(), ..DraftView::default() };
        session.update(Event::Opened { compose: 1, thread: ThreadView::default(), draft });
        let outcome = session.language_seen(1, 0, language.as_str().map(|code| (code, "another")));
        let says = |effect: &Effect| matches!(effect, Effect::Show { html, .. } if html.contains("looks like another"));
        outcome.effects.iter().any(says)
    };
    drafts.iter().zip(seen).filter(|(draft, language)| is_quiet(draft, language)).map(|(draft, _)| *draft).collect()
}

fn no_english_draft_is_silenced_and_hardly_another_read(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    let drafts = english();
    assert!(drafts.len() > 4_000, "{}", drafts.len());
    // As they stand, and while they are being written.
    for letters in [80, 120, usize::MAX] {
        let drafts: Vec<&str> = drafts.iter().map(|draft| beginning(draft, letters)).collect();
        let silenced: Vec<&str> = drafts.chunks(1_000).flat_map(|some| left_alone(browser, some)).collect();
        println!("{}: silenced at {letters} letters: {} of {}", browser.kind, silenced.len(), drafts.len());
        assert!(silenced.len() * 1_000 <= drafts.len(), "at {letters} letters: {silenced:?}");
    }
    let others: Vec<&str> = include_str!("foreign.txt").split("# ").skip(1).map(|block| &block[3..]).collect();
    let silenced = left_alone(browser, &others);
    let read: Vec<&&str> = others.iter().filter(|draft| !silenced.contains(draft)).collect();
    println!("{}: read in other languages: {} of {}", browser.kind, read.len(), others.len());
    assert!(others.len() >= 30 && read.len() * 20 <= others.len(), "{read:?}");
}
