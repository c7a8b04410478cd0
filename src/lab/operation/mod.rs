//! The operations of the lab's entries: what `ungpho lab-operate DIR SYSTEM OPERATION` does.

mod account;
mod data;
mod door;
mod ground;
mod site;

use std::path::Path;

use super::entry::{self, Serves};
use super::place::Place;
use super::protocol::{self, Reply, Request};
use super::ward::Ward;
use super::{LabError, certificate, links};
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
    RestoreConfiguration,
    RollBack,
    FreeSpace,
    Filter,
    Unfilter,
    AddCapacity,
    DropCapacity,
    Intruder,
    Revoke,
    Quarantine,
    Clean,
    FailOver,
    FailBack,
    Links,
    Relink,
    RenewCertificate,
    DeferChecks,
    CheckDeferred,
}

impl Operation {
    /// Every operation, in the order in which an entry lists them.
    pub(super) const ALL: [Self; 26] = [
        Self::Stop,
        Self::Start,
        Self::Isolate,
        Self::Reopen,
        Self::Snapshot,
        Self::Records,
        Self::Citizens,
        Self::Check,
        Self::RestoreConfiguration,
        Self::RollBack,
        Self::FreeSpace,
        Self::Filter,
        Self::Unfilter,
        Self::AddCapacity,
        Self::DropCapacity,
        Self::Intruder,
        Self::Revoke,
        Self::Quarantine,
        Self::Clean,
        Self::FailOver,
        Self::FailBack,
        Self::Links,
        Self::Relink,
        Self::RenewCertificate,
        Self::DeferChecks,
        Self::CheckDeferred,
    ];

