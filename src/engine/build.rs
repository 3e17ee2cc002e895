//! Compiles `rules/`, `checklist/`, `cues/`, `snippets/`, `words/`, `verbs.txt` and `grammar.toml` into static tables,
//! so that the engine has nothing to build when it starts. A mistake in one of them stops the build and says where.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;
use toml::Spanned;

use code::{Lexicon, Need, entry, generate, needs};
use normalise::{ALIASES, FIRST_WORD, bucket, class, form, hash, slot as table_slot, slot_kind};
use pattern::{Node, expand, parse, words_of};

#[path = "compile/code.rs"]
mod code;
#[allow(dead_code)]
mod normalise;
#[path = "compile/pattern.rs"]
mod pattern;
#[path = "compile/verbs.rs"]
mod verbs;

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn all(&self) -> Vec<&str> {
        match self {
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(more) => more.iter().map(String::as_str).collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    find: Spanned<String>,
    #[serde(default)]
    write: Option<OneOrMore>,
    #[serde(default)]
    hit: Option<OneOrMore>,
    #[serde(default)]
    becomes: Option<String>,
    #[serde(default)]
    miss: Option<OneOrMore>,
    #[serde(default)]
    unless: Option<OneOrMore>,
    #[serde(default)]
    unless_before: Option<OneOrMore>,
    #[serde(default)]
    unless_after: Option<OneOrMore>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    severity: Spanned<String>,
    what: String,
    why: String,
    instead: String,
    examples: Vec<ExampleLine>,
    #[serde(default)]
    patterns: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleLine {
    bad: String,
    good: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CueFile {
    patterns: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    order: i64,
    title: String,
    why: String,
    asked: Spanned<String>,
    r#where: Spanned<String>,
    insert: Spanned<String>,
    #[serde(default)]
    signature_block_counts: bool,
    #[serde(default)]
    patterns: Vec<Line>,
    examples: Vec<ItemExample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemExample {
    draft: String,
    #[serde(default)]
    customer: Option<String>,
    status: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SnippetFile {
    title: String,
    item: String,
    text: String,
}

/// Everything wrong with the data, told all at once.
#[derive(Default)]
struct Problems(Vec<String>);

struct Source {
    path: String,
    id: String,
    text: String,
}

impl Source {
    fn line(&self, offset: usize) -> usize {
        self.text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1)
    }
}

impl Problems {
    fn add(&mut self, source: &Source, offset: usize, message: &str) {
        let line = source.line(offset);
        self.0.push(format!("{}:{line}: {message}", source.path));
    }
}

/// A pattern line with what it belongs to.
struct Job<'a> {
    source: &'a Source,
    group: usize,
    line: &'a Line,
    find: Node,
}

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    for path in [
        "build.rs",
        "normalise.rs",
        "compile",
        "rules",
        "checklist",
        "cues",
        "snippets",
        "words",
        "verbs.txt",
        "grammar.toml",
    ] {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut problems = Problems::default();
    match build(&root, &mut problems) {
        Some((tables, tests)) if problems.0.is_empty() => {
            write_file(&out.join("tables.rs"), &tables);
            write_file(&out.join("examples.rs"), &tests);
        }
        _ => {
            for problem in &problems.0 {
                // Both, because cargo shows the first always and editors parse the second.
                println!("cargo::error={problem}");
                eprintln!("{problem}");
            }
            std::process::exit(1);
        }
    }
}

fn write_file(path: &Path, text: &str) {
    if let Err(error) = fs::write(path, text) {
        println!("cargo::error={}: {error}", path.display());
        std::process::exit(1);
    }
}

fn sources(root: &Path, folder: &str, ending: &str) -> Vec<Source> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root.join(folder))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    paths.sort();
    paths.iter().map(|path| source(root, path)).collect()
}

fn source(root: &Path, path: &Path) -> Source {
    Source {
        path: format!("src/engine/{}", path.strip_prefix(root).unwrap_or(path).display()),
        id: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        text: fs::read_to_string(path).unwrap_or_default(),
    }
}

fn read<T: for<'de> Deserialize<'de>>(source: &Source, problems: &mut Problems) -> Option<T> {
    toml::from_str(&source.text)
        .map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            problems.add(source, offset, error.message());
        })
        .ok()
}

