//! Another playbook for an incident that goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::begin::{self, Then, Wish};
use super::console::show;
use super::desk::{Desk, journal_failure};
use super::entry::Entry;
use super::{Context, Exit, Failure, secrets, start};
use crate::engine::State;
use crate::message::message;
use crate::model::record::PlaybookSwitched;
use crate::model::{Durability, Journal as _, JournalError, Refusal, RunId, RunKind};

/// How often a run that moved on meanwhile is tried again.
const TRIES: usize = 5;

/// Has the playbook of `wish` lead `run` from here on: the plan is shown, what is open is given up, and it stays one incident.
///
/// # Errors
///
/// Where it is a drill, a step is at work, the plan is refused, or the ledger cannot be written; nothing has changed then.
pub(crate) fn run(wish: &Wish, incident: &RunId, entry: &Entry, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(Some(incident))?;
    if run.kind() != RunKind::Incident {
        let message = message!("offer-switch-not-incident", run = run.as_str());
        return Err(Failure::new(Exit::Invalid, "not-an-incident", message));
    }
    let (leading, _) = desk.plan(&run, &state)?;
    if leading.playbook == wish.playbook {
        let playbook = wish.playbook.as_str();
        let message = message!("offer-switch-same", playbook = playbook, run = run.as_str());
        return Err(Failure::new(Exit::Invalid, "same-playbook", message));
    }
    let (plan, sources) = begin::prepared(wish, context, &desk.workspace)?;
    let view = State::new(Arc::clone(&plan)).view(&context.clock.now());
    context.err(&show::plan(&view, context));
    if wish.then == Then::Nothing {
        context.note(&message!("cli-dry-run"));
        return Ok(Exit::Passed);
    }
    secrets::check(context, &plan)?;
    let kept = start::keep(&desk, &plan, &sources)?;
    let because = desk.because(entry)?;
    let switched =
        PlaybookSwitched { playbook: plan.playbook.clone(), plan: kept.plan, sources: kept.sources, because };
    let mut tries = 0;
    loop {
        // The run may move on while its end is thought out: then the batch is refused, and thought out anew.
        let scene = desk.scene(context, &run, &state)?;
        let now = context.clock.now();
        let none = BTreeMap::new();
        let thinking = crate::engine::Context {
            objects: desk.ledger.as_ref(),
            now: &now,
            secrets: &none,
            living: &[],
            notices: None,
        };
        let closed = scene.state().close_for_another(&thinking).map_err(|e| journal_failure(&e))?;
        let mut drafts = closed.map_err(|step| {
            Failure::new(Exit::Invalid, "step-at-work", message!("offer-switch-running", step = step.as_str()))
                .help(message!("offer-switch-running-help"))
        })?;
        drafts.push(entry.draft(Some(&run), state.mode, switched.clone().into()));
        match desk.ledger.append(&drafts, Durability::Synced) {
            Ok(_) => break,
            Err(JournalError::Refused { refusal: Refusal::StillOpen { .. } | Refusal::NotOpen { .. }, .. })
                if tries < TRIES =>
            {
                tries += 1;
            }
            Err(error) => return Err(journal_failure(&error)),
        }
    }
    let playbook = plan.playbook.as_str();
    context.note(&message!("offer-switched", run = run.as_str(), playbook = playbook));
    let (run, state) = desk.run(Some(&run))?;
    if let Some((entry, seen)) = &wish.seen {
        desk.saw(context, entry, (&run, &state), (seen, false))?;
    }
    if !desk.loop_lives(&run) {
        start::detached(context, &desk, &run)?;
    }
    start::console(context, &desk, &run, &state, super::console::Part::Asks)
}
