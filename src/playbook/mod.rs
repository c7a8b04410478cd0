//! From located YAML to a playbook that holds, or every finding in it.

pub mod cacao;
pub mod catalogue;
pub mod exercise;
pub mod expression;
pub mod graph;
pub(crate) mod lint;
pub(crate) mod names;
pub mod reach;
mod read;
pub mod schema;
pub mod shipped;
pub mod show;
pub mod shown;
pub mod template;
#[cfg(test)]
mod tests;
mod types;
pub mod write;

pub use read::{Known, Outline, calls, outline, read, read_document};
pub use types::*;
