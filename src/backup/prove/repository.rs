//! What restic and Borg have in common: a folder with many copies, a password, a check of all data, a restore.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::check::Shown;
use super::program::{Program, Ran};
use super::sealed::{self, Tree};
use super::verdict::{Basis, Made, Problem, Proof, Why};
use super::workbench::Workbench;
use super::{Kind, Request, Target, borg, folders, random_below, restic};
use crate::backup::manifest::Counts;
use crate::backup::walk::{self, Kind as EntryKind};
use crate::backup::{BackupError, Cancel, verify};
use crate::model::Stamp;

/// Which copy of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// The newest.
    #[default]
    Newest,
    /// Any.
    Random,
    /// The one of this name, id, or beginning of an id.
    Named(String),
}

/// One copy of a repository.
pub(super) struct Snapshot {
    /// What the program knows it by.
    pub(super) id: String,
    /// What people know it by.
    pub(super) name: String,
    pub(super) at: Option<Stamp>,
    /// The folders that it is of, where it is known.
    pub(super) paths: Vec<String>,
}

/// What a program said against its repository: whose affair it is.
pub(super) enum Trouble {
    /// Nothing can be said of the copy.
    Ours(BackupError),
    /// The repository is damaged.
    Its(Problem),
}

/// Checks all data of the repository, restores a copy, and compares it with a seal of its tree where one was named.
pub(super) fn restore(
    target: &Target,
    request: &Request,
    tree: Option<&Tree>,
    proof: &mut Proof,
    bench: &Workbench,
    cancel: &Cancel,
) -> Result<Option<(Shown, Shown)>, BackupError> {
    let password = request.secret.as_ref().map(super::Secret::read).transpose()?;
    let tool = Tool { target, request, bench, password };
    let listed = match target.kind {
        Kind::Borg => borg::list(&tool, cancel)?,
        _ => restic::list(&tool, cancel)?,
    };
    let listed = match listed {
        Ok(listed) => listed,
        Err(problem) => {
            proof.found(problem);
            return Ok(None);
        }
    };
    let snapshot = choose(listed, request)?;
    proof.snapshot = Some(snapshot.name.clone());
    proof.made = snapshot.at.map(|at| (Stamp::new(at.instant, request.now.offset), Made::Repository));
    let checked = match target.kind {
        Kind::Borg => borg::check(&tool, cancel)?,
        _ => restic::check(&tool, cancel)?,
    };
    match checked {
        None => proof.holds_by(Basis::Repository),
        Some(problem) => proof.found(problem),
    }
    // A damaged repository may still hold this copy whole: that it can be restored is another result.
    proof.restorable = crate::model::record::Restorability::NotTried;
    let to = bench.folder("restored")?;
    let failed = match target.kind {
        Kind::Borg => borg::extract(&tool, &snapshot, &to, cancel)?,
        _ => restic::restore(&tool, &snapshot, &to, cancel)?,
    };
    if let Some(problem) = failed {
        proof.found(problem);
        return Ok(None);
    }
    let found = walk::walk(&to, cancel)?;
    let counts = Counts::of(&found);
    (proof.restored, proof.bytes, proof.left_out) = (counts.files, counts.bytes, counts.special);
    let outward =
        found.iter().filter(|it| matches!(&it.kind, EntryKind::Link(to) if super::files::leads_out(&it.path, to)));
    proof.leads_out = u64::try_from(outward.count()).unwrap_or(u64::MAX);
    let root = root(&to, &snapshot);
    if let Some(tree) = tree {
        let root = super::archive::root_of(&root, tree);
        sealed::take(&verify::compare(&root, tree.header.clone(), &tree.entries, None, cancel)?, proof);
    }
    if counts.files == 0 {
        proof.found(Problem::new(Why::NotRestored).saying("no file"));
        return Ok(None);
    }
    proof.was_restored();
    folders(bench, &root).map(Some)
}

