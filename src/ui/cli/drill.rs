//! `ungpho drill`: shows what a drill would do, asks, and starts it.

use std::path::PathBuf;

use super::carry_out::CarryOut;
use crate::model::record::People;
use crate::model::{Mode, Name};
use crate::ui::begin::{self, Wish};
use crate::ui::{Context, Exit, Failure, exercise};

/// Start a drill: show its plan, ask, carry it out
///
/// What runs is shown in full before anything starts. The drill goes on when the terminal is closed; `ungpho attach` comes
/// back to it.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho drill ransomware-one-stop --lab")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(group = clap::ArgGroup::new("mode").required(true))]
pub struct Args {
    /// Around a table: nothing runs, people state the results
    #[arg(long, group = "mode")]
    tabletop: bool,
    /// On the lab: faults are real and touch nothing else
    #[arg(long, group = "mode")]
    lab: bool,
    /// On systems that are declared drill targets
    #[arg(long, group = "mode")]
    technical: bool,
    /// On real systems (Directive 60)
    #[arg(long, group = "mode")]
    live: bool,
    /// The planned exercise that this is
    #[arg(long, value_name = "EXERCISE")]
    exercise: Option<Name>,
    /// Nobody takes part: a technical check, not an exercise
    #[arg(long, conflicts_with = "answers")]
    unattended: bool,
    /// Take the answers from this file
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// The playbook
    #[arg(value_name = "PLAYBOOK")]
    playbook: Name,
    #[command(flatten)]
    how: CarryOut,
}

/// Starts the drill.
///
/// # Errors
///
/// Where a file is not valid, the plan is refused, or the machine gets in the way; nothing was started then.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (mode, lab) = match (args.tabletop, args.lab, args.technical) {
        (true, _, _) => (Mode::Tabletop, false),
        (_, true, _) => (Mode::Technical, true),
        (_, _, true) => (Mode::Technical, false),
        _ => (Mode::Live, false),
    };
    if mode == Mode::Live && args.exercise.is_none() {
        return Err(exercise::live_unplanned());
    }
    let people = match (args.unattended, &args.answers) {
        (true, _) => People::Unattended,
        (false, Some(_)) => People::Scripted,
        (false, None) => People::Console,
    };
    let wish = args.how.wish(&args.playbook, mode, lab);
    begin::run(&Wish { people, exercise: args.exercise.clone(), answers: args.answers.clone(), ..wish }, context)
}
