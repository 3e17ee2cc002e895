//! The first page: who writes, and a reply to be mended with the product itself, which the page loads as a webmail's does.

use std::cell::RefCell;
use std::rc::Rc;

use composure_words::tn;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, HtmlInputElement, HtmlTextAreaElement};

use crate::dom::say;
use crate::{JsResult, counts, options, report, storage};

/// What there is to be mended. (Not in the page's HTML, which speaks to the writer as we do.)
const ANGRY: [&str; 3] = ["Hi Gary,", include_str!("angry.txt"), "Best wishes"];

/// Fills the page and keeps it working until it is closed.
#[wasm_bindgen]
pub async fn start_welcome() {
    console_error_panic_hook::set_once();
    report(start().await);
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    let (settings, problem) = storage::load().await;
    for (id, value) in
        [("my_name", &settings.my_name), ("business", &settings.business), ("signature", &settings.signature)]
    {
        set(&document, id, value);
    }
    if let (Some(problem), Some(place)) = (problem, document.get_element_by_id("problem")) {
        place.set_text_content(Some(&problem));
        place.remove_attribute("hidden")?;
    }
    if let Some(reply) = document.get_element_by_id("reply") {
        for paragraph in ANGRY {
            let line = document.create_element("p")?;
            line.set_text_content(Some(paragraph.trim()));
            reply.append_child(&line)?;
        }
    }
    options::listen(&document, &main, Rc::new(RefCell::new(settings)));
    let before = counts::today().await?.mended;
    let changed = move || {
        let document = document.clone();
        spawn_local(async move {
            let mended = report(counts::today().await).map_or(0, |today| today.mended).saturating_sub(before);
            if mended > 0 {
                say(&document, "done", &praise(mended));
            }
        });
    };
    storage::watch_keys(|key| key == counts::KEY, Rc::new(changed));
    Ok(())
}

fn set(document: &Document, id: &str, value: &str) {
    let Some(field) = document.get_element_by_id(id) else { return };
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    }
}

fn praise(mended: u32) -> String {
    tn!(
        mended,
        "That's it: your first phrase is mended. Gary will read it more gladly.",
        "That's it: {n} phrases are mended. Gary will read them more gladly."
    )
}
