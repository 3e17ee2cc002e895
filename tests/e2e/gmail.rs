//! Writing in Gmail: the page of `tests/pages/gmail/`, which acts as the original does.

use composure_tests::browser::{Browser, Button, Key, Painted, Point, Rect, Surface};
use composure_tests::mailbox::{Compose, Mailbox};
use serde_json::json;

use crate::Case;
use crate::desk::{Desk, asked_elsewhere};

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("gmail::the_browser_has_nothing_against_the_package", the_browser_has_nothing_against_the_package),
    ("gmail::findings_are_painted_while_typing", findings_are_painted_while_typing),
    ("gmail::the_last_word_is_judged_without_another_key", the_last_word_is_judged_without_another_key),
    ("gmail::highlights_stay_on_their_words", highlights_stay_on_their_words),
    ("gmail::painting_leaves_the_page_as_it_was", painting_leaves_the_page_as_it_was),
    ("gmail::the_card_comes_at_hover_and_goes", the_card_comes_at_hover_and_goes),
    ("gmail::the_card_comes_at_click", the_card_comes_at_click),
    ("gmail::a_suggestion_replaces_exactly_its_span", a_suggestion_replaces_exactly_its_span),
    ("gmail::the_same_under_strict_policy_in_spanish", the_same_under_strict_policy_in_spanish),
    ("gmail::a_suggestion_in_formatted_text", a_suggestion_in_formatted_text),
    ("gmail::the_page_saves_what_was_accepted", the_page_saves_what_was_accepted),
    ("gmail::by_keyboard_alone", by_keyboard_alone),
    ("gmail::escape_returns_to_the_text", escape_returns_to_the_text),
    ("gmail::the_apology_goes_after_the_greeting", the_apology_goes_after_the_greeting),
    ("gmail::the_sign_off_goes_to_the_end_above_the_quote", the_sign_off_goes_to_the_end_above_the_quote),
    ("gmail::no_second_signature_beside_gmails_own", no_second_signature_beside_gmails_own),
    ("gmail::the_apology_goes_above_gmails_signature", the_apology_goes_above_gmails_signature),
    ("gmail::an_insertion_is_one_undo", an_insertion_is_one_undo),
    ("gmail::calm_this_is_one_undo", calm_this_is_one_undo),
    ("gmail::two_composes_never_mix", two_composes_never_mix),
    ("gmail::the_pill_makes_way_for_what_comes_with_its_text", the_pill_makes_way_for_what_comes_with_its_text),
    ("gmail::shortcuts_of_the_page_never_fire_from_us", shortcuts_of_the_page_never_fire_from_us),
    ("gmail::plain_text_mode", plain_text_mode),
    ("gmail::marks_lie_on_their_words_in_a_scrolled_textarea", marks_lie_on_their_words_in_a_scrolled_textarea),
    ("gmail::a_mark_goes_to_the_next_line_with_its_word", a_mark_goes_to_the_next_line_with_its_word),
    (
        "gmail::marks_lie_on_their_words_in_lines_of_either_direction",
        marks_lie_on_their_words_in_lines_of_either_direction,
    ),
    ("gmail::switching_to_plain_text_and_back", switching_to_plain_text_and_back),
    ("gmail::every_way_of_sending_works", every_way_of_sending_works),
    ("gmail::a_press_outlives_what_comes_meanwhile", a_press_outlives_what_comes_meanwhile),
    ("gmail::muting_is_for_one_mail", muting_is_for_one_mail),
    ("gmail::the_quote_is_never_reviewed", the_quote_is_never_reviewed),
    ("gmail::nothing_is_asked_of_the_network", nothing_is_asked_of_the_network),
];

/// A sentence with one finding, and what its first suggestion makes of it.
pub const TENSE: &str = "You failed to attach the receipt.";
/// Three findings, each with a suggestion.
pub const ANGRY: &str = "You failed to attach the receipt. It is NOT here.\n\nSTOP IT.";
/// See [`TENSE`].
pub const MENDED: &str = "The receipt wasn't attached.";

/// What ends a sign-off while the writer has not said what the name is.
const SIGNED: &str = "{my_name}";

fn the_browser_has_nothing_against_the_package(desk: &Desk) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let package = composure_tests::package(desk.browser.kind);
    let package = std::fs::File::open(&package).unwrap_or_else(|error| {
        panic!("{}: {error}; `./build.sh package` makes it", package.display());
    });
    zip::ZipArchive::new(package).and_then(|mut zip| zip.extract(folder.path())).expect("a package");
    let browser = desk.with(folder.path().to_path_buf());
    let reply = Mailbox::open(&browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    assert_eq!(browser.extension_complaints(), Vec::<String>::new());
}

fn findings_are_painted_while_typing(desk: &Desk) {
    let reply = Mailbox::open(&desk.browser, "").reply(0);
    desk.browser.type_text("Hello Gary,\n\n");
    assert_eq!(reply.painted_words(), Vec::<String>::new());
    desk.browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply);
    assert!(painted.iter().all(|one| TENSE.contains(&one.text)), "{painted:?}");
    let colour = desk.browser.js(
        "return getComputedStyle(document.querySelector(arguments[0]).lastElementChild, `::highlight(${arguments[1]})`).backgroundColor",
        json!([reply.editor(), painted[0].name]),
    );
    assert_eq!(colour, "rgba(139, 92, 246, 0.13)", "the browser shows it");
    let pill = the_pill(&desk.browser);
    assert!(pill.contains('1'), "one finding, and the pill says {pill:?}");
    // Words that are mended by hand are no longer painted.
    desk.browser.press(&[Key::Shift, Key::Home]);
    desk.browser.type_text("Thank you for writing.");
    reply.wait_painted(&[]);
}

