//! Snippets: found by `/`, put in, filled in; and the page on which they are written and put away.

use std::fs;

use composure_tests::axe;
use composure_tests::browser::{Browser, Key, Kind, Surface};
use composure_tests::mailbox::{Compose, Mailbox};
use composure_tests::roundcube::{self, PLAIN};
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{inner_text, panel, press};
use crate::guard::wait_dialog;
use crate::options::{self, reset, store, stored};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("snippets::a_slash_finds_and_enter_inserts", a_slash_finds_and_enter_inserts),
    ("snippets::gaps_are_walked_and_said_at_send", gaps_are_walked_and_said_at_send),
    ("snippets::a_slash_is_never_in_the_way", a_slash_is_never_in_the_way),
    ("snippets::the_panel_has_them_by_mouse", the_panel_has_them_by_mouse),
    ("snippets::in_a_plain_textarea", in_a_plain_textarea),
    ("snippets::own_ones_are_written_ordered_and_put_away", own_ones_are_written_ordered_and_put_away),
    ("snippets::what_cannot_be_read_is_kept_and_said", what_cannot_be_read_is_kept_and_said),
    ("snippets::a_full_disk_is_said_and_loses_nothing", a_full_disk_is_said_and_loses_nothing),
    ("snippets::everybody_can_read_it", everybody_can_read_it),
];

/// The list behind a `/`.
#[track_caller]
fn picker(browser: &Browser) -> Surface {
    browser.wait("the list of snippets", || Some(browser.surface()).filter(|surface| surface.button("pick").is_some()))
}

#[track_caller]
fn no_picker(browser: &Browser) {
    browser.wait("the list to go", || browser.surface().button("pick").is_none().then_some(()));
}

fn reply<'a>(browser: &'a Browser, text: &str) -> Compose<'a> {
    let reply = Mailbox::open(browser, "").reply(0);
    // What is written before the mind is there is no call for snippets.
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    browser.type_text(text);
    reply
}

/// The words of the gaps.
fn gaps(reply: &Compose) -> Vec<String> {
    let painted = reply.painted().into_iter().filter(|one| one.name == "composure-gap");
    painted.map(|one| one.text).collect()
}

fn selection(browser: &Browser) -> String {
    browser.text("return getSelection().toString()")
}

fn a_slash_finds_and_enter_inserts(desk: &Desk) {
    let browser = &desk.browser;
    let reply = reply(browser, "Hi Gary,\n\n/lost");
    let surface = picker(browser);
    assert!(surface.cards[0].text.contains("We're tracing it, and then"), "{}", surface.cards[0].text);
    axe::assert_surface(browser);
    // Typing goes on filtering, and Escape leaves what was typed.
    browser.type_text(" parc");
    browser.press(&[Key::Escape]);
    no_picker(browser);
    assert_eq!(inner_text(&reply), "Hi Gary,\n\n/lost parc");
    browser.type_text("\n/double");
    // The list is there from "/d" on.
    let first = browser.wait("the snippet, chosen", || {
        let surface = browser.surface();
        surface.button("pick").filter(|first| first.selected && first.action.contains("double-charge")).cloned()
    });
    browser.press(&[Key::Down]);
    let second = browser.wait("the second", || {
        browser.surface().buttons.into_iter().find(|one| one.selected && one.action != first.action)
    });
    let title = second.text.lines().next().unwrap_or_default().to_owned();
    browser.press(&[Key::Enter]);
    let before = "Hi Gary,\n\n/lost parc\n/double";
    let after = browser.wait("the snippet", || Some(inner_text(&reply)).filter(|text| !text.contains("/double")));
    assert!(after.starts_with("Hi Gary,\n\n/lost parc\n") && after.len() > before.len() + 20, "{title}: {after}");
    no_picker(browser);
    // One undo step.
    reply.undo();
    browser.wait("the undo", || (inner_text(&reply) == before).then_some(()));
    options::open(browser);
    let uses = stored(browser, "snippets")["uses"].clone();
    assert_eq!(uses.as_object().map(serde_json::Map::len), Some(1), "{uses}");
    reset(browser);
}

