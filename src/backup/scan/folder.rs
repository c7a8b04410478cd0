//! Listing a folder, and handing out its files.

use std::cmp::Ordering;
use std::ffi::CStr;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering as Atomic};
use std::sync::{Arc, Mutex, OnceLock};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir};
use rustix::io::Errno;

use super::Scan;
use super::item::{Closed, Item, What};
use super::order::Emitter;
use super::queue::{Node, Queue, State, Task};
use super::read::Reader;
use crate::backup::Cancel;

/// The files that a worker takes at a time where others wait.
const PIECE: usize = 32;

/// Results are passed on within a folder after so many bytes, each file counted as 64 KiB more.
const SAID_AT_LEAST: u64 = 32 * 1024 * 1024;

/// A name in a folder.
#[derive(Clone, Copy)]
struct Name {
    at: u32,
    /// Without the NUL that follows it.
    len: u16,
    kind: FileType,
}

/// A place in the order of the paths: an entry, or all that lies under it.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    entry: u32,
    /// The number of the folder whose content stands here; `u32::MAX` for the entry itself.
    child: u32,
}

/// A folder that was listed.
pub(super) struct Folder {
    prefix: Vec<u8>,
    /// Every name with a NUL after it.
    names: Vec<u8>,
    entries: Vec<Name>,
    items: Vec<OnceLock<Item>>,
    slots: Vec<Slot>,
    children: Vec<Arc<Node>>,
    /// The files, in the order of their inodes: on a disk they lie in it.
    reading: Vec<u32>,
    left: AtomicUsize,
    mtime: (i64, i64),
    /// Whether its names changed while it was looked at; nothing while it is.
    changed: OnceLock<bool>,
}

impl Folder {
    pub(super) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    pub(super) fn child(&self, slot: Slot) -> Option<&Arc<Node>> {
        self.children.get(slot.child as usize)
    }

    pub(super) fn name(&self, slot: Slot) -> &[u8] {
        self.bytes(slot.entry)
    }

    pub(super) fn item(&self, slot: Slot) -> Option<&Item> {
        self.items.get(slot.entry as usize)?.get()
    }

    /// Whether its names changed while it was looked at; nothing while it is.
    pub(super) fn changed(&self) -> Option<bool> {
        self.changed.get().copied()
    }

    fn bytes(&self, entry: u32) -> &[u8] {
        let name = self.entries[entry as usize];
        &self.names[name.at as usize..][..usize::from(name.len)]
    }

    fn c_name(&self, entry: u32) -> &CStr {
        let name = self.entries[entry as usize];
        let bytes = &self.names[name.at as usize..=name.at as usize + usize::from(name.len)];
        CStr::from_bytes_with_nul(bytes).unwrap_or_default()
    }
}

/// What workers share.
pub(super) struct Work<'a, 's> {
    pub(super) how: &'a Scan<'a>,
    /// The one name of the root that is looked at; every one where nothing is said.
    pub(super) only: Option<&'a [u8]>,
    pub(super) queue: &'a Queue,
    /// The file system of the root.
    pub(super) device: u64,
    pub(super) cancel: &'a Cancel,
    pub(super) root: &'a Path,
    pub(super) emitter: &'a Mutex<Emitter<'s>>,
}

impl Work<'_, '_> {
    /// Passes on what is ready, unless another worker is at it. What that one has just passed by is seen next time, or at the
    /// end.
    pub(super) fn pass_on(&self) {
        if let Ok(mut emitter) = self.emitter.try_lock()
            && !emitter.drain()
        {
            self.queue.stop();
        }
    }

    pub(super) fn carry_out(&self, task: Task, reader: &mut Reader<'_>) {
        match task {
            Task::Root { node, dir } => self.list(&node, dir, reader),
            Task::List { node, dir, name } => {
                let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                let opened = rustix::fs::openat(&*dir, &*name, flags, Mode::empty());
                // The folder above may be closed before this one is read.
                drop(dir);
                match opened {
                    Ok(opened) => self.list(&node, opened, reader),
                    Err(error) => node.set(State::Closed(Closed::Unreadable(error.raw_os_error()))),
                }
            }
            Task::Read { folder, dir, from, to } => self.read(&folder, &dir, from, to, reader),
        }
    }

