//! `./build.sh bench`: how long a page's main thread is busy with one key, with the extension and without, in each editor of
//! `tests/editors/` and on each page of `tests/pages/`. An argument chooses those whose name contains it.
//!
//! A key is pressed, the page comes to rest: the difference of the thread's processor time is the key's, less what the page
//! does at rest, which is measured behind each key; the median of all keys stands for them. The two browsers, with and without the
//! extension, take turns key by key.

use std::time::{Duration, Instant};

use composure_tests::browser::{Browser, Key, Kind, Options};
use composure_tests::{editors, mailbox, webmail};

/// How many keys are measured on each page, with and without.
const KEYS: usize = 30;
/// After a key, until the page has come to rest; and for how long it is watched then.
const REST: Duration = Duration::from_millis(80);
/// What is typed before: a finding is in its last line, where painting costs most.
const DRAFT: &str = "\nThank you for your letter. You failed to attach the receipt, so ";

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
    fn during(&self, work: impl FnOnce(&Self)) -> While {
        let (before, start) = (self.browser().main_thread(), Instant::now());
        work(self);
        std::thread::sleep(REST);
        While { busy: self.browser().main_thread() - before, all: start.elapsed().as_secs_f64() * 1000.0 }
    }

    /// While a key is pressed, and while nothing is done behind it.
    fn key(&self) -> [While; 2] {
        let key = self.during(|typed| match typed {
            Typed::Editor(page) => page.press(&[Key::Char('e')]),
            Typed::Webmail(page) => page.keys(&[Key::Char('e')]),
        });
        [key, self.during(|_| ())]
    }
}

/// What a key costs, in milliseconds, of what was measured for each.
fn cost(keys: &[[While; 2]]) -> f64 {
    let at_rest = median(keys.iter().map(|[_, rest]| rest.busy / rest.all).collect());
    median(keys.iter().map(|[key, _]| key.busy - at_rest * key.all).collect())
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
    let server = mailbox::serve();
    println!("the page's main thread, milliseconds for one key, of {KEYS}");
    for kind in Kind::chosen() {
        // What Firefox has to be asked for in a click is left to the tests.
        let editors = EDITORS.iter().filter(|_| kind == Kind::Chromium).map(|name| What::Editor(name));
        let webmails = webmail::all().into_iter().filter(|webmail| !webmail.self_hosted);
        let all = editors.chain(webmails.map(|webmail| What::Webmail(Box::new(webmail))));
        let start = |extension| {
            Browser::start(kind, &Options { extension, headed: false, proxy: server.address(), profile: None })
        };
        let (with, without) = (start(Some(editors::extension(kind))), start(None));
        println!("\n{:<28} {:>8} {:>8} {:>8}", kind.to_string(), "with", "without", "added");
        for what in all.filter(|what| what.name().contains(&chosen)) {
            let typed = [Typed::open(&with, &what), Typed::open(&without, &what)];
            let keys: Vec<_> = (0..KEYS).map(|_| [0, 1].map(|at| typed[at].key())).collect();
            let [ours, bare] = [0, 1].map(|at| cost(&keys.iter().map(|both| both[at]).collect::<Vec<_>>()));
            println!("{:<28} {ours:>8.2} {bare:>8.2} {:>8.2}", what.name(), ours - bare);
        }
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
