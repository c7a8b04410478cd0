//! What comes after what.

use super::build::*;
use super::sim::Sim;
use crate::model::record::People;
use crate::step::{Action, OnFailure, Retry};

fn drill(steps: Vec<crate::step::Step>) -> Sim {
    Sim::new(planned(&playbook(steps), &lab(People::Console)))
}

#[test]
fn steps_run_one_after_the_other_and_the_end_of_one_shares_an_append_with_the_start_of_the_next() {
    let mut sim = drill(vec![step("one", look(&["true"])), step("two", look(&["true"]))]);
    sim.turn(Vec::new());
    assert_eq!(sim.appends, 2);
    sim.done("one");
    assert_eq!(sim.appends, 3);
    sim.done("two");
    assert_eq!(sim.appends, 4);
    sim.check(
        "begin one 1
         end one 1 done
         begin two 1
         end two 1 done
         run passed",
    );
}

#[test]
fn a_step_whose_when_is_false_is_passed_over_and_the_reason_kept() {
    let mut sim = drill(vec![
        step("one", look(&["true"])),
        when(step("two", look(&["true"])), "steps.one.exit == 1"),
        when(step("three", look(&["true"])), "steps.two.outcome == 'skipped'"),
    ]);
    sim.turn(Vec::new());
    sim.complete("one", crate::engine::effect::Completion { exit: Some(0), ..Default::default() });
    sim.done("three");
    sim.check(
        "begin one 1
         end one 1 done
         end two 0 skipped when
         begin three 1
         end three 1 done
         run passed",
    );
}

#[test]
fn a_decision_goes_forward_and_passes_what_lies_between() {
    let mut sim = drill(vec![
        step("pick", decide(&[("far", Some("last")), ("near", None)], None)),
        step("between", manual()),
        step("last", look(&["true"])),
    ]);
    sim.turn(Vec::new());
    sim.answer("pick", "far");
    sim.done("last");
    sim.check(
        "begin pick 1
         ask pick decide
         decided
         end pick 1 done
         end between 0 skipped goto of pick
         begin last 1
         end last 1 done
         run passed",
    );
}

#[test]
fn a_failed_step_stops_the_run_goes_on_or_goes_forward_as_it_says() {
    let mut sim = drill(vec![step("one", look(&["true"])), step("two", look(&["true"]))]);
    sim.turn(Vec::new());
    sim.fails("one");
    sim.check(
        "begin one 1
         end one 1 failed
         end two 0 skipped after-failure
         run failed",
    );

    let steps = vec![on_failure(step("one", look(&["true"])), OnFailure::Continue), step("two", look(&["true"]))];
    let mut sim = drill(steps);
    sim.turn(Vec::new());
    sim.fails("one");
    sim.done("two");
    sim.check(
        "begin one 1
         end one 1 failed
         begin two 1
         end two 1 done
         run failed",
    );

    let mut sim = drill(vec![
        on_failure(step("one", look(&["true"])), OnFailure::Goto(id("three"))),
        step("two", look(&["true"])),
        step("three", look(&["true"])),
    ]);
    sim.turn(Vec::new());
    sim.fails("one");
    sim.done("three");
    sim.check(
        "begin one 1
         end one 1 failed
         end two 0 skipped goto of one
         begin three 1
         end three 1 done
         run failed",
    );
}

#[test]
fn steps_of_a_parallel_start_together_and_after_what_they_need() {
    let mut last = step("last", look(&["true"]));
    last.needs = vec![id("first")];
    let both = Action::Parallel(vec![step("first", look(&["true"])), step("other", look(&["true"])), last]);
    let mut sim = drill(vec![step("both", both)]);
    sim.turn(Vec::new());
    assert_eq!(sim.appends, 2, "what can start together is kept together");
    sim.done("both/other");
    sim.done("both/first");
    sim.done("both/last");
    sim.check(
        "begin both 1
         begin both/first 1
         begin both/other 1
         end both/other 1 done
         end both/first 1 done
         begin both/last 1
         end both/last 1 done
         end both 1 done
         run passed",
    );
}

#[test]
fn a_failed_sibling_stops_new_starts_and_kills_nothing() {
    let mut last = step("last", look(&["true"]));
    last.needs = vec![id("other")];
    let both = Action::Parallel(vec![step("first", look(&["true"])), step("other", look(&["true"])), last]);
    let mut sim = drill(vec![step("both", both), step("after", manual())]);
    sim.turn(Vec::new());
    sim.fails("both/first");
    assert!(sim.ends.is_empty(), "nothing is ended by force");
    sim.done("both/other");
    sim.check(
        "begin both 1
         begin both/first 1
         begin both/other 1
         end both/first 1 failed
         end both/last 0 skipped after-failure
         end both/other 1 done
         end both 1 failed inside
         end after 0 skipped after-failure
         run failed",
    );
}

#[test]
fn an_each_goes_through_its_list_and_stops_at_the_first_that_fails() {
    let mut sim =
        drill(vec![step("all", each(&["a", "b", "c"], "site", vec![step("look", look(&["ls", "{{ each.site }}"]))]))]);
    sim.turn(Vec::new());
    match &sim.running[0].work {
        crate::engine::effect::Work::Command(work) => assert_eq!(work.argv, ["ls", "a"]),
        other => panic!("{other:?}"),
    }
    sim.done("all[1]/look");
    sim.fails("all[2]/look");
    sim.check(
        "begin all 1
         begin all[1]/look 1
         end all[1]/look 1 done
         begin all[2]/look 1
         end all[2]/look 1 failed
         end all 1 failed inside
         run failed",
    );
}

