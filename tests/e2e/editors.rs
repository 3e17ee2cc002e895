//! Every editor that webmails and help desks are built on: what is painted, replaced, inserted and taken back in it, and
//! whether its own model, the screen and its application agree on the text after each of these.

use std::time::{Duration, Instant};

use composure_tests::browser::{Key, Kind, Painted};
use composure_tests::editors::{HOST, Page, State, build};
use serde_json::json;

use crate::Case;
use crate::desk::{Desk, asked_elsewhere};
use crate::gmail::{MENDED, TENSE, insert, take_suggestion, wait_card};
use crate::{gmail, options};

/// A test for each page of `tests/editors/pages/`.
macro_rules! editors {
    ($($name:ident: $page:literal, $title:literal;)*) => {
        /// All tests of this module.
        pub const CASES: &[Case] = &[
            ("editors::the_table_is_current", the_table_is_current),
            ("editors::what_is_typed_while_we_write_comes_behind", what_is_typed_while_we_write_comes_behind),
            ("editors::what_is_pressed_twice_is_done_once", what_is_pressed_twice_is_done_once),
            $((concat!("editors::", stringify!($name)), $name),)*
        ];
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

/// What is done in each, in this order; every change is taken back again by one Ctrl+Z.
const OPERATIONS: &[&str] = &[
    "type, paint",
    "replace a span",
    "undo",
    "replace across bold",
    "undo",
    "insert an apology",
    "undo",
    "insert a signature",
    "undo",
];

/// A cell of the table that is not as it should be.
struct Gap {
    page: &'static str,
    browser: Kind,
    /// Which of [`OPERATIONS`], counted from 0.
    operation: usize,
    /// What the test must find instead.
    shows: &'static str,
    /// Why, for the table's readers.
    reason: &'static str,
}

/// All of them: none today. A gap that closes fails its test, too.
const GAPS: &[Gap] = &[];

const SEED: &str = "Hello Gary,\nI looked at it. You failed to attach the receipt. It came on Monday.";
/// What is bold of it, where anything can be.
const BOLD: &str = "attach the receipt. It came";
const TYPED: &str = "Thank you. You failed to attach the receipt. Bye.";
pub const SIGNATURE: &str = "Kind regards,\nDana Reyes\nNorthwind";

/// What comes so soon after the first key of a step, Quill adds to the step (its `delay` is a second; no editor's is longer).
const STEP: Duration = Duration::from_millis(1_050);

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
        let typed = Instant::now();
        page.expect(&written)?;
        let painted = two_painted(&page);
        let words: Vec<_> = painted.iter().map(|one| one.text.as_str()).collect();
        if !words.iter().all(|words| TENSE.contains(words)) {
            return Err(format!("painted {words:?}"));
        }
        browser.settled("the editor", || page.state());
        let state = page.expect(&written)?;
        if state.saved.to_lowercase().contains("composure") {
            return Err(state.saved);
        }
        let plain = ["textarea", "lexical-plain"].contains(&name);
        if !plain && state.bold != BOLD {
            return Err(format!("bold is {:?}", state.bold));
        }
        // A writer takes longer to read what is found than it takes to find it.
        browser.wait("what was typed to be a step of its own", || (typed.elapsed() > STEP).then_some(()));
        Ok((page, state))
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
        if let ("apology" | "signature", Ok(())) = (change, &made) {
            let done = || !browser.surface().missing().iter().any(|item| item == change);
            browser.wait("the panel to know it is there", || done().then_some(()));
        }
        let undone = made.clone().and_then(|()| undo(&editor, &before));
        if undone.is_ok() {
            page = Some((editor, before));
        }
        outcomes.extend([made, undone]);
    }

    for (at, outcome) in outcomes.iter().enumerate() {
        let gap = GAPS.iter().find(|gap| (gap.page, gap.browser, gap.operation) == (name, browser.kind, at));
        let as_known = match (outcome, gap) {
            (Ok(()), None) => true,
            (Err(error), Some(gap)) => error.contains(gap.shows),
            _ => false,
        };
        assert!(as_known, "{name}, operation {at} of {OPERATIONS:?}; all outcomes: {outcomes:#?}");
    }
    let asked = asked_elsewhere(desk, refused);
    assert!(asked.is_empty(), "asked of the network: {asked:?}");
}

/// Editors that take a change a moment later than they are told to.
const SLOW: &[&str] = &["slate", "lexical", "draft", "quill", "prosemirror", "ckeditor5", "squire"];

