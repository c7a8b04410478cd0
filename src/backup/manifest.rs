//! `manifest.jsonl`: a header line, then one line for each path, in byte order of the paths.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::scan::{Item, What};
use super::walk::{Found, Kind};
use super::{RelativePath, paths};
use crate::model::{Digest, Stamp};

/// The first line of a manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// 1.
    pub version: u32,
    /// `sha256`.
    pub algorithm: String,
    /// When the copy was sealed.
    pub sealed_at: Stamp,
    /// The name of the copy's folder when it was sealed; what is no UTF-8 in it is replaced.
    pub root: String,
    /// How many of each kind.
    pub counts: Counts,
    /// Whether folders on other file systems were left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_file_system: bool,
    /// The digest of `SHA256SUMS`, so that whoever signs the manifest signs that list too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sums: Option<Digest>,
}

/// Reads the first line of a manifest; nothing where it is none that this version knows.
pub(super) fn header(line: &[u8]) -> Option<Header> {
    let header: Header = serde_json::from_slice(line).ok()?;
    if header.version == 1 && header.algorithm == "sha256" { Some(header) } else { None }
}

/// How many of each kind a copy holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Regular files.
    pub files: u64,
    /// Folders, without the copy's own.
    pub folders: u64,
    /// Symbolic links.
    pub links: u64,
    /// Pipes, sockets and devices.
    pub special: u64,
    /// Bytes of the regular files.
    pub bytes: u64,
}

impl Counts {
    /// Counts one path more.
    pub(super) fn add(&mut self, item: &Item) {
        match item.what {
            What::File => self.files += 1,
            What::Folder => self.folders += 1,
            What::Link => self.links += 1,
            What::Special => self.special += 1,
        }
        self.bytes += item.size;
    }

    pub(super) fn of(found: &[Found]) -> Self {
        let mut counts = Self::default();
        for found in found {
            match found.kind {
                Kind::File => counts.files += 1,
                Kind::Folder => counts.folders += 1,
                Kind::Link(_) => counts.links += 1,
                Kind::Special => counts.special += 1,
            }
            counts.bytes += found.size;
        }
        counts
    }
}

/// What a seal says of one path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) path: RelativePath,
    pub(super) kind: Kind,
    /// Nothing where only `SHA256SUMS` tells of it.
    pub(super) size: Option<u64>,
    pub(super) digest: Option<Digest>,
}

/// Appends the line of one path. `link` is the first name of a file that has several.
pub(super) fn write(out: &mut Vec<u8>, path: &[u8], item: &Item, link: Option<&[u8]>) {
    out.push(b'{');
    text(out, "path", path);
    out.extend_from_slice(match item.what {
        What::File => b",\"type\":\"file\",\"size\":",
        What::Folder => b",\"type\":\"folder\"",
        What::Link => b",\"type\":\"link\"",
        What::Special => b",\"type\":\"special\"",
    });
    if item.what == What::File {
        decimal(out, item.size);
    }
    out.extend_from_slice(b",\"mode\":\"");
    for shift in [9, 6, 3, 0] {
        out.push(b'0' + u8::try_from(item.mode >> shift & 7).unwrap_or(0));
    }
    out.extend_from_slice(b"\",\"mtime\":\"");
    if item.mtime.0 < 0 {
        out.push(b'-');
    }
    decimal(out, item.mtime.0.unsigned_abs());
    out.push(b'.');
    let mut divisor = 100_000_000;
    while divisor > 0 {
        out.push(b'0' + u8::try_from(item.mtime.1 / divisor % 10).unwrap_or(0));
        divisor /= 10;
    }
    out.push(b'"');
    if item.what == What::File {
        out.extend_from_slice(b",\"digest\":\"sha256:");
        hexadecimal(out, &item.digest);
        out.push(b'"');
    }
    if let Some(target) = &item.target {
        out.push(b',');
        text(out, "target", target);
    }
    if let Some(link) = link {
        out.push(b',');
        text(out, "link", link);
    }
    out.extend_from_slice(b"}\n");
}

/// Appends `"key":"…"`, or `"key_b64":"…"` where the bytes are no text.
fn text(out: &mut Vec<u8>, key: &str, bytes: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(key.as_bytes());
    let Ok(text) = std::str::from_utf8(bytes) else {
        out.extend_from_slice(b"_b64\":\"");
        out.extend_from_slice(STANDARD.encode(bytes).as_bytes());
        out.push(b'"');
        return;
    };
    out.extend_from_slice(b"\":");
    if bytes.iter().all(|b| *b >= 0x20 && *b != b'"' && *b != b'\\') {
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.push(b'"');
    } else if serde_json::to_writer(&mut *out, text).is_err() {
        // Writing into memory does not fail.
        out.extend_from_slice(b"\"\"");
    }
}

fn decimal(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends the digits of a digest.
pub(super) fn hexadecimal(out: &mut Vec<u8>, digest: &[u8; 32]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 64];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(digest) {
        *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    }
    out.extend_from_slice(&text);
}

/// The header and the paths of a manifest; nothing where it has not the format.
pub(super) fn read(text: &str) -> Option<(Header, Vec<Entry>)> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    let header = header(lines.next()?.as_bytes())?;
    let entries: Option<Vec<Entry>> = lines.map(entry).collect();
    let entries = entries?;
    let ordered = entries.windows(2).all(|pair| pair[0].path < pair[1].path);
    if ordered { Some((header, entries)) } else { None }
}

fn entry(line: &str) -> Option<Entry> {
    let object: Map<String, Value> = serde_json::from_str(line).ok()?;
    let path = RelativePath::new(&paths::get(&object, "path")?)?;
    let digest = match object.get("digest") {
        Some(digest) => Some(digest.as_str()?.parse().ok()?),
        None => None,
    };
    let kind = match object.get("type")?.as_str()? {
        "file" => Kind::File,
        "folder" => Kind::Folder,
        "link" => Kind::Link(paths::get(&object, "target")?),
        "special" => Kind::Special,
        _ => return None,
    };
    let size = object.get("size").and_then(Value::as_u64);
    if kind == Kind::File && (digest.is_none() || size.is_none()) {
        return None;
    }
    Some(Entry { path, kind, size, digest })
}