/// Letters that nothing follows from at once are told together, a moment later, if no key comes.
fn the_last_word_is_judged_without_another_key(desk: &Desk) {
    let browser = desk.fresh();
    let reply = Mailbox::open(&browser, "").reply(0);
    browser.type_text("You failed to attach the receipt");
    reply.wait_painted(&["You failed to attach the receipt"]);
    // Also where something is taken back.
    browser.press(&[Key::End]);
    browser.press(&[Key::Backspace]);
    browser.type_text("t to your mail");
    reply.wait_painted(&["You failed to attach the receipt"]);
}

fn highlights_stay_on_their_words(desk: &Desk) {
    let reply = Mailbox::open(&desk.browser, "").reply(0);
    desk.browser.type_text(&format!("Gary.\n\n{TENSE} That was all."));
    let words: Vec<_> = wait_painted_somewhere(&reply).into_iter().map(|one| one.text).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    // Whatever is typed before and after them, and whenever one looks, they are on the same words.
    desk.browser.press(&[Key::Control, Key::Home]);
    for piece in ["H", "i", " ", "\n", "\n", "Thanks for the photo. ", "😀", "\n"] {
        desk.browser.type_text(piece);
        assert_eq!(reply.painted_words(), words, "directly after {piece:?}");
        reply.wait_painted(&words);
    }
    desk.browser.press(&[Key::Backspace]);
    assert_eq!(reply.painted_words(), words, "directly after Backspace");
    desk.browser.press(&[Key::Control, Key::End]);
    desk.browser.type_text(" Bye.\n\nDana");
    assert_eq!(reply.painted_words(), words);
}

fn painting_leaves_the_page_as_it_was(desk: &Desk) {
    let page = |browser: &Browser| {
        browser.settled("the page", || browser.text("return document.head.outerHTML + document.body.outerHTML"))
    };
    let write = |browser: &Browser| {
        let reply = Mailbox::open(browser, "?sig=1").reply(0);
        browser.type_text(&format!("Hello Gary,\n\n{TENSE}\nYou are an idiot.\n"));
        browser.wait("the autosave", || (browser.text("return __saves.length") != "0").then_some(()));
        (reply.html(), page(browser))
    };
    let bare = write(&desk.bare());
    let ours = write(&desk.browser);
    let painted = desk.browser.painted();
    assert!(painted.len() >= 2, "{painted:?}");
    assert_eq!(ours.0, bare.0, "the editor");
    assert_eq!(ours.1, bare.1, "the page");
    // With the card and the panel open, too.
    desk.browser.point_at(painted[0].rect.centre());
    wait_card(&desk.browser);
    assert_eq!(page(&desk.browser), bare.1, "the page with the card open");
    panel(&desk.browser);
    assert_eq!(page(&desk.browser), bare.1, "the page with the panel open");
}

fn the_card_comes_at_hover_and_goes(desk: &Desk) {
    let reply = Mailbox::open(&desk.browser, "").reply(0);
    desk.browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    desk.browser.point_at(painted.rect.centre());
    let surface = wait_card(&desk.browser);
    let card = &surface.cards[0];
    assert!(card.text.contains("Blame"), "the card says which rule: {}", card.text);
    assert!(surface.button("take").is_some(), "{surface:?}");
    let clear = card.rect.y >= painted.rect.y + painted.rect.height || card.rect.y + card.rect.height <= painted.rect.y;
    assert!(clear, "the card {:?} covers the words {:?}", card.rect, painted.rect);
    let height = desk.browser.js("return innerHeight", json!([])).as_f64().expect("a number");
    assert!(card.rect.y >= 0.0 && card.rect.y + card.rect.height <= height, "the card is cut off: {:?}", card.rect);
    // Into the card it stays, elsewhere it goes.
    desk.browser.point_at(card.rect.centre());
    let still = desk.browser.settled("the card", || desk.browser.surface().cards.len());
    assert_eq!(still, 1, "the card stays under the pointer");
    desk.browser.point_at(desk.browser.rect(".brand").centre());
    desk.browser.wait("the card to go", || desk.browser.surface().cards.is_empty().then_some(()));
}

fn the_card_comes_at_click(desk: &Desk) {
    let reply = Mailbox::open(&desk.browser, "").reply(0);
    desk.browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    desk.browser.click_at(painted.rect.centre());
    wait_card(&desk.browser);
    // The click put the caret where it always would.
    desk.browser.type_text("x");
    let html = reply.html();
    assert_eq!(html.replacen('x', "", 1), TENSE, "{html}");
    assert!(html.find('x').is_some_and(|at| at > 0 && at < painted.text.len()), "the caret is in the words: {html}");
}

fn a_suggestion_replaces_exactly_its_span(desk: &Desk) {
    mend_and_send(desk, "");
}

