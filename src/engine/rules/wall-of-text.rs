//! Long paragraphs, with the place where they fall into two.

use super::Found;
use crate::review::{Edit, Span, Suggestion};
use crate::token::{Paragraph, flag, mark};

/// Paragraphs with more words than this are hard to read on a screen. (Guides to writing for the web ask for 40 to 80;
/// half as much again is surely long.)
const WORDS: usize = 120;
/// Fewer sentences than this are long sentences, and no line break helps.
const SENTENCES: usize = 5;

/// Finds the middle of long paragraphs.
pub fn find(paragraph: &Paragraph, out: &mut Vec<Found>) {
    let mut start = 0;
    for (at, token) in paragraph.tokens.iter().enumerate() {
        if token.id == mark::BREAK {
            if is_long(paragraph, start, at) {
                out.extend(middle(paragraph, start, at));
            }
            start = at + 1;
        }
    }
}

fn is_long(paragraph: &Paragraph, start: usize, end: usize) -> bool {
    let tokens = paragraph.tokens.get(start..end).unwrap_or_default();
    tokens.len() > WORDS
        && tokens.iter().filter(|token| token.is(flag::WORD) && !token.is(flag::CLITIC)).count() > WORDS
        && tokens.iter().filter(|token| token.is(flag::SENTENCE_START)).count() >= SENTENCES
}

/// The first two words of the sentence that begins nearest to the middle, and the line break before them.
fn middle(paragraph: &Paragraph, start: usize, end: usize) -> Option<Found> {
    let tokens = &paragraph.tokens;
    let byte = |at: usize| tokens.get(at).map_or(0, |token| token.start as usize);
    let half = (byte(start) + byte(end)) / 2;
    let begins = |at: &usize| tokens.get(*at).is_some_and(|token| token.is(flag::SENTENCE_START));
    let sentence = (start + 1..end).filter(begins).min_by_key(|at| byte(*at).abs_diff(half))?;
    let before = tokens.get(sentence.checked_sub(1)?)?;
    let last = tokens.get(sentence + 1).filter(|second| second.is(flag::WORD)).or(tokens.get(sentence))?;
    let span = Span { start: byte(sentence), end: last.end as usize };
    let cut = Span { start: before.end as usize, end: span.end };
    // Nothing but space may go.
    if !paragraph.slice(cut.start, span.start).chars().all(char::is_whitespace) {
        return None;
    }
    let insert = format!("\n\n{}", paragraph.slice(span.start, span.end));
    Some(Found { span, suggestions: vec![Suggestion { edit: Edit { span: cut, insert } }] })
}
