//! The password of a repository: from a variable or a file, to the program by its environment, and nowhere else.

use std::fmt;
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::backup::BackupError;

/// The longest password that is read, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Where a password comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// It itself, as a variable of the environment had it.
    Value(String),
    /// The first line of this file, which only its owner may read.
    File(PathBuf),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// The password.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or others may read it too.
    pub(super) fn read(&self) -> Result<String, BackupError> {
        let path = match self {
            Self::Value(value) => return Ok(value.clone()),
            Self::File(path) => path,
        };
        let file = fs::File::open(path).map_err(BackupError::read(path))?;
        let mode = file.metadata().map_err(BackupError::read(path))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(BackupError::SecretOpen { path: path.clone() });
        }
        let mut text = String::new();
        file.take(LONGEST).read_to_string(&mut text).map_err(BackupError::read(path))?;
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }
}