fn the_same_under_strict_policy_in_spanish(desk: &Desk) {
    mend_and_send(desk, "?csp=strict&hl=es");
    let policy = desk.server.served().into_iter().any(|path| path.contains("csp=strict"));
    assert!(policy, "the page came with its policy");
}

/// The whole way: type, see, take a suggestion, undo, take it again, send.
fn mend_and_send(desk: &Desk, query: &str) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, query);
    let reply = mailbox.reply(0);
    browser.type_text(&format!("Hello Gary,\n\n{TENSE} I looked into it.\nKind regards"));
    let painted = wait_painted_somewhere(&reply)[0].clone();
    let before = reply.html();
    assert!(before.contains(TENSE), "{before}");

    take_suggestion(browser, &painted);
    let mended = before.replace(TENSE, MENDED);
    browser.wait("the suggestion in the text", || (reply.html() == mended).then_some(()));
    reply.wait_painted(&[]);
    assert!(browser.surface().cards.is_empty(), "the card goes with its finding");

    reply.undo();
    browser.wait("the undo", || (reply.html() == before).then_some(()));
    reply.wait_painted(&[&painted.text]);

    take_suggestion(browser, &painted);
    browser.wait("the suggestion again", || (reply.html() == mended).then_some(()));
    reply.send();
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    assert_eq!(mailbox.sent()[0].content, mended);
    assert_calm(&mailbox);
}

fn a_suggestion_in_formatted_text(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    // By the page's own buttons.
    let toggle = |form: &str| browser.click(&reply.within(&format!("[command='+{form}']")));
    browser.type_text("You failed to ");
    toggle("bold");
    browser.type_text("attach");
    toggle("bold");
    browser.type_text(" the receipt. Then ");
    toggle("italic");
    browser.type_text("this");
    toggle("italic");
    browser.type_text(" came.");
    let painted = wait_painted_somewhere(&reply)[0].clone();
    let before = reply.html();
    take_suggestion(browser, &painted);
    let text = browser.wait("the suggestion", || {
        let text = inner_text(&reply);
        text.starts_with(MENDED).then_some(text)
    });
    assert_eq!(text, format!("{MENDED} Then this came."), "from {before}");
    assert!(reply.html().contains("<i>this</i>"), "the rest keeps its form: {} from {before}", reply.html());
    reply.undo();
    browser.wait("the undo", || (reply.html() == before).then_some(()));
}

fn the_page_saves_what_was_accepted(desk: &Desk) {
    let mailbox = Mailbox::open(&desk.browser, "");
    let reply = mailbox.reply(0);
    desk.browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    desk.browser.wait("the first autosave", || (mailbox.saved() == TENSE).then_some(()));
    take_suggestion(&desk.browser, &painted);
    desk.browser.wait("the autosave of the suggestion", || (mailbox.saved() == MENDED).then_some(()));
}

fn by_keyboard_alone(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(&format!("{TENSE} Then we wrote back."));
    wait_painted_somewhere(&reply);
    browser.press(&[Key::Alt, Key::Char('.')]);
    let surface = wait_card(browser);
    assert!(surface.buttons.iter().any(|button| button.selected), "a button is selected: {surface:?}");
    assert!(focus_is_in(&reply), "the focus stays in the mail");
    browser.press(&[Key::Enter]);
    let mended = format!("{MENDED} Then we wrote back.");
    browser.wait("the suggestion", || (inner_text(&reply) == mended).then_some(()));
    assert!(focus_is_in(&reply));
    browser.press(&[Key::End]);
    browser.type_text(" Bye.");
    assert_eq!(inner_text(&reply), format!("{mended} Bye."));
    // The panel, and an insertion from it.
    browser.press(&[Key::Alt, Key::Char('/')]);
    browser.wait("the panel", || (!browser.surface().panels.is_empty()).then_some(()));
    assert!(focus_is_in(&reply));
    browser.press(&[Key::Alt, Key::Char('/')]);
    browser.wait("the panel to go", || browser.surface().panels.is_empty().then_some(()));
    browser.press(&[Key::Control, Key::Enter]);
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    assert_calm(&mailbox);
}

fn escape_returns_to_the_text(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let popup = mailbox.compose();
    // A new window's caret is in the body, as the page has it.
    browser.type_text(&format!("Hello. {TENSE} Bye"));
    wait_painted_somewhere(&popup);
    let before = popup.html();
    browser.press(&[Key::Alt, Key::Char('.')]);
    wait_card(browser);
    browser.press(&[Key::Escape]);
    browser.wait("the card to go", || browser.surface().cards.is_empty().then_some(()));
    assert_eq!(mailbox.shortcuts(), Vec::<String>::new(), "the page would have closed the window");
    assert_eq!(popup.html(), before);
    assert!(focus_is_in(&popup));
    browser.press(&[Key::End]);
    browser.type_text("!");
    assert_eq!(inner_text(&popup), format!("Hello. {TENSE} Bye!"));
    // With nothing of ours open, Escape is the page's again.
    browser.press(&[Key::Escape]);
    browser.wait("the page to close its window", || (mailbox.shortcuts() == ["Escape"]).then_some(()));
}

