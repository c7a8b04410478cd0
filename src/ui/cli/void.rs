//! `ungpho void`: a run counts for nothing. It stays in the ledger.

use crate::message::message;
use crate::model::RunId;
use crate::model::record::RunVoided;
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Say that a run counts for nothing: begun by mistake, or twice
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho void DT-2026-004 --because \"Bắt đầu nhầm kịch bản\"")]
pub struct Args {
    /// The run, which has ended
    #[arg(value_name = "RUN")]
    run: RunId,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps it, with the reason.
///
/// # Errors
///
/// Where the run has not ended or counts for nothing already, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(Some(&args.run))?;
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    super::ended(&run, &state)?;
    super::not_voided(&desk.folded(&run, &state)?, &run)?;
    let because = desk.because(&entry)?;
    desk.record(context, &entry, (&run, &state), RunVoided { because }.into())?;
    desk.checkpoint()?;
    context.note(&message!("amend-voided", run = run.as_str()));
    Ok(Exit::Passed)
}
