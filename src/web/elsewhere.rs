//! What goes beyond this browser: the round with the writer's other browsers, through `storage.sync`, and the file with a copy of
//! all that is their own. What has to be decided is decided in `composure-sync`; here bytes are moved, and it is said how it went.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use composure_packs::Kept as Pack;
use composure_sync::{Backup, Choice, Import, Memory, Own, Problem, Round, export, is_exported, round};
use composure_words::{say, t};
use gloo::events::EventListener;
use maud::{Markup, html};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Element, HtmlInputElement};

use crate::dom::{describe, fill, on_press, save_file, say};
use crate::library::COMPILED_PREFIX;
use crate::packs::{PREFIX, compile};
use crate::{JsResult, chrome, report, storage};

/// Where it is stored whether the writer wants it: `{version, on}`.
const SWITCH: &str = "sync";
/// What a round remembers for the next one.
const MEMORY: &str = "sync_state";
/// How the last round went: `{version, at, problem, left_out}`.
const STATUS: &str = "sync_status";
/// What of the other browsers' could not be read, before it was written over.
const ASIDE: &str = "sync_kept";
/// What was here before a copy was brought in: `{version, at, stored}`, in which nothing stands for what was not there.
const BEFORE: &str = "import_kept";
/// The version of these forms.
const VERSION: u64 = 1;
/// So often a round begins anew because something else was stored meanwhile.
const TRIES: usize = 3;
/// The most bytes that are read of a file at all.
const LARGEST: f64 = 32e6;

/// A round. `id` and `take` are what the writer chose of what is kept and not in use, if they did. Says whether all is in step;
/// else it should be tried again later.
#[wasm_bindgen]
pub async fn tend_sync(id: Option<String>, take: bool) -> bool {
    console_error_panic_hook::set_once();
    let choice = id.map(|id| Choice { id, take });
    let outcome = tend(choice.as_ref()).await;
    let (problem, left_out) = match outcome {
        Ok(left_out) => (None, left_out),
        Err(why) => (Some(why), Vec::new()),
    };
    let status =
        json!({ "version": VERSION, "at": js_sys::Date::now() as u64, "problem": problem, "left_out": left_out });
    report(set(&BTreeMap::from([(STATUS.to_owned(), status)])).await);
    problem.is_none()
}

/// Gives the ids of what has no room, or what went wrong, in words.
async fn tend(choice: Option<&Choice>) -> Result<Vec<String>, String> {
    let said = |error: JsValue| describe(&error);
    for _ in 0..TRIES {
        let here = here().await.map_err(said)?;
        let memory = Memory::read(stored(MEMORY).await.map_err(said)?.as_ref(), &new_name()).map_err(told)?;
        let there = values(&chrome::sync_get(&JsValue::NULL).await.map_err(said)?);
        let now = (js_sys::Date::now() / 1000.0) as u64;
        let own = Own { stored: here.clone() };
        let round = round(&own, memory, &there, choice, now, &new_name()).map_err(told)?;
        // Whoever stored something meanwhile did so without this.
        if self::here().await.map_err(said)? != here {
            continue;
        }
        take_over(&round).await.map_err(said)?;
        // Only now: what is refused there is remembered here.
        if !round.there.is_empty() {
            chrome::sync_set(&object(&round.there)).await.map_err(said)?;
        }
        if !round.spare.is_empty() {
            chrome::sync_remove(&keys(&round.spare)).await.map_err(said)?;
        }
        return Ok(round.left_out);
    }
    Err(t!("something else is being stored").to_owned())
}

/// Stores what came of a round here, all at once.
async fn take_over(round: &Round) -> JsResult<()> {
    let mut items = BTreeMap::from([(MEMORY.to_owned(), serde_json::to_value(&round.memory).unwrap_or_default())]);
    let changed = round.here.iter().filter_map(|(key, value)| Some((key.clone(), value.clone()?)));
    items.extend(changed);
    if !round.broken.is_empty() {
        let mut aside = stored(ASIDE).await?.and_then(|aside| aside["stored"].as_object().cloned()).unwrap_or_default();
        aside.extend(round.broken.clone());
        items.insert(ASIDE.to_owned(), json!({ "version": VERSION, "stored": aside }));
    }
    set(&compiled(items)?).await?;
    let gone: Vec<&String> = round.here.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| key).collect();
    if gone.is_empty() { Ok(()) } else { chrome::storage_remove(&keys(gone)).await }
}

