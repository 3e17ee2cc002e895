//! `composure pack`, and reviews with one.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;

use common::{composure, folder, objects};
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("../../packs/example.toml");

#[test]
fn a_sound_pack_is_sound() {
    let folder = folder("pack-sound");
    fs::write(folder.join("lakeside.toml"), EXAMPLE).unwrap();
    let done = composure(&folder, &["pack", "check", "lakeside.toml"], "");
    assert_eq!(done.out, "lakeside.toml: sound, 3 phrases, 2 texts to insert\n");
    assert_eq!((done.err.as_str(), done.code), ("", 0));
    let schema: Value = serde_json::from_str(&composure(&folder, &["pack", "schema"], "").out).unwrap();
    assert_eq!(schema["properties"]["version"]["maximum"], json!(1));
}

#[test]
fn mistakes_stand_under_their_words() {
    let folder = folder("pack-mistakes");
    fs::write(folder.join("a.toml"), EXAMPLE.replace("hit = [\"Please", "hit = [\"Please keep")).unwrap();
    fs::write(folder.join("b.toml"), EXAMPLE.replace("We leave", "We").replace("name =", "nam =")).unwrap();
    fs::write(folder.join("c.toml"), EXAMPLE.replace("I've put the label", "You failed to put the label")).unwrap();
    let done = composure(&folder, &["pack", "check", "a.toml", "c.toml", "missing.toml"], "");
    assert_eq!(done.code, 2);
    assert!(done.err.starts_with("composure: missing.toml: "), "{}", done.err);
    let done = composure(&folder, &["pack", "check", "a.toml", "b.toml", "c.toml"], "");
    assert_eq!((done.err.as_str(), done.code), ("", 1));
    let expected = r#"error: “nam” means nothing in a pack.
 --> b.toml:2:1
  |
2 | nam = "Lakeside Bikes"
  | ^^^
  |
  = help: Did you mean `name`?

b.toml: 2 mistakes, nothing of it is used
"#;
    assert!(done.out.contains(expected), "{}", done.out);
    assert!(
        done.out.contains("a.toml: sound")
            && done.out.contains("c.toml: sound, 3 phrases, 2 texts to insert, 1 warning\n"),
        "{}",
        done.out
    );
    assert!(done.out.contains("warning: “You failed to put the label"), "{}", done.out);
    let done = composure(&folder, &["pack", "check", "--format", "json", "b.toml"], "");
    let read: Value = serde_json::from_str(&done.out).unwrap();
    let mistake = &read[0]["mistakes"][1];
    assert_eq!((&mistake["line"], &mistake["mend"]), (&json!(2), &json!("Did you mean `name`?")));
    assert_eq!((done.code, &read[0]["sound"]), (1, &json!(false)));
}

#[test]
fn phrases_of_a_pack_are_findings() {
    let folder = folder("pack-review");
    fs::write(folder.join("lakeside.toml"), EXAMPLE).unwrap();
    fs::write(
        folder.join("draft.txt"),
        "Hi Ann,\r\n\r\nAs per our policy we send it asap. Calm down.\r\n\r\n> As per your policy, per policy\r\n",
    )
    .unwrap();
    let done = composure(&folder, &["review", "--format", "json", "--pack", "lakeside.toml", "draft.txt"], "");
    let read: Value = serde_json::from_str(&done.out).unwrap();
    let of_pack: Vec<(&str, &str, u64, &Value)> = read[0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "pack:lakeside-bikes")
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap();
            (text("text"), text("severity"), finding["start"].as_u64().unwrap(), &finding["suggestions"])
        })
        .collect();
    let expected = [
        ("As per our policy", "warning", 11, &json!(["The reason is that"])),
        ("asap", "hint", 40, &json!(["today"])),
        ("Calm down", "serious", 46, &json!([])),
    ];
    assert_eq!(of_pack, expected, "{}", done.out);
    assert_eq!(done.code, 1);
    let text = composure(&folder, &["review", "--pack", "lakeside.toml", "draft.txt"], "").out;
    let expected = "serious[pack:lakeside-bikes]: Lakeside Bikes words this otherwise.\n --> draft.txt:3:36\n";
    assert!(text.contains(expected) && text.contains("= why: Nobody was ever calmed by it.\n"), "{text}");
    let sarif = composure(&folder, &["review", "--format", "sarif", "--pack", "lakeside.toml", "draft.txt"], "").out;
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let named = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(named.last().unwrap()["id"], "pack:lakeside-bikes");
}

#[test]
fn terms_do_not_shout_and_rules_can_be_off() {
    let folder = folder("pack-terms");
    fs::write(
        folder.join("lakeside.toml"),
        EXAMPLE.replace("over-apology", "blame").replace("LakeCare", "ALWAYS FRESH"),
    )
    .unwrap();
    let drafts =
        ["Our ALWAYS FRESH box left us on Monday.", "You failed to attach the receipt.", "It is BROKEN, NOT LATE."];
    let lines: Vec<String> = drafts.iter().map(|draft| json!({"id": draft, "draft": draft}).to_string()).collect();
    let rules = |arguments: &[&str]| -> Vec<Vec<String>> {
        let done = composure(&folder, &[&["review", "--format", "jsonl"], arguments].concat(), &lines.join("\n"));
        let rule = |finding: &Value| finding["rule"].as_str().unwrap().to_owned();
        let of = |object: Value| object["findings"].as_array().unwrap().iter().map(rule).collect();
        objects(&done.out).into_iter().map(of).collect()
    };
    let without = rules(&[]);
    assert_eq!(without[0], ["shouting"]);
    assert_eq!(
        (without[1].as_slice(), without[2].as_slice()),
        (&["blame".to_owned()][..], &["shouting".to_owned()][..])
    );
    let with = rules(&["--pack", "lakeside.toml"]);
    assert_eq!((with[0].len(), with[1].len(), with[2].len()), (0, 0, 1));
}

#[test]
fn a_pack_with_mistakes_is_not_used() {
    let folder = folder("pack-refused");
    fs::write(folder.join("bad.toml"), "version = 1\nname = \"a\"\n[[avoid]]\nfind = \"a [b\"\nwhy = 1\n").unwrap();
    let done = composure(&folder, &["review", "--pack", "bad.toml", "-"], "Hello");
    assert_eq!((done.out.as_str(), done.code), ("", 2));
    assert!(done.err.contains("\n  bad.toml:4:8: This phrase cannot be read: `[` without `]`."), "{}", done.err);
    assert!(done.err.contains("\n  bad.toml:5:7: `why` is a text."), "{}", done.err);
}
