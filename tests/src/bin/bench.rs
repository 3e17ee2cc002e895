//! `./build.sh bench`: what a writer feels of a key, in real browsers, beside harper.js and beside no extension at all.
//!
//! A mail of so many words lies in the editor of the Gmail-shaped page, or in that of a real Roundcube, and ends in
//! "You are an idio". A real key, `t`, makes a finding, and Backspace unmakes it for the next `t`.
//!
//! - *Set* and *shown*: from the key's `input` event until a highlight is set in the writer's paragraph, and until the frame with it is
//!   drawn, by marks in the page's own timeline (a line more in the hands than ship, see [`marked`]): a page that kept looking for
//!   the highlight would change when it comes. Only the keys that make a finding count: what a key unmakes, the page's own script
//!   takes away, with no way to anywhere. A bare message's way is measured the same: what comes back is painted.
//!   harper.js gets the same mail and the same keys in a page of the same server, paints what it finds in the same way and is
//!   measured by the same code; that the same texts come back again and again favours its cache.
//! - *Busy*: the processor time of the page's main thread for one key of a calm reply that is written on there, painting included, and
//!   without the measuring above. A browser with the extension and one without take turns, ten keys each; the median of the turns, of five such
//!   pairs. Event timing is the browser's own: for how long a key keeps its writer waiting, the 98th percentile, from 16 ms on.
//!
//! - *Memory*: what the mind's frame takes with one mail of so many words, without reader and proofreader; see
//!   [`Browser::frame_memory`].
//!
//! `cargo run --release -p composure-tests --bin bench beside DIST…` compares builds: what a key costs the Gmail-shaped page with each of these
//! folders as the extension, and with none, all by turns. With `COMPOSURE_TRACE=FOLDER` Chromium leaves there what its threads did in its first
//! twenty-five seconds; `node bench/trace.mjs FOLDER/none.json FOLDER/dist.json` says what of a key's time is more with the one than with the other.
//! Firefox's profiler takes its settings from `MOZ_PROFILER_STARTUP=1 MOZ_PROFILER_STARTUP_INTERVAL=0.3 MOZ_PROFILER_STARTUP_ENTRIES=30000000
//! MOZ_PROFILER_STARTUP_FEATURES=js,cpu MOZ_PROFILER_STARTUP_FILTERS=GeckoMain MOZ_PROFILER_SHUTDOWN=FOLDER/%p.json`, then `node
//! bench/profile.mjs FOLDER`.
//!
//! Both browsers' clocks are asked for their full precision. `COMPOSURE_KEYS` says how many keys make the rows of the Gmail-shaped page
//! with 250 words and of the bare message (1,000), the others have a tenth. What is printed lies in `out/bench/browsers.json` too,
//! for `bench/report.mjs`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use composure_tests::browser::{Browser, FrameMemory, Key, Kind, Options, copy};
use composure_tests::mailbox::{self, BENCH_HOST, Mailbox};
use composure_tests::roundcube;
use serde_json::{Value, json};

/// How many times a page is opened anew.
const STARTS: usize = 10;
/// From one key to the next, unless the one before is not answered yet.
const PACE: Duration = Duration::from_millis(80);
/// With the extension and without take turns of so many.
const TURN: usize = 10;
/// After a turn: what the hands keep back, to tell it with more, is told by then.
const TOLD: Duration = Duration::from_millis(400);
/// Two browsers of the same build differ by up to 0.4 ms a key for as long as they run: so many pairs, one after the other, share a row.
const PAIRS: usize = 5;
/// No typing into one page takes longer.
const ROW: Duration = Duration::from_secs(200);
const WORDS: &[usize] = &[50, 250, 1_000, 5_000, 20_000];

const REPLY: &str =
    "As I already told you in my last message, you failed to attach the receipt, and without it our accounting can do \
nothing at all. A refund takes ten working days from the day on which we have all papers, and it goes back to the card \
that was used.

