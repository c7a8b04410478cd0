//! A storage for tests: records what is written, so that every prefix of it can be replayed, and fails when told to.

use std::any::Any;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::{Disk, Handle, How, Storage};

/// Something that was done to the files below a folder; paths are relative to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ledger) enum Op {
    Folder(PathBuf),
    Create(PathBuf),
    Write {
        path: PathBuf,
        offset: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        path: PathBuf,
        length: u64,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    Sync(PathBuf),
    SyncFolder(PathBuf),
    /// The test was told that so many records are kept.
    Acknowledged(u64),
}

#[derive(Debug, Default)]
struct Shared {
    root: PathBuf,
    ops: Vec<Op>,
    /// Bytes that may still be written, where the disk is small. What is removed gives its bytes back.
    room: Option<u64>,
    /// So many syncs go well before one fails.
    sync_fails_after: Option<u64>,
    /// How long a sync takes on this disk, besides what it takes on the machine's.
    sync_takes: std::time::Duration,
    /// How many syncs of file data there were.
    syncs: u64,
}

/// The machine's files below a folder, watched.
#[derive(Clone, Debug)]
pub(in crate::ledger) struct Recording(Arc<Mutex<Shared>>);

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    file: Box<dyn Handle>,
    shared: Arc<Mutex<Shared>>,
}

impl Recording {
    pub(in crate::ledger) fn new(root: &Path) -> Self {
        Self(Arc::new(Mutex::new(Shared { root: root.to_owned(), ..Shared::default() })))
    }

    fn note(&self, op: impl FnOnce(&Path) -> Op) {
        let mut shared = self.0.lock().expect("no panic");
        let op = op(&shared.root);
        shared.ops.push(op);
    }

    pub(in crate::ledger) fn acknowledged(&self, size: u64) {
        self.note(|_| Op::Acknowledged(size));
    }

    pub(in crate::ledger) fn ops(&self) -> Vec<Op> {
        self.0.lock().expect("no panic").ops.clone()
    }

    pub(in crate::ledger) fn syncs(&self) -> u64 {
        self.0.lock().expect("no panic").syncs
    }

    pub(in crate::ledger) fn sync_takes(&self, time: std::time::Duration) {
        self.0.lock().expect("no panic").sync_takes = time;
    }

    pub(in crate::ledger) fn leave_room(&self, bytes: Option<u64>) {
        self.0.lock().expect("no panic").room = bytes;
    }

    pub(in crate::ledger) fn fail_sync_after(&self, count: Option<u64>) {
        self.0.lock().expect("no panic").sync_fails_after = count;
    }
}

fn below(path: &Path, root: &Path) -> PathBuf {
    path.strip_prefix(root).expect("all files are below the folder").to_owned()
}

impl Storage for Recording {
    fn open(&self, path: &Path, how: How) -> io::Result<Box<dyn Handle>> {
        let new = matches!(how, How::Create | How::CreatePrivate) && Disk.size(path)?.is_none();
        let file = Disk.open(path, how)?;
        if new {
            self.note(|root| Op::Create(below(path, root)));
        }
        Ok(Box::new(Watched { path: path.to_owned(), file, shared: self.0.clone() }))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        Disk.create_folder(path)?;
        self.note(|root| Op::Folder(below(path, root)));
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        Disk.sync_folder(path)?;
        self.note(|root| Op::SyncFolder(below(path, root)));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Disk.rename(from, to)?;
        self.note(|root| Op::Rename { from: below(from, root), to: below(to, root) });
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let size = Disk.size(path)?.unwrap_or(0);
        Disk.remove(path)?;
        self.note(|root| Op::Remove(below(path, root)));
        if let Some(room) = &mut self.0.lock().expect("no panic").room {
            *room += size;
        }
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        Disk.list(path)
    }

    fn size(&self, path: &Path) -> io::Result<Option<u64>> {
        Disk.size(path)
    }

    fn free(&self, path: &Path) -> io::Result<u64> {
        let room = self.0.lock().expect("no panic").room;
        room.map_or_else(|| Disk.free(path), Ok)
    }

    fn lock(&self, path: &Path, wait: bool) -> io::Result<Option<Box<dyn Any + Send + Sync>>> {
        Disk.lock(path, wait)
    }
}

impl Watched {
    fn note(&self, op: impl FnOnce(PathBuf) -> Op) {
        let mut shared = self.shared.lock().expect("no panic");
        let op = op(below(&self.path, &shared.root));
        shared.ops.push(op);
    }

