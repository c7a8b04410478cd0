//! Paths inside a copy: bytes as the file system has them, in files as text or, where they are no text, as base64.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// A path relative to the copy's folder, never empty, never leading out of it. Ordered by its bytes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelativePath(Vec<u8>);

impl RelativePath {
    /// The path of these bytes; nothing where it is empty, absolute, or would lead out of the folder.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        if is_inside(bytes) { Some(Self(bytes.to_vec())) } else { None }
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As the standard library's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.0))
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(&self.0), f)
    }
}

/// Whether these bytes are the path of something in a folder, written in the one way.
pub(super) fn is_inside(path: &[u8]) -> bool {
    path.split(|b| *b == b'/').all(|part| !matches!(part, b"" | b"." | b"..") && !part.contains(&0))
}

/// Puts bytes into a JSON object: under `key` where they are UTF-8, else in base64 under `key_b64`.
pub(super) fn put(object: &mut Map<String, Value>, key: &str, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => object.insert(key.to_owned(), Value::from(text)),
        Err(_) => object.insert(format!("{key}_b64"), Value::from(STANDARD.encode(bytes))),
    };
}

/// The bytes that [`put`] put there.
pub(super) fn get(object: &Map<String, Value>, key: &str) -> Option<Vec<u8>> {
    match object.get(key).and_then(Value::as_str) {
        Some(text) => Some(text.as_bytes().to_vec()),
        None => STANDARD.decode(object.get(&format!("{key}_b64"))?.as_str()?).ok(),
    }
}

/// `path` with `suffix` after its last name: a sibling.
pub(super) fn beside(path: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leads_out_of_its_folder() {
        for bad in ["", "/etc/passwd", "a/../b", "..", "a//b", "./a", "a/"] {
            assert!(RelativePath::new(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(RelativePath::new(b"a/b c/.d").is_some());
    }

    #[test]
    fn a_name_that_is_no_text_survives_the_manifest() {
        for name in [&b"h\xe1\xbb\x93 s\xc6\xa1"[..], &b"\xff\xfe"[..]] {
            let mut object = Map::new();
            put(&mut object, "path", name);
            assert_eq!(get(&object, "path").as_deref(), Some(name));
        }
    }
}
