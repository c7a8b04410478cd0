//! `fill-disk`: a log that grew takes all the room that the lab gives the system. One real file of the lab's own; the
//! machine's disk is never filled.

use std::fs::{self, File};
use std::io::Write as _;

use super::super::LabError;
use super::super::ground::{self, QUOTA_BYTES};
use super::super::ward::Ward;

/// What the machine must have left after it, in bytes.
const MACHINE_BYTES: u64 = 256 << 20;
const LINE: &[u8; 64] = b"DEBUG moi truong dien tap: nhat ky go loi duoc ghi qua nhieu...\n";

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    let home = ward.home()?;
    let path = home.filler();
    let said = LabError::file;
    ground::remove(&path)?;
    let folder = home.site().join("logs");
    fs::create_dir_all(&folder).map_err(said(&folder))?;
    let stat = rustix::fs::statvfs(&folder).map_err(|error| said(&folder)(error.into()))?;
    if stat.f_bavail.saturating_mul(stat.f_frsize) < MACHINE_BYTES + QUOTA_BYTES {
        return Err(said(&path)(std::io::ErrorKind::StorageFull.into()));
    }
    let bytes = home.room();
    let block = LINE.repeat(1024);
    let mut file = File::create(&path).map_err(said(&path))?;
    let mut left = bytes;
    while left > 0 {
        let part = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        file.write_all(&block[..part]).map_err(said(&path))?;
        left -= part as u64;
    }
    Ok(format!("bytes={bytes}"))
}
