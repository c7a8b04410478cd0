//! The executor that really does things on this machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::blocking::{Blocking, Outside};
use super::command::{NotBegun, Programs, Running};
use super::group::Process;
use super::guard::Guard;
use super::output::{Keep, Output, mask_text};
use super::slots::Slots;
use super::waker::{Wakeable, Waker};
use super::{Begun, Executor, Job, JobId};
use crate::engine::effect::{Completion, FaultMaker, Verdict, Work};
use crate::message::{Message, message};
use crate::model::record::Why;
use crate::model::{Clock, Lang, Notes, Objects};

/// How often the output of what stayed behind is looked at.
const LINGERING_LOOK: Duration = Duration::from_millis(250);

/// What a command finds of its environment, besides what its step says. Read by `ui`, once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// PATH.
    pub path: String,
    /// HOME.
    pub home: Option<String>,
    /// LANG.
    pub lang: Option<String>,
    /// Passwords of repositories that the inventory says are in a variable, by its name.
    pub passwords: BTreeMap<String, String>,
}

/// What a [`Machine`] is made of.
pub struct MachineSetup {
    /// The run's folder in the spool; made where it is missing.
    pub spool: PathBuf,
    /// The folder in which commands run where they name none.
    pub workspace: PathBuf,
    /// What commands find of the environment.
    pub surroundings: Surroundings,
    /// Where trial restores go.
    pub scratch: PathBuf,
    /// Where what steps yield is kept.
    pub objects: Arc<dyn Objects>,
    /// Signs seals and judges who signed them.
    pub notes: Arc<dyn Notes>,
    /// Says when a seal is made.
    pub clock: Arc<dyn Clock>,
    /// Makes faults; only with `--lab`.
    pub faults: Option<Arc<dyn FaultMaker>>,
    /// Every secret of the run, to be masked in what looks give back.
    pub secrets: Vec<String>,
    /// The language of the details that are kept.
    pub lang: Lang,
    /// This program, to guard the output of commands should this process die; nobody does where nothing is said.
    pub program: Option<PathBuf>,
    /// The longest output of one stream, in bytes.
    pub output_bound: u64,
    /// How long after SIGTERM a group is killed.
    pub grace: Duration,
}

/// Carries out work on this machine.
pub struct Machine {
    slots: Slots,
    secrets: Vec<String>,
    lang: Lang,
    output_bound: u64,
    grace: Duration,
    program: Option<PathBuf>,
    guard: Option<Guard>,
    programs: Programs,
    outside: Arc<Outside>,
    commands: Vec<Running>,
    threads: Vec<Blocking>,
    sleepers: Vec<Sleeper>,
    /// The slots of jobs that are over and not yet released.
    held: Vec<(JobId, u32)>,
    ready: Vec<(JobId, Completion)>,
    finished: mpsc::Receiver<(JobId, Completion)>,
    finish: mpsc::Sender<(JobId, Completion)>,
    waker: Waker,
    wakeable: Wakeable,
}

/// Files that loops before this one have left in the spool. What is known of whose they are was taken from them.
#[derive(Debug)]
pub struct Former {
    folder: PathBuf,
    slots: Vec<u32>,
}

impl Former {
    /// Removes them: the run has ended.
    pub fn remove(&self) {
        for slot in &self.slots {
            Output::of(&self.folder, *slot, 0).remove();
        }
    }
}

/// A step of which nothing is done but waiting.
struct Sleeper {
    id: JobId,
    until: Instant,
    limit: Option<Instant>,
}

impl Machine {
    /// Makes the executor and its folder in the spool.
    ///
    /// # Errors
    ///
    /// Where the folder or the waker cannot be made.
    pub fn new(setup: MachineSetup) -> std::io::Result<Self> {
        let slots = Slots::new(&setup.spool, setup.output_bound)?;
        let (waker, wakeable) = Wakeable::pair()?;
        let (finish, finished) = mpsc::channel();
        let programs = Programs::new(setup.workspace, setup.surroundings);
        let outside = Outside {
            objects: setup.objects,
            notes: setup.notes,
            clock: setup.clock,
            faults: setup.faults,
            lang: setup.lang,
            workspace: programs.workspace.clone(),
            scratch: setup.scratch,
            surroundings: programs.surroundings.clone(),
            grace: setup.grace,
        };
        Ok(Self {
            slots,
            secrets: setup.secrets,
            lang: setup.lang,
            output_bound: setup.output_bound,
            grace: setup.grace,
            program: setup.program,
            guard: None,
            programs,
            outside: Arc::new(outside),
            commands: Vec::new(),
            threads: Vec::new(),
            sleepers: Vec::new(),
            held: Vec::new(),
            ready: Vec::new(),
            finished,
            finish,
            waker,
            wakeable,
        })
    }

