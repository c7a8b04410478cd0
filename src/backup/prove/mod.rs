//! Proving a copy: it is restored to a scratch place, compared, tried, and removed again.
//!
//! Two questions, two results. *Integrity*: is this what was backed up? Its seal says so, or checksums of its own. And
//! *restorability*: can it be brought back? Only restoring says so. One file a kind of copy; nothing is ever written outside
//! the scratch place, and nothing that a copy holds is trusted.

mod archive;
mod borg;
mod check;
mod files;
mod kind;
mod postgres;
mod program;
mod repository;
mod restic;
mod rows;
mod sealed;
mod secret;
mod sqlite;
mod verdict;
mod workbench;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::{BackupError, Cancel};
use crate::model::record::{CheckOutcome, Integrity, Restorability};
use crate::model::{Notes, Stamp};

pub use check::{Check, NotHere, RESTORED};
pub use kind::Kind;
pub use program::ToolEnvironment;
pub use repository::Which;
pub use secret::Secret;
pub use verdict::{Basis, Expected, MAX_PROBLEMS, Made, Problem as ProveProblem, Proof, Rows, Why};

use check::Shown;
use sealed::Looked;
use workbench::Workbench;

/// What is to be proved, and with what.
#[derive(Clone)]
pub struct Request {
    /// The copy: a folder, a file, or a repository.
    pub copy: PathBuf,
    /// Its kind; told by its first bytes where nothing is said.
    pub kind: Option<Kind>,
    /// Its seal; looked for beside it where nothing is said.
    pub seal: Option<PathBuf>,
    /// Whose signature under a seal counts.
    pub notes: Arc<dyn Notes>,
    /// Which copy of a repository.
    pub which: Which,
    /// The copies of a repository that count: names (Borg) or tags (restic) that fit this pattern.
    pub pattern: String,
    /// The password of a repository.
    pub secret: Option<Secret>,
    /// Where it is restored to: a folder of its own is made there and removed.
    pub scratch: PathBuf,
    /// Whether somebody named that place: then no other is taken.
    pub scratch_named: bool,
    /// Where a database server works whose socket would have too long a path there, or whose user cannot get there.
    pub short_scratch: PathBuf,
    /// How many rows tables have to have at least.
    pub rows: BTreeMap<String, u64>,
    /// The most bytes that it may become.
    pub max_size: Option<u64>,
    /// Reads an archive to its end and writes nothing: restorability is not tried.
    pub no_disk: bool,
    /// The system's own check of what was restored.
    pub check: Option<Check>,
    /// What programs find of the environment.
    pub tools: ToolEnvironment,
    /// Now: its offset is that of the times that are told.
    pub now: Stamp,
}

impl Request {
    /// A request for a copy, with nothing else said.
    #[must_use]
    pub fn new(copy: PathBuf, scratch: PathBuf, notes: Arc<dyn Notes>, now: Stamp) -> Self {
        Self {
            copy,
            kind: None,
            seal: None,
            notes,
            which: Which::Newest,
            pattern: "*".to_owned(),
            secret: None,
            short_scratch: scratch.clone(),
            scratch,
            scratch_named: false,
            rows: BTreeMap::new(),
            max_size: None,
            no_disk: false,
            check: None,
            tools: ToolEnvironment::default(),
            now,
        }
    }
}

/// What is worked on: the copy and what of it is restored.
struct Target {
    /// The copy as somebody named it, made real: a folder or a file.
    copy: PathBuf,
    /// The file or folder itself: the archive or dump where the copy is a folder that holds one.
    item: PathBuf,
    kind: Kind,
}

/// Restores a copy to a scratch place, compares it, runs the system's check on it, and removes it again.
///
/// # Errors
///
/// Where nothing can be said of the copy: it is not there, its kind cannot be told, the scratch place is full, a program is
/// missing, or `cancel` ended it. That a copy is not proved is in the proof.
pub fn prove(request: &Request, cancel: &Cancel) -> Result<Proof, BackupError> {
    cancel.check()?;
    let target = target(request)?;
    if request.no_disk && !target.kind.archive() {
        return Err(BackupError::NoStream { kind: target.kind.word() });
    }
    let mut proof = Proof::new(target.copy.clone(), target.kind);
    proof.made = file_time(&target.item, request.now);
    let tree = match sealed::look(&target, request, &mut proof, cancel)? {
        Looked::Broken => {
            proof.integrity = Integrity::Fails;
            return Ok(proof);
        }
        Looked::Compared => None,
        Looked::Tree(tree) => Some(tree),
    };
    let bench = bench(&target, request)?;
    let done = work(&target, request, tree.as_ref(), &mut proof, &bench, cancel);
    let removed = bench.remove();
    match done {
        Ok(()) => {}
        Err(BackupError::TooBig { most }) => {
            let most = crate::message::format::number(most, crate::model::Lang::En);
            proof.found(ProveProblem::new(Why::TooBig).saying(most));
        }
        Err(error) => return cancel.or(Err(error)),
    }
    removed?;
    Ok(proof)
}

