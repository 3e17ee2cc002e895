//! What a review needs to know of a mail: its words, who wrote them to whom, and which conversation it is part of.

use std::collections::HashSet;
use std::fmt;

use mail_parser::{
    Address, DateTime, HeaderForm, HeaderName, HeaderValue, MessageParser, MessagePart, MimeHeaders as _, PartType,
};

use crate::html;

/// A mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Its headers.
    pub envelope: Envelope,
    /// Its words, as plain text, the quotes among them.
    pub text: String,
}

/// The headers that matter here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Who wrote it, as `name` and lower-case `address`.
    pub from: Option<Person>,
    /// To whom.
    pub to: Vec<Person>,
    /// Seconds since 1970-01-01 UTC.
    pub sent: Option<i64>,
    /// As written.
    pub subject: String,
    /// The subject without `Re:` and its like, in lower case.
    pub topic: String,
    /// Its own Message-ID.
    pub id: Option<String>,
    /// Message-IDs of In-Reply-To and References.
    pub references: Vec<String>,
}

/// Somebody in a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Display name, where there is one.
    pub name: Option<String>,
    /// Lower-case address.
    pub address: String,
}

/// Why a mail has no text to review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is broken; says how.
    Malformed(&'static str),
    /// It is sound and has no text of its own, e.g. a picture alone.
    NoText,
}

impl fmt::Display for Unread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Malformed(how) => write!(out, "malformed mail: {how}"),
            Unread::NoText => write!(out, "no text in this mail"),
        }
    }
}

/// Reads a whole mail.
pub fn read(bytes: &[u8]) -> Result<Mail, Unread> {
    let message = MessageParser::default().parse(bytes).filter(has_root).ok_or(NO_HEADER)?;
    let envelope = envelope(&message)?;
    if message.parts.len() == 1
        && message.root_part().sub_parts().is_none()
        && has_type(message.root_part(), "multipart")
    {
        return Err(Unread::Malformed("multipart without its boundary"));
    }
    let mut text = words(message.text_bodies());
    if text.trim().is_empty() {
        // An empty or broken plain part beside the real one is what some mailers send.
        text = words(message.html_bodies());
    }
    if has_lost_words(&message, text.trim().is_empty()) {
        Err(Unread::Malformed("its text is not validly encoded (base64 or quoted-printable)"))
    } else if text.trim().is_empty() {
        Err(Unread::NoText)
    } else {
        Ok(Mail { envelope, text })
    }
}

/// Whether there is text, not attached, that could not be decoded: the parser hides such parts among the attachments. Of
/// alternatives, which say the same, that matters only where none could be.
fn has_lost_words(message: &mail_parser::Message<'_>, found_none: bool) -> bool {
    let mut alternatives: HashSet<u32> = HashSet::new();
    for (id, part) in (0..).zip(&message.parts) {
        let kind = part.content_type().and_then(|kind| kind.subtype());
        // Parts come after what they are part of.
        if alternatives.contains(&id) || kind.is_some_and(|kind| kind.eq_ignore_ascii_case("alternative")) {
            alternatives.extend(part.sub_parts().unwrap_or_default());
        }
    }
    let is_lost = |part: &MessagePart<'_>| {
        part.is_encoding_problem
            && part.content_type().is_none_or(|kind| {
                kind.ctype().eq_ignore_ascii_case("text")
                    && matches!(kind.subtype(), None | Some("plain" | "html"))
                    && !kind.has_attribute("name")
            })
            && part.content_disposition().is_none_or(|kind| !kind.is_attachment())
            && !part.contents().trim_ascii().is_empty()
    };
    (0..).zip(&message.parts).any(|(id, part)| is_lost(part) && (found_none || !alternatives.contains(&id)))
}

/// Reads the headers alone.
pub fn read_envelope(bytes: &[u8]) -> Result<Envelope, Unread> {
    let message = MessageParser::default().parse_headers(bytes).filter(has_root).ok_or(NO_HEADER)?;
    envelope(&message)
}

/// A header by its name, decoded, on one line; nothing where it is not there or is empty.
pub fn header(bytes: &[u8], name: &str) -> Option<String> {
    let message = MessageParser::default().parse_headers(bytes)?;
    let value = message.header_as(name.trim(), HeaderForm::Text).into_iter().next()?;
    let value = value.as_text()?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty()).then_some(value)
}

/// The times that are written with four digits of a year, in seconds since 1970-01-01 UTC.
pub const YEARS: std::ops::Range<i64> = -62_167_219_200..253_402_300_800;

/// Seconds since 1970-01-01 UTC of an RFC 3339 date, or of the beginning of a day (`2026-11-23`).
pub fn timestamp(text: &str) -> Option<i64> {
    let text = text.trim();
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.replacen(' ', "T", 1) };
    DateTime::parse_rfc3339(&whole).as_ref().and_then(seconds)
}

