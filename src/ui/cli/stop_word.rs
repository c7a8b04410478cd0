//! `ungpho stop-word`: the word that stops a drill at once, for everybody.

use crate::message::message;
use crate::model::record::{RunStopping, StopHow, StopWord};
use crate::model::{Body, Durability, Journal as _, RunId, Stage};
use crate::ui::desk::{Desk, journal_failure};
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, exercise, start};

/// Say the word that stops a drill at once, on every screen
///
/// What runs is ended by force, what had not begun is passed over. Anybody may say it.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho stop-word --because \"Người dân không nộp được hồ sơ\"")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Stops the drill: the word and what follows from it are kept together or not at all.
///
/// # Errors
///
/// Where it is no drill, it has ended, the ledger cannot be written, or no loop can be started.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    exercise::drill_only(&run)?;
    let entry = args.entry.now(context, &desk.workspace, &message!("entry-now-stop"))?;
    let because = desk.because(&entry)?;
    let mut bodies: Vec<Body> = vec![StopWord { because }.into()];
    if state.stage != Stage::Stopping(StopHow::Now) {
        bodies.push(RunStopping { how: StopHow::Now, because, incident: false }.into());
    }
    let drafts: Vec<_> = bodies.into_iter().map(|body| entry.draft(Some(&run), state.mode, body)).collect();
    desk.ledger.append(&drafts, Durability::Synced).map_err(|e| journal_failure(&e))?;
    // Only a loop writes the end of a run.
    if !desk.loop_lives(&run) {
        start::detached(context, &desk, &run)?;
    }
    context.note(&message!("exercise-stop-word-said", run = run.as_str()));
    Ok(Exit::Passed)
}
