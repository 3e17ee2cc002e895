//! Finds a pack's phrases in a text. A phrase is read as the rules' patterns are, without what only the build can
//! compile: lists and slots.
//!
//! All places that a phrase can lead to are followed at once, so that no phrase and no text takes long.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::model::{Pack, Severity};
use crate::normalise::{MARKS, is_apostrophe, is_invisible};
use crate::pattern::{Node, normal_words, parse};

/// Which phrase of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// That one of `avoid`.
    Avoid(usize),
    /// One of that one of `prefer`.
    Prefer(usize),
}

/// A phrase, found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// Which it is.
    pub source: Source,
    /// How much harm it does.
    pub severity: Severity,
    /// What may stand in its place, best first, with a capital where the phrase had one.
    pub instead: Vec<String>,
}

/// All phrases of a pack, ready to be looked for.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    phrases: Vec<Phrase>,
    /// By the word that they begin with.
    by_word: HashMap<String, Vec<usize>>,
    /// Those that may begin with anything.
    others: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Phrase {
    node: Node,
    source: Source,
    severity: Severity,
    instead: Vec<String>,
}

/// The longest phrase, in bytes: it bounds how deep brackets nest.
const LONGEST: usize = 300;

/// A phrase, or what is wrong with it.
pub(crate) fn phrase(text: &str) -> Result<Node, String> {
    if text.len() > LONGEST {
        return Err(format!("a phrase has at most {LONGEST} bytes"));
    }
    let node = parse(text)?;
    supported(&node)?;
    if least(&node) == 0 {
        return Err("it could be found in nothing at all; at least one word has to stand outside of `[…]`".into());
    }
    Ok(node)
}

fn supported(node: &Node) -> Result<(), String> {
    match node {
        Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().try_for_each(supported),
        Node::Optional(node) => supported(node),
        Node::List(name) => {
            Err(format!("`@{name}` is for Composure's own rules; write the words out as `(one|another)`"))
        }
        Node::Slot { .. } => Err("`<…>` is for Composure's own rules; `_{1,3}` stands for one to three words".into()),
        Node::Open | Node::Close => Err("`«` and `»` are for Composure's own rules; the whole phrase is marked".into()),
        _ => Ok(()),
    }
}

/// How many words and marks there are at least.
fn least(node: &Node) -> usize {
    match node {
        Node::Sequence(nodes) => nodes.iter().map(least).sum(),
        Node::Choice(nodes) => nodes.iter().map(least).min().unwrap_or(0),
        Node::Word(_) | Node::Mark(_) => 1,
        Node::Gap(least, _) => usize::from(*least),
        _ => 0,
    }
}

/// The words that a match can begin with, into `words`; `None` where it could be anything. Gives whether what stands
/// behind it may begin the match as well.
fn first(node: &Node, words: &mut BTreeSet<String>) -> Option<bool> {
    match node {
        Node::Word(word) => {
            words.insert(word.clone());
            Some(false)
        }
        Node::Sequence(nodes) => {
            for node in nodes {
                if !first(node, words)? {
                    return Some(false);
                }
            }
            Some(true)
        }
        Node::Choice(nodes) => {
            let mut empty = false;
            for node in nodes {
                empty |= first(node, words)?;
            }
            Some(empty)
        }
        Node::Optional(node) => first(node, words).map(|_| true),
        Node::Start | Node::Quote => Some(true),
        _ => None,
    }
}

impl Matcher {
    /// Of a pack. What is no phrase, which a pack that was read has none of, is not looked for.
    pub fn new(pack: &Pack) -> Matcher {
        let mut matcher = Matcher::default();
        for (place, avoid) in pack.avoid.iter().enumerate() {
            matcher.add(&avoid.find, Source::Avoid(place), avoid.severity, &avoid.instead);
        }
        for (place, prefer) in pack.prefer.iter().enumerate() {
            for over in &prefer.over {
                matcher.add(over, Source::Prefer(place), Severity::Hint, std::slice::from_ref(&prefer.write));
            }
        }
        matcher
    }

