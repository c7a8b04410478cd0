//! The actions that a step can have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Step;
use crate::model::record::{Classified, Serious};
use crate::model::{Command, Expression, Id, Name, ObjectRef, Span, Template, Text};
use crate::probe::Spec;

/// What a step does. Exactly one a step.
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

/// See [`Action::Manual`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manual {
    /// What to do.
    #[serde(rename = "do")]
    pub instruction: Text,
    /// What to tick off.
    pub checks: Vec<Text>,
    /// What to answer.
    pub ask: Vec<Ask>,
}

/// A value that a person states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Its name in expressions.
    pub id: Id,
    /// The question.
    pub title: Text,
    /// What kind of value.
    pub kind: ValueKind,
    /// What the answer says of the incident in notices; nothing where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells: Option<Tells>,
}

/// What an answer says of the incident: the part of a report that it belongs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tells {
    /// Why it happened.
    Cause,
    /// What it reached.
    Scope,
    /// What was done about it.
    Remedy,
}

impl Tells {
    /// Every word with its meaning. Notices call their blanks so.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("cause", Self::Cause), ("scope", Self::Scope), ("remedy", Self::Remedy)];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cause => "cause",
            Self::Scope => "scope",
            Self::Remedy => "remedy",
        }
    }
}

/// The kinds of values that people and inputs give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    /// An information system of the inventory.
    System,
    /// A path.
    Path,
    /// Any text.
    String,
    /// A whole number.
    Integer,
    /// A duration; whole seconds in expressions.
    Duration,
    /// True or false.
    Boolean,
    /// One of these words.
    Choice(Vec<String>),
}

/// Which system something acts on. Literal in the text, resolved at plan time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SystemRef {
    /// A system's id.
    Id(Name),
    /// `inputs.NAME`.
    Input(Id),
    /// `each.NAME`.
    Each(Id),
}

/// See [`Action::Run`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Run {
    /// An operation of the inventory.
    Operation {
        /// On which system.
        on: SystemRef,
        /// Which operation.
        operation: Id,
    },
    /// A literal command.
    Command(Command),
}

/// See [`Action::Wait`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    /// The look.
    pub probe: Spec,
    /// How often; 5 s where nothing is said.
    pub every: Span,
    /// How many good looks in a row; 1 where nothing is said.
    pub confirm: u32,
}

/// A backup of the inventory or a path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BackupRef {
    /// `SYSTEM/BACKUP`; the system may be given as `inputs.NAME` or `each.NAME`.
    Backup {
        /// Whose.
        system: SystemRef,
        /// Which of its backups.
        backup: Name,
    },
    /// Begins with `/`, `./` or `{{`.
    Path(Template),
}

/// See [`Action::Backup`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backup {
    /// Makes a seal of the newest copy.
    Seal(BackupRef),
    /// Compares the newest copy with its seal.
    Verify {
        /// Which.
        of: BackupRef,
        /// How many files to read at most, in percent; all where nothing is said.
        sample: Option<u8>,
    },
    /// Picks the newest copy that is whole.
    NewestGood(SystemRef),
    /// Restores to a scratch place and compares.
    Prove(BackupRef),
}

/// See [`Action::Restore`]. Always destructive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restore {
    /// The copy.
    pub from: Template,
    /// Where to.
    pub to: RestoreTo,
}

/// Where a restore goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RestoreTo {
    /// The place that the system's entry names.
    System(SystemRef),
    /// A folder.
    Path(Template),
}

/// See [`Action::Decide`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decide {
    /// The question.
    pub ask: Text,
    /// What can be chosen; two at least.
    pub options: Vec<Choice>,
    /// What is taken where nobody is there. An option's id.
    pub default: Option<Id>,
    /// What the choice says of the incident in notices; nothing where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells: Option<Tells>,
}

/// One option of a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id.
    pub id: Id,
    /// What people read.
    pub title: Text,
    /// The later sibling that follows; the next step where nothing is said.
    pub goto: Option<Id>,
    /// What choosing it says of the incident; nothing where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classifies: Option<Classifies>,
}

/// What a choice says of the incident: the duties of the law hang on it (`ungpho classify` says the same).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classifies {
    /// It is serious by the unit's own definition.
    Serious,
    /// It is not.
    NotSerious,
    /// That is not decided yet.
    Undecided,
    /// Personal data is breached.
    PersonalData,
    /// No breach of personal data was found.
    NoPersonalData,
}

impl Classifies {
    /// Every word with its meaning.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("serious", Self::Serious),
        ("not_serious", Self::NotSerious),
        ("undecided", Self::Undecided),
        ("personal_data", Self::PersonalData),
        ("no_personal_data", Self::NoPersonalData),
    ];

    /// The record that says so, for the reason with which the choice was made.
    #[must_use]
    pub fn record(self, because: Option<ObjectRef>) -> Classified {
        let serious = match self {
            Self::Serious => Some(Serious::Yes),
            Self::NotSerious => Some(Serious::No),
            Self::Undecided => Some(Serious::Undecided),
            Self::PersonalData | Self::NoPersonalData => None,
        };
        let personal_data = match self {
            Self::PersonalData => Some(true),
            Self::NoPersonalData => Some(false),
            _ => None,
        };
        Classified { serious, grave: None, personal_data, flags: BTreeMap::new(), definition: None, because }
    }
}

/// See [`Action::Each`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Each {
    /// The list.
    pub of: Items,
    /// The item's name: `each.NAME`.
    #[serde(rename = "as")]
    pub name: Id,
    /// What is done for each, one after the other.
    pub steps: Vec<Step>,
}

/// What an `each` runs over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Items {
    /// A literal list.
    List(Vec<Value>),
    /// A whole `{{ expression }}` that gives a list.
    Expression(Template),
}

/// See [`Action::Repeat`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// What is done in each round.
    pub steps: Vec<Step>,
    /// It ends after the round in which this is true.
    pub until: Expression,
    /// The most rounds; the step fails where `until` was never true.
    pub max: u32,
    /// The wait between rounds.
    pub every: Option<Span>,
}

/// See [`Action::Call`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The playbook.
    pub playbook: Name,
    /// Its inputs. `{{ inputs.x }}` and `{{ each.x }}` may be named; resolved at plan time, or per round inside `each`.
    pub with: BTreeMap<Id, Value>,
}

/// See [`Action::Notify`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notify {
    /// The notice's id.
    pub notice: Name,
}

/// See [`Action::Inject`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inject {
    /// To which role.
    pub to: Option<Id>,
    /// The situation.
    pub text: Text,
    /// What the organisers expect.
    pub expect: Option<Text>,
}

/// See [`Action::Fault`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// On which system.
    pub on: SystemRef,
    /// Which fault: `kill`, `encrypt` and so on.
    pub kind: Name,
    /// Its settings.
    pub with: BTreeMap<Id, Value>,
}
