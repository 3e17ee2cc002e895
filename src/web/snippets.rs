//! The snippets page: the writer's own and the shipped ones, to be found, written, ordered, hidden and put away.

use std::cell::RefCell;
use std::rc::Rc;

use composure_snippets::{Entry, Habits, Library, OWN_PREFIX, Own, Problem, Snippet, Wanted, check, search};
use composure_words::{say, t};
use gloo::events::EventListener;
use maud::{Markup, html};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use crate::dom::{describe, fill, on_press, on_submit, say};
use crate::library::{self, Stored};
use crate::{JsResult, chrome, report, value};

/// Fills the page and keeps it working until it is closed.
#[wasm_bindgen]
pub async fn start_snippets() {
    console_error_panic_hook::set_once();
    report(start().await);
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    fill(&main, &page())?;
    let mut desk = Desk {
        document,
        shipped: library::shipped().await?,
        own: Vec::new(),
        broken: Vec::new(),
        habits: Ok(Habits::default()),
        query: String::new(),
        edited: None,
    };
    desk.read().await?;
    let text = crate::letter::handed_over().await?.as_string();
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        desk.edit(Snippet { text, ..Snippet::default() });
    }
    desk.show();
    let desk = Rc::new(RefCell::new(desk));
    listen(&main, &desk);
    library::watch(move || spawn_local(refresh(desk.clone())));
    Ok(())
}

/// What the page shows.
struct Desk {
    document: Document,
    shipped: Vec<Snippet>,
    /// Those that can be read, with those in the trash.
    own: Vec<Own>,
    /// The keys of the others, and why.
    broken: Vec<(String, String)>,
    habits: Result<Habits, String>,
    query: String,
    /// The snippet that is being written; one without an id is new.
    edited: Option<Snippet>,
}

async fn refresh(desk: Rc<RefCell<Desk>>) {
    let read = read().await;
    if let (Some(read), Ok(mut desk)) = (report(read), desk.try_borrow_mut()) {
        desk.take(read);
        desk.show();
    }
}

async fn read() -> JsResult<(Vec<Stored>, Result<Habits, String>)> {
    Ok((library::own().await?, library::habits().await?.0))
}

impl Desk {
    async fn read(&mut self) -> JsResult<()> {
        self.take(read().await?);
        Ok(())
    }

    fn take(&mut self, (stored, habits): (Vec<Stored>, Result<Habits, String>)) {
        self.habits = habits;
        (self.own, self.broken) = (Vec::new(), Vec::new());
        for (key, own) in stored {
            match own {
                Ok(own) => self.own.push(own),
                Err(why) => self.broken.push((key, why)),
            }
        }
    }

    fn habits(&self) -> Habits {
        self.habits.clone().unwrap_or_default()
    }

    /// The entries that are searched for: the writer's own, then the shipped with those that are hidden.
    fn entries(&self) -> Vec<Entry> {
        let habits = Habits { hidden: Default::default(), ..self.habits() };
        let library = Library::new(self.shipped.clone(), self.own.clone(), &habits, Default::default());
        if self.query.trim().is_empty() {
            return library.entries;
        }
        let found = search(&library.entries, &Wanted { query: &self.query, ..Wanted::default() });
        found.into_iter().map(|place| library.entries[place].clone()).collect()
    }

    fn snippet(&self, id: &str) -> Option<&Snippet> {
        self.own.iter().map(|own| &own.snippet).chain(&self.shipped).find(|snippet| snippet.id == id)
    }

