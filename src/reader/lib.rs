//! The learned reader: a second opinion after the rules, on the digs that no pattern can list.
//!
//! A small network of the BERT family reads a draft sentence by sentence and marks the words that will make an upset
//! customer angrier, each with a label of `tone/GUIDE.md`. [`Reader::new`] takes the file that `training/` writes
//! (`training/FORMAT.md` is the contract), [`Reader::read`] the sentences of a draft, as the engine cuts them; what it has
//! read it keeps by sentence.
//!
//! The same file and text give the same findings, to the last bit of their confidence, on every processor and in wasm: all
//! arithmetic is either in whole numbers or in plain steps of one fixed order (see `matrix.rs`), so nothing needs rounding
//! before it is held to a threshold. No browser, no clock, no I/O; reading cannot fail, only opening a file can.
//!
//! The crates that the field would use here, candle and tokenizers, were measured first: `docs/reader.md` has the figures.

mod error;
mod file;
mod findings;
mod matrix;
mod network;
mod tokens;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

use lru::LruCache;

pub use error::ReaderError;
pub use findings::HeatWithRules;
use findings::{Beside, Decision, Heard, widened};
use network::Network;
use tokens::{Tokenizer, Window};

/// Windows whose reading is kept: a hundred long mails, in a megabyte or two.
const CACHED: NonZeroUsize = NonZeroUsize::new(2048).unwrap();

/// Words that the reader would underline.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Bytes of the text that was read, on character boundaries, never empty.
    pub span: Range<usize>,
    /// One of the sixteen, as the file names it.
    pub label: Arc<str>,
    /// How sure the reader is, 0 to 1; at least what the file asks of the label.
    pub confidence: f64,
}

/// What the reader says of a whole draft.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// In the order of the text.
    pub findings: Vec<Finding>,
    /// How angry the draft is; `None` without anything to read, where the opinion of the rules stands alone.
    pub heat: Option<HeatWithRules>,
    /// What was read at once, in the order of the text: sentences, as a rule.
    pub stretches: Vec<Stretch>,
}

/// What was read at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// From its first to its last word, in bytes of the text that was read.
    pub span: Range<usize>,
    /// Whether what a rule finds here is to be believed. Where the reader hears nothing, here nor around, it is not: a rule's
    /// finding that touches stretches, but none that is trusted, is not to be shown.
    pub trusted: bool,
}

/// A reader, ready to read. Some 30 MB for a network of six layers and 384 columns.
#[derive(Debug)]
pub struct Reader {
    tokenizer: Tokenizer,
    network: Network,
    decision: Decision,
    /// By the tokens of a window, which are all that the network sees of it.
    cache: LruCache<Box<[u32]>, Arc<Heard>>,
}

impl Reader {
    /// Takes the bytes of a reader's file; they are not needed afterwards.
    ///
    /// # Errors
    /// If the bytes are no reader's file of this version, or anything in it is missing, of another shape than the others, or
    /// not a number. Whoever made such a file, it cannot make this panic.
    pub fn new(bytes: &[u8]) -> Result<Self, ReaderError> {
        let file::Contents { tokenizer, network, decision } = file::open(bytes)?;
        Ok(Self { tokenizer, network, decision, cache: LruCache::new(CACHED) })
    }

    /// Reads a draft, each line of it as a sentence. Only sentences that are not among the last two thousand cost anything.
    pub fn read(&mut self, lines: &str) -> Reading {
        let mut windows: Vec<(usize, &str, Window)> = Vec::new();
        let mut start = 0;
        for sentence in lines.split('\n') {
            windows.extend(self.tokenizer.windows(sentence).into_iter().map(|window| (start, sentence, window)));
            start += sentence.len() + 1;
        }
        let heard: Vec<Arc<Heard>> = windows.iter().map(|(_, _, window)| self.hear(window)).collect();
        let (mut findings, mut stretches) = (Vec::new(), Vec::new());
        for (number, (start, sentence, window)) in windows.iter().enumerate() {
            let (heard, beside) = (&heard[number], Beside::of(&heard, number));
            let moved = |span: Range<usize>| span.start + start..span.end + start;
            findings.extend(heard.runs.iter().filter_map(|run| {
                let confidence = self.decision.score(run, beside)?;
                let span = moved(widened(sentence, window.words[run.first].start..window.words[run.last].end));
                Some(Finding { span, label: Arc::clone(&self.decision.labels[run.label]), confidence })
            }));
            if let (Some(first), Some(last)) = (window.words.first(), window.words.last()) {
                let trusted = self.decision.trusts(heard, beside);
                stretches.push(Stretch { span: moved(first.start..last.end), trusted });
            }
        }
        Reading { findings, heat: self.decision.heat(&heard), stretches }
    }

    fn hear(&mut self, window: &Window) -> Arc<Heard> {
        let key = window.ids.iter().zip(&window.types).map(|(id, kind)| id << 1 | u32::from(*kind)).collect();
        let (network, decision) = (&self.network, &self.decision);
        Arc::clone(self.cache.get_or_insert(key, || Arc::new(decision.hear(&network.read(window)))))
    }
}

#[cfg(test)]
mod tests;
