//! The nouns of the program: ids, digests, times, records, what may follow what. No input or output.

pub mod command;
pub mod digest;
pub mod id;
pub mod journal;
pub mod lifecycle;
pub mod outcome;
pub mod record;
pub mod refusal;
pub mod stage;
pub mod text;
pub mod time;

pub use command::{Command, Expression, Program, Template};
pub use digest::{Digest, ObjectRef};
pub use id::{Actor, Id, InvalidName, Name, QuestionId, RunId, RunKind, StepPath};
pub use journal::{Appended, Clock, Durability, Hold, Journal, JournalError, NoteState, Notes, Objects, Signer};
pub use lifecycle::{Lifecycle, RunState};
pub use outcome::{Basis, Effect, Mark, Mode, Outcome, Phase, RunResult, UndoOutcome};
pub use record::{Body, Draft, Record};
pub use refusal::Refusal;
pub use stage::{ActionStage, Stage};
pub use text::{Lang, Text, legible, misleads};
pub use time::{Moment, Span, Stamp};
