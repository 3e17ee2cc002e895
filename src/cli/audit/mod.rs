//! Mailboxes and lines of JSON to tables and a report: for whoever answers for how a team writes.
//!
//! Replies go to the tables as they come; what the report says is added up meanwhile, so that memory grows with the number
//! of agents and weeks, never with the mail.

mod report;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use composure_engine::{Rule, Severity, Status, checklist};
use serde_json::{Map, Value, json};

use crate::input::{self, Trouble};
use crate::judge::{Judge, Outcome, Reviewed};
use crate::output::{severity, status};
use crate::pipeline::ordered;
use crate::run::{progress, tell};
use table::{Cell, Kind, Table};

/// From this heat on a reply is one that its writer would be asked about before it is sent.
const HOT: u8 = 60;

/// What to do.
#[derive(Debug)]
pub struct Audit {
    /// Files; none for lines on standard input.
    pub files: Vec<PathBuf>,
    /// How replies are judged; has to ask for [`crate::judge::Origins`].
    pub judge: Judge,
    /// Where tables and report go; nothing for a row a line on standard output.
    pub out: Option<PathBuf>,
}

/// So many of the hottest replies are named.
const HOTTEST: usize = 20;

/// What an audit came to.
#[derive(Debug, Default)]
pub struct Summary {
    all: Group,
    /// By the day, counted from 1970, of the Monday.
    weeks: BTreeMap<i64, Group>,
    agents: BTreeMap<String, Group>,
    rules: BTreeMap<&'static str, RuleCount>,
    /// In the order of the checklist: how many meet an item, and for how many it applies.
    items: Vec<(u64, u64)>,
    undated: u64,
    /// No more than [`HOTTEST`] of those that are hot, the hottest first.
    hottest: Vec<Hot>,
    /// How many could not be read.
    pub unread: u64,
}

/// Some replies.
#[derive(Clone, Debug, Default)]
struct Group {
    replies: u64,
    heat: u64,
    hot: u64,
    findings: u64,
    serious: u64,
    requests: u64,
    unanswered: u64,
}

/// A reply to read first.
#[derive(Debug)]
struct Hot {
    id: String,
    sent: Option<i64>,
    agent: String,
    heat: u8,
    findings: usize,
}

#[derive(Debug)]
struct RuleCount {
    rule: &'static Rule,
    findings: u64,
    replies: u64,
}

/// What is kept of a reply.
struct Reply {
    id: String,
    sent: Option<i64>,
    agent: String,
    heat: u8,
    rules: Vec<&'static Rule>,
    items: Vec<Status>,
    requests: usize,
    unanswered: usize,
    row: Vec<Cell>,
    findings: Vec<Vec<Cell>>,
}

enum Found {
    Reply(Box<Reply>),
    Trouble(Trouble),
    Nothing,
}

const FINDINGS: [(&str, Kind); 8] = [
    ("id", Kind::Text),
    ("date", Kind::Time),
    ("agent", Kind::Text),
    ("rule", Kind::Text),
    ("severity", Kind::Text),
    ("start", Kind::Number),
    ("end", Kind::Number),
    ("text", Kind::Text),
];

fn reply_columns() -> Vec<(String, Kind)> {
    let fixed = [
        ("id", Kind::Text),
        ("date", Kind::Time),
        ("agent", Kind::Text),
        ("words", Kind::Number),
        ("heat", Kind::Number),
        ("serious", Kind::Number),
        ("warnings", Kind::Number),
        ("hints", Kind::Number),
        ("requests", Kind::Number),
        ("unanswered", Kind::Number),
    ];
    let items = checklist().map(|item| (item.id.replace('-', "_"), Kind::Text));
    fixed.into_iter().map(|(name, kind)| (name.to_owned(), kind)).chain(items).collect()
}

