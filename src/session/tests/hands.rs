//! Hands without a browser, and a writer who does anything at all: what the soak (`soak.rs`), its short form (`long.rs`) and the
//! fuzz target `session` have in common. Whoever includes this file has the names of the session's crate in scope.
//!
//! Every effect is carried out as the hands would, and held to what the protocol promises of it; [`Hands::check`] compares a
//! compose that lived long with one that was opened just now on the same text.

use std::collections::{BTreeMap, VecDeque};

use composure_engine::{Heard, HeardHeat, Reading, Span};
use composure_snippets::{Calendar, Habits, Library, Snippet};

use super::*;

/// Says a number below the given one: dice, or the bytes of a fuzzer.
pub type Choose<'c> = &'c mut dyn FnMut(usize) -> usize;

/// A row of numbers that is the same for the same seed (Vigna's splitmix64).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`, which is not 0.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }
}

/// What is typed or pasted: what rules find, what is customary in mails, and what offsets stumble over.
const PIECES: &[&str] = &[
    "You failed to attach the receipt. ",
    "you idiot",
    "I'm sorry you feel that way. ",
    "Calm down!!! ",
    "As I already told you, READ THE MAIL. ",
    "Hi Gary,\n\n",
    "I am so sorry about the wait. ",
    "Your refund of $20 will be with you on Friday. ",
    "Kind regards,\nDana",
    "My goldfish reads better. ",
    "You will recieve it soon. ",
    "\n\n",
    "\n> they wrote this\n> and you are a thief\n",
    "\nOn Tue, 3 Nov 2026 at 10:01, Gary wrote:\n",
    "\n-- \nDana\n",
    "\n\u{FFFC}\n",
    "{my_name} ",
    "/late",
    "/",
    "👩‍👩‍👧‍👦",
    "🙂",
    "e\u{301}",
    "İ",
    "\u{202E}txt\u{202C} ",
    "\u{0}",
    "1.\t<b>&amp;</b>\r\n",
    "\u{A0}\u{200B}",
    "שלום ",
];
const LETTERS: &[&str] =
    &["a", "e", "t", "o", "n", "y", "u", " ", " ", " ", ".", "!", "?", ",", "'", "\n", "/", "I", "é", "🙃", "7"];
const MAILS: &[&str] = &[
    "I HAVE BEEN WAITING THREE WEEKS FOR MY REFUND AND NOBODY ANSWERS ME!!! This is unacceptable.",
    "Hello, when will the lamp (order 48213) arrive? And could you send me an invoice, please? Thanks, Gary",
    "Call me on 020 7946 0018. I will tell everyone what thieves you are.",
    "",
    "> earlier\n\nThank you, that helps.",
];
const RULES: &[&str] = &["blame", "insult", "shouting", "sarcasm", "no-such-rule"];
/// Every verb of a button, with and without what belongs to it.
const VERBS: &[&str] = &[
    "take",
    "mute",
    "unmute-all",
    "go-to",
    "insert",
    "calm",
    "keep",
    "calm-all",
    "back",
    "close",
    "open-options",
    "open-records",
    "breathe",
    "cool-off",
    "own-wait",
    "end-cool-off",
    "mend",
    "send-anyway",
    "walk",
    "consider",
    "answer",
    "insert-snippet",
    "snippets",
    "pick",
    "choose",
    "open-snippets",
    "read-aloud",
    "stop-reading",
    "letter",
    "proofread",
    "",
];
const OBJECTS: &[&str] =
    &["", "0", "1", "2", "7", "4294967295", "99999999999", "-1", "apology", "signature", "late", "blame"];
/// More than these code units, and the writer takes half of it out.
const LONGEST: usize = 4_000;
/// So many steps can be undone.
const UNDOS: usize = 40;
/// The session remembers so many texts that were let go.
const LET_GO: usize = 8;

/// A compose as the page has it.
#[derive(Clone, Default)]
struct Window {
    thread: ThreadView,
    revision: u32,
    text: Vec<u16>,
    regions: Vec<RegionView>,
    caret: usize,
    undo: VecDeque<TextEdit>,
    redo: Vec<TextEdit>,
    painted: Vec<Highlight>,
    /// The revision that they came for.
    painted_for: Option<u32>,
    shown: BTreeMap<Place, String>,
    hold: Option<(u32, bool)>,
    /// Words of it were said to be right, so that its spelling is not that of a fresh one.
    ignored: bool,
}

