//! `expire-certificate`: what the portal serves under ended an hour ago.

use super::super::LabError;
use super::super::certificate;
use super::super::ward::Ward;

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    certificate::expire(ward.place(), &ward.home()?)?;
    Ok("certificate=expired".to_owned())
}
