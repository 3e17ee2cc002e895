//! Compiles `rules/`, `checklist/`, `cues/`, `snippets/`, `words/`, `verbs.txt` and `grammar.toml` into static tables,
//! so that the engine has nothing to build when it starts. A mistake in one of them stops the build and says where.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;
use toml::Spanned;

use code::{Code, Lexicon, entry, generate, last_words, literal, needs};
use normalise::{ALIASES, FIRST_WORD, class, form, site, slot_kind};
use packed::{Reader, Writer};
use pattern::{Node, expand, parse, words_of};

#[path = "compile/code.rs"]
mod code;
#[allow(dead_code)]
mod normalise;
#[allow(dead_code)]
mod packed;
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
    /// Points of heat of each finding, where the severity's are not right.
    #[serde(default)]
    heat: Option<u8>,
    what: String,
    why: String,
    instead: String,
    examples: Vec<ExampleLine>,
    #[serde(default)]
    patterns: Vec<Line>,
    /// Found by what the words of a whole draft weigh (`temper.rs`), neither by patterns nor by code of its own.
    #[serde(default)]
    weighed: bool,
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
    /// Whose words it is looked for in: `customer` or `draft`; both where it does not say.
    #[serde(default)]
    of: Option<Spanned<String>>,
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
        "packed.rs",
        "compile",
        "rules",
        "checklist",
        "cues",
        "snippets",
        "words",
        "same.txt",
        "temper.tsv",
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
    if items.len() + cues.len() > 64 {
        problems.0.push("src/engine: more than 64 checklist items and cues".into());
    }

    // Lists.
    let list_sources = sources(root, "words", "txt");
    let mut lists: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let mut list_nodes: Vec<Vec<Node>> = Vec::new();
    for source in &list_sources {
        let (mut entries, mut nodes) = (Vec::new(), Vec::new());
        let mut offset = 0;
        for line in source.text.split_inclusive('\n') {
            let entry = line.split('#').next().unwrap_or("").trim();
            if !entry.is_empty() {
                match parse(entry).and_then(|node| Ok((expand(&node)?, node))) {
                    Ok((all, node)) => {
                        entries.extend(all.into_iter().filter(|words| !words.is_empty()));
                        nodes.push(node);
                    }
                    Err(message) => problems.add(source, offset, &message),
                }
            }
            offset += line.len();
        }
        if entries.is_empty() {
            problems.add(source, 0, "an empty list");
        }
        lists.insert(source.id.clone(), entries);
        list_nodes.push(nodes);
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
            "empty" => class::EMPTY,
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
    let weight_source = source(root, &root.join("checklist/weights.tsv"));
    for word in weight_source.text.lines().flat_map(|line| line.split('\t').next().unwrap_or("").split(' ')) {
        if word.starts_with(|c: char| c.is_alphabetic() || c == '\'') {
            words.push(word.to_owned());
        }
    }
    let temper_source = source(root, &root.join("temper.tsv"));
    words.extend(tempers(&temper_source, problems).into_iter().map(|line| line.word).filter(|word| is_word(word)));
    let words = by_frequency(words, &classes);
    let ids: HashMap<String, u16> =
        words.iter().enumerate().map(|(place, word)| (word.clone(), place as u16 + FIRST_WORD)).collect();

    let mut lexicon = Lexicon {
        ids,
        list_index: BTreeMap::new(),
        lists: Vec::new(),
        weights: HashMap::new(),
        verb_ids: Default::default(),
    };
    lexicon.weights = words
        .iter()
        .enumerate()
        .map(|(place, word)| (place as u16 + FIRST_WORD, weight(word, &classes)))
        .chain((1..FIRST_WORD).map(|mark| (mark, 20.0)))
        .collect();
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
    let mut packed = Writer::default();
    let mut sites: Vec<u8> = Vec::new();
    let mut site_counts: Vec<usize> = Vec::new();
    let mut groups: Vec<usize> = Vec::new();
    let mut backs: Vec<u16> = Vec::new();
    let mut templates: Vec<String> = Vec::new();
    let mut template_counts: Vec<usize> = Vec::new();
    let mut calls: Vec<usize> = Vec::new();
    let mut call_counts: Vec<usize> = Vec::new();
    let mut last_ids: BTreeSet<u16> = BTreeSet::new();
    let mut unless = Unlesses::default();
    for text in shared_calls(&jobs) {
        // A mistake in it is told below, where the line is known.
        let _ = unless.place_of(text, &lexicon);
    }
    let shared = unless.places.len();
    let mut hits = String::new();
    let mut misses = String::new();
    for (place, job) in jobs.iter().enumerate() {
        let at = job.line.find.span().start;
        let where_ = format!("{}:{}", job.source.path, job.source.line(at));
        let compiled = generate(&job.find, &lexicon).and_then(|generated| {
            let starts = matches!(&job.find, Node::Sequence(nodes) if nodes.first() == Some(&Node::Start));
            let entry = entry(&generated, starts, &lexicon)?;
            Ok((generated, entry))
        });
        let (generated, entry) = match compiled {
            Ok(compiled) => compiled,
            Err(message) => {
                problems.add(job.source, at, &message);
                continue;
            }
        };
        if rules.get(job.group).is_some_and(|(_, rule)| rule.severity.get_ref() == "serious") {
            last_words(&generated.shape, &mut |id| {
                last_ids.insert(id);
            });
        }
        groups.push(job.group);
        backs.push(entry.back.0 << 8 | entry.back.1);
        if let Err(message) = pack(&generated, &mut packed) {
            problems.add(job.source, at, &message);
        }
        let needs = needs(&generated, &lexicon, Some(&entry));
        site_counts.push(entry.sites.len() + needs.len());
        write_sites(&generated, entry.sites.iter().chain(&needs), &mut sites);
        let mut own_templates = 0;
        for text in job.line.write.iter().flat_map(OneOrMore::all) {
            match template(text, &generated.slots) {
                Ok(text) => templates.push(text),
                Err(message) => problems.add(job.source, at, &message),
            }
            own_templates += 1;
        }
        template_counts.push(own_templates);
        let mut own_calls = BTreeSet::new();
        for (kind, set) in [&job.line.unless, &job.line.unless_before, &job.line.unless_after].into_iter().enumerate() {
            for text in set.iter().flat_map(OneOrMore::all) {
                match unless.place_of(text, &lexicon) {
                    Ok(place) => {
                        own_calls.insert(kind << 14 | place);
                    }
                    Err(message) => problems.add(job.source, at, &format!("`{text}`: {message}")),
                }
            }
        }
        call_counts.push(own_calls.len());
        calls.extend(own_calls);
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
    let mut word_ends: Vec<u8> = Vec::new();
    let mut before = "";
    for word in &words {
        let mut shared = word.bytes().zip(before.bytes()).take_while(|(one, other)| one == other).count();
        while !word.is_char_boundary(shared) {
            shared -= 1;
        }
        if before.len() - shared >= 32 {
            problems.0.push(format!("src/engine: `{before}` is too long a word"));
        }
        word_ends.push((before.len() - shared) as u8);
        word_ends.extend(word[shared..].bytes());
        before = word;
    }
    array(t, "WORD_ENDS", "u8", &word_ends);
    write_classes(t, &words, &classes);
    let mut all = Writer::default();
    for (nodes, entries) in list_nodes.iter().zip(&lexicon.lists) {
        if let Err(message) = pack_list(nodes, entries, &lexicon, &mut all) {
            problems.0.push(format!("src/engine/words: {message}"));
        }
    }
    all.append(&packed);
    all.append(&unless.packed);
    let Writer { shape, counts, alike, words: single, sets, firsts, rest } = &all;
    let _ = writeln!(
        t,
        "pub static PACKED: packed::Streams<&[u8]> = packed::Streams {{\n    shape: &{shape:?},\n    counts: &{counts:?},\n    \
         alike: &{alike:?},\n    words: &{single:?},\n    sets: &{sets:?},\n    firsts: &{firsts:?},\n    rest: &{rest:?},\n}};"
    );
    let _ = writeln!(t, "pub const LIST_COUNT: usize = {};", lexicon.lists.len());
    array(t, "PATTERN_GROUP", "u8", &groups);
    array(t, "PATTERN_BACK", "u16", &backs);
    array(t, "SITES", "u8", &sites);
    let (mut lasts, mut before) = (Vec::new(), 0);
    for id in last_ids.into_iter().filter(|id| *id >= FIRST_WORD) {
        packed::write_number(&mut lasts, id - before);
        before = id;
    }
    let _ = writeln!(t, "/// The ids of [`last_words`], each less the one before.");
    array(t, "LAST_WORDS", "u8", &lasts);
    array(t, "PATTERN_SITE_COUNTS", "u8", &site_counts);
    array(t, "PATTERN_TEMPLATE_COUNTS", "u8", &template_counts);
    array(t, "PATTERN_CALL_COUNTS", "u8", &call_counts);
    // Those that one pattern alone uses come in order, so that nothing needs to be said of them but that it is the next.
    let (mut call_places, mut all) = (Vec::new(), calls.iter());
    for count in &call_counts {
        let mut last = (0, 0);
        for call in all.by_ref().take(*count) {
            let (kind, place) = (call >> 14, call & 0x3fff);
            let before = if kind == last.0 { last.1 } else { 0 };
            packed::write_number(&mut call_places, if place < shared { (place + 1 - before) as u16 } else { 0 });
            last = (kind, place + 1);
        }
    }
    array(t, "CALL_PLACES", "u8", &call_places);
    array(t, "CALL_KINDS", "u8", &calls.iter().map(|call| (call >> 14) as u8).collect::<Vec<u8>>());
    let _ = writeln!(t, "pub const SHARED_CALLS: u16 = {shared};");
    let _ = writeln!(t, "pub static TEMPLATE_TEXT: &str = {:?};", templates.join("\n"));
    array(t, "UNLESS_SITES", "u8", &unless.sites);
    array(t, "UNLESS_SITE_COUNTS", "u8", &unless.site_counts);

    let verb_ids: Vec<[u16; 4]> = verb_table
        .iter()
        .map(|verb| {
            [&verb.base, &verb.past, &verb.participle, &verb.ing]
                .map(|word| lexicon.ids.get(word).copied().unwrap_or(0))
        })
        .collect();
    write_verbs(t, verb_ids);
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
        ("WILL", "will"),
        ("SHOULD", "should"),
        ("BY", "by"),
        ("UNTIL", "until"),
        ("TILL", "till"),
        ("WAS", "was"),
        ("WERE", "were"),
        ("HAD", "had"),
        ("DID", "did"),
        ("A", "a"),
        ("AN", "an"),
        ("MY", "my"),
        ("ME", "me"),
        ("WE", "we"),
        ("OUR", "our"),
        ("US", "us"),
        ("PLEASE", "please"),
    ] {
        let _ = writeln!(t, "pub const {name}: u16 = {};", lexicon.ids.get(word).copied().unwrap_or(0));
    }

    let same = same_words(&source(root, &root.join("same.txt")));
    let _ = writeln!(t, "/// Stems of words that mean the same as another, and the other's.");
    let _ = writeln!(t, "pub static SAME: &[(u32, u32)] = &{same:?};");

    // Rules.
    let _ = writeln!(t, "pub static RULES: &[Rule] = &[");
    // A table of their own, so that only what shows them carries them.
    let mut examples = String::new();
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
        if rule.patterns.is_empty() != (rule.weighed || coded.contains(&source.id)) {
            problems.add(source, 0, "a rule has either `patterns` or a `.rs` file beside it");
        }
        if rule.examples.is_empty() && !rule.weighed {
            problems.add(source, 0, "a rule needs an example");
        }
        let _ = writeln!(
            t,
            "    Rule {{ id: {:?}, severity: Severity::{severity}, heat: {}, what: {:?}, why: {:?}, instead: {:?} }},",
            source.id,
            rule.heat.unwrap_or(match severity {
                "Hint" => 8,
                "Warning" => 21,
                _ => 62,
            }),
            rule.what,
            rule.why,
            rule.instead
        );
        let _ = writeln!(examples, "    ({:?}, &[", source.id);
        for example in &rule.examples {
            if !(example.bad.contains('«') && example.bad.contains('»')) {
                problems.add(source, 0, &format!("`{}` marks no words with «»", example.bad));
            }
            let _ = writeln!(examples, "        Example {{ bad: {:?}, good: {:?} }},", example.bad, example.good);
        }
        let _ = writeln!(examples, "    ]),");
    }
    let _ = writeln!(t, "];\npub static EXAMPLES: &[(&str, &[Example])] = &[\n{examples}];");
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

    let rule_ids: Vec<&str> = rules.iter().map(|(place, _)| rule_sources[*place].id.as_str()).collect();
    write_tempers(t, &temper_source, &rule_ids, &lexicon, problems);

    // Checklist and cues.
    let mut facts = String::new();
    let names = items
        .iter()
        .map(|(place, _)| &item_sources[*place].id)
        .chain(cues.iter().map(|(place, _)| &cue_sources[*place].id));
    for (bit, id) in names.enumerate() {
        let _ = writeln!(facts, "    pub const {}: u64 = {};", id.replace('-', "_").to_uppercase(), 1u64 << bit);
    }
    let (mut customers, mut drafts) = (0u64, 0u64);
    for (bit, (place, cue)) in cues.iter().enumerate() {
        let Some(of) = &cue.of else { continue };
        match of.get_ref().as_str() {
            "customer" => customers |= 1 << (items.len() + bit),
            "draft" => drafts |= 1 << (items.len() + bit),
            other => {
                let message = format!("`{other}` must be one of customer, draft");
                problems.add(&cue_sources[*place], of.span().start, &message);
            }
        }
    }
    let _ = writeln!(facts, "    /// What only the customer's words are searched for.");
    let _ = writeln!(facts, "    pub const OF_CUSTOMER: u64 = {customers};");
    let _ = writeln!(facts, "    /// What only the draft is searched for.");
    let _ = writeln!(facts, "    pub const OF_DRAFT: u64 = {drafts};");
    let _ = writeln!(t, "#[allow(dead_code)]\npub mod fact {{\n{facts}}}");
    let item_ids: Vec<&str> = items.iter().map(|(place, _)| item_sources[*place].id.as_str()).collect();
    let cue_ids = cues.iter().map(|(place, _)| cue_sources[*place].id.as_str());
    let fact_ids: Vec<&str> = item_ids.iter().copied().chain(cue_ids).collect();
    let _ = writeln!(t, "/// What the bits of [`fact`] are called, for training.\n#[allow(dead_code)]");
    let _ = writeln!(t, "pub static FACT_NAMES: &[&str] = &{fact_ids:?};");
    let learned = write_weights(t, &weight_source, &item_ids, &fact_ids, &lexicon, problems);
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
        let asked = one_of(
            &item.asked,
            &[
                ("always", "Always"),
                ("upset", "Upset"),
                ("angry", "Angry"),
                ("wrong", "Wrong"),
                ("lost", "Lost"),
                ("loyal", "Loyal"),
            ],
        );
        let look = one_of(
            &item.r#where,
            &[("first-line", "FirstLine"), ("opening", "Opening"), ("anywhere", "Anywhere"), ("closing", "Closing")],
        );
        let insert = one_of(
            &item.insert,
            &[
                ("top", "Top"),
                ("after-greeting", "AfterGreeting"),
                ("after-apology", "AfterApology"),
                ("after-empathy", "AfterEmpathy"),
                ("above-closing", "AboveClosing"),
                ("above-thanks", "AboveThanks"),
                ("above-sign-off", "AboveSignOff"),
                ("end", "End"),
            ],
        );
        let _ = writeln!(
            t,
            "    Item {{ item: ChecklistItem {{ id: {:?}, title: {:?}, why: {:?} }}, fact: {}, learned: {}, asked: Asked::{asked}, look: Look::{look}, place: Place::{insert}, signature_block_counts: {} }},",
            source.id,
            item.title,
            item.why,
            1u64 << bit,
            learned.contains(&bit),
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

/// The groups of `same.txt`: each word's stem with the stem of its group's first word.
fn same_words(source: &Source) -> Vec<(u32, u32)> {
    let mut same = BTreeMap::new();
    for line in source.text.lines() {
        let words: Vec<&str> = line.split('#').next().unwrap_or("").split_whitespace().collect();
        let Some(first) = words.first() else { continue };
        for word in &words {
            same.entry(normalise::stem(word)).or_insert(normalise::stem(first));
        }
    }
    same.into_iter().collect()
}

fn array<T: std::fmt::Debug>(out: &mut String, name: &str, kind: &str, values: &[T]) {
    let _ = writeln!(out, "pub static {name}: [{kind}; {}] = {values:?};", values.len());
}

/// How often a word is met in mails; only the order of magnitude matters.
fn weight(word: &str, classes: &HashMap<String, u32>) -> f64 {
    const VERY_COMMON: &str = " the to you i we and a of it is for in that not your have be this on with are will do can \
        our was as us me my if at 's ";
    const COMMON: &str = " please thank thanks order email parcel refund customer time day days send sent received \
        product account website number know see get delivery address payment hi dear regards sorry back want need ask \
        contact help team item return read check ";
    let closed =
        class::DETERMINER | class::PREPOSITION | class::CONJUNCTION | class::PRONOUN | class::AUXILIARY | class::ADVERB;
    let one_of = |words: &str| words.contains(&format!(" {word} "));
    if one_of(VERY_COMMON) {
        return 15.0;
    }
    if one_of(COMMON) {
        return 2.0;
    }
    match classes.get(word) {
        Some(bits) if bits & closed != 0 => 3.0,
        Some(_) => 0.3,
        None => 0.05,
    }
}

/// Writes the forms of the verbs, as `vocabulary.rs` reads them: how far each base is from the one before, then for each other
/// form how far it is, up or down, from the form before.
fn write_verbs(t: &mut String, mut verbs: Vec<[u16; 4]>) {
    verbs.sort_unstable();
    let (mut bytes, mut last) = (Vec::new(), 0);
    for [base, ..] in &verbs {
        packed::write_number(&mut bytes, base - last);
        last = *base;
    }
    for form in 1..4 {
        for verb in &verbs {
            let step = verb[form].wrapping_sub(verb[form - 1]) as i16;
            packed::write_number(&mut bytes, (step << 1 ^ step >> 15) as u16);
        }
    }
    array(t, "PACKED_VERBS", "u8", &bytes);
    let _ = writeln!(t, "pub const VERB_COUNT: usize = {};", verbs.len());
}

/// Writes the classes of the words that are of any, as `vocabulary.rs` reads them: how far each word is from the one before,
/// and which of the sets of classes that there are it has. Which words are forms of verbs, the table of the verbs tells.
fn write_classes(t: &mut String, words: &[String], classes: &HashMap<String, u32>) {
    let told = class::VERB_FORMS.into_iter().fold(0, |bits, form| bits | form);
    let (mut gaps, mut kinds, mut sets, mut last) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (place, word) in words.iter().enumerate() {
        let bits = classes.get(word).map_or(0, |bits| bits & !told);
        if bits == 0 {
            continue;
        }
        let known = sets.iter().position(|set| *set == bits);
        kinds.push(known.unwrap_or(sets.len()));
        if known.is_none() {
            sets.push(bits);
        }
        packed::write_number(&mut gaps, (place - last) as u16);
        last = place;
    }
    array(t, "CLASS_GAPS", "u8", &gaps);
    array(t, "CLASS_KINDS", "u8", &kinds);
    array(t, "CLASS_SETS", "u32", &sets);
}

/// The words without repetition: those met most often in mails, then those met most often in patterns, then the others,
/// so that an id tells how rare its word is. Each part is in the order of the alphabet, in which words compress best.
fn by_frequency(mut words: Vec<String>, classes: &HashMap<String, u32>) -> Vec<String> {
    let mut uses: HashMap<String, usize> = HashMap::new();
    words.iter().for_each(|word| *uses.entry(word.clone()).or_default() += 1);
    words.sort();
    words.dedup();
    words.sort_by_key(|word| {
        let often = uses.get(word).is_some_and(|uses| *uses > 12);
        if weight(word, classes) >= 2.0 { 0 } else { 2 - usize::from(often) }
    });
    words
}

/// The patterns that call matches off. Many patterns share one, and the matcher remembers each one's outcome for a
/// sentence.
#[derive(Default)]
struct Unlesses {
    places: HashMap<String, usize>,
    packed: Writer,
    sites: Vec<u8>,
    site_counts: Vec<usize>,
}

impl Unlesses {
    fn place_of(&mut self, text: &str, lexicon: &Lexicon) -> Result<usize, String> {
        if let Some(place) = self.places.get(text) {
            return Ok(*place);
        }
        let generated = generate(&parse(text)?, lexicon)?;
        let needs = needs(&generated, lexicon, None);
        pack(&generated, &mut self.packed)?;
        self.site_counts.push(needs.len());
        write_sites(&generated, needs.iter(), &mut self.sites);
        let place = self.places.len();
        self.places.insert(text.to_owned(), place);
        Ok(place)
    }
}

/// The texts of `unless` and the like that several patterns have, those of most patterns first.
fn shared_calls<'a>(jobs: &'a [Job]) -> Vec<&'a str> {
    let mut uses: BTreeMap<&'a str, usize> = BTreeMap::new();
    for job in jobs {
        let sets = [&job.line.unless, &job.line.unless_before, &job.line.unless_after];
        for text in sets.into_iter().flatten().flat_map(OneOrMore::all) {
            *uses.entry(text).or_default() += 1;
        }
    }
    let mut shared: Vec<(&str, usize)> = uses.into_iter().filter(|(_, uses)| *uses > 1).collect();
    shared.sort_by_key(|(_, uses)| std::cmp::Reverse(*uses));
    shared.into_iter().map(|(text, _)| text).collect()
}

