//! Commands that outlive the loop that began them.

use crate::desk::{Desk, kill_loop};

const STEPS: &str = "\
steps:
  - id: both
    parallel:
      - { id: long, run: { shell: \"while ! test -e over; do sleep 0.05; done; echo seen\", effect: observe } }
      - { id: ask, title: Ask, manual: { do: Do } }
      - { id: after, run: { argv: [ls], effect: observe }, needs: [ask] }
  - { id: last, run: { argv: [ls], effect: observe } }
";

/// A run whose loop is another than that which began `both/long`; its id.
fn taken_up() -> (Desk, String) {
    let desk = Desk::new();
    desk.playbook("both", STEPS);
    desk.run(&["drill", "both", "--technical", "--yes"]).exits(0);
    desk.until_kind("process-started");
    let run = desk.all("run-started")[0]["run"].as_str().expect("a run").to_owned();
    kill_loop(&desk, &run);
    desk.run(&["resume", "--detach"]).exits(0);
    desk.until_kind("run-continued");
    (desk, run)
}

fn outcomes(desk: &Desk) -> Vec<String> {
    desk.outcomes().into_iter().map(|(step, outcome)| format!("{step} {outcome}")).collect()
}

#[test]
fn what_does_not_depend_on_a_command_that_still_runs_goes_on() {
    let (desk, _) = taken_up();
    desk.run(&["answer", "q1", "done"]).exits(0);
    desk.until("after", |records| {
        records.iter().any(|it| it["type"] == "step-ended" && it["body"]["step"] == "both/after")
    });
    assert_eq!(outcomes(&desk), ["both/ask done", "both/after done"]);
    desk.write("over", "");
    desk.until("question", |records| records.iter().filter(|it| it["type"] == "asked").count() == 2);
    desk.run(&["answer", "q2", "done"]).exits(0);
    desk.until_kind("run-ended");
    assert_eq!(outcomes(&desk)[2..], ["both/long done", "both done", "last done"]);
    assert_eq!(desk.only("run-ended")["result"], "passed");
    assert_eq!(desk.all("noted").len(), 1, "what it printed is kept");
}

#[test]
fn a_stop_by_force_ends_a_command_of_the_loop_before() {
    let (desk, _) = taken_up();
    desk.run(&["stop", "--now", "--because", "over"]).exits(0);
    desk.until_kind("run-ended");
    let seen = outcomes(&desk);
    assert!(seen.contains(&"both/long unknown".to_owned()), "{seen:?}");
    assert_eq!(desk.only("run-ended")["result"], "stopped");
}
