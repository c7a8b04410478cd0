//! `ungpho inventory note`: keeps the inventory as it stands in the ledger.

use crate::message::message;
use crate::ui::cli::backup::keys;
use crate::ui::{Context, Exit, Failure, noted};

/// Keep the unit's file, its systems and its policies as they stand in the ledger
///
/// Only files that are new, changed or gone since the last time are named. Each report does the same before it is made.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory note --because \"Đã rà soát quý IV\"")]
pub struct Args {
    /// Why
    #[arg(long, value_name = "WORDS")]
    because: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = keys::desk(context)?;
    match noted::note(&desk, context, args.because.as_deref(), true)? {
        Some(done) => context.note(&message!(
            "systems-noted",
            changed = done.changed,
            removed = done.removed,
            seq = done.seq.to_string()
        )),
        None => context.note(&message!("systems-noted-nothing")),
    }
    Ok(Exit::Passed)
}
