//! The page of the packs: the writer's own phrases to avoid, and what their team shares. It is a module of its own, because
//! it alone reads TOML and looks for phrases; of what it compiles, the frame reads what it needs ([`crate::team`]).

use std::cell::RefCell;
use std::rc::Rc;

use composure_packs::{
    Avoid, COMPILED_VERSION, Choice, Clash, Kept, MINE, MINE_RULE, Matcher, Mistake, Pack, Severity, VERSION, check,
    check_phrase,
};
use composure_session::{Settings, rule_label};
use composure_words::{mark, say, t, text, tn};
use gloo::events::EventListener;
use maud::{Markup, html};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::dom::{describe, fill, on_press, on_submit, save_file, say};
use crate::library::{self, COMPILED_PREFIX, field};
use crate::{JsResult, chrome, report, storage, value};

/// What every key begins with under which a pack is stored.
pub(crate) const PREFIX: &str = "pack-";
/// The last part of the key under which the organisation's pack is compiled: no name of a pack can be this.
const MANAGED: &str = "@managed";
/// What the pack of the writer's own phrases is called, as it is stored.
const OWN: &str = mark!("Your own phrases");
/// The most bytes that are read of a file at all; what is wrong with a large one is said by the pack's reader.
const LARGEST: f64 = 8e6;

/// Fills the page and keeps it working until it is closed.
#[wasm_bindgen]
pub async fn start_packs() {
    console_error_panic_hook::set_once();
    report(start().await);
}

/// Compiles the organisation's pack, if there is one (`text`), and whatever another version of Composure compiled.
#[wasm_bindgen]
pub async fn tend_packs(text: Option<String>) {
    console_error_panic_hook::set_once();
    report(tend(text).await);
}

async fn tend(text: Option<String>) -> JsResult<()> {
    let items = js_sys::Object::new();
    let compiled = text.and_then(|text| managed(&text).ok()).map(|kept| compile(&kept)).transpose()?;
    let key = format!("{COMPILED_PREFIX}{MANAGED}");
    let before = stored(&key).await?;
    if compiled.is_some() || before.is_object() {
        js_sys::Reflect::set(&items, &key.into(), &compiled.unwrap_or(JsValue::NULL))?;
    }
    for kept in read().await?.0.iter().filter(|kept| kept.on) {
        let key = format!("{COMPILED_PREFIX}{}", kept.key());
        if field(&stored(&key).await?, "version").as_f64() != Some(f64::from(COMPILED_VERSION)) {
            js_sys::Reflect::set(&items, &key.into(), &compile(kept)?)?;
        }
    }
    if js_sys::Object::keys(&items).length() == 0 { Ok(()) } else { chrome::storage_set(&items).await }
}

/// The organisation's pack, which nobody imports.
fn managed(text: &str) -> Result<Kept, Vec<Mistake>> {
    let pack = Pack::read(text)?;
    Ok(Kept {
        version: 1,
        name: pack.name.clone(),
        rule: pack.rule_id(),
        on: true,
        text: text.to_owned(),
        replaced: Vec::new(),
    })
}

/// What the frame reads of a pack; nothing of one that is off, or that this version finds mistakes in.
pub(crate) fn compile(kept: &Kept) -> JsResult<JsValue> {
    match kept.compiled() {
        Ok(compiled) if kept.on => Ok(value::write(&compiled)?),
        _ => Ok(JsValue::NULL),
    }
}

async fn stored(key: &str) -> JsResult<JsValue> {
    js_sys::Reflect::get(&chrome::storage_get(key).await?, &key.into())
}

/// The packs that can be read, and the keys of the others, and why.
async fn read() -> JsResult<(Vec<Kept>, Vec<(String, String)>)> {
    let (mut kept, mut broken) = (Vec::new(), Vec::new());
    for (key, value) in library::all_under(PREFIX).await? {
        // `as` saturates: any number that is no version of ours is one that we do not know.
        let version = field(&value, "version").as_f64().map(|version| version as u32);
        let read =
            Kept::check_version(version).and_then(|()| value::read::<Kept>(value).map_err(|error| error.to_string()));
        match read {
            Ok(one) => kept.push(one),
            Err(why) => broken.push((key, why)),
        }
    }
    kept.sort_by(|one, other| one.name.cmp(&other.name));
    Ok((kept, broken))
}

