//! The webmails of `tests/pages/`: each a folder with `page.toml`, which says where the page is at home and how a person
//! works it. A webmail is added by a folder; everything else finds it by itself.
//!
//! A selector may lead into frames and open shadow roots: `iframe.editor >>> [role=textbox]`. A page keeps what happened in
//! `window.__mail = { sent: [{ via, content }], errors: [] }`, which `pages/kit/kit.js` does for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::browser::{Browser, Key, Painted, Point};
use crate::server::Site;

/// The shipped adapters as one script, which leaves them in `adapters`.
static ADAPTERS: LazyLock<String> = LazyLock::new(|| {
    let bundle = Command::new(crate::root().join("node_modules/.bin/esbuild"))
        .current_dir(crate::root())
        .args(["extension/content/webmail/adapters.js", "--bundle", "--format=iife", "--global-name=adapters"])
        .output()
        .expect("esbuild can be run");
    assert!(bundle.status.success(), "{}", String::from_utf8_lossy(&bundle.stderr));
    String::from_utf8(bundle.stdout).expect("a script")
});

/// What `page.toml` says of a webmail, or of one variant of it: a table of `[[variants]]` overrides what is said for all.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webmail {
    /// The folder's name.
    #[serde(skip)]
    pub id: String,
    /// The variant's name; the first variant goes through all cells.
    #[serde(skip)]
    pub variant: String,
    /// As the README calls it.
    pub name: String,
    /// The adapter that must be the one for it.
    pub adapter: String,
    /// Where it is at home; the variant's page is opened on the first.
    pub hosts: Vec<String>,
    /// Whether it is at home on any host, where its writer turns the extension on.
    #[serde(default)]
    pub self_hosted: bool,
    /// The page's address on its host, up to its last slash.
    pub path: String,
    /// What comes after that.
    #[serde(default)]
    pub query: String,
    /// The frame of the page that all of the webmail is in, if it is in one: everything else is looked for there.
    pub frame: Option<String>,
    /// What is pressed, one after the other, until a reply is open.
    #[serde(default)]
    pub reply: Vec<String>,
    /// Where the mail is written.
    pub editable: String,
    /// The usual control that sends it.
    pub send: String,
    /// Every other way.
    #[serde(default)]
    pub ways: Vec<Way>,
    /// How one writes a note among colleagues instead, where that can be.
    pub note: Option<Note>,
    /// Earlier mail that is shown in or below the draft and must not be reviewed; empty where a variant has none.
    pub quote: Option<String>,
    /// What the webmail signs with, which must not be reviewed.
    pub signature: Option<String>,
    /// What the adapter must read.
    pub thread: Thread,
    /// What of the page is a guess, where little of the original is recorded: a sentence for the README.
    pub guess: Option<String>,
    /// Cells that this webmail cannot have, each with its reason.
    #[serde(default)]
    pub cannot: BTreeMap<String, String>,
}

/// A note that is not sent to the customer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What is pressed for it, one after the other, instead of the reply's own.
    pub press: Vec<String>,
    /// Where it is written, if not where a mail is.
    pub editable: Option<String>,
    /// What keeps it, if not what sends a mail.
    pub send: Option<String>,
}

/// A way of sending.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// E.g. `Alt+S`.
    pub name: String,
    /// What is pressed, one after the other; the last one sends.
    #[serde(default)]
    pub press: Vec<String>,
    /// What gets the focus before the key; the mail itself where nothing is said.
    pub focus: Option<String>,
    /// Keys that are pressed together: `Control+Enter`.
    pub keys: Option<String>,
    /// What is still to be pressed after the last one was let through, e.g. a time.
    #[serde(default)]
    pub then: Vec<String>,
}

/// What is known of the conversation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thread {
    /// The customer's name, if the page says it.
    pub recipient: Option<String>,
    /// The customer's address, if the page says it.
    pub address: Option<String>,
    /// The subject, if the page says it.
    pub subject: Option<String>,
    /// Words of each mail of the conversation that must be read, oldest first.
    pub messages: Vec<Message>,
    /// What the customer asks, as the panel must say it.
    #[serde(default)]
    pub asks: Vec<String>,
}

/// A mail of the conversation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Whether the writer wrote it.
    pub mine: bool,
    /// Some of its words.
    pub says: String,
}

