//! Which message of a mailbox a draft answers: an index of the whole mailbox, some hundred bytes a message. Words are
//! read again from the file when they are needed, so memory does not grow with what people wrote.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::mail::{self, Envelope, Mail};
use crate::mbox::{Messages, Part};

/// The conversations of one mailbox.
#[derive(Debug)]
pub struct Conversations {
    path: PathBuf,
    /// Messages of others.
    theirs: Vec<Entry>,
    /// Message-ID (hashed) → node. Messages of one thread have the same root.
    nodes: HashMap<u64, usize>,
    parents: Vec<usize>,
    by_thread: HashMap<usize, Vec<usize>>,
    /// Subject and sender (hashed) → messages: for answers that name no message.
    by_topic: HashMap<u64, Vec<usize>>,
}

/// Where a message is, and when it was written.
#[derive(Clone, Copy, Debug)]
struct Entry {
    offset: u64,
    length: u64,
    sent: Option<i64>,
    node: usize,
}

impl Entry {
    fn is_before(&self, sent: Option<i64>, offset: u64) -> bool {
        match (self.sent, sent) {
            (Some(one), Some(other)) if one != other => one < other,
            _ => self.offset < offset,
        }
    }
}

impl Conversations {
    /// Of the mailbox at `path`; every message of it is to be added before the first question.
    pub fn new(path: &Path) -> Conversations {
        Conversations {
            path: path.to_owned(),
            theirs: Vec::new(),
            nodes: HashMap::new(),
            parents: Vec::new(),
            by_thread: HashMap::new(),
            by_topic: HashMap::new(),
        }
    }

    /// Adds a message that takes `length` bytes at `offset`. One of `mine` ties threads together and answers nothing.
    pub fn add(&mut self, envelope: &Envelope, mine: &[String], offset: u64, length: u64) {
        let node = match &envelope.id {
            Some(id) => self.node(id),
            None => self.fresh(),
        };
        for reference in &envelope.references {
            let other = self.node(reference);
            let (one, other) = (self.root(node), self.root(other));
            if let Some(parent) = self.parents.get_mut(other) {
                *parent = one;
            }
        }
        let Some(from) = envelope.from.as_ref().filter(|from| !from.is_one_of(mine)) else { return };
        let index = self.theirs.len();
        self.theirs.push(Entry { offset, length, sent: envelope.sent, node });
        if !envelope.topic.is_empty() {
            self.by_topic.entry(hash(&(&envelope.topic, &from.address))).or_default().push(index);
        }
    }

    /// To be called once, after the last [`Conversations::add`].
    pub fn finish(&mut self) {
        for (index, entry) in self.theirs.iter().enumerate() {
            self.by_thread.entry(root(&self.parents, entry.node)).or_default().push(index);
        }
    }

    /// The last message of somebody else in the conversation of the draft at `offset`, from before it.
    pub fn answered_by(&self, draft: &Envelope, offset: u64) -> Option<Mail> {
        let entry = self.in_thread(draft, offset).or_else(|| self.by_subject(draft, offset))?;
        self.read(entry)
    }

    fn in_thread(&self, draft: &Envelope, offset: u64) -> Option<Entry> {
        let node = draft.id.iter().chain(&draft.references).find_map(|id| self.nodes.get(&hash(id)))?;
        self.last(self.by_thread.get(&root(&self.parents, *node))?, draft, offset)
    }

    /// The same subject from one of those the draft is for; others use it too ("Contact form").
    fn by_subject(&self, draft: &Envelope, offset: u64) -> Option<Entry> {
        if draft.topic.is_empty() {
            return None;
        }
        let of = |address: &String| self.by_topic.get(&hash(&(&draft.topic, address)));
        let found = draft.to.iter().filter_map(|person| self.last(of(&person.address)?, draft, offset));
        found.max_by_key(|entry| (entry.sent, entry.offset))
    }

    fn last(&self, entries: &[usize], draft: &Envelope, offset: u64) -> Option<Entry> {
        entries
            .iter()
            .filter_map(|index| self.theirs.get(*index))
            .filter(|entry| entry.is_before(draft.sent, offset))
            .max_by_key(|entry| (entry.sent, entry.offset))
            .copied()
    }

    /// Its words; `None` where they cannot be read, for a draft can be reviewed without.
    fn read(&self, entry: Entry) -> Option<Mail> {
        let mut file = File::open(&self.path).ok()?;
        file.seek(SeekFrom::Start(entry.offset)).ok()?;
        match Messages::new(BufReader::new(file.take(entry.length))).next_part().ok()? {
            Some(Part::Message(raw)) => mail::read(&raw.mail?).ok(),
            _ => None,
        }
    }

    fn node(&mut self, id: &str) -> usize {
        let key = hash(id);
        match self.nodes.get(&key) {
            Some(node) => *node,
            None => {
                let node = self.fresh();
                self.nodes.insert(key, node);
                node
            }
        }
    }

    fn fresh(&mut self) -> usize {
        self.parents.push(self.parents.len());
        self.parents.len() - 1
    }

    /// The root of a node, with the way to it shortened by half.
    fn root(&mut self, mut node: usize) -> usize {
        while let Some(parent) = self.parents.get(node).copied().filter(|parent| *parent != node) {
            let above = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parents.get_mut(node) {
                *slot = above;
            }
            node = parent;
        }
        node
    }
}

fn root(parents: &[usize], mut node: usize) -> usize {
    while let Some(parent) = parents.get(node).copied().filter(|parent| *parent != node) {
        node = parent;
    }
    node
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
