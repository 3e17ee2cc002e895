//! The learned reader in the browser: a wasm module of its own, for a worker, so that typing never waits for it.
//!
//! The worker fetches the reader's file from the package and hands over its bytes; what it then asks is [`Reader::read`]. To
//! be able to stop when the draft has changed meanwhile, it first prepares the sentences one by one. Dropping the worker
//! gives all its memory back. Spans are UTF-8 bytes, as everywhere in the mind, which alone turns them into UTF-16.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use wasm_bindgen::prelude::*;

/// SHA-256 of the file that ships with this module, in hexadecimal; empty if none does.
const SHIPPED: &str = env!("COMPOSURE_READER_SHA256");

/// A reader, with what it has read lately.
#[wasm_bindgen]
pub struct Reader(composure_reader::Reader);

/// What JavaScript gets of a [`composure_reader::Reading`].
#[derive(Serialize)]
struct Reading<'reading> {
    findings: Vec<Finding<'reading>>,
    heat: f64,
}

#[derive(Serialize)]
struct Finding<'reading> {
    start: usize,
    end: usize,
    label: &'reading str,
    confidence: f64,
}

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

    /// The sentences of a draft, in order.
    pub fn sentences(&self, draft: &str) -> Vec<String> {
        self.0.sentences(draft).into_iter().map(|range| draft[range].into()).collect()
    }

    /// Reads one sentence ahead: a later [`Reader::read`] finds it read. A few milliseconds if it is new.
    pub fn prepare(&mut self, sentence: &str) {
        self.0.prepare(sentence);
    }

    /// Reads a draft: `{ findings: { start, end, label, confidence }[], heat }`, spans in UTF-8 bytes, confidence 0 to 1, heat
    /// 0 to 100.
    ///
    /// # Errors
    /// Only if the browser cannot make an object.
    pub fn read(&mut self, draft: &str) -> Result<JsValue, JsError> {
        let reading = self.0.read(draft);
        let findings = reading.findings.iter().map(|finding| Finding {
            start: finding.span.start,
            end: finding.span.end,
            label: &finding.label,
            confidence: finding.confidence,
        });
        Ok(serde_wasm_bindgen::to_value(&Reading { findings: findings.collect(), heat: reading.heat })?)
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
