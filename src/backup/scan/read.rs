//! Reading one file: what it holds, and whether it held still.

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

use super::Scan;
use super::item::{Item, Looked, What};
use super::queue::Queue;
use crate::backup::Cancel;

/// Bytes read at a time. A file that is shorter needs one read.
const CHUNK: usize = 256 * 1024;
/// From this size on a file's neighbours are given to other workers first.
const LARGE: i64 = 2 * 1024 * 1024;
/// How much of a large file is read before we look again whether another core is free to read ahead.
const STRETCH: u64 = 64 * 1024 * 1024;
/// Chunks that are read ahead.
const AHEAD: usize = 4;

/// A worker's buffers.
pub(super) struct Reader<'a> {
    how: &'a Scan<'a>,
    cancel: &'a Cancel,
    queue: &'a Queue,
    buffer: Vec<u8>,
    listing: Vec<u8>,
    /// Whether the last file had changed when we had begun, or hardly before: the next will have too.
    lately: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(how: &'a Scan<'a>, cancel: &'a Cancel, queue: &'a Queue) -> Self {
        let (buffer, listing) = (vec![0; CHUNK], Vec::with_capacity(64 * 1024));
        Self { how, cancel, queue, buffer, listing, lately: false }
    }

    /// Room for the names of a folder.
    pub(super) fn spare(&mut self) -> &mut [MaybeUninit<u8>] {
        self.listing.spare_capacity_mut()
    }

    pub(super) fn count(&self, files: u64) {
        if let Some(progress) = self.how.progress {
            progress.add_files(files);
        }
    }

    /// Looks at a file, and reads it where it is wanted. `large` is called once where that will take a while.
    pub(super) fn file(&mut self, dir: &OwnedFd, name: &CStr, wanted: bool, large: impl FnOnce()) -> Item {
        let done = if wanted { self.digested(dir, name, large) } else { Self::passed(dir, name) };
        done.unwrap_or_else(|error| {
            // Its size can often be told all the same.
            let mut item = match rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => Item::of(&stat),
                Err(error) => return Item::unknown(What::File, error),
            };
            item.looked =
                if item.what == What::File { Looked::Unreadable(error.raw_os_error()) } else { Looked::Changing };
            item
        })
    }

    fn passed(dir: &OwnedFd, name: &CStr) -> Result<Item, Errno> {
        let stat = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let mut item = Item::of(&stat);
        // It was a file when it was listed.
        item.looked = if item.what == What::File { Looked::Passed } else { Looked::Changing };
        Ok(item)
    }

    fn digested(&mut self, dir: &OwnedFd, name: &CStr, large: impl FnOnce()) -> Result<Item, Errno> {
        // Waits for nobody at a pipe and follows no link, should one stand here by now.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        let file = rustix::fs::openat(dir, name, flags, Mode::empty())?;
        // What has not changed since before we began needs one look, after it was read: had it been written to meanwhile,
        // its inode's time would say so. What changed lately is looked at before as well.
        let before = if self.lately { Some(rustix::fs::fstat(&file)?) } else { None };
        let first = read(&file, &mut self.buffer)?;
        let mut hasher = Sha256::new();
        if first < self.buffer.len() {
            hasher.update(&self.buffer[..first]);
            let stat = rustix::fs::fstat(&file)?;
            let mut item = Item::of(&stat);
            if item.what != What::File {
                item.looked = Looked::Changing;
                return Ok(item);
            }
            let recent = item.ctime.0 >= self.how.recent;
            self.lately = recent;
            if item.size == first as u64 && (!recent || before.is_some_and(|before| same(&before, &stat))) {
                self.passed_bytes(first as u64);
                item.digest = hasher.finalize().into();
                return Ok(item);
            }
            if recent && before.is_none() {
                // Once more from the start, with a look before and after.
                rustix::fs::seek(&file, rustix::fs::SeekFrom::Start(0))?;
                return self.whole(&file, &stat, Sha256::new(), 0);
            }
            // Short of its size: another read tells whether that was its end.
            return self.whole(&file, &before.unwrap_or(stat), hasher, first as u64);
        }
        let stat = match before {
            Some(before) => before,
            None => rustix::fs::fstat(&file)?,
        };
        if stat.st_size >= LARGE {
            large();
        }
        hasher.update(&self.buffer);
        self.whole(&file, &stat, hasher, first as u64)
    }

    /// Reads the rest of a file, of which `done` bytes are in `hasher`; `before` was looked at before that rest.
    fn whole(&mut self, file: &OwnedFd, before: &Stat, hasher: Sha256, done: u64) -> Result<Item, Errno> {
        if !FileType::from_raw_mode(before.st_mode).is_file() {
            let mut item = Item::of(before);
            item.looked = Looked::Changing;
            return Ok(item);
        }
        self.passed_bytes(done);
        let (hasher, bytes) = self.rest(file, hasher, done)?;
        let after = rustix::fs::fstat(file)?;
        let mut item = Item::of(&after);
        item.digest = hasher.finalize().into();
        if bytes != item.size || !same(before, &after) {
            item.looked = Looked::Changing;
        }
        Ok(item)
    }

    fn rest(&mut self, file: &OwnedFd, mut hasher: Sha256, done: u64) -> Result<(Sha256, u64), Errno> {
        let mut bytes = done;
        loop {
            let stretch = bytes + STRETCH;
            let ended = if bytes >= CHUNK as u64 && self.queue.is_hungry() {
                self.ahead(file, &mut hasher, &mut bytes, stretch)?
            } else {
                self.alone(file, &mut hasher, &mut bytes, stretch)?
            };
            if ended {
                return Ok((hasher, bytes));
            }
        }
    }

    /// Reads and digests in turn. True at the end of the file.
    fn alone(&mut self, file: &OwnedFd, hasher: &mut Sha256, bytes: &mut u64, until: u64) -> Result<bool, Errno> {
        while *bytes < until {
            if self.cancel.is_set() {
                return Err(Errno::CANCELED);
            }
            let count = read(file, &mut self.buffer)?;
            if count == 0 {
                return Ok(true);
            }
            hasher.update(&self.buffer[..count]);
            *bytes += count as u64;
            self.passed_bytes(count as u64);
        }
        Ok(false)
    }

    /// Another thread reads while this one digests: nobody else needs that core.
    fn ahead(&self, file: &OwnedFd, hasher: &mut Sha256, bytes: &mut u64, until: u64) -> Result<bool, Errno> {
        let (full, filled) = mpsc::sync_channel::<Result<(Vec<u8>, usize), Errno>>(AHEAD);
        let (empty, free) = mpsc::sync_channel::<Vec<u8>>(AHEAD);
        for _ in 0..AHEAD {
            let _ = empty.send(vec![0; CHUNK]);
        }
        let left = until - *bytes;
        std::thread::scope(|scope| {
            // Gone with this closure, so that the other thread does not wait for what will not come.
            let (empty, filled) = (empty, filled);
            scope.spawn(move || {
                let mut read_so_far = 0;
                while read_so_far < left {
                    let Ok(mut buffer) = free.recv() else { return };
                    let count = read(file, &mut buffer);
                    let over = !matches!(count, Ok(1..));
                    read_so_far += count.unwrap_or(0) as u64;
                    if full.send(count.map(|count| (buffer, count))).is_err() || over {
                        return;
                    }
                }
            });
            for chunk in filled {
                let (buffer, count) = chunk?;
                if count == 0 {
                    return Ok(true);
                }
                if self.cancel.is_set() {
                    return Err(Errno::CANCELED);
                }
                hasher.update(&buffer[..count]);
                *bytes += count as u64;
                self.passed_bytes(count as u64);
                // The reader is gone when it has read its stretch.
                let _ = empty.send(buffer);
            }
            Ok(false)
        })
    }

    fn passed_bytes(&self, count: u64) {
        if let Some(progress) = self.how.progress {
            progress.add_bytes(count);
        }
        if let Some(limiter) = &self.how.limiter {
            limiter.pass(count, self.cancel);
        }
    }
}

fn read(file: impl AsFd, buffer: &mut [u8]) -> Result<usize, Errno> {
    loop {
        match rustix::io::read(&file, &mut *buffer) {
            Err(Errno::INTR) => {}
            other => return other,
        }
    }
}

/// Whether nothing happened to a file between two looks.
fn same(before: &Stat, after: &Stat) -> bool {
    before.st_size == after.st_size
        && before.st_ino == after.st_ino
        && (before.st_ctime, before.st_ctime_nsec) == (after.st_ctime, after.st_ctime_nsec)
}
