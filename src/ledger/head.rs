//! What a process knows of the log: enough to say what may follow and where, without reading it from its start.

use std::collections::BTreeMap;
use std::path::Path;

use super::LedgerError;
use super::layout::{Layout, SEGMENT};
use super::lines::Entry;
use super::storage::{Handle, How, Storage, fill};
use super::tree::{self, Tile, Tree};
use crate::model::record::Envelope;
use crate::model::{Body, Draft, Lifecycle, Record, RunId};

/// The state after the last whole line that was seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// What the log says of all runs; its size is the number of lines.
    pub(super) life: Lifecycle,
    /// Where the last line ends in its segment, LF included.
    pub(super) end: u64,
    /// The last line, with its LF.
    pub(super) last: Vec<u8>,
    pub(super) tree: Tree,
    /// Tiles that became full since the index was written.
    pub(super) full: Vec<Tile>,
    /// Where the records stand that the index does not name yet.
    pub(super) fresh: BTreeMap<RunId, Vec<Entry>>,
    /// How many entries the index has of each run.
    pub(super) indexed: BTreeMap<RunId, u64>,
    /// Up to which size the index goes.
    pub(super) snapshot: u64,
    /// The ledger's name and key, from record 0.
    pub(super) origin: String,
    pub(super) vkey: String,
}

/// What stands after the last whole line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing.
    Nothing,
    /// A line that was begun: these bytes, in the segment of the next record.
    Torn(Vec<u8>),
}

/// The log is not what it was when it was read last: lines that had been seen were cut.
#[derive(Debug)]
pub(super) enum CatchUp {
    Changed,
    Failed(LedgerError),
}

impl From<LedgerError> for CatchUp {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error)
    }
}

impl Head {
    /// The number of whole lines.
    pub(super) fn size(&self) -> u64 {
        self.life.size
    }

    /// Where the next line goes: its segment and the offset in it.
    pub(super) fn next(&self) -> (u64, u64) {
        let size = self.size();
        (size / SEGMENT, if size.is_multiple_of(SEGMENT) { 0 } else { self.end })
    }

    /// Takes in a whole line (without its LF) that stands at the next place.
    pub(super) fn take(&mut self, layout: &Layout, line: &[u8]) -> Result<(), LedgerError> {
        let seq = self.size();
        let damaged = |source: Box<dyn std::error::Error + Send + Sync>| LedgerError::Damaged {
            seq,
            file: layout.segment(seq / SEGMENT),
            source,
        };
        let envelope = Envelope::from_line(line).map_err(|e| damaged(Box::new(e)))?;
        if envelope.seq != seq {
            return Err(damaged(Box::new(super::error::Misplaced(envelope.seq))));
        }
        if Lifecycle::looks_into(envelope.kind) || self.size() == 0 {
            let record = Record::from_line(line).map_err(|e| damaged(Box::new(e)))?;
            self.note_first(&record.draft);
            self.life.apply(seq, &record.draft);
            self.place(record.draft.run, line);
        } else {
            let run = envelope.run.map(str::parse).transpose().map_err(|e| damaged(Box::new(e)))?;
            self.life.apply_plain(seq);
            self.place(run, line);
        }
        Ok(())
    }

    /// Keeps the ledger's name and key where `draft` is record 0.
    pub(super) fn note_first(&mut self, draft: &Draft) {
        if let Body::LedgerCreated(created) = &draft.body {
            self.origin.clone_from(&created.origin);
            self.vkey.clone_from(&created.vkey);
        }
    }

    /// Keeps where a line stands that was just taken in.
    pub(super) fn place(&mut self, run: Option<RunId>, line: &[u8]) {
        let seq = self.size() - 1;
        let offset = if seq.is_multiple_of(SEGMENT) { 0 } else { self.end };
        self.end = offset + line.len() as u64 + 1;
        self.last.clear();
        self.last.extend_from_slice(line);
        self.last.push(b'\n');
        self.tree.push(tree::leaf(line), &mut self.full);
        if let Some(run) = run {
            self.fresh.entry(run).or_default().push(Entry { seq, offset });
        }
    }

    /// Takes in what was appended since, after making sure that the last known line still stands where it stood.
    pub(super) fn catch_up(&mut self, layout: &Layout, files: &mut Files) -> Result<After, CatchUp> {
        // Mostly there is nothing new: enough to see that the last line stands, and some more.
        let mut buffer = vec![0; self.last.len() + 4096];
        let size = self.size();
        let (mut segment, mut at) = self.next();
        if size > 0 {
            segment = (size - 1) / SEGMENT;
            at = self.end - self.last.len() as u64;
        }
        let mut known = self.last.len();
        let mut rest: Vec<u8> = Vec::new();
        loop {
            let Some(file) = files.segment(layout, segment)? else {
                return if known > 0 { Err(CatchUp::Changed) } else { Ok(After::Nothing) };
            };
            let path = layout.segment(segment);
            let read = fill(file, &mut buffer, at).map_err(LedgerError::io(&path))?;
            at += read as u64;
            rest.extend_from_slice(&buffer[..read]);
            if known > 0 {
                if rest.len() < known && read == buffer.len() {
                    continue;
                }
                if rest.get(..known) != Some(self.last.as_slice()) {
                    return Err(CatchUp::Changed);
                }
                rest.drain(..known);
                known = 0;
            }
            let mut used = 0;
            while let Some(end) = rest[used..].iter().position(|b| *b == b'\n') {
                if self.size() / SEGMENT != segment {
                    break;
                }
                self.take(layout, &rest[used..used + end])?;
                used += end + 1;
            }
            rest.drain(..used);
            if self.size() / SEGMENT != segment {
                if !rest.is_empty() {
                    return Err(CatchUp::Failed(LedgerError::Damaged {
                        seq: self.size(),
                        file: path,
                        source: "more lines than a segment has".into(),
                    }));
                }
                segment += 1;
                at = 0;
            } else if read < buffer.len() {
                return Ok(if rest.is_empty() { After::Nothing } else { After::Torn(rest) });
            } else if buffer.len() < 1024 * 1024 {
                buffer.resize((buffer.len() * 16).min(1024 * 1024), 0);
            }
        }
    }
}

/// The segment that is open.
#[derive(Debug)]
pub(super) struct Files {
    storage: std::sync::Arc<dyn Storage>,
    how: How,
    open: Option<(u64, Box<dyn Handle>)>,
}

impl Files {
    pub(super) fn new(storage: std::sync::Arc<dyn Storage>, how: How) -> Self {
        Self { storage, how, open: None }
    }

    /// Closes what is open: what comes next is read anew.
    pub(super) fn close(&mut self) {
        self.open = None;
    }

    /// Segment `number`; nothing where it is not there.
    pub(super) fn segment(&mut self, layout: &Layout, number: u64) -> Result<Option<&dyn Handle>, LedgerError> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != number) {
            let path = layout.segment(number);
            match self.storage.open(&path, self.how) {
                Ok(file) => self.open = Some((number, file)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(LedgerError::io(&path)(error)),
            }
        }
        Ok(self.open.as_ref().map(|(_, file)| file.as_ref()))
    }

    /// Makes segment `number`, with its folder's entry durable before its first line.
    pub(super) fn create(&mut self, layout: &Layout, number: u64) -> std::io::Result<()> {
        let path: &Path = &layout.segment(number);
        let file = self.storage.open(path, How::Create)?;
        self.storage.sync_folder(&layout.log())?;
        self.open = Some((number, file));
        Ok(())
    }
}
