//! The whole behaviour, without a browser: events in, effects out.

use proptest::prelude::*;

use crate::action::Action;
use crate::*;
use composure_engine::{Heard, HeardHeat, Reading, Span};

mod hands;
mod language;
mod long;
mod picker;
mod team;
mod typing;
mod walk;

const UPSET: &str = "I HAVE BEEN WAITING THREE WEEKS FOR MY REFUND AND NOBODY ANSWERS ME!!! This is unacceptable.";
const TENSE: &str =
    "Hi Gary,\n\nYou failed to attach the receipt. I'm sorry you feel that way.\n\nThe refund is on its way.";

fn draft(text: &str) -> DraftView {
    DraftView { revision: 0, text: text.to_owned(), regions: Vec::new() }
}

fn upset_thread() -> ThreadView {
    ThreadView {
        recipient: Some("Gary Stone".to_owned()),
        address: Some("gary@stone.example".to_owned()),
        subject: Some("Where is my refund?".to_owned()),
        key: Some("mail.test/1".to_owned()),
        sender: None,
        messages: vec![MessageView { mine: false, text: UPSET.to_owned(), sent: None }],
    }
}

/// The page as a tester sees it: what the hands would have on the screen, kept up to date from the effects.
struct Page {
    session: Session,
    texts: std::collections::BTreeMap<ComposeId, (u32, Vec<u16>)>,
    painted: std::collections::BTreeMap<ComposeId, Vec<Highlight>>,
    /// The revisions that they came for.
    painted_for: std::collections::BTreeMap<ComposeId, u32>,
    shown: std::collections::BTreeMap<(ComposeId, Place), String>,
    edits: Vec<TextEdit>,
    /// Whether a send would be held.
    holds: std::collections::BTreeMap<ComposeId, bool>,
    released: usize,
    /// What was said aloud, with the pause before it.
    said: Vec<(String, u32)>,
    errands: Vec<Errand>,
    resyncs: usize,
}

impl Page {
    fn new(settings: Settings) -> Page {
        Page {
            session: Session::new(settings, "23 November 2026".to_owned()),
            texts: Default::default(),
            painted: Default::default(),
            painted_for: Default::default(),
            shown: Default::default(),
            edits: Vec::new(),
            holds: Default::default(),
            released: 0,
            said: Vec::new(),
            errands: Vec::new(),
            resyncs: 0,
        }
    }

    /// One compose, 1, in an upset thread.
    fn with(text: &str) -> Page {
        let mut page = Page::new(Settings::default());
        page.open(1, text);
        page
    }

    fn open(&mut self, compose: ComposeId, text: &str) {
        self.texts.insert(compose, (0, text.encode_utf16().collect()));
        self.send(Event::Opened { compose, thread: upset_thread(), draft: draft(text) });
    }

    fn send(&mut self, event: Event) {
        let outcome = self.session.update(event);
        self.carry_out(outcome);
    }

    fn carry_out(&mut self, outcome: Outcome) {
        for effect in outcome.effects {
            match effect {
                Effect::Paint { compose, revision, highlights } => {
                    assert_eq!(revision, self.texts[&compose].0, "painted for a text that is gone");
                    self.painted.insert(compose, highlights);
                    self.painted_for.insert(compose, revision);
                }
                Effect::Show { compose, place, html, .. } => {
                    if place != Place::Pill {
                        let others =
                            [Place::Card, Place::Panel, Place::Dialog].into_iter().filter(|other| *other != place);
                        for other in others {
                            assert!(!self.shown.contains_key(&(compose, other)), "{place:?} over {other:?}");
                        }
                    }
                    self.shown.insert((compose, place), html);
                }
                Effect::Hide { compose, place } => {
                    assert!(self.shown.remove(&(compose, place)).is_some(), "hid what was not shown");
                }
                Effect::Edit { compose, revision, edits } => {
                    assert_eq!(revision, self.texts[&compose].0);
                    assert!(edits.windows(2).all(|two| two[0].end <= two[1].start), "{edits:?}");
                    self.edits.extend(edits);
                }
                Effect::Resync { .. } => self.resyncs += 1,
                Effect::Reveal { .. } => {}
                Effect::Speak { text, pause, .. } => self.said.push((text, pause)),
                Effect::Guard { compose, revision, hold } => {
                    assert_eq!(revision, self.texts[&compose].0, "a verdict on a text that is gone");
                    self.holds.insert(compose, hold);
                }
                Effect::Release { compose } => {
                    assert!(!self.holds[&compose], "what is let go would be held again");
                    self.released += 1;
                }
            }
        }
        self.errands.extend(outcome.errands);
    }

    fn text(&self, compose: ComposeId) -> String {
        String::from_utf16(&self.texts[&compose].1).expect("whole characters")
    }

    /// Types over `start..end` (UTF-16) as a writer or the hands would.
    fn replace(&mut self, compose: ComposeId, edit: TextEdit) {
        let (revision, text) = self.texts.get_mut(&compose).expect("an open compose");
        text.splice(edit.start as usize..edit.end as usize, edit.insert.encode_utf16());
        *revision += 1;
        if let Some(painted) = self.painted.get_mut(&compose) {
            hands::move_painted(painted, &edit);
        }
        let painted = self.painted_for.get(&compose).copied();
        let event =
            Event::Typed { compose, revision: *revision, base: *revision - 1, painted, edit, regions: Vec::new() };
        self.send(event);
    }

    /// Carries out the last edit that the mind asked for, and gives its inverse.
    fn carry_out_edit(&mut self, compose: ComposeId) -> TextEdit {
        let edit = self.edits.pop().expect("an edit to carry out");
        let old = &self.texts[&compose].1[edit.start as usize..edit.end as usize];
        let inverse = TextEdit {
            start: edit.start,
            end: edit.start + edit.insert.encode_utf16().count() as u32,
            insert: String::from_utf16(old).expect("whole characters"),
        };
        self.replace(compose, edit);
        inverse
    }

    fn press(&mut self, compose: ComposeId, action: Action) {
        self.send(Event::Pressed { compose, action: action.encode(), selected: None });
    }

    /// The painted words, in order.
    fn words(&self, compose: ComposeId) -> Vec<String> {
        let text = &self.texts[&compose].1;
        let slice = |h: &Highlight| String::from_utf16_lossy(&text[h.start as usize..h.end as usize]);
        self.painted.get(&compose).map(|all| all.iter().map(slice).collect()).unwrap_or_default()
    }

    fn id_of(&self, compose: ComposeId, words: &str) -> u32 {
        let index = self.words(compose).iter().position(|found| found.contains(words));
        self.painted[&compose][index.unwrap_or_else(|| panic!("{words:?} not in {:?}", self.words(compose)))].id
    }

    fn shows(&self, compose: ComposeId, place: Place) -> Option<&str> {
        self.shown.get(&(compose, place)).map(String::as_str)
    }
}

