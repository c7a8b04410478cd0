//! Faults made on purpose, one file each. They act on the keeper's own children and on folders with the lab's marker.

mod bad_update;
mod break_configuration;
mod corrupt;
mod crowd;
mod deface;
mod delete_backups;
mod delete_records;
mod encrypt;
mod fill_disk;
mod hang;
mod in_force;
mod intruder;
mod kill;
mod power_off;
mod runner;
mod spread;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::LabError;
use super::ward::Ward;
use crate::model::{Id, Name};
use crate::step::FAULT_KINDS;
use crowd::Crowd;

pub(super) use in_force::in_force;
pub(super) use runner::Runners;

/// The names of the faults, in the order in which they are shown.
pub const NAMES: [&str; 15] = [
    "kill",
    "hang",
    "encrypt",
    "corrupt",
    "delete-backups",
    "deface",
    "break-configuration",
    "fill-disk",
    "flood",
    "overload",
    "power-off",
    "delete-records",
    "bad-update",
    "intruder",
    "spread",
];

/// Makes `fault` on `ward`, one of `all`; gives a line of what was done.
pub(super) fn make(
    ward: &Arc<Ward>,
    all: &[Arc<Ward>],
    fault: &Name,
    with: &BTreeMap<Id, Value>,
) -> Result<String, LabError> {
    // Refused before anything is kept or touched.
    if !NAMES.contains(&fault.as_str()) {
        return Err(LabError::UnknownFault { fault: fault.to_string() });
    }
    let kind = FAULT_KINDS.iter().find(|kind| *fault == kind.name);
    let settings = kind.map_or(&[][..], |kind| kind.settings);
    if let Some(unknown) = with.keys().find(|setting| !settings.contains(&setting.as_str())) {
        return Err(LabError::UnknownSetting { fault: fault.clone(), setting: unknown.to_string() });
    }
    if fault.as_str() == "deface" {
        deface::fits(ward, fault)?;
    }
    if fault.as_str() == "power-off" && number(with, "all").is_some_and(|all| all > 0) {
        for other in all {
            other.remember(fault)?;
            power_off::make(other)?;
        }
        return Ok(format!("systems={}", all.len()));
    }
    ward.remember(fault)?;
    match fault.as_str() {
        "kill" => kill::make(ward),
        "hang" => hang::make(ward),
        "encrypt" => encrypt::make(ward),
        "corrupt" => corrupt::make(ward),
        "delete-backups" => delete_backups::make(ward, with),
        "deface" => deface::make(ward),
        "break-configuration" => break_configuration::make(ward),
        "fill-disk" => fill_disk::make(ward),
        "flood" => crowd::make(ward, Crowd::Attackers, with),
        "overload" => crowd::make(ward, Crowd::Citizens, with),
        "power-off" => power_off::make(ward),
        "delete-records" => delete_records::make(ward, with),
        "bad-update" => bad_update::make(ward),
        "intruder" => intruder::make(ward, with),
        "spread" => spread::make(ward, all),
        other => Err(LabError::UnknownFault { fault: other.to_owned() }),
    }
}

/// The whole number that `with` gives for `setting`.
fn number(with: &BTreeMap<Id, Value>, setting: &str) -> Option<u32> {
    with.get(setting).and_then(Value::as_u64).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
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
