//! The options page: what is set there takes effect, and what is stored is never lost.

use composure_tests::browser::{Browser, Key, Kind};
use composure_tests::mailbox::{FOREIGN_HOST, Mailbox};
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{
    MENDED, TENSE, inner_text, insert, panel, press, take_suggestion, wait_card, wait_painted_somewhere,
};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("options::what_is_changed_elsewhere_at_once_stays", what_is_changed_elsewhere_at_once_stays),
    ("options::the_page_opens_and_stores", the_page_opens_and_stores),
    ("options::the_panel_opens_it", the_panel_opens_it),
    ("options::a_rule_switched_off_is_silent", a_rule_switched_off_is_silent),
    ("options::a_rule_turned_off_in_the_card_is_off_everywhere", a_rule_turned_off_in_the_card_is_off_everywhere),
    ("options::a_site_switched_off_is_left_alone", a_site_switched_off_is_left_alone),
    ("options::a_foreign_site_is_seen_once_it_is_turned_on", a_foreign_site_is_seen_once_it_is_turned_on),
    ("options::the_signature_is_what_is_inserted", the_signature_is_what_is_inserted),
    ("options::the_signature_is_that_of_the_address", the_signature_is_that_of_the_address),
    ("options::broken_settings_are_reported_and_kept", broken_settings_are_reported_and_kept),
    ("options::a_full_storage_is_said_and_loses_nothing", a_full_storage_is_said_and_loses_nothing),
    ("options::settings_of_a_newer_version_are_kept", settings_of_a_newer_version_are_kept),
];

fn the_page_opens_and_stores(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    fill(browser, "my_name", "Dana Reyes");
    fill(browser, "business", "Northwind & Sons <Outdoor>");
    fill(browser, "signature", "Kind regards,\nDana");
    browser.wait("the settings to be stored", || {
        let stored = stored(browser, "settings");
        (stored["my_name"] == "Dana Reyes"
            && stored["business"] == "Northwind & Sons <Outdoor>"
            && stored["signature"] == "Kind regards,\nDana"
            && stored["version"].is_u64())
        .then_some(())
    });
    open(browser);
    let shown = |id: &str| browser.js("return document.getElementById(arguments[0]).value", json!([id]));
    assert_eq!(shown("my_name"), "Dana Reyes");
    assert_eq!(shown("business"), "Northwind & Sons <Outdoor>");
    assert_eq!(shown("signature"), "Kind regards,\nDana");
    assert!(browser.js("return document.querySelectorAll('[data-rule]').length", json!([])).as_u64() >= Some(8));
    reset(browser);
}

fn the_panel_opens_it(desk: &Desk) {
    let browser = &desk.browser;
    let _reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("Hello");
    press(browser, panel(browser).button("open-options").expect("the panel leads to the options"));
    let page = format!("{}/options.html", browser.origin);
    browser.wait("the options page in a tab", || browser.tabs().contains(&page).then_some(()));
    browser.close_tab(&page);
}

fn a_rule_switched_off_is_silent(desk: &Desk) {
    let browser = &desk.browser;
    let text = format!("{TENSE} You are an idiot.");
    let words = |browser: &Browser| {
        let reply = Mailbox::open(browser, "").reply(0);
        browser.type_text(&text);
        wait_painted_somewhere(&reply);
        browser.settled("the painting", || reply.painted_words())
    };
    let both = words(browser);
    assert_eq!(both.len(), 2, "{both:?}");
    open(browser);
    browser.click("[data-rule='blame']");
    browser
        .wait("the rule to be stored", || (stored(browser, "settings")["rules_off"] == json!(["blame"])).then_some(()));
    assert_eq!(words(browser), both[1..]);
    open(browser);
    browser.click("[data-rule='blame']");
    browser.wait("the rule to be on", || (stored(browser, "settings")["rules_off"] == json!([])).then_some(()));
    assert_eq!(words(browser), both);
    open(browser);
    reset(browser);
}

