//! `snapshot`, `records`, `check`: looks at the data.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::data;
use super::super::entry::Entry;
use super::super::place::Home;
use super::super::ward::Before;
use super::super::{LabError, moment};

/// Copies the data as they are to `traces/`.
pub(super) fn snapshot(home: &Home) -> Result<String, LabError> {
    let to = free(&home.traces())?;
    let (files, bytes) = data::copy_tree(&home.data(), &to, |_| true)?;
    Ok(format!("files={files} bytes={bytes} folder={}", to.display()))
}

/// How many there are, and what is lost since the last fault.
pub(super) fn records(home: &Home, entry: &Entry) -> Result<String, LabError> {
    let data = home.data();
    let connection = data::open(&data, entry, false)?;
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

/// Reads the data in `folder`, and holds their number to what the service's own log says was taken in.
pub(super) fn check(home: &Home, entry: &Entry, folder: Option<&Path>) -> Result<String, LabError> {
    let data = folder.map_or_else(|| home.data(), Path::to_owned);
    let held = data::check(&data, entry)?;
    if let Some((there, stated)) = data::missing(home, &data, entry) {
        return Err(LabError::Unsound { folder: data, why: format!("records: {there} of {stated}") });
    }
    Ok(format!("integrity=ok records={} newest={}", held.records, held.newest))
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
