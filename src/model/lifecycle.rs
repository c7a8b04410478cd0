//! What may follow what: the check that every appender makes under the ledger's lock.
//!
//! It knows neither plan nor objects. The engine's state contains the same value; `verify` replays it from the log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{StopHow, What};
use super::{Actor, Basis, Body, Draft, Mode, Outcome, QuestionId, RunId, RunKind, RunResult, StepPath};

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
        step: StepPath,
        /// The attempt.
        attempt: u32,
    },
    /// This attempt of the step is not open.
    #[error("attempt {attempt} of step {step} is not open")]
    NotOpen {
        /// The step.
        step: StepPath,
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
    /// The step that the question is about has ended.
    #[error("question {question} is no longer asked")]
    NoLongerAsked {
        /// The question.
        question: QuestionId,
    },
}

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It goes on.
    Running,
    /// Nothing new is started.
    Paused,
    /// Only undos start.
    Stopping(StopHow),
    /// It is over.
    Ended(RunResult),
}

/// The instances of a step as the log has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStage {
    /// The number of the last attempt, from 1; 0 where it was passed over.
    pub attempt: u32,
    /// Its outcome; nothing while it is open.
    pub outcome: Option<Outcome>,
}

/// A question and who answered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The step it is about.
    pub step: Option<StepPath>,
    /// Which attempt.
    pub attempt: u32,
    /// What it asks for.
    pub what: What,
    /// Who alone can answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Actor>,
    /// Who answered first, and in which record.
    pub answered: Option<(Actor, u64)>,
}

/// What the log says of one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunState {
    /// Its mode.
    pub mode: Option<Mode>,
    /// The record in which it began.
    pub began: u64,
    /// How far it has come.
    pub stage: Stage,
    /// Its steps' instances. Empty once the run has ended.
    pub steps: BTreeMap<StepPath, StepStage>,
    /// Its questions. Empty once the run has ended.
    pub questions: BTreeMap<QuestionId, Question>,
    /// How many questions it has asked.
    pub asked: u32,
}

/// What the log says of all runs: enough to say what may follow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// The number of records so far.
    pub size: u64,
    /// Every run that has begun.
    pub runs: BTreeMap<RunId, RunState>,
}

impl Lifecycle {
    /// Whether `draft` may be the next record.
    ///
    /// # Errors
    ///
    /// The rule that it breaks.
    pub fn admit(&self, draft: &Draft) -> Result<(), Refusal> {
        if (self.size == 0) != matches!(draft.body, Body::LedgerCreated(_)) {
            return Err(Refusal::NotTheFirst);
        }
        if draft.occurred.is_some() && draft.basis != Basis::Machine && draft.body.because().is_none() {
            return Err(Refusal::NoReason);
        }
        if let Body::Corrected(corrected) = &draft.body
            && corrected.seq >= self.size
        {
            return Err(Refusal::NothingToCorrect { seq: corrected.seq });
        }
        let Some(run) = &draft.run else {
            return if needs_run(draft.body.kind()) {
                Err(Refusal::NoRun { kind: draft.body.kind().to_owned() })
            } else {
                Ok(())
            };
        };
        match (&draft.body, self.runs.get(run)) {
            (Body::RunStarted(started), None) if started.kind == run.kind() => Ok(()),
            (Body::RunStarted(_), _) => Err(Refusal::CannotBegin { run: run.clone() }),
            (_, None) => Err(Refusal::UnknownRun { run: run.clone() }),
            (_, Some(state)) => state.admit(run, draft),
        }
    }

    /// Takes in a record that was admitted. Total: what it cannot place it counts and passes over.
    pub fn apply(&mut self, seq: u64, draft: &Draft) {
        self.size = seq + 1;
        let Some(run) = &draft.run else { return };
        if matches!(draft.body, Body::RunStarted(_)) {
            self.runs.entry(run.clone()).or_insert_with(|| RunState {
                mode: draft.mode,
                began: seq,
                stage: Stage::Running,
                steps: BTreeMap::new(),
                questions: BTreeMap::new(),
                asked: 0,
            });
        } else if let Some(state) = self.runs.get_mut(run) {
            state.apply(seq, draft);
        }
    }

    /// Whether the lifecycle looks into bodies of the type `kind`. Others are admitted and taken in by
    /// [`Lifecycle::admit_plain`] and [`Lifecycle::apply_plain`] without being read: what a fast reader needs.
    #[must_use]
    pub fn looks_into(kind: &str) -> bool {
        LOOKED_INTO.contains(&kind)
    }

