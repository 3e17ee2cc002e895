//! Finds a pack's phrases in a text. A phrase is read as the rules' patterns are, without what only the build can
//! compile: lists and slots. It is the engine that looks for them, here as in the extension.

use std::collections::BTreeSet;
use std::ops::Range;

use composure_engine::{Finding, Rule};
use composure_phrases::{Packs, Phrase};

use crate::model::{Pack, Severity};
use crate::pattern::{Node, parse};

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
#[derive(Debug, Default)]
pub struct Matcher {
    packs: Packs,
    /// Where each phrase comes from, and how much harm it does.
    sources: Vec<(Source, Severity)>,
}

/// The longest phrase, in bytes: it bounds how deep brackets nest.
const LONGEST: usize = 300;

/// Whether a text can be looked for as a phrase.
///
/// # Errors
/// What is wrong with it.
pub fn check_phrase(text: &str) -> Result<(), String> {
    phrase(text).map(drop)
}

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
        let (mut phrases, mut sources) = (Vec::new(), Vec::new());
        for (source, severity, find, instead) in pack.phrases() {
            let coded = phrase(find).ok().and_then(|node| Phrase::new(&code(&node), stand_in(severity), instead));
            if let Some(coded) = coded {
                phrases.push(coded);
                sources.push((source, severity));
            }
        }
        Matcher { packs: Packs::new(phrases, []), sources }
    }

    /// Every phrase in a text, in order and without overlaps: of those that do, the more harmful stays, then the longer.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let hit = |(phrase, found): (usize, Finding)| {
            let (source, severity) = *self.sources.get(phrase)?;
            let instead = found.suggestions.into_iter().map(|suggestion| suggestion.edit.insert).collect();
            Some(Hit { span: found.span.start..found.span.end, source, severity, instead })
        };
        self.packs.find_in_text(text).into_iter().filter_map(hit).collect()
    }
}

/// Whether a phrase is found anywhere in a text.
pub(crate) fn is_in(node: &Node, text: &str) -> bool {
    let phrase = Phrase::new(&code(node), stand_in(Severity::Hint), Vec::new());
    phrase.is_some_and(|phrase| !Packs::new(vec![phrase], []).find_in_text(text).is_empty())
}

/// A rule for phrases that are only looked for.
fn stand_in(severity: Severity) -> &'static Rule {
    const fn silent(severity: composure_engine::Severity) -> Rule {
        Rule { id: "pack:", severity, heat: 0, what: "", why: "", instead: "" }
    }
    static HINT: Rule = silent(composure_engine::Severity::Hint);
    static WARNING: Rule = silent(composure_engine::Severity::Warning);
    static SERIOUS: Rule = silent(composure_engine::Severity::Serious);
    match severity {
        Severity::Hint => &HINT,
        Severity::Warning => &WARNING,
        Severity::Serious => &SERIOUS,
    }
}

/// A phrase as the engine takes it: see [`Phrase::new`].
pub(crate) fn code(node: &Node) -> String {
    let mut words = BTreeSet::new();
    let begins: Vec<String> = match first(node, &mut words) {
        Some(false) => words.iter().map(|word| as_read(word)).collect(),
        _ => Vec::new(),
    };
    let mut parts = Vec::new();
    write(node, &mut parts);
    format!("{}|{}", begins.join(" "), parts.join(" "))
}

/// A word as the engine reads it in a text: `hmmm` may be `hm` there.
fn as_read(word: &str) -> String {
    let tokens = composure_engine::tokenise(word).tokens;
    match tokens.as_slice() {
        // The end of the paragraph is behind it.
        [token, _] if token.id != 0 && word.chars().all(char::is_alphanumeric) => {
            composure_engine::word(token.id).to_owned()
        }
        _ => word.to_owned(),
    }
}

fn write(node: &Node, parts: &mut Vec<String>) {
    let all = |kind: char, nodes: &[Node], parts: &mut Vec<String>| {
        parts.push(format!("{kind}{}", nodes.len()));
        nodes.iter().for_each(|node| write(node, parts));
    };
    match node {
        Node::Word(word) => parts.push(format!("={}", as_read(word))),
        Node::Mark(mark) => parts.push(format!("m{mark}")),
        Node::Sequence(nodes) => all('s', nodes, parts),
        Node::Choice(nodes) => all('c', nodes, parts),
        Node::Optional(node) => {
            parts.push("o".to_owned());
            write(node, parts);
        }
        Node::Gap(least, most) => parts.push(format!("g{least},{most}")),
        Node::Quote => parts.push("\"".to_owned()),
        Node::Start => parts.push("^".to_owned()),
        Node::End => parts.push("$".to_owned()),
        // `phrase` lets none of these through.
        Node::List(_) | Node::Slot { .. } | Node::Open | Node::Close => parts.push("c0".to_owned()),
    }
}
