//! Where things stand in the folder of a ledger.

use std::path::{Path, PathBuf};

use crate::model::{Digest, RunId};

/// Records in a full segment of the log.
pub const SEGMENT: u64 = 65_536;

/// The folder of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The folder itself.
    pub dir: PathBuf,
}

impl Layout {
    /// The ledger in `dir`.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// Locked for one append.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.dir.join("lock")
    }

    /// The folder of the log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// Segment `number` of the log, from 0.
    #[must_use]
    pub fn segment(&self, number: u64) -> PathBuf {
        self.dir.join("log").join(segment_name(number))
    }

    /// The newest checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.dir.join("checkpoint")
    }

    /// The folder of every checkpoint ever signed.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.dir.join("checkpoints")
    }

    /// The folder of public keys.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.dir.join("keys")
    }

    /// The folder of objects, with one folder for each first byte.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.dir.join("objects").join("sha256")
    }

    /// An object.
    #[must_use]
    pub fn object(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.objects().join(&hex[..2]).join(&hex)
    }

    /// The folder of tiles; may be deleted.
    #[must_use]
    pub fn tiles(&self) -> PathBuf {
        self.dir.join("tile")
    }

    /// The folder of the index; may be deleted.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.dir.join("index")
    }

    /// The state of all runs up to a stated size.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.dir.join("index").join("state")
    }

    /// Where the records of a run stand.
    #[must_use]
    pub fn entries(&self, run: &RunId) -> PathBuf {
        self.dir.join("index").join("runs").join(run.as_str())
    }

    /// The folder of locks of loops.
    #[must_use]
    pub fn loops(&self) -> PathBuf {
        self.dir.join("loops")
    }

    /// What is not yet an object; not evidence.
    #[must_use]
    pub fn spool(&self) -> PathBuf {
        self.dir.join("spool")
    }

    /// Space that is given up when the disk is full, so that the pause can be kept.
    #[must_use]
    pub fn ballast(&self) -> PathBuf {
        self.dir.join("spool").join("ballast")
    }
}

/// The name of segment `number`, from 0: `000001.jsonl` and so on.
#[must_use]
pub fn segment_name(number: u64) -> String {
    format!("{:06}.jsonl", number + 1)
}
