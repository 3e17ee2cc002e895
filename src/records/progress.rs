//! How the weeks went: what was counted and how hot the replies were, week by week.

use std::collections::BTreeMap;

use composure_words::say;
use maud::{Markup, html};
use time::{Date, Duration, OffsetDateTime};

use crate::Record;

/// What was counted on a day, or in a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Phrases in whose place a suggestion was taken.
    pub mended: u32,
    /// Sentences that were put in where they were missing.
    pub inserted: u32,
    /// Requests of customers that were answered in replies that were sent.
    pub answered: u32,
    /// How often a hot reply was held.
    pub held: u32,
    /// How often a reply was let cool off.
    pub cooled: u32,
}

/// A week, which begins on Monday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// Its Monday, as `2026-11-23`.
    pub monday: String,
    /// What was counted in it.
    pub counts: Counts,
    /// Replies that were kept.
    pub replies: u32,
    /// The heat of their drafts when they were hottest, 0 to 100, on average; 0 without replies.
    pub before: u32,
    /// Their heat as they were sent, 0 to 100, on average; 0 without replies.
    pub after: u32,
}

/// The weeks in which anything was counted or kept, oldest first. The days of `counts` are as `2026-11-29`; what is no day
/// is passed over. `offset` is how many minutes the writer's clock is ahead of UTC.
pub fn weeks<'a>(
    counts: &BTreeMap<String, Counts>,
    records: impl Iterator<Item = &'a Record>,
    offset: i32,
) -> Vec<Week> {
    let mut weeks: BTreeMap<Date, Week> = BTreeMap::new();
    for (day, counts) in counts {
        let Some(week) = date(day).and_then(|day| week_of(day, &mut weeks)) else { continue };
        let sum = &mut week.counts;
        for (sum, count) in [
            (&mut sum.mended, counts.mended),
            (&mut sum.inserted, counts.inserted),
            (&mut sum.answered, counts.answered),
            (&mut sum.held, counts.held),
            (&mut sum.cooled, counts.cooled),
        ] {
            *sum = sum.saturating_add(count);
        }
    }
    for record in records {
        let seconds = i64::try_from(record.time / 1000).ok().map(|seconds| seconds + i64::from(offset) * 60);
        let time = seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
        let Some(week) = time.and_then(|time| week_of(time.date(), &mut weeks)) else { continue };
        week.replies += 1;
        week.before += u32::from(record.heat_before);
        week.after += u32::from(record.heat_after);
    }
    let mean = |sum: u32, count: u32| (sum + count / 2) / count.max(1);
    let finish =
        |week: Week| Week { before: mean(week.before, week.replies), after: mean(week.after, week.replies), ..week };
    weeks.into_values().map(finish).collect()
}

fn date(day: &str) -> Option<Date> {
    let mut parts = day.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = time::Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, parts.next()?.parse().ok()?).ok()
}

fn week_of(day: Date, weeks: &mut BTreeMap<Date, Week>) -> Option<&mut Week> {
    let monday = day.checked_sub(Duration::days(day.weekday().number_days_from_monday().into()))?;
    let (year, month, number) = monday.to_calendar_date();
    let name = || Week { monday: format!("{year:04}-{:02}-{number:02}", u8::from(month)), ..Week::default() };
    Some(weeks.entry(monday).or_insert_with(name))
}

/// The weeks as a table for a spreadsheet.
pub fn table_csv(weeks: &[Week]) -> String {
    let mut csv = "week,mended,inserted,answered,held,cooled,replies,heat_before,heat_after\r\n".to_owned();
    for Week { monday, counts: Counts { mended, inserted, answered, held, cooled }, replies, before, after } in weeks {
        csv.push_str(&format!(
            "{monday},{mended},{inserted},{answered},{held},{cooled},{replies},{before},{after}\r\n"
        ));
    }
    csv
}

/// Most weeks that are drawn: half a year.
const MOST: usize = 26;
/// The picture's size, in the units of its view box.
const WIDTH: usize = 800;
const HEIGHT: u32 = 140;

