//! The annual report on levels: the list of Form 08 of Decree 331/2026/NĐ-CP, twelve columns, from the inventory as the ledger
//! kept it. Pure.
//!
//! The columns, their words, and the days by which data are closed and sent are those of articles 35 and 36 and of the form. The
//! wording of the seven totals in section 1 of the form was not read: the totals here are sums of the columns, and say so.

mod gather;
mod paper;
mod row;
mod xlsx;

use jiff::civil::{Date, date};
use serde::Serialize;

use crate::inventory::System;
use crate::message::{Message, message};
use crate::model::Name;
use crate::policy::levels::Book;
use crate::policy::redaction::Class;
use crate::report::redaction::{Counts, Redactor};
use crate::report::tasks::{Figure, FileGround, Head};

/// The shares of the twelve columns, by what stands in them.
/// A day keeps on one line in letters of 12 points.
const SHARES: [u16; 12] = [5, 13, 9, 10, 6, 8, 11, 10, 10, 9, 10, 8];

pub use gather::{annual, hints};
pub use paper::annual_document;
pub use xlsx::annual_xlsx;

/// Whose report it is: each lists other systems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The operator's, to the owner: what the unit runs.
    #[default]
    Operator,
    /// The owner's, to the Ministry of Public Security: what belongs to the unit or to the body above it, whoever runs it.
    Owner,
}

/// What the report is made from.
pub struct Ground<'a> {
    /// The year.
    pub year: i16,
    /// Whose report it is.
    pub side: Side,
    /// The unit's name.
    pub unit: Option<&'a str>,
    /// What the list is attached to.
    pub attached: String,
    /// The state of the ledger.
    pub head: Head,
    /// The day of making, or the report's own where that comes first: what is dated after it is not counted.
    pub on: Date,
    /// The systems that are the unit's by its side, with their files as they were kept.
    pub systems: &'a [(System, Option<FileGround>)],
    /// Names of systems that are not: they are not in the list.
    pub others: &'a [String],
    /// The rules on levels: what was in force on the day of a decision is what is cited.
    pub book: &'a Book,
}

/// The report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnnualReport {
    /// 1.
    pub version: u32,
    /// The year.
    pub year: i16,
    /// Whose report it is: the operator's or the owner's.
    #[serde(rename = "for")]
    pub side: Side,
    /// Whose it is.
    pub unit: Option<String>,
    /// What it is attached to.
    pub attached: String,
    /// The first and the last day of the data.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The last day of which it tells: the cut-off, or the day on which it was made where that was before.
    pub until: Date,
    /// The days before which it is sent.
    pub deadlines: Deadlines,
    /// The state of the ledger.
    pub ledger: Head,
    /// The titles of the twelve columns.
    pub columns: Vec<String>,
    /// Sums of the columns.
    pub totals: Vec<Total>,
    /// A row for each system: a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// What each system has still to give.
    pub missing: Vec<Missing>,
    /// What the reader has to know.
    pub notes: Vec<String>,
    /// What was left out, in words; empty where nothing was.
    pub left_out: Vec<String>,
    /// The figures, with the files that they rest on.
    pub figures: Vec<Figure>,
}

impl AnnualReport {
    /// Leaves out of it what `redactor` does. What systems have still to give is a weakness: it goes as a whole.
    pub fn leave_out(&mut self, redactor: &Redactor) {
        let mut counts = Counts::default();
        for text in self.rows.iter_mut().flatten().chain(&mut self.notes) {
            *text = redactor.clean(text, &mut counts);
        }
        // What stands in the grounds was counted where it stands in the list.
        for figure in &mut self.figures {
            figure.value = redactor.clean(&figure.value, &mut Counts::default());
        }
        if redactor.leaves_out(Class::Weaknesses) {
            for _ in std::mem::take(&mut self.missing) {
                redactor.whole(Class::Weaknesses, &mut counts);
            }
        }
        self.left_out = vec![redactor.note(&counts)];
    }
}

/// The days before which the report is sent (Decree 331/2026/NĐ-CP, article 35).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Deadlines {
    /// Within the owner's body.
    pub internal: Date,
    /// From the owner to the Ministry of Public Security.
    pub ministry: Date,
}

/// A sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// A stable word.
    pub id: String,
    /// What is counted.
    pub title: String,
    /// How many.
    pub count: usize,
}

/// What a system has still to give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The system.
    pub system: Name,
    /// Its name.
    pub name: String,
    /// What is missing, by column, and what does not fit.
    pub what: Vec<String>,
}

/// The days of a year's report: the first and the last day of its data, and those before which it is sent.
#[must_use]
pub fn days(year: i16) -> (Date, Date, Deadlines) {
    let (from, to) = (date(year - 1, 12, 15), date(year, 12, 14));
    (from, to, Deadlines { internal: date(year, 12, 20), ministry: date(year, 12, 25) })
}

/// The twelve columns, as the form has them.
fn columns() -> [Message; 12] {
    [
        message!("annual-column-1"),
        message!("annual-column-2"),
        message!("annual-column-3"),
        message!("annual-column-4"),
        message!("annual-column-5"),
        message!("annual-column-6"),
        message!("annual-column-7"),
        message!("annual-column-8"),
        message!("annual-column-9"),
        message!("annual-column-10"),
        message!("annual-column-11"),
        message!("annual-column-12"),
    ]
}