/// What was done, for whoever counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Steps of any kind.
    pub steps: usize,
    /// Changes of a text or of its regions.
    pub edits: usize,
    /// Composes opened.
    pub composes: usize,
    /// Buttons pressed that a view showed.
    pub presses: usize,
    /// Sends, held or not.
    pub sends: usize,
    /// Comparisons with a fresh compose.
    pub checks: usize,
}

/// A page with its composes, and the session behind it.
pub struct Hands {
    session: Session,
    settings: Settings,
    cool_offs: Vec<CoolOff>,
    now: u64,
    windows: BTreeMap<ComposeId, Window>,
    current: ComposeId,
    opened: ComposeId,
    let_go: VecDeque<String>,
    edits_wanted: Vec<(ComposeId, Vec<TextEdit>)>,
    resyncs: Vec<ComposeId>,
    /// Whether what was held last would go later.
    later: bool,
    /// Whether the writer is a key ahead of the mind.
    ahead: bool,
    /// What was done so far.
    pub done: Done,
}

fn library() -> Library {
    let snippet = |id: &str, situation: &str, text: &str| Snippet {
        id: id.to_owned(),
        title: format!("About {id}"),
        situation: situation.to_owned(),
        register: "warm".to_owned(),
        words: vec!["late".to_owned()],
        needs: Vec::new(),
        text: text.to_owned(),
    };
    let shipped = vec![
        snippet(
            "late",
            "late-delivery",
            "Hi {customer}, your parcel {late|lost} comes {date: in 2 days}. {what happened}",
        ),
        snippet("broken", "broken", "It broke {"),
    ];
    let days = (0..70).map(|day| format!("day {day}")).collect();
    Library::new(shipped, Vec::new(), &Habits::default(), Calendar { days, weekday: 3 })
}

/// What a reader says of sentences who hears sarcasm in every goldfish.
fn read(sentences: Vec<String>) -> Reading {
    let all = sentences.join("\n");
    let heard =
        all.match_indices("goldfish").filter_map(|(start, _)| Heard::new("sarcasm", Span { start, end: start + 8 }));
    let heard: Vec<Heard> = heard.collect();
    Reading::of_lines(sentences, &heard, &[], HeardHeat::default())
}

impl Default for Hands {
    fn default() -> Self {
        Hands::new(Settings::default())
    }
}

impl Hands {
    /// A page without composes.
    pub fn new(settings: Settings) -> Hands {
        Hands {
            session: Session::new(settings.clone(), "23 November 2026".to_owned()),
            settings,
            cool_offs: Vec::new(),
            now: 1_795_000_000_000,
            windows: BTreeMap::new(),
            current: 0,
            opened: 0,
            let_go: VecDeque::new(),
            edits_wanted: Vec::new(),
            resyncs: Vec::new(),
            later: false,
            ahead: false,
            done: Done::default(),
        }
    }

    fn window(&mut self) -> &mut Window {
        self.windows.entry(self.current).or_default()
    }

    /// One step, of any kind.
    pub fn step(&mut self, choose: Choose<'_>) {
        self.done.steps += 1;
        if self.windows.is_empty() {
            self.open(choose);
        }
        match choose(100) {
            0..34 => self.type_letters(choose),
            34..44 => self.paste(choose),
            44..60 => self.delete(choose),
            60..69 => self.undo(),
            69..72 => self.redo(),
            72..76 => self.format(choose),
            76..79 => self.switch(choose),
            79 => {
                let thread = self.thread(choose);
                self.window().thread = thread.clone();
                self.send(Event::ThreadRead { compose: self.current, thread });
            }
            80 => self.set_settings(choose),
            81..85 => {
                let highlight = self.highlight(choose);
                self.send(Event::Pointed { compose: self.current, highlight });
            }
            85 => {
                let event = match choose(3) {
                    0 => Event::Dismissed { compose: self.current },
                    1 => Event::EditRefused { compose: self.current },
                    _ => Event::GapReached { compose: self.current, highlight: self.highlight(choose).unwrap_or(0) },
                };
                self.send(event);
            }
            86 => {
                let caret = u32::try_from(self.window().caret).unwrap_or(0);
                self.send(Event::Jumped { compose: self.current, caret, forward: choose(2) == 0 });
            }
            87 => self.send(Event::PanelToggled { compose: self.current }),
            88..95 => self.press_something(choose),
            95 => self.try_to_send(choose),
            96 => self.hear(),
            97 => drop(self.proofread()),
            98 => self.let_time_pass(choose),
            _ => self.mislead(choose),
        }
        self.write_what_was_wanted(choose);
        while let Some(compose) = self.resyncs.pop() {
            if let Some(window) = self.windows.get(&compose) {
                let draft = window.draft();
                self.send(Event::Resynced { compose, draft });
            }
        }
    }

