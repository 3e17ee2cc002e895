//! What the writer chose, as it is stored.

use composure_engine::Beside;
use composure_few::Set;
use composure_words::t;
use serde::{Deserialize, Serialize};

/// The version written by this code. A higher one was written by a newer Composure and is not touched.
const VERSION: u32 = 1;

/// Everything that the options page sets. Stored as one object; fields of it that this version does not know are kept
/// by whoever stores it.
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
    /// What ends a mail from certain addresses instead.
    pub signatures: Vec<Signature>,
    /// Ids of rules that are off.
    pub rules_off: Set<String>,
    /// Host names on which nothing is done; `*.` stands for whatever a host begins with.
    pub sites_off: Set<String>,
    /// Until when nothing is done anywhere, in milliseconds since 1970.
    pub paused_until: Option<u64>,
    /// Whether the learned reader reads along, where it is installed.
    pub reader: bool,
    /// Whether a hot draft is held when Send is pressed.
    pub guard: bool,
    /// From which heat on, 1 to 100. An insult, a threat or a swear word is held at any heat.
    pub guard_heat: u8,
    /// Which sent replies are kept.
    pub records: Keep,
    /// After how many days records are deleted; `None` is never.
    pub keep_days: Option<u32>,
    /// Words that are no misspellings.
    pub dictionary: Set<String>,
    /// How fast drafts are read aloud, in percent of the voice's own speed.
    pub speech_rate: u32,
    /// The name of the voice that reads them; empty for the browser's choice.
    pub voice: String,
    /// The language of the interface, as `extension/_locales` names it; empty for the browser's.
    pub language: String,
    /// What the team's packs bring; never stored with the settings.
    #[serde(skip)]
    pub team: Team,
}

/// What the packs bring that are on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// Their phrases and terms.
    pub beside: Beside,
    /// Their terms, which are no misspellings, each with an end of line behind it.
    pub terms: String,
    /// Ids of rules that do not apply.
    pub rules_off: Vec<String>,
    /// From which heat on a draft is held, instead of the writer's own.
    pub guard_heat: Option<u8>,
    /// After how many days records are deleted, instead of the writer's own.
    pub keep_days: Option<u32>,
}

/// What a writer changes from within a mail. It is made in what is stored by then, so that nothing is lost that was changed
/// elsewhere meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This rule is off everywhere.
    RuleOff(String),
    /// This word is no misspelling.
    Word(String),
}

/// What ends a mail from certain addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// Mail addresses as they were typed, between commas or spaces. `@shop.example` is each of that domain.
    pub addresses: String,
    /// The signature; may have several lines.
    pub text: String,
}

/// Which sent replies are kept as records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Those to heated customers, and those that were hot while they were written.
    #[default]
    Hot,
    /// Every one.
    All,
    /// None.
    None,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            version: VERSION,
            my_name: String::new(),
            business: String::new(),
            signature: String::new(),
            signatures: Vec::new(),
            rules_off: Set::new(),
            sites_off: Set::new(),
            paused_until: None,
            reader: true,
            guard: true,
            guard_heat: 60,
            records: Keep::default(),
            keep_days: None,
            dictionary: Set::new(),
            speech_rate: 100,
            voice: String::new(),
            language: String::new(),
            team: Team::default(),
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
            SettingsProblem::Newer(version) => formatter.write_str(&t!(
                "Your settings were saved by a newer Composure (format {version}). They are kept as they are; \
                 until you update, the standard settings apply.",
                version = version
            )),
            SettingsProblem::Broken(detail) => formatter.write_str(&t!(
                "Your settings could not be read ({detail}). They are kept as they are; until you save new ones, \
                 the standard settings apply.",
                detail = detail
            )),
        }
    }
}

impl Settings {
    /// From which heat on a draft is held.
    pub fn heat_to_hold(&self) -> u8 {
        self.team.guard_heat.unwrap_or(self.guard_heat)
    }

    /// After how many days records are deleted, by writer and packs; `None` is never.
    pub fn days_to_keep(&self) -> Option<u32> {
        self.team.keep_days.or(self.keep_days)
    }

