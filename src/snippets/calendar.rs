//! The coming days by name: the one thing about time that a template needs.

use crate::search::small;

/// The coming days as the writer's language writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// `days[n]` names the day in `n` days; the first is today.
    pub days: Vec<String>,
    /// Which day of the week today is: 0 is Sunday.
    pub weekday: usize,
}

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// A day that a template speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Day {
    /// In so many days.
    After(usize),
    /// In so many days on which businesses work.
    AfterWorking(usize),
    /// The next day of this name, today not counted.
    Next(usize),
}

/// The longest way ahead, in days.
pub(crate) const LONGEST: usize = 60;

impl Day {
    /// Reads `tomorrow`, `in 2 working days`, `in 3 days`, `in 2 weeks`, `next Monday`; nothing if it is no such thing.
    pub(crate) fn parse(text: &str) -> Option<Day> {
        let lower = small(text);
        let words: Vec<&str> = lower.split_whitespace().collect();
        match words[..] {
            ["tomorrow"] => Some(Day::After(1)),
            ["next", name] => WEEKDAYS.iter().position(|day| *day == name).map(Day::Next),
            ["in", number, ref unit @ ..] => {
                let number: usize = number.parse().ok()?;
                let (day, length) = match unit {
                    ["day" | "days"] => (Day::After(number), number),
                    ["week" | "weeks"] => (Day::After(number.checked_mul(7)?), number.checked_mul(7)?),
                    ["working", "day" | "days"] => (Day::AfterWorking(number), number.checked_mul(2)?),
                    _ => return None,
                };
                (1..=LONGEST).contains(&length).then_some(day)
            }
            _ => None,
        }
    }
}

impl Calendar {
    /// The name of a day, where the calendar reaches so far.
    pub(crate) fn name(&self, day: Day) -> Option<&str> {
        let ahead = match day {
            Day::After(days) => days,
            Day::AfterWorking(count) => {
                let is_working = |ahead: &usize| !matches!((self.weekday + ahead) % 7, 0 | 6);
                (1..self.days.len()).filter(is_working).nth(count.checked_sub(1)?)?
            }
            Day::Next(weekday) => (weekday + 6 - self.weekday % 7) % 7 + 1,
        };
        self.days.get(ahead).map(String::as_str)
    }

    /// The day that comes after so many working days; nothing where the calendar does not reach so far.
    pub fn in_working_days(&self, count: usize) -> Option<&str> {
        self.name(Day::AfterWorking(count))
    }
}
