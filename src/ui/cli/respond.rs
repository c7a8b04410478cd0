//! `ungpho respond`: carries out a playbook in a real incident, or has another playbook lead one that goes on.

use crate::message::message;
use crate::model::record::People;
use crate::model::{Mode, Name, RunId};
use crate::ui::begin::{self, Then, Wish};
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, Workspace, offer, switch};

/// Respond to a real incident
///
/// With nothing else it asks which system is in trouble and what is seen, and offers the playbook that the sign leads to. What
/// runs is shown in full; nothing runs before somebody has consented to the plan by its digest.
#[derive(clap::Args)]
#[command(
    after_help = "Example: ungpho respond ransomware-one-stop --system one-stop --since 01:40 --because \"Bảo vệ gọi\""
)]
pub struct Args {
    /// The playbook; it is asked for where it is left out
    #[arg(value_name = "PLAYBOOK")]
    playbook: Option<Name>,
    /// The information system, where the playbook leaves it open
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// When it was detected, if that was before: 01:40, "01:40 25/11/2026", or RFC 3339
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// What says that it was detected then; or why another playbook leads
    #[arg(long, value_name = "WORDS")]
    because: Option<String>,
    /// Have the playbook lead this incident from here on
    #[arg(long, value_name = "RUN", conflicts_with = "since")]
    incident: Option<RunId>,
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
    let workspace = Workspace::find(context)?;
    if args.since.is_some() && args.because.as_deref().is_none_or(|words| words.trim().is_empty()) {
        return Err(Failure::new(Exit::Invalid, "no-reason", message!("offer-since-needs-reason")));
    }
    let told = EntryArgs { at: args.since.clone(), because: args.because.clone(), ..EntryArgs::default() };
    let entry = told.entry(context, &workspace)?;
    let (playbook, system) = match &args.playbook {
        Some(playbook) => (playbook.clone(), args.system.clone()),
        None => match offer::ask(context, &workspace, args.system.as_deref())? {
            Some(choice) => (choice.playbook, Some(choice.system.to_string())),
            None => {
                context.note(&message!("offer-nothing-chosen"));
                return Ok(Exit::NotPassed);
            }
        },
    };
    let wish = Wish {
        playbook,
        mode: Mode::Respond,
        lab: false,
        people: People::Console,
        system,
        inputs: args.inputs.clone(),
        exercise: None,
        answers: None,
        foreground: args.foreground,
        since: args.since.as_ref().map(|_| entry.clone()),
        then: Then::of(args.yes, args.dry_run),
    };
    match &args.incident {
        Some(incident) => switch::run(&wish, incident, &entry, context),
        None => begin::run(&wish, context),
    }
}
