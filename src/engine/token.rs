//! A paragraph as tokens: words with their ids, and marks. One pass, shared by everything that judges.

use crate::normalise::{
    HASH_SEED, MARKS, class, is_apostrophe, is_capital, is_invisible, split_contraction, spread, step,
};
use crate::vocabulary::{self as vocabulary, MASKABLE, NOT, alias, classes, find, lookup};

/// A word or a mark. Brackets, emphasis stars and unknown symbols are no tokens; quotation marks are flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the paragraph. Both halves of a contraction have the bytes of the whole.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The word or mark; 0 for a word that no pattern names.
    pub id: u16,
    /// Bits of [`flag`].
    pub flags: u16,
}

/// What is known of a token.
pub mod flag {
    /// A word; anything else is a mark.
    pub const WORD: u16 = 1;
    /// The second half of a contraction.
    pub const CLITIC: u16 = 2;
    /// Starts with a capital.
    pub const CAPITAL: u16 = 4;
    /// Two letters or more, all of them capitals.
    pub const UPPER: u16 = 8;
    /// Has a digit.
    pub const NUMBER: u16 = 16;
    /// First of its sentence.
    pub const SENTENCE_START: u16 = 32;
    /// First after a greeting that opens its sentence.
    pub const AFTER_GREETING: u16 = 64;
    /// A quotation mark stands before it.
    pub const QUOTE_BEFORE: u16 = 128;
    /// A mark that ends a sentence.
    pub const TERMINAL: u16 = 256;
}

/// Ids of marks, in the order of [`MARKS`].
pub mod mark {
    /// `,`
    pub const COMMA: u16 = 1;
    /// `.`
    pub const STOP: u16 = 2;
    /// `!`
    pub const EXCLAMATION: u16 = 3;
    /// `?`
    pub const QUESTION: u16 = 4;
    /// `:`
    pub const COLON: u16 = 5;
    /// `;`
    pub const SEMICOLON: u16 = 6;
    /// A dash between words.
    pub const DASH: u16 = 7;
    /// `…` or `...`
    pub const ELLIPSIS: u16 = 8;
    /// The end of a line that ends a sentence, and of the paragraph.
    pub const BREAK: u16 = 9;
    /// `%`
    pub const PERCENT: u16 = 10;
    /// `/`
    pub const SLASH: u16 = 11;
    /// Those that end a sentence.
    pub const TERMINAL: [u16; 5] = [STOP, EXCLAMATION, QUESTION, ELLIPSIS, BREAK];
}

const _: () = assert!(MARKS.len() == 12);

impl Token {
    /// Whether it has a [`flag`].
    #[inline]
    pub fn is(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// Whether a gap or slot may not step over it.
    #[inline]
    pub fn is_stop(&self) -> bool {
        matches!(
            self.id,
            mark::STOP
                | mark::EXCLAMATION
                | mark::QUESTION
                | mark::COLON
                | mark::SEMICOLON
                | mark::ELLIPSIS
                | mark::BREAK
        )
    }
}

/// A run of text in one section, tokenised. All that rules see.
#[derive(Clone, Debug, Default)]
pub struct Paragraph<'a> {
    /// The text; tokens count its bytes.
    pub text: &'a str,
    /// Its tokens; the last is a [`mark::BREAK`].
    pub tokens: Vec<Token>,
}

impl<'a> Paragraph<'a> {
    /// The text of a range of bytes.
    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The text of a token.
    pub fn text_of(&self, token: &Token) -> &'a str {
        self.slice(token.start as usize, token.end as usize)
    }

    /// Index of the first token of the sentence that token `at` is in.
    pub fn sentence_start(&self, at: usize) -> usize {
        let mut at = at.min(self.tokens.len().saturating_sub(1));
        while at > 0 && !self.tokens.get(at).is_some_and(|token| token.is(flag::SENTENCE_START)) {
            at -= 1;
        }
        at
    }

    /// One past the last token of the sentence that token `at` is in.
    pub fn sentence_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        while self.tokens.get(end).is_some_and(|token| !token.is(flag::SENTENCE_START)) {
            end += 1;
        }
        end.min(self.tokens.len())
    }

    /// The sentences as ranges of token indices.
    pub fn sentences(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let mut start = 0;
        std::iter::from_fn(move || {
            if start >= self.tokens.len() {
                return None;
            }
            let end = self.sentence_end(start);
            let sentence = (start, end);
            start = end;
            Some(sentence)
        })
        .filter(|(start, end)| {
            self.tokens.get(*start..*end).is_some_and(|all| all.iter().any(|token| token.is(flag::WORD)))
        })
    }
}

