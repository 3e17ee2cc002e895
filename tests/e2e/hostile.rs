//! Drafts that are too big or too strange, composes that vanish, pages that work against us: nothing is lost, nothing is
//! blocked.

use composure_tests::browser::{Browser, Key, Kind};
use composure_tests::mailbox::{Compose, Mailbox};
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{
    MENDED, TENSE, assert_calm, insert, panel, press, take_suggestion, wait_card, wait_painted_somewhere,
};
use crate::options;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("hostile::strange_characters", strange_characters),
    ("hostile::nested_tables_from_a_word_processor", nested_tables_from_a_word_processor),
    ("hostile::a_megabyte_is_pasted", a_megabyte_is_pasted),
    ("hostile::ten_thousand_lines", ten_thousand_lines),
    ("hostile::a_megabyte_in_plain_text_mode", a_megabyte_in_plain_text_mode),
    ("hostile::fast_typing_loses_nothing", fast_typing_loses_nothing),
    ("hostile::composes_closed_while_a_review_runs", composes_closed_while_a_review_runs),
    ("hostile::two_hundred_composes_leave_nothing", two_hundred_composes_leave_nothing),
    ("hostile::the_page_removes_our_nodes", the_page_removes_our_nodes),
    ("hostile::the_page_removes_our_nodes_for_ever", the_page_removes_our_nodes_for_ever),
    ("hostile::the_page_replaces_its_body", the_page_replaces_its_body),
    ("hostile::the_page_rewrites_the_mail", the_page_rewrites_the_mail),
    ("hostile::the_page_cannot_press_our_buttons", the_page_cannot_press_our_buttons),
    ("hostile::the_page_cannot_talk_to_the_mind", the_page_cannot_talk_to_the_mind),
    ("hostile::a_page_that_reads_along_learns_nothing", a_page_that_reads_along_learns_nothing),
    ("hostile::a_page_that_floods_and_forges_changes_nothing", a_page_that_floods_and_forges_changes_nothing),
    (
        "hostile::a_page_that_breaks_everything_can_still_be_written_in",
        a_page_that_breaks_everything_can_still_be_written_in,
    ),
    ("hostile::a_page_that_names_elements_like_functions", a_page_that_names_elements_like_functions),
    ("hostile::a_page_that_takes_the_focus", a_page_that_takes_the_focus),
    ("hostile::the_extension_is_reloaded_under_a_live_tab", the_extension_is_reloaded_under_a_live_tab),
];

fn strange_characters(desk: &Desk) {
    let browser = &desk.browser;
    let lines = [
        "👩‍👩‍👧‍👦 and 🏳️‍🌈 wrote. ",                   // joiners
        "Ame\u{301}lie und Zoe\u{308}, ",      // combining marks
        "שלום עולם. ",                         // right to left
        "zero\u{200B}width\u{200D}\u{FEFF}. ", // invisible
        "𝕋𝕙𝕖 ﷽ \u{202E}override\u{202C}. ",    // outside the first plane, very wide, bidi controls
    ];
    for line in lines {
        let mailbox = Mailbox::open(browser, "");
        let reply = mailbox.reply(0);
        browser.type_text(&format!("{line}{TENSE} {line}"));
        let painted = wait_painted_somewhere(&reply);
        assert!(TENSE.contains(&painted[0].text), "{line:?}: {painted:?}");
        let before = reply.html();
        assert!(before.contains(TENSE), "{before:?}");
        take_suggestion(browser, &painted[0]);
        browser.wait("the suggestion", || (reply.html() != before).then_some(()));
        let mended = browser.settled("the editor", || reply.html());
        assert_eq!(mended, before.replace(TENSE, MENDED), "{line:?}");
        reply.undo();
        browser.wait("the undo", || (reply.html() == before).then_some(()));
        send_and_compare(&mailbox, &reply);
    }
}

