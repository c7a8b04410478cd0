//! What falls due in a workspace: drills, trial restores, reviews, reports, times of the law on levels, planned exercises,
//! corrective actions. From the unit's files and the records, as of a day; pure.
//!
//! What the law or the unit itself asks for is told apart from what is only recommended: a directive or a standard binds nobody
//! here until the unit takes it over.

mod cadence;
mod law;
mod plans;
#[cfg(test)]
mod tests;
pub mod words;

pub use law::counts_for;

use jiff::civil::Date;
use serde::Serialize;

use crate::inventory::{People, System};
use crate::message::Message;
use crate::model::{Name, RunId, Text};
use crate::policy::cadences::{Cadences, Done, Manner};
use crate::policy::holidays::Holidays;
use crate::policy::levels::{Book, in_force};
use crate::report::backups::Deed;
use crate::report::tasks::{ActivityRow, IssuedRow};

/// What is looked at.
pub struct Facts<'a> {
    /// The day.
    pub on: Date,
    /// The systems of the inventory.
    pub systems: Vec<&'a System>,
    /// The criteria for levels.
    pub book: &'a Book,
    /// Days on which nobody works.
    pub holidays: &'a Holidays,
    /// How often what is to be done.
    pub cadences: &'a Cadences,
    /// The drills that were held.
    pub drills: &'a [Drill],
    /// What was done with copies, oldest first.
    pub deeds: &'a [Deed],
    /// Makes a path of the inventory one from the root.
    pub absolute: &'a dyn Fn(&str) -> String,
    /// What the unit did outside any run, as it entered it from papers.
    pub activities: &'a [ActivityRow],
    /// Documents that were issued.
    pub issued: &'a [IssuedRow],
    /// The unit's people.
    pub people: Option<&'a People>,
    /// Planned exercises.
    pub exercises: &'a [Planned],
    /// Corrective actions that are open.
    pub actions: &'a [OpenAction],
    /// The day of the ledger's first record.
    pub began: Option<Date>,
}

/// A drill that was held: it has ended and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// The run.
    pub run: RunId,
    /// The record in which it began.
    pub seq: u64,
    /// The day on which it began.
    pub on: Date,
    /// How it was carried out.
    pub manner: Manner,
    /// Whether people took part at consoles, or on paper; a technical check else.
    pub people: bool,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// Whether its clock was set: it was held on no day that is known.
    pub test_clock: bool,
    /// The systems it was about.
    pub systems: Vec<Name>,
}

/// A planned exercise that has not been held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its name.
    pub name: Name,
    /// The playbook.
    pub playbook: Name,
    /// The day.
    pub on: Date,
}

/// A corrective action that nobody has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAction {
    /// The record that opened it.
    pub seq: u64,
    /// The run from which it came.
    pub run: Option<RunId>,
    /// What is to be done.
    pub what: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Its last day.
    pub due: Date,
}

/// Why something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The law says so.
    Law,
    /// The unit has taken it over, or set the period itself.
    Adopted,
    /// The unit set this very day: a planned exercise, an action, a day of the inventory.
    Own,
    /// The law gives this time to another body.
    Awaited,
    /// A directive or a standard says so, and the unit has not taken it over.
    Recommended,
}

/// How something stands on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Standing {
    /// Its last day has passed.
    Overdue {
        /// So many days ago.
        days: i32,
    },
    /// It was never done, and no day says by when for the first time.
    Never,
    /// It is still time.
    Left {
        /// So many days; 0 on the last day.
        days: i32,
    },
    /// Nothing says how often.
    Unset,
}

/// The last time something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Past {
    /// The day.
    pub on: Date,
    /// The run that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The record that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The document that the unit names for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Whether it was entered from papers: the unit's word, no proof of the ledger.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub papers: bool,
}

impl Past {
    /// Done on `on`; what shows it is not said.
    #[must_use]
    pub fn on(on: Date) -> Self {
        Self { on, run: None, seq: None, document: None, papers: false }
    }

    /// Done as the unit's file says.
    #[must_use]
    pub fn told(done: &Done) -> Self {
        Self { document: Some(done.document.clone()), ..Self::on(done.on) }
    }
}

/// One thing that falls due.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// A stable name: `set/id` of a cadence, `level/kept`, `exercise/NAME`, `action/SEQ`.
    pub key: String,
    /// What is to be done.
    pub title: Message,
    /// The system.
    pub system: Option<(Name, Text)>,
    /// A part of it: a backup.
    pub part: Option<Name>,
    /// The playbook, where it is of no system.
    pub playbook: Option<(Name, Text)>,
    /// The level of the system.
    pub level: Option<u8>,
    /// Why.
    pub basis: Basis,
    /// The last day.
    pub due: Option<Date>,
    /// Whether the document says "before" the day after the last one.
    pub before: bool,
    /// Whether nothing is to be handed in: a day that others hang on.
    pub marks: bool,
    /// The last working day up to the last day, where that is another.
    pub work_by: Option<Date>,
    /// How it stands.
    pub standing: Standing,
    /// The last time it was done.
    pub last: Option<Past>,
    /// How often, in months.
    pub months: Option<i64>,
    /// The article or section.
    pub citation: Option<Text>,
    /// What is unsure, or good to know.
    pub notes: Vec<Message>,
    /// Where the program takes it from and how it is closed: for whoever sits at the program, not for a page on the wall.
    pub hints: Vec<Message>,
    /// Whether it rests on what no person has confirmed.
    pub assumed: bool,
}

