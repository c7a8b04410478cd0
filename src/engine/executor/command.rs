//! Commands: begun in a process group of their own, followed to their end, ended with all that they left in their group.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::group::{Group, Process};
use super::output::{Keep, Output};
use super::{JobId, Surroundings};
use crate::engine::effect::{CommandWork, Completion, Verdict};
use crate::message::{Message, message};
use crate::model::record::Why;

/// How often the output of a running command is looked at.
const OUTPUT_LOOK: Duration = Duration::from_millis(50);
/// How often, while it is over its bound.
const FLOOD_LOOK: Duration = Duration::from_millis(5);
/// How often a group that is being ended is looked at.
const GROUP_LOOK: Duration = Duration::from_millis(10);
/// How long after SIGKILL somebody may still be there before we go on without them.
const GIVE_UP: Duration = Duration::from_secs(5);
/// The exit status of `ssh` where it failed itself.
const SSH_FAILED: i32 = 255;
/// How long text for standard input may be to be written before the command begins: any pipe holds as much.
const SHORT_INPUT: usize = 4096;

/// A command that runs, or whose group is being ended.
pub(super) struct Running {
    pub(super) id: JobId,
    output: Output,
    child: Option<Child>,
    process: Process,
    pidfd: Option<OwnedFd>,
    group: Group,
    secrets: Vec<String>,
    /// Whether it only carries orders to another machine: `ssh`.
    remote: bool,
    grace: Duration,
    deadline: Option<Instant>,
    next_look: Instant,
    ending: Option<Ending>,
    exited: bool,
    status: Option<ExitStatus>,
}

/// A group that is being ended.
struct Ending {
    why: EndedBy,
    kill_at: Instant,
    killed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EndedBy {
    TimeLimit,
    Order,
}

/// Why a command was not begun.
pub(super) struct NotBegun(pub(super) Message);

impl Running {
    /// Begins `work`. Nothing of it is left where it cannot be begun.
    pub(super) fn begin(
        id: JobId,
        work: &CommandWork,
        (output, files): (Output, [File; 2]),
        time_limit: Option<Duration>,
        grace: Duration,
        programs: &mut Programs,
    ) -> Result<Self, NotBegun> {
        let (child, group) = Self::spawn(work, files, programs)?;
        let now = Instant::now();
        Ok(Self {
            id,
            output,
            process: Process::of(child.id()),
            pidfd: pidfd(group),
            child: Some(child),
            group,
            secrets: work.secrets.clone(),
            remote: work.remote,
            grace,
            deadline: time_limit.and_then(|limit| now.checked_add(limit)),
            next_look: now + OUTPUT_LOOK,
            ending: None,
            exited: false,
            status: None,
        })
    }

    /// Follows a process that another loop began.
    pub(super) fn adopt(
        id: JobId,
        process: Process,
        output: Output,
        secrets: Vec<String>,
        time_limit: Option<Duration>,
        grace: Duration,
    ) -> Option<Self> {
        let group = Group::of(process.pid)?;
        let pidfd = pidfd(group);
        // Looked at after the descriptor was opened: so it is this process that the descriptor follows.
        if !process.lives() {
            return None;
        }
        let now = Instant::now();
        Some(Self {
            id,
            output,
            child: None,
            process,
            pidfd,
            group,
            secrets,
            // Its status is never ours to read.
            remote: false,
            grace,
            deadline: time_limit.and_then(|limit| now.checked_add(limit)),
            next_look: now,
            ending: None,
            exited: false,
            status: None,
        })
    }

