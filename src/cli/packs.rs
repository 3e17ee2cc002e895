//! A team's packs: what they find in drafts beside the rules, and whether they are as they should be.

use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anyhow::{Context as _, Result, bail};
use composure_engine::{Edit, Finding, Review, Reviewer, Rule, Severity, Span, Suggestion};
use composure_packs::{Checked, Matcher, Mistake, Pack, Source, Terms, check};
use serde_json::{Value, json};

use crate::output::Style;

/// Packs that drafts are reviewed with.
#[derive(Debug, Default)]
pub struct Packs {
    packs: Vec<Compiled>,
    /// Of all of them.
    pub terms: Terms,
}

#[derive(Debug)]
struct Compiled {
    matcher: Matcher,
    /// What it stands as among the rules.
    rule: &'static Rule,
    /// For each phrase to avoid, what it says.
    avoid: Vec<&'static Rule>,
    /// For each phrase to prefer, what it says.
    prefer: Vec<&'static Rule>,
}

impl Packs {
    /// Of files. Gives the ids of the rules that are off in one of them as well.
    ///
    /// # Errors
    /// If one cannot be read or has a mistake; then none is used.
    pub fn open(files: &[PathBuf]) -> Result<(Packs, Vec<String>)> {
        let mut packs = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(file).with_context(|| format!("the pack {}", file.display()))?;
            match Pack::read(&text) {
                Ok(pack) => packs.push(pack),
                Err(mistakes) => {
                    let told = mistakes.iter().map(|mistake| {
                        let Mistake { line, column, reason, mend, .. } = mistake;
                        format!("\n  {}:{line}:{column}: {reason} {mend}", file.display())
                    });
                    bail!("this pack cannot be used:{}", told.collect::<String>());
                }
            }
        }
        let off = packs.iter().flat_map(|pack| pack.rules_off.clone()).collect();
        let terms = Terms::new(&packs);
        Ok((Packs { packs: packs.iter().map(Compiled::new).collect(), terms }, off))
    }

    /// What they stand as among the rules.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        self.packs.iter().map(|pack| pack.rule)
    }

    /// Adds what they find in a draft's own words to its review. Where a phrase overlaps with what a rule found, the more
    /// harmful of both stays, or else the phrase: it was written for these very words. Heat is the rules' alone.
    pub fn apply(&self, review: &mut Review, reviewer: &Reviewer, text: &str) {
        for finding in &mut review.findings {
            for suggestion in &mut finding.suggestions {
                let span = suggestion.edit.span;
                let words = text.get(span.start..span.end).unwrap_or_default();
                suggestion.edit.insert = self.terms.restore(&suggestion.edit.insert, words);
            }
        }
        if self.packs.is_empty() {
            return;
        }
        let own = reviewer.own_text();
        for finding in self.packs.iter().flat_map(|pack| pack.find(&own)) {
            let overlaps = |other: &Finding| other.span.start < finding.span.end && finding.span.start < other.span.end;
            let severity = finding.rule.severity;
            if !review.findings.iter().any(|other| overlaps(other) && other.rule.severity > severity) {
                review.findings.retain(|other| !overlaps(other));
                review.findings.push(finding);
            }
        }
        review.findings.sort_by_key(|finding| finding.span);
    }
}

