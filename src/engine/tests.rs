//! The tests that the rules, items and snippets carry inside themselves, and those of the engine as a whole. Each test
//! lists all that is wrong at once.

use proptest::prelude::*;

use crate::matcher;
use crate::review::*;
use crate::template::suggestions;
use crate::token::{Paragraph, tokenise};
use crate::vocabulary::{ITEMS, RULES, pattern};
use crate::{Placeholders, Reviewer, best_snippet, calm, fill, first_name, review, snippets, upset};

include!(concat!(env!("OUT_DIR"), "/examples.rs"));

fn draft(text: &str) -> Draft {
    Draft { text: text.into(), regions: Vec::new() }
}

fn thread(customer: &str) -> Thread {
    Thread { messages: vec![Message { from: Author::Customer, text: customer.into(), sent: None }], recipient: None }
}

fn only(rule: &str) -> Settings {
    let others = RULES.iter().map(|rule| rule.id).filter(|id| *id != rule);
    Settings { rules_off: others.map(str::to_owned).collect(), ..Settings::default() }
}

/// The text with `«»` around its findings.
fn marked(text: &str, settings: &Settings) -> String {
    let mut out = text.to_owned();
    for finding in review(&draft(text), &Thread::default(), settings).findings.iter().rev() {
        out.insert(finding.span.end, '»');
        out.insert(finding.span.start, '«');
    }
    out
}

fn apply(text: &str, edit: &Edit) -> String {
    let mut text = text.to_owned();
    text.replace_range(edit.span.start..edit.span.end, &edit.insert);
    text
}

fn report(title: &str, problems: &[String]) -> String {
    if problems.is_empty() {
        String::new()
    } else {
        format!("\n{} {title}:\n{}\n", problems.len(), problems.join("\n"))
    }
}

#[test]
fn patterns_hit_and_suggest() {
    let (mut missed, mut worded) = (Vec::new(), Vec::new());
    for (place, pattern, text, becomes) in HITS {
        let paragraph: Paragraph = tokenise(text);
        let mut found = None;
        matcher::scan(
            &paragraph,
            &|group| self::pattern(*pattern).is_some_and(|pattern| pattern.group == group),
            &mut |hit| {
                if hit.pattern == *pattern && found.is_none() {
                    found = Some(hit);
                }
            },
        );
        let Some(hit) = found else {
            missed.push(format!("{place}: `{text}`"));
            continue;
        };
        if let Some(becomes) = becomes {
            let got = suggestions(&paragraph, &hit).first().map(|first| apply(text, &first.edit));
            if got.as_deref() != Some(becomes) {
                worded.push(format!(
                    "{place}: `{text}`\n    wants `{becomes}`\n    gets  `{}`",
                    got.unwrap_or("no suggestion".into())
                ));
            }
        }
    }
    let text = report("patterns do not match their `hit`", &missed)
        + &report("suggestions are not what `becomes` says", &worded);
    assert!(text.is_empty(), "{text}");
}

#[test]
fn rules_leave_their_misses_alone() {
    let mut problems = Vec::new();
    for (place, group, text) in MISSES {
        let paragraph = tokenise(text);
        matcher::scan(&paragraph, &|other| other == *group, &mut |hit| {
            problems.push(format!("{place}: `{text}` is matched by pattern {}", where_is(hit.pattern)));
        });
    }
    let text = report("`miss` texts are matched", &problems);
    assert!(text.is_empty(), "{text}");
}

#[test]
fn what_is_serious_ends_with_one_of_the_last_words() {
    let lasts: std::collections::BTreeSet<&str> = crate::last_words().collect();
    let (mut ends, mut others) = (0, Vec::new());
    for (place, pattern, text, _) in HITS {
        let group = self::pattern(*pattern).map_or(usize::MAX, |pattern| usize::from(pattern.group));
        let Some(rule) = RULES.get(group).filter(|rule| rule.severity == Severity::Serious) else { continue };
        for finding in review(&draft(text), &Thread::default(), &only(rule.id)).findings {
            let words = text[finding.span.start..finding.span.end].to_lowercase();
            let last = words.rsplit(|it: char| !it.is_alphanumeric() && it != '-').next().unwrap_or_default();
            ends += 1;
            if !lasts.contains(last) {
                others.push(format!("{place}: `{words}`"));
            }
        }
    }
    // Some end with any word at all, some with one that is masked.
    assert!(ends > 100 && others.len() * 20 <= ends, "of {ends}:\n{}", others.join("\n"));
}

