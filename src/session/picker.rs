//! Snippets in a compose: the `/` that looks for one, what is offered, and what is still open after one was put in.

use std::rc::Rc;

use composure_engine::{Edit, Span, Status, last_of_customer};
use composure_snippets::{Entry, Filled, Gap, Library, Values, Wanted, fill, order_number, search};

use crate::compose::{Compose, shifted};
use crate::insertion;
use crate::settings::Settings;

/// A `/` that was just typed, and the letters after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slash {
    /// Its name as a highlight.
    pub(crate) id: u32,
    /// From the `/` to where the writer types.
    pub(crate) span: Span,
}

/// A place of the draft that a snippet left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenGap {
    /// Its name as a highlight.
    pub(crate) id: u32,
    /// Where it is.
    pub(crate) span: Span,
    /// What stands there as long as it is open.
    pub(crate) text: String,
    /// What may stand there, the first of which does; empty where the writer has to write it.
    pub(crate) choices: Vec<String>,
}

/// What a compose knows of snippets.
#[derive(Debug, Default)]
pub(crate) struct Picker {
    /// Once it was wanted and read.
    pub(crate) library: Option<Rc<Library>>,
    pub(crate) slash: Option<Slash>,
    /// While the panel lists snippets: of which situation; empty for those that fit.
    pub(crate) browsing: Option<String>,
    /// In order.
    pub(crate) gaps: Vec<OpenGap>,
    /// What gaps say that the writer has to write over, wherever undo and redo bring them back.
    labels: Vec<String>,
    /// A snippet is on its way into the text: from where on its choices are to be found.
    pub(crate) awaited: Option<(usize, Vec<Gap>)>,
}

/// More are a list to read, not a choice to make.
const MOST_OFFERED: usize = 6;
/// Nobody looks for more letters than this.
const LONGEST_QUERY: usize = 40;

