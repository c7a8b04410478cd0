//! How often something is to be done, by the level of a system, and what falls on fixed days of the year:
//! `policies/cadences/<set>.yaml`. A unit writes periods of its own there, adopts shipped ones, and keeps what was done outside
//! the program.

mod fixed;
mod look;
mod read;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::Serialize;

use crate::model::record::ActivityKind;
use crate::model::{Name, Text};
use crate::policy::shipped;
use crate::source::{self, Document, Finding, Reader};

pub use fixed::{Fixed, MonthDay};
pub use look::{to_come, unknown_names};

/// How often one thing is to be done at one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// At least once in so many months.
    pub months: i64,
    /// The section that says so; nothing where the period is the unit's own or a suggestion.
    pub citation: Option<String>,
    /// Whether it is a suggestion: no document gives a number.
    pub suggested: bool,
    /// That the set rests on a source of a second hand, in words.
    pub second_hand: Option<Text>,
    /// The file that says so.
    pub file: String,
}

/// What counts as having done it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// A drill of people that was carried out in one of these ways.
    Drill(Vec<Manner>),
    /// A trial restore that went well, of each backup.
    RestoreTest,
    /// An assessment of the system's security.
    Assessment,
    /// That the contacts of the unit were tried: of the whole unit, not of each system.
    Contacts,
    /// An activity of one of these kinds that was entered from papers.
    Activity(Vec<ActivityKind>),
    /// That a playbook was issued: of each playbook of the unit, not of each system.
    Playbooks,
    /// That somebody looked at this control.
    Control(Name),
    /// What the unit says under `done`, and nothing else.
    Told,
}

/// How a drill was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// Around a table.
    Tabletop,
    /// On the lab.
    Lab,
    /// On declared drill targets.
    Technical,
    /// On real systems.
    Live,
}

impl Manner {
    /// Every word of a file with its meaning.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("tabletop", Self::Tabletop), ("lab", Self::Lab), ("technical", Self::Technical), ("live", Self::Live)];
}

/// One thing that is done again and again, at one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its set.
    pub set: Name,
    /// Its id in the set.
    pub id: Name,
    /// What is done.
    pub title: Text,
    /// What is unsure about it.
    pub note: Option<Text>,
    /// What counts.
    pub counts: Counts,
    /// The level.
    pub level: u8,
    /// How often.
    pub period: Period,
    /// First day on which it holds.
    pub from: Option<Date>,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// Whether it stands in a file of the unit's, whatever set that is called by.
    pub own: bool,
}

/// A shipped thing that the unit has taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// The set.
    pub set: Name,
    /// The id.
    pub id: Name,
}

/// Something that was done and that no record of the program shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The set; the word `level` for a time of the law on levels.
    pub set: Name,
    /// The id.
    pub id: Name,
    /// For which system; for all of them where nothing is said.
    pub system: Option<Name>,
    /// When.
    pub on: Date,
    /// The year for which it was done, where the file says so.
    pub year: Option<i16>,
    /// The document that shows it.
    pub document: String,
}

/// Something that is not this unit's to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The set.
    pub set: Name,
    /// The id.
    pub id: Name,
    /// For which system; for all of them where nothing is said.
    pub system: Option<Name>,
    /// Why.
    pub because: Text,
}

/// What the unit has decided, in one of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// The name of the file.
    pub set: Name,
    /// The document by which the unit decided it.
    pub document: Option<Text>,
    /// Since when it holds: where something was never done, its first period begins then.
    pub from: Option<Date>,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// What it takes over.
    pub adopted: Vec<Adopted>,
}

impl Own {
    /// Whether it holds on the day `on`.
    #[must_use]
    pub fn holds(&self, on: Date) -> bool {
        holds(self.from, self.until, on)
    }

    fn takes_over(&self, set: &Name, id: &Name) -> bool {
        self.adopted.iter().any(|it| it.set == *set && it.id == *id)
    }
}

/// Whether the day `on` is one of those from `from` to `until`.
fn holds(from: Option<Date>, until: Option<Date>, on: Date) -> bool {
    from.is_none_or(|from| from <= on) && until.is_none_or(|until| on <= until)
}