    fn list(&self, node: &Arc<Node>, dir: OwnedFd, reader: &mut Reader<'_>) {
        match self.listed(node, &dir, reader) {
            Ok(Some(folder)) => {
                let folder = Arc::new(folder);
                node.set(State::Ready(Arc::clone(&folder)));
                self.begin(&folder, dir, reader);
            }
            Ok(None) => node.set(State::Closed(Closed::Loop)),
            Err(error) => {
                tracing::debug!(root = %self.root.display(), %error, "a folder cannot be listed");
                node.set(State::Closed(Closed::Unreadable(error.raw_os_error())));
            }
        }
    }

    /// Lists a folder; nothing where it lies in itself.
    fn listed(&self, node: &Arc<Node>, dir: &OwnedFd, reader: &mut Reader<'_>) -> Result<Option<Folder>, Errno> {
        let stat = rustix::fs::fstat(dir)?;
        let id = (stat.st_dev, stat.st_ino);
        if node.parent.as_ref().is_some_and(|parent| parent.is_within(id)) {
            return Ok(None);
        }
        let _ = node.id.set(id);
        // What else comes and goes in the folder of a file is not the copy's.
        let only = self.only.filter(|_| node.parent.is_none());
        let mut names = Vec::new();
        let mut entries = Vec::new();
        let mut inodes: Vec<(u64, u32)> = Vec::new();
        let mut list = RawDir::new(dir.as_fd(), reader.spare());
        while let Some(entry) = list.next() {
            let entry = entry?;
            let bytes = entry.file_name().to_bytes_with_nul();
            if matches!(bytes, b".\0" | b"..\0") || only.is_some_and(|only| bytes.split_last() != Some((&0, only))) {
                continue;
            }
            let (Ok(at), Ok(len)) = (u32::try_from(names.len()), u16::try_from(bytes.len() - 1)) else {
                return Err(Errno::OVERFLOW);
            };
            let mut kind = entry.file_type();
            if kind == FileType::Unknown {
                let stat = rustix::fs::statat(dir, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW)?;
                kind = FileType::from_raw_mode(stat.st_mode);
            }
            if kind == FileType::RegularFile {
                inodes.push((entry.ino(), u32::try_from(entries.len()).unwrap_or(u32::MAX)));
            }
            names.extend_from_slice(bytes);
            entries.push(Name { at, len, kind });
        }
        inodes.sort_unstable();
        let reading: Vec<u32> = inodes.into_iter().map(|(_, entry)| entry).collect();
        let mut folder = Folder {
            prefix: node.prefix.clone(),
            names,
            items: std::iter::repeat_with(OnceLock::new).take(entries.len()).collect(),
            entries,
            slots: Vec::new(),
            children: Vec::new(),
            left: AtomicUsize::new(reading.len()),
            reading,
            mtime: (stat.st_mtime, i64::try_from(stat.st_mtime_nsec).unwrap_or(0)),
            changed: if only.is_some() { OnceLock::from(false) } else { OnceLock::new() },
        };
        self.others(node, &mut folder, dir);
        Ok(Some(folder))
    }

