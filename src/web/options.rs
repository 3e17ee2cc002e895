//! The options page: name, business, signature, rules, sites. Everything is saved as it is changed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use composure_session::{Settings, Signature, rule_label};
use composure_words::{say, t};
use gloo::events::EventListener;
use maud::{Markup, html};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::dom::{describe, fill, on_submit, say};
use crate::popup::is_host;
use crate::{JsResult, chrome, report, storage, voices};

/// The heats from which on a draft can be held: below, calm ones would be.
const COOLEST: u8 = 30;
const HOTTEST: u8 = 95;

/// Fills the page and keeps it working until it is closed.
#[wasm_bindgen]
pub async fn start_options() {
    console_error_panic_hook::set_once();
    report(start().await);
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    let (settings, problem) = storage::load().await;
    let sites = Sites::read().await?;
    let installed = has_reader().await;
    let locked = storage::locked().await;
    fill(&main, &page(&settings, problem.as_deref(), &sites, installed))?;

    match locked {
        Ok(locked) => report(lock(&main, &locked)),
        Err(why) => {
            say(&document, "locked", &t!("What whoever manages this browser has set is not used: {why}", why = why));
            report(main.query_selector("#locked")?.map_or(Ok(()), |note| note.remove_attribute("hidden")))
        }
    };
    let spoken = settings.language.clone();
    let settings = Rc::new(RefCell::new(settings));
    listen(&document, &main, settings.clone());
    let behind = settings.clone();
    voices::watch(&main, move || behind.borrow().clone());
    storage::watch_settings(move || {
        // A rule turned off in a mail, another options page, another browser: show it here too, without touching what is typed.
        let (settings, main, spoken) = (settings.clone(), main.clone(), spoken.clone());
        spawn_local(async move {
            let Some((stored, problem)) = load_settled().await else { return };
            if problem.is_none() && stored.language != spoken {
                report(gloo::utils::window().location().reload());
            } else if problem.is_none() {
                report(refresh_switches(&main, &stored));
                READ.set(stored.clone());
                let before = settings.replace(stored);
                report(refresh_fields(&main, &before, &settings.borrow()));
            }
        });
    });
    Ok(())
}

/// Greys out the fields of settings that the policy sets, and says so in [`locked_note`].
pub(crate) fn lock(main: &Element, locked: &[String]) -> JsResult<()> {
    for name in locked.iter().filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')) {
        let fields = match name.as_str() {
            "rules_off" => "[data-rule]".to_owned(),
            "sites_off" => "[data-site]".to_owned(),
            "records" => "[name=records]".to_owned(),
            name => format!("#{name}"),
        };
        let fields = main.query_selector_all(&fields)?;
        for field in (0..fields.length()).filter_map(|at| fields.item(at)?.dyn_into::<Element>().ok()) {
            field.set_attribute("disabled", "")?;
        }
    }
    match main.query_selector("#locked")?.filter(|_| !locked.is_empty()) {
        Some(note) => note.remove_attribute("hidden"),
        None => Ok(()),
    }
}

/// Says what the greyed out fields are, once there are some.
pub(crate) fn locked_note() -> Markup {
    html! {
        p id="locked" class="problem" hidden { (say!("What is greyed out is set by whoever manages this browser.")) }
    }
}

/// Where Composure may work: host names, some with `*.` for whatever they begin with.
pub(crate) struct Sites {
    /// From the manifest.
    pub(crate) built_in: Vec<String>,
    /// Granted by the writer.
    pub(crate) added: Vec<String>,
}

impl Sites {
    pub(crate) async fn read() -> JsResult<Sites> {
        let manifest = chrome::manifest();
        let built_in = hosts(&js_sys::Reflect::get(&manifest, &"host_permissions".into())?);
        let granted = chrome::permissions_get_all().await?;
        let added = hosts(&js_sys::Reflect::get(&granted, &"origins".into())?)
            .into_iter()
            .filter(|host| !built_in.contains(host))
            .collect();
        Ok(Sites { built_in, added })
    }

