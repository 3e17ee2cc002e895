//! Decodes and reviews one job. Pure: files are read by `input`, but for the message that a mailbox's draft answers.

use std::sync::Arc;

use composure_engine::{Author, Draft, Message, Review, Reviewer, Settings, Thread};
use serde::Deserialize;

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
    /// What a team looks for beside the rules.
    pub packs: Packs,
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
    /// The draft as it was given, for the words that are printed.
    pub original: String,
    /// The customer's last message.
    pub customer: Option<Arc<Text>>,
    /// What the engine says.
    pub review: Review,
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
            let text = Text::new(&message.text);
            message.text.clone_from(&text.plain);
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
    id: serde_json::Value,
    draft: String,
    thread: Option<Vec<ThreadMessage>>,
}

/// One message of a thread, in a line or in a `--thread` file.
#[derive(Debug, Deserialize)]
pub struct ThreadMessage {
    from: From,
    text: String,
    /// Seconds since 1970-01-01 UTC.
    sent: Option<i64>,
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
                Ok(text) => self.review(place, text, &self.conversation),
                Err(error) => Outcome::Trouble(not_utf8(place, &error.utf8_error(), error.as_bytes())),
            },
            Job::Line { number, bytes } => self.line(number, &bytes),
            Job::Mail { place, bytes, mailbox } => self.mail(place, &bytes, mailbox.as_deref()),
            Job::Trouble(trouble) => Outcome::Trouble(trouble),
        }
    }

    fn line(&self, number: u64, bytes: &[u8]) -> Outcome {
        match serde_json::from_slice::<Line>(bytes) {
            Ok(Line { id, draft, thread }) => {
                let place = Place::Line { id };
                match thread {
                    Some(thread) => {
                        self.review(place, draft, &Conversation::new(thread.into_iter().map(Message::from), None))
                    }
                    None => self.review(place, draft, &self.conversation),
                }
            }
            Err(error) => {
                // serde counts lines inside the line.
                let error = error.to_string().replace(" at line 1 column ", " at column ");
                Outcome::Trouble(Trouble::new(Place::BadLine { number }, error))
            }
        }
    }

    fn mail(&self, place: Place, bytes: &[u8], mailbox: Option<&Conversations>) -> Outcome {
        // Most of a mailbox is not ours, and need not be decoded to see that.
        let theirs = |envelope: Envelope| envelope.from.is_some_and(|from| !from.is_one_of(&self.mine));
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
        let Place::Message { file, number, line, offset, .. } = place else {
            return self.review(place, text, &self.conversation);
        };
        let answered = mailbox.and_then(|mailbox| mailbox.answered_by(&envelope, offset));
        let place = Place::Message { file, number, line, offset, subject: envelope.subject };
        match answered {
            Some(answered) => self.review(place, text, &Conversation::of_mail(answered)),
            None => self.review(place, text, &self.conversation),
        }
    }

    fn review(&self, place: Place, original: String, conversation: &Conversation) -> Outcome {
        let text = Text::new(&original);
        let draft = Draft { text: self.packs.terms.hush(&text.plain), regions: Vec::new() };
        let mut reviewer = Reviewer::new(&draft, &conversation.thread, &self.settings);
        if let Some(readers) = &self.readers {
            reviewer.hear(readers.read(reviewer.sentences()));
        }
        let mut review = reviewer.review();
        self.packs.apply(&mut review, &reviewer, &text.plain);
        let customer = conversation.customer.clone();
        Outcome::Reviewed(Box::new(Reviewed { place, text, original, customer, review }))
    }
}

fn not_utf8(place: Place, error: &std::str::Utf8Error, bytes: &[u8]) -> Trouble {
    let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
    Trouble::new(place, format!("not UTF-8 text (line {line}, byte {})", valid.len()))
}
