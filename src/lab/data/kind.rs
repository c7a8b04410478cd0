//! What differs between the data of the small services: a table, the files beside it, one record, and what must hold.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::super::LabError;
use super::super::entry::{Entry, Serves};
use super::{documents, dossiers, exchange, figures, mail, meetings, pages, standin};
use crate::model::Digest;

/// Reads a database and says why it does not hold, or nothing.
pub(super) type Sound = fn(&Connection) -> rusqlite::Result<Option<String>>;

/// The data of one kind of service. Every table `records` has `number`, `code` and `came`.
pub(super) struct Kind {
    /// Makes the tables.
    pub(super) table: &'static str,
    /// Selects the files with their digests that a look at health reads.
    pub(super) files: &'static str,
    /// Writes one record that every lab has.
    pub(super) seed: fn(&Seed) -> Result<(), LabError>,
    /// What must hold beyond whole pages and whole files: why it does not.
    pub(super) sound: Option<Sound>,
}

/// One record that every lab has.
pub(super) struct Seed<'a> {
    pub(super) entry: &'a Entry,
    /// Its number, from 1.
    pub(super) number: u32,
    /// When it came, in microseconds.
    pub(super) came: i64,
    pub(super) connection: &'a Connection,
    /// The folder of the data.
    pub(super) data: &'a Path,
    /// Whether it has a file.
    pub(super) file: bool,
}

/// No files.
pub(super) const NO_FILES: &str = "SELECT '', '' WHERE 0";
/// The newest files of a table that keeps them beside some of its records.
pub(super) const NEWEST_FILES: &str =
    "SELECT file, digest FROM records WHERE file IS NOT NULL ORDER BY number DESC LIMIT 24";

pub(super) fn of(serves: Serves) -> &'static Kind {
    match serves {
        Serves::Mail => &mail::KIND,
        Serves::Exchange => &exchange::KIND,
        Serves::Documents => &documents::KIND,
        Serves::Dossiers => &dossiers::KIND,
        Serves::Pages => &pages::KIND,
        Serves::Figures => &figures::KIND,
        Serves::Conference => &meetings::KIND,
        Serves::Standin => &standin::KIND,
    }
}

/// Writes `text` as `folder/code.txt` in `data` where `wanted`; gives its name and digest for the database.
pub(super) fn write_file(
    data: &Path,
    folder: &str,
    code: &str,
    text: &str,
    wanted: bool,
) -> Result<(Option<String>, Option<String>), LabError> {
    if !wanted {
        return Ok((None, None));
    }
    let name = format!("{folder}/{code}.txt");
    let path = data.join(&name);
    let written = match fs::write(&path, text) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fs::create_dir_all(data.join(folder)).and_then(|()| fs::write(&path, text))
        }
        other => other,
    };
    written.map_err(LabError::file(&path))?;
    Ok((Some(name), Some(Digest::of(text.as_bytes()).hex())))
}

/// Twenty lines and a few of made-up content.
pub(super) fn filler(code: &str, number: u32) -> String {
    let mut text = "DỮ LIỆU MẪU - KHÔNG PHẢI VĂN BẢN THẬT\n\n".to_owned();
    for line in 1..=20 + number % 20 {
        text.push_str(&format!("Dòng {line}: nội dung mẫu của {code}\n"));
    }
    text
}
