//! What a copy should hold, one path after the other, in byte order.

use std::io::{BufRead, BufReader, Cursor, Read as _};
use std::path::Path;

use serde_json::{Map, Value};
use sha2::Digest as _;

use super::manifest::{self, Entry, Header};
use super::scan::What;
use super::walk::Kind;
use super::{BackupError, RelativePath, paths, sums};
use crate::model::Digest;
use crate::model::digest::unhex_32;

/// A manifest up to this size is read once.
const HELD: u64 = 32 * 1024 * 1024;

/// What should stand at a path.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) path: Vec<u8>,
    pub(super) what: What,
    /// Nothing where only a list tells of it.
    pub(super) size: Option<u64>,
    /// Permission bits; nothing where they are not to be compared.
    pub(super) mode: Option<u32>,
    /// The time of the last change of the content.
    pub(super) mtime: Option<(i64, u32)>,
    pub(super) digest: [u8; 32],
    pub(super) target: Vec<u8>,
}

impl Default for Expected {
    fn default() -> Self {
        Self {
            path: Vec::new(),
            what: What::File,
            size: None,
            mode: None,
            mtime: None,
            digest: [0; 32],
            target: Vec::new(),
        }
    }
}

/// The lists of a seal are not what `seal` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// Gives what is expected.
pub(super) trait Source: Send {
    /// Puts the next path into `expected`; false at the end.
    fn next(&mut self, expected: &mut Expected) -> Result<bool, Broken>;
}

/// Entries that are in memory, in order.
pub(super) struct Entries<I> {
    entries: I,
}

impl<'a, I: Iterator<Item = &'a Entry> + Send> Entries<I> {
    pub(super) fn new(entries: I) -> Self {
        Self { entries }
    }
}

impl<'a, I: Iterator<Item = &'a Entry> + Send> Source for Entries<I> {
    fn next(&mut self, expected: &mut Expected) -> Result<bool, Broken> {
        let Some(entry) = self.entries.next() else { return Ok(false) };
        expected.path.clear();
        expected.path.extend_from_slice(entry.path.bytes());
        expected.target.clear();
        expected.what = match &entry.kind {
            Kind::File => What::File,
            Kind::Folder => What::Folder,
            Kind::Link(target) => {
                expected.target.extend_from_slice(target);
                What::Link
            }
            Kind::Special => What::Special,
        };
        (expected.size, expected.mode, expected.mtime) = (entry.size, None, None);
        expected.digest = entry.digest.map_or([0; 32], |digest| digest.0);
        Ok(true)
    }
}

/// The lists of a seal, read side by side: both must say the same.
pub(super) struct Lists {
    pub(super) header: Header,
    /// Of the whole manifest.
    pub(super) digest: Digest,
    manifest: Box<dyn BufRead + Send>,
    /// Where the manifest is read a second time, what it is this time.
    again: Option<sha2::Sha256>,
    sums: Box<dyn BufRead + Send>,
    /// The path before this one.
    last: Vec<u8>,
    line: Vec<u8>,
    ours: Vec<u8>,
    theirs: Vec<u8>,
}

