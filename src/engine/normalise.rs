//! How spelling variants become one word. Shared by the engine and by `build.rs`, so that a pattern and a draft are
//! normalised by the very same code.

/// A second spelling of one word, or of two (`dont` is `do not`). An empty second word means that it is only one.
pub struct Alias {
    /// As people type it, in lower case.
    pub typed: &'static str,
    /// The first word it stands for.
    pub first: &'static str,
    /// The second word, or nothing.
    pub second: &'static str,
}

const fn alias(typed: &'static str, first: &'static str, second: &'static str) -> Alias {
    Alias { typed, first, second }
}

/// Missing apostrophes are accepted unless the result is another English word: `were`, `well`, `ill`, `its`, `wed`,
/// `id`, `shell`, `hell`, `shed` and `lets` stay what they are.
pub const ALIASES: &[Alias] = &[
    alias("dont", "do", "not"),
    alias("doesnt", "does", "not"),
    alias("didnt", "did", "not"),
    alias("isnt", "is", "not"),
    alias("arent", "are", "not"),
    alias("wasnt", "was", "not"),
    alias("werent", "were", "not"),
    alias("wouldnt", "would", "not"),
    alias("couldnt", "could", "not"),
    alias("shouldnt", "should", "not"),
    alias("havent", "have", "not"),
    alias("hasnt", "has", "not"),
    alias("hadnt", "had", "not"),
    alias("mustnt", "must", "not"),
    alias("neednt", "need", "not"),
    alias("cant", "can", "not"),
    alias("wont", "will", "not"),
    alias("cannot", "can", "not"),
    alias("im", "i", "am"),
    alias("ive", "i", "have"),
    alias("youre", "you", "are"),
    alias("youve", "you", "have"),
    alias("youll", "you", "will"),
    alias("youd", "you", "'d"),
    alias("theyre", "they", "are"),
    alias("theyve", "they", "have"),
    alias("theyll", "they", "will"),
    alias("theyd", "they", "'d"),
    alias("weve", "we", "have"),
    alias("itll", "it", "will"),
    alias("thats", "that", "'s"),
    alias("thatll", "that", "will"),
    alias("whats", "what", "'s"),
    alias("theres", "there", "'s"),
    alias("heres", "here", "'s"),
    alias("hes", "he", "'s"),
    alias("shes", "she", "'s"),
    alias("whos", "who", "'s"),
    alias("wheres", "where", "'s"),
    alias("whens", "when", "'s"),
    alias("hows", "how", "'s"),
    alias("whys", "why", "'s"),
    alias("couldve", "could", "have"),
    alias("shouldve", "should", "have"),
    alias("wouldve", "would", "have"),
    alias("mustve", "must", "have"),
    alias("mightve", "might", "have"),
    alias("gonna", "going", "to"),
    alias("gotta", "got", "to"),
    alias("wanna", "want", "to"),
    alias("u", "you", ""),
    alias("ur", "your", ""),
    alias("pls", "please", ""),
    alias("plz", "please", ""),
    alias("b4", "before", ""),
    alias("&", "and", ""),
    alias("okay", "ok", ""),
];

/// Splits a contraction (lower case, straight apostrophe) into its two words.
pub fn split_contraction(word: &str) -> Option<(&str, &'static str)> {
    if let Some(head) = word.strip_suffix("n't") {
        let head = match head {
            "" => return None,
            "ca" => "can",
            "wo" => "will",
            "sha" => "shall",
            other => other,
        };
        return Some((head, "not"));
    }
    let (head, tail) = word.rsplit_once('\'')?;
    let tail = match tail {
        "s" => "'s",
        "d" => "'d",
        "ll" => "will",
        "ve" => "have",
        "re" => "are",
        "m" => "am",
        _ => return None,
    };
    (!head.is_empty()).then_some((head, tail))
}

/// Characters that people cannot see and that editors leave behind inside words.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// The apostrophes that keyboards and word processors produce inside words.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '＇')
}

/// Hash of a normalised word: 64-bit FNV-1a, spread once more because FNV's high bits are weak for short words.
pub fn hash(word: &[u8]) -> u64 {
    spread(word.iter().fold(HASH_SEED, |state, &byte| step(state, byte)))
}

