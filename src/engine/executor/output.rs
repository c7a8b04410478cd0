//! What a command prints: two files in the spool, cut at a bound, with secrets masked.
//!
//! Files and not pipes, so that a command outlives the loop that began it. A file cannot say "no more", so while the command
//! runs its files are looked at again and again and cut back to the bound: they were opened for appending, so what follows is
//! written at the cut, and what is kept is always the beginning.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::JobId;
use crate::model::Digest;

/// What stands in the place of a secret.
const MASK: &[u8] = b"***";

/// The two files of one job.
#[derive(Debug, Default)]
pub(super) struct Output {
    stdout: Stream,
    stderr: Stream,
    bound: u64,
}

#[derive(Debug, Default)]
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

impl Output {
    /// The files of `job` in `folder`, whether or not they are there.
    pub(super) fn of(folder: &Path, job: &JobId, bound: u64) -> Self {
        let name = file_name(job);
        let stream = |end: &str| Stream { path: folder.join(format!("{name}.{end}")), dropped: 0 };
        Self { stdout: stream("out"), stderr: stream("err"), bound }
    }

    /// Makes both files, for a child to write to.
    pub(super) fn open(&self) -> io::Result<(Stdio, Stdio)> {
        Ok((Stdio::from(append(&self.stdout.path)?), Stdio::from(append(&self.stderr.path)?)))
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
    pub(super) fn keep(&mut self, secrets: &[String]) -> io::Result<Kept> {
        let bound = self.bound;
        let mut kept = Kept::default();
        for (stream, slot) in [(&mut self.stdout, &mut kept.stdout), (&mut self.stderr, &mut kept.stderr)] {
            if stream.length()? == 0 {
                continue;
            }
            stream.cut(bound)?;
            if !secrets.is_empty() {
                stream.mask(secrets)?;
            }
            kept.dropped += stream.dropped;
            *slot = Some(stream.path.clone());
        }
        Ok(kept)
    }

    /// Takes the files away.
    pub(super) fn remove(&self) {
        let _ = fs::remove_file(&self.stdout.path);
        let _ = fs::remove_file(&self.stderr.path);
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
    fn mask(&self, secrets: &[String]) -> io::Result<()> {
        let bytes = fs::read(&self.path)?;
        if let Some(masked) = masked(&bytes, secrets, self.dropped > 0) {
            fs::write(&self.path, masked)?;
        }
        Ok(())
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
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
pub(super) fn mask_text(text: String, secrets: &[String]) -> String {
    match masked(text.as_bytes(), secrets, false) {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => text,
    }
}

/// A path has `/` and `[n]`; a file's name has neither, and at most 255 bytes.
fn file_name(job: &JobId) -> String {
    let plain: String = job
        .step
        .as_str()
        .chars()
        .filter_map(|c| match c {
            '/' => Some('.'),
            '[' => Some('-'),
            ']' => None,
            other => Some(other),
        })
        .collect();
    if plain.len() <= 200 {
        format!("{plain}.{}", job.attempt)
    } else {
        format!("{}.{}", Digest::of(plain.as_bytes()).hex(), job.attempt)
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

    #[test]
    fn every_job_has_a_file_name_of_its_own() {
        let name = |step: &str, attempt| file_name(&JobId { step: step.parse().expect("a valid path"), attempt });
        assert_eq!(name("restore_all[1]/again[2]/verify", 3), "restore_all-1.again-2.verify.3");
        assert_ne!(name("a[11]/b", 1), name("a[1]/b", 1));
        let deep = vec!["step"; 100].join("/");
        assert!(name(&deep, 1).len() < 255);
    }
}
