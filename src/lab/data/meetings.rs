//! Meetings of a video conference.

use rusqlite::params;

use super::super::LabError;
use super::kind::{Kind, NEWEST_FILES, Seed, filler, write_file};

pub(super) const KIND: Kind = Kind { table: TABLE, files: NEWEST_FILES, seed, sound: None };

const TABLE: &str = "CREATE TABLE records (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL, invited INTEGER NOT NULL,
    came INTEGER NOT NULL, file TEXT, digest TEXT);";

/// What stands in the seeded meeting `code`, and in no other.
pub(in super::super) fn title_of(code: &str) -> String {
    format!("Cuộc họp mẫu {code}")
}

fn seed(seed: &Seed) -> Result<(), LabError> {
    let code = seed.entry.code_of(seed.number);
    let files = write_file(seed.data, "minutes", &code, &filler(&code, seed.number), seed.file)?;
    seed.connection
        .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .and_then(|mut insert| {
            let invited = seed.number % 96 + 4;
            insert.execute(params![seed.number, code, title_of(&code), invited, seed.came, files.0, files.1])
        })
        .map(drop)
        .map_err(LabError::database(seed.data))
}