#[test]
fn an_each_over_what_a_step_yields_knows_its_rounds_when_it_starts() {
    let mut sim = drill(vec![
        step("find", look(&["ls"])),
        step("all", each_of("{{ steps.find.sites }}", "site", vec![step("look", look(&["ls", "{{ each.site }}"]))])),
    ]);
    sim.turn(Vec::new());
    let values = [("sites".to_owned(), serde_json::json!(["x", "y"]))].into_iter().collect();
    sim.complete("find", crate::engine::effect::Completion { values, ..Default::default() });
    sim.done("all[1]/look");
    match &sim.running[0].work {
        crate::engine::effect::Work::Command(work) => assert_eq!(work.argv, ["ls", "y"]),
        other => panic!("{other:?}"),
    }
    sim.finish();
    sim.check(
        "begin find 1
         end find 1 done
         begin all 1
         begin all[1]/look 1
         end all[1]/look 1 done
         begin all[2]/look 1
         end all[2]/look 1 done
         end all 1 done
         run passed",
    );
}

#[test]
fn a_repeat_ends_when_its_condition_holds_and_fails_when_it_never_does() {
    let look_again = || step("again", repeat("steps.look.exit == 0", 2, vec![step("look", look(&["true"]))]));
    let exit = |exit| crate::engine::effect::Completion { exit: Some(exit), ..Default::default() };
    let mut sim = drill(vec![look_again()]);
    sim.turn(Vec::new());
    sim.complete("again[1]/look", exit(1));
    sim.complete("again[2]/look", exit(0));
    sim.check(
        "begin again 1
         begin again[1] 1
         begin again[1]/look 1
         end again[1]/look 1 done
         end again[1] 1 done
         begin again[2] 1
         begin again[2]/look 1
         end again[2]/look 1 done
         end again[2] 1 done
         end again 1 done
         run passed",
    );
    let mut sim = drill(vec![look_again()]);
    sim.turn(Vec::new());
    sim.complete("again[1]/look", exit(1));
    sim.complete("again[2]/look", exit(1));
    assert!(
        sim.log().ends_with("end again[2] 1 failed inside\nend again 1 failed inside\nrun failed"),
        "{}",
        sim.log()
    );
}

#[test]
fn a_called_playbook_sees_its_own_inputs_and_steps() {
    let inner = vec![
        step("first", look(&["ls", "{{ inputs.system.id }}"])),
        when(step("second", look(&["true"])), "steps.first.outcome == 'done'"),
    ];
    let mut request = lab(People::Console);
    request.playbooks.insert(name("inner"), named("inner", inner));
    let plan = planned(&playbook(vec![step("sub", call("inner", &[("system", "portal")]))]), &request);
    let mut sim = Sim::new(plan);
    sim.turn(Vec::new());
    match &sim.running[0].work {
        crate::engine::effect::Work::Command(work) => assert_eq!(work.argv, ["ls", "portal"]),
        other => panic!("{other:?}"),
    }
    sim.finish();
    sim.check(
        "begin sub 1
         begin sub/first 1
         end sub/first 1 done
         begin sub/second 1
         end sub/second 1 done
         end sub 1 done
         run passed",
    );
}

#[test]
fn a_failed_step_is_tried_again_after_growing_waits() {
    let mut tried = step("tried", look(&["true"]));
    tried.retry = Some(Retry { times: 2, delay: span("10s"), backoff: 3 });
    let mut sim = drill(vec![tried]);
    sim.turn(Vec::new());
    sim.fails("tried");
    assert_eq!(sim.wake.map(|wake| wake.as_secs()), Some(10));
    sim.pass(10);
    sim.fails("tried");
    sim.pass(10);
    assert!(sim.running.is_empty(), "the second wait is 30 s");
    sim.pass(20);
    sim.fails("tried");
    sim.check(
        "begin tried 1
         end tried 1 failed again
         begin tried 2
         end tried 2 failed again
         begin tried 3
         end tried 3 failed
         run failed",
    );
}

#[test]
fn undo_runs_in_the_reverse_order_of_start_when_all_siblings_have_ended() {
    let both = Action::Parallel(vec![
        undo(step("first", operation("inputs.system", "stop")), operation("inputs.system", "start")),
        undo(step("second", operation("inputs.system", "stop")), operation("inputs.system", "start")),
        step("third", look(&["true"])),
    ]);
    let mut sim = drill(vec![step("both", both)]);
    sim.turn(Vec::new());
    sim.fails("both/third");
    sim.done("both/first");
    sim.done("both/second");
    sim.done("both/second/undo");
    sim.fails("both/first/undo");
    sim.check(
        "begin both 1
         begin both/first 1
         begin both/second 1
         begin both/third 1
         end both/third 1 failed
         end both/first 1 done
         end both/second 1 done
         end both 1 failed inside
         begin both/second/undo 1
         end both/second/undo 1 done
         undone both/second done
         begin both/first/undo 1
         end both/first/undo 1 failed
         undone both/first failed
         run failed",
    );
}

#[test]
fn a_capture_that_finds_nothing_fails_its_step() {
    let mut captured = step("captured", look(&["true"]));
    captured.capture = vec![crate::step::Capture {
        name: id("count"),
        from: crate::step::CaptureFrom::Body,
        regex: "records=([0-9]+)".to_owned(),
    }];
    let mut sim = drill(vec![captured.clone(), when(step("next", look(&["true"])), "steps.captured.count == '7'")]);
    sim.turn(Vec::new());
    sim.complete(
        "captured",
        crate::engine::effect::Completion { body: Some("records=7".to_owned()), ..Default::default() },
    );
    assert_eq!(sim.running.len(), 1, "the captured value is seen by the next step");
    let mut sim = drill(vec![captured]);
    sim.turn(Vec::new());
    sim.done("captured");
    sim.check(
        "begin captured 1
         end captured 1 failed capture
         run failed",
    );
}