impl Lists {
    /// Opens a seal and reads its header.
    ///
    /// # Errors
    ///
    /// [`BackupError::BadSeal`] where it has none.
    pub(super) fn open(seal: &Path) -> Result<Self, BackupError> {
        let bad = || BackupError::BadSeal { seal: seal.to_owned() };
        let open = |name: &str| {
            let path = seal.join(name);
            super::digest::open(&path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => bad(),
                _ => BackupError::Read { path, source: error },
            })
        };
        let path = seal.join("manifest.jsonl");
        let failed = |source| BackupError::Read { path: path.clone(), source };
        let mut file = open("manifest.jsonl")?;
        let size = file.metadata().map_err(failed)?.len();
        let mut hasher = sha2::Sha256::new();
        let (digest, mut manifest, mut again): (_, Box<dyn BufRead + Send>, _) = if size <= HELD {
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
            file.read_to_end(&mut bytes).map_err(failed)?;
            hasher.update(&bytes);
            (hasher.finalize(), Box::new(Cursor::new(bytes)), None)
        } else {
            let (digest, _) = super::digest::digest(&mut file, &super::Cancel::default()).map_err(failed)?;
            let file = open("manifest.jsonl")?;
            (digest.0.into(), Box::new(BufReader::with_capacity(256 * 1024, file)), Some(sha2::Sha256::new()))
        };
        let mut line = Vec::new();
        manifest.read_until(b'\n', &mut line).map_err(failed)?;
        if let Some(again) = &mut again {
            again.update(&line);
        }
        let header = line.strip_suffix(b"\n").and_then(manifest::header).ok_or_else(bad)?;
        let sums: Box<dyn BufRead + Send> = Box::new(BufReader::with_capacity(256 * 1024, open("SHA256SUMS")?));
        let (last, line, ours, theirs) = (Vec::new(), line, Vec::new(), Vec::new());
        Ok(Self { header, digest: Digest(digest.into()), manifest, again, sums, last, line, ours, theirs })
    }

    /// Whether only the header stands in the manifest, though it counts more: then `SHA256SUMS` tells of the files, and no
    /// signature of the manifest covers it.
    pub(super) fn is_header_alone(&mut self) -> std::io::Result<bool> {
        Ok(self.header.counts.files > 0 && self.manifest.fill_buf()?.is_empty())
    }

    fn line(&mut self) -> Result<bool, Broken> {
        self.line.clear();
        let count = self.manifest.read_until(b'\n', &mut self.line).map_err(|_| Broken)?;
        if let Some(again) = &mut self.again {
            again.update(&self.line);
        }
        if count == 0 {
            let same = self.again.take().is_none_or(|again| Digest(again.finalize().into()) == self.digest);
            let over = self.sums.fill_buf().is_ok_and(<[u8]>::is_empty);
            return if same && over { Ok(false) } else { Err(Broken) };
        }
        if self.line.pop() == Some(b'\n') { Ok(true) } else { Err(Broken) }
    }
}

impl Source for Lists {
    fn next(&mut self, expected: &mut Expected) -> Result<bool, Broken> {
        if !self.line()? {
            return Ok(false);
        }
        if fast(&self.line, expected).is_none() {
            slow(&self.line, expected).ok_or(Broken)?;
        }
        if expected.path <= self.last {
            return Err(Broken);
        }
        self.last.clear();
        self.last.extend_from_slice(&expected.path);
        if expected.what == What::File {
            self.ours.clear();
            sums::write(&mut self.ours, &expected.path, &expected.digest);
            self.theirs.clear();
            self.sums.read_until(b'\n', &mut self.theirs).map_err(|_| Broken)?;
            if self.ours != self.theirs {
                return Err(Broken);
            }
        }
        Ok(true)
    }
}

/// Reads a line exactly as we write it, where nothing in it is escaped; nothing where it is any other.
fn fast(line: &[u8], expected: &mut Expected) -> Option<()> {
    let rest = line.strip_prefix(b"{\"path\":\"")?;
    let end = rest.iter().position(|b| *b == b'"')?;
    let (path, rest) = rest.split_at(end);
    if path.contains(&b'\\') {
        return None;
    }
    let rest = rest.strip_prefix(b"\",\"type\":\"")?;
    let (what, size, rest) = if let Some(rest) = rest.strip_prefix(b"file\",\"size\":") {
        let (size, rest) = number(rest)?;
        (What::File, Some(size), rest)
    } else {
        (What::Folder, None, rest.strip_prefix(b"folder\"")?)
    };
    let rest = rest.strip_prefix(b",\"mode\":\"")?;
    let (mode, rest) = rest.split_at_checked(4)?;
    let mode = mode.iter().try_fold(0, |mode, b| (b'0'..=b'7').contains(b).then(|| mode * 8 + u32::from(b - b'0')))?;
    let rest = rest.strip_prefix(b"\",\"mtime\":\"")?;
    let (seconds, rest) = number(rest)?;
    let rest = rest.strip_prefix(b".")?;
    let (nanoseconds, after) = number(rest)?;
    let nine = rest.len() - after.len() == 9;
    let rest = after.strip_prefix(b"\"")?;
    if what == What::File {
        let rest = rest.strip_prefix(b",\"digest\":\"sha256:")?;
        let (digits, rest) = rest.split_first_chunk::<64>()?;
        expected.digest = unhex_32(digits)?;
        if rest != b"\"}" {
            return None;
        }
    } else if rest != b"}" {
        return None;
    }
    // Text only: what is no UTF-8 has another form, and a path never leads out of its folder.
    std::str::from_utf8(path).ok()?;
    if !nine || !paths::is_inside(path) {
        return None;
    }
    expected.path.clear();
    expected.path.extend_from_slice(path);
    expected.target.clear();
    (expected.what, expected.size, expected.mode) = (what, size, Some(mode));
    expected.mtime = Some((i64::try_from(seconds).ok()?, u32::try_from(nanoseconds).ok()?));
    Some(())
}

