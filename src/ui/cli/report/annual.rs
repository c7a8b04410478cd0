//! `ungpho report annual`: the annual report on levels, Form 08 of Decree 331/2026/NĐ-CP.

use std::path::PathBuf;

use super::tasks::{Made, deliver};
use crate::message::message;
use crate::report::annual::{AnnualReport, Ground, annual, annual_document, annual_xlsx};
use crate::report::document::{docx, html};
use crate::ui::cli::backup::keys;
use crate::ui::documents::LANGUAGE;
use crate::ui::tasks::{head, kept_files, layout, own_systems};
use crate::ui::{Context, Exit, Failure, Workspace, reporting};

/// Make the annual report on levels: the twelve columns of Form 08 of Decree 331/2026/NĐ-CP
///
/// Data from 15 December of the year before to 14 December; sent before 20 and 25 December.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho report annual --year 2026 --format docx")]
pub(super) struct Args {
    /// The year
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(2026..=9998))]
    year: i16,
    /// Make it in this format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    /// How docx and html are laid out: nd30-2020, hd05-2026, hd36-2018, or the unit's own
    #[arg(long, value_name = "LAYOUT", default_value = "nd30-2020")]
    layout: String,
    /// Write to this file (`-` is standard output); reports/annual-YEAR.FORMAT where nothing is said
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

/// Makes the report; what each system has still to give is told.
///
/// # Errors
///
/// Where the ledger does not verify, or a file cannot be read or written.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    drop(keys::desk(context)?);
    let (ledger, standing) = reporting::sound(&workspace, context)?;
    let (systems, others) = own_systems(&workspace, &kept_files(&ledger)?, context)?;
    let lang = if args.format == Format::Json { context.lang } else { LANGUAGE };
    let unit = reporting::unit_of(&workspace, lang);
    let ground =
        Ground { year: args.year, unit: unit.as_deref(), head: head(&standing), systems: &systems, others: &others };
    let report = annual(&ground, lang);
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Failure::new(Exit::Machine, "report-failed", message!("task-failed")).caused_by(error)
    };
    let paper = || Ok(annual_document(&report, &layout(&workspace, &args.layout, context)?, lang));
    let (bytes, extension) = match args.format {
        Format::Xlsx => (annual_xlsx(&report, lang).map_err(|error| failed(&error))?, "xlsx"),
        Format::Docx => (docx(&paper()?).map_err(|error| failed(&error))?, "docx"),
        Format::Html => (html(&paper()?).into_bytes(), "html"),
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
            text.push('\n');
            (text.into_bytes(), "json")
        }
    };
    let name = format!("annual-{}.{extension}", args.year);
    let out = args.out.clone().or_else(|| (args.format == Format::Json).then(|| PathBuf::from("-")));
    let made = Made { document: "annual", name: &name, bytes: &bytes, head: &report.ledger, figures: &report.figures };
    let exit = deliver(&made, out.as_deref(), &workspace, context)?;
    tell(&report, context);
    Ok(exit)
}

/// Says what is missing: somebody has to ask for it before the days are over.
fn tell(report: &AnnualReport, context: &Context) {
    for it in &report.missing {
        context.note(&message!("annual-missing-note", system = it.system.as_str(), what = it.what.join("; ")));
    }
}
