//! What may follow what: the check that every appender makes under the ledger's lock.
//!
//! It knows neither plan nor objects. The engine's state contains the same value; `verify` replays it from the log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{Consented, Manner, What};
use super::refusal::Refusal;
use super::stage::{ActionStage, Question, Stage, StepStage};
use super::{Actor, Basis, Body, Digest, Draft, Mode, Outcome, QuestionId, RunId, RunKind, StepPath};

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
    /// Consents that somebody gave alone and that nobody has confirmed yet: their records, and who.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub alone: BTreeMap<u64, Actor>,
    /// Injects of the exercise that were delivered, by number, with their records.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub injects: BTreeMap<u32, u64>,
    /// Corrective actions, by the records that opened them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub actions: BTreeMap<u64, ActionStage>,
    /// The digest of a script that is kept elsewhere and has not been opened yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Digest>,
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
        let run = draft.run.as_ref();
        RunState::may_follow(self.size, run, run.and_then(|run| self.runs.get(run)), draft)
    }

    /// Takes in a record that was admitted. Total: what it cannot place it counts and passes over.
    pub fn apply(&mut self, seq: u64, draft: &Draft) {
        self.size = seq + 1;
        let Some(run) = &draft.run else { return };
        if matches!(draft.body, Body::RunStarted(_)) {
            self.runs.entry(run.clone()).or_insert_with(|| RunState::begin(draft, seq));
        } else if let Some(state) = self.runs.get_mut(run) {
            state.apply(seq, draft);
        }
    }

    /// Whether the lifecycle looks into bodies of the type `kind`. Others need not be read: [`RunState::may_follow_plain`]
    /// admits them by their run, and [`Lifecycle::apply_plain`] takes them in.
    #[must_use]
    pub fn looks_into(kind: &str) -> bool {
        LOOKED_INTO.contains(&kind)
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
    "document-issued",
    "activity",
    "corrected",
    "signed",
];

/// Types that may be added to a run that has ended: what people say of it, never what the engine does.
const MAY_COME_LATE: &[&str] = &[
    "confirmed",
    "noted",
    "attached",
    "joined",
    "marked",
    "classified",
    "notice-prepared",
    "notice-sent",
    "corrected",
    "concluded",
    "run-voided",
    "signed",
    "scored",
    "action-opened",
    "action-closed",
    "attack-action",
    "script-revealed",
    "fault-cleared",
    "document-issued",
    "activity",
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
    "confirmed",
    "ledger-created",
    "run-started",
    "run-paused",
    "run-continued",
    "run-stopping",
    "run-ended",
    "handed-over",
    "playbook-switched",
    "corrected",
    "injected",
    "script-revealed",
    "action-opened",
    "action-closed",
];

fn needs_run(kind: &str) -> bool {
    !WITHOUT_RUN.contains(&kind) && Body::KINDS.contains(&kind)
}

fn may_come_late(kind: &str) -> bool {
    MAY_COME_LATE.contains(&kind) || !Body::KINDS.contains(&kind)
}

