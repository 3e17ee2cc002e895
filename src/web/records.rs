//! The records page: the replies that were kept, to be found, read, exported and deleted.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use composure_records::{Entry, Filter, Heat, Record, Stored};
use composure_session::{KEY_PREFIX, Keep, Settings, heat_band};
use composure_words::{say, t, tn};
use gloo::events::EventListener;
use maud::{Markup, html};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::dom::{describe, fill, on_press, save_file, say};
use crate::{JsResult, chrome, kept, library, options, report, storage, value};

/// So many are listed at once.
const PAGE: usize = 50;
/// So many are read at once: browsers pass them between processes whole.
const BATCH: usize = 500;

/// Fills the page and keeps it working until it is closed.
#[wasm_bindgen]
pub async fn start_records() {
    console_error_panic_hook::set_once();
    report(start().await);
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    let (settings, problem) = load().await;
    fill(&main, &page(&settings, problem.as_deref()))?;
    // What is wrong with the policy's, the options page says.
    report(options::lock(&main, &storage::locked().await.unwrap_or_default()));
    report(kept::delete_old(settings.days_to_keep()).await);
    let mut keys = kept::keys().await?;
    keys.sort_by_cached_key(|key| std::cmp::Reverse(Record::time_of(key)));
    let shelf = Rc::new(RefCell::new(Shelf {
        document,
        entries: Vec::new(),
        reading: true,
        settings,
        filter: Filter::default(),
        first: 0,
        chosen: BTreeSet::new(),
        open: None,
        asked: None,
    }));
    listen(&main, &shelf);
    watch(shelf.clone());
    // The newest are there at once, however many there are.
    let mut show = true;
    for keys in keys.chunks(BATCH) {
        let entries = stored(keys).await?;
        let mut shelf = shelf.borrow_mut();
        shelf.entries.extend(entries);
        if std::mem::take(&mut show) {
            shelf.show();
        }
    }
    let mut shelf = shelf.borrow_mut();
    shelf.reading = false;
    sort(&mut shelf.entries);
    // What was sent meanwhile came by itself, too.
    shelf.entries.dedup_by(|one, other| one.key == other.key);
    shelf.render()
}

/// The settings, and what packs set in their place.
async fn load() -> (Settings, Option<String>) {
    let (mut settings, problem) = storage::load().await;
    settings.team.keep_days = library::keep_days(&report(library::compiled().await).unwrap_or_default());
    (settings, problem)
}

/// What is stored under these keys. One that was deleted meanwhile is not there.
pub(crate) async fn stored(keys: &[String]) -> JsResult<Vec<Entry>> {
    let names: js_sys::Array = keys.iter().map(|key| JsValue::from_str(key)).collect();
    let values = chrome::storage_get_all(&names).await?;
    let mut entries = Vec::with_capacity(keys.len());
    for key in keys {
        let value = js_sys::Reflect::get(&values, &key.into())?;
        if !value.is_undefined() {
            entries.push(read(key.clone(), &value));
        }
    }
    Ok(entries)
}

fn sort(entries: &mut [Entry]) {
    entries.sort_by_cached_key(|entry| std::cmp::Reverse((entry.time(), entry.key.clone())));
}

/// What is stored under a key, whatever that is.
fn read(key: String, value: &JsValue) -> Entry {
    let version = js_sys::Reflect::get(value, &"version".into()).ok().and_then(|version| version.as_f64());
    // `as` saturates: any number that is no version of ours is one that we do not know.
    let record = Record::check_version(version.map(|version| version as u32))
        .and_then(|()| value::read::<Record>(value.clone()).map_err(|error| error.to_string()));
    let stored = match record {
        Ok(record) => Stored::Record(record),
        Err(why) => {
            let json = js_sys::JSON::stringify(value).ok().and_then(|json| json.as_string());
            Stored::Unreadable { why, json: json.unwrap_or_else(|| "null".to_owned()) }
        }
    };
    Entry::new(key, stored)
}

