//! What of a text is a mistake: harper-core's judgement, with all of it left out that is taste rather than error.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use composure_words::mark;
use harper_core::linting::{Lint, LintGroup, LintKind, Suggestion};
use harper_core::spell::{Dictionary as _, FstDictionary, MergedDictionary, MutableDictionary};
use harper_core::{Dialect, DictWordMetadata, Document, remove_overlaps_map};

/// More than this many replacements is a list to read, not a click to make.
const MOST_REPLACEMENTS: usize = 3;

/// What sort of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No word that the dictionaries know.
    Spelling,
    /// A word that stands there twice.
    Repetition,
    /// A capital letter that should be small, or the other way round.
    Capital,
    /// A mark that is missing, or one too many.
    Punctuation,
    /// A word taken for one that sounds like it, or that does not go here.
    Word,
    /// Words that do not go together.
    Grammar,
}

impl Kind {
    /// Its name, for a label.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Spelling => mark!("Spelling"),
            Kind::Repetition => mark!("Twice"),
            Kind::Capital => mark!("Capital letter"),
            Kind::Punctuation => mark!("Punctuation"),
            Kind::Word => mark!("Another word"),
            Kind::Grammar => mark!("Grammar"),
        }
    }

    /// What it says to the writer, in a sentence.
    pub fn message(self) -> &'static str {
        match self {
            Kind::Spelling => mark!("This word is not in the dictionary."),
            Kind::Repetition => mark!("This word is here twice."),
            Kind::Capital => mark!("Capital or small letter?"),
            Kind::Punctuation => mark!("The punctuation may want another look."),
            Kind::Word => mark!("Another word may be meant here."),
            Kind::Grammar => mark!("These words may not fit together yet."),
        }
    }

    /// Of harper's kinds, those that are mistakes.
    fn of(kind: LintKind) -> Option<Kind> {
        match kind {
            LintKind::Spelling => Some(Kind::Spelling),
            LintKind::Repetition => Some(Kind::Repetition),
            LintKind::Capitalization => Some(Kind::Capital),
            LintKind::Punctuation => Some(Kind::Punctuation),
            LintKind::Eggcorn | LintKind::Malapropism | LintKind::Typo | LintKind::BoundaryError => Some(Kind::Word),
            LintKind::Agreement | LintKind::Grammar | LintKind::WordOrder | LintKind::Usage => Some(Kind::Grammar),
            LintKind::Enhancement
            | LintKind::Formatting
            | LintKind::Miscellaneous
            | LintKind::Nonstandard
            | LintKind::Readability
            | LintKind::Redundancy
            | LintKind::Regionalism
            | LintKind::Style
            | LintKind::WordChoice => None,
        }
    }
}

/// A mistake in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What sort.
    pub kind: Kind,
    /// What to write instead, the likeliest first; at most three, maybe none.
    pub replacements: Vec<String>,
}

/// Words of customers and of trades that harper does not know yet, as they came up in the training writers' drafts.
const WORDS_TOO: &str = include_str!("words.txt");

/// harper's rules of the kinds above that speak of taste, or cried wolf in calm replies of the training writers.
const OFF: &[&str] = &[
    "DisjointPrefixes",
    "MassNouns",
    "NotTo",
    "OkToOkay",
    "OrthographicConsistency",
    "RegularIrregulars",
    "SimplePastToPastParticiple",
    "SingleBe",
    "ThereIsAgreement",
];

/// Its rules of other kinds that find a wrong word.
const WORDS: &[&str] = &[
    "AnA",
    "ApartFrom",
    "Bought",
    "CorrectNumberSuffix",
    "DespiteOf",
    "DoubleModal",
    "ElsePossessive",
    "ForNoun",
    "FreePredicate",
    "HopHope",
    "InflectedVerbAfterTo",
    "LookingForwardTo",
    "MissingTo",
    "ModalOf",
    "Months",
    "NounVerbConfusion",
    "OfCourse",
    "PronounKnew",
    "Respond",
    "SafeToSave",
    "SaveToSafe",
    "ThenThan",
    "ThereOwn",
    "Theres",
    "WasAloud",
    "Yourself",
];

