//! `ungpho inventory`: the unit's information systems. One file a command.

mod graph;
mod list;
mod shelf;
mod show;

use crate::inventory::schema;
use crate::ui::{Context, Exit, Failure};

/// Show the information systems, and keep their inventory
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory list")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    List(list::Args),
    Show(show::Args),
    Graph(graph::Args),
    /// Print the JSON Schema of inventory files, for editors
    #[command(after_help = "Example: ungpho inventory schema > inventory.schema.json")]
    Schema,
}

/// Carries out the command.
///
/// # Errors
///
/// Those of the command.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::List(args) => list::run(args, context),
        Action::Show(args) => show::run(args, context),
        Action::Graph(args) => graph::run(args, context),
        Action::Schema => {
            let text = serde_json::to_string_pretty(&schema::schema()).unwrap_or_default();
            context.out(&(text + "\n"));
            Ok(Exit::Passed)
        }
    }
}
