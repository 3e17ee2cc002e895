//! Records as files that other programs read.

use encodify::base64::{self, Base64, LineEnding};
use mail_builder::headers::address::Address;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::text::Text;
use mail_builder::headers::{Header as _, HeaderType};
use time::OffsetDateTime;

use crate::{Entry, Stored};

/// Where addresses and message ids are that the page never told: a name that is nobody's.
const NOWHERE: &str = "composure.invalid";
const WRAPPED: Base64 = base64::STANDARD.wrapped(76, LineEnding::Lf);

/// A mailbox that mail programs open: for each record the customer's mail and the reply to it, `me` being the writer's name.
///
/// The bodies are in base64. So every byte of them comes back, whatever ends their lines and whichever dialect of mbox is
/// read; and no line of the mailbox can be taken for the `From ` line of a message, so that there is nothing to quote.
pub fn mbox<'a>(entries: impl IntoIterator<Item = &'a Entry>, me: &str) -> Vec<u8> {
    let mut mailbox = Vec::new();
    let me = person(Some(me), None, "me");
    for entry in entries {
        match &entry.stored {
            Stored::Record(record) => {
                let them = person(record.recipient.as_deref(), record.address.as_deref(), "customer");
                let subject = record.subject.as_deref().unwrap_or_default();
                let mut more = Vec::new();
                if !record.message.is_empty() {
                    // When it was sent is not known: the reply's time keeps the two together.
                    add(&mut mailbox, entry, "message", [&them, &me], subject, &record.message, Vec::new());
                    for name in ["In-Reply-To", "References"] {
                        more.push((name, HeaderType::from(MessageId::new(id(entry, "message")))));
                    }
                }
                let heat = format!(
                    "{} when hottest, {} as sent; their mail {}",
                    record.heat_before, record.heat_after, record.heat_message
                );
                more.push(("X-Composure-Heat", Text::new(heat).into()));
                more.push(("X-Composure-Site", Text::new(record.site.as_str()).into()));
                add(&mut mailbox, entry, "reply", [&me, &them], subject, &record.reply, more);
            }
            Stored::Unreadable { why, json } => {
                let subject = format!("A record that could not be read ({why})");
                add(&mut mailbox, entry, "unreadable", [&me, &me], &subject, json, Vec::new());
            }
        }
    }
    mailbox
}

/// Names one of an entry's mails.
fn id(entry: &Entry, part: &str) -> String {
    format!("{}.{part}@{NOWHERE}", entry.key)
}

/// Adds a mail under its `From ` line, with the line ends that mailboxes have. (Header by header, because the builder of
/// whole messages brings multipart mails and attachments along.)
fn add(
    mailbox: &mut Vec<u8>,
    entry: &Entry,
    part: &str,
    [from, to]: [&Address<'static>; 2],
    subject: &str,
    body: &str,
    more: Vec<(&str, HeaderType<'_>)>,
) {
    let seconds = i64::try_from(entry.time() / 1000).unwrap_or(i64::MAX);
    let date = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (weekday, month) = (date.weekday().to_string(), date.month().to_string());
    let (weekday, month) = (weekday.get(..3).unwrap_or_default(), month.get(..3).unwrap_or_default());
    let (day, hour, minute, second, year) = (date.day(), date.hour(), date.minute(), date.second(), date.year());
    let line = format!("From MAILER-DAEMON {weekday} {month} {day:2} {hour:02}:{minute:02}:{second:02} {year}\n");
    mailbox.extend(line.bytes());

    let headers: [(&str, HeaderType<'_>); 5] = [
        ("Date", Date::new(date.unix_timestamp()).into()),
        ("Message-ID", MessageId::new(id(entry, part)).into()),
        ("From", from.clone().into()),
        ("To", to.clone().into()),
        ("Subject", Text::new(subject).into()),
    ];
    let mut head = Vec::new();
    for (name, value) in headers.into_iter().chain(more) {
        head.extend(format!("{name}: ").bytes());
        value.write_header(&mut head, name.len() + 2);
    }
    mailbox.extend(head.into_iter().filter(|byte| *byte != b'\r'));
    mailbox
        .extend(b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n");
    mailbox.extend(WRAPPED.encode(body).bytes());
    mailbox.extend(b"\n\n");
}

/// A name with an address, made up where it is not known.
fn person(name: Option<&str>, address: Option<&str>, otherwise: &str) -> Address<'static> {
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    let address = address.map(str::trim).filter(|address| address.contains('@'));
    let address = address.map_or_else(|| format!("{otherwise}@{NOWHERE}"), str::to_owned);
    Address::new_address(name.map(str::to_owned), address)
}

/// All that is stored, under its keys: `{"format": …, "version": …, "records": {key: record, …}}`. What could not be read is
/// there as it was found.
pub fn json<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<u8> {
    let mut file = b"{\n\"format\": \"composure-records\",\n\"version\": 1,\n\"records\": {".to_vec();
    for (place, entry) in entries.into_iter().enumerate() {
        let (key, value) = match &entry.stored {
            Stored::Record(record) => (serde_json::to_string(&entry.key), serde_json::to_string(record)),
            Stored::Unreadable { json, .. } => (serde_json::to_string(&entry.key), Ok(json.clone())),
        };
        // Strings and numbers can always be written.
        if let (Ok(key), Ok(value)) = (key, value) {
            file.extend(format!("{}\n{key}: {value}", if place > 0 { "," } else { "" }).bytes());
        }
    }
    file.extend(b"\n}\n}\n");
    file
}

/// A table for a spreadsheet: comma-separated, in UTF-8 with its mark, without which the common one guesses another encoding.
///
/// A cell that a spreadsheet would run as a formula begins with an apostrophe. Only here do texts differ from what is stored.
pub fn csv<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    let head = [
        "sent",
        "site",
        "recipient",
        "address",
        "subject",
        "their heat",
        "heat before",
        "heat as sent",
        "their message",
        "reply",
        "unreadable",
    ];
    let mut written = writer.write_record(head);
    for entry in entries {
        let time = iso(entry.time());
        let told = |text: &Option<String>| cell(text.as_deref().unwrap_or_default());
        let row = match &entry.stored {
            Stored::Record(record) => [
                time,
                cell(&record.site),
                told(&record.recipient),
                told(&record.address),
                told(&record.subject),
                record.heat_message.to_string(),
                record.heat_before.to_string(),
                record.heat_after.to_string(),
                cell(&record.message),
                cell(&record.reply),
                String::new(),
            ],
            Stored::Unreadable { json, .. } => {
                let mut row: [String; 11] = Default::default();
                row[0] = time;
                row[10] = cell(json);
                row
            }
        };
        written = written.and_then(|()| writer.write_record(row));
    }
    // Writing to memory cannot fail.
    written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default()
}

/// A text that no spreadsheet runs.
fn cell(text: &str) -> String {
    const STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    if text.trim_start_matches([' ', '\n']).starts_with(STARTS) { format!("'{text}") } else { text.to_owned() }
}

/// Milliseconds since 1970 as `2026-11-28T20:47:35Z`.
fn iso(time: u64) -> String {
    let seconds = i64::try_from(time / 1000).unwrap_or(i64::MAX);
    let date = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    let (hour, minute, second) = (date.hour(), date.minute(), date.second());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