fn a_rule_turned_off_in_the_card_is_off_everywhere(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let first = mailbox.compose();
    let second = mailbox.compose();
    for compose in [&first, &second] {
        compose.click_into();
        browser.type_text(TENSE);
    }
    wait_painted_somewhere(&first);
    let painted = wait_painted_somewhere(&second)[0].clone();
    browser.point_at(painted.rect.centre());
    press(browser, wait_card(browser).button("turn-off").expect("the card can turn it off"));
    second.wait_painted(&[]);
    first.wait_painted(&[]);
    open(browser);
    assert_eq!(stored(browser, "settings")["rules_off"], json!(["blame"]));
    assert_eq!(browser.js("return document.querySelector(\"[data-rule='blame']\").checked", json!([])), false);
    reset(browser);
}

fn a_site_switched_off_is_left_alone(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    browser.click("[data-site='mail.google.com']");
    browser.wait("the site to be stored", || {
        (stored(browser, "settings")["sites_off"] == json!(["mail.google.com"])).then_some(())
    });
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    let nodes = browser
        .settled("the page", || browser.text("return document.querySelectorAll('html > :not(head, body)').length"));
    assert_eq!(nodes, "0", "nodes of ours on a site that is off");
    assert_eq!(reply.painted_words(), Vec::<String>::new());
    open(browser);
    reset(browser);
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
}

/// By the generic adapter: for a host that is not Gmail's, a Gmail-shaped page is just any page.
fn a_foreign_site_is_seen_once_it_is_turned_on(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open_on(browser, FOREIGN_HOST, "").reply(0);
    browser.type_text(TENSE);
    let nodes = browser
        .settled("the page", || browser.text("return document.querySelectorAll('html > :not(head, body)').length"));
    assert_eq!((nodes.as_str(), reply.painted_words()), ("0", Vec::new()), "nothing of ours where nobody asked for us");

    if browser.kind == Kind::Chromium {
        return;
    }
    // Whoever turns it on wants it on, though it was turned off once.
    open(browser);
    store(browser, &json!({ "settings": { "version": 1, "reader": false, "sites_off": [FOREIGN_HOST] } }));
    turn_on(browser, &format!("https://{FOREIGN_HOST}/mail"), FOREIGN_HOST);
    browser.wait("the site to be on", || (stored(browser, "settings")["sites_off"] == json!([])).then_some(()));
    let site = format!("[data-site='{FOREIGN_HOST}']");
    // The scripts are registered a moment after the permission is there; a page opened before that is without them.
    let painted = browser.wait("a finding on the foreign site", || {
        let reply = Mailbox::open_on(browser, FOREIGN_HOST, "").reply(0);
        browser.type_text(TENSE);
        browser.settled("the page", || browser.text("return CSS.highlights.size"));
        reply.painted().first().cloned()
    });
    take_suggestion(browser, &painted);
    browser.wait("the suggestion", || {
        browser.text("return document.querySelector('[g_editable]').textContent").contains(MENDED).then_some(())
    });

    open(browser);
    browser.click(&format!("[data-remove='{FOREIGN_HOST}']"));
    browser.wait("the site to be gone from the list", || {
        browser.js("return document.querySelector(arguments[0])", json!([site])).is_null().then_some(())
    });
    reset(browser);
}

fn the_signature_is_what_is_inserted(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    fill(browser, "my_name", "Dana Reyes");
    fill(browser, "signature", "All the best,\nDana Reyes\nNorthwind");
    browser.wait("the signature to be stored", || {
        (stored(browser, "settings")["signature"] == "All the best,\nDana Reyes\nNorthwind").then_some(())
    });
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("Hello Gary,\n\nYour money is on its way.");
    let before = inner_text(&reply);
    insert(browser, "signature");
    browser.wait("the signature", || (inner_text(&reply) != before).then_some(()));
    let text = browser.settled("the editor", || inner_text(&reply));
    assert_eq!(text, "Hello Gary,\n\nYour money is on its way.\n\nAll the best,\nDana Reyes\nNorthwind");
    let missing = browser.settled("the checklist", || panel(browser).missing());
    assert!(!missing.contains(&"signature".to_owned()), "it is there now, never twice: {missing:?}");
    open(browser);
    reset(browser);
}

