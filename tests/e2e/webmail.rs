//! Every webmail of `tests/pages/`, in every variant: the README's table of webmails is the list of these tests.
//!
//! The first variant of each goes through all cells, the others through those that language and layout can break. Cells
//! that one page load can honestly serve are one test.

use composure_tests::browser::{Browser, Key, Kind, Painted};
use composure_tests::webmail::{self, Page, Way, Webmail};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::Case;
use crate::desk::{Desk, on_desk};
use crate::gmail::{MENDED, TENSE, insert, panel, press, take_suggestion};
use crate::guard::{HOT, button, wait_dialog};
use crate::options;

/// All tests of this module that are not of one webmail alone.
pub const CASES: &[Case] = &[
    ("webmail::a_send_that_changed_its_name_is_known_by_its_label", a_send_that_changed_its_name_is_known_by_its_label),
    ("webmail::a_mail_without_a_send_is_said", a_mail_without_a_send_is_said),
    (
        "webmail::an_editor_may_make_its_paragraphs_anew_at_every_key",
        an_editor_may_make_its_paragraphs_anew_at_every_key,
    ),
];

/// What must hold in every webmail, in the table's order.
const CELLS: [&str; 7] = ["find", "paint", "thread", "replace", "insert", "hold", "send"];

/// A calm reply, in which nothing is painted.
const CALM: &str = "Hello Gary,\n\nthe parcel is here.";

/// Cells that are one test, and that test.
type Cells = (&'static [&'static str], fn(&Desk, &Webmail, &Wanted));

/// All cells, for a webmail's first variant.
const ALL: &[Cells] =
    &[(&["find", "paint", "thread"], read), (&["replace", "insert"], write), (&["hold", "send"], send)];

/// For the others.
const SOME: &[Cells] = &[(&["find", "paint", "thread", "hold", "send"], read_and_send)];

/// The cells that a test shall look at.
struct Wanted(Vec<&'static str>);

impl Wanted {
    fn has(&self, cell: &str) -> bool {
        self.0.contains(&cell)
    }
}

/// The tests of all webmails in this browser.
pub fn trials(kind: Kind) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut last = String::new();
    for webmail in webmail::all() {
        let is_first = last != webmail.id;
        last.clone_from(&webmail.id);
        for &(cells, test) in if is_first { ALL } else { SOME } {
            let wanted: Vec<_> = cells.iter().copied().filter(|&cell| !webmail.cannot.contains_key(cell)).collect();
            if wanted.is_empty() {
                continue;
            }
            let name = format!("webmail::{}::{}::{}", webmail.id, webmail.variant, wanted.join("_"));
            let webmail = webmail.clone();
            if is_first && wanted.contains(&"send") && webmail.note.is_some() {
                let (name, webmail) = (format!("webmail::{}::{}::note", webmail.id, webmail.variant), webmail.clone());
                trials.push(Trial::test(format!("{kind}::{name}"), move || {
                    on_desk(kind, &name, |desk| {
                        let_onto(desk, &webmail);
                        note(desk, &webmail);
                    });
                    Ok(())
                }));
            }
            let wanted = Wanted(wanted);
            trials.push(Trial::test(format!("{kind}::{name}"), move || {
                on_desk(kind, &name, |desk| {
                    let_onto(desk, &webmail);
                    test(desk, &webmail, &wanted);
                });
                Ok(())
            }));
        }
    }
    trials
}

/// The README's rows are the webmails, its columns the cells, and it gives the reason of what cannot be.
pub fn the_readme_has_the_table() -> Result<(), Failed> {
    let mut rows = format!("| | {} |\n|{}\n", CELLS.join(" | "), " --- |".repeat(CELLS.len() + 1));
    let (mut reasons, mut guesses) = (Vec::new(), Vec::new());
    let mut last = String::new();
    for webmail in webmail::all() {
        if last == webmail.id {
            continue;
        }
        last.clone_from(&webmail.id);
        let unknown: Vec<_> = webmail.cannot.keys().filter(|cell| !CELLS.contains(&cell.as_str())).collect();
        if !unknown.is_empty() {
            return Err(format!("{}: no cell is called {unknown:?}", webmail.id).into());
        }
        guesses.extend(webmail.guess.as_ref().map(|guess| format!("{}: {guess}", webmail.name)));
        let cells = CELLS.map(|cell| match webmail.cannot.get(cell) {
            None => "✓".to_owned(),
            Some(reason) => {
                reasons.push(format!("{}, {cell}: {reason}", webmail.name));
                "–".to_owned()
            }
        });
        rows.push_str(&format!("| {} | {} |\n", webmail.name, cells.join(" | ")));
    }
    for note in reasons.iter().chain(&guesses) {
        rows.push_str(&format!("\n{note}\n"));
    }
    let readme = std::fs::read_to_string(composure_tests::root().join("README.md"))?;
    let (begin, end) = (
        "<!-- webmails: checked by the test `webmail::the_readme_has_the_table`; with COMPOSURE_WRITE_TABLE=1 it writes it -->\n",
        "<!-- end -->",
    );
    let (before, rest) = readme.split_once(begin).ok_or("the README has no place for the table")?;
    let (table, after) = rest.split_once(end).ok_or("the table has no end")?;
    if std::env::var_os("COMPOSURE_WRITE_TABLE").is_some() {
        std::fs::write(composure_tests::root().join("README.md"), format!("{before}{begin}{rows}{end}{after}"))?;
        return Ok(());
    }
    if table != rows {
        return Err(format!("README.md has\n{table}\nand the pages are\n{rows}").into());
    }
    Ok(())
}

