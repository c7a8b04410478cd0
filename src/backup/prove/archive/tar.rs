//! Tar archives, also compressed.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use ::tar::{Archive, Entry, EntryType};

use super::{Ended, Sink, inside};
use crate::backup::prove::kind::Squeezed;
use crate::backup::prove::verdict::{Problem, Proof, Why};
use crate::backup::prove::{Kind, Target};
use crate::backup::{BackupError, digest};

/// Bytes that the headers of one entry may have: names and attributes. An archive that has more is out for our memory.
const HEADERS: u64 = 8 * 1024 * 1024;

/// A reader that knows whether its end was met, and lets only so much be read where headers are.
struct Watched<R> {
    inner: R,
    end: Rc<Cell<bool>>,
    /// Bytes that may be read before the next content.
    headers: Rc<Cell<Option<u64>>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.end.set(true);
        }
        if let Some(left) = self.headers.get() {
            let left = left.checked_sub(count as u64);
            self.headers.set(Some(left.ok_or_else(|| io::Error::other("the header of an entry is too long"))?));
        }
        Ok(count)
    }
}

/// Reads the archive into `sink`; says whether checksums of its own cover all of it.
pub(super) fn read(target: &Target, sink: &mut Sink<'_>, proof: &mut Proof) -> Result<bool, BackupError> {
    let read = |error| BackupError::read(&target.item)(error);
    let (squeezed, head) = Squeezed::of_file(&target.item).map_err(read)?;
    let wanted = match target.kind {
        Kind::TarGz => Some(Squeezed::Gzip),
        Kind::TarZst => Some(Squeezed::Zstd),
        _ => None,
    };
    let file = digest::open(&target.item).map_err(read)?;
    let size = file.metadata().map_err(read)?.len();
    let reader: Box<dyn Read + Send> = match (squeezed, wanted) {
        (Some(squeezed), Some(wanted)) if squeezed == wanted => squeezed.reader(file).map_err(read)?,
        (None, None) => {
            sink.declared(size)?;
            Box::new(io::BufReader::with_capacity(super::CHUNK, file))
        }
        _ => {
            let what = format!("not {}", target.kind.word());
            proof.found(Problem::new(if size == 0 { Why::Cut } else { Why::Damaged }).saying(what));
            return Ok(false);
        }
    };
    let (end, headers) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(None)));
    let mut archive = Archive::new(Watched { inner: reader, end: end.clone(), headers: headers.clone() });
    if !entries(&mut archive, sink, proof, &headers)? {
        return Ok(false);
    }
    headers.set(None);
    if end.get() {
        // Two blocks of zeros end an archive (POSIX.1-2017, pax, ustar interchange format): this one just stopped.
        proof.found(Problem::new(Why::Cut));
        return Ok(false);
    }
    let checksummed = squeezed.is_some_and(|squeezed| squeezed.checksummed(&head));
    Ok(drain(archive.into_inner(), sink, proof)? && checksummed)
}

/// Takes every entry; false where the archive could not be read to its end.
fn entries<R: Read>(
    archive: &mut Archive<R>,
    sink: &mut Sink<'_>,
    proof: &mut Proof,
    headers: &Rc<Cell<Option<u64>>>,
) -> Result<bool, BackupError> {
    headers.set(Some(HEADERS));
    let mut entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => {
            proof.found(unreadable(&error));
            return Ok(false);
        }
    };
    loop {
        sink.cancel.check()?;
        headers.set(Some(HEADERS));
        let mut entry = match entries.next() {
            None => return Ok(true),
            Some(Ok(entry)) => entry,
            Some(Err(error)) => {
                proof.found(unreadable(&error));
                return Ok(false);
            }
        };
        headers.set(None);
        let name = entry.path_bytes().into_owned();
        let before = sink.bytes;
        let (ended, problem) = take(&mut entry, &name, sink, proof)?;
        if let Some(problem) = problem {
            proof.found(problem.at(&name));
        }
        // Content that nobody took is read all the same: what follows is found behind it.
        let ended = match ended {
            Some(ended) => ended,
            None => sink.pour(&mut entry, None)?.0,
        };
        let read = sink.bytes - before;
        match ended {
            Ended::Unreadable(error) => {
                proof.found(unreadable(&error).at(&name));
                return Ok(false);
            }
            Ended::Whole if read < entry.size() && holds_content(entry.header().entry_type()) => {
                proof.found(Problem::new(Why::Cut).at(&name));
                return Ok(false);
            }
            Ended::Whole => {}
        }
    }
}

