//! Nightly copies: plain folders, each with its seal beside it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::super::LabError;
use super::super::moment;
use super::super::place::Home;
use super::{Story, database};
use crate::backup::{self, SealState};
use crate::model::Notes;

/// Where the copy of night `night` lies.
fn folder(home: &Home, story: Story, night: u32) -> PathBuf {
    home.backups().join(format!("{}-{}", story.entry.id, moment::day(story.night(night))))
}

/// Makes the copy of night `night` as a real job would: the database by SQLite's own `VACUUM INTO`, the files as they are.
pub(super) fn keep(connection: &Connection, home: &Home, story: Story, night: u32) -> Result<(), LabError> {
    let copy = folder(home, story, night);
    fs::create_dir_all(&copy).map_err(LabError::file(&copy))?;
    let path = database(&copy, story.entry);
    connection.execute("VACUUM INTO ?1", [path.to_string_lossy()]).map_err(LabError::database(&path))?;
    let data = home.data();
    let own = database(&data, story.entry);
    copy_tree(&data, &copy, |file| file != own)?;
    let made = story.night(night);
    for file in files(&copy)? {
        set_time(&file, made)?;
    }
    // The nightly job seals its copy as soon as it is made.
    backup::seal(&copy, None, moment::stamp(made), &backup::Cancel::default())
        .map(drop)
        .map_err(|source| LabError::Seal { copy, source })
}

/// Copies the files under `from` that `wanted` says to `to`. Gives their number and bytes.
pub(in super::super) fn copy_tree(
    from: &Path,
    to: &Path,
    wanted: impl Fn(&Path) -> bool,
) -> Result<(u64, u64), LabError> {
    let mut copied = (0, 0);
    for file in files(from)? {
        if !wanted(&file) {
            continue;
        }
        let target = file.strip_prefix(from).map_or_else(|_| to.to_owned(), |inside| to.join(inside));
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(LabError::file(parent))?;
        }
        copied.0 += 1;
        copied.1 += fs::copy(&file, &target).map_err(LabError::file(&target))?;
    }
    Ok(copied)
}

/// The regular files under `root`, in byte order of their paths. Links are not followed.
pub(in super::super) fn files(root: &Path) -> Result<Vec<PathBuf>, LabError> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(LabError::file(&folder))? {
            let entry = entry.map_err(LabError::file(&folder))?;
            let kind = entry.file_type().map_err(LabError::file(&folder))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort_by(|a, b| a.as_os_str().cmp(b.as_os_str()));
    Ok(found)
}

fn set_time(file: &Path, micros: i64) -> Result<(), LabError> {
    let since = std::time::Duration::from_micros(u64::try_from(micros).unwrap_or_default());
    File::options()
        .append(true)
        .open(file)
        .and_then(|open| open.set_modified(std::time::UNIX_EPOCH + since))
        .map_err(LabError::file(file))
}

/// Damages the newest copy after its seal was made: same size, same time, other bytes. Only its digest tells.
pub(super) fn damage_newest(home: &Home, story: Story) -> Result<(), LabError> {
    let Some(night) = story.entry.nights.checked_sub(1) else { return Ok(()) };
    let copy = folder(home, story, night);
    let path = database(&copy, story.entry);
    let mut bytes = fs::read(&path).map_err(LabError::file(&path))?;
    let middle = bytes.len() / 2;
    for byte in bytes.iter_mut().skip(middle).take(2048) {
        *byte ^= 0x5a;
    }
    fs::write(&path, bytes).map_err(LabError::file(&path))?;
    set_time(&path, story.night(night))
}

/// Signs the seal of every copy that is there.
pub(in super::super) fn sign(home: &Home, notes: &dyn Notes) -> Result<(), LabError> {
    let folder = home.backups();
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(()) };
    for entry in entries {
        let seal = entry.map_err(LabError::file(&folder))?.path();
        if seal.extension().is_none_or(|extension| extension != "seal") {
            continue;
        }
        let failed = |source| LabError::Seal { copy: seal.with_extension(""), source };
        if backup::seal_state(&seal, notes).map_err(failed)?.0 == SealState::Good {
            continue;
        }
        let note = seal.join("manifest.note");
        match fs::remove_file(&note) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(LabError::file(&note)(error)),
            _ => backup::sign_seal(&seal, notes).map_err(failed)?,
        };
    }
    Ok(())
}

/// Whether the copies of the last nights are all there.
pub(super) fn fresh(home: &Home, story: Story) -> bool {
    (0..story.entry.nights).all(|night| {
        let copy = folder(home, story, night);
        copy.is_dir() && backup::seal_of(&copy).is_dir()
    })
}
