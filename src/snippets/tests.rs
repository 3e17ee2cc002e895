//! What templates become, what is found, and whether the shipped texts keep their promises.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use composure_engine::{Author, Draft, Message, Status, Thread};
use proptest::prelude::*;

use crate::*;

/// Sixty days from Saturday, 28 November: each is named by its number.
fn calendar() -> Calendar {
    Calendar { days: (0..60).map(|day| format!("day {day}")).collect(), weekday: 6 }
}

/// The same as a writer's browser names them.
fn named() -> Calendar {
    let name = |day: usize| {
        let weekday = ["Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"][day % 7];
        let (date, month) = if day < 3 { (28 + day, "November") } else { (day - 2, "December") };
        format!("{weekday}, {month} {date}")
    };
    Calendar { days: (0..30).map(name).collect(), weekday: 6 }
}

fn values() -> Values {
    let known = |value: &str| Some(value.to_owned());
    Values {
        customer: known("Gary"),
        my_name: known("Dana"),
        business: known("Lakeside Bikes"),
        order: known("48213"),
        product: known("kettle"),
    }
}

fn shipped() -> Vec<Snippet> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/shipped");
    let mut all: Vec<Snippet> = std::fs::read_dir(folder)
        .expect("the shipped snippets")
        .map(|file| {
            let path = file.expect("a file").path();
            let text = std::fs::read_to_string(&path).expect("a text");
            let mut snippet: Snippet = toml::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            snippet.id = path.file_stem().expect("a name").to_string_lossy().into_owned();
            snippet
        })
        .collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all
}

fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::new(shipped(), Vec::new(), &Habits::default(), calendar()))
}

#[test]
fn templates_become_text() {
    let table = [
        ("Hi {customer}, {my_name} of {business} here.\n", "Hi Gary, Dana of Lakeside Bikes here.", 0),
        ("Order {order}, the {product}.", "Order 48213, the kettle.", 0),
        ("By {tomorrow} or {in 2 working days}.", "By day 1 or day 3.", 0),
        ("By {in 5 working days} or {in 6 working days}.", "By day 6 or day 9.", 0),
        ("{next Monday}, {next saturday}, {in 3 days}, {in 2 weeks}", "day 2, day 7, day 3, day 14", 0),
        ("A {choose: refund | new one}.", "A refund.", 1),
        ("It is {ask: tracking number}.", "It is [tracking number].", 1),
        ("{customer", "{customer", 0),
        ("{} {custmer} {in 99 days}", "{} {custmer} {in 99 days}", 0),
        ("{ {customer} }", "{ Gary }", 0),
    ];
    for (template, text, gaps) in table {
        let filled = fill(template, &values(), &calendar());
        assert_eq!((filled.text.as_str(), filled.gaps.len()), (text, gaps), "{template:?}");
    }
    let filled = fill("{choose: a | b} {ask: c}", &values(), &calendar());
    let words: Vec<&str> = filled.gaps.iter().map(|gap| &filled.text[gap.start..gap.end]).collect();
    assert_eq!((words, filled.gaps[0].choices.join(" ")), (vec!["a", "[c]"], "a b".to_owned()));
    let unknown =
        fill("{customer} {my_name} {business} {order} {product} {tomorrow}", &Values::default(), &Calendar::default());
    assert_eq!(unknown.text, "[their name] [your name] [your business] [order number] [product] [date]");
    assert_eq!(unknown.gaps.len(), 6);
    // A value that looks like a placeholder is not read again.
    let sly = Values { customer: Some("{my_name}".to_owned()), ..values() };
    assert_eq!(fill("Hi {customer}", &sly, &calendar()).text, "Hi {my_name}");
}

#[test]
fn a_bad_template_gives_line_reason_and_mend() {
    let table = [
        ("Hi {custmer}", 1, "“{custmer}” is no placeholder.", "Did you mean {customer}?"),
        ("Hi\n{whatever else}", 2, "“{whatever else}” is no placeholder.", "Use one of {customer}"),
        ("Hi\n\n{customer\n}", 3, "A “{” has no “}” after it.", "End the placeholder"),
        ("{choose: one}", 1, "“{choose: one}” offers no choice.", "Write at least two"),
        ("{ask: }", 1, "“{ask:}” does not say what to ask for.", "Name it in plain words"),
        (" \n", 1, "There is no text.", "Write what"),
    ];
    for (template, line, reason, mend) in table {
        let problems = check(template);
        assert_eq!(problems.len(), 1, "{template:?}: {problems:?}");
        let problem = &problems[0];
        assert_eq!((problem.line, problem.reason.as_str()), (line, reason), "{template:?}");
        assert!(problem.mend.starts_with(mend), "{problem:?}");
    }
    assert_eq!(check("Hi {customer}, by {next Friday}: {choose: a | b} {ask: c}"), Vec::new());
}

