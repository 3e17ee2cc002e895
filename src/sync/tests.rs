//! Two and more browsers, any number of changes, any order: nothing is lost.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::own::check;
use crate::*;

type Items = BTreeMap<String, Value>;

/// A browser with what it has stored, and what reached it of `storage.sync`.
#[derive(Clone, Debug, Default)]
struct Browser {
    own: Own,
    memory: Option<Value>,
    name: String,
}

impl Browser {
    fn new(name: &str) -> Browser {
        Browser { name: name.to_owned(), ..Browser::default() }
    }

    /// A round against what is there, as the browser's frame does it.
    fn sync(&mut self, there: &mut Items, now: u64) -> Round {
        self.sync_choosing(there, now, None)
    }

    fn sync_choosing(&mut self, there: &mut Items, now: u64, choice: Option<&Choice>) -> Round {
        let memory = Memory::read(self.memory.as_ref(), &self.name).expect("a memory");
        let round = round(&self.own, memory, there, choice, now, &format!("{}b", self.name)).expect("a round");
        for (key, value) in &round.here {
            match value {
                Some(value) => drop(self.own.stored.insert(key.clone(), value.clone())),
                None => drop(self.own.stored.remove(key)),
            }
        }
        self.memory = Some(serde_json::to_value(&round.memory).expect("JSON"));
        there.extend(round.there.clone());
        there.retain(|key, _| !round.spare.contains(key));
        assert!(total(there) <= 102_400 && there.iter().all(|(key, item)| item_size(key, item) <= 8_192));
        assert!(there.len() <= 512);
        round
    }

    fn set(&mut self, name: &str, value: Value) {
        let settings = self.own.stored.entry(SETTINGS_KEY.to_owned()).or_insert(json!({ "version": 1 }));
        settings[name] = value;
    }

    fn setting(&self, name: &str) -> Value {
        self.own.stored.get(SETTINGS_KEY).map(|settings| settings[name].clone()).unwrap_or_default()
    }

    fn kept(&self) -> Vec<Kept> {
        Memory::read(self.memory.as_ref(), "").expect("a memory").kept()
    }
}

fn item_size(key: &str, item: &Value) -> usize {
    key.len() + item.to_string().replace('<', "\\u003C").len()
}

fn total(items: &Items) -> usize {
    items.iter().map(|(key, item)| item_size(key, item)).sum()
}

fn snippet(id: &str, text: &str) -> (String, Value) {
    let own = composure_snippets::Own::new(composure_snippets::Snippet {
        id: id.to_owned(),
        title: format!("Title {id}"),
        text: text.to_owned(),
        ..Default::default()
    });
    (format!("snippet-{id}"), json!(own))
}

fn phrases(finds: &[&str]) -> (String, Value) {
    let avoid = |find: &&str| composure_packs::Avoid {
        find: (*find).to_owned(),
        why: "It stings.".to_owned(),
        ..Default::default()
    };
    let pack = composure_packs::Pack {
        version: 1,
        name: composure_packs::MINE.to_owned(),
        avoid: finds.iter().map(avoid).collect(),
        ..Default::default()
    };
    let kept = json!({ "version": 1, "name": "Your own phrases", "rule": composure_packs::MINE_RULE, "on": true,
        "text": pack.to_text(), "replaced": [] });
    (PHRASES_KEY.to_owned(), kept)
}

