//! SARIF 2.1.0, as code scanning reads it. Results are printed as they come, so it is not built in memory.

use composure_engine::{Rule, Severity, rules};
use serde_json::{Value, json};

use super::severity;
use crate::input::Place;
use crate::judge::Reviewed;
use crate::packs::Packs;
use crate::run::Tally;
use crate::text::Cursor;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// All before the first result.
pub(super) fn head(packs: &Packs) -> String {
    let driver = json!({
        "name": "composure",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules().iter().chain(packs.rules()).map(rule).collect::<Vec<_>>(),
    });
    format!(
        "{{\"$schema\":{},\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\n\
         \"columnKind\":\"unicodeCodePoints\",\"results\":[\n",
        json!(SCHEMA)
    )
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": format!("{} {}", rule.what, rule.why)},
        "help": {"text": rule.instead},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": ["tone"], "problem.severity": level(rule.severity), "severity": severity(rule.severity)},
    })
}

/// SARIF's word for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Hint => "note",
        Severity::Warning => "warning",
        Severity::Serious => "error",
    }
}

/// A draft's findings.
pub(super) fn results(reviewed: &Reviewed) -> Vec<String> {
    let mut cursor = Cursor::new(&reviewed.text);
    let result = |finding: &composure_engine::Finding| {
        let rule = finding.rule;
        let mut result = json!({
            "ruleId": rule.id,
            "level": level(rule.severity),
            "message": {"text": format!("{} {} {}", rule.what, rule.why, rule.instead)},
            "locations": [location(reviewed, finding, &mut cursor)],
        });
        // Of a pack's rules, which stand behind these, the id alone says which it is.
        if let Some(index) = rules().iter().position(|other| other.id == rule.id) {
            result["ruleIndex"] = index.into();
        }
        // A fix changes bytes of the file; those of a decoded mail are others.
        if matches!(reviewed.place, Place::File { plain: true, .. }) && !finding.suggestions.is_empty() {
            result["fixes"] = finding.suggestions.iter().map(|suggestion| fix(reviewed, suggestion)).collect();
        }
        result.to_string()
    };
    reviewed.review.findings.iter().map(result).collect()
}

fn location(reviewed: &Reviewed, finding: &composure_engine::Finding, cursor: &mut Cursor<'_>) -> Value {
    let snippet = json!({"text": reviewed.text.words(finding.span)});
    let (start, end) = (cursor.to(finding.span.start), cursor.to(finding.span.end));
    let span = reviewed.text.original_span(finding.span);
    match &reviewed.place {
        Place::File { file, plain: true } => json!({"physicalLocation": {
            "artifactLocation": {"uri": uri(file)},
            "region": {
                "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
                "charOffset": start.characters, "charLength": end.characters - start.characters,
                "byteOffset": span.start, "byteLength": span.end - span.start,
                "snippet": snippet,
            },
        }}),
        // The words stand in no line of the file as they are: the mail is named, and where it begins.
        Place::Message { file, number, line, subject, .. } => json!({
            "physicalLocation": {
                "artifactLocation": {"uri": uri(file)},
                "region": {"startLine": line, "snippet": snippet},
            },
            "logicalLocations": [{"name": subject, "fullyQualifiedName": format!("message {number}"), "kind": "member"}],
        }),
        place => json!({"physicalLocation": {
            "artifactLocation": {"uri": uri(&place.to_string())},
            "region": {"startLine": 1, "snippet": snippet},
        }}),
    }
}

fn fix(reviewed: &Reviewed, suggestion: &composure_engine::Suggestion) -> Value {
    let Place::File { file, .. } = &reviewed.place else { return Value::Null };
    let span = reviewed.text.original_span(suggestion.edit.span);
    json!({
        "description": {"text": format!("Write instead: {}", suggestion.edit.insert)},
        "artifactChanges": [{
            "artifactLocation": {"uri": uri(file)},
            "replacements": [{
                "deletedRegion": {"byteOffset": span.start, "byteLength": span.end - span.start},
                "insertedContent": {"text": suggestion.edit.insert},
            }],
        }],
    })
}

/// A path as a relative or `file:` reference: forward slashes, and what a URI may not hold in percents.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.strip_prefix("./").unwrap_or(path).bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte.into()),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// All behind the last result: what could not be read.
pub(super) fn tail(tally: &Tally) -> String {
    let notification = |trouble: &crate::input::Trouble| {
        let level = if trouble.harmless { "note" } else { "error" };
        json!({"level": level, "message": {"text": trouble.to_string()}})
    };
    let invocation = json!({
        "executionSuccessful": tally.failed == 0,
        "toolExecutionNotifications": tally.troubles.iter().map(notification).collect::<Vec<_>>(),
    });
    format!("\n],\"invocations\":[{invocation}]}}]}}\n")
}
