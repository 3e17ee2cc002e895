//! One compose window as the mind sees it.

use std::collections::VecDeque;

use composure_engine::{
    Author, ChecklistState, Draft, Edit, Finding, Message, Reading, Region, RegionKind, Request, Reviewer, Severity,
    Span, Thread, last_of_customer,
};
use composure_few::{Map, Set, push_in_order};

use crate::guard::Held;
use crate::hopeless::Hopeless;
use crate::language::Language;
use crate::picker::Picker;
use crate::proof::Proof;
use crate::protocol::{
    DraftView, Highlight, HighlightSeverity, Place, RegionView, RegionViewKind, TextEdit, ThreadView,
};
use crate::record::{Record, VERSION};
use crate::settings::{Keep, Settings};
use crate::speech::Speech;
use crate::views::{HOT, WARM};
use crate::walk::Walk;

/// A finding under the name that the hands know it by.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) id: u32,
    pub(crate) finding: Finding,
    /// Not shown yet: the writer is in the middle of it.
    pub(crate) waits: bool,
}

/// What stands at a highlight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CardState {
    pub(crate) highlight: u32,
    pub(crate) keyboard: bool,
}

/// A compose: its text, its review, and what is shown for it.
#[derive(Debug)]
pub(crate) struct Compose {
    pub(crate) revision: u32,
    pub(crate) thread: Thread,
    /// The conversation's name across page loads, where it has one.
    pub(crate) key: Option<String>,
    /// How heated the customer's last words are, 0 to 100.
    pub(crate) thread_heat: u8,
    /// Where writing no longer helps.
    pub(crate) hopeless: Hopeless,
    /// 0 to 100.
    pub(crate) heat: u8,
    /// The same without what waits to be shown.
    pub(crate) heat_shown: u8,
    /// What it was when it was highest.
    hottest: u8,
    /// When it was first seen hot, in milliseconds since 1970.
    hot_since: Option<u64>,
    /// Since when it is calm again, without having been warm in between.
    calm_since: Option<u64>,
    /// It was sent, or the page was asked to send it.
    pub(crate) is_sent: bool,
    address: Option<String>,
    /// The address that it is sent from, where the page shows it.
    pub(crate) sender: Option<String>,
    subject: Option<String>,
    /// What was kept of it, if it was sent, and under which number.
    record: Option<(u32, Record)>,
    /// The number of the mail that this is again: its webmail took back what was sent, and the writer goes on with it.
    pub(crate) again: Option<u32>,
    pub(crate) checklist: Vec<ChecklistState>,
    /// What the customer's last message asks for.
    pub(crate) requests: Vec<Request>,
    /// In order of their spans.
    pub(crate) findings: Vec<Named>,
    pub(crate) card: Option<CardState>,
    pub(crate) panel: bool,
    /// While a send is held: what the dialog is about.
    pub(crate) held: Option<Held>,
    /// Until when it cools off, in milliseconds since 1970.
    pub(crate) cooling: Option<u64>,
    /// Whether the writer was told that the customer is upset, or began to write.
    pub(crate) nudged: bool,
    /// The verdict that the hands have.
    pub(crate) guarded: Option<(u32, bool)>,
    /// While the panel shows what calming the draft would change: the findings whose words shall stay.
    pub(crate) calming: Option<Set<u32>>,
    /// One thing to say that is not about the text; shown in the panel until it closes.
    pub(crate) notice: Option<String>,
    pub(crate) walk: Walk,
    pub(crate) speech: Speech,
    /// Rules that the writer does not want to hear in this mail.
    pub(crate) muted: Set<String>,
    /// What each place shows now, so that nothing is sent twice.
    pub(crate) shown: Map<Place, String>,
    /// What the hands paint, if they took it over, and the revision under which it was sent.
    pub(crate) painted: Option<(u32, Vec<Highlight>)>,
    pub(crate) proof: Proof,
    pub(crate) picker: Picker,
    pub(crate) language: Language,
    reviewer: Reviewer,
    /// Where the last key left the caret, in bytes, while the writer types.
    writing: Option<usize>,
    /// The sentences that the learned reader read last.
    read: Option<Vec<String>>,
    next_id: u32,
}

