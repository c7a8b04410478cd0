//! Ending work on a copy before it is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::BackupError;

/// Ends work on a copy from another thread: it is looked at between files and between the reads of a file.
///
/// What was begun is taken back: a place to restore to is as it was, a seal is not there. What had its effect before it
/// looked has had it, and says so.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Ends the work that was given this or a copy of it, as soon as it looks.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Goes on, unless the work is to end.
    pub(super) fn check(&self) -> Result<(), BackupError> {
        if self.is_set() { Err(BackupError::Cancelled) } else { Ok(()) }
    }

    /// What `done` came to; that it was cancelled, where it failed when it was.
    pub(super) fn or<T>(&self, done: Result<T, BackupError>) -> Result<T, BackupError> {
        done.map_err(|error| if self.is_set() { BackupError::Cancelled } else { error })
    }
}
