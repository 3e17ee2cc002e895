//! What the toolbar button opens. It is opened in a tab, about another tab, because no driver reaches a popup.

use composure_tests::axe;
use composure_tests::browser::{Browser, Kind, Surface};
use composure_tests::mailbox::{FOREIGN_HOST, HOST, Mailbox};
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{TENSE, wait_painted_somewhere};
use crate::options::{self, reset, stored};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("popup::it_says_what_it_sees", it_says_what_it_sees),
    ("popup::it_pauses_and_goes_on", it_pauses_and_goes_on),
    ("popup::an_open_tab_is_turned_on", an_open_tab_is_turned_on),
];

/// Opens it, about a tab that shows this address; gives its own.
fn about(browser: &Browser, url_of_tab: &str) -> String {
    options::open(browser);
    let tab = browser.js_async(&format!(
        "const done = arguments[0], {{ tabs }} = window.browser ?? chrome;
         tabs.query({{}}).then(all => done(all.find(tab => tab.url?.startsWith({url_of_tab:?}))?.id ?? -1))"
    ));
    let popup = format!("{}/popup.html?tab={tab}", browser.origin);
    browser.open(&popup);
    browser.wait("the popup", || {
        browser.js("return document.querySelector('main h2')", json!([])).is_object().then_some(())
    });
    popup
}

fn text(browser: &Browser) -> String {
    browser.text("return document.querySelector('main section')?.innerText ?? ''")
}

#[track_caller]
fn wait_text(browser: &Browser, wanted: &str) {
    browser.wait(wanted, || text(browser).contains(wanted).then_some(()));
}

fn it_says_what_it_sees(desk: &Desk) {
    let browser = &desk.browser;
    let mail = format!("https://{HOST}/");
    let _reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    let before = browser.beside(&format!("{}/options.html", browser.origin));
    let _ = about(browser, &mail);
    wait_text(browser, &format!("On for {HOST}"));
    wait_text(browser, "Reading along in one reply.");
    assert!(browser.js("return document.querySelector('main .problem')", json!([])).is_null(), "{}", text(browser));
    let list = browser.text("return document.querySelector('details').textContent");
    assert!(list.contains(HOST) && list.contains("webmail.dreamhost.com"), "{list}");
    for dark in [false, true] {
        browser.prefer(dark, true);
        let name = format!("out/e2e/popup-{}-{}.png", browser.kind, if dark { "dark" } else { "light" });
        browser.screenshot(&composure_tests::root().join(name));
    }
    axe::assert_page(browser);
    // About itself: no page of the web.
    browser.open(&format!("{}/popup.html", browser.origin));
    wait_text(browser, "Open a reply in your webmail");
    browser.leave_tab(&before);
}

fn it_pauses_and_goes_on(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    let ours = || browser.text("return document.querySelectorAll('composure-surface').length");
    let mail = browser.beside(&format!("{}/options.html", browser.origin));
    let popup = about(browser, &format!("https://{HOST}/"));
    for (stop, go, said) in [("pause", "go-on", "Paused"), ("off", "resume", "Off on")] {
        browser.click(&format!("[data-do={stop}]"));
        wait_text(browser, said);
        browser.leave_tab(&mail);
        browser.wait("nothing of ours", || (ours() == "0").then_some(()));
        browser.enter_tab(&popup);
        browser.click(&format!("[data-do={go}]"));
        wait_text(browser, "On for");
        browser.leave_tab(&mail);
        wait_painted_somewhere(&reply);
        browser.enter_tab(&popup);
    }
    let settings = stored(browser, "settings");
    assert_eq!((&settings["sites_off"], &settings["paused_until"]), (&json!([]), &json!(null)));
    // What was paused an hour ago goes on by itself.
    options::store(browser, &json!({ "settings": { "version": 1, "paused_until": 1_000_000 } }));
    let _ = about(browser, &format!("https://{HOST}/"));
    wait_text(browser, "On for");
    reset(browser);
    browser.leave_tab(&mail);
}

/// In Firefox, which is started without its prompt for permissions; Chromium asks in a window that no driver reaches.
fn an_open_tab_is_turned_on(desk: &Desk) {
    let browser = &desk.browser;
    if browser.kind == Kind::Chromium {
        return;
    }
    let reply = Mailbox::open_on(browser, FOREIGN_HOST, "").reply(0);
    browser.type_text(TENSE);
    browser.press_toolbar_button();
    let mail = browser.beside(&format!("{}/options.html", browser.origin));
    let popup = about(browser, &format!("https://{FOREIGN_HOST}/"));
    wait_text(browser, &format!("Off on {FOREIGN_HOST}"));
    // Whoever turns it on wants it on, though it was turned off once.
    options::store(browser, &json!({ "settings": { "version": 1, "reader": false, "sites_off": [FOREIGN_HOST] } }));
    wait_text(browser, "It sees no page that you have not turned it on for.");
    browser.click("[data-do=turn-on]");
    // Without being loaded anew.
    wait_text(browser, "On for");
    browser.leave_tab(&mail);
    browser.click("[g_editable]");
    wait_painted_somewhere(&reply);
    browser.enter_tab(&popup);
    options::open(browser);
    browser.click(&format!("[data-remove='{FOREIGN_HOST}']"));
    browser.leave_tab(&mail);
    // Nor is it seen until it is loaded anew.
    browser.wait("nothing of ours", || (browser.surface() == Surface::default()).then_some(()));
    browser.type_text(" You are an idiot.");
    assert_eq!(browser.settled("the painting", || reply.painted_words()), Vec::<String>::new());
    options::open(browser);
    reset(browser);
}
