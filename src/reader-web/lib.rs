//! The learned reader in the browser: a wasm module of its own, for a worker, so that typing never waits for it.
//!
//! The worker fetches the reader's file from the package and hands over its bytes; what it then asks is [`Reader::read`].
//! Ending the worker gives all its memory back. Spans are UTF-8 bytes, as everywhere in the mind, which alone turns them into UTF-16.

use sha2::{Digest as _, Sha256};
use wasm_bindgen::prelude::*;

/// SHA-256 of the file that ships with this module, in hexadecimal; empty if none does.
const SHIPPED: &str = env!("COMPOSURE_READER_SHA256");

/// A reader, with what it has read lately.
#[wasm_bindgen]
pub struct Reader(composure_reader::Reader);

#[wasm_bindgen]
impl Reader {
    /// Takes the bytes of the reader's file.
    ///
    /// # Errors
    /// If they are not the very file that this module was built with, or no reader.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Reader, JsError> {
        console_error_panic_hook::set_once();
        verify(bytes, SHIPPED).map_err(|fault| JsError::new(&fault))?;
        Ok(Self(composure_reader::Reader::new(bytes)?))
    }

    /// Reads a draft, each line a sentence. The answer is flat: the two numbers of [`composure_reader::HeatWithRules`]; how many findings there
    /// are, and of each its label and its first and last byte; then of each stretch its first and last byte and whether it is
    /// trusted. Bytes are UTF-8, the last one not included.
    pub fn read(&mut self, lines: &str) -> js_sys::Array {
        let reading = self.0.read(lines);
        let list = js_sys::Array::new();
        let number = |number: f64| _ = list.push(&JsValue::from_f64(number));
        let heat = reading.heat;
        number(heat.map_or(f64::NAN, |heat| heat.base));
        number(heat.map_or(0.0, |heat| heat.of_rules));
        number(reading.findings.len() as f64);
        for finding in &reading.findings {
            list.push(&JsValue::from_str(&finding.label));
            number(finding.span.start as f64);
            number(finding.span.end as f64);
        }
        for stretch in &reading.stretches {
            number(stretch.span.start as f64);
            number(stretch.span.end as f64);
            list.push(&JsValue::from_bool(stretch.trusted));
        }
        list
    }
}

/// Whether the bytes are those of the file that ships.
fn verify(bytes: &[u8], shipped: &str) -> Result<(), String> {
    if shipped.is_empty() {
        return Err("This build of Composure ships without a reader.".into());
    }
    // A piece at a time: a browser compiles a function well only from its second call on.
    let hash = bytes.chunks(1 << 16).fold(Sha256::new(), |hash, piece| hash.chain_update(piece)).finalize();
    let found: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    if found == shipped {
        return Ok(());
    }
    Err(format!(
        "The reader's file is not the one that Composure was built with: its SHA-256 is {found}, not {shipped}."
    ))
}

#[cfg(test)]
mod tests {
    use super::verify;

    #[test]
    fn only_the_shipped_file_is_taken() {
        // SHA-256 of "abc", from FIPS 180-2.
        let shipped = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(verify(b"abc", shipped), Ok(()));
        let refusal = verify(b"abd", shipped).expect_err("another file");
        assert!(refusal.contains("not the one") && refusal.contains(shipped), "{refusal}");
        assert!(verify(b"", "").expect_err("no file").contains("without a reader"));
    }
}
