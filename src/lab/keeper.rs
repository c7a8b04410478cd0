//! The keeper: parent of the services, in a session of its own. Outlives whoever started it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::{Deserialize, Serialize};

use super::entry::{self, Entry};
use super::place::Place;
use super::protocol::{self, Reply, Request};
use super::ward::Ward;
use super::{LabError, Status, certificate, citizens, fault, operation, standby};
use crate::message::Explain as _;
use crate::model::{Lang, Name, Text};

const MAX_LOG_BYTES: u64 = 1 << 20;
/// How often a keeper that nobody asks looks whether its folder is still there.
const LOOK_AROUND: Timespec = Timespec { tv_sec: 2, tv_nsec: 0 };

/// The one line that a keeper says to who started it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FirstWord {
    /// Services run, the socket listens.
    Ready,
    /// Another keeper has this lab.
    There,
    /// It could not start, and is gone.
    Failed {
        /// The error's code.
        code: String,
        /// What is wrong.
        what: Text,
        /// What helps.
        help: Option<Text>,
    },
}

/// Opens the keeper's log, cut where it has grown too long.
pub(super) fn log(place: &Place) -> Result<File, LabError> {
    let path = place.log();
    let grown = path.metadata().is_ok_and(|metadata| metadata.len() > MAX_LOG_BYTES);
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .and_then(|file| if grown { file.set_len(0).map(|()| file) } else { Ok(file) })
        .map_err(LabError::file(&path))
}

fn lock(place: &Place) -> Result<Option<File>, LabError> {
    let path = place.lock();
    let file = File::options().create(true).append(true).open(&path).map_err(LabError::file(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(LabError::file(&path)(error)),
    }
}

/// Whether a keeper has this lab. It holds its lock to its very end.
pub(super) fn lives(place: &Place) -> Result<bool, LabError> {
    let Some(lock) = lock(place)? else { return Ok(true) };
    // To close it is not enough: a process that another thread is beginning holds it too, until it becomes a program.
    lock.unlock().map_err(LabError::file(&place.lock()))?;
    Ok(false)
}

/// Begins a session of its own, starts the keeper in it and leaves: the keeper's parent is then init.
///
/// # Errors
///
/// The program cannot be started.
pub fn detach(dir: &Path, program: &Path, new_ports: bool) -> Result<(), LabError> {
    // Fails only for the leader of a process group, who was started by hand and needs no session.
    let _ = rustix::process::setsid();
    Command::new(program)
        .arg("lab-keeper")
        .args(new_ports.then_some("--new-ports"))
        .arg(dir)
        .arg(program)
        .stdin(Stdio::null())
        .spawn()
        .map(drop)
        .map_err(|source| LabError::Start { program: program.to_owned(), source })
}

/// Keeps the lab in `dir` until it is told to end. The first line on standard output says how it went.
///
/// # Errors
///
/// What kept it from starting, which was said on standard output too.
pub fn keep(dir: &Path, program: &Path, new_ports: bool) -> Result<(), LabError> {
    let place = Place::open(dir)?;
    let begun = lock(&place).and_then(|held| match held {
        Some(lock) => Keeper::begin(place, program, new_ports).map(|keeper| Some((lock, keeper))),
        None => Ok(None),
    });
    match begun {
        Ok(Some((lock, (keeper, listener)))) => {
            say(&FirstWord::Ready);
            keeper.listen(&listener);
            protocol::leave(&keeper.place);
            // The system lets go of it when this process is gone: until then nobody takes it for gone.
            std::mem::forget(lock);
            Ok(())
        }
        Ok(None) => {
            say(&FirstWord::There);
            Ok(())
        }
        Err(error) => {
            let help = error
                .help()
                .map(|help| Text::Each { vi: Some(help.render(Lang::Vi)), en: Some(help.render(Lang::En)) });
            say(&FirstWord::Failed { code: error.code().to_owned(), what: error.words(), help });
            Err(error)
        }
    }
}

/// Says `word` and lets go of standard output, on which somebody waits for the end.
fn say(word: &FirstWord) {
    let mut out = std::io::stdout().lock();
    let line = serde_json::to_string(word).unwrap_or_default();
    // Who started us may be gone; the lab is there all the same.
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    if let Ok(null) = File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(&null);
    }
}

struct Keeper {
    place: Place,
    wards: Vec<(Entry, Arc<Ward>)>,
    journal: Arc<citizens::Journal>,
}

impl Keeper {
    fn begin(place: Place, program: &Path, new_ports: bool) -> Result<(Self, UnixListener), LabError> {
        let entries = entry::shipped()?;
        let mut ports = place.take_ports(&entries, new_ports)?;
        let journal = Arc::new(citizens::Journal::open(place.citizens()));
        let mut wards = Vec::new();
        for entry in entries {
            let Some(ports) = ports.remove(&entry.id) else { continue };
            let ward = Arc::new(Ward::new(place.clone(), entry.clone(), ports, PathBuf::from(program)));
            wards.push((entry, ward));
        }
        certificate::prepare_authority(&place)?;
        let listener = protocol::listen(&place)?;
        Ok((Self { place, wards, journal }, listener))
    }

