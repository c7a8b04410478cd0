//! `ungpho report annual`: the annual report on levels, Form 08 of Decree 331/2026/NĐ-CP.

use jiff::civil::Date;

use crate::inventory::table::day;
use crate::message::message;
use crate::policy::day_in_vietnam;
use crate::report::annual::{Ground, Missing, Side, annual, annual_document, annual_xlsx, days, hints};
use crate::report::document::{docx, html};
use crate::ui::annexes::{Made, TableArgs, TableFormat, last_day};
use crate::ui::cli::backup::keys;
use crate::ui::tasks::{head, kept_files, own_systems};
use crate::ui::{Context, Exit, Failure, Workspace, levels, reporting};

/// Make the annual report on levels: the twelve columns of Form 08 of Decree 331/2026/NĐ-CP
///
/// Data from 15 December of the year before to 14 December, up to the day of making; sent before 20 and 25 December. The operator's
/// list has the systems that the unit runs, the owner's those that belong to it or to the body above it.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho report annual --year 2026 --format docx")]
pub(super) struct Args {
    /// The year, from 2026 on
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1..=9998))]
    year: i16,
    /// Whose report it is: what the unit runs goes to the owner; what belongs to it or to the body above it, to the Ministry
    #[arg(long = "for", value_enum, value_name = "SIDE", default_value_t = Whose::Operator)]
    whose: Whose,
    #[command(flatten)]
    table: TableArgs,
}

/// The first year of which Form 08 is: Decree 331/2026/NĐ-CP is in force since 19 August 2026 (article 38).
const FIRST_YEAR: i16 = 2026;

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Whose {
    Operator,
    Owner,
}

/// Makes the report; what each system has still to give is told.
///
/// # Errors
///
/// Where Form 08 is not of that year or its data have not begun, the ledger does not verify, or a file cannot be read or written.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let today = day_in_vietnam(&context.clock.now().at);
    let on = args.table.date.map_or(today, |date| date.min(today));
    begun(args.year, on, context)?;
    let side = match args.whose {
        Whose::Operator => Side::Operator,
        Whose::Owner => Side::Owner,
    };
    let workspace = Workspace::find(context)?;
    keys::begun(context)?;
    let (ledger, standing) = reporting::sound(&workspace, context)?;
    let (systems, others) = own_systems(&workspace, &kept_files(&ledger)?, side, context)?;
    let lang = args.table.lang(context);
    let paper = args.table.paper(&workspace, &ledger, context)?;
    let unit = paper.unit.as_ref().map(|unit| unit.unit.pick(lang));
    let attached = paper.attached.clone();
    let book = levels::here(context, &workspace);
    let (from, to, ..) = days(args.year);
    let ground = Ground {
        year: args.year,
        side,
        unit,
        attached,
        head: head(&standing),
        // While the year runs the same ledger gives the same list on any day; then all of the year counts.
        on: match args.table.date {
            Some(date) => date.min(today),
            None if today > to => to,
            None => last_day(&ledger)?.unwrap_or(today).clamp(from, to),
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
    let stem = match side {
        Side::Operator => format!("annual-{}", args.year),
        Side::Owner => format!("annual-owner-{}", args.year),
    };
    let made = Made { document: "annual", stem: &stem, bytes, head: &report.ledger, figures: &report.figures };
    args.table.deliver(&made, &workspace, context)?;
    tell(&missing, context);
    for hint in hints(&report, context.lang) {
        context.note(&hint);
    }
    Ok(Exit::Passed)
}

/// Holds that the report of `year` is by Form 08 and that its data have begun on the day `on`.
fn begun(year: i16, on: Date, context: &Context) -> Result<(), Failure> {
    if year < FIRST_YEAR {
        let message = message!("annual-year-before", year = year.to_string());
        return Err(Failure::new(Exit::Invalid, "year-without-form", message).help(message!("annual-year-before-help")));
    }
    let (from, ..) = days(year);
    if on < from {
        let (from, on) = (day(from, context.lang), day(on, context.lang));
        let message = message!("annual-year-to-come", year = year.to_string(), from = from);
        return Err(
            Failure::new(Exit::Invalid, "year-to-come", message).help(message!("annual-year-to-come-help", on = on))
        );
    }
    Ok(())
}

/// Says what is missing: somebody has to ask for it before the days are over.
fn tell(missing: &[Missing], context: &Context) {
    for it in missing {
        context.note(&message!("annual-missing-note", system = it.system.as_str(), what = it.what.join("; ")));
    }
}
