//! A second opinion: what a learned reader heard in a draft. The engine says which sentences there are to read and takes
//! the answer, whenever it comes; who reads them, and how, it does not know.

use std::collections::HashMap;

use crate::review::{Rule, Span};
use crate::rules::rules;

/// Something heard.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The rule whose kind of tone it is.
    pub rule: &'static Rule,
    /// Its words, in bytes of what was read.
    pub span: Span,
}

/// What a reader says of a draft.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// What it heard in each sentence, in bytes of the sentence.
    pub sentences: Vec<(String, Vec<Heard>)>,
    /// How angry the whole sounds, 0 to 100.
    pub heat: f64,
}

impl Heard {
    /// Something of the kind that a rule is named after; `None` for a name that is no rule's.
    pub fn new(rule: &str, span: Span) -> Option<Heard> {
        Some(Heard { rule: rules().iter().find(|known| known.id == rule)?, span })
    }
}

impl Reading {
    /// Of sentences that were read as one text, each on a line of its own: `heard` has bytes of that text.
    pub fn of_lines(sentences: Vec<String>, heard: &[Heard], heat: f64) -> Reading {
        let mut start = 0;
        let own = |sentence: String| {
            let end = start + sentence.len();
            let inside = heard.iter().filter(|heard| start <= heard.span.start && heard.span.end <= end);
            let moved = |heard: &Heard| Heard {
                rule: heard.rule,
                span: Span { start: heard.span.start - start, end: heard.span.end - start },
            };
            let own = inside.map(moved).collect();
            start = end + 1;
            (sentence, own)
        };
        Reading { sentences: sentences.into_iter().map(own).collect(), heat }
    }
}

/// What was heard in sentences, by their words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readings(HashMap<String, Vec<Heard>>);

/// More sentences than any mail has: from here on the oldest knowledge is not worth its memory.
const MOST: usize = 4_096;

impl Readings {
    /// What was heard in a sentence, if it was read.
    pub(crate) fn of(&self, sentence: &str) -> Option<&[Heard]> {
        self.0.get(sentence).map(Vec::as_slice)
    }

