//! The pattern language of `docs/rules.md`: text to a tree.

use crate::normalise::{ALIASES, MARKS, is_apostrophe, is_invisible, slot_kind, split_contraction};

/// A pattern, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Optional(Box<Node>),
    Word(String),
    Mark(u16),
    Gap(u16, u16),
    Quote,
    Start,
    End,
    List(String),
    Slot { name: String, kind: u16 },
    Open,
    Close,
}

/// Parses a pattern, or says what is wrong with it.
pub fn parse(text: &str) -> Result<Node, String> {
    let mut parser = Parser { rest: text, open: 0, close: 0 };
    let node = parser.choice()?;
    if !parser.rest.trim_start().is_empty() {
        return Err(format!("unexpected `{}`", parser.rest.trim()));
    }
    if parser.open != parser.close {
        return Err("`«` and `»` do not pair up".into());
    }
    Ok(node)
}

/// A word as the tokeniser would see it: one or two normalised words, more where hyphens join them.
pub fn normal_words(typed: &str) -> Vec<String> {
    let word: String = typed
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .collect::<String>()
        .to_lowercase();
    let mut words = Vec::new();
    for part in word.split('-').filter(|part| !part.is_empty()) {
        if let Some(alias) = ALIASES.iter().find(|alias| alias.typed == part) {
            words.push(alias.first.to_owned());
            if !alias.second.is_empty() {
                words.push(alias.second.to_owned());
            }
        } else if part.starts_with('\'') {
            words.push(part.to_owned());
        } else if let Some((head, tail)) = split_contraction(part) {
            words.push(head.to_owned());
            words.push(tail.to_owned());
        } else {
            words.push(part.trim_end_matches('\'').to_owned());
        }
    }
    words
}

struct Parser<'a> {
    rest: &'a str,
    open: usize,
    close: usize,
}

