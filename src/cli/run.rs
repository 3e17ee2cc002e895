//! A whole run: input to jobs, jobs to outcomes, outcomes to standard output, and how it ends.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use anyhow::Result;
use composure_engine::Severity;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::input::{self, Place, Trouble};
use crate::judge::{Judge, Outcome};
use crate::output::{self, Format, Style};
use crate::pipeline::ordered;

/// From this size on a run takes long enough to be watched.
const WATCHED: u64 = 8 << 20;

/// What to do.
#[derive(Debug)]
pub struct Run {
    /// Files; none for standard input, line by line.
    pub files: Vec<PathBuf>,
    /// How drafts are judged.
    pub judge: Judge,
    /// How they are printed.
    pub format: Format,
    /// For [`Format::Text`].
    pub style: Style,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many were reviewed.
    pub drafts: usize,
    /// How many of them have findings.
    pub with_findings: usize,
    /// The worst of all findings.
    pub worst: Option<Severity>,
    /// How many could not be read.
    pub failed: usize,
    /// What could not be read, the first [`Tally::TROUBLES`] of them.
    pub troubles: Vec<Trouble>,
}

/// An outcome, ready to print.
struct Printed {
    pieces: Vec<String>,
    findings: Option<usize>,
    worst: Option<Severity>,
    trouble: Option<Trouble>,
}

impl Tally {
    /// How many troubles are kept; all are told when they happen.
    pub const TROUBLES: usize = 100;

    fn add(&mut self, printed: &mut Printed) {
        self.drafts += usize::from(printed.findings.is_some());
        self.with_findings += usize::from(printed.findings.is_some_and(|findings| findings > 0));
        self.worst = self.worst.max(printed.worst);
        if let Some(trouble) = printed.trouble.take() {
            self.failed += usize::from(!trouble.harmless);
            if self.troubles.len() < Tally::TROUBLES {
                self.troubles.push(trouble);
            }
        }
    }
}

impl Run {
    /// Reviews everything. Standard output that nobody reads any more is no error.
    pub fn run(&self) -> Result<Tally> {
        let mut tally = Tally::default();
        let printed = self.print(&mut tally);
        let closed = |error: &anyhow::Error| {
            error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        };
        match printed {
            Err(error) if !closed(&error) => Err(error),
            _ => Ok(tally),
        }
    }

    fn print(&self, tally: &mut Tally) -> Result<()> {
        let progress = progress(&self.files);
        let terminal = io::stdout().is_terminal();
        let mut out = io::BufWriter::new(io::stdout());
        out.write_all(self.format.head(&self.judge.packs).as_bytes())?;
        let mut first = true;
        ordered(
            |sink| match self.files.as_slice() {
                [] => input::standard_input(sink),
                files => files.iter().try_for_each(|file| input::file(file, &self.judge.mine, sink)),
            },
            |job| self.printed(self.judge.judge(job)),
            |batch, bytes| {
                // Redrawing for what goes elsewhere would take longer than the review.
                if terminal || batch.iter().any(|printed| printed.trouble.is_some()) {
                    progress.suspend(|| self.write(batch, &mut out, tally, &mut first))?;
                } else {
                    self.write(batch, &mut out, tally, &mut first)?;
                }
                progress.inc(bytes as u64);
                Ok(())
            },
        )?;
        progress.finish_and_clear();
        out.write_all(self.format.tail(tally).as_bytes())?;
        Ok(out.flush()?)
    }

    fn printed(&self, outcome: Outcome) -> Printed {
        let pieces = self.format.pieces(&outcome, self.style);
        let (findings, worst, trouble) = match outcome {
            Outcome::Reviewed(reviewed) => {
                let findings = &reviewed.review.findings;
                (Some(findings.len()), findings.iter().map(|finding| finding.rule.severity).max(), None)
            }
            Outcome::Trouble(trouble) => (None, None, Some(trouble)),
            Outcome::NotMine => (None, None, None),
        };
        Printed { pieces, findings, worst, trouble }
    }

    fn write(&self, batch: Vec<Printed>, out: &mut impl io::Write, tally: &mut Tally, first: &mut bool) -> Result<()> {
        for mut printed in batch {
            for piece in &printed.pieces {
                if !std::mem::take(first) {
                    out.write_all(self.format.between().as_bytes())?;
                }
                out.write_all(piece.as_bytes())?;
            }
            if let Some(trouble) = printed.trouble.as_ref().filter(|trouble| self.is_told_apart(trouble)) {
                // What was found before it stands before it.
                out.flush()?;
                tell(&trouble.to_string());
            }
            tally.add(&mut printed);
        }
        // Somebody may wait for the answer to what they sent.
        Ok(out.flush()?)
    }

    /// A bad line is answered in its place.
    fn is_told_apart(&self, trouble: &Trouble) -> bool {
        !(self.format == Format::Jsonl && matches!(trouble.place, Place::BadLine { file: None, .. }))
    }
}

/// Tells what is wrong on standard error. Where nobody reads that, the run goes on: its exit code says it too.
pub fn tell(trouble: &str) {
    let _ = writeln!(io::stderr(), "composure: {}", output::printable(trouble));
}

/// By bytes, on a terminal only, and only where it takes a while.
pub(crate) fn progress(files: &[PathBuf]) -> ProgressBar {
    let size = |file: &PathBuf| std::fs::metadata(file).map_or(0, |file| file.len());
    let total: u64 = files.iter().map(size).sum();
    let typed = files.is_empty() && io::stdin().is_terminal();
    if typed || (total < WATCHED && !files.is_empty()) || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = if files.is_empty() {
        (ProgressBar::no_length(), "{spinner} {bytes} ({bytes_per_sec})")
    } else {
        (ProgressBar::new(total), "{bar:30} {bytes} of {total_bytes} ({bytes_per_sec}, {eta} left)")
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
