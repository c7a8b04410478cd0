//! What an inventory says as a whole: who needs whom, what is required and missing, the inventory as a table.

pub mod gaps;
pub mod graph;
mod layout;
pub mod sheet;
mod svg;
pub mod workbook;

pub use graph::{Format, Graph};
