//! Archives: read entry by entry into the scratch place, or to their end without writing.
//!
//! What an archive says is never trusted. Names that lead out, links to elsewhere, devices and doubles are refused; symbolic
//! links are made last, so that while files are written there is none to go through; sizes are counted as they come.

mod tar;
mod zip;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, FileTimes, Permissions};
use std::io::{self, Read, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::Digest as _;

use super::check::Shown;
use super::files::{is_full, leads_out};
use super::sealed::{self, Tree};
use super::verdict::{Basis, Problem, Proof, Why};
use super::workbench::Workbench;
use super::{Kind, Request, Target, folders};
use crate::backup::manifest::Entry;
use crate::backup::walk::Kind as EntryKind;
use crate::backup::{BackupError, Cancel, Finding, FindingKind, RelativePath, verify};
use crate::model::Digest;
use crate::model::record::Integrity;

/// Bytes read at a time.
const CHUNK: usize = 256 * 1024;
/// Bits of a mode that are restored: no set-uid, and its owner, who is us, can read it.
const MODE: u32 = 0o777;

/// Restores the archive and compares it with the seal of the tree that it was made from, where there is one.
pub(super) fn restore(
    target: &Target,
    request: &Request,
    tree: Option<&Tree>,
    proof: &mut Proof,
    bench: &Workbench,
    cancel: &Cancel,
) -> Result<Option<(Shown, Shown)>, BackupError> {
    let to = if request.no_disk { None } else { Some(bench.folder("restored")?) };
    let mut sink = Sink::new(to.clone(), bench, cancel)?;
    let checksummed = match target.kind {
        Kind::Zip => zip::read(target, &mut sink, proof)?,
        _ => tar::read(target, &mut sink, proof)?,
    };
    sink.finish(proof)?;
    (proof.restored, proof.bytes, proof.leads_out) = (sink.files, sink.bytes, sink.leads_out);
    if checksummed && proof.integrity != Integrity::Fails {
        proof.holds_by(Basis::Checksums);
    }
    let Some(to) = to else {
        if let Some(tree) = tree {
            compare_read(&sink.read, tree, proof);
        }
        return Ok(None);
    };
    if let Some(tree) = tree {
        let root = root_of(&to, tree);
        sealed::take(&verify::compare(&root, tree.header.clone(), &tree.entries, None, cancel)?, proof);
    }
    proof.was_restored();
    folders(bench, &to).map(Some)
}

/// Where the sealed tree begins: an archive often holds it under the name of its folder.
pub(super) fn root_of(to: &Path, tree: &Tree) -> PathBuf {
    let Ok(entries) = fs::read_dir(to) else { return to.to_owned() };
    let entries: Vec<_> = entries.filter_map(Result::ok).collect();
    let [one] = entries.as_slice() else { return to.to_owned() };
    let name = one.file_name();
    let sealed = tree.entries.iter().any(|entry| entry.path.path().starts_with(&name));
    if !sealed && one.file_type().is_ok_and(|kind| kind.is_dir()) { one.path() } else { to.to_owned() }
}

/// What was read of an entry, where nothing is written.
struct Seen {
    kind: EntryKind,
    size: u64,
    digest: Option<Digest>,
}

/// Compares what was read with a seal. What differs is found as when it lay on a disk, save that nothing is found renamed.
fn compare_read(read: &BTreeMap<RelativePath, Seen>, tree: &Tree, proof: &mut Proof) {
    let top = read.keys().next().and_then(|path| path.bytes().split(|byte| *byte == b'/').next()).map(<[u8]>::to_vec);
    let under = |path: &RelativePath, top: &[u8]| {
        path.bytes() == top || (path.bytes().starts_with(top) && path.bytes().get(top.len()) == Some(&b'/'))
    };
    // As on a disk: the only name at the top is the tree's own, unless the seal knows that name.
    let strip = top.filter(|top| {
        read.keys().all(|path| under(path, top)) && !tree.entries.iter().any(|entry| under(&entry.path, top))
    });
    let mut rest: BTreeMap<RelativePath, &Seen> = BTreeMap::new();
    for (path, seen) in read {
        let bytes = match &strip {
            Some(top) => path.bytes().get(top.len() + 1..).unwrap_or_default(),
            None => path.bytes(),
        };
        if let Some(path) = RelativePath::new(bytes) {
            rest.insert(path, seen);
        }
    }
    let mut findings = Vec::new();
    let mut find = |kind, path: &RelativePath| findings.push(Finding { kind, path: path.clone(), to: None });
    for entry in &tree.entries {
        match rest.remove(&entry.path) {
            None => find(FindingKind::Missing, &entry.path),
            Some(seen) => {
                if let Some(kind) = differs(entry, seen) {
                    find(kind, &entry.path);
                }
            }
        }
    }
    for path in rest.keys() {
        find(FindingKind::New, path);
    }
    findings.sort_by(|one, other| one.path.cmp(&other.path));
    if findings.is_empty() {
        proof.holds_by(Basis::Seal);
    } else {
        proof.integrity = Integrity::Fails;
        proof.findings.extend(findings);
    }
}

fn differs(entry: &Entry, seen: &Seen) -> Option<FindingKind> {
    match (&entry.kind, &seen.kind) {
        (EntryKind::File, EntryKind::File) => match entry.size {
            Some(size) if seen.size < size => Some(FindingKind::Truncated),
            Some(size) if seen.size > size => Some(FindingKind::Grown),
            _ => (seen.digest != entry.digest).then_some(FindingKind::Changed),
        },
        (EntryKind::Link(was), EntryKind::Link(is)) => (was != is).then_some(FindingKind::Changed),
        (was, is) => (was != is).then_some(FindingKind::Type),
    }
}

/// Takes a piece of content.
type Put<'p> = &'p mut dyn FnMut(&[u8]) -> io::Result<()>;

/// How reading an entry ended.
enum Ended {
    /// Whole.
    Whole,
    /// The archive could not be read on here.
    Unreadable(io::Error),
}

/// Takes what an archive holds.
struct Sink<'a> {
    /// Where it is put; nothing where it is only read.
    to: Option<PathBuf>,
    bench: &'a Workbench,
    cancel: &'a Cancel,
    /// Bytes that may still come.
    room: u64,
    files: u64,
    bytes: u64,
    leads_out: u64,
    /// Made when all else is: nothing can be written through them.
    links: BTreeMap<RelativePath, Vec<u8>>,
    /// Modes and times of folders, set last.
    folders: Vec<(PathBuf, u32, u64)>,
    /// What was read, where nothing is written.
    read: BTreeMap<RelativePath, Seen>,
    buffer: Vec<u8>,
}