impl Parser<'_> {
    fn choice(&mut self) -> Result<Node, String> {
        let mut options = vec![self.sequence()?];
        while self.eat("|") {
            options.push(self.sequence()?);
        }
        Ok(match options.len() {
            1 => options.remove(0),
            _ => Node::Choice(options),
        })
    }

    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            let Some(next) = self.rest.chars().next() else {
                break;
            };
            if matches!(next, ')' | ']' | '|') {
                break;
            }
            self.item(next, &mut nodes)?;
        }
        if nodes.is_empty() {
            return Err("an empty alternative; put what may be missing into `[…]`".into());
        }
        Ok(match nodes.len() {
            1 => nodes.remove(0),
            _ => Node::Sequence(nodes),
        })
    }

    fn item(&mut self, next: char, nodes: &mut Vec<Node>) -> Result<(), String> {
        for smiley in [":)", ":-)", ";)", ";-)", ":(", ":-(", ":/"] {
            if let Some(rest) = self.rest.strip_prefix(smiley) {
                self.rest = rest;
                nodes.push(Node::Word(smiley.replace('-', "")));
                return Ok(());
            }
        }
        if let Some(rest) = self.rest.strip_prefix("...") {
            self.rest = rest;
            nodes.push(mark("…"));
            return Ok(());
        }
        if let Some(after) = self.rest.strip_prefix('_') {
            if after.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                return Err("`_` stands alone or before `{min,max}`".into());
            }
            self.rest = after;
            nodes.push(self.gap()?);
            return Ok(());
        }
        let step = next.len_utf8();
        match next {
            '(' | '[' => {
                self.rest = &self.rest[step..];
                let inner = self.choice()?;
                let (close, node) = if next == '(' { (")", inner) } else { ("]", Node::Optional(Box::new(inner))) };
                if !self.eat(close) {
                    return Err(format!("`{next}` without `{close}`"));
                }
                nodes.push(node);
            }
            '@' => {
                let name = self.take(1, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
                if name.is_empty() {
                    return Err("`@` without the name of a list".into());
                }
                nodes.push(Node::List(name));
            }
            '<' => {
                let end = self.rest.find('>').ok_or("`<` without `>`")?;
                let slot = &self.rest[1..end];
                self.rest = &self.rest[end + 1..];
                let (name, kind) = slot.split_once(':').ok_or_else(|| format!("`<{slot}>` must be `<name:kind>`"))?;
                let kind = match kind.trim() {
                    "verb" => slot_kind::VERB,
                    "past" => slot_kind::PAST,
                    "participle" => slot_kind::PARTICIPLE,
                    "ing" => slot_kind::ING,
                    "np" => slot_kind::NP,
                    "rest" => slot_kind::REST,
                    "name" => slot_kind::NAME,
                    "number" => slot_kind::NUMBER,
                    other => {
                        return Err(format!(
                            "`{other}` is no slot kind (verb, past, participle, ing, np, rest, name, number)"
                        ));
                    }
                };
                nodes.push(Node::Slot { name: name.trim().to_owned(), kind });
            }
            '¶' => {
                self.rest = &self.rest[step..];
                nodes.push(mark("\n"));
            }
            '^' | '$' | '"' | '“' | '”' | '«' | '»' => {
                self.rest = &self.rest[step..];
                nodes.push(match next {
                    '^' => Node::Start,
                    '$' => Node::End,
                    '«' => {
                        self.open += 1;
                        Node::Open
                    }
                    '»' => {
                        self.close += 1;
                        Node::Close
                    }
                    _ => Node::Quote,
                });
            }
            '—' | '–' | '-' => {
                self.rest = &self.rest[step..];
                nodes.push(mark("-"));
            }
            '&' => {
                self.rest = &self.rest[step..];
                nodes.push(Node::Word("and".into()));
            }
            c if MARKS.contains(&c.to_string().as_str()) => {
                self.rest = &self.rest[step..];
                nodes.push(mark(&c.to_string()));
            }
            c if c.is_alphanumeric() || is_apostrophe(c) => {
                let word = self.take(0, |c| c.is_alphanumeric() || is_apostrophe(c) || matches!(c, '-' | '*'));
                if word.contains('*') {
                    return Err(format!(
                        "`{word}`: masked spellings are found by themselves, write the word out in words/swear*.txt"
                    ));
                }
                let words = normal_words(&word);
                if words.is_empty() {
                    return Err(format!("`{word}` is no word"));
                }
                nodes.extend(words.into_iter().map(Node::Word));
            }
            c if !c.is_ascii() => {
                self.rest = &self.rest[step..];
                // An emoji; what follows it to change its colour or shape is no part of the word.
                if !matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}') {
                    nodes.push(Node::Word(c.to_string()));
                }
            }
            c => return Err(format!("`{c}` means nothing in a pattern")),
        }
        Ok(())
    }

    fn take(&mut self, skip: usize, wanted: impl Fn(char) -> bool) -> String {
        let text = &self.rest[skip..];
        let end = text.find(|c| !wanted(c)).unwrap_or(text.len());
        self.rest = &text[end..];
        text[..end].to_owned()
    }

    fn gap(&mut self) -> Result<Node, String> {
        let Some(after) = self.rest.strip_prefix('{') else {
            return Ok(Node::Gap(1, 1));
        };
        let end = after.find('}').ok_or("`_{` without `}`")?;
        let (inner, rest) = (&after[..end], &after[end + 1..]);
        self.rest = rest;
        let (min, max) = inner.split_once(',').unwrap_or((inner, inner));
        let number =
            |text: &str| text.trim().parse::<u16>().map_err(|_| format!("`_{{{inner}}}` must be `_{{min,max}}`"));
        let (min, max) = (number(min)?, number(max)?);
        if min > max || max == 0 || max > 12 {
            return Err(format!("`_{{{inner}}}`: min must not exceed max, max is 1 to 12"));
        }
        Ok(Node::Gap(min, max))
    }
}

fn mark(text: &str) -> Node {
    let index = MARKS.iter().position(|mark| *mark == text).unwrap_or(0);
    Node::Mark(index as u16 + 1)
}

/// Every word that the pattern names, into `words`.
pub fn words_of(node: &Node, words: &mut Vec<String>) {
    match node {
        Node::Sequence(nodes) | Node::Choice(nodes) => {
            nodes.iter().for_each(|node| words_of(node, words));
        }
        Node::Optional(node) => words_of(node, words),
        Node::Word(word) => words.push(word.clone()),
        _ => {}
    }
}

/// All word sequences that a list entry stands for; only words, choices and options are allowed in one.
pub fn expand(node: &Node) -> Result<Vec<Vec<String>>, String> {
    Ok(match node {
        Node::Word(word) => vec![vec![word.clone()]],
        Node::Optional(node) => {
            let mut all = expand(node)?;
            all.push(Vec::new());
            all
        }
        Node::Choice(nodes) => {
            let mut all = Vec::new();
            for node in nodes {
                all.extend(expand(node)?);
            }
            all
        }
        Node::Sequence(nodes) => {
            let mut all = vec![Vec::new()];
            for node in nodes {
                let tails = expand(node)?;
                all = all
                    .iter()
                    .flat_map(|head: &Vec<String>| {
                        tails.iter().map(move |tail| {
                            let mut joined = head.clone();
                            joined.extend(tail.iter().cloned());
                            joined
                        })
                    })
                    .collect();
            }
            all
        }
        _ => return Err("a list holds words, `(a|b)` and `[a]` only".into()),
    })
}
