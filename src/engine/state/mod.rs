//! A run as its records say it is.

mod apply;
mod clocks;
mod correct;
mod incident;
mod marks;
mod parts;
mod tree;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use clocks::ClockReading;
pub use incident::{Alone, Classification, Conclusion, Incident, Sent, Sighting};
pub use marks::{Marking, Marks};
pub use parts::{Answer, Delivered, Edge, Instance, Question, Said, WatchLog};
pub(crate) use parts::{Block, ClockNoted, Pause};
pub(crate) use tree::{Kind, Node, NodeId, Place, Tree, inside};

use super::plan::{Plan, Step};
use crate::model::record::{StopHow, What};
use crate::model::{
    Actor, Body, Draft, Id, Lifecycle, Mode, Moment, ObjectRef, Outcome, QuestionId, Record, Refusal, RunId, RunState,
    Stage, Stamp, StepPath, UndoOutcome,
};

/// A run as it stands. Copies are cheap: the loop thinks ahead on one while the records wait for the disk.
///
/// Made from the plan and the records alone: no object is read and nothing is evaluated.
#[derive(Clone, Debug)]
pub struct State {
    pub(crate) tree: Arc<Tree>,
    /// From which record on steps and questions are those of this plan: the switch to it, or the beginning.
    part: u64,
    /// Whether another playbook leads meanwhile.
    superseded: bool,
    pub(crate) run: Option<RunId>,
    lifecycle: Lifecycle,
    pub(crate) began: Option<Moment>,
    pub(crate) ended: Option<Moment>,
    pub(crate) test_clock: bool,
    pub(crate) instances: BTreeMap<StepPath, Arc<Instance>>,
    pub(crate) blocks: BTreeMap<Option<StepPath>, Block>,
    pub(crate) questions: BTreeMap<u32, Arc<Question>>,
    /// The newest question of each kind about each path; nothing is about the run itself.
    pub(crate) asked: BTreeMap<(Option<StepPath>, What), u32>,
    pub(crate) marks: Marks,
    pub(crate) watches: BTreeMap<Id, Arc<WatchLog>>,
    pub(crate) outage: (Option<Edge>, Option<Edge>),
    pub(crate) pauses: Vec<Pause>,
    pub(crate) clocks: BTreeMap<Id, ClockNoted>,
    pub(crate) objectives: BTreeMap<Id, Option<bool>>,
    pub(crate) joined: BTreeMap<Actor, Option<Id>>,
    pub(crate) incident: Incident,
    pub(crate) stopped_for_incident: bool,
    /// Who said the word that stops a drill at once, and when.
    pub(crate) stop_word: Option<(Actor, Stamp)>,
    /// Injects of the exercise that were delivered, by number.
    pub(crate) delivered: BTreeMap<u32, Delivered>,
    pub(crate) starts: u32,
    /// How many instances had begun when somebody asked to end what runs by force.
    pub(crate) forced_after: Option<u32>,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.tree.digest == other.tree.digest
            && (self.part, self.superseded) == (other.part, other.superseded)
            && self.run == other.run
            && self.lifecycle == other.lifecycle
            && (&self.began, &self.ended) == (&other.began, &other.ended)
            && self.instances == other.instances
            && self.blocks == other.blocks
            && self.questions == other.questions
            && self.asked == other.asked
            && self.marks == other.marks
            && self.watches == other.watches
            && self.outage == other.outage
            && self.pauses == other.pauses
            && self.clocks == other.clocks
            && self.objectives == other.objectives
            && self.joined == other.joined
            && self.incident == other.incident
            && (self.stopped_for_incident, self.starts) == (other.stopped_for_incident, other.starts)
            && self.test_clock == other.test_clock
            && (&self.stop_word, &self.delivered) == (&other.stop_word, &other.delivered)
            && self.forced_after == other.forced_after
    }
}

/// The state of the part of a run that `plan` leads from record `part` on (0: from its beginning), after `records`. Records of
/// other runs are passed over.
#[must_use]
pub fn fold<'a>(plan: Arc<Plan>, part: u64, records: impl IntoIterator<Item = &'a Record>) -> State {
    let mut state = State::part(plan, part);
    for record in records {
        state.apply(record);
    }
    state
}

