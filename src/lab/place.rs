//! The lab's folders: where what is, and the marker without which nothing is touched.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::LabError;
use super::entry::Entry;
use super::port::HeldPort;
use crate::model::Name;
use crate::model::digest::hex;

const MARKER: &str = ".ungpho-lab";
const MARKER_WORDS: &str = "ungpho-lab/1 ";

/// The folder of a lab, with its marker read.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The folder, absolute.
    pub(super) root: PathBuf,
    /// What tells this lab from every other.
    pub(super) nonce: String,
}

/// The two ports of a service, kept so that addresses stay the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ports {
    /// The door for citizens; closed while the system is isolated.
    pub(super) public: u16,
    /// The door for operators and probes.
    pub(super) inner: u16,
    /// A third one for citizens, of a service that has it: under a certificate, or for sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) third: Option<u16>,
}

impl Ports {
    /// All of them.
    pub(super) fn each(self) -> impl Iterator<Item = u16> {
        [Some(self.public), Some(self.inner), self.third].into_iter().flatten()
    }
}

impl Place {
    /// The lab in `dir`, made there when the folder is empty or missing.
    pub(super) fn make_or_open(dir: &Path) -> Result<Self, LabError> {
        fs::create_dir_all(dir).map_err(LabError::file(dir))?;
        let root = fs::canonicalize(dir).map_err(LabError::file(dir))?;
        let marker = root.join(MARKER);
        if !marker.exists() {
            let others = fs::read_dir(&root)
                .map_err(LabError::file(&root))?
                .any(|inside| inside.is_ok_and(|inside| !inside.file_name().to_string_lossy().starts_with(MARKER)));
            // Somebody else may have made the lab just now.
            if others && !marker.exists() {
                return Err(LabError::NotMarked { folder: root });
            }
            let mut bytes = [0_u8; 16];
            getrandom::fill(&mut bytes)
                .map_err(|error| LabError::File { path: marker.clone(), source: std::io::Error::other(error) })?;
            // Two who make it at once agree on whose marker came first.
            let own = root.join(format!("{MARKER}.{}", hex(&bytes)));
            fs::write(&own, format!("{MARKER_WORDS}{}\n", hex(&bytes))).map_err(LabError::file(&own))?;
            let linked = fs::hard_link(&own, &marker);
            fs::remove_file(&own).map_err(LabError::file(&own))?;
            match linked {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(LabError::file(&marker)(error)),
                _ => {}
            }
        }
        Self::open(&root)
    }

    /// The lab that is in `dir` already.
    pub(super) fn open(dir: &Path) -> Result<Self, LabError> {
        let root = fs::canonicalize(dir).map_err(LabError::file(dir))?;
        let nonce = marker_of(&root).ok_or_else(|| LabError::NotMarked { folder: root.clone() })?;
        Ok(Self { root, nonce })
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.root.join("keeper.lock")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.root.join("keeper.log")
    }

    pub(super) fn citizens(&self) -> PathBuf {
        self.root.join("citizens.jsonl")
    }

    /// The folder of one system; refused where it lacks this lab's marker.
    pub(super) fn system(&self, name: &Name) -> Result<Home, LabError> {
        let home = Home { folder: self.root.join(name.as_str()) };
        if marker_of(&home.folder).as_deref() == Some(self.nonce.as_str()) {
            Ok(home)
        } else {
            Err(LabError::NotMarked { folder: home.folder })
        }
    }

    /// Begins a new folder for one system beside its place, empty but for the marker.
    pub(super) fn begin_system(&self, name: &Name) -> Result<Home, LabError> {
        let folder = self.root.join(format!("{name}.making"));
        if folder.exists() {
            self.remove(&folder)?;
        }
        fs::create_dir(&folder).map_err(LabError::file(&folder))?;
        let marker = folder.join(MARKER);
        fs::write(&marker, format!("{MARKER_WORDS}{}\n", self.nonce)).map_err(LabError::file(&marker))?;
        Ok(Home { folder })
    }

    /// Puts the new folder in its place: a system is there whole or not at all. What this lab had there goes.
    pub(super) fn finish_system(&self, name: &Name, made: &Home) -> Result<(), LabError> {
        let folder = self.root.join(name.as_str());
        if folder.exists() {
            self.remove(&folder)?;
        }
        fs::rename(&made.folder, &folder).map_err(LabError::file(&folder))
    }

