//! Records about records: corrections, what the chair concludes, what persons sign.

use serde::{Deserialize, Serialize};

use crate::model::record::Value;
use crate::model::record::Verdict;
use crate::model::{Actor, ObjectRef};

/// A field of an earlier record was wrong. Nothing is deleted: the later word is in force, and both are shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    /// The record.
    pub seq: u64,
    /// Which field of it: `occurred`, `actor`, `basis`, or a field of its body such as `text` or `answers.host`.
    pub field: String,
    /// What was in force before.
    pub was: Value,
    /// What is in force from now on.
    pub is: Value,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// The chair concludes on a run that has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Concluded {
    /// Whether it passed. The technical result stands apart, in `run-ended`.
    pub verdict: Verdict,
    /// Who writes the minutes, a person of `people.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secretary: Option<Actor>,
    /// Where people met, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<ObjectRef>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// The run counts for nothing: begun by mistake, or twice. It stays in the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunVoided {
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// A person signed the ledger as it stood, with a key of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    /// How many records the signature covers.
    pub size: u64,
    /// The person's verifier key (C2SP vkey).
    pub vkey: String,
    /// The checkpoint of that size with the person's signature (C2SP signed note), an object as it is.
    pub note: ObjectRef,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}
