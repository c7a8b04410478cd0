//! Compares what is there with what should be, path by path.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::time::{Duration, Instant};

use super::expected::{Broken, Expected, Source};
use super::scan::{Closed, Looked, Seen, Sink, What};
use super::seal::full;
use super::unfinished::{Content, Unfinished};
use super::{BackupError, Cancel, Finding, FindingKind, RelativePath, digest};
use crate::model::Digest;

/// How often what was found so far is set aside.
const SET_ASIDE: Duration = Duration::from_secs(5);

/// What the comparison needs to know of the seal.
pub(super) struct Rules<'a> {
    pub(super) root: &'a Path,
    /// A list of files says nothing of folders and links.
    pub(super) files_only: bool,
    /// Whether modes and times are compared.
    pub(super) metadata: bool,
    /// Called from time to time with how far it has come.
    pub(super) set_aside: Option<&'a (dyn Fn(&Unfinished) + Sync)>,
}

/// The comparison, as far as it has come.
pub(super) struct Judge<'a> {
    rules: Rules<'a>,
    source: Box<dyn Source + 'a>,
    next: Expected,
    /// Whether `next` is to be compared yet.
    waiting: bool,
    /// What was compared before this run, up to this path.
    after: Option<Vec<u8>>,
    pub(super) so_far: Unfinished,
    /// Files that were not chosen.
    pub(super) passed: u64,
    /// Folders on other file systems.
    pub(super) elsewhere: Vec<RelativePath>,
    aside: Instant,
}

impl<'a> Judge<'a> {
    pub(super) fn new(rules: Rules<'a>, source: Box<dyn Source + 'a>, before: Option<Unfinished>) -> Self {
        let so_far = before.unwrap_or_default();
        let after = (!so_far.after.is_empty()).then(|| so_far.after.clone());
        Self {
            rules,
            source,
            next: Expected::default(),
            waiting: false,
            after,
            so_far,
            passed: 0,
            elsewhere: Vec::new(),
            aside: Instant::now(),
        }
    }

    /// Makes the next expected path wait; false where there is none.
    fn wait(&mut self) -> Result<bool, BackupError> {
        while !self.waiting {
            match self.source.next(&mut self.next) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(Broken) => return Err(BackupError::BadSeal { seal: self.rules.root.to_owned() }),
            }
            self.waiting = self.after.as_ref().is_none_or(|after| self.next.path > *after);
        }
        Ok(true)
    }

    fn find(&mut self, kind: FindingKind, path: &[u8]) {
        if let Some(path) = RelativePath::new(path) {
            self.so_far.findings.push(Finding { kind, path, to: None });
        }
    }

    fn missing(&mut self) {
        self.waiting = false;
        let file = self.next.what == What::File;
        self.so_far.gone.extend(Content::new(&self.next.path, self.next.size, file.then_some(self.next.digest)));
    }

    /// What is expected under a folder that nobody looked into is neither missing nor whole.
    fn pass_over(&mut self, prefix: &[u8]) -> Result<(), BackupError> {
        while self.wait()? && self.next.path.starts_with(prefix) {
            self.waiting = false;
            self.so_far.unchecked += u64::from(self.next.what == What::File);
        }
        Ok(())
    }

    fn compare(&mut self, seen: &Seen<'_>) {
        self.waiting = false;
        let (item, next) = (seen.item, &self.next);
        let kind = if item.what != next.what {
            Some(FindingKind::Type)
        } else if next.what == What::File {
            let read = matches!(item.looked, Looked::Read | Looked::Changing);
            let other_size = next.size.map(|size| item.size.cmp(&size)).filter(|order| order.is_ne());
            match item.looked {
                Looked::Unreadable(_) => self.so_far.unchecked += 1,
                Looked::Passed => {
                    self.so_far.unchecked += 1;
                    self.passed += 1;
                }
                Looked::Read | Looked::Changing => {
                    self.so_far.checked += 1;
                    self.so_far.bytes += item.size;
                }
            }
            match (item.looked, other_size) {
                (Looked::Unreadable(_), _) => Some(FindingKind::Unreadable),
                (_, Some(std::cmp::Ordering::Less)) => Some(FindingKind::Truncated),
                (_, Some(_)) => Some(FindingKind::Grown),
                (_, None) if read && item.digest != next.digest => Some(FindingKind::Changed),
                _ => None,
            }
        } else if matches!(item.looked, Looked::Unreadable(_)) {
            Some(FindingKind::Unreadable)
        } else if item.target.as_deref().unwrap_or_default() != next.target.as_slice() {
            Some(FindingKind::Changed)
        } else {
            None
        };
        let kind = kind.or_else(|| {
            // A folder's time changes with what lies in it, which has findings of its own; a link's mode means nothing.
            let mode = next.what != What::Link && next.mode.is_some_and(|mode| mode != item.mode);
            let time =
                matches!(next.what, What::File | What::Special) && next.mtime.is_some_and(|time| time != item.mtime);
            (self.rules.metadata && (mode || time)).then_some(FindingKind::Metadata)
        });
        if let Some(kind) = kind {
            self.find(kind, seen.path);
        }
    }

    fn new_path(&mut self, seen: &Seen<'_>) {
        let file = seen.item.what == What::File;
        if file || !self.rules.files_only {
            let digest = (file && seen.item.looked == Looked::Read).then_some(seen.item.digest);
            self.so_far.fresh.extend(Content::new(seen.path, file.then_some(seen.item.size), digest));
        }
    }

    /// The expected paths that come before `path` are not there.
    fn up_to(&mut self, path: &[u8]) -> Result<(), BackupError> {
        while self.wait()? && self.next.path.as_slice() < path {
            self.missing();
        }
        Ok(())
    }

    /// Everything was seen: what is still expected is missing.
    pub(super) fn end(&mut self) -> Result<(), BackupError> {
        while self.wait()? {
            self.missing();
        }
        Ok(())
    }

    /// It was ended before everything was seen: what is still expected was not looked at.
    pub(super) fn give_up(&mut self) -> Result<u64, BackupError> {
        let before = self.so_far.unchecked;
        self.pass_over(b"")?;
        Ok(self.so_far.unchecked - before)
    }
}

