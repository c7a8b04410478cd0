//! Passes results on in byte order of the paths.

use std::sync::Arc;

use super::Sink;
use super::folder::Folder;
use super::item::{Closed, Seen};
use super::queue::{Node, State};
use crate::backup::BackupError;

/// Walks the tree of what is ready, as far as it goes.
pub(super) struct Emitter<'s> {
    sink: &'s mut dyn Sink,
    first: Option<Arc<Node>>,
    /// The folders that the next path lies in, and how much of each was passed on.
    open: Vec<(Arc<Folder>, usize)>,
    path: Vec<u8>,
    failed: Option<BackupError>,
}

impl<'s> Emitter<'s> {
    pub(super) fn new(root: Arc<Node>, sink: &'s mut dyn Sink) -> Self {
        Self { sink, first: Some(root), open: Vec::new(), path: Vec::new(), failed: None }
    }

    /// Passes on what is ready. False where the sink wants no more.
    pub(super) fn drain(&mut self) -> bool {
        if self.failed.is_none()
            && let Err(error) = self.step()
        {
            self.failed = Some(error);
        }
        self.failed.is_none()
    }

    pub(super) fn finish(self) -> Result<(), BackupError> {
        self.failed.map_or(Ok(()), Err)
    }

    fn step(&mut self) -> Result<(), BackupError> {
        if let Some(root) = self.first.take() {
            match root.take() {
                None => self.first = Some(root),
                Some(state) => self.enter(&root, state)?,
            }
        }
        while let Some((folder, at)) = self.open.last_mut() {
            let Some(slot) = folder.slots().get(*at) else {
                let Some(changed) = folder.changed() else { return Ok(()) };
                if changed {
                    let path = folder.prefix().strip_suffix(b"/").unwrap_or(folder.prefix());
                    self.sink.closed(path, Closed::Changing)?;
                }
                self.open.pop();
                continue;
            };
            if let Some(child) = folder.child(*slot) {
                let Some(state) = child.take() else { return Ok(()) };
                *at += 1;
                let child = Arc::clone(child);
                self.enter(&child, state)?;
            } else {
                let Some(item) = folder.item(*slot) else { return Ok(()) };
                *at += 1;
                self.path.clear();
                self.path.extend_from_slice(folder.prefix());
                self.path.extend_from_slice(folder.name(*slot));
                self.sink.see(&Seen { path: &self.path, item })?;
            }
        }
        Ok(())
    }

    fn enter(&mut self, node: &Node, state: State) -> Result<(), BackupError> {
        let path = node.prefix.strip_suffix(b"/").unwrap_or(&node.prefix);
        match state {
            State::Ready(folder) => {
                self.open.push((folder, 0));
                Ok(())
            }
            State::Closed(why) => self.sink.closed(path, why),
            State::Waiting | State::Gone => Ok(()),
        }
    }
}
