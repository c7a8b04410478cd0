//! What a run's state is made of.

use std::collections::BTreeMap;
use std::time::Duration;

use super::tree::NodeId;
use crate::model::record::{Manner, ProcessStarted, WatchState, What, Why};
use crate::model::{
    Actor, Basis, Digest, Id, Moment, ObjectRef, Outcome, QuestionId, Record, Stamp, StepPath, UndoOutcome,
};

/// A moment on the course of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// When, by the wall clock.
    pub stamp: Stamp,
    /// When, by the boot clock, in microseconds, and which boot; nothing for what was entered late.
    pub mono: Option<(u64, String)>,
}

impl Edge {
    /// The moment that `record` tells of; `occurred_mono_us` is the body's.
    #[must_use]
    pub fn of(record: &Record, occurred_mono_us: Option<u64>) -> Self {
        match (record.draft.occurred, occurred_mono_us) {
            (None, _) => Self::at(&record.written),
            (Some(stamp), Some(mono)) => Self { stamp, mono: Some((mono, record.written.boot.clone())) },
            (Some(stamp), None) => Self { stamp, mono: None },
        }
    }

    /// A moment as the clocks show it.
    #[must_use]
    pub fn at(moment: &Moment) -> Self {
        Self { stamp: moment.at, mono: Some((moment.mono_us, moment.boot.clone())) }
    }

    /// How long after `earlier` this is, and whether the boot clock alone says so. Zero where it is the earlier one.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> (Duration, bool) {
        match (&self.mono, &earlier.mono) {
            (Some((now, boot)), Some((then, before))) if boot == before => {
                (Duration::from_micros(now.saturating_sub(*then)), true)
            }
            _ => {
                let micros = self.stamp.microseconds_since(&earlier.stamp);
                (Duration::from_micros(u64::try_from(micros).unwrap_or(0)), false)
            }
        }
    }

    /// Whether this is before `other`.
    #[must_use]
    pub fn before(&self, other: &Self) -> bool {
        match (&self.mono, &other.mono) {
            (Some((mine, boot)), Some((theirs, other))) if boot == other => mine < theirs,
            _ => self.stamp.instant < other.stamp.instant,
        }
    }
}

/// One instance of a step, of a round of a `repeat`, or of an undo.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    pub(crate) node: NodeId,
    /// Its place among all that began, from 1; 0 where it was passed over.
    pub order: u32,
    /// The last attempt; 0 where it was passed over.
    pub attempt: u32,
    /// How many attempts were carried out and failed.
    pub tries: u32,
    /// The outcome of the last attempt; nothing while it is open.
    pub outcome: Option<Outcome>,
    /// Whether another attempt follows.
    pub again: bool,
    /// How it ended, a word of ours.
    pub why: Option<Why>,
    /// Whether the run goes on although it failed.
    pub tolerated: bool,
    /// When the first attempt began.
    pub first_began: Option<Moment>,
    /// When the last attempt began.
    pub began: Option<Moment>,
    /// From when its time limit counts: the first of the attempts that a crash cut in pieces.
    pub limit_from: Option<Moment>,
    /// When the last attempt ended.
    pub ended: Option<Moment>,
    /// When the first attempt began, in the course of events.
    pub began_edge: Option<Edge>,
    /// When the last attempt ended, in the course of events.
    pub ended_edge: Option<Edge>,
    /// For an `each`, how many rounds it has.
    pub rounds: Option<u32>,
    /// How many rounds are over.
    pub rounds_done: u32,
    /// For a round of a `repeat`: whether it was the last.
    pub last: Option<bool>,
    /// What it yields, each a JSON text.
    pub captures: BTreeMap<String, ObjectRef>,
    /// Exit status of its command.
    pub exit: Option<i32>,
    /// Whether a person confirmed it.
    pub confirmed: Option<bool>,
    /// What was kept of what it printed.
    pub output: Option<ObjectRef>,
    /// Why it failed, in words.
    pub detail: Option<ObjectRef>,
    /// What became of its undo; nothing while that is open or was never begun.
    pub undo: Option<UndoOutcome>,
    /// How many notes and files were put to it.
    pub evidence: u32,
    /// Whether the loop that began it is gone.
    pub orphaned: bool,
    /// The process of the last attempt, and its boot.
    pub process: Option<(ProcessStarted, String)>,
}

