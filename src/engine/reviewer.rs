//! Reviews a draft while it is being typed. The text is kept in blocks (lines between blank lines); an edit re-reviews
//! only the blocks it touched, and offsets are kept inside their block, so that nothing behind the edit is rewritten.

use crate::checklist::{self, EDGE, Message};
use crate::heat::{self, Points};
use crate::judge::{Context, Judgement, Sentence, customer_quotes, insert, plain};
use crate::reading::{HeardHeat, Reading, Readings, is_doubtful};
use crate::requests::{Answers, idle, requests};
use crate::review::{
    Author, Draft, Edit, Finding, Region, RegionKind, Review, Rule, Settings, Severity, Span, Suggestion, Thread,
};
use crate::section::{Opening, Section, opening, sections};
use crate::sentence;
use crate::signs::Signs;
use crate::temper::{self, Sight};
use crate::thread::last_of_customer;
use crate::upset::{Mood, mood};
use crate::utf16;
use crate::vocabulary::{RULES, fact};

/// So many sentences, some 3,000 words, are weighed against each other at every key. What is longer was not typed, and rules
/// alone read the rest of it.
const MOST_WEIGHED: usize = 200;

/// Judges a draft in its thread.
pub fn review(draft: &Draft, thread: &Thread, settings: &Settings) -> Review {
    Reviewer::new(draft, thread, settings).review()
}

/// A draft under review.
#[derive(Clone, Debug)]
pub struct Reviewer {
    blocks: Vec<Block>,
    context: Context,
    thread_known: bool,
    mood: Mood,
    assess: bool,
    readings: Readings,
    /// How angry a reader found the whole when it last read it.
    heard_heat: Option<HeardHeat>,
}

/// Lines up to and with the blank ones after them, and all that is known of them. Offsets are bytes of its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) text: String,
    /// Length in UTF-16 code units.
    pub(crate) utf16: usize,
    regions: Vec<Region>,
    opening: Opening,
    entry: Section,
    next: Opening,
    /// Of what the fields above say; `None` where it is not judged yet.
    judged: Option<Judged>,
}

#[derive(Clone, Debug, Default)]
struct Judged {
    exit: Section,
    /// Of the rules.
    findings: Vec<Finding>,
    /// Found beside the rules.
    beside: Vec<Finding>,
    sentences: Vec<Sentence>,
    facts: u64,
    points: Points,
    answers: Answers,
    signs: Signs,
    /// The sentences that a reader may read.
    readable: Vec<Span>,
    /// What a reader heard in them that no rule did.
    heard: Vec<Finding>,
    /// Which of the findings a reader does not trust.
    doubted: Vec<bool>,
    /// The writer's own text, without blank lines at its ends.
    body: Option<Span>,
    has_signature: bool,
}

impl Reviewer {
    /// Reviews a whole draft.
    pub fn new(draft: &Draft, thread: &Thread, settings: &Settings) -> Reviewer {
        let mut reviewer = Reviewer {
            blocks: split(&draft.text),
            context: Context::default(),
            thread_known: false,
            mood: Mood::default(),
            assess: false,
            readings: Readings::default(),
            heard_heat: None,
        };
        reviewer.learn_thread(thread);
        reviewer.learn_settings(settings);
        reviewer.refresh(&draft.regions, &[]);
        reviewer
    }

