//! This machine: copies, room, key, clock, and what runs already.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Ground, Look, Ran, ran};
use crate::backup::{self, Noticed};
use crate::engine::plan::{Action, Place, Step};
use crate::inventory::System;
use crate::ledger::{KeyPlace, Ledger};
use crate::message::{format, message};
use crate::model::Lang;

/// Room that the ledger has to have, in bytes: what `disk-full` asks to be freed.
const LEDGER_ROOM: u64 = 200 * 1024 * 1024;
/// The most by which the clock may be off, in seconds. No regulation gives a figure: the record's times are read to the second.
const MOST_OFFSET: f64 = 1.0;

fn newest(system: &System) -> Option<Noticed> {
    let places: Vec<backup::Place> = system
        .backups
        .iter()
        .filter(|plan| plan.host.is_none() && plan.kind != "other")
        .map(|plan| backup::Place {
            backup: plan.id.clone(),
            folder: PathBuf::from(&plan.path),
            copies: plan.copies.clone(),
            kind: backup::Kind::of_word(&plan.kind).unwrap_or(backup::Kind::Files),
        })
        .collect();
    backup::notice_newest(&places)
}

/// The newest copy of each system is sealed, and not older than its owner allows.
pub(super) fn backups(ground: &Ground<'_>, looks: &mut Vec<Look>) {
    let lang = ground.context.lang;
    let now = ground.context.clock.now().at;
    for system in ground.plan.systems.values().filter(|system| !system.backups.is_empty()) {
        let what = message!("ready-backup", system = system.id.as_str());
        let elsewhere = system.backups.iter().all(|plan| plan.host.is_some());
        if elsewhere {
            let seen = message!("ready-backup-elsewhere");
            looks.push(Look::unknown("backup", what, seen, message!("ready-backup-by-hand")));
            continue;
        }
        let Some(copy) = newest(system) else {
            looks.push(Look::no("backup", what, message!("ready-backup-none"), message!("ready-backup-remedy")));
            continue;
        };
        let path = copy.path.display().to_string();
        let Some(sealed_at) = copy.sealed_at else {
            let seen = message!("ready-backup-unsealed", path = path.as_str());
            looks.push(Look::no("backup", what, seen, message!("ready-backup-seal", path = path.as_str())));
            continue;
        };
        let micros = now.microseconds_since(&sealed_at);
        let age = Duration::from_micros(u64::try_from(micros).unwrap_or(0));
        let shown = format::duration(age, lang);
        looks.push(match system.objectives.rpo {
            Some(rpo) if age > rpo.duration() => {
                let rpo = format::duration(rpo.duration(), lang);
                let seen = message!("ready-backup-old", path = path, age = shown, rpo = rpo);
                Look::no("backup", what, seen, message!("ready-backup-remedy"))
            }
            Some(rpo) => {
                let rpo = format::duration(rpo.duration(), lang);
                Look::yes("backup", what, message!("ready-backup-fresh", path = path, age = shown, rpo = rpo))
            }
            None => {
                let seen = message!("ready-backup-age", path = path, age = shown);
                Look::unknown("backup", what, seen, message!("ready-backup-rpo", system = system.id.as_str()))
            }
        });
    }
}

/// Systems that a step of the plan restores to.
fn restored<'a>(steps: &'a [Step], found: &mut Vec<&'a crate::model::Name>) {
    for step in steps {
        if let Action::Restore(restore) = &step.action
            && let Place::System(name) = &restore.to
            && !found.contains(&name)
        {
            found.push(name);
        }
        for block in step.action.blocks() {
            restored(block, found);
        }
    }
}

/// Room for what is restored beside what is there, and for the ledger.
pub(super) fn disk(ground: &Ground<'_>, looks: &mut Vec<Look>) {
    let mut systems = Vec::new();
    restored(&ground.plan.steps, &mut systems);
    for name in systems {
        let Some(system) = ground.plan.systems.get(name) else { continue };
        let Some(place) = &system.restore else { continue };
        let what = message!("ready-room-restore", system = name.as_str());
        let wanted = newest(system).and_then(|copy| copy.bytes);
        looks.push(room(what, Path::new(&place.to), wanted, ground.context.lang));
    }
    looks.push(room(message!("ready-room-ledger"), &ground.workspace.ledger(), Some(LEDGER_ROOM), ground.context.lang));
}

