//! The panel: all findings, and the checklist with a button for everything that is missing.

use composure_engine::{Status, last_of_customer};
use composure_words::{Said, say, t, text};
use maud::{Markup, html};

use super::hopeless::{call, part};
use super::{Button, Close, Insert, Tick, aloud, foreign, heat_band, rule_label, severity_class, shortened, spelling};
use crate::action::Action;
use crate::compose::{Compose, Named};
use crate::settings::Settings;

pub(crate) fn panel(compose: &Compose, settings: &Settings) -> String {
    let heat = compose.heat_shown;
    let text = compose.text();
    let quiet = compose.foreign().is_some();
    html! {
        section class="panel" role="dialog" aria-label="Composure" {
            div class="head" {
                h2 { (if quiet { say!("Not read") } else { headline(heat) }) }
                (Close(say!("Close")))
            }
            @if !quiet {
                div class="meter" data-heat=(heat_band(heat)) role="img" aria-label=(t!("Heat {heat} of 100", heat = u32::from(heat))) {
                    // Twenty steps, as classes: the hands let no inline style through.
                    span class={ "bar w" (heat.div_ceil(5)) } {}
                }
            }
            @if let Some(notice) = &compose.notice { p class="notice" role="status" { (notice) } }
            @if quiet {
                p class="why" { (foreign(compose)) }
                (Button("primary", Action::ReadAnyway, say!("Read it anyway")))
            } @else {
                (findings(compose, &text))
                (spelling(compose, &text))
                (requests(compose))
                (checklist(compose))
            }
            (Button("insert", Action::Snippets { situation: String::new() }, say!("Snippets…")))
            @let gaps = compose.picker.gaps.iter().map(|gap| gap.text.as_str());
            @let blanks: Vec<&str> = unfilled(&text).into_iter().chain(gaps).collect();
            @if !blanks.is_empty() {
                p class="notice" { (say!("Still to fill in:")) " " (blanks.join(", ")) }
            }
            (call(compose, settings))
            (part(compose))
            @if !quiet && compose.has_words() {
                (aloud(compose))
                (Button("primary", Action::Walk, say!("Before sending…")))
            }
            div class="more" {
                @if !compose.muted.is_empty() {
                    button class="quiet" type="button" data-action=(Action::UnmuteAll) {
                        (say!("Show muted kinds again")) " (" (compose.muted.len()) ")"
                    }
                }
                (Button("quiet", Action::OpenRecords, say!("Records")))
                button class="quiet" type="button" data-action=(Action::OpenOptions) {
                    @if settings.my_name.is_empty() { (say!("Set your name and signature")) } @else { (say!("Options")) }
                }
            }
        }
    }
    .into_string()
}

fn headline(heat: u8) -> Said {
    match heat_band(heat) {
        "calm" => say!("Reads calm"),
        "cool" => say!("A little cool"),
        "warm" => say!("Sounds tense"),
        _ => say!("Sounds angry"),
    }
}

fn findings(compose: &Compose, text: &str) -> Markup {
    html! {
        @if compose.shown().next().is_some() {
            h3 { (say!("Words to mend")) }
            (finding_list(compose.shown(), text))
            (calm_button(compose))
        }
    }
}

/// The button that shows all suggestions at once, where there are several.
pub(super) fn calm_button(compose: &Compose) -> Markup {
    let mendable = compose.shown().filter(|named| !named.finding.suggestions.is_empty()).count();
    html! {
        @if mendable > 1 {
            (Button("primary", Action::Calm, say!("Calm this…")))
        }
    }
}

pub(crate) fn finding_list<'a>(findings: impl Iterator<Item = &'a Named>, text: &str) -> Markup {
    html! {
        ul class="findings" {
            @for named in findings {
                @let span = named.finding.span;
                li {
                    button class="finding" type="button" data-action=(Action::GoTo { finding: named.id }) {
                        span class={ "mark " (severity_class(named.finding.rule.severity)) } {}
                        span class="title" { (shortened(text.get(span.start..span.end).unwrap_or_default(), 44)) }
                        span class="label" { (rule_label(named.finding.rule.id)) }
                    }
                }
            }
        }
    }
}

/// What the customer asked for, so that nothing of it is forgotten.
fn requests(compose: &Compose) -> Markup {
    let asked = last_of_customer(&compose.thread);
    html! {
        @if let Some(asked) = asked.filter(|_| !compose.requests.is_empty()) {
            h3 { (say!("They asked")) }
            ul class="checklist requests" {
                @for request in &compose.requests {
                    @let words = asked.text.get(request.span.start..request.span.end).unwrap_or_default();
                    li class=(if request.answered { "met" } else { "unmet" }) {
                        (Tick(request.answered))
                        span class="title" { "“" (shortened(words, 70)) "”" }
                        @if !request.answered { span class="label" { (say!("not answered yet")) } }
                    }
                }
            }
        }
    }
}

fn checklist(compose: &Compose) -> Markup {
    html! {
        h3 { (say!("A good reply has")) }
        ul class="checklist" {
            @for state in compose.checklist.iter().filter(|state| state.status != Status::NotApplicable) {
                @let met = state.status == Status::Met;
                li class=(if met { "met" } else { "unmet" }) {
                    (Tick(met))
                    span class="title" title=(state.item.why) { (text(state.item.title)) }
                    @if !met {
                        (Insert(Action::Insert { item: state.item.id.to_owned() }, text(state.item.title)))
                    }
                }
            }
        }
    }
}

/// Placeholders that are still in the text, e.g. `{my_name}`, each once.
pub(crate) fn unfilled(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices('{') {
        let Some(close) = text[open..].find('}') else { break };
        let name = &text[open..=open + close];
        let is_name = name.len() > 2 && name[1..name.len() - 1].chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if is_name && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::unfilled;

    #[test]
    fn only_placeholders_are_to_fill_in() {
        let table: [(&str, &[&str]); 5] = [
            ("Hi {customer}, {my_name} of {business}. {my_name}", &["{customer}", "{my_name}", "{business}"]),
            ("{}", &[]),
            ("{ not one }", &[]),
            ("{Config}", &[]),
            ("an open { and no close", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(unfilled(text), expected, "{text}");
        }
    }
}
