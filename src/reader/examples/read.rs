//! What the reader says, natively, in the flat form of `src/reader-web`: `read READER.safetensors < DRAFTS`. Drafts are apart by
//! a NUL, each line of them is a sentence; out comes a JSON array a draft. `bench/reader/agree.mjs` compares it with wasm.

use std::io::Read as _;

use composure_reader::Reader;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("usage: read READER.safetensors < DRAFTS")?;
    let mut reader = Reader::new(&std::fs::read(file)?)?;
    let mut drafts = String::new();
    std::io::stdin().read_to_string(&mut drafts)?;
    for lines in drafts.split('\0') {
        let reading = reader.read(lines);
        let (base, of_rules) = reading.heat.map_or((f64::NAN, 0.0), |heat| (heat.base, heat.of_rules));
        let mut list = vec![json!(base), json!(of_rules), json!(reading.findings.len())];
        for finding in &reading.findings {
            list.extend([json!(&*finding.label), json!(finding.span.start), json!(finding.span.end)]);
        }
        for stretch in &reading.stretches {
            list.extend([json!(stretch.span.start), json!(stretch.span.end), json!(stretch.trusted)]);
        }
        println!("{}", Value::Array(list));
    }
    Ok(())
}
