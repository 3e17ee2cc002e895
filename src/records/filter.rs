//! Which entries are shown.

use composure_session::{HOT, WARM};
use composure_words::mark;

use crate::Entry;

/// What to look for. The default finds everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that must all occur, anywhere, in any case.
    pub words: String,
    /// How heated.
    pub heat: Heat,
    /// The webmail's host; nothing is any.
    pub site: Option<String>,
    /// Not before this time, in milliseconds since 1970.
    pub from: Option<u64>,
    /// Before this time, in milliseconds since 1970.
    pub until: Option<u64>,
}

/// How heated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Heat {
    /// However.
    #[default]
    Any,
    /// The customer was upset.
    Upset,
    /// The draft was hot at some time.
    Hot,
    /// The draft was hot, and was not any more when it was sent.
    Cooled,
    /// The reply was hot when it was sent.
    StillHot,
}

impl Heat {
    /// All of them, each with the name it has in a form and what the writer reads.
    pub const ALL: [(Heat, &str, &str); 5] = [
        (Heat::Any, "any", mark!("Any heat")),
        (Heat::Upset, "upset", mark!("They were upset")),
        (Heat::Hot, "hot", mark!("My draft was hot")),
        (Heat::Cooled, "cooled", mark!("I cooled it down")),
        (Heat::StillHot, "still-hot", mark!("It went out hot")),
    ];

    /// The one of this name.
    pub fn named(name: &str) -> Heat {
        Heat::ALL.iter().find(|(_, known, _)| *known == name).map_or(Heat::Any, |(heat, _, _)| *heat)
    }
}

impl Filter {
    /// Whether an entry is to be shown. What cannot be read has no heat and no site, and is not hidden by asking for one.
    pub fn finds(&self, entry: &Entry) -> bool {
        let words = self.words.to_lowercase();
        let time = entry.time();
        words.split_whitespace().all(|word| entry.words.contains(word))
            && self.from.is_none_or(|from| time >= from)
            && self.until.is_none_or(|until| time < until)
            && entry.record().is_none_or(|record| {
                let (before, after) = (record.heat_before, record.heat_after);
                self.site.as_ref().is_none_or(|site| *site == record.site)
                    && match self.heat {
                        Heat::Any => true,
                        Heat::Upset => record.heat_message >= WARM,
                        Heat::Hot => before >= HOT,
                        Heat::Cooled => before >= HOT && after < HOT,
                        Heat::StillHot => after >= HOT,
                    }
            })
    }
}
