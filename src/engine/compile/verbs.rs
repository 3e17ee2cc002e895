//! Inflection of the regular verbs of `verbs.txt`.

/// The forms of one verb.
pub struct Verb {
    pub base: String,
    pub past: String,
    pub participle: String,
    pub ing: String,
    pub third: String,
}

/// Reads one line of `verbs.txt`: the base, and past and participle where they are irregular.
pub fn verb(line: &str) -> Result<Verb, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (base, irregular) = match words[..] {
        [base] => (base, None),
        [base, past, participle] => (base, Some((past, participle))),
        _ => return Err("a verb is one word, or three: base, past, participle".into()),
    };
    let regular = past(base);
    let (past, participle) =
        irregular.map_or((regular.clone(), regular), |(past, participle)| (past.to_owned(), participle.to_owned()));
    Ok(Verb { base: base.to_owned(), past, participle, ing: ing(base), third: third(base) })
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// Words stressed on their last syllable that double their consonant; one-syllable words are seen by their letters.
const DOUBLING: &[&str] = &[
    "admit", "begin", "cancel", "forget", "label", "model", "occur", "omit", "permit", "prefer", "refer", "reset",
    "run", "submit", "transfer", "travel", "transmit", "unplug",
];

fn doubles(base: &str) -> bool {
    if DOUBLING.contains(&base) {
        return true;
    }
    let bytes = base.as_bytes();
    let [.., before, vowel, last] = bytes else {
        return false;
    };
    is_vowel(*vowel)
        && !is_vowel(*last)
        && !matches!(last, b'w' | b'x' | b'y')
        && (!is_vowel(*before) || (*before == b'u' && bytes.get(bytes.len().wrapping_sub(4)) == Some(&b'q')))
        && bytes.iter().filter(|byte| is_vowel(**byte)).count() == 1
}

fn past(base: &str) -> String {
    if base.ends_with('e') {
        return format!("{base}d");
    }
    if let Some(stem) = consonant_y(base) {
        return format!("{stem}ied");
    }
    match base.chars().last() {
        Some(last) if doubles(base) => format!("{base}{last}ed"),
        _ => format!("{base}ed"),
    }
}

fn ing(base: &str) -> String {
    if base == "be" || base.ends_with("ee") || base.ends_with("ye") {
        return format!("{base}ing");
    }
    if let Some(stem) = base.strip_suffix("ie") {
        return format!("{stem}ying");
    }
    if let Some(stem) = base.strip_suffix('e') {
        return format!("{stem}ing");
    }
    match base.chars().last() {
        Some(last) if doubles(base) => format!("{base}{last}ing"),
        _ => format!("{base}ing"),
    }
}

fn third(base: &str) -> String {
    if base == "be" {
        return "is".into();
    }
    if base == "have" {
        return "has".into();
    }
    if let Some(stem) = consonant_y(base) {
        return format!("{stem}ies");
    }
    if ["s", "x", "z", "ch", "sh", "o"].iter().any(|end| base.ends_with(end)) {
        return format!("{base}es");
    }
    format!("{base}s")
}

fn consonant_y(base: &str) -> Option<&str> {
    base.strip_suffix('y').filter(|stem| stem.bytes().last().is_some_and(|byte| !is_vowel(byte)))
}
