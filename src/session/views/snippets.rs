//! Snippets: the list behind a `/`, the lists in the panel, and the card of a gap.

use composure_few::Set;
use composure_snippets::Entry;
use composure_words::{say, t};
use maud::{Markup, html};

use super::{Button, Close, shortened};
use crate::action::Action;
use crate::compose::Compose;
use crate::picker::OpenGap;
use crate::settings::Settings;

/// So many are listed at once as fitting.
const MOST_FITTING: usize = 8;
/// About two lines of a list.
const PREVIEW: usize = 110;

/// The list behind a `/`.
pub(crate) fn picker(compose: &Compose, offered: &[&Entry], settings: &Settings) -> String {
    html! {
        section class="card picker" role="dialog" aria-label=(say!("Snippets")) {
            (list(compose, offered.iter().copied(), settings))
            p class="said" { (say!("Enter inserts, Esc leaves what you typed.")) }
        }
    }
    .into_string()
}

/// The panel's lists: what fits here, then every situation; or one situation.
pub(crate) fn snippets(compose: &Compose, settings: &Settings) -> String {
    let situation = compose.picker.browsing.as_deref().unwrap_or_default();
    let all = compose.fitting("");
    let title = if situation.is_empty() { t!("Snippets").to_owned() } else { label(situation) };
    html! {
        section class="panel" role="dialog" aria-label=(title) {
            div class="head" {
                h2 { (title) }
                (Close(say!("Close")))
            }
            @if compose.picker.library.is_none() {
                p class="said" role="status" { (say!("One moment…")) }
            } @else if situation.is_empty() {
                p class="said" { (say!("In your mail, type / and a few letters.")) }
                h3 { (say!("Fitting here")) }
                (list(compose, all.iter().copied().take(MOST_FITTING), settings))
                (situations(&all))
            } @else {
                (list(compose, all.iter().copied().filter(|entry| group(entry) == situation), settings))
            }
            // Were they there alone first, the keyboard would be on them when the snippets come.
            @if compose.picker.library.is_some() {
                div class="more" {
                    (Button("quiet", Action::Back, say!("Back")))
                    (Button("quiet", Action::OpenSnippets, say!("Save what is selected, edit…")))
                }
            }
        }
    }
    .into_string()
}

/// What a snippet is listed under.
fn group(entry: &Entry) -> &str {
    if entry.own { "own" } else { &entry.snippet.situation }
}

/// A situation as a label: `late-delivery` reads "Late delivery".
fn label(situation: &str) -> String {
    if situation == "own" { t!("Your own").to_owned() } else { super::rule_label(situation) }
}

fn situations(all: &[&Entry]) -> Markup {
    let mut names = Set::new();
    for entry in all {
        names.insert(group(entry));
    }
    html! {
        h3 { (say!("All")) }
        div class="choices" {
            @for name in names {
                button class="quiet" type="button"
                    data-action=(Action::Snippets { situation: name.to_owned() }) { (label(name)) }
            }
        }
    }
}

fn list<'a>(compose: &Compose, entries: impl Iterator<Item = &'a Entry>, settings: &Settings) -> Markup {
    html! {
        ul class="snippets" lang="en" {
            @for entry in entries {
                li {
                    button class="snippet" type="button"
                        data-action=(Action::Pick { id: entry.snippet.id.clone() }) {
                        span class="title" { (entry.snippet.title) }
                        span class="preview" { (shortened(&compose.filled(entry, settings).text, PREVIEW)) }
                    }
                }
            }
        }
    }
}

/// The card of a gap: what to choose from, or what to write.
pub(crate) fn gap_card(gap: &OpenGap) -> String {
    let what = if gap.choices.is_empty() { say!("Still to be filled in") } else { say!("Which one?") };
    html! {
        section class="card" role="dialog" aria-label=(what) {
            div class="head" {
                span class="badge severity-spelling" { (what) }
                (Close(say!("Close")))
            }
            @if gap.choices.is_empty() {
                p class="why" { (t!("Write it over {gap}.", gap = gap.text)) }
            } @else {
                ul class="suggestions" {
                    @for (choice, words) in gap.choices.iter().enumerate() {
                        li {
                            button class="suggestion" type="button"
                                data-action=(Action::Choose { gap: gap.id, choice }) { (words) }
                        }
                    }
                }
            }
            p class="said" { (say!("Tab goes to the next gap.")) }
        }
    }
    .into_string()
}
