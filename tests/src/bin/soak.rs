//! `./build.sh soak browsers [EDITS]`: so many (50,000) random edits in each real browser, with the extension and without; see
//! [`composure_tests::soak`]. `COMPOSURE_SOAK_SEED` chooses the dice, `COMPOSURE_BROWSER` the browser.

use composure_tests::browser::{Browser, Kind, Options};
use composure_tests::{mailbox, soak};
use serde_json::json;

fn main() {
    let edits = std::env::args().nth(1).map_or(50_000, |edits| edits.parse().expect("a number of edits"));
    let server = mailbox::serve();
    for kind in Kind::chosen() {
        let start = |extension| {
            Browser::start(
                kind,
                &Options { extension, headed: false, proxy: server.address(), profile: None, private: false },
            )
        };
        let (with, without) = (start(Some(composure_tests::dist())), start(None));
        // The reader hears a sentence when it comes to it, which is no part of what is compared here.
        with.open(&format!("{}/options.html", with.origin));
        with.js_async(
            "const done = arguments[0];
             (window.browser ?? chrome).storage.local.set({ settings: { version: 1, reader: false } }).then(() => done(1), done)",
        );
        let report = soak::soak(&with, &without, edits, soak::number("COMPOSURE_SOAK_SEED", 0));
        println!("{kind}: {report}");
        let ours: Vec<_> =
            with.console().into_iter().filter(|line| line.to_lowercase().contains("composure")).collect();
        assert_eq!(json!(ours), json!([]), "the extension wrote to a console");
    }
}
