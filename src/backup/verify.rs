//! Comparing a copy with its seal.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::expected::{Entries, Lists, Source};
use super::judge::{self, Judge, Rules};
use super::list::{self, Problem};
use super::manifest::{self, Entry, Header};
use super::scan::{self, Choice, Limiter, Progress, Scan};
use super::seal::seal_of;
use super::share::Share;
use super::unfinished::Unfinished;
use super::walk::Kind;
use super::{BackupError, Cancel, RelativePath, note, paths, sums};
use crate::model::{Digest, Notes};

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// What can be said of the seal.
    pub seal: SealState,
    /// Its first line; nothing where the seal does not hold.
    pub header: Option<Header>,
    /// Whether nothing but modes and times differs, the seal is good (or a mere list was asked for), and every file was there to be looked at. A sample can be whole: see
    /// `unchecked`.
    pub whole: bool,
    /// Files whose every byte was read and digested.
    pub checked: u64,
    /// Files that were not read: outside the sample, not readable, or not looked at when it was ended.
    pub unchecked: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What differs, in byte order of the paths.
    pub findings: Vec<Finding>,
}

/// What can be said of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealState {
    /// Its lists agree with each other, and a key that is trusted here has signed them.
    Good,
    /// Its lists agree with each other; a key has signed them that nobody here vouches for.
    UnknownKey,
    /// Its lists agree with each other; nobody has signed them.
    Unsigned,
    /// It is not what `seal` writes, or its lists do not agree.
    Bad,
}

impl SealState {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::UnknownKey => "unknown-key",
            Self::Unsigned => "unsigned",
            Self::Bad => "bad",
        }
    }
}

/// One difference between a copy and its seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What differs.
    pub kind: FindingKind,
    /// Where.
    pub path: RelativePath,
    /// Its new path, where it was renamed.
    pub to: Option<RelativePath>,
}

/// The kinds of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Same size, other content; or another target of a link.
    Changed,
    /// Shorter than it was.
    Truncated,
    /// Longer than it was.
    Grown,
    /// No longer there.
    Missing,
    /// Not in the seal.
    New,
    /// The same content under another path.
    Renamed,
    /// A file has become a folder, a link something else, and so on.
    Type,
    /// There, but it could not be read.
    Unreadable,
    /// The same content, with another mode or time. The copy is whole all the same.
    Metadata,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Changed,
        Self::Truncated,
        Self::Grown,
        Self::Missing,
        Self::New,
        Self::Renamed,
        Self::Type,
        Self::Unreadable,
        Self::Metadata,
    ];

    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Truncated => "truncated",
            Self::Grown => "grown",
            Self::Missing => "missing",
            Self::New => "new",
            Self::Renamed => "renamed",
            Self::Type => "type",
            Self::Unreadable => "unreadable",
            Self::Metadata => "metadata",
        }
    }
}

impl Finding {
    /// As the formats have it: `kind`, `path` or `path_b64`, `to`.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("kind".to_owned(), Value::from(self.kind.word()));
        paths::put(&mut object, "path", self.path.bytes());
        if let Some(to) = &self.to {
            paths::put(&mut object, "to", to.bytes());
        }
        Value::Object(object)
    }
}

impl Verification {
    /// How many findings make that it is not whole: all but other modes and times.
    #[must_use]
    pub fn differences(&self) -> usize {
        self.findings.iter().filter(|finding| finding.kind != FindingKind::Metadata).count()
    }

    /// The document of `backup verify --json`.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "version": 1,
            "seal": self.seal.word(),
            "whole": self.whole,
            "checked": self.checked,
            "unchecked": self.unchecked,
            "bytes": self.bytes,
            "findings": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}

