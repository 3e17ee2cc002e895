//! Cuts an mbox into messages, one at a time.
//!
//! Our own rather than mail-parser's `MessageIterator`: that one holds a message of any length, takes every line that
//! begins with `From ` for a new message, and says nothing of places.

use std::io::{self, BufRead, Read as _};

use crate::CAP;

/// A message as it stands in the mailbox.
#[derive(Debug, PartialEq, Eq)]
pub struct Raw {
    /// Counted from 1, broken ones included.
    pub number: u64,
    /// Line of its `From ` line in the file, from 1.
    pub line: u64,
    /// Byte of its `From ` line in the file.
    pub offset: u64,
    /// Bytes it takes there.
    pub length: u64,
    /// Its mail, without the `From ` line and with `>From ` unescaped; `None` when it is longer than [`CAP`].
    pub mail: Option<Vec<u8>>,
}

/// Reads messages one after another.
pub struct Messages<R> {
    reader: R,
    number: u64,
    line: u64,
    offset: u64,
    /// Line and byte of the `From ` line that ended the previous message.
    start: Option<(u64, u64)>,
    buffer: Vec<u8>,
    after_blank: bool,
}

/// What [`Messages::next_part`] finds.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// A message.
    Message(Raw),
    /// The file does not begin with a `From ` line; what stands before the first one is skipped.
    Preamble,
}

impl<R: BufRead> Messages<R> {
    /// Reads from the beginning of a mailbox, or from a message's `From ` line.
    pub fn new(reader: R) -> Messages<R> {
        Messages { reader, number: 0, line: 0, offset: 0, start: None, buffer: Vec::new(), after_blank: true }
    }

    /// The reader, to see what it has buffered.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// The next part; `None` at the end of the file.
    pub fn next_part(&mut self) -> io::Result<Option<Part>> {
        self.buffer.clear();
        let start = self.start.take();
        let (mut too_long, mut junk) = (false, false);
        let ended = loop {
            let before = (self.line + 1, self.offset);
            let line_start = self.buffer.len();
            let read = read_line(&mut self.reader, &mut self.buffer, CAP + 1)?;
            if read == 0 {
                break true;
            }
            self.line += 1;
            self.offset += read;
            let line = self.buffer.get(line_start..).unwrap_or_default();
            let blank = line.trim_ascii().is_empty();
            if begins_message(line, self.after_blank) {
                self.start = Some(before);
                self.after_blank = false;
                self.buffer.truncate(line_start);
                // The first one of a file ends nothing.
                if start.is_some() || junk {
                    break false;
                }
                return self.next_part();
            }
            self.after_blank = blank;
            junk |= !blank;
            unescape(&mut self.buffer, line_start);
            if start.is_none() || self.buffer.len() > CAP {
                too_long |= start.is_some();
                self.buffer.clear();
            }
        };
        Ok(self.part(start, junk, ended, too_long))
    }

    /// What was read from `start` to here.
    fn part(&mut self, start: Option<(u64, u64)>, junk: bool, ended: bool, too_long: bool) -> Option<Part> {
        let Some((line, offset)) = start else {
            return junk.then_some(Part::Preamble);
        };
        self.number += 1;
        let end = if ended { self.offset } else { self.start.map_or(self.offset, |(_, offset)| offset) };
        let mail = (!too_long).then(|| self.buffer.as_slice().to_vec());
        Some(Part::Message(Raw { number: self.number, line, offset, length: end - offset, mail }))
    }
}

/// Appends a line with its end to `line`, but no more of it than `room` bytes; the rest is read and dropped. Returns
/// how many bytes were read; 0 is the end.
pub fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>, room: usize) -> io::Result<u64> {
    let mut read = reader.by_ref().take(room as u64).read_until(b'\n', line)? as u64;
    if read < room as u64 || line.ends_with(b"\n") {
        return Ok(read);
    }
    let mut dropped = Vec::new();
    loop {
        dropped.clear();
        let more = reader.by_ref().take(64 << 10).read_until(b'\n', &mut dropped)?;
        read += more as u64;
        if more == 0 || dropped.ends_with(b"\n") {
            return Ok(read);
        }
    }
}

/// `>From ` at the start of a line was `From ` (mboxrd: and `>>From ` was `>From `).
fn unescape(buffer: &mut Vec<u8>, line_start: usize) {
    let line = buffer.get(line_start..).unwrap_or_default();
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    if marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From ")) {
        buffer.remove(line_start);
    }
}

/// Whether a line is the `From sender date` line of a new message. Writers forget to escape a sentence that begins with
/// "From " and forget the blank line before, so one of both must be sure: the date (as for mutt), or the blank line and the
/// address. An editor may have put a byte order mark before the first one.
pub fn begins_message(line: &[u8], after_blank: bool) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let Ok(rest) = std::str::from_utf8(rest.get(..rest.len().min(300)).unwrap_or_default()) else { return false };
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    has_date(&words) || (after_blank && matches!(words.as_slice(), [sender] if sender.contains('@')))
}