/// What a reader would say of a compose who hears sarcasm in every goldfish.
fn read(session: &Session) -> Reading {
    let (_, sentences) = session.unread().expect("something to read");
    let fish = sentences.join("\n").find("goldfish").map(|start| Span { start, end: start + 8 });
    let heard: Vec<Heard> = fish.and_then(|span| Heard::new("sarcasm", span)).into_iter().collect();
    Reading::of_lines(sentences, &heard, &[], HeardHeat::default())
}

#[test]
fn what_the_reader_hears_is_painted_and_muted_like_any_finding() {
    let mut page = Page::with("Hi Gary,\n\nMy goldfish reads better. You failed to attach the receipt.");
    let reading = read(&page.session);
    let outcome = page.session.hear(1, reading.clone());
    page.carry_out(outcome);
    assert_eq!(page.words(1), ["goldfish", "You failed to attach the receipt"]);
    assert_eq!(page.session.unread(), None);

    let highlight = page.id_of(1, "goldfish");
    page.send(Event::Pointed { compose: 1, highlight: Some(highlight) });
    let card = page.shows(1, Place::Card).expect("a card");
    assert!(card.contains("Sarcasm") && card.contains("class=\"instead\""), "{card}");

    page.press(1, Action::Mute { rule: "sarcasm".to_owned() });
    assert_eq!(page.words(1), ["You failed to attach the receipt"]);
    page.press(1, Action::UnmuteAll);
    assert_eq!(page.words(1), ["goldfish", "You failed to attach the receipt"]);
}

#[test]
fn readings_that_come_late_do_no_harm() {
    let mut page = Page::with("My goldfish reads better.");
    let reading = read(&page.session);
    page.replace(1, TextEdit { start: 0, end: 25, insert: "Thank you.".to_owned() });
    let outcome = page.session.hear(1, reading.clone());
    page.carry_out(outcome);
    assert_eq!(page.words(1), Vec::<String>::new());
    // Undo brings the sentence back, and what is known of it.
    page.replace(1, TextEdit { start: 0, end: 10, insert: "My goldfish reads better.".to_owned() });
    assert_eq!(page.words(1), ["goldfish"]);
    page.send(Event::Closed { compose: 1 });
    assert_eq!(page.session.hear(1, reading.clone()), Outcome::default());
}

#[test]
fn the_reader_is_spared_what_nobody_typed() {
    let sentences = |text: &str| Page::with(text).session.unread().map_or(0, |(_, sentences)| sentences.len());
    assert_eq!(sentences(&"All is well here now. ".repeat(500)), 500);
    let read = sentences(&"All is well here now. ".repeat(50_000));
    assert!((1_000..2_000).contains(&read), "{read}");
    assert_eq!(sentences(&"word ".repeat(100_000)), 0);
}

#[test]
fn a_writer_who_wants_no_reader_gets_none() {
    let mut page = Page::with("My goldfish reads better.");
    let reading = read(&page.session);
    let outcome = page.session.hear(1, reading.clone());
    page.carry_out(outcome);
    let outcome = page.session.set_settings(Settings { reader: false, ..Settings::default() });
    page.carry_out(outcome);
    assert_eq!(page.words(1), Vec::<String>::new());
    assert_eq!(page.session.unread(), None);
    assert_eq!(page.session.hear(1, reading.clone()), Outcome::default());
}

#[test]
fn what_a_reader_said_of_words_that_are_gone_holds_no_others() {
    let mut page = Page::with("My goldfish reads better.");
    let (_, sentences) = page.session.unread().expect("something to read");
    let hot = Reading::of_lines(sentences, &[], &[], HeardHeat { base: 3.0, of_rules: 1.0 });
    let outcome = page.session.hear(1, hot.clone());
    page.carry_out(outcome);
    assert!(page.holds[&1]);
    page.replace(1, TextEdit { start: 0, end: 25, insert: String::new() });
    // It may have been reading meanwhile.
    let outcome = page.session.hear(1, hot);
    page.carry_out(outcome);
    page.replace(1, TextEdit { start: 0, end: 0, insert: "Thank you for writing.".to_owned() });
    assert!(!page.holds[&1]);
    assert!(page.session.unread().is_some(), "it is to be read");
}

/// What a proofreader would say who knows no other mistake than "recieve", and the page after it.
fn proofread(page: &mut Page) {
    let Some((id, wanted)) = page.session.proof_wanted(true) else { panic!("nothing to proofread") };
    let mistake = |(start, word): (usize, &str)| Mistake {
        span: Span { start, end: start + word.len() },
        label: "Spelling".to_owned(),
        what: "This word is not in the dictionary.".to_owned(),
        learnable: true,
        replacements: vec!["receive".to_owned(), "relieve".to_owned()],
    };
    let wrong = wanted.text.match_indices("recieve").filter(|_| !wanted.words.contains("recieve"));
    let outcome = page.session.proofread(id, wanted.revision, Some(wrong.map(mistake).collect()));
    page.carry_out(outcome);
}

#[test]
fn spelling_is_checked_when_asked_for_and_while_one_looks() {
    let mut page = Page::with("You will recieve it soon.");
    assert_eq!(page.session.proof_wanted(true), None, "nobody asked");
    page.send(Event::PanelToggled { compose: 1 });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("Spelling check")));
    page.press(1, Action::Proofread);
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("Looking up the words")));
    proofread(&mut page);
    assert_eq!(page.words(1), ["recieve"]);
    assert_eq!(page.painted[&1][0].severity, HighlightSeverity::Spelling);
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("recieve")));
    assert_eq!(page.session.proof_wanted(true), None, "it is read");
    // What changes is read again: without a proofreader at hand only while the panel is open.
    page.replace(1, TextEdit { start: 25, end: 25, insert: " Thank you.".to_owned() });
    assert!(page.session.proof_wanted(false).is_some());
    page.send(Event::PanelToggled { compose: 1 });
    assert!(page.session.proof_wanted(false).is_none() && page.session.proof_wanted(true).is_some());
    assert_eq!(page.words(1), ["recieve"]);
}

#[test]
fn a_mistake_has_a_card_whose_replacement_is_one_edit() {
    let mut page = Page::with("Hi 👩‍👩‍👧, you recieve it. And recieve it again.");
    page.press(1, Action::Proofread);
    proofread(&mut page);
    page.send(Event::Jumped { compose: 1, caret: 0, forward: true });
    let card = page.shows(1, Place::Card).expect("a card").to_owned();
    assert!(card.contains("not in the dictionary") && card.contains("Add to dictionary"), "{card}");
    let finding = page.id_of(1, "recieve");
    page.press(1, Action::Take { finding, choice: 9 });
    assert!(page.edits.is_empty());
    page.press(1, Action::Take { finding, choice: 0 });
    let inverse = page.carry_out_edit(1);
    assert_eq!(page.text(1), "Hi 👩‍👩‍👧, you receive it. And recieve it again.");
    assert_eq!(page.words(1), ["recieve"], "the other one, where it is now");
    page.replace(1, inverse);
    proofread(&mut page);
    assert_eq!(page.words(1), ["recieve", "recieve"]);
}

