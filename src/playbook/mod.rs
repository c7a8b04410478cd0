//! From located YAML to a playbook that holds, or every finding in it.

mod types;

pub use types::*;
