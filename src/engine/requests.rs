//! What the customer asks for, and which of it the draft answers. The words that ask and answer are data (`cues/asks*`,
//! `cues/tells-*`); here is where a request begins and ends, and how the signs of an answer are weighed.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::matcher;
use crate::normalise::{class, small, stem};
use crate::review::{Request, Span};
use crate::thread::own_words;
use crate::token::{Paragraph, Token, flag, mark, tokenise};
use crate::vocabulary::{
    BY, DID, HAD, SAME, SHOULD, TABLES, TILL, UNTIL, WAS, WERE, WILL, classes, fact, fact_of, lists, pattern, verb,
    word,
};

/// More requests than any customer means; the rest is left out.
const MOST: usize = 32;

/// A request as the draft is held against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its words, in bytes of the customer's last message.
    pub span: Span,
    /// What an answer must tell: bits of [`fact`], `0` where only its own words say what it is about.
    pub tells: u64,
    /// What its words are about, and how much each tells: 60 where the customer speaks of it only here.
    pub concepts: Vec<(u32, u32)>,
}

/// What asks and what answers it, the most telling first: "when will you fix it" asks for a time.
const KINDS: &[(u64, u64)] = &[
    (fact::ASKS_APOLOGY, fact::TELLS_APOLOGY),
    (fact::ASKS_WHY, fact::TELLS_WHY),
    (fact::ASKS_WHEN, fact::TELLS_WHEN),
    (fact::ASKS_WHERE, fact::TELLS_WHERE),
    (fact::ASKS_WHO, fact::TELLS_WHO),
    (fact::ASKS_REFUND, fact::TELLS_REFUND),
    (fact::ASKS_CALL, fact::TELLS_CALL),
    (fact::ASKS_PRICE, fact::TELLS_PRICE),
    (fact::ASKS_AMOUNT, fact::TELLS_AMOUNT),
    (fact::ASKS_HOW, fact::TELLS_HOW),
];

/// What asks for something to be done; a request may be of several of these kinds.
const ACTS: &[(u64, u64)] = &[
    (fact::ASKS_STOP, fact::TELLS_STOP),
    (fact::ASKS_GOODS, fact::TELLS_GOODS),
    (fact::ASKS_VISIT, fact::TELLS_VISIT),
];

/// What is not said by chance.
const PLAIN: u64 = fact::TELLS_REFUND | fact::TELLS_APOLOGY | fact::TELLS_CALL;

/// Kinds whose words say no more than the kind.
const NAMED_BY_KIND: u64 = fact::ASKS_CALL | fact::ASKS_WHY | fact::ASKS_APOLOGY | fact::ASKS_REFUND;

/// Where a request begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Opening {
    /// Index of its first token.
    at: usize,
    /// Whether it has the shape of a question.
    question: bool,
}

/// The requests in a customer's message.
pub fn requests(text: &str, hot: bool) -> Vec<Asked> {
    let mut all = Vec::new();
    // Pairs, as `judge` sorts: sorting numbers alone would be kilobytes of code more.
    let mut said: Vec<(u64, u64)> = Vec::new();
    for own in own_words(text) {
        let paragraph = tokenise(text.get(own.start..own.end).unwrap_or(""));
        let found = Found::new(&paragraph);
        for (start, end) in paragraph.sentences().flat_map(|(start, end)| pieces(start, end)) {
            for (from, to) in in_sentence(&paragraph, &found, start, end, hot) {
                all.extend(asked(&paragraph, &found, from, to, own.start));
            }
            if all.len() >= MOST {
                break;
            }
        }
        said.extend(paragraph.tokens.iter().filter_map(|token| Some((concept(&paragraph, token)?.into(), 0))));
        if all.len() >= MOST {
            break;
        }
    }
    all.truncate(MOST);
    said.sort_unstable();
    for (concept, weight) in all.iter_mut().flat_map(|asked: &mut Asked| &mut asked.concepts) {
        let concept = u64::from(*concept);
        let first = said.partition_point(|(other, _)| *other < concept);
        let same = said.get(first..).unwrap_or_default().iter().take_while(|(other, _)| *other == concept);
        let times = same.take(6).count();
        *weight = 60 / u32::try_from(times).unwrap_or(1).max(1);
    }
    all
}

