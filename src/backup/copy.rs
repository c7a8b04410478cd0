//! Copying a tree: into a scratch folder that goes away again, unless it is kept.

use std::fs::{self, FileTimes, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, lchown, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::walk::{Found, Kind};
use super::{BackupError, Cancel, RelativePath, digest};

/// Bytes that are copied before we look whether to go on.
const PIECE: u64 = 16 * 1024 * 1024;

/// A folder of ours that is removed when it goes out of scope.
pub(super) struct Scratch {
    path: Option<PathBuf>,
}

impl Scratch {
    /// Makes a folder at the first free of `<base>`, `<base>-2` and so on. What is there already is left alone: it may be
    /// all that a restore before us could save.
    pub(super) fn new(base: &Path) -> Result<Self, BackupError> {
        let mut path = base.to_owned();
        for number in 2_u32.. {
            match fs::DirBuilder::new().create(&path) {
                Ok(()) => break,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    path = super::paths::beside(base, &format!("-{number}"));
                }
                Err(error) => return Err(BackupError::Write { path, source: error }),
            }
        }
        let scratch = Self { path: Some(path) };
        let private = fs::set_permissions(scratch.path(), Permissions::from_mode(0o700));
        private.map_err(BackupError::write(scratch.path()))?;
        Ok(scratch)
    }

    pub(super) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }

    /// It has taken its place: nothing is removed.
    pub(super) fn keep(mut self) {
        self.path = None;
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(path) = &self.path
            && let Err(error) = remove(path)
        {
            tracing::warn!(path = %path.display(), %error, "a scratch folder is left over");
        }
    }
}

/// Removes a tree, also folders in it that may not be written to.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    if fs::remove_dir_all(path).is_ok() {
        return Ok(());
    }
    for entry in walkdir::WalkDir::new(path).follow_links(false).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_dir() {
            // What cannot be changed shows when removing fails again.
            let _ = fs::set_permissions(entry.path(), Permissions::from_mode(0o700));
        }
    }
    fs::remove_dir_all(path)
}

/// Copies what was found under `from` into the empty folder `to`: folders, files, links as they are. Pipes, sockets and
/// devices are left out. Modes of folders and times come last, with [`finish`].
pub(super) fn copy(from: &Path, found: &[Found], to: &Path, cancel: &Cancel) -> Result<(), BackupError> {
    for folder in found.iter().filter(|found| found.kind == Kind::Folder) {
        let path = to.join(folder.path.path());
        fs::create_dir(&path).map_err(BackupError::write(&path))?;
        fs::set_permissions(&path, Permissions::from_mode(0o700)).map_err(BackupError::write(&path))?;
    }
    let copied = found.par_iter().try_for_each(|found| match &found.kind {
        Kind::File => copy_file(&from.join(found.path.path()), &to.join(found.path.path()), found, cancel),
        Kind::Link(_) => copy_link(from, &found.path, to),
        Kind::Folder | Kind::Special => Ok(()),
    });
    cancel.or(copied)
}

fn copy_file(from: &Path, to: &Path, found: &Found, cancel: &Cancel) -> Result<(), BackupError> {
    let mut source = digest::open(from).map_err(BackupError::read(from))?;
    let mut write = || -> io::Result<()> {
        let mut target = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
        // In pieces, which the system still copies by itself.
        while !cancel.is_set() && io::copy(&mut source.by_ref().take(PIECE), &mut target)? == PIECE {}
        if cancel.is_set() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        own_as(from, to);
        target.set_permissions(Permissions::from_mode(found.mode))?;
        target.set_times(times(found))
    };
    write().map_err(BackupError::write(to))
}

fn copy_link(from: &Path, path: &RelativePath, to: &Path) -> Result<(), BackupError> {
    let (from, to) = (from.join(path.path()), to.join(path.path()));
    let target = fs::read_link(&from).map_err(BackupError::read(&from))?;
    symlink(target, &to).map_err(BackupError::write(&to))?;
    own_as(&from, &to);
    Ok(())
}

/// Gives folders, the deepest first, the modes and times that they had, and the top folder those of `from`.
pub(super) fn finish(from: &Path, found: &[Found], to: &Path) -> Result<(), BackupError> {
    for folder in found.iter().rev().filter(|found| found.kind == Kind::Folder) {
        let path = to.join(folder.path.path());
        own_as(&from.join(folder.path.path()), &path);
        let set = || fs::File::open(&path)?.set_times(times(folder));
        set().map_err(BackupError::write(&path))?;
        let mode = Permissions::from_mode(folder.mode);
        fs::set_permissions(&path, mode).map_err(BackupError::write(&path))?;
    }
    let top = fs::metadata(from).map_err(BackupError::read(from))?;
    own_as(from, to);
    fs::set_permissions(to, Permissions::from_mode(top.mode() & 0o7777)).map_err(BackupError::write(to))
}

fn times(found: &Found) -> FileTimes {
    let (seconds, nanoseconds) = found.mtime;
    let nanoseconds = u32::try_from(nanoseconds).unwrap_or(0);
    let time = match u64::try_from(seconds) {
        Ok(seconds) => SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds),
        Err(_) => SystemTime::UNIX_EPOCH,
    };
    FileTimes::new().set_modified(time)
}

/// Gives `to` the owner of `from`, where we may: without the right to, all belongs to whoever restores.
fn own_as(from: &Path, to: &Path) {
    if let (Ok(was), Ok(is)) = (from.symlink_metadata(), to.symlink_metadata())
        && (was.uid(), was.gid()) != (is.uid(), is.gid())
    {
        let _ = lchown(to, Some(was.uid()), Some(was.gid()));
    }
}