    /// The slots of loops before this one, to be removed once the run has ended.
    #[must_use]
    pub fn former(&self) -> Former {
        Former { folder: self.slots.folder().to_owned(), slots: self.slots.former().to_vec() }
    }

    /// The guard is begun with the first command: most of it happens on another thread.
    fn tell_guard(&mut self, process: Process) {
        if let Some(program) = self.program.take() {
            match Guard::begin(&program, self.slots.folder(), self.output_bound) {
                Ok(guard) => self.guard = Some(guard),
                Err(error) => tracing::warn!(%error, "nothing will hold output to its bound should this process die"),
            }
        }
        if let Some(guard) = &mut self.guard {
            guard.tell(process.pid);
        }
    }

    /// The files of a job that was not begun.
    fn give_back(&mut self, id: &JobId, slot: Option<u32>) {
        if let Some(slot) = slot {
            self.slots.over(slot, None, false);
            self.held.push((id.clone(), slot));
        }
    }

    fn not_begun(&mut self, id: JobId, reason: &Message) {
        let detail = Some(reason.render(self.lang));
        self.ready
            .push((id, Completion { verdict: Verdict::Failed(Some(Why::NotBegun)), detail, ..Completion::default() }));
    }

    /// Takes what has ended. `exited` are the places in `commands` whose process is known to have exited.
    fn collect(&mut self, exited: &[usize]) -> Vec<(JobId, Completion)> {
        let now = Instant::now();
        let mut ended = std::mem::take(&mut self.ready);
        let mut place = 0;
        let (slots, held) = (&mut self.slots, &mut self.held);
        self.commands.retain_mut(|running| {
            let completion = running.advance(now, exited.contains(&place));
            place += 1;
            let Some(mut completion) = completion else { return true };
            let ours = slots.ours(running.slot());
            running.keep(&mut completion, ours);
            slots.over(running.slot(), Some(running.group()), !ours);
            held.push((running.id.clone(), running.slot()));
            ended.push((running.id.clone(), completion));
            false
        });
        self.sleepers.retain(|sleeper| {
            let completion = sleeper.completion(now);
            let goes_on = completion.is_none();
            ended.extend(completion.map(|completion| (sleeper.id.clone(), completion)));
            goes_on
        });
        while let Ok((id, completion)) = self.finished.try_recv() {
            // One that was ended by force has had its completion.
            if let Some(place) = self.threads.iter().position(|thread| thread.id == id) {
                let thread = self.threads.swap_remove(place);
                if let Some(slot) = thread.slot {
                    slots.over(slot, None, true);
                    held.push((id.clone(), slot));
                }
                ended.push((id, completion));
            }
        }
        self.threads.retain(|thread| {
            let completion = thread.overdue(now);
            let goes_on = completion.is_none();
            ended.extend(completion.map(|completion| (thread.id.clone(), completion)));
            goes_on
        });
        for (_, completion) in &mut ended {
            self.hide_secrets(completion);
        }
        ended
    }

    /// Looks give back what a server said, and that may hold what was sent.
    fn hide_secrets(&self, completion: &mut Completion) {
        if self.secrets.is_empty() {
            return;
        }
        completion.body = completion.body.take().map(|body| mask_text(body, &self.secrets));
        completion.detail = completion.detail.take().map(|detail| mask_text(detail, &self.secrets));
    }

    fn next_event(&self, until: Option<Instant>) -> Option<Instant> {
        let commands = self.commands.iter().map(Running::next_event);
        let sleepers = self.sleepers.iter().map(Sleeper::next_event);
        let threads = self.threads.iter().filter_map(Blocking::deadline);
        let lingering = self.slots.any_left().then(|| Instant::now() + LINGERING_LOOK);
        commands.chain(sleepers).chain(threads).chain(lingering).chain(until).min()
    }
}

impl Executor for Machine {
    fn begin(&mut self, job: Job) -> Option<Begun> {
        let Job { id, work, time_limit } = job;
        let takes_slot = matches!(work, Work::Command(_) | Work::Restore { check: Some(_), .. });
        let files = match takes_slot.then(|| self.slots.take()).transpose() {
            Ok(files) => files,
            Err(error) => {
                self.not_begun(id, &message!("engine-loop-no-output-file", error = error.to_string()));
                return None;
            }
        };
        let slot = files.as_ref().map(|(output, _)| output.slot());
        match (work, files) {
            (Work::Command(command), Some(files)) => {
                match Running::begin(id.clone(), &command, files, time_limit, self.grace, &mut self.programs) {
                    Ok(running) => {
                        let begun = Begun { process: running.process(), slot: running.slot() };
                        self.tell_guard(begun.process);
                        self.commands.push(running);
                        return Some(begun);
                    }
                    Err(NotBegun(reason)) => {
                        self.give_back(&id, slot);
                        self.not_begun(id, &reason);
                    }
                }
            }
            (Work::Sleep(duration), _) => {
                let now = Instant::now();
                let later = |duration| now.checked_add(duration);
                let until = later(duration).unwrap_or_else(|| now + Duration::from_secs(u64::from(u32::MAX)));
                self.sleepers.push(Sleeper { id, until, limit: time_limit.and_then(later) });
            }
            (work, files) => {
                let outside = Arc::clone(&self.outside);
                match Blocking::begin(
                    id.clone(),
                    work,
                    files,
                    time_limit,
                    outside,
                    self.finish.clone(),
                    self.waker.clone(),
                ) {
                    Ok(thread) => self.threads.push(thread),
                    Err(error) => {
                        self.give_back(&id, slot);
                        self.not_begun(id, &message!("engine-loop-no-thread", error = error.to_string()));
                    }
                }
            }
        }
        None
    }

