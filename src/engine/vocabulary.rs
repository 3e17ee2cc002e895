//! The words that patterns know, and the tables made of them by `build.rs`.

use crate::normalise::{FIRST_WORD, bucket, class, hash, slot};
use crate::review::{ChecklistItem, Example, Rule, Severity};

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// One compiled pattern.
#[derive(Debug)]
pub struct Pattern {
    /// Where its code starts in [`CODE`].
    pub code: u32,
    /// Index of its rule, or, past the rules, of its checklist item or cue.
    pub group: u16,
    /// Which ids can follow the id it is indexed under, as a Bloom filter.
    pub filter: u64,
    /// How many tokens before the indexed one the match begins, at least and at most.
    pub back: (u8, u8),
    /// Its suggestions in [`TEMPLATES`].
    pub templates: (u16, u16),
    /// Its `unless` patterns in [`CALLS`].
    pub calls: (u16, u16),
}

/// A pattern that calls a match off.
#[derive(Debug)]
pub struct Call {
    /// 0 anywhere in the sentence, 1 directly before the match, 2 directly after it.
    pub kind: u8,
    /// Where its code starts in [`CODE`].
    pub code: u32,
    /// All of these bits are in the sentence's filter if it matches there.
    pub all: u64,
    /// One at least of these bits is.
    pub any: u64,
}

/// A word list: single words sorted, phrases by their first word, the longest first.
#[derive(Debug)]
pub struct List {
    /// One bit per word of the vocabulary: whether an entry begins with it.
    pub firsts: &'static [u8],
    /// Ids of the one-word entries.
    pub singles: &'static [u16],
    /// The other entries.
    pub phrases: &'static [&'static [u16]],
}

/// A checklist item with how to judge it.
#[derive(Debug)]
pub struct Item {
    /// What the panel shows.
    pub item: ChecklistItem,
    /// The bit of sentences that its patterns match.
    pub fact: u32,
    /// When it is asked for.
    pub asked: Asked,
    /// Where it must stand.
    pub look: Look,
    /// Where its snippet goes.
    pub place: Place,
    /// Whether the mail client's own signature block satisfies it.
    pub signature_block_counts: bool,
}

/// When an item is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum Asked {
    /// In every reply.
    Always,
    /// Where the customer is upset.
    Upset,
}

/// Which sentences can satisfy an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum Look {
    /// The first.
    FirstLine,
    /// The first two after the greeting.
    Opening,
    /// Any.
    Anywhere,
    /// The last few lines.
    Closing,
}

/// Where an item's snippet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum Place {
    /// Before everything.
    Top,
    /// Where the text after the greeting begins.
    AfterGreeting,
    /// Where the sign-off begins, or else the end.
    AboveSignOff,
    /// After the writer's last words.
    End,
}

impl List {
    /// Whether an entry begins with a word.
    #[inline]
    pub fn begins_with(&self, id: u16) -> bool {
        id.checked_sub(FIRST_WORD).is_some_and(|place| {
            self.firsts.get(usize::from(place / 8)).is_some_and(|byte| byte & (1 << (place % 8)) != 0)
        })
    }
}

/// The id of a word given by its hash; `same` tells whether a candidate is it. 0 for a word nobody knows.
#[inline]
pub fn find(hash: u64, same: impl Fn(&str) -> bool) -> u16 {
    let bucket = bucket(hash, DISPLACEMENTS.len());
    let Some(displacement) = DISPLACEMENTS.get(bucket) else {
        return 0;
    };
    let place = slot(hash, *displacement, CLASSES.len());
    if same(word_at(place)) { place as u16 + FIRST_WORD } else { 0 }
}

/// The id of a normalised word, 0 for one nobody knows.
pub fn lookup(word: &str) -> u16 {
    find(hash(word.as_bytes()), |known| known == word)
}

/// The word of an id; empty for marks and unknown words.
pub fn word(id: u16) -> &'static str {
    id.checked_sub(FIRST_WORD).map_or("", |place| word_at(usize::from(place)))
}

fn word_at(place: usize) -> &'static str {
    match (WORD_ENDS.get(place), WORD_ENDS.get(place + 1)) {
        (Some(start), Some(end)) => WORD_TEXT.get(*start as usize..*end as usize).unwrap_or(""),
        _ => "",
    }
}

/// What is known of a word's grammar: bits of [`class`].
#[inline]
pub fn classes(id: u16) -> u32 {
    id.checked_sub(FIRST_WORD).and_then(|place| CLASSES.get(usize::from(place))).copied().unwrap_or(0)
}

/// The words that another spelling stands for; the second is 0 where it is only one.
pub fn alias(id: u16) -> Option<(u16, u16)> {
    if classes(id) & class::ALIAS == 0 {
        return None;
    }
    let place = ALIAS_IDS.binary_search_by_key(&id, |alias| alias.0).ok()?;
    ALIAS_IDS.get(place).map(|alias| (alias.1, alias.2))
}

/// The forms of the verb that a word is a form of: base, past, participle, `-ing`.
pub fn verb(id: u16) -> Option<&'static [&'static str; 4]> {
    let place = VERB_FORMS.binary_search_by_key(&id, |form| form.0).ok()?;
    VERBS.get(usize::from(VERB_FORMS.get(place)?.1))
}
