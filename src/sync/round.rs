//! One round: what changed here goes there, what changed there comes here, and what two changed at once is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::items;
use crate::own::{OF_SETTINGS, Own, SETTINGS_KEY};
use crate::state::{Entries, State, Version};

/// The version of what is stored for this, here and in `storage.sync`. A higher one was written by a newer Composure and is not
/// touched.
pub const VERSION: u64 = 1;
/// What the ids begin with of versions that are not in use.
pub const KEPT: &str = "kept/";
/// For how many seconds it is remembered that something was deleted: 400 days.
const REMEMBERED: u64 = 400 * 86_400;

/// What a browser remembers between rounds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Which shape this is.
    pub version: u64,
    /// The browser's name among the writer's browsers, given by chance.
    pub device: String,
    /// How many things it wrote under that name.
    pub count: u64,
    /// All that is known.
    pub state: State,
    /// The entries as they were here after the last round: what differs from them was changed here.
    pub base: Entries,
}

/// Why a round does nothing. Nothing is changed then, on either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// What is here or there was written by a newer Composure, in this format.
    Newer(u64),
    /// What this browser remembers cannot be read.
    Memory(String),
}

/// A version that is not in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its own id.
    pub id: String,
    /// Of which entry it is.
    pub of: String,
    /// What was written.
    pub value: Value,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// What the writer decides of a version that is not in use: its id, and whether to use it; else it is forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As [`Kept::id`].
    pub id: String,
    /// Whether it is to be used.
    pub take: bool,
}

/// What a round comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// To be remembered.
    pub memory: Memory,
    /// What to store here, or to delete where there is nothing.
    pub here: BTreeMap<String, Option<Value>>,
    /// What to store in `storage.sync`.
    pub there: BTreeMap<String, Value>,
    /// What to delete in `storage.sync`, after that.
    pub spare: Vec<String>,
    /// The ids of entries that have no room there.
    pub left_out: Vec<String>,
    /// What of `storage.sync` cannot be read, and is to be kept before it is written over.
    pub broken: BTreeMap<String, Value>,
}

impl Memory {
    /// Reads what was stored; `device` is a name for a browser that has none yet.
    ///
    /// # Errors
    /// Where it cannot be read: it is not to be written over then.
    pub fn read(stored: Option<&Value>, device: &str) -> Result<Memory, Problem> {
        let Some(stored) = stored else {
            return Ok(Memory { version: VERSION, device: device.to_owned(), ..Memory::default() });
        };
        match stored.get("version").and_then(Value::as_u64) {
            Some(version) if version > VERSION => Err(Problem::Newer(version)),
            Some(_) => serde_json::from_value(stored.clone()).map_err(|error| Problem::Memory(error.to_string())),
            None => Err(Problem::Memory("it has no version".to_owned())),
        }
    }

    /// What is kept and not in use, the newest first.
    pub fn kept(&self) -> Vec<Kept> {
        let kept = |(id, entry): (&String, &crate::state::Entry)| {
            let version = entry.now().last().filter(|_| id.starts_with(KEPT))?;
            let of = version.value.get("of")?.as_str()?.to_owned();
            Some(Kept { id: id.clone(), of, value: version.value.get("value")?.clone(), at: version.at })
        };
        let mut all: Vec<Kept> = self.state.entries.iter().filter_map(kept).collect();
        all.sort_by(|one, other| (other.at, &one.id).cmp(&(one.at, &other.id)));
        all
    }

    fn write(&mut self, id: &str, value: Option<Value>, before: Option<&Value>, now: u64) {
        self.count += 1;
        self.state.write(id, value, before, &self.device, self.count, now);
    }

    /// Takes what changed here since the last round.
    fn note(&mut self, own: &Own, now: u64) {
        let (mine, frozen) = own.entries();
        let mut base = self.base.clone();
        // Settings that are gone altogether were lost, not changed: they come back.
        if !own.stored.contains_key(SETTINGS_KEY) {
            base.retain(|id, _| !OF_SETTINGS.iter().any(|kind| id.starts_with(kind)));
        }
        let mut ids: Vec<&String> = mine.keys().chain(base.keys().filter(|id| !mine.contains_key(*id))).collect();
        ids.sort();
        for id in ids {
            let (value, before) = (mine.get(id), base.get(id));
            if value != before && !frozen.has(id) {
                self.write(id, value.cloned(), before, now);
            }
        }
    }

    /// Has one version of each entry in use, and keeps the others.
    fn settle(&mut self) {
        for (of, version) in self.state.settle() {
            // In which order lists are is no words of anybody's. What is kept is kept under what it says, so it is there already.
            if of.starts_with("order/") || of.starts_with(KEPT) {
                continue;
            }
            let value = json!({ "of": of, "value": version.value });
            let id = format!("{KEPT}{:016x}", hash(&value.to_string()));
            self.state.put(id, Version { value, ..version });
        }
    }

    fn choose(&mut self, choice: &Choice, now: u64) {
        let Some(kept) = self.kept().into_iter().find(|kept| kept.id == choice.id) else { return };
        if choice.take {
            let before = self.state.entries.get(&kept.of).and_then(|entry| entry.value()).cloned();
            self.write(&kept.of, Some(kept.value.clone()), before.as_ref(), now);
            // The one that was in use until now can be taken again.
            if let Some(before) = before.filter(|before| *before != kept.value) {
                let value = json!({ "of": kept.of, "value": before });
                let id = format!("{KEPT}{:016x}", hash(&value.to_string()));
                self.write(&id, Some(value), None, now);
            }
        }
        let value = self.state.entries.get(&kept.id).and_then(|entry| entry.value()).cloned();
        self.write(&kept.id, None, value.as_ref(), now);
    }
}

/// What is here, what is remembered, and the items that are there come together. `now` is in seconds since 1970; `spare_name` a
/// name that no browser of the writer's has.
///
/// # Errors
/// Where something was written by a newer Composure: nothing is touched then.
pub fn round(
    own: &Own,
    memory: Memory,
    items: &BTreeMap<String, Value>,
    choice: Option<&Choice>,
    now: u64,
    spare_name: &str,
) -> Result<Round, Problem> {
    let read = items::unpack(items);
    if let Some(version) = read.newer {
        return Err(Problem::Newer(version));
    }
    let mut memory = memory;
    if memory.state.is_taken(&memory.device, memory.count, &read.state) {
        // A profile was copied, or put back from a copy: two browsers have this name.
        memory.count = memory.state.rename(&memory.device, spare_name, &read.state);
        memory.device = spare_name.to_owned();
    }
    memory.note(own, now);
    memory.state = memory.state.join(&read.state);
    memory.settle();
    if let Some(choice) = choice {
        memory.choose(choice, now);
    }
    memory.state.forget(now.saturating_sub(REMEMBERED));

    let mut wanted = memory.state.values();
    wanted.retain(|id, _| !id.starts_with(KEPT));
    let here = own.changes(&wanted);
    let mut after = own.clone();
    for (key, value) in &here {
        match value {
            Some(value) => drop(after.stored.insert(key.clone(), value.clone())),
            None => drop(after.stored.remove(key)),
        }
    }
    memory.base = after.entries().0;

    let (mut there, left_out) = items::pack(&memory.state);
    let spare = items.keys().filter(|key| key.starts_with(items::ITEM_PREFIX) && !there.contains_key(*key));
    let spare = spare.cloned().collect();
    there.retain(|key, item| items.get(key) != Some(item));
    Ok(Round { memory, here, there, spare, left_out, broken: read.broken })
}

/// FNV-1a: the same everywhere, and nobody gains by two that are alike.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
