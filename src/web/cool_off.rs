//! Replies that are cooling off: kept in `storage.local`, so that they outlive the page, the frame and the browser. The
//! background script writes them, because it keeps their alarms; here they are read and asked for.

use std::cell::RefCell;
use std::rc::Rc;

use composure_session::{CoolOff, Outcome, Session, Wait};
use gloo::timers::callback::Interval;
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::{JsResult, chrome};

/// Where they are: an object of `{until, message, url}` by key.
pub(crate) const KEY: &str = "cool_offs";

/// How often the writer sees that time passes, in milliseconds.
const TICK: u32 = 15_000;

/// The hour at which tomorrow begins.
const MORNING: u32 = 8;

/// All that are stored. What is not one is passed over: the background script throws it away.
async fn stored() -> JsResult<Vec<CoolOff>> {
    let all = Reflect::get(&chrome::storage_get(KEY).await?, &KEY.into())?;
    // Not `dyn_ref`: in a frame of Firefox, what storage gives is another window's object.
    if !all.is_object() {
        return Ok(Vec::new());
    }
    let all: &Object = all.unchecked_ref();
    let read = |key: JsValue| {
        let until = Reflect::get(&Reflect::get(all, &key).ok()?, &"until".into()).ok()?.as_f64()?;
        Some(CoolOff { key: key.as_string()?, until: until as u64 })
    };
    Ok(Object::keys(all).iter().filter_map(read).collect())
}

/// Asks the background script to let a reply cool off.
pub(crate) async fn begin(key: &str, wait: Wait, message: &str) -> JsResult<()> {
    let until = match wait {
        Wait::Minutes(minutes) => Date::now() + f64::from(minutes) * 60_000.0,
        Wait::Tomorrow => {
            let morning = Date::new_0();
            morning.set_date(morning.get_date() + 1);
            morning.set_hours(MORNING);
            morning.set_minutes(0);
            morning.get_time()
        }
    };
    let asked = Object::new();
    Reflect::set(&asked, &"coolOff".into(), &key.into())?;
    Reflect::set(&asked, &"until".into(), &until.into())?;
    Reflect::set(&asked, &"message".into(), &message.into())?;
    chrome::send_message(&asked).await.map(|_| ())
}

/// Asks the background script to forget one.
pub(crate) async fn end(key: &str) -> JsResult<()> {
    let asked = Object::new();
    Reflect::set(&asked, &"endCoolOff".into(), &key.into())?;
    chrome::send_message(&asked).await.map(|_| ())
}

/// Keeps a session told of them.
#[derive(Clone)]
pub(crate) struct Clock {
    session: Rc<RefCell<Session>>,
    known: Rc<RefCell<Vec<CoolOff>>>,
    tick: Rc<RefCell<Option<Interval>>>,
    told: Rc<dyn Fn(Outcome)>,
}

impl Clock {
    /// One that passes what follows to `told`.
    pub(crate) fn new(session: Rc<RefCell<Session>>, told: impl Fn(Outcome) + 'static) -> Clock {
        Clock { session, known: Rc::default(), tick: Rc::default(), told: Rc::new(told) }
    }

    /// Reads what is stored, now that it changed.
    pub(crate) async fn read(self) {
        *self.known.borrow_mut() = stored().await.unwrap_or_default();
        self.tell();
        let any = !self.known.borrow().is_empty();
        let this = self.clone();
        self.tick.replace(any.then(|| Interval::new(TICK, move || this.tell())));
    }

    fn tell(&self) {
        let known = self.known.borrow().clone();
        let outcome = self.session.borrow_mut().set_cool_offs(known, Date::now() as u64);
        (self.told)(outcome);
    }
}
