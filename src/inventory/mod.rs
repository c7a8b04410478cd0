//! Information systems and people, read from a unit's files.

mod types;

pub use types::*;