#[test]
fn mistakes_move_with_the_text_and_go_with_their_words() {
    let mut page = Page::with("We recieve it.");
    page.press(1, Action::Proofread);
    proofread(&mut page);
    let id = page.id_of(1, "recieve");
    for (at, insert) in [(0, "Hello. "), (10, "will "), (22, " all")] {
        page.replace(1, TextEdit { start: at, end: at, insert: insert.to_owned() });
        assert_eq!(page.words(1), ["recieve"], "{}", page.text(1));
    }
    assert_eq!((page.text(1).as_str(), page.id_of(1, "recieve")), ("Hello. We will recieve all it.", id));
    page.replace(1, TextEdit { start: 22, end: 22, insert: "s".to_owned() });
    assert!(page.words(1).is_empty());
    // What comes too late is nothing, and what makes no sense harms nobody.
    let (_, wanted) = page.session.proof_wanted(true).expect("changed");
    let span = Span { start: 3, end: 9_999 };
    let mistake =
        Mistake { span, label: String::new(), what: String::new(), learnable: false, replacements: Vec::new() };
    for revision in [wanted.revision - 1, wanted.revision] {
        let outcome = page.session.proofread(1, revision, Some(vec![mistake.clone()]));
        page.carry_out(outcome);
        assert!(page.words(1).is_empty());
    }
    assert_eq!(page.session.proofread(7, 0, None), Outcome::default());
}

#[test]
fn tone_goes_before_spelling() {
    let mut page = Page::with("You failed to attach the recieve. We recieve it.");
    let tone = page.words(1);
    assert!(tone.len() == 1 && tone[0].contains("recieve"), "{tone:?}");
    page.press(1, Action::Proofread);
    proofread(&mut page);
    assert_eq!(page.words(1), [tone[0].as_str(), "recieve"]);
    page.press(1, Action::Mute { rule: "blame".to_owned() });
    assert_eq!(page.words(1), ["recieve", "recieve"]);
}

#[test]
fn only_the_writers_own_words_are_proofread() {
    let mut page = Page::new(Settings { business: "Pine & Wick".to_owned(), ..Settings::default() });
    let text = "Hi Gary, é\n\n> You recieve this\nWe recieve it.\n\n-- \nDana recieve\n";
    page.open(1, text);
    page.press(1, Action::Proofread);
    let (_, wanted) = page.session.proof_wanted(true).expect("asked for");
    let blank = |words: &str| " ".repeat(words.len());
    let quote = blank("> You recieve this");
    assert_eq!(wanted.text, format!("Hi Gary, é\n\n{quote}\nWe recieve it."));
    assert!(wanted.around.contains("Gary Stone") && wanted.around.contains("Pine & Wick"), "{}", wanted.around);
    assert!(wanted.around.contains("WAITING"), "{}", wanted.around);
    proofread(&mut page);
    assert_eq!(page.words(1), ["recieve"]);
}

#[test]
fn a_word_is_learned_for_ever_or_ignored_in_this_mail() {
    let mut page = Page::with("We recieve it. They recieve it.");
    page.open(2, "You recieve it.");
    for compose in [1, 2] {
        page.press(compose, Action::Proofread);
    }
    proofread(&mut page);
    proofread(&mut page);
    let mistake = page.id_of(1, "recieve");
    page.press(1, Action::Ignore { mistake });
    assert_eq!((page.words(1).len(), page.words(2).len()), (0, 1));
    assert!(page.errands.is_empty(), "this is not stored");
    let mistake = page.id_of(2, "recieve");
    page.press(2, Action::Learn { mistake });
    assert!(page.words(2).is_empty());
    let word = Change::Word("recieve".to_owned());
    assert_eq!(page.errands, [Errand::Save(word.clone())]);
    // Storage tells of it, and the others are read again.
    let mut settings = Settings::default();
    settings.make(word);
    let outcome = page.session.set_settings(settings);
    page.carry_out(outcome);
    page.open(3, "We recieve it.");
    page.press(3, Action::Proofread);
    for _ in 0..3 {
        proofread(&mut page);
    }
    assert!(page.words(3).is_empty());
    assert_eq!(page.session.proof_wanted(true), None);
}

#[test]
fn without_a_proofreader_it_is_said() {
    let mut page = Page::with("We recieve it.");
    page.send(Event::PanelToggled { compose: 1 });
    page.press(1, Action::Proofread);
    let (_, wanted) = page.session.proof_wanted(false).expect("asked for");
    let outcome = page.session.proofread(1, wanted.revision, None);
    page.carry_out(outcome);
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("proofreader")), "{:?}", page.shown);
    assert_eq!(page.session.proof_wanted(true), None);
}

#[test]
fn findings_are_painted_while_typing() {
    let mut page = Page::with("");
    assert!(page.words(1).is_empty());
    for character in "You failed to attach the receipt.".chars() {
        let end = page.texts[&1].1.len() as u32;
        page.replace(1, TextEdit { start: end, end, insert: character.to_string() });
    }
    assert_eq!(page.words(1).len(), 1);
    assert!(page.words(1)[0].starts_with("You failed to"), "{:?}", page.words(1));
    assert!(page.shows(1, Place::Pill).is_some_and(|pill| pill.contains("1 place to mend")), "{:?}", page.shown);
}

#[test]
fn of_a_key_from_which_nothing_follows_nothing_is_told() {
    let mut page = Page::with(TENSE);
    page.replace(1, TextEdit { start: 0, end: 0, insert: "Oh. ".to_owned() });
    let before = page.words(1);
    let typed = |revision: u32, painted: Option<u32>, at: u32| {
        let edit = TextEdit { start: at, end: at, insert: "h".to_owned() };
        Event::Typed { compose: 1, revision, base: revision - 1, painted, edit, regions: Vec::new() }
    };
    let painted = page.painted_for.get(&1).copied();
    assert_eq!(page.session.update(typed(2, painted, 2)), Outcome::default());
    // What the hands did not paint, because they were a key ahead, comes again, with the verdict.
    page.texts.insert(1, (3, page.text(1).replace("Oh", "Ohhh").encode_utf16().collect()));
    let outcome = page.session.update(typed(3, None, 2));
    assert!(matches!(outcome.effects[..], [Effect::Guard { .. }, Effect::Paint { .. }]), "{outcome:?}");
    page.carry_out(outcome);
    assert_eq!(page.words(1), before);
    // Whoever wants to be sure is told.
    let outcome = page.session.update(Event::VerdictAsked { compose: 1, painted: Some(3) });
    assert_eq!(outcome.effects, [Effect::Guard { compose: 1, revision: 3, hold: page.holds[&1] }]);
}

