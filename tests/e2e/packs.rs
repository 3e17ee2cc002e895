//! Packs and own phrases: written, imported and refused on their page, found in a mail, and gone once they are removed.

use composure_tests::axe;
use composure_tests::browser::{Browser, Key, Kind, Surface};
use composure_tests::mailbox::{HOST, Mailbox};
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{inner_text, press, wait_card, wait_painted_somewhere};
use crate::guard::wait_dialog;
use crate::options::{self, fill, reset, store, stored};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("packs::a_pack_is_imported_found_in_a_mail_and_removed", a_pack_is_imported_found_in_a_mail_and_removed),
    ("packs::mistakes_are_told_and_nothing_is_imported", mistakes_are_told_and_nothing_is_imported),
    ("packs::of_two_with_one_name_the_writer_chooses", of_two_with_one_name_the_writer_chooses),
    ("packs::an_own_phrase_is_tried_and_kept", an_own_phrase_is_tried_and_kept),
    ("packs::snippets_and_thresholds_come_too", snippets_and_thresholds_come_too),
    ("packs::what_a_policy_sets_applies_and_is_locked", what_a_policy_sets_applies_and_is_locked),
    ("packs::what_cannot_be_read_is_kept_and_said", what_cannot_be_read_is_kept_and_said),
    ("packs::everybody_can_read_it", everybody_can_read_it),
];

const EXAMPLE: &str = include_str!("../../src/packs/example.toml");
const DRAFT: &str = "Thank you.\n\nAs per our policy it was sent.\n\nIt comes as soon as possible.";

/// Goes to the page and waits until it is filled.
fn open(browser: &Browser) {
    browser.open(&format!("{}/packs.html", browser.origin));
    browser.wait("the page of the packs", || {
        (browser.js("return document.querySelector('#packs > li') !== null", json!([])) == true).then_some(())
    });
}

/// Chooses a file with this text.
fn choose(browser: &Browser, text: &str) {
    choose_file(browser, "file", "team.toml", text);
}

/// Chooses a file of this name with this text, in the field of this id.
pub fn choose_file(browser: &Browser, field: &str, name: &str, text: &str) {
    browser.js(
        "const files = new DataTransfer();
         files.items.add(new File([arguments[2]], arguments[1]));
         const field = document.getElementById(arguments[0]);
         field.files = files.files;
         field.dispatchEvent(new Event('change', { bubbles: true }))",
        json!([field, name, text]),
    );
}