/// What a copy is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Against<'a> {
    /// A seal; the one beside the copy where nothing is said.
    Seal(Option<&'a Path>),
    /// A list of `sha256sum`, whoever made it.
    List(&'a Path),
}

/// How a copy is to be compared.
#[derive(Clone, Copy)]
pub struct VerifyOptions<'a> {
    /// With what.
    pub against: Against<'a>,
    /// The keys that are trusted.
    pub notes: &'a dyn Notes,
    /// The share of all files that is read; all where nothing is said.
    pub share: Option<Share>,
    /// Bytes that may be read in a second.
    pub limit_rate: Option<u64>,
    /// Leave out folders on other file systems; a seal that was made so says it itself.
    pub one_file_system: bool,
    /// Told how far it has come.
    pub progress: Option<&'a Progress>,
    /// What an earlier comparison with the same seal found before it was ended.
    pub before: Option<&'a Unfinished>,
    /// Called every few seconds, and when it is ended, with what was found so far.
    pub set_aside: Option<&'a (dyn Fn(&Unfinished) + Sync)>,
}

impl<'a> VerifyOptions<'a> {
    /// Every file is read and compared with the seal beside the copy.
    #[must_use]
    pub fn new(notes: &'a dyn Notes) -> Self {
        Self {
            against: Against::Seal(None),
            notes,
            share: None,
            limit_rate: None,
            one_file_system: false,
            progress: None,
            before: None,
            set_aside: None,
        }
    }
}

/// What a comparison came to, with all that people should know of it.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What differs, and how much was read.
    pub verification: Verification,
    /// The name of the key that signed the seal.
    pub key: Option<String>,
    /// The digest of the manifest.
    pub manifest: Option<Digest>,
    /// Files that the seal or the list names.
    pub files: u64,
    /// Files that were passed over because they were not chosen.
    pub passed: u64,
    /// Files that were not looked at because it was ended before.
    pub left: Option<u64>,
    /// What is wrong with the list.
    pub problems: Vec<Problem>,
    /// Folders on other file systems.
    pub elsewhere: Vec<RelativePath>,
}

/// Compares a copy with its seal (`<copy>.seal` where nothing is said).
///
/// With `sample`, about that many percent of the files are read, picked anew each time; of the others only that they are
/// there, their type, size, mode and time are compared.
///
/// # Errors
///
/// Where there is no copy or no seal, or `cancel` ended it. What cannot be read in the copy is a finding.
pub fn verify(
    copy: &Path,
    seal: Option<&Path>,
    sample: Option<u8>,
    notes: &dyn Notes,
    cancel: &Cancel,
) -> Result<Verification, BackupError> {
    let share = sample.map(|percent| Share::percent(percent, RandomState::new().hash_one(copy)));
    let options = VerifyOptions { against: Against::Seal(seal), share, ..VerifyOptions::new(notes) };
    let verified = verify_with(copy, &options, cancel)?;
    if verified.left.is_some() { Err(BackupError::Cancelled) } else { Ok(verified.verification) }
}

/// Compares a copy as `options` say. Where `cancel` ends it, what was found before is given.
///
/// # Errors
///
/// As [`verify`].
pub fn verify_with(copy: &Path, options: &VerifyOptions<'_>, cancel: &Cancel) -> Result<Verified, BackupError> {
    let mut verified = match options.against {
        Against::Seal(seal) => {
            let beside = seal_of(copy);
            let seal = seal.unwrap_or(&beside);
            if !seal.is_dir() {
                return Err(BackupError::NoSeal { copy: copy.to_owned(), seal: seal.to_owned() });
            }
            match with_seal(copy, seal, options, cancel) {
                Err(BackupError::BadSeal { .. }) => bad(),
                other => other?,
            }
        }
        Against::List(path) => with_list(copy, path, options, cancel)?,
    };
    let seen = &mut verified.verification;
    // A seal that anybody may have made says nothing; whoever asks for a list knows that it does not.
    let vouched = seen.seal == SealState::Good || matches!(options.against, Against::List(_));
    let listed = verified.problems.iter().all(Problem::is_harmless);
    seen.whole = vouched && seen.differences() == 0 && listed && verified.left.is_none();
    Ok(verified)
}

