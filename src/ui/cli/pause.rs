//! `ungpho pause`: nothing new is started until the run is resumed.

use crate::message::message;
use crate::model::RunId;
use crate::model::record::{PauseCause, RunPaused};
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Pause a run: what runs now goes on, nothing new is started
///
/// It holds from now on: the loop may have begun steps after the moment at which people meant to pause, so `--at` is refused.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho pause")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Pauses the run.
///
/// # Errors
///
/// Where it is not running or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    let entry = args.entry.now(context, &desk.workspace, &message!("entry-now-pause"))?;
    let because = desk.because(&entry)?;
    desk.record(context, &entry, (&run, &state), RunPaused { cause: PauseCause::Asked, because }.into())?;
    context.note(&message!("cli-paused", run = run.as_str()));
    Ok(Exit::Passed)
}
