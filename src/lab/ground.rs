//! What a service stands on besides its data: its configuration, its program, its room on the disk, its front door, its
//! accounts and the log of what it did. Plain files in the system's folder, read anew by whoever needs them, so that they
//! hold over a restart and so that what is shown is what is there.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::LabError;
use super::data;
use super::entry::Entry;
use super::place::Home;

/// How many bytes a site of one system may fill.
pub(super) const QUOTA_BYTES: u64 = 24 << 20;
/// What a service that writes must have left.
pub(super) const RESERVE_BYTES: u64 = 1 << 20;
/// How many requests a service works on at the same time, as it is made.
pub(super) const PLACES: u32 = 4;
/// How many more `add_capacity` brings, and how many there are at most.
pub(super) const MORE_PLACES: u32 = 8;
pub(super) const MAX_PLACES: u32 = 20;
/// What the files of the made-up malware are called.
pub(super) const MALWARE: &str = "lay-lan-dien-tap-";
/// The account that is stolen; the insider has another.
pub(super) const ACCOUNT: &str = "can-bo-mau-07";

/// The program's version that works, and the one that a bad update brings.
pub(super) const GOOD_VERSION: &str = "1.4.2";
pub(super) const BAD_VERSION: &str = "1.5.0";

/// The front door, which both sites share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Front {
    /// Sources that ask too often are dropped.
    pub(super) filter: bool,
    /// Places beyond those that it was made with.
    pub(super) added: u32,
    /// The standby site serves.
    pub(super) standby: bool,
}

impl Front {
    /// How many requests are worked on at the same time.
    pub(super) fn places(self) -> u32 {
        (PLACES + self.added).min(MAX_PLACES)
    }
}

/// A site's configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settings {
    /// Whose database and neighbours it uses: `production`, or by mistake another's.
    pub(super) environment: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { environment: PRODUCTION.to_owned() }
    }
}

const PRODUCTION: &str = "production";

impl Settings {
    /// What a mistaken change leaves: the service looks for the databases and neighbours of a trial environment.
    pub(super) fn mistaken() -> Self {
        Self { environment: "trial".to_owned() }
    }

    /// Whether it is the right one.
    pub(super) fn right(&self) -> bool {
        self.environment == PRODUCTION
    }

    /// The database file in `data` that the service opens under this configuration.
    pub(super) fn database(&self, data: &Path, entry: &Entry) -> PathBuf {
        let own = data::database(data, entry);
        if self.right() { own } else { own.with_file_name(format!("{}-{}.db", entry.id, self.environment)) }
    }
}

/// A site's program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Program {
    /// Which version runs after the next start.
    pub(super) version: String,
}

impl Default for Program {
    fn default() -> Self {
        Self { version: GOOD_VERSION.to_owned() }
    }
}

/// The sessions and keys of the account that can be stolen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    /// What opens the service for who shows it: sessions, then keys.
    pub(super) open: Vec<String>,
}

/// A line of the service's own log about what an account did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Deed {
    /// When, in microseconds.
    pub(super) at: i64,
    /// Who.
    pub(super) account: String,
    /// Method and path.
    pub(super) did: String,
    /// How many records it read or changed.
    pub(super) records: u32,
    /// The record that it wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) wrote: Option<String>,
    /// The file that keeps what stood there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kept: Option<String>,
    /// What was written before is taken out again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) undone: bool,
}

/// A line of the service's own log about how many records it has taken in: what `check` holds the data to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Statement {
    /// The number of the newest record.
    pub(super) number: u32,
    /// How many there are up to it.
    pub(super) records: u32,
}

impl Home {
    /// The front door as it is set.
    pub(super) fn front(&self) -> Front {
        read(&self.file("front.json"))
    }

    pub(super) fn set_front(&self, front: Front) -> Result<(), LabError> {
        write(&self.file("front.json"), &front)
    }

    /// The folder of the site that serves.
    pub(super) fn site(&self) -> PathBuf {
        if self.front().standby { self.standby() } else { self.file("") }
    }

    /// The folder of the standby site.
    pub(super) fn standby(&self) -> PathBuf {
        self.file("standby")
    }

    /// The configuration of the site that serves.
    pub(super) fn settings(&self) -> Settings {
        read(&self.site().join("settings.json"))
    }

    pub(super) fn set_settings(&self, settings: &Settings) -> Result<(), LabError> {
        write(&self.site().join("settings.json"), settings)
    }

    /// The program of the site that serves.
    pub(super) fn program(&self) -> Program {
        read(&self.site().join("program.json"))
    }

    pub(super) fn set_program(&self, program: &Program) -> Result<(), LabError> {
        write(&self.site().join("program.json"), program)
    }

