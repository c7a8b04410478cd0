//! The spreadsheet: the rows of the paper sheets with the steps' ids, which is typed in afterwards; beside it whom to reach and
//! what is due. Printed, it is the same as the pages of [`super::card_html`].

mod around;
mod style;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::columns::{Column, HeadLine, OUTCOMES, outcome_title};
use super::consents::ConsentRow;
use super::{Card, CardStep};
use crate::message::{Message, format, message};
use crate::model::{Effect, Lang};
use crate::report::sheet::{as_it_is, undated};
use style::{BY_HAND, base, cell, free, heading, height, lines, on_paper, pieces, title};

/// The row of the headings, from 0: above it stand the banner, the title, the lines of [`HeadLine`], who writes and the systems.
const HEADINGS: u32 = 7;
/// How many rows below the last step can be filled in with rounds that nobody could foresee.
const SPARE_ROWS: u32 = 20;

/// The sheet and its instructions as an XLSX file.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn card_xlsx(card: &Card, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    undated(&mut book)?;
    let say = |message: Message| message.render(lang);
    table(book.add_worksheet().set_name(say(message!("paper-sheet-log")))?, card, lang)?;
    around::people(book.add_worksheet().set_name(say(message!("paper-contacts")))?, card, lang)?;
    if !card.duties.is_empty() {
        around::law(book.add_worksheet().set_name(say(message!("paper-sheet-duties")))?, card, lang)?;
    }
    instructions(book.add_worksheet().set_name(say(message!("paper-sheet-help")))?, card, lang)?;
    as_it_is(&mut book)
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
        Column::Number => 4.0,
        Column::Step => 14.0,
        Column::Work => 38.0,
        Column::Checks => 27.0,
        Column::Role | Column::Who | Column::Answer => 12.0,
        Column::Day => 9.5,
        Column::Began | Column::Ended => 7.5,
        Column::Outcome => 10.0,
        Column::Remark => 20.0,
    }
}

fn table(sheet: &mut Worksheet, card: &Card, lang: Lang) -> Result<(), XlsxError> {
    let say = |message: &Message| message.render(lang);
    let last_column = Column::Remark.place();
    sheet.write_with_format(0, 0, card.banner(lang), &base().set_bold())?;
    sheet.write_with_format(1, 0, card.title.pick(lang), &title())?;
    let label = base().set_bold();
    for (place, line) in HeadLine::ALL.into_iter().enumerate() {
        let row = u32::try_from(place).unwrap_or(0) + 2;
        sheet.write_with_format(row, 0, format!("{}:", say(&line.title())), &label)?;
        let value = Column::Work.place();
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
                sheet.write_with_format(row, value, run, &free().set_num_format("@"))?;
            }
            HeadLine::Day => {
                sheet.write_blank(row, value, &free().set_num_format("dd/mm/yyyy"))?;
            }
        }
    }
    let below = HEADINGS - 2;
    sheet.write_with_format(below, 0, format!("{}:", say(&message!("paper-head-writer"))), &label)?;
    sheet.write_blank(below, Column::Work.place(), &free().set_num_format("@"))?;
    sheet.write_with_format(below + 1, 0, format!("{}:", say(&message!("paper-head-systems"))), &label)?;
    let systems: Vec<String> = card.systems.iter().map(|(id, name)| format!("{} ({id})", name.pick(lang))).collect();
    sheet.write_with_format(below + 1, Column::Work.place(), systems.join("; "), &base())?;
    let tallest = Column::ALL.into_iter().map(|column| lines(&say(&column.title()), width(column) * 0.8)).max();
    sheet.set_row_height(HEADINGS, height(tallest.unwrap_or(1)))?;
    for column in Column::ALL {
        sheet.set_column_width(column.place(), width(column))?;
        sheet.write_with_format(HEADINGS, column.place(), say(&column.title()), &heading())?;
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
        sheet.set_row_height(spare, BY_HAND)?;
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
    on_paper(sheet, card, lang);
    sheet.set_repeat_rows(HEADINGS, HEADINGS)?;
    sheet.set_print_area(0, 0, last, last_column)?;
    Ok(())
}