/// As its writer has it, for a webmail that is at home on any host.
fn let_onto(desk: &Desk, webmail: &Webmail) {
    if webmail.self_hosted {
        options::let_onto(&desk.browser, &webmail.hosts[0]);
    }
}

/// It is found, what is harsh is painted and nothing else, and what the customer wrote is read.
fn read(desk: &Desk, webmail: &Webmail, wanted: &Wanted) {
    let browser = &desk.browser;
    let page = Page::open(browser, webmail);
    find_and_paint(&page, wanted);
    if wanted.has("thread") {
        thread(&page);
        insert(browser, "greeting");
        let name = webmail.thread.recipient.as_deref().and_then(|name| name.split(' ').next()).unwrap_or_default();
        let text = browser.wait("the greeting", || Some(page.text()).filter(|text| text.len() > TENSE.len()));
        assert!(text.ends_with(TENSE) && text[..text.len() - TENSE.len()].contains(name), "{text:?}");
    }
    assert_eq!(page.errors(), "", "errors of the page");
}

fn find_and_paint(page: &Page, wanted: &Wanted) {
    let (browser, webmail) = (page.browser, page.webmail);
    browser.wait("the pill", || (browser.surface().pills.len() == 1).then_some(()));
    if wanted.has("find") {
        assert_eq!(status(page), json!({ "webmail": webmail.adapter, "composes": 1, "problem": null }));
    }
    let foreign: Vec<&String> =
        webmail.quote.iter().chain(&webmail.signature).filter(|selector| !selector.is_empty()).collect();
    for selector in &foreign {
        page.plant(selector, HOT);
    }
    page.type_text(TENSE);
    if wanted.has("paint") {
        let painted = wait_painted(page);
        assert!(painted.len() == 1 && TENSE.contains(&painted[0].text), "only the writer's words: {painted:?}");
        for selector in foreign {
            assert!(page.text_in(selector).contains(HOT), "{selector} has the planted words");
        }
    }
    if std::env::var_os("COMPOSURE_PICTURES").is_some() {
        let name = format!("out/e2e/webmail-{}-{}-{}.png", webmail.id, webmail.variant, browser.kind);
        browser.screenshot(&composure_tests::root().join(name));
    }
}

/// What the extension says of the tab, asked as its own pages ask.
fn status(page: &Page) -> Value {
    let browser = page.browser;
    let address = browser.text("return top.location.href");
    let before = browser.beside(&format!("{}/options.html", browser.origin));
    let status = browser.js_async(&format!(
        "const done = arguments[0], api = globalThis.browser ?? chrome;
         api.tabs.query({{}}).then(async tabs => {{
             const tab = tabs.find(({{ url }}) => url === {});
             done(tab ? await api.tabs.sendMessage(tab.id, {{ status: true }}) : 'no such tab');
         }}).catch(error => done(String(error)))",
        json!(address)
    ));
    browser.close_tab(&format!("{}/options.html", browser.origin));
    browser.leave_tab(&before);
    page.enter();
    status
}

/// What the adapter reads is what is there, and the writer sees what they are asked.
fn thread(page: &Page) {
    let expected = &page.webmail.thread;
    let seen = page.adapter();
    assert_eq!((&seen["id"], &seen["body"]), (&json!(page.webmail.adapter), &json!(true)), "{seen}");
    let thread = &seen["thread"];
    assert_eq!(
        (&thread["recipient"], &thread["address"], &thread["subject"]),
        (&json!(expected.recipient), &json!(expected.address), &json!(expected.subject)),
        "{thread}"
    );
    let messages = thread["messages"].as_array().cloned().unwrap_or_default();
    assert_eq!(messages.len(), expected.messages.len(), "{messages:#?}");
    for (message, expected) in messages.iter().zip(&expected.messages) {
        assert_eq!(message["mine"], expected.mine, "{message}");
        let text = message["text"].as_str().unwrap_or_default();
        assert!(text.contains(&expected.says), "no {:?} in {text:?}", expected.says);
        assert!(!text.contains(TENSE), "the draft in {text:?}");
    }
    let panel = panel(page.browser).panels[0].text.clone();
    for asks in &expected.asks {
        assert!(panel.contains(asks), "no {asks:?} in {panel}");
    }
}

