//! What is done again and again, by the level of each system.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Basis, Drill, Facts, Item, Past, item};
use crate::inventory::System;
use crate::message::message;
use crate::model::{Name, Text};
use crate::policy::cadences::{Counts, Manner, Row};
use crate::policy::day_in_vietnam;
use crate::policy::levels::{Book, in_force};
use crate::report::backups::last_good;

pub(super) fn items(facts: &Facts<'_>, known: &[(&System, u8)]) -> Vec<Item> {
    let mut items = Vec::new();
    for (system, level) in known {
        for row in facts.cadences.rows(*level) {
            match &row.counts {
                // Of the unit, by its highest level: below.
                Counts::Contacts => {}
                Counts::RestoreTest => items.extend(restores(facts, system, row)),
                Counts::Drill(manners) => items.push(drill(facts, system, row, manners)),
                Counts::Assessment => {
                    let last = system.assessments.iter().map(|one| one.date).filter(|on| *on <= facts.on).max();
                    let mut one = periodic(facts, Some(system), row, last.map(on_day));
                    one.assumed |= system.assumes("assessments");
                    items.push(one);
                }
                Counts::Control(id) => {
                    let checked = system.controls.iter().filter(|control| control.id == *id);
                    let last = checked.filter_map(|control| control.checked).filter(|on| *on <= facts.on).max();
                    let mut one = periodic(facts, Some(system), row, last.map(on_day));
                    one.notes.push(message!("due-by-control", control = id.as_str()));
                    one.assumed |= system.assumes("controls");
                    items.push(one);
                }
                Counts::Told => items.push(periodic(facts, Some(system), row, None)),
            }
        }
    }
    let Some(highest) = known.iter().map(|(_, level)| *level).max() else { return items };
    for row in facts.cadences.rows(highest).filter(|row| row.counts == Counts::Contacts) {
        let checked = facts.people.and_then(|people| people.contacts_checked.as_deref()?.parse::<Date>().ok());
        let mut one = periodic(facts, None, row, checked.filter(|on| *on <= facts.on).map(on_day));
        one.notes.push(message!("due-by-contacts"));
        items.push(one);
    }
    items.extend(no_number(facts, known));
    items
}

fn on_day(on: Date) -> Past {
    Past { on, run: None, seq: None, document: None }
}

/// `row` for `system`, which was done `last` as far as the program sees.
fn periodic(facts: &Facts<'_>, system: Option<&System>, row: &Row, last: Option<Past>) -> Item {
    let decided = facts.cadences.decided(&row.set, &row.id);
    let basis = if decided.is_some() { Basis::Adopted } else { Basis::Recommended };
    let mut one = item(format!("{}/{}", row.set, row.id), message!("due-title", title = row.title.clone()), basis);
    let id = system.map(|system| &system.id);
    let told = facts.cadences.done(row.set.as_str(), row.id.as_str(), id, facts.on);
    let told = told.map(|done| Past { document: Some(done.document.clone()), ..on_day(done.on) });
    one.system = system.map(|system| (system.id.clone(), system.name.clone()));
    one.level = Some(row.level);
    one.months = Some(row.period.months);
    one.last = [last, told].into_iter().flatten().max_by_key(|past| past.on);
    // What was never done begins when the unit decided, or when the system came into use.
    let begins = decided.and_then(|own| own.from);
    let begins = begins.map(|from| system.and_then(|system| system.operating_since).map_or(from, |on| on.max(from)));
    let base = one.last.as_ref().map(|past| past.on).or(begins);
    one.due = base.and_then(|base| base.checked_add(row.period.months.months()).ok());
    one.citation = row.period.citation.as_deref().map(Text::from);
    if row.period.suggested {
        one.notes.push(message!("due-suggested"));
    }
    one.notes.extend(row.note.iter().map(|note| message!("due-note", text = note.clone())));
    one.notes.extend(row.period.second_hand.iter().map(|words| message!("due-note", text = words.clone())));
    if let Some(document) = decided.and_then(|own| own.document.as_ref()) {
        one.notes.push(message!("due-decided-by", document = document.clone()));
    }
    one.assumed = system.is_some_and(|system| in_force(facts.book, system, facts.on).assumed());
    one
}

