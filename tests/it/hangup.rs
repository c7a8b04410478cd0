//! What a lost terminal, or a lost ledger, does to a run, and what it does not.

use rustix::process::{Signal, kill_process};

use crate::desk::{Desk, loop_of, until_gone};

const STEPS: &str = "steps:\n  - { id: first, title: First, manual: { do: Do } }\n";

#[test]
fn a_hangup_stops_no_loop_that_has_no_terminal() {
    let desk = Desk::new();
    desk.playbook("one", STEPS);
    desk.run(&["drill", "one", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    let run = desk.all("run-started")[0]["run"].as_str().expect("a run").to_owned();
    kill_process(loop_of(&desk, &run), Signal::HUP).expect("it lives");
    // Had it died of the signal, nobody would end the step.
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    assert!(desk.all("run-continued").is_empty() && desk.all("run-paused").is_empty());
}

#[test]
fn a_terminal_that_is_closed_pauses_a_run_in_its_foreground() {
    let desk = Desk::new();
    desk.playbook("one", STEPS);
    let mut terminal = desk.terminal(&["drill", "one", "--tabletop", "--yes", "--foreground"]);
    terminal.shows("[c] done");
    terminal.close();
    desk.until_kind("run-paused");
    desk.piped(&["resume"], "c\n").exits(0).says(&["technical result passed"]);
}

#[test]
fn a_loop_whose_ledger_was_removed_ends_by_itself() {
    let desk = Desk::new();
    desk.playbook("one", STEPS);
    desk.run(&["drill", "one", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    let run = desk.all("run-started")[0]["run"].as_str().expect("a run").to_owned();
    let process = format!("/proc/{}", loop_of(&desk, &run).as_raw_nonzero());
    std::fs::remove_dir_all(desk.root().join("ledger")).expect("it can be removed");
    until_gone(std::path::Path::new(&process));
}
