//! What is looked for beside the rules, by whoever knows: the engine itself knows no packs.

use std::borrow::Cow;
use std::sync::Arc;

use crate::review::{Finding, Rule};
use crate::token::Paragraph;

/// Looks for something in the writer's own words. The same words always give the same answer.
pub trait Finder: Send + Sync {
    /// A text as the rules shall see it, byte for byte in its place.
    fn hush<'a>(&self, text: &'a str) -> Cow<'a, str>;

    /// A suggestion that a rule made of a hushed text, for `words` as they were written.
    fn restore(&self, suggestion: String, words: &str) -> String;

    /// What is found in a paragraph, in order and without overlaps, of what is not off. It adds nothing to the heat.
    fn find(&self, paragraph: &Paragraph, is_off: &dyn Fn(&Rule) -> bool) -> Vec<Finding>;

    /// Puts what was found of a draft among what rules and readers found, where both may stand in the same words.
    fn settle(&self, findings: &mut Vec<Finding>, found: Vec<Finding>);
}

/// A [`Finder`], or none.
#[derive(Clone, Default)]
pub struct Beside(Option<Arc<dyn Finder>>);

/// Whether there is one. (What it is made of would be kilobytes of the mind's wasm.)
impl std::fmt::Debug for Beside {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.0.is_some() { "Beside(..)" } else { "Beside" })
    }
}

/// The same finder, not one that finds the same.
impl PartialEq for Beside {
    fn eq(&self, other: &Beside) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl Eq for Beside {}

impl Beside {
    /// This finder.
    pub fn new(finder: impl Finder + 'static) -> Beside {
        Beside(Some(Arc::new(finder)))
    }

    pub(crate) fn finder(&self) -> Option<&dyn Finder> {
        self.0.as_deref()
    }
}
