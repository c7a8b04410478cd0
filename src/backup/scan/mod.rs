//! Looks at every path under a folder and reads its files, with as many workers as the machine has cores.
//!
//! Folders are handed out while they are listed; a worker that lists a folder reads its files at once. Names are opened
//! relative to their folder, so no path is too long. What was seen goes to a [`Sink`] in byte order of the paths, whatever
//! finished first, and is forgotten then: memory grows with the largest folder, not with the tree.

mod folder;
mod item;
mod order;
mod queue;
mod read;

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{BackupError, Cancel};
pub(super) use item::{Closed, Item, Looked, Seen, What};
use order::Emitter;
use queue::{Node, Queue, Task};

/// Takes what was seen, in byte order of the paths.
pub(super) trait Sink: Send {
    /// Takes one path.
    fn see(&mut self, seen: &Seen<'_>) -> Result<(), BackupError>;

    /// Nothing under the folder of this path was looked at.
    fn closed(&mut self, folder: &[u8], why: Closed) -> Result<(), BackupError>;
}

/// How far the reading of files has come.
#[derive(Debug, Default)]
pub struct Progress {
    files: AtomicU64,
    bytes: AtomicU64,
}

impl Progress {
    /// Files that were read or passed over.
    #[must_use]
    pub fn files(&self) -> u64 {
        self.files.load(Ordering::Relaxed)
    }

    /// Bytes that were read.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn add_bytes(&self, count: u64) {
        self.bytes.fetch_add(count, Ordering::Relaxed);
    }

    pub(super) fn add_files(&self, count: u64) {
        self.files.fetch_add(count, Ordering::Relaxed);
    }
}

/// Holds reading to so many bytes a second, all workers together.
#[derive(Debug)]
pub(super) struct Limiter {
    bytes_a_second: u64,
    free_at: Mutex<Instant>,
}

impl Limiter {
    pub(super) fn new(bytes_a_second: u64) -> Self {
        Self { bytes_a_second: bytes_a_second.max(1), free_at: Mutex::new(Instant::now()) }
    }

    /// Waits until `bytes`, which were read, were not too many; no longer than until the work is to end.
    fn pass(&self, bytes: u64, cancel: &Cancel) {
        let mut until = {
            let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
            let cost = Duration::from_nanos(bytes.saturating_mul(1_000_000_000) / self.bytes_a_second);
            *free_at = (*free_at).max(Instant::now()) + cost;
            *free_at
        };
        while !cancel.is_set() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(50)));
            until = until.max(Instant::now());
        }
    }
}

/// Which files are read.
#[derive(Clone, Debug, Default)]
pub(super) enum Choice {
    /// Every one.
    #[default]
    All,
    /// None: only that they are there, and how big.
    None,
    /// Those in a share of all paths.
    Share(super::share::Share),
}

/// How to scan.
#[derive(Debug, Default)]
pub(super) struct Scan<'a> {
    pub(super) choice: Choice,
    /// Files up to this path, in byte order, were read before.
    pub(super) after: Option<Vec<u8>>,
    /// Whether folders on other file systems are left out.
    pub(super) one_file_system: bool,
    pub(super) limiter: Option<Limiter>,
    pub(super) progress: Option<&'a Progress>,
    /// What changed in this second or later may be changing still: it is looked at before and after it is read.
    pub(super) recent: i64,
}

impl Scan<'_> {
    /// Whether the file at `prefix` and `name` is to be read.
    fn wants(&self, prefix: &[u8], name: &[u8]) -> bool {
        if let Some(after) = &self.after {
            let parts = prefix.iter().chain(name);
            if parts.cmp(after.iter()).is_le() {
                return false;
            }
        }
        match &self.choice {
            Choice::All => true,
            Choice::None => false,
            Choice::Share(share) => share.holds(prefix, name),
        }
    }
}

/// Looks at everything under `root`, not at `root` itself; where `root` is a file, at it alone, under its name.
///
/// # Errors
///
/// Where `root` is neither a file nor a folder that can be opened, `cancel` ended it, or the sink says so. What cannot be read below goes to
/// the sink.
pub(super) fn scan(root: &Path, how: &Scan<'_>, sink: &mut dyn Sink, cancel: &Cancel) -> Result<(), BackupError> {
    let base = base(root);
    let opened = File::open(base).map_err(BackupError::read(base))?;
    let metadata = opened.metadata().map_err(BackupError::read(base))?;
    if !metadata.is_dir() {
        return Err(BackupError::NotAFolder { path: root.to_owned() });
    }
    let only = if base == root { None } else { root.file_name().map(std::os::unix::ffi::OsStrExt::as_bytes) };
    raise_limit();
    let device = metadata.dev();
    let top = Arc::new(Node::root());
    let queue = Queue::new(Task::Root { node: Arc::clone(&top), dir: opened.into() });
    let emitter = Mutex::new(Emitter::new(top, sink));
    let work = folder::Work { how, only, queue: &queue, device, cancel, root, emitter: &emitter };
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(|| worker(&work));
        }
        worker(&work);
    });
    let mut emitter = emitter.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Also what was whole when it was ended.
    emitter.drain();
    cancel.check()?;
    emitter.finish()
}

/// The folder that the paths of a copy begin in: itself, or the one that holds it where it is a file.
pub(super) fn base(copy: &Path) -> &Path {
    match copy.parent() {
        Some(parent) if copy.is_file() => {
            if parent.as_os_str().is_empty() {
                Path::new(".")
            } else {
                parent
            }
        }
        _ => copy,
    }
}

fn worker(work: &folder::Work<'_, '_>) {
    let mut reader = read::Reader::new(work.how, work.cancel, work.queue);
    while let Some(task) = work.queue.take() {
        work.carry_out(task, &mut reader);
        work.queue.done();
        if work.cancel.is_set() {
            work.queue.stop();
            return;
        }
        work.pass_on();
    }
}

/// Deep trees keep one folder open a level: as many as the system lets us.
fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Where it may not be raised, a tree that is too deep is told as a folder that cannot be read.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}
