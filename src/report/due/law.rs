//! What the law says by a day: fixed days of the year, times of the law on levels, and the days that the dossiers name.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::cadence::{named, of_level};
use super::{Basis, Facts, Item, Past, item};
use crate::inventory::System;
use crate::inventory::dossier::{Measures, Status};
use crate::message::message;
use crate::model::Text;
use crate::model::record::DocumentKind;
use crate::policy::cadences::Fixed;
use crate::policy::levels::{Check, Standing as Checked, assess, check};
use crate::report::tasks::IssuedRow;

/// For so long around its last day something that is done once a year counts for that day.
const AROUND_MONTHS: i64 = 6;

pub(super) fn items(facts: &Facts<'_>, known: &[(&System, u8)]) -> Vec<Item> {
    let mut items: Vec<Item> = facts.cadences.fixed().iter().flat_map(|fixed| yearly(facts, fixed, known)).collect();
    for system in &facts.systems {
        items.extend(levels(facts, system));
        items.extend(dossier(facts, system));
    }
    items
}

/// The last day that has passed and nothing was done for, and the next one.
fn yearly(facts: &Facts<'_>, fixed: &Fixed, known: &[(&System, u8)]) -> Vec<Item> {
    // A report is about systems; without one there is nothing to report.
    let concerned = if fixed.levels.is_empty() {
        !facts.systems.is_empty()
    } else {
        known.iter().any(|(_, level)| fixed.levels.contains(level))
    };
    if !concerned {
        return Vec::new();
    }
    let done = |last: Date| {
        let (from, to) = (last.checked_sub(AROUND_MONTHS.months()), last.checked_add(AROUND_MONTHS.months()));
        let (Ok(from), Ok(to)) = (from, to) else { return false };
        newest(facts, fixed, to.min(facts.on)).is_some_and(|past| from < past.on)
    };
    let before = newest(facts, fixed, facts.on);
    let decided = facts.cadences.decided_date(fixed);
    let basis = match (fixed.law, decided) {
        (true, _) => Basis::Law,
        (false, Some(_)) => Basis::Adopted,
        (false, None) => Basis::Recommended,
    };
    let year = facts.on.year();
    let mut open = Vec::new();
    for last in (year - 1..=year + 2).filter_map(|year| fixed.last_day(year)).filter(|last| !done(*last)) {
        if last >= facts.on {
            open.push(last);
            break;
        }
        let recent = last.checked_add(AROUND_MONTHS.months()).is_ok_and(|until| facts.on <= until);
        // Of what binds nobody only the next day is told.
        if recent && !fixed.marks && basis != Basis::Recommended && facts.began.is_none_or(|began| began <= last) {
            open.push(last);
        }
    }
    let of_day = |last: Date| {
        let mut one =
            item(format!("{}/{}", fixed.set, fixed.id), message!("due-title", title = fixed.title.clone()), basis);
        one.due = Some(last);
        one.last.clone_from(&before);
        one.before = fixed.before;
        one.marks = fixed.marks;
        one.citation = fixed.citation.as_deref().map(Text::from);
        one.notes.extend(fixed.note.iter().map(|note| message!("due-note", text = note.clone())));
        // How it is closed, where it is the unit's to do and hands something in.
        if !fixed.marks && basis != Basis::Recommended {
            let document = match fixed.document {
                // Of periodic reports each is named.
                Some(kind) if kind != DocumentKind::Periodic && first_of(facts, fixed, last) => kind.word().to_owned(),
                kind => format!("{} {}/{}", kind.unwrap_or(DocumentKind::Periodic).word(), fixed.set, fixed.id),
            };
            one.notes.push(message!("due-issue", document = document));
        }
        one.notes.extend(fixed.second_hand.iter().map(|words| message!("due-note", text = words.clone())));
        one
    };
    open.into_iter().map(of_day).collect()
}

/// When `fixed` was last done by `on`: as the unit's file says, or by a document that was issued.
fn newest(facts: &Facts<'_>, fixed: &Fixed, on: Date) -> Option<Past> {
    let told = facts.cadences.done(fixed.set.as_str(), fixed.id.as_str(), None, on);
    let told = told.map(Past::told);
    let is_it = |row: &&IssuedRow| match &row.subject {
        Some(subject) => {
            row.document.yearly() && *subject == fixed.id && row.set.as_ref().is_none_or(|set| *set == fixed.set)
        }
        None => fixed.document == Some(row.document) && first_of(facts, fixed, row.date),
    };
    let issued = facts.issued.iter().filter(|row| row.date <= on).filter(is_it).max_by_key(|row| (row.date, row.seq));
    let issued = issued.map(|row| Past { seq: Some(row.seq), document: row.number.clone(), ..Past::on(row.date) });
    told.into_iter().chain(issued).max_by_key(|past| past.on)
}

