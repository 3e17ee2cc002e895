//! A real browser with the extension installed as a user would, moved by real keys and a real mouse.
//!
//! The calls block and panic: a test reads like what a writer does, and stops where it goes wrong. Nothing sleeps for a
//! fixed time; what takes time is waited for with [`Browser::wait`].

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::fs::{self, File};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{Capabilities, WebDriver};
use thirtyfour::{RequestData, SessionId};
use tokio::runtime::Runtime;

/// How long a test waits for what should happen.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Firefox gives an extension pages at a random origin; tests choose it, to find the options page.
const FIREFOX_ORIGIN: &str = "c0330c0d-0000-4000-8000-00000000c001";
const DRIVER_LOG: &str = "driver.log";
const DOWNLOADS: &str = "downloads";
/// How Firefox calls the extension: the id in its manifest.
pub const FIREFOX_ID: &str = "composure@composure.example";

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Chromium, by chromedriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
}

impl Kind {
    /// Both, or the one that `COMPOSURE_BROWSER` names.
    ///
    /// # Panics
    /// If it names something else.
    #[must_use]
    pub fn chosen() -> Vec<Self> {
        match std::env::var("COMPOSURE_BROWSER").as_deref() {
            Ok("chromium") => vec![Self::Chromium],
            Ok("firefox") => vec![Self::Firefox],
            Ok(other) if !other.is_empty() => panic!("COMPOSURE_BROWSER is {other:?}; it may be chromium or firefox"),
            _ => vec![Self::Chromium, Self::Firefox],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        })
    }
}

/// How to start one.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to install, unpacked; nothing when `None`.
    pub extension: Option<PathBuf>,
    /// In a window, or headless.
    pub headed: bool,
    /// The proxy: a [`crate::server::Server`].
    pub proxy: SocketAddr,
    /// The folder with all that the browser remembers from one start to the next; a new one, gone at the end, when `None`.
    pub profile: Option<PathBuf>,
    /// Whether all its windows are private, and the extension may see them (Firefox only: no driver can allow it in Chromium).
    pub private: bool,
}

/// A key that has no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Key {
    Control,
    Alt,
    Shift,
    Enter,
    Escape,
    Tab,
    Backspace,
    Home,
    End,
    Up,
    Down,
    Left,
    Right,
    /// One that has.
    Char(char),
}

impl Key {
    fn value(self) -> char {
        match self {
            Self::Backspace => '\u{E003}',
            Self::Tab => '\u{E004}',
            Self::Enter => '\u{E007}',
            Self::Shift => '\u{E008}',
            Self::Control => '\u{E009}',
            Self::Alt => '\u{E00A}',
            Self::Escape => '\u{E00C}',
            Self::End => '\u{E010}',
            Self::Home => '\u{E011}',
            Self::Left => '\u{E012}',
            Self::Up => '\u{E013}',
            Self::Right => '\u{E014}',
            Self::Down => '\u{E015}',
            Self::Char(c) => c,
        }
    }
}

/// A point of the viewport, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// A rectangle of the viewport, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    /// Its middle.
    #[must_use]
    pub fn centre(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    fn of(value: &Value) -> Self {
        let number = |name: &str| value[name].as_f64().unwrap_or_default();
        Self { x: number("x"), y: number("y"), width: number("width"), height: number("height") }
    }
}

/// A painted highlight, as `CSS.highlights` has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Painted {
    /// The name in the registry, e.g. `composure-warning`.
    pub name: String,
    /// The words under it.
    pub text: String,
    /// Its first line on the screen.
    pub rect: Rect,
}

/// Our closed shadow root, seen as the writer sees it: only what is visible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surface {
    /// Everything to press, in order.
    pub buttons: Vec<Button>,
    /// One for each compose.
    pub pills: Vec<Part>,
    /// At most one.
    pub cards: Vec<Part>,
    /// At most one.
    pub panels: Vec<Part>,
    /// At most one.
    pub dialogs: Vec<Part>,
    /// What leads elsewhere; the label is where to.
    pub links: Vec<Part>,
    /// What is painted over a textarea, where `CSS.highlights` cannot.
    pub marks: Vec<Painted>,
}

/// A part of the [`Surface`].
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its visible text, without what only screen readers hear.
    pub text: String,
    /// Its `aria-label`.
    pub label: String,
    /// Where.
    pub rect: Rect,
}

/// Something to press.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// Its `data-action`.
    pub action: String,
    /// Its visible text.
    pub text: String,
    /// For a suggestion: the words that come.
    pub becomes: Option<String>,
    /// Whether the keyboard is on it.
    pub selected: bool,
    /// Where.
    pub rect: Rect,
}

impl Surface {
    /// The first button that does this: `take`, `mute blame`, `insert apology`, …
    #[must_use]
    pub fn button(&self, action: &str) -> Option<&Button> {
        let does = |button: &&Button| button.action == action || button.action.starts_with(&format!("{action} "));
        self.buttons.iter().find(does)
    }

    /// The missing things that have a button that inserts them.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let insertions = self.buttons.iter().filter_map(|button| button.action.strip_prefix("insert "));
        insertions.map(str::to_owned).collect()
    }
}

/// What the frame of the mind takes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameMemory {
    /// The memory of its wasm module, as large as it has grown.
    pub wasm: f64,
    /// All else that the browser counts as the frame's own: JavaScript, DOM, compiled code as far as it counts it.
    pub rest: f64,
}

/// A command of the driver that thirtyfour has no words for.
#[derive(Debug)]
struct Raw(Method, &'static str, Value);

impl FormatRequestData for Raw {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let request = RequestData::new(self.0.clone(), format!("session/{session}/{}", self.1));
        if self.0 == Method::POST { request.add_body(self.2.clone()) } else { request }
    }
}

/// A running browser with one tab; it ends when dropped.
pub struct Browser {
    /// Which.
    pub kind: Kind,
    /// `chrome-extension://…` or `moz-extension://…` of the installed extension, without a slash at the end.
    pub origin: String,
    runtime: Runtime,
    driver: Option<WebDriver>,
    process: Child,
    log: RefCell<Vec<String>>,
    // Dropped last: the browser's profile lies in it.
    _folder: TempDir,
}

