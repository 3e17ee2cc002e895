//! Which pattern matches where, before the findings are weighed against each other, for `build/patterns.py`; and what the
//! checklist's weights may be given to, for `training/checklist.py`. Behind the feature `trace`, so never part of what ships.

use crate::judge::{Context, judge};
use crate::matcher;
use crate::normalise::{FIRST_WORD, MARKS, NUMBER, SENTENCE};
use crate::requests::idle;
use crate::review::{Draft, Finding, Settings, Span, Thread};
use crate::reviewer::Reviewer;
use crate::signs::pairs;
use crate::template::{span_of, suggestions};
use crate::token::{mark, tokenise};
use crate::vocabulary::{FACT_NAMES, fact_of, pattern, word};

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

/// What in each sentence of a text, which has neither quotes nor a signature block, could speak for an item of the checklist, as
/// `checklist/weights.tsv` has it: words, pairs of neighbours, what patterns find (`=apology`), whether a rule does (`=!`).
/// May repeat itself.
pub fn signs(text: &str) -> Vec<Vec<String>> {
    let context = Context { idle: idle(&[]), ..Context::default() };
    let name = |id: u16| match id {
        SENTENCE => "^",
        NUMBER => "#",
        mark::BREAK => "¶",
        FIRST_WORD.. => word(id),
        _ => MARKS.get(usize::from(id).wrapping_sub(1)).copied().unwrap_or(""),
    };
    let mut all = Vec::new();
    for block in text.split("\n\n").map(str::trim) {
        let (paragraph, judgement) = (tokenise(block), judge(block, &context));
        for (sentence, (from, to)) in judgement.sentences.iter().zip(paragraph.sentences()) {
            let tokens = paragraph.tokens.get(from..to).unwrap_or_default();
            let words =
                pairs(tokens).map(|(first, second)| [name(first), name(second)].join(" ").trim_end().to_owned());
            let mut signs: Vec<String> = words.collect();
            let met = FACT_NAMES.iter().enumerate().filter(|(bit, _)| sentence.facts & 1 << bit != 0);
            signs.extend(met.map(|(_, name)| format!("={name}")));
            signs.extend(judgement.stings(sentence).then(|| "=!".to_owned()));
            all.push(signs);
        }
    }
    all
}

/// The findings of a text, `rule,start,end,words` (of its sentence), and after them what they are weighed against: `=name` for what the draft does,
/// and `name,number` for the rest.
pub fn weighing(text: &str) -> Vec<String> {
    let draft = Draft { text: text.to_owned(), regions: Vec::new() };
    let (findings, points, signs) = Reviewer::new(&draft, &Thread::default(), &Settings::default()).unweighed();
    let finding = |(found, around): &(Finding, u32)| {
        format!("{},{},{},{around}", found.rule.id, found.span.start, found.span.end)
    };
    let mut all: Vec<String> = findings.iter().map(finding).collect();
    let met = FACT_NAMES.iter().enumerate().filter(|(bit, _)| points.facts & 1 << bit != 0);
    all.extend(met.map(|(_, name)| format!("={name}")));
    all.extend([
        format!("words,{}", points.words),
        format!("ours,{}", points.manner.ours),
        format!("please,{}", u8::from(points.manner.asks_kindly)),
    ]);
    all.extend(FACT_NAMES.iter().zip(signs.sure()).map(|(item, sure)| format!("{item},{sure:.4}")));
    all
}
