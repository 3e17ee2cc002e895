//! The catalogues of `extension/_locales` against the sources: every text of the interface is in each, and no other; what is
//! to be filled in is there; and no translation is so much longer than the English that its place would burst.
//!
//! With `COMPOSURE_WRITE_CATALOGUES=1` the English one is written anew, and in the others what no source says any more is
//! taken out and what is missing is put in with an empty message, to be translated.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde_json::Value;

/// English texts, each with where it stands first: a file and a line.
type Texts = BTreeMap<String, (String, usize)>;

/// What of the Rust speaks to the writer.
const SPEAKING: [&str; 5] = ["src/session", "src/web", "src/records", "src/sync", "src/proof-web"];

/// How much longer than its English a translation may be, in tenths and in characters on top of that: short texts are mostly
/// buttons and labels, and short words have long translations.
const LONGEST_TENTHS: usize = 16;
const LONGEST_MORE: usize = 10;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below a folder of the repository that end so, by their paths from its root, in order.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).expect("a folder of the repository").flatten() {
        let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(&name, ending));
        } else if name.ends_with(ending) {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// All texts of the interface.
fn texts() -> Texts {
    let mut texts = Texts::new();
    for file in SPEAKING.iter().flat_map(|folder| files(folder, ".rs")) {
        let tokens = read(&root().join(&file)).parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        texts_of_code(tokens, &file, &mut texts);
    }
    for file in files("extension", ".html") {
        texts_of_page(&read(&root().join(&file)), &file, &mut texts);
    }
    // The names of data: rules, situations of snippets, what a good reply has.
    for file in files("src/engine/rules", ".toml") {
        let id = Path::new(&file).file_stem().expect("a name").to_string_lossy().into_owned();
        add(composure_session_label(&id), &file, 1, &mut texts);
    }
    for (folder, key, is_id) in [("src/snippets/shipped", "situation", true), ("src/engine/checklist", "title", false)]
    {
        for file in files(folder, ".toml") {
            for (line, text) in read(&root().join(&file)).lines().enumerate() {
                if let Some(value) = text.strip_prefix(key).and_then(|rest| rest.trim_start().strip_prefix('=')) {
                    let value = value.trim().trim_matches('"');
                    let said = if is_id { composure_session_label(value) } else { value.to_owned() };
                    add(said, &file, line + 1, &mut texts);
                }
            }
        }
    }
    texts
}

/// As `composure_session::rule_label` does it.
fn composure_session_label(id: &str) -> String {
    let label = if id == "non-apology" { id.to_owned() } else { id.replace('-', " ") };
    label[..1].to_uppercase() + &label[1..]
}

fn add(text: String, file: &str, line: usize, texts: &mut Texts) {
    texts.entry(text).or_insert_with(|| (file.to_owned(), line));
}

/// The texts in `t!("…")`, `say!("…")`, `mark!("…")` and `tn!(…, "…", "…")`, wherever they stand.
fn texts_of_code(tokens: TokenStream, file: &str, texts: &mut Texts) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (place, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let called = match place.checked_sub(2).map(|before| &tokens[before..place]) {
            Some([TokenTree::Ident(name), TokenTree::Punct(mark)]) if mark.as_char() == '!' => name.to_string(),
            _ => String::new(),
        };
        let wanted = match called.as_str() {
            "t" | "say" | "mark" => 1,
            "tn" => 2,
            _ => 0,
        };
        if wanted > 0 && group.delimiter() == Delimiter::Parenthesis {
            let line = group.span_open().start().line;
            let literals = group.stream().into_iter().filter_map(|token| match token {
                TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
                _ => None,
            });
            let said: Vec<String> = literals.map(|literal| literal.value()).take(wanted).collect();
            assert_eq!(said.len(), wanted, "{file}:{line}: no text in {called}!");
            for text in said {
                add(text, file, line, texts);
            }
        }
        texts_of_code(group.stream(), file, texts);
    }
}

/// The texts of a page that `words.js` says in another language: all between two tags, but for what is marked as English.
fn texts_of_page(page: &str, file: &str, texts: &mut Texts) {
    let mut line = 1;
    let mut english = None;
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        if tag.contains("lang=\"en\"") && name != "html" {
            english = Some(format!("/{name}"));
        } else if english.as_deref() == Some(name) {
            english = None;
        }
        let said = text.trim();
        if english.is_none()
            && !["kbd", "script"].contains(&name)
            && said.contains(char::is_alphabetic)
            && said != "Composure"
        {
            assert!(!said.contains('&'), "{file}:{line}: write the character itself: {said}");
            add(said.to_owned(), file, line, texts);
        }
        line += part.matches('\n').count();
    }
}

/// The name of a text in the catalogues, which browsers want in plain letters: its beginning, and a hash of the whole (FNV-1a).
fn key(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if slug.ends_with('_') || slug.is_empty() => {}
            _ => slug.push('_'),
        }
        if slug.len() >= 32 {
            break;
        }
    }
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{}_{hash:08x}", slug.trim_end_matches('_'))
}

