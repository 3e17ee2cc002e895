//! Beyond this browser: in step with the writer's others through `storage.sync`, and a file with a copy of all that is theirs.

use composure_tests::axe;
use composure_tests::browser::Browser;
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::options::{self, fill, reset, store, stored};
use crate::packs::{choose_file, said, wait_said};
use crate::reader::copy;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("elsewhere::nothing_goes_before_it_is_turned_on", nothing_goes_before_it_is_turned_on),
    ("elsewhere::two_browsers_are_kept_in_step", two_browsers_are_kept_in_step),
    ("elsewhere::what_the_account_refuses_stays_and_is_tried_again", what_the_account_refuses_stays_and_is_tried_again),
    ("elsewhere::what_did_not_load_is_loaded_again", what_did_not_load_is_loaded_again),
    ("elsewhere::what_is_too_large_is_named", what_is_too_large_is_named),
    ("elsewhere::what_a_newer_one_wrote_is_left_alone", what_a_newer_one_wrote_is_left_alone),
    ("elsewhere::a_copy_is_saved_and_brought_in", a_copy_is_saved_and_brought_in),
];

/// What the script gives, in which `area` is `storage.sync`; to be asked on a page of the extension.
fn account(browser: &Browser, script: &str) -> Value {
    browser.js_async(&format!(
        "const done = arguments[0]; const area = (window.browser ?? chrome).storage.sync;
         (async () => {{ {script} }})().then(value => done(value ?? null), error => done('refused: ' + error))"
    ))
}

/// Goes to the options page and waits until it is whole.
fn open(browser: &Browser) {
    options::open(browser);
    browser.wait("the other module", || {
        (browser.js("return document.getElementById('sync-status') !== null", json!([])) == true).then_some(())
    });
}

fn start(desk: &Desk) -> &Browser {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    assert_eq!(account(browser, "await area.clear()"), Value::Null);
    open(browser);
    browser
}

fn end(browser: &Browser) {
    options::open(browser);
    reset(browser);
    assert_eq!(account(browser, "await area.clear()"), Value::Null);
}

/// An entry in the account, whichever item it is in.
fn entry(browser: &Browser, id: &str) -> Value {
    let all = account(browser, "return area.get(null)");
    let items = all.as_object().expect("items").values();
    items.map(|item| item["entries"][id].clone()).find(|entry| !entry.is_null()).unwrap_or_default()
}

fn wait_entry(browser: &Browser, id: &str, value: &Value) -> Value {
    browser.wait_saying(
        || format!("{id} to be {value} in the account, which has {}", account(browser, "return area.get(null)")),
        || Some(entry(browser, id)).filter(|entry| entry["now"][0][3] == *value),
    )
}

/// Writes as another browser of the writer's, `nth` in its own count, having seen what is there or not.
fn write_elsewhere(browser: &Browser, id: &str, value: &Value, nth: u32, seen: bool, at: u64) {
    let script = format!(
        "const all = await area.get(null), [id, value] = [{}, {value}];
         const key = Object.keys(all).find((key) => all[key].entries?.[id]) ?? 'own-0';
         const item = all[key] ?? {{ version: 1, entries: {{}} }};
         const before = item.entries[id];
         const known = Object.fromEntries((before?.now ?? []).map(([by, nth]) => [by, nth]));
         item.entries[id] = {{ now: [['elsewhere', {nth}, {at}, value]], seen: {seen} ? {{ ...before?.seen, ...known }} : {{}} }};
         await area.set({{ [key]: item }})",
        json!(id)
    );
    assert_eq!(account(browser, &script), Value::Null);
}

fn setting(browser: &Browser, name: &str) -> Value {
    stored(browser, "settings")[name].clone()
}

fn wait_setting(browser: &Browser, name: &str, value: &Value) {
    browser.wait_saying(
        || format!("{name} to be {value}, which is {}", setting(browser, name)),
        || (setting(browser, name) == *value).then_some(()),
    );
}

/// Presses a button behind which the page is loaded anew, and waits until it is whole. (What is stored cannot be asked for of a page
/// that goes.)
fn press_and_reload(browser: &Browser, what: &str) {
    browser.js("window.before = true", json!([]));
    browser.click(&format!("[data-do={what}]"));
    browser.wait("the page anew", || {
        let script = "return window.before === undefined && document.getElementById('sync-status') !== null";
        (browser.js(script, json!([])) == true).then_some(())
    });
}