fn gaps_are_walked_and_said_at_send(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    let own = json!({ "version": 1, "trashed": null, "snippet": { "id": "own-1", "title": "Zebra", "text":
        "Hello {customer}, I'll {choose: send it again | refund you} by {in 2 working days}. The number is {ask: tracking number}." } });
    store(browser, &json!({ "snippet-own-1": own }));
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    // What is typed before the mind is there is a draft as any other.
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    browser.type_text("/zeb");
    picker(browser);
    browser.press(&[Key::Enter]);
    browser.wait("the gaps", || (gaps(&reply) == ["send it again", "[tracking number]"]).then_some(()));
    let text = inner_text(&reply);
    assert!(text.starts_with("Hello Gary, I'll send it again by ") && !text.contains('{'), "{text}");

    reply.send();
    let dialog = wait_dialog(browser);
    assert!(dialog.dialogs[0].text.contains("Something is still to be filled in"), "{:?}", dialog.dialogs);
    axe::assert_surface(browser);
    press(browser, dialog.button("mend").expect("a way back"));
    browser.wait("the first gap", || (selection(browser) == "send it again").then_some(()));
    // Its other choices, by keyboard.
    browser.wait("the choices", || browser.surface().button("choose").cloned());
    browser.press(&[Key::Down]);
    browser.press(&[Key::Enter]);
    browser.wait("the choice", || inner_text(&reply).contains("I'll refund you by").then_some(()));
    browser.press(&[Key::Tab]);
    browser.wait("the next gap", || (selection(browser) == "[tracking number]").then_some(()));
    browser.press(&[Key::Shift, Key::Tab]);
    assert_eq!(selection(browser), "[tracking number]", "round and round");
    browser.type_text("RM 4");
    browser.wait("no gap", || gaps(&reply).is_empty().then_some(()));
    assert!(inner_text(&reply).ends_with("The number is RM 4."), "{}", inner_text(&reply));
    // Now Tab is the page's own again.
    browser.js("addEventListener('keydown', ({ key }) => { if (key === 'Tab') window.__tabbed = true })", json!([]));
    browser.press(&[Key::Tab]);
    browser.wait("the page to see Tab", || (browser.js("return window.__tabbed", json!([])) == true).then_some(()));
    reply.send();
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    options::open(browser);
    reset(browser);
}

fn a_slash_is_never_in_the_way(desk: &Desk) {
    let browser = &desk.browser;
    let text =
        "Yes and/or no, 1/2 of it, on 3/4/26 at https://shop.example/refund or /usr/bin/late, w/ love / late /zzz ok";
    let reply = reply(browser, text);
    browser.settled("the surface", || browser.surface());
    assert!(browser.surface().button("pick").is_none(), "{:?}", browser.surface().cards);
    assert_eq!(inner_text(&reply), text);
    // Typed on at once, Enter is a new line whatever was about to be shown.
    browser.type_text("\n/refundable goods\nand on");
    browser.settled("the surface", || browser.surface());
    assert_eq!(inner_text(&reply), format!("{text}\n/refundable goods\nand on"));
    // Moving away leaves it.
    browser.type_text("\n/refund");
    picker(browser);
    browser.press(&[Key::Left]);
    no_picker(browser);
    assert!(inner_text(&reply).ends_with("\n/refund"));
}

