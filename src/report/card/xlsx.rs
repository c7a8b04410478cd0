//! The spreadsheet that is typed in afterwards: the rows of the paper sheets, with the steps' ids.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::columns::{Column, HeadLine, OUTCOMES, outcome_title};
use super::consents::ConsentRow;
use super::{Card, CardStep};
use crate::message::{Message, message};
use crate::model::Lang;

/// The row of the headings, from 0: above it stand the title and the lines of [`HeadLine`].
const HEADINGS: u32 = 5;
/// How many rows below the last step can be filled in with rounds that nobody could foresee.
const SPARE_ROWS: u32 = 20;
/// Points that a line of text takes.
const LINE: f64 = 13.5;

/// The sheet and its instructions as an XLSX file.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn card_xlsx(card: &Card, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let say = |message: Message| message.render(lang);
    table(book.add_worksheet().set_name(say(message!("paper-sheet-log")))?, card, lang)?;
    instructions(book.add_worksheet().set_name(say(message!("paper-sheet-help")))?, lang)?;
    book.save_to_buffer()
}

fn base() -> Format {
    Format::new().set_font_name("Arial").set_font_size(10)
}

fn cell() -> Format {
    base()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0x009A_A0A6))
        .set_text_wrap()
        .set_align(FormatAlign::Top)
}

/// What is typed in is text where it could be read as something else: `1,3` is no number here.
fn by_hand(column: Column) -> Format {
    let format = cell().set_background_color(Color::RGB(0x00FF_FDF0));
    match column {
        Column::Day => format.set_num_format("dd/mm/yyyy"),
        Column::Began | Column::Ended => format.set_num_format("hh:mm"),
        _ => format.set_num_format("@"),
    }
}

fn width(column: Column) -> f64 {
    match column {
        Column::Number => 5.0,
        Column::Step => 16.0,
        Column::Work => 46.0,
        Column::Role => 13.0,
        Column::Checks | Column::Remark => 30.0,
        Column::Who | Column::Outcome | Column::Answer => 14.0,
        Column::Day => 11.0,
        Column::Began | Column::Ended => 9.0,
    }
}

fn table(sheet: &mut Worksheet, card: &Card, lang: Lang) -> Result<(), XlsxError> {
    let say = |message: &Message| message.render(lang);
    let last_column = Column::Remark.place();
    sheet.write_with_format(0, 0, card.title.pick(lang), &base().set_bold().set_font_size(14))?;
    let banner = say(&card.banner());
    sheet.write_with_format(0, Column::Who.place(), banner, &base().set_bold())?;
    let label = base().set_bold();
    for (place, line) in HeadLine::ALL.into_iter().enumerate() {
        let row = u32::try_from(place).unwrap_or(0) + 1;
        sheet.write_with_format(row, 0, format!("{}:", say(&line.title())), &label)?;
        let value = Column::Work.place();
        let free = base().set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::Left);
        match line {
            HeadLine::Playbook => {
                sheet.write_with_format(row, value, &card.playbook, &base())?;
                let version = say(&message!("paper-version", version = card.version));
                sheet.write_with_format(row, Column::Role.place(), version, &base())?;
                if let Some(digest) = &card.digest {
                    sheet.write_with_format(row, Column::Who.place(), format!("SHA-256 {digest}"), &base())?;
                }
            }
            HeadLine::Run => {
                let run = card.run.as_ref().map(ToString::to_string).unwrap_or_default();
                sheet.write_with_format(row, value, run, &free.set_num_format("@"))?;
            }
            HeadLine::Day => {
                sheet.write_blank(row, value, &free.set_num_format("dd/mm/yyyy"))?;
            }
        }
    }
    let heading =
        cell().set_bold().set_background_color(Color::RGB(0x00E3_E9F1)).set_align(FormatAlign::VerticalCenter);
    for column in Column::ALL {
        sheet.set_column_width(column.place(), width(column))?;
        sheet.write_with_format(HEADINGS, column.place(), say(&column.title()), &heading)?;
    }
    let mut row = HEADINGS + 1;
    if let Some(consent) = ConsentRow::plan(card, lang) {
        consent_row(sheet, row, &consent)?;
        row += 1;
    }
    for step in &card.steps {
        row = step_rows(sheet, row, step, lang)?;
    }
    for spare in row..row + SPARE_ROWS {
        for column in Column::ALL {
            let format = if Column::BY_HAND.contains(&column) { by_hand(column) } else { cell().set_num_format("@") };
            sheet.write_blank(spare, column.place(), &format)?;
        }
    }
    let last = row + SPARE_ROWS - 1;
    let words: Vec<String> = OUTCOMES.into_iter().map(|outcome| say(&outcome_title(outcome))).collect();
    let outcomes = DataValidation::new()
        .allow_list_strings(&words)?
        .set_error_title(say(&message!("paper-column-outcome")))?
        .set_error_message(say(&message!("paper-outcome-choose", words = words.join(", "))))?
        .set_error_style(DataValidationErrorStyle::Stop);
    sheet.add_data_validation(HEADINGS + 1, Column::Outcome.place(), last, Column::Outcome.place(), &outcomes)?;
    sheet.set_freeze_panes(HEADINGS + 1, 3)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
    sheet.set_repeat_rows(HEADINGS, HEADINGS)?;
    sheet.set_print_area(0, 0, last, last_column)?;
    sheet.set_footer("&L&8&A&R&8&P/&N");
    Ok(())
}

