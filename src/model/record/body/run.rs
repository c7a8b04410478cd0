//! Records of a ledger and of a run as a whole.

use serde::{Deserialize, Serialize};

use crate::model::record::{PauseCause, People, SourceFile, StopHow};
use crate::model::{Digest, Name, ObjectRef, RunKind, RunResult};

/// Record 0: the ledger's name and its first key (C2SP vkey).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerCreated {
    /// The name of the ledger, also of its key.
    pub origin: String,
    /// The C2SP verifier key.
    pub vkey: String,
}

/// A torn last line was set aside: its bytes are the object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TailRepaired {
    /// Bytes read, or what was set aside.
    pub bytes: ObjectRef,
}

/// A run began. Plan and sources are whole files: all that is needed to fold the run again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStarted {
    /// Its kind.
    pub kind: RunKind,
    /// The scenario.
    pub playbook: Name,
    /// The resolved plan, JSON with `plan_format`.
    pub plan: ObjectRef,
    /// What it was made from.
    pub sources: Vec<SourceFile>,
    /// The planned exercise, if any.
    pub exercise: Option<Name>,
    /// Set where times come from a test clock and not from the machine: every report says so.
    pub test_clock: bool,
    /// How people take part.
    pub people: People,
    /// Whether the targets are the lab's.
    pub lab: bool,
    /// The digest of the script that the organisers keep elsewhere until `script-revealed` opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Digest>,
}

/// Nothing new is started until `run-continued`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunPaused {
    /// What paused it.
    pub cause: PauseCause,
    /// Why, in words: a salted object.
    pub because: Option<ObjectRef>,
}

/// The run goes on: after a pause, or with a new loop after the last one was gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunContinued {
    /// Seconds in which no loop was there, if a new loop took the run up.
    pub gap: Option<u64>,
    /// Why, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

impl RunContinued {
    /// It goes on; `gap` where a new loop took it up.
    #[must_use]
    pub fn after(gap: Option<u64>) -> Self {
        Self { gap, because: None }
    }
}

/// Somebody stops the run; after it only undos start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStopping {
    /// How soon.
    pub how: StopHow,
    /// Why, in words: a salted object.
    pub because: Option<ObjectRef>,
    /// Stopped because of a real incident: every screen says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incident: bool,
}

/// The run has ended. Only a loop writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEnded {
    /// The technical result.
    pub result: RunResult,
}
