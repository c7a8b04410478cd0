//! `ungpho activity`: what the unit did outside any run, as its papers say.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::json;

use crate::inventory::table::day;
use crate::ledger::Ledger;
use crate::message::{Message, format, message};
use crate::model::record::{Activity, ActivityKind, DrillManner};
use crate::model::{Basis, Body, Draft, Durability, Journal as _, Name, Objects as _, Record};
use crate::policy::cadences::Manner;
use crate::policy::day_in_vietnam;
use crate::report::due::words;
use crate::report::tasks::{ActivityRow, activities, activity_word};
use crate::source::suggest;
use crate::ui::cli::backup::keys;
use crate::ui::desk::{Desk, journal_failure, ledger_failure};
use crate::ui::held::Held;
use crate::ui::period::Period;
use crate::ui::{Context, Exit, Failure, Workspace, entered, papers};

/// Keep what the unit did outside drills and incidents: checks with the police, letters, training, drills of before
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho activity list --period 2026-01-01..2026-06-30")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    Add(AddArgs),
    List(ListArgs),
    Withdraw(WithdrawArgs),
}

/// Enter an activity from the papers
#[derive(clap::Args)]
#[command(
    after_help = "Example: ungpho activity add check \"Kiểm tra an ninh mạng cổng thông tin\" --date 2026-03-12 \
                        --with \"Công an tỉnh\" --number 35/BB-CAT --system portal"
)]
struct AddArgs {
    /// Which kind: check, letter, training, awareness, scan, hunt, drill, other
    #[arg(value_name = "KIND", value_parser = kind())]
    kind: ActivityKind,
    /// What was done
    #[arg(value_name = "WORDS")]
    what: String,
    /// The day, such as 2026-03-12 or 12/3/2026
    #[arg(long, value_name = "DAY", value_parser = entered::argument)]
    date: Date,
    /// The last day, where there were several
    #[arg(long, value_name = "DAY", value_parser = entered::argument)]
    until: Option<Date>,
    /// With whom
    #[arg(long, value_name = "WHO")]
    with: Option<String>,
    /// Number and symbol of the document that says so
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// What it came to
    #[arg(long, value_name = "WORDS")]
    result: Option<String>,
    /// A system that it was about; may be given several times
    #[arg(long = "system", value_name = "SYSTEM")]
    systems: Vec<Name>,
    /// How the drill was carried out: tabletop, lab, technical, live
    #[arg(long, value_name = "MANNER", value_parser = manner())]
    manner: Option<DrillManner>,
    /// How many people took part
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = people)]
    people: Option<u32>,
    /// The document
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
    /// The number of the record that this one stands for
    #[arg(long, value_name = "RECORD", value_parser = papers::record_number)]
    replaces: Option<u64>,
    /// It is another one than the one of the same kind, day and number that was entered before
    #[arg(long, conflicts_with = "replaces")]
    another: bool,
    /// Why it is entered
    #[arg(long, value_name = "WORDS")]
    because: Option<String>,
}

/// List activities
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho activity list --period 2026-01-01..2026-06-30")]
struct ListArgs {
    /// Only what ended in this period: FROM..TO, both days included, or such as 2026-Q4
    #[arg(long, value_name = "FROM..TO")]
    period: Option<Period>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Let an activity that was entered count for nothing
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho activity withdraw 31 --because \"Nhập hai lần\"")]
struct WithdrawArgs {
    /// The number of its record
    #[arg(value_name = "RECORD", value_parser = papers::record_number)]
    record: u64,
    /// Why
    #[arg(long, value_name = "WORDS")]
    because: String,
}

fn kind() -> impl clap::builder::TypedValueParser<Value = ActivityKind> {
    use clap::builder::{PossibleValuesParser, TypedValueParser as _};
    let words = ActivityKind::ALL.iter().filter(|kind| **kind != ActivityKind::Withdrawn).map(|kind| kind.word());
    PossibleValuesParser::new(words).map(|word| {
        let kind = ActivityKind::ALL.iter().copied().find(|kind| kind.word() == word);
        kind.unwrap_or(ActivityKind::Other)
    })
}

/// A count of people: `2184`, and as documents write it, `2.184`.
fn people(text: &str) -> Result<u32, &'static str> {
    let (first, rest) = text.split_once('.').unwrap_or((text, ""));
    let grouped = rest.is_empty() || rest.split('.').all(|group| group.len() == 3);
    let digits = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
    let whole =
        Some(text.replace('.', "")).filter(|text| digits(text) && grouped && (rest.is_empty() || first.len() < 4));
    let count = whole.filter(|_| !text.ends_with('.')).and_then(|text| text.parse().ok());
    count.filter(|count| *count > 0).ok_or("a number of people, 1 or more")
}

