//! What the drills that count showed to fall short, and what is done about it by when.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Ground;
use super::apart::Counted;
use super::drills::began;
use super::figures::Builder;
use super::row9::{known, listed};
use crate::inventory::table::day;
use crate::message::message;
use crate::model::record::Finding;
use crate::model::{RunId, RunKind, Stamp};
use crate::policy::day_in_vietnam;
use crate::policy::redaction::Class;
use crate::report::{ActionRow, Closing, NoteRow};

/// Gaps that people noted in the drills, and corrective actions that came of them, as they stand on the row's day; after them
/// the actions of other drills that the period has to do with.
pub(super) fn shortfalls(row: &mut Builder<'_>, ground: &Ground<'_>, counted: &[Counted<'_>]) {
    let by = |at: &Stamp| day_in_vietnam(at) <= ground.on;
    let gaps: Vec<(&RunId, &NoteRow)> = counted
        .iter()
        .flat_map(|it| it.run.report.notes.iter().map(|note| (&it.run.report.run.id, note)))
        .filter(|(_, note)| note.finding == Some(Finding::Gap) && by(&note.at))
        .collect();
    let runs: BTreeSet<&RunId> = counted.iter().map(|it| &it.run.report.run.id).collect();
    let drills: BTreeSet<&RunId> = ground
        .runs
        .iter()
        .map(|it| &it.report.run)
        .filter(|run| run.kind == RunKind::Drill)
        .map(|run| &run.id)
        .collect();
    let opened = ground.actions.iter().filter(|action| by(&action.opened));
    let (own, others): (Vec<&ActionRow>, Vec<&ActionRow>) = opened.partition(|action| runs.contains(&action.run));
    let touched = |action: &&ActionRow| drills.contains(&action.run) && touches(action, ground);
    let others: Vec<&ActionRow> = others.into_iter().filter(touched).collect();
    if !counted.is_empty() {
        if gaps.is_empty() {
            row.say(&message!("task-gaps-none"));
        } else if row.may_say(Class::Weaknesses) {
            said(row, &gaps);
        }
        if own.is_empty() {
            row.say(&message!("task-actions-none"));
        } else if row.may_say(Class::Weaknesses) {
            put_right(row, ground, &own, false);
        }
    }
    if !others.is_empty() && row.may_say(Class::Weaknesses) {
        put_right(row, ground, &others, true);
    }
}

/// Whether an action was opened, carried out or due in the period.
fn touches(action: &ActionRow, ground: &Ground<'_>) -> bool {
    let due = action.due.parse::<Date>().is_ok_and(|due| ground.period.0 <= due && due <= ground.period.1);
    let done = [&action.done, &action.retested].into_iter().flatten().any(|it| ground.within(day_in_vietnam(&it.at)));
    due || done || ground.within(day_in_vietnam(&action.opened))
}

fn said(row: &mut Builder<'_>, gaps: &[(&RunId, &NoteRow)]) {
    let records = gaps.iter().flat_map(|(_, note)| note.records.iter().copied()).collect();
    let number = row.counted("drills.gaps", gaps.len(), records);
    row.say(&message!("task-gaps", count = number));
    for (run, note) in gaps {
        let id = format!("drills.{run}.gap.{}", note.records.first().copied().unwrap_or_default());
        let text = row.figure(&id, known(note.text.as_ref(), row.lang()), note.records.clone());
        let on = row.figure(&format!("{id}.day"), day(day_in_vietnam(&note.at), row.lang()), note.records.clone());
        row.below(&message!("task-gap", run = run.as_str(), text = text, day = on));
    }
}

/// Actions with their owners and days; `others` are those of drills that are not the period's.
fn put_right(row: &mut Builder<'_>, ground: &Ground<'_>, actions: &[&ActionRow], others: bool) {
    let lang = row.lang();
    let every: Vec<u64> = actions.iter().map(|action| action.number).collect();
    let closed: Vec<u64> = actions.iter().filter_map(|action| closing(action, ground)).map(|it| it.record).collect();
    let prefix = if others { "actions.others" } else { "actions" };
    let all = row.counted(&format!("{prefix}.count"), actions.len(), every.clone());
    let number = closed.len();
    let closed = row.counted(&format!("{prefix}.done"), number, if closed.is_empty() { every } else { closed });
    row.say(&if others {
        message!("task-actions-others", count = all, done = closed)
    } else {
        message!("task-actions", count = all, done = closed)
    });
    for action in actions {
        let id = |name: &str| format!("actions.{}.{name}", action.number);
        let what = row.figure(&id("what"), known(action.what.as_ref(), lang), vec![action.number]);
        let due = action.due.parse().map_or_else(|_| action.due.clone(), |due| day(due, lang));
        let due = row.figure(&id("due"), due, vec![action.number]);
        let owner = action.owner_name.clone().or_else(|| action.owner.as_ref().map(ToString::to_string));
        let owner = row.figure(&id("owner"), known(owner.as_ref(), lang), vec![action.number]);
        let state = state(row, ground, action);
        let run = action.run.as_str();
        row.below(&message!("task-action", run = run, what = what, owner = owner, due = due, state = state));
    }
}

/// The word on an action that closed it by the row's day: what came later is not told.
fn closing<'a>(action: &'a ActionRow, ground: &Ground<'_>) -> Option<&'a Closing> {
    by_then(action.done.as_ref(), ground).or(by_then(action.retested.as_ref(), ground))
}

fn by_then<'a>(closing: Option<&'a Closing>, ground: &Ground<'_>) -> Option<&'a Closing> {
    closing.filter(|it| day_in_vietnam(&it.at) <= ground.on)
}

/// How far an action has come: carried out, how late, shown by which drill, missed again in which.
fn state(row: &mut Builder<'_>, ground: &Ground<'_>, action: &ActionRow) -> String {
    let lang = row.lang();
    let id = |name: &str| format!("actions.{}.{name}", action.number);
    let (done, retested) = (by_then(action.done.as_ref(), ground), by_then(action.retested.as_ref(), ground));
    let due = action.due.parse::<Date>().ok();
    let days_over = |on: Date| {
        let over = due.map_or(0, |due| i64::from((on - due).get_days()));
        usize::try_from(over).ok().filter(|over| *over > 0)
    };
    let mut parts = Vec::new();
    if let Some(done) = done {
        let on = day_in_vietnam(&done.at);
        let shown = row.figure(&id("done"), day(on, lang), vec![done.record]);
        parts.push(message!("task-action-done", day = shown));
        if let Some(late) = days_over(on) {
            let late = row.counted(&id("late"), late, vec![action.number, done.record]);
            parts.push(message!("task-action-late", days = late));
        }
    }
    if let Some((shown, run)) = retested.and_then(|shown| Some((shown, shown.run.as_ref()?))) {
        let retest = ground.runs.iter().find(|it| it.report.run.id == *run);
        let records: Vec<u64> = retest.and_then(began).into_iter().chain([shown.record]).collect();
        let id_of_run = row.figure(&id("retested"), run.to_string(), records.clone());
        let on = retest.map_or(shown.at, |it| it.report.run.began);
        let on = row.figure(&id("retested-day"), day(day_in_vietnam(&on), lang), records);
        parts.push(message!("task-action-retested", run = id_of_run, day = on));
    }
    if parts.is_empty() {
        parts.push(message!("task-action-open"));
        if let Some(over) = days_over(ground.on.min(ground.period.1)) {
            let over = row.counted(&id("overdue"), over, vec![action.number]);
            parts.push(message!("task-action-overdue", days = over));
        }
    }
    let newest = action.measured.iter().rfind(|it| day_in_vietnam(&it.at) <= ground.on);
    if let Some(missed) = newest.filter(|it| it.met == Some(false) && retested.is_none()) {
        let run = row.figure(&id("missed"), missed.run.to_string(), vec![missed.record]);
        parts.push(message!("task-action-missed", run = run));
    }
    listed(&parts, lang)
}
