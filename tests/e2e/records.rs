//! Records: what was sent is kept, found, exported and deleted, and survives whatever happens to the browser.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use composure_tests::axe;
use composure_tests::browser::{Browser, Key, Kind};
use composure_tests::mailbox::{Compose, HOST, Mailbox};
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{panel, press, wait_painted_somewhere};
use crate::guard::button;
use crate::options::{self, reset, store, stored};
use crate::packs::{said, wait_said};
use crate::reader::copy;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("records::a_sent_reply_is_found_and_deleted", a_sent_reply_is_found_and_deleted),
    ("records::a_mail_that_was_taken_back_is_kept_once", a_mail_that_was_taken_back_is_kept_once),
    ("records::only_what_is_wanted_is_kept", only_what_is_wanted_is_kept),
    ("records::nothing_is_kept_of_private_windows", nothing_is_kept_of_private_windows),
    ("records::panel_and_options_lead_there", panel_and_options_lead_there),
    ("records::an_export_has_every_byte", an_export_has_every_byte),
    ("records::everybody_can_read_it", everybody_can_read_it),
    ("records::many_are_chosen_and_deleted", many_are_chosen_and_deleted),
    ("records::old_ones_are_deleted", old_ones_are_deleted),
    ("records::what_a_policy_sets_is_not_changed", what_a_policy_sets_is_not_changed),
    ("records::the_days_of_a_pack_are_shown_and_kept", the_days_of_a_pack_are_shown_and_kept),
    ("records::a_refused_write_is_said_and_delays_nothing", a_refused_write_is_said_and_delays_nothing),
    ("records::ten_thousand_stay_usable", ten_thousand_stay_usable),
    ("records::a_killed_browser_loses_at_most_the_last", a_killed_browser_loses_at_most_the_last),
];

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

fn a_sent_reply_is_found_and_deleted(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text("You are an idiot.");
    wait_painted_somewhere(&reply);
    browser.press(&[Key::Shift, Key::Home]);
    browser.type_text("Hello Gary,\n\nI'm sorry. Your money is on its way. 😀");
    reply.wait_painted(&[]);
    reply.send();
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));

    open(browser);
    browser.wait("the record", || (rows(browser).len() == 1).then_some(()));
    let row = &rows(browser)[0];
    assert!(row.contains("Gary Stone") && row.contains("WHERE IS MY REFUND"), "{row}");
    let record = records(browser).remove(0).1;
    assert_eq!(record["site"], HOST);
    assert_eq!(record["address"], "gary.stone@example.com");
    assert_eq!(record["reply"], "Hello Gary,\n\nI'm sorry. Your money is on its way. 😀");
    assert!(record["message"].as_str().is_some_and(|text| text.starts_with("I HAVE BEEN WAITING")), "{record}");
    assert!(record["heat_before"].as_u64() >= Some(60) && record["heat_after"].as_u64() < Some(20), "{record}");
    assert!(record["calm_after"].as_u64() < Some(600) && record["calm_after"].is_u64(), "{record}");
    let ago = now() - record["time"].as_u64().expect("a time");
    assert!(ago < 600_000, "{ago}");

    for (words, found) in [("gary nobody", 1), ("gary umbrella", 0), ("MONEY 129.90", 1)] {
        type_into(browser, "words", words);
        browser.wait(words, || (rows(browser).len() == found).then_some(()));
    }
    // By keyboard: to read it, and to delete it.
    browser.js("document.querySelector('[data-do=open]').focus()", json!([]));
    browser.press(&[Key::Enter]);
    let shown = browser.wait("the record to be read", || {
        Some(browser.text("return document.getElementById('record').innerText")).filter(|text| !text.is_empty())
    });
    assert!(shown.contains("I HAVE BEEN WAITING") && shown.contains("Your money is on its way. 😀"), "{shown}");
    browser.js("document.querySelector('[data-do=delete-one]').focus()", json!([]));
    browser.press(&[Key::Enter]);
    wait_open_dialog(browser, true);
    browser.press(&[Key::Escape]);
    wait_open_dialog(browser, false);
    assert_eq!(records(browser).len(), 1, "nothing is deleted by Escape");
    browser.click("[data-do=delete-one]");
    wait_open_dialog(browser, true);
    browser.click("[data-do=confirm]");
    browser.wait("nothing", || (records(browser).is_empty() && rows(browser).is_empty()).then_some(()));
    assert!(status(browser).contains("Nothing is kept yet"), "{}", status(browser));
    reset(browser);
}

