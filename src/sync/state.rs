//! Who wrote what, on top of what: entries that any number of browsers change, and that come together in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Values by the ids of their entries.
pub type Entries = BTreeMap<String, Value>;

/// What a browser wrote into an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "(String, u64, u64, Value)", into = "(String, u64, u64, Value)")]
pub struct Version {
    /// The browser, by a name that it gave itself by chance.
    pub by: String,
    /// How many things it had written then, this one included.
    pub nth: u64,
    /// When, in seconds since 1970; later than what it stands for, whatever the clock said.
    pub at: u64,
    /// What.
    pub value: Value,
}

impl From<(String, u64, u64, Value)> for Version {
    fn from((by, nth, at, value): (String, u64, u64, Value)) -> Version {
        Version { by, nth, at, value }
    }
}

impl From<Version> for (String, u64, u64, Value) {
    fn from(Version { by, nth, at, value }: Version) -> Self {
        (by, nth, at, value)
    }
}

impl Version {
    /// In which order of two at once the later one is in use. The value is in it for profiles that were copied, whose
    /// browsers have one name.
    fn rank(&self) -> (u64, &str, u64, String) {
        (self.at, &self.by, self.nth, self.value.to_string())
    }
}

/// An entry: what was written and nothing else stands for, and all that was known when it was written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Entry {
    /// What stands: nothing where it was deleted, several where browsers wrote at once. In order of [`Version::rank`].
    now: Vec<Version>,
    /// Of each browser, up to which of its writings all are in `now`, or are overwritten.
    seen: BTreeMap<String, u64>,
    /// When it was deleted last, in seconds since 1970; 0 where it never was.
    gone: u64,
}

/// An entry as it is stored: without what `now` says anyway.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    now: Vec<Version>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    seen: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    gone: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl From<Written> for Entry {
    fn from(Written { now, seen, gone }: Written) -> Entry {
        let mut entry = Entry { now, seen, gone };
        for version in &entry.now {
            let seen = entry.seen.entry(version.by.clone()).or_default();
            *seen = version.nth.max(*seen);
        }
        entry.order();
        entry
    }
}

impl From<Entry> for Written {
    fn from(Entry { now, mut seen, gone }: Entry) -> Written {
        seen.retain(|by, nth| now.iter().all(|version| version.by != *by || version.nth < *nth));
        Written { now, seen, gone }
    }
}

impl Entry {
    fn order(&mut self) {
        self.now.sort_by(|one, other| one.rank().cmp(&other.rank()));
        self.now.dedup();
    }

    /// What is in use; nothing where it was deleted.
    pub fn value(&self) -> Option<&Value> {
        self.now.last().map(|version| &version.value)
    }

    /// All that stand, the one in use last.
    pub fn now(&self) -> &[Version] {
        &self.now
    }

    /// Whether this one stands beside `other`: it is there too, or nobody who knew it put anything in its place.
    fn stands(version: &Version, other: &Entry) -> bool {
        let is_there = |one: &Version| one.by == version.by && one.nth == version.nth;
        other.seen.get(&version.by).is_none_or(|seen| *seen < version.nth) || other.now.iter().any(is_there)
    }

    fn join(&self, other: &Entry) -> Entry {
        let mut now: Vec<Version> = self.now.iter().filter(|one| Entry::stands(one, other)).cloned().collect();
        now.extend(other.now.iter().filter(|one| Entry::stands(one, self)).cloned());
        let mut seen = self.seen.clone();
        for (by, nth) in &other.seen {
            let both = seen.entry(by.clone()).or_default();
            *both = (*both).max(*nth);
        }
        let mut joined = Entry { now, seen, gone: self.gone.max(other.gone) };
        joined.order();
        joined
    }
}

/// What all browsers are known to have written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct State {
    /// By their ids.
    pub entries: BTreeMap<String, Entry>,
}

impl State {
    /// What is in use of each entry that was not deleted.
    pub fn values(&self) -> Entries {
        let value = |(id, entry): (&String, &Entry)| Some((id.clone(), entry.value()?.clone()));
        self.entries.iter().filter_map(value).collect()
    }

