//! Templates: text with `{placeholders}`, and what they become.
//!
//! | placeholder | becomes |
//! | --- | --- |
//! | `{customer}` `{my_name}` `{business}` `{order}` `{product}` | what is known of it |
//! | `{tomorrow}` `{in 2 working days}` `{in 3 days}` `{in 2 weeks}` `{next Monday}` | that day, by name |
//! | `{choose: refund \| replacement}` | the first, with the others at hand |
//! | `{ask: tracking number}` | `[tracking number]`, to be written over |
//!
//! What is not known becomes a gap as well: `[your name]`.

use crate::calendar::{Calendar, Day};
use crate::search::small;

/// What is known when a template is filled. A value is never read for placeholders itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The customer's first name.
    pub customer: Option<String>,
    /// The writer's name.
    pub my_name: Option<String>,
    /// The writer's business.
    pub business: Option<String>,
    /// The number of the order that the thread is about.
    pub order: Option<String>,
    /// What it is about, to stand behind an article.
    pub product: Option<String>,
}

/// A template that became text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text, without white space at its ends.
    pub text: String,
    /// What of it the writer still has to see to, in order.
    pub gaps: Vec<Gap>,
}

/// A place that is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Its first byte in [`Filled::text`].
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What may stand there, the first of which does; empty where the writer has to write it.
    pub choices: Vec<String>,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In which line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
    /// What to write instead.
    pub mend: String,
}

/// A part of a template.
enum Piece<'a> {
    Text(&'a str),
    Name(Name),
    Day(Day),
    Choose(Vec<&'a str>),
    Ask(&'a str),
}

#[derive(Clone, Copy)]
enum Name {
    Customer,
    Writer,
    Business,
    Order,
    Product,
}

/// The names, and what a gap says where one is not known.
const NAMES: [(&str, Name, &str); 5] = [
    ("customer", Name::Customer, "[their name]"),
    ("my_name", Name::Writer, "[your name]"),
    ("business", Name::Business, "[your business]"),
    ("order", Name::Order, "[order number]"),
    ("product", Name::Product, "[product]"),
];

/// Everything that is wrong with a template; nothing where it can be used.
pub fn check(template: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    pieces(template, |at, reason, mend| {
        let line = template.get(..at).unwrap_or_default().matches('\n').count() + 1;
        problems.push(Problem { line, reason, mend });
    });
    if template.trim().is_empty() {
        problems.push(Problem {
            line: 1,
            reason: "There is no text.".to_owned(),
            mend: "Write what the snippet shall insert.".to_owned(),
        });
    }
    problems
}

/// The text of a template. What is no placeholder, or a broken one, stays as it is written.
pub fn fill(template: &str, values: &Values, calendar: &Calendar) -> Filled {
    let mut filled = Filled::default();
    let template = template.trim();
    for piece in pieces(template, |_, _, _| ()) {
        let start = filled.text.len();
        let mut open = |text: &str, choices: Vec<String>| {
            filled.text.push_str(text);
            filled.gaps.push(Gap { start, end: start + text.len(), choices });
        };
        match piece {
            Piece::Text(text) => filled.text.push_str(text),
            Piece::Ask(label) => open(&format!("[{label}]"), Vec::new()),
            Piece::Choose(choices) => {
                open(choices.first().unwrap_or(&""), choices.iter().map(|choice| (*choice).to_owned()).collect());
            }
            Piece::Day(day) => match calendar.name(day) {
                Some(name) => filled.text.push_str(name),
                None => open("[date]", Vec::new()),
            },
            Piece::Name(name) => {
                let value = match name {
                    Name::Customer => &values.customer,
                    Name::Writer => &values.my_name,
                    Name::Business => &values.business,
                    Name::Order => &values.order,
                    Name::Product => &values.product,
                };
                match value.as_deref().map(str::trim).filter(|value| !value.is_empty()) {
                    Some(value) => filled.text.push_str(value),
                    None => open(NAMES[name as usize].2, Vec::new()),
                }
            }
        }
    }
    filled
}

/// Reads a template, and tells of what it cannot read: where, why, and what to write instead.
fn pieces(template: &str, mut problem: impl FnMut(usize, String, String)) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(open) = template[at..].find('{').map(|open| at + open) {
        pieces.push(Piece::Text(&template[at..open]));
        let end = template[open..].find('}').map(|end| open + end);
        let inside = end.and_then(|end| template.get(open + 1..end)).filter(|inside| !inside.contains(['{', '\n']));
        let (Some(end), Some(inside)) = (end, inside) else {
            problem(
                open,
                "A “{” has no “}” after it.".to_owned(),
                "End the placeholder with “}” in the same line, or leave the “{” out.".to_owned(),
            );
            pieces.push(Piece::Text("{"));
            at = open + 1;
            continue;
        };
        match piece(inside) {
            Ok(piece) => pieces.push(piece),
            Err((reason, mend)) => {
                problem(open, reason, mend);
                pieces.push(Piece::Text(&template[open..=end]));
            }
        }
        at = end + 1;
    }
    pieces.push(Piece::Text(&template[at..]));
    pieces
}

fn piece(inside: &str) -> Result<Piece<'_>, (String, String)> {
    let inside = inside.trim();
    if let Some((_, name, _)) = NAMES.iter().find(|(name, _, _)| *name == inside) {
        return Ok(Piece::Name(*name));
    }
    if let Some(day) = Day::parse(inside) {
        return Ok(Piece::Day(day));
    }
    if let Some(choices) = inside.strip_prefix("choose:") {
        let choices: Vec<&str> = choices.split('|').map(str::trim).collect();
        if choices.len() < 2 || choices.contains(&"") {
            return Err((
                format!("“{{{inside}}}” offers no choice."),
                "Write at least two, with a bar between: {choose: refund | replacement}.".to_owned(),
            ));
        }
        return Ok(Piece::Choose(choices));
    }
    if let Some(label) = inside.strip_prefix("ask:").map(str::trim) {
        if label.is_empty() || label.contains(['[', ']']) {
            return Err((
                format!("“{{{inside}}}” does not say what to ask for."),
                "Name it in plain words: {ask: tracking number}.".to_owned(),
            ));
        }
        return Ok(Piece::Ask(label));
    }
    let near = NAMES.iter().find(|(name, _, _)| strsim::osa_distance(name, &small(inside)) <= 2);
    let mend = match near {
        Some((name, _, _)) => format!("Did you mean {{{name}}}?"),
        None => "Use one of {customer}, {my_name}, {business}, {order}, {product}, {tomorrow}, {in 2 working days}, \
                 {next Monday}, {choose: this | that} or {ask: something}."
            .to_owned(),
    };
    Err((format!("“{{{inside}}}” is no placeholder."), mend))
}