fn the_apology_goes_after_the_greeting(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("Hello Gary,\n\nYour order shipped today.");
    insert(browser, "apology");
    let text = browser.wait("the apology", || {
        let text = inner_text(&reply);
        (text.len() > "Hello Gary,\n\nYour order shipped today.".len()).then_some(text)
    });
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    assert_eq!(paragraphs.len(), 3, "{text:?}");
    assert_eq!((paragraphs[0], paragraphs[2]), ("Hello Gary,", "Your order shipped today."), "{text:?}");
    assert!(
        paragraphs[1].to_lowercase().contains("sorry") || paragraphs[1].to_lowercase().contains("apolog"),
        "{text:?}"
    );
    // It is there now: never twice.
    let missing = browser.settled("the checklist", || panel(browser).missing());
    assert!(!missing.contains(&"apology".to_owned()), "{missing:?}");
}

fn the_sign_off_goes_to_the_end_above_the_quote(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("Hello Gary,\n\nYour money is on its way.");
    browser.click(&reply.within(".ajR"));
    let (before, quote) = (reply.html(), quote_html(&reply));
    insert(browser, "signature");
    browser.wait("the sign-off", || (reply.html() != before).then_some(()));
    let html = browser.settled("the editor", || reply.html());
    assert_eq!(quote_html(&reply), quote, "the quote is as it was");
    let (own, _) = html.split_once("<div class=\"gmail_quote").expect("the quote is there");
    let at = own.find(SIGNED).unwrap_or_else(|| panic!("no sign-off above the quote: {html}"));
    assert!(own[..at].contains("Your money is on its way."), "{html}");
    let missing = browser.settled("the checklist", || panel(browser).missing());
    assert!(!missing.contains(&"signature".to_owned()), "{missing:?} in {html}");
    reply.undo();
    browser.wait("the undo", || (reply.html() == before).then_some(()));
}

fn no_second_signature_beside_gmails_own(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "?sig=1").reply(0);
    browser.type_text("Hello Gary,\n\nYour money is on its way.");
    let missing = browser.settled("the checklist", || panel(browser).missing());
    assert!(!missing.contains(&"signature".to_owned()), "{missing:?}");
    assert_eq!(reply.html().matches("gmail_signature\"").count(), 2, "{}", reply.html());
}

fn the_apology_goes_above_gmails_signature(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "?sig=1").reply(0);
    browser.type_text("Hello Gary,");
    let signature =
        |html: &str| html.split_once("<span class=\"gmail_signature_prefix").map(|(_, rest)| rest.to_owned());
    let before = signature(&reply.html()).expect("the signature is there");
    insert(browser, "apology");
    let html = browser.wait("the apology", || {
        let html = reply.html();
        (html.to_lowercase().contains("sorry") || html.to_lowercase().contains("apolog")).then_some(html)
    });
    assert_eq!(signature(&html), Some(before), "the signature is as it was");
    assert!(html.find("Hello Gary").is_some_and(|at| at < html.find("gmail_signature").unwrap_or(0)), "{html}");
}

fn an_insertion_is_one_undo(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text("Hello Gary,\n\nYour order shipped today.");
    let before = reply.html();
    insert(browser, "apology");
    browser.wait("the apology", || (reply.html() != before).then_some(()));
    let with = browser.settled("the editor", || reply.html());
    reply.undo();
    browser.wait("one undo to take it back", || (reply.html() == before).then_some(()));
    browser.press(&[Key::Control, Key::Shift, Key::Char('z')]);
    browser.wait("the redo", || (reply.html() == with).then_some(()));
}

/// Three changes in formatted text, seen before they are made, taken back by one Ctrl+Z; then the same in plain text.
fn calm_this_is_one_undo(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(&format!("Hello Gary,\n\n{ANGRY}\nWe have it "));
    browser.click(&reply.within("[command='+bold']"));
    browser.type_text("here");
    browser.click(&reply.within("[command='+bold']"));
    browser.type_text(".");
    wait_painted_somewhere(&reply);
    let before = reply.html();
    let mended = calmed(&before);
    assert_ne!(before, mended);
    calm(browser);
    browser.wait("all changes", || (reply.html() == mended).then_some(()));
    reply.wait_painted(&[]);
    reply.undo();
    browser.wait("one undo for all", || (reply.html() == before).then_some(()));
    browser.settled("the text", || reply.html());
    assert_eq!(reply.html(), before);
    // What the writer does next stands where the writer was.
    browser.type_text(" OK");
    browser.wait("typing on", || (reply.html() != before).then_some(()));
    assert!(inner_text(&reply).contains("We have it here. OK"), "{}", inner_text(&reply));
    assert_calm(&mailbox);

    let reply = Mailbox::open(browser, "?plain=1").reply(0);
    let before = format!("Hello Gary,\n\n{ANGRY}\n");
    browser.type_text(&before);
    wait_mark(browser);
    calm(browser);
    let mended = calmed(&before);
    browser.wait("all changes in plain text", || (reply.plain_text() == mended).then_some(()));
    reply.undo();
    browser.wait("one undo in plain text", || (reply.plain_text() == before).then_some(()));
}

