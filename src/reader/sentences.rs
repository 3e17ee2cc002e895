//! A draft cut into the sentences that are read one at a time (`training/FORMAT.md`, 2).

use std::collections::HashSet;
use std::ops::Range;

/// How drafts are cut; part of the reader's file, since the network learned on what was cut so.
#[derive(Debug)]
pub(crate) struct Splitter {
    /// Lower-case words whose full stop ends no sentence.
    pub abbreviations: HashSet<String>,
    /// A piece of fewer words than this is read together with its neighbour.
    pub short: usize,
}

impl Splitter {
    /// The sentences of a draft as byte ranges, in order, none empty, none overlapping.
    pub fn sentences(&self, draft: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        for line in draft.split(['\n', '\r']) {
            let pieces = self.pieces(line).into_iter().map(|piece| piece.start + start..piece.end + start);
            self.join(draft, pieces, &mut found);
            start += line.len() + 1;
        }
        found
    }

    /// A line cut after closing punctuation; trimmed, without empty pieces.
    fn pieces(&self, line: &str) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut start = 0;
        let mut at = 0;
        while let Some(run) = line[at..].find(is_end).map(|offset| at + offset) {
            let stop = skip(line, run, is_end);
            at = skip(line, stop, is_closing);
            let closed = line[at..].chars().next().is_none_or(char::is_whitespace);
            if closed && !(&line[run..stop] == "." && self.abbreviated(&line[..run])) {
                pieces.extend(trimmed(line, start..at));
                start = at;
            }
        }
        pieces.extend(trimmed(line, start..line.len()));
        pieces
    }

    /// Whether the full stop after `before` belongs to the word before it.
    fn abbreviated(&self, before: &str) -> bool {
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let word = word.trim_start_matches(['(', '[', '"', '\'', '“', '‘']).to_lowercase();
        let mut characters = word.chars();
        let single = matches!((characters.next(), characters.next()), (Some(letter), None) if letter.is_alphabetic() && letter != 'i');
        single || self.abbreviations.contains(&word)
    }

    /// Adds a line's pieces to `found`, a short one together with the next, a short last one with the one before.
    fn join(&self, draft: &str, pieces: impl Iterator<Item = Range<usize>>, found: &mut Vec<Range<usize>>) {
        let first = found.len();
        let mut short = false;
        for piece in pieces {
            match found.last_mut() {
                Some(last) if short => last.end = piece.end,
                _ => found.push(piece),
            }
            let words = found.last().map_or(0, |last| draft[last.clone()].split_whitespace().count());
            short = words < self.short;
        }
        if short && found.len() > first + 1 {
            let end = found.pop().map_or(0, |last| last.end);
            if let Some(last) = found.last_mut() {
                last.end = end;
            }
        }
    }
}

fn is_end(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…')
}

fn is_closing(character: char) -> bool {
    matches!(character, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '*' | '_')
}

/// Where what is `wanted` ends, from `at` on.
fn skip(text: &str, at: usize, wanted: fn(char) -> bool) -> usize {
    text.len() - text[at..].trim_start_matches(wanted).len()
}

/// The range without white space at its ends, if anything is left.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let piece = &text[range.clone()];
    let start = range.start + piece.len() - piece.trim_start().len();
    let end = start + piece.trim().len();
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn splitter() -> Splitter {
        Splitter { abbreviations: ["mr", "e.g"].map(String::from).into(), short: 4 }
    }

    #[track_caller]
    fn check(draft: &str, sentences: &[&str]) {
        let found: Vec<&str> = splitter().sentences(draft).into_iter().map(|range| &draft[range]).collect();
        assert_eq!(found, sentences, "{draft:?}");
    }

    #[test]
    fn sentences_end_at_closing_punctuation_and_lines() {
        check("", &[]);
        check(" \n\r\n\u{a0}", &[]);
        check("We sent it on Monday. It should be there now!  ", &["We sent it on Monday.", "It should be there now!"]);
        check(
            "Did you look at it?! (Yes, we did look.) And now we wait…",
            &["Did you look at it?!", "(Yes, we did look.)", "And now we wait…"],
        );
        check("one two three four\nfive six seven eight", &["one two three four", "five six seven eight"]);
        check("It costs 3.50 at most.example for now", &["It costs 3.50 at most.example for now"]);
    }

    #[test]
    fn a_stop_after_an_abbreviation_or_an_initial_ends_nothing() {
        check("Please ask (Mr. Jones or J. Smith at once.", &["Please ask (Mr. Jones or J. Smith at once."]);
        check("It was not I. You did that yourself.", &["It was not I.", "You did that yourself."]);
        check("Send something, e.g. a photo of it.", &["Send something, e.g. a photo of it."]);
        check("You may ask for Mr.. That is all of it.", &["You may ask for Mr..", "That is all of it."]);
    }

    #[test]
    fn short_pieces_are_read_with_their_neighbour() {
        check("Sorry. We sent it on Monday.", &["Sorry. We sent it on Monday."]);
        check("We sent it on Monday. Thanks!", &["We sent it on Monday. Thanks!"]);
        check("Hi. Sorry. OK then.", &["Hi. Sorry. OK then."]);
        check("Thanks!\nWe sent it on Monday.", &["Thanks!", "We sent it on Monday."]);
        check("We do see it. We do. Now you see it. Do.", &["We do see it.", "We do. Now you see it. Do."]);
    }

    proptest! {
        #[test]
        fn every_visible_character_is_in_one_sentence(draft in "(\\PC|[ .!?…\"'\n\r\u{85}\u{2028}a-c]){0,80}") {
            let found = splitter().sentences(&draft);
            let mut last = 0;
            for range in &found {
                prop_assert!(range.start >= last && range.start < range.end);
                prop_assert!(draft[last..range.start].trim().is_empty());
                prop_assert_eq!(draft[range.clone()].trim(), &draft[range.clone()]);
                last = range.end;
            }
            prop_assert!(draft[last..].trim().is_empty());
        }
    }
}