/// The words that the hands shall tell of with their last letter, in lower case, with spaces between them, because something
/// serious may end with it. Of other letters they may tell a little later, with what follows.
pub fn urgent_words() -> String {
    composure_engine::last_words().collect::<Vec<_>>().join(" ")
}

/// A draft is read so far, in bytes, some six thousand words: what is longer was not typed, and the reader takes a
/// millisecond a word.
pub(crate) const MOST_READ: usize = 32 << 10;

/// In bytes: a finding that ends farther before the caret has more than a word behind it.
const LONGEST_WORD: usize = 32;
/// In bytes: the last word of a serious finding that waits.
const SHORT_WORD: usize = 3;

impl Compose {
    pub(crate) fn new(thread: ThreadView, draft: DraftView, settings: &Settings) -> Self {
        let (key, address, subject) = (thread.key.clone(), thread.address.clone(), thread.subject.clone());
        let sender = thread.sender.clone();
        let thread = thread_from(thread);
        let muted = Set::new();
        let facts = composure_engine::thread_facts(&thread);
        let reviewer = Reviewer::new(&draft_from(&draft), &thread, &engine_settings(settings, &muted));
        let mut compose = Compose {
            revision: draft.revision,
            thread_heat: facts.heat,
            hopeless: Hopeless::of(&thread, &facts),
            thread,
            key,
            heat: 0,
            heat_shown: 0,
            hottest: 0,
            hot_since: None,
            calm_since: None,
            is_sent: false,
            address,
            sender,
            subject,
            record: None,
            again: None,
            checklist: Vec::new(),
            requests: Vec::new(),
            findings: Vec::new(),
            card: None,
            panel: false,
            held: None,
            cooling: None,
            nudged: false,
            guarded: None,
            calming: None,
            notice: None,
            walk: Walk::default(),
            speech: Speech::default(),
            muted,
            shown: Map::new(),
            painted: None,
            proof: Proof::default(),
            picker: Picker::default(),
            language: Language::default(),
            reviewer,
            writing: None,
            read: None,
            next_id: 0,
        };
        compose.review_again();
        compose
    }

    /// The text of the current revision.
    pub(crate) fn text(&self) -> String {
        self.reviewer.text()
    }

    pub(crate) fn finding(&self, id: u32) -> Option<&Finding> {
        self.findings.iter().find(|named| named.id == id).map(|named| &named.finding)
    }

    pub(crate) fn reviewer(&self) -> &Reviewer {
        &self.reviewer
    }

    /// Whether the writer has written anything.
    pub(crate) fn has_words(&self) -> bool {
        self.reviewer.has_words()
    }

    /// A name that nothing had before.
    pub(crate) fn new_id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    /// Where a highlight is.
    pub(crate) fn span(&self, id: u32) -> Option<Span> {
        let finding = self.finding(id).map(|finding| finding.span);
        let finding = finding.or_else(|| self.mistake(id).map(|mistake| mistake.span));
        finding.or_else(|| self.gap(id).map(|gap| gap.span))
    }

    pub(crate) fn edit(&mut self, revision: u32, edit: &TextEdit, regions: &[RegionView]) {
        let start = self.reviewer.utf16_to_byte(edit.start as usize);
        let end = self.reviewer.utf16_to_byte(edit.end as usize).max(start);
        let inserted = edit.insert.len();
        self.revision = revision;
        let regions = regions.iter().map(|region| self.region_after(edit, region)).collect::<Vec<_>>();
        self.reviewer.edit(Span { start, end }, &edit.insert, &regions);
        let is_key = edit.end.saturating_sub(edit.start) <= 1 && edit.insert.chars().nth(1).is_none();
        self.writing = is_key.then_some(start + inserted);
        self.proof.shift(start, end, &edit.insert);
        self.review(|span| Span {
            start: shifted(span.start, start, end, inserted),
            end: shifted(span.end, start, end, inserted),
        });
        self.follow(start, end, &edit.insert);
        if let Some((_, painted)) = &mut self.painted {
            shift(painted, edit);
        }
        // What was said of words that are gone says nothing of those that come.
        if self.read.is_some() && !self.has_words() {
            self.unhear();
        }
    }

