//! The page that shows a draft alone, as the customer will read it. What it shows comes once, from the background script,
//! and is nowhere when the page is closed.

use composure_words::{say, t};
use maud::{Markup, html};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::dom::fill;
use crate::{JsResult, chrome, report, value};

/// What the frame handed over: see [`composure_session::Letter`].
#[derive(Deserialize)]
struct Letter {
    to: String,
    asked: String,
    draft: String,
}

/// Fills the page.
#[wasm_bindgen]
pub async fn start_letter() {
    console_error_panic_hook::set_once();
    report(start().await);
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    let letter: Option<Letter> = value::read(handed_over().await?).unwrap_or_default();
    fill(&main, &page(letter.as_ref()))
}

/// What the background script has for this page, under the name behind the `#` of its address: once, then `null`.
pub(crate) async fn handed_over() -> JsResult<JsValue> {
    let address = gloo::utils::document().url()?;
    let name = address.split_once('#').map_or("", |(_, name)| name);
    let message = js_sys::Object::new();
    js_sys::Reflect::set(&message, &"letter".into(), &name.into())?;
    chrome::send_message(&message).await
}

fn page(letter: Option<&Letter>) -> Markup {
    let Some(Letter { to, asked, draft }) = letter else {
        return html! {
            p class="gone" { (say!("This page shows a draft only once. Open it again from the mail: “Read it as they will”.")) }
        };
    };
    let (wrote, read) = if to.is_empty() {
        (t!("They wrote").to_owned(), t!("What they will read").to_owned())
    } else {
        (t!("{who} wrote", who = to), t!("What {who} will read", who = to))
    };
    html! {
        @if !asked.is_empty() {
            section class="asked" aria-labelledby="asked" {
                h2 id="asked" { (wrote) }
                p class="text" { (asked) }
            }
        }
        section class="draft" aria-labelledby="draft" {
            h1 id="draft" { (read) }
            p class="text" { (draft) }
        }
    }
}