/// Whether they end with `Mon Nov 23 10:00:00 2026`, in that order, with a time zone before or behind the year or none.
fn has_date(words: &[&str]) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let number = |word: &str, digits: std::ops::RangeInclusive<usize>| {
        digits.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_time =
        |word: &str| (2..=3).contains(&word.split(':').count()) && word.split(':').all(|part| number(part, 1..=2));
    let is_zone = |word: &str| {
        word.strip_prefix(['+', '-'])
            .map_or(word.bytes().all(|byte| byte.is_ascii_uppercase()), |zone| number(zone, 4..=4))
    };
    let Some(day) = words.iter().position(|word| DAYS.contains(word)) else { return false };
    match words.get(day + 1..) {
        Some([month, day, time, rest @ ..]) if MONTHS.contains(month) && number(day, 1..=2) && is_time(time) => {
            match rest {
                [year] => number(year, 4..=4),
                [one, other] => (number(one, 4..=4) && is_zone(other)) || (is_zone(one) && number(other, 4..=4)),
                _ => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parts(mailbox: &[u8]) -> Vec<Part> {
        let mut messages = Messages::new(mailbox);
        std::iter::from_fn(|| messages.next_part().unwrap()).collect()
    }

    fn mails(mailbox: &str) -> Vec<String> {
        let mail = |part| match part {
            Part::Message(raw) => String::from_utf8(raw.mail.unwrap_or_default()).unwrap(),
            Part::Preamble => "preamble".to_owned(),
        };
        parts(mailbox.as_bytes()).into_iter().map(mail).collect()
    }

    #[test]
    fn messages_end_where_the_next_begins() {
        let date = "From a@b.c Mon Nov 23 10:00:00 2026";
        for (mailbox, expected) in [
            (format!("{date}\nA: 1\n\none\n\n{date}\nB: 2\n\ntwo\n"), vec!["A: 1\n\none\n\n", "B: 2\n\ntwo\n"]),
            (
                format!("{date}\r\nA: 1\r\n\r\none\r\n\r\n{date}\r\nB: 2\r\n"),
                vec!["A: 1\r\n\r\none\r\n\r\n", "B: 2\r\n"],
            ),
            (format!("{date}\n\n>From here\n>>From there\n> From\n"), vec!["\nFrom here\n>From there\n> From\n"]),
            (
                format!("{date}\n\nyes\n\nFrom Monday on we are open at 10:00.\n"),
                vec!["\nyes\n\nFrom Monday on we are open at 10:00.\n"],
            ),
            (format!("{date}\n\nno blank line\n{date}\n\ntwo\n"), vec!["\nno blank line\n", "\ntwo\n"]),
            (
                format!("{date}\n\nwe close\nFrom Mon 23 Nov 2026 we open at 9:00.\n"),
                vec!["\nwe close\nFrom Mon 23 Nov 2026 we open at 9:00.\n"],
            ),
            (
                format!("{date}\n\nwe close\n\nFrom Mon Nov 23 2026 at 9:00 on\n"),
                vec!["\nwe close\n\nFrom Mon Nov 23 2026 at 9:00 on\n"],
            ),
            (format!("\u{feff}{date}\nA: 1\n\n{date}\nB: 2\n"), vec!["A: 1\n\n", "B: 2\n"]),
            ("\u{feff}From a@b.c\nA: 1\n".into(), vec!["A: 1\n"]),
            // As Takeout, Thunderbird and mutt write it.
            (
                "From 1@xxx Mon Nov 23 10:00:00 +0000 2026\nA: 1\n\nFrom - Mon Nov  3 10:00:00 2026\nB: 2\n\n\
                 From Jo Mon Nov 23 10:00 CET 2026\nC: 3\n\nFrom MAILER-DAEMON Mon Nov 23 10:00:00 2026 +0100\nD: 4\n"
                    .into(),
                vec!["A: 1\n\n", "B: 2\n\n", "C: 3\n\n", "D: 4\n"],
            ),
            ("From a@b.c\nA: 1\n\nFrom b@c.d\nB: 2\n".into(), vec!["A: 1\n\n", "B: 2\n"]),
            (format!("junk\n\n{date}\nA: 1\n"), vec!["preamble", "A: 1\n"]),
            ("\n\n".into(), vec![]),
            ("".into(), vec![]),
            ("only junk".into(), vec!["preamble"]),
            (date.into(), vec![""]),
        ] {
            assert_eq!(mails(&mailbox), expected, "{mailbox:?}");
        }
    }

    #[test]
    fn a_message_can_be_read_again_from_its_place() {
        let mailbox = "From a@b.c\nA: 1\n\none\n\nFrom b@c.d\nB: 2\n\n>From two\n\nFrom c@d.e\nC: 3\n";
        let all = parts(mailbox.as_bytes());
        assert_eq!(all.len(), 3);
        let mut line = 0;
        for part in &all {
            let Part::Message(raw) = part else { panic!("a message") };
            let place = raw.offset as usize..(raw.offset + raw.length) as usize;
            assert!(raw.line > line && mailbox[place.clone()].starts_with("From "));
            let Some(Part::Message(again)) = parts(&mailbox.as_bytes()[place]).pop() else { panic!("one") };
            assert_eq!(again.mail, raw.mail);
            line = raw.line;
        }
    }

    #[test]
    fn too_long_a_message_is_named_and_the_next_one_read() {
        let long = "x".repeat(CAP + 5);
        let lines = "y\n".repeat(CAP / 2 + 5);
        let parts = parts(format!("From a@b.c\n\n{long}\n\nFrom a@b.c\n\n{lines}\nFrom b@c.d\n\nshort\n").as_bytes());
        let mails: Vec<_> = parts.iter().map(|part| matches!(part, Part::Message(raw) if raw.mail.is_some())).collect();
        assert_eq!(mails, [false, false, true]);
    }
}