#[test]
fn order_numbers_as_customers_write_them() {
    let table = [
        ("Where is order #48213? It is late.", Some("48213")),
        ("my order number is: AB-20417.", Some("AB-20417")),
        ("Order no. 9000123, placed on 3 May", Some("9000123")),
        ("in order to pay 500", None),
        ("I made an order on 12 May 2026", None),
        ("", None),
        ("order", None),
    ];
    for (text, number) in table {
        assert_eq!(order_number(text), number, "{text:?}");
    }
}

fn titles(query: &str, unmet: &[&str], thread: &str) -> Vec<String> {
    let library = library();
    let found = search(&library.entries, &Wanted { query, unmet, thread });
    found.into_iter().map(|place| library.entries[place].snippet.id.clone()).collect()
}

#[test]
fn what_is_typed_finds() {
    for (query, first) in
        [("refund", "refund"), ("REFU", "refund"), ("lost", "lost-parcel"), ("double ch", "double-charge")]
    {
        let found = titles(query, &[], "");
        assert!(found.first().is_some_and(|id| id.contains(first)), "{query}: {found:?}");
    }
    // With a slip, and with letters left out.
    for query in ["refudn", "rfnd", "parcle"] {
        assert!(!titles(query, &[], "").is_empty(), "{query}");
    }
    for query in ["xyzzy", "usr", "etc", "q3", "refund xyzzy", "http"] {
        assert_eq!(titles(query, &[], ""), Vec::<String>::new(), "{query}");
    }
    assert_eq!(titles("", &[], "").len(), shipped().len());
}

#[test]
fn what_is_lacking_said_and_used_comes_first() {
    let about = titles("", &[], "My parcel is lost, and the tracking is stuck. It is still missing.");
    assert!(about[0].starts_with("lost-parcel"), "{:?}", &about[..4]);
    let unsigned = titles("", &["signature"], "");
    assert!(unsigned[0].starts_with("sign-off"), "{:?}", &unsigned[..4]);
    let plain = titles("refund", &[], "");
    let last = plain.last().expect("one").clone();
    let habits = Habits { uses: [(last.clone(), 200)].into_iter().collect(), ..Habits::default() };
    let used = Library::new(shipped(), Vec::new(), &habits, calendar());
    let place = |entries: &[Entry]| {
        let found = search(entries, &Wanted { query: "refund", ..Wanted::default() });
        found.iter().position(|place| entries[*place].snippet.id == last).expect("there")
    };
    assert!(place(&used.entries) < plain.len() - 1, "{last}");
}

#[test]
fn own_come_first_in_their_order_and_what_is_hidden_is_not_there() {
    let own = |id: &str, trashed| Own {
        trashed,
        ..Own::new(Snippet { id: id.to_owned(), title: id.to_owned(), text: "Text.".to_owned(), ..Snippet::default() })
    };
    let hidden = shipped()[0].id.clone();
    let habits = Habits {
        order: vec!["own-b".to_owned(), "own-a".to_owned()],
        hidden: [hidden.clone()].into(),
        ..Habits::default()
    };
    let all = vec![own("own-a", None), own("own-c", None), own("own-b", None), own("own-d", Some(7))];
    let library = Library::new(shipped(), all, &habits, calendar());
    let ids: Vec<&str> = library.entries.iter().take(3).map(|entry| entry.snippet.id.as_str()).collect();
    assert_eq!(ids, ["own-b", "own-a", "own-c"]);
    assert!(library.entry(&hidden).is_none() && library.entry("own-d").is_none());
    assert_eq!(library.entries.len(), shipped().len() - 1 + 3);
}

