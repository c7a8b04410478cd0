//! Steps that have begun: what is to be done about each.

use super::draft::bare_end;
use super::start::{Way, only_looks, way};
use super::{Closing, Walk};
use crate::engine::effect::Effect;
use crate::engine::plan::Action;
use crate::engine::state::{Instance, NodeId};
use crate::model::record::{What, Why};
use crate::model::{JournalError, Outcome, StepPath};

impl Walk<'_> {
    /// A step without others inside that has begun and not ended.
    pub(super) fn open_leaf(
        &mut self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        instance: &Instance,
        closing: Option<&Closing>,
    ) -> Result<(), JournalError> {
        let action = self.action(node, path);
        match way(&self.state.tree.plan, action) {
            Way::Ask(what) => self.asked_leaf(node, path, list, instance, what, closing)?,
            Way::Instant | Way::Skip(_) => {
                // A crash came between the begin and the end of what is but written down.
                let drafts = self.instant(node, path, list, action, instance.attempt)?;
                self.record(drafts);
            }
            Way::Work
                if (instance.orphaned && !self.context.living.contains(path)) || self.lost(path, instance.attempt) =>
            {
                self.orphan(node, path, list, instance, action, closing)?;
            }
            Way::Work => {
                // What only waits is not waited for when the run stops.
                let end = closing.is_some_and(|closing| closing.force || matches!(action, Action::Wait(_)));
                if end {
                    self.effects.push(Effect::End { step: path.clone(), attempt: instance.attempt });
                }
            }
        }
        Ok(())
    }

    /// Whether a person is asked what became of it over there, or has said so.
    fn lost(&self, path: &StepPath, attempt: u32) -> bool {
        self.state.question_about(Some(path), attempt, What::Orphan).is_some()
    }

    /// Work whose loop is gone. What only looks is taken up again; what may have acted is never repeated on our own.
    fn orphan(
        &mut self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        instance: &Instance,
        action: &Action,
        closing: Option<&Closing>,
    ) -> Result<(), JournalError> {
        let asked = self.lost(path, instance.attempt);
        let repeatable = !asked && (only_looks(action) || (self.step(node).repeatable && path.undone().is_none()));
        if closing.is_none() && !repeatable && self.state.tree.plan.attended() {
            return self.asked_leaf(node, path, list, instance, What::Orphan, None);
        }
        let mut end = match closing {
            None if repeatable => bare_end(path, instance.attempt, Outcome::Unknown),
            Some(_) if repeatable => self.ending(node, path, instance.attempt, Outcome::Abandoned),
            _ => self.ending(node, path, instance.attempt, Outcome::Unknown),
        };
        end.again = repeatable && closing.is_none();
        end.why = Some(Why::Orphan);
        let drafts = self.end(node, path, end, None);
        self.record(drafts);
        Ok(())
    }
}
