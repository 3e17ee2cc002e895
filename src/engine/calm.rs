//! All suggestions of a draft at once.

use crate::review::{Edit, Finding, Region, Review, Span};
use crate::reviewer::Reviewer;

/// One of the changes that calm a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calming {
    /// Which finding of the review it mends.
    pub finding: usize,
    /// The change.
    pub edit: Edit,
}

/// The best suggestion of each finding, in the order of the text, as far as they can be taken together: none touches
/// another, and all together leave no words behind that would be flagged anew.
///
/// `review` must be what `reviewer` says now. Empty where nothing has a suggestion.
pub fn calm(reviewer: &Reviewer, review: &Review) -> Vec<Calming> {
    let mut changes: Vec<Calming> = Vec::new();
    for (finding, found) in review.findings.iter().enumerate() {
        if let Some(suggestion) = found.suggestions.first()
            && changes.last().is_none_or(|last| last.edit.span.end < suggestion.edit.span.start)
        {
            changes.push(Calming { finding, edit: suggestion.edit.clone() });
        }
    }
    // Words that become neighbours may say something new together; then the change before them is not safe.
    while let Some(news) = first_news(reviewer, review, &changes) {
        changes.remove(news);
    }
    changes
}

/// The place of a change that brings forth a finding which was not there before.
fn first_news(reviewer: &Reviewer, review: &Review, changes: &[Calming]) -> Option<usize> {
    let after = with(reviewer, changes).review();
    let is_left = |found: &Finding| {
        review.findings.iter().enumerate().any(|(index, old)| {
            // A change may reach into what another finding says of it, so that it begins or ends elsewhere.
            let start = moved(old.span.start, changes) == found.span.start;
            let same = start || moved(old.span.end, changes) == found.span.end;
            same && old.rule.id == found.rule.id && !changes.iter().any(|change| change.finding == index)
        })
    };
    let news = after.findings.iter().find(|found| !is_left(found))?;
    let before = changes.iter().rposition(|change| moved(change.edit.span.start, changes) <= news.span.end);
    Some(before.unwrap_or(0)).filter(|place| *place < changes.len())
}

/// Where a place outside all changes is once they are made.
fn moved(at: usize, changes: &[Calming]) -> usize {
    let before = changes.iter().filter(|change| change.edit.span.end <= at && change.edit.span.start < at);
    let (come, gone) = before.fold((0, 0), |(come, gone), change| {
        let Edit { span, insert } = &change.edit;
        (come + insert.len(), gone + span.end - span.start)
    });
    at + come - gone
}

fn with(reviewer: &Reviewer, changes: &[Calming]) -> Reviewer {
    let mut after = reviewer.clone();
    let mut regions = reviewer.regions();
    for change in changes.iter().rev() {
        let Edit { span, insert } = &change.edit;
        let shift = |at: usize| if at >= span.end { at + insert.len() - (span.end - span.start) } else { at };
        for Region { span, .. } in &mut regions {
            *span = Span { start: shift(span.start), end: shift(span.end) };
        }
        after.edit(*span, insert, &regions);
    }
    after
}
