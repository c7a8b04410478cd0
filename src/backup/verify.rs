//! Comparing a copy with its seal.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::manifest::{self, Entry, Header};
use super::seal::seal_of;
use super::walk::{self, Found, Kind};
use super::{BackupError, Cancel, RelativePath, digest, note, paths, sums};
use crate::model::{Digest, Notes};

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// What can be said of the seal.
    pub seal: SealState,
    /// Its first line; nothing where the seal does not hold.
    pub header: Option<Header>,
    /// Whether nothing differs, the seal holds, and every file was there to be looked at. A sample can be whole: see
    /// `unchecked`.
    pub whole: bool,
    /// Files whose every byte was read and digested.
    pub checked: u64,
    /// Files that were not read: outside the sample, or not readable.
    pub unchecked: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What differs, in byte order of the paths.
    pub findings: Vec<Finding>,
}

/// What can be said of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealState {
    /// Its lists agree with each other, and a key that is trusted here has signed them.
    Good,
    /// Its lists agree with each other; a key has signed them that nobody here vouches for.
    UnknownKey,
    /// Its lists agree with each other; nobody has signed them.
    Unsigned,
    /// It is not what `seal` writes, or its lists do not agree.
    Bad,
}

impl SealState {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::UnknownKey => "unknown-key",
            Self::Unsigned => "unsigned",
            Self::Bad => "bad",
        }
    }
}

/// One difference between a copy and its seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What differs.
    pub kind: FindingKind,
    /// Where.
    pub path: RelativePath,
    /// Its new path, where it was renamed.
    pub to: Option<RelativePath>,
}

/// The kinds of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Same size, other content; or another target of a link.
    Changed,
    /// Shorter than it was.
    Truncated,
    /// Longer than it was.
    Grown,
    /// No longer there.
    Missing,
    /// Not in the seal.
    New,
    /// The same content under another path.
    Renamed,
    /// A file has become a folder, a link something else, and so on.
    Type,
    /// There, but it could not be read.
    Unreadable,
}

impl FindingKind {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Truncated => "truncated",
            Self::Grown => "grown",
            Self::Missing => "missing",
            Self::New => "new",
            Self::Renamed => "renamed",
            Self::Type => "type",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Finding {
    fn new(kind: FindingKind, path: &RelativePath) -> Self {
        Self { kind, path: path.clone(), to: None }
    }

    /// As the formats have it: `kind`, `path` or `path_b64`, `to`.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("kind".to_owned(), Value::from(self.kind.word()));
        paths::put(&mut object, "path", self.path.bytes());
        if let Some(to) = &self.to {
            paths::put(&mut object, "to", to.bytes());
        }
        Value::Object(object)
    }
}

impl Verification {
    /// The document of `backup verify --json`.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "version": 1,
            "seal": self.seal.word(),
            "whole": self.whole,
            "checked": self.checked,
            "unchecked": self.unchecked,
            "bytes": self.bytes,
            "findings": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}

/// Compares a copy with its seal (`<copy>.seal` where nothing is said).
///
/// With `sample`, about that many percent of the files are read, picked anew each time; of the others only that they are
/// there, their type and their size are compared. Times and modes are not compared.
///
/// # Errors
///
/// Where there is no copy or no seal, a folder of the copy cannot be listed, or `cancel` ended it. A file that cannot be read is a finding.
pub fn verify(
    copy: &Path,
    seal: Option<&Path>,
    sample: Option<u8>,
    notes: &dyn Notes,
    cancel: &Cancel,
) -> Result<Verification, BackupError> {
    let beside = seal_of(copy);
    let seal = seal.unwrap_or(&beside);
    if !seal.is_dir() {
        return Err(BackupError::NoSeal { copy: copy.to_owned(), seal: seal.to_owned() });
    }
    let bad = Verification {
        seal: SealState::Bad,
        header: None,
        whole: false,
        checked: 0,
        unchecked: 0,
        bytes: 0,
        findings: Vec::new(),
    };
    let state = match note::seal_state(seal, notes)?.0 {
        SealState::Bad => return Ok(bad),
        state => state,
    };
    match read_seal(seal) {
        Ok((header, entries)) => {
            let seen = compare(copy, header, &entries, sample, cancel)?;
            Ok(Verification { seal: state, ..seen })
        }
        Err(BackupError::BadSeal { .. }) => Ok(bad),
        Err(error) => Err(error),
    }
}

/// What a seal says. Its two lists must say the same; a manifest of the header alone leaves all to `SHA256SUMS`.
pub(super) fn read_seal(seal: &Path) -> Result<(Header, Vec<Entry>), BackupError> {
    let bad = || BackupError::BadSeal { seal: seal.to_owned() };
    let read = |name: &str| {
        let path = seal.join(name);
        fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => bad(),
            _ => BackupError::Read { path, source: error },
        })
    };
    let mut listed = sums::read(&read("SHA256SUMS")?).ok_or_else(bad)?;
    let text = String::from_utf8(read("manifest.jsonl")?).map_err(|_| bad())?;
    let (header, entries) = manifest::read(&text).ok_or_else(bad)?;
    if entries.is_empty() {
        listed.sort();
        if listed.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(bad());
        }
        let entry = |(path, digest)| Entry { path, kind: Kind::File, size: None, digest: Some(digest) };
        return Ok((header, listed.into_iter().map(entry).collect()));
    }
    let files = entries.iter().filter_map(|entry| Some((&entry.path, entry.digest.as_ref()?)));
    if !files.eq(listed.iter().map(|(path, digest)| (path, digest))) {
        return Err(bad());
    }
    Ok((header, entries))
}

