//! `ungpho evidence keys`: keys of persons. The ledger's own key is made with the ledger.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use crate::ledger::person;
use crate::message::message;
use crate::ui::cli::sign::outside;
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure, entry};

/// Make keys with which people sign
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho evidence keys new --for lan --out ~/.config/ungpho/lan.key")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Make a private key for a person, and print the public key for people.yaml
    #[command(after_help = "Example: ungpho evidence keys new --for lan --out ~/.config/ungpho/lan.key")]
    New {
        /// The person (an id of people.yaml)
        #[arg(long = "for", value_name = "PERSON")]
        person: String,
        /// Where the private key goes: a new file outside the workspace
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Runs `ungpho evidence keys …`.
///
/// # Errors
///
/// Where there is no workspace, nobody has this id, or the file is in the workspace, is there or cannot be written.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let Action::New { person: id, out } = &args.action;
    let workspace = Workspace::find(context)?;
    let actor = entry::person(context, &workspace, id)?;
    let path = context.folder.join(out);
    outside(&workspace, &path)?;
    if path.symlink_metadata().is_ok() {
        let message = message!("amend-key-there", path = path.display().to_string());
        return Err(Failure::new(Exit::Invalid, "key-there", message).help(message!("amend-key-there-help")));
    }
    // The folder is for keys alone. Where it cannot be made, writing the key says so.
    if let Some(folder) = path.parent() {
        let _ = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    }
    let key = person::new_key(&path, &actor).map_err(|error| Failure::of(Exit::Machine, &error))?;
    context.note(&message!("amend-key-made", path = path.display().to_string()));
    context.note(&message!("amend-key-next", who = actor.as_str()));
    context.out(&format!("{}\n", key.vkey()));
    Ok(Exit::Passed)
}
