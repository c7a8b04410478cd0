//! A workspace of its own and the program at work in it: what the tests of the desk share.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// How long anything may take before a test gives up.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// A workspace in a temporary folder.
pub(super) struct Desk {
    folder: tempfile::TempDir,
}

/// What a command of the program did.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Done {
    /// Holds the exit code; what was printed is shown where it is another.
    #[track_caller]
    pub(super) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Holds that standard error says all of this.
    #[track_caller]
    pub(super) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.err.contains(text), "`{text}` is not in:\n{}", self.err);
        }
        self
    }
}

impl Desk {
    /// An empty workspace.
    pub(super) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(desk.root().join("playbooks")).expect("a folder");
        fs::create_dir_all(desk.root().join("inventory")).expect("a folder");
        desk.write("ungpho.yaml", "format: 1\nunit: \"Sở Thử nghiệm\"\nlanguage: vi\n");
        desk
    }

    /// The workspace's folder.
    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("unit")
    }

    /// Writes a file of the workspace.
    pub(super) fn write(&self, path: &str, text: &str) {
        fs::write(self.root().join(path), text).expect("it can be written");
    }

    /// Writes a playbook with these steps.
    pub(super) fn playbook(&self, name: &str, steps: &str) {
        let text = format!(
            "format: 1\nplaybook: {name}\nversion: 1\ntitle: \"Thử {name}\"\nfamily: B\nkind: test\n\
             signs: [ \"dấu hiệu\" ]\nlevels: [3]\nkeep_running: \"Tiếp nhận hồ sơ giấy\"\n{steps}"
        );
        self.write(&format!("playbooks/{name}.yaml"), &text);
    }

    /// The program with its arguments, environment and folder set.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ungpho"));
        command.args(arguments).current_dir(self.root()).env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let folder = self.folder.path().display();
        vec![
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", folder.to_string()),
            ("UNGPHO_KEYS", format!("{folder}/keys")),
            ("UNGPHO_LANG", "en".to_owned()),
            ("UNGPHO_AS", "lan".to_owned()),
        ]
    }

    /// Runs the program with nothing to read.
    #[track_caller]
    pub(super) fn run(&self, arguments: &[&str]) -> Done {
        self.piped(arguments, "")
    }

    /// Runs the program with `input` in a pipe.
    #[track_caller]
    pub(super) fn piped(&self, arguments: &[&str], input: &str) -> Done {
        let child = self.spawn(arguments, input);
        finish(child, arguments)
    }

    /// Starts the program with `input` in a pipe.
    pub(super) fn spawn(&self, arguments: &[&str], input: &str) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // Who does not read all of it has left before: that is for the test to judge.
        let _ = stdin.write_all(input.as_bytes());
        child
    }

    /// Every record of the ledger so far.
    pub(super) fn records(&self) -> Vec<Value> {
        let Ok(log) = fs::read_to_string(self.root().join("ledger/log/000001.jsonl")) else { return Vec::new() };
        let whole = log.rfind('\n').map_or(0, |end| end + 1);
        log[..whole].lines().map(|line| serde_json::from_str(line).expect("a record is JSON")).collect()
    }

    /// The types of the records so far, for messages.
    pub(super) fn kinds(&self) -> Vec<String> {
        self.records().iter().map(|it| it["type"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The body of the only record of this type.
    #[track_caller]
    pub(super) fn only(&self, kind: &str) -> Value {
        let mut found = self.all(kind);
        assert_eq!(found.len(), 1, "{kind} among {:?}", self.kinds());
        found.remove(0)["body"].take()
    }

    /// Every record of this type.
    pub(super) fn all(&self, kind: &str) -> Vec<Value> {
        self.records().into_iter().filter(|record| record["type"] == kind).collect()
    }

    /// What became of each step, in the order in which they ended.
    pub(super) fn outcomes(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.all("step-ended").iter().map(|it| (text(&it["body"]["step"]), text(&it["body"]["outcome"]))).collect()
    }

    /// Waits until the ledger has what is asked for.
    #[track_caller]
    pub(super) fn until(&self, what: &str, holds: impl Fn(&[Value]) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(&self.records()) {
            assert!(Instant::now() < deadline, "no {what}; records: {:?}\n{}", self.kinds(), self.loop_logs());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until a record of this type is there.
    #[track_caller]
    pub(super) fn until_kind(&self, kind: &str) {
        self.until(kind, |records| records.iter().any(|record| record["type"] == kind));
    }

    /// What the loops have logged.
    pub(super) fn loop_logs(&self) -> String {
        let Ok(entries) = fs::read_dir(self.root().join("ledger/spool")) else { return String::new() };
        entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|it| it == "log"))
            .filter_map(|entry| fs::read_to_string(entry.path()).ok())
            .collect()
    }

    /// Starts the program on a terminal of its own.
    pub(super) fn terminal(&self, arguments: &[&str]) -> Terminal {
        self.terminal_at(arguments, None)
    }

    /// Starts the program on a terminal of its own, its clock set to a time from which it runs on.
    pub(super) fn terminal_at(&self, arguments: &[&str], time: Option<&str>) -> Terminal {
        let size = PtySize { rows: 40, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ungpho"));
        command.args(arguments);
        command.cwd(self.root());
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        if let Some(time) = time {
            command.env("UNGPHO_TEST_CLOCK", time);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let shared = seen.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                shared.lock().expect("nobody panics with it").extend_from_slice(&bytes[..count]);
            }
        });
        let writer = pair.master.take_writer().expect("a writer");
        Terminal { master: Some(pair.master), writer: Some(writer), child, seen, read: 0 }
    }
}

/// Waits for a command to end.
#[track_caller]
pub(super) fn finish(mut child: Child, arguments: &[&str]) -> Done {
    let mut streams = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
    let out = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = streams.0.read_to_string(&mut text);
        text
    });
    let err = Arc::new(Mutex::new(Vec::new()));
    let shared = err.clone();
    let reading = std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = streams.1.read(&mut bytes) {
            shared.lock().expect("nobody panics with it").extend_from_slice(&bytes[..count]);
        }
    });
    let text = || String::from_utf8_lossy(&err.lock().expect("nobody panics with it")).into_owned();
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if Instant::now() >= deadline {
            let _ = child.kill();
            panic!("{arguments:?} does not end; standard error:\n{}", text());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let _ = reading.join();
    Done { code: status.code().unwrap_or(-1), out: out.join().unwrap_or_default(), err: text() }
}

