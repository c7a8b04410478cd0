//! The unit's folder of plain files: where it is, and what is in it.

use std::fs;
use std::path::PathBuf;

use super::{Context, Exit, Failure};
use crate::message::message;

/// A folder with an `ungpho.yaml`.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Its absolute path.
    pub root: PathBuf,
}

impl Workspace {
    /// The workspace that `--workspace` names, else the nearest one upwards of the current folder.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn find(context: &Context) -> Result<Self, Failure> {
        let (start, upwards) = match &context.workspace {
            Some(folder) => (context.folder.join(folder), false),
            None => (context.folder.clone(), true),
        };
        let mut candidate = Some(start.as_path());
        while let Some(folder) = candidate {
            if folder.join("ungpho.yaml").is_file() {
                let root = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
                return Ok(Self { root });
            }
            candidate = if upwards { folder.parent() } else { None };
        }
        Err(Failure::new(
            Exit::Invalid,
            "no-workspace",
            message!("cli-no-workspace", folder = start.display().to_string()),
        )
        .help(message!("cli-no-workspace-help")))
    }

    /// The ledger's folder.
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.root.join("ledger")
    }

    /// The lab's folder.
    #[must_use]
    pub fn lab(&self) -> PathBuf {
        self.root.join("lab")
    }
}
