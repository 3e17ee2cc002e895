//! What a thread says about the customer: their own words, how hot they are, their numbers and names.

use composure_few::Set;

use crate::phrase;
use crate::review::{Author, Message, Span, Thread};
use crate::reviewer::split;
use crate::section::{Opening, Section, opening, sections};
use crate::token::{Paragraph, Token, flag, mark, tokenise};
use crate::upset::{heat, mood};
use crate::vocabulary::{lists, word};

/// How much of a message is read, in bytes: more than people write, and little enough to stay quick.
pub const READ: usize = 32 * 1024;

/// The first [`READ`] bytes of a text.
pub fn readable(text: &str) -> &str {
    let mut end = text.len().min(READ);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

/// The parts of a message that its writer wrote: no quotes, no signature below `-- `. Nothing beyond [`READ`] bytes.
pub fn own_words(text: &str) -> Vec<Span> {
    let blocks = split(readable(text));
    let mut own: Vec<Span> = Vec::new();
    let (mut offset, mut section) = (0, Section::Body);
    for (place, block) in blocks.iter().enumerate() {
        let next = blocks.get(place + 1).map_or(Opening::Plain, |next| opening(&next.text, &[]));
        let all = sections(&block.text, &[], section, next);
        for (_, span) in all.runs.iter().filter(|(section, _)| *section == Section::Body) {
            let span = Span { start: span.start + offset, end: span.end + offset };
            match own.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => own.push(span),
            }
        }
        (offset, section) = (offset + block.text.len(), all.exit);
    }
    own.retain(|span| text.get(span.start..span.end).is_some_and(|text| !text.trim().is_empty()));
    own
}

/// The customer's last message.
pub fn last_of_customer(thread: &Thread) -> Option<&Message> {
    thread.messages.iter().rev().find(|message| message.from == Author::Customer)
}

/// What a thread says about the customer. Everything is read from the first [`READ`] bytes of each of the last
/// [`MAILS`] mails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadFacts {
    /// How heated the customer's last words are, 0 (calm or happy) to 100 (furious).
    pub heat: u8,
    /// Telephone numbers in the customer's mails, each number once.
    pub phones: Vec<Place>,
    /// Order, invoice, ticket, booking and tracking numbers in all mails, each number once.
    pub numbers: Vec<Place>,
    /// How the customer signs, latest first, each name once.
    pub names: Vec<String>,
    /// How many mails the thread has.
    pub mails: usize,
    /// Whole days between the first and the last mail that say when they were sent; `None` where fewer than two do.
    pub days: Option<u32>,
}

/// A place in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index of the mail in [`Thread::messages`].
    pub message: usize,
    /// Its bytes there.
    pub span: Span,
}

/// How many mails, the latest first, are searched.
pub const MAILS: usize = 20;

/// How many numbers or names are kept of each sort.
const MOST: usize = 32;

/// What the thread says about the customer.
pub fn thread_facts(thread: &Thread) -> ThreadFacts {
    let mut facts = ThreadFacts {
        heat: heat(mood(thread).points),
        mails: thread.messages.len(),
        days: days(thread),
        ..ThreadFacts::default()
    };
    let mut known = Set::new();
    for (message, mail) in thread.messages.iter().enumerate().rev().take(MAILS) {
        let customer = mail.from == Author::Customer;
        let own = own_words(&mail.text);
        for part in &own {
            let text = mail.text.get(part.start..part.end).unwrap_or("");
            let orders = order_numbers(text);
            let phones = if customer { phone_numbers(text, &orders) } else { Vec::new() };
            let mut keep = |found: &[Span], kept: &mut Vec<Place>| {
                for span in found {
                    if kept.len() < MOST && known.insert(digits_and_letters(text, span)) {
                        let span = Span { start: span.start + part.start, end: span.end + part.start };
                        kept.push(Place { message, span });
                    }
                }
            };
            keep(&orders, &mut facts.numbers);
            keep(&phones, &mut facts.phones);
        }
        let end = own.last().and_then(|last| mail.text.get(last.start..last.end)).unwrap_or("");
        let name = signature(end).filter(|name| customer && facts.names.len() < MOST && !facts.names.contains(name));
        facts.names.extend(name);
    }
    facts
}

