//! Just enough grammar for slots: where a noun phrase, a clause, a name ends.

use crate::normalise::class;
use crate::token::{Paragraph, Token, flag, mark};
use crate::vocabulary::{AND, OF, OR, THESE, THOSE, classes, lists};

/// Longest noun phrase in words, with its `of the…`.
const NOUN_PHRASE: usize = 8;

/// One past the noun phrase that starts at token `at`, and whether a suggestion may move it about.
pub fn noun_phrase(paragraph: &Paragraph, at: usize) -> Option<(usize, bool)> {
    let tokens = &paragraph.tokens;
    let first = tokens.get(at).filter(|token| token.is(flag::WORD))?;
    let first_class = classes(first.id);
    let determiner = first_class & class::DETERMINER != 0;
    if !determiner && first_class & class::PRONOUN != 0 {
        // "anything else" and the like are not worth a try.
        let next = tokens.get(at + 1)?;
        let safe = !next.is(flag::WORD) || is_boundary(next, false);
        return Some((at + 1, safe));
    }
    if !determiner && is_boundary(first, true) {
        return None;
    }
    let mut end = core(tokens, at, determiner)?;
    if end == at + 1 && determiner {
        // "this", "that" alone; "the" alone is no phrase.
        return (first_class & class::PRONOUN != 0).then_some((end, true));
    }
    let mut safe = true;
    while let Some(next) = tokens.get(end) {
        let word = crate::vocabulary::word(next.id);
        if next.id == OF || word == "about" || word == "regarding" || is_attaching(tokens, end) {
            let start = end + 1;
            let determiner = tokens.get(start).is_some_and(|token| classes(token.id) & class::DETERMINER != 0);
            match core(tokens, start, determiner) {
                Some(more) if more > start => end = more,
                _ => {
                    safe = false;
                    break;
                }
            }
        } else {
            break;
        }
    }
    if end - at > NOUN_PHRASE {
        safe = false;
    }
    if let Some(next) = tokens.get(end) {
        let next_class = classes(next.id);
        // A relative clause or an unclear "and" belongs to the phrase in a way we cannot see.
        let relative = next.is(flag::WORD) && !next.is(flag::CLITIC) && next_class & class::PRONOUN != 0;
        let joined = next.id == AND || next.id == OR;
        let joined = joined
            && !tokens.get(end + 1).is_some_and(|after| {
                classes(after.id) & class::PRONOUN != 0 && classes(after.id) & class::DETERMINER == 0
            });
        let that = next.is(flag::WORD) && lists("that which who whose where", crate::vocabulary::word(next.id));
        if relative || joined || that || next.is(flag::CLITIC) {
            safe = false;
        }
    }
    Some((end, safe))
}

/// One past the words of one noun group: determiner, adjectives, nouns.
fn core(tokens: &[Token], at: usize, determiner: bool) -> Option<usize> {
    let mut end = at + usize::from(determiner);
    let mut words = 0;
    while let Some(token) = tokens.get(end) {
        let possessive = token.is(flag::CLITIC) && crate::vocabulary::word(token.id) == "'s";
        if possessive {
            end += 1;
            continue;
        }
        if !token.is(flag::WORD) || token.is(flag::CLITIC) || token.is(flag::SENTENCE_START) {
            break;
        }
        let word_class = classes(token.id);
        let closed = word_class
            & (class::PREPOSITION
                | class::CONJUNCTION
                | class::PRONOUN
                | class::AUXILIARY
                | class::ADVERB
                | class::DETERMINER)
            != 0;
        // "all the details": a determiner may follow a determiner.
        if closed && !(determiner && words == 0 && word_class & class::DETERMINER != 0) {
            break;
        }
        // After a determiner "order" is a noun and "attached" an adjective; later on a past form is a verb.
        if is_finite(word_class) && !(determiner && words == 0) {
            break;
        }
        if words == 5 {
            break;
        }
        words += 1;
        end += 1;
    }
    (end > at).then_some(end)
}

