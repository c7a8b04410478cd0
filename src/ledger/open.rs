//! Opening a ledger, and reading it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::head::{After, CatchUp, Files, Head};
use super::index;
use super::keys::KeyPlace;
use super::layout::{Layout, SEGMENT};
use super::lines::{Entry, Lines};
use super::note::{PrivateKey, PublicKey};
use super::queue::{Queue, Ticket};
use super::storage::{Disk, How, Storage, replace};
use super::tree::Hash;
use super::watch::Watch;
use super::{LedgerError, note};
use crate::model::record::{Envelope, LedgerCreated};
use crate::model::{Body, Clock, Draft, Durability, Lifecycle, Record, RunId, RunState, digest};

/// A ledger in a folder. Thread-safe; as many processes as wish may have it open.
#[derive(Debug)]
pub struct Ledger {
    pub(super) storage: Arc<dyn Storage>,
    pub(super) layout: Layout,
    pub(super) clock: Option<ClockBox>,
    pub(super) keys: KeyPlace,
    pub(super) read_only: bool,
    pub(super) inner: Mutex<Inner>,
    pub(super) queue: Queue,
    /// What wakes a thread that waits for the log to grow, while none does.
    pub(super) watch: Mutex<Option<Watch>>,
}

/// A clock that can stand in a value with `Debug`.
pub(super) struct ClockBox(pub(super) Arc<dyn Clock>);

impl std::fmt::Debug for ClockBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// What this process knows of the log, and the files that it has open.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) head: Option<Head>,
    pub(super) files: Files,
    /// The newest checkpoint that this process knows of.
    pub(super) signed: u64,
    /// Looked for once; nothing where it is not here.
    pub(super) key: OnceLock<Option<PrivateKeyBox>>,
}

/// A private key that does not show itself in `Debug`.
pub(super) struct PrivateKeyBox(pub(super) PrivateKey);

impl std::fmt::Debug for PrivateKeyBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey")
    }
}

/// How far the log has come, and what covers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadOf {
    /// The ledger's name.
    pub origin: String,
    /// The number of records.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// How many of them the newest checkpoint covers.
    pub signed: u64,
}

