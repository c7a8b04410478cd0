//! The practice systems: what is shipped about each, and the lab's own entry in the inventory.

use std::collections::BTreeMap;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;

use super::LabError;
use super::operation::Operation;
use super::place::{Place, Ports};
use crate::inventory::{BackupPlan, Environment, RestorePlan, System, Targets};
use crate::model::{Command, Id, Name, Program, Span, Template, Text};

const SHIPPED: &str = include_str!("../../playbooks/lab/systems.yaml");

/// What is shipped about one practice system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Its id, that of the real system it stands for.
    pub(super) id: Name,
    name: Text,
    /// Which of the small services it is.
    pub(super) serves: Serves,
    /// What its records' codes begin with.
    pub(super) code: String,
    /// How many records it has when it is made.
    pub(super) records: u32,
    /// How many came with each night.
    pub(super) each_night: u32,
    /// How many nightly copies there are.
    pub(super) nights: u32,
    /// How many of the newest records have a file beside the database.
    pub(super) documents: u32,
    rto: Span,
    rpo: Span,
    /// The stream of requests.
    pub(super) citizens: Pace,
    #[serde(default)]
    depends_on: Vec<Name>,
}

/// What a practice system serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Serves {
    /// Dossiers of administrative procedures: submit, look up, list.
    Dossiers,
    /// Pages of a portal, with a search.
    Pages,
}

/// How citizens ask.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pace {
    /// Requests a minute.
    pub(super) a_minute: u32,
    /// Each how-manieth request submits something new; none where 0.
    pub(super) submit_every: u32,
}

/// Every shipped practice system.
pub(super) fn shipped() -> Result<Vec<Entry>, LabError> {
    serde_yaml::from_str(SHIPPED).map_err(|source| LabError::Entries { source })
}

impl Entry {
    /// The code of the record `number`: `TT-2026-000123`.
    pub(super) fn code_of(&self, number: u32) -> String {
        format!("{}-{number:06}", self.code)
    }

    /// How many records there were at night `night`, from 0 the oldest.
    pub(super) fn at_night(&self, night: u32) -> u32 {
        let today = self.each_night.div_ceil(2);
        self.records.saturating_sub(today + self.each_night * self.nights.saturating_sub(night + 1))
    }

    /// Whether it needs `other`.
    pub(super) fn depends_on(&self, other: &Name) -> bool {
        self.depends_on.contains(other)
    }

    /// The lab's own entry in the inventory.
    pub(super) fn system(&self, place: &Place, ports: Ports, program: &Path) -> Option<System> {
        let home = place.root.join(self.id.as_str());
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let literal = |operation: Operation| Command {
            program: Program::Argv(
                [&path(program), "lab-operate", &path(&place.root), self.id.as_str(), operation.word()]
                    .into_iter()
                    .map(|word| Template(word.to_owned()))
                    .collect(),
            ),
            effect: operation.effect(),
            host: None,
            env: BTreeMap::new(),
            stdin: None,
            cwd: None,
        };
        let mut operations: IndexMap<Id, Command> = IndexMap::new();
        for operation in Operation::ALL {
            operations.insert(operation.id().parse().ok()?, literal(operation));
        }
        let public = |route: &str| format!("http://127.0.0.1:{}{route}", ports.public);
        let inner = |route: &str| format!("http://127.0.0.1:{}{route}", ports.inner);
        let mut endpoints: BTreeMap<Id, String> = BTreeMap::new();
        for (id, url) in [("health", inner("/health")), ("data", inner("/data")), ("home", public("/"))] {
            endpoints.insert(id.parse().ok()?, url);
        }
        let more = match self.serves {
            Serves::Dossiers => {
                [("list", public("/ho-so")), ("lookup", public(&format!("/ho-so/{}", self.code_of(1))))]
            }
            Serves::Pages => {
                [("search", public("/tim-kiem?q=lich")), ("page", public(&format!("/tin/{}", self.code_of(1))))]
            }
        };
        for (id, url) in more {
            endpoints.insert(id.parse().ok()?, url);
        }
        Some(System {
            environment: Environment::Lab,
            depends_on: self.depends_on.clone(),
            endpoints,
            operations,
            objectives: Targets { rto: Some(self.rto), rpo: Some(self.rpo) },
            backups: vec![BackupPlan {
                id: "nightly".parse().ok()?,
                host: None,
                kind: "files".to_owned(),
                path: path(&home.join("backups")),
                copies: format!("{}-*", self.id),
                medium: Some("disk".to_owned()),
                offsite: false,
                schedule: Some("daily".to_owned()),
                rows: BTreeMap::new(),
                secret: None,
            }],
            restore: Some(RestorePlan { to: path(&home.join("data")), check: Some(literal(Operation::Check)) }),
            ..System::new(self.id.clone(), self.name.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_system_can_be_read_and_grows_every_night() {
        let entries = shipped().unwrap();
        assert!(entries.len() >= 2);
        for entry in entries {
            let counts: Vec<u32> = (0..entry.nights).map(|night| entry.at_night(night)).collect();
            assert!(counts.is_sorted_by(|a, b| a < b), "{}: {counts:?}", entry.id);
            assert!(counts.last().is_some_and(|last| *last < entry.records));
            assert!(counts.first().is_some_and(|first| *first > 0));
        }
    }
}