/// What the page shows.
struct Shelf {
    document: Document,
    /// Newest first.
    entries: Vec<Entry>,
    /// Whether there are more, still to be read.
    reading: bool,
    settings: Settings,
    filter: Filter,
    /// Which of those found is the first that is listed.
    first: usize,
    /// The keys of those that are ticked.
    chosen: BTreeSet<String>,
    /// The key of the one that is read.
    open: Option<String>,
    /// What the writer was asked to confirm.
    asked: Option<Asked>,
}

/// What only happens once it is confirmed.
#[derive(Clone)]
enum Asked {
    /// To delete what is under these keys.
    Delete(Vec<String>),
    /// To delete what is older than so many days, now and from now on.
    KeepDays(u32),
}

impl Shelf {
    fn found(&self) -> Vec<&Entry> {
        self.entries.iter().filter(|entry| self.filter.finds(entry)).collect()
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Shows everything as it is now.
    fn render(&self) -> JsResult<()> {
        let found = self.found();
        let records = found.iter().filter_map(|entry| entry.record());
        self.fill("chart", &html! { @if let Some(chart) = composure_records::chart(records, day) { (chart) } })?;
        self.fill("list", &list(&found, self.first, &self.chosen))?;
        self.fill("pager", &pager(found.len(), self.first))?;
        self.fill("bulk", &bulk(found.len(), self.chosen.len(), self.entries.len()))?;
        self.fill("sites", &sites(&self.entries, self.filter.site.as_deref()))?;
        let unreadable = self.entries.iter().filter(|entry| entry.record().is_none()).count();
        let count = counted(found.len());
        let status = if self.reading {
            t!("Reading… {replies} so far", replies = count)
        } else if self.entries.is_empty() {
            t!("Nothing is kept yet. The replies that you send will be here.").to_owned()
        } else if unreadable == 0 {
            count
        } else {
            t!(
                "{replies}. {n} cannot be read; they are kept, and exported with the others.",
                replies = count,
                n = unreadable
            )
        };
        if self.text("status") != status {
            say(&self.document, "status", &status);
        }
        let open = self.open.as_deref().and_then(|key| self.entry(key));
        self.fill("record", &html! { @if let Some(entry) = open { (opened(entry)) } })?;
        for (id, hidden) in [("shelf", open.is_some()), ("record", open.is_none())] {
            if let Some(part) = self.html(id) {
                part.set_hidden(hidden);
            }
        }
        Ok(())
    }

    /// Shows it, and reports what goes wrong: the records are safe whatever is shown.
    fn show(&self) {
        report(self.render());
    }

    fn fill(&self, id: &str, markup: &Markup) -> JsResult<()> {
        self.document.get_element_by_id(id).map_or(Ok(()), |place| fill(&place, markup))
    }

    fn text(&self, id: &str) -> String {
        self.document.get_element_by_id(id).and_then(|place| place.text_content()).unwrap_or_default()
    }

    fn html(&self, id: &str) -> Option<HtmlElement> {
        self.document.get_element_by_id(id)?.dyn_into().ok()
    }

    fn focus(&self, selector: &str) {
        let target = self.document.query_selector(selector).ok().flatten();
        if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            report(target.focus());
        }
    }

    /// The dialog that asks, put away with the question.
    fn close_dialog(&mut self) -> Option<Asked> {
        if let Some(dialog) = self.html("confirm").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
            dialog.close();
        }
        self.asked.take()
    }

    /// The records that are older than so many days. What cannot be read stays.
    fn old(&self, days: u32) -> impl Iterator<Item = &Entry> {
        let is_old =
            move |entry: &&Entry| matches!(entry.stored, Stored::Record(_)) && kept::is_older(&entry.key, days);
        self.entries.iter().filter(is_old)
    }

    fn ask(&mut self, asked: Asked) {
        let (question, what, yes, no) = match &asked {
            Asked::Delete(keys) => {
                let question = tn!(keys.len(), "Delete this record?", "Delete these {n} records?");
                let what = t!("What is deleted here cannot be brought back. The mails themselves stay where they are.");
                (question, what.to_owned(), t!("Delete"), t!("Keep"))
            }
            Asked::KeepDays(days) => {
                let old = self.old(*days).count();
                let what = t!(
                    "{replies} older than that will be deleted now, and cannot be brought back.",
                    replies = counted(old)
                );
                (
                    tn!(*days, "Keep records for {n} day?", "Keep records for {n} days?"),
                    what,
                    t!("Delete the old ones"),
                    t!("Leave it as it is"),
                )
            }
        };
        let markup = html! {
            h2 id="question" { (question) }
            p { (what) }
            div class="row" {
                button type="button" class="danger" data-do="confirm" { (yes) }
                button type="button" class="quiet" data-do="cancel" autofocus { (no) }
            }
        };
        report(self.fill("confirm", &markup));
        self.asked = Some(asked);
        if let Some(dialog) = self.html("confirm").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok())
            && !dialog.open()
        {
            report(dialog.show_modal());
        }
    }
}

