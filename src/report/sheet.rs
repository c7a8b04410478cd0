//! What spreadsheets of reports share: how high a row has to be for its text, and properties that do not change from one day to
//! the next.

use rust_xlsxwriter::{DocProperties, ExcelDateTime};

use super::card::wrapped;

/// How many lines of 12 points a row holds: a spreadsheet's rows are at most 409 points high.
const MOST_LINES: usize = 24;
/// Points that a line of 12 points takes.
const LINE: f64 = 16.0;
/// How many letters of 12 points go where widths count those of 9.
const LARGER: f64 = 0.75;

/// About how many lines a text of 12 points takes in a column of this width, rather more than fewer.
pub(in crate::report) fn lines(text: &str, width: f64) -> usize {
    wrapped(text, width * LARGER).len().max(1)
}

/// The height of a row with so many lines, in points.
pub(in crate::report) fn height(lines: usize) -> f64 {
    LINE * f64::from(u32::try_from(lines.min(MOST_LINES)).unwrap_or(u32::MAX)) + 4.0
}

/// `text` in pieces that a row can hold, at the ends of its own lines where that is possible.
pub(in crate::report) fn pieces(text: &str, width: f64) -> Vec<String> {
    let (mut pieces, mut now, mut held) = (Vec::new(), String::new(), 0);
    for line in text.lines() {
        let parts = wrapped(line, width * LARGER);
        for part in if parts.len() > MOST_LINES { parts } else { vec![line.to_owned()] } {
            let takes = lines(&part, width);
            if held + takes > MOST_LINES && !now.is_empty() {
                pieces.push(std::mem::take(&mut now));
                held = 0;
            }
            if !now.is_empty() {
                now.push('\n');
            }
            now.push_str(&part);
            held += takes;
        }
    }
    if !now.is_empty() || pieces.is_empty() {
        pieces.push(now);
    }
    pieces
}

/// The properties of a workbook. The day is fixed: the same ledger gives the same bytes.
pub(in crate::report) fn properties(title: &str) -> DocProperties {
    let properties = DocProperties::new().set_title(title);
    match ExcelDateTime::from_ymd(2000, 1, 1) {
        Ok(day) => properties.set_creation_datetime(&day),
        Err(_) => properties,
    }
}

/// About how many lines a text takes where so many letters go into one.
pub(in crate::report) fn wrapped_at(text: &str, letters: usize) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(letters.max(1)).max(1)).sum::<usize>().max(1)
}
