//! `./build.sh bench`: how long after a keystroke its highlight is there, in real browsers, beside harper.js.
//!
//! A reply of some 250 words in seven paragraphs is typed into the editor of the Gmail-shaped page. It ends in
//! "You are an idio"; a real key, `t`, makes a finding, and Backspace unmakes it for the next `t`. The page notes when its `input` event comes, then looks at `CSS.highlights` in every
//! turn of its event loop (by a message to itself, which blocks nothing) until their number changes, and then waits for
//! the next frame to be on the screen. harper.js gets the same text and the same keys in a page of the same server, paints
//! what it finds in the same way and is measured by the same code; that the same texts come back again and again favours
//! its cache. Both browsers' clocks are asked for their full precision.

use std::time::Duration;

use composure_tests::browser::{Browser, Key, Kind, Options};
use composure_tests::mailbox::{self, BENCH_HOST, Mailbox};
use serde_json::json;

/// How many keystrokes are measured.
const KEYSTROKES: usize = 110;
/// How many times a page is opened anew.
const STARTS: usize = 10;

/// Between two keys.
const PACE: Duration = Duration::from_millis(120);

const REPLY: &str = "Hello Gary,

thank you for writing to us again about order 48213. I looked into your account this morning and I can see both \
payments of the second and the third of November. The first one belongs to the boots that left our house on the \
fourth, and the second one was taken when the page was loaded twice.

As I already told you in my last message, you failed to attach the receipt, and without it our accounting can do \
nothing at all. You should have read the terms before you ordered. Per our policy a refund takes ten working days from \
the day on which we have all papers, and it goes back to the card that was used.

I am sorry you feel that way about our service, but we are a small shop with four people and every one of us answers \
mail in the evening. I have asked Priya in accounting to put your case on the top of her list. She will write to you \
before Thursday noon and tell you the day on which the money leaves our bank. Your bank may need two more days until \
it shows up.

If you would rather talk to a person, our number is on the order page and somebody picks up between nine and five. I \
have also put a voucher for the shipping into your account so that the next parcel costs you nothing.

Please send the photo of the slip when you find it, so that we can close this. You are an idio";

/// Sets up `window.__times`: `[until set, until shown]` in milliseconds for each keystroke.
const MEASURE: &str = "
    window.__times = [];
    const count = () => { let n = 0; for (const [name, highlight] of CSS.highlights) if (name !== 'composure-current') n += highlight.size; return n; };
    // In turns that give way to everything else.
    const soon = turn => scheduler.postTask(turn, { priority: 'background' });
    let start = 0, before = count();
    const look = () => {
        if (count() === before) return soon(look);
        const set = performance.now();
        before = count();
        requestAnimationFrame(() => soon(() => window.__times.push([set - start, performance.now() - start])));
    };
    document.querySelector('[g_editable]').addEventListener('input', event => { start = event.timeStamp; soon(look); }, true);
";

fn main() {
    let words = REPLY.split_whitespace().count();
    println!("input event to painted highlight, {words}-word reply, {} keystrokes each, milliseconds", KEYSTROKES);
    println!(
        "{:<10} {:<12} {:>12} {:>12} {:>12} {:>12}",
        "browser", "", "set median", "set p99", "shown median", "shown p99"
    );
    for kind in Kind::chosen() {
        let server = mailbox::serve();
        let options =
            Options { extension: Some(composure_tests::dist()), headed: false, proxy: server.address(), profile: None };
        let browser = Browser::start(kind, &options);

        let mut starts: Vec<f64> = (0..STARTS).map(|_| first_review(&browser)).collect();
        starts.sort_by(f64::total_cmp);

        let reply = Mailbox::open(&browser, "").reply(0);
        browser.type_text(REPLY);
        browser.wait("findings", || (!reply.painted().is_empty()).then_some(()));
        browser.settled("the painting", || reply.painted_words());
        let ours = measure(&browser);

        browser.open(&format!("https://{BENCH_HOST}/"));
        browser.wait("harper.js", || (browser.js("return window.ready === true", json!([])) == true).then_some(()));
        browser.click("[g_editable]");
        browser.type_text(REPLY);
        browser.settled("its painting", || browser.text("return CSS.highlights.get('harper').size"));
        let theirs = measure(&browser);

        let row = |name: &str, all: &[Vec<f64>; 2]| {
            let [set, shown] = all;
            println!(
                "{:<10} {name:<12} {:>12.2} {:>12.2} {:>12.2} {:>12.2}",
                kind.to_string(),
                quantile(set, 0.5),
                quantile(set, 0.99),
                quantile(shown, 0.5),
                quantile(shown, 0.99)
            );
        };
        row("composure", &ours);
        row("harper.js", &theirs);
        let ratio = |which: usize, q: f64| quantile(&theirs[which], q) / quantile(&ours[which], q);
        println!(
            "{:<10} {:<12} {:>11.1}x {:>11.1}x {:>11.1}x {:>11.1}x",
            kind.to_string(),
            "ratio",
            ratio(0, 0.5),
            ratio(0, 0.99),
            ratio(1, 0.5),
            ratio(1, 0.99)
        );
        println!(
            "{:<10} frame starts to first highlight of the same reply: median {:.0}, slowest of {STARTS} {:.0}",
            kind.to_string(),
            quantile(&starts, 0.5),
            quantile(&starts, 1.0)
        );
    }
}

/// Opens the page anew with the whole reply in its editor before the extension finds it; milliseconds from the frame's
/// element being in the page to its first highlight being set.
fn first_review(browser: &Browser) -> f64 {
    let mailbox = Mailbox::open(browser, "");
    browser.click(".row");
    browser.wait("the conversation", || {
        browser.js("return document.querySelector('.ams.bkH')", json!([])).is_object().then_some(())
    });
    browser.js(
        "const soon = turn => scheduler.postTask(turn, { priority: 'background' });
         let start = 0;
         const look = () => { if (CSS.highlights.size) window.__first = performance.now() - start; else soon(look); };
         new MutationObserver((_, observer) => {
             if (!document.querySelector('composure-frame')) return;
             start = performance.now();
             observer.disconnect();
             soon(look);
         }).observe(document.documentElement, { childList: true });
         document.querySelector('.ams.bkH').click();
         const editor = document.querySelector('[g_editable]');
         editor.focus();
         document.execCommand('insertText', false, arguments[0]);",
        json!([REPLY.replace("idio", "idiot")]),
    );
    mailbox.browser.wait("the first highlight", || browser.js("return window.__first", json!([])).as_f64())
}

/// Presses the keys at a writer's pace, without looking in between; sorted times until set, and until shown.
fn measure(browser: &Browser) -> [Vec<f64>; 2] {
    browser.js(MEASURE, json!([]));
    for _ in 0..KEYSTROKES {
        for key in [Key::Char('t'), Key::Backspace] {
            browser.press(&[key]);
            std::thread::sleep(PACE);
        }
    }
    let times = browser.wait("the last highlight", || {
        let times = browser.js("return __times", json!([])).as_array().cloned().unwrap_or_default();
        (times.len() == 2 * KEYSTROKES).then_some(times)
    });
    [0, 1].map(|which| {
        let mut column: Vec<f64> = times.iter().step_by(2).filter_map(|pair| pair[which].as_f64()).collect();
        column.sort_by(f64::total_cmp);
        column
    })
}

fn quantile(sorted: &[f64], q: f64) -> f64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let at = ((sorted.len() as f64 - 1.0) * q).ceil() as usize;
    sorted[at]
}
