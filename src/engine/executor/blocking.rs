//! Work that blocks, each on a thread of its own: looks, waits, backups, faults.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::backups::{self, Trouble};
use super::command::{NotBegun, Programs, Running};
use super::output::Output;
use super::waker::Waker;
use super::{JobId, Surroundings};
use crate::backup::Cancel;
use crate::engine::effect::{CommandWork, Completion, FaultMaker, Verdict, Work};
use crate::message::message;
use crate::model::record::Why;
use crate::model::{Clock, Lang, Notes, Objects};
use crate::probe::{self, Spec};

/// How often a check of what was restored is looked at.
const CHECK_LOOK: Duration = Duration::from_millis(20);

/// The files of a command that a thread may begin.
pub(super) type Files = Option<(Output, [File; 2])>;

/// What threads need of the outside.
pub(super) struct Outside {
    pub(super) objects: Arc<dyn Objects>,
    pub(super) notes: Arc<dyn Notes>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) faults: Option<Arc<dyn FaultMaker>>,
    pub(super) lang: Lang,
    /// Where relative paths begin.
    pub(super) workspace: PathBuf,
    /// Where trial restores go.
    pub(super) scratch: PathBuf,
    pub(super) surroundings: Surroundings,
    pub(super) grace: Duration,
}

/// A job on a thread.
pub(super) struct Blocking {
    pub(super) id: JobId,
    /// Where the command that it may begin prints to.
    pub(super) slot: Option<u32>,
    deadline: Option<Instant>,
    /// Whether it only looks: then nobody has to wait for it once it is ended.
    only_looks: bool,
    signal: Arc<Signal>,
}

/// Tells the thread to stop, and keeps what it saw last.
#[derive(Default)]
pub(super) struct Signal {
    state: Mutex<State>,
    changed: Condvar,
    /// Ends work on a copy between two files or reads.
    cancel: Cancel,
}

#[derive(Default)]
struct State {
    ended: Option<Verdict>,
    last: Option<String>,
}

impl Signal {
    fn end(&self, verdict: Verdict) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ended.get_or_insert(verdict);
        self.changed.notify_all();
        self.cancel.cancel();
    }

    fn saw(&self, detail: String) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).last = Some(detail);
    }

    fn last(&self) -> Option<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).last.clone()
    }

    /// How it is to end by force, if it is.
    pub(super) fn ended(&self) -> Option<Verdict> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ended.clone()
    }

    /// Waits for `until`; true where it is to end before.
    fn sleep_until(&self, until: Instant) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let left = until.saturating_duration_since(Instant::now());
        let waited = self.changed.wait_timeout_while(state, left, |state| state.ended.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.ended.is_some()
    }
}

impl Blocking {
    pub(super) fn begin(
        id: JobId,
        work: Work,
        files: Files,
        time_limit: Option<Duration>,
        outside: Arc<Outside>,
        finish: Sender<(JobId, Completion)>,
        waker: Waker,
    ) -> io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let slot = files.as_ref().map(|(output, _)| output.slot());
        let deadline = time_limit.and_then(|limit| Instant::now().checked_add(limit));
        let only_looks =
            matches!(work, Work::Probe(_) | Work::Wait { .. } | Work::Verify { .. } | Work::NewestGood { .. });
        let (name, mine, heard) = (id.to_string(), id.clone(), Arc::clone(&signal));
        std::thread::Builder::new().name(name).spawn(move || {
            // A panic in one look or backup must not leave its step open for ever.
            let work = std::panic::AssertUnwindSafe(|| carry_out(&mine, work, files, &outside, &heard));
            let mut completion = std::panic::catch_unwind(work).unwrap_or_else(|_| {
                let detail = message!("engine-loop-broke").render(outside.lang);
                Completion { verdict: Verdict::Failed(None), detail: Some(detail), ..Completion::default() }
            });
            if let Some(verdict) = heard.ended()
                && completion.verdict != Verdict::Done
            {
                completion.verdict = verdict;
            }
            // Nobody listens any more once the loop is gone.
            if finish.send((mine, completion)).is_ok() {
                waker.wake();
            }
        })?;
        Ok(Self { id, slot, deadline, only_looks, signal })
    }

    /// When it is to be ended by force.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline.filter(|_| self.only_looks || self.signal.ended().is_none())
    }

    /// Ends it by force. What changes nothing completes at once; for the rest its thread completes it as soon as it can.
    pub(super) fn end(&self) -> Option<Completion> {
        self.end_with(Verdict::Abandoned)
    }

    /// The completion of a job whose time is over.
    pub(super) fn overdue(&self, now: Instant) -> Option<Completion> {
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.end_with(Verdict::Failed(Some(Why::Timeout)))
        } else {
            None
        }
    }

    fn end_with(&self, verdict: Verdict) -> Option<Completion> {
        self.signal.end(verdict.clone());
        self.only_looks.then(|| Completion { verdict, detail: self.signal.last(), ..Completion::default() })
    }
}

