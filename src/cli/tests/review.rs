//! `composure review` of texts and of JSON lines.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{composure, folder, objects};
use serde_json::{Value, json};

/// A folder with a draft that has a warning and something serious.
fn angry(test: &str) -> PathBuf {
    let folder = folder(test);
    fs::write(folder.join("angry.txt"), "Hi Ann,\r\n\r\nYou failed to attach the receipt. You idiot.\r\n").unwrap();
    fs::write(folder.join("calm.txt"), "Hi Ann,\n\nYour parcel left us this morning.\n\nBest,\nJo\n").unwrap();
    fs::write(folder.join("cool.txt"), "Hi Ann,\n\nYou failed to attach the receipt.\n\nBest,\nJo\n").unwrap();
    folder
}

#[test]
fn findings_stand_under_their_words() {
    let done = composure(&angry("text"), &["review", "angry.txt", "calm.txt"], "");
    let expected = "\
warning[blame]: This puts the fault on the customer.
 --> angry.txt:3:1
  |
3 | You failed to attach the receipt. You idiot.
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = why: Blame makes people defend themselves instead of reading the answer.
  = help: write instead: The receipt wasn't attached
";
    assert!(done.out.starts_with(expected), "{}", done.out);
    assert!(done.out.contains("serious[insult]: This attacks the person.\n --> angry.txt:3:35\n"), "{}", done.out);
    assert!(done.out.contains("\nangry.txt: heat "), "{}", done.out);
    assert!(done.out.contains(" of 100, 2 findings (1 serious, 1 warning)\n  missing: an apology"), "{}", done.out);
    // How calm it is, the engine's own tests say.
    let calm = done.out.lines().find(|line| line.starts_with("calm.txt: heat "));
    assert!(calm.is_some_and(|line| line.ends_with(" of 100, nothing found")), "{}", done.out);
    assert!(done.out.ends_with("\n2 drafts, 1 with findings\n"), "{}", done.out);
    assert_eq!((done.err.as_str(), done.code), ("", 1));
}

#[test]
fn the_exit_code_says_how_bad_it_is() {
    let folder = angry("exit");
    for (arguments, code) in [
        (&["review", "calm.txt"][..], 0),
        (&["review", "cool.txt"], 0),
        (&["review", "--fail-on", "warning", "cool.txt"], 1),
        (&["review", "--fail-on", "hint", "calm.txt"], 0),
        (&["review", "angry.txt", "calm.txt"], 1),
        (&["review", "--fail-on", "never", "angry.txt"], 0),
        (&["review", "missing.txt", "calm.txt"], 2),
        (&["review", "."], 2),
        (&["review"], 2),
        (&["review", "--format", "json"], 2),
        (&["review", "--format", "nonsense", "calm.txt"], 2),
        (&["review", "--thread", "missing.txt", "calm.txt"], 2),
        (&["nonsense"], 2),
        (&["rules"], 0),
        (&["completions", "bash"], 0),
    ] {
        let done = composure(&folder, arguments, "");
        assert_eq!(done.code, code, "{arguments:?}: {} {}", done.out, done.err);
        assert_eq!(done.err.is_empty(), code != 2, "{arguments:?}: {}", done.err);
    }
    let done = composure(&folder, &["review", "missing.txt", "calm.txt"], "");
    assert!(done.err.starts_with("composure: missing.txt: ") && done.out.contains("calm.txt: heat "), "{}", done.out);
}

#[test]
fn colour_is_asked_for() {
    let folder = angry("color");
    let colored = |arguments: &[&str]| composure(&folder, arguments, "").out.contains('\u{1b}');
    assert!(!colored(&["review", "angry.txt"]));
    assert!(!colored(&["review", "--color", "never", "angry.txt"]));
    assert!(colored(&["review", "--color", "always", "angry.txt"]));
}

#[test]
fn a_terminal_is_never_steered_by_a_draft() {
    let folder = folder("control");
    fs::write(folder.join("a.txt"), "You failed to attach the \u{1b}[2J receipt, you idiot \u{7}\u{9b}x").unwrap();
    let out = composure(&folder, &["review", "a.txt"], "").out;
    let control = |character: char| character.is_control() && character != '\n';
    assert!(!out.contains(control), "{out:?}");
}