    /// Answers until it is told to end, or until somebody has removed the lab's folder under it.
    fn listen(&self, listener: &UnixListener) {
        loop {
            let mut heard = [PollFd::new(listener, PollFlags::IN)];
            match poll(&mut heard, Some(&LOOK_AROUND)) {
                Ok(0) if Place::open(&self.place.root).is_ok_and(|place| place.nonce == self.place.nonce) => {}
                Ok(0) => {
                    self.wards.iter().for_each(|(_, ward)| ward.end());
                    return;
                }
                Ok(_) => {
                    let Ok((stream, _)) = listener.accept() else { continue };
                    if self.answer(&stream) {
                        return;
                    }
                }
                // A signal that means nothing to us.
                Err(_) => {}
            }
        }
    }

    /// Answers one request. True where it was to end.
    fn answer(&self, stream: &UnixStream) -> bool {
        let mut last = false;
        protocol::serve(stream, &self.place.nonce, |request| {
            last = matches!(request, Request::Down);
            let raises = matches!(request, Request::Raise { .. });
            if last {
                protocol::leave(&self.place);
            }
            let answer = self.act(request);
            // Where nothing could be started there is nothing to keep.
            if raises && answer.is_err() && !self.wards.iter().any(|(_, ward)| ward.raised()) {
                protocol::leave(&self.place);
                last = true;
            }
            answer
        });
        last
    }

    fn act(&self, request: Request) -> Result<Reply, LabError> {
        match request {
            Request::Status => {
                let systems = self.wards.iter().map(|(_, ward)| ward.status()).collect();
                Ok(Reply::Status(Status { folder: self.place.root.clone(), systems }))
            }
            Request::Down => {
                let all: Vec<&Arc<Ward>> = self.wards.iter().map(|(_, ward)| ward).collect();
                side_by_side(&all, |ward| {
                    ward.runners.end_all();
                    ward.end();
                    Ok(())
                })?;
                Ok(Reply::Done(String::new()))
            }
            Request::Raise { systems } => self.raise(systems.as_deref()),
            Request::Fresh => {
                // One system's fault reaches into others: all of them end first.
                self.wards.iter().for_each(|(_, ward)| ward.runners.end_all());
                let raised: Vec<&Arc<Ward>> = self.wards.iter().map(|(_, ward)| ward).filter(|w| w.raised()).collect();
                side_by_side(&raised, Ward::renew)?;
                Ok(Reply::Done(String::new()))
            }
            Request::Operate { system, operation } => {
                operation::carry_out(self.ward(&system)?, &operation).map(Reply::Done)
            }
            Request::Fault { system, fault, with } => {
                let all: Vec<Arc<Ward>> = self.wards.iter().map(|(_, ward)| Arc::clone(ward)).collect();
                let ward = self.ward(&system)?;
                fault::make(ward, &all, &fault, &with).map(Reply::Done)
            }
        }
    }

    /// Starts `systems` and what they ask, side by side; what runs is left alone. All of them where none is named.
    fn raise(&self, systems: Option<&[Name]>) -> Result<Reply, LabError> {
        let entries: Vec<Entry> = self.wards.iter().map(|(entry, _)| entry.clone()).collect();
        let wanted = match systems {
            Some(systems) => {
                systems.iter().try_for_each(|system| self.ward(system).map(drop))?;
                entry::with_links(&entries, systems)
            }
            None => entries.iter().map(|entry| entry.id.clone()).collect(),
        };
        let fresh: Vec<&Arc<Ward>> = self
            .wards
            .iter()
            .filter(|(entry, ward)| wanted.contains(&entry.id) && ward.raise())
            .map(|(_, ward)| ward)
            .collect();
        let started = side_by_side(&fresh, |ward| {
            ward.share_ports()?;
            ward.prepare().and_then(|()| ward.start())
        });
        for ward in fresh {
            if started.is_ok() {
                citizens::begin(ward, &self.journal);
                standby::begin(ward);
            } else {
                ward.lower();
            }
        }
        started.map(|()| Reply::Done(String::new()))
    }

    fn ward(&self, system: &Name) -> Result<&Arc<Ward>, LabError> {
        self.wards
            .iter()
            .find(|(entry, _)| entry.id == *system)
            .map(|(_, ward)| ward)
            .ok_or_else(|| LabError::UnknownSystem { system: system.to_string() })
    }
}

/// Does `act` to each at once; the first error in their order where there is one.
fn side_by_side(wards: &[&Arc<Ward>], act: impl Fn(&Ward) -> Result<(), LabError> + Sync) -> Result<(), LabError> {
    std::thread::scope(|scope| {
        let act = &act;
        let running: Vec<_> = wards.iter().map(|ward| (ward, scope.spawn(move || act(ward)))).collect();
        let mut outcome = Ok(());
        for (ward, thread) in running {
            let done = thread.join().unwrap_or_else(|_| {
                Err(LabError::ServiceFailed { system: ward.entry.id.clone(), detail: String::new() })
            });
            outcome = outcome.and(done);
        }
        outcome
    })
}