/// A line at least this long (bytes) that is followed by another was wrapped by the mail client, not by its writer.
const HARD_WRAP: usize = 55;

/// Splits a text into tokens.
pub fn tokenise(text: &str) -> Paragraph<'_> {
    let mut tokeniser = Tokeniser {
        text,
        bytes: text.as_bytes(),
        tokens: Vec::with_capacity(text.len() / 4 + 2),
        at: 0,
        pending: flag::SENTENCE_START,
        ellipsis: false,
        line_start: 0,
        single_letters: 0,
        buffer: String::new(),
    };
    tokeniser.skip_bullet();
    tokeniser.run();
    tokeniser.push_mark(mark::BREAK, text.len(), text.len());
    let mut tokens = tokeniser.tokens;
    flag_greetings(&mut tokens);
    Paragraph { text, tokens }
}

struct Tokeniser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    tokens: Vec<Token>,
    at: usize,
    /// Flags for the next token.
    pending: u16,
    /// The last mark was an ellipsis: the next capital starts a sentence.
    ellipsis: bool,
    line_start: usize,
    /// How many single-letter words stand in a row: `f u c k`.
    single_letters: usize,
    buffer: String,
}

impl Tokeniser<'_> {
    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn char(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => self.word(),
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' => self.newline(),
                b'"' | b'\'' => {
                    self.pending |= flag::QUOTE_BEFORE;
                    self.at += 1;
                }
                b',' => self.mark(mark::COMMA, 1),
                b';' | b':' => self.colon(byte),
                b'.' => self.stop(),
                b'!' | b'?' => {
                    let run = self.run_of(|byte| matches!(byte, b'!' | b'?'));
                    let all = self.bytes.get(self.at..self.at + run).unwrap_or_default();
                    let id = if all.contains(&b'?') { mark::QUESTION } else { mark::EXCLAMATION };
                    self.mark(id, run);
                    self.pending |= flag::SENTENCE_START;
                }
                b'-' => {
                    let run = self.run_of(|byte| byte == b'-');
                    self.mark(mark::DASH, run);
                }
                b'%' => self.mark(mark::PERCENT, 1),
                b'/' => self.mark(mark::SLASH, 1),
                b'&' => {
                    self.push_word(self.at, self.at + 1, vocabulary::AND, 0);
                    self.at += 1;
                }
                b'$' | b'@' | b'*' | b'#' if self.byte(self.at + 1).is_ascii_alphabetic() => {
                    if !self.masked(self.at) {
                        self.at += 1;
                    }
                }
                0x80.. => self.wide(),
                _ => self.at += 1,
            }
        }
        self.spelled_out();
    }

    fn run_of(&self, wanted: impl Fn(u8) -> bool) -> usize {
        self.bytes.get(self.at..).unwrap_or_default().iter().take_while(|byte| wanted(**byte)).count()
    }

    fn mark(&mut self, id: u16, length: usize) {
        self.push_mark(id, self.at, self.at + length);
        self.at += length;
    }

    fn push_mark(&mut self, id: u16, start: usize, end: usize) {
        self.spelled_out();
        let terminal = mark::TERMINAL.contains(&id);
        // A mark never starts a sentence: `?!` after a break belongs to what it follows.
        let flags = self.pending & flag::QUOTE_BEFORE | if terminal { flag::TERMINAL } else { 0 };
        self.pending &= !flag::QUOTE_BEFORE;
        self.tokens.push(Token { start: start as u32, end: end as u32, id, flags });
    }

    fn newline(&mut self) {
        let length = self.at - self.line_start;
        self.at += 1;
        self.line_start = self.at;
        let bullet = self.skip_bullet();
        if length < HARD_WRAP || bullet {
            if self.tokens.last().is_some_and(|token| token.id != mark::BREAK) {
                self.push_mark(mark::BREAK, self.at, self.at);
            }
            self.pending |= flag::SENTENCE_START;
        }
    }

    /// Steps over `- `, `* `, `• `, `1. ` at the start of a line.
    fn skip_bullet(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or("");
        let body = rest.trim_start_matches([' ', '\t']);
        let marker = match body.chars().next() {
            Some(c @ ('-' | '*' | '•' | '·' | '–' | '‣' | '▪')) => c.len_utf8(),
            Some(c) if c.is_ascii_digit() => {
                let digits = body.bytes().take_while(u8::is_ascii_digit).count();
                match body.as_bytes().get(digits) {
                    Some(b'.' | b')') if digits < 3 => digits + 1,
                    _ => return false,
                }
            }
            _ => return false,
        };
        let after = body.get(marker..).unwrap_or("");
        if !after.starts_with([' ', '\t']) {
            return false;
        }
        self.at += rest.len() - after.len();
        true
    }

    fn colon(&mut self, byte: u8) {
        let nose = usize::from(self.byte(self.at + 1) == b'-');
        let mouth = self.byte(self.at + 1 + nose);
        if matches!(mouth, b')' | b'(' | b'/' | b'|') && self.byte(self.at + 2 + nose) != b'/' {
            let face = [byte, mouth];
            let id = std::str::from_utf8(&face).map_or(0, lookup);
            let end = self.at + 2 + nose;
            if id != 0 {
                self.push_word(self.at, end, id, 0);
            }
            self.at = end;
            return;
        }
        self.mark(if byte == b':' { mark::COLON } else { mark::SEMICOLON }, 1);
    }

    fn stop(&mut self) {
        let run = self.run_of(|byte| byte == b'.');
        if run > 1 {
            self.mark(mark::ELLIPSIS, run);
            self.ellipsis = true;
            return;
        }
        let silent = self.tokens.last().is_some_and(|last| {
            last.end as usize == self.at
                && last.is(flag::WORD)
                && (classes(last.id) & class::ABBREVIATION != 0
                    || last.end - last.start == 1 && last.is(flag::CAPITAL) && last.id != vocabulary::I)
        });
        if silent {
            self.at += 1;
            return;
        }
        self.mark(mark::STOP, 1);
        self.pending |= flag::SENTENCE_START;
    }

    /// A character outside ASCII.
    fn wide(&mut self) {
        let Some(c) = self.char(self.at) else {
            self.at += 1;
            return;
        };
        let length = c.len_utf8();
        match c {
            '“' | '”' | '„' | '«' | '»' | '‹' | '›' | '‘' | '’' | '‚' => {
                self.pending |= flag::QUOTE_BEFORE;
                self.at += length;
            }
            '…' => {
                self.mark(mark::ELLIPSIS, length);
                self.ellipsis = true;
            }
            '–' | '—' | '―' => self.mark(mark::DASH, length),
            '！' => {
                self.mark(mark::EXCLAMATION, length);
                self.pending |= flag::SENTENCE_START;
            }
            '？' => {
                self.mark(mark::QUESTION, length);
                self.pending |= flag::SENTENCE_START;
            }
            c if c.is_alphanumeric() => self.word(),
            c => {
                let mut utf8 = [0; 4];
                let id = lookup(c.encode_utf8(&mut utf8));
                if id != 0 {
                    self.push_word(self.at, self.at + length, id, 0);
                }
                self.at += length;
            }
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let mut at = start;
        let mut state = HASH_SEED;
        let (mut upper, mut lower, mut digits) = (0, 0, 0);
        loop {
            let byte = self.byte(at);
            match byte {
                b'a'..=b'z' => lower += 1,
                b'A'..=b'Z' => upper += 1,
                b'0'..=b'9' => digits += 1,
                _ => break,
            }
            state = step(state, byte.to_ascii_lowercase());
            at += 1;
        }
        let mut flags = 0;
        if self.byte(start).is_ascii_uppercase() {
            flags |= flag::CAPITAL;
            if upper > 1 && lower == 0 && digits == 0 {
                flags |= flag::UPPER;
            }
        }
        if digits > 0 {
            flags |= flag::NUMBER;
        }
        let next = self.byte(at);
        match next {
            0x80.. | b'\'' | b'`' => return self.slow_word(start),
            b'*' | b'@' | b'$' | b'#' | b'!' if self.masked(start) => return,
            b'.' | b',' | b':' | b'@' if self.joined(start, at, digits > 0 && upper + lower == 0) => {
                return;
            }
            _ => {}
        }
        let text = self.text.get(start..at).unwrap_or("");
        let mut id = find(spread(state), |known| known.eq_ignore_ascii_case(text));
        if id == 0 {
            id = self.unknown(start, at, digits > 0);
        }
        self.at = at;
        self.push_word(start, at, id, flags);
        self.skip_hyphen();
    }

    /// A word with apostrophes, invisible characters or letters beyond ASCII.
    fn slow_word(&mut self, start: usize) {
        let mut at = start;
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let (mut upper, mut lower, mut digits) = (0, 0, 0);
        let mut capital = None;
        while let Some(c) = self.char(at) {
            let next = at + c.len_utf8();
            if is_apostrophe(c) {
                let letter_follows = self.char(next).is_some_and(char::is_alphabetic);
                if !letter_follows || buffer.is_empty() {
                    break;
                }
                buffer.push('\'');
            } else if c.is_alphanumeric() {
                capital.get_or_insert(is_capital(c));
                if is_capital(c) {
                    upper += 1;
                } else if c.is_alphabetic() {
                    lower += 1;
                } else if c.is_ascii_digit() {
                    digits += 1;
                }
                if c.is_ascii() {
                    buffer.push(c.to_ascii_lowercase());
                } else {
                    buffer.extend(c.to_lowercase());
                }
            } else if ('\u{300}'..='\u{36f}').contains(&c) {
                buffer.push(c);
            } else if !is_invisible(c) {
                break;
            }
            at = next;
        }
        // Invisible characters after the last letter belong to nobody; leaving them in does no harm.
        self.at = at.max(start + 1);
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        let mut flags = 0;
        if capital == Some(true) {
            flags |= flag::CAPITAL;
            if upper > 1 && lower == 0 && digits == 0 {
                flags |= flag::UPPER;
            }
        }
        if digits > 0 {
            flags |= flag::NUMBER;
        }
        let end = self.at;
        match split_contraction(&buffer) {
            Some((head, tail)) => {
                let (head, tail) = (lookup(head), lookup(tail));
                self.push_word(start, end, head, flags);
                self.push_clitic(start, end, tail);
            }
            None => {
                let id = lookup(&buffer);
                self.push_word(start, end, id, flags);
            }
        }
        self.buffer = buffer;
        self.skip_hyphen();
    }

    /// A hyphen inside a word joins: `so-called` is `so called`.
    fn skip_hyphen(&mut self) {
        if self.byte(self.at) == b'-' && self.char(self.at + 1).is_some_and(char::is_alphanumeric) {
            self.at += 1;
        }
    }

    fn push_word(&mut self, start: usize, end: usize, id: u16, flags: u16) {
        if self.ellipsis {
            self.ellipsis = false;
            if flags & flag::CAPITAL != 0 && id != vocabulary::I {
                self.pending |= flag::SENTENCE_START;
            }
        }
        let flags = flags | self.pending | flag::WORD;
        self.pending = 0;
        if end - start == 1 && flags & flag::NUMBER == 0 {
            self.single_letters += 1;
        } else {
            self.spelled_out();
        }
        let (first, second) = alias(id).unwrap_or((id, 0));
        self.tokens.push(Token { start: start as u32, end: end as u32, id: first, flags });
        if second != 0 {
            self.push_clitic(start, end, second);
        }
    }

    fn push_clitic(&mut self, start: usize, end: usize, id: u16) {
        let flags = flag::WORD | flag::CLITIC;
        self.tokens.push(Token { start: start as u32, end: end as u32, id, flags });
    }

    /// What a word nobody knows may be: `sooooo`, `sh1t`.
    fn unknown(&mut self, start: usize, end: usize, has_digit: bool) -> u16 {
        let word = self.bytes.get(start..end).unwrap_or_default();
        if has_digit {
            let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
            return if letters >= 2 { unmask(word) } else { 0 };
        }
        let stretched = word
            .windows(3)
            .any(|three| matches!(three, [a, b, c] if a.eq_ignore_ascii_case(b) && b.eq_ignore_ascii_case(c)));
        if !stretched {
            return 0;
        }
        for keep in [1, 2] {
            self.buffer.clear();
            let mut run = 0;
            let mut before = 0;
            for byte in word {
                let byte = byte.to_ascii_lowercase();
                run = if byte == before { run + 1 } else { 1 };
                before = byte;
                let long = word_run(word, byte);
                if run <= if long { keep } else { usize::MAX } {
                    self.buffer.push(byte as char);
                }
            }
            let id = lookup(&self.buffer);
            if id != 0 {
                return id;
            }
        }
        0
    }

    /// `cr*p`, `sh!t`, `$hit`: takes the word if it is a masked swear word.
    fn masked(&mut self, start: usize) -> bool {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'@' | b'$' | b'#' | b'!'))
            .count();
        let mut word = rest.get(..length).unwrap_or_default();
        while let [head @ .., b'!'] = word {
            word = head;
        }
        let masks = word.iter().filter(|byte| !byte.is_ascii_alphanumeric()).count();
        if masks == 0 || masks == word.len() {
            return false;
        }
        let id = unmask(word);
        if id == 0 {
            return false;
        }
        let end = start + word.len();
        let flags = if word.first().is_some_and(u8::is_ascii_uppercase) { flag::CAPITAL } else { 0 };
        self.push_word(start, end, id, flags);
        self.at = end;
        true
    }

    /// Takes numbers with points in them, addresses and abbreviations like `e.g.` whole.
    fn joined(&mut self, start: usize, at: usize, number: bool) -> bool {
        let next = self.byte(at + 1);
        if number && next.is_ascii_digit() {
            let run = self
                .bytes
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b':'))
                .count();
            let mut end = at + run;
            while matches!(self.byte(end - 1), b'.' | b',' | b':') {
                end -= 1;
            }
            self.push_word(start, end, 0, flag::NUMBER);
            self.at = end;
            return true;
        }
        let link = self.byte(at) == b':' && next == b'/' && self.byte(at + 2) == b'/';
        if self.byte(at) == b',' || !(link || next.is_ascii_alphanumeric()) {
            return false;
        }
        let rest = self.text.get(start..).unwrap_or("");
        let chunk = rest.split(char::is_whitespace).next().unwrap_or("");
        let chunk = chunk.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let ending = chunk.rsplit('.').next().unwrap_or("");
        let is_address = link
            || chunk.contains('@') && chunk.contains('.')
            || chunk.starts_with("www.")
            || ENDINGS.split(' ').any(|known| ending.eq_ignore_ascii_case(known))
            || chunk.split('.').all(|part| part.len() <= 1)
            || chunk.contains(".com/")
            || chunk.contains(".co.");
        if !is_address {
            return false;
        }
        let mut end = start + chunk.len();
        if chunk.split('.').all(|part| part.len() <= 1) && self.byte(end) == b'.' {
            end += 1;
        }
        self.push_word(start, end, 0, 0);
        self.at = end;
        true
    }

    /// Joins `f u c k` into one token.
    fn spelled_out(&mut self) {
        let count = std::mem::take(&mut self.single_letters);
        if count < 3 {
            return;
        }
        let Some(first) = self.tokens.len().checked_sub(count) else {
            return;
        };
        let letters = self.tokens.get(first..).unwrap_or_default();
        let word: Vec<u8> = letters.iter().filter_map(|token| self.bytes.get(token.start as usize).copied()).collect();
        let id = unmask(&word);
        if id == 0 {
            return;
        }
        if let (Some(start), Some(end)) = (letters.first().copied(), letters.last().copied()) {
            self.tokens.truncate(first);
            self.tokens.push(Token { end: end.end, id, ..start });
        }
    }
}