    fn synced(&self) -> io::Result<()> {
        let time = self.shared.lock().expect("no panic").sync_takes;
        if !time.is_zero() {
            std::thread::sleep(time);
        }
        let mut shared = self.shared.lock().expect("no panic");
        shared.syncs += 1;
        match &mut shared.sync_fails_after {
            Some(0) => {
                shared.sync_fails_after = None;
                return Err(io::Error::from_raw_os_error(5));
            }
            Some(left) => *left -= 1,
            None => {}
        }
        let path = below(&self.path, &shared.root);
        shared.ops.push(Op::Sync(path));
        Ok(())
    }
}

impl Handle for Watched {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(bytes, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let grows = (offset + bytes.len() as u64).saturating_sub(self.file.len()?);
        let mut fits = bytes.len();
        if let Some(room) = &mut self.shared.lock().expect("no panic").room {
            if grows > *room {
                fits = usize::try_from((bytes.len() as u64) - (grows - *room)).expect("small");
                *room = 0;
            } else {
                *room -= grows;
            }
        }
        self.file.write_at(&bytes[..fits], offset)?;
        self.note(|path| Op::Write { path, offset, bytes: bytes[..fits].to_vec() });
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        let gone = self.file.len()?.saturating_sub(length);
        self.file.truncate(length)?;
        self.note(|path| Op::Truncate { path, length });
        if let Some(room) = &mut self.shared.lock().expect("no panic").room {
            *room += gone;
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.synced()?;
        self.file.sync_data()
    }

    fn sync_all(&self) -> io::Result<()> {
        self.synced()?;
        self.file.sync_all()
    }
}

/// What a folder looks like after `ops`.
#[derive(Default)]
pub(in crate::ledger) struct Replay {
    files: BTreeMap<PathBuf, Vec<u8>>,
    folders: Vec<PathBuf>,
}

impl Replay {
    pub(in crate::ledger) fn apply(&mut self, op: &Op) {
        match op {
            Op::Folder(path) => self.folders.push(path.clone()),
            Op::Create(path) => {
                self.files.entry(path.clone()).or_default();
            }
            Op::Write { path, offset, bytes } => {
                let file = self.files.entry(path.clone()).or_default();
                let (start, end) = (usize::try_from(*offset).expect("small"), bytes.len());
                file.resize(file.len().max(start + end), 0);
                file[start..start + end].copy_from_slice(bytes);
            }
            Op::Truncate { path, length } => {
                self.files.entry(path.clone()).or_default().resize(usize::try_from(*length).expect("small"), 0);
            }
            Op::Rename { from, to } => {
                if let Some(file) = self.files.remove(from) {
                    self.files.insert(to.clone(), file);
                }
            }
            Op::Remove(path) => {
                self.files.remove(path);
            }
            Op::Sync(_) | Op::SyncFolder(_) | Op::Acknowledged(_) => {}
        }
    }

    /// The files after a power loss: what no sync covers is gone. Folders themselves are taken to be there.
    pub(in crate::ledger) fn after_power_loss(ops: &[Op]) -> Self {
        let mut replay = Self::default();
        for (number, op) in ops.iter().enumerate() {
            let later = &ops[number..];
            let folder_synced = |path: &PathBuf| {
                let folder = path.parent().unwrap_or(Path::new(""));
                later.iter().any(|op| matches!(op, Op::SyncFolder(synced) if synced == folder))
            };
            let data_synced = |path: &PathBuf| {
                // A file keeps its data when it is renamed: the sync may come under either name.
                later.iter().any(|op| matches!(op, Op::Sync(synced) if synced == path))
            };
            let kept = match op {
                Op::Folder(_) => true,
                Op::Create(path) | Op::Remove(path) => folder_synced(path),
                Op::Write { path, .. } | Op::Truncate { path, .. } => data_synced(path),
                Op::Rename { to, .. } => folder_synced(to),
                _ => false,
            };
            // A file that is renamed before its folder is synced is there under its new name.
            let made_and_renamed = matches!(op, Op::Create(path)
            if later.iter().any(|op| matches!(op, Op::Rename { from, to } if from == path && {
                let folder = to.parent().unwrap_or(Path::new(""));
                later.iter().any(|op| matches!(op, Op::SyncFolder(synced) if synced == folder))
            })));
            if kept || made_and_renamed {
                replay.apply(op);
            }
        }
        replay
    }

    /// Writes it all out below `root`.
    pub(in crate::ledger) fn write(&self, root: &Path) {
        for folder in &self.folders {
            std::fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        for (path, bytes) in &self.files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
            std::fs::write(path, bytes).expect("written");
        }
    }
}
