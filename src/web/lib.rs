//! The mind in the browser. The only crate that names web-sys or `chrome.*`.
//!
//! Two pages load the same wasm: `mind.html`, the hidden frame in a webmail's page ([`mind`]), and `options.html`
//! ([`options`]).

mod chrome;
mod mind;
mod options;
mod storage;

/// What a call into the browser may fail with: whatever JavaScript threw.
pub(crate) type JsResult<T> = Result<T, wasm_bindgen::JsValue>;

/// Says in the extension's own console what went wrong, once, where there is nobody to return it to.
pub(crate) fn report<T>(result: JsResult<T>) -> Option<T> {
    result.map_err(|error| web_sys::console::warn_2(&wasm_bindgen::JsValue::from_str("Composure:"), &error)).ok()
}