impl RunState {
    /// A run that began with `draft`, record `seq`.
    #[must_use]
    pub fn begin(draft: &Draft, seq: u64) -> Self {
        let script = match &draft.body {
            Body::RunStarted(started) => started.script,
            _ => None,
        };
        Self {
            mode: draft.mode,
            began: seq,
            stage: Stage::Running,
            steps: BTreeMap::new(),
            questions: BTreeMap::new(),
            asked: 0,
            alone: BTreeMap::new(),
            injects: BTreeMap::new(),
            actions: BTreeMap::new(),
            script,
        }
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn ended(&self) -> bool {
        matches!(self.stage, Stage::Ended(_))
    }

    /// Whether `draft` may be record `size`; `state` is what the log says of its run.
    ///
    /// # Errors
    ///
    /// The rule that it breaks.
    pub fn may_follow(size: u64, run: Option<&RunId>, state: Option<&Self>, draft: &Draft) -> Result<(), Refusal> {
        let first = size == 0;
        if first != matches!(draft.body, Body::LedgerCreated(_)) {
            return Err(Refusal::NotTheFirst);
        }
        if draft.occurred.is_some() && draft.basis != Basis::Machine && draft.body.because().is_none() {
            return Err(Refusal::NoReason);
        }
        match (&draft.body, run, state) {
            (Body::Corrected(corrected), ..) if corrected.seq >= size => {
                Err(Refusal::NothingToCorrect { seq: corrected.seq })
            }
            (Body::RunStarted(started), Some(run), None) if started.kind == run.kind() => Ok(()),
            (Body::RunStarted(_), Some(run), _) => Err(Refusal::CannotBegin { run: run.clone() }),
            (_, Some(run), Some(state)) => state.admit(run, draft),
            (body, run, state) => Self::may_follow_plain(first, run, state, body.kind()),
        }
    }

    /// As [`RunState::may_follow`], for a type that the lifecycle does not look into.
    ///
    /// # Errors
    ///
    /// The rule that it breaks.
    pub fn may_follow_plain(first: bool, run: Option<&RunId>, state: Option<&Self>, kind: &str) -> Result<(), Refusal> {
        match (run, state) {
            _ if first && kind != "ledger-created" => Err(Refusal::NotTheFirst),
            (None, _) if needs_run(kind) => Err(Refusal::NoRun { kind: kind.to_owned() }),
            (Some(run), None) => Err(Refusal::UnknownRun { run: run.clone() }),
            (Some(run), Some(state)) if state.ended() && !may_come_late(kind) => {
                Err(Refusal::Ended { run: run.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Whether attempt `attempt` of `step` may begin in this run, which is `run`.
    ///
    /// # Errors
    ///
    /// The rule that it breaks.
    pub fn may_start(&self, run: &RunId, step: &str, attempt: u32) -> Result<(), Refusal> {
        match self.stage {
            Stage::Ended(_) => return Err(Refusal::Ended { run: run.clone() }),
            Stage::Paused => return Err(Refusal::Paused { run: run.clone() }),
            Stage::Stopping(_) if !step.ends_with("/undo") => return Err(Refusal::Stopping { run: run.clone() }),
            Stage::Stopping(_) | Stage::Running => {}
        }
        self.next_attempt(step, attempt)
    }

    fn next_attempt(&self, step: &str, attempt: u32) -> Result<(), Refusal> {
        let (last, closed) = self.steps.get(step).map_or((0, true), |stage| (stage.attempt, stage.outcome.is_some()));
        if closed && last.checked_add(1) == Some(attempt) {
            Ok(())
        } else {
            Err(Refusal::CannotStart { step: step.to_owned(), attempt })
        }
    }

    /// Whether attempt `attempt` of `step` may end in this run, which is `run`.
    ///
    /// # Errors
    ///
    /// The rule that it breaks.
    pub fn may_end(&self, run: &RunId, step: &str, attempt: u32) -> Result<(), Refusal> {
        if self.ended() {
            return Err(Refusal::Ended { run: run.clone() });
        }
        let passed_over = attempt == 0 && !self.steps.contains_key(step);
        if passed_over || self.open(step, attempt) {
            Ok(())
        } else {
            Err(Refusal::NotOpen { step: step.to_owned(), attempt })
        }
    }

    /// Takes in that attempt `attempt` of `step` began, or ended with an outcome.
    pub fn take_step(&mut self, step: &str, attempt: u32, outcome: Option<Outcome>) {
        let stage = StepStage { attempt, outcome };
        if let Some(known) = self.steps.get_mut(step) {
            *known = stage;
        } else if let Ok(path) = step.parse() {
            self.steps.insert(path, stage);
        }
    }

    fn open(&self, step: &str, attempt: u32) -> bool {
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
            // What was on paper was begun by people then; entering it starts nothing.
            Body::StepStarted(started) if draft.basis == Basis::Paper && self.stage == Stage::Paused => {
                self.next_attempt(started.step.as_str(), started.attempt)
            }
            Body::StepStarted(started) => self.may_start(run, started.step.as_str(), started.attempt),
            Body::ProcessStarted(process) if !self.open(process.step.as_str(), process.attempt) => {
                Err(Refusal::NotOpen { step: process.step.to_string(), attempt: process.attempt })
            }
            Body::StepEnded(ended) => self.may_end(run, ended.step.as_str(), ended.attempt),
            Body::Asked(asked) if self.questions.contains_key(&asked.question) => {
                Err(Refusal::AskedBefore { question: asked.question.clone() })
            }
            Body::PlaybookSwitched(_) => match (&self.stage, self.open_step()) {
                (Stage::Running, Some(step)) => Err(Refusal::StillOpen { step: step.clone() }),
                (Stage::Running, None) => Ok(()),
                (Stage::Stopping(_), _) => Err(Refusal::Stopping { run: run.clone() }),
                _ => Err(Refusal::Paused { run: run.clone() }),
            },
            Body::Answered(answer) => self.admit_answer(&answer.question, draft, |what| match what {
                What::Decide | What::Truth | What::Consent | What::Second => false,
                // Who takes a role over says so with `handed-over`.
                What::Handover => answer.outcome != Outcome::Done,
                _ => true,
            }),
            Body::Decided(answer) => {
                self.admit_answer(&answer.question, draft, |what| matches!(what, What::Decide | What::Truth))
            }
            Body::Consented(answer) => {
                self.admit_answer(&answer.question, draft, |what| matches!(what, What::Consent | What::Second))?;
                self.admit_second(answer, draft)
            }
            Body::Confirmed(confirmed) => match self.alone.get(&confirmed.seq) {
                None => Err(Refusal::NothingToConfirm { seq: confirmed.seq }),
                Some(who) if *who == draft.actor => Err(Refusal::SamePerson { who: who.clone() }),
                Some(_) => Ok(()),
            },
            Body::HandedOver(taken) => self.admit_answer(&taken.question, draft, |what| what == What::Handover),
            Body::Injected(injected) => match injected.inject.and_then(|inject| self.injects.get_key_value(&inject)) {
                Some((inject, seq)) => Err(Refusal::Delivered { inject: *inject, seq: *seq }),
                None => Ok(()),
            },
            Body::ActionClosed(closed) => match self.actions.get(&closed.action) {
                None => Err(Refusal::NoAction { seq: closed.action }),
                Some(ActionStage::Retested) => Err(Refusal::ActionClosed { seq: closed.action }),
                Some(ActionStage::Done) if closed.retest.is_none() => Err(Refusal::ActionClosed { seq: closed.action }),
                Some(_) => Ok(()),
            },
            Body::ScriptRevealed(revealed) => match self.script {
                None => Err(Refusal::NoScript),
                Some(script) if script != revealed.script.object => Err(Refusal::OtherScript),
                Some(_) => Ok(()),
            },
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
        // An offer is taken or left by whom it was made to, and withdrawn by who made it.
        let withdrawn = question.what == What::Handover
            && matches!(&draft.body, Body::Answered(answer) if answer.outcome == Outcome::Abandoned);
        let only = if withdrawn { &question.by } else { &question.to };
        if let Some(to) = only.as_ref().filter(|only| **only != draft.actor) {
            return Err(Refusal::NotYours { question: id.clone(), to: to.clone() });
        }
        if let Some(step) = &question.step
            && self.steps.get(step).is_some_and(|stage| stage.attempt == question.attempt && stage.outcome.is_some())
        {
            return Err(Refusal::NoLongerAsked { question: id.clone() });
        }
        Ok(())
    }

    /// A second person's consent says how it was given; who stood by or was called is not who entered it.
    fn admit_second(&self, answer: &Consented, draft: &Draft) -> Result<(), Refusal> {
        let second = self.questions.get(&answer.question).is_some_and(|question| question.what == What::Second);
        if !second || !answer.given {
            return Ok(());
        }
        match answer.manner {
            None => Err(Refusal::NoManner { question: answer.question.clone() }),
            Some(Manner::Present | Manner::Phone) if draft.by.as_ref().is_none_or(|by| *by == draft.actor) => {
                Err(Refusal::SamePerson { who: draft.actor.clone() })
            }
            Some(Manner::Key) if answer.note.is_none() || answer.vkey.is_none() => {
                Err(Refusal::NoManner { question: answer.question.clone() })
            }
            Some(Manner::Alone) if answer.because.is_none() => Err(Refusal::NoReason),
            Some(_) => Ok(()),
        }
    }

    /// Takes in a record of the run.
    pub fn apply(&mut self, seq: u64, draft: &Draft) {
        match &draft.body {
            Body::RunPaused(_) => self.stage = Stage::Paused,
            Body::RunContinued(_) if self.stage == Stage::Paused => self.stage = Stage::Running,
            Body::RunStopping(stopping) => self.stage = Stage::Stopping(stopping.how),
            Body::RunEnded(ended) => {
                self.stage = Stage::Ended(ended.result);
                self.steps.clear();
                self.questions.clear();
            }
            Body::StepStarted(started) => self.take_step(started.step.as_str(), started.attempt, None),
            Body::StepEnded(ended) => self.take_step(ended.step.as_str(), ended.attempt, Some(ended.outcome)),
            Body::Asked(asked) => {
                self.asked += 1;
                let (step, to) = (asked.step.clone(), asked.to.clone());
                let by = (asked.what == What::Handover).then(|| draft.actor.clone());
                let question = Question { step, attempt: asked.attempt, what: asked.what, to, by, answered: None };
                self.questions.insert(asked.question.clone(), question);
            }
            Body::Answered(answer) => self.close(&answer.question, draft, seq),
            Body::Decided(answer) => self.close(&answer.question, draft, seq),
            Body::Consented(answer) => {
                if answer.given && answer.manner == Some(Manner::Alone) {
                    self.alone.insert(seq, draft.actor.clone());
                }
                self.close(&answer.question, draft, seq);
            }
            Body::Confirmed(confirmed) => {
                self.alone.remove(&confirmed.seq);
            }
            Body::HandedOver(taken) => self.close(&taken.question, draft, seq),
            Body::Injected(injected) => {
                if let Some(inject) = injected.inject {
                    self.injects.insert(inject, seq);
                }
            }
            Body::ActionOpened(_) => {
                self.actions.insert(seq, ActionStage::Open);
            }
            Body::ActionClosed(closed) => {
                let stage = if closed.retest.is_some() { ActionStage::Retested } else { ActionStage::Done };
                self.actions.insert(closed.action, stage);
            }
            Body::ScriptRevealed(_) => self.script = None,
            Body::PlaybookSwitched(_) => {
                // Nothing is open; steps and questions of the playbook before are over. Who leads what does not change with it.
                self.steps.clear();
                self.questions.retain(|_, question| question.what == What::Handover);
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
