//! How fast a ledger verifies, how much memory that takes, and whether a long ledger makes a short note slow.
//!
//! `cargo bench --bench evidence [-- RECORDS]`: pairs in one run, medians and ratios. Not a test: nothing here can fail on a
//! slow machine. Two shapes of ledger: one open run with everything in it, and many ended runs of a hundred records.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ungpho::ledger::{KeyPlace, Ledger};
use ungpho::model::record::{Noted, People, RunEnded, RunStarted, StepEnded, StepStarted};
use ungpho::model::{
    Body, Draft, Durability, Journal as _, Mode, ObjectRef, Objects as _, Outcome, RunId, RunKind, RunResult,
};
use ungpho::probe::SystemClock;

/// Records between two syncs while a ledger is made: a checkpoint is signed at each.
const BATCH: u64 = 4096;

fn main() {
    let records = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let base = std::env::temp_dir().join(format!("ungpho-bench-{}", std::process::id()));
    for shape in [Shape::OneRun, Shape::ManyRuns] {
        say(shape.name());
        let small = make(&base.join(format!("{}-small", shape.name())), records / 10, shape);
        let large = make(&base.join(shape.name()), records, shape);
        verify_against_openssl(&large, records);
        for (folder, count) in [(&small, records / 10), (&large, records)] {
            let kib = peak_kib(&mut verify(folder));
            say(format!("{:<50} {kib:>9} KiB", format!("peak memory of verify, {count} records")));
        }
        say("");
    }
    notes(&base, records);
    // What is left behind in the temporary folder changes no figure.
    let _ = fs::remove_dir_all(&base);
}

#[derive(Clone, Copy)]
enum Shape {
    OneRun,
    ManyRuns,
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::OneRun => "one-run",
            Self::ManyRuns => "many-runs",
        }
    }
}

/// A workspace with a ledger of `records` records; the folder of the workspace.
fn make(folder: &Path, records: u64, shape: Shape) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder");
    let start = Instant::now();
    let ledger = Ledger::create_or_open(
        &folder.join("ledger"),
        "bench",
        Arc::new(SystemClock::new()),
        KeyPlace::folder(&folder.join("keys")),
    )
    .expect("a ledger");
    let plan = ledger.put(br#"{"plan_format":1}"#).expect("an object");
    let words = ledger.put_text("Đã kiểm tra máy chủ ứng dụng").expect("an object");
    let mut size = 1;
    let mut batch = Vec::new();
    while size < records {
        while (batch.len() as u64) < BATCH.min(records - size) {
            batch.push(draft(size + batch.len() as u64 - 1, shape, plan, words));
        }
        ledger.append(&batch, Durability::Synced).expect("appended");
        size += batch.len() as u64;
        batch.clear();
    }
    say(format!("{:<50} {:>9.2} s", format!("making {records} records"), start.elapsed().as_secs_f64()));
    folder.to_owned()
}

/// Record number `n` after record 0: in one run, or in runs of a hundred records that end.
fn draft(n: u64, shape: Shape, plan: ObjectRef, words: ObjectRef) -> Draft {
    let (run, within, last) = match shape {
        Shape::OneRun => (1, n, false),
        Shape::ManyRuns => (u32::try_from(n / 100).expect("small") + 1, n % 100, n % 100 == 99),
    };
    let run = RunId::new(RunKind::Drill, 2026, run);
    // Four records are a round: a step begins and ends, and two words are said. Steps come again as further attempts.
    let step = format!("step_{}", within / 4 % 50).parse().expect("a path");
    let attempt = u32::try_from(within / 200).expect("small") + 1;
    // No step is open when a run ends.
    let steps = !matches!(shape, Shape::ManyRuns) || within < 96;
    let body: Body = match within {
        0 => RunStarted {
            kind: RunKind::Drill,
            playbook: "portal-outage".parse().expect("a name"),
            plan,
            sources: Vec::new(),
            exercise: None,
            test_clock: false,
            people: People::Unattended,
            lab: true,
            script: None,
        }
        .into(),
        _ if last => RunEnded { result: RunResult::Passed }.into(),
        _ if steps && within % 4 == 1 => StepStarted { step, attempt, rounds: None, because: None }.into(),
        _ if steps && within % 4 == 3 => ended(step, attempt, words).into(),
        _ => Noted::remark(words, None).into(),
    };
    Draft::machine(&run, Mode::Technical, body)
}

