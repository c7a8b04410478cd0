//! What is signed: checkpoints, the key, and where a log differs from what was signed.

use super::Sealed;
use super::finding::{Finding, Severity};
use super::judge::Judge;
use crate::ledger::LedgerError;
use crate::ledger::checkpoint::parse;
use crate::ledger::layout::SEGMENT;
use crate::ledger::lines::{Entry, Lines};
use crate::ledger::note::Checkpoint;
use crate::ledger::storage::read_small;
use crate::ledger::tree::{self, Hash, TILE, Tile, Tree};
use crate::message::{Message, message};

/// What the checkpoints said so far.
#[derive(Default)]
pub(super) struct Kept {
    /// The size of the newest good checkpoint.
    pub(super) signed: u64,
    /// The tree at that size.
    good: Tree,
    /// The first checkpoint, well signed, whose root is not that of the log.
    broken: Option<Checkpoint>,
    /// Full tiles that are not those of the log.
    pub(super) tiles_differ: Vec<String>,
}

/// Where the log differs from what was signed.
pub(super) struct Pin {
    /// The record, or the first of those among which it is.
    pub(super) seq: u64,
    /// Whether it is that record.
    pub(super) exact: bool,
    /// The size of the checkpoint that covers it.
    pub(super) covered: u64,
}

