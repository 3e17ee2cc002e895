//! A state as the items of `storage.sync`, within its quotas. Each item can be read alone, so that any mixture of what several
//! browsers wrote is a state.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::round::VERSION;
use crate::state::{Entry, State};

/// What the keys of our items begin with.
pub const ITEM_PREFIX: &str = "own-";
/// The most bytes of one item, key and all. Browsers take 8,192.
pub const ITEM_BYTES: usize = 8_000;
/// The most bytes of all items together. Browsers take 102,400.
pub const TOTAL_BYTES: usize = 100_000;
/// The bytes of an item without entries, its key included.
const FRAME_BYTES: usize = 48;

/// What was read of items.
#[derive(Debug, Default)]
pub(crate) struct Unpacked {
    /// What they say.
    pub(crate) state: State,
    /// What of them cannot be read: whole items, or entries of one.
    pub(crate) broken: BTreeMap<String, Value>,
    /// The version of an item that a newer Composure wrote.
    pub(crate) newer: Option<u64>,
}

/// Reads the items of `storage.sync`. Keys that are not ours are passed over.
pub(crate) fn unpack(items: &BTreeMap<String, Value>) -> Unpacked {
    let mut read = Unpacked::default();
    for (key, item) in items.iter().filter(|(key, _)| key.starts_with(ITEM_PREFIX)) {
        let version = item.get("version").and_then(Value::as_u64);
        let entries = item.get("entries").and_then(Value::as_object);
        let (Some(version), Some(entries)) = (version, entries) else {
            if let Some(version) = version.filter(|version| *version > VERSION) {
                read.newer = Some(version);
            }
            read.broken.insert(key.clone(), item.clone());
            continue;
        };
        if version > VERSION {
            read.newer = Some(version);
        }
        for (id, entry) in entries {
            match serde_json::from_value::<Entry>(entry.clone()) {
                Ok(entry) => {
                    let one = State { entries: BTreeMap::from([(id.clone(), entry)]) };
                    read.state = read.state.join(&one);
                }
                Err(_) => drop(read.broken.insert(format!("{key}/{id}"), entry.clone())),
            }
        }
    }
    read
}

/// The items of a state, and the ids of what has no room in them: what is too large for one, and then what is least needed
/// elsewhere.
pub(crate) fn pack(state: &State) -> (BTreeMap<String, Value>, Vec<String>) {
    let mut all: Vec<(usize, usize, &String, Value)> = Vec::new();
    for (id, entry) in &state.entries {
        let value = serde_json::to_value(entry).unwrap_or_default();
        // Quotes around the id, a colon, a comma.
        all.push((rank(id), size(&json!(id)) + size(&value) + 2, id, value));
    }
    all.sort_by(|one, other| (one.0, one.1, one.2).cmp(&(other.0, other.1, other.2)));
    let (mut taken, mut left_out, mut total) = (Vec::new(), Vec::new(), 0);
    for (_, size, id, value) in all {
        let fits = size + FRAME_BYTES <= ITEM_BYTES;
        if fits && pessimistic(total + size) <= TOTAL_BYTES {
            total += size;
            taken.push((id, size, value));
        } else {
            left_out.push(id.clone());
        }
    }
    taken.sort_by_key(|(id, ..)| *id);
    let mut items = BTreeMap::new();
    let (mut entries, mut bytes) = (Map::new(), FRAME_BYTES);
    let close = |items: &mut BTreeMap<String, Value>, entries: &mut Map<String, Value>| {
        if !entries.is_empty() {
            let key = format!("{ITEM_PREFIX}{}", items.len());
            items.insert(key, json!({ "version": VERSION, "entries": std::mem::take(entries) }));
        }
    };
    for (id, size, value) in taken {
        if bytes + size > ITEM_BYTES {
            close(&mut items, &mut entries);
            bytes = FRAME_BYTES;
        }
        bytes += size;
        entries.insert(id.clone(), value);
    }
    close(&mut items, &mut entries);
    (items, left_out)
}

/// What so many bytes of entries take at most with the items around them. (An item is closed when the next entry does not fit: two
/// that follow each other hold more than one item's bytes between them.)
fn pessimistic(bytes: usize) -> usize {
    bytes + FRAME_BYTES * (2 * bytes / (ITEM_BYTES - FRAME_BYTES) + 1)
}

/// The bytes of a value as browsers count them: Chromium writes `<` as six, and two separators of lines as six each.
pub(crate) fn size(value: &Value) -> usize {
    let text = value.to_string();
    let longer = text.chars().map(|c| match c {
        '<' => 5,
        '\u{2028}' | '\u{2029}' | '\u{7f}' => 5,
        _ => 0,
    });
    text.len() + longer.sum::<usize>()
}

/// How much an entry is needed elsewhere: small things first, copies of what lost last.
fn rank(id: &str) -> usize {
    let kinds = ["set/", "off/", "site/", "sign/", "order/", "fav/", "hide/", "word/", "phrase/", "snippet/"];
    kinds.iter().position(|kind| id.starts_with(kind)).unwrap_or(kinds.len())
}