#[test]
fn a_stale_or_repeated_event_changes_nothing() {
    let mut page = Page::with(TENSE);
    page.replace(1, TextEdit { start: 0, end: 0, insert: "Oh. ".to_owned() });
    let before = page.painted.clone();
    let edit = TextEdit { start: 0, end: 40, insert: String::new() };
    page.send(Event::Typed { compose: 1, revision: 1, base: 0, painted: None, edit, regions: Vec::new() });
    assert_eq!(page.painted, before);
    assert_eq!(page.resyncs, 0);
}

#[test]
fn a_gap_asks_for_the_whole_text() {
    let mut page = Page::with(TENSE);
    let edit = TextEdit { start: 0, end: 0, insert: "x".to_owned() };
    page.send(Event::Typed { compose: 1, revision: 9, base: 8, painted: None, edit, regions: Vec::new() });
    assert_eq!(page.resyncs, 1);
    page.texts.insert(1, (9, "You failed to attach the receipt.".encode_utf16().collect()));
    let draft = DraftView { revision: 9, text: page.text(1), regions: Vec::new() };
    page.send(Event::Resynced { compose: 1, draft });
    assert_eq!(page.words(1).len(), 1);
}

#[test]
fn pointing_opens_a_card_and_leaving_closes_it() {
    let mut page = Page::with(TENSE);
    let id = page.id_of(1, "failed");
    page.send(Event::Pointed { compose: 1, highlight: Some(id) });
    let card = page.shows(1, Place::Card).expect("a card");
    assert!(card.contains("The receipt") && card.contains("data-action"), "{card}");
    page.send(Event::Pointed { compose: 1, highlight: None });
    assert_eq!(page.shows(1, Place::Card), None);
    page.send(Event::Pointed { compose: 1, highlight: Some(9999) });
    assert_eq!(page.shows(1, Place::Card), None);
}

#[test]
fn a_suggestion_replaces_its_span_and_undo_brings_the_finding_back() {
    let mut page = Page::with(TENSE);
    let finding = page.id_of(1, "failed");
    page.send(Event::Pointed { compose: 1, highlight: Some(finding) });
    page.press(1, Action::Take { finding, choice: 0 });
    let inverse = page.carry_out_edit(1);
    assert_eq!(page.text(1), TENSE.replace("You failed to attach the receipt", "The receipt wasn't attached"));
    assert_eq!(page.shows(1, Place::Card), None);
    assert!(!page.words(1).iter().any(|words| words.contains("failed")));

    page.replace(1, inverse);
    assert_eq!(page.text(1), TENSE);
    assert!(page.words(1).iter().any(|words| words.contains("failed")));
}

#[test]
fn calming_shows_every_change_before_it_makes_them() {
    let mut page = Page::with("Hi Gary,\n\nYou failed to attach the receipt. It is NOT here.\n\nSTOP IT.");
    assert_eq!(page.words(1).len(), 3, "{:?}", page.words(1));
    page.send(Event::PanelToggled { compose: 1 });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("Calm this…")));
    page.press(1, Action::Calm);
    let preview = page.shows(1, Place::Panel).expect("a preview").to_owned();
    assert!(preview.contains("Make these 3 changes") && preview.contains("<ins>not</ins> here."), "{preview}");
    // One of them shall stay as it is.
    let kept = page.id_of(1, "NOT");
    page.press(1, Action::Keep { finding: kept });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("Make these 2 changes")));
    page.press(1, Action::Keep { finding: 9999 });
    page.press(1, Action::CalmAll);
    assert_eq!(page.edits.len(), 2);
    while !page.edits.is_empty() {
        page.carry_out_edit(1);
    }
    assert_eq!(page.text(1), "Hi Gary,\n\nThe receipt wasn't attached. It is NOT here.\n\nStop it.");
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("Words to mend")), "back in the panel");
    // With nothing left to show the preview is the panel.
    page.press(1, Action::Calm);
    page.press(1, Action::Keep { finding: kept });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| !panel.contains("Make")));
    page.press(1, Action::CalmAll);
    assert!(page.edits.is_empty());
    page.press(1, Action::Calm);
    let end = page.texts[&1].1.len() as u32;
    page.replace(1, TextEdit { start: 0, end, insert: "Hi Gary, thank you.".to_owned() });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("A good reply has")));
}

#[test]
fn offsets_count_as_the_page_counts() {
    let mut page = Page::with("Hi 👩‍👩‍👧 שלום é,\n\nYou failed to attach the receipt.");
    let finding = page.id_of(1, "You failed");
    page.press(1, Action::Take { finding, choice: 0 });
    page.carry_out_edit(1);
    assert_eq!(page.text(1), "Hi 👩‍👩‍👧 שלום é,\n\nThe receipt wasn't attached.");
}

#[test]
fn a_finding_keeps_its_name_while_the_text_before_it_grows() {
    let mut page = Page::with(TENSE);
    let before = page.id_of(1, "failed");
    page.replace(1, TextEdit { start: 3, end: 7, insert: "dear Mister Stone 🙂".to_owned() });
    assert_eq!(page.id_of(1, "failed"), before);
}

#[test]
fn muting_is_for_one_mail_and_can_be_taken_back() {
    let mut page = Page::with(TENSE);
    page.open(2, TENSE);
    let both = page.words(2).len();
    page.press(1, Action::Mute { rule: "blame".to_owned() });
    assert!(!page.words(1).iter().any(|words| words.contains("failed")));
    assert_eq!(page.words(2).len(), both);
    assert!(page.errands.is_empty(), "muting is not stored");
    page.press(1, Action::UnmuteAll);
    assert_eq!(page.words(1).len(), both);
}

#[test]
fn turning_a_rule_off_is_stored() {
    let mut page = Page::with(TENSE);
    page.press(1, Action::TurnOff { rule: "blame".to_owned() });
    assert_eq!(page.errands, [Errand::Save(Change::RuleOff("blame".to_owned()))]);
    let outcome = page.session.set_settings(Settings::default());
    page.carry_out(outcome);
    assert!(page.words(1).iter().any(|words| words.contains("failed")), "turned on again on the options page");
}

#[test]
fn two_composes_never_mix() {
    let mut page = Page::with("You failed to attach the receipt.");
    page.open(2, "Thank you for your patience.");
    assert!(page.words(2).is_empty());
    let finding = page.id_of(1, "failed");
    // The button of a card of compose 1, reported for compose 2.
    page.press(2, Action::Take { finding, choice: 0 });
    assert!(page.edits.is_empty());
    page.replace(2, TextEdit { start: 0, end: 0, insert: "You idiot. ".to_owned() });
    assert_eq!(page.words(1).len(), 1);
    assert_eq!(page.words(2).len(), 1);
}

