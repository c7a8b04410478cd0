//! Why a record may not follow those before it.

use super::{Actor, QuestionId, RunId, StepPath};

/// Why a record may not follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Record 0 is `ledger-created`, and nothing else is.
    #[error("`ledger-created` is record 0 and no other record")]
    NotTheFirst,
    /// A record of this type belongs to a run.
    #[error("`{kind}` belongs to a run")]
    NoRun {
        /// Its type.
        kind: String,
    },
    /// The run has not begun.
    #[error("no run {run} has begun")]
    UnknownRun {
        /// The run.
        run: RunId,
    },
    /// The run began before, or its id is of the other kind.
    #[error("run {run} cannot begin here")]
    CannotBegin {
        /// The run.
        run: RunId,
    },
    /// The run has ended.
    #[error("run {run} has ended")]
    Ended {
        /// The run.
        run: RunId,
    },
    /// The run is paused.
    #[error("run {run} is paused")]
    Paused {
        /// The run.
        run: RunId,
    },
    /// The run is not paused.
    #[error("run {run} is not paused")]
    NotPaused {
        /// The run.
        run: RunId,
    },
    /// The inject was delivered before: by the loop, or by somebody else.
    #[error("inject {inject} was delivered in record {seq}")]
    Delivered {
        /// Its number.
        inject: u32,
        /// The record.
        seq: u64,
    },
    /// No corrective action of this run was opened in this record.
    #[error("record {seq} opens no corrective action of this run")]
    NoAction {
        /// The record.
        seq: u64,
    },
    /// The corrective action was closed before.
    #[error("corrective action {seq} was closed before")]
    ActionClosed {
        /// The record that opened it.
        seq: u64,
    },
    /// The run began without a script that is kept elsewhere, or it was opened before.
    #[error("no script is to be opened")]
    NoScript,
    /// The script is not the one that the run's beginning committed to.
    #[error("this is not the script that `run-started` committed to")]
    OtherScript,
    /// The run is stopping: only undos begin.
    #[error("run {run} is stopping")]
    Stopping {
        /// The run.
        run: RunId,
    },
    /// The step is open, or this is not its next attempt.
    #[error("attempt {attempt} of step {step} cannot begin")]
    CannotStart {
        /// The step.
        step: String,
        /// The attempt.
        attempt: u32,
    },
    /// This attempt of the step is not open.
    #[error("attempt {attempt} of step {step} is not open")]
    NotOpen {
        /// The step.
        step: String,
        /// The attempt.
        attempt: u32,
    },
    /// Steps are still open.
    #[error("step {step} is still open")]
    StillOpen {
        /// The first of them.
        step: StepPath,
    },
    /// The question's id was used before.
    #[error("question {question} was asked before")]
    AskedBefore {
        /// The question.
        question: QuestionId,
    },
    /// Nobody asked this.
    #[error("question {question} was never asked")]
    NeverAsked {
        /// The question.
        question: QuestionId,
    },
    /// Somebody answered it before.
    #[error("question {question} was answered by {by} in record {seq}")]
    AnsweredBefore {
        /// The question.
        question: QuestionId,
        /// Who won.
        by: Actor,
        /// In which record.
        seq: u64,
    },
    /// The question asks for another kind of answer.
    #[error("question {question} asks for another kind of answer")]
    WrongKind {
        /// The question.
        question: QuestionId,
    },
    /// The question is put to another.
    #[error("question {question} is put to {to}")]
    NotYours {
        /// The question.
        question: QuestionId,
        /// To whom.
        to: Actor,
    },
    /// What is corrected is no earlier record.
    #[error("there is no record {seq} to correct")]
    NothingToCorrect {
        /// The record that it names.
        seq: u64,
    },
    /// It is entered late without a reason.
    #[error("what is entered late needs a reason")]
    NoReason,
    /// A second person's consent does not say how it was given.
    #[error("question {question} needs the manner of the second person's consent")]
    NoManner {
        /// The question.
        question: QuestionId,
    },
    /// One person stands for two: as a second person beside who enters it, or as who confirms what they did alone.
    #[error("{who} cannot be the second person")]
    SamePerson {
        /// Who.
        who: Actor,
    },
    /// The record is no consent given alone that waits for confirmation.
    #[error("record {seq} waits for no confirmation")]
    NothingToConfirm {
        /// The record that it names.
        seq: u64,
    },
    /// The step that the question is about has ended.
    #[error("question {question} is no longer asked")]
    NoLongerAsked {
        /// The question.
        question: QuestionId,
    },
}