/// Restores, compares and checks.
fn work(
    target: &Target,
    request: &Request,
    tree: Option<&sealed::Tree>,
    proof: &mut Proof,
    bench: &Workbench,
    cancel: &Cancel,
) -> Result<(), BackupError> {
    let began = Instant::now();
    let mut server = None;
    let shown = match target.kind {
        Kind::Files => files::restore(target, tree, proof, bench, cancel),
        Kind::Tar | Kind::TarGz | Kind::TarZst | Kind::Zip => {
            archive::restore(target, request, tree, proof, bench, cancel)
        }
        Kind::Postgres => postgres::restore(target, request, proof, bench, &mut server, cancel),
        Kind::Sqlite => sqlite::restore(target, request, proof, bench, cancel),
        Kind::Restic | Kind::Borg => repository::restore(target, request, tree, proof, bench, cancel),
    };
    proof.took = began.elapsed();
    let shown = shown?;
    let Some(check) = &request.check else { return Ok(()) };
    match shown {
        Some((nothing, restored)) if proof.restorable == Restorability::Yes => {
            check::run(check, (&nothing, &restored), proof, bench, &request.tools, cancel)
        }
        _ => {
            proof.check = CheckOutcome::NotRun;
            Ok(())
        }
    }
}

/// What a check is shown where nothing was restored, and of what was: folders.
fn folders(bench: &Workbench, restored: &Path) -> Result<(Shown, Shown), BackupError> {
    Ok((Shown::folder(&bench.folder("nothing")?), Shown::folder(restored)))
}

/// The scratch place.
fn bench(target: &Target, request: &Request) -> Result<Workbench, BackupError> {
    let base = &request.scratch;
    fs::create_dir_all(base).map_err(BackupError::write(base))?;
    let real = fs::canonicalize(base).map_err(BackupError::read(base))?;
    if target.copy.is_dir() && real.starts_with(&target.copy) {
        return Err(BackupError::Nested { from: target.copy.clone(), to: real });
    }
    if target.kind == Kind::Postgres && !postgres::fits(&real) {
        if request.scratch_named {
            return Err(BackupError::ScratchUnfit { scratch: real });
        }
        return Workbench::open(&request.short_scratch, request.max_size);
    }
    Workbench::open(&real, request.max_size)
}

/// Finds out what is to be restored.
fn target(request: &Request) -> Result<Target, BackupError> {
    let given = &request.copy;
    let copy = fs::canonicalize(given).map_err(BackupError::read(given))?;
    let metadata = fs::metadata(&copy).map_err(BackupError::read(&copy))?;
    let kind = match request.kind {
        Some(kind) => kind,
        None => sniff(&copy)?.ok_or_else(|| BackupError::UnknownKind { path: copy.clone() })?,
    };
    if metadata.is_file() {
        return if kind == Kind::Files || kind.repository() {
            Err(BackupError::NotAFolder { path: copy })
        } else {
            Ok(Target { item: copy.clone(), copy, kind })
        };
    }
    if !metadata.is_dir() {
        return Err(BackupError::UnknownKind { path: copy });
    }
    // A dump of the directory format is a folder itself.
    let itself = kind == Kind::Files || kind.repository() || sniff(&copy)? == Some(kind);
    if itself {
        return Ok(Target { item: copy.clone(), copy, kind });
    }
    let item = only(&copy, kind)?;
    Ok(Target { copy, item, kind })
}

fn sniff(path: &Path) -> Result<Option<Kind>, BackupError> {
    Kind::sniff(path).map_err(BackupError::read(path))
}

/// The only file of this kind in a folder; where none is known by its first bytes, the only file.
fn only(folder: &Path, kind: Kind) -> Result<PathBuf, BackupError> {
    let entries = fs::read_dir(folder).map_err(BackupError::read(folder))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(BackupError::read(folder))?.path();
        let aside = path.to_string_lossy().ends_with(".rows.json");
        if !aside && path.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            files.push(path);
        }
    }
    let of_kind: Vec<&PathBuf> =
        files.iter().filter(|path| Kind::sniff(path).is_ok_and(|it| it == Some(kind))).collect();
    match (of_kind.as_slice(), files.as_slice()) {
        ([one], _) => Ok((*one).clone()),
        ([], [one]) => Ok(one.clone()),
        (several, _) => Err(BackupError::NotOne { folder: folder.to_owned(), kind: kind.word(), count: several.len() }),
    }
}

fn file_time(path: &Path, now: Stamp) -> Option<(Stamp, Made)> {
    let metadata = fs::metadata(path).ok()?;
    let micros = metadata.mtime().checked_mul(1_000_000)?;
    Some((Stamp::from_microseconds(micros, now.offset.seconds()), Made::FileTime))
}

/// A number below `count`, each as likely as the others, from the system's source of randomness; 0 where `count` is 0.
///
/// # Errors
///
/// The system gives no random bytes.
pub fn random_below(count: usize) -> Result<usize, BackupError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| BackupError::Read {
        path: PathBuf::from("/dev/urandom"),
        source: std::io::Error::other(error),
    })?;
    // Of 2^64 numbers the remainder favours none by more than count / 2^64.
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    Ok(usize::try_from(u64::from_le_bytes(bytes).checked_rem(count).unwrap_or(0)).unwrap_or(0))
}
