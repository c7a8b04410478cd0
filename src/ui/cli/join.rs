//! `ungpho join`: somebody takes part in a run, in a role.

use crate::message::message;
use crate::model::RunId;
use crate::model::record::Joined;
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, roles};

/// Take part in a run, in a role that nobody has or that only people.yaml gives to somebody
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho join SC-2026-003 --role operator")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// The role
    #[arg(long, value_name = "ROLE")]
    role: String,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps that somebody takes part.
///
/// # Errors
///
/// Where there is no such role, another has taken it in this run, the person may not take it, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    let entry = args.entry.entry(context, &desk.workspace)?;
    let scene = desk.scene(context, &run, &state)?;
    let view = scene.view();
    let role = roles::role(&scene, &view, &args.role)?;
    roles::may_take(context, &desk.workspace, &entry.actor)?;
    if let Some(holder) = scene.state().incident().roles.get(&role) {
        let message = message!("people-role-held", role = role.as_str(), who = holder.as_str());
        return Err(Failure::new(Exit::Invalid, "role-held", message)
            .help(message!("people-role-held-help", role = role.as_str())));
    }
    let because = desk.because(&entry)?;
    let joined = Joined { role: Some(role.clone()), because };
    desk.record(context, &entry, (&run, &state), joined.into())?;
    context.note(&message!("people-joined", who = entry.actor.as_str(), role = role.as_str(), run = run.as_str()));
    Ok(Exit::Passed)
}