    fn adopt(&mut self, id: JobId, begun: &Begun, time_limit: Option<Duration>) {
        let mut output = self.slots.adopt(begun.slot);
        let (process, secrets) = (begun.process, self.secrets.clone());
        if let Some(running) = Running::adopt(id.clone(), process, output.clone(), secrets, time_limit, self.grace) {
            self.tell_guard(process);
            self.commands.push(running);
            return;
        }
        let mut completion = Completion { verdict: Verdict::Unknown(Why::Orphan), ..Completion::default() };
        if let Ok(kept) = output.keep(Keep { secrets: &self.secrets, ours: false, whole: false }) {
            completion.stdout = kept.stdout;
            completion.stderr = kept.stderr;
            completion.dropped = kept.dropped;
        }
        self.slots.over(begun.slot, process.group(), true);
        self.held.push((id.clone(), begun.slot));
        self.ready.push((id, completion));
    }

    fn end(&mut self, id: &JobId) {
        if let Some(running) = self.commands.iter_mut().find(|running| running.id == *id) {
            running.end();
            return;
        }
        let abandoned = || Completion { verdict: Verdict::Abandoned, ..Completion::default() };
        if let Some(place) = self.sleepers.iter().position(|sleeper| sleeper.id == *id) {
            self.sleepers.swap_remove(place);
            self.ready.push((id.clone(), abandoned()));
        } else if let Some(place) = self.threads.iter().position(|thread| thread.id == *id)
            && let Some(completion) = self.threads[place].end()
        {
            self.threads.swap_remove(place);
            self.ready.push((id.clone(), completion));
        }
    }

    fn wait(&mut self, until: Option<Instant>) -> Vec<(JobId, Completion)> {
        let mut exited: Vec<usize> = Vec::new();
        let mut woken = false;
        loop {
            let ended = self.collect(&exited);
            if !ended.is_empty() || woken || until.is_some_and(|until| until <= Instant::now()) {
                return ended;
            }
            let timeout = self.next_event(until).map(|next| next.saturating_duration_since(Instant::now()));
            let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
            let mut places = Vec::with_capacity(self.commands.len());
            let mut descriptors = Vec::with_capacity(self.commands.len() + 1);
            descriptors.push(PollFd::new(&self.wakeable, PollFlags::IN));
            for (place, running) in self.commands.iter().enumerate() {
                if let Some(descriptor) = running.watched() {
                    places.push(place);
                    descriptors.push(PollFd::from_borrowed_fd(descriptor, PollFlags::IN));
                }
            }
            exited.clear();
            // Interrupted by a signal: all is looked at again, and nothing is lost.
            if poll(&mut descriptors, timeout.as_ref()).is_ok() {
                woken = !descriptors[0].revents().is_empty();
                let ready = descriptors[1..].iter().zip(places).filter(|(fd, _)| !fd.revents().is_empty());
                exited.extend(ready.map(|(_, place)| place));
            }
            drop(descriptors);
            if woken {
                self.wakeable.drain();
            }
            if self.slots.any_left() {
                self.slots.look_after();
            }
        }
    }

    fn release(&mut self, id: &JobId) {
        if let Some(place) = self.held.iter().position(|(held, _)| held == id) {
            let (_, slot) = self.held.swap_remove(place);
            self.slots.release(slot);
        }
    }

    fn running(&self) -> usize {
        self.commands.len() + self.threads.len() + self.sleepers.len() + self.ready.len()
    }

    fn waker(&self) -> Waker {
        self.waker.clone()
    }
}

impl Sleeper {
    fn next_event(&self) -> Instant {
        self.limit.map_or(self.until, |limit| limit.min(self.until))
    }

    fn completion(&self, now: Instant) -> Option<Completion> {
        if now >= self.until {
            Some(Completion::default())
        } else if self.limit.is_some_and(|limit| now >= limit) {
            Some(Completion { verdict: Verdict::Failed(Some(Why::Timeout)), ..Completion::default() })
        } else {
            None
        }
    }
}
