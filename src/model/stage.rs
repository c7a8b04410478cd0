//! How far runs, steps, questions and corrective actions have come.

use serde::{Deserialize, Serialize};

use super::record::{StopHow, What};
use super::{Actor, Outcome, RunResult, StepPath};

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It goes on.
    Running,
    /// Nothing new is started.
    Paused,
    /// Only undos start.
    Stopping(StopHow),
    /// It is over.
    Ended(RunResult),
}

/// The instances of a step as the log has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStage {
    /// The number of the last attempt, from 1; 0 where it was passed over.
    pub attempt: u32,
    /// Its outcome; nothing while it is open.
    pub outcome: Option<Outcome>,
}

/// A question and who answered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The step it is about.
    pub step: Option<StepPath>,
    /// Which attempt.
    pub attempt: u32,
    /// What it asks for.
    pub what: What,
    /// Who alone can answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Actor>,
    /// Who offered a role with it, and alone can withdraw that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// Who answered first, and in which record.
    pub answered: Option<(Actor, u64)>,
}

/// How far a corrective action has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActionStage {
    /// Nobody has said that it was carried out.
    Open,
    /// It was carried out; no later drill has shown it yet.
    Done,
    /// A later drill has shown it.
    Retested,
}
