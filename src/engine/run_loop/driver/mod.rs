//! Thinks, keeps, begins, waits: the loop itself.

mod trouble;
mod wait;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::error::EngineError;
use super::listen::Event;
use super::script::Script;
use super::watches::Watches;
use crate::engine::effect::{Completion, Effect};
use crate::engine::executor::{Begun, Executor, Job, JobId};
use crate::engine::next::{Context, NoticeWriter};
use crate::engine::state::State;
use crate::message::{Message, message};
use crate::model::record::{ProcessStarted, RunContinued};
use crate::model::{
    Body, Clock, Draft, Durability, Journal, JournalError, Mode, Moment, Objects, Record, RunId, RunResult, Stage,
    StepPath,
};

/// How often thinking ahead may lead to more records before they are kept.
const MOST_THOUGHTS: usize = 10_000;
/// The longest that the end of a run waits for a watch that wavers.
const LONGEST_HOLD: Duration = Duration::from_mins(2);

/// Where the loop tells people who sit in front of it what they should know.
pub(super) type Tell = Box<dyn Fn(&Message) + Send>;

/// The outside of a run.
pub(super) struct Outside {
    pub(super) run: RunId,
    pub(super) mode: Mode,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) objects: Arc<dyn Objects>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tell: Tell,
    /// Secrets by name.
    pub(super) secrets: BTreeMap<String, String>,
    pub(super) notices: Option<Arc<NoticeWriter>>,
}

impl Outside {
    fn context<'a>(&'a self, now: &'a Moment, living: &'a [StepPath]) -> Context<'a> {
        Context { objects: &*self.objects, now, secrets: &self.secrets, living, notices: self.notices.as_deref() }
    }
}

/// A completion that is not in the ledger yet.
struct Pending {
    job: JobId,
    completion: Completion,
    drafts: Option<Vec<Draft>>,
    refused: u32,
}

/// What thinking led to.
#[derive(Default)]
struct Thought {
    /// How many of the drafts, from the front, belong to each pending completion.
    concluded: Vec<usize>,
    /// How many of the loop's own records follow them.
    own: usize,
    drafts: Vec<Draft>,
    jobs: Vec<Job>,
    ends: Vec<JobId>,
    wake: Option<Duration>,
    /// Records of our own are to be kept before the rest: think once more.
    again: bool,
}

/// Why the run starts nothing at present, besides what its records say.
enum Trouble {
    /// The disk is full; whether `run-paused` could be kept.
    Full { paused: bool },
    /// The ledger failed.
    Failing,
}

/// The loop over a run.
pub(super) struct Driver<E> {
    outside: Rc<Outside>,
    state: State,
    executor: E,
    events: mpsc::Receiver<Event>,
    watches: Option<Watches>,
    script: Option<Script>,
    /// The number of lines of the log that are known: every record of this run below it was applied.
    seen: Arc<AtomicU64>,
    pending: Vec<Pending>,
    /// Steps whose process a loop before this one began and that is still there: only what follows from them waits.
    orphans: Vec<JobId>,
    /// Orphans that have ended and whose output is kept with the next append.
    told: Vec<JobId>,
    /// Records of the loop's own: watches, signals, answers of the script.
    own: Vec<Draft>,
    wake_at: Option<Instant>,
    trouble: Option<Trouble>,
    refusals: u32,
    failures: u32,
    signals: u32,
    hold_until: Option<Instant>,
}

impl<E: Executor> Driver<E> {
    pub(super) fn new(
        outside: Outside,
        state: State,
        executor: E,
        events: mpsc::Receiver<Event>,
        seen: Arc<AtomicU64>,
    ) -> Self {
        Self {
            outside: Rc::new(outside),
            state,
            executor,
            events,
            watches: None,
            script: None,
            seen,
            pending: Vec::new(),
            orphans: Vec::new(),
            told: Vec::new(),
            own: Vec::new(),
            wake_at: None,
            trouble: None,
            refusals: 0,
            failures: 0,
            signals: 0,
            hold_until: None,
        }
    }

    pub(super) fn watch(&mut self, watches: Watches) {
        self.watches = Some(watches);
    }

    pub(super) fn follow(&mut self, script: Script) {
        self.script = Some(script);
    }

    /// Has these records kept before anything else.
    pub(super) fn keep_first(&mut self, drafts: impl IntoIterator<Item = Draft>) {
        self.own.extend(drafts);
    }

    /// Waits for this process of an earlier loop.
    pub(super) fn adopt(&mut self, id: JobId, begun: &Begun, time_limit: Option<Duration>) {
        self.orphans.push(id.clone());
        self.executor.adopt(id, begun, time_limit);
    }

