//! The walk before sending, step by step.

use composure_engine::last_of_customer;
use composure_words::{Said, say};
use maud::{Markup, html};

use super::hopeless::snippets;
use super::panel::{calm_button, finding_list};
use super::spelling::spelling_found;
use super::{Button, Close, Tick, aloud, heat_band, shortened, unfilled};
use crate::action::Action;
use crate::compose::{Compose, Named};
use crate::walk::{CLAIMS, Step};

pub(crate) fn walk(compose: &Compose) -> String {
    let steps = compose.steps();
    let text = compose.text();
    let left = steps.iter().filter(|(_, done)| !done).count();
    html! {
        section class="panel walk" role="dialog" aria-label=(say!("Before sending")) {
            div class="head" {
                h2 { (say!("Before sending")) }
                (Close(say!("Close")))
            }
            ul class="steps" {
                @for (step, done) in &steps {
                    li class=(if *done { "done" } else { "open" }) {
                        (Tick(*done))
                        div class="step" {
                            p class="title" {
                                (title(*step, *done))
                                @if *done { span class="sr" { " (" (say!("done")) ")" } }
                            }
                            (found(*step, *done, compose, &text))
                        }
                    }
                }
            }
            @if left == 0 {
                p class="notice finished" role="status" { (say!("All done. You gave this reply real care; it can go.")) }
            }
            div class="more" {
                (Button("quiet", Action::Back, say!("Back")))
            }
        }
    }
    .into_string()
}

fn title(step: Step, done: bool) -> Said {
    match (step, done) {
        (Step::Consider, _) => say!("Consider"),
        (Step::Requests, true) => say!("Everything they asked is answered"),
        (Step::Requests, false) => say!("They asked, and it is not answered yet"),
        (Step::Claims, true) => say!("Nothing is claimed that nobody can know"),
        (Step::Claims, false) => say!("Can you know this?"),
        (Step::Tone, true) => say!("The tone is kind"),
        (Step::Tone, false) => say!("The tone"),
        (Step::Spelling, _) => say!("Spelling and grammar"),
        (Step::Aloud, true) => say!("Heard aloud"),
        (Step::Aloud, false) => say!("Not heard aloud yet"),
        (Step::Signature, true) => say!("Signed"),
        (Step::Signature, false) => say!("Sign it"),
    }
}

/// What a step found, and the ways on from there.
fn found(step: Step, done: bool, compose: &Compose, text: &str) -> Markup {
    let findings = |wanted: fn(&Named) -> bool| finding_list(compose.shown().filter(|named| wanted(named)), text);
    match (step, done) {
        (Step::Consider, _) => consider(compose),
        (Step::Requests, false) => requests(compose),
        (Step::Claims, false) => findings(|named| named.finding.rule.id == CLAIMS),
        (Step::Tone, false) => html! {
            (findings(|named| named.finding.rule.id != CLAIMS))
            (calm_button(compose))
        },
        (Step::Spelling, _) => spelling_found(compose, text),
        (Step::Aloud, _) => aloud(compose),
        (Step::Signature, false) => signature(text),
        _ => Markup::default(),
    }
}

fn consider(compose: &Compose) -> Markup {
    let mood = match (last_of_customer(&compose.thread), heat_band(compose.thread_heat)) {
        (None, _) => say!("Think of the person who opens this."),
        (_, "calm") => say!("They sound calm."),
        (_, "cool") => say!("They sound a little put out."),
        (_, "warm") => say!("They sound upset."),
        _ => say!("They sound very upset."),
    };
    let considered = compose.walk.considered;
    html! {
        p class="why" { (mood) " " (say!("Could they have a point? What do they need?")) }
        button class={ "change" (if considered { "" } else { " kept" }) } type="button"
            aria-pressed=(if considered { "true" } else { "false" }) data-action=(Action::Consider) {
            (Tick(considered))
            span class="title" { (say!("I have thought about it")) }
        }
    }
}

fn requests(compose: &Compose) -> Markup {
    let asked = last_of_customer(&compose.thread).map_or("", |message| message.text.as_str());
    html! {
        ul class="asked" {
            @for (place, request) in compose.requests.iter().enumerate().filter(|(_, request)| !request.answered) {
                @let words = shortened(asked.get(request.span.start..request.span.end).unwrap_or_default(), 90);
                li {
                    span class="title" { "“" (words) "”" }
                    button class="insert" type="button" data-action=(Action::Answer { request: place })
                        aria-label={ (say!("Answer")) ": " (words) } { (say!("Answer")) }
                }
            }
        }
        p class="why" { (say!("For a kind no:")) }
        (snippets(compose, "decline"))
    }
}

fn signature(text: &str) -> Markup {
    let blanks = unfilled(text);
    html! {
        @if blanks.is_empty() {
            (Button("insert", Action::Insert { item: "signature".to_owned() }, say!("Insert a signature")))
        } @else {
            p class="why" { (say!("Still to fill in:")) " " (blanks.join(", ")) }
        }
    }
}
