//! `ungpho evidence show`: records as they stand, with the words that they name.

use serde_json::{Map, Value, json};

use super::safe;
use crate::ledger::Ledger;
use crate::message::{format, message};
use crate::model::{Journal as _, JournalError, ObjectRef, Objects as _, Record, RunId, misleads};
use crate::ui::desk::ledger_failure;
use crate::ui::held::Held;
use crate::ui::{Context, Exit, Failure};

/// Longer texts are cut on the screen; JSON has them whole.
const SHOWN: usize = 2000;

pub(super) fn run((ledger, held): &(Ledger, Held), what: &str, json: bool, context: &Context) -> Result<Exit, Failure> {
    let records = if let Ok(seq) = what.parse::<u64>() {
        ledger.records(seq, seq.saturating_add(1)).map_err(|error| ledger_failure(&error))?
    } else if let Ok(run) = what.parse::<RunId>() {
        ledger.records_of(&run, 0).map_err(|error| unreadable(&error))?
    } else {
        Vec::new()
    };
    if records.is_empty() {
        return Err(Failure::new(Exit::Invalid, "unknown-run", message!("cli-evidence-unknown", what = what))
            .help(message!("cli-evidence-unknown-help")));
    }
    if json {
        let shown: Vec<Value> = records
            .iter()
            .map(|record| {
                let value = serde_json::to_value(record).unwrap_or_default();
                let texts: Map<String, Value> = objects(&value["body"], "")
                    .into_iter()
                    .filter_map(|(_, object)| Some((object.object.to_string(), Value::from(text(ledger, &object)?))))
                    .collect();
                json!({"record": value, "texts": texts})
            })
            .collect();
        context.out(&format!("{}\n", json!({"version": 1, "ledger": held, "records": shown})));
        return Ok(held.exit(Exit::Passed));
    }
    context.out(&held.line(context));
    for record in &records {
        context.out(&one(ledger, record, context));
    }
    Ok(held.exit(Exit::Passed))
}

/// Prints one record for people.
///
/// # Errors
///
/// Where it cannot be read.
pub(in crate::ui::cli) fn show_record(ledger: &Ledger, seq: u64, context: &Context) -> Result<(), Failure> {
    for record in ledger.records(seq, seq.saturating_add(1)).map_err(|error| ledger_failure(&error))? {
        context.out(&one(ledger, &record, context));
    }
    Ok(())
}

fn unreadable(error: &JournalError) -> Failure {
    Failure::new(Exit::Machine, "ledger-io", message!("cli-evidence-unreadable")).caused_by(error)
}

/// A record for people: a line, and one for each text that it names.
fn one(ledger: &Ledger, record: &Record, context: &Context) -> String {
    let lang = context.lang;
    let value = serde_json::to_value(record).unwrap_or_default();
    let mut line = format!(
        "{:>6}  {}  {}  {}",
        record.seq,
        format::time(&record.occurred(), lang),
        record.draft.actor,
        safe(record.draft.body.kind())
    );
    let mut below = String::new();
    if let Value::Object(body) = &value["body"] {
        for (key, value) in body {
            match value {
                Value::Null => {}
                Value::String(word) => line.push_str(&format!("  {}={}", safe(key), safe(word))),
                Value::Bool(_) | Value::Number(_) => line.push_str(&format!("  {}={value}", safe(key))),
                Value::Array(_) | Value::Object(_) => {
                    let named = objects(value, key);
                    if named.is_empty() && value.as_object().is_none_or(|map| !map.is_empty()) {
                        line.push_str(&format!("  {}={value}", safe(key)));
                    }
                    for (path, object) in named {
                        below.push_str(&words(ledger, &path, &object, context));
                    }
                }
            }
        }
    }
    format!("{line}\n{below}")
}

/// An object: its words where it is a text, else its digest and size.
fn words(ledger: &Ledger, path: &str, object: &ObjectRef, context: &Context) -> String {
    let lang = context.lang;
    let said = if let Some(text) = text(ledger, object) {
        let cut: String = text.chars().take(SHOWN).collect();
        let more = if cut.len() < text.len() { "…" } else { "" };
        // What a command printed may not move the cursor or colour the reader's terminal.
        let safe: String = cut.chars().map(|c| if misleads(c) || c == '\t' { '\u{fffd}' } else { c }).collect();
        safe.trim_end().replace('\n', "\n            ") + more
    } else {
        let size = format::bytes(object.size, lang);
        let digest = object.object.to_string();
        match ledger.get(object) {
            Ok(Some(_)) => format!("{digest} ({size})"),
            Ok(None) => message!("cli-evidence-gone", digest = digest).render(lang),
            Err(_) => message!("cli-evidence-altered", digest = digest).render(lang),
        }
    };
    format!("          {}: {said}\n", safe(path))
}

/// The text of a salted object.
fn text(ledger: &Ledger, object: &ObjectRef) -> Option<String> {
    let bytes = ledger.get(object).ok()??;
    let rest = bytes.strip_prefix(b"ungpho-text/1 ")?;
    let start = rest.iter().position(|b| *b == b'\n')? + 1;
    Some(String::from_utf8_lossy(&rest[start..]).into_owned())
}

/// The objects in a value, each with the path of its key.
fn objects(value: &Value, path: &str) -> Vec<(String, ObjectRef)> {
    if let Ok(object) = serde_json::from_value::<ObjectRef>(value.clone()) {
        return vec![(path.to_owned(), object)];
    }
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) => map.iter().flat_map(|(key, value)| objects(value, &join(key))).collect(),
        Value::Array(list) => {
            list.iter().enumerate().flat_map(|(number, value)| objects(value, &join(&number.to_string()))).collect()
        }
        _ => Vec::new(),
    }
}