    fn add(&mut self, find: &str, source: Source, severity: Severity, instead: &[String]) {
        let Ok(node) = phrase(find) else { return };
        let place = self.phrases.len();
        let mut words = BTreeSet::new();
        match first(&node, &mut words) {
            Some(false) => {
                words.into_iter().for_each(|word| self.by_word.entry(word).or_default().push(place));
            }
            _ => self.others.push(place),
        }
        self.phrases.push(Phrase { node, source, severity, instead: instead.to_vec() });
    }

    /// Every phrase in a text, in order and without overlaps: of those that do, the more harmful stays, then the longer.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let tokens = tokens(text);
        let mut found: Vec<Hit> = Vec::new();
        for at in 0..tokens.len() {
            let begun = match &tokens[at].unit {
                Unit::Word(word) => self.by_word.get(word).map(Vec::as_slice).unwrap_or_default(),
                Unit::Mark(_) => &[],
            };
            for phrase in begun.iter().chain(&self.others).filter_map(|place| self.phrases.get(*place)) {
                let end = after(&phrase.node, &tokens, &[at]).into_iter().max().filter(|end| *end > at);
                let Some(last) = end.and_then(|end| tokens.get(end - 1)) else { continue };
                let span = tokens[at].span.start..last.span.end;
                let capital = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
                let begins = starts_sentence(&tokens, at) && capital(text.get(span.clone()).unwrap_or_default());
                let written = |text: &String| if begins { upper_first(text) } else { text.clone() };
                let instead = phrase.instead.iter().map(written).collect();
                found.push(Hit { span, source: phrase.source, severity: phrase.severity, instead });
            }
        }
        found.sort_by_key(|hit| (std::cmp::Reverse((hit.severity, hit.span.len())), hit.span.start));
        let mut kept: Vec<Hit> = Vec::new();
        for hit in found {
            if kept.iter().all(|other| hit.span.end <= other.span.start || other.span.end <= hit.span.start) {
                kept.push(hit);
            }
        }
        kept.sort_by_key(|hit| hit.span.start);
        kept
    }
}

/// Whether a phrase is found anywhere in a text.
pub(crate) fn is_in(node: &Node, text: &str) -> bool {
    let tokens = tokens(text);
    (0..tokens.len()).any(|at| after(node, &tokens, &[at]).into_iter().any(|end| end > at))
}

fn upper_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

struct Token {
    span: Range<usize>,
    unit: Unit,
    /// Whether a quotation mark stands before it.
    quoted: bool,
}

enum Unit {
    Word(String),
    /// Place in [`MARKS`], plus one.
    Mark(u16),
}

fn mark_of(text: &str) -> Option<u16> {
    MARKS.iter().position(|mark| *mark == text).map(|place| place as u16 + 1)
}

impl Token {
    /// Whether a gap may not step over it, and a sentence starts behind it.
    fn is_stop(&self) -> bool {
        let Unit::Mark(mark) = self.unit else { return false };
        [".", "!", "?", ":", ";", "…", "\n"].iter().any(|stop| mark_of(stop) == Some(mark))
    }
}

fn starts_sentence(tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| tokens.get(before)).is_none_or(Token::is_stop)
}