/// A sentence without end is read in pieces, because every word of one is held against the words before it.
fn pieces(start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> {
    const LONGEST: usize = 300;
    (start..end).step_by(LONGEST).map(move |from| (from, end.min(from + LONGEST)))
}

/// What need not be looked for in a draft that answers these requests: bits of [`fact`].
pub fn idle(asked: &[Asked]) -> u64 {
    let always = fact::TELLS_WHETHER | fact::TELLS_YES | fact::REFUSAL;
    let all = KINDS.iter().chain(ACTS).fold(always, |bits, (_, tells)| bits | tells);
    let always = if asked.is_empty() { 0 } else { always };
    let wanted = asked.iter().fold(always, |bits, asked| bits | asked.tells);
    fact::OF_CUSTOMER | all & !wanted
}

/// What the cues find in the customer's words: token ranges.
#[derive(Default)]
struct Found {
    /// Begins a request anywhere.
    asks: Vec<usize>,
    /// Begins one where a clause begins.
    first: Vec<usize>,
    /// Only sounds like one.
    nothing: Vec<(usize, usize)>,
    /// Wants no answer.
    rhetorical: Vec<(usize, usize)>,
    /// Wants none from an angry customer.
    hot: Vec<(usize, usize)>,
    /// Where each kind of request shows.
    kinds: Vec<(usize, usize, u64)>,
}

impl Found {
    fn new(paragraph: &Paragraph) -> Found {
        let mut found = Found::default();
        let wanted = |group: u16| fact_of(group) & fact::OF_CUSTOMER != 0;
        matcher::scan(paragraph, &wanted, &mut |hit| {
            let (at, end) = (usize::from(hit.highlight.0), usize::from(hit.highlight.1));
            match pattern(hit.pattern).map_or(0, |pattern| fact_of(pattern.group)) {
                fact::ASKS => found.asks.push(at),
                fact::ASKS_FIRST => found.first.push(at),
                fact::ASKS_NOTHING => found.nothing.push((at, end)),
                fact::RHETORICAL => found.rhetorical.push((at, end)),
                fact::RHETORICAL_HOT => found.hot.push((at, end)),
                other => found.kinds.push((at, end, other)),
            }
        });
        found
    }
}

/// The requests of one sentence as ranges of tokens.
fn in_sentence(paragraph: &Paragraph, found: &Found, start: usize, end: usize, hot: bool) -> Vec<(usize, usize)> {
    let tokens = paragraph.tokens.get(start..end).unwrap_or_default();
    let question = tokens.iter().rev().find(|token| token.is(flag::TERMINAL) && token.id != mark::BREAK);
    let question = question.is_some_and(|token| token.id == mark::QUESTION);
    let mut openings: Vec<Opening> = Vec::new();
    let inside = |at: &&usize| (start..end).contains(*at);
    openings.extend(found.asks.iter().filter(inside).map(|at| opening(paragraph, *at)));
    for at in found.first.iter().filter(inside) {
        let asked_before = openings.iter().any(|before| before.at < *at);
        let opening = opening(paragraph, *at);
        if begins_clause(paragraph, start, *at) && (opening.question || may_order(paragraph, start, *at, asked_before))
        {
            if !question && opening.question && !inverted(paragraph, start, *at, question) {
                continue;
            }
            openings.push(opening);
        }
    }
    if question {
        let shaped = (start..end).filter(|at| begins_clause(paragraph, start, *at)).map(|at| opening(paragraph, at));
        openings.extend(shaped.filter(|opening| {
            opening.question
                && (opens_sentence(paragraph, start, opening.at) || inverted(paragraph, start, opening.at, question))
        }));
        if openings.is_empty() && is_plain_question(paragraph, start, end, hot) {
            let greeted =
                (start..end).find(|at| paragraph.tokens.get(*at).is_some_and(|token| token.is(flag::AFTER_GREETING)));
            openings.push(Opening { at: greeted.unwrap_or(start), question: true });
        }
    }
    if let Some(first) = openings.iter().map(|opening| opening.at).min() {
        let besides = (first + 2..end).filter(|at| asks_besides(paragraph, *at));
        openings.extend(besides.map(|at| Opening { at, question: true }));
    }
    let mut sorted: Vec<Opening> = Vec::new();
    for opening in openings {
        if let Err(at) = sorted.binary_search_by_key(&opening.at, |other| other.at) {
            sorted.insert(at, opening);
        }
    }
    let mut ranges = Vec::new();
    let mut kept: Option<Opening> = None;
    let mut starts: Vec<Opening> = Vec::new();
    for opening in sorted {
        let alone = |kept: Opening| !opens_sentence(paragraph, kept.at, opening.at);
        if kept.is_none_or(alone) && (kept.is_none() || is_apart(paragraph, opening.at)) {
            starts.push(opening);
            kept = Some(opening);
        }
    }
    for (place, opening) in starts.iter().enumerate() {
        let next = starts.get(place + 1).map_or(end, |next| next.at);
        let end = trimmed(paragraph, opening.at, next);
        let overlaps = |range: &(usize, usize)| range.0 < end && range.1 > opening.at;
        let rhetorical = found.rhetorical.iter().any(overlaps) || hot && found.hot.iter().any(overlaps);
        let nothing = found.nothing.iter().any(|(from, to)| (from..to).contains(&&opening.at));
        if nothing || opening.question && rhetorical {
            continue;
        }
        split_list(paragraph, opening, end, &mut ranges);
    }
    ranges
}

fn opening(paragraph: &Paragraph, at: usize) -> Opening {
    let token = paragraph.tokens.get(at);
    let text = token.map_or("", |token| word(token.id));
    let asks = lists(
        "what when where who whose whom which why how any am is are was were do does did can could will would \
shall should may might have has must",
        text,
    );
    // "Do not charge my card" is an order.
    let order = text == "do" && paragraph.tokens.get(at + 1).is_some_and(|next| word(next.id) == "not");
    Opening { at, question: asks && !order }
}

/// Whether a clause begins at token `at` of the sentence that begins at `start`.
fn begins_clause(paragraph: &Paragraph, start: usize, at: usize) -> bool {
    let word_at = |at: usize| paragraph.tokens.get(at).filter(|token| token.is(flag::WORD) && !token.is(flag::CLITIC));
    for at in (start..=at).rev().take(FILLED) {
        let Some(token) = word_at(at) else {
            return false;
        };
        let before = at.checked_sub(1).and_then(|before| paragraph.tokens.get(before));
        let Some(before) = before.filter(|before| at > start && before.is(flag::WORD)) else {
            return true;
        };
        if token.is(flag::AFTER_GREETING) {
            return true;
        }
        match word(before.id) {
            "and" | "or" | "but" => return true,
            "not" | "so" | "that" if at >= 2 && is_failing(paragraph, at - 2) => return true,
            filler if lists(FILLERS, filler) => {}
            _ => return false,
        }
    }
    false
}

/// More words than anybody puts before a clause's first.
const FILLED: usize = 6;

/// "If not could I…", "failing that send…": the first of the two words.
fn is_failing(paragraph: &Paragraph, at: usize) -> bool {
    paragraph.tokens.get(at).is_some_and(|token| matches!(word(token.id), "if" | "failing"))
}

/// What may stand before a clause's first word.
const FILLERS: &str = "also so then plus just now ok well anyway finally lastly firstly secondly first second please kindly \
either again thirdly next therefore at least";

/// More of them open no sentence.
const MOST_FILLERS: usize = 24;

/// Whether only words like "and also" stand between a sentence's start and token `at`.
fn opens_sentence(paragraph: &Paragraph, start: usize, at: usize) -> bool {
    if at > start + MOST_FILLERS {
        return false;
    }
    let tokens = paragraph.tokens.get(start..at).unwrap_or_default();
    tokens.iter().filter(|token| token.is(flag::WORD)).all(|token| {
        let word = word(token.id);
        matches!(word, "and" | "or" | "but") || lists(FILLERS, word)
    })
}

/// Whether a verb at `at` can be an order and is not what somebody did: "he came and put it down".
fn may_order(paragraph: &Paragraph, start: usize, at: usize, asked_before: bool) -> bool {
    let tokens = paragraph.tokens.get(start..at).unwrap_or_default();
    let words = || tokens.iter().filter(|token| token.is(flag::WORD));
    let before = tokens.last();
    let after_greeting = paragraph.tokens.get(at).is_some_and(|token| token.is(flag::AFTER_GREETING));
    let after_stop =
        before.is_some_and(|token| matches!(token.id, mark::COLON | mark::SEMICOLON | mark::DASH | mark::ELLIPSIS));
    let conditional =
        words().next().is_some_and(|token| lists("if when once since so as either unless", word(token.id)));
    opens_sentence(paragraph, start, at) || after_greeting || after_stop || conditional || asked_before
}

/// Whether words at `at` that could begin a question do so without a question mark: "is she still registered", not
/// "was there for hours".
fn inverted(paragraph: &Paragraph, start: usize, at: usize, question: bool) -> bool {
    let text = |at: usize| paragraph.tokens.get(at).map_or("", |token| word(token.id));
    let opens = opens_sentence(paragraph, start, at);
    let asked_before = paragraph.tokens.get(start..at).is_some_and(|before| {
        before.iter().any(|token| lists("can could would what when why how possible", word(token.id)))
    });
    let first = text(at);
    let next = text(at + 1);
    let after = text(at + 2);
    let subject = |word: &str| {
        lists("i we you he she they it there my the your this that", word)
            || lists("someone somebody anyone these those our a any one", word)
    };
    match first {
        "was" | "were" | "had" | "has" | "have" | "did" | "am" | "do" | "does" => {
            lists("i we you he she they", next) || next == "it" && first == "does"
        }
        "is" | "are" | "can" | "could" | "will" | "would" | "shall" | "should" | "may" | "might" => {
            let failing = text(at.saturating_sub(1)) == "not";
            let noun = question && classes(paragraph.tokens.get(at + 1).map_or(0, |token| token.id)) & CLOSED == 0;
            noun || subject(next) && (opens || failing || question || !lists("my the your a this that", next))
        }
        "what" | "when" | "where" | "why" | "how" => {
            let asks = classes(paragraph.tokens.get(at + 1).map_or(0, |token| token.id)) & class::AUXILIARY != 0;
            let more = lists("not more worse going been be", after);
            asks && !more
                || !asks
                    && (first != "when" && first != "where" || asked_before || opens && at > start && first == "why")
        }
        "who" => opens || text(at.saturating_sub(1)) == "and" || matches!(after, "i" | "we"),
        "which" => opens,
        _ => true,
    }
}

/// Whether something that ends with a question mark but is not put like a question asks: "You sent it to Leeds?".
fn is_plain_question(paragraph: &Paragraph, start: usize, end: usize, hot: bool) -> bool {
    let tokens = paragraph.tokens.get(start..end).unwrap_or_default();
    let words = tokens.iter().filter(|token| token.is(flag::WORD)).count();
    let excited = tokens.iter().any(|token| token.id == mark::QUESTION && token.end - token.start > 1);
    words >= 3 && !excited && !hot
}

/// Whether what is asked goes on with another question at token `at`: "how much it is and when it comes".
fn asks_besides(paragraph: &Paragraph, at: usize) -> bool {
    let text = |at: usize| paragraph.tokens.get(at).map_or("", |token| word(token.id));
    text(at.saturating_sub(1)) == "and"
        && lists("whether when how why what where who which", text(at))
        && !text(at + 1).is_empty()
}

/// Whether a request at `at` is one of its own and not the rest of the one before: "tell me when".
fn is_apart(paragraph: &Paragraph, at: usize) -> bool {
    let before = paragraph.tokens.get(..at).unwrap_or_default().iter().rev().take(FILLED);
    for token in before {
        match word(token.id) {
            "and" | "or" | "but" => return true,
            _ if !token.is(flag::WORD) => return true,
            filler if lists(FILLERS, filler) => {}
            _ => return false,
        }
    }
    at == 0
}

/// One past the last token of a request that ends before token `next`: without the reason after it.
fn trimmed(paragraph: &Paragraph, at: usize, next: usize) -> usize {
    let mut end = next;
    for place in at + 3..next {
        let text = paragraph.tokens.get(place).map_or("", |token| word(token.id));
        let after = paragraph.tokens.get(place + 1).map_or("", |token| word(token.id));
        let comma = paragraph.tokens.get(place - 1).is_some_and(|token| token.id == mark::COMMA);
        let reason = matches!(text, "because" | "otherwise")
            || matches!(text, "as" | "so" | "since") && lists("i we my the it he she they our", after)
            || matches!(text, "or" | "and")
                && after == "i"
                && paragraph.tokens.get(place + 2).map_or("", |token| word(token.id)) == "will"
            || comma && lists("i we its it he she they", text);
        if reason {
            end = place;
            break;
        }
    }
    while end > at + 1
        && paragraph.tokens.get(end - 1).is_some_and(|token| {
            !token.is(flag::WORD) || lists("and or but also please then so if plus", word(token.id))
        })
    {
        end -= 1;
    }
    end
}

/// "I want it shifted and the stump done": what is wanted besides is a request of its own.
fn split_list(paragraph: &Paragraph, opening: &Opening, end: usize, ranges: &mut Vec<(usize, usize)>) {
    let text = |at: usize| paragraph.tokens.get(at).map_or("", |token| word(token.id));
    let wants = matches!(text(opening.at), "i" | "we");
    let mut from = opening.at;
    if wants {
        for at in opening.at + 3..end.saturating_sub(1) {
            let enumerates = text(at) == "and" && lists("the a an my our some your", text(at + 1));
            if enumerates {
                let comma = paragraph.tokens.get(at - 1).is_some_and(|token| token.id == mark::COMMA);
                ranges.push((from, if comma { at - 1 } else { at }));
                from = at + 1;
            }
        }
    }
    ranges.push((from, end));
}

/// What is known of a request at tokens `from..to` of a text that begins at byte `offset` of the message.
fn asked(paragraph: &Paragraph, found: &Found, from: usize, to: usize, offset: usize) -> Option<Asked> {
    let tokens = paragraph.tokens.get(from..to)?;
    let (first, last) = (tokens.first()?, tokens.last()?);
    let span = Span { start: first.start as usize + offset, end: last.end as usize + offset };
    let signs = || found.kinds.iter().filter(|(at, _, _)| (from..to).contains(at));
    let kinds = signs().fold(0, |bits, (_, _, bit)| bits | bit);
    let of = |all: &[(u64, u64)]| all.iter().find(|(asks, _)| kinds & asks != 0).copied();
    let acts = || {
        let all = ACTS.iter().filter(|(asks, _)| kinds & asks != 0);
        all.fold((0, 0), |(asks, tells), kind| (asks | kind.0, tells | kind.1))
    };
    let (asks, mut tells) = of(KINDS).unwrap_or_else(acts);
    if kinds & fact::ASKS_WHETHER != 0 {
        tells |= fact::TELLS_YES;
    }
    // That a draft says "call" is no sign that it answers "call me" besides what `tells` knows of it.
    let known = |at: usize| {
        asks & NAMED_BY_KIND != 0 && signs().any(|(start, end, bit)| *bit == asks && (*start..*end).contains(&at))
    };
    let mut concepts: Vec<(u32, u32)> = Vec::new();
    for at in (from..to).filter(|at| !known(*at)) {
        let Some(concept) = paragraph.tokens.get(at).and_then(|token| concept(paragraph, token)) else { continue };
        if let Err(at) = concepts.binary_search(&(concept, 1)) {
            concepts.insert(at, (concept, 1));
        }
    }
    Some(Asked { span, tells, concepts })
}

/// Words that are about nothing by themselves.
const CLOSED: u32 = class::DETERMINER
    | class::PREPOSITION
    | class::CONJUNCTION
    | class::PRONOUN
    | class::AUXILIARY
    | class::ADVERB
    | class::GREETING
    | class::EMPTY;

/// What a word is about, so that `collected` is `collection`; `None` for words that are about nothing.
pub fn concept(paragraph: &Paragraph, token: &Token) -> Option<u32> {
    if !token.is(flag::WORD) || classes(token.id) & CLOSED != 0 {
        return None;
    }
    let text = paragraph.text_of(token);
    let base = verb(token.id).and_then(|forms| forms.first().copied()).filter(|base| *base != 0);
    let id = base.unwrap_or(token.id);
    // Half a contraction has the text of the whole, and a word may be one in a spelling of its own.
    let is_plain = base.is_some() || word(id).eq_ignore_ascii_case(text);
    (text.len() > 1).then(|| if is_plain { known_meaning(id) } else { meaning(text) })
}

/// The [`meaning`]s of the words of all ids, as far as they were asked for: 0 where not.
static MEANINGS: LazyLock<Vec<AtomicU32>> = LazyLock::new(|| (0..TABLES.ids()).map(|_| AtomicU32::new(0)).collect());

/// The [`meaning`] of an id's word: most words are met again and again.
fn known_meaning(id: u16) -> u32 {
    let Some(kept) = MEANINGS.get(usize::from(id)) else { return meaning(word(id)) };
    match kept.load(Ordering::Relaxed) {
        0 => {
            let found = meaning(word(id));
            kept.store(found, Ordering::Relaxed);
            found
        }
        found => found,
    }
}

/// The stem of a word, or that of the word it means the same as.
fn meaning(text: &str) -> u32 {
    let mut ascii = [0; 24];
    let stem = match ascii.get_mut(..text.len()) {
        // Most words are plain and short, and a draft's are read on every keystroke.
        Some(lower) if text.is_ascii() => {
            lower.copy_from_slice(text.as_bytes());
            lower.make_ascii_lowercase();
            stem(std::str::from_utf8(lower).unwrap_or(""))
        }
        _ => stem(&small(&text.chars().filter(|c| c.is_alphanumeric()).collect::<String>())),
    };
    SAME.binary_search_by_key(&stem, |same| same.0).ok().and_then(|place| SAME.get(place)).map_or(stem, |same| same.1)
}

/// What a part of a draft says to each request: a bit per request. Parts add up to the message's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// A sentence tells what the request asks for: a time for "when".
    told: u32,
    /// One that does speaks of no other request rather.
    free: u32,
    /// One that does so in words that do not come by chance.
    sure: u32,
    /// A sentence speaks of the same thing, or begins with "it" and speaks of nothing else that was asked.
    touched: u32,
    /// One does with a word that the customer uses nowhere else.
    telling: u32,
    /// One does with more than one word.
    strong: u32,
    /// One that speaks of it says yes or no.
    decided: u32,
    /// One that speaks of it refuses.
    refused: u32,
    /// Whether anything is refused.
    refusal: bool,
}

