//! Reports: from a ledger to one typed value, and from that value to formats that are pure functions of it.
//!
//! Nothing here reads a clock, a file or the environment. Every figure carries the numbers of the records it rests on.

mod actions;
pub mod after;
mod amend;
pub mod annual;
mod attendance;
pub mod backups;
pub mod calendar;
pub mod card;
mod course;
pub mod coverage;
pub mod document;
pub mod due;
pub mod duties;
mod exercise;
pub mod format;
mod gather;
pub mod inventory;
mod late;
mod letter;
pub mod letterhead;
pub mod measure;
pub mod minutes;
mod naming;
mod obligations;
mod outage;
pub mod planned;
pub mod redaction;
mod rows;
pub(in crate::report) mod sheet;
pub mod targets;
pub mod tasks;
#[cfg(test)]
mod tests;
pub mod trace;
mod types;

pub use actions::{ActionRow, ActionState, Closing, Measured, actions, every_action};
pub use amend::*;
pub use attendance::Attendance;
pub use duties::{ClassifiedRow, DutyPart, DutyRow, Rules, SentRow};
pub use exercise::*;
pub use format::record_numbers;
pub use gather::{Facts, Part, basis as basis_words, changes, kept_people, run};
pub use letter::{LetterFacts, letter};
pub use rows::*;
pub use types::*;
