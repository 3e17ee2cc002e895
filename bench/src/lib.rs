//! What `wasm.mjs` measures, and what `reader/agree.mjs` compares with the program.

use std::cell::RefCell;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use composure_engine::{
    Author, Draft, Heard, HeardHeat, Message, Reading, Reviewer, Settings, Span, Thread, examples, review, rules,
};
use composure_session::{DraftView, Effect, Event, MessageView, Session, TextEdit, ThreadView};
use mail::{long_mail, mail};

#[path = "../../src/engine/benches/mail/mod.rs"]
mod mail;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

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

/// A compose in which a letter is typed and taken back in turn.
struct Typing {
    session: Session,
    revision: u32,
    painted: Option<u32>,
    at: u32,
}

impl Typing {
    fn new(text: String) -> Typing {
        let mut session = Session::new(composure_session::Settings::default(), "Monday".to_owned());
        let at = text.find("tracking").unwrap_or(0) as u32;
        let thread = ThreadView {
            recipient: Some("Gary Stone".to_owned()),
            address: None,
            subject: None,
            key: None,
            sender: None,
            messages: vec![MessageView { mine: false, text: CUSTOMER.to_owned(), sent: None }],
        };
        session.update(Event::Opened {
            compose: 1,
            thread,
            draft: DraftView { revision: 0, text, regions: Vec::new() },
        });
        Typing { session, revision: 0, painted: Some(0), at }
    }

    /// One key, all that the frame's mind does for it; gives the number of effects.
    fn key(&mut self) -> usize {
        let (end, insert) = if self.revision % 2 == 1 { (self.at + 1, "") } else { (self.at, "x") };
        let base = self.revision;
        self.revision += 1;
        let edit = TextEdit { start: self.at, end, insert: insert.to_owned() };
        let typed = Event::Typed {
            compose: 1,
            revision: self.revision,
            base,
            painted: self.painted,
            edit,
            regions: Vec::new(),
        };
        let effects = self.session.update(typed).effects;
        if effects.iter().any(|effect| matches!(effect, Effect::Paint { .. })) {
            self.painted = Some(self.revision);
        }
        effects.len()
    }
}

thread_local! {
    static TEXT: RefCell<Draft> = RefCell::default();
    static TYPING: RefCell<Option<Typing>> = const { RefCell::new(None) };
    static PHRASES: RefCell<Option<AhoCorasick>> = const { RefCell::new(None) };
}

/// Chooses the mail that the functions below work on: of so many words, with findings in every paragraph or (`calm`) in
/// the first alone. [`output`] is its text; gives its length in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn choose(words: u32, calm: bool) -> u32 {
    let text = if calm { long_mail(words as usize) } else { mail(words as usize) };
    TEXT.with_borrow_mut(|draft| draft.text.clone_from(&text));
    TYPING.set(Some(Typing::new(text.clone())));
    give(text)
}

/// A whole review; gives the number of findings.
#[unsafe(no_mangle)]
pub extern "C" fn whole() -> u32 {
    TEXT.with_borrow(|draft| review(draft, &thread(), &Settings::default()).findings.len() as u32)
}

/// One key; gives the number of effects.
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

thread_local! {
    static INPUT: RefCell<Vec<u8>> = RefCell::default();
    static OUTPUT: RefCell<String> = RefCell::default();
    static REVIEWER: RefCell<Option<Reviewer>> = const { RefCell::new(None) };
}

/// Where to write so many bytes before calling a function that takes a text.
#[unsafe(no_mangle)]
pub extern "C" fn input(length: u32) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        input.clear();
        input.resize(length as usize, 0);
        input.as_mut_ptr()
    })
}

/// Where what a function gave begins, in UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.with_borrow(|output| output.as_ptr())
}

fn given() -> String {
    INPUT.with_borrow(|input| String::from_utf8(input.clone()).expect("UTF-8"))
}

fn give(text: String) -> u32 {
    let length = text.len() as u32;
    OUTPUT.set(text);
    length
}

/// Takes a draft and gives its sentences, each on a line.
#[unsafe(no_mangle)]
pub extern "C" fn sentences() -> u32 {
    let draft = Draft { text: given(), regions: Vec::new() };
    let reviewer = Reviewer::new(&draft, &Thread::default(), &Settings::default());
    let sentences = reviewer.sentences().join("\n");
    REVIEWER.set(Some(reviewer));
    give(sentences)
}

/// Takes what a reader says of those sentences, one value a line in the order of `composure-reader-web`, and gives the heat
/// and then the findings, each a rule, its first and its last byte.
#[unsafe(no_mangle)]
pub extern "C" fn hear() -> u32 {
    let given = given();
    let mut values = given.lines();
    let mut number = || values.next().map_or(f64::NAN, |value| value.parse::<f64>().unwrap_or(f64::NAN));
    let heat = HeardHeat { base: number(), of_rules: number() };
    let count = number() as usize;
    let mut next = || values.next().unwrap_or_default();
    let mut heard = Vec::new();
    for _ in 0..count {
        let (rule, start, end) = (next(), next(), next());
        heard.extend(Heard::new(rule, Span { start: start.parse().unwrap_or(0), end: end.parse().unwrap_or(0) }));
    }
    let rest: Vec<&str> = values.collect();
    let stretches: Vec<(Span, bool)> = rest
        .chunks_exact(3)
        .map(|of| (Span { start: of[0].parse().unwrap_or(0), end: of[1].parse().unwrap_or(0) }, of[2] == "true"))
        .collect();
    REVIEWER.with_borrow_mut(|reviewer| {
        let reviewer = reviewer.as_mut().expect("`sentences` comes first");
        if !reviewer.sentences().is_empty() {
            reviewer.hear(Reading::of_lines(reviewer.sentences(), &heard, &stretches, heat));
        }
        let review = reviewer.review();
        let findings = review.findings.iter().map(|it| format!(" {} {} {}", it.rule.id, it.span.start, it.span.end));
        give(format!("{}{}", review.heat, findings.collect::<String>()))
    })
}