/// The rows of a step: one, more where its text is too long for one, and one for each value that it asks for.
fn step_rows(sheet: &mut Worksheet, row: u32, step: &CardStep, lang: Lang) -> Result<u32, XlsxError> {
    let holds_others = step.number.is_none() && !step.round_end;
    let plain = if holds_others { cell().set_bold().set_background_color(Color::RGB(0x00F2_F4F7)) } else { cell() };
    let number = step.number.map(|number| number.to_string()).unwrap_or_default();
    let role = step.role.as_ref().map(|role| role.pick(lang)).unwrap_or_default();
    // In the column of what is to be ticked off: what is filled in by hand would be entered again.
    let known = step.outcome.filter(|_| !holds_others).map(|outcome| {
        let known = message!("paper-known", outcome = outcome_title(outcome));
        known.render(lang)
    });
    let works = pieces(&work(step, lang), width(Column::Work));
    let checks = pieces(&known.clone().unwrap_or_else(|| to_confirm(step, lang)), width(Column::Checks));
    let mut next = row;
    for piece in 0..works.len().max(checks.len()) {
        let of = |pieces: &[String]| pieces.get(piece).cloned().unwrap_or_default();
        let (work, checks) = (of(&works), of(&checks));
        let first = piece == 0;
        let shown = |text: &str| if first { text.to_owned() } else { String::new() };
        sheet.write_with_format(next, Column::Number.place(), shown(&number), &plain)?;
        let path = plain.clone().set_num_format("@");
        sheet.write_with_format(next, Column::Step.place(), shown(step.path.as_str()), &path)?;
        sheet.write_with_format(next, Column::Work.place(), &work, &plain)?;
        sheet.write_with_format(next, Column::Role.place(), shown(role), &plain)?;
        let ticked = if known.is_some() { plain.clone().set_italic() } else { plain.clone() };
        sheet.write_with_format(next, Column::Checks.place(), &checks, &ticked)?;
        let tallest = [
            lines(&work, width(Column::Work)),
            lines(&checks, width(Column::Checks)),
            lines(&shown(step.path.as_str()), width(Column::Step)),
            lines(&shown(role), width(Column::Role)),
        ];
        let tallest = height(tallest.into_iter().max().unwrap_or(1));
        let by_hand_here = first && !holds_others && known.is_none();
        sheet.set_row_height(next, if by_hand_here { tallest.max(BY_HAND) } else { tallest })?;
        for column in Column::BY_HAND {
            let format = if by_hand_here { by_hand(column) } else { plain.clone() };
            sheet.write_blank(next, column.place(), &format)?;
        }
        next += 1;
    }
    if known.is_some() {
        return Ok(next);
    }
    for (id, title) in &step.asks {
        for column in Column::ALL {
            sheet.write_blank(next, column.place(), &cell())?;
        }
        let path = format!("{}?{id}", step.path);
        let tallest = lines(&path, width(Column::Step)).max(lines(title.pick(lang), width(Column::Work)));
        sheet.write_with_format(next, Column::Step.place(), path, &cell())?;
        sheet.write_with_format(next, Column::Work.place(), title.pick(lang), &cell().set_italic())?;
        sheet.write_blank(next, Column::Answer.place(), &by_hand(Column::Answer))?;
        sheet.set_row_height(next, height(tallest).max(BY_HAND))?;
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
    let tallest = [
        lines(&consent.step, width(Column::Step)),
        lines(&consent.work, width(Column::Work)),
        lines(&consent.checks, width(Column::Checks)),
    ];
    sheet.set_row_height(row, height(tallest.into_iter().max().unwrap_or(1)).max(BY_HAND))?;
    Ok(())
}

/// What to do: title, time, danger, condition, words, command; as the page has them.
fn work(step: &CardStep, lang: Lang) -> String {
    let say = |message: Message| message.render(lang);
    let mut parts = vec![format!("{}{}", "  ".repeat(step.depth), step.title.pick(lang))];
    if let Some(timeout) = step.timeout {
        parts.push(say(message!("paper-within", time = format::duration(timeout.duration(), lang))));
    }
    if step.effect == Some(Effect::Destructive) {
        parts.push(say(if step.second { message!("paper-destructive-second") } else { message!("paper-destructive") }));
    }
    parts.extend(step.only_when(lang));
    parts.extend(step.instruction.as_ref().map(|text| text.pick(lang).to_owned()));
    parts.extend(step.command.clone());
    parts.join("\n")
}

/// What to tick off, what can be chosen, and whether something has to be kept.
fn to_confirm(step: &CardStep, lang: Lang) -> String {
    let say = |message: Message| message.render(lang);
    let checks = step.checks.iter().zip(1..).map(|(check, number)| format!("[{number}] {}", check.pick(lang)));
    let options = step.options.iter().zip(1..).map(|((_, title, goto), number)| {
        let goto = goto.as_ref().map(|goto| say(message!("paper-goto", step = goto.as_str()))).unwrap_or_default();
        format!("[{number}] {}{goto}", title.pick(lang))
    });
    let evidence = step.evidence_required.then(|| say(message!("paper-evidence")));
    checks.chain(options).chain(evidence).collect::<Vec<_>>().join("\n")
}

fn instructions(sheet: &mut Worksheet, card: &Card, lang: Lang) -> Result<(), XlsxError> {
    let say = |message: &Message| message.render(lang);
    sheet.set_column_width(0, 140)?;
    sheet.write_with_format(0, 0, say(&message!("paper-sheet-help")), &title())?;
    let texts = [
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
    for (place, line) in texts.iter().enumerate() {
        let row = u32::try_from(place).unwrap_or(0) + 2;
        sheet.write_with_format(row, 0, say(line), &base().set_text_wrap().set_align(FormatAlign::Top))?;
        sheet.set_row_height(row, height(lines(&say(line), 140.0)))?;
    }
    let made = say(&message!("paper-made-by", version = env!("CARGO_PKG_VERSION")));
    let below = u32::try_from(texts.len()).unwrap_or(0) + 3;
    sheet.write_with_format(below, 0, made, &base().set_italic())?;
    on_paper(sheet, card, lang);
    Ok(())
}