    /// Whether Composure may work on a host.
    pub(crate) fn has(&self, host: &str) -> bool {
        self.built_in.iter().chain(&self.added).any(|name| is_host(name, host))
    }
}

/// The host names in a list of match patterns, each once.
fn hosts(patterns: &JsValue) -> Vec<String> {
    let mut hosts: Vec<String> = js_sys::Array::from(patterns)
        .iter()
        .filter_map(|pattern| {
            let pattern = pattern.as_string()?;
            Some(pattern.split_once("://")?.1.split('/').next()?.to_owned())
        })
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// Whether this package came with the learned reader.
async fn has_reader() -> bool {
    let asked = web_sys::window().map(|window| window.fetch_with_str(&chrome::url("reader/about.json")));
    let Some(asked) = asked else { return false };
    let answer = JsFuture::from(asked).await.ok().and_then(|answer| answer.dyn_into::<web_sys::Response>().ok());
    answer.is_some_and(|answer| answer.ok())
}

fn page(settings: &Settings, problem: Option<&str>, sites: &Sites, has_reader: bool) -> Markup {
    html! {
        @if let Some(problem) = problem { p id="problem" class="problem" role="alert" { (problem) } }
        (locked_note())
        section aria-labelledby="you" {
            h2 id="you" { (say!("You")) }
            p class="hint" { (say!("Used to fill in snippets. It stays in this browser, unless you have it kept in step with others below.")) }
            label { (say!("Your name")) input id="my_name" type="text" autocomplete="name" value=(settings.my_name); }
            label { (say!("Business")) input id="business" type="text" autocomplete="organization" value=(settings.business); }
            label { (say!("Signature"))
                textarea id="signature" rows="4" placeholder="Kind regards,\nDana\nPine & Wick" { (settings.signature) }
            }
            div id="signatures" { (signature_list(settings)) }
            button id="add-signature" type="button" class="quiet" { (say!("Add a signature for another address")) }
        }
        section aria-labelledby="speaking" {
            h2 id="speaking" { (say!("Language")) }
            label { (say!("Language of Composure")) select id="language" { (languages(settings)) } }
            p class="hint" {
                (say!("What it reads is English mail; this is how it speaks to you. In a mail that is open, from when its page \
                     is loaded anew."))
            }
        }
        section aria-labelledby="rules" {
            h2 id="rules" { (say!("What is underlined")) }
            p class="hint" { a href="packs.html" { (say!("Phrases of your own, and packs of your team")) } }
            ul class="rules" {
                @for rule in composure_engine::rules() {
                    li {
                        label class="switch" {
                            input type="checkbox" data-rule=(rule.id) checked[!settings.rules_off.contains(rule.id)];
                            span class="name" { (rule_label(rule.id)) }
                        }
                        p lang="en" { (rule.what) " " (rule.why) }
                        @if let Some(example) = composure_engine::examples(rule).first() {
                            p class="example" lang="en" {
                                del { (example.bad.replace(['«', '»'], "")) } " " ins { (example.good) }
                            }
                        }
                    }
                }
            }
        }
        section aria-labelledby="second-opinion" {
            h2 id="second-opinion" { (say!("A second opinion")) }
            label class="switch" {
                input id="reader" type="checkbox" checked[settings.reader && has_reader] disabled[!has_reader];
                span class="name" { (say!("Learned reader")) }
            }
            p class="hint" {
                @if has_reader {
                    (say!("A small neural network reads each sentence once typing pauses and hears digs that no list of \
                     phrases knows. It runs on this machine and takes about 80 MB of memory while a mail is open."))
                } @else {
                    (say!("This package came without the learned reader. Everything else works as it does with it."))
                }
            }
        }
        section aria-labelledby="sending" {
            h2 id="sending" { (say!("Before it is sent")) }
            label class="switch" {
                input id="guard" type="checkbox" checked[settings.guard];
                span class="name" { (say!("Hold an angry reply")) }
            }
            p class="hint" {
                (say!("When you press Send on a hot draft, you see first what would be read as an attack, and can mend it, let \
                 it cool off, or send it anyway. Calm drafts leave at once."))
            }
            @let (before, after) = composure_words::split(t!("From which heat on ({heat} of 100)"));
            label { (before) output id="guard_heat_said" { (settings.guard_heat) } (after)
                input id="guard_heat" type="range" min=(COOLEST) max=(HOTTEST) step="5" value=(settings.guard_heat);
            }
        }
        section aria-labelledby="kept" {
            h2 id="kept" { (say!("What is kept")) }
            p class="hint" {
                (say!("Your replies to upset customers are kept on this machine, to be found again and to see how they cooled.")) " "
                a href="records.html" { (say!("Records: read, export, delete, or keep none")) }
            }
            p class="hint" { a href="progress.html" { (say!("How it goes: phrases mended, week by week")) } }
            p class="hint" { a href="snippets.html" { (say!("Snippets: write, order and hide them")) } }
        }
        (voices::section(settings))
        section aria-labelledby="spelling" {
            h2 id="spelling" { (say!("Spelling")) }
            p class="hint" {
                (say!("Words that are right though no dictionary knows them. “Add to dictionary” in a mail puts them here. \
                 Names in a conversation need no adding."))
            }
            ul id="dictionary" class="sites" { (word_list(settings)) }
            form id="add-word" {
                label { (say!("A word of yours"))
                    input id="word" type="text" autocapitalize="off" autocomplete="off" spellcheck="false";
                }
                button type="submit" { (say!("Add")) }
            }
        }
        section aria-labelledby="sites" {
            h2 id="sites" { (say!("Where it works")) }
            ul id="sites-list" class="sites" { (site_list(settings, sites)) }
            form id="add-site" {
                label { (say!("Turn on for another webmail"))
                    input id="site" type="text" placeholder="webmail.example.com" autocapitalize="off" spellcheck="false";
                }
                button type="submit" { (say!("Turn on")) }
            }
            p id="site-message" class="hint" role="status" {}
        }
        // Filled by another module: see `elsewhere`.
        div id="elsewhere" {}
        p id="saved" class="saved" role="status" {}
    }
}

/// The languages of the interface, each by its own name.
const LANGUAGES: [(&str, &str); 5] =
    [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français"), ("pt", "Português")];

fn languages(settings: &Settings) -> Markup {
    html! {
        option value="" selected[settings.language.is_empty()] { (say!("As the browser’s")) }
        @for (language, name) in LANGUAGES {
            option value=(language) lang=(language) selected[settings.language == language] { (name) }
        }
    }
}

fn signature_list(settings: &Settings) -> Markup {
    html! {
        @for (place, one) in settings.signatures.iter().enumerate() {
            div class="signature" role="group" aria-label=(t!("Signature {n}", n = place + 2)) {
                label { (say!("When you write from"))
                    input type="text" data-from=(place) value=(one.addresses) placeholder="help@shop.example, @shop.example"
                        autocapitalize="off" spellcheck="false";
                }
                label { (say!("Signature")) textarea rows="3" data-signature=(place) { (one.text) } }
                button type="button" class="quiet" data-unsign=(place) aria-label=(t!("Remove signature {n}", n = place + 2)) { (say!("Remove")) }
            }
        }
    }
}

fn word_list(settings: &Settings) -> Markup {
    html! {
        @for word in &settings.dictionary {
            li {
                span class="name" { (word) }
                button type="button" class="quiet" data-forget=(word) aria-label=(t!("Remove {what}", what = word)) { (say!("Remove")) }
            }
        }
    }
}

fn site_list(settings: &Settings, sites: &Sites) -> Markup {
    html! {
        @for host in &sites.added {
            li {
                (site(settings, host))
                button type="button" class="quiet" data-remove=(host) aria-label=(t!("Remove {what}", what = host)) { (say!("Remove")) }
            }
        }
        @for host in &sites.built_in { li { (site(settings, host)) } }
    }
}

fn site(settings: &Settings, host: &str) -> Markup {
    html! {
        label class="switch" {
            input type="checkbox" data-site=(host) checked[!settings.sites_off.contains(host)];
            span class="name" { (host) }
        }
    }
}

/// Saves what is changed within `main`.
pub(crate) fn listen(document: &Document, main: &Element, settings: Rc<RefCell<Settings>>) {
    READ.set(settings.borrow().clone());
    let (page, behind) = (document.clone(), settings.clone());
    EventListener::new(main, "input", move |event| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if !change(&mut behind.borrow_mut(), &target) {
            return;
        }
        save(&page, &behind.borrow());
    })
    .forget();

    let (page, behind) = (document.clone(), settings.clone());
    on_submit(main, move |event| {
        let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if form.is_some_and(|form| form.id() == "add-word") {
            add_word(&page, &mut behind.borrow_mut());
        } else {
            add_site(page.clone(), behind.clone());
        }
    });

    let page = document.clone();
    EventListener::new(main, "click", move |event| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if let Some(word) = target.get_attribute("data-forget") {
            settings.borrow_mut().dictionary.remove(&word);
            save(&page, &settings.borrow());
            if let Some(field) = input(&page, "word") {
                report(field.focus());
            }
        }
        let unsigned = target.get_attribute("data-unsign").and_then(|place| place.parse::<usize>().ok());
        if target.id() == "add-signature" || unsigned.is_some() {
            sign(&page, &mut settings.borrow_mut(), unsigned);
            save(&page, &settings.borrow());
        }
        let host = target.get_attribute("data-remove");
        if let Some(host) = host {
            let (page, settings) = (page.clone(), settings.clone());
            spawn_local(async move {
                report(chrome::permissions_remove(&origins(&host)).await);
                report(refresh_sites(&page, &settings).await);
                say(&page, "site-message", &t!("Composure no longer sees {host}.", host = host));
            });
        }
    })
    .forget();
}

