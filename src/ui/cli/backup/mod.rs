//! `ungpho backup`: copies are sealed, compared with their seals, and proved.

pub(in crate::ui::cli) mod keys;
mod named;
mod progress;
mod prove;
mod prove_show;
mod seal;
mod status;
mod verdict;
mod verify;

use crate::ui::{Context, Exit, Failure};

/// Seal copies, compare them with their seals, and prove them by restoring
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho backup verify /srv/backup/one-stop-2026-11-24")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    Seal(seal::Args),
    Verify(verify::Args),
    Prove(prove::Args),
    Status(status::Args),
}

/// Runs `ungpho backup …`.
///
/// # Errors
///
/// As the command that is named.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::Seal(args) => seal::run(args, context),
        Action::Verify(args) => verify::run(args, context),
        Action::Prove(args) => prove::run(args, context),
        Action::Status(args) => status::run(args, context),
    }
}
