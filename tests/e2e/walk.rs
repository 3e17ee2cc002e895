//! The walk before sending, hearing the draft, seeing it as the customer will, and the ways out.

use std::fs;

use composure_tests::browser::{Browser, Key, Surface};
use composure_tests::mailbox::{Compose, Mailbox};
use serde_json::json;

use crate::Case;
use crate::desk::Desk;
use crate::gmail::{TENSE, inner_text, panel, press, wait_painted_somewhere};
use crate::options::{self, stored};
use crate::reader::copy;

/// All tests of this module.
pub const CASES: &[Case] = &[
    ("walk::before_sending_step_by_step", before_sending_step_by_step),
    ("walk::by_keyboard", by_keyboard),
    ("walk::it_is_read_aloud_and_painted", it_is_read_aloud_and_painted),
    ("walk::voices_elsewhere_are_none", voices_elsewhere_are_none),
    ("walk::with_the_voices_that_are_there", with_the_voices_that_are_there),
    ("walk::the_letter_is_shown_once", the_letter_is_shown_once),
    ("walk::a_number_can_be_called", a_number_can_be_called),
    ("walk::a_number_can_be_called_by_keyboard", a_number_can_be_called_by_keyboard),
    ("walk::speed_and_voice_are_stored", speed_and_voice_are_stored),
    ("walk::parting_kindly_after_many_mails", parting_kindly_after_many_mails),
];

/// The panel, once it shows this.
fn panel_with(browser: &Browser, words: &str) -> Surface {
    let start = std::time::Instant::now();
    while start.elapsed() < composure_tests::browser::PATIENCE {
        let surface = browser.surface();
        if surface.panels.first().is_some_and(|panel| panel.text.contains(words)) {
            return surface;
        }
        std::thread::sleep(std::time::Duration::from_millis(15));
    }
    let panels = browser.surface().panels;
    panic!("{}: no panel says {words:?}: {:?}", browser.kind, panels.first().map(|panel| &panel.text));
}

/// Presses what does this in the panel.
fn press_in_panel(browser: &Browser, action: &str) {
    let button = browser.wait(&format!("a button to {action}"), || panel(browser).button(action).cloned());
    // The panel may be longer than the window.
    let action = &button.action;
    let button = format!("this.querySelector('.panel [data-action=\"{action}\"]')");
    browser.in_surface(&format!("function () {{ {button}?.scrollIntoView({{ block: 'center' }}) }}"));
    let found = browser.surface().button(action).cloned();
    press(browser, &found.unwrap_or_else(|| panic!("{}: {action} went away", browser.kind)));
}

fn reply<'a>(browser: &'a Browser, text: &str) -> Compose<'a> {
    let reply = Mailbox::open(browser, "").reply(0);
    browser.type_text(text);
    reply
}

fn before_sending_step_by_step(desk: &Desk) {
    let browser = &desk.browser;
    let reply = reply(browser, &format!("Hi Gary,\n\n{TENSE}"));
    wait_painted_somewhere(&reply);
    press_in_panel(browser, "walk");
    let walk = panel_with(browser, "They sound");
    assert!(walk.panels[0].text.contains("When will I get my $129.90 back"), "{}", walk.panels[0].text);
    press_in_panel(browser, "consider");
    browser.wait("the tick", || {
        let pressed = browser.surface().buttons.into_iter().find(|button| button.action == "consider")?;
        pressed.text.contains('✓').then_some(())
    });
    // To the finding, and back into the walk.
    press_in_panel(browser, "go-to");
    press(browser, crate::gmail::wait_card(browser).button("take").expect("a suggestion"));
    reply.wait_painted(&[]);
    panel(browser);
    panel_with(browser, "The tone is kind");
    // An answer is begun, and typed on below the question.
    press_in_panel(browser, "answer");
    browser.wait("the question in the draft", || inner_text(&reply).contains("> When will").then_some(()));
    browser.type_text("You will have it on Friday.");
    let text = browser.settled("the draft", || inner_text(&reply));
    let question = text.lines().position(|line| line.starts_with("> When will")).expect("a quoted question");
    assert_eq!(text.lines().nth(question + 1), Some("You will have it on Friday."), "{text:?}");
    press_in_panel(browser, "back");
    panel_with(browser, "A good reply has");
}

