//! `ungpho pause`: nothing new is started until the run is resumed.

use crate::message::message;
use crate::model::RunId;
use crate::model::record::{PauseCause, RunPaused};
use crate::ui::desk::Desk;
use crate::ui::{Context, Exit, Failure};

/// Pause a run: what runs now goes on, nothing new is started
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho pause")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
}

/// Pauses the run.
///
/// # Errors
///
/// Where it is not running or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    let because = args.because.as_deref().map(|text| desk.words(text)).transpose()?;
    desk.append(context, &run, state.mode, RunPaused { cause: PauseCause::Asked, because }.into())?;
    context.note(&message!("cli-paused", run = run.as_str()));
    Ok(Exit::Passed)
}
