//! `./build.sh pictures`: of what is shipped, at work in the demo mailbox, the pictures of `docs/store/`, 1280 × 800 and light,
//! and of every surface those of `docs/surfaces/`: light, dark, in a page that is written from right to left, at 200 %.

use composure_tests::browser::{Browser, Key, Kind, Options, Surface};
use composure_tests::mailbox::{self, Compose, Mailbox};
use serde_json::{Value, json};

const TENSE: &str = "Hello Gary,\n\nAs I already told you, refunds take time. You failed to attach the receipt, so calm down. I'm \
                     sorry you feel that way.\n\n";
const GERMAN: &str = "Guten Tag,\n\nes tut mir leid, dass Ihr Paket noch nicht da ist. Ich frage heute nach und melde mich am Donnerstag.\n\n";
const HOT: &str = "Hello Gary,\n\nAny idiot can read that on our page. You failed to attach the receipt.\n\n";

fn main() {
    let server = mailbox::serve();
    let options = Options {
        extension: Some(composure_tests::dist()),
        headed: false,
        proxy: server.address(),
        profile: None,
        private: false,
    };
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

    for look in LOOKS {
        let tiles = look.surfaces(&browser);
        browser.open("about:blank");
        look.montage(&browser, &tiles);
    }
}

/// How the surfaces are looked at.
struct Look {
    name: &'static str,
    dark: bool,
    rtl: bool,
    /// Device pixels for one of the page's: 2 is what a zoom of 200 % does to its room.
    zoom: u32,
}

const LOOKS: &[Look] = &[
    Look { name: "light", dark: false, rtl: false, zoom: 1 },
    Look { name: "dark", dark: true, rtl: false, zoom: 1 },
    Look { name: "right-to-left", dark: false, rtl: true, zoom: 1 },
    Look { name: "zoomed", dark: false, rtl: false, zoom: 2 },
];

/// The pages of the extension.
const PAGES: &[&str] = &["welcome", "options", "snippets", "packs", "records", "progress", "calm", "popup"];

impl Look {
    /// Each surface by its name, as PNG in base64.
    fn surfaces(&self, browser: &Browser) -> Vec<(String, String)> {
        self.resize(browser);
        browser.prefer(self.dark, true);
        let mut tiles = Vec::new();
        let mut shoot = |name: &str| {
            settle(browser);
            let shot = browser.cdp("Page.captureScreenshot", json!({ "format": "png" }));
            tiles.push((name.to_owned(), shot["data"].as_str().unwrap_or_default().to_owned()));
        };

        let reply = self.write(browser, TENSE);
        let first = reply.painted().into_iter().find(|one| one.text.contains("failed")).expect("a finding");
        browser.point_at(first.rect.centre());
        browser.wait("the card", || browser.surface().cards.first().map(drop));
        shoot("card");

        self.write(browser, TENSE);
        self.press(browser, "/");
        browser.wait("the panel", || browser.surface().panels.first().map(drop));
        shoot("panel");
        for (action, name) in [("calm", "calm this"), ("walk", "before sending"), ("snippets", "snippets in the panel")]
        {
            self.write(browser, TENSE);
            self.press(browser, "/");
            browser.wait("the panel", || browser.surface().panels.first().map(drop));
            // The panel is filled anew while it is aimed at.
            browser.wait("its answer", || {
                browser.in_surface(&format!(
                    "function () {{ this.querySelector('.panel [data-action=\"{action}\"]')?.scrollIntoView({{ block: 'center' }}); return null; }}"
                ));
                let surface = browser.surface();
                if surface.button("back").is_some() {
                    return Some(());
                }
                let button = surface.button(action).filter(|button| button.rect.centre().y > 0.0)?;
                browser.click_at(button.rect.centre());
                None
            });
            shoot(name);
        }

        self.write(browser, GERMAN);
        self.press(browser, "/");
        browser.wait("the panel", || browser.surface().button("read-anyway").map(drop));
        shoot("another language");

        let reply = self.write(browser, HOT);
        reply.send();
        browser.wait("the dialog", || browser.surface().dialogs.first().map(drop));
        shoot("held");

        for page in PAGES {
            browser.open(&format!("{}/{page}.html", browser.origin));
            browser.wait("the page", || (browser.text("return document.body.innerText").len() > 20).then_some(()));
            self.turn(browser);
            shoot(page);
        }
        tiles
    }