/// A picture of the phrases mended in each of the last weeks. `day` writes a Monday as the writer reads it.
pub fn bars(weeks: &[Week], day: impl Fn(&str) -> String) -> Markup {
    let shown = weeks.get(weeks.len().saturating_sub(MOST)..).unwrap_or_default();
    let most = shown.iter().map(|week| week.counts.mended).max().unwrap_or(0).max(1);
    let step = WIDTH / shown.len().clamp(8, MOST);
    let bar = |mended: u32| u32::try_from(u64::from(mended) * u64::from(HEIGHT) / u64::from(most)).unwrap_or(HEIGHT);
    html! {
        svg viewBox={ "0 -22 " (WIDTH) " " (HEIGHT + 24) } role="img" aria-label=(say!("Phrases mended, week by week")) {
            line class="grid" x1="0" x2=(WIDTH) y1=(HEIGHT) y2=(HEIGHT) {}
            @for (place, week) in shown.iter().enumerate() {
                @let height = bar(week.counts.mended);
                rect class="bar" x=(place * step + 3) width=(step - 6) y=(HEIGHT - height) height=(height) rx="3" {
                    title { (day(&week.monday)) ": " (week.counts.mended) }
                }
                @if week.counts.mended > 0 {
                    text class="count" x=(place * step + step / 2) y=(HEIGHT - height) dy="-6" text-anchor="middle" { (week.counts.mended) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(time: u64, before: u8, after: u8) -> Record {
        Record {
            version: 1,
            time,
            site: String::new(),
            recipient: None,
            address: None,
            subject: None,
            message: String::new(),
            reply: String::new(),
            heat_message: 0,
            heat_before: before,
            heat_after: after,
        }
    }

    #[test]
    fn days_and_replies_come_into_their_weeks() {
        let mended = |mended| Counts { mended, ..Counts::default() };
        let counts: BTreeMap<String, Counts> = [
            ("2026-11-29", mended(2)), // a Sunday
            ("2026-11-23", mended(3)), // its Monday
            ("2026-11-22", mended(1)), // the day before
            ("2027-01-01", mended(u32::MAX)),
            ("2026-12-28", mended(5)),
            ("2026-13-01", mended(9)),
            ("nonsense", mended(9)),
        ]
        .map(|(day, counts)| (day.to_owned(), counts))
        .into();
        // Sunday, 2026-11-29, 23:30 UTC, which is Monday an hour further east.
        let late = 1_796_000_000_000 - 1_796_000_000_000 % 86_400_000;
        let sunday = (0..8).map(|days| late + days * 86_400_000 + 84_600_000);
        let sunday = sunday.into_iter().find(|time| {
            let date = OffsetDateTime::from_unix_timestamp((time / 1000) as i64).expect("a time").date();
            date.weekday() == time::Weekday::Sunday
        });
        let sunday = sunday.expect("a week has a Sunday");
        let records = [record(sunday, 80, 10), record(sunday, 61, 11), record(u64::MAX, 1, 1)];
        let utc = weeks(&counts, records.iter(), 0);
        let mondays: Vec<&str> = utc.iter().map(|week| week.monday.as_str()).collect();
        assert_eq!(&mondays[..2], ["2026-11-16", "2026-11-23"]);
        assert_eq!(utc[1].counts.mended, 5);
        let year = utc.iter().find(|week| week.monday == "2026-12-28").expect("the week of the new year");
        assert_eq!(year.counts.mended, u32::MAX, "no count overflows");
        let of = |weeks: &[Week]| weeks.iter().find(|week| week.replies > 0).cloned().expect("replies");
        assert_eq!((of(&utc).replies, of(&utc).before, of(&utc).after), (2, 71, 11));
        assert_ne!(of(&weeks(&counts, records.iter(), 60)).monday, of(&utc).monday);
        let csv = table_csv(&utc);
        assert_eq!(csv.lines().count(), utc.len() + 1);
        assert!(csv.contains("\r\n2026-11-23,5,0,0,0,0,"), "{csv}");
    }

    #[test]
    fn bars_stay_within_their_picture() {
        let week = |mended| Week { counts: Counts { mended, ..Counts::default() }, ..Week::default() };
        for weeks in [vec![], vec![week(0)], vec![week(u32::MAX), week(1)], vec![week(7); 200]] {
            let picture = bars(&weeks, str::to_owned).0;
            assert_eq!(picture.matches("<rect").count(), weeks.len().min(MOST));
            assert!(!picture.contains("height=\"141\"") && !picture.contains(" y=\"-"), "{picture}");
        }
    }
}
