//! Appending: take the lock, take in what others wrote, check, write, sync, let go.
//!
//! Threads of one process that append at the same time share one lock and one sync (`queue`).

use std::sync::Arc;

use super::admit::Trial;
use super::error::is_full;
use super::head::{After, Head};
use super::layout::SEGMENT;
use super::open::Inner;
use super::queue::Ticket;
use super::storage::How;
use super::{Ledger, LedgerError, index};
use crate::model::record::TailRepaired;
use crate::model::{Appended, Body, Draft, Durability, Journal, JournalError, Moment, Record, RunId};

/// A checkpoint is signed at least after so many records.
const SIGN_EVERY: u64 = 4096;

/// Bytes kept back for the time when the disk is full.
const BALLAST: usize = 256 * 1024;

/// Why a group could not be written: the same for all of it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the records were not appended")]
struct Together(#[source] Arc<LedgerError>);

/// Lines that are to be written, and the records they are of.
#[derive(Default)]
struct Group {
    bytes: Vec<u8>,
    /// Where in `bytes` a new segment begins, with its number.
    cuts: Vec<(usize, u64)>,
    records: Vec<(usize, Record)>,
    synced: bool,
    ended: bool,
}

impl Ledger {
    /// Appends the batches of `tickets` as far as each may follow, with one sync, and gives every one its result.
    pub(super) fn commit(&self, inner: &mut Inner, tickets: &[Arc<Ticket>]) {
        let mut refused: Vec<Option<JournalError>> = tickets.iter().map(|_| None).collect();
        match self.write_group(inner, tickets, &mut refused) {
            Ok(records) => {
                let mut appended: Vec<Vec<Record>> = tickets.iter().map(|_| Vec::new()).collect();
                for (ticket, record) in records {
                    if let Some(list) = appended.get_mut(ticket) {
                        list.push(record);
                    }
                }
                for ((ticket, refused), records) in tickets.iter().zip(refused).zip(appended) {
                    ticket.set(refused.map_or(Ok(Appended { records }), Err));
                }
            }
            Err(error) => {
                inner.head = None;
                inner.files.close();
                let full = match &error {
                    LedgerError::Io { source, .. } | LedgerError::NotSynced { source, .. } if is_full(source) => {
                        Some(source.kind())
                    }
                    _ => None,
                };
                if full.is_some() {
                    self.free_ballast();
                }
                let shared = Arc::new(error);
                for (ticket, refused) in tickets.iter().zip(refused) {
                    ticket.set(Err(match (refused, full) {
                        (Some(refused), _) => refused,
                        (None, Some(kind)) => JournalError::Full(kind.into()),
                        (None, None) => JournalError::Failed(Box::new(Together(shared.clone()))),
                    }));
                }
            }
        }
    }

    fn write_group(
        &self,
        inner: &mut Inner,
        tickets: &[Arc<Ticket>],
        refused: &mut [Option<JournalError>],
    ) -> Result<Vec<(usize, Record)>, LedgerError> {
        let Some(clock) = &self.clock else {
            return Err(LedgerError::ReadOnly { dir: self.layout.dir.clone() });
        };
        let lock = self.layout.lock();
        let _guard = self.storage.lock(&lock, true).map_err(LedgerError::io(&lock))?;
        let after = self.catch_up(inner)?;
        let mut repair = self.set_tail_aside(inner, after)?;
        let mut group = Group::default();
        let before = {
            let Some(head) = &mut inner.head else { return Err(LedgerError::None { dir: self.layout.dir.clone() }) };
            let before = (head.next(), head.last.clone());
            if head.size() > 0
                && let Some(draft) = repair.take()
            {
                take_batch(head, usize::MAX, std::slice::from_ref(&draft), &clock.0.now(), &mut group)
                    .map_err(|error| LedgerError::io(&lock)(std::io::Error::other(error)))?;
                group.synced = true;
            }
            for (number, ticket) in tickets.iter().enumerate() {
                match take_batch(head, number, &ticket.drafts, &clock.0.now(), &mut group) {
                    Ok(()) => group.synced |= ticket.durability == Durability::Synced,
                    Err(error) => refused[number] = Some(error),
                }
                if head.size() > 0
                    && let Some(draft) = repair.take()
                {
                    take_batch(head, usize::MAX, std::slice::from_ref(&draft), &clock.0.now(), &mut group)
                        .map_err(|error| LedgerError::io(&lock)(std::io::Error::other(error)))?;
                }
            }
            before
        };
        if !group.bytes.is_empty() {
            let ((segment, offset), last) = before;
            self.write_lines(inner, &group, segment, offset)
                .inspect_err(|_| self.cut_back(inner, segment, offset, &last))?;
            self.after_write(inner, &group);
        }
        group.records.retain(|(ticket, _)| *ticket != usize::MAX);
        Ok(group.records)
    }

    fn write_lines(&self, inner: &mut Inner, group: &Group, segment: u64, offset: u64) -> Result<(), LedgerError> {
        let path = self.layout.segment(segment);
        let first_cut = group.cuts.first().map_or(group.bytes.len(), |(at, _)| *at);
        if first_cut > 0 {
            let file = inner.files.segment(&self.layout, segment)?.ok_or_else(|| missing(&path))?;
            file.write_at(&group.bytes[..first_cut], offset).map_err(LedgerError::io(&path))?;
        }
        let ends = group.cuts.iter().skip(1).map(|(at, _)| *at).chain([group.bytes.len()]);
        for ((at, number), end) in group.cuts.iter().zip(ends) {
            // What stands in the segment before may not be left behind unsynced: nobody writes there again.
            if *number > 0 {
                let path = self.layout.segment(number - 1);
                let file = inner.files.segment(&self.layout, number - 1)?.ok_or_else(|| missing(&path))?;
                file.sync_data().map_err(|source| LedgerError::NotSynced { path, source })?;
            }
            let path = self.layout.segment(*number);
            inner.files.create(&self.layout, *number).map_err(LedgerError::io(&path))?;
            let file = inner.files.segment(&self.layout, *number)?.ok_or_else(|| missing(&path))?;
            file.write_at(&group.bytes[*at..end], 0).map_err(LedgerError::io(&path))?;
        }
        if group.synced {
            self.sync(inner)?;
        }
        Ok(())
    }

    /// Syncs the segment in which the last record stands.
    fn sync(&self, inner: &mut Inner) -> Result<(), LedgerError> {
        let Some(last) = inner.head.as_ref().and_then(|head| head.size().checked_sub(1)) else { return Ok(()) };
        let path = self.layout.segment(last / SEGMENT);
        let file = inner.files.segment(&self.layout, last / SEGMENT)?.ok_or_else(|| missing(&path))?;
        file.sync_data().map_err(|source| LedgerError::NotSynced { path, source })
    }

    /// After a failed write or sync: sets aside what this group wrote, so that none of it is there. Nothing is retried;
    /// files are closed, opened again and compared with what stood there before.
    fn cut_back(&self, inner: &mut Inner, segment: u64, offset: u64, last: &[u8]) {
        inner.files.close();
        let mut number = segment + 1;
        while self.storage.size(&self.layout.segment(number)).ok().flatten().is_some() {
            let _ = self.storage.open(&self.layout.segment(number), How::Write).and_then(|file| file.truncate(0));
            number += 1;
        }
        let path = self.layout.segment(segment);
        let cut = self.storage.open(&path, How::Write).and_then(|file| {
            file.truncate(offset)?;
            file.sync_all()
        });
        if let Err(error) = cut {
            tracing::warn!(path = %path.display(), %error, "cannot set aside what was not synced");
        }
        let whole = || {
            let file = self.storage.open(&path, How::Read).ok()?;
            let mut bytes = vec![0; last.len()];
            let start = offset.checked_sub(last.len() as u64)?;
            super::storage::fill(file.as_ref(), &mut bytes, start).ok()?;
            Some(bytes == last)
        };
        if offset > 0 && whole() != Some(true) {
            tracing::error!(path = %path.display(), "the last synced line does not stand where it stood");
        }
    }

    /// Moves a torn tail to an object and cuts it off; the record that says so.
    fn set_tail_aside(&self, inner: &mut Inner, after: After) -> Result<Option<Draft>, LedgerError> {
        let After::Torn(bytes) = after else { return Ok(None) };
        let object = self.keep(&[&bytes])?;
        let Some(head) = &inner.head else { return Ok(None) };
        let (segment, offset) = head.next();
        let path = self.layout.segment(segment);
        let file = inner.files.segment(&self.layout, segment)?.ok_or_else(|| missing(&path))?;
        file.truncate(offset).map_err(LedgerError::io(&path))?;
        Ok(Some(Draft::ledger(Body::TailRepaired(TailRepaired { bytes: object }))))
    }

    /// What hangs on records that are durable now: checkpoint, tiles, index. None of it makes the append fail.
    fn after_write(&self, inner: &mut Inner, group: &Group) {
        let Some(head) = &inner.head else { return };
        let size = head.size();
        if group.synced && (group.ended || size - inner.signed.min(size) >= SIGN_EVERY) {
            if let Some(checkpoint) = self.newest_checkpoint() {
                inner.signed = inner.signed.max(checkpoint.size);
            }
            if (group.ended || size - inner.signed.min(size) >= SIGN_EVERY)
                && let Err(error) = self.sign(inner)
            {
                tracing::warn!(%error, "cannot write a checkpoint");
            }
        }
        if let Some(head) = &mut inner.head
            && head.size() - head.snapshot >= index::EVERY
            && let Err(error) = index::store(self.storage.as_ref(), &self.layout, head)
        {
            tracing::warn!(%error, "cannot write the index");
        }
    }

    /// Keeps space back for the time when the disk is full, where there is plenty now.
    pub(super) fn fill_ballast(&self) {
        let path = self.layout.ballast();
        let storage = self.storage.as_ref();
        let there = storage.size(&path).ok().flatten().is_some();
        let plenty = storage.free(&self.layout.dir).is_ok_and(|free| free >= 8 * BALLAST as u64);
        if self.read_only || there || !plenty {
            return;
        }
        let made = storage
            .create_folder(&self.layout.spool())
            .and_then(|()| storage.open(&path, How::Create))
            .and_then(|file| file.write_at(&vec![0xa5; BALLAST], 0).and_then(|()| file.sync_all()));
        if made.is_err() {
            let _ = storage.remove(&path);
        }
    }

    /// Gives the space up.
    pub(super) fn free_ballast(&self) {
        let _ = self.storage.remove(&self.layout.ballast());
    }
}

/// Admits a batch and adds its lines to the group, or leaves everything as it was.
fn take_batch(
    head: &mut Head,
    ticket: usize,
    drafts: &[Draft],
    now: &Moment,
    group: &mut Group,
) -> Result<(), JournalError> {
    let first = head.size();
    let mut trial = Trial::default();
    let mut lines = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        let record = Record { seq: head.size(), written: now.clone(), draft: draft.clone() };
        let line = match trial.admit(&mut head.life, draft) {
            Err(refusal) => Err(JournalError::Refused { index, refusal }),
            Ok(()) => record.to_line().map_err(|error| LedgerError::TooLong(error).into()),
        };
        match line {
            Ok(line) => lines.push((record, line)),
            Err(error) => {
                trial.undo(&mut head.life);
                return Err(error);
            }
        }
    }
    // The lines are placed one by one: each needs the size that the log had after it.
    let size = head.size();
    for (seq, (record, line)) in (first..).zip(lines) {
        head.life.size = seq + 1;
        if seq.is_multiple_of(SEGMENT) {
            group.cuts.push((group.bytes.len(), seq / SEGMENT));
        }
        head.note_first(&record.draft);
        head.place(record.draft.run.clone(), &line);
        group.ended |= matches!(record.draft.body, Body::RunEnded(_));
        group.bytes.extend_from_slice(&line);
        group.bytes.push(b'\n');
        group.records.push((ticket, record));
    }
    head.life.size = size;
    Ok(())
}

