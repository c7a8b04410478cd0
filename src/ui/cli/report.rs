//! `ungpho report`: what happened, as a page, Markdown, JSON, CSV or `JUnit` XML; documents to be signed.

mod after_action;
mod annual;
mod coverage;
mod issued;
mod minutes;
mod notice;
mod planned;
mod tasks;
mod trace;

use std::path::PathBuf;

use crate::message::message;
use crate::model::{Name, RunId};
use crate::policy::day_in_vietnam;
use crate::report::card::{card_document, card_html, card_xlsx};
use crate::report::document::docx;
use crate::report::{Report, format};
use crate::ui::documents::layout_of;
use crate::ui::leave_out::LeaveOutArgs;
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, card, place, reporting};

/// Make reports from the evidence
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho report run DT-2026-001")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Report all that happened in a run, the exceptions first
    #[command(after_help = "Example: ungpho report run DT-2026-001 --format md --out report.md")]
    Run(RunArgs),
    /// Report what a run came to: measured against set, scores side by side, gaps, corrective actions
    #[command(name = "after-action", after_help = "Example: ungpho report after-action DT-2026-001 --number 7")]
    After(after_action::AfterActionArgs),
    /// Lay out the plan of an exercise for everybody, without its situations
    #[command(after_help = "Example: ungpho report plan quy-4")]
    Plan(planned::PlanArgs),
    /// Lay out the script of an exercise for its organisers
    #[command(after_help = "Example: ungpho report script quy-4")]
    Script(planned::PlannedArgs),
    /// Show which systems have a plan for which family of scenarios, when each was drilled and what is missing
    #[command(after_help = "Example: ungpho report coverage --format xlsx")]
    Coverage(coverage::Args),
    /// Print sheets to work on paper, and the spreadsheet that is typed in afterwards
    #[command(after_help = "Example: ungpho report card ransomware-one-stop --system one-stop --format xlsx")]
    Card(CardArgs),
    Tasks(tasks::Args),
    Issued(issued::Args),
    Trace(trace::Args),
    /// Make the minutes of a run by form 1.9 of Decree 30/2020, ready to be signed
    #[command(after_help = "Example: ungpho report minutes DT-2026-001 --number 5")]
    Minutes(minutes::MinutesArgs),
    /// Lay out a prepared notice as a document; sending it is a person's part
    #[command(after_help = "Example: ungpho report notice SC-2026-001 initial-notice --number 12")]
    Notice(notice::NoticeArgs),
    /// Make a calendar of what falls due: for calendar programs (ics), or month pages for paper (html)
    #[command(after_help = "Example: ungpho report calendar --out due.ics")]
    Calendar(super::calendar::Args),
    Annual(annual::Args),
}

#[derive(clap::Args)]
struct CardArgs {
    /// The playbook; not needed with `--run`
    #[arg(value_name = "PLAYBOOK", conflicts_with = "run")]
    playbook: Option<Name>,
    /// For this system
    #[arg(long, value_name = "SYSTEM", conflicts_with = "run")]
    system: Option<String>,
    /// For this run, as it stands now
    #[arg(long, value_name = "RUN")]
    run: Option<RunId>,
    /// Make it in this format: a page for paper, a document to be added to, or the spreadsheet; else as the file's name ends, else html
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<CardFormat>,
    /// Write to this file (`-` is standard output); reports/NAME-card.html, .docx or .xlsx where nothing is said
    #[arg(long, alias = "output", value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum CardFormat {
    #[default]
    Html,
    Docx,
    Xlsx,
}

#[derive(clap::Args)]
struct RunArgs {
    /// A run; the one that began last where nothing is said
    #[arg(value_name = "RUN")]
    run: Option<String>,
    /// Print in this format; else as the file's name ends, else html
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write to this file (`-` is standard output); a page goes to reports/RUN.html where nothing is said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    leave_out: LeaveOutArgs,
    /// Report from the ledger in this folder, not from the workspace's
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Html,
    Md,
    Json,
    Csv,
    #[value(alias = "xml")]
    Junit,
}

impl Format {
    /// How names of such files end.
    fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Md => "md",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Junit => "xml",
        }
    }
}

/// Runs `ungpho report …`.
///
/// # Errors
///
/// No workspace, no ledger, no such run, or a file that cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::Run(args) => of_run(args, context),
        Action::After(args) => after_action::run(args, context),
        Action::Plan(args) => planned::run_plan(args, context),
        Action::Script(args) => planned::run_script(args, context),
        Action::Coverage(args) => coverage::run(args, context),
        Action::Card(args) => of_card(args, context),
        Action::Tasks(args) => tasks::run(args, context),
        Action::Issued(args) => issued::run(args, context),
        Action::Trace(args) => trace::run(args, context),
        Action::Minutes(args) => minutes::run(args, context),
        Action::Notice(args) => notice::run(args, context),
        Action::Calendar(args) => super::calendar::run(args, context),
        Action::Annual(args) => annual::run(args, context),
    }
}