/// Its rules of punctuation that are about right and wrong.
const MARKS: &[&str] = &["CommaFixes", "ItsContraction", "Lots"];

/// Finds mistakes.
pub struct Proofreader {
    /// They know harper's dictionary only: to make them takes longer than to read a mail, and each has other names in it.
    rules: LintGroup,
    known: BTreeSet<String>,
    /// What else is written in this conversation.
    around: String,
    /// harper's, and the words that are right in this conversation.
    dictionary: MergedDictionary,
    /// The paragraphs of the last text, and what is wrong with them.
    read: HashMap<String, Vec<Mistake>>,
}

impl Proofreader {
    /// One that proposes the spellings of a locale (`en-GB`); it takes those of every other for right as well. Loading the
    /// dictionary takes about a second in a browser.
    pub fn new(locale: &str) -> Proofreader {
        let dialect = Dialect::try_from_bcp47(locale).unwrap_or(Dialect::American);
        let mut rules = LintGroup::new_curated(FstDictionary::curated(), dialect);
        for rule in OFF {
            rules.config.set_rule_enabled(rule, false);
        }
        let (known, read) = (BTreeSet::new(), HashMap::new());
        Proofreader { rules, dictionary: dictionary(&known), known, around: String::new(), read }
    }

    /// The mistakes of a text, in order, not overlapping. Right are also the writer's own `words`, and in `around`, all else
    /// of the conversation, the names and what is like no word that harper knows.
    pub fn read(&mut self, text: &str, words: &[String], around: &str) -> Vec<Mistake> {
        let mut known: BTreeSet<String> = words.iter().cloned().collect();
        known.extend(names(around).map(str::to_owned));
        if known != self.known || around != self.around {
            self.dictionary = dictionary(&known);
            (self.known, self.around) = (known, around.to_owned());
            self.read.clear();
        }
        let mut before = std::mem::take(&mut self.read);
        let mut mistakes = Vec::new();
        for range in paragraphs(text) {
            let paragraph = &text[range.clone()];
            let found = before.remove(paragraph).unwrap_or_else(|| self.read_paragraph(paragraph));
            mistakes.extend(found.iter().cloned().map(|mistake| Mistake {
                span: mistake.span.start + range.start..mistake.span.end + range.start,
                ..mistake
            }));
            self.read.insert(paragraph.to_owned(), found);
        }
        mistakes
    }

    fn read_paragraph(&mut self, paragraph: &str) -> Vec<Mistake> {
        let document = Document::new_plain_english(paragraph, &self.dictionary);
        let mut lints = self.rules.organized_lints(&document);
        let names = names(paragraph).collect();
        for (rule, lints) in &mut lints {
            lints.retain(|lint| self.is_mistake(rule, lint, document.get_source(), &names));
        }
        remove_overlaps_map(&mut lints);
        // harper counts characters.
        let bytes: Vec<usize> = paragraph.char_indices().map(|(byte, _)| byte).chain([paragraph.len()]).collect();
        let all = lints.iter().flat_map(|(rule, lints)| lints.iter().map(move |lint| (rule, lint)));
        let mut mistakes: Vec<Mistake> =
            all.filter_map(|(rule, lint)| mistake(kind(rule, lint)?, lint, paragraph, &bytes)).collect();
        mistakes.sort_by_key(|mistake| mistake.span.start);
        mistakes
    }