fn the_panel_has_them_by_mouse(desk: &Desk) {
    let browser = &desk.browser;
    let reply = reply(browser, "Hi Gary,\n\nWe looked into it.\n\nBest,\nDana");
    panel(browser);
    press(browser, &browser.wait("the button", || panel(browser).button("snippets").cloned()));
    let all = browser.wait("a situation", || browser.surface().button("snippets late-delivery").cloned());
    axe::assert_surface(browser);
    press(browser, &all);
    let one = browser.wait("a snippet", || browser.surface().button("pick late-delivery-no-date").cloned());
    press(browser, &one);
    let text = browser.wait("the snippet", || Some(inner_text(&reply)).filter(|text| text.len() > 60));
    assert!(text.starts_with("Hi Gary,\n\nWe looked into it.\n\n") && text.ends_with("\n\nBest,\nDana"), "{text:?}");
    reply.undo();
    browser.wait("the undo", || (inner_text(&reply) == "Hi Gary,\n\nWe looked into it.\n\nBest,\nDana").then_some(()));
    // What is selected becomes one.
    browser.press(&[Key::Control, Key::Char('a')]);
    panel(browser);
    if browser.surface().button("open-snippets").is_none() {
        press(browser, &browser.wait("the button", || panel(browser).button("snippets").cloned()));
    }
    press(browser, &browser.wait("the button", || browser.surface().button("open-snippets").cloned()));
    let page = format!("{}/snippets.html", browser.origin);
    let tab =
        browser.wait("the page of the snippets", || browser.tabs().into_iter().find(|tab| tab.starts_with(&page)));
    assert!(!tab.contains("looked"), "addresses are kept: {tab}");
    let mail = browser.enter_tab(&tab);
    let written = "return document.querySelector('form textarea')?.value ?? ''";
    browser.wait("it in the form", || browser.text(written).contains("We looked into it").then_some(()));
    browser.leave_tab(&mail);
    browser.close_tab(&tab);
    options::open(browser);
    reset(browser);
}

fn in_a_plain_textarea(desk: &Desk) {
    roundcube::start();
    let browser = &desk.browser;
    let reply = PLAIN.reply(browser, "WHERE IS MY REFUND");
    reply.begin();
    reply.type_text("Hi Gary,\n\n");
    // What was written before the mind was there is no call for snippets.
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    browser.settled("the pill", || browser.surface().pills);
    reply.type_text("/double");
    picker(browser);
    let before = reply.content();
    reply.in_editor(|browser| browser.press(&[Key::Enter]));
    browser.wait("the snippet", || (!reply.content().contains("/double")).then_some(()));
    reply.in_editor(|browser| browser.press(&[Key::Control, Key::Char('z')]));
    browser.wait("the undo", || (reply.content() == before).then_some(()));
    options::open(browser);
    reset(browser);
}

/// Goes to the page and waits until it is filled.
fn open(browser: &Browser) {
    browser.open(&format!("{}/snippets.html", browser.origin));
    browser.wait("the shipped snippets", || {
        (browser.js("return document.querySelectorAll('#shipped > li').length", json!([])).as_u64() > Some(60))
            .then_some(())
    });
}

fn titles(browser: &Browser, list: &str) -> Vec<String> {
    let found = browser
        .js("return [...document.querySelectorAll(`#${arguments[0]} h3`)].map(it => it.innerText)", json!([list]));
    found.as_array().into_iter().flatten().filter_map(|title| title.as_str().map(str::to_owned)).collect()
}

fn saved(browser: &Browser) -> String {
    browser.text("return document.getElementById('saved').innerText")
}

/// Writes a snippet with the form that is open.
fn write(browser: &Browser, title: &str, text: &str) {
    for (id, words) in [("title", title), ("text", text)] {
        browser.click(&format!("#{id}"));
        browser.press(&[Key::Control, Key::Char('a')]);
        browser.type_text(words);
    }
    browser.click("#form [type=submit]");
}

/// Presses a button of the first snippet of a list.
fn act(browser: &Browser, list: &str, what: &str) {
    browser.click(&format!("#{list} [data-do={what}]"));
}

