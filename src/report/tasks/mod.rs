//! The rows of a plan's tasks for a period, as the province's table has them: only what the ledger holds, each figure with the
//! records it rests on.
//!
//! Drills count whose minutes were issued; what nobody took part in, what was answered from a file and what has no minutes is
//! listed apart. Pure.

mod activity;
mod apart;
mod drills;
mod figures;
mod issued;
mod measures;
mod paper;
mod row8;
mod row9;
mod shortfalls;
mod words;
mod xlsx;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::inventory::gaps::Gaps;
use super::redaction::{Counts, Redactor};
use super::{ActionRow, Records, Report};
use crate::inventory::Later;
use crate::message::message;
use crate::model::{Lang, Name, Record};
use crate::policy::{Column, Phrase, Plan, Task};

pub use activity::{ActivityRow, activities};
pub use apart::{Apart, ApartRow};
pub use figures::{Figure, FileGround, Piece, Sentence, count, percent, ranges};
pub use issued::{IssuedRow, in_force, issued, minutes_of};
pub(in crate::report) use paper::files;
pub use paper::{attached_line, tasks_document};
pub use words::{activity as activity_word, document as document_word, no_figure, time_taken};
pub(in crate::report) use xlsx::grounds;
pub use xlsx::tasks_xlsx;

use figures::Builder;

/// The state of the ledger that a document rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Its name.
    pub origin: String,
    /// How many records it had.
    pub size: u64,
    /// Its root, base64.
    pub root: String,
    /// How many of the first records its key has signed.
    pub signed: u64,
}

impl Head {
    /// That records are not signed, where there are such.
    pub(in crate::report) fn unsigned(&self, lang: Lang) -> Option<String> {
        // As documents write numbers, where the same words on a screen have them without the zero.
        let (size, signed, from) = (count(self.size, lang), count(self.signed, lang), self.signed.to_string());
        let part = match self.signed {
            0 => message!("document-signed-none", size = size),
            _ => message!("document-signed-part", size = size, signed = signed, from = from),
        };
        (self.signed < self.size).then(|| message!("task-unsigned", part = part).render(lang))
    }
}

/// A run with its report and its records, corrections carried out.
#[derive(Clone, Debug)]
pub struct RunGround {
    /// What happened in it.
    pub report: Report,
    /// The family of the playbook that led it last: `A` to `D`, `standing`.
    pub family: String,
    /// Its records.
    pub records: Vec<Record>,
}

/// A system as the inventory has it, and the record that kept its file.
#[derive(Clone, Debug)]
pub struct SystemGround {
    /// What its level asks for, and what is there.
    pub gaps: Gaps,
    /// Whether it serves: it is neither being built nor there for drills only.
    pub operating: bool,
    /// What its file has of a later day than the row's last.
    pub later: Later,
    /// Its file as it was kept.
    pub file: Option<FileGround>,
}

/// What the rows are made from.
pub struct Ground<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The first and the last day.
    pub period: (Date, Date),
    /// The day as on which the rows tell: the document's, else that of the ledger's last record.
    pub on: Date,
    /// The unit's name.
    pub unit: Option<&'a str>,
    /// What the table is attached to, as [`attached_line`] has it.
    pub attached: String,
    /// The state of the ledger.
    pub head: Head,
    /// The corrections of each record that has some: what it says rests on them as well.
    pub corrections: &'a BTreeMap<u64, Records>,
    /// Every run, in the order in which they began.
    pub runs: &'a [RunGround],
    /// Every document that was issued.
    pub issued: &'a [IssuedRow],
    /// Every activity that counts.
    pub activities: &'a [ActivityRow],
    /// Every corrective action.
    pub actions: &'a [ActionRow],
    /// Records of copies outside of runs.
    pub copies: &'a [Record],
    /// The unit's systems, with their files.
    pub systems: &'a [SystemGround],
    /// What leaves things out; nothing where the document stays in the unit.
    pub leave_out: Option<&'a Redactor>,
}

/// The table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TasksReport {
    /// 1.
    pub version: u32,
    /// The plan.
    pub plan: Name,
    /// The title of the table.
    pub title: String,
    /// Whose it is.
    pub unit: Option<String>,
    /// What it is attached to.
    pub attached: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The last day with figures: the period's, or an earlier one while it still goes on.
    pub until: Date,
    /// The state of the ledger.
    pub ledger: Head,
    /// The titles of the five columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<TaskRow>,
    /// The figures, in the order in which they stand in the rows.
    pub figures: Vec<Figure>,
    /// What does not count.
    pub apart: Vec<ApartRow>,
    /// What was left out, in words; empty where nothing was.
    pub left_out: Vec<String>,
    /// What to know of the record that it rests on.
    pub notes: Vec<String>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskRow {
    /// The title of its group, before the first row of one.
    pub group: Option<String>,
    /// Its number.
    pub id: String,
    /// The task.
    pub task: String,
    /// Who leads it.
    pub lead: String,
    /// By when.
    pub due: Option<Date>,
    /// What came of it.
    pub result: Vec<Sentence>,
}