/// Stores a pack and what the frame reads of it at once, or neither.
async fn store(kept: &Kept) -> JsResult<()> {
    let items = js_sys::Object::new();
    let value = value::write(kept)?;
    js_sys::Reflect::set(&items, &format!("{PREFIX}{}", kept.key()).into(), &value)?;
    js_sys::Reflect::set(&items, &format!("{COMPILED_PREFIX}{}", kept.key()).into(), &compile(kept)?)?;
    chrome::storage_set(&items).await
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    fill(&main, &page())?;
    let (kept, broken) = read().await?;
    let shipped = library::shipped().await?.into_iter().map(|snippet| snippet.id).collect();
    let (settings, _) = storage::load().await;
    let set = storage::policy().await.and_then(|policy| field(&policy, "pack").as_string());
    let organisation = set.map(|text| Pack::read(&text));
    let desk = Desk { document, kept, broken, shipped, settings, organisation, edited: None, offered: None };
    desk.show();
    let desk = Rc::new(RefCell::new(desk));
    listen(&main, &desk);
    let again = desk.clone();
    storage::watch_keys(
        |key| key.starts_with(PREFIX) || key == storage::KEY,
        Rc::new(move || spawn_local(refresh(again.clone()))),
    );
    Ok(())
}

/// A file that could be imported.
struct Offered {
    pack: Pack,
    text: String,
    warnings: Vec<Mistake>,
    clash: Clash,
}

/// What the page shows.
struct Desk {
    document: Document,
    kept: Vec<Kept>,
    broken: Vec<(String, String)>,
    /// Ids of the snippets that came with Composure.
    shipped: Vec<String>,
    settings: Settings,
    /// The organisation's pack, or what is wrong with it.
    organisation: Option<Result<Pack, Vec<Mistake>>>,
    /// Which own phrase is being written; one past the last is a new one.
    edited: Option<usize>,
    offered: Option<Offered>,
}

async fn refresh(desk: Rc<RefCell<Desk>>) {
    let settings = storage::load().await.0;
    if let (Some((kept, broken)), Ok(mut desk)) = (report(read().await), desk.try_borrow_mut()) {
        (desk.kept, desk.broken, desk.settings) = (kept, broken, settings);
        desk.show();
    }
}

impl Desk {
    /// The pack of the writer's own phrases; an empty one where there is none that can be read.
    fn mine(&self) -> Pack {
        let kept = self.kept.iter().find(|kept| kept.rule == MINE_RULE);
        let read = kept.and_then(|kept| Pack::read(&kept.text).ok());
        read.unwrap_or_else(|| Pack { version: VERSION, name: MINE.to_owned(), ..Pack::default() })
    }

    fn show(&self) {
        report(self.fill("phrases", &phrases(&self.mine())));
        let kept: Vec<&Kept> = self.kept.iter().collect();
        report(self.fill("packs", &packs(&kept, &self.settings)));
        report(self.fill("broken", &broken(&self.broken)));
        report(self.fill("organisation", &organisation(self.organisation.as_ref())));
    }

    fn fill(&self, id: &str, markup: &Markup) -> JsResult<()> {
        self.document.get_element_by_id(id).map_or(Ok(()), |place| fill(&place, markup))
    }

