//! Whose key signed: `people.yaml` as it was kept with the run says, else as it stands today.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::desk::ledger_failure;
use super::{Failure, reporting};
use crate::inventory::People;
use crate::ledger::{Finding, Ledger, Severity};
use crate::message::message;
use crate::model::record::SourceFile;
use crate::model::{Actor, Body, Journal as _, Objects as _, Record, RunId};

/// The file of the unit's people.
const PEOPLE: &str = "people.yaml";

/// The keys that the workspace in `root` lists today; none where the file is not there or does not read well.
pub(crate) fn today(root: Option<&Path>) -> BTreeMap<Actor, String> {
    let text = root.and_then(|root| fs::read_to_string(root.join(PEOPLE)).ok());
    text.map(|text| listed(&text)).unwrap_or_default()
}

fn listed(text: &str) -> BTreeMap<Actor, String> {
    let people = People::read(PEOPLE, text).map(|people| people.people).unwrap_or_default();
    let keys = people.into_iter().filter_map(|person| Some((person.id, person.key?.trim().to_owned())));
    keys.collect()
}

/// The keys that count for a run: those that its files had, else those of `today`.
pub(crate) fn of_run(
    ledger: &Ledger,
    sources: &[SourceFile],
    today: &BTreeMap<Actor, String>,
) -> BTreeMap<Actor, String> {
    let source = sources.iter().find(|source| source.path == PEOPLE);
    let bytes = source.and_then(|source| ledger.get(&source.file).ok().flatten());
    let mut keys = today.clone();
    keys.extend(bytes.map(|bytes| listed(&String::from_utf8_lossy(&bytes))).unwrap_or_default());
    keys
}

/// What is to be said of the keys with which persons signed and consented in the ledger in `dir`: a key that is not the one
/// listed of them, and that nobody could look where none is listed.
///
/// # Errors
///
/// Where the ledger cannot be read.
pub(crate) fn findings(dir: &Path) -> Result<Vec<Finding>, Failure> {
    let ledger = Ledger::read_only(dir).map_err(|error| ledger_failure(&error))?;
    let mut signed: Vec<Record> = Vec::new();
    for kind in ["signed", "consented"] {
        signed.extend(ledger.records_of_type(kind).map_err(|error| ledger_failure(&error))?);
    }
    signed.sort_by_key(|record| record.seq);
    let today = today(dir.parent().filter(|root| root.join("ungpho.yaml").is_file()));
    let mut kept: BTreeMap<RunId, BTreeMap<Actor, String>> = BTreeMap::new();
    let mut findings = Vec::new();
    for Record { seq, draft, .. } in signed {
        let vkey = match draft.body {
            Body::Signed(it) => it.vkey,
            Body::Consented(it) => match it.vkey {
                Some(vkey) => vkey,
                None => continue,
            },
            _ => continue,
        };
        let keys = match &draft.run {
            None => &today,
            Some(run) => kept.entry(run.clone()).or_insert_with(|| {
                let records = ledger.records_of(run, 0).unwrap_or_default();
                of_run(&ledger, reporting::sources(&records), &today)
            }),
        };
        let (number, who) = (seq.to_string(), draft.actor.as_str());
        match keys.get(&draft.actor) {
            Some(key) if *key == vkey => {}
            Some(_) => {
                let message = message!("ledger-person-other-key", seq = number, who = who);
                findings.push(Finding::of_record(Severity::Warning, "person-key-other", seq, message));
            }
            None => {
                let message = message!("ledger-person-no-key", seq = number, who = who);
                findings.push(Finding::of_record(Severity::Note, "person-key-unknown", seq, message));
            }
        }
    }
    Ok(findings)
}
