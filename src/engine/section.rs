//! Which lines are the writer's own: quotes and signatures as they look in plain text, and as the webmail told.

use crate::normalise::small;
use crate::review::{Region, RegionKind, Span};
use crate::vocabulary::lists;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    /// The writer's own words.
    #[default]
    Body,
    /// Earlier words of somebody.
    Quote,
    /// Under a line of two dashes, or told by the webmail.
    Signature,
}

/// What the first line of the following block says about the last lines of this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opening {
    /// Nothing.
    #[default]
    Plain,
    /// It is quoted.
    Quote,
    /// It is the `From:` of a forwarded mail.
    Header,
}

/// A block cut into sections, and the section that the text after it begins in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sections {
    /// In order, together the whole block.
    pub runs: Vec<(Section, Span)>,
    /// What the next block begins as: [`Section::Quote`] means a forwarded mail, which never ends.
    pub exit: Section,
}

/// What a block's first line is.
pub fn opening(block: &str, regions: &[Region]) -> Opening {
    let lines = lines(block);
    match lines.iter().position(|line| !text(block, line).trim().is_empty()) {
        Some(first) if is_quoted(block, &lines, first, regions) => Opening::Quote,
        Some(first) if is_header(block, &lines, first) => Opening::Header,
        _ => Opening::Plain,
    }
}

/// Cuts a block (no blank line inside, blank lines at its end) into sections. `entry` is what the text before it left
/// behind, `next` what follows; both change what its lines mean.
pub fn sections(block: &str, regions: &[Region], entry: Section, next: Opening) -> Sections {
    let mut state = entry;
    let mut runs: Vec<(Section, Span)> = Vec::new();
    let lines = lines(block);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let mut count = 1;
        let section = if state == Section::Quote {
            Section::Quote
        } else if region_at(regions, line.start).is_some() {
            // The webmail knows better than the look of the line.
            state
        } else if text(block, line).trim_start().starts_with('>') {
            state = Section::Body;
            Section::Quote
        } else if is_divider(text(block, line)) || is_header(block, &lines, at) || is_rule(block, &lines, at, next) {
            state = Section::Quote;
            Section::Quote
        } else if let Some(attribution) = attribution(block, &lines, at, regions, next) {
            count = attribution;
            state = Section::Body;
            Section::Quote
        } else {
            if matches!(text(block, line), "--" | "-- ") {
                state = Section::Signature;
            }
            state
        };
        for line in lines.get(at..at + count).unwrap_or_default() {
            push(&mut runs, section, *line);
        }
        at += count;
    }
    Sections { runs: overlay(runs, regions, block.len()), exit: state }
}

fn push(runs: &mut Vec<(Section, Span)>, section: Section, span: Span) {
    if span.start >= span.end {
        return;
    }
    match runs.last_mut() {
        Some((last, before)) if *last == section && before.end == span.start => before.end = span.end,
        _ => runs.push((section, span)),
    }
}

/// Puts the webmail's regions over what the lines look like.
fn overlay(runs: Vec<(Section, Span)>, regions: &[Region], length: usize) -> Vec<(Section, Span)> {
    if regions.is_empty() {
        return runs;
    }
    let mut out = Vec::new();
    for (section, run) in runs {
        let mut at = run.start;
        for region in regions {
            let start = region.span.start.clamp(at, run.end);
            let end = region.span.end.clamp(start, run.end);
            if start == end {
                continue;
            }
            push(&mut out, section, Span { start: at, end: start });
            push(&mut out, kind(region.kind), Span { start, end });
            at = end;
        }
        push(&mut out, section, Span { start: at, end: run.end.min(length) });
    }
    out
}

fn kind(kind: RegionKind) -> Section {
    match kind {
        RegionKind::Quote => Section::Quote,
        RegionKind::Signature => Section::Signature,
    }
}

fn region_at(regions: &[Region], at: usize) -> Option<Section> {
    regions.iter().find(|region| region.span.start <= at && at < region.span.end).map(|region| kind(region.kind))
}