/// The program on a terminal.
pub(super) struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn std::io::Write + Send>>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    seen: Arc<Mutex<Vec<u8>>>,
    read: usize,
}

impl Terminal {
    /// All that the terminal has shown.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().expect("nobody panics with it")).into_owned()
    }

    /// Waits until the terminal shows `text`, after what was waited for before.
    #[track_caller]
    pub(super) fn shows(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = self.text();
            let rest = seen.get(self.read..).unwrap_or_default();
            if let Some(place) = rest.find(text) {
                self.read += place + text.len();
                return;
            }
            assert!(Instant::now() < deadline, "`{text}` is not shown after byte {}:\n{seen}", self.read);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Types a line.
    pub(super) fn types(&mut self, line: &str) {
        let writer = self.writer.as_mut().expect("it is open");
        writer.write_all(format!("{line}\n").as_bytes()).expect("it can be typed");
        writer.flush().expect("it can be typed");
    }

    /// Closes the terminal, as a dropped line would.
    pub(super) fn close(mut self) {
        self.writer = None;
        self.master = None;
        let _ = self.child.wait();
    }

    /// Waits until the program has ended.
    #[track_caller]
    pub(super) fn ends(mut self, code: u32) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                assert_eq!(status.exit_code(), code, "{}", self.text());
                return;
            }
            assert!(Instant::now() < deadline, "it does not end:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The loop of `run`: the only process whose command line is `… loop RUN` in this workspace.
#[track_caller]
pub(super) fn loop_of(desk: &Desk, run: &str) -> Pid {
    let root = desk.root().canonicalize().expect("it is there").display().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("a proc").filter_map(Result::ok) {
        let Ok(line) = fs::read(entry.path().join("cmdline")) else { continue };
        let words: Vec<_> = line.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
        if [root.as_str(), "loop", run].iter().all(|wanted| words.iter().any(|word| word == wanted)) {
            found.push(entry.file_name().to_string_lossy().parse().expect("a number"));
        }
    }
    assert_eq!(found.len(), 1, "one loop drives {run}");
    Pid::from_raw(found[0]).expect("a process")
}

/// Kills the loop of `run` with SIGKILL.
#[track_caller]
pub(super) fn kill_loop(desk: &Desk, run: &str) {
    let pid = loop_of(desk, run);
    kill_process(pid, Signal::KILL).expect("it can be killed");
    until_gone(&PathBuf::from(format!("/proc/{}", pid.as_raw_nonzero())));
}

/// Waits until a process that ends has let go of its files and locks: no thread of it is left, or only its exit status is.
pub(super) fn until_gone(process: &Path) {
    let lives = || {
        let threads = fs::read_dir(process.join("task")).map_or(0, Iterator::count);
        threads > 1 || fs::read_to_string(process.join("stat")).is_ok_and(|stat| !stat.contains(") Z "))
    };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while lives() {
        assert!(std::time::Instant::now() < end, "the process is still there");
        std::thread::yield_now();
    }
}