fn where_is(pattern: usize) -> String {
    HITS.iter().find(|hit| hit.1 == pattern).map_or_else(|| format!("#{pattern}"), |hit| hit.0.to_owned())
}

#[test]
fn examples_hold() {
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for rule in RULES {
        for example in crate::examples(rule) {
            let text = example.bad.replace(['«', '»'], "");
            let got = marked(&text, &only(rule.id));
            if got != example.bad {
                missed.push(format!("{}: wants {:?}\n    gets  {got:?}", rule.id, example.bad));
            }
            let got = review(&draft(example.good), &Thread::default(), &Settings::default());
            for finding in &got.findings {
                wrong.push(format!(
                    "{}: {:?} is flagged by {} at {:?}",
                    rule.id,
                    example.good,
                    finding.rule.id,
                    &example.good[finding.span.start..finding.span.end]
                ));
            }
        }
    }
    let text =
        report("`bad` examples are not found as marked", &missed) + &report("`good` examples are flagged", &wrong);
    assert!(text.is_empty(), "{text}");
}

#[test]
fn suggestions_offer_nothing_that_is_flagged_by_the_same_rule() {
    let mut problems = Vec::new();
    for (place, pattern, text, becomes) in HITS {
        let group = self::pattern(*pattern).map_or(usize::MAX, |pattern| usize::from(pattern.group));
        let Some(rule) = RULES.get(group) else {
            continue;
        };
        let Some(becomes) = becomes else {
            continue;
        };
        for finding in review(&draft(becomes), &Thread::default(), &only(rule.id)).findings {
            let words = &becomes[finding.span.start..finding.span.end];
            if text.contains(words) {
                continue;
            }
            problems.push(format!("{place}: `{becomes}` is flagged at `{words}`"));
        }
    }
    let text = report("suggestions are flagged again", &problems);
    assert!(text.is_empty(), "{text}");
}

#[test]
fn items_hold() {
    let mut problems = Vec::new();
    for (place, item, text, customer, status) in ITEM_EXAMPLES {
        let thread = customer.map(thread).unwrap_or_default();
        let review = review(&draft(text), &thread, &Settings::default());
        let got = &review.checklist[*item];
        if got.status != *status {
            problems.push(format!("{place}: {text:?} is {:?}, wants {status:?}", got.status));
        }
        if got.insert_at > text.len() || !text.is_char_boundary(got.insert_at) {
            problems.push(format!("{place}: {text:?} inserts at {}", got.insert_at));
        }
    }
    let text = report("checklist examples are wrong", &problems);
    assert!(text.is_empty(), "{text}");
}

/// `|` marks where each item's snippet goes.
#[test]
fn items_insert_where_they_belong() {
    let check = |item: &str, marked: &str| {
        let text = marked.replace('|', "");
        let review = review(&draft(&text), &Thread::default(), &Settings::default());
        let state = review.checklist.iter().find(|state| state.item.id == item).unwrap();
        let mut got = text.clone();
        got.insert(state.insert_at, '|');
        assert_eq!(got, marked, "{item}");
    };
    check("greeting", "|It is late.");
    check("greeting", "\n\n|It is late.\n\n> You said Monday.");
    check("apology", "Hi Gary,\n\n|It is late.");
    check("apology", "Hi Gary, |It is late.");
    check("apology", "|It is late.");
    check("next-step", "Hi Gary,\n\nIt is late.\n\n|Kind regards,\nAnna");
    check("next-step", "Hi Gary,\n\nIt is late.|");
    check("next-step", "Hi Gary,\n\nIt is late.\n\n|Anna\n\nOn Monday Gary wrote:\n> Late!");
    check(
        "signature",
        "Hi Gary,\n\nIt is late.|\n\nOn Mon, 3 Feb 2025 at 10:12, Gary Stone <g@x.org>\nwrote:\n> Late!",
    );
    check("signature", "> Late!\n\nIt is late.|\n\n-- \nNorthgate Bikes");
    // What belongs to the beginning: apology, empathy, explanation, in this order.
    check("empathy", "Hi Gary,\n\nI'm sorry about this.\n\n|It is late.");
    check("empathy", "Hi Gary,\n\n|It is late.");
    check("explanation", "Hi Gary,\n\nI'm sorry about this. |It is late.");
    check("explanation", "Hi Gary,\n\nI'm sorry about this.\n\nI can see how frustrating this is.\n\n|It is late.");
    check("explanation", "Hi Gary,\n\nI'm sorry about this.|");
    check("apology", "Hi Gary,\n\n|I can see how frustrating this is.\n\nIt is late.");
    // What belongs to the end: next step and goodwill, an offer of help, thanks, the sign-off.
    check("next-step", "Hi Gary,\n\nIt is late.\n\n|Any questions, just ask.\n\nKind regards,\nAnna");
    check("goodwill", "Hi Gary,\n\nIt is late.\n\n|Any questions, just ask.\n\nThank you for your patience.\n\nAnna");
    check("goodwill", "Hi Gary,\n\nIt is late. Any questions, just ask.\n\n|Anna");
    check("offer-help", "Hi Gary,\n\nIt is late.\n\n|Thank you for your patience.\n\nKind regards,\nAnna");
    check("offer-help", "Hi Gary,\n\nIt is late.|");
    check("value", "Hi Gary,\n\nIt is late.\n\nAny questions, just ask.\n\n|Kind regards,\nAnna");
}

