//! Other people's programs: begun in a group of their own, ended with it, and gone when we are gone.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::workbench::Workbench;
use crate::backup::{BackupError, Cancel};

/// Where the data of a database server lie in a scratch folder.
pub(super) const SERVER_DATA: &str = "cluster/data";
/// Bytes that are kept of each stream: its end says why something failed.
const KEPT: usize = 64 * 1024;
/// Bytes that are kept of a stream that is read as data.
const DATA: usize = 64 * 1024 * 1024;
const LOOK: Duration = Duration::from_millis(10);
/// How often the room in the scratch place is looked at.
const ROOM_LOOK: Duration = Duration::from_millis(500);
/// How long a group has after a signal before the next, harder one.
const GRACE: Duration = Duration::from_secs(3);

/// What programs find of the environment. Read by whoever calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolEnvironment {
    /// PATH.
    pub path: String,
    /// HOME.
    pub home: Option<String>,
    /// LANG.
    pub lang: Option<String>,
}

impl ToolEnvironment {
    /// Where a program is: in PATH, else in one of `more`.
    pub(super) fn find(&self, name: &str, more: &[PathBuf]) -> Option<PathBuf> {
        let folders = self.path.split(':').filter(|folder| folder.starts_with('/')).map(PathBuf::from);
        folders
            .chain(more.iter().cloned())
            .map(|folder| folder.join(name))
            .find(|candidate| candidate.is_file() && rustix::fs::access(candidate, rustix::fs::Access::EXEC_OK).is_ok())
    }
}

/// Who a program runs as, where it is not us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct User {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// What writes to a program's standard input.
pub(super) type Feed<'a> = Box<dyn FnOnce(&mut dyn io::Write) -> io::Result<()> + Send + 'a>;

/// A program with its arguments.
pub(super) struct Program<'a> {
    pub(super) path: PathBuf,
    pub(super) arguments: Vec<OsString>,
    pub(super) env: BTreeMap<String, OsString>,
    pub(super) cwd: PathBuf,
    pub(super) user: Option<User>,
    /// Whether all that it prints is data to be read.
    pub(super) data: bool,
    pub(super) secrets: Vec<String>,
    /// Words of its complaints after which there is nothing to wait for: it is ended, and has failed.
    pub(super) hopeless: Option<&'static str>,
    /// The signal that it gets when we are gone: by one that it hears it takes back its locks.
    pub(super) last_signal: &'static str,
    pub(super) tools: &'a ToolEnvironment,
}

/// What a program did.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) status: ExitStatus,
    pub(super) out: Vec<u8>,
    /// The end of what it complained of, with secrets masked.
    pub(super) err: String,
}