fn page(settings: &Settings, problem: Option<&str>) -> Markup {
    let keep = |value: Keep, name: &str, what: &str| {
        html! {
            label class="switch" {
                input type="radio" name="records" value=(name) checked[settings.records == value];
                span class="name" { (what) }
            }
        }
    };
    html! {
        @if let Some(problem) = problem { p id="problem" class="problem" role="alert" { (problem) } }
        (options::locked_note())
        section id="shelf" aria-labelledby="replies" {
            h2 id="replies" tabindex="-1" { (say!("Replies")) }
            div class="filters" role="search" {
                label class="wide" { (say!("Find")) input id="words" type="search" placeholder=(say!("a name, an address, any words")); }
                label { (say!("Heat"))
                    select id="heat" { @for (_, name, what) in Heat::ALL { option value=(name) { (composure_words::text(what)) } } }
                }
                label { (say!("Webmail")) select id="sites" {} }
                label { (say!("From")) input id="from" type="date"; }
                label { (say!("To")) input id="until" type="date"; }
            }
            p id="status" class="hint" role="status" { (say!("Reading…")) }
            div id="chart" {}
            div id="bulk" class="row" {}
            ol id="list" class="records" {}
            nav id="pager" class="row" aria-label=(say!("Pages")) {}
        }
        section id="record" hidden {}
        section aria-labelledby="keeping" {
            h2 id="keeping" { (say!("What is kept")) }
            p class="hint" {
                (say!("The customer's last mail and your reply to it, as you sent it. They stay in this browser, on this machine."))
            }
            fieldset {
                legend { (say!("Keep")) }
                (keep(Keep::Hot, "hot", t!("Replies to upset customers, and those whose draft was hot")))
                (keep(Keep::All, "all", t!("Every reply")))
                (keep(Keep::None, "none", t!("Nothing")))
            }
            div id="days" { (days(settings)) }
        }
        dialog id="confirm" aria-labelledby="question" {}
        p id="saved" class="saved" role="status" {}
    }
}

/// After how many days records are deleted, which cannot be changed where a pack sets it.
fn days(settings: &Settings) -> Markup {
    let by_pack = settings.team.keep_days.is_some();
    html! {
        label { (say!("Delete after so many days (nothing: when I delete them)"))
            input id="keep_days" type="number" min="1" max="36500" inputmode="numeric" value=[settings.days_to_keep()] disabled[by_pack];
        }
        @if by_pack { p id="pack-days" class="hint" { (say!("A pack sets this.")) } }
    }
}

fn list(found: &[&Entry], first: usize, chosen: &BTreeSet<String>) -> Markup {
    html! {
        @for entry in found.iter().skip(first).take(PAGE) {
            @let (who, subject) = names(entry);
            li {
                input type="checkbox" data-choose=(entry.key) checked[chosen.contains(&entry.key)] aria-label=(t!("Choose {who}, {subject}", who = who, subject = subject));
                button type="button" class="open" data-do="open" data-key=(entry.key) {
                    span class="who" dir="auto" { (who) }
                    span class="subject" dir="auto" { (subject) }
                    span class="time" { (if entry.time() > 0 { day(entry.time()) } else { String::new() }) }
                    @match entry.record() {
                        Some(record) => {
                            span class="heats" { (heat(record.heat_before)) " → " (heat(record.heat_after)) }
                        }
                        None => { span class="heats" { (say!("unreadable")) } }
                    }
                }
            }
        }
    }
}

