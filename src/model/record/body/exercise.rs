//! Records of a planned drill: situations, scores, what an attack team did, the word that stops, the script.

use serde::{Deserialize, Serialize};

use crate::model::{Id, Name, ObjectRef, StepPath};

/// An inject was delivered: one of a step, or one that the exercise plans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Injected {
    /// The step, where it is a step's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPath>,
    /// Its number in the exercise's script, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inject: Option<u32>,
    /// The role to whom.
    pub to: Option<Id>,
    /// What the players were told: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<ObjectRef>,
    /// Why it is entered late, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// How well an objective was reached, as an evaluator sees it: the four ratings of HSEEP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rating {
    /// Performed without challenges.
    P,
    /// Performed with some challenges.
    S,
    /// Performed with major challenges.
    M,
    /// Unable to be performed.
    U,
}

impl Rating {
    /// Every letter with its rating.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("P", Self::P), ("S", Self::S), ("M", Self::M), ("U", Self::U)];

    /// Its letter.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::P => "P",
            Self::S => "S",
            Self::M => "M",
            Self::U => "U",
        }
    }
}

/// An evaluator scored an objective. Of several by one evaluator the last counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// The objective.
    pub objective: Id,
    /// The score.
    pub rating: Rating,
    /// Whose score it is, where that is a participant without an account: the number in the exercise's list, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<u32>,
    /// Why, in words: a salted object.
    pub because: Option<ObjectRef>,
}

/// What the attack team did in a live drill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttackAction {
    /// What, in words: a salted object.
    pub what: ObjectRef,
    /// On which system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<Name>,
    /// With which tool, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<ObjectRef>,
    /// How far it went, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<ObjectRef>,
    /// Why it is entered late, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// Somebody said the word that stops a drill at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StopWord {
    /// Why, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// The script is opened: its digest is the one that `run-started` committed to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScriptRevealed {
    /// The script: a salted object, the injects as JSON.
    pub script: ObjectRef,
    /// Why it is entered late, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}
