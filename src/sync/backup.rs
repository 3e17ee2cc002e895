//! All that is the writer's own in one file, to be kept elsewhere or taken to another browser. Records have exports of their own.

use std::collections::BTreeMap;

use composure_packs::Pack;
use composure_session::Settings;
use composure_snippets::OWN_PREFIX;
use composure_words::t;
use serde_json::{Value, json};

use crate::own::{Own, PHRASES_KEY, SETTINGS_KEY, SNIPPETS_KEY, check};

/// The version of the file. A higher one was written by a newer Composure and is not read.
const VERSION: u64 = 1;
/// The field that tells it, by which the file is known.
const MARK: &str = "composure_backup";
/// The settings of one machine alone: a file from another one must not have records deleted here.
const OF_THIS_MACHINE: [&str; 4] = ["records", "keep_days", "voice", "paused_until"];
/// What keys of packs begin with.
const PACKS: &str = "pack-";

/// Whether what is stored under a key goes into the file.
pub fn is_exported(key: &str) -> bool {
    [SETTINGS_KEY, SNIPPETS_KEY].contains(&key) || key.starts_with(OWN_PREFIX) || key.starts_with(PACKS)
}

/// The file of what is stored. The same always gives the same bytes; what this version cannot read is in it as it is.
pub fn export(stored: &BTreeMap<String, Value>) -> String {
    let own: BTreeMap<&String, &Value> = stored.iter().filter(|(key, _)| is_exported(key)).collect();
    let mut text = serde_json::to_string_pretty(&json!({ MARK: VERSION, "stored": own })).unwrap_or_default();
    text.push('\n');
    text
}

/// A file that can be imported.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    stored: BTreeMap<String, Value>,
}

/// What a file brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Whether there are settings.
    pub settings: bool,
    /// Words of the dictionary.
    pub words: usize,
    /// Snippets, those in the trash included.
    pub snippets: usize,
    /// Own phrases to avoid.
    pub phrases: usize,
    /// Packs.
    pub packs: usize,
}

/// What becomes of what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// What the file has stands in its place. What the file has not, stays.
    Replace,
    /// It stays; what it lacks is added.
    Add,
}

impl Backup {
    /// Reads a file, whole or not at all.
    ///
    /// # Errors
    /// What is wrong with it, where something is.
    pub fn read(text: &str) -> Result<Backup, String> {
        let file: Value =
            serde_json::from_str(text).map_err(|error| t!("it is no such file ({error})", error = error))?;
        match file.get(MARK).and_then(Value::as_u64) {
            None => return Err(t!("it is no file that Composure saved").to_owned()),
            Some(version) if version > VERSION => {
                return Err(t!("it was saved by a newer Composure, in format {version}", version = version));
            }
            Some(_) => {}
        }
        let stored = file.get("stored").and_then(Value::as_object).ok_or(t!("it has nothing stored in it"))?;
        for (key, value) in stored {
            match check(key, value) {
                Some(Ok(())) => {}
                Some(Err(why)) => return Err(t!("“{key}” in it cannot be read: {why}", key = key, why = why)),
                None => return Err(t!("“{key}” in it is nothing that this Composure knows", key = key)),
            }
        }
        Ok(Backup { stored: stored.clone().into_iter().collect() })
    }

    /// What it brings.
    pub fn contents(&self) -> Contents {
        let settings = self.stored.get(SETTINGS_KEY);
        let settings = settings.and_then(|value| serde_json::from_value::<Settings>(value.clone()).ok());
        let phrases = self.stored.get(PHRASES_KEY).and_then(|kept| Pack::read(kept.get("text")?.as_str()?).ok());
        let is_pack = |key: &&String| key.starts_with(PACKS) && key.as_str() != PHRASES_KEY;
        Contents {
            words: settings.as_ref().map_or(0, |settings| settings.dictionary.len()),
            settings: settings.is_some(),
            snippets: self.stored.keys().filter(|key| key.starts_with(OWN_PREFIX)).count(),
            phrases: phrases.map_or(0, |pack| pack.avoid.len()),
            packs: self.stored.keys().filter(is_pack).count(),
        }
    }

    /// What has to be stored, with what is stored now: only what changes. What is kept of records and for how long, the voice and
    /// a pause stay as they are here, whatever the file has.
    pub fn import(&self, here: &BTreeMap<String, Value>, how: Import) -> BTreeMap<String, Value> {
        let mut new = match how {
            Import::Replace => self.stored.clone(),
            Import::Add => {
                let (mine, theirs) = (Own { stored: here.clone() }, Own { stored: self.stored.clone() });
                let mut wanted = theirs.entries().0;
                wanted.extend(mine.entries().0);
                let changes = mine.changes(&wanted).into_iter();
                let mut new: BTreeMap<String, Value> = changes.filter_map(|(key, value)| Some((key, value?))).collect();
                let packs = self.stored.iter().filter(|(key, _)| key.starts_with(PACKS) && !here.contains_key(*key));
                new.extend(packs.map(|(key, value)| (key.clone(), value.clone())));
                // What is not here at all comes as it is, with what no entry tells.
                for key in [SETTINGS_KEY, SNIPPETS_KEY] {
                    let theirs = self.stored.get(key).filter(|_| !here.contains_key(key));
                    new.extend(theirs.map(|value| (key.to_owned(), value.clone())));
                }
                new
            }
        };
        if let Some(settings) = new.get_mut(SETTINGS_KEY).and_then(Value::as_object_mut) {
            let own = here.get(SETTINGS_KEY).filter(|own| check(SETTINGS_KEY, own) == Some(Ok(())));
            for name in OF_THIS_MACHINE {
                match own.and_then(|own| own.get(name)) {
                    Some(own) => settings.insert(name.to_owned(), own.clone()),
                    None => settings.remove(name),
                };
            }
        }
        new.retain(|key, value| here.get(key) != Some(value));
        new
    }
}
