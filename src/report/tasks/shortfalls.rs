//! What the drills that count showed to fall short, and what is done about it by when.

use std::collections::BTreeSet;

use super::Ground;
use super::apart::Counted;
use super::figures::Builder;
use super::row9::known;
use crate::inventory::table::day;
use crate::message::message;
use crate::model::RunId;
use crate::model::record::Finding;
use crate::policy::day_in_vietnam;
use crate::policy::redaction::Class;
use crate::report::{ActionRow, NoteRow};

/// Gaps that people noted in the drills, and corrective actions that came of them.
pub(super) fn shortfalls(row: &mut Builder<'_>, ground: &Ground<'_>, counted: &[Counted<'_>]) {
    let gaps: Vec<(&RunId, &NoteRow)> = counted
        .iter()
        .flat_map(|it| it.run.report.notes.iter().map(|note| (&it.run.report.run.id, note)))
        .filter(|(_, note)| note.finding == Some(Finding::Gap))
        .collect();
    let runs: BTreeSet<&RunId> = counted.iter().map(|it| &it.run.report.run.id).collect();
    let opened = |action: &&ActionRow| runs.contains(&action.run) && day_in_vietnam(&action.opened) <= ground.period.1;
    let actions: Vec<&ActionRow> = ground.actions.iter().filter(opened).collect();
    if gaps.is_empty() {
        row.say(&message!("task-gaps-none"));
    } else if row.may_say(Class::Weaknesses) {
        said(row, &gaps);
    }
    if actions.is_empty() {
        row.say(&message!("task-actions-none"));
    } else if row.may_say(Class::Weaknesses) {
        put_right(row, ground, &actions);
    }
}

fn said(row: &mut Builder<'_>, gaps: &[(&RunId, &NoteRow)]) {
    let records = gaps.iter().flat_map(|(_, note)| note.records.iter().copied()).collect();
    let number = row.counted("drills.gaps", gaps.len(), records);
    row.say(&message!("task-gaps", count = number));
    for (run, note) in gaps {
        let id = format!("drills.{run}.gap.{}", note.records.first().copied().unwrap_or_default());
        let text = row.figure(&id, known(note.text.as_ref(), row.lang()), note.records.clone());
        row.below(&message!("task-gap", run = run.as_str(), text = text));
    }
}

fn put_right(row: &mut Builder<'_>, ground: &Ground<'_>, actions: &[&ActionRow]) {
    let lang = row.lang();
    // What was done after the last day of the period is not of the period.
    let done = |action: &ActionRow| {
        let closing = action.done.as_ref().or(action.retested.as_ref())?;
        let on = day_in_vietnam(&closing.at);
        (on <= ground.period.1).then_some((on, closing.record))
    };
    let every = actions.iter().map(|action| action.number).collect();
    let closed: Vec<u64> = actions.iter().filter_map(|action| done(action).map(|(_, record)| record)).collect();
    let all = row.counted("actions.count", actions.len(), every);
    let number = closed.len();
    let closed = if closed.is_empty() { actions.iter().map(|action| action.number).collect() } else { closed };
    let closed = row.counted("actions.done", number, closed);
    row.say(&message!("task-actions", count = all, done = closed));
    for action in actions {
        let id = |name: &str| format!("actions.{}.{name}", action.number);
        let what = row.figure(&id("what"), known(action.what.as_ref(), lang), vec![action.number]);
        let due = action.due.parse().map_or_else(|_| action.due.clone(), |due| day(due, lang));
        let due = row.figure(&id("due"), due, vec![action.number]);
        let owner = action.owner_name.clone().or_else(|| action.owner.as_ref().map(ToString::to_string));
        let state = match done(action) {
            Some((on, record)) => {
                let on = row.figure(&id("done"), day(on, lang), vec![record]);
                message!("task-action-done", day = on)
            }
            None => message!("task-action-open"),
        };
        row.below(&message!(
            "task-action",
            run = action.run.as_str(),
            what = what,
            owner = known(owner.as_ref(), lang),
            due = due,
            state = state
        ));
    }
}
