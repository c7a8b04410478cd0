//! `ungpho report annual`: the annual report on levels, Form 08 of Decree 331/2026/NĐ-CP.

use crate::message::message;
use crate::report::annual::{Ground, Missing, annual, annual_document, annual_xlsx};
use crate::report::document::{docx, html};
use crate::ui::annexes::{Made, TableArgs, TableFormat, last_day};
use crate::ui::cli::backup::keys;
use crate::ui::tasks::{head, kept_files, own_systems};
use crate::ui::{Context, Exit, Failure, Workspace, levels, reporting};

/// Make the annual report on levels: the twelve columns of Form 08 of Decree 331/2026/NĐ-CP
///
/// Data from 15 December of the year before to 14 December; sent before 20 and 25 December.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho report annual --year 2026 --format docx")]
pub(super) struct Args {
    /// The year
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(2026..=9998))]
    year: i16,
    #[command(flatten)]
    table: TableArgs,
}

/// Makes the report; what each system has still to give is told.
///
/// # Errors
///
/// Where the ledger does not verify, or a file cannot be read or written.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    keys::begun(context)?;
    let (ledger, standing) = reporting::sound(&workspace, context)?;
    let (systems, others) = own_systems(&workspace, &kept_files(&ledger)?, context)?;
    let lang = args.table.lang(context);
    let paper = args.table.paper(&workspace, &ledger, context)?;
    let unit = paper.unit.as_ref().map(|unit| unit.unit.pick(lang));
    let attached = paper.attached.clone();
    let book = levels::here(context, &workspace);
    let ground = Ground {
        year: args.year,
        unit,
        attached,
        head: head(&standing),
        on: match args.table.date {
            None => last_day(&ledger)?,
            day => day,
        },
        systems: &systems,
        others: &others,
        book: &book,
    };
    let mut report = annual(&ground, lang);
    let missing = report.missing.clone();
    if let Some(redactor) = args.table.leave_out.redactor(&workspace, lang, context)? {
        report.leave_out(&redactor);
    }
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Failure::new(Exit::Machine, "report-failed", message!("task-failed")).caused_by(error)
    };
    let document = || annual_document(&report, &paper.layout, lang);
    let bytes = match args.table.format() {
        TableFormat::Xlsx => annual_xlsx(&report, lang).map_err(|error| failed(&error))?,
        TableFormat::Docx => docx(&document()).map_err(|error| failed(&error))?,
        TableFormat::Html => html(&document()).into_bytes(),
        TableFormat::Json => reporting::pretty(&report),
    };
    let stem = format!("annual-{}", args.year);
    let made = Made { document: "annual", stem: &stem, bytes, head: &report.ledger, figures: &report.figures };
    args.table.deliver(&made, &workspace, context)?;
    tell(&missing, context);
    Ok(Exit::Passed)
}

/// Says what is missing: somebody has to ask for it before the days are over.
fn tell(missing: &[Missing], context: &Context) {
    for it in missing {
        context.note(&message!("annual-missing-note", system = it.system.as_str(), what = it.what.join("; ")));
    }
}
