//! The hidden `ungpho loop RUN`: the process that drives a run, in a session of its own.

use std::io::Write as _;

use crate::engine::run_loop::Signals;
use crate::ledger::LoopLock;
use crate::message::message;
use crate::model::RunId;
use crate::ui::desk::{Desk, ledger_failure};
use crate::ui::{Context, Exit, Failure, start};

/// Drive a run (used by the program itself)
#[derive(clap::Args)]
pub struct Args {
    /// The run
    run: RunId,
}

/// Drives the run to its end.
///
/// # Errors
///
/// Where another loop drives it, or it cannot be driven on.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    // A terminal that is closed ends its session's processes: this one has its own. The starter may have made it already.
    let _ = rustix::process::setsid();
    start::log_to_standard_error();
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(Some(&args.run))?;
    let Some(lock) = LoopLock::take(&desk.workspace.ledger(), &run).map_err(|e| ledger_failure(&e))? else {
        return Err(Failure::new(Exit::Machine, "loop-elsewhere", message!("cli-loop-elsewhere", run = run.as_str())));
    };
    let manner = start::Manner { signals: Signals::Detached, before_people: false };
    start::drive(context, &desk, (&run, &state), lock, &manner, || {
        let mut out = std::io::stdout();
        let _ = writeln!(out, "{}", start::READY).and_then(|()| out.flush());
    })
    .map(start::result_exit)
}