    /// What ends a mail from this address: the first signature for it that says anything, or the one for all others.
    pub fn signature_for(&self, sender: Option<&str>) -> &str {
        let is_for = |address: &str, sender: &str| {
            let start = sender.len().saturating_sub(address.len());
            // A domain is meant only where it begins with its mark.
            (start == 0 || address.starts_with('@'))
                && !address.is_empty()
                && sender.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(address))
        };
        let own = sender.and_then(|sender| {
            self.signatures.iter().find(|one| {
                let mut addresses = one.addresses.split([',', ';', ' ', '\n']);
                !one.text.trim().is_empty() && addresses.any(|address| is_for(address, sender))
            })
        });
        own.map_or(&self.signature, |own| &own.text)
    }

    /// Makes a change.
    pub fn make(&mut self, change: Change) {
        match change {
            Change::RuleOff(rule) => self.rules_off.insert(rule),
            Change::Word(word) => self.dictionary.insert(word),
        };
    }

    /// Changes what differs between `before` and `after`, and nothing else: what was changed elsewhere meanwhile stays, and so do
    /// words and rules that came to a list.
    pub fn follow(&mut self, before: &Settings, after: &Settings) {
        fn field<T: Clone + PartialEq>(own: &mut T, before: &T, after: &T) {
            if before != after {
                own.clone_from(after);
            }
        }
        fn list(own: &mut Set<String>, before: &Set<String>, after: &Set<String>) {
            own.retain(|one| after.contains(one) || !before.contains(one));
            own.extend(after.iter().filter(|one| !before.contains(*one)).cloned());
        }
        // Named one by one, so that none can be forgotten: the team's are no settings of the writer's, the version is ours.
        let Settings {
            version: _,
            my_name,
            business,
            signature,
            signatures,
            rules_off,
            sites_off,
            paused_until,
            reader,
            guard,
            guard_heat,
            records,
            keep_days,
            dictionary,
            speech_rate,
            voice,
            language,
            team: _,
        } = self;
        field(my_name, &before.my_name, &after.my_name);
        field(business, &before.business, &after.business);
        field(signature, &before.signature, &after.signature);
        field(signatures, &before.signatures, &after.signatures);
        list(rules_off, &before.rules_off, &after.rules_off);
        list(sites_off, &before.sites_off, &after.sites_off);
        field(paused_until, &before.paused_until, &after.paused_until);
        field(reader, &before.reader, &after.reader);
        field(guard, &before.guard, &after.guard);
        field(guard_heat, &before.guard_heat, &after.guard_heat);
        field(records, &before.records, &after.records);
        field(keep_days, &before.keep_days, &after.keep_days);
        list(dictionary, &before.dictionary, &after.dictionary);
        field(speech_rate, &before.speech_rate, &after.speech_rate);
        field(voice, &before.voice, &after.voice);
        field(language, &before.language, &after.language);
    }

    /// Whether stored settings of this version can be read at all; `None` is something without a version.
    pub fn check_version(version: Option<u32>) -> Result<(), SettingsProblem> {
        match version {
            Some(version) if version > VERSION => Err(SettingsProblem::Newer(version)),
            Some(_) => Ok(()),
            None => Err(SettingsProblem::Broken("it has no version".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_elsewhere_stays() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Set<_>>();
        let before = Settings { dictionary: words(&["old", "older"]), ..Settings::default() };
        let mut after = Settings { my_name: "Dana".to_owned(), guard_heat: 80, ..before.clone() };
        after.dictionary = words(&["old", "here"]);
        let mut stored = Settings { business: "Pine & Wick".to_owned(), voice: "Ann".to_owned(), ..before.clone() };
        stored.dictionary = words(&["old", "older", "elsewhere"]);
        stored.rules_off = words(&["blame"]);
        stored.follow(&before, &after);
        let wanted = Settings {
            my_name: "Dana".to_owned(),
            guard_heat: 80,
            business: "Pine & Wick".to_owned(),
            voice: "Ann".to_owned(),
            dictionary: words(&["old", "here", "elsewhere"]),
            rules_off: words(&["blame"]),
            ..Settings::default()
        };
        assert_eq!(stored, wanted);
        stored.make(Change::RuleOff("insult".to_owned()));
        stored.make(Change::Word("kettle".to_owned()));
        assert!(stored.rules_off.contains("insult") && stored.dictionary.contains("kettle"));
    }

    /// From nothing to all that can be set: no field is forgotten.
    #[test]
    fn every_setting_is_followed() {
        let after = Settings {
            my_name: "a".to_owned(),
            business: "b".to_owned(),
            signature: "c".to_owned(),
            signatures: vec![Signature::default()],
            rules_off: Set::from(["d".to_owned()]),
            sites_off: Set::from(["e".to_owned()]),
            paused_until: Some(1),
            reader: false,
            guard: false,
            guard_heat: 31,
            records: Keep::None,
            keep_days: Some(2),
            dictionary: Set::from(["f".to_owned()]),
            speech_rate: 90,
            voice: "g".to_owned(),
            language: "de".to_owned(),
            ..Settings::default()
        };
        let mut stored = Settings::default();
        stored.follow(&Settings::default(), &after);
        assert_eq!(stored, after);
    }

    #[test]
    fn only_versions_we_know_are_read() {
        assert_eq!(Settings::check_version(Some(1)), Ok(()));
        assert_eq!(Settings::check_version(Some(7)), Err(SettingsProblem::Newer(7)));
        assert_eq!(Settings::check_version(None), Err(SettingsProblem::Broken("it has no version".to_owned())));
    }

    #[test]
    fn the_signature_is_that_of_the_address() {
        let one = |addresses: &str, text: &str| Signature { addresses: addresses.to_owned(), text: text.to_owned() };
        let settings = Settings {
            signature: "Dana".to_owned(),
            signatures: vec![
                one("help@shop.example", " "),
                one("help@shop.example, Sales@Shop.example", "The shop"),
                one("@lamp.example", "The lamps"),
                one("", "Nobody"),
            ],
            ..Settings::default()
        };
        for (sender, text) in [
            (None, "Dana"),
            (Some(""), "Dana"),
            (Some("dana@else.example"), "Dana"),
            (Some("xhelp@shop.example"), "Dana"),
            (Some("HELP@shop.example"), "The shop"),
            (Some("sales@shop.example"), "The shop"),
            (Some("dana@lamp.example"), "The lamps"),
            (Some("dana@notlamp.example"), "Dana"),
            (Some("é"), "Dana"),
        ] {
            assert_eq!(settings.signature_for(sender), text, "{sender:?}");
        }
    }

    /// What an earlier Composure stored, with one signature for all.
    #[test]
    fn settings_from_before_there_were_several_signatures_are_read() {
        let old = r#"{"version":1,"my_name":"Dana","business":"Pine & Wick","signature":"Kind regards,\nDana",
            "rules_off":["blame"],"sites_off":[],"paused_until":null,"reader":true,"guard":true,"guard_heat":60,
            "records":"hot","keep_days":null,"dictionary":[],"speech_rate":100,"voice":""}"#;
        let read: Settings = serde_json::from_str(old).expect("settings");
        assert_eq!(read.signature_for(Some("dana@shop.example")), "Kind regards,\nDana");
        assert_eq!(read.signatures, []);
    }

    #[test]
    fn missing_fields_are_standard_and_wrong_ones_are_errors() {
        let read = |json: &str| serde_json::from_str::<Settings>(json);
        assert_eq!(read(r#"{"version": 1}"#).expect("settings"), Settings::default());
        let dana = Settings { my_name: "Dana".to_owned(), ..Settings::default() };
        assert_eq!(read(r#"{"version": 1, "my_name": "Dana", "of_a_later_version": [3]}"#).expect("settings"), dana);
        let json = serde_json::to_string(&dana).expect("JSON");
        assert_eq!(serde_json::from_str::<Settings>(&json).expect("settings"), dana);
        assert!(read(r#"{"version": 1, "my_name": 3}"#).is_err());
        assert!(read(r#""gone wrong""#).is_err());
    }
}
