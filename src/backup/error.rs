//! Why a copy could not be worked with.

use std::io;
use std::path::PathBuf;

use super::Verification;
use crate::message::{Explain, Message, message};

/// Why backup work could not be done. A copy that differs is not an error of `verify`, but it is one of `restore`.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no such folder.
    #[error("{} is not a folder", path.display())]
    NotAFolder {
        /// What was given.
        path: PathBuf,
    },
    /// The copy has no seal to compare with.
    #[error("{} has no seal at {}", copy.display(), seal.display())]
    NoSeal {
        /// The copy.
        copy: PathBuf,
        /// Where its seal was looked for.
        seal: PathBuf,
    },
    /// The seal cannot be what `seal` wrote.
    #[error("the seal {} does not hold", seal.display())]
    BadSeal {
        /// The seal.
        seal: PathBuf,
    },
    /// A seal is there already. It is never overwritten.
    #[error("{} is there already", seal.display())]
    AlreadySealed {
        /// The seal.
        seal: PathBuf,
    },
    /// The seal would stand inside the copy.
    #[error("the seal {} would stand inside the copy", seal.display())]
    SealInside {
        /// The seal.
        seal: PathBuf,
    },
    /// Nobody could sign the seal.
    #[error("no key is here that could sign the seal of {}", copy.display())]
    NoKey {
        /// The copy.
        copy: PathBuf,
    },
    /// A file changed while it was read: the copy is still being written.
    #[error("{} changed while it was read", path.display())]
    Changing {
        /// The file.
        path: PathBuf,
    },
    /// What was restored is not what was sealed; the place to restore to was left as it was.
    #[error("what was restored from {} is not what was sealed", copy.display())]
    Differs {
        /// The copy.
        copy: PathBuf,
        /// What differs.
        verification: Box<Verification>,
    },
    /// The copy and the place to restore to lie inside each other.
    #[error("{} and {} lie inside each other", from.display(), to.display())]
    Nested {
        /// The copy.
        from: PathBuf,
        /// The place.
        to: PathBuf,
    },
    /// The restored folder could not take its place, which was left as it was.
    #[error("{} could not be exchanged", to.display())]
    NotExchanged {
        /// The place.
        to: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The restored folder could not take its place, and what was there could not be put back.
    #[error("{} could not be exchanged, and what was there is now {}", to.display(), before.display())]
    LeftAside {
        /// The place.
        to: PathBuf,
        /// Where its former content is.
        before: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Somebody ended the work before it was done.
    #[error("ended before it was done")]
    Cancelled,
    /// Something could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl BackupError {
    pub(super) fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Read { path, source }
    }

    pub(super) fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Write { path, source }
    }
}

impl Explain for BackupError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAFolder { .. } => "backup-not-a-folder",
            Self::NoSeal { .. } => "backup-no-seal",
            Self::BadSeal { .. } => "backup-bad-seal",
            Self::AlreadySealed { .. } => "backup-already-sealed",
            Self::SealInside { .. } => "backup-seal-inside",
            Self::NoKey { .. } => "backup-no-key",
            Self::Changing { .. } => "backup-changing",
            Self::Differs { .. } => "backup-differs",
            Self::Nested { .. } => "backup-nested",
            Self::NotExchanged { .. } => "backup-not-exchanged",
            Self::LeftAside { .. } => "backup-left-aside",
            Self::Cancelled => "backup-cancelled",
            Self::Read { .. } => "backup-read",
            Self::Write { .. } => "backup-write",
        }
    }

    fn message(&self) -> Message {
        let shown = |path: &PathBuf| path.display().to_string();
        match self {
            Self::NotAFolder { path } => message!("backup-not-a-folder", path = shown(path)),
            Self::NoSeal { copy, seal } => message!("backup-no-seal", copy = shown(copy), seal = shown(seal)),
            Self::BadSeal { seal } => message!("backup-bad-seal", seal = shown(seal)),
            Self::AlreadySealed { seal } => message!("backup-already-sealed", seal = shown(seal)),
            Self::SealInside { seal } => message!("backup-seal-inside", seal = shown(seal)),
            Self::NoKey { copy } => message!("backup-no-key", copy = shown(copy)),
            Self::Changing { path } => message!("backup-changing", path = shown(path)),
            Self::Differs { copy, verification } => {
                message!("backup-differs", copy = shown(copy), count = verification.findings.len())
            }
            Self::Nested { from, to } => message!("backup-nested", from = shown(from), to = shown(to)),
            Self::NotExchanged { to, .. } => message!("backup-not-exchanged", to = shown(to)),
            Self::LeftAside { to, before, .. } => {
                message!("backup-left-aside", to = shown(to), before = shown(before))
            }
            Self::Cancelled => message!("backup-cancelled"),
            Self::Read { path, .. } => message!("backup-read", path = shown(path)),
            Self::Write { path, .. } => message!("backup-write", path = shown(path)),
        }
    }

    fn help(&self) -> Option<Message> {
        match self {
            Self::NoSeal { .. } => Some(message!("backup-no-seal-help")),
            Self::BadSeal { .. } => Some(message!("backup-bad-seal-help")),
            Self::AlreadySealed { .. } => Some(message!("backup-already-sealed-help")),
            Self::NoKey { .. } => Some(message!("backup-no-key-help")),
            Self::Changing { .. } => Some(message!("backup-changing-help")),
            Self::Differs { .. } => Some(message!("backup-differs-help")),
            Self::NotExchanged { .. } => Some(message!("backup-not-exchanged-help")),
            Self::LeftAside { .. } => Some(message!("backup-left-aside-help")),
            _ => None,
        }
    }
}
