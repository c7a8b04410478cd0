//! What a trial restore came to.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Kind;
use crate::backup::{Finding, SealState};
use crate::message::{Message, message};
use crate::model::record::{BackupProved, CheckOutcome, Integrity, Restorability};
use crate::model::{ObjectRef, Stamp, StepPath};

/// The most findings that are kept of each sort; how many there were is counted.
pub const MAX_PROBLEMS: usize = 100;

/// A trial restore: two results, and what they rest on.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// The copy: its folder or file; for a repository its folder.
    pub copy: PathBuf,
    /// Which copy of a repository.
    pub snapshot: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// What can be said of its seal; nothing where it has none.
    pub seal: Option<SealState>,
    /// Whether it is what was backed up.
    pub integrity: Integrity,
    /// What integrity rests on.
    pub basis: Vec<Basis>,
    /// Whether it could be restored.
    pub restorable: Restorability,
    /// What the system's own check said.
    pub check: CheckOutcome,
    /// Why it failed or was not run.
    pub check_detail: Option<String>,
    /// What differs from the seal.
    pub findings: Vec<Finding>,
    /// What else was found, at most [`MAX_PROBLEMS`].
    pub problems: Vec<Problem>,
    /// How many of those there are.
    pub problem_count: u64,
    /// Rows of tables.
    pub rows: Vec<Rows>,
    /// Files restored, or read where nothing is restored.
    pub restored: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Pipes, sockets and devices that were not restored.
    pub left_out: u64,
    /// Symbolic links that lead out of what was restored: nothing of ours follows them, a check might.
    pub leads_out: u64,
    /// How long restoring and comparing took, without the check.
    pub took: Duration,
    /// When the copy was made, and how that is known.
    pub made: Option<(Stamp, Made)>,
}

/// How it is known when a copy was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// Its seal says it.
    Sealed,
    /// The repository says it.
    Repository,
    /// Its file's or folder's time, which anybody can set.
    FileTime,
}

impl Made {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sealed => "seal",
            Self::Repository => "repository",
            Self::FileTime => "file-time",
        }
    }
}

/// What integrity rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Every byte agrees with the seal.
    Seal,
    /// Checksums in the archive itself: they tell of accidents, not of somebody who made them anew.
    Checksums,
    /// The repository's own check of all its data.
    Repository,
    /// The database's own check of its structure: it sees no change of a value.
    Structure,
}

impl Basis {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Checksums => "checksums",
            Self::Repository => "repository",
            Self::Structure => "structure",
        }
    }
}

/// Rows of a table of a restored database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The table.
    pub table: String,
    /// How many there are; nothing where there is no such table.
    pub found: Option<u64>,
    /// How many there have to be.
    pub expected: Expected,
}

/// How many rows there have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// As many, as the job that made the copy counted.
    Exactly(u64),
    /// That many or more.
    AtLeast(u64),
}

impl Rows {
    /// Whether there are as many as there have to be.
    #[must_use]
    pub fn hold(&self) -> bool {
        match (self.found, self.expected) {
            (Some(found), Expected::Exactly(rows)) => found == rows,
            (Some(found), Expected::AtLeast(rows)) => found >= rows,
            (None, _) => false,
        }
    }

    fn json(&self) -> Value {
        let (exactly, at_least) = match self.expected {
            Expected::Exactly(rows) => (Some(rows), None),
            Expected::AtLeast(rows) => (None, Some(rows)),
        };
        json!({ "table": self.table, "rows": self.found, "exactly": exactly, "at_least": at_least, "ok": self.hold() })
    }
}

/// Something that keeps a copy from being proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub why: Why,
    /// Where: a name in the copy, as text; what is no UTF-8 in it is replaced.
    pub name: Option<String>,
    /// What a program or the system said of it.
    pub detail: Option<String>,
}

/// What can keep a copy from being proved, besides what differs from its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The archive or dump ends before its end.
    Cut,
    /// The archive, the repository or the database is damaged.
    Damaged,
    /// There is more after the archive's end.
    Trailing,
    /// A name leads out of the place, or is none.
    UnsafeName,
    /// A hard link to what the archive does not hold.
    UnsafeLink,
    /// A name that goes through a link or a file.
    Conflict,
    /// The same name twice.
    Duplicate,
    /// A device, pipe or socket in an archive.
    Special,
    /// It is encrypted, and nobody gave a password for it.
    Encrypted,
    /// It needs what this program cannot do.
    Unsupported,
    /// It would become bigger than was allowed.
    TooBig,
    /// Something of it cannot be read.
    Unreadable,
    /// The program that restores it failed.
    NotRestored,
    /// A dump gives orders to the program that reads it.
    Orders,
}

