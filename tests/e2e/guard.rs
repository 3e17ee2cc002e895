//! The send guard: a hot mail leaves by no way of sending until its writer says so, and then once; a calm one leaves as
//! without us; and whatever fails of ours, the mail can be sent.

use composure_tests::axe;
use composure_tests::browser::{Browser, Button, Key, Surface};
use composure_tests::mailbox::{Compose, Mailbox};
use composure_tests::roundcube::{self, HTML, PLAIN, Roundcube};
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{assert_calm, panel, press, take_suggestion, wait_card, wait_painted_somewhere};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("guard::a_hot_mail_is_held_by_every_way_of_sending", a_hot_mail_is_held_by_every_way_of_sending),
    ("guard::sent_anyway_it_leaves_once", sent_anyway_it_leaves_once),
    ("guard::a_calm_mail_leaves_in_the_same_turn", a_calm_mail_leaves_in_the_same_turn),
    ("guard::by_keyboard_alone", by_keyboard_alone),
    ("guard::mended_in_the_dialog_it_can_be_sent", mended_in_the_dialog_it_can_be_sent),
    ("guard::behind_the_dialog_the_writer_is_where_they_were", behind_the_dialog_the_writer_is_where_they_were),
    ("guard::an_undone_send_is_not_held_again", an_undone_send_is_not_held_again),
    ("guard::scheduling_is_held_too", scheduling_is_held_too),
    ("guard::plain_text_mode", plain_text_mode),
    ("guard::in_a_modal_dialog_of_the_page", in_a_modal_dialog_of_the_page),
    ("guard::a_dead_frame_holds_nothing", a_dead_frame_holds_nothing),
    ("guard::without_a_surface_nothing_is_held", without_a_surface_nothing_is_held),
    ("guard::a_reloaded_extension_holds_nothing_for_ever", a_reloaded_extension_holds_nothing_for_ever),
    ("guard::whatever_fails_in_a_cool_off_the_mail_can_be_sent", whatever_fails_in_a_cool_off_the_mail_can_be_sent),
    ("guard::everybody_can_use_card_panel_walk_and_dialog", everybody_can_use_card_panel_walk_and_dialog),
    ("guard::roundcube_in_html", roundcube_in_html),
    ("guard::roundcube_in_plain_text", roundcube_in_plain_text),
];

/// An attack, so held.
pub const HOT: &str = "You are an idiot.";
/// Nothing is wrong with it.
const CALM: &str = "Hello Gary,\n\nthe parcel is here.";

/// A reply with this text, whose verdict the hands have.
pub fn write<'a>(browser: &'a Browser, query: &str, text: &str) -> (Mailbox<'a>, Compose<'a>) {
    let mailbox = Mailbox::open(browser, query);
    let reply = mailbox.reply(0);
    browser.type_text(text);
    if text.contains(HOT) {
        browser
            .wait("the finding", || (!browser.surface().marks.is_empty() || !reply.painted().is_empty()).then_some(()));
    } else {
        browser.wait("the pill", || browser.surface().pills.first().cloned());
        browser.settled("the pill", || browser.surface().pills);
    }
    (mailbox, reply)
}

/// Waits for the dialog.
#[track_caller]
pub fn wait_dialog(browser: &Browser) -> Surface {
    browser.wait("the dialog", || Some(browser.surface()).filter(|surface| !surface.dialogs.is_empty()))
}

/// A button of the dialog, at rest.
#[track_caller]
pub fn button(browser: &Browser, action: &str) -> Button {
    let surface = wait_dialog(browser);
    surface.button(action).unwrap_or_else(|| panic!("no {action} among {:?}", surface.buttons)).clone()
}

#[track_caller]
fn assert_held(mailbox: &Mailbox, way: &str) {
    wait_dialog(mailbox.browser);
    let sent = mailbox.browser.settled("what is sent", || mailbox.sent().len());
    assert_eq!(sent, 0, "{way} sent it");
}

#[track_caller]
fn assert_sent_once(mailbox: &Mailbox, way: &str) {
    mailbox.browser.wait("the mail to be sent", || (!mailbox.sent().is_empty()).then_some(()));
    let sent = mailbox.browser.settled("what is sent", || mailbox.sent().len());
    assert_eq!(sent, 1, "{way}");
}

fn focus(browser: &Browser, selector: &str) {
    browser.js("document.querySelector(arguments[0]).focus()", json!([selector]));
}

