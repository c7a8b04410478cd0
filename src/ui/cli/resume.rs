//! `ungpho resume`: goes on with a run that was paused or has lost its loop.

use std::time::Duration;

use crate::ledger::LoopLock;
use crate::message::message;
use crate::model::record::{People, RunContinued};
use crate::model::{RunId, Stage};
use crate::ui::console::Part;
use crate::ui::desk::{Desk, ledger_failure};
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, start};

/// Go on with a run that was paused or interrupted
///
/// It goes on from now on, so `--at` is refused; so are the others where the run is not paused, for then nothing is recorded
/// in a person's name.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho resume DT-2026-004")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Keep loop and console in this process
    #[arg(long)]
    foreground: bool,
    /// Only start it again; open no console
    #[arg(long, conflicts_with = "foreground")]
    detach: bool,
    #[command(flatten)]
    entry: EntryArgs,
}

/// How long a lock may outlive the loop that was killed while it started a command.
const PATIENCE: Duration = Duration::from_millis(500);

/// Starts a loop where none lives, lets a paused run go on, and opens a console.
///
/// # Errors
///
/// Where the run has ended, the ledger cannot be written, or no loop can be started.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    if state.ended() {
        return Err(Failure::new(Exit::Invalid, "run-ended", message!("cli-run-ended", run = run.as_str())));
    }
    let entry = args.entry.now(context, &desk.workspace, &message!("entry-now-resume"))?;
    if state.stage != Stage::Paused && args.entry.given() {
        let flags = "`--by`, `--basis`, `--because`";
        let message = message!("entry-nothing-to-record", run = run.as_str(), flags = flags);
        let failure = Failure::new(Exit::Invalid, "nothing-to-record", message);
        return Err(failure.help(message!("entry-nothing-to-record-help")));
    }
    let people = desk.started(&run, &state)?.people;
    let part = if people == People::Unattended { Part::Shows } else { Part::Asks };
    let free = LoopLock::take_within(&desk.workspace.ledger(), &run, PATIENCE).map_err(|e| ledger_failure(&e))?;
    if state.stage == Stage::Paused {
        let because = desk.because(&entry)?;
        desk.record(context, &entry, (&run, &state), RunContinued { gap: None, because }.into())?;
    }
    match free {
        None if args.detach => {}
        None => context.note(&message!("cli-resume-attaches", run = run.as_str())),
        Some(lock) if args.foreground => return start::foreground(context, &desk, &run, &state, lock, part),
        Some(lock) => {
            drop(lock);
            start::detached(context, &desk, &run)?;
        }
    }
    if args.detach {
        context.note(&message!("cli-resumed", run = run.as_str()));
        return Ok(Exit::Passed);
    }
    start::console(context, &desk, &run, &state, part)
}
