//! Situations that the exercise plans, delivered at their times.

use super::Walk;
use crate::model::record::Injected;
use crate::model::{JournalError, Stage};
use crate::playbook::exercise::Giver;

impl Walk<'_> {
    /// Delivers each inject of the program whose time has come. While the drill is paused or being stopped none is delivered;
    /// what it was paused does not count.
    pub(super) fn injects(&mut self) -> Result<(), JournalError> {
        let (Some(planned), Some(began)) = (&self.state.tree.plan.planned, &self.state.began) else { return Ok(()) };
        if self.state.stage() != Stage::Running || self.paper.is_some() {
            return Ok(());
        }
        for (number, inject) in (1..).zip(&planned.injects) {
            if inject.by != Giver::Program || self.state.delivered(number).is_some() {
                continue;
            }
            if let Some(left) = self.left(began, inject.at.duration()) {
                self.wake_in(left);
                continue;
            }
            let text = self.context.objects.put_text(inject.text.pick(self.state.tree.plan.language))?;
            let to = inject.to.clone();
            let body = Injected { step: None, inject: Some(number), to, text: Some(text), because: None };
            let draft = self.draft(body);
            self.record(vec![draft]);
        }
        Ok(())
    }
}
