//! The shipped snippets (one file in `snippets/` each), and how a snippet becomes text.

use std::sync::OnceLock;

use crate::normalise::small;
use crate::review::{Snippet, Thread};
use crate::upset::upset;
use crate::vocabulary::SNIPPETS;

/// What the placeholders of a snippet stand for; what is not known stays visible as `{my_name}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placeholders {
    /// The customer's first name.
    pub customer: Option<String>,
    /// The writer's name.
    pub my_name: Option<String>,
    /// The writer's business.
    pub business: Option<String>,
    /// The day by which something will be done, as it should read.
    pub date: Option<String>,
}

/// All shipped snippets, by id.
pub fn snippets() -> &'static [Snippet] {
    static ALL: OnceLock<Vec<Snippet>> = OnceLock::new();
    ALL.get_or_init(|| {
        SNIPPETS
            .iter()
            .map(|[id, title, item, text]| Snippet {
                id: (*id).to_owned(),
                title: (*title).to_owned(),
                item: (*item).to_owned(),
                text: (*text).to_owned(),
            })
            .collect()
    })
}

/// The shipped snippet to offer first for a checklist item: the fuller one where the customer is upset, the shorter
/// one elsewhere.
pub fn best_snippet(item_id: &str, thread: &Thread) -> Option<&'static Snippet> {
    let fitting = snippets().iter().filter(|snippet| snippet.item == item_id);
    if upset(thread) {
        fitting.max_by_key(|snippet| snippet.text.len())
    } else {
        fitting.min_by_key(|snippet| snippet.text.len())
    }
}

/// Puts values in the place of placeholders. A value is never read for placeholders itself.
pub fn fill(text: &str, placeholders: &Placeholders) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let Some(end) = from.find('}') else {
            rest = from;
            break;
        };
        let (name, after) = from.split_at(end + 1);
        let value = match name {
            "{customer}" => placeholders.customer.as_deref(),
            "{my_name}" => placeholders.my_name.as_deref(),
            "{business}" => placeholders.business.as_deref(),
            "{date}" => placeholders.date.as_deref(),
            _ => None,
        };
        match value.map(str::trim).filter(|value| !value.is_empty()) {
            Some(value) => {
                out.push_str(value);
                rest = after;
            }
            // An unknown name may hold another brace: only this one is passed by.
            None => {
                out.push('{');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// The first name in a display name: `Gary` of `Gary Stone`, of `Stone, Gary` and of `"Stone, Gary" <g@x.org>`.
pub fn first_name(display_name: &str) -> Option<String> {
    let name = display_name.split('<').next().unwrap_or("").trim().trim_matches(['"', '\'']).trim();
    let name = match name.split_once(',') {
        Some((_, first)) => first.trim(),
        None => name,
    };
    let titles = ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "frau"];
    let is_title = |word: &&str| titles.contains(&small(word.trim_end_matches('.')).as_str());
    let first = name.split_whitespace().find(|word| !is_title(word))?;
    let is_name = !first.contains(['@', '.', '_'])
        && first.chars().any(char::is_alphabetic)
        && !first.chars().any(|c| c.is_ascii_digit());
    let had_title = name.split_whitespace().next().is_some_and(|word| is_title(&word));
    // After "Mrs" only the surname may follow, and nobody wants to be "Hi Stone".
    (is_name && !(had_title && name.split_whitespace().count() < 3)).then(|| first.to_owned())
}
