//! JavaScript's values as Rust's and back: events and effects, and what is stored.

use serde::Serialize;
use serde::de::DeserializeOwned;
pub(crate) use serde_wasm_bindgen::Error;
use wasm_bindgen::prelude::*;

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value)
}

/// Writes a value, as JSON would be: what is not there is null.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<JsValue, Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}
