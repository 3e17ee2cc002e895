//! What the tests in `e2e/`, `./build.sh try` and `./build.sh bench` are built on.
//!
//! - [`server`]: webmail on its real host names, on loopback, without root.
//! - [`browser`]: a real Chromium or Firefox with `dist/` installed as a user would, moved by real keys and a real mouse.
//! - [`mailbox`]: the Gmail-shaped page of `pages/gmail/`, in the words of somebody who uses it.
//! - [`editors`]: the editors that webmails are built on, a page for each.
//! - [`axe`]: axe-core's rules over a page, or over what we show in it.
//! - [`webmail`]: the pages in the shape of all other webmails, as their `page.toml` says.
//! - [`roundcube`]: a real Roundcube with its mail servers.
//! - [`soak`]: a writer who does anything at all, with the extension and without.
//! - [`sogo`]: a real SOGo over the same.

pub mod axe;
pub mod browser;
pub mod editors;
pub mod mailbox;
pub mod roundcube;
pub mod server;
pub mod soak;
pub mod sogo;
pub mod webmail;

use std::path::{Path, PathBuf};

/// What is typed where the cost of a key is measured: a calm reply, because that is what most people write.
const REPLY: &str = ". We have looked at the photos that came with your letter and found the box was packed without its inner card. \
    A new lamp goes out today and the parcel should reach the shop by Friday. The broken one can stay with you, there is no need to \
    send it back. If anything else comes up while it is on its way, just answer here and one of us will look into it the same day";

/// So many keys of it, from this one on, for ever.
pub fn reply_keys(from: usize, count: usize) -> impl Iterator<Item = browser::Key> {
    REPLY.chars().cycle().skip(from).take(count).map(browser::Key::Char)
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository").to_path_buf()
}

/// The extension as built: `dist/`, or what `COMPOSURE_DIST` names.
#[must_use]
pub fn dist() -> PathBuf {
    std::env::var_os("COMPOSURE_DIST").map_or_else(|| root().join("dist"), PathBuf::from)
}

/// What a store gets of the present version, in `out/`.
#[must_use]
pub fn package(kind: browser::Kind) -> PathBuf {
    let store = match kind {
        browser::Kind::Chromium => "chrome.zip",
        browser::Kind::Firefox => "firefox.xpi",
    };
    root().join(format!("out/composure-{}-{store}", env!("CARGO_PKG_VERSION")))
}
