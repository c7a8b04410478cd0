//! Checkpoints: the size and root of the log, signed. Every one is kept; `checkpoint` is the newest.

use super::layout::Layout;
use super::note::{Checkpoint, Note};
use super::open::Inner;
use super::storage::{Storage, read, replace};
use super::{Ledger, LedgerError, index};

/// The checkpoint in a file, as it says; not verified.
pub(super) fn parse(bytes: &[u8]) -> Option<(Note, Checkpoint)> {
    let note = Note::parse(bytes)?;
    let checkpoint = Checkpoint::parse(&note.text)?;
    Some((note, checkpoint))
}

/// Writes a checkpoint: under its size first, then as the newest.
fn store(storage: &dyn Storage, layout: &Layout, size: u64, note: &str) -> Result<(), LedgerError> {
    let folder = layout.checkpoints();
    storage.create_folder(&folder).map_err(LedgerError::io(&folder))?;
    for path in [folder.join(size.to_string()), layout.checkpoint()] {
        replace(storage, &path, note.as_bytes(), true).map_err(LedgerError::io(&path))?;
    }
    Ok(())
}

impl Ledger {
    /// The newest checkpoint, as it says; not verified.
    pub(super) fn newest_checkpoint(&self) -> Option<Checkpoint> {
        let bytes = read(self.storage.as_ref(), &self.layout.checkpoint()).ok()??;
        Some(parse(&bytes)?.1)
    }

    /// Signs the log as it is, under the lock and after a sync; false where the key is not here.
    ///
    /// A size that was signed before is not signed again.
    ///
    /// # Errors
    ///
    /// The same records, or more, are signed with another root: the log was changed after it was signed. A second signature
    /// over the same size would hide just that.
    pub(super) fn sign(&self, inner: &mut Inner) -> Result<bool, LedgerError> {
        let Some(head) = &mut inner.head else { return Ok(false) };
        let checkpoint = Checkpoint { origin: head.origin.clone(), size: head.size(), root: head.tree.root() };
        if checkpoint.size == 0 {
            return Ok(false);
        }
        let newest = self.newest_checkpoint();
        if let Some(newest) = newest.as_ref().filter(|newest| newest.origin == checkpoint.origin)
            && newest.size >= checkpoint.size
            && *newest != checkpoint
        {
            return Err(LedgerError::SignedOtherwise { size: newest.size });
        }
        index::store_tiles(self.storage.as_ref(), &self.layout, head)?;
        for tile in head.tree.partial() {
            index::store_tile(self.storage.as_ref(), &self.layout.tiles(), &tile)?;
        }
        let Some(key) = self.private_key(inner) else { return Ok(false) };
        if newest.as_ref() != Some(&checkpoint) {
            let note = key.note(&checkpoint.to_text());
            store(self.storage.as_ref(), &self.layout, checkpoint.size, &note)?;
        }
        inner.signed = checkpoint.size;
        Ok(true)
    }
}
