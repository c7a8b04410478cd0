//! Records of backups.

use serde::{Deserialize, Serialize};

use crate::model::{Digest, ObjectRef, StepPath};

/// A copy was sealed. Its path is a salted object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupSealed {
    /// The path of the copy, a salted object.
    pub path: ObjectRef,
    /// The manifest.
    pub manifest: ObjectRef,
    /// How many files, or which.
    pub files: u64,
    /// Bytes read, or what was set aside.
    pub bytes: u64,
    /// The step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPath>,
}

/// A copy was compared with its seal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupVerified {
    /// The path of the copy, a salted object.
    pub path: ObjectRef,
    /// Whether nothing differs.
    pub whole: bool,
    /// Files that were read.
    pub checked: u64,
    /// Files that were not.
    pub unchecked: u64,
    /// Bytes read, or what was set aside.
    pub bytes: u64,
    /// What differs, JSON, a salted object.
    pub findings: Option<ObjectRef>,
    /// What could be said of the seal: `good`, `bad`, `unsigned`, `unknown-key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// The manifest that it was compared with: the object of the `backup-sealed` record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Digest>,
    /// The share of the files that was read, where not all were to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareRead>,
    /// The step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPath>,
}

/// A restore from a copy was compared with its seal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupProved {
    /// The path of the copy, a salted object.
    pub path: ObjectRef,
    /// Whether nothing differs.
    pub whole: bool,
    /// Files restored.
    pub restored: u64,
    /// Bytes read, or what was set aside.
    pub bytes: u64,
    /// Whole seconds.
    pub seconds: u64,
    /// The step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPath>,
}

/// An arc of the circle of 2^64 on which every path has its place; each number as 16 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareRead {
    /// Where the arc begins.
    pub from: String,
    /// How long it is.
    pub length: String,
    /// The order of the circle.
    pub seed: String,
    /// Whether the next goes on where this one ends, until all was read.
    pub cycle: bool,
}