impl Compiled {
    fn new(pack: &Pack) -> Compiled {
        let id: &'static str = pack.rule_id().leak();
        let severity = |severity| match severity {
            composure_packs::Severity::Hint => Severity::Hint,
            composure_packs::Severity::Warning => Severity::Warning,
            composure_packs::Severity::Serious => Severity::Serious,
        };
        // The engine's rules live as long as the program; so do these few, which are read once.
        let rule = |severity, why: String, instead: String| -> &'static Rule {
            let what = format!("{} words this otherwise.", pack.name).leak();
            Box::leak(Box::new(Rule { id, severity, heat: 0, what, why: why.leak(), instead: instead.leak() }))
        };
        let avoid = pack.avoid.iter().map(|avoid| {
            let instead = match avoid.instead.first() {
                Some(first) => format!("Write “{first}”."),
                None => "Leave it out, or say it another way.".to_owned(),
            };
            rule(severity(avoid.severity), avoid.why.clone(), instead)
        });
        let prefer = pack.prefer.iter().map(|prefer| {
            let why = prefer.why.clone().unwrap_or_else(|| "Your team writes it the same way everywhere.".to_owned());
            rule(Severity::Hint, why, format!("Write “{}”.", prefer.write))
        });
        let (avoid, prefer): (Vec<_>, Vec<_>) = (avoid.collect(), prefer.collect());
        let worst = avoid.iter().map(|rule| rule.severity).max().unwrap_or(Severity::Hint);
        let why = "A phrase that the team has agreed to avoid.".to_owned();
        let rule = rule(worst, why, "Write what the team has agreed on.".to_owned());
        Compiled { matcher: Matcher::new(pack), rule, avoid, prefer }
    }

    fn find(&self, text: &str) -> Vec<Finding> {
        let finding = |hit: composure_packs::Hit| {
            let rule = match hit.source {
                Source::Avoid(place) => self.avoid.get(place),
                Source::Prefer(place) => self.prefer.get(place),
            };
            let span = Span { start: hit.span.start, end: hit.span.end };
            let suggestion = |insert| Suggestion { edit: Edit { span, insert } };
            Some(Finding { rule: rule?, span, suggestions: hit.instead.into_iter().map(suggestion).collect() })
        };
        self.matcher.find(text).into_iter().filter_map(finding).collect()
    }
}

/// A file and what there is to say of it.
pub struct Report {
    file: String,
    text: String,
    checked: Checked,
}

impl Report {
    /// Of a file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of(file: &Path) -> Result<Report> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
        let checked = check(&text);
        Ok(Report { file: name, text, checked })
    }

    /// Whether the pack can be used.
    pub fn is_sound(&self) -> bool {
        self.checked.pack.is_some()
    }

    /// For people: each mistake under its words, as a compiler shows an error, and a line of summary.
    pub fn text(&self, style: Style) -> String {
        let renderer = if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(style.width);
        let file = crate::output::printable(&self.file);
        let mut out = String::new();
        let shown = |level: Level<'static>, mistake: &Mistake| {
            let annotation = AnnotationKind::Primary.span(mistake.span.clone());
            let snippet = Snippet::source(self.text.as_str()).path(file.as_str()).annotation(annotation);
            let group = level.primary_title(mistake.reason.as_str()).element(snippet);
            renderer.render(&[group.element(Level::HELP.message(mistake.mend.as_str()))]) + "\n\n"
        };
        self.checked.mistakes.iter().for_each(|mistake| out.push_str(&shown(Level::ERROR, mistake)));
        self.checked.warnings.iter().for_each(|warning| out.push_str(&shown(Level::WARNING, warning)));
        let count = |list: &[Mistake], what: &str| match list.len() {
            1 => format!("1 {what}"),
            count => format!("{count} {what}s"),
        };
        out.push_str(&match &self.checked.pack {
            Some(pack) => {
                let (phrases, inserted) = (pack.avoid.len() + pack.prefer.len(), pack.snippets().len());
                let warnings = match self.checked.warnings.as_slice() {
                    [] => String::new(),
                    warnings => format!(", {}", count(warnings, "warning")),
                };
                format!("{file}: sound, {phrases} phrases, {inserted} texts to insert{warnings}\n")
            }
            None => format!("{file}: {}, nothing of it is used\n", count(&self.checked.mistakes, "mistake")),
        });
        out
    }

    /// For programs; spans are UTF-8 bytes of the file.
    pub fn json(&self) -> Value {
        let one = |mistake: &Mistake| {
            json!({"line": mistake.line, "column": mistake.column, "start": mistake.span.start, "end": mistake.span.end,
                "reason": mistake.reason, "mend": mistake.mend})
        };
        let list = |mistakes: &[Mistake]| mistakes.iter().map(one).collect::<Value>();
        json!({"file": self.file, "sound": self.is_sound(), "mistakes": list(&self.checked.mistakes),
            "warnings": list(&self.checked.warnings)})
    }
}