/// Nor is the writer led back to one later.
fn nothing_is_kept_of_private_windows(desk: &Desk) {
    if desk.browser.kind == Kind::Chromium {
        return;
    }
    let browser = &desk.private();
    let mailbox = Mailbox::open(browser, "");
    let cooling = mailbox.reply(1);
    browser.type_text("You are an idiot.");
    wait_painted_somewhere(&cooling);
    cooling.send();
    press(browser, &button(browser, "cool-off 10"));
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text("You are an idiot.");
    wait_painted_somewhere(&reply);
    reply.send();
    press(browser, &button(browser, "send-anyway"));
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    // The count comes behind it.
    options::open(browser);
    browser.wait("the count", || stored(browser, "counts").is_object().then_some(()));
    let all = browser.js_async("const done = arguments[0]; browser.storage.local.get().then(done)").to_string();
    assert!(all.contains("cool_offs") && !all.contains("idiot") && !all.contains("WAITING"), "{all}");
    assert!(!all.contains("https://"), "an address: {all}");
}

/// The webmail's own undo, and then another end.
fn a_mail_that_was_taken_back_is_kept_once(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text("Hello Gary,\n\nI'm sorry.");
    browser.settled("the pill", || browser.surface().pills);
    reply.send();
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    browser.click("#link_undo");
    let again = Compose { browser, id: reply.id + 1 };
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    again.click_into();
    browser.press(&[Key::Control, Key::End]);
    browser.type_text(" Your money is on its way.");
    browser.settled("the pill", || browser.surface().pills);
    again.send();
    browser.wait("the mail to be sent again", || (mailbox.sent().len() == 1).then_some(()));
    // The next mail is another.
    let mailbox = Mailbox::open(browser, "");
    let next = mailbox.reply(0);
    browser.type_text("Hello Gary,\n\nI'm sorry, again.");
    browser.settled("the pill", || browser.surface().pills);
    next.send();
    browser.wait("the next mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    open(browser);
    browser.wait("the records", || (rows(browser).len() == 2).then_some(()));
    let replies: Vec<_> = records(browser).into_iter().map(|(_, record)| record["reply"].clone()).collect();
    let wanted = ["Hello Gary,\n\nI'm sorry. Your money is on its way.", "Hello Gary,\n\nI'm sorry, again."];
    assert!(replies.len() == 2 && wanted.iter().all(|one| replies.iter().any(|reply| reply == one)), "{replies:?}");
}

fn only_what_is_wanted_is_kept(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    let send = || {
        let mailbox = Mailbox::open(browser, "");
        let reply = mailbox.reply(0);
        browser.type_text("Hello Gary, thank you.");
        browser.settled("the pill", || browser.surface().pills.len());
        reply.send();
        browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
        open(browser);
        browser.settled("the records", || records(browser).len())
    };
    open(browser);
    browser.click("[value=none]");
    browser.wait("the setting", || (stored(browser, "settings")["records"] == "none").then_some(()));
    assert_eq!(send(), 0);
    browser.click("[value=all]");
    browser.wait("the setting", || (stored(browser, "settings")["records"] == "all").then_some(()));
    assert_eq!(send(), 1);
    reset(browser);
}

fn panel_and_options_lead_there(desk: &Desk) {
    let browser = &desk.browser;
    let _reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("Hello");
    press(browser, panel(browser).button("open-records").expect("the panel leads to the records"));
    let page = format!("{}/records.html", browser.origin);
    browser.wait("the records page in a tab", || browser.tabs().contains(&page).then_some(()));
    browser.close_tab(&page);
    options::open(browser);
    browser.click("a[href='records.html']");
    browser.wait("the records page", || (browser.text("return location.pathname") == "/records.html").then_some(()));
}

fn an_export_has_every_byte(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    open(browser);
    let awkward = [
        "From here:\nFrom MAILER-DAEMON Sat Nov 28 20:47:35 2026\n\n>From there\r\nCRLF\rCR\n\n".to_owned(),
        "👩‍👩‍👧 שלום مرحبا e\u{301} <b>&amp;</b> =1+1 \"quoted\", \t trailing  ".to_owned(),
        "=SUM(A1:A9)".to_owned(),
        "ß line\r\nFrom x\n".repeat(70_000),
    ];
    let first = now() - 10 * DAY;
    let mut items = json!({});
    for (place, text) in awkward.iter().enumerate() {
        let time = first + place as u64;
        let reply = text.chars().rev().collect::<String>();
        items[format!("record-{time}-1")] = record(time, text, &reply);
    }
    items[format!("record-{}-1", first + 50)] = json!({ "half": "a \"Record\"\n" });
    items["settings"] = json!({ "version": 1, "reader": false, "my_name": "Dana Reyes" });
    store(browser, &items);
    open(browser);
    browser.wait("the records", || (rows(browser).len() == 5).then_some(()));
    assert!(status(browser).contains("5 replies. 1 cannot be read"), "{}", status(browser));
    assert!(rows(browser)[0].contains("Cannot be read"), "{:?}", rows(browser));

    browser.click("[data-format=mbox]");
    let (name, bytes) = browser.download();
    assert!(name.starts_with("composure-records-2") && name.ends_with(".mbox"), "{name}");
    let mails = python_reads(&bytes);
    let expected: Vec<(String, String)> = awkward
        .iter()
        .flat_map(|text| {
            let (gary, dana) = ("Gary Stone <gary@stone.example>", "Dana Reyes <me@composure.invalid>");
            [(gary, text.clone()), (dana, text.chars().rev().collect())]
        })
        .map(|(from, text)| (from.to_owned(), text))
        .chain([("Dana Reyes <me@composure.invalid>".to_owned(), "{\"half\":\"a \\\"Record\\\"\\n\"}".to_owned())])
        .collect();
    assert_eq!(mails.len(), expected.len());
    for (mail, (from, text)) in mails.iter().zip(&expected) {
        assert_eq!(mail.0.replace('"', ""), *from);
        assert!(mail.1 == text.as_bytes(), "{:.80}", text);
    }

    browser.click("[data-format=json]");
    let (name, bytes) = browser.download();
    assert!(name.ends_with(".json"), "{name}");
    let file: Value = serde_json::from_slice(&bytes).expect("JSON");
    let all: serde_json::Map<String, Value> = records(browser).into_iter().collect();
    assert_eq!(file["records"], Value::Object(all));

    browser.click("[data-format=csv]");
    let (name, bytes) = browser.download();
    assert!(name.ends_with(".csv"), "{name}");
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(text.starts_with('\u{FEFF}') && text.contains(",\"'=SUM(A1:A9)\",") && !text.contains(",\"=SUM"));

    // Only what is shown, where that is asked for.
    type_into(browser, "words", "sum a9");
    browser.wait("one", || (rows(browser).len() == 1).then_some(()));
    browser.click("[data-format=mbox]");
    assert_eq!(python_reads(&browser.download().1).len(), 2);
    open(browser);
    reset(browser);
}

fn everybody_can_read_it(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    open(browser);
    axe::assert_page(browser);
    for number in 0..120 {
        let time = now() - number * 5 * DAY;
        let (before, after) = (number * 37 % 100, number * 37 % 30);
        let mut record = record(time, "I HAVE BEEN WAITING FOR THREE WEEKS!\n\nGary", "Hi Gary,\n\nI'm sorry.\n\nDana");
        (record["heat_before"], record["heat_after"]) = (json!(before), json!(after));
        store(browser, &json!({ format!("record-{time}-1"): record }));
    }
    store(browser, &json!({ format!("record-{}-1", now()): { "half": "a record" } }));
    open(browser);
    browser.wait("the records", || (rows(browser).len() == 50).then_some(()));
    axe::assert_page(browser);
    browser.click("[data-do=delete]");
    wait_open_dialog(browser, true);
    axe::assert_page(browser);
    browser.click("[data-do=cancel]");
    wait_open_dialog(browser, false);
    browser.click("#list li:nth-child(2) [data-do=open]");
    browser.wait("the record", || {
        (browser.js("return document.getElementById('record').hidden", json!([])) == false).then_some(())
    });
    axe::assert_page(browser);
    reset(browser);
}

fn many_are_chosen_and_deleted(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    open(browser);
    for number in 0..4 {
        let time = now() - number * DAY;
        store(
            browser,
            &json!({ format!("record-{time}-1"): record(time, "Where is it?", &format!("Number {number}.")) }),
        );
    }
    // The page shows what comes while it is open.
    browser.wait("the records", || (rows(browser).len() == 4).then_some(()));
    for number in [2, 4] {
        browser.click(&format!("#list li:nth-child({number}) input"));
    }
    browser.click("[data-do=delete]");
    wait_open_dialog(browser, true);
    browser.click("[data-do=confirm]");
    browser.wait("two to be left", || (rows(browser).len() == 2).then_some(()));
    let left: Vec<Value> = records(browser).into_iter().map(|(_, record)| record["reply"].clone()).collect();
    assert_eq!(left, ["Number 2.", "Number 0."]);
    reset(browser);
}

fn old_ones_are_deleted(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    let today = now();
    let two = || {
        for days in [3, 40] {
            let time = today - days * DAY;
            store(browser, &json!({ format!("record-{time}-1"): record(time, "Where is it?", "Here.") }));
        }
    };
    let count = |wanted: usize| {
        browser.wait("the records", || (records(browser).len() == wanted).then_some(()));
    };
    open(browser);
    two();
    browser.wait("the records", || (rows(browser).len() == 2).then_some(()));
    // Asked before it deletes.
    type_into(browser, "keep_days", "30");
    browser.press(&[Key::Tab]);
    wait_open_dialog(browser, true);
    browser.click("[data-do=cancel]");
    wait_open_dialog(browser, false);
    count(2);
    assert_eq!(browser.js("return document.getElementById('keep_days').value", json!([])), "");
    type_into(browser, "keep_days", "30");
    browser.press(&[Key::Tab]);
    wait_open_dialog(browser, true);
    browser.click("[data-do=confirm]");
    count(1);
    browser.wait("the setting", || (stored(browser, "settings")["keep_days"] == 30).then_some(()));
    // When the page opens, and when a frame starts; but nothing that a newer Composure wrote.
    let newer = json!({ "version": 99, "text": "of a shape to come" });
    store(browser, &json!({ format!("record-{}-9", today - 90 * DAY): newer }));
    two();
    open(browser);
    count(2);
    two();
    let _reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("Hello");
    browser.wait("the pill", || (!browser.surface().pills.is_empty()).then_some(()));
    browser.open(&format!("{}/records.js", browser.origin));
    open(browser);
    count(2);
    reset(browser);
}

/// In Chromium, where an extension without `unlimitedStorage` has 10 MB: a full disk is not to be had in a test, and
/// Firefox stores until the disk is full.
fn what_a_policy_sets_is_not_changed(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    let time = now() - 40 * DAY;
    store(browser, &json!({ format!("record-{time}-1"): record(time, "Where is it?", "Here.") }));
    open(browser);
    assert_eq!(greyed(browser), json!([false, false]));
    // It comes while the page is open, which has not greyed it out.
    store(browser, &json!({ "policy": { "version": 1, "settings": { "keep_days": 400, "records": "all" } } }));
    browser.click("[value=none]");
    wait_said(browser, "saved", "Not saved: it is set by whoever manages this browser.");
    type_into(browser, "keep_days", "30");
    browser.press(&[Key::Tab]);
    wait_open_dialog(browser, true);
    browser.js("document.getElementById('saved').textContent = ''", json!([]));
    browser.click("[data-do=confirm]");
    wait_said(browser, "saved", "Not saved: it is set by whoever manages this browser.");
    assert_eq!(
        browser.settled("the records", || records(browser).len()),
        1,
        "nothing is deleted by what was not saved"
    );
    assert_eq!(stored(browser, "settings"), json!({ "version": 1, "reader": false }));
    open(browser);
    assert_eq!(greyed(browser), json!([true, true]));
    assert_eq!(browser.text("return document.getElementById('keep_days').value"), "400");
    assert!(said(browser, "locked").contains("set by whoever manages this browser"));
    axe::assert_page(browser);
    reset(browser);
}

fn the_days_of_a_pack_are_shown_and_kept(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    let today = now();
    for days in [3, 40] {
        let time = today - days * DAY;
        store(browser, &json!({ format!("record-{time}-1"): record(time, "Where is it?", "Here.") }));
    }
    open(browser);
    browser.wait("the records", || (rows(browser).len() == 2).then_some(()));
    // As the page of the packs compiles it.
    store(browser, &json!({ "team-lakeside": { "version": 1, "rule": "pack:lakeside", "keep_days": 30 } }));
    let shown = || browser.text("return document.getElementById('keep_days').value");
    browser.wait("the days of the pack", || (shown() == "30").then_some(()));
    assert_eq!(greyed(browser), json!([true, false]));
    wait_said(browser, "pack-days", "A pack");
    axe::assert_page(browser);
    open(browser);
    browser.wait("the records", || (rows(browser).len() == 1 && records(browser).len() == 1).then_some(()));
    assert_eq!((shown().as_str(), greyed(browser)), ("30", json!([true, false])));
    // The writer's own are there again without it.
    store(browser, &json!({ "team-lakeside": null }));
    browser.wait("no days", || (shown().is_empty() && greyed(browser) == json!([false, false])).then_some(()));
    reset(browser);
}

fn a_refused_write_is_said_and_delays_nothing(desk: &Desk) {
    if desk.browser.kind == Kind::Firefox {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&composure_tests::dist(), folder.path());
    let manifest = folder.path().join("manifest.json");
    let text = fs::read_to_string(&manifest).expect("a manifest").replace("\"unlimitedStorage\", ", "");
    fs::write(&manifest, text).expect("written");
    let browser = &desk.with(folder.path().to_path_buf());
    options::open(browser);
    reset(browser);
    let said = browser.js_async(
        "const done = arguments[0];
         (async () => {
             for (let size = 8_000_000, n = 0; size > 10; ) {
                 try { await chrome.storage.local.set({ ['junk' + n++]: 'x'.repeat(size) }) } catch { size >>= 1 }
             }
         })().then(() => done('ok'), error => done(String(error)))",
    );
    assert_eq!(said, "ok");
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text("Hello Gary, thank you.");
    browser.settled("the pill", || browser.surface().pills.len());
    reply.send();
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    browser.wait("nothing left of us", || browser.surface().pills.is_empty().then_some(()));
    let _next = mailbox.compose();
    browser.type_text("Hello");
    let said = panel(browser).panels[0].text.clone();
    assert!(said.contains("its record could not be kept"), "{said}");
}

fn ten_thousand_stay_usable(desk: &Desk) {
    let browser = &desk.browser;
    empty(browser);
    open(browser);
    let letter = "I have been waiting for three weeks and nobody answers me. ".repeat(20);
    let said = browser.js_async(&format!(
        "const done = arguments[0];
         (async () => {{
             const area = (window.browser ?? chrome).storage.local;
             const now = Date.now();
             for (let batch = 0; batch < 20; batch++) {{
                 const items = {{}};
                 for (let i = 0; i < 500; i++) {{
                     const number = batch * 500 + i, time = now - number * 3600000;
                     items['record-' + time + '-' + number] = {{ version: 1, time, site: number % 2 ? 'a.example' : 'b.example',
                         recipient: 'Customer ' + number, address: null, subject: 'Order ' + number, message: {letter:?},
                         reply: {letter:?} + number, heat_message: 50, heat_before: number % 100, heat_after: number % 30 }};
                 }}
                 await area.set(items);
             }}
         }})().then(() => done('ok'), error => done(String(error)))"
    ));
    assert_eq!(said, "ok");
    let start = Instant::now();
    browser.open(&format!("{}/records.html", browser.origin));
    browser.wait("the newest", || (rows(browser).len() == 50).then_some(()));
    let first = start.elapsed();
    // A busy machine needs longer than a test's patience for the rest, which are read behind them.
    while status(browser) != "10,000 replies" {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", status(browser));
        std::thread::sleep(Duration::from_millis(50));
    }
    let opened = start.elapsed();
    let start = Instant::now();
    browser.click("[data-do=turn][data-to='9950']");
    browser.wait("the oldest", || rows(browser).last().is_some_and(|row| row.contains("Order 9999")).then_some(()));
    let turned = start.elapsed();
    let start = Instant::now();
    type_into(browser, "words", "order 4321");
    browser.wait("the one", || (status(browser) == "1 reply").then_some(()));
    let found = start.elapsed();
    println!(
        "{}: 10,000 records: first in {first:?}, all in {opened:?}, oldest page in {turned:?}, ten letters of search in {found:?}",
        browser.kind
    );
    assert!(turned < Duration::from_secs(5) && found < Duration::from_secs(10), "{turned:?} {found:?}");
    reset(browser);
}

/// The frame's own code writes, through its port, as fast as it is told; the browser dies at some moment.
fn a_killed_browser_loses_at_most_the_last(desk: &Desk) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (extension, profile) = (folder.path().join("extension"), folder.path().join("profile"));
    copy(&composure_tests::dist(), &extension);
    fs::create_dir(&profile).expect("a folder");
    fs::write(extension.join("frame.html"), "<!doctype html><script type=module src=frame.js></script>")
        .expect("written");
    fs::write(extension.join("frame.js"), FRAME).expect("written");

    let browser = desk.with_profile(&extension, &profile);
    browser.open(&format!("{}/frame.html", browser.origin));
    browser.wait("the frame", || (browser.js("return typeof keep", json!([])) == "function").then_some(()));
    let kept = Arc::new(AtomicUsize::new(0));
    let random = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.subsec_nanos());
    let (last, delay) = (100 + random as usize % 800, Duration::from_micros(u64::from(random) % 20_000));
    let (killer, seen) = (browser.killer(), kept.clone());
    let death = std::thread::spawn(move || {
        while seen.load(Ordering::SeqCst) < last {
            std::thread::yield_now();
            std::thread::sleep(Duration::from_millis(1));
        }
        // At any moment of a write.
        std::thread::sleep(delay);
        killer();
    });
    for number in 0..1000 {
        let script = format!("const done = arguments[0]; keep({number}).then(done)");
        if browser.try_js_async(&script).ok() != Some(json!(number)) {
            break;
        }
        kept.store(number + 1, Ordering::SeqCst);
    }
    death.join().expect("killed");
    drop(browser);
    let kept = kept.load(Ordering::SeqCst);
    assert!((last..1000).contains(&kept), "killed while it wrote: {kept}");

    let browser = desk.with_profile(&extension, &profile);
    open(&browser);
    let found = browser.wait("the records", || Some(records(&browser)).filter(|found| !found.is_empty()));
    println!("{}: killed after {kept} writes were told, {} found", browser.kind, found.len());
    assert!(found.len() == kept || found.len() == kept + 1, "{} of {kept}", found.len());
    let mut replies: Vec<u64> = found
        .iter()
        .map(|(_, record)| {
            let reply =
                record["reply"].as_str().and_then(|reply| reply.strip_prefix("Reply number ")?.strip_suffix('.'));
            reply.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("broken: {record}"))
        })
        .collect();
    replies.sort_unstable();
    assert!(replies.iter().copied().eq(0..found.len() as u64), "{replies:?}");
    assert_eq!(status(&browser), format!("{} replies", found.len()));
}

