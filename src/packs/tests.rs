//! Packs read, refused, written again, and looked for in drafts.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::*;

const EXAMPLE: &str = include_str!("example.toml");

/// A pack that uses everything.
fn example() -> Pack {
    Pack::read(EXAMPLE).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// A mistake as `3:8 reason mend`.
fn told(text: &str) -> Vec<String> {
    let checked = check(text);
    assert_eq!(checked.pack.is_none(), !checked.mistakes.is_empty(), "half read: {text}");
    let one = |mistake: &Mistake| format!("{}:{} {} {}", mistake.line, mistake.column, mistake.reason, mistake.mend);
    checked.mistakes.iter().map(one).collect()
}

#[test]
fn the_example_is_read_whole_and_without_a_warning() {
    let pack = example();
    assert_eq!((pack.version, pack.name.as_str()), (1, "Lakeside Bikes"));
    assert_eq!(pack.thresholds, Thresholds { guard_heat: Some(50), keep_days: Some(90) });
    assert_eq!((pack.avoid.len(), pack.prefer.len(), pack.policy.len(), pack.snippet.len()), (2, 1, 1, 1));
    assert_eq!(check(EXAMPLE).warnings, Vec::new());
    let offered: Vec<(String, String)> =
        pack.snippets().into_iter().map(|snippet| (snippet.id, snippet.situation)).collect();
    let of = |id: &str, situation: &str| (id.to_owned(), situation.to_owned());
    assert_eq!(offered, [of("late-frame", "late-delivery"), of("returns", "policy")]);
    assert_eq!(pack.rule_id(), "pack:lakeside-bikes");
}

#[test]
fn all_mistakes_are_told_at_once_with_place_reason_and_mend() {
    let text = r#"version = 1
nam = "Lakeside"
terms = "XL-200"
rules_off = ["blaem"]

[thresholds]
guard_heat = 0

[[avoid]]
find = "calm [down"
severity = "sirious"
why = ""

[[avoid]]
find = "ticket closed"
why = "It sounds final."
hit = ["Your ticket is closed."]
miss = ["Ticket closed!"]

[[prefer]]
write = "as soon as we can"
over = ["soon"]

[[policy]]
id = "returns"
title = "Returns"
text = "Dear {custmer}"

[[snippet]]
id = "returns"
title = "Returns"
needs = ["next_stepp"]
text = """
Fine.
Order {ordr}
"""
"#;
    let expected = [
        "1:1 `name` is missing from a pack. Add a line `name = \"…\"`.",
        "2:1 “nam” means nothing in a pack. Did you mean `name`?",
        "3:9 `terms` is a list of texts. Write `terms = [\"…\", \"…\"]`.",
        "4:14 “blaem” is no rule of Composure's. Did you mean `blame`?",
        "7:14 `guard_heat` is a whole number from 1 to 100. Write `guard_heat = 60`, for example.",
        "10:8 This phrase cannot be read: `[` without `]`. A phrase is words; `[…]` around what may be missing, \
         `(this|that)` for a choice, `_` for any word.",
        "11:12 “sirious” is no severity. Did you mean `serious`?",
        "12:7 `why` is empty. Write something, or leave the line out.",
        "17:8 Nothing is found in “Your ticket is closed.”. Widen the phrase, or move this example to `miss`.",
        "18:9 Something is found in “Ticket closed!”. Narrow the phrase, or move this example to `hit`.",
        "21:9 “as soon as we can” has one of the phrases in it that it replaces. Word it without them, or narrow `over`.",
        "27:8 “{custmer}” is no placeholder. Did you mean {customer}?",
        "30:6 “returns” is the id of something else, in line 25. Give this one another id.",
        "32:10 “next_stepp” is no checklist item. Did you mean `next_step`?",
        "35:1 “{ordr}” is no placeholder. Did you mean {order}?",
    ];
    assert_eq!(told(text), expected);
}

#[test]
fn what_is_no_toml_is_told_too_and_hides_nothing_else() {
    let found = told("version = 1\nname = Lakeside\nterms = [1]\n[[avoid]]\nfind = \"a\"\nwhy = \"b\n");
    let at = |place: &str| found.iter().any(|mistake| mistake.starts_with(place));
    assert!(at("2:8 This is no TOML: ") && at("3:10 `terms` is a list") && at("6:9 This is no TOML: "), "{found:#?}");
    assert!(!found.iter().any(|mistake| mistake.contains("missing")), "{found:#?}");
    assert_eq!(told(&"#".repeat((1 << 20) + 1)).len(), 1);
}

#[test]
fn a_pack_of_another_version_is_not_guessed_at() {
    let newer = EXAMPLE.replace("version = 1", "version = 2\nof_a_later_version = 3");
    assert_eq!(
        told(&newer),
        [
            "1:11 This pack was written for a newer Composure (format 2; this one knows 1). Update Composure, or ask for \
          the pack in the older format."
        ]
    );
    assert_eq!(
        told(&EXAMPLE.replace("version = 1", "")),
        ["1:1 The pack does not say its version. Begin it with `version = 1`."]
    );
    for version in ["\"1\"", "0", "-1", "1.0"] {
        let found = told(&EXAMPLE.replace("version = 1", &format!("version = {version}")));
        assert_eq!(found, ["1:11 The version is a whole number. Write `version = 1`."]);
    }
}

#[test]
fn a_text_to_insert_that_stings_is_a_warning() {
    let text = EXAMPLE.replace("I've put the label into this mail.", "You failed to read that. Please calm down.");
    let checked = check(&text);
    assert!(checked.pack.is_some());
    let at = |words: &str| {
        let place = text.find(words).expect(words);
        checked.warnings.iter().filter(|warning| warning.span == (place..place + words.len())).count()
    };
    assert!(at("You failed to read that") > 0, "{:#?}", checked.warnings);
    let calm = checked
        .warnings
        .iter()
        .find(|warning| text[warning.span.clone()] == *"calm down" && warning.reason.contains("this pack"));
    assert!(
        calm.is_some_and(|warning| warning.reason.ends_with("Nobody was ever calmed by it.")),
        "{:#?}",
        checked.warnings
    );
}

/// What is found of one phrase, as `[words]`.
fn marked(find: &str, text: &str) -> String {
    let avoid = Avoid { find: find.to_owned(), ..Avoid::default() };
    let matcher = Matcher::new(&Pack { avoid: vec![avoid], ..Pack::default() });
    let mut marked = text.to_owned();
    for hit in matcher.find(text).iter().rev() {
        marked.insert(hit.span.end, ']');
        marked.insert(hit.span.start, '[');
    }
    marked
}

#[test]
fn phrases_are_found_as_people_type_them() {
    for (find, text, expected) in [
        (
            "you do not understand",
            "You don’t understand. YOU DONT UNDERSTAND",
            "[You don’t understand]. [YOU DONT UNDERSTAND]",
        ),
        ("you don't", "you do not; you do\nnot", "[you do not]; you do\nnot"),
        ("follow-up", "A follow up, a follow-up, following", "A [follow up], a [follow-up], following"),
        ("(per|as per) [our] policy", "As per our policy, per policy", "[As per our policy], [per policy]"),
        ("close _{1,3} ticket", "close the ticket, close. The ticket", "[close the ticket], close. The ticket"),
        ("^ no", "No. I have no no. No!", "[No]. I have no no. [No]!"),
        ("no $", "No no. No more", "No [no]. No more"),
        ("\"customer\"", "our “customer” and our customer", "our “[customer]” and our customer"),
        ("sorry , but", "Sorry, but no. Sorry but no.", "[Sorry, but] no. Sorry but no."),
        ("really ?", "Really? Really.", "[Really?] Really."),
        ("🙄", "Sure 🙄", "Sure [🙄]"),
        ("grüße", "Viele GRÜSSE, Grüße", "Viele GRÜSSE, [Grüße]"),
        ("a b", "a\n\nb", "a\n\nb"),
        ("zero", "ze\u{200b}ro", "[ze\u{200b}ro]"),
        ("version 3.5", "Your version 3.5 is old", "Your [version 3.5] is old"),
        ("shop.example", "See shop.example/help", "See [shop.example]/help"),
        ("hmmm", "Hmmm. Hm. Hmmmmm", "[Hmmm]. [Hm]. [Hmmmmm]"),
        ("you should", "you shouldn't, you should", "you shouldn't, [you should]"),
        ("Dana's", "dana’s way, Danas way", "[dana’s] way, Danas way"),
        ("close _ case", "close, well case; close - this case", "[close, well case]; [close - this case]"),
        ("^ no", "Hi Gary, no.\n- no\n• no", "Hi Gary, [no].\n- [no]\n• [no]"),
        ("🧯 out", "All 🧯🏽 out 🧯", "All [🧯🏽 out] 🧯"),
    ] {
        assert_eq!(marked(find, text), expected, "{find:?}");
    }
}

/// The frame in a webmail's page knows packs only as they are compiled, and reviews while one types.
#[test]
fn what_the_matcher_finds_is_what_a_review_shows() {
    use composure_engine::{Beside, Draft, Reviewer, Settings, Span, Thread};
    let pack = example();
    let beside = Beside::new(engine_packs([&Compiled::of(&pack, "pack:here")]));
    let settings = Settings { beside, ..Settings::default() };
    let alone = Matcher::new(&pack);
    for text in [
        "We will send it ASAP, as soon as possible.",
        "Thank you for writing.\n\nAs per our policy that is it. Please, calm down now.\n\nPer policy, asap!",
        "Hi Ann, as per terms we cannot.\n- per our policy\n\n🙄 Calm down",
    ] {
        let mut reviewer = Reviewer::new(&Draft::default(), &Thread::default(), &settings);
        let mut at = 0;
        for typed in text.chars().map(String::from) {
            reviewer.edit(Span { start: at, end: at }, &typed, &[]);
            at += typed.len();
        }
        let shown: Vec<_> = reviewer.review().findings.into_iter().filter(|one| one.rule.id == "pack:here").collect();
        let said = |span: std::ops::Range<usize>, instead: Vec<String>| (text[span].to_owned(), instead);
        let shown: Vec<_> = shown
            .into_iter()
            .map(|one| {
                let instead = one.suggestions.into_iter().map(|suggestion| suggestion.edit.insert);
                said(one.span.start..one.span.end, instead.collect())
            })
            .collect();
        let found: Vec<_> = alone.find(text).into_iter().map(|hit| said(hit.span, hit.instead)).collect();
        assert_eq!(shown, found, "{text}");
        assert!(!found.is_empty());
    }
}

#[test]
fn what_only_the_build_can_compile_is_refused_with_what_to_write_instead() {
    for (find, reason) in [
        ("@swear", "write the words out"),
        ("you <v:verb>", "one to three words"),
        ("«you» did", "the whole phrase is marked"),
        ("[maybe]", "nothing at all"),
        ("(a|)", "an empty alternative"),
    ] {
        let text = format!("version = 1\nname = \"a\"\n[[avoid]]\nfind = '{find}'\nwhy = \"b\"\n");
        let found = told(&text);
        assert!(found.len() == 1 && found[0].starts_with("4:8 ") && found[0].contains(reason), "{find}: {found:?}");
    }
    let deep = format!("version = 1\nname = \"a\"\n[[avoid]]\nfind = '{}'\nwhy = \"b\"\n", "(".repeat(100_000));
    assert!(told(&deep)[0].contains("at most 300 bytes"));
}

#[test]
fn of_phrases_that_overlap_the_more_harmful_then_the_longer_stays() {
    let avoid = |find: &str, severity| Avoid { find: find.to_owned(), severity, ..Avoid::default() };
    let pack = Pack {
        avoid: vec![
            avoid("please calm down now", Severity::Warning),
            avoid("calm down", Severity::Serious),
            avoid("as soon", Severity::Warning),
            avoid("as soon as possible", Severity::Warning),
        ],
        prefer: vec![Prefer { write: "today".to_owned(), over: vec!["asap".to_owned()], ..Prefer::default() }],
        ..Pack::default()
    };
    let found = Matcher::new(&pack).find("Please calm down now. Asap? I mean asap, as soon as possible.");
    let sources: Vec<(Source, &[String])> = found.iter().map(|hit| (hit.source, hit.instead.as_slice())).collect();
    let (upper, lower) = (["Today".to_owned()], ["today".to_owned()]);
    assert_eq!(
        sources,
        [
            (Source::Avoid(1), &[][..]),
            (Source::Prefer(0), &upper),
            (Source::Prefer(0), &lower),
            (Source::Avoid(3), &[])
        ]
    );
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_says_what_the_reader_reads() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/pack.schema.json");
    if std::env::var_os("COMPOSURE_WRITE_SCHEMA").is_some() {
        std::fs::write(file, schema()).expect("docs/");
    }
    let stored = std::fs::read_to_string(file).expect("docs/pack.schema.json");
    assert_eq!(stored, schema(), "COMPOSURE_WRITE_SCHEMA=1 cargo test -p composure-packs --features schema");
    let schema: serde_json::Value = serde_json::from_str(&stored).expect("JSON");
    for (table, keys, required) in read::TABLES {
        let part = if table.is_empty() { &schema } else { &schema["$defs"][table] };
        let names = |value: &serde_json::Value| -> Vec<String> {
            let mut names: Vec<String> = match value {
                serde_json::Value::Object(map) => map.keys().cloned().collect(),
                value => {
                    value.as_array().into_iter().flatten().filter_map(|one| one.as_str()).map(str::to_owned).collect()
                }
            };
            names.sort();
            names
        };
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(names(&part["properties"]), sorted(keys), "{table}");
        assert_eq!(names(&part["required"]), sorted(required), "{table}");
        assert_eq!(part["additionalProperties"], serde_json::json!(false), "{table}");
    }
}

/// Text with everything in it that makes TOML awkward.
fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z][a-z'\"\\\\ \n\r\t\u{1}#=\\[\\]üß🙂.]{0,30}"
}

