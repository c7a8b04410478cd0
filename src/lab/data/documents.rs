//! Official documents, numbered without a gap.

use std::path::Path;

use rusqlite::{Connection, params};

use super::super::LabError;
use super::super::entry::Entry;
use super::super::moment;
use super::kind::{Kind, NEWEST_FILES, Seed, filler, write_file};

pub(super) const KIND: Kind = Kind { table: TABLE, files: NEWEST_FILES, seed, sound: Some(no_gap) };

const TABLE: &str = "CREATE TABLE records (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, issuer TEXT NOT NULL,
    state TEXT NOT NULL, came INTEGER NOT NULL, file TEXT, digest TEXT);
    CREATE INDEX records_came ON records (came);
    CREATE TABLE counter (last INTEGER NOT NULL);
    INSERT INTO counter VALUES (0);";

/// A document that holds; a void one keeps its number.
const IN_FORCE: &str = "in force";

/// Makes the document `code` void; its number stays given.
pub(in super::super) fn void(connection: &Connection, code: &str) -> rusqlite::Result<()> {
    connection.execute("UPDATE records SET state = 'void' WHERE code = ?1", [code]).map(drop)
}

/// What stands in the seeded document `code`, and in no other.
pub(in super::super) fn subject_of(code: &str) -> String {
    format!("Văn bản mẫu {code}")
}

fn seed(seed: &Seed) -> Result<(), LabError> {
    let code = seed.entry.code_of(seed.number);
    let office = format!("Phòng mẫu {:02}", seed.number % 24 + 1);
    insert(seed.connection, seed.data, (seed.number, &code), (&subject_of(&code), &office), (seed.came, seed.file))?;
    seed.connection
        .prepare_cached("UPDATE counter SET last = ?1")
        .and_then(|mut update| update.execute([seed.number]))
        .map(drop)
        .map_err(LabError::database(seed.data))
}

fn insert(
    connection: &Connection,
    data: &Path,
    (number, code): (u32, &str),
    (subject, issuer): (&str, &str),
    (came, file): (i64, bool),
) -> Result<(), LabError> {
    let files = write_file(data, "documents", code, &filler(code, number), file)?;
    connection
        .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .and_then(|mut insert| insert.execute(params![number, code, subject, issuer, IN_FORCE, came, files.0, files.1]))
        .map(drop)
        .map_err(LabError::database(data))
}

/// Issues a document: takes the next number and writes the document in one transaction, so that no number is ever without
/// one. Gives its code.
pub(in super::super) fn issue(
    connection: &mut Connection,
    entry: &Entry,
    data: &Path,
    subject: &str,
    issuer: &str,
) -> Result<String, LabError> {
    let said = LabError::database(data);
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(&said)?;
    let number: u32 = transaction
        .query_row("UPDATE counter SET last = last + 1 RETURNING last", [], |row| row.get(0))
        .map_err(&said)?;
    let code = entry.code_of(number);
    insert(&transaction, data, (number, &code), (subject, issuer), (moment::now(), number.is_multiple_of(20)))?;
    transaction.commit().map_err(&said)?;
    Ok(code)
}

/// There are as many documents as the last number says, and the newest has it.
fn no_gap(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let (count, newest, last): (u32, u32, u32) = connection.query_row(
        "SELECT (SELECT count(*) FROM records), (SELECT coalesce(max(number), 0) FROM records), last FROM counter",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok((count != last || newest != last)
        .then(|| format!("numbers have a gap: documents {count}, newest {newest}, last number given {last}")))
}