/// A page that stands for a webmail's frame: it has the mind keep one reply after another.
const FRAME: &str = "
import init, { start_mind } from './wasm/mind.js';
const api = globalThis.browser ?? chrome;
await init();
const { port1, port2 } = new MessageChannel();
await start_mind(port1, ['Sunday', 'Monday'], 0, 'mail.example', 'en', []);
globalThis.keep = number => new Promise(resolve => {
    const text = `Reply number ${number}.`;
    const stored = changes => {
        if (!Object.values(changes).some(({ newValue }) => newValue?.reply === text)) return;
        api.storage.onChanged.removeListener(stored);
        resolve(number);
    };
    api.storage.onChanged.addListener(stored);
    const thread = { recipient: 'Gary Stone', address: null, subject: null, key: null,
        messages: [{ mine: false, text: 'I HAVE BEEN WAITING FOR THREE WEEKS NOW AND NOBODY ANSWERS ME!!! This is unacceptable.' }] };
    port2.postMessage([
        { type: 'opened', compose: number, thread, draft: { revision: 0, text, regions: [] } },
        { type: 'sent', compose: number },
        { type: 'closed', compose: number },
    ]);
});
";

/// Forgets what other tests sent.
fn empty(browser: &Browser) {
    options::open(browser);
    reset(browser);
}

