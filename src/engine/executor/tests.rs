//! Real processes, real files.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::engine::effect::{CommandWork, Verdict};
use crate::model::record::Why;
use crate::model::{Effect, JournalError, Lang, NoteState, Notes, ObjectRef, Objects};

struct NoObjects;

impl Notes for NoObjects {
    fn note_signer(&self) -> Option<String> {
        None
    }

    fn sign_note(&self, _: &str) -> Option<String> {
        None
    }

    fn judge_note(&self, _: &[u8]) -> NoteState {
        NoteState::Bad
    }
}

impl Objects for NoObjects {
    fn put(&self, _: &[u8]) -> Result<ObjectRef, JournalError> {
        Err(JournalError::Failed("not kept here".into()))
    }
    fn put_text(&self, _: &str) -> Result<ObjectRef, JournalError> {
        Err(JournalError::Failed("not kept here".into()))
    }
    fn put_file(&self, _: &Path) -> Result<ObjectRef, JournalError> {
        Err(JournalError::Failed("not kept here".into()))
    }
    fn put_text_file(&self, _: &Path) -> Result<ObjectRef, JournalError> {
        Err(JournalError::Failed("not kept here".into()))
    }
    fn get(&self, _: &ObjectRef) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(None)
    }
}

fn machine(folder: &Path, output_bound: u64) -> Machine {
    let surroundings = Surroundings {
        path: "/usr/local/bin:/usr/bin:/bin".to_owned(),
        home: Some("/nowhere".to_owned()),
        lang: None,
        passwords: std::collections::BTreeMap::new(),
    };
    Machine::new(MachineSetup {
        spool: folder.join("spool"),
        workspace: folder.to_owned(),
        surroundings,
        scratch: folder.to_owned(),
        objects: Arc::new(NoObjects),
        notes: Arc::new(NoObjects),
        clock: Arc::new(crate::probe::SystemClock::new()),
        faults: None,
        secrets: Vec::new(),
        lang: Lang::En,
        program: None,
        output_bound,
        grace: Duration::from_millis(300),
    })
    .expect("a machine")
}

struct Bench {
    folder: tempfile::TempDir,
    machine: Machine,
}

impl Bench {
    fn new() -> Self {
        Self::with_bound(OUTPUT_BOUND)
    }

    fn with_bound(output_bound: u64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let machine = machine(folder.path(), output_bound);
        Self { folder, machine }
    }

    /// The names of the files in the spool.
    fn spool(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join("spool")).expect("the spool");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    fn begin(&mut self, id: &JobId, work: CommandWork, time_limit: Option<Duration>) -> Option<Begun> {
        self.machine.begin(Job { id: id.clone(), work: Work::Command(work), time_limit })
    }

    /// The completion of the next job that ends.
    fn ended(&mut self) -> Completion {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let mut ended = self.machine.wait(Some(deadline));
            if let Some((_, completion)) = ended.pop() {
                assert!(ended.is_empty(), "one job was begun");
                return completion;
            }
            assert!(Instant::now() < deadline, "the job does not end");
        }
    }

    fn run(&mut self, work: CommandWork) -> Completion {
        // What the last one printed is not wanted any more.
        self.machine.release(&job("step"));
        self.begin(&job("step"), work, None);
        self.ended()
    }
}

fn job(step: &str) -> JobId {
    JobId { step: step.parse().expect("a valid path"), attempt: 1 }
}

fn shell(script: &str) -> CommandWork {
    CommandWork {
        remote: false,
        argv: vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()],
        env: BTreeMap::new(),
        stdin: None,
        cwd: None,
        effect: Effect::Observe,
        secrets: Vec::new(),
    }
}

fn text(path: Option<&std::path::PathBuf>) -> String {
    path.map_or_else(String::new, |path| std::fs::read_to_string(path).expect("the output is there"))
}

/// Waits until `holds` does; the test fails where that takes too long.
#[track_caller]
fn eventually(holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "it never came to hold");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn lives(pid: &str) -> bool {
    let pid = pid.trim().parse().expect("a process id");
    Process::of(pid).lives()
}

#[test]
fn a_command_that_succeeds_is_done_and_leaves_no_empty_output() {
    let mut bench = Bench::new();
    let completion = bench.run(shell("exit 0"));
    assert_eq!((completion.verdict, completion.exit), (Verdict::Done, Some(0)));
    assert_eq!((completion.stdout, completion.stderr), (None, None));
}

#[test]
fn a_command_that_fails_keeps_its_status_and_both_outputs() {
    let mut bench = Bench::new();
    let completion = bench.run(shell("echo out; echo err >&2; exit 3"));
    assert_eq!((completion.verdict, completion.exit), (Verdict::Failed(None), Some(3)));
    assert_eq!(text(completion.stdout.as_ref()), "out\n");
    assert_eq!(text(completion.stderr.as_ref()), "err\n");
    bench.machine.release(&job("step"));
    let Bench { folder, machine } = bench;
    drop(machine);
    assert_eq!(std::fs::read_dir(folder.path().join("spool")).expect("the spool").count(), 0);
}