/// Every way of sending of a reply that may also be archived, by name.
const WAYS: [&str; 8] =
    ["mouse", "Ctrl+Enter", "Ctrl+Enter in the subject", "Enter", "Space", "archive", "archive by Enter", "script"];

fn send_by(way: &str, browser: &Browser, reply: &Compose) {
    match way {
        "mouse" => reply.send(),
        "Ctrl+Enter" => browser.press(&[Key::Control, Key::Enter]),
        "Ctrl+Enter in the subject" => {
            browser.js(
                "document.querySelector(arguments[0]).closest('.aoD').classList.remove('ishidden')",
                json!([reply.within("[name=subjectbox]")]),
            );
            focus(browser, &reply.within("[name=subjectbox]"));
            browser.press(&[Key::Control, Key::Enter]);
        }
        "Enter" | "Space" => {
            focus(browser, &reply.within(".aoO"));
            browser.press(&[if way == "Enter" { Key::Enter } else { Key::Char(' ') }]);
        }
        "archive" => browser.click(&reply.within(".Uo")),
        "archive by Enter" => {
            focus(browser, &reply.within(".Uo"));
            browser.press(&[Key::Enter]);
        }
        // As assistive tools and other extensions press.
        "script" => drop(browser.js("document.querySelector(arguments[0]).click()", json!([reply.within(".aoO")]))),
        _ => unreachable!("{way}"),
    }
}

fn a_hot_mail_is_held_by_every_way_of_sending(desk: &Desk) {
    let browser = &desk.browser;
    for way in WAYS {
        let (mailbox, reply) = write(browser, "?archive=1", HOT);
        let html = reply.html();
        send_by(way, browser, &reply);
        assert_held(&mailbox, way);
        // And again, while the dialog is there, which has the focus and lies over what the mouse could press.
        if !["mouse", "archive", "Ctrl+Enter"].contains(&way) {
            send_by(way, browser, &reply);
            assert_held(&mailbox, way);
        }
        browser.press(&[Key::Escape]);
        browser.wait("the dialog to go", || browser.surface().dialogs.is_empty().then_some(()));
        assert_eq!((mailbox.sent().len(), reply.html()), (0, html), "{way}");
        if way != "script" {
            assert_calm(&mailbox);
        }
    }
}

fn sent_anyway_it_leaves_once(desk: &Desk) {
    let browser = &desk.browser;
    for way in WAYS {
        let (mailbox, reply) = write(browser, "?archive=1", HOT);
        let html = reply.html();
        send_by(way, browser, &reply);
        press(browser, &button(browser, "send-anyway"));
        assert_sent_once(&mailbox, way);
        let sent = &mailbox.sent()[0];
        assert_eq!(sent.content, html, "{way}");
        assert_eq!(sent.via == "archive", way.starts_with("archive"), "{way} went by {}", sent.via);
        browser.wait("nothing left of us", || (browser.surface() == Surface::default()).then_some(()));
    }
}

fn a_calm_mail_leaves_in_the_same_turn(desk: &Desk) {
    let browser = &desk.browser;
    for way in WAYS {
        let (mailbox, reply) = write(browser, "?archive=1", CALM);
        // Whether the mail is away by the end of the very event that sends it, before anything else can run.
        browser.js(
            "window.__late = [];
             for (const type of ['mouseup', 'keydown', 'click'])
                 addEventListener(type, event => { const before = __sent.length; const look = () => __late.push([event.type, __sent.length - before]); setTimeout(look) }, true)",
            json!([]),
        );
        send_by(way, browser, &reply);
        assert_sent_once(&mailbox, way);
        assert!(browser.surface().dialogs.is_empty(), "{way}");
        let late = browser.js("return __late.some(([, sent]) => sent === 1)", json!([]));
        assert_eq!(late, true, "{way}");
    }
}

