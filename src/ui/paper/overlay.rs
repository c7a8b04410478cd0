//! Objects that are only tried: what is put stays in memory, so that showing what would be entered writes nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use crate::model::{Digest, JournalError, ObjectRef, Objects};

/// Objects of a ledger, and beside them some in memory.
pub(crate) struct Overlay<'a> {
    below: &'a dyn Objects,
    tried: Mutex<BTreeMap<Digest, Vec<u8>>>,
}

impl<'a> Overlay<'a> {
    /// Nothing is tried yet.
    pub(crate) fn new(below: &'a dyn Objects) -> Self {
        Self { below, tried: Mutex::new(BTreeMap::new()) }
    }
}

impl Objects for Overlay<'_> {
    fn put(&self, bytes: &[u8]) -> Result<ObjectRef, JournalError> {
        let digest = Digest::of(bytes);
        let mut tried = self.tried.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tried.insert(digest, bytes.to_vec());
        Ok(ObjectRef { object: digest, size: bytes.len() as u64 })
    }

    fn put_text(&self, text: &str) -> Result<ObjectRef, JournalError> {
        // It never leaves the memory: no salt is needed.
        self.put(format!("ungpho-text/1 {:032}\n{text}", 0).as_bytes())
    }

    fn put_file(&self, path: &Path) -> Result<ObjectRef, JournalError> {
        self.put(path.display().to_string().as_bytes())
    }

    fn put_text_file(&self, path: &Path) -> Result<ObjectRef, JournalError> {
        self.put_file(path)
    }

    fn get(&self, object: &ObjectRef) -> Result<Option<Vec<u8>>, JournalError> {
        let tried = self.tried.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match tried.get(&object.object) {
            Some(bytes) => Ok(Some(bytes.clone())),
            None => self.below.get(object),
        }
    }
}
