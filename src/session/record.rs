//! A reply that was sent, as it is kept on this machine.

use serde::{Deserialize, Serialize};

/// The version written by this code. A higher one was written by a newer Composure and is not touched.
pub(crate) const VERSION: u32 = 1;
/// What every key under which a record is stored begins with.
pub const KEY_PREFIX: &str = "record-";

/// A reply and what it answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which shape this is.
    pub version: u32,
    /// When it was sent, in milliseconds since 1970. The session has no clock: the frame fills it in.
    pub time: u64,
    /// The host of the webmail. The session knows no page: the frame fills it in.
    pub site: String,
    /// The customer's name, if the page told it.
    pub recipient: Option<String>,
    /// The customer's mail address, if the page told it.
    pub address: Option<String>,
    /// The subject, if the page told it.
    pub subject: Option<String>,
    /// The customer's last message; empty where there was none to see.
    pub message: String,
    /// The writer's own words as they were sent, without quotes.
    pub reply: String,
    /// How heated the customer was, 0 to 100.
    pub heat_message: u8,
    /// The heat of the draft when it was hottest.
    pub heat_before: u8,
    /// The heat of the draft as it was sent.
    pub heat_after: u8,
    /// How many seconds after it was first seen hot (heat of [`HOT`](crate::HOT) or more) the draft was calm (below
    /// [`WARM`](crate::WARM)) and stayed so until it was sent, waits included. Nothing where it never was hot, was sent warm, was
    /// closed in between, or was kept before this was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calm_after: Option<u32>,
}

impl Record {
    /// Whether a stored record of this version can be read at all; if not, why.
    pub fn check_version(version: Option<u32>) -> Result<(), String> {
        match version {
            Some(version) if version > VERSION => Err(format!("saved by a newer Composure, in format {version}")),
            Some(_) => Ok(()),
            None => Err("it has no version".to_owned()),
        }
    }

    /// The key under which a record is stored: it tells the time, in milliseconds since 1970, so that old records are found
    /// without being read. `unique` tells two of the same millisecond apart.
    pub fn key(time: u64, unique: u32) -> String {
        format!("{KEY_PREFIX}{time}-{unique}")
    }

    /// The time that a key tells; nothing where it is not the key of a record.
    pub fn time_of(key: &str) -> Option<u64> {
        key.strip_prefix(KEY_PREFIX)?.split('-').next()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_the_time() {
        assert_eq!(Record::time_of(&Record::key(1_795_000_000_000, 7)), Some(1_795_000_000_000));
        for key in ["settings", "record-", "record-x-7", "record--7", "record"] {
            assert_eq!(Record::time_of(key), None, "{key}");
        }
    }

    #[test]
    fn only_versions_we_know_are_read() {
        assert_eq!(Record::check_version(Some(1)), Ok(()));
        assert!(Record::check_version(Some(2)).is_err_and(|why| why.contains("newer")));
        assert!(Record::check_version(None).is_err());
    }
}
