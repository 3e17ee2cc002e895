//! Suggestions: a template filled with what the slots took, or nothing at all where the sentence might break.

use crate::matcher::{Capture, Match};
use crate::normalise::{class, form, is_capital};
use crate::phrase;
use crate::review::{Edit, Span, Suggestion};
use crate::token::{Paragraph, Token, flag, mark};
use crate::vocabulary::{self as vocabulary, classes, pattern};

/// The suggestions of a match, in bytes of the paragraph.
pub fn suggestions(paragraph: &Paragraph, hit: &Match) -> Vec<Suggestion> {
    let mut out: Vec<Suggestion> = Vec::new();
    for template in pattern(hit.pattern).iter().flat_map(|pattern| pattern.templates()) {
        if let Some(edit) = fill(paragraph, hit, template)
            && !out.iter().any(|known| known.edit == edit)
        {
            out.push(Suggestion { edit });
        }
    }
    out
}

fn fill(paragraph: &Paragraph, hit: &Match, template: &str) -> Option<Edit> {
    let mut text = String::new();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\u{1}' {
            text.push(c);
            continue;
        }
        let slot = (chars.next()? as usize).checked_sub(usize::from(b'A'))?;
        let form = u8::try_from(chars.next()? as u32).ok()?.checked_sub(b'A')?;
        // "<thing> was": the thing is what the sentence is about.
        let mut ahead = chars.clone();
        let subject = text.trim().is_empty() || ahead.next() == Some(' ') && ahead.next() == Some('\u{1}');
        text.push_str(&inflected(paragraph, hit.captures.get(slot)?, form, subject)?);
    }
    place(paragraph, usize::from(hit.tokens.0), usize::from(hit.tokens.1), text)
}

/// What a slot took, in the form that the template wants.
fn inflected(paragraph: &Paragraph, capture: &Capture, wanted: u8, subject: bool) -> Option<String> {
    let (start, end) = (usize::from(capture.tokens.0), usize::from(capture.tokens.1));
    if end <= start || !capture.safe {
        return None;
    }
    let first = paragraph.tokens.get(start)?;
    let last = paragraph.tokens.get(end - 1)?;
    let verb = |place: usize| {
        vocabulary::verb(first.id).and_then(|forms| forms.get(place)).map(|form| vocabulary::word(*form).to_owned())
    };
    let number = |one: &str, more: &str| {
        let plural = phrase::is_plural(paragraph, start, end);
        Some(if plural { more } else { one }.to_owned())
    };
    match wanted {
        form::BASE => verb(0),
        form::PAST => verb(1),
        form::PARTICIPLE => verb(2),
        form::ING => verb(3),
        form::WAS => number("was", "were"),
        form::IS => number("is", "are"),
        form::HAS => number("has", "have"),
        form::IT => number("it", "them"),
        form::PLAIN | form::MY => {
            if cuts_word(paragraph, start) || cuts_word(paragraph, end) {
                return None;
            }
            let alone = end == start + 1 && classes(first.id) & class::PRONOUN != 0;
            if alone && subject {
                let pronoun = match vocabulary::word(first.id) {
                    "us" => "we",
                    "them" => "they",
                    "him" => "he",
                    "her" => "she",
                    // "I was" and "I were" are easy to get wrong, and a sentence about me is not what was meant.
                    "me" | "i" => return None,
                    other => other,
                };
                return Some(pronoun.to_owned());
            }
            let text = paragraph.slice(first.start as usize, last.end as usize);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            Some(if first.is(flag::SENTENCE_START) && !first.is(flag::UPPER) { lower_first(&text) } else { text })
        }
        _ => None,
    }
}

/// Whether a boundary between tokens lies inside a contraction.
fn cuts_word(paragraph: &Paragraph, boundary: usize) -> bool {
    paragraph.tokens.get(boundary).is_some_and(|token| token.is(flag::CLITIC))
}

