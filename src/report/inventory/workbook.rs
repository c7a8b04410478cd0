//! Writes the inventory as a table: XLSX and CSV with the same columns, and a template without rows.

use rust_xlsxwriter::{
    Color, DataValidation, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use serde_json::Value;

use crate::inventory::System;
use crate::inventory::table::{COLUMNS, Column, Kind, at, written};
use crate::inventory::words::Labels;
use crate::message::{Lang, Message, message};
use crate::report::format::csv::harmless;
use crate::report::sheet::{as_it_is, undated};

/// The longest list of words that a cell can offer, in characters with their commas.
const LONGEST_LIST: usize = 255;
/// The ground of a cell that nobody has confirmed.
const ASSUMED: Color = Color::RGB(0x00FF_F2CC);
/// How many rows of a template offer words.
const TEMPLATE_ROWS: u32 = 500;

/// The systems as an XLSX file: the table, and a second sheet that says what fits in each column.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn xlsx<'s>(systems: impl Iterator<Item = &'s System>, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    undated(&mut book)?;
    let say = |message: Message| message.render(lang);
    let sheet = book.add_worksheet().set_name(say(message!("systems-sheet")))?;
    let last = rows(sheet, systems, lang)?;
    offers(sheet, last.max(TEMPLATE_ROWS), lang)?;
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?.set_repeat_columns(0, 1)?;
    help(book.add_worksheet().set_name(say(message!("systems-sheet-help")))?, lang)?;
    as_it_is(&mut book)
}

fn base() -> Format {
    Format::new().set_font_name("Arial").set_font_size(10)
}

fn heading() -> Format {
    base().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_border_bottom(FormatBorder::Thin)
}

/// Writes headings and rows; gives the number of the last row, from 0.
fn rows<'s>(sheet: &mut Worksheet, systems: impl Iterator<Item = &'s System>, lang: Lang) -> Result<u32, XlsxError> {
    let (text, date) = (base().set_num_format("@"), base().set_num_format("dd/mm/yyyy"));
    // What nobody has confirmed stands out from what is known.
    let forms = |assumed: bool| {
        let of = |format: Format| if assumed { format.set_background_color(ASSUMED).set_italic() } else { format };
        let text = of(base().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top));
        (
            text,
            of(base().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Top)),
            of(base().set_align(FormatAlign::Top)),
        )
    };
    let known = [forms(false), forms(true)];
    for (place, column) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(place, width(column))?;
        sheet.set_column_format(place, if matches!(column.kind, Kind::Date) { &date } else { &text })?;
        sheet.write_with_format(0, place, column.title().render(lang), &heading())?;
    }
    let mut row = 0;
    for system in systems {
        row += 1;
        let value = serde_json::to_value(system).unwrap_or_default();
        for (place, column) in (0_u16..).zip(COLUMNS) {
            let stands = at(&value, column.path);
            let (text, date, number) = &known[usize::from(system.assumes(column.path))];
            let day = || ExcelDateTime::parse_from_str(stands.as_str()?).ok();
            match (column.kind, stands) {
                (_, Value::Null) => {}
                (Kind::Date, Value::String(_)) => {
                    if let Some(day) = day() {
                        sheet.write_with_format(row, place, &day, date)?;
                    }
                }
                (Kind::Count | Kind::Level | Kind::Decision, Value::Number(count)) => {
                    // Counts of people have at most 13 digits: a number of a sheet holds them.
                    sheet.write_with_format(row, place, count.as_f64().unwrap_or_default(), number)?;
                }
                (kind, stands) => {
                    if let Some(said) = written(stands, kind, lang, false) {
                        // A text is a text, whatever it begins with: nothing of it is a formula.
                        sheet.write_string_with_format(row, place, said, text)?;
                    }
                }
            }
        }
    }
    Ok(row)
}

fn width(column: &Column) -> f64 {
    match column.kind {
        Kind::Text if column.path.starts_with("name.") => 40.0,
        Kind::Name | Kind::Word(_) | Kind::Text => 24.0,
        Kind::Words(_) | Kind::Names | Kind::Paths => 30.0,
        _ => 13.0,
    }
}

/// Offers the words of a column in its cells.
fn offers(sheet: &mut Worksheet, last: u32, lang: Lang) -> Result<(), XlsxError> {
    for (place, column) in (0_u16..).zip(COLUMNS) {
        let words: Vec<String> = match column.kind {
            Kind::Word(words) => words(lang).iter().map(|(_, label)| label.clone()).collect(),
            Kind::Truth => vec![message!("systems-yes").render(lang), message!("systems-no").render(lang)],
            Kind::Level => (1..=5).map(|level| level.to_string()).collect(),
            Kind::Decision => {
                let none = message!("systems-no-decision").render(lang);
                (1..=5).map(|level: u8| level.to_string()).chain([none]).collect()
            }
            _ => continue,
        };
        // A comma ends a word of such a list.
        let fits = words.iter().map(|word| word.chars().count() + 1).sum::<usize>() <= LONGEST_LIST;
        if fits && words.iter().all(|word| !word.contains(',')) {
            let offer = DataValidation::new().allow_list_strings(&words)?.ignore_blank(true);
            sheet.add_data_validation(1, place, last, place, &offer)?;
        }
    }
    Ok(())
}