#[test]
fn a_closed_compose_is_silent() {
    let mut page = Page::with(TENSE);
    page.send(Event::Closed { compose: 1 });
    page.painted.clear();
    page.send(Event::Typed {
        compose: 1,
        revision: 1,
        base: 0,
        painted: None,
        edit: TextEdit { start: 0, end: 0, insert: "You idiot".to_owned() },
        regions: Vec::new(),
    });
    page.send(Event::PanelToggled { compose: 1 });
    page.send(Event::Closed { compose: 1 });
    assert!(page.painted.is_empty() && page.resyncs == 0);
}

#[test]
fn missing_items_are_inserted_once_and_at_their_place() {
    let mut page = Page::new(Settings { my_name: "Dana".to_owned(), ..Settings::default() });
    page.open(1, "Hi Gary,\n\nWe found your payment.");
    page.send(Event::PanelToggled { compose: 1 });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("Insert")), "{:?}", page.shown);

    page.press(1, Action::Insert { item: "apology".to_owned() });
    page.carry_out_edit(1);
    let text = page.text(1);
    assert!(text.starts_with("Hi Gary,\n\n") && text.ends_with("\n\nWe found your payment."), "{text}");

    page.press(1, Action::Insert { item: "signature".to_owned() });
    page.carry_out_edit(1);
    let text = page.text(1);
    assert!(text.contains("We found your payment.\n\n") && text.contains("Dana"), "{text}");

    for item in ["apology", "signature"] {
        page.press(1, Action::Insert { item: item.to_owned() });
        assert!(page.edits.is_empty(), "{item} would be there twice in {}", page.text(1));
    }
    assert!(page.words(1).is_empty(), "our own snippets are flagged: {:?}", page.words(1));
}

#[test]
fn the_signature_goes_above_the_quote_and_never_beside_another() {
    let mut page =
        Page::new(Settings { signature: "Kind regards,\nDana\nPine & Wick".to_owned(), ..Settings::default() });
    let text = "Hi Gary,\n\nI'm sorry for the wait.\n\n\u{FFFC}";
    let region = |kind| vec![RegionView { start: 35, end: 36, kind }];
    page.texts.insert(1, (0, text.encode_utf16().collect()));
    let view = DraftView { revision: 0, text: text.to_owned(), regions: region(RegionViewKind::Quote) };
    page.send(Event::Opened { compose: 1, thread: upset_thread(), draft: view });
    page.press(1, Action::Insert { item: "signature".to_owned() });
    page.carry_out_edit(1);
    assert_eq!(page.text(1), "Hi Gary,\n\nI'm sorry for the wait.\n\nKind regards,\nDana\nPine & Wick\n\n\u{FFFC}");

    page.texts.insert(2, (0, text.encode_utf16().collect()));
    let view = DraftView { revision: 0, text: text.to_owned(), regions: region(RegionViewKind::Signature) };
    page.send(Event::Opened { compose: 2, thread: upset_thread(), draft: view });
    page.press(2, Action::Insert { item: "signature".to_owned() });
    assert!(page.edits.is_empty());
}

/// Some mail clients put the quote first and the caret below it; nothing may ever be written in front of that quote.
#[test]
fn below_a_quote_is_where_an_empty_reply_begins() {
    for text in ["\u{FFFC}\n", "\u{FFFC}", "\u{FFFC}\n\n"] {
        let mut page = Page::new(Settings::default());
        page.texts.insert(1, (0, text.encode_utf16().collect()));
        let regions = vec![RegionView { start: 0, end: 1, kind: RegionViewKind::Quote }];
        let view = DraftView { revision: 0, text: text.to_owned(), regions };
        page.send(Event::Opened { compose: 1, thread: upset_thread(), draft: view });
        for item in ["greeting", "apology", "next-step", "signature"] {
            page.press(1, Action::Insert { item: item.to_owned() });
            let edit = page.edits.pop().unwrap_or_else(|| panic!("{item} in {text:?}"));
            assert!(edit.start >= 1, "{item} in {text:?}: {edit:?}");
        }
    }
}

#[test]
fn unfilled_placeholders_stay_visible_and_block_nothing() {
    let mut page = Page::with("Hi Gary,\n\nWe found your payment.");
    page.press(1, Action::Insert { item: "signature".to_owned() });
    page.carry_out_edit(1);
    assert!(page.text(1).contains("{my_name}"), "{}", page.text(1));
    page.send(Event::PanelToggled { compose: 1 });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("Still to fill in: {my_name}")));
}

#[test]
fn the_keyboard_goes_round_all_findings() {
    let mut page = Page::with(TENSE);
    let ids: Vec<u32> = page.painted[&1].iter().map(|highlight| highlight.id).collect();
    assert!(ids.len() >= 2, "{:?}", page.words(1));
    for _ in 0..2 {
        for id in &ids {
            page.send(Event::Jumped { compose: 1, caret: 0, forward: true });
            let card = page.shows(1, Place::Card).expect("a card");
            assert!(card.contains(&format!("\"take {id} 0\"")), "{card}");
        }
    }
    // The pointer passing by does not close what the keyboard opened.
    page.send(Event::Pointed { compose: 1, highlight: None });
    assert!(page.shows(1, Place::Card).is_some());
    page.send(Event::Dismissed { compose: 1 });
    assert_eq!(page.shows(1, Place::Card), None);
}

#[test]
fn a_refused_edit_is_said_once_and_changes_nothing() {
    let mut page = Page::with(TENSE);
    page.send(Event::EditRefused { compose: 1 });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("did not take the change")));
    page.send(Event::Dismissed { compose: 1 });
    page.send(Event::PanelToggled { compose: 1 });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| !panel.contains("did not take the change")));
}

#[test]
fn nonsense_actions_do_nothing() {
    let mut page = Page::with(TENSE);
    for action in ["", "take", "take 99 99", "insert no-such-item", "go-to 99", "💥"] {
        page.send(Event::Pressed { compose: 1, action: action.to_owned(), selected: None });
    }
    assert!(page.edits.is_empty() && page.errands.is_empty());
}

/// The one record that sending compose 1 makes.
fn sent(page: &mut Page) -> Option<Record> {
    page.errands.clear();
    page.send(Event::Sent { compose: 1 });
    page.errands.retain(|errand| !matches!(errand, Errand::Count { .. }));
    match page.errands.as_slice() {
        [] => None,
        [Errand::Record { record, .. }] => Some(record.clone()),
        other => panic!("{other:?}"),
    }
}

fn keeping(records: Keep) -> Settings {
    Settings { records, ..Settings::default() }
}

