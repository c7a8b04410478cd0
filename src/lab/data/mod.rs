//! The data of the practice systems: a SQLite database and files beside it, all plainly made up and the same on every
//! machine but for the times.

pub(super) mod documents;
mod dossiers;
pub(super) mod exchange;
pub(super) mod figures;
mod kind;
pub(super) mod mail;
pub(super) mod meetings;
mod nights;
mod pages;
pub(super) mod standin;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::LabError;
use super::entry::Entry;
use super::moment;
use super::place::Home;
use crate::model::Digest;

pub(super) use dossiers::{APPLICANT, Dossier, PROCEDURES, asked};
use kind::Seed;
pub(super) use nights::{copy_tree, files, sign};
pub(super) use pages::first_words;

/// What a folder of data holds, after it was really read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    /// How many records.
    pub(super) records: u32,
    /// The code of the newest.
    pub(super) newest: String,
    /// When the newest came, in microseconds.
    pub(super) newest_at: i64,
}

/// When each record came: what the whole lab's story rests on.
#[derive(Clone, Copy, Debug)]
struct Story<'a> {
    entry: &'a Entry,
    now: i64,
}

impl Story<'_> {
    /// When the copy of night `night` was made.
    fn night(self, night: u32) -> i64 {
        moment::last_night(self.now) - moment::DAY * i64::from(self.entry.nights.saturating_sub(night + 1))
    }

    /// When record `number` (from 1) came.
    fn came(self, number: u32) -> i64 {
        let mut from = (0, self.night(0) - moment::DAY * 120);
        for night in 0..=self.entry.nights {
            let to = if night < self.entry.nights {
                (self.entry.at_night(night), self.night(night))
            } else {
                (self.entry.records, self.now)
            };
            if number <= to.0 {
                let steps = i64::from(to.0 - from.0) + 1;
                return from.1 + (to.1 - from.1) / steps * i64::from(number - from.0);
            }
            from = to;
        }
        self.now
    }
}

/// Makes a system's data as it is now, and its nightly copies, the newest of them damaged after its seal was made.
pub(super) fn make(home: &Home, entry: &Entry) -> Result<(), LabError> {
    let story = Story { entry, now: moment::now() };
    let data = home.data();
    fs::create_dir_all(&data).map_err(LabError::file(&data))?;
    let path = database(&data, entry);
    let said = LabError::database(&path);
    let mut connection = Connection::open(&path).map_err(&said)?;
    // Made-up data that a crash may take: nothing waits for the disk here.
    connection.pragma_update(None, "synchronous", "OFF").map_err(&said)?;
    connection.execute_batch(kind::of(entry.serves).table).map_err(&said)?;
    let mut done = 0;
    for night in 0..entry.nights {
        let upto = entry.at_night(night);
        grow(&mut connection, &data, story, done, upto)?;
        done = upto;
        nights::keep(&connection, home, story, night)?;
    }
    grow(&mut connection, &data, story, done, entry.records)?;
    nights::damage_newest(home, story)
}

fn grow(connection: &mut Connection, data: &Path, story: Story, from: u32, upto: u32) -> Result<(), LabError> {
    let path = database(data, story.entry);
    let said = LabError::database(&path);
    let transaction = connection.transaction().map_err(&said)?;
    let kind = kind::of(story.entry.serves);
    let documents = story.entry.documents;
    let every = (documents > 0).then(|| story.entry.records.div_ceil(documents).max(1));
    for number in from + 1..=upto {
        (kind.seed)(&Seed {
            entry: story.entry,
            number,
            came: story.came(number),
            connection: &transaction,
            data,
            // Only some at each time have a file, so that a copy stays small.
            file: every.is_some_and(|every| number % every == 0),
        })?;
    }
    transaction.commit().map_err(&said)
}

/// The database file in a folder of data.
pub(super) fn database(data: &Path, entry: &Entry) -> PathBuf {
    data.join(format!("{}.db", entry.id))
}

/// Opens the database in `data` as it lies on the disk now; never makes one.
pub(super) fn open(data: &Path, entry: &Entry, write: bool) -> Result<Connection, LabError> {
    open_file(&database(data, entry), write)
}

