//! `composure audit`: tables that agree with each other and with the rows, and a report that stands alone.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use common::{composure, folder, objects};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::{Value, json};

type Rows = Vec<BTreeMap<String, String>>;

fn csv(file: &Path) -> Rows {
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// As the CSV has it.
fn parquet(file: &Path) -> Rows {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let value = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Int(number) => number.to_string(),
        Field::TimestampMillis(time) => composure_cli::mail::date(time / 1_000),
        other => panic!("{other:?}"),
    };
    let row =
        |row: parquet::record::Row| row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect();
    reader.get_row_iter(None).unwrap().map(|found| row(found.unwrap())).collect()
}

fn lines(count: usize) -> String {
    let drafts =
        ["You failed to attach the receipt. You idiot.", "Hi Ann,\n\nYour parcel left us this morning.\n\nBest,\nJo"];
    let agents = ["ann", "ben", "=1+1"];
    let line = |number: usize| {
        let mut line = json!({"id": format!("r{number}"), "draft": drafts[number % 2], "agent": agents[number % 3],
            "thread": [{"from": "customer", "text": "Where is my parcel?"}]});
        if !number.is_multiple_of(10) {
            line["date"] = format!("2026-{:02}-23T10:00:00+01:00", number % 10 + 1).into();
        }
        line.to_string() + "\n"
    };
    (0..count).map(line).collect()
}

