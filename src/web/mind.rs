//! The mind: a session behind a message port, in a worker of the hidden frame.
//!
//! `extension/frame.js` hands over the one port whose other end proved to be our own content script. Batches of events
//! come in; every batch is answered with one batch of effects, maybe empty, so that the hands can tell a busy mind
//! from a dead one. Only what was typed is not answered where nothing follows from it: that is most keys, and each answer
//! takes the page's time.

use std::cell::RefCell;
use std::rc::Rc;

use composure_few::Map;
use composure_session::{Errand, Event, Letter, Outcome, Page, Session};
use composure_snippets::{Calendar, Library};
use gloo::timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::cool_off::Clock;
use crate::language::Detector;
use crate::proof::Proofreader;
use crate::reader::Reader;
use crate::{JsResult, chrome, cool_off, kept, library, report, storage, team, value};

/// How long typing must have paused before what is half written is shown all the same, in milliseconds. The reader waits less.
const PAUSE: u32 = 800;

/// A day that a small business can promise, in working days.
const SOON: usize = 2;

/// Serves one page over `port` until that page goes. `days` are the names of the coming days, today first, as the writer's
/// language writes them, and `weekday` is today's, 0 for Sunday; `site` is the page's host, under which replies are kept, or nothing where none shall be; `language` and `words` are how it
/// speaks (see [`composure_words::speak`]); `detect` is called with a text and resolves to the code and the name of its
/// language, a space between them, or to nothing.
#[wasm_bindgen]
pub async fn start_mind(
    port: web_sys::MessagePort,
    days: Vec<String>,
    weekday: usize,
    site: Option<String>,
    language: String,
    words: Vec<String>,
    detect: js_sys::Function,
) {
    console_error_panic_hook::set_once();
    composure_words::speak(language, words);
    let calendar = Calendar { days, weekday };
    let soon = calendar.in_working_days(SOON).unwrap_or_default().to_owned();
    let (settings, problem) = storage::load().await;
    let session = Rc::new(RefCell::new(Session::new(settings, soon)));
    session.borrow_mut().set_problem(problem);

    let reader = Reader::new(session.clone(), port.clone());
    let proofreader = Proofreader::new(session.clone(), port.clone());
    let detector = Detector::new(session.clone(), port.clone(), detect);
    let (behind, answering, kept) = (session.clone(), port.clone(), Kept::default());
    let (pause, second) = (RefCell::new(None), reader.clone());
    let reading: Rc<dyn Fn()> = {
        let (session, port) = (session.clone(), port.clone());
        Rc::new(move || spawn_local(read_library(calendar.clone(), session.clone(), port.clone())))
    };
    let listener = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |message: web_sys::MessageEvent| {
        let (mut outcome, typed, waiting) = take(&mut behind.borrow_mut(), message.data());
        behind.borrow_mut().mark(js_sys::Date::now() as u64);
        if outcome.errands.extract_if(.., |errand| *errand == Errand::ReadSnippets).count() > 0 {
            reading();
            library::watch({
                let reading = reading.clone();
                move || reading()
            });
        }
        let sent = outcome.errands.extract_if(.., |errand| matches!(errand, Errand::Record { .. })).collect::<Vec<_>>();
        if waiting && outcome.effects.is_empty() {
            report(answering.post_message(&js_sys::Array::new()));
        }
        report(answer(&answering, outcome));
        for errand in sent {
            let Some(site) = site.clone() else { continue };
            spawn_local(keep(errand, kept.clone(), site, behind.clone(), answering.clone()));
        }
        if !behind.borrow().waits() {
            pause.replace(None);
        } else if typed || pause.borrow().is_none() {
            let (behind, telling, second) = (behind.clone(), answering.clone(), second.clone());
            pause.replace(Some(Timeout::new(PAUSE, move || {
                report(answer(&telling, behind.borrow_mut().settle(second.works())));
            })));
        }
        reader.wait();
        proofreader.wait();
        detector.wait();
    });
    port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();

    let telling = port.clone();
    let clock = Clock::new(session.clone(), move |outcome| {
        report(answer(&telling, outcome));
    });
    clock.clone().read().await;
    storage::watch_keys(|key| key == cool_off::KEY, Rc::new(move || spawn_local(clock.clone().read())));

    team::follow(session.clone(), port.clone());
    let (behind, telling) = (session, port.clone());
    storage::watch_settings(move || {
        let (behind, telling) = (behind.clone(), telling.clone());
        spawn_local(async move {
            let (settings, problem) = storage::load().await;
            let outcome = {
                let mut session = behind.borrow_mut();
                session.set_problem(problem);
                session.set_settings(settings)
            };
            report(answer(&telling, outcome));
        });
    });

    let ready = js_sys::Object::new();
    // In which language it speaks, and of which words it wants to hear at once.
    report(js_sys::Reflect::set(&ready, &"ready".into(), &composure_words::language().into()));
    report(js_sys::Reflect::set(&ready, &"urgent".into(), &composure_session::urgent_words().into()));
    report(port.post_message(&ready));
}

