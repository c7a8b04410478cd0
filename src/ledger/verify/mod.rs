//! Verifying a ledger: every record, root, signature and object, from the files alone.
//!
//! The log is read once, in blocks that are hashed and parsed by several threads and judged in order by one. Memory does not
//! grow with the log, but for 8 bytes for each object that is named.

mod brief;
mod finding;
mod json;
mod judge;
mod line;
pub(super) mod malformed;
mod persons;
mod signed;
#[cfg(test)]
mod tampered;
#[cfg(test)]
mod tests;
mod work;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

pub use finding::{Finding, Severity, Verification};

use self::judge::Judge;
use self::work::{Block, Done, Seen};
use super::LedgerError;
use super::layout::{Layout, segment_name};
use super::lines::Lines;
use super::note::{PublicKey, base64, unbase64};
use super::storage::{Disk, Handle, How, Storage, fill, read_small};
use super::tree::Hash;
use crate::model::{Body, Record};

/// Bytes of the log that are worked through at once.
const BLOCK: usize = 512 * 1024;

/// The longest checkpoint that is read: C2SP notes with more signatures than anybody has are shorter.
const NOTE: usize = 64 * 1024;

/// Blocks that are underway at the same time.
const UNDERWAY: usize = 4;

/// What to verify against besides the ledger itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A head that was printed or noted down elsewhere.
    pub against: Option<HeadText>,
    /// Only the log and what was signed: no object is read, and none that is missing or unnamed is found.
    pub log_only: bool,
}

/// A head as minutes print it: `SIZE ROOT`, the number of records and the root of their tree in base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadText {
    /// The number of records.
    pub size: u64,
    /// Their root.
    pub root: Hash,
}

impl std::fmt::Display for HeadText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.size, base64(&self.root))
    }
}

/// The text is not a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a head of the form `SIZE ROOT`")]
pub struct InvalidHead;

impl std::str::FromStr for HeadText {
    type Err = InvalidHead;

    fn from_str(text: &str) -> Result<Self, InvalidHead> {
        let mut words = text.split([' ', ':', '\t', '\n']).filter(|word| !word.trim().is_empty());
        let (size, root) = (words.next().ok_or(InvalidHead)?, words.next().ok_or(InvalidHead)?);
        if words.next().is_some() {
            return Err(InvalidHead);
        }
        let size = size.parse().map_err(|_| InvalidHead)?;
        Ok(Self { size, root: unbase64(root.trim()).ok_or(InvalidHead)? })
    }
}

/// Verifies the ledger in `dir`. What is appended in the meantime is left for the next time.
///
/// # Errors
///
/// [`LedgerError::None`] where there is none, others where its files cannot be read. What does not hold is no error but a
/// finding.
pub fn verify(dir: &Path, options: &Options) -> Result<Verification, LedgerError> {
    verify_in(&Disk, dir, options)
}

/// A checkpoint as it stands in its file.
struct Sealed {
    /// Its path below the folder of the ledger.
    file: String,
    bytes: Vec<u8>,
    /// Whether [`Taken::key`] signed it.
    signed: bool,
}

/// The files as they stood when the verification began.
struct Taken {
    /// The number of each segment, from 0, and its bytes up to the last LF.
    segments: Vec<(u64, u64)>,
    /// Bytes after the last LF of the last segment.
    torn: u64,
    /// The first segment before the last that ends within a line, where nobody can go on.
    torn_within: Option<u64>,
    /// The first segment that is not there although a later one is.
    gap: Option<u64>,
    /// The checkpoints that are kept, by the size that their file's name says.
    checkpoints: BTreeMap<u64, Sealed>,
    /// The newest checkpoint.
    checkpoint: Option<Vec<u8>>,
    /// The key in the first line: whether that is a record is seen later.
    key: Option<PublicKey>,
}

pub(super) fn verify_in(storage: &dyn Storage, dir: &Path, options: &Options) -> Result<Verification, LedgerError> {
    let layout = Layout::new(dir);
    let mut taken = take(storage, &layout)?;
    check_signatures(storage, &layout, &mut taken)?;
    let records = taken.segments.iter().any(|(_, whole)| *whole > 0);
    if !records && taken.checkpoints.is_empty() {
        return Err(LedgerError::None { dir: dir.to_owned() });
    }
    let seen = Seen::new(!options.log_only);
    let mut judge = Judge::new(storage, &layout, &taken, options);
    scan(storage, &layout, &taken, &seen, &mut judge)?;
    judge.finish(&seen)
}

