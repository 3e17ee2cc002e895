//! Capitals for emphasis, and runs of `!` and `?`.

use super::Found;
use crate::normalise::{class, is_capital, is_quote, small};
use crate::review::{Edit, Span, Suggestion};
use crate::temper::Temper;
use crate::template::upper_first;
use crate::token::{Paragraph, Token, flag, mark};
use crate::vocabulary::{self, classes, lists};

/// Finds shouted words and marks.
pub fn find(paragraph: &Paragraph, out: &mut Vec<Found>) {
    let mut at = 0;
    while let Some(token) = paragraph.tokens.get(at) {
        if token.is(flag::UPPER) {
            let end = run_end(paragraph, at);
            if is_shouted(paragraph, at, end) {
                at = capitals(paragraph, at, end, out);
                continue;
            }
            at = end;
            continue;
        }
        if matches!(token.id, mark::EXCLAMATION | mark::QUESTION) && token.end - token.start > 1 {
            marks(paragraph, at, out);
        }
        at += 1;
    }
}

/// One past the last shouted word of the run that starts at `at`; single letters, numbers and commas may lie between.
fn run_end(paragraph: &Paragraph, at: usize) -> usize {
    let mut end = at + 1;
    let mut ahead = end;
    while let Some(token) = paragraph.tokens.get(ahead) {
        let in_run = token.is(flag::UPPER)
            || token.is(flag::CLITIC)
            || token.id == mark::COMMA
            || token.is(flag::NUMBER)
            || token.is(flag::CAPITAL) && token.end - token.start == 1;
        if !in_run || token.is(flag::SENTENCE_START) {
            break;
        }
        ahead += 1;
        if token.is(flag::UPPER) || token.is(flag::CLITIC) && ahead == end + 1 {
            end = ahead;
        }
    }
    end
}

fn is_shouted(paragraph: &Paragraph, start: usize, end: usize) -> bool {
    let words = paragraph.tokens.get(start..end).unwrap_or_default();
    let shouted: Vec<&Token> = words
        .iter()
        .filter(|token| token.is(flag::UPPER) && !is_acronym(paragraph.text_of(token)) && !is_code(paragraph, token))
        .collect();
    let speaks = shouted
        .iter()
        .any(|token| classes(token.id) & (class::PRONOUN | class::AUXILIARY | class::DETERMINER | class::ADVERB) != 0);
    // Capitals that nobody knows, and one or two that could be a brand, a code or an abbreviation, are let be.
    let known = shouted.iter().filter(|token| token.id != 0).count();
    let shouting = match shouted[..] {
        [] => false,
        [only] => {
            let word = paragraph.text_of(only);
            let is_state = || lists("APPROVED FOUND FIXED SORTED DONE SHIPPED READY CONFIRMED REFUNDED WARNING", word);
            is_emphatic(word)
                || known == 1 && word.len() > 3 && (word == "TODAY" || !word.ends_with("DAY")) && !is_state()
        }
        [_, _] => speaks,
        _ => speaks || known > 2,
    };
    if !shouting || is_keyed(paragraph, start, &shouted) || is_quoted(paragraph, start, end) {
        return false;
    }
    // "Please DON'T take both tablets" is a warning.
    let before = start.checked_sub(1).and_then(|at| paragraph.tokens.get(at));
    let pleads = before.is_some_and(|before| paragraph.text_of(before).eq_ignore_ascii_case("please"));
    let warns = shouted.first().is_some_and(|first| lists("DO DON'T DON’T NOT", paragraph.text_of(first)));
    if shouted.len() < 3 && pleads && warns {
        return false;
    }
    let next = paragraph.tokens.get(end);
    let sentence = paragraph.sentence_start(start);
    let opens = sentence == start;
    let label = next.is_some_and(|next| next.id == mark::COLON) && opens && shouted.len() < 4;
    let heading = opens && next.is_some_and(|next| next.id == mark::BREAK) && shouted.len() < 5 && !speaks;
    let first = paragraph.tokens.get(sentence);
    let greeting = first.is_some_and(|first| classes(first.id) & (class::GREETING | class::TITLE) != 0) && !speaks;
    let about = first.is_some_and(|first| lists("re ref subject", small(paragraph.text_of(first)).as_str()));
    // "CASE 91-610", "SAFETY NOTICE FSN 12" and "UPDATE for you" are a subject line.
    let alone = shouted.len() == 1;
    let names = |next: &Token| {
        next.is(flag::NUMBER) || alone && (next.id == mark::COMMA || classes(next.id) & class::PREPOSITION != 0)
    };
    let subject = start == 0 && shouted.len() < 5 && !speaks && next.is_some_and(names);
    !(label || heading || greeting || about || subject)
}

/// No label is longer, in bytes, to either side of a shouted word.
const LABEL: usize = 200;