    /// Looks at what is no file, and puts all into its order.
    fn others(&self, node: &Arc<Node>, folder: &mut Folder, dir: &OwnedFd) {
        let count = u32::try_from(folder.entries.len()).unwrap_or(u32::MAX);
        let mut slots: Vec<Slot> = Vec::with_capacity(folder.entries.len());
        for entry in 0..count {
            slots.push(Slot { entry, child: u32::MAX });
            let kind = folder.entries[entry as usize].kind;
            if kind == FileType::RegularFile {
                continue;
            }
            let name = folder.c_name(entry);
            let mut item = match rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => {
                    let mut item = Item::of(&stat);
                    item.elsewhere = item.what == What::Folder && stat.st_dev != self.device;
                    item
                }
                Err(error) => Item::unknown(what(kind), error),
            };
            if item.what == What::Link {
                match rustix::fs::readlinkat(dir, name, Vec::new()) {
                    Ok(target) => item.target = Some(target.into_bytes().into_boxed_slice()),
                    Err(error) => item = Item::unknown(What::Link, error),
                }
            }
            if item.what == What::Folder {
                let child = Arc::new(Node::under(node, folder.bytes(entry)));
                if item.elsewhere && self.how.one_file_system {
                    child.set(State::Closed(Closed::Elsewhere));
                }
                slots.push(Slot { entry, child: u32::try_from(folder.children.len()).unwrap_or(u32::MAX) });
                folder.children.push(child);
            }
            let _ = folder.items[entry as usize].set(item);
        }
        slots.sort_unstable_by(|one, other| {
            let (one, other) = ((folder.name(*one), one.child), (folder.name(*other), other.child));
            in_order(one, other)
        });
        folder.slots = slots;
    }

    /// Hands out the folders below and reads the files.
    fn begin(&self, folder: &Arc<Folder>, dir: OwnedFd, reader: &mut Reader<'_>) {
        let dir = Arc::new(dir);
        // The newest task is the next: the last folder goes in first.
        let tasks = folder.slots.iter().rev().filter_map(|slot| {
            let node = folder.child(*slot)?;
            let left_out = self.how.one_file_system && folder.item(*slot).is_some_and(|item| item.elsewhere);
            if left_out {
                return None;
            }
            let name = folder.c_name(slot.entry).into();
            Some(Task::List { node: Arc::clone(node), dir: Arc::clone(&dir), name })
        });
        if !folder.children.is_empty() {
            self.queue.push(tasks);
        }
        if folder.reading.is_empty() {
            Self::finish(folder, &dir);
        } else {
            self.read(folder, &dir, 0, folder.reading.len(), reader);
        }
    }

    /// Reads the files `from..to`, and gives away what is left of them where another worker waits or a file is large.
    fn read(&self, folder: &Arc<Folder>, dir: &Arc<OwnedFd>, from: usize, to: usize, reader: &mut Reader<'_>) {
        let mut to = to;
        let mut at = from;
        let mut unsaid = 0;
        while at < to {
            if self.cancel.is_set() {
                return;
            }
            if (at - from).is_multiple_of(PIECE) && to - at > PIECE && self.queue.is_hungry() {
                let middle = at + (to - at) / 2;
                self.give(folder, dir, middle, to);
                to = middle;
            }
            let entry = folder.reading[at];
            let name = folder.c_name(entry);
            let wanted = self.how.wants(folder.prefix(), name.to_bytes());
            let rest = at + 1;
            let item = reader.file(dir, name, wanted, || {
                // A large file keeps us: the others are for whoever is free.
                if rest < to {
                    self.give(folder, dir, rest, to);
                    to = rest;
                }
            });
            if self.cancel.is_set() {
                // It may be cut short.
                return;
            }
            unsaid += 64 * 1024 + item.size;
            let _ = folder.items[entry as usize].set(item);
            at += 1;
            if unsaid > SAID_AT_LEAST {
                unsaid = 0;
                self.pass_on();
            }
        }
        let count = at - from;
        reader.count(count as u64);
        if folder.left.fetch_sub(count, Atomic::AcqRel) == count {
            Self::finish(folder, dir);
        }
    }

    fn give(&self, folder: &Arc<Folder>, dir: &Arc<OwnedFd>, from: usize, to: usize) {
        self.queue.push([Task::Read { folder: Arc::clone(folder), dir: Arc::clone(dir), from, to }]);
    }

    /// All of a folder was seen: whether its names are still those that were listed shows its time.
    fn finish(folder: &Folder, dir: &OwnedFd) {
        let same = rustix::fs::fstat(dir)
            .is_ok_and(|stat| (stat.st_mtime, i64::try_from(stat.st_mtime_nsec).unwrap_or(0)) == folder.mtime);
        let _ = folder.changed.set(!same);
    }
}

fn what(kind: FileType) -> What {
    match kind {
        FileType::RegularFile => What::File,
        FileType::Directory => What::Folder,
        FileType::Symlink => What::Link,
        _ => What::Special,
    }
}

/// Orders an entry, and the content of a folder as if its name ended with `/`.
fn in_order((one, one_child): (&[u8], u32), (other, other_child): (&[u8], u32)) -> Ordering {
    let shared = one.len().min(other.len());
    one[..shared].cmp(&other[..shared]).then_with(|| {
        let end = |child: u32| if child == u32::MAX { &b""[..] } else { &b"/"[..] };
        one[shared..].iter().chain(end(one_child)).cmp(other[shared..].iter().chain(end(other_child)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_a_folder_stands_where_its_paths_belong() {
        let mut slots = [(&b"a"[..], 0), (b"a", u32::MAX), (b"a-b", u32::MAX), (b"a.txt", u32::MAX), (b"a0", u32::MAX)];
        slots.sort_unstable_by(|one, other| in_order(*one, *other));
        let names: Vec<(&[u8], bool)> = slots.iter().map(|(name, child)| (*name, *child == 0)).collect();
        let expected: [(&[u8], bool); 5] =
            [(b"a", false), (b"a-b", false), (b"a.txt", false), (b"a", true), (b"a0", false)];
        assert_eq!(names, expected);
    }
}
