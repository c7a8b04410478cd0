//! Information systems and people, read from a unit's files.

mod as_of;
pub mod dossier;
pub mod facts;
pub mod host;
pub mod import;
mod people;
mod read;
pub mod schema;
pub mod table;
mod types;
mod unit;
pub mod words;

pub use as_of::{Later, days_to_come};
pub use people::{Holders, People, Person, called, is_a_name};
pub use read::{assumptions, links, read, read_document};
pub use types::*;
pub use unit::{Recipient, Signer, Unit, for_a_collective};

use crate::source::{Finding, Reader, any_error};

/// What was read where nothing is wrong, with the warnings; else everything found.
fn finish<T>(reader: Reader<'_>, read: Option<T>) -> (Result<T, Vec<Finding>>, Vec<Finding>) {
    let findings = reader.into_findings();
    match read {
        Some(value) if !any_error(&findings) => (Ok(value), findings),
        _ => (Err(findings.clone()), findings),
    }
}

#[cfg(test)]
mod tests;
