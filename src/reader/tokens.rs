//! A sentence cut into the tokens of the vocabulary, each with the word it came from (`training/FORMAT.md`, 3).

use std::collections::HashMap;
use std::ops::Range;

use crate::error::ReaderError;

/// A word of more characters than this is unknown.
const LONGEST_WORD: usize = 64;

/// WordPiece over the vocabulary of the reader's file, uncased.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    /// Pieces that start a word.
    starts: HashMap<Box<str>, u32>,
    /// Pieces that go on with a word, without their `##`.
    rests: HashMap<Box<str>, u32>,
    fold: HashMap<char, char>,
    unknown: u32,
    first: u32,
    last: u32,
    /// Tokens in a window at most, without the two around them.
    window: usize,
}

/// What the network reads at once: the tokens of a sentence, or of a part of a very long one, with `[CLS]` and `[SEP]`.
#[derive(Debug, Default)]
pub(crate) struct Window {
    pub ids: Vec<u32>,
    /// 1 for a token of a word in capitals, else 0.
    pub types: Vec<u8>,
    /// The bytes of the sentence that each token's *word* takes, without the two around.
    pub words: Vec<Range<usize>>,
}

impl Tokenizer {
    /// The vocabulary is one piece a line, the line number its id.
    pub fn new(vocabulary: &str, fold: HashMap<char, char>, window: usize) -> Result<Self, ReaderError> {
        let mut starts = HashMap::new();
        let mut rests = HashMap::new();
        for (id, piece) in (0..).zip(vocabulary.split('\n')) {
            let known = match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => rests.insert(rest.into(), id),
                _ => starts.insert(piece.into(), id),
            };
            if known.is_some() || piece.is_empty() {
                return Err(ReaderError::new(format!(
                    "the vocabulary's line {id} is empty or stands twice: {piece:?}"
                )));
            }
        }
        let special = |name: &str| {
            starts.get(name).copied().ok_or_else(|| ReaderError::new(format!("the vocabulary has no {name}")))
        };
        let (unknown, first, last) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Self { starts, rests, fold, unknown, first, last, window })
    }

    /// The windows of a sentence: one, more if it is very long, none if nothing in it can be seen.
    pub fn windows(&self, sentence: &str) -> Vec<Window> {
        let mut found = Vec::new();
        let mut window = Window::default();
        self.each_word(sentence, |word, span| {
            let mut ids = self.pieces(word);
            ids.truncate(self.window);
            if window.ids.len() + ids.len() > self.window {
                found.push(self.closed(std::mem::take(&mut window)));
            }
            window.types.extend(vec![u8::from(is_shouted(&sentence[span.clone()])); ids.len()]);
            window.words.extend(vec![span; ids.len()]);
            window.ids.extend(ids);
        });
        if !window.ids.is_empty() {
            found.push(self.closed(window));
        }
        found
    }

    /// The window with `[CLS]` and `[SEP]` around it.
    fn closed(&self, mut window: Window) -> Window {
        window.ids.insert(0, self.first);
        window.ids.push(self.last);
        window.types.insert(0, 0);
        window.types.push(0);
        window
    }

    /// Calls `take` with each word of a text, lower-cased and folded, and the bytes it stands on.
    fn each_word(&self, text: &str, mut take: impl FnMut(&str, Range<usize>)) {
        let mut word = String::new();
        let mut start = 0;
        for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
            if is_dropped(character) {
                continue;
            }
            let alone = !character.is_alphanumeric();
            if alone && !word.is_empty() {
                take(&word, start..at);
                word.clear();
            }
            if word.is_empty() {
                start = at;
            }
            if character.is_whitespace() {
                continue;
            }
            word.push(self.normal(character));
            if alone {
                take(&word, start..at + character.len_utf8());
                word.clear();
            }
        }
    }

    /// A word of the text as the vocabulary writes it; its longest pieces first, `[UNK]` if it cannot be cut.
    fn pieces(&self, word: &str) -> Vec<u32> {
        if word.chars().nth(LONGEST_WORD).is_some() {
            return vec![self.unknown];
        }
        let mut found = Vec::new();
        let mut rest = word;
        while !rest.is_empty() {
            let known = if found.is_empty() { &self.starts } else { &self.rests };
            let ends = rest.char_indices().map(|(at, character)| at + character.len_utf8()).rev();
            let Some((end, id)) = ends.into_iter().find_map(|end| Some((end, *known.get(&rest[..end])?))) else {
                return vec![self.unknown];
            };
            found.push(id);
            rest = &rest[end..];
        }
        found
    }

    /// Lower case, accents and typographic signs folded.
    fn normal(&self, character: char) -> char {
        let character = character.to_lowercase().next().unwrap_or(character);
        self.fold.get(&character).copied().unwrap_or(character)
    }
}

