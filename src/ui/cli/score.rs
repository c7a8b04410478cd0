//! `ungpho score`: an evaluator says how well an objective of a drill was reached.

use crate::message::message;
use crate::model::Id;
use crate::model::record::{Rating, Scored};
use crate::playbook::exercise::{Exercise, Part, Who};
use crate::source::suggest;
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, exercise};

/// Score an objective of a drill as an evaluator: P, S, M or U
///
/// P: performed without challenges; S: with some; M: with major ones; U: unable to be performed. The program gives no score of
/// its own, and makes none out of several.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho score DT-2026-001 restored_in_time S --because \"Khôi phục chậm 20 phút\"")]
pub struct Args {
    /// The run, which may be left out where one is open, the objective, and P, S, M or U
    #[arg(value_name = "RUN OBJECTIVE SCORE", required = true, num_args = 2..=3)]
    words: Vec<String>,
    /// The number of the evaluator in the exercise, where that is somebody without an account
    #[arg(long, value_name = "NUMBER")]
    participant: Option<u32>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps the score.
///
/// # Errors
///
/// Where there is no such objective, the score is none, no reason is given, or somebody else evaluates.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, words) = super::run_and_rest(&args.words);
    let [objective, letter] = words else { return Err(super::too_many(words.len())) };
    let upper = letter.to_uppercase();
    let Some((_, rating)) = Rating::WORDS.iter().find(|(word, _)| *word == upper) else {
        let failure =
            Failure::new(Exit::Invalid, "unknown-word", message!("exercise-unknown-score", word = letter.as_str()));
        return Err(failure.help(message!("exercise-unknown-score-help")));
    };
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    exercise::drill_only(&run)?;
    let (plan, _) = desk.plan(&run, &state)?;
    let known: Option<Id> = objective.parse().ok();
    let Some(objective) = known.filter(|id| plan.objectives.iter().any(|one| one.id == *id)) else {
        let message = message!("exercise-unknown-objective", objective = objective.as_str());
        let failure = Failure::new(Exit::Invalid, "unknown-objective", message);
        let ids = plan.objectives.iter().map(|one| one.id.as_str());
        return Err(match suggest::one_of_these(objective, ids) {
            Some(help) => failure.help(help),
            None => failure.help(message!("exercise-no-objectives")),
        });
    };
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    match (&plan.planned, args.participant) {
        (Some(planned), Some(number)) => outside(planned, number)?,
        (Some(planned), None) => exercise::has_part(planned, &entry.actor, Part::Evaluator)?,
        (None, Some(_)) => {
            exercise::of_plan(&plan, &run)?;
        }
        (None, None) => {}
    }
    let because = desk.because(&entry)?;
    let scored = Scored { objective: objective.clone(), rating: *rating, participant: args.participant, because };
    desk.record(context, &entry, (&run, &state), scored.into())?;
    let (objective, score) = (objective.as_str(), rating.word());
    context.note(&message!("exercise-scored", run = run.as_str(), objective = objective, score = score));
    Ok(Exit::Passed)
}

/// Holds that the participant with this number evaluates and has no account.
fn outside(planned: &Exercise, number: u32) -> Result<(), Failure> {
    let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let one = at.and_then(|at| planned.participants.get(at));
    if one.is_some_and(|one| one.part == Part::Evaluator && matches!(one.who, Who::Name(_))) {
        return Ok(());
    }
    let message = message!("exercise-not-an-evaluator", number = number.to_string());
    Err(Failure::new(Exit::Invalid, "not-an-evaluator", message).help(message!("exercise-not-an-evaluator-help")))
}
