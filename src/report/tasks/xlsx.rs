//! The table as a spreadsheet: the five columns on the first sheet, the grounds of every figure on the second, the files that were
//! kept on the third, what does not count on the fourth.

use rust_xlsxwriter::{FormatAlign, Workbook, XlsxError};

use super::figures::{files_of, ground_files, short_names};
use super::{Figure, TasksReport, ranges};
use crate::inventory::table::day;
use crate::message::{Message, format, message};
use crate::model::Lang;
use crate::report::sheet::{Sheet, cell, centred, plain, saved, workbook};
use crate::report::trace::figures_digest;

/// Shares of the five columns.
const SHARES: [f64; 5] = [5.0, 21.0, 16.0, 11.0, 47.0];

/// The table as an XLSX file.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn tasks_xlsx(report: &TasksReport, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = workbook(&report.title, Some(&figures_digest(&report.figures)))?;
    let name = message!("task-sheet-rows").render(lang);
    table(Sheet::new(book.add_worksheet().set_name(name)?, &SHARES, 100)?, report, lang)?;
    grounds(&mut book, &report.figures, lang)?;
    if !report.apart.is_empty() {
        let name = message!("task-sheet-apart").render(lang);
        apart(Sheet::new(book.add_worksheet().set_name(name)?, &[14.0, 34.0, 16.0, 24.0, 12.0], 100)?, report, lang)?;
    }
    saved(&mut book)
}

fn table(mut sheet: Sheet<'_>, report: &TasksReport, lang: Lang) -> Result<(), XlsxError> {
    let middle = plain().set_align(FormatAlign::Center);
    sheet.across(&report.title.to_uppercase(), &middle.clone().set_bold())?;
    sheet.across(&report.attached, &middle.clone().set_italic())?;
    sheet.across(&report.subtitle(lang), &middle.set_italic())?;
    sheet.row += 1;
    sheet.head(&report.columns, None)?;
    for task in &report.rows {
        if let Some(group) = &task.group {
            sheet.across(group, &cell().set_bold())?;
        }
        let due = task.due.map(|due| day(due, lang)).unwrap_or_default();
        let beside = [(task.id.as_str(), centred()), (&task.task, cell()), (&task.lead, cell()), (&due, centred())];
        let sentences = task.result.iter().map(|sentence| {
            let mark = if sentence.below { "+ " } else { "- " };
            let format = if sentence.below { cell().set_align(FormatAlign::Left).set_indent(1) } else { cell() };
            vec![(format!("{mark}{}", sentence.text), format)]
        });
        sheet.together(&beside, &sentences.collect::<Vec<_>>())?;
    }
    for note in report.notes.iter().chain(&report.left_out) {
        sheet.across(note, &plain().set_italic())?;
    }
    sheet.done()
}

/// What every figure rests on: its records and files on one sheet, what the files were on another.
pub(in crate::report) fn grounds(book: &mut Workbook, figures: &[Figure], lang: Lang) -> Result<(), XlsxError> {
    let say = |message: Message| message.render(lang);
    let names = short_names(figures);
    let page = book.add_worksheet().set_name(say(message!("task-sheet-grounds")))?;
    let mut sheet = Sheet::new(page, &[26.0, 32.0, 20.0, 22.0], 100)?;
    let titles = [
        message!("task-ground-figure"),
        message!("task-ground-value"),
        message!("task-ground-records"),
        message!("task-ground-files"),
    ];
    sheet.head(&titles.map(say), None)?;
    for figure in figures {
        let files = ground_files(figure, &names, lang);
        let texts = [figure.id.clone(), figure.value.clone(), ranges(&figure.records), files];
        sheet.cells(&texts, &cell())?;
    }
    sheet.page.set_freeze_panes(1, 0)?;
    sheet.done()?;
    let files = files_of(figures);
    if files.is_empty() {
        return Ok(());
    }
    let page = book.add_worksheet().set_name(say(message!("task-sheet-files")))?;
    let mut sheet = Sheet::new(page, &[14.0, 26.0, 10.0, 50.0], 100)?;
    let titles = [
        message!("task-file-name"),
        message!("task-file-path"),
        message!("task-file-record"),
        message!("task-file-digest"),
    ];
    sheet.head(&titles.map(say), None)?;
    for file in files {
        let name = names.get(file).cloned().unwrap_or_default();
        sheet.cells(&[name, file.path.clone(), format!("#{}", file.record), file.digest.to_string()], &cell())?;
    }
    sheet.done()
}

fn apart(mut sheet: Sheet<'_>, report: &TasksReport, lang: Lang) -> Result<(), XlsxError> {
    let titles = [
        message!("task-apart-run"),
        message!("task-apart-title"),
        message!("task-apart-began"),
        message!("task-apart-why"),
        message!("task-ground-records"),
    ];
    sheet.head(&titles.map(|title| title.render(lang)), None)?;
    for it in &report.apart {
        let began = format::time(&it.began, lang);
        let texts = [it.run.to_string(), it.title.clone(), began, it.because.clone(), ranges(&it.records)];
        sheet.cells(&texts, &cell())?;
    }
    sheet.done()
}
