//! From located YAML to a playbook that holds, or every finding in it.

pub mod expression;
mod types;

pub use types::*;
