//! Cuts what is to be reviewed into jobs, without ever holding more than one of them.

use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use composure_engine::{Author, Message};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::CAP;
use crate::conversations::Conversations;
use crate::judge::{Conversation, ThreadMessage};
use crate::mail::{self, Envelope, Unread};
use crate::mbox::{self, Messages, Part, Raw};
use crate::pipeline::{Sink, ordered};

/// Read at once.
const BUFFER: usize = 256 << 10;

/// One thing to review, not decoded yet: decoding is for all cores.
#[derive(Debug)]
pub enum Job {
    /// A plain-text draft.
    Text {
        /// Its name.
        place: Place,
        /// The file.
        bytes: Vec<u8>,
    },
    /// A mail.
    Mail {
        /// Its name.
        place: Place,
        /// The mail.
        bytes: Vec<u8>,
        /// What it may answer, where only some mails are drafts.
        mailbox: Option<Arc<Conversations>>,
    },
    /// A line of JSON.
    Line {
        /// The file; none for standard input.
        file: Option<Arc<str>>,
        /// From 1.
        number: u64,
        /// Without its end.
        bytes: Vec<u8>,
    },
    /// Nothing to review, but something to tell, in its turn.
    Trouble(Trouble),
}

/// What a draft is called.
#[derive(Clone, Debug)]
pub enum Place {
    /// A line of JSON, by its own id.
    Line {
        /// As it was given.
        id: Box<RawValue>,
    },
    /// A line that is none.
    BadLine {
        /// The file; none for standard input.
        file: Option<Arc<str>>,
        /// From 1.
        number: u64,
    },
    /// A text, or a file with one mail.
    File {
        /// As it was given.
        file: String,
        /// Whether spans are those of the file: they are not in a decoded mail.
        plain: bool,
    },
    /// A mail of a mailbox.
    Message {
        /// The mailbox, as it was given.
        file: String,
        /// From 1.
        number: u64,
        /// Line of the mailbox, from 1.
        line: u64,
        /// Byte of the mailbox.
        offset: u64,
        /// As written.
        subject: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line { id } => match serde_json::from_str::<String>(id.get()) {
                Ok(id) => out.write_str(&id),
                Err(_) => out.write_str(id.get()),
            },
            Place::BadLine { file: Some(file), number } => write!(out, "{file}: line {number}"),
            Place::BadLine { file: None, number } => write!(out, "line {number}"),
            Place::File { file, .. } => out.write_str(file),
            Place::Message { file, number, .. } => write!(out, "{file}#{number}"),
        }
    }
}

/// Something that could not be reviewed.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// Where.
    pub place: Place,
    /// What is wrong with it.
    pub error: String,
    /// Whether nothing is lost by it, e.g. a mail without words.
    pub harmless: bool,
}

impl Trouble {
    /// Something that had to be reviewed and was not.
    pub fn new(place: Place, error: impl Into<String>) -> Trouble {
        Trouble { place, error: error.into(), harmless: false }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Message { file, number, line, .. } => {
                write!(out, "{file}:{line}: message {number}: {}", self.error)
            }
            place => write!(out, "{place}: {}", self.error),
        }
    }
}

/// What kind of thing a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Mail,
    Mailbox,
    Lines,
}

/// By its name; a nameless mailbox (Thunderbird's `Sent`) by its first line.
fn kind(path: &Path, first: &[u8]) -> Kind {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    match ending.as_ref().and_then(|ending| ending.to_str()) {
        Some("eml") => Kind::Mail,
        Some("mbox" | "mbx") => Kind::Mailbox,
        Some("jsonl" | "ndjson") => Kind::Lines,
        None if mbox::begins_message(first.split(|byte| *byte == b'\n').next().unwrap_or_default(), false) => {
            Kind::Mailbox
        }
        _ => Kind::Text,
    }
}

