//! The state machine itself.

use std::rc::Rc;

use composure_engine::{Edit, Placeholders, Reading, Status, last_of_customer};
use composure_few::{Map, Set};
use composure_snippets::Library;
use composure_words::t;

use crate::action::Action;
use crate::compose::{CardState, Compose};
use crate::cool_off::{CoolOff, Wait};
use crate::guard::{Held, LetGo, is_hot, wants_a_look};
use crate::insertion;
use crate::proof::{Mistake, Proofreading};
use crate::protocol::{ComposeId, Effect, Event, Place};
use crate::record::Record;
use crate::settings::{Change, Settings, Team};
use crate::views;

/// What the frame shall do itself, because the hands may not: they never see settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Store this change of the settings.
    Save(Change),
    /// Open a page of the extension.
    Open(Page),
    /// Let a reply cool off, and say so when it is over.
    CoolOff {
        /// Which: [`CoolOff::key`].
        key: String,
        /// How long.
        wait: Wait,
        /// What to say when it is over.
        message: String,
    },
    /// A reply need not cool off any longer.
    EndCoolOff {
        /// Which: [`CoolOff::key`].
        key: String,
    },
    /// Read the snippet library: [`Session::set_library`].
    ReadSnippets,
    /// Count that this snippet was inserted.
    UsedSnippet {
        /// Which.
        id: String,
    },
    /// Add to one of the day's counts.
    Count {
        /// Which: `mended` phrases, `inserted` sentences, mails `held`, requests `answered` in mails that were sent.
        what: &'static str,
        /// How much.
        by: usize,
    },
    /// Keep a reply that was sent, with time and site filled in.
    Record {
        /// Counts the mails of this session. The same again is the same mail, sent once more after its webmail took it back:
        /// what was kept of it before goes.
        number: u32,
        /// What to keep.
        record: Record,
    },
}

/// A page of the extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Name, rules, sites.
    Options,
    /// The replies that are kept.
    Records,
    /// To calm down before writing.
    Calm {
        /// The customer's first name, or nothing.
        name: String,
    },
    /// The snippets.
    Snippets {
        /// What a new one shall say, or nothing.
        text: String,
    },
    /// The draft as the customer will read it.
    Letter(Letter),
}

/// What the page shows that shows a draft alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The customer's name, or nothing.
    pub to: String,
    /// Their last words, or nothing.
    pub asked: String,
    /// The writer's own words.
    pub draft: String,
}

/// What follows from an [`Event`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// For the hands.
    pub effects: Vec<Effect>,
    /// For the frame.
    pub errands: Vec<Errand>,
}

/// All composes of one page.
#[derive(Debug, Default)]
pub struct Session {
    settings: Settings,
    /// A day by which an answer can be promised, as the writer's language writes it; the session has no clock.
    soon: String,
    problem: Option<String>,
    cool_offs: Vec<CoolOff>,
    /// In milliseconds since 1970, as last told.
    now: u64,
    let_go: LetGo,
    /// The number of the last mail that was to be kept.
    recorded: u32,
    /// What could not be told for lack of a panel.
    untold: Option<String>,
    composes: Map<ComposeId, Compose>,
    /// Once it was wanted and read.
    library: Option<Rc<Library>>,
    library_asked: bool,
}

impl Session {
    /// A session without composes. `soon` is the day that fills the placeholder `{date}`.
    pub fn new(settings: Settings, soon: String) -> Self {
        Session { settings, soon, ..Session::default() }
    }

    /// Tells the time, in milliseconds since 1970, behind whatever happened: the session has no clock.
    pub fn mark(&mut self, now: u64) {
        self.composes.iter_mut().for_each(|(_, compose)| compose.mark(now));
    }

    /// The writer changed the options, here or in another tab.
    pub fn set_settings(&mut self, settings: Settings) -> Outcome {
        let team = std::mem::take(&mut self.settings.team);
        self.settings = Settings { team, ..settings };
        self.review_all()
    }

    /// Takes what the team's packs bring, once they are read and whenever they change.
    pub fn set_team(&mut self, team: Team) -> Outcome {
        self.settings.team = team;
        self.review_all()
    }