#[test]
fn what_is_set_in_one_browser_comes_to_the_other_and_goes_when_it_goes() {
    let (mut one, mut two, mut there) = (Browser::new("one"), Browser::new("two"), Items::new());
    one.set("my_name", json!("Dana"));
    one.set("guard", json!(false));
    one.set("dictionary", json!(["kettle", "Wick"]));
    one.set("voice", json!("A voice of this machine"));
    one.set("keep_days", json!(30));
    one.set(
        "signatures",
        json!([{ "addresses": "z@shop.example", "text": "Z" }, { "addresses": "a@shop.example", "text": "A" }]),
    );
    one.set("of_a_later_version", json!([3]));
    one.own.stored.extend([snippet("own-1", "Hello {customer}"), phrases(&["with all due respect", "as I said"])]);
    one.own.stored.insert(
        SNIPPETS_KEY.to_owned(),
        json!({ "version": 1, "favourites": ["own-1"], "hidden": ["late"], "order": ["own-1"], "uses": { "own-1": 7 } }),
    );
    let before = one.own.clone();
    one.sync(&mut there, 100);
    assert_eq!(one.own, before, "nothing changes where it was set");
    two.sync(&mut there, 200);
    for name in ["my_name", "guard", "signatures"] {
        assert_eq!(two.setting(name), one.setting(name), "{name}");
    }
    assert_eq!(two.setting("dictionary"), json!(["Wick", "kettle"]));
    assert_eq!(two.setting("voice"), "", "a machine's own stays there");
    assert_eq!(two.setting("keep_days"), Value::Null, "no browser deletes records because another does");
    assert_eq!(two.own.stored["snippet-own-1"], one.own.stored["snippet-own-1"]);
    assert_eq!(two.own.stored[PHRASES_KEY], one.own.stored[PHRASES_KEY]);
    assert_eq!(two.own.stored[SNIPPETS_KEY]["favourites"], json!(["own-1"]));
    assert_eq!(two.own.stored[SNIPPETS_KEY]["uses"], json!({}), "how often is counted by each");

    // Nothing changed: nothing is written, on either side.
    for browser in [&mut one, &mut two] {
        let round = browser.sync(&mut there, 300);
        assert!(round.here.is_empty() && round.there.is_empty() && round.spare.is_empty(), "{round:#?}");
    }
    two.set("guard", json!(true));
    two.set("dictionary", json!(["Wick"]));
    two.own.stored.remove("snippet-own-1");
    two.own.stored.extend([phrases(&["as I said", "calm down"])]);
    two.sync(&mut there, 400);
    one.sync(&mut there, 500);
    assert_eq!((one.setting("guard"), one.setting("dictionary")), (json!(true), json!(["Wick"])));
    assert!(!one.own.stored.contains_key("snippet-own-1"));
    assert_eq!(one.own.stored[PHRASES_KEY]["text"], two.own.stored[PHRASES_KEY]["text"]);
    assert_eq!(one.setting("of_a_later_version"), json!([3]), "what is not known stays");
    assert_eq!(one.setting("voice"), "A voice of this machine");
    assert!(one.kept().is_empty() && two.kept().is_empty());
}

#[test]
fn of_two_changes_at_once_one_is_used_and_the_other_is_kept() {
    let (mut one, mut two, mut there) = (Browser::new("one"), Browser::new("two"), Items::new());
    one.set("signature", json!("Dana"));
    one.own.stored.extend([snippet("own-1", "First")]);
    one.sync(&mut there, 100);
    two.sync(&mut there, 101);
    // Both change the same, out of each other's sight; and each something else.
    one.set("signature", json!("Dana of the shop"));
    one.set("dictionary", json!(["one"]));
    two.set("signature", json!("Dana, Pine & Wick"));
    two.set("dictionary", json!(["two"]));
    one.own.stored.remove("snippet-own-1");
    two.own.stored.extend([snippet("own-1", "Second")]);
    one.sync(&mut there, 200);
    two.sync(&mut there, 300);
    one.sync(&mut there, 301);
    for browser in [&one, &two] {
        assert_eq!(browser.setting("signature"), "Dana, Pine & Wick", "the later one");
        assert_eq!(browser.setting("dictionary"), json!(["one", "two"]));
        assert_eq!(browser.own.stored["snippet-own-1"]["snippet"]["text"], "Second", "a change outlives a deletion");
        let kept = browser.kept();
        assert_eq!(kept.len(), 1, "{kept:#?}");
        assert_eq!((kept[0].of.as_str(), &kept[0].value), ("set/signature", &json!("Dana of the shop")));
    }
    // The other one is taken after all; what was in use can be taken again, and is forgotten.
    let taken = Choice { id: one.kept()[0].id.clone(), take: true };
    one.sync_choosing(&mut there, 400, Some(&taken));
    two.sync(&mut there, 401);
    assert_eq!(
        (one.setting("signature"), two.setting("signature")),
        (json!("Dana of the shop"), json!("Dana of the shop"))
    );
    assert_eq!(two.kept().iter().map(|kept| kept.value.clone()).collect::<Vec<_>>(), [json!("Dana, Pine & Wick")]);
    let forgotten = Choice { id: two.kept()[0].id.clone(), take: false };
    two.sync_choosing(&mut there, 500, Some(&forgotten));
    one.sync(&mut there, 501);
    assert!(one.kept().is_empty() && two.kept().is_empty());
    assert_eq!(one.setting("signature"), "Dana of the shop");
}

