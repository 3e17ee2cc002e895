//! Reads a pack's file by hand rather than by serde, which stops at the first mistake.

use std::collections::HashMap;
use std::ops::Range;

use composure_engine::{Beside, Draft, Settings, Thread, checklist, review, rules};
use composure_phrases::Packs;
use composure_snippets::{Calendar, Values, fill};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::matcher::{Matcher, Source, is_in, phrase};
use crate::model::{Avoid, Pack, Policy, Prefer, Register, Severity, Template, Thresholds, VERSION};
use crate::pattern::Node;

/// Something that is wrong with a pack, or could be better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub reason: String,
    /// What to write instead.
    pub mend: String,
}

/// What there is to say of a pack's file.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The pack, where there is no mistake.
    pub pack: Option<Pack>,
    /// All that keeps it from being read, in order.
    pub mistakes: Vec<Mistake>,
    /// What a reader of it would rather know: texts to insert in which something is found.
    pub warnings: Vec<Mistake>,
}

/// The most bytes a file may have.
const LARGEST: usize = 1 << 20;

const PACK: &[&str] =
    &["version", "name", "author", "rules_off", "terms", "thresholds", "avoid", "prefer", "policy", "snippet"];
const THRESHOLDS: &[&str] = &["guard_heat", "keep_days"];
const AVOID: &[&str] = &["find", "severity", "why", "instead", "hit", "miss"];
const PREFER: &[&str] = &["write", "over", "why", "hit", "miss"];
const POLICY: &[&str] = &["id", "title", "text"];
const SNIPPET: &[&str] = &["id", "title", "situation", "register", "words", "needs", "text"];

/// Each table by its name in the schema, what it may hold, and what it must.
#[cfg(all(test, feature = "schema"))]
pub(crate) const TABLES: [(&str, &[&str], &[&str]); 6] = [
    ("", PACK, &["version", "name"]),
    ("Thresholds", THRESHOLDS, &[]),
    ("Avoid", AVOID, &["find", "why"]),
    ("Prefer", PREFER, &["write", "over"]),
    ("Policy", POLICY, POLICY),
    ("Template", SNIPPET, &["id", "title", "text"]),
];

/// Reads a pack, tells everything that is wrong with it, and reviews the texts that it inserts.
pub fn check(text: &str) -> Checked {
    let mut reader = Reader { source: text, ..Reader::default() };
    let pack = reader.read(text);
    let warnings = pack.as_ref().map(|pack| reader.warnings(pack)).unwrap_or_default();
    Checked { pack, mistakes: reader.mistakes, warnings }
}

/// Reads a pack without a review: whoever only reads does not need the engine for it.
pub(crate) fn read(text: &str) -> Result<Pack, Vec<Mistake>> {
    let mut reader = Reader { source: text, ..Reader::default() };
    reader.read(text).ok_or(reader.mistakes)
}

impl<'a> Reader<'a> {
    /// The pack, where there is no mistake.
    fn read(&mut self, text: &'a str) -> Option<Pack> {
        let pack = self.read_all(text);
        self.mistakes.sort_by_key(|mistake| mistake.span.start);
        pack.filter(|_| self.mistakes.is_empty())
    }

    fn read_all(&mut self, text: &'a str) -> Option<Pack> {
        if text.len() > LARGEST {
            self.mistake(0..0, "The file has more than a megabyte.", "Make several packs of it.");
            return None;
        }
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let reason = format!("This is no TOML: {}.", error.message());
            self.mistake(
                span,
                reason,
                "Write each line as `key = \"text\"`, `key = [\"one\", \"two\"]` or `[[table]]`.",
            );
            self.broken = true;
        }
        let root = Table { entries: root.get_ref(), span: 0..0, what: "a pack", keys: PACK };
        let version = self.version(&root)?;
        Some(self.pack(&root, version))
    }
}

/// A table, and what it may hold.
struct Table<'t, 'i> {
    entries: &'t DeTable<'i>,
    /// Where something that is missing from it is told.
    span: Range<usize>,
    what: &'static str,
    keys: &'static [&'static str],
}

/// A text and its place.
type Text = Spanned<String>;