fn nested_tables_from_a_word_processor(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    paste_html(
        browser,
        &reply,
        &format!(
            "<p class=MsoNormal style='margin:0'><span lang=EN-GB style='font-size:11.0pt'>Hello Gary,<o:p></o:p></span></p>\
             <table border=1><tr><td><table><tr><td>Order</td><td><b>48213</b></td></tr>\
             <tr><td colspan=2><p class=MsoNormal>{TENSE}</p><ul><li>One<ul><li>Two</li></ul></li></ul></td></tr></table></td>\
             <td>&nbsp;</td></tr></table><p>Bye</p>"
        ),
    );
    let painted = wait_painted_somewhere(&reply)[0].clone();
    let before = reply.html();
    assert_eq!(before.matches(TENSE).count(), 1, "{before}");
    take_suggestion(browser, &painted);
    browser.wait("the suggestion", || (reply.html() != before).then_some(()));
    let mended = browser.settled("the editor", || reply.html());
    assert_eq!(mended, before.replace(TENSE, MENDED));
    reply.undo();
    browser.wait("the undo", || (reply.html() == before).then_some(()));
    insert(browser, "next-step");
    browser.wait("the next step", || (reply.html() != before).then_some(()));
    reply.undo();
    browser.wait("its undo", || (reply.html() == before).then_some(()));
    send_and_compare(&mailbox, &reply);
}

fn a_megabyte_is_pasted(desk: &Desk) {
    let line = "The parcel left our house on Monday and the carrier says that it is in your town. ".repeat(25);
    let text = format!("{line}\n").repeat(512);
    assert!(text.len() > 1_000_000);
    big(desk, &text);
}

fn ten_thousand_lines(desk: &Desk) {
    let text: String = (1..=10_000).map(|number| format!("Line {number} is short.\n")).collect();
    big(desk, &text);
}

/// A big paste arrives whole, the compose still takes keys at once, words are still found, and it is sent as it is.
fn big(desk: &Desk, text: &str) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(&format!("Hello Gary,\n{TENSE}\n"));
    wait_painted_somewhere(&reply);
    copy(browser, text);
    focus_end(browser, &reply.editor());
    browser.press(&[Key::Control, Key::Char('v')]);
    browser.wait("the paste", || {
        (browser.js("return document.querySelector(arguments[0]).textContent.length", json!([reply.editor()])).as_u64()
            >= Some(text.chars().filter(|c| *c != '\n').count() as u64))
        .then_some(())
    });
    let start = std::time::Instant::now();
    browser.type_text("Bye.");
    let took = start.elapsed();
    assert!(took.as_secs() < 10, "four keys took {took:?}");
    browser.wait("findings in all that", || {
        reply.painted_words().first().filter(|words| TENSE.contains(*words)).map(drop)
    });
    send_and_compare(&mailbox, &reply);
}

fn a_megabyte_in_plain_text_mode(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "?plain=1");
    let reply = mailbox.reply(0);
    let text = "The parcel left our house on Monday.\n".repeat(28_000);
    assert!(text.len() > 1_000_000);
    browser.type_text(&format!("{TENSE}\n"));
    crate::gmail::wait_mark(browser);
    copy(browser, &text);
    focus_end(browser, &reply.within("textarea.Ak"));
    browser.press(&[Key::Control, Key::Char('v')]);
    browser.wait("the paste", || (reply.plain_text().len() >= text.len()).then_some(()));
    let start = std::time::Instant::now();
    browser.type_text("Bye.");
    let took = start.elapsed();
    assert!(took.as_secs() < 10, "four keys took {took:?}");
    let all = format!("{TENSE}\n{text}Bye.");
    browser.wait("the keys", || (reply.plain_text() == all).then_some(()));
    browser.press(&[Key::Control, Key::Enter]);
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    assert!(mailbox.sent()[0].content == all, "what was sent is not what was written");
    assert_calm(&mailbox);
}

fn fast_typing_loses_nothing(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    let text = format!("You are an idiot. {TENSE} Calm down. ").repeat(20);
    browser.type_text(&text);
    assert_eq!(reply.html().replace("&nbsp;", " "), text);
    wait_painted_somewhere(&reply);
    let html = reply.html();
    browser.press(&[Key::Control, Key::Enter]);
    // As hot as that it is held.
    let anyway = browser.wait("the dialog", || browser.surface().button("send-anyway").cloned());
    press(browser, &anyway);
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    assert_eq!(mailbox.sent()[0].content, html);
    assert_calm(&mailbox);
}

