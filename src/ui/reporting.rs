//! Makes the report of a run from the ledger of a workspace: for `ungpho report` and for `ungpho try`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::desk::{Desk, ledger_failure};
use super::duties::Policies;
use super::held;
use super::noted::Noted;
use super::place;
use super::signers;
use super::workspace::Workspace;
use super::{Context, Exit, Failure};
use crate::engine::{self, Plan};
use crate::inventory::{People, Unit, is_a_name};
use crate::ledger::note::base64;
use crate::ledger::{self, Ledger, Severity, Verification};
use crate::message::{Lang, message};
use crate::model::record::SourceFile;
use crate::model::{Actor, Body, Journal as _, Objects as _, Record, RunId, Text};
use crate::report::{self, Facts, Part, Report, Standing, StandingFinding};

/// The report of `run`, or of the run that began last, from the ledger in `dir`. The ledger is verified first.
///
/// # Errors
///
/// No ledger, no such run, or records that cannot be read. That the ledger does not verify is in the report.
pub fn make(
    dir: &Path,
    workspace: Option<&Workspace>,
    run: Option<&RunId>,
    context: &Context,
) -> Result<Report, Failure> {
    let verification = verified(dir, workspace, context)?;
    let ledger = Ledger::read_only(dir).map_err(|error| ledger_failure(&error))?;
    let runs = ledger.runs().map_err(|error| ledger_failure(&error))?;
    let run = match run {
        Some(run) if runs.contains_key(run) => run.clone(),
        Some(run) => {
            return Err(Failure::new(Exit::Invalid, "unknown-run", message!("cli-report-no-run", run = run.as_str()))
                .help(message!("cli-evidence-unknown-help")));
        }
        None => match runs.iter().max_by_key(|(_, state)| state.began) {
            Some((run, _)) => run.clone(),
            None => return Err(Failure::new(Exit::Invalid, "no-runs", message!("cli-evidence-no-runs"))),
        },
    };
    let standing = standing(&verification, Noted::of(&ledger)?.last);
    of_run(&ledger, &standing, &run, workspace, context).map(|(report, _)| report)
}

/// The ledger of the workspace, which holds, with the inventory as it stands kept in it first; and what verifying came to.
///
/// # Errors
///
/// Where it does not verify, or cannot be read or written.
pub(crate) fn sound(workspace: &Workspace, context: &Context) -> Result<(Ledger, Standing), Failure> {
    let dir = workspace.ledger();
    let verification = verified(&dir, Some(workspace), context)?;
    if !verification.ok {
        return Err(Failure::new(Exit::LedgerBroken, "ledger-unverified", message!("task-unverified"))
            .help(message!("task-unverified-help")));
    }
    let ledger = Ledger::read_only(&dir).map_err(|error| ledger_failure(&error))?;
    let standing = standing(&verification, Noted::of(&ledger)?.last);
    Ok((ledger, standing))
}

/// The report of `run`, and the plan that led it last.
///
/// # Errors
///
/// Where its records or its plan cannot be read.
pub(crate) fn of_run(
    ledger: &Ledger,
    standing: &Standing,
    run: &RunId,
    workspace: Option<&Workspace>,
    context: &Context,
) -> Result<(Report, Arc<Plan>), Failure> {
    let unreadable = |error: &(dyn std::error::Error + 'static)| {
        Failure::new(Exit::LedgerBroken, "unreadable-records", message!("cli-evidence-unreadable")).caused_by(error)
    };
    let records = ledger.records_of(run, 0).map_err(|error| unreadable(&error))?;
    let no_plan = || Failure::new(Exit::LedgerBroken, "no-plan", message!("cli-report-no-plan", run = run.as_str()));
    let sources = sources(&records);
    let mut parts = Vec::new();
    for (from, object) in engine::parts(&records) {
        let plan = ledger.get(&object).map_err(|error| unreadable(&error))?.ok_or_else(no_plan)?;
        let plan = Arc::new(Plan::from_json(&plan).map_err(|error| no_plan().caused_by(&error))?);
        parts.push(Part { plan, from });
    }
    let leading = parts.last().ok_or_else(no_plan)?;
    let signed = ledger.records_of_type("signed").map_err(|error| ledger_failure(&error))?;
    let keys = signers::of_run(ledger, sources, &signers::today(workspace.map(|workspace| workspace.root.as_path())));
    let (unit, names) = workspace.map(|workspace| who(workspace, context.lang)).unwrap_or_default();
    let names = named_then(&records, ledger, context.lang, names);
    // The rules are those that were kept when the run began; a run of before that has those of the workspace.
    let policies = match (sources, workspace) {
        ([], Some(workspace)) => Policies::here(context, workspace),
        (sources, _) => Policies::kept(ledger, sources),
    };
    let rules = policies.rules(&leading.plan);
    // Of a ledger that does not hold the newest record may not be read.
    let newest = standing.size.checked_sub(1).and_then(|last| ledger.records(last, standing.size).ok());
    let newest = newest.and_then(|records| records.last().map(|record| record.written.clone()));
    let facts = Facts {
        parts: &parts,
        rules: &rules,
        records: &records,
        objects: ledger,
        standing,
        now: &context.clock.now(),
        newest: newest.as_ref(),
        unit: unit.as_deref(),
        names: &names,
        signed: &signed,
        keys: &keys,
    };
    let report = report::run(&facts).ok_or_else(no_plan)?;
    Ok((report, leading.plan.clone()))
}