/// A suggestion and an apology of several lines come as they should, and one undo takes back exactly them.
fn write(desk: &Desk, webmail: &Webmail, wanted: &Wanted) {
    let browser = &desk.browser;
    let page = Page::open(browser, webmail);
    page.type_text(&format!("Hello Gary,\n\n{TENSE} I looked into it."));
    let painted = wait_painted(&page);
    let before = page.text();
    assert!(before.contains(TENSE), "{before:?}");
    if wanted.has("replace") {
        take_suggestion(browser, &painted[0]);
        let mended = before.replace(TENSE, MENDED);
        wait_text(&page, "the suggestion", &mended);
        undo(&page);
        wait_text(&page, "one undo of the suggestion", &before);
    }
    if wanted.has("insert") {
        insert(browser, "apology");
        let with = browser.wait("the apology", || Some(page.text()).filter(|text| text.len() > before.len() + 10));
        let (greeting, rest) = with.split_once("\n\n").unwrap_or_default();
        let (apology, rest) = rest.split_once("\n\n").unwrap_or_default();
        assert_eq!((greeting, rest), ("Hello Gary,", before.split_once("\n\n").unwrap_or_default().1), "{with:?}");
        assert!(["sorry", "apolog"].iter().any(|word| apology.to_lowercase().contains(word)), "{with:?}");
        browser.settled("the text", || page.text());
        undo(&page);
        wait_text(&page, "one undo of the apology", &before);
    }
    assert_eq!(page.errors(), "", "errors of the page");
}

/// By every way of sending, a hot mail is held, and on "Send anyway" leaves once; a calm one leaves at once.
fn send(desk: &Desk, webmail: &Webmail, wanted: &Wanted) {
    for way in std::iter::once(None).chain(webmail.ways.iter().map(Some)) {
        let page = Page::open(&desk.browser, webmail);
        page.type_text(HOT);
        wait_painted(&page);
        held(&page, way, wanted);
    }
    let page = Page::open(&desk.browser, webmail);
    calm(&page, wanted);
}

/// A note among colleagues is neither painted nor held, also where a reply became one.
fn note(desk: &Desk, webmail: &Webmail) {
    let browser = &desk.browser;
    let note = webmail.note.as_ref().expect("there are notes");
    let own = Webmail {
        editable: note.editable.clone().unwrap_or_else(|| webmail.editable.clone()),
        send: note.send.clone().unwrap_or_else(|| webmail.send.clone()),
        ..webmail.clone()
    };
    let reply = Page::open(browser, webmail);
    reply.type_text(HOT);
    wait_painted(&reply);
    let page = Page { browser, webmail: &own };
    for control in &note.press {
        page.press(control);
    }
    page.begin();
    page.type_text(TENSE);
    browser.wait("the note to be seen as one", || page.painted().is_empty().then_some(()));
    assert!(browser.settled("what is painted", || page.painted()).is_empty(), "a note is not painted");
    let content = page.content();
    assert!(content.contains(TENSE), "{content}");
    page.send_by(None);
    assert_sent_once(&page, "the note", &content);
    assert!(browser.surface().dialogs.is_empty(), "a note is not held");
    assert_eq!(page.errors(), "", "errors of the page");
}

/// One layout more: it is found, painted, read, held and sent.
fn read_and_send(desk: &Desk, webmail: &Webmail, wanted: &Wanted) {
    let page = Page::open(&desk.browser, webmail);
    find_and_paint(&page, wanted);
    if wanted.has("thread") {
        thread(&page);
        page.begin();
    }
    page.type_text(&format!("{HOT} "));
    desk.browser.wait("the finding", || (page.painted().len() == 2).then_some(()));
    held(&page, None, wanted);
    let page = Page::open(&desk.browser, webmail);
    calm(&page, wanted);
}

/// Which none of `tests/editors/` does: both the one that puts back what it did not do itself, and the one that reads it.
fn an_editor_may_make_its_paragraphs_anew_at_every_key(desk: &Desk) {
    for id in ["zendesk", "front"] {
        let mut webmail = named(id);
        assert_eq!(webmail.query, "", "{id}");
        webmail.query = "?anew=1".to_owned();
        let page = Page::open(&desk.browser, &webmail);
        page.type_text(TENSE);
        let words = wait_painted(&page).remove(0).text;
        page.type_text(" I looked\n\ninto it.");
        let painted = desk.browser.settled("what is painted", || page.painted());
        assert!(painted.len() == 1 && painted[0].text == words, "{id}: {painted:?}");
        write(desk, &webmail, &Wanted(vec!["replace", "insert"]));
    }
}

