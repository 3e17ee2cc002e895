//! The tone of everything that the extension says is checked as its writers' is: all its texts go through the engine, and
//! none may be flagged. What the Rust of the mind and of the pages can say stands in its string literals, whatever state
//! it takes to say it, so those are read from the sources; scripts and HTML likewise, rules and snippets from the engine.
//! Exempt is what is quoted as a bad example: a rule's `bad`, and what a rule's own texts put between quotation marks.

use std::fs;
use std::path::{Path, PathBuf};

use composure_engine::{Draft, Thread};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A text and where it stands.
type Text = (String, String);

#[test]
fn nothing_that_the_extension_says_is_flagged() {
    let mut texts = Vec::new();
    engine_texts(&mut texts);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for file in files(&root.join("src")) {
        let says = |folder: &str| file.starts_with(root.join("src").join(folder));
        // The engine's is above; the terminal's program is no part of the extension.
        if file.extension().is_some_and(|it| it == "rs")
            && !["engine", "reader", "cli"].into_iter().any(says)
            && !is_test(&file)
        {
            let tokens = read(&file).parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            literals(tokens, &file.display().to_string(), &mut texts);
        }
    }
    for file in files(&root.join("extension")) {
        let place = file.display().to_string();
        match file.extension().and_then(|it| it.to_str()) {
            Some("js") => script_texts(&read(&file), &place, &mut texts),
            Some("html") => texts.push((place, text_of(&read(&file)))),
            // Other languages are not the engine's.
            Some("json") if place.contains("_locales") && !place.contains("_locales/en") => {}
            Some("json") => json_texts(&serde_json::from_str(&read(&file)).expect("JSON"), &place, &mut texts),
            _ => {}
        }
    }
    for name in [None, Some("Gary")] {
        texts.push(("the calm page".to_owned(), text_of(&crate::calm::page(name).0)));
    }

    let flagged: Vec<String> = texts.iter().flat_map(flagged).collect();
    assert!(flagged.is_empty(), "{flagged:#?}");
    // The walk over the sources finds what it should: one text of each kind.
    for known in [
        "This one is heated. A breath first?",
        "Kinder replies to upset customers. Nothing leaves this machine unless you turn that on.",
        "Composure is there as soon as you write.",
        "That mail from Gary stung.",
        "A second opinion",
        "It has not been sent yet.",
    ] {
        assert!(texts.iter().any(|(_, text)| text.contains(known)), "not among the texts: {known}");
    }
}

/// What the engine has against a text.
fn flagged((place, text): &Text) -> Vec<String> {
    let draft = Draft { text: text.clone(), regions: Vec::new() };
    let review = composure_engine::review(&draft, &Thread::default(), &composure_engine::Settings::default());
    let line = |finding: &composure_engine::Finding| {
        format!("{place}: {} in {:?}: {:?}", finding.rule.id, text.get(finding.span.start..finding.span.end), text)
    };
    review.findings.iter().map(line).collect()
}

/// What the rules say about themselves and offer instead, the checklist, the snippets.
fn engine_texts(texts: &mut Vec<Text>) {
    for rule in composure_engine::rules() {
        for text in [rule.what, rule.why, rule.instead] {
            texts.push((rule.id.to_owned(), without_quotations(text)));
        }
        for example in composure_engine::examples(rule) {
            texts.push((rule.id.to_owned(), example.good.to_owned()));
        }
    }
    for item in composure_engine::checklist() {
        texts.extend([item.title, item.why].map(|text| (item.id.to_owned(), text.to_owned())));
    }
    for snippet in composure_engine::snippets() {
        texts.extend([&snippet.title, &snippet.text].map(|text| (snippet.id.clone(), text.clone())));
    }
}

/// A text with every quotation cut short to its marks.
fn without_quotations(text: &str) -> String {
    let mut parts = text.split('“');
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str("“…”");
        rest.push_str(part.split_once('”').map_or(part, |(_, after)| after));
    }
    rest
}

/// The string literals of Rust code, without those of attributes, which doc comments are too, and of test modules.
fn literals(tokens: TokenStream, place: &str, texts: &mut Vec<Text>) {
    let mut after_mark = false;
    let mut of_tests = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if after_mark && group.delimiter() == Delimiter::Bracket => {
                of_tests |= group.stream().to_string().replace(' ', "") == "cfg(test)";
                after_mark = false;
            }
            TokenTree::Group(group) => {
                let of_a_test = group.delimiter() == Delimiter::Brace && std::mem::take(&mut of_tests);
                if !of_a_test {
                    literals(group.stream(), place, texts);
                }
            }
            TokenTree::Punct(mark) => {
                after_mark = mark.as_char() == '#' || (after_mark && mark.as_char() == '!');
                of_tests &= mark.as_char() != ';';
            }
            TokenTree::Literal(literal) => {
                let text =
                    syn::parse_str::<syn::LitStr>(&literal.to_string()).map(|text| text.value()).unwrap_or_default();
                // One word in small letters, or none at all, names something: an action, a file, a class.
                if text.contains(' ') || text.starts_with(char::is_uppercase) {
                    texts.push((place.to_owned(), without_fillings(&text, "{")));
                }
            }
            TokenTree::Ident(_) => after_mark = false,
        }
    }
}

/// A template without what is filled in, which is code: from such an opening to the next brace that closes.
fn without_fillings(template: &str, opening: &str) -> String {
    let mut pieces = template.split(opening);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('}').map_or(piece, |(_, rest)| rest))
}

/// What stands between quotation marks in a script, as far as it may be a sentence. (Its comments are no texts.)
fn script_texts(script: &str, place: &str, texts: &mut Vec<Text>) {
    for line in script.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])) {
        let line = without_fillings(line, "${");
        for mark in ['\'', '"', '`'] {
            let quoted = line
                .split(mark)
                .skip(1)
                .step_by(2)
                .filter(|text| text.trim().contains(' ') && text.contains(char::is_lowercase));
            texts.extend(quoted.map(|text| (place.to_owned(), text.to_owned())));
        }
    }
}

fn json_texts(value: &serde_json::Value, place: &str, texts: &mut Vec<Text>) {
    match value {
        serde_json::Value::String(text) => texts.push((place.to_owned(), text.clone())),
        serde_json::Value::Array(all) => all.iter().for_each(|one| json_texts(one, place, texts)),
        serde_json::Value::Object(all) => all.values().for_each(|one| json_texts(one, place, texts)),
        _ => {}
    }
}

/// The text of a page, a line for each element but for those that stand in a sentence.
fn text_of(page: &str) -> String {
    let mut text = String::new();
    for part in page.split('<').skip(1) {
        let (tag, after) = part.split_once('>').unwrap_or((part, ""));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        if !["bdi", "b", "strong", "em", "kbd", "a"].contains(&name) {
            text.push_str("\n\n");
        }
        text.push_str(after);
    }
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (entity, character)| text.replace(entity, character))
}

/// Whether it says nothing to anybody but developers.
fn is_test(file: &Path) -> bool {
    file.ends_with("tests.rs")
        || file.ends_with("tone.rs")
        || file.iter().any(|part| part == "tests" || part == "benches")
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the repository").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).expect("a text file")
}