#[test]
fn what_another_browser_wrote_over_comes_back() {
    let (mut one, mut two, mut there) = (Browser::new("one"), Browser::new("two"), Items::new());
    one.set("dictionary", json!(["one"]));
    let before = there.clone();
    one.sync(&mut there, 100);
    // The other has not heard of it, and writes into the same item: the account keeps the last one written.
    let mut unheard = before;
    two.set("dictionary", json!(["two"]));
    two.sync(&mut unheard, 101);
    there.extend(unheard);
    one.sync(&mut there, 102);
    two.sync(&mut there, 103);
    for browser in [&one, &two] {
        assert_eq!(browser.setting("dictionary"), json!(["one", "two"]));
    }
    // What is in the account is deleted there: the browsers still have it, and it comes back.
    there.clear();
    one.sync(&mut there, 104);
    assert_eq!(one.setting("dictionary"), json!(["one", "two"]));
    let mut new = Browser::new("new");
    new.sync(&mut there, 105);
    assert_eq!(new.setting("dictionary"), json!(["one", "two"]));
}

#[test]
fn what_has_no_room_stays_and_is_named() {
    let (mut one, mut two, mut there) = (Browser::new("one"), Browser::new("two"), Items::new());
    one.set("my_name", json!("Dana"));
    one.own.stored.extend([snippet("long", &"long ".repeat(2_000))]);
    one.own.stored.extend((0..40).map(|n| snippet(&format!("n{n:02}"), &"<b> ".repeat(500))));
    let round = one.sync(&mut there, 100);
    assert!(round.left_out.contains(&"snippet/long".to_owned()) && round.left_out.len() > 10, "{:?}", round.left_out);
    assert!(total(&there) > 80_000, "the room is used: {}", total(&there));
    two.sync(&mut there, 101);
    assert_eq!(two.setting("my_name"), "Dana", "what is small goes first");
    assert!(!two.own.stored.contains_key("snippet-long") && two.own.stored.contains_key("snippet-n00"));
    two.sync(&mut there, 102);
    one.sync(&mut there, 103);
    assert_eq!(one.own.stored.len(), 42, "nothing is gone where it was written");
}

#[test]
fn what_cannot_be_read_is_neither_written_over_nor_deleted() {
    let (mut one, mut two, mut there) = (Browser::new("one"), Browser::new("two"), Items::new());
    one.set("my_name", json!("Dana"));
    one.own.stored.extend([snippet("own-1", "First"), phrases(&["as I said"])]);
    one.sync(&mut there, 100);
    two.sync(&mut there, 101);
    let broken = [
        (SETTINGS_KEY, json!({ "version": 99, "my_name": 3 })),
        ("snippet-own-1", json!("gone wrong")),
        (PHRASES_KEY, json!({ "version": 1 })),
        (SNIPPETS_KEY, json!(7)),
    ];
    for (key, value) in broken.clone() {
        two.own.stored.insert(key.to_owned(), value);
    }
    two.sync(&mut there, 200);
    one.sync(&mut there, 201);
    assert_eq!(one.setting("my_name"), "Dana");
    assert!(one.own.stored.contains_key("snippet-own-1") && one.own.stored.contains_key(PHRASES_KEY));
    one.set("my_name", json!("Dana R."));
    one.sync(&mut there, 202);
    two.sync(&mut there, 203);
    for (key, value) in broken {
        assert_eq!(two.own.stored[key], value, "{key}");
    }
    // Mended, it catches up.
    two.own.stored.remove(SETTINGS_KEY);
    two.sync(&mut there, 204);
    assert_eq!(two.setting("my_name"), "Dana R.");

    // On the other side: an item that is none is kept aside, an entry of another shape too, and one that means nothing here waits.
    there.insert("own-7".to_owned(), json!("gone wrong"));
    there.get_mut("own-0").expect("an item")["entries"]["set/business"] = json!({ "now": "?" });
    there.get_mut("own-0").expect("an item")["entries"]["set/guard_heat"] = json!({ "now": [["new", 1, 300, "warm"]] });
    there.insert("not-ours".to_owned(), json!(1));
    let round = one.sync(&mut there, 300);
    assert_eq!(round.broken.keys().collect::<Vec<_>>(), ["own-0/set/business", "own-7"]);
    assert_eq!(there.get("not-ours"), Some(&json!(1)));
    assert_eq!(one.setting("guard_heat"), Value::Null);
    assert!(there["own-0"]["entries"]["set/guard_heat"].to_string().contains("warm"), "it is still there");

    let newer = BTreeMap::from([("own-0".to_owned(), json!({ "version": 2, "things": [] }))]);
    let memory = Memory::read(one.memory.as_ref(), "").expect("a memory");
    assert_eq!(round_of(&one, memory, &newer), Err(Problem::Newer(2)));
    assert_eq!(Memory::read(Some(&json!({ "version": 2 })), "x"), Err(Problem::Newer(2)));
    assert!(matches!(Memory::read(Some(&json!([])), "x"), Err(Problem::Memory(_))));
}