/// Writes the weights of the checklist's signs: those of facts as they are, those of words packed as `signs.rs` reads them.
/// Returns the items that have some.
fn write_weights(
    t: &mut String,
    source: &Source,
    item_ids: &[&str],
    fact_ids: &[&str],
    lexicon: &Lexicon,
    problems: &mut Problems,
) -> BTreeSet<usize> {
    let (mut facts, mut signs) = (Vec::new(), BTreeMap::new());
    let [mut always, mut stings, mut heat] = [(); 3].map(|()| vec![0i8; item_ids.len()]);
    let mut learned = BTreeSet::new();
    let mut offset = 0;
    for line in source.text.split_inclusive('\n').filter(|line| !line.starts_with('#') || line.starts_with("#\t")) {
        let mut fields = line.trim_end().split('\t');
        let sign = fields.next().unwrap_or("");
        let mut weights = vec![0i8; item_ids.len()];
        for field in fields {
            let parts = field.split_once(' ').and_then(|(id, weight)| {
                Some((item_ids.iter().position(|known| *known == id)?, weight.parse::<i8>().ok()?))
            });
            match parts {
                Some((item, weight)) => {
                    weights[item] = weight;
                    learned.insert(item);
                }
                None => problems.add(source, offset, &format!("`{field}` is not an item and its weight")),
            }
        }
        if sign == "=" {
            always = weights;
        } else if sign == "=!" {
            stings = weights;
        } else if sign == "=heat" {
            heat = weights;
        } else if let Some(name) = sign.strip_prefix('=') {
            match fact_ids.iter().position(|known| *known == name) {
                Some(bit) => facts.push((1u64 << bit, weights)),
                None => problems.add(source, offset, &format!("`{name}` is neither an item nor a cue")),
            }
        } else {
            let id = |word: &str| match word {
                "^" => Some(normalise::SENTENCE),
                "#" => Some(normalise::NUMBER),
                "¶" => Some(9),
                _ => {
                    let mark = normalise::MARKS.iter().position(|mark| *mark == word);
                    mark.map(|place| place as u16 + 1).or_else(|| lexicon.ids.get(word).copied())
                }
            };
            let mut ids = sign.split(' ').map(id);
            match (ids.next().flatten(), ids.next().unwrap_or(Some(0)), ids.next()) {
                (Some(first), Some(second), None) => _ = signs.insert((first, second), weights),
                _ => problems.add(source, offset, &format!("`{sign}` is not one word or two")),
            }
        }
        offset += line.len();
    }
    let (mut packed, mut last) = (Vec::new(), 0);
    for ((first, second), weights) in signs {
        packed::write_number(&mut packed, first - last);
        packed::write_number(&mut packed, second);
        let mask = weights.iter().enumerate().filter(|(_, weight)| **weight != 0).map(|(item, _)| 1u16 << item).sum();
        packed::write_number(&mut packed, mask);
        packed.extend(weights.iter().filter(|weight| **weight != 0).map(|weight| *weight as u8));
        last = first;
    }
    array(t, "PACKED_SIGNS", "u8", &packed);
    let _ = writeln!(t, "/// What every sentence says of each item.");
    let _ = writeln!(t, "pub static ALWAYS: [i8; ITEM_COUNT] = {always:?};");
    let _ = writeln!(t, "/// What a sentence that a rule finds something in says of each item.");
    let _ = writeln!(t, "pub static STINGS: [i8; ITEM_COUNT] = {stings:?};");
    let _ = writeln!(t, "/// What a draft's heat of 100 says of each item.");
    let _ = writeln!(t, "pub static HEAT: [i8; ITEM_COUNT] = {heat:?};");
    let _ = writeln!(t, "/// What each of these facts says of each item.");
    let _ = writeln!(t, "pub static FACT_WEIGHTS: &[(u64, [i8; ITEM_COUNT])] = &{facts:?};");
    let _ = writeln!(t, "/// How many items there are.\npub const ITEM_COUNT: usize = {};", item_ids.len());
    learned
}

