//! Why a line is no record, in words for people.

use crate::message::{Message, message};
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
pub(in super::super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
