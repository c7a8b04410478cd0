//! The inventory in the ledger: files as they stood, so that a figure from them is evidence and a later edit shows.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::desk::{Desk, journal_failure, ledger_failure};
use super::{Context, Failure, Workspace};
use crate::ledger::Ledger;
use crate::model::record::{InventoryNoted, SourceFile};
use crate::model::{Basis, Body, Digest, Draft, Durability, Journal as _, ObjectRef, Objects as _, Record};
use crate::source::LARGEST;

/// How many files one record names: its line keeps within 64 KiB, whatever the files are called.
const FILES_A_RECORD: usize = 200;

/// Files as they were noted last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Noted {
    /// For each path the digest of what it held, and the record that says so.
    pub(crate) files: BTreeMap<String, (Digest, u64)>,
    /// The last such record.
    pub(crate) last: Option<u64>,
}

impl Noted {
    /// What the ledger in the workspace has noted; nothing where there is no ledger yet.
    ///
    /// # Errors
    ///
    /// Where the ledger cannot be read.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self, Failure> {
        if !workspace.ledger().join("log").exists() {
            return Ok(Self::default());
        }
        Self::of(&Ledger::read_only(&workspace.ledger()).map_err(|error| ledger_failure(&error))?)
    }

    /// What `ledger` has noted.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub(crate) fn of(ledger: &Ledger) -> Result<Self, Failure> {
        let records = ledger.records_of_type("inventory-noted").map_err(|error| ledger_failure(&error))?;
        let mut noted = Self::default();
        for Record { seq, draft, .. } in records {
            let Body::InventoryNoted(body) = draft.body else { continue };
            noted.last = Some(seq);
            for path in &body.removed {
                noted.files.remove(path);
            }
            noted.files.extend(body.files.into_iter().map(|file| (file.path, (file.file.object, seq))));
        }
        Ok(noted)
    }

    /// Whether the file at `path`, which holds `bytes`, is as it was noted; nothing where it never was.
    #[must_use]
    pub(crate) fn same(&self, path: &str, bytes: &[u8]) -> Option<(u64, bool)> {
        self.files.get(path).map(|(digest, seq)| (*seq, *digest == Digest::of(bytes)))
    }
}

/// What was noted now.
pub(crate) struct Done {
    /// The last record.
    pub(crate) seq: u64,
    /// Files that are new or changed.
    pub(crate) changed: usize,
    /// Files that are there no longer.
    pub(crate) removed: usize,
}

/// Keeps the files of the inventory that differ from what was noted last, and says so in the ledger. Nothing where none does.
///
/// # Errors
///
/// Where a file cannot be read, or the ledger cannot be written.
pub(crate) fn note(
    desk: &Desk,
    context: &Context,
    because: Option<&str>,
    asked: bool,
) -> Result<Option<Done>, Failure> {
    let before = Noted::of(&desk.ledger)?;
    let here = files(&desk.workspace)?;
    let changed: Vec<&(String, Vec<u8>)> =
        here.iter().filter(|(path, bytes)| before.same(path, bytes).is_none_or(|(_, same)| !same)).collect();
    let removed: Vec<String> =
        before.files.keys().filter(|path| !here.iter().any(|(here, _)| here == *path)).cloned().collect();
    if changed.is_empty() && removed.is_empty() {
        return Ok(None);
    }
    let failed = |error| journal_failure(&error);
    let because: Option<ObjectRef> = because.map(|words| desk.ledger.put_text(words)).transpose().map_err(failed)?;
    let mut kept = Vec::with_capacity(changed.len());
    for (path, bytes) in &changed {
        let file = desk.ledger.put(bytes).map_err(failed)?;
        kept.push(SourceFile { path: path.clone(), file });
    }
    let mut bodies: Vec<InventoryNoted> = kept
        .chunks(FILES_A_RECORD)
        .map(|files| InventoryNoted { files: files.to_vec(), removed: Vec::new(), because })
        .collect();
    bodies.extend(removed.chunks(FILES_A_RECORD).map(|removed| InventoryNoted {
        files: Vec::new(),
        removed: removed.to_vec(),
        because,
    }));
    let drafts: Vec<Draft> = bodies
        .into_iter()
        .map(|body| {
            let draft = Draft::ledger(body.into());
            if asked { Draft { actor: context.actor.clone(), basis: Basis::Console, ..draft } } else { draft }
        })
        .collect();
    let covered = {
        let head = desk.ledger.head().map_err(|error| ledger_failure(&error))?;
        head.signed == head.size
    };
    let appended = desk.ledger.append(&drafts, Durability::Synced).map_err(failed)?;
    // What nobody asked for signs nothing that was not signed before.
    if asked || covered {
        desk.checkpoint()?;
    }
    let seq = appended.records.last().map_or(0, |record| record.seq);
    Ok(Some(Done { seq, changed: changed.len(), removed: removed.len() }))
}

/// Path and bytes of every file of the inventory: the unit, its systems, its policies.
fn files(workspace: &Workspace) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut paths = vec!["ungpho.yaml".to_owned()];
    paths.extend(names(&workspace.root, "inventory"));
    let policies = fs::read_dir(workspace.root.join("policies")).into_iter().flatten().filter_map(Result::ok);
    let mut folders: Vec<String> = policies
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    folders.sort();
    for folder in folders {
        paths.extend(names(&workspace.root, &format!("policies/{folder}")));
    }
    let read = |path: String| {
        let failed = |error: std::io::Error| {
            let message = crate::message::message!("systems-table-unreadable", file = path.as_str());
            Failure::new(super::Exit::Machine, "file-unreadable", message).caused_by(&error)
        };
        let file = workspace.root.join(&path);
        let size = fs::metadata(&file).map_err(failed)?.len();
        if size > LARGEST {
            // No file of ours is so large: it says nothing that is read.
            return Ok(None);
        }
        let bytes = fs::read(&file).map_err(failed)?;
        Ok(Some((path, bytes)))
    };
    let read: Result<Vec<_>, Failure> = paths.into_par_iter().map(read).collect();
    Ok(read?.into_iter().flatten().collect())
}

/// The YAML files of a folder, from the workspace's root.
fn names(root: &Path, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && Path::new(name).extension().is_some_and(|it| it == "yaml"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    names.sort();
    names
}