#[test]
fn a_command_that_a_signal_ended_says_which() {
    let completion = Bench::new().run(shell("kill -9 $$"));
    assert_eq!((completion.verdict, completion.exit, completion.signal), (Verdict::Failed(None), None, Some(9)));
}

#[test]
fn a_missing_program_or_folder_is_not_begun_and_named() {
    let mut bench = Bench::new();
    let missing = CommandWork { argv: vec!["no-such-program".to_owned()], ..shell("") };
    let completion = bench.run(missing);
    assert_eq!(completion.verdict, Verdict::Failed(Some(Why::NotBegun)));
    assert!(completion.detail.expect("a detail").contains("no-such-program"));
    let completion = bench.run(CommandWork { cwd: Some("no-such-folder".into()), ..shell("exit 0") });
    assert_eq!(completion.verdict, Verdict::Failed(Some(Why::NotBegun)));
    assert!(completion.detail.expect("a detail").contains("no-such-folder"));
    let completion = bench.run(CommandWork { argv: vec!["./nothing".to_owned()], ..shell("") });
    assert_eq!(completion.verdict, Verdict::Failed(Some(Why::NotBegun)));
}

#[test]
fn a_command_finds_only_the_environment_that_the_format_names() {
    let env = BTreeMap::from([("GIVEN".to_owned(), "yes".to_owned())]);
    let argv = vec!["env".to_owned()];
    let mut bench = Bench::new();
    let completion = bench.run(CommandWork { argv, env, ..shell("") });
    let seen = text(completion.stdout.as_ref());
    let mut lines: Vec<&str> = seen.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["GIVEN=yes", "HOME=/nowhere", "PATH=/usr/local/bin:/usr/bin:/bin"]);
}

#[test]
fn a_command_reads_what_it_is_given_and_nothing_otherwise() {
    let mut bench = Bench::new();
    let completion = bench.run(CommandWork { stdin: Some("short".to_owned()), ..shell("cat") });
    assert_eq!(text(completion.stdout.as_ref()), "short");
    let long = "x".repeat(1 << 20);
    let completion = bench.run(CommandWork { stdin: Some(long), ..shell("wc -c") });
    assert_eq!(text(completion.stdout.as_ref()).trim(), "1048576");
    let completion = bench.run(shell("cat; pwd"));
    let folder = std::fs::canonicalize(bench.folder.path()).expect("the folder is there");
    assert_eq!(text(completion.stdout.as_ref()).trim(), folder.display().to_string());
}

#[test]
fn secrets_are_masked_in_both_outputs() {
    let secrets = vec!["hunter2hunter2".to_owned()];
    let script = "echo a hunter2hunter2 b; echo hunter2hunter2 >&2";
    let mut bench = Bench::new();
    let completion = bench.run(CommandWork { secrets, ..shell(script) });
    assert_eq!(text(completion.stdout.as_ref()), "a *** b\n");
    assert_eq!(text(completion.stderr.as_ref()), "***\n");
}

#[test]
fn a_secret_that_a_time_limit_cut_in_two_leaves_no_beginning() {
    let mut bench = Bench::new();
    let secrets = vec!["hunter2hunter2".to_owned()];
    let work = CommandWork { secrets, ..shell("printf 'key: hunter2hun'; sleep 1000") };
    bench.begin(&job("step"), work, Some(Duration::from_millis(300)));
    assert_eq!(text(bench.ended().stdout.as_ref()), "key: ***");
}

#[test]
fn a_flood_is_cut_at_the_bound_and_the_step_goes_on() {
    let mut bench = Bench::with_bound(100_000);
    let completion = bench.run(shell("echo begin; timeout 1 cat /dev/zero; echo end >&2; exit 5"));
    assert_eq!((completion.verdict, completion.exit), (Verdict::Failed(None), Some(5)));
    let kept = std::fs::read(completion.stdout.expect("output")).expect("the output is there");
    assert_eq!(kept.len(), 100_000);
    assert!(kept.starts_with(b"begin\n\0"));
    assert!(completion.dropped > 0);
    assert_eq!(text(completion.stderr.as_ref()), "end\n");
}

#[test]
fn a_time_limit_ends_the_whole_group_even_where_it_ignores_the_request() {
    let mut bench = Bench::new();
    let script = "trap '' TERM; (trap '' TERM; sleep 1000) & echo $!; wait; sleep 1000";
    bench.begin(&job("step"), shell(script), Some(Duration::from_millis(500)));
    let completion = bench.ended();
    assert_eq!(completion.verdict, Verdict::Failed(Some(Why::Timeout)));
    assert_eq!(completion.signal, Some(9));
    let inner = text(completion.stdout.as_ref());
    eventually(|| !lives(&inner));
}