thread_local! {
    /// How many times this page has stored settings, and how many of these are under way.
    static SAVES: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
    /// The settings that the page read last: what differs from them, the writer changed here.
    static READ: RefCell<Settings> = RefCell::default();
}

/// The settings as they are stored; nothing while this page stores newer ones, of which it hears in turn: whoever types fast would
/// otherwise go on with what they had typed a moment ago.
async fn load_settled() -> Option<(Settings, Option<String>)> {
    loop {
        let (before, _) = SAVES.get();
        let loaded = storage::load().await;
        match SAVES.get() {
            (now, 0) if now == before => return Some(loaded),
            (_, 0) => {}
            _ => return None,
        }
    }
}

/// Stores the settings, which tells every page of them, this one included.
fn save(page: &Document, settings: &Settings) {
    let (page, settings) = (page.clone(), settings.clone());
    let before = READ.with_borrow(Settings::clone);
    let (all, under_way) = SAVES.get();
    SAVES.set((all.wrapping_add(1), under_way + 1));
    spawn_local(async move {
        let stored = storage::change(|stored| stored.follow(&before, &settings)).await;
        let (all, under_way) = SAVES.get();
        SAVES.set((all, under_way.saturating_sub(1)));
        let said = match stored {
            Ok(()) => {
                // Once is enough: another page may change it from now on.
                READ.with_borrow_mut(|read| read.follow(&before, &settings));
                t!("Saved.").to_owned()
            }
            Err(error) => t!("Not saved: {why}. What you typed is still here.", why = describe(&error)),
        };
        say(&page, "saved", &said);
    });
}