    /// Replaces the bytes of `span` by `insert`; `regions` are those of the new text. A span that does not fit the
    /// text is clamped to it and to its characters.
    pub fn edit(&mut self, span: Span, insert: &str, regions: &[Region]) {
        let span = self.clamp(span);
        let (first, first_offset) = self.block_at(span.start);
        let (last, _) = self.block_at(span.end);
        // A line next to the edit may join what is before or behind it.
        let from = first.saturating_sub(1);
        let to = (last + 2).min(self.blocks.len());
        let offset = if from < first {
            first_offset - self.blocks.get(from).map_or(0, |block| block.text.len())
        } else {
            first_offset
        };
        let mut text = String::new();
        for block in self.blocks.get(from..to).unwrap_or_default() {
            text.push_str(&block.text);
        }
        let (start, end) = (span.start - offset, span.end - offset);
        if text.is_char_boundary(start) && text.is_char_boundary(end) && start <= end {
            text.replace_range(start..end, insert);
        }
        let mut fresh = split(&text);
        // What did not change keeps its judgement.
        let mut old: Vec<Block> =
            self.blocks.get_mut(from..to).unwrap_or_default().iter_mut().map(std::mem::take).collect();
        // What was heard in the others stays until their new words are read, so that it does not flicker.
        let fading: Vec<(&Rule, String)> = old.iter().flat_map(Block::heard).collect();
        for block in &mut fresh {
            if let Some(same) = old.iter_mut().find(|same| same.judged.is_some() && same.text == block.text) {
                *block = std::mem::take(same);
            }
        }
        self.blocks.splice(from..to, fresh);
        self.refresh(regions, &fading);
    }

    /// Takes another text, in the same thread.
    pub fn replace(&mut self, draft: &Draft) {
        self.blocks = split(&draft.text);
        self.refresh(&draft.regions, &[]);
    }

    /// Takes another thread, e.g. once the webmail has loaded it.
    pub fn set_thread(&mut self, thread: &Thread) {
        let before = self.context.clone();
        self.learn_thread(thread);
        if self.context != before {
            self.forget();
        }
    }

    /// Takes other settings.
    pub fn set_settings(&mut self, settings: &Settings) {
        let before = self.context.clone();
        self.learn_settings(settings);
        if self.context != before {
            self.forget();
        }
    }

    /// The writer's own sentences, in order, for a reader to read.
    pub fn sentences(&self) -> Vec<String> {
        self.blocks.iter().flat_map(Block::readable).map(str::to_owned).collect()
    }

    /// Whether its writer has written anything.
    pub fn has_words(&self) -> bool {
        self.blocks.iter().any(|block| block.readable().next().is_some())
    }