impl Judge<'_> {
    /// The key of record 0, against its file: the file is for those who look, and is not trusted.
    pub(super) fn check_key(&mut self, vkey: &str) {
        let Some(key) = &self.key else {
            let finding = Finding::about(Severity::Error, "key-invalid", 0, message!("ledger-key-invalid"));
            self.findings.push(finding);
            return;
        };
        let file = format!("keys/{}.vkey", key.hex_id());
        let kept = read_small(self.storage, &self.layout.dir.join(&file), 4096).ok().flatten();
        if kept.is_none_or(|bytes| bytes.trim_ascii() != vkey.as_bytes()) {
            let message = message!("ledger-key-file", file = file.as_str());
            let finding = Finding::in_file(Severity::Warning, "key-file", &file, message);
            self.findings.push(finding);
        }
    }

    /// A checkpoint over the log as far as it has been read.
    pub(super) fn check_checkpoint(&mut self, size: u64, sealed: &Sealed) {
        let checkpoint = match self.signed_by_us(size, sealed) {
            Ok(checkpoint) => checkpoint,
            Err(message) => {
                let finding = Finding::in_file(Severity::Error, "checkpoint-altered", &sealed.file, message);
                self.findings.push(finding);
                return;
            }
        };
        if self.kept.broken.is_some() {
            return;
        }
        if checkpoint.root == self.tree.root() {
            self.kept.signed = size;
            self.kept.good = self.tree.clone();
        } else {
            self.kept.broken = Some(checkpoint);
        }
    }

    /// The checkpoint of `size` in a file, if it is one of this ledger.
    fn signed_by_us(&self, size: u64, sealed: &Sealed) -> Result<Checkpoint, Message> {
        let Some((_, checkpoint)) = parse(&sealed.bytes) else {
            return Err(message!("ledger-checkpoint-none", size = size.to_string()));
        };
        if checkpoint.size != size || checkpoint.origin != self.origin {
            return Err(message!("ledger-checkpoint-other", size = size.to_string()));
        }
        if sealed.signed && self.key.is_some() && self.key == self.taken.key {
            Ok(checkpoint)
        } else {
            Err(message!("ledger-checkpoint-altered", size = size.to_string()))
        }
    }

    /// Which record differs from what was signed: told exactly where the tiles still hold the signed leaves.
    pub(super) fn pin(&self) -> Result<Option<Pin>, LedgerError> {
        let Some(broken) = &self.kept.broken else { return Ok(None) };
        let from = self.kept.signed;
        let unknown = Pin { seq: from, exact: false, covered: broken.size };
        let Some(leaves) = self.signed_leaves(from, broken) else { return Ok(Some(unknown)) };
        let mut lines = Lines::new(self.storage, self.layout, 256 * 1024);
        let mut seq = from / SEGMENT * SEGMENT;
        let mut offset = 0;
        while seq < broken.size {
            let Some(line) = lines.of(Entry { seq, offset })? else { break };
            let length = line.len() as u64 + 1;
            let signed = seq.checked_sub(from).and_then(|at| leaves.get(usize::try_from(at).ok()?));
            if signed.is_some_and(|signed| *signed != tree::leaf(line)) {
                return Ok(Some(Pin { seq, exact: true, covered: broken.size }));
            }
            seq += 1;
            offset = if seq.is_multiple_of(SEGMENT) { 0 } else { offset + length };
        }
        Ok(Some(unknown))
    }

    /// The leaves from record `from` to the broken checkpoint, where the tiles have them and the signed root confirms them.
    fn signed_leaves(&self, from: u64, broken: &Checkpoint) -> Option<Vec<Hash>> {
        let mut leaves = Vec::new();
        let mut tree = self.kept.good.clone();
        let tile = TILE as u64;
        for index in from / tile..broken.size.div_ceil(tile) {
            let width = usize::try_from((broken.size - index * tile).min(tile)).ok()?;
            let path = |width| self.layout.tiles().join(Tile { level: 0, index, hashes: vec![[0; 32]; width] }.path());
            let whole = read_small(self.storage, &path(TILE), TILE * 32).ok().flatten();
            let bytes = whole.or_else(|| read_small(self.storage, &path(width), width * 32).ok().flatten())?;
            let (hashes, _) = bytes.as_chunks::<32>();
            for (seq, hash) in (index * tile..).zip(hashes.get(..width)?) {
                if seq >= from {
                    leaves.push(*hash);
                    tree.push(*hash, &mut Vec::new());
                }
            }
        }
        (tree.size() == broken.size && tree.root() == broken.root).then_some(leaves)
    }

    /// What is to be said of checkpoints and tiles at the end.
    pub(super) fn finish_checkpoints(&mut self) {
        let size = self.tree.size();
        if let Some(sealed) = self.taken.checkpoints.get(&0) {
            self.check_checkpoint(0, sealed);
        }
        // Without record 0 there is no key to ask: then what the checkpoints say is all that is known of the records.
        let mut beyond = self.taken.checkpoints.range(size + 1..);
        let good = |(name, sealed): &(&u64, &Sealed)| self.key.is_none() || self.signed_by_us(**name, sealed).is_ok();
        if let Some((covered, _)) = beyond.clone().rev().find(good) {
            let message = message!("ledger-records-missing", size = covered.to_string(), records = size.to_string());
            let mut finding = Finding::about(Severity::Error, "records-missing", size, message);
            finding.help = Some(message!("ledger-help-against"));
            self.findings.push(finding);
        } else if let Some((name, sealed)) = beyond.next()
            && let Err(message) = self.signed_by_us(*name, sealed)
        {
            let finding = Finding::in_file(Severity::Error, "checkpoint-altered", &sealed.file, message);
            self.findings.push(finding);
        }
        self.finish_newest();
        if self.kept.signed < size {
            let message = if self.kept.signed == 0 {
                message!("ledger-unsigned", count = size)
            } else {
                message!("ledger-unsigned-tail", count = size - self.kept.signed, from = self.kept.signed.to_string())
            };
            let mut finding = Finding::about(Severity::Warning, "unsigned-tail", self.kept.signed, message);
            finding.note = Some(message!("ledger-unsigned-note"));
            self.findings.push(finding);
        }
        for file in std::mem::take(&mut self.kept.tiles_differ) {
            if self.kept.broken.is_none() {
                let file = format!("tile/{file}");
                let mut finding =
                    Finding::in_file(Severity::Warning, "tile-differs", &file, message!("ledger-tile-differs"));
                finding.help = Some(message!("ledger-help-tile"));
                self.findings.push(finding);
            }
        }
    }

    /// The newest checkpoint is a copy of the newest that is kept, or of the one before where the machine stopped between.
    fn finish_newest(&mut self) {
        let kept = self.taken.checkpoints.values().filter(|sealed| sealed.file != "checkpoint");
        let mut newest = kept.map(|sealed| &sealed.bytes).rev();
        let (last, before) = (newest.next(), newest.next());
        let (severity, code, message) = match (&self.taken.checkpoint, last) {
            (None, None) => return,
            (Some(checkpoint), Some(last)) if checkpoint == last => return,
            (checkpoint, Some(_)) if checkpoint.as_ref() == before => {
                (Severity::Warning, "checkpoint-behind", message!("ledger-checkpoint-behind"))
            }
            _ => (Severity::Error, "checkpoint-altered", message!("ledger-checkpoint-newest")),
        };
        let finding = Finding::in_file(severity, code, "checkpoint", message);
        self.findings.push(finding);
    }
}
