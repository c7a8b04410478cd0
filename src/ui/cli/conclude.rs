//! `ungpho conclude`: the chair concludes on a run that has ended. The technical result stands apart.

use std::collections::BTreeSet;

use clap::ValueEnum;

use crate::engine::State;
use crate::message::message;
use crate::model::record::{Concluded, Verdict};
use crate::model::{Actor, RunId};
use crate::playbook::exercise::Part;
use crate::ui::desk::Desk;
use crate::ui::entry::{self, EntryArgs};
use crate::ui::{Context, Exit, Failure};

/// The role whose holder, or deputy, is the chair.
const CHAIR: &str = crate::ui::roles::COMMANDER;

/// Conclude on a run that has ended, as its chair
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho conclude DT-2026-004 passed --because \"Các mục tiêu đều đạt\"")]
pub struct Args {
    /// The run, which has ended
    #[arg(value_name = "RUN")]
    run: RunId,
    /// Whether it passed
    #[arg(value_enum, value_name = "passed|failed")]
    verdict: Word,
    /// Who writes the minutes (an id of people.yaml)
    #[arg(long, value_name = "PERSON")]
    secretary: Option<String>,
    /// Where people met, for the minutes
    #[arg(long, value_name = "WORDS")]
    place: Option<String>,
    #[command(flatten)]
    entry: EntryArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Word {
    Passed,
    Failed,
}

/// Keeps the conclusion. The last one counts.
///
/// The chair is who has that part in the exercise, or the role `commander` in the run or in `people.yaml`, or is its deputy there. Another person can
/// enter what the chair said (`--by`), and not conclude. Where nobody has the role, who concludes is the chair.
///
/// # Errors
///
/// Where the run has not ended or counts for nothing, another is the chair, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(Some(&args.run))?;
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    super::ended(&run, &state)?;
    let folded = desk.folded(&run, &state)?;
    super::not_voided(&folded, &run)?;
    let chairs = chairs(context, &desk, &folded)?;
    if chairs.is_empty() {
        context.note(&message!("amend-no-chair", who = entry.actor.as_str()));
    } else if !chairs.contains(&entry.actor) {
        let names: Vec<&str> = chairs.iter().map(Actor::as_str).collect();
        let message = message!("amend-not-the-chair", who = entry.actor.as_str(), chairs = names.join(", "));
        return Err(Failure::new(Exit::Invalid, "not-the-chair", message).help(message!("amend-not-the-chair-help")));
    }
    let verdict = match args.verdict {
        Word::Passed => Verdict::Passed,
        Word::Failed => Verdict::Failed,
    };
    let secretary = args.secretary.as_deref().map(|id| entry::person(context, &desk.workspace, id)).transpose()?;
    let place = args.place.as_deref().map(str::trim).filter(|words| !words.is_empty());
    let place = place.map(|words| desk.words(words)).transpose()?;
    let because = desk.because(&entry)?;
    desk.record(context, &entry, (&run, &state), Concluded { verdict, secretary, place, because }.into())?;
    desk.checkpoint()?;
    context.note(&match verdict {
        Verdict::Passed => message!("amend-concluded-passed", run = run.as_str()),
        Verdict::Failed => message!("amend-concluded-failed", run = run.as_str()),
    });
    Ok(Exit::Passed)
}

pub(super) fn chairs(context: &Context, desk: &Desk, run: &State) -> Result<BTreeSet<Actor>, Failure> {
    let mut chairs: BTreeSet<Actor> = run.incident().roles.get(CHAIR).cloned().into_iter().collect();
    chairs.extend(run.plan().planned.iter().flat_map(|planned| planned.with_part(Part::Chair)).cloned());
    if let Some(people) = entry::people(context, &desk.workspace)?
        && let Some(holders) = people.roles.get(CHAIR)
    {
        chairs.insert(holders.holder.clone());
        chairs.extend(holders.deputy.clone());
    }
    Ok(chairs)
}
