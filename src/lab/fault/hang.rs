//! `hang`: the service's process stays there and does nothing; its ports accept and never answer.

use rustix::process::Signal;

use super::super::LabError;
use super::super::ward::Ward;

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    ward.signal(Signal::STOP)?;
    Ok("process=stopped".to_owned())
}
