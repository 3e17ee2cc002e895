//! The words everything else is said in: what goes into a review and what comes out of it.

use composure_few::Set;

use crate::beside::Beside;

/// A half-open range of UTF-8 bytes, `start..end`, always on character boundaries of the text it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Text being written, as a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// All the text of the compose, lines separated by `\n`.
    pub text: String,
    /// Parts that the webmail's own markup already told apart, in order, not overlapping. Quotes and signatures that
    /// are only visible in the text (`> `, `On … wrote:`, `-- `) are found by the engine and need not be listed.
    pub regions: Vec<Region>,
}

/// A part of the draft that is not the writer's own new text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where, in the draft's text.
    pub span: Span,
    /// What it is.
    pub kind: RegionKind,
}

/// Why a [`Region`] is not reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionKind {
    /// Somebody's earlier words.
    Quote,
    /// The mail client's own signature block.
    Signature,
}

/// The conversation that the draft answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// Oldest first; may be empty where the webmail does not show it.
    pub messages: Vec<Message>,
    /// The addressee's display name, e.g. `Gary Stone`, where known.
    pub recipient: Option<String>,
}

/// One mail of a [`Thread`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who wrote it.
    pub from: Author,
    /// Its plain text.
    pub text: String,
    /// When it was sent, in seconds since 1970-01-01 UTC, where known.
    pub sent: Option<i64>,
}

/// Who wrote a [`Message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The person being answered.
    Customer,
    /// The writer of the draft, or a colleague.
    Me,
}

/// What the writer changed about the review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Ids of rules that are switched off. Ids nobody knows are ignored.
    pub rules_off: Set<String>,
    /// Whether every checklist item is judged, asked for or not: for assessing drafts rather than helping their writer.
    pub assess: bool,
    /// What is looked for beside the rules. What it finds is off where `rules_off` names its rule.
    pub beside: Beside,
}

/// How much harm a finding does. Ordered: later is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Could be kinder; many readers would not mind.
    Hint,
    /// Will make an upset reader angrier.
    Warning,
    /// An attack; must not be sent like this.
    Serious,
}

/// A unit that judges: what it looks for and what it says. One file in `rules/` each.
#[derive(Debug)]
pub struct Rule {
    /// Its name: file name, settings key and label at once.
    pub id: &'static str,
    /// How much harm its findings do.
    pub severity: Severity,
    /// How much each of its findings adds to a draft's heat, before that is weighed.
    pub heat: u8,
    /// One short sentence: what the reader will hear.
    pub what: &'static str,
    /// One short sentence: why that makes things worse.
    pub why: &'static str,
    /// One short sentence: what to write instead.
    pub instead: &'static str,
}

/// A pair that explains a [`Rule`] and tests it: see [`crate::examples`].
#[derive(Debug)]
pub struct Example {
    /// Text with the flagged words between `«` and `»`.
    pub bad: &'static str,
    /// A kinder wording, in which no rule finds anything.
    pub good: &'static str,
}

/// What a rule reports about one place of the draft.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// The words to highlight.
    pub span: Span,
    /// Offered changes, best first; empty where no replacement would leave a correct sentence.
    pub suggestions: Vec<Suggestion>,
    /// What kind of tone it most likely is, where the rule does not say: right in a quarter of the cases, so for programs only.
    pub guess: Option<&'static Rule>,
}

/// An offered change that leaves a correct sentence when taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The change; its span contains the finding's span or more of the same sentence.
    pub edit: Edit,
}

/// Replace `span` by `insert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty for a pure insertion.
    pub span: Span,
    /// What comes, may contain `\n`.
    pub insert: String,
}

/// Everything one pass says about a draft.
#[derive(Clone, Debug)]
pub struct Review {
    /// In order of their spans, which do not overlap.
    pub findings: Vec<Finding>,
    /// How angry the draft is, 0 (calm and kind) to 100 (must not be sent today).
    pub heat: u8,
    /// What a good reply has, item by item, in the order of a reply.
    pub checklist: Vec<ChecklistState>,
    /// What the customer asks for in their last message, in order, and whether the draft answers it.
    pub requests: Vec<Request>,
    /// Where the writer's own text ends: above the quote and the signature. A missing signature goes here.
    pub body_end: usize,
}

/// Something the customer asks for or asks about. Rhetorical questions are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its words, in bytes of the customer's last message.
    pub span: Span,
    /// Whether the draft answers it; a refusal is an answer.
    pub answered: bool,
}

/// One checklist item as it stands in a draft.
#[derive(Clone, Debug)]
pub struct ChecklistState {
    /// Which item.
    pub item: &'static ChecklistItem,
    /// Whether the draft has it.
    pub status: Status,
    /// Where its snippet would go (a byte offset), for an unmet item.
    pub insert_at: usize,
}

/// Something a good reply has. One file in `checklist/` each.
#[derive(Debug)]
pub struct ChecklistItem {
    /// Its name: file name and settings key at once.
    pub id: &'static str,
    /// What the panel calls it, e.g. `An apology`.
    pub title: &'static str,
    /// One short sentence: why it helps.
    pub why: &'static str,
}

/// Whether a draft has a [`ChecklistItem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The draft has it.
    Met,
    /// The draft lacks it and should have it.
    Unmet,
    /// Not asked for here, e.g. an apology in a cheerful thread.
    NotApplicable,
}

/// A stored text to insert, with `{placeholder}`s in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Its name, unique among snippets.
    pub id: String,
    /// What the picker shows.
    pub title: String,
    /// The id of the checklist item it satisfies, or what else it is for: `part-kindly`, `decline`.
    pub item: String,
    /// The text; placeholders are `{customer}`, `{my_name}`, `{business}`, `{date}`.
    pub text: String,
}