/// Pushes the drafts of a file. What is wrong with it is pushed as well, so that the rest goes on.
pub fn file(path: &Path, mine: &[String], sink: &mut Sink<'_, Job>) -> Result<()> {
    let name = path.display().to_string();
    let place = || Place::File { file: name.clone(), plain: true };
    let trouble = |error: std::io::Error| Job::Trouble(Trouble::new(place(), error.to_string()));
    let mut reader = match open(path) {
        Ok(reader) => reader,
        Err(error) => return sink.push(trouble(error), 0),
    };
    let first = match reader.fill_buf() {
        Ok(first) => first,
        Err(error) => return sink.push(trouble(error), 0),
    };
    match kind(path, first) {
        Kind::Mailbox => mailbox(path, reader, mine, sink),
        Kind::Lines => lines(Some(name.as_str().into()), reader, sink),
        kind => match whole(reader) {
            Err(error) => sink.push(trouble(error), 0),
            Ok(bytes) if bytes.len() > CAP => sink.push(Job::Trouble(too_long(place())), 0),
            Ok(bytes) => {
                let length = bytes.len();
                let job = match kind {
                    Kind::Mail => Job::Mail { place: Place::File { file: name, plain: false }, bytes, mailbox: None },
                    _ => Job::Text { place: place(), bytes },
                };
                sink.push(job, length)
            }
        },
    }
}

/// `-` is standard input.
fn open(path: &Path) -> std::io::Result<BufReader<Box<dyn Read + Send>>> {
    let reader: Box<dyn Read + Send> =
        if path == Path::new("-") { Box::new(std::io::stdin()) } else { Box::new(File::open(path)?) };
    Ok(BufReader::with_capacity(BUFFER, reader))
}

