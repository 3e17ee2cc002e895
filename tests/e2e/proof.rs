//! Proofreading: only when asked for, in its own colour and with the same card, and without harm where it is missing.

use std::fs;
use std::time::{Duration, Instant};

use composure_tests::browser::{Browser, Key, PATIENCE, Painted};
use composure_tests::mailbox::{Compose, Mailbox};
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{assert_calm, inner_text, panel, press, take_suggestion, wait_card, wait_painted_somewhere};
use crate::options::{open, reset, stored};
use crate::reader::changed;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("proof::a_mistake_is_found_mended_and_undone", a_mistake_is_found_mended_and_undone),
    ("proof::a_word_is_added_to_the_dictionary", a_word_is_added_to_the_dictionary),
    ("proof::without_its_module_it_is_said", without_its_module_it_is_said),
];

const CALM: &str = "Thank you for your patience, Gary. You will recieve the parcel tomorrow.";

/// Presses "Spelling check", and waits for what is found: a dictionary is loaded first.
#[track_caller]
fn check(browser: &Browser, compose: &Compose) -> Vec<Painted> {
    let button = browser.wait("the button", || panel(browser).button("proofread").cloned());
    press(browser, &button);
    let start = Instant::now();
    while compose.painted().is_empty() {
        assert!(start.elapsed() < 3 * PATIENCE, "no mistake was found in {}", compose.html());
        std::thread::sleep(Duration::from_millis(50));
    }
    let listed = browser.wait("the panel's list", || browser.surface().button("go-to").cloned());
    assert!(listed.text.contains("Spelling"), "{listed:?}");
    compose.painted()
}

fn a_mistake_is_found_mended_and_undone(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(CALM);
    let painted = check(browser, &reply);
    let found: Vec<_> = painted.iter().map(|one| (one.name.as_str(), one.text.as_str())).collect();
    assert_eq!(found, [("composure-spelling", "recieve")]);

    browser.press(&[Key::Escape]);
    browser.wait("the panel to close", || browser.surface().panels.is_empty().then_some(()));
    take_suggestion(browser, &reply.painted()[0]);
    reply.wait_painted(&[]);
    let mended = CALM.replace("recieve", "receive");
    assert!(inner_text(&reply).starts_with(&mended), "{}", inner_text(&reply));
    // One step back; and what is written is checked as long as the proofreader is there.
    reply.undo();
    reply.wait_painted(&["recieve"]);
    assert!(inner_text(&reply).starts_with(CALM), "{}", inner_text(&reply));
    browser.type_text(" It is definately on its way.");
    let painted = reply.wait_painted(&["recieve", "definately"]);

    // The keyboard gets there too.
    browser.press(&[Key::Alt, Key::Char('.')]);
    let card = wait_card(browser);
    assert!(card.cards[0].text.contains("not in the dictionary"), "{card:?}");
    browser.press(&[Key::Escape]);
    // "Ignore in this mail" is for this mail.
    browser.point_at(painted[0].rect.centre());
    press(browser, wait_card(browser).button("ignore").expect("the card can ignore it"));
    reply.wait_painted(&["definately"]);
    assert_calm(&mailbox);
}

fn a_word_is_added_to_the_dictionary(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("Thank you for your patience, Gary. Your frobnitz is ready.");
    check(browser, &reply);
    press(browser, browser.surface().button("go-to").expect("the panel lists it"));
    press(browser, wait_card(browser).button("learn").expect("the card can learn it"));
    reply.wait_painted(&[]);

    open(browser);
    assert_eq!(stored(browser, "settings")["dictionary"], json!(["frobnitz"]));
    let listed = || {
        browser
            .js("return [...document.querySelectorAll('#dictionary .name')].map(word => word.textContent)", json!([]))
    };
    assert_eq!(listed(), json!(["frobnitz"]));
    browser.click("#word");
    browser.type_text(" zilborg \n");
    browser.wait("the word to be listed", || (listed() == json!(["frobnitz", "zilborg"])).then_some(()));
    browser.click("[data-forget='frobnitz']");
    browser.wait("the word to go", || (listed() == json!(["zilborg"])).then_some(()));
    assert_eq!(stored(browser, "settings")["dictionary"], json!(["zilborg"]));
    reset(browser);
}

fn without_its_module_it_is_said(desk: &Desk) {
    let (_folder, browser) = changed(desk, |extension| {
        fs::remove_file(extension.join("wasm/proof_bg.wasm")).expect("removed");
    });
    let reply = Mailbox::open(&browser, "").reply(0);
    browser.type_text(CALM);
    press(&browser, &browser.wait("the button", || panel(&browser).button("proofread").cloned()));
    browser.wait("the panel to say so", || {
        browser.surface().panels.first().is_some_and(|panel| panel.text.contains("not in this package")).then_some(())
    });
    assert_eq!(reply.painted_words(), Vec::<String>::new());
    // All else works.
    browser.press(&[Key::Escape]);
    reply.click_into();
    browser.press(&[Key::Control, Key::End]);
    browser.type_text(" You failed to attach the receipt.");
    wait_painted_somewhere(&reply);
}