/// Looks at what is there, under the lock, so that an append underway is not taken for a torn line.
fn take(storage: &dyn Storage, layout: &Layout) -> Result<Taken, LedgerError> {
    // A copy on a medium that cannot be written has nobody who appends either.
    let _guard = storage.lock(&layout.lock(), true).ok();
    let names = storage.list(&layout.log()).map_err(LedgerError::io(&layout.log()))?;
    let mut segments = Vec::new();
    let mut torn = 0;
    let (mut torn_within, mut gap) = (None, None);
    for name in names {
        let Some(number) = name.to_str().and_then(|name| name.strip_suffix(".jsonl")?.parse::<u64>().ok()) else {
            continue;
        };
        let Some(number) = number.checked_sub(1).filter(|number| name.to_str() == Some(&segment_name(*number))) else {
            continue;
        };
        let path = layout.segment(number);
        let file = storage.open(&path, How::Read).map_err(LedgerError::io(&path))?;
        let length = file.len().map_err(LedgerError::io(&path))?;
        let whole = whole_lines(file.as_ref(), length).map_err(LedgerError::io(&path))?;
        if torn > 0 {
            torn_within = torn_within.or(segments.last().map(|(number, _)| *number));
        }
        let expected = segments.last().map_or(0, |(number, _)| number + 1);
        if number != expected {
            gap = gap.or(Some(expected));
        }
        torn = length - whole;
        segments.push((number, whole));
    }
    let folder = layout.checkpoints();
    let mut checkpoints = BTreeMap::new();
    for name in storage.list(&folder).map_err(LedgerError::io(&folder))? {
        let Some(size) = name.to_str().and_then(|name| name.parse::<u64>().ok()) else { continue };
        if name.to_str() != Some(&size.to_string()) {
            continue;
        }
        let path = folder.join(&name);
        if let Some(bytes) = read_small(storage, &path, NOTE).map_err(LedgerError::io(&path))? {
            checkpoints.insert(size, Sealed { file: format!("checkpoints/{size}"), bytes, signed: false });
        }
    }
    let path = layout.checkpoint();
    let checkpoint = read_small(storage, &path, NOTE).map_err(LedgerError::io(&path))?;
    // The newest covers what it covers, also where its twin in the folder is gone.
    if let Some(bytes) = &checkpoint
        && checkpoints.values().all(|kept: &Sealed| kept.bytes != *bytes)
        && let Some((_, stated)) = super::checkpoint::parse(bytes)
    {
        let newest = || Sealed { file: "checkpoint".to_owned(), bytes: bytes.clone(), signed: false };
        checkpoints.entry(stated.size).or_insert_with(newest);
    }
    Ok(Taken { segments, torn, torn_within, gap, checkpoints, checkpoint, key: None })
}

/// Checks the signatures of all checkpoints: with one at each run's end they cost as much as the log does, so all
/// threads share them.
fn check_signatures(storage: &dyn Storage, layout: &Layout, taken: &mut Taken) -> Result<(), LedgerError> {
    let mut lines = Lines::new(storage, layout, 0);
    let first = lines.at(0, 0)?.and_then(|line| Record::from_line(line).ok());
    let Some(Body::LedgerCreated(created)) = first.map(|record| record.draft.body) else { return Ok(()) };
    let Ok(key) = PublicKey::parse(&created.vkey) else { return Ok(()) };
    let mut sealed: Vec<_> = taken.checkpoints.values_mut().collect();
    let each = sealed.len().div_ceil(threads()).max(1);
    std::thread::scope(|scope| {
        for part in sealed.chunks_mut(each) {
            scope.spawn(|| {
                for sealed in part {
                    let note = super::note::Note::parse(&sealed.bytes);
                    sealed.signed = note.is_some_and(|note| key.verifies(&note));
                }
            });
        }
    });
    taken.key = Some(key);
    Ok(())
}

/// Threads that work at the same time.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(1, 4)
}

