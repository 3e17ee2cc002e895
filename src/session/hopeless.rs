//! When writing no longer helps: a number to call instead, and how to part kindly.

use composure_engine::{Thread, ThreadFacts};

/// So many mails, or so many days, without peace are enough to offer a way out.
const MAILS: usize = 6;
const DAYS: u32 = 5;
/// From this heat of the customer's last words on there is no peace yet, and a breath helps.
pub(crate) const STILL_HOT: u8 = 40;

/// The ways out of a conversation.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Hopeless {
    /// The customer's number, newest first.
    pub(crate) phone: Option<Phone>,
    /// Whether it may be kinder to both to part.
    pub(crate) part: bool,
}

/// A telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    /// As people read it.
    pub(crate) shown: String,
    /// As a telephone dials it: digits, maybe after a `+`.
    pub(crate) dialled: String,
}

impl Hopeless {
    pub(crate) fn of(thread: &Thread, facts: &ThreadFacts) -> Hopeless {
        let number = facts.phones.first().and_then(|place| {
            let message = thread.messages.get(place.message)?;
            message.text.get(place.span.start..place.span.end)
        });
        let long = facts.mails >= MAILS || facts.days.is_some_and(|days| days >= DAYS);
        Hopeless { phone: number.map(Phone::read), part: long && facts.heat >= STILL_HOT }
    }
}

impl Phone {
    /// From a number as somebody wrote it.
    fn read(written: &str) -> Phone {
        // The zero of "+44 (0)20" is only dialled at home.
        let written = if written.starts_with('+') { written.replace("(0)", " ") } else { written.to_owned() };
        let groups: Vec<&str> =
            written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
        let plus = if written.starts_with('+') { "+" } else { "" };
        let shown = match groups[..] {
            [all] => split(all, plus.is_empty()).join(" "),
            _ => groups.join(" "),
        };
        Phone { shown: format!("{plus}{shown}"), dialled: format!("{plus}{}", groups.concat()) }
    }
}

/// Cuts a row of digits that nobody grouped as people read it out.
fn split(digits: &str, national: bool) -> Vec<&str> {
    let cuts: &[usize] = match (digits.len(), national, digits.starts_with('0')) {
        (10, true, false) => &[3, 6],
        (11, true, true) => &[5],
        (5..=7, ..) => &[3],
        (8..=10, ..) => &[2, 5],
        (11.., ..) => &[2, 5, 8],
        _ => &[],
    };
    let ends = cuts.iter().copied().chain([digits.len()]);
    let starts = [0].into_iter().chain(cuts.iter().copied());
    starts.zip(ends).filter_map(|(start, end)| digits.get(start..end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use composure_engine::{Author, Message, thread_facts};

    #[test]
    fn numbers_are_shown_to_read_and_dialled_to_reach() {
        for (written, shown, dialled) in [
            ("+1 (416) 555-0137", "+1 416 555 0137", "+14165550137"),
            ("+44 (0)20 7946 0018", "+44 20 7946 0018", "+442079460018"),
            ("020.7946.0018", "020 7946 0018", "02079460018"),
            ("07700900142", "07700 900142", "07700900142"),
            ("4165550137", "416 555 0137", "4165550137"),
            ("+491701234567", "+49 170 123 4567", "+491701234567"),
            ("5550142", "555 0142", "5550142"),
        ] {
            assert_eq!(
                Phone::read(written),
                Phone { shown: shown.to_owned(), dialled: dialled.to_owned() },
                "{written}"
            );
        }
    }

    #[test]
    fn parting_is_offered_late_and_only_without_peace() {
        let hot = "This is a disgrace!! I WANT MY money back, you liars. It arrived broken.";
        let day = 86_400;
        for (last, mails, days, part) in
            [(hot, 5, 4, false), (hot, 6, 0, true), (hot, 2, 5, true), ("Thank you so much, all is well.", 9, 9, false)]
        {
            let message =
                |text: &str, sent: i64| Message { from: Author::Customer, text: text.to_owned(), sent: Some(sent) };
            let mut messages = vec![message("Where is it?", 0); mails - 1];
            messages.push(message(last, days * day));
            let thread = Thread { messages, recipient: None };
            let hopeless = Hopeless::of(&thread, &thread_facts(&thread));
            assert_eq!(hopeless, Hopeless { phone: None, part }, "{last} {mails} {days}");
        }
    }
}
