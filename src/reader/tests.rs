//! The reader as a whole: against what Python made of the same files, broken files, strange texts, its cache.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Deserialize;

use super::*;

/// `training/FORMAT.md`, 7.
#[derive(Deserialize)]
struct Fixture {
    draft: String,
    sentences: Vec<(usize, usize)>,
    windows: Vec<FixtureWindow>,
    findings: Vec<FixtureFinding>,
    /// Where rules find none.
    heat: f64,
}

#[derive(Deserialize)]
struct FixtureWindow {
    ids: Vec<u32>,
    types: Vec<u8>,
    tag: Vec<Vec<f32>>,
    sentence: Vec<f32>,
}

#[derive(Deserialize)]
struct FixtureFinding {
    start: usize,
    end: usize,
    label: String,
    score: f64,
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn tiny(bits: usize) -> Vec<u8> {
    fs::read(here().join(format!("tiny-{bits}.safetensors"))).expect("a fixture")
}

/// Every reader's file that there is, with what Python made of it.
fn fixtures() -> Vec<(Reader, Vec<Fixture>)> {
    let root = here().join("../../..");
    let mut files: Vec<(PathBuf, PathBuf)> = [8, 6, 4]
        .map(|bits| (here().join(format!("tiny-{bits}.safetensors")), here().join(format!("tiny-{bits}.json"))))
        .into();
    // The one that ships; the small ones are there without it.
    let shipped = root.join("extension/reader/reader.safetensors");
    if shipped.exists() {
        files.push((shipped, root.join("training/fixtures/fixtures.json")));
    }
    let open = |(file, fixtures): (PathBuf, PathBuf)| {
        let reader = Reader::new(&fs::read(&file).expect("a reader's file"));
        let fixtures = serde_json::from_slice(&fs::read(fixtures).expect("its fixtures"));
        (reader.unwrap_or_else(|error| panic!("{}: {error}", file.display())), fixtures.expect("fixtures"))
    };
    files.into_iter().map(open).collect()
}

/// The largest number in a row, to judge a difference by.
fn greatest(row: &[f32]) -> f32 {
    row.iter().copied().map(f32::abs).fold(1.0, f32::max)
}

#[test]
fn reads_what_python_reads() {
    for (mut reader, fixtures) in fixtures() {
        assert!(
            fixtures.iter().map(|fixture| fixture.findings.len()).sum::<usize>() >= 3,
            "fixtures with too little in them"
        );
        for fixture in fixtures {
            let draft = &fixture.draft;
            let sentences: Vec<&str> = fixture.sentences.iter().map(|(start, end)| &draft[*start..*end]).collect();
            let mut windows = fixture.windows.iter();
            for sentence in &sentences {
                for window in reader.tokenizer.windows(sentence) {
                    let wanted = windows.next().expect("as many windows");
                    assert_eq!((&window.ids, &window.types), (&wanted.ids, &wanted.types), "{draft:?}");
                    let found = reader.network.read(&window);
                    let rows = found.tags.iter().zip(&wanted.tag).chain([(&found.sentence, &wanted.sentence)]);
                    assert_eq!(found.tags.len(), wanted.tag.len());
                    for (found, wanted) in rows {
                        assert_eq!(found.len(), wanted.len());
                        for (one, other) in found.iter().zip(wanted) {
                            assert!((one - other).abs() < 2e-3 * greatest(wanted), "{found:?}\n{wanted:?}");
                        }
                    }
                }
            }
            assert!(windows.next().is_none(), "fewer windows than Python: {draft:?}");

            let reading = reader.read(&sentences.join("\n"));
            // Where a byte of the lines was in the draft.
            let starts = sentences.iter().scan(0, |line, sentence| {
                let start = *line;
                *line += sentence.len() + 1;
                Some(start)
            });
            let moves: Vec<(usize, usize)> = starts.zip(fixture.sentences.iter().map(|(start, _)| *start)).collect();
            let in_draft = |at: usize| {
                let (line, start) = moves.iter().rev().find(|(line, _)| *line <= at).expect("a line");
                at - line + start
            };
            // A score that all but meets its threshold may fall on either side: Python has other roundings.
            let thresholds = reader.decision.labels.iter().zip(&reader.decision.thresholds);
            let thresholds: HashMap<&str, f64> = thresholds.map(|(label, threshold)| (&**label, *threshold)).collect();
            let clear = |label: &str, score: f64| (score - thresholds[label]).abs() > 1e-3;
            let found: Vec<_> = (reading.findings.iter().filter(|finding| clear(&finding.label, finding.confidence)))
                .map(|finding| (in_draft(finding.span.start), in_draft(finding.span.end), &*finding.label))
                .collect();
            let wanted: Vec<_> = (fixture.findings.iter().filter(|finding| clear(&finding.label, finding.score)))
                .map(|finding| (finding.start, finding.end, finding.label.as_str()))
                .collect();
            assert_eq!(found, wanted, "{draft:?}");
            for (found, wanted) in reading.findings.iter().zip(&fixture.findings) {
                assert!((found.confidence - wanted.score).abs() < 2e-3, "{found:?} {}", wanted.score);
            }
            let heat = reading.heat.map_or(0.0, |heat| 100.0 / (1.0 + f64::exp(-heat.base)));
            assert!((heat - fixture.heat).abs() < 0.2, "{heat} {}", fixture.heat);
        }
    }
}

/// A file with its metadata and tensors changed by `change`.
fn changed(change: impl Fn(&mut String, &mut Tensors)) -> Vec<u8> {
    let bytes = tiny(8);
    let (_, metadata) = SafeTensors::read_metadata(&bytes).expect("a whole file");
    let mut about = metadata.metadata().as_ref().expect("metadata")["reader"].clone();
    let whole = SafeTensors::deserialize(&bytes).expect("a whole file");
    let mut tensors: Tensors = whole
        .iter()
        .map(|(name, view)| (name.into(), (view.dtype(), view.shape().to_vec(), view.data().to_vec())))
        .collect();
    change(&mut about, &mut tensors);
    let views = tensors.iter().map(|(name, (kind, shape, data))| {
        (name.clone(), TensorView::new(*kind, shape.clone(), data).expect("a tensor"))
    });
    safetensors::serialize(views, Some([("reader".into(), about)].into())).expect("a file")
}

type Tensors = HashMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

#[track_caller]
fn refused(bytes: &[u8], says: &str) {
    let error = Reader::new(bytes).map(|_| "a reader").expect_err(says).to_string();
    assert!(error.contains(says), "{error:?} does not say {says:?}");
}

#[test]
fn broken_files_are_refused_and_told_what_is_wrong() {
    Reader::new(&changed(|_, _| {})).expect("nothing changed");
    refused(b"", "not a whole safetensors file");
    refused(&tiny(8)[..5000], "not a whole safetensors file");
    refused(&changed(|about, _| *about = about.replace("\"version\": 4", "\"version\": 5")), "version 5");
    refused(&changed(|about, _| *about = "{}".into()), "metadata is not as expected");
    refused(
        &changed(|about, _| *about = about.replace("\"low\": 0.3", "\"low\": \"x\"")),
        "metadata is not as expected",
    );
    for (was, is, says) in [
        ("\"width\": 48", "\"width\": 0", "a size is nought"),
        ("\"width\": 48", "\"width\": 99999999999", "a size is nought"),
        ("\"heads\": 12", "\"heads\": 5", "four times `heads`"),
        ("\"layers\": 2", "\"layers\": 3", "layer.2.query.q is missing"),
        ("\"inner\": 96", "\"inner\": 48", "of shape"),
        ("\"window\": 110", "\"window\": 111", "positions: of shape [112, 48] where [113, 48]"),
        ("\"bits\": 8", "\"bits\": 5", "5 bits in groups of 48"),
        ("\"group\": 48", "\"group\": 40", "whole groups of 40"),
        ("\"word_group\": 48", "\"word_group\": 512", "groups of 512"),
        ("\"insult\", ", "", "one for each of the `labels`"),
        ("\"epsilon\": 1e-12", "\"epsilon\": 0", "`epsilon`"),
    ] {
        let file = changed(|about, _| {
            assert!(about.contains(was), "{was}");
            *about = about.replacen(was, is, 1);
        });
        refused(&file, says);
    }
    refused(&changed(|_, tensors| drop(tensors.remove("layer.1.up.bias"))), "layer.1.up.bias is missing");
    refused(&changed(|_, tensors| drop(tensors.remove("vocab"))), "vocab is missing");
    refused(
        &changed(|_, tensors| drop(tensors.insert("vocab".into(), (Dtype::U8, vec![2], b"\xff\xfe".to_vec())))),
        "not UTF-8",
    );
    refused(
        &changed(|_, tensors| {
            drop(tensors.insert("vocab".into(), (Dtype::U8, vec![17], b"[UNK]\n[CLS]\n[SEP]".to_vec())))
        }),
        "words.q: of shape",
    );
    refused(
        &changed(|_, tensors| tensors.get_mut("norm.bias").expect("a tensor").2[..2].copy_from_slice(&[0xff, 0x7f])),
        "norm.bias: not all of it are numbers",
    );
    refused(
        &changed(|_, tensors| drop(tensors.insert("norm.bias".into(), (Dtype::F32, vec![48], vec![0; 192])))),
        "norm.bias: F32 where F16 was expected",
    );
    let plain = safetensors::serialize(HashMap::<String, TensorView<'_>>::new(), None).expect("a file");
    refused(&plain, "no `reader` in its metadata");
}

#[test]
fn strange_texts_are_read_without_harm() {
    let mut reader = Reader::new(&tiny(4)).expect("a reader");
    let long_word = "x".repeat(100_000);
    let long_sentence = "you did not read it ".repeat(2_000);
    let many_stops = ". ".repeat(5_000);
    for text in [
        "",
        " ",
        "\u{200b}",
        "\u{200f}אתה לא קראת את זה\u{200e}, you clearly did not.",
        "👩‍👩‍👧‍👦👩🏽‍🚀 you 🇩🇪 clearly\u{fe0f} did not",
        "\0\u{1}\u{7f}\u{85}\u{2028}\u{10ffff}",
        "Z̸̧̛͉͇a̷l̶g̵o̶ y̶o̶u̶ ̶d̶i̶d̶ not",
        "İstanbul ẞ ﬁ ǅ",
        &long_word,
        &long_sentence,
        &many_stops,
    ] {
        let reading = reader.read(text);
        for finding in &reading.findings {
            assert!(!text[finding.span.clone()].is_empty(), "{finding:?}");
        }
        assert!(reading.heat.is_none_or(|heat| heat.base.is_finite()));
    }
    assert!(reader.cache.len() <= CACHED.get());
}

#[test]
fn a_sentence_is_read_once_however_often_it_is_asked_for() {
    let mut reader = Reader::new(&tiny(8)).expect("a reader");
    let draft = "What part of it did you not read?\nYou did not read our policy.\nSorry about that, just our policy.";
    let reading = reader.read(draft);
    assert_eq!(reader.cache.len(), 3);
    assert_eq!(reader.read(draft), reading);
    // A keystroke costs its own sentence only.
    let edited = draft.replace("Sorry", "Sorrys");
    reader.read(&edited);
    assert_eq!(reader.cache.len(), 4);
    // A new reader, with nothing cached, says the same to the last bit.
    assert_eq!(Reader::new(&tiny(8)).expect("a reader").read(draft), reading);
    // Long drafts push old sentences out, never the memory up.
    let long: String = (0..2_500).map(|number| format!("You did not read part {number} of it.\n")).collect();
    reader.read(&long);
    assert_eq!(reader.cache.len(), CACHED.get());
    assert_eq!(reader.read(draft), reading);
}

#[test]
fn stretches_are_what_was_read() {
    let mut reader = Reader::new(&tiny(8)).expect("a reader");
    let draft = "Hi Zoë,\n\n“You did not read it, did you?”\nSorry about that, just our policy. \u{200b}";
    let stretches = reader.read(draft).stretches;
    let texts: Vec<&str> = stretches.iter().map(|stretch| &draft[stretch.span.clone()]).collect();
    assert_eq!(texts, ["Hi Zoë,", "“You did not read it, did you?”", "Sorry about that, just our policy."]);
}

#[test]
fn readers_can_be_sent_to_another_thread() {
    fn sendable<T: Send>() {}
    sendable::<Reader>();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_whole_characters_inside_their_line(
        draft in "(\\PC|[a-zA-Z \"'(“‘*),.!?;:”’\n\u{200b}\u{301}é👩\u{200d}🚀א]|you |not |READ ){0,60}",
    ) {
        let mut reader = Reader::new(&tiny(8)).expect("a reader");
        let reading = reader.read(&draft);
        for finding in reading.findings {
            prop_assert!((0.0..=1.0).contains(&finding.confidence));
            // Indexing panics off a character boundary.
            let words = &draft[finding.span];
            prop_assert!(!words.is_empty() && !words.contains('\n'));
        }
    }

    #[test]
    fn a_damaged_file_never_panics(at in 0_usize..80_000, value: u8, cut in 0_usize..200_000) {
        let mut bytes = tiny(6);
        let length = bytes.len();
        bytes[at % length] = value;
        bytes.truncate(cut.max(8));
        if let Ok(mut reader) = Reader::new(&bytes) {
            reader.read("What part of it did you NOT read?");
        }
    }

    #[test]
    fn a_damaged_header_never_panics(at in 8_usize..4_000, value: u8) {
        let mut bytes = tiny(6);
        bytes[at] = value;
        if let Ok(mut reader) = Reader::new(&bytes) {
            reader.read("What part of it did you NOT read?");
        }
    }
}
