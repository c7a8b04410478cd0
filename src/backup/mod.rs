//! Copies of folders: seal, verify, pick the newest that is whole, restore, prove.
//!
//! A seal stands beside its copy and nothing is ever written into the copy. It holds `SHA256SUMS`, which `sha256sum -c`
//! reads as well, `manifest.jsonl`: a header line, then one line for each path in byte order of the paths, and `manifest.note`:
//! the manifest's digest, signed.

mod cancel;
mod copy;
mod digest;
mod error;
mod manifest;
mod note;
mod paths;
mod pick;
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
pub use note::{seal_state, sign_seal};
pub use paths::RelativePath;
pub use pick::{
    Chosen, MAX_FINDINGS, Noticed, Picked, Place, Rejected, RejectedWhy, newest, newest_good, notice_newest,
};
pub use restore::{Proof, Restored, prove, restore};
pub use seal::{Sealed, seal, seal_of, seal_signed};
pub use verify::{Finding, FindingKind, SealState, Verification, verify};