    /// Whether a lint is a mistake; `names` are those of its paragraph.
    fn is_mistake(&self, rule: &str, lint: &Lint, source: &[char], names: &BTreeSet<&str>) -> bool {
        let Some(kind) = kind(rule, lint) else { return false };
        let before = source.get(..lint.span.start).unwrap_or_default();
        let words = lint.span.get_content(source);
        let behind = source.get(lint.span.end..).unwrap_or_default();
        let edge = |c: &&char| c.is_whitespace();
        let start = before.iter().rev().position(|c| edge(&c)).map_or(0, |length| before.len() - length);
        let end = lint.span.end + behind.iter().position(|c| edge(&c)).unwrap_or(behind.len());
        if source.get(start..end).is_none_or(is_code) {
            return false;
        }
        let line = |part: &[char]| part.iter().take_while(|c| **c != '\n').copied().collect::<String>();
        match kind {
            // harper knows the sound of "hour", and not that of "honour", nor those of names.
            _ if rule == "AnA" => behind.get(1).is_some_and(|c| c.is_lowercase() && *c != 'h'),
            Kind::Spelling => {
                let backwards: Vec<char> = before.iter().rev().copied().collect();
                let whole = line(&backwards) + &line(source.get(lint.span.start..).unwrap_or_default());
                // A closing in another language: `Bien à vous`.
                let is_foreign = whole.split_whitespace().count() < 5 && whole.contains(is_foreign);
                !is_foreign && self.is_misspelt(words, lint, names)
            }
            // The lines of a list begin as they like.
            Kind::Capital => {
                let line = before.rsplit(|c| *c == '\n').next().unwrap_or_default();
                before.is_empty() || line.iter().any(|c| c.is_alphabetic())
            }
            _ => true,
        }
    }

    /// Whether a word that harper does not know, or not in this dialect, is a mistake rather than a name, an abbreviation or
    /// a word of another language.
    fn is_misspelt(&self, word: &[char], lint: &Lint, names: &BTreeSet<&str>) -> bool {
        let text: String = word.iter().collect();
        let lower = text.to_lowercase();
        let stem = without_possessive(&text);
        let is_right = |word: &str| self.dictionary.contains_exact_word_str(word);
        if word.len() < 3 || text.contains(is_foreign) || [&text, &lower, stem].into_iter().any(is_right) {
            return false;
        }
        let first = lint.suggestions.first().map(replaced).unwrap_or_default();
        if first.to_lowercase() == lower {
            // Known in capitals only: an abbreviation that is often typed without, or a name that should have one.
            return first.chars().filter(|c| c.is_uppercase()).count() == 1;
        }
        let is_near = is_slip(&lower, &first.to_lowercase());
        if !is_near && self.around.split_whitespace().any(|piece| bare(piece).to_lowercase() == lower) {
            return false;
        }
        let capitals = word.iter().filter(|c| c.is_uppercase()).count();
        match capitals {
            0 => true,
            // Only the names of days and months have misspellings that are nobody's name.
            1 if word.first().is_some_and(|c| c.is_uppercase()) => {
                DATES.contains(&first.as_str()) || is_near && is_right(&first.to_lowercase()) && !names.contains(stem)
            }
            // A trade name or an abbreviation, but for shouting.
            capitals => capitals == word.len() && capitals > 5,
        }
    }
}

/// What of our kinds a lint is; nothing where it is a matter of taste.
fn kind(rule: &str, lint: &Lint) -> Option<Kind> {
    if OFF.contains(&rule) {
        return None;
    }
    match rule {
        "SplitWords" => Some(Kind::Spelling),
        _ if WORDS.contains(&rule) => Some(Kind::Word),
        _ if lint.lint_kind == LintKind::Punctuation && !MARKS.contains(&rule) => None,
        _ => Kind::of(lint.lint_kind),
    }
}

