//! Where a test sits down: a server, and a browser with the extension.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use composure_tests::browser::{Browser, Kind, Options};
use composure_tests::server::Server;
use composure_tests::{editors, mailbox, webmail};

use crate::options;

/// The one browser that is open.
static DESK: Mutex<Option<Desk>> = Mutex::new(None);

/// A server and a browser.
pub struct Desk {
    /// With the extension installed.
    pub browser: Browser,
    /// What it sees instead of the network.
    pub server: Server,
    /// Whether it works on pages that it does not know by itself.
    foreign: bool,
}

impl Desk {
    fn new(kind: Kind, foreign: bool) -> Self {
        let server = mailbox::serve();
        let extension = if foreign { editors::extension(kind) } else { composure_tests::dist() };
        let browser = start(kind, &server, Some(extension), None);
        // What a network hears is no test's business but `reader`'s, which takes a fresh browser.
        options::open(&browser);
        options::reset(&browser);
        Self { browser, server, foreign }
    }

    /// The same browser without the extension.
    pub fn bare(&self) -> Browser {
        start(self.browser.kind, &self.server, None, None)
    }

    /// The same browser with the extension, new from the factory.
    pub fn fresh(&self) -> Browser {
        self.with(composure_tests::dist())
    }

    /// The same browser with another build of the extension, in a profile that stays.
    pub fn with_profile(&self, extension: &Path, profile: &Path) -> Browser {
        start(self.browser.kind, &self.server, Some(extension.to_path_buf()), Some(profile.to_path_buf()))
    }

    /// The same browser with the extension and what this profile remembers.
    pub fn at(&self, profile: &Path) -> Browser {
        start(self.browser.kind, &self.server, Some(composure_tests::dist()), Some(profile.to_path_buf()))
    }

    /// The same browser with the extension, in private windows (Firefox only).
    pub fn private(&self) -> Browser {
        let extension = Some(composure_tests::dist());
        let options = Options { extension, headed: false, proxy: self.server.address(), profile: None, private: true };
        Browser::start(self.browser.kind, &options)
    }

    /// The same browser with another build of the extension.
    pub fn with(&self, extension: PathBuf) -> Browser {
        start(self.browser.kind, &self.server, Some(extension), None)
    }
}

fn start(kind: Kind, server: &Server, extension: Option<PathBuf>, profile: Option<PathBuf>) -> Browser {
    let headed = std::env::var_os("COMPOSURE_HEADED").is_some();
    Browser::start(kind, &Options { extension, headed, proxy: server.address(), profile, private: false })
}

/// How many tests passed in which nothing was asked of the network.
static TESTS: AtomicUsize = AtomicUsize::new(0);

/// The tests that passed only at their second try.
static SECOND: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Runs a test in a new tab; once more, in a new browser, if it fails: real browsers on a machine that is busy with other
/// things have their moments, and what is broken fails twice. [`clear`] names those that needed it.
pub fn on_desk(kind: Kind, name: &str, test: impl Fn(&Desk)) {
    // A browser may fail to start, too.
    let attempt = || catch_unwind(AssertUnwindSafe(|| attempt(kind, name, &test))).and_then(|outcome| outcome);
    if attempt().is_ok() {
        return;
    }
    eprintln!("{kind}::{name} failed, and is tried once more");
    match attempt() {
        Ok(()) => SECOND.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{kind}::{name}")),
        Err(failure) => resume_unwind(failure),
    }
}

fn attempt(kind: Kind, name: &str, test: impl Fn(&Desk)) -> std::thread::Result<()> {
    let mut place = DESK.lock().unwrap_or_else(PoisonError::into_inner);
    let foreign = name.starts_with("editors::") || name.starts_with("sogo::") || webmail::is_self_hosted(name);
    if place.as_ref().is_none_or(|desk| desk.browser.kind != kind || desk.foreign != foreign) {
        // The old browser goes before the new one comes.
        *place = None;
        *place = Some(Desk::new(kind, foreign));
    }
    let desk = place.as_ref().expect("just put there");
    let (refused, written) = (desk.server.refused().len(), desk.server.written().len());
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        test(desk);
        // Whatever was done: no browser of this test asked anybody but the pages for anything, nor told the pages anything.
        let mut asked = asked_elsewhere(desk, refused);
        asked.extend(desk.server.written().into_iter().skip(written));
        assert!(asked.is_empty(), "asked of the network: {asked:?}");
        TESTS.fetch_add(1, Ordering::Relaxed);
        let ours: Vec<_> = desk.browser.console().into_iter().filter(|line| is_ours(line)).collect();
        assert!(ours.is_empty(), "the extension wrote to a console: {ours:#?}");
        desk.browser.fresh_tab();
    }));
    if outcome.is_err() {
        let picture = composure_tests::root().join(format!("out/e2e/{kind}-{}.png", name.replace("::", "-")));
        // It may be the browser itself that failed.
        catch_unwind(AssertUnwindSafe(|| desk.browser.screenshot(&picture))).ok();
        *place = None;
    }
    outcome
}

/// Whether a line of a console comes from the extension. (Firefox's own modules name it when a page of it is closed before they
/// have answered it.)
pub fn is_ours(line: &str) -> bool {
    let line = line.to_lowercase();
    let browsers = line.contains("resource://gre/modules/");
    !browsers
        && (line.contains("composure") || line.contains("chrome-extension://") || line.contains("moz-extension://"))
}

/// What was asked of the network since `from` requests were refused, but for what browsers ask of their makers.
pub fn asked_elsewhere(desk: &Desk, from: usize) -> Vec<String> {
    let makers = [
        // Debian's Chromium opens its start page there, in a profile that is not new.
        "start.duckduckgo.com",
        "googleapis.com",
        "google.com",
        "gstatic.com",
        "gvt1.com",
        "mozilla.com",
        "mozilla.net",
        "mozilla.org",
        "firefox.com",
    ];
    let host = |asked: &str| asked.split("://").last().unwrap_or(asked).split(['/', ':']).next().map(str::to_owned);
    let all = desk.server.refused();
    let new = all.into_iter().skip(from);
    new.filter(|asked| !makers.iter().any(|maker| host(asked).is_some_and(|host| host.ends_with(maker)))).collect()
}

/// Ends the browser, since nobody drops a static, and says which tests passed only at their second try.
pub fn clear() {
    println!("{} tests in which 0 requests went anywhere but to the pages", TESTS.load(Ordering::Relaxed));
    let second = std::mem::take(&mut *SECOND.lock().unwrap_or_else(PoisonError::into_inner));
    if !second.is_empty() {
        println!("passed only at the second try: {second:#?}");
    }
    *DESK.lock().unwrap_or_else(PoisonError::into_inner) = None;
}
