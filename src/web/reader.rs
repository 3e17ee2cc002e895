//! The learned reader seen from the mind: a worker of its own (`extension/reader.js`) that is started when there is
//! something to read and ended when there has been nothing for a while. Typing never waits for it.

use std::cell::RefCell;
use std::rc::Rc;

use composure_engine::{Heard, HeardHeat, Reading, Span};
use composure_session::{ComposeId, Session};
use gloo::timers::callback::Timeout;
use wasm_bindgen::prelude::*;

use crate::worker::Running;
use crate::{JsResult, mind, report};

/// How long typing must have paused before the reader reads, in milliseconds.
const PAUSE: u32 = 600;
/// How long before it is loaded: whoever only looks at a mail loads nothing.
const FIRST_PAUSE: u32 = 3_000;
/// How long it stays loaded with nothing to read: its memory is worth more than its second start.
const IDLE: u32 = 5 * 60 * 1_000;
/// A machine with less memory, in GiB, is left alone. Browsers that do not tell are taken for larger ones.
const LEAST_MEMORY: f64 = 4.0;

/// Reads what a session's writer wrote.
pub(crate) struct Reader {
    session: Rc<RefCell<Session>>,
    port: web_sys::MessagePort,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    worker: Option<Running>,
    /// What the worker is reading.
    asked: Option<(ComposeId, Vec<String>)>,
    /// It failed once and is not tried again in this page.
    failed: bool,
    pause: Option<Timeout>,
    idle: Option<Timeout>,
}

/// What the worker says of sentences: the flat list of `src/reader-web`. (Serde's way would be four times the wasm.)
fn reading(sentences: Vec<String>, list: &js_sys::Array) -> Reading {
    let number = |at: u32| list.get(at).as_f64();
    let span = |at: u32| Some(Span { start: number(at)? as usize, end: number(at + 1)? as usize });
    let heat = HeardHeat { base: number(0).unwrap_or(f64::NAN), of_rules: number(1).unwrap_or(0.0) };
    let stretches_at = 3 + 3 * number(2).unwrap_or(0.0) as u32;
    let heard = |at: u32| Heard::new(&list.get(at).as_string()?, span(at + 1)?);
    let heard: Vec<Heard> = (3..stretches_at.min(list.length())).step_by(3).filter_map(heard).collect();
    let stretch = |at: u32| Some((span(at)?, list.get(at + 2).is_truthy()));
    let stretches: Vec<_> = (stretches_at..list.length()).step_by(3).filter_map(stretch).collect();
    Reading::of_lines(sentences, &heard, &stretches, heat)
}

impl Reader {
    /// One for a session whose effects go through `port`.
    pub(crate) fn new(session: Rc<RefCell<Session>>, port: web_sys::MessagePort) -> Rc<Reader> {
        let failed = device_memory().is_some_and(|memory| memory < LEAST_MEMORY);
        Rc::new(Reader { session, port, state: RefCell::new(State { failed, ..State::default() }) })
    }

    /// Something happened: reads once it is quiet again.
    pub(crate) fn wait(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        if state.failed {
            return;
        }
        let pause = if state.worker.is_some() { PAUSE } else { FIRST_PAUSE };
        let this = self.clone();
        state.pause = Some(Timeout::new(pause, move || this.paused()));
    }

    /// Whether it reads what is unread, sooner or later.
    pub(crate) fn works(&self) -> bool {
        !self.state.borrow().failed
    }

    fn paused(self: &Rc<Self>) {
        self.state.borrow_mut().pause = None;
        self.ask();
    }

    /// Asks the worker about what is unread.
    fn ask(self: &Rc<Self>) {
        let Some((compose, sentences)) = self.session.borrow().unread() else { return };
        let mut state = self.state.borrow_mut();
        if state.asked.is_some() || state.failed {
            return;
        }
        if state.worker.is_none() {
            state.worker = report(self.start());
            state.failed = state.worker.is_none();
        }
        let Some(running) = &state.worker else { return };
        if report(running.post(&sentences.join("\n").into())).is_some() {
            state.asked = Some((compose, sentences));
        }
        let this = self.clone();
        state.idle = Some(Timeout::new(IDLE, move || {
            let mut state = this.state.borrow_mut();
            (state.worker, state.asked) = (None, None);
        }));
    }

    fn start(self: &Rc<Self>) -> JsResult<Running> {
        let (taking, failing) = (self.clone(), self.clone());
        Running::start("reader.js", move |answer| taking.take(answer), move |reason| failing.fail(&reason))
    }

    /// What the worker says, or a text that says why it cannot: without its file there is no reader, and all else works as
    /// ever.
    fn take(self: &Rc<Self>, answer: JsValue) {
        let Some(list) = answer.dyn_ref::<js_sys::Array>() else { return self.fail(&answer) };
        let Some((compose, sentences)) = self.state.borrow_mut().asked.take() else { return };
        let outcome = self.session.borrow_mut().hear(compose, reading(sentences, list));
        report(mind::answer(&self.port, outcome));
        // What was typed meanwhile waits for the next pause; another compose does not.
        let mut state = self.state.borrow_mut();
        if state.pause.is_none() {
            let this = self.clone();
            state.pause = Some(Timeout::new(PAUSE, move || this.paused()));
        }
    }

    /// No reader in this page any more. From a timer: the listener that calls this is dropped with the worker.
    fn fail(self: &Rc<Self>, reason: &JsValue) {
        web_sys::console::warn_2(&"Composure: no second opinion:".into(), reason);
        self.state.borrow_mut().failed = true;
        let this = self.clone();
        Timeout::new(0, move || *this.state.borrow_mut() = State { failed: true, ..State::default() }).forget();
        let outcome = self.session.borrow_mut().settle(false);
        report(mind::answer(&self.port, outcome));
    }
}

/// In GiB, rounded by the browser; Firefox does not tell.
fn device_memory() -> Option<f64> {
    let navigator = js_sys::Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    js_sys::Reflect::get(&navigator, &"deviceMemory".into()).ok()?.as_f64()
}