fn round_of(browser: &Browser, memory: Memory, there: &Items) -> Result<Round, Problem> {
    round(&browser.own, memory, there, None, 0, "spare")
}

#[test]
fn settings_that_are_gone_altogether_come_back() {
    let (mut one, mut there) = (Browser::new("one"), Items::new());
    one.set("my_name", json!("Dana"));
    one.sync(&mut there, 100);
    one.own.stored.remove(SETTINGS_KEY);
    one.sync(&mut there, 101);
    assert_eq!(one.setting("my_name"), "Dana");
}

#[test]
fn two_browsers_of_one_name_get_two_names() {
    let (mut one, mut there) = (Browser::new("one"), Items::new());
    one.set("my_name", json!("Dana"));
    one.sync(&mut there, 100);
    // The profile is copied; both copies go on out of each other's sight.
    let (mut two, mut unheard) = (one.clone(), there.clone());
    two.name = "two".to_owned();
    two.set("my_name", json!("Dana, at home"));
    two.sync(&mut unheard, 200);
    one.set("my_name", json!("Dana R."));
    one.sync(&mut there, 201);
    one.set("my_name", json!("Dana Reyes"));
    one.sync(&mut there, 202);
    two.sync(&mut there, 203);
    one.sync(&mut there, 204);
    assert_eq!(one.setting("my_name"), two.setting("my_name"));
    let known: Vec<Value> = one.kept().into_iter().map(|kept| kept.value).chain([one.setting("my_name")]).collect();
    assert!(known.contains(&json!("Dana, at home")) && known.contains(&json!("Dana Reyes")), "{known:?}");
}

#[test]
fn a_file_imports_to_the_same_bytes() {
    let mut one = Browser::new("one");
    one.set("my_name", json!("Dana"));
    one.set("dictionary", json!(["kettle"]));
    one.set("of_a_later_version", json!({ "a": [1.5, null] }));
    one.own.stored.extend([snippet("own-1", "Hello <b>\u{2028}"), phrases(&["as I said"])]);
    one.own.stored.insert("pack-lakeside".to_owned(), json!({ "version": 1, "name": "L", "rule": "pack:lakeside", "on": false, "text": "# Ours.\r\nversion = 1\nname = \"L\"\n", "replaced": [] }));
    one.own.stored.insert("record-1-2".to_owned(), json!({ "version": 1 }));
    one.own.stored.insert("team-lakeside".to_owned(), json!({ "version": 1 }));
    let file = export(&one.own.stored);
    assert!(!file.contains("record-1-2") && !file.contains("team-lakeside"));
    let backup = Backup::read(&file).expect("a backup");
    assert_eq!(backup.contents(), Contents { settings: true, words: 1, snippets: 1, phrases: 1, packs: 1 });
    for how in [Import::Replace, Import::Add] {
        let new = backup.import(&Items::new(), how);
        assert_eq!(export(&new), file, "{how:?}");
        assert_eq!(backup.import(&new, how), Items::new(), "once more changes nothing: {how:?}");
    }
    // Into a browser that has something.
    let mut two = Browser::new("two");
    two.set("my_name", json!("Lee"));
    two.set("dictionary", json!(["wick"]));
    two.own.stored.extend([snippet("own-1", "Mine"), snippet("own-2", "Two"), phrases(&["calm down"])]);
    let added = backup.import(&two.own.stored, Import::Add);
    assert_eq!(added[SETTINGS_KEY]["my_name"], "Lee");
    assert_eq!(added[SETTINGS_KEY]["dictionary"], json!(["kettle", "wick"]));
    assert!(!added.contains_key("snippet-own-1") && added.contains_key("pack-lakeside"));
    let text = added[PHRASES_KEY]["text"].as_str().expect("a file");
    assert!(text.contains("calm down") && text.contains("as I said"), "{text}");
    let replaced = backup.import(&two.own.stored, Import::Replace);
    assert_eq!(replaced[SETTINGS_KEY], one.own.stored[SETTINGS_KEY]);
    assert!(!replaced.contains_key("snippet-own-2"), "what the file has not, stays");
}