#[test]
fn a_reply_is_kept_as_it_was_sent_with_the_heat_it_had_before() {
    let text = "Hi Gary,\n\nYou failed to attach the receipt, you idiot. 🙂\n\n\u{FFFC}\n\u{FFFC}";
    let end = text.encode_utf16().count() as u32;
    let regions = vec![
        RegionView { start: end - 3, end: end - 2, kind: RegionViewKind::Signature },
        RegionView { start: end - 1, end, kind: RegionViewKind::Quote },
    ];
    let mut page = Page::new(Settings::default());
    page.texts.insert(1, (0, text.encode_utf16().collect()));
    let draft = DraftView { revision: 0, text: text.to_owned(), regions };
    page.send(Event::Opened { compose: 1, thread: upset_thread(), draft });
    page.session.mark(5_000);
    let hot = sent(&mut page).expect("a record");
    assert_eq!(hot.calm_after, None, "it is hot still");
    assert_eq!(hot.reply, "Hi Gary,\n\nYou failed to attach the receipt, you idiot. 🙂");
    assert!(hot.heat_before >= 60 && hot.heat_before == hot.heat_after, "{hot:?}");
    assert_eq!(sent(&mut page), None, "pressed again, because the page asked for something first");

    let draft = DraftView { revision: 5, text: "Hi Gary,\n\nThank you.\n".to_owned(), regions: Vec::new() };
    page.texts.insert(1, (5, draft.text.encode_utf16().collect()));
    page.send(Event::Resynced { compose: 1, draft });
    page.session.mark(65_900);
    page.session.mark(90_000);
    let mended = sent(&mut page).expect("a record");
    assert_eq!(mended.calm_after, Some(60), "whole seconds, until it was calm");
    assert_eq!(mended.reply, "Hi Gary,\n\nThank you.");
    assert_eq!(mended.heat_before, hot.heat_before);
    assert!(mended.heat_after < 20 && mended.heat_message >= 41, "{mended:?}");
    assert_eq!(mended.message, UPSET);
    assert_eq!(mended.recipient.as_deref(), Some("Gary Stone"));
    assert_eq!(mended.address.as_deref(), Some("gary@stone.example"));
    assert_eq!(mended.subject.as_deref(), Some("Where is my refund?"));
    let json = serde_json::to_string(&mended).expect("JSON");
    assert_eq!(serde_json::from_str::<Record>(&json).expect("a record"), mended);
}

/// The number under which the mail of a compose is kept when it is sent.
fn number(page: &mut Page, compose: ComposeId) -> Option<u32> {
    page.errands.clear();
    page.send(Event::Sent { compose });
    page.errands.iter().find_map(|errand| match errand {
        Errand::Record { number, .. } => Some(*number),
        _ => None,
    })
}

#[test]
fn a_mail_that_is_sent_again_keeps_its_number() {
    let mut page = Page::new(keeping(Keep::All));
    page.open(1, "Thank you.");
    assert_eq!(number(&mut page, 1), Some(1));
    // The webmail's undo brings it back, with white space of its own.
    page.open(2, "Thank you.\n");
    page.replace(2, TextEdit { start: 10, end: 10, insert: " All is well.".to_owned() });
    assert_eq!(number(&mut page, 2), Some(1));
    // Into an empty compose, all at once.
    page.open(4, "");
    page.replace(4, TextEdit { start: 0, end: 0, insert: "Thank you. All is well.".to_owned() });
    page.replace(4, TextEdit { start: 23, end: 23, insert: " Really.".to_owned() });
    assert_eq!(number(&mut page, 4), Some(1));
    page.open(3, "Something else.");
    assert_eq!(number(&mut page, 3), Some(2));
    // Refused by the page, changed and sent is one mail; what comes after an empty box is the next.
    page.replace(3, TextEdit { start: 0, end: 9, insert: "Nothing".to_owned() });
    assert_eq!(number(&mut page, 3), Some(2));
    page.replace(3, TextEdit { start: 0, end: 13, insert: String::new() });
    page.replace(3, TextEdit { start: 0, end: 0, insert: "Nothing more.".to_owned() });
    assert_eq!(number(&mut page, 3), Some(3));
}

#[test]
fn the_next_mail_in_the_same_box_begins_anew() {
    let mut page = Page::new(keeping(Keep::All));
    page.open(1, TENSE);
    page.session.mark(5_000);
    page.press(1, Action::Mute { rule: "non-apology".to_owned() });
    page.press(1, Action::Walk);
    page.press(1, Action::Consider);
    page.send(Event::Dismissed { compose: 1 });
    let words = page.words(1);
    let all = page.texts[&1].1.len() as u32;
    // What is only taken out is the same mail yet.
    page.replace(1, TextEdit { start: 0, end: all, insert: String::new() });
    page.replace(1, TextEdit { start: 0, end: 0, insert: TENSE.to_owned() });
    assert_eq!(page.words(1), words);
    assert!(sent(&mut page).expect("a record").heat_before > 0);

    page.replace(1, TextEdit { start: 0, end: all, insert: String::new() });
    let shown = page.shows(1, Place::Pill).expect("a pill").to_owned();
    assert!(shown.contains("nudge"), "the customer is upset: {shown}");
    page.replace(1, TextEdit { start: 0, end: 0, insert: "Thank you.".to_owned() });
    page.session.mark(90_000);
    let next = sent(&mut page).expect("a record");
    assert_eq!((next.heat_before, next.calm_after), (next.heat_after, None));
    page.replace(1, TextEdit { start: 0, end: 10, insert: String::new() });
    page.replace(1, TextEdit { start: 0, end: 0, insert: TENSE.to_owned() });
    assert_eq!(page.words(1).len(), words.len() + 1, "nothing is muted: {:?}", page.words(1));
    page.send(Event::PanelToggled { compose: 1 });
    page.press(1, Action::Walk);
    assert!(page.shows(1, Place::Panel).is_some_and(|walk| !walk.contains("aria-pressed=\"true\"")));
}

#[test]
fn quotes_of_plain_text_are_no_part_of_the_record() {
    let mut page = Page::with("Thank you.\n\nOn Monday, Gary wrote:\n> Where is my refund?\n\nIt is on its way.");
    assert_eq!(sent(&mut page).expect("a record").reply, "Thank you.\n\n\nIt is on its way.");
}

