//! The snippet library: templates that become text, and the search for the one that fits.
//!
//! **Invariants.** No browser, no clock, no I/O: the frame hands over the shipped texts (`dist/snippets.json`, made from
//! `shipped/*.toml` by `composure-build`), the writer's own, and the names of the coming days.

mod calendar;
mod library;
mod search;
mod template;
#[cfg(test)]
mod tests;
mod thread;

pub use calendar::Calendar;
pub use library::{Entry, Habits, Library, OWN_PREFIX, Own, Snippet, check_version};
pub use search::{Wanted, search};
pub use template::{Filled, Gap, Problem, Values, check, fill};
pub use thread::order_number;
