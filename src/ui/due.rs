//! What falls due at the desk: the files and records of a workspace, gathered for [`crate::report::due`].

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::Value;

use super::copies::{absolute, deeds};
use super::desk::{journal_failure, ledger_failure};
use super::papers;
use super::workspace::{self, SourceText, Workspace};
use super::{Context, Exit, Failure, reporting};
use crate::engine::{Plan, leading};
use crate::inventory::{People, Unit};
use crate::ledger::{Ledger, Verification};
use crate::message::message;
use crate::model::record::People as TakesPart;
use crate::model::{Body, Journal as _, Lang, Mode, Name, Objects as _, RunId, RunKind, RunResult, RunState};
use crate::playbook::Known;
use crate::playbook::exercise::Exercise;
use crate::policy::cadences::{Cadences, Manner};
use crate::policy::day_in_vietnam;
use crate::policy::holidays::Holidays;
use crate::policy::levels::Book;
use crate::report::due::{Drill, Due, Facts, OpenAction, Planned, look};
use crate::report::tasks::{ActivityRow, IssuedRow, activities, issued};
use crate::report::{ActionRow, ActionState};
use crate::source::{self, Finding};

/// What falls due, with what a calendar needs beside it.
pub(crate) struct Looked {
    /// What falls due.
    pub(crate) due: Due,
    /// Days on which nobody works.
    pub(crate) holidays: Holidays,
    /// The unit.
    pub(crate) unit: Unit,
    /// What verifying the ledger came to; nothing where there is none yet.
    pub(crate) verified: Option<Verification>,
}

/// Verifies the ledger of the workspace, as every report does; nothing is written.
///
/// # Errors
///
/// Where it cannot be read. That it does not verify is in what is given.
pub(crate) fn verified(context: &Context, workspace: &Workspace) -> Result<Option<Verification>, Failure> {
    let dir = workspace.ledger();
    if !dir.is_dir() {
        return Ok(None);
    }
    reporting::verified(&dir, None, context).map(Some)
}

/// Looks at the workspace as of the end of `on`.
///
/// # Errors
///
/// Where one of its files does not hold, or the ledger cannot be read: a day that is computed from half of what is there would
/// be a wrong one.
pub(crate) fn looked(context: &Context, workspace: &Workspace, on: Date) -> Result<Looked, Failure> {
    let verified = verified(context, workspace)?;
    let (systems, _) = workspace.systems(context)?;
    let files = Files::read(context, workspace)?;
    let ledger = Past::read(workspace, on, context.lang)?;
    let held: BTreeSet<&Name> = ledger.exercises.iter().collect();
    let planned: Vec<Planned> = files.planned.iter().filter(|it| !held.contains(&it.name)).cloned().collect();
    let deeds = deeds(workspace)?;
    let due = look(&Facts {
        on,
        systems: systems.values().collect(),
        book: &files.book,
        holidays: &files.holidays,
        cadences: &files.cadences,
        drills: &ledger.drills,
        deeds: &deeds,
        absolute: &|path| absolute(workspace, path),
        activities: &ledger.activities,
        issued: &ledger.issued,
        people: files.people.as_ref(),
        exercises: &planned,
        actions: &ledger.actions,
        began: ledger.began,
    });
    Ok(Looked { due, holidays: files.holidays, unit: files.unit, verified })
}

/// What the unit's files say, but for its systems.
struct Files {
    book: Book,
    holidays: Holidays,
    cadences: Cadences,
    people: Option<People>,
    unit: Unit,
    planned: Vec<Planned>,
}

impl Files {
    fn read(context: &Context, workspace: &Workspace) -> Result<Self, Failure> {
        let mut files: Vec<SourceText> = Vec::new();
        let mut findings: Vec<Finding> = Vec::new();
        let mut texts = |folder: &str| -> Result<Vec<(String, String)>, Failure> {
            let read = workspace.texts(folder)?;
            let pairs = read.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
            files.extend(read);
            Ok(pairs)
        };
        let (book, found) = Book::read(&texts("policies/levels")?);
        findings.extend(found);
        let (holidays, found) = Holidays::read(&texts("policies/holidays")?);
        findings.extend(found);
        let (cadences, found) = Cadences::read(&texts("policies/cadences")?);
        findings.extend(found);
        let mut planned = Vec::new();
        for (path, text) in texts("exercises")? {
            match Exercise::read_document(&source::parse(&path, &text), &Known::default()).0 {
                Ok(exercise) => planned.extend(of_exercise(&path, &exercise)),
                Err(found) => findings.extend(found),
            }
        }
        let unit = workspace.text("ungpho.yaml")?;
        let read = Unit::read(&unit.path, &unit.text);
        files.push(unit);
        let mut people = None;
        if workspace.root.join("people.yaml").is_file() {
            let file = workspace.text("people.yaml")?;
            match People::read(&file.path, &file.text) {
                Ok(read) => people = Some(read),
                Err(found) => findings.extend(found),
            }
            files.push(file);
        }
        match read {
            Ok(unit) if !source::any_error(&findings) => Ok(Self { book, holidays, cadences, people, unit, planned }),
            Ok(_) => Err(workspace::report(context, &findings, &files)),
            Err(found) => {
                findings.extend(found);
                Err(workspace::report(context, &findings, &files))
            }
        }
    }
}

