//! Restoring a copy to where it is wanted.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, RenameFlags};

use super::copy::{self, Scratch};
use super::manifest::Counts;
use super::seal::seal_of;
use super::verify::{self, SealState, Verification};
use super::walk::{self, Kind};
use super::{BackupError, Cancel, note, paths};
use crate::model::{Notes, Stamp};

/// A copy that was restored.
#[derive(Clone, Debug, PartialEq)]
pub struct Restored {
    /// What was restored.
    pub counts: Counts,
    /// When the copy was sealed.
    pub sealed_at: Stamp,
    /// Where what was there before is kept; nothing where nothing was.
    pub before: Option<PathBuf>,
    /// How long it took.
    pub took: Duration,
}

/// Restores the copy `from` to the folder `to`.
///
/// Fills a folder beside `to`, compares every byte of it with the copy's seal, exchanges the two by rename, and keeps what
/// was there as `<to>.before-<run>` (`…-2` where that is taken). `to` is never half restored: before the exchange it is as
/// it was, after it it is what was sealed. Pipes, sockets and devices are not restored.
///
/// # Errors
///
/// Where the copy has no seal that holds, what was restored differs from it, `cancel` ended it, or the disk gets in the way. `to` is as it was
/// then, save with [`BackupError::LeftAside`], which says where its content is.
pub fn restore(from: &Path, to: &Path, run: &str, notes: &dyn Notes, cancel: &Cancel) -> Result<Restored, BackupError> {
    let began = Instant::now();
    // Through a link the folder behind it is restored.
    let to = fs::canonicalize(to).unwrap_or_else(|_| to.components().collect());
    let there = match to.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => true,
        Ok(_) => return Err(BackupError::NotAFolder { path: to }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(BackupError::Read { path: to, source: error }),
    };
    let real = fs::canonicalize(from).map_err(BackupError::read(from))?;
    let target = place_of(&to)?;
    if real.starts_with(&target) || target.starts_with(&real) {
        return Err(BackupError::Nested { from: real, to });
    }
    let scratch = Scratch::new(&paths::beside(&to, &format!(".restoring-{run}")))?;
    let (verification, counts) = fill(from, scratch.path(), notes, cancel)?;
    let Some(header) = verification.header.as_ref().filter(|_| verification.whole) else {
        return Err(BackupError::Differs { copy: from.to_owned(), verification: Box::new(verification) });
    };
    let sealed_at = header.sealed_at;
    sync(scratch.path())?;
    // From here on it is done, whoever wants to end it.
    cancel.check()?;
    let before = if there {
        let before = free(&paths::beside(&to, &format!(".before-{run}")));
        if let Err(error) = exchange(scratch.path(), &to, &before) {
            if matches!(error, BackupError::LeftAside { .. }) {
                // The scratch folder may hold what was there before.
                scratch.keep();
            }
            return Err(error);
        }
        Some(before)
    } else {
        fs::rename(scratch.path(), &to).map_err(|source| BackupError::NotExchanged { to: to.clone(), source })?;
        None
    };
    scratch.keep();
    if let Some(parent) = to.parent() {
        File::open(parent).and_then(|folder| folder.sync_all()).map_err(BackupError::write(parent))?;
    }
    Ok(Restored { counts, sealed_at, before, took: began.elapsed() })
}

/// Copies `from` into the empty folder `to` and compares what is there then with the seal of `from`.
fn fill(from: &Path, to: &Path, notes: &dyn Notes, cancel: &Cancel) -> Result<(Verification, Counts), BackupError> {
    let seal = seal_of(from);
    if !seal.is_dir() {
        return Err(BackupError::NoSeal { copy: from.to_owned(), seal });
    }
    // Before anything is written: what nobody trusted has signed could have been made anew by whoever changed the copy.
    match note::seal_state(&seal, notes)? {
        (SealState::Good, _) => {}
        (SealState::Bad, _) => return Err(BackupError::BadSeal { seal }),
        (state, _) => return Err(BackupError::Untrusted { seal, state }),
    }
    let (header, mut entries) = verify::read_seal(&seal)?;
    entries.retain(|entry| entry.kind != Kind::Special);
    let found = walk::walk(from, cancel)?;
    copy::copy(from, &found, to, cancel)?;
    let verification = verify::compare(to, header, &entries, None, cancel)?;
    if verification.whole {
        copy::finish(from, &found, to)?;
    }
    let kept: Vec<_> = found.into_iter().filter(|found| found.kind != Kind::Special).collect();
    Ok((verification, Counts::of(&kept)))
}

/// The real path of a place that may not be there yet.
fn place_of(to: &Path) -> Result<PathBuf, BackupError> {
    if let Ok(real) = fs::canonicalize(to) {
        return Ok(real);
    }
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let parent = fs::canonicalize(parent).map_err(BackupError::write(parent))?;
    Ok(to.file_name().map_or_else(|| parent.clone(), |name| parent.join(name)))
}

/// The first of `<base>`, `<base>-2` and so on that nothing stands at.
fn free(base: &Path) -> PathBuf {
    let mut path = base.to_owned();
    let mut number = 2_u32;
    while path.symlink_metadata().is_ok() {
        path = paths::beside(base, &format!("-{number}"));
        number += 1;
    }
    path
}

/// Puts `new` in the place of `to` and `to` in the place of `before`.
fn exchange(new: &Path, to: &Path, before: &Path) -> Result<(), BackupError> {
    let failed = |source: io::Error| BackupError::NotExchanged { to: to.to_owned(), source };
    match rustix::fs::renameat_with(CWD, new, CWD, to, RenameFlags::EXCHANGE) {
        Ok(()) => match fs::rename(new, before) {
            Ok(()) => Ok(()),
            Err(error) => match rustix::fs::renameat_with(CWD, new, CWD, to, RenameFlags::EXCHANGE) {
                Ok(()) => Err(failed(error)),
                // What was there stands at `new` now: the caller keeps it.
                Err(_) => Err(left_aside(to, new, error)),
            },
        },
        // File systems that cannot exchange: for a moment nothing stands at `to`.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::OPNOTSUPP) => {
            fs::rename(to, before).map_err(failed)?;
            fs::rename(new, to).map_err(|error| match fs::rename(before, to) {
                Ok(()) => failed(error),
                Err(_) => left_aside(to, before, error),
            })
        }
        Err(error) => Err(failed(error.into())),
    }
}

fn left_aside(to: &Path, before: &Path, source: io::Error) -> BackupError {
    BackupError::LeftAside { to: to.to_owned(), before: before.to_owned(), source }
}

/// What was written is on the disk when this returns.
fn sync(folder: &Path) -> Result<(), BackupError> {
    let opened = File::open(folder).map_err(BackupError::read(folder))?;
    #[cfg(target_os = "linux")]
    let synced = rustix::fs::syncfs(&opened).map_err(io::Error::from);
    #[cfg(not(target_os = "linux"))]
    let synced = opened.sync_all();
    synced.map_err(BackupError::write(folder))
}
