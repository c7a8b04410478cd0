//! `ungpho inventory`: the unit's information systems. One file a command.

mod ask;
mod export;
mod gaps;
mod graph;
mod import;
mod level;
mod level_page;
mod level_words;
mod list;
mod note;
mod scan;
mod shelf;
mod show;
mod stage;

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
    Level(level::Args),
    List(list::Args),
    Show(show::Args),
    Graph(graph::Args),
    Gaps(gaps::Args),
    Import(import::Args),
    Export(export::Args),
    Note(note::Args),
    Scan(scan::Args),
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
        Action::Level(args) => level::run(args, context),
        Action::List(args) => list::run(args, context),
        Action::Show(args) => show::run(args, context),
        Action::Graph(args) => graph::run(args, context),
        Action::Gaps(args) => gaps::run(args, context),
        Action::Import(args) => import::run(args, context),
        Action::Export(args) => export::run(args, context),
        Action::Note(args) => note::run(args, context),
        Action::Scan(args) => scan::run(args, context),
        Action::Schema => {
            let text = serde_json::to_string_pretty(&schema::schema()).unwrap_or_default();
            context.out(&(text + "\n"));
            Ok(Exit::Passed)
        }
    }
}
