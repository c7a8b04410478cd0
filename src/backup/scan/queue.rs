//! Work that is left, and the tree of folders whose results are still to be passed on.

use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use super::folder::Folder;
use super::item::Closed;

/// A folder that was found.
pub(super) struct Node {
    pub(super) parent: Option<Arc<Node>>,
    /// Its path with a `/` at its end; empty for the root.
    pub(super) prefix: Vec<u8>,
    /// Device and inode, once it is open.
    pub(super) id: OnceLock<(u64, u64)>,
    state: Mutex<State>,
}

/// How far a folder has come.
pub(super) enum State {
    Waiting,
    Ready(Arc<Folder>),
    Closed(Closed),
    /// Its results were passed on.
    Gone,
}

impl Node {
    pub(super) fn root() -> Self {
        Self { parent: None, prefix: Vec::new(), id: OnceLock::new(), state: Mutex::new(State::Waiting) }
    }

    pub(super) fn under(parent: &Arc<Self>, name: &[u8]) -> Self {
        let prefix = [parent.prefix.as_slice(), name, b"/"].concat();
        Self { parent: Some(Arc::clone(parent)), prefix, id: OnceLock::new(), state: Mutex::new(State::Waiting) }
    }

    /// Whether it, or a folder that it lies in, is `id`.
    pub(super) fn is_within(&self, id: (u64, u64)) -> bool {
        let mut node = Some(self);
        while let Some(one) = node {
            if one.id.get() == Some(&id) {
                return true;
            }
            node = one.parent.as_deref();
        }
        false
    }

    pub(super) fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// What came of it, once; nothing where it is not ready.
    pub(super) fn take(&self) -> Option<State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Waiting => None,
            _ => Some(std::mem::replace(&mut *state, State::Gone)),
        }
    }
}

/// Something to do.
pub(super) enum Task {
    /// List the root, which is open.
    Root { node: Arc<Node>, dir: OwnedFd },
    /// Open and list a folder.
    List { node: Arc<Node>, dir: Arc<OwnedFd>, name: Box<std::ffi::CStr> },
    /// Read the files `from..to` of a folder, in the order of reading.
    Read { folder: Arc<Folder>, dir: Arc<OwnedFd>, from: usize, to: usize },
}

/// Work that is left, the newest first: it is the next in the order of the paths, so that little has to wait.
pub(super) struct Queue {
    inner: Mutex<Inner>,
    changed: Condvar,
}

struct Inner {
    tasks: Vec<Task>,
    /// Tasks that are being carried out.
    busy: usize,
    idle: usize,
    stopped: bool,
}

impl Queue {
    pub(super) fn new(first: Task) -> Self {
        let inner = Inner { tasks: vec![first], busy: 0, idle: 0, stopped: false };
        Self { inner: Mutex::new(inner), changed: Condvar::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task; waits for one. Nothing where none will come.
    pub(super) fn take(&self) -> Option<Task> {
        let mut inner = self.inner();
        loop {
            if inner.stopped {
                return None;
            }
            if let Some(task) = inner.tasks.pop() {
                inner.busy += 1;
                return Some(task);
            }
            if inner.busy == 0 {
                return None;
            }
            inner.idle += 1;
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
            inner.idle -= 1;
        }
    }

    /// A task that was taken is done.
    pub(super) fn done(&self) {
        let mut inner = self.inner();
        inner.busy -= 1;
        if inner.busy == 0 && inner.tasks.is_empty() {
            self.changed.notify_all();
        }
    }

    /// Adds tasks, the last of which is the next.
    pub(super) fn push(&self, tasks: impl IntoIterator<Item = Task>) {
        let mut inner = self.inner();
        inner.tasks.extend(tasks);
        if inner.idle > 0 {
            self.changed.notify_all();
        }
    }

    /// Whether a worker waits and nothing is left for it.
    pub(super) fn is_hungry(&self) -> bool {
        let inner = self.inner();
        inner.idle > 0 && inner.tasks.is_empty()
    }

    /// Gives out nothing more.
    pub(super) fn stop(&self) {
        self.inner().stopped = true;
        self.changed.notify_all();
    }
}
