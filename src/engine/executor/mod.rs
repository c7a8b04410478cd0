//! Carries out work: commands in process groups of their own, looks and backups on threads, faults in the lab.
//!
//! One thread owns an executor and waits in it; everything else that wants its attention uses a [`Waker`]. So a step that
//! only runs a command needs no hand-over between threads.

mod backups;
mod blocking;
mod command;
mod group;
mod guard;
mod machine;
mod output;
mod slots;
#[cfg(test)]
mod tests;
mod waker;

use std::fmt;
use std::time::{Duration, Instant};

use super::effect::{Completion, Work};
use crate::model::StepPath;

pub use group::Process;
pub use guard::guard;
pub use machine::{Former, Machine, MachineSetup, Surroundings};
pub(in crate::engine) use output::mask_text;
pub use waker::Waker;

/// The longest output that is kept of one stream of a command, in bytes.
pub const OUTPUT_BOUND: u64 = 16 * 1024 * 1024;

/// One attempt of one instance of a step.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId {
    /// The instance of the step.
    pub step: StepPath,
    /// Which attempt.
    pub attempt: u32,
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.step, self.attempt)
    }
}

/// Work to be begun now.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// What it is for.
    pub id: JobId,
    /// What to do.
    pub work: Work,
    /// When it is to be ended by force, from now.
    pub time_limit: Option<Duration>,
}

/// A process that was begun, and where it prints to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The process.
    pub process: Process,
    /// The number of its files in the run's folder of the spool: `<slot>.out` and `<slot>.err`.
    pub slot: u32,
}

/// Carries out work. Every job that was begun or adopted gives one completion, whatever happens.
pub trait Executor {
    /// Begins a job. Gives its process where it has one, to be kept at once.
    fn begin(&mut self, job: Job) -> Option<Begun>;

    /// Takes over a job whose loop is gone, begun in this boot: waits for its process, where that still runs, and gives what
    /// it printed. Its result is unknown all the same.
    fn adopt(&mut self, id: JobId, begun: &Begun, time_limit: Option<Duration>);

    /// Ends a job by force, with all that its group holds. Its completion follows.
    fn end(&mut self, id: &JobId);

    /// Blocks until a job has ended, the waker was used or `until` has passed; gives all that has ended by then.
    fn wait(&mut self, until: Option<Instant>) -> Vec<(JobId, Completion)>;

    /// Says that a completion's files are no longer needed.
    fn release(&mut self, id: &JobId);

    /// The number of jobs whose completion is still to come.
    fn running(&self) -> usize;

    /// What makes [`Executor::wait`] return from another thread.
    fn waker(&self) -> Waker;
}
