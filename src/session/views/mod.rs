//! What the writer sees, as HTML for the hands' closed shadow root. Classes are styled in `extension/content/`.

mod aloud;
mod calm;
mod card;
mod dialog;
mod hopeless;
mod panel;
mod pill;
mod snippets;
mod spelling;
mod walk;

pub(crate) use aloud::aloud;
pub(crate) use calm::calm;
pub(crate) use card::card;
pub(crate) use dialog::dialog;
pub(crate) use panel::{panel, unfilled};
pub(crate) use pill::pill;
pub(crate) use snippets::{gap_card, picker, snippets};
pub(crate) use spelling::{spelling, spelling_card};
pub(crate) use walk::walk;

use composure_engine::Severity;
use composure_words::{Said, say, t};
use maud::{Render, html};

use crate::action::Action;
use crate::compose::Compose;

/// A button: its class, what it does, and what it says. Written once and not at each place, for the mind's size; so are those
/// below.
struct Button(&'static str, Action, Said);

impl Render for Button {
    #[inline(never)]
    fn render_to(&self, buffer: &mut String) {
        let Button(class, action, said) = self;
        html! { button class=(class) type="button" data-action=(action) { (said) } }.render_to(buffer);
    }
}

/// The button in a view's corner that closes it, with what it says to a screen reader.
struct Close(Said);

impl Render for Close {
    #[inline(never)]
    fn render_to(&self, buffer: &mut String) {
        html! { button class="close" type="button" data-action=(Action::Close) aria-label=(self.0) { "×" } }
            .render_to(buffer);
    }
}

/// The button that inserts what has this title.
struct Insert<'a>(Action, &'a str);

impl Render for Insert<'_> {
    #[inline(never)]
    fn render_to(&self, buffer: &mut String) {
        let Insert(action, title) = self;
        let label = say!("Insert");
        html! {
            button class="insert" type="button" data-action=(action) aria-label={ (label) ": " (title) } { (label) }
        }
        .render_to(buffer);
    }
}

/// The tick at what is done, or the room for it.
struct Tick(bool);

impl Render for Tick {
    #[inline(never)]
    fn render_to(&self, buffer: &mut String) {
        html! { span class="mark" aria-hidden="true" { @if self.0 { "✓" } } }.render_to(buffer);
    }
}

/// Why nothing is said of a draft in another language.
fn foreign(compose: &Compose) -> String {
    let language = compose.foreign().unwrap_or_default();
    t!("This looks like {language}. Composure reads English, so it stays quiet here.", language = language)
}

/// The class of a severity's badge.
fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Hint => "severity-hint",
        Severity::Warning => "severity-warning",
        Severity::Serious => "severity-serious",
    }
}

/// From this heat on a text is tense.
pub const WARM: u8 = 41;
/// From this heat on a text is an attack.
pub const HOT: u8 = 60;

/// The colour band of a heat, as a `data-heat` value: calm, cool, warm, hot.
pub fn heat_band(heat: u8) -> &'static str {
    match heat {
        0..=20 => "calm",
        21..WARM => "cool",
        WARM..HOT => "warm",
        _ => "hot",
    }
}

// The label of the writer's own phrases, whose rule is `pack:your-own-phrase`.
const _: &str = composure_words::mark!("Your own phrase");

/// A rule's id, or a situation's, as a label in the writer's language: `passive-aggression` reads "Passive aggression",
/// `pack:lakeside-bikes` "Lakeside bikes".
pub fn rule_label(id: &str) -> String {
    let mut label = id.strip_prefix("pack:").unwrap_or(id).replace('-', " ");
    if id == "non-apology" {
        label = "non-apology".to_owned();
    }
    if let Some(first) = label.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    composure_words::said(label)
}

/// Shortens a text for a list, on a character boundary.
fn shortened(text: &str, characters: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
