//! A real SOGo, sending real mail. Its CKEditor 4 shows a change long before SOGo hears of it: what counts is what arrives.

use composure_tests::browser::Key;
use composure_tests::sogo::{self, HOST, Reply};
use mail_parser::MessageParser;

use crate::Case;
use crate::desk::Desk;
use crate::editors::{SIGNATURE, let_onto};
use crate::gmail::{MENDED, TENSE, insert, panel, press, take_suggestion};

/// All tests of this module.
pub const CASES: &[Case] = &[("sogo::answering_an_angry_mail", answering_an_angry_mail)];

fn answering_an_angry_mail(desk: &Desk) {
    sogo::start();
    let_onto(desk, HOST);
    let browser = &desk.browser;
    let reply = Reply::open(browser, "WHERE IS MY REFUND");
    reply.in_editor(|browser| browser.type_text(&format!("Hello Gary,\n\n{TENSE} I looked into it.\n")));
    let sought = || Some(reply.painted()).filter(|painted| !painted.is_empty());
    let painted = browser.wait("a painted finding", sought);
    assert_eq!(painted.len(), 1, "only the writer's words: {painted:?}");
    let before = reply.content();
    let mended = before.replace(TENSE, MENDED);
    take_suggestion(browser, &painted[0]);
    browser.wait("the suggestion", || (reply.content() == mended).then_some(()));
    reply.in_editor(|browser| browser.press(&[Key::Control, Key::Char('z')]));
    browser.wait("the undo", || (reply.content() == before).then_some(()));
    take_suggestion(browser, &browser.wait("the finding again", sought)[0]);
    browser.wait("the suggestion again", || (reply.content() == mended).then_some(()));

    // The last changes before Send are ours, so nothing else has told SOGo of them.
    for item in ["apology", "signature"] {
        let without = reply.content();
        insert(browser, item);
        browser.wait(item, || (reply.content() != without).then_some(()));
        browser.settled("the editor", || reply.content());
    }
    // The panel lies over SOGo's Send.
    press(browser, panel(browser).button("close").expect("the panel can be closed"));
    browser.wait("the panel to close", || browser.surface().panels.is_empty().then_some(()));
    let raw = reply.send();
    let mail = MessageParser::default().parse(&raw).expect("a mail");
    let text = mail.body_text(0).expect("a text").replace('\u{a0}', " ");
    let own: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(7).collect();
    assert_eq!((own[0], own[2]), ("Hello Gary,", format!("{MENDED} I looked into it.").as_str()), "{text}");
    assert!(own[1].to_lowercase().contains("sorry") || own[1].to_lowercase().contains("apolog"), "{text}");
    assert_eq!(own[3..6].join("\n"), SIGNATURE, "{text}");
    let html = mail.body_html(0).expect("HTML");
    assert!(html.contains(MENDED) && !html.contains(TENSE), "{html}");
    assert!(!String::from_utf8_lossy(&raw).to_lowercase().contains("composure"));
}
