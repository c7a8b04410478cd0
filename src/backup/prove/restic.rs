//! Repositories of restic.

use std::ffi::OsString;
use std::path::Path;

use serde::Deserialize;

use super::repository::{Snapshot, Tool, Trouble};
use super::verdict::{Problem, Why};
use crate::backup::pick::fits;
use crate::backup::{BackupError, Cancel};

const PROGRAM: (&str, &str) = ("restic", "restic");

#[derive(Deserialize)]
struct Listed {
    id: String,
    short_id: Option<String>,
    time: String,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    tags: Option<Vec<String>>,
}

fn run(tool: &Tool<'_>, words: &[OsString], data: bool, cancel: &Cancel) -> Result<super::program::Ran, BackupError> {
    let mut arguments: Vec<OsString> = vec!["-r".into(), tool.repository().into()];
    // Nothing of it is kept on this machine, and no other settings count.
    arguments.extend(["--no-cache".into()]);
    arguments.extend(words.iter().cloned());
    let mut env = Vec::new();
    if let Some(password) = &tool.password {
        env.push(("RESTIC_PASSWORD", OsString::from(password)));
    }
    tool.run(PROGRAM, &arguments, env, (tool.bench.path(), data), cancel)
}

/// The snapshots, oldest first; where the inventory names a pattern, those with a tag that fits it.
pub(super) fn list(tool: &Tool<'_>, cancel: &Cancel) -> Result<Result<Vec<Snapshot>, Problem>, BackupError> {
    let ran = run(tool, &["snapshots".into(), "--json".into()], true, cancel)?;
    if !ran.status.success() {
        return match tool.trouble(&ran) {
            Trouble::Ours(error) => Err(error),
            Trouble::Its(problem) => Ok(Err(problem)),
        };
    }
    let Ok(listed) = serde_json::from_slice::<Option<Vec<Listed>>>(&ran.out) else {
        return Ok(Err(Problem::new(Why::Damaged).saying(ran.last_words())));
    };
    let pattern = tool.request.pattern.as_str();
    let fitting = |listed: &Listed| pattern == "*" || listed.tags.iter().flatten().any(|tag| fits(pattern, tag));
    let mut snapshots: Vec<Snapshot> = listed
        .into_iter()
        .flatten()
        .filter(fitting)
        .map(|it| Snapshot {
            name: it.short_id.unwrap_or_else(|| it.id.chars().take(8).collect()),
            at: it.time.parse().ok(),
            id: it.id,
            paths: it.paths,
        })
        .collect();
    snapshots.sort_by_key(|snapshot| snapshot.at.map(|at| at.instant));
    Ok(Ok(snapshots))
}

/// Reads all data of the repository.
pub(super) fn check(tool: &Tool<'_>, cancel: &Cancel) -> Result<Option<Problem>, BackupError> {
    let ran = run(tool, &["check".into(), "--read-data".into()], false, cancel)?;
    tool.against(&ran, Why::Damaged)
}

/// Restores a snapshot, reading again what was written.
pub(super) fn restore(
    tool: &Tool<'_>,
    snapshot: &Snapshot,
    to: &Path,
    cancel: &Cancel,
) -> Result<Option<Problem>, BackupError> {
    let words = ["restore".into(), OsString::from(&snapshot.id), "--verify".into(), "--target".into(), to.into()];
    let ran = run(tool, &words, false, cancel)?;
    // Some versions end well although files could not be restored.
    if ran.status.success() && ran.err.contains("There were ") {
        return Ok(Some(Problem::new(Why::NotRestored).saying(ran.last_words())));
    }
    tool.against(&ran, Why::NotRestored)
}
