//! The index: what a process has to know of the log to go on, up to a stated size, so that opening reads only the tail.
//!
//! Derived: it may be deleted, and is made anew where it is damaged or its last line is not the log's. `index/state` is a
//! line with the SHA-256 of the rest, then JSON. `index/runs/<RUN>` has 16 bytes a record: its number and the offset of its
//! line in its segment, both big-endian; what stands there past the stated count is not valid.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::LedgerError;
use super::head::Head;
use super::layout::{Layout, SEGMENT};
use super::lines::{ENTRY, Entry, Lines};
use super::storage::{How, Storage, fill, read, replace};
use super::tree::{self, Tree};
use crate::model::{Digest, Lifecycle, RunId, digest};

/// The index is rewritten after so many records.
pub(super) const EVERY: u64 = 256;

#[derive(Serialize, Deserialize)]
struct State {
    index: u32,
    end: u64,
    last: u64,
    leaf: String,
    origin: String,
    vkey: String,
    edge: Vec<String>,
    entries: BTreeMap<RunId, u64>,
    lifecycle: Lifecycle,
}

/// The head as the index has it; nothing where there is none that fits the log.
pub(super) fn load(storage: &dyn Storage, layout: &Layout) -> Option<Head> {
    let bytes = read(storage, &layout.state()).ok()??;
    let (sum, json) = bytes.split_at_checked(65)?;
    if sum[64] != b'\n' || Digest::of(json).hex().as_bytes() != &sum[..64] {
        return None;
    }
    let state: State = serde_json::from_slice(json).ok()?;
    let size = state.lifecycle.size;
    if state.index != 1 || size == 0 {
        return None;
    }
    let edge: Vec<_> = state.edge.iter().map(|row| digest::unhex(row)).collect::<Option<_>>()?;
    let start = state.end.checked_sub(state.last)?;
    let mut lines = Lines::new(storage, layout, 0);
    let mut last = lines.at((size - 1) / SEGMENT, start).ok()??.to_vec();
    if last.len() as u64 + 1 != state.last || digest::hex(&tree::leaf(&last)) != state.leaf {
        return None;
    }
    last.push(b'\n');
    Some(Head {
        tree: Tree::from_edge(size, &edge)?,
        life: state.lifecycle,
        end: state.end,
        last,
        full: Vec::new(),
        fresh: BTreeMap::new(),
        indexed: state.entries,
        snapshot: size,
        origin: state.origin,
        vkey: state.vkey,
    })
}

/// Writes the index and the tiles that are full. Under the lock.
pub(super) fn store(storage: &dyn Storage, layout: &Layout, head: &mut Head) -> Result<(), LedgerError> {
    store_tiles(storage, layout, head)?;
    let mut entries = head.indexed.clone();
    for (run, fresh) in &head.fresh {
        let path = layout.entries(run);
        let known = entries.entry(run.clone()).or_insert(0);
        let bytes: Vec<u8> = fresh.iter().flat_map(|entry| entry.to_bytes()).collect();
        let write = || {
            let file = storage.open(&path, How::Create)?;
            file.write_at(&bytes, *known * ENTRY as u64)
        };
        match write() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let folder = path.parent().unwrap_or(&layout.dir);
                storage.create_folder(folder).map_err(LedgerError::io(folder))?;
                write().map_err(LedgerError::io(&path))?;
            }
            other => other.map_err(LedgerError::io(&path))?,
        }
        *known += fresh.len() as u64;
    }
    let Some(line) = head.last.strip_suffix(b"\n") else { return Ok(()) };
    let state = State {
        index: 1,
        end: head.end,
        last: head.last.len() as u64,
        leaf: digest::hex(&tree::leaf(line)),
        origin: head.origin.clone(),
        vkey: head.vkey.clone(),
        edge: head.tree.edge().iter().map(|row| digest::hex(row)).collect(),
        entries,
        lifecycle: std::mem::take(&mut head.life),
    };
    let json = serde_json::to_vec(&state);
    head.life = state.lifecycle;
    let path = layout.state();
    let json = json.map_err(|e| LedgerError::io(&path)(e.into()))?;
    let mut bytes = Digest::of(&json).hex().into_bytes();
    bytes.push(b'\n');
    bytes.extend_from_slice(&json);
    replace(storage, &path, &bytes, false).map_err(LedgerError::io(&path))?;
    head.indexed = state.entries;
    head.fresh.clear();
    head.snapshot = head.life.size;
    Ok(())
}

/// Writes the tiles that became full.
pub(super) fn store_tiles(storage: &dyn Storage, layout: &Layout, head: &mut Head) -> Result<(), LedgerError> {
    for tile in &head.full {
        store_tile(storage, &layout.tiles(), tile)?;
    }
    head.full.clear();
    Ok(())
}

/// Writes a tile, unless it is there already with its full size.
pub(super) fn store_tile(storage: &dyn Storage, tiles: &Path, tile: &tree::Tile) -> Result<(), LedgerError> {
    let path = tiles.join(tile.path());
    let bytes = tile.bytes();
    if storage.size(&path).ok().flatten() == Some(bytes.len() as u64) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(tiles);
    storage.create_folder(folder).map_err(LedgerError::io(folder))?;
    replace(storage, &path, &bytes, false).map_err(LedgerError::io(&path))
}

/// The first entry of `run` in the index.
pub(super) fn first_entry(storage: &dyn Storage, layout: &Layout, run: &RunId) -> Option<Entry> {
    let file = storage.open(&layout.entries(run), How::Read).ok()?;
    let mut bytes = [0; ENTRY];
    let read = fill(file.as_ref(), &mut bytes, 0).ok()?;
    (read == ENTRY).then(|| Entry::from_bytes(&bytes))
}

/// The entries of `run` in the index from number `from` on, of which the index has `count`.
pub(super) fn entries(
    storage: &dyn Storage,
    layout: &Layout,
    run: &RunId,
    count: u64,
    from: u64,
) -> Option<Vec<Entry>> {
    if count == 0 {
        return Some(Vec::new());
    }
    let file = storage.open(&layout.entries(run), How::Read).ok()?;
    let one = |number: u64| {
        let mut bytes = [0; ENTRY];
        let read = fill(file.as_ref(), &mut bytes, number * ENTRY as u64).ok()?;
        (read == ENTRY).then(|| Entry::from_bytes(&bytes))
    };
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if one(middle)?.seq < from {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let mut bytes = vec![0; usize::try_from(count - low).ok()?.checked_mul(ENTRY)?];
    let read = fill(file.as_ref(), &mut bytes, low * ENTRY as u64).ok()?;
    (read == bytes.len()).then(|| bytes.as_chunks::<ENTRY>().0.iter().map(Entry::from_bytes).collect())
}