/// Words of which none is an alias, so that a phrase is found in itself.
fn words() -> impl Strategy<Value = String> {
    "[bcdfg]{3,6}( [bcdfg]{3,6}){0,3}"
}

prop_compose! {
    fn avoid()(
        find in words(), severity in prop_oneof![Just(Severity::Hint), Just(Severity::Warning), Just(Severity::Serious)],
        why in text(), instead in vec(text(), 0..3), miss in vec("[x-z]{3}", 0..2), has_hit in any::<bool>(),
    ) -> Avoid {
        Avoid { hit: if has_hit { vec![format!("Now {find}!")] } else { vec![] }, find, severity, why, instead, miss }
    }
}

prop_compose! {
    fn prefer()(write in "[x-z]{3,9}", over in vec(words(), 1..3), why in option::of(text())) -> Prefer {
        Prefer { hit: over.clone(), write, over, why, miss: Vec::new() }
    }
}

prop_compose! {
    fn template()(
        title in text(), situation in "[a-z-]{1,9}|",
        register in prop_oneof![Just(Register::Warm), Just(Register::Plain), Just(Register::Formal)],
        words in vec(text(), 0..3), needs in vec(prop_oneof![Just("apology".to_owned()), Just("next_step".to_owned())], 0..2),
        text in text(),
    ) -> Template {
        Template { id: String::new(), title, situation, register, words, needs, text }
    }
}

