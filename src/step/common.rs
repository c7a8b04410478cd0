//! What every step has, whatever its action.

use serde::{Deserialize, Serialize};

use super::Action;
use crate::model::{Expression, Id, Mark, Phase, Span, Text};

/// One step: of a playbook, or of a plan, whose actions have their targets resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step<A = Action> {
    /// Its id among its siblings.
    pub id: Id,
    /// What it does.
    pub action: A,
    /// What people call it; the id stands in where there is none.
    pub title: Option<Text>,
    /// Who does it.
    pub role: Option<Id>,
    /// The phase of the response it belongs to.
    pub phase: Option<Phase>,
    /// It is skipped where this is false.
    pub when: Option<Expression>,
    /// How long it may take.
    pub timeout: Option<Span>,
    /// How often it is tried again where it failed.
    pub retry: Option<Retry>,
    /// What follows where it failed for good.
    pub on_failure: OnFailure,
    /// What takes it back.
    pub undo: Option<Box<A>>,
    /// What is picked out of its output.
    pub capture: Vec<Capture>,
    /// Whether it may be run again after a crash.
    pub repeatable: bool,
    /// Whether a file or note has to be attached before it can end.
    pub evidence_required: bool,
    /// The moment it makes when it is done.
    pub marks: Option<Mark>,
    /// Siblings that must be done before it starts; inside `parallel` only.
    pub needs: Vec<Id>,
}

impl<A> Step<A> {
    /// The same step with another action, and what takes that back.
    #[must_use]
    pub fn with<B>(&self, action: B, undo: Option<Box<B>>) -> Step<B> {
        Step {
            id: self.id.clone(),
            action,
            title: self.title.clone(),
            role: self.role.clone(),
            phase: self.phase,
            when: self.when.clone(),
            timeout: self.timeout,
            retry: self.retry,
            on_failure: self.on_failure.clone(),
            undo,
            capture: self.capture.clone(),
            repeatable: self.repeatable,
            evidence_required: self.evidence_required,
            marks: self.marks,
            needs: self.needs.clone(),
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> Text {
        self.title.clone().unwrap_or_else(|| Text::Same(self.id.to_string()))
    }
}

/// How often a failed step is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// How many attempts follow the first.
    pub times: u32,
    /// The wait before the first of them.
    pub delay: Span,
    /// What the wait is multiplied with each time, from 1 to 10.
    pub backoff: u32,
}

/// What follows where a step failed for good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// The run fails; what can be undone is.
    #[default]
    Stop,
    /// The next step starts all the same.
    Continue,
    /// A later sibling starts next.
    Goto(Id),
}

/// Where a capture looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaptureFrom {
    /// What a command wrote to standard output.
    Stdout,
    /// What it wrote to standard error.
    Stderr,
    /// The body of an HTTP answer.
    Body,
}

/// A value picked out of what a step gave: group 1 of `regex`. No match fails the step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Its name in expressions.
    pub name: Id,
    /// Where to look.
    pub from: CaptureFrom,
    /// A regular expression with one group at least.
    pub regex: String,
}