Thank you for writing to us again about order 48213. I looked into your account this morning and I can see both \
payments of the second and the third of November. The first one belongs to the boots that left our house on the \
fourth, and the second one was taken when the page was loaded twice.";

const MORE: &str = "I have asked Priya in accounting to put your case on the top of her list. She will write to you \
before Thursday noon and tell you the day on which the money leaves our bank. Your bank may need two more days until \
it shows up.

If you would rather talk to a person, our number is on the order page and somebody picks up between nine and five. I \
have also put a voucher for the shipping into your account so that the next parcel costs you nothing.";

const LAST: &str = "You are an idio";

/// Puts the paragraphs at the end of the writer's own text, and the caret behind the last.
const FILL: &str = "
    const [editor, tag, paragraphs] = [document.querySelector(arguments[0]), arguments[1], arguments[2]];
    for (const own of [...editor.children].filter(it => !it.matches('#reply-intro, blockquote, #_rc_sig'))) own.remove();
    for (const text of paragraphs) {
        const paragraph = document.createElement(tag);
        paragraph.textContent = text;
        editor.append(paragraph);
    }
    window.focus();
    editor.focus();
    getSelection().collapse(editor.lastElementChild.firstChild, paragraphs.at(-1).length);
    editor.dispatchEvent(new InputEvent('input', { bubbles: true }));
";

/// Marks in the page's timeline that a highlight of the paragraph that is written in is set, with all that is painted together
/// with it, and that its frame is drawn.
const PAINTED: &str = "
    function painted(range) {
        const { ownerDocument } = range.startContainer, page = ownerDocument.defaultView;
        if (!range.startContainer.contains(ownerDocument.getSelection().anchorNode)) return;
        queueMicrotask(() => page.performance.mark('set'));
        page.requestAnimationFrame(() => setTimeout(() => page.performance.mark('shown')));
    }
";

/// Notes when keys come, and marks what the page itself paints: a bare message adds a highlight; for harper.js all are cleared and added anew.
const MEASURE: &str = "
    const { add, clear } = Highlight.prototype;
    Highlight.prototype.add = function (range) { painted(range); return add.call(this, range); };
    Highlight.prototype.clear = function () { painted(getSelection().getRangeAt(0)); return clear.call(this); };
    window.__keys = [];
    document.querySelector(arguments[0]).addEventListener('input', ({ timeStamp }) => __keys.push(timeStamp), true);
";

/// Whether so many keys came, and the last of them is answered, if it makes a finding or `all` are answered.
const ANSWERED: &str = "
    const [, keys, all] = arguments;
    const shown = performance.getEntriesByName('shown').at(-1)?.startTime ?? 0;
    return __keys.length >= keys && (!all && keys % 2 === 0 || shown > __keys.at(-1));
";

/// `[until set, until shown]` in milliseconds for each key that makes a finding.
const TIMES: &str = "
    const marks = ['set', 'shown'].map(name => performance.getEntriesByName(name).map(it => it.startTime));
    return __keys.filter((_, i) => i % 2 === 0).map(key => marks.map(times => times.find(time => time > key) - key));
";

/// Sets up `window.__events`, the durations of what the keys set off, and `window.__long`, the number of long tasks.
const WATCH: &str = "
    window.__events = new Map();
    window.__long = 0;
    new PerformanceObserver(list => {
        for (const { interactionId, duration } of list.getEntries()) {
            if (interactionId) window.__events.set(interactionId, Math.max(duration, window.__events.get(interactionId) ?? 0));
        }
    }).observe({ type: 'event', durationThreshold: 16 });
    if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
        new PerformanceObserver(list => { window.__long += list.getEntries().length; }).observe({ type: 'longtask' });
    }
";

