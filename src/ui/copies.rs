//! What the ledger says of the copies of a workspace.

use super::desk::{journal_failure, ledger_failure};
use super::{Failure, Workspace};
use crate::ledger::Ledger;
use crate::report::backups::{self, Deed};

/// What the ledger says of copies, oldest first; nothing where there is no ledger yet.
///
/// # Errors
///
/// Where the ledger cannot be read.
pub(crate) fn deeds(workspace: &Workspace) -> Result<Vec<Deed>, Failure> {
    if !workspace.ledger().is_dir() {
        return Ok(Vec::new());
    }
    let ledger = Ledger::read_only(&workspace.ledger()).map_err(|error| ledger_failure(&error))?;
    let records = ledger.records_of_type("backup-").map_err(|error| journal_failure(&error.into()))?;
    Ok(backups::deeds(&records, &ledger, &|path| absolute(workspace, path)))
}

/// A path as the inventory or a record has it, from the root and without `.` and `..`.
pub(crate) fn absolute(workspace: &Workspace, path: &str) -> String {
    let joined = workspace.root.join(path);
    let real = std::fs::canonicalize(&joined).unwrap_or_else(|_| joined.components().collect());
    real.to_string_lossy().into_owned()
}
