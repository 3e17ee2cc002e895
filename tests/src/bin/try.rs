//! `./build.sh try [chromium|firefox]`: the demo mailbox in a throwaway browser with the extension installed.
//!
//! With a display it stays open until its window is closed. Without one it answers the first mail by itself, prints what
//! is found in the answer and saves a picture.

use std::time::Duration;

use composure_tests::browser::{Browser, Kind, Options};
use composure_tests::mailbox::{self, Mailbox};

/// Tense in many ways, as people write after a long day.
const REPLY: &str = "Hello Gary,\n\nYou failed to attach the receipt. As I already told you, refunds take time, so calm \
                     down. Any idiot can read that on our page.\n\nI'm sorry you feel that way.\n\n";
/// A dig that no rule lists: the learned reader's.
const DIG: &str = "My goldfish follows instructions better than you do.";

fn main() {
    let kind = match std::env::args().nth(1).as_deref() {
        None | Some("chromium") => Kind::Chromium,
        Some("firefox") => Kind::Firefox,
        Some(other) => {
            eprintln!("{other}: there is chromium and firefox");
            std::process::exit(2);
        }
    };
    let headed =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let server = mailbox::serve();
    let browser = Browser::start(
        kind,
        &Options {
            extension: Some(composure_tests::dist()),
            headed,
            proxy: server.address(),
            profile: None,
            private: false,
        },
    );
    let mailbox = Mailbox::open(&browser, "");
    if headed {
        println!("Three customers wrote. Open one, press Reply and write; close the window to end.");
        while !browser.is_gone() {
            std::thread::sleep(Duration::from_millis(500));
        }
        return;
    }
    answer(&browser, mailbox);
}

/// Answers the first mail, prints the findings one by one and takes a picture of the last.
fn answer(browser: &Browser, mailbox: Mailbox) {
    let reply = mailbox.reply(0);
    browser.type_text(REPLY);
    browser.type_text(DIG);
    browser.wait("findings", || (!reply.painted().is_empty()).then_some(()));
    if composure_tests::dist().join("reader/about.json").exists() {
        browser.wait("the second opinion", || reply.painted().iter().any(|one| DIG.contains(&one.text)).then_some(()));
    }
    let painted = browser.settled("the painting", || reply.painted());
    println!("{}: {} findings in the reply to Gary Stone", browser.kind, painted.len());
    for one in &painted {
        browser.point_at(one.rect.centre());
        let card = browser.wait("the card", || browser.surface().cards.into_iter().find(|card| !card.text.is_empty()));
        let lines: Vec<&str> = card.text.lines().map(str::trim).filter(|line| line.len() > 1).collect();
        println!("  {:?} ({}): {}", one.text, one.name.trim_start_matches("composure-"), lines.join(" | "));
        let picture = composure_tests::root().join("out/try.png");
        browser.screenshot(&picture);
        browser.point_at(browser.rect(".brand").centre());
        browser.wait("the card to go", || browser.surface().cards.is_empty().then_some(()));
    }
    println!("picture: out/try.png");
}
