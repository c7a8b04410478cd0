//! The end of a run: undo what can be undone, measure, end.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::{Closing, Context, Walk};
use crate::engine::plan::names::names;
use crate::engine::state::{Instance, NodeId, Said, State};
use crate::model::record::{ObjectiveMeasured, RunEnded, StepUndone, What, Why};
use crate::model::{JournalError, Mode, Moment, Objects, Outcome, RunResult, StepPath, UndoOutcome};
use crate::playbook::Objective;
use crate::playbook::expression::{self, Scope};

/// How long an undo may take where its step says nothing.
pub(super) const UNDO_LIMIT: Duration = Duration::from_mins(10);

impl State {
    /// What every objective of the plan comes to by the records that the state has, with what was corrected and entered late
    /// since it was measured.
    ///
    /// # Errors
    ///
    /// Where a value cannot be read.
    pub fn measure(&self, objects: &dyn Objects, now: &Moment) -> Result<Vec<ObjectiveMeasured>, JournalError> {
        let Some(run) = &self.run else { return Ok(Vec::new()) };
        let context = Context { objects, now, secrets: &BTreeMap::new(), living: &[], notices: None };
        let walk = Walk::new(self, &context, run.clone());
        self.tree.plan.objectives.iter().map(|objective| walk.measured(objective)).collect()
    }
}

impl Walk<'_> {
    /// All steps have their outcomes.
    pub(super) fn finish(&mut self) -> Result<(), JournalError> {
        let stopped = self.state.stopping().is_some();
        if (stopped || self.state.block(None).failed) && self.undo()? {
            return Ok(());
        }
        let state = self.state;
        let mut drafts = Vec::new();
        for objective in &state.tree.plan.objectives {
            if !state.objectives.contains_key(&objective.id) {
                drafts.push(self.draft(self.measured(objective)?));
            }
        }
        let failed = state.instances().any(|(path, instance)| {
            path.undone().is_none()
                && matches!(instance.outcome, Some(Outcome::Failed | Outcome::Unknown | Outcome::Abandoned))
        });
        let result = match (stopped, failed) {
            (true, _) => RunResult::Stopped,
            (false, true) => RunResult::Failed,
            (false, false) => RunResult::Passed,
        };
        drafts.push(self.draft(RunEnded { result }));
        self.record(drafts);
        Ok(())
    }

    /// What an objective comes to as the state has it now.
    fn measured(&self, objective: &Objective) -> Result<ObjectiveMeasured, JournalError> {
        let (mut met, mut values) = (None, BTreeMap::new());
        if let Some(measure) = &objective.measure {
            let scope = self.scope(None, &[&measure.0])?;
            values = read_of(&measure.0, &scope);
            // What cannot be worked out is not measured; the report says so.
            met = expression::truth(measure, &scope).ok().flatten();
        }
        Ok(ObjectiveMeasured { objective: objective.id.clone(), met, values })
    }

    /// Undoes the next step; false where there is nothing to undo any more.
    fn undo(&mut self) -> Result<bool, JournalError> {
        let state = self.state;
        if !state.tree.undoable || state.tree.plan.mode == Mode::Tabletop {
            return Ok(false);
        }
        let next = state
            .instances()
            .filter(|(path, instance)| {
                instance.undo.is_none()
                    && path.undone().is_none()
                    && !path.as_str().ends_with(']')
                    && state.node(instance.node).step.undo.is_some()
                    && acted(instance)
            })
            .max_by_key(|(_, instance)| instance.order);
        let Some((path, instance)) = next else { return Ok(false) };
        let node = instance.node;
        let undo = path.undo();
        match state.instance(&undo) {
            None => {
                if state.tree.plan.mode == Mode::Technical || self.undo_asked(node, path, &undo)? {
                    self.begin_undo(node, path, &undo, 1)?;
                }
            }
            Some(inner) if inner.open() => {
                // Somebody who asks for an end by force while an undo runs means that undo too.
                let forced = state.forced_after.is_some_and(|starts| inner.order <= starts);
                let closing = forced.then_some(Closing { why: Why::Stopping, force: true });
                self.open_leaf(node, &undo, list_of(path).as_ref(), inner, closing.as_ref())?;
            }
            Some(inner) if inner.again => self.begin_undo(node, path, &undo, inner.attempt + 1)?,
            Some(inner) => {
                let outcome = match inner.outcome {
                    Some(Outcome::Done) => UndoOutcome::Done,
                    Some(Outcome::Skipped) => UndoOutcome::None,
                    _ => UndoOutcome::Failed,
                };
                self.undone(path, outcome);
            }
        }
        Ok(true)
    }

    fn undone(&mut self, path: &StepPath, outcome: UndoOutcome) {
        let drafts = vec![self.draft(StepUndone { step: path.clone(), outcome })];
        self.record(drafts);
    }

    fn begin_undo(&mut self, node: NodeId, path: &StepPath, undo: &StepPath, attempt: u32) -> Result<(), JournalError> {
        let state = self.state;
        let Some(action) = state.node(node).step.undo.as_deref() else { return Ok(()) };
        // It sees what its step sees.
        let list = list_of(path);
        self.begin_leaf(node, undo, list.as_ref(), action, attempt)
    }

    /// On real systems each undo is asked for: undoing an isolation would put an infected server back.
    fn undo_asked(&mut self, node: NodeId, path: &StepPath, undo: &StepPath) -> Result<bool, JournalError> {
        let state = self.state;
        match state.question_about(Some(undo), 0, What::Undo) {
            None => {
                let Some(action) = state.node(node).step.undo.as_deref() else { return Ok(false) };
                let list = list_of(path);
                let question = self.question(undo, list.as_ref(), action, 0, What::Undo)?;
                self.record(vec![question]);
                Ok(false)
            }
            Some(question) => match question.answer.as_ref().map(|answer| &answer.said) {
                None => Ok(false),
                Some(Said::Outcome { outcome: Outcome::Done, .. }) => Ok(true),
                Some(Said::Outcome { outcome: Outcome::Skipped, .. }) => {
                    self.undone(path, UndoOutcome::None);
                    Ok(false)
                }
                Some(_) => {
                    self.undone(path, UndoOutcome::Failed);
                    Ok(false)
                }
            },
        }
    }
}

/// Whether a step has, or may have, done something that can be taken back.
fn acted(instance: &Instance) -> bool {
    instance.attempt > 0
        && !matches!(instance.why, Some(Why::NotBegun | Why::Expression))
        && matches!(instance.outcome, Some(Outcome::Done | Outcome::Failed | Outcome::Unknown | Outcome::Abandoned))
}

/// The list that a step is in.
fn list_of(path: &StepPath) -> Option<StepPath> {
    path.as_str().rsplit_once('/').and_then(|(list, _)| list.parse().ok())
}

/// What a measure read of clocks and outcomes: our own counts and words, which may stand in a line.
fn read_of(measure: &str, scope: &Scope) -> BTreeMap<String, Value> {
    let ours = |name: &str| {
        let parts: Vec<&str> = name.split('.').collect();
        matches!(parts.as_slice(), ["clocks", _, "seconds" | "limit"] | ["steps", _, "outcome"])
    };
    let value = |name: &str| name.split('.').try_fold(scope.value(), |value, key| value.get(key)).cloned();
    let read = names(measure).into_iter().filter(|name| ours(name));
    read.filter_map(|name| Some((name.to_owned(), value(name).filter(|value| !value.is_null())?))).collect()
}