    fn focus(&self, selector: &str) {
        let target = self.document.query_selector(selector).ok().flatten();
        if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            report(target.focus());
        }
    }

    fn value(&self, id: &str) -> String {
        let Some(field) = self.document.get_element_by_id(id) else { return String::new() };
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            return input.value();
        }
        let area = field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value);
        area.or_else(|| field.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value)).unwrap_or_default()
    }

    fn say(&self, text: &str) {
        say(&self.document, "saved", text);
    }

    /// Opens the form for the own phrase of this place.
    fn edit(&mut self, place: usize) {
        let mine = self.mine();
        let avoid = mine.avoid.get(place).cloned().unwrap_or_default();
        self.edited = Some(place.min(mine.avoid.len()));
        report(self.fill("form", &form(&avoid)));
        self.try_out();
        self.focus("#find");
    }

    fn close(&mut self) {
        self.edited = None;
        report(self.fill("form", &Markup::default()));
        self.focus("#new");
    }

    /// The phrase in the form.
    fn written(&self) -> Avoid {
        let text = |id: &str| self.value(id).trim().to_owned();
        let instead = self.value("instead");
        let mine = self.mine();
        let before = self.edited.and_then(|place| mine.avoid.get(place)).cloned().unwrap_or_default();
        Avoid {
            find: text("find"),
            severity: match self.value("severity").as_str() {
                "hint" => Severity::Hint,
                "serious" => Severity::Serious,
                _ => Severity::Warning,
            },
            why: text("why"),
            instead: instead.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            ..before
        }
    }

    /// Looks for the phrase in the text that it is tried on.
    fn try_out(&self) {
        report(self.fill("tried", &tried(&self.written(), &self.value("try"))));
    }

    /// The own phrases with what is in the form, as a pack that can be stored, or what is wrong with it.
    fn with_written(&self) -> Result<Kept, String> {
        let written = self.written();
        if written.find.is_empty() {
            return Err(t!("Please write the phrase to look for.").to_owned());
        }
        check_phrase(&written.find).map_err(|why| t!("This phrase cannot be read: {why}.", why = why))?;
        if written.why.is_empty() {
            return Err(t!("Please say in a few words why; the card at the underline shows it.").to_owned());
        }
        let mut mine = self.mine();
        match self.edited.and_then(|place| mine.avoid.get_mut(place)) {
            Some(avoid) => *avoid = written,
            None => mine.avoid.push(written),
        }
        self.kept_mine(&mine)
    }

    fn kept_mine(&self, mine: &Pack) -> Result<Kept, String> {
        let before = self.kept.iter().find(|kept| kept.rule == MINE_RULE).cloned();
        let is_mine = |key: &str| key.strip_prefix(PREFIX) == MINE_RULE.strip_prefix("pack:");
        // Neither what is stored nor the file in it may be what we would write over without having shown it.
        if self.broken.iter().any(|(key, _)| is_mine(key))
            || before.as_ref().is_some_and(|before| Pack::read(&before.text).is_err())
        {
            return Err(t!("Your stored phrases cannot be read, so they stay as they are.").to_owned());
        }
        let text = mine.to_text();
        if let Some(mistake) = Pack::read(&text).err().and_then(|mistakes| mistakes.into_iter().next()) {
            return Err(format!("{} {}", mistake.reason, mistake.mend));
        }
        let new = Kept { version: 1, name: OWN.to_owned(), rule: MINE_RULE.to_owned(), on: true, ..Kept::default() };
        Ok(Kept { text, ..before.unwrap_or(new) })
    }
}

fn page() -> Markup {
    html! {
        section aria-labelledby="own" {
            h2 id="own" { (say!("Phrases to avoid")) }
            p class="hint" { (say!("Words that you would rather not send. They are underlined as you type, with your reason and your words instead.")) }
            ul id="phrases" class="snippets" {}
            div class="row" { button type="button" id="new" data-do="new" { (say!("New phrase")) } }
            form id="form" {}
        }
        section aria-labelledby="team" {
            h2 id="team" { (say!("Packs")) }
            p class="hint" { (say!("A pack is one readable file in which a team shares its phrases, product names, policies and snippets. It stays on this machine.")) }
            div id="broken" {}
            ul id="packs" class="snippets" {}
            label { (say!("Import a pack")) input id="file" type="file" accept=".toml"; }
            div id="import" role="status" {}
        }
        div id="organisation" {}
        p id="saved" class="saved" role="status" {}
    }
}

