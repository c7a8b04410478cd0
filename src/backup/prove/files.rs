//! A folder of files: copied, and what was copied compared with the seal.

use std::path::Path;

use super::check::Shown;
use super::sealed::{self, Tree};
use super::verdict::{Problem, Proof, Why};
use super::workbench::Workbench;
use super::{Target, folders};
use crate::backup::manifest::Counts;
use crate::backup::walk::{self, Kind};
use crate::backup::{BackupError, Cancel, RelativePath, copy, verify};

/// Copies the folder to the scratch place and compares what lies there then with its seal.
pub(super) fn restore(
    target: &Target,
    tree: Option<&Tree>,
    proof: &mut Proof,
    bench: &Workbench,
    cancel: &Cancel,
) -> Result<Option<(Shown, Shown)>, BackupError> {
    let from = &target.item;
    let to = bench.folder("restored")?;
    let Some(found) = readable(walk::walk(from, cancel), from, proof)? else { return Ok(None) };
    let counts = Counts::of(&found);
    if bench.most().is_some_and(|most| counts.bytes > most) {
        return Err(BackupError::TooBig { most: bench.most().unwrap_or_default() });
    }
    bench.holds(counts.bytes)?;
    let copied = copy::copy(from, &found, &to, cancel).map_err(|error| full(error, bench));
    if readable(copied, from, proof)?.is_none() {
        return Ok(None);
    }
    (proof.restored, proof.bytes, proof.left_out) = (counts.files, counts.bytes, counts.special);
    let outward = found.iter().filter(|found| matches!(&found.kind, Kind::Link(to) if leads_out(&found.path, to)));
    proof.leads_out = u64::try_from(outward.count()).unwrap_or(u64::MAX);
    if let Some(tree) = tree {
        sealed::take(&verify::compare(&to, tree.header.clone(), &tree.entries, None, cancel)?, proof);
    }
    copy::finish(from, &found, &to)?;
    proof.was_restored();
    folders(bench, &to).map(Some)
}

/// That something of the copy cannot be read is a finding; that we cannot do our work is not.
fn readable<T>(done: Result<T, BackupError>, copy: &Path, proof: &mut Proof) -> Result<Option<T>, BackupError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(BackupError::Read { path, source }) if path.starts_with(copy) && path != copy => {
            let name = path.strip_prefix(copy).unwrap_or(&path);
            proof.found(Problem::new(Why::Unreadable).at(name.as_os_str().as_encoded_bytes()).saying(source));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A disk that is full is told as such.
pub(super) fn full(error: BackupError, bench: &Workbench) -> BackupError {
    match error {
        BackupError::Write { source, .. } if is_full(&source) => {
            BackupError::NoRoom { scratch: bench.path().to_owned(), needed: None, free: bench.free().unwrap_or(0) }
        }
        other => other,
    }
}

/// Whether the system says that there is no more room, or that no more is granted.
pub(super) fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

/// Whether a link at `path` that holds `target` leads out of the tree.
pub(super) fn leads_out(path: &RelativePath, target: &[u8]) -> bool {
    if target.starts_with(b"/") {
        return true;
    }
    let mut depth = path.bytes().split(|byte| *byte == b'/').count() - 1;
    for part in target.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return true,
            },
            _ => depth += 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_out_where_it_climbs_above_the_top() {
        for (path, target, expected) in [
            ("a", "b", false),
            ("a/b", "../c", false),
            ("a/b", "../../c", true),
            ("a", "..", true),
            ("a", "/etc/passwd", true),
            ("a/b/c", "x/../../../d", false),
            ("a/b/c", "x/../../../../d", true),
        ] {
            let path = RelativePath::new(path.as_bytes()).unwrap();
            assert_eq!(leads_out(&path, target.as_bytes()), expected, "{path} -> {target}");
        }
    }
}