/// As on the day after a redesign.
fn a_send_that_changed_its_name_is_known_by_its_label(desk: &Desk) {
    let webmail = named("yahoo");
    let page = Page::open(&desk.browser, &webmail);
    page.type_text(HOT);
    wait_painted(&page);
    desk.browser.js("document.querySelector(arguments[0]).dataset.testId = 'renamed'", json!([webmail.send]));
    assert_eq!(status(&page)["problem"], json!(null));
    page.press("[data-test-id=renamed]");
    wait_dialog(&desk.browser);
}

/// Then nothing is held, and the toolbar's popup can say so.
fn a_mail_without_a_send_is_said(desk: &Desk) {
    let webmail = named("yahoo");
    let page = Page::open(&desk.browser, &webmail);
    page.type_text(HOT);
    wait_painted(&page);
    desk.browser.js(
        "const send = document.querySelector(arguments[0]);
         send.replaceChildren('»');
         send.removeAttribute('title');
         send.removeAttribute('data-test-id')",
        json!([webmail.send]),
    );
    assert_eq!(status(&page), json!({ "webmail": "yahoo", "composes": 1, "problem": "no-send" }));
    page.keys(&[Key::Control, Key::Enter]);
    page.browser.wait("the mail to be sent", || (page.sent().len() == 1).then_some(()));
    assert!(desk.browser.surface().dialogs.is_empty(), "what is not known is not held");
}

/// The first variant of this webmail.
fn named(id: &str) -> Webmail {
    webmail::all().into_iter().find(|webmail| webmail.id == id).unwrap_or_else(|| panic!("no page for {id}"))
}

fn held(page: &Page, way: Option<&Way>, wanted: &Wanted) {
    let (browser, name) = (page.browser, way.map_or("Send", |way| &way.name));
    let content = page.content();
    if wanted.has("hold") {
        page.send_by(way);
        wait_dialog(browser);
        browser.settled("what is sent", || page.sent().len());
        assert_eq!(page.sent(), [], "{name} sent it");
        browser.press(&[Key::Escape]);
        browser.wait("the dialog to go", || browser.surface().dialogs.is_empty().then_some(()));
        assert_eq!(page.content(), content, "{name}");
    }
    if wanted.has("send") {
        page.send_by(way);
        if wanted.has("hold") {
            press(browser, &button(browser, "send-anyway"));
        }
        page.finish(way);
        assert_sent_once(page, name, &content);
    }
    assert_eq!(page.errors(), "", "errors of the page");
}

fn calm(page: &Page, wanted: &Wanted) {
    if !wanted.has("send") {
        return;
    }
    page.type_text(CALM);
    page.browser.wait("the pill", || (page.browser.surface().pills.len() == 1).then_some(()));
    page.browser.settled("the pill", || page.browser.surface().pills);
    let (text, content) = (page.text(), page.content());
    assert_eq!(text, CALM);
    page.send_by(None);
    assert_sent_once(page, "calm", &content);
    assert!(page.browser.surface().dialogs.is_empty(), "a calm mail is not held");
    assert_eq!(page.errors(), "", "errors of the page");
}

/// Waits for the mail, sees that it was sent once and is what was written.
#[track_caller]
pub fn assert_sent_once(page: &Page, way: &str, content: &str) {
    page.browser.wait("the mail to be sent", || (!page.sent().is_empty()).then_some(()));
    let sent = page.browser.settled("what is sent", || page.sent());
    assert_eq!(sent.len(), 1, "{way}: {sent:?}");
    assert_eq!(sent[0].1, content, "{way}");
}

/// Waits until something is painted, and until that is all: half a sentence can be a finding too.
#[track_caller]
pub fn wait_painted(page: &Page) -> Vec<Painted> {
    let what = || format!("a painted finding in {}", page.content());
    page.browser.wait_saying(what, || (!page.painted().is_empty()).then_some(()));
    page.browser.settled("the painting", || page.painted())
}

#[track_caller]
fn wait_text(page: &Page, what: &str, text: &str) {
    let browser: &Browser = page.browser;
    let mut last = String::new();
    let start = std::time::Instant::now();
    while start.elapsed() < composure_tests::browser::PATIENCE {
        last = browser.settled("the text", || page.text());
        if last == text {
            return;
        }
    }
    panic!("{}: {what} should leave {text:?}, is {last:?} in {}", browser.kind, page.content());
}

fn undo(page: &Page) {
    page.keys(&[Key::Control, Key::Char('z')]);
}