impl Answers {
    /// Counts another part.
    pub fn merge(&mut self, other: &Answers) {
        self.told |= other.told;
        self.free |= other.free;
        self.sure |= other.sure;
        self.touched |= other.touched;
        self.telling |= other.telling;
        self.strong |= other.strong;
        self.decided |= other.decided;
        self.refused |= other.refused;
        self.refusal |= other.refusal;
    }

    /// Counts what the sentence at tokens `start..end`, which has `facts`, says.
    pub fn add(&mut self, paragraph: &Paragraph, (start, end): (usize, usize), facts: u64, asked: &[Asked]) {
        if asked.is_empty() {
            return;
        }
        let tokens = paragraph.tokens.get(start..end).unwrap_or_default();
        let mut facts = facts;
        if facts & fact::TELLS_WHEN != 0 && is_past(tokens) {
            facts &= !fact::TELLS_WHEN;
        }
        if tokens.iter().any(|token| token.is(flag::NUMBER)) {
            facts |= fact::TELLS_AMOUNT;
        }
        if names_a_sum(paragraph, tokens) {
            facts |= fact::TELLS_PRICE | fact::TELLS_REFUND;
        }
        let said: Vec<u32> = tokens.iter().filter_map(|token| concept(paragraph, token)).collect();
        let promises = facts & fact::TELLS_WHEN != 0 && promises(tokens);
        self.refusal |= facts & fact::REFUSAL != 0;
        let shared = |asked: &Asked| -> u32 {
            asked.concepts.iter().filter(|(concept, _)| said.contains(concept)).map(|(_, weight)| weight).sum()
        };
        let most = asked.iter().map(shared).max().unwrap_or(0);
        // "Thank you for your order" is no word about the order.
        let polite = most > 0 && is_polite(tokens);
        let refers = most == 0 && refers(tokens);
        for (place, asked) in asked.iter().enumerate().take(MOST) {
            let one = 1 << place;
            let says = facts & (asked.tells | fact::TELLS_WHETHER | fact::TELLS_YES | fact::REFUSAL) != 0;
            let shared = if polite && !says { 0 } else { shared(asked) };
            let told = facts & asked.tells != 0;
            // Another request's words are met by chance in a sentence that speaks of that one.
            let mine = shared * 2 >= most;
            let set = |bits: &mut u32, yes: bool| *bits |= if yes { one } else { 0 };
            set(&mut self.told, told);
            let free = told && (shared == most || facts & asked.tells & PLAIN != 0);
            set(&mut self.free, free);
            let promised = if promises { fact::TELLS_WHEN } else { 0 };
            set(&mut self.sure, free && facts & asked.tells & (SURE | promised) != 0);
            set(&mut self.touched, shared > 0 && mine || refers);
            set(&mut self.telling, shared >= 60 && mine);
            set(&mut self.strong, shared > 60 && mine);
            set(&mut self.decided, shared > 0 && mine && facts & (fact::TELLS_WHETHER | fact::TELLS_YES) != 0);
            set(&mut self.refused, shared > 0 && facts & fact::REFUSAL != 0);
        }
    }