impl Browser {
    /// Starts it and installs the extension.
    ///
    /// # Panics
    /// If a browser or its driver is missing, or refuses the extension.
    #[must_use]
    pub fn start(kind: Kind, options: &Options) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("tokio");
        let folder = tempfile::Builder::new().prefix("composure-").tempdir().expect("a temporary folder");
        let (process, port) = start_driver(kind, folder.path());
        // A profile that stays was welcomed before.
        let is_new = options
            .profile
            .as_ref()
            .is_none_or(|profile| fs::read_dir(profile).map_or(true, |mut files| files.next().is_none()));
        let downloads = folder.path().join(DOWNLOADS);
        fs::create_dir(&downloads).expect("a folder for downloads");
        let capabilities = match kind {
            Kind::Chromium => chromium(options, &downloads),
            Kind::Firefox => firefox(options, &downloads),
        };
        let mut asked = Capabilities::new();
        for (name, value) in capabilities.as_object().into_iter().flatten() {
            asked.set(name.as_str(), value).expect("capabilities are JSON");
        }
        let driver = runtime
            .block_on(WebDriver::new(format!("http://127.0.0.1:{port}"), asked))
            .unwrap_or_else(|error| panic!("{kind} does not start: {error}"));
        let mut browser = Self {
            kind,
            origin: String::new(),
            runtime,
            driver: Some(driver),
            process,
            log: RefCell::default(),
            _folder: folder,
        };
        browser.send("timeouts", json!({ "script": 60_000, "pageLoad": 60_000, "implicit": 0 }));
        browser.send("window/rect", json!({ "width": 1280, "height": 985 }));
        if let Some(extension) = &options.extension {
            browser.install(extension, options);
            if is_new && !options.private && extension.join("welcome.html").is_file() {
                browser.welcomed();
            }
        }
        if !is_new {
            // Chromium's start page would stay in front of a tab that is driven from afar, and a page behind is not drawn.
            browser.fresh_tab();
        }
        browser
    }

    /// Waits for the tab that an installed extension opens once, and closes it: it stands before the tests' own.
    fn welcomed(&self) {
        let page = format!("{}/welcome.html", self.origin);
        self.wait("the first page", || self.tabs().contains(&page).then_some(()));
        // A page that is closed while it loads may say so in the console.
        let here = self.enter_tab(&page);
        let filled = "return document.querySelector('#reply p') !== null";
        self.wait("the first page to be filled", || (self.js(filled, json!([])) == true).then_some(()));
        self.leave_tab(&here);
        self.close_tab(&page);
    }

    fn install(&mut self, extension: &Path, Options { profile, private, .. }: &Options) {
        assert!(
            extension.join("manifest.json").is_file(),
            "no extension in {}; run ./build.sh build",
            extension.display()
        );
        match self.kind {
            // Chromium took it from its command line; its id is a hash of the folder's name.
            Kind::Chromium => {
                let id = self.wait("the extension in chrome://extensions", || {
                    self.chromium_extension().and_then(|info| info["id"].as_str().map(str::to_owned))
                });
                // As it does for developers: errors of the extension's own pages are nowhere else to be seen.
                let noting = self.js_async(&format!(
                    "const done = arguments[0];
                     chrome.developerPrivate.updateExtensionConfiguration({{ extensionId: '{id}', errorCollection: true }})
                         .then(() => done('ok'), error => done(String(error)))"
                ));
                assert_eq!(noting, "ok");
                self.origin = format!("chrome-extension://{id}");
            }
            Kind::Firefox => {
                // For good where there is a profile to keep it, which it then does.
                if profile
                    .as_ref()
                    .is_none_or(|profile| !profile.join("extensions").join(format!("{FIREFOX_ID}.xpi")).exists())
                {
                    let package = pack(extension, &self._folder.path().join("composure.xpi"));
                    let given =
                        json!({ "path": package, "temporary": profile.is_none(), "allowPrivateBrowsing": private });
                    self.send("moz/addon/install", given);
                }
                self.origin = format!("moz-extension://{FIREFOX_ORIGIN}");
            }
        }
    }

    /// What the browser itself has to say against the extension: install warnings, manifest and run-time errors.
    pub fn extension_complaints(&self) -> Vec<String> {
        match self.kind {
            Kind::Chromium => {
                let info = self.chromium_extension().expect("the extension is installed");
                ["installWarnings", "manifestErrors", "runtimeErrors", "runtimeWarnings"]
                    .iter()
                    .flat_map(|list| {
                        info[list].as_array().into_iter().flatten().map(move |entry| format!("{list}: {entry}"))
                    })
                    .collect()
            }
            Kind::Firefox => {
                // (That layout came before style sheets is said of whatever page a test looks into early; the schema of policies,
                // in `storage`, is for Chrome; a page that is closed while it loads, as the first page is here, leaves its context
                // and promises behind. What Firefox's own modules trip over, such as the channel of such a page, is none of ours.)
                let script = format!(
                    r#"return Services.console.getMessageArray().map(String)
                        .filter(text => !/Layout was forced/.test(text))
                        .filter(text => !text.includes('file: "resource://gre/modules/'))
                        .filter(text => !/Warning processing storage|WebExtension context not found|(resolved|rejected) after context unloaded/.test(text))
                        .filter(text => /{FIREFOX_ORIGIN}|{FIREFOX_ID}/.test(text) || /WebExtension|Reading manifest/.test(text))"#
                );
                strings(&self.in_chrome(&script))
            }
        }
    }

    /// What chrome://extensions knows of the extension; the tab goes there.
    fn chromium_extension(&self) -> Option<Value> {
        if self.js("return location.href", json!([])) != json!("chrome://extensions/") {
            self.open("chrome://extensions/");
        }
        let list = self.js_async(
            "const done = arguments[0];
             chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })
                 .then(() => chrome.developerPrivate.getExtensionsInfo({ includeDisabled: true }))
                 .then(done, error => done([String(error)]))",
        );
        list.as_array()?.iter().find(|info| info["location"] == "UNPACKED").cloned()
    }

    /// Every error and warning of any console since the start: pages, content scripts, extension pages.
    pub fn console(&self) -> Vec<String> {
        let new = match self.kind {
            Kind::Chromium => strings(&Value::from_iter(
                self.send("se/log", json!({ "type": "browser" }))
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
                    .map(|entry| {
                        format!(
                            "{}: {}",
                            entry["level"].as_str().unwrap_or(""),
                            entry["message"].as_str().unwrap_or("")
                        )
                    }),
            )),
            Kind::Firefox => {
                let said = fs::read(self._folder.path().join(DRIVER_LOG)).unwrap_or_default();
                let known = self.log.borrow().len();
                String::from_utf8_lossy(&said)
                    .lines()
                    .filter(|line| {
                        ["console.error", "console.warn", "JavaScript error"].iter().any(|kind| line.contains(kind))
                    })
                    .skip(known)
                    .map(str::to_owned)
                    .collect()
            }
        };
        self.log.borrow_mut().extend(new);
        self.log.borrow().clone()
    }

    /// Goes to an address.
    pub fn open(&self, url: &str) {
        self.send("url", json!({ "url": url }));
    }

    /// Runs in the page; `return` gives the result.
    pub fn js(&self, script: &str, arguments: Value) -> Value {
        self.send("execute/sync", json!({ "script": script, "args": arguments }))
    }

    /// Runs in the page; calling `arguments[0]` gives the result.
    pub fn js_async(&self, script: &str) -> Value {
        self.send("execute/async", json!({ "script": script, "args": [] }))
    }

    /// The same, where the browser may end meanwhile.
    pub fn try_js_async(&self, script: &str) -> Result<Value, String> {
        self.send_any("execute/async", json!({ "script": script, "args": [] }))
    }

    /// The file that was saved as a download, once it is whole; the next one is waited for anew.
    #[track_caller]
    pub fn download(&self) -> (String, Vec<u8>) {
        let folder = self._folder.path().join(DOWNLOADS);
        let files =
            || fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>();
        let unfinished = |file: &PathBuf| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with('.') || name.ends_with(".part") || name.ends_with(".crdownload")
        };
        let file = self.wait("a download", || {
            let files = files();
            // Firefox puts an empty file in the place of the one that is coming.
            let whole = |file: &&PathBuf| fs::metadata(file).is_ok_and(|data| data.len() > 0);
            if files.iter().any(unfinished) { None } else { files.iter().find(whole).cloned() }
        });
        let bytes = fs::read(&file).expect("a file");
        fs::remove_file(&file).expect("a file of ours");
        (file.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes)
    }

    /// What ends every process of the browser at once, as a power cut does. To be used while another thread drives it.
    pub fn killer(&self) -> impl FnOnce() + Send + 'static {
        let driver = self.process.id();
        move || kill(&descendants(driver))
    }

    /// The same, as a string.
    pub fn text(&self, script: &str) -> String {
        match self.js(script, json!([])) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// The following calls go to this frame of the page, until [`Browser::leave_frame`].
    pub fn enter_frame(&self, selector: &str) {
        let element = self.js("return document.querySelector(arguments[0])", json!([selector]));
        assert!(!element.is_null(), "no frame {selector}");
        self.send("frame", json!({ "id": element }));
    }

    /// Back to the page itself.
    pub fn leave_frame(&self) {
        self.send("frame", json!({ "id": null }));
    }

    /// Back to the page or frame around this frame.
    pub fn leave_to_parent(&self) {
        self.send("frame/parent", json!({}));
    }

    /// Types as a hand does, a key for every character; `\n` is Enter.
    pub fn type_text(&self, text: &str) {
        let keys: Vec<char> = text.chars().map(|c| if c == '\n' { Key::Enter.value() } else { c }).collect();
        for some in keys.chunks(64) {
            let actions: Vec<Value> = some
                .iter()
                .flat_map(|key| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })])
                .collect();
            self.send("actions", json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }));
        }
    }

    /// Presses keys together, the last one last, and lets go.
    pub fn press(&self, keys: &[Key]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key.value() }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key.value() }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.send("actions", json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }));
    }

    /// Moves the mouse there.
    pub fn point_at(&self, point: Point) {
        self.pointer(point, &[]);
    }

    /// Moves the mouse there and presses its button, until [`Browser::let_go`].
    pub fn press_at(&self, point: Point) {
        self.pointer(point, &["pointerDown"]);
    }

    /// Lets go of the mouse's button.
    pub fn let_go(&self, point: Point) {
        self.pointer(point, &["pointerUp"]);
    }

    /// Moves the mouse there and clicks.
    pub fn click_at(&self, point: Point) {
        self.pointer(point, &["pointerDown", "pointerUp"]);
    }

    /// The same twice, as fast as that can be.
    pub fn double_click_at(&self, point: Point) {
        self.pointer(point, &["pointerDown", "pointerUp", "pointerDown", "pointerUp"]);
    }

    fn pointer(&self, point: Point, then: &[&str]) {
        // In two steps, as a hand does: a pointer that jumps onto its target enters nothing on the way.
        let (x, y) = (point.x.round(), point.y.round());
        let mut actions = vec![
            json!({ "type": "pointerMove", "duration": 0, "origin": "viewport", "x": (x - 1.0).max(0.0), "y": y }),
            json!({ "type": "pointerMove", "duration": 0, "origin": "viewport", "x": x, "y": y }),
        ];
        actions.extend(then.iter().map(|kind| json!({ "type": kind, "button": 0 })));
        let mouse = json!({
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions
        });
        self.send("actions", json!({ "actions": [mouse] }));
    }

    /// Runs with the document of a frame as the current one.
    pub fn in_frame<T>(&self, selector: &str, work: impl FnOnce(&Browser) -> T) -> T {
        self.enter_frame(selector);
        let result = work(self);
        self.leave_frame();
        result
    }

    /// What is painted in a frame, with its place in the window.
    pub fn painted_in_frame(&self, selector: &str) -> Vec<Painted> {
        let frame = self.rect(selector);
        let mut painted = self.in_frame(selector, Browser::painted);
        for one in &mut painted {
            one.rect.x += frame.x;
            one.rect.y += frame.y;
        }
        painted
    }

    /// Where an element is.
    pub fn rect(&self, selector: &str) -> Rect {
        let rect = self.js(
            "const r = document.querySelector(arguments[0])?.getBoundingClientRect();
             return r?.width > 0 && { x: r.x, y: r.y, width: r.width, height: r.height }",
            json!([selector]),
        );
        assert!(rect.is_object(), "no {selector} to be seen on the page");
        Rect::of(&rect)
    }

    /// Waits until the page, which must be in view, has been drawn anew.
    pub fn next_frame(&self) {
        self.js_async("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))");
    }

    /// Brings an element into view and clicks its middle, once two looks, a display frame apart, find it in the same place: what
    /// loads above it moves it.
    pub fn click(&self, selector: &str) {
        let place = || {
            self.js("document.querySelector(arguments[0])?.scrollIntoView({ block: 'nearest' })", json!([selector]));
            self.rect(selector)
        };
        let mut last = place();
        let rect = self.wait("it to stay where it is", || {
            self.next_frame();
            let now = place();
            (std::mem::replace(&mut last, now) == now).then_some(now)
        });
        self.click_at(rect.centre());
    }

    /// What is painted in this document, in reading order.
    pub fn painted(&self) -> Vec<Painted> {
        self.painted_in("html")
    }

    /// What is painted inside an element.
    pub fn painted_in(&self, selector: &str) -> Vec<Painted> {
        self.painted_by(
            "const inside = document.querySelector(arguments[0]), shift = { x: 0, y: 0 };",
            json!([selector]),
        )
    }

    /// The same; `place` is JavaScript that says which element is `inside` and by what a `shift` its document lies in the window.
    pub(crate) fn painted_by(&self, place: &str, arguments: Value) -> Vec<Painted> {
        let list = self.js(&format!("{place}{PAINTED}"), arguments);
        list.as_array().into_iter().flatten().map(painted).collect()
    }

    /// Our shadow root; empty when there is none.
    pub fn surface(&self) -> Surface {
        let mut all = Surface::default();
        for root in self.in_surface(SURFACE) {
            let part = |value: &Value| Part {
                text: string(&value["text"]),
                label: string(&value["label"]),
                rect: Rect::of(&value["rect"]),
            };
            let each = |name: &str| root[name].as_array().cloned().unwrap_or_default();
            all.buttons.extend(each("buttons").iter().map(|value| Button {
                action: string(&value["action"]),
                text: string(&value["text"]),
                becomes: value["becomes"].as_str().map(str::to_owned),
                selected: value["selected"] == true,
                rect: Rect::of(&value["rect"]),
            }));
            all.pills.extend(each("pills").iter().map(part));
            all.cards.extend(each("cards").iter().map(part));
            all.panels.extend(each("panels").iter().map(part));
            all.dialogs.extend(each("dialogs").iter().map(part));
            all.links.extend(each("links").iter().map(part));
            all.marks.extend(each("marks").iter().map(painted));
        }
        all
    }

    /// Calls a function on each closed shadow root at the end of the page, as `this`: ours are those of
    /// `composure-surface` and `composure-frame`. Gives what is returned, nothing for null.
    pub fn in_surface(&self, function: &str) -> Vec<Value> {
        match self.kind {
            Kind::Chromium => self.in_surface_of_chromium(&looking(&format!("({function}).call(this)"))),
            Kind::Firefox => {
                self.in_surface_of_firefox(&looking(&format!("JSON.stringify(({function}).call(this) ?? null)")))
            }
        }
    }

    fn in_surface_of_chromium(&self, function: &str) -> Vec<Value> {
        let cdp = |method: &'static str, params: Value| {
            self.send_any("goog/cdp/execute", json!({ "cmd": method, "params": params }))
        };
        // Anything may move between two of these calls; then there is nothing to see yet.
        let Ok(document) = cdp("DOM.getDocument", json!({ "depth": -1, "pierce": true })) else { return Vec::new() };
        let mut roots = Vec::new();
        closed_roots(&document["root"], &mut roots);
        roots
            .iter()
            .filter_map(|root| {
                let object =
                    cdp("DOM.resolveNode", json!({ "backendNodeId": root })).ok()?["object"]["objectId"].clone();
                let call = json!({ "objectId": object, "functionDeclaration": function, "returnByValue": true });
                let seen = cdp("Runtime.callFunctionOn", call).ok()?["result"]["value"].clone();
                (!seen.is_null()).then_some(seen)
            })
            .collect()
    }

    fn in_surface_of_firefox(&self, function: &str) -> Vec<Value> {
        let top = self.get("window");
        let found = self.in_context_of_firefox(&top, function);
        if !found.is_empty() {
            return found;
        }
        // A webmail may be in a frame of its page.
        let tree = self.bidi("browsingContext.getTree", json!({ "root": top, "maxDepth": 1 })).unwrap_or_default();
        let frames = tree["contexts"][0]["children"].as_array().cloned().unwrap_or_default();
        frames.iter().flat_map(|frame| self.in_context_of_firefox(&frame["context"], function)).collect()
    }

    fn in_context_of_firefox(&self, context: &Value, function: &str) -> Vec<Value> {
        let Ok(tree) = self.bidi(
            "script.evaluate",
            json!({
                "expression": "document.querySelector('composure-surface')?.parentElement ?? document.documentElement",
                "target": { "context": context },
                "awaitPromise": false,
                "serializationOptions": { "maxDomDepth": 1, "includeShadowTree": "all" },
            }),
        ) else {
            return Vec::new();
        };
        let children = tree["result"]["value"]["children"].as_array().cloned().unwrap_or_default();
        children
            .iter()
            .filter_map(|child| child["value"]["shadowRoot"]["sharedId"].as_str())
            .filter_map(|shared| {
                let call = json!({
                    "functionDeclaration": function,
                    "target": { "context": context },
                    "awaitPromise": false,
                    "this": { "sharedId": shared },
                });
                let seen = self.bidi("script.callFunction", call).ok()?;
                serde_json::from_str(seen["result"]["value"].as_str()?).ok().filter(|seen: &Value| !seen.is_null())
            })
            .collect()
    }

    /// Waits until it gives something, and fails after [`PATIENCE`] with what it waited for.
    #[track_caller]
    pub fn wait<T>(&self, what: &str, sought: impl FnMut() -> Option<T>) -> T {
        self.wait_saying(|| what.to_owned(), sought)
    }

    /// The same, where what it waited for is better said afterwards.
    #[track_caller]
    pub fn wait_saying<T>(&self, what: impl Fn() -> String, mut sought: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = sought() {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "{}: waited {PATIENCE:?} in vain for {}", self.kind, what());
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// Waits until two looks, a display frame and more apart, are the same: the page has come to rest.
    #[track_caller]
    pub fn settled<T: PartialEq + Debug>(&self, what: &str, mut look: impl FnMut() -> T) -> T {
        let mut last = look();
        let mut since = Instant::now();
        let start = Instant::now();
        loop {
            std::thread::sleep(Duration::from_millis(50));
            let now = look();
            if now != last {
                last = now;
                since = Instant::now();
            }
            if since.elapsed() > Duration::from_millis(300) {
                return last;
            }
            assert!(start.elapsed() < PATIENCE, "{}: {what} does not come to rest: {last:?}", self.kind);
        }
    }

    /// What the window shows, as PNG.
    pub fn screenshot(&self, file: &Path) {
        let image = self.get("screenshot");
        let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, string(&image)).expect("a PNG in base64");
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder of the screenshot");
        fs::write(file, bytes).expect("the screenshot can be written");
    }

    /// What the writer told the system, for this tab (Chromium) or all of them (Firefox): a dark theme, less movement.
    /// A test that changes it puts it back to how all begin: light and still.
    pub fn prefer(&self, dark: bool, still: bool) {
        match self.kind {
            Kind::Chromium => {
                let features = json!([
                    { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
                    { "name": "prefers-reduced-motion", "value": if still { "reduce" } else { "no-preference" } },
                ]);
                self.cdp("Emulation.setEmulatedMedia", json!({ "features": features }));
            }
            Kind::Firefox => {
                self.in_chrome(&format!(
                    "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', {});
                     Services.prefs.setIntPref('ui.prefersReducedMotion', {})",
                    i32::from(!dark),
                    i32::from(still),
                ));
            }
        }
    }

    /// A command of the DevTools protocol (Chromium only).
    pub fn cdp(&self, method: &str, params: Value) -> Value {
        self.send("goog/cdp/execute", json!({ "cmd": method, "params": params }))
    }

    /// The processor time that the page's main thread has taken, in milliseconds since some moment.
    pub fn main_thread(&self) -> f64 {
        match self.kind {
            Kind::Chromium => {
                // Its own time, not that in which another process had the core.
                self.cdp("Performance.enable", json!({ "timeDomain": "threadTicks" }));
                let metrics = self.cdp("Performance.getMetrics", json!({}));
                let tasks = metrics["metrics"].as_array().into_iter().flatten().find(|it| it["name"] == "TaskDuration");
                tasks.and_then(|it| it["value"].as_f64()).expect("the time of all tasks") * 1000.0
            }
            Kind::Firefox => {
                let pid = self
                    .in_chrome("return gBrowser.selectedBrowser.browsingContext.currentWindowGlobal.domProcess.osPid");
                // In nanoseconds; Firefox itself says it in hundredths of a second.
                let schedule = fs::read_to_string(format!("/proc/{pid}/schedstat")).expect("a process of this machine");
                let ran = schedule.split_whitespace().next().and_then(|ran| ran.parse::<f64>().ok());
                ran.expect("the time that its first thread ran") / 1e6
            }
        }
    }

    /// What the frame of the mind takes, with the worker in it that thinks, after the garbage was collected; nothing where there is no
    /// frame. There may be one only.
    ///
    /// In Chromium that is what their JavaScript engines have in use, of which they are the only users, and the wasm's memory; in Firefox
    /// what about:memory counts under their addresses.
    pub fn frame_memory(&self) -> Option<FrameMemory> {
        match self.kind {
            Kind::Chromium => {
                let targets = self.cdp("Target.getTargets", json!({}))["targetInfos"].clone();
                let [frame, mind] = ["/mind.html", "/mind.js"].map(|end| {
                    let target = targets.as_array()?.iter().find(|it| string(&it["url"]).ends_with(end))?;
                    Some(string(&target["targetId"]))
                });
                let used = |target: &str| {
                    let [_, _, used] = self.ask_target(
                        target,
                        [
                            ("HeapProfiler.collectGarbage", json!({})),
                            ("HeapProfiler.collectGarbage", json!({})),
                            ("Runtime.getHeapUsage", json!({})),
                        ],
                    );
                    let of = |name: &str| used[name].as_f64().unwrap_or_default();
                    of("usedSize") + of("embedderHeapUsedSize")
                };
                let (frame, mind) = (frame?, mind?);
                let rest = used(&frame) + used(&mind);
                let wasm = "import('/wasm/mind.js').then(it => it.default()).then(it => it.memory.buffer.byteLength)";
                let evaluated = json!({ "expression": wasm, "awaitPromise": true, "returnByValue": true });
                let [wasm] = self.ask_target(&mind, [("Runtime.evaluate", evaluated)]);
                Some(FrameMemory { wasm: wasm["result"]["value"].as_f64()?, rest })
            }
            Kind::Firefox => {
                let [wasm, mind, frame] = self.reported_memory(["mind.js wasm", "mind.js", "mind.html"]);
                (mind > 0.0).then_some(FrameMemory { wasm, rest: mind - wasm + frame })
            }
        }
    }

    /// The bytes that about:memory counts, in all processes, under paths that have all words of each of these, once what can be freed is
    /// (Firefox only).
    pub fn reported_memory<const N: usize>(&self, paths: [&str; N]) -> [f64; N] {
        let sums = self.in_chrome(&format!(
            "const sought = {}.map(words => words.split(' '));
             const manager = Cc['@mozilla.org/memory-reporter-manager;1'].getService(Ci.nsIMemoryReporterManager);
             return new Promise(resolve => manager.minimizeMemoryUsage(resolve)).then(() => new Promise(resolve => {{
                 const sums = sought.map(() => 0);
                 manager.getReports((process, path, kind, units, amount) => {{
                     if (!path.startsWith('explicit/')) return;
                     sought.forEach((words, at) => {{ if (words.every(word => path.includes(word))) sums[at] += amount; }});
                 }}, null, () => resolve(sums), null, false);
             }}))",
            json!(paths.as_slice())
        ));
        std::array::from_fn(|at| sums[at].as_f64().unwrap_or_default())
    }

    /// Commands of the DevTools protocol to a target that no window shows: a frame of another process, a service worker (Chromium only).
    pub fn ask_target<const N: usize>(&self, target: &str, commands: [(&str, Value); N]) -> [Value; N] {
        let driver = self.driver.as_ref().expect("the session is open until drop");
        let address =
            &driver.handle().capabilities().get("goog:chromeOptions").expect("Chromium's options")["debuggerAddress"];
        let url = format!("ws://{}/devtools/page/{target}", string(address));
        self.runtime.block_on(async {
            let (mut socket, _) = tokio_tungstenite::connect_async(url).await.expect("the target");
            let mut answers = commands.clone().map(|_| Value::Null);
            for (id, (method, params)) in commands.into_iter().enumerate() {
                let command = json!({ "id": id, "method": method, "params": params }).to_string();
                socket.send(command.into()).await.expect("a command is sent");
                while let Some(Ok(message)) = socket.next().await {
                    let answer: Value = serde_json::from_str(message.to_text().unwrap_or_default()).unwrap_or_default();
                    if answer["id"] == id {
                        assert!(answer["error"].is_null(), "{method}: {answer}");
                        answers[id] = answer["result"].clone();
                        break;
                    }
                }
            }
            answers
        })
    }

    /// A new tab, which the following calls go to; the old one is closed.
    pub fn fresh_tab(&self) {
        let old = self.get("window");
        let new = self.send("window/new", json!({ "type": "tab" }))["handle"].clone();
        self.send("window", json!({ "handle": old }));
        self.run(Raw(Method::DELETE, "window", Value::Null)).ok();
        self.send("window", json!({ "handle": new }));
    }

    /// The addresses of all open tabs, also of those that somebody else opened.
    pub fn tabs(&self) -> Vec<String> {
        match self.kind {
            Kind::Chromium => self.targets().iter().map(|target| string(&target["url"])).collect(),
            Kind::Firefox => {
                strings(&self.in_chrome("return gBrowser.tabs.map(tab => tab.linkedBrowser.currentURI.spec)"))
            }
        }
    }

    /// The following calls go to the tab with this address, until [`Browser::leave_tab`] with what this gives.
    #[track_caller]
    pub fn enter_tab(&self, url: &str) -> Value {
        let here = self.get("window");
        self.wait(&format!("a tab with {url}"), || {
            self.get("window/handles").as_array().cloned().unwrap_or_default().into_iter().find(|handle| {
                self.send("window", json!({ "handle": handle }));
                self.get("url") == url
            })
        });
        here
    }

    /// Opens an address in another tab, which the following calls go to, until [`Browser::leave_tab`] with what this gives.
    pub fn beside(&self, url: &str) -> Value {
        let here = self.get("window");
        let new = self.send("window/new", json!({ "type": "tab" }))["handle"].clone();
        self.send("window", json!({ "handle": new }));
        self.open(url);
        here
    }

    /// Back to the tab that the calls went to before, whatever became of the other.
    pub fn leave_tab(&self, before: &Value) {
        self.send("window", json!({ "handle": before }));
    }

    /// The address of the tab that the writer sees (Firefox only: Chromium's pages know it themselves).
    pub fn front_tab(&self) -> String {
        string(&self.in_chrome("return gBrowser.selectedBrowser.currentURI.spec"))
    }

    /// Lets the extension see the tab in front, as a press on its toolbar button does (Firefox only: no driver reaches
    /// Chromium's).
    pub fn press_toolbar_button(&self) {
        self.in_chrome(&format!(
            "WebExtensionPolicy.getByID('{FIREFOX_ID}').extension.tabManager.addActiveTabPermission(gBrowser.selectedTab)"
        ));
    }

    /// Closes the tabs with this address.
    pub fn close_tab(&self, url: &str) {
        match self.kind {
            Kind::Chromium => {
                for target in self.targets().iter().filter(|target| target["url"] == url) {
                    self.cdp("Target.closeTarget", json!({ "targetId": target["targetId"] }));
                }
            }
            Kind::Firefox => {
                let script = format!(
                    "for (const tab of [...gBrowser.tabs]) if (tab.linkedBrowser.currentURI.spec === {}) gBrowser.removeTab(tab)",
                    json!(url)
                );
                self.in_chrome(&script);
            }
        }
    }

    fn targets(&self) -> Vec<Value> {
        let list = self.cdp("Target.getTargets", json!({}))["targetInfos"].clone();
        list.as_array()
            .into_iter()
            .flatten()
            .filter(|target| target["type"] == "page" || target["type"] == "tab")
            .cloned()
            .collect()
    }

    /// Loads the extension anew, as an update does, while this tab stays open.
    pub fn reload_extension(&self) {
        let here = self.get("window");
        match self.kind {
            Kind::Chromium => {
                let id = self.origin.trim_start_matches("chrome-extension://").to_owned();
                let other = self.send("window/new", json!({ "type": "tab" }))["handle"].clone();
                self.send("window", json!({ "handle": other }));
                self.open("chrome://extensions/");
                let done = self.js_async(&format!(
                    "const done = arguments[0]; chrome.developerPrivate.reload('{id}', {{ failQuietly: true }}).then(() => done('ok'), error => done(String(error)))"
                ));
                assert_eq!(done, "ok");
                self.run(Raw(Method::DELETE, "window", Value::Null)).ok();
                self.send("window", json!({ "handle": here }));
            }
            Kind::Firefox => {
                let package = self._folder.path().join("composure.xpi");
                self.send("moz/addon/install", json!({ "path": package, "temporary": true }));
            }
        }
    }

    /// Puts a newer build in the place of the one that was installed from this folder, as an update does, while this tab stays open.
    pub fn update_extension(&self, installed: &Path, newer: &Path) {
        match self.kind {
            // It runs from the folder itself.
            Kind::Chromium => {
                for entry in fs::read_dir(installed).expect("the installed build").flatten() {
                    let path = entry.path();
                    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("removed");
                }
                copy(newer, installed);
                self.reload_extension();
            }
            // It runs from its package, which stays as it is until the newer one has taken over.
            Kind::Firefox => {
                let package = pack(newer, &self._folder.path().join("composure-newer.xpi"));
                self.send("moz/addon/install", json!({ "path": package, "temporary": true }));
            }
        }
    }

    /// Ends the extension's background script as the browser does when it has been idle; the next event starts it again.
    pub fn suspend_background(&self) {
        match self.kind {
            Kind::Chromium => {
                let is_running = || {
                    let targets = self.cdp("Target.getTargets", json!({}))["targetInfos"].clone();
                    let worker =
                        |it: &Value| it["type"] == "service_worker" && string(&it["url"]).starts_with(&self.origin);
                    targets.as_array().into_iter().flatten().any(worker)
                };
                self.cdp("ServiceWorker.enable", json!({}));
                self.cdp("ServiceWorker.stopAllWorkers", json!({}));
                // Something may have started it again meanwhile, which is well too.
                let until = Instant::now() + Duration::from_millis(500);
                while is_running() && Instant::now() < until {
                    std::thread::sleep(Duration::from_millis(20));
                }
                self.cdp("ServiceWorker.disable", json!({}));
            }
            Kind::Firefox => {
                self.in_chrome(&format!(
                    "return WebExtensionPolicy.getByID('{FIREFOX_ID}').extension.terminateBackground().then(() => 1)"
                ));
            }
        }
    }

    /// The page is not shown for so long, when its timers and display frames are held back; in Chromium it is frozen, too.
    pub fn freeze(&self, time: Duration) {
        match self.kind {
            Kind::Chromium => {
                let here = self.get("window");
                let state = |state: &str| {
                    self.ask_target(&string(&here), [("Page.setWebLifecycleState", json!({ "state": state }))]);
                };
                let other = self.send("window/new", json!({ "type": "tab" }))["handle"].clone();
                self.send("window", json!({ "handle": other }));
                state("frozen");
                std::thread::sleep(time);
                state("active");
                self.run(Raw(Method::DELETE, "window", Value::Null)).ok();
                self.send("window", json!({ "handle": here }));
            }
            Kind::Firefox => {
                self.in_chrome("gBrowser.selectedBrowser.browsingContext.isActive = false");
                std::thread::sleep(time);
                self.in_chrome("gBrowser.selectedBrowser.browsingContext.isActive = true");
            }
        }
    }

    /// Slows the page's processor down by this factor (Chromium only; nothing happens elsewhere).
    pub fn slow_down(&self, factor: u32) {
        if self.kind == Kind::Chromium {
            self.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": factor }));
        }
    }

    /// Whether somebody has closed the window.
    pub fn is_gone(&self) -> bool {
        self.run(Raw(Method::GET, "url", Value::Null)).is_err()
    }

    fn in_chrome(&self, script: &str) -> Value {
        self.send("moz/context", json!({ "context": "chrome" }));
        let result = self.send_any("execute/sync", json!({ "script": script, "args": [] }));
        self.send("moz/context", json!({ "context": "content" }));
        result.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    fn bidi(&self, method: &str, params: Value) -> Result<Value, String> {
        let driver = self.driver.as_ref().expect("the session is open until drop");
        self.runtime.block_on(async {
            let bidi = driver.bidi().await.map_err(|error| error.to_string())?;
            bidi.send_raw(method, params).await.map_err(|error| error.to_string())
        })
    }

    fn get(&self, path: &'static str) -> Value {
        self.run(Raw(Method::GET, path, Value::Null)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[track_caller]
    fn send(&self, path: &'static str, body: Value) -> Value {
        match self.send_any(path, body.clone()) {
            Ok(value) => value,
            Err(error) => panic!("{}: {path} {:.300}: {error}", self.kind, body.to_string()),
        }
    }

    fn send_any(&self, path: &'static str, body: Value) -> Result<Value, String> {
        self.run(Raw(Method::POST, path, body))
    }

    fn run(&self, command: Raw) -> Result<Value, String> {
        let driver = self.driver.as_ref().expect("the session is open until drop");
        self.runtime
            .block_on(driver.cmd(command))
            .and_then(|response| response.value_json())
            .map_err(|error| error.to_string())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let family = descendants(self.process.id());
        if let Some(driver) = self.driver.take() {
            let quit = async { tokio::time::timeout(Duration::from_secs(10), driver.quit()).await };
            // What does not quit is ended below.
            self.runtime.block_on(quit).ok();
        }
        self.process.kill().ok();
        self.process.wait().ok();
        kill(&family);
    }
}

fn kill(processes: &[u32]) {
    let processes = processes.iter().map(u32::to_string);
    Command::new("kill").arg("-9").args(processes).stderr(Stdio::null()).status().ok();
}

/// Starts a driver on a port of its own choice, which it says in its first lines.
fn start_driver(kind: Kind, folder: &Path) -> (Child, u16) {
    let mut command = match kind {
        Kind::Chromium => {
            let mut command = Command::new("chromedriver");
            command.arg("--port=0");
            command
        }
        Kind::Firefox => {
            let ours = crate::root().join("tools/bin/geckodriver");
            let mut command = Command::new(if ours.exists() { ours } else { "geckodriver".into() });
            command.args(["--port=0", "--websocket-port=0", "--allow-system-access"]);
            command
        }
    };
    let file = folder.join(DRIVER_LOG);
    let log = File::create(&file).expect("the driver's log can be written");
    let errors = log.try_clone().expect("a file can be shared");
    // The profile goes where the driver makes temporary files.
    command.env("TMPDIR", folder).stdin(Stdio::null()).stdout(log).stderr(errors);
    let process = command.spawn().unwrap_or_else(|error| {
        panic!("{} does not start: {error}; run ./build.sh setup", command.get_program().to_string_lossy())
    });
    (process, said_port(kind, &file))
}

/// Waits until the driver's log names the port.
fn said_port(kind: Kind, log: &Path) -> u16 {
    let start = Instant::now();
    loop {
        let said = fs::read_to_string(log).unwrap_or_default();
        let port = match kind {
            Kind::Chromium => said.split_once("successfully on port ").map(|(_, port)| port),
            Kind::Firefox => said.split_once("Listening on 127.0.0.1:").map(|(_, port)| port),
        };
        if let Some((port, _)) = port.and_then(|port| port.split_once(['.', '\n'])) {
            return port.trim().parse().expect("a port is a number");
        }
        assert!(start.elapsed() < PATIENCE, "the driver of {kind} does not say its port: {said}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn chromium(options: &Options, downloads: &Path) -> Value {
    let mut arguments: Vec<String> = [
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--disable-features=AutofillServerCommunication",
        "--disable-gpu",
        "--ignore-certificate-errors",
        "--force-color-profile=srgb",
        "--lang=en-US",
        "--window-size=1280,900",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--proxy-server={}", options.proxy));
    if !options.headed {
        arguments.push("--headless".to_owned());
        // A picture shall show what is there, not what is just fading in.
        arguments.push("--force-prefers-reduced-motion".to_owned());
    }
    if is_root() {
        arguments.push("--no-sandbox".to_owned());
    }
    if let Some(profile) = &options.profile {
        arguments.push(format!("--user-data-dir={}", profile.display()));
    }
    if let Some(extension) = &options.extension {
        arguments.push(format!("--load-extension={}", extension.display()));
    }
    // See `bench`.
    if let Ok(folder) = std::env::var("COMPOSURE_TRACE") {
        let name = options.extension.as_ref().and_then(|folder| folder.file_name()).unwrap_or("none".as_ref());
        arguments.push(format!("--trace-startup-file={folder}/{}.json", name.display()));
        arguments.extend(
            [
                "--trace-startup=toplevel,blink,devtools.timeline,v8,cc",
                "--trace-startup-format=json",
                "--trace-startup-duration=25",
            ]
            .map(str::to_owned),
        );
    }
    json!({
        "browserName": "chrome",
        "unhandledPromptBehavior": "accept",
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "args": arguments,
            "prefs": { "download.default_directory": downloads },
            "enableExtensionTargets": true,
        },
    })
}

fn firefox(options: &Options, downloads: &Path) -> Value {
    let uuids = json!({ FIREFOX_ID: FIREFOX_ORIGIN }).to_string();
    let (host, port) = (options.proxy.ip().to_string(), options.proxy.port());
    let mut preferences = json!({
        "network.proxy.type": 1,
        "network.proxy.http": host,
        "network.proxy.http_port": port,
        "network.proxy.ssl": host,
        "network.proxy.ssl_port": port,
        "network.proxy.no_proxies_on": "",
        "extensions.webextensions.uuids": uuids,
        "intl.accept_languages": "en-US, en",
        "layout.css.prefers-color-scheme.content-override": 1,
        "privacy.reduceTimerPrecision": false,
        // What an extension asks for in a click is granted without a prompt.
        "extensions.webextOptionalPermissionPrompts": false,
        // Every console, content scripts' too, goes to the driver's log.
        "browser.dom.window.dump.enabled": true,
        "devtools.console.stdout.chrome": true,
        "devtools.console.stdout.content": true,
    });
    // What a fresh Firefox would ask of the network by itself.
    for off in [
        "app.normandy.enabled",
        "browser.newtabpage.activity-stream.feeds.section.topstories",
        "browser.newtabpage.activity-stream.feeds.topsites",
        "browser.ping-centre.telemetry",
        "browser.region.update.enabled",
        "browser.safebrowsing.downloads.remote.enabled",
        "browser.safebrowsing.malware.enabled",
        "browser.safebrowsing.phishing.enabled",
        "browser.search.geoSpecificDefaults",
        "browser.topsites.contile.enabled",
        "browser.translations.enable",
        "datareporting.healthreport.uploadEnabled",
        "datareporting.policy.dataSubmissionEnabled",
        "dom.push.connection.enabled",
        "extensions.getAddons.cache.enabled",
        "extensions.systemAddon.update.enabled",
        "extensions.update.enabled",
        "media.gmp-manager.updateEnabled",
        "network.captive-portal-service.enabled",
        "network.connectivity-service.enabled",
        "toolkit.telemetry.enabled",
        "toolkit.telemetry.unified",
    ] {
        preferences[off] = json!(false);
    }
    preferences["services.settings.server"] = json!("data:,#remote-settings-dummy/v1");
    preferences["browser.download.folderList"] = json!(2);
    preferences["browser.download.dir"] = json!(downloads);
    preferences["browser.download.alwaysOpenPanel"] = json!(false);
    // Nobody signed what is built here; only a temporary add-on may do without, elsewhere than in an ESR.
    preferences["xpinstall.signatures.required"] = json!(false);
    let mut arguments = Vec::new();
    if !options.headed {
        arguments.push("-headless".to_owned());
        preferences["ui.prefersReducedMotion"] = json!(1);
    }
    if options.private {
        preferences["browser.privatebrowsing.autostart"] = json!(true);
    }
    if let Some(profile) = &options.profile {
        arguments.extend(["-profile".to_owned(), profile.display().to_string()]);
    }
    json!({
        "browserName": "firefox",
        "acceptInsecureCerts": true,
        "unhandledPromptBehavior": "accept",
        "webSocketUrl": true,
        "moz:firefoxOptions": { "args": arguments, "prefs": preferences },
    })
}

/// Copies a folder with all that is in it.
///
/// # Panics
/// If something cannot be read or written.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Packs the folder as Firefox wants it.
fn pack(folder: &Path, package: &Path) -> PathBuf {
    fn add(zip: &mut zip::ZipWriter<File>, folder: &Path, name: &str) {
        let mut entries: Vec<_> = fs::read_dir(folder).expect("dist/ can be read").flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = format!("{name}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                add(zip, &entry.path(), &format!("{name}/"));
            } else {
                let options =
                    zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
                zip.start_file(name, options).expect("a file can be added");
                zip.write_all(&fs::read(entry.path()).expect("dist/ can be read")).expect("a file can be added");
            }
        }
    }
    let mut zip = zip::ZipWriter::new(File::create(package).expect("the package can be written"));
    add(&mut zip, folder, "");
    zip.finish().expect("the package can be written");
    package.to_path_buf()
}

fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("\nUid:\t0\t"))
}

/// Every process below this one.
fn descendants(ancestor: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(process) = entry.file_name().to_string_lossy().parse() else { continue };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // `pid (name) state parent …`, and the name may hold anything.
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        children.entry(parent.unwrap_or(0)).or_default().push(process);
    }
    let mut family = Vec::new();
    let mut left = vec![ancestor];
    while let Some(process) = left.pop() {
        let own = children.remove(&process).unwrap_or_default();
        family.extend(&own);
        left.extend(own);
    }
    family
}

/// A function that says so while it looks: what it calls is the page's, and a page of the tests may listen.
fn looking(result: &str) -> String {
    format!("function () {{ window.__looked = true; try {{ return {result} }} finally {{ window.__looked = false }} }}")
}

/// Backend ids of the closed shadow roots below a node of the DevTools protocol. (Those of the browser's own controls
/// are `user-agent` roots.)
fn closed_roots(node: &Value, found: &mut Vec<Value>) {
    for root in node["shadowRoots"].as_array().into_iter().flatten() {
        if root["shadowRootType"] == "closed" {
            found.push(root["backendNodeId"].clone());
        }
    }
    // A webmail may be in a frame of its page.
    for child in node["children"].as_array().into_iter().flatten().chain(node.get("contentDocument")) {
        closed_roots(child, found);
    }
}

fn painted(value: &Value) -> Painted {
    Painted { name: string(&value["name"]), text: string(&value["text"]), rect: Rect::of(&value["rect"]) }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(string).collect()
}

/// Reads what is painted in a document: an array of name, text, rect.
const PAINTED: &str = r"
    const found = [];
    for (const [name, highlight] of inside?.ownerDocument.defaultView.CSS.highlights ?? []) {
        // `current` only makes one of the others stronger.
        if (!name.startsWith('composure') || name === 'composure-current') continue;
        for (const range of highlight) {
            const live = inside.ownerDocument.createRange();
            live.setStart(range.startContainer, range.startOffset);
            live.setEnd(range.endContainer, range.endOffset);
            if (live.collapsed || !inside.contains(live.commonAncestorContainer)) continue;
            const r = live.getClientRects()[0] ?? live.getBoundingClientRect();
            found.push({ name, live, text: live.toString(), rect: { x: r.x + shift.x, y: r.y + shift.y, width: r.width, height: r.height } });
        }
    }
    found.sort((a, b) => a.live.compareBoundaryPoints(Range.START_TO_START, b.live));
    return found.map(({ name, text, rect }) => ({ name, text, rect }));
";

/// Reads a shadow root (`this`): see [`Surface`].
const SURFACE: &str = r"function () {
    const shown = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0;
    const rect = e => { const r = e.getBoundingClientRect(); return { x: r.x, y: r.y, width: r.width, height: r.height } };
    const all = selector => [...this.querySelectorAll(selector)].filter(shown);
    const parts = selector => all(selector).map(e => ({ text: e.innerText, label: e.ariaLabel ?? '', rect: rect(e) }));
    return {
        buttons: all('[data-action]').map(e => ({
            action: e.dataset.action,
            text: e.innerText,
            becomes: e.querySelector('.new')?.textContent,
            selected: e.hasAttribute('data-selected') || e.matches(':focus'),
            rect: rect(e),
        })),
        pills: parts('.pill'),
        cards: parts('.card'),
        panels: parts('.panel'),
        dialogs: parts('.dialog'),
        links: all('a[href]').map(e => ({ text: e.innerText, label: e.getAttribute('href'), rect: rect(e) })),
        marks: all('.overlay [class^=mark-]').map(e => ({ name: e.className, text: e.textContent, rect: rect(e) })),
    };
}";