impl Ran {
    /// The last lines that it complained with, or printed where it complained of nothing: enough to see why.
    pub(super) fn last_words(&self) -> String {
        let out = String::from_utf8_lossy(&self.out);
        let text = if self.err.trim().is_empty() { out.as_ref() } else { &self.err };
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last: Vec<&str> = lines.iter().rev().take(3).rev().copied().collect();
        let text: String = last.join("; ").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        match text.char_indices().nth(400) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

impl<'a> Program<'a> {
    pub(super) fn new(path: PathBuf, cwd: &Path, tools: &'a ToolEnvironment) -> Self {
        Self {
            path,
            arguments: Vec::new(),
            env: BTreeMap::new(),
            cwd: cwd.to_owned(),
            user: None,
            data: false,
            secrets: Vec::new(),
            hopeless: None,
            last_signal: "KILL",
            tools,
        }
    }

    pub(super) fn with<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Begins it. Where `setpriv` is there it dies when we die.
    pub(super) fn begin(&self, stdin: Stdio, out: Stdio, err: Stdio) -> Result<Child, BackupError> {
        let mut command = match self.tools.find("setpriv", &[]) {
            Some(setpriv) => {
                let mut command = Command::new(setpriv);
                command.args(["--pdeathsig", self.last_signal, "--"]).arg(&self.path);
                command
            }
            None => Command::new(&self.path),
        };
        command.args(&self.arguments).current_dir(&self.cwd).process_group(0);
        command.env_clear().env("PATH", &self.tools.path);
        for (name, value) in [("HOME", &self.tools.home), ("LANG", &self.tools.lang)] {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command.envs(&self.env).stdin(stdin).stdout(out).stderr(err);
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command.spawn().map_err(|source| BackupError::Program { program: name(&self.path), source })
    }

    /// Runs it to its end. It is ended where `cancel` says so, or where it fills the scratch place.
    ///
    /// # Errors
    ///
    /// It cannot be begun, `cancel` ended it, there is no more room, or what it was given could not be read.
    pub(super) fn run(
        &self,
        feed: Option<Feed<'_>>,
        bench: Option<&Workbench>,
        cancel: &Cancel,
    ) -> Result<Ran, BackupError> {
        let stdin = if feed.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child = self.begin(stdin, Stdio::piped(), Stdio::piped())?;
        let bound = if self.data { DATA } else { KEPT };
        let hopeless = Arc::new(AtomicBool::new(false));
        let out = keep(child.stdout.take(), bound, !self.data, None);
        let err = keep(child.stderr.take(), KEPT, true, self.hopeless.map(|words| (words, hopeless.clone())));
        let input = child.stdin.take();
        let (status, given) = std::thread::scope(|scope| {
            let feeding = feed.zip(input).map(|(feed, mut input)| {
                scope.spawn(move || {
                    let given = feed(&mut input);
                    let flushed = input.flush();
                    // Closed before the program can end.
                    drop(input);
                    // A program that stops reading says itself why.
                    match given.and(flushed) {
                        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                        done => done,
                    }
                })
            });
            let status = self.follow(&mut child, bench, &hopeless, cancel);
            let given = feeding.and_then(|feeding| feeding.join().ok()).unwrap_or(Ok(()));
            (status, given)
        });
        let (out, err) = (out.join().unwrap_or_default(), err.join().unwrap_or_default());
        let status = status?;
        given.map_err(|source| BackupError::Program { program: name(&self.path), source })?;
        Ok(Ran { status, out, err: mask(&String::from_utf8_lossy(&err), &self.secrets) })
    }

    fn follow(
        &self,
        child: &mut Child,
        bench: Option<&Workbench>,
        hopeless: &AtomicBool,
        cancel: &Cancel,
    ) -> Result<ExitStatus, BackupError> {
        let failed = |source| BackupError::Program { program: name(&self.path), source };
        let mut next = Instant::now() + ROOM_LOOK;
        loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                return Ok(status);
            }
            if cancel.is_set() {
                end(child);
                return Err(BackupError::Cancelled);
            }
            if hopeless.load(Ordering::Acquire) {
                end(child);
                return child.wait().map_err(failed);
            }
            if let Some(bench) = bench
                && Instant::now() >= next
            {
                if let Err(error) = room(bench) {
                    end(child);
                    return Err(error);
                }
                next = Instant::now() + ROOM_LOOK;
            }
            std::thread::sleep(LOOK);
        }
    }
}

/// Holds that the scratch place is neither full nor fuller than allowed.
fn room(bench: &Workbench) -> Result<(), BackupError> {
    let free = bench.free()?;
    if free == 0 {
        return Err(BackupError::NoRoom { scratch: bench.path().to_owned(), needed: None, free });
    }
    match bench.most() {
        Some(most) if bench.used() > most => Err(BackupError::TooBig { most }),
        _ => Ok(()),
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Ends a program and its group, and waits for it.
pub(super) fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let signal = |signal| group.map(|group| kill_process_group(group, signal));
    // As Ctrl-C would: restic takes back its lock by this signal only.
    for gentle in [Signal::INT, Signal::TERM] {
        signal(gentle);
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline {
            if matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
                signal(Signal::KILL);
                return;
            }
            std::thread::sleep(LOOK);
        }
    }
    signal(Signal::KILL);
    let _ = child.wait();
}

/// Reads a stream on a thread of its own, and keeps so many bytes: of its end, or of its beginning.
///
/// Raises a flag where the words that go with it were read.
fn keep(
    stream: Option<impl Read + Send + 'static>,
    bound: usize,
    of_its_end: bool,
    watched: Option<(&'static str, Arc<AtomicBool>)>,
) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let Some(mut stream) = stream else { return kept };
        let mut bytes = [0; 8192];
        while let Ok(count @ 1..) = stream.read(&mut bytes) {
            if of_its_end || kept.len() < bound {
                kept.extend_from_slice(&bytes[..count]);
            }
            if let Some((words, flag)) = &watched
                && kept.windows(words.len()).any(|part| part == words.as_bytes())
            {
                flag.store(true, Ordering::Release);
            }
            if of_its_end && kept.len() > 2 * bound {
                kept.drain(..kept.len() - bound);
            }
        }
        kept
    })
}

/// `text` with every secret masked.
pub(super) fn mask(text: &str, secrets: &[String]) -> String {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty());
    secrets.fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
}

/// Ends the database server whose data lie in `data`, if one still runs there. Its own file names the process; that the
/// process works in this very folder is looked up, for the number may be another's by now.
pub(super) fn end_server(data: &Path) {
    let Ok(text) = fs::read_to_string(data.join("postmaster.pid")) else { return };
    let Some(pid) = text.lines().next().and_then(|line| line.trim().parse::<i32>().ok()).filter(|pid| *pid > 1) else {
        return;
    };
    let works_there = || {
        let there = fs::read_link(format!("/proc/{pid}/cwd")).ok();
        there.is_some_and(|there| fs::canonicalize(data).is_ok_and(|data| data == there))
    };
    let Some(process) = Pid::from_raw(pid).filter(|_| works_there()) else { return };
    let _ = kill_process(process, Signal::QUIT);
    let deadline = Instant::now() + GRACE;
    while works_there() {
        if Instant::now() >= deadline {
            let _ = kill_process(process, Signal::KILL);
            return;
        }
        std::thread::sleep(LOOK);
    }
}
