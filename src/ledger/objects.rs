//! Objects: bytes under their digest. On the disk, with their folder's entry, before the record that names them.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::storage::{Handle, How, read};
use super::{Ledger, LedgerError};
use crate::model::{Digest, JournalError, ObjectRef, Objects, digest};

/// The first line of a text object.
fn salt_line() -> Result<Vec<u8>, LedgerError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|e| LedgerError::io(Path::new("/dev/urandom"))(io::Error::other(e)))?;
    Ok(format!("ungpho-text/1 {}\n", digest::hex(&salt)).into_bytes())
}

/// `text` behind a line of fresh salt: the bytes of an object that is kept elsewhere, so that its digest can be given away
/// before it is.
///
/// # Errors
///
/// Where the machine gives no random bytes.
pub fn salted(text: &str) -> Result<Vec<u8>, LedgerError> {
    let mut whole = salt_line()?;
    whole.extend_from_slice(text.as_bytes());
    Ok(whole)
}

/// A file in the spool that becomes an object or is removed.
struct Growing<'a> {
    ledger: &'a Ledger,
    path: PathBuf,
    file: Box<dyn Handle>,
    hash: Sha256,
    size: u64,
    kept: bool,
}

impl<'a> Growing<'a> {
    fn begin(ledger: &'a Ledger) -> Result<Self, LedgerError> {
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|e| LedgerError::io(&ledger.layout.dir)(io::Error::other(e)))?;
        let folder = ledger.layout.spool();
        let path = folder.join(format!("object-{}", digest::hex(&name)));
        let file = match ledger.storage.open(&path, How::Create) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                ledger.storage.create_folder(&folder).map_err(LedgerError::io(&folder))?;
                ledger.storage.open(&path, How::Create)
            }
            other => other,
        };
        let file = file.map_err(LedgerError::io(&path))?;
        Ok(Self { ledger, path, file, hash: Sha256::new(), size: 0, kept: false })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.hash.update(bytes);
        self.file.write_at(bytes, self.size).map_err(LedgerError::io(&self.path))?;
        self.size += bytes.len() as u64;
        Ok(())
    }

    fn finish(mut self) -> Result<ObjectRef, LedgerError> {
        let storage = &self.ledger.storage;
        let object = ObjectRef { object: Digest(self.hash.clone().finalize().into()), size: self.size };
        let target = self.ledger.layout.object(&object.object);
        let folder = target.parent().unwrap_or(&self.ledger.layout.dir);
        self.file.sync_all().map_err(LedgerError::io(&self.path))?;
        match storage.rename(&self.path, &target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let above = self.ledger.layout.objects();
                storage.create_folder(folder).map_err(LedgerError::io(folder))?;
                storage.sync_folder(&above).map_err(LedgerError::io(&above))?;
                storage.rename(&self.path, &target).map_err(LedgerError::io(&target))?;
            }
            other => other.map_err(LedgerError::io(&target))?,
        }
        self.kept = true;
        storage.sync_folder(folder).map_err(LedgerError::io(folder))?;
        Ok(object)
    }
}

impl Drop for Growing<'_> {
    fn drop(&mut self) {
        if !self.kept {
            let _ = self.ledger.storage.remove(&self.path);
        }
    }
}

impl Ledger {
    /// Keeps `parts` one after the other as one object.
    pub(super) fn keep(&self, parts: &[&[u8]]) -> Result<ObjectRef, LedgerError> {
        if self.read_only {
            return Err(LedgerError::ReadOnly { dir: self.layout.dir.clone() });
        }
        let mut growing = Growing::begin(self)?;
        for part in parts {
            growing.write(part)?;
        }
        growing.finish()
    }

    fn keep_file(&self, first: &[u8], path: &Path) -> Result<ObjectRef, LedgerError> {
        if self.read_only {
            return Err(LedgerError::ReadOnly { dir: self.layout.dir.clone() });
        }
        let source = self.storage.open(path, How::Read).map_err(LedgerError::io(path))?;
        let mut growing = Growing::begin(self)?;
        if !first.is_empty() {
            growing.write(first)?;
        }
        let mut buffer = vec![0; 256 * 1024];
        let mut offset = 0;
        loop {
            let read = source.read_at(&mut buffer, offset).map_err(LedgerError::io(path))?;
            if read == 0 {
                return growing.finish();
            }
            growing.write(&buffer[..read])?;
            offset += read as u64;
        }
    }

    fn or_full<T>(&self, result: Result<T, LedgerError>) -> Result<T, JournalError> {
        result.map_err(|error| {
            let error = JournalError::from(error);
            if matches!(error, JournalError::Full(_)) {
                self.free_ballast();
            }
            error
        })
    }
}

impl Objects for Ledger {
    fn put(&self, bytes: &[u8]) -> Result<ObjectRef, JournalError> {
        self.or_full(self.keep(&[bytes]))
    }

    fn put_text(&self, text: &str) -> Result<ObjectRef, JournalError> {
        let salt = salt_line()?;
        let mut whole = salt;
        whole.extend_from_slice(text.as_bytes());
        self.or_full(self.keep(&[&whole]))
    }

    fn put_file(&self, path: &Path) -> Result<ObjectRef, JournalError> {
        self.or_full(self.keep_file(&[], path))
    }

    fn put_text_file(&self, path: &Path) -> Result<ObjectRef, JournalError> {
        let salt = salt_line()?;
        self.or_full(self.keep_file(&salt, path))
    }

    fn get(&self, object: &ObjectRef) -> Result<Option<Vec<u8>>, JournalError> {
        let path = self.layout.object(&object.object);
        let Some(bytes) = read(self.storage.as_ref(), &path).map_err(LedgerError::io(&path))? else {
            return Ok(None);
        };
        if bytes.len() as u64 == object.size && Digest::of(&bytes) == object.object {
            Ok(Some(bytes))
        } else {
            Err(LedgerError::Object { path }.into())
        }
    }
}
