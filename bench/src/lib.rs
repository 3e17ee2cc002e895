//! What `wasm.mjs` measures.

use std::cell::RefCell;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use composure_engine::{Author, Draft, Message, Reviewer, Settings, Span, Thread, examples, review, rules};
use mail::mail;

#[path = "../../src/engine/benches/mail/mod.rs"]
mod mail;

/// A customer's mail of 60 words with three requests.
const CUSTOMER: &str = "Hello,\n\nI ordered a lamp (order 48213) nine days ago and it still is not here. Where is it? \
    I have called twice and nobody picked up. Please refund the express fee, and tell me when I can expect the parcel. \
    What kind of shop takes the money and then goes silent? My number is 020 7946 0018.\n\nGary Stone";

/// What the reply answers.
fn thread() -> Thread {
    let message = Message { from: Author::Customer, text: CUSTOMER.to_owned(), sent: None };
    Thread { messages: vec![message], recipient: Some("Gary Stone".to_owned()) }
}

/// The floor: one pass over the text with an automaton of 1,500 phrases, without words, sentences or slots.
fn phrases() -> AhoCorasick {
    let words: Vec<String> = rules()
        .iter()
        .flat_map(examples)
        .flat_map(|example| [example.bad, example.good])
        .flat_map(|text| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>())
        .collect();
    let mut phrases: Vec<String> =
        (2..6).flat_map(|length| words.windows(length).map(|words| words.join(" "))).collect();
    phrases.sort_unstable();
    phrases.dedup();
    phrases.truncate(1_500);
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(phrases)
        .expect("an automaton of short phrases")
}

/// A draft in which a letter is typed and taken back in turn.
struct Typing {
    reviewer: Reviewer,
    at: usize,
    there: bool,
}

impl Typing {
    /// In a mail of so many words.
    fn new(words: usize) -> Typing {
        let draft = Draft { text: mail(words), regions: Vec::new() };
        let at = draft.text.find("tracking").unwrap_or(0);
        Typing { reviewer: Reviewer::new(&draft, &thread(), &Settings::default()), at, there: false }
    }

    /// One key; gives the number of findings.
    fn key(&mut self) -> usize {
        let (end, insert) = if self.there { (self.at + 1, "") } else { (self.at, "x") };
        self.there = !self.there;
        self.reviewer.edit(Span { start: self.at, end }, insert, &[]);
        self.reviewer.review().findings.len()
    }
}

thread_local! {
    static TEXT: RefCell<Draft> = RefCell::default();
    static TYPING: RefCell<Option<Typing>> = const { RefCell::new(None) };
    static PHRASES: RefCell<Option<AhoCorasick>> = const { RefCell::new(None) };
}

/// Chooses the mail that the functions below work on. Gives its length in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn choose(words: u32) -> u32 {
    let text = mail(words as usize);
    let length = text.len() as u32;
    TEXT.with_borrow_mut(|draft| draft.text = text);
    TYPING.with_borrow_mut(|typing| *typing = Some(Typing::new(words as usize)));
    length
}

/// A whole review; gives the number of findings.
#[unsafe(no_mangle)]
pub extern "C" fn whole() -> u32 {
    TEXT.with_borrow(|draft| review(draft, &thread(), &Settings::default()).findings.len() as u32)
}

/// One key; gives the number of findings.
#[unsafe(no_mangle)]
pub extern "C" fn key() -> u32 {
    TYPING.with_borrow_mut(|typing| typing.as_mut().map_or(0, Typing::key) as u32)
}

/// Builds the automaton of the floor.
#[unsafe(no_mangle)]
pub extern "C" fn build_floor() {
    PHRASES.with_borrow_mut(|floor| *floor = Some(phrases()));
}

/// One pass of the floor; gives the number of matches.
#[unsafe(no_mangle)]
pub extern "C" fn floor() -> u32 {
    PHRASES.with_borrow(|floor| {
        TEXT.with_borrow(|draft| floor.as_ref().map_or(0, |floor| floor.find_iter(&draft.text).count() as u32))
    })
}
