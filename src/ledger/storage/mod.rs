//! The outside world of the ledger, behind one small trait: every byte that it reads or writes goes through here.

#[cfg(test)]
pub(in crate::ledger) mod recording;

use std::any::Any;
use std::ffi::OsString;
use std::fmt::Debug;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It is there; only read.
    Read,
    /// It is there; read and written.
    Write,
    /// It is made where it is not there; read and written.
    Create,
    /// It must not be there; made readable for its owner only (mode 0600).
    CreatePrivate,
}

/// Folders, files and locks.
pub trait Storage: Send + Sync + Debug {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn open(&self, path: &Path, how: How) -> io::Result<Box<dyn Handle>>;

    /// Makes a folder with those above it; no error where it is there.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes the entries of a folder durable.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Renames a file, replacing what is there.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// The names in a folder, sorted; empty where it is not there.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn list(&self, path: &Path) -> io::Result<Vec<OsString>>;

    /// The size of a file in bytes; nothing where it is not there.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn size(&self, path: &Path) -> io::Result<Option<u64>>;

    /// Bytes that may still be written to the disk of `path`.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn free(&self, path: &Path) -> io::Result<u64>;

    /// Locks a file, which is made where it is not there, until the guard is dropped. Waits for others, unless `wait` is
    /// false: then nothing is given where another has it.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn lock(&self, path: &Path, wait: bool) -> io::Result<Option<Box<dyn Any + Send + Sync>>>;
}

/// An open file.
pub trait Handle: Send + Sync + Debug {
    /// Reads at `offset`; 0 at the end.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    ///
    /// As the system says; a part may have been written.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// The size in bytes.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn len(&self) -> io::Result<u64>;

    /// Whether the file has no bytes.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Cuts the file.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn truncate(&self, length: u64) -> io::Result<()>;

    /// Makes the bytes durable, and the size (`fdatasync`).
    ///
    /// # Errors
    ///
    /// As the system says. Nothing may be concluded then about what is on the disk.
    fn sync_data(&self) -> io::Result<()>;

    /// Makes the file durable (`fsync`).
    ///
    /// # Errors
    ///
    /// As [`Handle::sync_data`].
    fn sync_all(&self) -> io::Result<()>;
}

/// The whole of a file; nothing where it is not there.
///
/// # Errors
///
/// As the system says.
pub fn read(storage: &dyn Storage, path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match storage.open(path, How::Read) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = vec![0; usize::try_from(file.len()?).map_err(io::Error::other)?];
    let read = fill(file.as_ref(), &mut bytes, 0)?;
    bytes.truncate(read);
    Ok(Some(bytes))
}

/// A file of at most `most` bytes; nothing where it is not there. One that is longer, or no file at all, gives no bytes:
/// whoever reads it finds that it is not what it should be, and memory stays small.
///
/// # Errors
///
/// As the system says.
pub fn read_small(storage: &dyn Storage, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    let file = match storage.open(path, How::Read) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = usize::try_from(file.len()?).unwrap_or(usize::MAX).min(most);
    let mut bytes = vec![0; length + 1];
    match fill(file.as_ref(), &mut bytes, 0) {
        Ok(read) if read <= length => bytes.truncate(read),
        Ok(_) => bytes.clear(),
        Err(error) if matches!(error.kind(), io::ErrorKind::IsADirectory | io::ErrorKind::NotSeekable) => bytes.clear(),
        Err(error) => return Err(error),
    }
    Ok(Some(bytes))
}

/// Reads until `bytes` is full or the file ends; how many it were.
///
/// # Errors
///
/// As the system says.
pub fn fill(file: &dyn Handle, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < bytes.len() {
        match file.read_at(&mut bytes[read..], offset + read as u64)? {
            0 => break,
            more => read += more,
        }
    }
    Ok(read)
}

/// Replaces a file as a whole: a reader sees the old one or the new one. Durable where `durable` says so.
///
/// # Errors
///
/// As the system says; the old file is there then.
pub fn replace(storage: &dyn Storage, path: &Path, bytes: &[u8], durable: bool) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(".new");
    let temporary = folder.join(temporary);
    let written = (|| {
        let file = storage.open(&temporary, How::Create)?;
        file.truncate(0)?;
        file.write_at(bytes, 0)?;
        if durable {
            file.sync_all()?;
        }
        storage.rename(&temporary, path)
    })();
    if written.is_err() {
        let _ = storage.remove(&temporary);
    } else if durable {
        storage.sync_folder(folder)?;
    }
    written
}

/// The machine's own files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

#[derive(Debug)]
struct DiskFile(File);

impl Disk {
    /// Which file is at `path`: its device and number; nothing where there is none, or the system does not say.
    pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
        let about = rustix::fs::stat(path).ok()?;
        Some((about.st_dev, about.st_ino))
    }
}

impl Storage for Disk {
    fn open(&self, path: &Path, how: How) -> io::Result<Box<dyn Handle>> {
        let mut options = OpenOptions::new();
        options.read(true);
        match how {
            // A pipe that stands in the place of a file is no reason to wait for somebody who writes into it.
            How::Read => options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed()),
            How::Write => options.write(true),
            How::Create => options.write(true).create(true),
            How::CreatePrivate => options.write(true).create_new(true).mode(0o600),
        };
        #[cfg(target_os = "linux")]
        if how != How::Read {
            // When we read what we write is of no interest, and would be written down each time.
            let no_atime = i32::try_from(rustix::fs::OFlags::NOATIME.bits()).unwrap_or(0);
            match options.custom_flags(no_atime).open(path) {
                // A file of somebody else.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => options.custom_flags(0),
                other => return Ok(Box::new(DiskFile(other?))),
            };
        }
        Ok(Box::new(DiskFile(options.open(path)?)))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        let mut names = match std::fs::read_dir(path) {
            Ok(entries) => entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        names.sort_unstable();
        Ok(names)
    }

    fn size(&self, path: &Path) -> io::Result<Option<u64>> {
        match std::fs::metadata(path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn free(&self, path: &Path) -> io::Result<u64> {
        let about = rustix::fs::statvfs(path)?;
        Ok(about.f_bavail.saturating_mul(about.f_frsize))
    }

    fn lock(&self, path: &Path, wait: bool) -> io::Result<Option<Box<dyn Any + Send + Sync>>> {
        // A reader of a ledger that it may not write to can lock it all the same.
        let file = match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path) {
            Err(error)
                if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) =>
            {
                File::open(path)?
            }
            other => other?,
        };
        if wait {
            file.lock()?;
        } else {
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(Some(Box::new(Lock(file))))
    }
}

/// A file that is locked until it is let go of.
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // To close it is not enough: a process that another thread is beginning holds it too, until it becomes a program.
        let _ = self.0.unlock();
    }
}

impl Handle for DiskFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        loop {
            match self.0.read_at(bytes, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn sync_all(&self) -> io::Result<()> {
        self.0.sync_all()
    }
}
