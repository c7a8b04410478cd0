//! `ungpho stop`: stops a run; what can be undone is undone, what had not begun is passed over.

use crate::message::message;
use crate::model::RunId;
use crate::model::record::{RunStopping, StopHow};
use crate::ui::desk::Desk;
use crate::ui::{Context, Exit, Failure, start};

/// Stop a run
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho stop --incident --because \"Có sự cố thật trên cổng TTĐT\"")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// End by force what runs now
    #[arg(long)]
    now: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
    /// A real incident is the reason: every screen says so
    #[arg(long)]
    incident: bool,
}

/// Stops the run, and sees to it that a loop brings it to its end.
///
/// # Errors
///
/// Where the run has ended, the ledger cannot be written, or no loop can be started.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    let because = args.because.as_deref().map(|text| desk.words(text)).transpose()?;
    let how = if args.now { StopHow::Now } else { StopHow::AfterRunning };
    let stopping = RunStopping { how, because, incident: args.incident };
    desk.append(context, &run, state.mode, stopping.into())?;
    // Only a loop writes the end of a run.
    if !desk.loop_lives(&run) {
        start::detached(context, &desk, &run)?;
    }
    context.note(&message!("cli-stopping", run = run.as_str()));
    Ok(Exit::Passed)
}