/// Whom it went to and what it is about, as far as is known.
fn names(entry: &Entry) -> (&str, &str) {
    match &entry.stored {
        Stored::Record(record) => (
            record.recipient.as_deref().or(record.address.as_deref()).unwrap_or(t!("Somebody")),
            record.subject.as_deref().unwrap_or(t!("No subject")),
        ),
        Stored::Unreadable { why, .. } => (t!("Cannot be read"), why),
    }
}

fn heat(heat: u8) -> Markup {
    html! { b data-heat=(heat_band(heat)) { (heat) } }
}

fn pager(found: usize, first: usize) -> Markup {
    let last = found.saturating_sub(1) / PAGE * PAGE;
    let turn = |to: usize, what: &str, off: bool| {
        html! { button type="button" class="quiet" data-do="turn" data-to=(to) disabled[off] { (what) } }
    };
    html! {
        @if found > PAGE {
            (turn(0, t!("Newest"), first == 0))
            (turn(first.saturating_sub(PAGE), t!("Newer"), first == 0))
            span { (t!("{first}–{last} of {all}", first = number(first + 1), last = number(found.min(first + PAGE)), all = number(found))) }
            (turn(first + PAGE, t!("Older"), first >= last))
            (turn(last, t!("Oldest"), first >= last))
        }
    }
}

/// What can be done with many at once.
fn bulk(found: usize, chosen: usize, all: usize) -> Markup {
    html! {
        @if all > 0 {
            label class="inline" { (say!("Export")) " "
                select id="which" {
                    @if chosen > 0 { option value="chosen" selected { (t!("{n} chosen", n = chosen)) } }
                    option value="found" { (t!("all {n} shown", n = found)) }
                    @if found < all { option value="all" { (t!("all {n}", n = all)) } }
                }
            }
            @for (format, name) in [("mbox", t!("as mailbox")), ("json", t!("as JSON")), ("csv", t!("as table (CSV)"))] {
                button type="button" class="quiet" data-do="export" data-format=(format) { (name) }
            }
            button type="button" class="quiet danger" data-do="delete" { (say!("Delete them…")) }
        }
    }
}

fn sites(entries: &[Entry], chosen: Option<&str>) -> Markup {
    let hosts: BTreeSet<&str> = entries.iter().filter_map(|entry| Some(entry.record()?.site.as_str())).collect();
    html! {
        option value="" { (say!("Any")) }
        @for host in hosts { option value=(host) selected[chosen == Some(host)] { (host) } }
    }
}

/// One record, to be read.
fn opened(entry: &Entry) -> Markup {
    let (who, subject) = names(entry);
    html! {
        div class="row" {
            button type="button" class="quiet" data-do="back" { (say!("← All replies")) }
            button type="button" class="quiet danger" data-do="delete-one" data-key=(entry.key) { (say!("Delete…")) }
        }
        h2 tabindex="-1" dir="auto" { (subject) }
        @match &entry.stored {
            Stored::Record(record) => {
                p class="hint" dir="auto" {
                    (t!("To {who}", who = who))
                    @if let Some(address) = record.address.as_ref().filter(|address| *address != who) { " <" (address) ">" }
                    ", " (moment(record.time)) ", " (record.site)
                }
                @let (before, rest) = composure_words::split(t!("Your draft at its hottest {hottest}, as sent {sent}."));
                @let (between, after) = composure_words::split(rest);
                p { (before) (heat(record.heat_before)) (between) (heat(record.heat_after)) (after) }
                @if !record.message.is_empty() {
                    @let (before, after) = composure_words::split(t!("They wrote, heat {heat}"));
                    h3 { (before) (heat(record.heat_message)) (after) }
                    div class="text theirs" dir="auto" { (record.message) }
                }
                h3 { (say!("You answered")) }
                div class="text" dir="auto" { (record.reply) }
            }
            Stored::Unreadable { why, json } => {
                p { (t!("This record cannot be read: {why}. It is kept as it is, and every export has it.", why = why)) }
                div class="text" { (json) }
            }
        }
    }
}

