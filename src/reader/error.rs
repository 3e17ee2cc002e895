//! Why a file is not a reader.

use std::fmt;

/// Why the bytes given are not a reader that this version can use. Its text is one sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderError(String);

impl ReaderError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for ReaderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ReaderError {}
