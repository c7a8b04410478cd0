//! Two consoles and a third terminal at one run at the same time: nothing is lost, nothing counts twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::desk::{Desk, PATIENCE, finish};

/// Rounds of three questions: more than can be answered in the time.
fn steps() -> String {
    let rounds: Vec<String> = (0..400).map(|round| format!("r{round}")).collect();
    let asked = |id: &str| format!("          - {{ id: {id}, title: \"{id}\", manual: {{ do: \"Làm\" }} }}\n");
    format!(
        "steps:\n  - id: rounds\n    each:\n      of: [{}]\n      as: round\n      steps:\n{}{}{}",
        rounds.join(", "),
        asked("first"),
        asked("second"),
        asked("third")
    )
}

#[test]
fn two_consoles_and_notes_at_once_lose_no_answer_and_count_none_twice() {
    let long = std::env::var_os("UNGPHO_LONG").is_some();
    // Shorter than anybody is waited for.
    let time = if long { PATIENCE * 3 / 4 } else { Duration::from_secs(5) };
    let desk = Arc::new(Desk::new());
    desk.playbook("many", &steps());
    desk.run(&["drill", "many", "--tabletop", "--yes"]).exits(0);

    // Each console is given far more answers than there are questions; a line is read only when something is asked.
    let answers = "c\n".repeat(3000);
    let consoles: Vec<_> = (0..2).map(|_| desk.spawn(&["attach"], &answers)).collect();
    let over = Arc::new(AtomicBool::new(false));
    let count = Arc::new(AtomicUsize::new(0));
    let notes = {
        let (desk, over, count) = (Arc::clone(&desk), Arc::clone(&over), Arc::clone(&count));
        std::thread::spawn(move || {
            while !over.load(Ordering::Acquire) {
                let number = count.fetch_add(1, Ordering::AcqRel);
                desk.run(&["note", &format!("note {number}")]).exits(0);
            }
        })
    };
    let began = Instant::now();
    desk.until("answers for the whole time", |records| {
        began.elapsed() > time || records.iter().any(|record| record["type"] == "run-ended")
    });
    over.store(true, Ordering::Release);
    notes.join().expect("every note is kept");
    if !desk.kinds().iter().any(|kind| kind == "run-ended") {
        desk.run(&["stop", "--because", "enough"]).exits(0);
    }
    desk.until_kind("run-ended");
    for console in consoles {
        finish(console, &["attach"]);
    }

    let mut answered: BTreeMap<String, usize> = BTreeMap::new();
    for record in desk.all("answered") {
        *answered.entry(record["body"]["question"].as_str().expect("an id").to_owned()).or_default() += 1;
    }
    assert!(answered.len() > 20, "only {} answers", answered.len());
    assert!(answered.values().all(|times| *times == 1), "{answered:?}");
    // Whatever was answered ended its step, once, and nothing else did.
    let mut ended = BTreeSet::new();
    for record in desk.all("step-ended") {
        let body = &record["body"];
        if body["outcome"] == "done" && body["confirmed"] == true {
            assert!(ended.insert(body["step"].as_str().expect("a path").to_owned()), "{body}");
        }
    }
    let questions: BTreeMap<String, String> = desk
        .all("asked")
        .iter()
        .map(|it| {
            let text = |key: &str| it["body"][key].as_str().unwrap_or_default().to_owned();
            (text("question"), text("step"))
        })
        .collect();
    let steps: BTreeSet<String> = answered.keys().map(|question| questions[question].clone()).collect();
    assert_eq!(steps, ended);
    assert_eq!(desk.all("noted").len(), count.load(Ordering::Acquire));
    desk.run(&["evidence", "verify"]).exits(0);
}
