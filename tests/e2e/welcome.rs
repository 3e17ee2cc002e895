//! The first page: it comes once, takes three answers, and a reply is mended on it with the product itself.

use composure_tests::axe;
use composure_tests::browser::{Browser, Key};
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{take_suggestion, wait_card};
use crate::options::{self, fill, stored};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("welcome::a_reply_is_mended", a_reply_is_mended),
    ("welcome::by_keyboard_alone", by_keyboard_alone),
    ("welcome::an_update_does_not_open_it", an_update_does_not_open_it),
];

fn open(browser: &Browser) {
    browser.open(&format!("{}/welcome.html", browser.origin));
    browser.wait("the underlines", || (browser.painted().len() > 1).then_some(()));
}

fn reply(browser: &Browser) -> String {
    browser.text("return document.getElementById('reply').innerText")
}

#[track_caller]
fn wait_praise(browser: &Browser) {
    browser.wait("a kind word", || {
        browser.text("return document.getElementById('done').innerText").contains("That's it").then_some(())
    });
}

fn a_reply_is_mended(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    fill(browser, "my_name", "Dana Reyes");
    fill(browser, "business", "Pine & Wick");
    fill(browser, "signature", "Kind regards,\nDana");
    browser.wait("the answers to be stored", || {
        let stored = stored(browser, "settings");
        let told = [&stored["my_name"], &stored["business"], &stored["signature"]];
        (told == ["Dana Reyes", "Pine & Wick", "Kind regards,\nDana"]).then_some(())
    });
    for dark in [false, true] {
        browser.prefer(dark, true);
        let name = format!("out/e2e/welcome-{}-{}.png", browser.kind, if dark { "dark" } else { "light" });
        browser.screenshot(&composure_tests::root().join(name));
    }
    axe::assert_page(browser);
    let mended = || {
        let counted = stored(browser, "counts");
        let days = counted["days"].as_object().into_iter().flat_map(|days| days.values());
        days.filter_map(|day| day["mended"].as_u64()).sum::<u64>()
    };
    let counted = mended();
    let before = reply(browser);
    let painted = browser.settled("the underlines", || browser.painted());
    take_suggestion(browser, &painted[0]);
    wait_praise(browser);
    browser.wait("the mended reply", || (reply(browser) != before).then_some(()));
    browser.wait("the mending to be counted", || (mended() == counted + 1).then_some(()));
    // Its own answers are there again.
    open(browser);
    assert_eq!(browser.text("return document.getElementById('my_name').value"), "Dana Reyes");
    // What is typed now changes nothing of what another page changed since.
    fill(browser, "my_name", "Dana");
    browser.wait("the name", || (stored(browser, "settings")["my_name"] == "Dana").then_some(()));
    let settings = stored(browser, "settings");
    let mut changed = settings.clone();
    changed["my_name"] = json!("Lee");
    options::store(browser, &json!({ "settings": changed }));
    fill(browser, "business", "Elsewhere");
    browser.wait("the business", || (stored(browser, "settings")["business"] == "Elsewhere").then_some(()));
    assert_eq!(stored(browser, "settings")["my_name"], "Lee");
    options::open(browser);
    options::reset(browser);
}

fn by_keyboard_alone(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    let before = reply(browser);
    for _ in 0..4 {
        browser.press(&[Key::Tab]);
    }
    assert_eq!(browser.text("return document.activeElement.id"), "reply");
    browser.press(&[Key::Alt, Key::Char('.')]);
    wait_card(browser);
    browser.press(&[Key::Enter]);
    wait_praise(browser);
    browser.wait("the mended reply", || (reply(browser) != before).then_some(()));
    options::open(browser);
    options::reset(browser);
}

fn an_update_does_not_open_it(desk: &Desk) {
    let browser = desk.fresh();
    browser.reload_extension();
    // Until its background script is up, which is when it would open.
    options::open(&browser);
    browser.js_async(
        "const done = arguments[0], api = window.browser ?? chrome;
         const ask = () => api.runtime.sendMessage({ letter: 'none' }).then(done, () => setTimeout(ask, 100));
         ask();",
    );
    assert!(!browser.tabs().iter().any(|tab| tab.ends_with("/welcome.html")), "{:?}", browser.tabs());
}
