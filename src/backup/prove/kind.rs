//! The kinds of copies, and how to tell them by their first bytes.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::backup::digest;

/// A kind of copy: how it is read, and what it is restored with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder of files.
    Files,
    /// A tar archive.
    Tar,
    /// A tar archive, compressed by gzip.
    TarGz,
    /// A tar archive, compressed by Zstandard.
    TarZst,
    /// A zip archive.
    Zip,
    /// A repository of restic.
    Restic,
    /// A repository of Borg.
    Borg,
    /// A dump by `pg_dump`: of its custom, directory or tar format, or plain SQL, also compressed.
    Postgres,
    /// A database file of `SQLite`.
    Sqlite,
}

impl Kind {
    /// Every kind with its word, as the inventory and `--kind` have it.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("files", Self::Files),
        ("tar", Self::Tar),
        ("tar.gz", Self::TarGz),
        ("tar.zst", Self::TarZst),
        ("zip", Self::Zip),
        ("restic", Self::Restic),
        ("borg", Self::Borg),
        ("postgres", Self::Postgres),
        ("sqlite", Self::Sqlite),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("files", |(word, _)| word)
    }

    /// The kind of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    /// Whether it is an archive, which can be read as a stream.
    #[must_use]
    pub fn archive(self) -> bool {
        matches!(self, Self::Tar | Self::TarGz | Self::TarZst | Self::Zip)
    }

    /// Whether it is a repository, which holds many copies.
    #[must_use]
    pub fn repository(self) -> bool {
        matches!(self, Self::Restic | Self::Borg)
    }

    /// Whether it holds tables, whose rows can be counted.
    #[must_use]
    pub fn tables(self) -> bool {
        matches!(self, Self::Postgres | Self::Sqlite)
    }

    /// What lies at `path`, by its first bytes, or for a folder by what is in it; a folder is `files` where nothing says
    /// otherwise. Nothing for a file that is none of them.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn sniff(path: &Path) -> io::Result<Option<Self>> {
        if std::fs::metadata(path)?.is_dir() {
            return Ok(Some(folder(path)));
        }
        let mut head = Vec::new();
        digest::open(path)?.take(512).read_to_end(&mut head)?;
        let inner = match Squeezed::of(&head) {
            Some(squeezed) => {
                let mut inner = Vec::new();
                // A damaged stream still begins as what it is: what came before the damage is looked at.
                let _ = squeezed.reader(digest::open(path)?)?.take(512).read_to_end(&mut inner);
                return Ok(match (plain(&inner), squeezed) {
                    (Some(Self::Tar), Squeezed::Gzip) => Some(Self::TarGz),
                    (Some(Self::Tar), Squeezed::Zstd) => Some(Self::TarZst),
                    (Some(Self::Postgres), _) => Some(Self::Postgres),
                    _ => None,
                });
            }
            None => head,
        };
        Ok(plain(&inner))
    }
}

/// A repository by the files that only it has; a dump of the directory format by its table of contents.
fn folder(path: &Path) -> Kind {
    let has = |name: &str| path.join(name).exists();
    if has("config") && has("keys") && has("snapshots") && has("data") {
        return Kind::Restic;
    }
    let borg = std::fs::read(path.join("config")).is_ok_and(|text| text.starts_with(b"[repository]"));
    if borg && has("data") {
        return Kind::Borg;
    }
    let toc = File::open(path.join("toc.dat")).and_then(|file| {
        let mut head = Vec::new();
        file.take(5).read_to_end(&mut head)?;
        Ok(head)
    });
    if toc.is_ok_and(|head| head == b"PGDMP") { Kind::Postgres } else { Kind::Files }
}

/// What begins with these bytes, uncompressed.
fn plain(head: &[u8]) -> Option<Kind> {
    if head.starts_with(b"PGDMP") {
        return Some(Kind::Postgres);
    }
    if head.starts_with(b"SQLite format 3\0") {
        return Some(Kind::Sqlite);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(Kind::Zip);
    }
    if head.get(257..262) == Some(b"ustar") {
        // `pg_dump -Ft` makes a tar that begins with its table of contents.
        let dump = head.starts_with(b"toc.dat\0");
        return Some(if dump { Kind::Postgres } else { Kind::Tar });
    }
    let text = String::from_utf8_lossy(head);
    text.contains("-- PostgreSQL database dump").then_some(Kind::Postgres)
}

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Squeezed {
    Gzip,
    Zstd,
}

/// The most memory that a Zstandard stream may ask for, as a power of two: 128 MiB, what `zstd -d` grants without asking.
const ZSTD_WINDOW: u32 = 27;

impl Squeezed {
    /// By the first bytes; nothing where it is not compressed.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(&[0x1f, 0x8b]) {
            Some(Self::Gzip)
        } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Some(Self::Zstd)
        } else {
            None
        }
    }

    /// Of a file.
    pub(super) fn of_file(path: &Path) -> io::Result<(Option<Self>, Vec<u8>)> {
        let mut head = Vec::new();
        digest::open(path)?.take(512).read_to_end(&mut head)?;
        Ok((Self::of(&head), head))
    }

    /// Reads `file` uncompressed.
    pub(super) fn reader(self, file: File) -> io::Result<Box<dyn io::Read + Send>> {
        let file = io::BufReader::with_capacity(256 * 1024, file);
        Ok(match self {
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(file)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Box::new(decoder)
            }
        })
    }

    /// Whether a stream that begins so carries a checksum of its content: gzip always does (RFC 1952, 2.3.1), Zstandard
    /// where bit 2 of the frame's descriptor says so (RFC 8878, 3.1.1.1.1).
    pub(super) fn checksummed(self, head: &[u8]) -> bool {
        match self {
            Self::Gzip => true,
            Self::Zstd => head.get(4).is_some_and(|descriptor| descriptor & 0b100 != 0),
        }
    }
}
