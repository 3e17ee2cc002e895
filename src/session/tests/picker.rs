//! Snippets in a compose: the `/`, the panel, gaps and the guard.

use composure_snippets::{Calendar, Habits, Library, Snippet};

use super::*;

const TRACE: &str = "A trace on order {order} is under way, {customer}. I'll {choose: send it again | refund you}: {ask: tracking number}.\n";

fn snippet(id: &str, title: &str, text: &str) -> Snippet {
    let words = vec![title.to_lowercase()];
    let situation = "lost-parcel".to_owned();
    let (id, title, text) = (id.to_owned(), title.to_owned(), text.to_owned());
    Snippet { id, title, situation, words, text, ..Snippet::default() }
}

fn library() -> Library {
    let shipped = vec![
        snippet("trace", "Tracing it", TRACE),
        snippet("return", "Return label", "Here is a label for it.\n"),
        Snippet { needs: vec!["signature".to_owned()], ..snippet("sign", "Sign off", "Best,\n{my_name}\n") },
    ];
    let calendar = Calendar { days: vec!["Sunday".to_owned(), "Monday".to_owned()], weekday: 0 };
    Library::new(shipped, Vec::new(), &Habits::default(), calendar)
}

fn typed(page: &mut Page, text: &str) {
    for c in text.chars() {
        let at = page.texts[&1].1.len() as u32;
        page.replace(1, TextEdit { start: at, end: at, insert: c.to_string() });
    }
}

fn with(text: &str) -> Page {
    let mut page = Page::with(text);
    let outcome = page.session.set_library(library());
    page.carry_out(outcome);
    page
}

fn picker(page: &Page) -> Option<&String> {
    page.shown.get(&(1, Place::Card)).filter(|html| html.contains("picker"))
}

#[test]
fn the_library_is_read_once_a_letter_follows_a_slash() {
    let mut page = Page::with("Hi Gary,\n\n");
    typed(&mut page, "/");
    assert_eq!(page.errands, Vec::new());
    typed(&mut page, "tr");
    assert_eq!(page.errands, [Errand::ReadSnippets]);
    assert!(picker(&page).is_none());
    let outcome = page.session.set_library(library());
    page.carry_out(outcome);
    assert!(picker(&page).is_some_and(|html| html.contains("Tracing it") && !html.contains("Return label")));
}

#[test]
fn a_slash_elsewhere_offers_nothing() {
    for text in
        ["and/tracing", "https://tracing", "1/tracing", "/usr/tracing", "//tracing", "/9tracing", "/ tracing", "/zzz"]
    {
        let mut page = with("Hi Gary,\n\n");
        typed(&mut page, text);
        assert!(picker(&page).is_none(), "{text}");
        assert!(
            !page.painted.get(&1).is_some_and(|all| all.iter().any(|it| it.severity == HighlightSeverity::Slash)),
            "{text}"
        );
    }
    // In an empty mail a line break may come with it.
    let mut page = with("");
    page.replace(1, TextEdit { start: 0, end: 0, insert: "/\n".to_owned() });
    page.replace(1, TextEdit { start: 1, end: 1, insert: "t".to_owned() });
    assert!(picker(&page).is_some());
    // In the middle of a word, and pasted whole.
    let mut page = with("word");
    page.replace(1, TextEdit { start: 0, end: 0, insert: "/".to_owned() });
    page.replace(1, TextEdit { start: 1, end: 1, insert: "t".to_owned() });
    assert!(picker(&page).is_none());
    let mut page = with("");
    page.replace(1, TextEdit { start: 0, end: 0, insert: "/trac".to_owned() });
    assert!(picker(&page).is_none());
}

#[test]
fn typing_filters_and_what_finds_nothing_is_left_alone() {
    let mut page = with("Hi Gary,\n\n");
    typed(&mut page, "/t");
    assert!(picker(&page).is_some());
    typed(&mut page, "racing");
    assert_eq!(page.words(1), ["/tracing"]);
    typed(&mut page, " it");
    assert!(picker(&page).is_some(), "a search of two words");
    typed(&mut page, " all");
    assert!(picker(&page).is_none());
    typed(&mut page, "\n/ret");
    assert!(picker(&page).is_some_and(|html| html.contains("Return label")));
    page.send(Event::Dismissed { compose: 1 });
    assert!(picker(&page).is_none());
    typed(&mut page, "urn");
    assert!(picker(&page).is_none(), "Esc is the last word on this slash");
    assert_eq!(page.text(1), "Hi Gary,\n\n/tracing it all\n/return");
    // Going on elsewhere leaves it as well.
    typed(&mut page, "\n/ret");
    page.replace(1, TextEdit { start: 2, end: 2, insert: "!".to_owned() });
    assert!(picker(&page).is_none());
    // What the list showed is not inserted once it is gone.
    page.press(1, Action::Pick { id: "return".to_owned() });
    assert!(page.edits.is_empty());
}

