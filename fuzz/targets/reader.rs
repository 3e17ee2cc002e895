//! A reader's file that somebody made to harm, and any text: whatever the file, opening it can only fail, and what an open one
//! says of a text lies in that text, and is the same each time.
#![no_main]

use std::ops::Range;
use std::sync::LazyLock;

use composure_reader::Reader;
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};

/// A whole file of a small network, with its header cut off: JSON that says where in the rest which tensor is.
static TINY: LazyLock<(&str, &[u8])> = LazyLock::new(|| {
    let (size, rest) =
        include_bytes!("../../src/reader/fixtures/tiny-6.safetensors").split_first_chunk().expect("a file");
    let (header, tensors) = rest.split_at(u64::from_le_bytes(*size) as usize);
    (std::str::from_utf8(header).expect("JSON"), tensors)
});

#[derive(Arbitrary, Debug)]
enum File<'bytes> {
    /// The small network as it is.
    Whole,
    /// Other words in places of its header, other bytes in places of its tensors.
    Changed { header: Vec<(u16, u8, &'bytes str)>, tensors: Vec<(u16, u8)>, cut: u16 },
    /// Anything at all.
    Any(&'bytes [u8]),
}

impl File<'_> {
    fn bytes(&self) -> Vec<u8> {
        let (header, tensors) = *TINY;
        let file =
            |header: &str, tensors: &[u8]| [&(header.len() as u64).to_le_bytes(), header.as_bytes(), tensors].concat();
        match self {
            File::Whole => file(header, tensors),
            File::Any(bytes) => bytes.to_vec(),
            File::Changed { header: edits, tensors: values, cut } => {
                let (mut header, mut tensors) = (header.to_owned(), tensors.to_vec());
                for (at, size, insert) in edits {
                    let start = header.floor_char_boundary(usize::from(*at) % header.len().max(1));
                    let end = header.floor_char_boundary(start + usize::from(*size)).max(start);
                    header.replace_range(start..end, insert);
                }
                for (at, value) in values {
                    let at = usize::from(*at) % tensors.len();
                    tensors[at] = *value;
                }
                // Mostly whole: a shorter one is refused at once.
                tensors.truncate(if *cut < 200 { usize::from(*cut) } else { tensors.len() });
                file(&header, &tensors)
            }
        }
    }
}

fuzz_target!(|input: (File, &str)| {
    let (file, text) = input;
    let bytes = file.bytes();
    let Ok(mut reader) = Reader::new(&bytes) else {
        assert!(!matches!(file, File::Whole));
        return;
    };
    let reading = reader.read(text);
    let inside = |span: &Range<usize>| assert!(!text[span.clone()].is_empty(), "{span:?}");
    reading.findings.iter().for_each(|finding| inside(&finding.span));
    reading.stretches.iter().for_each(|stretch| inside(&stretch.span));
    let starts = reading.stretches.windows(2);
    starts.for_each(|two| assert!(two[0].span.end <= two[1].span.start, "{two:?}"));
    // What it knows already it says again, to the last bit; a network gone mad may say that nothing is a number.
    assert_eq!(format!("{:?}", reader.read(text)), format!("{reading:?}"));
});
