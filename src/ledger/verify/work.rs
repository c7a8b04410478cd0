//! What can be done with a block of lines alone: leaf hashes, envelopes, the objects that are named.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::line::{self, Line};
use crate::ledger::layout::Layout;
use crate::ledger::storage::{How, Storage};
use crate::ledger::tree::{self, Hash};
use crate::model::record::{LineTooLong, MAX_LINE, Signed};
use crate::model::{Actor, Body, Digest, Draft, Lifecycle, ObjectRef, RunId};

/// Whole lines that stand one after the other in one segment.
pub(super) struct Block {
    pub(super) number: usize,
    pub(super) segment: u64,
    pub(super) bytes: Vec<u8>,
}

/// What a line says, as far as the replay needs it.
pub(super) struct Item {
    pub(super) leaf: Hash,
    pub(super) says: Result<Says, String>,
}

pub(super) struct Says {
    pub(super) seq: u64,
    pub(super) at_us: i64,
    pub(super) mono_us: u64,
    /// A number that stands for the boot.
    pub(super) boot: u64,
    pub(super) what: What,
}

pub(super) enum What {
    /// A type that the lifecycle looks into.
    Moving(Box<Draft>),
    /// A type of which it needs only the run (by its place in [`Done::runs`]).
    Plain { run: Option<usize>, kind: &'static str },
    /// A type that this version does not know.
    Unknown { run: Option<usize>, kind: String },
    /// Objects were taken out.
    Redacted(Vec<Digest>),
    /// A person signed; the run by its place in [`Done::runs`].
    Signed { run: Option<usize>, actor: Actor, signed: Box<Signed> },
}

/// An object that is not what a record says.
pub(super) struct Wrong {
    /// The line in the block, from 0.
    pub(super) line: usize,
    pub(super) object: Digest,
    pub(super) missing: bool,
}

/// A block that is worked through.
pub(super) struct Done {
    pub(super) number: usize,
    pub(super) segment: u64,
    pub(super) items: Vec<Item>,
    pub(super) runs: Vec<String>,
    pub(super) wrong: Vec<Wrong>,
    /// The block's memory, to be used again.
    pub(super) bytes: Vec<u8>,
}

/// Objects that were looked at, by a keyed hash of digest and size: 8 bytes each, and nobody can make two fall together.
pub(super) struct Seen {
    key: RandomState,
    set: Mutex<HashSet<u64>>,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { key: RandomState::new(), set: Mutex::new(HashSet::new()) }
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
    let mut names = Names { runs: Vec::new(), run: None, actor: None, boot: (String::new(), 0), key: &seen.key };
    let mut items = Vec::with_capacity(block.bytes.len() / 256);
    let mut wrong = Vec::new();
    for (number, line) in lines(&block.bytes).enumerate() {
        let leaf = tree::leaf(line);
        let read = if line.len() > MAX_LINE { Err(LineTooLong.to_string()) } else { line::read(line) };
        let says = read.and_then(|line| {
            for object in objects(line.body) {
                if seen.first(&object)
                    && let Some(missing) = look(storage, layout, &object)
                {
                    wrong.push(Wrong { line: number, object: object.object, missing });
                }
            }
            names.says(&line)
        });
        items.push(Item { leaf, says });
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

/// The objects that a body names: `{"object":"sha256:<64 hex>","size":N}` is the only form.
fn objects(body: &str) -> impl Iterator<Item = ObjectRef> {
    const AFTER: &str = "\"object\":\"sha256:";
    let mut rest = body;
    std::iter::from_fn(move || {
        loop {
            // One byte is found many times faster than a text, and a body has few braces.
            let at = rest.find('{')?;
            rest = &rest[at + 1..];
            let Some(named) = rest.strip_prefix(AFTER) else { continue };
            let Some(hex) = named.get(..64) else { continue };
            let Some(size) = named[64..].strip_prefix("\",\"size\":") else { continue };
            let digits = size.bytes().take_while(u8::is_ascii_digit).count();
            if let (Some(bytes), Ok(size)) = (crate::model::digest::unhex(hex), size[..digits].parse())
                && let Ok(bytes) = bytes.try_into()
            {
                return Some(ObjectRef { object: Digest(bytes), size });
            }
        }
    })
}

/// What is wrong with an object: whether it is missing (true) or not what its name says (false).
fn look(storage: &dyn Storage, layout: &Layout, object: &ObjectRef) -> Option<bool> {
    let Ok(file) = storage.open(&layout.object(&object.object), How::Read) else { return Some(true) };
    let mut hash = Sha256::new();
    let room = usize::try_from(object.size.saturating_add(1)).unwrap_or(usize::MAX).clamp(1, 256 * 1024);
    let mut buffer = vec![0; room];
    let mut size = 0;
    loop {
        match file.read_at(&mut buffer, size) {
            Ok(0) => break,
            Ok(read) => {
                hash.update(&buffer[..read]);
                size += read as u64;
            }
            Err(_) => return Some(false),
        }
    }
    let holds = size == object.size && <[u8; 32]>::from(hash.finalize()) == object.object.0;
    if holds { None } else { Some(false) }
}

/// Names that come again and again in a block.
struct Names<'a> {
    runs: Vec<String>,
    run: Option<(usize, RunId)>,
    actor: Option<Actor>,
    boot: (String, u64),
    key: &'a RandomState,
}

impl Names<'_> {
    fn run(&mut self, run: &str) -> Result<(usize, RunId), String> {
        if let Some((number, known)) = &self.run
            && known == run
        {
            return Ok((*number, known.clone()));
        }
        let parsed: RunId = run.parse().map_err(|e: crate::model::InvalidName| e.to_string())?;
        let number = self.runs.iter().position(|known| known == run).unwrap_or(self.runs.len());
        if number == self.runs.len() {
            self.runs.push(run.to_owned());
        }
        self.run = Some((number, parsed.clone()));
        Ok((number, parsed))
    }