/// A line of `temper.tsv`.
struct TemperLine {
    word: String,
    weight: i8,
    rule: String,
    /// How much the word speaks for the rule's kind of tone: 0 to 7.
    speaks: u8,
}

/// What a line of `temper.tsv` begins with that has numbers and no word.
const TEMPER_NUMBERS: &str = "= ";

/// The words of `temper.tsv`.
fn tempers(source: &Source, problems: &mut Problems) -> Vec<TemperLine> {
    let (mut all, mut offset) = (Vec::new(), 0);
    for line in source.text.split_inclusive('\n') {
        // A number is `#`.
        if !line.starts_with("# ") && !line.starts_with(TEMPER_NUMBERS) {
            let fields: Vec<&str> = line.trim_end().split('\t').collect();
            let read = |word: &str, weight: &str, rule: &str, speaks: &str| {
                let (weight, speaks) = (weight.parse().ok()?, speaks.parse().ok().filter(|speaks| *speaks < 8)?);
                Some(TemperLine { word: word.to_owned(), weight, rule: rule.to_owned(), speaks })
            };
            let line =
                if let [word, weight, rule, speaks] = fields[..] { read(word, weight, rule, speaks) } else { None };
            match line {
                Some(line) => all.push(line),
                None => problems.add(source, offset, "not a word, a weight, a rule and a number up to 7"),
            }
        }
        offset += line.len();
    }
    all
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '\'')
}