    fn show(&self) {
        let entries = self.entries();
        let (own, shipped): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| entry.own);
        let habits = self.habits();
        report(self.fill("own", &list(&own, &habits)));
        report(self.fill("shipped", &list(&shipped, &habits)));
        report(self.fill("trash", &trash(&self.own)));
        report(self.fill("broken", &broken(&self.broken, self.habits.as_ref().err())));
        say(
            &self.document,
            "status",
            &t!("{own} of your own, {shipped} that came with Composure", own = own.len(), shipped = shipped.len()),
        );
    }

    fn fill(&self, id: &str, markup: &Markup) -> JsResult<()> {
        self.document.get_element_by_id(id).map_or(Ok(()), |place| fill(&place, markup))
    }

    /// Opens the form.
    fn edit(&mut self, snippet: Snippet) {
        report(self.fill("form", &form(&snippet)));
        self.edited = Some(snippet);
        self.judge();
        self.focus("#title");
    }

    fn close(&mut self) {
        self.edited = None;
        report(self.fill("form", &Markup::default()));
        self.focus("#new");
    }

    fn focus(&self, selector: &str) {
        let target = self.document.query_selector(selector).ok().flatten();
        if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            report(target.focus());
        }
    }

    fn value(&self, id: &str) -> String {
        let field = self.document.get_element_by_id(id);
        let Some(field) = field else { return String::new() };
        match (field.dyn_ref::<HtmlInputElement>(), field.dyn_ref::<HtmlTextAreaElement>()) {
            (Some(input), _) => input.value(),
            (_, Some(area)) => area.value(),
            _ => String::new(),
        }
    }

    /// Says what is wrong with the text as it stands.
    fn judge(&self) -> Vec<Problem> {
        let text = self.value("text");
        let problems = check(&text);
        let shown = html! {
            @if !text.trim().is_empty() {
                @for problem in &problems {
                    li { (t!("Line {n}: {what}", n = problem.line, what = format!("{} {}", problem.reason, problem.mend))) }
                }
            }
        };
        report(self.fill("problems", &shown));
        problems
    }

    /// The snippet in the form, or what it lacks.
    fn written(&self) -> Result<Snippet, String> {
        let edited = self.edited.clone().unwrap_or_default();
        let title = self.value("title").trim().to_owned();
        if title.is_empty() {
            return Err(t!("Please give it a title.").to_owned());
        }
        if let Some(problem) = self.judge().first() {
            return Err(t!(
                "Line {n}: {what}",
                n = problem.line,
                what = format!("{} {}", problem.reason, problem.mend)
            ));
        }
        let words = self.value("words");
        let words = words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Ok(Snippet { title, words, text: self.value("text"), ..edited })
    }

    fn say(&self, text: &str) {
        say(&self.document, "saved", text);
    }
}

fn page() -> Markup {
    html! {
        section aria-labelledby="yours" {
            h2 id="yours" { (say!("Your snippets")) }
            p class="hint" { (say!("In a mail, type / and a few letters to put one in.")) }
            div class="filters" role="search" {
                label class="wide" { (say!("Find")) input id="query" type="search" placeholder=(say!("a title, a situation, any words")); }
            }
            p id="status" class="hint" role="status" { (say!("Reading…")) }
            div id="broken" {}
            div class="row" { button type="button" id="new" data-do="new" { (say!("New snippet")) } }
            form id="form" {}
            p id="saved" class="saved" role="status" {}
            ul id="own" class="snippets" {}
        }
        section aria-labelledby="theirs" {
            h2 id="theirs" { (say!("Came with Composure")) }
            p class="hint" { (say!("They stay as they are. Make a copy to change one, or hide those that you don't use.")) }
            ul id="shipped" class="snippets" {}
        }
        section aria-labelledby="away" {
            h2 id="away" { (say!("Trash")) }
            ul id="trash" class="snippets" {}
        }
    }
}

fn button(what: &str, id: &str, title: &str, label: &str) -> Markup {
    html! {
        button type="button" class="quiet" data-do=(what) data-id=(id) aria-label={ (label) ": " (title) } { (label) }
    }
}

