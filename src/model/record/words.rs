//! The closed sets of words that stand in bodies.

use serde::{Deserialize, Serialize};

use crate::model::{Id, ObjectRef};

/// A file that a run was made from, kept whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its path in the workspace, or `shipped/…` for what is in the binary.
    pub path: String,
    /// Its bytes.
    pub file: ObjectRef,
}

/// How people take part in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum People {
    /// They answer at consoles.
    Console,
    /// Their answers come from a file.
    Scripted,
    /// Nobody takes part: a technical check, not an exercise of people.
    Unattended,
}

/// Why a run was paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseCause {
    /// Somebody asked for it.
    Asked,
    /// The disk of the ledger was full.
    DiskFull,
    /// The ledger could not be written for another reason.
    LedgerFailed,
    /// A signal to the loop in the foreground.
    Signal,
}

/// How a run stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopHow {
    /// What runs may end by itself.
    AfterRunning,
    /// What runs is ended by force.
    Now,
}

/// A word of ours on how a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Its `when` was false.
    When,
    /// A `goto` of this step passed it.
    Goto(Id),
    /// It acts only in a drill, or only in the lab.
    DrillOnly,
    /// A person passed it over; the reason is the answer's.
    Person,
    /// The run was stopping before it began.
    Stopping,
    /// A step before it failed.
    AfterFailure,
    /// It ran longer than its `timeout`.
    Timeout,
    /// Its process was there no more, or no longer ours, when the run was resumed.
    Orphan,
    /// A capture found nothing.
    Capture,
    /// A step inside it failed.
    Inside,
    /// Nobody was there.
    Unattended,
    /// It could not be begun; `detail` says why.
    NotBegun,
    /// An expression could not be evaluated; `detail` says why.
    Expression,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// Carry out a manual step.
    Manual,
    /// Choose an option.
    Decide,
    /// Consent to a plan.
    Consent,
    /// State the result of what does not run (a tabletop, another host's backup).
    State,
    /// Say whether a condition holds that cannot be computed.
    Truth,
    /// Say how a step ended whose process was lost.
    Orphan,
    /// Undo a step by hand, or let it be undone.
    Undo,
    /// Deliver an inject or tell of a fault.
    Deliver,
}

/// What a watch sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WatchState {
    /// The service answers as it should.
    Up,
    /// It does not.
    Down,
    /// Nobody looked: never counted as up.
    Unobserved,
}