/// The `{names}` in a text, in order.
fn fillings(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// What a catalogue has under each key: a message, and what describes it.
type Catalogue = BTreeMap<String, (String, String)>;

fn catalogue(language: &str) -> Catalogue {
    let path = root().join("extension/_locales").join(language).join("messages.json");
    let Ok(text) = fs::read_to_string(&path) else { return Catalogue::new() };
    let json: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
    let part = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    json.iter().map(|(key, entry)| (key.clone(), (part(entry, "message"), part(entry, "description")))).collect()
}

fn write(language: &str, catalogue: &Catalogue) {
    let line = |(key, (message, description)): (&String, &(String, String))| {
        let message = Value::from(message.as_str());
        match description.as_str() {
            "" => format!("  \"{key}\": {{ \"message\": {message} }}"),
            _ => format!(
                "  \"{key}\": {{ \"message\": {message}, \"description\": {} }}",
                Value::from(description.as_str())
            ),
        }
    };
    let text = format!("{{\n{}\n}}\n", catalogue.iter().map(line).collect::<Vec<_>>().join(",\n"));
    fs::write(root().join("extension/_locales").join(language).join("messages.json"), text).expect("a file written");
}

/// The languages there are, English first.
fn languages() -> Vec<String> {
    let entries = fs::read_dir(root().join("extension/_locales")).expect("the catalogues").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort_by_key(|name| (name != "en", name.clone()));
    names
}

/// What the manifest says, which stands in no source.
const OF_MANIFEST: [&str; 2] = ["name", "description"];

/// The English catalogue as it should be: each text with the file that it stands in.
fn english(texts: &Texts, kept: &Catalogue) -> Catalogue {
    let manifest = OF_MANIFEST.map(|name| (name.to_owned(), kept.get(name).cloned().expect("a text of the manifest")));
    texts.iter().map(|(text, (file, _))| (key(text), (text.clone(), file.clone()))).chain(manifest).collect()
}

/// What is wrong with a translation of a text.
fn mistakes(text: &str, said: &str) -> Vec<String> {
    let mut found = Vec::new();
    if said.trim().is_empty() {
        return vec!["is not translated".to_owned()];
    }
    if fillings(text) != fillings(said) {
        found.push(format!("fills in {:?} and not {:?}", fillings(said), fillings(text)));
    }
    if said.contains('$') {
        found.push("has a $, which browsers take for a filling".to_owned());
    }
    for mark in ['…', ':', ' ', '('] {
        if text.ends_with(mark) != said.ends_with(mark) || text.starts_with(mark) != said.starts_with(mark) {
            found.push(format!("begins or ends with {mark:?}, or should"));
        }
    }
    let (length, most) = (said.chars().count(), text.chars().count() * LONGEST_TENTHS / 10 + LONGEST_MORE);
    if length > most {
        found.push(format!("has {length} characters, more than {most}"));
    }
    found
}

#[test]
fn every_text_is_said_in_every_language() {
    let texts = texts();
    assert!(texts.contains_key("Mend it") && texts.contains_key("{n} place to mend") && texts.contains_key("Records"));
    let by_key: BTreeMap<String, &String> = texts.keys().map(|text| (key(text), text)).collect();
    assert_eq!(by_key.len(), texts.len(), "two texts have the same key");
    let writes = std::env::var_os("COMPOSURE_WRITE_CATALOGUES").is_some();
    let english = english(&texts, &catalogue("en"));
    let mut found = Vec::new();
    for language in languages() {
        let mut has = catalogue(&language);
        if writes {
            has = match language.as_str() {
                "en" => english.clone(),
                _ => english
                    .iter()
                    .map(|(key, (text, _))| {
                        let said = has.get(key).map(|(said, _)| said.clone()).unwrap_or_default();
                        let described = if OF_MANIFEST.contains(&key.as_str()) { "" } else { text.as_str() };
                        (key.clone(), (said, described.to_owned()))
                    })
                    .collect(),
            };
            write(&language, &has);
        }
        for (key, (said, described)) in &has {
            let place = format!("extension/_locales/{language}/messages.json: {key}");
            let Some((text, file)) = english.get(key) else {
                found.push(format!("{place}: no source says this"));
                continue;
            };
            if OF_MANIFEST.contains(&key.as_str()) {
                // The most that the Chrome store takes of a description.
                let fits = (1..=132).contains(&said.trim().chars().count());
                found.extend((!fits).then(|| format!("{place} is empty, or longer than 132 characters")));
            } else if language == "en" {
                let right = said == text && described == file;
                found.extend((!right).then(|| format!("{place} is stale: run with COMPOSURE_WRITE_CATALOGUES=1")));
            } else {
                let (file, line) = &texts[text];
                found.extend((described != text).then(|| format!("{place}: its description is not the English text")));
                found.extend(
                    mistakes(text, said).iter().map(|what| format!("{place} ({file}:{line}) {what}: {said:?}")),
                );
            }
        }
        for key in english.keys().filter(|key| !has.contains_key(*key)) {
            let (file, line) = by_key.get(key).map(|text| texts[*text].clone()).unwrap_or_default();
            found.push(format!("extension/_locales/{language}/messages.json: {key} is missing ({file}:{line})"));
        }
    }
    assert!(found.is_empty(), "{} mistakes:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_language_is_read_and_offered() {
    let names: Vec<String> = languages().into_iter().skip(1).map(|name| format!("\"{name}\"")).collect();
    let list = format!("[{}]", names.join(", "));
    assert!(
        read(&root().join("extension/words.js")).contains(&list),
        "extension/words.js has another list than {list}"
    );
    let options = read(&root().join("src/web/options.rs"));
    for name in names {
        assert!(options.contains(&format!("({name}, ")), "src/web/options.rs does not offer {name}");
    }
}

#[test]
fn mistakes_in_a_translation_are_found() {
    for (text, said, right) in [
        ("To {who}", "An {who}", true),
        ("To {who}", "An {wen}", false),
        ("Save", "Speichern", true),
        ("Save", "Diese Änderungen jetzt sofort speichern", false),
        ("Save", " ", false),
        ("Save", "US$", false),
        ("Calm this…", "Beruhigen", false),
        ("Insert: {what}", "{what} einfügen", true),
    ] {
        assert_eq!(mistakes(text, said).is_empty(), right, "{text:?} {said:?}");
    }
}
