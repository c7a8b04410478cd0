//! `ungpho report tasks`: the rows of a plan's tasks for a period.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::message::message;
use crate::model::Name;
use crate::report::document::{docx, html};
use crate::report::tasks::{Figure, Ground, Head, Machines, tasks, tasks_document, tasks_xlsx};
use crate::report::trace::figure_index;
use crate::ui::cli::backup::keys;
use crate::ui::documents::LANGUAGE;
use crate::ui::period::Period;
use crate::ui::tasks::{gather, layout, plan};
use crate::ui::{Context, Exit, Failure, Workspace, reporting};

/// Make the rows of a plan's tasks for a period, each figure with the records it rests on
///
/// Drills count whose minutes were issued; trials, technical checks and drills without minutes are listed apart.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho report tasks --period 2026-01-01..2026-06-30 --format docx")]
pub(super) struct Args {
    /// The period: FROM..TO, both days included
    #[arg(long, value_name = "FROM..TO")]
    period: Period,
    /// The plan: a file of policies/tasks, or one that ships
    #[arg(long, value_name = "PLAN", default_value = "kh02-2025")]
    plan: Name,
    /// Make it in this format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    /// How docx and html are laid out: nd30-2020, hd05-2026, hd36-2018, or the unit's own
    #[arg(long, value_name = "LAYOUT", default_value = "nd30-2020")]
    layout: String,
    /// Leave out addresses, names of machines, weaknesses and details of protection, with a note of it
    #[arg(long)]
    leave_out: bool,
    /// Write to this file (`-` is standard output); reports/tasks-PLAN_FROM_TO.FORMAT where nothing is said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Xlsx,
    Docx,
    Html,
    Json,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

/// Makes the rows.
///
/// # Errors
///
/// Where the ledger does not verify, the plan is not there, or a file cannot be read or written.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let plan = plan(&workspace, &args.plan, context)?;
    // A workspace without a ledger has no figure yet: it gets one, so that the inventory is kept.
    drop(keys::desk(context)?);
    let (ledger, standing) = reporting::sound(&workspace, context)?;
    let gathered = gather(&workspace, &ledger, &standing, args.period.to, context)?;
    let machines = Machines::of(workspace.systems(context)?.0.values());
    let lang = if args.format == Format::Json { context.lang } else { LANGUAGE };
    let unit = reporting::unit_of(&workspace, lang);
    let ground = Ground {
        plan: &plan,
        period: (args.period.from, args.period.to),
        unit: unit.as_deref(),
        head: gathered.head,
        runs: &gathered.runs,
        issued: &gathered.issued,
        activities: &gathered.activities,
        copies: &gathered.copies,
        systems: &gathered.systems,
        leave_out: args.leave_out.then_some(&machines),
    };
    let report = tasks(&ground, lang);
    let bytes = match args.format {
        Format::Xlsx => tasks_xlsx(&report, lang)
            .map_err(|error| Failure::new(Exit::Machine, "report-failed", message!("task-failed")).caused_by(&error))?,
        Format::Docx => {
            let document = tasks_document(&report, &layout(&workspace, &args.layout, context)?, lang);
            docx(&document).map_err(|error| {
                Failure::new(Exit::Machine, "report-failed", message!("task-failed")).caused_by(&error)
            })?
        }
        Format::Html => {
            let document = tasks_document(&report, &layout(&workspace, &args.layout, context)?, lang);
            html(&document).into_bytes()
        }
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
            text.push('\n');
            text.into_bytes()
        }
    };
    let name = format!("tasks-{}_{}_{}.{}", plan.plan, args.period.from, args.period.to, args.format.extension());
    let out = args.out.clone().or_else(|| (args.format == Format::Json).then(|| PathBuf::from("-")));
    deliver(
        &Made { document: "tasks", name: &name, bytes: &bytes, head: &report.ledger, figures: &report.figures },
        out.as_deref(),
        &workspace,
        context,
    )
}

/// A document that was made.
pub(super) struct Made<'a> {
    /// Its kind.
    pub(super) document: &'static str,
    /// The name of its file in `reports/`.
    pub(super) name: &'a str,
    /// What is in it.
    pub(super) bytes: &'a [u8],
    /// The state of the ledger it rests on.
    pub(super) head: &'a Head,
    /// Its figures.
    pub(super) figures: &'a [Figure],
}

/// Writes a document with the index of its figures beside it, and prints its place.
pub(super) fn deliver(
    made: &Made<'_>,
    out: Option<&Path>,
    workspace: &Workspace,
    context: &Context,
) -> Result<Exit, Failure> {
    let path = match out {
        Some(out) if out.as_os_str() == "-" => {
            context.out_bytes(made.bytes);
            return Ok(Exit::Passed);
        }
        Some(out) => context.folder.join(out),
        None => workspace.root.join("reports").join(made.name),
    };
    reporting::write_bytes(&path, made.bytes)?;
    reporting::write(&index_of(&path), &figure_index(made.document, made.bytes, made.head, made.figures))?;
    context.out(&format!("{}\n", path.display()));
    Ok(Exit::Passed)
}

/// Where the index of a document's figures is: beside it.
pub(super) fn index_of(path: &Path) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(".figures.json");
    PathBuf::from(name)
}
