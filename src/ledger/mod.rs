//! The ledger: append-only evidence in plain files, one line a record, under a signed hash tree.
//!
//! Nothing owns it: whoever takes part appends under a lock that is held for that append only. The format is in
//! `docs/ledger.md`. All input and output goes through [`storage::Storage`].

mod admit;
mod append;
mod checkpoint;
mod error;
mod head;
mod index;
mod keyring;
mod keys;
mod layout;
mod lines;
mod loops;
pub mod note;
mod objects;
mod open;
pub mod person;
mod queue;
pub mod refusal;
pub mod storage;
pub mod tree;
pub mod verify;
mod watch;

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;

pub use error::{LedgerError, Misplaced};
pub use keyring::Keyring;
pub use keys::KeyPlace;
pub use layout::{Layout, SEGMENT, segment_name};
pub use loops::LoopLock;
pub use objects::salted;
pub use open::{HeadOf, Ledger, slug};
pub use verify::{Finding, HeadText, Options, Severity, Verification, verify};
