//! The interface in the writer's language: nothing of it is left in English but what is about the English text.

use std::collections::BTreeMap;

use composure_tests::axe;
use composure_tests::browser::{Browser, Key};
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{ANGRY, panel, press, wait_card, wait_painted_somewhere};
use crate::guard::{HOT, wait_dialog, write};
use crate::options::{self, reset, store, stored};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("language::the_mail_s_surfaces_speak_it", the_mail_s_surfaces_speak_it),
    ("language::the_pages_speak_it_and_hold_it", the_pages_speak_it_and_hold_it),
    ("language::it_is_chosen_in_the_options", it_is_chosen_in_the_options),
    ("language::it_is_the_browser_s_where_none_is_chosen", it_is_the_browser_s_where_none_is_chosen),
];

/// The languages beside English.
const LANGUAGES: [&str; 4] = ["de", "es", "fr", "pt"];

/// The texts of a language that differ from their English, by that.
fn words(language: &str) -> BTreeMap<String, String> {
    let file = composure_tests::root().join(format!("extension/_locales/{language}/messages.json"));
    let text = std::fs::read_to_string(file).expect("a catalogue");
    let all: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
    let part = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let pairs = all.values().map(|entry| (part(entry, "description"), part(entry, "message")));
    pairs.filter(|(english, said)| !english.is_empty() && english != said).collect()
}

/// A function that lists the texts below `this`, shown and not marked as English, and the labels of its elements.
const TEXTS: &str = "function () {
    if (this.host && this.host.localName !== 'composure-surface') return null;
    const root = this.host ? this : document.documentElement;
    const found = [];
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { data, parentElement: element } = texts.currentNode;
        if (data.trim() && element && !element.closest('[lang=en], script, style')) found.push(data.trim());
    }
    for (const element of root.querySelectorAll('[aria-label], [placeholder]'))
        if (!element.closest('[lang=en]')) found.push(element.getAttribute('aria-label') ?? element.placeholder);
    return found;
}";

/// Fails if a text is English that the language has other words for; gives all of them.
#[track_caller]
fn assert_spoken(texts: &Value, words: &BTreeMap<String, String>, place: &str) -> Vec<String> {
    let texts: Vec<String> =
        texts.as_array().into_iter().flatten().filter_map(|text| text.as_str()).map(str::to_owned).collect();
    let english: Vec<&String> = texts.iter().filter(|text| words.contains_key(*text)).collect();
    assert!(english.is_empty(), "{place}: {english:?}");
    texts
}

/// What is shown in the mail.
#[track_caller]
fn assert_surface_spoken(browser: &Browser, place: &str, wanted: &str) {
    let words = words("de");
    let texts = browser.in_surface(TEXTS).into_iter().next().unwrap_or_default();
    let texts = assert_spoken(&texts, &words, place);
    assert!(texts.iter().any(|text| text == &words[wanted]), "{place}: no {:?} among {texts:?}", words[wanted]);
    let file = format!("out/e2e/language-{}-{place}.png", browser.kind);
    browser.screenshot(&composure_tests::root().join(file));
}

/// On a page that does not load itself anew when the language changes, as the options do.
fn forget(browser: &Browser) {
    browser.open(&format!("{}/calm.html", browser.origin));
    reset(browser);
}

fn speak(browser: &Browser, language: &str) {
    forget(browser);
    store(browser, &json!({ "settings": { "version": 1, "reader": false, "language": language } }));
}

