//! `ungpho inject`: the facilitator delivers a situation of the exercise, or sees which are delivered and what is next.

use std::path::{Path, PathBuf};

use crate::engine::State;
use crate::message::{format, message};
use crate::model::record::Injected;
use crate::model::{Digest, Name, RunId};
use crate::playbook::exercise::{Exercise, Part, PlannedInject};
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, exercise};

/// Deliver a situation of the exercise; without a number, show which are delivered and what is next
///
/// Players see those that were delivered and no others.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inject DT-2026-001 2")]
pub struct Args {
    /// The run, which may be left out where one is open, and the number of the situation
    #[arg(value_name = "RUN NUMBER", num_args = 0..=2)]
    words: Vec<String>,
    /// The organisers' script, where the drill began without it
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Delivers the situation, or shows them.
///
/// # Errors
///
/// Where the drill has no such situation, it was delivered before, or somebody else is the facilitator.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, number) = words(&args.words)?;
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    exercise::drill_only(&run)?;
    let scene = desk.scene(context, &run, &state)?;
    let plan = scene.state().plan();
    let planned = exercise::of_plan(plan, &run)?;
    let injects = match &args.script {
        Some(file) => script(&context.folder.join(file), file, planned.script, plan.exercise.as_ref())?,
        None => planned.injects.clone(),
    };
    let Some(number) = number else {
        // Whoever has the script in hand has it; else only the organisers see what is to come.
        let organises = args.script.is_some() || planned.organises(&context.actor);
        context.out(&list(scene.state(), &injects, planned, organises, context, desk.ledger.as_ref()));
        return Ok(Exit::Passed);
    };
    exercise::has_part(planned, &context.actor, Part::Facilitator)?;
    let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let Some(inject) = at.and_then(|at| injects.get(at)) else {
        let message = message!("exercise-unknown-inject", number = number.to_string(), count = injects.len());
        let failure = Failure::new(Exit::Invalid, "unknown-inject", message);
        let sealed = planned.script.is_some() && args.script.is_none();
        return Err(if sealed { failure.help(message!("exercise-unknown-inject-help")) } else { failure });
    };
    let entry = args.entry.entry(context, &desk.workspace)?;
    let because = desk.because(&entry)?;
    let text = desk.words(inject.text.pick(plan.language))?;
    let body = Injected { step: None, inject: Some(number), to: inject.to.clone(), text: Some(text), because };
    desk.record(context, &entry, (&run, &state), body.into())?;
    context.note(&message!("exercise-delivered", number = number.to_string(), run = run.as_str()));
    Ok(Exit::Passed)
}

fn words(words: &[String]) -> Result<(Option<RunId>, Option<u32>), Failure> {
    let number = |text: &String| {
        text.parse().map_err(|_| {
            Failure::new(Exit::Invalid, "not-a-number", message!("exercise-not-a-number", text = text.as_str()))
        })
    };
    match words {
        [] => Ok((None, None)),
        [one] => match one.parse() {
            Ok(run) => Ok((Some(run), None)),
            Err(_) => Ok((None, Some(number(one)?))),
        },
        [first, second, ..] => {
            let run = first.parse().map_err(|_| {
                Failure::new(Exit::Invalid, "unknown-run", message!("cli-unknown-run", run = first.as_str()))
                    .help(message!("cli-unknown-run-help"))
            })?;
            Ok((Some(run), Some(number(second)?)))
        }
    }
}

/// The injects of the script in `path`, which has to be the one that the drill began with.
fn script(
    path: &Path,
    shown: &Path,
    committed: Option<Digest>,
    name: Option<&Name>,
) -> Result<Vec<PlannedInject>, Failure> {
    let shown = shown.display().to_string();
    let bytes = super::reveal::read(path, &shown)?;
    if committed != Some(Digest::of(&bytes)) {
        let name = name.map_or("", Name::as_str);
        let message = message!("exercise-other-script", file = shown.as_str(), exercise = name);
        return Err(Failure::new(Exit::Invalid, "script-differs", message).help(message!("exercise-other-script-help")));
    }
    let text = String::from_utf8_lossy(&bytes);
    text.split_once('\n').and_then(|(_, text)| Exercise::read_script(text)).ok_or_else(|| {
        Failure::new(Exit::Invalid, "script-unreadable", message!("exercise-script-unreadable", file = shown.as_str()))
    })
}

/// What was delivered; for the organisers also what is next, and when.
fn list(
    state: &State,
    injects: &[PlannedInject],
    planned: &Exercise,
    organises: bool,
    context: &Context,
    objects: &dyn crate::model::Objects,
) -> String {
    let lang = context.lang;
    let view = state.view_with(&context.clock.now(), Some(objects));
    let mut lines = Vec::new();
    for inject in &view.injects {
        let text = inject.text.clone().unwrap_or_else(|| message!("report-redacted").render(lang));
        let to = inject.to.as_ref().map_or_else(|| message!("exercise-to-all").render(lang), ToString::to_string);
        let (number, at) = (inject.number.to_string(), format::clock(&inject.at));
        lines.push(message!("exercise-was-delivered", number = number, at = at, to = to, text = text).render(lang));
    }
    if lines.is_empty() {
        lines.push(message!("exercise-none-delivered").render(lang));
    }
    if organises {
        lines.extend(exercise::to_come(state, injects, context, view.elapsed));
        if planned.script.is_some() && injects.is_empty() {
            lines.push(message!("exercise-script-needed").render(lang));
        }
    }
    lines.join("\n") + "\n"
}
