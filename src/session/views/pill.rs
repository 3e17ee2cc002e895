//! The pill at the compose's corner: how it stands, in one glance.

use composure_engine::Status;
use composure_words::{say, t, tn};
use maud::html;

use super::{Button, foreign, heat_band};
use crate::action::Action;
use crate::compose::Compose;
use crate::cool_off::left;
use crate::hopeless::STILL_HOT;

pub(crate) fn pill(compose: &Compose, now: u64) -> String {
    let findings = compose.shown().count();
    let missing = compose.checklist.iter().filter(|state| state.status == Status::Unmet).count();
    let mend = (findings > 0).then(|| tn!(findings, "{n} place to mend", "{n} places to mend"));
    let miss = (missing > 0).then(|| tn!(missing, "{n} thing missing", "{n} things missing"));
    let state = match (mend, miss) {
        _ if compose.foreign().is_some() => foreign(compose),
        (None, None) => t!("nothing to mend").to_owned(),
        (None, Some(miss)) => format!("{}, {miss}", t!("reads calm")),
        (Some(mend), None) => mend,
        (Some(mend), Some(miss)) => format!("{mend}, {miss}"),
    };
    let cooling = compose.cooling.map(|until| t!("Cooling off, {left}", left = left(until.saturating_sub(now))));
    let label =
        format!("Composure: {}{state}", cooling.iter().map(|cooling| format!("{cooling}, ")).collect::<String>());
    html! {
        @if cooling.is_none() && !compose.nudged && compose.thread_heat >= STILL_HOT {
            (Button("nudge", Action::Breathe, say!("This one is heated. A breath first?")))
        }
        button class="pill" type="button" data-heat=(heat_band(compose.heat_shown)) aria-label=(label)
            aria-expanded=(if compose.panel { "true" } else { "false" }) title=(label) {
            span class="dot" {}
            @if let Some(cooling) = cooling { span class="cooling" { (cooling) } " " }
            @if findings > 0 { span class="count" { (findings) } } @else {
                span class="count calm" { (if compose.foreign().is_some() { "–" } else { "✓" }) }
            }
        }
    }
    .into_string()
}
