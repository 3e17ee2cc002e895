//! Where the line breaks go when a snippet is put into a mail.

use composure_engine::{Edit, Span};

/// Inserts `snippet` at `at` as a paragraph of its own: exactly one blank line towards text on either side.
///
/// `at` is a byte offset into `text` on a character boundary. Blank lines that are already there are used, so that a
/// place prepared by the writer or the mail client is filled and not pushed down.
pub(crate) fn as_paragraph(text: &str, at: usize, snippet: &str) -> Edit {
    let (before, after) = text.split_at(at);
    let above = before.trim_end_matches([' ', '\n']);
    let below = after.trim_start_matches([' ', '\n']);
    let breaks_above = before[above.len()..].matches('\n').count();
    let breaks_below = after[..after.len() - below.len()].matches('\n').count();
    let mut insert = String::new();
    if !above.is_empty() {
        insert.extend(std::iter::repeat_n('\n', 2_usize.saturating_sub(breaks_above)));
    }
    insert.push_str(snippet);
    if !below.is_empty() {
        insert.extend(std::iter::repeat_n('\n', 2_usize.saturating_sub(breaks_below)));
    }
    Edit { span: Span { start: at, end: at }, insert }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_blank_line_on_either_side() {
        // `|` is the place; the expectation is the whole text afterwards.
        let table = [
            ("|", "S"),
            ("Hi Ann,|", "Hi Ann,\n\nS"),
            ("Hi Ann,|\n\nWe looked.", "Hi Ann,\n\nS\n\nWe looked."),
            ("Hi Ann,|\nWe looked.", "Hi Ann,\n\nS\n\nWe looked."),
            ("|We looked.", "S\n\nWe looked."),
            ("We looked.|\n\n\u{FFFC}", "We looked.\n\nS\n\n\u{FFFC}"),
            ("|\n\n\u{FFFC}", "S\n\n\u{FFFC}"),
            ("We looked.\n|", "We looked.\n\nS"),
            ("We looked.\n\n|", "We looked.\n\nS"),
        ];
        for (marked, expected) in table {
            let at = marked.find('|').expect("a mark");
            let text = marked.replace('|', "");
            let edit = as_paragraph(&text, at, "S");
            let mut after = text.clone();
            after.insert_str(at, &edit.insert);
            assert_eq!(after, expected, "{marked:?}");
        }
    }
}