/// A seal that does not hold vouches for nothing: nothing is said of the copy.
fn bad() -> Verified {
    let verification = Verification {
        seal: SealState::Bad,
        header: None,
        whole: false,
        checked: 0,
        unchecked: 0,
        bytes: 0,
        findings: Vec::new(),
    };
    Verified {
        verification,
        key: None,
        manifest: None,
        files: 0,
        passed: 0,
        left: None,
        problems: Vec::new(),
        elsewhere: Vec::new(),
    }
}

fn with_seal(copy: &Path, seal: &Path, options: &VerifyOptions<'_>, cancel: &Cancel) -> Result<Verified, BackupError> {
    let mut lists = Lists::open(seal)?;
    let (header, digest) = (lists.header.clone(), lists.digest);
    let path = seal.join(note::NOTE);
    let (mut state, key) = match fs::read(&path) {
        Ok(note) => note::judge(&note, &digest, options.notes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => (SealState::Unsigned, None),
        Err(source) => return Err(BackupError::Read { path, source }),
    };
    if state == SealState::Bad {
        return Ok(bad());
    }
    let alone = lists.is_header_alone().map_err(BackupError::read(seal))?;
    let how = Scan { one_file_system: options.one_file_system || header.one_file_system, ..scan_of(options) };
    let (entries, source): (Vec<Entry>, Option<Lists>) = if alone {
        // Whoever signed the header did not sign the list.
        state = SealState::Unsigned;
        (read_seal(seal)?.1, None)
    } else {
        (Vec::new(), Some(lists))
    };
    let source: Box<dyn Source> = match source {
        Some(lists) => Box::new(lists),
        None => Box::new(Entries::new(entries.iter())),
    };
    let rules = Rules { root: scan::base(copy), files_only: alone, metadata: true, set_aside: options.set_aside };
    let mut verified = judged(copy, rules, source, &how, options.before.cloned(), cancel)?;
    verified.verification.seal = state;
    verified.files = header.counts.files;
    verified.verification.header = Some(header);
    verified.key = key.filter(|_| !alone);
    verified.manifest = Some(digest);
    Ok(verified)
}

fn with_list(copy: &Path, path: &Path, options: &VerifyOptions<'_>, cancel: &Cancel) -> Result<Verified, BackupError> {
    let text = fs::read(path).map_err(BackupError::read(path))?;
    let (entries, problems) = list::read(&text);
    drop(text);
    // The list itself may lie in the folder that it tells of.
    let own = fs::canonicalize(path).ok().zip(fs::canonicalize(copy).ok());
    let own = own.and_then(|(path, copy)| path.strip_prefix(&copy).ok().map(Path::to_owned));
    let source = Box::new(Entries::new(entries.iter()));
    let rules = Rules { root: scan::base(copy), files_only: true, metadata: false, set_aside: options.set_aside };
    let mut verified = judged(copy, rules, source, &scan_of(options), options.before.cloned(), cancel)?;
    verified
        .verification
        .findings
        .retain(|finding| finding.kind != FindingKind::New || own.as_deref() != Some(finding.path.path()));
    verified.files = entries.len() as u64;
    verified.problems = problems;
    Ok(verified)
}

fn scan_of<'a>(options: &VerifyOptions<'a>) -> Scan<'a> {
    Scan {
        choice: options.share.map_or(Choice::All, Choice::Share),
        after: options.before.map(|before| before.after.clone()).filter(|after| !after.is_empty()),
        one_file_system: options.one_file_system,
        limiter: options.limit_rate.map(Limiter::new),
        progress: options.progress,
        // What changes while it is read differs from its seal, or has the content that was sealed.
        recent: i64::MAX,
    }
}