/// Takes a signature away, or puts an empty one at the end, which the writer is then in.
fn sign(page: &Document, settings: &mut Settings, unsigned: Option<usize>) {
    match unsigned {
        Some(place) if place < settings.signatures.len() => drop(settings.signatures.remove(place)),
        Some(_) => {}
        None => settings.signatures.push(Signature::default()),
    }
    let Some(list) = page.get_element_by_id("signatures") else { return };
    report(fill(&list, &signature_list(settings)));
    let next = if unsigned.is_some() { "#add-signature" } else { "#signatures > :last-child input" };
    let next = page.query_selector(next).ok().flatten().and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok());
    report(next.map_or(Ok(()), |next| next.focus()));
}

fn input(page: &Document, id: &str) -> Option<HtmlInputElement> {
    page.get_element_by_id(id).and_then(|field| field.dyn_into().ok())
}

/// Puts the word that was typed into the dictionary.
fn add_word(page: &Document, settings: &mut Settings) {
    let Some(field) = input(page, "word") else { return };
    let word = field.value().trim().to_owned();
    if !word.is_empty() {
        settings.dictionary.insert(word);
        field.set_value("");
        save(page, settings);
    }
}

/// One of a signature's texts.
type Of = fn(&mut Signature) -> &mut String;

fn addresses(one: &mut Signature) -> &mut String {
    &mut one.addresses
}

