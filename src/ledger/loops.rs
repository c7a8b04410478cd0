//! The lock that a run's loop holds for its life. Closed on exec, so no child of the loop keeps it.

use std::any::Any;
use std::path::Path;

use super::LedgerError;
use super::layout::Layout;
use super::storage::{Disk, Storage};
use crate::model::RunId;

/// Held while a loop drives a run; let go when dropped, or when the process dies.
#[derive(Debug)]
pub struct LoopLock {
    _guard: Box<dyn Any + Send + Sync>,
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
        Ok(guard.map(|guard| Self { _guard: guard }))
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
}