#[test]
fn what_is_kept_is_what_the_writer_wants() {
    let calm_thread = || ThreadView {
        messages: vec![MessageView {
            mine: false,
            text: "Could you send me the invoice? Thanks!".to_owned(),
            sent: None,
        }],
        ..upset_thread()
    };
    let furious = "You are an idiot.";
    for (records, thread, text, kept) in [
        (Keep::Hot, upset_thread(), "Thank you.", true),
        (Keep::Hot, calm_thread(), "Thank you.", false),
        (Keep::Hot, calm_thread(), furious, true),
        (Keep::All, calm_thread(), "Thank you.", true),
        (Keep::All, calm_thread(), " \n", false),
        (Keep::None, upset_thread(), furious, false),
    ] {
        let mut page = Page::new(keeping(records));
        page.texts.insert(1, (0, text.encode_utf16().collect()));
        page.send(Event::Opened { compose: 1, thread: thread.clone(), draft: draft(text) });
        assert_eq!(sent(&mut page).is_some(), kept, "{records:?} {text:?} {thread:?}");
    }
    // A draft that was hot and is mended counts.
    let mut page = Page::new(keeping(Keep::Hot));
    page.texts.insert(1, (0, furious.encode_utf16().collect()));
    page.send(Event::Opened { compose: 1, thread: calm_thread(), draft: draft(furious) });
    let end = furious.len() as u32;
    page.replace(1, TextEdit { start: 0, end, insert: "Thank you.".to_owned() });
    assert!(sent(&mut page).is_some_and(|record| record.heat_after < 20));
}

#[test]
fn a_record_that_cannot_be_kept_is_told_in_the_panel() {
    let mut page = Page::with(TENSE);
    let outcome = page.session.record_refused("the disk is full");
    page.carry_out(outcome);
    page.send(Event::PanelToggled { compose: 1 });
    assert!(page.shows(1, Place::Panel).is_some_and(|panel| panel.contains("the disk is full")));
    // The compose that was sent is about to go: the next one tells, once.
    page.press(1, Action::Close);
    page.send(Event::Sent { compose: 1 });
    let outcome = page.session.record_refused("the disk is full");
    page.carry_out(outcome);
    page.send(Event::Closed { compose: 1 });
    page.shown.clear();
    for (compose, told) in [(2, true), (3, false)] {
        page.open(compose, TENSE);
        page.send(Event::PanelToggled { compose });
        assert_eq!(page.shows(compose, Place::Panel).is_some_and(|panel| panel.contains("the disk is full")), told);
    }
}

#[test]
fn the_panel_leads_to_the_pages() {
    let mut page = Page::with(TENSE);
    page.press(1, Action::OpenRecords);
    page.press(1, Action::OpenOptions);
    assert_eq!(page.errands, [Errand::Open(crate::Page::Records), Errand::Open(crate::Page::Options)]);
}

/// Pieces that make findings, quotes, signatures and awkward offsets likely.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("You failed to attach the receipt. ".to_owned()),
        Just("you idiot ".to_owned()),
        Just("\n\n".to_owned()),
        Just("\n> quoted\n".to_owned()),
        Just("\n-- \nDana\n".to_owned()),
        Just("👩‍👩‍👧".to_owned()),
        Just("e\u{301}".to_owned()),
        "\\PC{0,6}",
    ]
}

proptest! {
    /// Whatever is typed, and however it is pressed: the mind's text is the page's, highlights lie inside it, and
    /// painting equals what a fresh compose with that text would paint.
    #[test]
    fn any_sequence_of_edits_ends_as_a_fresh_review(
        start in proptest::collection::vec(piece(), 0..6),
        edits in proptest::collection::vec((any::<u16>(), 0u8..12, piece()), 0..24),
    ) {
        let mut page = Page::with(&start.concat());
        for (at, length, insert) in edits {
            let text = page.text(1);
            let boundaries: Vec<usize> = text.char_indices().map(|(index, _)| index).chain([text.len()]).collect();
            let from = at as usize % boundaries.len();
            let to = (from + length as usize).min(boundaries.len() - 1);
            let utf16 = |index: usize| text[..boundaries[index]].encode_utf16().count() as u32;
            page.replace(1, TextEdit { start: utf16(from), end: utf16(to), insert });
        }
        let fresh = Page::with(&page.text(1));
        prop_assert_eq!(page.words(1), fresh.words(1));
        let places = |page: &Page| page.painted[&1].iter().map(|h| (h.start, h.end)).collect::<Vec<_>>();
        prop_assert_eq!(places(&page), places(&fresh));
    }
}

const ATTACK: &str = "Hi Gary,\n\nYou are an idiot. You failed to attach the receipt.\n\nDana";

#[test]
fn a_hot_draft_is_held_and_a_calm_one_never() {
    let mut page = Page::with("Hi Gary,\n\nI am sorry about this. You will have it on Friday.\n\nDana");
    assert!(!page.holds[&1]);
    page.send(Event::SendHeld { compose: 1, later: false });
    assert_eq!((page.released, page.shows(1, Place::Dialog)), (1, None), "held by mistake, and let go at once");

    let mut page = Page::with(ATTACK);
    assert!(page.holds[&1]);
    page.send(Event::SendHeld { compose: 1, later: false });
    let dialog = page.shows(1, Place::Dialog).expect("a dialog");
    for part in ["<strong>You are an idiot</strong>", "Send anyway", "Mend it", "cool-off 10", "Tomorrow morning"] {
        assert!(dialog.contains(part), "{part} in {dialog}");
    }
    assert_eq!(page.released, 0);
    let off = Settings { guard: false, ..Settings::default() };
    let outcome = page.session.set_settings(off);
    page.carry_out(outcome);
    assert!(!page.holds[&1]);
}

#[test]
fn sent_anyway_is_sent_once_and_not_held_again_unless_it_changes() {
    let mut page = Page::with(ATTACK);
    page.send(Event::SendHeld { compose: 1, later: false });
    page.press(1, Action::SendAnyway);
    page.press(1, Action::SendAnyway);
    assert_eq!((page.released, page.shows(1, Place::Dialog)), (1, None));
    assert!(!page.holds[&1]);
    // The webmail's own undo brings it back in another compose.
    page.send(Event::Sent { compose: 1 });
    page.send(Event::Closed { compose: 1 });
    page.open(2, &format!("{ATTACK}\n"));
    assert!(!page.holds[&2]);
    page.replace(2, TextEdit { start: 0, end: 2, insert: "Oh".to_owned() });
    assert!(page.holds[&2]);
}

#[test]
fn mending_in_the_dialog_ends_it_kindly() {
    let mut page = Page::with(ATTACK);
    page.send(Event::SendHeld { compose: 1, later: false });
    while page.holds[&1] {
        let finding = page.painted[&1][0].id;
        page.press(1, Action::Take { finding, choice: 0 });
        if page.edits.is_empty() {
            let Highlight { start, end, .. } = page.painted[&1][0];
            page.replace(1, TextEdit { start, end, insert: "Thank you".to_owned() });
        } else {
            page.carry_out_edit(1);
        }
    }
    let dialog = page.shows(1, Place::Dialog).expect("still there");
    assert!(dialog.contains("It reads calm now") && dialog.contains(">Send<"), "{dialog}");
    page.press(1, Action::SendAnyway);
    assert_eq!(page.released, 1);

    let mut page = Page::with(ATTACK);
    page.send(Event::SendHeld { compose: 1, later: false });
    let action = Action::Mend.encode();
    let outcome = page.session.update(Event::Pressed { compose: 1, action, selected: None });
    let last = outcome.effects.last();
    assert!(
        matches!(last, Some(Effect::Reveal { .. })),
        "what comes with the dialog's going would scroll away: {last:?}"
    );
    page.carry_out(outcome);
    assert!(page.shows(1, Place::Card).is_some() && page.shows(1, Place::Dialog).is_none());
    page.send(Event::SendHeld { compose: 1, later: false });
    page.send(Event::Dismissed { compose: 1 });
    assert_eq!((page.shows(1, Place::Dialog), page.released), (None, 0));
}