#[test]
fn a_daemon_left_behind_holds_up_nothing_and_a_time_limit_ends_it_where_it_comes_first() {
    let mut bench = Bench::new();
    let completion = bench.run(shell("sleep 1000 & echo $!"));
    assert_eq!(completion.verdict, Verdict::Done);
    let daemon = text(completion.stdout.as_ref());
    assert!(lives(&daemon), "what a step leaves running is left running");
    std::process::Command::new("kill").arg(daemon.trim()).status().expect("kill runs");
    // The leader goes at once when it is asked to, its child does not: the group is ended all the same.
    let script = "(trap '' TERM; sleep 1000) & echo $!; sleep 1000";
    bench.begin(&job("second"), shell(script), Some(Duration::from_secs(2)));
    let completion = bench.ended();
    assert_eq!(completion.verdict, Verdict::Failed(Some(Why::Timeout)));
    let daemon = text(completion.stdout.as_ref());
    eventually(|| !lives(&daemon));
}

#[test]
fn a_command_ended_by_order_is_abandoned() {
    let mut bench = Bench::new();
    let id = job("step");
    bench.begin(&id, shell("sleep 1000"), None);
    bench.machine.end(&id);
    assert_eq!(bench.ended().verdict, Verdict::Abandoned);
}

#[test]
fn an_orphan_is_waited_for_its_output_kept_and_its_result_unknown() {
    let mut bench = Bench::new();
    let id = job("step");
    let gate = bench.folder.path().join("gate");
    std::process::Command::new("mkfifo").arg(&gate).status().expect("mkfifo runs");
    let process = bench.begin(&id, shell("echo before; read line < gate; echo after"), None).expect("a process");
    let mut second = machine(bench.folder.path(), OUTPUT_BOUND);
    second.adopt(id.clone(), &process, None);
    let other = second.begin(Job { id: job("other"), work: Work::Command(shell("echo other")), time_limit: None });
    assert_ne!(other.expect("a process").slot, process.slot, "a slot of another loop is never given out");
    let (_, completion) = second.wait(Some(Instant::now() + Duration::from_secs(10))).pop().expect("it ends");
    assert_eq!(text(completion.stdout.as_ref()), "other\n");
    assert!(second.wait(Some(Instant::now() + Duration::from_millis(100))).is_empty(), "it still runs");
    std::fs::write(&gate, "go\n").expect("the gate opens");
    let deadline = Instant::now() + Duration::from_secs(10);
    let (ended, completion) = second.wait(Some(deadline)).pop().expect("it ends");
    assert_eq!((ended, completion.verdict), (id, Verdict::Unknown(Why::Orphan)));
    assert_eq!(text(completion.stdout.as_ref()), "before\nafter\n");
}

#[test]
fn an_orphan_that_is_gone_is_unknown_at_once_and_nobody_elses_process_is_taken_for_it() {
    let mut bench = Bench::new();
    let id = job("step");
    // This very process, but begun at another time.
    let other = Process { pid: std::process::id(), start_ticks: 1 };
    std::fs::write(bench.folder.path().join("spool/7.out"), "what it had printed\n").expect("written");
    bench.machine.adopt(id.clone(), &Begun { process: other, slot: 7 }, None);
    let completion = bench.ended();
    assert_eq!(completion.verdict, Verdict::Unknown(Why::Orphan));
    assert_eq!(text(completion.stdout.as_ref()), "what it had printed\n");
}

#[test]
#[cfg(target_os = "linux")]
fn one_pair_of_files_serves_one_command_after_the_other() {
    let mut bench = Bench::new();
    for number in 0..20 {
        let completion = bench.run(shell(&format!("echo {number}; test {} = 0 || echo odd >&2", number % 2)));
        assert_eq!(text(completion.stdout.as_ref()), format!("{number}\n"));
        assert_eq!(text(completion.stderr.as_ref()), if number % 2 == 0 { "" } else { "odd\n" });
    }
    // Other tests of this process begin commands too, and a child holds every file of ours from its fork until it becomes
    // another program: a pair that is caught in that moment is rightly not given out again. So the last pair need not be the
    // first one; but had none ever been given out again, it would be the twentieth.
    let spool = bench.spool();
    let last = spool.iter().filter_map(|name| name.split('.').next()?.parse::<u32>().ok()).max();
    assert!(last.is_some_and(|last| last < 10), "{spool:?}");
}

