//! The table as a workbook: systems by families, and a second sheet with a row for every plan and the records it rests on.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Cell, Coverage, FAMILIES, words};
use crate::message::{Lang, Message, format, message};

/// The table as an XLSX file.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn xlsx(coverage: &Coverage, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same evidence gives the same bytes.
    let made = &coverage.made;
    let local = made.offset.to_datetime(made.instant);
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(
        u16::try_from(local.year()).unwrap_or(2000),
        u8::try_from(local.month()).unwrap_or(1),
        u8::try_from(local.day()).unwrap_or(1),
    )?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&day));
    matrix(book.add_worksheet().set_name(message!("coverage-sheet").render(lang))?, coverage, lang)?;
    list(book.add_worksheet().set_name(message!("coverage-sheet-evidence").render(lang))?, coverage, lang)?;
    book.save_to_buffer()
}

fn base() -> Format {
    Format::new().set_font_name("Arial").set_font_size(10).set_text_wrap().set_align(FormatAlign::Top)
}

fn boxed() -> Format {
    base().set_border(FormatBorder::Thin)
}

fn heading() -> Format {
    boxed().set_bold().set_background_color(Color::RGB(0x00E9_ECF0))
}

fn matrix(sheet: &mut Worksheet, coverage: &Coverage, lang: Lang) -> Result<(), XlsxError> {
    let plain = Format::new().set_font_name("Arial").set_font_size(10);
    let say = |message: Message| message.render(lang);
    let title = plain.clone().set_bold().set_font_size(14);
    sheet.write_with_format(0, 0, say(message!("coverage-title")), &title)?;
    let made = say(message!("coverage-made", at = format::time(&coverage.made, lang)));
    let unit = coverage.unit.clone().map_or(made.clone(), |unit| format!("{unit} · {made}"));
    for (row, line) in (1..).zip([unit, say(words::standing(coverage)), say(words::totals(coverage))]) {
        sheet.write_with_format(row, 0, line, &plain)?;
    }
    let top = 5;
    sheet.write_with_format(top, 0, say(message!("cli-playbook-system")), &heading())?;
    for (column, family) in (1_u16..).zip(FAMILIES) {
        sheet.write_with_format(top, column, say(words::family(family)), &heading())?;
    }
    let lacks = boxed().set_background_color(Color::RGB(0x00FA_F3E6));
    for (row, system) in (top + 1..).zip(&coverage.systems) {
        let name = format!("{}\n{}\n{}", system.name.pick(lang), system.id, say(system.level.words()));
        sheet.write_with_format(row, 0, name, &boxed().set_bold())?;
        for (column, cell) in (1_u16..).zip(&system.cells) {
            let format = if cell.missing.is_empty() { boxed() } else { lacks.clone() };
            sheet.write_with_format(row, column, told(cell, lang), &format)?;
        }
    }
    sheet.set_column_width(0, 34)?;
    for column in 1..=5 {
        sheet.set_column_width(column, 38)?;
    }
    sheet.set_freeze_panes(top + 1, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(top, top)?;
    Ok(())
}

/// A cell's lines.
fn told(cell: &Cell, lang: Lang) -> String {
    let mut lines = Vec::new();
    for plan in &cell.plans {
        let version = plan.version.map(|version| message!("coverage-version", version = version).render(lang));
        let version = version.map(|version| format!(" · {version}")).unwrap_or_default();
        lines.push(format!("{} ({}{version})", plan.title.pick(lang), plan.playbook));
        lines.extend(words::from(plan).map(|from| from.render(lang)));
        let sign = if plan.last.as_ref().is_some_and(super::Drill::passed) { "✓" } else { "✗" };
        lines.extend(words::last(plan, lang).map(|last| format!("{sign} {last}")));
        lines.extend(plan.missing.iter().map(|missing| format!("✗ {}", words::missing(*missing).render(lang))));
    }
    if cell.plans.is_empty() {
        lines.extend(cell.missing.iter().map(|missing| format!("✗ {}", words::missing(*missing).render(lang))));
    }
    lines.join("\n")
}

fn list(sheet: &mut Worksheet, coverage: &Coverage, lang: Lang) -> Result<(), XlsxError> {
    let say = |message: Message| message.render(lang);
    let columns = [
        (message!("cli-playbook-system"), 20),
        (message!("coverage-column-family"), 22),
        (message!("coverage-column-plan"), 26),
        (message!("coverage-column-version"), 12),
        (message!("coverage-column-run"), 14),
        (message!("coverage-column-date"), 13),
        (message!("coverage-column-drilled-version"), 14),
        (message!("coverage-column-how"), 26),
        (message!("coverage-column-result"), 30),
        (message!("coverage-column-records"), 22),
        (message!("coverage-column-missing"), 40),
    ];
    for (column, (title, width)) in (0_u16..).zip(columns) {
        sheet.write_with_format(0, column, say(title), &heading())?;
        sheet.set_column_width(column, width)?;
    }
    let mut row = 0;
    for system in &coverage.systems {
        for cell in &system.cells {
            let mut line = |cells: [String; 9]| -> Result<(), XlsxError> {
                row += 1;
                sheet.write_with_format(row, 0, system.id.as_str(), &boxed())?;
                sheet.write_with_format(row, 1, words::family(cell.family).render(lang), &boxed())?;
                for (column, text) in (2_u16..).zip(cells) {
                    sheet.write_with_format(row, column, text, &boxed())?;
                }
                Ok(())
            };
            let lacking = |missing: &[super::Missing]| {
                missing.iter().map(|one| words::missing(*one).render(lang)).collect::<Vec<_>>().join("; ")
            };
            if cell.plans.is_empty() {
                let mut cells: [String; 9] = std::array::from_fn(|_| String::new());
                cells[8] = lacking(&cell.missing);
                line(cells)?;
            }
            for plan in &cell.plans {
                let drill = plan.last.as_ref();
                let records = drill.map(|drill| drill.records.iter().map(ToString::to_string).collect::<Vec<_>>());
                line([
                    plan.playbook.to_string(),
                    plan.version.map(|version| version.to_string()).unwrap_or_default(),
                    drill.map(|drill| drill.run.to_string()).unwrap_or_default(),
                    drill.map(|drill| format::date(&drill.at, lang)).unwrap_or_default(),
                    drill.map(|drill| drill.version.to_string()).unwrap_or_default(),
                    drill.map(|drill| words::how(drill).render(lang)).unwrap_or_default(),
                    drill.map(|drill| words::result(drill).render(lang)).unwrap_or_default(),
                    records.unwrap_or_default().join(", "),
                    lacking(&plan.missing),
                ])?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}
