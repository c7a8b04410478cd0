//! What is known of one path.

use rustix::fs::{FileType, Stat};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::backup) enum What {
    File,
    Folder,
    Link,
    /// A pipe, socket or device: never opened.
    Special,
}

/// What came of looking at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::backup) enum Looked {
    /// Every byte was read; of what is no file, all that there is.
    Read,
    /// A file that was not chosen.
    Passed,
    /// The system's number of why it could not be read.
    Unreadable(i32),
    /// It changed while it was read.
    Changing,
}

/// What is known of a path, but its name.
#[derive(Clone, Debug)]
pub(in crate::backup) struct Item {
    pub(in crate::backup) what: What,
    pub(in crate::backup) looked: Looked,
    pub(in crate::backup) mode: u32,
    /// Of a file, in bytes; else 0.
    pub(in crate::backup) size: u64,
    pub(in crate::backup) mtime: (i64, u32),
    /// Of a file that was read.
    pub(in crate::backup) digest: [u8; 32],
    /// Device and inode of a file that has other names.
    pub(in crate::backup) inode: Option<(u64, u64)>,
    /// What a link holds.
    pub(in crate::backup) target: Option<Box<[u8]>>,
    /// Changes with every write and rename, whatever somebody sets the times to.
    pub(in crate::backup) ctime: (i64, i64),
    /// Whether it is a folder of another file system.
    pub(in crate::backup) elsewhere: bool,
}

impl Item {
    pub(super) fn of(stat: &Stat) -> Self {
        let what = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => What::File,
            FileType::Directory => What::Folder,
            FileType::Symlink => What::Link,
            _ => What::Special,
        };
        let file = what == What::File;
        Self {
            what,
            looked: Looked::Read,
            mode: stat.st_mode & 0o7777,
            size: if file { u64::try_from(stat.st_size).unwrap_or(0) } else { 0 },
            mtime: (stat.st_mtime, u32::try_from(stat.st_mtime_nsec).unwrap_or(0)),
            digest: [0; 32],
            inode: (file && stat.st_nlink > 1).then_some((stat.st_dev, stat.st_ino)),
            target: None,
            ctime: (stat.st_ctime, i64::try_from(stat.st_ctime_nsec).unwrap_or(0)),
            elsewhere: false,
        }
    }

    /// What can be said of a path that cannot even be looked at.
    pub(super) fn unknown(what: What, error: rustix::io::Errno) -> Self {
        Self {
            what,
            looked: Looked::Unreadable(error.raw_os_error()),
            mode: 0,
            size: 0,
            mtime: (0, 0),
            digest: [0; 32],
            inode: None,
            target: None,
            ctime: (0, 0),
            elsewhere: false,
        }
    }
}

/// Why nothing under a folder was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::backup) enum Closed {
    /// The system's number of why it could not be listed.
    Unreadable(i32),
    /// It is on another file system, and those are left out.
    Elsewhere,
    /// It is one of the folders that it lies in.
    Loop,
    /// Its names changed while we looked at it.
    Changing,
}

/// One path, as the sink gets it.
#[derive(Debug)]
pub(in crate::backup) struct Seen<'a> {
    /// From the root, with `/`.
    pub(in crate::backup) path: &'a [u8],
    pub(in crate::backup) item: &'a Item,
}
