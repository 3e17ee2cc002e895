//! One run of the writer's own text: what the rules find in it, and which of its sentences do what.

use std::borrow::Cow;

use crate::beside::Beside;
use crate::heat::{self, Manner};
use crate::matcher::{self, Match};
use crate::normalise::is_quote;
use crate::requests::{Answers, Asked};
use crate::review::{Edit, Finding, Rule, Span};
use crate::rules::Found;
use crate::signs::Signs;
use crate::temper::Temper;
use crate::template::{span_of, suggestions};
use crate::token::{Paragraph, flag, mark, tokenise};
use crate::vocabulary::{CODED, RULES, fact_of, lists, pattern};

/// What the judging of a paragraph depends on besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Per rule, whether it is switched off.
    pub off: Vec<bool>,
    /// The customer's words, as [`plain`] puts them; empty where none are known.
    pub customer: String,
    /// What the customer asks for.
    pub asked: Vec<Asked>,
    /// Bits of [`fact`] that nobody wants to know of the draft.
    pub idle: u64,
    /// What is looked for beside the rules.
    pub beside: Beside,
    /// Ids of all that is switched off, rules and others, each with an end of line behind it.
    pub rules_off: String,
}

impl Context {
    /// Whether a rule is switched off.
    pub fn is_off(&self, rule: &Rule) -> bool {
        let place = RULES.iter().position(|known| known.id == rule.id);
        place.and_then(|place| self.off.get(place)).copied().unwrap_or(false)
    }
}

/// What a sentence does, for everything that judges the whole message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its bytes, in the text it was found in.
    pub span: Span,
    /// Bits of [`fact`].
    pub facts: u64,
    /// How many words it has.
    pub words: u32,
    /// How it speaks.
    pub manner: Manner,
    /// Whether it ends with a mark and not just with its line.
    pub terminated: bool,
    /// Where the text after a greeting in it begins.
    pub after_greeting: Option<usize>,
    /// What its words tell.
    pub temper: Temper,
}

/// What is found in one run of text.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// In order, not overlapping.
    pub findings: Vec<Finding>,
    /// What is found beside the rules, the same.
    pub beside: Vec<Finding>,
    /// In order.
    pub sentences: Vec<Sentence>,
    /// What it says to the customer's requests.
    pub answers: Answers,
    /// What speaks for and against the items of the checklist.
    pub signs: Signs,
}

impl Judgement {
    /// Whether a rule finds something in one of its sentences.
    pub fn stings(&self, sentence: &Sentence) -> bool {
        let inside = |found: &Finding| found.span.start < sentence.span.end && sentence.span.start < found.span.end;
        self.findings.iter().any(inside)
    }
}

struct Candidate {
    rule: usize,
    found: Found,
}

