//! The wait that a writer gives a reply before it is sent.

use composure_words::t;
use serde::{Deserialize, Serialize};

/// A reply that is cooling off, as it is stored: one object for each, until its time is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoolOff {
    /// The conversation: see [`crate::ThreadView::key`].
    pub key: String,
    /// When it is over, in milliseconds since 1970-01-01 UTC.
    pub until: u64,
}

/// How long a reply cools off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// So many minutes from now.
    Minutes(u32),
    /// Until tomorrow morning, where the writer is.
    Tomorrow,
}

/// How much of a wait is left, in words.
pub(crate) fn left(milliseconds: u64) -> String {
    let minutes = milliseconds.div_ceil(60_000);
    match minutes {
        0..=90 => t!("{n} min", n = minutes.max(1)),
        _ => t!("{n} h", n = minutes.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn what_is_left_is_never_less_than_it_is() {
        let minute = 60_000;
        for (milliseconds, words) in [
            (1, "1 min"),
            (minute, "1 min"),
            (minute + 1, "2 min"),
            (90 * minute, "90 min"),
            (90 * minute + 1, "2 h"),
            (14 * 60 * minute, "14 h"),
        ] {
            assert_eq!(left(milliseconds), words, "{milliseconds}");
        }
    }
}
