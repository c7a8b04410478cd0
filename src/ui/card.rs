//! Sheets to work on paper, from the workspace: for `ungpho report card`.

use std::path::PathBuf;
use std::sync::Arc;

use super::begin::{self, Wish};
use super::desk::{Desk, journal_failure};
use super::duties::Policies;
use super::library::Library;
use super::workspace::Workspace;
use super::{Context, Failure, entry, reporting};
use crate::engine::{State, fold};
use crate::inventory::Unit;
use crate::message::{Lang, format};
use crate::model::{Digest, Journal as _, Mode, Name, Objects as _, Record, RunId, Stamp, Text};
use crate::policy::duties::{self as words, Limit};
use crate::report::card::{Around, Card, CardDuty, card};

/// The sheets of a playbook that nobody has begun, as an incident would be worked.
///
/// # Errors
///
/// Where a file is not valid, or the playbook cannot be planned like this.
pub(crate) fn of_playbook(context: &Context, playbook: &Name, system: Option<&str>) -> Result<Card, Failure> {
    let workspace = Workspace::find(context)?;
    let wish = Wish { system: system.map(str::to_owned), ..Wish::new(playbook, Mode::Respond, false) };
    let mut sources = Vec::new();
    let unit = begin::unit(&workspace, context, &mut sources)?;
    let plan = begin::planned(&wish, context, &workspace, &unit, &mut sources)?;
    let (systems, _) = workspace.systems(context)?;
    let library = Library::read(&workspace, &systems)?;
    let digest = library.file(playbook).map(|file| Digest::of(file.text.as_bytes()).hex());
    let given =
        Given { state: &State::new(Arc::new(plan)), digest, run: None, unit: Some(&unit), verified: true, last: None };
    made(context, &workspace, given)
}

/// The sheets of a run as it stands.
///
/// # Errors
///
/// Where there is no such run, or its plan or records cannot be read.
pub(crate) fn of_run(context: &Context, run: &RunId) -> Result<Card, Failure> {
    let desk = Desk::to_look(context)?;
    let (run, life) = desk.run(Some(run))?;
    let (plan, part) = desk.plan(&run, &life)?;
    let records = desk.ledger.records_of(&run, life.began).map_err(|error| journal_failure(&error))?;
    let state = fold(plan, part, &records);
    // The text that the run was made from, and not what the file has become since.
    let wanted = format!("/{}.yaml", state.plan().playbook);
    let source = reporting::sources(&records).iter().find(|source| source.path.ends_with(&wanted));
    let bytes = source.map(|source| desk.ledger.get(&source.file)).transpose().map_err(|e| journal_failure(&e))?;
    let digest = bytes.flatten().map(|bytes| Digest::of(&bytes).hex());
    let mut sources = Vec::new();
    let unit = begin::unit(&desk.workspace, context, &mut sources).ok();
    // Sheets are needed most where something is wrong: they are made all the same, and say so on every page.
    let verified = reporting::verified(&desk.workspace.ledger(), None, context)?.ok;
    let given = Given { state: &state, digest, run: Some(&run), unit: unit.as_ref(), verified, last: records.last() };
    made(context, &desk.workspace, given)
}

/// What sheets are made from.
struct Given<'a> {
    state: &'a State,
    /// SHA-256 of the playbook's file.
    digest: Option<String>,
    run: Option<&'a RunId>,
    unit: Option<&'a Unit>,
    /// Whether the ledger verifies that the run is read from.
    verified: bool,
    /// The run's last record: what the sheets say is so at its moment, whenever they are printed.
    last: Option<&'a Record>,
}

fn made(context: &Context, workspace: &Workspace, given: Given<'_>) -> Result<Card, Failure> {
    let Given { state, digest, run, unit, verified, last } = given;
    let now = last.map_or_else(|| context.clock.now(), |record| record.written.clone());
    let people = entry::people(context, workspace)?;
    let around = Around {
        unit: unit.map(|unit| unit.unit.pick(context.lang)),
        people: people.as_ref(),
        digest,
        run,
        verified,
        duties: duties(context, workspace, state, &now.at),
        record: last.map(|record| record.seq),
        now: &now,
    };
    Ok(card(state, &around))
}

/// What is due by law in an incident, with its limits, for the sheets: all that is in force on the day.
fn duties(context: &Context, workspace: &Workspace, state: &State, now: &Stamp) -> Vec<CardDuty> {
    let policies = Policies::here(context, workspace);
    let duties = policies.rules(state.plan()).duties(state, now);
    let rows = duties.rows.iter().map(|row| {
        let both = |text: &dyn Fn(Lang) -> String| Text::Each { vi: Some(text(Lang::Vi)), en: Some(text(Lang::En)) };
        let title = |lang| match &row.condition {
            Some(condition) => format!("{} – {}", row.title.pick(lang), condition.pick(lang)),
            None => row.title.pick(lang).to_owned(),
        };
        let joined = |texts: Vec<&str>| texts.join("; ");
        let to = |lang| joined(row.to.iter().map(|to| to.name.pick(lang)).collect());
        let limit = |lang| match (&row.due, &row.limit) {
            (Some(due), Limit::Within(_)) => {
                format!("{} ({})", words::limit(row).render(lang), format::time(due, lang))
            }
            _ => words::limit(row).render(lang),
        };
        let cites = |lang| {
            let mut lines: Vec<String> = row.cites.iter().map(|cited| words::citation(cited).render(lang)).collect();
            lines.extend(words::unsure(row).iter().map(|line| line.render(lang)));
            lines.join("; ")
        };
        CardDuty {
            title: both(&title),
            to: (!row.to.is_empty()).then(|| both(&to)),
            limit: both(&limit),
            citation: Some(both(&cites)),
        }
    });
    rows.collect()
}

/// Where the sheets go when nothing else is said: `reports/<RUN or playbook>-card.<extension>` in the workspace.
pub(crate) fn place_of(workspace: &Workspace, card: &Card, extension: &str) -> PathBuf {
    let name = card.run.as_ref().map_or_else(|| card.playbook.clone(), ToString::to_string);
    workspace.root.join("reports").join(format!("{name}-card.{extension}"))
}
