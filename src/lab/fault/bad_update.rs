//! `bad-update`: a new version of the program is put in place. It looks records up one beside the one that was asked for
//! and leaves gaps in the numbers that it gives.

use super::super::LabError;
use super::super::ground::{BAD_VERSION, Program};
use super::super::ward::Ward;

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    ward.home()?.set_program(&Program { version: BAD_VERSION.to_owned() })?;
    ward.restart()?;
    Ok(format!("version={BAD_VERSION}"))
}