    fn resize(&self, browser: &Browser) {
        let (width, height) = (1280 / self.zoom, 800 / self.zoom);
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": self.zoom, "mobile": false });
        browser.cdp("Emulation.setDeviceMetricsOverride", size);
    }

    /// Lets the page be written from right to left, if it shall be.
    fn turn(&self, browser: &Browser) {
        if self.rtl {
            browser.js("document.documentElement.dir = 'rtl'", json!([]));
        }
    }

    fn write<'a>(&self, browser: &'a Browser, text: &str) -> Compose<'a> {
        let reply = write(browser, text);
        if self.dark {
            reply.darken();
        }
        self.turn(browser);
        settle(browser);
        reply
    }

    /// Alt and a key.
    fn press(&self, browser: &Browser, key: &str) {
        browser.press(&[Key::Alt, Key::Char(key.chars().next().expect("a key"))]);
    }

    /// All of them in one picture: `docs/surfaces/<look>.jpg`.
    fn montage(&self, browser: &Browser, tiles: &[(String, String)]) {
        Look { zoom: 1, ..*self }.resize(browser);
        browser.js(
            "document.documentElement.dir = 'ltr';
             document.body.replaceChildren(...arguments[0].map(([name, data]) => {
                 const figure = document.createElement('figure');
                 const [image, caption] = [document.createElement('img'), document.createElement('figcaption')];
                 image.src = `data:image/png;base64,${data}`;
                 image.style.cssText = 'width: 100%; display: block; border: 1px solid #888';
                 caption.textContent = name;
                 figure.append(image, caption);
                 figure.style.cssText = 'margin: 0';
                 return figure;
             }));
             document.body.className = '';
             document.body.style.cssText = 'display: grid; grid-template-columns: 1fr 1fr; gap: 12px; margin: 12px; max-width: none; padding: 0; background: #ddd; color: #222; font: 14px sans-serif'",
            json!([tiles]),
        );
        browser.wait("the pictures", || {
            (browser.js("return [...document.images].every(it => it.complete && it.naturalWidth)", json!([])) == true)
                .then_some(())
        });
        let clip = json!({ "x": 0, "y": 0, "width": 1280, "height": browser.js("return document.documentElement.scrollHeight", json!([])), "scale": 1 });
        let shot = browser.cdp(
            "Page.captureScreenshot",
            json!({ "format": "jpeg", "quality": 72, "captureBeyondViewport": true, "clip": clip }),
        );
        let bytes =
            base64::Engine::decode(&base64::prelude::BASE64_STANDARD, shot["data"].as_str().unwrap_or_default())
                .expect("a picture");
        let file = format!("docs/surfaces/{}.jpg", self.name);
        let path = composure_tests::root().join(&file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("docs/surfaces");
        std::fs::write(path, bytes).expect("the picture");
        println!("{file}");
    }
}

fn settle(browser: &Browser) {
    browser.settled("what is shown", || {
        let Surface { cards, panels, dialogs, .. } = browser.surface();
        (cards, panels, dialogs)
    });
}

/// A reply to the first mail, reviewed.
fn write<'a>(browser: &'a Browser, text: &str) -> Compose<'a> {
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(text);
    // Or why there are none.
    let reviewed =
        || !reply.painted().is_empty() || browser.surface().pills.iter().any(|pill| pill.label.contains("German"));
    browser.wait("findings", || reviewed().then_some(()));
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
    settle(browser);
    let file = format!("docs/store/{name}.png");
    browser.screenshot(&composure_tests::root().join(&file));
    println!("{file}");
}
