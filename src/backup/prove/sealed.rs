//! What the seal of a copy says: of the copy itself, or of the tree that an archive was made from.

use std::fs;
use std::path::Path;

use super::verdict::{Basis, Made, Proof};
use super::{Kind, Request, Target};
use crate::backup::manifest::{Entry, Header};
use crate::backup::walk::Kind as EntryKind;
use crate::backup::{
    BackupError, Cancel, Finding, FindingKind, SealState, Verification, digest, note, seal_of, verify,
};
use crate::model::record::Integrity;

/// The sealed tree that what is restored has to agree with.
pub(super) struct Tree {
    pub(super) header: Header,
    pub(super) entries: Vec<Entry>,
}

/// What looking at the seal came to.
pub(super) enum Looked {
    /// It does not verify: nothing that it says counts.
    Broken,
    /// The copy was compared with it, or there is none.
    Compared,
    /// What is restored is to be compared.
    Tree(Tree),
}

/// Looks at the seal of a copy and compares the copy with it, where the seal is of the copy itself.
///
/// # Errors
///
/// A seal that was named is not there or not of this copy, or the copy cannot be read.
pub(super) fn look(
    target: &Target,
    request: &Request,
    proof: &mut Proof,
    cancel: &Cancel,
) -> Result<Looked, BackupError> {
    let beside = seal_of(&target.copy);
    let seal = request.seal.as_deref().unwrap_or(&beside);
    if !seal.is_dir() {
        return match &request.seal {
            Some(seal) => Err(BackupError::NoSeal { copy: target.copy.clone(), seal: seal.clone() }),
            None => Ok(Looked::Compared),
        };
    }
    let (header, entries) = match verify::read_seal(seal) {
        Ok(read) => read,
        Err(BackupError::BadSeal { .. }) => {
            proof.seal = Some(SealState::Bad);
            return Ok(Looked::Broken);
        }
        Err(error) => return Err(error),
    };
    let (state, _) = note::seal_state(seal, request.notes.as_ref())?;
    proof.seal = Some(state);
    // What nobody trusted has signed could have been made anew by whoever changed the copy.
    if state != SealState::Good {
        return Ok(Looked::Broken);
    }
    proof.made = Some((header.sealed_at, Made::Sealed));
    if target.kind == Kind::Files {
        return Ok(Looked::Tree(tree(header, entries)));
    }
    // The seal of a repository's folder lies beside it; one that is named is of the tree that was backed up.
    if target.kind.repository() && request.seal.is_some() {
        return Ok(Looked::Tree(tree(header, entries)));
    }
    if target.copy.is_dir() {
        let seen = verify::verify(&target.copy, Some(seal), None, request.notes.as_ref(), cancel)?;
        take(&seen, proof);
        return Ok(Looked::Compared);
    }
    if let [entry] = entries.as_slice()
        && target.copy.file_name() == Some(entry.path.path().as_os_str())
    {
        one_file(&target.copy, entry, proof, cancel)?;
        return Ok(Looked::Compared);
    }
    if target.kind.archive() {
        return Ok(Looked::Tree(tree(header, entries)));
    }
    Err(BackupError::SealOfAnother { copy: target.copy.clone(), seal: seal.to_owned() })
}

/// Pipes, sockets and devices are never restored: nothing is compared of them.
fn tree(header: Header, mut entries: Vec<Entry>) -> Tree {
    entries.retain(|entry| entry.kind != EntryKind::Special);
    Tree { header, entries }
}

/// Takes over what a comparison came to.
pub(super) fn take(seen: &Verification, proof: &mut Proof) {
    proof.findings.extend(seen.findings.iter().cloned());
    if seen.whole {
        proof.holds_by(Basis::Seal);
    } else {
        proof.integrity = Integrity::Fails;
    }
}

/// Compares the one file that a seal is of.
fn one_file(copy: &Path, entry: &Entry, proof: &mut Proof, cancel: &Cancel) -> Result<(), BackupError> {
    let size = fs::metadata(copy).map_err(BackupError::read(copy))?.len();
    let mut file = digest::open(copy).map_err(BackupError::read(copy))?;
    let read = digest::digest(&mut file, cancel).map_err(BackupError::read(copy));
    let (digest, _) = cancel.or(read)?;
    let kind = match entry.size {
        Some(sealed) if size < sealed => FindingKind::Truncated,
        Some(sealed) if size > sealed => FindingKind::Grown,
        _ => FindingKind::Changed,
    };
    if Some(digest) == entry.digest {
        proof.holds_by(Basis::Seal);
    } else {
        proof.integrity = Integrity::Fails;
        proof.findings.push(Finding { kind, path: entry.path.clone(), to: None });
    }
    Ok(())
}
