//! The Gmail-shaped page of `pages/gmail/`, in the words of somebody who uses it.

use serde_json::{Value, json};

use crate::browser::{Browser, Key, Painted};
use crate::server::{Server, Site};

/// Its host name, which the extension knows.
pub const HOST: &str = "mail.google.com";

/// A host name with the same pages, which the extension does not know.
pub const FOREIGN_HOST: &str = "desk.test";

/// The host name of the benchmark's page for harper.js, which the extension does not know.
pub const BENCH_HOST: &str = "harper.test";

/// A server for it and for all webmails of `pages/`, for the editors, for the benchmark, and for Roundcube where its own servers run: HTML
/// compose on one host, plain compose on the other.
#[must_use]
pub fn serve() -> Server {
    let folder = |path: &str, folder: &str| (path.to_owned(), crate::root().join(folder));
    let others = [
        (FOREIGN_HOST, Site::Folders(vec![folder("/mail/u/0/", "tests/pages/gmail")])),
        (
            BENCH_HOST,
            Site::Folders(vec![folder("/harper/", "node_modules/harper.js/dist"), folder("/", "tests/pages/bench")]),
        ),
        (crate::editors::HOST, crate::editors::site()),
        (crate::roundcube::HTML.host, Site::Port(crate::roundcube::HTML.port)),
        (crate::roundcube::PLAIN.host, Site::Port(crate::roundcube::PLAIN.port)),
        (crate::sogo::HOST, Site::Port(crate::sogo::PORT)),
    ];
    Server::start(crate::webmail::sites().into_iter().chain(others.map(|(host, site)| (host.to_owned(), site))))
}

/// The page, open in a browser.
#[derive(Clone, Copy)]
pub struct Mailbox<'a> {
    /// Where.
    pub browser: &'a Browser,
}

/// A mail as the page sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Which compose, counted from 1.
    pub compose: u64,
    /// What set it off: `mouse`, `click`, `key`, `shortcut`.
    pub via: String,
    /// The body, byte for byte: HTML, or the text in plain-text mode.
    pub content: String,
}

impl<'a> Mailbox<'a> {
    /// Opens it; `query` is e.g. `?csp=strict&hl=es`.
    #[must_use]
    pub fn open(browser: &'a Browser, query: &str) -> Self {
        Self::open_on(browser, HOST, query)
    }

    /// Opens it under this host name.
    #[must_use]
    pub fn open_on(browser: &'a Browser, host: &str, query: &str) -> Self {
        browser.open(&format!("https://{host}/mail/u/0/{query}"));
        browser.wait("the mailbox", || {
            browser.js("return document.querySelector('.row')", json!([])).is_object().then_some(())
        });
        Self { browser }
    }

