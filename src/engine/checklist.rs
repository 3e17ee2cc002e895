//! What a good reply has. Each item is a file in `checklist/`; here is how its words are read.

use crate::judge::Sentence;
use crate::review::{ChecklistItem, ChecklistState, Status};
use crate::signs::Signs;
use crate::upset::Mood;
use crate::vocabulary::{Asked, ITEMS, Item, Look, Place, fact};

/// All items, in the order of a reply.
pub fn checklist() -> impl ExactSizeIterator<Item = &'static ChecklistItem> {
    ITEMS.iter().map(|item| &item.item)
}

/// A message as the items see it.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its first sentences, in bytes of the draft; enough of them to reach past the greeting.
    pub opening: Vec<Sentence>,
    /// Its last sentences, the very last first.
    pub closing: Vec<Sentence>,
    /// Facts of all its sentences.
    pub facts: u64,
    /// What in them speaks for and against the items.
    pub signs: Signs,
    /// Whether it has a signature block.
    pub signature_block: bool,
    /// How the customer is.
    pub mood: Mood,
    /// Its heat, 0 to 100.
    pub heat: u8,
    /// Whether every item is judged, asked for or not.
    pub assess: bool,
    /// Where the writer's own text begins.
    pub body_start: usize,
    /// Where it ends.
    pub body_end: usize,
}

/// How many sentences [`Message::opening`] and [`Message::closing`] hold.
pub const EDGE: usize = 8;

/// Judges every item.
pub fn judge(message: &Message) -> Vec<ChecklistState> {
    let said = message.signs.said(message.heat);
    ITEMS
        .iter()
        .zip(said)
        .map(|(item, said)| ChecklistState {
            item: &item.item,
            status: status(item, said, message),
            insert_at: insert_at(item.place, message),
        })
        .collect()
}

fn status(item: &Item, said: bool, message: &Message) -> Status {
    let has = |sentence: &Sentence| sentence.facts & item.fact != 0;
    let met = match item.look {
        // A line with a reference may stand above it.
        Look::FirstLine => {
            let above = message.opening.first().is_some_and(|first| !first.terminated);
            message.opening.iter().take(if above { 2 } else { 1 }).any(has)
        }
        Look::Opening => message
            .opening
            .iter()
            .skip(usize::from(message.opening.first().is_some_and(is_greeting_only)))
            .take(2)
            .any(has),
        Look::Anywhere if item.learned => said,
        Look::Anywhere => message.facts & item.fact != 0,
        Look::Closing => message
            .closing
            .iter()
            .take(3)
            .any(|sentence| has(sentence) && (!sentence.terminated || sentence.facts & fact::SIGN_OFF != 0)),
    };
    if met || item.signature_block_counts && message.signature_block {
        Status::Met
    } else if message.assess || is_asked(item.asked, &message.mood) {
        Status::Unmet
    } else {
        Status::NotApplicable
    }
}

fn is_asked(asked: Asked, mood: &Mood) -> bool {
    match asked {
        Asked::Always => true,
        Asked::Upset => mood.upset,
        Asked::Angry => mood.angry,
        Asked::Wrong => mood.wrong,
        Asked::Lost => mood.lost,
        Asked::Loyal => mood.loyal,
    }
}

fn is_greeting_only(sentence: &Sentence) -> bool {
    sentence.facts & fact::GREETING != 0 && sentence.words <= 6 && sentence.after_greeting.is_none()
}

fn insert_at(place: Place, message: &Message) -> usize {
    match place {
        Place::Top => message.body_start,
        Place::End => message.body_end,
        Place::AfterGreeting => match message.opening.first() {
            Some(first) if first.facts & fact::GREETING != 0 => {
                let next = message.opening.get(1).map(|sentence| sentence.span.start);
                first.after_greeting.or(next).unwrap_or(message.body_end)
            }
            _ => match message.opening.get(1) {
                Some(second) if is_greeting_only(second) => {
                    message.opening.get(2).map_or(message.body_end, |sentence| sentence.span.start)
                }
                _ => message.body_start,
            },
        },
        Place::AfterApology => behind(fact::APOLOGY, message),
        Place::AfterEmpathy => behind(fact::APOLOGY | fact::EMPATHY, message),
        Place::AboveClosing => above(fact::VALUE | fact::OFFER_HELP, message),
        Place::AboveThanks => above(fact::VALUE, message),
        Place::AboveSignOff => above(0, message),
    }
}

/// Behind the greeting and the last of the first sentences with one of `facts`.
fn behind(facts: u64, message: &Message) -> usize {
    let after_greeting = insert_at(Place::AfterGreeting, message);
    let opening = || message.opening.iter().take(5);
    let Some(last) = opening().rposition(|sentence| sentence.facts & facts != 0) else {
        return after_greeting;
    };
    let next = message.opening.get(last + 1).map_or(message.body_end, |sentence| sentence.span.start);
    next.clamp(after_greeting, message.body_end.max(after_greeting))
}

/// Above the sign-off and the paragraphs before it that say nothing but `facts`.
fn above(facts: u64, message: &Message) -> usize {
    let signs = |sentence: &&Sentence| sentence.facts & (fact::SIGN_OFF | fact::SIGNATURE) != 0 && sentence.words <= 8;
    // The topmost line of the sign-off; a name far above it is not part of it.
    let lines = message.closing.iter().take(4).take_while(signs).count();
    let mut place = lines.checked_sub(1).and_then(|top| message.closing.get(top));
    for (at, sentence) in message.closing.iter().enumerate().skip(lines) {
        if sentence.facts & facts == 0 || sentence.facts & fact::GREETING != 0 {
            break;
        }
        // A paragraph is not torn apart: only where a blank line is above may the climb end.
        let above = message.closing.get(at + 1);
        if above.is_none_or(|above| sentence.span.start.saturating_sub(above.span.end) >= 2) {
            place = Some(sentence);
        }
    }
    place.map_or(message.body_end, |sentence| sentence.span.start)
}