    fn spawn(work: &CommandWork, files: [File; 2], programs: &mut Programs) -> Result<(Child, Group), NotBegun> {
        let Some((name, arguments)) = work.argv.split_first() else {
            return Err(NotBegun(message!("engine-loop-no-program")));
        };
        let cwd = work.cwd.as_ref().map_or_else(|| programs.workspace.clone(), |cwd| programs.workspace.join(cwd));
        let path = work.env.get("PATH").cloned().unwrap_or_else(|| programs.surroundings.path.clone());
        let program = programs
            .find(name, &path, &cwd)
            .ok_or_else(|| NotBegun(message!("engine-loop-no-such-program", program = name.as_str())))?;
        let failed = |error: &io::Error| {
            if !cwd.is_dir() {
                return NotBegun(message!("engine-loop-no-such-folder", path = cwd.display().to_string()));
            }
            NotBegun(message!("engine-loop-not-begun", program = name.as_str(), error = error.to_string()))
        };
        // The program's path is absolute and nothing here needs code between fork and exec: so the standard library uses
        // posix_spawn, whose cost does not grow with our memory.
        let mut command = Command::new(program);
        command.arg0(name).args(arguments).current_dir(&cwd).process_group(0);
        command.env_clear().env("PATH", &path);
        let (home, lang) = (&programs.surroundings.home, &programs.surroundings.lang);
        for (key, value) in [("HOME", home), ("LANG", lang)] {
            if let Some(value) = value {
                command.env(key, value);
            }
        }
        command.envs(&work.env);
        let [stdout, stderr] = files;
        command.stdout(stdout).stderr(stderr);
        let rest = match &work.stdin {
            None => {
                command.stdin(Stdio::null());
                None
            }
            Some(text) => {
                let (reader, mut writer) = io::pipe().map_err(|error| failed(&error))?;
                command.stdin(reader);
                if text.len() <= SHORT_INPUT {
                    writer.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
                    None
                } else {
                    Some((writer, text.clone()))
                }
            }
        };
        let child = command.spawn().map_err(|error| {
            programs.forget();
            failed(&error)
        })?;
        if let Some((mut writer, text)) = rest {
            // A command that does not read all its input is its own affair.
            std::thread::spawn(move || {
                let _ = writer.write_all(text.as_bytes());
            });
        }
        let group = Group::of(child.id()).ok_or_else(|| failed(&io::Error::other("no process id")))?;
        Ok((child, group))
    }

    /// The process, for the record.
    pub(super) fn process(&self) -> Process {
        self.process
    }

    /// The slot that it prints to.
    pub(super) fn slot(&self) -> u32 {
        self.output.slot()
    }

    /// The group, for whoever looks after what stays behind.
    pub(super) fn group(&self) -> Group {
        self.group
    }

    /// What becomes readable when the process exits; nothing where that has to be looked at again and again.
    pub(super) fn watched(&self) -> Option<BorrowedFd<'_>> {
        if self.exited { None } else { self.pidfd.as_ref().map(AsFd::as_fd) }
    }

    /// When [`Running::advance`] wants to be called, whatever happens.
    pub(super) fn next_event(&self) -> Instant {
        let mut next = self.next_look;
        if let Some(ending) = &self.ending {
            if !ending.killed {
                next = next.min(ending.kill_at);
            }
        } else if let Some(deadline) = self.deadline {
            next = next.min(deadline);
        }
        if self.exited || self.pidfd.is_none() { next.min(Instant::now() + GROUP_LOOK) } else { next }
    }

    /// Begins to end the group, unless that is under way.
    pub(super) fn end(&mut self) {
        self.begin_ending(EndedBy::Order, Instant::now());
    }

    fn begin_ending(&mut self, why: EndedBy, now: Instant) {
        if self.ending.is_none() {
            self.group.terminate();
            self.ending = Some(Ending { why, kill_at: now + self.grace, killed: false });
            self.next_look = now + GROUP_LOOK;
        }
    }

    /// Looks at what has happened; the completion has no output yet. `exited` says that [`Running::watched`] became readable.
    pub(super) fn advance(&mut self, now: Instant, exited: bool) -> Option<Completion> {
        if !self.exited && (exited || self.pidfd.is_none()) {
            self.collect();
        }
        if self.exited && self.ending.is_none() {
            return Some(self.complete());
        }
        if self.ending.is_none() && self.deadline.is_some_and(|deadline| deadline <= now) {
            self.begin_ending(EndedBy::TimeLimit, now);
        }
        if now >= self.next_look {
            let over = self.output.cut();
            let ending = self.ending.is_some();
            self.next_look = now
                + if over {
                    FLOOD_LOOK
                } else if ending {
                    GROUP_LOOK
                } else {
                    OUTPUT_LOOK
                };
        }
        let ending = self.ending.as_mut()?;
        let empty = self.exited && !self.group.lives();
        if !ending.killed && now >= ending.kill_at && !empty {
            self.group.kill();
            ending.killed = true;
        }
        let given_up = ending.killed && now >= ending.kill_at + GIVE_UP;
        (empty || given_up).then(|| self.complete())
    }

