//! The editors of `tests/editors/`, each on a page of its own, in the words of somebody who writes in them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::browser::{Browser, Key, Kind, Painted, Point};
use crate::server::Site;

/// Their host name, which the extension does not know until it is turned on there.
pub const HOST: &str = "editors.test";

/// Those whose body lies in a frame that they made.
const FRAMED: &[&str] = &["ckeditor4", "tinymce", "tinymce5"];

/// Where the pages come from: what [`build`] made, and the packages of editors that load parts of themselves.
#[must_use]
pub fn site() -> Site {
    let packages = crate::root().join("tests/editors/node_modules");
    let folders = [
        ("/ckeditor4/", packages.join("ckeditor4")),
        ("/jquery/", packages.join("jquery/dist")),
        ("/quill1/", packages.join("quill1/dist")),
        ("/summernote/", packages.join("summernote/dist")),
        ("/tinymce/", packages.join("tinymce")),
        ("/tinymce5/", packages.join("tinymce5")),
        ("/", folder()),
    ];
    Site::Folders(folders.map(|(path, folder)| (path.to_owned(), folder)).into())
}

fn folder() -> PathBuf {
    crate::root().join("target/editors")
}

/// Bundles the pages, once in this process.
///
/// # Panics
/// If they cannot be bundled: with what `build.mjs` says.
pub fn build() {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let script = crate::root().join("tests/editors/build.mjs");
        let output = Command::new("node").arg(script).arg(folder()).output().map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    });
    assert!(built.is_ok(), "tests/editors/build.mjs: {built:?}; run ./build.sh setup");
}

/// The extension as shipped, for tests on [`HOST`] and SOGo's. Chromium asks whether it may run on a further site in a window of its own that no driver
/// reaches, so there it is a copy whose manifest already says yes; what follows from that is the product's own doing.
///
/// # Panics
/// If there is no extension to copy.
#[must_use]
pub fn extension(kind: Kind) -> PathBuf {
    let dist = crate::dist();
    if kind == Kind::Firefox {
        return dist;
    }
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    COPY.get_or_init(|| {
        let copy = crate::root().join("target/dist-editors");
        fs::remove_dir_all(&copy).ok();
        let copied = Command::new("cp").arg("-r").arg(&dist).arg(&copy).status();
        assert!(
            copied.is_ok_and(|status| status.success()),
            "no extension in {}; run ./build.sh build",
            dist.display()
        );
        let file = copy.join("manifest.json");
        let manifest = fs::read_to_string(&file).expect("a manifest");
        let mut manifest: Value = serde_json::from_str(&manifest).expect("a manifest is JSON");
        manifest["host_permissions"].as_array_mut().expect("hosts").extend(
            [HOST, crate::sogo::HOST]
                .map(str::to_owned)
                .into_iter()
                .chain(crate::webmail::self_hosted())
                .map(|host| json!(format!("https://{host}/*"))),
        );
        fs::write(file, manifest.to_string()).expect("the manifest can be written");
        copy
    })
    .clone()
}

/// A page with one editor.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// Where.
    pub browser: &'a Browser,
    /// Which: the name of its file in `tests/editors/pages/`.
    pub name: &'a str,
}

/// What an editor holds. Texts are a paragraph a line, without empty lines, which some editors drop and others add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// What its model says.
    pub text: String,
    /// What of that is bold.
    pub bold: String,
    /// What is on the screen.
    pub screen: String,
    /// What it gives to be kept or sent, byte for byte: HTML, JSON or text.
    pub saved: String,
    /// The same, when it last told its application of a change: what would be sent.
    pub heard: String,
    /// Errors of the page's scripts.
    pub errors: u64,
}

impl State {
    /// Whether model, screen and application agree, and no script failed.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.text == self.screen && self.saved == self.heard && self.errors == 0
    }
}

