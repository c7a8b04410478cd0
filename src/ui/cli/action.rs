//! `ungpho action`: what a drill or an incident showed to be put right, by whom, by when, and whether it was.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::json;

use crate::message::{Message, format, message};
use crate::model::record::{ActionClosed, ActionOpened, Body, RunStarted};
use crate::model::{Actor, Id, Journal as _, Record, RunId, RunKind, RunState};
use crate::policy::day_in_vietnam;
use crate::report::tasks::Apart;
use crate::report::{ActionRow, ActionState};
use crate::source::suggest;
use crate::ui::desk::{Desk, journal_failure, ledger_failure};
use crate::ui::entered;
use crate::ui::entry::{self, EntryArgs};
use crate::ui::held::Held;
use crate::ui::{Context, Exit, Failure, actions, papers};

/// Follow corrective actions until a later drill shows them
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho action list --overdue")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List corrective actions that no later drill has shown yet, the overdue ones first
    #[command(after_help = "Example: ungpho action list DT-2026-001 --all")]
    List(ListArgs),
    /// Open a corrective action from a drill or an incident
    #[command(
        after_help = "Example: ungpho action add DT-2026-001 \"Đặt lại máy chủ dự phòng\" --owner binh --due 31/12/2026 --objective restored_in_time"
    )]
    Add(AddArgs),
    /// Say that an action was carried out, or that a later drill has shown it
    #[command(
        after_help = "Example: ungpho action done 41 --retested DT-2027-001 --because \"Khôi phục trong thời gian đặt ra\""
    )]
    Done(DoneArgs),
}

#[derive(clap::Args)]
struct ListArgs {
    /// Only those of this run
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Only those whose last day is over
    #[arg(long)]
    overdue: bool,
    /// Those that a later drill has shown too
    #[arg(long, conflicts_with = "overdue")]
    all: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("who").required(true).args(["owner", "owner_name"])))]
struct AddArgs {
    /// The run, which may be left out where one is open, and what is to be done
    #[arg(value_name = "RUN WHAT", required = true, num_args = 1..=2)]
    words: Vec<String>,
    /// Who answers for it (an id of people.yaml)
    #[arg(long, value_name = "PERSON")]
    owner: Option<String>,
    /// The name of a unit or of somebody without an account who answers for it
    #[arg(long, value_name = "NAME")]
    owner_name: Option<String>,
    /// The last day: 2026-12-31 or 31/12/2026
    #[arg(long, value_name = "DATE")]
    due: String,
    /// The objective of the playbook that it is about: later drills measure it again
    #[arg(long, value_name = "OBJECTIVE")]
    objective: Option<String>,
    #[command(flatten)]
    entry: EntryArgs,
}

#[derive(clap::Args)]
struct DoneArgs {
    /// The action's number, as `action list` shows it
    #[arg(value_name = "NUMBER")]
    number: String,
    /// The later drill that has shown it
    #[arg(long, value_name = "RUN")]
    retested: Option<RunId>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Carries out the command.
///
/// # Errors
///
/// Where the run, the action, the person or the objective is not there, or the ledger cannot be read or written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::List(args) => list(args, context),
        Action::Add(args) => add(args, context),
        Action::Done(args) => done(args, context),
    }
}

/// Reads a day as people type it.
///
/// # Errors
///
/// Where it is none.
pub(super) fn day(text: &str) -> Result<Date, Failure> {
    entered::day(text).ok_or_else(|| {
        Failure::new(Exit::Invalid, "invalid-date", message!("exercise-invalid-date", date = text))
            .help(entered::no_such_day(text).unwrap_or(message!("action-date-help")))
    })
}

fn list(args: &ListArgs, context: &Context) -> Result<Exit, Failure> {
    let Some(desk) = Desk::if_begun(context)? else {
        print(&[], &Held::default(), args, context);
        return Ok(Exit::Passed);
    };
    let held = Held::whole(desk.ledger.dir())?;
    if let Some(run) = &args.run {
        desk.run(Some(run))?;
    }
    let mut rows = actions::read(&desk.ledger, &desk.workspace, context.lang, &actions::today(context))?;
    rows.retain(|row| args.run.as_ref().is_none_or(|run| row.run == *run));
    rows.retain(|row| match row.state {
        ActionState::Overdue => true,
        ActionState::Open | ActionState::Done => !args.overdue,
        ActionState::Retested => args.all,
    });
    rows.sort_by(|one, other| (one.state, &one.due, one.number).cmp(&(other.state, &other.due, other.number)));
    print(&rows, &held, args, context);
    let overdue = rows.iter().any(|row| row.state == ActionState::Overdue);
    Ok(held.exit(if overdue { Exit::NotPassed } else { Exit::Passed }))
}

