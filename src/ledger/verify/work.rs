//! What can be done with a block of lines alone: leaf hashes, envelopes, bodies, the objects that are named.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::io::ErrorKind;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::brief::{self, Brief};
use super::json::Walk;
use super::line::{self, Line};
use super::malformed::Malformed;
use crate::ledger::layout::Layout;
use crate::ledger::storage::{How, Storage};
use crate::ledger::tree::{self, Hash};
use crate::model::record::MAX_LINE;
use crate::model::{Actor, Body, Digest, Draft, Lifecycle, ObjectRef, Outcome, RunId};

/// Whole lines that stand one after the other in one segment.
pub(super) struct Block {
    pub(super) number: usize,
    pub(super) segment: u64,
    pub(super) bytes: Vec<u8>,
}

/// What a line says, as far as the replay needs it.
pub(super) struct Item {
    pub(super) leaf: Hash,
    pub(super) says: Result<Says, Malformed>,
}

pub(super) struct Says {
    pub(super) seq: u64,
    pub(super) at_us: i64,
    pub(super) mono_us: u64,
    /// A number that stands for the boot.
    pub(super) boot: u64,
    /// The run, by its place in [`Done::runs`].
    pub(super) run: Option<usize>,
    pub(super) what: What,
}

pub(super) enum What {
    /// An attempt of a step began or, with an outcome, ended. The step's path stands there in [`Done::bytes`].
    Step { path: Range<u32>, attempt: u32, outcome: Option<Outcome> },
    /// Another type that the lifecycle looks into.
    Moving(Box<Draft>),
    /// A type of which it needs only the run.
    Plain { kind: &'static str },
    /// A type that this version does not know.
    Unknown { kind: Box<str> },
    /// Objects were taken out.
    Redacted(Box<[Digest]>),
}

/// How an object is not what a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amiss {
    Missing,
    /// It has not its digest or its size.
    Altered,
    Unreadable,
}

/// An object that is not what a record says.
pub(super) struct Wrong {
    /// The line in the block, from 0.
    pub(super) line: usize,
    pub(super) object: Digest,
    pub(super) how: Amiss,
}

/// A block that is worked through.
pub(super) struct Done {
    pub(super) number: usize,
    pub(super) segment: u64,
    pub(super) items: Vec<Item>,
    pub(super) runs: Vec<RunId>,
    pub(super) wrong: Vec<Wrong>,
    /// The block's memory, to be used again.
    pub(super) bytes: Vec<u8>,
}

/// Objects that were looked at, by a keyed hash of digest and size: 8 bytes each, and nobody can make two fall together.
pub(super) struct Seen {
    /// Whether objects are looked at.
    pub(super) looks: bool,
    key: RandomState,
    set: Mutex<HashSet<u64>>,
}

impl Seen {
    pub(super) fn new(looks: bool) -> Self {
        Self { looks, key: RandomState::new(), set: Mutex::new(HashSet::new()) }
    }

    /// Whether this is the first time.
    fn first(&self, object: &ObjectRef) -> bool {
        let key = self.key.hash_one(object);
        self.set.lock().unwrap_or_else(PoisonError::into_inner).insert(key)
    }

    pub(super) fn contains(&self, object: &ObjectRef) -> bool {
        self.set.lock().unwrap_or_else(PoisonError::into_inner).contains(&self.key.hash_one(object))
    }
}

/// Works through a block.
pub(super) fn work(block: Block, storage: &dyn Storage, layout: &Layout, seen: &Seen) -> Done {
    let mut names = Names { runs: Vec::new(), run: None, boot: (String::new(), 0), key: &seen.key };
    let mut items = Vec::with_capacity(block.bytes.len() / 256);
    let mut wrong = Vec::new();
    let mut compact = String::new();
    let mut found = Vec::new();
    let mut last = None;
    for (number, line) in lines(&block.bytes).enumerate() {
        let says = names.says(line, &block.bytes, &mut compact, &mut found);
        if says.is_ok() {
            for object in &found {
                if seen.looks
                    && last != Some(*object)
                    && seen.first(object)
                    && let Some(how) = look(storage, layout, object)
                {
                    wrong.push(Wrong { line: number, object: object.object, how });
                }
                last = Some(*object);
            }
        }
        found.clear();
        items.push(Item { leaf: tree::leaf(line), says });
    }
    Done { number: block.number, segment: block.segment, items, runs: names.runs, wrong, bytes: block.bytes }
}

/// The lines of a block that ends with an LF.
pub(super) fn lines(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        use std::io::BufRead as _;
        let all = bytes;
        let length = bytes.skip_until(b'\n').unwrap_or(0);
        all.get(..length.checked_sub(1)?)
    })
}

