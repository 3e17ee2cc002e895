//! The mind's judgement: `review(draft, thread, settings) -> Review`.
//!
//! **Invariants.** No browser, no clock, no I/O, no randomness; the same input gives the same review; it cannot panic
//! and has no error type, because any text is a valid draft. Every offset is a UTF-8 byte offset into the draft.

mod review;

pub use review::*;
