//! The rows of a report that tell of single steps, copies, answers and records.

use serde::Serialize;

use super::Records;
use crate::model::record::{Finding, What};
use crate::model::{Actor, Basis, Digest, Id, Name, Outcome, Phase, QuestionId, Stamp, StepPath, Text, UndoOutcome};

/// A copy, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BackupRow {
    /// The step.
    pub step: Option<StepPath>,
    /// Its folder; null where it was redacted.
    pub path: Option<String>,
    /// When it was sealed, as its seal says.
    pub sealed_at: Option<String>,
    /// What became of it.
    pub fate: BackupFate,
    /// Why it was rejected: `differs`, `no-seal`, `bad-seal`, `unsigned`, `unknown-key`, `unreadable`.
    pub why: Option<String>,
    /// How many differences there were.
    pub count: u64,
    /// The first of them: kind and path.
    pub findings: Vec<(String, String)>,
    /// Files compared.
    pub checked: Option<u64>,
    /// Files that were not.
    pub unchecked: Option<u64>,
    /// Bytes read.
    pub bytes: Option<u64>,
    /// The records it rests on.
    pub records: Records,
}

/// What became of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupFate {
    /// The newest that was whole.
    Chosen,
    /// Passed over.
    Rejected,
    /// Compared with its seal: whole.
    Whole,
    /// Compared with its seal: differs.
    Differs,
    /// Restored to a scratch place and compared: whole.
    Proved,
    /// Restored to a scratch place and compared: differs.
    NotProved,
    /// Sealed.
    Sealed,
}

/// One instance of a step, or a step that was not reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepRow {
    /// Its path.
    pub path: StepPath,
    /// Its number, as people count; nothing for containers.
    pub number: Option<usize>,
    /// How deep it lies.
    pub depth: usize,
    /// What people call it.
    pub title: Text,
    /// The action's word.
    pub action: &'static str,
    /// Whose it is.
    pub role: Option<Text>,
    /// Its phase.
    pub phase: Option<Phase>,
    /// What it may do.
    pub effect: Option<crate::model::Effect>,
    /// Who did it.
    pub who: Vec<Actor>,
    /// How a second person consented to it, where one had to.
    pub second: Option<Text>,
    /// What ran, in full.
    pub command: Option<String>,
    /// How many attempts.
    pub attempts: u32,
    /// Its outcome in force; null while it is open or was not reached.
    pub outcome: Option<Outcome>,
    /// Whether a person confirmed it, for `manual`.
    pub confirmed: Option<bool>,
    /// Why it ended so, in words.
    pub why: Option<Text>,
    /// Whether it was passed over as the plan foresees, which is no exception: a `when` that does not hold, a `goto`, a
    /// fault outside of a drill; or left because another playbook took the lead.
    pub foreseen: bool,
    /// What was said of it: the cause of a failure, or a person's reason.
    pub detail: Option<String>,
    /// What became of its undo.
    pub undo: UndoOutcome,
    /// Exit status of a command.
    pub exit: Option<i32>,
    /// When it began.
    pub began: Option<Stamp>,
    /// When it ended.
    pub ended: Option<Stamp>,
    /// Milliseconds it took.
    pub millis: Option<u64>,
    /// The beginning of what it printed.
    pub output: Option<String>,
    /// Whether more was printed than `output` holds.
    pub output_cut: bool,
    /// Objects that are its evidence: what, digest, size in bytes.
    pub evidence: Vec<EvidenceRow>,
    /// The records it rests on.
    pub records: Records,
}

impl StepRow {
    /// Whether it only holds other steps.
    #[must_use]
    pub fn is_container(&self) -> bool {
        matches!(self.action, "parallel" | "each" | "repeat" | "call")
    }
}

