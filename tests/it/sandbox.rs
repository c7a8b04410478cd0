//! The program in a temporary folder with an environment of its own; a lab that it brought up is taken down at the end.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A temporary folder and the program at work in it, in English, with nothing to read.
pub(super) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The lab's folder, as processes name it.
    pub(super) fn lab(&self) -> PathBuf {
        self.path().canonicalize().unwrap().join("lab")
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        self.speaking("en", arguments)
    }

    pub(super) fn speaking(&self, lang: &str, arguments: &[&str]) -> Output {
        self.command(lang, arguments).output().unwrap()
    }

    /// As [`Sandbox::speaking`], with the clock set.
    pub(super) fn at(&self, time: &str, lang: &str, arguments: &[&str]) -> Output {
        self.command(lang, arguments).env("UNGPHO_TEST_CLOCK", time).output().unwrap()
    }

    fn command(&self, lang: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ungpho"));
        command
            .args(["--lang", lang])
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.path())
            .stdin(Stdio::null());
        command
    }

    /// Standard output of a command that must pass.
    #[track_caller]
    pub(super) fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {:?}\n{error}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Exit code and standard error of a command that must not pass.
    #[track_caller]
    pub(super) fn refused(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} passed: {}", String::from_utf8_lossy(&output.stdout));
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if self.lab().exists() {
            self.run(&["lab", "down"]);
        }
    }
}

/// Writes a program. Another process does so: what this one has open for writing is for a moment also open in whatever another
/// test is beginning just then, and nothing that is open for writing can be run.
pub(super) fn write_program(path: &Path, script: &str) {
    let mut command = Command::new("sh");
    command.args(["-c", r#"cat > "$0" && chmod 755 "$0""#]).arg(path).stdin(Stdio::piped());
    let mut writing = command.spawn().unwrap();
    writing.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(writing.wait().unwrap().success());
}