/// The plans that led a run, in their order, each with the record that switched to it; 0 for the one that the run began with.
#[must_use]
pub fn parts(records: &[Record]) -> Vec<(u64, ObjectRef)> {
    let part = |record: &Record| match &record.draft.body {
        Body::RunStarted(started) => Some((0, started.plan)),
        Body::PlaybookSwitched(switched) => Some((record.seq, switched.plan)),
        _ => None,
    };
    records.iter().filter_map(part).collect()
}

/// The plan that leads a run, and the record that switched to it; 0 where it is the one that the run began with.
#[must_use]
pub fn leading(records: &[Record]) -> Option<(u64, ObjectRef)> {
    parts(records).pop()
}

impl State {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new(plan: Arc<Plan>) -> Self {
        Self {
            tree: Arc::new(Tree::new(plan)),
            part: 0,
            superseded: false,
            run: None,
            lifecycle: Lifecycle { size: 1, ..Lifecycle::default() },
            began: None,
            ended: None,
            test_clock: false,
            instances: BTreeMap::new(),
            blocks: BTreeMap::new(),
            questions: BTreeMap::new(),
            asked: BTreeMap::new(),
            marks: Marks::default(),
            watches: BTreeMap::new(),
            outage: (None, None),
            pauses: Vec::new(),
            clocks: BTreeMap::new(),
            objectives: BTreeMap::new(),
            joined: BTreeMap::new(),
            incident: Incident::default(),
            stopped_for_incident: false,
            stop_word: None,
            delivered: BTreeMap::new(),
            starts: 0,
            forced_after: None,
        }
    }

    /// The part of a run that `plan` leads, from the record `part` that switched to it; nothing has happened yet.
    ///
    /// It takes in all records of the run: marks, watches, people and pauses are the whole run's, steps and questions its own.
    #[must_use]
    pub fn part(plan: Arc<Plan>, part: u64) -> Self {
        Self { part, ..Self::new(plan) }
    }

    /// From which record on its steps and questions count.
    pub(crate) fn part_from(&self) -> u64 {
        self.part
    }

    /// Whether another playbook leads meanwhile: what is asked and begun now is not in this plan.
    #[must_use]
    pub fn superseded(&self) -> bool {
        self.superseded
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.tree.plan
    }

    /// The run; nothing before it has begun.
    #[must_use]
    pub fn run(&self) -> Option<&RunId> {
        self.run.as_ref()
    }

    /// The run's part of the lifecycle; nothing before it has begun.
    #[must_use]
    pub fn lifecycle(&self) -> Option<&RunState> {
        self.lifecycle.runs.get(self.run.as_ref()?)
    }

    /// Whether `draft` may be the run's next record.
    ///
    /// # Errors
    ///
    /// The rule that it breaks.
    pub fn admit(&self, draft: &Draft) -> Result<(), Refusal> {
        self.lifecycle.admit(draft)
    }

    /// The number of a record that would follow what is folded here.
    pub(crate) fn next_seq(&self) -> u64 {
        self.lifecycle.size
    }

