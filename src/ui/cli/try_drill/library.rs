//! `ungpho try --all`: the whole library, each scenario in the lab with nobody taking part, and a table of what was measured.
//!
//! Each drill is a process of its own, as an operator would start it; what is printed is read from the ledger and from the lab
//! afterwards. A drill holds where its run passed, no objective was missed, and nothing of its fault is left in the lab.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::{Args, prepare};
use crate::lab::{self, Lab, ServiceState};
use crate::message::{Message, format, message};
use crate::model::{Mode, Name, RunId, RunResult};
use crate::playbook::reach::{Reach, Way, reach};
use crate::playbook::{Playbook, catalogue};
use crate::report::Report;
use crate::step::{Action, Step};
use crate::ui::desk::ledger_failure;
use crate::ui::library::Library;
use crate::ui::table::table;
use crate::ui::{Context, Exit, Failure, Workspace, reporting};

/// One scenario and how it can be tried.
struct Scenario {
    playbook: Playbook,
    reach: Reach,
    lab: bool,
}

/// What came of one scenario.
#[derive(Clone, Debug, Serialize)]
struct Row {
    scenario: Name,
    /// `lab`, or `tabletop` where the lab does not make its fault.
    way: &'static str,
    run: Option<RunId>,
    holds: bool,
    /// Why it does not hold, in words.
    why: Vec<String>,
    /// Seconds.
    outage: Option<u64>,
    served: Option<u64>,
    refused: Option<u64>,
    records_lost: Option<i64>,
    objectives_met: usize,
    objectives: usize,
    /// Seconds.
    took: u64,
    log: PathBuf,
}

/// Runs the scenarios that are named, or all of them.
///
/// # Errors
///
/// Where a scenario is not there, the folder is somebody else's, or the machine gets in the way.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let folder = context.folder.join(&args.folder);
    prepare(&folder)?;
    let first = Context { workspace: Some(folder.clone()), ..context.clone() };
    let scenarios = scenarios(args, &first)?;
    let workers = args.jobs.clamp(1, scenarios.len().max(1));
    // The first works in the folder itself, so that a single worker leaves one workspace with one ledger.
    let mut places = vec![folder.clone()];
    for number in 2..=workers {
        let place = folder.join(format!("worker-{number}"));
        prepare(&place)?;
        copy_playbooks(&folder, &place)?;
        places.push(place);
    }
    let all = scenarios.len();
    let queue: Mutex<VecDeque<Scenario>> = Mutex::new(scenarios.into());
    let rows: Mutex<Vec<Row>> = Mutex::default();
    let failure: Mutex<Option<Failure>> = Mutex::default();
    std::thread::scope(|scope| {
        for place in &places {
            let (queue, rows, failure) = (&queue, &rows, &failure);
            scope.spawn(move || {
                let context = Context { workspace: Some(place.clone()), ..context.clone() };
                loop {
                    let Some(scenario) = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front() else {
                        break;
                    };
                    match one(&scenario, place, &context) {
                        Ok(row) => {
                            let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
                            rows.push(row);
                            let (done, row) = (rows.len(), rows.last());
                            if let Some(row) = row {
                                context.note(&progress(row, done, all, &context));
                            }
                        }
                        Err(error) => {
                            *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                            break;
                        }
                    }
                }
                // Whatever came of it, no lab is left behind.
                let _ = lab::down(&place.join("lab"));
            });
        }
    });
    if let Some(failure) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(failure);
    }
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by(|a, b| a.scenario.cmp(&b.scenario));
    let mut ledgers_hold = true;
    for place in places.iter().filter(|place| place.join("ledger").is_dir()) {
        let verification = crate::ledger::verify(&place.join("ledger"), &crate::ledger::Options::default())
            .map_err(|error| ledger_failure(&error))?;
        ledgers_hold &= verification.ok;
        let size = format::number(verification.size, context.lang);
        let signed = format::number(verification.signed, context.lang);
        context.note(&if verification.ok {
            message!("cli-try-holds", size = size, signed = signed)
        } else {
            message!("cli-try-broken")
        });
    }
    if args.json {
        context.out(&(serde_json::json!({ "version": 1, "scenarios": rows }).to_string() + "\n"));
    } else {
        context.out(&shown(&rows, context));
    }
    let held = rows.iter().filter(|row| row.holds).count();
    context.note(&message!("cli-try-all-done", held = held, all = rows.len()));
    Ok(match (ledgers_hold, held == rows.len()) {
        (false, _) => Exit::LedgerBroken,
        (true, true) => Exit::Passed,
        (true, false) => Exit::NotPassed,
    })
}