/// What an element says.
pub fn said(browser: &Browser, id: &str) -> String {
    browser
        .js("return document.getElementById(arguments[0])?.innerText ?? ''", json!([id]))
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Waits until an element says this among others, and gives all that it says.
#[track_caller]
pub fn wait_said(browser: &Browser, id: &str, words: &str) -> String {
    browser.wait_saying(
        || format!("“{words}” in #{id}, which says: {}", said(browser, id)),
        || Some(said(browser, id)).filter(|said| said.contains(words)),
    )
}

/// Imports what is previewed.
fn import(browser: &Browser, choice: &str) {
    browser.wait("the preview", || {
        let there = browser
            .js("return document.querySelector(arguments[0]) !== null", json!([format!("[data-id='{choice}']")]));
        (there == true).then_some(())
    });
    browser.click(&format!("#import [data-id='{choice}']"));
    wait_said(browser, "saved", "Imported.");
}

fn a_pack_is_imported_found_in_a_mail_and_removed(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    open(browser);
    let file = format!("# Ours, by hand.\r\n{EXAMPLE}");
    choose(browser, &file);
    let shown = wait_said(browser, "import", "Lakeside Bikes");
    for part in [
        "(per|as per) [our] (policy|terms)",
        "as soon as possible → today",
        "LakeCare",
        "Returns within 60 days",
        "The frame is late",
        "Over apology",
        "from a heat of 50",
        "after 90 days",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    import(browser, "both");
    wait_said(browser, "packs", "Lakeside Bikes");
    // The same bytes come out.
    browser.click("#packs [data-do=export]");
    let (name, bytes) = browser.download();
    assert_eq!((name.as_str(), String::from_utf8(bytes).as_deref()), ("lakeside-bikes.toml", Ok(file.as_str())));

    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(DRAFT);
    let painted = reply.wait_painted(&["As per our policy", "as soon as possible"]);
    browser.point_at(painted[0].rect.centre());
    let card = wait_card(browser);
    for part in ["Lakeside bikes", "Lakeside Bikes words this otherwise.", "It ends the talk, and says nothing of why."]
    {
        assert!(card.cards[0].text.contains(part), "{part}: {}", card.cards[0].text);
    }
    axe::assert_surface(browser);
    browser.point_at(browser.rect(".brand").centre());
    browser
        .wait("the card to go", || (browser.settled("the card", || browser.surface().cards.len()) == 0).then_some(()));
    // On its way the pointer may pass the other.
    browser.point_at(painted[1].rect.centre());
    let take = browser.wait("its suggestion", || {
        browser
            .surface()
            .buttons
            .into_iter()
            .find(|one| one.action.starts_with("take") && one.text.contains("as soon as"))
    });
    press(browser, &take);
    reply.wait_painted(&["As per our policy"]);
    assert!(inner_text(&reply).ends_with("It comes today."), "{}", inner_text(&reply));
    // Muted as others are.
    let painted = reply.wait_painted(&["As per our policy"]);
    browser.point_at(painted[0].rect.centre());
    press(browser, wait_card(browser).button("turn-off").expect("the card can turn it off"));
    reply.wait_painted(&[]);
    open(browser);
    wait_said(browser, "packs", "turned off from within a mail");
    browser.click("[data-do=unmute]");
    wait_said(browser, "saved", "Saved.");

    let painted = || {
        let reply = Mailbox::open(browser, "").reply(0);
        browser.type_text(&format!("{DRAFT} You failed to attach the receipt."));
        wait_painted_somewhere(&reply);
        browser.settled("the painting", || reply.painted_words()).len()
    };
    assert_eq!(painted(), 3);
    for (button, word) in [("[data-on=lakeside-bikes]", "Off."), ("#packs [data-do=remove]", "Removed.")] {
        open(browser);
        browser.click(button);
        wait_said(browser, "saved", word);
        assert_eq!(painted(), 1, "{word}");
    }
    options::open(browser);
    assert_eq!(
        [stored(browser, "pack-lakeside-bikes"), stored(browser, "team-lakeside-bikes")],
        [Value::Null, Value::Null]
    );
    reset(browser);
}

fn mistakes_are_told_and_nothing_is_imported(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    open(browser);
    choose(browser, "version = 1\nnam = \"Lakeside\"\n[[avoid]]\nfind = \"calm [down\"\nwhy = \"No.\"\n");
    let shown = wait_said(browser, "import", "Nothing was imported");
    for part in [
        "3 mistakes",
        "Line 2: “nam” means nothing in a pack. Did you mean `name`?",
        "Line 4: This phrase cannot be read",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    axe::assert_page(browser);
    let all =
        browser.js_async("const done = arguments[0]; (window.browser ?? chrome).storage.local.getKeys().then(done)");
    assert_eq!(all, json!(["settings"]));
    // Mended and chosen again.
    choose(browser, EXAMPLE);
    wait_said(browser, "import", "Lakeside Bikes");
    browser.click("[data-do=forget]");
    browser.wait("the preview to go", || said(browser, "import").is_empty().then_some(()));
    assert_eq!(stored(browser, "pack-lakeside-bikes"), Value::Null);
    reset(browser);
}

fn of_two_with_one_name_the_writer_chooses(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    open(browser);
    let named =
        |find: &str| format!("version = 1\nname = \"Ours\"\n[[avoid]]\nfind = \"{find}\"\nwhy = \"It stings.\"\n");
    choose(browser, &named("one thing"));
    import(browser, "both");
    choose(browser, &named("another thing"));
    wait_said(browser, "import", "There is a pack of this name already.");
    import(browser, "both");
    wait_said(browser, "packs", "Ours (2)");
    choose(browser, &named("a third thing"));
    import(browser, "replace");
    let find =
        |key: &str| browser.wait("the pack", || stored(browser, key)["phrases"][0][0].as_str().map(str::to_owned));
    browser.wait("the new one", || find("team-ours").contains("third").then_some(()));
    assert!(find("team-ours-2").contains("another"));
    // A snippet that came with Composure is replaced only where one says so.
    let pack = "version = 1\nname = \"Late\"\n[[snippet]]\nid = \"late-delivery-no-date\"\ntitle = \"Our own\"\ntext = \"It is late.\"\n";
    choose(browser, pack);
    wait_said(browser, "import", "late-delivery-no-date");
    import(browser, "replace");
    assert_eq!(stored(browser, "team-late")["replaced"], json!(["late-delivery-no-date"]));
    reset(browser);
}

fn an_own_phrase_is_tried_and_kept(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    open(browser);
    browser.click("#new");
    fill(browser, "find", "kind of [a]");
    fill(browser, "try", "It is kind of a pity. It’s Kind of late, of this kind.");
    wait_said(browser, "tried", "It finds 2 places:");
    let marked = browser.js("return [...document.querySelectorAll('mark')].map(one => one.innerText)", json!([]));
    assert_eq!(marked, json!(["kind of a", "Kind of"]));
    fill(browser, "find", "kind of (a|the");
    wait_said(browser, "tried", "cannot be read");
    browser.click("#form [type=submit]");
    wait_said(browser, "saved", "cannot be read");
    fill(browser, "find", "kind of [a]");
    browser.click("#form [type=submit]");
    wait_said(browser, "saved", "why");
    fill(browser, "why", "It says nothing.");
    fill(browser, "instead", "rather\na bit");
    axe::assert_page(browser);
    browser.click("#form [type=submit]");
    wait_said(browser, "phrases", "kind of [a]");
    assert!(
        stored(browser, "pack-your-own-phrase")["text"].as_str().is_some_and(|text| text.contains("name = \"mine\""))
    );

    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("The parcel is kind of late.");
    let painted = reply.wait_painted(&["kind of"]);
    browser.point_at(painted[0].rect.centre());
    let card = wait_card(browser);
    for part in ["Your own phrase", "It says nothing.", "rather", "a bit"] {
        assert!(card.cards[0].text.contains(part), "{part}: {}", card.cards[0].text);
    }
    // By keyboard, as any finding.
    browser.press(&[Key::Escape]);
    browser.press(&[Key::Alt, Key::Char('.')]);
    wait_card(browser);
    browser.press(&[Key::Enter]);
    browser.wait("the words", || inner_text(&reply).contains("is rather late.").then_some(()));

    open(browser);
    browser.click("#phrases [data-do=edit]");
    fill(browser, "find", "sort of");
    browser.click("#form [type=submit]");
    wait_said(browser, "phrases", "sort of");
    browser.click("#phrases [data-do=drop]");
    wait_said(browser, "saved", "Deleted.");
    browser.wait("it to go", || said(browser, "phrases").is_empty().then_some(()));
    assert_eq!(stored(browser, "team-your-own-phrase")["phrases"], json!([]));
    reset(browser);
}

fn snippets_and_thresholds_come_too(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    open(browser);
    choose(browser, &EXAMPLE.replace("guard_heat = 50", "guard_heat = 10"));
    import(browser, "both");
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    browser.type_text("/returns with");
    let pick = browser.wait("the policy", || browser.surface().button("pick pack:lakeside-bikes/returns").cloned());
    press(browser, &pick);
    browser.wait("its text", || inner_text(&reply).contains("within 60 days, and we pay").then_some(()));
    browser.type_text(" You failed to attach the receipt.");
    wait_painted_somewhere(&reply);
    reply.send();
    wait_dialog(browser);
    options::open(browser);
    reset(browser);
}

fn what_a_policy_sets_applies_and_is_locked(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    // As the background script leaves it, which reads `storage.managed`: no test can set that.
    store(
        browser,
        &json!({ "policy": { "pack": "version = 1\nnam = 2", "settings": { "guard_heat": 35, "rules_off": ["blame"] } },
        "settings": { "version": 1, "reader": false, "guard_heat": 70, "my_name": "Dana" } }),
    );
    open(browser);
    let shown = wait_said(browser, "organisation", "so it is not used");
    assert!(shown.contains("Line 2: “nam” means nothing in a pack."), "{shown}");
    axe::assert_page(browser);

    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("You failed to attach the receipt. You are an idiot.");
    let painted = wait_painted_somewhere(&reply);
    assert_eq!(painted.len(), 1, "{painted:?}");

    options::open(browser);
    let locked = browser.js(
        "return ['#guard_heat', '[data-rule=blame]', '#my_name'].map(one => document.querySelector(one).disabled)",
        json!([]),
    );
    assert_eq!(locked, json!([true, true, false]));
    assert_eq!(browser.text("return document.getElementById('guard_heat').value"), "35");
    assert!(said(browser, "locked").contains("set by whoever manages this browser"));
    axe::assert_page(browser);
    // A sound pack, compiled as the background script has it compiled.
    let done = browser.js_async(&format!(
        "const done = arguments[0];
         import('{}/wasm/packs.js')
             .then(async ({{ default: init, tend_packs }}) => {{ await init(); await tend_packs({}); done('ok') }})
             .catch(error => done(String(error)))",
        browser.origin,
        json!("version = 1\nname = \"Ours\"\n[[avoid]]\nfind = \"some thing\"\nwhy = \"No.\"\n"),
    ));
    assert_eq!(done, "ok");
    assert_eq!(stored(browser, "team-@managed")["rule"], "pack:ours");
    // The writer's own stay under it.
    fill(browser, "my_name", "Dana Reyes");
    browser.wait("the name", || (stored(browser, "settings")["my_name"] == "Dana Reyes").then_some(()));
    assert_eq!(stored(browser, "settings")["guard_heat"], 70);
    // A site that it turns off is off in mails, too, whatever the writer's own settings say.
    store(
        browser,
        &json!({ "policy": { "settings": { "sites_off": [HOST] } }, "settings": { "version": 1, "sites_off": [] } }),
    );
    let _ = Mailbox::open(browser, "").reply(0);
    browser.type_text("You are an idiot.");
    assert_eq!(browser.settled("what is ours", || browser.surface()), Surface::default());
    options::open(browser);
    store(browser, &json!({ "policy": {}, "settings": { "version": 1, "reader": false } }));
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("You are an idiot.");
    wait_painted_somewhere(&reply);
    options::open(browser);
    reset(browser);
}

fn what_cannot_be_read_is_kept_and_said(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    let newer = json!({ "version": 7, "text": "from later" });
    store(
        browser,
        &json!({ "pack-your-own-phrase": newer, "pack-old": { "version": 1, "name": "Old", "rule": "pack:old", "on": true, "text": "version = 2" } }),
    );
    open(browser);
    wait_said(browser, "broken", "newer Composure");
    wait_said(browser, "packs", "does not use it");
    browser.click("#new");
    fill(browser, "find", "kind of");
    fill(browser, "why", "It says nothing.");
    browser.click("#form [type=submit]");
    wait_said(browser, "saved", "stay as they are");
    assert_eq!(stored(browser, "pack-your-own-phrase"), newer);
    // Nor those in a file in which there are mistakes.
    let wrong = json!({ "version": 1, "name": "Your own phrases", "rule": "pack:your-own-phrase", "on": true,
        "text": "version = 1\nname = \"mine\"\n\n[[avoid]]\nfind = \"(half\"\nwhy = \"No.\"\n", "replaced": [] });
    store(browser, &json!({ "pack-your-own-phrase": wrong }));
    open(browser);
    wait_said(browser, "packs", "does not use it");
    browser.click("#new");
    fill(browser, "find", "kind of");
    fill(browser, "why", "It says nothing.");
    browser.click("#form [type=submit]");
    wait_said(browser, "saved", "stay as they are");
    assert_eq!(stored(browser, "pack-your-own-phrase"), wrong);
    reset(browser);
}

fn everybody_can_read_it(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    reset(browser);
    open(browser);
    choose(browser, EXAMPLE);
    wait_said(browser, "import", "Lakeside Bikes");
    axe::assert_page(browser);
    picture(browser, "preview");
    import(browser, "both");
    wait_said(browser, "packs", "Lakeside Bikes");
    browser.click("#new");
    fill(browser, "find", "kind of");
    fill(browser, "try", "It is kind of late.");
    wait_said(browser, "tried", "It finds one place:");
    browser.click("#packs summary");
    axe::assert_page(browser);
    picture(browser, "page");
    reset(browser);
}

/// To be looked at: light and dark, in `out/pictures/`.
fn picture(browser: &Browser, what: &str) {
    if std::env::var_os("COMPOSURE_PICTURES").is_none() || browser.kind != Kind::Chromium {
        return;
    }
    for dark in [false, true] {
        browser.prefer(dark, true);
        let name = format!("out/pictures/packs-{what}{}.png", if dark { "-dark" } else { "" });
        browser.screenshot(&composure_tests::root().join(name));
    }
    browser.prefer(false, true);
}