#[test]
fn a_pick_takes_the_place_of_the_slash_and_leaves_gaps() {
    let mut page = with("Hi Gary,\n\n");
    typed(&mut page, "/trac");
    assert!(picker(&page).is_some_and(|html| html.contains("is under way, Gary.")));
    page.press(1, Action::Pick { id: "trace".to_owned() });
    assert!(page.errands.contains(&Errand::UsedSnippet { id: "trace".to_owned() }));
    let undo = page.carry_out_edit(1);
    let text = "Hi Gary,\n\nA trace on order [order number] is under way, Gary. I'll send it again: [tracking number].";
    assert_eq!(page.text(1), text);
    assert!(picker(&page).is_none());
    let gaps = |page: &Page| -> Vec<String> {
        let words = page.words(1).into_iter().zip(&page.painted[&1]);
        words.filter(|(_, it)| it.severity == HighlightSeverity::Gap).map(|(words, _)| words).collect()
    };
    assert_eq!(gaps(&page), ["[order number]", "send it again", "[tracking number]"]);
    // Held for its gaps alone, and said so.
    assert!(page.holds[&1]);
    page.send(Event::SendHeld { compose: 1, later: false });
    let dialog = &page.shown[&(1, Place::Dialog)];
    assert!(dialog.contains("Something is still to be filled in") && dialog.contains("Fill it in"), "{dialog}");
    page.press(1, Action::Mend);
    assert!(!page.shown.contains_key(&(1, Place::Dialog)));
    // By Tab to the choice: the others are offered.
    let choice = page.id_of(1, "send it again");
    page.send(Event::GapReached { compose: 1, highlight: choice });
    assert!(page.shown[&(1, Place::Card)].contains("refund you"));
    page.press(1, Action::Choose { gap: choice, choice: 1 });
    page.carry_out_edit(1);
    assert_eq!(gaps(&page), ["[order number]", "[tracking number]"]);
    assert!(page.text(1).contains("I'll refund you:"));
    for label in ["[order number]", "[tracking number]"] {
        let start = page.text(1).find(label).expect("a gap") as u32;
        page.replace(1, TextEdit { start, end: start + label.len() as u32, insert: "48213".to_owned() });
    }
    assert_eq!(gaps(&page), Vec::<String>::new());
    assert!(!page.holds[&1]);
    // Undone as a whole, nothing is open; and what is written over by undo is open again.
    let mut page = with("Hi Gary,\n\n");
    typed(&mut page, "/trac");
    page.press(1, Action::Pick { id: "trace".to_owned() });
    page.carry_out_edit(1);
    let end = "Hi Gary,\n\n".len() as u32;
    page.replace(1, TextEdit { start: end, end: undo.end, insert: "/trac".to_owned() });
    assert_eq!((page.text(1).as_str(), gaps(&page).len()), ("Hi Gary,\n\n/trac", 0));
    page.replace(1, TextEdit { start: end, end: end + 5, insert: text[end as usize..].to_owned() });
    assert_eq!(gaps(&page), ["[order number]", "[tracking number]"], "redo");
}

#[test]
fn sent_anyway_it_goes() {
    let mut page = with("");
    typed(&mut page, "/trac");
    page.press(1, Action::Pick { id: "trace".to_owned() });
    page.carry_out_edit(1);
    page.send(Event::SendHeld { compose: 1, later: false });
    page.press(1, Action::SendAnyway);
    assert_eq!((page.released, page.holds[&1]), (1, false));
    // Whoever wants no guard is not held for gaps either.
    let outcome = page.session.set_settings(Settings { guard: false, ..Settings::default() });
    page.carry_out(outcome);
    typed(&mut page, " more");
    assert!(!page.holds[&1]);
}

#[test]
fn the_panel_lists_them_by_situation_and_puts_them_in_their_place() {
    let mut page = with("Hi Gary,\n\nWe looked into it.\n\nBest,\nDana");
    page.send(Event::PanelToggled { compose: 1 });
    page.press(1, Action::Snippets { situation: String::new() });
    assert!(page.shown[&(1, Place::Panel)].contains("Lost parcel"));
    page.press(1, Action::Snippets { situation: "lost-parcel".to_owned() });
    assert!(page.shown[&(1, Place::Panel)].contains("Return label"));
    page.press(1, Action::Pick { id: "return".to_owned() });
    page.carry_out_edit(1);
    assert_eq!(page.text(1), "Hi Gary,\n\nWe looked into it.\n\nHere is a label for it.\n\nBest,\nDana");
    page.press(1, Action::Back);
    page.press(1, Action::Back);
    assert!(page.shown[&(1, Place::Panel)].contains("A good reply has"));
    page.send(Event::Pressed {
        compose: 1,
        action: Action::OpenSnippets.encode(),
        selected: Some("We looked into it.".to_owned()),
    });
    let opened = Errand::Open(crate::Page::Snippets { text: "We looked into it.".to_owned() });
    assert_eq!(page.errands.last(), Some(&opened));
}