/// A frame of another site, and a port to it.
const ECHO: &str = "
    const frame = document.createElement('iframe');
    frame.addEventListener('load', () => {
        const { port1, port2 } = new MessageChannel();
        frame.contentWindow.postMessage(null, '*', [port2]);
        // Where that is measured, it paints something and takes it back.
        const [echo, range] = [new Highlight(), document.createRange()];
        CSS.highlights.set('echo', echo);
        port1.onmessage = () => {
            window.echo = true;
            if (!window.__keys) return;
            range.selectNodeContents(getSelection().anchorNode);
            if (!echo.delete(range)) echo.add(range);
        };
        const change = { type: 'typed', compose: 1, revision: 2, base: 1, edit: { start: 3, end: 3, insert: 'r' }, regions: [] };
        document.addEventListener('input', () => port1.postMessage([change]), { capture: true });
        port1.postMessage([change]);
    });
    frame.src = arguments[0];
    document.body.append(frame);
";

/// What is typed into.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    /// The Gmail-shaped page.
    Gmail,
    /// A real Roundcube, TinyMCE.
    Roundcube,
    /// The Gmail-shaped page, and each change of its text is sent to another process and comes back: less, no tool can cost
    /// whose thoughts are not in the page.
    Echo,
    /// harper.js on the page's own thread; in a worker.
    Harper(&'static str),
}

impl Page {
    fn name(self) -> &'static str {
        match self {
            Page::Gmail => "Gmail-shaped page",
            Page::Roundcube => "Roundcube (TinyMCE)",
            Page::Echo => "a bare message to a frame and back",
            Page::Harper("") => "harper.js, in the page",
            Page::Harper(_) => "harper.js, in a worker",
        }
    }

    /// Its editor, and its paragraphs' tag.
    fn editor(self) -> (&'static str, &'static str) {
        if self == Page::Roundcube { ("body", "p") } else { ("[g_editable]", "div") }
    }

    /// With a mail of so many words in it.
    fn open(self, browser: &Browser, words: usize) -> Writing<'_> {
        match self {
            Page::Gmail | Page::Echo => drop(Mailbox::open(browser, "").reply(0)),
            Page::Roundcube => drop(roundcube::HTML.reply(browser, "WHERE IS MY REFUND")),
            Page::Harper(query) => {
                browser.open(&format!("https://{BENCH_HOST}/{query}"));
                browser.wait("harper.js", || {
                    (browser.js("return window.ready === true", json!([])) == true).then_some(())
                });
            }
        }
        let writing = Writing { browser, page: self };
        let (editor, tag) = self.editor();
        let paragraphs = mail(words);
        writing.within(|browser| browser.js(FILL, json!([editor, tag, paragraphs])));
        if self == Page::Echo {
            browser.js(ECHO, json!([format!("https://{BENCH_HOST}/echo.html")]));
            browser.wait("the frame", || (browser.js("return window.echo", json!([])) == true).then_some(()));
        }
        writing
    }
}

/// The paragraphs of a mail of some so many words.
fn mail(words: usize) -> Vec<&'static str> {
    let mut paragraphs = Vec::new();
    let mut count = LAST.split_whitespace().count();
    for paragraph in REPLY.split("\n\n").chain(MORE.split("\n\n").cycle()) {
        if count >= words {
            break;
        }
        count += paragraph.split_whitespace().count();
        paragraphs.push(paragraph);
    }
    paragraphs.push(LAST);
    paragraphs
}

/// A mail that is open.
struct Writing<'a> {
    browser: &'a Browser,
    page: Page,
}