    /// As [`Lifecycle::admit`], for a type that it does not look into.
    ///
    /// # Errors
    ///
    /// The rule that it breaks.
    pub fn admit_plain(&self, run: Option<&str>, kind: &str) -> Result<(), Refusal> {
        if self.size == 0 {
            return Err(Refusal::NotTheFirst);
        }
        let Some(run) = run else {
            return if needs_run(kind) { Err(Refusal::NoRun { kind: kind.to_owned() }) } else { Ok(()) };
        };
        match self.runs.get_key_value(run) {
            Some((run, state)) if state.ended() && !may_come_late(kind) => Err(Refusal::Ended { run: run.clone() }),
            Some(_) => Ok(()),
            None => Err(run
                .parse()
                .map_or_else(|_| Refusal::NoRun { kind: kind.to_owned() }, |run| Refusal::UnknownRun { run })),
        }
    }

    /// Takes in a record of a type that the lifecycle does not look into.
    pub fn apply_plain(&mut self, seq: u64) {
        self.size = seq + 1;
    }

    /// The id of the next run of `kind` in `year`.
    #[must_use]
    pub fn next_run(&self, kind: RunKind, year: i16) -> RunId {
        let taken = self.runs.keys().filter(|id| id.kind() == kind).filter_map(|id| id.number(year)).max().unwrap_or(0);
        RunId::new(kind, year, taken + 1)
    }
}

/// Types that may stand outside a run. A type that is not known may stand anywhere.
const WITHOUT_RUN: &[&str] = &[
    "ledger-created",
    "tail-repaired",
    "inventory-noted",
    "backup-sealed",
    "backup-verified",
    "backup-proved",
    "corrected",
    "signed",
];

/// Types that may be added to a run that has ended: what people say of it, never what the engine does.
const MAY_COME_LATE: &[&str] = &[
    "noted",
    "attached",
    "joined",
    "marked",
    "classified",
    "notice-sent",
    "corrected",
    "concluded",
    "run-voided",
    "signed",
    "fault-cleared",
    "backup-sealed",
    "backup-verified",
    "backup-proved",
];

/// Types that the lifecycle looks into; of all others it asks only for their run.
const LOOKED_INTO: &[&str] = &[
    "step-started",
    "step-ended",
    "process-started",
    "asked",
    "answered",
    "decided",
    "consented",
    "ledger-created",
    "run-started",
    "run-paused",
    "run-continued",
    "run-stopping",
    "run-ended",
    "handed-over",
    "playbook-switched",
    "corrected",
];

fn needs_run(kind: &str) -> bool {
    !WITHOUT_RUN.contains(&kind) && Body::KINDS.contains(&kind)
}

fn may_come_late(kind: &str) -> bool {
    MAY_COME_LATE.contains(&kind) || !Body::KINDS.contains(&kind)
}

impl RunState {
    /// Whether the run has ended.
    #[must_use]
    pub fn ended(&self) -> bool {
        matches!(self.stage, Stage::Ended(_))
    }

    fn open(&self, step: &StepPath, attempt: u32) -> bool {
        self.steps.get(step).is_some_and(|stage| stage.outcome.is_none() && stage.attempt == attempt)
    }

    fn admit(&self, run: &RunId, draft: &Draft) -> Result<(), Refusal> {
        let body = &draft.body;
        if self.ended() && !may_come_late(body.kind()) {
            return Err(Refusal::Ended { run: run.clone() });
        }
        match body {
            Body::RunPaused(_) => match self.stage {
                Stage::Paused => Err(Refusal::Paused { run: run.clone() }),
                Stage::Stopping(_) => Err(Refusal::Stopping { run: run.clone() }),
                Stage::Running | Stage::Ended(_) => Ok(()),
            },
            Body::RunContinued(continued) if continued.gap.is_none() && self.stage != Stage::Paused => {
                Err(Refusal::NotPaused { run: run.clone() })
            }
            Body::RunStopping(stopping) => match self.stage {
                Stage::Stopping(how) if how >= stopping.how => Err(Refusal::Stopping { run: run.clone() }),
                _ => Ok(()),
            },
            Body::RunEnded(_) => match self.open_step() {
                Some(step) => Err(Refusal::StillOpen { step: step.clone() }),
                None => Ok(()),
            },
            Body::StepStarted(started) => {
                let undo = started.step.undone().is_some();
                match self.stage {
                    // What was on paper was begun by people then; entering it starts nothing.
                    Stage::Paused if draft.basis != Basis::Paper => return Err(Refusal::Paused { run: run.clone() }),
                    Stage::Stopping(_) if !undo => return Err(Refusal::Stopping { run: run.clone() }),
                    _ => {}
                }
                let (last, closed) =
                    self.steps.get(&started.step).map_or((0, true), |stage| (stage.attempt, stage.outcome.is_some()));
                if closed && started.attempt == last + 1 {
                    Ok(())
                } else {
                    Err(Refusal::CannotStart { step: started.step.clone(), attempt: started.attempt })
                }
            }
            Body::ProcessStarted(process) if !self.open(&process.step, process.attempt) => {
                Err(Refusal::NotOpen { step: process.step.clone(), attempt: process.attempt })
            }
            Body::StepEnded(ended) => {
                let passed_over = ended.attempt == 0 && !self.steps.contains_key(&ended.step);
                if passed_over || self.open(&ended.step, ended.attempt) {
                    Ok(())
                } else {
                    Err(Refusal::NotOpen { step: ended.step.clone(), attempt: ended.attempt })
                }
            }
            Body::Asked(asked) if self.questions.contains_key(&asked.question) => {
                Err(Refusal::AskedBefore { question: asked.question.clone() })
            }
            Body::PlaybookSwitched(_) => match (&self.stage, self.open_step()) {
                (Stage::Running, Some(step)) => Err(Refusal::StillOpen { step: step.clone() }),
                (Stage::Running, None) => Ok(()),
                (Stage::Stopping(_), _) => Err(Refusal::Stopping { run: run.clone() }),
                _ => Err(Refusal::Paused { run: run.clone() }),
            },
            Body::Answered(answer) => self.admit_answer(&answer.question, draft, |what| {
                !matches!(what, What::Decide | What::Truth | What::Consent | What::Second)
            }),
            Body::Decided(answer) => {
                self.admit_answer(&answer.question, draft, |what| matches!(what, What::Decide | What::Truth))
            }
            Body::Consented(answer) => {
                self.admit_answer(&answer.question, draft, |what| matches!(what, What::Consent | What::Second))
            }
            Body::HandedOver(taken) => self.admit_answer(&taken.question, draft, |what| what == What::Handover),
            _ => Ok(()),
        }
    }