fn the_signature_is_that_of_the_address(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    fill(browser, "signature", "Dana");
    browser.click("#add-signature");
    browser.type_text("nobody@else.example");
    browser.click("#add-signature");
    browser.type_text("help@shop.example");
    browser.click("[data-signature='1']");
    browser.type_text("The shop");
    browser.click("[data-unsign='0']");
    let wanted = json!([{ "addresses": "help@shop.example", "text": "The shop" }]);
    browser.wait("both signatures", || (stored(browser, "settings")["signatures"] == wanted).then_some(()));
    let reply = Mailbox::open(browser, "").reply(0);
    // The menu of addresses takes the writer out of the text, and back.
    let choose =
        "document.querySelector('input[name=from]').value = 'help@shop.example'; document.activeElement.blur()";
    browser.js(choose, json!([]));
    browser.click("[g_editable]");
    browser.type_text("Hello Gary,\n\nYour money is on its way.");
    insert(browser, "signature");
    let wanted = "Hello Gary,\n\nYour money is on its way.\n\nThe shop";
    browser.wait("that signature", || (inner_text(&reply) == wanted).then_some(()));
    open(browser);
    reset(browser);
}

fn broken_settings_are_reported_and_kept(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    store(browser, &json!({ "settings": "gone wrong" }));
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    let said = panel(browser).panels[0].text.clone();
    assert!(said.contains("could not be read"), "the panel says so: {said}");
    open(browser);
    let problem = browser.text("return document.getElementById('problem').innerText");
    assert!(problem.contains("could not be read"), "{problem}");
    assert_eq!(stored(browser, "settings"), "gone wrong", "nothing is overwritten unasked");
    fill(browser, "my_name", "Dana");
    browser.wait("new settings", || (stored(browser, "settings")["my_name"] == "Dana").then_some(()));
    assert_eq!(stored(browser, "settings_kept"), "gone wrong", "the old ones are kept");
    // And stay, when others go wrong.
    store(browser, &json!({ "settings": "gone again" }));
    open(browser);
    fill(browser, "my_name", "Lee");
    browser.wait("new settings", || (stored(browser, "settings")["my_name"] == "Lee").then_some(()));
    assert_eq!(stored(browser, "settings_kept"), "gone wrong", "the oldest ones are kept");
    reset(browser);
}

fn a_full_storage_is_said_and_loses_nothing(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    fill(browser, "my_name", "Dana");
    browser.wait("the name to be stored", || (stored(browser, "settings")["my_name"] == "Dana").then_some(()));
    // To the last byte that the browser gives; Firefox may give more than that, and then just stores.
    let said = browser.js_async(
        "const done = arguments[0];
         const area = (window.browser ?? chrome).storage.local;
         (async () => {
             let size = 11_000_000, n = 0;
             while (size > 0 && n < 200) {
                 try { await area.set({ ['junk' + n]: 'x'.repeat(size) }); n++; if (size === 11_000_000) break; }
                 catch { size = Math.floor(size / 2); }
             }
             return n;
         })().then(done, error => done(String(error)))",
    );
    assert!(said.is_u64(), "{said}");
    fill(browser, "my_name", "Dana Reyes of Northwind");
    browser.wait("a word on it", || {
        let said = browser.text("return document.getElementById('saved').innerText");
        let full = said.contains("Not saved")
            && stored(browser, "settings")["my_name"].as_str().is_some_and(|name| name.starts_with("Dana"));
        let stored = stored(browser, "settings")["my_name"] == "Dana Reyes of Northwind";
        (full || stored).then_some(())
    });
    assert_eq!(browser.text("return document.getElementById('my_name').value"), "Dana Reyes of Northwind");
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    open(browser);
    reset(browser);
}

fn settings_of_a_newer_version_are_kept(desk: &Desk) {
    let browser = &desk.browser;
    let newer = json!({ "version": 99, "my_name": "Dana", "cool_off": { "minutes": 10 } });
    open(browser);
    store(browser, &json!({ "settings": newer }));
    open(browser);
    let problem = browser.text("return document.getElementById('problem').innerText");
    assert!(problem.contains("newer"), "{problem}");
    fill(browser, "my_name", "Lee");
    browser.wait("a word on it", || {
        let said = browser.text("return document.getElementById('saved').innerText");
        (said.contains("Not saved") && said.contains("until you update")).then_some(())
    });
    assert_eq!(stored(browser, "settings"), newer);
    // Even when a rule is turned off from within a mail.
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    browser.point_at(painted.rect.centre());
    press(browser, wait_card(browser).button("turn-off").expect("the card can turn it off"));
    reply.wait_painted(&[]);
    open(browser);
    assert_eq!(stored(browser, "settings"), newer);
    reset(browser);
}