/// What a screen or a label says, word for word: `the page shows "ACCESS DENIED"`. Between marks such as `'`, which are
/// apostrophes, too, capitals are emphasis.
fn is_quoted(paragraph: &Paragraph, start: usize, end: usize) -> bool {
    let (Some(first), Some(last)) = (paragraph.tokens.get(start), paragraph.tokens.get(end - 1)) else { return false };
    let (start, end) = (first.start as usize, last.end as usize);
    // So far away at most, in bytes: in a long line of capitals each would look through all of it.
    let [from, to] = [start.saturating_sub(LABEL), end + LABEL].map(|at| paragraph.text.floor_char_boundary(at));
    let before = paragraph.slice(from, start);
    let (Some(mark), Some(more)) = (before.rfind(is_quote), paragraph.slice(end, to).find(is_quote)) else {
        return false;
    };
    let mut inside = paragraph.slice(from + mark, end + more).chars().skip(1);
    inside.next().is_some_and(char::is_alphanumeric) && !inside.any(|c| c.is_alphabetic() && !is_capital(c))
}

/// What is to be typed or pressed, or stands on a thing: `text STOP to 60022`, `hold RESET`, `the field NAME`, `the GRILL setting`,
/// `when LINK turns green`; and what state a thing is in: `Ticket 12: CLOSED.`
fn is_keyed(paragraph: &Paragraph, start: usize, shouted: &[&Token]) -> bool {
    let [only] = shouted else { return false };
    let before = start.checked_sub(1).and_then(|at| paragraph.tokens.get(at));
    let word = small(before.map_or("", |before| paragraph.text_of(before)));
    let keys = lists(
        "text reply back say says answer type press pressing hold holding push tap select choose enter field \
button key mode marked labelled labeled word option code model called named titled reads reading saying \
stamped printed sign label setting switch tab folder file",
        word.as_str(),
    );
    let after = paragraph.tokens.get(start + 1);
    let shows = after.is_some_and(|after| {
        lists(
            "goes turns lights flashes blinks glows appears button key switch sign label keys setting tab mode option \
field menu folder light lamp symbol stamp position",
            paragraph.text_of(after),
        )
    });
    let ends = after.is_none_or(|after| matches!(after.id, mark::STOP | mark::BREAK));
    let keys = keys || shows || ends && before.is_some_and(|before| before.id == mark::COLON);
    let answer = matches!(paragraph.text_of(only), "YES" | "NO") && !matches!(word.as_str(), "say" | "says");
    keys && (answer || classes(only.id) & (class::PRONOUN | class::AUXILIARY | class::DETERMINER) == 0)
        && !only.is(flag::CLITIC)
        && !matches!(paragraph.text_of(only), "NOT" | "NOW")
}

/// Part of `XJ-200`, `#AB`, `AB_12` or an address.
fn is_code(paragraph: &Paragraph, token: &Token) -> bool {
    let before = paragraph.text.as_bytes().get((token.start as usize).wrapping_sub(1));
    let after = paragraph.text.as_bytes().get(token.end as usize);
    let later = paragraph.text.as_bytes().get(token.end as usize + 1);
    before.is_some_and(|byte| matches!(byte, b'#' | b'_' | b'@' | b'\\') || byte.is_ascii_digit())
        || after.is_some_and(|byte| matches!(byte, b'_' | b'@' | b'\\'))
        || after == Some(&b'-') && later.is_some_and(u8::is_ascii_digit)
        || before == Some(&b'-') && follows_code(paragraph.slice(0, token.start as usize - 1))
}

/// Whether a text ends in a digit or in a letter that stands alone: `4-WAY`, `E-STOP`.
fn follows_code(before: &str) -> bool {
    let mut last = before.bytes().rev();
    last.next().is_some_and(|byte| {
        byte.is_ascii_digit()
            || byte.is_ascii_uppercase() && last.next().is_none_or(|byte| !byte.is_ascii_alphanumeric())
    })
}

fn capitals(paragraph: &Paragraph, start: usize, end: usize, out: &mut Vec<Found>) -> usize {
    let tokens = &paragraph.tokens;
    let (mut first, mut after) = (start, end);
    // "WHY DID I" and "I TOLD YOU": an I on either side belongs to it, where there is more than one shouted word.
    let single = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.is(flag::WORD) && token.end - token.start == 1 && token.is(flag::CAPITAL))
    };
    if end - start > 1 {
        if start > 0 && single(start - 1) && !tokens.get(start).is_some_and(|token| token.is(flag::SENTENCE_START)) {
            first = start - 1;
        }
        if single(end) {
            after = end + 1;
        }
    }
    let mut span = match (tokens.get(first), tokens.get(after.wrapping_sub(1))) {
        (Some(first), Some(last)) => Span { start: first.start as usize, end: last.end as usize },
        _ => return end,
    };
    let mut insert = calm(paragraph, first, after);
    // "NO!!!" is one thing.
    if let Some(next) = tokens.get(after)
        && matches!(next.id, mark::EXCLAMATION | mark::QUESTION)
        && next.end - next.start > 1
        && next.start as usize == span.end
    {
        span.end = next.end as usize;
        insert.push(if next.id == mark::QUESTION { '?' } else { '.' });
        after += 1;
    }
    out.push(Found { span, suggestions: vec![Suggestion { edit: Edit { span, insert } }] });
    after.max(end)
}

