//! What a command prints: two files in the spool, cut at a bound, with secrets masked.
//!
//! Files and not pipes, so that a command outlives the loop that began it. A file cannot say "no more", so while the command
//! runs its files are looked at again and again and cut back to the bound: they were opened for appending, so what follows is
//! written at the cut, and what is kept is always the beginning.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::slots::ENDS;

/// What stands in the place of a secret.
const MASK: &[u8] = b"***";

/// The two files of one command.
#[derive(Clone, Debug)]
pub(super) struct Output {
    slot: u32,
    stdout: Stream,
    stderr: Stream,
    bound: u64,
}

#[derive(Clone, Debug)]
struct Stream {
    path: PathBuf,
    dropped: u64,
}

/// What came of the two streams.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) stdout: Option<PathBuf>,
    pub(super) stderr: Option<PathBuf>,
    pub(super) dropped: u64,
}

/// How output is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keep<'a> {
    /// What is to be masked.
    pub(super) secrets: &'a [String],
    /// Whether nobody can write to the files any more. Else what is kept is a copy, which nobody can add to unmasked.
    pub(super) ours: bool,
    /// Whether the command came to its own end. Else it may have been in the middle of a word.
    pub(super) whole: bool,
}

impl Output {
    /// The files of `slot` in `folder`, whether or not they are there.
    pub(super) fn of(folder: &Path, slot: u32, bound: u64) -> Self {
        let [stdout, stderr] = ENDS.map(|end| Stream { path: folder.join(format!("{slot}.{end}")), dropped: 0 });
        Self { slot, stdout, stderr, bound }
    }

    /// The number of the slot.
    pub(super) fn slot(&self) -> u32 {
        self.slot
    }

    /// Standard output and standard error.
    pub(super) fn paths(&self) -> [&Path; 2] {
        [&self.stdout.path, &self.stderr.path]
    }

    /// Cuts what is longer than the bound; true where something was.
    pub(super) fn cut(&mut self) -> bool {
        let bound = self.bound;
        let mut any = false;
        for stream in [&mut self.stdout, &mut self.stderr] {
            // A file that cannot be cut now is cut the next time.
            any |= stream.cut(bound).unwrap_or(false);
        }
        any
    }

    /// Cuts and masks what there is. Empty files are none.
    pub(super) fn keep(&mut self, keep: Keep) -> io::Result<Kept> {
        let bound = self.bound;
        let mut kept = Kept::default();
        for (stream, place) in [(&mut self.stdout, &mut kept.stdout), (&mut self.stderr, &mut kept.stderr)] {
            if stream.length()? == 0 {
                continue;
            }
            stream.cut(bound)?;
            kept.dropped += stream.dropped;
            *place = Some(if keep.ours { stream.mask(keep)? } else { stream.copy(keep, bound)? });
        }
        Ok(kept)
    }

    /// Takes the files away.
    pub(super) fn remove(&self) {
        for path in self.paths() {
            let _ = fs::remove_file(path);
        }
    }

    /// Takes away what was kept of files to which somebody may still write.
    pub(super) fn remove_copies(&self) {
        for path in self.paths() {
            let _ = fs::remove_file(copy_of(path));
        }
    }
}

impl Stream {
    fn length(&self) -> io::Result<u64> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    fn cut(&mut self, bound: u64) -> io::Result<bool> {
        let length = self.length()?;
        if length <= bound {
            return Ok(false);
        }
        OpenOptions::new().write(true).open(&self.path)?.set_len(bound)?;
        self.dropped += length - bound;
        Ok(true)
    }

    /// Rewrites the file with every secret masked. At most the bound is held in memory.
    fn mask(&self, keep: Keep) -> io::Result<PathBuf> {
        if !keep.secrets.is_empty() {
            let bytes = fs::read(&self.path)?;
            if let Some(masked) = masked(&bytes, keep.secrets, self.dropped > 0 || !keep.whole) {
                fs::write(&self.path, masked)?;
            }
        }
        Ok(self.path.clone())
    }

    /// Copies what is there now, with every secret masked.
    fn copy(&self, keep: Keep, bound: u64) -> io::Result<PathBuf> {
        let path = copy_of(&self.path);
        let mut bytes = Vec::new();
        File::open(&self.path)?.take(bound).read_to_end(&mut bytes)?;
        let mut copy = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&path)?;
        copy.write_all(masked(&bytes, keep.secrets, true).as_deref().unwrap_or(&bytes))?;
        Ok(path)
    }
}

fn copy_of(path: &Path) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(".kept");
    PathBuf::from(path)
}

/// `bytes` with every secret masked, or nothing where none is in it.
///
/// Where the bytes were `cut`, a secret may have been cut in two: a beginning of one at their end is masked as well.
fn masked(bytes: &[u8], secrets: &[String], cut: bool) -> Option<Vec<u8>> {
    let mut secrets: Vec<&[u8]> = secrets.iter().map(String::as_bytes).filter(|secret| !secret.is_empty()).collect();
    // The longest first: one secret may begin with another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut begins = [false; 256];
    for secret in &secrets {
        begins[usize::from(secret[0])] = true;
    }
    let mut result: Option<Vec<u8>> = None;
    let mut done = 0;
    let mut at = 0;
    while at < bytes.len() {
        if begins[usize::from(bytes[at])] {
            let rest = &bytes[at..];
            let whole = secrets.iter().find(|secret| rest.starts_with(secret)).map(|secret| secret.len());
            let torn = || (cut && secrets.iter().any(|secret| secret.starts_with(rest))).then_some(rest.len());
            if let Some(length) = whole.or_else(torn) {
                let masked = result.get_or_insert_with(|| Vec::with_capacity(bytes.len()));
                masked.extend_from_slice(&bytes[done..at]);
                masked.extend_from_slice(MASK);
                at += length;
                done = at;
                continue;
            }
        }
        at += 1;
    }
    if let Some(masked) = &mut result {
        masked.extend_from_slice(&bytes[done..]);
    }
    result
}

/// `text` with every secret masked.
pub(in crate::engine) fn mask_text(text: String, secrets: &[String]) -> String {
    match masked(text.as_bytes(), secrets, false) {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(text: &str, secrets: &[&str], cut: bool) -> String {
        let secrets: Vec<String> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        masked(text.as_bytes(), &secrets, cut)
            .map_or_else(|| text.to_owned(), |bytes| String::from_utf8(bytes).expect("masking keeps UTF-8"))
    }

    #[test]
    fn every_secret_is_masked_wherever_it_stands() {
        assert_eq!(mask("s3cretvalue and s3cretvalue", &["s3cretvalue"], false), "*** and ***");
        assert_eq!(mask("nothing to hide", &["s3cretvalue"], false), "nothing to hide");
        assert_eq!(mask("ss3cretvalue", &["s3cretvalue"], false), "s***");
    }

    #[test]
    fn a_secret_that_begins_with_another_is_masked_whole() {
        assert_eq!(mask("longpassword!!", &["longpass", "longpassword!!"], false), "***");
    }

    #[test]
    fn a_secret_cut_in_two_at_the_bound_leaves_no_beginning() {
        assert_eq!(mask("key: s3cre", &["s3cretvalue"], true), "key: ***");
        assert_eq!(mask("key: s3cre", &["s3cretvalue"], false), "key: s3cre");
    }
}
