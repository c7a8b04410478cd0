//! Blocks until something happens, and takes it in.

use std::time::{Duration, Instant};

use super::{Driver, Pending, Thought, Trouble};
use crate::engine::effect::Completion;
use crate::engine::executor::{Executor, JobId};
use crate::engine::run_loop::error::EngineError;
use crate::engine::run_loop::listen::Event;
use crate::engine::run_loop::script::Script;
use crate::engine::run_loop::watches::Watches;
use crate::message::message;
use crate::model::Stage;
use crate::model::record::{Noted, PauseCause, RunPaused, RunStopping, StopHow};

/// How often we look whether a full disk has room again.
const DISK_LOOK: Duration = Duration::from_secs(1);

impl<E: Executor> Driver<E> {
    /// Blocks until something happens, and takes it in.
    pub(super) fn wait(&mut self) -> Result<(), EngineError> {
        let trouble = self.trouble.as_ref().map(|_| Instant::now() + DISK_LOOK);
        let samples = self.watches.as_ref().and_then(Watches::next_event);
        let script = self.script.as_ref().and_then(Script::next_event);
        let until = self.wake_at.into_iter().chain(trouble).chain(samples).chain(script).min();
        let ended = self.executor.wait(until);
        for (job, completion) in ended {
            if let Some(place) = self.orphans.iter().position(|orphan| *orphan == job) {
                self.orphans.swap_remove(place);
                self.note_orphan(&job, &completion);
            } else {
                self.pending.push(Pending { job, completion, drafts: None, refused: 0 });
            }
        }
        while let Ok(event) = self.events.try_recv() {
            match event {
                Event::LedgerGrew => {
                    if let Err(error) = self.catch_up() {
                        self.failed(error, &Thought::default())?;
                    }
                }
                // Looked at below, whatever woke us.
                Event::Watch => {}
                Event::Signal => self.signalled(),
                Event::Unlocked => return Err(EngineError::Unlocked { run: self.outside.run.clone() }),
            }
        }
        if let Some(watches) = &mut self.watches {
            self.own.extend(watches.changes());
            let now = self.outside.clock.now();
            match watches.samples(false, &now, &*self.outside.objects) {
                Ok(drafts) => self.own.extend(drafts),
                Err(error) => tracing::warn!(%error, "samples are not kept yet"),
            }
        }
        if matches!(self.trouble, Some(Trouble::Failing)) && self.catch_up().is_ok() {
            self.trouble = None;
        }
        Ok(())
    }

    /// Gives the answers of the script that are due; true where there are any.
    pub(super) fn answer(&mut self) -> bool {
        let Some(script) = &mut self.script else { return false };
        let now = self.outside.clock.now();
        let questions = self.state.view_with(&now, Some(&*self.outside.objects)).questions;
        match script.answers(&questions, &*self.outside.objects) {
            Ok(drafts) => self.own.extend(drafts),
            Err(error) => tracing::warn!(%error, "an answer of the script is not kept yet"),
        }
        !self.own.is_empty()
    }

    /// What an orphan printed is kept as a note to its step; how it ended nobody can say.
    fn note_orphan(&mut self, job: &JobId, completion: &Completion) {
        for path in completion.stdout.iter().chain(&completion.stderr) {
            match self.outside.objects.put_text_file(path) {
                Ok(text) => {
                    self.own.push(self.draft(Noted::remark(text, Some(job.step.clone())).into()));
                }
                Err(error) => tracing::warn!(%job, %error, "the output of an orphan is not kept"),
            }
        }
        // Not before the note is kept.
        self.told.push(job.clone());
    }

    fn signalled(&mut self) {
        self.signals += 1;
        let run = self.outside.run.as_str();
        if self.signals == 1 && self.state.stage() == Stage::Running {
            (self.outside.tell)(&message!("engine-loop-pausing", run = run));
            self.own.push(self.draft(RunPaused { cause: PauseCause::Signal, because: None }.into()));
        } else if self.signals > 1 {
            (self.outside.tell)(&message!("engine-loop-stopping", run = run));
            let body = RunStopping { how: StopHow::Now, because: None, incident: false };
            self.own.push(self.draft(body.into()));
        }
    }
}