/// All of it, but never much more than [`CAP`].
fn whole(reader: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(CAP as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_long(place: Place) -> Trouble {
    Trouble::new(place, format!("longer than {} MB, skipped", CAP >> 20))
}

fn mailbox(
    path: &Path,
    reader: BufReader<Box<dyn Read + Send>>,
    mine: &[String],
    sink: &mut Sink<'_, Job>,
) -> Result<()> {
    let name = path.display().to_string();
    let conversations = match conversations(path, mine) {
        Ok(conversations) => conversations.map(Arc::new),
        Err(error) => {
            let place = Place::File { file: name, plain: false };
            return sink.push(Job::Trouble(Trouble::new(place, format!("{error:#}"))), 0);
        }
    };
    each_message(reader, &name, sink, |sink, place, raw| {
        let length = raw.length as usize;
        match raw.mail {
            Some(bytes) => sink.push(Job::Mail { place, bytes, mailbox: conversations.clone() }, length),
            None => sink.push(Job::Trouble(too_long(place)), length),
        }
    })
}

/// Calls `with` for every message, and pushes what is wrong between them.
fn each_message(
    reader: BufReader<Box<dyn Read + Send>>,
    name: &str,
    sink: &mut Sink<'_, Job>,
    mut with: impl FnMut(&mut Sink<'_, Job>, Place, Raw) -> Result<()>,
) -> Result<()> {
    let mut messages = Messages::new(reader);
    let file = || Place::File { file: name.to_owned(), plain: false };
    loop {
        match messages.next_part() {
            Ok(None) => return Ok(()),
            Ok(Some(Part::Preamble)) => {
                let error = "line 1: a mailbox begins with \"From \"; what stands before its first message is skipped";
                sink.push(Job::Trouble(Trouble::new(file(), error)), 0)?;
            }
            Ok(Some(Part::Message(raw))) => {
                let Raw { number, line, offset, .. } = raw;
                let place = Place::Message { file: name.to_owned(), number, line, offset, subject: String::new() };
                with(sink, place, raw)?;
            }
            Err(error) => return sink.push(Job::Trouble(Trouble::new(file(), error.to_string())), 0),
        }
    }
}

/// Reads the headers of a whole mailbox, where only mails of `mine` are drafts.
fn conversations(path: &Path, mine: &[String]) -> Result<Option<Conversations>> {
    if mine.is_empty() {
        return Ok(None);
    }
    // Of a pipe, what is read here would be missing among the drafts.
    if path == Path::new("-") || !std::fs::metadata(path)?.is_file() {
        bail!("--mine reads a mailbox twice, which a pipe cannot be: save it to a file");
    }
    let mut found = Conversations::new(path);
    let reader = open(path)?;
    ordered(
        |sink: &mut Sink<'_, Raw>| {
            let mut messages = Messages::new(reader);
            while let Some(part) = messages.next_part()? {
                if let Part::Message(raw) = part {
                    let length = raw.length as usize;
                    sink.push(raw, length)?;
                }
            }
            Ok(())
        },
        |raw| -> Option<(Envelope, u64, u64)> {
            let envelope = mail::read_envelope(&raw.mail?).ok()?;
            Some((envelope, raw.offset, raw.length))
        },
        |batch, _| {
            for (envelope, offset, length) in batch.into_iter().flatten() {
                found.add(&envelope, mine, offset, length);
            }
            Ok(())
        },
    )?;
    found.finish();
    Ok(Some(found))
}

/// Pushes the lines of standard input.
pub fn standard_input(sink: &mut Sink<'_, Job>) -> Result<()> {
    lines(None, BufReader::with_capacity(BUFFER, std::io::stdin()), sink)
}

/// Pushes the lines of a file, or of standard input.
fn lines(file: Option<Arc<str>>, mut reader: BufReader<impl Read>, sink: &mut Sink<'_, Job>) -> Result<()> {
    for number in 1.. {
        if !reader.buffer().contains(&b'\n') {
            // The rest of the next line may come only after the answer to this one.
            sink.flush()?;
        }
        let mut bytes = Vec::new();
        let read = mbox::read_line(&mut reader, &mut bytes, CAP + 1);
        let read = read.with_context(|| format!("reading {}", file.as_deref().unwrap_or("standard input")))? as usize;
        if read == 0 {
            break;
        }
        if number == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        bytes.truncate(bytes.trim_ascii_end().len());
        if bytes.len() > CAP {
            sink.push(Job::Trouble(too_long(Place::BadLine { file: file.clone(), number })), read)?;
        } else if !bytes.is_empty() {
            sink.push(Job::Line { file: file.clone(), number, bytes }, read)?;
        }
    }
    Ok(())
}

/// A `--thread` file in JSON: the messages, or an object with them.
#[derive(Deserialize)]
#[serde(untagged)]
enum ThreadFile {
    Messages(Vec<ThreadMessage>),
    Object { thread: Vec<ThreadMessage>, recipient: Option<String> },
}

/// Reads what the customer wrote: a text, a mail, a mailbox with the whole conversation, or JSON.
pub fn thread(path: &Path, mine: &[String]) -> Result<Conversation> {
    let reading = || format!("reading {}", path.display());
    let mut bytes = whole(open(path).with_context(reading)?).with_context(reading)?;
    if bytes.len() > CAP {
        return Err(anyhow::anyhow!("longer than {} MB", CAP >> 20)).with_context(reading);
    }
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        let file = serde_json::from_slice(&bytes).with_context(reading)?;
        let (messages, recipient) = match file {
            ThreadFile::Messages(messages) => (messages, None),
            ThreadFile::Object { thread, recipient } => (thread, recipient),
        };
        return Ok(Conversation::new(messages.into_iter().map(Message::from), recipient));
    }
    match kind(path, &bytes) {
        Kind::Text | Kind::Lines => {
            let text = String::from_utf8(std::mem::take(&mut bytes)).context("not UTF-8 text").with_context(reading)?;
            Ok(Conversation::new([Message { from: Author::Customer, text, sent: None }], None))
        }
        Kind::Mail => mail::read(&bytes).map(Conversation::of_mail).map_err(anyhow::Error::msg).with_context(reading),
        Kind::Mailbox => whole_thread(&bytes, mine).map_err(anyhow::Error::msg).with_context(reading),
    }
}

/// All mails of a mailbox, oldest first where they have a date; those of `mine` are mine.
fn whole_thread(bytes: &[u8], mine: &[String]) -> Result<Conversation, Unread> {
    let mut mails = Vec::new();
    let mut messages = Messages::new(bytes);
    while let Ok(Some(part)) = messages.next_part() {
        if let Part::Message(Raw { mail: Some(bytes), .. }) = part {
            match mail::read(&bytes) {
                Ok(mail) => mails.push(mail),
                Err(Unread::NoText) => {}
                Err(error) => return Err(error),
            }
        }
    }
    mails.sort_by_key(|mail| mail.envelope.sent);
    let is_mine = |mail: &mail::Mail| mail.envelope.from.as_ref().is_some_and(|from| from.is_one_of(mine));
    let customer = mails.iter().rev().find(|mail| !is_mine(mail)).and_then(|mail| mail.envelope.from.clone());
    let messages = mails.into_iter().map(|mail| {
        let from = if is_mine(&mail) { Author::Me } else { Author::Customer };
        Message { from, text: mail.text, sent: mail.envelope.sent }
    });
    Ok(Conversation::new(messages, customer.and_then(|customer| customer.name)))
}
