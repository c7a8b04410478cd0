//! How fast a copy is sealed and compared, beside the programs that people use for it today.
//!
//! `cargo bench --bench backup`: warm cache; in each round every program takes its turn on the same files, so that all see
//! the same machine; medians, and the ratio of each peer to `ungpho backup seal`. A peer that is not installed is left out.
//! The sets are made once, under `UNGPHO_BENCH` (else `ungpho-bench-backup` in the temporary folder; 6.1 GB).
//! `UNGPHO_BENCH_SETS=small,mixed` picks sets, `UNGPHO_BENCH_ROUNDS` says how many rounds (7, for large sets 3),
//! `UNGPHO_BENCH_MILLION=1` adds the memory that a million files take.

#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

use std::env;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const GIB: u64 = 1 << 30;

/// A set of files, and how it is made.
struct Set {
    name: &'static str,
    what: &'static str,
    rounds: usize,
    make: fn(&Path),
}

const SETS: [Set; 4] = [
    Set { name: "big", what: "2 files of 1.5 GiB", rounds: 3, make: big },
    Set { name: "small", what: "40,000 files of 4 KiB", rounds: 7, make: small },
    Set { name: "mixed", what: "6,000 mixed files, 91 MB", rounds: 7, make: mixed },
    Set { name: "one", what: "1 file of 3 GiB", rounds: 3, make: one },
];

/// A program that digests every file of the folder `.`.
struct Peer {
    name: &'static str,
    /// What has to be installed.
    program: &'static str,
    script: &'static str,
}

const PEERS: [Peer; 6] = [
    Peer { name: "sha256sum", program: "sha256sum", script: "find . -type f -print0 | xargs -0 sha256sum" },
    Peer {
        name: "openssl dgst",
        program: "openssl",
        script: "find . -type f -print0 | xargs -0 -n2000 openssl dgst -sha256",
    },
    Peer { name: "rhash", program: "rhash", script: "rhash --sha256 -r ." },
    Peer { name: "hashdeep -j2", program: "hashdeep", script: "hashdeep -c sha256 -j2 -r ." },
    Peer { name: "rclone", program: "rclone", script: "rclone hashsum sha256 ." },
    Peer {
        name: "xargs -P2 openssl",
        program: "openssl",
        script: "find . -type f -print0 | xargs -0 -n2000 -P2 openssl dgst -sha256",
    },
];

