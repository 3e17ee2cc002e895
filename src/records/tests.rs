//! What is written is read back by somebody else; what is asked for is found.

use std::collections::BTreeMap;

use mail_parser::{Address, Message, MessageParser, MimeHeaders as _};
use serde_json::Value;

use crate::*;

fn record(time: u64) -> Record {
    Record {
        version: 1,
        time,
        site: "mail.google.com".to_owned(),
        recipient: Some("Gary Stone".to_owned()),
        address: Some("gary@stone.example".to_owned()),
        subject: Some("Where is my refund?".to_owned()),
        message: "I have been waiting for three weeks.".to_owned(),
        reply: "Hi Gary,\n\nI'm sorry.".to_owned(),
        heat_message: 70,
        heat_before: 64,
        heat_after: 3,
        calm_after: None,
    }
}

fn entry(record: Record) -> Entry {
    Entry::new(Record::key(record.time, 7), Stored::Record(record))
}

fn unreadable() -> Entry {
    let why = "it has no version".to_owned();
    Entry::new("record-1000-9".to_owned(), Stored::Unreadable { why, json: "{\"half\":\"a Rec\\\"ord\"}".to_owned() })
}

/// Texts that files are broken by.
fn awkward() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        "x",
        "From the beginning:\nFrom MAILER-DAEMON Sat Nov 28 20:47:35 2026\n\nFrom here.\n>From there.\n>>From afar.",
        "\r\nCRLF\r\n\r\nlines\r\n",
        "bare\rcarriage\rreturns\r",
        "\n\n\n",
        "trailing spaces  \n\t\n  ",
        "👩‍👩‍👧 e\u{301} שלום, עולם مرحبا \u{202E}abc\u{202C} \u{FEFF}\u{0}\u{7F}",
        "=20=\n.\n..\n--boundary\n--boundary--",
        "=SUM(A1:A9)",
        "\"quoted\", with; separators\tand 'apostrophes'",
        "</script><b>&amp;",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("no line ends here ".repeat(200));
    texts.push("ß\nFrom x\r\n".repeat(100_000));
    texts
}

fn all_awkward() -> Vec<Entry> {
    let texts = awkward();
    let awkward = texts.iter().enumerate().map(|(place, text)| {
        let line = || Some(text.chars().take(300).collect::<String>());
        entry(Record {
            message: text.clone(),
            reply: text.chars().rev().collect(),
            subject: line(),
            recipient: line(),
            address: line(),
            ..record(1_795_000_000_000 + place as u64)
        })
    });
    awkward.chain([unreadable()]).collect()
}

/// A mailbox cut as its simplest readers do: at every line that begins with `From `.
fn cut(mailbox: &[u8]) -> Vec<Message<'_>> {
    let text = std::str::from_utf8(mailbox).expect("a mailbox of ours is ASCII");
    assert!(text.is_ascii());
    let mut starts: Vec<usize> = text.match_indices("\nFrom ").map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    starts.push(text.len());
    let parser = MessageParser::default();
    starts
        .windows(2)
        .map(|two| {
            let (separator, mail) = text[two[0]..two[1]].split_once('\n').expect("a From line");
            assert!(separator.starts_with("From MAILER-DAEMON "), "{separator}");
            parser.parse(mail.as_bytes()).expect("a mail")
        })
        .collect()
}

fn body(message: &Message<'_>) -> Vec<u8> {
    message.part(0).expect("a body").contents().to_vec()
}

#[test]
fn a_mailbox_gives_every_byte_back() {
    let entries = all_awkward();
    let mailbox = mbox(&entries, "Dana Reyes");
    let messages = cut(&mailbox);
    let expected: Vec<&[u8]> = entries
        .iter()
        .flat_map(|entry| match &entry.stored {
            Stored::Record(record) if record.message.is_empty() => vec![record.reply.as_bytes()],
            Stored::Record(record) => vec![record.message.as_bytes(), record.reply.as_bytes()],
            Stored::Unreadable { json, .. } => vec![json.as_bytes()],
        })
        .collect();
    assert_eq!(messages.len(), expected.len());
    for (message, expected) in messages.iter().zip(expected) {
        let shown = String::from_utf8_lossy(expected).chars().take(60).collect::<String>();
        assert!(body(message) == expected, "{shown:?}");
        assert!(message.part(0).expect("a body").content_type().is_some_and(|of| of.ctype() == "text"), "{shown:?}");
    }
}

