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

/// A trial restore from a copy. Integrity and restorability are two results: one never stands in for the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupProved {
    /// The path of the copy, a salted object.
    pub path: ObjectRef,
    /// Whether nothing differs; where `integrity` is said, whether that holds.
    pub whole: bool,
    /// Files restored.
    pub restored: u64,
    /// Bytes read, or what was set aside.
    pub bytes: u64,
    /// Whole seconds.
    pub seconds: u64,
    /// The kind of the copy: `files`, `tar`, `postgres`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it is what was backed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<Integrity>,
    /// Whether it could be restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restorable: Option<Restorability>,
    /// What the system's own check said of what was restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckOutcome>,
    /// What was found, JSON, a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<ObjectRef>,
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

impl BackupProved {
    /// Whether the copy was proved: it is what was backed up, it could be restored, and no check says otherwise. A record
    /// of before these were kept apart says it by `whole` alone.
    #[must_use]
    pub fn proved(&self) -> bool {
        self.whole
            && self.restorable.is_none_or(|restorable| restorable == Restorability::Yes)
            && self.check.is_none_or(CheckOutcome::passes)
    }
}

/// Whether a copy is what was backed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Integrity {
    /// All of it agrees with its seal, or with checksums of its own.
    Holds,
    /// Something differs, is missing or damaged.
    Fails,
    /// Nothing tells what it should hold.
    Unknown,
}

impl Integrity {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether a copy could be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restorability {
    /// It was restored, and what has to be there is.
    Yes,
    /// It could not be restored, or not all of it, or what has to be there is not.
    No,
    /// It was not tried.
    NotTried,
}

impl Restorability {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotTried => "not-tried",
        }
    }
}

/// What a system's own check said of what was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// There is none.
    None,
    /// It passed, and did not pass where nothing was restored.
    Passed,
    /// It failed, or could not be begun.
    Failed,
    /// It passes where nothing was restored too: it does not look at what was restored.
    Blind,
    /// It was not run: it would change something, runs on another machine, or there was nothing to look at.
    NotRun,
}

impl CheckOutcome {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Blind => "blind",
            Self::NotRun => "not-run",
        }
    }

    /// Whether it says nothing against the copy.
    #[must_use]
    pub fn passes(self) -> bool {
        !matches!(self, Self::Failed | Self::Blind)
    }
}
