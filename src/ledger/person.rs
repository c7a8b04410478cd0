//! Keys of persons, and what they sign: the ledger as it stood at a size, as a C2SP checkpoint under a key of their own.

use std::path::Path;

use super::layout::{Layout, SEGMENT};
use super::lines::{Entry, Lines};
use super::note::{Checkpoint, Note, PrivateKey, PublicKey};
use super::storage::{Disk, How, Storage, read};
use super::tree::{self, Hash, Tree};
use super::{Ledger, LedgerError};
use crate::model::Actor;

/// The name of `person`'s key: `ungpho-person/<id>`.
#[must_use]
pub fn key_name(person: &Actor) -> String {
    format!("ungpho-person/{person}")
}

/// Makes a private key for `person` in the file at `path`, which must not be there yet: readable for its owner only, and
/// durable when this returns.
///
/// # Errors
///
/// Where the file is there, or cannot be written.
pub fn new_key(path: &Path, person: &Actor) -> Result<PublicKey, LedgerError> {
    let failed = |source: std::io::Error| LedgerError::Key { path: path.to_owned(), source: Box::new(source) };
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|e| failed(std::io::Error::other(e)))?;
    let key = PrivateKey::new(&key_name(person), &seed);
    let file = Disk.open(path, How::CreatePrivate).map_err(failed)?;
    file.write_at(key.to_text().as_bytes(), 0).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Disk.sync_folder(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    Ok(key.public())
}

/// Reads a private key from its file.
///
/// # Errors
///
/// Where it cannot be read, or is no private key. What stands in it is not repeated.
pub fn read_key(path: &Path) -> Result<PrivateKey, LedgerError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| LedgerError::Key { path: path.to_owned(), source };
    let bytes = read(&Disk, path).map_err(|e| failed(Box::new(e)))?;
    let bytes = bytes.ok_or_else(|| failed(Box::new(std::io::Error::from(std::io::ErrorKind::NotFound))))?;
    let text = std::str::from_utf8(&bytes).map_err(|e| failed(Box::new(e)))?;
    PrivateKey::parse(text).map_err(|e| failed(Box::new(e)))
}

/// What a person's signature came to, without the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PersonNote {
    /// It is theirs, over this root.
    Good(Hash),
    /// It is not a checkpoint of this ledger and size under this key, or the key is not in this person's name.
    Bad,
}

/// Reads the note of a `signed` record.
pub(super) fn judge(bytes: &[u8], vkey: &str, person: &Actor, origin: &str, size: u64) -> PersonNote {
    let good = || {
        let key = PublicKey::parse(vkey).ok().filter(|key| key.name == key_name(person))?;
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        let fits = checkpoint.origin == origin && checkpoint.size == size && key.verifies(&note);
        fits.then_some(checkpoint.root)
    };
    good().map_or(PersonNote::Bad, PersonNote::Good)
}

/// Whether `bytes` are a note over exactly `text`, signed with `person`'s key.
pub(super) fn consented(bytes: &[u8], vkey: &str, person: &Actor, text: &str) -> bool {
    let key = PublicKey::parse(vkey).ok().filter(|key| key.name == key_name(person));
    key.zip(Note::parse(bytes)).is_some_and(|(key, note)| note.text == text && key.verifies(&note))
}

/// The roots over the first records of a log, for each of `sizes` (ascending) that it reaches. Reads the log once.
pub(super) fn roots(storage: &dyn Storage, layout: &Layout, sizes: &[u64]) -> Result<Vec<(u64, Hash)>, LedgerError> {
    let mut roots = Vec::new();
    let mut lines = Lines::new(storage, layout, 256 * 1024);
    let mut tree = Tree::default();
    let mut offset = 0;
    for size in sizes {
        while tree.size() < *size {
            let seq = tree.size();
            let Some(line) = lines.of(Entry { seq, offset })? else { return Ok(roots) };
            offset = if (seq + 1).is_multiple_of(SEGMENT) { 0 } else { offset + line.len() as u64 + 1 };
            tree.push(tree::leaf(line), &mut Vec::new());
        }
        roots.push((*size, tree.root()));
    }
    Ok(roots)
}

impl Ledger {
    /// The checkpoint of the first `size` records; nothing where the log has fewer.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub fn checkpoint_at(&self, size: u64) -> Result<Option<Checkpoint>, LedgerError> {
        let head = self.head()?;
        let root = roots(self.storage.as_ref(), &self.layout, &[size])?.pop();
        Ok(root.map(|(size, root)| Checkpoint { origin: head.origin, size, root }))
    }
}
