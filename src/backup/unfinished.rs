//! A comparison that was ended before it was done, so that the next goes on from there. Not evidence.

use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Finding, FindingKind, RelativePath};

/// What a comparison has come to so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Unfinished {
    /// The last path that was compared; what follows in byte order was not.
    #[serde(with = "bytes")]
    pub after: Vec<u8>,
    /// Files read.
    pub checked: u64,
    /// Files not read.
    pub unchecked: u64,
    /// Bytes read.
    pub bytes: u64,
    #[serde(with = "findings")]
    pub(super) findings: Vec<Finding>,
    /// What is not there, and what should not be there: they may be each other under another name.
    pub(super) gone: Vec<Content>,
    pub(super) fresh: Vec<Content>,
}

/// What a path holds or held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Content {
    #[serde(with = "path")]
    pub(super) path: RelativePath,
    pub(super) size: Option<u64>,
    pub(super) digest: Option<[u8; 32]>,
}

impl Content {
    pub(super) fn new(path: &[u8], size: Option<u64>, digest: Option<[u8; 32]>) -> Option<Self> {
        Some(Self { path: RelativePath::new(path)?, size, digest })
    }
}

mod bytes {
    use base64::Engine as _;

    use super::{Deserialize as _, Deserializer, STANDARD, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

mod path {
    use super::{Deserializer, RelativePath, Serializer, bytes};

    pub(super) fn serialize<S: Serializer>(path: &RelativePath, serializer: S) -> Result<S::Ok, S::Error> {
        bytes::serialize(path.bytes(), serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RelativePath, D::Error> {
        let bytes = bytes::deserialize(deserializer)?;
        RelativePath::new(&bytes).ok_or_else(|| serde::de::Error::custom("not a path in a folder"))
    }
}

mod findings {
    use super::{Deserialize, Deserializer, Finding, FindingKind, RelativePath, Serialize, Serializer, path};

    #[derive(Serialize, Deserialize)]
    struct Kept {
        kind: String,
        #[serde(with = "path")]
        path: RelativePath,
    }

    pub(super) fn serialize<S: Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            findings.iter().map(|finding| Kept { kind: finding.kind.word().to_owned(), path: finding.path.clone() }),
        )
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Finding>, D::Error> {
        let kept: Vec<Kept> = Vec::deserialize(deserializer)?;
        kept.into_iter()
            .map(|kept| {
                let kind = FindingKind::ALL.into_iter().find(|kind| kind.word() == kept.kind);
                let kind = kind.ok_or_else(|| serde::de::Error::custom("no such finding"))?;
                Ok(Finding { kind, path: kept.path, to: None })
            })
            .collect()
    }
}
