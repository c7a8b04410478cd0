//! From located YAML to a playbook that holds, or every finding in it.

pub mod expression;
mod lint;
mod read;
pub mod shipped;
#[cfg(test)]
mod tests;
mod types;

pub use read::{Known, Outline, outline, read, read_document};
pub use types::*;
