//! Decodes and reviews one job. Pure: files are read by `input`, but for the message that a mailbox's draft answers.

use std::collections::HashMap;
use std::sync::Arc;

use composure_engine::{Author, Draft, Message, Review, Reviewer, Settings, Thread};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::conversations::Conversations;
use crate::input::{Job, Place, Trouble};
use crate::mail::{self, Envelope, Mail, Unread};
use crate::packs::Packs;
use crate::readers::Readers;
use crate::text::Text;

/// What is the same for all jobs.
#[derive(Debug, Default)]
pub struct Judge {
    /// What the engine is told.
    pub settings: Settings,
    /// What drafts answer that bring no thread of their own.
    pub conversation: Conversation,
    /// Addresses of those whose mails are drafts; of an mbox only, all where empty.
    pub mine: Vec<String>,
    /// The second opinion after the rules, where one is wanted.
    pub readers: Option<Readers>,
    /// What a team's packs stand as among the rules.
    pub packs: Packs,
    /// Whether to find out whose a draft is, and when it was sent.
    pub origins: Option<Origins>,
}

/// How to find out whose a draft is.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// The header of a mail, or the field of a line, that names the agent; without it the sender and `agent`.
    pub agent_from: Option<String>,
}

/// Whose a draft is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who wrote it; empty where it is not said.
    pub agent: String,
    /// When it was sent, in seconds since 1970-01-01 UTC, where that is said.
    pub sent: Option<i64>,
    /// How many words of its own it has.
    pub words: usize,
}

/// A thread with one kind of line end, and the way back to the customer's last message as it was given.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    /// What the engine reads.
    pub thread: Thread,
    /// The customer's last message: requests are spans of it.
    pub customer: Option<Arc<Text>>,
}

/// A reviewed draft.
#[derive(Debug)]
pub struct Reviewed {
    /// What it is called.
    pub place: Place,
    /// The draft.
    pub text: Text,
    /// The customer's last message.
    pub customer: Option<Arc<Text>>,
    /// What the engine says.
    pub review: Review,
    /// Whose it is, where that was asked.
    pub origin: Origin,
}

/// What came of a job.
#[derive(Debug)]
pub enum Outcome {
    /// A review.
    Reviewed(Box<Reviewed>),
    /// It could not be read.
    Trouble(Trouble),
    /// Somebody else's mail.
    NotMine,
}

impl Conversation {
    /// Of messages, oldest first.
    pub fn new(messages: impl IntoIterator<Item = Message>, recipient: Option<String>) -> Conversation {
        let mut conversation = Conversation::default();
        conversation.thread.recipient = recipient;
        for mut message in messages {
            let text = Text::new(message.text);
            message.text = text.plain.clone();
            if message.from == Author::Customer {
                conversation.customer = Some(Arc::new(text));
            }
            conversation.thread.messages.push(message);
        }
        conversation
    }

    /// Of one mail that somebody else wrote.
    pub fn of_mail(mail: Mail) -> Conversation {
        let name = mail.envelope.from.and_then(|from| from.name);
        Conversation::new([Message { from: Author::Customer, text: mail.text, sent: mail.envelope.sent }], name)
    }
}

/// One line of `--format jsonl`.
#[derive(Deserialize)]
struct Line {
    id: Box<RawValue>,
    draft: String,
    thread: Option<Vec<ThreadMessage>>,
}

/// One message of a thread, in a line or in a `--thread` file.
#[derive(Debug, Deserialize)]
pub struct ThreadMessage {
    from: From,
    text: String,
    /// Seconds since 1970-01-01 UTC.
    #[serde(default, deserialize_with = "when")]
    sent: Option<i64>,
}

/// As `date` of a line; but what is none of these is as if it were not said, for a thread is in order anyway.
fn when<'de, D: Deserializer<'de>>(written: D) -> Result<Option<i64>, D::Error> {
    let written = Value::deserialize(written)?;
    Ok(seconds(&written))
}

