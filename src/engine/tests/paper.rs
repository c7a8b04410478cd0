//! A paper log that is entered afterwards, and a connection that is cut.

use std::collections::BTreeMap;

use super::build::*;
use super::sim::Sim;
use crate::engine::effect::{Completion, Verdict};
use crate::engine::next::{Context, PaperEntry, PaperProblem, Stated};
use crate::engine::plan::Request;
use crate::model::record::{Body, People, What, Why};
use crate::model::{Basis, Draft, Mode, Objects as _, Outcome, Stamp};
use crate::step::Step;

fn respond(steps: Vec<Step>) -> Sim {
    let mut sim = Sim::new(planned(&playbook(steps), &real(Mode::Respond, People::Console)));
    sim.turn(Vec::new());
    sim.answer("", "yes");
    sim
}

/// A technical drill on a declared target.
fn on_target() -> Request {
    let mut request = real(Mode::Technical, People::Console);
    request.inputs.insert(id("system"), "target".into());
    request
}

fn stamp(minute: u32) -> Stamp {
    format!("2026-06-01T01:{minute:02}:00+07:00").parse().expect("a time")
}

/// A row: step, minute of its begin and of its end, an outcome or an option.
fn row(sim: &Sim, step: &str, (began, ended): (u32, u32), word: &str) -> PaperEntry {
    let said = match Outcome::from_word(word) {
        Some(outcome) => Stated::Outcome { outcome, checks: Vec::new(), answers: BTreeMap::new() },
        None => Stated::Choice(id(word)),
    };
    PaperEntry {
        step: step.parse().expect("a path"),
        actor: "binh".parse().expect("a person"),
        by: Some("lan".parse().expect("a person")),
        began: stamp(began),
        ended: stamp(ended),
        said,
        because: sim.objects.put_text("from paper").expect("memory"),
        remark: None,
        scan: None,
        second: None,
    }
}

fn entered(sim: &Sim, rows: &[PaperEntry], driven: bool) -> Result<Vec<Draft>, Vec<(usize, PaperProblem)>> {
    let (now, secrets) = (sim.now(), BTreeMap::new());
    let context = Context { objects: sim.objects.as_ref(), now: &now, secrets: &secrets, living: &[], notices: None };
    let placed = |(place, problem): (Option<usize>, _)| (place.expect("a row"), problem);
    let entered = sim.state.enter(None, rows, driven, &context).expect("memory");
    entered.map_err(|problems| problems.into_iter().map(placed).collect())
}

#[track_caller]
fn enter(sim: &mut Sim, rows: &[PaperEntry]) {
    let drafts = entered(sim, rows, false).expect("it can be entered");
    sim.append(drafts);
}

#[track_caller]
fn refused(sim: &Sim, rows: &[PaperEntry]) -> Vec<(usize, PaperProblem)> {
    entered(sim, rows, false).expect_err("it cannot be entered")
}

fn outcome(sim: &Sim, step: &str) -> Option<Outcome> {
    sim.state.outcome(&step.parse().expect("a path"))
}

fn branching() -> Vec<Step> {
    vec![
        step("look", manual()),
        step("which", decide(&[("far", Some("last")), ("near", None)], None)),
        step("between", manual()),
        Step {
            marks: Some(crate::model::Mark::Contained),
            ..step("last", literal(crate::model::Effect::Change, &["x"]))
        },
        step("after", manual()),
    ]
}

