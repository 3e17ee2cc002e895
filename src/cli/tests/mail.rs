//! `composure review` of mails and mailboxes.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;

use common::{composure, folder, objects};
use serde_json::{Value, json};

#[test]
fn every_mail_is_a_draft() {
    let folder = folder("eml");
    let head = "From: Jo <jo@shop.example>\nTo: Ann <ann@x.example>\nSubject: Re: Parcel\nMIME-Version: 1.0\n";
    let alternative = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n\
        --i\nContent-Type: text/plain\n\nHi Ann,\n\nyou idiot.\n--i\nContent-Type: text/html\n\n<p>other</p>\n--i--\n\
        --o\nContent-Type: text/plain\nContent-Disposition: attachment\n\nYou moron.\n--o--\n";
    for (name, rest) in [
        ("plain", "\nHi Ann,\n\nyou idiot.\n\n> You moron.\n"),
        (
            "base64",
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nSGkgR3LDvMOfZSwKCnlvdSBpZGlvdC4K\n",
        ),
        (
            "quoted",
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nHi=2C\n\nyou idi=\not=2E\n",
        ),
        (
            "html",
            "Content-Type: text/html\n\n<p>Hi Ann,</p><p>you <b>idiot</b>.</p><blockquote>You moron.</blockquote>\n",
        ),
        ("nested", alternative),
    ] {
        let file = format!("{name}.eml");
        fs::write(folder.join(&file), format!("{head}{rest}")).unwrap();
        let done = composure(&folder, &["review", "--format", "jsonl", &file], "");
        let object = &objects(&done.out)[0];
        assert_eq!(object["id"], file, "{}", done.err);
        assert_eq!(object["findings"].as_array().unwrap().len(), 1, "{name}: {object}");
        assert_eq!(
            (&object["findings"][0]["text"], &object["findings"][0]["line"]),
            (&json!("you idiot"), &json!(3)),
            "{name}"
        );
        assert_eq!(done.code, 1);
    }
    let latin =
        [format!("{head}Content-Type: text/plain; charset=iso-8859-1\n\n").as_bytes(), b"Gr\xfc\xdfe, you idiot"]
            .concat();
    fs::write(folder.join("latin.eml"), latin).unwrap();
    let done = composure(&folder, &["review", "latin.eml"], "");
    assert!(done.out.contains("| Grüße, you idiot\n"), "{}", done.out);
}

#[test]
fn a_broken_mail_is_named_and_the_rest_goes_on() {
    let folder = folder("broken");
    let mailbox = "junk\n\nFrom a@b.c\nFrom: a@b.c\n\nYou idiot.\n\nFrom a@b.c\n\nno header at all\n\n\
        From a@b.c\nFrom: a@b.c\nContent-Type: image/png\n\nxxx\n\nFrom a@b.c\nFrom: a@b.c\nSubject: last\n\nYou moron.\n";
    fs::write(folder.join("box.mbox"), mailbox).unwrap();
    fs::write(folder.join("none.eml"), b"\x00\x01 nothing").unwrap();
    let done = composure(&folder, &["review", "box.mbox", "none.eml"], "");
    let told: Vec<_> = done.err.lines().collect();
    assert_eq!(told.len(), 4, "{}", done.err);
    assert!(told[0].starts_with("composure: box.mbox: line 1: a mailbox begins with \"From \""), "{}", told[0]);
    assert!(told[1].starts_with("composure: box.mbox:8: message 2: malformed mail: "), "{}", told[1]);
    assert_eq!(told[2], "composure: box.mbox:12: message 3: no text in this mail");
    assert!(told[3].starts_with("composure: none.eml: malformed mail: "), "{}", told[3]);
    assert!(
        done.out.contains(" --> box.mbox#1:1:1\n") && done.out.contains("\nbox.mbox#4 (last): heat "),
        "{}",
        done.out
    );
    assert!(done.out.ends_with("\n2 drafts, 2 with findings, 3 not readable\n"), "{}", done.out);
    assert_eq!(done.code, 2);
}

