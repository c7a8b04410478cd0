//! Playbooks of other tools: CACAO Security Playbooks Version 2.0 (OASIS Committee Specification), out and in.
//!
//! What CACAO has no word for travels in an extension of ours, so that nothing is lost on the way out and back; what it
//! costs other tools not to read that extension is named at the export. What an import cannot map is named by its place.

mod export;
mod id;
mod import;
mod pattern;
#[cfg(test)]
mod tests;

pub use export::{Export, export};
pub use import::{Import, import};

use crate::model::Name;

/// The id under which an export of the playbook `name` is known.
#[must_use]
pub fn id_of(name: &Name) -> String {
    id::playbook(name)
}

/// The version of the specification.
const SPEC: &str = "cacao-2.0";

/// The id of our extension.
fn extension() -> String {
    id::object("extension-definition", "extension")
}

/// The version of our extension's content.
const EXTENSION_VERSION: &str = "1.0.0";
