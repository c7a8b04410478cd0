//! Making a seal.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Seek as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sha2::Digest as _;

use super::manifest::{self, Counts, Header};
use super::scan::{self, Choice, Closed, Looked, Progress, Scan, Seen, Sink};
use super::{BackupError, Cancel, note, paths, sums};
use crate::model::{Digest, Notes, Stamp};

/// What changed so many seconds before we began may be changing still.
const MARGIN: i64 = 2;
/// A seal that took longer looks at everything a second time: there was time for a change.
const LONG: Duration = Duration::from_secs(1);
/// Bytes of the manifest that are kept in memory.
const HELD: usize = 8 * 1024 * 1024;

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
    /// Folders of other file systems, the first hundred: sealed as well, or left out where that was asked for.
    pub elsewhere: Vec<super::RelativePath>,
}

/// How a seal is to be made.
#[derive(Clone, Copy, Default)]
pub struct SealOptions<'a> {
    /// Where it goes, if not beside the copy.
    pub out: Option<&'a Path>,
    /// The key that signs it.
    pub notes: Option<&'a dyn Notes>,
    /// Leave out folders on other file systems.
    pub one_file_system: bool,
    /// Told how far it has come.
    pub progress: Option<&'a Progress>,
}

/// Where the seal of a copy stands: beside it, `<copy>.seal`.
#[must_use]
pub fn seal_of(copy: &Path) -> PathBuf {
    // A trailing slash would put the seal into the copy.
    let plain: PathBuf = copy.components().collect();
    paths::beside(&plain, ".seal")
}

/// Seals a copy: digests every file in it and writes the lists beside it (or to `out`), never into it. Nobody signs it.
///
/// # Errors
///
/// As [`seal_with`].
pub fn seal(copy: &Path, out: Option<&Path>, sealed_at: Stamp, cancel: &Cancel) -> Result<Sealed, BackupError> {
    seal_with(copy, SealOptions { out, ..SealOptions::default() }, sealed_at, cancel)
}

/// As [`seal`], signed with the key of `notes`.
///
/// # Errors
///
/// As [`seal_with`].
pub fn seal_signed(
    copy: &Path,
    out: Option<&Path>,
    sealed_at: Stamp,
    notes: &dyn Notes,
    cancel: &Cancel,
) -> Result<Sealed, BackupError> {
    seal_with(copy, SealOptions { out, notes: Some(notes), ..SealOptions::default() }, sealed_at, cancel)
}

/// Seals a copy as `options` say.
///
/// Reads with as many workers as the machine has cores. The seal appears whole or not at all. A copy that changes meanwhile
/// is not sealed: by the times of its inodes, which the system sets, nothing in it changed since we began. All of it is
/// looked at again at the end, unless all was over in a second and nothing had changed just before.
///
/// # Errors
///
/// [`BackupError::NoKey`] where it is to be signed and the key is not here. Where anything in the copy cannot be read or
/// changes meanwhile, where a seal is there already, or `cancel` ended it.
pub fn seal_with(
    copy: &Path,
    options: SealOptions<'_>,
    sealed_at: Stamp,
    cancel: &Cancel,
) -> Result<Sealed, BackupError> {
    let no_key = || BackupError::NoKey { copy: copy.to_owned() };
    if options.notes.is_some_and(|notes| notes.note_signer().is_none()) {
        return Err(no_key());
    }
    let seal = options.out.map_or_else(|| seal_of(copy), Path::to_owned);
    if seal.symlink_metadata().is_ok() {
        return Err(BackupError::AlreadySealed { seal });
    }
    let real = fs::canonicalize(copy).map_err(BackupError::read(copy))?;
    let parent = parent(&seal);
    let real_parent = fs::canonicalize(&parent).map_err(BackupError::read(&parent))?;
    if real_parent.starts_with(&real) {
        return Err(BackupError::SealInside { seal });
    }
    if !real.is_dir() && !real.is_file() {
        return Err(BackupError::NotAFolder { path: copy.to_owned() });
    }

    let draft = Draft::new(&seal)?;
    let root = real.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let lists = read(&real, &draft, options, cancel)?;
    let header = Header {
        version: 1,
        algorithm: "sha256".to_owned(),
        sealed_at,
        root,
        counts: lists.counts,
        one_file_system: options.one_file_system,
        sums: Some(lists.sums),
    };
    cancel.check()?;
    let sign = |digest: &Digest| options.notes.map(|notes| note::sign(digest, notes).ok_or_else(no_key)).transpose();
    draft.finish(&header, lists.body, sign)?;
    draft.publish(&seal, &parent)?;
    Ok(Sealed {
        manifest: seal.join("manifest.jsonl"),
        seal,
        sealed_at,
        counts: header.counts,
        elsewhere: lists.elsewhere,
    })
}

/// What was read of a copy.
struct Lists {
    counts: Counts,
    /// The lines of the manifest.
    body: Spool,
    /// The digest of `SHA256SUMS`, which is written.
    sums: Digest,
    elsewhere: Vec<super::RelativePath>,
}

