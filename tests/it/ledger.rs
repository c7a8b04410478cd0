//! The ledger, through the program and through a second implementation.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use serde_json::Value;
use ungpho::ledger::{KeyPlace, Ledger};
use ungpho::model::record::{Noted, PauseCause, People, RunEnded, RunPaused, RunStarted, StepStarted};
use ungpho::model::{
    Body, Draft, Durability, Journal as _, JournalError, Mode, Objects as _, RunId, RunKind, RunResult,
};
use ungpho::probe::SystemClock;

/// Set for a child of this test binary that appends to the ledger in the folder that it names.
const CHILD: &str = "UNGPHO_TEST_APPEND_TO";

/// How many records each process appends.
const EACH: usize = 2000;

fn run() -> RunId {
    "DT-2026-001".parse().unwrap()
}

fn draft(body: impl Into<Body>) -> Draft {
    Draft::machine(&run(), Mode::Technical, body.into())
}

fn open(dir: &Path) -> Ledger {
    let clock = Arc::new(SystemClock::new());
    Ledger::create_or_open(&dir.join("ledger"), "Sở Y tế", clock, KeyPlace::folder(&dir.join("keys"))).unwrap()
}

/// A ledger in which a run has begun.
fn begun(dir: &Path) -> Ledger {
    let ledger = open(dir);
    let plan = ledger.put(br#"{"plan_format":1}"#).unwrap();
    let started = RunStarted {
        kind: RunKind::Drill,
        playbook: "portal-outage".parse().unwrap(),
        plan,
        sources: Vec::new(),
        exercise: None,
        test_clock: false,
        people: People::Unattended,
        lab: true,
        script: None,
    };
    ledger.append(&[draft(started)], Durability::Synced).unwrap();
    ledger
}

fn note(ledger: &Ledger, text: &str) -> Draft {
    draft(Noted::remark(ledger.put_text(text).unwrap(), None))
}

/// A ledger of 705 records with an ended run, several checkpoints and tiles of two levels.
fn sample() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let ledger = begun(dir.path());
    for round in 0..7 {
        let words = note(&ledger, &format!("Đã kiểm tra máy chủ, lần {round}"));
        ledger.append(&vec![words; 100], Durability::Synced).unwrap();
        assert!(ledger.checkpoint().unwrap());
    }
    ledger.append(&[note(&ledger, "xong")], Durability::Synced).unwrap();
    ledger.append(&[draft(RunEnded { result: RunResult::Passed })], Durability::Synced).unwrap();
    let text = note(&ledger, "sau khi kết thúc");
    ledger.append(&[text], Durability::Synced).unwrap();
    dir
}