#[test]
fn stored_forms_of_version_1_are_read() {
    let json = r#"{"version": 1, "snippet": {"id": "own-1", "title": "T", "text": "Hi."}, "trashed": null}"#;
    let own: Own = serde_json::from_str(json).expect("a snippet");
    assert_eq!((own.snippet.title.as_str(), own.snippet.words.len(), own.trashed), ("T", 0, None));
    let back: Own = serde_json::from_str(&serde_json::to_string(&own).expect("JSON")).expect("a snippet");
    assert_eq!(back, own);
    let habits: Habits = serde_json::from_str(r#"{"version": 1, "uses": {"a": 3}, "later": 1}"#).expect("habits");
    assert_eq!(habits.uses.get("a"), Some(&3));
    assert!(check_version(Some(1)).is_ok() && check_version(Some(2)).is_err() && check_version(None).is_err());
}

/// Every way to fill a template, one choice after the other.
fn ways(template: &str) -> Vec<String> {
    let filled = fill(template, &values(), &named());
    let mut ways = vec![filled.text.clone()];
    for gap in &filled.gaps {
        for choice in gap.choices.iter().skip(1) {
            ways.push(format!("{}{choice}{}", &filled.text[..gap.start], &filled.text[gap.end..]));
        }
    }
    ways
}

fn angry() -> Thread {
    let text = "I HAVE BEEN WAITING THREE WEEKS FOR MY REFUND AND NOBODY ANSWERS ME!!! This is unacceptable.";
    let message = Message { from: Author::Customer, text: text.to_owned(), sent: None };
    Thread { recipient: Some("Gary Stone".to_owned()), messages: vec![message] }
}

#[test]
fn shipped_texts_are_clean_under_our_own_rules() {
    for snippet in shipped() {
        assert_eq!(check(&snippet.text), Vec::new(), "{}", snippet.id);
        for text in ways(&snippet.text) {
            let mail = format!("Hi Gary,\n\n{text}\n\nBest,\nDana");
            for (text, thread) in [(&text, Thread::default()), (&mail, Thread::default()), (&mail, angry())] {
                let draft = Draft { text: text.clone(), regions: Vec::new() };
                let review = composure_engine::review(&draft, &thread, &composure_engine::Settings::default());
                let found: Vec<_> =
                    review.findings.iter().map(|it| (it.rule.id, text.get(it.span.start..it.span.end))).collect();
                assert_eq!(found, Vec::new(), "{}: {text}", snippet.id);
            }
        }
        assert!(snippet.title.chars().count() <= 40 && !snippet.words.is_empty(), "{}", snippet.id);
        let cheers = snippet.text.contains('!');
        assert!(!cheers || snippet.situation == "thank-you", "{} is excited", snippet.id);
    }
}

/// What a snippet says it gives, the checklist sees.
#[test]
fn shipped_texts_meet_what_they_say() {
    let mut missed = Vec::new();
    for snippet in shipped() {
        let filled = fill(&snippet.text, &values(), &named()).text.replace("[date]", "Friday, December 4");
        let text = if snippet.needs.iter().any(|need| need == "signature") {
            format!("Hi Gary,\n\nThank you for waiting.\n\n{filled}")
        } else {
            format!("Hi Gary,\n\n{filled}\n\nBest,\nDana")
        };
        let draft = Draft { text, regions: Vec::new() };
        let review = composure_engine::review(&draft, &angry(), &composure_engine::Settings::default());
        for need in &snippet.needs {
            let state = review.checklist.iter().find(|state| state.item.id.replace('-', "_") == *need);
            let state = state.unwrap_or_else(|| panic!("{}: no checklist item {need}", snippet.id));
            if state.status == Status::Unmet {
                missed.push(format!("{}: {need}", snippet.id));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn no_two_shipped_texts_begin_alike() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for snippet in shipped() {
        if snippet.situation == "sign-off" {
            continue;
        }
        let beginning = snippet.text.split_whitespace().take(4).collect::<Vec<_>>().join(" ").to_lowercase();
        if let Some(other) = seen.insert(beginning.clone(), snippet.id.clone()) {
            panic!("{} and {other} begin {beginning:?}", snippet.id);
        }
    }
}

proptest! {
    #[test]
    fn any_template_becomes_text_and_gaps_lie_in_it(template in "\\PC{0,40}(\\{(ask: a|choose: x \\| y|tomorrow|customer)?\\}?\\n?){0,4}") {
        let filled = fill(&template, &Values::default(), &calendar());
        for gap in &filled.gaps {
            prop_assert!(filled.text.get(gap.start..gap.end).is_some());
        }
        let _ = check(&template);
        let _ = order_number(&template);
        let _ = search(&library().entries, &Wanted { query: &template, unmet: &[], thread: &template });
    }
}
