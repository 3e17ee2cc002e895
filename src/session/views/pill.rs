//! The pill at the compose's corner: how it stands, in one glance.

use composure_engine::Status;
use maud::html;

use super::heat_band;
use crate::action::Action;
use crate::compose::Compose;
use crate::cool_off::left;
use crate::hopeless::STILL_HOT;

pub(crate) fn pill(compose: &Compose, now: u64) -> String {
    let findings = compose.findings.len();
    let missing = compose.checklist.iter().filter(|state| state.status == Status::Unmet).count();
    let state = match (findings, missing) {
        (0, 0) => "nothing to mend".to_owned(),
        (0, missing) => format!("reads calm, {}", counted(missing, "thing", "missing")),
        (findings, 0) => counted(findings, "place", "to mend"),
        (findings, missing) => {
            format!("{}, {}", counted(findings, "place", "to mend"), counted(missing, "thing", "missing"))
        }
    };
    let cooling = compose.cooling.map(|until| format!("Cooling off, {}", left(until.saturating_sub(now))));
    let label =
        format!("Composure: {}{state}", cooling.iter().map(|cooling| format!("{cooling}, ")).collect::<String>());
    html! {
        @if cooling.is_none() && !compose.nudged && compose.thread_heat >= STILL_HOT {
            button class="nudge" type="button" data-action=(Action::Breathe.encode()) {
                "This one is heated. A breath first?"
            }
        }
        button class="pill" type="button" data-heat=(heat_band(compose.heat)) aria-label=(label)
            aria-expanded=(if compose.panel { "true" } else { "false" }) title=(label) {
            span class="dot" {}
            @if let Some(cooling) = cooling { span class="cooling" { (cooling) } " " }
            @if findings > 0 { span class="count" { (findings) } } @else { span class="count calm" { "✓" } }
        }
    }
    .into_string()
}

fn counted(number: usize, noun: &str, rest: &str) -> String {
    format!("{number} {noun}{} {rest}", if number == 1 { "" } else { "s" })
}