fn button(what: &str, id: &str, name: &str, label: &str) -> Markup {
    html! {
        button type="button" class="quiet" data-do=(what) data-id=(id) aria-label={ (label) ": " (name) } { (label) }
    }
}

fn phrases(mine: &Pack) -> Markup {
    html! {
        @for (place, avoid) in mine.avoid.iter().enumerate() {
            @let id = place.to_string();
            li {
                h3 dir="auto" { (avoid.find) }
                p class="hint" dir="auto" {
                    (avoid.why)
                    @if let Some(instead) = avoid.instead.first() { " " (t!("Instead: “{words}”", words = instead)) }
                }
                div class="row" {
                    (button("edit", &id, &avoid.find, t!("Edit")))
                    (button("drop", &id, &avoid.find, t!("Delete")))
                }
            }
        }
    }
}

fn form(avoid: &Avoid) -> Markup {
    let level = |name: &str, severity: Severity, label: &str| {
        html! { option value=(name) selected[avoid.severity == severity] { (label) } }
    };
    html! {
        label { (say!("Phrase")) input id="find" type="text" value=(avoid.find) maxlength="300" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="help"; }
        p id="help" class="hint" {
            (say!("Plain words, in any spelling. [words] may be missing, (this|that) is either, _ is any word, _{1,3} one to three."))
        }
        label { (say!("Why")) input id="why" type="text" value=(avoid.why) maxlength="200" autocomplete="off"; }
        label { (say!("What to write instead, one on each line, the best first")) textarea id="instead" rows="2" { "\n" (avoid.instead.join("\n")) } }
        label { (say!("How much it matters"))
            select id="severity" {
                (level("hint", Severity::Hint, t!("It could be kinder")))
                (level("warning", Severity::Warning, t!("It should not be sent")))
                (level("serious", Severity::Serious, t!("It must not be sent")))
            }
        }
        label { (say!("Try it on a text")) textarea id="try" rows="3" placeholder=(say!("Type or paste a few sentences.")) {} }
        div id="tried" class="tried" role="status" {}
        div class="row" {
            button type="submit" { (say!("Save")) }
            button type="button" class="quiet" data-do="cancel" { (say!("Cancel")) }
        }
    }
}

/// What a phrase finds in a text, marked there.
fn tried(avoid: &Avoid, text: &str) -> Markup {
    if avoid.find.trim().is_empty() {
        return Markup::default();
    }
    if let Err(why) = check_phrase(&avoid.find) {
        return html! { p class="problems" { (t!("This phrase cannot be read: {why}.", why = why)) } };
    }
    if text.trim().is_empty() {
        return Markup::default();
    }
    let hits = Matcher::new(&Pack { avoid: vec![avoid.clone()], ..Pack::default() }).find(text);
    let mut behind = 0;
    let mut parts = Vec::new();
    for hit in &hits {
        parts.push((
            text.get(behind..hit.span.start).unwrap_or_default(),
            text.get(hit.span.clone()).unwrap_or_default(),
        ));
        behind = hit.span.end;
    }
    html! {
        p class="hint" {
            @match hits.len() {
                0 => (say!("It finds nothing in this text.")),
                count => (tn!(count, "It finds one place:", "It finds {n} places:")),
            }
        }
        @if !hits.is_empty() {
            p class="text" dir="auto" {
                @for (before, found) in parts { (before) mark { (found) } }
                (text.get(behind..).unwrap_or_default())
            }
        }
    }
}

