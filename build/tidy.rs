//! The README's invariants that a compiler cannot hold, as tests over the repository's own files.

use std::fs;
use std::path::{Path, PathBuf};

/// All files below `folder` (relative to the repository) that end so, with their text.
fn texts(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    super::files(&root.join(folder))
        .expect("a folder of the repository")
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(ending))
        .map(|file| (relative(&root, &file), fs::read_to_string(&file).expect("a text file")))
        .collect()
}

fn relative(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).expect("below the root").to_string_lossy().into_owned()
}

fn text(path: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path))
        .expect("a file of the repository")
}

/// What is shipped of the Rust below `folder`: tests, benches and what runs while building may do what it may not.
fn shipped(folder: &str) -> Vec<(String, String)> {
    let besides = ["build.rs", "/compile/", "/benches/", "/examples/", "tests"];
    let mut files = texts(folder, ".rs");
    files.retain(|(path, _)| !besides.iter().any(|beside| path.contains(beside)));
    for (path, text) in &mut files {
        let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        assert!(!shipped.is_empty(), "{path}");
        *text = shipped;
    }
    files
}

/// The names in `{ "a", "b" }` of what `wanted` says of a line, for a readable failure.
fn offending(files: &[(String, String)], wanted: impl Fn(&str, &str) -> bool) -> Vec<String> {
    files
        .iter()
        .flat_map(|(path, text)| text.lines().enumerate().map(move |(index, line)| (path, index + 1, line)))
        .filter(|(path, _, line)| wanted(path, line))
        .map(|(path, number, line)| format!("{path}:{number}: {}", line.trim()))
        .collect()
}

#[test]
fn engine_reader_and_session_know_no_browser() {
    for manifest in [
        "src/engine/Cargo.toml",
        "src/few/Cargo.toml",
        "src/reader/Cargo.toml",
        "src/session/Cargo.toml",
        "src/records/Cargo.toml",
        "src/packs/Cargo.toml",
        "src/sync/Cargo.toml",
        "src/phrases/Cargo.toml",
        "src/words/Cargo.toml",
    ] {
        for browser in ["web-sys", "js-sys", "wasm-bindgen", "gloo"] {
            assert!(!text(manifest).contains(browser), "{manifest} names {browser}");
        }
    }
    let folders = ["engine", "few", "reader", "session", "records", "packs", "sync", "phrases", "words"];
    let files: Vec<_> = folders.iter().flat_map(|folder| shipped(&format!("src/{folder}"))).collect();
    let found = offending(&files, |_, line| {
        ["std::fs", "std::time", "std::net", "std::env"].iter().any(|name| line.contains(name))
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn code_units_are_counted_in_one_file() {
    let found = offending(&shipped("src"), |path, line| {
        path != "src/engine/utf16.rs"
            && ["encode_utf16", "len_utf16", "from_utf16"].iter().any(|name| line.contains(name))
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_adapter_and_every_editor_is_registered() {
    for (folder, list, helpers) in [
        ("extension/content/webmail", "extension/content/webmail/adapters.js", &["shared.js", "structural.js"][..]),
        ("extension/content/editors", "extension/content/editors/editors.js", &["ways.js"]),
    ] {
        let registered = text(list);
        for (path, _) in texts(folder, ".js") {
            let name = path.rsplit('/').next().unwrap_or_default();
            if path != list && !helpers.contains(&name) {
                assert!(registered.contains(&format!("from './{name}'")), "{path} is not in {list}");
            }
        }
    }
}

#[test]
fn extension_apis_are_named_in_one_file_a_side() {
    let allowed =
        ["content/platform.js", "content/loader.js", "frame.js", "mind.js", "words.js", "background.js", ".d.ts"];
    let mut files = texts("extension", ".js");
    files.extend(texts("src/web", ".rs"));
    let found = offending(&files, |path, line| {
        !allowed.iter().any(|end| path.ends_with(end))
            && !path.ends_with("web/chrome.rs")
            && !line.trim_start().starts_with("//")
            && ["chrome.runtime", "chrome.storage", "browser.runtime", "browser.storage", "globalThis.chrome"]
                .iter()
                .any(|name| line.contains(name))
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn adapters_and_editors_know_no_tone_and_views_no_webmail() {
    let rules: Vec<String> = texts("src/engine/rules", ".toml")
        .iter()
        .filter_map(|(path, _)| Some(Path::new(path).file_stem()?.to_string_lossy().into_owned()))
        .collect();
    assert!(rules.len() >= 8, "{rules:?}");
    let mut hands = texts("extension/content/webmail", ".js");
    hands.extend(texts("extension/content/editors", ".js"));
    let found = offending(&hands, |_, line| rules.iter().any(|rule| line.contains(&format!("'{rule}'"))));
    assert!(found.is_empty(), "{found:#?}");

    let webmails = ["gmail", "roundcube", "outlook", "proton", "zendesk"];
    let found = offending(&texts("src/session", ".rs"), |_, line| {
        webmails.iter().any(|webmail| line.to_lowercase().contains(webmail))
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn hands_write_no_markup_and_reach_no_network() {
    let forbidden = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "sendBeacon",
    ];
    let found = offending(&texts("extension", ".js"), |_, line| {
        // The surface's own style sheet, the mind's wasm, the reader's weights and the words of a language come out of the package.
        let of_package = [
            "fetch(url('css/",
            "fetch(\"wasm/mind_bg.wasm\")",
            "fetch(\"reader/reader.safetensors\")",
            "fetch(`/_locales/",
        ];
        !of_package.iter().any(|own| line.contains(own)) && forbidden.iter().any(|name| line.contains(name))
    });
    assert!(found.is_empty(), "{found:#?}");
    let policy = text("manifest.json");
    for wanted in ["default-src 'none'", "connect-src 'self'"] {
        assert!(policy.contains(wanted), "{wanted}");
    }
}

#[test]
fn the_manifest_asks_for_the_hosts_that_the_adapters_name_and_for_no_other() {
    // In host_permissions, and in the entries of content_scripts; the build fills them in.
    assert_eq!(text("manifest.json").matches("[\"__HOSTS__\"]").count(), 2);
    for hosts in ["PAGE", "FRAME"] {
        assert_eq!(text("manifest.json").matches(&format!("[\"__{hosts}_HOSTS__\"]")).count(), 1);
    }
    assert!(!text("manifest.json").replace("\"optional_host_permissions\": [\"https://*/*\"", "").contains("https://"));
}

#[test]
fn the_version_is_said_once_and_the_changelog_knows_it() {
    assert!(text("manifest.json").contains("\"version\": \"__VERSION__\""));
    let newest = text("CHANGELOG.md").lines().find_map(|line| line.strip_prefix("## ").map(str::to_owned));
    assert_eq!(newest.as_deref(), Some(env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_stores_are_told_what_the_manifest_says() {
    let listing = text("docs/store/listing.md");
    let summary = listing.split("\n## Summary\n\n").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
    // The most that the Chrome store takes.
    assert!((1..=132).contains(&summary.chars().count()), "{summary}");
    assert!(text("extension/_locales/en/messages.json").contains(summary), "{summary}");
    let manifest = text("manifest.json");
    let permissions =
        manifest.split("\"permissions\": [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    for permission in permissions.split(',').map(|one| one.trim().trim_matches('"')) {
        assert!(listing.contains(permission) && text("README.md").contains(&format!("`{permission}`")), "{permission}");
    }
}
