//! The learned reader: a second opinion that comes when typing pauses, and whose absence harms nothing.

use std::fs;
use std::path::Path;

pub use composure_tests::browser::copy;
use composure_tests::browser::{Browser, Key};
use composure_tests::mailbox::Mailbox;
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{TENSE, press, wait_card, wait_painted_somewhere};
use crate::options::{open, stored};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("reader::it_hears_what_no_pattern_lists", it_hears_what_no_pattern_lists),
    ("reader::it_can_be_switched_off", it_can_be_switched_off),
    ("reader::without_its_file_all_else_works", without_its_file_all_else_works),
    ("reader::a_wrong_file_harms_nothing", a_wrong_file_harms_nothing),
    ("reader::without_it_a_pause_shows_what_is_half_written", without_it_a_pause_shows_what_is_half_written),
];

/// A dig in words of its own: no rule knows it.
const DIG: &str = "My goldfish follows instructions better than you do.";
/// Nothing to hear here.
const CALM: &str = "Thank you for the photo, it helps a lot.";

fn it_hears_what_no_pattern_lists(desk: &Desk) {
    let browser = desk.fresh();
    let reply = Mailbox::open(&browser, "").reply(0);
    browser.type_text(&format!("Hello Gary,\n\n{CALM}\n\n{TENSE}\n\n{DIG}"));
    wait_painted_somewhere(&reply);
    let heard = |browser: &Browser| {
        browser
            .wait("what the reader hears", || browser.painted().into_iter().find(|painted| DIG.contains(&painted.text)))
    };
    let painted = heard(&browser);
    assert!(reply.painted_words().iter().all(|words| !CALM.contains(words)), "{:?}", reply.painted_words());
    // It keeps its place while one types before it, and while one goes on with its sentence.
    browser.press(&[Key::Control, Key::Home]);
    browser.type_text("Good morning! ");
    assert_eq!(heard(&browser).text, painted.text);
    browser.press(&[Key::Control, Key::End]);
    browser.type_text(" Dana");
    assert_eq!(heard(&browser).text, painted.text);
    // It has a card like any other, and is muted like any other.
    browser.point_at(heard(&browser).rect.centre());
    press(&browser, wait_card(&browser).button("mute").expect("the card can mute it"));
    browser.wait("it to be muted", || browser.painted().iter().all(|one| !DIG.contains(&one.text)).then_some(()));
}

fn it_can_be_switched_off(desk: &Desk) {
    let browser = desk.fresh();
    open(&browser);
    assert_eq!(browser.js("return document.getElementById('reader').checked", json!([])), true);
    browser.click("#reader");
    browser.wait("it to be stored", || (stored(&browser, "settings")["reader"] == false).then_some(()));
    open(&browser);
    assert_eq!(browser.js("return document.getElementById('reader').checked", json!([])), false);
    browser.click("#reader");
    browser.wait("it to be stored", || (stored(&browser, "settings")["reader"] == true).then_some(()));
}

/// A copy of the extension, and of it what `change` makes.
pub fn changed(desk: &Desk, change: impl Fn(&Path)) -> (tempfile::TempDir, Browser) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&composure_tests::dist(), folder.path());
    change(folder.path());
    let browser = desk.with(folder.path().to_path_buf());
    (folder, browser)
}

fn without_its_file_all_else_works(desk: &Desk) {
    let (_folder, browser) = changed(desk, |extension| fs::remove_dir_all(extension.join("reader")).expect("removed"));
    open(&browser);
    assert_eq!(browser.js("return document.getElementById('reader').disabled", json!([])), true);
    let section = browser.text("return document.querySelector('[aria-labelledby=second-opinion]').innerText");
    assert!(section.contains("without the learned reader"), "{section}");
    works(&browser);
}

fn a_wrong_file_harms_nothing(desk: &Desk) {
    let (_folder, browser) = changed(desk, |extension| {
        let file = extension.join("reader/reader.safetensors");
        let mut bytes = fs::read(&file).expect("the reader's file");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&file, bytes).expect("written");
    });
    works(&browser);
}

fn without_it_a_pause_shows_what_is_half_written(desk: &Desk) {
    let (_folder, browser) = changed(desk, |extension| fs::remove_dir_all(extension.join("reader")).expect("removed"));
    let reply = Mailbox::open(&browser, "").reply(0);
    // The next word could be a guard.
    browser.type_text("Hello Gary,\n\nNow calm down");
    assert_eq!(wait_painted_somewhere(&reply).into_iter().map(|one| one.text).collect::<Vec<_>>(), ["calm down"]);
}

/// Rules find as ever, however the reader fares. (When it fails is not to be seen from outside in Chromium; that a wrong file
/// is refused is a unit test of `src/reader-web`.)
fn works(browser: &Browser) {
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    browser.press(&[Key::Control, Key::End]);
    browser.type_text(" You are an idiot.");
    reply.wait_painted(&["You failed to attach the receipt", "You are an idiot"]);
}
