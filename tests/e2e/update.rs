//! The extension is updated while mails are being written: the open tab keeps its mail and can send it, once; whatever is opened from
//! then on has the new version, and what was stored is still there.
//!
//! The previous version is the build that `COMPOSURE_PREVIOUS` names (a `dist/` of an older commit). Without one it is the present build
//! under a lower version, whose hands and frame speak a dialect of the protocol that the present ones do not understand.

use std::fs;
use std::path::{Path, PathBuf};

use composure_tests::browser::{Browser, Key, Kind};
use composure_tests::mailbox::{Compose, Mailbox};
use serde_json::{Value, json};

use crate::Case;
use crate::desk::{Desk, is_ours};
use crate::gmail::{TENSE, panel, press, wait_card, wait_painted_somewhere};
use crate::guard::{HOT, button, wait_dialog};
use crate::options;
use crate::reader::copy;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("update::while_a_mail_is_half_written", |desk| updated_under(desk, Moment::Typing)),
    ("update::while_a_card_is_open", |desk| updated_under(desk, Moment::Card)),
    ("update::while_the_panel_is_open", |desk| updated_under(desk, Moment::Panel)),
    ("update::while_the_dialog_holds_a_mail", |desk| updated_under(desk, Moment::Dialog)),
];

/// What the writer is doing when the update comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Moment {
    Typing,
    Card,
    Panel,
    Dialog,
}