fn own_ones_are_written_ordered_and_put_away(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    open(browser);
    browser.click("#new");
    write(browser, "Aardvark", "Hello {custmer}.");
    browser.wait("what is wrong", || saved(browser).contains("Did you mean {customer}?").then_some(()));
    write(browser, "Aardvark", "Hello {customer}.");
    browser.wait("it", || (titles(browser, "own") == ["Aardvark"]).then_some(()));
    act(browser, "own", "duplicate");
    write(browser, "Bee", "Hello, bee.");
    browser.wait("both", || (titles(browser, "own") == ["Aardvark", "Bee"]).then_some(()));
    act(browser, "own", "down");
    browser.wait("the other order", || (titles(browser, "own") == ["Bee", "Aardvark"]).then_some(()));
    act(browser, "own", "favourite");
    browser.wait("the star", || {
        (browser.text("return document.querySelector('#own [data-do=favourite]').ariaPressed") == "true").then_some(())
    });
    act(browser, "own", "trash");
    browser.wait("the trash", || {
        (titles(browser, "own") == ["Aardvark"] && titles(browser, "trash") == ["Bee"]).then_some(())
    });
    open(browser);
    browser.wait("the trash", || (titles(browser, "trash") == ["Bee"]).then_some(()));
    act(browser, "trash", "restore");
    browser.wait("both", || (titles(browser, "own").len() == 2).then_some(()));
    act(browser, "own", "edit");
    write(browser, "Cat", "Hello, cat.");
    browser.wait("the change", || titles(browser, "own").contains(&"Cat".to_owned()).then_some(()));
    // A shipped one can be hidden, and copied.
    act(browser, "shipped", "hide");
    browser.wait("it", || (stored(browser, "snippets")["hidden"].as_array().map(Vec::len) == Some(1)).then_some(()));
    act(browser, "shipped", "duplicate");
    browser.click("#form [type=submit]");
    browser.wait("three", || (titles(browser, "own").len() == 3).then_some(()));
    browser.click("#query");
    browser.type_text("cat");
    browser.wait("one", || (titles(browser, "own") == ["Cat"]).then_some(()));
    reset(browser);
}

fn what_cannot_be_read_is_kept_and_said(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    let newer = json!({ "version": 7, "text": "from later" });
    store(browser, &json!({ "snippet-own-9": newer, "snippets": newer }));
    open(browser);
    let said = browser.text("return document.getElementById('broken').innerText");
    assert!(
        said.contains("snippet-own-9") && said.contains("newer Composure") && said.contains("order and favourites"),
        "{said}"
    );
    act(browser, "shipped", "favourite");
    browser.wait("a word on it", || saved(browser).contains("Nothing was changed").then_some(()));
    assert_eq!([stored(browser, "snippet-own-9"), stored(browser, "snippets")], [newer.clone(), newer]);
    reset(browser);
}

fn a_full_disk_is_said_and_loses_nothing(desk: &Desk) {
    if desk.browser.kind == Kind::Firefox {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    crate::reader::copy(&composure_tests::dist(), folder.path());
    let manifest = folder.path().join("manifest.json");
    let text = fs::read_to_string(&manifest).expect("a manifest").replace("\"unlimitedStorage\", ", "");
    fs::write(&manifest, text).expect("written");
    let browser = &desk.with(folder.path().to_path_buf());
    open(browser);
    let said = browser.js_async(
        "const done = arguments[0];
         (async () => {
             for (let size = 8_000_000, n = 0; size > 10; ) {
                 try { await chrome.storage.local.set({ ['junk' + n++]: 'x'.repeat(size) }) } catch { size >>= 1 }
             }
         })().then(() => done('full'))",
    );
    assert_eq!(said, Value::from("full"));
    browser.click("#new");
    write(browser, "Aardvark", "Hello, aardvark. It is good to hear from you.");
    browser.wait("a word on it", || saved(browser).contains("Not saved").then_some(()));
    assert_eq!(
        browser.text("return document.getElementById('text').value.trim()"),
        "Hello, aardvark. It is good to hear from you."
    );
    browser.js_async("const done = arguments[0]; chrome.storage.local.clear().then(done)");
    browser.click("#form [type=submit]");
    browser.wait("it", || (titles(browser, "own") == ["Aardvark"]).then_some(()));
}

fn everybody_can_read_it(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    browser.click("#new");
    axe::assert_page(browser);
}
