//! Drafts in other languages.

use super::*;

const GERMAN: &str =
    "Guten Tag Frau Lindner,\n\nes tut mir leid, dass Ihr Paket noch nicht da ist. Ich melde mich am Donnerstag.";
const IDIOT: &str = "\n\nYou are an idiot.";

/// What a detector says of the text as it stands: that it is sure of this language.
fn see(page: &mut Page, language: Option<(&str, &str)>) {
    let outcome = page.session.language_seen(1, page.texts[&1].0, language);
    page.carry_out(outcome);
}

const DE: Option<(&str, &str)> = Some(("de", "German"));
const EN: Option<(&str, &str)> = Some(("en", "English"));

fn is_quiet(page: &mut Page) -> bool {
    if page.shows(1, Place::Panel).is_none() {
        page.send(Event::PanelToggled { compose: 1 });
    }
    page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("read-anyway"))
}

fn write(page: &mut Page, insert: &str) {
    let end = page.texts[&1].1.len() as u32;
    page.replace(1, TextEdit { start: end, end, insert: insert.to_owned() });
}

/// A draft with an attack in English inside a line of German, so that there is something to be quiet about.
fn angry_german() -> Page {
    Page::with(&format!("{GERMAN} Sie haben ihn ja selbst bestellt, you idiot, und nicht gelesen, was da steht."))
}

#[test]
fn a_draft_in_another_language_is_left_alone_until_its_writer_wants_it_read() {
    let mut page = angry_german();
    assert!(page.holds[&1] && !page.words(1).is_empty() && page.session.unread().is_some());
    page.send(Event::PanelToggled { compose: 1 });
    page.press(1, Action::Proofread);
    page.press(1, Action::Walk);
    see(&mut page, DE);
    assert_eq!(page.words(1), Vec::<String>::new());
    assert!(!page.holds[&1]);
    assert_eq!(page.session.unread(), None, "nothing for the reader");
    assert_eq!(page.session.proof_wanted(true), None, "nothing to proofread");
    let panel = page.shows(1, Place::Panel).expect("the panel");
    assert!(panel.contains("This looks like German. Composure reads English, so it stays quiet here."), "{panel}");
    for part in ["checklist", "meter", "<h3", "data-action=\"walk\""] {
        assert!(!panel.contains(part), "{part}: {panel}");
    }
    let pill = page.shows(1, Place::Pill).expect("the pill");
    assert!(pill.contains("aria-label=\"Composure: This looks like German.") && pill.contains('–'), "{pill}");

    page.press(1, Action::ReadAnyway);
    assert!(!is_quiet(&mut page) && page.holds[&1] && !page.words(1).is_empty());
    assert!(page.session.unread().is_some() && page.session.proof_wanted(true).is_some());
    write(&mut page, " Vielen Dank.");
    see(&mut page, DE);
    assert!(!is_quiet(&mut page), "for as long as it is written");
}

#[test]
fn it_is_kept_as_any_reply_is() {
    let mut page = Page::with(GERMAN);
    see(&mut page, DE);
    page.send(Event::Sent { compose: 1 });
    assert!(matches!(&page.errands[..], [Errand::Record { record, .. }] if record.reply.contains("Paket")));
}

#[test]
fn it_is_asked_about_once_as_it_stands_and_without_what_others_wrote() {
    let mut page = Page::new(Settings::default());
    let text = format!(
        "{GERMAN}\n\nOn Monday Gary Stone wrote:\n> Where is my refund?\n\n-- \nDana Reyes\nRiver Street Bikes"
    );
    page.open(1, &text);
    let (id, revision, words) = page.session.unnamed().expect("a text");
    assert_eq!((id, revision), (1, 0));
    assert!(words.contains("Paket") && !words.contains("refund") && !words.contains("River"), "{words}");
    see(&mut page, DE);
    assert_eq!(page.session.unnamed(), None);
    write(&mut page, " ");
    assert!(page.session.unnamed().is_some());
    assert_eq!(page.session.language_seen(2, 0, None), Outcome::default(), "of a compose that is gone");
}

#[test]
fn english_is_read_whatever_a_detector_says() {
    for text in [
        "Bonjour Marie,\n\nYour parcel left us this morning and should be there on Thursday.",
        "Hola Señor García Hernández, gracias for the photos. We will send you a new Citroën Berlingo Multispace.",
        "GX-4471-BLK, GX-4472-WHT, QZ-11, Apfelstrudel, Sachertorte, Königswinter: out of stock, sorry for that.",
        &format!("{GERMAN}{IDIOT}"),
        &format!("You are an idiot.\n\n{GERMAN}"),
        // Short: detectors guess.
        "Das ist doch Ihre Schuld.",
        "",
    ] {
        let mut page = Page::with(text);
        assert_eq!(page.session.unnamed(), None, "{text}");
        see(&mut page, DE);
        assert!(!is_quiet(&mut page), "{text}");
    }
    for text in [
        GERMAN,
        "您好，您的包裹今天早上已经寄出，预计星期四送到。给您带来不便，非常抱歉。",
        "Уважаемая Анна, посылка уже в пути, ждите её в четверг.",
    ] {
        let mut page = Page::with(text);
        assert!(page.session.unnamed().is_some(), "{text}");
        see(&mut page, DE);
        assert!(is_quiet(&mut page), "{text}");
        let mut page = Page::with(text);
        see(&mut page, EN);
        assert!(!is_quiet(&mut page), "{text}");
    }
}

#[test]
fn it_does_not_flicker_while_a_detector_is_unsure() {
    let mut page = angry_german();
    see(&mut page, None);
    assert!(!is_quiet(&mut page), "nothing was sure yet");
    write(&mut page, " Bis dann.");
    see(&mut page, DE);
    write(&mut page, " ok");
    see(&mut page, None);
    assert!(is_quiet(&mut page));
    // An English paragraph below is read at once, and what was hot is held.
    write(&mut page, IDIOT);
    assert!(page.session.unnamed().is_some(), "it was quiet");
    see(&mut page, DE);
    assert!(!is_quiet(&mut page) && page.holds[&1]);
    let end = page.texts[&1].1.len() as u32;
    page.replace(1, TextEdit { start: end - IDIOT.len() as u32, end, insert: String::new() });
    see(&mut page, DE);
    assert!(is_quiet(&mut page));
    let end = page.texts[&1].1.len() as u32;
    page.replace(1, TextEdit { start: 0, end, insert: "You idiot.".to_owned() });
    see(&mut page, DE);
    assert!(!is_quiet(&mut page) && page.holds[&1]);
}

#[test]
fn snippets_go_where_they_would() {
    let mut page = Page::with(&format!("{GERMAN}\n\nMit freundlichen Grüßen\nJonas"));
    see(&mut page, DE);
    page.press(1, Action::InsertSnippet { id: "part-2-refund".to_owned() });
    assert!(page.edits[0].start > 20, "{:?}", page.edits);
}
