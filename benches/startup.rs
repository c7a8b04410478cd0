//! How long a command takes that hardly does anything, and how long `check` takes for a thousand playbooks.
//!
//! `cargo bench --bench startup`: pairs in one run, medians and ratios. Not a test: nothing here can fail on a slow machine.

#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PAIRS: usize = 41;

fn main() {
    let ungpho = env!("CARGO_BIN_EXE_ungpho");
    let (ours, theirs) =
        paired(PAIRS, || run(ungpho, &["--version"], Path::new("/")), || run("/bin/true", &[], Path::new("/")));
    print("ungpho --version", ours);
    print("/bin/true", theirs);
    println!("difference of the medians: {:.2} ms\n", (ours.as_secs_f64() - theirs.as_secs_f64()) * 1000.0);

    let folder = std::env::temp_dir().join(format!("ungpho-bench-{}", std::process::id()));
    let count = 1000;
    workspace(&folder, count);
    let check = || run(ungpho, &["check"], &folder);
    let (ours, theirs) = paired(11, check, || run("/bin/sh", &["-c", "cat playbooks/*.yaml >/dev/null"], &folder));
    print(&format!("ungpho check, {count} playbooks"), ours);
    print("cat of the same files", theirs);
    // What is left behind in the temporary folder is small; failing to remove it changes no figure.
    let _ = fs::remove_dir_all(&folder);
}

/// Medians of two commands run in turn, so that both see the same machine.
fn paired(pairs: usize, mut one: impl FnMut() -> Duration, mut two: impl FnMut() -> Duration) -> (Duration, Duration) {
    let (mut ones, mut twos) = (Vec::new(), Vec::new());
    one();
    two();
    for _ in 0..pairs {
        ones.push(one());
        twos.push(two());
    }
    ones.sort();
    twos.sort();
    (ones[pairs / 2], twos[pairs / 2])
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> Duration {
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("the program can be started");
    let time = start.elapsed();
    assert!(status.success(), "{program} {arguments:?} failed");
    time
}

fn print(what: &str, time: Duration) {
    println!("{what:<40} {:>9.2} ms", time.as_secs_f64() * 1000.0);
}

/// The province's sample with `count` playbooks, each the shipped ransomware playbook under a name of its own.
fn workspace(folder: &Path, count: usize) {
    let ungpho = env!("CARGO_BIN_EXE_ungpho");
    run(ungpho, &["init", &folder.display().to_string(), "--sample", "quang-ngai", "--quiet"], Path::new("/"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("playbooks/ransomware-one-stop.yaml")).expect("the playbook is there");
    for number in 0..count {
        let name = format!("ransomware-{number}");
        let copy = text.replacen("playbook: ransomware-one-stop", &format!("playbook: {name}"), 1);
        fs::write(folder.join("playbooks").join(format!("{name}.yaml")), copy).expect("a playbook can be written");
    }
}
