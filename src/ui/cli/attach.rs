//! `ungpho attach`: a console on a run that goes on.

use crate::model::RunId;
use crate::ui::console::Part;
use crate::ui::desk::Desk;
use crate::ui::{Context, Exit, Failure, entry, start};

/// Open a console on a run that goes on
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho attach DT-2026-004")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Only show: put no questions
    #[arg(long)]
    watch: bool,
}

/// Opens the console.
///
/// # Errors
///
/// Where the run is not there or the ledger cannot be read.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    entry::stranger(context, &desk.workspace);
    let part = if args.watch { Part::Shows } else { Part::Asks };
    start::console(context, &desk, &run, &state, part)
}