/// The folder that was backed up, where it is one: under its whole path, or under its name where it was given as such.
fn root(to: &Path, snapshot: &Snapshot) -> PathBuf {
    let [one] = snapshot.paths.as_slice() else { return to.to_owned() };
    let whole = to.join(one.trim_start_matches('/'));
    let named = Path::new(one).file_name().map(|name| to.join(name));
    // Never through a link that was restored.
    let plain = |folder: &Path| folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    let there = std::iter::once(whole)
        .chain(named)
        .find(|folder| folder.ancestors().take_while(|above| *above != to).all(plain));
    there.unwrap_or_else(|| to.to_owned())
}

fn choose(listed: Vec<Snapshot>, request: &Request) -> Result<Snapshot, BackupError> {
    let repository = request.copy.clone();
    let names: Vec<String> = listed.iter().rev().take(10).map(|snapshot| snapshot.name.clone()).collect();
    let place = match &request.which {
        Which::Newest => listed.len().checked_sub(1),
        Which::Random if listed.is_empty() => None,
        Which::Random => Some(random_below(listed.len())?),
        Which::Named(name) => {
            let place = listed.iter().position(|it| it.name == *name || (name.len() >= 6 && it.id.starts_with(name)));
            return match place.and_then(|place| listed.into_iter().nth(place)) {
                Some(snapshot) => Ok(snapshot),
                None => Err(BackupError::NoSnapshot { repository, name: name.clone(), known: names.join(", ") }),
            };
        }
    };
    let chosen = place.and_then(|place| listed.into_iter().nth(place));
    chosen.ok_or(BackupError::EmptyRepository { repository })
}

/// A program on its way to a repository.
pub(super) struct Tool<'a> {
    pub(super) target: &'a Target,
    pub(super) request: &'a Request,
    pub(super) bench: &'a Workbench,
    pub(super) password: Option<String>,
}

impl Tool<'_> {
    pub(super) fn repository(&self) -> &Path {
        &self.target.item
    }

    /// The program with `arguments`, in `cwd`, with `env` beside what every program finds.
    pub(super) fn run(
        &self,
        (name, package): (&'static str, &'static str),
        arguments: &[OsString],
        env: Vec<(&str, OsString)>,
        (cwd, data): (&Path, bool),
        cancel: &Cancel,
    ) -> Result<Ran, BackupError> {
        let tools = &self.request.tools;
        let path = tools.find(name, &[]).ok_or(BackupError::NoProgram { program: name, package })?;
        let mut program = Program::new(path, cwd, tools).with(arguments);
        program.env.extend(env.into_iter().map(|(name, value)| (name.to_owned(), value)));
        program.env.insert("LC_ALL".to_owned(), "C.UTF-8".into());
        program.secrets = self.password.iter().cloned().collect();
        program.data = data;
        // restic asks again for what cannot be read, for a quarter of an hour; in a folder it will not come back.
        program.hopeless = Some("retrying after");
        program.last_signal = "INT";
        program.run(None, Some(self.bench), cancel)
    }

    /// What a program that failed means, by the words that it is known to say.
    pub(super) fn trouble(&self, ran: &Ran) -> Trouble {
        let words = ran.err.to_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        let repository = self.repository().to_owned();
        if says(&[
            "wrong password",
            "passphrase supplied in",
            "is incorrect",
            "empty password",
            "passphrase not",
            "no key file",
        ]) {
            return Trouble::Ours(BackupError::WrongSecret { repository, given: self.password.is_some() });
        }
        if says(&["already locked", "failed to create/acquire the lock", "lock.exclusive"]) {
            let unlock = match self.target.kind {
                Kind::Borg => format!("borg break-lock {}", repository.display()),
                _ => format!("restic -r {} unlock", repository.display()),
            };
            return Trouble::Ours(BackupError::Locked { repository, unlock });
        }
        Trouble::Its(Problem::new(Why::Damaged).saying(ran.last_words()))
    }

    /// What a program that ended says against the copy; an error where it can say nothing.
    pub(super) fn against(&self, ran: &Ran, why: Why) -> Result<Option<Problem>, BackupError> {
        if ran.status.success() {
            return Ok(None);
        }
        match self.trouble(ran) {
            Trouble::Ours(error) => Err(error),
            Trouble::Its(problem) => Ok(Some(Problem { why, ..problem })),
        }
    }
}
