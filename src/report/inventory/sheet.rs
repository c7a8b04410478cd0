//! Reads a table that people made: XLSX or CSV, its headings and cells with their places. What they mean is decided elsewhere.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use unicode_normalization::UnicodeNormalization as _;

use crate::inventory::import::column_of;
use crate::message::{Explain, Message, message};
use crate::report::card::{Entered, entered, letters};
use crate::report::format::csv::begins_formula;

/// The largest file that is read, in bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// How far down the headings may stand, in rows.
const HEAD_ROWS: usize = 20;

/// A table: its headings and the rows under them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The sheet's name; nothing in a CSV file, which has none.
    pub sheet: Option<String>,
    /// The headings with the letters of their columns.
    pub head: Vec<(String, String)>,
    /// Rows that hold something: the number, and the cells by the places of the headings.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Why a file is no table that can be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It is too large.
    #[error("{0} bytes")]
    TooLarge(usize),
    /// It is no XLSX file.
    #[error("not an XLSX file")]
    NotXlsx(#[source] calamine::XlsxError),
    /// Its text is in no encoding that is read.
    #[error("line {0} is not UTF-8")]
    Encoding(usize),
    /// No sheet has the column of ids.
    #[error("no heading of the ids")]
    NoTable,
    /// Cells of the sheet are merged.
    #[error("merged cells")]
    Merged {
        /// The sheet.
        sheet: String,
        /// The first group of them, as `A2:B3`.
        cells: String,
    },
    /// A line of a CSV file cannot be read.
    #[error("a line cannot be read")]
    Csv(#[source] csv::Error),
}

impl Explain for TableError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "table-too-large",
            Self::NotXlsx(_) => "not-a-table",
            Self::Encoding(_) => "table-encoding",
            Self::NoTable => "no-table",
            Self::Merged { .. } => "merged-cells",
            Self::Csv(_) => "table-line",
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::TooLarge(size) => message!("systems-table-large", size = *size, most = MOST_BYTES),
            Self::NotXlsx(_) => message!("systems-table-not-xlsx"),
            Self::Encoding(line) => message!("systems-table-encoding", line = *line),
            Self::NoTable => message!("systems-table-none"),
            Self::Merged { sheet, cells } => {
                message!("systems-table-merged", sheet = sheet.as_str(), cells = cells.as_str())
            }
            Self::Csv(_) => message!("systems-table-csv"),
        }
    }

    fn help(&self) -> Option<Message> {
        match self {
            Self::Encoding(_) => Some(message!("systems-table-encoding-help")),
            Self::NoTable => Some(message!("systems-table-none-help")),
            Self::Merged { .. } => Some(message!("systems-table-merged-help")),
            _ => None,
        }
    }
}

/// Reads the first sheet of an XLSX file that has a heading for ids.
///
/// # Errors
///
/// See [`TableError`].
pub fn read_xlsx(bytes: &[u8]) -> Result<Table, TableError> {
    if bytes.len() > MOST_BYTES {
        return Err(TableError::TooLarge(bytes.len()));
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(TableError::NotXlsx)?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(TableError::NotXlsx)?;
        let Some((top, left)) = range.start() else { continue };
        let mut rows: BTreeMap<usize, BTreeMap<usize, String>> = BTreeMap::new();
        for (row, column, data) in range.used_cells() {
            if let Some(text) = entered(data).map(|entered| written(&entered)) {
                rows.entry(row + top as usize).or_default().insert(column + left as usize, text);
            }
        }
        let merged = book.merge_cells_by_sheet_name(&name).map_err(TableError::NotXlsx)?;
        if let Some(table) = table(Some(&name), &rows) {
            if let Some(group) = merged.first() {
                let corner = |(row, column): (u32, u32)| format!("{}{}", letters(column), row + 1);
                let cells = format!("{}:{}", corner(group.start), corner(group.end));
                return Err(TableError::Merged { sheet: name, cells });
            }
            return Ok(table);
        }
    }
    Err(TableError::NoTable)
}

/// A cell as text: a day as files have it.
fn written(entered: &Entered) -> String {
    match entered {
        Entered::Text(text) => text.nfc().collect::<String>().trim().to_owned(),
        Entered::Day(day) => day.to_string(),
        Entered::Time(time) => time.to_string(),
        Entered::Moment(moment) => moment.to_string(),
    }
}