/// Goes to the records page and waits until it has read them.
fn open(browser: &Browser) {
    browser.open(&format!("{}/records.html", browser.origin));
    browser.wait("the records page", || {
        Some(status(browser)).filter(|status| !status.is_empty() && !status.starts_with("Reading…"))
    });
}

fn status(browser: &Browser) -> String {
    browser.text("return document.getElementById('status')?.textContent ?? ''")
}

/// Whether the field for the days, and those for what is kept, are greyed out.
fn greyed(browser: &Browser) -> Value {
    browser
        .js("return ['#keep_days', '[name=records]'].map(field => document.querySelector(field).disabled)", json!([]))
}

/// The text of each listed record.
fn rows(browser: &Browser) -> Vec<String> {
    let rows = browser.js("return [...document.querySelectorAll('#list li')].map(row => row.innerText)", json!([]));
    rows.as_array().into_iter().flatten().map(|row| row.as_str().unwrap_or_default().to_owned()).collect()
}

/// What is stored under the keys of records, in their order.
fn records(browser: &Browser) -> Vec<(String, Value)> {
    let all = browser.js_async("const done = arguments[0]; (window.browser ?? chrome).storage.local.get(null).then(done, error => done(String(error)))");
    let all = all.as_object().expect("what is stored").clone();
    let mut records: Vec<_> = all.into_iter().filter(|(key, _)| key.starts_with("record-")).collect();
    records.sort_by(|one, other| one.0.cmp(&other.0));
    records
}