fn two_composes_never_mix(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let first = mailbox.compose();
    let second = mailbox.compose();
    first.click_into();
    browser.type_text("You are an idiot. ");
    second.click_into();
    browser.type_text(TENSE);
    let in_second = wait_painted_somewhere(&second);
    let in_first = wait_painted_somewhere(&first);
    let (first_html, second_html) = (first.html(), second.html());
    let pills = browser.wait("two pills", || Some(browser.surface().pills).filter(|pills| pills.len() == 2));
    assert_ne!(pills[0].rect, pills[1].rect);

    take_suggestion(browser, &in_second[0]);
    browser.wait("the suggestion in the second", || (second.html() == MENDED).then_some(()));
    assert_eq!(first.html(), first_html, "the first is untouched");
    first.wait_painted(&in_first.iter().map(|one| one.text.as_str()).collect::<Vec<_>>());
    second.wait_painted(&[]);

    // What is shown belongs to the compose that it is shown at.
    browser.point_at(in_first[0].rect.centre());
    let card = wait_card(browser);
    assert!(!card.cards[0].text.contains("receipt"), "{}", card.cards[0].text);
    second.click_into();
    second.undo();
    browser.wait("undo in the second", || (second.html() == second_html).then_some(()));

    first.discard();
    browser.wait("one pill less", || (browser.surface().pills.len() == 1).then_some(()));
    assert_eq!(second.html(), second_html);
    second.wait_painted(&in_second.iter().map(|one| one.text.as_str()).collect::<Vec<_>>());
    second.send();
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    assert_eq!(mailbox.sent()[0].content, second_html);
    browser.wait("nothing left of us", || browser.surface().pills.is_empty().then_some(()));
    assert_calm(&mailbox);
}

/// A message that was in the page all along, empty.
fn the_pill_makes_way_for_what_comes_with_its_text(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    let pill = browser.settled("the pill", || browser.surface().pills.first().map(|pill| pill.rect)).expect("a pill");
    browser.js(
        "const toast = document.createElement('div');
         toast.id = 'toast';
         toast.style.cssText = `position: fixed; z-index: 9; font-size: 60px; left: ${arguments[0]}px; top: ${arguments[1]}px`;
         document.body.append(toast)",
        json!([pill.x - 20.0, pill.y - 20.0]),
    );
    for (text, pills) in [("Message saved", 0), ("", 1), ("Message saved", 0)] {
        browser.js("document.getElementById('toast').textContent = arguments[0]", json!([text]));
        browser.wait(text, || (browser.surface().pills.len() == pills).then_some(()));
    }
}

fn shortcuts_of_the_page_never_fire_from_us(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(TENSE);
    let painted = wait_painted_somewhere(&reply)[0].clone();
    // On the card: not on a button, then the keys that are commands of the page.
    browser.point_at(painted.rect.centre());
    let card = wait_card(browser).cards[0].clone();
    browser.click_at(composure_tests::browser::Point { x: card.rect.x + 4.0, y: card.rect.y + card.rect.height / 2.0 });
    assert!(focus_is_in(&reply), "a click on the card leaves the caret in the mail");
    browser.press(&[Key::End]);
    browser.type_text("ce#rjku");
    assert_eq!(reply.html(), format!("{TENSE}ce#rjku"), "keys go where the caret is");
    // The panel, by its pill.
    let pill = browser.surface().pills[0].clone();
    browser.click_at(pill.rect.centre());
    let panel = browser.wait("the panel", || browser.surface().panels.first().cloned());
    browser.click_at(composure_tests::browser::Point { x: panel.rect.x + 6.0, y: panel.rect.y + 6.0 });
    assert!(focus_is_in(&reply));
    browser.type_text("ce#");
    assert_eq!(reply.html(), format!("{TENSE}ce#rjkuce#"));
    // Every button of ours.
    browser.click_at(pill.rect.centre());
    browser.settled("the surface", || browser.surface());
    browser.press(&[Key::Alt, Key::Char(',')]);
    let surface = wait_card(browser);
    for key in [Key::Down, Key::Tab, Key::Up, Key::Down] {
        browser.press(&[key]);
    }
    let mute = surface.button("mute").expect("the card can mute").clone();
    browser.click_at(mute.rect.centre());
    reply.wait_painted(&[]);
    assert!(focus_is_in(&reply));
    assert_calm(&mailbox);
}

fn plain_text_mode(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "?plain=1");
    let reply = mailbox.reply(0);
    let before = format!("Hello Gary,\n\n{TENSE} I looked into it.\n");
    browser.type_text(&before);
    let mark = wait_mark(browser);
    assert!(TENSE.contains(&mark.text), "{mark:?}");
    // The overlay lies on the very words: clicking it puts the caret into them.
    browser.click_at(mark.rect.centre());
    let caret = browser.js("return document.activeElement.selectionStart", json!([])).as_u64().expect("a caret");
    let words = before.find(&mark.text).expect("the marked words are in the text");
    let caret = usize::try_from(caret).expect("a caret is small");
    assert!((words..words + mark.text.len()).contains(&caret), "{caret} is not in {words}+{}", mark.text.len());

    let card = wait_card(browser);
    press(browser, card.button("take").expect("a suggestion"));
    let mended = before.replace(TENSE, MENDED);
    browser.wait("the suggestion", || (reply.plain_text() == mended).then_some(()));
    browser.wait("the mark to go", || browser.surface().marks.is_empty().then_some(()));
    reply.undo();
    browser.wait("the undo", || (reply.plain_text() == before).then_some(()));
    wait_mark(browser);
    browser.press(&[Key::Alt, Key::Char('.')]);
    wait_card(browser);
    browser.press(&[Key::Enter]);
    browser.wait("the suggestion by key", || (reply.plain_text() == mended).then_some(()));
    insert(browser, "apology");
    let text = browser.wait("the apology", || Some(reply.plain_text()).filter(|text| text.len() > mended.len()));
    assert!(text.starts_with("Hello Gary,\n\n") && text.ends_with(&mended["Hello Gary,".len()..]), "{text:?}");
    browser.press(&[Key::Control, Key::Enter]);
    browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
    assert_eq!(mailbox.sent()[0].content, text);
    assert_calm(&mailbox);
}

