//! Names that are written in capitals without anybody shouting.

use crate::model::Pack;

/// A pack's terms that have capitals in a row, such as `XL-200 PRO`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms(Vec<(String, String)>);

impl Terms {
    /// Those of some packs; the longest first, so that none hides in another.
    pub fn new<'a>(packs: impl IntoIterator<Item = &'a Pack>) -> Terms {
        let mut terms: Vec<(String, String)> = packs
            .into_iter()
            .flat_map(|pack| &pack.terms)
            .map(|term| (term.clone(), quiet(term)))
            .filter(|(term, quiet)| term != quiet)
            .collect();
        terms.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then(one.cmp(other)));
        terms.dedup();
        Terms(terms)
    }

    /// The text with its terms in small letters but for their first, byte for byte in the same places: what is judged.
    pub fn hush(&self, text: &str) -> String {
        replace_words(text, self.0.iter().map(|(term, quiet)| (term.as_str(), quiet.as_str())))
    }

    /// The other way: for a suggestion that was made of a hushed text, and the words that it replaces as they were.
    pub fn restore(&self, suggestion: &str, words: &str) -> String {
        let there = self.0.iter().filter(|(term, _)| words.contains(term.as_str()));
        replace_words(suggestion, there.map(|(term, quiet)| (quiet.as_str(), term.as_str())))
    }
}

/// ASCII alone changes its case in its place.
fn quiet(term: &str) -> String {
    let mut inside = false;
    let lower = |character: char| {
        let lowered = if inside { character.to_ascii_lowercase() } else { character };
        inside = character.is_alphanumeric();
        lowered
    };
    term.chars().map(lower).collect()
}

fn replace_words<'a>(text: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = text.to_owned();
    for (from, to) in pairs {
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find(from)) {
            let (start, end) = (at + found, at + found + from.len());
            let before = text[..start].chars().next_back();
            let behind = text[end..].chars().next();
            if ![before, behind].into_iter().flatten().any(char::is_alphanumeric) {
                text.replace_range(start..end, to);
            }
            at = end;
        }
    }
    text
}