fn main() {
    let place = env::var_os("UNGPHO_BENCH").map_or_else(|| env::temp_dir().join("ungpho-bench-backup"), PathBuf::from);
    fs::create_dir_all(&place).expect("a folder");
    let wanted = env::var("UNGPHO_BENCH_SETS").ok();
    let wanted = |name: &str| wanted.as_ref().is_none_or(|list| list.split(',').any(|one| one == name));
    let rounds = env::var("UNGPHO_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok());
    let keys = Keys::make(&place);
    speed();
    for set in SETS.iter().filter(|set| wanted(set.name)) {
        let folder = place.join(set.name);
        if !folder.join("made").exists() {
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(folder.join("files")).expect("a folder");
            (set.make)(&folder.join("files"));
            File::create(folder.join("made")).expect("a file");
        }
        measure(set, &folder, &keys, rounds.unwrap_or(set.rounds));
    }
    if env::var_os("UNGPHO_BENCH_MILLION").is_some() {
        let folder = place.join("million");
        if !folder.join("made").exists() {
            let _ = fs::remove_dir_all(&folder);
            many(&folder.join("files"), 1000, 1000, |_| 4);
            File::create(folder.join("made")).expect("a file");
        }
        let _ = fs::remove_dir_all(folder.join("files.seal"));
        println!("\n1,000,000 files of 4 bytes");
        for action in [Action::Seal, Action::Verify] {
            let (time, memory) = ours(action, &folder, &keys);
            println!("  {:<24} {:>9.1} ms  {memory} MiB", action.name(), millis(time));
        }
    }
}

/// A key to sign with, as `ungpho evidence keys new` makes it.
struct Keys {
    private: PathBuf,
    public: String,
}

impl Keys {
    fn make(place: &Path) -> Self {
        let (unit, private) = (place.join("unit"), place.join("bench.key"));
        let _ = fs::remove_dir_all(&unit);
        let _ = fs::remove_file(&private);
        fs::create_dir_all(&unit).expect("a folder");
        fs::write(unit.join("ungpho.yaml"), "format: 1\nunit: Bench\n").expect("a file");
        let output = Command::new(env!("CARGO_BIN_EXE_ungpho"))
            .args(["evidence", "keys", "new", "--for", "bench", "--out"])
            .arg(&private)
            .current_dir(&unit)
            .output()
            .expect("the program can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let _ = fs::remove_dir_all(&unit);
        Self { private, public: String::from_utf8_lossy(&output.stdout).trim().to_owned() }
    }
}

#[derive(Clone, Copy)]
enum Action {
    Seal,
    Verify,
}

impl Action {
    fn name(self) -> &'static str {
        match self {
            Self::Seal => "ungpho backup seal",
            Self::Verify => "ungpho backup verify",
        }
    }
}

/// Runs ours; how long it took, and the most memory that it had, in MiB.
fn ours(action: Action, folder: &Path, keys: &Keys) -> (Duration, u64) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ungpho"));
    match action {
        Action::Seal => {
            let _ = fs::remove_dir_all(folder.join("files.seal"));
            command.args(["backup", "seal", "files", "--key"]).arg(&keys.private)
        }
        Action::Verify => command.args(["backup", "verify", "files", "--key", &keys.public]),
    };
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().expect("the program can be started");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let ended = loop {
        // The system forgets how much it was when the process has ended.
        if let Ok(text) = fs::read_to_string(&status)
            && let Some(line) = text.lines().find(|line| line.starts_with("VmHWM:"))
        {
            memory = line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(memory);
        }
        match child.try_wait().expect("it can be waited for") {
            Some(ended) => break ended,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let time = start.elapsed();
    assert!(ended.success(), "{} failed", action.name());
    (time, memory / 1024)
}

fn measure(set: &Set, folder: &Path, keys: &Keys, rounds: usize) {
    let peers: Vec<&Peer> = PEERS.iter().filter(|peer| installed(peer.program)).collect();
    let mut seals = Vec::new();
    let mut verifies = Vec::new();
    let mut theirs: Vec<Vec<Duration>> = vec![Vec::new(); peers.len()];
    let mut most = 0;
    // The first round warms the cache and counts for nothing.
    for round in 0..=rounds {
        let seal = ours(Action::Seal, folder, keys);
        let verify = ours(Action::Verify, folder, keys);
        let times: Vec<Duration> = peers.iter().map(|peer| run(peer, &folder.join("files"))).collect();
        if round > 0 {
            most = most.max(seal.1).max(verify.1);
            seals.push(seal.0);
            verifies.push(verify.0);
            theirs.iter_mut().zip(times).for_each(|(all, time)| all.push(time));
        }
    }
    let (seal, verify) = (median(&mut seals), median(&mut verifies));
    println!("\n{}, medians of {rounds}", set.what);
    println!("  {:<24} {:>9.1} ms  {most} MiB at most", Action::Seal.name(), millis(seal));
    println!(
        "  {:<24} {:>9.1} ms  {:>5.2} x seal",
        Action::Verify.name(),
        millis(verify),
        millis(verify) / millis(seal)
    );
    for (peer, times) in peers.iter().zip(&mut theirs) {
        let time = median(times);
        println!("  {:<24} {:>9.1} ms  {:>5.2} x seal", peer.name, millis(time), millis(time) / millis(seal));
    }
}

fn installed(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", "command -v \"$1\"", "sh", program]).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

fn run(peer: &Peer, folder: &Path) -> Duration {
    let start = Instant::now();
    let status = Command::new("sh")
        .args(["-c", peer.script])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("it can be started");
    let time = start.elapsed();
    assert!(status.success(), "{} failed", peer.name);
    time
}

/// What one core and two can do at the most.
fn speed() {
    for cores in ["1", "2"] {
        let arguments = ["speed", "-multi", cores, "-seconds", "2", "-bytes", "16384", "-evp", "sha256"];
        let Ok(output) = Command::new("openssl").args(arguments).output() else { return };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let rate = text.lines().rev().find(|line| line.starts_with("evp") || line.starts_with("sha256"));
        println!("openssl speed sha256, {cores} at once: {}", rate.unwrap_or("?"));
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Bytes that no file system stores shorter.
struct Noise(u64);

impl Noise {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            chunk.copy_from_slice(&self.0.to_le_bytes()[..chunk.len()]);
        }
    }
}

fn write(path: &Path, size: u64, noise: &mut Noise) {
    let mut file = File::create(path).expect("a file");
    let mut left = size;
    let mut bytes = vec![0; usize::try_from(size.min(1 << 20)).expect("at most a MiB")];
    while left > 0 {
        let count = usize::try_from(left.min(1 << 20)).expect("at most a MiB");
        noise.fill(&mut bytes[..count]);
        file.write_all(&bytes[..count]).expect("it can be written");
        left -= count as u64;
    }
}

fn big(folder: &Path) {
    let mut noise = Noise(1);
    for name in ["one", "two"] {
        write(&folder.join(name), GIB * 3 / 2, &mut noise);
    }
}

fn one(folder: &Path) {
    write(&folder.join("one"), GIB * 3, &mut Noise(2));
}

fn small(folder: &Path) {
    many(folder, 400, 100, |_| 4096);
}

/// 6,000 files: most of a few KiB, some of a MiB and more.
fn mixed(folder: &Path) {
    many(folder, 60, 100, |number| match number % 100 {
        0 => 800_000,
        1..10 => 30_000 + number,
        10..40 => 8_000 + number,
        _ => 500 + number % 1500,
    });
}

fn many(folder: &Path, folders: u64, files: u64, size: impl Fn(u64) -> u64) {
    let mut noise = Noise(3);
    for at in 0..folders {
        let inner = folder.join(format!("{:02}", at % 20)).join(format!("folder-{at:04}"));
        fs::create_dir_all(&inner).expect("a folder");
        for number in 0..files {
            write(&inner.join(format!("file-{number:04}.dat")), size(at * files + number), &mut noise);
        }
    }
}
