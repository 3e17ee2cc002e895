//! `./build.sh bench`: how long a page's main thread is busy with one key, with the extension and without, in each editor of
//! `tests/editors/` and on each page of `tests/pages/`. An argument chooses those whose name contains it.
//!
//! A key is pressed, the page comes to rest: the difference of the thread's processor time is the key's, less what the page
//! does at rest, which is measured before each turn; the median of all keys stands for them. The two browsers, with and without the
//! extension, take turns of ten keys. Two browsers of one build differ by up to 0.4 ms for as long as they run: `COMPOSURE_PAIRS` says
//! how many pairs are asked, one after the other; the middle one stands for them, and behind it is what all of them found.

use std::time::{Duration, Instant};

use composure_tests::browser::{Browser, Key, Kind, Options};
use composure_tests::{editors, mailbox, webmail};
use serde_json::json;

/// How many times a page gets ten keys, with the extension and without.
const TURNS: usize = 3;
/// The keys of one turn.
const TURN: usize = 10;
/// After a key, until the page has come to rest; and for how long it is watched at rest.
const REST: Duration = Duration::from_millis(80);
/// After the last of a turn: what the hands keep back, to tell it with more, is told by then.
const TOLD: Duration = Duration::from_millis(400);
/// What is typed before: a finding is in its last line, where painting costs most.
const DRAFT: &str = "\nThank you for your letter. You failed to attach the receipt";

/// The pages of `tests/editors/pages/`.
const EDITORS: &[&str] = &[
    "contenteditable",
    "textarea",
    "tinymce",
    "tinymce5",
    "ckeditor4",
    "ckeditor5",
    "prosemirror",
    "tiptap",
    "quill1",
    "quill",
    "lexical",
    "lexical-plain",
    "slate",
    "draft",
    "roosterjs",
    "squire",
    "summernote",
    "trix",
];

/// For how long a main thread was busy in a while, and how long that was, in milliseconds.
#[derive(Clone, Copy)]
struct While {
    busy: f64,
    all: f64,
}

/// One page that is typed into.
enum Typed<'a> {
    Editor(editors::Page<'a>),
    Webmail(webmail::Page<'a>),
}

impl<'a> Typed<'a> {
    /// Opens it and writes the draft.
    fn open(browser: &'a Browser, what: &'a What) -> Self {
        let typed = match what {
            What::Editor(name) => {
                let page = editors::Page::open(browser, name);
                page.click_to_end();
                Typed::Editor(page)
            }
            What::Webmail(webmail) => Typed::Webmail(webmail::Page::open(browser, webmail)),
        };
        match &typed {
            Typed::Editor(page) => page.type_text(DRAFT),
            Typed::Webmail(page) => page.type_text(DRAFT.trim_start()),
        }
        if !browser.origin.is_empty() {
            browser.wait("findings", || {
                let painted = match &typed {
                    Typed::Editor(page) => page.painted(),
                    Typed::Webmail(page) => page.painted(),
                };
                (!painted.is_empty()).then_some(())
            });
        }
        typed
    }

    fn browser(&self) -> &Browser {
        match self {
            Typed::Editor(page) => page.browser,
            Typed::Webmail(page) => page.browser,
        }
    }

    /// While `work` is done and it comes to rest.
    fn during(&self, rest: Duration, work: impl FnOnce()) -> While {
        let (before, start) = (self.browser().main_thread(), Instant::now());
        work();
        std::thread::sleep(rest);
        While { busy: self.browser().main_thread() - before, all: start.elapsed().as_secs_f64() * 1000.0 }
    }

    /// While each key of a turn is pressed, and while nothing is done before them: behind them some of our work is still to come.
    fn turn(&self, number: usize) -> (Vec<While>, While) {
        let press = |key: Key| match self {
            Typed::Editor(page) => page.press(&[key]),
            Typed::Webmail(page) => page.keys(&[key]),
        };
        let rest = self.during(REST, || ());
        let keys = composure_tests::reply_keys(TURN * number, TURN).enumerate();
        let keys = keys.map(|(at, key)| self.during(if at + 1 < TURN { REST } else { TOLD }, || press(key)));
        (keys.collect(), rest)
    }
}

/// What the keys of some turns cost, in milliseconds: the median of all, and the mean.
fn cost(turns: &[(Vec<While>, While)]) -> [f64; 2] {
    let at_rest = median(turns.iter().map(|(_, rest)| rest.busy / rest.all).collect());
    let keys: Vec<_> = turns.iter().flat_map(|(keys, _)| keys).map(|key| key.busy - at_rest * key.all).collect();
    let mean = keys.iter().sum::<f64>() / keys.len() as f64;
    [median(keys), mean]
}

enum What {
    Editor(&'static str),
    Webmail(Box<webmail::Webmail>),
}

impl What {
    fn name(&self) -> String {
        match self {
            What::Editor(name) => (*name).to_owned(),
            What::Webmail(webmail) => format!("{} {}", webmail.id, webmail.variant),
        }
    }
}

fn main() {
    editors::build();
    let chosen = std::env::args().nth(1).unwrap_or_default();
    let pairs = std::env::var("COMPOSURE_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(1).max(1);
    let server = mailbox::serve();
    println!("the page's main thread, milliseconds for one key, the median (and the mean) of {}", TURNS * TURN);
    for kind in Kind::chosen() {
        // What Firefox has to be asked for in a click is left to the tests.
        let editors = EDITORS.iter().filter(|_| kind == Kind::Chromium).map(|name| What::Editor(name));
        let webmails = webmail::all().into_iter().filter(|webmail| !webmail.self_hosted);
        let all = editors.chain(webmails.map(|webmail| What::Webmail(Box::new(webmail))));
        let start = |extension| {
            Browser::start(
                kind,
                &Options { extension, headed: false, proxy: server.address(), profile: None, private: false },
            )
        };
        println!("\n{:<28} {:>8} {:>8} {:>8}", kind.to_string(), "with", "without", "added");
        for what in all.filter(|what| what.name().contains(&chosen)) {
            let mut found: Vec<_> = (0..pairs)
                .map(|_| {
                    let (with, without) = (start(Some(editors::extension(kind))), start(None));
                    let typed = [Typed::open(&with, &what), Typed::open(&without, &what)];
                    // For who reads a trace.
                    typed.iter().for_each(|page| drop(page.browser().js("console.timeStamp('turns')", json!([]))));
                    let turns: Vec<_> = (0..TURNS).map(|turn| [0, 1].map(|at| typed[at].turn(turn))).collect();
                    let (ours, bare): (Vec<_>, Vec<_>) = turns.into_iter().map(|[ours, bare]| (ours, bare)).unzip();
                    (cost(&ours), cost(&bare))
                })
                .collect();
            let added = |(ours, bare): &([f64; 2], [f64; 2])| [ours[0] - bare[0], ours[1] - bare[1]];
            found.sort_by(|one, other| added(one)[0].total_cmp(&added(other)[0]));
            let ([ours, _], [bare, _]) = found[pairs / 2];
            let all: Vec<_> =
                found.iter().map(added).map(|[median, mean]| format!("{median:.2} ({mean:.2})")).collect();
            println!("{:<28} {ours:>8.2} {bare:>8.2} {:>8.2}   {}", what.name(), ours - bare, all.join(", "));
        }
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
