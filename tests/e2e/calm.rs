//! Before the first word, and cooling off: the nudge, the page to calm down on, and the wait that outlives the browser.

use composure_tests::axe;
use composure_tests::browser::{Browser, Kind};
use composure_tests::mailbox::Mailbox;
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::press;
use crate::options;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("calm::the_page_knows_a_name_and_only_a_name", the_page_knows_a_name_and_only_a_name),
    ("calm::the_guide_paces_breaths", the_guide_paces_breaths),
    ("calm::everybody_can_read_the_pages", everybody_can_read_the_pages),
    ("calm::the_nudge_goes_with_the_first_word", the_nudge_goes_with_the_first_word),
    ("calm::the_nudge_opens_the_page_and_the_page_leads_back", the_nudge_opens_the_page_and_the_page_leads_back),
    ("calm::a_calm_thread_has_no_nudge", a_calm_thread_has_no_nudge),
];

fn the_page_knows_a_name_and_only_a_name(desk: &Desk) {
    let browser = &desk.browser;
    open(browser, "Gary");
    let text = main_text(browser);
    assert!(text.contains("Gary is upset") && text.contains("That mail from Gary stung."), "{text}");
    // A name that is written from right to left stays where it is put.
    open(browser, "%D7%93%D7%A0%D7%94");
    assert!(main_text(browser).contains("I can help דנה, one step at a time."), "{}", main_text(browser));
    // Firefox's own bookmarks complain of an address above 64 KB.
    let long = "x".repeat(if browser.kind == Kind::Firefox { 60_000 } else { 1_000_000 });
    for hostile in
        ["", "%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D'had'%22%3E", "%E0%A4%A", "%E2%80%AEyraG", &long]
    {
        open(browser, hostile);
        let text = main_text(browser);
        assert!(text.contains("That mail stung."), "{hostile:.40}: {text:.300}");
        assert_eq!(browser.text("return document.querySelectorAll('bdi, img').length"), "0", "{hostile:.40}");
    }
    assert_eq!(browser.text("return document.title"), "Composure: a breath first");
}

fn the_guide_paces_breaths(desk: &Desk) {
    let browser = &desk.browser;
    open(browser, "Gary");
    let words = || browser.text("return document.getElementById('words').innerText");
    let size = || browser.rect("#circle").width;
    let small = size();
    // By keyboard: the button is the first thing that the focus comes to.
    browser.press(&[composure_tests::browser::Key::Tab]);
    browser.press(&[composure_tests::browser::Key::Enter]);
    assert_eq!(
        browser.wait("the first breath", || Some(words()).filter(|words| words != "Ready when you are")),
        "Breathe in"
    );
    let begin = std::time::Instant::now();
    browser.wait("the hold", || (words() == "Hold").then_some(()));
    let inward = begin.elapsed().as_secs_f64();
    assert!((3.5..5.0).contains(&inward), "in for {inward} s");
    assert!((size() - small).abs() < 0.5, "nothing moves for a writer who wants no movement");
    browser.wait("the way out", || (words() == "Breathe out").then_some(()));
    let begin = std::time::Instant::now();
    browser.wait("the next breath", || (words() == "Breathe in").then_some(()));
    let outward = begin.elapsed().as_secs_f64();
    assert!((5.5..7.0).contains(&outward), "out for {outward} s");
    // For everybody else the circle grows in the same time.
    browser.prefer(false, false);
    browser.click("#breathe");
    browser.wait("rest", || (words() == "Ready when you are").then_some(()));
    browser.settled("the circle", size);
    browser.click("#breathe");
    let growing = browser.wait("the circle to grow", || Some(size()).filter(|size| *size > small + 5.0));
    browser.wait("the hold", || (words() == "Hold").then_some(()));
    let grown = browser.settled("the circle", size);
    browser.prefer(false, true);
    assert!(growing < grown && grown > small * 1.4, "{small} {growing} {grown}");
    // Stopped, nothing goes on.
    browser.click("#breathe");
    assert_eq!(browser.settled("the words", words), "Ready when you are");
}

fn everybody_can_read_the_pages(desk: &Desk) {
    let browser = &desk.browser;
    open(browser, "Gary");
    for dark in [false, true] {
        browser.prefer(dark, true);
        // Too tall for a window.
        for (part, name) in [("header", "page"), (".tapping", "points"), (".back", "end")] {
            browser.js("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", json!([part]));
            picture(browser, &format!("{name}{}", if dark { "-dark" } else { "" }));
        }
    }
    axe::assert_page(browser);
    options::open(browser);
    axe::assert_page(browser);
}

fn the_nudge_goes_with_the_first_word(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    let nudge = || browser.surface().button("breathe").cloned();
    let said = browser.wait("the nudge", nudge).text;
    assert_eq!(said, "This one is heated. Take a breath first?");
    picture(browser, "nudge");
    axe::assert_surface(browser);
    reply.darken();
    browser.settled("the nudge", nudge);
    picture(browser, "nudge-dark");
    axe::assert_surface(browser);
    // White space is no word.
    browser.type_text(" ");
    assert!(browser.settled("the nudge", nudge).is_some());
    browser.type_text("H");
    browser.wait("the nudge to go", || nudge().is_none().then_some(()));
    // Once is enough.
    browser.press(&[composure_tests::browser::Key::Backspace]);
    assert!(browser.settled("the nudge", nudge).is_none());
}

fn a_calm_thread_has_no_nudge(desk: &Desk) {
    let browser = &desk.browser;
    let _compose = Mailbox::open(browser, "").compose();
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    assert_eq!(browser.settled("the surface", || browser.surface().button("breathe").cloned()), None);
}

fn the_nudge_opens_the_page_and_the_page_leads_back(desk: &Desk) {
    let browser = &desk.browser;
    let _reply = Mailbox::open(browser, "").reply(0);
    let mail = browser.text("return location.href");
    let nudge = browser.wait("the nudge", || browser.surface().button("breathe").cloned());
    press(browser, &nudge);
    let page = format!("{}/calm.html#Gary", browser.origin);
    browser.wait("the page in a tab", || browser.tabs().contains(&page).then_some(()));
    assert!(browser.surface().button("breathe").is_none(), "it has been said");
    let here = browser.enter_tab(&page);
    browser.wait("the page", || main_text(browser).contains("Gary").then_some(()));
    browser.click("#back");
    if browser.kind == Kind::Firefox {
        // Its driver brings the tab in front that it turns to.
        browser.wait("the mail in front", || (browser.front_tab() == mail).then_some(()));
    }
    browser.leave_tab(&here);
    browser.wait("its end", || (!browser.tabs().contains(&page)).then_some(()));
    browser.wait("the mail in front", || (browser.text("return document.visibilityState") == "visible").then_some(()));
}

/// Goes to the calm page and waits until it is filled.
fn open(browser: &Browser, hash: &str) {
    // Another hash alone would not load the page again.
    browser.open("about:blank");
    browser.open(&format!("{}/calm.html#{hash}", browser.origin));
    browser.wait("the calm page", || {
        (browser.js("return document.getElementById('breathe') !== null", json!([])) == true).then_some(())
    });
}

fn main_text(browser: &Browser) -> String {
    browser.text("return document.querySelector('main').innerText")
}

/// For whoever wants to look.
fn picture(browser: &Browser, name: &str) {
    browser.screenshot(&composure_tests::root().join(format!("out/e2e/calm/{}-{name}.png", browser.kind)));
}
