//! What a step costs: 200 sequential commands, each kept on the disk before the next begins, and 64 parallel ones.
//!
//! `cargo bench --bench steps`: in turn with a floor that for each step only appends a line, does one `fdatasync` and runs
//! the command (with output it also keeps one object), and with chaostoolkit where `chaos` is found (`UNGPHO_BENCH_CHAOS`
//! names it). Medians, and the median of the ratios of each pair. Not a test: nothing here can fail on a slow machine.

#[path = "../tests/it/plans.rs"]
mod plans;

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use plans::{Place, plan, run, step};
use serde_json::{Value, json};
use ungpho::engine::run_loop;
use ungpho::ledger::Ledger;
use ungpho::model::{Appended, Draft, Durability, Journal, JournalError, Record, RunId, RunResult};

/// Prints a line.
macro_rules! say {
    ($($part:tt)*) => { let _ = writeln!(std::io::stdout(), $($part)*); };
}

const STEPS: usize = 200;
const PAIRS: usize = 9;

fn main() {
    // On a disk, not in memory: that is where ledgers are.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("steps-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    pairs("/bin/true, nothing printed", &folder, &["/bin/true"], false);
    pairs("/bin/echo x, output kept", &folder, &["/bin/echo", "x"], true);
    parallel(&folder);
    chaos(&folder);
    let _ = fs::remove_dir_all(&folder);
}