/// Under which key each mail of this page was kept, by its number.
type Kept = Rc<RefCell<Map<u32, String>>>;

/// Keeps a record of what was sent, and says so where that fails.
async fn keep(errand: Errand, keys: Kept, site: String, session: Rc<RefCell<Session>>, port: web_sys::MessagePort) {
    let Errand::Record { number, record } = errand else { return };
    let before = keys.borrow().get(&number).cloned();
    let kept = kept::keep(record, site, before).await;
    if let Ok(key) = &kept {
        keys.borrow_mut().insert(number, key.clone());
    }
    if let Err(error) = kept {
        let why = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        let outcome = session.borrow_mut().record_refused(why.as_deref().unwrap_or("the browser refused"));
        report(answer(&port, outcome));
    }
}

/// Reads the snippets and hands them to the session.
async fn read_library(calendar: Calendar, session: Rc<RefCell<Session>>, port: web_sys::MessagePort) {
    // What cannot be read is said on the page of the snippets; the others can be used.
    let own = report(library::own().await).into_iter().flatten().filter_map(|(_, own)| own.ok()).collect();
    let habits = report(library::habits().await).and_then(|(habits, _)| habits.ok()).unwrap_or_default();
    let (mut offered, replaced) = report(team::snippets().await).unwrap_or_default();
    let shipped = report(library::shipped().await).unwrap_or_default();
    offered.extend(shipped.into_iter().filter(|snippet| !replaced.contains(&snippet.id)));
    let outcome = session.borrow_mut().set_library(Library::new(offered, own, &habits, calendar));
    report(answer(&port, outcome));
}

/// Runs a batch, and says whether something was typed, and whether the hands wait for an answer. What is not an event is
/// reported and passed over: the rest of the batch still counts.
fn take(session: &mut Session, batch: JsValue) -> (Outcome, bool, bool) {
    let (mut all, mut typed, mut waiting) = (Outcome::default(), false, false);
    for event in js_sys::Array::from(&batch) {
        match read(event) {
            Ok(event) => {
                let is_typed = matches!(event, Event::Typed { .. });
                typed |= is_typed;
                waiting |= !is_typed;
                let outcome = session.update(event);
                all.effects.extend(outcome.effects);
                all.errands.extend(outcome.errands);
            }
            Err(error) => {
                waiting = true;
                report::<()>(Err(error));
            }
        }
    }
    (all, typed, waiting)
}

fn read(event: JsValue) -> JsResult<Event> {
    // From `{type: "closed", …}` to what serde reads: `{"closed": {…}}`.
    let tagged = js_sys::Object::new();
    js_sys::Reflect::set(&tagged, &js_sys::Reflect::get(&event, &"type".into())?, &event)?;
    Ok(value::read(tagged.into())?)
}

/// The background script does it: in Firefox a frame in a page may not open pages itself.
async fn open(page: Page) -> JsResult<()> {
    let message = js_sys::Object::new();
    let set = |key: &str, value: &str| js_sys::Reflect::set(&message, &key.into(), &value.into());
    match page {
        Page::Options => set("open", "options")?,
        Page::Records => set("open", "records")?,
        Page::Calm { name } => {
            set("about", &name)?;
            set("open", "calm")?
        }
        Page::Snippets { text } => {
            set("about", &text)?;
            set("open", "snippets")?
        }
        Page::Letter(Letter { to, asked, draft }) => {
            set("to", &to)?;
            set("asked", &asked)?;
            set("draft", &draft)?;
            set("open", "letter")?
        }
    };
    chrome::send_message(&message).await.map(|_| ())
}

/// The background script does it: it is one, and frames are many.
async fn count(what: &str, by: usize) -> JsResult<()> {
    let message = js_sys::Object::new();
    js_sys::Reflect::set(&message, &"count".into(), &what.into())?;
    js_sys::Reflect::set(&message, &"by".into(), &(by as f64).into())?;
    chrome::send_message(&message).await.map(|_| ())
}

/// Tells the hands what there is to tell, and runs the errands.
pub(crate) fn answer(port: &web_sys::MessagePort, outcome: Outcome) -> JsResult<()> {
    if !outcome.effects.is_empty() {
        port.post_message(&value::write(&outcome.effects)?)?;
    }
    for errand in outcome.errands {
        spawn_local(async move {
            report(match errand {
                Errand::Save(change) => storage::change(|stored| stored.make(change)).await,
                Errand::Open(page) => open(page).await,
                // With the events that sent them: only those make records, and want snippets.
                Errand::Record { .. } | Errand::ReadSnippets => Ok(()),
                Errand::Count { what, by } => count(what, by).await,
                Errand::UsedSnippet { id } => library::count(&id).await,
                Errand::CoolOff { key, wait, message } => cool_off::begin(&key, wait, &message).await,
                Errand::EndCoolOff { key } => cool_off::end(&key).await,
            });
        });
    }
    Ok(())
}
