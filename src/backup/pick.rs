//! Picking the newest copy that is whole.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::seal::seal_of;
use super::verify::{self, Finding, SealState};
use super::{BackupError, Cancel, Kind, note};
use crate::model::{Name, Notes, Stamp};

/// Where the copies of one backup lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The backup.
    pub backup: Name,
    /// The folder that holds the copies.
    pub folder: PathBuf,
    /// A pattern (`*` and `?`) of the copies' names.
    pub copies: String,
    /// What the copies are: folders, files, or what a repository holds.
    pub kind: Kind,
}

/// What was picked, and what was passed over before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picked {
    /// The newest copy that is whole, if any is.
    pub chosen: Option<Chosen>,
    /// What was newer and is not whole, newest first; then every copy without a seal, then places that cannot be read.
    pub rejected: Vec<Rejected>,
    /// Sealed copies older than the chosen one, which nobody looked at.
    pub older: u64,
}

/// The copy that was picked.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Of which backup.
    pub backup: Name,
    /// Its folder.
    pub path: PathBuf,
    /// When it was sealed.
    pub sealed_at: Stamp,
    /// Files compared.
    pub checked: u64,
    /// Bytes read.
    pub bytes: u64,
}

/// A copy that was not picked.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// Its folder.
    pub path: PathBuf,
    /// When it was sealed, where that is known.
    pub sealed_at: Option<Stamp>,
    /// Why.
    pub why: RejectedWhy,
    /// What differs, at most [`MAX_FINDINGS`].
    pub findings: Vec<Finding>,
    /// How many differences there are.
    pub count: usize,
    /// Files whose every byte was read.
    pub checked: u64,
    /// Files that were not read.
    pub unchecked: u64,
    /// Bytes read.
    pub bytes: u64,
}

/// The most findings that are kept of a rejected copy.
pub const MAX_FINDINGS: usize = 100;

/// Why a copy was not picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectedWhy {
    /// It differs from its seal.
    Differs,
    /// It has no seal.
    NoSeal,
    /// Its seal does not hold.
    BadSeal,
    /// Nobody has signed its seal.
    Unsigned,
    /// A key has signed its seal that nobody here vouches for.
    UnknownKey,
    /// It cannot be read.
    Unreadable,
    /// It is no folder of files: it can be proved, but not put in place of a folder.
    OtherKind,
}

impl RejectedWhy {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::NoSeal => "no-seal",
            Self::BadSeal => "bad-seal",
            Self::Unsigned => "unsigned",
            Self::UnknownKey => "unknown-key",
            Self::Unreadable => "unreadable",
            Self::OtherKind => "other-kind",
        }
    }
}

impl Rejected {
    fn new(path: PathBuf, sealed_at: Option<Stamp>, why: RejectedWhy) -> Self {
        Self { path, sealed_at, why, findings: Vec::new(), count: 0, checked: 0, unchecked: 0, bytes: 0 }
    }

    /// What expressions and reports see: path, why, `sealed_at`, count, findings.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "path": self.path.to_string_lossy(),
            "why": self.why.word(),
            "sealed_at": self.sealed_at,
            "count": self.count,
            "findings": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}

struct Candidate {
    backup: Name,
    path: PathBuf,
    sealed_at: Option<Stamp>,
    sealed: bool,
}

/// The newest copy of all places that agrees with its seal, by the time of sealing, whatever the copies are called.
///
/// Every byte of a candidate is read. A copy without a seal that a key of `notes` has signed is never picked: nobody can say
/// that it is whole. A place that
/// cannot be read is told and passed over: the copies of the others may be all that is left. Where `cancel` ends it, what
/// was not looked at is left out.
#[must_use]
pub fn newest_good(places: &[Place], notes: &dyn Notes, cancel: &Cancel) -> Picked {
    let mut picked = Picked::default();
    let mut unsealed = Vec::new();
    let mut unreadable = Vec::new();
    let (folders, others): (Vec<_>, Vec<_>) = places.iter().cloned().partition(|place| place.kind == Kind::Files);
    let (sealed, without): (Vec<_>, Vec<_>) = candidates(&folders, &mut unreadable).into_iter().partition(|c| c.sealed);
    for candidate in without {
        unsealed.push(Rejected::new(candidate.path, None, RejectedWhy::NoSeal));
    }
    for candidate in sealed {
        if picked.chosen.is_some() {
            picked.older += 1;
            continue;
        }
        let Some(sealed_at) = candidate.sealed_at else {
            unsealed.push(Rejected::new(candidate.path, None, RejectedWhy::BadSeal));
            continue;
        };
        let untrusted = match note::seal_state(&seal_of(&candidate.path), notes) {
            Ok((SealState::Unsigned, _)) => Some(RejectedWhy::Unsigned),
            Ok((SealState::UnknownKey, _)) => Some(RejectedWhy::UnknownKey),
            Ok((SealState::Good | SealState::Bad, _)) | Err(_) => None,
        };
        if let Some(why) = untrusted {
            picked.rejected.push(Rejected::new(candidate.path, Some(sealed_at), why));
            continue;
        }
        match verify::verify(&candidate.path, None, None, notes, cancel) {
            Err(BackupError::Cancelled) => break,
            Ok(seen) if seen.whole => {
                picked.chosen = Some(Chosen {
                    backup: candidate.backup,
                    path: candidate.path,
                    sealed_at,
                    checked: seen.checked,
                    bytes: seen.bytes,
                });
            }
            Ok(seen) => {
                let why = if seen.seal == SealState::Bad { RejectedWhy::BadSeal } else { RejectedWhy::Differs };
                let mut rejected = Rejected::new(candidate.path, Some(sealed_at), why);
                rejected.count = seen.findings.len();
                (rejected.checked, rejected.unchecked, rejected.bytes) = (seen.checked, seen.unchecked, seen.bytes);
                rejected.findings = seen.findings;
                rejected.findings.truncate(MAX_FINDINGS);
                picked.rejected.push(rejected);
            }
            Err(_) => {
                picked.rejected.push(Rejected::new(candidate.path, Some(sealed_at), RejectedWhy::Unreadable));
            }
        }
    }
    picked.rejected.append(&mut unsealed);
    picked.rejected.append(&mut unreadable);
    picked.rejected.extend(others.into_iter().map(|place| Rejected::new(place.folder, None, RejectedWhy::OtherKind)));
    picked
}

