//! harper-brill, which tells harper-core the parts of speech and the noun phrases of a sentence, with the smaller of its two
//! finders of noun phrases.
//!
//! The one that harper-core asks for is a neural network: 1.2 MB of the proofreader's package, which does not compress, and
//! more than half of the time of a reading. Few of harper-core's linters look at noun phrases. On 5,000 texts (replies of
//! support agents and paragraphs of drafts) the proofreader said the very same of each with either, in 72 and in 30 seconds
//! (2026-11-29). Below are the only names that harper-core uses.

pub use original::{Chunker, Tagger, UPOS, brill_chunker as burn_chunker, brill_tagger};
