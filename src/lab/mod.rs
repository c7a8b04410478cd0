//! The practice range: small real services with made-up data, citizens who use them, and faults made on purpose.
//!
//! A *keeper*, a process in a session of its own, is the parent of one child process a service. It is found by a socket in
//! the lab's folder and the nonce of the folder's marker file, never by a stored process id. Children end when the
//! keeper's pipe closes. Faults act only on what the keeper started and on folders that carry the lab's marker.

mod certificate;
mod citizens;
mod data;
mod entry;
mod error;
mod fault;
mod ground;
mod http;
mod keeper;
mod links;
mod moment;
mod operation;
mod place;
mod port;
mod protocol;
mod service;
mod standby;
mod ward;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::effect::FaultMaker;
use crate::inventory::{System, Targets};
use crate::model::{Id, Lang, Name, Notes, Text};
use place::Place;
use protocol::{Reply, Request};

pub use error::LabError;
pub use fault::NAMES as FAULTS;
pub use keeper::{detach, keep};
pub use operation::operate;
pub use service::serve;

/// How the lab is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The lab's folder.
    pub folder: PathBuf,
    /// Its systems, in their shipped order.
    pub systems: Vec<SystemStatus>,
}

/// How one system of the lab is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemStatus {
    /// Which.
    pub id: Name,
    /// Whether its service runs.
    pub state: ServiceState,
    /// How a service that died ended: `exit 1`, `signal 9`.
    pub detail: Option<String>,
    /// Whether the citizens' door is closed.
    pub isolated: bool,
    /// The links that are cut: ids of systems, or `citizens`.
    pub cut: Vec<String>,
    /// Whether a look at its health is answered well.
    pub healthy: bool,
    /// The citizens' address.
    pub home: String,
    /// Faults made since it was made anew, oldest first.
    pub faults: Vec<Name>,
    /// Those whose effect is still there: looked at, not remembered.
    pub in_force: Vec<Name>,
    /// What citizens have seen since the keeper started.
    pub citizens: Seen,
    /// What they have seen since the last fault, or since it was made anew.
    pub citizens_since: Seen,
}

/// Whether a service runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceState {
    /// Nobody has asked for it.
    Idle,
    /// It runs.
    Running,
    /// It was stopped by an operation.
    Stopped,
    /// It is there and does nothing.
    Hung,
    /// It ended by itself or by a fault.
    Died,
}

/// What citizens have seen: numbers of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Answered, and the content was right.
    pub served: u64,
    /// Not answered, or with an error.
    pub refused: u64,
    /// Answered with content that is not right.
    pub wrong: u64,
    /// A dossier that was accepted before is not known any more.
    pub missing: u64,
    /// New dossiers that were accepted (also counted in `served`).
    pub accepted: u64,
}

impl Seen {
    fn since(self, before: Self) -> Self {
        Self {
            served: self.served.saturating_sub(before.served),
            refused: self.refused.saturating_sub(before.refused),
            wrong: self.wrong.saturating_sub(before.wrong),
            missing: self.missing.saturating_sub(before.missing),
            accepted: self.accepted.saturating_sub(before.accepted),
        }
    }
}

/// A lab that is up.
#[derive(Clone, Debug)]
pub struct Lab {
    place: Place,
    program: PathBuf,
    lang: Lang,
}

const START_PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(10);

/// What a drill on the lab's own entry of `system` is measured against; nothing where the lab has no such system.
#[must_use]
pub fn targets(system: &Name) -> Option<Targets> {
    entry::of(system).ok().map(|entry| entry.targets())
}

impl Lab {
    /// The lab in `dir`, its keeper found or started; no service is started. `program` is this program's file.
    ///
    /// What is in the folder stays as it is; see [`Lab::raise`] and [`Lab::fresh`].
    ///
    /// # Errors
    ///
    /// The folder holds something else, or the keeper cannot be started.
    pub fn up(dir: &Path, program: &Path) -> Result<Self, LabError> {
        Self::up_with(dir, program, false)
    }

    /// As [`Lab::up`]; with `new_ports` the services get other addresses, unless the keeper lives already.
    ///
    /// # Errors
    ///
    /// As [`Lab::up`].
    pub fn up_with(dir: &Path, program: &Path, new_ports: bool) -> Result<Self, LabError> {
        let place = Place::make_or_open(dir)?;
        let lab = Self { place, program: program.to_owned(), lang: Lang::default() };
        lab.keeper(new_ports)?;
        Ok(lab)
    }

    /// Finds the keeper, or starts one.
    fn keeper(&self, new_ports: bool) -> Result<(), LabError> {
        let deadline = Instant::now() + START_PATIENCE;
        loop {
            match protocol::ask(&self.place, &Request::Raise { systems: Some(Vec::new()) }) {
                Err(LabError::NotUp { .. }) if Instant::now() < deadline => {}
                Err(error) => return Err(error),
                Ok(_) => return Ok(()),
            }
            if !self.start(new_ports)? {
                // Another keeper is on its way up or down.
                std::thread::sleep(POLL);
            }
        }
    }

    /// Starts `systems` and what they ask; all where none is named. What runs already is left as it is.
    ///
    /// # Errors
    ///
    /// There is no such system; a port is taken; a service does not start. Where nothing runs then, the keeper ends.
    pub fn raise(&self, systems: Option<&[Name]>) -> Result<(), LabError> {
        protocol::ask(&self.place, &Request::Raise { systems: systems.map(<[Name]>::to_vec) }).map(drop)
    }