    fn thread(&self, choose: Choose<'_>) -> ThreadView {
        let messages = (0..choose(4)).map(|_| MessageView {
            mine: choose(3) == 0,
            text: MAILS[choose(MAILS.len())].to_owned(),
            sent: (choose(2) == 0).then(|| 1_790_000_000 + choose(1 << 20) as u32),
        });
        ThreadView {
            messages: messages.collect(),
            recipient: (choose(3) > 0).then(|| "Gary Stone".to_owned()),
            address: (choose(2) == 0).then(|| "gary@stone.example".to_owned()),
            sender: (choose(2) == 0).then(|| "help@shop.example".to_owned()),
            subject: Some("Where is it?".to_owned()),
            key: (choose(3) > 0).then(|| format!("mail.test/{}", choose(3))),
        }
    }

    fn open(&mut self, choose: Choose<'_>) {
        let text: String = (0..choose(12)).map(|_| PIECES[choose(PIECES.len())]).collect();
        let window = Window {
            thread: self.thread(choose),
            revision: choose(2) as u32,
            text: text.encode_utf16().collect(),
            ..Window::default()
        };
        self.open_window(window);
    }

    fn open_window(&mut self, window: Window) {
        self.opened += 1;
        self.current = self.opened;
        self.done.composes += 1;
        let (thread, draft) = (window.thread.clone(), window.draft());
        self.windows.insert(self.current, window);
        self.send(Event::Opened { compose: self.current, thread, draft });
    }

    fn close(&mut self, compose: ComposeId) {
        self.windows.remove(&compose);
        self.send(Event::Closed { compose });
        self.current = self.windows.keys().next_back().copied().unwrap_or(0);
    }

    fn switch(&mut self, choose: Choose<'_>) {
        match choose(4) {
            0 if self.windows.len() < 4 => self.open(choose),
            1 => self.close(self.current),
            // The frame was restarted: all is told again, under the same name.
            2 => {
                let compose = self.current;
                let Some(window) = self.windows.get_mut(&compose) else { return };
                let (thread, draft) = (window.thread.clone(), window.draft());
                window.shown.clear();
                window.painted.clear();
                (window.painted_for, window.hold, window.ignored) = (None, None, false);
                self.send(Event::Opened { compose, thread, draft });
            }
            _ => self.current = self.windows.keys().copied().nth(choose(self.windows.len())).unwrap_or(self.current),
        }
    }

    /// A place between two characters, from a code unit on.
    fn place(text: &[u16], at: usize) -> usize {
        let at = at.min(text.len());
        let splits = text.get(at).is_some_and(|unit| (0xdc00..0xe000).contains(unit));
        if splits && at > 0 { at - 1 } else { at }
    }

    fn type_letters(&mut self, choose: Choose<'_>) {
        let letters = LETTERS[choose(LETTERS.len())];
        let window = self.window();
        let at = Self::place(&window.text, window.caret);
        self.write(at, at, letters);
    }

    fn paste(&mut self, choose: Choose<'_>) {
        let pasted: String = (0..=choose(3)).map(|_| PIECES[choose(PIECES.len())]).collect();
        let length = self.window().text.len();
        let (at, selected) = (choose(length + 1), choose(4) * choose(20));
        let text = &self.window().text;
        let (start, end) = (Self::place(text, at), Self::place(text, at + selected));
        self.write(start, end, &pasted);
    }

