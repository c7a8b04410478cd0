//! Judges the blocks of the log in order: numbers, lifecycle, clocks, roots.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::finding::{Finding, Findings, Severity, Verification};
use super::malformed::{Malformed, shown};
use super::signed::{Kept, Pin};
use super::work::{Amiss, Done, Says, Seen, What};
use super::{Options, Taken};
use crate::ledger::LedgerError;
use crate::ledger::layout::{Layout, SEGMENT, segment_name};
use crate::ledger::note::PublicKey;
use crate::ledger::refusal::words;
use crate::ledger::storage::{Storage, read_small};
use crate::ledger::tree::{Tile, Tree};
use crate::message::{Message, message};
use crate::model::record::{Consented, Manner, Signed};
use crate::model::{Actor, Body, Digest, Draft, ObjectRef, Refusal, RunId, RunState, StepPath, digest};

/// A wall clock that moved so much against the boot clock was set.
const STEP_US: i64 = 2_000_000;

/// So many missing objects are kept until it is known whether they were redacted; further ones count as not redacted.
const MISSING: usize = 500_000;

/// So many types that are not known are told apart.
const UNKNOWN: usize = 200;

pub(super) struct Judge<'a> {
    pub(super) storage: &'a dyn Storage,
    pub(super) layout: &'a Layout,
    pub(super) taken: &'a Taken,
    options: &'a Options,
    pub(super) findings: Findings,
    pub(super) tree: Tree,
    full: Vec<Tile>,
    /// What the log says of each run, and where that stands.
    states: Vec<RunState>,
    known: HashMap<RunId, usize>,
    /// Where the state of each run of the block stands, once it has begun.
    slots: Vec<Option<usize>>,
    /// The first record that does not hold by itself or may not follow; after it nothing is replayed.
    bad: Option<u64>,
    pub(super) origin: String,
    pub(super) key: Option<PublicKey>,
    clock: Option<(u64, u64, i64)>,
    sizes: Vec<u64>,
    pub(super) kept: Kept,
    missing: Vec<(u64, Digest)>,
    /// Objects that are there and not what a record says.
    amiss: BTreeSet<Digest>,
    pub(super) redacted: BTreeSet<Digest>,
    /// What persons signed, in the order of the log.
    pub(super) persons: Vec<(u64, Actor, Signed)>,
    /// Consents of second persons with keys of their own, with the step that each was about.
    pub(super) keyed: Vec<(u64, Draft, Option<StepPath>)>,
    unknown: BTreeMap<String, (u64, u64)>,
    head_seen: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(storage: &'a dyn Storage, layout: &'a Layout, taken: &'a Taken, options: &'a Options) -> Self {
        let mut sizes: BTreeSet<u64> = taken.checkpoints.keys().copied().collect();
        sizes.extend(options.against.iter().map(|head| head.size));
        // Nobody signs a log without records: what says so is told of at the end, and stops nothing before.
        sizes.remove(&0);
        Self {
            storage,
            layout,
            taken,
            options,
            findings: Findings::default(),
            tree: Tree::default(),
            full: Vec::new(),
            states: Vec::new(),
            known: HashMap::new(),
            slots: Vec::new(),
            bad: None,
            origin: String::new(),
            key: None,
            clock: None,
            sizes: sizes.into_iter().rev().collect(),
            kept: Kept::default(),
            missing: Vec::new(),
            amiss: BTreeSet::new(),
            redacted: BTreeSet::new(),
            persons: Vec::new(),
            keyed: Vec::new(),
            unknown: BTreeMap::new(),
            head_seen: false,
        }
    }

    pub(super) fn block(&mut self, done: &Done) {
        let first = self.tree.size();
        self.slots.clear();
        self.slots.extend(done.runs.iter().map(|run| self.known.get(run).copied()));
        for item in &done.items {
            let seq = self.tree.size();
            if seq / SEGMENT != done.segment && self.bad.is_none() {
                if let Some(gap) = self.taken.gap.filter(|gap| *gap < done.segment) {
                    let message = message!("ledger-segment-missing", file = segment_name(gap));
                    self.fail(Severity::Error, "segment-missing", seq, message);
                } else {
                    let message = message!("ledger-segment-length", file = segment_name(done.segment));
                    self.fail(Severity::Error, "segment-length", seq, message);
                }
            }
            match &item.says {
                Err(_) if self.bad.is_some() => {}
                Err(why) => {
                    let message = message!("ledger-record-malformed", seq = seq.to_string(), why = why.message());
                    self.fail(Severity::Error, "record-malformed", seq, message);
                }
                Ok(says) => self.says(seq, says, done),
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
            match wrong.how {
                Amiss::Missing if self.missing.len() < MISSING => self.missing.push((seq, wrong.object)),
                how => self.object_amiss(seq, wrong.object, how),
            }
        }
    }

    fn object_amiss(&mut self, seq: u64, object: Digest, how: Amiss) {
        if how != Amiss::Missing {
            self.amiss.insert(object);
        }
        let name = object.to_string();
        let error = |code, message| Finding::about(Severity::Error, code, seq, message);
        let mut finding = match how {
            Amiss::Missing => error("object-missing", message!("ledger-object-missing", object = name)),
            Amiss::Altered => error("object-altered", message!("ledger-object-altered", object = name)),
            Amiss::Unreadable => error("object-unreadable", message!("ledger-object-unreadable", object = name)),
        };
        finding.file = Some(object_file(&object));
        finding.line = None;
        self.findings.push(finding);
    }

    fn fail(&mut self, severity: Severity, code: &'static str, seq: u64, message: Message) {
        self.bad.get_or_insert(seq);
        let mut finding = Finding::about(severity, code, seq, message);
        finding.note = seq.checked_sub(1).map(|last| message!("ledger-holds-up-to", last = last.to_string()));
        finding.help = Some(message!("ledger-help-against"));
        self.findings.push(finding);
    }

    fn says(&mut self, seq: u64, says: &Says, done: &Done) {
        if says.seq != seq && self.bad.is_none() {
            let message = message!("ledger-record-misplaced", seq = seq.to_string(), says = says.seq.to_string());
            self.fail(Severity::Error, "record-misplaced", seq, message);
        }
        self.look_at_clock(seq, says);
        match &says.what {
            What::Moving(draft) => {
                if let (0, Body::LedgerCreated(created)) = (seq, &draft.body) {
                    self.origin.clone_from(&created.origin);
                    self.key = PublicKey::parse(&created.vkey).ok().filter(|key| key.name == created.origin);
                    self.check_key(&created.vkey);
                }
                if let Body::Consented(consent) = &draft.body
                    && consent.manner == Some(Manner::Key)
                {
                    self.keyed.push((seq, (**draft).clone(), self.step_asked(says, consent)));
                }
                if let Body::Signed(signed) = &draft.body {
                    self.persons.push((seq, draft.actor.clone(), signed.clone()));
                }
            }
            What::Plain { kind: "tail-repaired" } => {
                let finding = Finding::about(Severity::Note, "tail-repaired", seq, message!("ledger-tail-repaired"));
                self.findings.push(finding);
            }
            What::Unknown { kind } => {
                if self.unknown.len() < UNKNOWN || self.unknown.contains_key(&**kind) {
                    self.unknown.entry(kind.to_string()).or_insert((seq, 0)).1 += 1;
                }
            }
            What::Redacted(objects) => {
                let message = message!("ledger-redacted", count = objects.len());
                self.findings.push(Finding::about(Severity::Note, "redacted", seq, message));
                self.redacted.extend(objects);
            }
            What::Plain { .. } | What::Step { .. } => {}
        }
        if self.bad.is_none()
            && let Err(why) = self.replay(seq, says, done)
        {
            let message = message!("ledger-record-unadmitted", seq = seq.to_string(), why = words(&why));
            self.fail(Severity::Error, "record-refused", seq, message);
        }
    }

    /// The step that the question of a consent is about.
    fn step_asked(&self, says: &Says, consent: &Consented) -> Option<StepPath> {
        let state = self.states.get(self.slots.get(says.run?).copied().flatten()?)?;
        state.questions.get(&consent.question)?.step.clone()
    }

    /// Takes in a record, if it may follow.
    fn replay(&mut self, seq: u64, says: &Says, done: &Done) -> Result<(), Refusal> {
        let first = seq == 0;
        let run = says.run.and_then(|number| done.runs.get(number));
        let slot = says.run.and_then(|number| self.slots.get(number).copied().flatten());
        let state = slot.and_then(|slot| self.states.get_mut(slot));
        let kind = match &says.what {
            What::Step { path, attempt, outcome } => {
                let kind = if outcome.is_some() { "step-ended" } else { "step-started" };
                if let (false, Some(run), Some(state)) = (first, run, state) {
                    let path = done.bytes.get(path.start as usize..path.end as usize).unwrap_or_default();
                    let path = std::str::from_utf8(path).unwrap_or_default();
                    match outcome {
                        None => state.may_start(run, path, *attempt)?,
                        Some(_) => state.may_end(run, path, *attempt)?,
                    }
                    state.take_step(path, *attempt, *outcome);
                    return Ok(());
                }
                return RunState::may_follow_plain(first, run, None, kind);
            }
            What::Moving(draft) => {
                RunState::may_follow(seq, run, state.as_deref(), draft)?;
                match (state, run, says.run) {
                    (Some(state), ..) => state.apply(seq, draft),
                    (None, Some(run), Some(number)) => {
                        self.known.insert(run.clone(), self.states.len());
                        if let Some(slot) = self.slots.get_mut(number) {
                            *slot = Some(self.states.len());
                        }
                        self.states.push(RunState::begin(draft, seq));
                    }
                    _ => {}
                }
                return Ok(());
            }
            What::Plain { kind } => *kind,
            What::Unknown { kind } => &**kind,
            What::Redacted(_) => "redacted",
        };
        RunState::may_follow_plain(first, run, state.as_deref(), kind)
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
            let why = Malformed::TooLong.message();
            let message = message!("ledger-record-malformed", seq = seq.to_string(), why = why);
            self.fail(Severity::Error, "record-malformed", seq, message);
        }
        tracing::debug!(segment, "a line longer than a block");
    }

    fn at_size(&mut self, size: u64) {
        if let Some(sealed) = self.taken.checkpoints.get(&size) {
            self.check_checkpoint(size, sealed);
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
        if let Ok(Some(bytes)) = read_small(self.storage, &self.layout.tiles().join(&file), tile.hashes.len() * 32)
            && bytes != tile.bytes()
        {
            self.kept.tiles_differ.push(file);
        }
    }

    /// What can be said only at the end.
    pub(super) fn finish(mut self, seen: &Seen) -> Result<Verification, LedgerError> {
        let size = self.tree.size();
        for tile in self.tree.partial() {
            self.check_tile(&tile);
        }
        if let Some(segment) = self.taken.torn_within {
            let message = message!("ledger-segment-length", file = segment_name(segment));
            let mut finding = Finding::about(Severity::Error, "segment-length", (segment + 1) * SEGMENT, message);
            (finding.file, finding.line) = (Some(format!("log/{}", segment_name(segment))), None);
            self.bad = Some(self.bad.unwrap_or(size).min((segment + 1) * SEGMENT));
            self.findings.push(finding);
        }
        if let Some(head) = &self.options.against
            && !self.head_seen
        {
            if head.size == 0 {
                // Every ledger goes on from the head of an empty one, and from no other head of nothing.
                if head.root != Tree::default().root() {
                    let message = message!("ledger-head-differs", size = 0);
                    self.findings.push(Finding::in_file(Severity::Error, "head-differs", "log", message));
                }
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
        self.finish_scripts();
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
            let message = message!("ledger-unknown-type", kind = shown(&kind), count = count);
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
            matches!(
                finding.code,
                "record-malformed" | "record-refused" | "record-misplaced" | "segment-length" | "segment-missing"
            ) && finding.seq >= Some(from)
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

    /// Says of which runs the organisers have not opened their script.
    fn finish_scripts(&mut self) {
        for (run, slot) in &self.known {
            if let Some(state) = self.states.get(*slot)
                && state.script.is_some()
            {
                let message = message!("ledger-script-not-revealed", run = run.as_str());
                self.findings.push(Finding::about(Severity::Note, "script-not-revealed", state.began, message));
            }
        }
    }

    fn finish_objects(&mut self, seen: &Seen) -> Result<(), LedgerError> {
        if !seen.looks {
            return Ok(());
        }
        for (seq, object) in std::mem::take(&mut self.missing) {
            if !self.redacted.contains(&object) {
                self.object_amiss(seq, object, Amiss::Missing);
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
                    .filter(|object| object.hex().get(..2) == first.to_str())
                    .is_some_and(|object| seen.contains(&ObjectRef { object, size }) || self.amiss.contains(&object));
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
