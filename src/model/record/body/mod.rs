//! The bodies of records, one type a kind. In a line stand only ids, times, booleans, options and counts of our own;
//! every word of people's and every captured value is an object.

mod action;
mod amended;
mod copy;
mod document;
mod exercise;
mod incident;
mod people;
mod question;
mod run;
mod said;
mod step;
mod time;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::model::ObjectRef;

pub use action::*;
pub use amended::*;
pub use copy::*;
pub use document::*;
pub use exercise::*;
pub use incident::*;
pub use people::*;
pub use question::*;
pub use run::*;
pub use said::*;
pub use step::*;
pub use time::*;

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident = $kind:literal,)+) => {
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
    LedgerCreated = "ledger-created",
    /// A torn last line was set aside: its bytes are the object.
    TailRepaired = "tail-repaired",
    /// A run began. Plan and sources are whole files: all that is needed to fold the run again.
    RunStarted = "run-started",
    /// Nothing new is started until `run-continued`.
    RunPaused = "run-paused",
    /// The run goes on: after a pause, or with a new loop after the last one was gone.
    RunContinued = "run-continued",
    /// Somebody stops the run; after it only undos start.
    RunStopping = "run-stopping",
    /// The run has ended. Only a loop writes it.
    RunEnded = "run-ended",
    /// Somebody takes part.
    Joined = "joined",
    /// An instance of a step began.
    StepStarted = "step-started",
    /// A process of a step runs. Synced with the next append: it matters only within its boot.
    ProcessStarted = "process-started",
    /// An instance of a step ended, or was passed over (`attempt` 0).
    StepEnded = "step-ended",
    /// What became of the undo of a step.
    StepUndone = "step-undone",
    /// A question was put to people. It is open until the first answer in the log.
    Asked = "asked",
    /// A question of kind `manual`, `state`, `orphan` or `undo` was answered.
    Answered = "answered",
    /// A question of kind `decide` or `truth` was decided.
    Decided = "decided",
    /// A question of kind `consent` was answered.
    Consented = "consented",
    /// The commander confirmed what was consented to alone.
    Confirmed = "confirmed",
    /// Somebody noted something.
    Noted = "noted",
    /// Somebody attached a file, kept as it is; its name is a salted object.
    Attached = "attached",
    /// A moment that clocks hang on.
    Marked = "marked",
    /// The text of a notice is ready; only a person can say that it was sent.
    NoticePrepared = "notice-prepared",
    /// A clock runs. `limit_s` is what was known then, in seconds.
    ClockStarted = "clock-started",
    /// A clock stopped. `seconds` is what was known then, without what a drill was paused.
    ClockStopped = "clock-stopped",
    /// What a watch sees changed. `occurred` is the first sample of the new state.
    WatchChanged = "watch-changed",
    /// Samples of a watch, kept as an object of JSON lines. Seconds of each state between `from` and `to`.
    WatchSampled = "watch-sampled",
    /// An inject was delivered.
    Injected = "injected",
    /// A fault was made in the lab, or told.
    Faulted = "faulted",
    /// A fault was taken back.
    FaultCleared = "fault-cleared",
    /// What an objective came to, as known then. Null: not measured.
    ObjectiveMeasured = "objective-measured",
    /// A copy was sealed. Its path is a salted object.
    BackupSealed = "backup-sealed",
    /// A copy was compared with its seal.
    BackupVerified = "backup-verified",
    /// A restore from a copy was compared with its seal.
    BackupProved = "backup-proved",
    /// Inventory files as they stood.
    InventoryNoted = "inventory-noted",
    /// Somebody takes part no longer.
    Left = "left",
    /// A role passed to another without being handed over.
    Replaced = "replaced",
    /// A role was handed over, and the other has taken it.
    HandedOver = "handed-over",
    /// A person classified the incident.
    Classified = "classified",
    /// A person sent a notice.
    NoticeSent = "notice-sent",
    /// Another playbook leads from here on.
    PlaybookSwitched = "playbook-switched",
    /// A field of an earlier record was wrong.
    Corrected = "corrected",
    /// The chair concludes.
    Concluded = "concluded",
    /// The run counts for nothing.
    RunVoided = "run-voided",
    /// An evaluator scored an objective of a drill.
    Scored = "scored",
    /// What the attack team did in a live drill.
    AttackAction = "attack-action",
    /// Somebody said the word that stops a drill at once.
    StopWord = "stop-word",
    /// The script of an exercise is opened against the commitment of `run-started`.
    ScriptRevealed = "script-revealed",
    /// Something has to be put right.
    ActionOpened = "action-opened",
    /// It was put right, or a later drill showed it.
    ActionClosed = "action-closed",
    /// A document was numbered, dated and signed.
    DocumentIssued = "document-issued",
    /// The unit did something outside any run.
    Activity = "activity",
    /// A person signed the ledger as it stood.
    Signed = "signed",
}

macro_rules! reasons {
    ($($variant:ident),+ $(,)?) => {
        impl Body {
            /// The words that say why it is entered late or why it is so.
            #[must_use]
            pub fn because(&self) -> Option<&ObjectRef> {
                match self { $(Self::$variant(it) => it.because.as_ref(),)+ _ => None }
            }

            /// As [`Body::because`], to be set; nothing where a record of this type gives no reason.
            pub fn because_mut(&mut self) -> Option<&mut Option<ObjectRef>> {
                match self { $(Self::$variant(it) => Some(&mut it.because),)+ _ => None }
            }
        }
    };
}

reasons! {
    RunPaused, RunContinued, RunStopping, Joined, Asked, Answered, Decided, Consented, Confirmed, Noted, Attached, Marked, Left, Replaced,
    HandedOver, Classified, NoticePrepared, NoticeSent, PlaybookSwitched, Corrected, Concluded, RunVoided, Signed, StepStarted, StepEnded,
    InventoryNoted, Injected, Scored, ActionOpened, ActionClosed, AttackAction, StopWord, ScriptRevealed, DocumentIssued, Activity,
}
