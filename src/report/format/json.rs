//! JSON: the report as it is, every time in RFC 3339, every text in both languages.

use crate::report::Report;

/// The report as one JSON document with `"version": 1`, indented, with a line feed at its end.
#[must_use]
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