fn text(one: &mut Signature) -> &mut String {
    &mut one.text
}

/// Takes one field's value over. Says whether it was a setting at all.
fn change(settings: &mut Settings, field: &Element) -> bool {
    if let Some(switch) = field.dyn_ref::<HtmlInputElement>().filter(|input| input.type_() == "checkbox") {
        if let Some(setting) = match switch.id().as_str() {
            "reader" => Some(&mut settings.reader),
            "guard" => Some(&mut settings.guard),
            _ => None,
        } {
            *setting = switch.checked();
            return true;
        }
        let (off, name) = if let Some(rule) = switch.get_attribute("data-rule") {
            (&mut settings.rules_off, rule)
        } else if let Some(site) = switch.get_attribute("data-site") {
            (&mut settings.sites_off, site)
        } else {
            return false;
        };
        if switch.checked() {
            off.remove(&name);
        } else {
            off.insert(name);
        }
        return true;
    }
    if voices::change(settings, field) {
        return true;
    }
    if let Some(list) = field.dyn_ref::<HtmlSelectElement>().filter(|list| list.id() == "language") {
        settings.language = list.value();
        return true;
    }
    let value = match (field.dyn_ref::<HtmlInputElement>(), field.dyn_ref::<HtmlTextAreaElement>()) {
        (Some(input), _) => input.value(),
        (_, Some(area)) => area.value(),
        _ => return false,
    };
    for (attribute, of) in [("data-from", addresses as Of), ("data-signature", text)] {
        let place = field.get_attribute(attribute).and_then(|place| place.parse::<usize>().ok());
        if let Some(one) = place.and_then(|place| settings.signatures.get_mut(place)) {
            *of(one) = value;
            return true;
        }
    }
    match field.id().as_str() {
        "my_name" => settings.my_name = value,
        "business" => settings.business = value,
        "signature" => settings.signature = value,
        "guard_heat" => {
            settings.guard_heat = value.parse().unwrap_or(HOTTEST).clamp(COOLEST, HOTTEST);
            let said = field.owner_document().and_then(|page| page.get_element_by_id("guard_heat_said"));
            said.unwrap_or_else(|| field.clone()).set_text_content(Some(&settings.guard_heat.to_string()));
        }
        _ => return false,
    }
    true
}

/// Asks for a site's permission. Everything before the request is synchronous: browsers want it inside the click.
fn add_site(page: Document, settings: Rc<RefCell<Settings>>) {
    let Some(field) = input(&page, "site") else { return };
    let Some(host) = host_of(&field.value()) else {
        say(&page, "site-message", t!("Type the address of the webmail, for example webmail.example.com."));
        return;
    };
    let asked = chrome::permissions_request(&origins(&host));
    spawn_local(async move {
        let granted = match asked {
            Ok(promise) => JsFuture::from(promise).await,
            Err(error) => Err(error),
        };
        let said = match granted {
            Ok(granted) if granted.is_truthy() => {
                field.set_value("");
                match site_on(&host).await {
                    Ok(()) => t!("Composure works on {host} now.", host = host),
                    Err(error) => t!("Not turned on: {why}.", why = describe(&error)),
                }
            }
            Ok(_) => t!("Not turned on: the browser was not allowed to let Composure see {host}.", host = host),
            Err(error) => t!("Not turned on: {why}.", why = describe(&error)),
        };
        report(refresh_sites(&page, &settings).await);
        say(&page, "site-message", &said);
    });
}

