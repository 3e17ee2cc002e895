//! The mind in the browser. The only crate that names web-sys or `chrome.*`.
//!
//! It is compiled once for the worker of the hidden frame in a webmail's page (feature `mind`), once for the extension's own pages (feature
//! `pages`) and once for the page of the packs (feature `packs`), so that each loads nothing that it does not run.

#[cfg(feature = "pages")]
mod calm;
mod chrome;
#[cfg(feature = "mind")]
mod cool_off;
#[cfg(feature = "pages")]
mod counts;
#[cfg(any(feature = "pages", feature = "packs"))]
mod dom;
#[cfg(feature = "packs")]
mod elsewhere;
#[cfg(any(feature = "mind", feature = "pages"))]
mod kept;
#[cfg(feature = "mind")]
mod language;
#[cfg(feature = "pages")]
mod letter;
// The page of the packs reads only what is shared of it.
#[cfg_attr(not(any(feature = "mind", feature = "pages")), allow(dead_code))]
mod library;
#[cfg(feature = "mind")]
mod mind;
#[cfg(feature = "pages")]
mod options;
#[cfg(feature = "packs")]
mod packs;
#[cfg(feature = "pages")]
mod popup;
#[cfg(feature = "pages")]
mod progress;
#[cfg(feature = "mind")]
mod proof;
#[cfg(feature = "mind")]
mod reader;
#[cfg(feature = "pages")]
mod records;
#[cfg(feature = "pages")]
mod snippets;
#[cfg_attr(not(any(feature = "mind", feature = "pages")), allow(dead_code))]
mod storage;
#[cfg(feature = "mind")]
mod team;
#[cfg(test)]
mod tone;
mod value;
#[cfg(feature = "pages")]
mod voices;
#[cfg(feature = "pages")]
mod welcome;
#[cfg(feature = "mind")]
mod worker;

/// Two kilobytes smaller than the standard library's, and no slower.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Says everything in a language from now on: see [`composure_words::speak`]. (The mind is told as it starts.)
#[cfg(any(feature = "pages", feature = "packs"))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn speak(language: String, words: Vec<String>) {
    composure_words::speak(language, words);
}

/// What a call into the browser may fail with: whatever JavaScript threw.
pub(crate) type JsResult<T> = Result<T, wasm_bindgen::JsValue>;

/// Says in the extension's own console what went wrong, once, where there is nobody to return it to.
pub(crate) fn report<T>(result: JsResult<T>) -> Option<T> {
    result.map_err(|error| web_sys::console::warn_2(&wasm_bindgen::JsValue::from_str("Composure:"), &error)).ok()
}
