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
    /// Its connection to another machine was cut, or never stood: nobody here knows what became of it there.
    Connection,
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
    /// Another playbook leads from here on.
    Switched,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// Consent, as a second person, to a step that may interrupt a service or lose data.
    Second,
    /// Take over a role.
    Handover,
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

/// How a second person consented to what is destructive; the unit says which ways it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// By a personal key.
    Key,
    /// Standing by.
    Present,
    /// By telephone.
    Phone,
    /// Nobody: alone, with a reason. Due for the commander's confirmation.
    Alone,
}

impl Manner {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Key, Self::Present, Self::Phone, Self::Alone];
}

/// Whether an incident is serious. No regulation defines it: a person says so, with a reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Serious {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody has said: both clocks are shown.
    #[default]
    Undecided,
}

/// The gravest cases, which are reported at once (Decree 331/2026/NĐ-CP, point d of clause 2 of Article 31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grave {
    /// Signs of harm to national security.
    NationalSecurity,
    /// Signs of harm to public order and safety.
    PublicOrder,
    /// A serious interruption of activity.
    SeriousInterruption,
}

/// What a person found in a drill or an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Finding {
    /// Something went well.
    Strength,
    /// Something fell short.
    Gap,
    /// Something is learnt from it, or asked for.
    Lesson,
}

/// What the chair concludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It passed.
    Passed,
    /// It did not.
    Failed,
}

/// What stands in a corrected field: an id, a time or an option as it is; words as an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Words of people's, a salted object.
    Words(ObjectRef),
    /// An id, a time or an option.
    Word(String),
    /// Nothing.
    Nothing,
}
