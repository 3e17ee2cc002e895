//! Text with one kind of line end, and the way back to the bytes it was read from.

use composure_engine::Span;

/// A draft's lines are separated by `\n`; a file's may not be, and what is printed speaks of the file.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// With `\n` as the only line end and without a byte order mark.
    pub plain: String,
    /// As it was given.
    given: String,
    /// Bytes before the text that `plain` lacks.
    skipped: usize,
    /// Offsets in `plain` of the line ends that were two bytes, in order.
    shortened: Vec<usize>,
}

impl Text {
    /// Makes line ends plain.
    pub fn new(given: String) -> Text {
        let mut rest = given.strip_prefix('\u{feff}').unwrap_or(&given);
        let skipped = given.len() - rest.len();
        let mut read = Text { plain: String::with_capacity(rest.len()), skipped, ..Text::default() };
        while let Some(at) = rest.find('\r') {
            let (line, end) = rest.split_at(at);
            read.plain.push_str(line);
            if end.starts_with("\r\n") {
                read.shortened.push(read.plain.len());
            }
            read.plain.push('\n');
            rest = end.strip_prefix("\r\n").unwrap_or_else(|| end.strip_prefix('\r').unwrap_or_default());
        }
        read.plain.push_str(rest);
        read.given = given;
        read
    }

    /// Where the byte of `plain` at `offset` was in the original.
    pub fn original(&self, offset: usize) -> usize {
        self.skipped + offset + self.shortened.partition_point(|end| *end < offset)
    }

    /// The same for a whole span.
    pub fn original_span(&self, span: Span) -> Span {
        Span { start: self.original(span.start), end: self.original(span.end) }
    }

    /// The words of a span of `plain`, as they were given.
    pub fn words(&self, span: Span) -> &str {
        let Span { start, end } = self.original_span(span);
        self.given.get(start..end).unwrap_or_default()
    }
}

/// A place in a text, as people and editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// Characters before it in the original, where a line end may be two.
    pub characters: usize,
}

/// Walks through a text once, however many places are asked for; they have to come in order.
pub struct Cursor<'a> {
    text: &'a Text,
    offset: usize,
    at: Position,
}

impl<'a> Cursor<'a> {
    /// At the beginning.
    pub fn new(text: &'a Text) -> Cursor<'a> {
        Cursor { text, offset: 0, at: Position { line: 1, column: 1, characters: 0 } }
    }

    /// Goes on to the byte at `offset`.
    pub fn to(&mut self, offset: usize) -> Position {
        let passed = self.text.plain.get(self.offset..offset).unwrap_or_default();
        let shortened = |offset| self.text.shortened.partition_point(|end| *end < offset);
        self.at.characters += shortened(offset).saturating_sub(shortened(self.offset));
        for character in passed.chars() {
            self.at.characters += 1;
            self.at.column += 1;
            if character == '\n' {
                (self.at.line, self.at.column) = (self.at.line + 1, 1);
            }
        }
        self.offset = self.offset.max(offset.min(self.text.plain.len()));
        self.at
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_original() {
        for original in ["a\r\nb\r\n\r\nc", "\u{feff}one\r\ntwo\nthree", "old\rmac\r", "\r\n", "", "ü\r\n\r\r\nü"] {
            let text = Text::new(original.to_owned());
            assert!(!text.plain.contains('\r'), "{original:?}");
            for (offset, character) in text.plain.char_indices() {
                let found = original[text.original(offset)..].chars().next().unwrap();
                assert!(found == character || (character == '\n' && found == '\r'), "{original:?} {offset}");
            }
            assert_eq!(text.original(text.plain.len()), original.len(), "{original:?}");
        }
    }

    #[test]
    fn lines_columns_and_characters_are_counted() {
        let text = Text::new("\u{feff}ü!\r\nno\n\nü".to_owned());
        let mut cursor = Cursor::new(&text);
        for (offset, line, column, characters) in [(0, 1, 1, 0), (2, 1, 2, 1), (4, 2, 1, 4), (4, 2, 1, 4), (8, 4, 1, 8)]
        {
            assert_eq!(cursor.to(offset), Position { line, column, characters }, "{offset}");
        }
    }
}
