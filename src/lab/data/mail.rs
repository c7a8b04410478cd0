//! Messages, and the mailboxes that they are delivered into.

use std::path::Path;

use rusqlite::{Connection, params};

use super::super::LabError;
use super::super::entry::Entry;
use super::super::moment;
use super::kind::{Kind, NEWEST_FILES, Seed, filler, write_file};

pub(super) const KIND: Kind = Kind { table: TABLE, files: NEWEST_FILES, seed, sound: None };

const TABLE: &str = "CREATE TABLE records (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, recipients TEXT NOT NULL,
    subject TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL, came INTEGER NOT NULL, file TEXT, digest TEXT);
    CREATE INDEX records_came ON records (came);
    CREATE INDEX records_state ON records (number) WHERE state = 'queued';
    CREATE TABLE mailboxes (
    owner TEXT NOT NULL, number INTEGER NOT NULL, delivered INTEGER NOT NULL, seen INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (owner, number)) WITHOUT ROWID;";

/// How many officials have a mailbox.
pub(in super::super) const OFFICIALS: u32 = 96;

/// The mailbox of the official `number`, from 1.
pub(in super::super) fn mailbox(number: u32) -> String {
    format!("can-bo-mau-{:02}", (number.saturating_sub(1)) % OFFICIALS + 1)
}

/// What stands in the seeded message `code`, and in no other.
pub(in super::super) fn subject_of(code: &str) -> String {
    format!("Thư mẫu {code}")
}

fn seed(seed: &Seed) -> Result<(), LabError> {
    let code = seed.entry.code_of(seed.number);
    let to = mailbox(seed.number * 7 + 3);
    let files = write_file(seed.data, "attachments", &code, &filler(&code, seed.number), seed.file)?;
    let said = LabError::database(seed.data);
    seed.connection
        .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'delivered', ?7, ?8, ?9)")
        .and_then(|mut insert| {
            let (from, subject) = (mailbox(seed.number), subject_of(&code));
            let body = format!("Kính gửi {to}, nội dung mẫu của thư {code}.");
            insert.execute(params![seed.number, code, from, to, subject, body, seed.came, files.0, files.1])
        })
        .and_then(|_| put(seed.connection, &to, seed.number, seed.came))
        .map_err(said)
}

fn put(connection: &Connection, owner: &str, number: u32, at: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO mailboxes (owner, number, delivered) VALUES (?1, ?2, ?3)")?
        .execute(params![owner, number, at])
        .map(drop)
}

/// Takes a message over; it waits for its delivery. Gives its code.
pub(in super::super) fn accept(
    connection: &mut Connection,
    entry: &Entry,
    data: &Path,
    (from, to, subject, body): (&str, &str, &str, &str),
) -> Result<String, LabError> {
    let said = LabError::database(data);
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(&said)?;
    let number: u32 = transaction
        .query_row("SELECT coalesce(max(number), 0) + 1 FROM records", [], |row| row.get(0))
        .map_err(&said)?;
    let code = entry.code_of(number);
    let files = write_file(data, "attachments", &code, body, number.is_multiple_of(20))?;
    transaction
        .execute(
            "INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, ?9)",
            params![number, code, from, to, subject, body, moment::now(), files.0, files.1],
        )
        .map_err(&said)?;
    transaction.commit().map_err(&said)?;
    Ok(code)
}

/// Takes the message `code` out of every mailbox.
pub(in super::super) fn withdraw(connection: &Connection, code: &str) -> rusqlite::Result<()> {
    let number = "SELECT number FROM records WHERE code = ?1";
    connection.execute(&format!("DELETE FROM mailboxes WHERE number IN ({number})"), [code]).map(drop)
}

/// Puts every message that waits into the mailboxes of its recipients. Gives how many.
pub(in super::super) fn deliver(connection: &mut Connection) -> rusqlite::Result<u32> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let waiting: Vec<(u32, String)> = {
        let mut rows = transaction.prepare_cached(
            "SELECT number, recipients FROM records WHERE state = 'queued' ORDER BY number LIMIT 200",
        )?;
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
    };
    let now = moment::now();
    for (number, recipients) in &waiting {
        for owner in recipients.split(',').map(str::trim).filter(|owner| !owner.is_empty()) {
            put(&transaction, owner, *number, now)?;
        }
        transaction.prepare_cached("UPDATE records SET state = 'delivered' WHERE number = ?1")?.execute([number])?;
    }
    transaction.commit()?;
    Ok(u32::try_from(waiting.len()).unwrap_or(u32::MAX))
}
