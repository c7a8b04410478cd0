//! `ungpho try`: the whole way once, from nothing to verified evidence and a report.

mod library;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::init;
use crate::lab::Lab;
use crate::message::{Message, format, message};
use crate::model::record::People;
use crate::model::{Mode, Name, RunResult};
use crate::report::{BackupFate, Report, format as formats};
use crate::ui::begin::{self, Then, Wish};
use crate::ui::console::wrap;
use crate::ui::{Context, Exit, Failure, Workspace, environment, reporting, sample, start};

/// Marks a folder that `try` made and may use again.
const MARKER: &str = ".ungpho-try";

/// Try everything once: sample workspace, lab, drill, verified evidence, report
///
/// Makes the folder ungpho-try with a province's shared systems, brings up the lab, runs a drill in it, verifies the
/// evidence, writes the report and takes the lab down. At a terminal it asks; otherwise nobody takes part.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho try")]
pub struct Args {
    /// The scenario; several are tried one after the other, unattended, and give a table
    #[arg(value_name = "SCENARIO", default_value = "ransomware-one-stop")]
    scenarios: Vec<Name>,
    /// Every scenario that is here, unattended: a table of what was measured; exit 1 where one does not hold
    #[arg(long, conflicts_with = "scenarios")]
    all: bool,
    /// How many are tried at once, each in a workspace and a lab of its own
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// Print the table as one JSON document
    #[arg(long)]
    json: bool,
    /// The folder to work in
    #[arg(long, value_name = "DIR", default_value = "ungpho-try")]
    folder: PathBuf,
    /// Nobody takes part, also at a terminal
    #[arg(long)]
    unattended: bool,
}

/// Runs the sample drill. The lab is taken down whatever came of it.
///
/// # Errors
///
/// Where the folder is somebody else's, or the machine gets in the way.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let scenario = match args.scenarios.as_slice() {
        [scenario] if !args.all && !args.json => scenario,
        _ => return library::run(args, context),
    };
    let folder = context.folder.join(&args.folder);
    heading(context, 1, &message!("cli-try-workspace", folder = args.folder.display().to_string()));
    prepare(&folder)?;
    let context = Context { workspace: Some(folder.clone()), ..context.clone() };
    let workspace = Workspace::find(&context)?;

    heading(&context, 2, &message!("cli-try-lab"));
    let lab = start::lab(&context, &workspace, [])?;
    let outcome = lab
        .fresh()
        .map_err(|error| Failure::of(Exit::Machine, &error))
        .and_then(|()| drill(scenario, args, &context, &workspace));
    heading(&context, 5, &message!("cli-try-lab-down"));
    let down = Lab::down(&lab).map_err(|error| Failure::of(Exit::Machine, &error));
    let (exit, report, path) = outcome?;
    down?;
    found(&context, args, &report, &path);
    Ok(exit)
}

/// The workspace: a new one, or the one of an earlier trial.
fn prepare(folder: &Path) -> Result<(), Failure> {
    if folder.join(MARKER).is_file() && folder.join("ungpho.yaml").is_file() {
        return Ok(());
    }
    let shown = folder.display().to_string();
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let failure = Failure::new(Exit::Invalid, "folder-not-empty", message!("cli-folder-not-empty", folder = shown));
        return Err(failure.help(message!("cli-try-other-folder")));
    }
    init::write(folder, &sample::QUANG_NGAI)?;
    let marker = folder.join(MARKER);
    fs::write(&marker, "").map_err(|error: io::Error| {
        Failure::new(Exit::Machine, "cannot-write", message!("cli-cannot-write", path = marker.display().to_string()))
            .caused_by(&error)
    })
}

/// Drill, verification, report. The report's file is given with what is in it.
fn drill(
    scenario: &Name,
    args: &Args,
    context: &Context,
    workspace: &Workspace,
) -> Result<(Exit, Report, PathBuf), Failure> {
    let attended = context.interactive() && !args.unattended;
    heading(context, 3, &message!("cli-try-drill", scenario = scenario.as_str()));
    if !attended {
        context.note(&message!("cli-try-unattended"));
    }
    let (people, then) = if attended { (People::Console, Then::Ask) } else { (People::Unattended, Then::Start) };
    let wish = Wish { people, then, ..Wish::new(scenario, Mode::Technical, true) };
    let drilled = begin::run(&wish, context)?;
    heading(context, 4, &message!("cli-try-evidence"));
    let report = reporting::make(&workspace.ledger(), Some(workspace), None, context)?;
    let path = reporting::page_of(workspace, &report.run.id);
    reporting::write(&path, &formats::html(&report, context.lang))?;
    let exit = match report.ledger.ok {
        Some(true) => drilled,
        _ => Exit::LedgerBroken,
    };
    Ok((exit, report, path))
}