/// Combining accents, joiners, variation selectors and soft hyphens: nobody sees them.
fn is_dropped(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe0f}' | '\u{feff}' | '\u{ad}')
}

/// Whether a word, as typed, is two capitals or more and nothing small.
fn is_shouted(word: &str) -> bool {
    word.chars().filter(|character| character.is_uppercase()).count() >= 2 && !word.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VOCABULARY: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nun\n##want\n##ed\nwant\ncafe\n!\n'\n##t\na\n#\n##";

    fn tokenizer(window: usize) -> Tokenizer {
        Tokenizer::new(VOCABULARY, [('é', 'e'), ('’', '\'')].into(), window).expect("a whole vocabulary")
    }

    /// Each window's tokens as `id:type:word`.
    fn shown(sentence: &str, window: usize) -> Vec<String> {
        let show = |window: &Window| {
            assert_eq!((window.ids.len(), window.types.len()), (window.words.len() + 2, window.words.len() + 2));
            assert_eq!((window.ids.first(), window.ids.last()), (Some(&2), Some(&3)));
            let inner = window.ids[1..].iter().zip(&window.types[1..]).zip(&window.words);
            inner
                .map(|((id, kind), word)| format!("{id}:{kind}:{}", &sentence[word.clone()]))
                .collect::<Vec<_>>()
                .join(" ")
        };
        tokenizer(window).windows(sentence).iter().map(show).collect()
    }

    #[test]
    fn words_are_cut_into_their_longest_pieces() {
        assert_eq!(shown("Unwanted café", 110), ["4:0:Unwanted 5:0:Unwanted 6:0:Unwanted 8:0:café"]);
        assert_eq!(shown("WANT’T!", 110), ["7:1:WANT 10:0:’ 1:0:T 9:0:!"]);
        assert_eq!(shown("# ## x", 110), ["13:0:# 13:0:# 13:0:# 1:0:x"]);
        assert_eq!(shown("", 110), [""; 0]);
        assert_eq!(shown("\u{200b}\u{301} \u{ad}", 110), [""; 0]);
    }

    #[test]
    fn what_nobody_sees_is_dropped_and_still_in_the_span() {
        assert_eq!(shown("wa\u{ad}nt\u{200b} cafe\u{301}", 110), ["7:0:wa\u{ad}nt\u{200b} 8:0:cafe\u{301}"]);
    }

    #[test]
    fn long_words_are_unknown_and_long_sentences_several_windows() {
        assert_eq!(shown(&format!("want {}", "un".repeat(40)), 110), [format!("7:0:want 1:0:{}", "un".repeat(40))]);
        assert_eq!(shown("a unwanted a a", 3), ["12:0:a", "4:0:unwanted 5:0:unwanted 6:0:unwanted", "12:0:a 12:0:a"]);
        assert_eq!(shown("a unwanted a", 2), ["12:0:a", "4:0:unwanted 5:0:unwanted", "12:0:a"]);
    }

    #[test]
    fn a_broken_vocabulary_is_refused() {
        for broken in ["", "[UNK]\n[CLS]", "[UNK]\n[CLS]\n[SEP]\n", "[UNK]\n[CLS]\n[SEP]\na\na"] {
            assert!(Tokenizer::new(broken, HashMap::new(), 110).is_err(), "{broken:?}");
        }
    }

    proptest! {
        #[test]
        fn words_are_whole_characters_in_order(sentence in "(\\PC|[ a-cAé’\u{200b}\u{301}\u{5d0}👩\u{200d}🚀]){0,60}", window in 1_usize..9) {
            for found in tokenizer(window).windows(&sentence) {
                prop_assert!(found.words.len() <= window);
                let mut last = 0;
                for word in &found.words {
                    prop_assert!(sentence.is_char_boundary(word.start) && sentence.is_char_boundary(word.end));
                    prop_assert!(word.start < word.end && word.start >= last);
                    last = word.start;
                }
            }
        }
    }
}