/// The columns of the table in the province's report, in their order.
const COLUMNS: [Column; 5] = [Column::Number, Column::Task, Column::Lead, Column::Due, Column::Result];

impl Ground<'_> {
    /// The last day with figures.
    fn until(&self) -> Date {
        self.period.1.min(self.on)
    }

    /// Whether `day` lies in the period, as far as it has gone.
    fn within(&self, day: Date) -> bool {
        self.period.0 <= day && day <= self.until()
    }

    /// Whether what lasted several days ended in the period: it is told of in one period.
    fn ended_within(&self, it: &ActivityRow) -> bool {
        self.within(it.until.unwrap_or(it.date))
    }

    /// The systems that serve.
    fn operating(&self) -> impl Iterator<Item = &SystemGround> {
        self.systems.iter().filter(|system| system.operating)
    }
}

/// Makes the table.
#[must_use]
pub fn tasks(ground: &Ground<'_>, lang: Lang) -> TasksReport {
    let plan = ground.plan;
    let (counted, apart) = apart::split(ground, lang);
    let (mut figures, mut left) = (Vec::new(), Counts::default());
    let mut rows = Vec::new();
    // Rows of no group stand before the groups: below one they would look as if they were its own.
    let group_of = |task: &Task| plan.groups.iter().position(|(_, ids)| ids.contains(&task.id));
    let mut tasks: Vec<&Task> = plan.rows.iter().collect();
    tasks.sort_by_key(|task| group_of(task));
    let mut before = None;
    for task in tasks {
        let mut builder = Builder::new(&task.id, lang, ground.corrections, &mut figures, (ground.leave_out, &mut left));
        let here = |phrase: Phrase| plan.row_of(phrase) == Some(&task.id);
        let prints = Phrase::WORDS.iter().any(|(_, phrase)| here(*phrase));
        if prints && ground.until() < ground.period.1 {
            let day = |day| crate::inventory::table::day(day, lang);
            builder.say(&message!("task-period-runs", on = day(ground.until()), to = day(ground.period.1)));
        }
        row8::activities(&mut builder, ground, &here);
        for (_, phrase) in Phrase::WORDS.iter().filter(|(_, phrase)| here(*phrase)) {
            match phrase {
                Phrase::ProtectionMeasures => measures::measures(&mut builder, ground),
                Phrase::Playbooks => row9::playbooks(&mut builder, ground, task),
                Phrase::Drills => {
                    drills::drills(&mut builder, ground, task, &counted);
                    shortfalls::shortfalls(&mut builder, ground, &counted);
                }
                Phrase::Backups => row9::backups(&mut builder, ground),
                // Activities stand before them.
                _ => {}
            }
        }
        let mut result = builder.finish();
        if !prints {
            result.push(Sentence::plain(message!("task-nothing-assigned").render(lang)));
        } else if result.is_empty() {
            result.push(Sentence::plain(no_figure().render(lang)));
        }
        let group = group_of(task);
        let begins = group.filter(|_| group != before).and_then(|place| plan.groups.get(place));
        before = group;
        rows.push(TaskRow {
            group: begins.map(|(title, _)| title.pick(lang).to_owned()),
            id: task.id.clone(),
            task: task.task.pick(lang).to_owned(),
            lead: task.lead.as_ref().map(|lead| lead.pick(lang).to_owned()).unwrap_or_default(),
            due: task.due,
            result,
        });
    }
    let titles: BTreeMap<Column, &str> = plan.columns.iter().map(|(id, title)| (*id, title.pick(lang))).collect();
    let columns = COLUMNS.iter().map(|id| match titles.get(id) {
        Some(title) => (*title).to_owned(),
        None => words::column(*id).render(lang),
    });
    TasksReport {
        version: 1,
        plan: plan.plan.clone(),
        title: plan.title.pick(lang).to_owned(),
        unit: ground.unit.map(str::to_owned),
        attached: ground.attached.clone(),
        from: ground.period.0,
        to: ground.period.1,
        until: ground.until(),
        ledger: ground.head.clone(),
        columns: columns.collect(),
        rows,
        figures,
        apart,
        notes: ground.head.unsigned(lang).into_iter().collect(),
        left_out: ground.leave_out.map(|redactor| redactor.note(&left)).into_iter().collect(),
    }
}

impl TasksReport {
    /// The line under the title: for which days, from which state of the ledger.
    #[must_use]
    pub fn subtitle(&self, lang: Lang) -> String {
        let day = |day| crate::inventory::table::day(day, lang);
        let size = count(self.ledger.size, lang);
        message!(
            "task-subtitle",
            from = day(self.from),
            to = day(self.until),
            size = size,
            root = self.ledger.root.as_str()
        )
        .render(lang)
    }
}
