//! Copies of folders: seal, verify, pick the newest that is whole, restore, prove.
//!
//! A seal stands beside its copy and nothing is ever written into the copy. It holds `SHA256SUMS`, which `sha256sum -c`
//! reads as well, and `manifest.jsonl`: a header line, then one line for each path in byte order of the paths.

mod cancel;
mod copy;
mod digest;
mod error;
mod manifest;
mod paths;
mod pick;
mod prove;
mod restore;
mod seal;
mod sums;
#[cfg(test)]
mod tests;
mod verify;
mod walk;

pub use cancel::Cancel;
pub use error::BackupError;
pub use manifest::{Counts, Header};
pub use paths::RelativePath;
pub use pick::{
    Chosen, Listed, MAX_FINDINGS, Noticed, Picked, Place, Rejected, RejectedWhy, copies, newest, newest_good,
    notice_newest,
};
pub use prove::*;
pub use restore::{Restored, restore};
pub use seal::{Sealed, seal, seal_of};
pub use verify::{Finding, FindingKind, SealState, Verification, verify};