fn files<T: for<'de> Deserialize<'de>>(sources: &[Source], problems: &mut Problems) -> Vec<(usize, T)> {
    sources.iter().enumerate().filter_map(|(place, source)| Some((place, read(source, problems)?))).collect()
}

fn build(root: &Path, problems: &mut Problems) -> Option<(String, String)> {
    let rule_sources = sources(root, "rules", "toml");
    let rules: Vec<(usize, RuleFile)> = files(&rule_sources, problems);
    let item_sources = sources(root, "checklist", "toml");
    let mut items: Vec<(usize, ItemFile)> = files(&item_sources, problems);
    items.sort_by_key(|(_, item)| item.order);
    let cue_sources = sources(root, "cues", "toml");
    let cues: Vec<(usize, CueFile)> = files(&cue_sources, problems);
    let snippet_sources = sources(root, "snippets", "toml");
    let snippets: Vec<(usize, SnippetFile)> = files(&snippet_sources, problems);
    let coded: BTreeSet<String> = sources(root, "rules", "rs").into_iter().map(|source| source.id).collect();

    let mut jobs = Vec::new();
    let rule_count = rules.len();
    let groups = rules
        .iter()
        .map(|(place, rule)| (&rule_sources[*place], &rule.patterns))
        .chain(items.iter().map(|(place, item)| (&item_sources[*place], &item.patterns)))
        .chain(cues.iter().map(|(place, cue)| (&cue_sources[*place], &cue.patterns)));
    for (group, (source, lines)) in groups.enumerate() {
        for line in lines {
            match parse(line.find.get_ref()) {
                Ok(find) => jobs.push(Job { source, group, line, find }),
                Err(message) => problems.add(source, line.find.span().start, &message),
            }
        }
    }
    if items.len() + cues.len() > 32 {
        problems.0.push("src/engine: more than 32 checklist items and cues".into());
    }

    // Lists.
    let list_sources = sources(root, "words", "txt");
    let mut lists: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for source in &list_sources {
        let mut entries = Vec::new();
        let mut offset = 0;
        for line in source.text.split_inclusive('\n') {
            let entry = line.split('#').next().unwrap_or("").trim();
            if !entry.is_empty() {
                match parse(entry).and_then(|node| expand(&node)) {
                    Ok(all) => entries.extend(all.into_iter().filter(|words| !words.is_empty())),
                    Err(message) => problems.add(source, offset, &message),
                }
            }
            offset += line.len();
        }
        if entries.is_empty() {
            problems.add(source, 0, "an empty list");
        }
        lists.insert(source.id.clone(), entries);
    }

    // Verbs and word classes.
    let verb_source = source(root, &root.join("verbs.txt"));
    let mut verb_table = Vec::new();
    let mut offset = 0;
    for line in verb_source.text.split_inclusive('\n') {
        let text = line.split('#').next().unwrap_or("").trim();
        if !text.is_empty() {
            match verbs::verb(text) {
                Ok(verb) => verb_table.push(verb),
                Err(message) => problems.add(&verb_source, offset, &message),
            }
        }
        offset += line.len();
    }
    let grammar_source = source(root, &root.join("grammar.toml"));
    let grammar: BTreeMap<String, String> = read(&grammar_source, problems)?;
    let mut classes: HashMap<String, u32> = HashMap::new();
    let mut class_of = |word: &str, bit: u32| *classes.entry(word.to_owned()).or_default() |= bit;
    for (name, words) in &grammar {
        let bit = match name.as_str() {
            "determiner" => class::DETERMINER,
            "preposition" => class::PREPOSITION,
            "conjunction" => class::CONJUNCTION,
            "pronoun" => class::PRONOUN,
            "auxiliary" => class::AUXILIARY,
            "adverb" => class::ADVERB,
            "title" => class::TITLE,
            "plural" => class::PLURAL,
            "singular" => class::SINGULAR,
            "abbreviation" => class::ABBREVIATION,
            "greeting" => class::GREETING,
            "not_a_name" => class::NOT_A_NAME,
            other => {
                problems.add(&grammar_source, 0, &format!("`{other}` is no word class"));
                continue;
            }
        };
        words.split_whitespace().for_each(|word| class_of(word, bit));
    }
    for verb in &verb_table {
        class_of(&verb.base, class::VERB_BASE);
        class_of(&verb.past, class::VERB_PAST);
        class_of(&verb.participle, class::VERB_PARTICIPLE);
        class_of(&verb.ing, class::VERB_ING);
        class_of(&verb.third, class::VERB_S);
    }
    for alias in ALIASES {
        class_of(alias.typed, class::ALIAS);
        class_of(alias.first, 0);
        if !alias.second.is_empty() {
            class_of(alias.second, 0);
        }
    }
    for word in ["not", "'s", "'d", "will", "have", "are", "am", "can", "shall"] {
        class_of(word, 0);
    }

    // The vocabulary: every word that anything names.
    let mut words: Vec<String> = classes.keys().cloned().collect();
    jobs.iter().for_each(|job| words_of(&job.find, &mut words));
    for job in &jobs {
        for set in [&job.line.unless, &job.line.unless_before, &job.line.unless_after] {
            for text in set.iter().flat_map(OneOrMore::all) {
                match parse(text) {
                    Ok(node) => words_of(&node, &mut words),
                    Err(message) => problems.add(job.source, job.line.find.span().start, &message),
                }
            }
        }
    }
    words.extend(lists.values().flatten().flatten().cloned());
    words.sort();
    words.dedup();
    let (order, displacements) = perfect_hash(&words)?;
    let ids: HashMap<String, u16> = order
        .iter()
        .enumerate()
        .filter_map(|(place, word)| Some((words[(*word)?].clone(), place as u16 + FIRST_WORD)))
        .collect();

    let mut lexicon = Lexicon {
        ids,
        list_index: BTreeMap::new(),
        lists: Vec::new(),
        weights: HashMap::new(),
        verb_ids: Default::default(),
    };
    weigh(&mut lexicon, &classes);
    for (name, entries) in &lists {
        let mut sequences = BTreeSet::new();
        for entry in entries {
            let mut all = vec![Vec::new()];
            for word in entry {
                let same = lexicon.same(word);
                all = all
                    .into_iter()
                    .flat_map(|head: Vec<u16>| {
                        same.iter().map(move |id| {
                            let mut joined = head.clone();
                            joined.push(*id);
                            joined
                        })
                    })
                    .collect();
            }
            sequences.extend(all);
        }
        lexicon.list_index.insert(name.clone(), lexicon.lists.len() as u16);
        lexicon.lists.push(sequences);
    }
    for verb in &verb_table {
        let forms = [&verb.base, &verb.past, &verb.participle, &verb.ing];
        for (kind, word) in forms.into_iter().enumerate() {
            lexicon.verb_ids[kind].extend(lexicon.ids.get(word));
        }
    }

    // Patterns.
    let mut code: Vec<u16> = Vec::new();
    let mut templates = String::new();
    let mut template_ends: Vec<usize> = Vec::new();
    let mut template_starts: Vec<usize> = Vec::new();
    let mut call_starts: Vec<usize> = Vec::new();
    let mut code_starts: Vec<usize> = Vec::new();
    let mut group_of: Vec<usize> = Vec::new();
    let mut filters: Vec<u64> = Vec::new();
    let mut backs: Vec<u16> = Vec::new();
    let mut calls: Vec<usize> = Vec::new();
    let mut unlesses = String::new();
    let mut call_codes: HashMap<String, usize> = HashMap::new();
    let mut index: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    let mut need_all: Vec<u64> = Vec::new();
    let mut need_any: Vec<[u64; 4]> = Vec::new();
    let mut hits = String::new();
    let mut misses = String::new();
    for (place, job) in jobs.iter().enumerate() {
        let at = job.line.find.span().start;
        let where_ = format!("{}:{}", job.source.path, job.source.line(at));
        let generated = match generate(&job.find, &lexicon) {
            Ok(generated) => generated,
            Err(message) => {
                problems.add(job.source, at, &message);
                continue;
            }
        };
        let entry = match entry(&job.find, &generated.ops, &lexicon) {
            Ok(entry) => entry,
            Err(message) => {
                problems.add(job.source, at, &message);
                continue;
            }
        };
        let needed = needs(&job.find, &lexicon, Some(&entry.ids));
        need_all.push(needed.all);
        need_any.push(needed.any_wide);
        code_starts.push(code.len());
        group_of.push(job.group);
        filters.push(entry.filter);
        backs.push(entry.back.0 << 8 | entry.back.1);
        code.extend(&generated.ops);
        for id in &entry.ids {
            index.entry(*id).or_default().push(place);
        }
        template_starts.push(template_ends.len());
        for text in job.line.write.iter().flat_map(OneOrMore::all) {
            match template(text, &generated.slots) {
                Ok(text) => {
                    templates.push_str(&text);
                    template_ends.push(templates.len());
                }
                Err(message) => problems.add(job.source, at, &message),
            }
        }
        call_starts.push(calls.len());
        for (kind, set) in [&job.line.unless, &job.line.unless_before, &job.line.unless_after].into_iter().enumerate() {
            for text in set.iter().flat_map(OneOrMore::all) {
                // Patterns share these, and the matcher remembers each one's outcome for a sentence.
                let known = call_codes.get(text).copied();
                match parse(text).and_then(|node| Ok((needs(&node, &lexicon, None), generate(&node, &lexicon)?))) {
                    Ok((Need { all, any, .. }, generated)) => {
                        let unless = known.unwrap_or(call_codes.len());
                        calls.push(kind << 14 | unless);
                        if known.is_none() {
                            call_codes.insert(text.to_owned(), unless);
                            let _ = writeln!(
                                unlesses,
                                "    Unless {{ code: {}, all: {all:#x}, any: {any:#x} }},",
                                code.len()
                            );
                            code.extend(&generated.ops);
                        }
                    }
                    Err(message) => problems.add(job.source, at, &format!("`{text}`: {message}")),
                }
            }
        }
        for hit in job.line.hit.iter().flat_map(OneOrMore::all) {
            let _ = writeln!(hits, "    ({where_:?}, {place}, {hit:?}, {:?}),", job.line.becomes);
        }
        if job.line.becomes.is_some() && !matches!(&job.line.hit, Some(OneOrMore::One(_))) {
            problems.add(job.source, at, "`becomes` needs one `hit`");
        }
        if job.group < rule_count && job.line.hit.is_none() {
            problems.add(job.source, at, "a pattern needs a `hit`");
        }
        for miss in job.line.miss.iter().flat_map(OneOrMore::all) {
            let _ = writeln!(misses, "    ({where_:?}, {}, {miss:?}),", job.group);
        }
    }

    let mut tables = String::new();
    let t = &mut tables;
    // Where each sixteenth word starts, and how long each is.
    let (mut text, mut starts, mut lengths) = (String::new(), Vec::new(), Vec::new());
    for (place, word) in order.iter().enumerate() {
        if place % 16 == 0 {
            starts.push(text.len());
        }
        let word = word.map_or("", |word| &words[word]);
        lengths.push(word.len());
        text.push_str(word);
    }
    let _ = writeln!(t, "pub static WORD_TEXT: &str = {text:?};");
    array(t, "WORD_STARTS", "u32", &starts);
    array(t, "WORD_LENGTHS", "u8", &lengths);
    array(t, "DISPLACEMENTS", "u16", &displacements);
    let class_list: Vec<u32> =
        order.iter().map(|word| word.and_then(|word| classes.get(&words[word])).copied().unwrap_or(0)).collect();
    array(t, "CLASSES", "u32", &class_list);
    let last_id = usize::from(FIRST_WORD) + order.len();
    let mut starts = Vec::new();
    let mut entries: Vec<usize> = Vec::new();
    for id in 0..last_id {
        starts.push(entries.len());
        entries.extend(index.get(&(id as u16)).into_iter().flatten());
    }
    starts.push(entries.len());
    array(t, "INDEX_STARTS", "u32", &starts);
    array(t, "INDEX", "u16", &entries);
    array(t, "CODE", "u16", &code);
    array(t, "NEED_ALL", "u64", &need_all);
    array(t, "NEED_ANY", "[u64; 4]", &need_any);
    // One more, so that the end of each is the start of the next.
    template_starts.push(template_ends.len());
    call_starts.push(calls.len());
    array(t, "PATTERN_CODE", "u32", &code_starts);
    array(t, "PATTERN_GROUP", "u16", &group_of);
    array(t, "PATTERN_FILTER", "u64", &filters);
    array(t, "PATTERN_BACK", "u16", &backs);
    array(t, "PATTERN_TEMPLATES", "u16", &template_starts);
    array(t, "PATTERN_CALLS", "u16", &call_starts);
    let _ = writeln!(t, "pub static TEMPLATE_TEXT: &str = {templates:?};");
    array(t, "TEMPLATE_ENDS", "u16", &template_ends);
    array(t, "CALLS", "u16", &calls);
    let _ = writeln!(t, "pub static UNLESS: &[Unless] = &[\n{unlesses}];");

    // Each list: how long its parts are, then the parts; phrases with their lengths.
    let _ = writeln!(t, "pub static LISTS: &[List] = &[");
    for sequences in &lexicon.lists {
        let mut firsts = vec![0u8; order.len() / 8 + 1];
        for id in sequences.iter().filter_map(|ids| ids.first()) {
            let place = usize::from(*id - FIRST_WORD);
            firsts[place / 8] |= 1 << (place % 8);
        }
        while firsts.last() == Some(&0) {
            firsts.pop();
        }
        let singles: Vec<u16> = sequences.iter().filter(|ids| ids.len() == 1).map(|ids| ids[0]).collect();
        let mut phrases: Vec<&Vec<u16>> = sequences.iter().filter(|ids| ids.len() > 1).collect();
        phrases.sort_by_key(|ids| (ids[0], std::cmp::Reverse(ids.len())));
        let mut heads: Vec<(u16, usize)> = Vec::new();
        let mut flat: Vec<u16> = Vec::new();
        for ids in phrases {
            if heads.last().is_none_or(|(head, _)| *head != ids[0]) {
                heads.push((ids[0], flat.len()));
            }
            flat.push(ids.len() as u16);
            flat.extend(ids);
        }
        let _ = writeln!(
            t,
            "    List {{ firsts: &{firsts:?}, singles: &{singles:?}, heads: &{heads:?}, phrases: &{flat:?} }},"
        );
    }
    let _ = writeln!(t, "];");

    let verb_ids: Vec<[u16; 4]> = verb_table
        .iter()
        .map(|verb| {
            [&verb.base, &verb.past, &verb.participle, &verb.ing]
                .map(|word| lexicon.ids.get(word).copied().unwrap_or(0))
        })
        .collect();
    let _ = writeln!(t, "pub static VERBS: &[[u16; 4]] = &{verb_ids:?};");
    let mut forms: BTreeMap<u16, usize> = BTreeMap::new();
    for (place, verb) in verb_table.iter().enumerate() {
        for word in [&verb.base, &verb.past, &verb.participle, &verb.ing] {
            if let Some(id) = lexicon.ids.get(word) {
                // The base form wins where two verbs share a form: `found` is a past before it is a verb.
                if *word == verb.base {
                    forms.insert(*id, place);
                } else {
                    forms.entry(*id).or_insert(place);
                }
            }
        }
    }
    let forms: Vec<(u16, usize)> = forms.into_iter().collect();
    let _ = writeln!(t, "pub static VERB_FORMS: &[(u16, u16)] = &{forms:?};");

    let mut maskable = BTreeSet::new();
    for (name, entries) in &lists {
        if name.starts_with("swear") {
            for entry in entries.iter().filter(|entry| entry.len() == 1) {
                maskable.extend(lexicon.ids.get(&entry[0]));
            }
        }
    }
    let _ = writeln!(t, "/// Words that people mask: `cr*p`.");
    // The first that fits is taken: `f***` is not `feck`.
    let likeliest = ["fuck", "shit", "crap", "damn", "hell", "bitch", "bastard", "bullshit", "fucking", "cunt"];
    let mut maskable: Vec<u16> = maskable.into_iter().collect();
    maskable.sort_by_key(|id| {
        let place = likeliest.iter().position(|word| lexicon.ids.get(*word) == Some(id));
        (place.unwrap_or(usize::MAX), *id)
    });
    let _ = writeln!(t, "pub static MASKABLE: &[u16] = &{maskable:?};");
    let mut alias_ids: Vec<(u16, u16, u16)> = ALIASES
        .iter()
        .map(|alias| {
            let id = |word: &str| lexicon.ids.get(word).copied().unwrap_or(0);
            (id(alias.typed), id(alias.first), id(alias.second))
        })
        .collect();
    alias_ids.sort_unstable();
    let _ = writeln!(t, "pub static ALIAS_IDS: &[(u16, u16, u16)] = &{alias_ids:?};");
    for (name, word) in [
        ("NOT", "not"),
        ("I", "i"),
        ("OF", "of"),
        ("AND", "and"),
        ("OR", "or"),
        ("THESE", "these"),
        ("THOSE", "those"),
        ("A", "a"),
        ("AN", "an"),
    ] {
        let _ = writeln!(t, "pub const {name}: u16 = {};", lexicon.ids.get(word).copied().unwrap_or(0));
    }

    // Rules.
    let _ = writeln!(t, "pub static RULES: &[Rule] = &[");
    for (place, rule) in &rules {
        let source = &rule_sources[*place];
        let severity = match rule.severity.get_ref().as_str() {
            "hint" => "Hint",
            "warning" => "Warning",
            "serious" => "Serious",
            other => {
                problems.add(
                    source,
                    rule.severity.span().start,
                    &format!("`{other}` is no severity (hint, warning, serious)"),
                );
                "Hint"
            }
        };
        if rule.patterns.is_empty() != coded.contains(&source.id) {
            problems.add(source, 0, "a rule has either `patterns` or a `.rs` file beside it");
        }
        if rule.examples.is_empty() {
            problems.add(source, 0, "a rule needs an example");
        }
        let _ = writeln!(
            t,
            "    Rule {{ id: {:?}, severity: Severity::{severity}, what: {:?}, why: {:?}, instead: {:?}, examples: &[",
            source.id, rule.what, rule.why, rule.instead
        );
        for example in &rule.examples {
            if !(example.bad.contains('«') && example.bad.contains('»')) {
                problems.add(source, 0, &format!("`{}` marks no words with «»", example.bad));
            }
            let _ = writeln!(t, "        Example {{ bad: {:?}, good: {:?} }},", example.bad, example.good);
        }
        let _ = writeln!(t, "    ] }},");
    }
    let _ = writeln!(t, "];");
    for id in &coded {
        if !rule_sources.iter().any(|source| source.id == *id) {
            problems.0.push(format!("src/engine/rules/{id}.rs:1: there is no rules/{id}.toml"));
        }
    }
    let _ = writeln!(t, "pub static CODED: &[(u16, crate::rules::Find)] = &[");
    for (group, (place, _)) in rules.iter().enumerate() {
        let id = &rule_sources[*place].id;
        if coded.contains(id) {
            let _ = writeln!(t, "    ({group}, crate::rules::{}::find),", id.replace('-', "_"));
        }
    }
    let _ = writeln!(t, "];");

    // Checklist and cues.
    let mut facts = String::new();
    let names = items
        .iter()
        .map(|(place, _)| &item_sources[*place].id)
        .chain(cues.iter().map(|(place, _)| &cue_sources[*place].id));
    for (bit, id) in names.enumerate() {
        let _ = writeln!(facts, "    pub const {}: u64 = {};", id.replace('-', "_").to_uppercase(), 1u64 << bit);
    }
    let _ = writeln!(t, "#[allow(dead_code)]\npub mod fact {{\n{facts}}}");
    let _ = writeln!(t, "pub static ITEMS: &[Item] = &[");
    let mut item_examples = String::new();
    for (bit, (place, item)) in items.iter().enumerate() {
        let source = &item_sources[*place];
        let mut one_of = |value: &Spanned<String>, names: &[(&str, &'static str)]| -> &'static str {
            match names.iter().find(|(name, _)| name == value.get_ref()) {
                Some((_, variant)) => variant,
                None => {
                    let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
                    problems.add(
                        source,
                        value.span().start,
                        &format!("`{}` must be one of {}", value.get_ref(), known.join(", ")),
                    );
                    names[0].1
                }
            }
        };
        let asked = one_of(&item.asked, &[("always", "Always"), ("upset", "Upset")]);
        let look = one_of(
            &item.r#where,
            &[("first-line", "FirstLine"), ("opening", "Opening"), ("anywhere", "Anywhere"), ("closing", "Closing")],
        );
        let insert = one_of(
            &item.insert,
            &[("top", "Top"), ("after-greeting", "AfterGreeting"), ("above-sign-off", "AboveSignOff"), ("end", "End")],
        );
        let _ = writeln!(
            t,
            "    Item {{ item: ChecklistItem {{ id: {:?}, title: {:?}, why: {:?} }}, fact: {}, asked: Asked::{asked}, look: Look::{look}, place: Place::{insert}, signature_block_counts: {} }},",
            source.id,
            item.title,
            item.why,
            1u64 << bit,
            item.signature_block_counts
        );
        for example in &item.examples {
            let status =
                one_of(&example.status, &[("met", "Met"), ("unmet", "Unmet"), ("not-applicable", "NotApplicable")]);
            let line = source.line(example.status.span().start);
            let _ = writeln!(
                item_examples,
                "    ({:?}, {bit}, {:?}, {:?}, Status::{status}),",
                format!("{}:{line}", source.path),
                example.draft,
                example.customer
            );
        }
        if item.examples.is_empty() {
            problems.add(source, 0, "an item needs examples");
        }
    }
    let _ = writeln!(t, "];");

    let _ = writeln!(t, "/// Id, title, item, text.\npub static SNIPPETS: &[[&str; 4]] = &[");
    for (place, snippet) in &snippets {
        let source = &snippet_sources[*place];
        let _ = writeln!(
            t,
            "    [{:?}, {:?}, {:?}, {:?}],",
            source.id,
            snippet.title,
            snippet.item,
            snippet.text.trim_end()
        );
    }
    let _ = writeln!(t, "];");

    let mut tests = String::new();
    let _ = writeln!(tests, "/// Where, pattern, text, text after the first suggestion.");
    let _ = writeln!(tests, "pub const HITS: &[(&str, usize, &str, Option<&str>)] = &[\n{hits}];");
    let _ = writeln!(tests, "/// Where, group, text.");
    let _ = writeln!(tests, "pub const MISSES: &[(&str, u16, &str)] = &[\n{misses}];");
    let _ = writeln!(tests, "/// Where, item, draft, the customer's message, status.");
    let _ = writeln!(
        tests,
        "pub const ITEM_EXAMPLES: &[(&str, usize, &str, Option<&str>, Status)] = &[\n{item_examples}];"
    );
    let coded: Vec<&String> = coded.iter().collect();
    let _ = writeln!(tests, "pub const CODED_FILES: &[&str] = &{coded:?};");
    Some((tables, tests))
}

fn array<T: std::fmt::Debug>(out: &mut String, name: &str, kind: &str, values: &[T]) {
    let _ = writeln!(out, "pub static {name}: [{kind}; {}] = {values:?};", values.len());
}

/// Says how often words are met in mails; only the order of magnitude matters.
fn weigh(lexicon: &mut Lexicon, classes: &HashMap<String, u32>) {
    const VERY_COMMON: &str = "the to you i we and a of it is for in that not your have be this on with are will do can \
        our was as us me my if at 's";
    const COMMON: &str = "please thank thanks order email parcel refund customer time day days send sent received \
        product account website number know see get delivery address payment hi dear regards sorry back want need ask \
        contact help team item return read check";
    let closed =
        class::DETERMINER | class::PREPOSITION | class::CONJUNCTION | class::PRONOUN | class::AUXILIARY | class::ADVERB;
    for (word, bits) in classes {
        if let Some(id) = lexicon.ids.get(word) {
            let weight = if bits & closed != 0 { 3.0 } else { 0.3 };
            lexicon.weights.insert(*id, weight);
        }
    }
    for (words, weight) in [(COMMON, 2.0), (VERY_COMMON, 15.0)] {
        for id in words.split_whitespace().filter_map(|word| lexicon.ids.get(word)) {
            lexicon.weights.insert(*id, weight);
        }
    }
    for mark in 1..FIRST_WORD {
        lexicon.weights.insert(mark, 20.0);
    }
}

/// Places `words` in a table without collisions: the order of the table, and each bucket's displacement.
fn perfect_hash(words: &[String]) -> Option<(Vec<Option<usize>>, Vec<u16>)> {
    // A few empty slots, so that the last words find a place soon.
    let slots = words.len() + words.len() / 32 + 1;
    let buckets = slots / 3 + 1;
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); buckets];
    for (place, word) in words.iter().enumerate() {
        members[bucket(hash(word.as_bytes()), buckets)].push(place);
    }
    let mut table: Vec<Option<usize>> = vec![None; slots];
    let mut displacements = vec![0u16; buckets];
    let mut largest_first: Vec<usize> = (0..buckets).collect();
    largest_first.sort_by_key(|bucket| std::cmp::Reverse(members[*bucket].len()));
    for bucket in largest_first {
        let found = (0..=u16::MAX).find(|displacement| {
            let mut taken = Vec::new();
            members[bucket].iter().all(|word| {
                let slot = table_slot(hash(words[*word].as_bytes()), *displacement, slots);
                let free = table[slot].is_none() && !taken.contains(&slot);
                taken.push(slot);
                free
            })
        });
        let Some(displacement) = found else {
            println!("cargo::error=no perfect hash for the vocabulary: change HASH_SEED in normalise.rs");
            return None;
        };
        displacements[bucket] = displacement;
        for word in &members[bucket] {
            table[table_slot(hash(words[*word].as_bytes()), displacement, slots)] = Some(*word);
        }
    }
    Some((table, displacements))
}