fn print(rows: &[ActionRow], held: &Held, args: &ListArgs, context: &Context) {
    if args.json {
        let today = actions::today(context);
        context.out(&format!("{}\n", json!({ "version": 1, "today": today, "ledger": held, "actions": rows })));
    } else {
        if rows.is_empty() {
            context.note(&message!("action-none"));
        }
        let mut text = held.line(context);
        for row in rows {
            entry_of(&mut text, row, context);
        }
        context.out(&text);
    }
}

/// One action: what, how far it has come, by whom and by when, what later drills measured.
fn entry_of(text: &mut String, row: &ActionRow, context: &Context) {
    let lang = context.lang;
    let sign = if row.state == ActionState::Overdue { "!" } else { " " };
    let what = row.what.clone().unwrap_or_else(|| message!("report-redacted").render(lang));
    let _ = writeln!(text, "{sign} #{} {what}", row.number);
    let standing = actions::standing(row, lang);
    let due = format::day(&row.due, lang);
    let line = message!("action-line", standing = standing, due = due, owner = actions::owner(row, lang));
    let _ = writeln!(text, "    {}", line.render(lang));
    let from = match &row.objective {
        Some(objective) => message!("action-from-objective", run = row.run.as_str(), objective = objective.as_str()),
        None => message!("action-from", run = row.run.as_str()),
    };
    let _ = writeln!(text, "    {}", from.render(lang));
    for measured in &row.measured {
        let result = match measured.met {
            Some(true) => message!("action-met"),
            Some(false) => message!("action-not-met"),
            None => message!("action-not-measured"),
        };
        let date = format::date(&measured.at, lang);
        let line = message!(
            "action-measured",
            run = measured.run.as_str(),
            date = date,
            result = result,
            record = measured.record.to_string()
        );
        let _ = writeln!(text, "    {}", line.render(lang));
    }
}

fn add(args: &AddArgs, context: &Context) -> Result<Exit, Failure> {
    let (run, words) = super::run_and_rest(&args.words);
    let [what] = words else { return Err(super::too_many(words.len())) };
    let what = papers::filled("WHAT", what)?;
    let due = day(&args.due)?;
    let today = day_in_vietnam(&context.clock.now().at);
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    let entry = args.entry.entry(context, &desk.workspace)?;
    super::not_voided(&desk.folded(&run, &state)?, &run)?;
    let owner: Option<Actor> =
        args.owner.as_deref().map(|id| entry::person(context, &desk.workspace, id)).transpose()?;
    let objective = args.objective.as_deref().map(|id| objective(&desk, (&run, &state), id)).transpose()?;
    let owner_name = args.owner_name.as_deref().map(|name| desk.words(name)).transpose()?;
    let because = desk.because(&entry)?;
    let what = desk.words(what)?;
    let opened = ActionOpened { what, owner, owner_name, due: due.to_string(), objective, because };
    // After the end is when actions are opened: nobody has to be told.
    let kept = append(&desk, &entry, (&run, &state), context, opened.into())?;
    let (over, due) = (due < today, format::day(&due.to_string(), context.lang));
    context.note(&message!("action-opened", number = kept.to_string(), run = run.as_str(), due = due.as_str()));
    if over {
        context.note(&message!("action-due-over", due = due));
    }
    Ok(Exit::Passed)
}

/// Keeps the record and signs the log as it stands; the record's number.
fn append(
    desk: &Desk,
    entry: &entry::Entry,
    (run, state): (&RunId, &RunState),
    context: &Context,
    body: Body,
) -> Result<u64, Failure> {
    let record = desk.record(context, entry, (run, state), body)?;
    if state.ended() {
        desk.checkpoint()?;
    }
    Ok(record.seq)
}

/// An objective of the playbook of `run`.
fn objective(desk: &Desk, (run, state): (&RunId, &RunState), text: &str) -> Result<Id, Failure> {
    let (plan, _) = desk.plan(run, state)?;
    let known: Option<Id> = text.parse().ok();
    known.filter(|id| plan.objectives.iter().any(|one| one.id == *id)).ok_or_else(|| {
        let message = message!("exercise-unknown-objective", objective = text);
        let failure = Failure::new(Exit::Invalid, "unknown-objective", message);
        match suggest::one_of_these(text, plan.objectives.iter().map(|one| one.id.as_str())) {
            Some(help) => failure.help(help),
            None => failure.help(message!("exercise-no-objectives")),
        }
    })
}