fn by_keyboard_alone(desk: &Desk) {
    let browser = &desk.browser;
    let (mailbox, reply) = write(browser, "", HOT);
    browser.press(&[Key::Control, Key::Enter]);
    let selected = |browser: &Browser| {
        browser.surface().buttons.into_iter().find(|button| button.selected).map(|button| button.action)
    };
    wait_dialog(browser);
    browser.wait("the focus on the first choice", || (selected(browser)? == "mend").then_some(()));
    // Escape is back in the text, where the caret was.
    browser.press(&[Key::Escape]);
    browser.wait("the dialog to go", || browser.surface().dialogs.is_empty().then_some(()));
    browser.type_text("x");
    browser.wait("the key in the text", || reply.html().contains(&format!("{HOT}x")).then_some(()));
    browser.press(&[Key::Backspace]);
    browser.press(&[Key::Control, Key::Enter]);
    wait_dialog(browser);
    // Round and round, and to the last.
    let mut seen = Vec::new();
    while seen.last().map(String::as_str) != Some("send-anyway") {
        browser.press(&[Key::Tab]);
        let now = browser.settled("the focus", || selected(browser)).expect("the focus stays in the dialog");
        assert!(seen.len() < 30, "{seen:?}");
        seen.push(now);
    }
    browser.press(&[Key::Enter]);
    assert_sent_once(&mailbox, "by keyboard");
    assert_calm(&mailbox);
}

fn mended_in_the_dialog_it_can_be_sent(desk: &Desk) {
    let browser = &desk.browser;
    let (mailbox, reply) = write(browser, "", &format!("Hello Gary,\n\n{HOT} You failed to attach the receipt."));
    reply.send();
    assert_held(&mailbox, "the mouse");
    let dialog = wait_dialog(browser).dialogs[0].text.clone();
    assert!(dialog.contains(HOT.trim_end_matches('.')), "{dialog}");
    press(browser, &button(browser, "mend"));
    browser.wait("the card", || Some(browser.surface()).filter(|surface| !surface.cards.is_empty()));
    assert!(browser.surface().dialogs.is_empty());
    // By hand, as an insult wants; what is left has a suggestion.
    let painted = wait_painted_somewhere(&reply);
    assert!(HOT.contains(&painted[0].text), "{painted:?}");
    browser.js(
        "const text = [...document.querySelectorAll(arguments[0] + ' div')].find(line => line.textContent.includes(arguments[1])).firstChild;
         getSelection().setBaseAndExtent(text, text.data.indexOf(arguments[1]), text, text.data.indexOf(arguments[1]) + arguments[1].length)",
        json!([reply.editor(), HOT]),
    );
    browser.type_text("Thank you for writing.");
    browser.wait("the insult to go", || (reply.painted().len() == 1).then_some(()));
    take_suggestion(browser, &wait_painted_somewhere(&reply)[0]);
    reply.wait_painted(&[]);
    reply.send();
    assert_sent_once(&mailbox, "mended");
    assert!(browser.surface().dialogs.is_empty());
}

/// Whatever was inserted before it meanwhile.
fn behind_the_dialog_the_writer_is_where_they_were(desk: &Desk) {
    let browser = &desk.browser;
    let (mailbox, reply) = write(browser, "", HOT);
    let before = reply.html();
    reply.send();
    assert_held(&mailbox, "the mouse");
    press(browser, &button(browser, "insert greeting"));
    browser.wait("the greeting", || (reply.html() != before).then_some(()));
    browser.wait("the dialog without it", || {
        browser.surface().button("insert greeting").is_none().then(|| wait_dialog(browser))
    });
    browser.press(&[Key::Escape]);
    browser.wait("the dialog to go", || browser.surface().dialogs.is_empty().then_some(()));
    browser.type_text("x");
    browser.wait("the key behind the text", || reply.html().contains(&format!("{HOT}x")).then_some(()));
}

fn an_undone_send_is_not_held_again(desk: &Desk) {
    let browser = &desk.browser;
    let (mailbox, reply) = write(browser, "", HOT);
    reply.send();
    press(browser, &button(browser, "send-anyway"));
    assert_sent_once(&mailbox, "anyway");
    browser.click("#link_undo");
    let again = Compose { browser, id: reply.id + 1 };
    again.wait_painted(&[HOT.trim_end_matches('.')]);
    again.send();
    assert_sent_once(&mailbox, "after the undo");
    // Changed, it is another mail.
    browser.click("#link_undo");
    let third = Compose { browser, id: reply.id + 2 };
    third.wait_painted(&[HOT.trim_end_matches('.')]);
    third.click_into();
    browser.press(&[Key::End]);
    browser.type_text(" And a fool.");
    browser.settled("the painting", || third.painted_words());
    third.send();
    assert_held(&mailbox, "changed after the undo");
}

