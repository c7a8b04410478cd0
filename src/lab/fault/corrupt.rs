//! `corrupt`: bytes of the database are flipped, as a failing disk does; its size stays as it was.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use super::super::LabError;
use super::super::data;
use super::super::ward::Ward;

const PAGE_BYTES: u64 = 4096;
/// How many bytes of a page's beginning, where its structure is.
const FLIPPED: usize = 64;

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    let path = data::database(&ward.home()?.data(), &ward.entry);
    let said = LabError::file;
    let mut file = File::options().read(true).write(true).open(&path).map_err(said(&path))?;
    let size = file.metadata().map_err(said(&path))?.len();
    let mut pages = 0_u32;
    // The first page keeps its header, so that the file is still taken for a database.
    let mut at = PAGE_BYTES;
    while at + PAGE_BYTES <= size {
        let mut head = [0_u8; FLIPPED];
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut head)).map_err(said(&path))?;
        for byte in &mut head {
            *byte = !*byte;
        }
        file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(&head)).map_err(said(&path))?;
        pages += 1;
        at += PAGE_BYTES;
    }
    Ok(format!("pages={pages}"))
}