/// All variants of all webmails, each webmail's first variant first.
///
/// # Panics
/// If a `page.toml` is not as it should be.
#[must_use]
pub fn all() -> Vec<Webmail> {
    let mut folders: Vec<_> = fs::read_dir(crate::root().join("tests/pages"))
        .expect("the folder of the pages")
        .map(|entry| entry.expect("an entry of a folder").path())
        .filter(|folder| folder.join("page.toml").exists())
        .collect();
    folders.sort();
    folders.iter().flat_map(|folder| variants(folder)).collect()
}

fn variants(folder: &Path) -> Vec<Webmail> {
    let file = folder.join("page.toml");
    let text = fs::read_to_string(&file).expect("a readable page.toml");
    let parsed = text.parse::<toml::Table>();
    let mut base = parsed.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let id = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
    let variants = base.remove("variants").and_then(|value| value.as_array().cloned()).unwrap_or_default();
    assert!(variants.len() >= 2, "{}: at least two [[variants]]", file.display());
    variants
        .iter()
        .map(|variant| {
            let mut table = base.clone();
            table.extend(variant.as_table().expect("a variant is a table").clone());
            let name = table.remove("variant").and_then(|name| name.as_str().map(str::to_owned));
            let read = table.try_into::<Webmail>();
            let webmail = read.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let variant = name.unwrap_or_else(|| panic!("{}: each of [[variants]] has a `variant`", file.display()));
            Webmail { id: id.clone(), variant, ..webmail }
        })
        .collect()
}

/// What answers for their hosts: the folder of each page at its address, and what all pages share at `/kit/`.
#[must_use]
pub fn sites() -> Vec<(String, Site)> {
    let pages = crate::root().join("tests/pages");
    let mut hosts: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for webmail in all() {
        for host in webmail.hosts {
            hosts.entry(host).or_default().insert(webmail.path.clone(), webmail.id.clone());
        }
    }
    hosts
        .into_iter()
        .map(|(host, folders)| {
            // The longest address first: another may begin like it.
            let mut folders: Vec<_> = folders.into_iter().map(|(path, id)| (path, pages.join(id))).collect();
            folders.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
            folders.insert(0, ("/kit/".to_owned(), pages.join("kit")));
            (host, Site::Folders(folders))
        })
        .collect()
}

/// The hosts that the extension does not know of its own.
pub fn self_hosted() -> impl Iterator<Item = String> {
    all().into_iter().filter(|webmail| webmail.self_hosted).flat_map(|webmail| webmail.hosts)
}

/// Whether this test is of a webmail on such a host.
#[must_use]
pub fn is_self_hosted(test: &str) -> bool {
    all().iter().any(|webmail| webmail.self_hosted && test.starts_with(&format!("webmail::{}::", webmail.id)))
}

/// The page of a webmail, open in a browser, with a reply begun.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// Where.
    pub browser: &'a Browser,
    /// Which.
    pub webmail: &'a Webmail,
}

/// Follows a selector through frames and open shadow roots, as `find(selector)`, and says where in the window that is.
const FIND: &str = r"
    const find = path => path.split(' >>> ').reduce((root, step, at, steps) => {
        const found = root?.querySelector(step);
        return at === steps.length - 1 ? found : found?.contentDocument ?? found?.shadowRoot;
    }, document);
    const offset = node => {
        const frame = node.ownerDocument.defaultView?.frameElement;
        if (!frame) return { x: 0, y: 0 };
        const { x, y } = frame.getBoundingClientRect();
        return { x: x + frame.clientLeft, y: y + frame.clientTop };
    };
";

/// The text as the writer reads it, line by line, up to a quote in plain text; a quote or signature that is named is a line
/// of its own: `□`.
/// (`innerText` is of no use: Chromium counts the <br> of an empty line twice.)
const TEXT: &str = r"
    const body = find(arguments[0]);
    if (body.value !== undefined) return body.value.split('\n> ')[0];
    const strange = [arguments[1], arguments[2]].filter(Boolean).map(find);
    const lines = [''];
    let begun = false;
    const next = () => { lines.push(''); begun = false; };
    const read = element => {
        for (const node of element.childNodes) {
            if (strange.includes(node)) { if (begun) next(); lines[lines.length - 1] += '□'; begun = true; }
            else if (node.nodeName === '#text') { lines[lines.length - 1] += node.data; begun ||= node.data !== ''; }
            else if (node.nodeName === 'BR') { if (node.nextSibling) next(); }
            else if (/^(DIV|P|LI|TD|BLOCKQUOTE|H\d)$/.test(node.nodeName)) { if (begun) next(); read(node); begun = true; }
            else read(node);
        }
    };
    read(body);
    return lines.join('\n').replaceAll('\u00a0', ' ');