    fn delete(&mut self, choose: Choose<'_>) {
        let (length, caret) = (self.window().text.len(), self.window().caret);
        let (start, end) = if length > LONGEST {
            (length / 4, length * 3 / 4)
        } else if choose(8) == 0 {
            let at = choose(length + 1);
            (at, at + choose(200))
        } else {
            (caret.saturating_sub(1 + choose(12)), caret)
        };
        let text = &self.window().text;
        let (start, end) = (Self::place(text, start), Self::place(text, end));
        if start < end {
            self.write(start, end, "");
        }
    }

    fn undo(&mut self) {
        if let Some(edit) = self.window().undo.pop_back() {
            let inverse = self.apply(&edit);
            self.window().redo.push(inverse);
        }
    }

    fn redo(&mut self) {
        if let Some(edit) = self.window().redo.pop() {
            let inverse = self.apply(&edit);
            self.window().undo.push_back(inverse);
        }
    }

    /// The writer replaces what is between two places.
    fn write(&mut self, start: usize, end: usize, insert: &str) {
        let edit = TextEdit { start: start as u32, end: end as u32, insert: insert.to_owned() };
        let inverse = self.apply(&edit);
        let window = self.window();
        window.redo.clear();
        window.undo.push_back(inverse);
        if window.undo.len() > UNDOS {
            window.undo.pop_front();
        }
    }

    /// Changes the text, tells the mind, and gives what takes it back.
    fn apply(&mut self, edit: &TextEdit) -> TextEdit {
        self.done.edits += 1;
        let compose = self.current;
        let window = self.window();
        let (start, end) = (edit.start as usize, edit.end as usize);
        let units: Vec<u16> = edit.insert.encode_utf16().collect();
        let gone: Vec<u16> = window.text.splice(start..end, units.iter().copied()).collect();
        let inserted = units.len();
        window.caret = start + inserted;
        for region in &mut window.regions {
            let moved = |at: u32| {
                let at = at as usize;
                let to = if at <= start {
                    at
                } else if at >= end {
                    at - (end - start) + inserted
                } else {
                    start
                };
                to as u32
            };
            (region.start, region.end) = (moved(region.start), moved(region.end));
        }
        window.regions.retain(|region| region.start < region.end);
        self.typed(compose, edit.clone());
        let insert = String::from_utf16(&gone).expect("edits are between characters");
        TextEdit { start: edit.start, end: (start + inserted) as u32, insert }
    }

    fn typed(&mut self, compose: ComposeId, edit: TextEdit) {
        let Some(window) = self.windows.get_mut(&compose) else { return };
        let base = window.revision;
        window.revision += 1;
        move_painted(&mut window.painted, &edit);
        let (revision, painted, regions) = (window.revision, window.painted_for, window.regions.clone());
        // Now and then what is to be painted comes for a text that is gone already.
        self.ahead = revision % 5 == 0;
        self.send(Event::Typed { compose, revision, base, painted, edit, regions });
        if std::mem::take(&mut self.ahead) {
            self.typed(compose, TextEdit { start: 0, end: 0, insert: String::new() });
        }
    }

    /// Other parts of the text are now a quote, or a signature, or none is.
    fn format(&mut self, choose: Choose<'_>) {
        self.done.edits += 1;
        let compose = self.current;
        let length = self.window().text.len();
        let mut regions = Vec::new();
        for _ in 0..choose(3) {
            let (at, size) = (choose(length + 1), 1 + choose(60));
            let text = &self.window().text;
            let (start, end) = (Self::place(text, at), Self::place(text, at + size));
            let kind = if choose(2) == 0 { RegionViewKind::Quote } else { RegionViewKind::Signature };
            if start < end {
                regions.push(RegionView { start: start as u32, end: end as u32, kind });
            }
        }
        regions.sort_by_key(|region| (region.start, region.end));
        self.window().regions = regions;
        self.typed(compose, TextEdit { start: 0, end: 0, insert: String::new() });
    }