#[test]
fn a_mailbox_is_a_conversation() {
    let mailbox = mbox(&[entry(record(1_795_000_000_000))], "Dana Reyes");
    assert!(
        mailbox.starts_with(b"From MAILER-DAEMON Wed Nov 18 11:06:40 2026\n"),
        "{}",
        String::from_utf8_lossy(&mailbox)
    );
    let [message, reply] = &cut(&mailbox)[..] else { panic!("two mails") };
    let who = |address: Option<&Address>| {
        let person = address.and_then(Address::first).expect("somebody");
        (person.name().unwrap_or_default().to_owned(), person.address().unwrap_or_default().to_owned())
    };
    let gary = ("Gary Stone".to_owned(), "gary@stone.example".to_owned());
    let dana = ("Dana Reyes".to_owned(), "me@composure.invalid".to_owned());
    assert_eq!((who(message.from()), who(message.to())), (gary.clone(), dana.clone()));
    assert_eq!((who(reply.from()), who(reply.to())), (dana, gary));
    assert_eq!(reply.subject(), Some("Where is my refund?"));
    assert_eq!(reply.date().map(mail_parser::DateTime::to_timestamp), Some(1_795_000_000));
    assert_eq!(reply.in_reply_to().as_text(), message.message_id());
    assert_eq!(
        reply.header("X-Composure-Heat").and_then(|heat| heat.as_text()),
        Some("64 when hottest, 3 as sent; their mail 70")
    );
    assert_eq!(reply.header("X-Composure-Site").and_then(|site| site.as_text()), Some("mail.google.com"));
}

#[test]
fn json_gives_all_back() {
    let entries = all_awkward();
    let file: Value = serde_json::from_slice(&json(&entries)).expect("JSON");
    assert_eq!((&file["format"], &file["version"]), (&Value::from("composure-records"), &Value::from(1)));
    for entry in &entries {
        let there = file["records"][&entry.key].clone();
        match &entry.stored {
            Stored::Record(record) => {
                assert_eq!(serde_json::from_value::<Record>(there).expect("a record"), *record);
            }
            Stored::Unreadable { json, .. } => assert_eq!(there, serde_json::from_str::<Value>(json).expect("JSON")),
        }
    }
    assert_eq!(file["records"].as_object().map(serde_json::Map::len), Some(entries.len()));
    assert_eq!(serde_json::from_slice::<Value>(&json(&[])).expect("JSON")["records"], serde_json::json!({}));
}

#[test]
fn a_table_gives_all_back_and_runs_nothing() {
    let mut entries = all_awkward();
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1"] {
        entries.push(entry(Record { reply: formula.to_owned(), ..record(5) }));
    }
    let file = csv(&entries);
    let file = file.strip_prefix("\u{FEFF}".as_bytes()).expect("the mark of UTF-8");
    let mut reader = csv::Reader::from_reader(file);
    let names: Vec<String> = reader.headers().expect("a head").iter().map(str::to_owned).collect();
    let mut rows = reader.records();
    for entry in &entries {
        let row = rows.next().expect("a row").expect("a row of as many cells");
        let row: BTreeMap<&str, &str> = names.iter().map(String::as_str).zip(row.iter()).collect();
        for cell in row.values() {
            let begins = cell.trim_start_matches([' ', '\n']).chars().next();
            assert!(begins.is_none_or(|begins| !"=+-@\t\r＝＋－＠".contains(begins)), "{cell:?}");
        }
        let same = |cell: &str, text: &str| cell == text || cell.strip_prefix('\'') == Some(text);
        match &entry.stored {
            Stored::Record(record) => {
                assert!(same(row["reply"], &record.reply) && same(row["their message"], &record.message));
                assert_eq!((row["their heat"], row["heat before"], row["heat as sent"]), ("70", "64", "3"));
                assert_eq!(row["unreadable"], "");
            }
            Stored::Unreadable { json, .. } => assert_eq!(row["unreadable"], json),
        }
    }
    assert!(rows.next().is_none());
    let file = csv(&[entry(record(1_795_000_000_000))]);
    assert!(
        String::from_utf8_lossy(&file).contains("\r\n\"2026-11-18T11:06:40Z\",\"mail.google.com\",\"Gary Stone\",")
    );
}