fn of_run(args: &RunArgs, context: &Context) -> Result<Exit, Failure> {
    let run: Option<RunId> = match &args.run {
        Some(text) => Some(text.parse().map_err(|_| {
            Failure::new(Exit::Invalid, "unknown-run", message!("cli-report-no-run", run = text.as_str()))
                .help(message!("cli-evidence-unknown-help"))
        })?),
        None => None,
    };
    let workspace = Workspace::find(context);
    let folder = match (&args.ledger, &workspace) {
        (Some(folder), _) => context.folder.join(folder),
        (None, Ok(workspace)) => workspace.ledger(),
        (None, Err(_)) => return workspace.map(|_| Exit::Invalid),
    };
    let workspace = workspace.ok();
    let report = reporting::make(&folder, workspace.as_ref(), run.as_ref(), context)?;
    let redactor = match &workspace {
        Some(workspace) => args.leave_out.redactor(workspace, context.lang, context)?,
        // Without a workspace nobody knows what stood in its inventory.
        None if args.leave_out.profile().is_some() => return Workspace::find(context).map(|_| Exit::Invalid),
        None => None,
    };
    let made = place::format(args.format, args.out.as_deref());
    let bytes = match (made, &redactor) {
        (Format::Html, None) => format::html(&report, context.lang).into_bytes(),
        (Format::Html, Some(redactor)) => redactor.page(&format::html(&report, context.lang)).into_bytes(),
        (Format::Md, None) => format::markdown(&report, context.lang).into_bytes(),
        (Format::Md, Some(redactor)) => redactor.markdown(&format::markdown(&report, context.lang)).into_bytes(),
        (Format::Json, None) => format::json(&report).into_bytes(),
        (Format::Json, Some(redactor)) => redactor.report(&report).into_bytes(),
        (Format::Csv | Format::Junit, Some(_)) => return Err(whole_only()),
        (Format::Csv, None) => format::csv(&report, context.lang).map_err(|error| unmade(&error))?,
        (Format::Junit, None) => format::junit(&report, context.lang).map_err(|error| unmade(&error))?.into_bytes(),
    };
    let place = match (&args.out, &workspace) {
        (Some(out), _) if out.as_os_str() == "-" => None,
        (Some(out), _) => {
            place::fits(out, made.ending())?;
            Some(context.folder.join(out))
        }
        (None, Some(workspace)) if made == Format::Html => {
            let page = reporting::page_of(workspace, &report.run.id);
            let stem = args.leave_out.stem(report.run.id.as_str());
            Some(page.with_file_name(format!("{stem}.html")))
        }
        (None, _) => None,
    };
    match place {
        Some(path) => {
            reporting::write_bytes(&path, &bytes)?;
            context.out(&format!("{}\n", path.display()));
        }
        None => context.out_bytes(&bytes),
    }
    Ok(exit_of(&report))
}

/// What programs read is for those who made it.
fn whole_only() -> Failure {
    Failure::new(Exit::Invalid, "whole-only", message!("cli-report-whole-only"))
        .help(message!("cli-report-whole-only-help"))
}

fn unmade(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::new(Exit::Machine, "report-failed", message!("cli-report-failed")).caused_by(error)
}

/// Sheets for paper, before or during a run.
fn of_card(args: &CardArgs, context: &Context) -> Result<Exit, Failure> {
    let card = match (&args.run, &args.playbook) {
        (Some(run), _) => card::of_run(context, run)?,
        (None, Some(playbook)) => card::of_playbook(context, playbook, args.system.as_deref())?,
        (None, None) => {
            return Err(Failure::new(Exit::Invalid, "no-playbook", message!("paper-card-which"))
                .help(message!("paper-card-which-help")));
        }
    };
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Failure::new(Exit::Machine, "card-failed", message!("paper-card-failed")).caused_by(error)
    };
    let (bytes, extension) = match place::format(args.format, args.out.as_deref()) {
        CardFormat::Html => (card_html(&card, context.lang).into_bytes(), "html"),
        CardFormat::Docx => {
            let workspace = Workspace::find(context)?;
            let unit = workspace.unit();
            let layout = layout_of(&workspace, unit.as_ref(), None, day_in_vietnam(&card.as_of), context)?;
            (docx(&card_document(&card, &layout, context.lang)).map_err(|error| failed(&error))?, "docx")
        }
        CardFormat::Xlsx => (card_xlsx(&card, context.lang).map_err(|error| failed(&error))?, "xlsx"),
    };
    let exit = if card.verified { Exit::Passed } else { Exit::LedgerBroken };
    let path = match &args.out {
        Some(out) if out.as_os_str() == "-" => {
            context.out_bytes(&bytes);
            return Ok(exit);
        }
        Some(out) => {
            place::fits(out, extension)?;
            context.folder.join(out)
        }
        None => card::place_of(&Workspace::find(context)?, &card, extension),
    };
    reporting::write_bytes(&path, &bytes)?;
    context.out(&format!("{}\n", path.display()));
    Ok(exit)
}

/// A report of a ledger that does not verify is made all the same, and says so here too.
fn exit_of(report: &Report) -> Exit {
    if report.ledger.ok == Some(false) { Exit::LedgerBroken } else { Exit::Passed }
}