fn what_is_changed_elsewhere_at_once_stays(desk: &Desk) {
    let browser = &desk.browser;
    open(browser);
    reset(browser);
    open(browser);
    // The page has not heard of it yet when its writer types.
    browser.js(
        "chrome.storage.local.set({ settings: { version: 1, reader: false, business: 'Pine & Wick', dictionary: ['kettle'], later: 7 } });
         const field = document.getElementById('my_name');
         field.value = 'Dana';
         field.dispatchEvent(new Event('input', { bubbles: true }))",
        json!([]),
    );
    let all = browser.wait("the name", || Some(stored(browser, "settings")).filter(|all| all["my_name"] == "Dana"));
    assert_eq!(
        [&all["business"], &all["dictionary"], &all["later"]],
        [&json!("Pine & Wick"), &json!(["kettle"]), &json!(7)]
    );
    reset(browser);
}

/// Goes to the options page and waits until it is filled.
pub fn open(browser: &Browser) {
    browser.open(&format!("{}/options.html", browser.origin));
    browser.wait("the options page", || {
        (browser.js("return document.getElementById('my_name') !== null", json!([])) == true).then_some(())
    });
    // What is read later (voices, other browsers) may move what is to be clicked.
    browser.settled("its length", || browser.js("return document.body.scrollHeight", json!([])).as_u64());
}

/// Turns the extension on for a site; its scripts are registered a moment later (Firefox only: Chromium asks in a
/// window of its own that no driver reaches, Firefox is started without its prompt).
pub fn turn_on(browser: &Browser, address: &str, host: &str) {
    open(browser);
    fill(browser, "site", address);
    browser.click("#add-site button");
    browser.wait("the site in the list", || {
        let site = format!("[data-site='{host}']");
        browser.js("return document.querySelector(arguments[0])", json!([site])).is_object().then_some(())
    });
}

/// Has the extension run on a host, which Chromium's has been told already: see [`composure_tests::editors::extension`].
pub fn let_onto(browser: &Browser, host: &str) {
    open(browser);
    let registered = |browser: &Browser| {
        let scripts = browser.js_async(
            "const done = arguments[0];
             (window.browser ?? chrome).scripting.getRegisteredContentScripts().then(done, error => done(String(error)))",
        );
        scripts.to_string().contains(host)
    };
    if !registered(browser) && browser.kind == Kind::Firefox {
        turn_on(browser, &format!("https://{host}/"), host);
    }
    browser.wait("the scripts of the site", || registered(browser).then_some(()));
}

/// Types into a field, in place of what is there.
pub fn fill(browser: &Browser, id: &str, text: &str) {
    browser.click(&format!("#{id}"));
    browser.press(&[Key::Control, Key::Char('a')]);
    browser.type_text(text);
}

/// What the extension has stored; to be asked on one of its own pages.
pub fn stored(browser: &Browser, key: &str) -> Value {
    let all = browser.js_async("const done = arguments[0]; (window.browser ?? chrome).storage.local.get(null).then(done, error => done(String(error)))");
    all[key].clone()
}

pub fn store(browser: &Browser, items: &Value) {
    let said = browser.js_async(&format!(
        "const done = arguments[0]; (window.browser ?? chrome).storage.local.set({items}).then(() => done('ok'), error => done(String(error)))"
    ));
    assert_eq!(said, "ok");
}

/// As it was before anything was set, but for the learned reader, which is off.
pub fn reset(browser: &Browser) {
    let said = browser.js_async(
        "const done = arguments[0]; (window.browser ?? chrome).storage.local.clear().then(() => done('ok'), error => done(String(error)))",
    );
    assert_eq!(said, "ok");
    store(browser, &json!({ "settings": { "version": 1, "reader": false } }));
}
