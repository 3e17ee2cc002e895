//! How the weeks went: what was counted and how the replies cooled, as pictures, as a table, and as files.

use composure_records::{Bars, Record, Week, bars, chart, table_csv, weeks};
use composure_words::{mark, say, t, text};
use gloo::events::EventListener;
use maud::{Markup, html};
use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::dom::fill;
use crate::records::{day, download, stored};
use crate::{JsResult, counts, kept, report};

/// The colours of a picture that stands alone.
const STYLE: &str = "<style>text{font:13px sans-serif;fill:#1d2129}.bar,circle.after{fill:#2b6fb3}.grid{stroke:#c4c9d2}\
    .hot{stroke-dasharray:4 4}polyline{fill:none;stroke-width:2}.before{stroke:#b3492b}circle.before{fill:#fff}\
    polyline.after{stroke:#2b6fb3}</style>";

/// Fills the page and keeps it working until it is closed.
#[wasm_bindgen]
pub async fn start_progress() {
    console_error_panic_hook::set_once();
    report(start().await);
}

async fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    let entries = stored(&kept::keys().await?).await?;
    let records: Vec<&Record> = entries.iter().filter_map(|entry| entry.record()).collect();
    // Minutes of a day, in whole numbers.
    let offset = -js_sys::Date::new_0().get_timezone_offset() as i32;
    let weeks = weeks(&counts::all().await?, records.iter().copied(), offset);
    fill(&main, &page(&weeks, chart(records.iter().copied(), day)))?;
    let place = main.clone();
    EventListener::new(&main, "click", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(what) = target.and_then(|target| target.get_attribute("data-save")) {
            report(save(&place, &what, &weeks));
        }
    })
    .forget();
    Ok(())
}

fn save(main: &Element, what: &str, weeks: &[Week]) -> JsResult<()> {
    if what == "csv" {
        return download("composure-weeks", "csv", "text/csv", table_csv(weeks).as_bytes());
    }
    let Some(picture) = main.query_selector(&format!("#{what} svg"))? else { return Ok(()) };
    let open = "<svg xmlns=\"http://www.w3.org/2000/svg\" ";
    let picture = picture.outer_html().replacen("<svg ", open, 1).replacen('>', &format!(">{STYLE}"), 1);
    download(&format!("composure-{what}"), "svg", "image/svg+xml", picture.as_bytes())
}

/// A Monday, as the writer reads it.
fn monday(week: &str) -> String {
    let time = js_sys::Date::parse(&format!("{week}T12:00:00"));
    if time.is_nan() { week.to_owned() } else { day(time as u64) }
}

fn page(weeks: &[Week], heat: Option<Markup>) -> Markup {
    let sum = |of: fn(&Week) -> u32| weeks.iter().map(of).fold(0, u32::saturating_add);
    let sums = [
        (sum(|week| week.counts.mended), t!("phrases mended")),
        (sum(|week| week.counts.inserted), t!("kind words put in")),
        (sum(|week| week.counts.answered), t!("requests answered")),
        (sum(|week| week.counts.held), t!("second looks before sending")),
        (sum(|week| week.counts.cooled), t!("replies left to cool")),
    ];
    html! {
        @if weeks.is_empty() {
            section {
                h2 { (say!("Nothing to show yet")) }
                p class="hint" { (say!("Take a suggestion in a reply, and it is counted here.")) }
            }
        } @else {
            section aria-labelledby="all" {
                h2 id="all" { (say!("So far")) }
                dl class="sums" { @for (count, what) in sums { div { dt { (what) } dd { (count) } } } }
            }
            (weekly("mended", weeks, MENDED, ""))
            @if let Some(heat) = heat {
                section id="heat" aria-labelledby="heat-title" {
                    h2 id="heat-title" { (say!("How your replies cooled")) }
                    (heat)
                    (saving("heat"))
                }
            }
            @if weeks.iter().any(|week| week.calm.is_some()) {
                (weekly("calm", weeks, CALM, t!("From when a draft was first hot until it was calm and stayed so, waits included; of each week's replies, the one in the middle.")))
            }
            section aria-labelledby="weeks" {
                h2 id="weeks" { (say!("The same in numbers")) }
                div class="table" tabindex="0" role="group" aria-labelledby="weeks" { (table(weeks)) }
                button type="button" class="quiet" data-save="csv" { (say!("Save as CSV")) }
            }
        }
    }
}

const MENDED: Bars = Bars {
    title: mark!("Phrases mended, week by week"),
    of: |week| Some(week.counts.mended),
    say: |mended| mended.to_string(),
};
const CALM: Bars = Bars { title: mark!("Time to calm, week by week"), of: |week| week.calm, say: time };

/// Seconds, as one says them.
fn time(seconds: u32) -> String {
    match seconds {
        0..60 => t!("{n} s", n = seconds),
        60..5400 => t!("{n} min", n = (seconds + 30) / 60),
        _ => t!("{n} h", n = (seconds + 1800) / 3600),
    }
}

/// A picture of the weeks in a section of its own.
fn weekly(id: &str, weeks: &[Week], what: Bars, hint: &str) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (text(what.title)) }
            @if !hint.is_empty() { p class="hint" { (hint) } }
            figure class="chart" {
                (bars(weeks, what, monday))
                @if let [first, .., last] = weeks {
                    figcaption { p {
                        (t!("Weeks from {first} to {last}", first = monday(&first.monday), last = monday(&last.monday))) ". "
                        (say!("Where nothing was counted or kept, there is a gap."))
                    } }
                }
            }
            (saving(id))
        }
    }
}

/// The buttons that save a picture.
fn saving(id: &str) -> Markup {
    html! {
        div class="row" {
            button type="button" class="quiet" data-save=(id) { (say!("Save this picture")) }
            button type="button" class="quiet" data-png=(id) { (say!("Save as PNG")) }
        }
    }
}

fn table(weeks: &[Week]) -> Markup {
    html! {
        table {
            thead {
                tr {
                    @for title in [t!("Week from"), t!("Mended"), t!("Put in"), t!("Answered"), t!("Second looks"), t!("Cooled"), t!("Replies"), t!("Heat"), t!("As sent"), t!("To calm")] {
                        th scope="col" { (title) }
                    }
                }
            }
            tbody {
                @for week in weeks.iter().rev() {
                    tr {
                        th scope="row" { (monday(&week.monday)) }
                        @for count in [week.counts.mended, week.counts.inserted, week.counts.answered, week.counts.held, week.counts.cooled, week.replies] {
                            td { (count) }
                        }
                        @for heat in [week.before, week.after] { td { @if week.replies > 0 { (heat) } @else { "–" } } }
                        td { @if let Some(seconds) = week.calm { (time(seconds)) } @else { "–" } }
                    }
                }
            }
        }
    }
}
