//! The language of what is written, as the browser's own detector hears it. That is on the machine in both browsers, and
//! costs the extension no byte; docs/languages.md has it beside two libraries.

use std::cell::RefCell;
use std::rc::Rc;

use composure_session::Session;
use gloo::timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{JsResult, mind, report};

/// How often it looks and asks at most, in milliseconds.
const EVERY: u32 = 1_000;
/// It is asked about so much of a text, in bytes.
const MOST_ASKED: usize = 4 << 10;

#[derive(Default)]
struct State {
    /// Whether it looked before: the first answer is wanted at once.
    asked: bool,
    /// Until it is asked next.
    pause: Option<Timeout>,
}

/// Names the languages of a session's composes.
pub(crate) struct Detector {
    session: Rc<RefCell<Session>>,
    port: web_sys::MessagePort,
    detect: js_sys::Function,
    state: RefCell<State>,
}

impl Detector {
    /// One for a session whose effects go through `port`. `detect` resolves to the code and the name of a text's language, a
    /// space between them.
    pub(crate) fn new(session: Rc<RefCell<Session>>, port: web_sys::MessagePort, detect: js_sys::Function) -> Rc<Self> {
        Rc::new(Detector { session, port, detect, state: RefCell::default() })
    }

    /// Something happened: looks whether there is something to ask, once a second while something does.
    pub(crate) fn wait(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        if state.pause.is_none() {
            let this = self.clone();
            let pause = if state.asked { EVERY } else { 0 };
            state.pause = Some(Timeout::new(pause, move || spawn_local(this.ask())));
        }
    }

    async fn ask(self: Rc<Self>) {
        let wanted = self.session.borrow().unnamed();
        self.state.borrow_mut().asked = true;
        let Some((compose, revision, mut text)) = wanted else {
            self.state.borrow_mut().pause = None;
            return;
        };
        text.truncate(text.floor_char_boundary(MOST_ASKED));
        let seen = report(self.seen(&text).await).flatten();
        let seen = seen.as_deref().and_then(|seen| seen.split_once(' '));
        let outcome = self.session.borrow_mut().language_seen(compose, revision, seen);
        report(mind::answer(&self.port, outcome));
        self.state.borrow_mut().pause = None;
        // What was written meanwhile, or in another compose.
        if self.session.borrow().unnamed().is_some() {
            self.wait();
        }
    }

    /// A code and a name, or nothing where it is not sure.
    async fn seen(&self, text: &str) -> JsResult<Option<String>> {
        let answer: js_sys::Promise = self.detect.call1(&JsValue::NULL, &text.into())?.unchecked_into();
        Ok(JsFuture::from(answer).await?.as_string())
    }
}