/// The words in small letters, with a capital where a sentence starts.
fn calm(paragraph: &Paragraph, start: usize, end: usize) -> String {
    let mut text = String::new();
    let mut written = paragraph.tokens.get(start).map_or(0, |token| token.start as usize);
    for token in paragraph.tokens.get(start..end).unwrap_or_default() {
        if token.is(flag::CLITIC) {
            continue;
        }
        text.push_str(paragraph.slice(written, token.start as usize));
        written = token.end as usize;
        let word = paragraph.text_of(token);
        let keeps =
            !token.is(flag::UPPER) && token.id != vocabulary::A || is_acronym(word) || token.id == vocabulary::I;
        let lower = small(word);
        if keeps {
            text.push_str(word);
            if token.id == vocabulary::I && word.len() > 1 {
                text.truncate(text.len() - word.len());
                text.push_str(&upper_first(&lower));
            }
        } else if token.is(flag::SENTENCE_START) {
            text.push_str(&upper_first(&lower));
        } else {
            text.push_str(&lower);
        }
    }
    text
}

/// `!!!` with the word before it.
fn marks(paragraph: &Paragraph, at: usize, out: &mut Vec<Found>) {
    let Some(token) = paragraph.tokens.get(at) else {
        return;
    };
    let sentence = paragraph.tokens.get(paragraph.sentence_start(at)..at).unwrap_or_default();
    let is_warm = || sentence.iter().any(|token| is_warm(&small(paragraph.text_of(token))));
    // Who is glad writes `!!` as well: "See you on Friday!!"
    let is_glad = || token.end - token.start == 2 && sentence.len() > 2 && Temper::is_calm(sentence);
    // "Hi Carmen!!", "Yooo Carmen!!"
    let greets = || {
        let is_greeting = |token: &Token| classes(token.id) & class::GREETING != 0;
        let is_name = |token: &Token| token.is(flag::CAPITAL) && token.id == 0;
        match sentence {
            [first] => at == 1 && is_greeting(first),
            [first, rest @ ..] if is_greeting(first) => {
                rest.iter().all(|token| token.is(flag::CAPITAL) || is_greeting(token))
            }
            [_, name] => at == 2 && is_name(name),
            _ => false,
        }
    };
    if token.id == mark::EXCLAMATION && (is_warm() || is_glad() || greets()) {
        return;
    }
    let (mut start, end) = (token.start as usize, token.end as usize);
    if let Some(before) = at.checked_sub(1).and_then(|at| paragraph.tokens.get(at))
        && before.is(flag::WORD)
        && before.end as usize == start
    {
        start = before.start as usize;
    }
    let span = Span { start, end };
    let mut insert = paragraph.slice(start, token.start as usize).to_owned();
    insert.push(if token.id == mark::QUESTION { '?' } else { '.' });
    out.push(Found { span, suggestions: vec![Suggestion { edit: Edit { span, insert } }] });
}

/// Short words that stand in capitals for emphasis only. Others of three letters and less are abbreviations as often.
fn is_emphatic(word: &str) -> bool {
    lists("NO NOT NOW YOU ALL ANY DID DO HAD HAS WAS ARE CAN HOW WHY OUR MY TOO OWN ONE TWO", word)
}

/// Rows of `!` are joy in a sentence with one of these.
fn is_warm(word: &str) -> bool {
    lists(
        "thank thanks congratulations congrats welcome happy glad love lovely loved great awesome amazing enjoy \
delighted excited hooray yay wonderful cheers yes wow oh goodness",
        word,
    )
}

fn is_acronym(word: &str) -> bool {
    lists(ACRONYMS, word)
}

/// Written in capitals by everybody.
const ACRONYMS: &str = "AA AAA ABN AC AGM AI API APR ASAP ATM AUD BIC BST CAD CC CCTV CD CEO CET CFO CNY COB COD CPU CRM CSV CTO \
CV CVC CVV DC DHL DIY DNA DNS DOB DPD DVD DVLA EAN EDT EIN EOD EORI ERP EST ETA EU EUR EV FAQ FAQS FYI \
GB GBP GDPR GLS GMT GPS GPU HD HDMI HDD HMRC HQ HR HTML HTTP HTTPS IBAN IMEI INR IOS IP ISBN ISP JPG KYC \
LCD LED LLC LTD MB MOT MRI NASA NB NFC NHS NYC OEM OTP PA PAYE PC PCB PDF PDFS PIN PLC PM PNG PO POA POS \
PPE PR PS PSU PTO QA QR RAM RMA ROI RRP RSVP SAAS SD SEO SIM SKU SKUS SMS SQL SSD SSL SSN SSO SUV TBA \
TBC TLS TNT TSA TV UI UK UPC UPS URL USA USB USD USPS UTC UX VAT VIN VIP VPN XL XML XS XXL ZIP";
