//! The bodies of records, one type a kind. In a line stand only ids, times, booleans, options and counts of our own;
//! every word of people's and every captured value is an object.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::words::{PauseCause, People, SourceFile, StopHow, WatchState, What, Why};
use crate::model::{
    Digest, Id, Mark, Name, ObjectRef, Outcome, QuestionId, RunKind, RunResult, Stamp, StepPath, UndoOutcome,
};

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident = $kind:literal $fields:tt)+) => {
        $($(#[$doc])* #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)] pub struct $variant $fields)+

        /// What happened: the type of a record with its body.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Body {
            $($(#[$doc])* $variant($variant),)+
            /// A type that this version does not know, kept as it is.
            Unknown {
                /// The type's name.
                kind: String,
                /// Its body, JSON.
                body: String,
            },
        }

        impl Body {
            /// Every known type's name.
            pub const KINDS: &'static [&'static str] = &[$($kind,)+];

            /// The type's name, as the line has it.
            #[must_use]
            pub fn kind(&self) -> &str {
                match self { $(Self::$variant(_) => $kind,)+ Self::Unknown { kind, .. } => kind }
            }

            /// Reads the body of a record of type `kind`. A type that is not known is kept.
            ///
            /// # Errors
            ///
            /// Where the body of a known type has not its form.
            pub fn parse(kind: &str, body: &str) -> Result<Self, serde_json::Error> {
                match kind {
                    $($kind => serde_json::from_str(body).map(Self::$variant),)+
                    _ => Ok(Self::Unknown { kind: kind.to_owned(), body: body.to_owned() }),
                }
            }

            pub(super) fn content(&self) -> Content<'_> { Content(self) }
        }

        $(impl From<$variant> for Body { fn from(body: $variant) -> Self { Self::$variant(body) } })+

        impl Serialize for Content<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.0 {
                    $(Body::$variant(body) => body.serialize(serializer),)+
                    Body::Unknown { body, .. } => match serde_json::from_str::<&RawValue>(body) {
                        Ok(raw) => raw.serialize(serializer),
                        Err(error) => Err(serde::ser::Error::custom(error)),
                    },
                }
            }
        }
    };
}

/// A body without its type's name, for writing.
pub struct Content<'a>(&'a Body);

