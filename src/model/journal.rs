//! What the rest of the program needs of the outside world to keep evidence: a clock, a journal, objects, a signer.

use std::path::Path;
use std::time::Duration;

use super::{Draft, Moment, ObjectRef, Record, Refusal, RunId};

/// Reads the clocks of the machine, or a set one in tests.
pub trait Clock: Send + Sync {
    /// The time now, by every clock.
    fn now(&self) -> Moment;

    /// Whether this is not the machine's own time. Kept in `run-started`; stamps every report.
    fn is_set(&self) -> bool {
        false
    }
}

/// When an append counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It is on the disk when the call returns.
    Synced,
    /// It is written, and synced with the next append. For `process-started` alone.
    WithNext,
}

/// What came of an append.
#[derive(Clone, Debug, PartialEq)]
pub struct Appended {
    /// The records as they now stand in the log, in order.
    pub records: Vec<Record>,
}

/// Why nothing was appended, or why reading failed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A record of the batch may not follow; none was written. Fold anew and think again.
    #[error("record {index} of the batch may not follow")]
    Refused {
        /// Its place in the batch.
        index: usize,
        /// The rule it breaks.
        #[source]
        refusal: Refusal,
    },
    /// The disk is full; the log was cut back to its last whole line.
    #[error("the disk of the ledger is full")]
    Full(#[source] std::io::Error),
    /// Reading or writing failed.
    #[error("the ledger cannot be used")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// An append-only list of records that several processes share. Thread-safe.
pub trait Journal: Send + Sync {
    /// Appends `drafts` as one batch under the lock, all or none, after checking that each may follow.
    ///
    /// # Errors
    ///
    /// See [`JournalError`]; nothing was appended then.
    fn append(&self, drafts: &[Draft], durability: Durability) -> Result<Appended, JournalError>;

    /// The records of `run` with `seq >= from`, in order. Takes no lock: the last lines may not be synced yet.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read, or a line is not a record.
    fn records_of(&self, run: &RunId, from: u64) -> Result<Vec<Record>, JournalError>;

    /// As [`Journal::records_of`], after taking the lock and syncing the log: for whoever acts on what it reads.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read or synced.
    fn settled_records_of(&self, run: &RunId, from: u64) -> Result<Vec<Record>, JournalError>;

    /// The number of whole lines in the log now.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    fn size(&self) -> Result<u64, JournalError>;

    /// Blocks until the log has more than `size` lines or `timeout` has passed; true where it has.
    ///
    /// # Errors
    ///
    /// Where the log cannot be watched.
    fn wait_past(&self, size: u64, timeout: Duration) -> Result<bool, JournalError>;

    /// Signs the newest state of the log with the ledger's key; false where there is no key here.
    ///
    /// # Errors
    ///
    /// Where the checkpoint cannot be written.
    fn checkpoint(&self) -> Result<bool, JournalError>;
}

/// Bytes kept under their digest. Each is on the disk before the call returns.
pub trait Objects: Send + Sync {
    /// Keeps `bytes` as they are.
    ///
    /// # Errors
    ///
    /// Where they cannot be written.
    fn put(&self, bytes: &[u8]) -> Result<ObjectRef, JournalError>;

    /// Keeps `text` behind a line of salt, so that its digest cannot be guessed.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    fn put_text(&self, text: &str) -> Result<ObjectRef, JournalError>;

    /// Keeps the bytes of a file, without holding them in memory.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or its copy not be written.
    fn put_file(&self, path: &Path) -> Result<ObjectRef, JournalError>;

    /// Keeps the bytes of a file behind a line of salt, without holding them in memory.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or its copy not be written.
    fn put_text_file(&self, path: &Path) -> Result<ObjectRef, JournalError>;

    /// The bytes of an object, checked against its digest; nothing where it is gone (redacted).
    ///
    /// # Errors
    ///
    /// Where it cannot be read or does not have its digest.
    fn get(&self, object: &ObjectRef) -> Result<Option<Vec<u8>>, JournalError>;

    /// The text of a salted object without its salt line; nothing where it is gone. Invalid UTF-8 is replaced.
    ///
    /// # Errors
    ///
    /// As [`Objects::get`].
    fn get_text(&self, object: &ObjectRef) -> Result<Option<String>, JournalError> {
        Ok(self.get(object)?.map(|bytes| {
            let salted = bytes.starts_with(b"ungpho-text/1 ");
            let start = bytes.iter().position(|b| *b == b'\n').map_or(0, |end| end + 1);
            String::from_utf8_lossy(&bytes[if salted { start } else { 0 }..]).into_owned()
        }))
    }
}

/// Signs with a private key that stays outside the workspace.
pub trait Signer: Send + Sync {
    /// The Ed25519 signature of `message` (RFC 8032).
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// Signs short texts and says whose signature stands under others (C2SP signed notes).
pub trait Notes: Send + Sync {
    /// The name of the key that [`Notes::sign_note`] signs with; nothing where it is not here.
    fn note_signer(&self) -> Option<String>;

    /// The signed note over `text`, which ends with an LF; nothing where the key is not here.
    fn sign_note(&self, text: &str) -> Option<String>;

    /// What the signatures of a note are worth.
    fn judge_note(&self, note: &[u8]) -> NoteState;
}

/// What the signatures of a note are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteState {
    /// A key that is trusted here has signed this text.
    Good {
        /// What was signed.
        text: String,
        /// The name of the key.
        key: String,
    },
    /// It is a note with this text, and none of the keys that are trusted here has signed it.
    UnknownKey {
        /// What was signed, by whomever.
        text: String,
    },
    /// It is no note, or a signature in the name of a trusted key is not that key's.
    Bad,
}

/// What a loop holds for as long as it drives a run, so that no other does.
pub trait Hold: Send + Sync {
    /// Whether it still keeps others away: not where its file was removed, or is another one meanwhile.
    fn holds(&self) -> bool;
}
