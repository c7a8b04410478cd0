//! What is done again and again, by the level of each system.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Basis, Drill, Facts, Item, Past, item};
use crate::inventory::System;
use crate::message::{Message, message};
use crate::model::record::{ActivityKind, DocumentKind};
use crate::model::{Name, Text};
use crate::policy::cadences::{Counts, Manner, Row};
use crate::policy::day_in_vietnam;
use crate::policy::levels::{Book, in_force};
use crate::report::backups::last_good;
use crate::report::tasks::{self, ActivityRow, IssuedRow};

pub(super) fn items(facts: &Facts<'_>, known: &[(&System, u8)]) -> Vec<Item> {
    let mut items = Vec::new();
    for (system, level) in known {
        for row in facts.cadences.rows(*level, facts.on) {
            match &row.counts {
                // Of the unit, by its highest level: below.
                Counts::Contacts | Counts::Playbooks => {}
                Counts::RestoreTest => items.extend(restores(facts, system, row)),
                Counts::Drill(manners) => items.push(drill(facts, system, row, manners)),
                Counts::Activity(kinds) => items.push(activity(facts, system, row, kinds)),
                Counts::Assessment => {
                    let last = system.assessments.iter().map(|one| one.date).filter(|on| *on <= facts.on).max();
                    let mut one = periodic(facts, Some(system), row, last.map(Past::on));
                    one.assumed |= system.assumes("assessments");
                    items.push(one);
                }
                Counts::Control(id) => {
                    let checked = system.controls.iter().filter(|control| control.id == *id);
                    let last = checked.filter_map(|control| control.checked).filter(|on| *on <= facts.on).max();
                    let mut one = periodic(facts, Some(system), row, last.map(Past::on));
                    one.hints.push(message!("due-by-control", control = id.as_str()));
                    one.assumed |= system.assumes("controls");
                    items.push(one);
                }
                Counts::Told => items.push(periodic(facts, Some(system), row, None)),
            }
        }
    }
    let Some(highest) = known.iter().map(|(_, level)| *level).max() else { return items };
    for row in facts.cadences.rows(highest, facts.on).filter(|row| row.counts == Counts::Contacts) {
        let checked = facts.people.and_then(|people| people.contacts_checked.as_deref()?.parse::<Date>().ok());
        let mut one = periodic(facts, None, row, checked.filter(|on| *on <= facts.on).map(Past::on));
        one.hints.push(message!("due-by-contacts"));
        items.push(one);
    }
    for row in facts.cadences.rows(highest, facts.on).filter(|row| row.counts == Counts::Playbooks) {
        items.extend(playbooks(facts, row));
    }
    items.extend(no_number(facts, known));
    items
}

/// `row` for `system`, which was done `last` as far as the program sees.
fn periodic(facts: &Facts<'_>, system: Option<&System>, row: &Row, last: Option<Past>) -> Item {
    let decided = facts.cadences.decided_row(row, facts.on);
    let basis = if decided.is_some() { Basis::Adopted } else { Basis::Recommended };
    let mut one = item(format!("{}/{}", row.set, row.id), message!("due-title", title = row.title.clone()), basis);
    let id = system.map(|system| &system.id);
    let told = facts.cadences.done(row.set.as_str(), row.id.as_str(), id, facts.on);
    let told = told.map(Past::told);
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
    if let Some(other) = facts.cadences.decided_otherwise(row, facts.on).filter(|_| decided.is_none()) {
        let (from, until) = (other.from.filter(|from| facts.on < *from), other.until.filter(|until| *until < facts.on));
        one.notes.extend(from.map(|from| message!("due-decided-from", from = super::words::day(from))));
        one.notes.extend(until.map(|until| message!("due-decided-until", until = super::words::day(until))));
    }
    one.assumed = system.is_some_and(|system| in_force(facts.book, system, facts.on).assumed());
    one
}

fn drill(facts: &Facts<'_>, system: &System, row: &Row, manners: &[Manner]) -> Item {
    let of_it = || facts.drills.iter().filter(|drill| drill.on <= facts.on && drill.systems.contains(&system.id));
    let counts =
        |drill: &&Drill| manners.contains(&drill.manner) && drill.people && !drill.stopped && !drill.test_clock;
    let past = |drill: &Drill| Past { run: Some(drill.run.clone()), seq: Some(drill.seq), ..Past::on(drill.on) };
    let held = of_it().filter(counts).max_by_key(|drill| (drill.on, drill.seq)).map(past);
    let papers = || told(facts, system, &[ActivityKind::Drill]);
    let told_of = papers().filter(|row| fits(row, manners)).max_by_key(|row| (day_of(row), row.seq)).map(from_papers);
    // Of two on one day the run stands before the papers.
    let last = told_of.into_iter().chain(held).max_by_key(|past| past.on);
    let mut one = periodic(facts, Some(system), row, last);
    // What somebody may think of, and what does not count.
    let since = one.last.as_ref().map(|past| past.on);
    let newer = |on: Date| since.is_none_or(|since| since < on);
    let newest = of_it().filter(|drill| !counts(drill)).max_by_key(|drill| (drill.on, drill.seq));
    if let Some(other) = newest.filter(|other| newer(other.on)) {
        let why = if other.test_clock {
            message!("due-not-counted-clock")
        } else if other.stopped {
            message!("due-not-counted-stopped")
        } else if other.people {
            not_in_manner(other.manner, manners)
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
    let newest = papers().filter(|row| !fits(row, manners)).max_by_key(|row| (day_of(row), row.seq));
    if let Some(other) = newest.filter(|other| newer(day_of(other))) {
        let why = match manner_of(other) {
            Some(manner) => not_in_manner(manner, manners),
            None => message!("due-not-counted-manner-unsaid"),
        };
        one.notes.push(message!(
            "due-not-counted-papers",
            seq = other.seq.to_string(),
            on = super::words::day(day_of(other)),
            why = why
        ));
    }
    one
}

fn not_in_manner(held: Manner, asked: &[Manner]) -> Message {
    let asked = asked.iter().map(|manner| super::words::manner(*manner));
    message!("due-not-counted-manner", how = super::words::manner(held), asked = super::words::or(asked))
}

/// Activities of these kinds that papers tell of `system`, up to the day.
fn told<'a>(
    facts: &'a Facts<'_>,
    system: &'a System,
    kinds: &'a [ActivityKind],
) -> impl Iterator<Item = &'a ActivityRow> {
    let of_it = |row: &&ActivityRow| row.systems.contains(&system.id);
    facts.activities.iter().filter(|row| kinds.contains(&row.kind) && day_of(row) <= facts.on).filter(of_it)
}