fn program(dir: &Path, arguments: &[&str]) -> Output {
    let ledger = dir.join("ledger");
    Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .args(["--lang", "en", "evidence"])
        .args(arguments)
        .arg("--ledger")
        .arg(ledger)
        .current_dir(dir)
        .env_clear()
        .env("HOME", dir)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Something done to a ledger that has to be found.
type Change = fn(&Path);

/// Exit code and what the second implementation says.
fn second(dir: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_implementation/verify.py");
    let output = Command::new("python3").arg(script).arg(dir.join("ledger")).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    (output.status.success(), text(&output.stdout))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_second_implementation_confirms_log_tree_checkpoints_keys_and_objects() {
    let dir = sample();
    let (holds, said) = second(dir.path());
    assert!(holds, "{said}");
    let output = program(dir.path(), &["verify", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = format!(
        "{} {} {} signed {}\n",
        document["origin"].as_str().unwrap(),
        document["size"],
        document["root"].as_str().unwrap(),
        document["signed"]
    );
    assert_eq!(said, expected);
    assert_eq!(document["signed"], 704);
}

#[test]
fn both_implementations_reject_what_was_tampered_with() {
    fn replace(path: PathBuf, from: &str, to: &str) {
        let before = fs::read_to_string(&path).unwrap();
        assert!(before.contains(from), "{from} is not in {}", path.display());
        fs::write(path, before.replacen(from, to, 1)).unwrap();
    }
    fn first_object(ledger: &Path) -> PathBuf {
        let log = fs::read_to_string(ledger.join("log/000001.jsonl")).unwrap();
        let line = log.lines().find(|line| line.contains("\"type\":\"noted\"")).unwrap();
        let hex = &line.split("sha256:").nth(1).unwrap()[..64];
        ledger.join("objects/sha256").join(&hex[..2]).join(hex)
    }
    let dir = sample();
    let changes: [(&str, Change); 8] = [
        ("a basis", |ledger| {
            replace(ledger.join("log/000001.jsonl"), "\"basis\":\"machine\"", "\"basis\":\"console\"");
        }),
        ("a result", |ledger| {
            replace(ledger.join("log/000001.jsonl"), "\"result\":\"passed\"", "\"result\":\"failed\"");
        }),
        ("a cut log", |ledger| {
            let path = ledger.join("log/000001.jsonl");
            let log = fs::read_to_string(&path).unwrap();
            let kept: String = log.split_inclusive('\n').take(600).collect();
            fs::write(path, kept).unwrap();
        }),
        ("two lines exchanged", |ledger| {
            let path = ledger.join("log/000001.jsonl");
            let log = fs::read_to_string(&path).unwrap();
            let mut lines: Vec<_> = log.split_inclusive('\n').collect();
            lines.swap(30, 31);
            fs::write(path, lines.concat()).unwrap();
        }),
        ("a checkpoint's size", |ledger| replace(ledger.join("checkpoints/702"), "\n702\n", "\n701\n")),
        ("a checkpoint's root", |ledger| {
            let other = fs::read_to_string(ledger.join("checkpoints/602")).unwrap();
            let path = ledger.join("checkpoints/702");
            let own = fs::read_to_string(&path).unwrap();
            let root = |note: &str| note.lines().nth(2).unwrap().to_owned();
            fs::write(&path, own.replacen(&root(&own), &root(&other), 1)).unwrap();
        }),
        ("an object", |ledger| replace(first_object(ledger), "Đã kiểm tra", "Chưa kiểm tra")),
        ("a missing object", |ledger| fs::remove_file(first_object(ledger)).unwrap()),
    ];
    for (what, change) in changes {
        let other = tempfile::tempdir().unwrap();
        copy(&dir.path().join("ledger"), &other.path().join("ledger"));
        assert_eq!(program(other.path(), &["verify"]).status.code(), Some(0), "the copy holds");
        change(&other.path().join("ledger"));
        let (holds, said) = second(other.path());
        assert!(!holds, "{what}: {said}");
        let output = program(other.path(), &["verify"]);
        assert_eq!(output.status.code(), Some(4), "{what}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("error["), "{what}");
    }
    // A tile is derived: the second implementation tells, ours warns and goes on.
    let other = tempfile::tempdir().unwrap();
    copy(&dir.path().join("ledger"), &other.path().join("ledger"));
    let tile = other.path().join("ledger/tile/0/001");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[40] ^= 1;
    fs::write(&tile, bytes).unwrap();
    let (holds, said) = second(other.path());
    assert!(!holds && said.contains("tile/0/001"), "{said}");
    let output = program(other.path(), &["verify"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("warning[tile-differs]"), "{}", text(&output.stderr));
}

#[test]
fn an_altered_record_is_shown_with_its_line_and_how_far_the_ledger_holds() {
    let dir = sample();
    let path = dir.path().join("ledger/log/000001.jsonl");
    let log = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = log.lines().map(str::to_owned).collect();
    lines[260] = lines[260].replace("\"basis\":\"machine\"", "\"basis\":\"console\"");
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let output = program(dir.path(), &["verify"]);
    let expected = "error[record-altered]: record 260 is not the record that was signed
 --> ledger/log/000001.jsonl:261
  = note: records 0 to 259 hold; the checkpoint of size 302 covers record 260
  = help: compare the head printed in the minutes: `ungpho evidence verify --against HEAD`
";
    let said = text(&output.stderr);
    assert!(said.starts_with(expected), "{said}");
    assert!(text(&output.stdout).contains("does not verify: of 705 records the first 260 hold"), "{output:?}");
}

#[test]
fn runs_are_listed_records_shown_with_their_words_and_a_head_compared() {
    let dir = sample();
    let list = text(&program(dir.path(), &["list"]).stdout);
    assert!(list.starts_with("DT-2026-001  ") && list.ends_with("technical  passed\n"), "{list}");
    let shown = text(&program(dir.path(), &["show", "702"]).stdout);
    assert!(shown.contains("   702  ") && shown.contains("noted") && shown.contains("text: xong"), "{shown}");
    let whole = program(dir.path(), &["show", "DT-2026-001", "--json"]);
    let document: Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!(document["records"].as_array().unwrap().len(), 704);
    assert_eq!(program(dir.path(), &["show", "DT-2026-009"]).status.code(), Some(2));
    let head = text(&program(dir.path(), &["head"]).stdout);
    assert_eq!(program(dir.path(), &["verify", "--against", &head]).status.code(), Some(0));
    fs::write(dir.path().join("head.txt"), &head).unwrap();
    assert_eq!(program(dir.path(), &["verify", "--against", "head.txt"]).status.code(), Some(0));
    let other = head.replacen("705", "704", 1);
    assert_eq!(program(dir.path(), &["verify", "--against", &other]).status.code(), Some(4));
    assert_eq!(program(dir.path(), &["verify", "--against", "no head"]).status.code(), Some(2));
}

#[test]
fn four_processes_append_at_the_same_time_and_everything_is_there_in_order() {
    if let Some(dir) = std::env::var_os(CHILD) {
        return child(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let ledger = begun(dir.path());
    let exe = std::env::current_exe().unwrap();
    let children: Vec<_> = (0..4)
        .map(|number| {
            Command::new(&exe)
                .args(["--exact", "ledger::four_processes_append_at_the_same_time_and_everything_is_there_in_order"])
                .env(CHILD, dir.path())
                .env("UNGPHO_TEST_CHILD", number.to_string())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let records = ledger.records_of(&run(), 0).unwrap();
    assert_eq!(records.len(), 1 + 4 * EACH);
    let mut next = [0; 4];
    for (number, record) in records.iter().enumerate() {
        assert_eq!(record.seq, number as u64 + 1);
        if let Body::StepStarted(started) = &record.draft.body {
            // Each process's records are in its own order: `p2_17` is the 18th of process 2.
            let (process, count) = started.step.as_str()[1..].split_once('_').unwrap();
            let process: usize = process.parse().unwrap();
            assert_eq!(count.parse(), Ok(next[process]));
            next[process] += 1;
        }
    }
    assert_eq!(next, [EACH; 4]);
    assert!(ledger.checkpoint().unwrap());
    let output = program(dir.path(), &["verify", "--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&document["ok"], &document["size"], &document["signed"]), (&true.into(), &8002.into(), &8002.into()));
    assert_eq!(document["findings"], Value::Array(Vec::new()));
    let unsigned = fs::read_dir(dir.path().join("ledger/checkpoints")).unwrap().count();
    assert!(unsigned >= 2, "a checkpoint at least every 4,096 records");
}

/// One of the processes: appends its records one by one, each synced.
fn child(dir: &Path) {
    let number = std::env::var("UNGPHO_TEST_CHILD").unwrap();
    let ledger = open(dir);
    for count in 0..EACH {
        let step = format!("p{number}_{count}").parse().unwrap();
        let started = StepStarted { step, attempt: 1, rounds: None, because: None };
        ledger.append(&[draft(started)], Durability::Synced).unwrap();
    }
}

#[test]
fn a_full_disk_keeps_the_pause_and_everything_before() {
    if let Some(dir) = std::env::var_os(CHILD) {
        return fill(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    // A small disk of its own, in a namespace of its own: where the machine allows none, there is nothing to see here.
    let script = "mount -t tmpfs -o size=4m tmpfs \"$0\" && exec \"$@\"";
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", script])
        .arg(dir.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "ledger::a_full_disk_keeps_the_pause_and_everything_before", "--nocapture"])
        .env(CHILD, dir.path())
        .output();
    match output {
        Ok(output) if text(&output.stdout).contains("running 1 test") => {
            assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
        }
        _ => eprintln!("not tried: this machine allows no small disk"),
    }
}

/// Fills the disk with notes, then keeps the pause.
fn fill(dir: &Path) {
    let ledger = begun(dir);
    let words = "không còn chỗ ".repeat(2000);
    let mut kept = 0;
    let error = loop {
        let appended = ledger
            .put_text(&words)
            .and_then(|text| ledger.append(&[draft(Noted::remark(text, None))], Durability::Synced));
        match appended {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 1000, "the disk is not small");
    };
    assert!(matches!(error, JournalError::Full(_)), "{error:?}");
    let paused = RunPaused { cause: PauseCause::DiskFull, because: None };
    ledger.append(&[draft(paused)], Durability::Synced).unwrap();
    let verification = ungpho::ledger::verify(ledger.dir(), &ungpho::ledger::Options::default()).unwrap();
    assert!(verification.ok, "{:?}", verification.findings);
    assert_eq!(verification.size, 2 + kept + 1);
}
