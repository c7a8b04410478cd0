//! Zip archives.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use ::zip::ZipArchive;
use ::zip::result::ZipError;

use super::{Ended, Sink, inside};
use crate::backup::prove::Target;
use crate::backup::prove::verdict::{Problem, Proof, Why};
use crate::backup::{BackupError, digest};

/// The longest target of a symbolic link, in bytes: the system takes no more.
const LINK: u64 = 4096;
/// Where the end of the central directory is looked for: its 22 bytes and the longest comment (APPNOTE 4.3.16).
const END: u64 = 22 + 65_535;

/// Reads the archive into `sink`; every entry has a checksum, so that reading it whole says that it is.
pub(super) fn read(target: &Target, sink: &mut Sink<'_>, proof: &mut Proof) -> Result<bool, BackupError> {
    let read = |error| BackupError::read(&target.item)(error);
    let mut file = digest::open(&target.item).map_err(read)?;
    let told = told(&mut file).map_err(read)?;
    file.rewind().map_err(read)?;
    let mut archive = match ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(error) => {
            // The directory stands at the end: an archive that was cut has none.
            proof.found(if told.is_none() { Problem::new(Why::Cut) } else { problem(&error) });
            return Ok(false);
        }
    };
    if told.is_some_and(|told| told != archive.len() as u64) {
        // The reader keeps one of two entries with the same name; other readers may keep the other.
        proof.found(Problem::new(Why::Duplicate));
    }
    let mut all = 0_u64;
    for place in 0..archive.len() {
        if let Ok(entry) = archive.by_index_raw(place) {
            all = all.saturating_add(entry.size());
        }
    }
    sink.declared(all)?;
    let mut whole = true;
    for place in 0..archive.len() {
        sink.cancel.check()?;
        let name = archive.by_index_raw(place).map(|entry| entry.name_raw().to_vec()).unwrap_or_default();
        let mut entry = match archive.by_index(place) {
            Ok(entry) => entry,
            Err(error) => {
                proof.found(problem(&error).at(&name));
                whole = false;
                continue;
            }
        };
        let size = entry.size();
        let before = sink.bytes;
        let (ended, found) = take(&mut entry, &name, sink)?;
        if let Some(found) = found {
            proof.found(found.at(&name));
        }
        match ended {
            Some(Ended::Unreadable(error)) => {
                whole = false;
                proof.found(unreadable(&error).at(&name));
            }
            Some(Ended::Whole) if sink.bytes - before != size => {
                whole = false;
                proof.found(Problem::new(Why::Damaged).at(&name));
            }
            _ => {}
        }
    }
    Ok(whole)
}

fn take<R: io::Read>(
    entry: &mut ::zip::read::ZipFile<'_, R>,
    name: &[u8],
    sink: &mut Sink<'_>,
) -> Result<(Option<Ended>, Option<Problem>), BackupError> {
    let path = match inside(name) {
        Ok(Some(path)) => path,
        Ok(None) => return Ok((None, Some(Problem::new(Why::UnsafeName)))),
        Err(why) => return Ok((None, Some(Problem::new(why)))),
    };
    let mode = entry.unix_mode().unwrap_or(0o600);
    // Times in a zip have no zone: nothing is said of them.
    let mtime = 0;
    if entry.is_dir() {
        return Ok((None, sink.folder(&path, mode | 0o700, mtime)?));
    }
    // The upper bits of a Unix mode say what stands there: a link, a file, or what is never made.
    match mode & 0o170_000 {
        0o120_000 => {
            let mut target = Vec::new();
            let read = entry.by_ref().take(LINK).read_to_end(&mut target);
            sink.bytes += target.len() as u64;
            let ended = read.map_or_else(Ended::Unreadable, |_| Ended::Whole);
            Ok((Some(ended), sink.link(&path, &target)))
        }
        0 | 0o100_000 => {
            let (ended, problem) = sink.file(&path, (mode, mtime), entry)?;
            Ok((Some(ended), problem))
        }
        _ => Ok((None, Some(Problem::new(Why::Special)))),
    }
}

/// How many entries the end of the central directory tells of (APPNOTE 4.3.16, 4.3.14); nothing where there is no such end.
fn told(file: &mut File) -> io::Result<Option<u64>> {
    let size = file.metadata()?.len();
    let start = size.saturating_sub(END);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.by_ref().take(END).read_to_end(&mut tail)?;
    let Some(at) = tail.windows(4).rposition(|bytes| bytes == b"PK\x05\x06") else { return Ok(None) };
    let Some(count) = tail.get(at + 10..at + 12).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes) else {
        return Ok(None);
    };
    if count != u16::MAX {
        return Ok(Some(u64::from(count)));
    }
    // Too many for two bytes: the record of zip64 tells.
    let record = tail[..at].windows(4).rposition(|bytes| bytes == b"PK\x06\x06");
    let bytes = record.and_then(|at| tail.get(at + 32..at + 40)).and_then(|bytes| bytes.try_into().ok());
    Ok(bytes.map(u64::from_le_bytes).or(Some(u64::from(count))))
}

fn problem(error: &ZipError) -> Problem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Problem::new(Why::Encrypted)
        }
        ZipError::UnsupportedArchive(what) => Problem::new(Why::Unsupported).saying(what),
        ZipError::Io(error) => unreadable(error),
        other => Problem::new(Why::Damaged).saying(other),
    }
}

fn unreadable(error: &io::Error) -> Problem {
    let cut = error.kind() == io::ErrorKind::UnexpectedEof;
    Problem::new(if cut { Why::Cut } else { Why::Damaged }).saying(error)
}