#[test]
fn a_file_has_no_records_deleted() {
    let theirs =
        json!({ "version": 1, "my_name": "Dana", "keep_days": 1, "records": "none", "voice": "V", "paused_until": 7 });
    let backup = Backup::read(&export(&Items::from([(SETTINGS_KEY.to_owned(), theirs)]))).expect("a backup");
    for how in [Import::Replace, Import::Add] {
        let new = backup.import(&Items::new(), how);
        assert_eq!(new[SETTINGS_KEY], json!({ "version": 1, "my_name": "Dana" }), "{how:?}");
        let own = json!({ "version": 1, "keep_days": 400, "records": "all" });
        let new = backup.import(&Items::from([(SETTINGS_KEY.to_owned(), own)]), how);
        let names = ["my_name", "keep_days", "records"].map(|name| new[SETTINGS_KEY][name].clone());
        assert_eq!(names, [json!("Dana"), json!(400), json!("all")], "{how:?}");
    }
    // What cannot be read here is no setting to go by.
    let broken = Items::from([(SETTINGS_KEY.to_owned(), json!({ "version": 1, "keep_days": "two" }))]);
    let new = backup.import(&broken, Import::Replace);
    assert_eq!(new[SETTINGS_KEY], json!({ "version": 1, "my_name": "Dana" }));
}

