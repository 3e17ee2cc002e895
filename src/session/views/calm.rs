//! What calming the whole draft would change, sentence by sentence, before anything is changed.

use composure_engine::Edit;
use composure_few::Set;
use composure_words::{say, tn};
use maud::{Markup, html};

use super::{Button, Close, Tick};
use crate::action::Action;

/// So much of the unchanged text is shown on either side of a change, in characters.
const AROUND: usize = 36;

/// `changes` are in the order of the text, each with the id of the finding it mends; `kept` are those not to make.
pub(crate) fn calm(text: &str, changes: &[(u32, Edit)], kept: &Set<u32>) -> String {
    let taken = changes.iter().filter(|(finding, _)| !kept.contains(finding)).count();
    html! {
        section class="panel" role="dialog" aria-label=(say!("Calm this")) {
            div class="head" {
                h2 { (say!("Calm this")) }
                (Close(say!("Close")))
            }
            ul class="changes" {
                @for (place, (finding, _)) in changes.iter().enumerate() {
                    @let is_kept = kept.contains(finding);
                    li {
                        button class={ "change" (if is_kept { " kept" } else { "" }) } type="button"
                            aria-pressed=(if is_kept { "false" } else { "true" })
                            data-action=(Action::Keep { finding: *finding }) {
                            (Tick(!is_kept))
                            span class="title" { (preview(text, changes, place)) }
                        }
                    }
                }
            }
            div class="more" {
                @if taken > 0 {
                    button class="primary" type="button" data-action=(Action::CalmAll) {
                        (tn!(taken, "Make this change", "Make these {n} changes"))
                    }
                }
                (Button("quiet", Action::Back, say!("Back")))
            }
        }
    }
    .into_string()
}

/// A change with the words around it: what goes is struck out, what comes is marked.
fn preview(text: &str, changes: &[(u32, Edit)], place: usize) -> Markup {
    let (start, end, insert) = match changes.get(place) {
        Some((_, edit)) => (edit.span.start, edit.span.end, edit.insert.as_str()),
        None => (0, 0, ""),
    };
    let from = place.checked_sub(1).and_then(|before| changes.get(before)).map_or(0, |(_, edit)| edit.span.end);
    let to = changes.get(place + 1).map_or(text.len(), |(_, edit)| edit.span.start);
    // The end of the sentence before belongs to the change before.
    let before = text.get(from..start).unwrap_or_default().trim_start_matches(['.', ',', '!', '?', ' ']);
    let after = text.get(end..to).unwrap_or_default();
    let old = text.get(start..end).unwrap_or_default();
    html! {
        (tail(before)) del { (old) } @if !insert.is_empty() { " " ins { (insert) } } (head(after))
    }
}

/// The end of what stands before, on the same line.
fn tail(text: &str) -> String {
    let line = text.rsplit('\n').next().unwrap_or_default();
    match line.char_indices().rev().nth(AROUND) {
        Some((start, _)) => format!("…{}", line.get(start..).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// The beginning of what stands behind, on the same line.
fn head(text: &str) -> String {
    let line = text.split('\n').next().unwrap_or_default();
    match line.char_indices().nth(AROUND) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}