/// The path that an archive's name stands for; none for the archive's own top folder. What leads out is an error.
fn inside(name: &[u8]) -> Result<Option<RelativePath>, Why> {
    if name.starts_with(b"/") || name.contains(&0) {
        return Err(Why::UnsafeName);
    }
    let parts: Vec<&[u8]> = name.split(|byte| *byte == b'/').filter(|part| !matches!(*part, b"" | b".")).collect();
    if parts.is_empty() {
        return Ok(None);
    }
    RelativePath::new(&parts.join(&b'/')).map(Some).ok_or(Why::UnsafeName)
}

impl<'a> Sink<'a> {
    fn new(to: Option<PathBuf>, bench: &'a Workbench, cancel: &'a Cancel) -> Result<Self, BackupError> {
        // Without a disk only what was allowed bounds it: it is read and forgotten.
        let room = if to.is_some() { bench.room()? } else { bench.most().unwrap_or(u64::MAX) };
        Ok(Self {
            to,
            bench,
            cancel,
            room,
            files: 0,
            bytes: 0,
            leads_out: 0,
            links: BTreeMap::new(),
            folders: Vec::new(),
            read: BTreeMap::new(),
            buffer: vec![0; CHUNK],
        })
    }

    /// Refuses what says of itself that it is bigger than there is room.
    fn declared(&self, size: u64) -> Result<(), BackupError> {
        if size > self.room { Err(self.no_room(Some(size))) } else { Ok(()) }
    }

    fn no_room(&self, needed: Option<u64>) -> BackupError {
        let free = self.bench.free().unwrap_or(0);
        match self.bench.most() {
            Some(most) if most <= self.bytes.saturating_add(free) || self.to.is_none() => BackupError::TooBig { most },
            _ => BackupError::NoRoom { scratch: self.bench.path().to_owned(), needed, free },
        }
    }