#[test]
fn what_is_asked_for_is_found() {
    let calm = Record {
        heat_message: 0,
        heat_before: 2,
        heat_after: 2,
        time: 100,
        site: "post.example".to_owned(),
        ..record(0)
    };
    let still_hot = Record { heat_after: 61, time: 300, reply: "ÄRGER with the Straße".to_owned(), ..record(0) };
    let entries = [entry(calm), entry(record(200)), entry(still_hot), unreadable()];
    let found =
        |filter: Filter| -> Vec<u64> { entries.iter().filter(|entry| filter.finds(entry)).map(Entry::time).collect() };
    let words = |words: &str| Filter { words: words.to_owned(), ..Filter::default() };
    let heat = |name: &str| Filter { heat: Heat::named(name), ..Filter::default() };
    assert_eq!(found(Filter::default()), [100, 200, 300, 1000]);
    assert_eq!(found(words("  ")), [100, 200, 300, 1000]);
    assert_eq!(found(words("stone GARY refund three SORRY")), [100, 200]);
    assert_eq!(found(words("ärger strasse")), Vec::<u64>::new());
    assert_eq!(found(words("Ärger straße")), [300]);
    assert_eq!(found(words("half")), [1000]);
    // What cannot be read is never hidden by what it does not tell.
    assert_eq!(found(heat("any")), [100, 200, 300, 1000]);
    assert_eq!(found(heat("upset")), [200, 300, 1000]);
    assert_eq!(found(heat("hot")), [200, 300, 1000]);
    assert_eq!(found(heat("cooled")), [200, 1000]);
    assert_eq!(found(heat("still-hot")), [300, 1000]);
    assert_eq!(found(heat("of another version")), [100, 200, 300, 1000]);
    assert_eq!(found(Filter { site: Some("post.example".to_owned()), ..Filter::default() }), [100, 1000]);
    assert_eq!(found(Filter { from: Some(200), until: Some(1000), ..Filter::default() }), [200, 300]);
}

#[test]
fn the_chart_says_in_words_what_it_draws() {
    let day = |time: u64| format!("day {time}");
    assert!(chart([].iter(), day).is_none());
    let one = chart([record(5)].iter(), day).expect("a chart").into_string();
    assert!(
        one.contains("1 reply. ") && one.contains("their mails 70") && one.contains("as you sent them 3."),
        "{one}"
    );
    let calm = Record { heat_before: 4, heat_after: 1, ..record(1_000_000) };
    let two = [record(0), calm];
    let drawn = chart(two.iter(), day).expect("a chart").into_string();
    assert!(
        drawn.contains("2 replies. ") && drawn.contains("at their hottest 34") && drawn.contains("day 1000000"),
        "{drawn}"
    );
    assert!(drawn.contains("points=\"0,72 800,192\""), "{drawn}");
    let many: Vec<Record> = (0..10_000).map(record).collect();
    let drawn = chart(many.iter(), day).expect("a chart").into_string();
    assert!(drawn.matches("<circle").count() <= 2 * 41 && drawn.contains("10000 replies"), "{}", drawn.len());
    // The ends of time.
    assert!(chart([record(0), record(u64::MAX)].iter(), day).is_some());
}
