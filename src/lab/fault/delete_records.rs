//! `delete-records`: an insider, or somebody by mistake, deletes records and their files through the service itself. The
//! data stay whole; only the service's own log knows that there were more.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::LabError;
use super::super::ward::Ward;
use crate::model::Id;

/// Who does it.
const INSIDER: &str = "can-bo-mau-03";

pub(super) fn make(ward: &Ward, with: &BTreeMap<Id, Value>) -> Result<String, LabError> {
    let usual = ward.entry.records / 10;
    let count = super::number(with, "count").unwrap_or(usual).clamp(1, ward.entry.records / 2);
    let form = [("account", INSIDER), ("count", &count.to_string())];
    let done: super::super::service::Done = ward.tell("/staff/delete", &form)?;
    Ok(format!("records={} left={}", done.done, done.left))
}