/// Compiles a suggestion: `<name:form>` becomes three characters.
fn template(text: &str, slots: &[(String, u16)]) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let end = rest[start..].find('>').ok_or("`<` without `>` in `write`")? + start;
        let reference = &rest[start + 1..end];
        let (name, wanted) = reference.split_once(':').unwrap_or((reference, ""));
        let place = slots
            .iter()
            .position(|(known, _)| known == name)
            .ok_or_else(|| format!("`write` names `<{name}>`, `find` does not"))?;
        let kind = slots[place].1;
        let is_verb = kind < slot_kind::NP;
        let form = match wanted {
            "" if is_verb => match kind {
                slot_kind::PAST => form::PAST,
                slot_kind::PARTICIPLE => form::PARTICIPLE,
                slot_kind::ING => form::ING,
                _ => form::BASE,
            },
            "" => form::PLAIN,
            "base" if is_verb => form::BASE,
            "past" if is_verb => form::PAST,
            "participle" if is_verb => form::PARTICIPLE,
            "ing" if is_verb => form::ING,
            "was" if kind == slot_kind::NP => form::WAS,
            "is" if kind == slot_kind::NP => form::IS,
            "has" if kind == slot_kind::NP => form::HAS,
            "it" if kind == slot_kind::NP => form::IT,
            "my" if kind == slot_kind::NP => form::MY,
            other => return Err(format!("`<{name}:{other}>`: such a slot has no form `{other}`")),
        };
        out.push('\u{1}');
        out.push((b'A' + place as u8) as char);
        out.push((b'A' + form) as char);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}