impl Writing<'_> {
    fn within<T>(&self, work: impl FnOnce(&Browser) -> T) -> T {
        match self.page {
            Page::Roundcube => self.browser.in_frame("#composebody_ifr", work),
            _ => work(self.browser),
        }
    }

    fn js(&self, script: &str) -> Value {
        self.within(|browser| browser.js(script, json!([self.page.editor().0])))
    }

    /// Waits until what there is to find is painted.
    fn wait_painted(&self) {
        let count = "return [...CSS.highlights.values()].reduce((sum, it) => sum + it.size, 0)";
        self.browser.wait("findings", || (self.js(count).as_u64() > Some(0)).then_some(()));
        self.browser.settled("the painting", || self.js(count).as_u64());
    }

    /// Types this letter and takes it back in turn, at a writer's pace, until each is answered.
    fn type_letter(&self, letter: char, keys: usize, answered: impl Fn(usize) -> bool) {
        let end = Instant::now() + ROW;
        for key in 0..keys {
            if Instant::now() > end {
                return;
            }
            self.press(if key % 2 == 0 { Key::Char(letter) } else { Key::Backspace });
            while !answered(key + 1) && Instant::now() < end {
                std::thread::sleep(PACE / 4);
            }
        }
    }

    fn press(&self, key: Key) {
        self.within(|browser| browser.press(&[key]));
        std::thread::sleep(PACE);
    }

    /// Writes on, ten keys from this one; gives how many there were in the time of a row.
    fn write(&self, from: usize) -> usize {
        let end = Instant::now() + ROW;
        composure_tests::reply_keys(from, TURN).take_while(|_| Instant::now() < end).map(|key| self.press(key)).count()
    }

    /// Until its highlight is set, and until it is shown: sorted.
    fn latency(&self, keys: usize) -> [Vec<f64>; 2] {
        if self.page != Page::Echo {
            self.wait_painted();
        }
        self.js(&format!("{PAINTED}{MEASURE}"));
        let all = matches!(self.page, Page::Harper(_));
        self.type_letter('t', keys, |typed| {
            self.within(|browser| browser.js(ANSWERED, json!([null, typed, all]))) == true
        });
        let times = self.js(TIMES);
        [0, 1].map(|which| {
            let times = times.as_array().into_iter().flatten();
            sorted(times.filter_map(|pair| pair[which].as_f64()))
        })
    }

    /// A page that has done all that it does at its start.
    fn settle(&self) {
        self.js(WATCH);
        self.write(0);
        std::thread::sleep(Duration::from_secs(2));
    }

    /// How long a key of one turn keeps its main thread busy, in milliseconds.
    fn turn(&self, number: usize) -> f64 {
        let before = self.browser.main_thread();
        let typed = self.write(TURN * (number + 1));
        std::thread::sleep(TOLD);
        (self.browser.main_thread() - before) / typed.max(1) as f64
    }

    /// Of so many keys that were typed: the 98th percentile of event timing, and the number of long tasks.
    fn felt(&self, keys: usize) -> [f64; 2] {
        let events = self.js("return [...__events.values()]");
        let mut slow: Vec<f64> = events.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        slow.resize(slow.len().max(keys), 0.0);
        slow.sort_by(f64::total_cmp);
        [quantile(&slow, 0.98), self.js("return __long").as_f64().unwrap_or(0.0)]
    }
}

