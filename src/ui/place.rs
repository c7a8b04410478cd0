//! Where a file that somebody asked for may be written: not over the evidence, nor over what the workspace reads.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Exit, Failure};
use crate::message::message;

/// Folders of a workspace that hold what people wrote, what is evidence, or what a lab runs on.
const KEPT: &[&str] = &["ledger", "inventory", "playbooks", "exercises", "policies", "lab"];

/// As many links one after the other are followed as Linux does.
const LINKS: usize = 40;

/// The file that `path` stands for, through all links.
///
/// # Errors
///
/// Where it is in a ledger, is a file that a workspace reads, or its links go in a circle.
pub(crate) fn free(path: &Path) -> Result<PathBuf, Failure> {
    // A device or a pipe is written to as it is, and a folder is refused by the system.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Ok(path.to_owned());
    }
    let real = real(path).map_err(|error| {
        let shown = path.display().to_string();
        Failure::new(Exit::Machine, "report-write", message!("cli-cannot-write", path = shown)).caused_by(&error)
    })?;
    if !kept(&real) {
        return Ok(real);
    }
    let message = message!("cli-place-kept", path = real.display().to_string());
    Err(Failure::new(Exit::Invalid, "place-kept", message).help(message!("cli-place-kept-help")))
}

/// The format in which something is made: the one that was asked for, else the one that the ending of `out` names, else the
/// one when nothing is said.
pub(crate) fn format<F: clap::ValueEnum + Default>(asked: Option<F>, out: Option<&Path>) -> F {
    let named = || F::from_str(out?.extension()?.to_str()?, true).ok();
    asked.or_else(named).unwrap_or_default()
}

/// Endings that say what is in a file.
const FORMATS: &[&str] =
    &["csv", "doc", "docx", "htm", "html", "ics", "json", "md", "odt", "ods", "pdf", "txt", "xls", "xlsx", "xml"];

/// Refuses a name whose ending says another format than `made`.
///
/// # Errors
///
/// Where it does: who opens the file would be told that it is broken.
pub(crate) fn fits(path: &Path, made: &str) -> Result<(), Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let same = ending == made || (ending == "htm" && made == "html");
    if same || !FORMATS.contains(&ending.as_str()) {
        return Ok(());
    }
    let message = message!("cli-other-format", path = path.display().to_string(), made = made);
    Err(Failure::new(Exit::Invalid, "other-format", message).help(message!("cli-other-format-help", made = made)))
}

/// The place without links, whether or not something is there.
fn real(path: &Path) -> io::Result<PathBuf> {
    let mut path = std::path::absolute(path)?;
    for _ in 0..LINKS {
        let Ok(target) = fs::read_link(&path) else { return settled(&path) };
        path = path.parent().unwrap_or(Path::new("/")).join(target);
    }
    Err(rustix::io::Errno::LOOP.into())
}

/// The folder of `path` without links as far as it is there, and the rest as it is written.
fn settled(path: &Path) -> io::Result<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(path.to_owned()) };
    let there = folder.ancestors().find_map(|ancestor| Some((ancestor, fs::canonicalize(ancestor).ok()?)));
    let Some((ancestor, mut real)) = there else { return Err(io::Error::from(io::ErrorKind::NotFound)) };
    for part in folder.strip_prefix(ancestor).unwrap_or(Path::new("")).components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            Component::Normal(name) => real.push(name),
            _ => {}
        }
    }
    Ok(real.join(name))
}

/// Whether a place without links is evidence, or is read by a workspace.
fn kept(real: &Path) -> bool {
    real.ancestors().skip(1).any(|folder| {
        if folder.join("log").is_dir() && folder.join("objects").is_dir() {
            return true;
        }
        if !folder.join("ungpho.yaml").is_file() {
            return false;
        }
        let Ok(below) = real.strip_prefix(folder) else { return false };
        let mut parts = below.components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(first)), Some(_)) => KEPT.iter().any(|name| first == *name),
            // The place of a folder that is made when it is needed.
            (Some(Component::Normal(first)), None) if KEPT.iter().chain(&["reports"]).any(|name| first == *name) => {
                true
            }
            (Some(_), None) => below.extension().is_some_and(|it| it == "yaml" || it == "yml"),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_name_is_that_of_the_format_or_none_of_ours() {
        for (path, made, good) in [
            ("a.docx", "docx", true),
            ("a.DOCX", "docx", true),
            ("a.htm", "html", true),
            ("a", "docx", true),
            ("a.v2", "docx", true),
            ("a.pdf", "docx", false),
            ("a.html", "json", false),
        ] {
            assert_eq!(fits(Path::new(path), made).is_ok(), good, "{path} {made}");
        }
    }

    #[test]
    fn evidence_and_what_a_workspace_reads_is_never_written_over_by_whatever_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let unit = folder.path().join("unit");
        for path in ["ledger/log", "ledger/objects", "inventory", "reports"] {
            fs::create_dir_all(unit.join(path)).expect("a folder");
        }
        fs::write(unit.join("ungpho.yaml"), "format: 1").expect("written");
        std::os::unix::fs::symlink(unit.join("ledger"), folder.path().join("away")).expect("a link");
        std::os::unix::fs::symlink("../people.yaml", unit.join("reports/new.docx")).expect("a link");
        for path in [
            "unit/ledger/checkpoint",
            "unit/ledger/new/deep",
            "unit/people.yaml",
            "unit/exercises",
            "unit/reports/../ungpho.yaml",
            "unit/reports/none/../../ledger/checkpoint",
            "unit/inventory/portal.xlsx",
            "away/checkpoint",
            "unit/reports/new.docx",
        ] {
            assert_eq!(free(&folder.path().join(path)).expect_err(path).exit, Exit::Invalid, "{path}");
        }
        for path in ["unit/reports/r.html", "unit/r.html", "unit/reports/ledger/r.html", "people.yaml"] {
            assert!(free(&folder.path().join(path)).is_ok(), "{path}");
        }
        std::os::unix::fs::symlink("ring", folder.path().join("ring")).expect("a link");
        assert_eq!(free(&folder.path().join("ring")).expect_err("a circle").exit, Exit::Machine);
    }
}
