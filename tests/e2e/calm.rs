//! Before the first word, and cooling off: the nudge, the page to calm down on, and the wait that outlives the browser.

use composure_tests::axe;
use composure_tests::browser::{Browser, Key, Kind};
use composure_tests::mailbox::{Compose, HOST, Mailbox};
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{press, wait_painted_somewhere};
use crate::options;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("calm::the_page_knows_a_name_and_only_a_name", the_page_knows_a_name_and_only_a_name),
    ("calm::the_guide_paces_breaths", the_guide_paces_breaths),
    ("calm::everybody_can_read_the_pages", everybody_can_read_the_pages),
    ("calm::the_nudge_goes_with_the_first_word", the_nudge_goes_with_the_first_word),
    ("calm::the_nudge_opens_the_page_and_the_page_leads_back", the_nudge_opens_the_page_and_the_page_leads_back),
    ("calm::a_calm_thread_has_no_nudge", a_calm_thread_has_no_nudge),
    ("calm::a_cool_off_holds_until_it_is_ended", a_cool_off_holds_until_it_is_ended),
    ("calm::a_cool_off_outlives_the_browser", a_cool_off_outlives_the_browser),
    ("calm::what_cooled_meanwhile_is_told_at_the_start", what_cooled_meanwhile_is_told_at_the_start),
    ("calm::a_notification_leads_to_the_mail", a_notification_leads_to_the_mail),
];

fn the_page_knows_a_name_and_only_a_name(desk: &Desk) {
    let browser = &desk.browser;
    open(browser, "Gary");
    let text = main_text(browser);
    assert!(text.contains("Gary is upset") && text.contains("That mail from Gary stung."), "{text}");
    // A name that is written from right to left stays where it is put.
    open(browser, "%D7%93%D7%A0%D7%94");
    assert!(main_text(browser).contains("I can help דנה, one step at a time."), "{}", main_text(browser));
    // Firefox's own bookmarks complain of an address above 64 KB.
    let long = "x".repeat(if browser.kind == Kind::Firefox { 60_000 } else { 1_000_000 });
    for hostile in
        ["", "%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D'had'%22%3E", "%E0%A4%A", "%E2%80%AEyraG", &long]
    {
        open(browser, hostile);
        let text = main_text(browser);
        assert!(text.contains("That mail stung."), "{hostile:.40}: {text:.300}");
        assert_eq!(browser.text("return document.querySelectorAll('bdi, img').length"), "0", "{hostile:.40}");
    }
    assert_eq!(browser.text("return document.title"), "Composure: a breath first");
}

fn the_guide_paces_breaths(desk: &Desk) {
    let browser = &desk.browser;
    open(browser, "Gary");
    let words = || browser.text("return document.getElementById('words').innerText");
    let size = || browser.rect("#circle").width;
    let small = size();
    // By keyboard: the button is the first thing that the focus comes to.
    browser.press(&[Key::Tab]);
    browser.press(&[Key::Enter]);
    assert_eq!(
        browser.wait("the first breath", || Some(words()).filter(|words| words != "Ready when you are")),
        "Breathe in"
    );
    let begin = std::time::Instant::now();
    browser.wait("the hold", || (words() == "Hold").then_some(()));
    let inward = begin.elapsed().as_secs_f64();
    assert!((3.5..5.0).contains(&inward), "in for {inward} s");
    assert!((size() - small).abs() < 0.5, "nothing moves for a writer who wants no movement");
    browser.wait("the way out", || (words() == "Breathe out").then_some(()));
    let begin = std::time::Instant::now();
    browser.wait("the next breath", || (words() == "Breathe in").then_some(()));
    let outward = begin.elapsed().as_secs_f64();
    assert!((5.5..7.0).contains(&outward), "out for {outward} s");
    // For everybody else the circle grows in the same time.
    browser.prefer(false, false);
    browser.click("#breathe");
    browser.wait("rest", || (words() == "Ready when you are").then_some(()));
    browser.settled("the circle", size);
    browser.click("#breathe");
    let growing = browser.wait("the circle to grow", || Some(size()).filter(|size| *size > small + 5.0));
    browser.wait("the hold", || (words() == "Hold").then_some(()));
    let grown = browser.settled("the circle", size);
    browser.prefer(false, true);
    assert!(growing < grown && grown > small * 1.4, "{small} {growing} {grown}");
    // Stopped, nothing goes on.
    browser.click("#breathe");
    assert_eq!(browser.settled("the words", words), "Ready when you are");
}