/// Whatever order the writer takes them in, the snippets of all items stand in the order of a reply.
#[test]
fn snippets_make_the_same_mail_in_any_order() {
    let settings = Settings { assess: true, ..Settings::default() };
    let ids: Vec<&str> = ITEMS.iter().map(|item| item.item.id).collect();
    let values =
        Placeholders { customer: Some("Gary".into()), my_name: Some("Anna".into()), ..Placeholders::default() };
    let mut mails = std::collections::BTreeSet::new();
    for step in [1, 2, 4, 5, 7, 8] {
        let mut text = "It is late.".to_owned();
        for turn in 0..ids.len() {
            let id = ids[turn * step % ids.len()];
            let snippet =
                snippets().iter().filter(|snippet| snippet.item == id).min_by_key(|snippet| snippet.text.len());
            let insert = fill(&snippet.unwrap().text, &values);
            let review = review(&draft(&text), &Thread::default(), &settings);
            let at = review.checklist.iter().find(|state| state.item.id == id).unwrap().insert_at;
            let (before, after) = (text[..at].trim_end(), text[at..].trim_start());
            text =
                [before, &insert, after].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        }
        mails.insert(text);
    }
    // Goodwill and next step may change places.
    assert!(mails.len() <= 2, "{mails:#?}");
    for mail in &mails {
        let review = review(&draft(mail), &thread("It arrived broken, I am furious."), &settings);
        let unmet = review.checklist.iter().filter(|state| state.status != Status::Met).map(|state| state.item.id);
        assert_eq!(unmet.collect::<Vec<_>>(), [""; 0], "{mail}");
        let pieces = ["Hi Gary", "sorry", "It is late", "Anna"].map(|piece| mail.find(piece));
        assert!(pieces.is_sorted(), "{mail}");
    }
}

#[test]
fn items_are_asked_for_where_they_fit() {
    let asked = |customer: &str, settings: &Settings| -> Vec<&str> {
        let review = review(&draft("We open at nine."), &thread(customer), settings);
        let unmet = review.checklist.iter().filter(|state| state.status == Status::Unmet);
        unmet.map(|state| state.item.id).collect()
    };
    let settings = Settings::default();
    assert_eq!(asked("When do you open?", &settings), ["greeting", "next-step", "signature"]);
    assert_eq!(asked("I love it, thank you so much!", &settings), ["greeting", "next-step", "signature"]);
    assert_eq!(
        asked("The site gave an error.", &settings),
        ["greeting", "apology", "empathy", "explanation", "next-step", "signature"]
    );
    assert_eq!(
        asked("I have been a loyal customer for years. It arrived broken. Disgraceful, I am furious!", &settings).len(),
        ITEMS.len()
    );
    assert_eq!(asked("When do you open?", &Settings { assess: true, ..settings }).len(), ITEMS.len());
}

