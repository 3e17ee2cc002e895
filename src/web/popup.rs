//! What the toolbar button opens: whether Composure works in this tab, and the way to turn it on, pause it, or go on.

use composure_session::Settings;
use composure_words::{say, t, tn};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use maud::{Markup, html};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Element};

use crate::dom::{describe, fill, say};
use crate::options::{Sites, origins, site_on};
use crate::{JsResult, chrome, counts, report, storage};

/// How long a pause is, in milliseconds.
const HOUR: f64 = 3_600_000.0;
/// A script that was let in is asked for so often, so many milliseconds apart.
const PATIENCE: u32 = 20;
const STEP: u32 = 100;

/// Fills the popup and keeps it working until it is closed.
#[wasm_bindgen]
pub async fn start_popup() {
    console_error_panic_hook::set_once();
    report(start().await);
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    let tab = Tab::of_window().await?;
    show(&main, &tab).await?;
    let (behind, page, of) = (main.clone(), document.clone(), tab.clone());
    EventListener::new(&main, "click", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(action) = target.and_then(|target| target.get_attribute("data-do")) else { return };
        press(&action, &of, &behind, &page);
    })
    .forget();
    // A page that was just allowed, reloaded or resumed says so a moment later.
    storage::watch_settings(move || {
        let (main, tab) = (main.clone(), tab.clone());
        spawn_local(async move {
            report(show(&main, &tab).await);
        });
    });
    Ok(())
}

/// The tab that the popup is about.
#[derive(Clone, Debug)]
struct Tab {
    id: JsValue,
    /// Nothing where it shows no page of the web.
    host: Option<String>,
}

impl Tab {
    /// The tab in front, or the one whose id the address names.
    async fn of_window() -> JsResult<Tab> {
        let asked = gloo::utils::window().location().search()?;
        let named = asked.strip_prefix("?tab=").and_then(|id| id.parse::<i32>().ok());
        let tab = match named {
            Some(id) => chrome::tab(&id.into()).await?,
            None => {
                let query = js_sys::Object::new();
                js_sys::Reflect::set(&query, &"active".into(), &true.into())?;
                js_sys::Reflect::set(&query, &"currentWindow".into(), &true.into())?;
                js_sys::Array::from(&chrome::tabs_query(&query).await?).get(0)
            }
        };
        let field = |name: &str| js_sys::Reflect::get(&tab, &name.into());
        let url = field("url")?.as_string().and_then(|url| web_sys::Url::new(&url).ok());
        let host = url.filter(|url| url.protocol().starts_with("http")).map(|url| url.hostname());
        Ok(Tab { id: field("id")?, host })
    }

    /// What our script in the page says; nothing if there is none.
    async fn status(&self) -> Option<Status> {
        let message = js_sys::Object::new();
        js_sys::Reflect::set(&message, &"status".into(), &true.into()).ok()?;
        // Where nobody listens, the browser says so by an error.
        let answer = chrome::tabs_send_message(&self.id, &message).await.ok()?;
        let field = |name: &str| js_sys::Reflect::get(&answer, &name.into()).ok();
        Some(Status { composes: field("composes")?.as_f64()? as usize, problem: field("problem")?.as_string() })
    }
}

/// What our script sees in a page.
#[derive(Debug)]
struct Status {
    /// So many mails are being written.
    composes: usize,
    /// The name of what keeps it from doing all that it should.
    problem: Option<String>,
}

/// What there is to say of a tab.
#[derive(Debug)]
enum State {
    /// No page of the web.
    NoPage,
    /// Not allowed to see the page.
    NotHere,
    /// The writer wants none here.
    Off,
    /// The writer wants none anywhere for a while.
    Paused,
    /// Allowed, but the page was there before.
    NotYet,
    /// At work.
    On(Status),
}

/// Shows the tab now and again until our script, which was just let in, is there.
fn arrive(main: Element, tab: Tab, patience: u32) {
    spawn_local(async move {
        let is_there = tab.status().await.is_some();
        if is_there || patience == 0 {
            report(show(&main, &tab).await);
        } else {
            Timeout::new(STEP, move || arrive(main, tab, patience - 1)).forget();
        }
    });
}

async fn show(main: &Element, tab: &Tab) -> JsResult<()> {
    let (settings, problem) = storage::load().await;
    let sites = Sites::read().await?;
    let state = match &tab.host {
        None => State::NoPage,
        Some(host) if !sites.has(host) => State::NotHere,
        Some(host) if is_off(&settings, host) => State::Off,
        Some(_) if settings.paused_until.is_some_and(|until| until as f64 > js_sys::Date::now()) => State::Paused,
        Some(_) => tab.status().await.map_or(State::NotYet, State::On),
    };
    let mended = report(counts::today().await).unwrap_or_default().mended;
    fill(main, &page(&state, mended, tab.host.as_deref().unwrap_or_default(), problem.as_deref(), &sites))
}

