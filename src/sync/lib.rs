//! What is the writer's own (settings, signatures, dictionary, phrases, snippets), beyond one browser: kept in step with
//! their other browsers through the browser's own `storage.sync`, and exported and imported as one file.
//!
//! Everything that is kept in step is an **entry** with an id, such as `word/kettle` or `snippet/own-7`. A [`State`] knows of
//! each entry which browser wrote it when, and on top of what, so that [`State::join`] loses nothing: what two browsers wrote
//! at once is both kept, one in use, the other under `kept/`. [`round`] is all that happens each time.
//!
//! **Invariants.** No browser, no clock, no I/O. What cannot be read here (broken, or of a newer version) is neither
//! overwritten here nor taken for deleted. What is not in `storage.sync` was not therefore deleted: only a browser that
//! knew an entry can delete it.

mod backup;
mod items;
mod own;
mod round;
mod state;
#[cfg(test)]
mod tests;

pub use backup::{Backup, Contents, Import, export, is_exported};
pub use items::{ITEM_BYTES, ITEM_PREFIX, TOTAL_BYTES};
pub use own::{Own, PHRASES_KEY, SETTINGS_KEY, SNIPPETS_KEY};
pub use round::{Choice, KEPT, Kept, Memory, Problem, Round, VERSION, round};
pub use state::{Entries, Entry, State, Version};
