//! A second opinion: what a learned reader heard in a draft. The engine says which sentences there are to read and takes
//! the answer, whenever it comes; who reads them, and how, it does not know.

use composure_few::Map;

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
    /// In order.
    pub sentences: Vec<ReadSentence>,
    /// How angry the whole sounds.
    pub heat: HeardHeat,
}

/// What a reader says of a sentence.
#[derive(Clone, Debug)]
pub struct ReadSentence {
    /// The sentence.
    pub text: String,
    /// What was heard in it, in bytes of it.
    pub heard: Vec<Heard>,
    /// Whether what rules find in it is to be believed: where a reader hears nothing, here nor around, it is not.
    pub trusted: bool,
}

/// How angry a reader finds a draft, and what it gives for the opinion of the rules: logits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeardHeat {
    /// By itself.
    pub base: f64,
    /// What the rules add that find a heat of 100.
    pub of_rules: f64,
}

impl HeardHeat {
    /// The heat of both, 0 to 100, from that of the rules, 0 to 100.
    pub(crate) fn of(self, rules: f64) -> f64 {
        100.0 / (1.0 + (-self.base - self.of_rules * rules / 100.0).exp())
    }
}

impl Heard {
    /// Something of the kind that a rule is named after; `None` for a name that is no rule's.
    pub fn new(rule: &str, span: Span) -> Option<Heard> {
        Some(Heard { rule: rules().iter().find(|known| known.id == rule)?, span })
    }
}

impl Reading {
    /// Of sentences that were read as one text, each on a line of its own. `heard` has bytes of that text, and so has
    /// `stretches`, which says of each part whether rules are trusted there. In a text of a few sentences they always are: a
    /// reader goes by the company that a sentence is in, and there is none.
    pub fn of_lines(sentences: Vec<String>, heard: &[Heard], stretches: &[(Span, bool)], heat: HeardHeat) -> Reading {
        let mut start = 0;
        let alone = sentences.len() < COMPANY;
        let read = |text: String| {
            let line = Span { start, end: start + text.len() };
            let inside = heard.iter().filter(|heard| line.start <= heard.span.start && heard.span.end <= line.end);
            let moved = |heard: &Heard| Heard {
                rule: heard.rule,
                span: Span { start: heard.span.start - line.start, end: heard.span.end - line.start },
            };
            let mut touched =
                stretches.iter().filter(|(span, _)| span.start < line.end && line.start < span.end).peekable();
            let trusted = alone || touched.peek().is_none() || touched.any(|(_, trusted)| *trusted);
            let heard = inside.map(moved).collect();
            start = line.end + 1;
            ReadSentence { text, heard, trusted }
        };
        Reading { sentences: sentences.into_iter().map(read).collect(), heat }
    }
}

/// So many sentences are company enough for a doubt.
const COMPANY: usize = 4;

/// Rules that are believed whatever a reader says: those about the shape of a mail, of which it knows nothing, and those that
/// were never wrong in 323 calm drafts by writers they were not written from.
const UNDOUBTED: &[&str] = &["over-apology", "wall-of-text", "profanity", "threat"];

/// Whether a reader can make a finding of these words doubtful. An insult to somebody's face is one in any company.
pub(crate) fn is_doubtful(rule: &Rule, words: &str) -> bool {
    let addressed = || words.split(|c: char| !c.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("you"));
    let certain = UNDOUBTED.contains(&rule.id) || rule.id == "insult" && addressed();
    !certain
}

/// What is known of sentences, by their words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readings(Map<String, ReadSentence>);

/// More sentences than any mail has: from here on the oldest knowledge is not worth its memory.
const MOST: usize = 4_096;

impl Readings {
    /// What was said of a sentence, if it was read.
    pub(crate) fn of(&self, sentence: &str) -> Option<&ReadSentence> {
        self.0.get(sentence)
    }

