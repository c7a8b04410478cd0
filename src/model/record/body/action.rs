//! Records of corrective actions: what a drill or an incident showed to be put right, by whom and by when.

use serde::{Deserialize, Serialize};

use crate::model::{Actor, Id, ObjectRef, RunId};

/// Something has to be put right. Its number, by which people name it, is the record's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionOpened {
    /// What is to be done: a salted object.
    pub what: ObjectRef,
    /// Who answers for it, a person of `people.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Actor>,
    /// The name of a unit or of somebody without an account, in place of `owner`: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_name: Option<ObjectRef>,
    /// The last day for it, as 2026-12-31.
    pub due: String,
    /// The objective that it is about: a later drill of the playbook measures that again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<Id>,
    /// Why, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// A person says that an action was carried out, or that a later drill showed that it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionClosed {
    /// The record that opened it.
    pub action: u64,
    /// The later drill that showed it; nothing where it was only carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retest: Option<RunId>,
    /// What was done, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}