/// A copy as far as its seal alone tells: nothing of the copy itself is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// Its folder.
    pub path: PathBuf,
    /// When it was sealed; nothing where it has no seal that can be read.
    pub sealed_at: Option<Stamp>,
    /// How many bytes its seal counts.
    pub bytes: Option<u64>,
}

/// As [`newest`], with what its seal says of it.
#[must_use]
pub fn notice_newest(places: &[Place]) -> Option<Noticed> {
    let path = newest(places)?;
    let header = verify::header(&seal_of(&path));
    let bytes = header.as_ref().map(|header| header.counts.bytes);
    Some(Noticed { path, sealed_at: header.map(|header| header.sealed_at), bytes })
}

/// The newest copy of all places by the time of sealing; the last by name where none is sealed.
#[must_use]
pub fn newest(places: &[Place]) -> Option<PathBuf> {
    let candidates = candidates(places, &mut Vec::new());
    let sealed = candidates.iter().find(|candidate| candidate.sealed_at.is_some());
    let named = || candidates.iter().max_by(|one, other| one.path.file_name().cmp(&other.path.file_name()));
    sealed.or_else(named).map(|candidate| candidate.path.clone())
}

/// One copy of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its folder or file.
    pub path: PathBuf,
    /// When it was sealed, where it has a seal that can be read.
    pub sealed_at: Option<Stamp>,
}

/// Every copy of a place, newest sealed first, then those without a seal, the last name first.
///
/// # Errors
///
/// The folder cannot be listed.
pub fn copies(place: &Place) -> Result<Vec<Listed>, BackupError> {
    let mut unreadable = Vec::new();
    let found = candidates(std::slice::from_ref(place), &mut unreadable);
    if unreadable.is_empty() {
        let listed = |candidate: Candidate| Listed { path: candidate.path, sealed_at: candidate.sealed_at };
        return Ok(found.into_iter().map(listed).collect());
    }
    match fs::read_dir(&place.folder) {
        Ok(_) => Ok(Vec::new()),
        Err(error) => Err(BackupError::read(&place.folder)(error)),
    }
}

/// Every copy, newest sealed first; among those sealed at the same time and those without a time the last name first.
fn candidates(places: &[Place], unreadable: &mut Vec<Rejected>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for place in places.iter().filter(|place| !place.kind.repository()) {
        let Ok(copies) = list(place) else {
            unreadable.push(Rejected::new(place.folder.clone(), None, RejectedWhy::Unreadable));
            continue;
        };
        for path in copies {
            let seal = seal_of(&path);
            let sealed_at = verify::header(&seal).map(|header| header.sealed_at);
            let sealed = seal.symlink_metadata().is_ok();
            candidates.push(Candidate { backup: place.backup.clone(), path, sealed_at, sealed });
        }
    }
    candidates.sort_by(|one, other| {
        let at = |candidate: &Candidate| candidate.sealed_at.map(|at| at.instant);
        at(other).cmp(&at(one)).then_with(|| other.path.cmp(&one.path))
    });
    // Two patterns may name the same copy.
    candidates.dedup_by(|one, other| one.path == other.path);
    candidates
}

/// The copies of a place by the names that fit its pattern, without seals and counts of rows. A link to a copy is not a copy.
fn list(place: &Place) -> std::io::Result<Vec<PathBuf>> {
    let mut copies = Vec::new();
    for entry in fs::read_dir(&place.folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // `.seal.new-…` is a seal in the making.
        let aside = name.ends_with(".seal") || name.contains(".seal.new-") || name.ends_with(".rows.json");
        let kind = entry.file_type()?;
        let copy = kind.is_dir() || (kind.is_file() && place.kind != Kind::Files);
        if !aside && copy && fits(&place.copies, &name) {
            copies.push(entry.path());
        }
    }
    Ok(copies)
}

/// Whether `name` fits `pattern`, where `*` stands for any characters and `?` for one.
#[must_use]
pub fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where the last `*` was, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, n));
            p += 1;
        } else if pattern.get(p).is_some_and(|c| *c == '?' || *c == name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            p = at + 1;
            n = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_fit_as_people_expect() {
        for (pattern, name, expected) in [
            ("*", "anything", true),
            ("one-stop-*", "one-stop-2026-11-22", true),
            ("one-stop-*", "one-stop", false),
            ("*-full-*", "db-full-1-full-2", true),
            ("night-?", "night-3", true),
            ("night-?", "night-33", false),
            ("đêm-*", "đêm-1", true),
            ("", "", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
