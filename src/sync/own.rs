//! What is stored in a browser, as entries, and back. What is large, or is about one machine alone (records and how long they are
//! kept, counts, the voice, a pause, imported packs), has no entries.

use std::collections::{BTreeMap, BTreeSet};

use composure_packs::{Avoid, Kept, MINE, MINE_RULE, Pack, Severity, VERSION};
use composure_session::{Settings, Signature};
use composure_snippets::{Habits, OWN_PREFIX};
use serde_json::{Value, json};

use crate::state::Entries;

/// Where the settings are stored.
pub const SETTINGS_KEY: &str = "settings";
/// Where it is stored how snippets are used.
pub const SNIPPETS_KEY: &str = "snippets";
/// Where the writer's own phrases are stored.
pub const PHRASES_KEY: &str = "pack-your-own-phrase";

/// The settings that are the same everywhere, one entry each.
const SETTINGS: [&str; 8] =
    ["my_name", "business", "signature", "reader", "guard", "guard_heat", "speech_rate", "language"];

/// What is stored in a browser, by its keys: [`SETTINGS_KEY`], [`SNIPPETS_KEY`], [`PHRASES_KEY`] and those of own snippets. Other
/// keys are passed over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Own {
    /// By their keys.
    pub stored: BTreeMap<String, Value>,
}

/// Entries that cannot be told here, because what is stored under their key cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Frozen {
    kinds: Vec<&'static str>,
    ids: BTreeSet<String>,
}

impl Frozen {
    /// Whether an entry is one of them.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids.contains(id) || self.kinds.iter().any(|kind| id.starts_with(kind))
    }
}

/// The beginnings of the ids of what the settings hold.
pub(crate) const OF_SETTINGS: [&str; 6] = ["set/", "off/", "site/", "word/", "sign/", "order/sign"];
const OF_HABITS: [&str; 3] = ["fav/", "hide/", "order/snippet"];
const OF_PHRASES: [&str; 2] = ["phrase/", "order/phrase"];

/// Whether what is under a key is read as its form; if not, why. `None` for a key of which nothing is known.
pub(crate) fn check(key: &str, value: &Value) -> Option<Result<(), String>> {
    if key == SETTINGS_KEY {
        return Some(settings(value).map(drop));
    }
    if key == SNIPPETS_KEY {
        return Some(habits(value).map(drop));
    }
    if key.starts_with(OWN_PREFIX) {
        return Some(snippet(value).map(drop));
    }
    key.starts_with("pack-").then(|| kept(value).map(drop))
}

/// `as` would wrap; a version that is no small number is one that we do not know.
fn version(value: &Value) -> Option<u32> {
    Some(u32::try_from(value.get("version")?.as_u64()?).unwrap_or(u32::MAX))
}

