//! A drill is killed at random moments and taken up again, until it ends by itself.
//!
//! `ungpho resume` drives it in the foreground, so that the process that is killed is the loop. Ten kills in the normal run,
//! 300 with `UNGPHO_LONG=1`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use ungpho::engine::Plan;
use ungpho::ledger::{Options, verify};
use ungpho::model::record::{Body, Noted};
use ungpho::model::{Actor, Draft, Durability, Journal as _, Mode, Objects as _, Record, RunId};

use crate::plans::{Place, plan, run, step};

/// Steps that each write one line, in a row and at the same time; one of them fails at first. Nobody is asked, and what is
/// unknown holds up nothing.
fn crash_plan() -> Plan {
    let write = |name: &str, then: &str| run(&["sh", "-c", &format!("echo {name} >> written; {then}")]);
    let go_on = json!({ "on_failure": "continue" });
    let mut steps: Vec<Value> =
        (0..4).map(|n| step(&format!("a{n}"), write(&format!("a{n}"), "true"), go_on.clone())).collect();
    let inner: Vec<Value> =
        (0..6).map(|n| step(&format!("p{n}"), write(&format!("all/p{n}"), "sleep 0.01"), go_on.clone())).collect();
    steps.push(step("all", json!({ "parallel": inner }), go_on.clone()));
    let retry = json!({ "on_failure": "continue", "retry": { "times": 3, "delay": "0s", "backoff": 1 } });
    steps.push(step("again", write("again", "test $(grep -c again written) -ge 3"), retry));
    steps.extend((0..4).map(|n| step(&format!("b{n}"), write(&format!("b{n}"), "echo printed"), go_on.clone())));
    plan(&steps, Value::Null)
}

/// `ungpho resume` in the foreground: the loop is in this process.
fn child(folder: &Path, run: &RunId) -> Child {
    let said = fs::OpenOptions::new().create(true).append(true).open(folder.join("said")).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ungpho"));
    command.arg("--workspace").arg(folder).args(["resume", run.as_str(), "--foreground"]).current_dir(folder);
    command.env("UNGPHO_KEYS", folder.join("keys")).env("UNGPHO_LANG", "en").env("UNGPHO_AS", "lan");
    command.stdin(Stdio::null()).stdout(said.try_clone().expect("a file")).stderr(said);
    command.spawn().expect("the child begins")
}

fn has_ended(place: &Place, run: &RunId) -> bool {
    let records = place.ledger().records_of(run, 0).expect("it can be read");
    records.iter().any(|record| matches!(record.draft.body, Body::RunEnded(_)))
}

/// A number below `most`, from the machine's own randomness.
fn random(most: u64) -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::collections::hash_map::RandomState::new().build_hasher().finish() % most
}

/// One drill, killed some times; how many kills hit it alive.
fn campaign(most_kills: u32) -> u32 {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path();
    let place = Place::new(folder);
    fs::write(folder.join("ungpho.yaml"), "format: 1\nunit: Test\nlanguage: en\n").expect("written");
    let ledger = place.ledger();
    let plan = crash_plan();
    let run = place.begin(&ledger, &plan);
    let mut kills = 0;
    let mut acknowledged = Vec::new();
    for _ in 0..most_kills {
        let mut child = child(folder, &run);
        std::thread::sleep(Duration::from_millis(random(120)));
        // Somebody else writes to the same ledger meanwhile, and is told that it is kept.
        let text = ledger.put_text("seen").expect("kept");
        let draft = Draft::console(&run, Mode::Technical, lan(), Noted::remark(text, None).into());
        let noted = ledger.append(&[draft], Durability::Synced).expect("a note may always follow");
        acknowledged.push(noted.records[0].clone());
        std::thread::sleep(Duration::from_millis(random(60)));
        let alive = child.try_wait().expect("its state is known").is_none();
        child.kill().expect("it can be killed");
        child.wait().expect("it is gone");
        if !alive {
            break;
        }
        kills += 1;
    }
    // What the killed loops left running ends by itself; the last loop waits for it.
    if !has_ended(&place, &run) {
        child(folder, &run).wait().expect("it comes to an end");
    }
    let said = fs::read_to_string(folder.join("said")).expect("it said something");
    assert!(has_ended(&place, &run), "the last loop does not end the run:\n{said}");
    check(&place, &run, &acknowledged);
    kills
}

fn lan() -> Actor {
    "lan".parse().expect("a person")
}

fn check(place: &Place, run: &RunId, acknowledged: &[Record]) {
    let verification = verify(&place.dir(), &Options::default()).expect("it can be read");
    assert!(verification.ok, "{verification:?}");
    let records = place.ledger().records_of(run, 0).expect("it can be read");
    for record in acknowledged {
        assert!(records.contains(record), "record {} was acknowledged", record.seq);
    }
    let (mut begun, mut ended) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    for record in &records {
        match &record.draft.body {
            Body::StepStarted(started) => *begun.entry(started.step.to_string()).or_default() += 1,
            Body::StepEnded(end) => *ended.entry(end.step.to_string()).or_default() += 1,
            _ => {}
        }
    }
    assert_eq!(begun, ended, "every attempt that began has one end");
    let ends = records.iter().filter(|record| matches!(record.draft.body, Body::RunEnded(_))).count();
    assert_eq!(ends, 1, "the run has ended once");
    let written = fs::read_to_string(place.folder.join("written")).unwrap_or_default();
    let mut lines = BTreeMap::<&str, usize>::new();
    for line in written.lines() {
        *lines.entry(line).or_default() += 1;
    }
    for (step, count) in lines {
        let attempts = begun.get(step).copied().unwrap_or_default();
        assert!(count <= attempts, "{step} ran {count} times in {attempts} attempts");
        // Only what failed is tried again, never what was cut off.
        assert!(step == "again" || attempts == 1, "{step} began {attempts} times");
    }
}

#[test]
fn a_drill_killed_at_random_moments_loses_nothing_and_repeats_nothing() {
    let wanted = if std::env::var_os("UNGPHO_LONG").is_some_and(|long| long == "1") { 300 } else { 10 };
    let mut kills = 0;
    let mut drills = 0;
    while kills < wanted {
        kills += campaign(3);
        drills += 1;
        assert!(drills < 20 * wanted, "the drills end before they can be killed");
    }
}