#[test]
fn files_and_lists_agree() {
    let folder = |name: &str, ending: &str| -> Vec<String> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let mut names: Vec<String> = std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|found| found == ending))
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(folder("rules", "toml"), RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
    assert_eq!(folder("rules", "rs"), CODED_FILES);
    let mut items: Vec<&str> = ITEMS.iter().map(|item| item.item.id).collect();
    items.sort_unstable();
    assert_eq!(folder("checklist", "toml"), items);
    assert_eq!(folder("snippets", "toml"), snippets().iter().map(|snippet| snippet.id.as_str()).collect::<Vec<_>>());
    for item in items {
        assert!(best_snippet(item, &Thread::default()).is_some(), "no snippet for {item}");
    }
}

#[test]
fn snippets_are_kind_and_satisfy_their_item() {
    let mut problems = Vec::new();
    for snippet in snippets() {
        let values = Placeholders {
            customer: Some("Gary".into()),
            my_name: Some("Anna".into()),
            business: Some("Northgate Bikes".into()),
            date: Some("Friday".into()),
        };
        let text = fill(&snippet.text, &values);
        for text in [&text, &snippet.text] {
            for finding in review(&draft(text), &Thread::default(), &Settings::default()).findings {
                problems.push(format!(
                    "{}: {} flags {:?}",
                    snippet.id,
                    finding.rule.id,
                    &text[finding.span.start..finding.span.end]
                ));
            }
        }
        let review = review(&draft(&text), &thread("This is unacceptable!"), &Settings::default());
        if let Some(state) = review.checklist.iter().find(|state| state.item.id == snippet.item)
            && state.status != Status::Met
        {
            problems.push(format!("{}: {text:?} does not satisfy {}", snippet.id, snippet.item));
        }
    }
    let text = report("snippets", &problems);
    assert!(text.is_empty(), "{text}");
}

#[test]
fn placeholders_stay_visible_until_known() {
    let values = Placeholders { customer: Some("Gary {date}".into()), ..Placeholders::default() };
    assert_eq!(
        fill("Hi {customer}, {my_name} {{customer} {x} {", &values),
        "Hi Gary {date}, {my_name} {Gary {date} {x} {"
    );
    for (name, first) in [
        ("Gary Stone", Some("Gary")),
        ("Stone, Gary", Some("Gary")),
        ("\"Stone, Gary\" <g@x.org>", Some("Gary")),
        ("Mrs Stone", None),
        ("Dr. Helen Marchbank", Some("Helen")),
        ("g.stone@x.org", None),
        ("", None),
    ] {
        assert_eq!(first_name(name).as_deref(), first, "{name}");
    }
}

/// `«»` around what is found.
fn check_found(marked_text: &str) {
    let text = marked_text.replace(['«', '»'], "");
    assert_eq!(marked(&text, &only("shouting")), marked_text);
}

#[test]
fn shouting_knows_names_codes_and_labels() {
    for text in [
        "Please send the RMA to the UK by DHL, XJ-200 or BM-4411.",
        "IBAN: DE89 3704\nNOTE: closed on Friday",
        "Dear MR STONE,\n\nthank you.",
        "Hi GARY,\n\nthank you.",
        "I am A B C, OK?",
        "Our CEO uses the FAQ PDF on USB.",
        "Text REJECT to 60022, or hold RESET for five seconds. Reply YES if the field \"NAME\" is empty.",
        "CASE 91-610\n\nText back YES, and the stamp will say PAID.",
        "Fine.\n\n-- \nNEVER GIVE UP\nSales",
        "> WHERE IS IT???\n\nHere.",
    ] {
        check_found(text);
    }
    check_found("«I TOLD YOU» so.");
    check_found("«STOP» writing. I said «NO».");
    check_found("It is «NOT» our fault, we «NEVER» said so.");
    check_found("I will answer «YOU» when I «PRESS» send.");
    check_found("«READ YOUR EMAIL».");
    check_found("«YOU SHOULDN'T HAVE DONE THAT».");
    check_found("«Really???» «No!!»");
}

#[test]
fn shouting_calms_down() {
    for (text, calm) in [
        ("I TOLD YOU so.", "I told you so."),
        ("This is NOT ours.", "This is not ours."),
        ("READ THE USB FAQ FIRST.", "Read the USB FAQ first."),
        ("WHY DID I'M TOLD YOU", "Why did I'm told you"),
        ("STOP IT!!!", "Stop it."),
        ("Really?!?", "Really?"),
    ] {
        let review = review(&draft(text), &Thread::default(), &only("shouting"));
        let edit = &review.findings[0].suggestions[0].edit;
        assert_eq!(apply(text, edit), calm);
    }
}

