//! The words that patterns know, and the tables made of them by `build.rs`.

use crate::normalise::{FIRST_WORD, bucket, class, hash, slot};
use crate::review::{ChecklistItem, Example, Rule, Severity};

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// One compiled pattern, put together from its tables.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// Its place in the tables.
    pub place: usize,
    /// Where its code starts in [`CODE`].
    pub code: u32,
    /// Index of its rule, or, past the rules, of its checklist item or cue.
    pub group: u16,
    /// How many tokens before the indexed one the match begins, at least and at most.
    pub back: (u8, u8),
}

/// A pattern that calls matches off.
#[derive(Debug)]
pub struct Unless {
    /// Where its code starts in [`CODE`].
    pub code: u32,
    /// All of these bits are in the sentence's filter if it matches there.
    pub all: u64,
    /// One at least of these bits is.
    pub any: u64,
}

/// The pattern at a place of the tables.
#[inline]
pub fn pattern(place: usize) -> Option<Pattern> {
    let back = *PATTERN_BACK.get(place)?;
    Some(Pattern {
        place,
        code: *PATTERN_CODE.get(place)?,
        group: *PATTERN_GROUP.get(place)?,
        back: ((back >> 8) as u8, back as u8),
    })
}

impl Pattern {
    /// What calls a match of it off: 0 anywhere in the sentence, 1 directly before it, 2 directly after it.
    pub fn calls(&self) -> impl Iterator<Item = (u8, &'static Unless)> {
        table_range(&PATTERN_CALLS, &CALLS, self.place)
            .iter()
            .filter_map(|call| Some(((call >> 14) as u8, UNLESS.get(usize::from(call & 0x3fff))?)))
    }

    /// Its suggestions, best first.
    pub fn templates(&self) -> impl Iterator<Item = &'static str> {
        let (start, end) = (PATTERN_TEMPLATES.get(self.place), PATTERN_TEMPLATES.get(self.place + 1));
        let range = usize::from(start.copied().unwrap_or(0))..usize::from(end.copied().unwrap_or(0));
        range.filter_map(|place| {
            let end = |place: usize| TEMPLATE_ENDS.get(place).copied().map(usize::from);
            let start = place.checked_sub(1).map_or(Some(0), end)?;
            TEMPLATE_TEXT.get(start..end(place)?)
        })
    }

    /// Whether it has suggestions.
    pub fn has_templates(&self) -> bool {
        PATTERN_TEMPLATES.get(self.place) < PATTERN_TEMPLATES.get(self.place + 1)
    }
}

fn table_range<'a>(starts: &[u16], values: &'a [u16], place: usize) -> &'a [u16] {
    match (starts.get(place), starts.get(place + 1)) {
        (Some(start), Some(end)) => values.get(usize::from(*start)..usize::from(*end)).unwrap_or_default(),
        _ => &[],
    }
}

/// A word list.
#[derive(Debug)]
pub struct List {
    /// One bit per word of the vocabulary: whether an entry begins with it.
    pub firsts: &'static [u8],
    /// Ids of the one-word entries, sorted.
    pub singles: &'static [u16],
    /// First words of the other entries, sorted, and where in `phrases` each one's begin.
    pub heads: &'static [(u16, u16)],
    /// The other entries, each behind its length; of those with the same first word the longest first.
    pub phrases: &'static [u16],
}

/// A checklist item with how to judge it.
#[derive(Debug)]
pub struct Item {
    /// What the panel shows.
    pub item: ChecklistItem,
    /// The bit of sentences that its patterns match.
    pub fact: u64,
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
    let first = place & !15;
    let Some(start) = WORD_STARTS.get(place / 16) else {
        return "";
    };
    let before: usize =
        WORD_LENGTHS.get(first..place).unwrap_or_default().iter().map(|length| usize::from(*length)).sum();
    let start = *start as usize + before;
    let length = WORD_LENGTHS.get(place).map_or(0, |length| usize::from(*length));
    WORD_TEXT.get(start..start + length).unwrap_or("")
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
pub fn verb(id: u16) -> Option<&'static [u16; 4]> {
    let place = VERB_FORMS.binary_search_by_key(&id, |form| form.0).ok()?;
    VERBS.get(usize::from(VERB_FORMS.get(place)?.1))
}