impl Ledger {
    /// Opens the ledger in `dir`, to append to it.
    ///
    /// # Errors
    ///
    /// [`LedgerError::None`] where there is none; others where it cannot be read.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>, keys: KeyPlace) -> Result<Self, LedgerError> {
        Self::open_in(Arc::new(Disk), dir, Some(clock), keys)
    }

    /// Opens the ledger in `dir`, or makes one whose name has `unit` in it (see [`slug`]) with a new key.
    ///
    /// # Errors
    ///
    /// Where it cannot be read or made.
    pub fn create_or_open(dir: &Path, unit: &str, clock: Arc<dyn Clock>, keys: KeyPlace) -> Result<Self, LedgerError> {
        Self::create_in(Arc::new(Disk), dir, unit, clock, keys)
    }

    /// Opens the ledger in `dir` for reading; nothing is ever written, not even the index.
    ///
    /// # Errors
    ///
    /// [`LedgerError::None`] where there is none; others where it cannot be read.
    pub fn read_only(dir: &Path) -> Result<Self, LedgerError> {
        Self::open_in(Arc::new(Disk), dir, None, KeyPlace::none())
    }

    pub(super) fn open_in(
        storage: Arc<dyn Storage>,
        dir: &Path,
        clock: Option<Arc<dyn Clock>>,
        keys: KeyPlace,
    ) -> Result<Self, LedgerError> {
        let ledger = Self::closed(storage, dir, clock, keys);
        let none = {
            let mut inner = ledger.inner();
            ledger.look(&mut inner)?;
            inner.head.as_ref().is_none_or(|head| head.size() == 0)
        };
        if none {
            ledger.must_be_new()?;
            return Err(LedgerError::None { dir: dir.to_owned() });
        }
        Ok(ledger)
    }

    pub(super) fn create_in(
        storage: Arc<dyn Storage>,
        dir: &Path,
        unit: &str,
        clock: Arc<dyn Clock>,
        keys: KeyPlace,
    ) -> Result<Self, LedgerError> {
        let ledger = Self::closed(storage, dir, Some(clock), keys);
        {
            let mut inner = ledger.inner();
            ledger.look(&mut inner)?;
            if inner.head.as_ref().is_some_and(|head| head.size() > 0) {
                drop(inner);
                ledger.fill_ballast();
                return Ok(ledger);
            }
        }
        ledger.must_be_new()?;
        ledger.create(unit)?;
        Ok(ledger)
    }

    fn closed(storage: Arc<dyn Storage>, dir: &Path, clock: Option<Arc<dyn Clock>>, keys: KeyPlace) -> Self {
        let read_only = clock.is_none();
        let files = Files::new(storage.clone(), if read_only { How::Read } else { How::Write });
        Self {
            storage,
            layout: Layout::new(dir),
            clock: clock.map(ClockBox),
            keys,
            read_only,
            inner: Mutex::new(Inner { head: None, files, signed: 0, key: OnceLock::new() }),
            queue: Queue::default(),
            watch: Mutex::new(None),
        }
    }

    /// Whether nothing is here that only a ledger with records leaves.
    fn must_be_new(&self) -> Result<(), LedgerError> {
        let (storage, layout) = (self.storage.as_ref(), &self.layout);
        let there = |path: &Path| Ok(storage.size(path).map_err(LedgerError::io(path))?.is_some());
        let kept = storage.list(&layout.checkpoints()).map_err(LedgerError::io(&layout.checkpoints()))?;
        if there(&layout.checkpoint())? || there(&layout.segment(1))? || !kept.is_empty() {
            // Another process may have made it since we looked.
            let made = storage.size(&layout.segment(0)).ok().flatten().is_some_and(|size| size > 0);
            if !made {
                return Err(LedgerError::Gone { dir: layout.dir.clone() });
            }
        }
        Ok(())
    }

    fn create(&self, unit: &str) -> Result<(), LedgerError> {
        let storage = self.storage.as_ref();
        let layout = &self.layout;
        let objects = layout.objects();
        let mut folders = vec![layout.log(), layout.checkpoints(), layout.keys(), layout.loops(), layout.spool()];
        folders.extend((0..=255u8).map(|first| objects.join(digest::hex(&[first]))));
        for folder in &folders {
            storage.create_folder(folder).map_err(LedgerError::io(folder))?;
        }
        let parent = layout.dir.parent().filter(|parent| !parent.as_os_str().is_empty());
        for folder in [Some(objects.as_path()), objects.parent(), Some(&layout.dir), parent].into_iter().flatten() {
            storage.sync_folder(folder).map_err(LedgerError::io(folder))?;
        }
        let mut number = [0; 4];
        getrandom::fill(&mut number).map_err(|e| LedgerError::io(&layout.dir)(std::io::Error::other(e)))?;
        let origin = format!("ungpho/{}/{}", slug(unit), digest::hex(&number));
        let key = self.keys.make(storage, &origin)?;
        let name = origin.clone();
        let public = key.public();
        let path = layout.keys().join(format!("{}.vkey", public.hex_id()));
        let vkey = public.vkey();
        replace(storage, &path, format!("{vkey}\n").as_bytes(), true).map_err(LedgerError::io(&path))?;
        self.fill_ballast();
        let draft = Draft::ledger(Body::LedgerCreated(LedgerCreated { origin, vkey }));
        let ticket = Arc::new(Ticket::new(vec![draft], Durability::Synced));
        let mut inner = self.inner();
        self.commit(&mut inner, std::slice::from_ref(&ticket));
        drop(inner);
        match ticket.take() {
            Some(Ok(_)) => Ok(()),
            // Another process made it in the meantime: its record 0 stands, and nobody needs this key.
            Some(Err(crate::model::JournalError::Refused { .. })) => {
                let _ = storage.remove(&path);
                self.keys.forget(storage, &name);
                Ok(())
            }
            Some(Err(crate::model::JournalError::Full(source))) => {
                Err(LedgerError::Io { path: self.layout.dir.clone(), source })
            }
            Some(Err(crate::model::JournalError::Failed(source))) => {
                Err(LedgerError::io(&self.layout.dir)(std::io::Error::other(source)))
            }
            None => Err(LedgerError::None { dir: self.layout.dir.clone() }),
        }
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        // What is known is dropped before an error leaves; a panic in between leaves at worst what is read anew.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what is in the log now, without the lock: a line that is only being repaired is looked at again with it.
    pub(super) fn look(&self, inner: &mut Inner) -> Result<(), LedgerError> {
        if self.catch_up(inner).is_ok() {
            return Ok(());
        }
        inner.head = None;
        let path = self.layout.lock();
        match self.storage.lock(&path, true) {
            Ok(_guard) => self.catch_up(inner).map(drop),
            Err(_) => self.catch_up(inner).map(drop),
        }
    }

    /// Takes in what is in the log now.
    pub(super) fn catch_up(&self, inner: &mut Inner) -> Result<After, LedgerError> {
        let storage = self.storage.as_ref();
        if let Some(head) = &mut inner.head {
            match head.catch_up(&self.layout, &mut inner.files) {
                Ok(after) => return Ok(after),
                Err(CatchUp::Failed(error)) => {
                    inner.head = None;
                    return Err(error);
                }
                Err(CatchUp::Changed) => inner.head = None,
            }
        }
        inner.files.close();
        let from_index = index::load(storage, &self.layout);
        for start in [from_index, Some(Head::default())].into_iter().flatten() {
            let mut head = start;
            match head.catch_up(&self.layout, &mut inner.files) {
                Ok(after) => {
                    inner.head = Some(head);
                    return Ok(after);
                }
                Err(CatchUp::Failed(error)) => return Err(error),
                Err(CatchUp::Changed) => {}
            }
        }
        Err(LedgerError::io(&self.layout.log())(std::io::Error::other("the log changes while it is read")))
    }

    /// What may follow, by the log as it is now: a copy.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub fn lifecycle(&self) -> Result<Lifecycle, LedgerError> {
        let mut inner = self.inner();
        self.look(&mut inner)?;
        Ok(inner.head.as_ref().map(|head| head.life.clone()).unwrap_or_default())
    }

    /// Every run with its state, by id.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub fn runs(&self) -> Result<BTreeMap<RunId, RunState>, LedgerError> {
        Ok(self.lifecycle()?.runs)
    }

    /// The folder of the ledger.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.layout.dir
    }

    /// The folder of what is not yet an object: samples of watches, output of commands.
    #[must_use]
    pub fn spool(&self) -> std::path::PathBuf {
        self.layout.spool()
    }

    /// How far the log has come. What is signed is taken from the newest checkpoint as it says, not verified.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub fn head(&self) -> Result<HeadOf, LedgerError> {
        let mut inner = self.inner();
        self.look(&mut inner)?;
        let signed = self.newest_checkpoint().map_or(0, |checkpoint| checkpoint.size);
        let Some(head) = &inner.head else { return Err(LedgerError::None { dir: self.layout.dir.clone() }) };
        Ok(HeadOf { origin: head.origin.clone(), size: head.size(), root: head.tree.root(), signed })
    }

    /// The ledger's public key, from record 0.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub fn public_key(&self) -> Result<Option<PublicKey>, LedgerError> {
        let mut inner = self.inner();
        self.look(&mut inner)?;
        Ok(inner.head.as_ref().and_then(|head| PublicKey::parse(&head.vkey).ok()))
    }

    /// The private key, where it is here.
    pub(super) fn private_key<'a>(&self, inner: &'a Inner) -> Option<&'a PrivateKey> {
        let vkey = inner.head.as_ref().map(|head| head.vkey.clone())?;
        inner
            .key
            .get_or_init(|| {
                let public = note::PublicKey::parse(&vkey).ok()?;
                self.keys.find(self.storage.as_ref(), &public).map(PrivateKeyBox)
            })
            .as_ref()
            .map(|key| &key.0)
    }

    /// The records numbered `from` to before `to`, in order; fewer where the log ends before.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read, or a line is not a record.
    pub fn records(&self, from: u64, to: u64) -> Result<Vec<Record>, LedgerError> {
        let mut records = Vec::new();
        let mut lines = Lines::new(self.storage.as_ref(), &self.layout, 256 * 1024);
        let mut seq = from / SEGMENT * SEGMENT;
        let mut offset = 0;
        while seq < to {
            let Some(line) = lines.of(Entry { seq, offset })? else { break };
            let length = line.len() as u64 + 1;
            if seq >= from {
                records.push(Record::from_line(line).map_err(|source| self.damaged(seq, source))?);
            }
            seq += 1;
            offset = if seq.is_multiple_of(SEGMENT) { 0 } else { offset + length };
        }
        Ok(records)
    }

    /// Every record whose type begins with `prefix`, in order. Lines of other types are passed over unread.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read, or a line that is wanted is not a record.
    pub fn records_of_type(&self, prefix: &str) -> Result<Vec<Record>, LedgerError> {
        let wanted = format!("\"type\":\"{prefix}");
        let finder = wanted.as_bytes();
        let mut records = Vec::new();
        let mut lines = Lines::new(self.storage.as_ref(), &self.layout, 1024 * 1024);
        let (mut seq, mut offset) = (0_u64, 0);
        while let Some(line) = lines.of(Entry { seq, offset })? {
            if line.windows(finder.len()).any(|window| window == finder) {
                let record = Record::from_line(line).map_err(|source| self.damaged(seq, source))?;
                // The words may stand in a body as well.
                if record.draft.body.kind().starts_with(prefix) {
                    records.push(record);
                }
            }
            seq += 1;
            offset = if seq.is_multiple_of(SEGMENT) { 0 } else { offset + line.len() as u64 + 1 };
        }
        Ok(records)
    }

    /// The record with which `run` began; nothing where it has not. Reads that record only.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub fn beginning_of(&self, run: &RunId) -> Result<Option<Record>, LedgerError> {
        let (began, entry) = {
            let mut inner = self.inner();
            self.look(&mut inner)?;
            let Some(head) = &inner.head else { return Ok(None) };
            let Some(state) = head.life.runs.get(run) else { return Ok(None) };
            let indexed = head.indexed.get(run).is_some_and(|count| *count > 0);
            let fresh = || head.fresh.get(run).and_then(|entries| entries.first()).copied();
            let entry = if indexed { index::first_entry(self.storage.as_ref(), &self.layout, run) } else { fresh() };
            (state.began, entry)
        };
        if let Some(entry) = entry.filter(|entry| entry.seq == began)
            && let Some(mut records) = self.read_entries(run, &[entry])?
        {
            return Ok(records.pop());
        }
        Ok(self.records(began, began + 1)?.pop())
    }

    pub(super) fn read_run(&self, run: &RunId, from: u64) -> Result<Vec<Record>, LedgerError> {
        for from_index in [true, false] {
            let entries = {
                let mut inner = self.inner();
                if !from_index {
                    // The index does not fit the log: read the log from its start, and let the next append write it anew.
                    inner.head = Some(Head::default());
                }
                self.look(&mut inner)?;
                let Some(head) = &inner.head else { continue };
                let count = head.indexed.get(run).copied().unwrap_or(0);
                index::entries(self.storage.as_ref(), &self.layout, run, count, from).map(|mut entries| {
                    let fresh = head.fresh.get(run).map_or(&[][..], Vec::as_slice);
                    entries.extend(fresh.iter().filter(|entry| entry.seq >= from));
                    entries
                })
            };
            if let Some(entries) = entries
                && let Some(records) = self.read_entries(run, &entries)?
            {
                return Ok(records);
            }
        }
        Err(LedgerError::io(&self.layout.log())(std::io::Error::other("the log changes while it is read")))
    }

    /// The records at `entries`; nothing where one does not stand there.
    fn read_entries(&self, run: &RunId, entries: &[Entry]) -> Result<Option<Vec<Record>>, LedgerError> {
        let mut lines = Lines::new(self.storage.as_ref(), &self.layout, 256 * 1024);
        let mut records = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(line) = lines.of(*entry)? else { return Ok(None) };
            let fits = Envelope::from_line(line)
                .is_ok_and(|envelope| envelope.seq == entry.seq && envelope.run == Some(run.as_str()));
            if !fits {
                return Ok(None);
            }
            records.push(Record::from_line(line).map_err(|source| self.damaged(entry.seq, source))?);
        }
        Ok(Some(records))
    }

    fn damaged(&self, seq: u64, source: impl std::error::Error + Send + Sync + 'static) -> LedgerError {
        LedgerError::Damaged { seq, file: self.layout.segment(seq / SEGMENT), source: Box::new(source) }
    }
}

/// The part of a ledger's name that says whose it is: ASCII letters, digits and `-`, at most 40.
///
/// Vietnamese letters lose their marks: `Sở Y tế` becomes `so-y-te`.
#[must_use]
pub fn slug(text: &str) -> String {
    const PLAIN: &[(&str, char)] = &[
        ("áàảãạăắằẳẵặâấầẩẫậ", 'a'),
        ("éèẻẽẹêếềểễệ", 'e'),
        ("íìỉĩị", 'i'),
        ("óòỏõọôốồổỗộơớờởỡợ", 'o'),
        ("úùủũụưứừửữự", 'u'),
        ("ýỳỷỹỵ", 'y'),
        ("đ", 'd'),
    ];
    let mut slug = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        let plain = PLAIN.iter().find(|(marked, _)| marked.contains(letter)).map_or(letter, |(_, plain)| *plain);
        if plain.is_ascii_alphanumeric() {
            slug.push(plain);
        } else if ('\u{300}'..='\u{36f}').contains(&plain) {
            // A mark on its own: the letter before it stays.
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "unit".to_owned() } else { slug.to_owned() }
}
