//! The links between the lab's systems: which are cut, and a look at each.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use super::entry::Entry;
use super::place::{Home, Place};
use super::{LabError, http};
use crate::model::Name;

/// The link between a system and its citizens, as `cut-link` names it.
pub(super) const CITIZENS: &str = "citizens";
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether the link of the system at `home` to `to` is cut. Asked before every use: a cut holds from the next request on.
pub(super) fn is_cut(home: &Home, to: &str) -> bool {
    home.cuts().join(to).exists()
}

/// The links of the system at `home` that are cut, in order.
pub(super) fn cut(home: &Home) -> Vec<String> {
    let Ok(entries) = fs::read_dir(home.cuts()) else { return Vec::new() };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Cuts `to`. Holds over a restart of the service and of the keeper.
pub(super) fn sever(home: &Home, to: &str) -> Result<(), LabError> {
    let folder = home.cuts();
    let file = folder.join(to);
    fs::create_dir_all(&folder).and_then(|()| fs::write(&file, "")).map_err(LabError::file(&file))
}

/// Restores every link.
pub(super) fn restore(home: &Home) -> Result<(), LabError> {
    let folder = home.cuts();
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(LabError::file(&folder)(error)),
        _ => Ok(()),
    }
}

/// Has the service look at each of its links: `up=8 down=1 cut=population`. A door that its citizens cannot reach counts too.
pub(super) fn look(place: &Place, entry: &Entry) -> Result<String, LabError> {
    let home = place.system(&entry.id)?;
    let told = inside(place, entry, "/links")?;
    let mut down: Vec<&str> = told.split_whitespace().collect();
    let up = entry.links.len().saturating_sub(down.len());
    if is_cut(&home, CITIZENS) {
        down.push(CITIZENS);
    }
    let names = if down.is_empty() { "none".to_owned() } else { down.join(",") };
    Ok(format!("up={up} down={} cut={names}", down.len()))
}

/// Asks for `path` at the operators' door, and gives what is answered there.
pub(super) fn inside(place: &Place, entry: &Entry, path: &str) -> Result<String, LabError> {
    let ports = place.ports_of(&entry.id)?;
    let answer =
        http::post(ports.inner, path, &[], PATIENCE).map_err(|_| LabError::NotRunning { system: entry.id.clone() })?;
    if answer.status == 200 {
        Ok(answer.body.trim().to_owned())
    } else {
        let (folder, why) = (PathBuf::from(entry.id.as_str()), answer.body.trim().to_owned());
        Err(LabError::Unsound { folder, why })
    }
}

/// Which of the links of `entry` the setting `to` means; all where nothing is said.
pub(super) fn meant(entry: &Entry, to: Option<&str>) -> Option<Vec<String>> {
    match to {
        Some(CITIZENS) => Some(vec![CITIZENS.to_owned()]),
        Some(to) => entry.links.iter().any(|link| link.to.as_str() == to).then(|| vec![to.to_owned()]),
        None if entry.links.is_empty() => None,
        None => Some(entry.links.iter().map(|link| Name::to_string(&link.to)).collect()),
    }
}
