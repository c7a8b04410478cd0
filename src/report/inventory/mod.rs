//! What an inventory says as a whole: who needs whom, what is required and missing, the inventory as a table.

pub mod graph;
mod layout;
mod svg;

pub use graph::{Format, Graph};
