//! What the extension's pages do with their document.

use gloo::events::{EventListener, EventListenerOptions};
use maud::Markup;
use wasm_bindgen::prelude::*;
use web_sys::{Document, DomParser, Element, Event, SupportedType};

use crate::{JsResult, report};

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

/// Calls `press` with the button, or whatever has a `data-do`, that is clicked in a page.
pub(crate) fn on_press(page: &Element, press: impl Fn(&Element) + 'static) {
    EventListener::new(page, "click", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(button) = target.and_then(|target| target.closest("[data-do]").ok().flatten()) {
            press(&button);
        }
    })
    .forget();
}

/// Calls `submit` in place of a form's going anywhere.
pub(crate) fn on_submit(page: &Element, submit: impl Fn(&Event) + 'static) {
    EventListener::new_with_options(page, "submit", EventListenerOptions::enable_prevent_default(), move |event| {
        event.prevent_default();
        submit(event);
    })
    .forget();
}

/// Has the browser save bytes of a media type as a file.
pub(crate) fn save_file(name: &str, kind: &str, bytes: &[u8]) -> JsResult<()> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let url = web_sys::Url::create_object_url_with_blob(&web_sys::Blob::new_with_u8_array_sequence_and_options(
        &parts, &options,
    )?)?;
    let link: web_sys::HtmlAnchorElement = gloo::utils::document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has its bytes by then.
    gloo::timers::callback::Timeout::new(60_000, move || {
        report(web_sys::Url::revoke_object_url(&url));
    })
    .forget();
    Ok(())
}

/// What the browser said of an error.
pub(crate) fn describe(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .unwrap_or_else(|| "the browser gave no reason".to_owned())
}
