//! Corrective actions for the commands: those of the workspace's ledger, and their words.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use super::desk::ledger_failure;
use super::{Context, Failure, Workspace};
use crate::inventory::People;
use crate::ledger::Ledger;
use crate::message::{Message, format, message};
use crate::model::{Actor, Lang};
use crate::policy::{day_in_vietnam, in_vietnam};
use crate::report::{ActionRow, ActionState, actions, every_action};

/// The types of records from which actions are made.
const KINDS: [&str; 4] = ["action-", "run-", "objective-measured", "corrected"];

/// Every corrective action in `ledger`, as it stands on the day `today`, such as 2026-12-31.
///
/// # Errors
///
/// Where the log cannot be read.
pub(crate) fn read(ledger: &Ledger, workspace: &Workspace, lang: Lang, today: &str) -> Result<Vec<ActionRow>, Failure> {
    let mut rows = every(ledger, workspace, lang, today)?;
    rows.retain(|row| !row.voided);
    Ok(rows)
}

/// As [`read`], with those of runs that count for nothing.
///
/// # Errors
///
/// Where the log cannot be read.
pub(crate) fn every(
    ledger: &Ledger,
    workspace: &Workspace,
    lang: Lang,
    today: &str,
) -> Result<Vec<ActionRow>, Failure> {
    let mut records = Vec::new();
    for kind in KINDS {
        records.extend(ledger.records_of_type(kind).map_err(|error| ledger_failure(&error))?);
    }
    records.sort_by_key(|record| record.seq);
    Ok(every_action(&records, ledger, &names(workspace, lang), lang, today))
}

/// Every corrective action in `ledger`, as it stood at the end of the day `on`, with what was corrected since.
///
/// # Errors
///
/// Where the log cannot be read.
pub(crate) fn as_of(ledger: &Ledger, workspace: &Workspace, lang: Lang, on: Date) -> Result<Vec<ActionRow>, Failure> {
    let mut records = Vec::new();
    for kind in KINDS {
        records.extend(ledger.records_of_type(kind).map_err(|error| ledger_failure(&error))?);
    }
    records
        .retain(|record| !record.draft.body.kind().starts_with("action-") || day_in_vietnam(&record.occurred()) <= on);
    records.sort_by_key(|record| record.seq);
    Ok(actions(&records, ledger, &names(workspace, lang), lang, &on.to_string()))
}

/// Today in Vietnam, as 2026-12-31.
pub(crate) fn today(context: &Context) -> String {
    let now = in_vietnam(&context.clock.now().at);
    now.offset.to_datetime(now.instant).date().to_string()
}

/// Names of the people of the workspace, by id, positions where there are only those; none where their file is missing or does not hold.
fn names(workspace: &Workspace, lang: Lang) -> BTreeMap<Actor, String> {
    let file = Path::new(&workspace.root).join("people.yaml");
    let text = std::fs::read_to_string(file).ok();
    let people = text.and_then(|text| People::read("people.yaml", &text).ok());
    let named = |people: People| {
        let names = people.people.iter().map(|person| (person.id.clone(), person.called(lang)));
        names.filter(|(id, name)| name != id.as_str()).collect()
    };
    people.map(named).unwrap_or_default()
}

/// Who answers for an action.
pub(crate) fn owner(row: &ActionRow, lang: Lang) -> String {
    match (&row.owner_name, &row.owner) {
        // A duty post's words have the id already.
        (Some(name), Some(id)) if !name.ends_with(&format!("({id})")) => format!("{name} ({id})"),
        (Some(name), _) => name.clone(),
        (None, Some(id)) => id.to_string(),
        (None, None) => message!("report-redacted").render(lang),
    }
}

/// How far an action has come, in words.
pub(crate) fn standing(row: &ActionRow, lang: Lang) -> Message {
    match (row.state, &row.retested, &row.done) {
        (ActionState::Overdue, ..) => message!("action-overdue", days = row.days_over.unwrap_or_default()),
        (ActionState::Done, _, Some(done)) if row.days_over.is_some() => {
            let (date, days) = (format::date(&done.at, lang), row.days_over.unwrap_or_default());
            message!("action-done-late", date = date, days = days)
        }
        (ActionState::Done, _, Some(done)) => message!("action-done", date = format::date(&done.at, lang)),
        (ActionState::Retested, Some(it), _) => {
            message!("action-retested", run = it.run.as_ref().map_or("–", |run| run.as_str()))
        }
        (ActionState::Open | ActionState::Done | ActionState::Retested, ..) => message!("action-open"),
    }
}
