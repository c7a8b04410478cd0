//! Figures that agencies send by period.

use std::path::Path;

use rusqlite::{Connection, params};

use super::super::LabError;
use super::super::entry::Entry;
use super::super::moment;
use super::kind::{Kind, NEWEST_FILES, Seed, filler, write_file};

pub(super) const KIND: Kind = Kind { table: TABLE, files: NEWEST_FILES, seed, sound: None };

const TABLE: &str = "CREATE TABLE records (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, agency TEXT NOT NULL, period TEXT NOT NULL,
    value INTEGER NOT NULL, came INTEGER NOT NULL, file TEXT, digest TEXT);
    CREATE INDEX records_came ON records (came);
    CREATE INDEX records_period ON records (period, value);";

/// How many figures every seeded period has.
pub(in super::super) const A_PERIOD: u32 = 96;
/// The period for which figures are sent now.
pub(in super::super) const OPEN: &str = "ky-nay";

/// The period of the seeded figure `number`.
pub(in super::super) fn period(number: u32) -> String {
    format!("ky-{:03}", number.saturating_sub(1) / A_PERIOD + 1)
}

/// The value of the seeded figure `number`.
fn value(number: u32) -> u32 {
    number * 37 % 1000 + 1
}

/// The sum of the seeded period in which figure `number` is.
pub(in super::super) fn sum(number: u32) -> u32 {
    let first = number.saturating_sub(1) / A_PERIOD * A_PERIOD + 1;
    (first..first + A_PERIOD).map(value).sum()
}

fn seed(seed: &Seed) -> Result<(), LabError> {
    let agency = format!("Cơ quan mẫu {:03}", seed.number % A_PERIOD + 1);
    let what = (agency.as_str(), period(seed.number), i64::from(value(seed.number)));
    insert(seed.connection, seed.data, (seed.number, &seed.entry.code_of(seed.number)), what, (seed.came, seed.file))
}

fn insert(
    connection: &Connection,
    data: &Path,
    (number, code): (u32, &str),
    (agency, period, value): (&str, String, i64),
    (came, file): (i64, bool),
) -> Result<(), LabError> {
    let files = write_file(data, "reports", code, &filler(code, number), file)?;
    connection
        .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .and_then(|mut insert| insert.execute(params![number, code, agency, period, value, came, files.0, files.1]))
        .map(drop)
        .map_err(LabError::database(data))
}

/// Keeps a figure. Gives its code, and the sum of the period with it.
pub(in super::super) fn send(
    connection: &mut Connection,
    entry: &Entry,
    data: &Path,
    (agency, period, value): (&str, &str, i64),
) -> Result<(String, i64), LabError> {
    let said = LabError::database(data);
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(&said)?;
    let number: u32 = transaction
        .query_row("SELECT coalesce(max(number), 0) + 1 FROM records", [], |row| row.get(0))
        .map_err(&said)?;
    let code = entry.code_of(number);
    let file = number.is_multiple_of(20);
    insert(&transaction, data, (number, &code), (agency, period.to_owned(), value), (moment::now(), file))?;
    let sum = sum_of(&transaction, period).map_err(&said)?;
    transaction.commit().map_err(&said)?;
    Ok((code, sum))
}

/// The sum of the figures of `period`.
pub(in super::super) fn sum_of(connection: &Connection, period: &str) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(sum(value), 0) FROM records WHERE period = ?1", [period], |row| row.get(0))
}