/// Seconds since 1970, so many from now.
fn seconds(more: u64) -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    now.as_secs() + more
}

fn nothing_goes_before_it_is_turned_on(desk: &Desk) {
    let browser = start(desk);
    fill(browser, "my_name", "Dana");
    wait_setting(browser, "my_name", &json!("Dana"));
    assert_eq!(browser.js("return document.getElementById('sync').checked", json!([])), false);
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert_eq!(account(browser, "return area.get(null)"), json!({}));
    assert_eq!(stored(browser, "sync_state"), Value::Null);
    // Nor where the organisation forbids it.
    store(browser, &json!({ "policy": { "version": 1, "sync": false }, "sync": { "version": 1, "on": true } }));
    open(browser);
    assert_eq!(browser.js("return document.getElementById('sync').disabled", json!([])), true);
    assert!(
        browser.text("return document.getElementById('sync-forbidden').innerText").contains("manages this browser")
    );
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert_eq!(account(browser, "return area.get(null)"), json!({}));
    end(browser);
}

fn two_browsers_are_kept_in_step(desk: &Desk) {
    let browser = start(desk);
    fill(browser, "my_name", "Dana");
    wait_setting(browser, "my_name", &json!("Dana"));
    browser.click("#sync");
    wait_entry(browser, "set/my_name", &json!("Dana"));
    wait_said(browser, "sync-status", "In step since");
    // What is set here goes there,
    fill(browser, "word", "kettle");
    browser.click("#add-word button");
    wait_entry(browser, "word/kettle", &json!(true));
    // and what is set there comes here, to be seen at once.
    write_elsewhere(browser, "set/my_name", &json!("Dana Reyes"), 1, true, seconds(60));
    write_elsewhere(browser, "word/wick", &json!(true), 2, true, seconds(60));
    write_elsewhere(
        browser,
        "sign/help@shop.example",
        &json!({ "addresses": "help@shop.example", "text": "The shop" }),
        3,
        true,
        seconds(60),
    );
    let snippet = json!({ "version": 1, "trashed": null, "snippet": { "id": "own-1", "title": "Late", "situation": "", "register": "", "words": [], "needs": [], "text": "It is late." } });
    write_elsewhere(browser, "snippet/own-1", &snippet, 4, true, seconds(60));
    let phrase = json!({ "find": "as I said", "severity": "warning", "why": "It sounds tired." });
    write_elsewhere(browser, "phrase/as I said", &phrase, 5, true, seconds(60));
    wait_setting(browser, "dictionary", &json!(["kettle", "wick"]));
    wait_setting(browser, "my_name", &json!("Dana Reyes"));
    wait_setting(browser, "signatures", &json!([{ "addresses": "help@shop.example", "text": "The shop" }]));
    browser.wait("the snippet", || (stored(browser, "snippet-own-1") == snippet).then_some(()));
    browser.wait("the phrase, and what the frame reads of it", || {
        let compiled = stored(browser, "team-your-own-phrase");
        let pack = stored(browser, "pack-your-own-phrase");
        (compiled["phrases"].as_array().is_some_and(|phrases| phrases.len() == 1)
            && pack["text"].as_str().is_some_and(|text| text.contains("as I said")))
        .then_some(())
    });
    browser.wait("the name on the page", || {
        (browser.js("return document.getElementById('my_name').value", json!([])) == "Dana Reyes").then_some(())
    });
    assert_eq!(browser.js("return document.querySelector('[data-from]').value", json!([])), "help@shop.example");
    // Both at once: the later one is in use, the other one can be had.
    fill(browser, "business", "Pine & Wick");
    wait_entry(browser, "set/business", &json!("Pine & Wick"));
    write_elsewhere(browser, "set/business", &json!("Wick & Pine"), 6, false, seconds(120));
    // The account keeps the last one written; this browser still has its own.
    wait_setting(browser, "business", &json!("Wick & Pine"));
    wait_said(browser, "sync-details", "Pine & Wick");
    axe::assert_page(browser);
    browser.js("document.getElementById('elsewhere').scrollIntoView()", json!([]));
    browser.screenshot(&composure_tests::root().join(format!("out/e2e/elsewhere-{}.png", browser.kind)));
    browser.click("[data-do=take]");
    wait_setting(browser, "business", &json!("Pine & Wick"));
    wait_said(browser, "sync-details", "Wick & Pine");
    browser.click("[data-do=forget]");
    browser.wait("nothing to choose", || said(browser, "sync-details").is_empty().then_some(()));
    wait_setting(browser, "business", &json!("Pine & Wick"));
    // Off: what is set goes nowhere, and what is in the account can be deleted.
    browser.click("#sync");
    browser.wait("the way to delete", || {
        (browser.js("return document.querySelector('[data-do=clear]') !== null", json!([])) == true).then_some(())
    });
    browser.click("[data-do=clear]");
    browser.wait("an empty account", || (account(browser, "return area.get(null)") == json!({})).then_some(()));
    fill(browser, "my_name", "Nobody");
    wait_setting(browser, "my_name", &json!("Nobody"));
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert_eq!(account(browser, "return area.get(null)"), json!({}));
    end(browser);
}