/// Writes `temper.tsv`, packed as `temper.rs` reads it.
fn write_tempers(t: &mut String, source: &Source, rules: &[&str], lexicon: &Lexicon, problems: &mut Problems) {
    let mut places = BTreeMap::new();
    for TemperLine { word, weight, rule, speaks } in tempers(source, problems) {
        let id = match word.as_str() {
            "#" => Some(normalise::NUMBER),
            _ if is_word(&word) => lexicon.ids.get(&word).copied(),
            _ => normalise::MARKS.iter().position(|mark| *mark == word).map(|place| place as u16 + 1),
        };
        match (id, rules.iter().position(|known| *known == rule)) {
            (Some(id), Some(rule)) => _ = places.insert(id, (weight, (rule as u8) << 3 | speaks)),
            _ => problems.add(source, 0, &format!("`{word}` is no word or `{rule}` no rule")),
        }
    }
    // One stream after the other: alike beside alike is packed smaller.
    let (mut ids, mut weights, mut tones, mut last) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (id, (weight, tone)) in places {
        packed::write_number(&mut ids, id - last);
        weights.push(weight);
        tones.push(tone);
        last = id;
    }
    array(t, "TEMPER_IDS", "u8", &ids);
    array(t, "TEMPER_WEIGHTS", "i8", &weights);
    array(t, "TEMPER_TONES", "u8", &tones);
    write_temper_numbers(t, source, rules, problems);
}

