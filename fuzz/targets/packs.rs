//! Any text as a team's pack: it is read whole or every mistake has its place; what is read is written as the same pack, and what it
//! finds in any draft lies in that draft.
#![no_main]

use composure_packs::{Matcher, Pack, check};
use composure_phrases::Terms;
use libfuzzer_sys::fuzz_target;

// A seed reads as what it means: a pack, and after a NUL a draft.
fuzz_target!(|input: &str| {
    let (file, draft) =
        input.split_once('\0').unwrap_or((input, "Calm down, as per our policy the XL-200 PRO is fine."));
    let checked = check(file);
    assert_eq!(checked.pack.is_none(), !checked.mistakes.is_empty(), "half read");
    for mistake in checked.mistakes.iter().chain(&checked.warnings) {
        assert!(mistake.line > 0 && mistake.column > 0 && !mistake.reason.is_empty(), "{mistake:?}");
        assert!(file.get(mistake.span.clone()).is_some(), "{mistake:?}");
    }
    let read = Pack::read(file);
    let Some(pack) = checked.pack else {
        assert_eq!(read.err(), Some(checked.mistakes));
        return;
    };
    assert_eq!(read.as_ref().ok(), Some(&pack));
    let written = pack.to_text();
    let again = Pack::read(&written).unwrap_or_else(|mistakes| panic!("{mistakes:?} in {written}"));
    assert_eq!((again.to_text(), &again), (written, &pack));
    assert!(pack.rule_id().starts_with("pack"));
    pack.snippets();

    let mut end = 0;
    for hit in Matcher::new(&pack).find(draft) {
        assert!(hit.span.start >= end && draft.get(hit.span.clone()).is_some_and(|words| !words.is_empty()), "{hit:?}");
        end = hit.span.end;
    }
    let terms = Terms::new(pack.terms.iter().map(String::as_str));
    let hushed = terms.hush(draft);
    assert_eq!(hushed.len(), draft.len());
    assert_eq!(terms.restore(hushed.clone().into_owned(), draft).len(), draft.len());
});
