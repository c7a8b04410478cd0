//! `intruder`, `revoke`, `quarantine`: a stolen account.

use super::super::LabError;
use super::super::ground::{ACCOUNT, Account};
use super::super::service::Done;
use super::super::ward::Ward;

/// What the stolen account has done since it was stolen, from the service's own log.
pub(super) fn intruder(ward: &Ward) -> Result<String, LabError> {
    let home = ward.home()?;
    let (mut actions, mut records) = (0_u64, 0_u64);
    for deed in home.deeds() {
        if deed.account == ACCOUNT && !deed.undone {
            actions += 1;
            records += u64::from(deed.records);
        }
    }
    let stolen = home.faults().iter().any(|fault| fault.as_str() == "intruder");
    let active = if stolen && !home.account().open.is_empty() { "yes" } else { "no" };
    Ok(format!("active={active} actions={actions} records={records}"))
}

/// Ends the sessions and keys of the account. Whoever uses them is turned away at the next request.
pub(super) fn revoke(ward: &Ward) -> Result<String, LabError> {
    let home = ward.home()?;
    let ended = home.account().open.len();
    ward.touched();
    home.set_account(&Account::default())?;
    ward.runners.end("intruder");
    Ok(format!("ended={ended}"))
}

/// Takes out what the account wrote, through the service.
pub(super) fn quarantine(ward: &Ward) -> Result<String, LabError> {
    ward.touched();
    let done: Done = ward.tell("/staff/take-out", &[])?;
    Ok(format!("taken_out={} left={}", done.done, done.left))
}