fn what_the_account_refuses_stays_and_is_tried_again(desk: &Desk) {
    let browser = start(desk);
    // To nearly the last byte that an account takes, as if others had filled it.
    let filled = account(
        browser,
        "let n = 0, size = 8000;
         while (size > 20) { try { await area.set({ ['junk-' + n]: 'x'.repeat(size) }); n += 1; } catch { size = Math.floor(size / 2); } }
         return n",
    );
    assert!(filled.as_u64() >= Some(10), "{filled}");
    fill(browser, "my_name", "Dana Reyes of Northwind, at the lake");
    fill(browser, "signature", "Kind regards, and all the best from all of us at the lake");
    browser.click("#sync");
    wait_said(browser, "sync-status", "Not in step");
    assert!(said(browser, "sync-status").to_lowercase().contains("quota"), "{}", said(browser, "sync-status"));
    let alarm = browser.js_async(
        "const done = arguments[0]; (window.browser ?? chrome).alarms.get('sync').then(alarm => done(alarm?.scheduledTime ?? null))",
    );
    assert!(alarm.is_number(), "it is tried again: {alarm}");
    assert_eq!(setting(browser, "my_name"), "Dana Reyes of Northwind, at the lake");
    // Room again.
    assert_eq!(
        account(
            browser,
            "await area.remove(Object.keys(await area.get(null)).filter((key) => key.startsWith('junk')))"
        ),
        Value::Null
    );
    wait_entry(browser, "set/my_name", &json!("Dana Reyes of Northwind, at the lake"));
    wait_said(browser, "sync-status", "In step since");
    end(browser);
}

/// A build whose background script cannot load its module the first time, and says so in the storage.
const LOADED_LATE: &str = "
const load = fetch;
globalThis.fetch = (...all) => {
  globalThis.fetch = load;
  api.storage.local.set({ refused: true });
  return Promise.reject(new Error('not now'));
};
";

fn what_did_not_load_is_loaded_again(desk: &Desk) {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&composure_tests::dist(), folder.path());
    let script = folder.path().join("background.js");
    let text = std::fs::read_to_string(&script).expect("the background script");
    std::fs::write(&script, text + LOADED_LATE).expect("the background script");
    let browser = &desk.with(folder.path().to_path_buf());
    options::open(browser);
    store(browser, &json!({ "sync": { "version": 1, "on": true } }));
    browser.wait("the module to be refused", || (stored(browser, "refused") == true).then_some(()));
    assert_eq!(account(browser, "return area.get(null)"), json!({}));
    fill(browser, "my_name", "Dana");
    wait_entry(browser, "set/my_name", &json!("Dana"));
}

fn what_is_too_large_is_named(desk: &Desk) {
    let browser = start(desk);
    let snippet = |id: &str, title: &str, text: String| json!({ "version": 1, "trashed": null, "snippet": { "id": id, "title": title, "situation": "", "register": "", "words": [], "needs": [], "text": text } });
    store(
        browser,
        &json!({ "snippet-long": snippet("long", "The long one", "long ".repeat(2_000)), "snippet-short": snippet("short", "The short one", "short".to_owned()) }),
    );
    browser.click("#sync");
    browser.wait("the short one", || Some(entry(browser, "snippet/short")).filter(|entry| !entry.is_null()));
    wait_said(browser, "sync-details", "The long one");
    assert!(!said(browser, "sync-details").contains("The short one"));
    assert_eq!(entry(browser, "snippet/long"), Value::Null);
    assert!(stored(browser, "snippet-long").is_object());
    end(browser);
}