/// A number without what people put between its digits.
fn digits_and_letters(text: &str, span: &Span) -> String {
    let number = text.get(span.start..span.end).unwrap_or("");
    number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn days(thread: &Thread) -> Option<u32> {
    let sent = || thread.messages.iter().filter_map(|message| message.sent);
    if sent().count() < 2 {
        return None;
    }
    let seconds = sent().max()?.checked_sub(sent().min()?)?;
    u32::try_from(seconds / 86_400).ok()
}

/// Words that a number of the business follows.
const NUMBERED: &str = "order orders invoice ticket booking reservation tracking reference ref case claim conf confirmation \
receipt parcel job account acct policy quote consignment file";

/// What may stand between such a word and its number.
const LINKS: &str = "number no nr num id code ref reference is was nos";

/// Order, invoice, ticket, booking and tracking numbers in a text.
fn order_numbers(text: &str) -> Vec<Span> {
    let paragraph = tokenise(text);
    let mut found: Vec<Span> = Vec::new();
    for (at, token) in paragraph.tokens.iter().enumerate() {
        if !token.is(flag::WORD) || found.last().is_some_and(|last| last.end > token.start as usize) {
            continue;
        }
        let start = token.start as usize;
        let span = Span { start, end: start + code_length(text.get(start..).unwrap_or("")) };
        let code = text.get(span.start..span.end).unwrap_or("");
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        let hash = text.get(..start).is_some_and(|before| before.ends_with('#'));
        let named = hash || is_named(&paragraph, at);
        let letters = code.bytes().any(|byte| byte.is_ascii_alphabetic());
        let unit = code.starts_with(|c: char| c.is_ascii_digit()) && code.ends_with(|c: char| c.is_ascii_lowercase());
        let upper = code.len() >= 5 && !code.bytes().any(|byte| byte.is_ascii_lowercase());
        if named
            && (digits >= 3 || digits >= 1 && letters && upper || digits >= 2 && (letters || hash))
            && !unit
            && !is_date(code)
        {
            found.push(span);
        }
    }
    found
}

/// Whether the words before token `at` say that it is an order number or the like.
fn is_named(paragraph: &Paragraph, at: usize) -> bool {
    let mut before = paragraph.tokens.get(..at).unwrap_or_default().iter().rev().take(5);
    let text = |token: &Token| paragraph.text_of(token).to_ascii_lowercase();
    // "order no. 302": an abbreviation's stop, `#` and `:` are no words.
    before
        .find(|token| {
            let bridge =
                matches!(token.id, mark::COLON | mark::STOP | mark::DASH) || lists(LINKS, text(token).as_str());
            !bridge || lists(NUMBERED, text(token).as_str())
        })
        .is_some_and(|token| lists(NUMBERED, text(token).as_str()))
}

/// How many bytes at the start of a text are one code: `NB-20931`, `302-1234567-1234567`, `9400 1000 0000`.
fn code_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        let length =
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/' | b'_')).count();
        let code = rest.get(..length).unwrap_or_default();
        code.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1)
    };
    let digits = |from: usize, to: usize| {
        bytes.get(from..to).is_some_and(|code| code.len() >= 4 && code.iter().all(u8::is_ascii_digit))
    };
    let mut end = run(0);
    let mut start = 0;
    while digits(start, end) && bytes.get(end) == Some(&b' ') && digits(end + 1, end + 1 + run(end + 1)) {
        start = end + 1;
        end = start + run(start);
    }
    end
}

/// Whether groups of digits are a date: 14/03/2024, 2024-03-14.
fn is_date(code: &str) -> bool {
    let groups: Vec<usize> = code.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).collect();
    let digits = code.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric());
    digits
        && matches!(groups.as_slice(), [1 | 2, 1 | 2, 2 | 4, ..] | [4, 1 | 2, 1 | 2, ..])
        && groups.len() <= 4
        && groups.first().is_some_and(|first| *first == 4 || groups.get(2) == Some(&4) || groups.len() == 3)
}

