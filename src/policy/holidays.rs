//! Days on which nobody works: `policies/holidays/<year>.yaml`, which the unit fills each year. Nothing ships: the new year of
//! the moon moves, and working days are swapped by decision.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

use super::{date, finish};
use crate::message::message;
use crate::source::{self, Document, Finding, Node, Place, Reader};

/// Holidays and working days off the week's rhythm, by year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    years: BTreeMap<i16, Year>,
}

/// One year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    number: i16,
    off: BTreeSet<Date>,
    working: BTreeSet<Date>,
}

impl Holidays {
    /// The years of `files`: path and text of each file in `policies/holidays/`. What is wrong in a file is in the findings, and
    /// that file counts for nothing.
    #[must_use]
    pub fn read(files: &[(String, String)]) -> (Self, Vec<Finding>) {
        let mut holidays = Self::default();
        let mut findings = Vec::new();
        for (path, text) in files {
            let (read, found) = read_document(&source::parse(path, text));
            findings.extend(found);
            if let Ok(year) = read {
                holidays.years.insert(year.number, year);
            }
        }
        (holidays, findings)
    }

    /// Whether the holidays of `year` are known.
    #[must_use]
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    /// Whether `day` is a working day: Monday to Friday where the year is not known.
    #[must_use]
    pub fn works(&self, day: Date) -> bool {
        let week = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.years.get(&day.year()) {
            Some(year) => year.working.contains(&day) || (week && !year.off.contains(&day)),
            None => week,
        }
    }
}

/// Reads the year in `document`, with the warnings where it holds.
pub fn read_document(document: &Document) -> (Result<Year, Vec<Finding>>, Vec<Finding>) {
    let reader = Reader::new(document);
    let read = document.root.as_ref().and_then(|root| top(&reader, root));
    finish(reader, read)
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Year> {
    let fields = reader.fields("holidays", root, Place::START)?;
    fields.format();
    let year: Option<i16> = fields.required("year").and_then(|node| {
        let year: i16 = reader.integer(node, 2000, 2200)?;
        reader.same_as_file(node, &year.to_string());
        Some(year)
    });
    if let Some(node) = fields.optional("source") {
        reader.words(node);
    }
    let days = |node: Option<&'a Node>| {
        let read = |item: &'a Node| {
            let day = date::read(reader, item)?;
            if year.is_some_and(|year| year != day.year()) {
                let text = message!("policy-other-year", day = day.to_string());
                reader.error("other-year", item.place, text, None);
            }
            Some(day)
        };
        node.and_then(|node| reader.list(node, read)).unwrap_or_default().into_iter().collect::<BTreeSet<Date>>()
    };
    let off = days(fields.required("off"));
    let working_node = fields.optional("working");
    let working = days(working_node);
    if let Some(day) = off.intersection(&working).next() {
        let place = working_node.map_or(root.place, |node| node.place);
        reader.error("off-and-working", place, message!("policy-off-and-working", day = day.to_string()), None);
    }
    fields.finish();
    Some(Year { number: year?, off, working })
}
