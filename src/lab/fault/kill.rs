//! `kill`: the service's process ends at once.

use rustix::process::Signal;

use super::super::LabError;
use super::super::ward::Ward;

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    ward.signal(Signal::KILL)?;
    Ok("process=killed".to_owned())
}
