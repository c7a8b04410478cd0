//! Clocks, watches, time limits, objectives.

use super::build::*;
use super::sim::Sim;
use crate::model::record::{Marked, People, WatchChanged, WatchState};
use crate::model::{Basis, Draft, Expression, Mark, Objects as _, Stamp, Template, Text};
use crate::playbook::{ClockEdge, ClockRule, Objective, Playbook};

fn clocked(steps: Vec<crate::step::Step>, from: ClockEdge, to: ClockEdge) -> Playbook {
    let mut book = playbook(steps);
    let limit = Some(Template("{{ inputs.system.objectives.rto }}".to_owned()));
    book.clocks.insert(id("rto"), ClockRule { title: None, from, to, limit });
    book.objectives.push(Objective {
        id: id("in_time"),
        title: Text::from("in time"),
        measure: Some(Expression("clocks.rto.seconds <= inputs.system.objectives.rto".to_owned())),
    });
    book
}

fn watch(sim: &Sim, state: WatchState) -> Draft {
    let now = sim.now();
    let draft =
        sim.draft(WatchChanged { watch: id("citizens"), state, occurred_mono_us: Some(now.mono_us - 2_000_000) });
    Draft { occurred: Some(before(&now.at, 2)), ..draft }
}

fn before(stamp: &Stamp, seconds: u64) -> Stamp {
    let earlier = stamp.instant.checked_sub(std::time::Duration::from_secs(seconds));
    Stamp::new(earlier.expect("in range"), stamp.offset)
}

#[test]
fn an_outage_clock_runs_from_the_first_failed_look_to_the_first_good_one() {
    let book = clocked(vec![step("one", look(&["ls"]))], ClockEdge::Outage, ClockEdge::Outage);
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.pass(10);
    let down = watch(&sim, WatchState::Down);
    sim.turn(vec![down]);
    sim.pass(100);
    let up = watch(&sim, WatchState::Up);
    sim.turn(vec![up]);
    let reading = sim.state.clock(&id("rto"), &sim.now()).expect("it ran");
    assert_eq!((reading.elapsed.as_secs(), reading.by_boot_clock), (100, true));
    sim.done("one");
    sim.check(
        "begin one 1
         watch-changed
         clock rto Some(14400)
         watch-changed
         clock rto stopped Some(100)
         end one 1 done
         objective in_time Some(true)
         run passed",
    );
}

/// What two watches told, as `told watch state occurred`, in seconds; when the outage began and ended.
#[track_caller]
fn outage(told: &[(&str, WatchState, u64)], expected: (Option<u64>, Option<u64>)) {
    let mut sim = Sim::new(planned(&playbook(vec![step("one", look(&["ls"]))]), &lab(People::Console)));
    sim.pass(1000);
    let start = sim.now();
    for (watch, state, second) in told {
        let mono = 1_000_000_000 + second * 1_000_000;
        let change = WatchChanged { watch: id(watch), state: *state, occurred_mono_us: Some(mono) };
        let occurred = start.at.instant.checked_add(std::time::Duration::from_secs(*second)).expect("in range");
        let draft = Draft { occurred: Some(Stamp::new(occurred, start.at.offset)), ..sim.draft(change) };
        sim.append(vec![draft]);
    }
    let (from, to) = sim.state.outage();
    let second = |edge: &crate::engine::state::Edge| edge.mono.as_ref().expect("of this boot").0 / 1_000_000 - 1000;
    assert_eq!((from.map(second), to.map(second)), expected);
}

#[test]
fn an_outage_is_measured_in_the_course_of_events_whichever_watch_tells_first() {
    use WatchState::{Down, Unobserved, Up};
    outage(&[("fast", Down, 7), ("slow", Down, 5), ("slow", Up, 20), ("fast", Up, 18)], (Some(5), Some(20)));
    outage(&[("fast", Down, 7), ("fast", Up, 9), ("slow", Down, 8), ("slow", Up, 12)], (Some(7), Some(12)));
    outage(&[("fast", Down, 7), ("fast", Unobserved, 8), ("fast", Up, 30)], (Some(7), Some(30)));
    outage(&[("fast", Up, 1), ("fast", Unobserved, 8), ("fast", Up, 30)], (None, None));
    outage(&[("fast", Down, 7), ("slow", Down, 8), ("fast", Up, 9)], (Some(7), None));
    outage(&[("fast", Down, 7), ("fast", Up, 9), ("fast", Down, 20), ("fast", Up, 30)], (Some(7), Some(9)));
}