/// `in the box`, `on your account`, `about the delay`: keeps what belongs to a noun with it.
fn is_attaching(tokens: &[Token], at: usize) -> bool {
    let Some(token) = tokens.get(at) else {
        return false;
    };
    lists("in on from with for concerning", crate::vocabulary::word(token.id))
        && tokens
            .get(at + 1)
            .is_some_and(|next| classes(next.id) & class::DETERMINER != 0 && classes(next.id) & class::CONJUNCTION == 0)
}

fn is_finite(word_class: u32) -> bool {
    word_class & (class::VERB_PAST | class::VERB_PARTICIPLE) != 0 && word_class & class::VERB_BASE == 0
}

fn is_boundary(token: &Token, at_start: bool) -> bool {
    let word_class = classes(token.id);
    let closed = class::PREPOSITION
        | class::CONJUNCTION
        | class::AUXILIARY
        | class::ADVERB
        | if at_start { class::PRONOUN } else { 0 };
    token.is(flag::CLITIC) || word_class & closed != 0 || at_start && is_finite(word_class)
}

/// Whether a noun phrase (a range of tokens) is plural.
pub fn is_plural(paragraph: &Paragraph, start: usize, end: usize) -> bool {
    let words = paragraph.tokens.get(start..end).unwrap_or_default();
    let head = words
        .iter()
        .enumerate()
        .skip(1)
        .find(|(_, token)| classes(token.id) & class::PREPOSITION != 0)
        .map_or(words.len(), |(place, _)| place);
    let words = words.get(..head).unwrap_or_default();
    if words.first().is_some_and(|token| matches!(token.id, THESE | THOSE)) {
        return true;
    }
    let Some(head) = words.last() else {
        return false;
    };
    let head_class = classes(head.id);
    if head_class & class::PRONOUN != 0 {
        return lists("us we them they you", crate::vocabulary::word(head.id));
    }
    if head_class & class::PLURAL != 0 {
        return true;
    }
    let text = paragraph.text_of(head).to_ascii_lowercase();
    head_class & class::SINGULAR == 0
        && text.ends_with('s')
        && !["ss", "us", "is", "'s", "’s"].iter().any(|end| text.ends_with(end))
}

/// One past the last token of the clause that `at` is in.
pub fn clause_end(paragraph: &Paragraph, at: usize) -> usize {
    let mut end = at;
    while let Some(token) = paragraph.tokens.get(end) {
        if token.is_stop() || token.id == mark::COMMA || token.id == mark::DASH {
            break;
        }
        end += 1;
    }
    end
}

/// One past the person's name that starts at token `at`: `Mrs Stone`, `Gary`, `Mary-Ann van Dyke`.
pub fn name(paragraph: &Paragraph, at: usize) -> Option<usize> {
    let tokens = &paragraph.tokens;
    let mut end = at;
    while tokens.get(end).is_some_and(|token| classes(token.id) & class::TITLE != 0) {
        end += 1;
    }
    let titled = end > at;
    let first = end;
    while end < first + 4
        && tokens.get(end).is_some_and(|token| {
            let word_class = classes(token.id);
            let capital =
                token.is(flag::CAPITAL) && !token.is(flag::CLITIC) && !(token.is(flag::SENTENCE_START) && end > at);
            let ordinary = word_class
                & (class::NOT_A_NAME
                    | class::PRONOUN
                    | class::DETERMINER
                    | class::PREPOSITION
                    | class::CONJUNCTION
                    | class::AUXILIARY
                    | class::ADVERB)
                != 0;
            // "Will" is an auxiliary and a name; a name it is only where nothing follows it.
            let lone = || {
                matches!(crate::vocabulary::word(token.id), "will" | "may")
                    && tokens.get(end + 1).is_none_or(|next| !next.is(flag::WORD))
            };
            token.is(flag::WORD) && !token.is(flag::NUMBER) && capital && (!ordinary || titled || lone())
        })
    {
        end += 1;
    }
    (end > at).then_some(end)
}