fn page(state: &State, mended: u32, host: &str, problem: Option<&str>, sites: &Sites) -> Markup {
    let button = |action: &str, text: &str, class: &str| {
        html! { button type="button" class=(class) data-do=(action) { (text) } }
    };
    html! {
        @if let Some(problem) = problem { p class="problem" role="alert" { (problem) } }
        section aria-live="polite" {
            @match state {
                State::NoPage => {
                    h2 { (say!("Open a reply in your webmail")) }
                    p { (say!("Composure is there as soon as you write.")) }
                },
                State::NotHere => {
                    h2 { (t!("Off on {host}", host = host)) }
                    p { (say!("It sees no page that you have not turned it on for.")) }
                    div class="choices" { (button("turn-on", t!("Turn on for this site"), "")) }
                },
                State::Off => {
                    h2 { (t!("Off on {host}", host = host)) }
                    div class="choices" { (button("resume", t!("Turn on again"), "")) }
                },
                State::Paused => {
                    h2 { (say!("Paused")) }
                    p { (say!("Everywhere, for up to an hour.")) }
                    div class="choices" { (button("go-on", t!("Go on now"), "")) }
                },
                State::NotYet => {
                    h2 { (t!("On for {host}", host = host)) }
                    p { (say!("This tab was open before. Load it anew, and Composure is there; keep what you are writing first.")) }
                    div class="choices" { (button("reload", t!("Load this tab anew"), "")) }
                },
                State::On(Status { composes, problem }) => {
                    h2 { (t!("On for {host}", host = host)) }
                    p {
                        @match composes {
                            0 => (say!("No reply is open here.")),
                            count => (tn!(*count, "Reading along in one reply.", "Reading along in {n} replies.")),
                        }
                    }
                    @if let Some(problem) = problem { p class="problem" { (in_words(problem)) } }
                    div class="choices" {
                        (button("pause", t!("Pause for an hour"), "quiet"))
                        (button("off", t!("Turn off on this site"), "quiet"))
                    }
                },
            }
            @if mended > 0 {
                p id="mended" { (tn!(mended, "{n} phrase mended today.", "{n} phrases mended today.")) }
            }
            p id="said" role="status" {}
        }
        details {
            summary { (say!("Where it works")) }
            ul { @for host in sites.built_in.iter().chain(&sites.added) { li { (host) } } }
            p { (say!("On any other webmail: open it, press this button, turn it on.")) }
        }
        nav {
            a href="options.html" target="_blank" { (say!("Options")) }
            a href="records.html" target="_blank" { (say!("Records")) }
            a href="progress.html" target="_blank" { (say!("How it goes")) }
            a href="calm.html" target="_blank" { (say!("A breath first")) }
        }
    }
}

/// What a script in a page calls a problem, for people.
fn in_words(problem: &str) -> &'static str {
    match problem {
        "no-send" => {
            t!("The Send button of this page is not where it used to be, so no reply is held here. All else works.")
        }
        "unknown-send" => t!("What sends a mail is not known on this page, so no reply is held here. All else works."),
        _ => t!("Something on this page is not as it used to be; parts of Composure may be missing here."),
    }
}

fn is_off(settings: &Settings, host: &str) -> bool {
    settings.sites_off.iter().any(|name| is_host(name, host))
}

/// Whether a name is that host, or `*.` and what the host ends in.
pub(crate) fn is_host(name: &str, host: &str) -> bool {
    name.strip_prefix('*').map_or(name == host, |end| host.ends_with(end))
}

/// Everything before a request for permission is synchronous: browsers want it inside the click.
fn press(action: &str, tab: &Tab, main: &Element, page: &Document) {
    let host = tab.host.clone().unwrap_or_default();
    if action == "turn-on" {
        let asked = chrome::permissions_request(&origins(&host));
        let (tab, main, page) = (tab.clone(), main.clone(), page.clone());
        spawn_local(async move {
            let granted = match asked {
                Ok(promise) => JsFuture::from(promise).await,
                Err(error) => Err(error),
            };
            let said = match granted {
                Ok(granted) if granted.is_truthy() => match site_on(&host).await {
                    Ok(()) => return arrive(main, tab, PATIENCE),
                    Err(error) => t!("Not saved: {why}.", why = describe(&error)),
                },
                Ok(_) => t!("The browser was not allowed to let Composure see {host}.", host = host),
                Err(error) => t!("That did not work: {why}.", why = describe(&error)),
            };
            say(&page, "said", &said);
        });
        return;
    }
    if action == "reload" {
        let tab = tab.clone();
        spawn_local(async move {
            report(chrome::reload_tab(&tab.id).await);
            report(gloo::utils::window().close());
        });
        return;
    }
    let (action, page) = (action.to_owned(), page.clone());
    spawn_local(async move {
        let changed = storage::change(|stored| match action.as_str() {
            "off" => drop(stored.sites_off.insert(host)),
            "resume" => stored.sites_off.retain(|name| !is_host(name, &host)),
            "pause" => stored.paused_until = Some((js_sys::Date::now() + HOUR) as u64),
            "go-on" => stored.paused_until = None,
            _ => {}
        });
        // The storage tells everybody, this popup too.
        if let Err(error) = changed.await {
            say(&page, "said", &t!("Not saved: {why}.", why = describe(&error)));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_star_stands_for_what_a_host_begins_with() {
        for (name, host, is) in [
            ("mail.example.com", "mail.example.com", true),
            ("mail.example.com", "x.mail.example.com", false),
            ("*.example.com", "mail.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "notexample.com", false),
        ] {
            assert_eq!(is_host(name, host), is, "{name} {host}");
        }
    }
}