#[test]
fn a_paper_log_leaves_the_run_as_answers_at_a_console_would_have() {
    let mut console = respond(branching());
    console.answer("look", "done");
    console.answer("which", "far");
    console.done("last");
    let mut paper = respond(branching());
    let rows = [
        row(&paper, "look", (2, 5), "done"),
        row(&paper, "which", (6, 6), "far"),
        row(&paper, "last", (7, 30), "done"),
    ];
    enter(&mut paper, &rows);
    paper.turn(Vec::new());
    for step in ["look", "which", "between", "last", "after"] {
        assert_eq!(outcome(&paper, step), outcome(&console, step), "{step}\n{}", paper.log());
    }
    assert_eq!(paper.state.blocks, console.state.blocks);
    assert_eq!(paper.open_questions().len(), 1);
    assert_eq!(paper.open_questions()[0].step, console.open_questions()[0].step);
    let contained = paper.records.iter().find(|record| matches!(record.draft.body, Body::Marked(_))).expect("a mark");
    assert_eq!((contained.draft.occurred, contained.draft.basis), (Some(stamp(30)), Basis::Paper));
    let begun = paper.state.instance(&"last".parse().expect("a path")).expect("it began");
    assert_eq!(begun.began_edge.as_ref().map(|edge| edge.stamp), Some(stamp(7)));
    let typed = paper.records.iter().filter(|record| record.draft.by.is_some());
    assert!(typed.clone().count() >= 7 && typed.clone().all(|record| record.draft.actor.as_str() == "binh"));
}

#[test]
fn a_question_that_was_open_when_the_machine_went_down_is_the_one_that_the_row_answers() {
    let mut sim = respond(branching());
    let asked = sim.open_questions()[0].id.clone();
    let rows = [row(&sim, "look", (2, 5), "done")];
    enter(&mut sim, &rows);
    let question = sim.state.question(&asked).expect("it was asked");
    assert_eq!(question.answer.as_ref().map(|answer| answer.basis), Some(Basis::Paper));
    assert_eq!(outcome(&sim, "look"), Some(Outcome::Done));
}

#[test]
fn a_row_is_refused_where_it_was_not_its_turn_and_says_what_it_waits_for() {
    let sim = respond(branching());
    let path = |text: &str| text.parse().expect("a path");
    let waits = refused(&sim, &[row(&sim, "which", (1, 2), "near")]);
    assert_eq!(waits, [(0, PaperProblem::NotYet(Some(path("look"))))]);
    let rows =
        [row(&sim, "look", (1, 2), "done"), row(&sim, "which", (3, 3), "far"), row(&sim, "between", (4, 5), "done")];
    assert_eq!(refused(&sim, &rows), [(2, PaperProblem::PassedOver(id("which")))]);
    let rows = [row(&sim, "look", (1, 2), "failed"), row(&sim, "which", (3, 3), "far")];
    assert_eq!(refused(&sim, &rows), [(1, PaperProblem::AfterFailure)]);
    let rows =
        [row(&sim, "nowhere", (1, 2), "done"), row(&sim, "which", (3, 3), "done"), row(&sim, "look", (1, 2), "far")];
    let found: Vec<_> = refused(&sim, &rows).into_iter().map(|(_, problem)| problem).collect();
    assert_eq!(found, [PaperProblem::NoStep, PaperProblem::WrongKind, PaperProblem::WrongKind]);
    let mut sim = sim;
    sim.answer("look", "done");
    assert_eq!(refused(&sim, &[row(&sim, "look", (1, 2), "done")]), [(0, PaperProblem::Over(Outcome::Done))]);
}

#[test]
fn a_container_begins_and_ends_when_the_rows_inside_it_did() {
    use crate::step::Action;
    let inner = Action::Parallel(vec![step("one", manual()), step("two", manual())]);
    let mut sim = respond(vec![
        step("both", inner),
        step("rounds", each(&["a", "b"], "x", vec![step("in", manual())])),
        step("last", manual()),
    ]);
    let rows = [
        row(&sim, "both/one", (10, 20), "done"),
        row(&sim, "both/two", (5, 12), "done"),
        row(&sim, "rounds[1]/in", (21, 22), "done"),
        row(&sim, "rounds[2]/in", (23, 24), "done"),
        row(&sim, "last", (30, 31), "skipped"),
    ];
    enter(&mut sim, &rows);
    let edge = |path: &str| sim.state.instance(&path.parse().expect("a path")).and_then(|it| it.ended_edge.clone());
    assert_eq!(edge("both").map(|edge| edge.stamp), Some(stamp(20)));
    assert_eq!(edge("rounds").map(|edge| edge.stamp), Some(stamp(24)));
    assert_eq!(outcome(&sim, "last"), Some(Outcome::Skipped));
    sim.turn(Vec::new());
    assert!(sim.state.ended(), "only the loop ends the run:\n{}", sim.log());
}

