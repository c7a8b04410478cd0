//! `ungpho resume`: goes on with a run that was paused or has lost its loop.

use std::time::Duration;

use crate::ledger::LoopLock;
use crate::message::message;
use crate::model::record::{People, RunContinued};
use crate::model::{RunId, Stage};
use crate::ui::console::Part;
use crate::ui::desk::{Desk, ledger_failure};
use crate::ui::{Context, Exit, Failure, start};

/// Go on with a run that was paused or interrupted
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
    let people = desk.started(&run, &state)?.people;
    let part = if people == People::Unattended { Part::Shows } else { Part::Asks };
    let free = LoopLock::take_within(&desk.workspace.ledger(), &run, PATIENCE).map_err(|e| ledger_failure(&e))?;
    if state.stage == Stage::Paused {
        desk.append(context, &run, state.mode, RunContinued { gap: None }.into())?;
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
