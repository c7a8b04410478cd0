//! A plan: a playbook resolved for one run. Frozen, serializable, and all that folding the run's records needs.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::inventory::{System, Targets};
use crate::model::record::{Manner, People};
use crate::model::{Command, Digest, Expression, Id, Lang, Mode, Name, RunKind, Span, Template, Text};
use crate::playbook::exercise::Exercise;
use crate::playbook::{ClockEdge, Family, Objective, Role, Watch};
use crate::probe::Spec;
use crate::step::{self, Decide, Inject, Manual, Notify, Wait};

/// What a run will do: every target resolved, every called playbook inlined, every input fixed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The format of this value: 1.
    pub plan_format: u32,
    /// The scenario.
    pub playbook: Name,
    /// The version of the scenario.
    pub version: u32,
    /// What people call it.
    pub title: Text,
    /// Its family.
    pub family: Family,
    /// The kind of scenario.
    pub scenario: Name,
    /// MITRE ATT&CK techniques.
    pub attack: Vec<String>,
    /// Rows of a plan that it serves.
    pub tasks: Vec<String>,
    /// How citizens are served meanwhile.
    pub keep_running: Text,
    /// Drill or incident.
    pub kind: RunKind,
    /// How it is carried out.
    pub mode: Mode,
    /// Whether its targets are the lab's.
    pub lab: bool,
    /// How people take part.
    pub people: People,
    /// The planned exercise, if any.
    pub exercise: Option<Name>,
    /// What it plans, as its file stood when the run began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Box<Exercise>>,
    /// The language of what the engine writes into the record: notices and notes.
    pub language: Lang,
    /// Its inputs, as expressions see them; a system as its whole value.
    pub inputs: BTreeMap<Id, Value>,
    /// Every system that it touches.
    pub systems: BTreeMap<Name, System>,
    /// On the lab: what the owners of the systems that its own stand for have set. Nothing is measured against these.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub owners: BTreeMap<Name, Targets>,
    /// Who takes part.
    pub roles: IndexMap<Id, Role>,
    /// What is measured.
    pub objectives: Vec<Objective>,
    /// What is looked at all the time; filled in but for secrets.
    pub watches: Vec<Watch>,
    /// What time is measured.
    pub clocks: IndexMap<Id, Clock>,
    /// In which ways a second person may consent to what is destructive; none where nobody has to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub second_person: Vec<Manner>,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// Time from one moment to another, against a limit that is known or will never be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// What people call it; the id stands in.
    pub title: Option<Text>,
    /// When it begins.
    pub from: ClockEdge,
    /// When it ends.
    pub to: ClockEdge,
    /// Its limit in seconds; nothing where it has none.
    pub limit_s: Option<u64>,
}

/// A step with its targets resolved.
pub type Step = step::Step<Action>;

/// What a planned step does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// A person does something and confirms it.
    Manual(Manual),
    /// A command runs.
    Run(Run),
    /// One look.
    Probe(Spec),
    /// Looks until it is well.
    Wait(Wait),
    /// Backups: seal, verify, pick, prove.
    Backup(Backup),
    /// A copy is restored.
    Restore(Restore),
    /// A person chooses.
    Decide(Decide),
    /// Steps at the same time.
    Parallel(Vec<Step>),
    /// Steps for each item of a list.
    Each(Each),
    /// Steps again and again.
    Repeat(Repeat),
    /// Another playbook's steps.
    Call(Call),
    /// A notice is prepared, never sent.
    Notify(Notify),
    /// A situation is given to players of a drill.
    Inject(Inject),
    /// A fault is made in the lab.
    Fault(Fault),
    /// Something is written into the record.
    Note(Text),
}

/// A command, with the machine it runs on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The system and the operation of its inventory entry, where it is one.
    pub operation: Option<(Name, Id)>,
    /// The command.
    pub command: Command,
    /// What the operator's ssh calls the machine; the loop's machine where nothing.
    pub ssh: Option<String>,
}

/// A copy that a backup action works on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Copy {
    /// The newest copy of a system's backup.
    Backup {
        /// Whose.
        system: Name,
        /// Which of its backups.
        backup: Name,
    },
    /// A folder.
    Path(Template),
}

/// See [`Action::Backup`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backup {
    /// Makes a seal.
    Seal(Copy),
    /// Compares a copy with its seal.
    Verify {
        /// Which.
        of: Copy,
        /// The share of files to read, in percent.
        sample: Option<u8>,
    },
    /// Picks the newest copy that is whole.
    NewestGood(Name),
    /// Restores to a scratch place and compares.
    Prove(Copy),
}