fn drill(facts: &Facts<'_>, system: &System, row: &Row, manners: &[Manner]) -> Item {
    let of_it = || facts.drills.iter().filter(|drill| drill.on <= facts.on && drill.systems.contains(&system.id));
    let counts = |drill: &&Drill| manners.contains(&drill.manner) && drill.people && !drill.stopped;
    let past = |drill: &Drill| Past { run: Some(drill.run.clone()), seq: Some(drill.seq), ..on_day(drill.on) };
    let last = of_it().filter(counts).max_by_key(|drill| (drill.on, drill.seq));
    let mut one = periodic(facts, Some(system), row, last.map(past));
    // A drill that somebody may think of, and that does not count.
    let since = one.last.as_ref().map(|past| past.on);
    let newest = of_it().filter(|drill| !counts(drill)).max_by_key(|drill| (drill.on, drill.seq));
    if let Some(other) = newest.filter(|other| since.is_none_or(|since| since < other.on)) {
        let why = if other.stopped {
            message!("due-not-counted-stopped")
        } else if other.people {
            let asked = manners.iter().map(|manner| super::words::manner(*manner));
            message!(
                "due-not-counted-manner",
                how = super::words::manner(other.manner),
                asked = super::words::or(asked)
            )
        } else {
            message!("due-not-counted-nobody")
        };
        one.notes.push(message!(
            "due-not-counted",
            run = other.run.as_str(),
            on = super::words::day(other.on),
            why = why
        ));
    }
    one
}

fn restores(facts: &Facts<'_>, system: &System, row: &Row) -> Vec<Item> {
    if system.backups.is_empty() {
        let mut one = periodic(facts, Some(system), row, None);
        one.notes.push(message!("due-no-backups"));
        return vec![one];
    }
    let of_backup = |plan: &crate::inventory::BackupPlan| {
        let until = |at: &crate::model::Stamp| day_in_vietnam(at) <= facts.on;
        let good = last_good(plan, &(facts.absolute)(&plan.path), facts.deeds, &until);
        let past = good.map(|good| Past { seq: Some(good.seq), ..on_day(day_in_vietnam(&good.at)) });
        let mut one = periodic(facts, Some(system), row, past);
        one.part = Some(plan.id.clone());
        one.assumed |= system.assumes("backups");
        one
    };
    system.backups.iter().map(of_backup).collect()
}

/// Assessments where the decree in force gives no number and the unit has set none: said, so that nobody takes it for nothing.
fn no_number(facts: &Facts<'_>, known: &[(&System, u8)]) -> Vec<Item> {
    let Some(citation) = assessment_without_number(facts.book, facts.on) else { return Vec::new() };
    let set = |level: u8| facts.cadences.rows(level).any(|row| row.counts == Counts::Assessment);
    let mut items = Vec::new();
    for (system, level) in known.iter().filter(|(_, level)| !set(*level)) {
        let mut one = item("level/assessment".to_owned(), message!("due-assessment"), Basis::Recommended);
        one.system = Some((system.id.clone(), system.name.clone()));
        one.level = Some(*level);
        let last = system.assessments.iter().map(|one| one.date).filter(|on| *on <= facts.on).max();
        one.last = last.map(on_day);
        one.citation = Some(citation.clone());
        one.notes.push(message!("due-assessment-no-number"));
        items.push(one);
    }
    items
}

/// The article on assessments of the decree in force, where it gives no number.
fn assessment_without_number(book: &Book, on: Date) -> Option<Text> {
    let set = book.set(book.in_force(on).rules)?;
    set.rhythm.is_empty().then(|| set.article("assessment").cloned()).flatten()
}

/// The name of the level's set in keys.
pub(super) fn of_level(id: &str) -> String {
    format!("level/{id}")
}

/// A system as items have it.
pub(super) fn named(system: &System) -> (Name, Text) {
    (system.id.clone(), system.name.clone())
}