/// Where a match of a part can end that begins at one of `from`.
fn after(node: &Node, tokens: &[Token], from: &[usize]) -> Vec<usize> {
    let step = |fits: &dyn Fn(&Token) -> bool| -> Vec<usize> {
        from.iter().filter(|at| tokens.get(**at).is_some_and(fits)).map(|at| at + 1).collect()
    };
    let stay = |fits: &dyn Fn(usize) -> bool| -> Vec<usize> { from.iter().copied().filter(|at| fits(*at)).collect() };
    let mut ends = match node {
        Node::Word(word) => step(&|token| matches!(&token.unit, Unit::Word(other) if other == word)),
        Node::Mark(mark) => step(&|token| matches!(&token.unit, Unit::Mark(other) if other == mark)),
        Node::Sequence(nodes) => {
            let mut ends = from.to_vec();
            for node in nodes {
                if ends.is_empty() {
                    break;
                }
                ends = after(node, tokens, &ends);
            }
            ends
        }
        Node::Choice(nodes) => nodes.iter().flat_map(|node| after(node, tokens, from)).collect(),
        Node::Optional(node) => [from, &after(node, tokens, from)].concat(),
        Node::Gap(least, most) => {
            let mut all = Vec::new();
            let mut ends = from.to_vec();
            for count in 0..=*most {
                if count >= *least {
                    all.extend_from_slice(&ends);
                }
                ends.retain(|at| tokens.get(*at).is_some_and(|token| !token.is_stop()));
                ends.iter_mut().for_each(|at| *at += 1);
            }
            all
        }
        Node::Quote => stay(&|at| tokens.get(at).is_some_and(|token| token.quoted)),
        Node::Start => stay(&|at| starts_sentence(tokens, at)),
        Node::End => stay(&|at| tokens.get(at).is_none_or(Token::is_stop)),
        Node::List(_) | Node::Slot { .. } | Node::Open | Node::Close => Vec::new(),
    };
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Words as the rules see them, and marks.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        let smiley = [":)", ":-)", ";)", ";-)", ":(", ":-(", ":/"].iter().find(|smiley| rest.starts_with(**smiley));
        let (length, unit) = if next.is_alphanumeric() {
            let length = word_length(rest);
            for word in normal_words(&rest[..length]) {
                let quoted = std::mem::take(&mut quoted);
                tokens.push(Token { span: at..at + length, unit: Unit::Word(word), quoted });
            }
            // A hyphen between words is no dash.
            let behind = &rest[length..];
            let joins = behind.starts_with('-') && behind[1..].starts_with(char::is_alphanumeric);
            at += length + usize::from(joins);
            continue;
        } else if let Some(smiley) = smiley.filter(|smiley| !rest[smiley.len()..].starts_with('/')) {
            (smiley.len(), Some(Unit::Word(smiley.replace('-', ""))))
        } else if rest.starts_with("...") {
            (3, mark_of("…").map(Unit::Mark))
        } else if next == '\n' {
            // Lines are broken anywhere; only a blank one ends a sentence.
            let blank = rest[1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
            (1, blank.then(|| mark_of("\n").map(Unit::Mark)).flatten())
        } else if matches!(next, '"' | '“' | '”') || is_apostrophe(next) {
            quoted |= !is_apostrophe(next);
            (next.len_utf8(), None)
        } else if matches!(next, '-' | '–' | '—') {
            (next.len_utf8(), mark_of("-").map(Unit::Mark))
        } else if next == '&' {
            (1, Some(Unit::Word("and".to_owned())))
        } else if let Some(mark) = mark_of(next.encode_utf8(&mut [0; 4])) {
            (next.len_utf8(), Some(Unit::Mark(mark)))
        } else if next.is_ascii() || next.is_whitespace() || is_invisible(next) {
            (next.len_utf8(), None)
        } else {
            // An emoji; what changes its colour or shape is no part of the word.
            let shape = matches!(next, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
            (next.len_utf8(), (!shape).then(|| Unit::Word(next.to_string())))
        };
        if let Some(unit) = unit {
            tokens.push(Token { span: at..at + length, unit, quoted: std::mem::take(&mut quoted) });
        }
        at += length;
    }
    tokens
}

/// Of the word at the beginning: letters, digits, apostrophes between them, and what nobody sees.
fn word_length(text: &str) -> usize {
    let mut end = 0;
    let mut ahead = 0;
    for character in text.chars() {
        ahead += character.len_utf8();
        if character.is_alphanumeric() {
            end = ahead;
        } else if !is_apostrophe(character) && !is_invisible(character) {
            break;
        }
    }
    end
}
