//! What can go wrong with a ledger.

use std::io;
use std::path::{Path, PathBuf};

use crate::message::{Explain, Message, message};
use crate::model::{JournalError, Refusal};

/// A line that says it is another record than the one that stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line says that it is record {0}")]
pub struct Misplaced(pub u64);

/// Why a ledger could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// A file could not be read or written.
    #[error("cannot use {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// There is no ledger in the folder.
    #[error("no ledger in {}", dir.display())]
    None {
        /// The folder.
        dir: PathBuf,
    },
    /// The log is gone, and what was made of it is here: no new one is begun over it.
    #[error("the log of the ledger in {} is gone", dir.display())]
    Gone {
        /// The folder.
        dir: PathBuf,
    },
    /// A line of the log is not a record that may stand there.
    #[error("record {seq} in {} does not hold", file.display())]
    Damaged {
        /// Its place in the log.
        seq: u64,
        /// The segment.
        file: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An object is not what its name says.
    #[error("object {} does not have its digest", path.display())]
    Object {
        /// The object.
        path: PathBuf,
    },
    /// A private key could not be made or read.
    #[error("cannot use the private key {}", path.display())]
    Key {
        /// Its file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The ledger was opened for reading only.
    #[error("the ledger in {} is open for reading only", dir.display())]
    ReadOnly {
        /// The folder.
        dir: PathBuf,
    },
    /// The log was changed after it was signed: it is not signed anew.
    #[error("the first {size} records are signed with another root")]
    SignedOtherwise {
        /// How many records the newest checkpoint covers.
        size: u64,
    },
    /// What a sync could not make durable was set aside: the log is as it was before.
    #[error("cannot make {} durable", path.display())]
    NotSynced {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A record would be over the limit for lines.
    #[error("a record would be longer than 64 KiB")]
    TooLong(#[source] crate::model::record::LineTooLong),
    /// Record 0 could not be written because of a rule.
    #[error("the first record may not follow")]
    Refused(#[source] Refusal),
}

impl LedgerError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// Whether the system says that the disk, or the share of it that we may use, is full.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

impl From<LedgerError> for JournalError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Io { source, .. } | LedgerError::NotSynced { source, .. } if is_full(&source) => {
                Self::Full(source)
            }
            other => Self::Failed(Box::new(other)),
        }
    }
}

impl Explain for LedgerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "ledger-io",
            Self::None { .. } => "no-ledger",
            Self::Gone { .. } => "ledger-gone",
            Self::Damaged { .. } => "ledger-damaged",
            Self::Object { .. } => "object-altered",
            Self::Key { .. } => "key-unusable",
            Self::ReadOnly { .. } => "ledger-read-only",
            Self::SignedOtherwise { .. } => "ledger-signed-otherwise",
            Self::NotSynced { .. } => "ledger-not-synced",
            Self::TooLong(_) => "record-too-long",
            Self::Refused(_) => "record-refused",
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Io { path, .. } => message!("ledger-io", path = path.display().to_string()),
            Self::None { dir } => message!("ledger-none", path = dir.display().to_string()),
            Self::Gone { dir } => message!("ledger-gone", path = dir.display().to_string()),
            Self::Damaged { seq, file, .. } => {
                message!("ledger-damaged", seq = seq.to_string(), path = file.display().to_string())
            }
            Self::Object { path } => message!("ledger-object", path = path.display().to_string()),
            Self::Key { path, .. } => message!("ledger-key", path = path.display().to_string()),
            Self::ReadOnly { dir } => message!("ledger-read-only", path = dir.display().to_string()),
            Self::SignedOtherwise { size } => message!("ledger-signed-otherwise", size = size.to_string()),
            Self::NotSynced { path, .. } => message!("ledger-not-synced", path = path.display().to_string()),
            Self::TooLong(_) => message!("ledger-too-long"),
            Self::Refused(_) => message!("ledger-refused"),
        }
    }

    fn help(&self) -> Option<Message> {
        match self {
            Self::Damaged { .. } | Self::Gone { .. } | Self::Object { .. } | Self::SignedOtherwise { .. } => {
                Some(message!("ledger-help-verify"))
            }
            Self::Key { .. } => Some(message!("ledger-help-key")),
            Self::None { .. } => Some(message!("ledger-help-none")),
            _ => None,
        }
    }
}
