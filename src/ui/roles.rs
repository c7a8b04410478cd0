//! Roles of a run: which there are, who has them, and who may take one.

use super::console::scene::Scene;
use super::{Context, Exit, Failure, Workspace, entry};
use crate::engine::view::RunView;
use crate::message::message;
use crate::model::{Actor, Id, Stamp};
use crate::source::suggest;

/// The role whose holder or deputy confirms, concludes and leads.
pub(crate) const COMMANDER: &str = "commander";

/// The role that `word` names: one of the playbook's or of `people.yaml`, or the commander's.
///
/// # Errors
///
/// Where there is none.
pub(crate) fn role(scene: &Scene, view: &RunView, word: &str) -> Result<Id, Failure> {
    let mut known: Vec<&str> = view.roles.keys().map(Id::as_str).chain([COMMANDER]).collect();
    known.extend(scene.people().into_iter().flat_map(|people| people.roles.keys()).map(Id::as_str));
    if known.contains(&word)
        && let Ok(role) = word.parse()
    {
        return Ok(role);
    }
    known.sort_unstable();
    known.dedup();
    let failure = Failure::new(Exit::Invalid, "unknown-role", message!("people-unknown-role", role = word));
    Err(match suggest::one_of_these(word, known) {
        Some(help) => failure.help(help),
        None => failure,
    })
}

/// Who has `role` now, as the run or `people.yaml` says.
pub(crate) fn holder<'a>(view: &'a RunView, role: &Id) -> Option<&'a Actor> {
    view.held.iter().find(|held| held.role == *role)?.holder.as_ref()
}

/// Holds that `who` may take a part: `people.yaml` knows them, and their last day has not passed.
///
/// # Errors
///
/// Where it does not, or it has.
pub(crate) fn may_take(context: &Context, workspace: &Workspace, who: &Actor) -> Result<(), Failure> {
    may_act(context, workspace, who, None)
}

/// As [`may_take`], for somebody who does something at `when`, if not now.
///
/// # Errors
///
/// Where `people.yaml` does not know them, or their last day had passed then.
pub(crate) fn may_act(
    context: &Context,
    workspace: &Workspace,
    who: &Actor,
    when: Option<Stamp>,
) -> Result<(), Failure> {
    entry::person(context, workspace, who.as_str())?;
    let Some(people) = entry::people(context, workspace)? else { return Ok(()) };
    let when = when.unwrap_or_else(|| context.clock.now().at);
    if !people.over(who, when.offset.to_datetime(when.instant).date()) {
        return Ok(());
    }
    let until = people.find(who.as_str()).and_then(|person| person.until.clone()).unwrap_or_default();
    Err(Failure::new(Exit::Invalid, "part-over", message!("people-part-over", who = who.as_str(), until = until))
        .help(message!("people-part-over-help")))
}