#[test]
fn a_file_with_a_mistake_is_refused_whole() {
    for (file, why) in [
        ("", "no such file"),
        ("{}", "no file that Composure saved"),
        (r#"{"composure_backup":2,"stored":{}}"#, "newer"),
        (r#"{"composure_backup":1}"#, "nothing stored"),
        (
            r#"{"composure_backup":1,"stored":{"settings":{"version":1,"my_name":3}}}"#,
            "“settings” in it cannot be read",
        ),
        (r#"{"composure_backup":1,"stored":{"settings":{"version":1},"snippet-a":{"version":9}}}"#, "“snippet-a”"),
        (r#"{"composure_backup":1,"stored":{"policy":{}}}"#, "“policy” in it is nothing"),
    ] {
        let said = Backup::read(file).expect_err(file);
        assert!(said.contains(why), "{file}: {said}");
    }
}

/// Each form that is stored, in each version of it that there was: the file's name is `FORM.VERSION.json`, with a word more where
/// one version had several shapes.
#[test]
fn every_stored_form_is_read_in_every_version() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/stored");
    let mut seen = BTreeMap::<String, usize>::new();
    for file in std::fs::read_dir(folder).expect("the examples") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let value: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("a text")).expect("JSON");
        let form = name.split('.').next().expect("a form").to_owned();
        let key = match form.as_str() {
            "snippet" => "snippet-own-1",
            "phrases" => PHRASES_KEY,
            "pack" => "pack-lakeside",
            form => form,
        };
        match form.as_str() {
            "record" => {
                let record: composure_records::Record = serde_json::from_value(value.clone()).expect("a record");
                assert_eq!(composure_records::Record::check_version(Some(record.version)), Ok(()), "{name}");
                assert!(record.reply.contains("sorry"), "{name}");
                // What is exported as JSON is what is stored.
                let entry =
                    composure_records::Entry::new("record-1-2".to_owned(), composure_records::Stored::Record(record));
                let exported: Value = serde_json::from_slice(&composure_records::json([&entry])).expect("JSON");
                assert!(exported.to_string().contains("sorry"), "{name}");
            }
            "sync_state" => {
                let memory = Memory::read(Some(&value), "x").unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
                assert_eq!(memory.state.values()["set/my_name"], "Dana", "{name}");
                assert_eq!(memory.kept().len(), 1, "{name}");
            }
            "sync_item" => {
                let there = BTreeMap::from([("own-0".to_owned(), value)]);
                let mut new = Browser::new("new");
                let round = new.sync(&mut there.clone(), 2_000_000_000);
                assert!(round.broken.is_empty(), "{name}");
                assert_eq!(new.setting("my_name"), "Dana", "{name}");
            }
            "backup" => {
                let backup = Backup::read(&value.to_string()).unwrap_or_else(|why| panic!("{name}: {why}"));
                assert_eq!(backup.contents().snippets, 1, "{name}");
            }
            _ => {
                let read = check(key, &value).unwrap_or_else(|| panic!("{name} is no form that is known"));
                assert_eq!(read, Ok(()), "{name}");
                let own = Own { stored: BTreeMap::from([(key.to_owned(), value.clone())]) };
                // What settings have of one machine alone is here already.
                let mut here = value.clone();
                here["my_name"] = json!("Lee");
                let here = (form == "settings").then(|| (key.to_owned(), here)).into_iter().collect();
                let exported = Backup::read(&export(&own.stored)).expect("a backup").import(&here, Import::Replace);
                assert_eq!(exported[key], value, "{name}: out and in again");
                if form != "pack" {
                    assert!(!own.entries().0.is_empty(), "{name}");
                }
            }
        }
        *seen.entry(form).or_default() += 1;
    }
    let forms = ["backup", "pack", "phrases", "record", "settings", "snippet", "snippets", "sync_item", "sync_state"];
    assert_eq!(seen.keys().map(String::as_str).collect::<Vec<_>>(), forms);
}

/// What happens to a browser.
#[derive(Clone, Debug)]
enum Step {
    Name(usize, u8),
    Word(usize, u8, bool),
    Snippet(usize, u8, Option<u8>),
    Phrases(usize, Vec<u8>),
    /// A round; whether what is written arrives, or the browser is offline and sees only what it saw last; and whether it is
    /// refused for its size or rate.
    Sync(usize, bool, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..3usize, 0..4u8).prop_map(|(at, name)| Step::Name(at, name)),
        (0..3usize, 0..4u8, any::<bool>()).prop_map(|(at, word, there)| Step::Word(at, word, there)),
        (0..3usize, 0..2u8, proptest::option::of(0..5u8)).prop_map(|(at, id, text)| Step::Snippet(at, id, text)),
        (0..3usize, proptest::collection::vec(0..4u8, 0..3)).prop_map(|(at, finds)| Step::Phrases(at, finds)),
        (0..3usize, prop::bool::weighted(0.8), prop::bool::weighted(0.1))
            .prop_map(|(at, online, refused)| Step::Sync(at, online, refused)),
    ];
    proptest::collection::vec(step, 1..40)
}

/// Takes down what a browser is about to write, and strikes what it writes over or deletes knowingly: that it had in use.
fn note(browser: &Browser, written: &mut Vec<(String, Value)>) {
    let before = Memory::read(browser.memory.as_ref(), &browser.name).expect("a memory").base;
    let mine = browser.own.entries().0;
    for (id, value) in &before {
        if mine.get(id) != Some(value) {
            written.retain(|one| one != &(id.clone(), value.clone()));
        }
    }
    for (id, value) in mine {
        let is_new = before.get(&id) != Some(&value) && !id.starts_with("order/");
        if is_new && !written.contains(&(id.clone(), value.clone())) {
            written.push((id, value));
        }
    }
}

const FINDS: [&str; 4] = ["as I said", "calm down", "with all due respect", "per my last email"];

