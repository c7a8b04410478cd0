//! Puts many inventory files in their place at once: a whole new folder is made beside the old one, and the two are exchanged.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use rustix::fs::{CWD, FlockOperation, RenameFlags};
use rustix::io::Errno;

use super::shelf::Shelf;
use crate::message::message;
use crate::ui::{Exit, Failure};

/// So many files are synced one by one; of more, the whole file system is, which also waits for what others write.
const ONE_BY_ONE: usize = 256;

/// The new folder while it is made; after an exchange, the old one.
const STAGED: &str = ".inventory-new";

/// Writes `files`, by name, into the inventory. After it all of them are there, or none.
///
/// What an import that was ended in the middle left behind is put in order first. Whether one lives is told by the lock on the
/// workspace's folder, which the system takes away with the process.
///
/// # Errors
///
/// Where another import is at work, a file was changed since it was read, or the folder cannot be written or exchanged.
pub(super) fn put(shelf: &Shelf, files: &BTreeMap<String, String>) -> Result<(), Failure> {
    let root = &shelf.workspace.root;
    let (folder, staged) = (root.join("inventory"), root.join(STAGED));
    let unwritten = |error: &io::Error| {
        let message = message!("cli-cannot-write", path = folder.display().to_string());
        Failure::new(Exit::Machine, "cannot-write", message).caused_by(error)
    };
    // It is let go of at the end.
    let lock = fs::File::open(root).map_err(|error| unwritten(&error))?;
    match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => {
            let failure = Failure::new(Exit::Machine, "import-running", message!("systems-import-running"));
            return Err(failure.help(message!("systems-import-running-help")));
        }
        Err(error) => return Err(unwritten(&error.into())),
    }
    clear(&folder, &staged).map_err(|error| unwritten(&error))?;
    for name in files.keys() {
        let id = name.trim_end_matches(".yaml");
        let before = shelf.files.get(id).map(|file| file.text.as_str());
        unchanged(&folder.join(name), before, name)?;
    }
    let done =
        fill(&folder, &staged, files).map_err(|error| unwritten(&error)).and_then(
            |()| match rustix::fs::renameat_with(CWD, &staged, CWD, &folder, RenameFlags::EXCHANGE) {
                Ok(()) => Ok(()),
                Err(error @ (Errno::INVAL | Errno::NOSYS | Errno::NOTSUP)) => {
                    let message = message!("systems-no-exchange", path = folder.display().to_string());
                    let failure =
                        Failure::new(Exit::Machine, "no-exchange", message).caused_by(&io::Error::from(error));
                    Err(failure.help(message!("systems-no-exchange-help")))
                }
                Err(error) => Err(unwritten(&error.into())),
            },
        );
    let cleared = clear(&folder, &staged).and_then(|()| fs::File::open(root)?.sync_all());
    // Where both went wrong, the first is the one to tell.
    done.and_then(|()| cleared.map_err(|error| unwritten(&error)))
}

/// Takes away what is staged. What is no file could not be linked into the new folder: where an exchange has taken it out of
/// the inventory, it goes back first.
fn clear(folder: &Path, staged: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(staged) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if !entry.file_type()?.is_file() {
            fs::rename(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    fs::remove_dir_all(staged)
}

/// Refuses a file that is not as it was read.
pub(super) fn unchanged(path: &Path, before: Option<&str>, name: &str) -> Result<(), Failure> {
    let now = fs::read(path).ok();
    let same = match (&now, before) {
        (None, None) => true,
        // Byte order marks and line ends are taken away when a file is read.
        (Some(now), Some(before)) => crate::source::decode(name, now.clone()).is_ok_and(|text| text == before),
        _ => false,
    };
    if same {
        return Ok(());
    }
    let message = message!("systems-changed-meanwhile", file = format!("inventory/{name}"));
    Err(Failure::new(Exit::Invalid, "changed-meanwhile", message))
}

/// The new folder: what stays is linked, what changes is written.
fn fill(folder: &Path, staged: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::create_dir(staged)?;
    fs::set_permissions(staged, fs::metadata(folder)?.permissions())?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| files.contains_key(name));
        if !ours && entry.file_type()?.is_file() {
            // Not every file system has links.
            let (from, to) = (entry.path(), staged.join(&name));
            fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop))?;
        }
    }
    for (name, text) in files {
        let mut file = fs::File::create(staged.join(name))?;
        file.write_all(text.as_bytes())?;
        if files.len() <= ONE_BY_ONE {
            file.sync_all()?;
        }
    }
    let made = fs::File::open(staged)?;
    if files.len() > ONE_BY_ONE {
        rustix::fs::syncfs(&made)?;
    }
    made.sync_all()
}