    /// Takes what was heard.
    pub(crate) fn add(&mut self, sentences: Vec<(String, Vec<Heard>)>) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.extend(sentences);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Author, Draft, Message, Region, RegionKind, Settings, Thread};
    use crate::{Finding, Reviewer};
    use proptest::prelude::*;

    /// Hears sarcasm in every goldfish, and nothing else.
    fn read(sentences: Vec<String>) -> Reading {
        let text = sentences.join("\n");
        let fish = text.match_indices("goldfish");
        let heard: Vec<Heard> =
            fish.filter_map(|(start, fish)| Heard::new("sarcasm", Span { start, end: start + fish.len() })).collect();
        let heat = 30.0 * heard.len() as f64;
        Reading::of_lines(sentences, &heard, heat)
    }

    fn listen(reviewer: &mut Reviewer) {
        reviewer.hear(read(reviewer.sentences()));
    }

    fn heard(text: &str, regions: Vec<Region>, customer: &str, settings: &Settings) -> Vec<(&'static str, String)> {
        let messages = vec![Message { from: Author::Customer, text: customer.to_owned(), sent: None }];
        let draft = Draft { text: text.to_owned(), regions };
        let mut reviewer = Reviewer::new(&draft, &Thread { messages, recipient: None }, settings);
        listen(&mut reviewer);
        let words = |finding: &Finding| text[finding.span.start..finding.span.end].to_owned();
        reviewer.review().findings.iter().map(|finding| (finding.rule.id, words(finding))).collect()
    }

    #[test]
    fn what_is_heard_stands_among_what_rules_find() {
        let plain = |text: &str| heard(text, Vec::new(), "Where is it?", &Settings::default());
        let fish = ("sarcasm", "goldfish".to_owned());
        assert_eq!(plain("My goldfish reads better."), std::slice::from_ref(&fish));
        let failed = |words: &str| ("blame", words.to_owned());
        assert_eq!(
            plain("Hi Gary,\n\nMy goldfish reads better. You failed to attach the receipt. Ask a goldfish."),
            [fish.clone(), failed("You failed to attach the receipt"), fish]
        );
        // The rule knows what to write instead.
        assert_eq!(plain("You failed to attach the goldfish."), [failed("You failed to attach the goldfish")]);
        assert_eq!(plain("You idiot goldfish!").len(), 2);
    }

    #[test]
    fn what_is_not_the_writers_is_not_read() {
        let none = |text: &str, regions: Vec<Region>| {
            assert_eq!(heard(text, regions, "You are a goldfish, sir.", &Settings::default()), [], "{text}");
        };
        none("> My goldfish reads better.", Vec::new());
        none("Thanks.\n\n-- \nThe goldfish company", Vec::new());
        none("You wrote \"a goldfish, sir\" and we agree.", Vec::new());
        let quote = Region { span: Span { start: 0, end: 12 }, kind: RegionKind::Quote };
        none("My goldfish.\n", vec![quote]);
    }

    #[test]
    fn rules_that_are_off_are_not_heard() {
        let off = |rule: &str| Settings { rules_off: [rule.to_owned()].into(), ..Settings::default() };
        assert_eq!(heard("My goldfish reads better.", Vec::new(), "", &off("sarcasm")), []);
        assert_eq!(heard("My goldfish reads better.", Vec::new(), "", &off("blame")).len(), 1);
    }

    #[test]
    fn a_reader_that_talks_nonsense_is_not_believed() {
        let draft = Draft { text: "Grüße, goldfish.".to_owned(), regions: Vec::new() };
        let mut reviewer = Reviewer::new(&draft, &Thread::default(), &Settings::default());
        for (start, end) in [(3, 5), (0, 900), (5, 5), (7, 2), (900, 901)] {
            let heard = Heard::new("sarcasm", Span { start, end }).into_iter().collect();
            reviewer.hear(Reading { sentences: vec![("Grüße, goldfish.".to_owned(), heard)], heat: f64::NAN });
            assert!(reviewer.review().findings.is_empty(), "{start}..{end}");
        }
        assert!(Heard::new("no-such-rule", Span { start: 0, end: 1 }).is_none());
    }

    #[test]
    fn it_is_forgotten_when_it_is_not_wanted() {
        let draft = Draft { text: "My goldfish reads better.".to_owned(), regions: Vec::new() };
        let mut reviewer = Reviewer::new(&draft, &Thread::default(), &Settings::default());
        let calm = reviewer.review().heat;
        listen(&mut reviewer);
        assert!(reviewer.review().heat > calm);
        reviewer.unhear();
        assert_eq!((reviewer.review().findings.len(), reviewer.review().heat), (0, calm));
    }

    #[test]
    fn it_stays_while_other_words_of_its_sentence_are_typed() {
        let draft = Draft { text: "Hello Gary.\n\nMy goldfish reads better.".to_owned(), regions: Vec::new() };
        let mut reviewer = Reviewer::new(&draft, &Thread::default(), &Settings::default());
        listen(&mut reviewer);
        for (at, insert, words) in
            [(37, " than you", Some("goldfish")), (13, "Oh. ", Some("goldfish")), (24, "x", None)]
        {
            reviewer.edit(Span { start: at, end: at }, insert, &[]);
            let (text, review) = (reviewer.text(), reviewer.review());
            let heard = review.findings.first().map(|finding| &text[finding.span.start..finding.span.end]);
            assert_eq!(heard, words, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        /// Reading as one types comes to the same as reading the whole.
        #[test]
        fn reading_in_steps_is_the_same_as_reading_at_once(
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, "(goldfish|You failed to\\. |é|🙏|\n|\n\n|> |[a-z]{1,5} |\\. |\\! ){0,6}", any::<bool>()), 1..12),
        ) {
            let mut reviewer = Reviewer::new(&Draft::default(), &Thread::default(), &Settings::default());
            for (at, size, insert, paused) in edits {
                let start = at.index(reviewer.len() + 1);
                reviewer.edit(Span { start, end: start + size }, &insert, &[]);
                if paused {
                    listen(&mut reviewer);
                }
            }
            listen(&mut reviewer);
            let draft = Draft { text: reviewer.text(), regions: Vec::new() };
            let mut fresh = Reviewer::new(&draft, &Thread::default(), &Settings::default());
            listen(&mut fresh);
            let (one, other) = (reviewer.review(), fresh.review());
            let spans = |findings: &[Finding]| findings.iter().map(|finding| (finding.rule.id, finding.span)).collect::<Vec<_>>();
            prop_assert_eq!(spans(&one.findings), spans(&other.findings));
            prop_assert_eq!(one.heat, other.heat);
        }
    }
}
