//! `ungpho attack-action`: what the attack team did in a live drill.

use crate::message::message;
use crate::model::record::AttackAction;
use crate::model::{Mode, Name, ObjectRef};
use crate::playbook::exercise::Part;
use crate::source::suggest;
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Keep what the attack team did in a live drill
///
/// Consoles of the players do not show it; the report does, once the drill has ended.
#[derive(clap::Args)]
#[command(
    after_help = "Example: ungpho attack-action \"Dò quét cổng dịch vụ\" --on portal --tool nmap --extent \"chỉ dò quét\""
)]
pub struct Args {
    /// What they did, after the run where several are open or it has ended
    #[arg(value_name = "RUN TEXT", required = true, num_args = 1..=2)]
    words: Vec<String>,
    /// On which system
    #[arg(long, value_name = "SYSTEM")]
    on: Option<Name>,
    /// With which tool
    #[arg(long, value_name = "WORDS")]
    tool: Option<String>,
    /// How far it went
    #[arg(long, value_name = "WORDS")]
    extent: Option<String>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps it.
///
/// # Errors
///
/// Where it is no live drill, a player enters it, there is no such system, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, text) = super::run_and_text(&args.words)?;
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    if state.mode != Some(Mode::Live) {
        let message = message!("exercise-live-only", run = run.as_str());
        return Err(Failure::new(Exit::Invalid, "live-only", message));
    }
    let (plan, _) = desk.plan(&run, &state)?;
    let entry = args.entry.entry(context, &desk.workspace)?;
    if plan.planned.as_ref().is_some_and(|planned| planned.part_of(&entry.actor) == Some(Part::Player)) {
        let message = message!("exercise-attack-by-player", who = entry.actor.as_str());
        return Err(Failure::new(Exit::Invalid, "not-your-part", message));
    }
    if let Some(system) = &args.on {
        let (systems, _) = desk.workspace.systems(context)?;
        if !systems.contains_key(system) && !plan.systems.contains_key(system) {
            let message = message!("cli-playbook-unknown-system", system = system.as_str());
            let failure = Failure::new(Exit::Invalid, "unknown-system", message);
            return Err(match suggest::one_of_these(system.as_str(), systems.keys().map(Name::as_str)) {
                Some(help) => failure.help(help),
                None => failure,
            });
        }
    }
    let kept = |words: &Option<String>| -> Result<Option<ObjectRef>, Failure> {
        words.as_deref().map(|words| desk.words(words)).transpose()
    };
    let (tool, extent) = (kept(&args.tool)?, kept(&args.extent)?);
    let because = desk.because(&entry)?;
    let action = AttackAction { what: desk.words(text)?, system: args.on.clone(), tool, extent, because };
    desk.record(context, &entry, (&run, &state), action.into())?;
    context.note(&message!("exercise-attack-kept", run = run.as_str()));
    Ok(Exit::Passed)
}
