//! The mind's judgement: `review(draft, thread, settings) -> Review`.
//!
//! **Invariants.** No browser, no clock, no I/O, no randomness; the same input gives the same review; it cannot panic
//! and has no error type, because any text is a valid draft. Every offset is a UTF-8 byte offset into the draft.
//!
//! From text to review: `reviewer` keeps the draft in blocks, `section` tells the writer's own words from quotes and
//! signatures, `token` cuts them into words, `matcher` runs the compiled patterns of `program`, `template` words the
//! suggestions, `judge` decides between findings, `heat` and `checklist` fold what all blocks say. `thread` reads the
//! customer's mails, `requests` finds what they ask for and whether the draft answers it. `reading` takes what a learned
//! reader heard, `beside` what others find in the same tokens: a team's phrases.
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod beside;
mod calm;
mod checklist;
mod heat;
mod judge;
mod matcher;
// `build.rs` uses the rest of it.
#[allow(dead_code)]
mod normalise;
// `build.rs` uses the rest of it.
#[allow(dead_code)]
mod packed;
mod phrase;
mod program;
mod reading;
mod requests;
mod review;
mod reviewer;
mod rules;
mod section;
mod sentence;
mod signs;
mod snippets;
mod temper;
mod template;
#[cfg(test)]
mod tests;
mod thread;
mod token;
#[cfg(feature = "trace")]
mod trace;
mod upset;
mod utf16;
mod vocabulary;

pub use beside::{Beside, Finder};
pub use calm::{Calming, calm};
pub use checklist::checklist;
pub use reading::{Heard, HeardHeat, ReadSentence, Reading};
pub use review::*;
pub use reviewer::{Reviewer, review};
pub use rules::{examples, rules};
pub use sentence::sentences;
pub use snippets::{Placeholders, best_snippet, fill, first_name, snippets};
pub use template::upper_first;
pub use thread::{MAILS, Place, READ, ThreadFacts, last_of_customer, own_words, thread_facts};
pub use token::{Paragraph, Token, flag, is_negation_clitic, mark, tokenise};
#[cfg(feature = "trace")]
pub use trace::{Trace, signs, tempers, trace};
pub use upset::upset;
pub use utf16::{length as utf16_length, to_byte as utf16_to_byte};
pub use vocabulary::{last_words, word};