/// An object that is evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EvidenceRow {
    /// What it is, a word of ours: `output`, `capture`, `attachment`, `note`, `detail`.
    pub kind: &'static str,
    /// Its name, for captures and attachments.
    pub name: Option<String>,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionRow {
    /// Its id.
    pub id: QuestionId,
    /// The step it was about.
    pub step: Option<StepPath>,
    /// What people call the step.
    pub title: Option<Text>,
    /// What it asked for.
    pub what: What,
    /// When it was asked.
    pub asked: Stamp,
    /// Who answered first.
    pub by: Option<Actor>,
    /// When that happened.
    pub answered: Option<Stamp>,
    /// On what basis.
    pub basis: Option<Basis>,
    /// What was answered, in words of ours or of the option chosen.
    pub answer: Option<Text>,
    /// Values that were stated, by name.
    pub values: Vec<(String, Option<String>)>,
    /// What was ticked off, and whether it was.
    pub checks: Vec<(Text, bool)>,
    /// Why.
    pub because: Option<String>,
    /// How a second person consented, in a sentence; null where none was asked for.
    pub second: Option<Text>,
    /// What is to be done next; null where nobody said, or it was redacted.
    pub follow_up: Option<String>,
    /// The records it rests on.
    pub records: Records,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NoteRow {
    /// When it happened.
    pub at: Stamp,
    /// Whose.
    pub by: Actor,
    /// About which step.
    pub step: Option<StepPath>,
    /// The words; null where they were redacted.
    pub text: Option<String>,
    /// Whether it tells what went well or what fell short.
    pub finding: Option<Finding>,
    /// Why; null where nobody said, or it was redacted.
    pub because: Option<String>,
    /// Where the fact comes from.
    pub basis: Basis,
    /// The records it rests on.
    pub records: Records,
}

/// An attached file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttachmentRow {
    /// When it happened.
    pub at: Stamp,
    /// Whose.
    pub by: Actor,
    /// About which step.
    pub step: Option<StepPath>,
    /// Its name; null where it was redacted.
    pub name: Option<String>,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// The records it rests on.
    pub records: Records,
}

/// A prepared notice. Only a person can say that it was sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NoticeRow {
    /// When it was prepared.
    pub at: Stamp,
    /// Which.
    pub notice: Name,
    /// In which step; null where a person asked for it.
    pub step: Option<StepPath>,
    /// Who asked for it; null where a step did.
    pub by: Option<Actor>,
    /// Its text; null where it was redacted.
    pub text: Option<String>,
    /// Its digest.
    pub digest: Digest,
    /// The records it rests on.
    pub records: Records,
}

/// A time in which nothing new was started.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PauseRow {
    /// Since when.
    pub from: Stamp,
    /// Until when.
    pub to: Option<Stamp>,
    /// Why, in words.
    pub cause: Text,
    /// The records it rests on.
    pub records: Records,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogRow {
    /// Its number.
    pub seq: u64,
    /// When it was written.
    pub at: Stamp,
    /// When it happened, if not then.
    pub occurred: Option<Stamp>,
    /// Who did it.
    pub actor: Actor,
    /// Who entered it, if another.
    pub by: Option<Actor>,
    /// Where the fact comes from.
    pub basis: Basis,
    /// Its type.
    pub kind: String,
    /// The step it is about.
    pub step: Option<StepPath>,
}
/// A time in which somebody had a role.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TenureRow {
    /// The role.
    pub role: Id,
    /// What people call it.
    pub title: Text,
    /// Who.
    pub who: Actor,
    /// Since when.
    pub from: Stamp,
    /// Until when; null where they still have it, or had it at the end.
    pub to: Option<Stamp>,
    /// Where the beginning is known from, where the machine did not see it come.
    pub basis: Option<Basis>,
    /// How they came to it.
    pub how: Text,
    /// The records that say so.
    pub records: Records,
}

/// A role that was offered to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HandoverRow {
    /// The role.
    pub role: Id,
    /// What people call it.
    pub title: Text,
    /// Who offered it.
    pub from: Actor,
    /// To whom.
    pub to: Actor,
    /// When.
    pub offered: Stamp,
    /// When it was accepted, declined or withdrawn.
    pub answered: Option<Stamp>,
    /// Whether it was accepted; null where nobody answered.
    pub taken: Option<bool>,
    /// Whether who offered it withdrew that before it was taken.
    pub withdrawn: bool,
    /// How long it has waited, or waited to the end of the run, in seconds; null where it is over.
    pub waited_s: Option<u64>,
    /// What was open then, as the other was told.
    pub open: Option<Text>,
    /// Why it was declined or withdrawn.
    pub because: Option<String>,
    /// The records that say so.
    pub records: Records,
}