/// The rows of a step: one, and one for each value that it asks for.
fn step_rows(sheet: &mut Worksheet, row: u32, step: &CardStep, lang: Lang) -> Result<u32, XlsxError> {
    let say = |message: &Message| message.render(lang);
    let holds_others = step.number.is_none() && !step.round_end;
    let plain = if holds_others { cell().set_bold().set_background_color(Color::RGB(0x00F2_F4F7)) } else { cell() };
    let number = step.number.map(|number| number.to_string()).unwrap_or_default();
    let mut work = format!("{}{}", "  ".repeat(step.depth), step.title.pick(lang));
    for part in [step.instruction.as_ref().map(|text| text.pick(lang)), step.command.as_deref()].into_iter().flatten() {
        work.push('\n');
        work.push_str(part);
    }
    let checks = step.checks.iter().zip(1..).map(|(check, number)| format!("[{number}] {}", check.pick(lang)));
    let options = step.options.iter().zip(1..).map(|((_, title, goto), number)| {
        let goto = goto.as_ref().map(|goto| say(&message!("paper-goto", step = goto.as_str()))).unwrap_or_default();
        format!("[{number}] {}{goto}", title.pick(lang))
    });
    let checks = checks.chain(options).collect::<Vec<_>>().join("\n");
    let role = step.role.as_ref().map(|role| role.pick(lang)).unwrap_or_default();
    sheet.write_with_format(row, Column::Number.place(), number, &plain)?;
    sheet.write_with_format(row, Column::Step.place(), step.path.as_str(), &plain.clone().set_num_format("@"))?;
    sheet.write_with_format(row, Column::Work.place(), &work, &plain)?;
    sheet.write_with_format(row, Column::Role.place(), role, &plain)?;
    sheet.write_with_format(row, Column::Checks.place(), &checks, &plain)?;
    let lines = lines(&work, 46).max(lines(&checks, 30));
    sheet.set_row_height(row, LINE * f64::from(lines.clamp(2, 25)))?;
    for column in Column::BY_HAND {
        if holds_others || step.outcome.is_some() {
            sheet.write_blank(row, column.place(), &plain)?;
        } else {
            sheet.write_blank(row, column.place(), &by_hand(column))?;
        }
    }
    if let Some(outcome) = step.outcome.filter(|_| !holds_others) {
        // In the column of what is to be ticked off: what is filled in by hand would be entered again.
        let known = say(&message!("paper-known", outcome = outcome_title(outcome)));
        sheet.write_with_format(row, Column::Checks.place(), known, &plain.clone().set_italic())?;
        return Ok(row + 1);
    }
    let mut next = row + 1;
    for (id, title) in &step.asks {
        for column in Column::ALL {
            sheet.write_blank(next, column.place(), &cell())?;
        }
        sheet.write_with_format(next, Column::Step.place(), format!("{}?{id}", step.path), &cell())?;
        sheet.write_with_format(next, Column::Work.place(), title.pick(lang), &cell().set_italic())?;
        sheet.write_blank(next, Column::Answer.place(), &by_hand(Column::Answer))?;
        next += 1;
    }
    if let Some(consent) = ConsentRow::second(step, lang) {
        consent_row(sheet, next, &consent)?;
        next += 1;
    }
    Ok(next)
}

/// A row on which somebody consents: who, when, how.
fn consent_row(sheet: &mut Worksheet, row: u32, consent: &ConsentRow) -> Result<(), XlsxError> {
    for column in Column::ALL {
        let format = if ConsentRow::BY_HAND.contains(&column) { by_hand(column) } else { cell() };
        sheet.write_blank(row, column.place(), &format)?;
    }
    sheet.write_with_format(row, Column::Step.place(), &consent.step, &cell().set_num_format("@"))?;
    sheet.write_with_format(row, Column::Work.place(), &consent.work, &cell().set_italic())?;
    sheet.write_with_format(row, Column::Checks.place(), &consent.checks, &cell())?;
    let lines = lines(&consent.work, 46).max(lines(&consent.checks, 30));
    sheet.set_row_height(row, LINE * f64::from(lines.clamp(2, 25)))?;
    Ok(())
}

/// About how many lines a text takes in a column of so many characters.
fn lines(text: &str, characters: usize) -> u32 {
    let count: usize = text.lines().map(|line| line.chars().count().div_ceil(characters).max(1)).sum();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn instructions(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    let say = |message: &Message| message.render(lang);
    sheet.set_column_width(0, 110)?;
    sheet.write_with_format(0, 0, say(&message!("paper-sheet-help")), &base().set_bold().set_font_size(14))?;
    let lines = [
        message!("paper-help-who"),
        message!("paper-help-day"),
        message!("paper-help-time"),
        message!("paper-help-outcome"),
        message!("paper-help-answer"),
        message!("paper-help-rounds"),
        message!("paper-help-until"),
        message!("paper-help-second"),
        message!("paper-help-empty"),
        message!("paper-help-enter"),
    ];
    for (place, line) in lines.iter().enumerate() {
        let row = u32::try_from(place).unwrap_or(0) + 2;
        sheet.write_with_format(row, 0, say(line), &base().set_text_wrap().set_align(FormatAlign::Top))?;
        sheet.set_row_height(row, LINE * f64::from(lines_of(&say(line))))?;
    }
    let made = say(&message!("paper-made-by", version = env!("CARGO_PKG_VERSION")));
    let below = u32::try_from(lines.len()).unwrap_or(0) + 3;
    sheet.write_with_format(below, 0, made, &base().set_italic())?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn lines_of(text: &str) -> u32 {
    lines(text, 105)
}