    /// Which of the requests the whole draft answers.
    pub fn judge(&self, all: &[Asked]) -> Vec<Request> {
        let of = |place: usize, asked: &Asked| Request {
            span: asked.span,
            answered: self.points(place, asked) + if place > 0 && place + 1 == all.len() { LAST } else { 0 } > 0,
        };
        all.iter().enumerate().map(|(place, asked)| of(place, asked)).collect()
    }

    /// How much speaks for it that a request is answered: more than 0 and it is. Weights fitted to labelled cases.
    fn points(&self, place: usize, asked: &Asked) -> i32 {
        let has = |bits: u32| bits.checked_shr(place as u32).unwrap_or(0) & 1 == 1;
        let points = |yes: bool, points: i32| if yes { points } else { 0 };
        12 + points(has(self.told), 6)
            + points(has(self.sure), 17)
            + points(has(self.free) && !has(self.sure), -2)
            + points(has(self.telling), 15)
            + points(has(self.strong), 10)
            + points(has(self.decided), 4)
            + points(has(self.refused), 6)
            + points(self.refusal, 3)
            + points(!has(self.told) && asked.tells & NAMED != 0, -7)
            + points(!has(self.told) && !has(self.touched), -9)
    }
}

/// What the last of several requests is short of: it is the one that replies forget.
const LAST: i32 = -20;