/// Reads the whole copy into the lists of the draft.
fn read(real: &Path, draft: &Draft, options: SealOptions<'_>, cancel: &Cancel) -> Result<Lists, BackupError> {
    let began = Instant::now();
    let root = fs::metadata(real).map_err(BackupError::read(real))?;
    let folder = fs::metadata(&draft.folder).map_err(BackupError::read(&draft.folder))?;
    // The clock of the file system itself. Where the copy lies on another, nobody knows how its clock goes.
    let since = (folder.ctime(), folder.ctime_nsec());
    let recent = if folder.dev() == root.dev() { since.0 - MARGIN } else { i64::MIN };
    let how = Scan { one_file_system: options.one_file_system, progress: options.progress, recent, ..Scan::default() };
    let mut writer = Writer {
        root: scan::base(real),
        since,
        recent,
        lately: root.ctime() >= recent,
        counts: Counts::default(),
        sums: BufWriter::with_capacity(
            HELD / 8,
            File::create_new(draft.sums()).map_err(BackupError::write(draft.sums()))?,
        ),
        sums_digest: sha2::Sha256::new(),
        line: Vec::new(),
        body: Spool { held: Vec::new(), file: None, path: draft.body() },
        first_names: HashMap::new(),
        elsewhere: Vec::new(),
        one_file_system: options.one_file_system,
    };
    scan::scan(real, &how, &mut writer, cancel)?;
    if writer.lately || began.elapsed() > LONG {
        let again = Scan {
            choice: Choice::None,
            recent: i64::MAX,
            one_file_system: options.one_file_system,
            ..Scan::default()
        };
        scan::scan(real, &again, &mut Again { root: scan::base(real), since }, cancel)?;
    }
    let after = fs::metadata(real).map_err(BackupError::read(real))?;
    if (after.ctime(), after.ctime_nsec()) != (root.ctime(), root.ctime_nsec()) {
        return Err(BackupError::Changing { path: real.to_owned() });
    }
    writer.sums.flush().map_err(BackupError::write(draft.sums()))?;
    let sums = Digest(writer.sums_digest.finalize().into());
    Ok(Lists { counts: writer.counts, body: writer.body, sums, elsewhere: writer.elsewhere })
}

/// Writes the lines of what was seen.
struct Writer<'a> {
    root: &'a Path,
    since: (i64, i64),
    recent: i64,
    /// Whether anything changed just before we began.
    lately: bool,
    counts: Counts,
    sums: BufWriter<File>,
    sums_digest: sha2::Sha256,
    line: Vec<u8>,
    body: Spool,
    /// The first name of each file that has several, by device and inode.
    first_names: HashMap<(u64, u64), Box<[u8]>>,
    elsewhere: Vec<super::RelativePath>,
    one_file_system: bool,
}

impl Sink for Writer<'_> {
    fn see(&mut self, seen: &Seen<'_>) -> Result<(), BackupError> {
        let item = seen.item;
        match item.looked {
            Looked::Read => {}
            Looked::Unreadable(code) => {
                let source = io::Error::from_raw_os_error(code);
                return Err(BackupError::Read { path: full(self.root, seen.path), source });
            }
            Looked::Changing | Looked::Passed => {
                return Err(BackupError::Changing { path: full(self.root, seen.path) });
            }
        }
        if item.ctime > self.since {
            return Err(BackupError::Changing { path: full(self.root, seen.path) });
        }
        self.lately |= item.ctime.0 >= self.recent;
        self.counts.add(item);
        let link = item.inode.and_then(|inode| match self.first_names.entry(inode) {
            Entry::Occupied(first) => Some(first.get().clone()),
            Entry::Vacant(place) => {
                place.insert(seen.path.into());
                None
            }
        });
        if item.elsewhere && self.elsewhere.len() < 100 {
            self.elsewhere.extend(super::RelativePath::new(seen.path));
        }
        self.line.clear();
        if item.what == scan::What::File {
            sums::write(&mut self.line, seen.path, &item.digest);
            self.sums_digest.update(&self.line);
            self.sums.write_all(&self.line).map_err(BackupError::write(self.root))?;
            self.line.clear();
        }
        manifest::write(&mut self.body.held, seen.path, item, link.as_deref());
        self.body.spill()
    }

    fn closed(&mut self, folder: &[u8], why: Closed) -> Result<(), BackupError> {
        closed(self.root, folder, why, self.one_file_system)
    }
}

/// The second look: nothing has changed since we began.
struct Again<'a> {
    root: &'a Path,
    since: (i64, i64),
}

impl Sink for Again<'_> {
    fn see(&mut self, seen: &Seen<'_>) -> Result<(), BackupError> {
        let still = matches!(seen.item.looked, Looked::Passed | Looked::Read) && seen.item.ctime <= self.since;
        if still { Ok(()) } else { Err(BackupError::Changing { path: full(self.root, seen.path) }) }
    }

    fn closed(&mut self, folder: &[u8], why: Closed) -> Result<(), BackupError> {
        closed(self.root, folder, why, true)
    }
}

