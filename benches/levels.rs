//! How long the levels of ten thousand systems take: computing alone, and the whole command with reading and printing.
//!
//! `cargo bench --bench levels`: medians, and the most memory that was seen. Not a test: nothing here can fail on a slow machine.

#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

mod program;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use ungpho::inventory::{self, System};
use ungpho::policy::levels::{Book, assess};

const SYSTEMS: usize = 10_000;
const ROUNDS: usize = 9;

fn main() {
    let folder = std::env::temp_dir().join(format!("ungpho-bench-{}", std::process::id()));
    let texts: Vec<String> = (0..SYSTEMS).map(text).collect();
    let systems: Vec<System> = texts
        .par_iter()
        .enumerate()
        .map(|(number, text)| inventory::read(&format!("system-{number}.yaml"), text).expect("it holds"))
        .collect();
    let (book, findings) = Book::read(&[]);
    assert!(findings.is_empty());
    let one = |system: &System| -> usize { book.sets.iter().map(|set| assess(set, system).questions.len()).sum() };
    let questions: usize = systems.iter().map(one).sum();
    print("both decrees, one core", median(|| std::hint::black_box(systems.iter().map(one).sum::<usize>())));
    print("both decrees, every core", median(|| std::hint::black_box(systems.par_iter().map(one).sum::<usize>())));
    println!("questions a system, both decrees             {:>9}", questions / SYSTEMS);

    fs::create_dir_all(folder.join("inventory")).expect("a folder can be made");
    fs::write(folder.join("ungpho.yaml"), "format: 1\nunit: bench\n").expect("a file can be written");
    for (number, text) in texts.iter().enumerate() {
        fs::write(folder.join(format!("inventory/system-{number}.yaml")), text).expect("a file can be written");
    }
    for arguments in [&["--json"][..], &[][..]] {
        let mut most = 0;
        let time = median(|| most = most.max(command(&folder, arguments)));
        print(&format!("inventory level --rules both {}", arguments.join(" ")), time);
        println!("  the most memory seen                       {:>9} MiB", most / 1024);
    }
    // What is left behind in the temporary folder is small; failing to remove it changes no figure.
    let _ = fs::remove_dir_all(&folder);
}

/// Runs the command; gives the most resident memory that was seen, in KiB.
fn command(folder: &Path, arguments: &[&str]) -> u64 {
    program::run(folder, &[&["inventory", "level", "--rules", "both"], arguments].concat()).1
}

fn median<T>(mut what: impl FnMut() -> T) -> Duration {
    what();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            what();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

fn print(what: &str, time: Duration) {
    println!("{what:<44} {:>9.2} ms", time.as_secs_f64() * 1000.0);
}

/// A system whose facts follow from its number: some answered, some not, every fourth with components, every third with a dossier.
fn text(number: usize) -> String {
    let mut seed = number as u64;
    let mut pick = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % most
    };
    let mut text =
        format!("format: 1\nid: system-{number}\nname: \"Hệ thống số {number}\"\nowner: UBND tỉnh\nfacts:\n");
    facts(&mut text, "  ", &mut pick);
    if number.is_multiple_of(4) {
        text.push_str("components:\n");
        for part in ["db", "web"] {
            let _ = write!(text, "  - id: {part}\n    facts:\n");
            facts(&mut text, "      ", &mut pick);
        }
    }
    if number.is_multiple_of(3) {
        text.push_str(
            "dossier:\n  status: approved\n  approved: 3\n  rules: nd85-2016\n  submitted: 2025-03-02\n  \
             appraised: 2025-04-20\n  appraiser: { unit: Sở }\n  \
             decision: { number: 1/QĐ, date: 2025-05-12, body: UBND tỉnh }\n",
        );
    }
    text
}

fn facts(text: &mut String, margin: &str, pick: &mut impl FnMut(u64) -> u64) {
    // A map with nothing in it would be no map.
    let _ = writeln!(text, "{margin}strategic: false");
    let mut line = |name: &str, answers: &[&str]| {
        // Two of five facts are not known.
        if pick(5) < 3 {
            let answer = answers[usize::try_from(pick(answers.len() as u64)).expect("a small number")];
            let _ = writeln!(text, "{margin}{name}: {answer}");
        }
    };
    line("class", &["[internal]", "[public_service]", "[infrastructure]", "[internal, public_service]", "[ics]"]);
    line("information", &["[public]", "[private, personal]", "[private]", "[state_secret]"]);
    line("one_stop", &["false", "true"]);
    line("online_service", &["none", "info_only", "partial", "full"]);
    line("conditional_business", &["false", "true"]);
    line("users", &["0", "9999", "10000", "250000"]);
    line("subjects_basic", &["0", "99999", "100000"]);
    line("subjects_sensitive", &["0", "9999", "10000"]);
    line("scope", &["one_agency", "sector", "province", "national"]);
    line("national_egov", &["false", "false", "true"]);
    line("always_on", &["false", "true"]);
    line("no_unplanned_stop", &["false", "true"]);
    line("defence_security", &["false", "false", "true"]);
    line("harm", &["none", "none", "harm", "serious"]);
    line("works_grade", &["none", "none", "II"]);
    line("national_critical_data", &["false"]);
    line("international_link", &["false"]);
    line("decided_level", &["null"]);
}
