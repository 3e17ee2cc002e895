//! A real SOGo over Roundcube's mail servers, started by `tests/sogo.sh`, in the words of somebody who uses it.

use std::process::Command;
use std::sync::OnceLock;

use serde_json::json;

use crate::browser::{Browser, Key, Painted};
use crate::roundcube;

/// Its host name, which the extension does not know until it is turned on there.
pub const HOST: &str = "sogo.test";
/// Where it listens.
pub const PORT: u16 = 8482;

const FRAME: &str = "#mailEditor sg-ckeditor iframe";

/// Starts it once in this process; it goes on running afterwards, for the next.
///
/// # Panics
/// If it does not start: with what its script says.
pub fn start() {
    roundcube::start();
    static STARTED: OnceLock<Result<(), String>> = OnceLock::new();
    let started = STARTED.get_or_init(|| {
        let script = crate::root().join("tests/sogo.sh");
        let output = Command::new(&script).output().map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    });
    assert!(started.is_ok(), "tests/sogo.sh: {started:?}");
}

/// The compose dialog, answering a mail.
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    /// Where.
    pub browser: &'a Browser,
}

impl<'a> Reply<'a> {
    /// Logs in as the agent, opens the mail with this subject, presses Reply and clicks into the text, above the quote.
    #[must_use]
    pub fn open(browser: &'a Browser, subject: &str) -> Self {
        let there = |selector: &str| {
            browser.js("return document.querySelector(arguments[0])?.checkVisibility() === true", json!([selector]))
                == true
        };
        browser.open(&format!("https://{HOST}/SOGo/"));
        let mail = format!("md-list-item.sg-message-list-item[aria-label*='{subject}']");
        let name = "input[ng-model='app.creds.username']";
        browser.wait("the login or the mail", || (there(name) || there(&mail)).then_some(()));
        if there(name) {
            for (field, text) in [(name, "agent"), ("#passwordField", "secret")] {
                // The page's own scripts empty the fields once more when they begin.
                browser.wait("the login", || {
                    browser.click(field);
                    browser.press(&[Key::Control, Key::Char('a')]);
                    browser.type_text(text);
                    let value = browser.settled("the field", || {
                        browser.js("return document.querySelector(arguments[0]).value", json!([field]))
                    });
                    (value == text).then_some(())
                });
            }
            browser.press(&[Key::Enter]);
        }
        browser.wait("the mail in the list", || there(&mail).then_some(()));
        browser.click(&mail);
        let button = "button[ng-click='viewer.reply($event)']";
        browser.wait("the Reply button", || there(button).then_some(()));
        browser.settled("the mail", || browser.rect(button));
        browser.click(button);
        browser.wait("the editor", || {
            let ready = "return (document.querySelector(arguments[0])?.contentDocument?.querySelector('body.cke_editable blockquote') ?? null) !== null";
            (browser.js(ready, json!([FRAME])) == true).then_some(())
        });
        browser.settled("the dialog", || browser.rect(FRAME));
        let reply = Self { browser };
        reply.in_editor(|browser| {
            browser.js("window.focus(); document.body.focus(); getSelection().collapse(document.body, 0)", json!([]))
        });
        reply
    }

    /// Runs with the editor's own document as the current one.
    pub fn in_editor<T>(&self, work: impl FnOnce(&Browser) -> T) -> T {
        self.browser.in_frame(FRAME, work)
    }

    /// What is in the editor, without its empty lines: CKEditor keeps places for the caret in them, and drops them again.
    #[must_use]
    pub fn content(&self) -> String {
        let script = "return document.body.innerHTML.replaceAll('\\u200b', '').replace(/(<br>)+/g, '<br>')";
        self.in_editor(|browser| browser.text(script))
    }

    /// What is painted, with its place in the window.
    #[must_use]
    pub fn painted(&self) -> Vec<Painted> {
        self.browser.painted_in_frame(FRAME)
    }

    /// Presses Send and gives the mail as it arrived.
    #[must_use]
    pub fn send(&self) -> Vec<u8> {
        roundcube::arriving(self.browser, "#mailEditor button[ng-click='editor.send()']")
    }
}