/// What is wrong with an object, if anything.
fn look(storage: &dyn Storage, layout: &Layout, object: &ObjectRef) -> Option<Amiss> {
    let file = match storage.open(&layout.object(&object.object), How::Read) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Some(Amiss::Missing);
        }
        Err(_) => return Some(Amiss::Unreadable),
    };
    let mut hash = Sha256::new();
    let room = usize::try_from(object.size.saturating_add(1)).unwrap_or(usize::MAX).clamp(1, 256 * 1024);
    let mut buffer = vec![0; room];
    let mut size = 0;
    while size <= object.size {
        match file.read_at(&mut buffer, size) {
            Ok(0) => break,
            Ok(read) => {
                hash.update(&buffer[..read]);
                size += read as u64;
            }
            Err(_) => return Some(Amiss::Unreadable),
        }
    }
    let holds = size == object.size && <[u8; 32]>::from(hash.finalize()) == object.object.0;
    if holds { None } else { Some(Amiss::Altered) }
}

/// Names that come again and again in a block.
struct Names<'a> {
    runs: Vec<RunId>,
    run: Option<usize>,
    boot: (String, u64),
    key: &'a RandomState,
}

impl Names<'_> {
    fn run(&mut self, run: &str) -> Result<usize, Malformed> {
        let known = |number: &usize| self.runs.get(*number).is_some_and(|known| known == run);
        let place = self.run.filter(known).or_else(|| self.runs.iter().position(|known| known == run));
        let number = place.unwrap_or(self.runs.len());
        if place.is_none() {
            self.runs.push(run.parse().map_err(|_| Malformed::Key("run"))?);
        }
        self.run = Some(number);
        Ok(number)
    }

    fn boot(&mut self, boot: &str) -> u64 {
        if self.boot.0 != boot {
            self.boot = (boot.to_owned(), self.key.hash_one(boot));
        }
        self.boot.1
    }

    /// Reads a line of `block`; the objects that it names are added to `named`.
    fn says(
        &mut self,
        line: &[u8],
        block: &[u8],
        compact: &mut String,
        named: &mut Vec<ObjectRef>,
    ) -> Result<Says, Malformed> {
        if line.len() > MAX_LINE {
            return Err(Malformed::TooLong);
        }
        let (read, spaced) = line::read(line, compact)?;
        let boot = self.boot(read.boot);
        let run = read.run.map(|run| self.run(run)).transpose()?;
        let mut found = |object| named.push(object);
        let brief = if spaced || read.late() { None } else { brief::read(read.kind, read.body, &mut found) };
        let step = |path: &str, attempt, outcome| {
            let start = u32::try_from(path.as_ptr().addr() - block.as_ptr().addr()).unwrap_or(u32::MAX);
            let length = u32::try_from(path.len()).unwrap_or(u32::MAX);
            What::Step { path: start..start.saturating_add(length), attempt, outcome }
        };
        let what = match brief {
            Some(Brief::Started { step: path, attempt }) => step(path, attempt, None),
            Some(Brief::Ended { step: path, attempt, outcome }) => step(path, attempt, Some(outcome)),
            Some(Brief::Plain) => What::Plain { kind: "noted" },
            None => {
                named.clear();
                self.body(&read, run, line.len(), named)?
            }
        };
        Ok(Says { seq: read.seq, at_us: read.at_us, mono_us: read.mono_us, boot, run, what })
    }

    /// Reads a body of any form.
    fn body(
        &self,
        line: &Line<'_>,
        run: Option<usize>,
        length: usize,
        named: &mut Vec<ObjectRef>,
    ) -> Result<What, Malformed> {
        Walk::new(line.body).whole(&mut |object| named.push(object)).map_err(|wrong| match wrong {
            Malformed::NotJson { at } => Malformed::NotJson { at: (at + length).saturating_sub(line.body.len() + 1) },
            other => other,
        })?;
        if line.kind == "redacted" {
            return redacted(line.body).map(What::Redacted).ok_or(Malformed::Body { kind: "redacted" });
        }
        let Some(kind) = Body::KINDS.iter().find(|kind| **kind == line.kind) else {
            return Ok(What::Unknown { kind: line.kind.into() });
        };
        // Also of what the replay does not look into: who reads the record later must be able to.
        let body = Body::parse(kind, line.body).map_err(|error| {
            tracing::debug!(seq = line.seq, %error, "a body has not its form");
            Malformed::Body { kind }
        })?;
        // What a person signed is compared at the end.
        if !Lifecycle::looks_into(kind) && !line.late() && *kind != "signed" {
            return Ok(What::Plain { kind });
        }
        Ok(What::Moving(Box::new(Draft {
            run: run.and_then(|number| self.runs.get(number)).cloned(),
            mode: line.mode,
            actor: line.actor.parse::<Actor>().map_err(|_| Malformed::Key("actor"))?,
            by: line.by.and_then(|by| by.parse::<Actor>().ok()),
            occurred: line.occurred.and_then(|time| time.parse().ok()),
            basis: line.basis,
            body,
        })))
    }
}

fn redacted(body: &str) -> Option<Box<[Digest]>> {
    #[derive(serde::Deserialize)]
    struct Redacted {
        objects: Vec<ObjectRef>,
    }
    let redacted: Redacted = serde_json::from_str(body).ok()?;
    Some(redacted.objects.into_iter().map(|object| object.object).collect())
}
