//! `ungpho report tasks`: the rows of a plan's tasks for a period.

use jiff::civil::Date;

use crate::inventory::table::day;
use crate::ledger::Ledger;
use crate::message::message;
use crate::model::{Lang, Name};
use crate::policy::day_in_vietnam;
use crate::report::document::{docx, html};
use crate::report::tasks::{Ground, TasksReport, tasks, tasks_document, tasks_xlsx};
use crate::ui::annexes::{Made, TableArgs, TableFormat, TablePaper, last_day};
use crate::ui::cli::backup::keys;
use crate::ui::period::Period;
use crate::ui::tasks::{gather, plan};
use crate::ui::{Context, Exit, Failure, Workspace, reporting};

/// Make the rows of a plan's tasks for a period, each figure with the records it rests on
///
/// Drills count whose minutes were issued; trials, technical checks and drills without minutes are listed apart.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho report tasks --period 2026-01-01..2026-06-30 --format docx")]
pub(super) struct Args {
    /// The period: FROM..TO, both days included; or 2026, 2026-11, 2026-Q4, "quý IV/2026", "6 tháng đầu năm 2026"
    #[arg(long, value_name = "FROM..TO")]
    period: Period,
    /// The plan: a file of policies/tasks, or one that ships
    #[arg(long, value_name = "PLAN", default_value = "kh02-2025")]
    plan: Name,
    #[command(flatten)]
    table: TableArgs,
}

impl Args {
    /// The day as on which the rows tell: the document's as far as it has come, else that of the ledger's last record, so that
    /// the same ledger gives the same rows on any day. A period that has not begun has no rows.
    fn on(&self, ledger: &Ledger, context: &Context) -> Result<Date, Failure> {
        let today = day_in_vietnam(&context.clock.now().at);
        // A report may be dated ahead: what it tells has happened all the same.
        let date = self.table.date.map(|date| date.min(today));
        let known = date.unwrap_or(today);
        if self.period.from > known {
            let from = day(self.period.from, context.lang);
            let message = message!("task-period-to-come", from = from);
            let help = message!("task-period-to-come-help", on = day(known, context.lang));
            return Err(Failure::new(Exit::Invalid, "period-to-come", message).help(help));
        }
        let last = || Ok(last_day(ledger)?.unwrap_or(today).max(self.period.from));
        date.map_or_else(last, Ok)
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
    keys::begun(context)?;
    let (ledger, standing) = reporting::sound(&workspace, context)?;
    let on = args.on(&ledger, context)?;
    let gathered = gather(&workspace, &ledger, &standing, (args.period.to.min(on), on), context)?;
    let nowhere = plan.unprinted();
    if !nowhere.is_empty() {
        let phrases = nowhere.join(", ");
        context.note(&message!("task-unprinted", plan = plan.plan.as_str(), phrases = phrases));
    }
    let lang = args.table.lang(context);
    let redactor = args.table.leave_out.redactor(&workspace, lang, context)?;
    let paper = args.table.paper(&workspace, &ledger, context)?;
    let unit = paper.unit.as_ref().map(|unit| unit.unit.pick(lang));
    let ground = Ground {
        plan: &plan,
        period: (args.period.from, args.period.to),
        on,
        unit,
        attached: paper.attached.clone(),
        head: gathered.head,
        corrections: &gathered.corrections,
        runs: &gathered.runs,
        issued: &gathered.issued,
        activities: &gathered.activities,
        actions: &gathered.actions,
        copies: &gathered.copies,
        systems: &gathered.systems,
        leave_out: redactor.as_ref(),
    };
    let report = tasks(&ground, lang);
    let stem = format!("tasks-{}_{}_{}", plan.plan, args.period.from, args.period.to);
    let bytes = bytes(&report, args.table.format(), &paper, lang)?;
    let made = Made { document: "tasks", stem: &stem, bytes, head: &report.ledger, figures: &report.figures };
    args.table.deliver(&made, &workspace, context)?;
    Ok(Exit::Passed)
}

fn bytes(report: &TasksReport, format: TableFormat, paper: &TablePaper, lang: Lang) -> Result<Vec<u8>, Failure> {
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Failure::new(Exit::Machine, "report-failed", message!("task-failed")).caused_by(error)
    };
    let document = || tasks_document(report, &paper.layout, lang);
    Ok(match format {
        TableFormat::Xlsx => tasks_xlsx(report, lang).map_err(|error| failed(&error))?,
        TableFormat::Docx => docx(&document()).map_err(|error| failed(&error))?,
        TableFormat::Html => html(&document()).into_bytes(),
        TableFormat::Json => reporting::pretty(report),
    })
}
