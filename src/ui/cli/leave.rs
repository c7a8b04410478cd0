//! `ungpho leave`: somebody takes part in a run no longer.

use crate::message::message;
use crate::model::RunId;
use crate::model::record::Left;
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Take part in a run no longer; roles that are not handed over are nobody's then
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho leave SC-2026-003 --because \"Hết ca trực\"")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps that somebody has left.
///
/// # Errors
///
/// Where no reason is given, they take no part, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    let scene = desk.scene(context, &run, &state)?;
    let view = scene.view();
    let held: Vec<&str> = view
        .held
        .iter()
        .filter(|held| held.holder.as_ref() == Some(&entry.actor))
        .map(|held| held.role.as_str())
        .collect();
    let there = scene.state().joined().contains_key(&entry.actor);
    if held.is_empty() && (!there || scene.state().incident().gone.contains(&entry.actor)) {
        let message = message!("people-not-there", who = entry.actor.as_str(), run = run.as_str());
        return Err(Failure::new(Exit::Invalid, "not-there", message));
    }
    let because = desk.because(&entry)?;
    desk.record(context, &entry, (&run, &state), Left { because }.into())?;
    context.note(&message!("people-left", who = entry.actor.as_str(), run = run.as_str()));
    if !held.is_empty() {
        context.note(&message!("people-vacant", roles = held.join(", ")));
    }
    Ok(Exit::Passed)
}
