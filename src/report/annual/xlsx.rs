//! The form as a spreadsheet: the list on the first sheet, what is missing on the second, the grounds on the others.

use rust_xlsxwriter::{FormatAlign, XlsxError};

use super::AnnualReport;
use crate::inventory::table::day;
use crate::message::{Message, message};
use crate::model::Lang;
use crate::report::sheet::{Sheet, cell, centred, plain, saved, workbook};
use crate::report::tasks::grounds;
use crate::report::trace::figures_digest;

/// The shares of the twelve columns of the sheet: a name of a system may be long, and a row is as high as its longest cell; a day
/// keeps on one line.
const SHARES: [f64; 12] = [9.0, 48.0, 22.0, 22.0, 14.0, 18.0, 25.0, 20.0, 20.0, 20.0, 20.0, 18.0];

/// The report as an XLSX file.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn annual_xlsx(report: &AnnualReport, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let say = |message: Message| message.render(lang);
    let title = say(message!("annual-title", year = report.year.to_string()));
    let mut book = workbook(&title, Some(&figures_digest(&report.figures)))?;
    let page = book.add_worksheet().set_name(say(message!("annual-sheet-list")))?;
    // Twelve columns go beside each other at 85 %: letters of 12 points become some of 10.
    list(Sheet::new(page, &SHARES, 85)?, report, &title, lang)?;
    if !report.missing.is_empty() {
        let page = book.add_worksheet().set_name(say(message!("annual-sheet-missing")))?;
        missing(Sheet::new(page, &[45.0, 55.0], 100)?, report, lang)?;
    }
    grounds(&mut book, &report.figures, lang)?;
    saved(&mut book)
}

fn list(mut sheet: Sheet<'_>, report: &AnnualReport, title: &str, lang: Lang) -> Result<(), XlsxError> {
    let middle = plain().set_align(FormatAlign::Center);
    sheet.across(&title.to_uppercase(), &middle.clone().set_bold())?;
    sheet.across(&report.attached, &middle.clone().set_italic())?;
    sheet.across(&report.subtitle(lang), &middle.set_italic())?;
    sheet.row += 1;
    for total in &report.totals {
        sheet.span(0, 6, &total.title, &cell())?;
        let count = u32::try_from(total.count).unwrap_or(u32::MAX);
        sheet.page.write_with_format(sheet.row, 7, count, &centred())?;
        sheet.row += 1;
    }
    sheet.row += 1;
    let head = sheet.row;
    sheet.head(&report.columns, None)?;
    let numbers: Vec<String> = (1..=report.columns.len()).map(|number| format!("({number})")).collect();
    sheet.head(&numbers, Some(head))?;
    for cells in &report.rows {
        sheet.formatted(cells, &|column| if matches!(column, 0 | 4) { centred() } else { cell() })?;
    }
    for note in report.notes.iter().chain(&report.left_out) {
        sheet.across(note, &plain().set_italic())?;
    }
    sheet.done()
}

fn missing(mut sheet: Sheet<'_>, report: &AnnualReport, lang: Lang) -> Result<(), XlsxError> {
    let titles = [message!("annual-missing-system"), message!("annual-missing-what")];
    sheet.head(&titles.map(|title| title.render(lang)), None)?;
    for it in &report.missing {
        sheet.cells(&[format!("{} ({})", it.name, it.system), it.what.join("; ")], &cell())?;
    }
    sheet.done()
}

impl AnnualReport {
    /// The line under the title: for which days, from which state of the ledger.
    #[must_use]
    pub fn subtitle(&self, lang: Lang) -> String {
        message!(
            "annual-subtitle",
            from = day(self.from, lang),
            to = day(self.until, lang),
            size = self.ledger.size.to_string(),
            root = self.ledger.root.as_str()
        )
        .render(lang)
    }
}
