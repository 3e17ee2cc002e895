//! Which pattern matches where, before the findings are weighed against each other, for `build/patterns.py`; and what the
//! checklist's weights may be given to, for `training/checklist.py`. Behind the feature `trace`, so never part of what ships.

use crate::judge::{Context, Sentence, judge};
use crate::matcher;
use crate::normalise::{FIRST_WORD, MARKS, NUMBER, SENTENCE};
use crate::reading::is_doubtful;
use crate::requests::idle;
use crate::review::{Draft, Finding, Settings, Span, Thread};
use crate::reviewer::Reviewer;
use crate::signs::pairs;
use crate::temper;
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

/// The heat of a text that has neither quotes nor a signature block; and what in each of its sentences could speak for an item of
/// the checklist, as `checklist/weights.tsv` has it: words, pairs of neighbours, what patterns find (`=apology`), whether a rule does (`=!`).
/// May repeat itself.
pub fn signs(text: &str) -> (u8, Vec<Vec<String>>) {
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
            let mut signs = Vec::new();
            pairs(tokens, |first, second| {
                signs.push([name(first), name(second)].join(" ").trim_end().to_owned());
            });
            let met = FACT_NAMES.iter().enumerate().filter(|(bit, _)| sentence.facts & 1 << bit != 0);
            signs.extend(met.map(|(_, name)| format!("={name}")));
            signs.extend(judgement.stings(sentence).then(|| "=!".to_owned()));
            all.push(signs);
        }
    }
    let draft = Draft { text: text.to_owned(), regions: Vec::new() };
    (Reviewer::new(&draft, &Thread::default(), &Settings::default()).review().heat, all)
}

/// The findings of a text, `rule,start,end,doubtful` (the rule as [`temper::believed_as`] has it), before they are weighed; after
/// them its sentences, `start,end`, then what each is judged by ([`temper::Sight::facts`]), parted by commas, then, after a space
/// each, its words as `temper.tsv` calls them.
pub fn tempers(text: &str) -> Vec<String> {
    let draft = Draft { text: text.to_owned(), regions: Vec::new() };
    let (sentences, facts, findings) = Reviewer::new(&draft, &Thread::default(), &Settings::default()).unweighed();
    let words = |span: Span| text.get(span.start..span.end).unwrap_or("");
    let found = |finding: &Finding| {
        let doubtful = is_doubtful(finding.rule, words(finding.span));
        format!(
            "{},{},{},{}",
            temper::believed_as(finding.rule, words(finding.span)),
            finding.span.start,
            finding.span.end,
            u8::from(doubtful)
        )
    };
    let sentence = |(sentence, facts): (&Sentence, temper::Facts)| {
        let paragraph = tokenise(words(sentence.span));
        let names = paragraph.tokens.iter().filter_map(|token| temper::name(token, paragraph.text_of(token)));
        let facts = facts.map(|fact| format!("{fact:.4}")).join(",");
        let head = format!("{},{},{facts}", sentence.span.start, sentence.span.end);
        std::iter::once(head).chain(names).collect::<Vec<String>>().join(" ")
    };
    findings.iter().map(found).chain(sentences.iter().zip(facts).map(sentence)).collect()
}