    /// In some webmail the next mail is written in the same box: nothing that was so of the one before is so of it.
    pub(crate) fn begin_anew_if_sent(&mut self, settings: &Settings) {
        if !(self.is_sent || self.again.is_some()) || self.has_words() {
            return;
        }
        (self.is_sent, self.again, self.record) = (false, None, None);
        (self.hottest, self.hot_since, self.calm_since) = (0, None, None);
        (self.walk, self.proof, self.nudged) = (Walk::default(), Proof::default(), false);
        self.muted.clear();
        self.set_settings(settings);
    }

    pub(crate) fn replace(&mut self, draft: DraftView) {
        self.revision = draft.revision;
        self.painted = None;
        self.reviewer.replace(&draft_from(&draft));
        self.proof.clear();
        self.review_again();
        self.picker.slash = None;
        self.find_gaps(|at| at);
    }

    /// The hands painted what was sent under this revision last: what came later is to be sent again.
    pub(crate) fn forget_unpainted(&mut self, revision: Option<u32>) {
        self.painted.take_if(|(sent, _)| revision != Some(*sent));
    }

    pub(crate) fn set_thread(&mut self, thread: ThreadView) {
        self.key.clone_from(&thread.key);
        self.address.clone_from(&thread.address);
        self.subject.clone_from(&thread.subject);
        self.sender.clone_from(&thread.sender);
        self.thread = thread_from(thread);
        let facts = composure_engine::thread_facts(&self.thread);
        self.thread_heat = facts.heat;
        self.hopeless = Hopeless::of(&self.thread, &facts);
        self.reviewer.set_thread(&self.thread);
        self.review_again();
    }

    pub(crate) fn set_settings(&mut self, settings: &Settings) {
        self.reviewer.set_settings(&engine_settings(settings, &self.muted));
        self.proof.ask_again();
        self.review_again();
    }

    /// The writer's sentences, where they are not those that were read last.
    pub(crate) fn unread(&self) -> Option<Vec<String>> {
        let mut sentences = self.reviewer.sentences();
        let mut room = MOST_READ;
        let fitting = sentences.iter().take_while(|sentence| {
            let fits = sentence.len() <= room;
            room = room.saturating_sub(sentence.len());
            fits
        });
        sentences.truncate(fitting.count());
        (!sentences.is_empty() && self.foreign().is_none() && self.read.as_ref() != Some(&sentences))
            .then_some(sentences)
    }

    /// Takes what a reader says of sentences, wherever they stand.
    pub(crate) fn hear(&mut self, reading: Reading) {
        if !self.has_words() {
            return;
        }
        self.read = Some(reading.sentences.iter().map(|sentence| sentence.text.clone()).collect());
        self.reviewer.hear(reading);
        self.review_again();
    }

    /// What is shown of it begins anew: it is judged from now on, or no longer.
    pub(crate) fn read_anew(&mut self) {
        self.proof.clear();
        self.proof.ask_again();
        self.review_again();
    }

    /// Forgets what readers said.
    pub(crate) fn unhear(&mut self) {
        self.read = None;
        self.reviewer.unhear();
        self.review_again();
    }

    /// Takes down when it was first hot and since when it is calm again; `now` is in milliseconds since 1970.
    pub(crate) fn mark(&mut self, now: u64) {
        if self.heat >= HOT {
            self.hot_since.get_or_insert(now);
        }
        if self.heat >= WARM {
            self.calm_since = None;
        } else if self.hot_since.is_some() {
            self.calm_since.get_or_insert(now);
        }
    }

    /// As [`Record::calm_after`].
    fn calm_after(&self) -> Option<u32> {
        u32::try_from(self.calm_since?.saturating_sub(self.hot_since?) / 1000).ok()
    }

