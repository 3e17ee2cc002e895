//! Any draft, thread and edits: reviewing while it is typed says the same as reviewing it whole, and every span is sound.
#![no_main]

use composure_engine::{
    Author, Draft, Message, Region, RegionKind, Review, Reviewer, Settings, Span, Thread, review, utf16_to_byte,
};
use libfuzzer_sys::fuzz_target;

// A seed reads as what it means: draft, customer's message and edits, with a NUL between them. An edit is two characters
// that say where and how many, a digit that says which regions the new text has, and what is inserted.
fuzz_target!(|input: &str| {
    let mut parts = input.split('\0');
    let mut draft = Draft { text: parts.next().unwrap_or_default().to_owned(), regions: Vec::new() };
    let customer = parts.next().map(|text| Message { from: Author::Customer, text: text.to_owned(), sent: None });
    let thread = Thread { messages: customer.into_iter().collect(), recipient: None };
    let settings = Settings { assess: input.len().is_multiple_of(2), ..Settings::default() };
    let mut reviewer = Reviewer::new(&draft, &thread, &settings);
    check(&reviewer.review(), &draft.text);
    for edit in parts.take(20) {
        let mut edit = edit.chars();
        let mut number = || edit.next().map_or(0, |character| character as usize);
        let (at, size, seed) = (number() % (draft.text.len() + 3), number() % 40, number());
        let insert = edit.as_str();
        let (start, end) = place(&draft.text, at, size);
        draft.text.replace_range(start..end, insert);
        draft.regions = regions(draft.text.len(), seed);
        reviewer.edit(Span { start: at, end: at + size }, insert, &draft.regions);
        assert_eq!(reviewer.text(), draft.text);
        let incremental = reviewer.review();
        check(&incremental, &draft.text);
        let whole = review(&draft, &thread, &settings);
        assert_eq!(format!("{incremental:?}"), format!("{whole:?}"), "{:?}", draft.text);
    }
});

/// What the engine makes of a span that does not fit: clamped to the text, and down to its characters.
fn place(text: &str, at: usize, size: usize) -> (usize, usize) {
    let start = text.floor_char_boundary(at);
    (start, text.floor_char_boundary(at + size).max(start))
}

/// None for `0`; otherwise a quote or a signature somewhere, or both, perhaps on top of each other.
fn regions(length: usize, seed: usize) -> Vec<Region> {
    let region = |seed: usize, kind| {
        let start = seed * 7 % (length + 1);
        Region { span: Span { start, end: start + seed % 60 }, kind }
    };
    let mut regions = match seed % 4 {
        0 => Vec::new(),
        1 => vec![region(seed, RegionKind::Quote)],
        2 => vec![region(seed, RegionKind::Signature)],
        _ => vec![region(seed, RegionKind::Quote), region(seed / 3, RegionKind::Signature)],
    };
    regions.sort_by_key(|region| region.span);
    regions
}

/// Spans on characters, in order, within the writer's own text; suggestions around their findings.
fn check(review: &Review, text: &str) {
    let sound = |at: usize| at <= text.len() && text.is_char_boundary(at);
    let mut end = 0;
    for finding in &review.findings {
        assert!(finding.span.start >= end && finding.span.start < finding.span.end, "{finding:?}");
        assert!(sound(finding.span.start) && sound(finding.span.end), "{finding:?}");
        end = finding.span.end;
        for suggestion in &finding.suggestions {
            let edit = suggestion.edit.span;
            assert!(edit.start <= finding.span.start && finding.span.end <= edit.end, "{finding:?}");
            assert!(sound(edit.start) && sound(edit.end), "{finding:?}");
        }
    }
    assert!(end <= review.body_end && sound(review.body_end) && review.heat <= 100);
    assert!(review.checklist.iter().all(|state| sound(state.insert_at)));
    assert!(sound(utf16_to_byte(text, text.encode_utf16().count() / 2)));
}