fn everybody_can_read_the_pages(desk: &Desk) {
    let browser = &desk.browser;
    open(browser, "Gary");
    for dark in [false, true] {
        browser.prefer(dark, true);
        // Too tall for a window.
        for (part, name) in [("header", "page"), (".tapping", "points"), (".back", "end")] {
            browser.js("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", json!([part]));
            picture(browser, &format!("{name}{}", if dark { "-dark" } else { "" }));
        }
    }
    axe::assert_page(browser);
    options::open(browser);
    axe::assert_page(browser);
}

fn the_nudge_goes_with_the_first_word(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    let nudge = || browser.surface().button("breathe").cloned();
    let said = browser.wait("the nudge", nudge).text;
    assert_eq!(said, "This one is heated. A breath first?");
    picture(browser, "nudge");
    axe::assert_surface(browser);
    reply.darken();
    browser.settled("the nudge", nudge);
    picture(browser, "nudge-dark");
    axe::assert_surface(browser);
    // Which covered it with a copy.
    browser.wait("the nudge", nudge);
    // White space is no word.
    browser.type_text(" ");
    assert!(browser.settled("the nudge", nudge).is_some());
    browser.type_text("H");
    browser.wait("the nudge to go", || nudge().is_none().then_some(()));
    // Once is enough.
    browser.press(&[Key::Backspace]);
    assert!(browser.settled("the nudge", nudge).is_none());
}

fn a_calm_thread_has_no_nudge(desk: &Desk) {
    let browser = &desk.browser;
    let _compose = Mailbox::open(browser, "").compose();
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    assert_eq!(browser.settled("the surface", || browser.surface().button("breathe").cloned()), None);
}

fn the_nudge_opens_the_page_and_the_page_leads_back(desk: &Desk) {
    let browser = &desk.browser;
    let _reply = Mailbox::open(browser, "").reply(0);
    let mail = browser.text("return location.href");
    let nudge = browser.wait("the nudge", || browser.surface().button("breathe").cloned());
    press(browser, &nudge);
    let page = format!("{}/calm.html#Gary", browser.origin);
    browser.wait("the page in a tab", || browser.tabs().contains(&page).then_some(()));
    assert!(browser.surface().button("breathe").is_none(), "it has been said");
    let here = browser.enter_tab(&page);
    browser.wait("the page", || main_text(browser).contains("Gary").then_some(()));
    browser.click("#back");
    if browser.kind == Kind::Firefox {
        // Its driver brings the tab in front that it turns to.
        browser.wait("the mail in front", || (browser.front_tab() == mail).then_some(()));
    }
    browser.leave_tab(&here);
    browser.wait("its end", || (!browser.tabs().contains(&page)).then_some(()));
    browser.wait("the mail in front", || (browser.text("return document.visibilityState") == "visible").then_some(()));
}

fn a_cool_off_holds_until_it_is_ended(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(HOT);
    cool_off(browser, &reply);
    picture(browser, "cooling");
    axe::assert_surface(browser);
    reply.darken();
    browser.settled("the pill", || browser.surface().pills);
    picture(browser, "cooling-dark");
    axe::assert_surface(browser);
    // Also once it reads calm.
    browser.press(&[Key::Control, Key::Char('a')]);
    browser.type_text(CALM);
    reply.wait_painted(&[]);
    reply.send();
    let end = browser.wait("the dialog", || browser.surface().button("end-cool-off").cloned());
    assert_eq!(mailbox.sent(), []);
    press(browser, &end);
    browser.wait("the end", || pill(browser).filter(|text| !text.contains("Cooling off")));
    let send = browser.wait("the way to send it", || browser.surface().button("send-anyway").cloned());
    press(browser, &send);
    browser.wait("the mail", || (!mailbox.sent().is_empty()).then_some(()));
    assert_eq!(browser.settled("what was sent", || mailbox.sent()).len(), 1);
    options::open(browser);
    assert_eq!(stored_ones(browser), json!({}));
}