impl<'a> Page<'a> {
    /// Opens it and waits until its editor is there.
    #[must_use]
    pub fn open(browser: &'a Browser, name: &'a str) -> Self {
        browser.open(&format!("https://{HOST}/{name}.html"));
        browser.wait(&format!("the editor {name}"), || {
            (browser.js("return window.__editor !== undefined", json!([])) == true).then_some(())
        });
        Self { browser, name }
    }

    /// What it holds now.
    #[must_use]
    pub fn state(&self) -> State {
        let state = self.browser.js("return __editor.state()", json!([]));
        let text = |name: &str| state[name].as_str().unwrap_or_default().to_owned();
        State {
            text: text("text"),
            bold: text("bold"),
            screen: text("screen"),
            saved: text("saved"),
            heard: text("heard"),
            errors: state["errors"].as_u64().unwrap_or_default(),
        }
    }

    /// Clicks into the last line and goes behind it.
    pub fn click_to_end(&self) {
        let place = self.browser.js("return __editor.place()", json!([]));
        let number = |name: &str| place[name].as_f64().expect("a number");
        let focused = "const { ownerDocument } = __editor.root(); return ownerDocument.hasFocus() && __editor.root().contains(ownerDocument.activeElement)";
        // Some are not yet ready to be clicked into when they say that they are there.
        self.browser.wait("the focus", || {
            self.browser.click_at(Point { x: number("x"), y: number("y") });
            (self.browser.js(focused, json!([])) == true).then_some(())
        });
        self.in_frame(|browser| {
            browser.press(&[Key::Control, Key::End]);
            // Most learn of a new selection a little later, and a key before that goes where the caret was.
            browser.js_async("setTimeout(() => requestAnimationFrame(arguments[0]), 120)");
        });
    }

    /// Types at the caret.
    pub fn type_text(&self, text: &str) {
        self.in_frame(|browser| {
            if self.name != "trix" {
                return browser.type_text(text);
            }
            // What comes before Trix has drawn a new line it takes for further lines, in seven of 25 mails without the extension, in
            // six with it: no faster than a person, then.
            for letter in text.chars() {
                browser.type_text(letter.encode_utf8(&mut [0; 4]));
                browser.next_frame();
            }
        });
    }

    /// Presses keys together.
    pub fn press(&self, keys: &[Key]) {
        self.in_frame(|browser| browser.press(keys));
    }

    /// Runs with the editor's own document as the current one.
    pub fn in_frame<T>(&self, work: impl FnOnce(&Browser) -> T) -> T {
        if !FRAMED.contains(&self.name) {
            return work(self.browser);
        }
        self.browser.in_frame("iframe", work)
    }

    /// What is painted, with its place in the window, in reading order.
    #[must_use]
    pub fn painted(&self) -> Vec<Painted> {
        if self.name == "textarea" {
            return self.browser.surface().marks;
        }
        if FRAMED.contains(&self.name) { self.browser.painted_in_frame("iframe") } else { self.browser.painted() }
    }

    /// Waits until the editor holds this text, and its model, its screen and its application agree on that.
    ///
    /// # Errors
    /// What it holds instead, when it has come to rest.
    pub fn expect(&self, text: &str) -> Result<State, String> {
        let start = std::time::Instant::now();
        loop {
            let state = self.state();
            if state.text == text && state.agrees() {
                return Ok(state);
            }
            if start.elapsed() > std::time::Duration::from_secs(3) {
                let State { text: model, screen, saved, heard, errors, .. } = state;
                let mut said = vec![format!("model {model:?}")];
                if screen != model {
                    said.push(format!("screen {screen:?}"));
                }
                if heard != saved {
                    said.push(format!("its application heard {heard:?} of {saved:?}"));
                }
                if errors > 0 {
                    said.push(format!("{errors} errors"));
                }
                return Err(said.join("; "));
            }
            std::thread::sleep(std::time::Duration::from_millis(15));
        }
    }
}