#[test]
fn a_text_is_read_from_standard_input() {
    let done = composure(&folder("stdin"), &["review", "-"], "You idiot");
    assert!(done.out.contains(" --> -:1:1\n"), "{}", done.out);
}

#[test]
fn what_is_no_text_is_named_with_its_place() {
    let folder = folder("utf8");
    fs::write(folder.join("latin.txt"), b"Hello\nGr\xfc\xdfe").unwrap();
    let done = composure(&folder, &["review", "latin.txt"], "");
    assert_eq!(done.err, "composure: latin.txt: not UTF-8 text (line 2, byte 8)\n");
    fs::write(folder.join("long.txt"), vec![b'x'; (16 << 20) + 1]).unwrap();
    let done = composure(&folder, &["review", "long.txt"], "");
    assert_eq!(done.err, "composure: long.txt: longer than 16 MB, skipped\n");
}

#[test]
fn each_line_is_answered_in_its_turn() {
    let thread = json!([{"from": "customer", "text": "Where is it?"}, {"from": "me", "text": "Soon."}]);
    let lines = [
        json!({"id": "a", "draft": "Grüße!\r\n\r\nYou idiot", "thread": thread}).to_string(),
        "nonsense".to_owned(),
        String::new(),
        json!({"id": 7, "draft": "Your parcel left us this morning."}).to_string(),
        json!({"id": 8}).to_string(),
        json!({"id": 9, "draft": "", "thread": [{"from": "somebody", "text": ""}]}).to_string(),
    ];
    let done = composure(&folder("lines"), &["review", "--format", "jsonl"], &lines.join("\n"));
    let objects = objects(&done.out);
    assert_eq!(objects.len(), 5, "{}", done.out);
    assert!(done.out.starts_with(r#"{"id":"a","heat":"#), "{}", done.out);
    let finding = &objects[0]["findings"][0];
    // Bytes of what was given, `\r\n` and all.
    assert_eq!(finding["text"], "You idiot");
    assert_eq!((&finding["start"], &finding["end"]), (&json!(12), &json!(21)));
    assert_eq!((&finding["rule"], &finding["severity"]), (&json!("insult"), &json!("serious")));
    assert!(finding["suggestions"].is_array() && objects[0]["requests"].is_array());
    assert!(objects[0]["checklist"]["next_step"].is_string(), "{}", objects[0]);
    assert_eq!(objects[1], json!({"line": 2, "error": "expected ident at column 2"}));
    assert_eq!((&objects[2]["id"], &objects[2]["heat"]), (&json!(7), &json!(0)));
    assert_eq!(objects[3]["line"], 5);
    assert!(objects[4]["error"].as_str().unwrap().contains("somebody"), "{}", objects[4]);
    assert_eq!((done.err.as_str(), done.code), ("", 2));
}

#[test]
fn many_lines_stream_in_order() {
    let line = |id: usize| {
        let draft =
            if id.is_multiple_of(3) { "You idiot. ".repeat(id % 40 + 1) } else { "All is well.\n\nBest,\nJo".into() };
        json!({"id": id, "draft": draft}).to_string() + "\n"
    };
    let lines: String = (0..5_000).map(line).collect();
    let done = composure(&folder("many"), &["review", "--format", "jsonl"], &lines);
    let objects = objects(&done.out);
    assert!(objects.iter().map(|object| object["id"].as_u64().unwrap()).eq(0..5_000));
    assert!(objects.iter().all(|object| object["findings"].as_array().unwrap().is_empty()
        != (object["id"].as_u64().unwrap().is_multiple_of(3))));
    assert_eq!(done.code, 1);
}

#[test]
fn a_line_is_answered_before_the_next_is_asked() {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_composure"))
        .args(["review", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asked = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for id in 0..3 {
        writeln!(asked, r#"{{"id":{id},"draft":"Hello"}}"#).unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer["id"], id);
    }
    drop(asked);
    assert!(answers.next().is_none() && child.wait().unwrap().success());
}

#[test]
fn a_line_is_answered_while_half_of_the_next_is_there() {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_composure"))
        .args(["review", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asked = child.stdin.take().unwrap();
    let (told, answers) = std::sync::mpsc::channel();
    let out = child.stdout.take().unwrap();
    std::thread::spawn(move || BufReader::new(out).lines().try_for_each(|line| told.send(line.unwrap())));
    asked.write_all(b"{\"id\":1,\"draft\":\"Hello\"}\n{\"id\":2,").unwrap();
    let answer = answers.recv_timeout(std::time::Duration::from_secs(60)).expect("an answer");
    assert!(answer.starts_with(r#"{"id":1,"#), "{answer}");
    asked.write_all(b"\"draft\":\"Hello\"}").unwrap();
    drop(asked);
    assert!(answers.recv().unwrap().starts_with(r#"{"id":2,"#) && child.wait().unwrap().success());
}

#[test]
fn ids_come_back_as_they_were_written() {
    for id in ["123456789012345678901234567890", "9007199254740993.0", "1e400", r#""a\u00e9""#, "null", r#"{"a": [1]}"#]
    {
        let line = format!(r#"{{"id":{id},"draft":"Hello"}}"#);
        let done = composure(&folder("ids"), &["review", "--format", "jsonl"], &line);
        assert!(done.out.starts_with(&format!(r#"{{"id":{id},"#)), "{id}: {}{}", done.out, done.err);
    }
}

#[test]
fn when_a_message_was_sent_may_be_said_in_any_way() {
    let line = |sent: Value| {
        let thread = json!([{"from": "customer", "text": "Where is it?", "sent": sent}]);
        json!({"id": sent, "draft": "Hello", "thread": thread}).to_string() + "\n"
    };
    let sent =
        [json!(1_795_424_400), json!("2026-11-23T09:00:00Z"), json!("yesterday"), json!(1.5), json!({}), Value::Null];
    let count = sent.len();
    let done = composure(&folder("sent"), &["review", "--format", "jsonl"], &sent.map(line).concat());
    let objects = objects(&done.out);
    assert_eq!(objects.len(), count);
    assert!(objects.iter().all(|object| object["requests"][0]["text"] == "Where is it"), "{}", done.out);
}

#[test]
fn requests_are_the_bytes_that_the_customer_wrote() {
    let text =
        "Grüße,\r\n\r\nPlease send me the invoice, and please also send me the receipt of the order\r\nthat I placed.";
    let line = json!({"id": 1, "draft": "Hi", "thread": [{"from": "customer", "text": text}]}).to_string();
    let done = composure(&folder("requests"), &["review", "--format", "jsonl"], &line);
    let requests = objects(&done.out)[0]["requests"].clone();
    let number = |value: &Value| value.as_u64().unwrap() as usize;
    let words = |request: &Value| text[number(&request["start"])..number(&request["end"])].to_owned();
    let requests = requests.as_array().unwrap();
    assert!(requests.iter().any(|request| words(request).contains("\r\n")), "{requests:?}");
    assert!(requests.iter().all(|request| request["text"] == words(request)), "{requests:?}");
}

#[test]
fn standard_error_that_nobody_reads_loses_nothing() {
    use std::process::Command;
    let folder = angry("deaf");
    let run = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let done = Command::new(env!("CARGO_BIN_EXE_composure"))
            .args(arguments)
            .current_dir(&folder)
            .stderr(writer)
            .output()
            .unwrap();
        (String::from_utf8(done.stdout).unwrap(), done.status.code())
    };
    let (out, code) = run(&["review", "--format", "json", "angry.txt", "missing.txt", "calm.txt"]);
    assert_eq!((serde_json::from_str::<Vec<Value>>(&out).unwrap().len(), code), (3, Some(2)), "{out}");
    fs::write(folder.join("a.jsonl"), "nonsense\n{\"id\":1,\"draft\":\"Hello\"}\n").unwrap();
    let (out, code) = run(&["audit", "a.jsonl", "--rows"]);
    assert_eq!((out.lines().count(), code), (1, Some(2)), "{out}");
    let (out, code) = run(&["pack", "check", "--format", "json", "missing.toml"]);
    assert_eq!((out.as_str(), code), ("[]\n", Some(2)));
}

#[test]
fn json_is_one_array() {
    let done = composure(&angry("json"), &["review", "--format", "json", "angry.txt", "missing.txt", "calm.txt"], "");
    let array: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(array.as_array().unwrap().len(), 3);
    assert_eq!(array[0]["id"], "angry.txt");
    assert_eq!((&array[0]["findings"][0]["line"], &array[0]["findings"][0]["column"]), (&json!(3), &json!(1)));
    assert!(array[1]["error"].is_string() && array[2]["findings"] == json!([]));
    let lines = composure(&angry("json"), &["review", "--format", "jsonl", "angry.txt", "calm.txt"], "");
    assert_eq!(objects(&lines.out), [array[0].clone(), array[2].clone()]);
}

#[test]
fn sarif_has_the_shape_that_code_scanning_reads() {
    let folder = angry("sarif");
    let text = "\u{feff}Grüße 😀\r\n\r\nYou failed to attach the receipt. You idiot.\r\n";
    fs::write(folder.join("an gry.txt"), text).unwrap();
    let done = composure(&folder, &["review", "--format", "sarif", "an gry.txt", "calm.txt", "missing.txt"], "");
    let sarif: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((&sarif["version"], sarif["runs"].as_array().unwrap().len()), (&json!("2.1.0"), 1));
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["shortDescription"]["text"].is_string() && rule["help"]["text"].is_string()));
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for result in results {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        assert!(["note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].as_str().unwrap().len() > 20);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "an%20gry.txt");
        check_region(&place["region"], text);
    }
    let replaced = &results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert!(replaced["deletedRegion"]["byteLength"].is_u64() && replaced["insertedContent"]["text"].is_string());
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert!(
        run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
            .as_str()
            .unwrap()
            .contains("missing.txt")
    );
    let clean = composure(&folder, &["review", "--format", "sarif", "calm.txt"], "");
    assert_eq!(serde_json::from_str::<Value>(&clean.out).unwrap()["runs"][0]["results"], json!([]));
}

/// Bytes, characters, and line and column name the same words of the file.
fn check_region(region: &Value, file: &str) {
    let number = |key: &str| region[key].as_u64().unwrap() as usize;
    let words = region["snippet"]["text"].as_str().unwrap();
    assert_eq!(&file[number("byteOffset")..][..number("byteLength")], words);
    let shown: Vec<char> = file.trim_start_matches('\u{feff}').chars().collect();
    let found: String = shown[number("charOffset")..][..number("charLength")].iter().collect();
    assert_eq!(found, words);
    let line = file.trim_start_matches('\u{feff}').lines().nth(number("startLine") - 1).unwrap();
    let columns = number("startColumn") - 1..number("endColumn") - 1;
    assert_eq!(line.chars().skip(columns.start).take(columns.len()).collect::<String>(), words);
    assert_eq!(number("startLine"), number("endLine"));
}

#[test]
fn the_thread_is_read_from_every_kind_of_file() {
    let folder = angry("thread");
    let upset = "This is unacceptable. I am furious. Where is my refund?";
    let mail =
        format!("From: Ann Lee <ann@x.example>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\nSubject: Refund\n\n{upset}\n");
    let answer = "From: jo@shop.example\nDate: Mon, 23 Nov 2026 11:00:00 +0000\nSubject: Re: Refund\n\nSoon.\n";
    for (name, thread) in [
        ("t.txt", upset.to_owned()),
        ("t.eml", mail.clone()),
        ("t.mbox", format!("From ann@x.example\n{mail}\nFrom jo@shop.example\n{answer}")),
        ("t.json", json!([{"from": "customer", "text": upset}]).to_string()),
        ("o.json", json!({"thread": [{"from": "customer", "text": upset}], "recipient": "Ann"}).to_string()),
    ] {
        fs::write(folder.join(name), thread).unwrap();
        let arguments = ["review", "--mine", "jo@shop.example", "--format", "json", "--thread", name, "calm.txt"];
        let done = composure(&folder, &arguments, "");
        let array: Value = serde_json::from_str(&done.out).unwrap();
        // An upset customer is owed an apology, others are not.
        assert_eq!(array[0]["checklist"]["apology"], "unmet", "{name}: {} {}", done.out, done.err);
    }
    let done = composure(&folder, &["review", "--format", "json", "calm.txt"], "");
    assert!(done.out.contains(r#""apology":"not-applicable""#), "{}", done.out);
}

#[test]
fn rules_are_listed() {
    let rules = composure(Path::new("."), &["rules", "--format", "json"], "").out;
    let rules: Value = serde_json::from_str(&rules).unwrap();
    let text = composure(Path::new("."), &["rules"], "").out;
    assert_eq!(text.lines().count(), rules.as_array().unwrap().len());
    assert!(rules.as_array().unwrap().iter().all(|rule| text.contains(rule["id"].as_str().unwrap())));
}
