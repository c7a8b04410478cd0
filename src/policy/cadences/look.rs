//! Mistakes in a unit's cadences that only show beside the rest of the workspace, or on a day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::message::message;
use crate::model::Name;
use crate::source::{Document, Finding, Node, suggest};

/// The items of `key` at the top of the file.
fn items<'d>(document: &'d Document, key: &str) -> impl Iterator<Item = &'d Node> {
    document.root.as_ref().and_then(|root| root.get(key)).map(Node::items).unwrap_or_default().iter()
}

/// Finds systems under `done` and `set_aside` that are not among `systems`, where those are given, and controls that are not
/// among `controls`: what is said of them would count for nothing.
#[must_use]
pub fn unknown_names(document: &Document, systems: Option<&BTreeSet<&str>>, controls: &BTreeSet<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named = |item: &'_ Node, key: &str| {
        let (text, place) = item.get(key).and_then(|node| Some((node.scalar()?.0.to_owned(), node.place)))?;
        Name::is_valid(&text).then_some((text, place))
    };
    let told = items(document, "done").chain(items(document, "set_aside"));
    for (id, place) in told.filter_map(|item| named(item, "system")) {
        let Some(known) = systems.filter(|known| !known.contains(id.as_str())) else { continue };
        let help = suggest::did_you_mean(&id, known.iter().copied());
        let help = help.or_else(|| Some(message!("systems-unknown-help")));
        let message = message!("inventory-unknown-system", system = id);
        findings.push(Finding::error("unknown-system", &document.file, place, message).help(help));
    }
    let counts = items(document, "rows").filter_map(|row| row.get("counts"));
    for (id, place) in
        counts.filter_map(|counts| named(counts, "control")).filter(|(id, _)| !controls.contains(id.as_str()))
    {
        let help = suggest::did_you_mean(&id, controls.iter().copied());
        let help = help.or_else(|| Some(message!("policy-unknown-control-help")));
        let message = message!("policy-unknown-control", control = id);
        findings.push(Finding::error("unknown-control", &document.file, place, message).help(help).warning());
    }
    findings
}

/// Finds what `done` says was done on a day after `today`.
#[must_use]
pub fn to_come(document: &Document, today: Date) -> Vec<Finding> {
    let dates = items(document, "done").filter_map(|item| item.get("date"));
    let days = dates.filter_map(|node| Some((node.place, node.scalar()?.0.parse::<Date>().ok()?)));
    days.filter(|(_, day)| *day > today)
        .map(|(place, day)| {
            let message = message!("policy-done-to-come", day = day.to_string(), today = today.to_string());
            Finding::error("done-to-come", &document.file, place, message)
        })
        .collect()
}