    /// All that either knows: in any order, and as often as one likes, it comes to the same.
    pub fn join(&self, other: &State) -> State {
        let mut joined = self.clone();
        for (id, theirs) in &other.entries {
            let ours = joined.entries.entry(id.clone()).or_default();
            *ours = ours.join(theirs);
        }
        joined
    }

    /// Writes, or deletes, an entry, as the browser `by` for the `nth` time, in place of what it knew (`before`).
    pub fn write(&mut self, id: &str, value: Option<Value>, before: Option<&Value>, by: &str, nth: u64, at: u64) {
        let entry = self.entries.entry(id.to_owned()).or_default();
        if value.is_some() && entry.value() == value.as_ref() {
            return;
        }
        let at = entry.now.iter().map(|version| version.at.saturating_add(1)).max().unwrap_or(0).max(at);
        // What was never in use here is not overwritten here.
        entry.now.retain(|version| Some(&version.value) != before);
        entry.seen.insert(by.to_owned(), nth);
        if value.is_none() {
            entry.gone = at;
        }
        entry.now.extend(value.map(|value| Version { by: by.to_owned(), nth, at, value }));
        entry.order();
    }

    /// Leaves one version of each entry, and gives the others with the ids of their entries. It is the same one wherever
    /// the same are there.
    pub fn settle(&mut self) -> Vec<(String, Version)> {
        let mut others = Vec::new();
        for (id, entry) in &mut self.entries {
            let Some(last) = entry.now.pop() else { continue };
            let differs = |one: &Version| one.value != last.value;
            others.extend(entry.now.drain(..).filter(differs).map(|one| (id.clone(), one)));
            entry.now.push(last);
        }
        others
    }

    /// Puts a version that was written already under another id.
    pub fn put(&mut self, id: String, version: Version) {
        let entry = Entry::from(Written { now: vec![version], seen: BTreeMap::new(), gone: 0 });
        let there = self.entries.entry(id).or_default();
        *there = there.join(&entry);
    }

    /// How many things a browser of this name has written, as far as is known here.
    pub fn count(&self, by: &str) -> u64 {
        self.entries.values().filter_map(|entry| entry.seen.get(by)).max().copied().unwrap_or(0)
    }

    /// Whether `known` has something under the name `by` that is not what this browser, which has the name, wrote; `count` is
    /// how many things it wrote.
    pub fn is_taken(&self, by: &str, count: u64, known: &State) -> bool {
        let other = |id: &String, theirs: &Version| {
            let mine = self.entries.get(id).map(|entry| entry.now.as_slice()).unwrap_or_default();
            mine.iter().any(|mine| mine.by == by && mine.nth == theirs.nth && mine != theirs)
        };
        let clashes = |(id, entry): (&String, &Entry)| entry.now.iter().any(|one| one.by == by && other(id, one));
        known.count(by) > count || known.entries.iter().any(clashes)
    }

    /// Gives what the browser `old` wrote and `known` has not got to the browser `new`: another one has the name too, because
    /// a profile was copied, and what either wrote would pass for overwritten by the other. Says how many things that were.
    pub fn rename(&mut self, old: &str, new: &str, known: &State) -> u64 {
        let mut nth = 0;
        for (id, entry) in &mut self.entries {
            let there = known.entries.get(id).map(|entry| entry.now.as_slice()).unwrap_or_default();
            let mut mine = entry.now.iter_mut().filter(|one| one.by == old && !there.contains(one)).peekable();
            if mine.peek().is_none() {
                continue;
            }
            for version in mine {
                nth += 1;
                (version.by, version.nth) = (new.to_owned(), nth);
            }
            entry.seen.insert(new.to_owned(), nth);
            entry.order();
        }
        nth
    }

    /// Forgets what was deleted before a time, in seconds since 1970. A browser that was away for longer brings it back.
    pub fn forget(&mut self, before: u64) {
        self.entries.retain(|_, entry| !entry.now.is_empty() || entry.gone >= before);
    }
}