#[test]
fn mails_with_crlf_and_escaped_from_lines_are_cut_right() {
    let mailbox = "From a@b.c Mon Nov 23 10:00:00 2026\nFrom: a@b.c\n\nSee below.\n\n>From what you wrote, you idiot.\n\nFrom Monday on: closed.\n\n\
        From a@b.c Mon Nov 23 11:00:00 2026\nFrom: a@b.c\n\nYou moron.\n";
    let folder = folder("crlf");
    for (name, mailbox) in [("lf", mailbox.to_owned()), ("crlf", mailbox.replace('\n', "\r\n"))] {
        let file = format!("{name}.mbox");
        fs::write(folder.join(&file), mailbox).unwrap();
        let done = composure(&folder, &["review", "--format", "jsonl", &file], "");
        let objects = objects(&done.out);
        assert_eq!(objects.len(), 2, "{}", done.out);
        assert_eq!(objects[0]["id"], format!("{file}#1"));
        assert_eq!((&objects[0]["findings"][0]["line"], &objects[0]["findings"][0]["column"]), (&json!(3), &json!(20)));
        assert_eq!((&objects[1]["message"], &objects[1]["line"]), (&json!(2), &json!(10)));
    }
    // A nameless mailbox is known by its first line.
    fs::write(folder.join("Sent"), mailbox).unwrap();
    assert!(composure(&folder, &["review", "Sent"], "").out.contains("Sent#2"));
}

#[test]
fn a_text_that_cannot_be_decoded_is_told_and_counted() {
    let folder = folder("undecodable");
    let broken = "Content-Transfer-Encoding: base64\n\n%%% You moron %%%\n";
    let part = |kind: &str, body: &str| format!("--i\nContent-Type: {kind}\n{body}");
    let several = |kind: &str, parts: &[String]| {
        format!("Content-Type: multipart/{kind}; boundary=i\n\n{}--i--\n", parts.concat())
    };
    let (sound, html) = (part("text/plain", "\nYou idiot.\n"), part("text/html", "\n<p>You idiot.</p>\n"));
    let picture = part("image/png", "\nxxx\n");
    let related = several("alternative", &[sound.clone(), part("multipart/related; boundary=j", "\n")])
        .replace("--i--", &format!("--j\nContent-Type: text/html\n{broken}--j--\n--i--"));
    for (name, mail, expected) in [
        ("html", format!("Content-Type: text/html\n{broken}"), "malformed"),
        ("mixed", several("mixed", &[part("text/plain", broken)]), "malformed"),
        ("half", several("mixed", &[sound.clone(), part("text/plain", broken)]), "malformed"),
        ("both", several("alternative", &[part("text/plain", broken), part("text/html", broken)]), "malformed"),
        // What one of two that say the same says is enough.
        ("plain", several("alternative", &[part("text/plain", broken), html]), "You idiot"),
        ("rich", several("alternative", &[sound.clone(), part("text/html", broken)]), "You idiot"),
        ("related", related, "You idiot"),
        ("attached", several("mixed", &[sound, part("text/csv; name=a", broken)]), "You idiot"),
        ("picture", several("mixed", &[picture]), "no text"),
        ("empty", "Content-Type: text/plain\n".to_owned(), "no text"),
        // Of an unknown character set, what is ASCII is read.
        ("klingon", "Content-Type: text/plain; charset=klingon\n\nYou idiot.\n".to_owned(), "You idiot"),
    ] {
        let file = format!("{name}.eml");
        fs::write(folder.join(&file), format!("From: a@b.c\n{mail}")).unwrap();
        let done = composure(&folder, &["review", &file], "");
        let code = match expected {
            "malformed" => 2,
            "no text" => 0,
            _ => 1,
        };
        assert_eq!(done.code, code, "{name}: {}{}", done.out, done.err);
        assert!(format!("{}{}", done.out, done.err).contains(expected), "{name}: {}{}", done.out, done.err);
    }
}

/// A mail of a conversation; `more` are headers.
fn mail(from: &str, to: &str, hour: u8, subject: &str, more: &str, text: &str) -> String {
    format!(
        "From {from} Mon Nov 23 {hour:02}:00:00 2026\nFrom: {from}\nTo: {to}\nSubject: {subject}\n\
         Date: Mon, 23 Nov 2026 {hour:02}:00:00 +0000\n{more}\n{text}\n\n"
    )
}

