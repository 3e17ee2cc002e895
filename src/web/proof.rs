//! The proofreader seen from the mind: a worker of its own (`extension/proof.js`) that is started when somebody wants their
//! spelling checked, and ended when there has been nothing to check for a minute: it takes much memory.

use std::cell::RefCell;
use std::rc::Rc;

use composure_engine::Span;
use composure_session::{ComposeId, Mistake, Session};
use composure_words::said;
use gloo::timers::callback::Timeout;
use wasm_bindgen::prelude::*;

use crate::worker::Running;
use crate::{JsResult, mind, report};

/// How long typing must have paused before it is checked again, in milliseconds.
const PAUSE: u32 = 600;
/// How long the worker stays with nothing to check.
const IDLE: u32 = 60 * 1_000;

/// Proofreads what a session's writer wrote.
pub(crate) struct Proofreader {
    session: Rc<RefCell<Session>>,
    port: web_sys::MessagePort,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    worker: Option<Running>,
    /// What the worker is reading, and its revision.
    asked: Option<(ComposeId, u32)>,
    pause: Option<Timeout>,
    idle: Option<Timeout>,
}

/// The next mistake of the flat list of `src/proof-web`.
fn next(values: &mut impl Iterator<Item = JsValue>) -> Option<Mistake> {
    let mut number = || Some(values.next()?.as_f64()? as usize);
    let span = Span { start: number()?, end: number()? };
    let mut text = || values.next()?.as_string().map(said);
    let (label, what) = (text()?, text()?);
    let learnable = values.next()?.is_truthy();
    let count = values.next()?.as_f64()? as usize;
    let replacements = values.take(count).filter_map(|value| value.as_string()).collect();
    Some(Mistake { span, label, what, learnable, replacements })
}

impl Proofreader {
    /// One for a session whose effects go through `port`.
    pub(crate) fn new(session: Rc<RefCell<Session>>, port: web_sys::MessagePort) -> Rc<Proofreader> {
        Rc::new(Proofreader { session, port, state: RefCell::default() })
    }

    /// Something happened: checks what there is to check, at once the first time and then whenever it is quiet again.
    pub(crate) fn wait(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let is_running = state.worker.is_some();
        if is_running || self.session.borrow().proof_wanted(false).is_some() {
            let this = self.clone();
            state.pause = Some(Timeout::new(if is_running { PAUSE } else { 0 }, move || {
                this.state.borrow_mut().pause = None;
                this.ask();
            }));
        }
    }

    fn ask(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let Some((compose, wanted)) = self.session.borrow().proof_wanted(state.worker.is_some()) else { return };
        if state.asked.is_some() {
            return;
        }
        state.asked = Some((compose, wanted.revision));
        if state.worker.is_none() {
            state.worker = report(self.start());
        }
        let message = js_sys::Array::of3(&wanted.text.into(), &wanted.words.into(), &wanted.around.into());
        let posted = state.worker.as_ref().and_then(|worker| report(worker.post(&message)));
        if posted.is_none() {
            drop(state);
            return self.take(&JsValue::NULL);
        }
        let this = self.clone();
        state.idle = Some(Timeout::new(IDLE, move || {
            let mut state = this.state.borrow_mut();
            (state.worker, state.asked) = (None, None);
        }));
    }

    fn start(self: &Rc<Self>) -> JsResult<Running> {
        let (taking, failing) = (self.clone(), self.clone());
        Running::start("proof.js", move |answer| taking.take(&answer), move |reason| failing.take(&reason))
    }

    /// The mistakes that the worker found, or whatever says that it cannot find any.
    fn take(self: &Rc<Self>, answer: &JsValue) {
        let Some((compose, revision)) = self.state.borrow_mut().asked.take() else { return };
        let found = answer.dyn_ref::<js_sys::Array>().map(|list| {
            let mut values = list.iter();
            std::iter::from_fn(|| next(&mut values)).collect()
        });
        if found.is_none() {
            web_sys::console::warn_2(&"Composure: no proofreading:".into(), answer);
            let this = self.clone();
            // From a timer: the listener that calls this is dropped with the worker.
            Timeout::new(0, move || this.state.borrow_mut().worker = None).forget();
        }
        let outcome = self.session.borrow_mut().proofread(compose, revision, found);
        report(mind::answer(&self.port, outcome));
        // What was typed meanwhile, or in another compose.
        if self.state.borrow().pause.is_none() {
            self.wait();
        }
    }
}
