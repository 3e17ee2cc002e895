//! `./build.sh pictures`: the pictures of `docs/store/`, 1280 × 800 and light, of what is shipped, at work in the demo mailbox.

use composure_tests::browser::{Browser, Kind, Options, Surface};
use composure_tests::mailbox::{self, Compose, Mailbox};
use serde_json::{Value, json};

const TENSE: &str = "Hello Gary,\n\nAs I already told you, refunds take time. You failed to attach the receipt, so calm down. I'm \
                     sorry you feel that way.\n\n";
const HOT: &str = "Hello Gary,\n\nAny idiot can read that on our page. You failed to attach the receipt.\n\n";

fn main() {
    let server = mailbox::serve();
    let options =
        Options { extension: Some(composure_tests::dist()), headed: false, proxy: server.address(), profile: None };
    let browser = Browser::start(Kind::Chromium, &options);
    let size = json!({ "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp("Emulation.setDeviceMetricsOverride", size);
    browser.prefer(false, true);

    store(
        &browser,
        &json!({ "settings": { "version": 1, "my_name": "Dana", "business": "Northwind Outdoor", "signature": "Kind regards,\nDana",
        "reader": false } }),
    );

    let reply = write(&browser, TENSE);
    let first = reply.painted().into_iter().find(|one| one.text.contains("failed")).expect("a finding");
    browser.point_at(first.rect.centre());
    browser.wait("the card", || browser.surface().cards.first().map(drop));
    shoot(&browser, "1-card");

    write(&browser, TENSE);
    let pill = browser.wait("the pill", || browser.surface().pills.first().cloned());
    browser.click_at(pill.rect.centre());
    browser.wait("the panel", || browser.surface().panels.first().map(drop));
    shoot(&browser, "2-panel");

    let calm = browser.wait("calming", || browser.surface().button("calm").cloned());
    browser.click_at(calm.rect.centre());
    browser.wait("the changes", || browser.surface().button("calm-all").map(drop));
    shoot(&browser, "3-calm-this");

    let reply = write(&browser, HOT);
    reply.send();
    browser.wait("the dialog", || browser.surface().dialogs.first().map(drop));
    shoot(&browser, "4-held");

    let records = [
        (
            "Gary Stone",
            "Where is my refund?",
            "WHERE IS MY REFUND??? Three weeks!",
            "I am so sorry about the wait, Gary. It went out today.",
            82,
            64,
            4,
        ),
        (
            "Mei Tanaka",
            "Tent poles",
            "Nobody answers me. This is a joke.",
            "You are right to be cross, and I have the poles here for you.",
            61,
            38,
            0,
        ),
        (
            "Sam Okafor",
            "Order 51877",
            "Still waiting. Cancel it.",
            "It is cancelled, and the money is on its way back.",
            47,
            22,
            3,
        ),
    ];
    let day = 86_400_000_u64;
    let all: serde_json::Map<String, Value> = records
        .iter()
        .zip(0_u64..)
        .map(|((who, subject, asked, reply, theirs, before, after), nth)| {
            let time = 1_795_000_000_000 - nth * 2 * day;
            let record = json!({ "version": 1, "time": time, "site": "mail.google.com", "recipient": who, "address": null, "subject": subject,
                "message": asked, "reply": reply, "heat_message": theirs, "heat_before": before, "heat_after": after });
            (format!("record-{time}-1"), record)
        })
        .collect();
    store(&browser, &Value::Object(all));
    browser.open(&format!("{}/records.html", browser.origin));
    browser.wait("the records", || browser.text("return document.body.innerText").contains("Mei Tanaka").then_some(()));
    shoot(&browser, "5-records");
}

/// A reply to the first mail, reviewed.
fn write<'a>(browser: &'a Browser, text: &str) -> Compose<'a> {
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(text);
    browser.wait("findings", || (!reply.painted().is_empty()).then_some(()));
    browser.settled("the painting", || reply.painted());
    reply
}

fn store(browser: &Browser, items: &Value) {
    browser.open(&format!("{}/options.html", browser.origin));
    let said = browser.js_async(&format!(
        "const done = arguments[0]; chrome.storage.local.set({items}).then(() => done('ok'), error => done(String(error)))"
    ));
    assert_eq!(said, "ok");
}

fn shoot(browser: &Browser, name: &str) {
    browser.settled("what is shown", || {
        let Surface { cards, panels, dialogs, .. } = browser.surface();
        (cards, panels, dialogs)
    });
    let file = format!("docs/store/{name}.png");
    browser.screenshot(&composure_tests::root().join(&file));
    println!("{file}");
}
