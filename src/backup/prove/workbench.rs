//! The scratch place of a trial restore: a folder of its own that goes away, whatever happens.
//!
//! The folder is locked while its process lives. What a process that was killed has left behind is not locked any more and
//! is removed when the next one begins.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};

use super::program;
use crate::backup::{BackupError, copy};

/// What every such folder's name begins with.
const PREFIX: &str = "ungpho-prove-";
/// Bytes that are always left free for others, at most; on a small file system a twentieth of it.
const RESERVE: u64 = 256 * 1024 * 1024;
/// How long removing may take while what filled the folder comes to its end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A scratch folder, removed when it goes out of scope.
pub(super) struct Workbench {
    folder: PathBuf,
    /// Bytes that may be put into it, as somebody said.
    most: Option<u64>,
    removed: bool,
    /// Held as long as the folder is in use.
    _lock: File,
}

impl Workbench {
    /// Makes a folder in `base`, which is made where it is missing, after removing what killed processes left there.
    ///
    /// # Errors
    ///
    /// It cannot be made.
    pub(super) fn open(base: &Path, most: Option<u64>) -> Result<Self, BackupError> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        fs::create_dir_all(base).map_err(BackupError::write(base))?;
        let base = fs::canonicalize(base).map_err(BackupError::read(base))?;
        sweep(&base);
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let folder = base.join(format!("{PREFIX}{}-{number}", std::process::id()));
            match fs::DirBuilder::new().mode(0o700).create(&folder) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(BackupError::Write { path: folder, source: error }),
            }
            // Another process may have swept it before it was locked: then there is a next.
            if let Some(lock) = lock(&folder) {
                return Ok(Self { folder, most, removed: false, _lock: lock });
            }
        }
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.folder
    }

    /// A new folder in it.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, BackupError> {
        let path = self.folder.join(name);
        fs::DirBuilder::new().mode(0o700).create(&path).map_err(BackupError::write(&path))?;
        Ok(path)
    }

    /// Bytes that may still be put into it: what is free, less what is left to others, and no more than was allowed.
    pub(super) fn room(&self) -> Result<u64, BackupError> {
        let free = self.free()?;
        Ok(self.most.map_or(free, |most| most.min(free)))
    }

    /// What was allowed.
    pub(super) fn most(&self) -> Option<u64> {
        self.most
    }

    /// Bytes that are free, less what is left to others.
    pub(super) fn free(&self) -> Result<u64, BackupError> {
        let seen = rustix::fs::statvfs(&self.folder).map_err(|error| BackupError::read(&self.folder)(error.into()))?;
        let reserve = RESERVE.min(seen.f_blocks.saturating_mul(seen.f_frsize) / 20);
        Ok(seen.f_bavail.saturating_mul(seen.f_frsize).saturating_sub(reserve))
    }

    /// Holds that `needed` bytes would go in.
    pub(super) fn holds(&self, needed: u64) -> Result<(), BackupError> {
        let free = self.free()?;
        if needed > free {
            return Err(BackupError::NoRoom { scratch: self.folder.clone(), needed: Some(needed), free });
        }
        Ok(())
    }

    /// Bytes that lie in it; what vanishes meanwhile is not counted.
    pub(super) fn used(&self) -> u64 {
        let entries = walkdir::WalkDir::new(&self.folder).into_iter().filter_map(Result::ok);
        entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.blocks() * 512).sum()
    }

    /// Removes it now, to be able to say whether that went well.
    pub(super) fn remove(mut self) -> Result<(), BackupError> {
        self.removed = true;
        clear(&self.folder).map_err(BackupError::write(&self.folder))
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        if !self.removed
            && let Err(error) = clear(&self.folder)
        {
            tracing::warn!(path = %self.folder.display(), %error, "a scratch folder is left over");
        }
    }
}

/// Takes the lock of a folder; nothing where somebody has it, or the folder is not there any more.
fn lock(folder: &Path) -> Option<File> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = File::from(rustix::fs::open(folder, flags, Mode::empty()).ok()?);
    opened.try_lock().ok()?;
    let (held, there) = (opened.metadata().ok()?, folder.symlink_metadata().ok()?);
    (held.ino() == there.ino() && held.dev() == there.dev()).then_some(opened)
}

/// Removes what processes that are gone left in `base`. What belongs to another user is theirs.
fn sweep(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else { return };
    let me = rustix::process::geteuid().as_raw();
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == me);
        if !ours {
            continue;
        }
        let Some(lock) = lock(&path) else { continue };
        if let Err(error) = clear(&path) {
            tracing::warn!(path = %path.display(), %error, "a scratch folder is left over");
        }
        drop(lock);
    }
}

/// Ends a database server that still works in `folder`, then removes the folder. Who works in it may still be ending.
fn clear(folder: &Path) -> io::Result<()> {
    program::end_server(&folder.join(program::SERVER_DATA));
    let deadline = Instant::now() + PATIENCE;
    loop {
        match copy::remove(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(20));
            }
            done => return done,
        }
    }
}

/// Lets others enter `folder`, without letting them see what is in it.
pub(super) fn let_through(folder: &Path) -> Result<(), BackupError> {
    fs::set_permissions(folder, Permissions::from_mode(0o711)).map_err(BackupError::write(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_removed_and_what_is_in_use_is_not() {
        let base = tempfile::tempdir().unwrap();
        let left = base.path().join("ungpho-prove-1-0");
        fs::create_dir_all(left.join("restored/deep")).unwrap();
        fs::write(base.path().join("ungpho-prove-notes"), "a file of somebody").unwrap();
        fs::create_dir(base.path().join("other")).unwrap();
        let first = Workbench::open(base.path(), None).unwrap();
        assert!(!left.exists());
        let second = Workbench::open(base.path(), None).unwrap();
        assert!(first.path().is_dir() && second.path().is_dir());
        first.remove().unwrap();
        drop(second);
        let mut names: Vec<_> = fs::read_dir(base.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["other", "ungpho-prove-notes"]);
    }

    #[test]
    fn what_is_allowed_bounds_the_room() {
        let base = tempfile::tempdir().unwrap();
        let bench = Workbench::open(base.path(), Some(1000)).unwrap();
        assert_eq!(bench.room().unwrap(), 1000.min(bench.free().unwrap()));
        assert!(matches!(bench.holds(u64::MAX), Err(BackupError::NoRoom { .. })));
    }
}
