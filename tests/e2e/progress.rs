//! How it goes: what is counted is shown, drawn and saved.

use composure_tests::axe;
use composure_tests::mailbox::Mailbox;
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{TENSE, take_suggestion, wait_painted_somewhere};
use crate::options;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("progress::what_is_mended_is_counted_and_drawn", what_is_mended_is_counted_and_drawn),
    ("progress::counts_of_a_newer_version_are_left_alone", counts_of_a_newer_version_are_left_alone),
];

fn what_is_mended_is_counted_and_drawn(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    options::reset(browser);
    options::store(
        browser,
        &json!({ "counts": { "version": 1, "days": { "2026-11-02": { "mended": 2 }, "2026-11-10": { "mended": 7, "held": 1, "cooled": 1 } } } }),
    );
    for n in [1, 2] {
        let record = json!({ "version": 1, "time": 1_793_000_000_000_u64 + n * 700_000_000, "site": "mail.test", "recipient": null, "address": null,
            "subject": null, "message": "Where is it?", "reply": "On its way.", "heat_message": 70, "heat_before": 80 - n, "heat_after": 10, "calm_after": 100 * n });
        options::store(browser, &json!({ format!("record-{}-1", 1_793_000_000_000_u64 + n * 700_000_000): record }));
    }
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    take_suggestion(browser, &painted);
    reply.wait_painted(&[]);
    options::open(browser);
    browser.wait("the count", || {
        let days = options::stored(browser, "counts")["days"].clone();
        (days.as_object().map_or(0, serde_json::Map::len) == 3).then_some(())
    });
    browser.open(&format!("{}/popup.html", browser.origin));
    browser.wait("today's count", || {
        browser
            .text("return document.querySelector('#mended')?.innerText ?? ''")
            .contains("1 phrase mended today")
            .then_some(())
    });
    browser.open(&format!("{}/progress.html", browser.origin));
    browser.wait("the pictures", || {
        (browser.js("return document.querySelectorAll('main svg').length", json!([])) == 3).then_some(())
    });
    let sum = browser.text("return document.querySelector('.sums dd').innerText");
    assert_eq!(sum, "10");
    for dark in [false, true] {
        browser.prefer(dark, true);
        let name = format!("out/e2e/progress-{}-{}.png", browser.kind, if dark { "dark" } else { "light" });
        browser.screenshot(&composure_tests::root().join(name));
    }
    axe::assert_page(browser);
    browser.click("[data-save=csv]");
    let (name, bytes) = browser.download();
    let text = String::from_utf8_lossy(&bytes);
    assert!(name.ends_with(".csv") && text.contains("2026-11-02,2,0,0,0,0,"), "{name}: {text}");
    browser.click("[data-save=mended]");
    let (name, bytes) = browser.download();
    let picture = String::from_utf8_lossy(&bytes).into_owned();
    assert!(name.ends_with(".svg"), "{name}");
    let parsed = browser.js(
        "return new DOMParser().parseFromString(arguments[0], 'image/svg+xml').querySelectorAll('parsererror, rect.bar').length",
        json!([picture]),
    );
    assert!(parsed.as_u64() >= Some(3) && !picture.contains("parsererror"), "{parsed}: {picture}");
    let calm = browser.text("return document.querySelector('#calm svg').textContent");
    assert!(calm.contains("2 min") && calm.contains("3 min"), "{calm}");
    for id in ["mended", "heat", "calm"] {
        browser.click(&format!("[data-png={id}]"));
        let (name, bytes) = browser.download();
        assert_eq!(name, format!("composure-{id}.png"));
        assert_eq!(bytes.get(..8), Some(&b"\x89PNG\r\n\x1a\n"[..]), "{name}");
        let width = bytes.get(16..20).and_then(|width| width.try_into().ok()).map(u32::from_be_bytes);
        assert!(width.is_some_and(|width| (1_600..1_800).contains(&width)), "{name}: {width:?} dots");
        std::fs::write(composure_tests::root().join(format!("out/e2e/{}-{name}", browser.kind)), &bytes)
            .expect("a file");
        assert!(bytes.len() > 2_000, "{name} has something in it");
    }
    options::open(browser);
    options::reset(browser);
}

fn counts_of_a_newer_version_are_left_alone(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    options::reset(browser);
    let newer = json!({ "version": 99, "weeks": [1] });
    options::store(browser, &json!({ "counts": newer }));
    browser.js_async(
        "const done = arguments[0]; (window.browser ?? chrome).runtime.sendMessage({ count: 'mended', by: 1 }).then(() => done(), () => done())",
    );
    browser.open(&format!("{}/progress.html", browser.origin));
    browser.wait("the page", || {
        browser.text("return document.querySelector('main').innerText").contains("Nothing to show yet").then_some(())
    });
    assert_eq!(options::stored(browser, "counts"), newer);
    options::open(browser);
    options::reset(browser);
}