fn carry_out(job: &JobId, work: Work, files: Files, outside: &Outside, signal: &Signal) -> Completion {
    let cancel = &signal.cancel;
    let done = match work {
        Work::Probe(spec) => return look(&spec, outside.lang),
        Work::Wait { probe, every, confirm } => return wait(&probe, every, confirm, outside.lang, signal),
        Work::Fault { system, kind, with } => {
            return match &outside.faults {
                Some(faults) => match faults.make(&system, &kind, &with) {
                    Ok(()) => Completion::default(),
                    Err(reason) => failed(None, reason),
                },
                None => failed(Some(Why::NotBegun), message!("engine-loop-no-faults").render(outside.lang)),
            };
        }
        // Carried out without a thread, by the machine itself.
        Work::Command(_) | Work::Sleep(_) => return Completion::default(),
        Work::Seal { copy } => backups::seal(job, &copy, outside.clock.now().at, outside, cancel),
        Work::Verify { copy, sample } => backups::verify(job, &copy, sample, outside, cancel),
        Work::NewestGood { system } => backups::newest_good(job, &system, outside, cancel),
        Work::Prove { copy, check } => backups::prove(job, &copy, check, outside, cancel),
        Work::Restore { from, to, run, check } => {
            let restored = backups::restore(&from, &to, &run, outside, cancel);
            match (restored, check, files) {
                (Ok(restored), Some(check), Some(files)) => {
                    return check_restored(job, restored, &check, files, outside, signal);
                }
                (restored, ..) => restored,
            }
        }
    };
    done.unwrap_or_else(|trouble: Trouble| trouble.completion(outside))
}

/// Runs the system's own check of what was restored: where it fails, so has the restore.
fn check_restored(
    job: &JobId,
    restored: Completion,
    check: &CommandWork,
    files: (Output, [File; 2]),
    outside: &Outside,
    signal: &Signal,
) -> Completion {
    let mut programs = Programs::new(outside.workspace.clone(), outside.surroundings.clone());
    let mut running = match Running::begin(job.clone(), check, files, None, outside.grace, &mut programs) {
        Ok(running) => running,
        Err(NotBegun(reason)) => {
            let detail = message!("engine-loop-check-not-begun", reason = reason).render(outside.lang);
            return Completion { verdict: Verdict::Failed(None), detail: Some(detail), ..restored };
        }
    };
    loop {
        let now = Instant::now();
        if let Some(mut checked) = running.advance(now, true) {
            running.keep(&mut checked, false);
            let detail =
                (checked.verdict != Verdict::Done).then(|| message!("engine-loop-check-failed").render(outside.lang));
            return Completion { values: restored.values, evidence: restored.evidence, detail, ..checked };
        }
        if signal.sleep_until(now + CHECK_LOOK) {
            running.end();
            std::thread::sleep(CHECK_LOOK);
        }
    }
}

pub(super) fn failed(why: Option<Why>, detail: String) -> Completion {
    Completion { verdict: Verdict::Failed(why), detail: Some(detail), ..Completion::default() }
}

fn look(spec: &Spec, lang: Lang) -> Completion {
    let look = probe::look(spec);
    Completion {
        verdict: if look.ok { Verdict::Done } else { Verdict::Failed(None) },
        detail: Some(look.detail.render(lang)),
        body: look.body,
        values: [("millis".to_owned(), Value::from(look.millis))].into(),
        ..Completion::default()
    }
}

/// Looks until `confirm` looks in a row were well. The looks begin `every` apart, or at once where one took longer.
fn wait(spec: &Spec, every: Duration, confirm: u32, lang: Lang, signal: &Signal) -> Completion {
    let mut in_a_row = 0;
    let mut looks: u64 = 0;
    loop {
        let began = Instant::now();
        let mut completion = look(spec, lang);
        looks += 1;
        if let Some(detail) = &completion.detail {
            signal.saw(detail.clone());
        }
        in_a_row = if completion.verdict == Verdict::Done { in_a_row + 1 } else { 0 };
        if in_a_row >= confirm {
            completion.values.insert("looks".to_owned(), Value::from(looks));
            return completion;
        }
        if signal.sleep_until(began.checked_add(every).unwrap_or(began)) {
            completion.verdict = Verdict::Failed(None);
            return completion;
        }
    }
}
