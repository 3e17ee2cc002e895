//! Any sequence of what a writer, an editor, a reader and a clock can do: every effect keeps the protocol's promises, and a compose
//! that lived through it says what a fresh one says. The soak does the same with dice; here the fuzzer looks for the way there.
#![no_main]

use composure_session::*;
use hands::Hands;
use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;

#[allow(dead_code)]
#[path = "../../src/session/tests/hands.rs"]
mod hands;

/// A longer life finds no more, and takes longer.
const STEPS: usize = 300;

fuzz_target!(|bytes: &[u8]| {
    let mut source = Unstructured::new(bytes);
    let mut hands = Hands::default();
    for _ in 0..STEPS {
        if source.is_empty() {
            break;
        }
        hands.step(&mut |sides| source.int_in_range(0..=sides - 1).unwrap_or(0));
    }
    hands.check();
});