impl Audit {
    /// Reviews everything and writes it down. What cannot be read is told on standard error, and counted.
    ///
    /// # Errors
    /// If the input breaks off or the output cannot be written.
    pub fn run(&self) -> Result<Summary> {
        match &self.out {
            Some(folder) => self.to_folder(folder),
            // Rows that nobody reads any more are no error.
            None => self.to_rows().or_else(|error| match error.downcast_ref::<io::Error>() {
                Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Summary::default()),
                _ => Err(error),
            }),
        }
    }

    fn to_folder(&self, folder: &Path) -> Result<Summary> {
        let writing = || format!("writing to {}", folder.display());
        fs::create_dir_all(folder).with_context(writing)?;
        let mut replies = Table::create(folder, "replies", reply_columns()).with_context(writing)?;
        let columns = FINDINGS.map(|(name, kind)| (name.to_owned(), kind)).to_vec();
        let mut findings = Table::create(folder, "findings", columns).with_context(writing)?;
        let summary = self.each(|reply| {
            replies.push(reply.row)?;
            reply.findings.into_iter().try_for_each(|finding| findings.push(finding))
        })?;
        replies.finish().with_context(writing)?;
        findings.finish().with_context(writing)?;
        let mut report = File::create(folder.join("report.html")).with_context(writing)?;
        report.write_all(report::html(&summary).as_bytes()).with_context(writing)?;
        Ok(summary)
    }

    /// A line of JSON a reply, for a program that spreads lines over many machines.
    fn to_rows(&self) -> Result<Summary> {
        let mut out = io::BufWriter::new(io::stdout());
        let names: Vec<String> = reply_columns().into_iter().map(|(name, _)| name).collect();
        let summary = self.each(|reply| {
            let object = |names: &mut dyn Iterator<Item = &str>, cells: Vec<Cell>| -> Map<String, Value> {
                names.map(str::to_owned).zip(cells.into_iter().map(Cell::json)).collect()
            };
            let mut row = object(&mut names.iter().map(String::as_str), reply.row);
            // What a finding shares with its reply stands there.
            let finding = |cells: Vec<Cell>| object(&mut FINDINGS.iter().map(|(name, _)| *name), cells);
            let own = |mut finding: Map<String, Value>| {
                finding.retain(|name, _| !matches!(name.as_str(), "id" | "date" | "agent"));
                finding
            };
            let findings: Vec<_> = reply.findings.into_iter().map(|cells| own(finding(cells))).collect();
            row.insert("findings".to_owned(), json!(findings));
            Ok(writeln!(out, "{}", Value::Object(row))?)
        })?;
        out.flush()?;
        Ok(summary)
    }

    fn each(&self, mut write: impl FnMut(Reply) -> Result<()>) -> Result<Summary> {
        let mut summary = Summary { items: vec![(0, 0); checklist().len()], ..Summary::default() };
        let progress = progress(&self.files);
        ordered(
            |sink| match self.files.as_slice() {
                [] => input::standard_input(sink),
                files => files.iter().try_for_each(|file| input::file(file, &self.judge.mine, sink)),
            },
            |job| match self.judge.judge(job) {
                Outcome::Reviewed(reviewed) => Found::Reply(Box::new(Reply::new(&reviewed))),
                Outcome::Trouble(trouble) => Found::Trouble(trouble),
                Outcome::NotMine => Found::Nothing,
            },
            |batch, bytes| {
                for found in batch {
                    match found {
                        Found::Reply(reply) => {
                            summary.add(&reply);
                            write(*reply)?;
                        }
                        Found::Trouble(trouble) => {
                            summary.unread += u64::from(!trouble.harmless);
                            progress.suspend(|| tell(&trouble.to_string()));
                        }
                        Found::Nothing => {}
                    }
                }
                progress.inc(bytes as u64);
                Ok(())
            },
        )?;
        progress.finish_and_clear();
        Ok(summary)
    }
}

