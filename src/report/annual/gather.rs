//! From systems of the inventory to the rows of the form.

use super::row::{Counted, Row, checked};
use super::{AnnualReport, Ground, Missing, Side, Total, columns, days};
use crate::inventory::dossier::{Measures, Status};
use crate::inventory::table::day;
use crate::inventory::words::Said as _;
use crate::inventory::{Environment, Later, System};
use crate::message::{Message, message};
use crate::model::Lang;
use crate::report::tasks::{Figure, FileGround};

/// Makes the report.
#[must_use]
pub fn annual(ground: &Ground<'_>, lang: Lang) -> AnnualReport {
    let (from, to, deadlines) = days(ground.year);
    let columns: Vec<String> = columns().iter().map(|title| title.render(lang)).collect();
    let (mut rows, mut missing, mut figures) = (Vec::new(), Vec::new(), Vec::new());
    let counted = Counted { from, until: ground.on.min(to), to };
    // What is there for drills only is no system in use; what is dated after the day is not of it. Both are named.
    let (in_use, for_drills): (Vec<_>, Vec<_>) =
        ground.systems.iter().partition(|(system, _)| system.environment != Environment::DrillTarget);
    let then: Vec<(System, Later, &Option<FileGround>)> = in_use
        .into_iter()
        .map(|(system, file)| {
            let (system, later) = system.as_of(counted.until);
            (system, later, file)
        })
        .collect();
    for (number, (system, later, file)) in (1..).zip(&then) {
        let mut row = Row { system, later, lang, columns: &columns, missing: Vec::new(), counted, book: ground.book };
        let cells = row.cells(number);
        // The list has the cells: their ground names the row.
        let named = message!("annual-figure-row", number = number.to_string()).render(lang);
        figures.push(figure(format!("systems.{}", system.id), named, file.iter()));
        if !row.missing.is_empty() {
            let name = system.name.pick(lang).to_owned();
            missing.push(Missing { system: system.id.clone(), name, what: row.missing });
        }
        rows.push(cells);
    }
    let totals = totals(&then, counted, lang, &mut figures);
    let mut notes = vec![message!("annual-note-totals")];
    // Controls are no column of the form.
    let of_the_form = |later: &Later| !Later { controls: Vec::new(), ..later.clone() }.is_empty();
    let late = then.iter().filter(|(_, later, _)| of_the_form(later));
    let late: Vec<&str> = late.map(|(system, ..)| system.name.pick(lang)).collect();
    if !late.is_empty() {
        notes.push(message!("annual-note-later", day = counted.day(lang), systems = late.join("; ")));
    }
    if !ground.others.is_empty() {
        let systems = ground.others.join("; ");
        notes.push(match ground.side {
            Side::Operator => message!("annual-note-others", systems = systems),
            Side::Owner => message!("annual-note-others-owner", systems = systems),
        });
    }
    let for_drills: Vec<&str> = for_drills.iter().map(|(system, _)| system.name.pick(lang)).collect();
    if !for_drills.is_empty() {
        notes.push(message!("annual-note-drills", systems = for_drills.join("; ")));
    }
    if counted.until < to {
        notes.push(message!("annual-note-running", on = day(counted.until, lang), to = day(to, lang)));
    }
    AnnualReport {
        version: 1,
        year: ground.year,
        side: ground.side,
        unit: ground.unit.map(str::to_owned),
        attached: ground.attached.clone(),
        left_out: Vec::new(),
        from,
        to,
        until: counted.until,
        deadlines,
        ledger: ground.head.clone(),
        columns,
        totals,
        rows,
        missing,
        notes: notes.iter().map(|note| note.render(lang)).chain(ground.head.unsigned(lang)).collect(),
        figures,
    }
}

/// What the officer who hands the list in has to know, and who reads it has not: by when, and what is not in it.
#[must_use]
pub fn hints(report: &AnnualReport, lang: Lang) -> Vec<Message> {
    let (internal, ministry) = (day(report.deadlines.internal, lang), day(report.deadlines.ministry, lang));
    vec![message!("annual-note-days", internal = internal, ministry = ministry), message!("annual-note-rest")]
}

fn figure<'f>(id: String, value: String, files: impl Iterator<Item = &'f FileGround>) -> Figure {
    let mut files: Vec<FileGround> = files.cloned().collect();
    files.sort();
    let mut records: Vec<u64> = files.iter().map(|file| file.record).collect();
    records.sort_unstable();
    records.dedup();
    Figure { id, value, records, files }
}

/// Whether a system is counted.
type Fits = Box<dyn Fn(&System) -> bool>;

/// Sums of the columns: all, by how far the dossier has come, measures in place whole, checked.
fn totals(
    systems: &[(System, Later, &Option<FileGround>)],
    counted: Counted,
    lang: Lang,
    figures: &mut Vec<Figure>,
) -> Vec<Total> {
    let status =
        |system: &System, wanted| system.dossier.as_ref().is_some_and(|dossier| dossier.status == Some(wanted));
    let stage = |wanted: Status| -> Fits { Box::new(move |system| status(system, wanted)) };
    let sums: [(&str, Message, Fits); 7] = [
        ("all", message!("annual-total-all"), Box::new(|_| true)),
        ("draft", message!("annual-total-status", status = Status::Draft.said()), stage(Status::Draft)),
        ("submitted", message!("annual-total-status", status = Status::Submitted.said()), stage(Status::Submitted)),
        ("appraised", message!("annual-total-status", status = Status::Appraised.said()), stage(Status::Appraised)),
        ("approved", message!("annual-total-status", status = Status::Approved.said()), stage(Status::Approved)),
        (
            "measures",
            message!("annual-total-measures"),
            Box::new(|system| system.dossier.as_ref().and_then(|it| it.measures) == Some(Measures::Full)),
        ),
        ("checked", message!("annual-total-checked"), Box::new(move |system| !checked(system, counted).is_empty())),
    ];
    let mut totals = Vec::new();
    for (id, title, fits) in sums {
        let these: Vec<_> = systems.iter().filter(|(system, ..)| fits(system)).collect();
        // That there is none rests on all of them.
        let rests: Vec<_> = if these.is_empty() { systems.iter().collect() } else { these.clone() };
        figures.push(figure(
            format!("totals.{id}"),
            these.len().to_string(),
            rests.iter().filter_map(|it| it.2.as_ref()),
        ));
        totals.push(Total { id: id.to_owned(), title: title.render(lang), count: these.len() });
    }
    totals
}
