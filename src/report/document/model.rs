//! What a document is made of.

use super::metrics::width;
use crate::model::{Digest, Lang};
use crate::policy::layouts::Layout;

/// What stands at both sides of the words in a cell, with a little room to spare: hundredths of a millimetre.
const AROUND: u32 = 360;

/// A document to be printed, signed and numbered.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its language.
    pub lang: Lang,
    /// How it is laid out.
    pub layout: Layout,
    /// What programs show as its title; it is not printed.
    pub title: String,
    /// What its index of figures comes to, kept where programs keep a document's identifier; it is not printed.
    pub identity: Option<Digest>,
    /// Lines at the top of every page: that it is a drill, that the ledger does not verify.
    pub stamps: Vec<String>,
    /// Who issues it, under which number; nothing for a sheet without a heading.
    pub head: Option<Head>,
    /// What stands in it, in order.
    pub blocks: Vec<Block>,
    /// What is attached. Each begins on a page of its own, with page numbers of its own.
    pub annexes: Vec<Annex>,
}

/// The heading block.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Head {
    /// The body above.
    pub parent: Option<String>,
    /// The body that issues it.
    pub issuer: String,
    /// Number and symbol as they are printed: see [`super::numbered`].
    pub number: String,
    /// What a letter is about, under its number.
    pub about: Option<String>,
    /// Where and on which day; nothing for minutes.
    pub place: Option<Place>,
    /// The kind, in capitals: `BIÊN BẢN`. Empty for a letter.
    pub kind: String,
    /// The subject under the kind.
    pub subject: String,
    /// To whom it is sent, one a line.
    pub to: Vec<String>,
}

/// Where and on which day a document is dated.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The place; room for one where nothing is known.
    pub name: Option<String>,
    /// Year, month and day; room for them where nothing is known.
    pub day: Option<(i16, i8, i8)>,
}

/// A part of the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// What the document rests on, one a line.
    Basis(Vec<String>),
    /// A heading of level 1 to 3. Writers number it: `I.`, `1.`, `a)`.
    Heading(u8, String),
    /// A paragraph of the text.
    Paragraph(Spans),
    /// A paragraph in the middle.
    Centred(Spans),
    /// Items, each a paragraph with a marker.
    List(Marker, Vec<Spans>),
    /// A table.
    Table(Table),
    /// A table whose first columns, so many of them, go on downwards over rows that have no paragraph there: what stands beside
    /// several rows is said once.
    Grouped(Table, usize),
    /// A picture.
    Picture(Picture),
    /// Signatures and recipients. They stand last.
    Closing(Closing),
    /// The rest begins on a new page.
    NewPage,
}

impl Block {
    /// A paragraph of plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Inline::from(text.into())])
    }

    /// A paragraph `label: text`, the label bold.
    #[must_use]
    pub fn labelled(label: &str, text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Inline::bold(format!("{label}: ")), Inline::from(text.into())])
    }
}

/// Text in a line.
pub type Spans = Vec<Inline>;

/// A piece of text.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    /// Words.
    Words {
        /// The words.
        text: String,
        /// Whether they are bold.
        bold: bool,
        /// Whether they are slanted.
        italic: bool,
    },
    /// What is to be compared letter by letter, or typed: a digest, an expression. Small, in the typeface of the document; a
    /// paragraph that has it is set from the left, so that no words fly apart.
    Code(String),
    /// A small raised number: what it stands for is told elsewhere in the document.
    Mark(usize),
    /// The rest stands on a new line.
    Break,
}

impl Inline {
    /// Bold words.
    #[must_use]
    pub fn bold(text: impl Into<String>) -> Self {
        Self::Words { text: text.into(), bold: true, italic: false }
    }

    /// Words to be compared letter by letter.
    #[must_use]
    pub fn code(text: impl Into<String>) -> Self {
        Self::Code(text.into())
    }

    /// Slanted words.
    #[must_use]
    pub fn italic(text: impl Into<String>) -> Self {
        Self::Words { text: text.into(), bold: false, italic: true }
    }
}

impl Inline {
    /// How many letters stand in the line.
    fn letters(&self) -> usize {
        if let Self::Words { text, .. } = self { text.chars().count() } else { 0 }
    }
}

impl From<String> for Inline {
    fn from(text: String) -> Self {
        Self::Words { text, bold: false, italic: false }
    }
}

impl From<&str> for Inline {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// Whether there is anything in it that is compared letter by letter.
pub(super) fn has_code(spans: &[Inline]) -> bool {
    spans.iter().any(|span| matches!(span, Inline::Code(_)))
}

/// Whether code is so long that it is set smaller: a digest, which would break in the size of the words around it.
pub(super) fn long_code(text: &str) -> bool {
    text.chars().count() > 48
}

/// What stands before an item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// `- `
    Dash,
    /// `1. `
    Number,
    /// `a) `
    Letter,
}