    /// Takes the status of a process that has exited.
    fn collect(&mut self) {
        match &mut self.child {
            Some(child) => match child.try_wait() {
                Ok(None) => {}
                Ok(Some(status)) => {
                    self.exited = true;
                    self.status = Some(status);
                }
                // Somebody else took the status: that the process is gone is all that can be known.
                Err(_) => self.exited = true,
            },
            None => self.exited = !self.process.lives(),
        }
    }

    fn complete(&self) -> Completion {
        let verdict = match (self.ending.as_ref().map(|ending| ending.why), self.status) {
            (Some(EndedBy::TimeLimit), _) => Verdict::Failed(Some(Why::Timeout)),
            (Some(EndedBy::Order), _) => Verdict::Abandoned,
            (None, None) => Verdict::Unknown(Why::Orphan),
            (None, Some(status)) if status.success() => Verdict::Done,
            (None, Some(status)) if self.remote && lost(status) => Verdict::Unknown(Why::Connection),
            (None, Some(_)) => Verdict::Failed(None),
        };
        Completion {
            verdict,
            exit: self.status.and_then(|status| status.code()),
            signal: self.status.and_then(|status| status.signal()),
            ..Completion::default()
        }
    }

    /// Puts what was printed to `completion`; `ours` says that nobody can write to the files any more.
    pub(super) fn keep(&mut self, completion: &mut Completion, ours: bool) {
        let whole = self.ending.is_none() && completion.exit.is_some();
        match self.output.keep(Keep { secrets: &self.secrets, ours, whole }) {
            Ok(kept) => {
                completion.stdout = kept.stdout;
                completion.stderr = kept.stderr;
                completion.dropped = kept.dropped;
            }
            Err(error) => {
                tracing::warn!(job = %self.id, %error, "the output of a command cannot be kept");
                completion.detail = Some(error.to_string());
            }
        }
    }
}

/// Whether `ssh` ended without the status of what it began over there: by a signal, or with the status by which it says
/// that it failed itself (ssh(1), EXIT STATUS). A command may end with the same number: then, too, nobody here can tell.
fn lost(status: ExitStatus) -> bool {
    status.code().is_none_or(|code| code == SSH_FAILED)
}

/// Follows the exit of a process, also of one that is not our child. None on machines without it.
#[cfg(target_os = "linux")]
fn pidfd(group: Group) -> Option<OwnedFd> {
    rustix::process::pidfd_open(group.leader(), rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn pidfd(_: Group) -> Option<OwnedFd> {
    None
}

/// Finds programs as a shell would, and remembers where they are.
pub(super) struct Programs {
    pub(super) workspace: PathBuf,
    pub(super) surroundings: Surroundings,
    found: HashMap<(String, String), PathBuf>,
}

impl Programs {
    pub(super) fn new(workspace: PathBuf, surroundings: Surroundings) -> Self {
        // Without it a relative workspace would be looked for in itself once a command has changed into it.
        let workspace = std::path::absolute(&workspace).unwrap_or(workspace);
        Self { workspace, surroundings, found: HashMap::new() }
    }

    fn find(&mut self, name: &str, path: &str, cwd: &Path) -> Option<PathBuf> {
        if name.contains('/') {
            // Left to the system, which says better than we could why it cannot be run.
            return Some(cwd.join(name));
        }
        let key = (name.to_owned(), path.to_owned());
        if let Some(found) = self.found.get(&key) {
            return Some(found.clone());
        }
        let found =
            path.split(':').filter(|folder| !folder.is_empty()).map(|folder| cwd.join(folder).join(name)).find(
                |candidate| candidate.is_file() && rustix::fs::access(candidate, rustix::fs::Access::EXEC_OK).is_ok(),
            )?;
        self.found.insert(key, found.clone());
        Some(found)
    }

    /// Something was not where it was: all is looked for anew.
    fn forget(&mut self) {
        self.found.clear();
    }
}
