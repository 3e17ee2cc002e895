//! A real Roundcube, sending real mail: what arrives at the other end is what was typed and accepted.

use composure_tests::browser::{Browser, Key, Painted};
use composure_tests::roundcube::{self, HTML, PLAIN, Reply, Roundcube};
use mail_parser::MessageParser;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{ANGRY, MENDED, TENSE, calm, calmed, insert, take_suggestion};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("roundcube::answering_an_angry_mail_in_html", answering_an_angry_mail_in_html),
    ("roundcube::answering_an_angry_mail_in_plain_text", answering_an_angry_mail_in_plain_text),
    ("roundcube::calm_this_is_one_undo", calm_this_is_one_undo),
    ("roundcube::painting_leaves_the_mail_as_it_was", painting_leaves_the_mail_as_it_was),
    ("roundcube::an_empty_reply_begins_below_the_quote", an_empty_reply_begins_below_the_quote),
];

const REFUND: &str = "WHERE IS MY REFUND";

fn answering_an_angry_mail_in_html(desk: &Desk) {
    answer(desk, HTML);
}

fn answering_an_angry_mail_in_plain_text(desk: &Desk) {
    answer(desk, PLAIN);
}

/// Types a tense reply; takes a suggestion, takes it back, takes it again; apologises and signs; sends. Then writes the
/// resulting text by hand in a browser without the extension, and compares the two mails that arrived.
fn answer(desk: &Desk, roundcube: Roundcube) {
    roundcube::start();
    let browser = &desk.browser;
    let reply = roundcube.reply(browser, REFUND);
    reply.begin();
    reply.type_text(&format!("Hello Gary,\n\n{TENSE} I looked into it."));
    let painted = wait_painted(&reply);
    assert_eq!(painted.len(), 1, "only the writer's words: {painted:?}");
    assert!(TENSE.contains(&painted[0].text), "{painted:?}");
    let before = reply.content();

    take_suggestion(browser, &painted[0]);
    let mended = before.replace(TENSE, MENDED);
    browser.wait("the suggestion", || (reply.content() == mended).then_some(()));
    reply.in_editor(|browser| browser.press(&[Key::Control, Key::Char('z')]));
    browser.wait("the undo", || (reply.content() == before).then_some(()));
    take_suggestion(browser, &wait_painted(&reply)[0]);
    browser.wait("the suggestion again", || (reply.content() == mended).then_some(()));

    insert(browser, "apology");
    browser.wait("the apology", || (reply.content() != mended).then_some(()));
    let apologised = browser.settled("the editor", || reply.content());
    insert(browser, "signature");
    browser.wait("the sign-off", || (reply.content() != apologised).then_some(()));
    browser.settled("the editor", || reply.content());
    let written = reply.own_lines();
    let lines: Vec<&str> = written.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    assert_eq!((lines[0], lines[2]), ("Hello Gary,", format!("{MENDED} I looked into it.").as_str()), "{written:?}");
    assert!(lines[1].to_lowercase().contains("sorry") || lines[1].to_lowercase().contains("apolog"), "{written:?}");
    assert_eq!(lines.iter().filter(|line| line.contains("{my_name}")).count(), 1, "one sign-off: {written:?}");
    assert!(lines.len() > 3 && !lines[..3].iter().any(|line| line.contains("{my_name}")), "at the end: {written:?}");
    let ours = reply.send();

    let bare = desk.bare();
    let by_hand = roundcube.reply(&bare, REFUND);
    by_hand.begin();
    by_hand.type_text(&written.join("\n"));
    assert_eq!(by_hand.own_lines(), written);
    let theirs = by_hand.send();
    assert_eq!(parts(&ours), parts(&theirs), "left: with the extension, right: typed by hand");
    let raw = String::from_utf8_lossy(&ours).to_lowercase();
    assert!(!raw.contains("composure"), "{raw}");
}

fn calm_this_is_one_undo(desk: &Desk) {
    roundcube::start();
    let browser = &desk.browser;
    for roundcube in [HTML, PLAIN] {
        let reply = roundcube.reply(browser, REFUND);
        reply.begin();
        reply.type_text(&format!("Hello Gary,\n\n{ANGRY}"));
        wait_painted(&reply);
        let before = reply.content();
        calm(browser);
        let mended = calmed(&before);
        browser.wait("all changes", || (reply.content() == mended).then_some(()));
        reply.in_editor(|browser| browser.press(&[Key::Control, Key::Char('z')]));
        browser.wait("one undo for all", || (reply.content() == before).then_some(()));
    }
}

fn painting_leaves_the_mail_as_it_was(desk: &Desk) {
    roundcube::start();
    let write = |browser: &Browser, roundcube: Roundcube| {
        let reply = roundcube.reply(browser, REFUND);
        reply.begin();
        reply.type_text(&format!("Hello Gary,\n\n{TENSE}\nYou are an idiot.\n"));
        browser.settled("the editor", || reply.content())
    };
    let bare = desk.bare();
    for roundcube in [HTML, PLAIN] {
        let ours = write(&desk.browser, roundcube);
        let painted = wait_painted(&Reply { browser: &desk.browser, roundcube });
        assert!(!painted.is_empty());
        assert_eq!(ours, write(&bare, roundcube), "{}", roundcube.host);
    }
}

/// Roundcube opens a reply with the quote and the caret below it. There the greeting goes, as one undo step.
fn an_empty_reply_begins_below_the_quote(desk: &Desk) {
    roundcube::start();
    let browser = &desk.browser;
    for roundcube in [HTML, PLAIN] {
        let reply = roundcube.reply(browser, REFUND);
        reply.begin();
        let empty = browser.settled("the editor", || reply.content());
        insert(browser, "greeting");
        browser.wait("the greeting", || (reply.content() != empty).then_some(()));
        browser.settled("the editor", || reply.content());
        let written = reply.own_lines();
        let first = written.iter().find(|line| !line.is_empty());
        assert!(first.is_some_and(|line| line.contains("Gary,")), "{written:?}");
        reply.in_editor(|browser| browser.press(&[Key::Control, Key::Char('z')]));
        browser.wait("the undo", || (reply.content() == empty).then_some(()));
    }
}

#[track_caller]
fn wait_painted(reply: &Reply) -> Vec<Painted> {
    reply.browser.wait("a painted finding", || Some(reply.painted()).filter(|painted| !painted.is_empty()))
}

/// All texts of a mail, decoded.
fn parts(mail: &[u8]) -> Vec<String> {
    let mail = MessageParser::default().parse(mail).expect("a mail");
    mail.parts.iter().filter_map(|part| part.text_contents().map(str::to_owned)).collect()
}