/// What answers a request without a word of it.
const SURE: u64 = fact::TELLS_APOLOGY
    | fact::TELLS_YES
    | fact::TELLS_WHY
    | fact::TELLS_REFUND
    | fact::TELLS_VISIT
    | fact::TELLS_HOW
    | fact::TELLS_STOP
    | fact::TELLS_CALL;

/// What an answer cannot do without.
const NAMED: u64 = fact::TELLS_APOLOGY
    | fact::TELLS_WHY
    | fact::TELLS_REFUND
    | fact::TELLS_CALL
    | fact::TELLS_WHEN
    | fact::TELLS_PRICE
    | fact::TELLS_AMOUNT;

/// Whether a sentence says that something will be: "it will be", "you should have".
fn promises(tokens: &[Token]) -> bool {
    tokens.windows(2).any(
        |two| matches!(two, [one, Token { id: WILL | SHOULD, .. }] if lists("it they you we he she", word(one.id))),
    )
}

/// Whether a sentence thanks, regrets or wishes.
fn is_polite(tokens: &[Token]) -> bool {
    let mut words = tokens.iter().filter(|token| token.is(flag::WORD)).map(|token| word(token.id)).take(4);
    words.any(|word| lists("thank thanks sorry glad hope apologies apologise congratulations", word))
}

/// Whether a sentence begins with a word for what was spoken of before.
fn refers(tokens: &[Token]) -> bool {
    let first = tokens.iter().find(|token| token.is(flag::WORD)).map_or("", |token| word(token.id));
    lists("it they he she that this those these here", first)
}

/// Whether a sentence tells what was, so that its time is not when something will be.
fn is_past(tokens: &[Token]) -> bool {
    let mut helped = false;
    let mut past = false;
    for token in tokens {
        if matches!(token.id, WILL | BY | SHOULD | UNTIL | TILL) {
            return false;
        }
        let word_class = classes(token.id);
        let finite =
            word_class & class::VERB_PAST != 0 && word_class & (class::VERB_BASE | class::VERB_PARTICIPLE) == 0;
        let either = word_class & class::VERB_PAST != 0 && word_class & class::VERB_BASE == 0 && !helped;
        past |= finite || either || matches!(token.id, WAS | WERE | HAD | DID);
        helped = word_class & (class::AUXILIARY | class::DETERMINER) != 0 || helped && word_class & class::ADVERB != 0;
    }
    past
}

