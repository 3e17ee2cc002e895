//! Any bytes as an .eml: no panic, and what comes out is text whose review is sound.
#![no_main]

use composure_cli::mail;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let envelope = mail::read_envelope(bytes);
    if let Ok(mail) = mail::read(bytes) {
        assert!(!mail.text.trim().is_empty());
        assert_eq!(Some(mail.envelope), envelope.ok(), "headers alone say the same as headers before a body");
    }
});