fn by_keyboard(desk: &Desk) {
    let browser = &desk.browser;
    let reply = reply(browser, "Hi Gary, thank you for writing.");
    browser.press(&[Key::Alt, Key::Char('/')]);
    panel_with(browser, "Before sending");
    let select = |action: &str| {
        for _ in 0..60 {
            let selected = browser.surface().buttons.into_iter().find(|button| button.selected);
            if selected.is_some_and(|button| button.action == action) {
                return;
            }
            browser.press(&[Key::Down]);
        }
        panic!("{}: {action} cannot be selected", browser.kind);
    };
    select("walk");
    browser.press(&[Key::Enter]);
    panel_with(browser, "They sound");
    select("consider");
    browser.press(&[Key::Enter]);
    browser.wait("the tick", || {
        browser.surface().buttons.into_iter().any(|it| it.action == "consider" && it.text.contains('✓')).then_some(())
    });
    select("back");
    browser.press(&[Key::Enter]);
    panel_with(browser, "A good reply has");
    browser.press(&[Key::Escape]);
    browser.wait("the panel to go", || browser.surface().panels.is_empty().then_some(()));
    browser.type_text(" Dana");
    assert_eq!(inner_text(&reply), "Hi Gary, thank you for writing. Dana");
}

/// Speech as a browser has it, with these voices; says nothing, notes in the page what it was to say, and is done with it when
/// the page says so.
fn with_voices(desk: &Desk, voices: &str) -> (tempfile::TempDir, Browser) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&composure_tests::dist(), folder.path());
    let file = folder.path().join("content/loader.js");
    let script = fs::read_to_string(&file).expect("the hands");
    let page = "document.documentElement";
    let stand_in = format!(
        "class SpeechSynthesisUtterance {{ constructor(text) {{ this.text = text; }} }}
         const speechSynthesis = {{
             getVoices: () => {voices},
             addEventListener() {{}},
             cancel() {{ this.saying = null; {page}.dataset.said += '|(cut)'; }},
             speak(it) {{ this.saying = it; {page}.dataset.said = `${{{page}.dataset.said ?? ''}}|${{it.voice.name}} ${{it.rate}}: ${{it.text}}`; }},
         }};
         document.addEventListener('said', () => speechSynthesis.saying.onend());\n"
    );
    fs::write(&file, format!("{{{stand_in}{script}}}")).expect("written");
    let browser = desk.with(folder.path().to_path_buf());
    (folder, browser)
}

/// What is painted as being read aloud.
fn spoken(browser: &Browser) -> Option<String> {
    browser.painted().into_iter().find(|one| one.name == "composure-spoken").map(|one| one.text)
}

fn it_is_read_aloud_and_painted(desk: &Desk) {
    let voices = "[{ name: 'Far', lang: 'en-US', localService: false }, { name: 'Klaus', lang: 'de-DE', localService: true, default: true }, \
                  { name: 'Ada', lang: 'en-GB', localService: true }]";
    let (_folder, browser) = with_voices(desk, voices);
    let browser = &browser;
    let said = || browser.text("return document.documentElement.dataset.said ?? ''");
    let wait_said = |text: &str| browser.wait(text, || said().ends_with(text).then_some(()));
    let done = || browser.js("document.dispatchEvent(new Event('said'))", json!([]));
    let reply = reply(browser, &format!("Thank you for waiting so long. {TENSE} We are on it now."));
    let finding = wait_painted_somewhere(&reply)[0].text.clone();
    press_in_panel(browser, "read-aloud");
    wait_said("|Ada 1: Thank you for waiting so long.");
    assert_eq!(spoken(browser).as_deref(), Some("Thank you for waiting so long."));
    done();
    wait_said(&format!("|Ada 1: {TENSE}"));
    // The finding is seen in it, and can be pointed at.
    browser.wait("the sentence to be painted", || (spoken(browser).as_deref() == Some(TENSE)).then_some(()));
    assert!(reply.painted_words().contains(&finding), "{:?}", reply.painted());
    press_in_panel(browser, "read-aloud");
    browser.wait("silence", || said().ends_with("|(cut)").then_some(()));
    press_in_panel(browser, "read-aloud");
    wait_said(&format!("(cut)|Ada 1: {TENSE}"));
    // Changed under it, it begins again.
    press_in_panel(browser, "walk");
    browser.press(&[Key::Control, Key::Home]);
    for _ in 0.."Thank you for waiting so long. You".len() {
        browser.press(&[Key::Right]);
    }
    browser.type_text(" all");
    wait_said(&format!("|Ada 1: {}", TENSE.replace("You ", "You all ")));
    done();
    wait_said("|Ada 1: We are on it now.");
    done();
    // The first sentence was said, the second as it now stands, and the third.
    panel_with(browser, "Heard aloud");
    assert_eq!(spoken(browser), None);
    // A compose that goes takes its voice with it.
    press_in_panel(browser, "read-aloud");
    wait_said("|Ada 1: Thank you for waiting so long.");
    reply.discard();
    browser.wait("silence", || said().ends_with("|(cut)").then_some(()));

    // In plain text the finding is seen in what is read, too.
    let _plain = Mailbox::open(browser, "?plain=1").reply(0);
    browser.type_text(TENSE);
    press_in_panel(browser, "read-aloud");
    let marks = || browser.surface().marks;
    browser.wait("both marks", || (marks().len() == 2).then_some(()));
    assert!(marks().iter().any(|mark| mark.name == "mark-spoken" && mark.text == TENSE), "{:?}", marks());
    let (under, over) = (marks()[0].rect, marks()[1].rect);
    assert!((under.x - over.x).abs() < 1.0 && (under.y - over.y).abs() < 1.0, "{:?}", marks());
}