";

impl<'a> Page<'a> {
    /// Opens it and begins a reply, with the caret at the mail's beginning.
    #[must_use]
    #[track_caller]
    pub fn open(browser: &'a Browser, webmail: &'a Webmail) -> Self {
        let page = Self { browser, webmail };
        browser.open(&format!("https://{}{}{}", webmail.hosts[0], webmail.path, webmail.query));
        page.enter();
        for control in &webmail.reply {
            page.press(control);
        }
        page.begin();
        page
    }

    /// Goes into the webmail's frame, as is needed after every way out of it.
    #[track_caller]
    pub fn enter(&self) {
        let Some(frame) = &self.webmail.frame else { return };
        self.browser.wait("the webmail in its frame", || {
            let ready = "const inner = find(arguments[0])?.contentDocument;
                return inner?.URL.startsWith('https:') && inner.readyState === 'complete' && inner.body.firstElementChild !== null";
            (self.js(ready, &json!([frame])) == true).then_some(())
        });
        self.browser.enter_frame(frame);
    }

    /// Puts the caret at the beginning of the mail, as a person does: by a click into its first line.
    #[track_caller]
    pub fn begin(&self) {
        // What scrolls the page between the look and the click, such as a frame that comes to be, has the click miss.
        self.browser.wait("the caret in the mail", || {
            let (left, top, _) = self.place(&self.webmail.editable);
            self.browser.click_at(Point { x: left + 16.0, y: top + 14.0 });
            let focused = "const body = find(arguments[0]);
                return body.ownerDocument.hasFocus() && body.contains(body.getRootNode().activeElement)";
            (self.js(focused, &json!([&self.webmail.editable])) == true).then_some(())
        });
        self.within(|browser| browser.press(&[Key::Control, Key::Home]));
    }

    /// Types at the caret; `\n` is Enter.
    pub fn type_text(&self, text: &str) {
        self.within(|browser| browser.type_text(text));
    }

    /// Presses keys where the caret is.
    pub fn keys(&self, keys: &[Key]) {
        self.within(|browser| browser.press(keys));
    }

    /// Sets off a send in this way; `None` is the usual one.
    #[track_caller]
    pub fn send_by(&self, way: Option<&Way>) {
        let Some(way) = way else { return self.press(&self.webmail.send) };
        for control in &way.press {
            self.press(control);
        }
        let Some(keys) = &way.keys else { return };
        let keys: Vec<Key> = keys.split('+').map(key).collect();
        if let Some(focus) = &way.focus {
            self.js("find(arguments[0]).focus()", &json!([focus]));
            self.browser.press(&keys);
        } else {
            self.keys(&keys);
        }
    }

    /// Presses what is left to press once the way was let through.
    #[track_caller]
    pub fn finish(&self, way: Option<&Way>) {
        for control in way.into_iter().flat_map(|way| &way.then) {
            self.press(control);
        }
    }

    /// What is in the editor, byte for byte: HTML, or the text of a textarea.
    #[must_use]
    pub fn content(&self) -> String {
        self.text_of("const body = find(arguments[0]); return body.value ?? body.innerHTML", &[&self.webmail.editable])
    }

    /// The text as the writer reads it, up to the signature or the quote.
    #[must_use]
    pub fn text(&self) -> String {
        let region = |selector: &Option<String>| selector.clone().unwrap_or_default();
        let text = self
            .text_of(TEXT, &[&self.webmail.editable, &region(&self.webmail.quote), &region(&self.webmail.signature)]);
        let own = text.split('□').next().unwrap_or_default().trim_end();
        own.strip_suffix("\n--").unwrap_or(own).trim_end().to_owned()
    }

    /// What is painted, with its place in the window.
    #[must_use]
    pub fn painted(&self) -> Vec<Painted> {
        let marks = self.browser.surface().marks;
        if !marks.is_empty() {
            return marks;
        }
        let place = format!("{FIND}const inside = find(arguments[0]), shift = offset(inside);");
        self.browser.painted_by(&place, json!([self.webmail.editable]))
    }