#[test]
fn csv_parquet_and_rows_say_the_same() {
    let folder = folder("audit-tables");
    fs::write(folder.join("replies.jsonl"), lines(300)).unwrap();
    let done = composure(&folder, &["audit", "replies.jsonl", "--out", "out/tables"], "");
    assert_eq!((done.err.as_str(), done.code), ("", 0));
    assert_eq!(done.out, "300 replies by 3 agents, 300 findings, 150 hot; see out/tables/report.html\n");
    let out = folder.join("out/tables");
    let (replies, findings) = (csv(&out.join("replies.csv")), csv(&out.join("findings.csv")));
    assert_eq!((replies.len(), findings.len()), (300, 300));
    // A spreadsheet must not run what an agent is called; Parquet is for programs.
    let unguarded = |rows: &Rows| -> Rows {
        let cell =
            |(name, cell): (&String, &String)| (name.clone(), cell.strip_prefix('\'').unwrap_or(cell).to_owned());
        rows.iter().map(|row| row.iter().map(cell).collect()).collect()
    };
    assert_eq!(replies[2]["agent"], "'=1+1");
    assert_eq!(unguarded(&replies), parquet(&out.join("replies.parquet")));
    assert_eq!(unguarded(&findings), parquet(&out.join("findings.parquet")));
    assert_eq!(replies[1]["date"], "2026-02-23T09:00:00Z");
    assert_eq!(
        (replies[0]["date"].as_str(), replies[0]["serious"].as_str(), replies[0]["words"].as_str()),
        ("", "1", "8")
    );
    assert_eq!((findings[1]["rule"].as_str(), findings[1]["text"].as_str()), ("insult", "You idiot"));
    let rows = objects(&composure(&folder, &["audit", "--rows"], &lines(50)).out);
    assert_eq!(rows.len(), 50);
    for (row, reply) in rows.iter().zip(unguarded(&replies)) {
        for (name, cell) in reply {
            let written = match &row[&name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(written, cell, "{name} of {row}");
        }
    }
    assert_eq!(rows[0]["findings"][1]["text"], "You idiot");
}

#[test]
fn agents_and_dates_of_mails_are_in_their_headers() {
    let folder = folder("audit-mails");
    let mail = |from: &str, more: &str, text: &str| {
        format!(
            "From - Mon Nov 23 10:00:00 2026\nFrom: {from}\nSubject: Parcel\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n{more}\n{text}\n\n"
        )
    };
    let mailbox = [
        mail("Gary <gary@x.example>", "To: ann@shop.example\n", "Where is it?"),
        mail("Ann <Ann@Shop.example>", "X-Agent: Ann\n  Smith\nTo: gary@x.example\n", "You idiot."),
        mail(
            "Ben <ben@shop.example>",
            "X-Agent: =?utf-8?q?J=C3=B6rg?= Ben\nTo: gary@x.example\n",
            "It left us this morning.",
        ),
    ];
    fs::write(folder.join("sent.mbox"), mailbox.concat()).unwrap();
    let agents = |arguments: &[&str]| -> Vec<(String, String)> {
        let done = composure(&folder, &[&["audit", "sent.mbox", "--out", "."], arguments].concat(), "");
        assert_eq!(done.code, 0, "{}", done.err);
        csv(&folder.join("replies.csv")).into_iter().map(|row| (row["agent"].clone(), row["date"].clone())).collect()
    };
    let of = |agent: &str| (agent.to_owned(), "2026-11-23T09:00:00Z".to_owned());
    assert_eq!(agents(&["--mine", "@shop.example"]), [of("ann@shop.example"), of("ben@shop.example")]);
    assert_eq!(agents(&["--agent-from", "x-agent"]), [of(""), of("Ann Smith"), of("Jörg Ben")]);
}

#[test]
fn an_agent_that_is_a_number_is_not_rounded() {
    let line = r#"{"id":1,"draft":"Hello","agent":123456789012345678901234567890}"#;
    let done = composure(&folder("audit-number"), &["audit", "--rows"], line);
    assert_eq!(objects(&done.out)[0]["agent"], "123456789012345678901234567890", "{}", done.err);
}

#[test]
fn the_report_stands_alone() {
    let folder = folder("audit-report");
    let agent = "<script>alert(1)</script>";
    let line = json!({"id": 1, "draft": "You idiot. You moron. Shut up, liar.", "agent": agent, "date": "2026-11-23"})
        .to_string();
    let done = composure(&folder, &["audit", "--out", "."], &(lines(40) + &line));
    assert_eq!(done.code, 0, "{}", done.err);
    let report = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(!report.contains("<script") && report.contains("&lt;script&gt;"), "what is in mails is text");
    assert!(!report.contains("http:") && !report.contains("https:") && !report.contains("url("), "no network");
    assert_eq!(report.matches("<svg").count(), 4);
    assert_eq!(report.matches("<svg").count(), report.matches("role=\"img\"").count());
    assert_eq!(report.matches("<svg").count(), report.matches("<desc").count());
    // The hottest have a table of their own.
    assert_eq!(report.matches("<svg").count() + 1, report.matches("<table").count());
    let (_, hottest) = report.split_once("Worth reading first").unwrap();
    assert_eq!(hottest.matches("<th scope=\"row\"").count(), 20);
    assert!(
        !hottest.contains(">r1<") && hottest.contains("<tbody><tr><th scope=\"row\">1</th><td>2026-11-23</td>"),
        "{hottest}"
    );
    assert!(
        report.contains("<dt>Replies</dt><dd>41</dd>") && report.contains("<dt>Hot replies</dt><dd>21</dd>"),
        "{report}"
    );
    // What has one point, or none, is drawn too.
    for input in [line.as_str(), ""] {
        assert_eq!(composure(&folder, &["audit", "--out", "."], input).code, 0);
        let report = fs::read_to_string(folder.join("report.html")).unwrap();
        assert!(!report.contains("NaN") && !report.contains("inf\""), "{report}");
    }
}

#[test]
fn what_cannot_be_read_is_told_and_counted() {
    let folder = folder("audit-trouble");
    let undated = r#"{"id":1,"draft":"Hello","date":"23/11/2026"}"#;
    let never = r#"{"id":1,"draft":"Hello","date":"2026-02-31"}"#;
    fs::write(folder.join("a.jsonl"), lines(3) + "nonsense\n" + undated + "\n" + never).unwrap();
    let done = composure(&folder, &["audit", "a.jsonl", "missing.mbox", "--out", "."], "");
    let told: Vec<&str> = done.err.lines().collect();
    assert!(
        told[0].starts_with("composure: a.jsonl: line 4: ") && told[3].starts_with("composure: missing.mbox: "),
        "{told:?}"
    );
    assert!(told[1].starts_with("composure: a.jsonl: line 5: the date \"23/11/2026\" is neither"), "{told:?}");
    assert!(told[2].starts_with("composure: a.jsonl: line 6: the date \"2026-02-31\" is neither"), "{told:?}");
    assert!(done.out.starts_with("3 replies by 3 agents, 4 findings, 2 hot, 4 not readable; see "), "{}", done.out);
    assert_eq!(done.code, 2);
    // A file of lines is reviewed as they are on standard input.
    fs::write(folder.join("b.jsonl"), lines(3)).unwrap();
    let review =
        |file: &[&str], input: &str| composure(&folder, &[&["review", "--format", "jsonl"], file].concat(), input).out;
    assert_eq!(review(&["b.jsonl"], ""), review(&[], &lines(3)));
    for arguments in [&["audit", "a.jsonl"][..], &["audit", "a.jsonl", "--rows", "--out", "."]] {
        assert_eq!(composure(&folder, arguments, "").code, 2);
    }
}