    /// Drives the run to its end.
    pub(super) fn drive(mut self) -> Result<RunResult, EngineError> {
        loop {
            while self.step()? {}
            if self.trouble.is_none() && self.answer() {
                continue;
            }
            if let Stage::Ended(result) = self.state.stage() {
                return Ok(result);
            }
            if self.state.superseded() {
                return Err(EngineError::Superseded { run: self.outside.run.clone() });
            }
            if self.signals > 0 && self.state.stage() == Stage::Paused && self.idle() {
                return Err(EngineError::Interrupted { run: self.outside.run.clone() });
            }
            self.wait()?;
        }
    }

    fn idle(&self) -> bool {
        self.executor.running() == 0 && self.pending.is_empty() && self.own.is_empty()
    }

    /// Thinks once and keeps what came of it; true where that may lead to more.
    fn step(&mut self) -> Result<bool, EngineError> {
        if self.state.ended() || self.state.superseded() {
            return Ok(false);
        }
        let now = self.outside.clock.now();
        let thought = match self.think(&now) {
            Ok(thought) => thought,
            Err(error) => return self.failed(error, &Thought::default()),
        };
        self.wake_at = thought.wake.and_then(|wake| Instant::now().checked_add(wake));
        for id in &thought.ends {
            self.executor.end(id);
        }
        if thought.drafts.is_empty() {
            return Ok(thought.again);
        }
        match self.outside.journal.append(&thought.drafts, Durability::Synced) {
            Ok(appended) => {
                self.take_in(&appended.records)?;
                self.settled(thought.own);
                for job in thought.jobs {
                    self.begin(job)?;
                }
                Ok(true)
            }
            Err(error) => self.failed(error, &thought),
        }
    }

    /// What was pending is kept now, and the first `own` of the loop's own records.
    fn settled(&mut self, own: usize) {
        for pending in self.pending.drain(..) {
            self.executor.release(&pending.job);
        }
        self.own.drain(..own);
        for orphan in self.told.drain(..) {
            self.executor.release(&orphan);
        }
        self.refusals = 0;
        self.failures = 0;
        if matches!(self.trouble.take(), Some(Trouble::Full { .. })) {
            let run = self.outside.run.as_str();
            (self.outside.tell)(&message!("engine-loop-disk-free", run = run));
        }
    }

    /// What follows from the completions, the loop's own records and the state: all of it in one batch, so that the end of
    /// a step and the beginning of the next share one sync. Thinking ahead needs a state that has taken in what is not
    /// kept yet: a copy.
    fn think(&mut self, now: &Moment) -> Result<Thought, JournalError> {
        let outside = Rc::clone(&self.outside);
        let living: Vec<StepPath> = self.orphans.iter().map(|orphan| orphan.step.clone()).collect();
        let context = outside.context(now, &living);
        let mut thought = Thought::default();
        for pending in &mut self.pending {
            let drafts = match &pending.drafts {
                Some(drafts) => drafts,
                None => pending.drafts.insert(conclude(&self.state, &pending.job, &pending.completion, &context)?),
            };
            thought.drafts.extend(drafts.iter().cloned());
            thought.concluded.push(thought.drafts.len());
        }
        thought.drafts.extend(self.own.iter().cloned());
        thought.own = self.own.len();
        match &self.trouble {
            None => {}
            Some(Trouble::Failing) => return Ok(thought),
            Some(Trouble::Full { paused }) => {
                if *paused && self.state.stage() == Stage::Paused {
                    thought.drafts.push(self.draft(RunContinued::after(None).into()));
                }
                if !thought.drafts.is_empty() {
                    return Ok(thought);
                }
            }
        }
        let mut ahead: Option<State> = None;
        let mut applied = 0;
        for _ in 0..MOST_THOUGHTS {
            if applied < thought.drafts.len() {
                let ahead = ahead.get_or_insert_with(|| self.state.clone());
                for draft in &thought.drafts[applied..] {
                    let seq = self.seen.load(Ordering::Relaxed) + u64::try_from(applied).unwrap_or(0);
                    ahead.apply(&Record { seq, written: now.clone(), draft: draft.clone() });
                    applied += 1;
                }
            }
            thought.wake = None;
            for effect in ahead.as_ref().unwrap_or(&self.state).next(&context)? {
                match effect {
                    Effect::Record(drafts) => thought.drafts.extend(drafts),
                    Effect::Begin { records, step, attempt, work, time_limit } => {
                        thought.drafts.extend(records);
                        thought.jobs.push(Job { id: JobId { step, attempt }, work, time_limit });
                    }
                    Effect::End { step, attempt } => thought.ends.push(JobId { step, attempt }),
                    Effect::Wake(after) => {
                        thought.wake = Some(thought.wake.map_or(after, |wake| wake.min(after)));
                    }
                }
            }
            if let Some(place) = thought.drafts.iter().skip(applied).position(|draft| ends_the_run(&draft.body)) {
                let place = applied + place;
                let hold = self.hold(&thought.drafts[place]);
                let watched = if hold.is_none() { self.last_watched(now)? } else { Vec::new() };
                if hold.is_some() || !watched.is_empty() {
                    // What is applied ahead can be kept; the end comes when it is its turn.
                    thought.drafts.truncate(applied);
                    thought.wake = hold;
                    thought.again = hold.is_none();
                    self.own.extend(watched);
                    return Ok(thought);
                }
            }
            if applied == thought.drafts.len() {
                break;
            }
        }
        Ok(thought)
    }