/// Writes the numbers of `temper.tsv`: what each fact of a sentence, and each rule, adds to a chance.
fn write_temper_numbers(t: &mut String, source: &Source, rules: &[&str], problems: &mut Problems) {
    let (mut of_rules, mut offset) = (String::new(), 0);
    for line in source.text.split_inclusive('\n') {
        if let Some(named) = line.strip_prefix(TEMPER_NUMBERS) {
            let fields: Vec<&str> = named.trim_end().split('\t').collect();
            let numbers = |fields: &[&str]| fields.iter().map(|field| field.parse()).collect::<Result<Vec<f64>, _>>();
            let is_rule = |name: &str| name.split(' ').next().is_some_and(|id| rules.contains(&id));
            match (&fields[..], numbers(&fields[1..])) {
                (["belief", ..], Ok(numbers)) => {
                    let _ =
                        writeln!(t, "/// What each fact adds to the chance that what a rule finds is right: logits.");
                    let _ = writeln!(t, "pub const TEMPER_BELIEF: temper::Facts = {numbers:?};");
                }
                (["sentence", ..], Ok(numbers)) => {
                    let _ = writeln!(
                        t,
                        "/// What each fact adds to the chance that a sentence has a problem of tone: logits."
                    );
                    let _ = writeln!(t, "pub const TEMPER_SENTENCE: temper::Facts = {numbers:?};");
                }
                ([name, _], Ok(number)) if is_rule(name) => of_rules += &format!("({name:?}, {:?}), ", number[0]),
                _ => problems.add(source, offset, "not `belief`, `sentence` or a rule, with its numbers"),
            }
        }
        offset += line.len();
    }
    let _ = writeln!(t, "/// What each rule adds to the chance that what it finds is right: logits.");
    let _ = writeln!(t, "pub const TEMPER_RULES: &[(&str, f64)] = &[{of_rules}];");
}