/// Fits `text` into the paragraph in place of the tokens `start..end`.
pub fn place(paragraph: &Paragraph, start: usize, end: usize, text: String) -> Option<Edit> {
    let tokens = &paragraph.tokens;
    if cuts_word(paragraph, start) || cuts_word(paragraph, end) {
        return None;
    }
    let first = tokens.get(start)?;
    let last = tokens.get(end.checked_sub(1)?)?;
    let mut span = Span { start: first.start as usize, end: last.end as usize };
    let old = paragraph.slice(span.start, span.end);
    if unbalanced(old) {
        return None;
    }
    let sentence_start = first.is(flag::SENTENCE_START | flag::AFTER_GREETING);
    let capital = first.is(flag::CAPITAL) && (first.id != vocabulary::I || first.is(flag::SENTENCE_START))
        || first.is(flag::UPPER) && sentence_start;
    let mut text = text.trim().to_owned();
    if text.is_empty() {
        return remove(paragraph, start, end, capital);
    }
    text = if capital { upper_first(&text) } else { lower_first(&text) };
    let next = tokens.get(end);
    let next_adjacent = next.is_some_and(|next| next.start as usize == span.end);
    match text.chars().last() {
        Some('.' | '!' | '?') => match next {
            Some(next) if next.is(flag::TERMINAL) && next_adjacent && next.end > next.start => {
                span.end = next.end as usize;
            }
            Some(next) if next.is(flag::TERMINAL) => {}
            None => {}
            // The sentence goes on: a new full stop in its middle would leave a torso.
            Some(_) if tokens.get(end.wrapping_sub(1)).is_some_and(|token| token.is(flag::TERMINAL)) => {}
            Some(_) => return None,
        },
        Some(',') if next.is_some_and(|next| next.id == mark::COMMA) => {
            text.pop();
        }
        _ => {
            // The match took the full stop with it: give it back.
            if last.is(flag::TERMINAL) && last.end > last.start {
                text.push_str(if last.id == mark::QUESTION { "?" } else { "." });
            }
        }
    }
    article(paragraph, start, &mut span, &text)?;
    Some(Edit { span, insert: text })
}

/// `a` and `an` before the new first word.
fn article(paragraph: &Paragraph, start: usize, span: &mut Span, text: &str) -> Option<()> {
    let Some(before) = start.checked_sub(1).and_then(|at| paragraph.tokens.get(at)) else {
        return Some(());
    };
    let an = match before.id {
        vocabulary::A => false,
        vocabulary::AN => true,
        _ => return Some(()),
    };
    if before.end as usize > span.start {
        return Some(());
    }
    let vowel = text.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    (vowel == an).then_some(())
}

