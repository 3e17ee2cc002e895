//! A real Roundcube with its mail servers, started by `tests/roundcube.sh`, in the words of somebody who uses it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::json;

use crate::browser::{Browser, Painted};

/// One of the two ways in which it is served.
#[derive(Clone, Copy, Debug)]
pub struct Roundcube {
    /// Under which name, which the extension knows.
    pub host: &'static str,
    /// Where it listens.
    pub port: u16,
}

/// Composes in HTML, with TinyMCE; the reply goes below the quote.
pub const HTML: Roundcube = Roundcube { host: "webmail.dreamhost.com", port: 8480 };
/// Composes in a textarea; the reply goes above the quote.
pub const PLAIN: Roundcube = Roundcube { host: "webmail.mail.ovh.net", port: 8481 };

/// Where all its state lies.
fn state() -> PathBuf {
    crate::root().join("target/realmail")
}

/// Starts it once in this process; it goes on running afterwards, for the next.
///
/// # Panics
/// If it does not start: with what its script says.
pub fn start() {
    static STARTED: OnceLock<Result<(), String>> = OnceLock::new();
    let started = STARTED.get_or_init(|| {
        let script = crate::root().join("tests/roundcube.sh");
        let output = Command::new(&script).env("RM_STATE", state()).output().map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    });
    assert!(started.is_ok(), "tests/roundcube.sh: {started:?}");
}

/// Every mail that was sent, raw, oldest first.
#[must_use]
pub fn delivered() -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = fs::read_dir(state().join("sink"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap_or_default()).collect()
}

/// Presses what sends a mail, and gives the mail as it arrived.
#[must_use]
pub fn arriving(browser: &Browser, send: &str) -> Vec<u8> {
    let before = delivered().len();
    browser.click(send);
    // The file may just be written.
    browser.wait("the mail at the other end", || delivered().get(before).filter(|mail| !mail.is_empty()).cloned())
}

/// TinyMCE's.
const FRAME: &str = "#composebody_ifr";

/// The compose page, answering a mail.
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    /// Where.
    pub browser: &'a Browser,
    /// Which.
    pub roundcube: Roundcube,
}

impl Roundcube {
    /// Logs in as the agent, opens the mail with this subject and presses Reply.
    #[must_use]
    pub fn reply<'a>(self, browser: &'a Browser, subject: &str) -> Reply<'a> {
        let home = format!("https://{}/", self.host);
        browser.open(&home);
        if browser.js("return document.getElementById('rcmloginuser') !== null", json!([])) == true {
            browser.click("#rcmloginuser");
            browser.type_text("agent@example.test");
            browser.click("#rcmloginpwd");
            browser.type_text("secret\n");
        }
        let number = browser.wait("the mail in the list", || {
            browser
                .js(
                    "const row = [...document.querySelectorAll('#messagelist tbody tr.message')].find(row => row.innerText.includes(arguments[0]));
                     return row && atob(row.id.slice('rcmrow'.length).replaceAll('_', '=')).replace(/\\D.*/, '')",
                    json!([subject]),
                )
                .as_str()
                .map(str::to_owned)
        });
        browser.open(&format!("{home}?_task=mail&_mbox=INBOX&_uid={number}&_action=show"));
        let button = "#toolbar-menu a.reply:not(.disabled)";
        browser.wait("the Reply button", || {
            (browser.js("return document.querySelector(arguments[0])", json!([button])).is_object()).then_some(())
        });
        browser.click(button);
        let reply = Reply { browser, roundcube: self };
        browser.wait("the compose page", || {
            let ready = match self.port {
                8480 => "return !!document.getElementById('composebody_ifr')?.contentDocument?.body?.classList.contains('mce-content-body')
                             && document.getElementById('composebody_ifr').contentDocument.body.textContent.length > 10",
                _ => "return document.getElementById('composebody')?.checkVisibility() === true",
            };
            (browser.js(ready, json!([])) == true && browser.text("return document.readyState") == "complete").then_some(())
        });
        reply
    }
}

impl Reply<'_> {
    /// Whether it is written in TinyMCE's frame.
    #[must_use]
    pub fn in_frame(&self) -> bool {
        self.roundcube.port == HTML.port
    }

    /// Puts the caret where the writer begins: above the quote in a textarea, in the empty paragraph below it in HTML.
    pub fn begin(&self) {
        if self.in_frame() {
            self.in_editor(|browser| {
                let below = "const all = [...document.querySelectorAll('body > p')];
                    window.focus(); document.body.focus(); getSelection().collapse(all.at(-1), 0)";
                browser.js(below, json!([]));
            });
        } else {
            let above =
                "const area = document.getElementById('composebody'); area.focus(); area.setSelectionRange(0, 0)";
            self.browser.js(above, json!([]));
        }
    }

    /// The lines that the writer wrote: without the quote, and without what Roundcube keeps for a signature.
    #[must_use]
    pub fn own_lines(&self) -> Vec<String> {
        let lines = if self.in_frame() {
            self.in_editor(|browser| {
                browser.js(
                    "const own = [...document.body.children].filter(it => !it.matches('#reply-intro, blockquote, #_rc_sig'));
                     return own.flatMap(it => it.innerText.replace(/\\n$/, '').split('\\n')).map(it => it.replaceAll('\\u00a0', ' '))",
                    json!([]),
                )
            })
        } else {
            self.browser.js(
                "return document.getElementById('composebody').value.split(/^On .* wrote:$/m)[0].trimEnd().split('\\n')",
                json!([]),
            )
        };
        lines.as_array().into_iter().flatten().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Types at the caret.
    pub fn type_text(&self, text: &str) {
        self.in_editor(|browser| browser.type_text(text));
    }

    /// Runs with the editor's own document as the current one.
    pub fn in_editor<T>(&self, work: impl FnOnce(&Browser) -> T) -> T {
        if !self.in_frame() {
            return work(self.browser);
        }
        self.browser.in_frame(FRAME, work)
    }

    /// What is in the editor: HTML, or the text of the textarea.
    #[must_use]
    pub fn content(&self) -> String {
        if self.in_frame() {
            self.in_editor(|browser| browser.text("return document.body.innerHTML"))
        } else {
            self.browser.text("return document.getElementById('composebody').value")
        }
    }

    /// What is painted, with its place in the window.
    #[must_use]
    pub fn painted(&self) -> Vec<Painted> {
        if !self.in_frame() {
            return self.browser.surface().marks;
        }
        self.browser.painted_in_frame(FRAME)
    }

    /// Presses Send and gives the mail as it arrived.
    #[must_use]
    pub fn send(&self) -> Vec<u8> {
        arriving(self.browser, "button.send")
    }
}