/// The version of a build.
fn version(build: &Path) -> String {
    let manifest = fs::read_to_string(build.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    manifest["version"].as_str().expect("a version").to_owned()
}

/// Puts the previous version into a folder; gives which it is.
fn previous(folder: &Path) -> String {
    let dist = composure_tests::dist();
    let present = version(&dist);
    let older = std::env::var_os("COMPOSURE_PREVIOUS").map(PathBuf::from);
    copy(older.as_deref().unwrap_or(&dist), folder);
    let change = |name: &str, from: &str, to: &str| {
        let path = folder.join(name);
        let script = fs::read_to_string(&path).expect("a text file");
        assert!(script.contains(from), "{name} no longer has {from:?}");
        fs::write(path, script.replace(from, to)).expect("written");
    };
    // Commits between two releases have the same version, and an update must have a higher one.
    if version(folder) == present {
        change("manifest.json", &format!("\"version\": \"{present}\""), "\"version\": \"0.0.9\"");
    }
    if older.is_none() {
        change("content/loader.js", r#"type: "opened""#, r#"type: "begun""#);
        change("content/loader.js", r#"type: "typed""#, r#"type: "written""#);
        change("content/loader.js", r#"event.type !== "typed""#, r#"event.type !== "written""#);
        change("content/loader.js", r#"case "paint""#, r#"case "colour""#);
        change("mind.js", "await start_mind(port,", &format!("{DIALECT}await start_mind(dialect(port),"));
    }
    version(folder)
}

/// In the mind of the previous version: what its hands say is translated for the mind, and back.
const DIALECT: &str = "
const dialect = (outer) => {
  const { port1, port2 } = new MessageChannel();
  const pass = (from, to, words) => {
    from.onmessage = ({ data }) => to.postMessage(Array.isArray(data) ? data.map((one) => ({ ...one, type: words[one.type] ?? one.type })) : data);
  };
  pass(outer, port1, { begun: 'opened', written: 'typed' });
  pass(port1, outer, { paint: 'colour' });
  return port2;
};
";

/// What is kept of the writer's own, by the keys of the storage.
fn kept(browser: &Browser) -> Vec<(String, Value)> {
    options::open(browser);
    let all = browser.js_async(
        "const done = arguments[0]; (window.browser ?? chrome).storage.local.get(null).then(done, error => done(String(error)))",
    );
    let ours = |key: &str| key == "settings" || key.starts_with("record-") || key.starts_with("snippet-");
    let mut kept: Vec<_> = all.as_object().into_iter().flatten().filter(|(key, _)| ours(key)).collect();
    kept.sort_by_key(|(key, _)| key.as_str());
    kept.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Sends as a writer does who means it: again where nothing happens, and past what asks. Gives whether it was asked.
fn send(browser: &Browser, mailbox: &Mailbox, reply: &Compose) -> bool {
    let before = mailbox.sent().len();
    let gone = || mailbox.sent().len() > before;
    let mut was_held = false;
    for attempt in 0.. {
        assert!(attempt < 3, "{}: it cannot be sent", browser.kind);
        reply.send();
        let until = std::time::Instant::now() + std::time::Duration::from_secs(3);
        while !gone() && std::time::Instant::now() < until {
            if let Some(anyway) = browser.surface().button("send-anyway") {
                was_held = true;
                browser.click_at(anyway.rect.centre());
            }
            std::thread::sleep(std::time::Duration::from_millis(40));
        }
        if gone() {
            break;
        }
    }
    let sent = browser.settled("the mails", || mailbox.sent());
    assert_eq!(sent.len(), before + 1, "sent once");
    was_held
}

fn updated_under(desk: &Desk, moment: Moment) {
    let present = version(&composure_tests::dist());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let old = previous(folder.path());
    assert_ne!(old, present);
    let browser = desk.with(folder.path().to_path_buf());

    // The previous version is set up, and has kept a mail that was sent with it.
    options::open(&browser);
    assert_eq!(runs(&browser), old);
    let snippet = json!({ "id": "own-1", "title": "Ours", "situation": "", "register": "warm", "words": [], "needs": [], "text": "Our own words." });
    options::store(
        &browser,
        &json!({
            "settings": { "version": 1, "my_name": "Dana Reyes", "business": "Northwind", "signature": "Dana", "reader": false, "records": "all" },
            "snippet-own-1": { "version": 1, "snippet": snippet, "trashed": null },
        }),
    );
    let mailbox = Mailbox::open(&browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(HOT);
    wait_painted_somewhere(&reply);
    assert!(send(&browser, &mailbox, &reply), "the previous version holds it");
    let here = browser.beside("about:blank");
    let before = browser.wait("the record", || Some(kept(&browser)).filter(|kept| kept.len() == 3));
    browser.leave_tab(&here);

    // A tab with a mail half written.
    let mailbox = Mailbox::open(&browser, "");
    let reply = mailbox.reply(0);
    let text = if moment == Moment::Dialog { HOT } else { TENSE };
    browser.type_text(text);
    let painted = wait_painted_somewhere(&reply);
    match moment {
        Moment::Typing => {}
        Moment::Card => {
            browser.point_at(painted[0].rect.centre());
            wait_card(&browser);
        }
        Moment::Panel => drop(panel(&browser)),
        Moment::Dialog => {
            reply.send();
            wait_dialog(&browser);
        }
    }
    let html = reply.html();

    browser.update_extension(folder.path(), &composure_tests::dist());

    // Nothing is changed by it, and the mail goes on being written.
    assert_eq!(browser.settled("the mail", || reply.html()), html, "{moment:?}");
    assert_eq!(mailbox.sent(), [], "{moment:?}");
    browser.press(&[Key::Escape]);
    browser.js(
        "const body = document.querySelector(arguments[0]); body.focus(); getSelection().selectAllChildren(body); getSelection().collapseToEnd()",
        json!([reply.editor()]),
    );
    browser.type_text(" And we");
    browser.press(&[Key::Backspace]);
    browser.press(&[Key::Backspace]);
    browser.type_text("it is late.");
    let written = format!("{text} And it is late.");
    assert_eq!(reply.html().replace("&nbsp;", " "), written, "{moment:?}");
    // The orphan took its views with it (Chromium), or the new version is there in its place (Firefox, which runs content scripts anew).
    let surface = browser.settled("the surface", || browser.surface());
    assert!(
        surface.cards.is_empty() && surface.dialogs.is_empty() && surface.panels.is_empty(),
        "{moment:?}: {surface:?}"
    );
    let hosts = "return document.querySelectorAll('composure-surface, composure-frame').length";
    match browser.kind {
        Kind::Chromium => {
            browser.wait("the orphan to be gone", || (browser.js(hosts, json!([])) == 0).then_some(()));
            assert_eq!(reply.painted(), [], "{moment:?}");
        }
        Kind::Firefox => {
            browser.wait("the new version's finding", || (!reply.painted().is_empty()).then_some(()));
            assert_eq!(browser.js(hosts, json!([])), 2, "one surface, one frame");
        }
    }
    // The mail goes, once, as it is.
    let html = reply.html();
    let held = send(&browser, &mailbox, &reply);
    assert_eq!(mailbox.sent()[0].content, html, "{moment:?}");
    assert!(!html.to_lowercase().contains("composure"), "{html}");
    assert_eq!(mailbox.errors(), Vec::<String>::new());
    if browser.kind == Kind::Chromium {
        assert!(!held, "an orphan holds nothing");
    }
    // So does another one in the same tab.
    let again = mailbox.compose();
    again.click_into();
    browser.type_text("Good morning.");
    assert_eq!(again.html(), "Good morning.");
    send(&browser, &mailbox, &again);

    // Whatever is opened now has the new version, and all that the previous one kept.
    let mailbox = Mailbox::open(&browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(HOT);
    wait_painted_somewhere(&reply);
    reply.send();
    press(&browser, &button(&browser, "send-anyway"));
    browser.wait("the mail to be sent", || (!mailbox.sent().is_empty()).then_some(()));
    assert_eq!(browser.settled("the mails", || mailbox.sent().len()), 1);
    let after = browser.wait("the new record", || {
        let kept = kept(&browser);
        let new = kept.iter().filter(|(key, _)| !before.iter().any(|(old, _)| old == key)).count();
        (new >= 1).then_some(kept)
    });
    assert_eq!(runs(&browser), present);
    for (key, value) in &before {
        assert!(after.contains(&(key.clone(), value.clone())), "{key} was {value}, of {after:?}");
    }
    assert_eq!(browser.text("return document.getElementById('my_name').value"), "Dana Reyes");
    assert!(!browser.tabs().iter().any(|tab| tab.ends_with("/welcome.html")), "nobody is welcomed twice");
    let said: Vec<_> = browser.console().into_iter().filter(|line| is_ours(line)).collect();
    assert!(said.is_empty(), "{moment:?}: {said:#?}");
}

/// The version that runs, asked on one of its pages.
fn runs(browser: &Browser) -> String {
    browser.text("return (window.browser ?? chrome).runtime.getManifest().version")
}