fn a_cool_off_outlives_the_browser(desk: &Desk) {
    let profile = tempfile::tempdir().expect("a temporary folder");
    let began = {
        let browser = desk.at(profile.path());
        options::open(&browser);
        options::reset(&browser);
        let reply = Mailbox::open(&browser, "").reply(0);
        browser.type_text(HOT);
        cool_off(&browser, &reply);
        options::open(&browser);
        stored_ones(&browser)
    };
    assert_eq!(began.as_object().map(serde_json::Map::len), Some(1), "{began}");
    let browser = desk.at(profile.path());
    let mailbox = Mailbox::open(&browser, "");
    let reply = mailbox.reply(0);
    browser.wait("the wait in the pill", || pill(&browser).filter(|text| text.contains("Cooling off")));
    browser.type_text(CALM);
    reply.wait_painted(&[]);
    browser.settled("the pill", || pill(&browser));
    reply.send();
    browser.wait("the dialog", || browser.surface().button("end-cool-off").cloned());
    assert_eq!(mailbox.sent(), []);
    // Another customer's is none of its business.
    let other = Mailbox::open(&browser, "").reply(1);
    browser.wait("the pill", || pill(&browser));
    assert!(!browser.settled("the pill", || pill(&browser)).unwrap_or_default().contains("Cooling off"));
    other.discard();
    options::open(&browser);
    assert_eq!(stored_ones(&browser), began);
}

