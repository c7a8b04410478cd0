//! The first record of a run.

use super::error::EngineError;
use crate::engine::Plan;
use crate::model::record::{RunStarted, SourceFile};
use crate::model::{Body, Clock, Draft, Durability, Journal, JournalError, ObjectRef, Objects, Refusal, RunId};

/// A file that a plan was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path in the workspace, or `shipped/…` for what is in the binary.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A plan and what it was made from, kept as objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The plan.
    pub plan: ObjectRef,
    /// The files.
    pub sources: Vec<SourceFile>,
}

/// Keeps a plan and every file that it was made from.
///
/// # Errors
///
/// Where they cannot be written.
pub fn keep(objects: &dyn Objects, plan: &Plan, sources: &[Source]) -> Result<Kept, JournalError> {
    let plan = objects.put(&plan.to_json())?;
    let mut kept = Vec::with_capacity(sources.len());
    for source in sources {
        kept.push(SourceFile { path: source.path.clone(), file: objects.put(&source.bytes)? });
    }
    Ok(Kept { plan, sources: kept })
}

/// Begins a run of `plan`: keeps the plan and every file that it was made from, and takes the next free id.
///
/// Nothing of it has begun to run then. Another run that takes the same id at the same moment makes this one take the next.
///
/// # Errors
///
/// Where the ledger cannot be written.
pub fn begin(
    journal: &dyn Journal,
    objects: &dyn Objects,
    clock: &dyn Clock,
    plan: &Plan,
    sources: &[Source],
) -> Result<RunId, EngineError> {
    let kept = keep(objects, plan, sources).map_err(EngineError::NotBegun)?;
    let started = RunStarted {
        kind: plan.kind,
        playbook: plan.playbook.clone(),
        plan: kept.plan,
        sources: kept.sources,
        exercise: plan.exercise.clone(),
        test_clock: clock.is_set(),
        people: plan.people,
        lab: plan.lab,
        script: plan.planned.as_ref().and_then(|planned| planned.script),
    };
    let at = clock.now().at;
    let year = at.offset.to_datetime(at.instant).year();
    let mut number = 1;
    loop {
        let run = RunId::new(plan.kind, year, number);
        let draft = Draft::machine(&run, plan.mode, Body::RunStarted(started.clone()));
        match journal.append(&[draft], Durability::Synced) {
            Ok(_) => return Ok(run),
            Err(JournalError::Refused { refusal: Refusal::CannotBegin { .. }, .. }) => number += 1,
            Err(error) => return Err(EngineError::NotBegun(error)),
        }
    }
}