    /// What was sent, each with its way and its content, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<(String, String)> {
        let list = self.browser.js("return window.__mail.sent.map(({ via, content }) => [via, content])", json!([]));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        list.as_array().into_iter().flatten().map(|mail| (text(&mail[0]), text(&mail[1]))).collect()
    }

    /// Errors of the page's own scripts.
    #[must_use]
    pub fn errors(&self) -> String {
        self.browser.text("return window.__mail.errors.join('\\n')")
    }

    /// What the shipped adapters, asked by the page itself, read there: `{ id, sends, thread }`.
    ///
    /// # Panics
    /// If they cannot be loaded.
    #[must_use]
    pub fn adapter(&self) -> Value {
        // A script element, because what WebDriver runs is gone after it, and in the sandbox of its own.
        self.browser.js(
            "const script = document.createElement('script');
             script.textContent = `${arguments[0]}; window.__adapterFor = adapters.adapterFor`;
             document.head.append(script)",
            json!([*ADAPTERS]),
        );
        let read = "if (!window.__adapterFor) return null;
             const adapter = window.__adapterFor(document);
             const [body] = adapter.bodies(document);
             return { id: adapter.id, body: body === find(arguments[0]), sends: adapter.sends(body).length, thread: adapter.thread(body) }";
        self.browser.wait("the adapters in the page", || {
            Some(self.js(read, &json!([self.webmail.editable]))).filter(Value::is_object)
        })
    }

    /// Puts words in front of what a selector leads to.
    pub fn plant(&self, selector: &str, words: &str) {
        self.js("find(arguments[0]).prepend(arguments[1] + ' ')", &json!([selector, words]));
    }

    /// The text of what a selector leads to.
    #[must_use]
    pub fn text_in(&self, selector: &str) -> String {
        self.text_of("return find(arguments[0])?.textContent ?? ''", &[selector])
    }

    /// Waits for a control and presses it with the mouse.
    #[track_caller]
    pub fn press(&self, selector: &str) {
        self.browser.wait(selector, || {
            let shown = "const found = find(arguments[0]); return found?.checkVisibility() && found.getClientRects().length > 0";
            (self.js(shown, &json!([selector])) == true).then_some(())
        });
        self.js("find(arguments[0]).scrollIntoView({ block: 'nearest' })", &json!([selector]));
        let (.., centre) = self.place(selector);
        self.browser.click_at(centre);
    }

    /// Where something is in the window: its left, its top, its middle.
    #[track_caller]
    fn place(&self, selector: &str) -> (f64, f64, Point) {
        let place = self.browser.wait(selector, || {
            let rect = "const found = find(arguments[0]);
                if (!found) return null;
                const r = found.getBoundingClientRect();
                const { x, y } = offset(found);
                return r.width > 0 ? [r.x + x, r.y + y, r.width, r.height] : null";
            self.js(rect, &json!([selector])).as_array().cloned()
        });
        let [x, y, width, height] = [0, 1, 2, 3].map(|at| place[at].as_f64().unwrap_or_default());
        (x, y, Point { x: x + width / 2.0, y: y + height / 2.0 })
    }

    /// Runs with the mail's own document as the current one, so that keys go there.
    fn within(&self, work: impl FnOnce(&Browser)) {
        let steps = self.webmail.editable.split_once(" >>> ");
        let Some((frame, _)) = steps.filter(|(step, _)| step.contains("iframe")) else { return work(self.browser) };
        self.browser.enter_frame(frame);
        work(self.browser);
        self.browser.leave_to_parent();
    }

    fn js(&self, script: &str, arguments: &Value) -> Value {
        self.browser.js(&format!("{FIND}{script}"), arguments.clone())
    }

    fn text_of(&self, script: &str, arguments: &[&str]) -> String {
        self.js(script, &json!(arguments)).as_str().unwrap_or_default().to_owned()
    }
}

/// A key by its name in `page.toml`.
fn key(name: &str) -> Key {
    match name {
        "Control" => Key::Control,
        "Alt" => Key::Alt,
        "Shift" => Key::Shift,
        "Enter" => Key::Enter,
        "Tab" => Key::Tab,
        "Space" => Key::Char(' '),
        _ => {
            let mut characters = name.chars();
            let one = characters.next().filter(|_| characters.next().is_none());
            Key::Char(one.unwrap_or_else(|| panic!("no key is called {name}")))
        }
    }
}
