//! After a crash: what only looks is taken up again, what may have acted is not repeated.

use super::build::*;
use super::sim::Sim;
use crate::engine::effect::Work;
use crate::model::record::People;
use crate::step::OnFailure;

#[test]
fn what_only_looks_is_taken_up_again_within_its_time_limit() {
    let mut ready = step("ready", wait());
    ready.timeout = Some(span("10m"));
    let mut sim = Sim::new(planned(&playbook(vec![ready]), &lab(People::Console)));
    sim.turn(Vec::new());
    sim.pass(60);
    sim.crash(usize::MAX, false);
    assert!(matches!(sim.running[0].work, Work::Wait { .. }));
    assert_eq!(sim.running[0].time_limit.map(|limit| limit.as_secs()), Some(539));
    sim.done("ready");
    sim.check(
        "begin ready 1
         run-continued
         end ready 1 unknown orphan again
         begin ready 2
         end ready 2 done
         run passed",
    );
}

#[test]
fn a_person_says_how_a_command_ended_whose_loop_is_gone() {
    let book = playbook(vec![step("halt", operation("inputs.system", "stop")), step("next", look(&["ls"]))]);
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    sim.crash(usize::MAX, true);
    assert!(sim.running.is_empty(), "it is not repeated");
    sim.answer("halt", "done");
    sim.done("next");
    sim.check(
        "begin halt 1
         run-continued
         ask halt orphan
         answered
         end halt 1 done orphan
         begin next 1
         end next 1 done
         run passed",
    );
}

#[test]
fn with_nobody_there_a_lost_command_is_unknown_and_on_failure_decides() {
    let book = playbook(vec![
        on_failure(step("halt", operation("inputs.system", "stop")), OnFailure::Continue),
        step("next", look(&["ls"])),
    ]);
    let mut sim = Sim::new(planned(&book, &lab(People::Unattended)));
    sim.turn(Vec::new());
    sim.crash(usize::MAX, false);
    sim.done("next");
    sim.check(
        "begin halt 1
         run-continued
         end halt 1 unknown orphan
         begin next 1
         end next 1 done
         run failed",
    );
}

#[test]
fn a_command_that_says_so_may_be_repeated() {
    let mut halt = step("halt", operation("inputs.system", "stop"));
    halt.repeatable = true;
    let mut sim = Sim::new(planned(&playbook(vec![halt]), &lab(People::Console)));
    sim.turn(Vec::new());
    sim.crash(usize::MAX, false);
    sim.done("halt");
    assert!(sim.log().ends_with("begin halt 2\nend halt 2 done\nrun passed"), "{}", sim.log());
}

#[test]
fn a_question_stays_open_through_a_crash_and_is_put_where_it_was_not() {
    let mut sim = Sim::new(planned(&playbook(vec![step("one", manual())]), &lab(People::Console)));
    sim.turn(Vec::new());
    sim.crash(usize::MAX, false);
    assert_eq!(sim.open_questions().len(), 1, "not asked twice");
    sim.crash(2, false);
    assert_eq!(sim.open_questions().len(), 1, "the record that asked was lost");
    sim.answer("one", "done");
    assert!(sim.state.ended());
}

#[test]
fn a_value_that_was_redacted_is_not_known_any_more_and_the_fold_does_not_change() {
    let book = playbook(vec![step("find", look(&["ls"])), step("next", look(&["ls", "{{ steps.find.name }}"]))]);
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    sim.pause();
    let values = [("name".to_owned(), serde_json::json!("app-01"))].into_iter().collect();
    sim.complete("find", crate::engine::effect::Completion { values, ..Default::default() });
    let before = sim.state.clone();
    sim.objects.redact_all();
    let again = crate::engine::state::fold(std::sync::Arc::clone(&sim.plan), 0, &sim.records);
    assert_eq!(before, again);
    sim.go_on();
    assert!(sim.log().ends_with("end next 1 failed expression\nrun failed"), "{}", sim.log());
}

#[test]
fn an_undo_that_was_lost_is_asked_about_and_not_repeated() {
    let book = playbook(vec![
        undo(step("halt", operation("inputs.system", "stop")), operation("inputs.system", "start")),
        step("next", look(&["ls"])),
    ]);
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    sim.done("halt");
    sim.fails("next");
    sim.crash(usize::MAX, false);
    assert!(sim.running.is_empty());
    sim.answer("halt/undo", "done");
    assert!(sim.log().ends_with("end halt/undo 1 done orphan\nundone halt done\nrun failed"), "{}", sim.log());
}

#[test]
fn an_end_that_was_torn_from_what_follows_is_taken_up_where_it_was_cut() {
    let book = playbook(vec![
        step("pick", decide(&[("far", Some("last")), ("near", None)], None)),
        step("between", manual()),
        step("also", manual()),
        step("last", look(&["ls"])),
    ]);
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    sim.answer("pick", "far");
    let whole = sim.log();
    let cut = sim.records.len() - 2;
    sim.crash(cut, false);
    sim.finish();
    assert!(whole.ends_with("begin last 1"), "{whole}");
    assert!(
        sim.log().ends_with(
            "end between 0 skipped goto of pick\nrun-continued\nend also 0 skipped goto of pick\nbegin last 1\nend last 1 done\nrun passed"
        ),
        "{}",
        sim.log()
    );
}
