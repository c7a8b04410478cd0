//! The form as a spreadsheet: the list on the first sheet, what is missing on the second, the grounds on the third.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::AnnualReport;
use crate::inventory::table::day;
use crate::message::{Message, message};
use crate::model::Lang;
use crate::report::sheet::{height, lines, properties};
use crate::report::tasks::grounds;

/// Widths of the twelve columns, in characters.
const WIDTHS: [f64; 12] = [5.0, 26.0, 16.0, 18.0, 8.0, 14.0, 22.0, 18.0, 12.0, 16.0, 12.0, 14.0];

/// The report as an XLSX file.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn annual_xlsx(report: &AnnualReport, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let say = |message: Message| message.render(lang);
    let title = say(message!("annual-title", year = report.year.to_string()));
    book.set_properties(&properties(&title));
    list(book.add_worksheet().set_name(say(message!("annual-sheet-list")))?, report, &title, lang)?;
    missing(book.add_worksheet().set_name(say(message!("annual-sheet-missing")))?, report, lang)?;
    grounds(book.add_worksheet().set_name(say(message!("task-sheet-grounds")))?, &report.figures, lang)?;
    book.save_to_buffer()
}

fn base() -> Format {
    Format::new().set_font_name("Times New Roman").set_font_size(12)
}

fn cell() -> Format {
    base().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top).set_num_format("@")
}

fn heading() -> Format {
    cell().set_bold().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter)
}

fn on_paper(sheet: &mut Worksheet) {
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.6, 0.6, 0.8, 0.8, 0.4, 0.4);
    sheet.set_footer("&C&P");
}

fn list(sheet: &mut Worksheet, report: &AnnualReport, title: &str, lang: Lang) -> Result<(), XlsxError> {
    for (column, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let centred = base().set_align(FormatAlign::Center).set_text_wrap();
    sheet.merge_range(0, 0, 0, 11, title, &centred.clone().set_bold())?;
    sheet.merge_range(1, 0, 1, 11, &report.unit.clone().unwrap_or_default(), &centred.clone().set_bold())?;
    sheet.merge_range(2, 0, 2, 11, &report.subtitle(lang), &centred.set_italic())?;
    let mut row = 4;
    for total in &report.totals {
        sheet.merge_range(row, 0, row, 5, &total.title, &cell())?;
        sheet.write_with_format(row, 6, u32::try_from(total.count).unwrap_or(u32::MAX), &cell().set_num_format("0"))?;
        row += 1;
    }
    row += 1;
    let head = row;
    for (column, title) in (0_u16..).zip(&report.columns) {
        sheet.write_with_format(row, column, title, &heading())?;
        sheet.write_with_format(row + 1, column, (column + 1).to_string(), &heading())?;
    }
    let tallest = report.columns.iter().zip(WIDTHS).map(|(text, width)| lines(text, width)).max();
    sheet.set_row_height(row, height(tallest.unwrap_or(1)))?;
    row += 2;
    for cells in &report.rows {
        for (column, text) in (0_u16..).zip(cells) {
            sheet.write_with_format(row, column, text, &cell())?;
        }
        let tallest = cells.iter().zip(WIDTHS).map(|(text, width)| lines(text, width)).max();
        sheet.set_row_height(row, height(tallest.unwrap_or(1)))?;
        row += 1;
    }
    for note in &report.notes {
        sheet.merge_range(row, 0, row, 11, note, &base().set_italic().set_text_wrap())?;
        sheet.set_row_height(row, height(lines(note, WIDTHS.iter().sum())))?;
        row += 1;
    }
    on_paper(sheet);
    sheet.set_repeat_rows(head, head + 1)?;
    sheet.set_print_area(0, 0, row.saturating_sub(1), 11)?;
    Ok(())
}

fn missing(sheet: &mut Worksheet, report: &AnnualReport, lang: Lang) -> Result<(), XlsxError> {
    for (column, (title, width)) in
        (0_u16..).zip([(message!("annual-missing-system"), 50.0), (message!("annual-missing-what"), 110.0)])
    {
        sheet.set_column_width(column, width)?;
        sheet.write_with_format(0, column, title.render(lang), &heading())?;
    }
    for (row, it) in (1_u32..).zip(&report.missing) {
        let what = it.what.join("; ");
        sheet.write_with_format(row, 0, format!("{} ({})", it.name, it.system), &cell())?;
        sheet.write_with_format(row, 1, &what, &cell())?;
        sheet.set_row_height(row, height(lines(&what, 110.0).max(lines(&it.name, 40.0))))?;
    }
    on_paper(sheet);
    Ok(())
}

impl AnnualReport {
    /// The line under the title: for which days, from which state of the ledger.
    #[must_use]
    pub fn subtitle(&self, lang: Lang) -> String {
        message!(
            "annual-subtitle",
            from = day(self.from, lang),
            to = day(self.to, lang),
            size = self.ledger.size.to_string(),
            root = self.ledger.root.as_str()
        )
        .render(lang)
    }
}
