//! The end of what one playbook leads, when another takes over: everything that is open is given up, the rest passed over.

use super::walk::Status;
use super::{Closing, Context, Walk};
use crate::engine::effect::Effect;
use crate::engine::state::State;
use crate::model::record::Why;
use crate::model::{Draft, JournalError, Record, Stage, StepPath};

/// How often one look may lead to the next.
const MOST_LOOKS: usize = 10_000;

impl State {
    /// The records that close the plan that leads now, for the same batch as `playbook-switched`; else the step whose work
    /// runs and has to end first.
    ///
    /// # Errors
    ///
    /// Where a value cannot be read or kept.
    pub fn close_for_another(&self, context: &Context) -> Result<Result<Vec<Draft>, StepPath>, JournalError> {
        let Some(run) = &self.run else { return Ok(Ok(Vec::new())) };
        let closing = Closing { why: Why::Switched, force: true };
        let mut ahead = self.clone();
        let mut drafts: Vec<Draft> = Vec::new();
        for _ in 0..MOST_LOOKS {
            let mut walk = Walk {
                state: &ahead,
                context,
                run: run.clone(),
                effects: Vec::new(),
                asked: ahead.lifecycle().map_or(0, |run| run.asked),
                wake: None,
                paused: ahead.stage() == Stage::Paused,
                paper: None,
            };
            let status = walk.list(None, &ahead.tree.roots, None, Some(&closing))?;
            let mut came = Vec::new();
            for effect in walk.effects {
                match effect {
                    Effect::Record(drafts) => came.extend(drafts),
                    Effect::End { step, .. } => return Ok(Err(step)),
                    Effect::Begin { .. } | Effect::Wake(_) => {}
                }
            }
            if status == Status::Over || came.is_empty() {
                break;
            }
            let seq = self.lifecycle().map_or(0, |run| run.began) + drafts.len() as u64;
            for draft in &came {
                ahead.apply(&Record {
                    seq: seq.max(self.part_from()),
                    written: context.now.clone(),
                    draft: draft.clone(),
                });
            }
            drafts.extend(came);
        }
        Ok(Ok(drafts))
    }
}