/// A number, as the writer reads it.
fn number(number: usize) -> String {
    js_sys::Number::from(number as f64).to_locale_string(&language()).into()
}

fn counted(count: usize) -> String {
    tn!(count, "{n} reply", "{n} replies", n = number(count))
}

/// A day, as the writer reads it.
pub(crate) fn day(time: u64) -> String {
    local(time, &[("dateStyle", "medium")])
}

/// A day and the time of day.
fn moment(time: u64) -> String {
    local(time, &[("dateStyle", "full"), ("timeStyle", "short")])
}

fn local(time: u64, style: &[(&str, &str)]) -> String {
    let options = js_sys::Object::new();
    for (name, value) in style {
        report(js_sys::Reflect::set(&options, &(*name).into(), &(*value).into()));
    }
    js_sys::Date::new(&(time as f64).into()).to_locale_string(&language(), &options).into()
}

/// The language that dates and numbers are written in: that of the words, as it is written where the writer is.
fn language() -> String {
    let own = web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default();
    let spoken = composure_words::language();
    if own.starts_with(spoken) { own } else { spoken.to_owned() }
}

/// The first moment of a day that a date field names, so many days later.
fn midnight(date: &str, later: i32) -> Option<u64> {
    let mut parts = date.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let midnight = js_sys::Date::new_with_year_month_day(u32::try_from(year).ok()?, month - 1, day + later).get_time();
    (midnight >= 0.0).then_some(midnight as u64)
}

fn listen(main: &Element, shelf: &Rc<RefCell<Shelf>>) {
    let this = shelf.clone();
    EventListener::new(main, "input", move |event| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if let Ok(mut shelf) = this.try_borrow_mut() {
            sift(&mut shelf, &target);
        }
    })
    .forget();
    let this = shelf.clone();
    // Once a number is typed whole: "3" on the way to "30" must delete nothing.
    EventListener::new(main, "change", move |event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let (Some(field), Ok(mut shelf)) = (field, this.try_borrow_mut()) {
            set(&mut shelf, &field);
        }
    })
    .forget();
    let this = shelf.clone();
    on_press(main, move |button| press(&this, button));
    // By Escape, too.
    if let Some(dialog) = shelf.borrow().html("confirm") {
        let this = shelf.clone();
        EventListener::new(&dialog, "cancel", move |_| {
            if let Ok(mut shelf) = this.try_borrow_mut() {
                cancel(&mut shelf);
            }
        })
        .forget();
    }
}

/// Another filter, or another choice.
fn sift(shelf: &mut Shelf, field: &Element) {
    let value = match (field.dyn_ref::<HtmlInputElement>(), field.dyn_ref::<HtmlSelectElement>()) {
        (Some(input), _) => input.value(),
        (_, Some(select)) => select.value(),
        _ => return,
    };
    if let Some(key) = field.get_attribute("data-choose") {
        if !shelf.chosen.remove(&key) {
            shelf.chosen.insert(key);
        }
        report(shelf.fill("bulk", &bulk(shelf.found().len(), shelf.chosen.len(), shelf.entries.len())));
        return;
    }
    match field.id().as_str() {
        "words" => shelf.filter.words = value,
        "heat" => shelf.filter.heat = Heat::named(&value),
        "sites" => shelf.filter.site = Some(value).filter(|site| !site.is_empty()),
        "from" => shelf.filter.from = midnight(&value, 0),
        "until" => shelf.filter.until = midnight(&value, 1),
        _ => return,
    }
    shelf.first = 0;
    shelf.show();
}

