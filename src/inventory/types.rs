//! One information system.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::dossier::{Assessment, Change, Control, Dossier, Risk, State};
use super::facts::{Component, Facts};
use crate::model::{Command, Id, Name, Span, Text};

/// An information system of the unit's inventory, or of the lab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct System {
    /// Its id, which is also its file's name.
    pub id: Name,
    /// What people call it.
    pub name: Text,
    /// Whether drills may change it.
    pub environment: Environment,
    /// Systems that it needs.
    pub depends_on: Vec<Name>,
    /// Addresses by name, for probes.
    pub endpoints: BTreeMap<Id, String>,
    /// Machines, reached through the operator's own ssh.
    pub hosts: Vec<Host>,
    /// What can be done to it.
    pub operations: IndexMap<Id, Command>,
    /// What its owner wants reached.
    pub objectives: Targets,
    /// Its backups.
    pub backups: Vec<BackupPlan>,
    /// Where a restore goes and how it is checked.
    pub restore: Option<RestorePlan>,
    /// Who has authority over it (chủ quản).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// Who operates it (đơn vị vận hành).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<Text>,
    /// The unit that is specialised in its security (đơn vị chuyên trách).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_unit: Option<Text>,
    /// Whether it is being built or in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Since when it is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_since: Option<Date>,
    /// What the criteria for levels ask.
    #[serde(default)]
    pub facts: Facts,
    /// Paths of what no person has confirmed yet, such as `facts.users`; documents print it as assumed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
    /// Parts with facts of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// The dossier of its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dossier: Option<Dossier>,
    /// Assessments of its security.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<Assessment>,
    /// The newest assessment of risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
    /// Changes that ask for the level to be determined again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Controls that secure it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<Control>,
    /// Figures of it that some document states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
}

/// A figure that a document states, with where it stands. No criterion for a level reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Its id within the system.
    pub id: Name,
    /// The number.
    pub value: u64,
    /// Whether the document says "about".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about: bool,
    /// What is counted.
    pub unit: Text,
    /// The document.
    pub source: Text,
}

impl System {
    /// Whether it is in use: neither being built nor there for drills only. What the file does not say is taken to be in use.
    #[must_use]
    pub fn in_use(&self) -> bool {
        self.state != Some(State::Building) && self.environment == Environment::Production
    }
}

/// Whether drills may change a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Real: no drill but a live one touches it.
    #[default]
    Production,
    /// Declared for technical drills.
    DrillTarget,
    /// The lab's own entry. Never read from a file.
    Lab,
}

impl Environment {
    /// The words that a file may have, with their meanings.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("production", Self::Production), ("drill_target", Self::DrillTarget)];
}

/// A machine of a system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its id within the system.
    pub id: Name,
    /// The name that the operator's ssh knows it by.
    pub ssh: String,
}

/// What the owner of a system wants reached. No law gives a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// Recovery time objective.
    pub rto: Option<Span>,
    /// Recovery point objective.
    pub rpo: Option<Span>,
}

/// A backup that is made regularly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPlan {
    /// Its id within the system.
    pub id: Name,
    /// Where the copies are; the loop's machine where nothing is said.
    pub host: Option<Name>,
    /// The kind of copies, one of [`BackupPlan::KINDS`]; `files` for folders.
    pub kind: String,
    /// The folder that holds the copies.
    pub path: String,
    /// A pattern (`*` and `?`) of the copies' names.
    pub copies: String,
    /// What they are stored on.
    pub medium: Option<String>,
    /// Whether they are at another site.
    pub offsite: bool,
    /// How often it is made.
    pub schedule: Option<String>,
    /// How many rows each of these tables has to have at least when it is restored.
    #[serde(default)]
    pub rows: BTreeMap<String, u64>,
    /// Where the password of a repository is.
    #[serde(default)]
    pub secret: Option<SecretPlace>,
}

impl BackupPlan {
    /// Every kind of copy. `other` is what this program cannot restore.
    pub const KINDS: &'static [(&'static str, &'static str)] = &[
        ("files", "files"),
        ("tar", "tar"),
        ("tar.gz", "tar.gz"),
        ("tar.zst", "tar.zst"),
        ("zip", "zip"),
        ("restic", "restic"),
        ("borg", "borg"),
        ("postgres", "postgres"),
        ("sqlite", "sqlite"),
        ("other", "other"),
    ];
}

/// Where a password is: never in a file of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretPlace {
    /// In this variable of the environment.
    Env(String),
    /// The first line of this file, which only its owner may read.
    File(String),
}

/// Where a restore goes and how it is checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestorePlan {
    /// The folder.
    pub to: String,
    /// A command that says whether what was restored is well.
    pub check: Option<Command>,
}

impl System {
    /// A system of which nothing is known but what it is called.
    #[must_use]
    pub fn new(id: Name, name: Text) -> Self {
        Self {
            id,
            name,
            environment: Environment::Production,
            depends_on: Vec::new(),
            endpoints: BTreeMap::new(),
            hosts: Vec::new(),
            operations: IndexMap::new(),
            objectives: Targets::default(),
            backups: Vec::new(),
            restore: None,
            owner: None,
            operator: None,
            security_unit: None,
            state: None,
            operating_since: None,
            facts: Facts::default(),
            assumed: Vec::new(),
            components: Vec::new(),
            dossier: None,
            assessments: Vec::new(),
            risk: None,
            changes: Vec::new(),
            controls: Vec::new(),
            figures: Vec::new(),
        }
    }

    /// Whether no person has confirmed what stands at `path`, such as `facts.users`: it is listed under `assumed`, or what it
    /// is part of.
    #[must_use]
    pub fn assumes(&self, path: &str) -> bool {
        self.assumed.iter().any(|assumed| {
            path.strip_prefix(assumed.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// What expressions see as `inputs.system`: id, endpoints, objectives in seconds, restore.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::json!({
            "id": self.id,
            "endpoints": self.endpoints,
            "objectives": {
                "rto": self.objectives.rto.map(Span::seconds),
                "rpo": self.objectives.rpo.map(Span::seconds),
            },
            "restore": self.restore.as_ref().map(|restore| serde_json::json!({ "to": restore.to })),
        })
    }
}