/// A table. Its head is repeated on every page; only a long row breaks over two.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// A line above it.
    pub caption: Option<String>,
    /// Whether the numbers of its columns stand under their titles, as official forms have them: (1), (2), …
    pub numbered: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, with a cell for every column; the last cell of a shorter row goes across the columns that are left.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The widths of its columns in hundredths of a millimetre, of `total` in all: by their shares, but none so narrow that a
    /// word of its title, bold at `size` points, would break inside. Where not all titles have that room, by the shares alone.
    pub(super) fn widths(&self, total: u32, size: u16) -> Vec<u32> {
        let shares: u32 = self.columns.iter().map(|column| u32::from(column.share)).sum::<u32>().max(1);
        let mut widths: Vec<u32> = self.columns.iter().map(|column| total * u32::from(column.share) / shares).collect();
        let word = |column: &Column| column.title.split_whitespace().map(|word| width(word, size, true)).max();
        let least: Vec<u32> = self.columns.iter().map(|column| word(column).unwrap_or_default() + AROUND).collect();
        let lacking: u32 = widths.iter().zip(&least).map(|(is, least)| least.saturating_sub(*is)).sum();
        let spare: u32 = widths.iter().zip(&least).map(|(is, least)| is.saturating_sub(*least)).sum();
        if lacking == 0 || lacking > spare {
            return widths;
        }
        for (is, least) in widths.iter_mut().zip(&least) {
            let over = is.saturating_sub(*least);
            // What the narrow ones lack is taken from each of the others by what it has to spare.
            let given = u64::from(over) * u64::from(lacking) / u64::from(spare);
            *is = (*is).max(*least) - u32::try_from(given).unwrap_or(0).min(over);
        }
        widths
    }

    /// The numbers of its columns, as they stand under the titles.
    pub(super) fn numbers(&self) -> Vec<String> {
        (1..=self.columns.len()).map(|number| format!("({number})")).collect()
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// Its share of the width, against the shares of the others.
    pub share: u16,
    /// How its cells are set.
    pub align: Align,
}

/// A cell: paragraphs.
pub type Cell = Vec<Spans>;

/// How many rows from `row` on the cell of each of the first `grouped` columns stands in: 1 where the next row has a cell of its
/// own, 0 where it goes on from above.
pub(super) fn heights(rows: &[Vec<Cell>], row: usize, grouped: usize) -> Vec<usize> {
    // A row that is shorter goes across: nothing goes on through it.
    let goes_on = |at: usize, column: usize| {
        rows.get(at).and_then(|cells| cells.get(column)).is_some_and(|cell| cell.is_empty() && column < grouped)
    };
    let columns = rows.get(row).map_or(0, Vec::len);
    let below = |column: usize| (row + 1..rows.len()).take_while(|at| goes_on(*at, column)).count();
    let height = |column: usize| if goes_on(row, column) { 0 } else { 1 + below(column) };
    (0..columns).map(height).collect()
}

/// Whether a row is so long that it goes on over the next page, where a short one would stand whole.
pub(super) fn breaks(row: &[Cell]) -> bool {
    let letters = |text: &Spans| text.iter().map(Inline::letters).sum::<usize>();
    row.iter().any(|cell| cell.len() > 6 || cell.iter().map(letters).sum::<usize>() > 800)
}

/// How lines are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// From the left.
    Left,
    /// In the middle.
    Centre,
    /// To the right.
    Right,
    /// To both sides.
    Both,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// A QR code of a text, with words beside it.
    Qr {
        /// What it says.
        text: String,
        /// How wide it is, in millimetres.
        side: u16,
        /// The words beside it, a paragraph each.
        beside: Vec<Spans>,
    },
    /// A PNG, in the middle.
    Png {
        /// The file.
        bytes: Vec<u8>,
        /// Its width in print, in millimetres.
        width: u16,
        /// Its height in print, in millimetres.
        height: u16,
        /// What it shows, for those who do not see it.
        alt: String,
    },
}

/// Signatures and recipients.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Closing {
    /// The signature at the left; where there is none, the recipients stand there.
    pub left: Option<Signature>,
    /// The signature at the right.
    pub right: Option<Signature>,
    /// Who receives it, without dash and end; the line on where it is filed is the layout's own.
    pub recipients: Vec<String>,
}

/// Room for a signature and a seal, with what stands above and under it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Signature {
    /// By what right: `TM. ỦY BAN NHÂN DÂN`, `KT. GIÁM ĐỐC`.
    pub authority: Option<String>,
    /// The position: `PHÓ GIÁM ĐỐC`, `THƯ KÝ`.
    pub position: String,
    /// The name; dots to write on where nothing is known.
    pub name: Option<String>,
}

/// What is attached to a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Annex {
    /// Its title.
    pub title: String,
    /// What it is attached to: `(Kèm theo Biên bản số … ngày … của …)`.
    pub attached_to: Option<String>,
    /// Whether its pages lie on their long side.
    pub landscape: bool,
    /// What stands in it.
    pub blocks: Vec<Block>,
}
