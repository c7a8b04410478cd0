//! What the texts of notices are filled with.

use super::Walk;
use crate::engine::notice::{Facts, text};
use crate::model::{Mark, Name, RunKind, Stamp, Text};

impl Walk<'_> {
    /// The text of `notice` from what the record holds now, in the plan's language.
    pub(super) fn notice(&self, notice: &Name) -> String {
        let written = self.context.notices.and_then(|write| write(notice, self.state, self.context.now));
        if let Some(text) = written {
            return text;
        }
        let plan = &self.state.tree.plan;
        let marks: Vec<(Mark, Stamp)> = self.state.marks.firsts().map(|it| (it.mark, it.edge.stamp)).collect();
        let systems: Vec<&Text> = plan.systems.values().map(|system| &system.name).collect();
        let facts = Facts {
            notice,
            run: self.run.to_string(),
            drill: plan.kind == RunKind::Drill,
            scenario: &plan.title,
            systems,
            keep_running: &plan.keep_running,
            marks: &marks,
            now: self.context.now.at,
        };
        text(&facts, plan.language)
    }
}