/// What came of looking at one file.
enum Looked {
    Same(u64),
    Differs(FindingKind, u64),
    Passed,
}

/// Compares what lies in `copy` with what a seal says.
pub(super) fn compare(
    copy: &Path,
    header: Header,
    entries: &[Entry],
    sample: Option<u8>,
    cancel: &Cancel,
) -> Result<Verification, BackupError> {
    let found = walk::walk(copy, cancel)?;
    let there: BTreeMap<&RelativePath, &Found> = found.iter().map(|found| (&found.path, found)).collect();
    let sampler = RandomState::new();
    let chosen = |path: &RelativePath| sample.is_none_or(|percent| sampler.hash_one(path) % 100 < u64::from(percent));

    let looked: Vec<(&Entry, Looked)> = entries
        .par_iter()
        .map(|entry| {
            let looked = match there.get(&entry.path) {
                None => Looked::Differs(FindingKind::Missing, 0),
                Some(found) => look(copy, entry, found, chosen(&entry.path), cancel),
            };
            (entry, looked)
        })
        .collect();
    cancel.check()?;

    let mut result = Verification {
        seal: SealState::Unsigned,
        header: Some(header),
        whole: false,
        checked: 0,
        unchecked: 0,
        bytes: 0,
        findings: Vec::new(),
    };
    for (entry, looked) in looked {
        let file = entry.kind == Kind::File;
        match looked {
            Looked::Same(bytes) => {
                result.checked += u64::from(file);
                result.bytes += bytes;
            }
            Looked::Passed => result.unchecked += 1,
            Looked::Differs(kind, bytes) => {
                let read = file && bytes > 0 || matches!(kind, FindingKind::Changed);
                result.checked += u64::from(file && read);
                result.unchecked += u64::from(kind == FindingKind::Unreadable);
                result.bytes += bytes;
                result.findings.push(Finding::new(kind, &entry.path));
            }
        }
    }
    add_new(copy, entries, &found, &mut result.findings, cancel);
    cancel.check()?;
    result.findings.sort_by(|one, other| one.path.cmp(&other.path).then(one.kind.cmp(&other.kind)));
    result.whole = result.findings.is_empty();
    Ok(result)
}

fn look(copy: &Path, entry: &Entry, found: &Found, chosen: bool, cancel: &Cancel) -> Looked {
    match (&entry.kind, &found.kind) {
        (Kind::File, Kind::File) => {}
        (Kind::Folder, Kind::Folder) | (Kind::Special, Kind::Special) => return Looked::Same(0),
        (Kind::Link(was), Kind::Link(is)) if was == is => return Looked::Same(0),
        (Kind::Link(_), Kind::Link(_)) => return Looked::Differs(FindingKind::Changed, 0),
        _ => return Looked::Differs(FindingKind::Type, 0),
    }
    if let Some(size) = entry.size {
        if found.size < size {
            return Looked::Differs(FindingKind::Truncated, 0);
        }
        if found.size > size {
            return Looked::Differs(FindingKind::Grown, 0);
        }
    }
    if !chosen {
        return Looked::Passed;
    }
    let read = digest::open(&copy.join(found.path.path())).and_then(|mut file| digest::digest(&mut file, cancel));
    match read {
        Ok((digest, bytes)) if Some(digest) == entry.digest => Looked::Same(bytes),
        Ok((_, bytes)) => Looked::Differs(FindingKind::Changed, bytes),
        Err(_) => Looked::Differs(FindingKind::Unreadable, 0),
    }
}

/// Adds what the seal does not know. A new file with the content of a missing one was renamed.
fn add_new(copy: &Path, entries: &[Entry], found: &[Found], findings: &mut Vec<Finding>, cancel: &Cancel) {
    // A seal that lists files alone says nothing of folders and links.
    let files_only = entries.iter().all(|entry| entry.kind == Kind::File && entry.size.is_none());
    let known: BTreeMap<&RelativePath, &Entry> = entries.iter().map(|entry| (&entry.path, entry)).collect();
    // What is gone, by what it held. The empty file is everywhere: nothing can be said of where it went.
    let mut gone: BTreeMap<(u64, Digest), Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate().filter(|(_, f)| f.kind == FindingKind::Missing) {
        if let Some(Entry { size: Some(size @ 1..), digest: Some(digest), .. }) = known.get(&finding.path) {
            gone.entry((*size, *digest)).or_default().push(index);
        }
    }
    for new in found.iter().filter(|found| !known.contains_key(&found.path)) {
        if files_only && new.kind != Kind::File {
            continue;
        }
        let from = content(copy, new, &gone, cancel).and_then(|held| gone.get_mut(&held)?.pop());
        match from.and_then(|index| findings.get_mut(index)) {
            Some(finding) => {
                finding.kind = FindingKind::Renamed;
                finding.to = Some(new.path.clone());
            }
            None => findings.push(Finding::new(FindingKind::New, &new.path)),
        }
    }
}

/// What a new file holds, where something of its size is gone; only then is it worth reading.
fn content(
    copy: &Path,
    new: &Found,
    gone: &BTreeMap<(u64, Digest), Vec<usize>>,
    cancel: &Cancel,
) -> Option<(u64, Digest)> {
    let least = (new.size, Digest([0; 32]));
    let worth = new.kind == Kind::File && gone.range(least..).next().is_some_and(|((size, _), _)| *size == new.size);
    let file = if worth { digest::open(&copy.join(new.path.path())).ok() } else { None };
    file.and_then(|mut file| Some((new.size, digest::digest(&mut file, cancel).ok()?.0)))
}
