//! The words of the interface in the writer's language.
//!
//! The English text stands in the sources and is the key: `t!("Mend it")`, `t!("To {who}", who = name)`,
//! `tn!(count, "{n} reply", "{n} replies")`. Where [`speak`] was not called, or knows no translation, English is said. The
//! catalogues are `extension/_locales/*/messages.json`; `tests/catalogues.rs` compares them with the sources.

use std::cell::Cell;
use std::fmt::Display;

thread_local! {
    // A language, and its words: an English text, what is said instead, and so on. Of a thread, so that tests do not hear each
    // other; a page has one.
    static SPOKEN: Cell<(&'static str, &'static [String])> = const { Cell::new(("en", &[])) };
}

/// Says everything in a language (`de`) from now on. `words` are an English text, what to say instead, and so on. They stay
/// in memory: to be called once.
pub fn speak(language: String, words: Vec<String>) {
    SPOKEN.with(|spoken| spoken.set((String::leak(language), Vec::leak(words))));
}

/// The language that is spoken, as the `lang` attribute names it.
pub fn language() -> &'static str {
    SPOKEN.with(Cell::get).0
}

/// What is said instead of an English text, if that is known. For a text that stands in no source, such as a rule's name.
pub fn find(english: &str) -> Option<&'static str> {
    // Some hundred comparisons of two lengths: a table to look it up in would cost the mind more bytes than this costs time.
    SPOKEN.with(Cell::get).1.chunks_exact(2).find_map(|pair| match pair {
        [key, said] if key == english => Some(said.as_str()),
        _ => None,
    })
}

/// The same for a text that may be none of ours; then as it is.
pub fn said(text: String) -> String {
    find(&text).map(str::to_owned).unwrap_or(text)
}

/// An English text in the language that is spoken. For a text that [`mark!`] names elsewhere; otherwise see [`t!`].
pub fn text(english: &'static str) -> &'static str {
    find(english).unwrap_or(english)
}

/// The form for so many, of the two that English has. See [`tn!`].
pub fn form(count: usize, one: &'static str, other: &'static str) -> &'static str {
    // In French and Portuguese, none is singular. A language with more than two forms would need them here.
    let is_one = count == 1 || count == 0 && matches!(language(), "fr" | "pt");
    text(if is_one { one } else { other })
}

/// Puts what is to be filled in at its `{name}`. Other braces stay as they are.
pub fn fill(text: &str, fillings: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let filling = after.split_once('}').and_then(|(name, behind)| {
            let (_, value) = fillings.iter().find(|(one, _)| *one == name)?;
            Some((value, behind))
        });
        match filling {
            Some((value, behind)) => {
                filled.push_str(&value.to_string());
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// What stands before the only filling and after it, where that is more than a text.
pub fn split(text: &str) -> (&str, &str) {
    let (before, rest) = text.split_once('{').unwrap_or((text, ""));
    (before, rest.split_once('}').map_or("", |(_, after)| after))
}

/// A text in markup: see [`say!`].
#[derive(Clone, Copy, Debug)]
pub struct Said(pub &'static str);

impl maud::Render for Said {
    // Once, and not at each of some hundred places.
    #[inline(never)]
    fn render_to(&self, buffer: &mut String) {
        text(self.0).render_to(buffer);
    }
}

/// A text of the interface, `t!("Mend it")`, also with fillings: `t!("To {who}", who = name)`.
#[macro_export]
macro_rules! t {
    ($english:literal) => {
        $crate::text($english)
    };
    ($english:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::fill($crate::text($english), &[$((stringify!($name), &$value)),+])
    };
}

/// A text without fillings that goes into markup: `p { (say!("Mend it")) }`. As [`t!`], in fewer bytes.
#[macro_export]
macro_rules! say {
    ($english:literal) => {
        $crate::Said($english)
    };
}

/// A text for one and for several, `tn!(count, "{n} reply", "{n} replies")`, maybe with more fillings than `n`, or with an `n`
/// that is written otherwise.
#[macro_export]
macro_rules! tn {
    ($count:expr, $one:literal, $other:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        let count = $count;
        // A count that is too large is not one.
        let form = $crate::form(usize::try_from(count).unwrap_or(usize::MAX), $one, $other);
        $crate::fill(form, &[$((stringify!($name), &$value),)* ("n", &count)])
    }};
}

/// A text that stands in a constant, to be said by [`text`]: `mark!("Breathe in")` is that text itself.
#[macro_export]
macro_rules! mark {
    ($english:literal) => {
        $english
    };
}

#[cfg(test)]
mod tests {
    use super::{find, language, speak};

    #[test]
    fn without_a_catalogue_english_is_said() {
        assert_eq!(language(), "en");
        assert_eq!(t!("Mend it"), "Mend it");
        assert_eq!(t!("To {who}, {what}", who = "Gary", what = 3), "To Gary, 3");
        assert_eq!([0, 1, 2].map(|n| tn!(n as u32, "{n} reply", "{n} replies")), ["0 replies", "1 reply", "2 replies"]);
    }

    #[test]
    fn a_catalogue_is_heard_in_its_thread() {
        let words = ["Mend it", "Mildern", "{n} reply", "{n} Antwort", "{n} replies", "{n} Antworten", "alone"];
        speak("de".to_owned(), words.map(str::to_owned).to_vec());
        assert_eq!((language(), t!("Mend it"), t!("Send")), ("de", "Mildern", "Send"));
        assert_eq!([0, 1].map(|n| tn!(n as usize, "{n} reply", "{n} replies")), ["0 Antworten", "1 Antwort"]);
        assert_eq!(find("alone"), None);
        speak("fr".to_owned(), vec!["{n} reply".to_owned(), "{n} réponse".to_owned()]);
        assert_eq!([0, 2].map(|n| tn!(n as usize, "{n} reply", "{n} replies")), ["0 réponse", "2 replies"]);
    }

    #[test]
    fn only_fillings_are_filled() {
        assert_eq!(t!("{a}{b} {c} { {a", a = "{b}", b = "}"), "{b}} {c} { {a");
    }
}
