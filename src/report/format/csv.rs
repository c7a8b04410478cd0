//! CSV: the course of events a line each, for spreadsheets and for programs that read logs.

use super::labels;
use crate::message::message;
use crate::model::{Lang, legible, misleads};
use crate::report::{EventRow, Report};

/// The course of events: UTF-8 with its mark, times in RFC 3339, semicolons between the cells in Vietnamese and commas in
/// English, as spreadsheets have them there. Nothing that somebody typed can become a formula.
///
/// # Errors
///
/// Where memory cannot be written, which does not happen.
pub fn csv(report: &Report, lang: Lang) -> Result<Vec<u8>, ::csv::Error> {
    let delimiter = match lang {
        Lang::Vi => b';',
        Lang::En => b',',
    };
    let mark = "\u{feff}".as_bytes().to_vec();
    let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(mark);
    writer.write_record(
        [
            message!("report-column-occurred"),
            message!("report-column-actor"),
            message!("report-column-entered-by"),
            message!("report-column-basis"),
            message!("report-column-step"),
            message!("report-column-change"),
            message!("report-column-words"),
            message!("report-column-record"),
            message!("report-column-standing-of-ledger"),
        ]
        .map(|title| title.render(lang)),
    )?;
    for event in &report.course {
        writer.write_record(line(report, event, lang).map(harmless))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn line(report: &Report, event: &EventRow, lang: Lang) -> [String; 9] {
    let records: Vec<String> = event.records.iter().map(ToString::to_string).collect();
    [
        event.at.to_string(),
        report.called(&event.actor, lang),
        event.by.as_ref().map(|by| report.called(by, lang)).unwrap_or_default(),
        event.basis.map(|basis| labels::basis(basis).render(lang)).unwrap_or_default(),
        event.step.as_ref().map(ToString::to_string).unwrap_or_default(),
        event.text.pick(lang).to_owned(),
        event.words.clone().unwrap_or_default(),
        records.join(" "),
        // On every line: lines are copied without their heading.
        labels::standing(report).render(lang),
    ]
}

/// A cell that no spreadsheet takes for a formula, and that shows what it says.
pub(in crate::report) fn harmless(text: String) -> String {
    let text = if text.contains(misleads) { legible(&text).into_owned() } else { text };
    if begins_formula(&text) { format!("'{text}") } else { text }
}

/// Whether a spreadsheet could take `text` for a formula, or for a cell that was kept from being one.
pub(in crate::report) fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\'', '\t', '\r'])
}