/// Days and months, but for the short ones.
const DATES: &[&str] = &[
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Whether what stands between two spaces is no word: an address, an order number, a file's name.
fn is_code(piece: &[char]) -> bool {
    let inner = |at: usize, c: char| c == '.' && at > 0 && piece.get(at + 1).is_some_and(|next| next.is_alphanumeric());
    piece.iter().enumerate().any(|(at, c)| c.is_numeric() || matches!(c, '@' | '_' | '#' | '\u{FFFC}') || inner(at, *c))
        || piece.windows(3).any(|three| three == [':', '/', '/'])
}

fn is_foreign(c: char) -> bool {
    !c.is_ascii() && c.is_alphabetic()
}

/// Whether one is so like the other that it is hardly a name: a letter or two of a long word, or two letters swapped.
fn is_slip(word: &str, meant: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    match distance(word, meant) {
        1 => word.len() > 5 || sorted(word) == sorted(meant),
        2 => word.len() > 7,
        _ => false,
    }
}

/// How many letters are missing, too many, wrong or the wrong way round.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let changed = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

fn dictionary(known: &BTreeSet<String>) -> MergedDictionary {
    let mut own = MutableDictionary::new();
    let all = known.iter().map(String::as_str).chain(WORDS_TOO.lines());
    own.extend_words(all.map(|word| (word.chars().collect::<Vec<_>>(), DictWordMetadata::default())));
    let mut all = MergedDictionary::new();
    all.add_dictionary(FstDictionary::curated());
    all.add_dictionary(Arc::new(own));
    all
}

/// The runs of lines without a blank one.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let blank = line.trim().is_empty();
        match found.last_mut() {
            Some(last) if open && !blank => last.end = end,
            _ if !blank => found.push(start..end),
            _ => {}
        }
        open = !blank;
        start = end;
    }
    found
}

/// The words of a conversation that are capitalised for what they are, not for where they stand.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let mut sentence_start = true;
        let words: Vec<(&str, bool)> = line
            .split_whitespace()
            .map(|piece| {
                // `Mrs.` ends no sentence.
                let ends = piece.ends_with(['.', '!', '?', ':']) && !(piece.len() < 5 && is_capital(piece));
                (bare(piece), std::mem::replace(&mut sentence_start, ends))
            })
            .collect();
        let found: Vec<&str> = words
            .iter()
            .enumerate()
            .filter(|(at, (word, first))| {
                // At the start of a sentence only beside another, or alone on its line: `Gary Stone`.
                is_capital(word) && (!first || words.get(at + 1).map_or(words.len() == 1, |(next, _)| is_capital(next)))
            })
            // `Jean-Luc` is two words to harper.
            .flat_map(|(_, (word, _))| word.split('-'))
            .collect();
        found
    })
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// A word without the marks around it and without `'s`.
fn bare(piece: &str) -> &str {
    without_possessive(piece.trim_matches(|c: char| !c.is_alphanumeric()))
}

fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// What a suggestion puts in place of a word.
fn replaced(suggestion: &Suggestion) -> String {
    match suggestion {
        Suggestion::ReplaceWith(new) => new.iter().collect(),
        Suggestion::InsertAfter(_) | Suggestion::Remove => String::new(),
    }
}

/// A lint of a paragraph whose characters begin at `bytes`.
fn mistake(kind: Kind, lint: &Lint, paragraph: &str, bytes: &[usize]) -> Option<Mistake> {
    let span = *bytes.get(lint.span.start)?..*bytes.get(lint.span.end)?;
    let words = paragraph.get(span.clone())?;
    let replacement = |suggestion: &Suggestion| match suggestion {
        Suggestion::InsertAfter(new) => words.chars().chain(new.iter().copied()).collect(),
        other => replaced(other),
    };
    let mut replacements: Vec<String> = lint.suggestions.iter().map(replacement).take(MOST_REPLACEMENTS).collect();
    let is_same = |first: &String| first.to_lowercase() == words.to_lowercase();
    if kind == Kind::Spelling && replacements.first().is_some_and(is_same) {
        replacements.truncate(1);
        return Some(Mistake { span, kind: Kind::Capital, replacements });
    }
    Some(Mistake { span, kind, replacements })
}