prop_compose! {
    fn pack()(
        name in text(), author in option::of(text()), rules_off in vec(Just("blame".to_owned()), 0..2),
        terms in vec(text(), 0..3), guard_heat in option::of(1u32..=100), keep_days in option::of(1u32..=36_500),
        avoid in vec(avoid(), 0..3), prefer in vec(prefer(), 0..3), policies in vec((text(), text()), 0..3),
        mut snippet in vec(template(), 0..3),
    ) -> Pack {
        snippet.iter_mut().enumerate().for_each(|(place, snippet)| snippet.id = format!("snippet-{place}"));
        let policy = policies.into_iter().enumerate()
            .map(|(place, (title, text))| Policy { id: format!("policy-{place}"), title, text }).collect();
        let thresholds = Thresholds { guard_heat, keep_days };
        Pack { version: VERSION, name, author, rules_off, terms, thresholds, avoid, prefer, policy, snippet }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn written_and_read_again_a_pack_is_the_same_to_the_byte(pack in pack()) {
        let text = pack.to_text();
        let read = Pack::read(&text);
        prop_assert_eq!(read.as_ref(), Ok(&pack), "{}", text);
        prop_assert_eq!(read.unwrap_or_default().to_text(), text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", cut in 0usize..2_000) {
        told(&text);
        // The example, broken off anywhere.
        told(&EXAMPLE[..EXAMPLE.floor_char_boundary(cut)]);
    }

    #[test]
    fn any_phrase_is_found_in_order_in_any_text(find in "[a-c ()|_\\[\\]^$.,'-]{1,30}", text in "\\PC{0,100}|[a-c .,'\n-]{0,60}") {
        let avoid = Avoid { find, ..Avoid::default() };
        let mut end = 0;
        for hit in Matcher::new(&Pack { avoid: vec![avoid], ..Pack::default() }).find(&text) {
            prop_assert!(end <= hit.span.start && hit.span.start < hit.span.end);
            prop_assert!(text.get(hit.span.clone()).is_some());
            end = hit.span.end;
        }
    }
}