/// Reads a CSV file: UTF-8, or UTF-16 with its byte order mark; commas, semicolons or tabs.
///
/// # Errors
///
/// See [`TableError`].
pub fn read_csv(bytes: &[u8]) -> Result<Table, TableError> {
    if bytes.len() > MOST_BYTES {
        return Err(TableError::TooLarge(bytes.len()));
    }
    // The reader counts a line too few after a carriage return.
    let text = decoded(bytes)?.replace("\r\n", "\n");
    // Excel's own line that names the separator.
    let (named, text) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
        Some((named, rest)) => (named.bytes().next(), rest),
        None => (None, text.as_str()),
    };
    let skipped = usize::from(named.is_some());
    let delimiter = named.unwrap_or_else(|| delimiter(text));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut rows: BTreeMap<usize, BTreeMap<usize, String>> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(TableError::Csv)?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1) + skipped;
        let cells = record.iter().enumerate().map(|(place, text)| (place, plain(text)));
        rows.insert(row, cells.filter(|(_, text)| !text.is_empty()).collect());
    }
    table(None, &rows).ok_or(TableError::NoTable)
}

/// A cell of a CSV file without what keeps it from being a formula.
fn plain(text: &str) -> String {
    let text: String = text.nfc().collect();
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) if begins_formula(rest) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

fn decoded(bytes: &[u8]) -> Result<String, TableError> {
    let wide = |pair: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|two| pair([two[0], two[1]])).collect();
        String::from_utf16(&units).map_err(|_| TableError::Encoding(1))
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                // Without its mark UTF-16 is full of zeros.
                Ok(text) if text.contains('\0') => Err(TableError::Encoding(1)),
                Ok(text) => Ok(text.to_owned()),
                Err(error) => {
                    let before = &bytes[..error.valid_up_to()];
                    Err(TableError::Encoding(before.split(|byte| *byte == b'\n').count()))
                }
            }
        }
    }
}

/// The sign that stands most often in the first line, outside quotation marks.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, count)| *count += 1),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| sign)
}

/// The table in `rows`, by places from 0: its headings are the first row that has one for ids.
fn table(sheet: Option<&str>, rows: &BTreeMap<usize, BTreeMap<usize, String>>) -> Option<Table> {
    let is_head = |cells: &BTreeMap<usize, String>| {
        cells.values().any(|text| column_of(text).is_some_and(|column| column.path == "id"))
    };
    let (top, head) = rows.range(..HEAD_ROWS).find(|(_, cells)| is_head(cells))?;
    let places: Vec<usize> = head.keys().copied().collect();
    let name = |place: &usize| letters(u32::try_from(*place).unwrap_or(u32::MAX));
    let rows = rows.range(top + 1..).filter_map(|(row, cells)| {
        let cells: Vec<String> = places.iter().map(|place| cells.get(place).cloned().unwrap_or_default()).collect();
        cells.iter().any(|text| !text.is_empty()).then_some((row + 1, cells))
    });
    Some(Table {
        sheet: sheet.map(str::to_owned),
        head: head.iter().map(|(place, title)| (name(place), title.clone())).collect(),
        rows: rows.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
        read_csv(bytes).expect("a table").rows
    }

    #[test]
    fn csv_of_every_kind_of_office_is_read() {
        let wanted = vec![(2, vec!["a".to_owned(), "Tên, có phẩy".to_owned()])];
        let text = "Mã hệ thống,Tên hệ thống\na,\"Tên, có phẩy\"\n";
        assert_eq!(rows(text.as_bytes()), wanted);
        assert_eq!(rows(format!("\u{feff}{text}").as_bytes()), wanted);
        assert_eq!(rows("Mã hệ thống;Tên hệ thống\r\na;Tên, có phẩy\r\n".as_bytes()), wanted);
        let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&wide), wanted);
        let apart: String = text.nfd().collect();
        assert_ne!(apart, text);
        assert_eq!(rows(apart.as_bytes()), wanted);
        let named = "sep=;\nMã hệ thống;Tên hệ thống\na;Tên, có phẩy\n";
        assert_eq!(rows(named.as_bytes()), vec![(3, wanted[0].1.clone())]);
    }

    #[test]
    fn a_legacy_encoding_is_told_with_its_line() {
        // `Mã` of code page 1258.
        let bytes = b"id,Name\na,M\xe3\n";
        assert!(matches!(read_csv(bytes), Err(TableError::Encoding(2))));
        let unmarked: Vec<u8> = "id\na\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(matches!(read_csv(&unmarked), Err(TableError::Encoding(1))));
        assert!(matches!(read_csv(b"x,y\n1,2\n"), Err(TableError::NoTable)));
        assert!(matches!(read_xlsx(b"PK no"), Err(TableError::NotXlsx(_))));
    }
}
