//! What lies in a folder: every path with its kind, in byte order.

use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use walkdir::WalkDir;

use super::{BackupError, Cancel, RelativePath};

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    /// A symbolic link, with what it holds; followed nowhere.
    Link(Vec<u8>),
    /// A pipe, socket or device: never opened, never restored.
    Special,
}

/// One path of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: RelativePath,
    pub(super) kind: Kind,
    pub(super) size: u64,
    pub(super) mode: u32,
    pub(super) mtime: (i64, i64),
    /// Changes with every write and rename, whatever somebody sets the times to.
    pub(super) ctime: (i64, i64),
    pub(super) inode: u64,
}

/// Lists everything under `root`, not `root` itself, in byte order of the paths.
///
/// # Errors
///
/// The first that cannot be listed: what we could not see, we did not check.
pub(super) fn walk(root: &Path, cancel: &Cancel) -> Result<Vec<Found>, BackupError> {
    let metadata = std::fs::metadata(root).map_err(BackupError::read(root))?;
    if !metadata.is_dir() {
        return Err(BackupError::NotAFolder { path: root.to_owned() });
    }
    let mut found = Vec::new();
    // With its slash the walk starts in the folder, also where `root` is a link to it.
    for entry in WalkDir::new(root.join("")).min_depth(1).follow_links(false) {
        cancel.check()?;
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(root).to_owned();
            BackupError::Read { path, source: error.into() }
        })?;
        let full = entry.path();
        let metadata = full.symlink_metadata().map_err(BackupError::read(full))?;
        let relative = full.strip_prefix(root).unwrap_or(full);
        let Some(path) = RelativePath::new(relative.as_os_str().as_bytes()) else {
            return Err(BackupError::Read { path: full.to_owned(), source: std::io::ErrorKind::InvalidInput.into() });
        };
        found.push(describe(path, full, &metadata)?);
    }
    found.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn describe(path: RelativePath, full: &Path, metadata: &Metadata) -> Result<Found, BackupError> {
    let kind = metadata.file_type();
    let kind = if kind.is_file() {
        Kind::File
    } else if kind.is_dir() {
        Kind::Folder
    } else if kind.is_symlink() {
        let target = std::fs::read_link(full).map_err(BackupError::read(full))?;
        Kind::Link(target.as_os_str().as_bytes().to_vec())
    } else {
        Kind::Special
    };
    let size = if kind == Kind::File { metadata.len() } else { 0 };
    Ok(Found {
        path,
        kind,
        size,
        mode: metadata.mode() & 0o7777,
        mtime: (metadata.mtime(), metadata.mtime_nsec()),
        ctime: (metadata.ctime(), metadata.ctime_nsec()),
        inode: metadata.ino(),
    })
}
