//! `power-off`: processes are gone at once, in the middle of a transaction. `all: 1` takes every system of the lab.

use std::fs;
use std::sync::PoisonError;

use rusqlite::Connection;
use rustix::process::Signal;

use super::super::ward::Ward;
use super::super::{LabError, data};

/// Cuts the power of one system: a transaction is left half done, the process is gone.
pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    match ward.signal(Signal::KILL) {
        // What does not run already has no process to lose.
        Ok(()) | Err(LabError::NotRunning { .. }) => {}
        Err(error) => return Err(error),
    }
    let journal = leave_half_done(ward)?;
    Ok(format!("process=killed journal={}", if journal { "hot" } else { "none" }))
}

/// Leaves the database as a writer leaves it who loses power in the middle: pages half written, the journal beside it.
fn leave_half_done(ward: &Ward) -> Result<bool, LabError> {
    let data = ward.home()?.data();
    let path = data::database(&data, &ward.entry);
    if !path.exists() {
        return Ok(false);
    }
    let journal = path.with_file_name(format!("{}.db-journal", ward.entry.id));
    // Nobody else of ours reads the file meanwhile: closing it would let go of SQLite's locks.
    let _alone = ward.replica.lock().unwrap_or_else(PoisonError::into_inner);
    let begin = || -> rusqlite::Result<Connection> {
        let connection = data::open_file(&path, true).map_err(|_| rusqlite::Error::InvalidQuery)?;
        // Few pages in memory: the others are written before the transaction is done.
        connection.pragma_update(None, "cache_size", 4)?;
        connection.execute_batch("BEGIN IMMEDIATE; DELETE FROM records WHERE number % 2 = 0;")?;
        Ok(connection)
    };
    // A database that is damaged or encrypted takes no transaction; there is nothing to leave half done.
    let Ok(connection) = begin() else { return Ok(false) };
    let both = fs::read(&path).and_then(|pages| Ok((pages, fs::read(&journal)?)));
    let rolled_back = connection.execute_batch("ROLLBACK");
    drop(connection);
    rolled_back.map_err(LabError::database(&path))?;
    let Ok((pages, log)) = both else { return Ok(false) };
    fs::write(&journal, log).map_err(LabError::file(&journal))?;
    fs::write(&path, pages).map_err(LabError::file(&path))?;
    Ok(true)
}