impl Reply {
    fn new(reviewed: &Reviewed) -> Reply {
        let Reviewed { place, review, origin, .. } = reviewed;
        let of = |wanted| review.findings.iter().filter(|finding| finding.rule.severity == wanted).count();
        let unanswered = review.requests.iter().filter(|request| !request.answered).count();
        let id = place.to_string();
        let shared = || [Cell::Text(id.clone()), Cell::Time(origin.sent), Cell::Text(origin.agent.clone())];
        let numbers = [
            origin.words,
            usize::from(review.heat),
            of(Severity::Serious),
            of(Severity::Warning),
            of(Severity::Hint),
            review.requests.len(),
            unanswered,
        ];
        let items: Vec<Status> = review.checklist.iter().map(|state| state.status).collect();
        let findings = review.findings.iter().map(|finding| {
            let span = reviewed.text.original_span(finding.span);
            let text = reviewed.text.words(finding.span);
            let own = [
                Cell::Text(finding.rule.id.to_owned()),
                Cell::Text(severity(finding.rule.severity).to_owned()),
                Cell::number(span.start),
                Cell::number(span.end),
                Cell::Text(text.to_owned()),
            ];
            shared().into_iter().chain(own).collect()
        });
        Reply {
            id: id.clone(),
            sent: origin.sent,
            agent: origin.agent.clone(),
            heat: review.heat,
            rules: review.findings.iter().map(|finding| finding.rule).collect(),
            requests: review.requests.len(),
            unanswered,
            row: shared()
                .into_iter()
                .chain(numbers.map(Cell::number))
                .chain(items.iter().map(|item| Cell::Text(status(*item).to_owned())))
                .collect(),
            findings: findings.collect(),
            items,
        }
    }
}

impl Group {
    fn add(&mut self, reply: &Reply) {
        self.replies += 1;
        self.heat += u64::from(reply.heat);
        self.hot += u64::from(reply.heat >= HOT);
        self.findings += reply.rules.len() as u64;
        self.serious += reply.rules.iter().filter(|rule| rule.severity == Severity::Serious).count() as u64;
        self.requests += reply.requests as u64;
        self.unanswered += reply.unanswered as u64;
    }

    /// 0 to 100.
    fn mean_heat(&self) -> f64 {
        self.heat as f64 / self.replies.max(1) as f64
    }

    /// In percent.
    fn hot_share(&self) -> f64 {
        percent(self.hot, self.replies)
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

impl Summary {
    fn add(&mut self, reply: &Reply) {
        self.all.add(reply);
        match reply.sent {
            Some(sent) => self.weeks.entry(monday(sent)).or_default().add(reply),
            None => self.undated += 1,
        }
        self.agents.entry(reply.agent.clone()).or_default().add(reply);
        let mut seen = BTreeSet::new();
        for rule in &reply.rules {
            let count = self.rules.entry(rule.id).or_insert(RuleCount { rule, findings: 0, replies: 0 });
            count.findings += 1;
            count.replies += u64::from(seen.insert(rule.id));
        }
        for ((met, asked), item) in self.items.iter_mut().zip(&reply.items) {
            *met += u64::from(*item == Status::Met);
            *asked += u64::from(*item != Status::NotApplicable);
        }
        let place = self.hottest.partition_point(|other| other.heat >= reply.heat);
        if reply.heat >= HOT && place < HOTTEST {
            let Reply { id, sent, agent, heat, rules, .. } = reply;
            let hot = Hot { id: id.clone(), sent: *sent, agent: agent.clone(), heat: *heat, findings: rules.len() };
            self.hottest.insert(place, hot);
            self.hottest.truncate(HOTTEST);
        }
    }

    /// One line, for people.
    pub fn line(&self) -> String {
        let Group { replies, findings, hot, .. } = self.all;
        let unread = if self.unread > 0 { format!(", {} not readable", self.unread) } else { String::new() };
        format!("{replies} replies by {} agents, {findings} findings, {hot} hot{unread}", self.agents.len())
    }
}

/// The Monday of the week of a time in seconds since 1970, in days since then. (1970 began on a Thursday.)
fn monday(seconds: i64) -> i64 {
    let day = seconds.div_euclid(86_400);
    day - (day + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::monday;

    #[test]
    fn weeks_begin_on_monday() {
        let day = |text: &str| crate::mail::timestamp(text).expect("a date");
        for (date, begins) in [
            ("2026-11-23", "2026-11-23"),
            ("2026-11-29T23:59:59Z", "2026-11-23"),
            ("2026-11-30T00:30:00+01:00", "2026-11-23"),
            ("1969-12-31", "1969-12-29"),
        ] {
            assert_eq!(monday(day(date)) * 86_400, day(begins), "{date}");
        }
        assert_eq!(crate::mail::timestamp("next week"), None);
    }
}
