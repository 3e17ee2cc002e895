//! One object a draft, for programs. The README's and `score.py`'s form; fields are only ever added.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{severity, status};
use crate::input::{Place, Trouble};
use crate::judge::{Outcome, Reviewed};
use crate::text::Cursor;

/// Spans are UTF-8 bytes of the draft as it was given.
#[derive(Serialize)]
struct Object<'a> {
    id: Id<'a>,
    #[serde(flatten)]
    message: Option<Message<'a>>,
    heat: u8,
    findings: Vec<Finding<'a>>,
    requests: Vec<Request<'a>>,
    checklist: Map<String, Value>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Id<'a> {
    /// A line's own.
    Given(&'a RawValue),
    /// What else is called.
    Name(String),
}

/// Of a mailbox.
#[derive(Serialize)]
struct Message<'a> {
    file: &'a str,
    message: u64,
    line: u64,
    subject: &'a str,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    /// The kind of tone that it most likely is, where the rule does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    severity: &'a str,
    start: usize,
    end: usize,
    text: &'a str,
    suggestions: Vec<&'a str>,
    #[serde(flatten)]
    explained: Option<Explained<'a>>,
}

/// What a program that reads files wants to show, and one that asks line by line knows.
#[derive(Serialize)]
struct Explained<'a> {
    line: usize,
    column: usize,
    what: &'a str,
    why: &'a str,
}

/// Spans are UTF-8 bytes of the customer's last message as it was given.
#[derive(Serialize)]
struct Request<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    answered: bool,
}

/// What could not be read, in its place among the objects.
#[derive(Serialize)]
struct Failure<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    error: &'a str,
}

pub(super) fn piece(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Reviewed(reviewed) => serde_json::to_string(&object(reviewed)).ok(),
        Outcome::Trouble(trouble) if !trouble.harmless => serde_json::to_string(&failure(trouble)).ok(),
        Outcome::Trouble(_) | Outcome::NotMine => None,
    }
}

fn failure(Trouble { place, error, .. }: &Trouble) -> Failure<'_> {
    let id = (!matches!(place, Place::BadLine { .. })).then(|| place.to_string());
    let (file, message, line) = match place {
        Place::BadLine { file, number } => (file.as_deref(), None, Some(*number)),
        Place::Message { file, number, line, .. } => (Some(file.as_str()), Some(*number), Some(*line)),
        _ => (None, None, None),
    };
    Failure { id, file, message, line, error }
}

fn object(reviewed: &Reviewed) -> Object<'_> {
    let Reviewed { place, review, .. } = reviewed;
    let checklist =
        review.checklist.iter().map(|state| (state.item.id.replace('-', "_"), status(state.status).into())).collect();
    let (id, message) = match place {
        Place::Line { id } => (Id::Given(id), None),
        Place::Message { file, number, line, subject, .. } => {
            (Id::Name(place.to_string()), Some(Message { file, message: *number, line: *line, subject }))
        }
        place => (Id::Name(place.to_string()), None),
    };
    Object { id, message, heat: review.heat, findings: findings(reviewed), requests: requests(reviewed), checklist }
}

fn findings(reviewed: &Reviewed) -> Vec<Finding<'_>> {
    let explain = !matches!(reviewed.place, Place::Line { .. });
    let mut cursor = Cursor::new(&reviewed.text);
    let mut explained = |found: &composure_engine::Finding| {
        let at = cursor.to(found.span.start);
        Explained { line: at.line, column: at.column, what: found.rule.what, why: found.rule.why }
    };
    let one = reviewed.review.findings.iter().map(|found| {
        let span = reviewed.text.original_span(found.span);
        Finding {
            rule: found.rule.id,
            label: found.guess.map(|rule| rule.id),
            severity: severity(found.rule.severity),
            start: span.start,
            end: span.end,
            text: reviewed.text.words(found.span),
            suggestions: found.suggestions.iter().map(|suggestion| suggestion.edit.insert.as_str()).collect(),
            explained: explain.then(|| explained(found)),
        }
    });
    one.collect()
}

fn requests(reviewed: &Reviewed) -> Vec<Request<'_>> {
    let Some(customer) = reviewed.customer.as_deref() else { return Vec::new() };
    let one = |request: &composure_engine::Request| {
        let span = customer.original_span(request.span);
        Request { start: span.start, end: span.end, text: customer.words(request.span), answered: request.answered }
    };
    reviewed.review.requests.iter().map(one).collect()
}
