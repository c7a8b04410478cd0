//! Holds output to its bound when the loop that began a command is gone.
//!
//! While a loop lives it cuts what is too long itself. A loop can be killed, and its commands live on with files that nobody
//! watches: so a small process of ours learns which groups were begun, sees the loop go by the end of its pipe, and goes on
//! cutting until the last of those groups is gone. It is begun beside the first command, on another thread.

use std::fs::OpenOptions;
use std::io::{self, PipeWriter, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::group::Group;

/// How often the guard looks while something floods.
const FLOOD_LOOK: Duration = Duration::from_millis(20);
/// How often it looks otherwise, once the loop is gone.
const QUIET_LOOK: Duration = Duration::from_millis(200);
/// How long it waits after something was told before it listens again.
const LISTEN_EVERY: Duration = Duration::from_millis(50);

/// The loop's end of the guard's pipe. The guard takes over when it is closed.
#[derive(Debug)]
pub(super) struct Guard(PipeWriter);

impl Guard {
    /// Begins `program loop-guard FOLDER BOUND` on another thread.
    pub(super) fn begin(program: &Path, folder: &Path, bound: u64) -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(program);
        command.arg("loop-guard").arg(folder).arg(bound.to_string());
        // In a group of its own: Ctrl-C in front of a loop is not for the guard.
        command.stdin(reader).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        std::thread::Builder::new().name("guard".to_owned()).spawn(move || match command.spawn() {
            // Waited for only so that no zombie stays; it outlives this process where there is need.
            Ok(mut child) => {
                drop(command);
                let _ = child.wait();
            }
            Err(error) => tracing::warn!(%error, "nothing will hold output to its bound should this process die"),
        })?;
        Ok(Self(writer))
    }

    /// Tells of a group. A guard that is gone is not missed before we are.
    pub(super) fn tell(&mut self, group: u32) {
        let _ = self.0.write_all(&group.to_le_bytes());
    }
}

/// The guard itself: listens until `told` ends, then cuts every file of `folder` at `bound` until no group lives.
///
/// # Errors
///
/// Where `told` cannot be read; the folder's files are cut all the same.
pub fn guard(mut told: impl Read, folder: &Path, bound: u64) -> io::Result<()> {
    let mut groups = Vec::new();
    let heard = listen(&mut told, &mut groups);
    while let Some(place) = groups.iter().position(|group: &Group| group.lives()) {
        // Those before it are gone for good.
        groups.drain(..place);
        std::thread::sleep(if cut_all(folder, bound) { FLOOD_LOOK } else { QUIET_LOOK });
    }
    cut_all(folder, bound);
    heard
}

fn listen(told: &mut impl Read, groups: &mut Vec<Group>) -> io::Result<()> {
    let mut bytes = [0; 4096];
    let mut held = 0;
    loop {
        match told.read(&mut bytes[held..]) {
            Ok(0) => return Ok(()),
            Ok(count) => held += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        let (whole, rest) = bytes[..held].as_chunks::<4>();
        groups.extend(whole.iter().filter_map(|group| Group::of(u32::from_le_bytes(*group))));
        let (start, left) = (held - rest.len(), rest.len());
        bytes.copy_within(start..held, 0);
        held = left;
        if groups.len() > 1024 {
            groups.retain(|group| group.lives());
        }
        std::thread::sleep(LISTEN_EVERY);
    }
}

/// Cuts every file that is too long; true where one was.
fn cut_all(folder: &Path, bound: u64) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let mut any = false;
    for entry in entries.flatten() {
        let printed = entry.path().extension().is_some_and(|end| end == "out" || end == "err");
        if printed && entry.metadata().is_ok_and(|metadata| metadata.len() > bound) {
            let cut = OpenOptions::new().write(true).open(entry.path()).and_then(|file| file.set_len(bound));
            any |= cut.is_ok();
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn output_is_held_to_its_bound_after_the_loop_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("flood.1.out");
        let file = OpenOptions::new().create(true).append(true).open(&path).expect("a file");
        let mut command = Command::new("timeout");
        command.args(["2", "cat", "/dev/zero"]).stdout(file).process_group(0);
        let mut child = command.spawn().expect("it runs");
        drop(command);
        let (reader, writer) = io::pipe().expect("a pipe");
        let mut told = Guard(writer);
        told.tell(child.id());
        drop(told);
        let place = folder.path().to_owned();
        let guarding = std::thread::spawn(move || guard(reader, &place, 1000));
        let began = Instant::now();
        let mut most = 0;
        while child.try_wait().expect("known").is_none() {
            most = most.max(std::fs::metadata(&path).expect("there").len());
            assert!(began.elapsed() < Duration::from_secs(30), "the flood does not end");
        }
        guarding.join().expect("no panic").expect("it listened");
        assert_eq!(std::fs::metadata(&path).expect("there").len(), 1000);
        assert!(most < 4_000_000_000, "{most} bytes were on the disk at one time");
    }
}