    fn actor(&mut self, actor: &str) -> Result<&Actor, String> {
        if self.actor.as_ref().is_none_or(|known| known != actor) {
            self.actor = Some(actor.parse().map_err(|e: crate::model::InvalidName| e.to_string())?);
        }
        self.actor.as_ref().ok_or_else(String::new)
    }

    fn boot(&mut self, boot: &str) -> u64 {
        if self.boot.0 != boot {
            self.boot = (boot.to_owned(), self.key.hash_one(boot));
        }
        self.boot.1
    }

    fn says(&mut self, line: &Line<'_>) -> Result<Says, String> {
        let boot = self.boot(line.boot);
        if let Some(by) = line.by {
            by.parse::<Actor>().map_err(|e| e.to_string())?;
        }
        let occurred =
            line.occurred.map(str::parse).transpose().map_err(|e: crate::model::time::InvalidStamp| e.to_string())?;
        let run = line.run.map(|run| self.run(run)).transpose()?;
        let what = if Lifecycle::looks_into(line.kind) {
            let body = Body::parse(line.kind, line.body).map_err(|e| e.to_string())?;
            What::Moving(Box::new(Draft {
                run: run.map(|(_, run)| run),
                mode: line.mode,
                actor: self.actor(line.actor)?.clone(),
                by: None,
                occurred,
                basis: line.basis,
                body,
            }))
        } else {
            self.actor(line.actor)?;
            let run = run.map(|(number, _)| number);
            match Body::KINDS.iter().find(|kind| **kind == line.kind) {
                _ if line.kind == "redacted" => What::Redacted(redacted(line.body)?),
                _ if line.kind == "signed" => {
                    let signed = serde_json::from_str(line.body).map_err(|e| e.to_string())?;
                    What::Signed { run, actor: self.actor(line.actor)?.clone(), signed: Box::new(signed) }
                }
                Some(kind) => What::Plain { run, kind },
                None => What::Unknown { run, kind: line.kind.to_owned() },
            }
        };
        Ok(Says { seq: line.seq, at_us: line.at_us, mono_us: line.mono_us, boot, what })
    }
}

fn redacted(body: &str) -> Result<Vec<Digest>, String> {
    #[derive(serde::Deserialize)]
    struct Redacted {
        objects: Vec<ObjectRef>,
    }
    let redacted: Redacted = serde_json::from_str(body).map_err(|e| e.to_string())?;
    Ok(redacted.objects.into_iter().map(|object| object.object).collect())
}