/// What a pack brings, as a list.
fn contents(pack: &Pack) -> Markup {
    let avoid = pack.avoid.iter().map(|avoid| avoid.find.as_str());
    let prefer = pack.prefer.iter().flat_map(|prefer| prefer.over.iter().map(move |over| (over, &prefer.write)));
    html! {
        dl class="contents" {
            @if !pack.avoid.is_empty() {
                dt { (t!("Phrases to avoid ({n})", n = pack.avoid.len())) }
                @for find in avoid { dd dir="auto" { (find) } }
            }
            @if !pack.prefer.is_empty() {
                dt { (t!("Phrases to word otherwise ({n})", n = pack.prefer.len())) }
                @for (over, write) in prefer { dd dir="auto" { (over) " → " (write) } }
            }
            @if !pack.terms.is_empty() { dt { (t!("Names ({n})", n = pack.terms.len())) } dd dir="auto" { (pack.terms.join(", ")) } }
            @if !pack.snippet.is_empty() {
                dt { (t!("Snippets ({n})", n = pack.snippet.len())) }
                @for snippet in &pack.snippet { dd dir="auto" { (snippet.title) } }
            }
            @if !pack.policy.is_empty() {
                dt { (t!("Policies ({n})", n = pack.policy.len())) }
                @for policy in &pack.policy { dd dir="auto" { (policy.title) } }
            }
            @if !pack.rules_off.is_empty() { dt { (say!("Rules that it turns off")) } dd { (pack.rules_off.iter().map(|rule| rule_label(rule)).collect::<Vec<_>>().join(", ")) } }
            @if let Some(heat) = pack.thresholds.guard_heat { dt { (say!("Holds a reply")) } dd { (t!("from a heat of {heat} of 100 on", heat = heat)) } }
            @if let Some(days) = pack.thresholds.keep_days { dt { (say!("Deletes records")) } dd { (tn!(days, "after {n} day", "after {n} days")) } }
        }
    }
}

fn mistakes(mistakes: &[Mistake]) -> Markup {
    html! {
        ul class="problems" {
            @for mistake in mistakes { li { (t!("Line {n}: {what}", n = mistake.line, what = format!("{} {}", mistake.reason, mistake.mend))) } }
        }
    }
}

/// What is asked before a pack is imported.
fn preview(offered: &Offered) -> Markup {
    let Offered { pack, warnings, clash, .. } = offered;
    html! {
        div class="preview" {
            h3 tabindex="-1" id="preview" dir="auto" { (pack.name) }
            @if let Some(author) = &pack.author { p class="hint" dir="auto" { (t!("By {author}", author = author)) } }
            (contents(pack))
            @if !warnings.is_empty() {
                p class="hint" { (say!("It can be used as it is. Its author may want to look at this:")) }
                (mistakes(warnings))
            }
            @if clash.name { p { (say!("There is a pack of this name already.")) } }
            @if !clash.snippets.is_empty() {
                p { (t!("Snippets that came with Composure have the same ids: {ids}.", ids = clash.snippets.join(", "))) }
            }
            div class="row" {
                @if clash.is_none() {
                    button type="button" data-do="import" data-id="both" { (say!("Import")) }
                } @else {
                    button type="button" data-do="import" data-id="replace" { (say!("Replace what is there")) }
                    button type="button" data-do="import" data-id="both" { (say!("Keep both")) }
                }
                button type="button" class="quiet" data-do="forget" { (say!("Cancel")) }
            }
        }
    }
}

fn refused(found: &[Mistake]) -> Markup {
    html! {
        div class="preview" {
            h3 tabindex="-1" id="preview" { (say!("Nothing was imported")) }
            p { (tn!(found.len(), "The file has a mistake. Mend it and choose the file again:", "The file has {n} mistakes. Mend it and choose the file again:")) }
            (mistakes(found))
        }
    }
}

fn packs(kept: &[&Kept], settings: &Settings) -> Markup {
    html! {
        @if kept.is_empty() { li class="hint" { (say!("There is none yet.")) } }
        @for kept in kept {
            @let (key, name) = (kept.key(), if kept.name == OWN { text(OWN) } else { kept.name.as_str() });
            li {
                label class="switch" {
                    input type="checkbox" data-on=(key) checked[kept.on];
                    span class="name" dir="auto" { (name) }
                }
                @match Pack::read(&kept.text) {
                    Ok(pack) => details { summary { (say!("What it brings")) } (contents(&pack)) },
                    Err(found) => {
                        p class="hint" { (say!("This version of Composure finds mistakes in it, and does not use it:")) }
                        (mistakes(&found))
                    }
                }
                @if settings.rules_off.contains(&kept.rule) {
                    p class="hint" { (say!("Its phrases were turned off from within a mail.")) " " (button("unmute", &kept.rule, name, t!("Show them again"))) }
                }
                div class="row" {
                    (button("export", key, name, t!("Export")))
                    (button("remove", key, name, t!("Remove")))
                }
            }
        }
    }
}