fn record(time: u64, message: &str, reply: &str) -> Value {
    json!({
        "version": 1, "time": time, "site": HOST, "recipient": "Gary Stone", "address": "gary@stone.example",
        "subject": "Where is it?", "message": message, "reply": reply,
        "heat_message": 70, "heat_before": 64, "heat_after": 3,
    })
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as u64)
}

fn type_into(browser: &Browser, id: &str, text: &str) {
    browser.click(&format!("#{id}"));
    browser.press(&[Key::Control, Key::Char('a')]);
    browser.type_text(text);
}

fn wait_open_dialog(browser: &Browser, open: bool) {
    browser.wait("the question", || {
        (browser.js("return document.querySelector('dialog').open", json!([])) == open).then_some(())
    });
}

/// Who sent each mail of a mailbox and what its body is, as Python's own library reads it.
fn python_reads(mailbox: &[u8]) -> Vec<(String, Vec<u8>)> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.as_file().write_all(mailbox).expect("written");
    let script = "
import base64, json, mailbox, sys
mails = mailbox.mbox(sys.argv[1])
print(json.dumps([[mail['From'], base64.b64encode(mail.get_payload(decode=True)).decode()] for mail in mails]))
";
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(file.path())
        .stderr(Stdio::inherit())
        .output()
        .expect("python3 runs");
    let mails: Vec<(String, String)> = serde_json::from_slice(&output.stdout).expect("JSON");
    let decode = |text: String| base64::prelude::BASE64_STANDARD.decode(text).expect("base64");
    mails.into_iter().map(|(from, body)| (from, decode(body))).collect()
}
