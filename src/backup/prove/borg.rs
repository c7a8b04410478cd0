//! Repositories of Borg.

use std::ffi::OsString;
use std::path::Path;

use serde::Deserialize;

use super::program::Ran;
use super::repository::{Snapshot, Tool, Trouble};
use super::verdict::{Problem, Why};
use crate::backup::pick::fits;
use crate::backup::{BackupError, Cancel};
use crate::model::Stamp;

const PROGRAM: (&str, &str) = ("borg", "borgbackup");
/// How long Borg waits for a lock, in seconds.
const LOCK: &str = "5";

#[derive(Deserialize)]
struct Document {
    archives: Vec<Archive>,
}

#[derive(Deserialize)]
struct Archive {
    name: String,
    id: String,
    /// Local time of this machine, without an offset.
    start: String,
}

fn run(tool: &Tool<'_>, words: &[OsString], (cwd, data): (&Path, bool), cancel: &Cancel) -> Result<Ran, BackupError> {
    let own = |name: &str| tool.bench.path().join(name).into_os_string();
    let mut env = vec![
        ("BORG_CACHE_DIR", own("borg-cache")),
        ("BORG_SECURITY_DIR", own("borg-security")),
        // It knows no repository here: a question would wait for an answer that never comes.
        ("BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes".into()),
        ("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes".into()),
        ("BORG_EXIT_CODES", "legacy".into()),
        ("TZ", "UTC".into()),
    ];
    // Without one it would ask at a terminal.
    env.push(("BORG_PASSPHRASE", OsString::from(tool.password.clone().unwrap_or_default())));
    let mut arguments: Vec<OsString> = vec!["--lock-wait".into(), LOCK.into()];
    arguments.extend(words.iter().cloned());
    tool.run(PROGRAM, &arguments, env, (cwd, data), cancel)
}

/// The archives, oldest first, whose names fit the inventory's pattern.
pub(super) fn list(tool: &Tool<'_>, cancel: &Cancel) -> Result<Result<Vec<Snapshot>, Problem>, BackupError> {
    let words = ["list".into(), "--json".into(), tool.repository().into()];
    let ran = run(tool, &words, (tool.bench.path(), true), cancel)?;
    if !ran.status.success() {
        return match tool.trouble(&ran) {
            Trouble::Ours(error) => Err(error),
            Trouble::Its(problem) => Ok(Err(problem)),
        };
    }
    let Ok(document) = serde_json::from_slice::<Document>(&ran.out) else {
        return Ok(Err(Problem::new(Why::Damaged).saying(ran.last_words())));
    };
    let pattern = &tool.request.pattern;
    let mut snapshots: Vec<Snapshot> = document
        .archives
        .into_iter()
        .filter(|archive| fits(pattern, &archive.name))
        .map(|archive| Snapshot { at: at(&archive.start), name: archive.name, id: archive.id, paths: Vec::new() })
        .collect();
    snapshots.sort_by_key(|snapshot| snapshot.at.map(|at| at.instant));
    Ok(Ok(snapshots))
}

/// A time of Borg: in UTC, as it was asked for.
fn at(text: &str) -> Option<Stamp> {
    format!("{text}Z").parse().ok()
}

/// Reads all data of the repository.
pub(super) fn check(tool: &Tool<'_>, cancel: &Cancel) -> Result<Option<Problem>, BackupError> {
    let words = ["check".into(), "--verify-data".into(), tool.repository().into()];
    let ran = run(tool, &words, (tool.bench.path(), false), cancel)?;
    tool.against(&ran, Why::Damaged)
}

/// Restores an archive.
pub(super) fn extract(
    tool: &Tool<'_>,
    snapshot: &Snapshot,
    to: &Path,
    cancel: &Cancel,
) -> Result<Option<Problem>, BackupError> {
    let mut archive = tool.repository().as_os_str().to_owned();
    archive.push("::");
    archive.push(&snapshot.name);
    let ran = run(tool, &["extract".into(), archive], (to, false), cancel)?;
    tool.against(&ran, Why::NotRestored)
}