fn ended(step: ungpho::model::StepPath, attempt: u32, output: ObjectRef) -> StepEnded {
    StepEnded {
        step,
        attempt,
        outcome: Outcome::Done,
        why: None,
        goto: None,
        tolerated: false,
        again: false,
        last: None,
        confirmed: None,
        exit: Some(0),
        signal: None,
        output: Some(output),
        dropped: None,
        captures: std::collections::BTreeMap::new(),
        detail: None,
        because: None,
    }
}

fn verify(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ungpho"));
    command.args(["evidence", "verify", "--json", "--ledger"]).arg(folder.join("ledger")).stdout(Stdio::null());
    command
}

fn verify_against_openssl(folder: &Path, records: u64) {
    let mut segments: Vec<_> =
        fs::read_dir(folder.join("ledger/log")).expect("a log").map(|entry| entry.expect("an entry").path()).collect();
    segments.sort();
    let bytes: u64 = segments.iter().map(|path| fs::metadata(path).expect("a segment").len()).sum();
    let openssl = || {
        let mut command = Command::new("openssl");
        command.args(["dgst", "-sha256"]).args(&segments).stdout(Stdio::null());
        command
    };
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..8 {
        let (one, two) = (time(&mut verify(folder)), time(&mut openssl()));
        // The first round warms the cache for both.
        if round > 0 {
            ours.push(one);
            theirs.push(two);
            ratios.push(one.as_secs_f64() / two.as_secs_f64());
        }
    }
    say(format!("{:<50} {:>9} MB", format!("log of {records} records"), bytes / 1_000_000));
    say(format!("{:<50} {:>9.1} ms", "ungpho evidence verify", milliseconds(&mut ours)));
    say(format!("{:<50} {:>9.1} ms", "openssl dgst -sha256 of the log", milliseconds(&mut theirs)));
    ratios.sort_by(f64::total_cmp);
    say(format!("{:<50} {:>9.2} (median of pairs)", "ratio", ratios[ratios.len() / 2]));
}

/// `ungpho note` on a ledger of a thousand records and on a long one, in turn; of the same shape, one open run.
fn notes(base: &Path, records: u64) {
    let short = base.join("note-short");
    make(&short, 1000, Shape::OneRun);
    let long = base.join(Shape::OneRun.name());
    for folder in [&short, &long] {
        let init = folder.join("init");
        let made = Command::new(env!("CARGO_BIN_EXE_ungpho")).arg("init").arg(&init).output().expect("started");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        for entry in fs::read_dir(&init).expect("a workspace") {
            let path = entry.expect("an entry").path();
            let target = folder.join(path.file_name().expect("a name"));
            if !target.exists() {
                fs::rename(&path, target).expect("moved");
            }
        }
    }
    let note = |folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ungpho"));
        command
            .args(["note", "DT-2026-001", "Đã gọi cho đơn vị vận hành", "--quiet"])
            .current_dir(folder)
            .env("UNGPHO_KEYS", folder.join("keys"))
            .stdout(Stdio::null());
        command
    };
    if !note(&short).stderr(Stdio::null()).status().expect("started").success() {
        say("ungpho note: not measured, it does not run here");
        return;
    }
    let (mut shorts, mut longs) = (Vec::new(), Vec::new());
    for round in 0..42 {
        let (one, two) = (time(&mut note(&short)), time(&mut note(&long)));
        if round > 0 {
            shorts.push(one);
            longs.push(two);
        }
    }
    let (short, long) = (milliseconds(&mut shorts), milliseconds(&mut longs));
    say(format!("{:<50} {short:>9.2} ms", "ungpho note, ledger of 1000 records"));
    say(format!("{:<50} {long:>9.2} ms", format!("ungpho note, ledger of {records} records")));
    say(format!("{:<50} {:>9.2} ms", "difference of the medians", long - short));
}

fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.status().expect("the program can be started");
    let time = start.elapsed();
    assert!(status.success(), "{command:?} failed");
    time
}

fn say(line: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
}

fn milliseconds(times: &mut [Duration]) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

/// The most memory that a program held, as the kernel says until it ends.
fn peak_kib(command: &mut Command) -> u64 {
    let mut child = command.spawn().expect("the program can be started");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        std::thread::sleep(Duration::from_micros(200));
    }
    peak
}
