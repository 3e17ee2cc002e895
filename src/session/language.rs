//! A draft in another language. The rules are English, so all that judges stays quiet in it.
//!
//! Which language it is, the frame asks the browser's own detector; what follows from the answer is decided here. A draft
//! that is silenced wrongly helps nobody and tells nobody, so an answer counts only where there is enough to judge by and no
//! line reads as English: greetings, names and part numbers of other languages silence nothing.

use crate::compose::Compose;

/// What has fewer letters counts as English: detectors guess there. In bytes, because a letter that is no Latin one says more.
const LEAST_LETTERS: usize = 80;

/// Small words that make up a third of any English and next to nothing of other languages.
const ENGLISH: &str = "the and you your that this with our they there which from would should could please thank thanks sorry \
    have been because are it is we not for of to";

/// A line with two of them, and with at least one among so many words, is English.
const WORDS_TO_ONE: usize = 10;

/// In which language a compose is written.
#[derive(Debug, Default)]
pub(crate) struct Language {
    /// The revision that was judged last.
    judged: Option<u32>,
    /// Its name in the writer's language, where it is not English.
    other: Option<String>,
    /// The writer wants it read all the same.
    anyway: bool,
}

/// Whether a line of a text is English.
fn has_english(text: &str) -> bool {
    text.lines().any(|line| {
        let (mut known, mut all) = (0, 0);
        for word in line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            all += 1;
            known += usize::from(ENGLISH.split(' ').any(|one| one.eq_ignore_ascii_case(word)));
        }
        known > 1 && known * WORDS_TO_ONE >= all
    })
}

/// Whether there is enough to judge by, and nothing in English.
fn may_be_foreign(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic()).map(char::len_utf8).sum::<usize>();
    !has_english(text) && letters() >= LEAST_LETTERS
}

impl Compose {
    /// The language in which it is left alone.
    pub(crate) fn foreign(&self) -> Option<&str> {
        self.language.other.as_deref().filter(|_| !self.language.anyway)
    }

    /// The writer's own words, where nothing was said of their language as they stand and what is said would change something.
    pub(crate) fn unnamed(&self) -> Option<String> {
        let unjudged = !self.language.anyway && self.language.judged != Some(self.revision);
        let words = unjudged.then(|| self.reviewer().own_words());
        words.filter(|words| self.language.other.is_some() || may_be_foreign(words))
    }

    /// Takes what a detector is sure of: a code, and the language's name; nothing where it is not sure, which leaves all as
    /// it was.
    pub(crate) fn see_language(&mut self, revision: u32, seen: Option<(&str, &str)>) {
        let words = self.reviewer().own_words();
        let before = self.language.other.take();
        let other = match seen {
            Some((code, name)) => (code != "en").then(|| name.to_owned()),
            None => before.clone(),
        };
        self.language.judged = Some(revision);
        self.language.other = other.filter(|_| may_be_foreign(&words));
        if before.is_some() != self.language.other.is_some() {
            self.walk.open = false;
            self.read_anew();
        }
    }

    /// Reads it from now on, whatever its language.
    pub(crate) fn read_anyway(&mut self) {
        self.language.anyway = true;
        self.read_anew();
    }
}