fn marks_lie_on_their_words_in_a_scrolled_textarea(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "?plain=1").reply(0);
    // Lines that wrap, wide and combined characters: whatever decides where a textarea puts a word.
    let long = "We looked into it and the carrier says that the parcel left on Monday and came back on Wednesday, \
                which is a thing that we have never seen before in all these years, Ame\u{301}lie 👩‍👩‍👧 says.\n";
    let before = format!("{}{} ", long.repeat(3), "short\n".repeat(12));
    browser.type_text(&before);
    browser.type_text(TENSE);
    wait_mark(browser);
    let mark = browser.settled("the mark", || browser.surface().marks).remove(0);
    let text = reply.plain_text();
    browser.click_at(mark.rect.centre());
    let caret = browser.js("return document.activeElement.selectionStart", json!([]));
    let caret = usize::try_from(caret.as_u64().expect("a caret")).expect("a caret is small");
    let start = text[..text.find(&mark.text).expect("the words are in the text")].encode_utf16().count();
    let (first, last) = (start, start + mark.text.len());
    assert!((first..last).contains(&caret), "a click on the mark puts the caret at {caret}, not into {first}..{last}");
    // The middle of the mark is the middle of the words.
    assert!(caret.abs_diff(first.midpoint(last)) <= 3, "{caret} is not the middle of {first}..{last}");
    // Scrolled out of sight, nothing is painted where other words are.
    browser.js("document.activeElement.scrollTop = 0", json!([]));
    browser.settled("the surface", || browser.surface().marks);
    let area = browser.rect(&reply.within("textarea.Ak"));
    for mark in browser.surface().marks {
        let below = mark.rect.y >= area.y + area.height - 1.0;
        assert!(below, "the mark {:?} is over the textarea {area:?} though its words are not", mark.rect);
    }
}

/// Because of what is written right behind it. What is written behind that moves nothing.
fn a_mark_goes_to_the_next_line_with_its_word(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "?plain=1").reply(0);
    browser.type_text("We looked into it. You are an idiot,");
    wait_mark(browser);
    let caret_at_its_last_line = || {
        let Rect { x, y, height, .. } = browser.settled("the mark", || browser.surface().marks).remove(0).rect;
        browser.click_at(Point { x: x + 4.0, y: y + height - 4.0 });
        browser.js("return document.activeElement.selectionStart", json!([])).as_u64()
    };
    let you = caret_at_its_last_line();
    assert!(you >= Some(19) && you <= Some(22), "the caret is at {you:?}, not in \"You\"");
    // Narrow enough for "idiot," and no more.
    browser.js(
        "const area = document.activeElement, style = getComputedStyle(area);
         const context = new OffscreenCanvas(1, 1).getContext('2d');
         context.font = style.font;
         area.style.boxSizing = 'content-box';
         area.style.width = `${context.measureText(area.value).width + 24}px`;
         area.setSelectionRange(area.value.length, area.value.length)",
        json!([]),
    );
    browser.type_text("aaaaaaaaaaaa");
    let idiot = caret_at_its_last_line();
    assert!(idiot >= Some(30) && idiot <= Some(35), "the caret is at {idiot:?}, not in \"idiot\"");
    browser.js("document.activeElement.setSelectionRange(1e6, 1e6)", json!([]));
    browser.type_text(" and so on, and on, and on");
    let after = caret_at_its_last_line();
    assert!(after >= Some(30) && after <= Some(35), "the caret is at {after:?}, not in \"idiot\"");
    assert!(reply.plain_text().ends_with("idiot,aaaaaaaaaaaa and so on, and on, and on"));
}

/// Where each line begins on the side of its own first letter.
fn marks_lie_on_their_words_in_lines_of_either_direction(desk: &Desk) {
    let browser = &desk.browser;
    let _ = Mailbox::open(browser, "?plain=1").reply(0);
    browser.js("document.activeElement.dir = 'auto'", json!([]));
    browser.type_text("שלום\nYou are an idiot,");
    wait_mark(browser);
    let mark = browser.settled("the mark", || browser.surface().marks).remove(0).rect;
    browser.click_at(Point { x: mark.x + 4.0, y: mark.y + mark.height - 4.0 });
    let caret = browser.js("return document.activeElement.selectionStart", json!([])).as_u64();
    assert!(caret >= Some(5) && caret <= Some(7), "the caret is at {caret:?}, not in \"You\"");
}

fn switching_to_plain_text_and_back(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let reply = mailbox.reply(0);
    browser.type_text(TENSE);
    let words = wait_painted_somewhere(&reply)[0].text.clone();
    let toggle = || {
        browser.click(&reply.within(".aMp [role=button]"));
        browser.click(".menu [role=menuitemcheckbox]");
    };
    toggle();
    assert_eq!(wait_mark(browser).text, words);
    browser.press(&[Key::Control, Key::End]);
    browser.type_text(" Bye.");
    assert_eq!(wait_mark(browser).text, words);
    toggle();
    reply.wait_painted(&[&words]);
    browser.wait("no mark left", || browser.surface().marks.is_empty().then_some(()));
    assert_calm(&mailbox);
}