/// Telephone numbers in a text, as they are written in many countries; `taken` are places that are something else.
fn phone_numbers(text: &str, taken: &[Span]) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let starts = bytes.get(at).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'('));
        if !starts {
            at += 1;
            continue;
        }
        let span = Span { start: at, end: at + digits_length(bytes.get(at..).unwrap_or_default()) };
        let free = taken.iter().all(|taken| taken.end <= span.start || span.end <= taken.start);
        if free && is_phone(text, span) {
            found.push(span);
        }
        at = span.end.max(at + 1);
    }
    found
}

/// How many bytes at the start belong to one row of digits with what people put between them.
fn digits_length(bytes: &[u8]) -> usize {
    let mut end = 0;
    let mut gap = 0;
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                end = place + 1;
                gap = 0;
            }
            b'+' if place == 0 => {}
            b' ' | b'-' | b'.' | b'(' | b')' | b'/' if gap < 2 => gap += 1,
            _ => break,
        }
    }
    end
}

/// Whether a row of digits is written like a telephone number.
fn is_phone(text: &str, span: Span) -> bool {
    let number = text.get(span.start..span.end).unwrap_or("");
    let before = text.get(..span.start).unwrap_or("");
    let after = text.get(span.end..).unwrap_or("");
    let glued = before.ends_with(|c: char| c.is_alphanumeric() || "£$€#:,.-/".contains(c));
    let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || "%€£$:".contains(c));
    if glued || goes_on || is_date(number) || is_in_iban(before) {
        return false;
    }
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    let groups: Vec<usize> =
        number.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|length| *length > 0).collect();
    let called = is_called(before);
    let count = digits.len();
    match (number.as_bytes(), digits.as_slice()) {
        ([b'+', ..], _) => (8..=15).contains(&count),
        (_, [b'0', b'0', ..]) => (11..=15).contains(&count),
        (_, [b'0', ..]) => (9..=12).contains(&count),
        // North America: 416 555 0137, (416) 555-0137, 1-800-555-0188.
        (_, [b'1', ..]) if count == 11 => called || matches!(groups.as_slice(), [1, 3, 3, 4]),
        (_, [b'2'..=b'9', ..]) if matches!(groups.as_slice(), [3, 3, 4] | [3, 7]) => true,
        // India: 98765 43210.
        (_, [b'6'..=b'9', ..]) if matches!(groups.as_slice(), [5, 5]) => true,
        // Spain, Denmark and others write no leading zero; only the words before can tell.
        _ => called && (7..=12).contains(&count),
    }
}