fn what_a_newer_one_wrote_is_left_alone(desk: &Desk) {
    let browser = start(desk);
    assert_eq!(account(browser, "await area.set({ 'own-0': { version: 99, things: [1] } })"), Value::Null);
    fill(browser, "my_name", "Dana");
    wait_setting(browser, "my_name", &json!("Dana"));
    browser.click("#sync");
    wait_said(browser, "sync-status", "newer Composure");
    assert_eq!(account(browser, "return area.get(null)"), json!({ "own-0": { "version": 99, "things": [1] } }));
    // What cannot be read is kept before it is written over.
    assert_eq!(account(browser, "await area.set({ 'own-0': 'gone wrong' })"), Value::Null);
    wait_entry(browser, "set/my_name", &json!("Dana"));
    assert_eq!(stored(browser, "sync_kept"), json!({ "version": 1, "stored": { "own-0": "gone wrong" } }));
    end(browser);
}

fn a_copy_is_saved_and_brought_in(desk: &Desk) {
    let browser = start(desk);
    fill(browser, "my_name", "Dana");
    fill(browser, "word", "kettle");
    browser.click("#add-word button");
    wait_setting(browser, "dictionary", &json!(["kettle"]));
    let pack = json!({ "version": 1, "name": "Lakeside", "rule": "pack:lakeside", "on": true, "replaced": [],
        "text": "# Ours.\nversion = 1\nname = \"Lakeside\"\n\n[[avoid]]\nfind = \"as I said\"\nwhy = \"It sounds tired.\"\n" });
    store(browser, &json!({ "pack-lakeside": pack }));
    let save = |browser: &Browser| {
        browser.click("[data-do=export]");
        browser.download()
    };
    let (name, first) = save(browser);
    let text = String::from_utf8(first.clone()).expect("a text");
    assert!(name.starts_with("composure-") && name.ends_with(".json"), "{name}");
    assert!(text.contains("kettle") && text.contains("pack-lakeside"), "{text}");

    // In another browser.
    reset(browser);
    let here = json!({ "version": 1, "business": "Here", "keep_days": 400, "records": "all", "voice": "", "paused_until": null });
    store(browser, &json!({ "settings": here }));
    open(browser);
    let choose = |text: &str| choose_file(browser, "copy", "copy.json", text);
    choose("{\"composure_backup\": 1, \"stored\": {\"settings\": {\"version\": 1, \"my_name\": 3}}}");
    wait_said(browser, "copy-preview", "Nothing was brought in");
    assert_eq!(stored(browser, "settings"), here);
    choose(&text);
    wait_said(browser, "copy-preview", "Words of your dictionary: 1");
    axe::assert_page(browser);
    press_and_reload(browser, "replace");
    wait_setting(browser, "my_name", &json!("Dana"));
    assert_eq!(browser.js("return document.getElementById('my_name').value", json!([])), "Dana");
    browser.wait("the way back", || (!said(browser, "copy-before").is_empty()).then_some(()));
    let compiled = stored(browser, "team-lakeside");
    assert_eq!(compiled["phrases"].as_array().map(Vec::len), Some(1), "{compiled}");
    let (_, second) = save(browser);
    // What is kept of records, and for how long, is this browser's own.
    let first = String::from_utf8_lossy(&first).replace("\"keep_days\": null", "\"keep_days\": 400");
    let first = first.replace("\"records\": \"hot\"", "\"records\": \"all\"");
    assert_eq!(first, String::from_utf8_lossy(&second), "out and in again");
    // Once more changes nothing, not even the way back.
    choose(&text);
    wait_said(browser, "copy-preview", "Words of your dictionary: 1");
    press_and_reload(browser, "replace");
    browser.wait("the way back", || (!said(browser, "copy-before").is_empty()).then_some(()));
    // And back.
    press_and_reload(browser, "undo");
    browser.wait("what was there", || (stored(browser, "settings") == here).then_some(()));
    browser.wait("no pack", || {
        (stored(browser, "pack-lakeside").is_null() && stored(browser, "team-lakeside").is_null()).then_some(())
    });
    end(browser);
}
