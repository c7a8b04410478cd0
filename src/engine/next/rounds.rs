//! Rounds: `each` over a list, `repeat` until something is true.

use super::draft::bare_end;
use super::walk::Status;
use super::{Closing, Walk};
use crate::engine::plan::Action;
use crate::engine::state::{Instance, NodeId};
use crate::model::record::{StepEnded, StepStarted, Why};
use crate::model::{JournalError, Outcome, StepPath};
use crate::playbook::expression;

impl Walk<'_> {
    pub(super) fn each(
        &mut self,
        node: NodeId,
        path: &StepPath,
        instance: &Instance,
        closing: Option<&Closing>,
    ) -> Result<(), JournalError> {
        let total = instance.rounds.or(self.state.node(node).known_rounds()).unwrap_or(0);
        let round = instance.rounds_done + 1;
        if round > total {
            let last = (total > 0).then(|| self.inside(node, path, total));
            self.end_container(node, path, instance, last.as_ref(), None);
            return Ok(());
        }
        let list = self.inside(node, path, round);
        let state = self.state;
        let nodes = state.tree.steps_of(Some(node), round);
        let begun = state.blocks.contains_key(&Some(list.clone()))
            || nodes.iter().any(|child| state.instance(&Self::path(Some(&list), self.step(*child))).is_some());
        if closing.is_some() && !begun {
            self.end_container(node, path, instance, Some(&list), closing);
            return Ok(());
        }
        if self.list(Some(&list), nodes, Some(node), closing)? == Status::Over {
            self.end_container(node, path, instance, Some(&list), closing);
        }
        Ok(())
    }

    pub(super) fn repeat(
        &mut self,
        node: NodeId,
        path: &StepPath,
        instance: &Instance,
        closing: Option<&Closing>,
    ) -> Result<(), JournalError> {
        let state = self.state;
        let Action::Repeat(repeat) = &state.node(node).step.action else { return Ok(()) };
        let before = (instance.rounds_done > 0).then(|| self.inside(node, path, instance.rounds_done));
        if let Some(before) = before.as_ref().and_then(|before| state.instance(before))
            && (before.last != Some(false) || instance.rounds_done >= repeat.max)
        {
            let outcome = before.outcome.unwrap_or(Outcome::Unknown);
            let mut end = self.ending(node, path, instance.attempt, outcome);
            end.why = match outcome {
                Outcome::Done => None,
                Outcome::Abandoned => before.why.clone(),
                _ => Some(before.why.clone().filter(|why| *why == Why::Timeout).unwrap_or(Why::Inside)),
            };
            let drafts = self.end(node, path, end, None);
            self.record(drafts);
            return Ok(());
        }
        let round = instance.rounds_done + 1;
        let list = self.inside(node, path, round);
        match state.instance(&list) {
            None if closing.is_some() => self.close_between_rounds(node, path, instance, closing),
            None => {
                if self.paused {
                    return Ok(());
                }
                let ended = before.as_ref().and_then(|before| state.instance(before)?.ended.clone());
                if self.paper.is_none()
                    && let (Some(every), Some(ended)) = (repeat.every, ended)
                    && let Some(left) = self.left(&ended, every.duration())
                {
                    self.wake_in(left);
                    return Ok(());
                }
                let started = StepStarted { step: list, attempt: 1, rounds: None, because: None };
                let drafts = vec![self.draft(started)];
                self.record(drafts);
            }
            Some(inner) if inner.open() => {
                let nodes = state.tree.steps_of(Some(node), round);
                if self.list(Some(&list), nodes, Some(node), closing)? == Status::Over {
                    self.end_round(node, &list, inner, closing, round >= repeat.max)?;
                }
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn close_between_rounds(&mut self, node: NodeId, path: &StepPath, instance: &Instance, closing: Option<&Closing>) {
        let why = closing.map(|closing| closing.why.clone());
        let outcome = if why == Some(Why::Timeout) { Outcome::Failed } else { Outcome::Abandoned };
        let mut end = self.ending(node, path, instance.attempt, outcome);
        end.why = why;
        let drafts = self.end(node, path, end, None);
        self.record(drafts);
    }

    /// All steps of a round of a `repeat` are over.
    fn end_round(
        &mut self,
        node: NodeId,
        list: &StepPath,
        round: &Instance,
        closing: Option<&Closing>,
        at_most: bool,
    ) -> Result<(), JournalError> {
        let (outcome, why) = self.come_to(node, Some(list), closing);
        let (outcome, why, words_of_fault, is_last) = if outcome == Outcome::Done {
            match self.until(node, list, round)? {
                Until::Is(true) => (Outcome::Done, None, None, true),
                Until::Is(false) if at_most => (Outcome::Failed, Some(Why::Inside), None, true),
                Until::Is(false) => (Outcome::Done, None, None, false),
                Until::Fault(words) => (Outcome::Failed, Some(Why::Expression), Some(words), true),
                Until::Unattended => (Outcome::Failed, Some(Why::Unattended), None, true),
                Until::Asked if closing.is_some() => {
                    (Outcome::Abandoned, closing.map(|closing| closing.why.clone()), None, true)
                }
                Until::Asked => return Ok(()),
            }
        } else {
            (outcome, why, None, true)
        };
        let detail = words_of_fault.map(|words| self.context.objects.put_text(&words)).transpose()?;
        let body = StepEnded { why, last: Some(is_last), detail, ..bare_end(list, round.attempt, outcome) };
        let drafts = vec![self.draft(body)];
        self.record(drafts);
        Ok(())
    }

    fn until(&mut self, node: NodeId, list: &StepPath, round: &Instance) -> Result<Until, JournalError> {
        let state = self.state;
        let Action::Repeat(repeat) = &state.node(node).step.action else { return Ok(Until::Is(true)) };
        let scope = self.scope(Some(list), &[&repeat.until.0])?;
        Ok(match expression::truth(&repeat.until, &scope) {
            Ok(Some(truth)) => Until::Is(truth),
            Err(fault) => Until::Fault(self.words(&fault)),
            Ok(None) if !state.tree.plan.attended() => Until::Unattended,
            Ok(None) => match self.truth_asked(list, round.attempt, &repeat.until)? {
                Some(truth) => Until::Is(truth),
                None => Until::Asked,
            },
        })
    }
}

/// What the `until` of a `repeat` comes to.
enum Until {
    Is(bool),
    Fault(String),
    Asked,
    Unattended,
}