/// How many bytes of a file stand up to its last LF.
fn whole_lines(file: &dyn Handle, length: u64) -> io::Result<u64> {
    let mut end = length;
    let mut buffer = vec![0; 64 * 1024];
    while end > 0 {
        let start = end.saturating_sub(buffer.len() as u64);
        let part = usize::try_from(end - start).map_err(io::Error::other)?;
        let read = fill(file, &mut buffer[..part], start)?;
        if let Some(at) = buffer[..read].iter().rposition(|b| *b == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Reads the log, has its blocks worked through, and judges them in order.
fn scan(
    storage: &dyn Storage,
    layout: &Layout,
    taken: &Taken,
    seen: &Seen,
    judge: &mut Judge<'_>,
) -> Result<(), LedgerError> {
    let (to_work, for_work) = sync_channel::<Block>(UNDERWAY);
    let (to_judge, for_judge) = sync_channel::<Done>(UNDERWAY);
    let for_work = Arc::new(Mutex::new(for_work));
    std::thread::scope(|scope| {
        for _ in 0..threads() {
            let (for_work, to_judge) = (for_work.clone(), to_judge.clone());
            scope.spawn(move || {
                loop {
                    let block = for_work.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(block) = block else { break };
                    if to_judge.send(work::work(block, storage, layout, seen)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(to_judge);
        drop(for_work);
        let mut reader = Reader::new(storage, layout, &taken.segments);
        let result = pump(&mut reader, &to_work, &for_judge, judge);
        drop(to_work);
        result
    })
}

fn pump(
    reader: &mut Reader<'_>,
    to_work: &SyncSender<Block>,
    for_judge: &Receiver<Done>,
    judge: &mut Judge<'_>,
) -> Result<(), LedgerError> {
    let mut early: BTreeMap<usize, Done> = BTreeMap::new();
    let mut spare: Vec<Vec<u8>> = Vec::new();
    let (mut sent, mut judged) = (0, 0);
    let mut more = true;
    while more || judged < sent {
        while more && sent - judged < UNDERWAY {
            let block = reader.next(spare.pop().unwrap_or_default(), sent)?;
            more = block.is_some_and(|block| to_work.send(block).is_ok());
            sent += usize::from(more);
        }
        if judged == sent {
            break;
        }
        let Ok(done) = for_judge.recv() else { break };
        early.insert(done.number, done);
        while let Some(done) = early.remove(&judged) {
            judge.block(&done);
            spare.push(done.bytes);
            judged += 1;
        }
    }
    if let Some(segment) = reader.endless {
        judge.endless(segment);
    }
    Ok(())
}

/// Cuts the segments into blocks of whole lines.
struct Reader<'a> {
    storage: &'a dyn Storage,
    layout: &'a Layout,
    segments: std::slice::Iter<'a, (u64, u64)>,
    open: Option<(u64, Box<dyn Handle>, u64, u64)>,
    /// Set where a line is longer than a block: reading ends there.
    endless: Option<u64>,
}

impl<'a> Reader<'a> {
    fn new(storage: &'a dyn Storage, layout: &'a Layout, segments: &'a [(u64, u64)]) -> Self {
        Self { storage, layout, segments: segments.iter(), open: None, endless: None }
    }

    fn next(&mut self, mut bytes: Vec<u8>, number: usize) -> Result<Option<Block>, LedgerError> {
        loop {
            if self.endless.is_some() {
                return Ok(None);
            }
            if self.open.as_ref().is_none_or(|(_, _, at, end)| at == end) {
                let Some((segment, whole)) = self.segments.next() else { return Ok(None) };
                let path = self.layout.segment(*segment);
                let file = self.storage.open(&path, How::Read).map_err(LedgerError::io(&path))?;
                self.open = Some((*segment, file, 0, *whole));
                continue;
            }
            let Some((segment, file, at, end)) = &mut self.open else { return Ok(None) };
            let segment = *segment;
            let path = self.layout.segment(segment);
            let size = usize::try_from(*end - *at).unwrap_or(BLOCK).min(BLOCK);
            bytes.resize(size, 0);
            let read = fill(file.as_ref(), &mut bytes, *at).map_err(LedgerError::io(&path))?;
            let whole = bytes[..read].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            if whole == 0 {
                self.endless = Some(segment);
                return Ok(None);
            }
            bytes.truncate(whole);
            *at += whole as u64;
            return Ok(Some(Block { number, segment, bytes }));
        }
    }
}
