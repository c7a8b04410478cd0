//! The operations of the lab's entries: what `ungpho lab-operate DIR SYSTEM OPERATION` does.

use std::fs;
use std::path::{Path, PathBuf};

use super::data;
use super::entry::{self, Serves};
use super::place::Place;
use super::protocol::{self, Reply, Request};
use super::ward::Before;
use super::{LabError, certificate, links, moment};
use crate::model::{Effect, Name};

/// What can be done to a system of the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Stop,
    Start,
    Isolate,
    Reopen,
    Snapshot,
    Records,
    Citizens,
    Check,
    Links,
    Relink,
    RenewCertificate,
    DeferChecks,
    CheckDeferred,
}

impl Operation {
    /// Every operation, in the order in which an entry lists them.
    pub(super) const ALL: [Self; 13] = [
        Self::Stop,
        Self::Start,
        Self::Isolate,
        Self::Reopen,
        Self::Snapshot,
        Self::Records,
        Self::Citizens,
        Self::Check,
        Self::Links,
        Self::Relink,
        Self::RenewCertificate,
        Self::DeferChecks,
        Self::CheckDeferred,
    ];

    /// Its id in the inventory, where expressions name it: `renew_certificate`.
    pub(super) fn id(self) -> String {
        self.word().replace('-', "_")
    }

    /// Its word on the command line.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Isolate => "isolate",
            Self::Reopen => "reopen",
            Self::Snapshot => "snapshot",
            Self::Records => "records",
            Self::Citizens => "citizens",
            Self::Check => "check",
            Self::Links => "links",
            Self::Relink => "relink",
            Self::RenewCertificate => "renew-certificate",
            Self::DeferChecks => "defer-checks",
            Self::CheckDeferred => "check-deferred",
        }
    }

    /// What it does to the system.
    pub(super) fn effect(self) -> Effect {
        match self {
            Self::Stop | Self::Isolate => Effect::Destructive,
            Self::Start
            | Self::Reopen
            | Self::Relink
            | Self::RenewCertificate
            | Self::DeferChecks
            | Self::CheckDeferred => Effect::Change,
            Self::Snapshot | Self::Records | Self::Citizens | Self::Check | Self::Links => Effect::Observe,
        }
    }

    /// Whether a system that serves `serves` has it.
    pub(super) fn fits(self, serves: Serves) -> bool {
        match self {
            Self::Stop | Self::Start => true,
            Self::RenewCertificate => serves == Serves::Pages,
            Self::DeferChecks | Self::CheckDeferred => serves == Serves::Dossiers,
            _ => serves != Serves::Standin,
        }
    }
}

/// Does `operation` to `system` of the lab in `dir`; gives a line for standard output.
///
/// - `stop`, `start`: the service.
/// - `isolate`, `reopen`: the citizens' door; the operators' door stays open.
/// - `snapshot`: copies the data as they are to `traces/`.
/// - `records`: `records=4211 newest=TT-2026-004211 before=4262 lost=51 gap_seconds=93600`: how many there are, how many
///   there were just before the last fault, how many of those are gone, and from the newest of what is left to the fault.
/// - `citizens`: `served=120 refused=34 wrong=0 missing=2`: what citizens have seen since the last fault.
/// - `links`: `up=8 down=1 cut=population`: looks at every link; `relink` restores those that are cut.
/// - `renew-certificate`: `valid_days=90`: a new certificate in its place.
/// - `defer-checks`: `deferred=12`: dossiers are taken from now on without asking the national systems, and how many were so
///   far. `check-deferred`: `checked=12 failed=0 left=0`: asks for them now; where none is left they are asked for at once again.
/// - `check`: reads the data in `folder` for true; the system's own where no folder is named.
///
/// # Errors
///
/// No such system or operation, no keeper, or the data cannot be read.
pub fn operate(dir: &Path, system: &Name, operation: &str, folder: Option<&Path>) -> Result<String, LabError> {
    let place = Place::open(dir)?;
    let home = place.system(system)?;
    let entry = entry::of(system)?;
    let known = Operation::ALL.into_iter().find(|known| known.word() == operation && known.fits(entry.serves));
    let Some(known) = known else { return Err(LabError::UnknownOperation { operation: operation.to_owned() }) };
    match known {
        Operation::Stop | Operation::Start | Operation::Isolate | Operation::Reopen => {
            let request = Request::Operate { system: system.clone(), operation: operation.to_owned() };
            protocol::ask(&place, &request)?;
            Ok(format!("{system}: {operation}"))
        }
        Operation::Links => links::look(&place, &entry),
        Operation::Relink => {
            protocol::ask(&place, &Request::Operate { system: system.clone(), operation: operation.to_owned() })?;
            // A service that does not run has nobody who could look.
            Ok(links::look(&place, &entry).unwrap_or_else(|_| format!("{system}: {operation}")))
        }
        Operation::RenewCertificate => certificate::renew(&place, &home),
        Operation::DeferChecks => links::inside(&place, &entry, "/defer-checks"),
        Operation::CheckDeferred => links::inside(&place, &entry, "/check-deferred"),
        Operation::Snapshot => {
            let to = free(&home.traces())?;
            let (files, bytes) = data::copy_tree(&home.data(), &to, |_| true)?;
            Ok(format!("files={files} bytes={bytes} folder={}", to.display()))
        }
        Operation::Records => {
            let data = home.data();
            let connection = data::open(&data, &entry, false)?;
            let said = LabError::database(&data);
            let held = data::held(&connection).map_err(&said)?;
            let before = fs::read(home.before()).ok().and_then(|bytes| serde_json::from_slice::<Before>(&bytes).ok());
            let (before, lost, gap) = match before {
                Some(before) => {
                    let left = data::held_at(&connection, before.at).map_err(&said)?;
                    let newest = data::newest_at(&connection, before.at).map_err(&said)?;
                    let lost = before.held.records.saturating_sub(left);
                    let gap = if lost == 0 { 0 } else { (before.at - newest).max(0) / moment::SECOND };
                    (before.held.records, lost, gap)
                }
                None => (held.records, 0, 0),
            };
            Ok(format!("records={} newest={} before={before} lost={lost} gap_seconds={gap}", held.records, held.newest))
        }
        Operation::Citizens => {
            let Reply::Status(status) = protocol::ask(&place, &Request::Status)? else {
                return Err(LabError::NotUp { folder: place.root });
            };
            let seen = status.systems.into_iter().find(|entry| entry.id == *system).map(|entry| entry.citizens_since);
            let seen = seen.unwrap_or_default();
            Ok(format!("served={} refused={} wrong={} missing={}", seen.served, seen.refused, seen.wrong, seen.missing))
        }
        Operation::Check => {
            let data = folder.map_or_else(|| home.data(), Path::to_owned);
            let held = data::check(&data, &entry)?;
            Ok(format!("integrity=ok records={} newest={}", held.records, held.newest))
        }
    }
}

/// A new folder under `traces`, numbered.
fn free(traces: &Path) -> Result<PathBuf, LabError> {
    fs::create_dir_all(traces).map_err(LabError::file(traces))?;
    for number in 1..10_000 {
        let folder = traces.join(format!("{number:03}"));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(LabError::file(&folder)(error)),
        }
    }
    Err(LabError::file(traces)(std::io::ErrorKind::StorageFull.into()))
}
