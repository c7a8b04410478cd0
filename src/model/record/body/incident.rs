//! Records that only an incident has, or a drill of one: how it is classified, what was sent, which playbook leads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::record::{Grave, Serious, SourceFile};
use crate::model::{Id, Name, ObjectRef};

/// A person classified the incident. What is not said stays as it was.
///
/// Decree 331/2026/NĐ-CP, point d of clause 2 of Article 31 does not define a serious incident: the unit's own definition,
/// as it stood, is kept with the word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// Whether it is serious.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serious: Option<Serious>,
    /// Which of the gravest cases it is; empty where it is none of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grave: Option<Vec<Grave>>,
    /// Whether personal data is breached. `occurred` is when that was found: its own moment (Law 91/2025/QH15, Article 23.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_data: Option<bool>,
    /// Other conditions of duties, by their ids in `policies/duties/`: whether each holds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flags: BTreeMap<Id, bool>,
    /// The unit's own definition of a serious incident, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<ObjectRef>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// A person sent a notice. The program never sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeSent {
    /// Which duty or notice.
    pub notice: Name,
    /// To whom, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<ObjectRef>,
    /// To whom, as the roles that duties name. Empty where only words say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Id>,
    /// The number of the document, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<ObjectRef>,
    /// The receipt, the file as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ObjectRef>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// Another playbook leads from here on; it stays one incident.
///
/// Nothing of the playbook before is open. Steps are numbered anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaybookSwitched {
    /// The scenario that leads now.
    pub playbook: Name,
    /// The resolved plan, JSON with `plan_format`.
    pub plan: ObjectRef,
    /// What it was made from.
    pub sources: Vec<SourceFile>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}
