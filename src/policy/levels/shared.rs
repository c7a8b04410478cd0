//! Systems that are filed apart and share a machine or their data: nobody may split a system to lower its level.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Book, Check, Standing, in_force};
use crate::inventory::System;
use crate::message::message;

/// For each of `systems`, in order: what it shares with one of a higher level. The highest of those that share the same thing is
/// named, so that the work grows with the number of systems only.
#[must_use]
pub fn shared(book: &Book, systems: &[&System], on: Date) -> Vec<Vec<Check>> {
    let mut found = vec![Vec::new(); systems.len()];
    let Some(citation) = book.set(book.in_force(on).rules).and_then(|set| set.article("splitting")) else {
        return found;
    };
    let mut users: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, system) in systems.iter().enumerate() {
        let data = system.endpoints.iter().filter(|(name, _)| name.as_str() == "data").map(|(_, address)| address);
        for what in system.hosts.iter().map(|host| &host.ssh).chain(data) {
            let users = users.entry(what).or_default();
            if users.last() != Some(&at) {
                users.push(at);
            }
        }
    }
    for (what, users) in users.into_iter().filter(|(_, users)| users.len() > 1) {
        let level = |at: usize| in_force(book, systems[at], on).level();
        let levels: Vec<(usize, Option<u8>)> = users.into_iter().map(|at| (at, level(at))).collect();
        // The first of the highest, so that the order of the files decides and nothing else.
        let highest = levels.iter().rev().max_by_key(|(_, level)| *level).copied();
        let Some((highest, Some(above))) = highest else { continue };
        for (at, _) in levels.iter().filter(|(_, level)| *level < Some(above)) {
            let other = systems[highest].id.as_str();
            found[*at].push(Check {
                id: "splitting",
                standing: Standing::Look,
                text: message!("policy-splitting", what = what, other = other, level = above),
                citation: Some(citation.clone()),
                due: None,
                assumed: systems[*at].assumes("hosts") || systems[highest].assumes("hosts"),
            });
        }
    }
    found
}