#[test]
fn what_is_not_the_writers_is_left_alone() {
    let shout = "I TOLD YOU";
    for (text, count) in [
        (format!("> {shout}\n"), 0),
        (format!("Hi\n> {shout}\n{shout}\n"), 1),
        (format!("Hi\n\n-- \n{shout}\n\n{shout}\n"), 0),
        (format!("Hi\n--\n{shout}\n> x\n{shout}"), 1),
        (format!("Hi\n\n-----Original Message-----\n{shout}\n\n{shout}"), 0),
        (format!("Hi\n\nFrom: Gary\nSent: Monday\nTo: us\nSubject: {shout}\n\n{shout}"), 0),
        (format!("Hi\n\n________________________________\nFrom: Gary\nSent: Monday\nTo: us\n\n{shout}"), 0),
        (format!("Hi\n\nOn Monday, {shout} wrote:\n> x"), 0),
        (format!("Hi\n\nOn Monday, {shout} wrote:\n\n> x"), 0),
        (format!("Hi\n\nAm 3. Februar schrieb {shout}:\n\n> x"), 0),
        (format!("Hi\n\nLe 3 mars {shout} a écrit :\n> x"), 0),
        (format!("Hi\n\nOn Monday, {shout} wrote:\nx\n\n{shout}"), 2),
        (format!("{shout}\n> q\n\n{shout}"), 2),
    ] {
        let review = review(&draft(&text), &Thread::default(), &only("shouting"));
        assert_eq!(review.findings.len(), count, "{text:?} {:?}", review.findings);
    }
    let text = format!("Hi {shout}\nthere {shout}");
    let regions = vec![Region { span: Span { start: 14, end: text.len() }, kind: RegionKind::Quote }];
    let review_ = review(&Draft { text, regions }, &Thread::default(), &only("shouting"));
    assert_eq!(review_.findings.len(), 1);
    // The customer's own words, quoted.
    let text = "You wrote \"I told you\" and “you are an idiot” but you are an idiot.";
    let insults = |text: &str, thread: &Thread| review(&draft(text), thread, &only("insult")).findings.len();
    assert_eq!(insults(text, &thread("Well, YOU ARE AN IDIOT, all of you")), 1);
    assert_eq!(insults(text, &thread("Nothing")), 2);
    // A quotation that the writer has not closed yet; and marks that close one or measure something.
    let theirs = thread("Well, YOU ARE AN IDIOT, all of you");
    assert_eq!(insults("You wrote \"you are an idiot", &theirs), 0);
    assert_eq!(insults("You wrote: \"you are an idiot", &Thread::default()), 0);
    for ours in [
        "You say \"sorry\"? You are an idiot.",
        "It is 5\" wide, you are an idiot.",
        "So-called \"proof\". You are an idiot.",
    ] {
        assert_eq!(insults(ours, &theirs), 1, "{ours}");
    }
    assert_eq!(insults("You wrote: \"so what. And you are an idiot.", &Thread::default()), 1);
    // Swearing in a quotation, whosever; not between inches, nor behind one that is closed.
    let swears = |text: &str| review(&draft(text), &Thread::default(), &only("profanity")).findings.len();
    assert_eq!(swears("The subject line was \"a bloody mess, all of it\", and I see why."), 0);
    assert_eq!(swears("The 5\" pipe is a bloody mess and so is the 3\" one."), 1);
    assert_eq!(swears("You call it \"proof\", what a bloody mess, and \"done\"."), 1);
    // Where nothing of theirs is known, what the draft says is believed.
    for theirs in [
        "You wrote: \"you are an idiot\".",
        "You told us that \"you are an idiot\".",
        "In your review, “you are an idiot”.",
    ] {
        assert_eq!(insults(theirs, &Thread::default()), 0, "{theirs}");
    }
    assert_eq!(insults("We say \"you are an idiot\".", &Thread::default()), 1);
}

