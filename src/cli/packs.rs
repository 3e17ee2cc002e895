//! A team's packs: what they find in drafts beside the rules, and whether they are as they should be.

use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anyhow::{Context as _, Result, bail};
use composure_engine::{Beside, Rule, Settings, Severity};
use composure_packs::{Checked, Compiled, Mistake, Pack, check, engine_packs};
use serde_json::{Value, json};

use crate::output::Style;

/// Packs that drafts are reviewed with.
#[derive(Debug, Default)]
pub struct Packs {
    /// What each stands as among the rules.
    rules: Vec<&'static Rule>,
}

impl Packs {
    /// Of files. Gives what the engine is told of them as well.
    ///
    /// # Errors
    /// If one cannot be read or has a mistake; then none is used.
    pub fn open(files: &[PathBuf]) -> Result<(Packs, Settings)> {
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
        let rules_off = packs.iter().flat_map(|pack| pack.rules_off.clone()).collect();
        let compiled: Vec<Compiled> = packs.iter().map(|pack| Compiled::of(pack, &pack.rule_id())).collect();
        let settings = Settings { rules_off, beside: Beside::new(engine_packs(&compiled)), ..Settings::default() };
        Ok((Packs { rules: packs.iter().map(rule_of).collect() }, settings))
    }

    /// What they stand as among the rules.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        self.rules.iter().copied()
    }
}

/// What a pack as a whole stands as. The engine's rules live as long as the program; so do these few, which are read once.
fn rule_of(pack: &Pack) -> &'static Rule {
    let severity = pack.avoid.iter().map(|avoid| avoid.severity.into()).max().unwrap_or(Severity::Hint);
    Box::leak(Box::new(Rule {
        id: pack.rule_id().leak(),
        severity,
        heat: 0,
        what: format!("{} words this otherwise.", pack.name).leak(),
        why: "A phrase that the team has agreed to avoid.",
        instead: "Write what the team has agreed on.",
    }))
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
