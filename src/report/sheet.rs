//! Sheets of a workbook that are handed in on paper: A4 on its long side with the margins and page numbers of Decree
//! 30/2020/NĐ-CP, columns that fill it, and rows as high as their text, which grow with it when it is edited. Properties and entries have no time:
//! the same ledger gives the same bytes.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::document::text_width;
use crate::model::{Digest, legible};

/// How the header of a page begins that says something.
const STAMP: &str = "&L";
/// The width between the margins of A4 on its long side, in millimetres: 297 without 30 at the left and 15 at the right.
const ROOM: f64 = 252.0;
/// The size of letters, in points (Annex I of the decree: 12 to 14).
const SIZE: u16 = 12;
/// The height of a line of such letters, in points.
const LINE: f64 = 15.75;
/// The most lines of a row: what is higher than 409 points is cut where it is printed, so a longer text goes on in the next row.
const LINES: usize = 25;
/// The most letters of a cell, less than the 32,767 that a workbook can hold.
const LETTERS: usize = 30_000;
/// Pixels of a millimetre.
const PIXELS: f64 = 96.0 / 25.4;

/// A sheet in the making. Rows are written from above; a cell takes as many lines as it needs.
pub(in crate::report) struct Sheet<'a> {
    pub(in crate::report) page: &'a mut Worksheet,
    /// The widths of its columns, in millimetres as they are before printing.
    widths: Vec<f64>,
    /// The row that is written next.
    pub(in crate::report) row: u32,
}

/// Letters of 12 points.
pub(in crate::report) fn plain() -> Format {
    Format::new()
        .set_font_name("Times New Roman")
        .set_font_size(f64::from(SIZE))
        .set_text_wrap()
        .set_align(FormatAlign::Top)
}

/// A cell of a table.
pub(in crate::report) fn cell() -> Format {
    plain().set_border(FormatBorder::Thin)
}

/// A cell of a table, in the middle.
pub(in crate::report) fn centred() -> Format {
    cell().set_align(FormatAlign::Center)
}

/// The title of a column.
pub(in crate::report) fn heading() -> Format {
    centred().set_bold().set_align(FormatAlign::VerticalCenter)
}

impl<'a> Sheet<'a> {
    /// A sheet whose columns have these shares of the page. Printed it is as large as it is, or by `percent` of that where many
    /// columns have to go beside each other.
    pub(in crate::report) fn new(sheet: &'a mut Worksheet, shares: &[f64], percent: u8) -> Result<Self, XlsxError> {
        let (room, all) = (ROOM * 100.0 / f64::from(percent.max(1)), shares.iter().sum::<f64>());
        let widths: Vec<f64> = shares.iter().map(|share| room * share / all).collect();
        for (column, width) in (0_u16..).zip(&widths) {
            // Rather less: wider than the page would make everything smaller.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let pixels = (width * PIXELS).clamp(1.0, 1_700.0) as u32;
            sheet.set_column_width_pixels(column, pixels)?;
        }
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        let inch = |millimetres: f64| millimetres / 25.4;
        sheet.set_margins(inch(30.0), inch(15.0), inch(20.0), inch(20.0), inch(10.0), inch(10.0));
        sheet.set_header("&C&\"Times New Roman,Regular\"&13&P");
        Ok(Self { page: sheet, widths, row: 0 })
    }

    /// Says `text` at the head of every page, of the first too: that one then has its number as well.
    pub(in crate::report) fn stamp(&mut self, text: &str) {
        let text = text.replace('&', "&&");
        self.page.set_header(format!("{STAMP}&\"Times New Roman,Bold\"&11{text}&C&\"Times New Roman,Regular\"&13&P"));
    }

