//! For people: each finding under its words, as a compiler shows an error, and a line of summary a draft.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use composure_engine::{Finding, Severity, Status};

use super::{Style, printable, severity};
use crate::input::Place;
use crate::judge::{Outcome, Reviewed};
use crate::run::Tally;
use crate::text::Cursor;

/// A line longer than this is shown in part: a paragraph is often one line.
const LINE_CAP: usize = 4_000;

pub(super) fn piece(outcome: &Outcome, style: Style) -> Option<String> {
    let Outcome::Reviewed(reviewed) = outcome else { return None };
    // Of a mailbox only what there is to do is shown.
    if reviewed.review.findings.is_empty() && matches!(reviewed.place, Place::Message { .. }) {
        return None;
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(style.width);
    let name = name(&reviewed.place);
    let mut cursor = Cursor::new(&reviewed.text);
    let mut out = String::new();
    for finding in &reviewed.review.findings {
        let line = cursor.to(finding.span.start).line;
        out.push_str(&report(finding, &reviewed.text.plain, line, &name, &renderer));
        out.push_str("\n\n");
    }
    out.push_str(&summary(reviewed, &name));
    out.push('\n');
    Some(out)
}

/// What a draft is called, with nothing that would move a terminal's cursor.
fn name(place: &Place) -> String {
    match place {
        Place::Message { subject, .. } if !subject.is_empty() => printable(&format!("{place} ({subject})")),
        place => printable(&place.to_string()),
    }
}

fn report(finding: &Finding, text: &str, line: usize, name: &str, renderer: &Renderer) -> String {
    let rule = finding.rule;
    let level = match rule.severity {
        Severity::Hint => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Serious => Level::ERROR,
    };
    let (start, end) = shown(text, finding);
    let span = finding.span.start - start..finding.span.end - start;
    // The crate shows other control characters as pictures; these would pass, and are two bytes like the dot.
    let source = text.get(start..end).unwrap_or_default().replace(|c| ('\u{80}'..='\u{9f}').contains(&c), "·");
    let snippet = Snippet::source(source).line_start(line).path(name).annotation(AnnotationKind::Primary.span(span));
    let title = level.with_name(severity(rule.severity)).primary_title(rule.what).id(rule.id);
    let help = match finding.suggestions.first().map(|suggestion| printable(&suggestion.edit.insert)) {
        Some(instead) if instead.is_empty() => "leave it out".to_owned(),
        Some(instead) => format!("write instead: {instead}"),
        None => rule.instead.to_owned(),
    };
    let group = title.element(snippet).element(Level::NOTE.with_name("why").message(rule.why));
    renderer.render(&[group.element(Level::HELP.message(help))])
}

/// The lines of a finding, or what is near it in a very long one.
fn shown(text: &str, finding: &Finding) -> (usize, usize) {
    let (from, to) = (finding.span.start, finding.span.end);
    let line_start = text.get(..from).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let line_end = text.get(to..).and_then(|behind| behind.find('\n')).map_or(text.len(), |end| to + end);
    if line_end - line_start <= LINE_CAP {
        return (line_start, line_end);
    }
    let start = line_start.max(text.floor_char_boundary(from.saturating_sub(LINE_CAP / 2)));
    let end = line_end.min(text.ceil_char_boundary(to.saturating_add(LINE_CAP / 2)));
    (start, end)
}

/// Heat, findings, what is missing and what is not answered.
fn summary(reviewed: &Reviewed, name: &str) -> String {
    let review = &reviewed.review;
    let mut out = format!("{name}: heat {} of 100, {}", review.heat, counts(&review.findings));
    let unmet = review.checklist.iter().filter(|state| state.status == Status::Unmet);
    let unmet: Vec<_> = unmet.map(|state| state.item.title.to_lowercase()).collect();
    if !unmet.is_empty() {
        out.push_str(&format!("\n  missing: {}", unmet.join(", ")));
    }
    let customer = reviewed.customer.as_deref().map(|text| text.plain.as_str()).unwrap_or_default();
    for request in review.requests.iter().filter(|request| !request.answered) {
        let words = customer.get(request.span.start..request.span.end).unwrap_or_default();
        out.push_str(&format!("\n  not answered: {}", printable(words)));
    }
    out
}

fn counts(findings: &[Finding]) -> String {
    let of = |wanted| findings.iter().filter(|finding| finding.rule.severity == wanted).count();
    let kinds = [
        (of(Severity::Serious), "serious", "serious"),
        (of(Severity::Warning), "warning", "warnings"),
        (of(Severity::Hint), "hint", "hints"),
    ];
    let kinds = kinds.iter().filter(|(count, ..)| *count > 0);
    let kinds = kinds.map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }));
    match findings.len() {
        0 => "nothing found".to_owned(),
        count => format!("{} ({})", plural(count, "finding"), kinds.collect::<Vec<_>>().join(", ")),
    }
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// One line over all drafts, where there are several.
pub(super) fn tail(tally: &Tally) -> String {
    if tally.drafts + tally.failed.min(1) < 2 {
        return String::new();
    }
    let mut out = format!("{}, {} with findings", plural(tally.drafts, "draft"), tally.with_findings);
    if tally.failed > 0 {
        out.push_str(&format!(", {} not readable", tally.failed));
    }
    out + "\n"
}