/// What fits in each column.
fn help(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    let cell = base().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 40.0)?.set_column_width(1, 70.0)?.set_column_width(2, 28.0)?;
    let titles = [message!("systems-help-column"), message!("systems-help-fits"), message!("systems-help-path")];
    for (place, title) in (0_u16..).zip(titles) {
        sheet.write_with_format(0, place, title.render(lang), &heading())?;
    }
    for (row, column) in (1_u32..).zip(COLUMNS) {
        sheet.write_with_format(row, 0, column.title().render(lang), &cell)?;
        sheet.write_with_format(row, 1, fits(column, lang), &cell)?;
        sheet.write_with_format(row, 2, column.path, &cell)?;
    }
    let below = u32::try_from(COLUMNS.len()).unwrap_or(0) + 2;
    for (row, line) in (below..).zip([message!("systems-help-blank"), message!("systems-help-rest")]) {
        sheet.write_with_format(row, 0, line.render(lang), &base())?;
    }
    let assumed = message!("systems-help-assumed").render(lang);
    sheet.write_with_format(below + 2, 0, assumed, &base().set_background_color(ASSUMED).set_italic())?;
    Ok(())
}

fn fits(column: &Column, lang: Lang) -> String {
    let words = |words: fn(Lang) -> &'static Labels| {
        words(lang).iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join("; ")
    };
    match column.kind {
        Kind::Name => message!("systems-help-name").render(lang),
        Kind::Text => message!("systems-help-text").render(lang),
        Kind::Names => message!("systems-help-names").render(lang),
        Kind::Paths => message!("systems-help-paths").render(lang),
        Kind::Date => message!("systems-help-date").render(lang),
        Kind::Truth => message!("systems-help-truth").render(lang),
        Kind::Count => message!("systems-help-count").render(lang),
        Kind::Level => message!("systems-help-level").render(lang),
        Kind::Decision => message!("systems-help-decision").render(lang),
        Kind::Span => message!("systems-help-span").render(lang),
        Kind::Word(of) => message!("systems-help-word", words = words(of)).render(lang),
        Kind::Words(of) => message!("systems-help-words", words = words(of)).render(lang),
    }
}

/// The systems as a CSV file: UTF-8 with its mark, so that Excel reads it as what it is; semicolons between the cells, as
/// Vietnamese Excel has them, or commas in English.
///
/// # Errors
///
/// Where memory cannot be written, which does not happen.
pub fn csv<'s>(systems: impl Iterator<Item = &'s System>, lang: Lang) -> Result<Vec<u8>, csv::Error> {
    let delimiter = match lang {
        Lang::Vi => b';',
        Lang::En => b',',
    };
    let bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(bytes);
    writer.write_record(COLUMNS.iter().map(|column| column.title().render(lang)))?;
    for system in systems {
        let value = serde_json::to_value(system).unwrap_or_default();
        let cell = |column: &Column| written(at(&value, column.path), column.kind, lang, false).unwrap_or_default();
        writer.write_record(COLUMNS.iter().map(|column| harmless(cell(column))))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::import::{Given, change, column_of};
    use crate::report::inventory::sheet::{Table, read_csv, read_xlsx};

    const FILE: &str = include_str!("../../../tests/it/data/every-fact.yaml");

    fn back(table: &Table, system: &System, text: &str) -> Option<Vec<&'static str>> {
        let row = table
            .head
            .iter()
            .zip(&table.rows[0].1)
            .map(|((_, title), text)| Given { column: column_of(title).expect("one of ours"), text: text.clone() });
        let row: Vec<Given> = row.collect();
        assert_eq!(row.len(), COLUMNS.len());
        change(Some((system, text)), &row).expect("it fits").map(|change| change.paths)
    }

    #[test]
    fn what_is_written_is_read_back_without_any_change_in_both_forms_and_languages() {
        let mut system = crate::inventory::read("inventory/every-fact.yaml", FILE).expect("it holds");
        let text = FILE
            .replace("owner: \"UBND tỉnh\"", "owner: \"=HYPERLINK(1)\"")
            .replace("number: \"01/QC\"", "number: \"'-x\"");
        let changed = crate::inventory::read("inventory/every-fact.yaml", &text).expect("it holds");
        assert_ne!(system, changed);
        system = changed;
        for lang in [Lang::Vi, Lang::En] {
            let table = read_xlsx(&xlsx(std::iter::once(&system), lang).expect("a workbook")).expect("a table");
            assert_eq!(back(&table, &system, &text), None, "XLSX in {lang:?}");
            let bytes = csv(std::iter::once(&system), lang).expect("a file");
            assert!(String::from_utf8_lossy(&bytes).contains("'=HYPERLINK(1)"));
            assert_eq!(back(&read_csv(&bytes).expect("a table"), &system, &text), None, "CSV in {lang:?}");
        }
    }
}