/// A decimal number and what follows it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().position(|b| !b.is_ascii_digit())?;
    if end == 0 {
        return None;
    }
    let (digits, rest) = bytes.split_at(end);
    let value = digits.iter().try_fold(0_u64, |value, b| value.checked_mul(10)?.checked_add(u64::from(b - b'0')))?;
    Some((value, rest))
}

/// Reads any line of a manifest.
fn slow(line: &[u8], expected: &mut Expected) -> Option<()> {
    let object: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let path = RelativePath::new(&paths::get(&object, "path")?)?;
    expected.path.clear();
    expected.path.extend_from_slice(path.bytes());
    expected.target.clear();
    expected.size = object.get("size").and_then(Value::as_u64);
    expected.what = match object.get("type")?.as_str()? {
        "file" => {
            expected.size?;
            let digest: Digest = object.get("digest")?.as_str()?.parse().ok()?;
            expected.digest = digest.0;
            What::File
        }
        "folder" => What::Folder,
        "link" => {
            expected.target = paths::get(&object, "target")?;
            What::Link
        }
        "special" => What::Special,
        _ => return None,
    };
    expected.mode = Some(u32::from_str_radix(object.get("mode")?.as_str()?, 8).ok()?);
    let (seconds, nanoseconds) = object.get("mtime")?.as_str()?.split_once('.')?;
    let plain = nanoseconds.len() == 9 && nanoseconds.bytes().all(|b| b.is_ascii_digit());
    expected.mtime = plain.then_some((seconds.parse().ok()?, nanoseconds.parse().ok()?));
    expected.mtime.map(drop)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::scan::{Item, Looked};
    use super::*;

    fn item(what: What, size: u64, mode: u32, mtime: (i64, u32), digest: [u8; 32], target: &[u8]) -> Item {
        let target = (what == What::Link).then(|| target.into());
        let (looked, inode, ctime, elsewhere) = (Looked::Read, None, (0, 0), false);
        Item { what, looked, mode, size, mtime, digest, inode, target, ctime, elsewhere }
    }

    proptest! {
        #[test]
        fn a_line_that_is_written_is_read_again(
            path in proptest::collection::vec(1u8..=255, 1..40),
            target in proptest::collection::vec(1u8..=255, 1..40),
            kind in 0..4_usize,
            size: u64,
            mode in 0u32..0o10000,
            mtime in (proptest::num::i64::ANY, 0u32..1_000_000_000),
            digest: [u8; 32],
        ) {
            prop_assume!(RelativePath::new(&path).is_some());
            let what = [What::File, What::Folder, What::Link, What::Special][kind];
            let item = item(what, size, mode, mtime, digest, &target);
            let mut line = Vec::new();
            manifest::write(&mut line, &path, &item, None);
            prop_assert_eq!(line.pop(), Some(b'\n'));
            prop_assert!(serde_json::from_slice::<Value>(&line).is_ok(), "it is JSON");
            let (mut one, mut other) = (Expected::default(), Expected::default());
            prop_assert!(slow(&line, &mut one).is_some());
            if fast(&line, &mut other).is_some() {
                prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
            }
            prop_assert_eq!((&one.path, one.what, one.mode, one.mtime), (&path, what, Some(mode), Some(mtime)));
        }

        #[test]
        fn any_bytes_are_read_or_refused(line: Vec<u8>) {
            let mut expected = Expected::default();
            let _ = (fast(&line, &mut expected), slow(&line, &mut expected));
        }
    }

    #[test]
    fn plain_lines_take_the_fast_way() {
        let mut line = Vec::new();
        let file = item(What::File, 12, 0o644, (1_700_000_000, 5), [7; 32], b"");
        manifest::write(&mut line, "hồ sơ/a b".as_bytes(), &file, None);
        line.pop();
        assert!(fast(&line, &mut Expected::default()).is_some());
        for bad in ["../a", "/etc/passwd", "a//b"] {
            let text = String::from_utf8(line.clone()).unwrap().replace("hồ sơ/a b", bad);
            let mut expected = Expected::default();
            assert!(fast(text.as_bytes(), &mut expected).is_none() && slow(text.as_bytes(), &mut expected).is_none());
        }
    }
}
