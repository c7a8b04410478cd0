//! `ungpho report calendar`: what falls due, for calendar programs or as month pages.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::message::message;
use crate::model::Digest;
use crate::policy::day_in_vietnam;
use crate::report::calendar::{Calendar, calendar_html, calendar_ics};
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, due, entered, place, reporting};

#[derive(clap::Args)]
pub struct Args {
    /// Print in this format: for calendar programs, or month pages; else as the file's name ends, else ics
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// As of this day, such as 2026-12-19 or 19/12/2026; today where it is left out
    #[arg(long, value_name = "DATE", value_parser = entered::argument)]
    on: Option<Date>,
    /// So many months on the pages, from that of the day on
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u8).range(1..=36))]
    months: u8,
    /// Remind so many days before, at 8 in the morning; `none` for no reminders
    #[arg(long, value_name = "DAYS", default_value = "30d,7d,1d")]
    remind: String,
    /// Also what is only recommended
    #[arg(long)]
    recommended: bool,
    /// Make it although the ledger does not verify, and say so on every page and every event
    #[arg(long)]
    unverified: bool,
    /// Write to this file (`-` is standard output); reports/calendar.ics or .html where nothing is said
    #[arg(long, alias = "output", value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Ics,
    Html,
}

/// Makes the calendar.
///
/// # Errors
///
/// Where a file of the workspace does not hold, the ledger cannot be read or does not verify, or the calendar cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let reminders = reminders(&args.remind)?;
    let workspace = Workspace::find(context)?;
    let on = args.on.unwrap_or_else(|| day_in_vietnam(&context.clock.now().at));
    let looked = due::looked(context, &workspace, on)?;
    let broken = looked.verified.as_ref().is_some_and(|verified| !verified.ok);
    if broken && !args.unverified {
        return Err(Failure::new(Exit::LedgerBroken, "ledger-unverified", message!("task-unverified"))
            .help(message!("report-document-unverified-help")));
    }
    let unit = looked.unit.unit.pick(context.lang).to_owned();
    // Two units whose calendars stand in one program keep their events apart. A ledger has a name that no correction of the
    // unit's changes; before there is one there is only the unit's.
    let origin = looked.verified.as_ref().map(|verified| verified.origin.as_str()).filter(|origin| !origin.is_empty());
    let mark = format!("{}.ungpho", &Digest::of(origin.unwrap_or(&unit).as_bytes()).hex()[..12]);
    let calendar = Calendar {
        unit,
        mark,
        on,
        due: &looked.due,
        recommended: args.recommended,
        reminders,
        months: args.months,
        holidays: &looked.holidays,
        stamp: broken.then(|| message!("document-stamp-unverified")),
    };
    let made = place::format(args.format, args.out.as_deref());
    if made == Format::Ics && calendar.count() == 0 {
        context.note(&message!("due-calendar-empty"));
    }
    let exit = if broken { Exit::LedgerBroken } else { Exit::Passed };
    let (text, name) = match made {
        Format::Ics => (calendar_ics(&calendar, context.lang), "calendar.ics"),
        Format::Html => (calendar_html(&calendar, context.lang), "calendar.html"),
    };
    let path = match &args.out {
        Some(out) if out.as_os_str() == "-" => {
            context.out(&text);
            return Ok(exit);
        }
        Some(out) => {
            place::fits(out, if made == Format::Ics { "ics" } else { "html" })?;
            context.folder.join(out)
        }
        None => workspace.root.join("reports").join(name),
    };
    reporting::write(&path, &text)?;
    context.out(&format!("{}\n", path.display()));
    Ok(exit)
}

/// `30d,7d,1d`, or `none`.
fn reminders(text: &str) -> Result<Vec<u16>, Failure> {
    if text == "none" {
        return Ok(Vec::new());
    }
    let days = |part: &str| part.trim().strip_suffix('d')?.parse::<u16>().ok().filter(|days| *days <= 366);
    let read: Option<Vec<u16>> = text.split(',').map(days).collect();
    // Said twice it rings once.
    let read = read.map(|mut days| {
        days.sort_unstable_by(|one, other| other.cmp(one));
        days.dedup();
        days
    });
    read.ok_or_else(|| {
        Failure::new(Exit::Invalid, "wrong-reminder", message!("due-remind-form", text = text))
            .help(message!("due-remind-help"))
    })
}