bodies! {
    /// Record 0: the ledger's name and its first key (C2SP vkey).
    LedgerCreated = "ledger-created" {
        /// The name of the ledger, also of its key.
        pub origin: String,
        /// The C2SP verifier key.
        pub vkey: String,
    }

    /// A torn last line was set aside: its bytes are the object.
    TailRepaired = "tail-repaired" {
        /// Bytes read, or what was set aside.
        pub bytes: ObjectRef,
    }

    /// A run began. Plan and sources are whole files: all that is needed to fold the run again.
    RunStarted = "run-started" {
        /// Its kind.
        pub kind: RunKind,
        /// The scenario.
        pub playbook: Name,
        /// The resolved plan, JSON with `plan_format`.
        pub plan: ObjectRef,
        /// What it was made from.
        pub sources: Vec<SourceFile>,
        /// The planned exercise, if any.
        pub exercise: Option<Name>,
        /// Set where times come from a test clock and not from the machine: every report says so.
        pub test_clock: bool,
        /// How people take part.
        pub people: People,
        /// Whether the targets are the lab's.
        pub lab: bool,
    }

    /// Nothing new is started until `run-continued`.
    RunPaused = "run-paused" {
        /// What paused it.
        pub cause: PauseCause,
        /// Why, in words: a salted object.
        pub because: Option<ObjectRef>,
    }

    /// The run goes on: after a pause, or with a new loop after the last one was gone.
    RunContinued = "run-continued" {
        /// Seconds in which no loop was there, if a new loop took the run up.
        pub gap: Option<u64>,
    }

    /// Somebody stops the run; after it only undos start.
    RunStopping = "run-stopping" {
        /// How soon.
        pub how: StopHow,
        /// Why, in words: a salted object.
        pub because: Option<ObjectRef>,
        /// Stopped because of a real incident: every screen says so.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub incident: bool,
    }

    /// The run has ended. Only a loop writes it.
    RunEnded = "run-ended" {
        /// The technical result.
        pub result: RunResult,
    }

    /// Somebody takes part.
    Joined = "joined" {
        /// In which role.
        pub role: Option<Id>,
    }

    /// An instance of a step began.
    StepStarted = "step-started" {
        /// The step.
        pub step: StepPath,
        /// Which attempt, from 1.
        pub attempt: u32,
        /// For an `each`, how many rounds there will be; rounds of a `repeat` begin one by one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub rounds: Option<u32>,
    }

    /// A process of a step runs. Synced with the next append: it matters only within its boot.
    ProcessStarted = "process-started" {
        /// The step.
        pub step: StepPath,
        /// Which attempt, from 1.
        pub attempt: u32,
        /// The process.
        pub pid: u32,
        /// Field 22 of `/proc/<pid>/stat`: with the pid it names the process within a boot.
        pub start_ticks: u64,
        /// Where it prints to, within the boot: `spool/<RUN>/<slot>.out` and `.err`.
        pub slot: u32,
    }

    /// An instance of a step ended, or was passed over (`attempt` 0).
    StepEnded = "step-ended" {
        /// The step.
        pub step: StepPath,
        /// Which attempt, from 1.
        pub attempt: u32,
        /// What became of it.
        pub outcome: Outcome,
        /// Why it was passed over or how it ended, a word of ours.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub why: Option<Why>,
        /// What the engine goes on with, where that is not the next in the list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub goto: Option<Id>,
        /// Whether the run goes on although this failed (`on_failure`).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub tolerated: bool,
        /// Whether another attempt follows (`retry`).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub again: bool,
        /// For a `repeat`'s round: whether it was the last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last: Option<bool>,
        /// For `manual`: whether a person confirmed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub confirmed: Option<bool>,
        /// Exit status of a command.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub exit: Option<i32>,
        /// Number of the signal that ended a command.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub signal: Option<i32>,
        /// What the command printed, standard output and error together, up to the bound.
        pub output: Option<ObjectRef>,
        /// Bytes that were printed past the bound and are not kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub dropped: Option<u64>,
        /// What it yields to expressions: each value a JSON text in a salted object.
        pub captures: BTreeMap<String, ObjectRef>,
        /// Why it failed, in words, as a salted object.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub detail: Option<ObjectRef>,
    }

    /// What became of the undo of a step.
    StepUndone = "step-undone" {
        /// The step.
        pub step: StepPath,
        /// What became of it.
        pub outcome: UndoOutcome,
    }

    /// A question was put to people. It is open until the first answer in the log.
    Asked = "asked" {
        /// The question.
        pub question: QuestionId,
        /// The step.
        pub step: Option<StepPath>,
        /// Which attempt, from 1.
        pub attempt: u32,
        /// What it asks for.
        pub what: What,
        /// Which plan a consent is to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub plan: Option<Digest>,
        /// The rendered text, where it holds more than the plan says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<ObjectRef>,
    }

    /// A question of kind `manual`, `state`, `orphan` or `undo` was answered.
    Answered = "answered" {
        /// The question.
        pub question: QuestionId,
        /// What became of it.
        pub outcome: Outcome,
        /// One for each of the step's checks, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub checks: Vec<bool>,
        /// Answers to `ask`, each a JSON text in a salted object.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub answers: BTreeMap<Id, ObjectRef>,
        /// Why, in words: a salted object.
        pub because: Option<ObjectRef>,
    }

    /// A question of kind `decide` or `truth` was decided.
    Decided = "decided" {
        /// The question.
        pub question: QuestionId,
        /// The chosen option; `yes` or `no` for a truth.
        pub choice: Id,
        /// Why, in words: a salted object.
        pub because: Option<ObjectRef>,
        /// What is to be done later, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub follow_up: Option<ObjectRef>,
    }

    /// A question of kind `consent` was answered.
    Consented = "consented" {
        /// The question.
        pub question: QuestionId,
        /// Whether it was given.
        pub given: bool,
        /// The plan.
        pub plan: Option<Digest>,
        /// Why, in words: a salted object.
        pub because: Option<ObjectRef>,
    }

    /// Somebody noted something.
    Noted = "noted" {
        /// The words, a salted object.
        pub text: ObjectRef,
        /// The step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step: Option<StepPath>,
    }

    /// Somebody attached a file, kept as it is; its name is a salted object.
    Attached = "attached" {
        /// The file as it is.
        pub file: ObjectRef,
        /// Its name, a salted object.
        pub name: ObjectRef,
        /// The step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step: Option<StepPath>,
    }

    /// A moment that clocks hang on.
    Marked = "marked" {
        /// Which moment.
        pub mark: Mark,
        /// The step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step: Option<StepPath>,
        /// Why, in words: a salted object.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub because: Option<ObjectRef>,
    }

    /// The text of a notice is ready; only a person can say that it was sent.
    NoticePrepared = "notice-prepared" {
        /// Which notice.
        pub notice: Name,
        /// The step.
        pub step: StepPath,
        /// The words, a salted object.
        pub text: ObjectRef,
    }

    /// A clock runs. `limit_s` is what was known then, in seconds.
    ClockStarted = "clock-started" {
        /// Which clock.
        pub clock: Id,
        /// The limit known then, in seconds.
        pub limit_s: Option<u64>,
        /// `occurred` on the boot clock, microseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub occurred_mono_us: Option<u64>,
    }

    /// A clock stopped. `seconds` is what was known then, without what a drill was paused.
    ClockStopped = "clock-stopped" {
        /// Which clock.
        pub clock: Id,
        /// Whole seconds.
        pub seconds: Option<u64>,
        /// `occurred` on the boot clock, microseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub occurred_mono_us: Option<u64>,
    }

    /// What a watch sees changed. `occurred` is the first sample of the new state.
    WatchChanged = "watch-changed" {
        /// Which watch.
        pub watch: Id,
        /// The new state.
        pub state: WatchState,
        /// `occurred` on the boot clock, microseconds.
        pub occurred_mono_us: Option<u64>,
    }

    /// Samples of a watch, kept as an object of JSON lines. Seconds of each state between `from` and `to`.
    WatchSampled = "watch-sampled" {
        /// Which watch.
        pub watch: Id,
        /// The first moment.
        pub from: Stamp,
        /// The last moment, or to whom.
        pub to: Stamp,
        /// Seconds up.
        pub up: u64,
        /// Seconds down.
        pub down: u64,
        /// Seconds in which nobody looked.
        pub unobserved: u64,
        /// The samples.
        pub object: ObjectRef,
    }

    /// An inject was delivered.
    Injected = "injected" {
        /// The step.
        pub step: StepPath,
        /// The last moment, or to whom.
        pub to: Option<Id>,
    }

    /// A fault was made in the lab, or told.
    Faulted = "faulted" {
        /// The step.
        pub step: StepPath,
        /// Which system.
        pub system: Name,
        /// Its kind.
        pub kind: Name,
        /// Whether it was told and not made.
        pub told: bool,
    }

    /// A fault was taken back.
    FaultCleared = "fault-cleared" {
        /// Which system.
        pub system: Name,
        /// Its kind.
        pub kind: Name,
    }

    /// What an objective came to, as known then. Null: not measured.
    ObjectiveMeasured = "objective-measured" {
        /// Which objective.
        pub objective: Id,
        /// Whether it was reached.
        pub met: Option<bool>,
    }

    /// A copy was sealed. Its path is a salted object.
    BackupSealed = "backup-sealed" {
        /// The path of the copy, a salted object.
        pub path: ObjectRef,
        /// The manifest.
        pub manifest: ObjectRef,
        /// How many files, or which.
        pub files: u64,
        /// Bytes read, or what was set aside.
        pub bytes: u64,
        /// The step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step: Option<StepPath>,
    }

    /// A copy was compared with its seal.
    BackupVerified = "backup-verified" {
        /// The path of the copy, a salted object.
        pub path: ObjectRef,
        /// Whether nothing differs.
        pub whole: bool,
        /// Files that were read.
        pub checked: u64,
        /// Files that were not.
        pub unchecked: u64,
        /// Bytes read, or what was set aside.
        pub bytes: u64,
        /// What differs, JSON, a salted object.
        pub findings: Option<ObjectRef>,
        /// The step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step: Option<StepPath>,
    }

    /// A restore from a copy was compared with its seal.
    BackupProved = "backup-proved" {
        /// The path of the copy, a salted object.
        pub path: ObjectRef,
        /// Whether nothing differs.
        pub whole: bool,
        /// Files restored.
        pub restored: u64,
        /// Bytes read, or what was set aside.
        pub bytes: u64,
        /// Whole seconds.
        pub seconds: u64,
        /// The step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step: Option<StepPath>,
    }

    /// Inventory files as they stood.
    InventoryNoted = "inventory-noted" {
        /// How many files, or which.
        pub files: Vec<SourceFile>,
    }
}
