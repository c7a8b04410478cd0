//! Corrective actions: what runs showed to be put right, how far each has come, and what later drills measured.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Records;
use super::gather::kept_people;
use crate::inventory::is_a_name;
use crate::model::record::correctable::amended;
use crate::model::record::{People as TakesPart, SourceFile};
use crate::model::{Actor, Body, Id, Lang, Name, ObjectRef, Objects, Record, RunId, RunKind, Stamp};

/// How far an action has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// Nobody has said that it was carried out, and its last day is over.
    Overdue,
    /// Nobody has said that it was carried out.
    Open,
    /// It was carried out; no later drill has shown it yet.
    Done,
    /// A person says that a later drill has shown it.
    Retested,
}

/// A corrective action.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionRow {
    /// Its number: the record that opened it.
    pub number: u64,
    /// The run that showed it.
    pub run: RunId,
    /// That run's scenario.
    pub playbook: Option<Name>,
    /// What is to be done; null where it was redacted.
    pub what: Option<String>,
    /// Who answers for it, where that is a person of `people.yaml`.
    pub owner: Option<Actor>,
    /// The owner's name, where it is known.
    pub owner_name: Option<String>,
    /// The last day, as 2026-12-31.
    pub due: String,
    /// The objective that it is about.
    pub objective: Option<Id>,
    /// Why; null where nobody said, or it was redacted.
    pub because: Option<String>,
    /// When it was opened.
    pub opened: Stamp,
    /// How far it has come.
    pub state: ActionState,
    /// Days past the last one: until today, or until it was carried out; null where it is not late.
    pub days_over: Option<i64>,
    /// That it was carried out.
    pub done: Option<Closing>,
    /// That a later drill showed it.
    pub retested: Option<Closing>,
    /// What later drills of the scenario measured of its objective, in their order.
    pub measured: Vec<Measured>,
    /// Whether its run counts for nothing.
    pub voided: bool,
    /// The records that it rests on.
    pub records: Records,
}

/// A person's word on an action.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Closing {
    /// When that happened.
    pub at: Stamp,
    /// Who said so.
    pub by: Actor,
    /// The drill that showed it.
    pub run: Option<RunId>,
    /// In words; null where they were redacted.
    pub because: Option<String>,
    /// The record.
    pub record: u64,
}

/// What a later drill measured of an action's objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The drill.
    pub run: RunId,
    /// When it measured that.
    pub at: Stamp,
    /// Whether the objective was met; null where it could not be measured.
    pub met: Option<bool>,
    /// The record.
    pub record: u64,
}

/// A run as far as actions ask for it.
struct Ran {
    began: u64,
    drill: bool,
    playbook: Name,
    ended: bool,
    voided: bool,
}

/// Every corrective action among `records`, in the order in which they were opened. `records` are those of the types
/// `action-…`, `run-…`, `objective-measured` and `corrected`, in the order of the log; `today` is a date such as 2026-12-31.
///
/// Whoever answers for one is called as the run's own files had it, else as in `names`.
///
/// Actions of a run that counts for nothing are left out, and so is what such a run measured.
#[must_use]
pub fn actions(
    records: &[Record],
    objects: &dyn Objects,
    names: &BTreeMap<Actor, String>,
    lang: Lang,
    today: &str,
) -> Vec<ActionRow> {
    let mut rows = every_action(records, objects, names, lang, today);
    rows.retain(|row| !row.voided);
    rows
}

