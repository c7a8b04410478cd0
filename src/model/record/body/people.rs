//! Records of who takes part, and of how a part passes from one to the other.

use serde::{Deserialize, Serialize};

use crate::model::{Actor, Id, Name, ObjectRef, QuestionId, StepPath};

/// Somebody takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joined {
    /// In which role.
    pub role: Option<Id>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// Somebody takes part no longer: their roles are nobody's until another takes them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// A role passes to another without being handed over: the one who had it is ill, or cannot be reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replaced {
    /// The role.
    pub role: Id,
    /// Who has it from now on.
    pub to: Actor,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// A role was handed over, and the other has taken it: the actor is who took it.
///
/// It closes the question with which it was offered. What was open then is kept, so that nobody can say later that they
/// were not told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandedOver {
    /// The question with which it was offered.
    pub question: QuestionId,
    /// The role.
    pub role: Id,
    /// Who had it.
    pub from: Actor,
    /// Steps that were open.
    pub steps: Vec<StepPath>,
    /// Questions that were open, without this one.
    pub questions: Vec<QuestionId>,
    /// Duties that were due or late.
    pub duties: Vec<Name>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}
