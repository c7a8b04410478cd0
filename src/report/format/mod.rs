//! Formats: pure functions from a report to text or bytes.

pub(super) mod changes;
pub(super) mod csv;
mod duties;
mod exercise;
mod html;
mod json;
mod junit;
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
pub use csv::csv;
pub use html::html;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