fn judged<'a>(
    copy: &Path,
    rules: Rules<'a>,
    source: Box<dyn Source + 'a>,
    how: &Scan<'_>,
    before: Option<Unfinished>,
    cancel: &Cancel,
) -> Result<Verified, BackupError> {
    let (root, set_aside) = (rules.root, rules.set_aside);
    let mut judge = Judge::new(rules, source, before);
    let left = match scan::scan(copy, how, &mut judge, cancel) {
        Ok(()) => {
            judge.end()?;
            None
        }
        Err(BackupError::Cancelled) => {
            if let Some(set_aside) = set_aside {
                set_aside(&judge.so_far);
            }
            Some(judge.give_up()?)
        }
        Err(error) => return Err(error),
    };
    let (passed, elsewhere) = (judge.passed, std::mem::take(&mut judge.elsewhere));
    let so_far = std::mem::take(&mut judge.so_far);
    let (checked, unchecked, bytes) = (so_far.checked, so_far.unchecked, so_far.bytes);
    let verification = Verification {
        seal: SealState::Unsigned,
        header: None,
        whole: false,
        checked,
        unchecked,
        bytes,
        findings: judge::settle(root, so_far, cancel),
    };
    if left.is_none() {
        cancel.check()?;
    }
    let (key, manifest, files, problems) = (None, None, 0, Vec::new());
    Ok(Verified { verification, key, manifest, files, passed, left, problems, elsewhere })
}

/// The first line of a seal's manifest, as it says; nothing is verified.
#[must_use]
pub fn header(seal: &Path) -> Option<Header> {
    use std::io::BufRead as _;
    let mut line = Vec::new();
    let file = super::digest::open(&seal.join("manifest.jsonl")).ok()?;
    std::io::BufReader::new(file).read_until(b'\n', &mut line).ok()?;
    manifest::header(line.strip_suffix(b"\n")?)
}

/// What a seal says. Its two lists must say the same; a manifest of the header alone leaves all to `SHA256SUMS`.
pub(super) fn read_seal(seal: &Path) -> Result<(Header, Vec<Entry>), BackupError> {
    let bad = || BackupError::BadSeal { seal: seal.to_owned() };
    let read = |name: &str| {
        let path = seal.join(name);
        fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => bad(),
            _ => BackupError::Read { path, source: error },
        })
    };
    let mut listed = sums::read(&read("SHA256SUMS")?).ok_or_else(bad)?;
    let text = String::from_utf8(read("manifest.jsonl")?).map_err(|_| bad())?;
    let (header, entries) = manifest::read(&text).ok_or_else(bad)?;
    if entries.is_empty() && header.counts.files > 0 {
        listed.sort();
        if listed.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(bad());
        }
        let entry = |(path, digest)| Entry { path, kind: Kind::File, size: None, digest: Some(digest) };
        return Ok((header, listed.into_iter().map(entry).collect()));
    }
    let files = entries.iter().filter_map(|entry| Some((&entry.path, entry.digest.as_ref()?)));
    if !files.eq(listed.iter().map(|(path, digest)| (path, digest))) {
        return Err(bad());
    }
    Ok((header, entries))
}

/// Compares what lies in `copy` with what a seal says. Modes and times are not compared: a restore sets them last.
pub(super) fn compare(
    copy: &Path,
    header: Header,
    entries: &[Entry],
    sample: Option<u8>,
    cancel: &Cancel,
) -> Result<Verification, BackupError> {
    let share = sample.map(|percent| Share::percent(percent, RandomState::new().hash_one(copy)));
    let how = Scan {
        choice: share.map_or(Choice::All, Choice::Share),
        one_file_system: header.one_file_system,
        recent: i64::MAX,
        ..Scan::default()
    };
    // A seal that lists files alone says nothing of folders and links.
    let files_only = entries.iter().all(|entry| entry.kind == Kind::File && entry.size.is_none());
    let rules = Rules { root: copy, files_only, metadata: false, set_aside: None };
    let verified = judged(copy, rules, Box::new(Entries::new(entries.iter())), &how, None, cancel)?;
    if verified.left.is_some() {
        return Err(BackupError::Cancelled);
    }
    let seen = verified.verification;
    Ok(Verification { header: Some(header), whole: seen.findings.is_empty(), ..seen })
}