    /// Opens the conversation at this place of the list and presses Reply.
    #[must_use]
    pub fn reply(&self, conversation: usize) -> Compose<'a> {
        self.browser.click(&format!(".row:nth-child({})", conversation + 1));
        let link = ".ams.bkH";
        self.browser.wait("the conversation", || {
            self.browser.js("return document.querySelector(arguments[0])", json!([link])).is_object().then_some(())
        });
        self.browser.click(link);
        self.newest()
    }

    /// Presses Compose.
    #[must_use]
    pub fn compose(&self) -> Compose<'a> {
        self.browser.click(".T-I-KE");
        self.newest()
    }

    fn newest(&self) -> Compose<'a> {
        let newest =
            "return Math.max(...[...document.querySelectorAll('.aoI')].map(it => Number(it.dataset.composeId)))";
        let id = self.browser.wait("the compose", || self.browser.js(newest, json!([])).as_u64());
        Compose { browser: self.browser, id }
    }

    /// Every mail sent, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        let list = self.browser.js("return __sent", json!([]));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        list.as_array()
            .into_iter()
            .flatten()
            .map(|mail| Sent {
                compose: mail["compose"].as_u64().unwrap_or_default(),
                via: text(&mail["via"]),
                content: text(&mail["content"]),
            })
            .collect()
    }

    /// The content of the newest autosave.
    #[must_use]
    pub fn saved(&self) -> String {
        self.browser.text("return __saves.at(-1)?.content ?? ''")
    }

    /// Every command of the page that a key set off.
    #[must_use]
    pub fn shortcuts(&self) -> Vec<String> {
        self.strings("__shortcuts")
    }

    /// Every key or mouse event that a listener of the page got from outside its own body: from us.
    #[must_use]
    pub fn from_outside(&self) -> Vec<String> {
        self.strings("__outside")
    }

    /// Errors of the page's own scripts.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        self.strings("__errors")
    }

    fn strings(&self, name: &str) -> Vec<String> {
        let list = self.browser.js(&format!("return {name}"), json!([]));
        list.as_array().into_iter().flatten().map(|value| value.as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// A compose of the page.
#[derive(Clone, Copy)]
pub struct Compose<'a> {
    /// Where.
    pub browser: &'a Browser,
    /// Counted by the page, from 1.
    pub id: u64,
}

impl Compose<'_> {
    /// Selects something in it.
    #[must_use]
    pub fn within(&self, selector: &str) -> String {
        format!(".aoI[data-compose-id='{}'] {selector}", self.id)
    }

    /// Its rich-text editor.
    #[must_use]
    pub fn editor(&self) -> String {
        self.within("[g_editable=true]")
    }

    /// What is in the editor, byte for byte.
    #[must_use]
    pub fn html(&self) -> String {
        let html = self.browser.js("return document.querySelector(arguments[0]).innerHTML", json!([self.editor()]));
        html.as_str().unwrap_or_default().to_owned()
    }

    /// What is in the textarea of plain-text mode, byte for byte.
    #[must_use]
    pub fn plain_text(&self) -> String {
        let text =
            self.browser.js("return document.querySelector(arguments[0]).value", json!([self.within("textarea.Ak")]));
        text.as_str().unwrap_or_default().to_owned()
    }

    /// What is painted in it, in reading order.
    #[must_use]
    pub fn painted(&self) -> Vec<Painted> {
        self.browser.painted_in(&self.within(".Ap"))
    }

    /// The words that are painted.
    #[must_use]
    pub fn painted_words(&self) -> Vec<String> {
        self.painted().into_iter().map(|painted| painted.text).collect()
    }

    /// Waits until exactly these words are painted.
    #[track_caller]
    pub fn wait_painted(&self, words: &[&str]) -> Vec<Painted> {
        let mut last = Vec::new();
        let start = std::time::Instant::now();
        while start.elapsed() < crate::browser::PATIENCE {
            last = self.painted();
            if last.iter().map(|painted| painted.text.as_str()).eq(words.iter().copied()) {
                return last;
            }
            std::thread::sleep(std::time::Duration::from_millis(15));
        }
        let found: Vec<_> = last.iter().map(|painted| painted.text.as_str()).collect();
        panic!("{}: painted should be {words:?}, is {found:?}, in {}", self.browser.kind, self.html());
    }

    /// Puts the caret into the editor, at the end of its first line of text, by a click.
    pub fn click_into(&self) {
        self.browser.click(&self.editor());
    }

    /// Presses Send, with the mouse.
    pub fn send(&self) {
        self.browser.click(&self.within(".aoO"));
    }

    /// Ctrl+Z.
    pub fn undo(&self) {
        self.browser.press(&[Key::Control, Key::Char('z')]);
    }

    /// Gives it a dark ground, as a dark theme of the webmail would: ours follows.
    pub fn darken(&self) {
        self.browser.js(
            "const { style } = document.querySelector(arguments[0]);
             [style.background, style.color] = ['#202124', '#e8eaed'];
             dispatchEvent(new Event('resize'))",
            json!([self.editor()]),
        );
    }

    /// Throws it away.
    pub fn discard(&self) {
        self.browser.click(&self.within(".oh"));
    }
}
