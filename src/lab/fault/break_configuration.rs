//! `break-configuration`: a mistaken change makes the service look for the databases and neighbours of a trial environment.

use super::super::LabError;
use super::super::ground::Settings;
use super::super::ward::Ward;

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    let settings = Settings::mistaken();
    ward.home()?.set_settings(&settings)?;
    Ok(format!("environment={}", settings.environment))
}
