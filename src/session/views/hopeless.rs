//! When writing no longer helps: calling, and parting kindly.

use composure_words::say;
use maud::{Markup, html};

use super::{Insert, Tick};
use crate::action::Action;
use crate::compose::Compose;
use crate::settings::Settings;

/// The number to call, and what to say first.
pub(crate) fn call(compose: &Compose, settings: &Settings) -> Markup {
    let known = |value: &str, before: &str| match value.trim() {
        "" => String::new(),
        value => format!("{before}{value}"),
    };
    let me = known(&settings.my_name, ", this is ") + &known(&settings.business, " from ");
    html! {
        @if let Some(phone) = &compose.hopeless.phone {
            div class="call" {
                a class="insert" href={ "tel:" (phone.dialled) } { (say!("Call them:")) " " (phone.shown) }
                p class="why" {
                    (say!("First say:")) " "
                    span lang="en" { "“Hello" (me) ". I read your mail, and I’d like to put it right. Is this a good moment?”" }
                }
            }
        }
    }
}

/// The short list of a kind parting.
pub(crate) fn part(compose: &Compose) -> Markup {
    html! {
        @if compose.hopeless.part {
            h3 { (say!("It has been a long way")) }
            p class="why" { (say!("Sometimes it is kindest to refund and part.")) }
            (snippets(compose, "part-kindly"))
            h3 { (say!("Firm and kind")) }
            (snippets(compose, "decline"))
        }
    }
}

/// The snippets for an end, each with a button that inserts it, or ticked where the draft has it.
pub(crate) fn snippets(compose: &Compose, item: &str) -> Markup {
    let text = compose.text();
    html! {
        ul class="checklist" {
            @for snippet in composure_engine::snippets().iter().filter(|snippet| snippet.item == item) {
                // What is filled in behind it may be anything.
                @let met = text.contains(snippet.text.split('{').next().unwrap_or_default().trim_end());
                li class=(if met { "met" } else { "unmet" }) {
                    (Tick(met))
                    span class="title" lang="en" title=(snippet.text) { (snippet.title) }
                    @if !met {
                        (Insert(Action::InsertSnippet { id: snippet.id.clone() }, &snippet.title))
                    }
                }
            }
        }
    }
}