    fn set_settings(&mut self, choose: Choose<'_>) {
        let mut settings = Settings::default();
        settings.rules_off.extend((0..choose(3)).map(|_| RULES[choose(RULES.len())].to_owned()));
        settings.reader = choose(3) > 0;
        settings.guard = choose(4) > 0;
        settings.guard_heat = [60, 1, 100, 30][choose(4)];
        settings.records = [Keep::Hot, Keep::All, Keep::None][choose(3)];
        settings.my_name = ["", "Dana"][choose(2)].to_owned();
        settings.signature = ["", "Dana\nPine & Wick"][choose(2)].to_owned();
        settings.dictionary.extend((choose(3) == 0).then(|| "recieve".to_owned()));
        self.take_settings(settings);
    }

    fn take_settings(&mut self, settings: Settings) {
        self.settings = settings.clone();
        let outcome = self.session.set_settings(settings);
        self.carry_out(outcome);
    }

    fn highlight(&mut self, choose: Choose<'_>) -> Option<u32> {
        let painted = self.window().painted.len();
        match choose(painted + 2) {
            0 => None,
            1 => Some(choose(50) as u32),
            chosen => self.window().painted.get(chosen - 2).map(|one| one.id),
        }
    }

    fn press_something(&mut self, choose: Choose<'_>) {
        let shown: Vec<String> = self.window().shown.values().flat_map(|html| actions(html)).collect();
        if !shown.is_empty() {
            self.done.presses += 1;
            self.press(&shown[choose(shown.len())]);
        }
    }

    fn press(&mut self, action: &str) {
        let window = self.window();
        window.ignored = window.ignored || action.starts_with("ignore") || action.starts_with("learn");
        if action == "send-anyway" && self.window().shown.contains_key(&Place::Dialog) {
            self.is_let_go();
        }
        self.send(Event::Pressed { compose: self.current, action: action.to_owned(), selected: None });
    }

    /// The text as it stands will not be held again.
    fn is_let_go(&mut self) {
        let text = self.window().words();
        self.let_go.push_back(text);
        if self.let_go.len() > LET_GO {
            self.let_go.pop_front();
        }
    }

    fn try_to_send(&mut self, choose: Choose<'_>) {
        self.done.sends += 1;
        let compose = self.current;
        let hold = self.window().hold;
        self.ask();
        assert_eq!(hold.map(|it| it.1), self.window().hold.map(|it| it.1), "another verdict that was not told");
        if hold.is_some_and(|(_, hold)| hold) {
            self.later = choose(3) == 0;
            self.send(Event::SendHeld { compose, later: self.later });
        } else {
            self.is_let_go();
            self.send(Event::Sent { compose });
            if choose(2) == 0 {
                self.close(compose);
            }
        }
    }

    /// As the hands do where they want to be sure.
    fn ask(&mut self) {
        let compose = self.current;
        let painted = self.window().painted_for;
        self.send(Event::VerdictAsked { compose, painted });
        let window = self.window();
        assert_eq!(window.hold.map(|it| it.0), Some(window.revision), "no verdict on the text as it is");
    }

    /// The learned reader reads all that there is to read.
    fn hear(&mut self) {
        while let Some((compose, sentences)) = self.session.unread() {
            let outcome = self.session.hear(compose, read(sentences));
            self.carry_out(outcome);
        }
    }

    /// A proofreader reads all that there is to read, who knows no other mistake than "recieve"; gives what it had of the
    /// current compose.
    fn proofread(&mut self) -> Option<Proofreading> {
        let mut own = None;
        while let Some((compose, wanted)) = self.session.proof_wanted(true) {
            let mistake = |(start, word): (usize, &str)| Mistake {
                span: Span { start, end: start + word.len() },
                label: "Spelling".to_owned(),
                what: "This word is not in the dictionary.".to_owned(),
                learnable: true,
                replacements: vec!["receive".to_owned()],
            };
            let wrong = wanted.text.match_indices("recieve").filter(|_| !wanted.words.contains("recieve"));
            let outcome = self.session.proofread(compose, wanted.revision, Some(wrong.map(mistake).collect()));
            self.carry_out(outcome);
            if compose == self.current {
                own = Some(wanted);
            }
        }
        own
    }

