//! A folder in which nothing may be written. Root may write everywhere, so tests that root runs start the program as nobody.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::sandbox::Sandbox;

/// The user and the group `nobody`.
const NOBODY: u32 = 65534;

/// A sandbox whose files somebody may read and not change.
struct Guarded {
    sandbox: Sandbox,
    program: PathBuf,
    home: tempfile::TempDir,
    root: bool,
}

impl Guarded {
    /// Nothing where the program cannot be run as somebody else; that is said.
    fn over(sandbox: Sandbox) -> Option<Self> {
        let root = rustix::process::geteuid().is_root();
        let home = tempfile::tempdir().unwrap();
        let program = home.path().join("ungpho");
        let built = env!("CARGO_BIN_EXE_ungpho");
        if fs::hard_link(built, &program).is_err() {
            // By another process: what this one writes cannot be run while a child of another test is beginning.
            assert!(Command::new("cp").arg(built).arg(&program).status().unwrap().success());
        }
        let guarded = Self { sandbox, program, home, root };
        if root {
            chown(guarded.home.path(), Some(NOBODY), Some(NOBODY)).unwrap();
            let starts = guarded.run(&["--version"]);
            if !starts.as_ref().is_ok_and(|output| output.status.success()) {
                eprintln!("SKIPPED: setpriv cannot run the program as nobody: {starts:?}");
                return None;
            }
        }
        guarded.allow(0o555, 0o444);
        Some(guarded)
    }

    /// Sets who may do what with the folders and with the files.
    fn allow(&self, folders: u32, files: u32) {
        for path in everything(self.sandbox.path()) {
            let mode = if path.is_dir() { folders } else { files };
            match fs::set_permissions(&path, fs::Permissions::from_mode(mode)) {
                // A loop that ends takes its own lock away.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                done => done.unwrap(),
            }
        }
    }

    fn run(&self, arguments: &[&str]) -> std::io::Result<Output> {
        let mut command = if self.root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&self.program);
            command
        } else {
            Command::new(&self.program)
        };
        command.args(["--lang", "en"]).args(arguments).current_dir(self.sandbox.path()).env_clear();
        command.env("PATH", "/usr/bin:/bin").env("HOME", self.home.path()).stdin(Stdio::null()).output()
    }

    /// The command fails because of the machine, says that it has no permission, and leaves all as it was.
    #[track_caller]
    fn gets_nowhere(&self, arguments: &[&str]) {
        let before = everything(self.sandbox.path());
        let output = self.run(arguments).unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}\n{error}");
        assert!(error.contains("error[") && error.contains("Permission denied"), "{arguments:?}\n{error}");
        assert_eq!(before, everything(self.sandbox.path()), "{arguments:?} left something behind");
    }

    #[track_caller]
    fn passes(&self, arguments: &[&str]) {
        let output = self.run(arguments).unwrap();
        assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.allow(0o755, 0o644);
    }
}

fn everything(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::from([folder.to_owned()]);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

#[test]
fn a_folder_without_write_permission_takes_no_workspace_and_no_trial() {
    let Some(guarded) = Guarded::over(Sandbox::new()) else { return };
    guarded.gets_nowhere(&["init", "ung-pho"]);
    guarded.gets_nowhere(&["try"]);
    guarded.gets_nowhere(&["init", "."]);
}

#[test]
fn a_workspace_without_write_permission_starts_nothing() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["init", ".", "--sample", "quang-ngai"]);
    let Some(guarded) = Guarded::over(sandbox) else { return };
    guarded.gets_nowhere(&["drill", "portal-outage", "--tabletop", "--yes"]);
    guarded.gets_nowhere(&["drill", "portal-outage", "--lab", "--yes", "--unattended"]);
    guarded.gets_nowhere(&["lab", "up"]);
    guarded.gets_nowhere(&["playbook", "new", "mine"]);
    guarded.passes(&["check"]);
    guarded.passes(&["playbook", "list"]);
}

#[test]
fn evidence_that_may_only_be_read_is_verified_and_reported_and_not_added_to() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["init", ".", "--sample", "quang-ngai"]);
    // Nobody is at the terminal: the console leaves, and the run stays open.
    sandbox.run(&["drill", "portal-outage", "--tabletop", "--yes"]);
    sandbox.ok(&["pause"]);
    let Some(guarded) = Guarded::over(sandbox) else { return };
    guarded.gets_nowhere(&["note", "x"]);
    guarded.gets_nowhere(&["report", "run"]);
    guarded.passes(&["report", "run", "--out", "-"]);
    guarded.passes(&["evidence", "verify"]);
    guarded.passes(&["evidence", "list"]);
    for looks in [
        &["status"][..],
        &["due"],
        &["action", "list"],
        &["activity", "list"],
        &["report", "coverage", "--out", "-"],
        &["report", "tasks", "--period", "2026-01-01..2099-12-31", "--out", "-"],
        &["report", "annual", "--year", "2026", "--out", "-"],
        &["report", "card", "--run", "DT-2026-001", "--out", "-"],
    ] {
        guarded.passes(looks);
    }
    guarded.allow(0o755, 0o644);
    guarded.sandbox.ok(&["resume", "--detach"]);
    guarded.sandbox.run(&["stop", "--now", "--because", "the test is over"]);
}
