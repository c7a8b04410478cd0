//! Why a line is no record, and why a record may not follow, in words for people.

use crate::message::{Message, message};
use crate::model::Refusal;
use crate::model::record::MAX_LINE;

/// What is wrong with a line by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// It is longer than a line may be.
    TooLong,
    /// It is not UTF-8.
    NotUtf8,
    /// It is not one JSON object; where that shows, in bytes from 0.
    NotJson { at: usize },
    /// A key stands twice in one object.
    KeyTwice { key: String },
    /// An object of the ledger is not named in the only form.
    ObjectForm,
    /// A key of the envelope is missing, not in its place, or has another kind of value.
    Key(&'static str),
    /// The body of a known type has not its form.
    Body { kind: &'static str },
}

impl Malformed {
    /// In words.
    pub(super) fn message(&self) -> Message {
        match self {
            Self::TooLong => message!("ledger-why-too-long", bytes = MAX_LINE),
            Self::NotUtf8 => message!("ledger-why-not-utf8"),
            Self::NotJson { at } => message!("ledger-why-not-json", byte = at + 1),
            Self::KeyTwice { key } => message!("ledger-why-key-twice", key = shown(key)),
            Self::ObjectForm => message!("ledger-why-object-form"),
            Self::Key(key) => message!("ledger-why-key", key = *key),
            Self::Body { kind } => message!("ledger-why-body", kind = *kind),
        }
    }
}

/// A word from a line as it can be shown: cut, and without what could move a cursor.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Why a record may not follow, in words.
pub(super) fn refusal(refusal: &Refusal) -> Message {
    match refusal {
        Refusal::NotTheFirst => message!("ledger-why-first"),
        Refusal::NoRun { kind } => message!("ledger-why-no-run", kind = shown(kind)),
        Refusal::UnknownRun { run } => message!("ledger-why-unknown-run", run = run.as_str()),
        Refusal::CannotBegin { run } => message!("ledger-why-cannot-begin", run = run.as_str()),
        Refusal::Ended { run } => message!("ledger-why-ended", run = run.as_str()),
        Refusal::Paused { run } => message!("ledger-why-paused", run = run.as_str()),
        Refusal::NotPaused { run } => message!("ledger-why-not-paused", run = run.as_str()),
        Refusal::Stopping { run } => message!("ledger-why-stopping", run = run.as_str()),
        Refusal::CannotStart { step, attempt } => {
            message!("ledger-why-cannot-start", step = shown(step), attempt = *attempt)
        }
        Refusal::NotOpen { step, attempt } => {
            message!("ledger-why-not-open", step = shown(step), attempt = *attempt)
        }
        Refusal::StillOpen { step } => message!("ledger-why-still-open", step = shown(step.as_str())),
        Refusal::AskedBefore { question } => message!("ledger-why-asked-before", question = question.as_str()),
        Refusal::NeverAsked { question } => message!("ledger-why-never-asked", question = question.as_str()),
        Refusal::AnsweredBefore { question, by, seq } => message!(
            "ledger-why-answered-before",
            question = question.as_str(),
            by = by.as_str(),
            seq = seq.to_string()
        ),
        Refusal::WrongKind { question } => message!("ledger-why-wrong-kind", question = question.as_str()),
        Refusal::NoLongerAsked { question } => message!("ledger-why-no-longer-asked", question = question.as_str()),
        Refusal::NotYours { question, to } => {
            message!("ledger-why-not-yours", question = question.as_str(), who = to.as_str())
        }
        Refusal::NothingToCorrect { seq } => message!("ledger-why-nothing-to-correct", seq = seq.to_string()),
        Refusal::NoReason => message!("ledger-why-no-reason"),
    }
}