fn every_way_of_sending_works(desk: &Desk) {
    let browser = &desk.browser;
    // By mouse and by Ctrl+Enter, with nothing, the card and the panel open.
    for (turn, open) in ["nothing", "card", "panel", "nothing", "card", "panel"].into_iter().enumerate() {
        let by_key = turn >= 3;
        let mailbox = Mailbox::open(browser, "");
        let reply = mailbox.reply(turn % 3);
        browser.type_text(&format!("Hello,\n\n{TENSE} 😀"));
        let painted = wait_painted_somewhere(&reply)[0].clone();
        match open {
            "card" => {
                browser.click_at(painted.rect.centre());
                wait_card(browser);
            }
            "panel" => drop(panel(browser)),
            _ => {}
        }
        let html = reply.html();
        if by_key {
            browser.press(&[Key::Control, Key::Enter])
        } else {
            reply.send()
        }
        browser.wait("the mail to be sent", || (mailbox.sent().len() == 1).then_some(()));
        assert_eq!(mailbox.sent()[0].content, html, "with {open} open");
        browser.wait("nothing left of us", || (browser.surface() == Surface::default()).then_some(()));
        assert_calm(&mailbox);
    }
}

fn a_press_outlives_what_comes_meanwhile(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    panel(browser);
    let text = || browser.surface().panels.first().map(|panel| panel.text.clone()).unwrap_or_default();
    let before = browser.settled("the panel", text);
    let button = browser.surface().button("walk").cloned().expect("the way to before sending");
    let place = place_of(browser, &button);
    browser.press_at(place);
    // Between the press and the letting go, the mind has more to say.
    browser.type_text(" You are an idiot.");
    reply.wait_painted(&["You failed to attach the receipt", "You are an idiot"]);
    browser.let_go(place);
    browser.wait("before sending", || text().starts_with("Before sending").then_some(()));
    // What it had to say was not lost, either.
    press(browser, &browser.wait("the way back", || browser.surface().button("back").cloned()));
    let after = browser.wait("the panel", || Some(text()).filter(|text| !text.starts_with("Before sending")));
    assert_ne!(after, before);
}

fn muting_is_for_one_mail(desk: &Desk) {
    let browser = &desk.browser;
    let mailbox = Mailbox::open(browser, "");
    let first = mailbox.compose();
    let second = mailbox.compose();
    for compose in [&first, &second] {
        compose.click_into();
        browser.type_text(TENSE);
    }
    let words = wait_painted_somewhere(&second)[0].text.clone();
    let painted = wait_painted_somewhere(&first)[0].clone();
    browser.point_at(painted.rect.centre());
    press(browser, wait_card(browser).button("mute").expect("the card can mute"));
    first.wait_painted(&[]);
    browser.settled("the other one", || second.painted_words());
    second.wait_painted(&[&words]);
    assert_calm(&mailbox);
}

fn the_quote_is_never_reviewed(desk: &Desk) {
    let browser = &desk.browser;
    let reply = Mailbox::open(browser, "").reply(1);
    browser.type_text("Hello Mei,\n\nthank you for your patience.");
    browser.click(&reply.within(".ajR"));
    // The customer's own words, put into the quote.
    browser.js(
        "document.querySelector(arguments[0]).querySelector('blockquote').prepend('You are an idiot. You failed to attach the receipt.')",
        json!([reply.editor()]),
    );
    reply.click_into();
    browser.type_text(" ");
    let painted = browser.settled("the painting", || reply.painted_words());
    assert_eq!(painted, Vec::<String>::new());
}

fn nothing_is_asked_of_the_network(desk: &Desk) {
    // What was asked before may have been the start page of a browser with a profile of its own.
    let (served, refused) = (desk.server.served().len(), desk.server.refused().len());
    let reply = Mailbox::open(&desk.browser, "").reply(0);
    desk.browser.type_text(TENSE);
    wait_painted_somewhere(&reply);
    panel(&desk.browser);
    let files = ["/mail/u/0/", "mail.css", "mail.js", "mails.js", "/favicon.ico"];
    for path in &desk.server.served()[served..] {
        assert!(files.iter().any(|file| path.ends_with(file)), "{path} was asked of the webmail");
    }
    let asked = asked_elsewhere(desk, refused);
    assert!(asked.is_empty(), "asked of the network: {asked:?}");
}

// ---- What writers do, and what they see ----

/// Waits until something is painted in this compose, and until that is all: half a sentence can be a finding too.
#[track_caller]
pub fn wait_painted_somewhere(compose: &Compose) -> Vec<Painted> {
    compose.browser.wait("a painted finding", || (!compose.painted().is_empty()).then_some(()));
    compose.browser.settled("the painting", || compose.painted())
}

/// Waits for the card.
#[track_caller]
pub fn wait_card(browser: &Browser) -> Surface {
    browser.wait("the card", || Some(browser.surface()).filter(|surface| !surface.cards.is_empty()))
}

