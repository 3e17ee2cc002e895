//! Any bytes as an .mbox: the messages lie one after another in the file, and each is read again from its place.
#![no_main]

use composure_cli::mbox::{Messages, Part};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut messages = Messages::new(bytes);
    let (mut end, mut count, mut line) = (None, 0, 0);
    while let Some(part) = messages.next_part().expect("bytes are always readable") {
        let Part::Message(raw) = part else {
            assert_eq!(count, 0, "only before the first message");
            continue;
        };
        count += 1;
        assert_eq!(raw.number, count);
        assert!(raw.line > line && end.is_none_or(|end| end == raw.offset));
        line = raw.line;
        end = Some(raw.offset + raw.length);
        let place = &bytes[raw.offset as usize..(raw.offset + raw.length) as usize];
        assert!(place.starts_with(b"From "));
        match Messages::new(place).next_part().expect("bytes are always readable") {
            Some(Part::Message(again)) => assert_eq!(again.mail, raw.mail),
            other => panic!("{other:?}"),
        }
    }
    assert!(end.is_none_or(|end| end == bytes.len() as u64));
});