fn list(entries: &[&Entry], habits: &Habits) -> Markup {
    html! {
        @for Entry { snippet, own, favourite, .. } in entries {
            @let (id, title) = (snippet.id.as_str(), snippet.title.as_str());
            @let hidden = habits.hidden.contains(id);
            li class=(if hidden { "hidden" } else { "" }) {
                h3 dir="auto" { (title) }
                p class="text" dir="auto" { (snippet.text.trim()) }
                div class="row" {
                    button type="button" class="quiet" data-do="favourite" data-id=(id)
                        aria-pressed=(if *favourite { "true" } else { "false" }) aria-label=(t!("Favourite: {title}", title = title)) {
                        @if *favourite { (say!("★ Favourite")) } @else { (say!("☆ Favourite")) }
                    }
                    (button("duplicate", id, title, if *own { t!("Duplicate") } else { t!("Copy to your own") }))
                    @if *own {
                        (button("edit", id, title, t!("Edit")))
                        (button("up", id, title, t!("Up")))
                        (button("down", id, title, t!("Down")))
                        (button("trash", id, title, t!("Put into the trash")))
                    } @else {
                        (button("hide", id, title, if hidden { t!("Show again") } else { t!("Hide") }))
                    }
                }
            }
        }
    }
}

fn trash(own: &[Own]) -> Markup {
    let mut gone: Vec<&Own> = own.iter().filter(|own| own.trashed.is_some()).collect();
    gone.sort_by_key(|own| std::cmp::Reverse(own.trashed));
    html! {
        @if gone.is_empty() { li class="hint" { (say!("Nothing is in there.")) } }
        @for Own { snippet, .. } in gone {
            li {
                h3 dir="auto" { (snippet.title) }
                p class="text" dir="auto" { (snippet.text.trim()) }
                div class="row" {
                    (button("restore", &snippet.id, &snippet.title, t!("Put back")))
                    (button("delete", &snippet.id, &snippet.title, t!("Delete for good")))
                }
            }
        }
    }
}

/// What is stored and cannot be read.
fn broken(broken: &[(String, String)], habits: Option<&String>) -> Markup {
    html! {
        @if !broken.is_empty() || habits.is_some() {
            div class="problem" role="alert" {
                @for (key, why) in broken { p { (t!("A snippet cannot be read ({key}: {why}). It is kept as it is.", key = key, why = why)) } }
                @if let Some(why) = habits {
                    p { (t!("Your order and favourites cannot be read ({why}). They are kept as they are, and cannot be changed here.", why = why)) }
                }
            }
        }
    }
}

fn form(snippet: &Snippet) -> Markup {
    html! {
        label { (say!("Title")) input id="title" type="text" value=(snippet.title) maxlength="80" autocomplete="off"; }
        label { (say!("Words to find it by, with commas between")) input id="words" type="text" value=(snippet.words.join(", ")) autocomplete="off"; }
        label { (say!("Text")) textarea id="text" rows="7" aria-describedby="problems help" { "\n" (snippet.text.trim_end()) } }
        ul id="problems" class="problems" role="status" {}
        p id="help" class="hint" {
            (say!("You can use these:")) " {customer}, {my_name}, {business}, {order}, {product}, {tomorrow}, {in 2 working days}, "
            "{next Monday}, {choose: refund | replacement}, {ask: tracking number}."
        }
        div class="row" {
            button type="submit" { (say!("Save")) }
            button type="button" class="quiet" data-do="cancel" { (say!("Cancel")) }
        }
    }
}

fn listen(main: &Element, desk: &Rc<RefCell<Desk>>) {
    let this = desk.clone();
    EventListener::new(main, "input", move |event| {
        let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let (Some(field), Ok(mut desk)) = (field, this.try_borrow_mut()) else { return };
        match field.id().as_str() {
            "query" => {
                desk.query = desk.value("query");
                desk.show();
            }
            "text" => drop(desk.judge()),
            _ => {}
        }
    })
    .forget();
    let this = desk.clone();
    on_submit(main, move |_| {
        let Ok(desk) = this.try_borrow() else { return };
        match desk.written() {
            Ok(snippet) => spawn_local(save(this.clone(), snippet)),
            Err(why) => desk.say(&why),
        }
    });
    let this = desk.clone();
    on_press(main, move |button| {
        let told = |name: &str| button.get_attribute(name).unwrap_or_default();
        press(&this, &told("data-do"), told("data-id"));
    });
}