impl Instance {
    pub(crate) fn new(node: NodeId) -> Self {
        Self {
            node,
            order: 0,
            attempt: 0,
            tries: 0,
            outcome: None,
            again: false,
            why: None,
            tolerated: false,
            first_began: None,
            began: None,
            limit_from: None,
            ended: None,
            began_edge: None,
            ended_edge: None,
            rounds: None,
            rounds_done: 0,
            last: None,
            captures: BTreeMap::new(),
            exit: None,
            confirmed: None,
            output: None,
            detail: None,
            undo: None,
            evidence: 0,
            orphaned: false,
            process: None,
        }
    }

    /// Whether it has begun and not ended.
    #[must_use]
    pub fn open(&self) -> bool {
        self.outcome.is_none() && self.attempt > 0
    }

    /// Whether it has an outcome after which no attempt follows.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.outcome.is_some() && !self.again
    }
}

/// How far a list of steps has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Block {
    /// How many of its steps are settled.
    pub(crate) ended: usize,
    /// The first that is not.
    pub(crate) cursor: usize,
    /// Whether one failed and the run does not go on in this list.
    pub(crate) failed: bool,
    /// Whether one was ended by force.
    pub(crate) abandoned: bool,
    /// Where a `goto` leads: the step that had it, and the place in the list.
    pub(crate) goto: Option<(Id, usize)>,
}

/// A question of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The step it is about.
    pub step: Option<StepPath>,
    /// Which attempt; 0 where the step has not begun.
    pub attempt: u32,
    /// What it asks for.
    pub what: What,
    /// The rendered text, JSON of a [`crate::model::Text`].
    pub text: Option<ObjectRef>,
    /// The plan that a consent is to.
    pub plan: Option<Digest>,
    /// The role that is offered in a handover.
    pub role: Option<crate::model::Id>,
    /// Who alone can answer.
    pub to: Option<Actor>,
    /// Who asked.
    pub by: Actor,
    /// When it was asked.
    pub asked: Moment,
    /// The first answer.
    pub answer: Option<Answer>,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Who gave it.
    pub actor: Actor,
    /// In which record.
    pub seq: u64,
    /// When it was written.
    pub written: Moment,
    /// When it was given, if not when it was written.
    pub occurred: Option<Stamp>,
    /// Where it comes from.
    pub basis: Basis,
    /// What was said.
    pub said: Said,
    /// Why, in words.
    pub because: Option<ObjectRef>,
    /// Who entered it, if another.
    pub by: Option<Actor>,
    /// How a second person consented.
    pub manner: Option<Manner>,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// What became of the step.
    Outcome {
        /// It.
        outcome: Outcome,
        /// Values that were asked for.
        answers: BTreeMap<Id, ObjectRef>,
    },
    /// An option.
    Choice(Id),
    /// Whether consent was given.
    Consent(bool),
    /// The role was taken over.
    Taken,
}

/// What a watch has seen.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchLog {
    /// Every change so far.
    pub changes: Vec<(Edge, WatchState)>,
}

/// A time in which nothing new was started.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pause {
    pub(crate) from: Edge,
    pub(crate) to: Option<Edge>,
}

/// What the records say of a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClockNoted {
    pub(crate) started: bool,
    pub(crate) stopped: bool,
}

/// An inject of the exercise that was delivered.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    /// When.
    pub at: Stamp,
    /// Who delivered it: the engine, or a person.
    pub actor: Actor,
    /// To which role.
    pub to: Option<Id>,
    /// What the players were told.
    pub text: Option<ObjectRef>,
    /// Its record.
    pub seq: u64,
}
