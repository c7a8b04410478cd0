//! Texts of notices: templates in `policies/notices/` with named blanks, filled from what is known. Nothing is sent.

mod facts;
mod fill;
mod library;
mod read;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;

use crate::model::{Id, Name, Text};

pub use facts::{Facts, Known};
pub use fill::{Filled, Missing, fill};
pub use library::Library;
pub use read::{read, read_document};

/// The text of a notice with blanks.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Its name, also that of its file; what `notify` and duties call it.
    pub name: Name,
    /// The file it was read from.
    pub file: String,
    /// What it is called.
    pub title: Text,
    /// The blanks that only people can fill, with what each asks for.
    pub ask: IndexMap<Id, Text>,
    /// Its pages; one at least.
    pub pages: Vec<Page>,
}

/// One page. A language that is not there is answered with the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The lines in Vietnamese.
    pub vi: Option<Vec<Line>>,
    /// The lines in English.
    pub en: Option<Vec<Line>>,
}

/// One line: words and blanks by turns.
pub type Line = Vec<Piece>;

/// A part of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As it stands.
    Words(String),
    /// Filled with what is known.
    Blank(Blank),
}

/// A place to fill.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blank {
    /// From the record, the inventory and the unit's own file.
    Known(Known),
    /// From people: one of the template's `ask`.
    Asked(Id),
}

impl Blank {
    /// Its name in the file.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Known(known) => known.word(),
            Self::Asked(id) => id.as_str(),
        }
    }
}