fn manner() -> impl clap::builder::TypedValueParser<Value = DrillManner> {
    use clap::builder::{PossibleValuesParser, TypedValueParser as _};
    PossibleValuesParser::new(DrillManner::ALL.iter().map(|manner| manner.word())).map(|word| {
        let manner = DrillManner::ALL.iter().copied().find(|manner| manner.word() == word);
        manner.unwrap_or(DrillManner::Tabletop)
    })
}

/// Runs `ungpho activity …`.
///
/// # Errors
///
/// Where there is no workspace, a day or a record cannot be, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::Add(args) => add(args, context),
        Action::List(args) => list(args, context),
        Action::Withdraw(args) => withdraw(args, context),
    }
}

fn add(args: &AddArgs, context: &Context) -> Result<Exit, Failure> {
    let last = args.until.unwrap_or(args.date);
    let today = day_in_vietnam(&context.clock.now().at);
    if last > today {
        let message = message!("task-activity-to-come", day = day(last, context.lang));
        let help = message!("task-issued-day-come", day = day(today, context.lang));
        return Err(Failure::new(Exit::Invalid, "day-not-possible", message).help(help));
    }
    if last < args.date {
        return Err(Failure::new(Exit::Invalid, "day-not-possible", message!("task-activity-backwards")));
    }
    let what = papers::filled("WORDS", &args.what)?;
    let said = [("--with", &args.with), ("--number", &args.number), ("--result", &args.result)];
    for (argument, text) in said.into_iter().chain([("--because", &args.because)]) {
        text.as_deref().map(|text| papers::filled(argument, text)).transpose()?;
    }
    if args.manner.is_some() && args.kind != ActivityKind::Drill {
        let message = message!("task-activity-manner-drill", kind = args.kind.word());
        return Err(Failure::new(Exit::Invalid, "manner-without-drill", message)
            .help(message!("task-activity-manner-drill-help")));
    }
    let desk = keys::desk(context)?;
    let (systems, _) = desk.workspace.systems(context)?;
    if let Some(unknown) = args.systems.iter().find(|id| !systems.contains_key(*id)) {
        let message = message!("inventory-unknown-system", system = unknown.as_str());
        let failure = Failure::new(Exit::Invalid, "unknown-system", message);
        return Err(match suggest::did_you_mean(unknown.as_str(), systems.keys().map(Name::as_str)) {
            Some(help) => failure.help(help),
            None => failure.help(message!("systems-unknown-help")),
        });
    }
    if let Some(seq) = args.replaces {
        there(&desk, seq)?;
    }
    let systems: BTreeSet<Name> = args.systems.iter().cloned().collect();
    entered_before(args, what, &desk, context)?;
    let words = |text: &Option<String>| text.as_deref().map(|text| desk.words(text.trim())).transpose();
    let (file, name) = match &args.file {
        Some(file) => {
            let path = papers::signed_copy(file, context)?;
            let named = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let kept = desk.ledger.put_file(&path).map_err(|error| journal_failure(&error))?;
            (Some(kept), Some(desk.words(&named)?))
        }
        None => (None, None),
    };
    let body = Activity {
        kind: args.kind,
        date: args.date,
        until: args.until,
        what: Some(desk.words(what)?),
        with: words(&args.with)?,
        number: words(&args.number)?,
        result: words(&args.result)?,
        systems: systems.into_iter().collect(),
        manner: args.manner,
        people: args.people,
        replaces: args.replaces,
        file,
        name,
        because: words(&args.because)?,
    };
    let record = keep(&desk, context, body)?;
    context.note(&message!("task-activity-kept", seq = record.seq.to_string()));
    Ok(Exit::Passed)
}