fn closed(root: &Path, folder: &[u8], why: Closed, elsewhere: bool) -> Result<(), BackupError> {
    let path = full(root, folder);
    match why {
        Closed::Elsewhere if elsewhere => Ok(()),
        Closed::Changing => Err(BackupError::Changing { path }),
        Closed::Unreadable(code) => Err(BackupError::Read { path, source: io::Error::from_raw_os_error(code) }),
        Closed::Elsewhere | Closed::Loop => {
            let source = io::Error::from(rustix::io::Errno::LOOP);
            Err(BackupError::Read { path, source })
        }
    }
}

/// The whole path, for messages.
pub(super) fn full(root: &Path, path: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    if path.is_empty() { root.to_owned() } else { root.join(std::ffi::OsStr::from_bytes(path)) }
}

/// The lines of the manifest, in memory as long as they are few.
struct Spool {
    held: Vec<u8>,
    file: Option<File>,
    path: PathBuf,
}

impl Spool {
    /// Writes what is held to the file, where it is much.
    fn spill(&mut self) -> Result<(), BackupError> {
        if self.held.len() < HELD {
            return Ok(());
        }
        let opened = match self.file.take() {
            Some(file) => Ok(file),
            None => File::options().read(true).write(true).create_new(true).open(&self.path),
        };
        let mut file = opened.map_err(BackupError::write(&self.path))?;
        file.write_all(&self.held).map_err(BackupError::write(&self.path))?;
        self.held.clear();
        self.file = Some(file);
        Ok(())
    }

    /// Gives all of it to `take`, piece by piece.
    fn drain(self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        if let Some(mut file) = self.file {
            file.rewind()?;
            let mut buffer = vec![0; HELD / 8];
            loop {
                let count = file.read(&mut buffer)?;
                if count == 0 {
                    break;
                }
                take(&buffer[..count])?;
            }
            drop(file);
            fs::remove_file(&self.path)?;
        }
        take(&self.held)
    }
}

/// A seal in the making: a folder beside its place, which goes away unless it is published.
struct Draft {
    folder: PathBuf,
    published: std::cell::Cell<bool>,
}

impl Draft {
    fn new(seal: &Path) -> Result<Self, BackupError> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = paths::beside(seal, &format!(".new-{}-{number}", std::process::id()));
        fs::create_dir(&folder).map_err(BackupError::write(&folder))?;
        Ok(Self { folder, published: std::cell::Cell::new(false) })
    }

    fn sums(&self) -> PathBuf {
        self.folder.join("SHA256SUMS")
    }

    fn body(&self) -> PathBuf {
        self.folder.join("body")
    }

    /// Writes manifest and note; all is on the disk when this returns.
    fn finish(
        &self,
        header: &Header,
        body: Spool,
        sign: impl FnOnce(&Digest) -> Result<Option<String>, BackupError>,
    ) -> Result<(), BackupError> {
        let (sums, path) = (self.sums(), self.folder.join("manifest.jsonl"));
        std::thread::scope(|scope| {
            // The disk works on one list while the other is written.
            let synced = scope.spawn(|| File::open(&sums).and_then(|file| file.sync_all()));
            let write = || {
                let mut file = File::create_new(&path)?;
                let mut hasher = sha2::Sha256::new();
                let mut first = serde_json::to_vec(header)?;
                first.push(b'\n');
                hasher.update(&first);
                file.write_all(&first)?;
                body.drain(|piece| {
                    hasher.update(piece);
                    file.write_all(piece)
                })?;
                file.sync_all()?;
                Ok(Digest(hasher.finalize().into()))
            };
            let digest = write().map_err(BackupError::write(&path))?;
            if let Some(note) = sign(&digest)? {
                let path = self.folder.join(note::NOTE);
                let write = || {
                    let mut file = File::create_new(&path)?;
                    file.write_all(note.as_bytes())?;
                    file.sync_all()
                };
                write().map_err(BackupError::write(&path))?;
            }
            let synced = synced.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
            synced.map_err(BackupError::write(&sums))
        })?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(BackupError::write(&self.folder))
    }

    /// Renames it to its place, which nobody has taken meanwhile.
    fn publish(&self, seal: &Path, parent: &Path) -> Result<(), BackupError> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, &self.folder, CWD, seal, RenameFlags::NOREPLACE) {
            Ok(()) => {}
            Err(rustix::io::Errno::EXIST) => return Err(BackupError::AlreadySealed { seal: seal.to_owned() }),
            // File systems that cannot promise it.
            Err(_) if seal.symlink_metadata().is_ok() => {
                return Err(BackupError::AlreadySealed { seal: seal.to_owned() });
            }
            Err(_) => fs::rename(&self.folder, seal).map_err(BackupError::write(seal))?,
        }
        self.published.set(true);
        File::open(parent).and_then(|folder| folder.sync_all()).map_err(BackupError::write(parent))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published.get() {
            // Where it cannot be taken away either, the first error is the one to tell.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
