//! One line of the ledger: an envelope that is the same for all, and a body of its type.

mod body;
pub mod correctable;
mod words;

use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

pub use body::*;
pub use words::*;

use super::{Actor, Basis, Mode, Moment, RunId, Stamp};

/// The longest line, in bytes, without its LF.
pub const MAX_LINE: usize = 64 * 1024;

/// What somebody wants to append: everything but what the ledger itself fills in (`seq`, `at`, `mono_us`, `boot`).
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The run it belongs to, if any.
    pub run: Option<RunId>,
    /// The run's mode.
    pub mode: Option<Mode>,
    /// Who did it.
    pub actor: Actor,
    /// Who entered it, if another.
    pub by: Option<Actor>,
    /// When it happened, if not when it is written.
    pub occurred: Option<Stamp>,
    /// Where the fact comes from.
    pub basis: Basis,
    /// What happened.
    pub body: Body,
}

impl Draft {
    /// A fact that this machine saw.
    #[must_use]
    pub fn machine(run: &RunId, mode: Mode, body: Body) -> Self {
        Self { run: Some(run.clone()), mode: Some(mode), ..Self::ledger(body) }
    }

    /// A fact of the ledger's own, which belongs to no run.
    #[must_use]
    pub fn ledger(body: Body) -> Self {
        Self { run: None, mode: None, actor: Actor::engine(), by: None, occurred: None, basis: Basis::Machine, body }
    }

    /// What `actor` said at a console.
    #[must_use]
    pub fn console(run: &RunId, mode: Mode, actor: Actor, body: Body) -> Self {
        Self { actor, basis: Basis::Console, ..Self::machine(run, mode, body) }
    }
}

/// A record as it stands in the log.
///
/// Serialized with its keys in the order of the format; null where there is nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its place in the log, from 0.
    pub seq: u64,
    /// When it was written.
    pub written: Moment,
    /// The rest, as it was given.
    pub draft: Draft,
}

impl Record {
    /// When the fact happened: `occurred` where it is given, else when it was written.
    #[must_use]
    pub fn occurred(&self) -> Stamp {
        self.draft.occurred.unwrap_or(self.written.at)
    }

    /// The line of the log, without its LF.
    ///
    /// # Errors
    ///
    /// [`LineTooLong`] where it would be over [`MAX_LINE`] bytes.
    pub fn to_line(&self) -> Result<Vec<u8>, LineTooLong> {
        let line = serde_json::to_vec(self).map_err(|_| LineTooLong)?;
        if line.len() > MAX_LINE { Err(LineTooLong) } else { Ok(line) }
    }

    /// Reads a line of the log. A body of an unknown type is kept as it is.
    ///
    /// # Errors
    ///
    /// [`InvalidLine`] where it is not a record of version 1.
    pub fn from_line(line: &[u8]) -> Result<Self, InvalidLine> {
        let envelope = Envelope::from_line(line)?;
        let body = Body::parse(envelope.kind, envelope.body.get()).map_err(|e| InvalidLine(e.to_string()))?;
        envelope.with_body(body)
    }
}

/// The line would be over 64 KiB: its author has to put long values into objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record would be longer than 64 KiB")]
pub struct LineTooLong;

/// The line is not a record; the text says where it fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a record of format 1: {0}")]
pub struct InvalidLine(pub String);

/// The envelope of a line, its body left as text: what a fast reader needs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope<'a> {
    v: u32,
    /// Its place in the log.
    pub seq: u64,
    /// When it was written.
    pub at: &'a str,
    /// Microseconds since boot.
    pub mono_us: u64,
    /// Which boot.
    pub boot: &'a str,
    /// The run, if any.
    pub run: Option<&'a str>,
    /// The run's mode.
    pub mode: Option<Mode>,
    /// Who did it.
    pub actor: &'a str,
    /// Who entered it, if another.
    pub by: Option<&'a str>,
    /// When it happened, if not when it was written.
    pub occurred: Option<&'a str>,
    /// Where the fact comes from.
    pub basis: Basis,
    /// The record's type.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// The body as it stands in the line.
    #[serde(borrow)]
    pub body: &'a RawValue,
}

impl<'a> Envelope<'a> {
    /// Reads a line without its body.
    ///
    /// # Errors
    ///
    /// [`InvalidLine`] where it is not a record of version 1.
    pub fn from_line(line: &'a [u8]) -> Result<Self, InvalidLine> {
        let envelope: Self = serde_json::from_slice(line).map_err(|e| InvalidLine(e.to_string()))?;
        if envelope.v == 1 { Ok(envelope) } else { Err(InvalidLine(format!("version {}", envelope.v))) }
    }

    fn with_body(self, body: Body) -> Result<Record, InvalidLine> {
        fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, InvalidLine>
        where
            T::Err: std::fmt::Display,
        {
            text.parse().map_err(|e: T::Err| InvalidLine(e.to_string()))
        }
        Ok(Record {
            seq: self.seq,
            written: Moment { at: parsed(self.at)?, mono_us: self.mono_us, boot: self.boot.to_owned() },
            draft: Draft {
                run: self.run.map(parsed).transpose()?,
                mode: self.mode,
                actor: parsed(self.actor)?,
                by: self.by.map(parsed).transpose()?,
                occurred: self.occurred.map(parsed).transpose()?,
                basis: self.basis,
                body,
            },
        })
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let draft = &self.draft;
        let mut line = serializer.serialize_struct("Record", 13)?;
        line.serialize_field("v", &1)?;
        line.serialize_field("seq", &self.seq)?;
        line.serialize_field("at", &self.written.at)?;
        line.serialize_field("mono_us", &self.written.mono_us)?;
        line.serialize_field("boot", &self.written.boot)?;
        line.serialize_field("run", &draft.run)?;
        line.serialize_field("mode", &draft.mode)?;
        line.serialize_field("actor", &draft.actor)?;
        line.serialize_field("by", &draft.by)?;
        line.serialize_field("occurred", &draft.occurred)?;
        line.serialize_field("basis", &draft.basis)?;
        line.serialize_field("type", draft.body.kind())?;
        line.serialize_field("body", &draft.body.content())?;
        line.end()
    }
}