/// A shell that goes on in a session of its own once the step is over.
fn daemon(script: &str, redirected: &str) -> CommandWork {
    shell(&format!("echo mine; setsid sh -c '{script}' {redirected} &"))
}

#[test]
fn what_a_daemon_in_a_session_of_its_own_prints_later_is_nobody_elses_output() {
    // Its standard output is the one that the step was given, or the same file opened once more.
    for redirected in ["", ">>/dev/stdout"] {
        let mut bench = Bench::new();
        let script = "touch begun; while ! test -e go; do sleep 0.01; done; echo late; touch said";
        let completion = bench.run(daemon(script, redirected));
        assert!(text(completion.stdout.as_ref()).starts_with("mine\n"));
        let there = |name: &str| bench.folder.path().join(name).exists();
        eventually(|| there("begun"));
        bench.machine.release(&job("step"));
        let second = job("second");
        let waits = shell("echo second; while ! test -e said; do sleep 0.01; done");
        bench.begin(&second, waits, None).expect("it begins");
        std::fs::write(bench.folder.path().join("go"), "").expect("written");
        assert_eq!(text(bench.ended().stdout.as_ref()), "second\n", "redirected by {redirected:?}");
        bench.machine.release(&second);
        assert_eq!(text(bench.run(shell("echo third")).stdout.as_ref()), "third\n");
    }
}

#[test]
fn what_is_kept_of_a_step_holds_no_secret_that_a_daemon_prints_later() {
    let mut bench = Bench::new();
    let secrets = vec!["hunter2hunter2".to_owned()];
    let work = daemon("while ! test -e stop; do echo hunter2hunter2; done; touch stopped", "");
    let completion = bench.run(CommandWork { secrets, ..work });
    // As the step's end is written down: a while after the output was masked.
    let file = completion.stdout.expect("it printed");
    let length = || std::fs::metadata(bench.folder.path().join("spool/1.out")).map_or(0, |metadata| metadata.len());
    let before = length();
    eventually(|| length() > before);
    let kept = text(Some(&file));
    std::fs::write(bench.folder.path().join("stop"), "").expect("written");
    eventually(|| bench.folder.path().join("stopped").exists());
    assert!(!kept.contains("hunter2"), "{}", &kept[..kept.len().min(100)]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_daemon_in_a_session_of_its_own_is_held_to_the_bound_too() {
    let mut bench = Bench::with_bound(10_000);
    let completion = bench.run(daemon("while ! test -e stop; do echo flood; done; touch stopped", ""));
    assert_eq!(completion.verdict, Verdict::Done);
    bench.machine.release(&job("step"));
    let path = bench.folder.path().join("spool/1.out");
    let length = || std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    eventually(|| length() > 10_000);
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut cut = false;
    while !cut && Instant::now() < deadline {
        let before = length();
        assert!(bench.machine.wait(Some(Instant::now() + Duration::from_millis(300))).is_empty());
        cut = length() < before;
    }
    std::fs::write(bench.folder.path().join("stop"), "").expect("written");
    eventually(|| bench.folder.path().join("stopped").exists());
    assert!(cut, "it was never cut back");
}

#[test]
fn sixty_four_commands_run_at_the_same_time() {
    let mut bench = Bench::new();
    for number in 0..64 {
        bench.begin(&job(&format!("step{number}")), shell("sleep 0.1; echo x"), None).expect("a process");
    }
    let mut ended = Vec::new();
    while bench.machine.running() > 0 {
        ended.extend(bench.machine.wait(Some(Instant::now() + Duration::from_secs(20))));
    }
    assert_eq!(ended.len(), 64);
    assert!(ended.iter().all(|(_, completion)| completion.verdict == Verdict::Done && completion.stdout.is_some()));
}

#[test]
fn a_wait_whose_time_is_over_says_what_it_saw_last() {
    let mut bench = Bench::new();
    let probe = crate::probe::Spec::File(crate::probe::spec::File {
        path: "/no/such/file".to_owned(),
        exists: None,
        contains: None,
        newer_than: None,
        digest: None,
    });
    let work = Work::Wait { probe, every: Duration::from_millis(10), confirm: 1 };
    bench.machine.begin(Job { id: job("step"), work, time_limit: Some(Duration::from_secs(2)) });
    let completion = bench.ended();
    assert_eq!(completion.verdict, Verdict::Failed(Some(Why::Timeout)));
    assert!(completion.detail.is_some_and(|detail| detail.contains("/no/such/file")));
}

#[test]
fn a_waker_ends_a_wait_early() {
    let mut bench = Bench::new();
    let waker = bench.machine.waker();
    std::thread::spawn(move || waker.wake());
    let began = Instant::now();
    assert!(bench.machine.wait(Some(began + Duration::from_secs(20))).is_empty());
    assert!(began.elapsed() < Duration::from_secs(10));
}
