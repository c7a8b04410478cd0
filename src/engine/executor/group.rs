//! Processes and their groups: who they are, whether they live, how they are ended.

use std::io::Read as _;

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// A process that leads its group. With its start it is named within a boot, whatever becomes of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number, and that of its group.
    pub pid: u32,
    /// Field 22 of `/proc/<pid>/stat`; 0 where the machine has no such file.
    pub start_ticks: u64,
}

impl Process {
    /// The process that has this number now.
    pub(super) fn of(pid: u32) -> Self {
        Self { pid, start_ticks: start_ticks(pid).unwrap_or(0) }
    }

    /// The group that it leads.
    pub(super) fn group(&self) -> Option<Group> {
        Group::of(self.pid)
    }

    /// Whether this very process runs (a zombie does not).
    pub(in crate::engine) fn lives(&self) -> bool {
        self.start_ticks != 0
            && stat(self.pid).is_some_and(|(state, start)| start == self.start_ticks && state != b'Z' && state != b'X')
    }
}

/// Field 22 of `/proc/<pid>/stat`: when the process began, in ticks since the machine booted.
fn start_ticks(pid: u32) -> Option<u64> {
    stat(pid).map(|(_, start)| start)
}

/// Fields 3 and 22. The second field is in brackets and may hold spaces and brackets, so counting starts after the last.
fn stat(pid: u32) -> Option<(u8, u64)> {
    // One read gives all of it: at most 52 numbers and a name of 64 bytes.
    let mut text = [0; 2048];
    let length = std::fs::File::open(format!("/proc/{pid}/stat")).ok()?.read(&mut text).ok()?;
    let text = text.get(..length)?;
    let end = text.iter().rposition(|byte| *byte == b')')?;
    let rest = std::str::from_utf8(text.get(end + 2..)?).ok()?;
    let mut fields = rest.split(' ');
    let state = *fields.next()?.as_bytes().first()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

/// A process group that we made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group(Pid);

impl Group {
    /// The group that `pid` leads. None for 0 and 1, which would not be a group of ours.
    pub(super) fn of(pid: u32) -> Option<Self> {
        let raw = i32::try_from(pid).ok().filter(|raw| *raw > 1)?;
        Pid::from_raw(raw).map(Self)
    }

    pub(super) fn leader(self) -> Pid {
        self.0
    }

    /// Asks every process of the group to end.
    pub(super) fn terminate(self) {
        let _ = kill_process_group(self.0, Signal::TERM);
        // A stopped process sees no signal but this one and SIGKILL.
        let _ = kill_process_group(self.0, Signal::CONT);
    }

    /// Ends every process of the group.
    pub(super) fn kill(self) {
        let _ = kill_process_group(self.0, Signal::KILL);
    }

    /// Whether anybody is in it. What we may not signal (another user's) counts as there.
    pub(super) fn lives(self) -> bool {
        !matches!(test_kill_process_group(self.0), Err(rustix::io::Errno::SRCH))
    }
}