/// Seconds since 1970-01-01 UTC, where there was such a day: the parser would take 31 February for 3 March.
fn seconds(date: &DateTime) -> Option<i64> {
    let counted = DateTime::from_timestamp(date.to_timestamp_local());
    (date.is_valid() && (counted.month, counted.day) == (date.month, date.day)).then(|| date.to_timestamp())
}

/// Seconds since 1970-01-01 UTC as `2026-11-23T09:00:00Z`.
pub fn date(timestamp: i64) -> String {
    DateTime::from_timestamp(timestamp).to_rfc3339()
}

const NO_HEADER: Unread = Unread::Malformed("it has no header");

/// The parser's own questions take the first part for granted.
fn has_root(message: &mail_parser::Message<'_>) -> bool {
    !message.parts.is_empty()
}

/// The text of parts, one under the other.
fn words<'a>(parts: impl Iterator<Item = &'a MessagePart<'a>>) -> String {
    let mut text = String::new();
    for part in parts.filter(|part| !part.is_encoding_problem) {
        let more = match &part.body {
            PartType::Text(plain) if is_plain(part) => plain.as_ref().into(),
            PartType::Html(html) => html::to_text(html),
            _ => continue,
        };
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&more);
    }
    text
}

/// Not a calendar or another `text/…` for machines.
fn is_plain(part: &MessagePart<'_>) -> bool {
    let kind = part.headers.iter().rev().find(|header| header.name == HeaderName::ContentType);
    kind.and_then(|header| header.value.as_content_type())
        .is_none_or(|kind| kind.subtype().is_none_or(|subtype| subtype.eq_ignore_ascii_case("plain")))
}

fn has_type(part: &MessagePart<'_>, wanted: &str) -> bool {
    part.headers
        .iter()
        .filter_map(|header| header.value.as_content_type())
        .any(|kind| kind.ctype().eq_ignore_ascii_case(wanted))
}

fn envelope(message: &mail_parser::Message<'_>) -> Result<Envelope, Unread> {
    let known = message.headers().iter().any(|header| !matches!(header.name, HeaderName::Other(_)));
    if !known {
        return Err(Unread::Malformed("it has no From, To, Date, Subject or other header of a mail"));
    }
    let mut references = ids(message.in_reply_to());
    references.extend(ids(message.references()));
    Ok(Envelope {
        from: people(message.from()).into_iter().next(),
        to: [people(message.to()), people(message.cc())].concat(),
        sent: message.date().and_then(seconds),
        subject: message.subject().unwrap_or_default().trim().to_owned(),
        topic: message.thread_name().unwrap_or_default().trim().to_lowercase(),
        id: message.message_id().map(str::to_owned),
        references,
    })
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(|id| id.to_string()).collect(),
        _ => Vec::new(),
    }
}

fn people(address: Option<&Address<'_>>) -> Vec<Person> {
    let person = |one: &mail_parser::Addr<'_>| {
        let address = one.address.as_ref()?.trim().to_lowercase();
        Some(Person { name: one.name.as_ref().map(|name| name.trim().to_owned()), address })
    };
    address.map(|address| address.iter().filter_map(person).collect()).unwrap_or_default()
}

