//! The table as a spreadsheet: the five columns on the first sheet, the grounds of every figure on the second, what does not
//! count on the third.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Figure, TasksReport};
use crate::inventory::table::day;
use crate::message::{Message, format, message};
use crate::model::Lang;
use crate::report::sheet::{height, lines, pieces};

/// Widths of the five columns, in characters.
const WIDTHS: [f64; 5] = [6.0, 34.0, 24.0, 13.0, 80.0];

/// The table as an XLSX file.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn tasks_xlsx(report: &TasksReport, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&crate::report::sheet::properties(&report.title));
    let say = |message: Message| message.render(lang);
    table(book.add_worksheet().set_name(say(message!("task-sheet-rows")))?, report, lang)?;
    grounds(book.add_worksheet().set_name(say(message!("task-sheet-grounds")))?, &report.figures, lang)?;
    if !report.apart.is_empty() {
        apart(book.add_worksheet().set_name(say(message!("task-sheet-apart")))?, report, lang)?;
    }
    book.save_to_buffer()
}

fn base() -> Format {
    Format::new().set_font_name("Times New Roman").set_font_size(12)
}

fn cell() -> Format {
    base().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top)
}

fn heading() -> Format {
    cell().set_bold().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter)
}

/// A4 on its long side, as wide as the page.
fn on_paper(sheet: &mut Worksheet) {
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.8, 0.6, 0.8, 0.8, 0.4, 0.4);
    sheet.set_footer("&C&P");
}

fn table(sheet: &mut Worksheet, report: &TasksReport, lang: Lang) -> Result<(), XlsxError> {
    let centred = base().set_align(FormatAlign::Center).set_text_wrap();
    for (column, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.merge_range(0, 0, 0, 4, &report.title, &centred.clone().set_bold())?;
    let unit = report.unit.clone().unwrap_or_default();
    sheet.merge_range(1, 0, 1, 4, &unit, &centred.clone().set_bold())?;
    sheet.merge_range(2, 0, 2, 4, &report.subtitle(lang), &centred.set_italic())?;
    let mut row = 4;
    for (column, title) in (0_u16..).zip(&report.columns) {
        sheet.write_with_format(row, column, title, &heading())?;
    }
    sheet.set_row_height(row, height(2))?;
    row += 1;
    for task in &report.rows {
        if let Some(group) = &task.group {
            sheet.merge_range(row, 0, row, 4, group, &cell().set_bold())?;
            row += 1;
        }
        let result: Vec<String> = task
            .result
            .iter()
            .map(
                |sentence| {
                    if sentence.below { format!("   + {}", sentence.text) } else { format!("- {}", sentence.text) }
                },
            )
            .collect();
        let parts = pieces(&result.join("\n"), WIDTHS[4]);
        let due = task.due.map(|due| day(due, lang)).unwrap_or_default();
        let beside = lines(&task.task, WIDTHS[1]).max(lines(&task.lead, WIDTHS[2]));
        let last = row + u32::try_from(parts.len().saturating_sub(1)).unwrap_or(0);
        let texts = [task.id.as_str(), &task.task, &task.lead, &due];
        for (column, text) in (0_u16..).zip(texts) {
            let format = if column == 0 || column == 3 { cell().set_align(FormatAlign::Center) } else { cell() };
            if last > row {
                sheet.merge_range(row, column, last, column, text, &format)?;
            } else {
                sheet.write_with_format(row, column, text, &format)?;
            }
        }
        let each = beside.div_ceil(parts.len().max(1));
        for part in parts {
            sheet.write_with_format(row, 4, &part, &cell())?;
            sheet.set_row_height(row, height(lines(&part, WIDTHS[4]).max(each)))?;
            row += 1;
        }
    }
    for note in &report.left_out {
        sheet.merge_range(row, 0, row, 4, note, &base().set_italic().set_text_wrap())?;
        row += 1;
    }
    on_paper(sheet);
    sheet.set_repeat_rows(4, 4)?;
    sheet.set_print_area(0, 0, row.saturating_sub(1), 4)?;
    Ok(())
}

/// What every figure rests on.
pub(crate) fn grounds(sheet: &mut Worksheet, figures: &[Figure], lang: Lang) -> Result<(), XlsxError> {
    let widths = [34.0, 40.0, 40.0, 60.0];
    let titles = [
        message!("task-ground-figure"),
        message!("task-ground-value"),
        message!("task-ground-records"),
        message!("task-ground-files"),
    ];
    for ((column, width), title) in (0_u16..).zip(widths).zip(titles) {
        sheet.set_column_width(column, width)?;
        sheet.write_with_format(0, column, title.render(lang), &heading())?;
    }
    for (row, figure) in (1_u32..).zip(figures) {
        let files: Vec<String> =
            figure.files.iter().map(|file| format!("{} (#{}, {})", file.path, file.record, file.digest)).collect();
        let texts = [figure.id.clone(), figure.value.clone(), records(&figure.records), files.join("\n")];
        let tallest = texts.iter().zip(widths).map(|(text, width)| lines(text, width)).max().unwrap_or(1);
        for (column, text) in (0_u16..).zip(&texts) {
            sheet.write_with_format(row, column, text, &cell().set_num_format("@"))?;
        }
        sheet.set_row_height(row, height(tallest))?;
    }
    on_paper(sheet);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Numbers of records: `#3, #7`.
pub(crate) fn records(numbers: &[u64]) -> String {
    numbers.iter().map(|seq| format!("#{seq}")).collect::<Vec<_>>().join(", ")
}

fn apart(sheet: &mut Worksheet, report: &TasksReport, lang: Lang) -> Result<(), XlsxError> {
    let widths = [16.0, 60.0, 22.0, 50.0, 20.0];
    let titles = [
        message!("task-apart-run"),
        message!("task-apart-title"),
        message!("task-apart-began"),
        message!("task-apart-why"),
        message!("task-ground-records"),
    ];
    for ((column, width), title) in (0_u16..).zip(widths).zip(titles) {
        sheet.set_column_width(column, width)?;
        sheet.write_with_format(0, column, title.render(lang), &heading())?;
    }
    for (row, it) in (1_u32..).zip(&report.apart) {
        let texts = [
            it.run.to_string(),
            it.title.clone(),
            format::time(&it.began, lang),
            it.because.clone(),
            records(&it.records),
        ];
        for (column, text) in (0_u16..).zip(&texts) {
            sheet.write_with_format(row, column, text, &cell().set_num_format("@"))?;
        }
    }
    on_paper(sheet);
    Ok(())
}