fn what_cooled_meanwhile_is_told_at_the_start(desk: &Desk) {
    let profile = tempfile::tempdir().expect("a temporary folder");
    let until = {
        let browser = desk.at(profile.path());
        options::open(&browser);
        options::reset(&browser);
        let reply = Mailbox::open(&browser, "").reply(0);
        browser.type_text(HOT);
        cool_off(&browser, &reply);
        options::open(&browser);
        assert_eq!((told(&browser), notifications(&browser)), (json!({}), json!([])), "it is too early");
        // Ten minutes are long for a test: it has almost cooled when the browser ends.
        let mut all = stored_ones(&browser);
        let until = now() + 2_000.0;
        for (_, one) in all.as_object_mut().into_iter().flatten() {
            one["until"] = json!(until);
        }
        options::store(&browser, &json!({ "cool_offs": all }));
        until
    };
    while now() < until {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let browser = desk.at(profile.path());
    options::open(&browser);
    let id = "cooled mail.google.com #thread-f:1790000000000000001";
    let told = browser.wait("word of it", || Some(told(&browser)).filter(|told| !told[id].is_null()));
    assert!(told[id].as_str().is_some_and(|url| url.starts_with("https://mail.google.com/mail/u/0/#inbox/")), "{told}");
    // Without a screen Firefox takes a notification and closes it at once.
    if browser.kind == Kind::Chromium {
        assert_eq!(notifications(&browser), json!([id]));
    }
    browser.wait("it to be forgotten", || (stored_ones(&browser) == json!({})).then_some(()));
    let mailbox = Mailbox::open(&browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(CALM);
    reply.wait_painted(&[]);
    browser.settled("the pill", || pill(&browser));
    assert!(!pill(&browser).unwrap_or_default().contains("Cooling off"));
    reply.send();
    browser.wait("the mail", || (mailbox.sent().len() == 1).then_some(()));
}

/// No driver can click what the system shows: the background script's own code is run in a page of the extension, and told
/// of the click there.
fn a_notification_leads_to_the_mail(desk: &Desk) {
    let browser = &desk.browser;
    let _reply = Mailbox::open(browser, "").reply(0);
    let mail = browser.text("return location.href");
    let here_now = format!("{}/options.html", browser.origin);
    let here = browser.beside(&here_now);
    let gone = format!("https://{HOST}/mail/u/0/?hl=es#inbox");
    let brought = browser.js_async(&format!(
        "const done = arguments[0];
         const api = window.browser ?? chrome;
         const {{ onClicked }} = api.notifications;
         const {{ addListener }} = onClicked;
         let click;
         onClicked.addListener = listener => {{ click = listener; addListener.call(onClicked, listener) }};
         (async () => {{
             await import(api.runtime.getURL('background.js'));
             await api.storage.session.set({{ 'cooled a': {}, 'cooled b': {} }});
             const seen = [];
             for (const id of ['something else', 'cooled a']) {{
                 await click(id);
                 seen.push((await api.tabs.query({{ active: true }}))[0].url);
             }}
             await click('cooled b');
             return seen;
         }})().then(done, error => done(String(error)))",
        json!(mail),
        json!(gone),
    ));
    assert_eq!(brought, json!([here_now, mail]), "the tab in front");
    // Nothing is open there any more: it is opened anew.
    browser.wait("the mail that is gone", || browser.tabs().contains(&gone).then_some(()));
    browser.leave_tab(&here);
    browser.close_tab(&gone);
    browser.close_tab(&here_now);
}

/// An attack, so held.
const HOT: &str = "You are an idiot.";
/// Nothing is wrong with it.
const CALM: &str = "Hello Gary,\n\nthe parcel is here.";

/// Presses Send on a hot draft and chooses ten minutes.
#[track_caller]
fn cool_off(browser: &Browser, reply: &Compose) {
    wait_painted_somewhere(reply);
    reply.send();
    let ten = browser.wait("the choice of a wait", || browser.surface().button("cool-off 10").cloned());
    press(browser, &ten);
    let text = browser.wait("the wait in the pill", || pill(browser).filter(|text| text.contains("Cooling off")));
    assert!(text.contains("10 min"), "{text}");
}

fn pill(browser: &Browser) -> Option<String> {
    browser.surface().pills.first().map(|pill| pill.text.clone())
}

/// The replies that are cooling off; to be asked on a page of the extension.
fn stored_ones(browser: &Browser) -> Value {
    let mut all = options::stored(browser, "cool_offs");
    // What is put back without it is as an older Composure stored it.
    let version = all.as_object_mut().and_then(|all| all.remove("version"));
    assert!(version.is_none_or(|version| version == 1));
    all
}

/// The names of all notifications that are there; to be asked on a page of the extension.
fn notifications(browser: &Browser) -> Value {
    browser.js_async(
        "const done = arguments[0];
         (window.browser ?? chrome).notifications.getAll().then(all => done(Object.keys(all)), error => done(String(error)))",
    )
}

/// Where the notifications of this session lead, by name: kept once the browser has taken one.
fn told(browser: &Browser) -> Value {
    browser.js_async(
        "const done = arguments[0]; (window.browser ?? chrome).storage.session.get(null).then(done, error => done(String(error)))",
    )
}

/// In milliseconds since 1970.
fn now() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64() * 1000.0)
}

/// Goes to the calm page and waits until it is filled.
fn open(browser: &Browser, hash: &str) {
    // Another hash alone would not load the page again.
    browser.open("about:blank");
    browser.open(&format!("{}/calm.html#{hash}", browser.origin));
    browser.wait("the calm page", || {
        (browser.js("return document.getElementById('breathe') !== null", json!([])) == true).then_some(())
    });
}

fn main_text(browser: &Browser) -> String {
    browser.text("return document.querySelector('main').innerText")
}

/// For whoever wants to look.
fn picture(browser: &Browser, name: &str) {
    browser.screenshot(&composure_tests::root().join(format!("out/e2e/calm/{}-{name}.png", browser.kind)));
}