impl Person {
    /// Whether this is one of `addresses`: whole (`ann@shop.example`) or everybody of a domain (`@shop.example`).
    pub fn is_one_of(&self, addresses: &[String]) -> bool {
        addresses.iter().any(|wanted| {
            let wanted = wanted.trim().to_lowercase();
            self.address == wanted || (wanted.starts_with('@') && self.address.ends_with(&wanted))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(headers: &str, body: &str) -> Result<String, Unread> {
        let mail = format!("From: Ann <ann@shop.example>\r\n{headers}\r\n\r\n{body}").replace('\n', "\r\n");
        read(mail.replace("\r\r", "\r").as_bytes()).map(|mail| mail.text.trim().replace("\r\n", "\n"))
    }

    #[test]
    fn every_encoding_gives_the_same_words() {
        let plain = "Content-Type: text/plain; charset=";
        for (headers, body) in [
            (format!("{plain}utf-8"), "Grüße – calm down"),
            (format!("{plain}utf-8\nContent-Transfer-Encoding: base64"), "R3LDvMOfZSDigJMg\nY2FsbSBkb3du\n"),
            (
                format!("{plain}utf-8\nContent-Transfer-Encoding: quoted-printable"),
                "Gr=C3=BC=C3=9Fe =E2=80=93 ca=\nlm down",
            ),
            (format!("{plain}windows-1252\nContent-Transfer-Encoding: quoted-printable"), "Gr=FC=DFe =96 calm down"),
            (format!("{plain}utf-7"), "Gr+APwA3w-e +IBM- calm down"),
            ("Content-Type: text/html; charset=utf-8".into(), "<p>Gr&uuml;&szlig;e &ndash; <i>calm</i> down</p>"),
        ] {
            assert_eq!(text(&headers, body).unwrap(), "Grüße – calm down", "{headers}");
        }
    }

    #[test]
    fn latin_1_bytes_are_read() {
        let mail = b"From: a@b.c\nContent-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdfe";
        assert_eq!(read(mail).unwrap().text, "Grüße");
    }

    #[test]
    fn the_text_is_found_in_nested_parts() {
        let outer = "Content-Type: multipart/mixed; boundary=o";
        let inner = "--o\nContent-Type: multipart/alternative; boundary=i\n\n";
        let attached =
            "--o\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nidiot\n--o--\n";
        let html = "--i\nContent-Type: text/html\n\n<p>rich</p>\n";
        let cases = [
            (format!("{inner}--i\nContent-Type: text/plain\n\nplain\n{html}--i--\n{attached}"), "plain"),
            (format!("{inner}{html}--i--\n{attached}"), "rich"),
            (format!("{inner}--i\nContent-Type: text/plain\n\n \n{html}--i--\n{attached}"), "rich"),
            (format!("--o\n\none\n--o\nContent-Type: text/plain\n\ntwo\n{attached}"), "one\ntwo"),
            ("--o\n\nmine\n--o\nContent-Type: message/rfc822\n\nFrom: x@y.z\n\ntheirs\n--o--\n".into(), "mine"),
        ];
        for (body, expected) in cases {
            assert_eq!(text(outer, &body).unwrap(), expected, "{body}");
        }
        assert_eq!(text(outer, attached), Err(Unread::NoText));
    }

    #[test]
    fn broken_mail_is_named() {
        assert!(matches!(read(b""), Err(Unread::Malformed(_))));
        assert!(matches!(read(b"\x00\x01\x02 nothing of a mail"), Err(Unread::Malformed(_))));
        assert!(matches!(text("Content-Type: multipart/mixed", "x"), Err(Unread::Malformed(_))));
        let base64 = "Content-Type: text/plain\nContent-Transfer-Encoding: base64";
        assert!(matches!(text(base64, "%%% this is none %%%"), Err(Unread::Malformed(_))));
    }

    #[test]
    fn a_day_that_never_was_is_no_date() {
        for (date, expected) in [
            ("Sat, 28 Feb 2026 10:00:00 +0100", Some(1_772_269_200)),
            ("Sat, 31 Feb 2026 10:00:00 +0100", None),
            ("Sun, 29 Feb 2026 10:00:00 +0000", None),
            ("Thu, 29 Feb 2024 10:00:00 +0000", Some(1_709_200_800)),
            ("Sat, 28 Feb 2026 25:00:00 +0000", None),
            ("Sat, 28 Feb 2026 10:61:00 +0000", None),
        ] {
            let mail = format!("From: a@b.c\nDate: {date}\n\nHi");
            assert_eq!(read_envelope(mail.as_bytes()).unwrap().sent, expected, "{date}");
        }
        for date in
            ["2026-02-31", "2026-04-31T10:00:00Z", "2026-11-23T25:00:00Z", "2026-13-01", "2026-11-23T10:00:00+25:00"]
        {
            assert_eq!(timestamp(date), None, "{date}");
        }
    }

    #[test]
    fn headers_say_who_when_and_which_conversation() {
        let mail = b"From: \"Stone, Gary\" <Gary@Example.org>\nTo: a@b.c, \"D\" <d@e.f>\nSubject: Re: Fwd: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\
            Date: Mon, 23 Nov 2026 10:00:00 +0100\nMessage-ID: <1@x>\nIn-Reply-To: <2@x>\nReferences: <3@x>\n <2@x>\n\nHi";
        let envelope = read_envelope(mail).unwrap();
        let gary = envelope.from.unwrap();
        assert_eq!((gary.name.as_deref(), gary.address.as_str()), (Some("Stone, Gary"), "gary@example.org"));
        assert_eq!(envelope.to.len(), 2);
        assert_eq!(envelope.topic, "grüße");
        assert_eq!(envelope.sent, Some(1_795_424_400));
        assert_eq!(
            (envelope.id.as_deref(), envelope.references),
            (Some("1@x"), vec!["2@x".into(), "3@x".into(), "2@x".into()])
        );
        assert!(gary.is_one_of(&["@example.org".into()]) && !gary.is_one_of(&["ary@example.org".into()]));
    }
}