fn done(args: &DoneArgs, context: &Context) -> Result<Exit, Failure> {
    let unknown = || {
        Failure::new(Exit::Invalid, "unknown-action", message!("action-unknown", number = args.number.as_str()))
            .help(message!("action-unknown-help"))
    };
    let number: u64 = args.number.strip_prefix('#').unwrap_or(&args.number).parse().map_err(|_| unknown())?;
    let desk = Desk::open(context)?;
    let mut records = desk.ledger.records(number, number.saturating_add(1)).map_err(|error| ledger_failure(&error))?;
    let opened = records.pop().and_then(|record| match record.draft.body {
        Body::ActionOpened(ref opened) => {
            Some((record.draft.run.clone()?, opened.objective.clone(), record.occurred()))
        }
        _ => None,
    });
    let Some((run, objective, since)) = opened else { return Err(unknown()) };
    let (run, state) = desk.run(Some(&run))?;
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    if let Some(at) = entry.occurred.filter(|at| at.instant < since.instant) {
        let (at, opened) = (format::date(&at, context.lang), format::date(&since, context.lang));
        let message = message!("action-done-before", number = number.to_string(), at = at, opened = opened);
        let failure = Failure::new(Exit::Invalid, "done-before-opened", message);
        return Err(failure.help(message!("action-done-before-help")));
    }
    // The ledger would refuse it as well: nothing is kept for it before.
    let rows = actions::read(&desk.ledger, &desk.workspace, context.lang, &actions::today(context))?;
    let row = rows.iter().find(|row| row.number == number);
    if row.is_some_and(|row| row.retested.is_some() || (row.done.is_some() && args.retested.is_none())) {
        let message = message!("ledger-why-action-closed", seq = number.to_string());
        return Err(Failure::new(Exit::Invalid, "action-closed", message));
    }
    if let Some(later) = &args.retested {
        retest(&desk, later, (number, row), objective.as_ref())?;
    }
    let because = desk.because(&entry)?;
    let closed = ActionClosed { action: number, retest: args.retested.clone(), because };
    append(&desk, &entry, (&run, &state), context, closed.into())?;
    let number = number.to_string();
    context.note(&match &args.retested {
        Some(later) => message!("action-closed-retested", number = number, run = later.as_str()),
        None => message!("action-closed-done", number = number),
    });
    Ok(Exit::Passed)
}

/// Holds that `later` shows that the action of record `opened` is done: a drill that began after it was opened, that people held
/// at the console, that has ended and counts. Where the action names an objective, a drill of the same playbook that measured it
/// last as met.
fn retest(
    desk: &Desk,
    later: &RunId,
    (opened, row): (u64, Option<&ActionRow>),
    objective: Option<&Id>,
) -> Result<(), Failure> {
    let (later, state) = desk.run(Some(later))?;
    let number = opened.to_string();
    let refused =
        |message: Message, help: Message| Err(Failure::new(Exit::Invalid, "not-a-retest", message).help(help));
    if later.kind() != RunKind::Drill || state.began < opened {
        let message = message!("action-not-a-retest", run = later.as_str(), number = number);
        return refused(message, message!("action-not-a-retest-help"));
    }
    super::ended(&later, &state)?;
    let records = desk.ledger.records_of(&later, state.began).map_err(|error| journal_failure(&error))?;
    let voided = records.iter().find(|record| matches!(record.draft.body, Body::RunVoided(_)));
    if let Some(record) = voided {
        let message = message!("amend-voided-before", run = later.as_str(), seq = record.seq.to_string());
        return Err(Failure::new(Exit::Invalid, "run-voided", message));
    }
    let Some(began) = started(&records) else { return Ok(()) };
    if let Some(why) = Apart::no_exercise(began.people, began.test_clock) {
        let message = message!("action-retest-aside", run = later.as_str(), why = why.said());
        return refused(message, message!("action-retest-aside-help"));
    }
    let Some(objective) = objective else { return Ok(()) };
    // What later drills of the same playbook measured of the objective.
    let measured = row.and_then(|row| row.measured.iter().rfind(|it| it.run == later));
    match measured.map(|it| (it.met, it.record)) {
        Some((Some(true), _)) => Ok(()),
        Some((Some(false), seq)) => {
            let message = message!("action-missed-again", run = later.as_str(), number = number, seq = seq.to_string());
            Err(Failure::new(Exit::Invalid, "missed-again", message).help(message!("action-missed-again-help")))
        }
        Some((None, _)) | None => {
            let (run, objective) = (later.as_str(), objective.as_str());
            let message = message!("action-retest-unmeasured", run = run, objective = objective);
            refused(message, message!("action-retest-unmeasured-help"))
        }
    }
}

/// How a run began.
fn started(records: &[Record]) -> Option<&RunStarted> {
    records.iter().find_map(|record| match &record.draft.body {
        Body::RunStarted(started) => Some(started),
        _ => None,
    })
}