#[test]
fn a_wait_that_ran_into_its_limit_does_not_stop_the_clock_and_nothing_is_measured() {
    let book = clocked(
        vec![step("one", look(&["ls"])), step("back", look(&["ls"]))],
        ClockEdge::Begin(id("one")),
        ClockEdge::End(id("back")),
    );
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    sim.done("one");
    sim.fails("back");
    assert!(sim.log().ends_with("objective in_time None\nrun failed"), "{}", sim.log());
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    sim.pass(60);
    sim.done("one");
    sim.done("back");
    assert!(
        sim.log().ends_with("clock rto stopped Some(60)\nobjective in_time Some(true)\nrun passed"),
        "{}",
        sim.log()
    );
}

#[test]
fn a_drill_that_is_paused_stops_its_clocks() {
    let book = clocked(vec![step("one", look(&["ls"]))], ClockEdge::Begin(id("one")), ClockEdge::End(id("one")));
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    sim.pass(10);
    sim.pause();
    sim.pass(1000);
    sim.go_on();
    sim.pass(20);
    sim.done("one");
    assert!(sim.log().contains("clock rto stopped Some(30)"), "{}", sim.log());
}

#[test]
fn a_mark_that_is_entered_late_moves_the_clock_and_is_measured_by_the_wall_clock() {
    let book =
        clocked(vec![step("one", look(&["ls"]))], ClockEdge::Mark(Mark::Detected), ClockEdge::Mark(Mark::Contained));
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.pass(3600);
    let mark = |mark| Marked { mark, step: None, because: None };
    let detected = sim.draft(mark(Mark::Detected));
    let contained = sim.draft(mark(Mark::Contained));
    sim.turn(vec![detected.clone()]);
    sim.pass(60);
    sim.turn(vec![contained]);
    let reading = sim.state.clock(&id("rto"), &sim.now()).expect("it ran");
    assert_eq!((reading.elapsed.as_secs(), reading.by_boot_clock), (60, true));
    let now = sim.now();
    let because = Some(sim.objects.put_text("the guard called").expect("memory"));
    let body = Marked { because, ..mark(Mark::Detected) }.into();
    let told = Draft { occurred: Some(before(&now.at, 600)), basis: Basis::Told, body, ..detected };
    sim.turn(vec![told]);
    let reading = sim.state.clock(&id("rto"), &sim.now()).expect("it ran");
    assert_eq!((reading.elapsed.as_secs(), reading.by_boot_clock), (599, false));
}

#[test]
fn a_manual_step_fails_when_its_time_is_over() {
    let mut slow = step("slow", manual());
    slow.timeout = Some(span("5m"));
    let mut sim = Sim::new(planned(&playbook(vec![slow]), &lab(People::Console)));
    sim.turn(Vec::new());
    assert!(sim.wake.is_some_and(|wake| wake.as_secs() <= 300 && wake.as_secs() >= 299));
    sim.pass(200);
    sim.pause();
    sim.pass(1000);
    sim.go_on();
    sim.pass(99);
    assert!(!sim.state.ended(), "a pause takes no time");
    sim.pass(2);
    sim.check(
        "begin slow 1
         ask slow manual
         run-paused
         run-continued
         end slow 1 failed timeout
         run failed",
    );
}

#[test]
fn a_container_whose_time_is_over_ends_what_runs_in_it() {
    let mut all = step("all", each(&["a", "b"], "x", vec![step("one", look(&["ls"])), step("two", look(&["ls"]))]));
    all.timeout = Some(span("1m"));
    let mut sim = Sim::new(planned(&playbook(vec![all]), &lab(People::Console)));
    sim.turn(Vec::new());
    sim.pass(61);
    let ends: Vec<&str> = sim.ends.iter().map(crate::model::StepPath::as_str).collect();
    assert_eq!(ends, ["all[1]/one"]);
    let abandoned =
        crate::engine::effect::Completion { verdict: crate::engine::effect::Verdict::Abandoned, ..Default::default() };
    sim.complete("all[1]/one", abandoned);
    sim.check(
        "begin all 1
         begin all[1]/one 1
         end all[1]/two 0 skipped timeout
         end all[1]/one 1 abandoned
         end all 1 failed timeout
         run failed",
    );
}

#[test]
fn the_time_limit_of_work_goes_with_it() {
    let mut slow = step("slow", look(&["ls"]));
    slow.timeout = Some(span("5m"));
    let mut sim = Sim::new(planned(&playbook(vec![slow]), &lab(People::Console)));
    sim.turn(Vec::new());
    assert_eq!(sim.running[0].time_limit.map(|limit| limit.as_secs()), Some(300));
}
