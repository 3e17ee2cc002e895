//! The writer's library: the shipped snippets, their own, and what is known of how they use them.

use composure_few::{Map, Set};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;

/// The version of stored forms that this code writes. A higher one was written by a newer Composure and is not touched.
const VERSION: u32 = 1;
/// What every key under which an own snippet is stored begins with.
pub const OWN_PREFIX: &str = "snippet-";

/// A text to insert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snippet {
    /// Unique; small letters, digits and hyphens.
    pub id: String,
    /// What lists call it.
    pub title: String,
    /// What it is for, such as `late-delivery`.
    pub situation: String,
    /// `warm`, `plain` or `formal`.
    pub register: String,
    /// What a writer types to find it, and what a conversation about it says.
    pub words: Vec<String>,
    /// The checklist items that it meets, such as `next_step`.
    pub needs: Vec<String>,
    /// The template.
    pub text: String,
}

/// A snippet of the writer's own, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Which shape this is.
    pub version: u32,
    /// The snippet.
    pub snippet: Snippet,
    /// When it was put into the trash, in milliseconds since 1970; nothing where it is not there.
    pub trashed: Option<u64>,
}

impl Own {
    /// A new one.
    pub fn new(snippet: Snippet) -> Own {
        Own { version: VERSION, snippet, trashed: None }
    }
}

/// How a writer uses the library, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// Which shape this is.
    pub version: u32,
    /// Ids that come first.
    pub favourites: Set<String>,
    /// Ids of shipped snippets that are not offered.
    pub hidden: Set<String>,
    /// The writer's own, as they ordered them; those that are not named come after these.
    pub order: Vec<String>,
    /// How often each was inserted.
    pub uses: Map<String, u32>,
}

impl Default for Habits {
    fn default() -> Self {
        Habits { version: VERSION, favourites: Set::new(), hidden: Set::new(), order: Vec::new(), uses: Map::new() }
    }
}

/// Whether something stored with this version can be read at all; if not, why.
pub fn check_version(version: Option<u32>) -> Result<(), String> {
    match version {
        Some(version) if version > VERSION => Err(format!("saved by a newer Composure, in format {version}")),
        Some(_) => Ok(()),
        None => Err("it has no version".to_owned()),
    }
}

/// A snippet that can be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The snippet.
    pub snippet: Snippet,
    /// Whether it is the writer's own.
    pub own: bool,
    /// Whether the writer marked it.
    pub favourite: bool,
    /// How often it was inserted.
    pub uses: u32,
}

/// All that can be offered, and what fills it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Library {
    /// The writer's own first, in their order; then the shipped.
    pub entries: Vec<Entry>,
    /// The coming days.
    pub calendar: Calendar,
}

impl Library {
    /// What is offered of the shipped snippets and of the writer's own.
    pub fn new(shipped: Vec<Snippet>, own: Vec<Own>, habits: &Habits, calendar: Calendar) -> Library {
        let place = |snippet: &Snippet| habits.order.iter().position(|id| *id == snippet.id).unwrap_or(usize::MAX);
        let mut ordered: Vec<(usize, Snippet)> = Vec::new();
        for own in own.into_iter().filter(|own| own.trashed.is_none()) {
            let place = place(&own.snippet);
            let before = |(other, snippet): &(usize, Snippet)| (*other, &snippet.title) < (place, &own.snippet.title);
            ordered.insert(ordered.partition_point(before), (place, own.snippet));
        }
        let own = ordered.into_iter().map(|(_, snippet)| snippet);
        let shipped = shipped.into_iter().filter(|snippet| !habits.hidden.contains(&snippet.id));
        let entry = |own| {
            move |snippet: Snippet| Entry {
                own,
                favourite: habits.favourites.contains(&snippet.id),
                uses: habits.uses.get(&snippet.id).copied().unwrap_or(0),
                snippet,
            }
        };
        let entries = own.map(entry(true)).chain(shipped.map(entry(false))).collect();
        Library { entries, calendar }
    }

    /// The entry of this id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.snippet.id == id)
    }
}
