//! Addresses of the systems that the plan touches.

use super::{Ground, Look};
use crate::message::message;
use crate::probe::spec::{Http, Spec};
use crate::probe::{self};

/// Each endpoint answers something over HTTP. What it answers is for the playbook to judge.
pub(super) fn endpoints(ground: &Ground<'_>, looks: &mut Vec<Look>) {
    for system in ground.plan.systems.values() {
        for (id, url) in &system.endpoints {
            let what = message!("ready-endpoint", system = system.id.as_str(), endpoint = id.as_str());
            if !url.starts_with("http://") && !url.starts_with("https://") {
                let seen = message!("ready-endpoint-other", url = url.as_str());
                looks.push(Look::unknown("endpoint", what, seen, message!("ready-endpoint-by-hand")));
                continue;
            }
            let spec = Http {
                url: url.clone(),
                method: None,
                status: None,
                headers: std::collections::BTreeMap::new(),
                contains: None,
                answers: None,
                timeout: None,
            };
            let seen = probe::look(&Spec::Http(spec));
            // Whoever sends a body has answered, whatever the status.
            looks.push(if seen.body.is_some() {
                Look::yes("endpoint", what, seen.detail)
            } else {
                Look::no("endpoint", what, seen.detail, message!("ready-endpoint-remedy"))
            });
        }
    }
}
