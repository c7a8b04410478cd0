//! How many rows tables of a restored database have to have.
//!
//! Two places say it: the inventory (`rows: { table: N }`, at least N), and a file that the job made beside the dump,
//! `<dump>.rows.json`: `{"version":1,"rows":{"table":N}}`, exactly N, or `{"table":{"at_least":N}}`.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

use serde::Deserialize;

use super::verdict::{Expected, Problem, Proof, Rows, Why};
use super::{Request, Target};
use crate::backup::{BackupError, digest, paths};

/// The longest file of counts, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    rows: BTreeMap<String, Count>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Count {
    Exactly(u64),
    AtLeast { at_least: u64 },
}

/// What the inventory and the job expect, by table; what both name has to hold for both.
///
/// # Errors
///
/// A file of counts is there and cannot be read, or is none.
pub(super) fn expected(target: &Target, request: &Request) -> Result<Vec<(String, Expected)>, BackupError> {
    let inventory = request.rows.iter().map(|(table, rows)| (table.clone(), Expected::AtLeast(*rows)));
    let mut all: Vec<(String, Expected)> = inventory.collect();
    let path = paths::beside(&target.item, ".rows.json");
    if let Some(file) = read(&path)? {
        all.extend(file.rows.into_iter().map(|(table, count)| match count {
            Count::Exactly(rows) => (table, Expected::Exactly(rows)),
            Count::AtLeast { at_least } => (table, Expected::AtLeast(at_least)),
        }));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(all)
}

fn read(path: &Path) -> Result<Option<File>, BackupError> {
    let opened = match digest::open(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BackupError::Read { path: path.to_owned(), source: error }),
    };
    let mut text = String::new();
    opened.take(LONGEST).read_to_string(&mut text).map_err(BackupError::read(path))?;
    match serde_json::from_str::<File>(&text) {
        Ok(file) if file.version == 1 => Ok(Some(file)),
        Ok(_) => Err(BackupError::BadRows { path: path.to_owned(), detail: "version".to_owned() }),
        Err(error) => Err(BackupError::BadRows { path: path.to_owned(), detail: error.to_string() }),
    }
}

/// Counts every table that is expected, and says what is short of it.
pub(super) fn count(
    wanted: Vec<(String, Expected)>,
    proof: &mut Proof,
    mut count: impl FnMut(&str) -> Result<Result<Option<u64>, String>, BackupError>,
) -> Result<(), BackupError> {
    for (table, expected) in wanted {
        let found = match count(&table)? {
            Ok(found) => found,
            Err(detail) => {
                proof.found(Problem::new(Why::Damaged).at(table.as_bytes()).saying(detail));
                None
            }
        };
        let rows = Rows { table, found, expected };
        if !rows.hold() {
            proof.restorable = crate::model::record::Restorability::No;
        }
        proof.rows.push(rows);
    }
    Ok(())
}
