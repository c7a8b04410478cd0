//! `ungpho respond`: carries out a playbook in a real incident.

use super::carry_out::CarryOut;
use crate::model::Mode;
use crate::ui::begin;
use crate::ui::{Context, Exit, Failure};

/// Respond to a real incident with a playbook
///
/// What runs is shown in full; nothing runs before somebody has consented to the plan by its digest.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho respond ransomware-one-stop --system one-stop")]
pub struct Args {
    #[command(flatten)]
    what: CarryOut,
}

/// Starts the response.
///
/// # Errors
///
/// Where a file is not valid, the plan is refused, or the machine gets in the way; nothing was started then.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    begin::run(&args.what.wish(Mode::Respond, false), context)
}