/// As [`open`], for a database file that is named.
pub(super) fn open_file(path: &Path, write: bool) -> Result<Connection, LabError> {
    let mode = if write { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    let connection =
        Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(LabError::database(path))?;
    connection.busy_timeout(std::time::Duration::from_secs(2)).map_err(LabError::database(path))?;
    Ok(connection)
}

/// Reads the data in `data` for true: the whole database page by page, and the files beside it against their digests.
pub(super) fn check(data: &Path, entry: &Entry) -> Result<Held, LabError> {
    let unsound = |why: String| LabError::Unsound { folder: data.to_owned(), why };
    let words = |error: rusqlite::Error| unsound(error.to_string());
    let connection = open(data, entry, false)?;
    let first: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(words)?;
    if first != "ok" {
        return Err(unsound(first.lines().next().unwrap_or_default().to_owned()));
    }
    let held = held(&connection).map_err(words)?;
    let kind = kind::of(entry.serves);
    if let Some(sound) = kind.sound
        && let Some(why) = sound(&connection).map_err(words)?
    {
        return Err(unsound(why));
    }
    let mut files = connection.prepare(kind.files).map_err(words)?;
    let mut rows = files.query([]).map_err(words)?;
    while let Some(row) = rows.next().map_err(words)? {
        let (name, digest): (String, String) = (row.get(0).map_err(words)?, row.get(1).map_err(words)?);
        let bytes = fs::read(data.join(&name)).map_err(|error| unsound(format!("{name}: {error}")))?;
        if Digest::of(&bytes).hex() != digest {
            return Err(unsound(format!("{name}: changed")));
        }
    }
    Ok(held)
}

/// Whether the pages of the database hold together.
pub(super) fn pages_hold(data: &Path, entry: &Entry) -> bool {
    let look =
        |connection: Connection| connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    open(data, entry, false).is_ok_and(|connection| look(connection).is_ok_and(|first| first == "ok"))
}

/// How many records `data` hold and how many the system's own log says were taken in up to the newest of them, where
/// they are fewer.
pub(super) fn missing(home: &Home, data: &Path, entry: &Entry) -> Option<(u32, u32)> {
    let connection = open(data, entry, false).ok()?;
    let stated = home.stated(newest_number(&connection).ok()?)?;
    let there: u32 = connection.query_row("SELECT count(*) FROM records", [], |row| row.get(0)).ok()?;
    (there < stated.records).then_some((there, stated.records))
}

/// How many records there are, and the newest.
pub(super) fn held(connection: &Connection) -> rusqlite::Result<Held> {
    let records: u32 = connection.query_row("SELECT count(*) FROM records", [], |row| row.get(0))?;
    connection.query_row("SELECT code, came FROM records ORDER BY number DESC LIMIT 1", [], |row| {
        Ok(Held { records, newest: row.get(0)?, newest_at: row.get(1)? })
    })
}

/// The number of the newest record.
pub(super) fn newest_number(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("SELECT coalesce(max(number), 0) FROM records", [], |row| row.get(0))
}

/// How many records there are that came no later than `moment`.
pub(super) fn held_at(connection: &Connection, moment: i64) -> rusqlite::Result<u32> {
    connection.query_row("SELECT count(*) FROM records WHERE came <= ?1", [moment], |row| row.get(0))
}

/// When the newest record came that came no later than `moment`.
pub(super) fn newest_at(connection: &Connection, moment: i64) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(came), 0) FROM records WHERE came <= ?1", [moment], |row| row.get(0))
}

/// Whether the nightly copies are those of the last night, and all there.
pub(super) fn copies_are_fresh(home: &Home, entry: &Entry) -> bool {
    nights::fresh(home, Story { entry, now: moment::now() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_in_the_order_of_their_numbers_and_each_night_lies_between_its_own() {
        for entry in super::super::entry::shipped().unwrap() {
            let story = Story { entry: &entry, now: moment::now() };
            let times: Vec<i64> = (1..=entry.records).map(|number| story.came(number)).collect();
            assert!(times.is_sorted_by(|a, b| a < b), "{}", entry.id);
            assert!(times.last().is_some_and(|last| *last <= story.now));
            for night in 0..entry.nights {
                let held = entry.at_night(night) as usize;
                assert!(times[held - 1] < story.night(night) && story.night(night) <= times[held], "{}", entry.id);
            }
        }
    }
}
