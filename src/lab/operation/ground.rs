//! `restore_configuration`, `roll_back`, `free_space`, `clean`: what a site stands on.

use super::super::LabError;
use super::super::ground::{self, GOOD_VERSION, Program, Settings};
use super::super::ward::Ward;

/// Puts the last known good configuration back.
pub(super) fn restore_configuration(ward: &Ward) -> Result<String, LabError> {
    let settings = Settings::default();
    ward.touched();
    ward.home()?.set_settings(&settings)?;
    Ok(format!("environment={}", settings.environment))
}

/// Puts the previous version back, and starts it where one runs.
pub(super) fn roll_back(ward: &Ward) -> Result<String, LabError> {
    ward.home()?.set_program(&Program { version: GOOD_VERSION.to_owned() })?;
    ward.restart()?;
    Ok(format!("version={GOOD_VERSION}"))
}

/// Removes what filled the disk.
pub(super) fn free_space(ward: &Ward) -> Result<String, LabError> {
    let filler = ward.home()?.filler();
    let freed = filler.metadata().map_or(0, |metadata| metadata.len());
    ward.touched();
    ground::remove(&filler)?;
    Ok(format!("freed_bytes={freed}"))
}

/// Removes the files of the malware; where the system is not cut off, more come.
pub(super) fn clean(ward: &Ward) -> Result<String, LabError> {
    let home = ward.home()?;
    ward.touched();
    let mut cleaned = 0_u32;
    for file in home.malware() {
        cleaned += u32::from(ground::remove(&file)?);
    }
    Ok(format!("cleaned={cleaned} left={}", home.malware().len()))
}