/// The scenarios that are asked for, in the order of the list.
fn scenarios(args: &Args, context: &Context) -> Result<Vec<Scenario>, Failure> {
    let workspace = Workspace::find(context)?;
    let (systems, _) = workspace.systems(context)?;
    let library = Library::read(&workspace, &systems)?;
    let lab: BTreeSet<Name> = lab::ids().map_err(|error| Failure::of(Exit::Machine, &error))?;
    let wanted: Vec<&Name> = if args.all {
        library.playbooks.keys().chain(library.broken.keys()).collect()
    } else {
        args.scenarios.iter().collect()
    };
    let mut all = Vec::new();
    for name in wanted {
        let playbook = library.playbook(context, name)?;
        if args.all && catalogue::is_part(playbook) {
            continue;
        }
        let reach = reach(playbook, &library.playbooks);
        let lab = reach.ways(&lab).contains(&Way::Lab);
        all.push(Scenario { playbook: playbook.clone(), reach, lab });
    }
    all.sort_by_key(|scenario| (catalogue::place(&scenario.playbook), scenario.playbook.name.clone()));
    Ok(all)
}

/// The unit's own playbooks, for another worker.
fn copy_playbooks(from: &Path, to: &Path) -> Result<(), Failure> {
    let (from, to) = (from.join("playbooks"), to.join("playbooks"));
    let failed = |error: &std::io::Error| {
        Failure::new(Exit::Machine, "cannot-write", message!("cli-cannot-write", path = to.display().to_string()))
            .caused_by(error)
    };
    let Ok(entries) = std::fs::read_dir(&from) else { return Ok(()) };
    std::fs::create_dir_all(&to).map_err(|error| failed(&error))?;
    for entry in entries.filter_map(Result::ok).filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Drills one scenario, and looks at what is left.
fn one(scenario: &Scenario, place: &Path, context: &Context) -> Result<Row, Failure> {
    let name = &scenario.playbook.name;
    let logs = place.join("logs");
    let log = logs.join(format!("{name}.log"));
    let failed = |error: &std::io::Error| {
        Failure::new(Exit::Machine, "cannot-write", message!("cli-cannot-write", path = log.display().to_string()))
            .caused_by(error)
    };
    std::fs::create_dir_all(&logs).map_err(|error| failed(&error))?;
    let out = File::create(&log).map_err(|error| failed(&error))?;
    let err = out.try_clone().map_err(|error| failed(&error))?;
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(Exit::Machine, "no-program", message!("cli-no-program")).caused_by(&error))?;
    let begun = Instant::now();
    let way = if scenario.lab { "lab" } else { "tabletop" };
    let status = Command::new(program)
        .args([
            "drill",
            name.as_str(),
            "--unattended",
            "--foreground",
            &format!("--{way}"),
            "--lang",
            context.lang.code(),
        ])
        .arg("--workspace")
        .arg(place)
        .current_dir(place)
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .status()
        .map_err(|error| failed(&error))?;
    let took = begun.elapsed().as_secs();
    let mut row = Row {
        scenario: name.clone(),
        way,
        run: None,
        holds: false,
        why: Vec::new(),
        outage: None,
        served: None,
        refused: None,
        records_lost: None,
        objectives_met: 0,
        objectives: 0,
        took,
        log,
    };
    let mut why: Vec<Message> = Vec::new();
    let workspace = Workspace::find(context)?;
    match reporting::make(&workspace.ledger(), Some(&workspace), None, context) {
        Ok(report) if report.run.playbook == *name => measured(&mut row, &mut why, scenario, &report),
        _ => why.push(message!("cli-try-not-begun", status = status.code().unwrap_or(-1))),
    }
    if scenario.lab {
        left(&mut row, &mut why, scenario, &workspace);
    }
    row.holds = why.is_empty();
    row.why = why.iter().map(|message| message.render(context.lang)).collect();
    Ok(row)
}