    /// The whole draft, byte for byte in its place, with spaces for all that is not the writer's own: quotes, a signature.
    /// It ends with the writer's last sentence.
    pub fn own_text(&self) -> String {
        let mut text = String::new();
        let mut offset = 0;
        for block in &self.blocks {
            for span in block.judged.iter().flat_map(|judged| &judged.readable) {
                let between = block.text.get(text.len() - offset..span.start).unwrap_or("");
                text.extend(between.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
                text.push_str(block.words(*span).unwrap_or(""));
            }
            let rest = block.text.get(text.len() - offset..).unwrap_or("");
            text.extend(rest.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            offset += block.text.len();
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// Takes what a reader says of sentences, wherever they stand now or will stand.
    pub fn hear(&mut self, reading: Reading) {
        self.heard_heat = Some(reading.heat);
        self.readings.add(reading.sentences);
        for block in &mut self.blocks {
            let fading = block.heard();
            block.listen(&self.readings, &fading, &self.context);
        }
    }

    /// Forgets all that readers said, e.g. because the writer no longer wants one.
    pub fn unhear(&mut self) {
        self.heard_heat = None;
        self.readings.clear();
        for block in &mut self.blocks {
            block.listen(&self.readings, &[], &self.context);
        }
    }

    /// The whole draft.
    pub fn text(&self) -> String {
        self.blocks.iter().map(|block| block.text.as_str()).collect()
    }

    /// What of the draft its writer wrote, as it stands: without quotes and without a marked signature.
    pub fn own_words(&self) -> String {
        let mut own = String::new();
        for block in &self.blocks {
            let runs = sections(&block.text, &block.regions, block.entry, block.next).runs.into_iter();
            for (_, run) in runs.filter(|(section, _)| *section == Section::Body) {
                own.push_str(block.words(run).unwrap_or(""));
            }
        }
        own
    }

    /// How many bytes [`Reviewer::text`] has.
    pub fn len(&self) -> usize {
        self.blocks.iter().map(|block| block.text.len()).sum()
    }

    /// Whether the draft has no text at all.
    pub fn is_empty(&self) -> bool {
        self.blocks.iter().all(|block| block.text.is_empty())
    }

    /// What there is to say about the draft as it stands.
    pub fn review(&self) -> Review {
        let mut findings = Vec::new();
        let mut points = Points::default();
        let mut answers = Answers::default();
        let mut message = Message {
            opening: Vec::new(),
            closing: Vec::new(),
            facts: 0,
            signs: Signs::default(),
            signature_block: false,
            mood: self.mood,
            heat: 0,
            assess: self.assess,
            body_start: 0,
            body_end: 0,
        };
        let mut beside = Vec::new();
        let mut offset = 0;
        let mut has_body = false;
        // For each finding, its words; `None` where it is shown in any company.
        let mut doubtful = Vec::new();
        for block in &self.blocks {
            if let Some(judged) = &block.judged {
                points.merge(&judged.points);
                answers.merge(&judged.answers);
                message.facts |= judged.facts;
                message.signs.merge(&judged.signs);
                message.signature_block |= judged.has_signature;
                judged.findings.iter().for_each(|finding| points.add(finding.rule));
                beside.extend(judged.beside.iter().map(|finding| moved(finding, offset)));
                for (finding, is_heard) in in_order(judged.believed(), judged.heard.iter()) {
                    let words = block.words(finding.span).unwrap_or("");
                    doubtful.push((!is_heard && is_doubtful(finding.rule, words)).then_some(words));
                    findings.push(moved(finding, offset));
                }
                if message.opening.len() < EDGE {
                    let room = EDGE - message.opening.len();
                    let first = judged.sentences.iter().take(room);
                    message.opening.extend(first.map(|sentence| shifted(sentence, offset)));
                }
                if let Some(body) = judged.body {
                    if !has_body {
                        message.body_start = offset + body.start;
                        has_body = true;
                    }
                    message.body_end = offset + body.end;
                }
            }
            offset += block.text.len();
        }
        if !has_body {
            let place = self.below_leading_quotes();
            (message.body_start, message.body_end) = (place, place);
        }
        let mut end = offset;
        for block in self.blocks.iter().rev() {
            let start = end - block.text.len();
            let room = EDGE.saturating_sub(message.closing.len());
            if room == 0 {
                break;
            }
            let last = block.judged.iter().flat_map(|judged| judged.sentences.iter().rev());
            message.closing.extend(last.take(room).map(|sentence| shifted(sentence, start)));
            end = start;
        }
        if message.signature_block {
            points.facts |= fact::SIGNATURE;
        }
        let sentences = self.own_sentences();
        let sight = Sight::new(&sentences, &findings, &points);
        let is_believed = |(finding, words): (&Finding, Option<&str>)| {
            let facts = words.and_then(|words| Some((words, sight.facts_at(finding.span.start)?)));
            facts.is_none_or(|(words, facts)| temper::is_believed(finding.rule, words, &facts))
        };
        let believed: Vec<bool> = findings.iter().zip(doubtful).map(is_believed).collect();
        let mut believed = believed.into_iter();
        findings.retain(|finding| {
            let believed = believed.next().unwrap_or(true);
            if !believed {
                points.heat = points.heat.saturating_sub(u32::from(finding.rule.heat));
                points.serious -= u32::from(finding.rule.severity == Severity::Serious).min(points.serious);
            }
            believed
        });
        // Where a reader has read, there is nothing to guess.
        if let Some(rule) = temper::rule().filter(|rule| self.heard_heat.is_none() && !self.context.is_off(rule)) {
            for (guess, span) in Sight::new(&sentences, &findings, &points).suspects() {
                let is_known = beside.iter().any(|known: &Finding| overlap(known.span, span));
                if !self.context.is_off(guess) && !is_known {
                    points.add(rule);
                    insert(&mut findings, Finding { rule, span, suggestions: Vec::new(), guess: Some(guess) });
                }
            }
        }
        let worst = findings.iter().map(|finding| finding.rule.severity).max();
        if !self.thread_known {
            // Nobody told what the customer wrote; the answer shows it.
            message.mood.wrong = message.facts & fact::COMPLAINT != 0;
            message.mood.upset = message.mood.wrong || worst >= Some(Severity::Warning);
            // The customer may well be in trouble: what tells of it in the answer counts.
            message.mood.trouble = true;
        }
        // What was said of a text that is gone says nothing.
        message.heat = heat::heat(&points, self.heard_heat.filter(|_| has_body));
        // Heat and checklist are the rules' alone.
        if let Some(finder) = self.context.beside.finder() {
            finder.settle(&mut findings, beside);
        }
        Review {
            findings,
            heat: message.heat,
            body_end: message.body_end,
            checklist: checklist::judge(&message),
            requests: answers.judge(&self.context.asked),
        }
    }

    /// The writer's own sentences that have words, the first [`MOST_WEIGHED`].
    fn own_sentences(&self) -> Vec<Sentence> {
        let (mut own, mut offset) = (Vec::new(), 0);
        for block in &self.blocks {
            let sentences = block.judged.iter().flat_map(|judged| &judged.sentences);
            let sentences = sentences.filter(|sentence| sentence.words > 0).take(MOST_WEIGHED - own.len());
            own.extend(sentences.map(|sentence| shifted(sentence, offset)));
            if own.len() == MOST_WEIGHED {
                break;
            }
            offset += block.text.len();
        }
        own
    }

    /// The writer's own sentences, what each is judged by, and what rules find in the draft, before it is weighed.
    #[cfg(feature = "trace")]
    pub(crate) fn unweighed(&self) -> (Vec<Sentence>, Vec<temper::Facts>, Vec<Finding>) {
        let (mut findings, mut points, mut offset) = (Vec::new(), Points::default(), 0);
        for block in &self.blocks {
            if let Some(judged) = &block.judged {
                points.merge(&judged.points);
                points.facts |= if judged.has_signature { fact::SIGNATURE } else { 0 };
                findings.extend(judged.findings.iter().map(|finding| moved(finding, offset)));
            }
            offset += block.text.len();
        }
        let sentences = self.own_sentences();
        let sight = Sight::new(&sentences, &findings, &points);
        let facts = (0..sentences.len()).filter_map(|place| sight.facts(place)).collect();
        (sentences, facts, findings)
    }

    /// Where the first words go in a draft without any: at the top, or, where the mail client opens with the quote and
    /// puts the caret below it, there.
    fn below_leading_quotes(&self) -> usize {
        let (mut offset, mut place) = (0, 0);
        for block in &self.blocks {
            let text = block.text.trim_end();
            let has_signature = block.judged.as_ref().is_some_and(|judged| judged.has_signature);
            match block.regions.first() {
                _ if text.is_empty() => break,
                Some(region) if region.kind != RegionKind::Quote => break,
                Some(region) if has_signature => return offset + region.span.end,
                None if has_signature => break,
                _ => place = offset + text.len(),
            }
            offset += block.text.len();
        }
        place
    }

    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    fn learn_thread(&mut self, thread: &Thread) {
        self.thread_known = thread.messages.iter().any(|message| message.from == Author::Customer);
        self.mood = mood(thread);
        self.context.customer = thread
            .messages
            .iter()
            .filter(|message| message.from == Author::Customer)
            .map(|message| plain(&message.text))
            .collect::<Vec<_>>()
            .join("\n");
        let last = last_of_customer(thread).map_or("", |message| message.text.as_str());
        self.context.asked = requests(last, self.mood.upset);
        self.context.idle = idle(&self.context.asked);
    }

    fn learn_settings(&mut self, settings: &Settings) {
        self.assess = settings.assess;
        self.context.off = RULES.iter().map(|rule| settings.rules_off.contains(rule.id)).collect();
        self.context.beside = settings.beside.clone();
        self.context.rules_off.clear();
        for id in &settings.rules_off {
            self.context.rules_off.push_str(id);
            self.context.rules_off.push('\n');
        }
    }

    /// Judges every block anew.
    fn forget(&mut self) {
        let regions = self.regions();
        for block in &mut self.blocks {
            block.judged = None;
        }
        self.refresh(&regions, &[]);
    }

    /// The parts that the webmail told apart.
    pub(crate) fn regions(&self) -> Vec<Region> {
        let mut regions = Vec::new();
        let mut offset = 0;
        for block in &self.blocks {
            regions.extend(
                block.regions.iter().map(|region| Region { span: plus(region.span, offset), kind: region.kind }),
            );
            offset += block.text.len();
        }
        regions
    }

    /// Judges the blocks whose text or surroundings changed. `fading` is what was heard in words that may have changed.
    fn refresh(&mut self, regions: &[Region], fading: &[(&'static Rule, String)]) {
        let mut offset = 0;
        let mut first_region = 0;
        for block in &mut self.blocks {
            let end = offset + block.text.len();
            while regions.get(first_region).is_some_and(|region| region.span.end <= offset) {
                first_region += 1;
            }
            let own = own_regions(regions.get(first_region..).unwrap_or_default(), offset, &block.text);
            if block.judged.is_none() || block.regions != own {
                block.opening = opening(&block.text, &own);
                block.regions = own;
                block.judged = None;
            }
            offset = end;
        }
        let mut entry = Section::Body;
        for at in 0..self.blocks.len() {
            let next = self.blocks.get(at + 1).map_or(Opening::Plain, |block| block.opening);
            let Some(block) = self.blocks.get_mut(at) else {
                break;
            };
            if block.entry != entry || block.next != next {
                block.entry = entry;
                block.next = next;
                block.judged = None;
            }
            if block.judged.is_none() {
                block.judged = Some(block.judge(&self.context));
                block.listen(&self.readings, fading, &self.context);
            }
            entry = block.judged.as_ref().map_or(entry, |judged| judged.exit);
        }
    }

    fn clamp(&self, span: Span) -> Span {
        let length = self.len();
        let boundary = |at: usize| {
            let (block, offset) = self.block_at(at.min(length));
            let mut inside = at.min(length) - offset;
            while self.blocks.get(block).is_some_and(|block| !block.text.is_char_boundary(inside)) {
                inside -= 1;
            }
            offset + inside
        };
        let start = boundary(span.start);
        Span { start, end: boundary(span.end).max(start) }
    }

    /// The block that holds a byte, and where it begins; the end of the text is in the last block.
    fn block_at(&self, byte: usize) -> (usize, usize) {
        let mut offset = 0;
        for (at, block) in self.blocks.iter().enumerate() {
            if byte < offset + block.text.len() || at + 1 == self.blocks.len() {
                return (at, offset);
            }
            offset += block.text.len();
        }
        (0, 0)
    }
}

impl Block {
    fn judge(&self, context: &Context) -> Judged {
        let sections = sections(&self.text, &self.regions, self.entry, self.next);
        let mut judged = Judged { exit: sections.exit, ..Judged::default() };
        for (section, run) in &sections.runs {
            let text = self.text.get(run.start..run.end).unwrap_or("");
            let trimmed = text.trim();
            if trimmed.is_empty() {
                continue;
            }
            match section {
                Section::Quote => {}
                Section::Signature => judged.has_signature |= !matches!(trimmed, "--"),
                Section::Body => {
                    let start = run.start + (text.len() - text.trim_start().len());
                    let span = Span { start, end: start + trimmed.len() };
                    judged.body =
                        Some(Span { start: judged.body.map_or(span.start, |body| body.start), end: span.end });
                    judged.add(crate::judge::judge(trimmed, context), start);
                    judged.readable.extend(sentence::sentences(trimmed).into_iter().map(|span| plus(span, start)));
                }
            }
        }
        judged
    }

    /// The words of the sentences that a reader may read.
    fn readable(&self) -> impl Iterator<Item = &str> {
        self.judged.iter().flat_map(|judged| &judged.readable).filter_map(|span| self.words(*span))
    }

    /// What of a span no rule's finding takes (`taken`, in order): all of it, or its parts of [`REST`] words and more.
    fn left_over(&self, span: Span, taken: impl Iterator<Item = Span>) -> Vec<Span> {
        let taken: Vec<Span> = taken.filter(|taken| overlap(*taken, span)).collect();
        if taken.is_empty() {
            return vec![span];
        }
        let (mut parts, mut start) = (Vec::new(), span.start);
        for next in taken.into_iter().chain([Span { start: span.end, end: span.end }]) {
            let part = self.words(Span { start, end: next.start.max(start) }).unwrap_or("");
            if part.split_whitespace().count() >= REST {
                let beside = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '-' | '–' | '—');
                let from = start + part.len() - part.trim_start_matches(beside).len();
                parts.push(Span { start: from, end: from + part.trim_matches(beside).len() });
            }
            start = start.max(next.end);
        }
        parts
    }

    /// What was heard in it, and in which words.
    fn heard(&self) -> Vec<(&'static Rule, String)> {
        let heard = self.judged.iter().flat_map(|judged| &judged.heard);
        heard.filter_map(|finding| Some((finding.rule, self.words(finding.span)?.to_owned()))).collect()
    }

    fn words(&self, span: Span) -> Option<&str> {
        self.text.get(span.start..span.end)
    }

    /// Takes over what readers said of its sentences, or, of those that nobody has read, what of `fading` is still there.
    /// Where a rule speaks too, the rule is heard: it knows what to write instead.
    fn listen(&mut self, readings: &Readings, fading: &[(&'static Rule, String)], context: &Context) {
        let Some(mut judged) = self.judged.take() else { return };
        judged.heard.clear();
        let trusts = |span: &Span| readings.of(self.words(*span).unwrap_or("")).is_none_or(|read| read.trusted);
        let doubts = |finding: &Finding| {
            let mut touched = judged.readable.iter().filter(|span| overlap(**span, finding.span)).peekable();
            let words = self.words(finding.span).unwrap_or("");
            touched.peek().is_some() && is_doubtful(finding.rule, words) && !touched.any(trusts)
        };
        judged.doubted = judged.findings.iter().map(doubts).collect();
        for sentence in &judged.readable {
            let words = self.words(*sentence).unwrap_or("");
            let heard: Vec<(&'static Rule, Span)> = match readings.of(words) {
                Some(read) => read.heard.iter().map(|heard| (heard.rule, heard.span)).collect(),
                None => fading.iter().filter_map(|(rule, faded)| Some((*rule, find(words, faded)?))).collect(),
            };
            for (rule, span) in heard {
                let span = plus(span, sentence.start);
                let fits = span.start < span.end && span.end <= sentence.end && self.words(span).is_some();
                if !fits || context.is_off(rule) {
                    continue;
                }
                for span in self.left_over(span, judged.believed().map(|finding| finding.span)) {
                    if !judged.heard.iter().any(|finding| overlap(finding.span, span)) {
                        insert(&mut judged.heard, Finding { rule, span, suggestions: Vec::new(), guess: None });
                    }
                }
            }
        }
        if !judged.heard.is_empty() {
            let quotes = customer_quotes(&self.text, &context.customer);
            judged.heard.retain(|finding| !quotes.iter().any(|quote| overlap(*quote, finding.span)));
        }
        self.judged = Some(judged);
    }
}

fn find(text: &str, words: &str) -> Option<Span> {
    text.find(words).map(|start| Span { start, end: start + words.len() })
}

/// What is left of something heard beside a rule's finding is worth a highlight from so many words on. Training found 4
/// best by the figures (`rest` in the reader's file), 8 costs a hundredth of recall (`./build.sh eval`), and does not
/// underline the tails of phrases whose head a rule already shows.
const REST: usize = 8;

fn overlap(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end
}

/// The findings of both, in the order of the text, and whether it is the other's.
fn in_order<'a>(
    one: impl Iterator<Item = &'a Finding>,
    other: impl Iterator<Item = &'a Finding>,
) -> impl Iterator<Item = (&'a Finding, bool)> {
    let (mut one, mut other) =
        (one.map(|finding| (finding, false)).peekable(), other.map(|finding| (finding, true)).peekable());
    std::iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some((first, _)), Some((second, _))) if second.span < first.span => other.next(),
        (Some(_), _) => one.next(),
        (None, _) => other.next(),
    })
}

impl Judged {
    fn add(&mut self, judgement: Judgement, offset: usize) {
        self.points.merge(&judgement.points());
        self.answers.merge(&judgement.answers);
        self.signs.merge(&judgement.signs);
        self.findings.extend(judgement.findings.iter().map(|finding| moved(finding, offset)));
        self.beside.extend(judgement.beside.iter().map(|finding| moved(finding, offset)));
        for sentence in &judgement.sentences {
            self.facts |= sentence.facts;
            self.sentences.push(shifted(sentence, offset));
        }
    }
}

impl Judged {
    /// What rules found and no reader doubts.
    fn believed(&self) -> impl Iterator<Item = &Finding> {
        let believed =
            |(finding, place): (_, usize)| (!self.doubted.get(place).copied().unwrap_or(false)).then_some(finding);
        self.findings.iter().zip(0..).filter_map(believed)
    }
}

/// Cuts a text into blocks: each begins with a line that is not blank, but for blank lines at the very start.
pub(crate) fn split(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut after_blank = false;
    for line in text.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        if !blank && after_blank {
            blocks.extend(text.get(start..at).map(block));
            start = at;
        }
        after_blank = blank;
        at += line.len();
    }
    blocks.extend(text.get(start..).map(block));
    blocks
}

fn block(text: &str) -> Block {
    Block { text: text.to_owned(), utf16: utf16::length(text), ..Block::default() }
}

/// The parts of regions that lie in a block, in its bytes, on its characters.
fn own_regions(regions: &[Region], offset: usize, text: &str) -> Vec<Region> {
    let mut own: Vec<Region> = Vec::new();
    for region in regions {
        if region.span.start >= offset + text.len() {
            break;
        }
        let floor = |at: usize| {
            let mut at = at.saturating_sub(offset).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(region.span.start).max(own.last().map_or(0, |last| last.span.end));
        let end = floor(region.span.end);
        if start < end {
            own.push(Region { span: Span { start, end }, kind: region.kind });
        }
    }
    own
}

fn moved(finding: &Finding, offset: usize) -> Finding {
    Finding {
        rule: finding.rule,
        guess: finding.guess,
        span: plus(finding.span, offset),
        suggestions: finding
            .suggestions
            .iter()
            .map(|suggestion| Suggestion {
                edit: Edit { span: plus(suggestion.edit.span, offset), insert: suggestion.edit.insert.clone() },
            })
            .collect(),
    }
}

fn shifted(sentence: &Sentence, offset: usize) -> Sentence {
    Sentence {
        span: plus(sentence.span, offset),
        after_greeting: sentence.after_greeting.map(|at| at + offset),
        ..*sentence
    }
}

fn plus(span: Span, offset: usize) -> Span {
    Span { start: span.start + offset, end: span.end + offset }
}