proptest! {
    /// Whatever three browsers do, online or not, refused or not: in the end they have the same, and of all that was ever written, what
    /// nobody knowingly changed or deleted is in use or kept.
    #[test]
    fn no_entry_is_ever_lost(steps in steps()) {
        let mut browsers = ["a", "b", "c"].map(Browser::new);
        let mut seen: [Items; 3] = Default::default();
        let mut account = Items::new();
        // What was written and not written over by somebody who had it.
        let mut written: Vec<(String, Value)> = Vec::new();
        let mut now = 1_000;
        for step in steps {
            now += 1;
            match step {
                Step::Name(at, name) => browsers[at].set("my_name", json!(format!("Name {name}"))),
                Step::Word(at, word, there) => {
                    let words = browsers[at].setting("dictionary");
                    let mut words: Vec<String> = serde_json::from_value(words).unwrap_or_default();
                    let word = format!("word{word}");
                    words.retain(|one| *one != word);
                    if there { words.push(word); }
                    browsers[at].set("dictionary", json!(words));
                }
                Step::Snippet(at, id, text) => {
                    let (key, value) = snippet(&format!("s{id}"), &format!("Text {text:?} of {at} at {now}"));
                    match text {
                        Some(_) => drop(browsers[at].own.stored.insert(key, value)),
                        None => drop(browsers[at].own.stored.remove(&key)),
                    }
                }
                Step::Phrases(at, finds) => {
                    let mut finds: Vec<&str> = finds.iter().map(|find| FINDS[usize::from(*find)]).collect();
                    finds.dedup();
                    browsers[at].own.stored.extend([phrases(&finds)]);
                }
                Step::Sync(at, online, refused) => {
                    if online { seen[at] = account.clone(); }
                    let mut there = seen[at].clone();
                    note(&browsers[at], &mut written);
                    browsers[at].sync(&mut there, now);
                    if !refused { seen[at] = there; }
                    if online && !refused { account = seen[at].clone(); }
                }
            }
        }
        for _ in 0..3 {
            for browser in &mut browsers {
                now += 1;
                note(browser, &mut written);
                browser.sync(&mut account, now);
            }
        }
        let [one, two, three] = &browsers;
        let entries = one.own.entries().0;
        prop_assert_eq!(&entries, &two.own.entries().0);
        prop_assert_eq!(&entries, &three.own.entries().0);
        let kept = one.kept();
        for (id, value) in written {
            let there = entries.get(&id) == Some(&value) || kept.iter().any(|kept| kept.of == id && kept.value == value);
            prop_assert!(there, "{} {} is neither in use nor kept: {:#?} {:#?}", id, value, entries, kept);
        }
        for browser in &mut browsers {
            let round = browser.sync(&mut account, now + 1);
            prop_assert!(round.here.is_empty() && round.there.is_empty(), "it goes on and on: {:#?}", round);
        }
    }

    /// In any order and as often as one likes.
    #[test]
    fn states_join_in_any_order(writes in proptest::collection::vec((0..3usize, 0..3u8, proptest::option::of(0..3u8), proptest::option::of(0..3usize)), 0..30)) {
        let mut states: [State; 3] = Default::default();
        let mut counts = [0; 3];
        for (at, id, value, heard) in writes {
            if let Some(other) = heard { states[at] = states[at].join(&states[other]); }
            counts[at] += 1;
            let id = format!("e{id}");
            let before = states[at].values().remove(&id);
            let name = ["a", "b", "c"][at];
            states[at].write(&id, value.map(|value| json!(value)), before.as_ref(), name, counts[at], counts[at]);
        }
        let [a, b, c] = states;
        prop_assert_eq!(a.join(&b), b.join(&a));
        prop_assert_eq!(a.join(&a), a.clone());
        prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
        prop_assert_eq!(a.join(&b).join(&b), a.join(&b));
        // Settled before or after, the same is in use.
        let (mut first, mut then) = (a.join(&b), b.join(&a));
        prop_assert_eq!(first.settle(), then.settle());
        let through: State = serde_json::from_value(serde_json::to_value(&a).expect("JSON")).expect("a state");
        prop_assert_eq!(through, a);
    }
}