    /// Whether something stands at `path` already, or in the way to it.
    fn taken(&self, path: &RelativePath) -> Option<Why> {
        if self.links.contains_key(path) || self.read.contains_key(path) {
            return Some(Why::Duplicate);
        }
        let bytes = path.bytes();
        let above = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &bytes[..at]);
        for parent in above.filter_map(RelativePath::new) {
            let file = self.read.get(&parent).is_some_and(|seen| seen.kind != EntryKind::Folder);
            if self.links.contains_key(&parent) || file {
                return Some(Why::Conflict);
            }
        }
        None
    }

    /// Makes the folder at `path` and those above it; gives what is in the way.
    fn make_folder(&self, path: &Path) -> Result<Option<Problem>, BackupError> {
        let Some(top) = &self.to else { return Ok(None) };
        let mut full = top.clone();
        for part in path.components() {
            full.push(part);
            match fs::DirBuilder::new().create(&full) {
                Ok(()) => {
                    fs::set_permissions(&full, Permissions::from_mode(0o700)).map_err(BackupError::write(&full))?;
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if !full.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
                        return Ok(Some(Problem::new(Why::Conflict)));
                    }
                }
                Err(error) => return self.not_made(&full, error),
            }
        }
        Ok(None)
    }

    /// What the file system refuses because of the name is the archive's affair; the rest is ours.
    fn not_made(&self, path: &Path, error: io::Error) -> Result<Option<Problem>, BackupError> {
        match error.kind() {
            io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => {
                Ok(Some(Problem::new(Why::UnsafeName).saying(error)))
            }
            _ if error.raw_os_error() == Some(rustix::io::Errno::NAMETOOLONG.raw_os_error()) => {
                Ok(Some(Problem::new(Why::UnsafeName).saying(error)))
            }
            _ if is_full(&error) => Err(self.no_room(None)),
            _ => Err(BackupError::Write { path: path.to_owned(), source: error }),
        }
    }

    /// A folder.
    fn folder(&mut self, path: &RelativePath, mode: u32, mtime: u64) -> Result<Option<Problem>, BackupError> {
        let again = self.read.get(path).is_some_and(|seen| seen.kind == EntryKind::Folder);
        match self.taken(path) {
            Some(Why::Duplicate) if again => return Ok(None),
            Some(why) => return Ok(Some(Problem::new(why))),
            None => {}
        }
        match &self.to {
            None => {
                self.read.insert(path.clone(), Seen { kind: EntryKind::Folder, size: 0, digest: None });
                Ok(None)
            }
            Some(top) => {
                self.folders.push((top.join(path.path()), mode, mtime));
                self.make_folder(path.path())
            }
        }
    }

    /// A file with its content, which is read to its end in any case.
    fn file(
        &mut self,
        path: &RelativePath,
        (mode, mtime): (u32, u64),
        content: &mut dyn Read,
    ) -> Result<(Ended, Option<Problem>), BackupError> {
        if let Some(why) = self.taken(path) {
            return Ok((self.pour(content, None)?.0, Some(Problem::new(why))));
        }
        let Some(top) = self.to.clone() else {
            let mut hasher = sha2::Sha256::new();
            let (ended, size) = self.pour(
                content,
                Some(&mut |bytes| {
                    hasher.update(bytes);
                    Ok(())
                }),
            )?;
            let digest = Some(Digest(hasher.finalize().into()));
            self.read.insert(path.clone(), Seen { kind: EntryKind::File, size, digest });
            self.files += 1;
            return Ok((ended, None));
        };
        if let Some(parent) = path.path().parent()
            && let Some(problem) = self.make_folder(parent)?
        {
            return Ok((self.pour(content, None)?.0, Some(problem)));
        }
        let full = top.join(path.path());
        let mut file = match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&full) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Ok((self.pour(content, None)?.0, Some(Problem::new(Why::Duplicate))));
            }
            Err(error) => {
                let problem = self.not_made(&full, error)?;
                return Ok((self.pour(content, None)?.0, problem));
            }
        };
        let (ended, _) = self.pour(content, Some(&mut |bytes| file.write_all(bytes))).map_err(|error| match error {
            BackupError::Write { source, .. } => BackupError::Write { path: full.clone(), source },
            other => other,
        })?;
        let set = || {
            file.set_permissions(Permissions::from_mode(mode & MODE | 0o400))?;
            file.set_times(times(mtime))
        };
        set().map_err(BackupError::write(&full))?;
        self.files += 1;
        Ok((ended, None))
    }

    /// Reads `content` to its end, counting, and gives every piece to `put`.
    fn pour(&mut self, content: &mut dyn Read, mut put: Option<Put<'_>>) -> Result<(Ended, u64), BackupError> {
        let mut size = 0;
        loop {
            self.cancel.check()?;
            let count = match content.read(&mut self.buffer) {
                Ok(0) => return Ok((Ended::Whole, size)),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Ok((Ended::Unreadable(error), size)),
            };
            let bytes = count as u64;
            if bytes > self.room {
                return Err(self.no_room(None));
            }
            self.room -= bytes;
            self.bytes += bytes;
            size += bytes;
            if let Some(put) = &mut put {
                match put(&self.buffer[..count]) {
                    Ok(()) => {}
                    Err(error) if is_full(&error) => return Err(self.no_room(None)),
                    Err(error) => return Err(BackupError::Write { path: PathBuf::new(), source: error }),
                }
            }
        }
    }

    /// A symbolic link, to be made when all else is.
    fn link(&mut self, path: &RelativePath, target: &[u8]) -> Option<Problem> {
        if let Some(why) = self.taken(path) {
            return Some(Problem::new(why));
        }
        if target.is_empty() || target.contains(&0) {
            return Some(Problem::new(Why::UnsafeLink));
        }
        self.leads_out += u64::from(leads_out(path, target));
        if self.to.is_none() {
            let kind = EntryKind::Link(target.to_vec());
            self.read.insert(path.clone(), Seen { kind, size: 0, digest: None });
        } else {
            self.links.insert(path.clone(), target.to_vec());
        }
        None
    }

    /// A hard link to a file that the archive held before.
    fn hard_link(&mut self, path: &RelativePath, target: &[u8]) -> Result<Option<Problem>, BackupError> {
        if let Some(why) = self.taken(path) {
            return Ok(Some(Problem::new(why)));
        }
        let Ok(Some(target)) = inside(target) else { return Ok(Some(Problem::new(Why::UnsafeLink))) };
        let Some(top) = self.to.clone() else {
            let same = self.read.get(&target).filter(|seen| seen.kind == EntryKind::File);
            let Some(seen) = same.map(|seen| Seen { kind: EntryKind::File, size: seen.size, digest: seen.digest })
            else {
                return Ok(Some(Problem::new(Why::UnsafeLink)));
            };
            self.read.insert(path.clone(), seen);
            self.files += 1;
            return Ok(None);
        };
        // No link stands in the tree yet, so that both names are what they seem.
        let (from, to) = (top.join(target.path()), top.join(path.path()));
        if !from.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Ok(Some(Problem::new(Why::UnsafeLink)));
        }
        if let Some(parent) = path.path().parent()
            && let Some(problem) = self.make_folder(parent)?
        {
            return Ok(Some(problem));
        }
        match fs::hard_link(&from, &to) {
            Ok(()) => {
                self.files += 1;
                Ok(None)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Some(Problem::new(Why::Duplicate))),
            Err(error) => self.not_made(&to, error),
        }
    }

    /// Makes the links, then sets modes and times of folders.
    fn finish(&mut self, proof: &mut Proof) -> Result<(), BackupError> {
        let Some(top) = self.to.clone() else { return Ok(()) };
        for (path, target) in std::mem::take(&mut self.links) {
            if let Some(parent) = path.path().parent()
                && let Some(problem) = self.make_folder(parent)?
            {
                proof.found(problem.at(path.bytes()));
                continue;
            }
            let full = top.join(path.path());
            match symlink(OsStr::from_bytes(&target), &full) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    proof.found(Problem::new(Why::Duplicate).at(path.bytes()));
                }
                Err(error) => {
                    if let Some(problem) = self.not_made(&full, error)? {
                        proof.found(problem.at(path.bytes()));
                    }
                }
            }
        }
        for (folder, mode, mtime) in self.folders.iter().rev() {
            // What could not be made was found before.
            if folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
                let set = || {
                    fs::File::open(folder)?.set_times(times(*mtime))?;
                    fs::set_permissions(folder, Permissions::from_mode(mode & MODE | 0o700))
                };
                set().map_err(BackupError::write(folder))?;
            }
        }
        Ok(())
    }
}

fn times(seconds: u64) -> FileTimes {
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(SystemTime::UNIX_EPOCH);
    FileTimes::new().set_modified(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_an_archive_stays_inside_or_is_refused() {
        for (name, expected) in [
            ("a/b", Ok(Some("a/b"))),
            ("./a//b/", Ok(Some("a/b"))),
            ("./", Ok(None)),
            ("/etc/passwd", Err(Why::UnsafeName)),
            ("a/../../b", Err(Why::UnsafeName)),
            ("..", Err(Why::UnsafeName)),
            ("a\0b", Err(Why::UnsafeName)),
        ] {
            let seen = inside(name.as_bytes());
            let seen = seen.as_ref().map(|path| path.as_ref().map(RelativePath::bytes));
            assert_eq!(seen, expected.as_ref().map(|path| path.map(str::as_bytes)), "{name:?}");
        }
    }
}
