//! How the customer is, from what they wrote last.

use crate::matcher;
use crate::review::{Author, Thread};
use crate::thread::own_words;
use crate::token::{flag, mark, tokenise};
use crate::vocabulary::{fact, fact_of, pattern};

/// What the customer's words show. What cannot be seen (an empty thread) is not so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mood {
    /// The signs of anger, less those of joy: one and more is upset.
    pub points: i32,
    /// Anger, or that something went wrong for them.
    pub upset: bool,
    /// Anger that a kind answer alone will not end.
    pub angry: bool,
    /// That something may have gone wrong, upset or not.
    pub trouble: bool,
    /// That something went wrong.
    pub wrong: bool,
    /// That it cost them something.
    pub lost: bool,
    /// That they think of leaving, or have been a customer for long.
    pub loyal: bool,
}

/// Whether the customer's words show anger, or that something went wrong for them. What cannot be seen (an empty
/// thread) is not upset. The same as a [`crate::ThreadFacts::heat`] above 0.
pub fn upset(thread: &Thread) -> bool {
    mood(thread).upset
}

/// Reads the customer's mood.
pub fn mood(thread: &Thread) -> Mood {
    // Earlier anger fades: the last two messages of the customer tell.
    let messages = thread.messages.iter().rev().filter(|message| message.from == Author::Customer);
    let (mut points, mut facts) = (0, 0);
    for message in messages.take(2) {
        for own in own_words(&message.text) {
            let (score, found) = score(message.text.get(own.start..own.end).unwrap_or(""));
            points += score;
            facts |= found;
        }
    }
    let upset = points >= 1;
    Mood {
        points,
        upset,
        angry: points >= ANGRY,
        trouble: upset || facts & (fact::TROUBLE | fact::COMPLAINT | fact::UPSET | fact::LOSS) != 0,
        wrong: upset && facts & (fact::COMPLAINT | fact::LOSS) != 0,
        lost: upset && facts & fact::LOSS != 0,
        loyal: upset && facts & fact::LOYALTY != 0,
    }
}

/// Two things said in anger, or one and much that went wrong.
const ANGRY: i32 = 4;

/// Points as heat: straight at first, then ever slower towards 100.
pub fn heat(points: i32) -> u8 {
    let points = u32::try_from(points.max(0)).unwrap_or(0).min(1_000);
    u8::try_from((120 * points / (points + 7)).min(100)).unwrap_or(100)
}

/// The points of a text, and the facts seen in it.
fn score(text: &str) -> (i32, u64) {
    const SEEN: u64 = fact::UPSET | fact::COMPLAINT | fact::CHEERFUL | fact::TROUBLE | fact::LOSS | fact::LOYALTY;
    let paragraph = tokenise(text);
    let (mut score, mut facts) = (0, 0);
    let is_seen = |group: u16| fact_of(group) & SEEN != 0;
    matcher::scan(&paragraph, &is_seen, &mut |hit| {
        let bit = pattern(hit.pattern).map_or(0, |pattern| fact_of(pattern.group));
        facts |= bit;
        if bit == fact::UPSET {
            score += 2;
        } else if bit == fact::COMPLAINT {
            score += 1;
        } else if bit == fact::CHEERFUL {
            score -= 2;
        }
    });
    let capitals = paragraph
        .tokens
        .windows(2)
        .filter(|two| two.iter().all(|token| token.is(flag::UPPER) && token.id != 0))
        .count();
    let marks = paragraph
        .tokens
        .iter()
        .filter(|token| matches!(token.id, mark::EXCLAMATION | mark::QUESTION) && token.end - token.start > 1)
        .count();
    let loud = i32::try_from(capitals.min(2)).unwrap_or(0) + i32::try_from(marks.min(2)).unwrap_or(0);
    (score + loud, facts)
}
