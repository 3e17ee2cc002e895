//! How the customer is, from what they wrote last.

use crate::matcher;
use crate::review::{Author, Thread};
use crate::token::{flag, mark, tokenise};
use crate::vocabulary::{RULES, fact, pattern};

/// What the customer's words show. What cannot be seen (an empty thread) is not so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mood {
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

/// Whether the customer's words show anger, or that something went wrong for them. What cannot be seen (an empty thread) is not upset.
pub fn upset(thread: &Thread) -> bool {
    mood(thread).upset
}

/// Reads the customer's mood.
pub fn mood(thread: &Thread) -> Mood {
    // Earlier anger fades: the last two messages of the customer tell.
    let messages = thread.messages.iter().rev().filter(|message| message.from == Author::Customer);
    let (mut sum, mut facts) = (0, 0);
    for message in messages.take(2) {
        let (score, found) = score(&message.text);
        sum += score;
        facts |= found;
    }
    let upset = sum >= 1;
    Mood {
        upset,
        angry: sum >= ANGRY,
        trouble: upset || facts & (fact::TROUBLE | fact::COMPLAINT | fact::UPSET | fact::LOSS) != 0,
        wrong: upset && facts & (fact::COMPLAINT | fact::LOSS) != 0,
        lost: upset && facts & fact::LOSS != 0,
        loyal: upset && facts & fact::LOYALTY != 0,
    }
}

/// Two things said in anger, or one and much that went wrong.
const ANGRY: i32 = 4;

/// One and more is upset; and the facts seen.
fn score(text: &str) -> (i32, u64) {
    let own: String = text.lines().filter(|line| !line.trim_start().starts_with('>')).collect::<Vec<_>>().join("\n");
    let paragraph = tokenise(&own);
    let (mut score, mut facts) = (0, 0);
    let is_cue = |group: u16| usize::from(group) >= RULES.len();
    matcher::scan(&paragraph, is_cue, |hit| {
        let group = pattern(hit.pattern).map_or(0, |pattern| usize::from(pattern.group));
        let bit = group.checked_sub(RULES.len()).and_then(|bit| 1u64.checked_shl(bit as u32)).unwrap_or(0);
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