fn composes_closed_while_a_review_runs(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    for turn in 0..6 {
        let compose = mailbox.compose();
        browser.type_text(TENSE);
        match turn % 3 {
            0 => compose.discard(),
            1 => browser.press(&[Key::Escape]),
            // Torn out without a word, as a page does that goes elsewhere.
            _ => drop(browser.js("document.querySelector('.dw .no').replaceChildren()", json!([]))),
        }
        browser.wait("nothing left of us", || browser.surface().pills.is_empty().then_some(()));
        assert_eq!(browser.painted().len(), 0);
    }
    browser.js("__shortcuts.length = 0", json!([])); // the two Escapes
    let compose = mailbox.compose();
    browser.type_text(TENSE);
    wait_painted_somewhere(&compose);
    send_and_compare(&mailbox, &compose);
}

/// What a page holds, after its garbage was collected.
#[derive(Debug)]
struct Holds {
    nodes: f64,
    listeners: f64,
    frames: f64,
    /// In bytes, of the page's and our scripts in it.
    heap: f64,
}

impl Holds {
    /// Chromium counts all of it. In Firefox no driver asks for more than the elements and the frames that there are.
    fn of(browser: &Browser) -> Holds {
        let ours: f64 = browser
            .in_surface("function () { return this.querySelectorAll('*').length }")
            .iter()
            .filter_map(serde_json::Value::as_f64)
            .sum();
        if browser.kind == Kind::Firefox {
            let count = |script: &str| browser.js(script, json!([])).as_f64().unwrap_or_default();
            let nodes = ours + count("return document.querySelectorAll('*').length");
            return Holds { nodes, listeners: 0.0, frames: count("return window.length"), heap: 0.0 };
        }
        browser.cdp("Performance.enable", json!({}));
        for _ in 0..3 {
            browser.cdp("HeapProfiler.collectGarbage", json!({}));
        }
        let metrics = browser.cdp("Performance.getMetrics", json!({}))["metrics"].clone();
        let of = |name: &str| {
            let all = metrics.as_array().into_iter().flatten();
            all.filter(|one| one["name"] == name).find_map(|one| one["value"].as_f64()).unwrap_or_default()
        };
        Holds {
            nodes: of("Nodes"),
            listeners: of("JSEventListeners"),
            frames: of("Frames"),
            heap: of("JSHeapUsedSize"),
        }
    }
}

/// Compared with what the page itself leaves behind without us.
fn two_hundred_composes_leave_nothing(desk: &Desk) {
    let bare = desk.bare();
    let [with, without] = [(&desk.browser, true), (&bare, false)].map(|(browser, ours)| {
        let mailbox = Mailbox::open(browser, "");
        let two = || {
            let composes: Vec<_> = (0..2).map(|_| mailbox.compose()).collect();
            if ours {
                browser.wait("two pills", || (browser.surface().pills.len() == 2).then_some(()));
            }
            // The newest first: the others stay where they are.
            for (left, compose) in composes.iter().rev().enumerate().map(|(gone, compose)| (1 - gone, compose)) {
                compose.discard();
                browser.wait("the compose to go", || {
                    (browser.text("return document.querySelectorAll('.aoI').length") == left.to_string()).then_some(())
                });
            }
            if ours {
                browser.wait("no pill", || browser.surface().pills.is_empty().then_some(()));
            }
        };
        // What is made once is there after these.
        (0..10).for_each(|_| two());
        let before = Holds::of(browser);
        (0..100).for_each(|_| two());
        let after = Holds::of(browser);
        Holds {
            nodes: after.nodes - before.nodes,
            listeners: after.listeners - before.listeners,
            frames: after.frames - before.frames,
            heap: after.heap - before.heap,
        }
    });
    println!("{}: 200 composes with us: {with:?}, without: {without:?}", desk.browser.kind);
    // Less than one of anything, and 5 KB, for every compose is noise.
    assert!(with.nodes - without.nodes < 200.0, "with {with:?}, without {without:?}");
    assert!(with.listeners - without.listeners < 100.0, "with {with:?}, without {without:?}");
    assert!(with.frames <= without.frames.max(0.0), "with {with:?}, without {without:?}");
    assert!(with.heap - without.heap < 1e6, "with {with:?}, without {without:?}");
}

