//! `ungpho stop`: stops a run; what can be undone is undone, what had not begun is passed over.

use crate::message::message;
use crate::model::record::{RunStopping, StopHow};
use crate::model::{RunId, RunKind, Stage};
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, start};

/// Stop a run
///
/// It is stopped from now on: what the loop did until it heard of it was done, so `--at` is refused.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho stop --incident --because \"Có sự cố thật trên cổng TTĐT\"")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// End by force what runs now
    #[arg(long)]
    now: bool,
    /// A real incident is the reason: every screen says so; with no run named, every open drill is stopped
    #[arg(long)]
    incident: bool,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Stops the run, and sees to it that a loop brings it to its end.
///
/// # Errors
///
/// Where the run has ended, the ledger cannot be written, or no loop can be started.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let entry = args.entry.now(context, &desk.workspace, &message!("entry-now-stop"))?;
    let because = desk.because(&entry)?;
    let how = if args.now { StopHow::Now } else { StopHow::AfterRunning };
    let runs = match (&args.run, args.incident) {
        // Whoever is called to a real incident has no time to look up what is being drilled: every drill stops.
        (None, true) => {
            let drills = desk.open_runs()?.into_iter().filter(|(run, _)| run.kind() == RunKind::Drill);
            let drills: Vec<_> = drills.filter(|(_, state)| !matches!(state.stage, Stage::Stopping(_))).collect();
            if drills.is_empty() {
                return Err(Failure::new(Exit::Invalid, "no-open-run", message!("offer-no-drills")));
            }
            drills
        }
        (run, _) => vec![desk.run(run.as_ref())?],
    };
    for (run, state) in &runs {
        let stopping = RunStopping { how, because, incident: args.incident };
        desk.record(context, &entry, (run, state), stopping.into())?;
        // Only a loop writes the end of a run.
        if !desk.loop_lives(run) {
            start::detached(context, &desk, run)?;
        }
        context.note(&message!("cli-stopping", run = run.as_str()));
    }
    Ok(Exit::Passed)
}
