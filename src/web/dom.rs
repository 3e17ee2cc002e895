//! What the extension's pages do with their document.

use maud::Markup;
use wasm_bindgen::prelude::*;
use web_sys::{Document, DomParser, Element, SupportedType};

use crate::JsResult;

/// Replaces what an element holds. Through a parser, as add-on stores ask, rather than by `innerHTML`.
pub(crate) fn fill(element: &Element, markup: &Markup) -> JsResult<()> {
    let parsed = DomParser::new()?.parse_from_string(&markup.0, SupportedType::TextHtml)?;
    element.replace_children_with_node_0();
    while let Some(node) = parsed.body().and_then(|body| body.first_child()) {
        element.append_child(&node)?;
    }
    Ok(())
}

/// Puts a text in place of what an element says.
pub(crate) fn say(page: &Document, id: &str, text: &str) {
    if let Some(place) = page.get_element_by_id(id) {
        place.set_text_content(Some(text));
    }
}

/// What the browser said of an error.
pub(crate) fn describe(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .unwrap_or_else(|| "the browser gave no reason".to_owned())
}