/// Another setting.
fn set(shelf: &mut Shelf, field: &HtmlInputElement) {
    if field.name() == "records" {
        let records = match field.value().as_str() {
            "all" => Keep::All,
            "none" => Keep::None,
            _ => Keep::Hot,
        };
        save(shelf, move |stored| stored.records = records);
    } else if field.id() == "keep_days" {
        let days = field.value().trim().parse::<u32>().ok().filter(|days| *days > 0);
        match days {
            Some(days) if shelf.old(days).next().is_some() => {
                shelf.ask(Asked::KeepDays(days));
            }
            days => save(shelf, move |stored| stored.keep_days = days),
        }
    }
}

fn save(shelf: &Shelf, change: impl FnOnce(&mut Settings) + 'static) {
    let document = shelf.document.clone();
    spawn_local(async move {
        let said = match storage::change(change).await {
            Ok(()) => t!("Saved.").to_owned(),
            Err(error) => t!("Not saved: {why}.", why = describe(&error)),
        };
        say(&document, "saved", &said);
    });
}

fn press(this: &Rc<RefCell<Shelf>>, button: &Element) {
    let Ok(mut shelf) = this.try_borrow_mut() else { return };
    let shelf = &mut *shelf;
    let told = |name: &str| button.get_attribute(name).unwrap_or_default();
    match told("data-do").as_str() {
        "open" => {
            shelf.open = Some(told("data-key"));
            shelf.show();
            shelf.focus("#record h2");
        }
        "back" => {
            let key = shelf.open.take().unwrap_or_default();
            shelf.show();
            shelf.focus(&format!("[data-key='{key}']"));
        }
        "turn" => {
            shelf.first = told("data-to").parse().unwrap_or(0);
            shelf.show();
            shelf.focus("#replies");
        }
        "delete-one" => shelf.ask(Asked::Delete(vec![told("data-key")])),
        "delete" => {
            let keys: Vec<String> = which(shelf).into_iter().map(|entry| entry.key.clone()).collect();
            if !keys.is_empty() {
                shelf.ask(Asked::Delete(keys));
            }
        }
        "export" => {
            let entries = which(shelf);
            report(export(shelf, &entries, &told("data-format")));
        }
        "cancel" => cancel(shelf),
        "confirm" => {
            let (keys, days): (Vec<String>, _) = match shelf.close_dialog() {
                Some(Asked::Delete(keys)) => (keys, None),
                Some(Asked::KeepDays(days)) => (shelf.old(days).map(|entry| entry.key.clone()).collect(), Some(days)),
                None => return,
            };
            let this = this.clone();
            spawn_local(async move {
                // Nothing is deleted by a number that was not taken.
                if days.is_some()
                    && let Err(error) = storage::change(|stored| stored.keep_days = days).await
                {
                    let mut shelf = this.borrow_mut();
                    say(&shelf.document, "saved", &t!("Not saved: {why}.", why = describe(&error)));
                    return cancel(&mut shelf);
                }
                let deleted = kept::delete(&keys).await;
                let mut shelf = this.borrow_mut();
                let said = match deleted {
                    Ok(()) => {
                        shelf.forget(&keys.into_iter().collect());
                        t!("Deleted.").to_owned()
                    }
                    Err(error) => t!("Not deleted: {why}.", why = describe(&error)),
                };
                say(&shelf.document, "saved", &said);
                shelf.show();
                shelf.focus("#replies");
            });
        }
        _ => {}
    }
}

impl Shelf {
    /// What is stored no more is shown no more.
    fn forget(&mut self, keys: &BTreeSet<String>) {
        self.entries.retain(|entry| !keys.contains(&entry.key));
        self.chosen.retain(|key| !keys.contains(key));
        self.open.take_if(|open| keys.contains(open));
        if self.first >= self.found().len() {
            self.first = 0;
        }
    }
}

/// Nothing was confirmed: fields say again what holds.
fn cancel(shelf: &mut Shelf) {
    shelf.close_dialog();
    let days = shelf.settings.days_to_keep().map(|days| days.to_string()).unwrap_or_default();
    if let Some(field) = shelf.html("keep_days").and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value(&days);
    }
}

