//! The log of the requests that were forwarded.

use rusqlite::{Connection, params};

use super::super::LabError;
use super::super::entry::Entry;
use super::super::moment;
use super::kind::{Kind, NO_FILES, Seed};

pub(super) const KIND: Kind = Kind { table: TABLE, files: NO_FILES, seed, sound: None };

const TABLE: &str = "CREATE TABLE records (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, route TEXT NOT NULL, client TEXT NOT NULL,
    key TEXT NOT NULL, status INTEGER NOT NULL, came INTEGER NOT NULL);
    CREATE INDEX records_came ON records (came);";

fn seed(seed: &Seed) -> Result<(), LabError> {
    let routes = &seed.entry.links;
    let route = routes.get(seed.number as usize % routes.len().max(1)).map_or("", |link| link.to.as_str());
    let key = (seed.number * 7 % 60 + 1).to_string();
    insert(seed.connection, seed.entry, seed.number, (route, "one-stop", &key, 200), seed.came)
        .map(drop)
        .map_err(LabError::database(seed.data))
}

fn insert(
    connection: &Connection,
    entry: &Entry,
    number: u32,
    (route, client, key, status): (&str, &str, &str, u16),
    came: i64,
) -> rusqlite::Result<String> {
    let code = entry.code_of(number);
    connection
        .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![number, code, route, client, key, status, came])?;
    Ok(code)
}

/// Writes down a request that was forwarded, or could not be: route, client, key and status. Gives its code.
pub(in super::super) fn log(
    connection: &mut Connection,
    entry: &Entry,
    what: (&str, &str, &str, u16),
) -> rusqlite::Result<String> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let number: u32 =
        transaction.query_row("SELECT coalesce(max(number), 0) + 1 FROM records", [], |row| row.get(0))?;
    let code = insert(&transaction, entry, number, what, moment::now())?;
    transaction.commit()?;
    Ok(code)
}