fn of_exercise(path: &str, exercise: &Exercise) -> Option<Planned> {
    let name = path.strip_prefix("exercises/")?.strip_suffix(".yaml")?.parse().ok()?;
    Some(Planned { name, playbook: exercise.playbook.clone(), on: exercise.date.parse().ok()? })
}

/// What the records show up to a day.
#[derive(Default)]
struct Past {
    began: Option<Date>,
    drills: Vec<Drill>,
    /// Exercises for which a drill began that counts.
    exercises: Vec<Name>,
    actions: Vec<OpenAction>,
    activities: Vec<ActivityRow>,
    issued: Vec<IssuedRow>,
}

impl Past {
    fn read(workspace: &Workspace, on: Date, lang: Lang) -> Result<Self, Failure> {
        if !workspace.ledger().is_dir() {
            return Ok(Self::default());
        }
        let ledger = Ledger::read_only(&workspace.ledger()).map_err(|error| ledger_failure(&error))?;
        let mut past = Self::default();
        let first = ledger.records(0, 1).map_err(|error| ledger_failure(&error))?;
        past.began = first.first().map(|record| day_in_vietnam(&record.written.at));
        for (run, state) in ledger.runs().map_err(|error| ledger_failure(&error))? {
            if run.kind() == RunKind::Drill {
                past.take(&ledger, &run, &state, on)?;
            }
        }
        past.actions = actions(&ledger, workspace, on, lang)?;
        let records = papers::records(&ledger)?;
        past.activities = activities(&records, &ledger);
        past.issued = issued(&records, &ledger);
        Ok(past)
    }

    /// Takes in a drill, unless it counts for nothing.
    fn take(&mut self, ledger: &Ledger, run: &RunId, state: &RunState, on: Date) -> Result<(), Failure> {
        let records = ledger.records_of(run, state.began).map_err(|error| journal_failure(&error))?;
        let Some(first) = records.first() else { return Ok(()) };
        let Body::RunStarted(started) = &first.draft.body else { return Ok(()) };
        let began = day_in_vietnam(&first.occurred());
        let voided = records.iter().any(|record| matches!(record.draft.body, Body::RunVoided(_)));
        if voided || began > on {
            return Ok(());
        }
        self.exercises.extend(started.exercise.clone().filter(|_| !started.test_clock));
        let Some(ended) = records.iter().find_map(|record| match &record.draft.body {
            Body::RunEnded(ended) => Some(ended),
            _ => None,
        }) else {
            return Ok(());
        };
        let broken =
            || Failure::new(Exit::Machine, "plan-unreadable", message!("cli-plan-unreadable", run = run.as_str()));
        let (_, plan) = leading(&records).ok_or_else(broken)?;
        let bytes = ledger.get(&plan).map_err(|error| journal_failure(&error))?;
        let plan = Plan::from_json(&bytes.ok_or_else(broken)?).map_err(|error| broken().caused_by(&error))?;
        let manner = match plan.mode {
            Mode::Tabletop => Manner::Tabletop,
            Mode::Technical if plan.lab => Manner::Lab,
            Mode::Technical => Manner::Technical,
            Mode::Live | Mode::Respond => Manner::Live,
        };
        self.drills.push(Drill {
            run: run.clone(),
            seq: first.seq,
            on: began,
            manner,
            people: started.people == TakesPart::Console,
            stopped: ended.result == RunResult::Stopped,
            test_clock: started.test_clock,
            systems: about(&plan),
        });
        Ok(())
    }
}

/// The systems that a drill is about: its inputs; every one it touches where no input is a system.
fn about(plan: &Plan) -> Vec<Name> {
    let id = |value: &Value| value.get("id")?.as_str()?.parse::<Name>().ok();
    let inputs: Vec<Name> =
        plan.inputs.values().filter_map(id).filter(|name| plan.systems.contains_key(name)).collect();
    if inputs.is_empty() { plan.systems.keys().cloned().collect() } else { inputs }
}

/// Corrective actions that were opened by the end of `on` and that nobody has closed by then.
fn actions(ledger: &Ledger, workspace: &Workspace, on: Date, lang: Lang) -> Result<Vec<OpenAction>, Failure> {
    let rows = super::actions::as_of(ledger, workspace, lang, on)?;
    let open = rows.into_iter().filter(|row| matches!(row.state, ActionState::Open | ActionState::Overdue));
    let action = |row: ActionRow| {
        Some(OpenAction {
            seq: row.number,
            due: row.due.parse().ok()?,
            owner: row.owner_name.or_else(|| row.owner.map(|owner| owner.to_string())),
            run: Some(row.run),
            what: row.what,
        })
    };
    Ok(open.filter_map(action).collect())
}
