//! What the records page does with records, without a page: finding, drawing, and writing as mbox, JSON and CSV.
//!
//! **Invariants.** No browser, no clock, no I/O. What is stored and cannot be read is an [`Entry`] like any other: it is
//! listed, found, exported and deleted, and never dropped.

mod chart;
mod export;
mod filter;
mod progress;
#[cfg(test)]
mod tests;

pub use chart::chart;
pub use composure_session::Record;
pub use export::{csv, json, mbox};
pub use filter::{Filter, Heat};
pub use progress::{Bars, Counts, Week, bars, table_csv, weeks};

/// Something that is stored under a record's key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// What is there.
    pub stored: Stored,
    /// Its words in small letters, to be searched.
    words: String,
}

/// What a record's key holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// A record.
    Record(Record),
    /// What is no record that this version can read.
    Unreadable {
        /// Why not.
        why: String,
        /// All of it, as JSON.
        json: String,
    },
}

impl Entry {
    /// What is stored under a key.
    pub fn new(key: String, stored: Stored) -> Entry {
        let words = match &stored {
            Stored::Record(record) => {
                let told = [&record.recipient, &record.address, &record.subject];
                let mut words: Vec<&str> = told.into_iter().flatten().map(String::as_str).collect();
                words.extend([record.message.as_str(), record.reply.as_str()]);
                words.join("\n").to_lowercase()
            }
            Stored::Unreadable { json, .. } => json.to_lowercase(),
        };
        Entry { key, stored, words }
    }

    /// The record, where it can be read.
    pub fn record(&self) -> Option<&Record> {
        match &self.stored {
            Stored::Record(record) => Some(record),
            Stored::Unreadable { .. } => None,
        }
    }

    /// When it was kept, in milliseconds since 1970: what the record says, or its key; 0 where neither does.
    pub fn time(&self) -> u64 {
        self.record().map(|record| record.time).or_else(|| Record::time_of(&self.key)).unwrap_or(0)
    }
}
