//! `ungpho replace`: a role passes to another without being handed over.

use crate::message::message;
use crate::model::RunId;
use crate::model::record::Replaced;
use crate::ui::desk::Desk;
use crate::ui::entry::{self, EntryArgs};
use crate::ui::{Context, Exit, Failure, roles};

/// Give a role to another where its holder cannot be reached
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho replace --role operator --to binh --because \"Lan ốm, không liên lạc được\"")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// The role
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// Who has it from now on (an id of people.yaml)
    #[arg(long, value_name = "PERSON")]
    to: String,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps that the role is another's.
///
/// # Errors
///
/// Where no reason is given, there is no such role, the other has it already or may not take it, or the ledger cannot be
/// written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    let scene = desk.scene(context, &run, &state)?;
    let view = scene.view();
    let role = roles::role(&scene, &view, &args.role)?;
    let to = entry::person(context, &desk.workspace, &args.to)?;
    roles::may_take(context, &desk.workspace, &to)?;
    if roles::holder(&view, &role) == Some(&to) {
        let message = message!("people-has-it", role = role.as_str(), who = to.as_str());
        return Err(Failure::new(Exit::Invalid, "role-held", message));
    }
    let because = desk.because(&entry)?;
    let replaced = Replaced { role: role.clone(), to: to.clone(), because };
    desk.record(context, &entry, (&run, &state), replaced.into())?;
    context.note(&message!("people-replaced", role = role.as_str(), who = to.as_str(), run = run.as_str()));
    Ok(Exit::Passed)
}
