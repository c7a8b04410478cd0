//! The records with which steps end.

use std::collections::BTreeMap;

use super::Walk;
use crate::engine::plan::Step;
use crate::engine::state::{Answer, NodeId};
use crate::message::Explain as _;
use crate::model::record::{Marked, StepEnded, Why};
use crate::model::{Basis, Draft, Outcome, StepPath};
use crate::playbook::expression::Fault;
use crate::step::OnFailure;

impl Walk<'_> {
    /// The end of an attempt, with what `on_failure` makes of its outcome.
    pub(super) fn ending(&self, node: NodeId, path: &StepPath, attempt: u32, outcome: Outcome) -> StepEnded {
        let mut end = bare_end(path, attempt, outcome);
        if path.undone().is_none() {
            settle(self.step(node), &mut end);
        }
        end
    }

    /// The records that end an attempt: with its mark, where it is done and makes one. An answer that was entered late
    /// says when it happened.
    pub(super) fn end(&self, node: NodeId, path: &StepPath, end: StepEnded, answer: Option<&Answer>) -> Vec<Draft> {
        let mark = match (end.outcome, self.step(node).marks) {
            (Outcome::Done, Some(mark)) if path.undone().is_none() => Some(mark),
            _ => None,
        };
        let late = answer.filter(|answer| answer.occurred.is_some());
        let mut end = end;
        if let Some(late) = late {
            end.because = late.because;
        }
        let mut drafts = vec![self.draft(end)];
        if let Some(mark) = mark {
            let because = late.and_then(|late| late.because);
            drafts.push(self.draft(Marked { mark, step: Some(path.clone()), because }));
        }
        if let Some(late) = late {
            for draft in &mut drafts {
                draft.occurred = late.occurred;
                draft.basis = if late.basis == Basis::Machine { Basis::Console } else { late.basis };
            }
        }
        drafts
    }

    /// A step that never begins.
    pub(super) fn passed(&self, path: &StepPath, why: Why) -> Draft {
        self.draft(StepEnded { why: Some(why), ..bare_end(path, 0, Outcome::Skipped) })
    }

    /// A fault of an expression in words.
    pub(super) fn words(&self, fault: &Fault) -> String {
        fault.message().render(self.state.tree.plan.language)
    }
}

/// The end of an attempt, with nothing said but its outcome.
pub(super) fn bare_end(path: &StepPath, attempt: u32, outcome: Outcome) -> StepEnded {
    StepEnded {
        step: path.clone(),
        attempt,
        outcome,
        why: None,
        goto: None,
        tolerated: false,
        again: false,
        last: None,
        confirmed: None,
        exit: None,
        signal: None,
        output: None,
        dropped: None,
        captures: BTreeMap::new(),
        detail: None,
        because: None,
    }
}

/// What follows from the outcome: `on_failure`.
pub(super) fn settle(step: &Step, end: &mut StepEnded) {
    if matches!(end.outcome, Outcome::Failed | Outcome::Unknown) {
        match &step.on_failure {
            OnFailure::Stop => {}
            OnFailure::Continue => end.tolerated = true,
            OnFailure::Goto(target) => {
                end.tolerated = true;
                end.goto = Some(target.clone());
            }
        }
    }
}
