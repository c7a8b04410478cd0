//! A playbook that was read without a finding.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Expression, Id, Mark, Name, Span, Template, Text};
use crate::probe::Spec;
use crate::step::{Step, ValueKind};

/// A scenario: who does what when a system fails or is attacked.
///
/// Holds by construction: every name in it that can be known without the inventory is known, every expression has the type
/// that its place asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Playbook {
    /// Its name, which is also its file's.
    pub name: Name,
    /// Its version, from 1.
    pub version: u32,
    /// What people call it.
    pub title: Text,
    /// The family it belongs to.
    pub family: Family,
    /// The kind of scenario, a word of the author's.
    pub kind: Name,
    /// What a duty officer sees.
    pub signs: Vec<Text>,
    /// MITRE ATT&CK techniques.
    pub attack: Vec<String>,
    /// Rows of a plan that it serves: `kh02-2025/8`.
    pub tasks: Vec<String>,
    /// Levels of systems that it is for.
    pub levels: Vec<u8>,
    /// How citizens are served meanwhile (Circular 20/2017/TT-BTTTT, Article 12.2).
    pub keep_running: Text,
    /// What it has to be given.
    pub inputs: IndexMap<Id, Input>,
    /// Who takes part.
    pub roles: IndexMap<Id, Role>,
    /// What is measured.
    pub objectives: Vec<Objective>,
    /// What is looked at all the time.
    pub watches: Vec<Watch>,
    /// What time is measured.
    pub clocks: IndexMap<Id, ClockRule>,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// The families of scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Family {
    /// Attack.
    A,
    /// Technical fault.
    B,
    /// Operation.
    C,
    /// Disaster.
    D,
    /// Periodic tests.
    #[serde(rename = "standing")]
    Standing,
}

/// A value that a run is given, frozen at plan time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What kind of value.
    pub kind: ValueKind,
    /// What people call it.
    pub title: Option<Text>,
    /// What it is where nothing is given. Durations are whole seconds.
    pub default: Option<Value>,
}

/// A part that a person takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// What people call it.
    pub title: Text,
}

/// Something to reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Objective {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub title: Text,
    /// True where it is reached; without one only people can say.
    pub measure: Option<Expression>,
}

/// A probe that looks all through the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Its id.
    pub id: Id,
    /// What people call what is looked at; the kind of look stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// The look.
    pub probe: Spec,
    /// How often; 5 s where nothing is said.
    pub every: Span,
    /// How many looks in a row a change needs; 3 where nothing is said.
    pub confirm: u32,
}

/// Time from one moment to another, against a limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClockRule {
    /// What people call it; the id stands in.
    pub title: Option<Text>,
    /// When it begins.
    pub from: ClockEdge,
    /// When it ends.
    pub to: ClockEdge,
    /// Seconds or a duration; an unknown one leaves the clock without limit.
    pub limit: Option<Template>,
}

/// A moment that a clock begins or ends with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockEdge {
    /// The first failed sample of a watch (as `from`); the first of enough good ones (as `to`).
    Outage,
    /// A mark.
    Mark(Mark),
    /// A step begins (its first attempt).
    Begin(Id),
    /// A step ends (its last attempt).
    End(Id),
}