/// Waits for a mark over a textarea.
#[track_caller]
pub fn wait_mark(browser: &Browser) -> Painted {
    browser.wait("a mark over the textarea", || browser.surface().marks.first().cloned())
}

/// Opens the card at these words with the mouse and presses its first suggestion.
#[track_caller]
pub fn take_suggestion(browser: &Browser, painted: &Painted) {
    browser.point_at(painted.rect.centre());
    let surface = wait_card(browser);
    press(browser, surface.button("take").unwrap_or_else(|| panic!("no suggestion in {surface:?}")));
}

/// Presses a button where it is when nothing moves any more.
#[track_caller]
pub fn press(browser: &Browser, button: &Button) {
    browser.click_at(place_of(browser, button));
}

/// Where a button is when nothing moves any more.
#[track_caller]
pub fn place_of(browser: &Browser, button: &Button) -> Point {
    // A long panel scrolls, and so does its reader.
    let action = json!(button.action);
    // A panel that was filled anew meanwhile is scrolled again.
    browser.wait("the button in sight", || {
        browser.in_surface(&format!(
            "function () {{
                const buttons = [...this.querySelectorAll('[data-action]')];
                buttons.find(each => each.dataset.action === {action})?.scrollIntoView({{ block: 'nearest' }});
                return null;
            }}"
        ));
        let rect = browser.settled("the button", || {
            browser.surface().buttons.into_iter().find(|one| one.action == button.action).map(|one| one.rect)
        });
        let point = rect.unwrap_or_else(|| panic!("{button:?} went away")).centre();
        // What came above it may have pushed it out of the panel.
        let hit = browser.in_surface(&format!(
            "function () {{ return this.elementFromPoint({}, {})?.closest('[data-action]')?.dataset.action ?? null; }}",
            point.x, point.y
        ));
        hit.contains(&action).then_some(point)
    })
}

/// The panel, opened by its pill if it is not open.
#[track_caller]
pub fn panel(browser: &Browser) -> Surface {
    browser.wait("the pill", || (!browser.surface().pills.is_empty()).then_some(()));
    if browser.settled("the panel", || browser.surface().panels.len()) == 0 {
        let pill =
            browser.settled("the pill", || browser.surface().pills.first().map(|pill| pill.rect)).expect("a pill");
        browser.click_at(pill.centre());
    }
    browser.wait("the panel", || Some(browser.surface()).filter(|surface| !surface.panels.is_empty()))
}

/// Presses the panel's button that inserts this missing thing.
#[track_caller]
pub fn insert(browser: &Browser, item: &str) {
    let action = format!("insert {item}");
    let button = browser.wait(&format!("a button that inserts the {item}"), || panel(browser).button(&action).cloned());
    press(browser, &button);
}

/// What calming makes of a text with [`ANGRY`] in it.
pub fn calmed(text: &str) -> String {
    text.replace(TENSE, MENDED).replace("NOT here", "not here").replace("STOP IT", "Stop it")
}

/// Looks at what calming the draft would change, and has it changed.
#[track_caller]
pub fn calm(browser: &Browser) {
    let button = browser.wait("the button that calms", || panel(browser).button("calm").cloned());
    press(browser, &button);
    let all = browser.wait("the preview", || browser.surface().button("calm-all").cloned());
    press(browser, &all);
}

fn the_pill(browser: &Browser) -> String {
    browser.wait("the pill", || browser.surface().pills.first().map(|pill| format!("{} ({})", pill.text, pill.label)))
}

/// The text as the writer reads it, line by line.
pub fn inner_text(compose: &Compose) -> String {
    let text = compose.browser.js(
        // (`innerText` is of no use: Chromium counts the <br> of an empty line twice.)
        "const lines = [''];
         let begun = false;
         const next = () => { lines.push(''); begun = false; };
         const read = element => {
             for (const node of element.childNodes) {
                 if (node.nodeName === '#text') { lines[lines.length - 1] += node.data; begun ||= node.data !== ''; }
                 else if (node.nodeName === 'BR') { if (node.nextSibling) next(); }
                 else if (/^(DIV|P|LI|TD|BLOCKQUOTE)$/.test(node.nodeName)) { if (begun) next(); read(node); begun = true; }
                 else read(node);
             }
         };
         read(document.querySelector(arguments[0]));
         return lines.join('\\n').replaceAll('\\u00a0', ' ')",
        json!([compose.editor()]),
    );
    text.as_str().unwrap_or_default().to_owned()
}

fn quote_html(compose: &Compose) -> String {
    let html = compose.browser.js(
        "return document.querySelector(arguments[0]).querySelector('.gmail_quote').outerHTML",
        json!([compose.editor()]),
    );
    html.as_str().unwrap_or_default().to_owned()
}

pub fn focus_is_in(compose: &Compose) -> bool {
    compose.browser.js("return document.activeElement.closest(arguments[0]) !== null", json!([compose.within("*")]))
        == true
}

/// The page noticed nothing of us.
#[track_caller]
pub fn assert_calm(mailbox: &Mailbox) {
    assert_eq!(mailbox.shortcuts(), Vec::<String>::new(), "commands of the page");
    assert_eq!(mailbox.from_outside(), Vec::<String>::new(), "events that the page got from us");
    assert_eq!(mailbox.errors(), Vec::<String>::new(), "errors of the page");
}