    /// How long the end of the run has to wait, if it has to: a watch has seen something else than before, which is not yet confirmed.
    fn hold(&mut self, end: &Draft) -> Option<Duration> {
        let stopped = matches!(&end.body, Body::RunEnded(ended) if ended.result == RunResult::Stopped);
        let every = self.watches.as_ref().and_then(Watches::wavering).filter(|_| !stopped)?;
        let now = Instant::now();
        let until = *self.hold_until.get_or_insert(now + LONGEST_HOLD);
        (now < until).then(|| every.min(until - now))
    }

    /// What the watches have to tell before the run ends.
    fn last_watched(&mut self, now: &Moment) -> Result<Vec<Draft>, JournalError> {
        let Some(watches) = &mut self.watches else { return Ok(Vec::new()) };
        let samples = watches.samples(true, now, &*self.outside.objects)?;
        Ok(watches.changes().into_iter().chain(samples).collect())
    }

    /// Applies what was appended, and before it what others have appended in between.
    fn take_in(&mut self, records: &[Record]) -> Result<(), EngineError> {
        let (Some(first), Some(last)) = (records.first().map(|r| r.seq), records.last().map(|r| r.seq)) else {
            return Ok(());
        };
        let seen = self.seen.load(Ordering::Relaxed);
        if first > seen {
            // The append has synced every line before its own.
            let between =
                self.outside.journal.records_of(&self.outside.run, seen).map_err(|error| self.ledger(error))?;
            for record in between.iter().filter(|record| record.seq < first) {
                self.state.apply(record);
            }
        }
        for record in records {
            self.state.apply(record);
        }
        self.seen.store(last + 1, Ordering::Release);
        Ok(())
    }

    /// Applies what others have appended, once it is synced. True where there was something.
    fn catch_up(&mut self) -> Result<bool, JournalError> {
        let seen = self.seen.load(Ordering::Relaxed);
        let size = self.outside.journal.size()?;
        if size <= seen {
            return Ok(false);
        }
        let records = self.outside.journal.settled_records_of(&self.outside.run, seen)?;
        for record in &records {
            self.state.apply(record);
        }
        let after = records.last().map_or(0, |last| last.seq + 1);
        self.seen.store(size.max(after), Ordering::Release);
        Ok(!records.is_empty())
    }

    fn begin(&mut self, job: Job) -> Result<(), EngineError> {
        let id = job.id.clone();
        let Some(Begun { process, slot }) = self.executor.begin(job) else { return Ok(()) };
        let body = ProcessStarted {
            step: id.step.clone(),
            attempt: id.attempt,
            pid: process.pid,
            start_ticks: process.start_ticks,
            slot,
        };
        match self.outside.journal.append(&[self.draft(body.into())], Durability::WithNext) {
            Ok(appended) => self.take_in(&appended.records),
            // It matters only where this loop dies while the process lives: no reason to give the step up.
            Err(error) => {
                tracing::warn!(job = %id, %error, "the process of a step is not in the ledger");
                Ok(())
            }
        }
    }

    fn draft(&self, body: Body) -> Draft {
        Draft::machine(&self.outside.run, self.outside.mode, body)
    }

    fn ledger(&self, error: JournalError) -> EngineError {
        EngineError::Ledger { run: self.outside.run.clone(), error }
    }
}

fn conclude(
    state: &State,
    job: &JobId,
    completion: &Completion,
    context: &Context<'_>,
) -> Result<Vec<Draft>, JournalError> {
    state.conclude(&job.step, job.attempt, completion.clone(), context)
}

fn ends_the_run(body: &Body) -> bool {
    matches!(body, Body::RunEnded(_))
}