fn broken(broken: &[(String, String)]) -> Markup {
    html! {
        @if !broken.is_empty() {
            div class="problem" role="alert" {
                @for (key, why) in broken { p { (t!("A pack cannot be read ({key}: {why}). It is kept as it is.", key = key, why = why)) } }
            }
        }
    }
}

fn organisation(pack: Option<&Result<Pack, Vec<Mistake>>>) -> Markup {
    html! {
        @if let Some(pack) = pack {
            section aria-labelledby="theirs" {
                h2 id="theirs" { (say!("From your organisation")) }
                @match pack {
                    Ok(pack) => {
                        p class="hint" { (say!("This pack is set by whoever manages this browser. It is on.")) }
                        h3 dir="auto" { (pack.name) }
                        (contents(pack))
                    }
                    Err(found) => {
                        p class="problem" { (say!("Your organisation set a pack that has mistakes in it, so it is not used. Please tell whoever manages this browser:")) }
                        (mistakes(found))
                    }
                }
            }
        }
    }
}

fn listen(main: &Element, desk: &Rc<RefCell<Desk>>) {
    let this = desk.clone();
    EventListener::new(main, "input", move |_| {
        if let Ok(desk) = this.try_borrow()
            && desk.edited.is_some()
        {
            desk.try_out();
        }
    })
    .forget();
    let this = desk.clone();
    EventListener::new(main, "change", move |event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(key) = input.get_attribute("data-on") {
            let kept = this.borrow().kept.iter().find(|kept| kept.key() == key).cloned();
            if let Some(kept) = kept {
                let on = input.checked();
                let said = if on { t!("On.") } else { t!("Off.") };
                run(this.clone(), said, async move { store(&Kept { on, ..kept }).await });
            }
        } else if input.id() == "file"
            && let Some(file) = input.files().and_then(|files| files.get(0))
        {
            spawn_local(open(this.clone(), file));
            // The same file can be chosen again, once it is mended.
            input.set_value("");
        }
    })
    .forget();
    let this = desk.clone();
    on_submit(main, move |_| {
        let Ok(desk) = this.try_borrow() else { return };
        match desk.with_written() {
            Ok(kept) => spawn_local(save(this.clone(), kept)),
            Err(why) => desk.say(&why),
        }
    });
    let this = desk.clone();
    on_press(main, move |button| {
        let told = |name: &str| button.get_attribute(name).unwrap_or_default();
        press(&this, &told("data-do"), told("data-id"));
    });
}

/// Reads a file and shows what it brings, or what is wrong with it.
async fn open(desk: Rc<RefCell<Desk>>, file: web_sys::File) {
    let text = match text_of(&file).await {
        Ok(text) => text,
        Err(error) => {
            if let Ok(desk) = desk.try_borrow() {
                desk.say(&t!("Not read: {why}.", why = describe(&error)));
            }
            return;
        }
    };
    let checked = check(&text);
    // With what is there now: another page may have imported something meanwhile.
    let read = read().await;
    let Ok(mut desk) = desk.try_borrow_mut() else { return };
    if let Some((kept, broken)) = report(read) {
        (desk.kept, desk.broken) = (kept, broken);
    }
    let shown = match checked.pack {
        None => {
            desk.offered = None;
            refused(&checked.mistakes)
        }
        Some(pack) => {
            let clash = Clash::of(&pack, &desk.kept, desk.shipped.iter().map(String::as_str));
            let offered = Offered { pack, text, warnings: checked.warnings, clash };
            let shown = preview(&offered);
            desk.offered = Some(offered);
            shown
        }
    };
    report(desk.fill("import", &shown));
    desk.focus("#preview");
}