fn pairs(what: &str, folder: &Path, argv: &[&str], output: bool) {
    let mut rounds: Vec<(Duration, Duration)> = Vec::new();
    for round in 0..=PAIRS {
        let pair = (ours(&fresh(folder), argv), floor(&fresh(folder), argv, output));
        // The first warms up.
        if round > 0 {
            rounds.push(pair);
        }
    }
    let ratio = median(rounds.iter().map(|(ours, floor)| ours.as_secs_f64() / floor.as_secs_f64()));
    say!("{STEPS} steps of {what}");
    print("ungpho, a step", median(rounds.iter().map(|pair| pair.0.as_secs_f64())));
    print("floor, a step", median(rounds.iter().map(|pair| pair.1.as_secs_f64())));
    say!("{:<40} {ratio:>9.3}\n", "ratio");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn print(what: &str, seconds: f64) {
    say!("{what:<40} {:>9.3} ms", seconds * 1000.0 / f64::from(u32::try_from(STEPS).expect("small")));
}

/// An empty folder.
fn fresh(folder: &Path) -> std::path::PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let folder = folder.join(NUMBER.fetch_add(1, Ordering::Relaxed).to_string());
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The least that keeps each step before it is followed by the next.
fn floor(folder: &Path, argv: &[&str], output: bool) -> Duration {
    let line = [b'x'; 300];
    let began = Instant::now();
    let mut log = OpenOptions::new().create(true).append(true).open(folder.join("log")).expect("a file");
    for number in 0..STEPS {
        log.write_all(&line).expect("written");
        log.sync_data().expect("synced");
        let mut command = Command::new(argv[0]);
        command.args(&argv[1..]).stdin(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let printed = folder.join("printed");
        if output {
            command.stdout(File::create(&printed).expect("a file"));
        } else {
            command.stdout(Stdio::null());
        }
        assert!(command.status().expect("it runs").success());
        if output {
            // In the order of the ledger: object, rename, folder, and then the record.
            let bytes = fs::read(&printed).expect("read");
            let temporary = folder.join("object.tmp");
            let mut object = File::create(&temporary).expect("a file");
            object.write_all(&bytes).expect("written");
            object.sync_all().expect("synced");
            fs::rename(&temporary, folder.join(format!("object-{number}"))).expect("renamed");
            File::open(folder).and_then(|folder| folder.sync_all()).expect("synced");
        }
    }
    log.write_all(&line).expect("written");
    log.sync_data().expect("synced");
    began.elapsed()
}

/// A whole run, from its first record to its last.
fn ours(folder: &Path, argv: &[&str]) -> Duration {
    let place = Place::new(folder);
    let ledger = place.ledger();
    let steps: Vec<Value> = (0..STEPS).map(|n| step(&format!("s{n}"), run(argv), Value::Null)).collect();
    let plan = Arc::new(plan(&steps, Value::Null));
    let began = Instant::now();
    let run = place.begin(&ledger, &plan);
    let result = run_loop::run_loop(place.setup(&ledger, &run, &plan)).expect("the loop works");
    assert_eq!(result, RunResult::Passed);
    began.elapsed()
}

/// A ledger that counts how often it syncs.
struct Counting(Arc<Ledger>, AtomicUsize);

impl Journal for Counting {
    fn append(&self, drafts: &[Draft], durability: Durability) -> Result<Appended, JournalError> {
        if durability == Durability::Synced {
            self.1.fetch_add(1, Ordering::Relaxed);
        }
        self.0.append(drafts, durability)
    }
    fn records_of(&self, run: &RunId, from: u64) -> Result<Vec<Record>, JournalError> {
        self.0.records_of(run, from)
    }
    fn settled_records_of(&self, run: &RunId, from: u64) -> Result<Vec<Record>, JournalError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.settled_records_of(run, from)
    }
    fn size(&self) -> Result<u64, JournalError> {
        self.0.size()
    }
    fn wait_past(&self, size: u64, timeout: Duration) -> Result<bool, JournalError> {
        self.0.wait_past(size, timeout)
    }
    fn checkpoint(&self) -> Result<bool, JournalError> {
        self.0.checkpoint()
    }
}

fn parallel(folder: &Path) {
    let mut counts = Vec::new();
    for _ in 0..PAIRS {
        let place = Place::new(&fresh(folder));
        let ledger = place.ledger();
        let inner: Vec<Value> = (0..64).map(|n| step(&format!("s{n}"), run(&["/bin/true"]), Value::Null)).collect();
        let plan = Arc::new(plan(&[step("all", json!({ "parallel": inner }), Value::Null)], Value::Null));
        let run = place.begin(&ledger, &plan);
        let counting = Arc::new(Counting(Arc::clone(&ledger), AtomicUsize::new(0)));
        let mut setup = place.setup(&ledger, &run, &plan);
        setup.journal = counting.clone();
        assert_eq!(run_loop::run_loop(setup).expect("the loop works"), RunResult::Passed);
        counts.push(counting.1.load(Ordering::Relaxed));
    }
    counts.sort_unstable();
    say!("64 parallel steps of /bin/true, the syncs of a whole run");
    say!("{:<40} {:>9} (from {} to {})", "ungpho", counts[PAIRS / 2], counts[0], counts[PAIRS - 1]);
    say!("{:<40} {:>9}\n", "one for each step's start and end", 2 * 64);
}

fn chaos(folder: &Path) {
    let chaos = std::env::var("UNGPHO_BENCH_CHAOS").unwrap_or_else(|_| "chaos".to_owned());
    if Command::new(&chaos).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        say!("chaostoolkit is not here: pip install chaostoolkit, and name its `chaos` in UNGPHO_BENCH_CHAOS");
        return;
    }
    let action = |n: usize| json!({ "type": "action", "name": format!("s{n}"), "provider": { "type": "process", "path": "/bin/true" } });
    let actions: Vec<Value> = (0..STEPS).map(action).collect();
    let experiment = json!({ "title": "floor", "description": "200 actions", "method": actions });
    let mut rounds = Vec::new();
    for _ in 0..5 {
        let folder = fresh(folder);
        fs::write(folder.join("experiment.json"), experiment.to_string()).expect("written");
        let began = Instant::now();
        let mut command = Command::new(&chaos);
        command.args(["--no-version-check", "run", "experiment.json"]).current_dir(&folder);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it runs");
        let theirs = began.elapsed();
        assert!(status.success(), "chaostoolkit failed");
        rounds.push((ours(&fresh(&folder), &["/bin/true"]), theirs));
    }
    say!("{STEPS} steps, chaostoolkit in turn with ungpho (it keeps nothing before its end; its start is counted)");
    print("ungpho, a step", median(rounds.iter().map(|pair| pair.0.as_secs_f64())));
    print("chaostoolkit, a step", median(rounds.iter().map(|pair| pair.1.as_secs_f64())));
}
