//! The words of a mail that has only HTML, laid out as its writer saw them: quotes with `> `, so that the engine finds
//! them, and no marks for what is bold or linked.

use html2text::render::TextDecorator;
use mail_parser::decoders::html::html_to_text;

/// Wide enough that lines break where the mail breaks them; a line break inside a paragraph costs nothing anyway.
const WIDTH: usize = 2_000;

/// More HTML than this, or nested deeper, is not laid out: that takes far more memory than the HTML has, and time that
/// grows with the square of the depth. No mail that somebody typed comes near.
const LENGTH_CAP: usize = 2 << 20;
const DEPTH_CAP: usize = 400;

/// Text of an HTML mail.
pub fn to_text(html: &str) -> String {
    let text = laid_out(html).unwrap_or_else(|| with_quotes_alone(html));
    // Written as `&nbsp;` by every mail editor.
    text.replace('\u{a0}', " ")
}

/// What is too much to be laid out: its words, and `> ` where they are quoted, lest the customer's pass for the writer's.
fn with_quotes_alone(html: &str) -> String {
    let mut text = String::new();
    let (mut rest, mut depth) = (html, 0_usize);
    while !rest.is_empty() {
        let (piece, tag) = rest.split_at(blockquote(rest).unwrap_or(rest.len()));
        for line in html_to_text(piece).lines().map(str::trim).filter(|line| !line.is_empty()) {
            text.push_str(if depth > 0 { "> " } else { "" });
            text.push_str(line);
            text.push('\n');
        }
        depth = if tag.starts_with("</") { depth.saturating_sub(1) } else { depth + 1 };
        rest = tag.split_once('>').map_or("", |(_, behind)| behind);
    }
    text
}

/// Where the next tag is that opens or closes a quote.
fn blockquote(html: &str) -> Option<usize> {
    const NAME: &str = "blockquote";
    let is_one = |at: &usize| {
        let name = html.get(at + 1..).unwrap_or_default();
        let name = name.strip_prefix('/').unwrap_or(name);
        name.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    };
    html.match_indices('<').map(|(at, _)| at).find(is_one)
}

fn laid_out(html: &str) -> Option<String> {
    html2text::config::with_decorator(Plain)
        // Layout tables are common in mail: their cells are paragraphs.
        .raw_mode(true)
        .allow_width_overflow()
        .string_from_read(prepared(html)?.as_bytes(), WIDTH)
        .ok()
}

/// Without rulers, which would be drawn over the whole width, and without pictures that stand in the mail itself; `None`
/// if it is too long or nested too deep.
fn prepared(html: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = html;
    let mut depth: usize = 0;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        let name = tag.strip_prefix("</").or(tag.strip_prefix('<')).unwrap_or_default();
        let name = name.split(|next: char| !next.is_ascii_alphanumeric()).next().unwrap_or_default();
        if tag.starts_with("</") {
            depth = depth.saturating_sub(usize::from(!is_closed_for_its_writer(name)));
        } else if !name.is_empty() && !is_closed_for_its_writer(name) {
            depth += 1;
            if depth > DEPTH_CAP {
                return None;
            }
        }
        let ruler = name.eq_ignore_ascii_case("hr") && tag.get(1..3).is_some_and(|start| start == name);
        text.push_str(if ruler { "<br" } else { "<" });
        rest = tag.get(if ruler { 3 } else { 1 }..).unwrap_or_default();
        while let Some((before, data)) = data_url(rest) {
            text.push_str(before);
            rest = data.trim_start_matches(|next: char| !next.is_whitespace() && !"\"'<>".contains(next));
        }
        if text.len() > LENGTH_CAP {
            return None;
        }
    }
    text.push_str(rest);
    (text.len() <= LENGTH_CAP).then_some(text)
}