/// The lines with their line ends.
fn lines(block: &str) -> Vec<Span> {
    let mut start = 0;
    block
        .split_inclusive('\n')
        .map(|line| {
            let span = Span { start, end: start + line.len() };
            start = span.end;
            span
        })
        .collect()
}

fn text<'a>(block: &'a str, line: &Span) -> &'a str {
    let line = block.get(line.start..line.end).unwrap_or("");
    line.trim_end_matches(['\n', '\r'])
}

fn is_quoted(block: &str, lines: &[Span], at: usize, regions: &[Region]) -> bool {
    lines.get(at).is_some_and(|line| {
        text(block, line).trim_start().starts_with('>') || region_at(regions, line.start) == Some(Section::Quote)
    })
}

/// `-----Original Message-----`, `---------- Forwarded message ---------`, `Begin forwarded message:`.
fn is_divider(line: &str) -> bool {
    let line = line.trim();
    if !line.starts_with("--") {
        return matches!(line, "Begin forwarded message:" | "Anfang der weitergeleiteten Nachricht:");
    }
    let words = small(line.trim_matches(['-', ' ']));
    line.ends_with("--")
        && [
            "original message",
            "forwarded message",
            "original appointment",
            "ursprüngliche nachricht",
            "weitergeleitete nachricht",
            "originalnachricht",
            "message d'origine",
            "message d’origine",
            "message original",
            "message transféré",
            "mensaje original",
            "mensaje reenviado",
            "messaggio originale",
            "oorspronkelijk bericht",
            "mensagem original",
        ]
        .contains(&words.as_str())
}

/// A long rule above a forwarded mail's header, as Outlook draws it.
fn is_rule(block: &str, lines: &[Span], at: usize, next: Opening) -> bool {
    let Some(line) = lines.get(at) else {
        return false;
    };
    let line = text(block, line).trim();
    if line.len() < 20 || !line.bytes().all(|byte| byte == b'_') {
        return false;
    }
    match lines.get(at + 1).filter(|line| !text(block, line).trim().is_empty()) {
        Some(_) => is_header(block, lines, at + 1),
        None => next == Opening::Header,
    }
}

/// `From:` with `Sent:`, `To:` or `Subject:` in the lines under it.
fn is_header(block: &str, lines: &[Span], at: usize) -> bool {
    let key = |at: usize| {
        let line = text(block, lines.get(at)?).trim().trim_start_matches('*');
        let (key, _) = line.split_once(':')?;
        let key = key.trim_end_matches(['*', ' ', '\u{a0}']);
        (key.len() < 16).then(|| small(key))
    };
    let is_one_of = |at: usize, names: &str| key(at).is_some_and(|key| lists(names, &key));
    const REST: &str = "sent date to cc subject reply-to gesendet datum an betreff envoyé à objet enviado fecha para asunto inviato a oggetto \
verzonden aan onderwerp";
    is_one_of(at, "from von de da van") && (at + 1..at + 5).filter(|at| is_one_of(*at, REST)).count() >= 2
}

/// How many lines from here on say who wrote the quote directly below them; `None` if none do.
fn attribution(block: &str, lines: &[Span], at: usize, regions: &[Region], next: Opening) -> Option<usize> {
    let first = text(block, lines.get(at)?).trim();
    let starts = ["On ", "Am ", "Le ", "El ", "Il ", "Op ", "Em "].iter().any(|word| first.starts_with(word))
        || first.contains('@')
        || first.contains(':');
    for count in 1..=2 {
        let last = text(block, lines.get(at + count - 1)?).trim();
        let ends = ["wrote:", "a écrit :", "a écrit\u{a0}:", "escribió:", "ha scritto:", "schreef:", "escreveu:"]
            .iter()
            .any(|end| last.ends_with(end))
            || last.ends_with(':') && (last.contains("schrieb") || first.contains("schrieb"));
        let below = lines.get(at + count).filter(|line| !text(block, line).trim().is_empty());
        let quoted = match below {
            Some(_) => is_quoted(block, lines, at + count, regions),
            None => next == Opening::Quote,
        };
        if starts && ends && quoted && first.len() + last.len() < 300 {
            return Some(count);
        }
    }
    None
}
