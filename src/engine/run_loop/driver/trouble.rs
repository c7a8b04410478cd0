//! What the loop does where the ledger refuses, is full or fails.

use super::{Driver, Thought, Trouble};
use crate::engine::executor::Executor;
use crate::engine::run_loop::error::EngineError;
use crate::message::message;
use crate::model::record::{PauseCause, RunPaused};
use crate::model::{Durability, JournalError};

/// How often in a row the ledger may refuse before it is a mistake of ours.
const MOST_REFUSALS: u32 = 50;
/// How often in a row the ledger may fail before we give up.
const MOST_FAILURES: u32 = 5;

impl<E: Executor> Driver<E> {
    /// Nothing was kept of `thought`. True where it is worth thinking again at once.
    pub(super) fn failed(&mut self, error: JournalError, thought: &Thought) -> Result<bool, EngineError> {
        match error {
            JournalError::Refused { index, refusal } => {
                let learned = self.catch_up().map_err(|error| self.ledger(error))?;
                self.refusals += 1;
                if self.refusals > MOST_REFUSALS {
                    return Err(EngineError::Stuck { run: self.outside.run.clone(), refusal });
                }
                tracing::debug!(index, %refusal, learned, "the ledger refused a record");
                if let Some(place) = thought.concluded.iter().position(|end| index < *end) {
                    let pending = &mut self.pending[place];
                    pending.drafts = None;
                    pending.refused += 1;
                    if pending.refused > 1 {
                        // Somebody else has ended this step; what came of it here has no place any more.
                        tracing::warn!(job = %pending.job, %refusal, "a completion is not kept");
                        let gone = self.pending.remove(place);
                        self.executor.release(&gone.job);
                    }
                } else {
                    let before = thought.concluded.last().copied().unwrap_or(0);
                    if index - before < self.own.len() {
                        self.own.remove(index - before);
                    }
                }
                Ok(true)
            }
            JournalError::Full(error) => {
                if self.trouble.is_none() {
                    tracing::warn!(%error, "the disk is full");
                    (self.outside.tell)(&message!("engine-loop-disk-full", run = self.outside.run.as_str()));
                }
                if !matches!(self.trouble, Some(Trouble::Full { paused: true })) {
                    let body = RunPaused { cause: PauseCause::DiskFull, because: None };
                    let paused = match self.outside.journal.append(&[self.draft(body.into())], Durability::Synced) {
                        Ok(appended) => {
                            self.take_in(&appended.records)?;
                            true
                        }
                        Err(_) => false,
                    };
                    self.trouble = Some(Trouble::Full { paused });
                }
                Ok(false)
            }
            JournalError::Failed(error) => {
                self.failures += 1;
                tracing::warn!(%error, failures = self.failures, "the ledger cannot be used");
                if self.failures > MOST_FAILURES {
                    return Err(self.ledger(JournalError::Failed(error)));
                }
                (self.outside.tell)(&message!("engine-loop-ledger-trouble"));
                self.trouble = Some(Trouble::Failing);
                Ok(false)
            }
        }
    }
}