/// Whether `fixed` is the first that is done by its document, holds on `day` and is the unit's to do: one document is not the
/// operator's report and the owner's, nor that of two sets.
fn first_of(facts: &Facts<'_>, fixed: &Fixed, day: Date) -> bool {
    let ours = |it: &&Fixed| facts.cadences.aside(it.set.as_str(), it.id.as_str(), None).is_none();
    let mut alike = facts.cadences.fixed().iter().filter(|it| it.document == fixed.document && it.holds(day));
    alike.find(ours).is_some_and(|it| it.set == fixed.set && it.id == fixed.id)
}

/// Times of the law on levels that run for `system`.
fn levels(facts: &Facts<'_>, system: &System) -> Vec<Item> {
    let Some(set) = facts.book.set(facts.book.in_force(facts.on).rules) else { return Vec::new() };
    let outcome = assess(set, system);
    let checks = check(facts.book, facts.holidays, system, &outcome, facts.on);
    checks.iter().filter_map(|check| of_check(facts, system, check)).collect()
}

fn of_check(facts: &Facts<'_>, system: &System, check: &Check) -> Option<Item> {
    let dossier = system.dossier.as_ref();
    // What the file says of later days had not happened yet.
    let by_then = |day: &Date| *day <= facts.on;
    let decided = dossier.and_then(|dossier| dossier.decision.as_ref()?.date).filter(by_then);
    let appraised = dossier.and_then(|dossier| dossier.appraised).filter(by_then).or(decided);
    let submitted = dossier.and_then(|dossier| dossier.submitted);
    if matches!(check.id, "appraisal" | "approval" | "reply") && submitted.is_some_and(|day| !by_then(&day)) {
        return None;
    }
    let (id, title, basis) = match check.id {
        "giu_cap_do_cu" => ("kept", message!("due-level-kept"), Basis::Law),
        "building" => ("building", message!("due-level-building"), Basis::Law),
        "appraisal" if appraised.is_none() => ("appraisal", message!("due-level-appraisal"), Basis::Awaited),
        "approval" if decided.is_none() => ("approval", message!("due-level-approval"), Basis::Awaited),
        // Whether it was answered stands in no file: after its day nothing is said.
        "reply" if check.due.is_some_and(|due| due >= facts.on) => {
            ("reply", message!("due-level-reply"), Basis::Awaited)
        }
        "assessment" if check.due.is_some() || check.standing == Checked::Unknown => {
            ("assessment", message!("due-assessment"), Basis::Law)
        }
        _ => return None,
    };
    let told = facts.cadences.done("level", id, Some(&system.id), facts.on);
    // What another body did for an earlier submission is no answer to this one.
    let answered = told.filter(|done| submitted.is_none_or(|submitted| submitted <= done.on));
    if (told.is_some() && matches!(id, "kept" | "building")) || (answered.is_some() && basis == Basis::Awaited) {
        return None;
    }
    let mut one = item(of_level(id), title, basis);
    one.system = Some(named(system));
    one.due = check.due;
    one.citation.clone_from(&check.citation);
    one.notes.push(message!("due-check", text = check.text.clone()));
    one.assumed = check.assumed;
    if id == "assessment" {
        let set = facts.book.set(facts.book.in_force(facts.on).rules)?;
        let level = dossier.and_then(|dossier| dossier.approved.or(dossier.proposed)).or(assess(set, system).proved)?;
        one.months = set.rhythm.iter().find(|(levels, _)| levels.contains(&level)).map(|(_, months)| *months);
        one.level = Some(level);
        let known = system.assessments.iter().map(|one| one.date).filter(by_then).max();
        if let Some(done) = told.filter(|done| known.is_none_or(|known| known < done.on)) {
            one.due = one.months.and_then(|months| done.on.checked_add(months.months()).ok());
            one.last = Some(Past::told(done));
            // What the check says of the last one is of an earlier one.
            one.notes.clear();
        }
    }
    Some(one)
}

/// The days that the dossier itself expects.
fn dossier(facts: &Facts<'_>, system: &System) -> Vec<Item> {
    let Some(dossier) = &system.dossier else { return Vec::new() };
    let approval = dossier.expected_approval.filter(|_| dossier.status != Some(Status::Approved));
    let measures = dossier.expected_measures.filter(|_| dossier.measures != Some(Measures::Full));
    let of_day = |(id, day, title): (&str, Option<Date>, crate::message::Message)| {
        let done = facts.cadences.done("level", id, Some(&system.id), facts.on);
        let day = day.filter(|_| done.is_none())?;
        let mut one = item(of_level(id), title, Basis::Own);
        one.system = Some(named(system));
        one.due = Some(day);
        one.assumed = system.assumes("dossier.expected_approval") || system.assumes("dossier.expected_measures");
        Some(one)
    };
    let days = [
        ("expected-approval", approval, message!("due-expected-approval")),
        ("expected-measures", measures, message!("due-expected-measures")),
    ];
    days.into_iter().filter_map(of_day).collect()
}