/// One weak finding in a friendly mail is a false alarm more often than not; in a cold one, or with another, it is none.
#[test]
fn a_lone_weak_finding_in_a_friendly_mail_is_not_shown() {
    // What rules find: the words around it are another test's.
    let settings = Settings { rules_off: ["sharp-words".to_owned()].into(), ..Settings::default() };
    let found = |text: &str| review(&draft(text), &Thread::default(), &settings).findings.len();
    let friendly = "Hi Gary,\n\nI am so sorry! I have refunded you today, and I will send you a new one on Friday. Could you \
        please tell me if that works for you?\n\nKind regards,\nAnna";
    let cold = "The parcel was delivered on the date stated in the confirmation, and the depot keeps the records of every \
        delivery for a period of six months. «».";
    let sting = "You failed to attach the receipt.";
    assert_eq!((found(friendly), found(&cold.replace("«».", ""))), (0, 0));
    assert_eq!(found(&friendly.replace("\n\nKind", &format!(" {sting}\n\nKind"))), 0);
    assert_eq!(found(&cold.replace("«».", sting)), 1);
    let both = format!(" {sting} You should have read the label.\n\nKind");
    assert_eq!(found(&friendly.replace("\n\nKind", &both)), 2);
    assert_eq!(found(&friendly.replace("\n\nKind", " You are an idiot.\n\nKind")), 1, "an attack is shown");
}

/// A sentence that no pattern knows is heard by its words, where the rest of the draft is of the same sort.
#[test]
fn words_tell_where_no_pattern_does() {
    let told = "Nobody told my lads to strip the boiler for you, madam.";
    let harsh = format!("You are an idiot. You clearly can't read. {told} Shut up and pay.");
    let kind = format!("Hi Gary,\n\nI am so sorry about the noise. {told} I'll send somebody on Friday.\n\nAnna");
    let lies = |text: &str, settings: &Settings| {
        let at = text.find(told).unwrap_or_default();
        let review = review(&draft(text), &Thread::default(), settings);
        review.findings.into_iter().find(|finding| finding.span.start >= at && finding.span.end <= at + told.len())
    };
    let heard = lies(&harsh, &Settings::default()).expect("a finding");
    assert!(heard.rule.severity < Severity::Serious, "nobody is accused of what is grave on a guess");
    assert!(lies(&kind, &Settings::default()).is_none());
    let off = Settings { rules_off: [heard.rule.id.to_owned()].into(), ..Settings::default() };
    assert!(lies(&harsh, &off).is_none());
    // The customer's own words, quoted.
    let quoted = harsh.replace(told, &format!("\"{told}\""));
    let findings = review(&draft(&quoted), &thread(told), &Settings::default()).findings;
    assert!(findings.iter().all(|finding| !quoted[finding.span.start..finding.span.end].contains("boiler")));
}

/// Each line of the file is a draft; nothing in it is to be found.
#[test]
fn innocent_lines_are_left_alone() {
    let lines = include_str!("../../tests/corpus/innocent.txt").lines();
    let innocent = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let found = innocent.map(|line| marked(line, &Settings::default())).filter(|line| line.contains('«'));
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{}", report("innocent lines are flagged", &found));
}

/// Each line of the file is a draft, and something in it is to be found.
#[test]
fn plain_stings_are_told() {
    let lines = include_str!("../../tests/corpus/stings.txt").lines();
    let stings = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let missed: Vec<String> =
        stings.filter(|line| !marked(line, &Settings::default()).contains('«')).map(str::to_owned).collect();
    assert!(missed.is_empty(), "{}", report("stings are not told", &missed));
}

#[test]
fn heat_grows_with_what_is_found() {
    let heat = |text: &str| review(&draft(text), &Thread::default(), &Settings::default()).heat;
    assert!(heat("Hi Gary,\n\nyour parcel leaves today.\n\nAnna") <= 20);
    let one = heat("Hi Gary,\n\nyour parcel is NOT here.\n\nAnna");
    let two = heat("Hi Gary,\n\nyour parcel is NOT here. We NEVER had it.\n\nAnna");
    assert!(20 < one && one <= 30 && one < two && two <= 55, "{one} {two}");
}

#[test]
fn a_cold_draft_is_warmer_than_a_kind_one_and_neither_is_hot() {
    let heat = |text: &str| review(&draft(text), &Thread::default(), &Settings::default()).heat;
    let kind = "Hi Gary,\n\nI'm so sorry that your parcel is late. I've asked the depot, and I'll write to you by noon. \
                Could you please tell me where the driver may leave it?\n\nKind regards,\nAnna";
    let cold = "The parcel was handed to the depot on Monday and will be delivered within ten working days. Delays are \
                covered by section four of the conditions of carriage.";
    assert!(heat(kind) < 5 && 5 < heat(cold) && heat(cold) <= 20, "{} {}", heat(kind), heat(cold));
    for little in ["", "\n\n", "Noon.", "Tomorrow at noon."] {
        assert_eq!(heat(little), 0, "{little}");
    }
}

