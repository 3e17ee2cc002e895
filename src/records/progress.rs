//! How the weeks went: what was counted and how hot the replies were, week by week.

use std::collections::BTreeMap;

use composure_words::text;
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
    /// How many seconds it took until a draft that had been hot was calm, as [`Record::calm_after`] has it: the median of the
    /// replies of which it is known, nothing where there is none.
    pub calm: Option<u32>,
}

/// The weeks in which anything was counted or kept, oldest first. The days of `counts` are as `2026-11-29`; what is no day
/// is passed over. `offset` is how many minutes the writer's clock is ahead of UTC.
pub fn weeks<'a>(
    counts: &BTreeMap<String, Counts>,
    records: impl Iterator<Item = &'a Record>,
    offset: i32,
) -> Vec<Week> {
    let mut weeks: BTreeMap<Date, Week> = BTreeMap::new();
    let mut calm: BTreeMap<String, Vec<u32>> = BTreeMap::new();
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
        if let Some(seconds) = record.calm_after {
            calm.entry(week.monday.clone()).or_default().push(seconds);
        }
    }
    let mean = |sum: u32, count: u32| (sum + count / 2) / count.max(1);
    let finish = |week: Week| Week {
        before: mean(week.before, week.replies),
        after: mean(week.after, week.replies),
        calm: calm.get_mut(&week.monday).and_then(|seconds| median(seconds)),
        ..week
    };
    weeks.into_values().map(finish).collect()
}

/// The one in the middle; of two in the middle, the smaller.
fn median(numbers: &mut [u32]) -> Option<u32> {
    numbers.sort_unstable();
    numbers.get(numbers.len().saturating_sub(1) / 2).copied()
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
    let mut csv =
        "week,mended,inserted,answered,held,cooled,replies,heat_before,heat_after,seconds_to_calm\r\n".to_owned();
    for Week { monday, counts: Counts { mended, inserted, answered, held, cooled }, replies, before, after, calm } in
        weeks
    {
        let calm = calm.map(|seconds| seconds.to_string()).unwrap_or_default();
        csv.push_str(&format!(
            "{monday},{mended},{inserted},{answered},{held},{cooled},{replies},{before},{after},{calm}\r\n"
        ));
    }
    csv
}

/// Most weeks that are drawn: half a year.
const MOST: usize = 26;
/// The picture's size, in the units of its view box.
const WIDTH: usize = 800;
const HEIGHT: u32 = 140;

/// What is drawn of the weeks.
#[derive(Clone, Copy)]
pub struct Bars {
    /// What the picture is called, in English.
    pub title: &'static str,
    /// How much it was in a week; nothing where the week has nothing to say of it.
    pub of: fn(&Week) -> Option<u32>,
    /// So much in words.
    pub say: fn(u32) -> String,
}

/// A picture of the last weeks, one beside the other as the calendar has them: a week without anything to say is a gap, with no
/// ground under it. `day` writes a Monday as the writer reads it.
pub fn bars(weeks: &[Week], what: Bars, day: impl Fn(&str) -> String) -> Markup {
    let places = places(weeks);
    let first = places.last().map_or(0, |last| last.0.saturating_sub(MOST - 1));
    let shown = places.iter().filter(|(place, _)| *place >= first).map(|(place, week)| (place - first, *week));
    let shown: Vec<(usize, &Week, u32)> =
        shown.filter_map(|(place, week)| Some((place, week, (what.of)(week)?))).collect();
    let most = shown.iter().map(|(.., much)| *much).max().unwrap_or(0).max(1);
    let step = WIDTH / shown.last().map_or(0, |(place, ..)| place + 1).clamp(8, MOST);
    let bar = |much: u32| u32::try_from(u64::from(much) * u64::from(HEIGHT) / u64::from(most)).unwrap_or(HEIGHT);
    html! {
        svg viewBox={ "0 -22 " (WIDTH) " " (HEIGHT + 24) } role="img" aria-label=(text(what.title)) {
            @for (place, week, much) in &shown {
                @let height = bar(*much);
                line class="grid" x1=(place * step) x2=((place + 1) * step) y1=(HEIGHT) y2=(HEIGHT) {}
                rect class="bar" x=(place * step + 3) width=(step - 6) y=(HEIGHT - height) height=(height) rx="3" {
                    title { (day(&week.monday)) ": " ((what.say)(*much)) }
                }
                @if *much > 0 {
                    text class="count" x=(place * step + step / 2) y=(HEIGHT - height) dy="-6" text-anchor="middle" { ((what.say)(*much)) }
                }
            }
        }
    }
}

/// Each week, and how many weeks after the first it is.
fn places(weeks: &[Week]) -> Vec<(usize, &Week)> {
    let Some(first) = weeks.first().and_then(|week| date(&week.monday)) else { return Vec::new() };
    let place = |week: &Week| usize::try_from((date(&week.monday)? - first).whole_weeks()).ok();
    weeks.iter().filter_map(|week| Some((place(week)?, week))).collect()
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
            calm_after: None,
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
        let monday = Date::from_calendar_date(2026, time::Month::November, 2).expect("a Monday");
        let week = |number: usize, mended| {
            let day = monday + Duration::weeks(number as i64);
            let monday = format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day());
            Week { monday, counts: Counts { mended, ..Counts::default() }, ..Week::default() }
        };
        let many: Vec<Week> = (0..200).map(|number| week(number, 7)).collect();
        for weeks in [vec![], vec![week(0, 0)], vec![week(0, u32::MAX), week(1, 1)], many] {
            let picture = bars(&weeks, MENDED, str::to_owned).0;
            assert_eq!(picture.matches("<rect").count(), weeks.len().min(MOST));
            assert!(!picture.contains("height=\"141\"") && !picture.contains(" y=\"-"), "{picture}");
        }
        // Weeks that are not there, or of which nothing is known, leave their place empty.
        let picture = bars(&[week(0, 1), week(3, 2)], MENDED, str::to_owned).0;
        assert!(
            picture.contains("x=\"3\"") && picture.contains("x=\"303\"") && !picture.contains("x1=\"100\""),
            "{picture}"
        );
        let picture = bars(&[week(0, 1), week(40, 2)], MENDED, str::to_owned).0;
        assert_eq!((picture.matches("<rect").count(), picture.contains("x=\"753\"")), (1, true), "{picture}");
        let calm = Bars { of: |week| week.calm, ..MENDED };
        assert_eq!(bars(&[week(0, 1)], calm, str::to_owned).0.matches("<rect").count(), 0);
    }

    const MENDED: Bars =
        Bars { title: "Phrases mended", of: |week| Some(week.counts.mended), say: |mended| mended.to_string() };

    #[test]
    fn the_time_to_calm_is_that_of_the_one_in_the_middle() {
        let calm = |seconds| Record { calm_after: seconds, ..record(1_796_000_000_000, 80, 5) };
        let of = |seconds: &[Option<u32>]| {
            let records: Vec<Record> = seconds.iter().map(|seconds| calm(*seconds)).collect();
            weeks(&BTreeMap::new(), records.iter(), 0)[0].clone()
        };
        assert_eq!(of(&[None]).calm, None);
        assert_eq!(of(&[Some(9), None, Some(3600), Some(60)]).calm, Some(60));
        assert_eq!(of(&[Some(9), Some(3)]).calm, Some(3));
        assert!(
            table_csv(&[of(&[Some(9)]), of(&[None])]).ends_with(",9\r\n2026-11-30,0,0,0,0,0,1,80,5,\r\n"),
            "{}",
            table_csv(&[of(&[None])])
        );
    }
}
