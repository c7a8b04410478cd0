//! The lock that a run's loop holds for its life. Closed on exec, so no child of the loop keeps it.

use std::any::Any;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::LedgerError;
use super::layout::Layout;
use super::storage::{Disk, Storage};
use crate::model::{Hold, RunId};

/// Held while a loop drives a run; let go when dropped, or when the process dies.
#[derive(Debug)]
pub struct LoopLock {
    _guard: Box<dyn Any + Send + Sync>,
    path: PathBuf,
    /// Which file was locked: its device and number.
    file: Option<(u64, u64)>,
}

impl Hold for LoopLock {
    fn holds(&self) -> bool {
        self.file.is_none() || self.file == Disk::identity(&self.path)
    }
}

impl LoopLock {
    /// Takes the lock of `run` in the ledger in `dir`; nothing where another loop has it.
    ///
    /// # Errors
    ///
    /// Where the file cannot be made or locked.
    pub fn take(dir: &Path, run: &RunId) -> Result<Option<Self>, LedgerError> {
        let layout = Layout::new(dir);
        let folder = layout.loops();
        Disk.create_folder(&folder).map_err(LedgerError::io(&folder))?;
        let path = folder.join(run.as_str());
        let guard = Disk.lock(&path, false).map_err(LedgerError::io(&path))?;
        let file = Disk::identity(&path);
        Ok(guard.map(|guard| Self { _guard: guard, path, file }))
    }

    /// As [`LoopLock::take`], looking again for up to `patience` where another has it.
    ///
    /// A loop that is killed while it starts a command leaves its lock with the child until that has begun its own
    /// program: for some milliseconds a dead loop looks alive.
    ///
    /// # Errors
    ///
    /// As [`LoopLock::take`].
    pub fn take_within(dir: &Path, run: &RunId, patience: Duration) -> Result<Option<Self>, LedgerError> {
        let end = Instant::now() + patience;
        loop {
            let taken = Self::take(dir, run)?;
            if taken.is_some() || Instant::now() >= end {
                return Ok(taken);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::tests::folder;

    #[test]
    fn only_one_loop_drives_a_run() {
        let dir = folder();
        let run: RunId = "DT-2026-001".parse().expect("an id");
        let other: RunId = "DT-2026-002".parse().expect("an id");
        let first = LoopLock::take(dir.path(), &run).expect("a lock");
        assert!(first.is_some());
        assert!(LoopLock::take(dir.path(), &run).expect("a lock").is_none());
        assert!(LoopLock::take(dir.path(), &other).expect("a lock").is_some());
        drop(first);
        assert!(LoopLock::take(dir.path(), &run).expect("a lock").is_some());
    }

    #[test]
    fn a_lock_that_is_let_go_meanwhile_is_taken() {
        let dir = folder();
        let run: RunId = "DT-2026-001".parse().expect("an id");
        let first = LoopLock::take(dir.path(), &run).expect("a lock").expect("nobody has it");
        let later = thread::scope(|scope| {
            let waiting = scope.spawn(|| LoopLock::take_within(dir.path(), &run, Duration::from_mins(1)));
            drop(first);
            waiting.join().expect("it ends").expect("a lock")
        });
        assert!(later.is_some());
        assert!(LoopLock::take_within(dir.path(), &run, Duration::ZERO).expect("a lock").is_none());
    }
}
