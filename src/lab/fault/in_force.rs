//! Which of the faults that were made still have their effect: looked at, never remembered.

use super::super::ground::GOOD_VERSION;
use super::super::ward::Ward;
use super::super::{ServiceState, certificate, data, links};
use super::{deface, encrypt};
use crate::model::Name;

/// Those of `faults` whose effect is there now, each once, in the order in which they were made first.
pub(in super::super) fn in_force(ward: &Ward, state: ServiceState, faults: &[Name]) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::new();
    for fault in faults {
        if !found.contains(fault) && is_there(ward, state, fault) {
            found.push(fault.clone());
        }
    }
    // Malware comes over from another system, too.
    let spread: Option<Name> = "spread".parse().ok();
    found.extend(spread.filter(|spread| !found.contains(spread) && is_there(ward, state, spread)));
    found
}

fn is_there(ward: &Ward, state: ServiceState, fault: &Name) -> bool {
    let Ok(home) = ward.home() else { return false };
    let folder = home.data();
    match fault.as_str() {
        "kill" | "power-off" => state == ServiceState::Died,
        "hang" => state == ServiceState::Hung,
        "encrypt" => encrypt::is_there(&folder),
        "corrupt" => !encrypt::is_there(&folder) && !data::pages_hold(&folder, &ward.entry),
        "delete-backups" => !data::copies_are_fresh(&home, &ward.entry),
        "deface" => deface::is_there(&folder),
        "cut-link" => !links::cut(&home).is_empty(),
        "expire-certificate" => !certificate::is_valid(&home),
        "break-configuration" => !home.settings().right(),
        "fill-disk" => home.filler().exists(),
        "flood" | "overload" => ward.runners.in_force(fault.as_str()),
        "delete-records" => data::missing(&home, &folder, &ward.entry).is_some(),
        "bad-update" => home.program().version != GOOD_VERSION,
        // Whoever has a session can come back, whether it does something just now or not.
        "intruder" => !home.account().open.is_empty(),
        "spread" => !home.malware().is_empty(),
        _ => false,
    }
}