    fn let_time_pass(&mut self, choose: Choose<'_>) {
        // Whoever types is quick: everything else is a pause.
        let outcome = self.session.settle(choose(2) == 0);
        self.carry_out(outcome);
        match choose(4) {
            0 => {
                let outcome = self.session.record_refused("the disk is full");
                self.carry_out(outcome);
            }
            1 => {
                let outcome = self.session.set_library(library());
                self.carry_out(outcome);
            }
            // Forwards, and now and then back.
            _ => {
                let minutes = choose(90) as u64 * 60_000;
                self.now = if choose(5) == 0 { self.now.saturating_sub(minutes) } else { self.now + minutes };
                let now = self.now;
                self.cool_offs.retain(|one| one.until > now);
                self.tell_cool_offs();
            }
        }
    }

    fn tell_cool_offs(&mut self) {
        let outcome = self.session.set_cool_offs(self.cool_offs.clone(), self.now);
        self.carry_out(outcome);
    }

    /// What comes late, twice, or from nobody.
    fn mislead(&mut self, choose: Choose<'_>) {
        let compose = self.current;
        match choose(5) {
            0 => {
                let action = format!("{} {} {}", VERBS[choose(VERBS.len())], OBJECTS[choose(12)], OBJECTS[choose(12)]);
                self.press(action.trim());
            }
            1 => {
                let revision = self.window().revision;
                let edit = TextEdit { start: 0, end: choose(9) as u32, insert: "late".to_owned() };
                let outcome = self.session.update(Event::Typed {
                    compose,
                    revision,
                    base: 0,
                    painted: None,
                    edit,
                    regions: Vec::new(),
                });
                assert_eq!(outcome, Outcome::default(), "what came twice did something");
            }
            2 => {
                // One message was lost on the way.
                let window = self.window();
                window.revision += 2;
                let (revision, base) = (window.revision, window.revision - 1);
                let (painted, regions) = (window.painted_for, window.regions.clone());
                let edit = TextEdit { start: 0, end: 0, insert: String::new() };
                let before = self.resyncs.len();
                self.send(Event::Typed { compose, revision, base, painted, edit, regions });
                assert_eq!(self.resyncs.len(), before + 1, "it guessed");
            }
            3 => {
                let nobody = self.opened + 1 + choose(3) as u32;
                let outcome = self.session.update(Event::PanelToggled { compose: nobody });
                assert_eq!(outcome, Outcome::default(), "nobody did something");
            }
            _ => {
                let end = [SpeechEnd::Said, SpeechEnd::NoVoice, SpeechEnd::Failed][choose(3)];
                self.send(Event::Spoken { compose, end });
            }
        }
    }

    /// The editor takes what the mind wanted to write, as one step, or refuses it.
    fn write_what_was_wanted(&mut self, choose: Choose<'_>) {
        for (compose, edits) in std::mem::take(&mut self.edits_wanted) {
            if !self.windows.contains_key(&compose) {
                continue;
            }
            self.current = compose;
            let refuses = choose(8) == 0;
            let text = &self.window().text;
            let (Some(first), Some(last), false) = (edits.first(), edits.last(), refuses) else {
                self.send(Event::EditRefused { compose });
                continue;
            };
            let (start, end) = (first.start as usize, last.end as usize);
            let (mut insert, mut at) = (Vec::new(), start);
            for edit in &edits {
                insert.extend_from_slice(&text[at..edit.start as usize]);
                insert.extend(edit.insert.encode_utf16());
                at = edit.end as usize;
            }
            let insert = String::from_utf16(&insert).expect("edits are between characters");
            self.write(start, end, &insert);
        }
    }

    fn send(&mut self, event: Event) {
        let outcome = self.session.update(event);
        self.carry_out(outcome);
    }

