//! What papers say: documents that were issued and activities outside runs, as they are entered and read.

use std::path::PathBuf;

use jiff::civil::Date;

use super::console::readable;
use super::desk::{Desk, ledger_failure};
use super::{Context, Exit, Failure};
use crate::inventory::table::day as shown;
use crate::ledger::Ledger;
use crate::message::{Message, message};
use crate::model::record::{Activity, ActivityKind};
use crate::model::{ObjectRef, Record, RunState};
use crate::policy::day_in_vietnam;

/// The records from which documents and activities are read, with their corrections, oldest first.
///
/// # Errors
///
/// Where the ledger cannot be read.
pub(crate) fn records(ledger: &Ledger) -> Result<Vec<Record>, Failure> {
    let mut records = Vec::new();
    for kind in ["activity", "document-issued", "corrected"] {
        records.extend(ledger.records_of_type(kind).map_err(|error| ledger_failure(&error))?);
    }
    records.sort_by_key(|record| record.seq);
    Ok(records)
}

/// That the document or the activity in record `seq`, of `date`, counts for nothing.
pub(crate) fn withdrawal(seq: u64, date: Date, because: ObjectRef) -> Activity {
    Activity {
        kind: ActivityKind::Withdrawn,
        date,
        until: None,
        what: None,
        with: None,
        number: None,
        result: None,
        systems: Vec::new(),
        manner: None,
        people: None,
        replaces: Some(seq),
        file: None,
        name: None,
        because: Some(because),
    }
}

/// Holds that a paper can bear `day`: it has come, and is not before `earliest`; beside that stands why.
///
/// # Errors
///
/// Where it cannot.
pub(crate) fn possible(day: Date, earliest: Option<(Date, Message)>, context: &Context) -> Result<(), Failure> {
    let today = day_in_vietnam(&context.clock.now().at);
    let help = match earliest {
        _ if day > today => message!("task-issued-day-come", day = shown(today, context.lang)),
        Some((earliest, why)) if day < earliest => why,
        _ => return Ok(()),
    };
    let message = message!("task-issued-day", day = shown(day, context.lang));
    Err(Failure::new(Exit::Invalid, "day-not-possible", message).help(help))
}

/// The day on which a run began, which no paper about it goes before, and that in words.
///
/// # Errors
///
/// Where the log cannot be read.
pub(crate) fn began(desk: &Desk, state: &RunState, context: &Context) -> Result<Option<(Date, Message)>, Failure> {
    let records = desk.ledger.records(state.began, state.began + 1).map_err(|error| ledger_failure(&error))?;
    let day = records.first().map(|record| day_in_vietnam(&record.occurred()));
    Ok(day.map(|day| (day, message!("task-issued-day-begun", day = shown(day, context.lang)))))
}

/// The place of a signed copy, which can be read and has something in it.
///
/// # Errors
///
/// Where it cannot be read or is empty.
pub(crate) fn signed_copy(file: &str, context: &Context) -> Result<PathBuf, Failure> {
    let path = context.folder.join(file);
    let size = readable(&path).and_then(|()| std::fs::metadata(&path)).map_err(|error| {
        Failure::new(Exit::Machine, "file-unreadable", message!("cli-file-unreadable", path = file)).caused_by(&error)
    })?;
    if size.len() == 0 {
        let failure = Failure::new(Exit::Invalid, "empty-copy", message!("task-issued-empty", path = file));
        return Err(failure.help(message!("task-issued-empty-help")));
    }
    Ok(path)
}

/// The words that were given for `argument`.
///
/// # Errors
///
/// Where they are blank.
pub(crate) fn filled<'t>(argument: &str, text: &'t str) -> Result<&'t str, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::new(Exit::Invalid, "empty-value", message!("entry-empty-value", given = argument)));
    }
    Ok(text)
}

/// The number of a record as it is typed: `31` or `#31`.
pub(crate) fn record_number(text: &str) -> Result<u64, &'static str> {
    text.strip_prefix('#').unwrap_or(text).parse().map_err(|_| "a record's number such as 31")
}