/// A name that nothing had before.
fn new_id() -> String {
    format!("own-{}-{}", js_sys::Date::now() as u64, (js_sys::Math::random() * f64::from(u32::MAX)) as u32)
}

async fn store(own: &Own) -> JsResult<()> {
    let value = value::write(own)?;
    library::set(&format!("{OWN_PREFIX}{}", own.snippet.id), &value).await
}

/// Stores what is in the form, which stays open with every word where that fails.
async fn save(desk: Rc<RefCell<Desk>>, mut snippet: Snippet) {
    if snippet.id.is_empty() {
        snippet.id = new_id();
    }
    let stored = store(&Own::new(snippet)).await;
    let Ok(mut desk) = desk.try_borrow_mut() else { return };
    match stored {
        Ok(()) => {
            desk.close();
            desk.say(t!("Saved."));
        }
        Err(error) => desk.say(&t!("Not saved: {why}. What you typed is still here.", why = describe(&error))),
    }
}

fn press(this: &Rc<RefCell<Desk>>, what: &str, id: String) {
    let Ok(mut desk) = this.try_borrow_mut() else { return };
    let own = desk.own.iter().find(|own| own.snippet.id == id).cloned();
    match what {
        "new" => desk.edit(Snippet::default()),
        "cancel" => desk.close(),
        "edit" => {
            if let Some(own) = own {
                desk.edit(own.snippet);
            }
        }
        "duplicate" => {
            if let Some(snippet) = desk.snippet(&id).cloned() {
                desk.edit(Snippet { id: String::new(), title: t!("{title} (copy)", title = snippet.title), ..snippet });
            }
        }
        "trash" | "restore" => {
            if let Some(own) = own {
                let trashed = (what == "trash").then(|| js_sys::Date::now() as u64);
                let said = if trashed.is_some() { t!("In the trash. You can put it back.") } else { t!("Put back.") };
                run(this.clone(), said, async move { store(&Own { trashed, ..own }).await });
            }
        }
        "delete" => {
            let keys = js_sys::Array::of1(&format!("{OWN_PREFIX}{id}").into());
            run(this.clone(), t!("Deleted."), async move { chrome::storage_remove(&keys).await });
        }
        "favourite" | "hide" => {
            let hides = what == "hide";
            let change = move |habits: &mut Habits| {
                let ids = if hides { &mut habits.hidden } else { &mut habits.favourites };
                if !ids.remove(&id) {
                    ids.insert(id);
                }
            };
            run(this.clone(), t!("Saved."), library::change(change));
        }
        "up" | "down" => {
            let entries = Library::new(Vec::new(), desk.own.clone(), &desk.habits(), Default::default()).entries;
            let mut order: Vec<String> = entries.into_iter().map(|entry| entry.snippet.id).collect();
            let Some(at) = order.iter().position(|one| *one == id) else { return };
            let to = if what == "up" { at.saturating_sub(1) } else { (at + 1).min(order.len() - 1) };
            order.swap(at, to);
            run(this.clone(), t!("Saved."), library::change(move |habits| habits.order = order));
        }
        _ => {}
    }
}

/// Does it, says how it went, and shows what is stored then.
fn run(desk: Rc<RefCell<Desk>>, said: &'static str, action: impl Future<Output = JsResult<()>> + 'static) {
    spawn_local(async move {
        let done = action.await;
        if let Ok(desk) = desk.try_borrow() {
            match done {
                Ok(()) => desk.say(said),
                Err(error) => desk.say(&t!("Not done: {why}. Nothing was changed.", why = describe(&error))),
            }
        }
        refresh(desk).await;
    });
}
