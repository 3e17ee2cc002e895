//! Names that are written in capitals without anybody shouting.

use std::borrow::Cow;

/// Terms that have capitals in a row, such as `XL-200 PRO`, each with how it is written for the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms(Vec<(String, String)>);

impl Terms {
    /// The longest come first, so that none hides in another.
    pub fn new<'a>(terms: impl IntoIterator<Item = &'a str>) -> Terms {
        let mut all: Vec<(String, String)> = Vec::new();
        for term in terms {
            let quiet = quiet(term);
            if term != quiet && !all.iter().any(|(known, _)| known == term) {
                let at = all.partition_point(|(other, _)| other.len() >= term.len());
                all.insert(at, (term.to_owned(), quiet));
            }
        }
        Terms(all)
    }

    /// The text with its terms in small letters but for their first, byte for byte in the same places: what is judged.
    pub fn hush<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(self.0.iter().fold(text.to_owned(), |text, (term, quiet)| replace_words(text, term, quiet)))
    }

    /// The other way: for a suggestion that was made of a hushed text, and the words that it replaces as they were.
    pub fn restore(&self, suggestion: String, words: &str) -> String {
        let there =
            self.0.iter().filter(|(term, _)| words.as_bytes().windows(term.len()).any(|part| part == term.as_bytes()));
        there.fold(suggestion, |text, (term, quiet)| replace_words(text, quiet, term))
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

/// `to` for `from`, of which only the case of ASCII differs, wherever that stands as words of its own. (By bytes: what
/// searches and splices texts is kilobytes of the mind's wasm.)
fn replace_words(text: String, from: &str, to: &str) -> String {
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.as_bytes().get(at..).filter(|rest| rest.len() >= from.len() && !from.is_empty()) {
        let end = at + from.len();
        if rest.starts_with(from.as_bytes()) {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let behind = text.get(end..).and_then(|behind| behind.chars().next());
            if !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric) {
                places.push(at);
            }
            at = end;
        } else {
            at += 1;
        }
    }
    if places.is_empty() {
        return text;
    }
    let mut bytes = text.into_bytes();
    for at in places {
        if let Some(words) = bytes.get_mut(at..at + to.len()) {
            words.copy_from_slice(to.as_bytes());
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Terms;

    #[test]
    fn terms_are_hushed_in_their_place_and_come_back() {
        let terms = Terms::new(["XL-200", "LakeCare", "XL-200 PRO", "XL-200 PRO", "quiet"]);
        let text = "The XL-200 PRO, not the XL-200 PROBE. LakeCare IT.";
        let hushed = terms.hush(text);
        assert_eq!(hushed, "The Xl-200 Pro, not the Xl-200 PROBE. Lakecare IT.");
        assert_eq!(hushed.len(), text.len());
        assert_eq!(terms.restore("Your Xl-200 Pro left".to_owned(), "the XL-200 PRO"), "Your XL-200 PRO left");
        // A word that only looks like a term stays what it is.
        assert_eq!(Terms::new(["IT"]).restore("It was not there".to_owned(), "You lost it"), "It was not there");
        assert_eq!(Terms::new(["", "É!", "ÉA"]).hush("É ÉA ÉAB"), "É Éa ÉAB");
    }
}
