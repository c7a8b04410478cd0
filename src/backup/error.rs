//! Why a copy could not be worked with.

use std::io;
use std::path::PathBuf;

use super::{SealState, Verification};
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
    /// Nobody who is trusted has signed the seal.
    #[error("no trusted key has signed the seal {}", seal.display())]
    Untrusted {
        /// The seal.
        seal: PathBuf,
        /// Whether nobody has, or a key that is not trusted.
        state: SealState,
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
    /// Nobody can tell what kind of copy this is.
    #[error("{} is no kind of copy that is known", path.display())]
    UnknownKind {
        /// The copy.
        path: PathBuf,
    },
    /// A folder should hold one file of a kind and does not.
    #[error("{} holds {count} files of the kind {kind}", folder.display())]
    NotOne {
        /// The folder.
        folder: PathBuf,
        /// The kind.
        kind: &'static str,
        /// How many there are.
        count: usize,
    },
    /// Only archives can be read as a stream.
    #[error("{kind} cannot be read without a disk")]
    NoStream {
        /// The kind.
        kind: &'static str,
    },
    /// A seal that was named is of something else.
    #[error("the seal {} is not of {}", seal.display(), copy.display())]
    SealOfAnother {
        /// The copy.
        copy: PathBuf,
        /// The seal.
        seal: PathBuf,
    },
    /// The scratch place is full, or would be.
    #[error("there is not enough room in {}", scratch.display())]
    NoRoom {
        /// The scratch place.
        scratch: PathBuf,
        /// Bytes that are needed, where that is known.
        needed: Option<u64>,
        /// Bytes that may be used.
        free: u64,
    },
    /// What is restored becomes bigger than was allowed.
    #[error("more than {most} bytes would be restored")]
    TooBig {
        /// Bytes that were allowed.
        most: u64,
    },
    /// A program could not be begun or followed.
    #[error("cannot run {program}")]
    Program {
        /// The program.
        program: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A program is not on this machine.
    #[error("there is no program {program}")]
    NoProgram {
        /// The program.
        program: &'static str,
        /// The package of Debian that has it.
        package: &'static str,
    },
    /// The database server of a trial restore does not work.
    #[error("the database server does not work: {detail}")]
    NoServer {
        /// What it said.
        detail: String,
    },
    /// The database server of a trial restore cannot work in the place that was named.
    #[error("no database server can work in {}", scratch.display())]
    ScratchUnfit {
        /// The place.
        scratch: PathBuf,
    },
    /// `psql` cannot be kept from carrying out what a dump orders.
    #[error("psql is too old to be restricted")]
    OldPsql,
    /// The password of a repository is wrong, or there is none.
    #[error("the password of {} is wrong", repository.display())]
    WrongSecret {
        /// The repository.
        repository: PathBuf,
        /// Whether one was given.
        given: bool,
    },
    /// Others may read the file with a password.
    #[error("others may read {}", path.display())]
    SecretOpen {
        /// The file.
        path: PathBuf,
    },
    /// Somebody works with the repository, or did when they were cut off.
    #[error("{} is locked", repository.display())]
    Locked {
        /// The repository.
        repository: PathBuf,
        /// What unlocks it.
        unlock: String,
    },
    /// There is no copy in the repository that is meant.
    #[error("{} holds no copy", repository.display())]
    EmptyRepository {
        /// The repository.
        repository: PathBuf,
    },
    /// There is no copy of this name in the repository.
    #[error("{} holds no copy {name}", repository.display())]
    NoSnapshot {
        /// The repository.
        repository: PathBuf,
        /// The name.
        name: String,
        /// Some that are there.
        known: String,
    },
    /// A file of counted rows is none.
    #[error("{} is no file of counted rows: {detail}", path.display())]
    BadRows {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
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
            Self::Untrusted { .. } => "backup-untrusted-seal",
            Self::AlreadySealed { .. } => "backup-already-sealed",
            Self::SealInside { .. } => "backup-seal-inside",
            Self::NoKey { .. } => "backup-no-key",
            Self::Changing { .. } => "backup-changing",
            Self::Differs { .. } => "backup-differs",
            Self::Nested { .. } => "backup-nested",
            Self::NotExchanged { .. } => "backup-not-exchanged",
            Self::LeftAside { .. } => "backup-left-aside",
            Self::UnknownKind { .. } => "backup-unknown-kind",
            Self::NotOne { .. } => "backup-not-one",
            Self::NoStream { .. } => "backup-no-stream",
            Self::SealOfAnother { .. } => "backup-seal-of-another",
            Self::NoRoom { .. } => "backup-no-room",
            Self::TooBig { .. } => "backup-too-big",
            Self::Program { .. } => "backup-program",
            Self::NoProgram { .. } => "backup-no-program",
            Self::NoServer { .. } => "backup-no-server",
            Self::ScratchUnfit { .. } => "backup-scratch-unfit",
            Self::OldPsql => "backup-old-psql",
            Self::BadRows { .. } => "backup-bad-rows",
            Self::WrongSecret { .. } => "backup-wrong-secret",
            Self::SecretOpen { .. } => "backup-secret-open",
            Self::Locked { .. } => "backup-locked",
            Self::EmptyRepository { .. } => "backup-empty-repository",
            Self::NoSnapshot { .. } => "backup-no-snapshot",
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
            Self::Untrusted { seal, state: SealState::UnknownKey } => {
                message!("backup-seal-unknown-key", seal = shown(seal))
            }
            Self::Untrusted { seal, .. } => message!("backup-seal-unsigned", seal = shown(seal)),
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
            Self::UnknownKind { path } => message!("backup-unknown-kind", path = shown(path)),
            Self::NotOne { folder, kind, count } => {
                message!("backup-not-one", folder = shown(folder), kind = *kind, count = *count)
            }
            Self::NoStream { kind } => message!("backup-no-stream", kind = *kind),
            Self::SealOfAnother { copy, seal } => {
                message!("backup-seal-of-another", copy = shown(copy), seal = shown(seal))
            }
            Self::NoRoom { scratch, needed: Some(needed), free } => {
                let (needed, free) = (mebibytes(*needed, true), mebibytes(*free, false));
                message!("backup-no-room-for", scratch = shown(scratch), needed = needed, free = free)
            }
            Self::NoRoom { scratch, .. } => message!("backup-no-room", scratch = shown(scratch)),
            Self::TooBig { most } => message!("backup-too-big", most = mebibytes(*most, true)),
            Self::Program { program, .. } => message!("backup-program", program = program.as_str()),
            Self::NoProgram { program, .. } => message!("backup-no-program", program = *program),
            Self::NoServer { detail } => message!("backup-no-server", detail = detail.as_str()),
            Self::ScratchUnfit { scratch } => message!("backup-scratch-unfit", scratch = shown(scratch)),
            Self::OldPsql => message!("backup-old-psql"),
            Self::WrongSecret { repository, given: true } => {
                message!("backup-wrong-secret", repository = shown(repository))
            }
            Self::WrongSecret { repository, .. } => message!("backup-needs-secret", repository = shown(repository)),
            Self::SecretOpen { path } => message!("backup-secret-open", path = shown(path)),
            Self::Locked { repository, .. } => message!("backup-locked", repository = shown(repository)),
            Self::EmptyRepository { repository } => message!("backup-empty-repository", repository = shown(repository)),
            Self::NoSnapshot { repository, name, .. } => {
                message!("backup-no-snapshot", repository = shown(repository), name = name.as_str())
            }
            Self::BadRows { path, detail } => message!("backup-bad-rows", path = shown(path), detail = detail.as_str()),
            Self::Cancelled => message!("backup-cancelled"),
            Self::Read { path, .. } => message!("backup-read", path = shown(path)),
            Self::Write { path, .. } => message!("backup-write", path = shown(path)),
        }
    }

    fn help(&self) -> Option<Message> {
        match self {
            Self::NoSeal { .. } => Some(message!("backup-no-seal-help")),
            Self::BadSeal { .. } => Some(message!("backup-bad-seal-help")),
            Self::Untrusted { .. } => Some(message!("backup-untrusted-seal-help")),
            Self::AlreadySealed { .. } => Some(message!("backup-already-sealed-help")),
            Self::NoKey { .. } => Some(message!("backup-no-key-help")),
            Self::Changing { .. } => Some(message!("backup-changing-help")),
            Self::Differs { .. } => Some(message!("backup-differs-help")),
            Self::NoProgram { package, .. } => Some(message!("backup-no-program-help", package = *package)),
            Self::NoServer { .. } => Some(message!("backup-no-server-help")),
            Self::ScratchUnfit { .. } => Some(message!("backup-scratch-unfit-help")),
            Self::OldPsql => Some(message!("backup-old-psql-help")),
            Self::WrongSecret { .. } => Some(message!("backup-wrong-secret-help")),
            Self::SecretOpen { path } => Some(message!("backup-secret-open-help", path = path.display().to_string())),
            Self::Locked { unlock, .. } => Some(message!("backup-locked-help", unlock = unlock.as_str())),
            Self::EmptyRepository { .. } => Some(message!("backup-empty-repository-help")),
            Self::NoSnapshot { known, .. } => Some(message!("backup-no-such-copy-help", copies = known.as_str())),
            Self::BadRows { .. } => Some(message!("backup-bad-rows-help")),
            Self::UnknownKind { .. } => Some(message!("backup-unknown-kind-help")),
            Self::NotOne { .. } => Some(message!("backup-not-one-help")),
            Self::SealOfAnother { .. } => Some(message!("backup-seal-of-another-help")),
            Self::NoRoom { .. } => Some(message!("backup-no-room-help")),
            Self::TooBig { .. } => Some(message!("backup-too-big-help")),
            Self::NotExchanged { .. } => Some(message!("backup-not-exchanged-help")),
            Self::LeftAside { .. } => Some(message!("backup-left-aside-help")),
            _ => None,
        }
    }
}

/// Whole mebibytes: rounded up where something is needed, down where it is there.
fn mebibytes(bytes: u64, up: bool) -> u64 {
    if up { bytes.div_ceil(1024 * 1024) } else { bytes / (1024 * 1024) }
}