    /// What it is called on the command line.
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
            Self::RestoreConfiguration => "restore_configuration",
            Self::RollBack => "roll_back",
            Self::FreeSpace => "free_space",
            Self::Filter => "filter",
            Self::Unfilter => "unfilter",
            Self::AddCapacity => "add_capacity",
            Self::DropCapacity => "drop_capacity",
            Self::Intruder => "intruder",
            Self::Revoke => "revoke",
            Self::Quarantine => "quarantine",
            Self::Clean => "clean",
            Self::FailOver => "fail_over",
            Self::FailBack => "fail_back",
            Self::Links => "links",
            Self::Relink => "relink",
            Self::RenewCertificate => "renew_certificate",
            Self::DeferChecks => "defer_checks",
            Self::CheckDeferred => "check_deferred",
        }
    }

    /// What it does to the system, for the consent.
    pub(super) fn effect(self) -> Effect {
        match self {
            Self::Stop | Self::Isolate | Self::Quarantine | Self::FreeSpace | Self::Clean | Self::FailBack => {
                Effect::Destructive
            }
            Self::Start
            | Self::Reopen
            | Self::RestoreConfiguration
            | Self::RollBack
            | Self::Filter
            | Self::Unfilter
            | Self::AddCapacity
            | Self::DropCapacity
            | Self::Revoke
            | Self::FailOver
            | Self::Relink
            | Self::RenewCertificate
            | Self::DeferChecks
            | Self::CheckDeferred => Effect::Change,
            Self::Snapshot | Self::Records | Self::Citizens | Self::Check | Self::Intruder | Self::Links => {
                Effect::Observe
            }
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

    fn called(word: &str) -> Result<Self, LabError> {
        let found = Self::ALL.into_iter().find(|known| known.word() == word);
        found.ok_or_else(|| LabError::UnknownOperation { operation: word.to_owned() })
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
/// - `check`: reads the data in `folder` for true; the system's own where no folder is named. Fails, too, where there are
///   fewer records than the service's own log says were taken in.
/// - `links`: `up=8 down=1 cut=population`: looks at every link; `relink` restores those that are cut.
/// - `renew_certificate`: `valid_days=90`: a new certificate in its place.
/// - `defer_checks`: `deferred=12`: dossiers are taken from now on without asking the national systems, and how many were so
///   far. `check_deferred`: `checked=12 failed=0 left=0`: asks for them now; where none is left they are asked for at once again.
/// - the others undo a fault, or say what it has done: `docs/lab.md` shows what each prints.
///
/// # Errors
///
/// No such system or operation, no keeper, or the data cannot be read.
pub fn operate(dir: &Path, system: &Name, operation: &str, folder: Option<&Path>) -> Result<String, LabError> {
    let place = Place::open(dir)?;
    let home = place.system(system)?;
    let entry = entry::of(system)?;
    let known = Operation::called(operation)?;
    if !known.fits(entry.serves) {
        return Err(LabError::UnknownOperation { operation: operation.to_owned() });
    }
    match known {
        Operation::Links => links::look(&place, &entry),
        Operation::Relink => {
            protocol::ask(&place, &Request::Operate { system: system.clone(), operation: operation.to_owned() })?;
            // A service that does not run has nobody who could look.
            Ok(links::look(&place, &entry).unwrap_or_else(|_| format!("{system}: {operation}")))
        }
        Operation::RenewCertificate => certificate::renew(&place, &home),
        Operation::DeferChecks => links::inside(&place, &entry, "/defer-checks"),
        Operation::CheckDeferred => links::inside(&place, &entry, "/check-deferred"),
        Operation::Snapshot => data::snapshot(&home),
        Operation::Records => data::records(&home, &entry),
        Operation::Check => data::check(&home, &entry, folder),
        Operation::Citizens => {
            let Reply::Status(status) = protocol::ask(&place, &Request::Status)? else {
                return Err(LabError::NotUp { folder: place.root });
            };
            let seen = status.systems.into_iter().find(|entry| entry.id == *system).map(|entry| entry.citizens_since);
            let seen = seen.unwrap_or_default();
            Ok(format!("served={} refused={} wrong={} missing={}", seen.served, seen.refused, seen.wrong, seen.missing))
        }
        _ => {
            let request = Request::Operate { system: system.clone(), operation: operation.to_owned() };
            match protocol::ask(&place, &request)? {
                Reply::Done(line) if !line.is_empty() => Ok(line),
                _ => Ok(format!("{system}: {operation}")),
            }
        }
    }
}

/// Carries out what only the keeper can do; gives the line that is printed, empty where there is nothing to say.
pub(super) fn carry_out(ward: &Ward, operation: &str) -> Result<String, LabError> {
    let nothing = |done: Result<(), LabError>| done.map(|()| String::new());
    match Operation::called(operation)? {
        Operation::Start => nothing(ward.start()),
        Operation::Stop => {
            ward.stop();
            Ok(String::new())
        }
        Operation::Isolate => nothing(ward.isolate(true)),
        Operation::Reopen => nothing(ward.isolate(false)),
        Operation::RestoreConfiguration => ground::restore_configuration(ward),
        Operation::RollBack => ground::roll_back(ward),
        Operation::FreeSpace => ground::free_space(ward),
        Operation::Clean => ground::clean(ward),
        Operation::Filter => door::filter(ward, true),
        Operation::Unfilter => door::filter(ward, false),
        Operation::AddCapacity => door::capacity(ward, true),
        Operation::DropCapacity => door::capacity(ward, false),
        Operation::Intruder => account::intruder(ward),
        Operation::Revoke => account::revoke(ward),
        Operation::Quarantine => account::quarantine(ward),
        Operation::FailOver => site::fail_over(ward),
        Operation::FailBack => site::fail_back(ward),
        Operation::Relink => nothing(ward.relink()),
        Operation::Snapshot
        | Operation::Records
        | Operation::Citizens
        | Operation::Check
        | Operation::Links
        | Operation::RenewCertificate
        | Operation::DeferChecks
        | Operation::CheckDeferred => Err(LabError::UnknownOperation { operation: operation.to_owned() }),
    }
}
