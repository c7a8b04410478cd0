//! What a spreadsheet program makes of what is typed is read as what was typed.

use jiff::civil::{date, time};
use rust_xlsxwriter::{Format, Workbook};

use super::*;

/// A sheet with these cells in the columns Over and Remarks of one row after another.
fn sheet(write: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Sheet {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for column in Column::ALL {
        let title = column.title().render(crate::model::Lang::Vi);
        sheet.write(3, column.place() + 2, title).expect("a heading");
    }
    sheet.write(0, 0, "Ngày ghi phiếu:").expect("a label");
    write(sheet);
    read_sheet(&book.save_to_buffer().expect("a file")).expect("a sheet")
}

#[test]
fn times_and_days_come_back_as_they_were_typed() {
    let (clock, day) = (Format::new().set_num_format("hh:mm"), Format::new().set_num_format("dd/mm/yyyy"));
    let both = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let over = Column::Ended.place() + 2;
    let sheet = sheet(|sheet| {
        // 02:15 is 135 of 1440 minutes; 25/11/2026 is day 46351 of the spreadsheet's count.
        sheet.write_with_format(0, 1, 46351, &day).expect("a day");
        sheet.write_with_format(4, over, 135.0 / 1440.0, &clock).expect("a time");
        sheet.write_with_format(5, over, 46351.0 + 1439.0 / 1440.0, &both).expect("a moment");
        sheet.write(6, over, "02:15").expect("a text");
        sheet.write(7, over, 215).expect("a number");
        sheet.write_with_format(8, over, 0, &clock).expect("midnight");
        for minute in 0..1440_u32 {
            sheet.write_with_format(10 + minute, over, f64::from(minute) / 1440.0, &clock).expect("a time");
        }
    });
    let head = sheet.head(HeadLine::Day).expect("it has a day");
    assert_eq!((head.place.as_str(), &head.entered), ("B1", &Entered::Day(date(2026, 11, 25))));
    let over = |place: usize| sheet.rows[place].cell(Column::Ended).expect("it has something");
    assert_eq!(over(0).entered, Entered::Time(time(2, 15, 0, 0)));
    assert_eq!(over(0).place, "K5");
    assert_eq!(over(1).entered, Entered::Moment(date(2026, 11, 25).at(23, 59, 0, 0)));
    assert_eq!(over(2).entered, Entered::Text("02:15".to_owned()));
    assert_eq!(over(3).entered, Entered::Text("215".to_owned()), "a bare number is no time");
    assert_eq!(over(4).entered, Entered::Time(time(0, 0, 0, 0)));
    for minute in 0..1440_i32 {
        let place = 5 + usize::try_from(minute).expect("small");
        let (hour, minute) = (i8::try_from(minute / 60).expect("small"), i8::try_from(minute % 60).expect("small"));
        assert_eq!(over(place).entered, Entered::Time(time(hour, minute, 0, 0)));
    }
}

#[test]
fn an_outcome_is_read_as_the_sheet_offers_it_in_either_language() {
    use crate::model::Outcome;
    for (text, expected) in [
        ("đã thực hiện", Some(Outcome::Done)),
        (" Không đạt ", Some(Outcome::Failed)),
        ("bỏ qua", Some(Outcome::Skipped)),
        ("chưa rõ", Some(Outcome::Unknown)),
        ("not known", Some(Outcome::Unknown)),
        ("done", Some(Outcome::Done)),
        ("abandoned", None),
        ("ok", None),
    ] {
        assert_eq!(outcome_of(text), expected, "{text}");
    }
}

#[test]
fn a_file_without_the_table_or_with_a_column_twice_is_refused() {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "x").expect("a cell");
    let bytes = book.save_to_buffer().expect("a file");
    assert!(matches!(read_sheet(&bytes), Err(SheetError::NoTable)));
    assert!(matches!(read_sheet(b"PK\x03\x04 and nothing more"), Err(SheetError::NotXlsx(_))));
    let twice = |last: &str| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for column in Column::ALL {
            sheet.write(0, column.place(), column.title().render(crate::model::Lang::En)).expect("a heading");
        }
        sheet.write(0, Column::Remark.place(), last).expect("a heading");
        read_sheet(&book.save_to_buffer().expect("a file"))
    };
    assert!(matches!(twice("Outcome"), Err(SheetError::Twice(Column::Outcome))));
    assert!(matches!(twice("Other"), Err(SheetError::NoColumn(Column::Remark))));
}
