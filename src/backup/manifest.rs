//! `manifest.jsonl`: a header line, then one line for each path, in byte order of the paths.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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

/// The line of one path, without its LF.
pub(super) fn line(found: &Found, digest: Option<&Digest>) -> String {
    let mut object = Map::new();
    paths::put(&mut object, "path", found.path.bytes());
    object.insert("type".to_owned(), Value::from(word(&found.kind)));
    if found.kind == Kind::File {
        object.insert("size".to_owned(), json!(found.size));
    }
    object.insert("mode".to_owned(), json!(format!("{:04o}", found.mode)));
    object.insert("mtime".to_owned(), json!(format!("{}.{:09}", found.mtime.0, found.mtime.1)));
    if let Some(digest) = digest {
        object.insert("digest".to_owned(), json!(digest));
    }
    if let Kind::Link(target) = &found.kind {
        paths::put(&mut object, "target", target);
    }
    Value::Object(object).to_string()
}

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::File => "file",
        Kind::Folder => "folder",
        Kind::Link(_) => "link",
        Kind::Special => "special",
    }
}

/// The header and the paths of a manifest; nothing where it has not the format.
pub(super) fn read(text: &str) -> Option<(Header, Vec<Entry>)> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    let header: Header = serde_json::from_str(lines.next()?).ok()?;
    if header.version != 1 || header.algorithm != "sha256" {
        return None;
    }
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
