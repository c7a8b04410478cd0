//! Digests of files, as many at a time as the machine has cores.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rayon::prelude::*;
use rustix::fs::{Mode, OFlags};
use sha2::Digest as _;

use super::walk::{Found, Kind};
use super::{BackupError, Cancel};
use crate::model::Digest;

/// Bytes read at a time: memory does not grow with the size of a file.
const CHUNK: usize = 256 * 1024;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; CHUNK]);
}

/// Opens a regular file for reading. Waits for nobody at a pipe, follows no link, in the last name of the path.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// The digest of a file and the number of bytes it was made from.
pub(super) fn digest(file: &mut File, cancel: &Cancel) -> io::Result<(Digest, u64)> {
    BUFFER.with_borrow_mut(|buffer| {
        let mut hasher = sha2::Sha256::new();
        let mut bytes = 0;
        loop {
            if cancel.is_set() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            match file.read(buffer) {
                Ok(0) => return Ok((Digest(hasher.finalize().into()), bytes)),
                Ok(read) => {
                    hasher.update(&buffer[..read]);
                    bytes += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    })
}

/// The digest of each regular file among `found`, in its order; nothing for the others.
///
/// # Errors
///
/// The first file that cannot be read, or that is no longer what was listed when it has been read.
pub(super) fn digest_unchanged(
    root: &Path,
    found: &[Found],
    cancel: &Cancel,
) -> Result<Vec<Option<Digest>>, BackupError> {
    let digests = found
        .par_iter()
        .map(|found| {
            if found.kind != Kind::File {
                return Ok(None);
            }
            let full = root.join(found.path.path());
            let mut file = open(&full).map_err(BackupError::read(&full))?;
            let (digest, bytes) = digest(&mut file, cancel).map_err(BackupError::read(&full))?;
            let after = file.metadata().map_err(BackupError::read(&full))?;
            let same = bytes == found.size
                && after.len() == found.size
                && after.ino() == found.inode
                && (after.ctime(), after.ctime_nsec()) == found.ctime;
            if same { Ok(Some(digest)) } else { Err(BackupError::Changing { path: full }) }
        })
        .collect();
    cancel.or(digests)
}