    /// It was sent, or the page was asked to send it: what is to be kept, and under which number, `new` if it has none yet.
    /// Nothing where the writer wants no such record, wrote nothing, or pressed Send again because the page wanted something
    /// first.
    pub(crate) fn sent(&mut self, keep: Keep, new: u32) -> Option<(u32, Record)> {
        let reply = self.reviewer.own_words().trim().to_owned();
        let wanted = match keep {
            Keep::All => true,
            Keep::Hot => self.thread_heat >= WARM || self.hottest >= HOT,
            Keep::None => false,
        };
        if !wanted || reply.is_empty() {
            return None;
        }
        let record = Record {
            version: VERSION,
            time: 0,
            site: String::new(),
            recipient: self.thread.recipient.clone(),
            address: self.address.clone(),
            subject: self.subject.clone(),
            message: last_of_customer(&self.thread).map(|message| message.text.clone()).unwrap_or_default(),
            reply,
            heat_message: self.thread_heat,
            heat_before: self.hottest,
            heat_after: self.heat,
            calm_after: self.calm_after(),
        };
        let before = self.record.take();
        let is_same = before.as_ref().is_some_and(|(_, before)| *before == record);
        let number = before.map(|(number, _)| number).or(self.again).unwrap_or(new);
        self.record = Some((number, record.clone()));
        (!is_same).then_some((number, record))
    }

    pub(crate) fn highlights(&self) -> Vec<Highlight> {
        let tone = self.shown().map(|Named { id, finding, .. }| {
            let severity = match finding.rule.severity {
                Severity::Hint => HighlightSeverity::Hint,
                Severity::Warning => HighlightSeverity::Warning,
                Severity::Serious => HighlightSeverity::Serious,
            };
            (*id, finding.span, severity)
        });
        let spelling = self.mistakes().map(|(id, mistake)| (*id, mistake.span, HighlightSeverity::Spelling));
        let touch = |one: Span, other: Span| one.start < other.end && other.start < one.end;
        let slash = self.picker.slash.filter(|_| !self.offered().is_empty());
        let mut all: Vec<_> = tone.filter(|(_, span, _)| slash.is_none_or(|slash| !touch(*span, slash.span))).collect();
        let gaps = self.picker.gaps.iter().map(|gap| (gap.id, gap.span, HighlightSeverity::Gap));
        let slash = slash.map(|slash| (slash.id, slash.span, HighlightSeverity::Slash));
        // Highlights may not overlap: what is more to the point stays.
        for one in gaps.chain(slash).chain(spelling) {
            if !all.iter().any(|(_, span, _)| touch(*span, one.1)) {
                push_in_order(&mut all, one, |(_, span, _)| *span);
            }
        }
        let mut rising = self.reviewer.rising();
        let mut utf16 = |byte| u32::try_from(rising.utf16_of(byte)).unwrap_or(u32::MAX);
        let highlight =
            |(id, Span { start, end }, severity)| Highlight { id, start: utf16(start), end: utf16(end), severity };
        all.into_iter().map(highlight).collect()
    }

    pub(crate) fn to_text_edit(&self, edit: &Edit) -> TextEdit {
        TextEdit { start: self.utf16(edit.span.start), end: self.utf16(edit.span.end), insert: edit.insert.clone() }
    }

    /// All changes that calming the draft would make, with the id of the finding that each mends.
    pub(crate) fn calming_changes(&self) -> Vec<(u32, Edit)> {
        let changes = composure_engine::calm(&self.reviewer, &self.reviewer.review()).into_iter();
        changes.filter_map(|change| Some((self.findings.get(change.finding)?.id, change.edit))).collect()
    }

    /// The id of the highlight after (or before) a place given in UTF-16 code units, going round at the ends.
    pub(crate) fn neighbour(&self, caret: u32, forward: bool) -> Option<u32> {
        let card = self.card.and_then(|card| self.span(card.highlight));
        let from = card.map_or(caret, |span| self.utf16(span.start));
        let mut all = self.highlights();
        all.retain(|one| one.severity != HighlightSeverity::Slash);
        // Without a card the caret may stand at a highlight's start: that one is then the next.
        let found = if forward {
            all.iter().find(|one| one.start > from || card.is_none() && one.start == from).or(all.first())
        } else {
            all.iter().rev().find(|one| one.start < from).or(all.last())
        };
        found.map(|one| one.id)
    }

