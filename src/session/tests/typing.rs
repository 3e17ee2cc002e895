//! A draft as it is written, key by key: nothing is underlined in the middle of a word that may yet become another.

use std::collections::BTreeSet;

use super::Page;
use crate::*;

/// Kind replies that no rule was made after.
const KIND: &str = include_str!("../../../tests/corpus/calm_aside.txt");

fn drafts() -> impl Iterator<Item = &'static str> {
    KIND.split("--- draft\n").skip(1).filter_map(|case| case.split("\n--- truth").next())
}

impl Page {
    fn key(&mut self, letter: &str) {
        let end = self.texts[&1].1.len() as u32;
        self.replace(1, TextEdit { start: end, end, insert: letter.to_owned() });
    }

    fn pause(&mut self, reader: bool) {
        let outcome = self.session.settle(reader);
        self.carry_out(outcome);
    }

    /// Types it, and gives what was underlined at some key.
    fn type_out(&mut self, text: &str) -> BTreeSet<String> {
        let keys = text.chars().map(String::from);
        keys.flat_map(|key| {
            self.key(&key);
            self.words(1)
        })
        .collect()
    }
}

#[test]
fn what_is_half_written_waits_until_it_is_whole_or_the_writer_pauses() {
    let mut page = Page::with("");
    assert!(page.type_out("Hi Gary,\n\nSee you on Sunday").is_empty());
    assert!(page.type_out(". Now calm down").is_empty());
    assert!(page.session.waits());
    page.pause(false);
    assert_eq!(page.words(1), ["calm down"]);
    // And stays when the writer goes on.
    assert_eq!(page.type_out(" please. Whatever"), ["calm down".to_owned()].into());
    assert!(page.session.waits());
    page.key(".");
    assert!(!page.session.waits());
    assert_eq!(page.words(1), ["calm down", "Whatever"]);
}

#[test]
fn the_next_word_may_still_be_a_guard() {
    let mut page = Page::with("");
    assert!(page.type_out("Sorry, but n").is_empty());
    assert_eq!(page.type_out("ever mind the lamp,").into_iter().collect::<Vec<_>>(), ["Sorry, but"]);
}

#[test]
fn what_is_serious_is_underlined_with_its_last_letter() {
    let mut page = Page::with("");
    assert!(page.type_out("You are an idio").is_empty());
    page.key("t");
    assert_eq!(page.words(1).len(), 1);
}

#[test]
fn what_waits_is_not_counted_until_it_is_seen() {
    let mut page = Page::with("");
    page.type_out("Hi Gary,\n\nNow calm down");
    assert!(page.session.waits() && !page.shown[&(1, Place::Pill)].contains("to mend"));
    // To look into the panel is not to type.
    page.send(Event::PanelToggled { compose: 1 });
    assert_eq!(page.words(1), ["calm down"]);
    assert!(page.shown[&(1, Place::Pill)].contains("1 place to mend"));
}

#[test]
fn what_is_underlined_stays_so_when_it_becomes_worse() {
    let mut page = Page::with("");
    page.type_out("Stop wasting");
    page.pause(false);
    for key in [" ", "m", "y"] {
        page.key(key);
        assert!(page.words(1).concat().contains("Stop wasting"), "{:?}", page.words(1));
    }
    assert_eq!(page.words(1), ["Stop wasting my"]);
}

#[test]
fn what_the_reader_will_say_is_not_guessed_before() {
    // Whatever the words of sentences are worth: in some of so many replies one looks sharp while the next is written.
    let guessed = drafts().find_map(|draft| {
        let mut page = Page::with("");
        draft.chars().find_map(|key| {
            page.key(&key.to_string());
            page.pause(true);
            page.session.waits().then_some(())
        })?;
        Some(page)
    });
    let mut page = guessed.expect("a sentence that its words tell");
    let before = page.words(1).len();
    // Without a reader, a guess is all that there is.
    page.pause(false);
    assert!(!page.session.waits() && page.words(1).len() > before);
}

#[test]
fn other_news_end_the_waiting() {
    let mut page = Page::with("");
    page.type_out("Now calm down");
    let outcome = page.session.set_settings(Settings::default());
    page.carry_out(outcome);
    assert_eq!(page.words(1), ["calm down"]);
}

#[test]
fn what_is_pasted_or_written_by_us_is_whole() {
    let mut page = Page::with("");
    page.key("Now calm down");
    assert_eq!(page.words(1), ["calm down"]);
}

#[test]
fn kind_replies_are_written_without_underlines_that_come_and_go() {
    // A third of them, because there are a hundred and fifty thousand keys in all.
    let fickle = drafts().step_by(3).flat_map(|draft| {
        let mut page = Page::with("");
        let shown = page.type_out(draft);
        shown.into_iter().filter(move |words| !page.words(1).contains(words)).collect::<Vec<_>>()
    });
    let fickle = fickle.collect::<Vec<_>>();
    // Without waiting there are 20.
    assert!(fickle.len() <= 5, "{fickle:#?}");
}
