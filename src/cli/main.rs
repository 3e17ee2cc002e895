//! `composure`: the same engine for a terminal.
//!
//! `composure review FILE…` prints the findings of plain-text drafts; `--format jsonl` reads one JSON object a line from
//! standard input and writes one a line, for evaluation and for other programs.

use std::io::{BufRead as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};
use composure_engine::{Author, Draft, Message, Review, Settings, Severity, Status, Thread, review};
use serde::Deserialize;
use serde_json::json;

/// Finds the words in a reply that will make an upset customer angrier.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reviews drafts. Ends with 1 when something serious was found.
    Review {
        /// Plain-text files; none with `--format jsonl`, which reads standard input.
        files: Vec<PathBuf>,
        /// The customer's message, as a plain-text file.
        #[arg(long)]
        thread: Option<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

fn main() -> Result<ExitCode> {
    let Command::Review { files, thread, format } = Arguments::parse().command;
    let serious = match format {
        Format::Jsonl => review_lines()?,
        Format::Text => {
            let thread = thread.map(|file| customer_wrote(&file)).transpose()?.unwrap_or_default();
            let mut serious = false;
            for file in &files {
                serious |= review_file(file, &thread)?;
            }
            serious
        }
    };
    Ok(if serious { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn customer_wrote(file: &Path) -> Result<Thread> {
    let message = Message { from: Author::Customer, text: read(file)?, sent: None };
    Ok(Thread { messages: vec![message], recipient: None })
}

/// Text with one kind of line end: a draft's lines are separated by `\n`.
fn read(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(text.replace("\r\n", "\n"))
}

/// Prints one file's findings, each under its line; says whether one was serious.
fn review_file(file: &Path, thread: &Thread) -> Result<bool> {
    let text = read(file)?;
    let draft = Draft { text, regions: Vec::new() };
    let review = review(&draft, thread, &Settings::default());
    let mut out = std::io::stdout().lock();
    for finding in &review.findings {
        let (start, end) = (finding.span.start, finding.span.end);
        let line_start = draft.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = draft.text[start..].find('\n').map_or(draft.text.len(), |newline| start + newline);
        let number = draft.text[..start].matches('\n').count() + 1;
        let column = draft.text[line_start..start].chars().count();
        let width = draft.text[start..end.min(line_end)].chars().count().max(1);
        writeln!(out, "{}:{number}:{}: {}: {}", file.display(), column + 1, finding.rule.id, finding.rule.what)?;
        writeln!(out, "  {}", &draft.text[line_start..line_end])?;
        writeln!(out, "  {}{}", " ".repeat(column), "^".repeat(width))?;
        match finding.suggestions.first() {
            Some(suggestion) => writeln!(out, "  instead: {}", suggestion.edit.insert)?,
            None => writeln!(out, "  {}", finding.rule.instead)?,
        }
    }
    writeln!(out, "{}: heat {}, {} findings", file.display(), review.heat, review.findings.len())?;
    Ok(review.findings.iter().any(|finding| finding.rule.severity == Severity::Serious))
}

/// One draft of `--format jsonl`.
#[derive(Deserialize)]
struct Line {
    id: serde_json::Value,
    draft: String,
    #[serde(default)]
    thread: Vec<LineMessage>,
}

#[derive(Deserialize)]
struct LineMessage {
    from: String,
    text: String,
}

fn review_lines() -> Result<bool> {
    let mut serious = false;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (index, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.context("reading standard input")?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Line>(&line) {
            Ok(line) => serious |= review_line(line, &mut out)?,
            // The rest goes on: one bad line must not cost an evaluation.
            Err(error) => writeln!(out, "{}", json!({"line": index + 1, "error": error.to_string()}))?,
        }
    }
    out.flush()?;
    Ok(serious)
}

fn review_line(line: Line, out: &mut impl Write) -> Result<bool> {
    let from = |message: &LineMessage| if message.from == "me" { Author::Me } else { Author::Customer };
    let messages: Vec<Message> = line
        .thread
        .into_iter()
        .map(|message| Message { from: from(&message), text: message.text, sent: None })
        .collect();
    let draft = Draft { text: line.draft, regions: Vec::new() };
    let settings = Settings { assess: true, ..Settings::default() };
    let thread = Thread { messages, recipient: None };
    let review = review(&draft, &thread, &settings);
    let customer = thread.messages.iter().rev().find(|message| message.from == Author::Customer);
    let customer = customer.map_or("", |message| message.text.as_str());
    writeln!(out, "{}", as_json(&line.id, &draft.text, customer, &review))?;
    Ok(review.findings.iter().any(|finding| finding.rule.severity == Severity::Serious))
}

/// Offsets are UTF-8 bytes of the draft; those of requests, of the customer's last message.
fn as_json(id: &serde_json::Value, text: &str, customer: &str, review: &Review) -> serde_json::Value {
    let findings: Vec<_> = review
        .findings
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule.id,
                "severity": match finding.rule.severity {
                    Severity::Hint => "hint",
                    Severity::Warning => "warning",
                    Severity::Serious => "serious",
                },
                "start": finding.span.start,
                "end": finding.span.end,
                "text": text.get(finding.span.start..finding.span.end),
                "suggestions": finding.suggestions.iter().map(|suggestion| &suggestion.edit.insert).collect::<Vec<_>>(),
            })
        })
        .collect();
    let status = |status: Status| match status {
        Status::Met => "met",
        Status::Unmet => "unmet",
        Status::NotApplicable => "not-applicable",
    };
    let checklist: serde_json::Map<_, _> =
        review.checklist.iter().map(|state| (state.item.id.replace('-', "_"), status(state.status).into())).collect();
    let requests: Vec<_> = review
        .requests
        .iter()
        .map(|request| {
            let text = customer.get(request.span.start..request.span.end);
            json!({"start": request.span.start, "end": request.span.end, "text": text, "answered": request.answered})
        })
        .collect();
    json!({"id": id, "heat": review.heat, "findings": findings, "checklist": checklist, "requests": requests})
}
