//! `ungpho backup`: copies of systems.

mod prove;
mod prove_show;

use crate::ui::{Context, Exit, Failure};

/// Prove backups by restoring them
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho backup prove one-stop/nightly")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    Prove(prove::Args),
}

/// Runs `ungpho backup …`.
///
/// # Errors
///
/// What the action says.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::Prove(args) => prove::run(args, context),
    }
}
