//! What the pure engine asks of the outside, and what comes back: plain values.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::inventory::System;
use crate::model::record::{Body, Why};
use crate::model::{Draft, Effect as Harm, Id, Name, StepPath};
use crate::probe::Spec;

/// Something that may happen now.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Append these records as one batch. What follows from them is asked of `next` again.
    Record(Vec<Draft>),
    /// Append `records` (with `step-started` among them); when they are synced, begin `work`.
    Begin {
        /// The records that must be durable first.
        records: Vec<Draft>,
        /// The instance of the step.
        step: StepPath,
        /// Which attempt.
        attempt: u32,
        /// What to do.
        work: Work,
        /// When it is to be ended by force, from now.
        time_limit: Option<Duration>,
    },
    /// End by force what runs for this instance; its completion follows.
    End {
        /// The instance of the step.
        step: StepPath,
        /// Which attempt.
        attempt: u32,
    },
    /// Nothing more before this has passed: ask again then.
    Wake(Duration),
}

/// Work with everything filled in. Secrets in it never reach a record or a log.
#[derive(Clone, PartialEq)]
pub enum Work {
    /// A command.
    Command(CommandWork),
    /// One look.
    Probe(Spec),
    /// Looks until it is well.
    Wait {
        /// The look.
        probe: Spec,
        /// How often.
        every: Duration,
        /// Good looks in a row that are needed.
        confirm: u32,
    },
    /// Makes a seal beside a copy.
    Seal {
        /// The copy.
        copy: CopyRef,
    },
    /// Compares a copy with its seal.
    Verify {
        /// The copy.
        copy: CopyRef,
        /// The share of files to read, in percent.
        sample: Option<u8>,
    },
    /// Picks the newest copy of all of a system's backups that is whole.
    NewestGood {
        /// Whose.
        system: System,
    },
    /// Restores to a scratch place and compares.
    Prove {
        /// The copy.
        copy: CopyRef,
        /// Says whether what was restored is well; nothing where none may be run.
        check: Option<CommandWork>,
    },
    /// Restores a copy, comparing before it takes the place.
    Restore {
        /// The copy's folder.
        from: PathBuf,
        /// The place to fill; what was there is kept as `<to>.before-<RUN>`.
        to: PathBuf,
        /// The suffix for what is kept.
        run: String,
        /// Says whether what was restored is well.
        check: Option<CommandWork>,
    },
    /// Makes a fault in the lab.
    Fault {
        /// On which system.
        system: Name,
        /// Which.
        kind: Name,
        /// Its settings.
        with: BTreeMap<Id, Value>,
    },
    /// Nothing but time passing.
    Sleep(Duration),
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Work may hold secrets: its kind is all that is ever printed.
        f.write_str(match self {
            Self::Command(_) => "Command",
            Self::Probe(_) => "Probe",
            Self::Wait { .. } => "Wait",
            Self::Seal { .. } => "Seal",
            Self::Verify { .. } => "Verify",
            Self::NewestGood { .. } => "NewestGood",
            Self::Prove { .. } => "Prove",
            Self::Restore { .. } => "Restore",
            Self::Fault { .. } => "Fault",
            Self::Sleep(_) => "Sleep",
        })
    }
}

/// A copy: a folder, or the newest of a system's backup.
#[derive(Clone, Debug, PartialEq)]
pub enum CopyRef {
    /// This folder.
    Path(PathBuf),
    /// The newest by `sealed_at` (newest by name where none is sealed) of this backup.
    Newest {
        /// Whose.
        system: Box<System>,
        /// Which of its backups.
        backup: Name,
    },
}

/// A command with everything filled in.
#[derive(Clone, PartialEq)]
pub struct CommandWork {
    /// The program and its arguments; a shell script is `/bin/sh -c SCRIPT`. Through ssh it is already wrapped.
    pub argv: Vec<String>,
    /// Environment besides PATH, HOME and LANG.
    pub env: BTreeMap<String, String>,
    /// What it reads.
    pub stdin: Option<String>,
    /// Its folder.
    pub cwd: Option<PathBuf>,
    /// What it may do.
    pub effect: Harm,
    /// Values to mask wherever they might appear in output.
    pub secrets: Vec<String>,
    /// Whether it is wrapped in `ssh`, whose own end says nothing of what became of the command over there.
    pub remote: bool,
}

/// What came of work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completion {
    /// Whether it did what it was for; else a word of ours on why not (`None` is the plain failure).
    pub verdict: Verdict,
    /// Exit status.
    pub exit: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Standard output, up to the bound, in the spool.
    pub stdout: Option<PathBuf>,
    /// Standard error, up to the bound, in the spool.
    pub stderr: Option<PathBuf>,
    /// Bytes that were not kept.
    pub dropped: u64,
    /// The body of an HTTP answer, for captures.
    pub body: Option<String>,
    /// What it yields to expressions.
    pub values: BTreeMap<String, Value>,
    /// Why it failed, in words.
    pub detail: Option<String>,
    /// Records of its own to keep beside the step's end: `backup-verified`, `faulted`.
    pub evidence: Vec<Body>,
}

/// Whether work did what it was for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Verdict {
    /// It did.
    #[default]
    Done,
    /// It did not.
    Failed(Option<Why>),
    /// Nobody can say.
    Unknown(Why),
    /// It was ended by force because the run stops.
    Abandoned,
}

/// Makes faults. Exists only with `--lab`.
pub trait FaultMaker: Send + Sync {
    /// Makes `kind` on `system`; blocks until it is made.
    ///
    /// # Errors
    ///
    /// Why it could not be made, in words for the step's detail.
    fn make(&self, system: &Name, kind: &Name, with: &BTreeMap<Id, Value>) -> Result<(), String>;
}