/// As [`actions`], with those of runs that count for nothing: the documents of such a run show what was recorded with it.
#[must_use]
pub fn every_action(
    records: &[Record],
    objects: &dyn Objects,
    names: &BTreeMap<Actor, String>,
    lang: Lang,
    today: &str,
) -> Vec<ActionRow> {
    let records = amended(records);
    let runs = runs(&records);
    let text = |object: &ObjectRef| objects.get_text(object).ok().flatten();
    let mut kept: BTreeMap<&RunId, &[SourceFile]> = BTreeMap::new();
    let mut rows: Vec<ActionRow> = Vec::new();
    for record in &records {
        let Some(run) = &record.draft.run else { continue };
        let voided = runs.get(run).is_some_and(|ran| ran.voided);
        match &record.draft.body {
            Body::RunStarted(it) => {
                kept.insert(run, &it.sources);
            }
            Body::ActionOpened(it) => {
                let people = kept.get(run).and_then(|sources| kept_people(sources, objects));
                let known = it.owner.as_ref().and_then(|owner| {
                    // A duty post that had no name then may have one now.
                    let then = people.as_ref().and_then(|people| Some(people.find(owner.as_str())?.name.pick(lang)));
                    let then = then.filter(|name| is_a_name(name)).map(str::to_owned);
                    then.or_else(|| names.get(owner).cloned())
                });
                rows.push(ActionRow {
                    number: record.seq,
                    run: run.clone(),
                    playbook: runs.get(run).map(|ran| ran.playbook.clone()),
                    what: text(&it.what),
                    owner: it.owner.clone(),
                    owner_name: it.owner_name.as_ref().and_then(text).or(known),
                    due: it.due.clone(),
                    objective: it.objective.clone(),
                    because: it.because.as_ref().and_then(text),
                    opened: record.occurred(),
                    state: ActionState::Open,
                    days_over: None,
                    done: None,
                    retested: None,
                    measured: Vec::new(),
                    voided,
                    records: vec![record.seq],
                });
            }
            Body::ActionClosed(it) => {
                let Some(row) = rows.iter_mut().find(|row| row.number == it.action) else { continue };
                let closing = Closing {
                    at: record.occurred(),
                    by: record.draft.actor.clone(),
                    run: it.retest.clone(),
                    because: it.because.as_ref().and_then(text),
                    record: record.seq,
                };
                row.records.push(record.seq);
                // A drill that came to count for nothing showed nothing.
                match &it.retest {
                    Some(retest) if runs.get(retest).is_none_or(|ran| ran.voided) => {}
                    Some(_) => row.retested = Some(closing),
                    None => row.done = Some(closing),
                }
            }
            _ => {}
        }
    }
    for row in &mut rows {
        row.measured = measured(row, &records, &runs);
        (row.state, row.days_over) = standing(row, today);
    }
    rows
}

fn runs(records: &[Record]) -> BTreeMap<RunId, Ran> {
    let mut runs: BTreeMap<RunId, Ran> = BTreeMap::new();
    for record in records {
        let Some(run) = &record.draft.run else { continue };
        match (&record.draft.body, runs.get_mut(run)) {
            (Body::RunStarted(it), None) => {
                // A technical check and a trial show nothing that people did.
                let drill = it.kind == RunKind::Drill && it.people == TakesPart::Console;
                let playbook = it.playbook.clone();
                runs.insert(run.clone(), Ran { began: record.seq, drill, playbook, ended: false, voided: false });
            }
            (Body::RunEnded(_), Some(ran)) => ran.ended = true,
            (Body::RunVoided(_), Some(ran)) => ran.voided = true,
            _ => {}
        }
    }
    runs
}

/// Whether `later` is a drill that began after `opened`, has ended and counts.
fn counts(later: &Ran, opened: u64) -> bool {
    later.drill && later.ended && !later.voided && later.began > opened
}

fn measured(row: &ActionRow, records: &[Record], runs: &BTreeMap<RunId, Ran>) -> Vec<Measured> {
    let (Some(objective), Some(playbook)) = (&row.objective, &row.playbook) else { return Vec::new() };
    let of = |record: &Record| {
        let Body::ObjectiveMeasured(it) = &record.draft.body else { return None };
        let run = record.draft.run.as_ref()?;
        let later = runs.get(run)?;
        (it.objective == *objective && later.playbook == *playbook && counts(later, row.number)).then(|| Measured {
            run: run.clone(),
            at: record.occurred(),
            met: it.met,
            record: record.seq,
        })
    };
    records.iter().filter_map(of).collect()
}

fn standing(row: &ActionRow, today: &str) -> (ActionState, Option<i64>) {
    if row.retested.is_some() {
        return (ActionState::Retested, None);
    }
    let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
    if let Some(done) = &row.done {
        // Carried out after its day: late all the same.
        let on = done.at.offset.to_datetime(done.at.instant).date();
        let late = day(&row.due).map(|due| i64::from((on - due).get_days())).filter(|late| *late > 0);
        return (ActionState::Done, late);
    }
    let over = day(today).zip(day(&row.due)).map(|(today, due)| i64::from((today - due).get_days()));
    match over.filter(|over| *over > 0) {
        Some(over) => (ActionState::Overdue, Some(over)),
        None => (ActionState::Open, None),
    }
}
