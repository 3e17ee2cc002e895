//! What is special about helpdesks: Enter sends in their chats, and a key or a button may set the ticket's status, too.

use composure_tests::browser::Key;
use composure_tests::webmail::{self, Page, Webmail};

use crate::desk::Desk;
use crate::guard::{HOT, button, wait_dialog};
use crate::webmail::{assert_sent_once, wait_painted};
use crate::{Case, gmail, options};
use serde_json::json;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("helpdesks::enter_is_held_in_intercoms_chat", |desk| enter_is_held(desk, "intercom", "editable")),
    ("helpdesks::enter_is_held_in_zendesks_chat", |desk| enter_is_held(desk, "zendesk", ZENDESK_CHAT)),
    ("webmail::freescout::chat::enter_is_held", |desk| enter_is_held(desk, "freescout", "editable")),
    ("helpdesks::enter_that_begins_a_line_is_left_alone", enter_that_begins_a_line_is_left_alone),
    ("helpdesks::enter_in_an_empty_chat_tells_nothing", enter_in_an_empty_chat_tells_nothing),
    ("helpdesks::what_was_held_keeps_its_status", what_was_held_keeps_its_status),
    ("helpdesks::a_menu_is_of_the_ticket_in_front", a_menu_is_of_the_ticket_in_front),
];

const ZENDESK_CHAT: &str = "[data-ticket-id='48213'] [data-test-id=omnicomposer-plain-text-ckeditor]";
const CALM: &str = "Thank you for writing.";

/// The first variant of a webmail's page, with another query.
fn described(id: &str, query: &str) -> Webmail {
    let webmail = webmail::all().into_iter().find(|webmail| webmail.id == id).expect("a page of this name");
    Webmail { query: query.to_owned(), ..webmail }
}

fn enter_is_held(desk: &Desk, id: &str, editable: &str) {
    let browser = &desk.browser;
    let mut chat = described(id, "?chat=1");
    if editable != "editable" {
        editable.clone_into(&mut chat.editable);
    }
    if chat.self_hosted {
        options::let_onto(browser, &chat.hosts[0]);
    }
    let page = Page::open(browser, &chat);
    page.type_text(HOT);
    wait_painted(&page);
    page.keys(&[Key::Shift, Key::Enter]);
    let content = browser.settled("the text", || page.content());
    assert!(browser.surface().dialogs.is_empty(), "Shift+Enter begins a line");
    page.keys(&[Key::Enter]);
    wait_dialog(browser);
    browser.settled("what is sent", || page.sent().len());
    assert_eq!(page.sent(), [], "Enter sent it");
    gmail::press(browser, &button(browser, "send-anyway"));
    assert_sent_once(&page, "Enter", &content);

    let page = Page::open(browser, &chat);
    page.type_text(CALM);
    browser.wait("the pill", || (browser.surface().pills.len() == 1).then_some(()));
    let content = browser.settled("the text", || page.content());
    page.keys(&[Key::Enter]);
    assert_sent_once(&page, "a calm Enter", &content);
    assert!(browser.surface().dialogs.is_empty(), "a calm answer is not held");
}

/// Where its writer has a chat send by Ctrl+Enter, of which the page says nothing.
fn enter_that_begins_a_line_is_left_alone(desk: &Desk) {
    let browser = &desk.browser;
    let chat = described("intercom", "?chat=1&enter=breaks");
    let page = Page::open(browser, &chat);
    page.type_text("Hello Gary,\n");
    browser.wait("the line", || page.content().contains("<br>").then_some(()));
    page.type_text(HOT);
    wait_painted(&page);
    page.keys(&[Key::Enter]);
    browser.wait("the next line", || page.content().ends_with("<p><br></p>").then_some(()));
    browser.settled("the dialog", || browser.surface().dialogs.len());
    assert!(browser.surface().dialogs.is_empty(), "Enter sends nothing here");
    page.keys(&[Key::Control, Key::Enter]);
    wait_dialog(browser);
    assert_eq!(page.sent(), []);
}

/// What begins a line after it is another key.
fn enter_in_an_empty_chat_tells_nothing(desk: &Desk) {
    let browser = &desk.browser;
    let chat = described("intercom", "?chat=1");
    let page = Page::open(browser, &chat);
    page.keys(&[Key::Enter]);
    let sent = browser.settled("what is sent", || page.sent().len());
    page.keys(&[Key::Shift, Key::Enter]);
    page.type_text(HOT);
    wait_painted(&page);
    page.keys(&[Key::Enter]);
    wait_dialog(browser);
    assert_eq!(page.sent().len(), sent);
}

fn what_was_held_keeps_its_status(desk: &Desk) {
    let browser = &desk.browser;
    let ticket = described("zendesk", "");
    for way in ["a key in the text", "a key elsewhere on the page", "the menu"] {
        let page = Page::open(browser, &ticket);
        page.type_text(HOT);
        wait_painted(&page);
        match way {
            "the menu" => press_in_menu(&page, "48213", "solved"),
            _ => {
                if way == "a key elsewhere on the page" {
                    browser.js(
                        "document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()",
                        json!([]),
                    );
                }
                page.keys(&[Key::Control, Key::Alt, Key::Char('s')]);
            }
        }
        let anyway = button(browser, "send-anyway");
        assert_eq!(page.sent(), [], "{way}");
        gmail::press(browser, &anyway);
        browser.wait("the mail to be sent", || (!page.sent().is_empty()).then_some(()));
        let sent = browser.settled("what is sent", || page.sent());
        assert_eq!((sent.len(), sent[0].0.as_str()), (1, "solved"), "{way}");
    }
}

/// Presses an item of the menu beside a ticket's button.
fn press_in_menu(page: &Page, ticket: &str, status: &str) {
    page.browser.click(&format!("[data-ticket-id='{ticket}'] [data-test-id=submit_button-menu-button]"));
    page.browser.click(&format!("[data-test-id=submit_button-menu-{status}]"));
}

/// All tickets that were opened stay in the page, with what is written there.
fn a_menu_is_of_the_ticket_in_front(desk: &Desk) {
    let browser = &desk.browser;
    let hot = described("zendesk", "");
    let page = Page::open(browser, &hot);
    page.type_text(HOT);
    wait_painted(&page);
    browser.js(
        "const [back, front] = document.querySelectorAll('[data-ticket-id]');
         [back.inert, front.inert, back.style.cssText, front.style.cssText] = [false, true, '', back.style.cssText];
         for (const tab of document.querySelectorAll('[data-test-id=header-tab]')) {
             tab.toggleAttribute('aria-current');
             if (tab.hasAttribute('aria-current')) tab.setAttribute('aria-current', 'page');
         }",
        json!([]),
    );
    let editable = "[data-ticket-id='47001'] [data-test-id=omnicomposer-rich-text-ckeditor]".to_owned();
    let calm = Webmail { editable, ..hot.clone() };
    let calm = Page { browser, webmail: &calm };
    calm.type_text(CALM);
    browser.settled("the pills", || browser.surface().pills);
    press_in_menu(&calm, "47001", "pending");
    let sent = browser.settled("what is sent", || page.sent());
    assert_eq!(sent.iter().map(|(via, _)| via.as_str()).collect::<Vec<_>>(), ["pending"]);
    assert!(browser.surface().dialogs.is_empty());
}
