//! A team's pack: snippets, phrases to avoid and to prefer, terms, policies and thresholds, as one readable TOML file.
//! `docs/packs.md` describes the file.
//!
//! **Invariants.** No browser, no clock, no I/O. A pack is read whole or not at all: [`Pack::read`] gives every mistake,
//! each with its place, the reason and what to write instead. What [`Pack::to_text`] writes reads as the same pack, and
//! is written again in the same bytes.

mod compiled;
mod matcher;
mod model;
// The engine's own, so that a pack's phrase and a rule's pattern are read and spelt by the very same code.
#[allow(dead_code)]
#[path = "../engine/normalise.rs"]
mod normalise;
#[allow(dead_code)]
#[path = "../engine/compile/pattern.rs"]
mod pattern;
mod read;
#[cfg(feature = "schema")]
mod schema;
mod shelf;
#[cfg(test)]
mod tests;

pub use compiled::{COMPILED_VERSION, Compiled, MINE, MINE_RULE, engine_packs};
pub use matcher::{Hit, Matcher, Source, check_phrase};
pub use model::{Avoid, Pack, Policy, Prefer, Register, Severity, Template, Thresholds, VERSION};
pub use read::{Checked, Mistake, check};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use shelf::{Choice, Clash, Kept};