fn missing(path: &std::path::Path) -> LedgerError {
    LedgerError::io(path)(std::io::ErrorKind::NotFound.into())
}

impl Journal for Ledger {
    fn append(&self, drafts: &[Draft], durability: Durability) -> Result<Appended, JournalError> {
        if drafts.is_empty() {
            return Ok(Appended { records: Vec::new() });
        }
        let ticket = Arc::new(Ticket::new(drafts.to_vec(), durability));
        let commit = |tickets: &[Arc<Ticket>]| self.commit(&mut self.inner(), tickets);
        let result = self.queue.through(&ticket, commit);
        result.unwrap_or_else(|| Err(LedgerError::None { dir: self.layout.dir.clone() }.into()))
    }

    fn records_of(&self, run: &RunId, from: u64) -> Result<Vec<Record>, JournalError> {
        Ok(self.read_run(run, from)?)
    }

    fn settled_records_of(&self, run: &RunId, from: u64) -> Result<Vec<Record>, JournalError> {
        {
            let mut inner = self.inner();
            let lock = self.layout.lock();
            let _guard = self.storage.lock(&lock, true).map_err(LedgerError::io(&lock))?;
            self.catch_up(&mut inner)?;
            self.sync(&mut inner)?;
        }
        Ok(self.read_run(run, from)?)
    }

    fn size(&self) -> Result<u64, JournalError> {
        let mut inner = self.inner();
        self.look(&mut inner)?;
        Ok(inner.head.as_ref().map_or(0, Head::size))
    }

    fn wait_past(&self, size: u64, timeout: std::time::Duration) -> Result<bool, JournalError> {
        self.wait(size, timeout)
    }

    fn checkpoint(&self) -> Result<bool, JournalError> {
        let mut inner = self.inner();
        let lock = self.layout.lock();
        let _guard = self.storage.lock(&lock, true).map_err(LedgerError::io(&lock))?;
        self.catch_up(&mut inner)?;
        self.sync(&mut inner)?;
        Ok(self.sign(&mut inner)?)
    }
}
