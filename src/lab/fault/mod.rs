//! Faults made on purpose, one file each. They act on the keeper's own children and on folders with the lab's marker.

mod corrupt;
mod cut_link;
mod deface;
mod delete_backups;
mod encrypt;
mod expire_certificate;
mod hang;
mod kill;

use std::collections::BTreeMap;

use serde_json::Value;

use super::LabError;
use super::entry::Serves;
use super::ward::Ward;
use crate::model::{Id, Name};
use crate::step::fault_kind;

/// The names of the faults, in the order in which they are shown.
pub const NAMES: [&str; 8] =
    ["kill", "hang", "encrypt", "corrupt", "delete-backups", "deface", "cut-link", "expire-certificate"];

/// Makes `fault`; gives a line of what was done.
pub(super) fn make(ward: &Ward, fault: &Name, with: &BTreeMap<Id, Value>) -> Result<String, LabError> {
    // Refused before anything is kept or touched.
    if !NAMES.contains(&fault.as_str()) {
        return Err(LabError::UnknownFault { fault: fault.to_string() });
    }
    let takes =
        |setting: &Id| fault_kind(fault).is_some_and(|kind| kind.all_settings().any(|known| known == setting.as_str()));
    if let Some(unknown) = with.keys().find(|setting| !takes(setting)) {
        return Err(LabError::UnknownSetting { fault: fault.clone(), setting: unknown.to_string() });
    }
    // A national system's stand-in has no copies and no data of ours: it can only be gone.
    if ward.entry.serves == Serves::Standin && !matches!(fault.as_str(), "kill" | "hang") {
        return Err(LabError::UnfitFault { fault: fault.clone(), system: ward.entry.id.clone() });
    }
    let mut links = Vec::new();
    match fault.as_str() {
        "deface" | "expire-certificate" => deface::fits(ward, fault)?,
        "cut-link" => links = cut_link::meant(ward, fault, with)?,
        _ => {}
    }
    ward.remember(fault)?;
    match fault.as_str() {
        "kill" => kill::make(ward),
        "hang" => hang::make(ward),
        "encrypt" => encrypt::make(ward),
        "corrupt" => corrupt::make(ward),
        "delete-backups" => delete_backups::make(ward, with),
        "deface" => deface::make(ward),
        "cut-link" => cut_link::make(ward, &links),
        "expire-certificate" => expire_certificate::make(ward),
        other => Err(LabError::UnknownFault { fault: other.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::NAMES;
    use crate::step::FAULT_KINDS;

    #[test]
    fn playbooks_know_which_faults_the_lab_makes() {
        let made: Vec<&str> = FAULT_KINDS.iter().filter(|kind| kind.lab).map(|kind| kind.name).collect();
        assert_eq!(made, NAMES);
    }
}