/// A time as RFC 3339, a day, or seconds since 1970.
fn seconds(written: &Value) -> Option<i64> {
    match written {
        Value::String(text) => mail::timestamp(text),
        number => number.as_i64().filter(|seconds| mail::YEARS.contains(seconds)),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum From {
    Customer,
    Me,
}

impl std::convert::From<ThreadMessage> for Message {
    fn from(message: ThreadMessage) -> Message {
        let from = match message.from {
            From::Customer => Author::Customer,
            From::Me => Author::Me,
        };
        Message { from, text: message.text, sent: message.sent }
    }
}

impl Judge {
    /// Does a job.
    pub fn judge(&self, job: Job) -> Outcome {
        match job {
            Job::Text { place, bytes } => match String::from_utf8(bytes) {
                Ok(text) => self.review(place, text, &self.conversation, Origin::default()),
                Err(error) => Outcome::Trouble(not_utf8(place, &error.utf8_error(), error.as_bytes())),
            },
            Job::Line { file, number, bytes } => self.line(file, number, &bytes),
            Job::Mail { place, bytes, mailbox } => self.mail(place, &bytes, mailbox.as_deref()),
            Job::Trouble(trouble) => Outcome::Trouble(trouble),
        }
    }

    fn line(&self, file: Option<Arc<str>>, number: u64, bytes: &[u8]) -> Outcome {
        match serde_json::from_slice::<Line>(bytes) {
            Ok(Line { id, draft, thread }) => {
                let place = Place::Line { id };
                let origin = match self.origins.as_ref().map(|origins| origins.of_line(bytes)).transpose() {
                    Ok(origin) => origin.unwrap_or_default(),
                    Err(error) => return Outcome::Trouble(Trouble::new(Place::BadLine { file, number }, error)),
                };
                match thread {
                    Some(thread) => {
                        let thread = Conversation::new(thread.into_iter().map(Message::from), None);
                        self.review(place, draft, &thread, origin)
                    }
                    None => self.review(place, draft, &self.conversation, origin),
                }
            }
            Err(error) => {
                // serde counts lines inside the line.
                let error = error.to_string().replace(" at line 1 column ", " at column ");
                Outcome::Trouble(Trouble::new(Place::BadLine { file, number }, error))
            }
        }
    }

    fn mail(&self, place: Place, bytes: &[u8], mailbox: Option<&Conversations>) -> Outcome {
        // Most of a mailbox is not ours, and need not be decoded to see that.
        let theirs = |envelope: Envelope| envelope.from.is_none_or(|from| !from.is_one_of(&self.mine));
        if mailbox.is_some() && mail::read_envelope(bytes).is_ok_and(theirs) {
            return Outcome::NotMine;
        }
        let Mail { envelope, text } = match mail::read(bytes) {
            Ok(mail) => mail,
            Err(error) => {
                let harmless = error == Unread::NoText;
                return Outcome::Trouble(Trouble { harmless, ..Trouble::new(place, error.to_string()) });
            }
        };
        let origin = self.origins.as_ref().map(|origins| origins.of_mail(&envelope, bytes)).unwrap_or_default();
        let Place::Message { file, number, line, offset, .. } = place else {
            return self.review(place, text, &self.conversation, origin);
        };
        let answered = mailbox.and_then(|mailbox| mailbox.answered_by(&envelope, offset));
        let place = Place::Message { file, number, line, offset, subject: envelope.subject };
        match answered {
            Some(answered) => self.review(place, text, &Conversation::of_mail(answered), origin),
            None => self.review(place, text, &self.conversation, origin),
        }
    }

    fn review(&self, place: Place, draft: String, conversation: &Conversation, mut origin: Origin) -> Outcome {
        let text = Text::new(draft);
        let draft = Draft { text: text.plain.clone(), regions: Vec::new() };
        let mut reviewer = Reviewer::new(&draft, &conversation.thread, &self.settings);
        if let Some(readers) = &self.readers {
            reviewer.hear(readers.read(reviewer.sentences()));
        }
        let review = reviewer.review();
        if self.origins.is_some() {
            let is_word = |word: &&str| word.contains(char::is_alphanumeric);
            let words = |sentence: &String| sentence.split_whitespace().filter(is_word).count();
            origin.words = reviewer.sentences().iter().map(words).sum();
        }
        let customer = conversation.customer.clone();
        Outcome::Reviewed(Box::new(Reviewed { place, text, customer, review, origin }))
    }
}

impl Origins {
    /// Of a line of JSON: its `agent` (or the field that was asked for) and its `date`, which is RFC 3339, a day, or seconds
    /// since 1970. Says what is wrong with a date that is none of these: a reply in the wrong week would not be seen.
    fn of_line(&self, bytes: &[u8]) -> Result<Origin, String> {
        let Ok(fields) = serde_json::from_slice::<HashMap<String, &RawValue>>(bytes) else {
            return Ok(Origin::default());
        };
        let field =
            |name: &str| fields.get(name).and_then(|field| Some((*field, serde_json::from_str(field.get()).ok()?)));
        let agent = match field(self.agent_from.as_deref().unwrap_or("agent")) {
            Some((_, Value::String(agent))) => agent.trim().to_owned(),
            // As it was written: a large one would be rounded.
            Some((written, Value::Number(_))) => written.get().to_owned(),
            _ => String::new(),
        };
        let sent = match field("date") {
            None | Some((_, Value::Null)) => None,
            Some((_, date)) => Some(seconds(&date).ok_or_else(|| {
                format!("the date {date} is neither like \"2026-11-23T09:00:00Z\" nor seconds since 1970")
            })?),
        };
        Ok(Origin { agent, sent, words: 0 })
    }

    fn of_mail(&self, envelope: &Envelope, bytes: &[u8]) -> Origin {
        let agent = match &self.agent_from {
            Some(header) => mail::header(bytes, header),
            None => envelope.from.as_ref().map(|from| from.address.clone()),
        };
        Origin { agent: agent.unwrap_or_default(), sent: envelope.sent, words: 0 }
    }
}

fn not_utf8(place: Place, error: &std::str::Utf8Error, bytes: &[u8]) -> Trouble {
    let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
    Trouble::new(place, format!("not UTF-8 text (line {line}, byte {})", valid.len()))
}
