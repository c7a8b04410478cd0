//! The loop that drives a run: it reads what the ledger says, asks what may happen, keeps it, and carries it out.

mod begin;
mod driver;
mod error;
mod listen;
mod sampler;
mod script;
mod setup;
mod watches;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use driver::{Driver, Outside};
use listen::Bell;
use script::Script;
use watches::{Surround, Watches};

use super::executor::{Begun, Executor as _, JobId, Machine, MachineSetup, OUTPUT_BOUND, Process};
use super::state::{Instance, State};
use crate::model::record::{RunContinued, WatchState};
use crate::model::{Draft, Id, Mode, Moment, Record, RunResult, Stage};
use crate::playbook::Watch;
use crate::playbook::expression::{self, Scope};

pub use begin::{Kept, Source, begin, keep};
pub use error::EngineError;
pub use setup::{LoopSetup, Signals};

/// How long after SIGTERM a command and its group are killed.
const GRACE: Duration = Duration::from_secs(3);

/// In how many seconds a loop begins with a plan that somebody has just started or switched to.
const FIRST_LOOK: u64 = 10;

/// Drives a run to its end.
///
/// A run that another loop has begun is taken up: `run-continued` says so, processes that still live are waited for, and what
/// had begun is not begun again unless it is repeatable or only looks.
///
/// # Errors
///
/// Where the ledger cannot be used, or a signal paused the run. What was kept stays kept: the run can be taken up again.
pub fn run_loop(setup: LoopSetup) -> Result<RunResult, EngineError> {
    let run = setup.run.clone();
    let machine = |error| EngineError::Machine { run: run.clone(), error };
    let ledger = |error| EngineError::Ledger { run: run.clone(), error };
    let spool = setup.spool.join(run.as_str());

    let size = setup.journal.size().map_err(ledger)?;
    let records = setup.journal.settled_records_of(&run, 0).map_err(ledger)?;
    let Some(last) = records.last() else { return Err(EngineError::UnknownRun { run }) };
    let seen = Arc::new(AtomicU64::new(size.max(last.seq + 1)));
    let mut state = State::part(Arc::clone(&setup.plan), setup.part);
    for record in &records {
        state.apply(record);
    }
    let executor = Machine::new(MachineSetup {
        spool: spool.clone(),
        workspace: setup.workspace,
        scratch: setup.scratch,
        surroundings: setup.surroundings,
        objects: Arc::clone(&setup.objects),
        notes: setup.notes,
        clock: Arc::clone(&setup.clock),
        faults: setup.faults,
        secrets: setup.secrets.values().cloned().collect(),
        lang: setup.lang,
        program: setup.program,
        output_bound: OUTPUT_BOUND,
        grace: GRACE,
    })
    .map_err(machine)?;

    let former = executor.former();

    let (bell, events) = Bell::new(executor.waker());
    if setup.signals != Signals::Unheard {
        let hangs_up = setup.signals == Signals::Foreground;
        listen::signals(bell.clone(), hangs_up).map_err(machine)?;
    }
    listen::ledger(Arc::clone(&setup.journal), Arc::clone(&setup.lock), Arc::clone(&seen), bell.clone())
        .map_err(machine)?;
    let mode = setup.plan.mode;
    let now = setup.clock.now();
    let taken_up = records.len() > 1 && !state.ended();
    let gap = now.since(&last.written).0.as_secs();
    // Before its first step nobody was away: what was told before the loop began, or the playbook that led, is no crash.
    let fresh = gap < FIRST_LOOK && state.instances().next().is_none() && state.stage() == Stage::Running;
    let orphans = if taken_up { orphans(&state, &now) } else { Vec::new() };
    let heard = last_heard(&records);
    let looked_at = if mode == Mode::Tabletop || state.ended() { &[][..] } else { &setup.plan.watches };
    let filled: Vec<Watch> = looked_at.iter().map(|watch| with_secrets(watch, &setup.secrets)).collect();
    let surround = Surround {
        run: run.clone(),
        mode,
        clock: Arc::clone(&setup.clock),
        lang: setup.lang,
        bell,
        secrets: setup.secrets.values().cloned().collect(),
    };
    let watches = Watches::begin(&filled, &spool, |id| heard.get(id).cloned(), &surround).map_err(machine)?;

    let outside = Outside {
        run: run.clone(),
        mode,
        journal: Arc::clone(&setup.journal),
        objects: setup.objects,
        clock: setup.clock,
        tell: setup.tell,
        secrets: setup.secrets,
        notices: setup.notices,
    };
    let mut driver = Driver::new(outside, state, executor, events, seen);
    driver.watch(watches);
    if let Some(answers) = setup.answers {
        driver.follow(Script::new(run.clone(), mode, answers));
    }
    if taken_up && !fresh {
        driver.keep_first([Draft::machine(&run, mode, RunContinued::after(Some(gap)).into())]);
        for (id, begun, limit) in orphans {
            driver.adopt(id, &begun, limit);
        }
    }
    let result = driver.drive()?;
    former.remove();
    // The end is kept; that it is signed as well is not worth losing the result for.
    if let Err(error) = setup.journal.checkpoint() {
        tracing::warn!(%error, "the ledger is not signed yet");
    }
    if std::fs::remove_dir(&spool).is_err() {
        tracing::debug!(path = %spool.display(), "something is left in the spool");
    }
    drop(setup.lock);
    Ok(result)
}

/// Steps that have begun, with their process of this boot (it lives, or what it printed is there) and what is left of their
/// time.
fn orphans(state: &State, now: &Moment) -> Vec<(JobId, Begun, Option<Duration>)> {
    let process_of = |instance: &Instance| {
        let (process, boot) = instance.process.as_ref()?;
        let named = Process { pid: process.pid, start_ticks: process.start_ticks };
        (*boot == now.boot).then_some(Begun { process: named, slot: process.slot })
    };
    state
        .open_steps()
        .filter_map(|(path, instance)| {
            let begun = process_of(instance)?;
            let limit = state.node(instance.node).step.timeout.map(|limit| {
                let gone = instance.limit_from.as_ref().map_or(Duration::ZERO, |from| now.since(from).0);
                limit.duration().saturating_sub(gone)
            });
            Some((JobId { step: path.clone(), attempt: instance.attempt }, begun, limit))
        })
        .collect()
}

/// What the ledger last heard of each watch, and until when somebody looked: at the last record of the loop.
fn last_heard(records: &[Record]) -> BTreeMap<Id, (WatchState, Moment)> {
    let Some(last) = records.last() else { return BTreeMap::new() };
    let mut heard = BTreeMap::new();
    for record in records {
        if let crate::model::Body::WatchChanged(changed) = &record.draft.body {
            heard.insert(changed.watch.clone(), (changed.state, last.written.clone()));
        }
    }
    heard
}

/// A watch with its secrets filled in: the plan is kept and so has none.
fn with_secrets(watch: &Watch, secrets: &BTreeMap<String, String>) -> Watch {
    let mut filled = watch.clone();
    let scope = Scope::new(serde_json::json!({ "secret": secrets }));
    let fill = |text: &str| {
        let template = crate::model::Template(text.to_owned());
        if template.is_literal() { Ok(text.to_owned()) } else { expression::fill(&template, &scope) }
    };
    match watch.probe.render(fill) {
        Ok(probe) => filled.probe = probe,
        Err(fault) => tracing::warn!(watch = %watch.id, %fault, "a secret of a watch cannot be filled in"),
    }
    filled
}
