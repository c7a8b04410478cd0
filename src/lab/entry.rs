//! The practice systems: what is shipped about each, and the lab's own entry in the inventory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;

use super::LabError;
use super::operation::Operation;
use super::place::{Place, Ports};
use crate::inventory::{BackupPlan, Environment, RestorePlan, System, Targets};
use crate::model::{Command, Id, Name, Program, Span, Template, Text};

const SHIPPED: [&str; 2] =
    [include_str!("../../playbooks/lab/systems.yaml"), include_str!("../../playbooks/lab/stand-ins.yaml")];

/// What is shipped about one practice system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Its id, that of the real system it stands for.
    pub(super) id: Name,
    name: Text,
    /// Which of the small services it is.
    pub(super) serves: Serves,
    /// The systems that it asks while it serves.
    #[serde(default)]
    pub(super) links: Vec<Link>,
    /// What its records' codes begin with.
    pub(super) code: String,
    /// How many records it has when it is made.
    pub(super) records: u32,
    /// How many came with each night.
    #[serde(default)]
    pub(super) each_night: u32,
    /// How many nightly copies there are; none of a system that is the nation's.
    #[serde(default)]
    pub(super) nights: u32,
    /// How many of the newest records have a file beside the database.
    #[serde(default)]
    pub(super) documents: u32,
    /// The network that it shares with others, over which malware goes from one to the next.
    pub(super) network: Option<Name>,
    rto: Option<Span>,
    rpo: Option<Span>,
    /// The stream of requests; nobody asks where it is left out.
    pub(super) citizens: Option<Pace>,
}

/// A system that another one asks while it serves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    /// Which.
    pub(super) to: Name,
    /// Through which other system; itself where nothing is said.
    pub(super) by: Option<Name>,
}

/// What a practice system serves: one of the small services, which are a file each in `service/` and in `data/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Serves {
    /// Mail between officials: send, deliver, read.
    Mail,
    /// Requests that are forwarded to other systems, each of them kept in a log.
    Exchange,
    /// Documents that are numbered without a gap.
    Documents,
    /// Dossiers of administrative procedures: submit, look up, list.
    Dossiers,
    /// Pages of a portal, with a search; under a certificate too.
    Pages,
    /// Figures that agencies send by period, and their sums.
    Figures,
    /// Meetings whose sessions are held open.
    Conference,
    /// A national system that answers a record by its number.
    Standin,
}

impl Serves {
    /// The endpoint id of the third door, where there is one.
    pub(super) fn third_door(self) -> Option<&'static str> {
        match self {
            Self::Pages => Some("tls"),
            Self::Conference => Some("sessions"),
            _ => None,
        }
    }
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
    let mut all = Vec::new();
    for text in SHIPPED {
        all.extend(serde_yaml::from_str::<Vec<Entry>>(text).map_err(|source| LabError::Entries { source })?);
    }
    Ok(all)
}

/// The shipped entry of `system`.
pub(super) fn of(system: &Name) -> Result<Entry, LabError> {
    let found = shipped()?.into_iter().find(|entry| entry.id == *system);
    found.ok_or_else(|| LabError::UnknownSystem { system: system.to_string() })
}

