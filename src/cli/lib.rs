//! `composure` for a terminal, as a library: `main.rs` only reads the arguments, `fuzz/` calls `mail` and `mbox`.
//!
//! A review's way: `input` cuts files and standard input into jobs, `pipeline` hands them to all cores and keeps their
//! order, `judge` decodes and reviews one, `output` prints it. A job has at most [`CAP`] bytes, and only a few are under
//! way at once, so memory does not grow with the input.
#![deny(missing_docs)]

pub mod audit;
pub mod conversations;
mod html;
pub mod input;
pub mod judge;
pub mod mail;
pub mod mbox;
pub mod output;
pub mod packs;
pub mod pipeline;
pub mod readers;
pub mod run;
pub mod text;

/// The most bytes a text, a line or a message may have; a longer one is reported and skipped. Nobody writes such a
/// reply, and without a limit one broken file could take all memory.
pub const CAP: usize = 16 << 20;