fn the_page_removes_our_nodes(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    for victim in ["composure-surface", "composure-frame"] {
        let removed = browser
            .js("const it = document.querySelector(arguments[0]); it?.remove(); return it !== null", json!([victim]));
        assert_eq!(removed, true, "there is no {victim}: what is our node called now?");
        browser.type_text(" ");
        browser.wait("the pill to come back", || browser.surface().pills.first().cloned());
        reply.wait_painted(&[&painted.text]);
    }
    let before = reply.html();
    take_suggestion(browser, &painted);
    browser.wait("the suggestion", || (reply.html() == before.replace(TENSE, MENDED)).then_some(()));
    send_and_compare(&mailbox, &reply);
}

fn the_page_removes_our_nodes_for_ever(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    browser.js(
        "window.__removed = 0;
         new MutationObserver(() => {
             for (const ours of document.querySelectorAll('html > :not(head, body)')) { ours.remove(); window.__removed++; }
         }).observe(document.documentElement, { childList: true })",
        json!([]),
    );
    let reply = mailbox.reply(0);
    browser.type_text(&format!("{TENSE} "));
    let removed = browser.settled("the quarrel", || {
        browser.type_text("x");
        browser.text("return __removed").parse::<u32>().expect("a number")
    });
    assert!((1..200).contains(&removed), "removed {removed} times");
    assert!(reply.html().starts_with(TENSE), "{}", reply.html());
    send_and_compare(&mailbox, &reply);
}

fn the_page_replaces_its_body(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply);
    // The same nodes in a new body: what single-page applications do when they start over.
    browser.js(
        "const body = document.createElement('body'); body.className = document.body.className;
         body.append(...document.body.childNodes); document.body.replaceWith(body);
         document.querySelector(arguments[0]).focus()",
        json!([reply.editor()]),
    );
    focus_end(browser, &reply.editor());
    browser.type_text(" ");
    reply.wait_painted(&[&painted[0].text]);
    browser.press(&[Key::Control, Key::Enter]);
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
}

fn the_page_rewrites_the_mail(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    browser.point_at(painted.rect.centre());
    let card = wait_card(browser);
    let take = card.button("take").expect("a suggestion").clone();
    // The text changes under the open card; a suggestion made for the old text must not be put into the new one.
    browser.js(
        "document.querySelector(arguments[0]).textContent = 'Something else entirely, and longer than it was.'",
        json!([reply.editor()]),
    );
    browser.click_at(take.rect.centre());
    reply.wait_painted(&[]);
    assert_eq!(browser.settled("the editor", || reply.html()), "Something else entirely, and longer than it was.");
    send_and_compare(&mailbox, &reply);
}

fn the_page_cannot_press_our_buttons(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    browser.point_at(painted.rect.centre());
    let card = wait_card(browser);
    let at = card.button("take").expect("a suggestion").rect.centre();
    browser.js(
        "const [x, y] = arguments;
         for (const host of document.querySelectorAll('html > :not(head, body)')) {
             if (host.shadowRoot) throw new Error('an open shadow root');
             for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
                 host.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, cancelable: true, clientX: x, clientY: y }));
             }
             host.click();
         }
         const editor = document.activeElement;
         for (const [key, code, altKey] of [['.', 'Period', true], ['Enter', 'Enter', false]]) {
             editor.dispatchEvent(new KeyboardEvent('keydown', { key, code, altKey, bubbles: true, composed: true }));
         }",
        json!([at.x, at.y]),
    );
    assert_eq!(browser.settled("the editor", || reply.html()), TENSE);
}

fn the_page_cannot_talk_to_the_mind(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    let heard = browser.js_async(
        "const done = arguments[0];
         const heard = [];
         addEventListener('message', event => heard.push(JSON.stringify(event.data)));
         for (let i = 0; i < window.length; i++) {
             for (const attach of ['', 'x', '0'.repeat(32), null, 0, {}, []]) {
                 const { port1, port2 } = new MessageChannel();
                 port1.onmessage = event => heard.push(JSON.stringify(event.data));
                 window[i].postMessage({ attach }, '*', [port2]);
                 port1.postMessage([{ type: 'resync', compose: 1 }]);
                 window[i].postMessage([{ type: 'closed', compose: 1 }], '*');
             }
         }
         setTimeout(() => done([window.length, heard]), 800)",
    );
    assert_eq!(heard[1], json!([]), "the mind answered the page");
    // And the true channel still works.
    browser.type_text(" You are an idiot.");
    browser.wait("the second finding", || (reply.painted_words().len() == 2).then_some(()));
}

