//! Days that the unit set itself: planned exercises, corrective actions.

use super::{Basis, Facts, Item, item};
use crate::message::message;

pub(super) fn items(facts: &Facts<'_>) -> Vec<Item> {
    let exercises = facts.exercises.iter().map(|planned| {
        let title = message!("due-exercise", exercise = planned.name.as_str(), playbook = planned.playbook.as_str());
        let mut one = item(format!("exercise/{}", planned.name), title, Basis::Own);
        one.due = Some(planned.on);
        one
    });
    let actions = facts.actions.iter().map(|action| {
        let what =
            action.what.clone().map_or_else(|| message!("due-no-words"), |what| message!("due-words", text = what));
        let title = message!("due-action", what = what);
        let mut one = item(format!("action/{}", action.seq), title, Basis::Own);
        one.due = Some(action.due);
        if let Some(owner) = &action.owner {
            one.notes.push(message!("due-action-owner", owner = owner.as_str()));
        }
        let run = action.run.as_ref().map_or("–", |run| run.as_str());
        one.notes.push(message!("due-action-from", run = run, seq = action.seq.to_string()));
        one
    });
    exercises.chain(actions).collect()
}