/// Removes tokens without leaving a double space, a stray comma or a lost capital behind.
fn remove(paragraph: &Paragraph, start: usize, end: usize, capital: bool) -> Option<Edit> {
    let tokens = &paragraph.tokens;
    let first = tokens.get(start)?;
    let last = tokens.get(end.checked_sub(1)?)?;
    let mut span = Span { start: first.start as usize, end: last.end as usize };
    let before = start.checked_sub(1).and_then(|at| tokens.get(at));
    let opens = first.is(flag::SENTENCE_START) || before.is_none();
    let mut next = tokens.get(end)?;
    let comma_before = before.is_some_and(|before| before.id == mark::COMMA);
    if next.id == mark::COMMA && !comma_before {
        next = tokens.get(end + 1)?;
    } else if next.id == mark::COMMA {
        // ", of course," takes both commas with it.
        span.start = before?.start as usize;
        span.end = next.end as usize;
        return Some(Edit { span, insert: String::new() });
    }
    if first.id == mark::COMMA && last.id == mark::COMMA {
        return Some(Edit { span, insert: String::new() });
    }
    if !next.is(flag::WORD) {
        if opens {
            // Nothing of the sentence is left.
            if !next.is(flag::TERMINAL) {
                return None;
            }
            span.end = next.end.max(last.end) as usize;
            while paragraph.text.get(span.end..).is_some_and(|rest| rest.starts_with(' ')) {
                span.end += 1;
            }
            // At the end of a line the space before it goes instead.
            if paragraph.text.get(span.end..).is_none_or(|rest| rest.is_empty() || rest.starts_with('\n')) {
                while span.start > 0 && paragraph.text.get(span.start - 1..).is_some_and(|rest| rest.starts_with(' ')) {
                    span.start -= 1;
                }
            }
            return Some(Edit { span, insert: String::new() });
        }
        let previous = before?;
        span.start = if comma_before { previous.start as usize } else { previous.end as usize };
        // Brackets or quotation marks between the words would be lost with the space.
        return (paragraph.slice(span.start, first.start as usize).trim_matches([',', ' ']).is_empty())
            .then(|| Edit { span, insert: String::new() });
    }
    if !paragraph.slice(span.end, next.start as usize).chars().all(|c| c.is_whitespace() || c == ',') {
        return None;
    }
    span.end = next.start as usize;
    let word = paragraph.text_of(next);
    if !first.is(flag::WORD) && first.start > 0 {
        // ", you clown" has no space before it to keep.
        return Some(Edit { span, insert: " ".to_owned() });
    }
    if capital && opens && !next.is(flag::CAPITAL) {
        span.end = next.end as usize;
        return Some(Edit { span, insert: upper_first(word) });
    }
    Some(Edit { span, insert: String::new() })
}

/// Whether a text holds only one of a pair.
fn unbalanced(text: &str) -> bool {
    let count = |wanted: &[char]| text.chars().filter(|c| wanted.contains(c)).count();
    count(&['"']) % 2 == 1 || count(&['“', '„', '«']) != count(&['”', '»']) || count(&['(', '[']) != count(&[')', ']'])
}

/// With a capital first letter.
pub fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    let mut upper: String = chars.next().map(capital).into_iter().collect();
    upper.push_str(chars.as_str());
    upper
}

/// The capital of a small letter: one of a few before it in Unicode, that whose small letter it is. The standard library's
/// table of all capitals would be kilobytes, for the first letters of English sentences.
fn capital(small: char) -> char {
    if small.is_ascii() {
        return small.to_ascii_uppercase();
    }
    // As in Latin, Greek and Cyrillic; as in Latin with marks; as in other Cyrillic; as in Armenian.
    let before = [32, 1, 80, 48].map(|distance| char::from_u32(u32::from(small) - distance));
    before.into_iter().flatten().find(|capital| capital.to_lowercase().eq([small])).unwrap_or(small)
}

/// With a small first letter, unless its first word is `I` or an abbreviation.
pub fn lower_first(text: &str) -> String {
    let word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    if word == "I" || word.chars().skip(1).any(is_capital) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    let mut lower = String::new();
    chars.next().into_iter().for_each(|first| lower.extend(first.to_lowercase()));
    lower.push_str(chars.as_str());
    lower
}

/// Bytes of a range of tokens; a contraction counts whole.
pub fn span_of(tokens: &[Token], start: usize, end: usize) -> Option<Span> {
    let first = tokens.get(start)?;
    let last = tokens.get(end.checked_sub(1)?)?;
    let span = Span { start: first.start as usize, end: last.end as usize };
    (span.start < span.end).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::upper_first;

    #[test]
    fn capitals() {
        for (small, capital) in ["iI", "zZ", "éÉ", "øØ", "þÞ", "āĀ", "œŒ", "łŁ", "žŽ", "σΣ", "яЯ", "ѐЀ", "ґҐ", "աԱ"]
            .map(|pair| pair.split_at(pair.len() / 2))
        {
            assert_eq!(upper_first(&format!("{small}lan {small}")), format!("{capital}lan {small}"));
        }
        for text in ["", "É", "ß", "ÿ", "日", "’n", "🙏", "7th"] {
            assert_eq!(upper_first(text), text);
        }
    }
}
