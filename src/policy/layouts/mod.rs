//! How documents are laid out: paper, margins, sizes and fixed words, in `policies/layouts/<name>.yaml`.
//!
//! Lengths are whole millimetres, sizes of letters whole points.

mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::model::{Name, Text};
use crate::policy::shipped;
use crate::source::{self, Finding};

pub use read::read_document;

/// How documents of one kind of body are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Its name, also that of its file.
    pub name: Name,
    /// The file it was read from.
    pub file: String,
    /// Whose documents.
    pub family: Family,
    /// What it is called.
    pub title: Text,
    /// The rule it follows.
    pub citation: Text,
    /// That it rests on a source of a second hand, in words.
    pub second_hand: Option<Text>,
    /// The first day of documents that it holds for; a date.
    pub from: String,
    /// The last one.
    pub until: Option<String>,
    /// The typeface.
    pub font: String,
    /// The paper.
    pub page: Paper,
    /// The sizes of letters.
    pub sizes: Sizes,
    /// Paragraphs of the text.
    pub body: Spacing,
    /// The words that stand in every document.
    pub words: Words,
    /// What is bold, slanted or underlined where bodies differ.
    pub rules: Rules,
}

/// Whose documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Bodies of the state.
    State,
    /// Bodies of the Party.
    Party,
}

impl Family {
    /// Every word with its value.
    pub const WORDS: &'static [(&'static str, Self)] = &[("state", Self::State), ("party", Self::Party)];
}

/// A sheet and its margins, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Paper {
    pub width: u16,
    pub height: u16,
    pub top: u16,
    pub bottom: u16,
    pub left: u16,
    pub right: u16,
}

/// Sizes of letters, in points, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Sizes {
    pub heading: u16,
    pub motto: u16,
    pub parent: u16,
    pub issuer: u16,
    pub number: u16,
    pub place: u16,
    pub about: u16,
    pub kind: u16,
    pub subject: u16,
    pub body: u16,
    pub signature: u16,
    pub recipients_title: u16,
    pub recipients: u16,
    pub annex: u16,
    pub page_number: u16,
    pub table: u16,
}

/// Paragraphs of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spacing {
    /// How far the first line stands in, in millimetres.
    pub first_line: u16,
    /// Room before a paragraph, in points.
    pub before: u16,
    /// From line to line.
    pub line: Line,
}

/// From line to line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// In hundredths of the letters' own height.
    Percent(u16),
    /// In points, whatever stands in the line.
    Exact(u16),
}

/// The words that stand in every document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The first line at the right above.
    pub heading: String,
    /// The line under it.
    pub motto: Option<String>,
    /// Number and symbol, with `{number}`, `{kind}` and `{symbol}`.
    pub number: String,
    /// The same for letters, which have no kind.
    pub letter_number: String,
    /// What stands between the issuing body and the number.
    pub star: Option<String>,
    /// What stands under the subject; a line where there is nothing.
    pub subject_mark: Option<String>,
    /// The name of an annex, with `{n}` in Roman digits.
    pub annex: String,
    /// Before the one that a document is sent to.
    pub to: String,
    /// Above the list of recipients.
    pub recipients: String,
    /// The last of the recipients.
    pub filing: String,
    /// The end of the text.
    pub end: String,
    /// The end of a recipient's line.
    pub item_end: String,
    /// Before a body on whose behalf somebody signs.
    pub on_behalf: String,
    /// Before the position of the one for whom somebody signs.
    pub for_head: String,
    /// Before the position of the one by whose order somebody signs.
    pub by_order: String,
    /// Above the signature of the one who wrote minutes.
    pub secretary: String,
    /// Above the signature of the one who led the meeting.
    pub chair: String,
    /// Numbers of headings, from the highest: `{I}`, `{1}` and `{a}` are the digits.
    pub levels: [String; 3],
}

/// What is bold, slanted or underlined where bodies differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)]
pub struct Rules {
    /// Headings of the first level are in capitals.
    pub caps_level_1: bool,
    /// The position above a signature is bold.
    pub position_bold: bool,
    /// What a document rests on is slanted.
    pub basis_italic: bool,
    /// What a document rests on is a list with dashes.
    pub basis_dash: bool,
    /// The word above the recipients is underlined.
    pub recipients_underlined: bool,
}

/// Every layout there is: those that ship, and the unit's own in their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layouts {
    /// By name.
    pub layouts: BTreeMap<Name, Layout>,
    /// The shipped ones that a unit has put its own in the place of.
    pub overridden: Vec<Name>,
}

impl Layouts {
    /// The shipped layouts, and over them those of `files`: path and text of each file in a unit's `policies/layouts/`.
    ///
    /// What is wrong in a file is in the findings, and that file counts for nothing.
    #[must_use]
    pub fn read(files: &[(String, String)]) -> (Self, Vec<Finding>) {
        let mut layouts = Self::default();
        let mut findings = Vec::new();
        let own = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        for (path, text) in shipped::LAYOUTS.iter().copied().chain(own) {
            let (layout, found) = read_document(&source::parse(path, text));
            findings.extend(found);
            if let Ok(layout) = layout
                && let Some(before) = layouts.layouts.insert(layout.name.clone(), layout)
            {
                layouts.overridden.push(before.name);
            }
        }
        (layouts, findings)
    }

    /// The layout of a document of `family` with the date `day` (`2026-05-27`): of those that hold on it, the newest.
    #[must_use]
    pub fn on(&self, family: Family, day: &str) -> Option<&Layout> {
        let of = || self.layouts.values().filter(|layout| layout.family == family);
        let holds =
            |layout: &&Layout| layout.from.as_str() <= day && layout.until.as_deref().is_none_or(|until| day <= until);
        of().filter(holds).max_by(|a, b| a.from.cmp(&b.from))
    }

    /// The layout called `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Layout> {
        self.layouts.values().find(|layout| layout.name == *name)
    }
}
