//! Everything of ours fails, at random, while a writer writes: whatever it is, no character is lost or changed, and the mail can be
//! sent, once. `COMPOSURE_FAULT_ROUNDS` says how many mails (a few in CI), `COMPOSURE_FAULT_SEED` from which seed on.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use composure_tests::browser::{Browser, Key};
use composure_tests::mailbox::{Compose, Mailbox};
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::wait_painted_somewhere;
use crate::guard::HOT;
use crate::reader::copy;

/// All tests of this module.
pub const CASES: &[Case] = &[("faults::whatever_fails_the_mail_is_sent_once", whatever_fails_the_mail_is_sent_once)];

const WORDS: &[&str] = &[
    "You ",
    "failed ",
    "to ",
    "attach ",
    "the ",
    "receipt. ",
    "You are an idiot. ",
    "Hello Gary, ",
    "Calm down! ",
    "It is fine. ",
    "I am sorry ",
    "for the wait. ",
    "Dana ",
];

/// What fails, by name, in the reports of a round.
const FAULTS: &[&str] = &[
    "frame",
    "surface",
    "both",
    "body",
    "editor",
    "reload",
    "scroll",
    "retype",
    "resize",
    "messages",
    "clock",
    "background",
    "freeze",
    "slow",
    "timers",
];

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// A row of numbers that is the same for the same seed (Vigna's splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }
}

/// In the hands: messages either way are dropped, come late or twice, the clock jumps, and timers and display frames come once a second at
/// most, as in a page that is not shown, as often as the page's element says.
const FAULTY_HANDS: &str = "
const fault = (name) => Number(document.documentElement.dataset[name] ?? 0);
let row = 7;
const chance = () => (row = (row * 16807) % 2147483647) / 2147483647;
const clock = performance.now.bind(performance);
let skew = 0;
performance.now = () => { if (chance() < fault('faultyClock') / 50) skew += chance() * 8000; return clock() + skew; };
const [timeout, display] = [setTimeout, requestAnimationFrame];
globalThis.setTimeout = (act, ms, ...rest) => timeout(act, fault('faultyTimers') ? Math.ceil(((ms ?? 0) + 1) / 1000) * 1000 : ms, ...rest);
globalThis.requestAnimationFrame = (act) => (fault('faultyTimers') ? timeout(() => act(clock()), 1000) : display(act));
const cancel = cancelAnimationFrame;
globalThis.cancelAnimationFrame = (id) => { cancel(id); clearTimeout(id); };
const faulty = (pass) => {
  if (chance() >= fault('faultyMessages')) return pass();
  const kind = chance();
  if (kind < 0.4) return;
  if (kind < 0.7) return void setTimeout(pass, chance() * 1500);
  pass();
  pass();
};
";

/// In the mind and in the background script: the storage takes nothing, half of the time, and the clock is wrong.
const FAULTY_CLOCK_AND_STORAGE: &str = "
{
const { local } = (globalThis.browser ?? globalThis.chrome).storage;
const store = local.set.bind(local);
local.set = (items) => (Math.random() < 0.5 ? Promise.reject(new Error('QUOTA_BYTES quota exceeded')) : store(items));
const today = Date.now;
Date.now = () => today() + (Math.random() < 0.2 ? (Math.random() - 0.5) * 1e9 : 0);
}
";

/// A build of the extension that fails.
fn faulty(folder: &Path) {
    copy(&composure_tests::dist(), folder);
    let change = |name: &str, changes: &[(&str, &str)]| {
        let path = folder.join(name);
        let mut script = fs::read_to_string(&path).expect("a script");
        for (from, to) in changes {
            assert!(script.contains(from), "{name} no longer has {from:?}");
            script = script.replacen(from, to, 1);
        }
        fs::write(path, script).expect("written");
    };
    change(
        "content/loader.js",
        &[
            ("var RESPAWNS", &format!("{FAULTY_HANDS}var RESPAWNS")),
            (
                "this.#port?.postMessage(this.#held);",
                "const [port, held] = [this.#port, this.#held]; faulty(() => port?.postMessage(held));",
            ),
            (
                "if (this.#host === host) this.#receive(port1, data);",
                "faulty(() => { if (this.#host === host) this.#receive(port1, data); });",
            ),
        ],
    );
    change("mind.js", &[("const ready", &format!("{FAULTY_CLOCK_AND_STORAGE}const ready"))]);
    change("background.js", &[("const api =", &format!("{FAULTY_CLOCK_AND_STORAGE}const api ="))]);
}

/// Runs as a script of the page itself.
fn in_page(browser: &Browser, script: &str) {
    browser.js(
        "const it = document.createElement('script'); it.textContent = arguments[0]; document.head.append(it); it.remove()",
        json!([script]),
    );
}

