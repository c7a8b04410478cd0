//! Copies of folders: seal, verify, pick the newest that is whole, restore, prove.
//!
//! A seal stands beside its copy and nothing is ever written into the copy. It holds `SHA256SUMS`, which `sha256sum -c`
//! reads as well, `manifest.jsonl`: a header line, then one line for each path in byte order of the paths, and `manifest.note`:
//! the manifest's digest, signed.

mod cancel;
mod copy;
mod digest;
mod error;
mod expected;
mod judge;
mod list;
mod manifest;
mod note;
mod paths;
mod pick;
mod prove;
mod restore;
mod scan;
mod seal;
mod share;
mod signs;
mod sums;
#[cfg(test)]
mod tests;
mod unfinished;
mod verify;
mod walk;

pub use cancel::Cancel;
pub use error::BackupError;
pub use list::{Problem, ProblemKind};
pub use manifest::{Counts, Header};
pub use note::{manifest_digest, seal_state, sign_seal};
pub use paths::RelativePath;
pub use pick::{
    Chosen, Listed, MAX_FINDINGS, Noticed, Picked, Place, Rejected, RejectedWhy, copies, fits, newest, newest_good,
    notice_newest,
};
pub use prove::*;
pub use restore::{Restored, restore};
pub use scan::Progress;
pub use seal::{SealOptions, Sealed, seal, seal_of, seal_signed, seal_with};
pub use share::Share;
pub use signs::{Signs, signs};
pub use unfinished::Unfinished;
pub use verify::{
    Against, Finding, FindingKind, SealState, Verification, Verified, VerifyOptions, header, verify, verify_with,
};
