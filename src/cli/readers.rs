//! The learned reader, for all cores: each has one of its own, and all read the same file.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use composure_engine::{Heard, HeardHeat, Reading, Span};
use composure_reader::Reader;

/// Readers that nobody is using, and what another one is made of.
pub struct Readers {
    file: Vec<u8>,
    idle: Mutex<Vec<Reader>>,
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Readers of {} bytes", self.file.len())
    }
}

impl Readers {
    /// Of a reader's file, as `training/` writes it and the extension ships it.
    ///
    /// # Errors
    /// If it cannot be read or is none.
    pub fn open(file: &Path) -> Result<Readers> {
        let name = || format!("the reader's file {}", file.display());
        let bytes = std::fs::read(file).with_context(name)?;
        let first = Reader::new(&bytes).with_context(name)?;
        Ok(Readers { file: bytes, idle: Mutex::new(vec![first]) })
    }

    /// Reads the sentences of a draft.
    pub fn read(&self, sentences: Vec<String>) -> Reading {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let another = || Reader::new(&self.file).ok();
        let taken = idle().pop();
        // The file was fit to be read when it was opened.
        let Some(mut reader) = taken.or_else(another) else { return Reading::default() };
        let read = reader.read(&sentences.join("\n"));
        idle().push(reader);
        let span = |span: &std::ops::Range<usize>| Span { start: span.start, end: span.end };
        let heard: Vec<Heard> =
            read.findings.iter().filter_map(|finding| Heard::new(&finding.label, span(&finding.span))).collect();
        let stretches: Vec<(Span, bool)> =
            read.stretches.iter().map(|stretch| (span(&stretch.span), stretch.trusted)).collect();
        // Without a sentence nothing was heard, and the rules' heat stands alone.
        let heat = read.heat.map_or(HeardHeat { base: f64::NAN, of_rules: 0.0 }, |heat| HeardHeat {
            base: heat.base,
            of_rules: heat.of_rules,
        });
        Reading::of_lines(sentences, &heard, &stretches, heat)
    }
}