/// What so many keys cost each of these pages, which take turns: milliseconds of its main thread for one, 98th percentile of event
/// timing, long tasks.
fn burden(pages: &[Writing<'_>], keys: usize) -> Vec<[f64; 3]> {
    pages.iter().for_each(Writing::settle);
    // For who reads a trace.
    pages.iter().for_each(|page| drop(page.js("console.timeStamp('turns')")));
    let mut turns = vec![Vec::new(); pages.len()];
    for number in 0..keys.div_ceil(TURN) {
        for (page, turns) in pages.iter().zip(&mut turns) {
            turns.push(page.turn(number));
        }
    }
    let rows = pages.iter().zip(turns).map(|(page, turns)| {
        let turns = sorted(turns.into_iter());
        let [waiting, long] = page.felt(turns.len() * TURN);
        [quantile(&turns, 0.5), waiting, long]
    });
    rows.collect()
}

/// Prints what so many keys cost with each of these builds, and how much more that is than with the first.
fn beside(builds: &[Option<PathBuf>], keys: usize, start: impl Fn(Option<PathBuf>) -> Browser) {
    let mut all = vec![Vec::new(); builds.len()];
    for round in 0..PAIRS {
        // Each is the first once.
        let order: Vec<usize> = (0..builds.len()).map(|at| (at + round) % builds.len()).collect();
        let browsers: Vec<_> = order.iter().map(|at| start(builds[*at].clone())).collect();
        let pages: Vec<_> = browsers.iter().map(|browser| Page::Gmail.open(browser, 250)).collect();
        for (at, [busy, ..]) in order.iter().zip(burden(&pages, keys)) {
            all[*at].push(busy);
        }
    }
    for (build, busy) in builds.iter().zip(&all) {
        let added = sorted(busy.iter().zip(&all[0]).map(|(with, without)| with - without));
        println!(
            "{:<40} {:.2} ms a key, added {:.2} ({:.2} to {:.2})",
            build.as_ref().map_or("none".into(), |build| build.display().to_string()),
            quantile(&sorted(busy.iter().copied()), 0.5),
            quantile(&added, 0.5),
            quantile(&added, 0.0),
            quantile(&added, 1.0),
        );
    }
}

/// The extension, and its hands mark in the page's timeline when they have set a highlight.
fn marked(folder: &Path) {
    copy(&composure_tests::dist(), folder);
    let hands = folder.join("content/loader.js");
    let script = std::fs::read_to_string(&hands).expect("the hands");
    let add = "this.#highlight(name).add(range);";
    assert_eq!(script.matches(add).count(), 1, "the hands add no highlight with {add:?}");
    std::fs::write(hands, format!("{PAINTED}{}", script.replace(add, &format!("{add} painted(range);"))))
        .expect("written");
}

fn main() {
    let all: usize = std::env::var("COMPOSURE_KEYS").ok().and_then(|keys| keys.parse().ok()).unwrap_or(1_000);
    let keys_of = |page, words| {
        if matches!(page, Page::Gmail | Page::Echo) && words == 250 { all } else { all.div_ceil(10) }
    };
    let chosen = std::env::args().nth(1);
    let mut rows = Vec::new();
    let mut add = |row: Value| {
        println!("{row}");
        rows.push(row);
    };
    if chosen.as_deref().is_none_or(|chosen| chosen == "latency" || chosen == "burden") {
        roundcube::start();
    }
    let server = mailbox::serve();
    for kind in Kind::chosen() {
        let start = |extension| {
            Browser::start(
                kind,
                &Options { extension, headed: false, proxy: server.address(), profile: None, private: false },
            )
        };
        let is_chosen = |part: &str| chosen.as_deref().is_none_or(|chosen| chosen == part);
        let name = kind.to_string();

        if chosen.as_deref() == Some("beside") {
            let builds: Vec<_> =
                std::iter::once(None).chain(std::env::args().skip(2).map(|build| Some(build.into()))).collect();
            println!("{name}");
            beside(&builds, all.min(100), start);
            continue;
        }
        if is_chosen("start") {
            let with = start(Some(composure_tests::dist()));
            let starts = sorted((0..STARTS).map(|_| first_review(&with)));
            add(
                json!({ "what": "start", "browser": name, "median": quantile(&starts, 0.5), "slowest": quantile(&starts, 1.0), "starts": STARTS }),
            );
        }
        if is_chosen("memory") {
            for words in [250, 20_000] {
                let memory = frame_memory(&start(Some(composure_tests::dist())), words);
                add(
                    json!({ "what": "memory", "browser": name, "words": words, "wasm": memory.wasm, "rest": memory.rest }),
                );
            }
        }
        if is_chosen("latency") {
            let folder = tempfile::tempdir().expect("a temporary folder");
            marked(folder.path());
            let (with, without) = (start(Some(folder.path().to_path_buf())), start(None));
            let ours = WORDS.iter().map(|words| (Page::Gmail, *words)).chain([(Page::Roundcube, 250)]);
            let theirs = [50, 250, 1_000, 5_000].map(|words| (Page::Harper(""), words));
            let in_worker = [50, 250, 1_000, 5_000].map(|words| (Page::Harper("?worker"), words));
            for (page, words) in ours.chain([(Page::Echo, 250)]).chain(theirs).chain(in_worker) {
                let browser = if matches!(page, Page::Gmail | Page::Roundcube) { &with } else { &without };
                let [set, shown] = page.open(browser, words).latency(keys_of(page, words));
                add(json!({
                    "what": "latency", "browser": name, "page": page.name(), "words": words, "keys": set.len(),
                    "set": [quantile(&set, 0.5), quantile(&set, 0.99)], "shown": [quantile(&shown, 0.5), quantile(&shown, 0.99)],
                }));
            }
        }
        if is_chosen("burden") {
            for (page, bare, words) in [
                (Page::Gmail, Some(Page::Gmail), 250),
                (Page::Gmail, Some(Page::Gmail), 5_000),
                (Page::Echo, Some(Page::Gmail), 250),
                (Page::Roundcube, Some(Page::Roundcube), 250),
                // It is part of its page.
                (Page::Harper(""), None, 250),
            ] {
                let keys = keys_of(page, words).div_ceil(PAIRS).next_multiple_of(TURN);
                let dist = matches!(page, Page::Gmail | Page::Roundcube).then(composure_tests::dist);
                let pairs: Vec<_> = (0..PAIRS)
                    .map(|_| {
                        let (ours, theirs) = (start(dist.clone()), start(None));
                        let pages: Vec<_> = [page.open(&ours, words)]
                            .into_iter()
                            .chain(bare.map(|bare| bare.open(&theirs, words)))
                            .collect();
                        burden(&pages, keys)
                    })
                    .collect();
                add(json!({
                    "what": "burden", "browser": name, "page": page.name(), "words": words, "keys": PAIRS * keys,
                    "with": together(pairs.iter().map(|pair| pair[0])),
                    "without": bare.map(|_| together(pairs.iter().map(|pair| pair[1]))),
                    "added": bare.map(|_| sorted(pairs.iter().map(|pair| pair[0][0] - pair[1][0]))),
                }));
            }
        }
    }
    if chosen.as_deref() == Some("beside") {
        return;
    }
    let file = composure_tests::root().join("out/bench/browsers.json");
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("out/bench");
    std::fs::write(file, json!(rows).to_string()).expect("out/bench/browsers.json");
}

/// The medians of the milliseconds, and all long tasks.
fn together(rows: impl Iterator<Item = [f64; 3]> + Clone) -> [f64; 3] {
    let median = |column: usize| quantile(&sorted(rows.clone().map(|row| row[column])), 0.5);
    [median(0), median(1), rows.clone().map(|row| row[2]).sum()]
}

fn sorted(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// What the frame of a browser that was started just now takes once a mail of so many words is reviewed.
fn frame_memory(browser: &Browser, words: usize) -> FrameMemory {
    browser.open(&format!("{}/options.html", browser.origin));
    let said = browser.js_async(
        "const done = arguments[0];
         (window.browser ?? chrome).storage.local.set({ settings: { version: 1, reader: false } }).then(() => done('ok'), error => done(String(error)))",
    );
    assert_eq!(said, "ok");
    let writing = Page::Gmail.open(browser, words);
    writing.wait_painted();
    // A writer goes on writing.
    writing.write(0);
    writing.write(TURN);
    browser.frame_memory().expect("the frame")
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
        json!([mail(250).join("\n\n").replace("idio", "idiot")]),
    );
    mailbox.browser.wait("the first highlight", || browser.js("return window.__first", json!([])).as_f64())
}

fn quantile(sorted: &[f64], q: f64) -> f64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let at = ((sorted.len() as f64 - 1.0) * q).ceil() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
