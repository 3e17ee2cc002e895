//! What a good reply has. Each item is a file in `checklist/`; here is how its words are read.

use crate::judge::Sentence;
use crate::review::{ChecklistItem, ChecklistState, Status};
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
    /// Whether it has a signature block.
    pub signature_block: bool,
    /// Whether there is anything to apologise for.
    pub upset: bool,
    /// Where the writer's own text begins.
    pub body_start: usize,
    /// Where it ends.
    pub body_end: usize,
}

/// How many sentences [`Message::opening`] and [`Message::closing`] hold.
pub const EDGE: usize = 5;

/// Judges every item.
pub fn judge(message: &Message) -> Vec<ChecklistState> {
    ITEMS
        .iter()
        .map(|item| ChecklistState {
            item: &item.item,
            status: status(item, message),
            insert_at: insert_at(item.place, message),
        })
        .collect()
}

fn status(item: &Item, message: &Message) -> Status {
    let has = |sentence: &Sentence| sentence.facts & item.fact != 0;
    let met = match item.look {
        Look::FirstLine => message.opening.first().is_some_and(has),
        Look::Opening => message
            .opening
            .iter()
            .skip(usize::from(message.opening.first().is_some_and(is_greeting_only)))
            .take(2)
            .any(has),
        Look::Anywhere => message.facts & item.fact != 0,
        Look::Closing => message
            .closing
            .iter()
            .take(3)
            .any(|sentence| has(sentence) && (!sentence.terminated || sentence.facts & fact::SIGN_OFF != 0)),
    };
    if met || item.signature_block_counts && message.signature_block {
        Status::Met
    } else if item.asked == Asked::Upset && !message.upset {
        Status::NotApplicable
    } else {
        Status::Unmet
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
            _ => message.body_start,
        },
        Place::AboveSignOff => {
            let signs =
                |sentence: &&Sentence| sentence.facts & (fact::SIGN_OFF | fact::SIGNATURE) != 0 && sentence.words <= 8;
            // The topmost line of the sign-off; a name far above it is not part of it.
            let lines = message.closing.iter().take(4).take_while(signs);
            lines.last().map_or(message.body_end, |sentence| sentence.span.start)
        }
    }
}