/// A file's text, byte for byte.
async fn text_of(file: &web_sys::File) -> JsResult<String> {
    if file.size() > LARGEST {
        return Err(js_sys::Error::new(t!("the file is too large for a pack")).into());
    }
    let bytes = js_sys::Uint8Array::new(&JsFuture::from(file.array_buffer()).await?).to_vec();
    String::from_utf8(bytes).map_err(|_| js_sys::Error::new(t!("the file is no text in UTF-8")).into())
}

/// Stores the writer's own phrases; the form stays open with every word where that fails.
async fn save(desk: Rc<RefCell<Desk>>, kept: Kept) {
    let stored = store(&kept).await;
    refresh(desk.clone()).await;
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
    let kept = desk.kept.iter().find(|kept| kept.key() == id).cloned();
    let place = id.parse::<usize>().ok();
    match what {
        "new" => {
            let last = desk.mine().avoid.len();
            desk.edit(last);
        }
        "edit" => {
            if let Some(place) = place {
                desk.edit(place);
            }
        }
        "cancel" => desk.close(),
        "drop" => {
            let mut mine = desk.mine();
            if let Some(place) = place.filter(|place| *place < mine.avoid.len()) {
                mine.avoid.remove(place);
                if desk.edited.is_some() {
                    desk.close();
                }
                match desk.kept_mine(&mine) {
                    Ok(kept) => run(this.clone(), t!("Deleted."), async move { store(&kept).await }),
                    Err(why) => desk.say(&why),
                }
                desk.focus("#new");
            }
        }
        "forget" => {
            desk.offered = None;
            report(desk.fill("import", &Markup::default()));
            desk.focus("#file");
        }
        "import" => {
            let choice = if id == "replace" { Choice::Replace } else { Choice::KeepBoth };
            let Some(offered) = desk.offered.take() else { return };
            let kept = Kept::import(&offered.pack, &offered.text, &desk.kept, &offered.clash, choice);
            let this = this.clone();
            spawn_local(async move {
                let stored = store(&kept).await;
                refresh(this.clone()).await;
                let Ok(mut desk) = this.try_borrow_mut() else { return };
                match stored {
                    Ok(()) => {
                        report(desk.fill("import", &Markup::default()));
                        desk.say(t!("Imported."));
                        desk.focus("#file");
                    }
                    Err(error) => {
                        desk.say(&t!("Not imported: {why}. Nothing was changed.", why = describe(&error)));
                        desk.offered = Some(offered);
                    }
                }
            });
        }
        "export" => {
            if let Some(kept) = kept {
                report(save_file(&format!("{}.toml", kept.key()), "application/toml", kept.text.as_bytes()));
            }
        }
        "remove" => {
            let keys = js_sys::Array::of2(&format!("{PREFIX}{id}").into(), &format!("{COMPILED_PREFIX}{id}").into());
            desk.focus("#file");
            run(this.clone(), t!("Removed."), async move { chrome::storage_remove(&keys).await });
        }
        "unmute" => {
            let rule_on = move |stored: &mut Settings| {
                stored.rules_off.remove(&id);
            };
            run(this.clone(), t!("Saved."), async move { storage::change(rule_on).await });
        }
        _ => {}
    }
}

/// Does it, says how it went, and shows what is stored then.
fn run(desk: Rc<RefCell<Desk>>, said: &'static str, action: impl Future<Output = JsResult<()>> + 'static) {
    spawn_local(async move {
        let done = action.await;
        // What is pressed next is about what is stored now.
        refresh(desk.clone()).await;
        let Ok(desk) = desk.try_borrow() else { return };
        match done {
            Ok(()) => desk.say(said),
            Err(error) => desk.say(&t!("Not done: {why}. Nothing was changed.", why = describe(&error))),
        }
    });
}