#[test]
fn a_mailbox_knows_what_each_answer_answers() {
    let upset = "This is unacceptable. I am furious and I want my money back.";
    let (ann, bob, jo) = ("ann@x.example", "bob@x.example", "jo@shop.example");
    let mailbox = [
        mail(ann, jo, 1, "Order 1", "Message-ID: <1@x>\n", upset),
        mail(bob, jo, 2, "Contact form", "Message-ID: <2@x>\n", "Lovely shop! Thank you so much."),
        mail(ann, jo, 2, "Contact form", "Message-ID: <3@x>\n", upset),
        // By its reference, although the subject is another; the answer to an answer; by subject and recipient.
        mail(jo, ann, 5, "Your order", "Message-ID: <4@x>\nReferences: <1@x>\n", "first"),
        mail(jo, ann, 6, "Your order", "In-Reply-To: <4@x>\n", "second"),
        mail(jo, bob, 6, "Re: Contact form", "", "third"),
        mail(jo, ann, 6, "AW: Contact Form", "", "fourth"),
        // Nobody wrote before; the customer wrote later.
        mail(jo, "new@x.example", 7, "Contact form", "Message-ID: <8@x>\n", "fifth"),
        mail("new@x.example", jo, 8, "Re: Contact form", "In-Reply-To: <8@x>\n", upset),
    ];
    let folder = folder("mine");
    fs::write(folder.join("all.mbox"), mailbox.concat()).unwrap();
    let apologies = |arguments: &[&str]| -> Vec<(Value, Value)> {
        let done = composure(&folder, arguments, "");
        assert_eq!((done.err.as_str(), done.code), ("", 0));
        let one = |object: &Value| (object["message"].clone(), object["checklist"]["apology"].clone());
        objects(&done.out).iter().map(one).collect()
    };
    let (owed, not_owed) = (json!("unmet"), json!("not-applicable"));
    let expected = [(4, &owed), (5, &owed), (6, &not_owed), (7, &owed), (8, &not_owed)];
    let expected: Vec<_> = expected.iter().map(|(message, apology)| (json!(message), (*apology).clone())).collect();
    assert_eq!(apologies(&["review", "--format", "jsonl", "--mine", "Jo@Shop.example", "all.mbox"]), expected);
    assert_eq!(apologies(&["review", "--format", "jsonl", "--mine", "@shop.example", "all.mbox"]), expected);
    assert_eq!(apologies(&["review", "--format", "jsonl", "all.mbox"]).len(), 9);
}

/// A mailbox of `pairs` questions, each with its answer, of more than is read at once.
fn questions(pairs: usize) -> String {
    let (ann, jo) = ("ann@x.example", "jo@shop.example");
    let pair = |number: usize| {
        let subject = format!("Order {number}");
        mail(ann, jo, 1, &subject, "", &"Where is it? ".repeat(900))
            + &mail(jo, ann, 2, &format!("Re: {subject}"), "", "Soon.")
    };
    (0..pairs).map(pair).collect()
}

#[cfg(unix)]
#[test]
fn a_mailbox_that_cannot_be_read_twice_is_refused_where_it_has_to_be() {
    let folder = folder("pipe");
    fs::write(folder.join("calm.txt"), "All is well.").unwrap();
    let mailbox = questions(40);
    // Nameless, as `<(…)` is: known by its first line.
    for name in ["/dev/stdin", "-"] {
        let arguments = ["review", "--format", "json", "--mine", "@shop.example", name, "calm.txt"];
        let done = composure(&folder, &arguments, &mailbox);
        let told =
            format!("composure: {name}: --mine reads a mailbox twice, which a pipe cannot be: save it to a file\n");
        assert_eq!((done.err, done.code), (told, 2));
        let array: Vec<Value> = serde_json::from_str(&done.out).unwrap();
        assert!(array.len() == 2 && array[1]["id"] == "calm.txt", "{}", done.out);
        let all = composure(&folder, &["review", "--format", "jsonl", name], &mailbox);
        assert_eq!((objects(&all.out).len(), all.err.as_str()), (80, ""), "{name}");
    }
    fs::write(folder.join("all"), mailbox).unwrap();
    let done = composure(&folder, &["review", "--format", "jsonl", "--mine", "@shop.example", "all"], "");
    assert_eq!((objects(&done.out).len(), done.err.as_str()), (40, ""));
}

#[test]
fn only_who_says_who_they_are_can_be_mine() {
    let folder = folder("nobody");
    let mailbox = mail("jo@shop.example", "ann@x.example", 1, "one", "", "Hello.")
        + "From - Mon Nov 23 10:00:00 2026\nSubject: two\n\nYou idiot.\n\n";
    fs::write(folder.join("all.mbox"), mailbox).unwrap();
    let mine = |more: &[&str]| {
        let done = composure(&folder, &[&["review", "--format", "jsonl", "all.mbox"], more].concat(), "");
        assert_eq!(done.err, "");
        objects(&done.out).len()
    };
    assert_eq!((mine(&["--mine", "@shop.example"]), mine(&[])), (1, 2));
}