/// In everything that is stored, and nowhere else.
const SECRET: &str = "Quillfeather";

/// What [`attacked`] found.
struct Attacked {
    painted: Vec<String>,
    /// Whether the angry mail was held until its writer said to send it anyway.
    held: bool,
    /// What went through the page's hands.
    asked: u64,
}

/// A writer with something to hide answers an angry mail on the page of `pages/gmail/hostile.js`. Whatever the page does: it learns
/// nothing of what is stored, the text is what was typed, and the mail goes once, as it is in the editor.
fn attacked(browser: &Browser, how: &str) -> Attacked {
    options::open(browser);
    let snippet = json!({ "id": "own-1", "title": SECRET, "situation": "", "register": "warm", "words": [], "needs": [], "text": SECRET });
    let record = json!({
        "version": 1, "time": 1_795_000_000_000_u64, "site": "mail.google.com", "recipient": SECRET, "address": null, "subject": null,
        "message": SECRET, "reply": SECRET, "heat_message": 70, "heat_before": 70, "heat_after": 0,
    });
    let settings = json!({
        "version": 1, "my_name": SECRET, "business": SECRET, "signature": SECRET, "dictionary": [SECRET], "reader": false,
    });
    options::store(
        browser,
        &json!({
            "settings": settings,
            "snippet-own-1": { "version": 1, "snippet": snippet, "trashed": null },
            "record-1795000000000-7": record,
        }),
    );
    let mailbox = Mailbox::open(browser, &format!("hostile.html?how={how}&origin={}", browser.origin));
    let reply = mailbox.reply(0);
    let text = format!("{TENSE} You are an idiot.");
    browser.type_text(&text);
    assert_eq!(reply.html().replace("&nbsp;", " "), text, "{how}");
    // A page that breaks what tests look with is looked at from outside only.
    let seen = how != "break" && how != "clobber";
    if seen {
        browser.wait("both findings", || (reply.painted_words().len() == 2).then_some(()));
        panel(browser);
        browser.press(&[Key::Escape]);
    }
    browser.settled("the page", || reply.html());
    let html = reply.html();
    assert_eq!(html.replace("&nbsp;", " "), text, "{how}: nobody but the writer writes");
    let painted = if seen { reply.painted_words() } else { Vec::new() };
    browser.js("document.querySelector(arguments[0]).focus()", json!([reply.editor()]));
    browser.press(&[Key::Control, Key::Enter]);
    let anyway = browser.wait("the mail or the dialog", || {
        let anyway = browser.surface().button("send-anyway").cloned();
        if mailbox.sent().is_empty() { anyway.map(Some) } else { Some(None) }
    });
    let held = anyway.is_some();
    if let Some(anyway) = anyway {
        assert_eq!(mailbox.sent(), [], "{how}");
        press(browser, &anyway);
    }
    browser.wait("the mail to be sent", || (!mailbox.sent().is_empty()).then_some(()));
    let sent = browser.settled("the mails", || mailbox.sent());
    assert_eq!(sent.len(), 1, "{how}: sent once");
    assert_eq!(sent[0].content, html, "{how}: sent as it was written");
    for list in ["__learned", "__answers", "__reached"] {
        assert_eq!(
            browser.text(&format!("return {list}.length + ' ' + {list}.slice(0, 3).join()")),
            "0 ",
            "{how}: {list}"
        );
    }
    let page = browser.text("return document.querySelector('html').outerHTML");
    assert!(!page.contains(SECRET), "{how}: the page has what is stored");
    let asked = browser.text("return __asked").parse().unwrap_or_default();
    options::open(browser);
    options::reset(browser);
    Attacked { painted, held, asked }
}

fn a_page_that_reads_along_learns_nothing(desk: &Desk) {
    let Attacked { painted, held, asked } = attacked(&desk.browser, "spy");
    assert!(asked > 100, "the page listened to itself, {asked} times");
    assert_eq!((painted.len(), held), (2, true));
}

