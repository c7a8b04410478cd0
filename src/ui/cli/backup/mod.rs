//! `ungpho backup`: copies are sealed, compared with their seals, and proved.

pub(in crate::ui::cli) mod keys;
mod seal;

use crate::ui::{Context, Exit, Failure};

/// Seal copies, and compare them with their seals
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho backup verify /srv/backup/one-stop-2026-11-24")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    Seal(seal::Args),
}

/// Runs `ungpho backup …`.
///
/// # Errors
///
/// As the command that is named.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::Seal(args) => seal::run(args, context),
    }
}