/// Verifies the ledger in `dir`. Where it is the workspace's and holds, the files of the inventory are kept in it first.
///
/// # Errors
///
/// Where it cannot be read. That it does not verify is in what is given.
pub(crate) fn verified(dir: &Path, workspace: Option<&Workspace>, context: &Context) -> Result<Verification, Failure> {
    let verify = || ledger::verify(dir, &ledger::Options::default()).map_err(|error| ledger_failure(&error));
    let mut verification = verify()?;
    if verification.ok && verification.signed < verification.size {
        held::let_it_sign(dir);
        verification = verify()?;
    }
    if verification.ok
        && let Some(workspace) = workspace.filter(|workspace| workspace.ledger() == dir)
        && note_inventory(workspace, context)
    {
        return verify();
    }
    Ok(verification)
}

/// Keeps the files of the inventory as they stand, where one changed since they were kept last; whether something was kept.
/// A ledger that cannot be written keeps no report from being made: that is told, and the report names the older record.
fn note_inventory(workspace: &Workspace, context: &Context) -> bool {
    let noted = Desk::to_look(context).and_then(|desk| {
        let desk = Desk { workspace: workspace.clone(), ..desk };
        super::noted::note(&desk, context, None, false)
    });
    match noted {
        Ok(done) => done.is_some(),
        Err(failure) => {
            failure.print(context);
            false
        }
    }
}

/// What the plan that leads was made from.
pub(crate) fn sources(records: &[Record]) -> &[SourceFile] {
    let of = |record: &Record| matches!(record.draft.body, Body::RunStarted(_) | Body::PlaybookSwitched(_));
    match records.iter().rfind(|record| of(record)).map(|record| &record.draft.body) {
        Some(Body::RunStarted(started)) => &started.sources,
        Some(Body::PlaybookSwitched(switched)) => &switched.sources,
        _ => &[],
    }
}

/// Where a run's page is kept when nothing else is said: `reports/<RUN>.html` in the workspace.
#[must_use]
pub fn page_of(workspace: &Workspace, run: &RunId) -> PathBuf {
    workspace.root.join("reports").join(format!("{run}.html"))
}

/// A report as one JSON document.
pub(crate) fn pretty(report: &impl serde::Serialize) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// Writes a report whole or not at all, with the folder it goes into. A link is written through.
///
/// # Errors
///
/// Where it cannot be written, or the place is evidence or read by the workspace.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_bytes(path, text.as_bytes())
}

/// As [`write()`], for what is no text.
///
/// # Errors
///
/// As [`write()`].
pub fn write_bytes(path: &Path, text: &[u8]) -> Result<(), Failure> {
    exchange(&place::free(path)?, text)
}

/// As [`write_bytes`], wherever it is: for a file of the workspace itself.
///
/// # Errors
///
/// Where it cannot be written.
pub(crate) fn exchange(path: &Path, text: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let shown = path.display().to_string();
        Failure::new(Exit::Machine, "report-write", message!("cli-cannot-write", path = shown)).caused_by(&error)
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    // A device or a pipe is written to as it is: it cannot be exchanged.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, text).map_err(failed);
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let scratch = PathBuf::from(name);
    fs::write(&scratch, text).and_then(|()| fs::rename(&scratch, path)).map_err(|error| {
        // Where it cannot be taken away either, the first error is the one to tell.
        let _ = fs::remove_file(&scratch);
        failed(error)
    })
}

/// The unit's name and the names of its people. A file that does not read well leaves ids in their place.
pub(crate) fn who(workspace: &Workspace, lang: Lang) -> (Option<String>, BTreeMap<Actor, String>) {
    let read = |file: &str| fs::read_to_string(workspace.root.join(file)).ok();
    let unit = read("ungpho.yaml").and_then(|text| Unit::read("ungpho.yaml", &text).ok());
    let people = read("people.yaml").and_then(|text| People::read("people.yaml", &text).ok());
    let names = people.map(|people| {
        people.people.iter().map(|person| (person.id.clone(), person.name.pick(lang).to_owned())).collect()
    });
    (unit.map(|unit| unit.unit.pick(lang).to_owned()), names.unwrap_or_default())
}

/// The names of people as a run's own files had them when it began; for whoever is not among those, as in `today`. A later change
/// of the unit's people renames nobody in what was.
fn named_then(
    records: &[Record],
    ledger: &Ledger,
    lang: Lang,
    mut today: BTreeMap<Actor, String>,
) -> BTreeMap<Actor, String> {
    let started = records.iter().find_map(|record| match &record.draft.body {
        Body::RunStarted(started) => Some(started),
        _ => None,
    });
    let kept = started.and_then(|started| report::kept_people(&started.sources, ledger));
    let people = kept.into_iter().flat_map(|kept| kept.people);
    let named = people.map(|person| (person.id, person.name.pick(lang).to_owned()));
    // A duty post that had no name then may have one now.
    today.extend(named.filter(|(_, name)| is_a_name(name)));
    today
}

/// What verifying came to, as reports say it.
pub(crate) fn standing(verification: &Verification, inventory_noted: Option<u64>) -> Standing {
    let findings = verification.findings.iter().map(|finding| StandingFinding {
        severity: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
        .to_owned(),
        code: finding.code.to_owned(),
        seq: finding.seq,
        message: Text::Each { vi: Some(finding.message.render(Lang::Vi)), en: Some(finding.message.render(Lang::En)) },
    });
    Standing {
        ok: Some(verification.ok),
        origin: verification.origin.clone(),
        size: verification.size,
        root: base64(&verification.root),
        signed: verification.signed,
        held: verification.held,
        inventory_noted,
        findings: findings.collect(),
    }
}
