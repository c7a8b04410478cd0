//! A database file of `SQLite`: copied, checked by `SQLite` itself, its rows counted.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, Error, OpenFlags};

use super::check::Shown;
use super::files::full;
use super::rows;
use super::verdict::{Basis, Problem, Proof, Why};
use super::workbench::Workbench;
use super::{Request, Target};
use crate::backup::{BackupError, Cancel, digest, paths};

/// Lines of the database's own check that are kept.
const LINES: usize = 20;
const LOOK: Duration = Duration::from_millis(20);

/// Copies the file and what belongs to it, has it checked, and counts the rows that have to be there.
///
/// The copy is opened, never the original: opening a database may write to it.
pub(super) fn restore(
    target: &Target,
    request: &Request,
    proof: &mut Proof,
    bench: &Workbench,
    cancel: &Cancel,
) -> Result<Option<(Shown, Shown)>, BackupError> {
    let wanted = rows::expected(target, request)?;
    let to = bench.folder("restored")?;
    let name = target.item.file_name().unwrap_or_default();
    let restored = to.join(name);
    // A log that was not yet taken into the file belongs to it.
    for (suffix, needed) in [("", true), ("-wal", false), ("-journal", false)] {
        let from = paths::beside(&target.item, suffix);
        if needed || from.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            copy(&from, &paths::beside(&restored, suffix), proof, bench, cancel)?;
        }
    }
    proof.restored = 1;
    let checked = std::sync::Mutex::new(None);
    let done = watched(&restored, cancel, |connection| {
        let sound = sound(connection)?;
        *checked.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(sound);
        Ok(())
    });
    let lines = checked.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    match (done?, lines) {
        (Ok(()), Some(lines)) if lines.is_empty() => proof.holds_by(Basis::Structure),
        (Ok(()), lines) => {
            for line in lines.into_iter().flatten() {
                proof.found(Problem::new(Why::Damaged).saying(line));
            }
        }
        (Err(error), _) => {
            proof.found(problem(&error));
            return Ok(None);
        }
    }
    rows::count(wanted, proof, |table| {
        let mut found = None;
        let done = watched(&restored, cancel, |connection| {
            found = rows_of(connection, table)?;
            Ok(())
        })?;
        Ok(done.map(|()| found).map_err(|error| error.to_string()))
    })?;
    proof.was_restored();
    let nothing = bench.folder("nothing")?;
    let show = |file: PathBuf, folder: &Path| Shown {
        restored: file.into_os_string(),
        folder: folder.to_owned(),
        env: std::collections::BTreeMap::new(),
    };
    Ok(Some((show(nothing.join(name), &nothing), show(restored, &to))))
}

fn copy(from: &Path, to: &Path, proof: &mut Proof, bench: &Workbench, cancel: &Cancel) -> Result<(), BackupError> {
    let mut source = digest::open(from).map_err(BackupError::read(from))?;
    let size = source.metadata().map_err(BackupError::read(from))?.len();
    if let Some(most) = bench.most().filter(|most| proof.bytes + size > *most) {
        return Err(BackupError::TooBig { most });
    }
    bench.holds(size)?;
    cancel.check()?;
    let mut target = fs::File::create_new(to).map_err(BackupError::write(to))?;
    std::io::copy(&mut source, &mut target).map_err(|error| full(BackupError::write(to)(error), bench))?;
    proof.bytes += size;
    Ok(())
}

/// Works on the database; `cancel` ends a question that takes long.
fn watched(
    path: &Path,
    cancel: &Cancel,
    work: impl FnOnce(&Connection) -> Result<(), Error>,
) -> Result<Result<(), Error>, BackupError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match Connection::open_with_flags(path, flags) {
        Ok(connection) => connection,
        Err(error) => return Ok(Err(error)),
    };
    // What the file itself defines may not call functions with effects (sqlite.org/security.html).
    let careful =
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;");
    if let Err(error) = careful {
        return Ok(Err(error));
    }
    let handle = connection.get_interrupt_handle();
    let over = AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                if cancel.is_set() {
                    handle.interrupt();
                }
                std::thread::sleep(LOOK);
            }
        });
        let done = work(&connection);
        over.store(true, Ordering::Release);
        done
    });
    cancel.check()?;
    Ok(done)
}

/// What the database's own check complains of.
fn sound(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({LINES})"))?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let lines: Result<Vec<String>, Error> = lines.collect();
    Ok(lines?.into_iter().filter(|line| line != "ok").collect())
}

/// The rows of a table; nothing where there is no such table.
fn rows_of(connection: &Connection, table: &str) -> Result<Option<u64>, Error> {
    let known: i64 = connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1",
        [table],
        |row| row.get(0),
    )?;
    if known == 0 {
        return Ok(None);
    }
    let quoted = table.replace('"', "\"\"");
    let count: i64 = connection.query_row(&format!("SELECT count(*) FROM \"{quoted}\""), [], |row| row.get(0))?;
    Ok(Some(u64::try_from(count).unwrap_or(0)))
}

fn problem(error: &Error) -> Problem {
    Problem::new(Why::Damaged).saying(error)
}
