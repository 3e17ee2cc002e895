//! Which snippet fits: what was typed decides first, then what the draft lacks, what the conversation is about, and what this
//! writer uses.

use std::cmp::Reverse;

use crate::library::{Entry, Snippet};

/// What a snippet is wanted for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// What the writer typed; empty for whatever fits best.
    pub query: &'a str,
    /// The checklist items that the draft lacks, such as `next-step`.
    pub unmet: &'a [&'a str],
    /// The customer's words.
    pub thread: &'a str,
}

/// The entries that match what was typed, best first, by their places.
pub fn search(entries: &[Entry], wanted: &Wanted) -> Vec<usize> {
    let query = small(wanted.query);
    let typed: Vec<&str> = words(&query).collect();
    let thread = format!(" {} ", words(&small(wanted.thread)).collect::<Vec<_>>().join(" "));
    // In order at once: any sort of the standard library would be more kilobytes of wasm than all the rest of this.
    let mut found: Vec<(Reverse<u32>, usize)> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        if let Some(likeness) = match_of(&entry.snippet, &typed) {
            let one = (Reverse(likeness * 4 + fit_of(entry, wanted.unmet, &thread)), place);
            found.insert(found.partition_point(|other| *other < one), one);
        }
    }
    found.into_iter().map(|(_, place)| place).collect()
}

/// How well a snippet fits here, whatever was typed.
fn fit_of(entry: &Entry, unmet: &[&str], thread: &str) -> u32 {
    let meets = |need: &&String| unmet.iter().any(|item| item.replace('-', "_") == **need);
    let lacked = entry.snippet.needs.iter().filter(meets).count().min(3);
    let said = |word: &&String| {
        let word = words(&small(word)).collect::<Vec<_>>().join(" ");
        !word.is_empty() && thread.contains(&format!(" {word} "))
    };
    let about = entry.snippet.words.iter().filter(said).count().min(4);
    let used = entry.uses.min(64).checked_ilog2().map_or(0, |log| log + 1);
    let points = |count: usize, each: u32| u32::try_from(count).unwrap_or(0) * each;
    points(lacked, 6) + points(about, 10) + used * 5 + if entry.favourite { 30 } else { 0 } + u32::from(entry.own) * 2
}

/// How well a snippet matches all that was typed, or nothing where a word of it is nowhere in there.
fn match_of(snippet: &Snippet, typed: &[&str]) -> Option<u32> {
    let title = small(&snippet.title);
    let known = small(&snippet.words.join(" "));
    let text = small(&snippet.text);
    let fields = [(title.as_str(), 10), (known.as_str(), 9), (snippet.situation.as_str(), 8)];
    let mut sum = 0;
    for typed in typed {
        let best =
            |(field, worth): &(&str, u32)| worth * words(field).map(|word| likeness(typed, word)).max().unwrap_or(0);
        let found: u32 = fields.iter().map(best).sum();
        let in_text = || typed.len() > 3 && words(&text).any(|word| word.starts_with(typed));
        sum += Some(found).filter(|found| *found > 0).or_else(|| in_text().then_some(4))?;
    }
    Some(sum)
}

/// How like a word is what was typed of it, 0 to 4: whole, its beginning, with one slip, or with letters left out.
fn likeness(typed: &str, word: &str) -> u32 {
    let count = typed.chars().count();
    if word == typed {
        4
    } else if word.starts_with(typed) {
        3
    } else if count < 4 || typed.chars().next() != word.chars().next() {
        0
    } else if strsim::osa_distance(typed, &word.chars().take(count).collect::<String>()) <= 1 {
        2
    } else {
        let mut rest = word.chars();
        let skips = typed.chars().all(|wanted| rest.any(|letter| letter == wanted));
        u32::from(skips && word.chars().count() <= count + 3)
    }
}

/// A text in small letters, without the standard library's care for where Greek words end: two kilobytes of the mind.
pub(crate) fn small(text: &str) -> String {
    let mut small = String::with_capacity(text.len());
    text.chars().for_each(|c| small.extend(c.to_lowercase()));
    small
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty())
}
