//! Reads a spreadsheet that was typed in: its cells as they stand, each with its place. What they mean is decided elsewhere.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use jiff::civil::{Date, DateTime, Time};

use super::columns::{Column, HeadLine};

/// The largest file that is read, in bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// The most rows that are looked at.
const MOST_ROWS: u32 = 20_000;
/// How far down the headings may stand, in rows.
const HEAD_ROWS: u32 = 40;

/// Why a file is no sheet that can be read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// It is too large.
    #[error("{0} bytes")]
    TooLarge(usize),
    /// It is no spreadsheet.
    #[error("not an XLSX file")]
    NotXlsx(#[source] calamine::XlsxError),
    /// No sheet of it has the headings.
    #[error("no sheet has the column of steps")]
    NoTable,
    /// A column is not there.
    #[error("a column is missing")]
    NoColumn(Column),
    /// A column is there twice.
    #[error("a column is there twice")]
    Twice(Column),
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Entered {
    /// Words, as they were typed.
    Text(String),
    /// A day.
    Day(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time.
    Moment(DateTime),
}

/// A cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its name, as `H12`.
    pub place: String,
    /// What it holds.
    pub entered: Entered,
}

/// A row that has something in a column that is filled in by hand, or that names a step.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetRow {
    /// Its number, from 1.
    pub number: u32,
    /// Its cells that hold something.
    pub cells: BTreeMap<Column, Cell>,
    /// The name of each column's cell in this row, for findings on what is missing.
    letters: BTreeMap<Column, String>,
}

impl SheetRow {
    /// The cell of a column.
    #[must_use]
    pub fn cell(&self, column: Column) -> Option<&Cell> {
        self.cells.get(&column)
    }

    /// What the cell of `column` is called in this row, whether it holds something or not.
    #[must_use]
    pub fn place(&self, column: Column) -> String {
        self.letters.get(&column).map_or_else(|| self.number.to_string(), |letters| format!("{letters}{}", self.number))
    }

    /// Whether something was filled in by hand.
    #[must_use]
    pub fn filled(&self) -> bool {
        Column::BY_HAND.iter().any(|column| self.cells.contains_key(column))
    }
}

/// A sheet that was typed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The sheet's name in its file.
    pub name: String,
    /// The lines above the table that hold something.
    pub head: Vec<(HeadLine, Cell)>,
    /// Rows of the table, from the top.
    pub rows: Vec<SheetRow>,
}

impl Sheet {
    /// What a line above the table holds.
    #[must_use]
    pub fn head(&self, line: HeadLine) -> Option<&Cell> {
        self.head.iter().find(|(found, _)| *found == line).map(|(_, cell)| cell)
    }
}

/// Reads the sheet in the bytes of an XLSX file: the first that has the headings.
///
/// # Errors
///
/// See [`SheetError`].
pub fn read_sheet(bytes: &[u8]) -> Result<Sheet, SheetError> {
    if bytes.len() > MOST_BYTES {
        return Err(SheetError::TooLarge(bytes.len()));
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(SheetError::NotXlsx)?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(SheetError::NotXlsx)?;
        let Some((top, left)) = range.start() else { continue };
        let cells = range.used_cells().filter_map(|(row, column, data)| {
            let (row, column) = (u32::try_from(row).ok()? + top, u32::try_from(column).ok()? + left);
            Some((row, column, entered(data)?))
        });
        let mut rows: BTreeMap<u32, BTreeMap<u32, Entered>> = BTreeMap::new();
        for (row, column, entered) in cells.filter(|(row, ..)| *row < MOST_ROWS) {
            rows.entry(row).or_default().insert(column, entered);
        }
        if let Some(sheet) = table(&name, &rows)? {
            return Ok(sheet);
        }
    }
    Err(SheetError::NoTable)
}

fn table(name: &str, rows: &BTreeMap<u32, BTreeMap<u32, Entered>>) -> Result<Option<Sheet>, SheetError> {
    let headings = rows.range(..HEAD_ROWS).find_map(|(row, cells)| {
        let found: Vec<(Column, u32)> = cells
            .iter()
            .filter_map(|(column, entered)| match entered {
                Entered::Text(text) => Some((Column::of(text)?, *column)),
                _ => None,
            })
            .collect();
        let has = |column: Column| found.iter().any(|(other, _)| *other == column);
        (has(Column::Step) && has(Column::Outcome)).then_some((*row, found))
    });
    let Some((top, found)) = headings else { return Ok(None) };
    let mut columns: BTreeMap<Column, u32> = BTreeMap::new();
    for (column, place) in found {
        if columns.insert(column, place).is_some() {
            return Err(SheetError::Twice(column));
        }
    }
    if let Some(missing) = Column::BY_HAND.into_iter().find(|column| !columns.contains_key(column)) {
        return Err(SheetError::NoColumn(missing));
    }
    let mut head = Vec::new();
    for (row, cells) in rows.range(..top) {
        let mut line = cells.iter();
        let Some((_, Entered::Text(label))) = line.next() else { continue };
        if let Some(found) = HeadLine::of(label)
            && let Some((column, entered)) = line.next()
        {
            let place = format!("{}{}", letters(*column), row + 1);
            head.push((found, Cell { place, entered: entered.clone() }));
        }
    }
    let letters_of: BTreeMap<Column, String> =
        columns.iter().map(|(column, place)| (*column, letters(*place))).collect();
    let rows = rows.range(top + 1..).map(|(row, cells)| {
        let of_row = columns.iter().filter_map(|(column, place)| {
            let entered = cells.get(place)?.clone();
            Some((*column, Cell { place: format!("{}{}", letters(*place), row + 1), entered }))
        });
        SheetRow { number: row + 1, cells: of_row.collect(), letters: letters_of.clone() }
    });
    let rows = rows.filter(|row| row.filled() || row.cells.contains_key(&Column::Step)).collect();
    Ok(Some(Sheet { name: name.to_owned(), head, rows }))
}

/// `A`, `B` … `Z`, `AA`.
pub(in crate::report) fn letters(column: u32) -> String {
    let mut text = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        text.insert(0, char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    text
}

/// What a cell holds; nothing where it is empty.
pub(in crate::report) fn entered(data: &Data) -> Option<Entered> {
    match data {
        Data::Empty => None,
        Data::DateTime(serial) => Some(moment(serial)),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            let text = text.trim();
            (!text.is_empty()).then(|| Entered::Text(text.to_owned()))
        }
        other => Some(Entered::Text(other.to_string())),
    }
}

/// A serial number that the sheet shows as a day or a time: days since its epoch, to the second.
fn moment(serial: &calamine::ExcelDateTime) -> Entered {
    let as_text = || Entered::Text(serial.as_f64().to_string());
    let (year, month, day, hour, minute, second, millis) = serial.to_ymd_hms_milli();
    let small = |number: u8| i8::try_from(number).ok();
    let time = || Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok();
    let Some(time) = time() else { return as_text() };
    // 02:15 is stored as the nearest fraction of a day: half a second and more is the next.
    let up = i64::from(millis >= 500);
    if (0.0..1.0).contains(&serial.as_f64()) {
        return Entered::Time(time.saturating_add(jiff::SignedDuration::from_secs(up)));
    }
    let date = || Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok();
    match date().and_then(|date| date.to_datetime(time).checked_add(jiff::SignedDuration::from_secs(up)).ok()) {
        Some(moment) if moment.time() == Time::midnight() => Entered::Day(moment.date()),
        Some(moment) => Entered::Moment(moment),
        None => as_text(),
    }
}
