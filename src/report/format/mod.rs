//! Formats: pure functions from a report to text.

pub(super) mod changes;
mod duties;
mod exercise;
mod html;
mod json;
pub(super) mod labels;
mod markdown;
pub(super) mod page;
mod people;
mod picture;
pub(super) mod plain;
mod sections;
mod steps;
mod tables;

pub use changes::change;
pub use html::html;
pub use json::json;
pub use markdown::markdown;
