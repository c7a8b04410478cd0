//! `ungpho respond`: carries out a playbook in a real incident.

use crate::model::record::People;
use crate::model::{Mode, Name};
use crate::ui::begin::{self, Then, Wish};
use crate::ui::{Context, Exit, Failure};

/// Respond to a real incident with a playbook
///
/// What runs is shown in full; nothing runs before somebody has consented to the plan by its digest.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho respond ransomware-one-stop --system one-stop")]
pub struct Args {
    /// The playbook
    #[arg(value_name = "PLAYBOOK")]
    playbook: Name,
    /// The information system, where the playbook leaves it open
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// An input of the playbook
    #[arg(long = "input", value_name = "NAME=VALUE")]
    inputs: Vec<String>,
    /// Keep loop and console in this process
    #[arg(long)]
    foreground: bool,
    /// Do not ask before starting; the consent is asked for all the same
    #[arg(long, short)]
    yes: bool,
    /// Show the plan only
    #[arg(long)]
    dry_run: bool,
}

/// Starts the response.
///
/// # Errors
///
/// Where a file is not valid, the plan is refused, or the machine gets in the way; nothing was started then.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    begin::run(
        &Wish {
            playbook: args.playbook.clone(),
            mode: Mode::Respond,
            lab: false,
            people: People::Console,
            system: args.system.clone(),
            inputs: args.inputs.clone(),
            exercise: None,
            answers: None,
            foreground: args.foreground,
            then: Then::of(args.yes, args.dry_run),
        },
        context,
    )
}