/// Whether the last words say that a telephone number follows.
fn is_called(before: &str) -> bool {
    const CALLS: &str =
        "call ring phone tel telephone mobile cell text whatsapp reach fax mob ph handy telefon contact dial";
    let mut words = before.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(4);
    words.any(|word| CALLS.split(' ').any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether the text before a row of digits is the beginning of an IBAN: `GB29 NWBK`, `DE89`.
fn is_in_iban(before: &str) -> bool {
    let mut words = before.rsplit(' ').filter(|word| !word.is_empty()).take(2);
    let begins = |word: &str| {
        matches!(word.as_bytes(), [a, b, c, d, ..] if a.is_ascii_uppercase() && b.is_ascii_uppercase()
            && c.is_ascii_digit() && d.is_ascii_digit())
    };
    match words.next() {
        Some(last) if begins(last) => true,
        Some(last) if last.len() == 4 && last.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            words.next().is_some_and(begins)
        }
        _ => false,
    }
}

/// The name below a message: of "Kind regards, Hilary Vane" and "Denise, 07700 900142" the name.
fn signature(text: &str) -> Option<String> {
    let text = text.trim_end();
    // Names are short; the end of the text is enough.
    let mut start = text.len().saturating_sub(200);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let text = text.get(start..)?;
    let paragraph = tokenise(text);
    let (from, to) = paragraph.sentences().last()?;
    let tokens = paragraph.tokens.get(from..to)?;
    if tokens.iter().any(|token| token.is(flag::TERMINAL) && token.id != mark::BREAK) {
        return None;
    }
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut begin = from;
    for at in from..=to {
        let ends = at == to || paragraph.tokens.get(at).is_some_and(|token| !token.is(flag::WORD));
        if ends {
            parts.push((begin, at));
            begin = at + 1;
        }
    }
    parts.retain(|(begin, end)| begin < end);
    let closes = |at: usize| {
        let word =
            paragraph.tokens.get(at).map_or(String::new(), |token| paragraph.text_of(token).to_ascii_lowercase());
        lists("thx tx ta rgds br kr yours ciao xx cheerio", word.as_str())
    };
    let is_name = |part: &&(usize, usize)| phrase::name(&paragraph, part.0) == Some(part.1) && !closes(part.0);
    let part =
        parts.first().filter(is_name).or_else(|| parts.get(1).filter(is_name)).or_else(|| parts.last().filter(is_name));
    let (begin, end) = *part?;
    let first = paragraph.tokens.get(begin)?;
    let last = paragraph.tokens.get(end.checked_sub(1)?)?;
    let title_alone = end == begin + 1 && lists("mr mrs ms dr", word(first.id));
    (!title_alone).then(|| paragraph.slice(first.start as usize, last.end as usize).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(text: &str) -> Message {
        Message { from: Author::Customer, text: text.into(), sent: None }
    }

    fn facts(text: &str) -> ThreadFacts {
        thread_facts(&Thread { messages: vec![mail(text)], recipient: None })
    }

    fn texts<'a>(text: &'a str, places: &[Place]) -> Vec<&'a str> {
        places.iter().map(|place| &text[place.span.start..place.span.end]).collect()
    }

    #[test]
    fn phone_numbers_of_many_countries() {
        for (text, number) in [
            ("Someone call me on 020 7946 0018.", "020 7946 0018"),
            ("Denise, 07700 900142", "07700 900142"),
            ("+44 20 7946 0018 is mine", "+44 20 7946 0018"),
            ("My number: +44 (0)20 7946 0018", "+44 (0)20 7946 0018"),
            ("call 416 555 0137, extension 4", "416 555 0137"),
            ("Reach me at (416) 555-0137 today", "(416) 555-0137"),
            ("1-800-555-0188", "1-800-555-0188"),
            ("cell 4165550137", "4165550137"),
            ("Tel. 030 1234567", "030 1234567"),
            ("Handy 0171/1234567", "0171/1234567"),
            ("0049 30 123456-78", "0049 30 123456-78"),
            ("06 12 34 56 78", "06 12 34 56 78"),
            ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
            ("phone 612 345 678", "612 345 678"),
            ("+34 612 345 678", "+34 612 345 678"),
            ("My mobile is 98765 43210", "98765 43210"),
            ("+91-98765-43210", "+91-98765-43210"),
            ("0412 345 678", "0412 345 678"),
            ("ring 12 34 56 78", "12 34 56 78"),
            ("+1 (416) 555-0137", "+1 (416) 555-0137"),
        ] {
            assert_eq!(texts(text, &facts(text).phones), [number], "{text}");
        }
    }

    #[test]
    fn what_is_no_phone_number() {
        for text in [
            "Order 0412345678 came late.",
            "On 14.03.2024 and 2024-03-14 and 01/03/2024 I wrote.",
            "It cost £1200.50, 10000000 yen.",
            "IBAN GB29 NWBK 6016 1331 9268 19",
            "DE89 3704 0044 0532 0130 00",
            "From 10:30 to 11:45 on the 3rd.",
            "Card 4111 1111 1111 1111",
            "Part 0020118674, lot 2207",
            "Tracking number 9400 1000 0000 0000 0000 00",
            "Rooms 12 13 14 and pages 100-120.",
            "We were 8 in 2019, 9 in 2020 and 10 in 2021.",
        ] {
            assert_eq!(texts(text, &facts(text).phones), [""; 0], "{text}");
        }
    }

    #[test]
    fn order_numbers_are_found() {
        for (text, number) in [
            ("Invoice 1147 has come in at £940.", "1147"),
            ("my order no. 302-1234567-1234567 please", "302-1234567-1234567"),
            ("Ticket NB-20931.", "NB-20931"),
            ("(conf. 77310, under Leclerc)", "77310"),
            ("Booking QK7LMT.", "QK7LMT"),
            ("ref BC77", "BC77"),
            ("Order #88", "88"),
            ("tracking number is 1Z999AA10123456784", "1Z999AA10123456784"),
            ("tracking 9400 1000 0000 0000", "9400 1000 0000 0000"),
            ("#4411 never came", "4411"),
            ("order: 60-4419", "60-4419"),
        ] {
            assert_eq!(texts(text, &facts(text).numbers), [number], "{text}");
        }
        for text in [
            "I ordered 300 bricks.",
            "The order 3 weeks ago, on 14/03/2024.",
            "An invoice of £1200.",
            "a 12 inch pan and 10 chairs",
            "Order 12inch",
        ] {
            assert_eq!(texts(text, &facts(text).numbers), [""; 0], "{text}");
        }
    }

    #[test]
    fn names_are_as_the_customer_signs() {
        for (text, name) in [
            ("Fix it.\n\nKind regards,\nHilary Vane", Some("Hilary Vane")),
            ("I want one sent over.\nDenise, 07700 900142", Some("Denise")),
            ("Ticket 5519. Rhodri", Some("Rhodri")),
            ("Thanks a lot, Jodie W", Some("Jodie W")),
            ("Where is it? Mrs J. Aldous", Some("Mrs J. Aldous")),
            ("My export broke.\n\nHassan Farooqi, CTO", Some("Hassan Farooqi")),
            ("Thx, Marco\n\n> Regards, Anna", Some("Marco")),
            ("Thanks, Jo\n\nOn Mon, 3 Feb 2025, Tom Hall wrote:\n\n> Regards, Anna", Some("Jo")),
            ("Thanks, Jo\n\n-- \nSent from my phone", Some("Jo")),
            ("Please refund me today.", None),
            ("Kind regards", None),
            ("This is the LAST TIME!", None),
            ("", None),
        ] {
            assert_eq!(facts(text).names.first().map(String::as_str), name, "{text}");
        }
    }

    #[test]
    fn a_thread_is_told_as_a_whole() {
        let day = 86_400;
        let mut first = mail("Order 4411 is late. Ring 07700 900142. Ann");
        first.sent = Some(1_700_000_000);
        let mut mine = mail("Ring us on 020 7946 0018 about order 4411.");
        mine.from = Author::Me;
        let mut last = mail("Still nothing!! This is a disgrace. My mobile is 07700900142.\nAnn");
        last.sent = Some(1_700_000_000 + 3 * day + 5);
        let thread = Thread { messages: vec![first, mine, last], recipient: None };
        let facts = thread_facts(&thread);
        assert_eq!((facts.mails, facts.days), (3, Some(3)));
        assert_eq!(facts.names, ["Ann"]);
        assert_eq!(facts.phones.len(), 1);
        assert_eq!(facts.phones.first().map(|place| place.message), Some(2));
        assert_eq!(facts.numbers.len(), 1);
        assert!(facts.heat >= 40, "{}", facts.heat);
        assert_eq!(thread_facts(&Thread::default()), ThreadFacts::default());
    }

    #[test]
    fn odd_times_and_long_mails_do_no_harm() {
        let mut first = mail("a");
        first.sent = Some(i64::MIN);
        let mut last = mail("b");
        last.sent = Some(i64::MAX);
        let thread = Thread { messages: vec![first, last], recipient: None };
        assert_eq!(thread_facts(&thread).days, None);
        let long = "Is it 020 7946 0018, or (0( +1 9 ".repeat(40_000);
        assert_eq!(facts(&long).phones.len(), 1);
    }

    #[test]
    fn heat_tells_the_calm_from_the_furious() {
        let heat = |text: &str| facts(text).heat;
        assert_eq!(heat("Hello, when do you open?"), 0);
        assert_eq!(heat("Thank you so much, I love it."), 0);
        assert!(heat("It arrived broken.") > 0);
        assert!(heat("This is a disgrace!! I WANT MY money back, you liars. It arrived broken.") > 50);
    }
}
