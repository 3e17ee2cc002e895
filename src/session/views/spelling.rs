//! Mistakes that are not a matter of tone: their part of the panel, and their card.

use composure_engine::Edit;
use composure_words::say;
use maud::{Markup, html};

use super::card::change;
use super::shortened;
use super::{Button, Close};
use crate::action::Action;
use crate::compose::Compose;
use crate::proof::{Mistake, Stage};

/// What was found, and the button that has it looked for.
pub(crate) fn spelling(compose: &Compose, text: &str) -> Markup {
    html! {
        h3 { (say!("Spelling")) }
        @if compose.proof.stage == Stage::Off {
            (Button("insert", Action::Proofread, say!("Spelling check")))
        }
        (spelling_found(compose, text))
    }
}

/// What was found, or why nothing is there.
pub(crate) fn spelling_found(compose: &Compose, text: &str) -> Markup {
    let said = match compose.proof.stage {
        Stage::Off => None,
        Stage::Asked => Some(say!("Looking up the words…")),
        Stage::On if compose.mistakes().next().is_none() => Some(say!("Nothing to correct.")),
        Stage::On => None,
        Stage::Absent => Some(say!("The proofreader is not in this package, or could not start here.")),
    };
    html! {
        @if let Some(said) = said { p class="said" role="status" { (said) } }
        ul class="findings" {
            @for (id, mistake) in compose.mistakes() {
                li {
                    button class="finding" type="button" data-action=(Action::GoTo { finding: *id }) {
                        span class="mark severity-spelling" {}
                        span class="title" {
                            (shortened(text.get(mistake.span.start..mistake.span.end).unwrap_or_default(), 44))
                        }
                        span class="label" { (mistake.label) }
                    }
                }
            }
        }
    }
}

pub(crate) fn spelling_card(text: &str, id: u32, mistake: &Mistake) -> String {
    html! {
        section class="card" role="dialog" aria-label=(mistake.what) {
            div class="head" {
                span class="badge severity-spelling" { (mistake.label) }
                (Close(say!("Close")))
            }
            p class="what" { (mistake.what) }
            ul class="suggestions" {
                @for (choice, replacement) in mistake.replacements.iter().enumerate() {
                    li {
                        button class="suggestion" type="button"
                            data-action=(Action::Take { finding: id, choice }) {
                            (change(text, &Edit { span: mistake.span, insert: replacement.clone() }))
                        }
                    }
                }
            }
            div class="more" {
                @if mistake.learnable {
                    (Button("quiet", Action::Learn { mistake: id }, say!("Add to dictionary")))
                }
                (Button("quiet", Action::Ignore { mistake: id }, say!("Ignore in this mail")))
            }
        }
    }
    .into_string()
}