    fn carry_out(&mut self, outcome: Outcome) {
        for effect in outcome.effects {
            self.carry_out_one(effect);
        }
        for errand in outcome.errands {
            match errand {
                Errand::Save(change) => {
                    let mut settings = self.settings.clone();
                    settings.make(change);
                    self.take_settings(settings);
                }
                Errand::CoolOff { key, wait, .. } => {
                    let minutes = if let Wait::Minutes(minutes) = wait { minutes } else { 12 * 60 };
                    self.cool_offs.retain(|one| one.key != key);
                    self.cool_offs.push(CoolOff { key, until: self.now + u64::from(minutes) * 60_000 });
                    self.tell_cool_offs();
                }
                Errand::EndCoolOff { key } => {
                    self.cool_offs.retain(|one| one.key != key);
                    self.tell_cool_offs();
                }
                Errand::ReadSnippets => {
                    let outcome = self.session.set_library(library());
                    self.carry_out(outcome);
                }
                Errand::Open(_) | Errand::UsedSnippet { .. } | Errand::Count { .. } | Errand::Record { .. } => {}
            }
        }
    }

    fn carry_out_one(&mut self, effect: Effect) {
        match effect {
            Effect::Paint { compose, revision, highlights } => {
                let window = self.windows.get_mut(&compose).expect("painted in a compose that is gone");
                assert_eq!(revision, window.revision, "painted for a text that is gone");
                if self.ahead {
                    return;
                }
                window.painted_for = Some(revision);
                let mut end = 0;
                for one in &highlights {
                    let (from, to) = (one.start as usize, one.end as usize);
                    // What is being read aloud lies over the others.
                    if one.severity != HighlightSeverity::Spoken {
                        assert!(from >= end, "{highlights:?} overlap or are out of order");
                        end = to;
                    }
                    assert!(from < to && to <= window.text.len(), "{one:?} in {} code units", window.text.len());
                    assert!(
                        [from, to].iter().all(|at| Self::place(&window.text, *at) == *at),
                        "{one:?} splits a character"
                    );
                }
                window.painted = highlights;
            }
            Effect::Show { compose, place, html, .. } => {
                let window = self.windows.get_mut(&compose).expect("shown in a compose that is gone");
                if place != Place::Pill {
                    let other = window.shown.keys().find(|one| **one != Place::Pill && **one != place);
                    assert_eq!(other, None, "{place:?} over another");
                }
                window.shown.insert(place, html);
            }
            Effect::Hide { compose, place } => {
                let window = self.windows.get_mut(&compose).expect("hidden in a compose that is gone");
                assert!(window.shown.remove(&place).is_some(), "hid a {place:?} that was not shown");
            }
            Effect::Edit { compose, revision, edits } => {
                let window = &self.windows[&compose];
                assert_eq!(revision, window.revision, "an edit of a text that is gone");
                let inside = |edit: &TextEdit| edit.start <= edit.end && edit.end as usize <= window.text.len();
                assert!(!edits.is_empty() && edits.iter().all(inside), "{edits:?}");
                assert!(edits.windows(2).all(|two| two[0].end <= two[1].start), "{edits:?} overlap");
                self.edits_wanted.push((compose, edits));
            }
            Effect::Resync { compose } => self.resyncs.push(compose),
            Effect::Guard { compose, revision, hold } => {
                let window = self.windows.get_mut(&compose).expect("a verdict on a compose that is gone");
                assert_eq!(revision, window.revision, "a verdict on a text that is gone");
                window.hold = Some((revision, hold));
            }
            Effect::Release { compose } => {
                // What goes later waits for no cool-off.
                let hold = self.windows[&compose].hold.is_some_and(|(_, hold)| hold);
                assert!(!hold || self.later, "what is let go would be held again");
            }
            Effect::Reveal { .. } | Effect::Speak { .. } => {}
        }
    }

    /// Brings the current compose to rest: all read, nothing muted, nothing shown but the panel.
    fn rest(&mut self) -> Option<Proofreading> {
        let compose = self.current;
        for action in ["stop-reading", "unmute-all", "close"] {
            self.press(action);
        }
        self.send(Event::Dismissed { compose });
        self.hear();
        self.press("proofread");
        let read = self.proofread();
        self.send(Event::PanelToggled { compose });
        if !self.window().shown.contains_key(&Place::Panel) {
            self.send(Event::PanelToggled { compose });
        }
        read
    }

