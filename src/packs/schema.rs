//! The JSON Schema of the file, for editors that complete and check while one writes.

use crate::model::Pack;

/// The schema, as `docs/pack.schema.json` has it.
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Pack);
    schema.insert("title".to_owned(), "A Composure pack".into());
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