    /// Takes what was said.
    pub(crate) fn add(&mut self, sentences: Vec<ReadSentence>) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        for sentence in sentences {
            self.0.insert(sentence.text.clone(), sentence);
        }
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

    /// Hears sarcasm in every goldfish, and trusts no rule in a sentence that says "honestly".
    fn read(sentences: Vec<String>) -> Reading {
        let text = sentences.join("\n");
        let fish = text.match_indices("goldfish");
        let heard: Vec<Heard> =
            fish.filter_map(|(start, fish)| Heard::new("sarcasm", Span { start, end: start + fish.len() })).collect();
        let mut start = 0;
        let mut stretch = |sentence: &String| {
            let span = Span { start, end: start + sentence.len() };
            start = span.end + 1;
            (span, !sentence.contains("honestly"))
        };
        let stretches: Vec<_> = sentences.iter().map(&mut stretch).collect();
        let heat = HeardHeat { base: heard.len() as f64 - 2.0, of_rules: 2.0 };
        Reading::of_lines(sentences, &heard, &stretches, heat)
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
        // Of what was heard, what the rule does not speak of stays where it is more than a word or two.
        let text = "You failed to attach the receipt, and some goldfish near here remembers it quite well.";
        let draft = Draft { text: text.to_owned(), regions: Vec::new() };
        let mut reviewer = Reviewer::new(&draft, &Thread::default(), &Settings::default());
        let whole: Vec<Heard> = Heard::new("sarcasm", Span { start: 0, end: text.len() }).into_iter().collect();
        reviewer.hear(Reading::of_lines(reviewer.sentences(), &whole, &[], HeardHeat::default()));
        let spans: Vec<&str> =
            reviewer.review().findings.iter().map(|finding| &text[finding.span.start..finding.span.end]).collect();
        assert_eq!(spans, ["You failed to attach the receipt", "and some goldfish near here remembers it quite well"]);
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
            let sentences = vec![ReadSentence { text: "Grüße, goldfish.".to_owned(), heard, trusted: true }];
            reviewer.hear(Reading { sentences, heat: HeardHeat { base: f64::NAN, of_rules: 0.0 } });
            let review = reviewer.review();
            assert!(review.findings.is_empty() && review.heat == 0, "{start}..{end}");
        }
        assert!(Heard::new("no-such-rule", Span { start: 0, end: 1 }).is_none());
    }

    #[test]
    fn what_it_does_not_trust_is_not_shown() {
        let alone = |text: &str| heard(text, Vec::new(), "Where is it?", &Settings::default());
        let plain = |text: &str| alone(&format!("{text} We looked at it. It is on its way. It comes on Friday."));
        let failed = || ("blame", "You failed to attach the receipt".to_owned());
        assert_eq!(plain("You failed to attach the receipt, honestly."), []);
        assert_eq!(alone("You failed to attach the receipt, honestly."), [failed()]);
        assert_eq!(plain("You failed to attach the receipt. It was good to hear from you, honestly."), [failed()]);
        assert_eq!(plain("You are an idiot, honestly."), [("insult", "You are an idiot".to_owned())]);
        let swears = ("profanity", "bullshit".to_owned());
        assert_eq!(plain("This is bullshit, honestly."), [swears]);
        // How long a mail is, it does not hear.
        let long = "We looked at it again, honestly, and the part is on its way to you by the next van. ".repeat(12);
        assert_eq!(plain(&long)[0].0, "wall-of-text");
    }

    #[test]
    fn it_is_forgotten_when_it_is_not_wanted() {
        let draft = Draft { text: "My goldfish reads better.".to_owned(), regions: Vec::new() };
        let mut reviewer = Reviewer::new(&draft, &Thread::default(), &Settings::default());
        let calm = reviewer.review().heat;
        listen(&mut reviewer);
        assert!(reviewer.review().heat > calm);
        let mut emptied = reviewer.clone();
        emptied.edit(Span { start: 0, end: 900 }, "", &[]);
        assert_eq!(emptied.review().heat, 0);
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