#[test]
fn upset_is_read_from_the_customer() {
    for (text, expected) in [
        ("Where can I find the manual?", false),
        ("Do you sell red ones?", false),
        ("Thank you so much, it works.", false),
        ("I have been waiting for three weeks!", true),
        ("You charged me twice, I want my money back.", true),
        ("WHERE IS MY PARCEL???", true),
        ("Not impressed at all.", true),
    ] {
        assert_eq!(upset(&thread(text)), expected, "{text}");
    }
}

#[test]
fn calming_takes_all_suggestions_that_go_together() {
    let text = "Hi Gary,\n\nAs I already told you, it is NOT here. You failed to attach the receipt. STOP IT!!!\n\n> NOT ME\n\nAnna";
    let reviewer = Reviewer::new(&draft(text), &Thread::default(), &Settings::default());
    let review = reviewer.review();
    let changes = calm(&reviewer, &review);
    assert!(changes.len() >= 3, "{changes:?}");
    let mut calmed = text.to_owned();
    for change in changes.iter().rev() {
        calmed.replace_range(change.edit.span.start..change.edit.span.end, &change.edit.insert);
    }
    assert_eq!(calmed, "Hi Gary,\n\nIt is not here. The receipt wasn't attached. Stop it.\n\n> NOT ME\n\nAnna");
}

#[test]
fn edits_are_clamped() {
    let mut reviewer = Reviewer::new(&draft("é😀b"), &Thread::default(), &Settings::default());
    reviewer.edit(Span { start: 3, end: 4 }, "x", &[]);
    assert_eq!(reviewer.text(), "éx😀b");
    reviewer.edit(Span { start: 99, end: 7 }, "!", &[]);
    assert_eq!(reviewer.text(), "éx😀b!");
    reviewer.edit(Span { start: 0, end: 999 }, "", &[]);
    assert_eq!(reviewer.text(), "");
    reviewer.edit(Span { start: 0, end: 0 }, "a", &[]);
    assert_eq!(reviewer.text(), "a");
}

/// Pieces that drafts are made of: what sections, contractions, suggestions and characters beyond ASCII hang on.
fn piece() -> impl Strategy<Value = String> {
    let mut pieces: Vec<String> = [
        "\n",
        "\n\n",
        " ",
        "> ",
        "-- \n",
        "--\n",
        "On Monday Gary wrote:\n",
        "-----Original Message-----\n",
        "From: a\nTo: b\nSubject: c\n",
        "I TOLD YOU",
        "NOT",
        "!!!",
        "??",
        "you've",
        "don’t",
        "Hi Gary,",
        "Anna",
        "\"",
        "“",
        "”",
        "(",
        "'",
        "👩‍👩‍👧",
        "e\u{301}",
        "שלום",
        "\u{200b}",
        "\u{ad}",
        "İ",
        "ß",
        "a",
        "I'm",
        "the",
        "sorry",
        "cr*p",
        "f u c k",
        "soooo",
        "1,000.50",
        "www.x.com",
        "a@b.com",
        "...",
        "…",
        "—",
        "-",
        ":)",
        "\r\n",
        "________________________________\n",
        "Kind regards,\nAnna",
        "I'm sorry for the wait.",
        "\u{a0}",
        "\t",
    ]
    .iter()
    .map(|piece| (*piece).to_owned())
    .collect();
    pieces.extend(HITS.iter().map(|hit| format!("{} ", hit.2)));
    prop_oneof![4 => prop::sample::select(pieces), 1 => any::<char>().prop_map(String::from)]
}

fn text(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), pieces).prop_map(|pieces| pieces.concat())
}

fn regions(length: usize, seeds: &[(usize, usize, bool)]) -> Vec<Region> {
    let mut regions: Vec<Region> = seeds
        .iter()
        .map(|(start, size, quote)| {
            let start = start % (length + 1);
            Region {
                span: Span { start, end: start + size % 40 },
                kind: if *quote { RegionKind::Quote } else { RegionKind::Signature },
            }
        })
        .collect();
    regions.sort_by_key(|region| region.span);
    regions
}

fn same(one: &Review, other: &Review) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

