//! `delete-backups`: the nightly copies and their seals go. `keep: N` leaves the N oldest copies, as an offline medium would.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::super::LabError;
use super::super::ward::Ward;
use crate::model::Id;

pub(super) fn make(ward: &Ward, with: &BTreeMap<Id, Value>) -> Result<String, LabError> {
    let keep = with.get("keep").and_then(Value::as_u64).and_then(|keep| usize::try_from(keep).ok()).unwrap_or(0);
    let folder = ward.home()?.backups();
    let mut copies = Vec::new();
    for entry in fs::read_dir(&folder).map_err(LabError::file(&folder))? {
        let path = entry.map_err(LabError::file(&folder))?.path();
        if path.extension().is_none_or(|extension| extension != "seal") {
            copies.push(path);
        }
    }
    // Names end in the day.
    copies.sort();
    let deleted = copies.split_off(keep.min(copies.len()));
    for copy in &deleted {
        fs::remove_dir_all(copy).map_err(LabError::file(copy))?;
        let seal = copy.with_added_extension("seal");
        if seal.exists() {
            fs::remove_dir_all(&seal).map_err(LabError::file(&seal))?;
        }
    }
    Ok(format!("copies={}", deleted.len()))
}