fn scheduling_is_held_too(desk: &Desk) {
    let browser = &desk.browser;
    for (text, held) in [(CALM, false), (HOT, true)] {
        let (mailbox, reply) = write(browser, "", text);
        browser.click(&reply.within(".hG"));
        browser.click("[selector=scheduledSend]");
        if held {
            assert_held(&mailbox, "scheduling");
            assert!(browser.surface().button("cool-off").is_none(), "what goes tomorrow is not delayed");
            press(browser, &button(browser, "send-anyway"));
        }
        browser.wait("the choice of times", || {
            browser.js("return document.querySelector('.times .Az')", json!([])).is_object().then_some(())
        });
        assert!(browser.surface().dialogs.is_empty());
        browser.click(".times .Az");
        assert_sent_once(&mailbox, "scheduled");
    }
}

fn plain_text_mode(desk: &Desk) {
    let browser = &desk.browser;
    let (mailbox, reply) = write(browser, "?plain=1", HOT);
    reply.send();
    assert_held(&mailbox, "the mouse");
    press(browser, &button(browser, "send-anyway"));
    assert_sent_once(&mailbox, "anyway");
    assert_eq!(mailbox.sent()[0].content, HOT);
}

/// Outside of which nothing can be used.
fn in_a_modal_dialog_of_the_page(desk: &Desk) {
    let browser = &desk.browser;
    let (mailbox, reply) = write(browser, "", HOT);
    browser.js(
        "const compose = document.querySelector(arguments[0]).closest('.aoI'), dialog = document.createElement('dialog');
         compose.before(dialog);
         dialog.append(compose);
         dialog.showModal()",
        json!([reply.editor()]),
    );
    reply.click_into();
    reply.send();
    assert_held(&mailbox, "in a dialog");
    press(browser, &button(browser, "mend"));
    wait_card(browser);
    // Over which the card may lie.
    browser.press(&[Key::Control, Key::Enter]);
    press(browser, &button(browser, "send-anyway"));
    assert_sent_once(&mailbox, "in a dialog");
}

/// For good: the frame is started anew three times.
const KILL_FRAME: &str =
    "window.__killer = new MutationObserver(kill); function kill() { document.querySelector('composure-frame')?.remove() }
     __killer.observe(document.documentElement, { childList: true }); kill()";
/// For good.
const REMOVE_SURFACE: &str = "new MutationObserver(go).observe(document.documentElement, { childList: true });
     function go() { document.querySelector('composure-surface')?.remove() } go()";

/// What the frame's death, at each step, leaves: a mail that can be sent, at most once.
fn a_dead_frame_holds_nothing(desk: &Desk) {
    let browser = &desk.browser;
    let kill = KILL_FRAME;
    for step in ["before", "with the dialog open", "on sending anyway"] {
        let (mailbox, reply) = write(browser, "", HOT);
        if step == "before" {
            browser.js(kill, json!([]));
            browser.wait("the hands to fall silent", || browser.surface().pills.is_empty().then_some(()));
        }
        reply.send();
        if step != "before" {
            assert_held(&mailbox, step);
            if step == "on sending anyway" {
                // The frame is there no more when the button is pressed, and nobody noticed yet.
                browser.js("document.querySelector('composure-frame').remove()", json!([]));
                browser.js(kill, json!([]));
            } else {
                browser.js(kill, json!([]));
            }
            browser.wait("the dialog to go", || browser.surface().dialogs.is_empty().then_some(()));
            assert_eq!(mailbox.sent().len(), 0, "{step}");
            reply.send();
        }
        assert_sent_once(&mailbox, step);
    }
}

fn without_a_surface_nothing_is_held(desk: &Desk) {
    let browser = &desk.browser;
    for step in ["before", "with the dialog open"] {
        let (mailbox, reply) = write(browser, "", HOT);
        if step == "with the dialog open" {
            reply.send();
            assert_held(&mailbox, step);
        }
        browser.js(REMOVE_SURFACE, json!([]));
        reply.send();
        assert_sent_once(&mailbox, step);
    }
}

fn a_reloaded_extension_holds_nothing_for_ever(desk: &Desk) {
    for step in ["before", "with the dialog open"] {
        let browser = desk.fresh();
        let (mailbox, reply) = write(&browser, "", HOT);
        if step == "with the dialog open" {
            reply.send();
            assert_held(&mailbox, step);
        }
        browser.reload_extension();
        reply.send();
        send_if_asked(&browser, &mailbox);
        assert_sent_once(&mailbox, step);
    }
}

