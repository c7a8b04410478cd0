//! `ungpho inventory`: the unit's information systems. One file a command.

mod ask;
mod level;
mod level_page;
mod level_words;

use crate::ui::{Context, Exit, Failure};

/// Show the information systems, and keep their inventory
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory level one-stop")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    Level(level::Args),
}

/// Carries out the command.
///
/// # Errors
///
/// Those of the command.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::Level(args) => level::run(args, context),
    }
}
