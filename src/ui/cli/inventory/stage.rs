//! Puts many inventory files in their place at once: a whole new folder is made beside the old one, and the two are exchanged.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags};
use rustix::io::Errno;

use super::shelf::Shelf;
use crate::message::message;
use crate::ui::{Exit, Failure};

/// Writes `files`, by name, into the inventory. After it all of them are there, or none.
///
/// # Errors
///
/// Where a file was changed since it was read, or the folder cannot be written.
pub(super) fn put(shelf: &Shelf, files: &BTreeMap<String, String>) -> Result<(), Failure> {
    for name in files.keys() {
        let id = name.trim_end_matches(".yaml");
        let before = shelf.files.get(id).map(|file| file.text.as_str());
        unchanged(&shelf.workspace.root.join("inventory").join(name), before, name)?;
    }
    let folder = shelf.workspace.root.join("inventory");
    let staged = shelf.workspace.root.join(format!(".inventory-new-{}", std::process::id()));
    let done = fill(&folder, &staged, files).and_then(|()| exchange(&folder, &staged));
    // What is left is the old folder, or what was begun.
    let _ = fs::remove_dir_all(&staged);
    done.map_err(|error| {
        let message = message!("cli-cannot-write", path = folder.display().to_string());
        Failure::new(Exit::Machine, "cannot-write", message).caused_by(&error)
    })
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
        fs::write(staged.join(name), text)?;
    }
    rustix::fs::syncfs(fs::File::open(staged)?)?;
    Ok(())
}

fn exchange(folder: &Path, staged: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, staged, CWD, folder, RenameFlags::EXCHANGE) {
        Ok(()) => {}
        // Not every file system exchanges: the old folder steps aside, and back where the new one cannot take its place.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            let aside = staged.with_extension("old");
            fs::rename(folder, &aside)?;
            if let Err(error) = fs::rename(staged, folder) {
                fs::rename(&aside, folder)?;
                return Err(error);
            }
            fs::rename(&aside, staged)?;
        }
        Err(error) => return Err(error.into()),
    }
    // What is no file could not be linked: it follows.
    for entry in fs::read_dir(staged)? {
        let entry = entry?;
        if !entry.file_type()?.is_file() {
            fs::rename(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    if let Some(above) = folder.parent() {
        fs::File::open(above)?.sync_all()?;
    }
    Ok(())
}