impl Compose {
    /// Follows an edit of `start..end`, in bytes of the text before it: does it begin or go on with a `/`?
    pub(crate) fn follow(&mut self, start: usize, end: usize, insert: &str) {
        let slash = self.picker.slash.take();
        // The first letter in an empty mail may come with a line break.
        let begins = insert.trim() == "/";
        self.picker.slash = match slash {
            Some(Slash { id, span })
                if start > span.start
                    && end == span.end
                    && !insert.contains(['\n', '/'])
                    && start + insert.len() - span.start <= LONGEST_QUERY =>
            {
                Some(Slash { id, span: Span { start: span.start, end: start + insert.len() } })
            }
            _ if begins => {
                let at = start + insert.find('/').unwrap_or(0);
                let text = self.text();
                let alone = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || c == '\u{FFFC}');
                let before = text.get(..at).and_then(|before| before.chars().next_back());
                let after = text.get(at + 1..).and_then(|after| after.chars().next());
                let span = Span { start: at, end: at + 1 };
                (alone(before) && alone(after)).then(|| Slash { id: self.new_id(), span })
            }
            _ => None,
        };
        // A space goes on with a search only while that finds something.
        if self.query().is_some_and(|query| query.contains(char::is_whitespace)) && self.offered().is_empty() {
            self.picker.slash = None;
        }
        self.find_gaps(|at| shifted(at, start, end, insert.len()));
    }

    /// What was typed behind the `/`, once that is a letter.
    fn query(&self) -> Option<String> {
        let span = self.picker.slash?.span;
        let query = self.text().get(span.start + 1..span.end)?.to_owned();
        query.starts_with(char::is_alphabetic).then_some(query)
    }

    /// Whether the library is wanted and not there.
    pub(crate) fn wants_library(&self) -> bool {
        self.picker.library.is_none() && (self.picker.browsing.is_some() || self.query().is_some())
    }

    /// What to offer for what was typed behind the `/`; nothing where there is no such thing.
    pub(crate) fn offered(&self) -> Vec<&Entry> {
        let mut found = self.query().map(|query| self.fitting(&query)).unwrap_or_default();
        found.truncate(MOST_OFFERED);
        found
    }

    /// All snippets that match, the best first.
    pub(crate) fn fitting(&self, query: &str) -> Vec<&Entry> {
        let Some(library) = &self.picker.library else { return Vec::new() };
        let unmet = self.checklist.iter().filter(|state| state.status == Status::Unmet);
        let unmet: Vec<&str> = unmet.map(|state| state.item.id).collect();
        let thread = last_of_customer(&self.thread).map_or("", |message| message.text.as_str());
        let found = search(&library.entries, &Wanted { query, unmet: &unmet, thread });
        found.into_iter().filter_map(|place| library.entries.get(place)).collect()
    }

    /// A snippet as it would stand in this mail.
    pub(crate) fn filled(&self, entry: &Entry, settings: &Settings) -> Filled {
        let known = |value: &str| Some(value.to_owned());
        let asked = last_of_customer(&self.thread);
        let values = Values {
            customer: self.thread.recipient.as_deref().and_then(composure_engine::first_name),
            my_name: known(&settings.my_name),
            business: known(&settings.business),
            order: asked.and_then(|message| order_number(&message.text)).map(str::to_owned),
            product: None,
        };
        let library = self.picker.library.as_ref();
        library.map(|library| fill(&entry.snippet.text, &values, &library.calendar)).unwrap_or_default()
    }

    /// The edit that puts a snippet in: in the place of the `/…`, or from the panel as a paragraph of its own.
    pub(crate) fn pick(&mut self, id: &str, above_closing: usize, settings: &Settings) -> Option<Edit> {
        let library = self.picker.library.clone()?;
        let entry = library.entry(id)?;
        let Filled { text, gaps } = self.filled(entry, settings);
        let labels = gaps.iter().filter(|gap| gap.choices.is_empty());
        let labels: Vec<String> = labels.filter_map(|gap| text.get(gap.start..gap.end)).map(str::to_owned).collect();
        let edit = match self.picker.slash.take() {
            Some(slash) => Edit { span: slash.span, insert: text },
            None => {
                self.picker.browsing.as_ref()?;
                let signs = entry.snippet.needs.iter().any(|need| need == "signature");
                let end = self.checklist.iter().find(|state| signs && state.item.id == "signature");
                insertion::as_paragraph(&self.text(), end.map_or(above_closing, |state| state.insert_at), &text)
            }
        };
        for label in labels {
            if !self.picker.labels.contains(&label) {
                self.picker.labels.push(label);
            }
        }
        self.picker.awaited = Some((edit.span.start, gaps));
        Some(edit)
    }

    /// The gap of this name.
    pub(crate) fn gap(&self, id: u32) -> Option<&OpenGap> {
        self.picker.gaps.iter().find(|gap| gap.id == id)
    }

    /// Looks where the gaps are now; `moved` says where an offset of the text before went.
    pub(crate) fn find_gaps(&mut self, moved: impl Fn(usize) -> usize) {
        let awaited = self.picker.awaited.take();
        if self.picker.labels.is_empty() && self.picker.gaps.is_empty() && awaited.is_none() {
            return;
        }
        let text = self.text();
        let mut old = std::mem::take(&mut self.picker.gaps);
        for gap in &mut old {
            gap.span = Span { start: moved(gap.span.start), end: moved(gap.span.end) };
        }
        let stands = |gap: &OpenGap| text.get(gap.span.start..gap.span.end) == Some(gap.text.as_str());
        for gap in &old {
            if !gap.choices.is_empty() && stands(gap) {
                self.add_gap(gap.clone());
            }
        }
        for label in self.picker.labels.clone() {
            for (start, _) in text.match_indices(&label) {
                let known = old.iter().find(|gap| gap.text == label && gap.span.start == start).map(|gap| gap.id);
                let id = known.unwrap_or_else(|| self.new_id());
                let span = Span { start, end: start + label.len() };
                self.add_gap(OpenGap { id, span, text: label.clone(), choices: Vec::new() });
            }
        }
        // Editors may have their own way with line breaks, so choices are looked for in their order.
        let (mut from, choices) = awaited.unwrap_or_default();
        for choices in choices.into_iter().map(|gap| gap.choices).filter(|choices| !choices.is_empty()) {
            let words = choices[0].clone();
            let Some(start) = text.get(from..).and_then(|rest| rest.find(&words)).map(|at| from + at) else { continue };
            from = start + words.len();
            let id = self.new_id();
            self.add_gap(OpenGap { id, span: Span { start, end: from }, text: words, choices });
        }
    }

    /// Adds a gap in its place. (A sort would be kilobytes of the wasm.)
    fn add_gap(&mut self, gap: OpenGap) {
        let at = self.picker.gaps.partition_point(|one| one.span < gap.span);
        self.picker.gaps.insert(at, gap);
    }
}
