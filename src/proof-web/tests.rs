//! Two hundred planted errors, and what must be left alone.

use super::{Kind, Mistake, Proofreader};

struct Case {
    trade: String,
    thread: String,
    /// Without its errors.
    reply: String,
    /// With its errors.
    marred: String,
    /// Where those are in `marred`, and what is right.
    planted: Vec<(std::ops::Range<usize>, String)>,
}

fn cases() -> Vec<Case> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/proof.txt");
    let text = std::fs::read_to_string(file).expect("the corpus");
    text.split("\n=== ").skip(1).map(case).collect()
}

fn case(text: &str) -> Case {
    let (trade, rest) = text.split_once("\n--- thread\n").expect("a thread");
    let (thread, marked) = rest.split_once("\n--- reply\n").expect("a reply");
    let (mut reply, mut marred, mut planted) = (String::new(), String::new(), Vec::new());
    let mut pieces = marked.trim_end().split("[[");
    let first = pieces.next().unwrap_or_default();
    reply.push_str(first);
    marred.push_str(first);
    for piece in pieces {
        let (error, after) = piece.split_once("]]").expect("an end");
        let (wrong, right) = error.split_once('|').expect("what is right");
        planted.push((marred.len()..marred.len() + wrong.len(), right.to_owned()));
        marred.push_str(wrong);
        reply.push_str(right);
        marred.push_str(after);
        reply.push_str(after);
    }
    Case { trade: trade.to_owned(), thread: thread.to_owned(), reply, marred, planted }
}

fn words(text: &str, mistakes: &[Mistake]) -> Vec<(Kind, String)> {
    mistakes.iter().map(|mistake| (mistake.kind, text[mistake.span.clone()].to_owned())).collect()
}

#[test]
fn planted_errors_are_found_and_right_words_are_left_alone() {
    let mut proofreader = Proofreader::new("en-GB");
    let (mut planted, mut found, mut offered) = (0, 0, 0);
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for case in cases() {
        let mistakes = proofreader.read(&case.marred, &[], &case.thread);
        for (span, right) in &case.planted {
            planted += 1;
            let hit = mistakes.iter().find(|one| one.span.start < span.end && span.start < one.span.end);
            match hit {
                Some(hit) => {
                    found += 1;
                    offered += usize::from(hit.replacements.contains(right));
                }
                None => missed.push(case.marred[span.clone()].to_owned()),
            }
        }
        let false_alarms = words(&case.reply, &proofreader.read(&case.reply, &[], &case.thread));
        if !false_alarms.is_empty() {
            wrong.push((case.trade, false_alarms));
        }
    }
    println!("{found} of {planted} found, the right word offered for {offered}; missed: {missed:?}");
    assert_eq!(planted, 200);
    assert!(found * 100 >= planted * 95, "{found} of {planted}; missed: {missed:?}");
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn mistakes_of_grammar_are_found_and_taste_is_left_alone() {
    let mut proofreader = Proofreader::new("en-US");
    let table: &[(&str, Option<Kind>)] = &[
        ("We will send the the parcel today.", Some(Kind::Repetition)),
        ("You should of had a call from us.", Some(Kind::Word)),
        ("It costs less then last year.", Some(Kind::Word)),
        ("I have enclosed a invoice for you.", Some(Kind::Word)),
        ("Please come on monday.", Some(Kind::Capital)),
        ("Thank you for you patience.", None),
        // Taste, dialect, the writer's own way.
        ("The colour of the centre piece and the color of the center piece are the same.", None),
        ("I apologise, and we organize it again.", None),
        ("We are very, very sorry.", None),
        ("ok, will do ASAP. Gonna ring you at 5 pm.", None),
        ("- one\n- two\n- a third", None),
        ("Order no. BX-20441z, see shop.example/help_me or mail help@shopp.example.", None),
        ("The quick brown fox\u{FFFC} was there.", None),
        ("", None),
    ];
    for (text, kind) in table {
        let found = proofreader.read(text, &[], "");
        assert_eq!(found.first().map(|one| one.kind), *kind, "{text}: {:?}", words(text, &found));
    }
}

#[test]
fn own_words_and_names_of_the_conversation_are_right() {
    let mut proofreader = Proofreader::new("en-US");
    let text = "Zilborg is here. The frobnitz from Zilborg is blue.";
    let found = |words: &[(Kind, String)], word: &str| words.iter().any(|(_, one)| one == word);
    let alone = words(text, &proofreader.read(text, &[], ""));
    assert!(found(&alone, "frobnitz"), "{alone:?}");
    assert_eq!(proofreader.read(text, &["frobnitz".to_owned()], "Where is my Zilborg?"), []);
    assert_eq!(proofreader.read(text, &[], "Where is my Zilborg? It is a frobnitz"), []);
    // But not what is a slip there too.
    assert!(!proofreader.read("You will recieve it.", &[], "When do I recieve it?").is_empty());
    // And not for ever.
    assert_eq!(words(text, &proofreader.read(text, &[], "")), alone);
}

#[test]
fn spans_are_bytes_of_the_text() {
    let mut proofreader = Proofreader::new("en-US");
    let text = "\n\nDear Zoë 🙂,\n\nThat’s a definately good idea.\n\n\nWe recieved it.\n";
    let found = proofreader.read(text, &[], "");
    let words: Vec<&str> = found.iter().map(|one| &text[one.span.clone()]).collect();
    assert_eq!(words, ["definately", "recieved"]);
    assert!(found.iter().all(|one| !one.replacements.is_empty() && one.replacements.len() <= 3), "{found:?}");
    assert!(found[1].replacements.contains(&"received".to_owned()), "{found:?}");
}
