//! Whether the customer is upset, from what they wrote last.

use crate::matcher;
use crate::review::{Author, Thread};
use crate::token::{flag, mark, tokenise};
use crate::vocabulary::{RULES, fact, pattern};

/// Whether the customer's words show anger, or that something went wrong for them. What cannot be seen (an empty thread) is not upset.
pub fn upset(thread: &Thread) -> bool {
    // Earlier anger fades: the last two messages of the customer tell.
    let messages = thread.messages.iter().rev().filter(|message| message.from == Author::Customer);
    messages.take(2).map(|message| score(&message.text)).sum::<i32>() >= 1
}

/// One and more is upset.
fn score(text: &str) -> i32 {
    let own: String = text.lines().filter(|line| !line.trim_start().starts_with('>')).collect::<Vec<_>>().join("\n");
    let paragraph = tokenise(&own);
    let mut score = 0;
    let is_cue = |group: u16| usize::from(group) >= RULES.len();
    matcher::scan(&paragraph, is_cue, |hit| {
        let group = pattern(hit.pattern).map_or(0, |pattern| usize::from(pattern.group));
        let bit = group.checked_sub(RULES.len()).and_then(|bit| 1u64.checked_shl(bit as u32)).unwrap_or(0);
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
    score + i32::try_from(capitals.min(2)).unwrap_or(0) + i32::try_from(marks.min(2)).unwrap_or(0)
}