/// A report as a document names it: its id, and the year for which it is where that stands behind it (`annual-owner-2026`).
#[must_use]
pub fn of_year(name: &str) -> (&str, Option<i16>) {
    let year = |text: &str| (text.len() == 4).then(|| text.parse::<i16>().ok().filter(|year| *year >= 1000)).flatten();
    match name.rsplit_once('-').and_then(|(id, text)| Some((id, year(text)?))) {
        Some((id, year)) => (id, Some(year)),
        None => (name, None),
    }
}

/// Every cadence that is known: the shipped ones, and over them the unit's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cadences {
    rows: Vec<Row>,
    fixed: Vec<Fixed>,
    /// Shipped dates in whose place a date of the unit's stands, where and while that holds.
    replaced: Vec<Fixed>,
    own: Vec<Own>,
    done: Vec<Done>,
    aside: Vec<Aside>,
}

impl Cadences {
    /// The shipped sets, and over them those of `files`: path and text of each file in a unit's `policies/cadences/`. What is
    /// wrong in a file is in the findings, and that file counts for nothing.
    #[must_use]
    pub fn read(files: &[(String, String)]) -> (Self, Vec<Finding>) {
        let own = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let mut cadences = Self::default();
        let mut findings = Vec::new();
        for (path, text) in shipped::CADENCES.iter().copied().chain(own) {
            let (read, found) = Self::read_document(&source::parse(path, text));
            findings.extend(found);
            if let Ok(read) = read {
                cadences.take(read);
            }
        }
        (cadences, findings)
    }

    /// Reads the set in `document`, with the warnings where it holds.
    pub fn read_document(document: &Document) -> (Result<Self, Vec<Finding>>, Vec<Finding>) {
        let reader = Reader::new(document);
        let read = document.root.as_ref().and_then(|root| read::top(&reader, root));
        super::finish(reader, read)
    }

    fn take(&mut self, other: Self) {
        self.rows.extend(other.rows);
        for fixed in other.fixed {
            match self.fixed.iter_mut().find(|it| it.set == fixed.set && it.id == fixed.id) {
                Some(known) => {
                    let known = std::mem::replace(known, fixed);
                    self.replaced.extend(Some(known).filter(|known| !known.own()));
                }
                None => self.fixed.push(fixed),
            }
        }
        self.own.extend(other.own);
        self.done.extend(other.done);
        self.aside.extend(other.aside);
    }

    /// How often `id` is to be done at `level` on the day `on`; what a unit says itself goes before what ships.
    #[must_use]
    pub fn period(&self, id: &str, level: u8, on: Date) -> Option<&Period> {
        let fits = |row: &&Row| row.id == *id && row.level == level && holds(row.from, row.until, on);
        self.rows.iter().rfind(fits).map(|row| &row.period)
    }

    /// What is to be done at `level` on the day `on`, in the order of the files. Where the unit says itself how often something
    /// is done, only that counts.
    pub fn rows(&self, level: u8, on: Date) -> impl Iterator<Item = &Row> {
        let here = move |row: &&Row| row.level == level && holds(row.from, row.until, on);
        self.rows.iter().filter(here).filter(move |row| {
            let newest = self.rows.iter().filter(here).rfind(|other| other.id == row.id && other.own);
            newest.is_none_or(|newest| std::ptr::eq(newest, *row))
        })
    }

    /// What falls on fixed days; a date of the unit's stands in the place of the shipped one of the same set and id.
    #[must_use]
    pub fn fixed(&self) -> &[Fixed] {
        &self.fixed
    }

