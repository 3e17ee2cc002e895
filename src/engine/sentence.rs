//! Cuts text into the sentences that a learned reader reads one by one. The same cuts are made in training:
//! `training/FORMAT.md` section 2 describes them, `training/text.py` makes them, and the reader's fixtures hold both to
//! one another; the reader itself takes them as they come.

use crate::normalise::small;
use crate::review::Span;
use crate::vocabulary::lists;

/// A piece of fewer words than this is read together with its neighbour.
const SHORT: usize = 4;

/// Words, in small letters, whose full stop ends no sentence, by their lengths: every full stop is looked at.
const ABBREVIATIONS: [&str; 7] = [
    "",
    "",
    "mr ms mx dr sr jr st rd no vs eg ie cf co",
    "mrs rev hon ave nos etc e.g i.e est ext tel fig inc ltd llc p.s a.m p.m u.s u.k jan feb mar apr jun jul aug sep oct \
nov dec mon tue wed thu fri min max ref",
    "prof dept corp sept tues thur incl excl attn",
    "thurs",
    "approx",
];

/// The sentences of a text, as byte spans without white space at their ends.
pub fn sentences(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.as_bytes().split(|byte| matches!(byte, b'\r' | b'\n')) {
        join(text, pieces(text, start, start + line.len()), &mut found);
        start += line.len() + 1;
    }
    found
}

/// A line cut behind closing punctuation.
fn pieces(text: &str, start: usize, end: usize) -> Vec<Span> {
    let line = text.get(start..end).unwrap_or("");
    let mut cuts = vec![0];
    let mut at = 0;
    while let Some(found) = line.get(at..).and_then(first_end) {
        let run = at + found;
        let stop = skip(line, run, is_end);
        at = skip(line, stop, |c| matches!(c, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '*' | '_'));
        let ends = line.get(at..).and_then(|rest| rest.chars().next()).is_none_or(char::is_whitespace);
        if ends && !(line.get(run..stop) == Some(".") && is_abbreviated(line.get(..run).unwrap_or(""))) {
            cuts.push(at);
        }
    }
    cuts.push(line.len());
    let piece = |cut: &[usize]| {
        let piece = line.get(cut[0]..cut[1])?;
        let from = start + cut[0] + (piece.len() - piece.trim_start().len());
        let trimmed = piece.trim();
        (!trimmed.is_empty()).then_some(Span { start: from, end: from + trimmed.len() })
    };
    cuts.windows(2).filter_map(piece).collect()
}

/// The first byte of the first character that [`is_end`]. Looked for by bytes: every letter of a draft is looked at.
fn first_end(text: &str) -> Option<usize> {
    text.bytes().enumerate().position(|(at, byte)| match byte {
        0x80.. => text.get(at..).is_some_and(|rest| rest.starts_with(is_end)),
        byte => is_end(byte.into()),
    })
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…')
}

/// The first byte from `at` on whose character is not one of those.
fn skip(line: &str, at: usize, one_of: impl Fn(char) -> bool) -> usize {
    let rest = line.get(at..).unwrap_or("");
    at + rest.find(|c| !one_of(c)).unwrap_or(rest.len())
}

/// Whether the full stop behind `before` belongs to its last word.
fn is_abbreviated(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let word = small(word.trim_start_matches(['(', '[', '"', '\'', '“', '‘']));
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none() && word != "i";
    initial || ABBREVIATIONS.get(word.len()).is_some_and(|words| lists(words, &word))
}

/// Adds the pieces of a line: a short one joined with the next, the last with the one before.
fn join(text: &str, pieces: Vec<Span>, found: &mut Vec<Span>) {
    let first = found.len();
    let is_short =
        |span: Span| text.get(span.start..span.end).unwrap_or("").split_whitespace().nth(SHORT - 1).is_none();
    let mut short = false;
    for mut piece in pieces {
        if short && let Some(before) = found.pop() {
            piece.start = before.start;
        }
        found.push(piece);
        short = is_short(piece);
    }
    if short
        && found.len() > first + 1
        && let Some(last) = found.pop()
    {
        found.last_mut().into_iter().for_each(|before| before.end = last.end);
    }
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn cuts() {
        for (text, expected) in [
            ("", vec![]),
            (" \n\u{2003}\n", vec![]),
            ("Hi Gary,\nit is here now.", vec!["Hi Gary,", "it is here now."]),
            (
                "The parcel was late. The van broke down!  We fixed it.",
                vec!["The parcel was late.", "The van broke down!  We fixed it."],
            ),
            (
                "We saw Dr. Stone at 10 a.m. on a Monday. He was in.",
                vec!["We saw Dr. Stone at 10 a.m. on a Monday. He was in."],
            ),
            (
                "He called it “a joke.” Then he went home… and came straight back",
                vec!["He called it “a joke.”", "Then he went home…", "and came straight back"],
            ),
            ("No. No. No.", vec!["No. No. No."]),
            ("Version 2.1.3 is out now.Upgrade today.", vec!["Version 2.1.3 is out now.Upgrade today."]),
            (
                "Thanks for writing to us 🙏. שלום לכולם היום. Ok.",
                vec!["Thanks for writing to us 🙏.", "שלום לכולם היום. Ok."],
            ),
        ] {
            let got: Vec<&str> = sentences(text).iter().map(|span| &text[span.start..span.end]).collect();
            assert_eq!(got, expected, "{text:?}");
        }
    }
    /// What the network learned on was cut so by Python.
    #[test]
    fn cuts_as_in_training() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../training/fixtures/fixtures.json");
        let json = std::fs::read_to_string(file).expect("the reader's fixtures");
        let fixtures: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let fixtures = fixtures.as_array().expect("a list");
        assert!(fixtures.len() > 10);
        for fixture in fixtures {
            let draft = fixture["draft"].as_str().expect("a draft");
            let cut: Vec<[usize; 2]> = sentences(draft).iter().map(|span| [span.start, span.end]).collect();
            assert_eq!(serde_json::json!(cut), fixture["sentences"], "{draft:?}");
        }
    }
}