fn settings(value: &Value) -> Result<Settings, String> {
    Settings::check_version(version(value)).map_err(|problem| problem.to_string())?;
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

fn habits(value: &Value) -> Result<Habits, String> {
    composure_snippets::check_version(version(value))?;
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

fn snippet(value: &Value) -> Result<composure_snippets::Own, String> {
    composure_snippets::check_version(version(value))?;
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

fn kept(value: &Value) -> Result<Kept, String> {
    Kept::check_version(version(value))?;
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

/// The writer's own phrases, and how they are stored.
fn phrases(value: Option<&Value>) -> Result<(Pack, Kept), String> {
    let Some(value) = value else {
        let pack = Pack { version: VERSION, name: MINE.to_owned(), ..Pack::default() };
        let name = "Your own phrases".to_owned();
        return Ok((pack, Kept { version: 1, name, rule: MINE_RULE.to_owned(), on: true, ..Kept::default() }));
    };
    let kept = kept(value)?;
    let pack = Pack::read(&kept.text).map_err(|_| "its file has mistakes".to_owned())?;
    Ok((pack, kept))
}

fn phrase(value: &Value) -> Option<Avoid> {
    let text = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
    let texts = |name: &str| match value.get(name) {
        None => Some(Vec::new()),
        Some(list) => list.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
    };
    let severity = match value.get("severity").and_then(Value::as_str) {
        Some("hint") => Severity::Hint,
        Some("serious") => Severity::Serious,
        _ => Severity::Warning,
    };
    let (find, why) = (text("find")?, text("why")?);
    let avoid = Avoid { find, severity, why, instead: texts("instead")?, hit: texts("hit")?, miss: texts("miss")? };
    let alone = Pack { version: VERSION, name: MINE.to_owned(), avoid: vec![avoid.clone()], ..Pack::default() };
    Pack::read(&alone.to_text()).is_ok().then_some(avoid)
}

/// The ids of a list's members, and their order as an entry where it is not that of the ids. What has the name of one before it
/// gets a number.
fn listed(entries: &mut Entries, kind: &str, list: impl Iterator<Item = (String, Value)>) {
    let mut order: Vec<String> = Vec::new();
    for (name, value) in list {
        let mut id = format!("{kind}/{name}");
        let mut number = 1;
        while entries.contains_key(&id) {
            number += 1;
            id = format!("{kind}/{name}#{number}");
        }
        order.push(id.clone());
        entries.insert(id, value);
    }
    if !order.is_sorted() {
        entries.insert(format!("order/{kind}"), json!(order));
    }
}

/// The members of a list, in their order; those that it does not name come last.
fn in_order<'a>(wanted: &'a Entries, kind: &str) -> Vec<(&'a String, &'a Value)> {
    let order = wanted.get(&format!("order/{kind}"));
    let order: Vec<&str> = order.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut all: Vec<_> = of_kind(wanted, &format!("{kind}/")).collect();
    all.sort_by_key(|(id, _)| order.iter().position(|one| one == id).unwrap_or(usize::MAX));
    all
}

fn of_kind<'a>(wanted: &'a Entries, kind: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    wanted.iter().filter(move |(id, _)| id.starts_with(kind))
}

/// The names of the entries of a kind, which say nothing else.
fn names<C: FromIterator<String>>(wanted: &Entries, kind: &str) -> C {
    of_kind(wanted, kind).filter_map(|(id, _)| Some(id.strip_prefix(kind)?.to_owned())).collect()
}

fn field(settings: &Settings, name: &str) -> Option<Value> {
    serde_json::to_value(settings).ok()?.get(name).cloned()
}

impl Own {
    /// All that is the writer's own, as entries, and which entries cannot be told.
    pub(crate) fn entries(&self) -> (Entries, Frozen) {
        let (mut entries, mut frozen) = (Entries::new(), Frozen::default());
        match self.stored.get(SETTINGS_KEY).map(settings) {
            None => {}
            Some(Err(_)) => frozen.kinds.extend(OF_SETTINGS),
            Some(Ok(settings)) => {
                let standard = Settings::default();
                for name in SETTINGS {
                    let value = field(&settings, name).filter(|value| Some(value) != field(&standard, name).as_ref());
                    entries.extend(value.map(|value| (format!("set/{name}"), value)));
                }
                for (kind, names) in
                    [("off", &settings.rules_off), ("site", &settings.sites_off), ("word", &settings.dictionary)]
                {
                    entries.extend(names.iter().map(|name| (format!("{kind}/{name}"), json!(true))));
                }
                let signatures = settings.signatures.iter().map(|one| (one.addresses.clone(), json!(one)));
                listed(&mut entries, "sign", signatures);
            }
        }
        match self.stored.get(SNIPPETS_KEY).map(habits) {
            None => {}
            Some(Err(_)) => frozen.kinds.extend(OF_HABITS),
            Some(Ok(habits)) => {
                for (kind, names) in [("fav", &habits.favourites), ("hide", &habits.hidden)] {
                    entries.extend(names.iter().map(|name| (format!("{kind}/{name}"), json!(true))));
                }
                if !habits.order.is_empty() {
                    entries.insert("order/snippet".to_owned(), json!(habits.order));
                }
            }
        }
        match phrases(self.stored.get(PHRASES_KEY)) {
            Err(_) => frozen.kinds.extend(OF_PHRASES),
            Ok((pack, _)) => {
                listed(&mut entries, "phrase", pack.avoid.iter().map(|one| (one.find.clone(), json!(one))));
            }
        }
        for (key, value) in &self.stored {
            let Some(id) = key.strip_prefix(OWN_PREFIX).map(|id| format!("snippet/{id}")) else { continue };
            match snippet(value) {
                Ok(_) => drop(entries.insert(id, value.clone())),
                Err(_) => drop(frozen.ids.insert(id)),
            }
        }
        (entries, frozen)
    }

    /// What has to be stored, or deleted, so that these are the entries. What cannot be read here, on either side, stays as it is.
    pub(crate) fn changes(&self, wanted: &Entries) -> BTreeMap<String, Option<Value>> {
        let (_, frozen) = self.entries();
        let mut changes = BTreeMap::new();
        if let Some(new) = self.new_settings(wanted) {
            changes.insert(SETTINGS_KEY.to_owned(), Some(new));
        }
        if let Some(new) = self.new_habits(wanted) {
            changes.insert(SNIPPETS_KEY.to_owned(), Some(new));
        }
        if let Some(new) = self.new_phrases(wanted) {
            changes.insert(PHRASES_KEY.to_owned(), Some(new));
        }
        for (id, value) in of_kind(wanted, "snippet/").filter(|(id, _)| !frozen.has(id)) {
            let name = id.strip_prefix("snippet/").unwrap_or(id);
            let key = format!("{OWN_PREFIX}{name}");
            let is_it = snippet(value).is_ok_and(|own| own.snippet.id == name);
            if is_it && self.stored.get(&key) != Some(value) {
                changes.insert(key, Some(value.clone()));
            }
        }
        for (key, value) in &self.stored {
            let Some(name) = key.strip_prefix(OWN_PREFIX) else { continue };
            if snippet(value).is_ok() && !wanted.contains_key(&format!("snippet/{name}")) {
                changes.insert(key.clone(), None);
            }
        }
        changes
    }

    fn new_settings(&self, wanted: &Entries) -> Option<Value> {
        let stored = self.stored.get(SETTINGS_KEY);
        let now = stored.map_or_else(|| Ok(Settings::default()), settings).ok()?;
        let (standard, mut new) = (serde_json::to_value(Settings::default()).ok()?, serde_json::to_value(&now).ok()?);
        for name in SETTINGS {
            let value = wanted.get(&format!("set/{name}")).or_else(|| standard.get(name)).cloned().unwrap_or_default();
            // What another version means by it may be no such setting here.
            if settings(&json!({ "version": 1, name: value })).is_ok() {
                new.as_object_mut()?.insert(name.to_owned(), value);
            }
        }
        let signature = |(_, value): (&String, &Value)| serde_json::from_value::<Signature>(value.clone()).ok();
        let new = Settings {
            rules_off: names(wanted, "off/"),
            sites_off: names(wanted, "site/"),
            dictionary: names(wanted, "word/"),
            signatures: in_order(wanted, "sign").into_iter().filter_map(signature).collect(),
            ..serde_json::from_value(new).ok()?
        };
        over(stored, &now, &new)
    }

    fn new_habits(&self, wanted: &Entries) -> Option<Value> {
        let stored = self.stored.get(SNIPPETS_KEY);
        let now = stored.map_or_else(|| Ok(Habits::default()), habits).ok()?;
        let order = wanted.get("order/snippet").and_then(Value::as_array).cloned().unwrap_or_default();
        let new = Habits {
            favourites: names(wanted, "fav/"),
            hidden: names(wanted, "hide/"),
            order: order.iter().filter_map(|id| Some(id.as_str()?.to_owned())).collect(),
            ..now.clone()
        };
        over(stored, &now, &new)
    }

    fn new_phrases(&self, wanted: &Entries) -> Option<Value> {
        let stored = self.stored.get(PHRASES_KEY);
        let (pack, kept) = phrases(stored).ok()?;
        let avoid = in_order(wanted, "phrase").into_iter().filter_map(|(_, value)| phrase(value)).collect();
        let new = Pack { avoid, ..pack.clone() };
        // What is the same keeps its bytes. Each can be read by itself; so can all of them.
        let text = if new == pack { kept.text.clone() } else { new.to_text() };
        let changed = (new != pack && Pack::read(&text).is_ok()).then(|| Kept { text, ..kept.clone() })?;
        over(stored, &kept, &changed)
    }
}

/// What is stored with all that changed in it, and with whatever it has that is not known here; nothing where nothing did.
fn over<T: PartialEq + serde::Serialize>(stored: Option<&Value>, now: &T, new: &T) -> Option<Value> {
    if now == new {
        return None;
    }
    let mut all = stored.and_then(Value::as_object).cloned().unwrap_or_default();
    all.extend(serde_json::to_value(new).ok()?.as_object()?.clone());
    Some(Value::Object(all))
}