    /// What falls in `year` for `fixed`, one of [`Cadences::fixed`], with its last day: that one itself, or where the unit has it
    /// only for other days what ships. Nothing where neither holds then.
    #[must_use]
    pub fn in_year<'c>(&'c self, fixed: &'c Fixed, year: i16) -> Option<(&'c Fixed, Date)> {
        self.with_shipped(fixed).find_map(|it| Some((it, it.last_day(year)?)))
    }

    /// `fixed`, one of [`Cadences::fixed`], as it holds on `day`: itself, or what ships where the unit has it only for other days.
    #[must_use]
    pub fn on_day<'c>(&'c self, fixed: &'c Fixed, day: Date) -> Option<&'c Fixed> {
        self.with_shipped(fixed).find(|it| it.holds(day))
    }

    fn with_shipped<'c>(&'c self, fixed: &'c Fixed) -> impl Iterator<Item = &'c Fixed> {
        let shipped = self.replaced.iter().filter(|it| it.set == fixed.set && it.id == fixed.id);
        std::iter::once(fixed).chain(shipped)
    }

    /// What the unit has decided about `row` and what holds on the day `on`: its own, or taken over; nothing where it has not. A
    /// shipped row is not the unit's because a file of the unit's has the name of its set.
    #[must_use]
    pub fn decided_row(&self, row: &Row, on: Date) -> Option<&Own> {
        self.decided(&row.set, &row.id, row.own, on)
    }

    /// As [`Cadences::decided_row`], for what falls on a fixed day.
    #[must_use]
    pub fn decided_date(&self, date: &Fixed, on: Date) -> Option<&Own> {
        self.decided(&date.set, &date.id, date.own(), on)
    }

    fn decided(&self, set: &Name, id: &Name, own: bool, on: Date) -> Option<&Own> {
        self.own.iter().rfind(|it| ((own && it.set == *set) || it.takes_over(set, id)) && it.holds(on))
    }

    /// What the unit has decided about `row` and what does not hold yet, or no more, on the day `on`: it adopts the row, or a file
    /// of the set's name has another in its place.
    #[must_use]
    pub fn decided_otherwise(&self, row: &Row, on: Date) -> Option<&Own> {
        let same = |it: &Row| it.own && it.set == row.set && it.id == row.id && it.level == row.level;
        let replaced = self.rows.iter().any(same);
        self.own
            .iter()
            .rfind(|it| ((replaced && it.set == row.set) || it.takes_over(&row.set, &row.id)) && !it.holds(on))
    }

    /// Whenever the unit says that `set/id`, which is of no system, was done by `on`.
    pub fn told(&self, set: &str, id: &str, on: Date) -> impl Iterator<Item = &Done> {
        let fits = move |done: &&Done| done.set == *set && done.id == *id && done.on <= on && done.system.is_none();
        self.done.iter().filter(fits)
    }

    /// When the unit says that `set/id` was done for `system`, by `on`: the newest.
    #[must_use]
    pub fn done(&self, set: &str, id: &str, system: Option<&Name>, on: Date) -> Option<&Done> {
        let fits = |done: &&Done| {
            done.set == *set
                && done.id == *id
                && done.on <= on
                && (done.system.is_none() || done.system.as_ref() == system)
        };
        self.done.iter().filter(fits).max_by_key(|done| done.on)
    }

    /// Why the unit says that `set/id` is not its to do.
    #[must_use]
    pub fn aside(&self, set: &str, id: &str, system: Option<&Name>) -> Option<&Aside> {
        let all = |aside: &&Aside| aside.system.is_none() || aside.system.as_ref() == system;
        self.aside.iter().filter(all).find(|aside| aside.set == *set && aside.id == *id)
    }
}

/// What counts for `id` where the file does not say: what the shipped set that has it says.
fn shipped_counts(id: &Name) -> Option<Counts> {
    shipped::CADENCES.iter().find_map(|(path, text)| {
        let (read, _) = Cadences::read_document(&source::parse(path, text));
        read.ok()?.rows.into_iter().find(|row| row.id == *id).map(|row| row.counts)
    })
}

/// Times of the law on levels that a unit's file can name: `level/kept`.
pub const LEVEL_TIMES: &[&str] =
    &["kept", "building", "reply", "appraisal", "approval", "assessment", "expected-approval", "expected-measures"];

/// Every `set/id` that ships.
fn shipped_names() -> Vec<String> {
    let read = |(path, text): &(&str, &str)| Cadences::read_document(&source::parse(path, text)).0.unwrap_or_default();
    let names = |cadences: Cadences| {
        let rows = cadences.rows.into_iter().map(|row| (row.set, row.id));
        let mut names: Vec<_> = rows.chain(cadences.fixed.into_iter().map(|fixed| (fixed.set, fixed.id))).collect();
        names.dedup();
        names.into_iter().map(|(set, id)| format!("{set}/{id}"))
    };
    let level = LEVEL_TIMES.iter().map(|id| format!("level/{id}"));
    shipped::CADENCES.iter().map(read).flat_map(names).chain(level).collect()
}