    /// The last column.
    fn last(&self) -> u16 {
        u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    /// A line across the whole sheet, as high as it has to be.
    pub(in crate::report) fn across(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        for piece in pieces(text, self.room(0, self.last())) {
            self.span(0, self.last(), &piece, format)?;
            self.row += 1;
        }
        Ok(())
    }

    /// A line across these columns of the row that is written.
    pub(in crate::report) fn span(&mut self, from: u16, to: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.page.merge_range(self.row, from, self.row, to, text, format)?;
        let room = self.room(from, to);
        self.page.set_row_height(self.row, height(lines(text, room)))?;
        Ok(())
    }

    /// The titles of the columns, repeated on every page together with what was said to stand above them.
    pub(in crate::report) fn head(&mut self, titles: &[String], from: Option<u32>) -> Result<(), XlsxError> {
        let titles: Vec<String> = titles.iter().map(|title| capital(title)).collect();
        for (column, title) in (0_u16..).zip(&titles) {
            self.page.write_with_format(self.row, column, title, &heading())?;
        }
        self.high(&titles)?;
        self.page.set_repeat_rows(from.unwrap_or(self.row), self.row)?;
        self.row += 1;
        Ok(())
    }

    /// A row of a table.
    pub(in crate::report) fn cells(&mut self, texts: &[String], format: &Format) -> Result<(), XlsxError> {
        self.formatted(texts, &|_| format.clone())
    }

    /// A row of a table whose columns have these formats. What is longer than a row can be high goes on in the next.
    pub(in crate::report) fn formatted(
        &mut self,
        texts: &[String],
        format: &dyn Fn(u16) -> Format,
    ) -> Result<(), XlsxError> {
        let cells: Vec<Vec<String>> =
            (0..).zip(texts).map(|(column, text)| pieces(text, self.room(column, column))).collect();
        let rows = cells.iter().map(Vec::len).max().unwrap_or(1);
        for place in 0..rows {
            let texts: Vec<String> = cells.iter().map(|cell| cell.get(place).cloned().unwrap_or_default()).collect();
            for (column, text) in (0_u16..).zip(&texts) {
                let format = between(format(column), place == 0, place + 1 == rows);
                self.page.write_with_format(self.row, column, text, &format)?;
            }
            self.high(&texts)?;
            self.row += 1;
        }
        Ok(())
    }

    /// Makes the row that is written as high as the highest of these texts, which stand in it from its first column on.
    pub(in crate::report) fn high(&mut self, texts: &[String]) -> Result<(), XlsxError> {
        let tallest = (0..).zip(texts).map(|(column, text)| lines(text, self.room(column, column))).max();
        self.page.set_row_height(self.row, height(tallest.unwrap_or(1)))?;
        Ok(())
    }

    /// Several rows that are one row of the table, so that it can go on over the next page. `beside` stands once beside all of them, by column and from the column 0 on;
    /// the cells of `rows` follow.
    pub(in crate::report) fn together(
        &mut self,
        beside: &[(&str, Format)],
        rows: &[Vec<(String, Format)>],
    ) -> Result<(), XlsxError> {
        self.rows(beside, rows, false)
    }

    /// As [`Sheet::together`], for rows of what has this name: the name is whole in the first of them, for a page may end behind any.
    pub(in crate::report) fn named(
        &mut self,
        name: (&str, Format),
        rows: &[Vec<(String, Format)>],
    ) -> Result<(), XlsxError> {
        self.rows(&[name], rows, true)
    }

    fn rows(
        &mut self,
        beside: &[(&str, Format)],
        rows: &[Vec<(String, Format)>],
        whole: bool,
    ) -> Result<(), XlsxError> {
        let first = self.row;
        let after = u16::try_from(beside.len()).unwrap_or(u16::MAX);
        let mut heights: Vec<usize> = Vec::new();
        let rows: Vec<Vec<(String, Format)>> = rows.iter().flat_map(|row| self.broken(row, after)).collect();
        let last = rows.len().saturating_sub(1);
        for (place, row) in rows.iter().enumerate() {
            let lines_of = |(column, (text, _)): (u16, &(String, Format))| lines(text, self.room(column, column));
            heights.push((after..).zip(row).map(lines_of).max().unwrap_or(1));
            for (column, (text, format)) in (after..).zip(row) {
                let format = between(format.clone(), place == 0, place == last);
                self.page.write_with_format(self.row, column, text, &format)?;
            }
            self.row += 1;
        }
        let mut wanted = 1;
        for (column, (text, format)) in (0_u16..).zip(beside) {
            wanted = wanted.max(lines(text, self.room(column, column)));
            if whole {
                // Cells in one: a spreadsheet makes no row high enough for what stands over several.
                for row in first..self.row {
                    let format = between(format.clone(), row == first, row + 1 == self.row);
                    let text = if row == first { *text } else { "" };
                    self.page.write_with_format(row, column, text, &format)?;
                }
            } else if rows.len() > 1 {
                self.page.merge_range(first, column, self.row - 1, column, text, format)?;
            } else {
                self.page.write_with_format(first, column, *text, format)?;
            }
        }
        // What stands beside may need more than the rows have: the last one gives the rest, or the first one where it is not to be
        // parted.
        let taken: usize = heights.iter().sum();
        match heights.as_mut_slice() {
            [first, ..] if whole => *first = wanted.max(*first),
            [.., last] => *last += wanted.saturating_sub(taken),
            [] => {}
        }
        for (row, lines) in (first..).zip(heights) {
            self.page.set_row_height(row, height(lines))?;
        }
        Ok(())
    }

    /// A row as the rows that it takes where one cannot be high enough, its first column being `from`.
    fn broken(&self, row: &[(String, Format)], from: u16) -> Vec<Vec<(String, Format)>> {
        let cells: Vec<Vec<String>> =
            (from..).zip(row).map(|(column, (text, _))| pieces(text, self.room(column, column))).collect();
        let count = cells.iter().map(Vec::len).max().unwrap_or(1);
        let piece = |place: usize| {
            let of = |(cell, (_, format)): (&Vec<String>, &(String, Format))| {
                (cell.get(place).cloned().unwrap_or_default(), format.clone())
            };
            cells.iter().zip(row).map(of).collect()
        };
        (0..count).map(piece).collect()
    }

    /// What is printed.
    pub(in crate::report) fn done(self) -> Result<(), XlsxError> {
        let last = self.last();
        self.page.set_print_area(0, 0, self.row.saturating_sub(1), last)?;
        Ok(())
    }

    fn room(&self, from: u16, to: u16) -> f64 {
        self.widths.iter().skip(usize::from(from)).take(usize::from(to.saturating_sub(from)) + 1).sum()
    }
}

/// With a capital at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Rows that are one have hair lines between them.
fn between(format: Format, first: bool, last: bool) -> Format {
    let format = if first { format } else { format.set_border_top(FormatBorder::Hair) };
    if last { format } else { format.set_border_bottom(FormatBorder::Hair) }
}

/// The height of a row with so many lines, in points; 409 are the most that a row can have.
fn height(lines: usize) -> f64 {
    (LINE * f64::from(u32::try_from(lines).unwrap_or(u32::MAX)) + 2.0).min(409.0)
}

/// A text in pieces of which each fits into one row of so many millimetres, broken between words.
fn pieces(text: &str, room: f64) -> Vec<String> {
    let fits = |text: &str| text.chars().count() <= LETTERS && lines(text, room) <= LINES;
    if fits(text) {
        return vec![text.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for word in text.split_inclusive(char::is_whitespace) {
        // A word that no row can hold breaks where the row is full.
        let letters: Vec<char> = word.chars().collect();
        for part in letters.chunks(LINES * 10) {
            let part: String = part.iter().collect();
            let held = pieces.last().map(String::as_str).unwrap_or_default();
            if !held.is_empty() && !fits(&format!("{held}{part}")) {
                pieces.push(String::new());
            }
            if let Some(last) = pieces.last_mut() {
                last.push_str(&part);
            }
        }
    }
    pieces.iter().map(|piece| piece.trim_end().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

/// Into how many lines a text breaks where so many millimetres are there.
fn lines(text: &str, room: f64) -> usize {
    // A cell keeps a little room at both sides; what is bold is a little wider.
    let room = (room - 2.0) * 97.0;
    let wide = |text: &str| f64::from(text_width(text, SIZE, false));
    let of_line = |line: &str| {
        let (mut count, mut held) = (1, 0.0);
        for word in line.split_inclusive(' ') {
            let width = wide(word);
            if held > 0.0 && held + wide(word.trim_end()) > room {
                count += 1;
                held = 0.0;
            }
            held += width;
            // A word that is longer than the line breaks where it is full.
            while held > room && wide(word.trim_end()) > room {
                count += 1;
                held -= room;
            }
        }
        count
    };
    text.lines().map(of_line).sum::<usize>().max(1)
}

/// A workbook without sheets, whose letters are those of documents: widths of columns are counted by them. Its day is fixed.
pub(in crate::report) fn workbook(title: &str, figures: Option<&Digest>) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let letters = Format::new().set_font_name("Times New Roman").set_font_size(f64::from(SIZE));
    // In pixels: a line, and a column of eight digits.
    book.set_default_format(&letters, 21, 72)?;
    let properties = fixed()?.set_title(title);
    book.set_properties(&match figures {
        Some(figures) => properties.set_custom_property("figures", figures.to_string()),
        None => properties,
    });
    Ok(book)
}

/// Takes the moment of making out of a workbook's properties.
pub(in crate::report) fn undated(book: &mut Workbook) -> Result<(), XlsxError> {
    book.set_properties(&fixed()?);
    Ok(())
}

fn fixed() -> Result<DocProperties, XlsxError> {
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new().set_creation_datetime(&day))
}

/// The workbook as a file. A row that is as high as its text now is so after somebody has edited it. The first page of a sheet shows no number, as the decree has it.
///
/// # Errors
///
/// Where it cannot be made.
pub(in crate::report) fn saved(book: &mut Workbook) -> Result<Vec<u8>, XlsxError> {
    rewritten(book, true)
}

/// The workbook as a file, its pages and rows as they were made.
///
/// # Errors
///
/// Where it cannot be made.
pub(in crate::report) fn as_it_is(book: &mut Workbook) -> Result<Vec<u8>, XlsxError> {
    rewritten(book, false)
}

fn rewritten(book: &mut Workbook, signed: bool) -> Result<Vec<u8>, XlsxError> {
    let bytes = book.save_to_buffer()?;
    finished(&bytes, signed).map_err(|error| XlsxError::ParameterError(error.to_string()))
}

/// The writer of workbooks knows no first page that differs and no height that may change: its elements say so here.
/// What anybody typed shows what it says there too.
fn finished(bytes: &[u8], signed: bool) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut from = ZipArchive::new(Cursor::new(bytes))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for index in 0..from.len() {
        let mut file = from.by_index(index)?;
        let name = file.name()?.into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        if name == "xl/sharedStrings.xml" {
            content = legible(&String::from_utf8_lossy(&content)).into_owned().into_bytes();
        }
        if signed && name.starts_with("xl/worksheets/sheet") {
            let text = String::from_utf8_lossy(&content);
            let stamped = text.contains(&format!("<oddHeader>{}", STAMP.replace('&', "&amp;")));
            let head = if stamped { "<headerFooter>" } else { "<headerFooter differentFirst=\"1\">" };
            let text = text.replacen("<headerFooter>", head, 1);
            content = text.replace(" customHeight=\"1\">", ">").into_bytes();
        }
        to.start_file(name, options)?;
        to.write_all(&content)?;
    }
    Ok(to.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_the_lines_that_its_letters_need() {
        // 42 letters of 500 thousandths at 12 points are 88,9 mm.
        let digits = "0123456789 0123456789 0123456789 012345678";
        assert_eq!([200.0, 60.0, 40.0, 21.0].map(|room| lines(digits, room)), [1, 2, 4, 8]);
        assert_eq!(lines("", 10.0), 1);
        assert_eq!(lines("a\n\nb", 50.0), 3);
    }

    #[test]
    fn a_text_that_no_row_can_hold_goes_on_in_the_next_and_no_word_is_lost() {
        let words = "Rất dài ".repeat(12_000);
        for (text, room) in [(words.as_str(), 100.0), (&"x".repeat(70_000), 60.0), (&"a\n".repeat(100), 60.0)] {
            let made = pieces(text, room);
            assert!(made.len() > 1 && made.iter().all(|it| lines(it, room) <= LINES && it.chars().count() <= LETTERS));
            let close = |text: &str| text.split_whitespace().collect::<String>();
            assert!(close(&made.concat()) == close(text), "nothing is lost");
        }
        assert_eq!(pieces("", 10.0), [""]);
    }
}