/// What a problem is to a writer.
fn told(problem: Problem) -> String {
    match problem {
        Problem::Newer(_) => t!("another browser of yours has a newer Composure; please update it here").to_owned(),
        Problem::Memory(why) => t!("what this browser remembers of the others cannot be read ({why})", why = why),
    }
}

/// A name that no other browser has.
fn new_name() -> String {
    let letter = |_| char::from(b'a' + (js_sys::Math::random() * 26.0) as u8);
    (0..6).map(letter).collect()
}

/// All that a round is about, or that an export takes.
async fn here() -> JsResult<BTreeMap<String, Value>> {
    let names = js_sys::Array::from(&chrome::storage_keys().await?);
    let names: Vec<String> = names.iter().filter_map(|key| key.as_string()).filter(|key| is_exported(key)).collect();
    Ok(if names.is_empty() { BTreeMap::new() } else { values(&chrome::storage_get_all(&keys(&names)).await?) })
}

async fn stored(key: &str) -> JsResult<Option<Value>> {
    Ok(values(&chrome::storage_get(key).await?).remove(key))
}

/// Every field of an object, by its name.
fn values(object: &JsValue) -> BTreeMap<String, Value> {
    let text = js_sys::JSON::stringify(object).map(String::from).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn object(values: &BTreeMap<String, Value>) -> JsValue {
    let text = serde_json::to_string(values).unwrap_or_default();
    js_sys::JSON::parse(&text).unwrap_or_else(|_| js_sys::Object::new().into())
}

fn keys(names: impl IntoIterator<Item = impl AsRef<str>>) -> JsValue {
    names.into_iter().map(|name| JsValue::from_str(name.as_ref())).collect::<js_sys::Array>().into()
}

async fn set(items: &BTreeMap<String, Value>) -> JsResult<()> {
    chrome::storage_set(&object(items)).await
}

/// With what the frame reads of each pack beside it.
fn compiled(mut items: BTreeMap<String, Value>) -> JsResult<BTreeMap<String, Value>> {
    let packs: Vec<Pack> = items
        .iter()
        .filter(|(key, _)| key.starts_with(PREFIX))
        .filter_map(|(_, value)| serde_json::from_value(value.clone()).ok())
        .collect();
    for pack in packs {
        let compiled = js_sys::JSON::stringify(&compile(&pack)?)?;
        let compiled = serde_json::from_str(&String::from(compiled)).unwrap_or_default();
        items.insert(format!("{COMPILED_PREFIX}{}", pack.key()), compiled);
    }
    Ok(items)
}

/// Fills the place of all this on the options page, and keeps it working until that is closed.
#[wasm_bindgen]
pub async fn start_elsewhere() {
    console_error_panic_hook::set_once();
    report(start().await);
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let Some(place) = document.get_element_by_id("elsewhere") else { return Ok(()) };
    fill(&place, &page())?;
    // At once: a file may be chosen before all is shown.
    listen(&document, &place);
    let page = document.clone();
    let ours = |key: &str| [SWITCH, STATUS, MEMORY, BEFORE, "policy"].contains(&key);
    storage::watch_keys(
        ours,
        Rc::new(move || {
            let page = page.clone();
            spawn_local(async move {
                report(show(&page).await);
            });
        }),
    );
    show(&document).await
}

fn page() -> Markup {
    html! {
        section aria-labelledby="sync-title" {
            h2 id="sync-title" { (say!("Your other browsers")) }
            label class="switch" {
                input id="sync" type="checkbox" aria-describedby="sync-hint";
                span class="name" { (say!("Keep my settings in step with my other browsers")) }
            }
            p id="sync-hint" class="hint" {
                (say!(
                    "Settings, signatures, your dictionary, your phrases and your snippets go through the browser's own account, as its \
                     bookmarks do, where you are signed in to one; never through us, who have no server. Records, counts and your \
                     team's packs stay on this machine."
                ))
            }
            p id="sync-forbidden" class="hint" hidden { (say!("Whoever manages this browser has turned this off.")) }
            p id="sync-status" class="hint" role="status" {}
            div id="sync-details" {}
        }
        section aria-labelledby="copy-title" {
            h2 id="copy-title" { (say!("A copy of it all")) }
            p class="hint" {
                (say!(
                    "One file with your settings, signatures, dictionary, phrases, snippets and packs, to keep or to take elsewhere. \
                     Records have files of their own."
                ))
            }
            div class="row" { button type="button" data-do="export" { (say!("Save a copy")) } }
            label { (say!("Bring a copy in")) input id="copy" type="file" accept=".json"; }
            div id="copy-preview" role="status" {}
            div id="copy-before" {}
        }
    }
}

/// Shows what is stored now.
async fn show(page: &Document) -> JsResult<()> {
    let forbidden = storage::policy().await.is_some_and(|policy| {
        js_sys::Reflect::get(&policy, &"sync".into()).is_ok_and(|sync| sync.as_bool() == Some(false))
    });
    let on = !forbidden && stored(SWITCH).await?.is_some_and(|switch| switch["on"] == true);
    if let Some(switch) = page.get_element_by_id("sync").and_then(|switch| switch.dyn_into::<HtmlInputElement>().ok()) {
        switch.set_checked(on);
        switch.set_disabled(forbidden);
    }
    if let Some(note) = page.get_element_by_id("sync-forbidden") {
        if forbidden { note.remove_attribute("hidden")? } else { note.set_attribute("hidden", "")? }
    }
    let status = stored(STATUS).await?.unwrap_or_default();
    let said = match (on, status["at"].as_u64(), status["problem"].as_str()) {
        (false, ..) | (_, None, _) => String::new(),
        (true, Some(at), None) => t!("In step since {when}.", when = moment(at)),
        (true, Some(_), Some(why)) => {
            t!("Not in step: {why}. Everything is still here, and it is tried again by itself.", why = why)
        }
    };
    if page.get_element_by_id("sync-status").is_some_and(|place| place.text_content().unwrap_or_default() != said) {
        say(page, "sync-status", &said);
    }
    let memory = Memory::read(stored(MEMORY).await?.as_ref(), "").ok();
    let left_out = status["left_out"].as_array().cloned().unwrap_or_default();
    let left_out: Vec<&str> = left_out.iter().filter_map(Value::as_str).collect();
    let there = !on && !keys_there().await.unwrap_or_default().is_empty();
    if let Some(place) = page.get_element_by_id("sync-details") {
        fill(&place, &details(memory.as_ref(), if on { &left_out } else { &[] }, on, there))?;
    }
    if let Some(place) = page.get_element_by_id("copy-before") {
        let at = stored(BEFORE).await?.and_then(|before| before["at"].as_u64());
        fill(&place, &before(at))?;
    }
    Ok(())
}

async fn keys_there() -> JsResult<Vec<String>> {
    let all = values(&chrome::sync_get(&JsValue::NULL).await?);
    Ok(all.into_keys().filter(|key| key.starts_with(composure_sync::ITEM_PREFIX)).collect())
}

/// A time of day of this day, or a day, as the writer reads it.
fn moment(at: u64) -> String {
    let language = web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default();
    js_sys::Date::new(&(at as f64).into()).to_locale_string(&language, &JsValue::UNDEFINED).into()
}

fn button(what: &str, id: &str, name: &str, label: &str) -> Markup {
    html! {
        button type="button" class="quiet" data-do=(what) data-id=(id) aria-label={ (label) ": " (name) } { (label) }
    }
}

fn details(memory: Option<&Memory>, left_out: &[&str], on: bool, there: bool) -> Markup {
    let values = memory.map(|memory| memory.state.values()).unwrap_or_default();
    let kept = memory.map(Memory::kept).unwrap_or_default();
    html! {
        @if !left_out.is_empty() {
            p { (say!("There is no room for these in the browser's account, so they stay on this machine:")) }
            ul class="sites" {
                @for id in left_out.iter().filter(|id| values.contains_key(**id) && !id.starts_with(composure_sync::KEPT)) {
                    li { span class="name" dir="auto" { (name(id, values.get(*id))) } }
                }
            }
        }
        @if !kept.is_empty() {
            h3 { (say!("Changed in two browsers at once")) }
            p class="hint" { (say!("The later change is in use. Here is the other one.")) @if !on { " " (say!("Turn this on again to choose.")) } }
            ul class="kept" {
                @for one in &kept {
                    @let name = name(&one.of, Some(&one.value));
                    li {
                        h4 dir="auto" { (name) }
                        p class="text" dir="auto" { (text(&one.value)) }
                        @if on {
                            div class="row" {
                                (button("take", &one.id, &name, t!("Use this one")))
                                (button("forget", &one.id, &name, t!("Delete it")))
                            }
                        }
                    }
                }
            }
        }
        @if there {
            div class="row" {
                button type="button" class="quiet" data-do="clear" { (say!("Delete what is in the browser's account")) }
            }
        }
    }
}

fn before(at: Option<u64>) -> Markup {
    html! {
        @if let Some(at) = at {
            p class="hint" { (t!("A copy was brought in: {when}.", when = moment(at))) }
            div class="row" { button type="button" class="quiet" data-do="undo" { (say!("Put back what was here before")) } }
        }
    }
}

/// What an entry is to a writer.
fn name(id: &str, value: Option<&Value>) -> String {
    let Some((kind, rest)) = id.split_once('/') else { return id.to_owned() };
    let setting = match rest {
        "my_name" => t!("Your name"),
        "business" => t!("Business"),
        "signature" => t!("Signature"),
        "reader" => t!("Learned reader"),
        "guard" => t!("Hold an angry reply"),
        "guard_heat" => t!("From which heat on"),
        "language" => t!("Language"),
        "speech_rate" => t!("How fast drafts are read aloud"),
        other => other,
    };
    match kind {
        "set" => setting.to_owned(),
        "sign" => t!("Signature for {who}", who = rest),
        "snippet" => {
            let title = value.and_then(|value| value["snippet"]["title"].as_str()).unwrap_or(rest);
            t!("Snippet: {title}", title = title)
        }
        "phrase" => t!("Phrase: {words}", words = rest),
        "word" => t!("Word: {word}", word = rest),
        _ => rest.to_owned(),
    }
}

/// What an entry says.
fn text(value: &Value) -> String {
    let inner = [&value["snippet"]["text"], &value["text"], &value["why"]].into_iter().find_map(Value::as_str);
    match (inner.or(value.as_str()), value) {
        (Some(text), _) => text.trim().to_owned(),
        (_, Value::Bool(true)) => t!("on").to_owned(),
        (_, Value::Bool(false)) => t!("off").to_owned(),
        _ => value.to_string(),
    }
}

/// The file that could be brought in.
type Offered = Rc<RefCell<Option<Backup>>>;

fn listen(document: &Document, place: &Element) {
    let offered = Offered::default();
    let (page, opened) = (document.clone(), offered.clone());
    EventListener::new(place, "change", move |event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let page = page.clone();
        if input.id() == "sync" {
            let switch = json!({ "version": VERSION, "on": input.checked() });
            spawn_local(async move {
                // The background script hears of it and begins.
                if let Err(error) = set(&BTreeMap::from([(SWITCH.to_owned(), switch)])).await {
                    say(&page, "sync-status", &t!("Not saved: {why}.", why = describe(&error)));
                }
            });
        } else if let Some(file) = input.files().and_then(|files| files.get(0)) {
            spawn_local(open(page, file, opened.clone()));
            // The same file can be chosen again.
            input.set_value("");
        }
    })
    .forget();
    let page = document.clone();
    on_press(place, move |button| {
        let told = |name: &str| button.get_attribute(name).unwrap_or_default();
        let (what, id, page, offered) = (told("data-do"), told("data-id"), page.clone(), offered.clone());
        spawn_local(async move {
            if let Err(error) = press(&page, &what, &id, &offered).await {
                say(&page, "saved", &t!("Not done: {why}. Nothing was changed.", why = describe(&error)));
            }
        });
    });
}

