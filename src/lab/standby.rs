//! The standby site: a replica of a system's data in `standby/`, brought up to date each few seconds while the main site is
//! whole. What goes wrong with the data is not copied; what was deleted in the proper way is, as with any replica.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use super::place::Home;
use super::ward::Ward;
use super::{LabError, ServiceState, data};

const PACE: Duration = Duration::from_secs(3);

/// What a file looked like when it was copied.
pub(super) type Marks = BTreeMap<PathBuf, (u64, SystemTime)>;

/// Keeps the standby site of one system up to date, as long as the keeper lives.
pub(super) fn begin(ward: &Arc<Ward>) {
    let ward = Arc::clone(ward);
    std::thread::spawn(move || {
        loop {
            // A main site that is not whole is not copied; that is not a mistake of ours.
            let _ = replicate(&ward);
            std::thread::sleep(PACE);
        }
    });
}

/// One round: nothing where nothing has changed, where the standby site serves, or where the main site is not whole.
fn replicate(ward: &Ward) -> Result<(), LabError> {
    let mut last = ward.replica.lock().unwrap_or_else(PoisonError::into_inner);
    let home = ward.home()?;
    if home.front().standby || ward.state() != ServiceState::Running {
        return Ok(());
    }
    let from = home.file("data");
    let seen = marks(&from)?;
    if *last == seen && home.standby().join("data").is_dir() {
        return Ok(());
    }
    if home.ill().is_some() {
        return Ok(());
    }
    data::check(&from, &ward.entry)?;
    copy(ward, &home, &from, &seen, &last)?;
    *last = seen;
    Ok(())
}

fn marks(folder: &Path) -> Result<Marks, LabError> {
    let mut marks = Marks::new();
    for file in data::files(folder)? {
        let seen = file.metadata().and_then(|metadata| Ok((metadata.len(), metadata.modified()?)));
        // A journal goes between two looks.
        let Ok(seen) = seen else { continue };
        if let Ok(name) = file.strip_prefix(folder) {
            marks.insert(name.to_owned(), seen);
        }
    }
    Ok(marks)
}

/// Copies what has changed; the database last and by SQLite itself, so that it is one moment's.
fn copy(ward: &Ward, home: &Home, from: &Path, seen: &Marks, last: &Marks) -> Result<(), LabError> {
    let to = home.standby().join("data");
    fs::create_dir_all(&to).map_err(LabError::file(&to))?;
    let database = data::database(from, &ward.entry);
    let own = |name: &Path| name.to_string_lossy().starts_with(&format!("{}.db", ward.entry.id));
    for (name, mark) in seen {
        let target = to.join(name);
        if own(name) || (last.get(name) == Some(mark) && target.exists()) {
            continue;
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(LabError::file(parent))?;
        }
        fs::copy(from.join(name), &target).map_err(LabError::file(&target))?;
        let set = File::options().append(true).open(&target).and_then(|file| file.set_modified(mark.1));
        set.map_err(LabError::file(&target))?;
    }
    for file in data::files(&to)? {
        if file.strip_prefix(&to).is_ok_and(|name| !own(name) && !seen.contains_key(name)) {
            super::ground::remove(&file)?;
        }
    }
    if database.exists() {
        let (beside, target) = (to.join("database.new"), data::database(&to, &ward.entry));
        super::ground::remove(&beside)?;
        let connection = data::open_file(&database, false)?;
        connection.execute("VACUUM INTO ?1", [beside.to_string_lossy()]).map_err(LabError::database(&database))?;
        fs::rename(&beside, &target).map_err(LabError::file(&target))?;
    }
    Ok(())
}
