//! Faults made on purpose, one file each. They act on the keeper's own children and on folders with the lab's marker.

mod corrupt;
mod deface;
mod delete_backups;
mod encrypt;
mod hang;
mod kill;

use std::collections::BTreeMap;

use serde_json::Value;

use super::LabError;
use super::ward::Ward;
use crate::model::{Id, Name};

/// The names of the faults, in the order in which they are shown.
pub const NAMES: [&str; 6] = ["kill", "hang", "encrypt", "corrupt", "delete-backups", "deface"];

/// Makes `fault`; gives a line of what was done.
pub(super) fn make(ward: &Ward, fault: &Name, with: &BTreeMap<Id, Value>) -> Result<String, LabError> {
    // Refused before anything is kept or touched.
    if !NAMES.contains(&fault.as_str()) {
        return Err(LabError::UnknownFault { fault: fault.to_string() });
    }
    let settings: &[&str] = if fault.as_str() == "delete-backups" { &["keep"] } else { &[] };
    if let Some(unknown) = with.keys().find(|setting| !settings.contains(&setting.as_str())) {
        return Err(LabError::UnknownSetting { fault: fault.clone(), setting: unknown.to_string() });
    }
    if fault.as_str() == "deface" {
        deface::fits(ward, fault)?;
    }
    ward.remember(fault)?;
    match fault.as_str() {
        "kill" => kill::make(ward),
        "hang" => hang::make(ward),
        "encrypt" => encrypt::make(ward),
        "corrupt" => corrupt::make(ward),
        "delete-backups" => delete_backups::make(ward, with),
        "deface" => deface::make(ward),
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
