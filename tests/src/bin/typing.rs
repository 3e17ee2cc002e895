//! `./build.sh bench`: how long a page's main thread is busy with one key, with the extension and without, in each editor of
//! `tests/editors/`.
//!
//! Chromium only: its DevTools protocol counts the time of all tasks of the page's thread. A key is pressed, the page comes
//! to rest, the difference is the key's; medians of all keys. The two browsers, with and without, take turns in each editor.

use std::time::Duration;

use composure_tests::browser::{Browser, Key, Kind, Options};
use composure_tests::{editors, mailbox};
use serde_json::json;

/// How many keys are measured in each editor, with and without.
const KEYS: usize = 40;
/// After a key, until the page has come to rest.
const REST: Duration = Duration::from_millis(80);

/// The pages of `tests/editors/pages/`.
const PAGES: &[&str] = &[
    "contenteditable",
    "textarea",
    "tinymce",
    "tinymce5",
    "ckeditor4",
    "ckeditor5",
    "prosemirror",
    "tiptap",
    "quill1",
    "quill",
    "lexical",
    "lexical-plain",
    "slate",
    "draft",
    "roosterjs",
    "squire",
    "summernote",
    "trix",
];

fn main() {
    editors::build();
    let server = mailbox::serve();
    let start = |extension| {
        Browser::start(Kind::Chromium, &Options { extension, headed: false, proxy: server.address(), profile: None })
    };
    let with = start(Some(editors::extension(Kind::Chromium)));
    let without = start(None);
    println!("the page's main thread, milliseconds for one key, medians of {KEYS}");
    println!("{:<16} {:>8} {:>8} {:>8}", "editor", "with", "without", "added");
    for name in PAGES {
        let [ours, bare] = [&with, &without].map(|browser| median(browser, name));
        println!("{name:<16} {ours:>8.2} {bare:>8.2} {:>8.2}", ours - bare);
    }
}

fn median(browser: &Browser, name: &str) -> f64 {
    let page = editors::Page::open(browser, name);
    page.click_to_end();
    page.type_text("\nThank you for your letter. You failed to attach the receipt, so ");
    if !browser.origin.is_empty() {
        browser.wait("findings", || (!page.painted().is_empty()).then_some(()));
    }
    // Its own time, not that in which another process had the core.
    browser.cdp("Performance.enable", json!({ "timeDomain": "threadTicks" }));
    let busy = || {
        let metrics = browser.cdp("Performance.getMetrics", json!({}));
        let all = metrics["metrics"].as_array().cloned().unwrap_or_default();
        let seconds = all.iter().find(|metric| metric["name"] == "TaskDuration").and_then(|it| it["value"].as_f64());
        seconds.expect("the time of all tasks") * 1000.0
    };
    // What the page does at rest, and that it is asked at all, is not the key's.
    let mut times: Vec<f64> = (0..KEYS)
        .map(|_| {
            let before = busy();
            std::thread::sleep(REST);
            let idle = busy() - before;
            page.press(&[Key::Char('e')]);
            std::thread::sleep(REST);
            busy() - before - 2.0 * idle
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