    fn remove(&self, folder: &Path) -> Result<(), LabError> {
        if marker_of(folder).as_deref() != Some(self.nonce.as_str()) {
            return Err(LabError::NotMarked { folder: folder.to_owned() });
        }
        fs::remove_dir_all(folder).map_err(LabError::file(folder))
    }

    /// The ports that were chosen for each system; none where the lab has never been up.
    pub(super) fn chosen_ports(&self) -> Result<BTreeMap<Name, Ports>, LabError> {
        let path = self.root.join("ports.json");
        match fs::read(&path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(LabError::file(&path)(error)),
        }
    }

    /// The ports that were chosen for `system`.
    pub(super) fn ports_of(&self, system: &Name) -> Result<Ports, LabError> {
        self.chosen_ports()?.remove(system).ok_or_else(|| LabError::UnknownSystem { system: system.to_string() })
    }

    /// The folder of the lab's own authority, which vouches for its certificates.
    pub(super) fn authority(&self) -> PathBuf {
        self.root.join("authority")
    }

    /// Takes the ports of each system: those chosen earlier, and new ones for systems that have none or where `anew`.
    ///
    /// An earlier one that another program has now is not held; its service says so when it starts.
    pub(super) fn take_ports(
        &self,
        entries: &[Entry],
        anew: bool,
    ) -> Result<BTreeMap<Name, (Ports, Vec<HeldPort>)>, LabError> {
        let path = self.root.join("ports.json");
        let kept = if anew { BTreeMap::new() } else { self.chosen_ports()? };
        let mut all = BTreeMap::new();
        // Those that are kept first: a new one is then none of them.
        for (system, ports) in &kept {
            let held = ports.each().filter_map(|port| HeldPort::again(port).ok()).collect();
            all.insert(system.clone(), (*ports, held));
        }
        for entry in entries.iter().filter(|entry| !kept.contains_key(&entry.id)) {
            let chosen = HeldPort::free().and_then(|public| {
                Ok((public, HeldPort::free()?, entry.serves.third_door().map(|_| HeldPort::free()).transpose()?))
            });
            let (public, inner, third) = chosen.map_err(LabError::file(&path))?;
            let ports = Ports { public: public.port, inner: inner.port, third: third.as_ref().map(|held| held.port) };
            all.insert(entry.id.clone(), (ports, [public, inner].into_iter().chain(third).collect()));
        }
        if all.len() > kept.len() {
            let ports: BTreeMap<&Name, Ports> = all.iter().map(|(system, (ports, _))| (system, *ports)).collect();
            let text = serde_json::to_vec(&ports).map_err(|error| LabError::file(&path)(error.into()))?;
            let beside = self.root.join("ports.json.new");
            fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path)).map_err(LabError::file(&path))?;
        }
        Ok(all)
    }
}

/// The folder of one system in the lab.
#[derive(Clone, Debug)]
pub(super) struct Home {
    folder: PathBuf,
}

impl Home {
    /// A file or folder of the system's.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.folder.clone() } else { self.folder.join(name) }
    }

    /// What the service serves: the data of the site that serves. Those of the main site are what a restore exchanges.
    pub(super) fn data(&self) -> PathBuf {
        self.site().join("data")
    }

    /// The nightly copies and their seals.
    pub(super) fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    /// What `snapshot` kept of damaged data.
    pub(super) fn traces(&self) -> PathBuf {
        self.folder.join("traces")
    }

    /// Is there while the citizens' door is to be closed.
    pub(super) fn isolated(&self) -> PathBuf {
        self.folder.join("isolated")
    }

    /// A file in it for each link that is cut.
    pub(super) fn cuts(&self) -> PathBuf {
        self.folder.join("cuts")
    }

    /// Is there while dossiers are taken without asking the national systems.
    pub(super) fn deferring(&self) -> PathBuf {
        self.folder.join("deferring")
    }

    /// The certificate and its key.
    pub(super) fn certificate(&self) -> PathBuf {
        self.folder.join("certificate")
    }

    /// What was there just before the last fault.
    pub(super) fn before(&self) -> PathBuf {
        self.folder.join("before.json")
    }
}

fn marker_of(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join(MARKER)).ok()?;
    Some(text.strip_prefix(MARKER_WORDS)?.trim().to_owned()).filter(|nonce| nonce.len() == 32)
}
