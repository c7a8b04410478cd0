//! `cut-link`: nothing comes back over a link any more. `to: ID` names it, `to: citizens` is the one to the citizens; all of
//! the system's links where nothing is said.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::LabError;
use super::super::links;
use super::super::ward::Ward;
use crate::model::{Id, Name};

/// Which links are meant; refused where the system has no such one.
pub(super) fn meant(ward: &Ward, fault: &Name, with: &BTreeMap<Id, Value>) -> Result<Vec<String>, LabError> {
    let to = with.get("to").and_then(Value::as_str);
    links::meant(&ward.entry, to).ok_or_else(|| match to {
        Some(to) => LabError::UnknownLink { system: ward.entry.id.clone(), to: to.to_owned() },
        None => LabError::UnfitFault { fault: fault.clone(), system: ward.entry.id.clone() },
    })
}

pub(super) fn make(ward: &Ward, links: &[String]) -> Result<String, LabError> {
    let home = ward.home()?;
    for link in links {
        links::sever(&home, link)?;
    }
    ward.doors()?;
    Ok(format!("cut={}", links.join(",")))
}