    /// As [`Self::review`], where no key moved the text: nothing new waits. Once, for the mind's size.
    fn review_again(&mut self) {
        self.writing = None;
        self.review(|span| span);
    }

    /// Takes over what the engine says of the text as it stands. A finding that was there before, at the place where
    /// `moved` says it is now, keeps its name.
    fn review(&mut self, moved: impl Fn(Span) -> Span) {
        let mut review = self.reviewer.review();
        if self.foreign().is_some() {
            // The checklist stays for its places, where a snippet goes; nothing shows it.
            (review.heat, review.findings, review.requests) = (0, Vec::new(), Vec::new());
        }
        self.heat = review.heat;
        self.hottest = self.hottest.max(review.heat);
        self.checklist = review.checklist;
        self.requests = review.requests;
        // In order, as the new ones are; those behind which a finding begins are done with.
        let mut old: VecDeque<(Span, Named)> =
            std::mem::take(&mut self.findings).into_iter().map(|named| (moved(named.finding.span), named)).collect();
        let shown: Vec<Span> = old.iter().filter(|(_, named)| !named.waits).map(|(was, _)| *was).collect();
        for finding in review.findings {
            while old.front().is_some_and(|(was, _)| was.end <= finding.span.start) {
                old.pop_front();
            }
            let mut near = old.iter().take_while(|(was, _)| was.start < finding.span.end);
            let known =
                near.position(|(was, named)| named.finding.rule.id == finding.rule.id && finding.span.start < was.end);
            let id = match known.and_then(|index| old.remove(index)) {
                Some((_, named)) => named.id,
                None => self.new_id(),
            };
            // What is underlined stays so, whatever it is called.
            let near = shown.partition_point(|was| was.end <= finding.span.start);
            let is_shown = shown.get(near).is_some_and(|was| was.start < finding.span.end);
            let waits = !is_shown && self.is_half_written(&finding);
            self.findings.push(Named { id, finding, waits });
        }
        self.show_heat();
    }

    /// Does not show what is still waiting, unless something else is as grave.
    fn show_heat(&mut self) {
        let is_grave = self.shown().any(|named| named.finding.rule.severity == Severity::Serious);
        if is_grave || !self.waits() || self.heat < self.heat_shown {
            self.heat_shown = self.heat;
        }
    }

