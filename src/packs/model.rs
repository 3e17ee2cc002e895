//! What a pack holds. The order of the fields is that of the written file; their comments are the schema's.

use composure_snippets::Snippet;
use serde::Serialize;

use crate::compiled::{MINE, MINE_RULE};
use crate::matcher::Source;
use crate::read::{Mistake, read};

/// The version of the file that this code writes. A higher one was written for a newer Composure.
pub const VERSION: u32 = 1;

/// What a team shares: its snippets, the phrases it avoids or prefers, its terms, policies and thresholds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Pack {
    /// The version of this format.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub version: u32,
    /// What the pack is called, such as the business's name.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// Who looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Ids of Composure's own rules that do not apply here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub rules_off: Vec<String>,
    /// Names of products and the like: never misspelt, and never shouting where they are written as here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub terms: Vec<String>,
    /// From when on things happen.
    #[serde(skip_serializing_if = "Thresholds::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub thresholds: Thresholds,
    /// Phrases that are not to be sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub avoid: Vec<Avoid>,
    /// Phrases to write rather than others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub prefer: Vec<Prefer>,
    /// What the business has decided, in words that can be sent; offered as snippets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub policy: Vec<Policy>,
    /// Texts to insert.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub snippet: Vec<Template>,
}

/// What a pack sets of the writer's settings; what it does not name stays as the writer has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Thresholds {
    /// From which heat on a draft is held when Send is pressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
    pub guard_heat: Option<u32>,
    /// After how many days records are deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 36500)))]
    pub keep_days: Option<u32>,
}

/// How much harm a phrase does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// Could be better.
    Hint,
    /// Should not be sent.
    #[default]
    Warning,
    /// Must not be sent.
    Serious,
}

/// A phrase that is not to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Avoid {
    /// The phrase: words, `[may be missing]`, `(this|that)`, `_` for any word.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 300)))]
    pub find: String,
    /// How much harm it does; `warning` where it is not said.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub severity: Severity,
    /// One short sentence: why it does not help.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub why: String,
    /// What to write in its place, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub instead: Vec<String>,
    /// Sentences in which it has to be found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub hit: Vec<String>,
    /// Sentences in which it must not be found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub miss: Vec<String>,
}

/// A phrase to write rather than others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Prefer {
    /// The phrase to write.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub write: String,
    /// The phrases that it replaces, as in `find`.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub over: Vec<String>,
    /// One short sentence: why it is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Sentences in which one of the others has to be found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub hit: Vec<String>,
    /// Sentences in which none of them must be found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub miss: Vec<String>,
}

/// What the business has decided, in words that can be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Policy {
    /// Unique in the pack; small letters, digits and hyphens.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]*$")))]
    pub id: String,
    /// What lists call it.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub title: String,
    /// The text to insert, with `{placeholders}`.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub text: String,
}

/// How a text speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Register {
    /// As to somebody one likes.
    Warm,
    /// As it comes.
    #[default]
    Plain,
    /// As in a letter.
    Formal,
}

/// A text to insert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Template {
    /// Unique in the pack; small letters, digits and hyphens.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]*$")))]
    pub id: String,
    /// What lists call it.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub title: String,
    /// What it is for, such as `late-delivery`.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub situation: String,
    /// How it speaks; `plain` where it is not said.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub register: Register,
    /// What a writer types to find it, and what a conversation about it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub words: Vec<String>,
    /// The checklist items that it meets, such as `next_step`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub needs: Vec<String>,
    /// The text to insert, with `{placeholders}`.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub text: String,
}

impl From<Severity> for composure_engine::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Hint => composure_engine::Severity::Hint,
            Severity::Warning => composure_engine::Severity::Warning,
            Severity::Serious => composure_engine::Severity::Serious,
        }
    }
}

impl Thresholds {
    fn is_empty(&self) -> bool {
        *self == Thresholds::default()
    }
}

impl Register {
    fn name(self) -> &'static str {
        match self {
            Register::Warm => "warm",
            Register::Plain => "plain",
            Register::Formal => "formal",
        }
    }
}

impl Pack {
    /// Reads a pack, or tells everything that is wrong with it, in the order of the file.
    ///
    /// # Errors
    /// Where there is a mistake in it: then nothing of it is read.
    pub fn read(text: &str) -> Result<Pack, Vec<Mistake>> {
        read(text)
    }

    /// The pack as a file. The same pack always gives the same bytes.
    pub fn to_text(&self) -> String {
        // Fails for what TOML cannot say, such as a missing value in a list; a pack has none.
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// What its findings are called: `pack:lakeside-bikes`.
    pub fn rule_id(&self) -> String {
        if self.name == MINE {
            return MINE_RULE.to_owned();
        }
        let mut id = "pack".to_owned();
        let words = self.name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        for (place, word) in words.enumerate() {
            id.push(if place == 0 { ':' } else { '-' });
            id.push_str(&word.to_lowercase());
        }
        // Of signs alone.
        if !id.contains(':') {
            id.push_str(":unnamed");
        }
        id
    }

    /// Where each phrase comes from, how much harm it does, the phrase, and what may stand in its place.
    pub(crate) fn phrases(&self) -> impl Iterator<Item = (Source, Severity, &str, Vec<String>)> {
        let avoid = self.avoid.iter().enumerate();
        let avoid =
            avoid.map(|(place, one)| (Source::Avoid(place), one.severity, one.find.as_str(), one.instead.clone()));
        let prefer = self.prefer.iter().enumerate().flat_map(|(place, one)| {
            one.over
                .iter()
                .map(move |over| (Source::Prefer(place), Severity::Hint, over.as_str(), vec![one.write.clone()]))
        });
        avoid.chain(prefer)
    }

    /// What it offers to insert: its snippets, then its policies, in the order of the file.
    pub fn snippets(&self) -> Vec<Snippet> {
        let snippets = self.snippet.iter().map(|template| Snippet {
            id: template.id.clone(),
            title: template.title.clone(),
            situation: template.situation.clone(),
            register: template.register.name().to_owned(),
            words: template.words.clone(),
            needs: template.needs.clone(),
            text: template.text.clone(),
        });
        let policies = self.policy.iter().map(|policy| Snippet {
            id: policy.id.clone(),
            title: policy.title.clone(),
            situation: "policy".to_owned(),
            register: Register::Plain.name().to_owned(),
            text: policy.text.clone(),
            ..Snippet::default()
        });
        snippets.chain(policies).collect()
    }
}