fn write_one<'a>(desk: &'a Desk, name: &'a str) -> (Page<'a>, String) {
    let page = Page::open(&desk.browser, name);
    page.click_to_end();
    page.type_text("\nBye.");
    desk.browser.wait("the finding", || (!page.painted().is_empty()).then_some(()));
    desk.browser.settled("the painting", || page.painted());
    (page, format!("{SEED}\nBye."))
}

fn what_is_typed_while_we_write_comes_behind(desk: &Desk) {
    build();
    let_onto(desk, HOST);
    for name in SLOW {
        let (page, written) = write_one(desk, name);
        // The card by its key, its suggestion by Enter, and on.
        page.press(&[Key::Alt, Key::Char('.')]);
        wait_card(&desk.browser);
        page.type_text("\n I did");
        page.expect(&format!("{} I did", written.replacen(TENSE, MENDED, 1)))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

fn what_is_pressed_twice_is_done_once(desk: &Desk) {
    build();
    let_onto(desk, HOST);
    for name in SLOW {
        let (page, written) = write_one(desk, name);
        let browser = &desk.browser;
        let insert = browser.wait("the button", || gmail::panel(browser).button("insert signature").cloned());
        browser.double_click_at(gmail::place_of(browser, &insert));
        page.expect(&format!("{written}\n{SIGNATURE}")).unwrap_or_else(|error| panic!("{name}: {error}"));
        let panel = || desk.browser.surface().panels.iter().map(|one| one.text.clone()).collect::<String>();
        let said = desk.browser.settled("the panel", panel);
        assert!(!said.contains("did not take"), "{name}: {said}");
    }
}

fn replace(page: &Page, written: &str, before: &State, across_bold: bool) -> Result<(), String> {
    take_suggestion(page.browser, &two_painted(page)[usize::from(!across_bold)]);
    let (start, end) = written.rsplit_once(TENSE).expect("two findings");
    let wanted = if across_bold { written.replacen(TENSE, MENDED, 1) } else { format!("{start}{MENDED}{end}") };
    let after = page.expect(&wanted)?;
    // The hands look at what they did before they let go; an undo before that would look to them like a refusal.
    // (That the words are no longer painted says nothing: the editor may have made its elements anew.)
    let told = || page.browser.surface().pills.first().is_some_and(|pill| pill.text == "1");
    page.browser.wait("the other finding alone", || (page.painted().len() == 1 && told()).then_some(()));
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

/// docs/editors.md has the table that this module's tests hold; `COMPOSURE_WRITE_TABLES=1` writes it.
fn the_table_is_current(_: &Desk) {
    const BEGIN: &str = "<!-- the table of tests/e2e/editors.rs -->\n";
    const END: &str = "<!-- its end -->";
    let cell = |page: &str, operation: usize, browser: Kind| {
        let number = GAPS.iter().position(|gap| (gap.page, gap.operation, gap.browser) == (page, operation, browser));
        number.map_or_else(|| "✓".to_owned(), |number| format!("[{}]", number + 1))
    };
    let mut table = format!("| | {} |\n|{}\n", OPERATIONS.join(" | "), " --- |".repeat(OPERATIONS.len() + 1));
    for (page, title) in EDITORS {
        let cells = (0..OPERATIONS.len())
            .map(|at| format!("{} {}", cell(page, at, Kind::Chromium), cell(page, at, Kind::Firefox)));
        table += &format!("| {title} | {} |\n", cells.collect::<Vec<_>>().join(" | "));
    }
    for (at, gap) in GAPS.iter().enumerate() {
        table += &format!("\n[{}] {}\n", at + 1, gap.reason);
    }
    let file = composure_tests::root().join("docs/editors.md");
    let text = std::fs::read_to_string(&file).expect("docs/editors.md");
    let (before, rest) = text.split_once(BEGIN).expect("the table's beginning");
    let (_, after) = rest.split_once(END).expect("the table's end");
    let current = format!("{before}{BEGIN}{table}{END}{after}");
    if std::env::var_os("COMPOSURE_WRITE_TABLES").is_some() {
        std::fs::write(&file, &current).expect("docs/editors.md can be written");
    }
    assert!(
        text == current || std::env::var_os("COMPOSURE_WRITE_TABLES").is_some(),
        "run this test with COMPOSURE_WRITE_TABLES=1"
    );
}

/// The extension runs on this host, and knows its writer.
pub fn let_onto(desk: &Desk, host: &str) {
    let browser = &desk.browser;
    options::let_onto(browser, host);
    let settings = json!({ "version": 1, "reader": false, "my_name": "Dana Reyes", "signature": SIGNATURE });
    options::store(browser, &json!({ "settings": settings }));
}