fn the_mail_s_surfaces_speak_it(desk: &Desk) {
    let browser = &desk.browser;
    speak(browser, "de");
    let (_, reply) = write(browser, "", &format!("{HOT} {ANGRY}"));
    let painted = wait_painted_somewhere(&reply);
    let language = browser.in_surface("function () { return this.host.lang || null }");
    assert_eq!(language, [json!("de")]);
    browser.click_at(painted[0].rect.centre());
    wait_card(browser);
    assert_surface_spoken(browser, "card", "Not in this mail");
    axe::assert_surface(browser);
    panel(browser);
    assert_surface_spoken(browser, "panel", "A good reply has");
    axe::assert_surface(browser);
    press(browser, panel(browser).button("calm").expect("calming is in the panel"));
    browser.wait("the changes", || browser.surface().button("calm-all").map(drop));
    assert_surface_spoken(browser, "calm", "Back");
    press(browser, browser.surface().button("back").expect("a way back"));
    press(browser, panel(browser).button("walk").expect("the walk is in the panel"));
    let walk = &words("de")["Before sending"];
    browser.wait("the walk", || browser.surface().panels.iter().any(|one| &one.label == walk).then_some(()));
    assert_surface_spoken(browser, "walk", "I have thought about it");
    reply.send();
    wait_dialog(browser);
    assert_surface_spoken(browser, "dialog", "Mend it");
    axe::assert_surface(browser);
    browser.press(&[Key::Escape]);
    forget(browser);
}

fn the_pages_speak_it_and_hold_it(desk: &Desk) {
    let browser = &desk.browser;
    for language in LANGUAGES {
        let words = words(language);
        for (page, wanted) in [
            ("options", "Your name"),
            ("popup", "Open a reply in your webmail"),
            ("snippets", "Your snippets"),
            ("packs", "Phrases to avoid"),
            ("records", "Nothing is kept yet. The replies that you send will be here."),
            ("progress", "Nothing to show yet"),
            ("calm", "Breathe"),
            ("letter", "This page shows a draft only once. Open it again from the mail: “Read it as they will”."),
            ("welcome", "From now on"),
        ] {
            let place = format!("{language} {page}");
            speak(browser, language);
            browser.open(&format!("{}/{page}.html", browser.origin));
            let shown =
                "return document.body.innerText.includes(arguments[0]) && !document.querySelector('[data-unsaid]')";
            browser.wait(&place, || (browser.js(shown, json!([words[wanted]])) == true).then_some(()));
            assert_eq!(browser.text("return document.documentElement.lang"), language, "{place}");
            assert_spoken(&browser.js(&format!("return ({TEXTS}).call(window)"), json!([])), &words, &place);
            // Longer words do not burst their places.
            let wide = "return [...document.querySelectorAll('body, button, h1, h2, label')]
                .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
                .map(each => `${each.localName} ${each.textContent}`)";
            assert_eq!(browser.js(wide, json!([])), json!([]), "{place}");
            if language == "de" {
                // What is left of a letter once it was shown is a line, and no page.
                if page != "letter" {
                    axe::assert_page(browser);
                }
                let file = format!("out/e2e/language-{}-{page}.png", browser.kind);
                browser.screenshot(&composure_tests::root().join(file));
            }
        }
    }
    forget(browser);
}

fn it_is_chosen_in_the_options(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    for (language, heading) in [("de", "Sprache"), ("en", "Language"), ("fr", "Langue"), ("", "Language")] {
        browser.js(
            "const list = document.getElementById('language');
             list.value = arguments[0];
             list.dispatchEvent(new Event('input', { bubbles: true }))",
            json!([language]),
        );
        browser.wait(heading, || {
            (browser.text("return document.getElementById('speaking')?.textContent ?? ''") == heading).then_some(())
        });
        assert_eq!(stored(browser, "settings")["language"], language);
    }
    reset(browser);
}

fn it_is_the_browser_s_where_none_is_chosen(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    for (of_browser, spoken, some) in
        [("de-AT", "de", true), ("pt-BR", "pt", true), ("en-GB", "en", false), ("it", "en", false)]
    {
        let said = browser.js_async(&format!(
            "const done = arguments[0];
             (window.browser ?? chrome).i18n.getUILanguage = chrome.i18n.getUILanguage = () => {of_browser:?};
             import('./words.js').then(({{ words }}) => words())
                 .then(([language, all]) => done([language, all.length > 500]), error => done(String(error)))"
        ));
        assert_eq!(said, json!([spoken, some]), "{of_browser}");
    }
    options::open(browser);
}