fn holds_content(kind: EntryType) -> bool {
    kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()
}

/// Takes one entry: how its content ended, where it was read, and what speaks against it.
fn take<R: Read>(
    entry: &mut Entry<'_, R>,
    name: &[u8],
    sink: &mut Sink<'_>,
    proof: &mut Proof,
) -> Result<(Option<Ended>, Option<Problem>), BackupError> {
    let kind = entry.header().entry_type();
    if kind.is_pax_global_extensions() {
        return Ok((None, None));
    }
    let path = match inside(name) {
        Ok(Some(path)) => path,
        // The archive's own top folder.
        Ok(None) if kind.is_dir() => return Ok((None, None)),
        Ok(None) => return Ok((None, Some(Problem::new(Why::UnsafeName)))),
        Err(why) => return Ok((None, Some(Problem::new(why)))),
    };
    if sparse_of_pax(entry) {
        return Ok((None, Some(Problem::new(Why::Unsupported).saying("GNU.sparse"))));
    }
    let mode = entry.header().mode().unwrap_or(0o600);
    let mtime = entry.header().mtime().unwrap_or(0);
    if holds_content(kind) {
        sink.declared(entry.size())?;
        let (ended, problem) = sink.file(&path, (mode, mtime), entry)?;
        return Ok((Some(ended), problem));
    }
    let target = entry.link_name_bytes().map(std::borrow::Cow::into_owned).unwrap_or_default();
    Ok(match kind {
        EntryType::Directory => (None, sink.folder(&path, mode, mtime)?),
        EntryType::Symlink => (None, sink.link(&path, &target)),
        EntryType::Link => (None, sink.hard_link(&path, &target)?.map(|problem| problem.saying(lossy(&target)))),
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            proof.left_out += 1;
            (None, Some(Problem::new(Why::Special)))
        }
        other => {
            (None, Some(Problem::new(Why::Unsupported).saying(format!("type {}", other.as_byte().escape_ascii()))))
        }
    })
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Files with holes as GNU tar writes them in the pax format: their content begins with a map that would have to be read.
fn sparse_of_pax<R: Read>(entry: &mut Entry<'_, R>) -> bool {
    let Ok(Some(extensions)) = entry.pax_extensions() else { return false };
    extensions.filter_map(Result::ok).any(|extension| extension.key_bytes().starts_with(b"GNU.sparse"))
}

/// Reads what follows the archive's end: zeros, and in a compressed stream the checksum. False where that does not hold.
fn drain(mut rest: impl Read, sink: &mut Sink<'_>, proof: &mut Proof) -> Result<bool, BackupError> {
    let mut more = false;
    let (ended, _) = sink.pour(
        &mut rest,
        Some(&mut |bytes| {
            more |= bytes.iter().any(|byte| *byte != 0);
            Ok(())
        }),
    )?;
    if let Ended::Unreadable(error) = ended {
        proof.found(unreadable(&error));
        return Ok(false);
    }
    if more {
        proof.found(Problem::new(Why::Trailing));
    }
    Ok(!more)
}

/// A stream that ends too early was cut; all else was damaged.
fn unreadable(error: &io::Error) -> Problem {
    let cut = error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("incomplete frame");
    Problem::new(if cut { Why::Cut } else { Why::Damaged }).saying(error)
}
