//! Signs of ransomware in what differs. They warn; they never decide.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use super::seal::full;
use super::{Finding, FindingKind, RelativePath, digest};

/// From so many changed files on, and so many in a hundred, many have changed at once.
const MANY: u64 = 20;
const MANY_PERCENT: u64 = 20;
/// From so many files with one new ending on.
const ENDINGS: usize = 5;
/// How many files are looked into, and how far.
const LOOKED_INTO: usize = 64;
const PIECE: usize = 64 * 1024;
/// Bits a byte from which on content looks random. Text has 4 to 5, programs about 6, compressed or encrypted content 7.99.
const RANDOM_BITS: f64 = 7.9;
/// Less content than this cannot be told.
const TELLING: usize = 4096;
/// Endings of files that look random in health.
const COMPRESSED: &[&str] = &[
    "7z", "aes", "avif", "br", "bz2", "docx", "enc", "gif", "gpg", "gz", "heic", "jar", "jpeg", "jpg", "lz4", "lzma",
    "m4a", "mkv", "mov", "mp3", "mp4", "odp", "ods", "odt", "ogg", "pdf", "png", "pptx", "rar", "tgz", "txz", "webm",
    "webp", "xlsx", "xz", "zip", "zst",
];

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// Files whose content changed, where they are many: so many of so many.
    pub many: Option<(u64, u64)>,
    /// Files whose content looks random now though files of their kind do not.
    pub random: u64,
    /// An ending that several files have now and none had, and how many.
    pub ending: Option<(String, u64)>,
}

impl Signs {
    /// Whether there are any.
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self != Self::default()
    }
}

/// Looks for signs in what differs between a copy and its seal of `files` files. Reads a piece of at most 64 files.
#[must_use]
pub fn signs(copy: &Path, findings: &[Finding], files: u64) -> Signs {
    let content = |kind| {
        matches!(kind, FindingKind::Changed | FindingKind::Truncated | FindingKind::Grown | FindingKind::Renamed)
    };
    let of = |wanted: FindingKind| findings.iter().filter(move |finding| finding.kind == wanted);
    // Encrypted files are often new ones under a longer name, with the old ones gone.
    let replaced = of(FindingKind::New)
        .filter(|new| {
            let old = new.path.bytes().iter().rposition(|b| *b == b'.').map(|end| &new.path.bytes()[..end]);
            old.is_some_and(|old| {
                let at = findings.binary_search_by(|finding| finding.path.bytes().cmp(old));
                at.is_ok_and(|at| findings[at].kind == FindingKind::Missing)
            })
        })
        .count() as u64;
    let changed = findings.iter().filter(|finding| content(finding.kind)).count() as u64 + replaced;
    let many = (changed >= MANY && changed * 100 >= files * MANY_PERCENT).then_some((changed, files));

    let mut endings: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in findings {
        let path = match finding.kind {
            FindingKind::New => &finding.path,
            FindingKind::Renamed => finding.to.as_ref().unwrap_or(&finding.path),
            _ => continue,
        };
        let before = if finding.kind == FindingKind::Renamed { ending(&finding.path) } else { None };
        if let Some(ending) = ending(path)
            && before != Some(ending)
        {
            *endings.entry(ending).or_default() += 1;
        }
    }
    // An ending is new where no file that is gone or changed had it.
    for finding in findings.iter().filter(|finding| finding.kind != FindingKind::New) {
        if let Some(ending) = ending(&finding.path) {
            endings.remove(ending);
        }
    }
    let moved = of(FindingKind::Missing).count() + of(FindingKind::Renamed).count();
    let ending = endings
        .into_iter()
        .filter(|(_, count)| *count >= ENDINGS as u64 && moved >= ENDINGS)
        .max_by_key(|(_, count)| *count)
        .map(|(ending, count)| (ending.to_owned(), count));

    let looked_into = findings.iter().filter(|finding| {
        matches!(finding.kind, FindingKind::Changed | FindingKind::Truncated | FindingKind::Grown | FindingKind::New)
    });
    let paths = looked_into.map(|finding| &finding.path).take(LOOKED_INTO);
    let random = paths.filter(|path| !is_compressed(path) && looks_random(copy, path)).count();
    Signs { many, random: random as u64, ending }
}

/// The ending of a name, without its dot.
fn ending(path: &RelativePath) -> Option<&str> {
    path.path().extension()?.to_str()
}

fn is_compressed(path: &RelativePath) -> bool {
    ending(path).is_some_and(|ending| COMPRESSED.contains(&ending.to_ascii_lowercase().as_str()))
}

fn looks_random(copy: &Path, path: &RelativePath) -> bool {
    let mut piece = Vec::with_capacity(PIECE);
    let read = digest::open(&full(copy, path.bytes())).and_then(|file| file.take(PIECE as u64).read_to_end(&mut piece));
    read.is_ok() && piece.len() >= TELLING && entropy(&piece) >= RANDOM_BITS
}

/// Shannon's entropy, in bits a byte.
#[expect(clippy::cast_precision_loss, reason = "counts of a piece of 64 KiB")]
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let whole = bytes.len() as f64;
    let used = counts.iter().filter(|count| **count > 0);
    -used.map(|count| f64::from(*count) / whole).map(|share| share * share.log2()).sum::<f64>()
}