/// Forgets that a site was turned off once.
pub(crate) async fn site_on(host: &str) -> JsResult<()> {
    let is_off = |name: &String| is_host(name, host);
    // Nothing is stored for nothing: what cannot be read would be put aside for it.
    if storage::load().await.0.sites_off.iter().any(is_off) {
        storage::change(|stored| stored.sites_off.retain(|name| !is_off(name))).await?;
    }
    Ok(())
}

/// The host name in what somebody types as an address; nothing if there is none.
fn host_of(typed: &str) -> Option<String> {
    let rest = typed.trim().split_once("://").map_or(typed.trim(), |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next()?.to_lowercase();
    let is_name = !host.is_empty()
        && host.split('.').all(|label| {
            !label.is_empty() && label.chars().all(|character| character.is_alphanumeric() || character == '-')
        });
    is_name.then_some(host)
}

/// `{origins: [...]}` for a host, over either scheme: a self-hosted webmail may have no certificate.
pub(crate) fn origins(host: &str) -> JsValue {
    let list = js_sys::Array::of2(&format!("https://{host}/*").into(), &format!("http://{host}/*").into());
    let permissions = js_sys::Object::new();
    report(js_sys::Reflect::set(&permissions, &"origins".into(), &list));
    permissions.into()
}

async fn refresh_sites(page: &Document, settings: &Rc<RefCell<Settings>>) -> JsResult<()> {
    let sites = Sites::read().await?;
    if let Some(list) = page.get_element_by_id("sites-list") {
        fill(&list, &site_list(&settings.borrow(), &sites))?;
    }
    Ok(())
}

fn refresh_switches(main: &Element, settings: &Settings) -> JsResult<()> {
    for (attribute, off) in [("data-rule", &settings.rules_off), ("data-site", &settings.sites_off)] {
        let switches = main.query_selector_all(&format!("[{attribute}]"))?;
        for index in 0..switches.length() {
            let switch = switches.item(index).and_then(|node| node.dyn_into::<HtmlInputElement>().ok());
            if let Some(switch) = switch {
                let name = switch.get_attribute(attribute).unwrap_or_default();
                switch.set_checked(!off.contains(&name));
            }
        }
    }
    if let Some(list) = main.query_selector("#dictionary")? {
        fill(&list, &word_list(settings))?;
    }
    Ok(())
}

/// Shows what was set elsewhere, but in the field that the writer is in.
fn refresh_fields(main: &Element, before: &Settings, now: &Settings) -> JsResult<()> {
    let set = |id: &str, what: &str, value: &JsValue| -> JsResult<()> {
        let field = main.query_selector(&format!("#{id}:not(:focus)"))?;
        field.map_or(Ok(()), |field| js_sys::Reflect::set(&field, &what.into(), value).map(drop))
    };
    for (id, before, now) in [
        ("my_name", &before.my_name, &now.my_name),
        ("business", &before.business, &now.business),
        ("signature", &before.signature, &now.signature),
    ] {
        if before != now {
            set(id, "value", &now.as_str().into())?;
        }
    }
    if before.guard_heat != now.guard_heat {
        set("guard_heat", "value", &now.guard_heat.into())?;
        set("guard_heat_said", "value", &now.guard_heat.into())?;
    }
    for (id, before, now) in [("reader", before.reader, now.reader), ("guard", before.guard, now.guard)] {
        if before != now {
            set(id, "checked", &now.into())?;
        }
    }
    if before.signatures != now.signatures
        && let Some(list) = main.query_selector("#signatures:not(:focus-within)")?
    {
        fill(&list, &signature_list(now))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn addresses_as_people_type_them() {
        let table = [
            ("webmail.example.com", Some("webmail.example.com")),
            (" https://Mail.Example.org/roundcube/?_task=mail ", Some("mail.example.org")),
            ("http://localhost:8480/", Some("localhost")),
            ("", None),
            ("https://", None),
            ("two words", None),
            ("*.example.com", None),
        ];
        for (typed, expected) in table {
            assert_eq!(host_of(typed).as_deref(), expected, "{typed:?}");
        }
    }
}