impl Why {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Damaged => "damaged",
            Self::Trailing => "trailing",
            Self::UnsafeName => "unsafe-name",
            Self::UnsafeLink => "unsafe-link",
            Self::Conflict => "conflict",
            Self::Duplicate => "duplicate",
            Self::Special => "special",
            Self::Encrypted => "encrypted",
            Self::Unsupported => "unsupported",
            Self::TooBig => "too-big",
            Self::Unreadable => "unreadable",
            Self::NotRestored => "not-restored",
            Self::Orders => "orders",
        }
    }

    /// It in words.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Cut => message!("backup-why-cut"),
            Self::Damaged => message!("backup-why-damaged"),
            Self::Trailing => message!("backup-why-trailing"),
            Self::UnsafeName => message!("backup-why-unsafe-name"),
            Self::UnsafeLink => message!("backup-why-unsafe-link"),
            Self::Conflict => message!("backup-why-conflict"),
            Self::Duplicate => message!("backup-why-duplicate"),
            Self::Special => message!("backup-why-special"),
            Self::Encrypted => message!("backup-why-encrypted"),
            Self::Unsupported => message!("backup-why-unsupported"),
            Self::TooBig => message!("backup-why-too-big"),
            Self::Unreadable => message!("backup-why-unreadable"),
            Self::NotRestored => message!("backup-why-not-restored"),
            Self::Orders => message!("backup-why-orders"),
        }
    }

    /// Whether it says that the copy is not what was backed up. The others say only that it cannot be restored.
    pub(super) fn against_integrity(self) -> bool {
        matches!(self, Self::Cut | Self::Damaged | Self::Trailing)
    }
}

impl Problem {
    pub(super) fn new(why: Why) -> Self {
        Self { why, name: None, detail: None }
    }

    pub(super) fn at(mut self, name: &[u8]) -> Self {
        self.name = Some(String::from_utf8_lossy(name).into_owned());
        self
    }

    #[expect(clippy::needless_pass_by_value, reason = "errors and texts alike are given away here")]
    pub(super) fn saying(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// As JSON: `kind`, `path`, `detail`.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("kind".to_owned(), Value::from(self.why.word()));
        if let Some(name) = &self.name {
            object.insert("path".to_owned(), Value::from(name.as_str()));
        }
        if let Some(detail) = &self.detail {
            object.insert("detail".to_owned(), Value::from(detail.as_str()));
        }
        Value::Object(object)
    }
}

impl Proof {
    /// A proof of which nothing is known yet.
    pub(super) fn new(copy: PathBuf, kind: Kind) -> Self {
        Self {
            copy,
            snapshot: None,
            kind,
            seal: None,
            integrity: Integrity::Unknown,
            basis: Vec::new(),
            restorable: Restorability::NotTried,
            check: CheckOutcome::None,
            check_detail: None,
            findings: Vec::new(),
            problems: Vec::new(),
            problem_count: 0,
            rows: Vec::new(),
            restored: 0,
            bytes: 0,
            left_out: 0,
            leads_out: 0,
            took: Duration::ZERO,
            made: None,
        }
    }

    /// Whether the copy is proved: it is what was backed up, it was restored, every row that has to be there is, and the
    /// system's own check says nothing against it.
    #[must_use]
    pub fn proved(&self) -> bool {
        self.integrity == Integrity::Holds && self.restorable == Restorability::Yes && self.check.passes()
    }

    /// Whether its seal does not verify, or nobody who is trusted has signed it: then nothing was restored.
    #[must_use]
    pub fn seal_broken(&self) -> bool {
        self.seal.is_some_and(|seal| seal != SealState::Good)
    }

    /// Adds something that was found, and draws what follows from it.
    pub(super) fn found(&mut self, problem: Problem) {
        if problem.why.against_integrity() {
            self.integrity = Integrity::Fails;
        }
        self.restorable = Restorability::No;
        self.problem_count += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Says that integrity holds for this reason, unless something says that it does not.
    pub(super) fn holds_by(&mut self, basis: Basis) {
        self.basis.push(basis);
        if self.integrity == Integrity::Unknown && basis != Basis::Structure {
            self.integrity = Integrity::Holds;
        }
    }

    /// Says that it was restored, unless something says that it was not.
    pub(super) fn was_restored(&mut self) {
        if self.restorable == Restorability::NotTried {
            self.restorable = Restorability::Yes;
        }
    }

    /// Its record.
    #[must_use]
    pub fn record(&self, path: ObjectRef, findings: Option<ObjectRef>, step: Option<StepPath>) -> BackupProved {
        BackupProved {
            path,
            whole: self.integrity == Integrity::Holds,
            restored: self.restored,
            bytes: self.bytes,
            seconds: self.took.as_secs(),
            kind: Some(self.kind.word().to_owned()),
            integrity: Some(self.integrity),
            restorable: Some(self.restorable),
            check: Some(self.check),
            findings,
            step,
        }
    }

    /// Every finding, those against the seal first, as JSON.
    #[must_use]
    pub fn all_findings(&self) -> Vec<Value> {
        self.findings.iter().map(Finding::json).chain(self.problems.iter().map(Problem::json)).collect()
    }

    /// The document of `backup prove --json`, without what only its caller knows.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "version": 1,
            "path": self.copy.to_string_lossy(),
            "snapshot": self.snapshot,
            "kind": self.kind.word(),
            "proved": self.proved(),
            "seal": self.seal.map_or("none", SealState::word),
            "integrity": self.integrity.word(),
            "integrity_by": self.basis.iter().map(|basis| basis.word()).collect::<Vec<_>>(),
            "restorable": self.restorable.word(),
            "check": self.check.word(),
            "check_detail": self.check_detail,
            "files": self.restored,
            "bytes": self.bytes,
            "left_out": self.left_out,
            "leads_out": self.leads_out,
            "trial_restore_seconds": self.took.as_secs_f64(),
            "made_at": self.made.as_ref().map(|(at, _)| at),
            "made_by": self.made.as_ref().map(|(_, made)| made.word()),
            "rows": self.rows.iter().map(Rows::json).collect::<Vec<_>>(),
            "findings": self.all_findings(),
            "problems": self.problem_count,
        })
    }
}