fn voices_elsewhere_are_none(desk: &Desk) {
    let (_folder, browser) = with_voices(desk, "[{ name: 'Far', lang: 'en-US', localService: false }]");
    let _reply = reply(&browser, "Thank you for waiting so long.");
    press_in_panel(&browser, "read-aloud");
    panel_with(&browser, "no voice on this machine");
    assert_eq!(browser.text("return document.documentElement.dataset.said ?? ''"), "", "the words went nowhere");
    assert_eq!(spoken(&browser), None);
}

/// With nothing in its place: a browser that has a voice reads to the end; one that has none says so.
fn with_the_voices_that_are_there(desk: &Desk) {
    let browser = &desk.browser;
    let _reply = reply(browser, "Hi Gary. Thank you for waiting so long.");
    let voices = browser.js_async(
        "const done = arguments[0];
         const count = () => speechSynthesis.getVoices().filter(voice => voice.localService).length;
         if (count()) done(count());
         setTimeout(() => done(count()), 1400);
         speechSynthesis.addEventListener('voiceschanged', () => done(count()), { once: true });",
    );
    println!("{}: {voices} voices", browser.kind);
    press_in_panel(browser, "walk");
    press_in_panel(browser, "read-aloud");
    panel_with(browser, if voices == 0 { "no voice on this machine" } else { "Heard aloud" });
    assert_eq!(spoken(browser), None);
}

fn the_letter_is_shown_once(desk: &Desk) {
    let browser = &desk.browser;
    let _reply = reply(browser, "Hi Gary,\n\nyour refund is sent.");
    press_in_panel(browser, "letter");
    let page = format!("{}/letter.html#", browser.origin);
    let address = browser.wait("the letter", || browser.tabs().into_iter().find(|tab| tab.starts_with(&page)));
    assert!(!address.to_lowercase().contains("gary") && !address.contains("refund"), "{address}");
    let text = || browser.text("return document.querySelector('main')?.innerText ?? ''");
    let mail = browser.enter_tab(&address);
    {
        let shown = browser.wait("its text", || Some(text()).filter(|text| text.contains("your refund is sent.")));
        assert!(shown.contains("Gary Stone wrote") && shown.contains("WAITING FOR THREE WEEKS"), "{shown}");
        assert!(!shown.contains("you charged me twice"), "only the last words: {shown}");
        let all = browser.js_async(
            "const done = arguments[0], { storage } = window.browser ?? chrome;
             Promise.all([storage.local.get(null), storage.session.get(null)]).then(all => done(JSON.stringify(all)))",
        );
        assert!(!all.to_string().contains("refund is sent"), "{all}");
        browser.js("location.reload()", json!([]));
        browser.wait("a word on it", || text().contains("only once").then_some(()));
    }
    browser.leave_tab(&mail);
    browser.close_tab(&address);
}

