//! The digest of one file.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use sha2::Digest as _;

use super::Cancel;
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