#[derive(Default)]
struct Reader<'a> {
    source: &'a str,
    mistakes: Vec<Mistake>,
    /// Texts to insert, to be reviewed once the pack is whole.
    inserted: Vec<Text>,
    /// Whether parts of the file could not be read at all: what seems to be missing may be in them.
    broken: bool,
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>, reason: impl Into<String>, mend: impl Into<String>) -> Mistake {
        let start = self.source.floor_char_boundary(span.start);
        let end = self.source.ceil_char_boundary(span.end.max(start));
        let before = self.source.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Mistake {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            span: start..end,
            reason: reason.into(),
            mend: mend.into(),
        }
    }

    fn mistake(&mut self, span: Range<usize>, reason: impl Into<String>, mend: impl Into<String>) {
        let mistake = self.place(span, reason, mend);
        self.mistakes.push(mistake);
    }

    /// The version; nothing where it is not ours to read.
    fn version(&mut self, root: &Table<'_, '_>) -> Option<u32> {
        let Some(value) = root.entries.get("version") else {
            if !self.broken {
                self.mistake(
                    0..0,
                    "The pack does not say its version.",
                    format!("Begin it with `version = {VERSION}`."),
                );
            }
            return Some(VERSION);
        };
        match number(value) {
            Some(version) if version > i64::from(VERSION) => {
                self.mistakes.clear();
                self.mistake(
                    value.span(),
                    format!(
                        "This pack was written for a newer Composure (format {version}; this one knows {VERSION})."
                    ),
                    "Update Composure, or ask for the pack in the older format.",
                );
                None
            }
            Some(version) if version >= 1 => u32::try_from(version).ok(),
            _ => {
                self.mistake(value.span(), "The version is a whole number.", format!("Write `version = {VERSION}`."));
                Some(VERSION)
            }
        }
    }

    fn pack(&mut self, root: &Table<'_, '_>, version: u32) -> Pack {
        self.known_keys(root);
        let ids: Vec<&str> = rules().iter().map(|rule| rule.id).collect();
        let thresholds = match root.entries.get("thresholds").map(|value| (value, value.get_ref())) {
            None => Thresholds::default(),
            Some((value, DeValue::Table(entries))) => {
                self.thresholds(&Table { entries, span: value.span(), what: "`[thresholds]`", keys: THRESHOLDS })
            }
            Some((value, _)) => {
                self.mistake(value.span(), "`thresholds` is a table.", "Write `[thresholds]` on a line of its own.");
                Thresholds::default()
            }
        };
        let pack = Pack {
            version,
            name: self.required(root, "name"),
            author: self.text(root, "author").map(Spanned::into_inner),
            rules_off: self.one_of_each(root, "rules_off", &ids, "is no rule of Composure's"),
            terms: self.filled(root, "terms"),
            thresholds,
            avoid: self.each(root, "avoid", "`[[avoid]]`", AVOID, Self::avoid),
            prefer: self.each(root, "prefer", "`[[prefer]]`", PREFER, Self::prefer),
            policy: self.each(root, "policy", "`[[policy]]`", POLICY, Self::policy),
            snippet: self.each(root, "snippet", "`[[snippet]]`", SNIPPET, Self::snippet),
        };
        self.unique_ids(root);
        pack
    }

    fn thresholds(&mut self, table: &Table<'_, '_>) -> Thresholds {
        self.known_keys(table);
        Thresholds {
            guard_heat: self.number(table, "guard_heat", 100),
            keep_days: self.number(table, "keep_days", 36_500),
        }
    }

    fn avoid(&mut self, table: &Table<'_, '_>) -> Avoid {
        let find = self.required_text(table, "find");
        let (hit, miss) = (self.texts(table, "hit"), self.texts(table, "miss"));
        let nodes: Vec<Node> = find.iter().filter_map(|find| self.phrase(find)).collect();
        self.examples(&nodes, &hit, &miss);
        Avoid {
            find: find.map(Spanned::into_inner).unwrap_or_default(),
            severity: self.choice(
                table,
                "severity",
                &[("hint", Severity::Hint), ("warning", Severity::Warning), ("serious", Severity::Serious)],
            ),
            why: self.required(table, "why"),
            instead: self.filled(table, "instead"),
            hit: inner(hit),
            miss: inner(miss),
        }
    }

    fn prefer(&mut self, table: &Table<'_, '_>) -> Prefer {
        let over = self.texts(table, "over");
        if over.is_empty() && !table.entries.contains_key("over") {
            self.missing(table, "over");
        } else if over.is_empty() {
            let span = table.entries.get("over").map_or(0..0, Spanned::span);
            self.mistake(span, "`over` names no phrase.", "Write what is to be replaced: `over = [\"ASAP\"]`.");
        }
        let (hit, miss) = (self.texts(table, "hit"), self.texts(table, "miss"));
        let nodes: Vec<Node> = over.iter().filter_map(|over| self.phrase(over)).collect();
        // Where one could not be read, the examples may be right.
        if nodes.len() == over.len() {
            self.examples(&nodes, &hit, &miss);
        }
        let write = self.required_text(table, "write");
        if let Some(write) = &write
            && nodes.iter().any(|node| is_in(node, write.get_ref()))
        {
            self.mistake(
                write.span(),
                format!("“{}” has one of the phrases in it that it replaces.", write.get_ref()),
                "Word it without them, or narrow `over`.",
            );
        }
        Prefer {
            write: write.map(Spanned::into_inner).unwrap_or_default(),
            over: inner(over),
            why: self.text(table, "why").map(Spanned::into_inner),
            hit: inner(hit),
            miss: inner(miss),
        }
    }

    fn policy(&mut self, table: &Table<'_, '_>) -> Policy {
        Policy { id: self.required(table, "id"), title: self.required(table, "title"), text: self.template(table) }
    }

    fn snippet(&mut self, table: &Table<'_, '_>) -> Template {
        let items: Vec<String> = checklist().map(|item| item.id.replace('-', "_")).collect();
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        Template {
            id: self.required(table, "id"),
            title: self.required(table, "title"),
            situation: self.text(table, "situation").map(Spanned::into_inner).unwrap_or_default(),
            register: self.choice(
                table,
                "register",
                &[("warm", Register::Warm), ("plain", Register::Plain), ("formal", Register::Formal)],
            ),
            words: self.filled(table, "words"),
            needs: self.one_of_each(table, "needs", &items, "is no checklist item"),
            text: self.template(table),
        }
    }

    /// Snippets and policies share a list.
    fn unique_ids(&mut self, root: &Table<'_, '_>) {
        let mut lines: HashMap<String, usize> = HashMap::new();
        for key in ["policy", "snippet"] {
            let Some(DeValue::Array(tables)) = root.entries.get(key).map(Spanned::get_ref) else { continue };
            for value in tables.iter().filter_map(|table| table.get_ref().as_table()?.get("id")) {
                let Some(id) = value.get_ref().as_str() else { continue };
                let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
                let mend = "Use small letters, digits and hyphens: `id = \"late-delivery-us\"`.";
                let is_id = id.starts_with(fits) && id.chars().all(|c| fits(c) || c == '-');
                if !id.is_empty() && !is_id {
                    self.mistake(value.span(), format!("“{id}” cannot be an id."), mend);
                }
                let line = self.place(value.span(), "", "").line;
                match lines.get(id) {
                    Some(first) => {
                        let reason = format!("“{id}” is the id of something else, in line {first}.");
                        self.mistake(value.span(), reason, "Give this one another id.");
                    }
                    None => {
                        lines.insert(id.to_owned(), line);
                    }
                }
            }
        }
    }

    fn phrase(&mut self, find: &Text) -> Option<Node> {
        match phrase(find.get_ref()) {
            Ok(node) => Some(node),
            Err(reason) => {
                let mend = "A phrase is words; `[…]` around what may be missing, `(this|that)` for a choice, `_` for any word.";
                self.mistake(find.span(), format!("This phrase cannot be read: {reason}."), mend);
                None
            }
        }
    }

    fn examples(&mut self, nodes: &[Node], hit: &[Text], miss: &[Text]) {
        if nodes.is_empty() {
            return;
        }
        let found = |text: &Text| nodes.iter().any(|node| is_in(node, text.get_ref()));
        for text in hit.iter().filter(|text| !found(text)) {
            self.mistake(
                text.span(),
                format!("Nothing is found in “{}”.", text.get_ref()),
                "Widen the phrase, or move this example to `miss`.",
            );
        }
        for text in miss.iter().filter(|text| found(text)) {
            self.mistake(
                text.span(),
                format!("Something is found in “{}”.", text.get_ref()),
                "Narrow the phrase, or move this example to `hit`.",
            );
        }
    }

    /// The `text` of a table: a template.
    fn template(&mut self, table: &Table<'_, '_>) -> String {
        let Some(text) = self.required_text(table, "text") else { return String::new() };
        for problem in composure_snippets::check(text.get_ref()) {
            let span = self.line_in(&text, problem.line);
            self.mistake(span, problem.reason, problem.mend);
        }
        let value = text.get_ref().clone();
        self.inserted.push(text);
        value
    }

    /// Where so many lines into a text's value its source is; the whole, where it is not written in lines.
    fn line_in(&self, text: &Text, line: usize) -> Range<usize> {
        let span = text.span();
        let source = self.source.get(span.clone()).unwrap_or_default();
        let multi = source.starts_with("\"\"\"") || source.starts_with("'''");
        let opening = source.get(3..).unwrap_or_default().trim_start_matches('\r');
        let skipped = usize::from(multi && opening.starts_with('\n'));
        let mut start = span.start;
        for (place, part) in source.split_inclusive('\n').enumerate() {
            if multi && place + 1 == line + skipped {
                return start..start + part.trim_end().len();
            }
            start += part.len();
        }
        span
    }

    fn known_keys(&mut self, table: &Table<'_, '_>) {
        for key in table.entries.keys().filter(|key| !table.keys.contains(&key.get_ref().as_ref())) {
            let reason = format!("“{}” means nothing in {}.", key.get_ref(), table.what);
            self.mistake(key.span(), reason, did_you_mean(key.get_ref(), table.keys));
        }
    }

    fn missing(&mut self, table: &Table<'_, '_>, key: &str) {
        if !self.broken {
            let mend = format!("Add a line `{key} = {}`.", if key == "over" { "[\"…\"]" } else { "\"…\"" });
            self.mistake(table.span.clone(), format!("`{key}` is missing from {}.", table.what), mend);
        }
    }

    fn text(&mut self, table: &Table<'_, '_>, key: &str) -> Option<Text> {
        let value = table.entries.get(key)?;
        match value.get_ref().as_str() {
            Some(text) if text.trim().is_empty() => {
                self.mistake(value.span(), format!("`{key}` is empty."), "Write something, or leave the line out.");
                None
            }
            Some(text) => Some(Spanned::new(value.span(), text.to_owned())),
            None => {
                self.mistake(value.span(), format!("`{key}` is a text."), format!("Write `{key} = \"…\"`."));
                None
            }
        }
    }

    fn required_text(&mut self, table: &Table<'_, '_>, key: &str) -> Option<Text> {
        if !table.entries.contains_key(key) {
            self.missing(table, key);
        }
        self.text(table, key)
    }

    fn required(&mut self, table: &Table<'_, '_>, key: &str) -> String {
        self.required_text(table, key).map(Spanned::into_inner).unwrap_or_default()
    }

    fn texts(&mut self, table: &Table<'_, '_>, key: &str) -> Vec<Text> {
        let Some(value) = table.entries.get(key) else { return Vec::new() };
        let mend = format!("Write `{key} = [\"…\", \"…\"]`.");
        let Some(list) = value.get_ref().as_array() else {
            self.mistake(value.span(), format!("`{key}` is a list of texts."), mend);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for one in list {
            match one.get_ref().as_str() {
                Some(text) if text.trim().is_empty() => {
                    self.mistake(one.span(), format!("A text of `{key}` is empty."), "Leave it out.");
                }
                Some(text) => texts.push(Spanned::new(one.span(), text.to_owned())),
                None => self.mistake(one.span(), format!("`{key}` is a list of texts."), mend.clone()),
            }
        }
        texts
    }

    fn filled(&mut self, table: &Table<'_, '_>, key: &str) -> Vec<String> {
        inner(self.texts(table, key))
    }

    fn one_of_each(&mut self, table: &Table<'_, '_>, key: &str, known: &[&str], reason: &str) -> Vec<String> {
        let texts = self.texts(table, key);
        for text in texts.iter().filter(|text| !known.contains(&text.get_ref().as_str())) {
            let reason = format!("“{}” {reason}.", text.get_ref());
            self.mistake(text.span(), reason, did_you_mean(text.get_ref(), known));
        }
        inner(texts)
    }

    fn choice<T: Copy + Default>(&mut self, table: &Table<'_, '_>, key: &str, choices: &[(&str, T)]) -> T {
        let Some(text) = self.text(table, key) else { return T::default() };
        match choices.iter().find(|(name, _)| name == text.get_ref()) {
            Some((_, value)) => *value,
            None => {
                let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
                let reason = format!("“{}” is no {key}.", text.get_ref());
                self.mistake(text.span(), reason, did_you_mean(text.get_ref(), &names));
                T::default()
            }
        }
    }

    fn number(&mut self, table: &Table<'_, '_>, key: &str, most: u32) -> Option<u32> {
        let value = table.entries.get(key)?;
        let read = number(value).and_then(|number| u32::try_from(number).ok());
        match read.filter(|number| (1..=most).contains(number)) {
            Some(number) => Some(number),
            None => {
                let reason = format!("`{key}` is a whole number from 1 to {most}.");
                self.mistake(value.span(), reason, format!("Write `{key} = {}`, for example.", most.min(60)));
                None
            }
        }
    }

    fn each<T>(
        &mut self,
        root: &Table<'_, '_>,
        key: &str,
        what: &'static str,
        keys: &'static [&'static str],
        mut one: impl FnMut(&mut Self, &Table<'_, '_>) -> T,
    ) -> Vec<T> {
        let Some(value) = root.entries.get(key) else { return Vec::new() };
        let mend = format!("Begin each with a line {what}.");
        let Some(list) = value.get_ref().as_array() else {
            self.mistake(value.span(), format!("`{key}` is a list of tables."), mend);
            return Vec::new();
        };
        let mut all = Vec::new();
        for value in list {
            match value.get_ref() {
                DeValue::Table(entries) => {
                    let table = Table { entries, span: value.span(), what, keys };
                    self.known_keys(&table);
                    all.push(one(self, &table));
                }
                _ => self.mistake(value.span(), format!("`{key}` is a list of tables."), mend.clone()),
            }
        }
        all
    }

    /// What is found in the texts that the pack inserts: by Composure's rules and by its own.
    fn warnings(&self, pack: &Pack) -> Vec<Mistake> {
        let known = |value: &str| Some(value.to_owned());
        let values = Values {
            customer: known("Gary"),
            my_name: known("Dana"),
            business: known("Lakeside Bikes"),
            order: known("48213"),
            product: known("kettle"),
        };
        let calendar = Calendar { days: vec!["Monday".to_owned(); 60], weekday: 1 };
        let beside = Beside::new(Packs::new(Vec::new(), pack.terms.iter().map(String::as_str)));
        let rules_off = pack.rules_off.iter().cloned().collect();
        let settings = Settings { rules_off, beside, ..Settings::default() };
        let matcher = Matcher::new(pack);
        let mut warnings = Vec::new();
        for text in &self.inserted {
            let filled = fill(text.get_ref(), &values, &calendar).text;
            let draft = Draft { text: filled.clone(), regions: Vec::new() };
            for finding in review(&draft, &Thread::default(), &settings).findings {
                let words = filled.get(finding.span.start..finding.span.end).unwrap_or_default();
                let reason = format!("“{words}”: {}", finding.rule.what);
                warnings.push(self.place(self.words_in(text, words), reason, finding.rule.instead));
            }
            for hit in matcher.find(&filled) {
                let words = filled.get(hit.span).unwrap_or_default();
                let why = match hit.source {
                    Source::Avoid(place) => pack.avoid.get(place).map(|avoid| avoid.why.as_str()),
                    Source::Prefer(place) => pack.prefer.get(place).and_then(|prefer| prefer.why.as_deref()),
                };
                let reason =
                    format!("“{words}”: this pack itself asks to word it otherwise. {}", why.unwrap_or_default());
                let mend = match hit.instead.first() {
                    Some(instead) => format!("Write “{instead}”."),
                    None => "Leave it out, or say it another way.".to_owned(),
                };
                warnings.push(self.place(self.words_in(text, words), reason.trim_end(), mend));
            }
        }
        warnings.sort_by_key(|warning| warning.span.start);
        warnings
    }

    /// Where the words of a text stand in the file; the text, where they were put together.
    fn words_in(&self, text: &Text, words: &str) -> Range<usize> {
        let span = text.span();
        let found = self.source.get(span.clone()).and_then(|source| source.find(words));
        found.map_or(span.clone(), |at| span.start + at..span.start + at + words.len())
    }
}

fn inner(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(Spanned::into_inner).collect()
}

fn number(value: &Spanned<DeValue<'_>>) -> Option<i64> {
    let number = value.get_ref().as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn did_you_mean(typed: &str, known: &[&str]) -> String {
    let typed = typed.to_lowercase();
    let near = known.iter().map(|known| (strsim::osa_distance(known, &typed), known));
    match near.min().filter(|(distance, known)| *distance <= 1 + known.len() / 4) {
        Some((_, known)) => format!("Did you mean `{known}`?"),
        None => format!("Use one of {}.", known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ")),
    }
}