async fn press(page: &Document, what: &str, id: &str, offered: &Offered) -> JsResult<()> {
    match what {
        "take" | "forget" => {
            let message = json!({ "inStep": { "id": id, "take": what == "take" } });
            chrome::send_message(&js_sys::JSON::parse(&message.to_string())?).await?;
            if let Some(switch) = page.get_element_by_id("sync").and_then(|one| one.dyn_into::<HtmlInputElement>().ok())
            {
                switch.focus()?;
            }
        }
        "clear" => {
            chrome::sync_remove(&keys(keys_there().await?)).await?;
            show(page).await?;
        }
        "export" => {
            let today: String = js_sys::Date::new_0().to_iso_string().into();
            let name = format!("composure-{}.json", today.get(..10).unwrap_or_default());
            save_file(&name, "application/json", export(&here().await?).as_bytes())?;
        }
        "undo" => {
            let before = stored(BEFORE).await?.unwrap_or_default();
            let (mut items, mut gone) = (BTreeMap::new(), vec![BEFORE.to_owned()]);
            for (key, value) in before["stored"].as_object().into_iter().flatten() {
                if value.is_null() {
                    gone.push(key.clone());
                    gone.extend(key.strip_prefix(PREFIX).map(|pack| format!("{COMPILED_PREFIX}{pack}")));
                } else {
                    items.insert(key.clone(), value.clone());
                }
            }
            set(&compiled(items)?).await?;
            chrome::storage_remove(&keys(gone)).await?;
            reload();
        }
        "add" | "replace" => {
            let how = if what == "add" { Import::Add } else { Import::Replace };
            let Some(backup) = offered.borrow().clone() else { return Ok(()) };
            import(&backup, how).await?;
            reload();
        }
        "cancel" => {
            offered.replace(None);
            if let Some(place) = page.get_element_by_id("copy-preview") {
                fill(&place, &Markup::default())?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// The page shows what is stored, which is something else now.
fn reload() {
    report(web_sys::window().map_or(Ok(()), |window| window.location().reload()));
}

/// Reads a file and shows what it brings, or what is wrong with it.
async fn open(page: Document, file: web_sys::File, offered: Offered) {
    let Some(place) = page.get_element_by_id("copy-preview") else { return };
    let shown = match read(&file).await {
        Ok(backup) => {
            let brings = preview(&backup);
            offered.replace(Some(backup));
            brings
        }
        Err(why) => {
            offered.replace(None);
            html! { p class="problem" { (t!("Nothing was brought in: {why}.", why = why)) } }
        }
    };
    report(fill(&place, &shown));
}

async fn read(file: &web_sys::File) -> Result<Backup, String> {
    if file.size() > LARGEST {
        return Err(t!("the file is too large for a copy of ours").to_owned());
    }
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|error| describe(&error))?;
    let text = String::from_utf8(js_sys::Uint8Array::new(&bytes).to_vec());
    Backup::read(&text.map_err(|_| t!("the file is no text in UTF-8").to_owned())?)
}

fn preview(backup: &Backup) -> Markup {
    let contents = backup.contents();
    let counts = [
        (contents.words, t!("Words of your dictionary")),
        (contents.snippets, t!("Snippets")),
        (contents.phrases, t!("Phrases of your own")),
        (contents.packs, t!("Packs")),
    ];
    html! {
        div class="preview" {
            p { (say!("The file has:")) }
            ul {
                @if contents.settings { li { (say!("Your settings and signatures")) } }
                @for (count, what) in counts { @if count > 0 { li { (what) ": " (count) } } }
            }
            div class="row" {
                button type="button" data-do="add" { (say!("Add what is missing here")) }
                button type="button" data-do="replace" { (say!("Put it in place of what is here")) }
                button type="button" class="quiet" data-do="cancel" { (say!("Cancel")) }
            }
        }
    }
}

/// Stores all of it at once, with what was in its place. Where nothing changes, the way back from what changed before stays.
async fn import(backup: &Backup, how: Import) -> JsResult<()> {
    let here = here().await?;
    let mut items = backup.import(&here, how);
    if items.is_empty() {
        return Ok(());
    }
    let before: BTreeMap<&String, Option<&Value>> = items.keys().map(|key| (key, here.get(key))).collect();
    let before = json!({ "version": VERSION, "at": js_sys::Date::now() as u64, "stored": before });
    items.insert(BEFORE.to_owned(), before);
    set(&compiled(items)?).await
}