#[test]
fn evidence_that_a_step_has_to_have_is_a_remark_or_the_scan() {
    let sim = respond(vec![Step { evidence_required: true, ..step("shot", manual()) }]);
    let plain = row(&sim, "shot", (1, 2), "done");
    assert_eq!(refused(&sim, std::slice::from_ref(&plain)), [(0, PaperProblem::NoEvidence)]);
    let words = sim.objects.put_text("seen").expect("memory");
    assert!(entered(&sim, &[PaperEntry { remark: Some(words), ..plain.clone() }], false).is_ok());
    assert!(entered(&sim, &[PaperEntry { scan: Some((words, words)), ..plain }], false).is_ok());
}

#[test]
fn what_people_did_while_the_run_was_paused_can_be_entered_and_starts_nothing() {
    let mut sim = respond(vec![step("one", manual()), step("two", manual())]);
    sim.answer("one", "done");
    sim.pause();
    sim.crash(sim.records.len(), true);
    let rows = [row(&sim, "two", (1, 2), "done")];
    enter(&mut sim, &rows);
    assert_eq!(outcome(&sim, "two"), Some(Outcome::Done));
}

#[test]
fn work_that_the_loop_is_at_is_left_to_it_and_work_that_it_lost_can_be_said() {
    let mut sim = respond(vec![step("act", literal(crate::model::Effect::Change, &["x"]))]);
    let rows = [row(&sim, "act", (1, 2), "done")];
    assert_eq!(entered(&sim, &rows, true).err(), Some(vec![(0, PaperProblem::Running)]));
    let rows = [PaperEntry { ended: sim.now().at, ..rows[0].clone() }];
    enter(&mut sim, &rows);
    assert_eq!(outcome(&sim, "act"), Some(Outcome::Done));
}

#[test]
fn a_second_row_of_a_step_is_another_attempt() {
    let retry = crate::step::Retry { times: 3, delay: span("1s"), backoff: 1 };
    let mut sim = respond(vec![Step { retry: Some(retry), ..step("try", manual()) }, step("next", manual())]);
    let rows =
        [row(&sim, "try", (1, 2), "failed"), row(&sim, "try", (3, 4), "done"), row(&sim, "next", (5, 6), "done")];
    enter(&mut sim, &rows);
    assert_eq!(sim.state.instance(&"try".parse().expect("a path")).map(|it| it.attempt), Some(2));
    assert_eq!(outcome(&sim, "next"), Some(Outcome::Done));
}

#[test]
fn where_the_connection_was_cut_the_outcome_is_unknown_until_a_person_says() {
    let cut = || Completion { verdict: Verdict::Unknown(Why::Connection), exit: Some(255), ..Completion::default() };
    let mut sim = respond(vec![step("far", literal(crate::model::Effect::Change, &["x"])), step("after", manual())]);
    sim.complete("far", cut());
    assert_eq!(outcome(&sim, "far"), None, "a person is asked:\n{}", sim.log());
    let asked = sim.open_questions();
    assert_eq!((asked.len(), asked[0].what, asked[0].attempt), (1, What::Orphan, 2));
    assert!(sim.log().contains("end far 1 unknown connection again"), "{}", sim.log());
    assert!(sim.running.is_empty(), "nothing runs again");
    sim.crash(sim.records.len(), false);
    assert_eq!(sim.open_questions().len(), 1, "a crash asks nothing twice:\n{}", sim.log());
    sim.answer("far", "done");
    assert_eq!(outcome(&sim, "far"), Some(Outcome::Done));
    assert_eq!(sim.open_questions()[0].step, Some("after".parse().expect("a path")));
    let mut alone = Sim::new(planned(
        &playbook(vec![step("far", look(&["x"]))]),
        &Request { people: People::Unattended, ..on_target() },
    ));
    alone.turn(Vec::new());
    alone.complete("far", cut());
    assert_eq!(outcome(&alone, "far"), Some(Outcome::Unknown), "{}", alone.log());
    assert!(alone.state.ended());
}