fn room(what: crate::message::Message, path: &Path, wanted: Option<u64>, lang: Lang) -> Look {
    // What is not there yet is made in the nearest folder that is.
    let there = path.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("/"));
    let shown = there.display().to_string();
    let Ok(stat) = rustix::fs::statvfs(there) else {
        let seen = message!("ready-room-unseen", path = shown);
        return Look::unknown("disk", what, seen, message!("ready-room-remedy"));
    };
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    let bytes = |count: u64| format::bytes(count, lang);
    match wanted {
        Some(wanted) if free < wanted => {
            let seen = message!("ready-room-short", path = shown, free = bytes(free), wanted = bytes(wanted));
            Look::no("disk", what, seen, message!("ready-room-remedy"))
        }
        Some(wanted) => {
            let seen = message!("ready-room-enough", path = shown, free = bytes(free), wanted = bytes(wanted));
            Look::yes("disk", what, seen)
        }
        None => {
            let seen = message!("ready-room-free", path = shown, free = bytes(free));
            Look::unknown("disk", what, seen, message!("ready-room-seal"))
        }
    }
}

/// The private key that signs the ledger is here, and only its owner can read it.
pub(super) fn key(ground: &Ground<'_>, looks: &mut Vec<Look>) {
    let what = message!("ready-key");
    let place = KeyPlace::folder(&ground.context.keys);
    let name = Ledger::read_only(&ground.workspace.ledger()).ok().and_then(|ledger| ledger.public_key().ok().flatten());
    let Some(path) = name.and_then(|key| place.file_of(&key.name)) else {
        looks.push(Look::unknown("key", what, message!("ready-key-no-ledger"), message!("ready-key-first")));
        return;
    };
    let shown = path.display().to_string();
    looks.push(match std::fs::metadata(&path) {
        Err(_) => Look::no("key", what, message!("ready-key-missing", path = shown), message!("ready-key-remedy")),
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            let mode = format!("{:04o}", metadata.permissions().mode() & 0o7777);
            let seen = message!("ready-key-open", path = shown.as_str(), mode = mode);
            Look::no("key", what, seen, message!("ready-key-chmod", path = shown.as_str()))
        }
        Ok(_) => Look::yes("key", what, message!("ready-key-here", path = shown)),
    });
}

/// The clock is kept by somebody, and by how much it is off.
pub(super) fn clock(ground: &Ground<'_>, looks: &mut Vec<Look>) {
    let what = message!("ready-clock");
    if ground.context.clock.is_set() {
        looks.push(Look::no("clock", what, message!("ready-clock-set"), message!("ready-clock-unset")));
        return;
    }
    looks.push(chrony().or_else(systemd).unwrap_or_else(|| {
        Look::unknown("clock", what, message!("ready-clock-nobody"), message!("ready-clock-remedy"))
    }));
}

/// `chronyc -c tracking`: comma-separated; the third field is the source, the fifth the offset, the last the leap status.
fn chrony() -> Option<Look> {
    let Ran::Ended(0, text) = ran(&["chronyc", "-c", "tracking"]) else { return None };
    let fields: Vec<&str> = text.trim().split(',').collect();
    let (source, offset) = (*fields.get(1)?, fields.get(4)?.parse::<f64>().ok()?);
    let kept = *fields.last()? == "Normal";
    let what = message!("ready-clock");
    let shown = format!("{:.6}", offset.abs());
    if kept && offset.abs() <= MOST_OFFSET {
        return Some(Look::yes("clock", what, message!("ready-clock-kept", source = source, offset = shown)));
    }
    let seen = message!("ready-clock-off", source = source, offset = shown);
    Some(Look::no("clock", what, seen, message!("ready-clock-remedy")))
}

fn systemd() -> Option<Look> {
    let Ran::Ended(0, text) = ran(&["timedatectl", "show", "-p", "NTPSynchronized", "--value"]) else { return None };
    let what = message!("ready-clock");
    match text.trim() {
        "yes" => Some(Look::yes("clock", what, message!("ready-clock-synchronized"))),
        "no" => Some(Look::no("clock", what, message!("ready-clock-unsynchronized"), message!("ready-clock-remedy"))),
        _ => None,
    }
}

/// Nothing else runs.
pub(super) fn open_runs(ground: &Ground<'_>, looks: &mut Vec<Look>) {
    let what = message!("ready-runs");
    let runs = Ledger::read_only(&ground.workspace.ledger()).ok().and_then(|ledger| ledger.runs().ok());
    let open: Vec<String> =
        runs.into_iter().flatten().filter(|(_, state)| !state.ended()).map(|(run, _)| run.to_string()).collect();
    looks.push(if open.is_empty() {
        Look::yes("runs", what, message!("ready-runs-none"))
    } else {
        Look::no("runs", what, message!("ready-runs-open", runs = open.join(", ")), message!("ready-runs-remedy"))
    });
}