impl Sink for Judge<'_> {
    fn see(&mut self, seen: &Seen<'_>) -> Result<(), BackupError> {
        if self.after.as_ref().is_some_and(|after| seen.path <= after.as_slice()) {
            return Ok(());
        }
        self.up_to(seen.path)?;
        if self.waiting && self.next.path == seen.path {
            self.compare(seen);
        } else {
            self.new_path(seen);
        }
        if seen.item.elsewhere && self.elsewhere.len() < 100 {
            self.elsewhere.extend(RelativePath::new(seen.path));
        }
        self.so_far.after.clear();
        self.so_far.after.extend_from_slice(seen.path);
        if let Some(set_aside) = self.rules.set_aside
            && self.aside.elapsed() > SET_ASIDE
        {
            set_aside(&self.so_far);
            self.aside = Instant::now();
        }
        Ok(())
    }

    fn closed(&mut self, folder: &[u8], why: Closed) -> Result<(), BackupError> {
        let prefix = [folder, b"/"].concat();
        if why == Closed::Changing || self.after.as_ref().is_some_and(|after| prefix <= *after) {
            return Ok(());
        }
        if folder.is_empty() {
            let source = std::io::Error::other("the folder cannot be listed");
            return Err(BackupError::Read { path: self.rules.root.to_owned(), source });
        }
        self.up_to(&prefix)?;
        if why != Closed::Elsewhere {
            self.find(FindingKind::Unreadable, folder);
        }
        self.pass_over(&prefix)
    }
}

/// Pairs what is gone with what is new by what it holds, and puts all findings into the order of the paths.
pub(super) fn settle(root: &Path, so_far: Unfinished, cancel: &Cancel) -> Vec<Finding> {
    let mut findings = so_far.findings;
    let mut by_digest: HashMap<[u8; 32], VecDeque<usize>> = HashMap::new();
    let mut sizes: HashMap<u64, usize> = HashMap::new();
    let mut unknown_size = false;
    // The empty file is everywhere: nothing can be said of where it went.
    let empty = Digest::of(b"").0;
    for gone in so_far.gone {
        if let Some(digest) = gone.digest.filter(|digest| *digest != empty) {
            by_digest.entry(digest).or_default().push_back(findings.len());
            match gone.size {
                Some(size) => *sizes.entry(size).or_default() += 1,
                None => unknown_size = true,
            }
        }
        findings.push(Finding { kind: FindingKind::Missing, path: gone.path, to: None });
    }
    for new in so_far.fresh {
        let held = new.digest.or_else(|| {
            // Not chosen to be read: worth it only where something of its size is gone.
            let worth = new.size.is_some_and(|size| size > 0 && (unknown_size || sizes.contains_key(&size)));
            let mut file = if worth { digest::open(&full(root, new.path.bytes())).ok()? } else { return None };
            Some(digest::digest(&mut file, cancel).ok()?.0.0)
        });
        let from = held.and_then(|held| by_digest.get_mut(&held)?.pop_front());
        match from.and_then(|index| findings.get_mut(index)) {
            Some(finding) => {
                finding.kind = FindingKind::Renamed;
                finding.to = Some(new.path);
            }
            None => findings.push(Finding { kind: FindingKind::New, path: new.path, to: None }),
        }
    }
    findings.sort_by(|one, other| one.path.cmp(&other.path).then(one.kind.cmp(&other.kind)));
    findings
}