/// Holds that the same activity was not entered before: the same kind, day and number counts once. What has no number and the same
/// words may be another one: it is said.
///
/// # Errors
///
/// Where it was, unless it replaces that one or is said to be another.
fn entered_before(args: &AddArgs, what: &str, desk: &Desk, context: &Context) -> Result<(), Failure> {
    let given = |text: &Option<String>| text.as_deref().map(str::trim).map(str::to_lowercase);
    let number = given(&args.number);
    let alike = |row: &ActivityRow| {
        let same = row.kind == args.kind && row.date == args.date && Some(row.seq) != args.replaces;
        same && given(&row.number) == number && (number.is_some() || row.what.to_lowercase() == what.to_lowercase())
    };
    let Some(row) = rows(&desk.ledger)?.into_iter().rfind(alike) else { return Ok(()) };
    if args.another {
        return Ok(());
    }
    let (seq, on) = (row.seq.to_string(), day(row.date, context.lang));
    let Some(number) = row.number else {
        context.note(&message!("task-activity-alike", seq = seq, day = on));
        return Ok(());
    };
    let message = message!("task-activity-again", seq = seq.as_str(), number = number, day = on);
    let help = message!("task-activity-again-help", seq = seq.as_str());
    Err(Failure::new(Exit::Invalid, "activity-again", message).help(help))
}

fn withdraw(args: &WithdrawArgs, context: &Context) -> Result<Exit, Failure> {
    let because = papers::filled("--because", &args.because)?;
    let desk = keys::desk(context)?;
    let earlier = there(&desk, args.record)?;
    let body = papers::withdrawal(args.record, earlier.date, desk.words(because)?);
    let record = keep(&desk, context, body)?;
    let (seq, of) = (record.seq.to_string(), args.record.to_string());
    context.note(&message!("task-activity-withdrawn", seq = seq, of = of));
    Ok(Exit::Passed)
}

/// The activity in record `seq` that nothing stands for yet.
fn there(desk: &Desk, seq: u64) -> Result<ActivityRow, Failure> {
    rows(&desk.ledger)?.into_iter().find(|row| row.seq == seq).ok_or_else(|| {
        let message = message!("task-activity-unknown", seq = seq.to_string());
        Failure::new(Exit::Invalid, "unknown-activity", message).help(message!("task-activity-unknown-help"))
    })
}

fn keep(desk: &Desk, context: &Context, body: Activity) -> Result<Record, Failure> {
    let draft = Draft { actor: context.actor.clone(), basis: Basis::Paper, ..Draft::ledger(Body::from(body)) };
    Held::before_adding(desk.ledger.dir(), context);
    let appended = desk.ledger.append(&[draft], Durability::Synced).map_err(|error| journal_failure(&error))?;
    desk.checkpoint()?;
    appended.records.into_iter().next().ok_or_else(|| Failure::reported(Exit::Machine))
}

fn rows(ledger: &Ledger) -> Result<Vec<ActivityRow>, Failure> {
    Ok(activities(&papers::records(ledger)?, ledger))
}

/// How a drill was carried out, as `due` calls it.
fn manner_words(manner: DrillManner) -> Message {
    let known = Manner::WORDS.iter().find(|(word, _)| *word == manner.word());
    known.map_or_else(|| message!("due-no-words"), |(_, manner)| words::manner(*manner))
}

fn list(args: &ListArgs, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let held = Held::whole(&workspace.ledger())?;
    let all = if workspace.ledger().join("log").exists() {
        rows(&Ledger::read_only(&workspace.ledger()).map_err(|error| ledger_failure(&error))?)?
    } else {
        Vec::new()
    };
    let within =
        |row: &ActivityRow| args.period.as_ref().is_none_or(|period| period.holds(row.until.unwrap_or(row.date)));
    let shown: Vec<ActivityRow> = all.into_iter().filter(within).collect();
    if args.json {
        context.out(&format!("{}\n", json!({ "version": 1, "ledger": held, "activities": shown })));
        return Ok(held.exit(Exit::Passed));
    }
    let lang = context.lang;
    let mut text = held.line(context);
    if shown.is_empty() {
        context.note(&message!("task-activity-none"));
    }
    for row in &shown {
        let until = row.until.map(|until| format!("–{}", day(until, lang))).unwrap_or_default();
        let _ = writeln!(
            text,
            "#{}  {}{until}  {}: {}",
            row.seq,
            day(row.date, lang),
            activity_word(row.kind).render(lang),
            row.what
        );
        let people = row.people.map(|count| format::number(u64::from(count), lang));
        let below = [
            (message!("task-activity-manner"), row.manner.map(|it| manner_words(it).render(lang))),
            (message!("task-activity-with"), row.with.clone()),
            (message!("task-activity-number"), row.number.clone()),
            (message!("task-activity-result"), row.result.clone()),
            (message!("task-activity-people"), people),
        ];
        for (label, value) in below {
            if let Some(value) = value {
                let _ = writeln!(text, "      {}: {value}", label.render(lang));
            }
        }
    }
    context.out(&text);
    Ok(held.exit(Exit::Passed))
}