fn a_number_can_be_called(desk: &Desk) {
    let browser = &desk.browser;
    let reply = reply(browser, "Hi Gary, thank you.");
    panel(browser);
    let link = panel_with(browser, "Call them").links[0].clone();
    assert_eq!((link.text.as_str(), link.label.as_str()), ("Call them: +1 555 0142", "tel:+15550142"));
    let here = browser.text("return location.href");
    browser.js("addEventListener('beforeunload', () => (document.documentElement.dataset.left = 'yes'))", json!([]));
    browser.click_at(link.rect.centre());
    browser.settled("the page", || browser.text("return document.documentElement.dataset.left ?? 'no'"));
    assert_eq!(browser.text("return location.href"), here);
    assert_eq!(inner_text(&reply), "Hi Gary, thank you.");
}

fn a_number_can_be_called_by_keyboard(desk: &Desk) {
    let browser = &desk.browser;
    let _reply = reply(browser, "Hi Gary, thank you.");
    browser.wait("the pill", || browser.surface().pills.first().cloned());
    browser.press(&[Key::Alt, Key::Char('/')]);
    browser.wait("the panel", || (!browser.surface().panels.is_empty()).then_some(()));
    let of_link = |does: &str| {
        let function = format!("function () {{ const link = this.querySelector('a[href]'); return link && {does} }}");
        browser.in_surface(&function).into_iter().next().unwrap_or_default()
    };
    browser.js(
        "addEventListener('hashchange', event => { if (event.newURL.endsWith('#called')) document.documentElement.dataset.called = 'yes' })",
        json!([]),
    );
    let called = || browser.text("return document.documentElement.dataset.called ?? 'no'") == "yes";
    // What is shown may be replaced meanwhile, so this goes on until the link was followed: one that can be seen to be, in the
    // place of one that a telephone follows.
    let followed = (0..60).any(|_| {
        if of_link("link.hasAttribute('data-selected')") == true {
            of_link("(link.setAttribute('href', '#called'), true)");
            browser.press(&[Key::Enter]);
        } else {
            browser.press(&[Key::Down]);
        }
        called()
    });
    assert!(followed, "no key leads to the number, or Enter does not call it");
}

fn speed_and_voice_are_stored(desk: &Desk) {
    let browser = &desk.browser;
    options::open(browser);
    browser.js(
        "const range = document.getElementById('speech_rate');
         range.value = 80;
         range.dispatchEvent(new Event('input', { bubbles: true }));
         const list = document.getElementById('voice');
         list.add(new Option('Ada', 'Ada'));
         list.value = 'Ada';
         list.dispatchEvent(new Event('input', { bubbles: true }));",
        json!([]),
    );
    browser.wait("them to be stored", || {
        let stored = stored(browser, "settings");
        (stored["speech_rate"] == 80 && stored["voice"] == "Ada").then_some(())
    });
    options::open(browser);
    assert_eq!(browser.text("return document.getElementById('speech_rate').value"), "80");
    assert_eq!(browser.text("return document.getElementById('voice').selectedOptions[0].text"), "Ada (not here now)");
    options::reset(browser);
}

fn parting_kindly_after_many_mails(desk: &Desk) {
    let browser = &desk.browser;
    let reply = reply(browser, "Hi Gary,\n\nthank you for writing.\n\nKind regards,\nDana");
    assert!(!panel(browser).panels[0].text.contains("refund and part"));
    browser.press(&[Key::Escape]);
    // The conversation goes on and on.
    browser.js(
        "const first = document.querySelector('[data-message-id]:has(.a3s)');
         for (let i = 0; i < 6; i += 1) {
             const again = first.cloneNode(true);
             again.dataset.messageId = `#again-${i}`;
             delete again.dataset.legacyMessageId;
             first.before(again);
         }
         document.activeElement.blur();",
        json!([]),
    );
    reply.click_into();
    browser.press(&[Key::Control, Key::End]);
    panel(browser);
    panel_with(browser, "refund and part");
    for (snippet, words) in [
        ("part-2-refund", "Your refund is sent, in full."),
        ("part-3-membership", "Your membership is cancelled"),
        ("part-4-address", "off all of our lists"),
    ] {
        press_in_panel(browser, &format!("insert-snippet {snippet}"));
        browser.wait(snippet, || inner_text(&reply).contains(words).then_some(()));
    }
    let text = inner_text(&reply);
    assert!(text.ends_with("\n\nKind regards,\nDana"), "{text:?}");
    assert!(!text.contains('{'), "{text:?}");
    assert_eq!(reply.painted_words(), Vec::<String>::new());
}
