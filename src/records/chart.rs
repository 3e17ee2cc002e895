//! Heat over time, drawn.

use composure_session::HOT;
use composure_words::{say, t, tn};
use maud::{Markup, html};

use crate::Record;

/// Its size, in the units of its view box. (Whole numbers throughout: what writes fractions is 20 KB of wasm.)
const WIDTH: u32 = 800;
const HEIGHT: u32 = 200;
/// More points than this are a smear: records of the same stretch of time are drawn as one, with their mean.
const MOST_POINTS: u32 = 40;

/// So long without a reply, in milliseconds, is a gap in the picture: a week.
const GAP: u64 = 7 * 86_400_000;

/// Records of one stretch of time.
#[derive(Clone, Copy, Default)]
struct Stretch {
    count: u32,
    first: u64,
    last: u64,
    message: u32,
    before: u32,
    after: u32,
}

impl Stretch {
    fn add(&mut self, record: &Record) {
        if self.count == 0 {
            self.first = record.time;
        }
        self.count += 1;
        self.first = self.first.min(record.time);
        self.last = self.last.max(record.time);
        self.message += u32::from(record.heat_message);
        self.before += u32::from(record.heat_before);
        self.after += u32::from(record.heat_after);
    }

    /// Rounded.
    fn mean(&self, sum: u32) -> u32 {
        (sum + self.count / 2) / self.count.max(1)
    }
}

/// One of a stretch's sums.
type Of = fn(&Stretch) -> u32;

/// A small picture of how hot the drafts were before and after mending, with the same in words beside it. `day` writes a
/// time as the writer reads it. Nothing where there is nothing to draw.
pub fn chart<'a>(records: impl Iterator<Item = &'a Record> + Clone, day: impl Fn(u64) -> String) -> Option<Markup> {
    let first = records.clone().map(|record| record.time).min()?;
    let last = records.clone().map(|record| record.time).max()?;
    let length = (last - first).max(1);
    let mut stretches = [Stretch::default(); MOST_POINTS as usize + 1];
    let mut all = Stretch::default();
    for record in records {
        let place = u128::from(record.time - first) * u128::from(MOST_POINTS) / u128::from(length);
        stretches[usize::try_from(place).unwrap_or(0).min(MOST_POINTS as usize)].add(record);
        all.add(record);
    }
    let filled: Vec<(u32, &Stretch)> = (0..)
        .step_by((WIDTH / MOST_POINTS) as usize)
        .zip(&stretches)
        .filter(|(_, stretch)| stretch.count > 0)
        .collect();
    let height = |heat: u32| HEIGHT - heat * HEIGHT / 100;
    // A line goes over no week without a reply.
    let parts: Vec<&[(u32, &Stretch)]> =
        filled.chunk_by(|(_, one), (_, next)| next.first.saturating_sub(one.last) < GAP).collect();
    let line = |of: &Of, part: &[(u32, &Stretch)]| {
        let points = part.iter().map(|(x, stretch)| format!("{x},{}", height(stretch.mean(of(stretch)))));
        points.collect::<Vec<_>>().join(" ")
    };
    let lines: [(&str, Of); 2] = [("before", |stretch| stretch.before), ("after", |stretch| stretch.after)];
    let [message, before, after] = [all.message, all.before, all.after].map(|sum| all.mean(sum));
    Some(html! {
        figure class="chart" {
            svg viewBox={ "-6 -6 " (WIDTH + 12) " " (HEIGHT + 12) } role="img" aria-label=(say!("Heat over time")) {
                line class="grid" x1="0" x2=(WIDTH) y1=(HEIGHT) y2=(HEIGHT) {}
                line class="grid hot" x1="0" x2=(WIDTH) y1=(height(HOT.into())) y2=(height(HOT.into())) {}
                @for (class, of) in &lines {
                    @for part in &parts { polyline class=(class) points=(line(of, part)) {} }
                    @for (x, stretch) in &filled {
                        circle class=(class) cx=(x) cy=(height(stretch.mean(of(stretch)))) r="4" {
                            title { (day(stretch.first)) ": " (stretch.mean(of(stretch))) " " (class) }
                        }
                    }
                }
            }
            figcaption {
                p class="days" { span { (day(first)) } @if last > first { span { (day(last)) } } }
                p {
                    span class="key before" { (say!("before mending")) } " "
                    span class="key after" { (say!("as sent")) } " "
                    span class="key hot" { (say!("from here on, hot")) }
                }
                p {
                    (tn!(all.count, "{n} reply.", "{n} replies.")) " "
                    (t!(
                        "Heat, of 100, on average: their mails {theirs}, your drafts at their hottest {before}, as you sent them {after}.",
                        theirs = message,
                        before = before,
                        after = after
                    ))
                }
            }
        }
    })
}