#[test]
fn a_dialog_gives_way_to_what_comes_after_it() {
    for next in [
        Event::EditRefused { compose: 1 },
        Event::Jumped { compose: 1, caret: 0, forward: true },
        Event::PanelToggled { compose: 1 },
    ] {
        let mut page = Page::with(ATTACK);
        page.send(Event::SendHeld { compose: 1, later: false });
        page.send(next);
        assert_eq!(page.shows(1, Place::Dialog), None);
        page.send(Event::SendHeld { compose: 1, later: false });
        assert!(page.shows(1, Place::Dialog).is_some(), "held again, and it says why");
    }
}

#[test]
fn a_reply_cools_off_until_its_time_or_until_the_writer_ends_it() {
    const MINUTE: u64 = 60_000;
    let mut page = Page::with(ATTACK);
    page.send(Event::SendHeld { compose: 1, later: false });
    page.press(1, Action::OwnWait { minutes: 45 });
    assert!(page.shows(1, Place::Dialog).is_some_and(|dialog| dialog.contains("45 min")));
    page.press(1, Action::CoolOff { minutes: 45 });
    let Some(Errand::CoolOff { key, wait: Wait::Minutes(45), message }) = page.errands.pop() else {
        panic!("{:?}", page.errands)
    };
    assert_eq!(message, "Your reply to Gary has cooled. Ready for another look?");
    let cooling = vec![CoolOff { key, until: 45 * MINUTE }];
    let outcome = page.session.set_cool_offs(cooling.clone(), MINUTE);
    page.carry_out(outcome);
    assert!(page.shows(1, Place::Pill).is_some_and(|pill| pill.contains("Cooling off, 44 min")), "{:?}", page.shown);
    // Calm words wait too; a mail that is scheduled does not.
    let end = page.texts[&1].1.len() as u32;
    page.replace(1, TextEdit { start: 0, end, insert: "Hi Gary, thank you.".to_owned() });
    assert!(page.holds[&1]);
    page.send(Event::SendHeld { compose: 1, later: false });
    assert!(page.shows(1, Place::Dialog).is_some_and(|dialog| dialog.contains("44 min to go")));
    // Another compose of the same conversation, after a restart, waits as well.
    page.send(Event::Closed { compose: 1 });
    page.open(2, "Hi Gary, thank you.");
    assert!(page.holds[&2]);
    let outcome = page.session.set_cool_offs(cooling.clone(), 45 * MINUTE);
    page.carry_out(outcome);
    assert!(!page.holds[&2]);
    // Once it is sent, at a time that its writer chose, there is nothing to be reminded of.
    let outcome = page.session.set_cool_offs(cooling, MINUTE);
    page.carry_out(outcome);
    page.errands.clear();
    page.send(Event::Sent { compose: 2 });
    assert!(page.errands.contains(&Errand::EndCoolOff { key: "mail.test/1".to_owned() }), "{:?}", page.errands);
}

#[test]
fn who_is_about_to_answer_an_upset_customer_is_told_once() {
    let mut page = Page::with("");
    assert!(page.shows(1, Place::Pill).is_some_and(|pill| pill.contains("A breath first?")));
    page.press(1, Action::Breathe);
    assert_eq!(page.errands.pop(), Some(Errand::Open(crate::Page::Calm { name: "Gary".to_owned() })));
    assert!(page.shows(1, Place::Pill).is_some_and(|pill| !pill.contains("A breath first?")));
    page.open(2, "");
    page.replace(2, TextEdit { start: 0, end: 0, insert: "H".to_owned() });
    page.replace(2, TextEdit { start: 0, end: 1, insert: String::new() });
    assert!(page.shows(2, Place::Pill).is_some_and(|pill| !pill.contains("A breath first?")));
}

#[test]
fn what_the_writer_mends_inserts_and_answers_is_counted() {
    let counts = |page: &mut Page| -> Vec<(&'static str, usize)> {
        let all = std::mem::take(&mut page.errands);
        let count = |errand| if let Errand::Count { what, by } = errand { Some((what, by)) } else { None };
        all.into_iter().filter_map(count).collect()
    };
    let mut page = Page::with("You failed to attach the receipt, you idiot.");
    page.send(Event::SendHeld { compose: 1, later: false });
    assert_eq!(counts(&mut page), [("held", 1)]);
    let finding = page.id_of(1, "You failed");
    page.press(1, Action::Take { finding, choice: 0 });
    assert_eq!(counts(&mut page), [("mended", 1)]);
    page.press(1, Action::Take { finding: 99, choice: 0 });
    assert_eq!(counts(&mut page), [], "there is no such finding");
    page.press(1, Action::Insert { item: "apology".to_owned() });
    assert_eq!(counts(&mut page), [("inserted", 1)]);

    let mut page = Page::with("Hi Gary,\n\nYour refund went out today, and it will be with you on Friday.");
    let asked = MessageView { mine: false, text: "When will my refund arrive?".to_owned(), sent: None };
    let thread = ThreadView { messages: vec![asked], ..upset_thread() };
    page.send(Event::ThreadRead { compose: 1, thread });
    page.send(Event::Sent { compose: 1 });
    assert_eq!(counts(&mut page), [("answered", 1)]);
}

#[test]
fn a_mail_is_signed_for_the_address_that_it_is_sent_from() {
    let settings = Settings {
        signature: "Dana".to_owned(),
        signatures: vec![Signature { addresses: "help@shop.example".to_owned(), text: "The shop".to_owned() }],
        ..Settings::default()
    };
    for (sender, signed) in
        [(None, "Dana"), (Some("help@shop.example"), "The shop"), (Some("else@shop.example"), "Dana")]
    {
        let mut page = Page::new(settings.clone());
        page.open(1, "Hi Gary,\n\nYour refund is on its way.");
        let thread = ThreadView { sender: sender.map(str::to_owned), ..upset_thread() };
        page.send(Event::ThreadRead { compose: 1, thread });
        page.press(1, Action::Insert { item: "signature".to_owned() });
        assert!(page.edits.last().is_some_and(|edit| edit.insert.ends_with(signed)), "{:?}", page.edits);
    }
}