    fn open_step(&self) -> Option<&StepPath> {
        self.steps.iter().find(|(_, stage)| stage.outcome.is_none()).map(|(step, _)| step)
    }

    fn admit_answer(&self, id: &QuestionId, draft: &Draft, fits: impl Fn(What) -> bool) -> Result<(), Refusal> {
        let Some(question) = self.questions.get(id) else {
            return Err(Refusal::NeverAsked { question: id.clone() });
        };
        if let Some((by, seq)) = &question.answered {
            return Err(Refusal::AnsweredBefore { question: id.clone(), by: by.clone(), seq: *seq });
        }
        if !fits(question.what) {
            return Err(Refusal::WrongKind { question: id.clone() });
        }
        if let Some(to) = question.to.as_ref().filter(|to| **to != draft.actor) {
            return Err(Refusal::NotYours { question: id.clone(), to: to.clone() });
        }
        if let Some(step) = &question.step
            && self.steps.get(step).is_some_and(|stage| stage.attempt == question.attempt && stage.outcome.is_some())
        {
            return Err(Refusal::NoLongerAsked { question: id.clone() });
        }
        Ok(())
    }

    fn apply(&mut self, seq: u64, draft: &Draft) {
        match &draft.body {
            Body::RunPaused(_) => self.stage = Stage::Paused,
            Body::RunContinued(_) if self.stage == Stage::Paused => self.stage = Stage::Running,
            Body::RunStopping(stopping) => self.stage = Stage::Stopping(stopping.how),
            Body::RunEnded(ended) => {
                self.stage = Stage::Ended(ended.result);
                self.steps.clear();
                self.questions.clear();
            }
            Body::StepStarted(started) => {
                self.steps.insert(started.step.clone(), StepStage { attempt: started.attempt, outcome: None });
            }
            Body::StepEnded(ended) => {
                let stage = StepStage { attempt: ended.attempt, outcome: Some(ended.outcome) };
                self.steps.insert(ended.step.clone(), stage);
            }
            Body::Asked(asked) => {
                self.asked += 1;
                let question = Question {
                    step: asked.step.clone(),
                    attempt: asked.attempt,
                    what: asked.what,
                    to: asked.to.clone(),
                    answered: None,
                };
                self.questions.insert(asked.question.clone(), question);
            }
            Body::Answered(answer) => self.close(&answer.question, draft, seq),
            Body::Decided(answer) => self.close(&answer.question, draft, seq),
            Body::Consented(answer) => self.close(&answer.question, draft, seq),
            Body::HandedOver(taken) => self.close(&taken.question, draft, seq),
            Body::PlaybookSwitched(_) => {
                // Nothing is open; steps and questions of the playbook before are over.
                self.steps.clear();
                self.questions.clear();
            }
            _ => {}
        }
    }

    fn close(&mut self, id: &QuestionId, draft: &Draft, seq: u64) {
        if let Some(question) = self.questions.get_mut(id) {
            question.answered.get_or_insert_with(|| (draft.actor.clone(), seq));
        }
    }
}
