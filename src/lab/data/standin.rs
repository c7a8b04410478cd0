//! The small records of a national system's stand-in.

use rusqlite::params;

use super::super::LabError;
use super::kind::{Kind, NO_FILES, Seed};

pub(super) const KIND: Kind = Kind { table: TABLE, files: NO_FILES, seed, sound: None };

const TABLE: &str = "CREATE TABLE records (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, content TEXT NOT NULL, came INTEGER NOT NULL);";

/// How many records each has at least: what who asks may count on.
pub(in super::super) const RECORDS: u32 = 60;

/// What stands in the record `code`, and in no other.
pub(in super::super) fn content_of(code: &str) -> String {
    format!("Bản ghi mẫu {code}, không phải dữ liệu thật")
}

fn seed(seed: &Seed) -> Result<(), LabError> {
    let code = seed.entry.code_of(seed.number);
    seed.connection
        .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, ?4)")
        .and_then(|mut insert| insert.execute(params![seed.number, code, content_of(&code), seed.came]))
        .map(drop)
        .map_err(LabError::database(seed.data))
}