    /// After how many days records are deleted; `None` is never.
    pub fn keep_days(&self) -> Option<u32> {
        self.settings.days_to_keep()
    }

    fn review_all(&mut self) -> Outcome {
        let mut outcome = Outcome::default();
        for (id, compose) in self.composes.iter_mut() {
            compose.set_settings(&self.settings);
            if !self.settings.reader {
                compose.unhear();
            }
            present(*id, compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
        }
        outcome
    }

    /// The replies that are cooling off, in whichever tab, and what time it is, in milliseconds since 1970. To be told
    /// again when they change, and now and then while there are any: the writer sees the minutes pass.
    pub fn set_cool_offs(&mut self, cool_offs: Vec<CoolOff>, now: u64) -> Outcome {
        let mut outcome = Outcome::default();
        (self.cool_offs, self.now) = (cool_offs, now);
        for (id, compose) in self.composes.iter_mut() {
            cool(compose, &self.cool_offs, now);
            present(*id, compose, &self.settings, &self.let_go, now, &mut outcome.effects);
        }
        outcome
    }

    /// Takes the snippet library, in answer to [`Errand::ReadSnippets`] and whenever it changes.
    pub fn set_library(&mut self, library: Library) -> Outcome {
        let mut outcome = Outcome::default();
        let library = Rc::new(library);
        self.library = Some(library.clone());
        for (id, compose) in self.composes.iter_mut() {
            compose.picker.library = Some(library.clone());
            present(*id, compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
        }
        outcome
    }

    /// What to tell the writer about the stored settings, if they could not be read. Said once in every compose's panel.
    pub fn set_problem(&mut self, problem: Option<String>) {
        self.problem = problem;
    }

    /// A reply could not be kept; `why` says what the browser said. The mail itself is on its way. Said in the panel of
    /// every compose, or of the next one.
    pub fn record_refused(&mut self, why: &str) -> Outcome {
        let mut outcome = Outcome::default();
        let notice = t!("Your mail went out, but its record could not be kept: {why}.", why = why);
        for (id, compose) in self.composes.iter_mut() {
            compose.notice = Some(notice.clone());
            present(*id, compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
        }
        // The compose that was sent closes any moment.
        self.untold = self.composes.values().all(|compose| compose.is_sent).then_some(notice);
        outcome
    }

    /// What the learned reader should read now: the sentences of a compose that it has not read as they are, the newest
    /// compose first. To be asked for when typing pauses; nothing where the writer wants no reader.
    pub fn unread(&self) -> Option<(ComposeId, Vec<String>)> {
        let mut composes = self.composes.iter().rev().filter(|_| self.settings.reader);
        composes.find_map(|(id, compose)| Some((*id, compose.unread()?)))
    }

    /// Takes what the reader says of a compose's sentences. They may be gone from the text by now, or the compose may be.
    pub fn hear(&mut self, id: ComposeId, reading: Reading) -> Outcome {
        let mut outcome = Outcome::default();
        if self.settings.reader
            && let Some(compose) = self.composes.get_mut(&id)
        {
            compose.hear(reading);
            present(id, compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
        }
        outcome
    }

    /// Whether something was found in the middle of which a writer is, so that it is not shown yet.
    pub fn waits(&self) -> bool {
        self.composes.values().any(Compose::waits)
    }

    /// Typing paused: shows what waited for that. With a reader that `works`, guesses go on waiting for what it says.
    pub fn settle(&mut self, works: bool) -> Outcome {
        let mut outcome = Outcome::default();
        for (id, compose) in self.composes.iter_mut() {
            let reads = works && self.settings.reader && compose.unread().is_some();
            compose.settle(reads);
            present(*id, compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
        }
        outcome
    }

    /// What a proofreader should read now: only what a writer asked for, and, unless it is `running`, only while they look.
    /// To be asked for when typing pauses.
    pub fn proof_wanted(&self, running: bool) -> Option<(ComposeId, Proofreading)> {
        let mut composes = self.composes.iter().rev().filter(|(_, compose)| running || compose.panel);
        composes.find_map(|(id, compose)| Some((*id, compose.unproofed(&self.settings)?)))
    }

    /// Takes what a proofreader found in the text of a revision, which may be gone by now; `None` is that there is no
    /// proofreader.
    pub fn proofread(&mut self, id: ComposeId, revision: u32, found: Option<Vec<Mistake>>) -> Outcome {
        let mut outcome = Outcome::default();
        if let Some(compose) = self.composes.get_mut(&id) {
            compose.proofread(revision, found);
            present(id, compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
        }
        outcome
    }

    /// What a writer wrote whose language nobody named yet as it stands, with its revision; nothing where that would change
    /// nothing: it is read, and reads as English or is too little, or is to be read whatever it is. To be asked for now and then,
    /// not at each key.
    pub fn unnamed(&self) -> Option<(ComposeId, u32, String)> {
        self.composes.iter().rev().find_map(|(id, compose)| Some((*id, compose.revision, compose.unnamed()?)))
    }

    /// Takes what a detector is sure of about the words of a revision: the code of a language and its name in the writer's;
    /// `None` is that it is not sure. A draft that is not English is left alone.
    pub fn language_seen(&mut self, id: ComposeId, revision: u32, seen: Option<(&str, &str)>) -> Outcome {
        let mut outcome = Outcome::default();
        if let Some(compose) = self.composes.get_mut(&id) {
            compose.see_language(revision, seen);
            present(id, compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
        }
        outcome
    }

    /// Takes one event and says what follows from it.
    pub fn update(&mut self, event: Event) -> Outcome {
        let mut outcome = Outcome::default();
        let id = compose_of(&event);
        if let Event::Opened { thread, draft, .. } = event {
            let mut compose = Compose::new(thread, draft, &self.settings);
            compose.notice = self.untold.take().or_else(|| self.problem.clone());
            compose.again = self.let_go.record_of(&compose.text(), compose.key.as_deref());
            compose.picker.library.clone_from(&self.library);
            cool(&mut compose, &self.cool_offs, self.now);
            present(id, &mut compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
            self.composes.insert(id, compose);
            return outcome;
        }
        // An event about a compose that is gone: it closed while the event was under way.
        let Some(compose) = self.composes.get_mut(&id) else { return outcome };
        if !matches!(event, Event::Typed { .. } | Event::VerdictAsked { .. } | Event::Resynced { .. }) {
            compose.settle(false);
        }
        match event {
            Event::Opened { .. } => {}
            Event::Closed { .. } => {
                self.composes.remove(&id);
                return outcome;
            }
            Event::ThreadRead { thread, .. } => {
                compose.set_thread(thread);
                cool(compose, &self.cool_offs, self.now);
            }
            Event::Typed { revision, base, painted, edit, regions, .. } => {
                if revision <= compose.revision {
                    return outcome;
                }
                if base != compose.revision {
                    outcome.effects.push(Effect::Resync { compose: id });
                    return outcome;
                }
                compose.forget_unpainted(painted);
                compose.edit(revision, &edit, &regions);
                compose.begin_anew_if_sent(&self.settings);
                // A mail that its webmail took back may come into an empty compose all at once.
                if compose.again.is_none() && edit.insert.len() > 1 {
                    compose.again = self.let_go.record_of(&compose.text(), compose.key.as_deref());
                }
            }
            Event::VerdictAsked { painted, .. } => {
                compose.forget_unpainted(painted);
                compose.guarded = None;
            }
            Event::Resynced { draft, .. } => {
                if draft.revision < compose.revision {
                    return outcome;
                }
                compose.replace(draft);
            }
            Event::Pointed { highlight, .. } => point(compose, highlight),
            Event::Jumped { caret, forward, .. } => {
                let Some(highlight) = compose.neighbour(caret, forward) else { return outcome };
                close(compose);
                compose.card = Some(CardState { highlight, keyboard: true });
                outcome.effects.push(Effect::Reveal { compose: id, highlight });
            }
            Event::GapReached { highlight, .. } => {
                close(compose);
                let chooses = compose.gap(highlight).is_some_and(|gap| !gap.choices.is_empty());
                compose.card = chooses.then_some(CardState { highlight, keyboard: true });
            }
            Event::PanelToggled { .. } => {
                let (open, notice) = (compose.panel, compose.notice.take());
                close(compose);
                (compose.panel, compose.notice) = (!open, notice.filter(|_| !open));
            }
            Event::Pressed { action, selected, .. } => {
                let Some(action) = Action::decode(&action) else { return outcome };
                if action == Action::OpenSnippets {
                    let text = selected.unwrap_or_default();
                    outcome.errands.push(Errand::Open(Page::Snippets { text }));
                }
                press(id, compose, action, &mut self.settings, &self.soon, &mut self.let_go, &mut outcome);
            }
            Event::SendHeld { later, .. } => {
                // What the hands held may have cooled meanwhile.
                if wants_a_look(compose, &self.settings, &self.let_go) || compose.cooling.is_some() && !later {
                    close(compose);
                    outcome.errands.push(Errand::Count { what: "held", by: 1 });
                    compose.held = Some(Held { later, own_wait: 30 });
                } else {
                    outcome.effects.push(Effect::Release { compose: id });
                }
            }
            Event::Sent { .. } => {
                compose.is_sent = true;
                // It may have been mended meanwhile.
                if compose.cooling.take().is_some() {
                    outcome.errands.extend(compose.key.clone().map(|key| Errand::EndCoolOff { key }));
                }
                let record = compose.sent(self.settings.records, self.recorded + 1);
                let number = record.as_ref().map(|(number, _)| *number);
                self.let_go.add(&compose.text(), number.zip(compose.key.clone()));
                if let Some((number, record)) = record {
                    self.recorded = self.recorded.max(number);
                    outcome.errands.push(Errand::Record { number, record });
                }
                let answered = compose.requests.iter().filter(|request| request.answered).count();
                // Not again where the webmail took it back.
                if answered > 0 && compose.again.is_none() {
                    outcome.errands.push(Errand::Count { what: "answered", by: answered });
                }
                compose.walk.open = false;
                compose.speech.stop();
            }
            Event::Spoken { end, .. } => compose.speech.ended(end),
            Event::Dismissed { .. } => close(compose),
            Event::EditRefused { .. } => {
                // Not over a dialog: the hands show one view at a time.
                close(compose);
                compose.picker.awaited = None;
                compose.notice = Some(t!("This editor did not take the change. Your text is as it was.").to_owned());
                compose.panel = true;
            }
        }
        if compose.wants_library() && !self.library_asked {
            self.library_asked = true;
            outcome.errands.push(Errand::ReadSnippets);
        }
        let reveal = outcome.effects.pop_if(|last| matches!(last, Effect::Reveal { .. }));
        present(id, compose, &self.settings, &self.let_go, self.now, &mut outcome.effects);
        // With a dialog that goes, the hands bring the caret back into view.
        outcome.effects.extend(reveal);
        outcome
    }
}

/// Finds the compose's own among the replies that are cooling off.
fn cool(compose: &mut Compose, cool_offs: &[CoolOff], now: u64) {
    let own = cool_offs.iter().find(|one| compose.key.as_ref() == Some(&one.key) && one.until > now);
    compose.cooling = own.map(|one| one.until);
}

/// Card, panel and dialog go, with what the panel said.
fn close(compose: &mut Compose) {
    compose.card = None;
    compose.panel = false;
    compose.held = None;
    compose.calming = None;
    compose.notice = None;
    compose.picker.slash = None;
    compose.picker.browsing = None;
    compose.speech.trouble = None;
}

fn compose_of(event: &Event) -> ComposeId {
    match event {
        Event::Opened { compose, .. }
        | Event::ThreadRead { compose, .. }
        | Event::Typed { compose, .. }
        | Event::VerdictAsked { compose, .. }
        | Event::Resynced { compose, .. }
        | Event::Pointed { compose, .. }
        | Event::Jumped { compose, .. }
        | Event::GapReached { compose, .. }
        | Event::PanelToggled { compose }
        | Event::Pressed { compose, .. }
        | Event::Dismissed { compose }
        | Event::EditRefused { compose }
        | Event::SendHeld { compose, .. }
        | Event::Sent { compose }
        | Event::Spoken { compose, .. }
        | Event::Closed { compose } => *compose,
    }
}

/// Opens or closes the card for the pointer. What the writer opened on purpose (panel, keyboard card) stays.
fn point(compose: &mut Compose, highlight: Option<u32>) {
    if compose.panel || compose.held.is_some() || compose.card.is_some_and(|card| card.keyboard) {
        return;
    }
    compose.card = highlight.map(|highlight| CardState { highlight, keyboard: false });
}

fn press(
    id: ComposeId,
    compose: &mut Compose,
    action: Action,
    settings: &mut Settings,
    soon: &str,
    let_go: &mut LetGo,
    outcome: &mut Outcome,
) {
    match action {
        Action::Take { finding, choice } => {
            let edit = match (compose.finding(finding), compose.mistake(finding)) {
                (Some(finding), _) => finding.suggestions.get(choice).map(|suggestion| suggestion.edit.clone()),
                (None, Some(mistake)) => {
                    mistake.replacements.get(choice).map(|insert| Edit { span: mistake.span, insert: insert.clone() })
                }
                (None, None) => None,
            };
            let Some(edit) = edit else { return };
            let edits = vec![compose.to_text_edit(&edit)];
            outcome.effects.push(Effect::Edit { compose: id, revision: compose.revision, edits });
            // Spelling is no matter of tone.
            if compose.finding(finding).is_some() {
                outcome.errands.push(Errand::Count { what: "mended", by: 1 });
            }
            compose.card = None;
        }
        Action::Insert { item } => {
            let Some(edit) = insertion_for(compose, &item, settings, soon) else { return };
            let edits = vec![compose.to_text_edit(&edit)];
            outcome.effects.push(Effect::Edit { compose: id, revision: compose.revision, edits });
            outcome.errands.push(Errand::Count { what: "inserted", by: 1 });
        }
        Action::GoTo { finding } => {
            if compose.span(finding).is_some() {
                close(compose);
                compose.card = Some(CardState { highlight: finding, keyboard: true });
                outcome.effects.push(Effect::Reveal { compose: id, highlight: finding });
            }
        }
        Action::Mute { rule } => {
            compose.muted.insert(rule);
            compose.card = None;
            compose.set_settings(settings);
        }
        Action::UnmuteAll => {
            compose.muted.clear();
            compose.set_settings(settings);
        }
        Action::TurnOff { rule } => {
            let change = Change::RuleOff(rule);
            settings.make(change.clone());
            compose.card = None;
            compose.set_settings(settings);
            // Storage tells every tab, this one included, which then reviews its other composes.
            outcome.errands.push(Errand::Save(change));
        }
        Action::Calm => compose.calming = Some(Set::new()),
        Action::Back => {
            if let Some(situation) = compose.picker.browsing.take() {
                compose.picker.browsing = (!situation.is_empty()).then(String::new);
            } else if compose.calming.take().is_none() {
                compose.walk.open = false;
            }
        }
        Action::Keep { finding } => {
            if let Some(kept) = &mut compose.calming
                && !kept.remove(&finding)
            {
                kept.insert(finding);
            }
        }
        Action::CalmAll => {
            let Some(kept) = compose.calming.take() else { return };
            let changes = compose.calming_changes();
            let taken = changes.iter().filter(|(finding, _)| !kept.contains(finding));
            let edits: Vec<_> = taken.map(|(_, edit)| compose.to_text_edit(edit)).collect();
            if !edits.is_empty() {
                outcome.errands.push(Errand::Count { what: "mended", by: edits.len() });
                outcome.effects.push(Effect::Edit { compose: id, revision: compose.revision, edits });
            }
        }
        Action::Close => {
            compose.walk.open = false;
            close(compose);
        }
        Action::Walk => {
            compose.walk.open = true;
            compose.proof.begin();
        }
        Action::Consider => compose.walk.considered ^= true,
        Action::Answer { request } => {
            let Some(edit) = answer_for(compose, request) else { return };
            let edits = vec![compose.to_text_edit(&edit)];
            outcome.effects.push(Effect::Edit { compose: id, revision: compose.revision, edits });
        }
        Action::InsertSnippet { id: snippet } => {
            let snippet = composure_engine::snippets().iter().find(|one| one.id == snippet);
            let Some(snippet) = snippet else { return };
            let text = composure_engine::fill(&snippet.text, &placeholders(compose, settings, soon));
            let edit = insertion::as_paragraph(&compose.text(), above_closing(compose), &text);
            let edits = vec![compose.to_text_edit(&edit)];
            outcome.effects.push(Effect::Edit { compose: id, revision: compose.revision, edits });
        }
        Action::Snippets { situation } => compose.picker.browsing = Some(situation),
        // With the event, which knows what is selected.
        Action::OpenSnippets => {}
        Action::Pick { id: snippet } => {
            let above = above_closing(compose);
            let Some(edit) = compose.pick(&snippet, above, settings) else { return };
            let edits = vec![compose.to_text_edit(&edit)];
            outcome.effects.push(Effect::Edit { compose: id, revision: compose.revision, edits });
            outcome.errands.push(Errand::UsedSnippet { id: snippet });
        }
        Action::Choose { gap, choice } => {
            let Some(place) = compose.picker.gaps.iter().position(|one| one.id == gap) else { return };
            let gap = compose.picker.gaps.remove(place);
            compose.card = None;
            let Some(insert) = gap.choices.get(choice).filter(|choice| **choice != gap.text).cloned() else { return };
            let edits = vec![compose.to_text_edit(&Edit { span: gap.span, insert })];
            outcome.effects.push(Effect::Edit { compose: id, revision: compose.revision, edits });
        }
        Action::ReadAloud => compose.speech.toggle(),
        Action::StopReading => compose.speech.stop(),
        Action::Letter => outcome.errands.push(Errand::Open(Page::Letter(letter(compose)))),
        Action::OpenOptions => outcome.errands.push(Errand::Open(Page::Options)),
        Action::OpenRecords => outcome.errands.push(Errand::Open(Page::Records)),
        Action::Breathe => {
            compose.nudged = true;
            let name = compose.thread.recipient.as_deref().and_then(composure_engine::first_name).unwrap_or_default();
            outcome.errands.push(Errand::Open(Page::Calm { name }));
        }
        Action::OwnWait { minutes } => {
            if let Some(held) = &mut compose.held {
                held.own_wait = minutes.clamp(SHORTEST, LONGEST);
            }
        }
        Action::CoolOff { minutes } => {
            let Some(key) = compose.key.clone() else { return };
            let wait = if minutes == 0 { Wait::Tomorrow } else { Wait::Minutes(minutes.min(LONGEST)) };
            let name = compose.thread.recipient.as_deref().and_then(composure_engine::first_name);
            let message = match name {
                Some(name) => t!("Your reply to {name} has cooled. Ready for another look?", name = name),
                None => t!("Your reply has cooled. Ready for another look?").to_owned(),
            };
            outcome.errands.push(Errand::CoolOff { key, wait, message });
            close(compose);
        }
        Action::EndCoolOff => {
            compose.cooling = None;
            outcome.errands.extend(compose.key.clone().map(|key| Errand::EndCoolOff { key }));
        }
        Action::Mend => {
            close(compose);
            if let Some(gap) = compose.picker.gaps.first().filter(|_| !is_hot(compose, settings)) {
                compose.card = (!gap.choices.is_empty()).then_some(CardState { highlight: gap.id, keyboard: true });
                outcome.effects.push(Effect::Reveal { compose: id, highlight: gap.id });
                return;
            }
            let first = compose.findings.first().map(|named| named.id);
            compose.card = first.map(|highlight| CardState { highlight, keyboard: true });
            outcome.effects.extend(first.map(|highlight| Effect::Reveal { compose: id, highlight }));
            // Nothing to mend, only to wait or to fill in: the panel has that.
            compose.panel = first.is_none();
        }
        Action::Proofread => compose.proof.ask(),
        Action::Learn { mistake } | Action::Ignore { mistake } => {
            let Some(span) = compose.span(mistake) else { return };
            let words = compose.text().get(span.start..span.end).unwrap_or_default().to_owned();
            compose.card = None;
            compose.proof.ignore(&words);
            if matches!(action, Action::Learn { .. }) {
                let change = Change::Word(words);
                settings.make(change.clone());
                // Storage tells every tab, this one included, which then has its other composes read again.
                outcome.errands.push(Errand::Save(change));
            }
        }
        Action::ReadAnyway => compose.read_anyway(),
        Action::SendAnyway => {
            // Twice pressed is sent once.
            if compose.held.is_none() {
                return;
            }
            let_go.add(&compose.text(), None);
            if compose.cooling.take().is_some() {
                outcome.errands.extend(compose.key.clone().map(|key| Errand::EndCoolOff { key }));
            }
            close(compose);
            // The verdict first: what follows must not be held again.
            outcome.effects.extend(judge(id, compose, settings, let_go, false));
            outcome.effects.push(Effect::Release { compose: id });
        }
    }
}

/// The shortest and the longest cool-off of a writer's own choice, in minutes.
const SHORTEST: u32 = 5;
const LONGEST: u32 = 24 * 60;

/// What to tell the hands of whether to hold a send: nothing where they know it, and of a new revision with the same verdict
/// nothing either, unless they hear of it `anyway`.
fn judge(id: ComposeId, compose: &mut Compose, settings: &Settings, let_go: &LetGo, anyway: bool) -> Option<Effect> {
    let hold = compose.cooling.is_some() || wants_a_look(compose, settings, let_go);
    let verdict = (compose.revision, hold);
    let is_news = anyway || compose.guarded.is_none_or(|(_, told)| told != hold);
    (is_news && compose.guarded.replace(verdict) != Some(verdict)).then_some(Effect::Guard {
        compose: id,
        revision: compose.revision,
        hold,
    })
}

fn placeholders(compose: &Compose, settings: &Settings, soon: &str) -> Placeholders {
    let known = |value: &str| Some(value.trim().to_owned()).filter(|value| !value.is_empty());
    Placeholders {
        customer: compose.thread.recipient.as_deref().and_then(composure_engine::first_name),
        my_name: known(&settings.my_name),
        business: known(&settings.business),
        date: known(soon),
    }
}

/// Where the reply's last words before its closing end.
fn above_closing(compose: &Compose) -> usize {
    let state = compose.checklist.iter().find(|state| state.item.id == "next-step");
    let text = compose.text();
    let at = state.map_or(0, |state| state.insert_at);
    text.get(..at).map_or(0, |before| before.trim_end().len())
}

/// The customer's words, quoted as mails quote, for the writer to go on below.
fn answer_for(compose: &Compose, request: usize) -> Option<Edit> {
    let span = compose.requests.get(request)?.span;
    let asked = last_of_customer(&compose.thread)?.text.get(span.start..)?;
    // The question mark is not part of it.
    let end = span.end - span.start;
    let words = asked.get(..end + usize::from(asked.get(end..)?.starts_with('?')))?;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(insertion::as_paragraph(&compose.text(), above_closing(compose), &format!("> {words}\n")))
}

fn letter(compose: &Compose) -> Letter {
    let asked = last_of_customer(&compose.thread).map_or("", |message| message.text.as_str());
    let own = composure_engine::own_words(asked).into_iter().filter_map(|span| asked.get(span.start..span.end));
    // Where a quote was there is nothing.
    let draft = compose.reviewer().own_text();
    let lines: Vec<&str> = draft.lines().map(str::trim_end).collect();
    let lines = lines.iter().enumerate().filter(|(at, line)| !line.is_empty() || *at > 0 && !lines[at - 1].is_empty());
    Letter {
        to: compose.thread.recipient.clone().unwrap_or_default(),
        asked: own.map(str::trim).collect::<Vec<_>>().join("\n\n"),
        draft: lines.map(|(_, line)| *line).collect::<Vec<_>>().join("\n"),
    }
}

/// The edit that gives the draft what it lacks; nothing when it has it already, so that a second click adds nothing.
fn insertion_for(compose: &Compose, item: &str, settings: &Settings, soon: &str) -> Option<Edit> {
    let state = compose.checklist.iter().find(|state| state.item.id == item)?;
    if state.status != Status::Unmet {
        return None;
    }
    let placeholders = placeholders(compose, settings, soon);
    let own_signature = settings.signature_for(compose.sender.as_deref()).trim();
    let text = if item == "signature" && !own_signature.is_empty() {
        own_signature
    } else {
        &composure_engine::best_snippet(item, &compose.thread)?.text
    };
    Some(insertion::as_paragraph(&compose.text(), state.insert_at, &composure_engine::fill(text, &placeholders)))
}

/// Sends what changed on the screen since the last time, and only that.
fn present(
    id: ComposeId,
    compose: &mut Compose,
    settings: &Settings,
    let_go: &LetGo,
    now: u64,
    effects: &mut Vec<Effect>,
) {
    let first = effects.len();
    let speech = compose.read_on(id, settings);
    let highlights: Vec<_> = compose.highlights().into_iter().chain(compose.spoken()).collect();
    if compose.painted.as_ref().is_none_or(|(_, painted)| *painted != highlights) {
        let revision = compose.revision;
        compose.painted = Some((revision, highlights.clone()));
        effects.push(Effect::Paint { compose: id, revision, highlights });
    }
    effects.extend(speech);

    // A card whose finding was mended or typed away has nothing to say any more.
    if compose.card.is_some_and(|card| compose.span(card.highlight).is_none()) {
        compose.card = None;
    }
    let card = compose.card.and_then(|card| {
        let (text, id) = (compose.text(), card.highlight);
        let html = match (compose.finding(id), compose.gap(id)) {
            (Some(finding), _) => views::card(&text, id, finding),
            (None, Some(gap)) => views::gap_card(gap),
            (None, None) => views::spelling_card(&text, id, compose.mistake(id)?),
        };
        Some((html, card))
    });
    let offered = if compose.panel || compose.held.is_some() { Vec::new() } else { compose.offered() };
    let card = match compose.picker.slash.filter(|_| !offered.is_empty()) {
        Some(slash) => {
            Some((views::picker(compose, &offered, settings), CardState { highlight: slash.id, keyboard: true }))
        }
        None => card,
    };
    let changes = if compose.calming.is_some() { compose.calming_changes() } else { Vec::new() };
    if changes.is_empty() {
        compose.calming = None;
    }
    let panel = compose.panel.then(|| match &compose.calming {
        Some(kept) => views::calm(&compose.text(), &changes, kept),
        None if compose.picker.browsing.is_some() => views::snippets(compose, settings),
        None if compose.walk.open => views::walk(compose),
        None => views::panel(compose, settings),
    });
    // Not at every key: the whole text is put together for it.
    compose.nudged = compose.nudged || compose.revision > 0 && !compose.text().trim().is_empty();
    let pill = views::pill(compose, now);
    let dialog = compose.held.map(|held| views::dialog(compose, held, is_hot(compose, settings), settings, now));

    // Hide before show: the hands never have to hold card and panel at once.
    for (place, gone) in
        [(Place::Card, card.is_none()), (Place::Panel, panel.is_none()), (Place::Dialog, dialog.is_none())]
    {
        if gone && compose.shown.remove(&place).is_some() {
            effects.push(Effect::Hide { compose: id, place });
        }
    }
    let mut show = |place: Place, html: String, anchor: Option<u32>, keyboard: bool| {
        // The anchor is part of what is shown: the same words may stand at two places.
        let key = format!("{anchor:?}{keyboard}{html}");
        if compose.shown.get(&place) != Some(&key) {
            compose.shown.insert(place, key);
            effects.push(Effect::Show { compose: id, place, html, anchor, keyboard });
        }
    };
    show(Place::Pill, pill, None, false);
    if let Some((html, card)) = card {
        show(Place::Card, html, Some(card.highlight), card.keyboard);
    }
    if let Some(html) = panel {
        show(Place::Panel, html, None, false);
    }
    if let Some(html) = dialog {
        show(Place::Dialog, html, None, true);
    }
    // First: a send that waits for it is not to be forgotten with a dialog that goes.
    if let Some(verdict) = judge(id, compose, settings, let_go, !effects.is_empty()) {
        effects.insert(first, verdict);
    }
}
