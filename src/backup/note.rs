//! `manifest.note`: who sealed, as a signed note over the digest of the manifest.

use std::fs;
use std::io;
use std::path::Path;

use super::{BackupError, SealState, digest, paths};
use crate::model::{Digest, NoteState, Notes};

/// The first line of the text that is signed.
const FIRST: &str = "ungpho-seal/1";

/// The file of the note in a seal's folder.
pub(super) const NOTE: &str = "manifest.note";

/// The note over a manifest of this digest; nothing where the key is not here.
pub(super) fn sign(manifest: &Digest, notes: &dyn Notes) -> Option<String> {
    notes.sign_note(&format!("{FIRST}\n{}\n{manifest}\n", notes.note_signer()?))
}

/// What the note of a seal says, against the digest of the manifest beside it; also the name of the key that vouches.
pub(super) fn judge(note: &[u8], manifest: &Digest, notes: &dyn Notes) -> (SealState, Option<String>) {
    let names = |text: &str| {
        let mut lines = text.split('\n');
        let (first, origin, digest) = (lines.next(), lines.next(), lines.next());
        let known = (first, digest.and_then(|digest| digest.parse().ok())) == (Some(FIRST), Some(*manifest));
        origin.filter(|_| known && lines.eq([""])).map(str::to_owned)
    };
    match notes.judge_note(note) {
        // The text names its signer: a note of one key cannot be passed off as another's.
        NoteState::Good { text, key } if names(&text).as_ref() == Some(&key) => (SealState::Good, Some(key)),
        NoteState::UnknownKey { text } => match names(&text) {
            Some(origin) => (SealState::UnknownKey, Some(origin)),
            None => (SealState::Bad, None),
        },
        NoteState::Good { .. } | NoteState::Bad => (SealState::Bad, None),
    }
}

/// Signs a seal that nobody has signed yet; false where it is signed already, or the key is not here.
///
/// For copies of our own making whose job has no key: whoever calls this vouches for the manifest as it lies there now.
///
/// # Errors
///
/// Where the seal cannot be read or written.
pub fn sign_seal(seal: &Path, notes: &dyn Notes) -> Result<bool, BackupError> {
    let note = seal.join(NOTE);
    if note.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let manifest = digest_of(&seal.join("manifest.jsonl"))?;
    let Some(text) = sign(&manifest, notes) else { return Ok(false) };
    let scratch = paths::beside(&note, &format!(".new-{}", std::process::id()));
    let write = || {
        fs::write(&scratch, &text)?;
        fs::File::open(&scratch)?.sync_all()?;
        fs::rename(&scratch, &note)?;
        fs::File::open(seal)?.sync_all()
    };
    write().map_err(BackupError::write(&note)).map(|()| true)
}

/// What can be said of a seal's signature; its lists are not compared with each other, nor with the copy.
///
/// # Errors
///
/// Where the manifest or the note cannot be read.
pub fn seal_state(seal: &Path, notes: &dyn Notes) -> Result<(SealState, Option<String>), BackupError> {
    let path = seal.join(NOTE);
    match fs::read(&path) {
        Ok(note) => Ok(judge(&note, &digest_of(&seal.join("manifest.jsonl"))?, notes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((SealState::Unsigned, None)),
        Err(source) => Err(BackupError::Read { path, source }),
    }
}

/// The digest of a seal's manifest: what the note signs, and what names the seal in records.
///
/// # Errors
///
/// Where it cannot be read.
pub fn manifest_digest(seal: &Path) -> Result<Digest, BackupError> {
    digest_of(&seal.join("manifest.jsonl"))
}

fn digest_of(path: &Path) -> Result<Digest, BackupError> {
    let mut file = digest::open(path).map_err(BackupError::read(path))?;
    Ok(digest::digest(&mut file, &super::Cancel::default()).map_err(BackupError::read(path))?.0)
}