    /// The account that can be stolen.
    pub(super) fn account(&self) -> Account {
        read(&self.file("account.json"))
    }

    pub(super) fn set_account(&self, account: &Account) -> Result<(), LabError> {
        write(&self.file("account.json"), account)
    }

    /// The one file that `fill-disk` fills the site with.
    pub(super) fn filler(&self) -> PathBuf {
        self.site().join("logs").join("debug.log")
    }

    /// How many bytes the site that serves has left of its quota.
    pub(super) fn room(&self) -> u64 {
        let size = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
        let files = data::files(&self.data()).unwrap_or_default();
        let data: u64 = files.iter().map(|file| size(file)).sum();
        QUOTA_BYTES.saturating_sub(data + size(&self.filler()))
    }

    /// The files of the made-up malware in the data of the site that serves.
    pub(super) fn malware(&self) -> Vec<PathBuf> {
        let mut found = data::files(&self.data()).unwrap_or_default();
        found.retain(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(MALWARE)));
        found
    }

    /// Why the site that serves is not as it must be, besides its data.
    pub(super) fn ill(&self) -> Option<String> {
        let settings = self.settings();
        if !settings.right() {
            return Some(format!("configuration: environment `{}`", settings.environment));
        }
        let program = self.program();
        if program.version != GOOD_VERSION {
            return Some(format!("program: version {} fails its own test", program.version));
        }
        let room = self.room();
        if room < RESERVE_BYTES {
            return Some(format!("disk: {room} bytes left of {QUOTA_BYTES}"));
        }
        let malware = self.malware().len();
        (malware > 0).then(|| format!("malware: {malware} files"))
    }

    /// What the accounts did, oldest first.
    pub(super) fn deeds(&self) -> Vec<Deed> {
        lines(&self.file("deeds.jsonl"))
    }

    pub(super) fn log_deed(&self, deed: &Deed) -> Result<(), LabError> {
        append(&self.file("deeds.jsonl"), deed)
    }

    /// What the service took in, as far as the record `number`.
    pub(super) fn stated(&self, number: u32) -> Option<Statement> {
        let mut best: Option<Statement> = None;
        for line in lines::<Statement>(&self.file("taken-in.jsonl")) {
            if line.number <= number && best.is_none_or(|best| line.number >= best.number) {
                best = Some(line);
            }
        }
        best
    }

    /// What the service took in last, whatever became of it.
    pub(super) fn last_stated(&self) -> Option<Statement> {
        lines(&self.file("taken-in.jsonl")).pop()
    }

    pub(super) fn state(&self, statement: Statement) -> Result<(), LabError> {
        append(&self.file("taken-in.jsonl"), &statement)
    }

    /// The faults made since it was made anew.
    pub(super) fn faults(&self) -> Vec<crate::model::Name> {
        read(&self.file("faults.json"))
    }

    pub(super) fn set_faults(&self, faults: &[crate::model::Name]) -> Result<(), LabError> {
        write(&self.file("faults.json"), &faults)
    }
}

/// Lays the ground of a system that was just made: an account, and the log of what was taken in by each night.
pub(super) fn lay(home: &Home, entry: &Entry) -> Result<(), LabError> {
    home.set_settings(&Settings::default())?;
    home.set_program(&Program::default())?;
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|error| LabError::File {
            path: home.file("account.json"),
            source: std::io::Error::other(error),
        })?;
        open.push(crate::model::digest::hex(&bytes));
    }
    home.set_account(&Account { open })?;
    for records in (0..entry.nights).map(|night| entry.at_night(night)).chain([entry.records]) {
        home.state(Statement { number: records, records })?;
    }
    Ok(())
}

/// Reads `path`; what is missing or cannot be read is as it was made.
fn read<T: DeserializeOwned + Default>(path: &Path) -> T {
    fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Writes `path` whole or not at all.
fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), LabError> {
    let text = serde_json::to_vec(value).map_err(|error| LabError::file(path)(error.into()))?;
    let beside = path.with_extension("json.new");
    fs::write(&beside, text).and_then(|()| fs::rename(&beside, path)).map_err(LabError::file(path))
}

fn append<T: Serialize>(path: &Path, value: &T) -> Result<(), LabError> {
    let mut line = serde_json::to_vec(value).map_err(|error| LabError::file(path)(error.into()))?;
    line.push(b'\n');
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(&line)).map_err(LabError::file(path))
}

fn lines<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Removes `path`; true where it was there.
pub(super) fn remove(path: &Path) -> Result<bool, LabError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(LabError::file(path)(error)),
    }
}
