//! `filter`, `unfilter`, `add_capacity`, `drop_capacity`: the citizens' door.

use std::time::{Duration, Instant};

use super::super::ground::{Front, MAX_PLACES, MORE_PLACES, PLACES};
use super::super::service::GateStatus;
use super::super::ward::Ward;
use super::super::{LabError, ServiceState};

const PATIENCE: Duration = Duration::from_secs(5);

/// Drops sources that ask more often than people do, or stops dropping.
pub(super) fn filter(ward: &Ward, on: bool) -> Result<String, LabError> {
    let home = ward.home()?;
    if !on {
        // What the filter has beaten off does not come back because the filter goes.
        ward.runners.end_without_effect("flood");
    }
    let gate = set(ward, Front { filter: on, ..home.front() })?;
    Ok(if on { format!("dropped={}", gate.map_or(0, |gate| gate.dropped)) } else { "filter=off".to_owned() })
}

/// Brings more places, or takes away those that were brought.
pub(super) fn capacity(ward: &Ward, more: bool) -> Result<String, LabError> {
    let home = ward.home()?;
    let front = home.front();
    let added = if more { (front.added + MORE_PLACES).min(MAX_PLACES - PLACES) } else { 0 };
    if !more {
        ward.runners.end_without_effect("overload");
    }
    let front = Front { added, ..front };
    set(ward, front)?;
    Ok(format!("capacity={}", front.places()))
}

/// Sets the door, and waits until the service has it so. Nothing to wait for where the service does not run.
fn set(ward: &Ward, front: Front) -> Result<Option<GateStatus>, LabError> {
    ward.home()?.set_front(front)?;
    ward.touched();
    if ward.state() != ServiceState::Running {
        return Ok(None);
    }
    ward.order("front");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let gate: GateStatus = ward.ask("/gate")?;
        if gate.filter == front.filter && gate.places == front.places() {
            return Ok(Some(gate));
        }
        if Instant::now() > deadline {
            return Err(LabError::Unheard { system: ward.entry.id.clone() });
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