    /// The findings that the writer sees.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Named> {
        self.findings.iter().filter(|named| !named.waits)
    }

    /// Whether something that was found is not shown yet.
    pub(crate) fn waits(&self) -> bool {
        self.findings.iter().any(|named| named.waits)
    }

    /// The writer paused, or does something else than typing: what was found is shown, but for guesses if a reader is about to
    /// say more.
    pub(crate) fn settle(&mut self, reads: bool) {
        self.writing = None;
        for named in &mut self.findings {
            named.waits &= reads && named.finding.guess.is_some();
        }
        self.show_heat();
    }

    /// Whether what is written next may yet make something else of it, because the writer is in its last word or in the word behind:
    /// "See y" becomes "See you on Sunday". What is serious is shown with its last letter, unless its last word is so short that it
    /// may be the beginning of any: that waits like all else.
    fn is_half_written(&self, finding: &Finding) -> bool {
        let (Some(at), Span { start, end }) = (self.writing, finding.span) else { return false };
        // It tells a whole sentence by all words of the draft, and every key may change that.
        if finding.guess.is_some() {
            return true;
        }
        if !(end..=end + LONGEST_WORD).contains(&at) {
            return false;
        }
        let text = self.text();
        let (words, behind) = (text.get(start..end).unwrap_or_default(), text.get(end..at).unwrap_or_default());
        let last = words.trim_end_matches(',').rsplit(|it: char| !it.is_alphanumeric()).next().unwrap_or_default();
        let is_open = words.ends_with(|it: char| it.is_alphanumeric() || it == ',');
        let in_next = behind.trim_start_matches(' ').chars().all(|it| it.is_alphanumeric() || it == '\'' || it == '’');
        is_open && in_next && (finding.rule.severity != Severity::Serious || last.len() <= SHORT_WORD)
    }

    pub(crate) fn utf16(&self, byte: usize) -> u32 {
        u32::try_from(self.reviewer.byte_to_utf16(byte)).unwrap_or(u32::MAX)
    }

    /// A region of the text that `edit` is about to make, in bytes of that text.
    fn region_after(&self, edit: &TextEdit, region: &RegionView) -> Region {
        let inserted = u32::try_from(composure_engine::utf16_length(&edit.insert)).unwrap_or(u32::MAX);
        let start = self.reviewer.utf16_to_byte(edit.start as usize);
        let end = self.reviewer.utf16_to_byte(edit.end as usize).max(start);
        let byte = |offset: u32| {
            if offset <= edit.start {
                self.reviewer.utf16_to_byte(offset as usize)
            } else if let Some(behind) = offset.checked_sub(edit.start.saturating_add(inserted)) {
                let old = edit.end.saturating_add(behind);
                self.reviewer.utf16_to_byte(old as usize).max(end) - end + start + edit.insert.len()
            } else {
                start + composure_engine::utf16_to_byte(&edit.insert, (offset - edit.start) as usize)
            }
        };
        let span = Span { start: byte(region.start), end: byte(region.end).max(byte(region.start)) };
        Region { span, kind: kind_from(region.kind) }
    }
}

/// Does to highlights what the hands do where the text changes: see [`crate::protocol::Effect::Paint`].
fn shift(highlights: &mut Vec<Highlight>, edit: &TextEdit) {
    let (gone, inserted) = (edit.end.saturating_sub(edit.start), composure_engine::utf16_length(&edit.insert));
    let moved = |at: u32| at.saturating_sub(gone).saturating_add(inserted as u32);
    highlights.retain_mut(|one| {
        let before = one.end <= edit.start;
        if !before {
            if one.start >= edit.end {
                one.start = moved(one.start);
            } else if one.start >= edit.start || one.end <= edit.end {
                return false;
            }
            one.end = moved(one.end);
        }
        true
    });
}

/// Where a byte offset goes when `start..end` is replaced by `inserted` bytes.
pub(crate) fn shifted(offset: usize, start: usize, end: usize, inserted: usize) -> usize {
    if offset <= start {
        offset
    } else if offset >= end {
        offset - (end - start) + inserted
    } else {
        start + inserted
    }
}

fn kind_from(kind: RegionViewKind) -> RegionKind {
    match kind {
        RegionViewKind::Quote => RegionKind::Quote,
        RegionViewKind::Signature => RegionKind::Signature,
    }
}

fn draft_from(view: &DraftView) -> Draft {
    let byte = |utf16: u32| composure_engine::utf16_to_byte(&view.text, utf16 as usize);
    Draft {
        regions: view
            .regions
            .iter()
            .map(|region| {
                let start = byte(region.start);
                Region { span: Span { start, end: byte(region.end).max(start) }, kind: kind_from(region.kind) }
            })
            .collect(),
        text: view.text.clone(),
    }
}

fn thread_from(view: ThreadView) -> Thread {
    Thread {
        recipient: view.recipient.filter(|name| !name.trim().is_empty()),
        messages: view
            .messages
            .into_iter()
            .map(|message| Message {
                from: if message.mine { Author::Me } else { Author::Customer },
                text: message.text,
                sent: message.sent.map(i64::from),
            })
            .collect(),
    }
}

fn engine_settings(settings: &Settings, muted: &Set<String>) -> composure_engine::Settings {
    let mut rules_off = settings.rules_off.clone();
    rules_off.extend(muted.iter().chain(&settings.team.rules_off).cloned());
    composure_engine::Settings { rules_off, assess: false, beside: settings.team.beside.clone() }
}
