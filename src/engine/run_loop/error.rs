//! Why a run cannot be begun or driven on.

use crate::message::{Explain, Message, message};
use crate::model::{JournalError, Refusal, RunId};

/// Why a run cannot be begun or driven on. What was kept of it stays kept.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The ledger does not know the run.
    #[error("no run {run} has begun")]
    UnknownRun {
        /// The run.
        run: RunId,
    },
    /// The ledger cannot be read or written.
    #[error("the ledger cannot be used for run {run}")]
    Ledger {
        /// The run.
        run: RunId,
        /// Why.
        #[source]
        error: JournalError,
    },
    /// The run could not be begun: the ledger cannot be written.
    #[error("the run cannot be begun")]
    NotBegun(#[source] JournalError),
    /// What the loop needs of the machine cannot be had.
    #[error("the loop of run {run} cannot work")]
    Machine {
        /// The run.
        run: RunId,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// The ledger refuses what the plan asks for, again and again: a mistake of the program.
    #[error("run {run} cannot go on")]
    Stuck {
        /// The run.
        run: RunId,
        /// The rule.
        #[source]
        refusal: Refusal,
    },
    /// The run's lock is gone, with the ledger or without it: this loop may not be the only one any more.
    #[error("the lock of run {run} is gone")]
    Unlocked {
        /// The run.
        run: RunId,
    },
    /// Another playbook leads the run from here on: it is to be taken up with that one's plan.
    #[error("another playbook leads run {run}")]
    Superseded {
        /// The run.
        run: RunId,
    },
    /// A signal paused the run; nothing of it runs any more.
    #[error("run {run} is paused")]
    Interrupted {
        /// The run.
        run: RunId,
    },
}

impl Explain for EngineError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownRun { .. } => "unknown-run",
            Self::Ledger { .. } => "run-ledger",
            Self::NotBegun(_) => "run-not-begun",
            Self::Machine { .. } => "run-machine",
            Self::Stuck { .. } => "run-stuck",
            Self::Unlocked { .. } => "run-unlocked",
            Self::Superseded { .. } => "run-superseded",
            Self::Interrupted { .. } => "run-paused",
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::UnknownRun { run } => message!("engine-loop-unknown-run", run = run.as_str()),
            Self::Ledger { run, .. } => message!("engine-loop-ledger", run = run.as_str()),
            Self::NotBegun(_) => message!("engine-loop-run-not-begun"),
            Self::Machine { run, .. } => message!("engine-loop-machine", run = run.as_str()),
            Self::Stuck { run, .. } => message!("engine-loop-stuck", run = run.as_str()),
            Self::Unlocked { run } => message!("engine-loop-unlocked", run = run.as_str()),
            Self::Superseded { run } => message!("engine-loop-superseded", run = run.as_str()),
            Self::Interrupted { run } => message!("engine-loop-interrupted", run = run.as_str()),
        }
    }

    fn help(&self) -> Option<Message> {
        match self {
            Self::UnknownRun { .. } => Some(message!("engine-loop-unknown-run-help")),
            Self::Ledger { run, .. }
            | Self::Machine { run, .. }
            | Self::Unlocked { run }
            | Self::Superseded { run }
            | Self::Interrupted { run } => Some(message!("engine-loop-resume-help", run = run.as_str())),
            Self::Stuck { .. } | Self::NotBegun(_) => None,
        }
    }
}
