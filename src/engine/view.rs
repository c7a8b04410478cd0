//! What people see of a run: one value that consoles, `status` and reports read.

use std::time::Duration;

use crate::model::record::{Manner, People, WatchState, What};
use crate::model::{
    Actor, Digest, Id, Mark, Mode, Name, Outcome, Phase, QuestionId, RunId, RunKind, Stage, Stamp, StepPath, Text,
    UndoOutcome,
};
use crate::step::{Ask, Choice};

/// A run as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RunView {
    /// Its id.
    pub run: RunId,
    /// Drill or incident.
    pub kind: RunKind,
    /// How it is carried out.
    pub mode: Mode,
    /// Whether its targets are the lab's.
    pub lab: bool,
    /// How people take part.
    pub people: People,
    /// The scenario's name.
    pub playbook: Name,
    /// The scenario's title.
    pub title: Text,
    /// What people call its roles.
    pub roles: std::collections::BTreeMap<Id, Text>,
    /// The plan's digest.
    pub plan: Digest,
    /// How far it has come.
    pub stage: Stage,
    /// Whether it was stopped because of a real incident.
    pub stopped_for_incident: bool,
    /// Who said the word that stops a drill at once, and when.
    pub stop_word: Option<(Actor, Stamp)>,
    /// Situations of the exercise that were delivered, by number.
    pub injects: Vec<InjectView>,
    /// When it began.
    pub began: Stamp,
    /// When it ended.
    pub ended: Option<Stamp>,
    /// Time since it began (to its end, where it has ended).
    pub elapsed: Duration,
    /// Every step of the plan and every instance so far, in the order of the plan.
    pub steps: Vec<StepView>,
    /// Open questions, oldest first.
    pub questions: Vec<QuestionView>,
    /// Its clocks.
    pub clocks: Vec<ClockView>,
    /// Its watches.
    pub watches: Vec<WatchView>,
    /// The first of each mark.
    pub marks: Vec<(Mark, Stamp)>,
    /// Roles, by id, and who has them. A state knows of those that its records tell of.
    pub held: Vec<HeldView>,
    /// Consents given alone that nobody has confirmed yet.
    pub alone: Vec<AloneView>,
}

/// A situation of the exercise that was delivered.
#[derive(Clone, Debug, PartialEq)]
pub struct InjectView {
    /// Its number in the script.
    pub number: u32,
    /// When it was delivered.
    pub at: Stamp,
    /// To which role.
    pub to: Option<Id>,
    /// What the players were told; nothing where it was redacted, or nobody looked.
    pub text: Option<String>,
}

/// A role and who has it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldView {
    /// The role.
    pub role: Id,
    /// Who has it; nothing where nobody does.
    pub holder: Option<Actor>,
    /// Whether that is known from `people.yaml` and nobody has said so in the run.
    pub listed: bool,
}

/// A consent given alone, which the commander has to confirm.
#[derive(Clone, Debug, PartialEq)]
pub struct AloneView {
    /// Its record.
    pub seq: u64,
    /// Who gave it.
    pub who: Actor,
    /// The step.
    pub step: Option<StepPath>,
}

/// One instance of a step, or a step that has none yet.
#[derive(Clone, Debug, PartialEq)]
pub struct StepView {
    /// Its path.
    pub path: StepPath,
    /// How deep it lies, from 0.
    pub depth: usize,
    /// Its number among what people count: leaf steps at the top and inside containers, from 1; nothing for containers.
    pub number: Option<usize>,
    /// What people call it.
    pub title: Text,
    /// The action's word: `manual`, `run` …
    pub action: &'static str,
    /// Who does it.
    pub role: Option<Id>,
    /// Its phase.
    pub phase: Option<Phase>,
    /// What it may do, where it is a command or a restore.
    pub effect: Option<crate::model::Effect>,
    /// What would run, in full, with `‹…›` for what is not known.
    pub command: Option<String>,
    /// Whether it is known before the run that this step is passed over in it: a fault in a real incident.
    pub left_out: bool,
    /// The last attempt; 0 where there was none.
    pub attempt: u32,
    /// Whether it is open.
    pub open: bool,
    /// Its outcome in force.
    pub outcome: Option<Outcome>,
    /// Whether a person confirmed it, for `manual`.
    pub confirmed: Option<bool>,
    /// What became of its undo.
    pub undo: UndoOutcome,
    /// When the first attempt began.
    pub began: Option<Stamp>,
    /// When it ended.
    pub ended: Option<Stamp>,
    /// How long it took, by the boot clock where that is possible.
    pub took: Option<Duration>,
}

/// An open question, with all that a console needs to put it.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionView {
    /// Its id.
    pub id: QuestionId,
    /// What it asks for.
    pub what: What,
    /// The step it is about.
    pub step: Option<StepPath>,
    /// Its number, as in [`StepView::number`].
    pub number: Option<usize>,
    /// What people call the step.
    pub title: Text,
    /// Who is asked.
    pub role: Option<Id>,
    /// What to do or decide, rendered.
    pub text: Option<Text>,
    /// What would run, in full, for `state`, `orphan` and `undo`.
    pub command: Option<String>,
    /// What to tick off.
    pub checks: Vec<Text>,
    /// What to answer.
    pub ask: Vec<Ask>,
    /// What can be chosen.
    pub options: Vec<Choice>,
    /// The option taken where nobody is there.
    pub default: Option<Id>,
    /// Whether a note or a file has to be attached first, and none is yet.
    pub evidence_missing: bool,
    /// The plan that a consent is to.
    pub plan: Option<Digest>,
    /// Who alone can answer.
    pub to: Option<Actor>,
    /// Who asked.
    pub by: Actor,
    /// How a second person may consent here.
    pub ways: Vec<Manner>,
    /// Where that acts.
    pub target: Option<TargetView>,
    /// When it was asked.
    pub asked: Stamp,
    /// How many questions about the same step there were before it.
    pub before: usize,
}

/// Where something acts that may interrupt a service or lose data.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct TargetView {
    /// The system of the inventory; nothing for a command of the playbook's own, or a folder.
    pub system: Option<Name>,
    /// The machine by its id in the inventory; the one on which the loop runs where nothing.
    pub host: Option<String>,
    /// What the operator's ssh calls that machine.
    pub ssh: Option<String>,
    /// Whether a folder is exchanged for a restored one, and the old one is kept beside it.
    pub restores: bool,
}

/// A clock as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockView {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub title: Text,
    /// When it began; nothing where it has not.
    pub from: Option<Stamp>,
    /// When it stopped.
    pub to: Option<Stamp>,
    /// What it shows: to now where it runs; without a drill's pauses.
    pub elapsed: Option<Duration>,
    /// Its limit.
    pub limit: Option<Duration>,
    /// Whether the duration was measured by the boot clock alone.
    pub by_boot_clock: bool,
}

/// A watch as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchView {
    /// Its id.
    pub id: Id,
    /// What people call it; its id where nobody has said.
    pub title: Text,
    /// What it sees.
    pub state: WatchState,
    /// Since when.
    pub since: Option<Stamp>,
    /// Every change so far: when it happened, and to what.
    pub changes: Vec<(Stamp, WatchState)>,
}