    /// The compose of the writer paints, shows and holds what a compose would that was opened just now on its text.
    ///
    /// # Panics
    /// If it does not.
    pub fn check(&mut self) {
        if self.windows.is_empty() {
            return;
        }
        self.done.checks += 1;
        let read = self.rest();
        let window = self.windows[&self.current].clone();
        let mut fresh = Hands::new(self.settings.clone());
        (fresh.cool_offs, fresh.now) = (self.cool_offs.clone(), self.now);
        fresh.tell_cool_offs();
        let same = Window {
            thread: window.thread.clone(),
            revision: window.revision,
            text: window.text.clone(),
            ..Window::default()
        };
        fresh.open_window(Window { regions: window.regions.clone(), ..same });
        let fresh_read = fresh.rest();
        let fresh = &fresh.windows[&fresh.current];
        let said = || format!("{:?} with {:?}", String::from_utf16_lossy(&window.text), window.regions);

        assert_eq!(read.map(|read| read.text), fresh_read.map(|read| read.text), "the text, {}", said());
        assert_eq!(window.tone(), fresh.tone(), "the findings, {}", said());
        let (hold, fresh_hold) = (window.hold.map(|it| it.1), fresh.hold.map(|it| it.1));
        // What was let go is not held again, and what a snippet left open is.
        if !self.let_go.contains(&window.words()) && !window.has_gaps() {
            assert_eq!(hold, fresh_hold, "the verdict, {}", said());
        }
        if !window.ignored && !window.has_gaps() {
            let panel = |window: &Window| window.shown.get(&Place::Panel).map(|html| nameless(html));
            assert_eq!(panel(&window), panel(fresh), "the panel, {}", said());
        }
    }

    /// Closes all, and has the session forget what it remembers of mails that went.
    pub fn close_all(&mut self) {
        while let Some(compose) = self.windows.keys().next().copied() {
            self.close(compose);
        }
        self.cool_offs.clear();
        self.tell_cool_offs();
        self.take_settings(Settings::default());
        for _ in 0..LET_GO {
            self.open_window(Window { text: vec![u16::from(b'x')], ..Window::default() });
            self.is_let_go();
            self.send(Event::Sent { compose: self.current });
            self.close(self.current);
        }
        self.edits_wanted = Vec::new();
        self.resyncs = Vec::new();
    }
}

impl Window {
    fn draft(&self) -> DraftView {
        let text = String::from_utf16(&self.text).expect("whole characters");
        DraftView { revision: self.revision, text, regions: self.regions.clone() }
    }

    fn tone(&self) -> Vec<(u32, u32, HighlightSeverity)> {
        let of_tone = |one: &&Highlight| {
            use HighlightSeverity::{Hint, Serious, Warning};
            [Hint, Warning, Serious].contains(&one.severity)
        };
        self.painted.iter().filter(of_tone).map(|one| (one.start, one.end, one.severity)).collect()
    }

    fn has_gaps(&self) -> bool {
        self.painted.iter().any(|one| one.severity == HighlightSeverity::Gap)
    }

    fn words(&self) -> String {
        let text = String::from_utf16_lossy(&self.text);
        let words = text.split(|c: char| c.is_whitespace() || c == '\u{FFFC}').filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    }
}

/// What the hands do with what they paint, by themselves, where a text changes.
pub fn move_painted(painted: &mut Vec<Highlight>, edit: &TextEdit) {
    let by = i64::from(edit.insert.encode_utf16().count() as u32) - i64::from(edit.end - edit.start);
    let moved = |at: u32, moves: bool| if moves { (i64::from(at) + by) as u32 } else { at };
    painted.retain(|one| {
        let around = one.start < edit.start && one.end > edit.end;
        one.end <= edit.start || one.start >= edit.end || around
    });
    for one in painted {
        (one.start, one.end) = (moved(one.start, one.start >= edit.end), moved(one.end, one.end > edit.start));
    }
}

/// The `data-action` of each button in a view.
fn actions(html: &str) -> impl Iterator<Item = String> {
    html.split("data-action=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned)
}

/// A view without the numbers in its buttons: those name findings, and depend on what was found before.
fn nameless(html: &str) -> String {
    let mut parts = html.split("data-action=\"");
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (action, rest) = part.split_once('"').unwrap_or((part, ""));
        all.push_str("data-action=\"");
        all.extend(action.chars().filter(|c| !c.is_ascii_digit()));
        all.push('"');
        all.push_str(rest);
    }
    all
}
