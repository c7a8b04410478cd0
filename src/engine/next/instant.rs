//! Steps that are but written down: notes, notices, and what nobody is there for.

use super::Walk;
use super::ask::each_language;
use crate::engine::plan::{Action, in_words};
use crate::engine::state::NodeId;
use crate::model::record::{Noted, NoticePrepared, Why};
use crate::model::{Draft, JournalError, Outcome, StepPath, Template};

impl Walk<'_> {
    /// The records of such a step after its `step-started`.
    pub(super) fn instant(
        &self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        action: &Action,
        attempt: u32,
    ) -> Result<Vec<Draft>, JournalError> {
        let mut drafts = Vec::new();
        let mut end = self.ending(node, path, attempt, Outcome::Done);
        match action {
            Action::Note(text) => {
                let scope = self.display_scope(list, text)?;
                let text = each_language(text, |text, lang| in_words(&Template(text.to_owned()), &scope, lang));
                let text = self.context.objects.put_text(text.pick(self.state.tree.plan.language))?;
                drafts.push(self.draft(Noted::remark(text, Some(path.clone()))));
            }
            Action::Notify(notify) => {
                let text = self.context.objects.put_text(&self.notice(&notify.notice))?;
                let (notice, step) = (notify.notice.clone(), Some(path.clone()));
                drafts.push(self.draft(NoticePrepared { notice, step, text, because: None }));
            }
            Action::Manual(_) => {
                end.confirmed = Some(false);
                end.why = Some(Why::Unattended);
            }
            Action::Decide(decide) => {
                if let Some(default) = &decide.default {
                    return self.decided(node, path, action, attempt, default, None);
                }
                end = self.ending(node, path, attempt, Outcome::Failed);
                end.why = Some(Why::Unattended);
            }
            // Nothing else is but written down.
            _ => {
                end = self.ending(node, path, attempt, Outcome::Skipped);
                end.why = Some(Why::Unattended);
            }
        }
        drafts.extend(self.end(node, path, end, None));
        Ok(drafts)
    }
}