/// Those that the buttons beside the choice are about.
fn which(shelf: &Shelf) -> Vec<&Entry> {
    let select = shelf.html("which").and_then(|select| select.dyn_into::<HtmlSelectElement>().ok());
    match select.map(|select| select.value()).as_deref() {
        Some("chosen") => shelf.entries.iter().filter(|entry| shelf.chosen.contains(&entry.key)).collect(),
        Some("all") => shelf.entries.iter().collect(),
        _ => shelf.found(),
    }
}

/// Has the browser save a file, as a download that never leaves the machine.
fn export(shelf: &Shelf, entries: &[&Entry], format: &str) -> JsResult<()> {
    // Oldest first, as mail programs and spreadsheets have it.
    let entries = entries.iter().rev().copied();
    let (bytes, kind) = match format {
        "mbox" => (composure_records::mbox(entries, &shelf.settings.my_name), "application/mbox"),
        "json" => (composure_records::json(entries), "application/json"),
        "csv" => (composure_records::csv(entries), "text/csv"),
        _ => return Ok(()),
    };
    download("composure-records", format, kind, &bytes)
}

/// Has the browser save bytes of a media type as a file, named after what it is and the day.
pub(crate) fn download(name: &str, extension: &str, kind: &str, bytes: &[u8]) -> JsResult<()> {
    let today: String = js_sys::Date::new_0().to_iso_string().into();
    save_file(&format!("{name}-{}.{extension}", today.get(..10).unwrap_or_default()), kind, bytes)
}

/// Shows what other pages do: a reply that is sent meanwhile, a setting that is changed.
fn watch(shelf: Rc<RefCell<Shelf>>) {
    let this = shelf.clone();
    let listener = Closure::<dyn Fn(js_sys::Object, JsValue)>::new(move |changes: js_sys::Object, _area: JsValue| {
        let keys: BTreeSet<String> = js_sys::Object::keys(&changes).iter().filter_map(|key| key.as_string()).collect();
        let keys: BTreeSet<String> = keys.into_iter().filter(|key| key.starts_with(KEY_PREFIX)).collect();
        let Ok(mut shelf) = this.try_borrow_mut() else { return };
        if keys.iter().all(|key| shelf.entry(key).is_none() && !has_value(&changes, key)) {
            return;
        }
        let open = shelf.open.clone();
        let chosen = shelf.chosen.clone();
        shelf.forget(&keys);
        for key in keys {
            let change = js_sys::Reflect::get(&changes, &key.as_str().into()).unwrap_or_default();
            if let Ok(value) = js_sys::Reflect::get(&change, &"newValue".into())
                && !value.is_undefined()
            {
                shelf.entries.push(read(key.clone(), &value));
                if chosen.contains(&key) {
                    shelf.chosen.insert(key.clone());
                }
                if open.as_ref() == Some(&key) {
                    shelf.open = Some(key);
                }
            }
        }
        sort(&mut shelf.entries);
        shelf.show();
    });
    chrome::on_storage_changed(listener.as_ref());
    // Lives as long as its page.
    listener.forget();

    let this = shelf.clone();
    storage::watch_settings(move || spawn_local(refresh(this.clone())));
    storage::watch_keys(
        |key| key.starts_with(library::COMPILED_PREFIX),
        Rc::new(move || spawn_local(refresh(shelf.clone()))),
    );
}

/// Goes on with the settings as they are now.
async fn refresh(shelf: Rc<RefCell<Shelf>>) {
    let (settings, problem) = load().await;
    if problem.is_some() {
        return;
    }
    let locked = storage::locked().await.unwrap_or_default();
    let mut shelf = shelf.borrow_mut();
    let before = std::mem::replace(&mut shelf.settings, settings);
    // Not whenever the days change: the writer may be in the field.
    if before.team.keep_days != shelf.settings.team.keep_days {
        report(shelf.fill("days", &days(&shelf.settings)));
        report(shelf.html("days").map_or(Ok(()), |place| options::lock(&place, &locked)));
    }
}

fn has_value(changes: &js_sys::Object, key: &str) -> bool {
    js_sys::Reflect::get(changes, &key.into())
        .and_then(|change| js_sys::Reflect::get(&change, &"newValue".into()))
        .is_ok_and(|value| !value.is_undefined())
}
