//! Reads lines of the log at known places, a window at a time.

use std::path::PathBuf;

use super::LedgerError;
use super::layout::{Layout, SEGMENT};
use super::storage::{Handle, How, Storage, fill};
use crate::model::record::MAX_LINE;

/// Where a record stands: its number, and the offset of its line in its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) offset: u64,
}

/// Bytes of an [`Entry`] in the index: two big-endian numbers.
pub(super) const ENTRY: usize = 16;

impl Entry {
    pub(super) fn to_bytes(self) -> [u8; ENTRY] {
        let mut bytes = [0; ENTRY];
        bytes[..8].copy_from_slice(&self.seq.to_be_bytes());
        bytes[8..].copy_from_slice(&self.offset.to_be_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; ENTRY]) -> Self {
        let mut halves = bytes.as_chunks::<8>().0.iter().map(|half| u64::from_be_bytes(*half));
        Self { seq: halves.next().unwrap_or(0), offset: halves.next().unwrap_or(0) }
    }
}

/// A window on the log.
pub(super) struct Lines<'a> {
    storage: &'a dyn Storage,
    layout: &'a Layout,
    segment: Option<(u64, PathBuf, Box<dyn Handle>)>,
    start: u64,
    window: Vec<u8>,
    size: usize,
}

impl<'a> Lines<'a> {
    /// `size` bytes are read at once; at least a whole line's.
    pub(super) fn new(storage: &'a dyn Storage, layout: &'a Layout, size: usize) -> Self {
        Self { storage, layout, segment: None, start: 0, window: Vec::new(), size: size.max(MAX_LINE + 1) }
    }

    /// The line at `offset` of segment `number`, without its LF; nothing where no whole line stands there.
    pub(super) fn at(&mut self, number: u64, offset: u64) -> Result<Option<&[u8]>, LedgerError> {
        let same = self.segment.as_ref().is_some_and(|(open, ..)| *open == number);
        if !same {
            let path = self.layout.segment(number);
            let file = match self.storage.open(&path, How::Read) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                other => other.map_err(LedgerError::io(&path))?,
            };
            self.segment = Some((number, path, file));
            self.window.clear();
        }
        let inside = |start: u64, window: &[u8]| {
            let from = usize::try_from(offset.checked_sub(start)?).ok()?;
            let end = window.get(from..)?.iter().position(|b| *b == b'\n')?;
            Some((from, from + end))
        };
        if inside(self.start, &self.window).is_none() {
            let Some((_, path, file)) = &self.segment else { return Ok(None) };
            self.window.resize(self.size, 0);
            let read = fill(file.as_ref(), &mut self.window, offset).map_err(LedgerError::io(path))?;
            self.window.truncate(read);
            self.start = offset;
        }
        Ok(inside(self.start, &self.window).map(|(from, end)| &self.window[from..end]))
    }

    /// The line of an entry.
    pub(super) fn of(&mut self, entry: Entry) -> Result<Option<&[u8]>, LedgerError> {
        self.at(entry.seq / SEGMENT, entry.offset)
    }
}
