//! `ungpho report coverage`: systems by families of scenarios.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::engine::Plan;
use crate::ledger::Ledger;
use crate::message::message;
use crate::model::record::RunStarted;
use crate::model::{Body, Mode, Name, Objects as _, Record, RunId, RunKind};
use crate::playbook::catalogue;
use crate::playbook::reach::reach;
use crate::policy::day_in_vietnam;
use crate::policy::levels::in_force;
use crate::report::coverage::{Coverage, Covered, Drill, Scenario, general, html, rows, totals, xlsx};
use crate::ui::annexes::last_day;
use crate::ui::cli::playbook::{shipped_besides, stem};
use crate::ui::desk::ledger_failure;
use crate::ui::documents::put;
use crate::ui::entered;
use crate::ui::files::{self, Kind, Loaded};
use crate::ui::leave_out::LeaveOutArgs;
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, levels, place, reporting};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Print in this format; else as the file's name ends, else html
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// See levels from this day, and drills that ended by it; the day of the ledger's last record where nothing is said
    #[arg(long, value_name = "DATE", value_parser = entered::argument)]
    on: Option<Date>,
    #[command(flatten)]
    leave_out: LeaveOutArgs,
    /// Write to this file (`-` is standard output); reports/coverage.html or .xlsx where nothing is said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Html,
    Xlsx,
    Json,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let mut coverage = gather(&workspace, args.on, context)?;
    if let Some(redactor) = args.leave_out.redactor(&workspace, context.lang, context)? {
        coverage.leave_out(&redactor);
    }
    let made = place::format(args.format, args.out.as_deref());
    let (bytes, extension) = match made {
        Format::Html => (html(&coverage, context.lang).into_bytes(), "html"),
        Format::Xlsx => {
            let made = xlsx(&coverage, context.lang).map_err(|error| {
                Failure::new(Exit::Machine, "card-failed", message!("paper-card-failed")).caused_by(&error)
            })?;
            (made, "xlsx")
        }
        Format::Json => {
            let text = serde_json::to_string(&coverage).unwrap_or_default() + "\n";
            (text.into_bytes(), "json")
        }
    };
    let streamed = (made == Format::Json).then_some(Path::new("-"));
    let out = args.out.as_deref().or(streamed);
    put(&workspace, &bytes, out, &format!("{}.{extension}", args.leave_out.stem("coverage")), context)?;
    let fails = coverage.ledger.is_some_and(|standing| standing.ok == Some(false));
    Ok(if fails { Exit::LedgerBroken } else { Exit::Passed })
}

fn gather(workspace: &Workspace, on: Option<Date>, context: &Context) -> Result<Coverage, Failure> {
    let (own, around): (Vec<Loaded>, Vec<Loaded>) =
        files::workspace(&workspace.root).into_iter().partition(|file| file.kind == Kind::Playbook);
    let scenarios = scenarios(&own, &around, context);
    let dir = workspace.ledger();
    let (ledger, mut drills, last) = if dir.join("log").exists() {
        let verification = reporting::verified(&dir, Some(workspace), context)?;
        let ledger = Ledger::read_only(&dir).map_err(|error| ledger_failure(&error))?;
        let noted = crate::ui::noted::Noted::of(&ledger)?.last;
        (Some(reporting::standing(&verification, noted)), drills(&ledger)?, last_day(&ledger)?)
    } else {
        (None, Vec::new(), None)
    };
    if let Some(on) = on {
        drills.retain(|drill| day_in_vietnam(&drill.at) <= on);
    }
    // The same ledger gives the same table on any day.
    let on = on.or(last).unwrap_or_else(|| day_in_vietnam(&context.clock.now().at));
    let book = levels::here(context, workspace);
    let systems: Vec<Covered> = files::read(&[], &around, false)
        .known
        .systems
        .values()
        .map(|system| Covered { id: system.id.clone(), name: system.name.clone(), level: in_force(&book, system, on) })
        .collect();
    let systems = rows(&systems, &scenarios, &drills);
    let general = general(&scenarios, &drills);
    Ok(Coverage {
        version: 1,
        on,
        unit: reporting::who(workspace, context.lang).0,
        ledger,
        summary: totals(&systems),
        general,
        left_out: Vec::new(),
        systems,
    })
}

/// The playbooks that are here: the unit's own, and those that ship where it has none of that name. What is only a part of others
/// is no plan.
fn scenarios(own: &[Loaded], around: &[Loaded], context: &Context) -> Vec<Scenario> {
    let shipped = shipped_besides(own);
    let (of_own, of_shipped) = (files::read(own, around, false), files::read(&shipped, &[], false));
    let mut all = of_shipped.playbooks.clone();
    all.extend(of_own.playbooks.clone());
    let names: BTreeSet<&str> = own.iter().map(stem).collect();
    for file in own {
        let held = stem(file).parse::<Name>().is_ok_and(|name| of_own.playbooks.contains_key(&name));
        if !held {
            context.note(&message!("coverage-unread", file = file.document.file.as_str()));
        }
    }
    let mut scenarios: Vec<&crate::playbook::Playbook> = all.values().collect();
    scenarios.sort_by_key(|playbook| (catalogue::place(playbook), playbook.name.clone()));
    let whole = scenarios.into_iter().filter(|playbook| !catalogue::is_part(playbook));
    whole
        .map(|playbook| Scenario {
            playbook: playbook.name.clone(),
            version: playbook.version,
            title: playbook.title.clone(),
            family: playbook.family,
            own: names.contains(playbook.name.as_str()),
            systems: reach(playbook, &all).systems,
        })
        .collect()
}

/// Every drill that has ended and counts, in the order in which they ended.
fn drills(ledger: &Ledger) -> Result<Vec<Drill>, Failure> {
    let mut records: Vec<Record> = Vec::new();
    for kind in ["run-", "concluded"] {
        records.extend(ledger.records_of_type(kind).map_err(|error| ledger_failure(&error))?);
    }
    records.sort_by_key(|record| record.seq);
    let mut open: BTreeMap<RunId, (u64, Mode, RunStarted)> = BTreeMap::new();
    let mut drills: Vec<Drill> = Vec::new();
    for record in records {
        let Some(run) = record.draft.run.clone() else { continue };
        match record.draft.body {
            Body::RunStarted(started) if started.kind == RunKind::Drill => {
                if let Some(mode) = record.draft.mode {
                    open.insert(run, (record.seq, mode, started));
                }
            }
            Body::RunEnded(ended) => {
                let Some((began, mode, started)) = open.remove(&run) else { continue };
                let bytes = ledger.get(&started.plan).map_err(|error| crate::ui::desk::journal_failure(&error))?;
                // A plan that was redacted tells no systems: the drill covers none.
                let plan = bytes.and_then(|bytes| Plan::from_json(&bytes).ok());
                drills.push(Drill {
                    run,
                    at: record.written.at,
                    playbook: started.playbook,
                    version: plan.as_ref().map_or(0, |plan| plan.version),
                    systems: plan.map(|plan| plan.systems.keys().cloned().collect()).unwrap_or_default(),
                    mode,
                    lab: started.lab,
                    people: started.people,
                    test_clock: started.test_clock,
                    result: ended.result,
                    conclusion: None,
                    records: vec![began, record.seq],
                });
            }
            Body::RunVoided(_) => drills.retain(|drill| drill.run != run),
            Body::Concluded(concluded) => {
                if let Some(drill) = drills.iter_mut().find(|drill| drill.run == run) {
                    drill.conclusion = Some(concluded.verdict);
                    drill.records.push(record.seq);
                }
            }
            _ => {}
        }
    }
    Ok(drills)
}
