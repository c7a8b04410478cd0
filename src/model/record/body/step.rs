//! Records of steps: their beginning, their processes, their end, and what they did.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::record::Why;
use crate::model::{Id, Name, ObjectRef, Outcome, StepPath, UndoOutcome};

/// An instance of a step began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepStarted {
    /// The step.
    pub step: StepPath,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// For an `each`, how many rounds there will be; rounds of a `repeat` begin one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds: Option<u32>,
    /// Why it is entered late, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// A process of a step runs. Synced with the next append: it matters only within its boot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProcessStarted {
    /// The step.
    pub step: StepPath,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The process.
    pub pid: u32,
    /// Field 22 of `/proc/<pid>/stat`: with the pid it names the process within a boot.
    pub start_ticks: u64,
    /// Where it prints to, within the boot: `spool/<RUN>/<slot>.out` and `.err`.
    pub slot: u32,
}

/// An instance of a step ended, or was passed over (`attempt` 0).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepEnded {
    /// The step.
    pub step: StepPath,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was passed over or how it ended, a word of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// What the engine goes on with, where that is not the next in the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goto: Option<Id>,
    /// Whether the run goes on although this failed (`on_failure`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tolerated: bool,
    /// Whether another attempt follows (`retry`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// For a `repeat`'s round: whether it was the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<bool>,
    /// For `manual`: whether a person confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
    /// Exit status of a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// Number of the signal that ended a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// What the command printed, standard output and error together, up to the bound.
    pub output: Option<ObjectRef>,
    /// Bytes that were printed past the bound and are not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<u64>,
    /// What it yields to expressions: each value a JSON text in a salted object.
    pub captures: BTreeMap<String, ObjectRef>,
    /// Why it failed, in words, as a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<ObjectRef>,
    /// Why it is entered late, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// What became of the undo of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepUndone {
    /// The step.
    pub step: StepPath,
    /// What became of it.
    pub outcome: UndoOutcome,
}

/// A fault was made in the lab, or told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Faulted {
    /// The step.
    pub step: StepPath,
    /// Which system.
    pub system: Name,
    /// Its kind.
    pub kind: Name,
    /// Whether it was told and not made.
    pub told: bool,
}

/// A fault was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultCleared {
    /// Which system.
    pub system: Name,
    /// Its kind.
    pub kind: Name,
}
