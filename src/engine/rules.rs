//! The rules. Those made of patterns are data in `rules/*.toml`; those that no pattern can express are code beside
//! such a file, and have their line here.

use crate::review::{Example, Rule, Span, Suggestion};
use crate::token::Paragraph;
use crate::vocabulary::{EXAMPLES, RULES};

pub mod shouting;
#[path = "rules/wall-of-text.rs"]
pub mod wall_of_text;

/// What a coded rule does: looks at a paragraph and reports what it finds, in bytes of the paragraph.
pub type Find = fn(&Paragraph, &mut Vec<Found>);

/// What a coded rule reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The words to highlight.
    pub span: Span,
    /// Offered changes, best first.
    pub suggestions: Vec<Suggestion>,
}

/// All rules, by id.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// What a rule flags, and kinder text that it leaves alone.
pub fn examples(rule: &Rule) -> &'static [Example] {
    EXAMPLES.iter().find(|(id, _)| *id == rule.id).map_or(&[], |(_, examples)| examples)
}
