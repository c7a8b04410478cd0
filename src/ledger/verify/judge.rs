//! Judges the blocks of the log in order: numbers, lifecycle, clocks, roots.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Findings, Severity, Verification};
use super::signed::{Kept, Pin};
use super::work::{Done, Says, Seen, What};
use super::{Options, Taken};
use crate::ledger::LedgerError;
use crate::ledger::layout::{Layout, SEGMENT, segment_name};
use crate::ledger::note::PublicKey;
use crate::ledger::storage::{Storage, read};
use crate::ledger::tree::{Tile, Tree};
use crate::message::{Message, message};
use crate::model::record::Signed;
use crate::model::{Actor, Body, Digest, Lifecycle, ObjectRef, digest};

/// A wall clock that moved so much against the boot clock was set.
const STEP_US: i64 = 2_000_000;

/// So many missing objects are kept until it is known whether they were redacted.
const MISSING: usize = 100_000;

pub(super) struct Judge<'a> {
    pub(super) storage: &'a dyn Storage,
    pub(super) layout: &'a Layout,
    pub(super) taken: &'a Taken,
    options: &'a Options,
    pub(super) findings: Findings,
    pub(super) tree: Tree,
    full: Vec<Tile>,
    life: Lifecycle,
    /// The first record that does not hold by itself or may not follow; after it nothing is replayed.
    bad: Option<u64>,
    pub(super) origin: String,
    pub(super) key: Option<PublicKey>,
    clock: Option<(u64, u64, i64)>,
    sizes: Vec<u64>,
    pub(super) kept: Kept,
    missing: Vec<(u64, Digest)>,
    altered: BTreeSet<Digest>,
    pub(super) redacted: BTreeSet<Digest>,
    /// What persons signed, in the order of the log.
    pub(super) persons: Vec<(u64, Actor, Signed)>,
    unknown: BTreeMap<String, (u64, u64)>,
    head_seen: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(storage: &'a dyn Storage, layout: &'a Layout, taken: &'a Taken, options: &'a Options) -> Self {
        let mut sizes: BTreeSet<u64> = taken.checkpoints.keys().copied().collect();
        sizes.extend(options.against.iter().map(|head| head.size));
        Self {
            storage,
            layout,
            taken,
            options,
            findings: Findings::default(),
            tree: Tree::default(),
            full: Vec::new(),
            life: Lifecycle::default(),
            bad: None,
            origin: String::new(),
            key: None,
            clock: None,
            sizes: sizes.into_iter().rev().collect(),
            kept: Kept::default(),
            missing: Vec::new(),
            altered: BTreeSet::new(),
            redacted: BTreeSet::new(),
            persons: Vec::new(),
            unknown: BTreeMap::new(),
            head_seen: false,
        }
    }

    pub(super) fn block(&mut self, done: &Done) {
        let first = self.tree.size();
        for item in &done.items {
            let seq = self.tree.size();
            if seq / SEGMENT != done.segment && self.bad.is_none() {
                let message = message!("ledger-segment-length", file = segment_name(done.segment));
                self.fail(Severity::Error, "segment-length", seq, message);
            }
            match &item.says {
                Err(_) if self.bad.is_some() => {}
                Err(why) => {
                    let message = message!("ledger-record-malformed", seq = seq.to_string(), why = why.as_str());
                    self.fail(Severity::Error, "record-malformed", seq, message);
                }
                Ok(says) => self.says(seq, says, &done.runs),
            }
            self.tree.push(item.leaf, &mut self.full);
            for tile in std::mem::take(&mut self.full) {
                self.check_tile(&tile);
            }
            let size = self.tree.size();
            while self.sizes.last() == Some(&size) {
                self.sizes.pop();
                self.at_size(size);
            }
        }
        for wrong in &done.wrong {
            let seq = first + wrong.line as u64;
            if !wrong.missing {
                self.altered.insert(wrong.object);
                let message = message!("ledger-object-altered", object = wrong.object.to_string());
                let mut finding = Finding::about(Severity::Error, "object-altered", seq, message);
                finding.file = Some(object_file(&wrong.object));
                finding.line = None;
                self.findings.push(finding);
            } else if self.missing.len() < MISSING {
                self.missing.push((seq, wrong.object));
            }
        }
    }

    fn fail(&mut self, severity: Severity, code: &'static str, seq: u64, message: Message) {
        self.bad.get_or_insert(seq);
        let mut finding = Finding::about(severity, code, seq, message);
        finding.note = seq.checked_sub(1).map(|last| message!("ledger-holds-up-to", last = last.to_string()));
        finding.help = Some(message!("ledger-help-against"));
        self.findings.push(finding);
    }

    fn says(&mut self, seq: u64, says: &Says, runs: &[String]) {
        if says.seq != seq && self.bad.is_none() {
            let message = message!("ledger-record-misplaced", seq = seq.to_string(), says = says.seq.to_string());
            self.fail(Severity::Error, "record-misplaced", seq, message);
        }
        self.look_at_clock(seq, says);
        let run = |run: &Option<usize>| run.and_then(|number| runs.get(number)).map(String::as_str);
        let admitted = match &says.what {
            What::Moving(draft) => {
                if let (0, Body::LedgerCreated(created)) = (seq, &draft.body) {
                    self.origin.clone_from(&created.origin);
                    self.key = PublicKey::parse(&created.vkey).ok().filter(|key| key.name == created.origin);
                    self.check_key(&created.vkey);
                }
                let admitted = self.life.admit(draft);
                if self.bad.is_none() {
                    self.life.apply(seq, draft);
                }
                admitted
            }
            What::Plain { run: of, kind } => {
                if *kind == "tail-repaired" {
                    let finding =
                        Finding::about(Severity::Note, "tail-repaired", seq, message!("ledger-tail-repaired"));
                    self.findings.push(finding);
                }
                self.plain(seq, run(of), kind)
            }
            What::Unknown { run: of, kind } => {
                if self.unknown.len() < 1000 || self.unknown.contains_key(kind) {
                    self.unknown.entry(kind.clone()).or_insert((seq, 0)).1 += 1;
                }
                self.plain(seq, run(of), kind)
            }
            What::Signed { run: of, actor, signed } => {
                self.persons.push((seq, actor.clone(), signed.as_ref().clone()));
                self.plain(seq, run(of), "signed")
            }
            What::Redacted(objects) => {
                let message = message!("ledger-redacted", count = objects.len());
                let finding = Finding::about(Severity::Note, "redacted", seq, message);
                self.findings.push(finding);
                self.redacted.extend(objects);
                Ok(())
            }
        };
        if let Err(refusal) = admitted
            && self.bad.is_none()
        {
            let message = message!("ledger-record-unadmitted", seq = seq.to_string(), why = refusal.to_string());
            self.fail(Severity::Error, "record-refused", seq, message);
        }
    }

    fn plain(&mut self, seq: u64, run: Option<&str>, kind: &str) -> Result<(), crate::model::Refusal> {
        let admitted = self.life.admit_plain(run, kind);
        if self.bad.is_none() {
            self.life.apply_plain(seq);
        }
        admitted
    }

    fn look_at_clock(&mut self, seq: u64, says: &Says) {
        if let Some((boot, mono_us, at_us)) = self.clock
            && boot == says.boot
        {
            let mono = i64::try_from(says.mono_us).unwrap_or(i64::MAX) - i64::try_from(mono_us).unwrap_or(i64::MAX);
            let moved = (says.at_us - at_us).saturating_sub(mono);
            if moved.abs() > STEP_US {
                let message = message!("ledger-clock-stepped", seq = seq.to_string(), seconds = moved / 1_000_000);
                let finding = Finding::about(Severity::Note, "clock-stepped", seq, message);
                self.findings.push(finding);
            }
        }
        self.clock = Some((says.boot, says.mono_us, says.at_us));
    }

    /// A line does not end within a block.
    pub(super) fn endless(&mut self, segment: u64) {
        let seq = self.tree.size();
        if self.bad.is_none() {
            let why = crate::model::record::LineTooLong.to_string();
            let message = message!("ledger-record-malformed", seq = seq.to_string(), why = why);
            self.fail(Severity::Error, "record-malformed", seq, message);
        }
        tracing::debug!(segment, "a line longer than a block");
    }

    fn at_size(&mut self, size: u64) {
        if let Some(bytes) = self.taken.checkpoints.get(&size) {
            self.check_checkpoint(size, bytes);
        }
        if let Some(head) = &self.options.against
            && head.size == size
        {
            self.head_seen = true;
            if head.root != self.tree.root() {
                let message = message!("ledger-head-differs", size = size);
                let finding = Finding::in_file(Severity::Error, "head-differs", "log", message);
                self.findings.push(finding);
            }
        }
    }

    fn check_tile(&mut self, tile: &Tile) {
        let file = tile.path();
        if let Ok(Some(bytes)) = read(self.storage, &self.layout.tiles().join(&file))
            && bytes != tile.bytes()
        {
            self.kept.tiles_differ.push(file);
        }
    }

    /// What can be said only at the end.
    pub(super) fn finish(mut self, seen: &Seen) -> Result<Verification, LedgerError> {
        let size = self.tree.size();
        if let Some(head) = &self.options.against
            && !self.head_seen
        {
            if head.size == 0 && head.root == Tree::default().root() {
                // The head of an empty ledger: every ledger goes on from it.
            } else {
                let message = message!("ledger-head-beyond", size = head.size, records = size);
                let finding = Finding::in_file(Severity::Error, "head-differs", "log", message);
                self.findings.push(finding);
            }
        }
        let mut held = self.bad.unwrap_or(size);
        if let Some(pin) = self.pin()? {
            held = held.min(self.altered(&pin));
        }
        self.finish_checkpoints();
        self.finish_persons()?;
        if self.taken.torn > 0 {
            let mut finding = Finding::about(
                Severity::Warning,
                "torn-tail",
                size,
                message!("ledger-torn-tail", bytes = self.taken.torn),
            );
            finding.seq = None;
            finding.help = Some(message!("ledger-help-torn-tail"));
            self.findings.push(finding);
        }
        for (kind, (seq, count)) in std::mem::take(&mut self.unknown) {
            let message = message!("ledger-unknown-type", kind = kind, count = count);
            let finding = Finding::about(Severity::Note, "unknown-type", seq, message);
            self.findings.push(finding);
        }
        self.finish_objects(seen)?;
        let findings = self.findings.finish();
        let ok = findings.iter().all(|finding| finding.severity != Severity::Error);
        Ok(Verification {
            ok,
            origin: self.origin,
            size,
            root: self.tree.root(),
            signed: self.kept.signed,
            held,
            findings,
        })
    }

    /// Says which record is not the one that was signed; how many hold.
    fn altered(&mut self, pin: &Pin) -> u64 {
        let known = pin.exact;
        // What was found in the record itself, or followed from it, says nothing new.
        let from = pin.seq;
        self.findings.remove(|finding| {
            matches!(finding.code, "record-malformed" | "record-refused" | "record-misplaced" | "segment-length")
                && finding.seq >= Some(from)
        });
        let message = if known {
            message!("ledger-record-altered", seq = from.to_string())
        } else {
            message!("ledger-records-altered", from = from.to_string(), to = (pin.covered - 1).to_string())
        };
        let mut finding = Finding::about(Severity::Error, "record-altered", from, message);
        finding.note = Some(match from.checked_sub(1) {
            Some(last) => {
                message!(
                    "ledger-holds-and-covers",
                    last = last.to_string(),
                    size = pin.covered.to_string(),
                    seq = from.to_string()
                )
            }
            None => message!("ledger-covers", size = pin.covered.to_string(), seq = from.to_string()),
        });
        finding.help = Some(message!("ledger-help-against"));
        self.findings.push(finding);
        from
    }

    fn finish_objects(&mut self, seen: &Seen) -> Result<(), LedgerError> {
        for (seq, object) in std::mem::take(&mut self.missing) {
            if !self.redacted.contains(&object) {
                let message = message!("ledger-object-missing", object = object.to_string());
                let mut finding = Finding::about(Severity::Error, "object-missing", seq, message);
                finding.file = Some(object_file(&object));
                finding.line = None;
                self.findings.push(finding);
            }
        }
        let objects = self.layout.objects();
        for first in self.storage.list(&objects).map_err(LedgerError::io(&objects))? {
            let folder = objects.join(&first);
            // A file that is no folder has no names in it.
            for name in self.storage.list(&folder).unwrap_or_default() {
                let path = folder.join(&name);
                let digest = name.to_str().and_then(digest::unhex).and_then(|bytes| bytes.try_into().ok()).map(Digest);
                let Some(size) = self.storage.size(&path).map_err(LedgerError::io(&path))? else { continue };
                let named = digest
                    .is_some_and(|object| seen.contains(&ObjectRef { object, size }) || self.altered.contains(&object));
                if !named {
                    let file = format!("objects/sha256/{}/{}", first.to_string_lossy(), name.to_string_lossy());
                    let finding =
                        Finding::in_file(Severity::Note, "object-unnamed", &file, message!("ledger-object-unnamed"));
                    self.findings.push(finding);
                }
            }
        }
        Ok(())
    }
}

fn object_file(object: &Digest) -> String {
    let hex = object.hex();
    format!("objects/sha256/{}/{hex}", &hex[..2])
}