/// The day on which an activity was over.
fn day_of(row: &ActivityRow) -> Date {
    row.until.unwrap_or(row.date)
}

fn manner_of(row: &ActivityRow) -> Option<Manner> {
    let word = row.manner?.word();
    Manner::WORDS.iter().find(|(known, _)| *known == word).map(|(_, manner)| *manner)
}

/// Whether a drill that papers tell of was carried out in one of `manners`. Where they do not say how, it fits what asks for
/// no manner at all.
fn fits(row: &ActivityRow, manners: &[Manner]) -> bool {
    match manner_of(row) {
        Some(manner) => manners.contains(&manner),
        None => Manner::WORDS.iter().all(|(_, manner)| manners.contains(manner)),
    }
}

fn from_papers(row: &ActivityRow) -> Past {
    Past { seq: Some(row.seq), document: row.number.clone(), papers: true, ..Past::on(day_of(row)) }
}

fn activity(facts: &Facts<'_>, system: &System, row: &Row, kinds: &[ActivityKind]) -> Item {
    let last = told(facts, system, kinds).max_by_key(|row| (day_of(row), row.seq));
    let mut one = periodic(facts, Some(system), row, last.map(from_papers));
    let nowhere = facts.activities.iter().filter(|row| kinds.contains(&row.kind) && row.systems.is_empty());
    let nowhere = nowhere.filter(|row| day_of(row) <= facts.on).max_by_key(|row| (day_of(row), row.seq));
    let newer = |other: &&ActivityRow| one.last.as_ref().is_none_or(|past| past.on < day_of(other));
    if let Some(other) = nowhere.filter(newer) {
        one.notes.push(message!(
            "due-not-counted-papers",
            seq = other.seq.to_string(),
            on = super::words::day(day_of(other)),
            why = message!("due-not-counted-no-system")
        ));
    }
    one.hints.push(message!("due-by-activity", kinds = words_of(kinds)));
    one
}

/// `scan, hunt`.
fn words_of(kinds: &[ActivityKind]) -> String {
    kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ")
}

/// Each playbook that the unit has issued, by its newest document; the unit as a whole where it has issued none.
fn playbooks(facts: &Facts<'_>, row: &Row) -> Vec<Item> {
    let newest: BTreeMap<&Name, &IssuedRow> = tasks::in_force(facts.issued, DocumentKind::Playbook, facts.on)
        .into_iter()
        .filter_map(|issued| Some((issued.subject.as_ref()?, issued)))
        .collect();
    if newest.is_empty() {
        let mut one = periodic(facts, None, row, None);
        one.hints.push(message!("due-no-playbooks"));
        return vec![one];
    }
    let of_it = |(name, issued): (&Name, &IssuedRow)| {
        let past = Past { seq: Some(issued.seq), document: issued.number.clone(), ..Past::on(issued.date) };
        let mut one = periodic(facts, None, row, Some(past));
        let title = issued.title.clone().unwrap_or_else(|| Text::from(name.as_str()));
        one.level = None;
        one.playbook = Some((name.clone(), title));
        one.notes.extend(issued.version.map(|version| message!("due-playbook-version", version = version)));
        one
    };
    newest.into_iter().map(of_it).collect()
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
        let past = good.map(|good| Past { seq: Some(good.seq), ..Past::on(day_in_vietnam(&good.at)) });
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
    let set = |level: u8| facts.cadences.rows(level, facts.on).any(|row| row.counts == Counts::Assessment);
    let mut items = Vec::new();
    for (system, level) in known.iter().filter(|(_, level)| !set(*level)) {
        let mut one = item("level/assessment".to_owned(), message!("due-assessment"), Basis::Recommended);
        one.system = Some((system.id.clone(), system.name.clone()));
        one.level = Some(*level);
        let last = system.assessments.iter().map(|one| one.date).filter(|on| *on <= facts.on).max();
        let told = facts.cadences.done("level", "assessment", Some(&system.id), facts.on).map(Past::told);
        one.last = last.map(Past::on).into_iter().chain(told).max_by_key(|past| past.on);
        one.citation = Some(citation.clone());
        one.notes.push(message!("due-assessment-no-number"));
        one.hints.push(message!("due-assessment-set"));
        let force = facts.book.in_force(facts.on);
        let from = facts.book.set(force.rules).and_then(|set| set.from);
        one.notes.extend(super::law::not_yet(from, facts.on).filter(|_| force.preview));
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