/// Endings of names on the web that people write in mails.
const ENDINGS: &str = "com net org co uk io eu app shop de fr es nl ie ca au gov edu info html php pdf png jpg jpeg doc docx xls xlsx \
csv zip exe";

fn word_run(word: &[u8], byte: u8) -> bool {
    word.windows(3).any(|three| three.iter().all(|other| other.eq_ignore_ascii_case(&byte)))
}

/// The swear word behind a masked one, 0 if there is none.
fn unmask(word: &[u8]) -> u16 {
    let same = |known: u8, typed: u8| match typed {
        b'*' | b'#' => true,
        b'@' => known == b'a',
        b'$' | b'5' => known == b's',
        b'!' | b'1' => matches!(known, b'i' | b'l'),
        b'3' => known == b'e',
        b'0' => known == b'o',
        b'4' => known == b'a',
        other => known == other.to_ascii_lowercase(),
    };
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    if letters == 0 {
        return 0;
    }
    MASKABLE
        .iter()
        .copied()
        .find(|id| {
            let known = vocabulary::word(*id).as_bytes();
            known.len() == word.len() && known.iter().zip(word).all(|(known, typed)| same(*known, *typed))
        })
        .unwrap_or(0)
}

/// Marks the first word after `Hi Gary,` or `Gary,`.
fn flag_greetings(tokens: &mut [Token]) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if !(token.is(flag::SENTENCE_START) && token.is(flag::WORD)) {
            at += 1;
            continue;
        }
        let reach = if classes(token.id) & class::GREETING != 0 {
            6
        } else if token.id == 0 && token.is(flag::CAPITAL) {
            2
        } else {
            0
        };
        let close = (1..=reach).find(|step| tokens.get(at + step).is_none_or(|token| !token.is(flag::WORD)));
        if let Some(step) = close
            && tokens.get(at + step).is_some_and(|token| matches!(token.id, mark::COMMA | mark::DASH))
            && let Some(after) = tokens.get_mut(at + step + 1)
        {
            after.flags |= flag::AFTER_GREETING;
        }
        at += 1;
    }
}

/// Whether a token is the `n't` of a contraction.
pub fn is_negation_clitic(token: &Token) -> bool {
    token.id == NOT && token.is(flag::CLITIC)
}
