//! Faults made on purpose, one file each. They act on the keeper's own children and on folders with the lab's marker.

mod bad_update;
mod break_configuration;
mod corrupt;
mod crowd;
mod cut_link;
mod deface;
mod delete_backups;
mod delete_records;
mod encrypt;
mod expire_certificate;
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
use super::entry::Serves;
use super::ward::Ward;
use crate::model::{Id, Name};
use crate::step::fault_kind;
use crowd::Crowd;

pub(super) use in_force::in_force;
pub(super) use runner::Runners;

/// The names of the faults, in the order in which they are shown.
pub const NAMES: [&str; 17] = [
    "kill",
    "hang",
    "encrypt",
    "corrupt",
    "delete-backups",
    "deface",
    "cut-link",
    "expire-certificate",
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
    if fault.as_str() == "power-off" && number(with, "all").is_some_and(|all| all > 0) {
        // The national systems stand in other machine rooms.
        let here: Vec<_> = all.iter().filter(|other| other.raised() && other.entry.serves != Serves::Standin).collect();
        for other in &here {
            other.remember(fault)?;
            power_off::make(other)?;
        }
        return Ok(format!("systems={}", here.len()));
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