/// Whether a number with a currency sign is among them.
fn names_a_sum(paragraph: &Paragraph, tokens: &[Token]) -> bool {
    tokens.iter().filter(|token| token.is(flag::NUMBER)).any(|token| {
        let before = paragraph.text.get(..token.start as usize).and_then(|before| before.chars().next_back());
        let after = paragraph.text.get(token.end as usize..).and_then(|after| after.chars().next());
        let sign = |c: Option<char>| matches!(c, Some('£' | '$' | '€' | '¥' | '₹'));
        sign(before) || sign(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Author, Draft, Message, Settings, Thread};

    /// A text without its `{{}}` and what stood between them.
    fn unmarked(marked: &str) -> (String, Vec<Span>) {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for part in marked.split_inclusive("}}") {
            let (before, inside) = part.split_once("{{").unwrap_or((part, ""));
            text.push_str(before);
            let start = text.len();
            text.push_str(inside.trim_end_matches("}}"));
            if !inside.is_empty() {
                spans.push(Span { start, end: text.len() });
            }
        }
        (text, spans)
    }

    /// As with the labelled cases, a request is right where it overlaps what is marked.
    fn check(cases: &[&str], hot: bool) {
        let mut problems = String::new();
        for case in cases {
            let (text, marks) = unmarked(case);
            let got = requests(&text, hot);
            let meet = |one: &Span, other: &Span| one.start < other.end && other.start < one.end;
            let right = got.len() == marks.len() && got.iter().zip(&marks).all(|(got, mark)| meet(&got.span, mark));
            if !right {
                let got: Vec<&str> =
                    got.iter().filter_map(|asked| text.get(asked.span.start..asked.span.end)).collect();
                problems += &format!("{case}\n    got {got:?}\n");
            }
        }
        assert!(problems.is_empty(), "\n{problems}");
    }

    #[test]
    fn requests_are_found() {
        check(
            &[
                "Hello, {{do you deliver on Sundays}}? And {{what does it cost}}? Thanks, Ann",
                "{{Please refund me}} and {{tell me when it was sent}}.",
                "{{I'd like a replacement}} or {{a refund}}.",
                "Hi, the lamp came broken. {{Someone call me on 020 7946 0018}}. Order 4411.",
                "I waited in all day. {{I need to know when it will come}}.",
                "{{Kindly send the invoice}} to my accountant. {{Let me know if there is a fee}}.",
                "{{Cancel my subscription}}. I have had enough of it.",
                "It leaks again. {{I expect a full refund by Friday}}, or I will go to trading standards.",
                "{{Any idea when it will be back in stock}}? I was {{wondering whether you could keep one}}.",
                "You charged me twice. {{You need to fix it}} today.",
                "{{Could you also confirm the address}}, {{how long the trip takes}} and {{what we should bring}}?",
                "I asked your colleague why it was late and he shrugged. {{Why was it late}}?",
                "{{Is breakfast included}}? {{Can we park nearby}}? {{Is there wifi}}?",
                "Good morning, how are you? {{When do you open}}?",
                "You told me to wait. I waited. {{Send me the tracking number}}.",
                "If you can't repair it {{please send a new one}}.",
                "If not, {{could I have my deposit back}}?",
                "My question is {{whether the warranty covers it}}.",
                "{{I want my money back}} and {{an apology from the driver}}.",
                "{{How do I reset it}} as the manual says nothing.",
                "{{I would appreciate it if you could look into this}}.",
                "{{Please stop calling me}} at work.",
                "{{What's the status of my order}}",
                "{{wheres my parcel}}",
                "{{Would it be possible to move my appointment to Tuesday}}?",
                "{{Refund}}, please. Today.",
                "{{I demand to speak to a manager}}.",
                "My wife would like to know {{if the pool is heated}}.",
                "{{Do not charge my card again}}.",
                "> When will it come?\n\n{{Has it been sent}}?\n\n-- \nCan you hear me?",
                "{{Pls advise what to do next}}",
                "{{Help me get into my account}}",
                "{{We request a corrected invoice}} at the earliest.",
                "{{I am writing to request a copy of my records}}.",
                "{{I am writing to ask why my claim was turned down}}.",
                "{{Hoping you can tell me when the next one starts}}.",
                "{{It would be great if you could send pictures}}.",
                "{{I'd be grateful for a reply by Monday}}.",
                "{{Looking for a quote for two rooms}}.",
                "{{Need this sorted by tomorrow}}.",
                "Could you explain {{how the fee was worked out}}, {{please remove it}}, and {{let me know when it's done}}.",
                "I want {{it shifted today}}, and {{the stump done as agreed}}.",
            ],
            false,
        );
    }

    #[test]
    fn requests_are_found_as_people_write_them() {
        check(
            &[
                "Hi, ordered a size 8 and got a 6. {{Can I swap it}}? {{Do I need the original box}}? Also {{who pays the postage}}?",
                "it says delivered but nothing came. {{can you check with the driver}} and {{tell me where he left it}}",
                "I have been trying since Monday to reach you people. {{Kindly do the refund}} at the earliest. {{Revert back with status}}.",
                "We're a party of 9 for the 14th, two vegans. {{Will there be something for them}}? And {{is there a high chair}}, my niece is one.",
                "Was told somebody would ring. Nobody did. {{Ring me after 4}} please, I'm on nights.",
                "I'm not asking for the moon. {{A simple apology would do, and my £15 back}}.",
                "Just a quick one, {{are you open on bank holiday Monday}}?",
                "{{Could someone let me know what's going on with my claim}}? It's been six weeks.",
                "{{Why was I billed for March}} when I left in February? {{Please credit it back}}.",
                "I was promised a call back. Does nobody there own a phone? {{I want this resolved by 5pm}}.",
                "Please {{remove my details from your list}}. I never signed up.",
                "{{Do you think the stain will come out}}? And {{roughly what would you charge}}?",
                "Hello dear, {{my parcel is where}}? I am waiting since 10 days.",
                "Lovely stay, thank you. I left a blue scarf in room 4, {{did anyone hand it in}}? If so {{could you post it}}, I'll pay of course.",
                "{{Explain to me how}} a kettle can take five weeks to arrive from Leeds.",
                "The app crashes each time I open it. iPhone 12, latest version. {{What should I try}}?",
                "My daughter is coeliac. {{Is the batter gluten free}} and {{are the chips fried separately}}?",
                "I've attached a photo of the crack. {{Is it covered}}? If it isn't, {{how much for a new screen}}?",
                "{{May I know the reason for the deduction of Rs 500}} from my account? {{Please reverse the same}}.",
                "Dear team, {{would you be so kind as to forward me the contract}}? I lost mine.",
                "The lock on the shed is broken, {{can Dave have a look when he's next round}}? No hurry.",
                "{{How come my neighbour pays half}}? {{I want the same price}}.",
                "Hi guys, {{when's the next batch of the chilli jam}}? My dad's obsessed lol",
                "{{I would request you to kindly look into the matter}} and {{share the tracking details}}.",
                "{{Is it ok to wash it at 40}}? the label fell off",
                "{{Where do I send it back to}} and {{do you pay for the return}}?",
                "I paid for express. It is now day nine. {{I want the express fee returned}}, and {{I want to know where my order is}}.",
                "Your driver dumped it in the hedge. In the hedge! Is that what you call safe place? {{Send somebody to pick up this mess}}.",
                "{{Please could you move my cleaning to Thursday}} as I've got the builders in Tuesday.",
                "{{Can you confirm receipt of this email}}.",
                "{{What is your returns policy}}? Can't find it anywhere on the site.",
                "{{Which of the two would you recommend}} for a small garden?",
                "I see the price went up. {{Will my booking be honoured at the old price}}?",
                "I'm after {{a refund}}, nothing more.",
                "Well? {{Where is it}}?",
                "{{Any update on my order}}?",
                "{{Need to know if my order shipped}}",
                "{{Let us know what you decide}}.",
                "You have my number. {{Use it}}.",
                "{{Take me off your mailing list}}!!! I have asked four times!!!",
                "{{Who can I talk to about this}}? Your bot is useless.",
                "{{I'm wondering how long the battery should last}}, mine dies by lunch.",
                "{{Has my payment gone through}}? the page froze",
                "If I don't get my deposit by Friday I will see you in court. {{Return my deposit}}.",
                "{{What do you intend to do about the damage to my car}}?",
                "{{I'd be interested to hear how you plan to fix this}}.",
                "{{Please confirm whether the room has a bath}} and {{whether we can bring a small dog}}.",
                "{{I should like to know who authorised this}}.",
                "{{It would be helpful to have a time}} so I don't sit in all day again.",
                "{{Can't you just send another one}}?",
                "{{Isn't there a way to pay by phone}}?",
                "{{Won't you at least refund the delivery}}?",
                "{{Tell your driver to use the side gate}}.",
                "{{Please advise}}.",
                "{{Could I get a copy of the X-ray, the notes and a letter for my insurer}}?",
            ],
            false,
        );
    }

    #[test]
    fn the_angry_ask_as_well() {
        check(
            &[
                "{{Where is my order}}??? {{Why has nobody replied to me}}?",
                "{{WHEN AM I GETTING MY MONEY BACK}}???",
                "What a joke. {{What are you going to do about it}}?",
                "{{Are you going to refund me or not}}?",
                "{{I WANT MY DEPOSIT BACK NOW}}!!!",
                "Unbelievable. {{Give me one good reason to stay}} and {{tell me who is in charge}}.",
                "{{Can somebody please answer me}}? How many more emails do I have to write?",
                "{{Sort it out}}. {{Get me a working one}} or {{give me my money}}.",
                "You charged me £40. {{What is that for}}?",
                "Is this how you run a shop? {{Will I get my money back}}, yes or no?",
                "I'm done. {{Close my account}}, {{delete my data}} and {{confirm it in writing}}.",
                "My card was charged again!! {{Reverse it immediately}}.",
                "Why do I have to chase you? {{I want an explanation}} and compensation.",
                "{{Call me back today}}. {{I want to know what happened}}.",
                "Nobody came. {{Who do I complain to}}?",
                "So {{what happens now}}?",
                "{{What is the name of your manager}}? I will be writing to them.",
                "Did you think I wouldn't notice? {{Take the charge off}}.",
                "{{How long do I have to wait for a part}}?",
                "{{When can I expect an answer}}? Do I have to come down there myself?",
            ],
            true,
        );
    }

    #[test]
    fn what_asks_nothing_is_left_alone() {
        check(
            &[
                "Are you people serious?",
                "What kind of business is this?",
                "How hard can it be?",
                "Is this a joke?",
                "Do you even read these?",
                "Why should I pay for this?",
                "How are you?",
                "You told me to wait and call the depot.",
                "Three weeks, and nobody called. Really??",
                "You had one job, didn't you?",
                "I asked the foreman what happens now and he shrugged.",
                "No reply needed. Thank you all for a lovely evening.",
                "When I called they hung up. What I got was a brochure.",
                "I don't want to make a fuss. I need hardly say how sad we were.",
                "He came in and put it in the wrong place.",
                "Have you any idea how embarrassing that was?",
                "Do you think I enjoy writing this?",
                "What on earth is going on over there?",
                "Please find attached the photo. I would like to thank Carol.",
                "Return label was missing and the order number is 5512.",
                "Who does that?",
                "Or I will take this to the ombudsman.",
            ],
            true,
        );
    }

    /// Whether the requests of a customer are answered by a draft, each as `y` or `n`.
    fn answered(customer: &str, draft: &str) -> String {
        let message = Message { from: Author::Customer, text: customer.into(), sent: None };
        let thread = Thread { messages: vec![message], recipient: None };
        let draft = Draft { text: draft.into(), regions: Vec::new() };
        let review = crate::review(&draft, &thread, &Settings::default());
        review.requests.iter().map(|request| if request.answered { 'y' } else { 'n' }).collect()
    }

    #[test]
    fn what_asks_nothing_is_left_alone_in_calm_mails_too() {
        check(
            &[
                "Thanks for sorting that so fast, you are stars.",
                "How would you like it if your mum was left in the rain?",
                "I told him to call me and he never did.",
                "She said she would check when the part comes in. It's been a month.",
                "What a shambles.",
                "Do I look like I have time for this?",
                "Can you believe it? Three hours in the cold.",
                "The man asked me if I wanted a receipt and I said yes.",
                "Who on earth trains your staff?",
                "So much for next day delivery.",
                "How is anyone supposed to eat that?",
                "I have better things to do than chase you. Do you hear me?",
                "You say on the site that you care. Do you?",
                "When I opened the box the cup was in pieces.",
                "Did your mother never teach you manners?",
                "I could have bought two for that price.",
                "Would a bit of common sense kill you?",
                "What was the point of booking?",
                "I wish I could say it was a one off.",
                "Is nobody in charge over there?",
                "Why bother having a phone line at all?",
                "Can I just say how great Molly was.",
                "I will not be coming back and I will tell everyone I know.",
                "Where were you when I needed you?",
                "Have you no shame?",
                "You people asked for my feedback so here it is.",
                "What did I do to deserve this?",
                "I wanted to say thank you to the lady on till 3.",
                "Is it any wonder people shop online?",
                "I had to ask twice before anyone helped.",
                "And for what? A soggy box.",
                "How long is a piece of string, he says. Charming.",
                "My son asked me where his present was. What was I supposed to tell him?",
                "I'd like to think you can do better.",
                "I need a drink after that call.",
                "Not once did anyone think to ask how my mother was.",
                "The website told me to enter the code and try again, so I did.",
                "You could at least pretend to care.",
                "If I wanted cold soup I would have asked for gazpacho.",
                "Please don't think I am being difficult.",
                "I don't need a lecture.",
                "We had hoped for a quiet weekend.",
                "I wonder if you people have ever run a business.",
                "Your email asked me to confirm my address, which I did.",
                "Perhaps I expected too much.",
                "I can't tell you how happy we are with the kitchen.",
                "Let me be clear, this is the last time.",
                "Let me tell you what happened. The man came at noon.",
                "I would not send my worst enemy there.",
                "No wonder the reviews are what they are.",
                "Tell that to my kids.",
                "Good luck finding another customer like me.",
                "Put simply, it does not work.",
                "Give me strength.",
                "I called and was told to call back. Called back, told to email.",
                "He said can you wait and I said I had waited long enough.",
                "Get this, he laughed.",
                "Don't get me wrong, the food was fine.",
                "Long story short the bike is still broken.",
                "I needed it for Saturday and Saturday has come and gone.",
                "I would be lying if I said I was happy.",
                "You lot are having a laugh, aren't you?",
                "You call that a repair?",
                "Seriously, who packs glass in newspaper?",
                "Ever heard of bubble wrap?",
                "Sound good?",
                "Look, I get it, you're busy.",
                "Check out the photos, they speak for themselves.",
                "Take the first night. The heating was off.",
                "Which brings me to the bill.",
                "What an absolute joke of a company.",
                "How lovely it was to meet you all.",
                "Thank God for Sheila, is all I can say.",
                "Bring back the old manager, I say.",
            ],
            false,
        );
    }

    #[test]
    fn answers_are_seen() {
        for (customer, draft, wanted) in [
            ("When will it arrive?", "It left us this morning and will be with you on Thursday.", "y"),
            ("When will it arrive?", "Thank you for your message. We appreciate your custom.", "n"),
            ("Please refund me the £40.", "I've put £40 back on your card.", "y"),
            ("Please refund me the £40.", "We can't refund sale items.", "y"),
            ("Please refund me the £40.", "Thanks for writing to us about the kettle.", "n"),
            ("Why was my order late?", "The courier's van broke down, so it came a day late.", "y"),
            ("Why was my order late?", "I'm sorry. Have a nice weekend.", "n"),
            ("Please cancel my subscription.", "I've cancelled it, and nothing more will be taken.", "y"),
            ("Someone call me on 020 7946 0018.", "I'll ring you this afternoon.", "y"),
            ("Someone call me on 020 7946 0018.", "Your parcel was posted on Monday.", "n"),
            ("I want an apology.", "I'm so sorry for what happened.", "y"),
            ("Can you send the engineer back?", "Our engineer will be with you on Friday.", "y"),
            ("Do you deliver to Leeds? And is there a fee?", "Yes, we deliver to Leeds every day.", "yn"),
            ("How do I reset it?", "Hold the button for ten seconds, then press Start.", "y"),
            ("How much is the blue one?", "The blue one is £35.", "y"),
            ("Where is my parcel?", "It is at the depot in Hull.", "y"),
            ("What time do you open?", "> What time do you open?", "n"),
        ] {
            assert_eq!(answered(customer, draft), wanted, "{customer} / {draft}");
        }
    }

    #[test]
    fn a_long_mail_has_few_requests() {
        let long = "Please send me the invoice, can you tell me when, and I want my money back? ".repeat(15_000);
        assert_eq!(requests(&long, true).len(), MOST);
        let all = "y".repeat(MOST);
        assert_eq!(answered(&long, "I've sent the invoice today. The refund is with you on Friday.").len(), all.len());
    }
}