    /// The file of the authority whose certificates this lab's services serve under.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        certificate::authority_file(&self.place)
    }

    /// The lab in `dir`, whose keeper lives.
    ///
    /// # Errors
    ///
    /// It does not, or `dir` is not a lab.
    pub fn find(dir: &Path, program: &Path) -> Result<Self, LabError> {
        let lab = Self { place: Place::open(dir)?, program: program.to_owned(), lang: Lang::default() };
        lab.status().map(|_| lab)
    }

    /// Says what goes wrong with faults in `lang`.
    #[must_use]
    pub fn speaking(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.place.root
    }

    /// Makes every system that was asked for as it was in the beginning: services up, data whole, the nightly copies of the last nights.
    ///
    /// For the start of a new drill. A drill that is taken up again must not call it.
    ///
    /// # Errors
    ///
    /// The keeper is gone, or a service does not start.
    pub fn fresh(&self) -> Result<(), LabError> {
        protocol::ask(&self.place, &Request::Fresh).map(drop)
    }

    /// Signs the seals of all nightly copies with the key of `notes`: the ledger of the drill that these copies are made for.
    ///
    /// The keeper, which makes the copies, has no key. What another key has signed before is signed anew. Where the key is
    /// not here nothing is signed.
    ///
    /// # Errors
    ///
    /// The lab's folder or a seal cannot be read or written.
    pub fn sign(&self, notes: &dyn Notes) -> Result<(), LabError> {
        for entry in entry::shipped()? {
            // What nobody has asked for has no copies yet.
            if self.place.root.join(entry.id.as_str()).exists() {
                data::sign(&self.place.system(&entry.id)?, notes)?;
            }
        }
        Ok(())
    }

    /// The lab's own entries in the inventory, each with [`crate::inventory::Environment::Lab`].
    ///
    /// # Errors
    ///
    /// The ports or the shipped entries cannot be read.
    pub fn systems(&self) -> Result<Vec<System>, LabError> {
        let entries = entry::shipped()?;
        let ports = self.place.chosen_ports()?;
        Ok(entries
            .iter()
            .filter_map(|entry| entry.system(&self.place, *ports.get(&entry.id)?, &self.program))
            .collect())
    }

    /// How it is.
    ///
    /// # Errors
    ///
    /// The keeper is gone or does not answer.
    pub fn status(&self) -> Result<Status, LabError> {
        match protocol::ask(&self.place, &Request::Status)? {
            Reply::Status(status) => Ok(status),
            _ => Err(LabError::NotUp { folder: self.place.root.clone() }),
        }
    }

    /// Makes `fault` on `system`.
    ///
    /// # Errors
    ///
    /// There is no such system or fault, or it cannot be made as things are.
    pub fn fault(&self, system: &Name, fault: &Name, with: &BTreeMap<Id, Value>) -> Result<String, LabError> {
        let request = Request::Fault { system: system.clone(), fault: fault.clone(), with: with.clone() };
        match protocol::ask(&self.place, &request)? {
            Reply::Done(detail) => Ok(detail),
            _ => Ok(String::new()),
        }
    }

    /// Ends every service and the keeper; returns when no process and no port of theirs is left.
    ///
    /// # Errors
    ///
    /// The keeper does not answer, or does not end.
    pub fn down(&self) -> Result<(), LabError> {
        protocol::ask(&self.place, &Request::Down)?;
        self.ended()
    }

    /// Waits until no keeper lives.
    fn ended(&self) -> Result<(), LabError> {
        let deadline = Instant::now() + START_PATIENCE;
        while keeper::lives(&self.place)? {
            if Instant::now() > deadline {
                let source = std::io::Error::from(std::io::ErrorKind::TimedOut);
                return Err(LabError::Silent { folder: self.place.root.clone(), source });
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    /// Starts a keeper. False where another has the lab.
    fn start(&self, new_ports: bool) -> Result<bool, LabError> {
        let said = |source| LabError::Start { program: self.program.clone(), source };
        let log = keeper::log(&self.place)?;
        let mut starter = Command::new(&self.program)
            .arg("lab-keeper")
            .arg("--detach")
            .args(new_ports.then_some("--new-ports"))
            .arg(&self.place.root)
            .arg(&self.program)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(said)?;
        // The keeper inherits the pipe from the starter, says one line on it, and closes it.
        let mut first = String::new();
        if let Some(pipe) = starter.stdout.take() {
            BufReader::new(pipe.take(1 << 16)).read_line(&mut first).map_err(said)?;
        }
        starter.wait().map_err(said)?;
        match serde_json::from_str(&first) {
            Ok(keeper::FirstWord::Ready) => Ok(true),
            Ok(keeper::FirstWord::There) => Ok(false),
            Ok(keeper::FirstWord::Failed { code, what, help }) => Err(LabError::said(&code, what, help)),
            Err(error) => Err(said(error.into())),
        }
    }
}

impl FaultMaker for Lab {
    fn make(&self, system: &Name, kind: &Name, with: &BTreeMap<Id, Value>) -> Result<(), String> {
        self.fault(system, kind, with).map(drop).map_err(|error| match &error {
            LabError::Said { what, .. } => what.pick(self.lang).to_owned(),
            other => Text::pick(&other.words(), self.lang).to_owned(),
        })
    }
}

/// The ids of the systems that the lab has.
///
/// # Errors
///
/// The shipped entries cannot be read.
pub fn ids() -> Result<BTreeSet<Name>, LabError> {
    Ok(entry::shipped()?.into_iter().map(|entry| entry.id).collect())
}

/// Ends the lab in `dir` whatever its state. True where one was up.
///
/// # Errors
///
/// As [`Lab::down`].
pub fn down(dir: &Path) -> Result<bool, LabError> {
    match Lab::find(dir, Path::new("")) {
        Ok(lab) => lab.down().map(|()| true),
        Err(LabError::NotUp { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
