//! Formats: pure functions from a report to text or bytes.

mod amounts;
pub(in crate::report) mod changes;
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

/// Numbers of records as people read them: `#3, #7`; of many the first and the last.
#[must_use]
pub fn record_numbers(numbers: &[u64]) -> String {
    labels::records(numbers)
}

/// A day of a file (`2026-11-02`) as documents write it: `ngày 02 tháng 11 năm 2026`; what is no day as it stands.
#[must_use]
pub fn day_of_file(text: &str, lang: crate::model::Lang) -> String {
    let mut parts = text.split('-').map(|part| part.parse::<i16>().ok());
    match (parts.next().flatten(), parts.next().flatten(), parts.next().flatten()) {
        (Some(year), Some(month), Some(day)) => {
            let (month, day) = (i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0));
            super::document::day_in_words(Some((year, month, day)), lang)
        }
        _ => text.to_owned(),
    }
}