    /// How far the run has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.lifecycle().map_or(Stage::Running, |run| run.stage.clone())
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.lifecycle().is_some_and(RunState::ended)
    }

    /// When the run began.
    #[must_use]
    pub fn began_at(&self) -> Option<Stamp> {
        self.began.as_ref().map(|moment| moment.at)
    }

    /// When the run ended.
    #[must_use]
    pub fn ended_at(&self) -> Option<Stamp> {
        self.ended.as_ref().map(|moment| moment.at)
    }

    /// How the run is being stopped, if it is.
    #[must_use]
    pub fn stopping(&self) -> Option<StopHow> {
        match self.lifecycle()?.stage {
            Stage::Stopping(how) => Some(how),
            _ => None,
        }
    }

    /// How the run is carried out.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.tree.plan.mode
    }

    /// The planned step that `path` is an instance of; where it holds others, without them.
    #[must_use]
    pub fn planned(&self, path: &StepPath) -> Option<&Step> {
        match self.tree.locate(path.as_str())? {
            Place::Step(node) => Some(&self.node(node).step),
            Place::Round(..) | Place::Undo(_) => None,
        }
    }

    /// The instance at `path`: a step, a round of a `repeat`, or an undo.
    #[must_use]
    pub fn instance(&self, path: &StepPath) -> Option<&Instance> {
        self.instances.get(path).map(Arc::as_ref)
    }

    /// Every instance so far, by path.
    pub fn instances(&self) -> impl Iterator<Item = (&StepPath, &Instance)> {
        self.instances.iter().map(|(path, instance)| (path, instance.as_ref()))
    }

    /// Steps, rounds and undos that have begun and not ended, with their attempts.
    pub fn open_steps(&self) -> impl Iterator<Item = (&StepPath, &Instance)> {
        self.instances().filter(|(_, instance)| instance.open())
    }

    /// The outcome in force of the step at `path`.
    #[must_use]
    pub fn outcome(&self, path: &StepPath) -> Option<Outcome> {
        self.instances.get(path)?.outcome
    }

    /// What became of the undo of the step at `path`.
    #[must_use]
    pub fn undo(&self, path: &StepPath) -> UndoOutcome {
        self.instances.get(path).and_then(|instance| instance.undo).unwrap_or(UndoOutcome::None)
    }

    /// A question by its id.
    #[must_use]
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions.get(&number_of(id)?).map(Arc::as_ref)
    }

    /// Every question so far, in the order in which they were asked.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.values().map(Arc::as_ref)
    }

    /// The newest question of this kind about `path` (the run itself where nothing) in this attempt.
    pub(crate) fn question_about(&self, path: Option<&StepPath>, attempt: u32, what: What) -> Option<&Question> {
        let number = self.asked.get(&(path.cloned(), what))?;
        self.questions.get(number).map(Arc::as_ref).filter(|question| question.attempt == attempt)
    }

    /// Whether an answer to this question would still count.
    #[must_use]
    pub fn asks(&self, question: &Question) -> bool {
        if question.answer.is_some() || self.ended() {
            return false;
        }
        match &question.step {
            None => true,
            Some(step) => match self.instances.get(step) {
                Some(instance) => instance.attempt == question.attempt && instance.outcome.is_none(),
                None => question.attempt == 0,
            },
        }
    }

    /// The first of each mark, in the course of events.
    #[must_use]
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// What people say of the run: its classification, what was sent, who has which role, the conclusion.
    #[must_use]
    pub fn incident(&self) -> &Incident {
        &self.incident
    }

    /// What each watch has seen.
    pub fn watches(&self) -> impl Iterator<Item = (&Id, &WatchLog)> {
        self.watches.iter().map(|(id, log)| (id, log.as_ref()))
    }

    /// When the first outage began and ended.
    #[must_use]
    pub fn outage(&self) -> (Option<&Edge>, Option<&Edge>) {
        (self.outage.0.as_ref(), self.outage.1.as_ref())
    }

    /// What each objective came to; nothing for one that was not measured.
    #[must_use]
    pub fn objectives(&self) -> &BTreeMap<Id, Option<bool>> {
        &self.objectives
    }

    /// How the inject with this number was delivered; nothing where it was not.
    #[must_use]
    pub fn delivered(&self, inject: u32) -> Option<&Delivered> {
        self.delivered.get(&inject)
    }

    /// Every inject of the exercise that was delivered, by number.
    #[must_use]
    pub fn deliveries(&self) -> &BTreeMap<u32, Delivered> {
        &self.delivered
    }

    /// Who takes part, and in which role.
    #[must_use]
    pub fn joined(&self) -> &BTreeMap<Actor, Option<Id>> {
        &self.joined
    }

    /// Whether times come from a set clock.
    #[must_use]
    pub fn test_clock(&self) -> bool {
        self.test_clock
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.tree.nodes[id]
    }

    pub(crate) fn block(&self, path: Option<&StepPath>) -> Block {
        self.blocks.get(&path.cloned()).cloned().unwrap_or_default()
    }
}

pub(crate) fn number_of(id: &QuestionId) -> Option<u32> {
    id.as_str().strip_prefix('q')?.parse().ok()
}
