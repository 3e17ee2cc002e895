//! Every editor that webmails and help desks are built on: what is painted, replaced, inserted and taken back in it, and
//! whether its own model, the screen and its application agree on the text after each of these.

use composure_tests::browser::{Browser, Key, Kind, Painted};
use composure_tests::editors::{HOST, Page, State, build};
use serde_json::json;

use crate::Case;
use crate::desk::{Desk, asked_elsewhere};
use crate::gmail::{MENDED, TENSE, insert, take_suggestion};
use crate::options;

/// A test for each page of `tests/editors/pages/`, and the columns' names once more in [`OPERATIONS`].
macro_rules! editors {
    ($($name:ident: $page:literal, $title:literal;)*) => {
        /// All tests of this module.
        pub const CASES: &[Case] = &[$((concat!("editors::", stringify!($name)), $name),)*];
        /// The pages, and what their editors are called.
        const EDITORS: &[(&str, &str)] = &[$(($page, $title),)*];
        $(fn $name(desk: &Desk) { matrix(desk, $page) })*
    };
}

editors! {
    plain: "contenteditable", "contenteditable";
    textarea: "textarea", "textarea";
    tinymce_8: "tinymce", "TinyMCE 8";
    tinymce_5: "tinymce5", "TinyMCE 5";
    ckeditor_4: "ckeditor4", "CKEditor 4";
    ckeditor_5: "ckeditor5", "CKEditor 5";
    prosemirror: "prosemirror", "ProseMirror";
    tiptap: "tiptap", "Tiptap";
    quill_1: "quill1", "Quill 1";
    quill_2: "quill", "Quill 2";
    lexical: "lexical", "Lexical";
    lexical_plain: "lexical-plain", "Lexical, plain text";
    slate: "slate", "Slate";
    draft: "draft", "Draft.js";
    roosterjs: "roosterjs", "RoosterJS";
    squire: "squire", "Squire";
    summernote: "summernote", "Summernote";
    trix: "trix", "Trix";
}

/// What is done in each, in this order; every change is taken back again.
const OPERATIONS: &[&str] =
    &["type, paint", "replace", "its undo", "across bold", "its undo", "apology", "its undo", "signature", "its undo"];

const SEED: &str = "Hello Gary,\nI looked at it. You failed to attach the receipt. It came on Monday.";
const TYPED: &str = "Thank you. You failed to attach the receipt. Bye.";
pub const SIGNATURE: &str = "Kind regards,\nDana Reyes\nNorthwind";

fn matrix(desk: &Desk, name: &str) {
    build();
    let_onto(desk, HOST);
    let refused = desk.server.refused().len();
    let browser = &desk.browser;
    let written = format!("{SEED}\n{TYPED}");
    let mut outcomes: Vec<Result<(), String>> = Vec::new();
    let mut page: Option<(Page, State)> = None;

    let write = || {
        let page = Page::open(browser, name);
        page.click_to_end();
        page.type_text(&format!("\n{TYPED}"));
        let state = page.expect(&written)?;
        let painted = two_painted(&page);
        let words: Vec<_> = painted.iter().map(|one| one.text.as_str()).collect();
        if !words.iter().all(|words| TENSE.contains(words)) {
            return Err(format!("painted {words:?}"));
        }
        // Nothing of ours got in, not even at painting.
        page.expect(&written)
            .and_then(|after| if after == state { Ok((page, state)) } else { Err(format!("{after:?}")) })
    };
    match write() {
        Ok(written) => {
            outcomes.push(Ok(()));
            page = Some(written);
        }
        Err(error) => outcomes.push(Err(error)),
    }
    for change in ["replace", "across bold", "apology", "signature"] {
        let Ok((editor, before)) = page.take().map_or_else(&write, Ok) else {
            outcomes.extend([Err("not written".to_owned()), Err("not written".to_owned())]);
            continue;
        };
        let made = match change {
            "replace" | "across bold" => replace(&editor, &written, &before, change == "across bold"),
            "apology" => apologise(&editor, &written),
            _ => {
                insert(browser, "signature");
                editor.expect(&format!("{written}\n{SIGNATURE}")).map(drop)
            }
        };
        let undone = made.clone().and_then(|()| undo(&editor, &before));
        if undone.is_ok() {
            page = Some((editor, before));
        }
        outcomes.extend([made, undone]);
    }

    let failed: Vec<String> = OPERATIONS
        .iter()
        .zip(&outcomes)
        .enumerate()
        .filter_map(|(at, (operation, outcome))| {
            outcome.as_ref().err().map(|error| format!("{at} {operation}: {error}"))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let asked = asked_elsewhere(desk, refused);
    assert!(asked.is_empty(), "asked of the network: {asked:?}");
}

fn replace(page: &Page, written: &str, before: &State, across_bold: bool) -> Result<(), String> {
    take_suggestion(page.browser, &two_painted(page)[usize::from(!across_bold)]);
    let (start, end) = written.rsplit_once(TENSE).expect("two findings");
    let wanted = if across_bold { written.replacen(TENSE, MENDED, 1) } else { format!("{start}{MENDED}{end}") };
    let after = page.expect(&wanted)?;
    // What is not replaced keeps its looks.
    let kept =
        if across_bold { after.bold.ends_with("It came") || before.bold.is_empty() } else { after.bold == before.bold };
    if kept { Ok(()) } else { Err(format!("bold is {:?}", after.bold)) }
}

fn apologise(page: &Page, written: &str) -> Result<(), String> {
    insert(page.browser, "apology");
    let (greeting, rest) = written.split_once('\n').expect("a greeting");
    page.browser.wait("the apology", || (page.state().text != written).then_some(()));
    let text = page.browser.settled("the editor", || page.state().text);
    let apology = text.strip_prefix(greeting).and_then(|text| text.strip_suffix(rest)).unwrap_or_default().trim();
    if apology.to_lowercase().contains("sorry") || apology.to_lowercase().contains("apolog") {
        page.expect(&format!("{greeting}\n{apology}\n{rest}")).map(drop)
    } else {
        Err(format!("{text:?}"))
    }
}

fn two_painted(page: &Page) -> Vec<Painted> {
    page.browser.wait("two painted findings", || Some(page.painted()).filter(|painted| painted.len() == 2))
}

/// One Ctrl+Z, and all is as it was.
fn undo(page: &Page, before: &State) -> Result<(), String> {
    page.press(&[Key::Control, Key::Char('z')]);
    let after = page.expect(&before.text)?;
    if after.saved == before.saved { Ok(()) } else { Err(format!("{:?} was {:?}", after.saved, before.saved)) }
}

/// The extension runs on this host, and knows its writer.
pub fn let_onto(desk: &Desk, host: &str) {
    let browser = &desk.browser;
    options::open(browser);
    let registered = |browser: &Browser| {
        let scripts = browser.js_async(
            "const done = arguments[0];
             (window.browser ?? chrome).scripting.getRegisteredContentScripts().then(done, error => done(String(error)))",
        );
        scripts.to_string().contains(host)
    };
    if !registered(browser) && browser.kind == Kind::Firefox {
        options::turn_on(browser, &format!("https://{host}/"), host);
    }
    browser.wait("the scripts of the site", || registered(browser).then_some(()));
    let settings = json!({ "version": 1, "reader": false, "my_name": "Dana Reyes", "signature": SIGNATURE });
    options::store(browser, &json!({ "settings": settings }));
}
