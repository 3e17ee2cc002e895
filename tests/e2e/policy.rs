//! What whoever manages the browsers of a team sets for all of them: by the browser's own policy, written where it reads it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use composure_tests::axe;
use composure_tests::browser::{Browser, FIREFOX_ID, Kind};
use composure_tests::mailbox::Mailbox;
use serde_json::{Value, json};

use crate::Case;
use crate::desk::Desk;
use crate::options::{self, stored};
use crate::packs::wait_said;

/// All tests of this module.
pub const CASES: &[Case] = &[(
    "policy::its_pack_and_settings_come_by_themselves_and_go_with_it",
    its_pack_and_settings_come_by_themselves_and_go_with_it,
)];

const PACK: &str = "version = 1\nname = \"Lakeside\"\n\n[[avoid]]\nfind = \"goldfish\"\nwhy = \"It has feelings.\"\n";

/// A file of the browser's policies, and the folders made for it: gone again when this is dropped, also where a test fails.
struct Policy {
    file: PathBuf,
    folders: Vec<PathBuf>,
}

impl Policy {
    /// Where this kind of browser reads policies, with what it shall give the extension.
    fn write(kind: Kind, extension: &str, given: &Value) -> io::Result<Policy> {
        let (file, text) = match kind {
            Kind::Chromium => {
                let text = json!({ "3rdparty": { "extensions": { extension: given } } });
                ("/etc/chromium/policies/managed/composure-test.json", text)
            }
            Kind::Firefox => {
                let text = json!({ "policies": { "3rdparty": { "Extensions": { extension: given } } } });
                ("/etc/firefox/policies/policies.json", text)
            }
        };
        let (file, text) = (PathBuf::from(file), text.to_string());
        // One of ours stayed if a test was killed; another's is left alone.
        if fs::read_to_string(&file).is_ok_and(|there| there != text) {
            return Err(io::Error::other(format!("{} is there already", file.display())));
        }
        let missing = file.ancestors().skip(1).take_while(|folder| !folder.exists());
        let mut policy = Policy { file: file.clone(), folders: missing.map(Path::to_path_buf).collect() };
        fs::create_dir_all(file.parent().unwrap_or(Path::new("/"))).and_then(|()| fs::write(&file, text)).map_err(
            |error| {
                policy.remove();
                io::Error::other(format!("{}: {error}", file.display()))
            },
        )?;
        Ok(policy)
    }

    fn remove(&mut self) {
        // What is not there needs no removing, and a folder that somebody else uses by now stays.
        let _ = fs::remove_file(&self.file);
        for folder in self.folders.drain(..) {
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        self.remove();
    }
}

fn painted(browser: &Browser, words: &[&str]) {
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("You are an idiot. The goldfish is on its way.");
    reply.wait_painted(words);
}

fn its_pack_and_settings_come_by_themselves_and_go_with_it(desk: &Desk) {
    let kind = desk.browser.kind;
    let extension = match kind {
        Kind::Chromium => desk.browser.origin.rsplit('/').next().unwrap_or_default(),
        Kind::Firefox => FIREFOX_ID,
    };
    let given = json!({ "pack": PACK, "sync": false, "settings": { "guard_heat": 35, "rules_off": ["insult"], "reader": false } });
    let policy = match Policy::write(kind, extension, &given) {
        Ok(policy) => policy,
        Err(reason) => return println!("{kind}: skipped, for no policy can be written here: {reason}"),
    };
    let browser = &desk.fresh();
    if kind == Kind::Firefox {
        // It read it when it started; another that starts now is not ours to manage.
        drop(policy);
        arrived(browser);
        return;
    }
    arrived(browser);
    drop(policy);
    // Chromium notices by itself.
    options::open(browser);
    let gone = || stored(browser, "team-@managed").is_null() && stored(browser, "policy") == json!({});
    browser.wait("the policy to go", || gone().then_some(()));
    painted(browser, &["You are an idiot"]);
}

/// All of it, without anybody having opened a page.
fn arrived(browser: &Browser) {
    browser.open(&format!("{}/letter.html", browser.origin));
    browser.wait("the pack", || (stored(browser, "team-@managed")["rule"] == "pack:lakeside").then_some(()));
    painted(browser, &["goldfish"]);
    options::open(browser);
    let shown = browser.js(
        "return ['#guard_heat', '[data-rule=insult]', '#my_name'].map(one => document.querySelector(one).disabled)",
        json!([]),
    );
    assert_eq!(shown, json!([true, true, false]));
    assert_eq!(browser.text("return document.getElementById('guard_heat').value"), "35");
    browser.open(&format!("{}/packs.html", browser.origin));
    wait_said(browser, "organisation", "Lakeside");
    axe::assert_page(browser);
}