/// What the evidence says of the drill.
fn measured(row: &mut Row, why: &mut Vec<Message>, scenario: &Scenario, report: &Report) {
    row.run = Some(report.run.id.clone());
    if report.run.result != Some(RunResult::Passed) {
        why.push(message!("cli-try-run-failed", failed = report.summary.failed));
    }
    if let Some(outage) = &report.outage {
        row.outage = Some(outage.seconds);
        if outage.to.is_none() {
            why.push(message!("cli-try-outage-left"));
        }
    }
    row.records_lost = report.summary.records_lost;
    row.objectives = report.objectives.len();
    row.objectives_met = report.objectives.iter().filter(|objective| objective.met == Some(true)).count();
    for objective in report.objectives.iter().filter(|objective| objective.met == Some(false)) {
        why.push(message!("cli-try-objective-missed", objective = objective.title.clone()));
    }
    // In a tabletop nothing is measured.
    let technical = report.run.mode == Mode::Technical;
    let open = report.objectives.iter().filter(|one| technical && one.measure.is_some() && one.met.is_none());
    // Nor can what only people answer be measured where nobody takes part.
    let mut people = Vec::new();
    by_people(&scenario.playbook.steps, &mut people);
    let of_people = |measure: &str| people.iter().any(|step| measure.contains(step.as_str()));
    let open = open.filter(|one| !one.measure.as_deref().is_some_and(of_people));
    for objective in open.filter(|objective| !objective.unconfirmed) {
        why.push(message!("cli-try-objective-unmeasured", objective = objective.title.clone()));
    }
}

/// How expressions name the steps whose values only people give.
fn by_people(steps: &[Step], found: &mut Vec<String>) {
    for step in steps {
        match &step.action {
            Action::Manual(_) => found.push(format!("steps.{}.", step.id)),
            Action::Parallel(steps) => by_people(steps, found),
            Action::Each(each) => by_people(&each.steps, found),
            Action::Repeat(repeat) => by_people(&repeat.steps, found),
            _ => {}
        }
    }
}

/// What is left in the lab: every system that was touched has to be as good as before, and open.
fn left(row: &mut Row, why: &mut Vec<Message>, scenario: &Scenario, workspace: &Workspace) {
    let Ok(status) = Lab::find(&workspace.lab(), Path::new("")).and_then(|lab| lab.status()) else {
        why.push(message!("cli-try-lab-gone"));
        return;
    };
    let systems: BTreeMap<&Name, _> = status.systems.iter().map(|system| (&system.id, system)).collect();
    let (mut served, mut refused) = (0, 0);
    for name in &scenario.reach.systems {
        let Some(system) = systems.get(name) else { continue };
        served += system.citizens_since.served;
        refused += system.citizens_since.refused + system.citizens_since.wrong + system.citizens_since.missing;
        if system.state != ServiceState::Running || !system.healthy {
            why.push(message!("cli-try-left-ill", system = name.as_str()));
        }
        // Copies that were destroyed are made again by the next nights.
        for fault in system.in_force.iter().filter(|fault| fault.as_str() != "delete-backups") {
            why.push(message!("cli-try-left-fault", fault = fault.as_str(), system = name.as_str()));
        }
        if system.isolated {
            why.push(message!("cli-try-left-closed", system = name.as_str()));
        }
    }
    (row.served, row.refused) = (Some(served), Some(refused));
}

fn progress(row: &Row, done: usize, all: usize, context: &Context) -> Message {
    let took = format::duration(Duration::from_secs(row.took), context.lang);
    if row.holds {
        message!("cli-try-all-one", done = done, all = all, scenario = row.scenario.as_str(), took = took)
    } else {
        let log = row.log.strip_prefix(&context.folder).unwrap_or(&row.log).display().to_string();
        message!(
            "cli-try-all-not",
            done = done,
            all = all,
            scenario = row.scenario.as_str(),
            why = row.why.join("; "),
            log = log
        )
    }
}

fn shown(rows: &[Row], context: &Context) -> String {
    let lang = context.lang;
    let head = [
        message!("cli-try-head-scenario"),
        message!("cli-try-head-way"),
        message!("cli-try-head-verdict"),
        message!("cli-try-head-outage"),
        message!("cli-try-head-served"),
        message!("cli-try-head-refused"),
        message!("cli-try-head-lost"),
        message!("cli-try-head-objectives"),
        message!("cli-try-head-took"),
    ];
    let time = |seconds: u64| format::duration(Duration::from_secs(seconds), lang);
    let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| format::number(value, lang));
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let way = Message::new("cli-playbook-way").with("way", crate::message::Arg::from(row.way.to_owned()));
            let verdict = if row.holds { message!("cli-try-verdict-yes") } else { message!("cli-try-verdict-no") };
            vec![
                row.scenario.to_string(),
                way.render(lang),
                verdict.render(lang),
                row.outage.map_or_else(|| "-".to_owned(), time),
                number(row.served),
                number(row.refused),
                number(row.records_lost.map(i64::unsigned_abs)),
                format!("{}/{}", row.objectives_met, row.objectives),
                time(row.took),
            ]
        })
        .collect();
    table(&head, &rows, lang)
}
