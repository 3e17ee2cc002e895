//! What the writer chose, as it is stored.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The version written by this code. A higher one was written by a newer Composure and is not touched.
const VERSION: u32 = 1;

/// Everything that the options page sets. Stored as one JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Which shape this is.
    pub version: u32,
    /// The writer's name, for `{my_name}`; may be empty.
    pub my_name: String,
    /// The business, for `{business}`; may be empty.
    pub business: String,
    /// What ends a mail; may be empty, may have several lines.
    pub signature: String,
    /// Ids of rules that are off.
    pub rules_off: BTreeSet<String>,
    /// Host names on which nothing is done.
    pub sites_off: BTreeSet<String>,
    /// Fields this version does not know: kept, and written back.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            version: VERSION,
            my_name: String::new(),
            business: String::new(),
            signature: String::new(),
            rules_off: BTreeSet::new(),
            sites_off: BTreeSet::new(),
            unknown: BTreeMap::new(),
        }
    }
}

/// Why stored settings cannot be used. They stay where they are until the writer saves new ones, and are kept then too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsProblem {
    /// Written by a newer version of Composure.
    Newer(u32),
    /// Not in the shape of settings; says what is wrong.
    Broken(String),
}

impl std::fmt::Display for SettingsProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SettingsProblem::Newer(version) => write!(
                formatter,
                "Your settings were saved by a newer Composure (format {version}). They are kept as they are; \
                 until you update, the standard settings apply."
            ),
            SettingsProblem::Broken(detail) => write!(
                formatter,
                "Your settings could not be read ({detail}). They are kept as they are; until you save new ones, \
                 the standard settings apply."
            ),
        }
    }
}

impl Settings {
    /// Reads what is stored; `None` is a first start.
    pub fn read(stored: Option<serde_json::Value>) -> Result<Settings, SettingsProblem> {
        let Some(stored) = stored else { return Ok(Settings::default()) };
        match stored.get("version").and_then(serde_json::Value::as_u64) {
            Some(version) if version > u64::from(VERSION) => {
                return Err(SettingsProblem::Newer(u32::try_from(version).unwrap_or(u32::MAX)));
            }
            Some(_) => {}
            None => return Err(SettingsProblem::Broken("it has no version".to_owned())),
        }
        serde_json::from_value(stored).map_err(|error| SettingsProblem::Broken(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn stored_settings_are_read_or_reported() {
        let table = [
            (None, Ok(Settings::default())),
            (Some(json!({"version": 1})), Ok(Settings::default())),
            (
                Some(json!({"version": 1, "my_name": "Dana", "rules_off": ["blame"]})),
                Ok(Settings {
                    my_name: "Dana".to_owned(),
                    rules_off: BTreeSet::from(["blame".to_owned()]),
                    ..Settings::default()
                }),
            ),
            (Some(json!({"version": 7})), Err(SettingsProblem::Newer(7))),
            (Some(json!("gone wrong")), Err(SettingsProblem::Broken("it has no version".to_owned()))),
        ];
        for (stored, expected) in table {
            assert_eq!(Settings::read(stored.clone()), expected, "{stored:?}");
        }
        assert!(matches!(Settings::read(Some(json!({"version": 1, "my_name": 3}))), Err(SettingsProblem::Broken(_))));
    }

    #[test]
    fn fields_of_other_versions_survive_a_save() {
        let stored = json!({"version": 1, "my_name": "Dana", "business": "", "signature": "", "rules_off": [],
            "sites_off": [], "cool_off_minutes": 10});
        let settings = Settings::read(Some(stored.clone())).expect("readable");
        assert_eq!(serde_json::to_value(&settings).expect("writable"), stored);
    }
}