/// Packs a pattern, and makes sure that the engine will read what was written.
fn pack(code: &Code, packed: &mut Writer) -> Result<(), String> {
    let mut own = Writer::default();
    code.pack(&mut own);
    packed.append(&own);
    let (mut ops, mut words) = (Vec::new(), Vec::new());
    Reader::new(&own.streams()).pattern(&mut ops, &mut words);
    let same_words = words.iter().map(|pc| *pc as usize).eq(code.word_ops());
    if ops == code.ops && same_words {
        Ok(())
    } else {
        Err("the pattern cannot be packed: a phrase of over 15 words?".into())
    }
}

/// Packs a list, entries that branch as the patterns they are, and makes sure that the engine will read all of it.
fn pack_list(
    nodes: &[Node],
    entries: &BTreeSet<Vec<u16>>,
    lexicon: &Lexicon,
    packed: &mut Writer,
) -> Result<(), String> {
    let (mut plain, mut branching, mut own) = (BTreeSet::new(), Vec::new(), Writer::default());
    for node in nodes {
        match literal(node, lexicon) {
            Some(all) => plain.extend(all),
            None => branching.push(generate(node, lexicon)?),
        }
    }
    own.list(&plain, branching.len());
    branching.iter().try_for_each(|code| pack(code, &mut own))?;
    packed.append(&own);
    let mut phrases = Vec::new();
    let singles = Reader::new(&own.streams()).list(&mut phrases);
    let read = singles.into_iter().map(|id| vec![id]).chain(packed::phrases(&phrases).map(<[u16]>::to_vec));
    if read.collect::<BTreeSet<_>>() == *entries { Ok(()) } else { Err("a list cannot be packed".to_owned()) }
}

/// Writes sites by the number of their operation, those of a kind in order: three bits for the kind, five for how far the
/// number is from that of the one before or, if they are not enough, 31 and a byte.
fn write_sites<'a>(code: &Code, sites: impl Iterator<Item = &'a u16>, bytes: &mut Vec<u8>) {
    let ops = code.word_ops();
    let number = |one: &u16| ops.iter().position(|pc| *pc == usize::from(one & site::PC)).unwrap_or(0);
    let mut sites: Vec<(u8, usize)> = sites.map(|one| ((one >> 13 << 5) as u8, number(one))).collect();
    sites.sort_unstable();
    let mut last = (0, 0);
    for (kind, number) in sites {
        let step = if kind == last.0 { number - last.1 } else { number };
        if step < 31 {
            bytes.push(kind | step as u8);
        } else {
            bytes.extend([kind | 31, step as u8]);
        }
        last = (kind, number);
    }
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