fn sound(review: &Review, text: &str) {
    let on_boundary = |at: usize| at <= text.len() && text.is_char_boundary(at);
    let mut end = 0;
    assert!(on_boundary(review.body_end));
    for finding in &review.findings {
        assert!(finding.span.start >= end && finding.span.start < finding.span.end);
        assert!(on_boundary(finding.span.start) && on_boundary(finding.span.end));
        end = finding.span.end;
        for suggestion in &finding.suggestions {
            let edit = suggestion.edit.span;
            assert!(edit.start <= finding.span.start && finding.span.end <= edit.end);
            assert!(on_boundary(edit.start) && on_boundary(edit.end));
        }
    }
    assert!(review.requests.len() <= 32);
    assert!(review.findings.last().is_none_or(|last| last.span.end <= review.body_end));
    for state in &review.checklist {
        assert!(on_boundary(state.insert_at), "{} {}", state.item.id, state.insert_at);
    }
}

/// The changes are suggestions, in order and apart.
fn calms(reviewer: &Reviewer, review: &Review) {
    let changes = calm(reviewer, review);
    assert!(changes.windows(2).all(|two| two[0].edit.span.end < two[1].edit.span.start));
    assert!(changes.iter().all(|change| review.findings[change.finding].suggestions[0].edit == change.edit));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn incremental_is_the_same_as_full(
        start in text(0..25),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..30, text(0..4), prop::collection::vec((any::<usize>(), any::<usize>(), any::<bool>()), 0..3)), 1..10),
    ) {
        let customer = thread(
            "I told you so. This is unacceptable. When will it come? Please send me a receipt, cancel the order and \
             refund me. Why was it late, and can someone call me?",
        );
        let settings = Settings::default();
        let mut plain = start.clone();
        let mut reviewer = Reviewer::new(&draft(&start), &customer, &settings);
        for (at, size, insert, seeds) in edits {
            let at = at.index(plain.len() + 1);
            let mut from = at;
            while !plain.is_char_boundary(from) { from -= 1; }
            let mut to = (at + size).min(plain.len());
            while !plain.is_char_boundary(to) { to -= 1; }
            let to = to.max(from);
            let mut edited = plain.clone();
            edited.replace_range(from..to, &insert);
            let regions = regions(edited.len(), &seeds);
            reviewer.edit(Span { start: at, end: at + size }, &insert, &regions);
            plain = edited;
            prop_assert_eq!(&reviewer.text(), &plain);
            let full = review(&Draft { text: plain.clone(), regions }, &customer, &settings);
            let incremental = reviewer.review();
            same(&incremental, &full);
            sound(&full, &plain);
            calms(&reviewer, &full);
            let utf16: usize = plain.encode_utf16().count();
            for byte in [0, at, plain.len() / 2, plain.len(), plain.len() + 9] {
                let mut floor = byte.min(plain.len());
                while !plain.is_char_boundary(floor) { floor -= 1; }
                let expected = plain[..floor].encode_utf16().count();
                prop_assert_eq!(reviewer.byte_to_utf16(byte), expected);
                prop_assert_eq!(reviewer.utf16_to_byte(expected), floor);
            }
            prop_assert_eq!(reviewer.utf16_to_byte(utf16 + 5), plain.len());
        }
        let other = Settings { rules_off: ["shouting".to_owned()].into(), assess: true, ..Settings::default() };
        reviewer.set_settings(&other);
        reviewer.set_thread(&Thread::default());
        // The regions of the last edit are still those of the text.
        let again = reviewer.review();
        sound(&again, &plain);
    }

    #[test]
    fn any_text_is_reviewed(text in any::<String>()) {
        sound(&review(&draft(&text), &Thread::default(), &Settings::default()), &text);
    }

    #[test]
    fn any_customer_is_read(text in text(0..25), wild in any::<String>()) {
        for text in [text, wild] {
            let customer = thread(&text);
            for request in review(&draft("Dear Ann,\n\nYes."), &customer, &Settings::default()).requests {
                prop_assert!(request.span.start < request.span.end);
                prop_assert!(text.get(request.span.start..request.span.end).is_some());
            }
            let facts = crate::thread_facts(&customer);
            for place in facts.phones.iter().chain(&facts.numbers) {
                prop_assert!(text.get(place.span.start..place.span.end).is_some_and(|number| !number.is_empty()));
            }
        }
    }
}