/// See [`Action::Restore`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restore {
    /// The copy.
    pub from: Template,
    /// Where to.
    pub to: Place,
}

/// Where a restore goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// The place that the system's entry names.
    System(Name),
    /// A folder.
    Path(Template),
}

/// See [`Action::Each`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Each {
    /// The item's name: `each.NAME`.
    pub name: Id,
    /// What it runs over.
    pub rounds: Rounds,
}

/// The rounds of an `each`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rounds {
    /// The list is known: each round has its own resolved steps.
    Known(Vec<Round>),
    /// The list is known when the step starts.
    Open {
        /// A whole `{{ expression }}` that gives a list.
        of: Template,
        /// What is done for each item.
        steps: Vec<Step>,
    },
}

/// A round of an `each` over a known list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// The item.
    pub item: Value,
    /// What is done for it.
    pub steps: Vec<Step>,
}

/// See [`Action::Repeat`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// What is done in each round.
    pub steps: Vec<Step>,
    /// It ends after the round in which this is true.
    pub until: Expression,
    /// The most rounds.
    pub max: u32,
    /// The wait between rounds.
    pub every: Option<Span>,
}

/// See [`Action::Call`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The playbook.
    pub playbook: Name,
    /// Its version.
    pub version: u32,
    /// What people call it.
    pub title: Text,
    /// Its inputs. A text may name an item of an `each` whose list is not known yet.
    pub inputs: BTreeMap<Id, Value>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// See [`Action::Fault`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// On which system.
    pub on: Name,
    /// Which fault.
    pub kind: Name,
    /// Its settings.
    pub with: BTreeMap<Id, Value>,
}

impl Plan {
    /// The plan's JSON: what is kept as an object and what its digest is of.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What expressions know of the run itself: `run.kind`, `run.mode`.
    pub(crate) fn of_run(&self) -> Value {
        serde_json::json!({ "kind": self.kind, "mode": self.mode })
    }

    /// Reads a plan back.
    ///
    /// # Errors
    ///
    /// Where the bytes are not a plan of format 1.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let plan: Self = serde_json::from_slice(bytes)?;
        if plan.plan_format == 1 {
            Ok(plan)
        } else {
            Err(serde::de::Error::custom(format!("plan format {}", plan.plan_format)))
        }
    }

    /// The digest that people consent to: of the bytes of [`Plan::to_json`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_json())
    }

    /// Whether somebody can be asked.
    #[must_use]
    pub fn attended(&self) -> bool {
        self.people != People::Unattended
    }
}

impl Action {
    /// The action's word in a playbook.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Manual(_) => "manual",
            Self::Run(_) => "run",
            Self::Probe(_) => "probe",
            Self::Wait(_) => "wait",
            Self::Backup(_) => "backup",
            Self::Restore(_) => "restore",
            Self::Decide(_) => "decide",
            Self::Parallel(_) => "parallel",
            Self::Each(_) => "each",
            Self::Repeat(_) => "repeat",
            Self::Call(_) => "call",
            Self::Notify(_) => "notify",
            Self::Inject(_) => "inject",
            Self::Fault(_) => "fault",
            Self::Note(_) => "note",
        }
    }

    /// Whether it holds other steps.
    #[must_use]
    pub fn is_container(&self) -> bool {
        matches!(self, Self::Parallel(_) | Self::Each(_) | Self::Repeat(_) | Self::Call(_))
    }

    /// The lists of steps inside it: one a round for an `each` over a known list, one for other containers.
    #[must_use]
    pub fn blocks(&self) -> Vec<&[Step]> {
        match self {
            Self::Parallel(steps) => vec![steps],
            Self::Each(each) => match &each.rounds {
                Rounds::Known(rounds) => rounds.iter().map(|round| round.steps.as_slice()).collect(),
                Rounds::Open { steps, .. } => vec![steps],
            },
            Self::Repeat(repeat) => vec![&repeat.steps],
            Self::Call(call) => vec![&call.steps],
            _ => Vec::new(),
        }
    }

    /// What it may do to a machine, where it is a command or a restore.
    #[must_use]
    pub fn effect(&self) -> Option<crate::model::Effect> {
        match self {
            Self::Run(run) => Some(run.command.effect),
            Self::Restore(_) | Self::Fault(_) => Some(crate::model::Effect::Destructive),
            _ => None,
        }
    }
}