/// Frame, surface and extension fail at each step of a cool-off. (Each conversation has a cool-off of its own.)
fn whatever_fails_in_a_cool_off_the_mail_can_be_sent(desk: &Desk) {
    for failure in ["frame", "surface", "extension"] {
        let browser = desk.fresh();
        for (conversation, step) in ["the dialog", "cooling", "the dialog while cooling"].into_iter().enumerate() {
            let way = format!("no {failure} at {step}");
            let mailbox = Mailbox::open(&browser, "");
            let reply = mailbox.reply(conversation);
            browser.type_text(HOT);
            wait_painted_somewhere(&reply);
            reply.send();
            assert_held(&mailbox, &way);
            if step != "the dialog" {
                press(&browser, &button(&browser, "cool-off 10"));
                browser.wait("the wait in the pill", || {
                    browser.surface().pills.iter().any(|pill| pill.text.contains("Cooling off")).then_some(())
                });
            }
            if step == "the dialog while cooling" {
                reply.send();
                browser.wait("the dialog", || browser.surface().button("end-cool-off").cloned());
            }
            match failure {
                "frame" => drop(browser.js(KILL_FRAME, json!([]))),
                "surface" => drop(browser.js(REMOVE_SURFACE, json!([]))),
                _ => browser.reload_extension(),
            }
            if failure == "frame" {
                browser.wait("the hands to fall silent", || browser.surface().pills.is_empty().then_some(()));
            }
            assert_eq!(mailbox.sent(), [], "{way}");
            reply.send();
            send_if_asked(&browser, &mailbox);
            assert_sent_once(&mailbox, &way);
        }
    }
}

/// The orphan of a reloaded extension lets the mail go, or its successor holds it and can be asked.
fn send_if_asked(browser: &Browser, mailbox: &Mailbox) {
    let held = browser.wait("the mail or the dialog", || {
        let anyway = browser.surface().button("send-anyway").cloned();
        if mailbox.sent().is_empty() { anyway.map(Some) } else { Some(None) }
    });
    if let Some(anyway) = held {
        press(browser, &anyway);
    }
}

fn everybody_can_use_card_panel_walk_and_dialog(desk: &Desk) {
    let browser = &desk.browser;
    for dark in [false, true] {
        let (_, reply) = write(browser, "", &format!("{HOT} You failed to attach the receipt."));
        if dark {
            reply.darken();
            browser.settled("the colours", || browser.surface().pills);
        }
        browser.click_at(wait_painted_somewhere(&reply)[0].rect.centre());
        wait_card(browser);
        axe::assert_surface(browser);
        panel(browser);
        axe::assert_surface(browser);
        press(browser, panel(browser).button("walk").expect("the walk is in the panel"));
        browser.wait("the walk", || {
            browser.surface().panels.iter().any(|one| one.label == "Before sending").then_some(())
        });
        axe::assert_surface(browser);
        reply.send();
        wait_dialog(browser);
        axe::assert_surface(browser);
        browser.press(&[Key::Escape]);
    }
}

fn roundcube_in_html(desk: &Desk) {
    through_roundcube(desk, HTML);
}

fn roundcube_in_plain_text(desk: &Desk) {
    through_roundcube(desk, PLAIN);
}

fn through_roundcube(desk: &Desk, roundcube: Roundcube) {
    roundcube::start();
    let browser = &desk.browser;
    for by_key in [false, true] {
        let before = roundcube::delivered().len();
        let reply = roundcube.reply(browser, "WHERE IS MY REFUND");
        reply.begin();
        reply.type_text(HOT);
        browser.wait("the finding", || (!reply.painted().is_empty()).then_some(()));
        let try_to_send = || {
            if by_key {
                reply.in_editor(|browser| browser.press(&[Key::Control, Key::Enter]));
            } else {
                browser.click(".formbuttons .send");
            }
        };
        try_to_send();
        wait_dialog(browser);
        browser.settled("the delivered mails", || roundcube::delivered().len());
        assert_eq!(roundcube::delivered().len(), before, "by key: {by_key}");
        press(browser, &button(browser, "send-anyway"));
        browser.wait("the mail to arrive", || (roundcube::delivered().len() > before).then_some(()));
        let arrived = browser.settled("the delivered mails", || roundcube::delivered().len());
        assert_eq!(arrived, before + 1, "by key: {by_key}");
    }
}
