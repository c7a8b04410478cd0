//! `fail_over`, `fail_back`: which site serves behind the same doors.

use std::fs;
use std::sync::PoisonError;

use super::super::ground::Front;
use super::super::ward::Ward;
use super::super::{LabError, ServiceState, data, moment};

/// Serves from the standby site's copy. Says how old it is and how many records came after it.
pub(super) fn fail_over(ward: &Ward) -> Result<String, LabError> {
    let mut replica = ward.replica.lock().unwrap_or_else(PoisonError::into_inner);
    let home = ward.home()?;
    let copy = home.standby().join("data");
    if !copy.is_dir() {
        return Err(LabError::NoReplica { system: ward.entry.id.clone() });
    }
    if !home.front().standby {
        ward.stop();
        home.set_front(Front { standby: true, ..home.front() })?;
        replica.clear();
    }
    ward.start()?;
    let newest = data::open(&copy, &ward.entry, false)
        .ok()
        .and_then(|connection| Some((data::newest_number(&connection).ok()?, data::held(&connection).ok()?.newest_at)));
    let taken_in = home.last_stated().map_or(0, |stated| stated.number);
    let (lag, lost) = newest.map_or((0, 0), |(number, at)| {
        let lost = taken_in.saturating_sub(number);
        // Where nothing came after it the copy is as new as the data, whenever it was made.
        (if lost == 0 { 0 } else { (moment::now() - at).max(0) / moment::SECOND }, lost)
    });
    Ok(format!("site=standby lag_seconds={lag} lost={lost}"))
}

/// Serves from the main site again, with the data of the standby site in place of its own.
pub(super) fn fail_back(ward: &Ward) -> Result<String, LabError> {
    let mut replica = ward.replica.lock().unwrap_or_else(PoisonError::into_inner);
    let home = ward.home()?;
    if home.front().standby {
        let (copy, main, making) = (home.standby().join("data"), home.file("data"), home.file("data.making"));
        ward.stop();
        if making.exists() {
            fs::remove_dir_all(&making).map_err(LabError::file(&making))?;
        }
        data::copy_tree(&copy, &making, |_| true)?;
        if main.exists() {
            fs::remove_dir_all(&main).map_err(LabError::file(&main))?;
        }
        fs::rename(&making, &main).map_err(LabError::file(&main))?;
        home.set_front(Front { standby: false, ..home.front() })?;
        replica.clear();
    }
    if ward.state() != ServiceState::Running {
        ward.start()?;
    }
    Ok("site=main".to_owned())
}
