//! Records of questions and their answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::record::{Manner, What};
use crate::model::{Actor, Digest, Id, ObjectRef, Outcome, QuestionId, RunId, StepPath};

/// A question was put to people. It is open until the first answer in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The question.
    pub question: QuestionId,
    /// The step.
    pub step: Option<StepPath>,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// What it asks for.
    pub what: What,
    /// Which plan a consent is to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Digest>,
    /// The rendered text, where it holds more than the plan says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<ObjectRef>,
    /// The role that is offered in a handover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Id>,
    /// Who alone can answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Actor>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

impl Asked {
    /// A question of the loop's about a step; about the run itself where there is none.
    #[must_use]
    pub fn about(question: QuestionId, step: Option<StepPath>, attempt: u32, what: What) -> Self {
        Self { question, step, attempt, what, plan: None, text: None, role: None, to: None, because: None }
    }
}

/// A question of kind `manual`, `state`, `orphan` or `undo` was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The question.
    pub question: QuestionId,
    /// What became of it.
    pub outcome: Outcome,
    /// One for each of the step's checks, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<bool>,
    /// Answers to `ask`, each a JSON text in a salted object.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<Id, ObjectRef>,
    /// Why, in words: a salted object.
    pub because: Option<ObjectRef>,
}

/// A question of kind `decide` or `truth` was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// The question.
    pub question: QuestionId,
    /// The chosen option; `yes` or `no` for a truth.
    pub choice: Id,
    /// Why, in words: a salted object.
    pub because: Option<ObjectRef>,
    /// What is to be done later, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<ObjectRef>,
}

/// A question of kind `consent` was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consented {
    /// The question.
    pub question: QuestionId,
    /// Whether it was given.
    pub given: bool,
    /// The plan.
    pub plan: Option<Digest>,
    /// How a second person consented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manner: Option<Manner>,
    /// The key with which a second person consented; a C2SP verifier key named `ungpho-person/<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vkey: Option<String>,
    /// What they signed with it: a C2SP signed note over [`Consented::statement`], an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<ObjectRef>,
    /// Why, in words: a salted object.
    pub because: Option<ObjectRef>,
}

impl Consented {
    /// What a second person signs: the run, the question, the step and the plan that it is about, a line each.
    #[must_use]
    pub fn statement(run: &RunId, question: &QuestionId, step: &StepPath, plan: &Digest) -> String {
        format!("ungpho-consent/v1\nrun {run}\nquestion {question}\nstep {step}\nplan {plan}\n")
    }
}

/// The commander confirms afterwards what was consented to alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confirmed {
    /// The record of the consent.
    pub seq: u64,
    /// Why, in words: a salted object.
    pub because: Option<ObjectRef>,
}