fn whatever_fails_the_mail_is_sent_once(desk: &Desk) {
    let rounds = number("COMPOSURE_FAULT_ROUNDS", 5);
    let first = number("COMPOSURE_FAULT_SEED", 1);
    let folder = tempfile::tempdir().expect("a temporary folder");
    faulty(folder.path());
    let browser = desk.with(folder.path().to_path_buf());
    // Before anything fails, it works.
    let reply = Mailbox::open(&browser, "").reply(0);
    browser.type_text(HOT);
    wait_painted_somewhere(&reply);
    let start = Instant::now();
    let (mut faults, mut held) = (0, 0);
    for seed in first..first + rounds {
        let (new, was_held) = round(&browser, seed);
        faults += new;
        held += usize::from(was_held);
    }
    println!(
        "{}: {rounds} mails, {faults} faults, {held} held and then sent, each sent once as it was written; {} s",
        browser.kind,
        start.elapsed().as_secs()
    );
}

/// One mail. Gives how many faults there were, and whether it was held before it went.
fn round(browser: &Browser, seed: u64) -> (usize, bool) {
    let mut dice = Dice(seed);
    browser.slow_down(1);
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    let (mut typed, mut log) = (String::new(), Vec::new());
    for _ in 0..6 + dice.below(8) {
        if dice.below(3) > 0 {
            let words = WORDS[dice.below(WORDS.len())];
            browser.type_text(words);
            typed.push_str(words);
        } else {
            let fault = FAULTS[dice.below(FAULTS.len())];
            log.push(fault);
            fail(browser, &reply, fault, &mut dice);
        }
        let text = browser.text(&format!("return document.querySelector(\"{}\").textContent", reply.editor()));
        assert_eq!(text.replace('\u{a0}', " "), typed, "seed {seed}, after {log:?}");
    }
    let html = reply.html();
    let mut was_held = false;
    // As a writer does who means it: again and again, and past what asks.
    for attempt in 0.. {
        assert!(attempt < 8, "seed {seed}, after {log:?}: it cannot be sent");
        if dice.below(2) == 0 {
            reply.send();
        } else {
            browser.js("document.querySelector(arguments[0])?.focus()", json!([reply.editor()]));
            browser.press(&[Key::Control, Key::Enter]);
        }
        let until = Instant::now() + Duration::from_millis(1_600);
        while mailbox.sent().is_empty() && Instant::now() < until {
            if let Some(anyway) = browser.surface().button("send-anyway") {
                was_held = true;
                browser.click_at(anyway.rect.centre());
            }
            std::thread::sleep(Duration::from_millis(40));
        }
        if !mailbox.sent().is_empty() {
            break;
        }
    }
    let sent = browser.settled("the mails", || mailbox.sent());
    assert_eq!(sent.len(), 1, "seed {seed}, after {log:?}: sent {sent:?}");
    assert_eq!(sent[0].content, html, "seed {seed}, after {log:?}");
    assert!(!html.to_lowercase().contains("composure"), "seed {seed}: {html}");
    (log.len(), was_held)
}

fn fail(browser: &Browser, reply: &Compose, fault: &str, dice: &mut Dice) {
    let js = |script: &str| drop(browser.js(script, json!([])));
    match fault {
        "frame" => js("document.querySelector('composure-frame')?.remove()"),
        "surface" => js("document.querySelector('composure-surface')?.remove()"),
        "both" => js("for (const it of document.querySelectorAll('composure-frame, composure-surface')) it.remove()"),
        "body" => {
            js("const body = document.createElement('body'); body.className = document.body.className;
                body.append(...document.body.childNodes); document.body.replaceWith(body)");
            refocus(browser, reply);
        }
        // The page's own model goes with it.
        "editor" => {
            in_page(
                browser,
                &format!(
                    "{{ const compose = openComposes.get({}); const old = compose.editor;
                        compose.editor = old.cloneNode(true); old.replaceWith(compose.editor);
                        compose.editor.addEventListener('input', () => compose.edited()); }}",
                    reply.id
                ),
            );
            refocus(browser, reply);
        }
        // Once in a while: it takes seconds, and a new tab in Chromium.
        "reload" if dice.below(3) == 0 => {
            browser.reload_extension();
            refocus(browser, reply);
        }
        "scroll" => js("dispatchEvent(new Event('scroll')); dispatchEvent(new Event('blur'))"),
        "retype" => {
            browser.type_text("x");
            browser.press(&[Key::Backspace]);
        }
        "resize" => js("dispatchEvent(new Event('resize')); document.dispatchEvent(new Event('transitionend'))"),
        "messages" => js(
            "const { dataset } = document.documentElement; dataset.faultyMessages = dataset.faultyMessages ? '' : '0.4'",
        ),
        // As a browser does with what has been idle for half a minute.
        "background" => browser.suspend_background(),
        "freeze" => browser.freeze(Duration::from_millis(100 + 400 * dice.below(4) as u64)),
        "slow" => browser.slow_down([1, 4, 10][dice.below(3)]),
        "timers" => {
            js("const { dataset } = document.documentElement; dataset.faultyTimers = dataset.faultyTimers ? '' : '1'")
        }
        "clock" => {
            js("const { dataset } = document.documentElement; dataset.faultyClock = dataset.faultyClock ? '' : '1'")
        }
        _ => {}
    }
}

fn refocus(browser: &Browser, reply: &Compose) {
    browser.js(
        "const body = document.querySelector(arguments[0]); body.focus();
         getSelection().selectAllChildren(body); getSelection().collapseToEnd()",
        json!([reply.editor()]),
    );
}
