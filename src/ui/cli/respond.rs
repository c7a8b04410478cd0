//! `ungpho respond`: carries out a playbook in a real incident, or has another playbook lead one that goes on.

use super::carry_out::CarryOut;
use crate::message::message;
use crate::model::{Mode, Name, RunId};
use crate::ui::begin::{self, Wish};
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
    /// When it was detected, if that was before: 01:40, "01:40 25/11/2026", or RFC 3339
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// What says that it was detected then; or why another playbook leads
    #[arg(long, value_name = "WORDS")]
    because: Option<String>,
    /// Who detected it, or has another playbook lead, if another (an id of people.yaml)
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// Where it is known from: console, told, paper or memory
    #[arg(long, value_name = "BASIS")]
    basis: Option<String>,
    /// What is seen, in words; may be given several times, and notices list it
    #[arg(long, value_name = "WORDS")]
    seen: Vec<String>,
    /// Have the playbook lead this incident from here on
    #[arg(long, value_name = "RUN", conflicts_with = "since")]
    incident: Option<RunId>,
    #[command(flatten)]
    how: CarryOut,
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
    let told = EntryArgs {
        at: args.since.clone(),
        by: args.by.clone(),
        basis: args.basis.clone(),
        because: args.because.clone(),
    };
    // A sign that is picked is kept; where none is, nothing would keep who says so and why.
    if told.given()
        && args.since.is_none()
        && args.incident.is_none()
        && args.seen.is_empty()
        && args.playbook.is_some()
    {
        return Err(Failure::new(Exit::Invalid, "nothing-to-record", message!("offer-nothing-told"))
            .help(message!("offer-nothing-told-help")));
    }
    let entry = told.entry(context, &workspace)?;
    let mut seen: Vec<String> = args.seen.iter().map(|words| words.trim().to_owned()).collect();
    seen.retain(|words| !words.is_empty());
    let (playbook, system) = if let Some(playbook) = &args.playbook {
        (playbook.clone(), None)
    } else {
        let Some(choice) = offer::ask(context, &workspace, args.how.system())? else {
            context.note(&message!("offer-nothing-chosen"));
            return Ok(Exit::NotPassed);
        };
        seen.splice(0..0, choice.seen);
        (choice.playbook, Some(choice.system.to_string()))
    };
    let wish = args.how.wish(&playbook, Mode::Respond, false);
    let since = args.since.as_ref().map(|_| entry.clone());
    let seen = (!seen.is_empty()).then(|| (entry.clone(), seen));
    let wish = Wish { system: system.or(wish.system), since, seen, ..wish };
    match &args.incident {
        Some(incident) => switch::run(&wish, incident, &entry, context),
        None => begin::run(&wish, context),
    }
}