/// What the evidence says of the drill, and what to type next.
fn found(context: &Context, args: &Args, report: &Report, path: &Path) {
    if context.quiet {
        return;
    }
    let lang = context.lang;
    let count = |number: u64| format::number(number, lang);
    let time = |seconds: u64| format::duration(Duration::from_secs(seconds), lang);
    let mut lines: Vec<Message> = Vec::new();
    let ledger = &report.ledger;
    lines.push(if ledger.ok == Some(true) {
        message!("cli-try-holds", size = count(ledger.size), signed = count(ledger.signed))
    } else {
        message!("cli-try-broken")
    });
    lines.push(match report.run.result {
        Some(RunResult::Passed) => message!("cli-try-passed", run = report.run.id.as_str(), done = report.summary.done),
        _ => message!("cli-try-not-passed", run = report.run.id.as_str(), failed = report.summary.failed),
    });
    if let Some(outage) = &report.outage {
        lines.push(match outage.to {
            Some(_) => message!("cli-try-outage", time = time(outage.seconds)),
            None => message!("cli-try-outage-open", time = time(outage.seconds)),
        });
    }
    for clock in &report.clocks {
        if clock.unconfirmed {
            lines.push(message!("cli-try-clock-unconfirmed", clock = clock.title.clone()));
        } else if let Some(seconds) = clock.seconds {
            lines.push(match clock.limit {
                Some(limit) => {
                    message!(
                        "cli-try-clock-limit",
                        clock = clock.title.clone(),
                        time = time(seconds),
                        limit = time(limit)
                    )
                }
                None => message!("cli-try-clock", clock = clock.title.clone(), time = time(seconds)),
            });
        }
    }
    let copies = |fate: BackupFate| report.backups.iter().filter(move |row| row.fate == fate);
    for (row, id) in copies(BackupFate::Rejected)
        .map(|row| (row, "cli-try-rejected"))
        .chain(copies(BackupFate::Chosen).map(|row| (row, "cli-try-chosen")))
    {
        let copy = row.path.as_deref().and_then(|path| path.rsplit('/').next()).unwrap_or("?").to_owned();
        lines.push(Message::new(id).with("copy", copy));
    }
    if let (Some(restored), Some(lost)) = (report.summary.records_restored, report.summary.records_lost) {
        let number = |value: i64| count(value.unsigned_abs());
        lines.push(message!("cli-try-data", restored = number(restored), lost = number(lost)));
    }
    let (open, judged): (Vec<_>, Vec<_>) = report.objectives.iter().partition(|objective| objective.unconfirmed);
    let reached = judged.iter().filter(|objective| objective.met == Some(true)).count();
    lines.push(message!("cli-try-objectives", met = reached, all = judged.len()));
    if !open.is_empty() {
        lines.push(message!("cli-try-objectives-open", count = open.len()));
    }

    let mut text = format!("\n{}\n", context.bold(&message!("cli-try-found").render(lang)));
    for line in lines {
        text.push_str(&format!("  - {}\n", line.render(lang)));
    }
    let page = path.strip_prefix(&context.folder).unwrap_or(path).display().to_string();
    text.push_str(&format!("\n{}\n", message!("cli-try-report", path = page).render(lang)));
    let folder = args.folder.display().to_string();
    text.push_str(&format!("\n{}\n", context.bold(&message!("cli-try-next").render(lang))));
    let mut commands = vec![
        (format!("cd {folder}"), message!("cli-try-next-folder")),
        (format!("ungpho evidence show {}", report.run.id), message!("cli-try-next-evidence")),
        ("ungpho drill portal-outage --lab".to_owned(), message!("cli-try-next-drill")),
        (format!("ungpho playbook show {}", report.run.playbook), message!("cli-try-next-playbook")),
    ];
    // Built from source and not installed, the program is in no folder that the shell looks into.
    if let Some(folder) = environment::unlisted_folder() {
        commands.insert(0, (format!("PATH=\"{}:$PATH\"", folder.display()), message!("cli-try-next-path")));
    }
    let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    for (command, what) in &commands {
        text.push_str(&format!("  {command:width$}   {}\n", what.render(lang)));
    }
    context.err(&wrap::wrap(&text, wrap::width()));
}

fn heading(context: &Context, number: usize, what: &Message) {
    if !context.quiet {
        context.err(&format!("\n{}\n", context.bold(&format!("[{number}/5] {}", what.render(context.lang)))));
    }
}
