//! The card at a highlight: what, why, and what to write instead.

use composure_engine::Finding;
use composure_words::say;
use maud::{Markup, html};

use super::{Button, Close, rule_label, severity_class, shortened};
use crate::action::Action;

/// More than this many suggestions is a list to read, not a click to make.
const MOST_SUGGESTIONS: usize = 3;

pub(crate) fn card(text: &str, id: u32, finding: &Finding) -> String {
    let rule = finding.rule;
    html! {
        section class="card" role="dialog" aria-label=(rule.what) {
            div class="head" {
                span class={ "badge " (severity_class(rule.severity)) } { (rule_label(rule.id)) }
                (Close(say!("Close")))
            }
            p class="what" lang="en" { (rule.what) }
            p class="why" lang="en" { (rule.why) }
            @if finding.suggestions.is_empty() {
                p class="instead" lang="en" { (rule.instead) }
            } @else {
                ul class="suggestions" {
                    @for (choice, suggestion) in finding.suggestions.iter().take(MOST_SUGGESTIONS).enumerate() {
                        li {
                            button class="suggestion" type="button"
                                data-action=(Action::Take { finding: id, choice }) {
                                (change(text, &suggestion.edit))
                            }
                        }
                    }
                }
            }
            div class="more" {
                (Button("quiet", Action::Mute { rule: rule.id.to_owned() }, say!("Not in this mail")))
                (Button("quiet", Action::TurnOff { rule: rule.id.to_owned() }, say!("Never show this kind")))
            }
        }
    }
    .into_string()
}

/// What a click would do: the words that go, then the words that come.
pub(super) fn change(text: &str, edit: &composure_engine::Edit) -> Markup {
    let old = text.get(edit.span.start..edit.span.end).unwrap_or_default();
    html! {
        @if edit.insert.trim().is_empty() {
            span class="new" { (say!("Leave out")) " " span class="old" { (shortened(old, 80)) } }
        } @else {
            span class="old" { (shortened(old, 80)) }
            " "
            span class="new" { (shortened(&edit.insert, 160)) }
        }
    }
}
