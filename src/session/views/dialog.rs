//! The dialog over a held send: what would hurt, what is missing, and the ways on from here.

use std::cmp::Reverse;

use composure_engine::{Span, Status, last_of_customer};
use composure_few::push_in_order;
use composure_words::{Said, say, t, text};
use maud::{Markup, html};

use super::card::change;
use super::hopeless::call;
use super::{Button, Close, Insert, Tick, rule_label, severity_class, shortened};
use crate::action::Action;
use crate::compose::Compose;
use crate::cool_off::left;
use crate::guard::{Held, is_open};
use crate::settings::Settings;

/// More than these is a list to read, not a reason to stop.
const MOST_PLACES: usize = 3;

pub(crate) fn dialog(compose: &Compose, held: Held, hot: bool, settings: &Settings, now: u64) -> String {
    let text = compose.text();
    let cooling = compose.cooling.map(|until| left(until.saturating_sub(now)));
    let open = is_open(compose, settings);
    let (title, lead) = match (&cooling, hot) {
        (None, false) if open => (say!("Something is still to be filled in"), t!("It has not been sent.").to_owned()),
        (Some(left), _) => (say!("This reply is cooling off"), t!("{left} to go. It has not been sent.", left = left)),
        (None, true) => {
            (say!("Before this goes"), t!("It has not been sent. An upset reader would hear this:").to_owned())
        }
        (None, false) => (say!("It reads calm now"), t!("It has not been sent yet.").to_owned()),
    };
    let calm = cooling.is_none() && !hot && !open;
    html! {
        section class="dialog" role="dialog" aria-modal="true" aria-label=(title) {
            div class="head" {
                h2 { (title) }
                (Close(say!("Back to the draft")))
            }
            p class="lead" { (lead) }
            @if hot { (hottest(compose, &text)) }
            @if open { (gaps(compose, &text, hot)) }
            (forgotten(compose))
            @if !calm { (call(compose, settings)) }
            div class="ways" {
                div class="choices" {
                    @if calm {
                        (Button("primary", Action::SendAnyway, say!("Send")))
                    } @else {
                        button class="primary" type="button" data-action=(Action::Mend) {
                            @if hot { (say!("Mend it")) } @else if open { (say!("Fill it in")) } @else { (say!("Back to the draft")) }
                        }
                    }
                    @if cooling.is_some() {
                        (Button("quiet", Action::EndCoolOff, say!("End the cool-off")))
                    }
                    @if !calm {
                        (Button("quiet", Action::SendAnyway, say!("Send anyway")))
                    }
                }
                @if hot && cooling.is_none() && !held.later && compose.key.is_some() { (waits(held)) }
            }
        }
    }
    .into_string()
}

/// What a snippet left open.
fn gaps(compose: &Compose, text: &str, named: bool) -> Markup {
    html! {
        @if named { h3 { (say!("Still to be filled in")) } }
        ul class="asked" {
            @for gap in compose.picker.gaps.iter().take(MOST_PLACES) {
                li { span class="sentence" { (in_context(text, gap.span)) } }
            }
        }
    }
}

/// The places that would hurt most, with what to write instead.
fn hottest(compose: &Compose, text: &str) -> Markup {
    let mut places = Vec::new();
    for named in &compose.findings {
        push_in_order(&mut places, named, |named| Reverse((named.finding.rule.severity, named.finding.rule.heat)));
    }
    places.truncate(MOST_PLACES);
    html! {
        ul class="hottest" {
            @for named in places {
                @let finding = &named.finding;
                li {
                    span class={ "badge " (severity_class(finding.rule.severity)) } { (rule_label(finding.rule.id)) }
                    p class="sentence" { (in_context(text, finding.span)) }
                    @if let Some(suggestion) = finding.suggestions.first() {
                        button class="suggestion" type="button"
                            data-action=(Action::Take { finding: named.id, choice: 0 }) {
                            (change(text, &suggestion.edit))
                        }
                    } @else {
                        p class="why" lang="en" { (finding.rule.instead) }
                    }
                }
            }
        }
    }
}

/// The words in their sentence, as far as that is short.
fn in_context(text: &str, words: Span) -> Markup {
    const AROUND: usize = 60;
    let holds = |sentence: &Span| sentence.start <= words.start && words.end <= sentence.end;
    let sentence = composure_engine::sentences(text).into_iter().find(holds).unwrap_or(words);
    let part = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    let before = part(sentence.start, words.start);
    let cut = before.char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    html! {
        @if cut > 0 { "…" }
        (&before[cut..]) strong { (part(words.start, words.end)) } (shortened_end(part(words.end, sentence.end), AROUND))
    }
}

fn shortened_end(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What the customer asked and the draft does not answer, and what a good reply would have.
fn forgotten(compose: &Compose) -> Markup {
    let asked = last_of_customer(&compose.thread).map_or("", |message| message.text.as_str());
    let open: Vec<_> = compose.requests.iter().filter(|request| !request.answered).collect();
    let missing: Vec<_> = compose.checklist.iter().filter(|state| state.status == Status::Unmet).collect();
    html! {
        @if !open.is_empty() {
            h3 { (say!("They asked, and it is not answered yet")) }
            ul class="asked" {
                @for request in open.iter().take(MOST_PLACES) {
                    li { "“" (shortened(asked.get(request.span.start..request.span.end).unwrap_or_default(), 90)) "”" }
                }
            }
        }
        @if !missing.is_empty() {
            h3 { (say!("A good reply has")) }
            ul class="checklist" {
                @for state in missing.iter().take(MOST_PLACES) {
                    li class="unmet" {
                        (Tick(false))
                        span class="title" title=(state.item.why) { (text(state.item.title)) }
                        (Insert(Action::Insert { item: state.item.id.to_owned() }, text(state.item.title)))
                    }
                }
            }
        }
    }
}

/// How long to wait.
fn waits(held: Held) -> Markup {
    let own = held.own_wait;
    let step = if own < 60 { 5 } else { 30 };
    let wait = |minutes: u32, label: &str| {
        html! {
            button class="insert" type="button" data-action=(Action::CoolOff { minutes }) { (label) }
        }
    };
    let other = |minutes: u32, sign: &str, label: Said| {
        html! {
            button class="insert" type="button" data-action=(Action::OwnWait { minutes }) aria-label=(label) { (sign) }
        }
    };
    html! {
        div class="waits" role="group" aria-label=(say!("Cool off")) {
            span class="title" { (say!("Cool off")) }
            (wait(10, t!("10 min"))) (wait(60, t!("1 hour"))) (wait(0, t!("Tomorrow morning")))
            span class="own" {
                (other(own.saturating_sub(step), "−", say!("Shorter")))
                (wait(own, &left(u64::from(own) * 60_000)))
                (other(own + step, "+", say!("Longer")))
            }
        }
    }
}
