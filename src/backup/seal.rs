//! Making a seal.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::manifest::{self, Counts, Header};
use super::{BackupError, Cancel, digest, note, paths, sums, walk};
use crate::model::{Notes, Stamp};

/// A seal that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealed {
    /// The seal's folder.
    pub seal: PathBuf,
    /// Its manifest.
    pub manifest: PathBuf,
    /// When.
    pub sealed_at: Stamp,
    /// What was sealed.
    pub counts: Counts,
}

/// Where the seal of a copy stands: beside it, `<copy>.seal`.
#[must_use]
pub fn seal_of(copy: &Path) -> PathBuf {
    // A trailing slash would put the seal into the copy.
    let plain: PathBuf = copy.components().collect();
    paths::beside(&plain, ".seal")
}

/// Seals a copy: digests every file in it and writes the lists beside it (or to `out`), never into it.
///
/// Reads with as many workers as the machine has cores. The seal appears whole or not at all.
///
/// # Errors
///
/// Where anything in the copy cannot be read, changes meanwhile, where a seal is there already, or `cancel` ended it.
pub fn seal(copy: &Path, out: Option<&Path>, sealed_at: Stamp, cancel: &Cancel) -> Result<Sealed, BackupError> {
    make(copy, out, sealed_at, None, cancel)
}

/// As [`seal`], signed with the key of `notes`.
///
/// # Errors
///
/// As [`seal`]; [`BackupError::NoKey`] where the key is not here, before anything is read.
pub fn seal_signed(
    copy: &Path,
    out: Option<&Path>,
    sealed_at: Stamp,
    notes: &dyn Notes,
    cancel: &Cancel,
) -> Result<Sealed, BackupError> {
    if notes.note_signer().is_none() {
        return Err(BackupError::NoKey { copy: copy.to_owned() });
    }
    make(copy, out, sealed_at, Some(notes), cancel)
}

fn make(
    copy: &Path,
    out: Option<&Path>,
    sealed_at: Stamp,
    notes: Option<&dyn Notes>,
    cancel: &Cancel,
) -> Result<Sealed, BackupError> {
    let seal = out.map_or_else(|| seal_of(copy), Path::to_owned);
    if seal.symlink_metadata().is_ok() {
        return Err(BackupError::AlreadySealed { seal });
    }
    let real = fs::canonicalize(copy).map_err(BackupError::read(copy))?;
    let parent = parent(&seal);
    let real_parent = fs::canonicalize(&parent).map_err(BackupError::read(&parent))?;
    if real_parent.starts_with(&real) {
        return Err(BackupError::SealInside { seal });
    }

    let found = walk::walk(&real, cancel)?;
    let digests = digest::digest_unchanged(&real, &found, cancel)?;
    // What came, went or changed while the digests were made shows in a second look.
    let again = walk::walk(&real, cancel)?;
    if again != found {
        let path = found.iter().zip(&again).find(|(one, other)| one != other).map(|(one, _)| one.path.path());
        return Err(BackupError::Changing { path: real.join(path.unwrap_or(Path::new(""))) });
    }

    let header = Header {
        version: 1,
        algorithm: "sha256".to_owned(),
        sealed_at,
        root: real.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        counts: Counts::of(&found),
    };
    let mut list = Vec::new();
    let mut lines = serde_json::to_string(&header).unwrap_or_default();
    lines.push('\n');
    for (found, digest) in found.iter().zip(&digests) {
        if let Some(digest) = digest {
            sums::write(&mut list, &found.path, digest);
        }
        lines.push_str(&manifest::line(found, digest.as_ref()));
        lines.push('\n');
    }
    cancel.check()?;
    let mut files: Vec<(&str, &[u8])> = vec![("SHA256SUMS", &list), ("manifest.jsonl", lines.as_bytes())];
    let note = match notes {
        Some(notes) => {
            let digest = crate::model::Digest::of(lines.as_bytes());
            Some(note::sign(&digest, notes).ok_or_else(|| BackupError::NoKey { copy: copy.to_owned() })?)
        }
        None => None,
    };
    files.extend(note.as_ref().map(|note| (note::NOTE, note.as_bytes())));
    write_whole(&seal, &parent, &files)?;
    Ok(Sealed { manifest: seal.join("manifest.jsonl"), seal, sealed_at, counts: header.counts })
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Writes a folder of files beside its place, syncs it, and renames it there.
fn write_whole(place: &Path, parent: &Path, files: &[(&str, &[u8])]) -> Result<(), BackupError> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let scratch = paths::beside(place, &format!(".new-{}-{number}", std::process::id()));
    let written = write_into(&scratch, files)
        .and_then(|()| rename_new(&scratch, place))
        .and_then(|()| File::open(parent).and_then(|folder| folder.sync_all()).map_err(BackupError::write(parent)));
    if written.is_err() {
        // Where it cannot be taken away either, the first error is the one to tell.
        let _ = fs::remove_dir_all(&scratch);
    }
    written
}

fn write_into(scratch: &Path, files: &[(&str, &[u8])]) -> Result<(), BackupError> {
    fs::create_dir(scratch).map_err(BackupError::write(scratch))?;
    for (name, bytes) in files {
        let path = scratch.join(name);
        let write = || {
            let mut file = File::create_new(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(BackupError::write(&path))?;
    }
    File::open(scratch).and_then(|folder| folder.sync_all()).map_err(BackupError::write(scratch))
}

/// Renames to a name that nobody has taken meanwhile.
fn rename_new(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.symlink_metadata().is_ok() {
        return Err(BackupError::AlreadySealed { seal: to.to_owned() });
    }
    fs::rename(from, to).map_err(BackupError::write(to))
}