/// Judges a text.
pub fn judge(text: &str, context: &Context) -> Judgement {
    let (written, finder) = (text, context.beside.finder());
    let hushed = finder.map_or(Cow::Borrowed(text), |finder| finder.hush(text));
    let text = hushed.as_ref();
    let paragraph = tokenise(text);
    let is_off = |rule: &Rule| context.rules_off.split('\n').any(|off| off == rule.id);
    let mut beside = finder.map(|finder| finder.find(&paragraph, &is_off)).unwrap_or_default();
    let mut sentences: Vec<Sentence> =
        paragraph.sentences().map(|(start, end)| sentence(&paragraph, start, end)).collect();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut hits: Vec<(usize, Match)> = Vec::new();
    let is_on = |group: u16| match fact_of(group) {
        0 => !context.off.get(usize::from(group)).copied().unwrap_or(false),
        fact => fact & context.idle == 0,
    };
    // That a sentence does something need not be heard twice.
    let is_fact = |group: u16| fact_of(group) != 0;
    matcher::scan_once(&paragraph, &is_on, &is_fact, &mut |hit| {
        let Some(pattern) = pattern(hit.pattern) else {
            return;
        };
        match fact_of(pattern.group) {
            0 => hits.push((usize::from(pattern.group), hit)),
            fact => {
                let start = paragraph.tokens.get(usize::from(hit.tokens.0));
                let start = start.map_or(0, |token| token.start as usize);
                if let Some(sentence) = sentences.iter_mut().rev().find(|sentence| sentence.span.start <= start) {
                    sentence.facts |= fact;
                }
            }
        }
    });
    let mut answers = Answers::default();
    for (sentence, range) in sentences.iter().zip(paragraph.sentences()) {
        answers.add(&paragraph, range, sentence.facts, &context.asked);
    }
    hits.retain(|(rule, hit)| {
        let (start, end) = (usize::from(hit.highlight.0), usize::from(hit.highlight.1));
        let span = span_of(&paragraph.tokens, start, end);
        if let Some(span) = span {
            candidates.push(Candidate { rule: *rule, found: Found { span, suggestions: Vec::new() } });
        }
        span.is_some()
    });
    // Suggestions are made for winners only: remember which candidate came from which match.
    let matched = candidates.len();
    let mut coded = Vec::new();
    for (rule, find) in CODED {
        if is_on(*rule) {
            find(&paragraph, &mut coded);
            candidates.extend(coded.drain(..).map(|found| Candidate { rule: usize::from(*rule), found }));
        }
    }
    let quoted = customer_quotes(text, &context.customer);
    for sentence in &mut sentences {
        if quoted.iter().any(|quote| quote.start < sentence.span.end && sentence.span.start < quote.end) {
            sentence.temper = Temper::default();
        }
    }
    beside.retain(|found| !quoted.iter().any(|quote| quote.start < found.span.end && found.span.start < quote.end));
    // Whoever said it: a swear word in a quotation is told, not said.
    let swears = |candidate: &Candidate| RULES.get(candidate.rule).is_some_and(|rule| rule.id == "profanity");
    let told = if candidates.iter().any(swears) {
        // No inches: what opens one stands before a word.
        let opens =
            |start: usize| text.get(..start).is_some_and(|before| before.chars().nth_back(1).is_none_or(is_edge));
        quotations(text, true, &|start, words| words.split_whitespace().count() > 2 && opens(start))
    } else {
        Vec::new()
    };
    let order = (0..candidates.len()).filter(|place| {
        candidates.get(*place).is_some_and(|candidate| {
            let span = candidate.found.span;
            let mut of_others = quoted.iter().chain(told.iter().filter(|_| swears(candidate)));
            !of_others.any(|quote| quote.start < span.end && span.start < quote.end)
        })
    });
    // The more severe, then the longer, then the one that offers something, then the earlier wins.
    // Their ranks are packed into two numbers: sorting such pairs is a fraction of the code of sorting what they are of.
    let mut order: Vec<(u64, u64)> = order
        .filter_map(|place| {
            let candidate = candidates.get(place)?;
            let span = candidate.found.span;
            let offers = hits
                .get(place)
                .is_none_or(|(_, hit)| pattern(hit.pattern).is_some_and(|pattern| pattern.has_templates()));
            let severity = RULES.get(candidate.rule)?.severity as u64;
            let worth = severity << 62 | ((span.end - span.start) as u64) << 1 | u64::from(offers);
            Some((!worth, (span.start as u64) << 40 | (candidate.rule as u64) << 32 | place as u64))
        })
        .collect();
    order.sort_unstable();
    let mut winners: Vec<Span> = Vec::new();
    let mut findings = Vec::new();
    for place in order.into_iter().map(|(_, last)| last as u32 as usize) {
        let Some(candidate) = candidates.get_mut(place) else {
            continue;
        };
        let span = candidate.found.span;
        if winners.iter().any(|winner| winner.start < span.end && span.start < winner.end) {
            continue;
        }
        let Some(rule) = RULES.get(candidate.rule) else {
            continue;
        };
        winners.push(span);
        let mut offered = std::mem::take(&mut candidate.found.suggestions);
        if place < matched
            && let Some((_, hit)) = hits.get(place)
        {
            offered = suggestions(&paragraph, hit);
        }
        offered.retain(|suggestion| {
            let edit = suggestion.edit.span;
            edit.start <= span.start && span.end <= edit.end
        });
        if let Some(finder) = finder {
            for Edit { span, insert } in offered.iter_mut().map(|suggestion| &mut suggestion.edit) {
                let words = written.get(span.start..span.end).unwrap_or("");
                *insert = finder.restore(std::mem::take(insert), words);
            }
        }
        insert(&mut findings, Finding { rule, span, suggestions: offered, guess: None });
    }
    let mut judgement = Judgement { findings, beside, sentences, answers, signs: Signs::default() };
    let mut signs = Signs::default();
    for (sentence, (start, end)) in judgement.sentences.iter().zip(paragraph.sentences()) {
        let tokens = paragraph.tokens.get(start..end).unwrap_or_default();
        signs.merge(&Signs::of(tokens, sentence.facts, judgement.stings(sentence)));
    }
    judgement.signs = signs;
    judgement
}

/// Puts a finding where it stands among others in order.
pub fn insert(findings: &mut Vec<Finding>, finding: Finding) {
    let at = findings.partition_point(|other| other.span <= finding.span);
    findings.insert(at, finding);
}