impl Item {
    /// Whether it binds the unit: by law, or because the unit says so.
    #[must_use]
    pub fn binds(&self) -> bool {
        matches!(self.basis, Basis::Law | Basis::Adopted | Basis::Own)
    }

    /// The system or the playbook that it is about; nothing where it is the unit's.
    #[must_use]
    pub fn about(&self) -> Option<&(Name, Text)> {
        self.system.as_ref().or(self.playbook.as_ref())
    }

    /// Whether it binds the unit and was not done in time.
    #[must_use]
    pub fn late(&self) -> bool {
        self.binds() && matches!(self.standing, Standing::Overdue { .. } | Standing::Never)
    }
}

/// Something that the unit says is not its to do.
#[derive(Clone, Debug, PartialEq)]
pub struct SetAside {
    /// What it would have been.
    pub item: Item,
    /// Why.
    pub because: Text,
}

/// What falls due.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Due {
    /// Each thing: what was never done first, then by its last day.
    pub items: Vec<Item>,
    /// What the unit says is not its to do.
    pub aside: Vec<SetAside>,
    /// Systems without a level: no period of theirs is known.
    pub without_level: Vec<Name>,
    /// Systems that are being built or are there for drills only: nothing is asked for again and again.
    pub not_in_use: Vec<Name>,
    /// Systems that are being built and of which nothing says whether that began before the decree in force.
    pub begun_unsaid: Vec<Name>,
    /// Systems whose dossier is appraised or approved on a day that nobody wrote down.
    pub undated: Vec<Name>,
    /// Years in which days fall due and whose holidays are not known.
    pub without_holidays: Vec<i16>,
}

/// Looks at everything.
#[must_use]
pub fn look(facts: &Facts<'_>) -> Due {
    let level = |system: &System| in_force(facts.book, system, facts.on).level();
    let systems: Vec<(&System, Option<u8>)> = facts.systems.iter().map(|system| (*system, level(system))).collect();
    let known: Vec<(&System, u8)> = systems.iter().filter_map(|(system, level)| Some((*system, (*level)?))).collect();
    let in_use: Vec<(&System, u8)> = known.iter().filter(|(system, _)| system.in_use()).copied().collect();
    let mut items = cadence::items(facts, &in_use);
    items.extend(law::items(facts, &known));
    items.extend(plans::items(facts));
    let without = systems.iter().filter(|(system, level)| level.is_none() && system.in_use());
    let mut due = Due {
        without_level: without.map(|(it, _)| it.id.clone()).collect(),
        not_in_use: facts.systems.iter().filter(|it| !it.in_use()).map(|it| it.id.clone()).collect(),
        begun_unsaid: law::begun_unsaid(facts),
        undated: law::undated(facts),
        ..Due::default()
    };
    for mut item in items {
        item.standing = standing(&item, facts.on);
        item.work_by = item.due.filter(|due| *due >= facts.on).and_then(|day| work_by(day, facts, &mut due));
        let system = item.system.as_ref().map(|(id, _)| id);
        let aside = item.key.split_once('/').and_then(|(set, id)| facts.cadences.aside(set, id, system));
        match aside {
            Some(aside) => due.aside.push(SetAside { because: aside.because.clone(), item }),
            None => due.items.push(item),
        }
    }
    let of = |item: &Item| item.about().map(|(id, _)| id.clone());
    due.items.sort_by_key(|item| (item.due, item.key.clone(), of(item), item.part.clone()));
    due.without_holidays.sort_unstable();
    due.without_holidays.dedup();
    due
}

/// An item before its day is known.
fn item(key: String, title: Message, basis: Basis) -> Item {
    Item {
        key,
        title,
        system: None,
        part: None,
        playbook: None,
        level: None,
        basis,
        due: None,
        before: false,
        marks: false,
        work_by: None,
        standing: Standing::Unset,
        last: None,
        months: None,
        citation: None,
        notes: Vec::new(),
        hints: Vec::new(),
        assumed: false,
    }
}

fn standing(item: &Item, on: Date) -> Standing {
    let days = |from: Date, to: Date| from.until(to).map_or(0, |span| span.get_days());
    match item.due {
        Some(due) if due < on => Standing::Overdue { days: days(due, on) },
        Some(due) => Standing::Left { days: days(on, due) },
        None if item.months.is_some() => Standing::Never,
        None => Standing::Unset,
    }
}

/// The last working day up to `day`, where that is another. A year whose holidays are not known is kept for telling.
fn work_by(day: Date, facts: &Facts<'_>, due: &mut Due) -> Option<Date> {
    let mut on = day;
    // The longest holidays are shorter; a file that knows no working day at all ends here too.
    for _ in 0..31 {
        if !facts.holidays.knows(on.year()) {
            due.without_holidays.push(on.year());
        }
        if facts.holidays.works(on) {
            return (on != day).then_some(on);
        }
        on = on.yesterday().ok()?;
    }
    None
}
