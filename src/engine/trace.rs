//! Which pattern matches where, before the findings are weighed against each other. For `build/patterns.py`; behind the
//! feature `trace`, so never part of what ships.

use crate::matcher;
use crate::review::Span;
use crate::template::{span_of, suggestions};
use crate::token::tokenise;
use crate::vocabulary::{fact_of, pattern};

/// A match of a rule's pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The pattern: its place among all patterns of all rules, rules by file name, patterns as they stand in the file.
    pub pattern: usize,
    /// The words it would highlight, in bytes of the text.
    pub span: Span,
    /// Whether it offers a change that leaves a correct sentence.
    pub offers: bool,
}

/// All matches of all rules' patterns, of every paragraph of a text that has neither quotes nor a signature block.
pub fn trace(text: &str) -> Vec<Trace> {
    let mut traces = Vec::new();
    let mut offset = 0;
    for block in text.split_inclusive("\n\n") {
        let start = offset + block.len() - block.trim_start().len();
        offset += block.len();
        let paragraph = tokenise(block.trim());
        matcher::scan(&paragraph, &|group| fact_of(group) == 0, &mut |hit| {
            let (from, to) = (usize::from(hit.highlight.0), usize::from(hit.highlight.1));
            let (Some(known), Some(span)) = (pattern(hit.pattern), span_of(&paragraph.tokens, from, to)) else {
                return;
            };
            let span = Span { start: start + span.start, end: start + span.end };
            let offers = known.has_templates() && !suggestions(&paragraph, &hit).is_empty();
            traces.push(Trace { pattern: hit.pattern, span, offers });
        });
    }
    traces
}