/// `wanted` and every system that they ask, directly or not; those that nobody knows are left out.
pub(super) fn with_links(entries: &[Entry], wanted: &[Name]) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&Name> = wanted.iter().collect();
    while let Some(name) = next.pop() {
        let Some(entry) = entries.iter().find(|entry| entry.id == *name) else { continue };
        if found.insert(entry.id.clone()) {
            next.extend(entry.links.iter().map(|link| &link.to));
        }
    }
    found
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

    /// What a drill on it is measured against.
    pub(super) fn targets(&self) -> Targets {
        Targets { rto: self.rto, rpo: self.rpo }
    }

    /// Whether it needs `other`.
    pub(super) fn depends_on(&self, other: &Name) -> bool {
        self.links.iter().any(|link| link.to == *other)
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
        for operation in Operation::ALL.into_iter().filter(|operation| operation.fits(self.serves)) {
            operations.insert(operation.word().parse().ok()?, literal(operation));
        }
        let public = |route: &str| format!("http://127.0.0.1:{}{route}", ports.public);
        let inner = |route: &str| format!("http://127.0.0.1:{}{route}", ports.inner);
        let mut endpoints: BTreeMap<Id, String> = BTreeMap::new();
        for (id, url) in [("health", inner("/health")), ("data", inner("/data")), ("home", public("/"))] {
            endpoints.insert(id.parse().ok()?, url);
        }
        let first = self.code_of(1);
        let more: &[(&str, String)] = &match self.serves {
            Serves::Mail => vec![("list", "/thu".to_owned()), ("lookup", format!("/thu/{first}"))],
            Serves::Exchange => vec![("list", "/giao-dich".to_owned())],
            Serves::Documents => vec![("list", "/van-ban".to_owned()), ("lookup", format!("/van-ban/{first}"))],
            Serves::Dossiers => vec![
                ("list", "/ho-so".to_owned()),
                ("lookup", format!("/ho-so/{first}")),
                ("submit_check", "/nop-thu".to_owned()),
            ],
            Serves::Pages => {
                vec![("search", "/tim-kiem?q=lich".to_owned()), ("page", format!("/tin/{first}"))]
            }
            Serves::Figures => vec![("list", "/so-lieu".to_owned()), ("lookup", format!("/so-lieu/{first}"))],
            Serves::Conference => vec![("list", "/phong".to_owned()), ("lookup", format!("/phong/{first}"))],
            Serves::Standin => vec![("lookup", "/ban-ghi/1".to_owned())],
        };
        for (id, route) in more {
            endpoints.insert(id.parse().ok()?, public(route));
        }
        if let (Some(id), Some(port)) = (self.serves.third_door(), ports.third) {
            endpoints.insert(id.parse().ok()?, format!("127.0.0.1:{port}"));
        }
        let backups = BackupPlan {
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
        };
        let kept = self.nights > 0;
        Some(System {
            environment: Environment::Lab,
            depends_on: self.links.iter().map(|link| link.to.clone()).collect(),
            endpoints,
            operations,
            objectives: Targets { rto: self.rto, rpo: self.rpo },
            backups: if kept { vec![backups] } else { Vec::new() },
            restore: kept.then(|| RestorePlan { to: path(&home.join("data")), check: Some(literal(Operation::Check)) }),
            ..System::new(self.id.clone(), self.name.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_system_has_an_entry_in_the_inventory_with_its_operations() {
        let place = Place { root: "/lab".into(), nonce: String::new() };
        for entry in shipped().unwrap() {
            let third = entry.serves.third_door().map(|_| 3);
            let system = entry.system(&place, Ports { public: 1, inner: 2, third }, Path::new("ungpho"));
            let system = system.unwrap_or_else(|| panic!("{} is left out", entry.id));
            let fitting = Operation::ALL.into_iter().filter(|operation| operation.fits(entry.serves)).count();
            assert_eq!(system.operations.len(), fitting);
        }
    }

    #[test]
    fn every_shipped_system_can_be_read_and_grows_every_night() {
        let entries = shipped().unwrap();
        assert_eq!(entries.len(), 16);
        for entry in &entries {
            for link in &entry.links {
                assert!(entries.iter().any(|other| other.id == link.to), "{} asks {}", entry.id, link.to);
            }
            if entry.nights == 0 {
                continue;
            }
            let counts: Vec<u32> = (0..entry.nights).map(|night| entry.at_night(night)).collect();
            assert!(counts.is_sorted_by(|a, b| a < b), "{}: {counts:?}", entry.id);
            assert!(counts.last().is_some_and(|last| *last < entry.records));
            assert!(counts.first().is_some_and(|first| *first > 0));
        }
    }
}
