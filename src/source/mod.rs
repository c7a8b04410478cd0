//! YAML with places: a located tree, a reader that collects every mistake, and findings as people read them.

mod command;
pub mod edit;
mod finding;
mod json;
mod reader;
mod render;
mod scalar;
pub mod schema;
pub mod suggest;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod tree;

pub use command::{Command, command, secret, secret_over_ssh};
pub use finding::{Finding, Place, Severity, any_error, sort};
pub use json::parse_json;
pub use reader::{Fields, Reader, Shapes};
pub use render::render;
pub use scalar::{Meaning, Style, meaning};
pub use text::{FileError, LARGEST, decode, place_in, read_file};
pub use tree::{DEEPEST, Data, Document, Key, Node, parse};