fn a_page_that_floods_and_forges_changes_nothing(desk: &Desk) {
    // Its own browser: of what the page is refused, the console tells, with our name in it.
    let Attacked { painted, held, .. } = attacked(&desk.fresh(), "flood");
    assert_eq!((painted.len(), held), (2, true));
}

fn a_page_that_breaks_everything_can_still_be_written_in(desk: &Desk) {
    // Its world is not ours: what is broken there works here.
    assert!(attacked(&desk.browser, "break").held);
}

fn a_page_that_names_elements_like_functions(desk: &Desk) {
    attacked(&desk.browser, "clobber");
}

fn a_page_that_takes_the_focus(desk: &Desk) {
    assert_eq!(attacked(&desk.browser, "focus").painted.len(), 2);
}

fn the_extension_is_reloaded_under_a_live_tab(desk: &Desk) {
    // Its own browser: afterwards the extension is another one.
    let browser = desk.fresh();
    let mailbox = Mailbox::open(&browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    browser.reload_extension();
    browser.type_text(" And we");
    browser.type_text(" wrote back.");
    assert_eq!(reply.html(), format!("{TENSE} And we wrote back."));
    // The orphan is silent, or its successor works; there is never a pill that does nothing.
    let pills = browser.settled("the surface", || browser.surface().pills.len());
    assert!(pills <= 1, "{pills} pills");
    if pills == 1 {
        panel(&browser);
    }
    let painted = browser.settled("the painting", || reply.painted_words());
    assert!(painted.iter().all(|words| TENSE.contains(words)), "{painted:?}");
    // A successor came later than the page, whose listeners on the window are before its own; those on the document, where
    // a page acts, are not.
    browser.js(
        "for (let i = __outside.length; i--; ) if (__outside[i].includes('capturing')) __outside.splice(i, 1)",
        json!([]),
    );
    send_and_compare(&mailbox, &reply);
}

/// Sends by Ctrl+Enter: what goes is what the editor holds.
#[track_caller]
fn send_and_compare(mailbox: &Mailbox, compose: &Compose) {
    let html = compose.html();
    let sent = mailbox.sent().len();
    mailbox.browser.js("document.querySelector(arguments[0]).focus()", json!([compose.editor()]));
    mailbox.browser.press(&[Key::Control, Key::Enter]);
    mailbox.browser.wait("the mail to be sent", || (mailbox.sent().len() == sent + 1).then_some(()));
    assert!(mailbox.sent()[sent].content == html, "what was sent is not what the editor held");
    assert!(!html.to_lowercase().contains("composure"));
    assert_calm(mailbox);
}

/// Puts the caret at the end, by hand of the page.
fn focus_end(browser: &Browser, selector: &str) {
    browser.js(
        "const body = document.querySelector(arguments[0]);
         body.focus();
         if (body.value !== undefined) body.setSelectionRange(body.value.length, body.value.length);
         else { getSelection().selectAllChildren(body); getSelection().collapseToEnd(); }",
        json!([selector]),
    );
}

/// Puts text on the clipboard with Ctrl+C.
fn copy(browser: &Browser, text: &str) {
    browser.js(
        "const area = document.createElement('textarea'); area.id = 'clip'; area.value = arguments[0];
         document.body.append(area); area.focus(); area.select()",
        json!([text]),
    );
    browser.press(&[Key::Control, Key::Char('c')]);
    browser.js("document.getElementById('clip').remove()", json!([]));
}

/// Pastes HTML as another program would put it on the clipboard.
fn paste_html(browser: &Browser, compose: &Compose, html: &str) {
    browser.js(
        "const box = document.createElement('div'); box.id = 'clip'; box.contentEditable = 'true'; box.innerHTML = arguments[0];
         document.body.append(box); box.focus(); getSelection().selectAllChildren(box)",
        json!([html]),
    );
    browser.press(&[Key::Control, Key::Char('c')]);
    browser.js("document.getElementById('clip').remove()", json!([]));
    focus_end(browser, &compose.editor());
    browser.press(&[Key::Control, Key::Char('v')]);
}