/// Cuts before what a tag holds in itself instead of naming it, a picture mostly. Text is left alone.
fn data_url(in_tag: &str) -> Option<(&str, &str)> {
    let tag = in_tag.split(['<', '>']).next()?;
    let starts = |at: &usize| tag.get(*at..at + 5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    let at = tag.match_indices(['=', '"', '\'', '(']).map(|(at, _)| at + 1).find(starts)?;
    Some(in_tag.split_at(at))
}

/// Whether an element has no end tag, or may go without.
fn is_closed_for_its_writer(name: &str) -> bool {
    const NAMES: [&str; 26] = [
        "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
        "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    ];
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Lays out words and nothing else.
#[derive(Clone, Debug)]
struct Plain;

/// What `html2text` asks for, where we want nothing to be drawn.
macro_rules! nothing {
    ($($start:ident $end:ident)*) => {
        $(
            fn $start(&self) -> (String, ()) {
                Default::default()
            }
            fn $end(&self) -> String {
                String::new()
            }
        )*
    };
}

impl TextDecorator for Plain {
    type Annotation = ();

    nothing! {
        decorate_em_start decorate_em_end
        decorate_strong_start decorate_strong_end
        decorate_strikeout_start decorate_strikeout_end
        decorate_code_start decorate_code_end
        decorate_superscript_start decorate_superscript_end
    }

    fn decorate_link_start(&mut self, _: &str) -> (String, ()) {
        Default::default()
    }
    fn decorate_link_end(&mut self) -> String {
        String::new()
    }
    fn decorate_preformat_first(&self) {}
    fn decorate_preformat_cont(&self) {}
    fn decorate_image(&mut self, _: &str, _: &str) -> (String, ()) {
        Default::default()
    }
    fn header_prefix(&self, _: usize) -> String {
        String::new()
    }
    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }
    fn unordered_item_prefix(&self) -> String {
        "- ".to_owned()
    }
    fn ordered_item_prefix(&self, number: i64) -> String {
        format!("{number}. ")
    }
    fn make_subblock_decorator(&self) -> Self {
        Plain
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn html_is_read_as_its_writer_saw_it() {
        for (html, expected) in [
            ("<p>Hi <b>Ann</b>,</p><p>it&rsquo;s&nbsp;<a href='x'>here</a>.</p>", "Hi Ann,\n\nit’s here.\n"),
            ("one<br>two<div>three</div>", "one\ntwo\nthree\n"),
            ("<div>mine</div><blockquote><p>theirs<br>too</p></blockquote>", "mine\n\n> theirs\n> too\n"),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b\n"),
            ("<style>p{}</style><script>x()</script><p>seen</p>", "seen\n"),
            ("up<HR/>down<hr>end", "up\ndown\nend\n"),
            ("<table><tr><td>left</td><td>right</td></tr></table>", "left\nright\n"),
            ("no tag < 3 & so", "no tag < 3 & so\n"),
            ("&lt;hr&gt; <hrx>", "<hr>\n"),
            ("", ""),
        ] {
            assert_eq!(to_text(html), expected, "{html}");
        }
    }

    #[test]
    fn long_paragraphs_stay_words() {
        let html = format!("<p>{}</p>", "You failed to answer. ".repeat(1_000));
        let words: Vec<_> = to_text(&html).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words.len(), 4_000);
    }

    #[test]
    fn what_is_nested_too_deep_is_read_all_the_same() {
        for tag in ["div", "blockquote", "b", "ul", "table"] {
            let text = to_text(&format!("{}calm down", format!("<{tag}>").repeat(100_000)));
            let expected = if tag == "blockquote" { "> calm down" } else { "calm down" };
            assert_eq!(text.trim(), expected, "{tag}");
        }
    }

    #[test]
    fn what_is_too_much_to_lay_out_keeps_its_quotes() {
        let deep = "<div>".repeat(DEPTH_CAP + 1);
        let long = format!("<p>{}</p>", "x ".repeat(LENGTH_CAP / 2 + 1));
        for start in [deep, long] {
            let html = format!(
                "<p>mine</p>{start}<BLOCKQUOTE class='a'>theirs<br>too<blockquote>older</blockquote>theirs</blockquote>mine again"
            );
            let text = to_text(&html);
            let lines: Vec<_> =
                text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("x ")).collect();
            assert_eq!(lines, ["mine", "> theirs", "> too", "> older", "> theirs", "mine again"]);
        }
    }

    #[test]
    fn what_opens_nothing_and_pictures_are_not_too_much() {
        let quoted = "<div>mine</div><blockquote>theirs</blockquote>";
        for tag in ["wbr", "embed", "source", "option", "tbody", "colgroup"] {
            let html = format!("{}{quoted}", format!("<{tag}>").repeat(DEPTH_CAP * 2));
            assert!(prepared(&html).is_some(), "{tag}");
        }
        for picture in ["<img src=\"data:image/png;base64,{}\">", "<img alt=a src=DATA:image/png;base64,{}>"] {
            let html = picture.replace("{}", &"QUJD".repeat(LENGTH_CAP / 2)) + quoted;
            assert_eq!(to_text(&html).trim(), "mine\n\n> theirs", "{}", &picture[..10]);
        }
        // In no more time than its length asks for.
        assert!(to_text(&"<".repeat(LENGTH_CAP / 8)).starts_with("<<<"));
        assert_eq!(to_text("our data: <b>data:</b> all").trim(), "our data: data: all");
    }
}