/// Start of a [`hash`] computed byte by byte.
pub const HASH_SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// One byte of a [`hash`].
#[inline]
pub fn step(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// The end of a [`hash`].
#[inline]
pub fn spread(state: u64) -> u64 {
    let state = (state ^ (state >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state ^ (state >> 29)
}

/// A hash of a word (lower case) without its ending, so that `charges` is `charged`. Not a dictionary's stem: only the
/// same word in another form must come out the same.
pub fn stem(word: &str) -> u32 {
    let plural = word.strip_suffix('s').filter(|head| head.len() >= 3 && !head.ends_with(['s', 'u', 'i']));
    let mut stem = plural.unwrap_or(word);
    for ending in ["ations", "ation", "ment", "ing", "ion", "ied", "ie", "ed", "al", "ly", "y", "e"] {
        if let Some(head) = stem.strip_suffix(ending).filter(|head| head.len() >= 3) {
            stem = head;
            break;
        }
    }
    // `stopped` is `stop`.
    let bytes = stem.as_bytes();
    let length = match bytes {
        [.., before, last] if before == last && bytes.len() > 3 => bytes.len() - 1,
        _ => bytes.len(),
    };
    (hash(bytes.get(..length).unwrap_or(bytes)) >> 32) as u32
}

/// A text in small letters. Unlike the standard library's way for whole texts it does not mind where a Greek word ends, which
/// is as words are read everywhere else here, and two kilobytes less.
pub fn small(text: &str) -> String {
    let mut small = String::with_capacity(text.len());
    text.chars().for_each(|c| small.extend(c.to_lowercase()));
    small
}

/// Whether a letter is a capital. (What has another small form: the standard library's table of capitals would take 0.5 KB.)
pub fn is_capital(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_uppercase() } else { c.to_lowercase().ne([c]) }
}

/// Double quotation marks.
pub fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// The marks that patterns can name. A mark's id is its place here plus one; word ids come after [`FIRST_WORD`].
pub const MARKS: &[&str] = &[",", ".", "!", "?", ":", ";", "-", "…", "\n", "%", "/", "other"];
/// Ids below this one are marks; 0 is a word nobody knows.
pub const FIRST_WORD: u16 = 16;
/// Not a token's id: patterns that begin with `^` and no word are indexed under it.
pub const SENTENCE: u16 = 15;
/// Not a token's id: any number, for the checklist's signs.
pub const NUMBER: u16 = 14;

/// Which bit of which part of a filter an id sets.
#[inline]
pub fn filter_bit(id: u16) -> (usize, u64) {
    let bits = u32::from(id).wrapping_mul(0x85eb_ca6b) >> 24;
    ((bits >> 6) as usize, 1 << (bits & 63))
}

/// What a pattern's code is made of. Each operation is one `u16`, its operands follow.
pub mod op {
    /// The match is complete.
    pub const MATCH: u16 = 0;
    /// `id`: this word or mark.
    pub const WORD: u16 = 1;
    /// `n, id…`: one of these.
    pub const SET: u16 = 2;
    /// `list`: a word or phrase of a list, longest first.
    pub const LIST: u16 = 3;
    /// `distance`: go on here; if that fails, that far ahead.
    pub const SPLIT: u16 = 4;
    /// `distance`: go on that far ahead.
    pub const JUMP: u16 = 5;
    /// `min, max`: that many words, as few as possible.
    pub const GAP: u16 = 6;
    /// A quotation mark stands here.
    pub const QUOTE: u16 = 7;
    /// A sentence starts here.
    pub const START: u16 = 8;
    /// A sentence ends here.
    pub const END: u16 = 9;
    /// `kind, slot`: a slot.
    pub const SLOT: u16 = 10;
    /// The highlight starts here.
    pub const OPEN: u16 = 11;
    /// The highlight ends here.
    pub const CLOSE: u16 = 12;
    /// `size, (n, id…)…`: one of these sequences; of those with the same first two ids the longest first. The size is
    /// that of the sequences.
    pub const PHRASES: u16 = 13;
}

/// What an operation of a pattern is good for when it comes to finding where the pattern could match: one of these,
/// joined with the operation's place in the pattern's code. The tables for it are made of them when the engine starts.
pub mod site {
    /// The bits of the place.
    pub const PC: u16 = 0x1fff;
    /// The pattern is looked up under the words that the operation can begin with.
    pub const FIRST: u16 = 0;
    /// The pattern is looked up under the rarest word of each of the operation's entries.
    pub const RAREST: u16 = 1 << 13;
    /// The pattern is looked up where a sentence starts.
    pub const SENTENCE: u16 = 2 << 13;
    /// The word of the operation is in the sentence.
    pub const ALL: u16 = 3 << 13;
    /// The rarest word of one of the operation's entries is in the sentence, or of another operation marked like this.
    pub const ANY: u16 = 4 << 13;
    /// The same, of other operations.
    pub const ALSO: u16 = 5 << 13;
}

/// What a slot takes.
pub mod slot_kind {
    /// Base form of a verb.
    pub const VERB: u16 = 0;
    /// Past form.
    pub const PAST: u16 = 1;
    /// Participle.
    pub const PARTICIPLE: u16 = 2;
    /// `-ing` form.
    pub const ING: u16 = 3;
    /// A short noun phrase.
    pub const NP: u16 = 4;
    /// Up to the end of the clause.
    pub const REST: u16 = 5;
    /// A person's name.
    pub const NAME: u16 = 6;
    /// A number.
    pub const NUMBER: u16 = 7;
}

/// How a template wants a slot. In a compiled template a reference is `\u{1}`, slot, form, each as one character
/// from `A`.
pub mod form {
    /// As it stood.
    pub const PLAIN: u8 = 0;
    /// `sent`.
    pub const PAST: u8 = 1;
    /// `sent`, as in "was sent".
    pub const PARTICIPLE: u8 = 2;
    /// `sending`.
    pub const ING: u8 = 3;
    /// `was` or `were`.
    pub const WAS: u8 = 4;
    /// `is` or `are`.
    pub const IS: u8 = 5;
    /// `it` or `them`.
    pub const IT: u8 = 6;
    /// As it stood, for a writer who speaks of the customer's thing.
    pub const MY: u8 = 7;
    /// `send`.
    pub const BASE: u8 = 8;
    /// `has` or `have`.
    pub const HAS: u8 = 9;
}

/// What is known of a word's grammar: bits.
pub mod class {
    /// `the`, `a`, `this`, `your`, `some`.
    pub const DETERMINER: u32 = 1;
    /// `in`, `to`, `before`.
    pub const PREPOSITION: u32 = 2;
    /// `and`, `because`, `that`.
    pub const CONJUNCTION: u32 = 4;
    /// `it`, `us`, `they`.
    pub const PRONOUN: u32 = 8;
    /// `is`, `will`, `not`.
    pub const AUXILIARY: u32 = 16;
    /// `again`, `properly`.
    pub const ADVERB: u32 = 32;
    /// Base form of a verb of the table.
    pub const VERB_BASE: u32 = 64;
    /// Past form.
    pub const VERB_PAST: u32 = 128;
    /// Participle.
    pub const VERB_PARTICIPLE: u32 = 256;
    /// `-ing` form.
    pub const VERB_ING: u32 = 512;
    /// The forms that the table of the verbs has, in its order.
    pub const VERB_FORMS: [u32; 4] = [VERB_BASE, VERB_PAST, VERB_PARTICIPLE, VERB_ING];
    /// Third person.
    pub const VERB_S: u32 = 1024;
    /// Title before a name: `Mrs`.
    pub const TITLE: u32 = 2048;
    /// Never a name, even with a capital.
    pub const NOT_A_NAME: u32 = 4096;
    /// Plural without an s: `people`.
    pub const PLURAL: u32 = 8192;
    /// Abbreviation whose full stop ends no sentence.
    pub const ABBREVIATION: u32 = 16384;
    /// Singular or uncountable in spite of its s: `address`, `news`.
    pub const SINGULAR: u32 = 32768;
    /// Another spelling of one or two words.
    pub const ALIAS: u32 = 65536;
    /// Opens a greeting: `hi`.
    pub const GREETING: u32 = 131072;
    /// Says nothing about what a sentence is about: `want`, `get`, `thing`.
    pub const EMPTY: u32 = 262144;
}