fn sentence(paragraph: &Paragraph, start: usize, end: usize) -> Sentence {
    let tokens = paragraph.tokens.get(start..end).unwrap_or_default();
    let first = tokens.iter().find(|token| token.end > token.start);
    let last = tokens.iter().rev().find(|token| token.end > token.start);
    Sentence {
        span: Span {
            start: first.map_or(0, |token| token.start as usize),
            end: last.map_or(0, |token| token.end as usize),
        },
        facts: 0,
        words: tokens.iter().filter(|token| token.is(flag::WORD)).count() as u32,
        manner: tokens.iter().fold(Manner::default(), |mut manner, token| {
            manner.add(token.id);
            manner
        }),
        terminated: tokens.iter().any(|token| token.is(flag::TERMINAL) && token.id != mark::BREAK),
        after_greeting: tokens
            .iter()
            .find(|token| token.is(flag::AFTER_GREETING) && token.is(flag::WORD))
            .map(|token| token.start as usize),
        temper: Temper::of(tokens),
    }
}

impl Judgement {
    /// What its sentences do to the heat, before it is weighed against the rest of the message; its findings come on top.
    pub fn points(&self) -> heat::Points {
        let mut points = heat::Points::default();
        for sentence in &self.sentences {
            points.words += sentence.words;
            points.facts |= sentence.facts;
            points.manner.merge(&sentence.manner);
        }
        points
    }
}

/// Words in small letters with a space before and after each, so that "is this phrase in that text" is one `contains`.
pub fn plain(text: &str) -> String {
    let mut out = String::from(" ");
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !crate::normalise::is_apostrophe(c) && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

/// Texts between double quotation marks, of two words or more, that the customer wrote. Where nothing of theirs is known, what the
/// draft says just before them is believed.
pub fn customer_quotes(text: &str, customer: &str) -> Vec<Span> {
    let unknown = customer.trim().is_empty();
    quotations(text, unknown, &|start, words| {
        if unknown { tells_theirs(text.get(..start).unwrap_or("")) } else { customer.contains(words) }
    })
}

/// Texts between double quotation marks, of two words or more, that `is` one that is wanted, by where it starts and its words. One that
/// is not closed yet goes on to the end of the line, or, where it is `short`, of the sentence.
fn quotations(text: &str, short: bool, is: &dyn Fn(usize, &str) -> bool) -> Vec<Span> {
    let mut quotes = Vec::new();
    // Of the marks below only one is ASCII.
    let has_mark = text.bytes().any(|byte| byte == b'"' || !byte.is_ascii());
    if !has_mark {
        return quotes;
    }
    let mut open: Option<usize> = None;
    // The last mark, if nothing but it can be what opened a quotation: "so" and 5" are no such.
    let mut opening: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if !is_quote(c) {
            continue;
        }
        let after = at + c.len_utf8();
        let (before, behind) = (text.get(..at).unwrap_or(""), text.get(after..).unwrap_or(""));
        opening = (before.chars().next_back().is_none_or(is_edge) && behind.starts_with(char::is_alphanumeric))
            .then_some(after);
        match open {
            Some(start) => {
                let words = plain(text.get(start..at).unwrap_or(""));
                if is(start, &words) && words.split_whitespace().count() >= 2 {
                    quotes.push(Span { start, end: at });
                    open = None;
                } else {
                    // An odd mark must not turn what is outside into what is inside.
                    open = Some(after);
                }
            }
            None => open = Some(after),
        }
    }
    // The writer is still quoting.
    if let Some(start) = opening {
        let rest = text.get(start..).unwrap_or("");
        let said = rest.split(if short { &['\n', '.', '!', '?'][..] } else { &['\n'][..] }).next().unwrap_or("");
        let words = plain(said);
        // The last of them may be half written.
        if is(start, words.trim_end()) && words.split_whitespace().count() >= 2 {
            quotes.push(Span { start, end: start + said.len() });
        }
    }
    quotes
}

/// What a quotation may open behind.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || c == '('
}

/// Whether a text, up to a quotation mark, says that the customer's words come now: `your note: "`, `you wrote that "`.
fn tells_theirs(before: &str) -> bool {
    let near = before.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let line = before.get(near..).and_then(|near| near.rsplit('\n').next()).unwrap_or("");
    // A mark after a word closes what was quoted.
    if !line.chars().rev().nth(1).is_none_or(|c| c.is_whitespace() || "(:–—-".contains(c)) {
        return false;
    }
    let words = plain(line);
    let mut words = words.split_whitespace().rev().skip_while(|word| lists("that me us says reads began", word));
    let says = words.next().is_some_and(|word| {
        lists("said wrote asked told mentioned note message email mail letter review form words question", word)
    });
    let mut who = words.take(3).take_while(|word| !lists("i we my our sent", word));
    says && who.any(|word| matches!(word, "you" | "your"))
}
